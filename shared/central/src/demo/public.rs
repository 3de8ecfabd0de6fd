//! What the demo's citizens read at a kiosk (`assets/demo/public.json`, `policies.json`): stations, service
//! guide, publicity lists, gig work of the day and policies, each as a record that went the way of its kind
//! through different hands. Days and hours count from the day of the demonstration.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::case::{Actor, Command, Role, Value, Values};
use domain::id::{RecordId, StaffId};
use domain::money::Fen;
use domain::time::UtcMs;
use serde::Deserialize;

use crate::assets;
use crate::cases::CaseDesk;
use crate::store::Store;
use crate::synthetic::paper;

use super::DemoError;
use super::notices::{DemoPolicy, policies};
use super::publications::{People, named, open, text};
use super::records::{EMPLOYERS, desk};

/// A publicity list stands so many working days, one more than it must.
const PUBLIC_WORKDAYS: usize = 6;
const MINUTES_AN_HOUR: i64 = 60;

#[derive(Deserialize)]
struct File {
    stations: Vec<DemoStation>,
    guide: Vec<DemoMatter>,
    announcements: Vec<DemoAnnouncement>,
    gig: Vec<DemoGig>,
}

#[derive(Deserialize)]
struct DemoStation {
    number: String,
    name: String,
    kind: String,
    is_gig: bool,
    street: String,
    place: String,
    geo: String,
    tel: String,
    hours: String,
}

#[derive(Deserialize)]
struct DemoMatter {
    code: String,
    name: String,
    audience: Vec<String>,
    conditions: Vec<String>,
    materials: Vec<String>,
    days: i64,
    basis: String,
    tel: String,
    group: String,
    topic: String,
}

#[derive(Deserialize)]
struct DemoAnnouncement {
    batch: String,
    title: String,
    #[serde(rename = "type")]
    about: String,
    body: Vec<String>,
    lines: Vec<String>,
}

#[derive(Deserialize)]
struct DemoGig {
    work: String,
    employer: usize,
    pay_by: String,
    yuan: i64,
    settlement: String,
    headcount: i64,
    place: String,
    insured: bool,
    from_hour: i64,
    until_hour: i64,
}

/// Who does it, at what time.
struct Office<'o> {
    desk: CaseDesk,
    people: &'o People<'o>,
    /// Who may do everything: the office, which has no account of its own.
    everything: Option<StaffId>,
    now: UtcMs,
}

/// Opens and publishes all of it. Blocking.
pub(super) fn seed(
    store: &Store,
    people: &People<'_>,
    everything: Option<StaffId>,
    now: UtcMs,
) -> Result<(), DemoError> {
    let file: File = serde_json::from_str(assets::DEMO_PUBLIC)?;
    let office = Office {
        desk: desk(store)?,
        people,
        everything,
        now,
    };
    for station in &file.stations {
        office.open("station", of_station(station), Role::Office)?;
    }
    for matter in &file.guide {
        office.publish_matter(matter)?;
    }
    for list in &file.announcements {
        office.show(list)?;
    }
    for gig in &file.gig {
        office.post(store, gig)?;
    }
    office.shelve(&policies()?)
}

impl Office<'_> {
    fn actor(&self, role: Role) -> Actor {
        let actor = self.people.actor(role);
        Actor {
            staff: actor.staff.or(self.everything),
            ..actor
        }
    }

    fn open(&self, kind: &str, values: Values, by: Role) -> Result<RecordId, DemoError> {
        open(&self.desk, kind, values, self.actor(by), self.now)
    }

    fn step(
        &self,
        record: RecordId,
        step: &str,
        values: Values,
        by: Role,
    ) -> Result<(), DemoError> {
        let mut command = Command::step(step);
        if let Command::Move { draft, .. } = &mut command {
            draft.extend(
                values
                    .into_iter()
                    .map(|(field, value)| (field, Some(value))),
            );
        }
        Ok(self
            .desk
            .act_blocking(record, command, self.actor(by), self.now)?)
    }

    fn publish_matter(&self, matter: &DemoMatter) -> Result<(), DemoError> {
        let item = self.open("service_item", of_matter(matter), Role::Office)?;
        self.step(item, "approve", Values::new(), Role::Chief)?;
        let receipt = named([("receipt", text("演示回执"))]);
        self.step(item, "enter", receipt, Role::Office)?;
        self.step(item, "publish", Values::new(), Role::Office)?;
        let topic = named([
            ("topic_code", text(&matter.code)),
            ("name", text(&matter.topic)),
            ("queue", Value::Choice(matter.group.clone())),
            ("dept", Value::Choice(dept(&matter.group).to_owned())),
            (
                "kpi_line",
                Value::Choice(kpi_line(&matter.group).to_owned()),
            ),
            ("service_item_id", Value::Record(item)),
            ("active", Value::Boolean(true)),
        ]);
        self.open("service_topic", topic, Role::Office).map(drop)
    }

    /// Near the end of the last year that the calendar knows there is no lawful last day: then the demo
    /// does without.
    fn show(&self, list: &DemoAnnouncement) -> Result<(), DemoError> {
        let today = self.now.hall_date();
        let Some(last) = self.workday_after(today, PUBLIC_WORKDAYS) else {
            return Ok(());
        };
        let values = named([
            ("batch_no", text(&list.batch)),
            ("title", text(&list.title)),
            ("type", Value::Choice(list.about.clone())),
            ("items", lines(&list.lines)),
            ("body", text(&list.body.join("\n"))),
            ("from_on", Value::Date(today)),
            ("to_on", Value::Date(last)),
            ("channels", choices(&["kiosk", "board"])),
            ("tel", text("0701-0000110")),
        ]);
        let record = self.open("publicity_notice", values, Role::Clerk)?;
        self.step(record, "show", Values::new(), Role::Chief)
    }

    fn workday_after(&self, day: NaiveDate, count: usize) -> Option<NaiveDate> {
        let rules = self.desk.rules();
        let mut left = count;
        let mut day = day;
        while left > 0 {
            day = day.succ_opt()?;
            left -= usize::from(rules.is_workday(day).ok()?);
        }
        Some(day)
    }

    fn post(&self, store: &Store, gig: &DemoGig) -> Result<(), DemoError> {
        let name = EMPLOYERS.get(gig.employer).copied().unwrap_or(EMPLOYERS[0]);
        let employer = store.read_blocking(|reader| reader.employer_called(name))?;
        let employer = employer.ok_or_else(|| DemoError::Record(format!("没有单位 {name}")))?;
        let day = UtcMs::start_of(self.now.hall_date());
        let at = |hour: i64| Value::Moment(day.plus_minutes(hour * MINUTES_AN_HOUR));
        let values = named([
            ("employer_ref", Value::Record(employer)),
            ("occ", text(&gig.work)),
            ("from_at", at(gig.from_hour)),
            ("to_at", at(gig.until_hour)),
            ("pay_type", Value::Choice(gig.pay_by.clone())),
            ("pay", Value::Money(Fen(gig.yuan * 100))),
            ("settlement", Value::Choice(gig.settlement.clone())),
            ("headcount", Value::Integer(gig.headcount)),
            ("place", text(&gig.place)),
            ("insured", Value::Boolean(gig.insured)),
        ]);
        let record = self.open("gig_job", values, Role::Clerk)?;
        let post = match gig.pay_by.as_str() {
            "hour" => "post_hourly",
            _ => "post",
        };
        self.step(record, post, Values::new(), Role::Reviewer)
    }

    /// Policies on their shelf; those that another one replaced are taken off it.
    fn shelve(&self, policies: &[DemoPolicy]) -> Result<(), DemoError> {
        let mut shelved = BTreeMap::new();
        for policy in policies {
            let record = self.open("policy_document", of_policy(policy), Role::Clerk)?;
            let clerk = self.actor(Role::Clerk);
            if let Some(by) = clerk.staff {
                let original = Command::Attach(paper("original", by, self.now));
                self.desk.act_blocking(record, original, clerk, self.now)?;
            }
            self.step(record, "approve", Values::new(), Role::Chief)?;
            self.step(record, "shelve", Values::new(), Role::Clerk)?;
            shelved.insert(policy.id.as_str(), record);
        }
        for policy in policies {
            let newer = policy.replaced_by.as_deref();
            let newer = newer.and_then(|newer| shelved.get(newer).copied());
            if let (Some(newer), Some(older)) = (newer, shelved.get(policy.id.as_str())) {
                let by = named([("superseded_by", Value::Record(newer))]);
                self.step(*older, "supersede", by, Role::Clerk)?;
            }
        }
        Ok(())
    }
}

fn lines(texts: &[String]) -> Value {
    Value::List(texts.iter().map(|line| text(line)).collect())
}

fn choices(codes: &[&str]) -> Value {
    let codes = codes.iter().map(|code| Value::Choice((*code).to_owned()));
    Value::List(codes.collect())
}

fn dept(group: &str) -> &'static str {
    match group {
        "B" => "startup",
        "C" => "ui",
        "D" => "archive",
        "E" => "training",
        _ => "employment",
    }
}

fn kpi_line(group: &str) -> &'static str {
    match group {
        "B" => "startup",
        "C" => "ui",
        "D" => "grad_dossier",
        "E" => "training",
        _ => "employment",
    }
}

fn of_station(station: &DemoStation) -> Values {
    named([
        ("station_no", text(&station.number)),
        ("name", text(&station.name)),
        ("kind", Value::Choice(station.kind.clone())),
        ("is_gig", Value::Boolean(station.is_gig)),
        ("street", text(&station.street)),
        ("place", text(&station.place)),
        ("geo", text(&station.geo)),
        ("tel", text(&station.tel)),
        ("hours", text(&station.hours)),
    ])
}

fn of_matter(matter: &DemoMatter) -> Values {
    let mut values = named([
        ("item_code", text(&matter.code)),
        ("name", text(&matter.name)),
        ("basis", text(&matter.basis)),
        ("conditions", text(&matter.conditions.join("\n"))),
        ("materials", lines(&matter.materials)),
        ("days", Value::Integer(matter.days)),
        ("fee", Value::Money(Fen(0))),
        ("tel", text(&matter.tel)),
        ("rev", Value::Integer(1)),
    ]);
    if !matter.audience.is_empty() {
        values.insert("audience".to_owned(), lines(&matter.audience));
    }
    values
}

/// What a policy was replaced by ends it, not its own last day.
fn of_policy(policy: &DemoPolicy) -> Values {
    let rows = policy.summary.iter();
    let rows: Vec<String> = rows
        .map(|row| format!("{}：{}", row.label, row.text))
        .collect();
    let mut values = named([
        ("title", text(&policy.title)),
        ("doc_no", text(&policy.document_no)),
        ("level", Value::Choice("district".to_owned())),
        ("effective_from", Value::Date(policy.valid_from)),
        ("topic", Value::Choice(topic(&policy.category).to_owned())),
        ("audience", lines(&policy.audience)),
        ("summary", lines(&rows)),
        ("queue", Value::Choice(policy.group.clone())),
        ("body", text(&policy.text.join("\n"))),
    ]);
    if let (Some(last), None) = (policy.valid_to, &policy.replaced_by) {
        values.insert("effective_to".to_owned(), Value::Date(last));
    }
    values
}

fn topic(category: &str) -> &'static str {
    match category {
        "创业" => "startup",
        "失业保险" => "ui",
        "培训" | "见习" => "training",
        _ => "employment",
    }
}
