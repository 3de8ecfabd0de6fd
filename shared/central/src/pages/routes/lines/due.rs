//! What is due in a line or in a group of it, of several kinds in one list.

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use domain::id::KindId;
use serde::Deserialize;

use super::super::gate::desk;
use super::super::page_error::PageError;
use super::super::records::{is_personal, read};
use super::{page_of, pages, seen};
use crate::app_state::AppState;
use crate::cases::shown_title;
use crate::pages::lines::{DUE_LINES_PER_PAGE, DuePageView, DueRow, due_page};
use crate::pages::records::{due_mark, state_name};
use crate::staff::{Staff, WorkOnRecords};
use crate::start_pages::When;
use crate::store::{DueLine, Page, SeenKind};

/// Query of what is due.
#[derive(Debug, Default, Deserialize)]
pub(in crate::pages::routes) struct DueQuery {
    #[serde(default)]
    when: String,
    #[serde(default)]
    group: String,
    #[serde(default)]
    page: u32,
}

/// `GET /staff/lines/{line}/due`
pub(in crate::pages::routes) async fn show(
    staff: Staff<WorkOnRecords>,
    State(state): State<AppState>,
    Path(line): Path<String>,
    Query(query): Query<DueQuery>,
) -> Result<Response, PageError> {
    let pages = pages();
    let (line, page) = page_of(&pages, &line)?;
    let group = page.groups.iter().find(|group| group.id == query.group);
    let kinds: Vec<&KindId> = match group {
        Some(group) => group.kinds.iter().collect(),
        None => page.kinds().collect(),
    };
    let seen = seen(&staff, &state, kinds.into_iter());
    let (when, number) = (When::of_word(&query.when), query.page.max(1));
    let (lines, total) = due_lines(&state, &seen, when, number).await?;
    note_reading(&staff, &state, &page.name, &lines).await?;
    let view = DuePageView {
        line,
        line_name: page.name.clone(),
        group: group.map_or_else(Default::default, |group| {
            (group.id.clone(), group.name.clone())
        }),
        when,
        rows: lines.iter().map(|line| due_row(&state, line)).collect(),
        total,
        page: number,
    };
    Ok(due_page(&desk(&staff, &state), &view).into_response())
}

async fn due_lines(
    state: &AppState,
    seen: &[SeenKind],
    when: When,
    number: u32,
) -> Result<(Vec<DueLine>, u64), PageError> {
    let today = state.now().hall_date();
    let days = when.days(today);
    let page = Page {
        offset: (number - 1).saturating_mul(DUE_LINES_PER_PAGE),
        limit: DUE_LINES_PER_PAGE,
    };
    let seen = seen.to_vec();
    read(state, move |reader| {
        let (mut lines, total) = reader.due_lines(&seen, days, page)?;
        for line in &mut lines {
            if let Some(record) = reader.record(line.record)? {
                let kind = reader.kind(&record.kind_hash)?;
                line.title = shown_title(reader, &kind, &record, &line.title)?;
            }
        }
        Ok((lines, total))
    })
    .await
}

/// That titles of persons' records are read is written down first, once a day.
async fn note_reading(
    staff: &Staff<WorkOnRecords>,
    state: &AppState,
    page: &str,
    lines: &[DueLine],
) -> Result<(), PageError> {
    let shelf = state.inner.cases.kinds();
    let personal = lines.iter().filter(|line| {
        let kind = shelf.kind(&line.kind);
        kind.is_some_and(|kind| is_personal(kind.sensitivity))
    });
    let count = personal.count();
    if count > 0 {
        let subject = format!("{page}到期的业务：{count} 条");
        state.audit_reading_of_day(staff, &subject).await?;
    }
    Ok(())
}

fn due_row(state: &AppState, line: &DueLine) -> DueRow {
    let (cases, today) = (&state.inner.cases, state.now().hall_date());
    let kind = cases.kinds().kind(&line.kind);
    DueRow {
        record: line.record.to_string(),
        kind_name: kind.map_or_else(String::new, |kind| kind.name.clone()),
        case_no: line.case_no.clone(),
        title: line.title.clone(),
        state: kind.map_or_else(|| line.state.clone(), |kind| state_name(kind, &line.state)),
        due: due_mark(line.due_on, today, cases.rules()),
    }
}
