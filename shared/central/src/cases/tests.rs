//! Records in a real store: what is durable, sealed, found, replayed and refused.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate, Weekday};
use domain::case::{
    Actor, CaseRefusalCode, Channel, Command, Draft, NoCalendar, NoParameter, Role, Rulebook,
    Value, Values,
};
use domain::id::{DeviceId, KindId, PersonId, RecordId, StaffId, StationCode};
use domain::personal::{PersonField, Pii};
use domain::time::UtcMs;
use uuid::Uuid;
use wire::event::RoleGrant;

use super::*;
use crate::parameters::Parameters;
use crate::staff::Revealed;
use crate::store::{CaseQuery, CaseSort, Marking, Opening, Role as StoreRole, Store};
use crate::vault::KeyCustody;

/// 2026-11-23 (a Monday) 09:00 in the hall.
const MORNING: UtcMs = UtcMs(1_795_395_600_000);
const DAY_MS: i64 = 24 * 3_600_000;

mod files;
mod lists;
mod retirement;
mod telling;

const PERSON: &str = r#"
id = "person"
name = "人员"
line = "common"
engine = "register"
version = 1
about = "中心服务的人。"
dept = "employment"
subject = "none"
sensitivity = "personal"
title = ["name_shown"]
list = []
search = []

[[field]]
id = "name_shown"
name = "称呼"
type = "text"
required = true

[[field]]
id = "name"
name = "姓名"
type = "text"
personal = "name"

[[field]]
id = "id_number"
name = "身份证号"
type = "text"
personal = "id_number"
"#;

const AID: &str = r#"
id = "aid"
name = "样例补贴"
line = "employment"
engine = "case"
version = 1
about = "试验用的补贴。"
dept = "employment"
subject = "person"
sensitivity = "personal"
title = ["what"]
list = ["amount"]
search = ["what"]
initial = "draft"

[[field]]
id = "what"
name = "事由"
type = "text"
required = true

[[field]]
id = "amount"
name = "金额"
type = "money"
min_yuan = "0.00"

[[field]]
id = "account"
name = "银行账号"
type = "text"
personal = "bank_account"

[[state]]
id = "draft"
name = "草稿"
stage = "open"
editors = ["clerk"]

[[state]]
id = "submitted"
name = "已提交"
stage = "open"

[[state]]
id = "paid"
name = "已发"
stage = "end"

[[state]]
id = "lapsed"
name = "过期"
stage = "end"

[[transition]]
id = "submit"
name = "提交"
from = ["draft"]
to = "submitted"
roles = ["clerk"]

[[transition]]
id = "pay"
name = "发放"
from = ["submitted"]
to = "paid"
roles = ["reviewer"]
differs_from = ["submit"]

[[transition]]
id = "lapse"
name = "过期"
from = ["submitted"]
to = "lapsed"
roles = ["system"]

[[deadline]]
id = "pay"
name = "发放"
states = ["submitted"]
parameter = "aid.days"
basis = "workday"
remind_before = [1]
then = "lapse"
escalates_to = "director"
"#;

/// Weekdays work; every parameter is 3.
struct Weekdays;

impl Rulebook for Weekdays {
    fn is_workday(&self, day: NaiveDate) -> Result<bool, NoCalendar> {
        Ok(!matches!(day.weekday(), Weekday::Sat | Weekday::Sun))
    }

    fn number(&self, _key: &str, _day: NaiveDate) -> Result<i64, NoParameter> {
        Ok(3)
    }

    fn words(&self, _list: &str) -> Option<&[String]> {
        None
    }
}

fn open_store(folder: &Path) -> Store {
    let opening = Opening {
        marking: Marking::Synthetic,
        centre_if_new: DeviceId(Uuid::from_u128(99)),
        hall_parameters: Parameters::on(MORNING.hall_date()).unwrap().hall,
        role: StoreRole::Centre,
        vfs: None,
        custody: KeyCustody::of(folder, None, None).unwrap(),
        now: MORNING,
    };
    Store::open(&folder.join("c.db"), opening).unwrap()
}

fn desk(folder: &Path) -> CaseDesk {
    let store = open_store(folder);
    let files = [
        ("common/person.toml".to_owned(), PERSON.to_owned()),
        ("employment/aid.toml".to_owned(), AID.to_owned()),
    ];
    let shelf = KindShelf::read(&files).unwrap();
    CaseDesk::new(store, shelf, Arc::new(Weekdays))
}

fn actor(staff: u128, role: Role) -> Actor {
    Actor {
        staff: Some(StaffId(Uuid::from_u128(staff))),
        roles: BTreeSet::from([role]),
        deputy: BTreeMap::new(),
        kin: BTreeSet::new(),
        address: String::new(),
    }
}

fn new(kind: &str, person: Option<PersonId>, values: Values) -> NewCase {
    NewCase {
        kind: KindId::new(kind).unwrap(),
        channel: Channel::Window,
        station: StationCode::new("YH-J01").unwrap(),
        person,
        employer: None,
        values,
        corrects: None,
    }
}

fn personal(text: &str) -> Value {
    Value::Personal(Pii::new(text.to_owned()))
}

async fn person(desk: &CaseDesk, number: &str) -> Result<PersonId, CaseFault> {
    let values = Values::from([
        ("name_shown".into(), Value::Text("样例".into())),
        ("name".into(), personal("测试甲")),
        ("id_number".into(), personal(number)),
    ]);
    let opened = desk.open(new("person", None, values), actor(1, Role::Chief), MORNING);
    opened.await.map(|record| PersonId(record.0))
}

async fn aid(desk: &CaseDesk, person: PersonId, what: &str) -> RecordId {
    let values = Values::from([
        ("what".into(), Value::Text(what.into())),
        ("account".into(), personal("9999990001234")),
    ]);
    let opened = desk.open(
        new("aid", Some(person), values),
        actor(1, Role::Clerk),
        MORNING,
    );
    opened.await.unwrap()
}

fn code(outcome: Result<(), CaseFault>) -> CaseRefusalCode {
    match outcome {
        Err(CaseFault::Refused(refusal)) => refusal.code,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_record_goes_its_way_and_its_duties_are_separate() {
    let folder = tempfile::tempdir().unwrap();
    let desk = desk(folder.path());
    let who = person(&desk, "999999199001010016").await.unwrap();
    let record = aid(&desk, who, "求职").await;
    let step = |seen, step, actor| desk.act(record, seen, Command::step(step), actor, MORNING);
    step(1, "submit", actor(1, Role::Clerk)).await.unwrap();
    let stale = step(1, "pay", actor(2, Role::Reviewer)).await;
    assert_eq!(code(stale), CaseRefusalCode::Outdated);
    let same = step(2, "pay", actor(1, Role::Reviewer)).await;
    assert_eq!(code(same), CaseRefusalCode::DutiesSeparate);
    let other = step(2, "pay", actor(2, Role::Clerk)).await;
    assert_eq!(code(other), CaseRefusalCode::WrongRole);
    step(2, "pay", actor(2, Role::Reviewer)).await.unwrap();
    let view = desk.view(record).await.unwrap();
    assert_eq!(
        (view.record.state.as_str(), view.record.version),
        ("paid", 3)
    );
    assert_eq!(view.record.case_no.0, "AID-202611-00001");
    assert!(view.record.closed_at.is_some());
}

#[tokio::test]
async fn personal_values_are_sealed_masked_and_gone_with_the_person() {
    let folder = tempfile::tempdir().unwrap();
    let desk = desk(folder.path());
    let who = person(&desk, "999999199001010016").await.unwrap();
    let record = aid(&desk, who, "求职").await;
    let view = desk.view(record).await.unwrap();
    assert_eq!(view.masked["account"], "*********1234");
    let asked = Revealed::for_test(&view.record.case_no.0, PersonField::BankAccount);
    let plain = desk.reveal(record, "account".into(), asked).await.unwrap();
    assert_eq!(plain.unwrap().expose(), "9999990001234");
    for file in ["c.db", "c.db-wal"] {
        let bytes = std::fs::read(folder.path().join(file)).unwrap();
        let holds = |text: &str| bytes.windows(text.len()).any(|w| w == text.as_bytes());
        assert!(!holds("9999990001234") && !holds("199001010016"), "{file}");
    }
    let erased = vec![wire::event::PersonErased {
        person: who,
        by: None,
        reason: wire::event::ErasureReason::Requested,
    }];
    let store = desk.store().clone();
    let erase = move || store.erase_persons(erased, MORNING).unwrap().unwrap();
    tokio::task::spawn_blocking(erase).await.unwrap();
    assert!(desk.view(record).await.unwrap().masked.is_empty());
    let draft = Draft::from([("account".into(), Some(personal("9999990009999")))]);
    let reason = String::new();
    let change = Command::Change { draft, reason };
    let changed = desk
        .act(record, 1, change, actor(1, Role::Clerk), MORNING)
        .await;
    assert_eq!(code(changed), CaseRefusalCode::Ended);
}

#[tokio::test]
async fn one_person_is_registered_once() {
    let folder = tempfile::tempdir().unwrap();
    let desk = desk(folder.path());
    person(&desk, "999999199001010016").await.unwrap();
    let again = person(&desk, "９９９９９９ 19900101 0016").await;
    assert_eq!(code(again.map(drop)), CaseRefusalCode::Values);
    person(&desk, "999999199001010024").await.unwrap();
}

#[tokio::test]
async fn the_clock_does_what_is_due_and_the_record_stands_as_it_did_on_each_day() {
    let folder = tempfile::tempdir().unwrap();
    let desk = desk(folder.path());
    let who = person(&desk, "999999199001010016").await.unwrap();
    let record = aid(&desk, who, "求职").await;
    let submit = Command::step("submit");
    desk.act(record, 1, submit, actor(1, Role::Clerk), MORNING)
        .await
        .unwrap();
    // three working days after Monday end with Thursday
    let at = |days: i64| UtcMs(MORNING.0 + days * DAY_MS);
    assert_eq!(desk.tick(at(3)).await.unwrap(), 0);
    assert_eq!(desk.tick(at(4)).await.unwrap(), 1);
    assert_eq!(desk.tick(at(4)).await.unwrap(), 0);
    let state_on = async |days| {
        let stood = desk.as_of(record, at(days).hall_date()).await.unwrap();
        stood.map(|record| record.state)
    };
    assert_eq!(state_on(-1).await, None);
    assert_eq!(state_on(2).await.as_deref(), Some("submitted"));
    assert_eq!(state_on(4).await.as_deref(), Some("lapsed"));
}

#[tokio::test]
async fn work_is_shown_to_who_acts_and_when_late_also_to_who_sees_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let desk = desk(folder.path());
    let who = person(&desk, "999999199001010016").await.unwrap();
    let record = aid(&desk, who, "求职").await;
    let submit = Command::step("submit");
    let by = actor(1, Role::Clerk);
    desk.act(record, 1, submit, by, MORNING).await.unwrap();
    let day = |d| NaiveDate::from_ymd_opt(2026, 11, d).unwrap();
    let work = async |staff: u128, role, on| {
        let mut person = crate::staff::tests::session([RoleGrant::everywhere(role)]);
        person.staff = StaffId(Uuid::from_u128(staff));
        let groups = desk.work_of(person, on).await.unwrap();
        let items = groups.into_iter().flat_map(|of| {
            let shown = of.shown.into_iter();
            shown.map(move |item| (of.group, item))
        });
        let of_aid = items.filter(|(_, item)| item.record == record);
        of_aid
            .map(|(group, item)| (group, item.step, item.reminders.len()))
            .collect::<Vec<_>>()
    };
    let pay = |group, reminders| [(group, "发放".to_owned(), reminders)];
    let (today, late) = (day(26), day(27));
    assert_eq!(
        work(2, Role::Reviewer, day(24)).await,
        pay(WorkGroup::ThisWeek, 0)
    );
    assert_eq!(
        work(2, Role::Reviewer, today).await,
        pay(WorkGroup::Today, 1)
    );
    assert_eq!(work(2, Role::Reviewer, late).await, pay(WorkGroup::Late, 1));
    let waits = [(WorkGroup::WaitsForOthers, String::new(), 0)];
    assert_eq!(work(1, Role::Clerk, day(24)).await, waits);
    assert_eq!(
        work(1, Role::Clerk, today).await,
        [(WorkGroup::Today, String::new(), 1)]
    );
    assert_eq!(work(3, Role::Director, today).await, []);
    let come_up = [(WorkGroup::Escalated, String::new(), 1)];
    assert_eq!(work(3, Role::Director, late).await, come_up);
}

#[tokio::test]
async fn of_much_work_the_first_eight_are_shown_and_the_rest_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let desk = desk(folder.path());
    let who = person(&desk, "999999199001010016").await.unwrap();
    for number in 1..=11 {
        aid(&desk, who, &format!("求职{number}")).await;
    }
    let mut clerk = crate::staff::tests::session([RoleGrant::everywhere(Role::Clerk)]);
    clerk.staff = StaffId(Uuid::from_u128(1));
    let groups = desk.work_of(clerk, MORNING.hall_date()).await.unwrap();
    // nor does the entry of the register that they opened wait for anybody
    assert_eq!(groups.len(), 1, "{groups:?}");
    let of_aid = groups.iter().find(|group| !group.rest.is_empty()).unwrap();
    assert_eq!(of_aid.shown.len(), 8);
    let rest = of_aid.rest.iter();
    let rest: Vec<_> = rest.map(|one| (one.kind.as_str(), one.records)).collect();
    assert_eq!(rest, [("aid", 3)]);
}

#[tokio::test]
async fn many_at_once_are_shown_before_and_done_where_they_may() {
    let folder = tempfile::tempdir().unwrap();
    let desk = desk(folder.path());
    let who = person(&desk, "999999199001010016").await.unwrap();
    let (one, two) = (aid(&desk, who, "甲").await, aid(&desk, who, "乙").await);
    let (clerk, submit) = (actor(1, Role::Clerk), Command::step("submit"));
    desk.act(one, 1, submit.clone(), clerk.clone(), MORNING)
        .await
        .unwrap();
    let shown = desk.preview(
        vec![one, two],
        submit.clone(),
        |_| actor(1, Role::Clerk),
        MORNING,
    );
    let outcomes = |lines: Vec<BulkLine>| -> Vec<bool> {
        lines.iter().map(|line| line.outcome.is_ok()).collect()
    };
    assert_eq!(outcomes(shown.await.unwrap()), [false, true]);
    assert_eq!(desk.view(two).await.unwrap().record.state, "draft");
    let done = desk.act_on_all(vec![one, two], submit, |_| actor(1, Role::Clerk), MORNING);
    assert_eq!(outcomes(done.await.unwrap()), [false, true]);
    assert_eq!(desk.view(two).await.unwrap().record.state, "submitted");
}

/// Opens a record and calls it otherwise.
async fn aid_called_otherwise(desk: &CaseDesk, who: PersonId, first: &str, then: &str) -> RecordId {
    let record = aid(desk, who, first).await;
    let draft = Draft::from([("what".into(), Some(Value::Text(then.into())))]);
    let reason = String::new();
    let change = Command::Change { draft, reason };
    let changed = desk.act(record, 1, change, actor(1, Role::Clerk), MORNING);
    changed.await.unwrap();
    record
}

#[tokio::test]
async fn a_rebuild_gives_the_same_tables() {
    let folder = tempfile::tempdir().unwrap();
    let desk = desk(folder.path());
    let who = person(&desk, "999999199001010016").await.unwrap();
    let record = aid_called_otherwise(&desk, who, "求学", "求职").await;
    let submit = Command::step("submit");
    desk.act(record, 2, submit, actor(1, Role::Clerk), MORNING)
        .await
        .unwrap();
    let store = desk.store().clone();
    let verified = tokio::task::spawn_blocking(move || store.verify(folder.path()).unwrap());
    let verified = verified.await.unwrap();
    assert_eq!(verified.faults, Vec::<String>::new());
    let store = desk.store().clone();
    let rebuilt = move || store.write_blocking(|write| write.rebuild()).unwrap();
    tokio::task::spawn_blocking(rebuilt).await.unwrap();
    assert_eq!(desk.list(lists::query("求职")).await.unwrap().total, 1);
    assert_eq!(desk.list(lists::query("求学")).await.unwrap().total, 0);
}
