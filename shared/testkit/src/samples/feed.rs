//! Rows of the feed: one of every topic, and a tombstone.

use domain::id::{DeviceId, ListingId, ShortId};
use domain::listing::{Education, Experience, Headcount, JobForm, Listing};
use domain::money::Fen;
use domain::parameter::{ParameterEntry, ParameterKey, ParameterValue};
use domain::pay::{MonthlyPay, Pay, PayAmount, PayUnit, UnitBasis};
use domain::place::Place;
use domain::queue::WaitEstimate;
use serde_json::to_string;
use wire::api::{
    CallNow, DeviceNow, FeedPage, FeedRow, GroupQueue, HallInfo, Notice, NoticeKind, NoticeRow,
    Topic, WindowNow, WindowState,
};
use wire::public::{
    Announcement, GeoPoint, GigJob, GigPay, GuideItem, ParameterNow, PolicyText, StationInfo,
    SummaryRow, TimeLimit,
};

use super::events::{group, label, layout, ticket, window};
use super::{AT, day, id};

pub(super) fn notice() -> Notice {
    Notice {
        id: "shebao-butie".to_owned(),
        kind: NoticeKind::Policy,
        title: "灵活就业社保补贴".to_owned(),
        board_pages: vec!["灵活就业社保补贴开始申报".to_owned()],
        rows: vec![NoticeRow {
            label: "谁能领".to_owned(),
            text: "就业困难人员、离校 2 年内未就业的毕业生".to_owned(),
        }],
        document_no: Some("人社发〔2026〕8号".to_owned()),
        valid_from: day().0,
        valid_to: None,
        board: None,
    }
}

fn listing() -> Listing {
    let listing = ListingId(id(6));
    let (low, high) = (Fen(500_000), Fen(800_000));
    Listing {
        id: listing,
        short_id: ShortId::of(listing),
        title: "电工".to_owned(),
        employer: Some("东方机械厂".to_owned()),
        place: Place::parse("东莞市·南城街道"),
        pay: Some(Pay {
            amount: PayAmount::Range { low, high },
            unit: PayUnit::Month,
            basis: UnitBasis::Stated,
            months_per_year: Some(13),
        }),
        pay_text: Some("5000-8000元/月".to_owned()),
        monthly: MonthlyPay {
            low: Some(low),
            high: Some(high),
        },
        education: Some(Education::SeniorMiddle),
        experience: Some(Experience::Years {
            from: 1,
            to: Some(3),
        }),
        headcount: Some(Headcount::Exactly { people: 2 }),
        job_form: Some(JobForm::FullTime),
        industry: None,
        description: Some("持低压电工证。".to_owned()),
        posted_on: Some(day().0),
        publication_order: 17,
        published_on: day().0,
        valid_to: day().0,
    }
}

fn hall_info() -> HallInfo {
    HallInfo {
        station_name: "城西公共就业服务站".to_owned(),
        layout: layout(),
        day: day(),
        is_demo: false,
        emergency: None,
        boards_cleared: None,
    }
}

fn group_queue() -> GroupQueue {
    GroupQueue {
        group: group(),
        waiting: 4,
        wait: WaitEstimate::Between { low: 5, high: 12 },
        windows: vec![window()],
        next: vec![label()],
    }
}

fn window_now() -> WindowNow {
    WindowNow {
        window: window(),
        is_open: true,
        clerk_no: Some("017".to_owned()),
        state: WindowState::Finished {
            ticket: ticket(),
            label: label(),
            group_name: "求职登记".to_owned(),
            until: AT,
        },
    }
}

fn call_now() -> CallNow {
    CallNow {
        ticket: ticket(),
        label: label(),
        window: window(),
        times: 1,
        at: AT,
    }
}

fn guide_item() -> GuideItem {
    GuideItem {
        id: id(20).to_string(),
        name: "就业困难人员认定".to_owned(),
        audience: vec!["失业人员".to_owned()],
        conditions: vec!["在法定劳动年龄内，已经办理失业登记。".to_owned()],
        materials: vec!["身份证，原件".to_owned()],
        time_limit: TimeLimit::Workdays { days: 15 },
        fee: Fen(0),
        basis: vec!["试人社规〔2026〕3 号".to_owned()],
        group: Some(group()),
        phone: Some("0701-0000001".to_owned()),
        as_of: day().0,
    }
}

fn announcement() -> Announcement {
    Announcement {
        id: id(21).to_string(),
        title: "2026 年第三批求职补贴公示".to_owned(),
        category: "补贴".to_owned(),
        text: vec!["公示五个工作日，有异议请打监督电话。".to_owned()],
        lines: vec!["测*甲，3310****，1000 元".to_owned()],
        from: day().0,
        until: day().0,
        objection_phone: "0701-0000002".to_owned(),
        is_corrected: false,
    }
}

fn station() -> StationInfo {
    StationInfo {
        id: id(22).to_string(),
        number: "YH-J01".to_owned(),
        name: "城西就业之家".to_owned(),
        is_main: false,
        is_gig: true,
        street: "城西街道".to_owned(),
        address: Some("示例路 8 号".to_owned()),
        phone: "0701-0000003".to_owned(),
        hours: Some("周一至周五 8:30–17:30".to_owned()),
        point: Some(GeoPoint {
            longitude_e6: 117_034_000,
            latitude_e6: 28_239_000,
        }),
    }
}

fn gig_job() -> GigJob {
    GigJob {
        id: id(23).to_string(),
        number: "GIG_JOB-202611-00042".to_owned(),
        work: "搬运".to_owned(),
        from: AT,
        until: AT.plus_minutes(240),
        pay_by: GigPay::Hour,
        pay: Fen(2_500),
        settlement: "日结".to_owned(),
        headcount: 3,
        place: Some("城西街道示例路 9 号".to_owned()),
        employer: None,
        is_insured: true,
    }
}

fn policy_text() -> PolicyText {
    PolicyText {
        id: id(24).to_string(),
        title: "灵活就业社保补贴办法".to_owned(),
        document_no: "试人社规〔2026〕8 号".to_owned(),
        level: "区".to_owned(),
        topic: "补贴".to_owned(),
        audience: vec!["就业困难人员".to_owned()],
        summary: vec![SummaryRow {
            label: "谁能领".to_owned(),
            text: "自己交社保的就业困难人员".to_owned(),
        }],
        text: vec!["一、本办法自印发之日起施行。".to_owned()],
        valid_from: day().0,
        valid_to: None,
        repealed_on: None,
        replaced_by: None,
        group: Some(group()),
    }
}

fn parameter_now() -> ParameterNow {
    let key = ParameterKey::of_district("min_wage.month");
    ParameterNow {
        entries: vec![ParameterEntry {
            key: key.clone(),
            name: "月最低工资".to_owned(),
            value: ParameterValue::Whole(187_000),
            unit: "分".to_owned(),
            effective_from: day().0,
            effective_to: None,
            source: "试〔2026〕1 号".to_owned(),
        }],
        key,
    }
}

/// One row of every topic in the order of [`Topic::ALL`], then a tombstone.
#[must_use]
pub fn feed_rows() -> Vec<FeedRow> {
    let body = |topic| match topic {
        Topic::Listing => to_string(&listing()),
        Topic::Notice => to_string(&notice()),
        Topic::Hall => to_string(&hall_info()),
        Topic::Queue => to_string(&group_queue()),
        Topic::Window => to_string(&window_now()),
        Topic::Call => to_string(&call_now()),
        Topic::Device => to_string(&DeviceNow { is_revoked: true }),
        Topic::Guide => to_string(&guide_item()),
        Topic::Announcement => to_string(&announcement()),
        Topic::Station => to_string(&station()),
        Topic::GigJob => to_string(&gig_job()),
        Topic::Policy => to_string(&policy_text()),
        Topic::Parameter => to_string(&parameter_now()),
    };
    let mut rows: Vec<FeedRow> = Topic::ALL
        .into_iter()
        .zip(1..)
        .map(|(topic, position)| FeedRow {
            position,
            topic,
            key: DeviceId(id(8)).to_string(),
            body: Some(body(topic).expect("JSON, because the keys of feed bodies are strings")),
            expires: (topic == Topic::Call).then_some(AT),
        })
        .collect();
    rows.push(FeedRow {
        position: 90,
        topic: Topic::Listing,
        key: id(9).to_string(),
        body: None,
        expires: None,
    });
    rows
}

/// A page of changes with every sample row, and the first page of a snapshot.
#[must_use]
pub fn feed_pages() -> Vec<FeedPage> {
    let changes = FeedPage {
        rows: feed_rows(),
        next_after: 90,
        has_more: true,
        snapshot: None,
    };
    let snapshot = FeedPage {
        snapshot: Some(90),
        ..changes.clone()
    };
    vec![changes, snapshot]
}
