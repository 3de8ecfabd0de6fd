//! Contacts over a real store and a gateway that listens, with the program's own kinds and messages:
//! what is planned, what goes out, what is left to a call, and that nothing personal is written down.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::NaiveDate;
use domain::case::{Actor, Channel, Command, Draft, Role, Value, Values};
use domain::id::{DeviceId, HallId, KindId, PersonId, RecordId, StaffId, StationCode};
use domain::outreach::{ContactResult, Way};
use domain::personal::Pii;
use tempfile::TempDir;
use uuid::Uuid;
use wire::event::RoleGrant;
use wire::problem::{Problem, ProblemCode};

use super::*;
use crate::app_state::AppState;
use crate::cases::NewCase;
use crate::config::Config;
use crate::parameters::Parameters;
use crate::staff::{MakeContacts, Staff, StaffSession};
use crate::store::{Marking, Opening, OutreachRow, Role as StoreRole, Store};
use crate::vault::KeyCustody;

/// 2026-11-23 (a Monday) 09:00 in the hall.
const MORNING: UtcMs = UtcMs(1_795_395_600_000);
const MINUTE_MS: i64 = 60_000;
const PHONE: &str = "15400000001";
const NAME: &str = "龘测试";
const NUMBER: &str = "999999199001010016";

struct Centre {
    app: AppState,
    clock: Arc<AtomicI64>,
    folder: TempDir,
}

impl Centre {
    async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let parameters = Parameters::on(MORNING.hall_date()).unwrap();
        let opening = Opening {
            marking: Marking::Synthetic,
            centre_if_new: DeviceId(Uuid::from_u128(99)),
            hall_parameters: parameters.hall.clone(),
            role: StoreRole::Centre,
            vfs: None,
            custody: KeyCustody::of(folder.path(), None, None).unwrap(),
            now: MORNING,
        };
        let store = Store::open(&folder.path().join("c.db"), opening).unwrap();
        let founded = store.write(|write| write.establish_keys(crate::edge::fill_random));
        founded.await.unwrap();
        let clock = Arc::new(AtomicI64::new(MORNING.0));
        let read = Arc::clone(&clock);
        let now = Arc::new(move || UtcMs(read.load(Ordering::SeqCst)));
        let app = AppState::new(store, Config::default(), &parameters, now);
        Self { app, clock, folder }
    }

    /// A twin that does with every message as the plan says.
    async fn with_twin(plan: TwinPlan) -> Self {
        let centre = Self::open().await;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let twin = Twin::start(listener, plan, Arc::clone(&centre.app.inner.clock)).unwrap();
        let gateway = twin.gateway().unwrap();
        centre.app.inner.outreach.connect_twin(gateway, twin);
        centre
    }

    fn pass(&self, minutes: i64) {
        self.clock.fetch_add(minutes * MINUTE_MS, Ordering::SeqCst);
    }

    async fn record(&self, kind: &str, person: Option<RecordId>, values: Values) -> RecordId {
        let new = NewCase {
            kind: KindId::new(kind).unwrap(),
            channel: Channel::Window,
            station: StationCode::new("YH-C").unwrap(),
            person: person.map(|person| PersonId(person.0)),
            employer: None,
            values,
            corrects: None,
        };
        let opened = self.app.inner.cases.open(new, clerk(), self.app.now());
        opened.await.unwrap()
    }

    /// Somebody with a number to call.
    async fn person(&self) -> RecordId {
        let born = NaiveDate::from_ymd_opt(1990, 1, 1).unwrap();
        let person = Values::from([
            ("name".into(), personal(NAME)),
            ("id_type".into(), Value::Choice("resident".into())),
            ("id_number".into(), personal(NUMBER)),
            ("sex".into(), Value::Choice("male".into())),
            ("birth_date".into(), Value::Date(born)),
            ("phone".into(), personal(PHONE)),
        ]);
        self.record("person", None, person).await
    }

    /// Somebody who has an appointment tomorrow.
    async fn appointment(&self) -> RecordId {
        let person = self.person().await;
        let tomorrow = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        let appointment = Values::from([
            ("topic_code".into(), Value::Text("jobseek".into())),
            ("on".into(), Value::Date(tomorrow)),
            ("slot".into(), Value::Text("09:00-09:30".into())),
            ("source".into(), Value::Choice("window".into())),
        ]);
        self.record("appointment", Some(person), appointment).await
    }

    /// A vacancy that is sent to somebody.
    async fn push(&self, person: RecordId) -> RecordId {
        let vacancy = Values::from([("title".into(), Value::Text("眼镜装配工".into()))]);
        let vacancy = self.record("vacancy", None, vacancy).await;
        let push = Values::from([
            (
                "vacancy_ids".into(),
                Value::List(vec![Value::Record(vacancy)]),
            ),
            ("channel".into(), Value::Choice("sms".into())),
        ]);
        let push = self.record("job_push", Some(person), push).await;
        let now = self.app.now();
        let Command::Move { transition, .. } = Command::step("send") else {
            unreachable!("a step is a move");
        };
        let send = Command::Move {
            transition,
            draft: Draft::from([("pushed_at".into(), Some(Value::Moment(now)))]),
            reason: String::new(),
            rule: String::new(),
            remedy: String::new(),
            deferred: BTreeMap::new(),
            notice: Vec::new(),
        };
        let sent = self.app.inner.cases.act(push, 1, send, clerk(), now);
        sent.await.unwrap();
        push
    }

    async fn state(&self, record: RecordId) -> String {
        let view = self.app.inner.cases.view(record).await.unwrap();
        view.record.state.clone()
    }

    async fn sweep(&self) -> usize {
        let outbox = &self.app.inner.outreach;
        let swept = self.app.inner.cases.sweep_outreach(outbox, self.app.now());
        swept.await.unwrap()
    }

    async fn send(&self) -> usize {
        send_due(&self.app).await.unwrap()
    }

    async fn open_rows(&self) -> Vec<OutreachRow> {
        let store = &self.app.inner.store;
        store.read(|reader| reader.outreach_open(10)).await.unwrap()
    }

    /// What came of the contacts about a record, oldest first.
    async fn results(&self, record: RecordId) -> Vec<ContactResult> {
        let store = &self.app.inner.store;
        let about = store
            .read(move |reader| reader.contacts_about(record))
            .await;
        about
            .unwrap()
            .into_iter()
            .filter_map(|line| line.result)
            .collect()
    }

    async fn calls(&self) -> Vec<CallLine> {
        self.app.calls(&caller(), |_, _| true).await.unwrap()
    }

    async fn log(&self, call: &CallLine, result: ContactResult) -> Result<(), Problem> {
        self.app.log_call(&caller(), call, result, None).await
    }

    fn received(&self) -> Vec<Received> {
        self.app.inner.outreach.received().unwrap()
    }
}

fn personal(text: &str) -> Value {
    Value::Personal(Pii::new(text.to_owned()))
}

fn clerk() -> Actor {
    Actor {
        staff: Some(StaffId(Uuid::from_u128(1))),
        roles: BTreeSet::from([Role::Clerk]),
        deputy: BTreeMap::new(),
        kin: BTreeSet::new(),
        address: String::new(),
    }
}

fn caller() -> Staff<MakeContacts> {
    let session = StaffSession {
        staff: StaffId(Uuid::from_u128(1)),
        name: "甲".into(),
        login: "jia".into(),
        clerk_no: "07".into(),
        hall: HallId(Uuid::nil()),
        window: None,
        csrf: String::new(),
        grants: BTreeSet::from([RoleGrant::everywhere(Role::Clerk)]),
        acting_for: Vec::new(),
        must_change: false,
        address: String::new(),
        token_hash: [0; 32],
    };
    Staff::of(session).unwrap()
}

fn all(share: impl FnOnce(&mut TwinPlan)) -> TwinPlan {
    let mut plan = TwinPlan::default();
    share(&mut plan);
    plan
}

#[test]
fn the_messages_of_the_program_are_sound() {
    assert_eq!(messages().map(|book| book.all().count() > 5), Ok(true));
}

#[tokio::test]
async fn a_reminder_is_planned_once_and_goes_out_with_the_masked_name() {
    let centre = Centre::with_twin(TwinPlan::default()).await;
    let record = centre.appointment().await;
    assert_eq!(centre.sweep().await, 1);
    centre.pass(11);
    assert_eq!(centre.sweep().await, 0, "the same day, the same reminder");
    assert_eq!(centre.send().await, 1);
    assert_eq!(centre.send().await, 0, "sent is sent");
    let [sms] = &centre.received()[..] else {
        panic!("{:?}", centre.received())
    };
    assert!(
        sms.text.contains("09:00-09:30") && sms.text.contains("龘**"),
        "{}",
        sms.text
    );
    assert!(!sms.text.contains(NAME) && !sms.phone.contains(PHONE));
    assert_eq!(centre.results(record).await, [ContactResult::Sent]);
    assert!(centre.open_rows().await.is_empty());
}

#[tokio::test]
async fn nobody_is_woken_by_a_message() {
    let centre = Centre::with_twin(TwinPlan::default()).await;
    centre.appointment().await;
    centre.sweep().await;
    centre.pass(11 * 60);
    assert_eq!(centre.send().await, 0, "20:00");
    centre.pass(-60);
    assert_eq!(centre.send().await, 1, "19:00");
}

#[tokio::test]
async fn a_gateway_that_breaks_is_tried_again_later_and_later_and_then_somebody_calls() {
    let centre = Centre::with_twin(all(|plan| plan.broken = 100)).await;
    let record = centre.appointment().await;
    centre.sweep().await;
    for (attempts, wait) in [(1, 1), (2, 5), (3, 30), (4, 120)] {
        assert_eq!(centre.send().await, 1);
        assert_eq!(centre.send().await, 0, "it waits");
        let row = &centre.open_rows().await[0];
        assert_eq!(
            (row.way, row.attempts, row.fault.as_str()),
            (Way::Sms, attempts, "status 503")
        );
        centre.pass(wait);
    }
    assert_eq!(centre.send().await, 1);
    assert_eq!(centre.results(record).await, [ContactResult::GaveUp]);
    let [call] = &centre.calls().await[..] else {
        panic!()
    };
    assert_eq!((call.row.way, call.who.as_str()), (Way::Phone, "龘**"));
    assert!(!call.phone.contains(PHONE) && call.words.contains("龘**"));
}

#[tokio::test]
async fn what_the_gateway_refuses_is_called_at_once_and_stands_among_what_did_not_go_out() {
    let centre = Centre::with_twin(all(|plan| plan.refused = 100)).await;
    let record = centre.appointment().await;
    centre.sweep().await;
    assert_eq!(centre.send().await, 1);
    assert_eq!(centre.results(record).await, [ContactResult::Refused]);
    assert_eq!(centre.calls().await.len(), 1);
    let dead = centre
        .app
        .inner
        .store
        .read(|reader| reader.outreach_dead(MORNING, 10));
    assert_eq!(dead.await.unwrap().len(), 1);
}

#[tokio::test]
async fn without_a_gateway_and_for_a_number_that_takes_no_messages_somebody_calls() {
    let centre = Centre::open().await;
    let record = centre.appointment().await;
    centre.sweep().await;
    assert_eq!(centre.send().await, 1);
    assert_eq!(centre.results(record).await, [ContactResult::NoGateway]);

    let centre = Centre::with_twin(all(|plan| plan.refused = 100)).await;
    let record = centre.appointment().await;
    centre.sweep().await;
    centre.send().await;
    let call = centre.calls().await.remove(0);
    centre
        .app
        .set_opt_out(&caller(), &call, true)
        .await
        .unwrap();
    assert!(centre.calls().await[0].is_opted_out);
    // the next message about the same person
    let tomorrow = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
    let again = Values::from([
        ("topic_code".into(), Value::Text("loan".into())),
        ("on".into(), Value::Date(tomorrow)),
        ("slot".into(), Value::Text("10:00-10:30".into())),
        ("source".into(), Value::Choice("window".into())),
    ]);
    let store = &centre.app.inner.store;
    let person = store
        .read(move |reader| reader.record(record))
        .await
        .unwrap()
        .unwrap()
        .person;
    let person = person.map(|person| RecordId(person.0));
    let other = centre.record("appointment", person, again).await;
    centre.pass(11);
    assert_eq!(centre.sweep().await, 1);
    centre.send().await;
    assert_eq!(centre.results(other).await, [ContactResult::OptedOut]);
    assert_eq!(centre.received().len(), 1, "nothing more went out");
}

#[tokio::test]
async fn what_has_gone_on_meanwhile_is_not_said_any_more() {
    let centre = Centre::with_twin(TwinPlan::default()).await;
    let record = centre.appointment().await;
    centre.sweep().await;
    let cancel = Command::because("cancel", "来不了");
    let cancelled = centre
        .app
        .inner
        .cases
        .act(record, 1, cancel, clerk(), centre.app.now());
    cancelled.await.unwrap();
    assert_eq!(centre.send().await, 1);
    assert_eq!(centre.results(record).await, [ContactResult::Overtaken]);
    assert!(centre.received().is_empty() && centre.open_rows().await.is_empty());
}

#[tokio::test]
async fn who_does_not_answer_is_called_again_and_after_three_times_no_more() {
    let centre = Centre::open().await;
    let record = centre.appointment().await;
    centre.sweep().await;
    centre.send().await;
    let first = centre.calls().await.remove(0);
    for _ in 0..3 {
        let call = centre.calls().await.remove(0);
        centre.log(&call, ContactResult::NotReached).await.unwrap();
    }
    assert!(centre.calls().await.is_empty());
    let stale = centre.log(&first, ContactResult::Reached).await;
    assert_eq!(
        stale.unwrap_err().code,
        ProblemCode::Refused,
        "somebody was faster"
    );
    assert_eq!(centre.results(record).await.len(), 4);
}

#[tokio::test]
async fn a_call_that_was_put_off_is_due_when_it_was_wished_and_not_in_the_past() {
    let centre = Centre::open().await;
    centre.appointment().await;
    centre.sweep().await;
    centre.send().await;
    let call = centre.calls().await.remove(0);
    let log = async |wished| {
        let result = ContactResult::CallAgain;
        centre.app.log_call(&caller(), &call, result, wished).await
    };
    let now = centre.app.now();
    assert!(log(None).await.is_err() && log(Some(now.plus_minutes(-1))).await.is_err());
    let wished = now.plus_minutes(90);
    log(Some(wished)).await.unwrap();
    assert_eq!(centre.calls().await[0].row.due_at, wished);
}

#[tokio::test]
async fn a_vacancy_that_is_sent_is_called_about_and_the_record_says_whether_it_was_heard() {
    let centre = Centre::open().await;
    let person = centre.person().await;
    for (result, state) in [
        (ContactResult::Reached, "read"),
        (ContactResult::WrongNumber, "failed"),
    ] {
        let push = centre.push(person).await;
        centre.sweep().await;
        assert_eq!(
            centre.send().await,
            1,
            "without a gateway it is left to a call"
        );
        let call = centre.calls().await.remove(0);
        assert!(call.words.contains("眼镜装配工"), "{}", call.words);
        assert_eq!(centre.state(push).await, "sent");
        centre.log(&call, result).await.unwrap();
        assert_eq!(centre.state(push).await, state);
    }
}

#[tokio::test]
async fn contacts_are_rebuilt_from_the_log_and_no_number_or_name_is_written_down() {
    let centre = Centre::with_twin(all(|plan| plan.refused = 100)).await;
    let record = centre.appointment().await;
    centre.sweep().await;
    centre.send().await;
    let call = centre.calls().await.remove(0);
    centre
        .app
        .set_opt_out(&caller(), &call, true)
        .await
        .unwrap();
    centre.log(&call, ContactResult::NotReached).await.unwrap();
    let before = (centre.open_rows().await, centre.results(record).await);
    let store = centre.app.inner.store.clone();
    store.write(|write| write.rebuild()).await.unwrap();
    assert_eq!(
        (centre.open_rows().await, centre.results(record).await),
        before
    );
    assert!(centre.calls().await[0].is_opted_out);
    for file in ["c.db", "c.db-wal"] {
        let bytes = std::fs::read(centre.folder.path().join(file)).unwrap();
        let holds = |text: &str| {
            bytes
                .windows(text.len())
                .any(|part| part == text.as_bytes())
        };
        assert!(!holds(PHONE) && !holds(NUMBER), "{file}");
    }
}
