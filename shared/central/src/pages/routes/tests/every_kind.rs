//! The form of a new record, of every kind: it opens, takes what a careful person types, and the
//! record holds just that.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::case::{Actor, Engine, Kind, Subject, Value, Values};
use domain::id::{RecordId, StaffId};

use super::*;
use crate::cases::station_reports::KIND as REPORT;
use crate::cases::typed::{Names, written};
use crate::cases::{CaseDesk, named_in};
use crate::staff::GRANTABLE;
use crate::synthetic::{Cast, Inventor, Troupe, given, kinds_named, open};

/// 2026-03-02 09:00 in the hall.
const MARCH: UtcMs = UtcMs(1_772_413_200_000);

/// What is said of a record that may not stand beside another one.
const CLASH: &str = "（已有：";
/// Persons that are tried.
const CLASHES_MAX: u32 = 8;

/// What is typed for records is their number.
struct Numbers(BTreeMap<RecordId, String>);

impl Names for Numbers {
    fn record(&self, _: &str) -> Option<RecordId> {
        None
    }

    fn number_of(&self, record: RecordId) -> Option<String> {
        self.0.get(&record).cloned()
    }
}

/// Somebody who holds every role that can be given, and values for what they type.
struct Writer<'h> {
    hall: &'h Hall,
    cookie: String,
    token: String,
    inventor: Inventor,
    staff: Vec<StaffId>,
    person: String,
    employer: String,
}

impl<'h> Writer<'h> {
    async fn sign_in(hall: &'h Hall) -> Self {
        let roles = StaffRole::ALL
            .iter()
            .copied()
            .filter(|role| GRANTABLE(*role));
        let new = NewStaff {
            name: "祝小样".into(),
            login: "all".into(),
            clerk_no: "0399".into(),
            hall: hall_id(),
            roles: roles.map(RoleGrant::everywhere).collect(),
        };
        let (store, now) = (hall.app.inner.store.clone(), hall.app.now());
        let added = tokio::task::spawn_blocking(move || {
            let all = staff::add(&store, new, PASSWORD, now).unwrap();
            let other = store.read_blocking(|reader| reader.staff_by_login("wan"));
            vec![all, other.unwrap().unwrap().staff]
        });
        let staff = added.await.unwrap();
        let (_, cookie) = hall.sign_in_as("all", PASSWORD).await;
        let token = form_token(&hall.page("/staff/records/person/new", &cookie).await);
        let mut writer = Self {
            inventor: Inventor::new(3, "form", staff.clone()),
            hall,
            cookie,
            token,
            staff,
            person: String::new(),
            employer: String::new(),
        };
        let person = writer.save("person").await.unwrap();
        writer.person = writer.number(person).await;
        let employer = writer.save("employer").await.unwrap();
        writer.employer = writer.number(employer).await;
        writer
    }

    fn cases(&self) -> &CaseDesk {
        &self.hall.app.inner.cases
    }

    fn kind(&self, id: &str) -> Arc<Kind> {
        let mut all = self.cases().kinds().all();
        Arc::clone(all.find(|kind| kind.id.as_str() == id).unwrap())
    }

    async fn number(&self, record: RecordId) -> String {
        self.cases().view(record).await.unwrap().record.case_no.0
    }

    /// Opens what a kind's fields name, as far as that has a form.
    async fn know_what_it_names(&mut self, kind: &Kind) {
        for named in kinds_named(kind) {
            if self
                .inventor
                .record_of(std::slice::from_ref(&named))
                .is_none()
            {
                let named = named.to_string();
                // one that names others again is opened by what is known of it
                let _ = Box::pin(self.save(&named)).await;
            }
        }
    }

    /// Fills and sends the form of a kind; of somebody else where there is one about the first.
    async fn save(&mut self, id: &str) -> Result<RecordId, String> {
        let mut saved = self.save_once(id).await;
        for _ in 0..CLASHES_MAX {
            if !saved.as_ref().is_err_and(|why| why.contains(CLASH)) {
                break;
            }
            let person = self.save_once("person").await?;
            self.person = self.number(person).await;
            saved = self.save_once(id).await;
        }
        saved
    }

    /// The record, or what the page said.
    async fn save_once(&mut self, id: &str) -> Result<RecordId, String> {
        let kind = self.kind(id);
        if kind.engine == Engine::Module {
            return Err("a module".to_owned());
        }
        let given = given(&kind, &mut self.inventor);
        let cast = Cast::default();
        let now = self.hall.app.now();
        let rules = self.hall.app.inner.cases.rules();
        let mut troupe = Troupe {
            cast: &cast,
            inventor: &mut self.inventor,
            rules,
            everybody: &self.staff,
            ahead: &[],
        };
        let values = open(&kind, &given, &[], &mut troupe, now);
        let path = format!("/staff/records/{id}/new");
        let form = self.hall.page(&path, &self.cookie).await;
        if !form.contains("name=\"form_token\"") {
            return Err("its form does not open".to_owned());
        }
        let fields = self.fields(&kind, &values).await;
        let fields: Vec<_> = fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let asked = self
            .hall
            .post(&path, &fields)
            .header(header::COOKIE, &self.cookie);
        let answer = asked.send().await.unwrap();
        let status = answer.status();
        let to = answer
            .headers()
            .get(header::LOCATION)
            .map(|to| to.to_str().unwrap().to_owned());
        let Some(record) = to.and_then(|to| to.strip_prefix("/staff/record/")?.parse().ok()) else {
            let page = answer.text().await.unwrap();
            let said = page.split("class=\"error\"").skip(1);
            let said: Vec<_> = said
                .filter_map(|part| part.split('>').nth(1)?.split('<').next())
                .collect();
            return Err(format!("{status}: {}", said.join(" | ")));
        };
        self.inventor.knows(&kind.id, record);
        self.compare(&kind, record, &values).await.map(|()| record)
    }

    async fn fields(&self, kind: &Kind, values: &Values) -> Vec<(String, String)> {
        let named: Vec<RecordId> = values.values().flat_map(named_in).collect();
        let mut numbers = BTreeMap::new();
        for record in named {
            numbers.insert(record, self.number(record).await);
        }
        let numbers = Numbers(numbers);
        let text = |value: &Value| match value {
            Value::Personal(text) => text.expose().clone(),
            value => written(value, &numbers),
        };
        let mut fields: Vec<_> = values
            .iter()
            .map(|(id, value)| (format!("f.{id}"), text(value)))
            .collect();
        let concerns = |subject| kind.subject == subject;
        let person = if concerns(Subject::Person) {
            self.person.clone()
        } else {
            String::new()
        };
        let either = concerns(Subject::Employer) || concerns(Subject::Either);
        let employer = if either {
            self.employer.clone()
        } else {
            String::new()
        };
        fields.extend([
            ("form_token".to_owned(), self.token.clone()),
            ("station".to_owned(), "YH-C".to_owned()),
            ("person".to_owned(), person),
            ("employer".to_owned(), employer),
        ]);
        fields
    }

    /// What was typed stands in the record; what is personal is sealed there.
    async fn compare(&self, kind: &Kind, record: RecordId, typed: &Values) -> Result<(), String> {
        let stands = self.cases().view(record).await.unwrap().record.values;
        for (id, value) in typed {
            let is_sealed = matches!(stands.get(id), Some(Value::Sealed(_)));
            let is_personal = kind.field(id).is_some_and(|field| field.personal.is_some());
            if !(is_personal && is_sealed) && stands.get(id) != Some(value) {
                return Err(format!("{id} is {:?}, typed was {value:?}", stands.get(id)));
            }
        }
        Ok(())
    }
}

/// Somebody with every role that can be given.
fn everybody() -> Actor {
    Actor {
        staff: None,
        roles: StaffRole::ALL
            .iter()
            .copied()
            .filter(|role| GRANTABLE(*role))
            .collect(),
        deputy: BTreeMap::new(),
        kin: BTreeSet::new(),
        address: String::new(),
    }
}

#[tokio::test]
async fn the_form_of_every_kind_opens_and_stores_what_is_typed() {
    let hall = Hall::open().await;
    // early in a year, so that every deadline ends in one that the calendar has
    hall.clock.store(MARCH.0, Ordering::SeqCst);
    let mut writer = Writer::sign_in(&hall).await;
    let mut faults = Vec::new();
    let kinds: Vec<_> = writer.cases().kinds().all().cloned().collect();
    let people = everybody();
    // What the system alone opens has no form that anybody is offered; the report of a day has a form
    // of its own, which the tests of service points fill.
    let by_people = |kind: &&Arc<Kind>| {
        domain::case::may_open(kind, &people).is_ok() && kind.id.as_str() != REPORT
    };
    for kind in kinds.iter().filter(by_people) {
        writer.know_what_it_names(kind).await;
        if let Err(why) = writer.save(kind.id.as_str()).await {
            faults.push(format!("{}: {why}", kind.id));
        }
    }
    assert!(
        faults.is_empty(),
        "{} kinds:\n{}",
        faults.len(),
        faults.join("\n")
    );
}
