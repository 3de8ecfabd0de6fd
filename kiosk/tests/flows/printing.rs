//! Papers: what comes out, what is said when it does not, and that nothing is ever printed twice by itself.

use std::time::Duration;

use chrono::NaiveDate;
use domain::id::{ListingId, ShortId};
use domain::listing::Listing;
use domain::pay::MonthlyPay;
use domain::place::Place;
use domain::queue::WaitEstimate;
use domain::rating::TicketSecret;
use kiosk::app::effect::{Effect, Slip};
use kiosk::app::event::{Event, ListingFacts, Touch};
use kiosk::app::papers::PaperOrder;
use kiosk::ui::PageId;
use kiosk_peripherals::escpos::document::Block;
use kiosk_peripherals::printing::{Outcome, Trouble, Warning};
use uuid::Uuid;
use wire::event::Origin;

use super::{Person, sample};

fn slip() -> Slip {
    let (code, token) = (TicketSecret("4711".into()), TicketSecret("ab12".into()));
    Slip {
        paper: sample::ticket("A012", &code, &token),
        matter: "找工作、就业登记".into(),
        people_ahead: Some(5),
        wait: Some(WaitEstimate::Between { low: 5, high: 12 }),
        windows: Vec::new(),
        code,
        token,
        origin: Origin::Touch,
    }
}

/// At a kiosk with a printer, whose slip is on its way.
fn with_a_number() -> Person {
    let mut person = Person::fitted_at(Touch::TakeTicket);
    person.touch("找工作、就业登记");
    person.happens(Event::Issued(slip()));
    assert_eq!(person.page(), PageId::TicketIssued);
    person
}

fn orders(person: &Person) -> Vec<PaperOrder> {
    let order = |effect: &Effect| match effect {
        Effect::Print(order) => Some(order.clone()),
        _ => None,
    };
    person.effects.iter().filter_map(order).collect()
}

fn last(person: &Person) -> PaperOrder {
    orders(person).pop().expect("something is printed")
}

/// Everything on a paper.
fn words(order: &PaperOrder) -> String {
    let text = |block: &Block| match block {
        Block::Text(text) => text.text.clone(),
        Block::Point(text) | Block::Code(text) => text.clone(),
        Block::Pair { left, right } => format!("{left}：{right}"),
        Block::Rule | Block::Gap(_) => String::new(),
    };
    let lines: Vec<_> = order.document.blocks().iter().map(text).collect();
    lines.join("\n")
}

fn settled(person: &mut Person, outcome: Outcome) {
    let no = last(person).no;
    person.happens(Event::PaperSettled { no, outcome });
}

#[test]
fn a_number_comes_out_on_paper_by_itself_and_once_more_when_it_is_wished() {
    let mut person = with_a_number();
    let first = words(&last(&person));
    assert!(first.contains("A012") && first.contains("四位验证码：4711"));
    assert!(!first.contains("补打"));
    assert!(person.sees("正在打印，请等一下"));
    assert!(!person.can_touch("正在打印"));
    settled(&mut person, Outcome::Printed(None));
    assert!(person.sees("打好了，请从出纸口取走"));
    person.touch("再打一张");
    assert_eq!(orders(&person).len(), 2);
    assert!(words(&last(&person)).starts_with("补打"));
}

#[test]
fn a_kiosk_with_a_loudspeaker_says_that_a_paper_lies_there_once() {
    let mut person = with_a_number();
    person.kiosk.settings.can_prompt = true;
    settled(&mut person, Outcome::Printed(None));
    person.leaves_for(Duration::from_secs(3));
    let say = Effect::Say("请取走小票".into());
    let said = person.effects.iter().filter(|effect| **effect == say);
    assert_eq!(said.count(), 1);
}

#[test]
fn a_low_roll_prints_and_says_so() {
    let mut person = with_a_number();
    settled(&mut person, Outcome::Printed(Some(Warning::PaperLow)));
    assert!(person.sees("纸快用完了，请告诉工作人员"));
}

#[test]
fn without_paper_the_number_is_said_and_the_code_stays_on_the_screen() {
    let mut person = with_a_number();
    settled(&mut person, Outcome::Refused(Trouble::PaperOut));
    assert!(person.sees("打印机没纸了") && person.sees("请记下号码 A012"));
    person.touch("请人来看看");
    assert!(matches!(person.effects.last(), Some(Effect::CallHelp(_))));
    assert_eq!(person.page(), PageId::TicketIssued);
    assert!(person.sees("手机扫码看排到哪了"), "the code is there");
    person.touch("打印");
    assert!(!words(&last(&person)).contains("补打"), "it never came out");
}

#[test]
fn every_trouble_of_the_printer_has_its_sentence_and_a_way_on() {
    for (trouble, said) in [
        (Trouble::CoverOpen, "打印机的盖子开着"),
        (Trouble::Offline, "打印机停着"),
        (Trouble::Absent, "打印机没有接上"),
        (Trouble::Silent, "打印机没有回答"),
        (Trouble::Cutter, "打印机的切刀卡住了"),
        (Trouble::Faulty, "打印机出错了"),
    ] {
        // Each person has a thread of their own, as each window has.
        let checked = std::thread::spawn(move || {
            let mut person = with_a_number();
            settled(&mut person, Outcome::Refused(trouble));
            let is_said = person.sees(said) && person.can_touch("请人来看看");
            person.touch("知道了");
            is_said && !person.sees(said) && person.can_touch("打印")
        });
        assert!(checked.join().expect("no panic"), "{said}");
    }
}

#[test]
fn a_cover_opened_in_the_middle_of_a_slip_asks_whether_it_came_out_and_prints_nothing_by_itself() {
    let mut person = with_a_number();
    settled(&mut person, Outcome::Unknown(Some(Trouble::CoverOpen)));
    assert!(person.sees("纸出来了吗？") && person.sees("打印机的盖子开着"));
    person.leaves_for(Duration::from_secs(5));
    assert_eq!(
        orders(&person).len(),
        1,
        "nothing is printed twice silently"
    );
    person.touch("没出来，再打一张");
    assert_eq!(orders(&person).len(), 2);
    assert!(words(&last(&person)).starts_with("补打"));
    settled(&mut person, Outcome::Unknown(None));
    person.touch("出来了");
    assert!(!person.sees("纸出来了吗？"));
    assert_eq!(orders(&person).len(), 2);
}

#[test]
fn a_printer_that_never_says_whether_it_printed_ends_with_a_person() {
    let mut person = with_a_number();
    for _ in 0..3 {
        settled(&mut person, Outcome::Unknown(None));
        person.touch("没出来，再打一张");
    }
    assert_eq!(orders(&person).len(), 3);
    assert!(person.sees("打了几次都没打好") && person.can_touch("请人来看看"));
}

#[test]
fn papers_that_wait_are_forgotten_with_the_person_and_a_late_outcome_is_nobodys() {
    let mut person = with_a_number();
    person.leaves_for(Duration::from_secs(61));
    assert_eq!(person.page(), PageId::Home);
    assert!(person.effects.contains(&Effect::DropPapers));
    settled(&mut person, Outcome::Refused(Trouble::PaperOut));
    person.opens(Touch::ReadGuide);
    assert!(!person.sees("打印机没纸了") && !person.sees("A012"));
    let held = format!("{:?}", person.kiosk);
    assert!(!held.contains("4711") && !held.contains("ab12"));
}

#[test]
fn what_to_bring_and_the_table_of_a_policy_can_be_taken_home() {
    let mut person = Person::fitted_at(Touch::ReadGuide);
    person.touch("按拼音找");
    person.touch("D");
    person.touch("K");
    person.touch("创业担保贷款");
    person.touch("打印");
    let list = words(&last(&person));
    assert!(
        list.contains("创业担保贷款") && list.contains("身份证，原件"),
        "{list}"
    );
    assert!(list.contains("要带的材料") && list.contains("不收费"));
    settled(&mut person, Outcome::Printed(None));
    person.opens(Touch::ReadPolicy);
    person.touch("创业");
    person.touch("创业担保贷款，国家贴息");
    person.touch("全文");
    person.touch("打印");
    let table = words(&last(&person));
    assert!(
        table.contains("谁能领") && table.contains("示例文〔2026〕13 号"),
        "{table}"
    );
    assert!(!table.contains("第1条"), "the table, not the whole text");
}

fn vacancy() -> Listing {
    let id = ListingId(Uuid::from_u128(3));
    let day = |day| NaiveDate::from_ymd_opt(2026, 11, day).expect("a day");
    Listing {
        id,
        short_id: ShortId::of(id),
        title: "维修电工".into(),
        employer: Some("示例一号厂".into()),
        place: Place::parse("鹰潭·月湖区"),
        pay: None,
        pay_text: Some("5500–7000 元".into()),
        monthly: MonthlyPay {
            low: None,
            high: None,
        },
        education: None,
        experience: None,
        headcount: None,
        job_form: None,
        industry: None,
        description: None,
        posted_on: None,
        publication_order: 1,
        published_on: day(23),
        valid_to: day(30),
    }
}

#[test]
fn a_vacancy_is_taken_home_with_its_code() {
    let mut person = Person::fitted_at(Touch::Home);
    person.happens(Event::Listings(ListingFacts {
        newest: vec![vacancy()],
        ..ListingFacts::default()
    }));
    person.opens(Touch::Newest(0));
    assert_eq!(person.page(), PageId::JobDetail);
    person.touch("打印");
    let list = words(&last(&person));
    let address = format!("/v/{}", vacancy().short_id);
    for said in ["维修电工", "示例一号厂", "5500–7000 元", &address] {
        assert!(list.contains(said), "{said} in {list}");
    }
}

#[test]
fn names_on_a_publicity_list_stay_on_the_screen() {
    let mut person = Person::fitted_at(Touch::ReadAnnouncements);
    person.touch("2026 年第三批一次性求职补贴公示");
    assert!(!person.can_touch("打印"));
}

#[test]
fn without_a_printer_nothing_is_offered_and_all_goes_on_as_before() {
    let mut person = Person::at(Touch::TakeTicket);
    person.touch("找工作、就业登记");
    person.happens(Event::Issued(slip()));
    assert!(!person.can_touch("打印") && orders(&person).is_empty());
    person.touch("好了，回首页");
    assert!(!person.effects.contains(&Effect::DropPapers));
    person.opens(Touch::ReadGuide);
    person.touch("创业担保贷款");
    assert!(person.can_touch("取号去办") && !person.can_touch("打印"));
}
