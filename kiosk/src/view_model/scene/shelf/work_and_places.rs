//! Service stations and today's gig work.

use domain::id::GroupCode;
use domain::time::{UtcMs, month_day_text};
use wire::public::{GigJob, GigPay, StationInfo};

use super::{choice, entry, gone, nothing, open};
use crate::app::facts::HallFacts;
use crate::app::flow::{Act, Shelf, TicketFor};
use crate::view_model::scene::{Choice, ChooseScene, Offer, ReadScene, Scene};

const STATIONS: &str = "服务网点";
const GIG_JOBS: &str = "今天的零工";
/// Gig work belongs to employment (kiosk-flows §3).
const GIG_GROUP: char = 'A';

/// All stations.
pub(super) fn stations(facts: &HallFacts) -> Scene {
    let stations = facts.shelf().stations();
    if stations.is_empty() {
        let text = "网点的地址和电话还没有放上来。请叫人问一问。".to_owned();
        let acts = vec![
            Offer::other("好了，回首页", Act::Home),
            Offer::primary("叫人问一问", Act::AskPerson),
        ];
        return nothing(STATIONS, "现在看不到网点", text, acts);
    }
    Scene::Choose(ChooseScene {
        title: STATIONS.into(),
        note: format!("一共 {} 个网点，就近去办。", stations.len()),
        choices: stations.into_iter().map(station_row).collect(),
        acts: vec![Offer::primary("按街道名找", Act::OpenKeypad)],
        ..ChooseScene::default()
    })
}

fn station_row(station: &StationInfo) -> Choice {
    let what = if station.is_main {
        "中心"
    } else {
        station.street.as_str()
    };
    Choice {
        count: if station.is_gig {
            "有零工".into()
        } else {
            String::new()
        },
        ..choice(&station.name, what, Shelf::Station(station.id.clone()))
    }
}

/// One station.
pub(super) fn station(id: &str, facts: &HallFacts) -> Scene {
    let Some(station) = facts.shelf().station(id) else {
        return gone(STATIONS);
    };
    let unknown = "还没登记，请打电话问";
    let mut entries = vec![
        entry("地址", station.address.as_deref().unwrap_or(unknown)),
        entry("电话", station.phone.as_str()),
        entry("开门", station.hours.as_deref().unwrap_or(unknown)),
        entry("街道", station.street.as_str()),
    ];
    if station.is_gig {
        entries.push(entry("零工", "这里给找零工的人派活"));
    }
    entries.retain(|entry| !entry.text.is_empty());
    Scene::Read(ReadScene {
        page_title: STATIONS,
        title: station.name.clone(),
        entries,
        acts: vec![Offer::primary("叫人帮我指路", Act::AskPerson)],
        ..ReadScene::default()
    })
}

/// Today's gig work.
pub(super) fn gig_jobs(facts: &HallFacts, now: UtcMs) -> Scene {
    let jobs = facts.shelf().gig_jobs(now);
    if jobs.is_empty() {
        let text = "零工一般早上放出来。您可以先看看别的工作，或者到有零工的网点等。".to_owned();
        let acts = vec![
            Offer::other("看有零工的网点", open(Shelf::Stations)),
            Offer::primary("找别的工作", Act::FindJobs),
        ];
        return nothing(GIG_JOBS, "今天还没有零工", text, acts);
    }
    let row = |job: &&GigJob| Choice {
        count: pay(job),
        ..choice(&job.work, &hours(job, now), Shelf::GigJob(job.id.clone()))
    };
    Scene::Choose(ChooseScene {
        title: GIG_JOBS.into(),
        note: "点一个，看在哪干、怎么给钱。".into(),
        choices: jobs.iter().map(row).collect(),
        acts: vec![Offer::other("找别的工作", Act::FindJobs)],
        ..ChooseScene::default()
    })
}

/// One of it.
pub(super) fn gig_job(id: &str, facts: &HallFacts, now: UtcMs) -> Scene {
    let shown = facts
        .shelf()
        .gig_jobs(now)
        .into_iter()
        .find(|it| it.id == id);
    let Some(job) = shown else {
        return gone(GIG_JOBS);
    };
    let insured = if job.is_insured {
        "单位给买意外险"
    } else {
        "没说买不买，问清楚再去"
    };
    let mut entries = vec![
        entry("时间", hours(job, now)),
        entry("工钱", pay(job)),
        entry("给钱", job.settlement.as_str()),
        entry("地点", job.place.as_deref().unwrap_or("到窗口问")),
        entry("要几人", format!("{} 人", job.headcount)),
        entry("谁用工", job.employer.as_deref().unwrap_or("个人")),
        entry("保险", insured),
    ];
    entries.retain(|entry| !entry.text.is_empty());
    let group = GroupCode::new(GIG_GROUP).ok();
    let known = group.filter(|group| facts.groups().any(|(code, _)| code == *group));
    let wanted = TicketFor {
        group: known,
        matter: Some(format!("零工 {}", job.work)),
    };
    Scene::Read(ReadScene {
        page_title: GIG_JOBS,
        title: job.work.clone(),
        under: "去之前先到窗口登记，别交押金。".into(),
        entries,
        acts: vec![
            Offer::other("叫人来说说", Act::AskPerson),
            Offer::primary("取号去报名", Act::TakeTicket(wanted)),
        ],
        ..ReadScene::default()
    })
}

fn pay(job: &GigJob) -> String {
    match job.pay_by {
        GigPay::Hour => format!("每小时 {} 元", job.pay),
        GigPay::Day => format!("每天 {} 元", job.pay),
        GigPay::Piece => format!("每件 {} 元", job.pay),
    }
}

fn hours(job: &GigJob, now: UtcMs) -> String {
    let (from, until) = (job.from.hall_date(), job.until.hall_date());
    let clock = format!("{}–{}", job.from.clock_text(), job.until.clock_text());
    if from == until {
        return clock;
    }
    let first = if from == now.hall_date() {
        "今天".to_owned()
    } else {
        month_day_text(from)
    };
    format!("{first}到{}，{clock}", month_day_text(until))
}
