//! Opening a record: what its form asks, and everything that is wrong with it at once, each at its
//! field.

use axum::extract::{Extension, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::case::{self, Channel, Draft, FieldFault, Kind, Subject, Values};
use domain::id::{PersonId, RecordId, StationCode};

use super::super::gate::{Checked, desk};
use super::super::page_error::PageError;
use super::on_boards::{OnBoards, values_so_far};
use super::one::{draft, refused_or_fault};
use super::{Sent, directory, kind_for, may_open, may_open_somewhere, read, station_choices};
use crate::app_state::AppState;
use crate::cases::same_person;
use crate::cases::typed::values_of;
use crate::cases::{EMPLOYER_HEAD, NewCase, PERSON_HEAD, faults_of};
use crate::pages::frame::Said;
use crate::pages::guard::AtTheDesk;
use crate::pages::records::{
    Filled, FormView, HeadField, fields, form_page, is_asked_later, staff_choices,
};
use crate::staff::{Staff, WorkOnRecords};

/// Where a fault says that it is about where a record is dealt with.
const STATION_HEAD: &str = "head.station";

/// `GET /staff/records/{kind}/new`: an address may bring what is known already, under the names
/// that the form itself sends.
pub(in crate::pages::routes) async fn new_form(
    staff: Staff<WorkOnRecords>,
    State(state): State<AppState>,
    Path(kind): Path<String>,
    Query(known): Query<Sent>,
) -> Result<Response, PageError> {
    let kind = kind_for(&state, &kind, &staff.roles())?;
    only_who_may_open(&staff, &kind)?;
    new_page(&staff, &state, &kind, &known, &[], None).await
}

/// A form that nobody could send is not shown: what the system alone opens has none.
fn only_who_may_open(staff: &Staff<WorkOnRecords>, kind: &Kind) -> Result<(), PageError> {
    if may_open_somewhere(staff, kind) {
        return Ok(());
    }
    let refusal = case::may_open(kind, &staff.actor_anywhere()).err();
    let text = refusal.map_or_else(
        || format!("您在这里不能登记“{}”。", kind.name),
        |refusal| refusal.text,
    );
    Err(PageError::NoRight(text))
}

async fn new_page(
    staff: &Staff<WorkOnRecords>,
    state: &AppState,
    kind: &Kind,
    sent: &Sent,
    faults: &[FieldFault],
    refusal: Option<String>,
) -> Result<Response, PageError> {
    let directory = directory(state, Default::default(), Vec::new()).await?;
    let typed = sent.typed();
    let corrects = sent.text("corrects");
    let head = |name: &str, id: &str| HeadField {
        typed: sent.text(name),
        fault: faults
            .iter()
            .find(|fault| fault.field == id)
            .map(|fault| fault.text.clone()),
    };
    let filled = |field: &domain::case::Field| Filled {
        typed: typed.get(&field.id).cloned().unwrap_or_default(),
        ..Filled::default()
    };
    let title = if corrects.is_empty() {
        format!("登记{}", kind.name)
    } else {
        format!("更正{}", kind.name)
    };
    let on_boards = OnBoards::of(state, kind).await?;
    let mut fields = fields(kind, |field| !is_asked_later(kind, field), filled, faults);
    let editor = match &on_boards {
        Some(boards) => {
            boards.offer(&mut fields);
            let values = values_so_far(state, kind, &Values::new(), &typed).await?;
            let looking_at = sent.looking_at();
            Some(boards.editor(state, kind, &values, &looking_at).await?)
        }
        None => None,
    };
    let form = FormView {
        title,
        about: kind.about.clone(),
        action: format!("/staff/records/{}/new", kind.id),
        back: format!("/staff/records/{}", kind.id),
        button: "存下".to_owned(),
        seen: 0,
        fields,
        staff: staff_choices(&directory),
        stations: station_choices(state, kind, staff).await?,
        station: head("station", STATION_HEAD),
        person: concerns_person(kind).then(|| head("person", PERSON_HEAD)),
        employer: concerns_employer(kind).then(|| head("employer", EMPLOYER_HEAD)),
        corrects,
        visit: sent.text("visit"),
        editor,
    };
    let status = match refusal {
        Some(_) => StatusCode::CONFLICT,
        None => StatusCode::OK,
    };
    let notice = refusal.map(Said::Refused);
    let page = form_page(&desk(staff, state), &form, notice.as_ref());
    Ok((status, Extension(AtTheDesk), page).into_response())
}

fn concerns_person(kind: &Kind) -> bool {
    matches!(kind.subject, Subject::Person | Subject::Either)
}

fn concerns_employer(kind: &Kind) -> bool {
    matches!(kind.subject, Subject::Employer | Subject::Either)
}

/// `POST /staff/records/{kind}/new`
pub(in crate::pages::routes) async fn open(
    staff: Staff<WorkOnRecords>,
    State(state): State<AppState>,
    Path(kind): Path<String>,
    Checked(sent): Checked<Sent>,
) -> Result<Response, PageError> {
    let kind = kind_for(&state, &kind, &staff.roles())?;
    if sent.only_looks(&kind) {
        return new_page(&staff, &state, &kind, &sent, &[], None).await;
    }
    let head = head_of(&staff, &state, &kind, &sent).await?;
    let (head, draft) = match (head, draft(&state, &kind, &sent.typed()).await?) {
        (Ok(head), Ok(draft)) => (head, draft),
        (head, draft) => {
            let faults = head.err().into_iter().chain(draft.err());
            let faults: Vec<_> = faults.flatten().collect();
            let text = "有几处要改，改好再存。".to_owned();
            return new_page(&staff, &state, &kind, &sent, &faults, Some(text)).await;
        }
    };
    let (actor, now) = (staff.actor(&head.station), state.now());
    let new = head.with(&kind, draft, &sent);
    let opened = state.inner.cases.open(new, actor, now).await;
    match refused_or_fault(opened)? {
        Ok(record) => {
            if let Ok(ticket) = sent.text("visit").parse() {
                state.tie_to_visit(&staff, ticket, record).await?;
            }
            Ok(Redirect::to(&format!("/staff/record/{record}")).into_response())
        }
        Err(refusal) => {
            let faults = faults_of(&refusal);
            let text = Some(refusal.text);
            new_page(&staff, &state, &kind, &sent, &faults, text).await
        }
    }
}

/// What stands before the fields.
struct Head {
    station: StationCode,
    person: Option<PersonId>,
    employer: Option<RecordId>,
}

impl Head {
    fn with(self, kind: &Kind, draft: Draft, sent: &Sent) -> NewCase {
        NewCase {
            kind: kind.id.clone(),
            channel: Channel::Window,
            station: self.station,
            person: self.person,
            employer: self.employer,
            values: values_of(draft),
            corrects: sent.text("corrects").parse().ok(),
        }
    }
}

/// Where, for whom and for which employer, or everything that is wrong with that.
async fn head_of(
    staff: &Staff<WorkOnRecords>,
    state: &AppState,
    kind: &Kind,
    sent: &Sent,
) -> Result<Result<Head, Vec<FieldFault>>, PageError> {
    let typed = |name: &str| sent.text(name).trim().to_owned();
    let station = station_of(staff, kind, &typed("station"));
    let person = find_person(state, typed("person")).await?;
    let employer = find_employer(state, typed("employer")).await?;
    let (at, lacking) = match kind.subject {
        Subject::Person => (PERSON_HEAD, "请填给谁办。"),
        Subject::Employer => (EMPLOYER_HEAD, "请填哪个单位。"),
        Subject::Either | Subject::None => (PERSON_HEAD, "请填给谁办，或者哪个单位。"),
    };
    let is_lacking = match (kind.subject, &person, &employer) {
        (Subject::None, ..) => false,
        (Subject::Person, person, _) => matches!(person, Ok(None)),
        (Subject::Employer, _, employer) => matches!(employer, Ok(None)),
        (Subject::Either, person, employer) => matches!((person, employer), (Ok(None), Ok(None))),
    };
    Ok(match (station, person, employer) {
        (Ok(station), Ok(person), Ok(employer)) if !is_lacking => Ok(Head {
            station,
            person,
            employer,
        }),
        (station, person, employer) => {
            let told = [
                (STATION_HEAD, station.err()),
                (PERSON_HEAD, person.err()),
                (EMPLOYER_HEAD, employer.err()),
                (at, is_lacking.then(|| lacking.to_owned())),
            ];
            let told = told.into_iter().filter_map(|(id, text)| Some((id, text?)));
            let faults = told.map(|(id, text)| FieldFault {
                field: id.to_owned(),
                text,
            });
            Err(faults.collect())
        }
    })
}

fn station_of(
    staff: &Staff<WorkOnRecords>,
    kind: &Kind,
    typed: &str,
) -> Result<StationCode, String> {
    let station = StationCode::new(typed).map_err(|_| "请选在哪里办。".to_owned())?;
    if may_open(kind, &staff.actor(&station)) {
        Ok(station)
    } else {
        Err("您不在这个网点办这种业务，请选别的。".to_owned())
    }
}

/// By the number of the register, or by the identity number.
async fn find_person(
    state: &AppState,
    typed: String,
) -> Result<Result<Option<PersonId>, String>, PageError> {
    if typed.is_empty() {
        return Ok(Ok(None));
    }
    let found = read(state, move |reader| same_person::found(reader, &typed)).await?;
    let mut found = found.into_iter();
    Ok(match (found.next(), found.next()) {
        (Some(one), None) => Ok(Some(one)),
        (None, _) => Err("没找到这个人。先在“自然人”里登记，再来办。".to_owned()),
        (Some(_), Some(_)) => Err("这个号码有几个人，请填自然人登记的编号。".to_owned()),
    })
}

async fn find_employer(
    state: &AppState,
    typed: String,
) -> Result<Result<Option<RecordId>, String>, PageError> {
    if typed.is_empty() {
        return Ok(Ok(None));
    }
    let found = read(state, move |reader| reader.record_by_number(&typed)).await?;
    let found = found.ok_or_else(|| "没找到这个单位。先在“用人单位”里登记，再来办。".to_owned());
    Ok(found.map(Some))
}
