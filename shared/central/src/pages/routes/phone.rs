//! A phone that sends pictures to a record: the desk's page with the code, and the phone's page.
//! What the phone is told names nobody.

use axum::extract::{Multipart, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use wire::problem::Problem;

use super::attachments::{Received, attach, slot_for};
use super::gate::{Checked, NoFields, desk};
use super::page_error::PageError;
use super::public::site;
use super::upload::{Upload, asks_for_json, json_received, json_refusal};
use crate::app_state::AppState;
use crate::attachments::{Offered, PhoneId, PhoneSlot};
use crate::edge::fill_random;
use crate::pages::frame::Said;
use crate::pages::guard::FormToken;
use crate::pages::phone::{DeskView, PhonePage, desk_page, ended_page, phone_page};
use crate::staff::{Staff, WorkOnRecords};

pub(super) const PHONE: &str = "/m/{token}";

/// What opens a phone.
#[derive(Debug, Deserialize)]
pub(super) struct OpenForm {
    doc_type: String,
}

/// `POST /staff/record/{record}/phone`: the only answer that shows the code.
pub(super) async fn open(
    clerk: Staff<WorkOnRecords>,
    State(app): State<AppState>,
    Path(record): Path<String>,
    Checked(form): Checked<OpenForm>,
) -> Result<Response, PageError> {
    let (_, actor, slot) = slot_for(&clerk, &app, &record, &form.doc_type).await?;
    let slot = PhoneSlot {
        owner: slot.owner,
        doc_type: form.doc_type,
        title: slot.title,
        by: clerk.staff,
        actor,
    };
    let opened = app.inner.phones.open(slot, app.now(), fill_random);
    let (token, phone) = opened.map_err(Problem::from)?;
    let address = format!("{}/m/{token}", app.public_url());
    Ok(desk_answer(&app, &clerk, phone, Some(address))?.into_response())
}

/// `GET /staff/record/{record}/phone/{phone}`: the same without the code, which nobody knows any
/// more; for refreshing what has arrived.
pub(super) async fn desk_again(
    clerk: Staff<WorkOnRecords>,
    State(app): State<AppState>,
    Path((_record, phone)): Path<(String, String)>,
) -> Result<Response, PageError> {
    Ok(desk_answer(&app, &clerk, PhoneId(phone), None)?.into_response())
}

fn desk_answer(
    app: &AppState,
    clerk: &Staff<WorkOnRecords>,
    phone: PhoneId,
    address: Option<String>,
) -> Result<maud::Markup, PageError> {
    let view = app.inner.phones.view(&phone, clerk.staff, app.now());
    let view = view.ok_or_else(|| crate::app_state::not_found("这个码已经没有了，请再出一个。"))?;
    let view = DeskView {
        phone,
        address,
        view,
    };
    Ok(desk_page(&desk(clerk, app), &view))
}

/// `POST /staff/record/{record}/phone/{phone}/close`
pub(super) async fn close(
    clerk: Staff<WorkOnRecords>,
    State(app): State<AppState>,
    Path((record, phone)): Path<(String, String)>,
    Checked(NoFields {}): Checked<NoFields>,
) -> Result<Redirect, PageError> {
    app.inner.phones.close(&PhoneId(phone), clerk.staff);
    Ok(Redirect::to(&format!("/staff/record/{record}")))
}

/// `GET /m/{token}`
pub(super) async fn show(State(app): State<AppState>, Path(token): Path<String>) -> Response {
    page(&app, &token, StatusCode::OK, None)
}

fn page(app: &AppState, token: &str, status: StatusCode, said: Option<&Said>) -> Response {
    match app.inner.phones.look(token, app.now()) {
        Ok(slot) => {
            let view = PhonePage {
                token: token.to_owned(),
                form_token: FormToken::of(token),
                title: slot.title,
                bytes_max: app.inner.phones.rules().bytes_max,
            };
            (status, phone_page(&site(app), &view, said)).into_response()
        }
        Err(fault) => {
            let text = match said {
                // the last one that was permitted
                Some(Said::Done(text)) => text.clone(),
                _ => fault.to_string(),
            };
            let problem = Problem::from(fault);
            let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::GONE);
            (status, ended_page(&site(app), &text)).into_response()
        }
    }
}

/// `POST /m/{token}`
pub(super) async fn send(
    State(app): State<AppState>,
    Path(token): Path<String>,
    headers: HeaderMap,
    form: Multipart,
) -> Result<Response, PageError> {
    let upload = Upload::read(form).await?;
    if !FormToken::of(&token).is(&upload.form_token) {
        return Err(PageError::StaleForm);
    }
    let outcome = receive(&app, &token, upload).await;
    if asks_for_json(&headers) {
        return Ok(match outcome {
            Ok(received) => json_received(&received),
            Err(problem) => json_refusal(&problem),
        });
    }
    let (status, said) = match outcome {
        Ok(_) => (
            StatusCode::OK,
            Said::Done("收到了，谢谢。还有的话接着传。".to_owned()),
        ),
        Err(problem) => {
            let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::CONFLICT);
            (status, Said::Refused(problem.detail))
        }
    };
    Ok(page(&app, &token, status, Some(&said)))
}

async fn receive(app: &AppState, token: &str, upload: Upload) -> Result<Received, Problem> {
    let phones = &app.inner.phones;
    let slot = phones.begin(token, app.now())?;
    let offered = Offered {
        doc_type: slot.doc_type,
        claimed_name: upload.file_name,
        bytes: upload.bytes,
    };
    let received = attach(app, slot.owner, (slot.by, &slot.actor), offered).await;
    let arrived = received.as_ref().ok();
    phones.end(token, arrived.map(|received| received.attachment.clone()));
    // where else the same content is, is the desk's affair
    received.map(|received| Received {
        elsewhere: 0,
        ..received
    })
}
