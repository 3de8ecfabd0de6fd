//! The start pages of the lines, through the router: what stands on them, for whom, and what their
//! numbers lead to.

use std::collections::{BTreeMap, BTreeSet};

use domain::case::{Actor, Attachment, Channel, Command, Value, Values};
use domain::id::{KindId, RecordId, StaffId, StationCode};

use super::*;
use crate::cases::{CaseFault, NewCase};

pub(super) const DAY_MS: i64 = 24 * 3_600_000;

pub(super) fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

pub(super) fn values<const N: usize>(pairs: [(&str, Value); N]) -> Values {
    pairs.map(|(id, value)| (id.to_owned(), value)).into()
}

pub(super) fn station(code: &str) -> StationCode {
    StationCode::new(code).unwrap()
}

/// Somebody with one role, by a number; the system by none.
pub(super) fn actor(who: Option<u128>, role: StaffRole) -> Actor {
    Actor {
        staff: who.map(|who| StaffId(Uuid::from_u128(who))),
        roles: BTreeSet::from([role]),
        deputy: BTreeMap::new(),
        kin: BTreeSet::new(),
        address: String::new(),
    }
}

pub(super) fn step(transition: &str, draft: Values) -> Command {
    Command::Move {
        transition: transition.to_owned(),
        draft: draft
            .into_iter()
            .map(|(id, value)| (id, Some(value)))
            .collect(),
        reason: String::new(),
        rule: String::new(),
        remedy: String::new(),
        deferred: BTreeMap::new(),
        notice: Vec::new(),
    }
}

impl Hall {
    /// A record that came out of a file: what its form requires does not bind.
    pub(super) async fn bring_in(&self, kind: &str, at: &str, values: Values) -> RecordId {
        let new = NewCase {
            kind: KindId::new(kind).unwrap(),
            channel: Channel::Import,
            station: station(at),
            person: None,
            employer: None,
            values,
            corrects: None,
        };
        let system = actor(None, StaffRole::System);
        let opened = self.app.inner.cases.open(new, system, self.app.now());
        opened.await.unwrap()
    }

    /// Does a step as somebody, on the record as it stands.
    pub(super) async fn act_as(
        &self,
        record: RecordId,
        command: Command,
        by: Actor,
    ) -> Result<(), CaseFault> {
        let cases = &self.app.inner.cases;
        let seen = cases.view(record).await.unwrap().record.version;
        cases.act(record, seen, command, by, self.app.now()).await
    }

    /// Somebody who holds these roles at these places; their cookie.
    pub(super) async fn somebody(&self, login: &str, grants: &[(StaffRole, &str)]) -> String {
        let grant = |(role, at): &(StaffRole, &str)| RoleGrant {
            role: *role,
            station: (!at.is_empty()).then(|| station(at)),
        };
        let new = NewStaff {
            name: "样例".into(),
            login: login.to_owned(),
            clerk_no: String::new(),
            hall: hall_id(),
            roles: grants.iter().map(grant).collect(),
        };
        let (store, now) = (self.app.inner.store.clone(), self.app.now());
        let added = tokio::task::spawn_blocking(move || staff::add(&store, new, PASSWORD, now));
        added.await.unwrap().unwrap();
        let new = self.app.sign_in(login, PASSWORD, "").await.unwrap();
        format!("staff_session={}", &*new.cookie)
    }

    pub(super) async fn status(&self, path: &str, cookie: &str) -> StatusCode {
        let asked = self.get(path).header(header::COOKIE, cookie);
        asked.send().await.unwrap().status()
    }
}

#[tokio::test]
async fn every_kind_that_somebody_sees_is_reached_from_one_of_the_lines() {
    let hall = Hall::open().await;
    let (_, cookie) = hall.sign_in(PASSWORD).await;
    let start = hall.page("/staff", &cookie).await;
    let index = hall.page("/staff/lines", &cookie).await;
    let mut pages = String::new();
    for line in domain::case::ServiceLine::ALL {
        let path = format!("/staff/lines/{}", line.word());
        assert!(start.contains(&path) && index.contains(&path), "{path}");
        pages += &hall.page(&path, &cookie).await;
    }
    let roles: BTreeSet<StaffRole> = ROLES.into();
    let kinds = hall.app.inner.cases.kinds().clone();
    let seen = kinds
        .all()
        .filter(|kind| super::super::records::may_see(kind, &roles));
    let lost = seen.filter(|kind| !pages.contains(&format!("href=\"/staff/records/{}\"", kind.id)));
    let lost: Vec<_> = lost.map(|kind| kind.id.clone()).collect();
    assert_eq!(lost, []);
    assert_eq!(
        hall.status("/staff/lines/weather", &cookie).await,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_number_on_a_page_leads_to_as_many_records() {
    let hall = Hall::open().await;
    let item = |days: i64| {
        let on = UtcMs(NOW.0 + days * DAY_MS).hall_date();
        values([
            ("matter", text("样例督办事项")),
            ("due_on", Value::Date(on)),
        ])
    };
    for days in [1, 2, 3, 5, 20] {
        hall.bring_in("supervision_item", "YH-C", item(days)).await;
    }
    // a Thursday
    hall.clock.store(NOW.0 + 3 * DAY_MS, Ordering::SeqCst);
    let office = hall.somebody("office", &[(StaffRole::Office, "")]).await;
    let line = "/staff/lines/administration";
    let page = hall.page(line, &office).await;
    assert!(page.contains("督办"), "{page}");
    for (when, count) in [("late", 2), ("today", 1), ("week", 1)] {
        let due = hall
            .page(&format!("{line}/due?when={when}&group=documents"), &office)
            .await;
        assert_eq!(due.matches("SUPERVISION_ITEM-").count(), count, "{when}");
        let words = format!("件\">{count}</a>");
        assert!(page.contains(&words), "{when}: {page}");
    }
    // who sees nothing of the line sees no number of it either
    let nobody = hall
        .somebody("inspector", &[(StaffRole::Inspector, "")])
        .await;
    let due = hall.page(&format!("{line}/due?when=late"), &nobody).await;
    assert!(!due.contains("SUPERVISION_ITEM-"));
}

#[tokio::test]
async fn a_call_that_is_due_says_whom_to_call_and_how_it_went_before() {
    let hall = Hall::open().await;
    let (_, cookie) = hall.sign_in(PASSWORD).await;
    let path = "/staff/lines/startup/collection";
    assert!(hall.page(path, &cookie).await.contains("现在没有要催的"));
    let loan = hall
        .bring_in("loan_application", "YH-C", Values::new())
        .await;
    let mut calls = Vec::new();
    for (stage, days) in [("T30", -1), ("T7", 1)] {
        let on = UtcMs(NOW.0 + days * DAY_MS).hall_date();
        let call = values([
            ("loan_id", Value::Record(loan)),
            ("stage", Value::Choice(stage.into())),
            ("due_on", Value::Date(on)),
        ]);
        calls.push(hall.bring_in("loan_collection", "YH-C", call).await);
    }
    hall.app.inner.cases.tick(hall.app.now()).await.unwrap();
    let page = hall.page(path, &cookie).await;
    assert!(page.contains("漏打，要补") && page.contains("没有登记借款人"));
    let draft = values([
        ("result", Value::Choice("promised".into())),
        ("evidence", text("录音 0011")),
        ("promised_on", Value::Date(NOW.hall_date())),
    ]);
    let clerk = actor(Some(7), StaffRole::Clerk);
    hall.act_as(calls[0], step("call", draft), clerk)
        .await
        .unwrap();
    let page = hall.page(path, &cookie).await;
    assert!(page.contains("到期前一个月：答应还款"), "{page}");
    assert!(!page.contains("漏打，要补"));
    assert!(hall.acts(staff::acts::READ_PERSONAL.word()).await > 0);
}

/// A class that has begun, as its own steps make it one.
pub(super) async fn running_class(hall: &Hall) -> RecordId {
    let ok = || Value::Choice("ok".into());
    let class = values([
        ("class_no", text("2026-第12期")),
        ("occ_code", text("6-06-01-01")),
        ("class_type", Value::Choice("skill".into())),
        ("start_on", Value::Date(UtcMs(NOW.0 + DAY_MS).hall_date())),
        (
            "end_on",
            Value::Date(UtcMs(NOW.0 + 30 * DAY_MS).hall_date()),
        ),
        ("opening_check_trainees", ok()),
        ("opening_check_institution", ok()),
        ("opening_check_teachers", ok()),
        ("opening_check_hours", ok()),
        ("opening_check_schedule", ok()),
    ]);
    let class = hall.bring_in("training_class", "YH-C", class).await;
    for (transition, who, role) in [
        ("check", Some(21), StaffRole::Clerk),
        ("approve", Some(22), StaffRole::Chief),
        ("begin", None, StaffRole::System),
    ] {
        let by = actor(who, role);
        hall.act_as(class, step(transition, Values::new()), by)
            .await
            .unwrap();
    }
    class
}

/// An inspection of a class today that has taken place.
pub(super) async fn inspection(hall: &Hall, class: RecordId) {
    let inspection = values([
        ("class_id", Value::Record(class)),
        ("at", Value::Moment(NOW)),
    ]);
    let inspection = hall.bring_in("class_inspection", "YH-C", inspection).await;
    let inspector = actor(Some(23), StaffRole::Inspector);
    let photo = Command::Attach(Attachment {
        doc_type: "photos".into(),
        sha256: "00".repeat(32),
        mime: "image/jpeg".into(),
        pages: 1,
        bytes: 1,
        at: NOW,
        by: StaffId(Uuid::from_u128(23)),
    });
    hall.act_as(inspection, photo, inspector.clone())
        .await
        .unwrap();
    let inspect = step("inspect", Values::new());
    hall.act_as(inspection, inspect, inspector).await.unwrap();
}

#[tokio::test]
async fn a_class_that_nobody_inspected_is_named_in_words_until_somebody_has() {
    let hall = Hall::open().await;
    let (_, cookie) = hall.sign_in(PASSWORD).await;
    let path = "/staff/lines/training/inspections";
    assert!(hall.page(path, &cookie).await.contains("今年还没有开班"));
    let class = running_class(&hall).await;
    let page = hall.page(path, &cookie).await;
    assert!(page.contains("还没巡查够，要在结业前去"), "{page}");
    inspection(&hall, class).await;
    let page = hall.page(path, &cookie).await;
    assert!(page.contains("已巡查") && !page.contains("还没巡查够"));
}
