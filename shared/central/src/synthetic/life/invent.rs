//! A lawful value for every type of field: what a careful person could have typed there. Whether
//! values agree with each other is [`super::settle`]'s affair. Nobody is real: numbers have the area
//! 999999 or a sequence of 990 to 999, telephones begin with 154, cards with 999999.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate};
use domain::case::{
    Column, ColumnForm, Decimal, Field, FieldType, Kind, Rulebook, TextForm, Value, Values,
};
use domain::credit_code::CreditCode;
use domain::id::{KindId, RecordId, StaffId};
use domain::id_number::check_character;
use domain::money::Fen;
use domain::personal::{PersonField, Pii};
use domain::time::UtcMs;

use super::super::random::Stream;

const SURNAMES: [&str; 12] = [
    "万", "江", "艾", "桂", "祝", "倪", "费", "柴", "翁", "晏", "揭", "邬",
];
const GIVEN: [&str; 12] = [
    "小样", "示例", "样甲", "样乙", "例文", "试明", "拟真", "虚谷", "例安", "样宁", "试远", "拟清",
];
/// Of a text that must be long; repeated until it is.
const SENTENCE: &str = "样例内容，按实际情况填写。";
const HOUR_MS: i64 = 3_600_000;
/// Days on which invented persons are born, from 1960 on: with ten sequences a day enough for ten
/// years. No divisor of the step between two persons, so that none comes twice.
const BIRTH_DAYS: u64 = 18_001;
/// Characters of the body of a credit code.
const CODE_CHARACTERS: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// Last days of licences, which others go by for years.
const LASTING: [&str; 2] = ["licence_to", "license_to"];
const LASTING_DAYS: u64 = 5 * 365;

/// Invents values out of one stream.
#[derive(Debug)]
pub(crate) struct Inventor {
    stream: Stream,
    /// Counts what must not occur twice.
    count: u64,
    /// Counts persons: each has a birth date and a sequence of their own.
    persons: u64,
    records: BTreeMap<KindId, Vec<RecordId>>,
    staff: Vec<StaffId>,
    /// What is typed into a field.
    texts: BTreeMap<String, Vec<String>>,
    /// Least and most of an amount.
    yuan: BTreeMap<String, [u32; 2]>,
}

impl Inventor {
    /// Of a seed, with the members of staff that fields may name.
    pub(crate) fn new(seed: u64, name: &str, staff: Vec<StaffId>) -> Self {
        Self {
            stream: Stream::new(seed, name),
            count: 0,
            persons: 0,
            records: BTreeMap::new(),
            staff,
            texts: BTreeMap::new(),
            yuan: BTreeMap::new(),
        }
    }

    /// Types these texts and amounts of yuan, by field; into others what fits them.
    pub(crate) fn types(
        &mut self,
        texts: BTreeMap<String, Vec<String>>,
        yuan: BTreeMap<String, [u32; 2]>,
    ) {
        (self.texts, self.yuan) = (texts, yuan);
    }

    /// A record that later fields may name.
    pub(crate) fn knows(&mut self, kind: &KindId, record: RecordId) {
        self.records.entry(kind.clone()).or_default().push(record);
    }

    /// A record of one of these kinds, if one is known.
    pub(crate) fn record_of(&mut self, kinds: &[KindId]) -> Option<RecordId> {
        let known = kinds.iter().find_map(|kind| self.records.get(kind))?;
        Some(*self.stream.pick(known))
    }

    /// A number below a bound.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.stream.below(bound)
    }

    /// A value for a field; `None` for a record or a member of staff that nobody knows.
    pub(crate) fn value(
        &mut self,
        field: &Field,
        now: UtcMs,
        rules: &dyn Rulebook,
    ) -> Option<Value> {
        if !field.columns.is_empty() {
            let row = self.row(&field.columns, now.hall_date());
            return Some(Value::List(vec![Value::Text(row)]));
        }
        if LASTING.contains(&field.id.as_str()) {
            let last = now.hall_date() + Days::new(LASTING_DAYS);
            return Some(Value::Date(last));
        }
        match (field.personal, &field.kind) {
            (Some(personal), FieldType::Text { form, .. }) => Some(self.personal(personal, *form)),
            (_, kind) => {
                let typed = self.typed(&field.id, kind);
                typed.or_else(|| self.of_type(&field.name, kind, now, rules))
            }
        }
    }

    /// A row with each column in its form; its texts occur in no other row.
    fn row(&mut self, columns: &[Column], today: NaiveDate) -> String {
        let cell = |column: &Column| match column.form {
            ColumnForm::Text => format!("{}样例{}", column.name, self.next()),
            ColumnForm::Day => today.to_string(),
            ColumnForm::Hours => "08:30-11:50".to_owned(),
            // round, so that the sums of two lists can agree
            ColumnForm::Money => "1200.00".to_owned(),
            ColumnForm::Number => "100".to_owned(),
        };
        let cells: Vec<_> = columns.iter().map(cell).collect();
        cells.join("，")
    }

    /// One of the texts or amounts that are given for a field, if it fits.
    fn typed(&mut self, id: &str, kind: &FieldType) -> Option<Value> {
        match kind {
            FieldType::Text {
                chars_min,
                chars_max,
                form: None,
                ..
            } => {
                let text = self.stream.pick(self.texts.get(id)?).clone();
                let count = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
                (*chars_min..=*chars_max)
                    .contains(&count)
                    .then_some(Value::Text(text))
            }
            FieldType::Money { min_fen } => {
                let [least, most] = *self.yuan.get(id)?;
                let hundreds = u64::from(most.saturating_sub(least) / 100);
                let above = i64::try_from(self.stream.below(hundreds + 1)).unwrap_or(0);
                let fen = i64::from(least) * 100 + above * 10_000;
                (fen >= *min_fen).then_some(Value::Money(Fen(fen)))
            }
            FieldType::List {
                of,
                count_min: 0..=1,
                ..
            } => Some(Value::List(vec![self.typed(id, of)?])),
            _ => None,
        }
    }

    fn of_type(
        &mut self,
        name: &str,
        kind: &FieldType,
        now: UtcMs,
        rules: &dyn Rulebook,
    ) -> Option<Value> {
        let today = now.hall_date();
        Some(match kind {
            FieldType::Text {
                chars_min,
                chars_max,
                form,
                ..
            } => Value::Text(self.text(name, (*chars_min, *chars_max), *form)),
            FieldType::Integer { min, max, .. } => {
                let width = u64::try_from(max.saturating_sub(*min)).unwrap_or(0).min(9);
                let above = i64::try_from(self.stream.below(width + 1)).unwrap_or(0);
                Value::Integer((*min).max(0).min(*max).saturating_add(above).min(*max))
            }
            FieldType::Money { min_fen } => {
                let more = i64::try_from(self.stream.below(50)).unwrap_or(0);
                Value::Money(Fen((*min_fen)
                    .max(0)
                    .saturating_add(100_000 + more * 10_000)))
            }
            FieldType::Decimal { .. } => Value::Decimal(Decimal::from(1)),
            FieldType::Date { is_workday } => Value::Date(day(today, *is_workday, rules)),
            FieldType::Moment => Value::Moment(now),
            FieldType::Boolean => Value::Boolean(self.stream.permille(500)),
            FieldType::Choice(choices) => Value::Choice(self.stream.pick(choices).0.clone()),
            FieldType::Record(kinds) => Value::Record(self.record_of(kinds)?),
            FieldType::Staff => Value::Staff(self.staff()?),
            FieldType::List { of, count_min, .. } => {
                let items = (0..(*count_min).max(1)).map(|_| self.of_type(name, of, now, rules));
                Value::List(items.collect::<Option<_>>()?)
            }
        })
    }

    /// A member of staff, another one each time.
    fn staff(&mut self) -> Option<StaffId> {
        let place = usize::try_from(self.next()).unwrap_or(0) % self.staff.len().max(1);
        self.staff.get(place).copied()
    }

    fn next(&mut self) -> u64 {
        self.count += 1;
        self.count
    }

    fn text(&mut self, name: &str, (least, most): (u32, u32), form: Option<TextForm>) -> String {
        match form {
            Some(TextForm::Mobile) => return self.mobile(),
            Some(TextForm::IdNumber) => return self.id_number("360602"),
            Some(TextForm::CreditCode) => return self.credit_code(),
            Some(TextForm::DailyWindow) => return "08:30-17:30".to_owned(),
            Some(TextForm::Division) => return "360602".to_owned(),
            None => {}
        }
        let (least, most) = (least as usize, most as usize);
        // a number at the end, because some texts must not occur twice
        let end = self.next().to_string();
        let mut text = format!("{name}样例");
        while text.chars().count() + end.len() < least {
            text.push_str(SENTENCE);
        }
        let room = most.saturating_sub(end.len());
        let mut text: String = text.chars().take(room).collect();
        text.push_str(&end);
        text.chars().take(most).collect()
    }

    fn personal(&mut self, personal: PersonField, form: Option<TextForm>) -> Value {
        let text = match (personal, form) {
            (_, Some(TextForm::IdNumber)) => self.id_number("360602"),
            (PersonField::Name, _) => {
                let given = *self.stream.pick(&GIVEN);
                format!("{}{given}", self.stream.pick(&SURNAMES))
            }
            (PersonField::IdNumber, _) => self.id_number("999999"),
            (PersonField::Phone, _) => self.mobile(),
            (PersonField::Address, _) => format!("月湖区示例大道{}号", 1 + self.stream.below(300)),
            (PersonField::BankAccount, _) => format!("999999{:010}", self.next()),
        };
        Value::Personal(Pii::new(text))
    }

    fn mobile(&mut self) -> String {
        format!("154{:08}", self.next() % 100_000_000)
    }

    /// Of a birth date that nobody else has together with the sequence.
    fn id_number(&mut self, area: &str) -> String {
        let number = self.next();
        let born = NaiveDate::from_ymd_opt(1965, 1, 1)
            .and_then(|day| day.checked_add_days(Days::new(number / 10 % 14_600)))
            .unwrap_or_default();
        id_number(area, born, 990 + number % 10)
    }

    fn credit_code(&mut self) -> String {
        let number = self.next();
        let first = format!("91360602{number:09}");
        with_check(&first)
    }
}

/// The kind of the register of persons.
const PERSON: &str = "person";
/// The kind of employers.
const EMPLOYER: &str = "employer";

/// Values of a kind that agree with each other in a way that no check says: a person's number tells
/// sex and birth, and no note excuses it.
pub(crate) fn given(kind: &Kind, inventor: &mut Inventor) -> Values {
    let mut values = Values::new();
    if kind.id.as_str() == EMPLOYER {
        // who lost all credit gets no subsidy, and is rare
        let flag = match inventor.stream.permille(20) {
            true => "abnormal",
            false => "none",
        };
        values.insert("credit_flag".into(), Value::Choice(flag.into()));
    }
    if kind.id.as_str() != PERSON {
        return values;
    }
    inventor.persons += 1;
    // spread over the years of birth, and never the same day, sequence and name together
    let number = inventor.persons * 7_919 % (BIRTH_DAYS * 10);
    let (day, place) = (number / 10, number % 10);
    let born = NaiveDate::from_ymd_opt(1960, 1, 1)
        .and_then(|first| first.checked_add_days(Days::new(day)))
        .unwrap_or_default();
    let sequence = 990 + place;
    let places = [place, inventor.persons].map(|one| usize::try_from(one).unwrap_or(0));
    let name = format!(
        "{}{}",
        SURNAMES[places[1] % SURNAMES.len()],
        GIVEN[places[0] % GIVEN.len()]
    );
    let sex = if sequence % 2 == 1 { "male" } else { "female" };
    let text = id_number("999999", born, sequence);
    values.insert("name".into(), Value::Personal(Pii::new(name)));
    values.insert("id_type".into(), Value::Choice("resident".into()));
    values.insert("id_number".into(), Value::Personal(Pii::new(text)));
    values.insert("sex".into(), Value::Choice(sex.into()));
    values.insert("birth_date".into(), Value::Date(born));
    values
}

/// The kinds of records that a kind's fields name.
pub(crate) fn kinds_named(kind: &Kind) -> BTreeSet<KindId> {
    let mut named = BTreeSet::new();
    for field in &kind.fields {
        let kinds = match &field.kind {
            FieldType::Record(kinds) => Some(kinds),
            FieldType::List { of, .. } => match &**of {
                FieldType::Record(kinds) => Some(kinds),
                _ => None,
            },
            _ => None,
        };
        named.extend(kinds.into_iter().flatten().cloned());
    }
    named
}

/// The number of somebody born on a day, with a sequence below 1000: odd for men.
pub(crate) fn id_number(area: &str, born: NaiveDate, sequence: u64) -> String {
    let (year, month, day) = (born.year(), born.month(), born.day());
    let first = format!("{area}{year:04}{month:02}{day:02}{sequence:03}");
    let check = check_character(&first).unwrap_or('X');
    format!("{first}{check}")
}

/// The one character that makes a code of the first 17, found by trying them.
fn with_check(first: &str) -> String {
    let codes = CODE_CHARACTERS
        .iter()
        .map(|c| format!("{first}{}", char::from(*c)));
    let mut right = codes.filter(|code| CreditCode::read(code).is_ok());
    right.next().unwrap_or_else(|| first.to_owned())
}

/// The day, or the next one on which the hall works.
fn day(today: NaiveDate, is_workday: bool, rules: &dyn Rulebook) -> NaiveDate {
    let works = |day: &NaiveDate| !is_workday || rules.is_workday(*day) == Ok(true);
    today.iter_days().take(30).find(works).unwrap_or(today)
}

/// A moment so many hours from another.
pub(super) fn hours_from(now: UtcMs, hours: i64) -> UtcMs {
    now.plus_ms(hours * HOUR_MS)
}
