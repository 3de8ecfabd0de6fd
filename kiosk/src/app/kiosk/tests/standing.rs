//! Nobody is there; a technician is there; a code is scanned.

use kiosk_peripherals::scanner::ScanFault;

use super::*;
use crate::app::event::ServiceTouch;
use crate::app::keys::{KeyAct, Keys, Scan};
use crate::app::service::{MachineSeen, PinAnswer};

fn scan(text: &str) -> Scan {
    let mut keys = Keys::default();
    let now = Duration::ZERO;
    text.chars().for_each(|key| drop(keys.press(key, now)));
    match keys.press('\n', now) {
        Some(KeyAct::Scanned(Ok(scan))) => scan,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_start_page_that_nobody_touches_for_a_minute_tells_what_there_is() {
    let mut kiosk = hall_kiosk();
    kiosk.handle(Event::Touched, &around(0));
    kiosk.handle(Event::Tick, &around(59));
    assert_eq!(kiosk.page(), PageId::Home);
    kiosk.handle(Event::Tick, &around(60));
    assert_eq!(kiosk.page(), PageId::Attract);
    assert!(!kiosk.is_in_use());
    kiosk.handle(Event::Touched, &around(200));
    assert_eq!(kiosk.page(), PageId::Home);
}

#[test]
fn after_a_visit_the_start_page_stays_for_a_minute() {
    let mut kiosk = hall_kiosk();
    touch(&mut kiosk, Touch::ReadPolicy, 0);
    kiosk.handle(Event::Tick, &around(60));
    kiosk.handle(Event::Tick, &around(90));
    assert_eq!(kiosk.page(), PageId::Home, "the visit timed out");
    kiosk.handle(Event::Tick, &around(149));
    assert_eq!(kiosk.page(), PageId::Home);
    kiosk.handle(Event::Tick, &around(150));
    assert_eq!(kiosk.page(), PageId::Attract);
}

#[test]
fn a_machine_that_is_told_not_to_tells_nothing() {
    let mut kiosk = hall_kiosk();
    kiosk.settings.attract_after = None;
    kiosk.handle(Event::Tick, &around(1_000));
    assert_eq!(kiosk.page(), PageId::Home);
}

#[test]
fn windows_and_displays_never_begin_to_tell() {
    for station in [sample::window_station(), sample::display_station()] {
        let mut kiosk = Kiosk::new(station, OwnTickets::default(), categories());
        let page = kiosk.page();
        kiosk.handle(Event::Tick, &around(1_000));
        assert_eq!(kiosk.page(), page);
    }
}

fn five_marks(kiosk: &mut Kiosk, origin: Origin) {
    let here = Surroundings {
        origin,
        ..around(10)
    };
    for _ in 0..5 {
        kiosk.handle(Event::Touch(Touch::Mark), &here);
    }
}

#[test]
fn five_touches_of_the_mark_end_the_visit_and_ask_for_the_pin() {
    let mut kiosk = hall_kiosk();
    touch(&mut kiosk, Touch::RateService, 9);
    five_marks(&mut kiosk, Origin::Touch);
    assert_eq!(kiosk.page(), PageId::Service);
    assert!(kiosk.session.is_none(), "nothing of the citizen is left");
    assert!(
        kiosk.is_private(),
        "no picture of it goes to the device wall"
    );
    kiosk.handle(Event::Touched, &around(11));
    assert_eq!(kiosk.page(), PageId::Service);
    touch(&mut kiosk, Touch::Service(ServiceTouch::Leave), 12);
    assert_eq!(kiosk.page(), PageId::Home);
}

#[test]
fn the_service_page_cannot_be_opened_from_afar() {
    let mut kiosk = hall_kiosk();
    five_marks(&mut kiosk, Origin::Remote);
    assert_ne!(kiosk.page(), PageId::Service);
}

#[test]
fn behind_the_pin_stands_how_the_line_and_the_machine_are() {
    let mut kiosk = hall_kiosk();
    five_marks(&mut kiosk, Origin::Touch);
    let look = kiosk.handle(Event::PinChecked(PinAnswer::Right), &around(11));
    assert_eq!(look, [Effect::LookAtMachine]);
    kiosk.handle(Event::MachineSeen(MachineSeen::default()), &around(11));
    let desk = kiosk.service.as_ref().unwrap();
    assert_eq!(desk.machine.checks[0].name, "网络");
    assert!(
        !desk.machine.checks[0].is_well,
        "it has not heard of central"
    );
    kiosk.handle(Event::Tick, &around(130));
    assert_eq!(kiosk.page(), PageId::Home, "a page left open closes itself");
}

#[test]
fn a_code_that_no_page_waits_for_is_answered_in_words_until_the_next_touch() {
    let mut kiosk = hall_kiosk();
    kiosk.handle(Event::Scanned(Ok(scan("http://elsewhere"))), &around(0));
    let note = |kiosk: &Kiosk| kiosk.session.as_ref().and_then(|session| session.note);
    assert!(note(&kiosk).unwrap().contains("用不上"));
    kiosk.handle(Event::Scanned(Err(ScanFault::TooLong)), &around(1));
    assert!(note(&kiosk).unwrap().contains("太长"));
    kiosk.handle(Event::Touched, &around(2));
    assert_eq!(note(&kiosk), None);
}

#[test]
fn reading_aloud_goes_with_the_person() {
    let mut kiosk = hall_kiosk();
    touch(&mut kiosk, Touch::ToggleReading, 0);
    assert!(kiosk.session.as_ref().unwrap().reads_aloud);
    touch(&mut kiosk, Touch::Leave, 1);
    kiosk.handle(Event::Touched, &around(2));
    assert!(!kiosk.session.as_ref().unwrap().reads_aloud);
}
