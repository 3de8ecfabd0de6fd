//! What there was before a story begins: the records of `beforehand.toml`, opened as out of a file
//! and led through their own steps by people of the centre at past days, so that what takes weeks (a
//! publicity, a class) is over. Everything goes through the engine; a step that it refuses ends the
//! test with its words.

use std::collections::{BTreeMap, BTreeSet};

use central::cases::{CaseDesk, NewCase};
use central::store::Store;
use chrono::{Duration, NaiveDate};
use domain::case::{
    self, Actor, Attachment, Channel, Command, Decimal, Draft, Field, FieldType, Kind, Missing,
    Role, Value, Values,
};
use domain::id::{KindId, PersonId, RecordId, StationCode};
use domain::money::Fen;
use domain::personal::Pii;
use domain::time::UtcMs;
use serde::Deserialize;
use tokio::runtime::Runtime;
use uuid::Uuid;

const FILE: &str = include_str!("beforehand.toml");
const CENTRE: &str = "YH-C";
const SYSTEM: &str = "system";
const DAY_MIN: i64 = 24 * 60;

#[derive(Deserialize)]
struct File {
    record: Vec<Beginning>,
}

/// A record, called by a name of its own within the file.
#[derive(Deserialize)]
struct Beginning {
    name: String,
    kind: String,
    days_ago: i64,
    #[serde(default)]
    station: Option<String>,
    /// Whom and which employer it concerns: names of earlier records.
    #[serde(default)]
    person: Option<String>,
    #[serde(default)]
    employer: Option<String>,
    #[serde(default)]
    values: BTreeMap<String, toml::Value>,
    #[serde(default)]
    step: Vec<Taken>,
}

#[derive(Deserialize)]
struct Taken {
    /// A sign-in name of somebody with one role, or the system.
    by: String,
    id: String,
    days_ago: i64,
    #[serde(default)]
    values: BTreeMap<String, toml::Value>,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    rule: String,
    #[serde(default)]
    remedy: String,
    #[serde(default)]
    notice: Vec<String>,
}

/// Opens them all, and says which is which.
pub(crate) fn prepare(store: &Store, desk: &CaseDesk, now: UtcMs) -> BTreeMap<String, RecordId> {
    let file: File = toml::from_str(FILE).expect("beforehand.toml");
    let runtime = Runtime::new().expect("a runtime");
    let mut office = Office {
        store,
        desk,
        now,
        known: BTreeMap::new(),
    };
    for beginning in &file.record {
        runtime.block_on(office.lead(beginning));
    }
    office.known
}

struct Office<'a> {
    store: &'a Store,
    desk: &'a CaseDesk,
    now: UtcMs,
    known: BTreeMap<String, RecordId>,
}

impl Office<'_> {
    async fn lead(&mut self, beginning: &Beginning) {
        let Beginning { name, kind, .. } = beginning;
        let kind = KindId::new(kind).expect("the id of a kind");
        let rules = self.desk.kinds().kind(&kind).expect("a kind").clone();
        let at = beginning.station.as_deref().unwrap_or(CENTRE);
        let new = NewCase {
            channel: Channel::Import,
            station: StationCode::new(at).expect("a station"),
            person: beginning
                .person
                .as_ref()
                .map(|of| PersonId(self.known[of].0)),
            employer: beginning.employer.as_ref().map(|of| self.known[of]),
            values: self.values(&rules, &beginning.values),
            corrects: None,
            kind,
        };
        let opened = self
            .desk
            .open(new, self.actor(SYSTEM), self.on(beginning.days_ago));
        let record = opened
            .await
            .unwrap_or_else(|fault| panic!("{name}: {fault:?}"));
        self.known.insert(name.clone(), record);
        for step in &beginning.step {
            self.take(name, record, &rules, step).await;
        }
    }

    async fn take(&self, name: &str, record: RecordId, kind: &Kind, step: &Taken) {
        let values = self.values(kind, &step.values);
        let command = Command::Move {
            transition: step.id.clone(),
            draft: values
                .into_iter()
                .map(|(id, value)| (id, Some(value)))
                .collect::<Draft>(),
            reason: step.reason.clone(),
            rule: step.rule.clone(),
            remedy: step.remedy.clone(),
            deferred: BTreeMap::new(),
            notice: step.notice.clone(),
        };
        let at = self.on(step.days_ago);
        for material in self.lacking(record, kind, step).await {
            let by = self.actor(&step.by);
            let attached = Command::Attach(attachment(&material, &by, at));
            self.act(name, record, attached, by, at).await;
        }
        self.act(name, record, command, self.actor(&step.by), at)
            .await;
    }

    async fn act(&self, name: &str, record: RecordId, command: Command, by: Actor, at: UtcMs) {
        let seen = self.desk.view(record).await.expect("it is there");
        let said = format!("{name}: {command:?}");
        let acted = self.desk.act(record, seen.record.version, command, by, at);
        acted
            .await
            .unwrap_or_else(|fault| panic!("{said}: {fault:?}"));
    }

    /// The materials without which the step is refused.
    async fn lacking(&self, record: RecordId, kind: &Kind, step: &Taken) -> Vec<String> {
        let view = self.desk.view(record).await.expect("it is there");
        let transition = kind.transition(&step.id).expect("a step");
        if step.by == SYSTEM || transition.is_notice {
            return Vec::new();
        }
        let missing = case::missing(kind, &view.record, transition).into_iter();
        missing
            .filter_map(|one| match one {
                Missing::Attachment { id, .. } => Some(id),
                Missing::Field { .. } => None,
            })
            .collect()
    }

    fn on(&self, days_ago: i64) -> UtcMs {
        self.now.plus_minutes(-days_ago * DAY_MIN)
    }

    fn actor(&self, login: &str) -> Actor {
        let (staff, role) = if login == SYSTEM {
            (None, Role::System)
        } else {
            let found = self
                .store
                .read_blocking(|reader| reader.staff_by_login(login));
            let account = found.expect("accounts are read").expect(login);
            let word = login.trim_end_matches(|one: char| one.is_ascii_digit());
            (Some(account.staff), Role::of_word(word).expect(login))
        };
        Actor {
            staff,
            roles: BTreeSet::from([role]),
            deputy: BTreeMap::new(),
            kin: BTreeSet::new(),
            address: String::new(),
        }
    }

    fn values(&self, kind: &Kind, written: &BTreeMap<String, toml::Value>) -> Values {
        let value = |(id, written): (&String, &toml::Value)| {
            let field = kind
                .field(id)
                .unwrap_or_else(|| panic!("{} has no {id}", kind.id));
            (id.clone(), self.value(field, &field.kind, written))
        };
        written.iter().map(value).collect()
    }

    fn value(&self, field: &Field, kind: &FieldType, written: &toml::Value) -> Value {
        if let (FieldType::List { of, .. }, toml::Value::Array(each)) = (kind, written) {
            let each = each.iter().map(|one| self.value(field, of, one));
            return Value::List(each.collect());
        }
        let text = written.as_str().expect("a text");
        if field.personal.is_some() {
            return Value::Personal(Pii::new(text.to_owned()));
        }
        match kind {
            FieldType::Text { .. } => Value::Text(text.to_owned()),
            FieldType::Choice(_) => Value::Choice(text.to_owned()),
            FieldType::Integer { .. } => Value::Integer(text.parse().expect("a whole number")),
            FieldType::Money { .. } => {
                let yuan: i64 = text.parse().expect("whole yuan");
                Value::Money(Fen(yuan * 100))
            }
            FieldType::Decimal { .. } => {
                let decimal = Decimal::try_from(text.to_owned());
                Value::Decimal(decimal.expect("a decimal"))
            }
            FieldType::Boolean => Value::Boolean(text == "yes"),
            FieldType::Date { is_workday } => Value::Date(self.day(text, *is_workday)),
            FieldType::Moment => Value::Moment(UtcMs::start_of(self.day(text, false))),
            FieldType::Record(_) => Value::Record(self.known[text]),
            FieldType::Staff => Value::Staff(self.actor(text).staff.expect("a person")),
            FieldType::List { .. } => panic!("{}: a list is written as one", field.id),
        }
    }

    /// So many days from today, as `-12`; the working day before it where the field wants one; or a
    /// date as it stands.
    fn day(&self, text: &str, is_workday: bool) -> NaiveDate {
        let Ok(days) = text.parse::<i64>() else {
            return text.parse().expect("a date");
        };
        let mut day = self.now.hall_date() + Duration::days(days);
        while is_workday
            && !self
                .desk
                .rules()
                .is_workday(day)
                .expect("a year of the calendar")
        {
            day -= Duration::days(1);
        }
        day
    }
}

/// A page that nobody looks at: there is no file behind it.
fn attachment(doc_type: &str, by: &Actor, at: UtcMs) -> Attachment {
    Attachment {
        doc_type: doc_type.to_owned(),
        sha256: format!("{}{}", Uuid::now_v7().simple(), Uuid::now_v7().simple()),
        mime: "image/png".to_owned(),
        pages: 1,
        bytes: 1,
        at,
        by: by.staff.expect("the system attaches nothing"),
    }
}
