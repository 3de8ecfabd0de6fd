//! The requests of the parameters' page.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::id::ProposalId;
use serde::Deserialize;
use wire::problem::Problem;

use super::gate::{Checked, desk};
use super::page_error::PageError;
use super::said_or_fault;
use crate::app_state::AppState;
use crate::pages::frame::Said;
use crate::pages::parameters::{Chosen, ParametersView, parameters_page};
use crate::parameter_desk::{self, ParameterDraft, ParameterLine, Standing};
use crate::parameters::DAYS_OFF;
use crate::staff::{KeepParameters, Staff};

/// Query of the page.
#[derive(Debug, Default, Deserialize)]
pub(super) struct ParametersQuery {
    #[serde(default)]
    search: String,
    #[serde(default)]
    ended: String,
    #[serde(default)]
    page: String,
    #[serde(default)]
    key: String,
    #[serde(default)]
    region: String,
}

/// What a proposal sends: an entry, or an entry's key and first day when it `withdraws` one.
#[derive(Debug, Deserialize)]
pub(super) struct ProposeForm {
    key: String,
    region: String,
    from: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    value: String,
    #[serde(default)]
    unit: String,
    #[serde(default)]
    last: String,
    #[serde(default)]
    source: String,
    #[serde(default)]
    withdraws: String,
    #[serde(default)]
    reason: String,
}

/// What a confirmation sends.
#[derive(Debug, Deserialize)]
pub(super) struct ConfirmForm {
    proposal: ProposalId,
}

/// What taking back sends.
#[derive(Debug, Deserialize)]
pub(super) struct WithdrawForm {
    proposal: ProposalId,
    reason: String,
}

/// `GET /staff/parameters`
pub(super) async fn show(
    clerk: Staff<KeepParameters>,
    State(state): State<AppState>,
    Query(query): Query<ParametersQuery>,
) -> Result<Response, PageError> {
    let asked = ParameterDraft {
        key: query.key.clone(),
        region: query.region.clone(),
        ..ParameterDraft::default()
    };
    page(&clerk, &state, query, asked, None).await
}

/// `POST /staff/parameters/propose`
pub(super) async fn propose(
    clerk: Staff<KeepParameters>,
    State(state): State<AppState>,
    Checked(form): Checked<ProposeForm>,
) -> Result<Response, PageError> {
    let withdraws = form.withdraws == "yes";
    let (reason, draft) = form.read();
    let outcome = if withdraws {
        withdrawal(&clerk, &state, &draft, &reason).await
    } else {
        parameter_desk::propose(&state, &draft, &clerk).await
    };
    let refused = said_or_fault(outcome)?;
    let typed = if refused.is_some() && !withdraws {
        draft
    } else {
        ParameterDraft::default()
    };
    let done = || Said::Done("录入了。请另一位同事复核，复核前还不生效。".to_owned());
    let notice = refused.unwrap_or_else(done);
    page(
        &clerk,
        &state,
        ParametersQuery::default(),
        typed,
        Some(notice),
    )
    .await
}

/// `POST /staff/parameters/confirm`
pub(super) async fn confirm(
    clerk: Staff<KeepParameters>,
    State(state): State<AppState>,
    Checked(form): Checked<ConfirmForm>,
) -> Result<Response, PageError> {
    let outcome = parameter_desk::confirm(&state, form.proposal, &clerk).await;
    settled(&clerk, &state, outcome, "通过了，从起始日起生效。").await
}

/// `POST /staff/parameters/withdraw`
pub(super) async fn withdraw(
    clerk: Staff<KeepParameters>,
    State(state): State<AppState>,
    Checked(form): Checked<WithdrawForm>,
) -> Result<Response, PageError> {
    let outcome = parameter_desk::withdraw(&state, form.proposal, &form.reason, &clerk).await;
    settled(&clerk, &state, outcome, "收回了，什么也没有改。").await
}

impl ProposeForm {
    fn read(self) -> (String, ParameterDraft) {
        let draft = ParameterDraft {
            key: self.key,
            region: self.region,
            name: self.name,
            value: self.value,
            unit: self.unit,
            from: self.from,
            last: self.last,
            source: self.source,
        };
        (self.reason, draft)
    }
}

async fn withdrawal(
    clerk: &Staff<KeepParameters>,
    state: &AppState,
    draft: &ParameterDraft,
    reason: &str,
) -> Result<(), Problem> {
    let from = draft.first_day()?;
    let key = draft.key();
    parameter_desk::propose_withdrawal(state, key, from, reason, clerk).await
}

async fn settled(
    clerk: &Staff<KeepParameters>,
    state: &AppState,
    outcome: Result<(), Problem>,
    done: &str,
) -> Result<Response, PageError> {
    let notice = said_or_fault(outcome)?.unwrap_or_else(|| Said::Done(done.to_owned()));
    let (query, draft) = Default::default();
    page(clerk, state, query, draft, Some(notice)).await
}

async fn page(
    clerk: &Staff<KeepParameters>,
    state: &AppState,
    query: ParametersQuery,
    draft: ParameterDraft,
    notice: Option<Said>,
) -> Result<Response, PageError> {
    let status = match &notice {
        Some(Said::Refused(_)) => StatusCode::CONFLICT,
        Some(Said::Done(_)) | None => StatusCode::OK,
    };
    let list = parameter_desk::list(state, clerk.staff).await?;
    let key = draft.key();
    let chosen = match list.lines.iter().any(|line| line.key == key) {
        true => Chosen::Key(key),
        false => Chosen::Nothing,
    };
    let view = ParametersView {
        draft: filled(draft, &list.lines),
        list,
        search: query.search,
        shows_ended: query.ended == "yes",
        page: query.page.parse().unwrap_or(1),
        chosen,
    };
    let page = parameters_page(&desk(clerk, state), &view, notice.as_ref());
    Ok((status, page).into_response())
}

/// What the key has already is filled in where nothing was typed.
fn filled(draft: ParameterDraft, lines: &[ParameterLine]) -> ParameterDraft {
    let key = draft.key();
    let of_key = || lines.iter().filter(|line| line.key == key);
    let in_force = of_key().find(|line| line.standing == Standing::InForce);
    let Some(line) = in_force.or_else(|| of_key().next_back()) else {
        return draft;
    };
    let or = |typed: String, known: String| if typed.is_empty() { known } else { typed };
    // another year is none of the year before
    let value = match key.key == DAYS_OFF {
        true => String::new(),
        false => line.value.to_string(),
    };
    ParameterDraft {
        name: or(draft.name, line.name.clone()),
        value: or(draft.value, value),
        unit: or(draft.unit, line.unit.clone()),
        ..draft
    }
}
