//! Where a case stands, matching, a call-back, feedback: with the line and without.

use std::time::Duration;

use chrono::NaiveDate;
use domain::id::{KindId, ListingId, ShortId};
use domain::listing::Listing;
use domain::pay::MonthlyPay;
use domain::place::Place;
use domain::rating::Level;
use kiosk::app::citizen::{CallAbout, CitizenAnswer, CitizenAsk};
use kiosk::app::effect::Effect;
use kiosk::app::event::{Event, ListingFacts, Touch};
use kiosk::index::{Answer, Ask, Page, PlaceFilter};
use kiosk::ui::PageId;
use uuid::Uuid;
use wire::citizen::{AskProgress, Asked, CallTime, CaseProgress, Services, ToldAbout};
use wire::sealed::CentreBoxPublic;

use super::Person;

pub(super) fn services() -> CitizenAnswer {
    CitizenAnswer::Services(Box::new(Services {
        services: Vec::new(),
        told_about: vec![ToldAbout {
            kind: KindId::new("ui_claim").expect("a kind"),
            name: "失业保险金申领".into(),
        }],
        seal_to: Some(CentreBoxPublic([9; 32])),
    }))
}

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, day).expect("a day")
}

fn case() -> CaseProgress {
    CaseProgress {
        case_no: "UI_CLAIM-202611-00007".into(),
        kind_name: "失业保险金申领".into(),
        state: "等补材料".into(),
        is_yours: true,
        next: "把缺的材料交到窗口".into(),
        missing: vec!["解除劳动合同证明".into()],
        due_on: Some(day(30)),
        opened_on: day(20),
    }
}

fn types_a_receipt(person: &mut Person) {
    person.answers(services());
    person.touch("失业保险金申领");
    person.types("20261100007");
    person.touch("下一步");
}

#[test]
fn a_case_is_found_by_its_receipt_and_four_characters_that_nobody_sees() {
    let mut person = Person::at(Touch::SeeProgress);
    types_a_receipt(&mut person);
    person.types("003");
    person.touch("X");
    assert!(person.sees("●●●●") && !person.sees("003X"));
    assert!(person.kiosk.is_private());
    person.touch("查");
    let Some(Effect::AskForCitizen(CitizenAsk::Progress(AskProgress::CaseNo { case_no, last4 }))) =
        person.effects.last()
    else {
        panic!("the centre is asked");
    };
    assert_eq!(
        (case_no.as_str(), last4.expose()),
        ("UI_CLAIM-202611-00007", "003X")
    );
    person.answers(CitizenAnswer::Progress(vec![case()]));
    assert!(person.sees("等您来办") && person.sees("□ 解除劳动合同证明"));
    assert!(person.sees("11月30日 星期一"));
}

#[test]
fn three_misses_lock_the_kiosk_for_ten_minutes_whoever_comes() {
    let mut person = Person::at(Touch::SeeProgress);
    types_a_receipt(&mut person);
    for _ in 0..3 {
        person.types("1234");
        person.touch("查");
        person.answers(CitizenAnswer::NoSuchCase("没查到。请核对。".into()));
    }
    assert!(person.sees("试了三次都没对上"));
    assert!(person.can_touch("取号到窗口办"));
    person.leaves_for(Duration::from_mins(9));
    person.opens(Touch::SeeProgress);
    assert!(person.sees("试了三次都没对上"));
    person.leaves_for(Duration::from_mins(2));
    person.opens(Touch::SeeProgress);
    assert!(!person.sees("试了三次都没对上"));
}

#[test]
fn a_wrong_number_keeps_the_receipt_and_says_what_to_look_at() {
    let mut person = Person::at(Touch::SeeProgress);
    types_a_receipt(&mut person);
    person.types("1234");
    person.touch("查");
    person.answers(CitizenAnswer::NoSuchCase("没查到。请核对受理编号。".into()));
    assert!(person.sees("没查到。请核对受理编号。") && person.sees("____"));
    person.touch("返回");
    assert!(person.sees("202611-00007"), "what was typed is kept");
}

#[test]
fn without_a_line_progress_says_so_and_offers_a_window() {
    let mut person = Person::cut_off_at(Touch::SeeProgress);
    assert!(person.sees("现在没连上网"));
    person.touch("取号到窗口办");
    assert_eq!(person.page(), PageId::TicketChoose);
}

#[test]
fn an_answer_to_somebody_who_has_left_is_not_shown_to_the_next() {
    let mut person = Person::at(Touch::SeeProgress);
    types_a_receipt(&mut person);
    person.types("1234");
    person.touch("查");
    person.touch("返回");
    person.happens(Event::Touch(Touch::Leave));
    person.opens(Touch::SeeProgress);
    person.answers(CitizenAnswer::Progress(vec![case()]));
    assert!(!person.sees("等您来办"));
}

fn listing(order: u64, title: &str, place: &str) -> Listing {
    let id = ListingId(Uuid::from_u128(u128::from(order)));
    Listing {
        id,
        short_id: ShortId::of(id),
        title: title.into(),
        employer: Some("试验厂".into()),
        place: Place::parse(place),
        pay: None,
        pay_text: Some("5,000 元".into()),
        monthly: MonthlyPay::default(),
        education: None,
        experience: None,
        headcount: None,
        job_form: None,
        industry: None,
        description: None,
        posted_on: None,
        publication_order: order,
        published_on: day(20),
        valid_to: day(30),
    }
}

fn at_the_results() -> Person {
    let mut person = Person::at(Touch::MatchJobs);
    person.happens(Event::Touch(Touch::Home));
    let place = PlaceFilter {
        city: "鹰潭".into(),
        area: None,
    };
    person.happens(Event::Listings(ListingFacts {
        places: vec![(place, 2)],
        ..ListingFacts::default()
    }));
    person.opens(Touch::MatchJobs);
    person.touch("好，帮我排");
    let work = kiosk::app::worker::categories().all()[0].name.clone();
    person.touch(&work);
    person.touch("鹰潭");
    person.touch("5,000 元以上");
    person.touch("都行，下一题");
    person.touch("全职");
    let Some(Effect::AskIndex(Ask::Search(query, slice))) = person.effects.last().cloned() else {
        panic!("the index is asked");
    };
    let page = Page {
        rows: vec![
            listing(2, "试验岗位远", "南昌"),
            listing(1, "试验岗位近", "鹰潭"),
        ],
        has_more: false,
    };
    person.happens(Event::Found(Answer::Found(query, slice, page)));
    person
}

#[test]
fn matching_asks_first_and_ranks_with_reasons() {
    let mut person = at_the_results();
    let words = person.words();
    let place = |title: &str| words.iter().position(|it| it.contains(title)).unwrap();
    assert!(place("试验岗位近") < place("试验岗位远"));
    person.touch("试验岗位近");
    assert!(person.sees("就在您想去的地方") && person.sees("只是比一比"));
    person.touch("看这个岗位");
    assert_eq!(person.page(), PageId::JobDetail);
    person.touch("返回");
    assert!(person.sees("就在您想去的地方"), "back to the reasons");
}

#[test]
fn who_does_not_want_to_be_ranked_searches_without_it() {
    let mut person = Person::at(Touch::MatchJobs);
    person.touch("不用，自己看");
    assert_eq!(person.page(), PageId::JobSearch);
}

#[test]
fn a_call_back_is_asked_for_only_after_consent_and_the_number_is_masked() {
    let mut person = at_the_results();
    person.touch("试验岗位近");
    person.touch("请人帮我报名");
    assert!(person.sees("号码只用来回这个电话"));
    assert!(!person.can_touch("1"), "nothing can be typed yet");
    person.touch("同意，留号码");
    person.types("1540000000");
    assert!(!person.can_touch("下一步"));
    person.types("1");
    assert!(person.sees("154●●●●0001") && !person.sees("15400000001"));
    person.touch("下一步");
    person.touch("下午");
    let Some(Effect::AskForCitizen(CitizenAsk::Call(wish))) = person.effects.last().cloned() else {
        panic!("the centre is asked");
    };
    assert_eq!(
        (wish.phone.expose(), wish.at),
        ("15400000001", CallTime::Afternoon)
    );
    assert!(matches!(
        wish.about,
        CallAbout::Guidance {
            listing: Some(_),
            ..
        }
    ));
    person.answers(CitizenAnswer::Unanswered(Uuid::from_u128(5)));
    person.touch("再送一次");
    let Some(Effect::AskForCitizen(CitizenAsk::Call(again))) = person.effects.last() else {
        panic!("it is sent again");
    };
    assert_eq!(again.sent_as, Some(Uuid::from_u128(5)));
    person.answers(CitizenAnswer::Asked(Asked {
        case_no: "SERVICE_REQUEST-202611-00001".into(),
        due_on: Some(day(25)),
    }));
    assert!(person.sees("已经记下了") && person.sees("最晚11月25日 星期三"));
}

#[test]
fn a_call_back_without_a_line_says_so_before_anything_is_typed() {
    let mut person = at_the_results();
    person.line(false);
    person.touch("请人帮我找");
    assert!(person.sees("现在没连上网") && person.can_touch("取号到窗口办"));
}

#[test]
fn feedback_is_chosen_not_typed_and_nothing_is_chosen_beforehand() {
    let mut person = Person::at(Touch::GiveFeedback);
    person.happens(Event::Touch(Touch::Home));
    person.answers(services());
    person.opens(Touch::GiveFeedback);
    person.touch("不满意");
    person.touch("等候");
    person.touch("等得太久");
    person.touch("选好了，送出");
    let Some(Effect::KeepFeedback(given, Some(_))) = person.effects.last() else {
        panic!("it is to be sealed and kept");
    };
    assert_eq!((given.level, given.about.as_str()), (Level::Bad, "waiting"));
    assert_eq!(given.words, "等得太久");
    assert!(!person.sees("您的意见记下了"), "not before it is on disk");
    person.happens(Event::FeedbackSettled(true));
    assert!(person.sees("您的意见记下了"));
}

#[test]
fn feedback_that_cannot_be_kept_says_so_and_offers_a_person() {
    let mut person = Person::cut_off_at(Touch::GiveFeedback);
    person.touch("满意");
    person.touch("自助机");
    assert!(
        matches!(person.effects.last(), Some(Effect::KeepFeedback(given, None)) if given.words.is_empty())
    );
    person.happens(Event::FeedbackSettled(false));
    assert!(person.sees("这次没记下来") && person.can_touch("叫人来记"));
}
