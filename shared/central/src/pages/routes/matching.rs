//! The request for the page of what fits a record best.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use domain::case::{Kind, Record};
use domain::id::{KindId, RecordId};
use domain::matching::points_text;
use domain::time::UtcMs;
use wire::problem::Problem;

use super::gate::desk;
use super::page_error::PageError;
use super::records::{
    directory, kind_for, may_open_somewhere, no_such_kind, note_reading, read, seen_by, view_for,
};
use crate::app_state::AppState;
use crate::cases::{Directory, RecordView, title_of, value_text};
use crate::matching::{self, Matched, OFFER, SEEKER};
use crate::pages::matching::{MatchLine, MatchesView, PartLine, Sought, matches_page};
use crate::staff::{Staff, WorkOnRecords};

/// The kinds of the records that the buttons open.
const MATCH: &str = "job_match";
const REFERRAL: &str = "referral";
/// Fields of a vacancy and of a jobseeker that say in a list which one it is.
const OFFER_DETAILS: [&str; 4] = ["employer_name", "wage_min", "wage_max", "place"];
const SEEKER_DETAILS: [&str; 3] = ["education", "want_wage_min", "want_place"];

/// `GET /staff/record/{record}/matches`
pub(super) async fn show(
    staff: Staff<WorkOnRecords>,
    State(state): State<AppState>,
    Path(record): Path<String>,
) -> Result<Response, PageError> {
    let (view, _) = view_for(&staff, &state, &record).await?;
    note_reading(&staff, &state, &view).await?;
    let sought = sought(&view).ok_or_else(no_such_kind)?;
    let bar = bar(&view, sought);
    let lines = match bar {
        Some(_) => Vec::new(),
        None => lines(&staff, &state, &view, sought).await?,
    };
    let page = MatchesView {
        sought,
        title: view.title.clone(),
        case_no: view.record.case_no.0.clone(),
        address: address(view.record.id),
        bar,
        lines,
    };
    Ok(matches_page(&desk(&staff, &state), &page).into_response())
}

/// What is sought for a record of its kind.
fn sought(view: &RecordView) -> Option<Sought> {
    match view.record.kind.as_str() {
        kind if kind == SEEKER.0 => Some(Sought::Vacancies),
        kind if kind == OFFER.0 => Some(Sought::Seekers),
        _ => None,
    }
}

fn bar(view: &RecordView, sought: Sought) -> Option<String> {
    let (_, open) = match sought {
        Sought::Vacancies => SEEKER,
        Sought::Seekers => OFFER,
    };
    let name = |id: &str| view.kind.state(id).map_or("", |state| &state.name);
    (view.record.state != open).then(|| {
        let (now, open) = (name(&view.record.state), name(open));
        format!("这条现在是“{now}”，“{open}”的才匹配。请先把它办到“{open}”。")
    })
}

async fn lines(
    staff: &Staff<WorkOnRecords>,
    state: &AppState,
    view: &RecordView,
    sought: Sought,
) -> Result<Vec<MatchLine>, PageError> {
    let (values, today) = (&view.record.values, state.now().hall_date());
    let other = match sought {
        Sought::Vacancies => OFFER.0,
        Sought::Seekers => SEEKER.0,
    };
    let kind = kind_for(state, other, &staff.roles())?;
    let at = staff.stations(&seen_by(&kind));
    let desk = &state.inner.matching;
    let found = match sought {
        Sought::Vacancies => desk.vacancies_for(values, at, today).await,
        Sought::Seekers => {
            let subject = format!("{} 的匹配名单", view.record.case_no.0);
            state.audit_reading(staff, &subject).await?;
            desk.seekers_for(values, at, today).await
        }
    };
    let found = found.map_err(Problem::from)?;
    let ids: Vec<RecordId> = found.iter().map(|one| one.record).collect();
    let records = read(state, move |reader| {
        let each = ids.into_iter().map(|id| Ok((id, reader.record(id)?)));
        each.collect::<Result<BTreeMap<_, _>, _>>()
    });
    let records = records.await?;
    let persons = found.iter().filter_map(|one| one.person);
    let persons = persons.chain(view.record.person);
    let named: BTreeSet<_> = persons.map(|person| RecordId(person.0)).collect();
    let forms = Forms {
        view,
        sought,
        today: state.now(),
        directory: directory(state, named, Vec::new()).await?,
        may_match: may_open_kind(staff, state, MATCH),
        may_refer: may_open_kind(staff, state, REFERRAL),
    };
    let lines = found.iter().filter_map(|one| {
        let record = records.get(&one.record)?.as_ref()?;
        Some(line(&kind, record, one, &forms))
    });
    Ok(lines.collect())
}

fn may_open_kind(staff: &Staff<WorkOnRecords>, state: &AppState, kind: &str) -> bool {
    let kinds = state.inner.cases.kinds();
    let kind = KindId::new(kind)
        .ok()
        .and_then(|id| kinds.kind(&id).cloned());
    kind.is_some_and(|kind| may_open_somewhere(staff, &kind))
}

/// What the forms behind the buttons are filled with.
struct Forms<'f> {
    view: &'f RecordView,
    sought: Sought,
    today: UtcMs,
    directory: Directory,
    may_match: bool,
    may_refer: bool,
}

fn line(kind: &Kind, record: &Record, one: &Matched, forms: &Forms<'_>) -> MatchLine {
    let details: &[&str] = match forms.sought {
        Sought::Vacancies => &OFFER_DETAILS,
        Sought::Seekers => &SEEKER_DETAILS,
    };
    let detail = |id: &&str| {
        let text = value_text(kind.field(id)?, record.values.get(*id)?);
        Some(format!("{} {text}", kind.field(id)?.name))
    };
    let parts = one.fit.parts.iter().map(|part| PartLine {
        name: part.facet.name(),
        points: format!(
            "{} / {}",
            points_text(part.points().hundredths_half_up()),
            part.weight
        ),
        finding: part.finding.text(),
        is_unknown: part.finding.is_unknown(),
    });
    MatchLine {
        address: address(record.id),
        title: title_of(kind, record, &|_| None),
        case_no: record.case_no.0.clone(),
        details: details.iter().filter_map(detail).collect(),
        score: points_text(one.fit.written_hundredths()),
        parts: parts.collect(),
        match_form: forms.of_match(record, one),
        referral_form: forms.of_referral(record, one),
    }
}

impl Forms<'_> {
    /// The jobseeker's person by its number, and the vacancy by its own.
    fn pair(&self, record: &Record, one: &Matched) -> Option<[(&'static str, String); 3]> {
        let (seeker, offer, person) = match self.sought {
            Sought::Vacancies => (&self.view.record, record, self.view.record.person),
            Sought::Seekers => (record, &self.view.record, one.person),
        };
        let person = self.directory.called(RecordId(person?.0))?;
        Some([
            ("person", person.case_no.clone()),
            ("station", seeker.station.to_string()),
            ("f.vacancy_id", offer.case_no.0.clone()),
        ])
    }

    fn of_match(&self, record: &Record, one: &Matched) -> Option<String> {
        let pair = self.pair(record, one).filter(|_| self.may_match)?;
        let lines: Vec<_> = one.fit.parts.iter().map(|part| part.line()).collect();
        let known = [
            ("f.score", points_text(one.fit.written_hundredths())),
            ("f.score_parts", lines.join("\n")),
            ("f.match_by", "auto".to_owned()),
            ("f.algo_version", matching::rules().version().to_string()),
            ("f.pushed", "false".to_owned()),
        ];
        Some(form_address(MATCH, pair.into_iter().chain(known)))
    }

    fn of_referral(&self, record: &Record, one: &Matched) -> Option<String> {
        let pair = self.pair(record, one).filter(|_| self.may_refer)?;
        let today = self.today.hall_date().to_string();
        let known = [("f.referred_on", today)];
        Some(form_address(REFERRAL, pair.into_iter().chain(known)))
    }
}

fn form_address(kind: &str, known: impl Iterator<Item = (&'static str, String)>) -> String {
    let known: Vec<_> = known.collect();
    let query = serde_urlencoded::to_string(known).unwrap_or_default();
    format!("/staff/records/{kind}/new?{query}")
}

fn address(record: RecordId) -> String {
    format!("/staff/record/{record}")
}
