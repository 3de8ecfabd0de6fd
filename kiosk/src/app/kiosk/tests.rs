//! The kiosk as a whole, event by event.

mod appointments;
mod breakout;
mod standing;

use domain::id::WindowNo;
use domain::queue::WaitEstimate;
use domain::rating::{Level, TicketSecret};
use domain::time::UtcMs;
use wire::api::VisitFound;

use super::*;
use crate::app::sample::{self, around, hall_kiosk};
use crate::app::session::SLIP_TIME;
use crate::index::sample::categories;

fn touch(kiosk: &mut Kiosk, touch: Touch, seconds: u64) -> Vec<Effect> {
    kiosk.handle(Event::Touched, &around(seconds));
    kiosk.handle(Event::Touch(touch), &around(seconds))
}

fn slip(origin: Origin) -> Slip {
    Slip {
        paper: sample::paper("A012"),
        matter: "试验事项一".into(),
        people_ahead: Some(5),
        wait: Some(WaitEstimate::Between { low: 5, high: 12 }),
        windows: Vec::new(),
        code: TicketSecret("4711".into()),
        token: TicketSecret("ab".into()),
        origin,
    }
}

fn with_slip(origin: Origin) -> Kiosk {
    let mut kiosk = hall_kiosk();
    touch(&mut kiosk, Touch::TakeTicket, 1);
    let effects = touch(&mut kiosk, Touch::Group(0), 2);
    assert!(matches!(effects[..], [Effect::IssueTicket(_)]));
    kiosk.handle(Event::Issued(slip(origin)), &around(2));
    kiosk
}

#[test]
fn a_slip_is_shown_only_after_the_worker_made_it_durable() {
    let mut kiosk = hall_kiosk();
    touch(&mut kiosk, Touch::TakeTicket, 1);
    touch(&mut kiosk, Touch::Group(0), 2);
    assert_eq!(kiosk.page(), PageId::TicketChoose);
    kiosk.handle(Event::Issued(slip(Origin::Touch)), &around(3));
    assert_eq!(kiosk.page(), PageId::TicketIssued);
}

#[test]
fn a_log_that_takes_nothing_more_is_said_and_no_slip_is_shown() {
    let mut kiosk = hall_kiosk();
    touch(&mut kiosk, Touch::TakeTicket, 1);
    touch(&mut kiosk, Touch::Group(0), 2);
    kiosk.handle(Event::NotIssued(NotIssued::CannotKeep), &around(3));
    assert_eq!(kiosk.page(), PageId::TicketChoose);
    assert_eq!(
        touch(&mut kiosk, Touch::Group(0), 4),
        [],
        "no number is offered now"
    );
    touch(&mut kiosk, Touch::Back, 5);
    touch(&mut kiosk, Touch::TakeTicket, 6);
    assert!(
        !touch(&mut kiosk, Touch::Group(0), 7).is_empty(),
        "the next visitor may try again"
    );
}

#[test]
fn the_slip_goes_by_itself_and_nothing_of_the_person_is_left() {
    let mut kiosk = with_slip(Origin::Touch);
    touch(&mut kiosk, Touch::ToggleElderly, 3);
    kiosk.handle(Event::Tick, &around(2 + SLIP_TIME.as_secs()));
    assert_eq!(kiosk.page(), PageId::Home);
    assert!(kiosk.session.is_none());
}

#[test]
fn a_slip_asks_twenty_seconds_before_it_goes_and_who_still_reads_keeps_it() {
    let mut kiosk = with_slip(Origin::Touch);
    let asked = |kiosk: &Kiosk, seconds| {
        let session = kiosk.session.as_ref().unwrap();
        session.presence(around(seconds).now) != Presence::Here
    };
    kiosk.handle(Event::Tick, &around(41));
    assert!(!asked(&kiosk, 41));
    kiosk.handle(Event::Tick, &around(42));
    assert!(asked(&kiosk, 42));
    touch(&mut kiosk, Touch::Stay, 50);
    assert!(!asked(&kiosk, 89));
    kiosk.handle(Event::Tick, &around(109));
    assert_eq!(kiosk.page(), PageId::TicketIssued);
    kiosk.handle(Event::Tick, &around(110));
    assert_eq!(kiosk.page(), PageId::Home);
}

#[test]
fn old_people_have_their_slip_twice_as_long() {
    let mut kiosk = hall_kiosk();
    touch(&mut kiosk, Touch::ToggleElderly, 0);
    touch(&mut kiosk, Touch::TakeTicket, 1);
    touch(&mut kiosk, Touch::Group(0), 2);
    kiosk.handle(Event::Issued(slip(Origin::Touch)), &around(2));
    kiosk.handle(Event::Tick, &around(121));
    assert_eq!(kiosk.page(), PageId::TicketIssued);
    kiosk.handle(Event::Tick, &around(122));
    assert!(kiosk.session.is_none());
}

#[test]
fn a_citizens_slip_is_private_and_a_remote_hand_is_refused_on_it() {
    let mut kiosk = with_slip(Origin::Touch);
    kiosk.remote = RemoteHelp::default();
    let ask = RemoteCommand::AskToHelp {
        session: 1,
        staff_name: "试验员".into(),
    };
    kiosk.handle(Event::Remote(ask), &around(3));
    kiosk.handle(Event::Touch(Touch::AllowRemote), &around(4));
    assert!(!kiosk.takes_remote_touch(1, &around(5)));
    touch(&mut kiosk, Touch::SlipDone, 6);
    assert!(
        !kiosk.takes_remote_touch(1, &around(7)),
        "help ends with the person who agreed"
    );
    assert!(!with_slip(Origin::Remote).is_private());
}

#[test]
fn remote_help_begins_at_once_only_when_nobody_is_there() {
    let mut kiosk = hall_kiosk();
    let ask = Event::Remote(RemoteCommand::AskToHelp {
        session: 1,
        staff_name: "试验员".into(),
    });
    kiosk.handle(ask.clone(), &around(1));
    assert!(kiosk.takes_remote_touch(1, &around(2)));
    let mut kiosk = hall_kiosk();
    touch(&mut kiosk, Touch::ReadPolicy, 1);
    kiosk.handle(ask, &around(2));
    assert!(!kiosk.takes_remote_touch(1, &around(2)));
}

#[test]
fn a_score_is_thanked_for_only_after_it_is_durable() {
    let mut kiosk = Kiosk::new(
        sample::window_station(),
        OwnTickets::default(),
        categories(),
    );
    let until = UtcMs(60_000);
    let rows = vec![sample::finished_row(5, until)];
    kiosk.handle(
        Event::Facts {
            rows,
            server_now: UtcMs(0),
        },
        &around(0),
    );
    assert_eq!(kiosk.page(), PageId::WindowScore);
    let effects = kiosk.handle(Event::Touch(Touch::Face(Level::Good)), &around(1));
    assert!(matches!(effects[..], [Effect::KeepScore(_)]));
    assert_eq!(kiosk.page(), PageId::WindowScore);
    kiosk.handle(Event::ScoreKept, &around(2));
    assert_eq!(kiosk.page(), PageId::WindowThanks);
    kiosk.handle(Event::Tick, &around(2 + THANKS_TIME.as_secs()));
    assert_eq!(kiosk.page(), PageId::WindowIdle);
}

#[test]
fn a_visit_is_offered_once_at_its_window_and_not_after_its_time() {
    let mut kiosk = Kiosk::new(
        sample::window_station(),
        OwnTickets::default(),
        categories(),
    );
    let facts = |ticket, server_now| Event::Facts {
        rows: vec![sample::finished_row(ticket, UtcMs(60_000))],
        server_now: UtcMs(server_now),
    };
    kiosk.handle(facts(5, 60_000), &around(0));
    assert_eq!(kiosk.page(), PageId::WindowIdle, "the offer has passed");
    kiosk.handle(facts(6, 50_000), &around(0));
    assert_eq!(kiosk.page(), PageId::WindowScore);
    kiosk.handle(Event::Tick, &around(10));
    assert_eq!(
        kiosk.page(),
        PageId::WindowIdle,
        "ten seconds of the offer were left"
    );
    kiosk.handle(facts(6, 50_000), &around(11));
    assert_eq!(kiosk.page(), PageId::WindowIdle, "asked once");
}

#[test]
fn a_visit_found_at_the_hall_kiosk_leads_to_the_faces_and_may_be_skipped() {
    let mut kiosk = hall_kiosk();
    touch(&mut kiosk, Touch::RateService, 1);
    touch(&mut kiosk, Touch::Letter(0), 2);
    for digit in [0, 1, 2] {
        touch(&mut kiosk, Touch::Digit(digit), 3);
    }
    touch(&mut kiosk, Touch::Continue, 3);
    for digit in [4, 7, 1, 1] {
        touch(&mut kiosk, Touch::Digit(digit), 4);
    }
    let effects = touch(&mut kiosk, Touch::Continue, 4);
    assert!(matches!(effects[..], [Effect::FindVisit { .. }]));
    let found = VisitFound {
        ticket: TicketId(uuid::Uuid::from_u128(5)),
        window: WindowNo::new(3).unwrap(),
        group_name: "试验事项一".into(),
    };
    kiosk.handle(Event::Looked(Looked::Found(found)), &around(5));
    assert_eq!(kiosk.page(), PageId::Score);
    assert!(kiosk.is_private());
    touch(&mut kiosk, Touch::SkipScore, 6);
    assert_eq!(kiosk.page(), PageId::Home);
}

#[test]
fn help_is_called_once_per_person_and_carries_the_hand() {
    let mut kiosk = hall_kiosk();
    let remote = Surroundings {
        origin: Origin::Remote,
        ..around(1)
    };
    let effects = kiosk.handle(Event::Touch(Touch::CallHelp), &remote);
    let expected = HelpCalled {
        hall: sample::HALL,
        origin: Origin::Remote,
    };
    assert_eq!(effects, [Effect::CallHelp(expected)]);
    assert_eq!(touch(&mut kiosk, Touch::CallHelp, 2), []);
    kiosk.handle(Event::HelpKept, &around(3));
    assert_eq!(touch(&mut kiosk, Touch::CallHelp, 4), []);
}

#[test]
fn a_call_that_was_not_kept_can_be_made_again() {
    let mut kiosk = hall_kiosk();
    touch(&mut kiosk, Touch::CallHelp, 1);
    kiosk.handle(Event::HelpNotKept, &around(2));
    let again = touch(&mut kiosk, Touch::CallHelp, 3);
    assert!(matches!(again[..], [Effect::CallHelp(_)]));
}

#[test]
fn a_new_business_day_forgets_the_slips_of_the_last_one() {
    let mut kiosk = with_slip(Origin::Touch);
    let mut rows = sample::rows();
    let day = "2026-11-24";
    rows[0].body = rows[0]
        .body
        .take()
        .map(|body| body.replace("2026-11-23", day));
    kiosk.handle(
        Event::Facts {
            rows,
            server_now: UtcMs(0),
        },
        &around(5),
    );
    let mut lookup = Lookup::default();
    let StationKind::Hall { lane } = kiosk.station.kind else {
        panic!()
    };
    let mut last = LookupStep::Stay;
    let mut touches = vec![Touch::Letter(0)];
    touches.extend([0, 1, 2].map(Touch::Digit));
    touches.push(Touch::Continue);
    touches.extend([0, 0, 0, 0].map(Touch::Digit));
    touches.push(Touch::Continue);
    for touch in &touches {
        last = lookup.touched(touch, &kiosk.facts, lane, &kiosk.own_tickets);
    }
    assert!(
        matches!(last, LookupStep::Ask { .. }),
        "a wrong code is no longer known to be wrong"
    );
}

#[test]
fn a_display_says_calls_and_knows_neither_touches_nor_help() {
    let station = sample::display_station();
    let mut display = Kiosk::new(station, OwnTickets::default(), categories());
    let call = sample::call_row(1, "A025", 3, UtcMs(10));
    let facts = Event::Facts {
        rows: vec![call],
        server_now: UtcMs(11),
    };
    let say = [Effect::Say("请A零二五号，到三号窗口".into())];
    assert_eq!(display.handle(facts, &around(0)), say);
    assert_eq!(display.handle(Event::Said, &around(4)), say);
    assert_eq!(display.handle(Event::Said, &around(8)), []);
    assert_eq!(touch(&mut display, Touch::TakeTicket, 9), []);
    let asked = RemoteCommand::AskToHelp {
        session: 7,
        staff_name: "万秀英".into(),
    };
    let declined = display.handle(Event::Remote(asked), &around(10));
    assert_eq!(declined, [remote::declined(7)]);
    assert_eq!(display.page(), PageId::QueueDisplay);
    assert!(!display.is_in_use());
}

#[test]
fn only_a_display_says_calls() {
    let facts = Event::Facts {
        rows: vec![sample::call_row(1, "A025", 3, UtcMs(10))],
        server_now: UtcMs(11),
    };
    assert_eq!(hall_kiosk().handle(facts, &around(0)), []);
}
