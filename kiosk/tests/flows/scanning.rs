//! Scanned codes: slips, four digits, strangers, and four kilobytes of rubbish.

use std::time::Duration;

use domain::rating::TicketSecret;
use kiosk::app::effect::Effect;
use kiosk::app::event::{Event, Touch};
use kiosk::app::keys::{KeyAct, Keys, Scan};
use kiosk::ui::PageId;
use kiosk_peripherals::scanner::ScanFault;

use super::{Person, sample};

/// What a scanner that is a keyboard types.
fn typed(text: &str) -> Result<Scan, ScanFault> {
    let mut keys = Keys::default();
    let mut acts = text
        .chars()
        .chain(['\n'])
        .filter_map(|key| keys.press(key, Duration::ZERO));
    match acts.next() {
        Some(KeyAct::Scanned(scanned)) => scanned,
        other => panic!("{other:?}"),
    }
}

pub(super) fn scan(text: &str) -> Scan {
    typed(text).expect("short enough")
}

fn lane_slip() -> String {
    let (code, token) = (TicketSecret("0471".into()), TicketSecret("ab12".into()));
    let issued = sample::ticket("A-K2-001", &code, &token);
    wire::slip::qr_text("http://hall.example", &token, &issued, &code)
}

#[test]
fn a_slip_with_its_digits_is_asked_about_at_once() {
    let mut person = Person::at(Touch::RateService);
    person.happens(Event::Scanned(Ok(scan(&lane_slip()))));
    let Some(Effect::FindVisit { label, code }) = person.effects.last() else {
        panic!("{:?}", person.effects);
    };
    assert_eq!(
        (label.to_string().as_str(), code.0.as_str()),
        ("A-K2-001", "0471")
    );
}

#[test]
fn another_slip_leads_to_where_its_number_is_typed() {
    let mut person = Person::at(Touch::FindStation);
    person.happens(Event::Scanned(Ok(scan("http://hall.example/t/ffff0000"))));
    assert_eq!(person.page(), PageId::ScoreLookup);
    assert!(person.sees("请照着号票输号码和 4 个数"));
    person.touch("返回");
    assert_eq!(person.page(), PageId::Plain, "nothing was lost");
}

#[test]
fn four_kilobytes_cost_one_sentence_and_change_nothing() {
    let mut person = Person::at(Touch::FindStation);
    let before = person.words();
    let flood = typed(&"9".repeat(4_096));
    assert_eq!(flood, Err(ScanFault::TooLong));
    person.happens(Event::Scanned(flood));
    assert!(person.sees("这个码太长") && person.sees("一共 51 个网点"));
    person.happens(Event::Touched);
    assert_eq!(person.words(), before);
}

#[test]
fn a_strangers_code_is_answered_politely() {
    let mut person = Person::at(Touch::RateService);
    person.happens(Event::Scanned(Ok(scan("https://elsewhere.example/pay"))));
    assert!(person.sees("扫到了一个码，这一页用不上它"));
    assert_eq!(person.page(), PageId::ScoreLookup);
}

#[test]
fn a_scanner_that_was_unplugged_says_what_to_do_instead() {
    let mut person = Person::at(Touch::RateService);
    person.happens(Event::Scanned(Err(ScanFault::Absent)));
    assert!(person.sees("请在屏幕上输入号票上的号码"));
}
