//! Examples and laws of the record engine, on kinds that look like real ones.

mod between;
mod broken;
mod ends;
mod excuses;
mod formulas;
mod laws;
mod moves;
mod reading;
mod telling;
mod times;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate, Weekday};

use crate::id::{KindId, PersonId, RecordId, StaffId, StationCode};
use crate::time::UtcMs;

use super::*;

const VACANCY: &str = include_str!("tests/vacancy.toml");
const EMPLOYER: &str = include_str!("tests/employer.toml");
const SUBSIDY: &str = include_str!("tests/subsidy.toml");
const SUB: &str = include_str!("tests/sub.toml");

const FILES: [KindFile<'static>; 4] = [
    KindFile {
        path: "employment/vacancy.toml",
        text: VACANCY,
    },
    KindFile {
        path: "common/employer.toml",
        text: EMPLOYER,
    },
    KindFile {
        path: "startup/subsidy.toml",
        text: SUBSIDY,
    },
    KindFile {
        path: "workflows/sub.toml",
        text: SUB,
    },
];

fn kinds() -> KindSet {
    KindSet::read(&FILES, &|list| list == "discrimination").unwrap_or_else(|faults| {
        let lines: Vec<_> = faults.iter().map(ToString::to_string).collect();
        panic!("{}", lines.join("\n"))
    })
}

fn kind(id: &str) -> Kind {
    kinds()
        .get(&KindId::new(id).unwrap())
        .unwrap()
        .as_ref()
        .clone()
}

/// Weekends off, and the days named besides; 2026 only.
struct Rules {
    off: BTreeSet<NaiveDate>,
    on: BTreeSet<NaiveDate>,
    numbers: BTreeMap<&'static str, i64>,
    words: Vec<String>,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            off: BTreeSet::new(),
            on: BTreeSet::new(),
            numbers: BTreeMap::from([
                ("vacancy.review_wd", 1),
                ("vacancy.valid_days", 90),
                ("min_wage.month", 200_000),
                ("flow.acceptance_wd", 1),
                ("publicity.days", 5),
            ]),
            words: vec!["限男性".to_owned()],
        }
    }
}

impl Rulebook for Rules {
    fn is_workday(&self, day: NaiveDate) -> Result<bool, NoCalendar> {
        if day.year() != 2026 {
            return Err(NoCalendar { year: day.year() });
        }
        let is_weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        Ok(self.on.contains(&day) || !(is_weekend || self.off.contains(&day)))
    }

    fn number(&self, key: &str, day: NaiveDate) -> Result<i64, NoParameter> {
        let gap = || NoParameter {
            key: key.to_owned(),
            day,
        };
        self.numbers.get(key).copied().ok_or_else(gap)
    }

    fn words(&self, list: &str) -> Option<&[String]> {
        (list == "discrimination").then_some(&self.words)
    }
}

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap()
}

/// Noon in the hall on a day of 2026.
fn noon(month: u32, on: u32) -> UtcMs {
    UtcMs(
        day(month, on)
            .and_hms_opt(4, 0, 0)
            .unwrap()
            .and_utc()
            .timestamp_millis(),
    )
}

/// Tuesday, 24 November 2026.
fn now() -> UtcMs {
    noon(11, 24)
}

fn staff(number: u128) -> StaffId {
    StaffId(uuid::Uuid::from_u128(number))
}

fn record_id(number: u128) -> RecordId {
    RecordId(uuid::Uuid::from_u128(number))
}

fn person(number: u128) -> PersonId {
    PersonId(uuid::Uuid::from_u128(number))
}

fn actor(number: u128, roles: &[Role]) -> Actor {
    Actor {
        staff: Some(staff(number)),
        roles: roles.iter().copied().collect(),
        deputy: BTreeMap::new(),
        kin: BTreeSet::new(),
        address: String::new(),
    }
}

fn system() -> Actor {
    Actor {
        staff: None,
        ..actor(0, &[Role::System])
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn yuan(yuan: i64) -> Value {
    Value::Money(crate::money::Fen::from_yuan(yuan).unwrap())
}

fn values<const N: usize>(pairs: [(&str, Value); N]) -> Values {
    pairs
        .into_iter()
        .map(|(id, value)| (id.to_owned(), value))
        .collect()
}

fn draft<const N: usize>(pairs: [(&str, Value); N]) -> Draft {
    pairs
        .into_iter()
        .map(|(id, value)| (id.to_owned(), Some(value)))
        .collect()
}

fn opening(values: Values) -> Opening {
    Opening {
        record: record_id(1),
        case_no: CaseNo("VACANCY-202611-00001".to_owned()),
        channel: Channel::Window,
        station: StationCode::new("YH-C").unwrap(),
        person: None,
        employer: None,
        values,
        is_import: false,
    }
}

fn full_vacancy() -> Values {
    values([
        ("title", text("眼镜装配工")),
        ("headcount", Value::Integer(3)),
        ("valid_to", Value::Date(day(12, 10))),
    ])
}

fn step(transition: &str) -> Command {
    Command::step(transition)
}

fn step_with<const N: usize>(transition: &str, pairs: [(&str, Value); N]) -> Command {
    let mut command = step(transition);
    if let Command::Move { draft: with, .. } = &mut command {
        *with = draft(pairs);
    }
    command
}

/// A record and its kind under the default rules.
struct Desk {
    kind: Kind,
    record: Record,
    rules: Rules,
    now: UtcMs,
}

impl Desk {
    fn open(id: &str, values: Values, actor: &Actor) -> Self {
        let (kind, rules) = (kind(id), Rules::default());
        let opened = open(&kind, opening(values), actor, now(), &rules).unwrap();
        let record = Record::begin(&opened);
        Self {
            kind,
            record,
            rules,
            now: now(),
        }
    }

    fn ask(&self, actor: &Actor, command: Command) -> Result<Vec<CaseEvent>, CaseRefusal> {
        let seen = self.record.version;
        decide(
            &self.kind,
            &self.record,
            seen,
            command,
            actor,
            self.now,
            &self.rules,
        )
    }

    fn does(&mut self, actor: &Actor, command: Command) -> Vec<CaseEvent> {
        let events = self
            .ask(actor, command)
            .unwrap_or_else(|refusal| panic!("{refusal:?}"));
        for event in &events {
            self.record.apply(event);
        }
        events
    }

    fn refused(&self, actor: &Actor, command: Command) -> CaseRefusal {
        self.ask(actor, command).expect_err("refused")
    }

    /// A vacancy that waits for review, by clerk 1.
    fn pending() -> Self {
        let clerk = actor(1, &[Role::Clerk]);
        let mut desk = Self::open("vacancy", full_vacancy(), &clerk);
        desk.does(&clerk, step("submit"));
        desk
    }

    fn published() -> Self {
        let mut desk = Self::pending();
        let mut publish = step_with("publish", [("review_note", text("属实"))]);
        if let Command::Move { deferred, .. } = &mut publish {
            deferred.insert("brochure".to_owned(), day(11, 30));
        }
        desk.does(&actor(2, &[Role::Reviewer]), publish);
        desk
    }
}
