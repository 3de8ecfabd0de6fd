//! A bank's answer is tried and taken.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::batch::BatchRule;
use domain::id::RecordId;
use wire::problem::ProblemCode;

use super::super::gate::{Checked, NoFields, desk};
use super::super::page_error::PageError;
use super::super::records::{blocking, fault, note_reading, view_for};
use super::super::upload::Upload;
use super::no_such;
use crate::app_state::AppState;
use crate::cases::batches::BroughtAnswer;
use crate::cases::{CaseFault, RecordView};
use crate::pages::frame::Said;
use crate::pages::lists::{AnswerStage, AnswerView, answer_page};
use crate::staff::{Staff, WorkOnRecords};

const GONE: &str = "这个文件放得太久，或者已经收下了。请看这一批现在的状态，没有收就重新选文件。";
const NOT_YOURS: &str = "回盘要由出纳、经办或银行来收，您没有这个角色。";

/// A batch that this person may see and whose answers they may bring.
async fn batch_for<'s>(
    staff: &Staff<WorkOnRecords>,
    state: &'s AppState,
    record: &str,
) -> Result<(RecordView, &'s BatchRule), PageError> {
    let (view, actor) = view_for(staff, state, record).await?;
    let rule = state.inner.lists.answered_batch(&view.record.kind);
    let rule = rule.ok_or_else(|| no_such("批"))?;
    let mut roles = rule.answer.iter().flat_map(|answer| &answer.roles);
    if roles.any(|role| actor.roles.contains(role)) {
        note_reading(staff, state, &view).await?;
        Ok((view, rule))
    } else {
        Err(wire::problem::Problem::new(ProblemCode::Refused, NOT_YOURS).into())
    }
}

fn page(
    staff: &Staff<WorkOnRecords>,
    state: &AppState,
    view: &RecordView,
    stage: AnswerStage,
    notice: Option<&Said>,
) -> Response {
    let status = match (notice, &stage) {
        (Some(Said::Refused(_)), _) | (_, AnswerStage::Wrong(_)) => StatusCode::CONFLICT,
        _ => StatusCode::OK,
    };
    let shown = AnswerView {
        record: view.record.id.to_string(),
        case_no: view.record.case_no.0.clone(),
        title: view.title.clone(),
        stage,
    };
    let page = answer_page(&desk(staff, state), &shown, notice);
    (status, page).into_response()
}

/// `GET /staff/lists/answer/{record}`
pub(in crate::pages::routes) async fn form(
    staff: Staff<WorkOnRecords>,
    State(state): State<AppState>,
    Path(record): Path<String>,
) -> Result<Response, PageError> {
    let (view, _) = batch_for(&staff, &state, &record).await?;
    Ok(page(&staff, &state, &view, AnswerStage::Asking, None))
}

/// `POST /staff/lists/answer/{record}`: puts the file beside the batch.
pub(in crate::pages::routes) async fn try_file(
    staff: Staff<WorkOnRecords>,
    State(state): State<AppState>,
    Path(record): Path<String>,
    sent: Upload,
) -> Result<Response, PageError> {
    let (view, rule) = batch_for(&staff, &state, &record).await?;
    let brought = BroughtAnswer {
        batch: view.record.id,
        file_name: sent.file_name,
        bytes: sent.bytes.to_vec(),
    };
    let (cases, rule, now) = (state.inner.cases.clone(), rule.clone(), state.now());
    let tried = blocking(move || (cases.try_answer(&rule, &brought, now), brought)).await?;
    let stage = match (tried.0.map_err(fault)?, tried.1) {
        (Err(faults), _) => AnswerStage::Wrong(faults),
        (Ok(settled), brought) => AnswerStage::Sound {
            held: state.inner.answers.hold(brought, staff.staff, now),
            paid: settled.paid.len(),
            failed: settled.failed,
        },
    };
    Ok(page(&staff, &state, &view, stage, None))
}

/// `POST /staff/lists/answer/{record}/{held}`: takes what was tried.
pub(in crate::pages::routes) async fn take(
    staff: Staff<WorkOnRecords>,
    State(state): State<AppState>,
    Path((record, held)): Path<(String, String)>,
    Checked(NoFields {}): Checked<NoFields>,
) -> Result<Response, PageError> {
    let (view, rule) = batch_for(&staff, &state, &record).await?;
    let id: RecordId = view.record.id;
    let waiting = &state.inner.answers;
    let Some(brought) = waiting.take(&held, staff.staff, |brought| brought.batch == id) else {
        let gone = Said::Refused(GONE.to_owned());
        return Ok(page(
            &staff,
            &state,
            &view,
            AnswerStage::Asking,
            Some(&gone),
        ));
    };
    let (cases, rule, now) = (state.inner.cases.clone(), rule.clone(), state.now());
    let actor_at = staff.actor_at();
    let taken = blocking(move || cases.take_answer(&rule, &brought, actor_at, now)).await?;
    match taken {
        Ok(Ok(_)) => Ok(Redirect::to(&format!("/staff/record/{id}")).into_response()),
        Ok(Err(faults)) => Ok(page(
            &staff,
            &state,
            &view,
            AnswerStage::Wrong(faults),
            None,
        )),
        Err(CaseFault::Problem(problem)) if problem.code == ProblemCode::Refused => {
            let stage = AnswerStage::Wrong(vec![problem.detail]);
            Ok(page(&staff, &state, &view, stage, None))
        }
        Err(other) => Err(fault(other)),
    }
}
