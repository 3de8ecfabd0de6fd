//! Who is to be called about a loan: calls that wait or were missed, earliest first, with the borrower
//! and with the calls that were made about the same loan before.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::case::{Kind, Record, Value};
use domain::id::RecordId;
use domain::time::month_day_text;

use super::super::gate::desk;
use super::super::page_error::PageError;
use super::super::records::{kind_for, read, seen_by};
use crate::app_state::AppState;
use crate::cases::{masked_values, title_of, value_text};
use crate::pages::lines::{CollectionRow, CollectionView, Contact, PastCall, collection_page};
use crate::pages::records::{DueMark, due_mark};
use crate::staff::{Staff, WorkOnRecords};
use crate::store::{CaseLine, CaseQuery, CaseSort, Reader, StoreError};

const KIND: &str = "loan_collection";
/// Of which loan it is.
const LOAN: &str = "loan_id";
/// States in which a call is to be made.
const TO_CALL: [&str; 2] = ["scheduled", "missed"];
const MISSED: &str = "missed";
/// Calls on the page: more than the three people of the line make in a day.
const CALLS_MAX: u32 = 100;
/// Calls that were made and are looked through for what was said before.
const PAST_MAX: u32 = 1_000;
/// Earlier calls that are shown of a loan.
const PAST_SHOWN: usize = 3;

/// `GET /staff/lines/startup/collection`
pub(in crate::pages::routes) async fn show(
    staff: Staff<WorkOnRecords>,
    State(state): State<AppState>,
) -> Result<Response, PageError> {
    let kind = kind_for(&state, KIND, &staff.roles())?;
    let stations = staff.stations(&seen_by(&kind));
    let query = |states: &[&str], sort, limit| CaseQuery {
        states: states.iter().map(|state| (*state).to_owned()).collect(),
        stations: stations.clone(),
        sort,
        ..CaseQuery::of(kind.id.clone(), limit)
    };
    let to_call = query(&TO_CALL, CaseSort::Due, CALLS_MAX + 1);
    let made = query(&["done"], CaseSort::Changed, PAST_MAX);
    let (asked, cases) = (Arc::clone(&kind), state.inner.cases.clone());
    let today = state.now().hall_date();
    let rows = read(&state, move |reader| {
        let lines = reader.case_lines(&to_call)?;
        let past = past_calls(&asked, &reader.case_lines(&made)?);
        let rows = lines.iter().map(|line| {
            let due = due_mark(line.due_on.unwrap_or(today), today, cases.rules());
            row(reader, &asked, &line.body, due, &past)
        });
        rows.collect::<Result<Vec<_>, StoreError>>()
    });
    let mut rows = rows.await?;
    if !rows.is_empty() {
        let subject = format!("到期催收：{} 条", rows.len());
        state.audit_reading_of_day(&staff, &subject).await?;
    }
    let more = rows.len() > CALLS_MAX as usize;
    rows.truncate(CALLS_MAX as usize);
    let view = CollectionView { rows, more };
    Ok(collection_page(&desk(&staff, &state), &view).into_response())
}

/// Calls that were made, by loan, newest first.
fn past_calls(kind: &Kind, lines: &[CaseLine]) -> BTreeMap<RecordId, Vec<PastCall>> {
    let mut calls: BTreeMap<RecordId, Vec<PastCall>> = BTreeMap::new();
    for line in lines {
        if let Some(Value::Record(loan)) = line.body.values.get(LOAN) {
            let of_loan = calls.entry(*loan).or_default();
            if of_loan.len() < PAST_SHOWN {
                of_loan.push(past_call(kind, &line.body));
            }
        }
    }
    calls
}

fn past_call(kind: &Kind, record: &Record) -> PastCall {
    let text = |id: &str| {
        let value = record.values.get(id);
        let shown = kind
            .field(id)
            .zip(value)
            .map(|(field, value)| value_text(field, value));
        shown.unwrap_or_default()
    };
    let promised = text("promised_on");
    let result = match (text("result"), text("bank_paid").as_str()) {
        (result, "") => result,
        (_, "是") => "银行说已还".to_owned(),
        (_, _) => "银行说没有还".to_owned(),
    };
    PastCall {
        on: month_day_text(record.state_since.hall_date()),
        stage: text("stage"),
        result: if promised.is_empty() {
            result
        } else {
            format!("{result}，{promised}还")
        },
    }
}

fn row(
    reader: &Reader<'_>,
    kind: &Kind,
    record: &Record,
    due: DueMark,
    past: &BTreeMap<RecordId, Vec<PastCall>>,
) -> Result<CollectionRow, StoreError> {
    let loan = match record.values.get(LOAN) {
        Some(Value::Record(loan)) => reader.record(*loan)?,
        _ => None,
    };
    let stage = record.values.get("stage").zip(kind.field("stage"));
    Ok(CollectionRow {
        record: record.id.to_string(),
        stage: stage.map_or_else(String::new, |(value, field)| value_text(field, value)),
        due,
        is_missed: record.state == MISSED,
        loan_no: loan
            .as_ref()
            .map_or_else(String::new, |loan| loan.case_no.0.clone()),
        contact: contact(reader, record, loan.as_ref())?,
        calls: loan
            .and_then(|loan| past.get(&loan.id).cloned())
            .unwrap_or_default(),
    })
}

/// The borrower: of the call, else of the loan.
fn contact(
    reader: &Reader<'_>,
    record: &Record,
    loan: Option<&Record>,
) -> Result<Option<Contact>, StoreError> {
    let person = record.person.or(loan.and_then(|loan| loan.person));
    let employer = record.employer.or(loan.and_then(|loan| loan.employer));
    let (id, name, phone) = match (person, employer) {
        (Some(person), _) => (RecordId(person.0), "name", "phone"),
        (None, Some(employer)) => (employer, "contact", "contact_mobile"),
        (None, None) => return Ok(None),
    };
    let Some(entry) = reader.record(id)? else {
        return Ok(None);
    };
    let kind = reader.kind(&entry.kind_hash)?;
    let fields = [name, phone].into_iter().filter_map(|id| kind.field(id));
    let mut masked = masked_values(reader, &kind, &entry, fields)?;
    let called = masked.remove(name).unwrap_or_default();
    let title = title_of(&kind, &entry, &|_| None);
    Ok(Some(Contact {
        name: match (person.is_some(), called.is_empty()) {
            (true, false) => called,
            (_, true) => title,
            (false, false) => format!("{title}（{called}）"),
        },
        phone: masked.remove(phone).unwrap_or_default(),
        record: id.to_string(),
    }))
}
