//! One step with many records: first what it would come to, then, confirmed, the step.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use domain::case::{Command, Kind, Transition};
use domain::id::RecordId;
use wire::problem::{Problem, ProblemCode};

use super::super::gate::{Checked, desk};
use super::super::page_error::PageError;
use super::{Sent, fault, is_about_persons, kind_for, may_see, read};
use crate::app_state::AppState;
use crate::cases::BulkLine;
use crate::pages::records::{BulkView, bulk_page};
use crate::staff::{Staff, WorkOnRecords};

/// Most records of one bulk step.
const BULK_MAX: usize = 200;

/// `POST /staff/records/{kind}/bulk`: first a preview, then, confirmed, the step with each.
pub(in crate::pages::routes) async fn bulk(
    staff: Staff<WorkOnRecords>,
    State(state): State<AppState>,
    Path(kind): Path<String>,
    Checked(sent): Checked<Sent>,
) -> Result<Response, PageError> {
    let kind = kind_for(&state, &kind, &staff.roles())?;
    let step = kind.transition(&sent.text("step"));
    let step = step.ok_or_else(|| Problem::new(ProblemCode::NotFound, "没有这一步。"))?;
    let records = records_of(&staff, &state, &kind, &sent).await?;
    if is_about_persons(&kind) {
        let subject = format!("{}一起办“{}”，{} 条", kind.name, step.name, records.len());
        state.audit_reading(&staff, &subject).await?;
    }
    let is_confirmed = sent.text("confirmed") == "yes";
    let view = BulkView {
        kind: kind.id.to_string(),
        kind_name: kind.name.clone(),
        step: step.id.clone(),
        step_name: step.name.clone(),
        lines: run(&staff, &state, records, command(step, &sent, is_confirmed)).await?,
        needs_reason: step.needs_reason,
        reason: sent.text("reason"),
        is_done: is_confirmed,
    };
    Ok(bulk_page(&desk(&staff, &state), &view, None).into_response())
}

/// The records that were ticked, of this kind and at stations where this person may see them: of
/// others not even the number is told.
async fn records_of(
    staff: &Staff<WorkOnRecords>,
    state: &AppState,
    kind: &Arc<Kind>,
    sent: &Sent,
) -> Result<Vec<RecordId>, PageError> {
    let sent = sent.all("record");
    let ticked: Vec<RecordId> = sent.iter().filter_map(|id| id.parse().ok()).collect();
    if ticked.is_empty() || ticked.len() > BULK_MAX {
        let text = format!("请勾 1 到 {BULK_MAX} 条，再点“先看结果”。");
        return Err(Problem::new(ProblemCode::Refused, text).into());
    }
    let (kind, actor_at) = (Arc::clone(kind), staff.actor_at());
    let seen = read(state, move |reader| {
        let mut seen = Vec::new();
        for id in ticked {
            let record = reader.record(id)?.filter(|record| record.kind == kind.id);
            if record.is_some_and(|record| may_see(&kind, &actor_at(&record.station).roles)) {
                seen.push(id);
            }
        }
        Ok(seen)
    });
    seen.await
}

enum Asked {
    Preview(Command),
    Step(Command),
}

fn command(step: &Transition, sent: &Sent, is_confirmed: bool) -> Asked {
    let reason = sent.text("reason");
    if is_confirmed {
        return Asked::Step(Command::because(&step.id, reason.trim()));
    }
    // a preview must not fail for want of the reason that the confirmation asks for
    let reason = if step.needs_reason {
        "（待填）"
    } else {
        reason.trim()
    };
    Asked::Preview(Command::because(&step.id, reason))
}

async fn run(
    staff: &Staff<WorkOnRecords>,
    state: &AppState,
    records: Vec<RecordId>,
    asked: Asked,
) -> Result<Vec<(String, String, Option<String>)>, PageError> {
    let (cases, actor_at, now) = (&state.inner.cases, staff.actor_at(), state.now());
    let lines = match asked {
        Asked::Step(command) => cases.act_on_all(records, command, actor_at, now).await,
        Asked::Preview(command) => cases.preview(records, command, actor_at, now).await,
    };
    let line = |line: BulkLine| {
        let refusal = line.outcome.err().map(|refusal| refusal.text);
        (line.record.to_string(), line.case_no, refusal)
    };
    Ok(lines.map_err(fault)?.into_iter().map(line).collect())
}
