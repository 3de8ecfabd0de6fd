//! A training class (培训班) as the assessment sees it: when it ran, whether all five things were checked
//! before it began, how often it was inspected while it ran, whether its ledger is complete.

use chrono::NaiveDate;

use crate::case::{Record, Value};
use crate::rating::Share;

/// The five conclusions of the check before a class begins: persons, institution, teachers, hours, timetable.
pub const CONCLUSIONS: [&str; 5] = [
    "opening_check_trainees",
    "opening_check_institution",
    "opening_check_teachers",
    "opening_check_hours",
    "opening_check_schedule",
];

/// The step with which a class begins.
const BEGIN: &str = "begin";
/// The state in which it runs.
const RUNNING: &str = "running";
/// States of an inspection that took place.
const INSPECTED: [&str; 3] = ["done", "rectify", "closed"];
/// States of a check of a ledger that took place.
const CHECKED: [&str; 3] = ["done", "fixed", "closed"];

/// What is known of a class that has begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassFacts {
    /// The day on which it began.
    pub began_on: NaiveDate,
    /// The day on which it stopped running, by its end or because it was stopped; `None` while it runs.
    pub ended_on: Option<NaiveDate>,
    /// Conclusions that were reached before it began, of [`CONCLUSIONS`].
    pub conclusions: usize,
    /// Days on which it was inspected while it ran.
    pub inspected_on: Vec<NaiveDate>,
    /// The newest check of its ledger.
    pub ledger: Option<LedgerCheck>,
}

/// A check whether a ledger is complete (台账完整核查).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LedgerCheck {
    /// What must be in it.
    pub required: usize,
    /// What of that is not.
    pub missing: usize,
}

impl LedgerCheck {
    /// The check that a record is; `None` while it is only planned.
    #[must_use]
    pub fn of(record: &Record) -> Option<Self> {
        if !CHECKED.contains(&record.state.as_str()) {
            return None;
        }
        let (required, present) = (texts(record, "required"), texts(record, "present"));
        Some(Self {
            missing: required.iter().filter(|one| !present.contains(one)).count(),
            required: required.len(),
        })
    }

    /// Whether nothing is missing: a ledger of which nothing is required was not looked at.
    #[must_use]
    pub fn is_complete(self) -> bool {
        self.required > 0 && self.missing == 0
    }
}

impl ClassFacts {
    /// What is known of a class from its record and from those that name it, oldest first; `None`
    /// when it has not begun.
    #[must_use]
    pub fn of<'r>(
        class: &Record,
        inspections: impl IntoIterator<Item = &'r Record>,
        ledger_checks: impl IntoIterator<Item = &'r Record>,
    ) -> Option<Self> {
        let began = class.acts.iter().position(|act| act.transition == BEGIN)?;
        let began_on = class.acts[began].at.hall_date();
        let left = class.acts[began..].iter().find(|act| act.from == RUNNING);
        let ended_on = left.map(|act| act.at.hall_date());
        let ran = |day: &NaiveDate| began_on <= *day && ended_on.is_none_or(|end| *day <= end);
        let taken_place = |record: &&Record| INSPECTED.contains(&record.state.as_str());
        let inspected = inspections.into_iter().filter(taken_place);
        let checks = ledger_checks.into_iter().filter_map(LedgerCheck::of);
        Some(Self {
            began_on,
            ended_on,
            conclusions: conclusions(class),
            inspected_on: inspected.filter_map(day_of).filter(ran).collect(),
            ledger: checks.last(),
        })
    }

    /// Whether all five things were checked before it began.
    #[must_use]
    pub fn is_checked(&self) -> bool {
        self.conclusions == CONCLUSIONS.len()
    }

    /// Whether it was inspected so often while it ran.
    #[must_use]
    pub fn is_inspected(&self, times_min: u64) -> bool {
        self.inspected_on.len() as u64 >= times_min
    }

    /// Whether its ledger was checked and lacks nothing.
    #[must_use]
    pub fn has_whole_ledger(&self) -> bool {
        self.ledger.is_some_and(LedgerCheck::is_complete)
    }

    /// Checked before they began, among those that began (开班核查率).
    #[must_use]
    pub fn opening_checks<'c>(begun: impl IntoIterator<Item = &'c Self>) -> Share {
        share(begun, Self::is_checked)
    }

    /// Inspected so often, among those that began: every class for itself, never on average (巡查).
    #[must_use]
    pub fn inspections<'c>(begun: impl IntoIterator<Item = &'c Self>, times_min: u64) -> Share {
        share(begun, |class| class.is_inspected(times_min))
    }

    /// With a whole ledger, among those that have ended: a ledger is due when the class is over.
    #[must_use]
    pub fn whole_ledgers<'c>(ended: impl IntoIterator<Item = &'c Self>) -> Share {
        share(ended, Self::has_whole_ledger)
    }
}

fn share<'c>(
    classes: impl IntoIterator<Item = &'c ClassFacts>,
    is_good: impl Fn(&ClassFacts) -> bool,
) -> Share {
    let mut total = Share { part: 0, whole: 0 };
    for class in classes {
        total.whole += 1;
        total.part += u64::from(is_good(class));
    }
    total
}

fn conclusions(class: &Record) -> usize {
    let reached = CONCLUSIONS
        .iter()
        .filter(|field| class.values.contains_key(**field));
    reached.count()
}

fn day_of(inspection: &Record) -> Option<NaiveDate> {
    match inspection.values.get("at")? {
        Value::Moment(at) => Some(at.hall_date()),
        _ => None,
    }
}

fn texts<'r>(record: &'r Record, field: &str) -> Vec<&'r str> {
    let Some(Value::List(values)) = record.values.get(field) else {
        return Vec::new();
    };
    let texts = values.iter().filter_map(|value| match value {
        Value::Text(text) => Some(text.trim()),
        _ => None,
    });
    texts.collect()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::case::{Act, CaseNo, Channel, KindHash, Role, Values};
    use crate::id::{KindId, RecordId, StationCode};
    use crate::time::UtcMs;

    fn at(text: &str) -> UtcMs {
        UtcMs::start_of(text.parse().unwrap())
    }

    fn act(transition: &str, from: &str, to: &str, day: &str) -> Act {
        Act {
            transition: transition.into(),
            from: from.into(),
            to: to.into(),
            by: None,
            role: Role::System,
            deputy_of: None,
            at: at(day),
            reason: String::new(),
        }
    }

    fn record(state: &str, values: Values, acts: Vec<Act>) -> Record {
        Record {
            id: RecordId(uuid::Uuid::from_u128(1)),
            case_no: CaseNo("X-202611-00001".into()),
            kind: KindId::new("training_class").unwrap(),
            kind_hash: KindHash::default(),
            channel: Channel::Window,
            station: StationCode::new("YH-C").unwrap(),
            person: None,
            employer: None,
            owner: None,
            state: state.into(),
            state_since: at("2026-03-01"),
            values,
            version: 1,
            opened_at: at("2026-03-01"),
            closed_at: None,
            authors: BTreeSet::new(),
            acts,
            due: BTreeMap::new(),
            attachments: Vec::new(),
            deferred: BTreeMap::new(),
            links: Vec::new(),
        }
    }

    fn class(values: Values) -> Record {
        let acts = vec![
            act("begin", "approved", "running", "2026-03-02"),
            act("stop", "running", "stopped", "2026-03-20"),
        ];
        record("stopped", values, acts)
    }

    fn inspection(state: &str, day: &str) -> Record {
        let values = [("at".to_owned(), Value::Moment(at(day)))];
        record(state, values.into(), Vec::new())
    }

    fn list(texts: &[&str]) -> Value {
        let texts = texts.iter().map(|text| Value::Text((*text).to_owned()));
        Value::List(texts.collect())
    }

    fn ledger(state: &str, required: &[&str], present: &[&str]) -> Record {
        let values = [
            ("required".to_owned(), list(required)),
            ("present".to_owned(), list(present)),
        ];
        record(state, values.into(), Vec::new())
    }

    #[test]
    fn only_what_was_inspected_while_the_class_ran_counts() {
        let inspections = [
            inspection("done", "2026-03-01"),
            inspection("done", "2026-03-02"),
            inspection("planned", "2026-03-10"),
            inspection("rectify", "2026-03-20"),
            inspection("closed", "2026-03-21"),
        ];
        let facts = ClassFacts::of(&class(Values::new()), &inspections, []).unwrap();
        assert_eq!(facts.inspected_on.len(), 2);
        assert!(facts.is_inspected(2) && !facts.is_inspected(3));
    }

    #[test]
    fn a_class_that_was_stopped_counts_and_one_that_never_began_does_not() {
        assert!(ClassFacts::of(&class(Values::new()), [], []).is_some());
        let approved = record("approved", Values::new(), Vec::new());
        assert_eq!(ClassFacts::of(&approved, [], []), None);
    }

    #[test]
    fn many_inspections_of_one_class_do_not_make_up_for_none_of_another() {
        let often = [
            inspection("done", "2026-03-03"),
            inspection("done", "2026-03-04"),
        ];
        let classes = [
            ClassFacts::of(&class(Values::new()), &often, []).unwrap(),
            ClassFacts::of(&class(Values::new()), [], []).unwrap(),
        ];
        assert_eq!(
            ClassFacts::inspections(&classes, 1),
            Share { part: 1, whole: 2 }
        );
    }

    #[test]
    fn four_conclusions_of_five_are_no_check() {
        let all: Values = CONCLUSIONS
            .iter()
            .map(|field| ((*field).to_owned(), Value::Choice("ok".into())))
            .collect();
        let mut four = all.clone();
        four.remove(CONCLUSIONS[0]);
        let classes = [all, four].map(|values| ClassFacts::of(&class(values), [], []).unwrap());
        assert_eq!(
            ClassFacts::opening_checks(&classes),
            Share { part: 1, whole: 2 }
        );
    }

    #[test]
    fn a_ledger_that_lacks_one_piece_or_was_not_checked_is_not_complete() {
        let whole = |checks: &[Record]| {
            let facts = ClassFacts::of(&class(Values::new()), [], checks).unwrap();
            facts.has_whole_ledger()
        };
        assert!(!whole(&[]));
        assert!(!whole(&[ledger("done", &["花名册", "课表"], &["花名册"])]));
        assert!(!whole(&[ledger("done", &[], &[])]));
        assert!(!whole(&[ledger("planned", &["课表"], &["课表"])]));
        // the newest check counts
        let (lacking, fixed) = (
            ledger("done", &["课表"], &[]),
            ledger("fixed", &["课表"], &["课表"]),
        );
        assert!(whole(&[lacking, fixed]));
    }
}
