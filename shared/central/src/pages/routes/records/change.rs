//! Changing a record's fields: only what somebody touched becomes a change, so that two people at
//! one record keep each what the other wrote.

use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::case::{Command, Field};

use super::super::gate::{Checked, desk};
use super::super::page_error::PageError;
use super::on_boards::{OnBoards, values_so_far};
use super::one::{acted, draft, note_reading, refusal_text, to_record, view_for};
use super::{Sent, directory, fault};
use crate::app_state::AppState;
use crate::cases::{RecordView, faults_of, named_by};
use crate::pages::frame::Said;
use crate::pages::guard::AtTheDesk;
use crate::pages::records::{
    FormView, HeadField, Returned, Standing, fields, form_page, is_asked_later, staff_choices,
};
use crate::staff::{Staff, WorkOnRecords};

/// `GET /staff/record/{record}/change`
pub(in crate::pages::routes) async fn change_form(
    staff: Staff<WorkOnRecords>,
    State(state): State<AppState>,
    Path(record): Path<String>,
) -> Result<Response, PageError> {
    let (view, _) = view_for(&staff, &state, &record).await?;
    change_page(&staff, &state, &view, &Asked::default()).await
}

/// `POST /staff/record/{record}/change`
pub(in crate::pages::routes) async fn change(
    staff: Staff<WorkOnRecords>,
    State(state): State<AppState>,
    Path(record): Path<String>,
    Checked(sent): Checked<Sent>,
) -> Result<Response, PageError> {
    let (view, actor) = view_for(&staff, &state, &record).await?;
    let touched = sent.touched(&view.kind);
    if sent.only_looks(&view.kind) {
        let asked = Asked {
            returned: Some(Returned {
                seen: sent.seen(),
                touched,
                faults: Vec::new(),
            }),
            refusal: None,
            looking_at: sent.looking_at(),
        };
        return change_page(&staff, &state, &view, &asked).await;
    }
    let (faults, text) = match draft(&state, &view.kind, &touched).await? {
        Err(faults) => (faults, "有几处要改，改好再存。".to_owned()),
        Ok(draft) => {
            let reason = String::new();
            let command = Command::Change { draft, reason };
            match acted(&state, view.record.id, &sent, command, actor).await? {
                Ok(()) => return Ok(to_record(view.record.id)),
                Err(refusal) => (faults_of(&refusal), refusal.text),
            }
        }
    };
    let returned = Returned {
        seen: sent.seen(),
        touched,
        faults,
    };
    // what somebody else wrote meanwhile is shown, and the next save goes by that
    let (view, _) = view_for(&staff, &state, &record).await?;
    let text = refusal_text(&view, &returned, text);
    let asked = Asked {
        returned: Some(returned),
        refusal: Some(text),
        looking_at: sent.looking_at(),
    };
    change_page(&staff, &state, &view, &asked).await
}

/// What the form had sent when it is shown again.
#[derive(Debug, Default)]
struct Asked {
    /// What was typed.
    returned: Option<Returned>,
    /// Why it was not stored; `None` when somebody only wanted to see it.
    refusal: Option<String>,
    /// The board to be looked at.
    looking_at: String,
}

async fn change_page(
    staff: &Staff<WorkOnRecords>,
    state: &AppState,
    view: &RecordView,
    asked: &Asked,
) -> Result<Response, PageError> {
    note_reading(staff, state, view).await?;
    let returned = asked.returned.as_ref();
    let directory = directory(state, named_by(&view.record), Vec::new()).await?;
    let history = match returned {
        Some(_) => state.inner.cases.history(view.record.id).await,
        None => Ok(Vec::new()),
    };
    let history = history.map_err(fault)?;
    let standing = Standing::new(view, &directory, &history, returned);
    let shown = |field: &Field| {
        view.record.values.contains_key(&field.id) || !is_asked_later(&view.kind, field)
    };
    let filled = |field: &Field| standing.filled(field);
    let record = view.record.id;
    let mut fields = fields(&view.kind, shown, filled, standing.faults());
    let editor = match OnBoards::of(state, &view.kind).await? {
        Some(boards) => {
            boards.offer(&mut fields);
            let touched = returned.map(|returned| returned.touched.clone());
            let (kind, touched) = (&view.kind, touched.unwrap_or_default());
            let values = values_so_far(state, kind, &view.record.values, &touched).await?;
            Some(
                boards
                    .editor(state, kind, &values, &asked.looking_at)
                    .await?,
            )
        }
        None => None,
    };
    let form = FormView {
        title: format!("修改 {}", view.record.case_no.0),
        about: view.kind.about.clone(),
        action: format!("/staff/record/{record}/change"),
        back: format!("/staff/record/{record}"),
        button: "存下".to_owned(),
        seen: view.record.version,
        fields,
        staff: staff_choices(&directory),
        stations: Vec::new(),
        station: HeadField::default(),
        person: None,
        employer: None,
        corrects: String::new(),
        visit: String::new(),
        editor,
    };
    let status = match asked.refusal {
        Some(_) => StatusCode::CONFLICT,
        None => StatusCode::OK,
    };
    let notice = asked.refusal.clone().map(Said::Refused);
    let page = form_page(&desk(staff, state), &form, notice.as_ref());
    Ok((status, Extension(AtTheDesk), page).into_response())
}
