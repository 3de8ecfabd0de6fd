//! Records that may not stand side by side: the same person in two categories, the same months asked
//! for twice, a teacher in two classes at one hour. A kind's rule says what must be equal and when; a
//! record's **claims** are what it takes for itself by these rules. Two records clash when they claim
//! one key at overlapping times. Finding who claimed what is the shell's affair.

use chrono::{Datelike, Days, NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use crate::id::RecordId;

use super::columns::{self, ColumnForm};
use super::{FieldType, Kind, Record, Value};

/// A rule that no second record may break.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoubleRule {
    /// Rules of several kinds that bear one id stand against each other.
    pub id: String,
    /// What must be equal for two records to clash.
    pub same: Vec<Part>,
    /// The time that is claimed: from and to, both included; a single one of both; none for ever.
    pub during: Vec<Part>,
    /// States in which a record claims nothing.
    pub except: Vec<String>,
    /// What a person is told.
    pub text: String,
    /// The field at which it is told; empty for what the record concerns.
    pub field: String,
}

/// Something of a record that is compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Whom it concerns.
    Person,
    /// Which employer it concerns.
    Employer,
    /// Where it is dealt with.
    Station,
    /// A field; of a list each item by itself.
    Field(String),
    /// A column of a list's rows, each row by itself.
    Column(String, usize),
    /// The year of a day.
    Year(String),
}

/// What a record takes for itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The rule's id.
    pub rule: String,
    /// What it claims.
    pub key: String,
    /// From this millisecond of the hall's clock on.
    pub from: i64,
    /// Until before this one.
    pub until: i64,
    /// Which item of the list, from 1; 0 without a list.
    pub item: usize,
}

impl Claim {
    /// Whether both cannot be had.
    #[must_use]
    pub fn clashes(&self, other: &Self) -> bool {
        self.rule == other.rule
            && self.key == other.key
            && self.from < other.until
            && other.from < self.until
    }
}

impl Part {
    /// The list of which it takes each item.
    pub(super) fn list<'p>(&'p self, kind: &Kind) -> Option<&'p str> {
        match self {
            Self::Column(field, _) => Some(field.as_str()),
            Self::Field(id) => {
                let field = kind.field(id)?;
                matches!(field.kind, FieldType::List { .. }).then_some(id.as_str())
            }
            Self::Person | Self::Employer | Self::Station | Self::Year(_) => None,
        }
    }
}

/// What a record claims by the rules of its kind. What it does not say, it does not claim.
#[must_use]
pub fn claims(kind: &Kind, record: &Record) -> Vec<Claim> {
    let rules = kind.doubles.iter();
    let rules = rules.filter(|rule| !rule.except.contains(&record.state));
    rules
        .flat_map(|rule| claims_by(kind, rule, record))
        .collect()
}

/// Claims of one record that clash among themselves, the later item before the earlier one.
#[must_use]
pub fn claims_twice(claims: &[Claim]) -> Vec<(&Claim, &Claim)> {
    let mut sorted: Vec<_> = claims.iter().collect();
    sorted.sort_by(|one, other| {
        let place = |claim: &Claim| (claim.from, claim.item);
        (&one.rule, &one.key)
            .cmp(&(&other.rule, &other.key))
            .then_with(|| place(one).cmp(&place(other)))
    });
    // the one that lasts longest so far: a later one may clash with it and not with the last
    let mut twice = Vec::new();
    let mut longest: Option<&Claim> = None;
    for claim in sorted {
        if let Some(held) = longest.filter(|held| held.clashes(claim)) {
            let is_later = claim.item > held.item;
            twice.push(if is_later {
                (claim, held)
            } else {
                (held, claim)
            });
        }
        let is_same = longest.is_some_and(|held| held.rule == claim.rule && held.key == claim.key);
        if !is_same || longest.is_some_and(|held| claim.until > held.until) {
            longest = Some(claim);
        }
    }
    twice
}

fn claims_by(kind: &Kind, rule: &DoubleRule, record: &Record) -> Vec<Claim> {
    let mut parts = rule.same.iter().chain(&rule.during);
    let list = parts.find_map(|part| part.list(kind));
    let Some(list) = list else {
        return claim(kind, rule, record, 0).into_iter().collect();
    };
    let Some(Value::List(items)) = record.values.get(list) else {
        return Vec::new();
    };
    let items = 1..=items.len();
    items
        .filter_map(|item| claim(kind, rule, record, item))
        .collect()
}

fn claim(kind: &Kind, rule: &DoubleRule, record: &Record, item: usize) -> Option<Claim> {
    let mut key = String::new();
    for part in &rule.same {
        key.push_str(&written(&value(kind, part, record, item)?)?);
        // a sign that no text holds, so that two parts are never taken for two others
        key.push('\u{1f}');
    }
    let (from, until) = span(kind, rule, record, item)?;
    (from < until).then(|| Claim {
        rule: rule.id.clone(),
        key,
        from,
        until,
        item,
    })
}

fn value(kind: &Kind, part: &Part, record: &Record, item: usize) -> Option<Value> {
    let items = |field: &str| match record.values.get(field) {
        Some(Value::List(items)) => items.get(item.checked_sub(1)?).cloned(),
        value => value.cloned(),
    };
    match part {
        // as a field that names the person's entry
        Part::Person => record.person.map(|id| Value::Record(RecordId(id.0))),
        Part::Employer => record.employer.map(Value::Record),
        Part::Station => Some(Value::Text(record.station.as_str().to_owned())),
        Part::Field(field) => items(field),
        Part::Year(field) => match record.values.get(field) {
            Some(Value::Date(day)) => Some(Value::Integer(day.year().into())),
            _ => None,
        },
        Part::Column(field, at) => {
            let Some(Value::Text(row)) = items(field) else {
                return None;
            };
            let columns = &kind.field(field)?.columns;
            let cell = *columns::cells(&row, columns.len()).get(*at)?;
            Some(Value::Text(cell.to_owned()))
        }
    }
}

/// A value as it is compared: people type one thing in several ways.
fn written(value: &Value) -> Option<String> {
    Some(match value {
        Value::Text(text) => narrowed(text),
        Value::Choice(code) => code.clone(),
        Value::Integer(number) => number.to_string(),
        Value::Decimal(number) => number.to_string(),
        Value::Money(fen) => fen.0.to_string(),
        Value::Boolean(is_so) => is_so.to_string(),
        Value::Date(day) => day.to_string(),
        Value::Moment(at) => at.0.to_string(),
        Value::Record(record) => record.to_string(),
        Value::Staff(staff) => staff.to_string(),
        Value::List(_) | Value::Personal(_) | Value::Sealed(_) => return None,
    })
    .filter(|text| !text.is_empty())
}

/// Without blanks, in narrow capitals.
fn narrowed(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        c => c,
    };
    let signs = text.chars().filter(|c| !c.is_whitespace()).map(narrow);
    signs.map(|c| c.to_ascii_uppercase()).collect()
}

/// From when until when a record claims; `None` while it does not say from when.
fn span(kind: &Kind, rule: &DoubleRule, record: &Record, item: usize) -> Option<(i64, i64)> {
    let of = |part: &Part| {
        let form = match part {
            Part::Column(field, at) => kind.field(field)?.columns.get(*at).map(|one| one.form),
            _ => None,
        };
        bounds(form, &value(kind, part, record, item)?)
    };
    match &rule.during[..] {
        [] => Some((i64::MIN, i64::MAX)),
        [only] => of(only).map(|(from, until)| (from, until.max(from + 1))),
        // what has no last day yet goes on
        [from, to, ..] => Some((of(from)?.0, of(to).map_or(i64::MAX, |(_, until)| until))),
    }
}

fn bounds(form: Option<ColumnForm>, value: &Value) -> Option<(i64, i64)> {
    let at = |day: NaiveDate, time| day.and_time(time).and_utc().timestamp_millis();
    match (form, value) {
        (Some(ColumnForm::Hours), Value::Text(cell)) => {
            let (from, to) = columns::hours(cell)?;
            Some((at(NaiveDate::MIN, from), at(NaiveDate::MIN, to)))
        }
        (Some(ColumnForm::Day), Value::Text(cell)) => whole(columns::day(cell)?),
        (_, Value::Date(day)) => whole(*day),
        // a moment at the end is no longer claimed: who comes back at ten frees the car at ten
        (_, Value::Moment(moment)) => {
            let at = moment
                .hall_time()
                .naive_local()
                .and_utc()
                .timestamp_millis();
            Some((at, at))
        }
        _ => None,
    }
}

fn whole(day: NaiveDate) -> Option<(i64, i64)> {
    let at = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc().timestamp_millis();
    Some((at(day), at(day.checked_add_days(Days::new(1))?)))
}
