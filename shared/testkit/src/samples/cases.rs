//! Invented records as they cross the wire.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use domain::case::{
    Act, Attachment, CaseAttached, CaseChanged, CaseDetached, CaseHandedOver, CaseLinked,
    CaseMoved, CaseNo, CaseOpened, Channel, Decimal, Due, Effect, KindHash, LinkKind, Role, Value,
    Values,
};
use domain::id::{KindId, PersonId, RecordId, StaffId, StationCode};
use domain::money::Fen;
use wire::event::{Event, KindPublished};

use super::{AT, id};

fn kind() -> KindId {
    KindId::new("vacancy").expect("a kind, because it is in lower snake case")
}

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, day).expect("a day, because November has 30")
}

fn act(transition: &str, from: &str, to: &str) -> Act {
    Act {
        transition: transition.into(),
        from: from.into(),
        to: to.into(),
        by: Some(StaffId(id(7))),
        role: Role::Clerk,
        deputy_of: None,
        at: AT,
        reason: String::new(),
    }
}

/// One of every type.
fn values() -> Values {
    BTreeMap::from([
        ("title".into(), Value::Text("样例岗位".into())),
        ("headcount".into(), Value::Integer(3)),
        ("wage_min".into(), Value::Money(Fen(450_000))),
        (
            "share".into(),
            Value::Decimal(Decimal::read("12.5").expect("a decimal, because it is one")),
        ),
        ("valid_to".into(), Value::Date(day(30))),
        ("seen_at".into(), Value::Moment(AT)),
        ("si_provided".into(), Value::Boolean(true)),
        ("job_form".into(), Value::Choice("fulltime".into())),
        ("employer_id".into(), Value::Record(RecordId(id(21)))),
        ("clerk_id".into(), Value::Staff(StaffId(id(7)))),
        (
            "skill_req".into(),
            Value::List(vec![Value::Text("焊工".into())]),
        ),
        ("contact".into(), Value::Sealed("sealed".into())),
    ])
}

fn due() -> BTreeMap<String, Due> {
    let due = Due {
        on: day(24),
        remind_on: vec![day(23)],
    };
    BTreeMap::from([("review".into(), due)])
}

/// The events about records.
pub(super) fn events() -> Vec<Event> {
    let mut events = vec![kind_published(), opened(), changed(), moved()];
    events.extend(beside_the_steps());
    events
}

const VERSION: u64 = 2;

fn record() -> RecordId {
    RecordId(id(20))
}

fn clerk() -> Option<StaffId> {
    Some(StaffId(id(7)))
}

fn kind_published() -> Event {
    Event::KindPublished(KindPublished {
        kind: kind(),
        version: 1,
        hash: KindHash("5a".repeat(32)),
        text: "id = \"vacancy\"\n".into(),
    })
}

fn opened() -> Event {
    Event::CaseOpened(Box::new(CaseOpened {
        record: record(),
        case_no: CaseNo("VACANCY-202611-00042".into()),
        kind: kind(),
        kind_hash: KindHash("5a".repeat(32)),
        channel: Channel::Window,
        station: StationCode::new("YH-J01").expect("a station, because it is in capitals"),
        person: Some(PersonId(id(8))),
        employer: Some(RecordId(id(21))),
        owner: clerk(),
        values: values(),
        act: act("open", "", "draft"),
        due: BTreeMap::new(),
    }))
}

fn changed() -> Event {
    Event::CaseChanged(Box::new(CaseChanged {
        record: record(),
        version: VERSION,
        set: values(),
        cleared: BTreeSet::from(["remark".into()]),
        due: due(),
        ended: BTreeSet::from(["draft".into()]),
        by: clerk(),
        role: Role::Clerk,
        at: AT,
        reason: "样例".into(),
    }))
}

fn moved() -> Event {
    Event::CaseMoved(Box::new(CaseMoved {
        record: record(),
        version: VERSION,
        act: act("submit", "draft", "pending"),
        set: BTreeMap::new(),
        cleared: BTreeSet::new(),
        ended: BTreeSet::from(["draft".into()]),
        due: due(),
        deferred: BTreeMap::from([("brochure".into(), day(25))]),
        rule: "样例条款".into(),
        remedy: "样例途径".into(),
        notice: vec!["缺招聘简章".into()],
        is_end: false,
        effects: vec![Effect::PublishListing],
    }))
}

/// Materials, ties and owners.
fn beside_the_steps() -> Vec<Event> {
    let (record, version, at, by) = (record(), VERSION, AT, clerk());
    vec![
        Event::CaseAttached(Box::new(CaseAttached {
            record,
            version,
            attachment: Attachment {
                doc_type: "brochure".into(),
                sha256: "a7".repeat(32),
                mime: "application/pdf".into(),
                pages: 2,
                bytes: 4_096,
                at,
                by: StaffId(id(7)),
            },
        })),
        Event::CaseDetached(CaseDetached {
            record,
            version,
            doc_type: "brochure".into(),
            sha256: "a7".repeat(32),
            by: StaffId(id(7)),
            at,
            reason: "拍糊了".into(),
        }),
        Event::CaseLinked(CaseLinked {
            record,
            version,
            kind: LinkKind::CorrectionOf,
            to: RecordId(id(22)),
            is_undone: false,
            by,
            at,
        }),
        Event::CaseHandedOver(CaseHandedOver {
            record,
            version,
            to: StaffId(id(9)),
            by,
            at,
            reason: "调岗".into(),
        }),
    ]
}
