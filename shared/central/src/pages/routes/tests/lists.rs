//! Lists from elsewhere and batches, through the router: what is brought, what it opens, what goes
//! out again, and what is said of bad files. Everybody is invented.

use std::collections::{BTreeMap, BTreeSet};

use domain::case::{
    Actor, Attachment, Channel, Command, Draft, Record, Role as StaffRole, Value, Values,
};
use domain::id::{KindId, PersonId, RecordId, StaffId, StationCode};
use domain::id_number::check_character;
use domain::money::Fen;
use domain::personal::Pii;
use wire::event::RoleGrant;

use super::*;
use crate::cases::{CaseFault, NewCase};

mod bad_input;
mod batches;
mod comparing;

const BOUNDARY: &str = "boundary-that-is-in-no-file";

/// An invented number of area 999999, by its place in the sequence.
fn number(sequence: u16) -> String {
    let first = format!("99999919900101{sequence:03}");
    format!("{first}{}", check_character(&first).unwrap())
}

fn actor(who: u128, role: StaffRole) -> Actor {
    Actor {
        staff: Some(StaffId(Uuid::from_u128(who))),
        roles: BTreeSet::from([role]),
        deputy: BTreeMap::new(),
        kin: BTreeSet::new(),
        address: String::new(),
    }
}

fn system() -> Actor {
    Actor {
        staff: None,
        ..actor(0, StaffRole::System)
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn choice(code: &str) -> Value {
    Value::Choice(code.to_owned())
}

fn personal(text: &str) -> Value {
    Value::Personal(Pii::new(text.to_owned()))
}

fn day(text: &str) -> Value {
    Value::Date(text.parse().unwrap())
}

fn values<const N: usize>(values: [(&str, Value); N]) -> Values {
    values.map(|(id, value)| (id.to_owned(), value)).into()
}

impl Hall {
    async fn opened(
        &self,
        kind: &str,
        concerns: (Option<PersonId>, Option<RecordId>),
        values: Values,
        by: (Channel, Actor),
    ) -> RecordId {
        self.tried(kind, concerns, values, by).await.unwrap()
    }

    async fn tried(
        &self,
        kind: &str,
        (person, employer): (Option<PersonId>, Option<RecordId>),
        values: Values,
        (channel, actor): (Channel, Actor),
    ) -> Result<RecordId, CaseFault> {
        let new = NewCase {
            kind: KindId::new(kind).unwrap(),
            channel,
            station: StationCode::new("YH-C").unwrap(),
            person,
            employer,
            values,
            corrects: None,
        };
        let (cases, now) = (&self.app.inner.cases, self.app.now());
        cases.open(new, actor, now).await
    }

    /// Does a step, with values.
    async fn lead(&self, record: RecordId, step: &str, actor: Actor, draft: Values) {
        self.led(record, step, actor, draft).await.unwrap();
    }

    async fn led(
        &self,
        record: RecordId,
        step: &str,
        actor: Actor,
        draft: Values,
    ) -> Result<(), CaseFault> {
        let command = self.command(record, step, draft).await;
        let (cases, now) = (self.app.inner.cases.clone(), self.app.now());
        let acted = move || cases.act_blocking(record, command, actor, now);
        tokio::task::spawn_blocking(acted).await.unwrap()
    }

    /// Materials may come later, wherever they may.
    async fn command(&self, record: RecordId, step: &str, values: Values) -> Command {
        let later = self.app.now().hall_date() + chrono::Days::new(60);
        let kind = self.app.inner.cases.view(record).await.unwrap().kind;
        let step_of_kind = kind.transition(step).unwrap();
        let mut command = Command::because(step, "样例");
        if let Command::Move {
            draft, deferred, ..
        } = &mut command
        {
            *draft = Draft::from_iter(values.into_iter().map(|(id, value)| (id, Some(value))));
            if step_of_kind.may_defer {
                let papers = step_of_kind.attachments.iter();
                deferred.extend(papers.map(|paper| (paper.clone(), later)));
            }
        }
        command
    }

    async fn person(&self, name: &str, sequence: u16) -> PersonId {
        let number = number(sequence);
        let sex = if sequence % 2 == 1 { "male" } else { "female" };
        let values = values([
            ("name", personal(name)),
            ("id_type", choice("resident")),
            ("id_number", personal(&number)),
            ("sex", choice(sex)),
            ("birth_date", day("1990-01-01")),
        ]);
        let chief = (Channel::Window, actor(901, StaffRole::Chief));
        let record = self.opened("person", (None, None), values, chief).await;
        PersonId(record.0)
    }

    /// A claim that is being paid.
    async fn claim(&self, person: PersonId) -> RecordId {
        self.claim_of(person, "benefit").await
    }

    async fn claim_of(&self, person: PersonId, benefit: &str) -> RecordId {
        let of = values([
            ("benefit_type", choice(benefit)),
            ("reason_code", choice("contract_end")),
            ("lost_on", day("2026-09-30")),
            ("contrib_months", Value::Integer(36)),
            ("carry_months", Value::Integer(0)),
            ("bank_acct", personal("9999990001234")),
        ]);
        let clerk = (Channel::Window, actor(902, StaffRole::Clerk));
        let record = self
            .opened("ui_claim", (Some(person), None), of, clerk)
            .await;
        for (step, who, role) in [
            ("accept", 902, StaffRole::Clerk),
            ("verify", 903, StaffRole::Reviewer),
            ("approve", 901, StaffRole::Chief),
        ] {
            let command = Command::step(step);
            let (cases, now) = (self.app.inner.cases.clone(), self.app.now());
            let by = actor(who, role);
            let acted = move || cases.act_blocking(record, command, by, now);
            tokio::task::spawn_blocking(acted).await.unwrap().unwrap();
        }
        assert_eq!(self.record(record).await.state, "paying", "at once");
        record
    }

    async fn record(&self, record: RecordId) -> Record {
        self.app.inner.cases.view(record).await.unwrap().record
    }

    async fn number_of(&self, record: RecordId) -> String {
        self.record(record).await.case_no.0
    }

    async fn by_number(&self, number: &str) -> Record {
        let number = number.to_owned();
        let store = &self.app.inner.store;
        let found = store.read(move |reader| {
            let id = reader.record_by_number(&number)?.unwrap();
            reader.record(id)
        });
        found.await.unwrap().unwrap()
    }

    /// Somebody else with an account.
    async fn employ(&self, login: &str, roles: &[StaffRole]) -> String {
        let everywhere = roles.iter().copied().map(RoleGrant::everywhere);
        self.employ_with(login, everywhere.collect()).await
    }

    async fn employ_with(&self, login: &str, roles: BTreeSet<RoleGrant>) -> String {
        let new = NewStaff {
            name: "钱小样".into(),
            login: login.to_owned(),
            clerk_no: String::new(),
            hall: hall_id(),
            roles,
        };
        let (store, now) = (self.app.inner.store.clone(), self.app.now());
        let added = move || staff::add(&store, new, PASSWORD, now);
        tokio::task::spawn_blocking(added).await.unwrap().unwrap();
        let (_, cookie) = self.sign_in_as(login, PASSWORD).await;
        cookie
    }

    /// Sends a file with fields, as the form of `path` does.
    async fn bring(
        &self,
        cookie: &str,
        path: &str,
        fields: &[(&str, &str)],
        file: &str,
    ) -> (StatusCode, String) {
        let token = form_token(&self.page(path, cookie).await);
        let mut body = String::new();
        for (name, value) in fields.iter().chain(&[("form_token", token.as_str())]) {
            body.push_str(&format!(
                "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            ));
        }
        body.push_str(&format!(
            "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n{file}\r\n--{BOUNDARY}--\r\n"
        ));
        let kind = format!("multipart/form-data; boundary=\"{BOUNDARY}\"");
        let request = self.client.post(format!("{}{path}", self.address));
        let request = request
            .header(header::CONTENT_TYPE, kind)
            .header(header::COOKIE, cookie);
        let answer = request.body(body).send().await.unwrap();
        (answer.status(), answer.text().await.unwrap())
    }

    /// Presses the button of the page that is shown, whose form goes to an address with this begin.
    async fn press(
        &self,
        cookie: &str,
        page: &str,
        begin: &str,
        fields: &[(&str, &str)],
    ) -> (StatusCode, String) {
        let action = page.split(&format!("action=\"{begin}")).nth(1).unwrap();
        let action = format!("{begin}{}", action.split('"').next().unwrap());
        let token = form_token(page);
        let mut all = vec![("form_token", token.as_str())];
        all.extend(fields);
        let request = self.post(&action, &all).header(header::COOKIE, cookie);
        let answer = request.send().await.unwrap();
        let status = answer.status();
        let to = answer.headers().get(header::LOCATION);
        let to = to.map(|to| to.to_str().unwrap().to_owned());
        match to {
            Some(to) => (status, to),
            None => (status, answer.text().await.unwrap()),
        }
    }

    /// The record gives the tables as they stand.
    async fn is_sound(&self) {
        let (store, folder) = (
            self.app.inner.store.clone(),
            self._directory.path().to_owned(),
        );
        let verified = tokio::task::spawn_blocking(move || store.verify(&folder).unwrap());
        assert_eq!(verified.await.unwrap().faults, Vec::<String>::new());
    }

    /// Whether any file of the service's folder holds a text in plain.
    fn holds(&self, text: &str) -> bool {
        let mut folders = vec![self._directory.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let bytes = std::fs::read(&path).unwrap();
                if bytes
                    .windows(text.len())
                    .any(|part| part == text.as_bytes())
                {
                    return true;
                }
            }
        }
        false
    }
}
