//! What a hall publishes and does, and what of it stands in which zone when.

use domain::id::WindowNo;
use domain::listing::Listing;
use serde_json::{Value, json};

use super::*;
use crate::content::{AreaRect, BoardId};
use crate::page::BoardLayout;
use crate::playlist::{LitHours, ZonePlan};

const CALENDAR: &str = include_str!("../../../assets/calendar/workdays.csv");

fn vacancies() -> Play {
    Play::Vacancies {
        query: VacancyQuery::default(),
        template: None,
    }
}

/// A board of 192 dots across whose zones, 32 high each, play these.
fn board(zones: Vec<Vec<Play>>) -> BoardPlan {
    let height_px = 32 * zones.len() as u16;
    let zone = |(number, plays): (usize, Vec<Play>)| ZonePlan {
        rect: AreaRect {
            x_px: 0,
            y_px: 32 * number as u16,
            width_px: 192,
            height_px: 32,
        },
        takes_calls: false,
        items: plays.into_iter().map(PlayItem::usual).collect(),
    };
    BoardPlan {
        id: BoardId("LED-01".to_owned()),
        layout: BoardLayout {
            width_px: 192,
            height_px,
        },
        window: WindowNo::new(3).ok(),
        takes_calls: true,
        zones: zones.into_iter().enumerate().map(zone).collect(),
        lit: None,
        limit: crate::page::PageLimit::NONE,
    }
}

fn listing(number: u64, title: &str, valid_to: &str) -> Listing {
    serde_json::from_value(json!({
        "id": format!("01890a5d-ac96-774b-bcce-{number:012}"),
        "short_id": "7F3K97F3K9",
        "title": title,
        "employer": "东方机械有限公司",
        "place": {"text": "城西", "city": "城西", "area": null},
        "pay": {
            "amount": {"shape": "range", "low": 500_000, "high": 800_000},
            "unit": "month", "basis": "stated", "months_per_year": null
        },
        "pay_text": null,
        "monthly": {"low": 500_000, "high": 800_000},
        "education": null, "experience": null,
        "headcount": {"kind": "exactly", "people": 3},
        "job_form": "full_time", "industry": null, "description": null,
        "posted_on": null,
        "publication_order": number,
        "published_on": "2026-11-01",
        "valid_to": valid_to,
    }))
    .expect("a listing")
}

fn text(id: &str, content: &str, words: &str, priority: u8) -> Notice {
    with(
        id,
        &json!({"content": content, "text": words, "priority": priority}),
    )
}

fn with(id: &str, play: &Value) -> Notice {
    serde_json::from_value(json!({
        "id": id, "kind": "notice", "title": "标题", "board_pages": [], "rows": [],
        "document_no": null, "valid_from": "2026-11-01", "valid_to": "2026-11-27",
        "board": play,
    }))
    .expect("a notice")
}

fn hall(listings: &[Listing], notices: &[Notice]) -> Hall {
    let listings = listings.iter().map(|one| (one.id.to_string(), one.clone()));
    let notices = notices.iter().map(|one| (one.id.clone(), one.clone()));
    Hall {
        listings: listings.collect(),
        notices: notices.collect(),
        ..Hall::default()
    }
}

fn at(plan: &BoardPlan, hall: &Hall, wall: &str) -> Composition {
    let calendar = WorkCalendar::read(CALENDAR).expect("the shipped calendar");
    let today = Today {
        wall: wall.parse().expect("a moment"),
        calendar: &calendar,
    };
    compose(plan, hall, today)
}

/// A plain Friday morning.
fn now(plan: &BoardPlan, hall: &Hall) -> Composition {
    at(plan, hall, "2026-11-27T09:05:00")
}

fn words_of(pages: &[Page]) -> Vec<String> {
    pages.iter().map(|page| page.content.text()).collect()
}

/// What rotates in a zone.
fn programme(composition: &Composition, zone: usize) -> Vec<String> {
    words_of(&composition.zones[zone].programme)
}

#[test]
fn each_text_plays_in_the_zones_of_its_kind_and_on_its_own_boards() {
    let plan = board(vec![
        vec![Play::Policies],
        vec![Play::Slogans, Play::Publicity],
    ]);
    let elsewhere = with(
        "3",
        &json!({"content": "slogan", "text": "别处", "boards": ["LED-02"], "priority": 5}),
    );
    let here = with(
        "4",
        &json!({"content": "slogan", "text": "这里", "boards": ["LED-01"], "priority": 5}),
    );
    let hall = hall(
        &[],
        &[
            text("1", "policy", "失业保险金", 5),
            text("2", "publicity", "名单公示", 5),
            elsewhere,
            here,
            text("5", "notice", "没有区放通知", 5),
        ],
    );
    let composed = now(&plan, &hall);
    assert_eq!(programme(&composed, 0), ["失业保险金"]);
    assert_eq!(programme(&composed, 1), ["这里", "名单公示"]);
}

#[test]
fn a_text_plays_in_its_part_of_the_day_until_midnight_of_its_last_day() {
    let plan = board(vec![vec![Play::Notices]]);
    let morning = json!({"from": "08:30:00", "until": "12:00:00"});
    let play = json!({"content": "notice", "text": "停电", "priority": 5, "daily": morning});
    let hall = hall(&[listing(1, "电工", "2026-11-27")], &[with("1", &play)]);
    let seen = |wall: &str| programme(&at(&plan, &hall, wall), 0).len();
    assert_eq!(seen("2026-11-27T08:29:59"), 0);
    assert_eq!(seen("2026-11-27T11:59:59"), 1);
    assert_eq!(seen("2026-11-27T12:00:00"), 0);
    assert_eq!(seen("2026-11-28T09:00:00"), 0);
    assert_eq!(seen("2026-10-31T09:00:00"), 0);
    let jobs = board(vec![vec![vacancies()]]);
    let open = |wall: &str| programme(&at(&jobs, &hall, wall), 0).len();
    assert_eq!(
        (open("2026-11-27T23:59:59"), open("2026-11-28T00:00:00")),
        (1, 0)
    );
}

#[test]
fn priority_orders_texts_and_from_eight_on_takes_the_zone() {
    let plan = board(vec![vec![Play::Notices, Play::Clock], vec![Play::Policies]]);
    let hall = hall(
        &[],
        &[
            text("1", "notice", "平常", 0),
            text("2", "notice", "要紧", 7),
            text("3", "notice", "停电", 8),
            text("4", "notice", "停水", 9),
            text("5", "slogan", "没有区放标语", 9),
        ],
    );
    let composed = now(&plan, &hall);
    assert_eq!(
        programme(&composed, 0),
        ["要紧", "09:05\n11月27日 周五", "平常"]
    );
    let notices = words_of(&composed.zones[0].notices);
    assert_eq!(
        notices,
        ["停水", "没有区放标语", "停电"],
        "9 before 8, and the largest zone"
    );
    assert!(composed.zones[1].notices.is_empty());
}

#[test]
fn texts_come_up_between_the_vacancies_and_none_is_lost() {
    let plan = board(vec![vec![vacancies(), Play::Policies, Play::Notices]]);
    let jobs: Vec<Listing> = (1..=7)
        .map(|one| listing(one, "电工", "2026-12-31"))
        .collect();
    let texts = [
        text("1", "policy", "甲", 0),
        text("2", "policy", "乙", 0),
        text("3", "notice", "丙", 0),
    ];
    let seen = programme(&now(&plan, &hall(&jobs, &texts)), 0);
    let place = |word: &str| seen.iter().position(|text| text == word);
    assert_eq!(seen.len(), 10);
    assert_eq!(
        [place("甲"), place("丙"), place("乙")],
        [Some(5), Some(6), Some(9)]
    );
}

#[test]
fn an_approved_template_writes_the_vacancies_and_is_aired_with_them() {
    let plan = board(vec![vec![vacancies()]]);
    let jobs = [listing(1, "电工", "2026-12-31")];
    let roll = |text_of: &str| hall(&jobs, &[text("t", "vacancy_roll", text_of, 5)]);
    let composed = now(&plan, &roll("招{岗位}{人数}\n{工资}"));
    assert_eq!(programme(&composed, 0), ["招电工3人\n5000-8000元"]);
    let aired = composed.zones[0].programme[0]
        .airs
        .iter()
        .map(|airs| &airs.aired);
    assert!(
        aired
            .into_iter()
            .any(|aired| *aired == Aired::Notice { id: "t".into() })
    );
    let built_in = programme(&now(&plan, &roll("{岗位} {薪水}")), 0);
    assert_eq!(built_in, ["电工 5000-8000元\n东方机械 城西 3人"]);
}

#[test]
fn a_query_takes_words_place_pay_and_form_and_the_newest() {
    let query = |query: VacancyQuery| {
        let plan = board(vec![vec![Play::Vacancies {
            query,
            template: VacancyTemplate::read("{岗位}{工资}").ok(),
        }]]);
        let jobs = [
            listing(1, "电工", "2026-12-31"),
            listing(2, "焊工", "2026-12-31"),
            listing(3, "会计", "2026-12-31"),
        ];
        let seen = programme(&now(&plan, &hall(&jobs, &[])), 0);
        seen.join(" ").replace("5000-8000元", "")
    };
    let all = VacancyQuery::default;
    assert_eq!(query(all()), "会计\n焊工 电工");
    let words = vec!["工".to_owned()];
    assert_eq!(query(VacancyQuery { words, ..all() }), "焊工\n电工");
    assert_eq!(query(VacancyQuery { newest: 1, ..all() }), "会计");
    let pay = |yuan| VacancyQuery {
        pay_from: domain::money::Fen::from_yuan(yuan),
        ..all()
    };
    assert_eq!(
        (query(pay(8_001)).as_str(), query(pay(8_000)).len()),
        ("", query(all()).len())
    );
    let place = |place: &str| VacancyQuery {
        place: Some(place.to_owned()),
        ..all()
    };
    assert_eq!(
        (query(place("城东")).as_str(), query(place("城西")).len()),
        ("", query(all()).len())
    );
    let forms = [domain::listing::JobForm::Gig].into();
    assert_eq!(query(VacancyQuery { forms, ..all() }), "");
}

#[test]
fn withdrawing_everything_leaves_clock_waiting_list_strip_and_emergencies() {
    let plays = vec![
        vacancies(),
        Play::Text("欢迎".to_owned()),
        Play::Slogans,
        Play::Window,
        Play::Waiting,
        Play::Clock,
    ];
    let plan = board(vec![plays]);
    let mut published = with(
        "e",
        &json!({"content": "emergency", "text": "全区停电", "priority": 9}),
    );
    published.kind = wire::api::NoticeKind::Emergency;
    published.valid_to = "2026-11-01".parse().ok();
    let mut hall = hall(
        &[listing(1, "电工", "2026-12-31")],
        &[text("1", "slogan", "到家", 9), published],
    );
    hall.queues
        .insert("A".parse().expect("a group"), queue(0, &[]));
    assert_eq!(
        words_of(&now(&plan, &hall).emergency),
        ["全区停电"],
        "past its day"
    );
    hall.is_cleared = true;
    let cleared = now(&plan, &hall);
    let seen = programme(&cleared, 0);
    assert_eq!(seen, ["3号窗口", "现在没有人等候", "09:05\n11月27日 周五"]);
    assert!(cleared.zones[0].notices.is_empty());
    assert_eq!(
        words_of(&cleared.emergency),
        ["全区停电"],
        "a person ends it"
    );
    hall.emergency = Some(wire::api::EmergencyNow {
        title: "请马上离开大厅".to_owned(),
        body: String::new(),
        since: domain::time::UtcMs(0),
    });
    let emergency = now(&plan, &hall).emergency;
    assert_eq!(words_of(&emergency), ["请马上离开大厅"]);
    assert_eq!(emergency[0].airs[0].aired, Aired::Emergency);
}

fn queue(waiting: u32, next: &[&str]) -> wire::api::GroupQueue {
    serde_json::from_value(json!({
        "group": "A", "waiting": waiting, "wait": {"kind": "between", "low": 10, "high": 20},
        "windows": [3], "next": next,
    }))
    .expect("a queue")
}

fn layout() -> domain::queue::HallLayout {
    let group = |name: &str| json!({"name": name, "hint": "", "typical_service_minutes": 8});
    serde_json::from_value(json!({
        "groups": {"A": group("找工作、就业登记"), "C": group("失业保险")},
        "windows": {"3": ["A", "C"]},
    }))
    .expect("a layout")
}

#[test]
fn the_waiting_list_says_who_waits_how_long_and_whose_turn_comes_and_its_text_goes_with_it() {
    let plan = board(vec![vec![Play::Waiting]]);
    let mut hall = hall(&[], &[text("q", "queue", "过号请重新取号", 5)]);
    assert_eq!(programme(&now(&plan, &hall), 0), ["过号请重新取号"]);
    hall.layout = Some(layout());
    hall.queues.insert(
        "A".parse().expect("a group"),
        queue(5, &["A026", "A027", "A028"]),
    );
    let seen = programme(&now(&plan, &hall), 0);
    assert_eq!(
        seen,
        [
            "A 找工作、就业登记 5人等\n等10～20分钟 A026 A027",
            "过号请重新取号"
        ]
    );
}

#[test]
fn a_strip_follows_its_window() {
    let plan = board(vec![vec![Play::Window]]);
    let mut hall = hall(&[], &[]);
    hall.layout = Some(layout());
    let mut seen = |is_open: bool, clerk: Option<&str>, state: Value| {
        let window = json!({"window": 3, "is_open": is_open, "clerk_no": clerk, "state": state});
        let window: wire::api::WindowNow = serde_json::from_value(window).expect("a window");
        hall.windows.insert(window.window, window);
        programme(&now(&plan, &hall), 0)
    };
    let idle = || json!({"is": "idle"});
    assert_eq!(
        seen(true, Some("012"), idle()),
        ["3号窗口\n找工作、就业登记", "3号窗口\n失业保险"]
    );
    assert_eq!(
        seen(true, None, idle()),
        ["暂停服务"],
        "nobody is signed in"
    );
    assert_eq!(
        seen(false, Some("012"), idle()),
        ["暂停服务"],
        "closed or paused"
    );
    let serving = json!({"is": "serving", "label": "A025"});
    assert_eq!(seen(true, Some("012"), serving), ["A025"]);
    let calling = json!({"is": "calling", "label": "A026"});
    assert_eq!(seen(true, Some("012"), calling), ["A026"]);
}

#[test]
fn outside_its_lit_hours_a_board_is_dark_but_for_an_emergency() {
    let mut plan = board(vec![vec![Play::Clock]]);
    let time = |text: &str| text.parse().expect("a time");
    plan.lit = Some(LitHours {
        daily: vec![wire::board::DailyWindow {
            from: time("07:30:00"),
            until: time("18:30:00"),
        }],
        days: crate::playlist::when::DayRule::Working,
    });
    let mut hall = hall(&[], &[]);
    let lit = |hall: &Hall, wall: &str| {
        let composed = at(&plan, hall, wall);
        (
            composed.is_lit,
            programme(&composed, 0).len(),
            composed.emergency.len(),
        )
    };
    assert_eq!(lit(&hall, "2026-11-27T07:30:00"), (true, 1, 0));
    assert_eq!(lit(&hall, "2026-11-27T18:30:00"), (false, 0, 0));
    assert_eq!(
        lit(&hall, "2026-11-28T09:00:00"),
        (false, 0, 0),
        "a Saturday"
    );
    hall.emergency = Some(wire::api::EmergencyNow {
        title: "请离开".to_owned(),
        body: String::new(),
        since: domain::time::UtcMs(0),
    });
    assert_eq!(lit(&hall, "2026-11-28T03:00:00"), (false, 0, 1));
}
