//! The requests of the listings' page for staff.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::id::ShortId;
use serde::Deserialize;

use super::gate::{Checked, desk};
use super::page_error::PageError;
use super::records::fault;
use super::said_or_fault;
use crate::app_state::AppState;
use crate::overview::ListingPage;
use crate::pages::frame::Said;
use crate::pages::listings::{Found, ListingsView, REASON_CHARS_MAX, listings_page};
use crate::staff::{
    ImportVacancies, PublishVacancies, Right, SeeListings, Staff, WithdrawListings,
};
use crate::vacancies::Published;

/// Query of the page.
#[derive(Debug, Deserialize)]
pub(super) struct ListingsQuery {
    #[serde(default)]
    number: String,
}

/// What the withdrawal sends.
#[derive(Debug, Deserialize)]
pub(super) struct WithdrawForm {
    number: String,
    reason: String,
}

/// What publishing all that wait sends.
#[derive(Debug, Deserialize)]
pub(super) struct PublishForm {
    /// How many the person saw.
    waiting: usize,
}

/// `GET /staff/listings`
pub(super) async fn show(
    clerk: Staff<SeeListings>,
    State(state): State<AppState>,
    Query(query): Query<ListingsQuery>,
) -> Result<Response, PageError> {
    page(&clerk, &state, query.number, String::new(), None).await
}

/// `POST /staff/listings/withdraw`
pub(super) async fn withdraw(
    clerk: Staff<WithdrawListings>,
    State(state): State<AppState>,
    Checked(form): Checked<WithdrawForm>,
) -> Result<Response, PageError> {
    let reason = form.reason.trim().to_owned();
    if reason.is_empty() || reason.chars().count() > REASON_CHARS_MAX {
        let why = format!("请写为什么撤下，最多 {REASON_CHARS_MAX} 个字。");
        return page(
            &clerk,
            &state,
            form.number,
            reason,
            Some(Said::Refused(why)),
        )
        .await;
    }
    let Ok(short_id) = ShortId::try_from(form.number.clone()) else {
        return page(&clerk, &state, form.number, reason, None).await;
    };
    let outcome = state.withdraw_listing(&short_id, &reason, &clerk).await;
    let notice = said_or_fault(outcome)?
        .unwrap_or_else(|| Said::Done("撤下了。自助机、大屏和手机上都不再展示。".to_owned()));
    page(&clerk, &state, form.number, String::new(), Some(notice)).await
}

/// `POST /staff/listings/publish`
pub(super) async fn publish(
    reviewer: Staff<PublishVacancies>,
    State(state): State<AppState>,
    Checked(form): Checked<PublishForm>,
) -> Result<Response, PageError> {
    let vacancies = &state.inner.vacancies;
    let published = vacancies.publish_waiting(form.waiting, &reviewer, state.now());
    let said = match published.await.map_err(fault)? {
        Some(published) => told(&published),
        None => Said::Refused("等着的岗位刚有变化。请看看现在的数，再点一次。".to_owned()),
    };
    page(&reviewer, &state, String::new(), String::new(), Some(said)).await
}

fn told(published: &Published) -> Said {
    let done = format!("公布了 {} 个岗位。", published.done);
    match &published.first_reason {
        None => Said::Done(done),
        Some(reason) => {
            let refused = published.refused;
            Said::Refused(format!("{done}{refused} 个没有公布，比如 {reason}"))
        }
    }
}

async fn page<R: Right>(
    clerk: &Staff<R>,
    state: &AppState,
    number: String,
    reason: String,
    notice: Option<Said>,
) -> Result<Response, PageError> {
    let status = match &notice {
        Some(Said::Refused(_)) => StatusCode::CONFLICT,
        Some(Said::Done(_)) | None => StatusCode::OK,
    };
    let view = ListingsView {
        counts: state.listing_counts().await?,
        found: find(state, number.trim()).await?,
        number,
        reason,
        today: state.now().hall_date(),
        public_url: state.public_url().to_owned(),
        may_withdraw: clerk.also::<WithdrawListings>().is_some(),
        may_import: clerk.also::<ImportVacancies>().is_some(),
        waiting: match clerk.also::<PublishVacancies>() {
            Some(_) => Some(state.inner.vacancies.waiting().await.map_err(fault)?),
            None => None,
        },
    };
    Ok((
        status,
        listings_page(&desk(clerk, state), &view, notice.as_ref()),
    )
        .into_response())
}

async fn find(state: &AppState, number: &str) -> Result<Found, PageError> {
    if number.is_empty() {
        return Ok(Found::NotAsked);
    }
    let Ok(short_id) = ShortId::try_from(number.to_owned()) else {
        return Ok(Found::Nothing);
    };
    Ok(match state.listing_by_short_id(&short_id).await? {
        ListingPage::Open(listing) => Found::Open(listing),
        ListingPage::Closed => Found::Closed,
        ListingPage::Unknown => Found::Nothing,
    })
}
