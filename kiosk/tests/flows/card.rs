//! The card reader: a page waits for a card, every card that cannot be used says why and offers another
//! way, and no number of a person stays anywhere.

use std::time::Duration;

use chrono::NaiveDate;
use kiosk::app::card::{CARD_TIME, CardAnswer, CardTrouble};
use kiosk::app::citizen::{CitizenAnswer, CitizenAsk};
use kiosk::app::effect::Effect;
use kiosk::app::event::{Event, Touch};
use kiosk::ui::PageId;
use kiosk_peripherals::idcard::check::Disbelief;
use kiosk_peripherals::idcard::poll::ReadFault;
use kiosk_peripherals::phone_identity::PhoneFault;
use wire::citizen::{AskProgress, CaseProgress, Typed};

use super::Person;
use super::scanning::scan;

const NUMBER: &str = "999999190001010015";

fn waiting() -> Person {
    let mut person = Person::fitted_at(Touch::SeeProgress);
    person.answers(super::asking::services());
    person.touch("刷身份证查");
    assert!(person.sees("请把身份证放在感应区"));
    assert!(person.effects.contains(&Effect::ReadCard(CARD_TIME)));
    person
}

fn stops(person: &Person) -> usize {
    let stops = person.effects.iter();
    stops.filter(|it| **it == Effect::StopReading).count()
}

fn failed(trouble: impl Into<CardTrouble>) -> Event {
    Event::Card(CardAnswer::Failed(trouble.into()))
}

fn case(name: &str) -> CaseProgress {
    CaseProgress {
        case_no: "UI_CLAIM-202611-00001".into(),
        kind_name: name.into(),
        state: "正在审".into(),
        is_yours: false,
        next: "审好了打电话告诉您".into(),
        missing: Vec::new(),
        due_on: None,
        opened_on: NaiveDate::from_ymd_opt(2026, 11, 20).expect("a day"),
    }
}

#[test]
fn a_card_shows_all_cases_of_its_holder_and_its_number_stays_nowhere() {
    let mut person = waiting();
    person.happens(Event::Card(CardAnswer::Holder(Typed::new(NUMBER))));
    let Some(Effect::AskForCitizen(CitizenAsk::Progress(AskProgress::Card { id_number }))) = person
        .effects
        .iter()
        .rev()
        .find(|it| matches!(it, Effect::AskForCitizen(_)))
    else {
        panic!("the centre is asked: {:?}", person.effects);
    };
    assert_eq!(id_number.expose(), NUMBER);
    assert!(person.sees("正在查") && stops(&person) == 1);
    let held = format!(
        "{:?} {:?} {:?}",
        person.kiosk,
        person.words(),
        person.effects
    );
    assert!(!held.contains(NUMBER), "no number in state, glass or log");
    let cases = vec![case("失业保险金申领"), case("档案转递")];
    person.answers(CitizenAnswer::Progress(cases));
    assert!(person.can_touch("失业保险金申领") && person.can_touch("档案转递"));
}

#[test]
fn the_time_that_is_left_is_told_and_when_it_is_over_both_ways_on_are_offered() {
    let mut person = waiting();
    assert!(person.sees("还剩 30 秒"));
    person.leaves_for(Duration::from_secs(10));
    assert!(person.sees("还剩 20 秒"));
    person.leaves_for(Duration::from_secs(20));
    assert!(person.sees("没有看到身份证") && person.can_touch("再刷一次"));
    assert_eq!(stops(&person), 1, "the reader rests");
    person.touch("再刷一次");
    assert!(person.sees("请把身份证放在感应区"));
    person.touch("不刷证，输编号");
    assert_eq!(stops(&person), 2);
    assert!(person.sees("您交的是哪件事的材料？"));
}

#[test]
fn every_card_that_cannot_be_used_says_why_and_offers_another_way() {
    let day = NaiveDate::from_ymd_opt(2024, 5, 1).expect("a day");
    let expired = Disbelief::Expired {
        kind: "身份证",
        on: day,
    };
    let cases: [(CardTrouble, &str, &str); 8] = [
        (ReadFault::Garbled.into(), "身份证没有读准", "再刷一次"),
        (
            ReadFault::StillThere.into(),
            "请把身份证拿开，再放一次",
            "再刷一次",
        ),
        (Disbelief::Misread.into(), "身份证没有读准", "再刷一次"),
        (
            expired.into(),
            "2024年5月1日 为止，已经过期",
            "取号到窗口办",
        ),
        (CardTrouble::Foreign, "外国人永久居留证", "取号到窗口办"),
        (
            ReadFault::UnknownKind.into(),
            "这种证件本机还不认识",
            "取号到窗口办",
        ),
        (ReadFault::Absent.into(), "读卡器没有接上", "取号到窗口办"),
        (
            PhoneFault::Refused.into(),
            "这个码过期了或者不对",
            "再刷一次",
        ),
    ];
    for (trouble, said, way) in cases {
        // Each person has a thread of their own, as each window has.
        let checked = std::thread::spawn(move || {
            let mut person = waiting();
            person.happens(failed(trouble));
            let is_said = person.sees(said) && person.can_touch(way);
            person.touch("不刷证，输编号");
            is_said && person.sees("您交的是哪件事的材料？")
        });
        assert!(checked.join().expect("no panic"), "{said}");
    }
}

#[test]
fn whatever_takes_the_page_away_stops_the_reader_and_a_late_card_is_nobodys() {
    for leave in ["返回", "回首页"] {
        let checked = std::thread::spawn(move || {
            let mut person = waiting();
            person.touch(leave);
            let asked = person.effects.len();
            person.happens(Event::Card(CardAnswer::Holder(Typed::new(NUMBER))));
            stops(&person) == 1 && person.effects.len() == asked
        });
        assert!(checked.join().expect("no panic"), "{leave}");
    }
    let mut person = waiting();
    person.leaves_for(Duration::from_secs(91));
    assert_eq!((person.page(), stops(&person)), (PageId::Home, 1));
}

#[test]
fn a_code_on_a_telephone_takes_the_place_of_the_card_where_it_can() {
    let mut person = waiting();
    person.happens(Event::Scanned(Ok(scan(&format!("VIRTUAL-ID:{NUMBER}")))));
    assert!(person.sees("这台机器还不认手机上的码"));
    person.kiosk.settings.knows_phone_codes = true;
    person.touch("取号到窗口办");
    person.touch("返回");
    person.touch("不刷证，输编号");
    person.touch("刷身份证查");
    assert!(person.sees("电子社保卡"));
    person.happens(Event::Scanned(Ok(scan(&format!("VIRTUAL-ID:{NUMBER}")))));
    let asked = person.effects.last();
    assert!(
        matches!(asked, Some(Effect::AskPhoneHolder(_))),
        "{asked:?}"
    );
    assert!(!format!("{:?}", person.effects).contains("999999"));
}

#[test]
fn a_kiosk_with_a_loudspeaker_says_where_the_card_goes_and_when_it_can_be_taken_away() {
    let mut person = Person::fitted_at(Touch::SeeProgress);
    person.kiosk.settings.can_prompt = true;
    person.answers(super::asking::services());
    person.touch("刷身份证查");
    person.happens(Event::Card(CardAnswer::Holder(Typed::new(NUMBER))));
    let said = person.effects.iter();
    let said: Vec<_> = said
        .filter_map(|effect| match effect {
            Effect::Say(sentence) => Some(sentence.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(said, ["请把身份证平放到读卡区", "请收好身份证"]);
}

#[test]
fn without_a_reader_the_digits_are_typed_as_before() {
    let mut person = Person::at(Touch::SeeProgress);
    person.answers(super::asking::services());
    assert!(!person.can_touch("刷身份证查") && person.can_touch("没有回执"));
}
