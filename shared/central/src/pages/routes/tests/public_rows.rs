//! What citizens read at a kiosk: from the record that a person published to the row of the feed, and
//! from its end to the tombstone. After each story a rebuild must leave every row as it is.

use domain::case::{Channel, Command, Role as StaffRole, Value, Values};
use domain::id::{KindId, ProposalId, RecordId, StaffId};
use domain::money::Fen;
use domain::parameter::{
    ParameterChange, ParameterEntry, ParameterKey, ParameterProposal, ParameterValue,
};
use wire::api::{FeedRow, Topic};
use wire::event::ParameterConfirmed;
use wire::public::{
    Announcement, GigJob, GuideItem, ParameterNow, PolicyStanding, PolicyText, StationInfo,
};

use super::lines::{actor, station, step, text, values};
use super::*;
use crate::cases::NewCase;
use crate::store::{FeedAnswer, FeedDialect, FeedQuery};

const HOUR_MINUTES: i64 = 60;
const DAY_MINUTES: i64 = 24 * HOUR_MINUTES;

fn choice(code: &str) -> Value {
    Value::Choice(code.to_owned())
}

fn list(texts: &[&str]) -> Value {
    Value::List(texts.iter().map(|one| text(one)).collect())
}

fn day(on: &str) -> Value {
    Value::Date(on.parse().unwrap())
}

impl Hall {
    async fn written(&self, kind: &str, values: Values, role: StaffRole) -> RecordId {
        let new = NewCase {
            kind: KindId::new(kind).unwrap(),
            channel: Channel::Window,
            station: station("YH-C"),
            person: None,
            employer: None,
            values,
            corrects: None,
        };
        let (by, now) = (actor(Some(811), role), self.app.now());
        self.app.inner.cases.open(new, by, now).await.unwrap()
    }

    async fn did(&self, record: RecordId, what: &str, role: StaffRole, draft: Values) {
        let who = match role {
            StaffRole::Chief | StaffRole::Reviewer => 812,
            _ => 811,
        };
        let by = actor(Some(who), role);
        self.act_as(record, step(what, draft), by).await.unwrap();
    }

    /// The rows of a topic with their positions, also tombstones.
    async fn all_rows(&self) -> Vec<FeedRow> {
        let query = FeedQuery {
            device: DeviceId(Uuid::from_u128(9)),
            hall: hall_id(),
            topics: Topic::PUBLIC.to_vec(),
            after: 0,
            limit: 100,
            now: self.app.now(),
            snapshot: None,
            reads: FeedDialect::Rows,
        };
        let store = &self.app.inner.store;
        let read = store.read(move |reader| reader.feed_page(&query)).await;
        let FeedAnswer::Page(page) = read.unwrap() else {
            panic!("a cursor at the beginning is never too old");
        };
        page.rows
    }

    async fn is_the_same_after_a_rebuild(&self) {
        let before = self.all_rows().await;
        assert!(!before.is_empty());
        self.app
            .inner
            .store
            .write(|write| write.rebuild())
            .await
            .unwrap();
        assert_eq!(self.all_rows().await, before);
    }

    async fn pass(&self, minutes: i64) {
        let later = self.app.now().plus_minutes(minutes);
        self.clock.store(later.0, Ordering::SeqCst);
        self.app.inner.cases.tick(later).await.unwrap();
    }
}

/// A matter that was approved and entered, not published yet.
async fn entered(hall: &Hall) -> RecordId {
    let office = StaffRole::Office;
    let matter = values([
        ("item_code", text("GX-01")),
        ("name", text("失业登记")),
        ("basis", text("试规〔2026〕1 号")),
        ("conditions", text("没有工作。\n\n想工作。")),
        ("materials", list(&["身份证，原件"])),
        ("days", Value::Integer(0)),
        ("fee", Value::Money(Fen(0))),
        ("audience", list(&["失业人员"])),
        ("tel", text("0701-0000001")),
        ("rev", Value::Integer(1)),
    ]);
    let item = hall.written("service_item", matter, office).await;
    let none = Values::new();
    hall.did(item, "approve", StaffRole::Chief, none).await;
    let receipt = values([("receipt", text("样例回执"))]);
    hall.did(item, "enter", office, receipt).await;
    item
}

async fn guide(hall: &Hall) -> Vec<GuideItem> {
    hall.told(hall_id(), Topic::Guide).await
}

#[tokio::test]
async fn a_matter_is_in_the_guide_from_its_publication_to_its_withdrawal() {
    let hall = Hall::open().await;
    let office = StaffRole::Office;
    let item = entered(&hall).await;
    assert!(guide(&hall).await.is_empty(), "not before it is published");
    hall.did(item, "publish", office, Values::new()).await;
    let topic = values([
        ("topic_code", text("A-1")),
        ("name", text("就业登记、失业登记")),
        ("queue", choice("A")),
        ("dept", choice("employment")),
        ("kpi_line", choice("employment")),
        ("service_item_id", Value::Record(item)),
        ("materials", list(&["身份证，原件", "解除合同的证明"])),
        ("active", Value::Boolean(true)),
    ]);
    hall.written("service_topic", topic, office).await;
    let told = guide(&hall).await;
    let [guide_item] = told.as_slice() else {
        panic!("the topic is told with its matter: {told:?}");
    };
    assert_eq!(guide_item.conditions, ["没有工作。", "想工作。"]);
    assert_eq!(guide_item.materials, ["身份证，原件", "解除合同的证明"]);
    assert_eq!(guide_item.group, Some("A".parse().unwrap()));
    assert_eq!(guide_item.phone.as_deref(), Some("0701-0000001"));
    let withdraw = Command::because("withdraw", "不办了");
    let chief = actor(Some(812), StaffRole::Chief);
    hall.act_as(item, withdraw, chief).await.unwrap();
    let told = guide(&hall).await;
    assert!(told.is_empty(), "{told:?}");
    hall.is_the_same_after_a_rebuild().await;
}

#[tokio::test]
async fn a_change_is_told_when_it_is_published_and_not_before() {
    let hall = Hall::open().await;
    let office = StaffRole::Office;
    let item = entered(&hall).await;
    hall.did(item, "publish", office, Values::new()).await;
    let mut change = Command::because("change", "换条件");
    if let Command::Move { draft, .. } = &mut change {
        draft.insert("conditions".to_owned(), Some(text("改过的条件。")));
        draft.insert("rev".to_owned(), Some(Value::Integer(2)));
    }
    let by = actor(Some(811), office);
    hall.act_as(item, change, by).await.unwrap();
    assert_eq!(guide(&hall).await[0].conditions, ["没有工作。", "想工作。"]);
    let none = Values::new();
    hall.did(item, "approve_change", StaffRole::Chief, none)
        .await;
    let receipt = values([("receipt", text("样例回执二"))]);
    hall.did(item, "enter", office, receipt).await;
    hall.did(item, "publish", office, Values::new()).await;
    assert_eq!(guide(&hall).await[0].conditions, ["改过的条件。"]);
    hall.is_the_same_after_a_rebuild().await;
}

#[tokio::test]
async fn a_publicity_list_is_told_masked_and_is_gone_after_its_last_day() {
    let hall = Hall::open().await;
    let line = "测*甲，9999**********0016，1,000.00 元";
    let notice = values([
        ("batch_no", text("2026-3")),
        ("title", text("2026 年第三批求职补贴公示")),
        ("type", choice("subsidy")),
        ("items", list(&[line])),
        ("body", text("公示五个工作日。\n有异议请打监督电话。")),
        ("from_on", day("2026-11-23")),
        ("to_on", day("2026-12-01")),
        ("channels", Value::List(vec![choice("kiosk")])),
        ("tel", text("0701-0000002")),
    ]);
    let record = hall
        .written("publicity_notice", notice, StaffRole::Clerk)
        .await;
    let told: Vec<Announcement> = hall.told(hall_id(), Topic::Announcement).await;
    assert!(told.is_empty(), "only a chief puts it on show");
    hall.did(record, "show", StaffRole::Chief, Values::new())
        .await;
    let told: Vec<Announcement> = hall.told(hall_id(), Topic::Announcement).await;
    assert_eq!(told[0].lines, [line]);
    assert_eq!(told[0].category, "补贴");
    assert_eq!(told[0].objection_phone, "0701-0000002");
    let rows = hall.all_rows().await;
    let over = UtcMs::start_of("2026-12-02".parse().unwrap());
    assert_eq!(
        rows[0].expires,
        Some(over),
        "it goes though nobody does anything"
    );
    hall.is_the_same_after_a_rebuild().await;
    hall.pass(9 * DAY_MINUTES).await;
    let told: Vec<Announcement> = hall.told(hall_id(), Topic::Announcement).await;
    assert!(told.is_empty(), "{told:?}");
    hall.is_the_same_after_a_rebuild().await;
}

#[tokio::test]
async fn a_list_that_is_not_for_kiosks_is_told_to_none() {
    let hall = Hall::open().await;
    let notice = values([
        ("batch_no", text("2026-4")),
        ("title", text("只上信息栏的公示")),
        ("type", choice("other")),
        ("items", list(&["测*乙"])),
        ("body", text("只贴在信息栏的一份公示名单。")),
        ("from_on", day("2026-11-23")),
        ("to_on", day("2026-12-01")),
        ("channels", Value::List(vec![choice("board")])),
        ("tel", text("0701-0000002")),
    ]);
    let record = hall
        .written("publicity_notice", notice, StaffRole::Clerk)
        .await;
    hall.did(record, "show", StaffRole::Chief, Values::new())
        .await;
    assert!(hall.all_rows().await.is_empty());
}

#[tokio::test]
async fn a_station_is_told_as_it_is_registered_and_gone_when_it_is_closed() {
    let hall = Hall::open().await;
    let house = values([
        ("station_no", text("YH-J01")),
        ("name", text("澄桥就业之家")),
        ("kind", choice("extend")),
        ("is_gig", Value::Boolean(false)),
        ("street", text("江边街道")),
        ("place", text("示例路 8 号")),
        ("geo", text("117.034,28.239")),
        ("tel", text("0701-0000003")),
        ("hours", text("周一至周五 9:00–17:00")),
    ]);
    let record = hall.written("station", house, StaffRole::Office).await;
    let told: Vec<StationInfo> = hall.told(hall_id(), Topic::Station).await;
    assert_eq!(told[0].hours.as_deref(), Some("周一至周五 9:00–17:00"));
    assert_eq!(
        told[0].point.map(|point| point.longitude_e6),
        Some(117_034_000)
    );
    let close = Command::because("close", "搬走了");
    let chief = actor(Some(812), StaffRole::Chief);
    hall.act_as(record, close, chief).await.unwrap();
    let told: Vec<StationInfo> = hall.told(hall_id(), Topic::Station).await;
    assert!(told.is_empty(), "{told:?}");
    hall.is_the_same_after_a_rebuild().await;
}

#[tokio::test]
async fn gig_work_is_told_until_it_is_taken_or_over() {
    let hall = Hall::open().await;
    let name = "示例搬运有限公司";
    let employer = hall
        .bring_in("employer", "YH-C", values([("org_name", text(name))]))
        .await;
    let now = hall.app.now();
    let job = |work: &str| {
        values([
            ("employer_ref", Value::Record(employer)),
            ("occ", text(work)),
            ("from_at", Value::Moment(now.plus_minutes(HOUR_MINUTES))),
            ("to_at", Value::Moment(now.plus_minutes(5 * HOUR_MINUTES))),
            ("pay_type", choice("day")),
            ("pay", Value::Money(Fen(16_000))),
            ("settlement", choice("daily")),
            ("headcount", Value::Integer(2)),
            ("place", text("江边街道示例路 9 号")),
            ("insured", Value::Boolean(true)),
        ])
    };
    let taken = hall.written("gig_job", job("搬运"), StaffRole::Clerk).await;
    let left = hall.written("gig_job", job("保洁"), StaffRole::Clerk).await;
    assert!(
        hall.all_rows().await.is_empty(),
        "not before somebody has looked at it"
    );
    for record in [taken, left] {
        hall.did(record, "post", StaffRole::Reviewer, Values::new())
            .await;
    }
    let told: Vec<GigJob> = hall.told(hall_id(), Topic::GigJob).await;
    assert_eq!(told.len(), 2);
    assert_eq!(told[0].employer.as_deref(), Some(name));
    assert_eq!(told[0].settlement, "日结");
    assert!(told[0].is_today(now));
    hall.did(taken, "match", StaffRole::Clerk, Values::new())
        .await;
    let told: Vec<GigJob> = hall.told(hall_id(), Topic::GigJob).await;
    assert_eq!(
        told.iter().map(|job| job.work.as_str()).collect::<Vec<_>>(),
        ["保洁"]
    );
    hall.is_the_same_after_a_rebuild().await;
    hall.pass(6 * HOUR_MINUTES).await;
    let told: Vec<GigJob> = hall.told(hall_id(), Topic::GigJob).await;
    assert!(told.is_empty(), "the work is over: {told:?}");
}

#[tokio::test]
async fn a_policy_is_told_with_its_text_and_stays_as_repealed() {
    let hall = Hall::open().await;
    let policy = |title: &str| {
        values([
            ("title", text(title)),
            ("doc_no", text(&format!("试规〔2026〕{title}"))),
            ("level", choice("district")),
            ("effective_from", day("2026-01-01")),
            ("topic", choice("startup")),
            ("audience", list(&["毕业生"])),
            ("summary", list(&["谁能领：试验的人", "没有冒号的一行"])),
            ("queue", choice("B")),
            (
                "body",
                text("一、第一段的内容在这里。\n\n二、第二段的内容在这里。"),
            ),
        ])
    };
    let mut records = Vec::new();
    for title in ["试验办法一", "试验办法二"] {
        let record = hall
            .written("policy_document", policy(title), StaffRole::Clerk)
            .await;
        let original =
            crate::synthetic::paper("original", StaffId(Uuid::from_u128(811)), hall.app.now());
        let by = actor(Some(811), StaffRole::Clerk);
        hall.act_as(record, Command::Attach(original), by)
            .await
            .unwrap();
        hall.did(record, "approve", StaffRole::Chief, Values::new())
            .await;
        hall.did(record, "shelve", StaffRole::Clerk, Values::new())
            .await;
        records.push(record);
    }
    let told: Vec<PolicyText> = hall.told(hall_id(), Topic::Policy).await;
    assert_eq!(told[0].text.len(), 2);
    assert_eq!(
        (told[0].topic.as_str(), told[0].level.as_str()),
        ("创业", "区")
    );
    assert_eq!(told[0].summary.len(), 1);
    let newer = values([("superseded_by", Value::Record(records[1]))]);
    hall.did(records[0], "supersede", StaffRole::Clerk, newer)
        .await;
    let told: Vec<PolicyText> = hall.told(hall_id(), Topic::Policy).await;
    let today = hall.app.now().hall_date();
    let old = told
        .iter()
        .find(|policy| policy.title == "试验办法一")
        .unwrap();
    assert_eq!(
        old.standing_on(today),
        PolicyStanding::Ended { since: today }
    );
    assert_eq!(old.replaced_by.as_deref(), Some("试验办法二"));
    let new = told
        .iter()
        .find(|policy| policy.title == "试验办法二")
        .unwrap();
    assert_eq!(new.standing_on(today), PolicyStanding::InForce);
    hall.is_the_same_after_a_rebuild().await;
}

#[tokio::test]
async fn a_changed_number_of_the_self_check_is_told_to_kiosks_and_no_other_one() {
    let hall = Hall::open().await;
    let change = |key: &str, number: u128| ParameterProposal {
        proposal: ProposalId(Uuid::from_u128(number)),
        change: ParameterChange::Set(ParameterEntry {
            key: ParameterKey::of_district(key),
            name: "试验".to_owned(),
            value: ParameterValue::Whole(200_000),
            unit: "分/人".to_owned(),
            effective_from: "2027-01-01".parse().unwrap(),
            effective_to: None,
            source: "试〔2026〕9 号".to_owned(),
        }),
        by: StaffId(Uuid::from_u128(811)),
    };
    let now = hall.app.now();
    let changes = [change("expand.amount", 1), change("ticket.call_times", 2)];
    let entered = hall.app.inner.store.write(move |write| {
        for proposed in changes {
            let confirmed = ParameterConfirmed {
                proposal: proposed.proposal,
                by: StaffId(Uuid::from_u128(812)),
            };
            write.append(&Event::ParameterProposed(proposed), now)?;
            write.append(&Event::ParameterConfirmed(confirmed), now)?;
        }
        Ok(())
    });
    entered.await.unwrap();
    let told: Vec<ParameterNow> = hall.told(hall_id(), Topic::Parameter).await;
    let [amount] = told.as_slice() else {
        panic!("only what the self-check asks for: {told:?}");
    };
    assert_eq!(amount.key.key, "expand.amount");
    let values: Vec<_> = amount.entries.iter().map(|entry| &entry.value).collect();
    let expected = [
        ParameterValue::Whole(150_000),
        ParameterValue::Whole(200_000),
    ];
    assert_eq!(
        values,
        expected.iter().collect::<Vec<_>>(),
        "with the program's own"
    );
    hall.is_the_same_after_a_rebuild().await;
}
