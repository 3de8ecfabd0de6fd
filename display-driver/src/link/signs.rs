//! The link against simulated Alpha signs: silent ones, answering ones, acknowledging ones.

use serde_json::json;

use super::bench::{Badness, Bench, Noise, content, id, ms};
use super::{Brightness, FailureReason, Input, LinkEvent, Order, Presence, SetUp, Urgency};
use crate::codec::alpha::answer::{Answer, LineFault, Status};
use crate::codec::alpha::document;
use crate::codec::{Ask, FileName, ProgramFile, Talk};
use crate::content::{AreaContent, AreaId, Motion, Pace};
use crate::render::area::draw_area;
use crate::render::canvas::Canvas;
use crate::render::glyph::GlyphSource;

const EVERY_TALK: [Talk; 3] = [Talk::Mute, Talk::AnswersReads, Talk::Acknowledges];

/// Clear, its five seconds, the layout, its three, all of it again where the memory was empty and no
/// answer says that the clear arrived, and the clock.
const PREPARED: u64 = 24_000;

/// How often an empty memory is cleared and laid out: without an answer to the clear, twice.
fn rounds(talk: Talk) -> usize {
    match talk {
        Talk::AnswersReads => 2,
        Talk::Mute | Talk::Acknowledges => 1,
    }
}

pub(super) fn drawn(content: &AreaContent) -> Canvas {
    let mut canvas = Canvas::new(192, 16);
    draw_area(&mut canvas, &mut GlyphSource::new(), content);
    canvas
}

pub(super) fn glass(bench: &Bench, address: u16) -> Canvas {
    bench.signs[&address].draw(bench.now, &mut GlyphSource::new())
}

fn prepared(talk: Talk) -> Bench {
    let mut bench = Bench::of_signs(&[talk]);
    bench.feed(Input::PortOpened);
    bench.run(ms(PREPARED));
    bench
}

fn asks(bench: &Bench, wanted: impl Fn(&Ask) -> bool) -> usize {
    bench
        .times(|event| matches!(event, LinkEvent::Sent { ask, .. } if wanted(ask)))
        .len()
}

fn confirmed(bench: &Bench) -> Option<AreaContent> {
    let mut knowledge = bench.link.knowledge();
    let areas = knowledge.remove(&id(1)).expect("a sign").areas;
    areas
        .get(&AreaId(0))
        .and_then(|area| area.confirmed.clone())
}

fn believed(bench: &Bench) -> Option<AreaContent> {
    let areas = &bench.link.knowledge()[&id(1)].areas;
    areas.get(&AreaId(0)).and_then(|area| area.believed.clone())
}

#[test]
fn hanzi_stand_on_the_glass_as_the_drawn_page_and_words_as_words() {
    for talk in EVERY_TALK {
        let mut bench = prepared(talk);
        bench.show(1, "请 A025 号", Urgency::Ordinary);
        bench.run(ms(5_000));
        assert_eq!(glass(&bench, 1), drawn(&content("请 A025 号")), "{talk:?}");
        bench.show(1, "A025", Urgency::Ordinary);
        bench.run(ms(1_000));
        let shown = bench.signs[&1].shown_text(bench.now);
        assert_eq!(shown, "{red}A025", "{talk:?}");
        assert!(
            bench.failures().is_empty(),
            "{talk:?}: {:?}",
            bench.failures()
        );
    }
}

#[test]
fn one_character_that_a_sign_has_no_letter_for_makes_the_page_a_picture_and_none_is_replaced() {
    for text in ["A025", "9~5", "3×5 m", "Café", "A025号"] {
        let mut bench = prepared(Talk::AnswersReads);
        bench.show(1, text, Urgency::Ordinary);
        bench.run(ms(6_000));
        // 7E is a half space to a sign, so it counts as no letter.
        let has_letters = text == "A025";
        let own = bench.signs[&1].shown_text(bench.now) == format!("{{red}}{text}");
        assert_eq!(own, has_letters, "{text}");
        if !has_letters {
            assert_eq!(glass(&bench, 1), drawn(&content(text)), "{text}");
        }
        let replaced = bench.times(
            |event| matches!(event, LinkEvent::Sent { substituted, .. } if !substituted.is_empty()),
        );
        assert_eq!(replaced, [], "{text}");
    }
}

#[test]
fn a_new_number_costs_one_string_and_a_new_page_one_picture() {
    let mut bench = prepared(Talk::AnswersReads);
    let mut cost = |text: &str| {
        let before = bench.sent_bytes;
        bench.show(1, text, Urgency::Ordinary);
        bench.run(ms(5_000));
        bench.sent_bytes - before
    };
    cost("A001");
    // NULs, head, 02, G S, colour, four characters, 03, checksum, 04.
    assert_eq!(cost("A002"), 5 + 4 + 1 + 2 + 2 + 4 + 1 + 4 + 1);
    assert_eq!(cost("A002"), 0);
    cost("电工");
    assert_eq!(cost("焊工"), 5 + 4 + 1 + 6 + 16 * 193 + 1 + 4 + 1);
}

#[test]
fn the_pause_behind_a_pictures_size_is_kept_and_the_line_is_not_blocked_meanwhile() {
    let mut bench = Bench::of_signs(&[Talk::Mute]);
    bench.feed(Input::PortOpened);
    bench.run(ms(PREPARED));
    bench.show(1, "电工", Urgency::Ordinary);
    let head = bench.sent_bytes;
    bench.run(ms(110));
    assert_eq!(bench.sent_bytes, head, "the head has gone, the dots wait");
    bench.run(ms(15));
    assert!(bench.sent_bytes > head + 3_000);
}

#[test]
fn the_memory_is_laid_out_when_it_is_found_and_not_again_when_the_port_returns() {
    for talk in EVERY_TALK {
        let mut bench = prepared(talk);
        bench.feed(Input::PortLost);
        bench.feed(Input::PortOpened);
        bench.run(ms(PREPARED));
        let (clears, layouts) = (
            asks(&bench, |ask| *ask == Ask::ClearMemory),
            asks(&bench, |ask| *ask == Ask::LayOut),
        );
        assert_eq!((clears, layouts), (rounds(talk), rounds(talk)), "{talk:?}");
    }
}

#[test]
fn an_empty_sign_that_did_not_hear_the_clear_is_not_left_dark() {
    let mut bench = Bench::of_signs(&[Talk::AnswersReads]);
    bench.instead = Some(|bytes| {
        let is_clear = |part: &[u8]| part == b"\x02E$\x03" || part == b"\x02E$\x04";
        bytes.windows(4).any(is_clear).then(Vec::new)
    });
    bench.feed(Input::PortOpened);
    while asks(&bench, |ask| *ask == Ask::LayOut) == 0 {
        bench.run(ms(50));
        assert!(bench.now < ms(PREPARED));
    }
    bench.instead = None;
    bench.run(ms(PREPARED));
    bench.show(1, "A025", Urgency::Ordinary);
    bench.run(ms(2_000));
    assert_eq!(bench.signs[&1].shown_text(bench.now), "{red}A025");
}

#[test]
fn a_driver_that_starts_anew_leaves_a_layout_it_finds() {
    let mut bench = prepared(Talk::AnswersReads);
    let sign = bench.signs.remove(&1).expect("a sign");
    let mut later = Bench::of_signs(&[Talk::AnswersReads]);
    later.signs.insert(1, sign);
    later.now = bench.now;
    later.feed(Input::PortOpened);
    later.run(ms(PREPARED));
    assert_eq!(
        asks(&later, |ask| matches!(ask, Ask::ClearMemory | Ask::LayOut)),
        0
    );
}

#[test]
fn an_urgent_text_goes_over_the_page_and_the_page_comes_back_with_a_few_bytes() {
    for talk in EVERY_TALK {
        let mut bench = prepared(talk);
        bench.show(1, "电工", Urgency::Ordinary);
        bench.run(ms(6_000));
        for call in ["A025", "请 A025 号"] {
            bench.show(1, call, Urgency::Urgent);
            bench.run(ms(10_000));
            assert_eq!(
                bench.signs[&1].shown(),
                [crate::codec::alpha::label::Label::PRIORITY]
            );
            let before = bench.sent_bytes;
            bench.show(1, "电工", Urgency::Ordinary);
            bench.run(ms(1_000));
            assert_eq!(glass(&bench, 1), drawn(&content("电工")), "{talk:?}");
            assert!(bench.sent_bytes - before < 30, "{talk:?}: only the release");
        }
    }
}

#[test]
fn a_call_whose_end_the_line_lost_does_not_stand_on_a_sign_for_ever() {
    let mut bench = prepared(Talk::AnswersReads);
    bench.show(1, "A024", Urgency::Ordinary);
    bench.run(ms(6_000));
    bench.show(1, "A025", Urgency::Urgent);
    bench.run(ms(6_000));
    // The release: the priority file without a mode or text.
    bench.instead = Some(|bytes| {
        let is_release = |part: &[u8]| part == b"\x02A0\x03" || part == b"\x02A0\x04";
        bytes.windows(4).any(is_release).then(Vec::new)
    });
    bench.show(1, "A024", Urgency::Ordinary);
    bench.run(ms(2_000));
    bench.instead = None;
    assert_eq!(bench.signs[&1].shown_text(bench.now), "{red}A025");
    bench.run(ms(200_000));
    assert_eq!(bench.signs[&1].shown_text(bench.now), "{red}A024");
}

#[test]
fn only_what_was_acknowledged_or_read_back_is_confirmed() {
    for (talk, at_once, in_the_end) in [
        (Talk::Mute, false, false),
        (Talk::AnswersReads, false, true),
        (Talk::Acknowledges, true, true),
    ] {
        let mut bench = prepared(talk);
        bench.show(1, "电工", Urgency::Ordinary);
        bench.run(ms(6_000));
        assert_eq!(believed(&bench), Some(content("电工")), "{talk:?}");
        assert_eq!(confirmed(&bench).is_some(), at_once, "{talk:?}");
        bench.run(ms(200_000));
        assert_eq!(confirmed(&bench).is_some(), in_the_end, "{talk:?}");
        assert!(
            bench.failures().is_empty(),
            "{talk:?}: {:?}",
            bench.failures()
        );
        let presence = bench.link.knowledge()[&id(1)].presence;
        assert_eq!(presence == Presence::Mute, talk == Talk::Mute);
    }
}

#[test]
fn a_write_lost_on_the_line_is_found_by_reading_back() {
    let mut bench = prepared(Talk::AnswersReads);
    bench.noise = Some(Noise::new(
        1,
        Badness {
            lost_percent: 100,
            ..Badness::default()
        },
    ));
    bench.show(1, "A025", Urgency::Ordinary);
    bench.run(ms(1_000));
    bench.noise = None;
    assert_ne!(bench.signs[&1].shown_text(bench.now), "{red}A025");
    bench.run(ms(400_000));
    assert_eq!(bench.signs[&1].shown_text(bench.now), "{red}A025");
}

#[test]
fn a_sign_that_lost_its_memory_is_laid_out_and_written_again() {
    for talk in [Talk::AnswersReads, Talk::Acknowledges] {
        let mut bench = prepared(talk);
        bench.show(1, "电工", Urgency::Ordinary);
        bench.run(ms(6_000));
        bench.signs.get_mut(&1).expect("a sign").lose_memory();
        bench.run(ms(260_000));
        assert_eq!(glass(&bench, 1), drawn(&content("电工")), "{talk:?}");
        let layouts = asks(&bench, |ask| *ask == Ask::LayOut);
        assert_eq!(layouts, 2 * rounds(talk), "{talk:?}");
    }
}

#[test]
fn the_clock_goes_out_and_what_the_sheet_does_not_lay_out_is_refused() {
    let mut bench = prepared(Talk::AnswersReads);
    assert_eq!(asks(&bench, |ask| matches!(ask, Ask::SetClock(_))), 1);
    let sent = bench.sent_bytes;
    let orders = [
        Order::SetUp(SetUp {
            brightness: Some(Brightness::Level(3)),
            timer: Some(Vec::new()),
        }),
        Order::PutProgram(vec![ProgramFile {
            name: FileName(*b"P000"),
            bytes: vec![0; 9],
        }]),
    ];
    for order in orders {
        bench.feed(Input::Submit {
            board: id(1),
            order,
        });
    }
    bench.run(ms(1_000));
    let failures = bench.failures();
    assert_eq!(failures.len(), 3);
    assert!(
        failures
            .iter()
            .all(|it| matches!(it, FailureReason::Unsendable(_)))
    );
    assert_eq!(bench.sent_bytes, sent);
}

#[test]
fn a_moving_line_wider_than_a_picture_takes_two_and_one_beyond_both_is_refused() {
    let mut bench = prepared(Talk::AnswersReads);
    for (characters, is_sent) in [(20, true), (31, true), (32, false)] {
        let mut moving = content(&"字".repeat(characters));
        moving.motion = Motion::ScrollLeft(Pace::Usual);
        let order = Order::Show(moving, Urgency::Ordinary);
        bench.feed(Input::Submit {
            board: id(1),
            order,
        });
        bench.run(ms(12_000));
        assert_eq!(bench.failures().is_empty(), is_sent, "{characters}");
    }
}

#[test]
fn a_packet_whose_pause_was_overslept_begins_again() {
    let mut bench = prepared(Talk::Mute);
    bench.show(1, "电工", Urgency::Ordinary);
    bench.now += ms(2_000);
    bench.feed(Input::Tick);
    bench.run(ms(5_000));
    assert_eq!(glass(&bench, 1), drawn(&content("电工")));
    assert_eq!(asks(&bench, |ask| matches!(ask, Ask::Show(_))), 1);
}

#[test]
fn a_sign_that_forgot_to_acknowledge_is_told_again_and_does_not_count_as_gone() {
    let mut bench = prepared(Talk::Acknowledges);
    bench.show(1, "A001", Urgency::Ordinary);
    bench.run(ms(1_000));
    bench.signs.get_mut(&1).expect("a sign").lose_memory();
    bench.show(1, "A002", Urgency::Ordinary);
    bench.run(ms(30_000));
    assert_eq!(bench.signs[&1].shown_text(bench.now), "{red}A002");
    let offline = bench.times(|event| matches!(event, LinkEvent::BoardOffline { .. }));
    assert!(offline.is_empty());
}

#[test]
fn a_page_taken_off_goes_dark_even_if_the_line_lost_it_at_first() {
    for order in [Order::Remove(AreaId(0)), Order::Compose(Vec::new())] {
        let mut bench = prepared(Talk::AnswersReads);
        bench.show(1, "电工", Urgency::Ordinary);
        bench.run(ms(6_000));
        bench.noise = Some(Noise::new(
            1,
            Badness {
                lost_percent: 100,
                ..Badness::default()
            },
        ));
        bench.feed(Input::Submit {
            board: id(1),
            order,
        });
        bench.run(ms(1_000));
        bench.noise = None;
        assert!(glass(&bench, 1).lit() > 0);
        bench.run(ms(400_000));
        assert_eq!(glass(&bench, 1).lit(), 0);
    }
}

/// The answer of a sign with this fault to packets that begin a command so.
fn refusal_of(command: &[u8], fault: LineFault, bytes: &[u8]) -> Option<Vec<u8>> {
    let is_meant = bytes.windows(command.len()).any(|part| part == command);
    is_meant.then(|| Answer::Nak(Status::of(&[fault])).bytes().to_vec())
}

fn shows(bench: &Bench) -> usize {
    asks(bench, |ask| matches!(ask, Ask::Show(_)))
}

#[test]
fn a_sign_that_refuses_for_ever_is_given_up_although_its_register_can_be_cleared() {
    let mut bench = prepared(Talk::Acknowledges);
    bench.instead = Some(|bytes| refusal_of(b"\x02GS", LineFault::Checksum, bytes));
    bench.show(1, "A001", Urgency::Ordinary);
    bench.run(ms(20_000));
    assert!(
        matches!(bench.failures()[..], [FailureReason::Refused(_)]),
        "{:?}",
        bench.failures()
    );
    assert!(
        shows(&bench) <= 1,
        "the page is not written without its string"
    );
}

#[test]
fn a_sign_that_will_not_say_its_layout_does_not_keep_the_line() {
    let mut bench = Bench::of_signs(&[Talk::Acknowledges]);
    bench.instead = Some(|bytes| refusal_of(b"\x02F$", LineFault::IllegalCommandOrLabel, bytes));
    bench.feed(Input::PortOpened);
    bench.run(ms(120_000));
    let asked = asks(&bench, |ask| matches!(ask, Ask::Ping | Ask::QueryStatus));
    assert!((2..=6).contains(&asked), "{asked}");
}

#[test]
fn a_call_that_reads_back_differently_each_time_is_written_again_a_few_times_only() {
    let mut bench = prepared(Talk::AnswersReads);
    bench.instead = Some(|bytes| {
        let text = json!({"label": "0", "position": "fill", "mode": "hold", "text": "?"});
        let is_read = bytes.windows(3).any(|part| part == b"\x02B0");
        let other = document::encode("write-text", &text, &json!({"type": "response"}));
        is_read.then(|| other.expect("a packet").bytes)
    });
    bench.show(1, "A025", Urgency::Urgent);
    bench.run(ms(60_000));
    assert!((2..=4).contains(&shows(&bench)), "{}", shows(&bench));
    assert_eq!(confirmed(&bench), None);
}

#[test]
fn noise_while_a_picture_is_still_on_the_wire_does_not_end_it() {
    let mut bench = prepared(Talk::Mute);
    bench.show(1, "电工", Urgency::Ordinary);
    bench.run(ms(500));
    bench.feed(Input::Received(vec![0x06, 0x01]));
    assert_eq!(bench.link.faults().broken_frames(), 1);
    bench.run(ms(2_000));
    assert_eq!(
        shows(&bench),
        0,
        "the next file waits for the picture to pass"
    );
    bench.run(ms(3_000));
    assert_eq!(glass(&bench, 1), drawn(&content("电工")));
}

#[test]
fn a_sign_that_is_gone_is_asked_again_although_the_line_never_rests() {
    let mut bench = Bench::of_signs(&[Talk::Mute, Talk::AnswersReads]);
    let gone = bench.signs.remove(&2).expect("a sign");
    bench.feed(Input::PortOpened);
    bench.run(ms(30_000));
    bench.signs.insert(2, gone);
    // A picture takes more than three seconds, so there is always one to send.
    for number in 10..50 {
        bench.show(1, &format!("电工{number}"), Urgency::Ordinary);
        bench.run(ms(3_000));
    }
    assert_eq!(bench.link.knowledge()[&id(2)].presence, Presence::Online);
}

#[test]
fn only_the_one_area_of_a_sign_can_be_taken_off() {
    let mut bench = prepared(Talk::AnswersReads);
    bench.show(1, "电工", Urgency::Ordinary);
    bench.run(ms(6_000));
    let order = Order::Remove(AreaId(1));
    bench.feed(Input::Submit {
        board: id(1),
        order,
    });
    bench.run(ms(1_000));
    assert!(matches!(
        bench.failures()[..],
        [FailureReason::Unsendable(_)]
    ));
    assert_eq!(glass(&bench, 1), drawn(&content("电工")));
}
