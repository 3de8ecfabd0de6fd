//! What the link does about each code of a card (sheet `onbon-bx.md` A2), and program files.

use super::bench::{Bench, id, ms};
use super::transfer::{BLOCK_BYTES, SETBACKS_MAX};
use super::{FailureReason, Input, LinkEvent, Order, SetUp, Urgency};
use crate::codec::onbon_k::answer::AnswerCode;
use crate::codec::onbon_k::check::crc16_arc;
use crate::codec::{Ask, FileName, FileStep, LitPeriod, ProgramFile, Reaction};
use crate::virtual_board::Misbehaviour;

/// A file whose check holds.
fn program(name: &[u8; 4], length: usize) -> ProgramFile {
    let mut bytes: Vec<u8> = (0..length - 2).map(|at| (at % 251) as u8).collect();
    bytes.extend(crc16_arc(&bytes).to_le_bytes());
    ProgramFile {
        name: FileName(*name),
        bytes,
    }
}

fn put(bench: &mut Bench, files: Vec<ProgramFile>) {
    let order = Order::PutProgram(files);
    bench.feed(Input::Submit {
        board: id(1),
        order,
    });
}

fn is_stored(bench: &Bench) -> bool {
    !bench
        .times(|event| matches!(event, LinkEvent::FilesStored { .. }))
        .is_empty()
}

fn steps(bench: &Bench) -> Vec<FileStep> {
    let sent = bench.events.iter().filter_map(|(_, event)| match event {
        LinkEvent::Sent {
            ask: Ask::Transfer(step),
            ..
        } => Some(step.clone()),
        _ => None,
    });
    sent.collect()
}

fn begins(bench: &Bench) -> Vec<bool> {
    let begins = steps(bench).into_iter().filter_map(|step| match step {
        FileStep::Begin { overwrites, .. } => Some(overwrites),
        _ => None,
    });
    begins.collect()
}

/// What becomes of a frame that always meets `code`, in ten seconds.
struct Met {
    /// How often it goes out: a text, then a file's begin.
    sent: (usize, usize),
    /// What the failure says is to be done, of the text.
    reaction: Option<Reaction>,
}

fn meet(code: u8) -> Met {
    let mut texts = Bench::open(&[1]);
    texts.run(ms(500));
    let mut files = Bench::open(&[1]);
    files.run(ms(500));
    for _ in 0..60 {
        let refuse = Misbehaviour::Refuse(AnswerCode::from_byte(code));
        texts.card(1).misbehave(refuse);
        files.card(1).misbehave(refuse);
    }
    texts.show(1, "电工", Urgency::Ordinary);
    put(&mut files, vec![program(b"P000", 300)]);
    texts.run(ms(10_000));
    files.run(ms(10_000));
    let told = texts
        .failures()
        .into_iter()
        .find_map(|reason| match reason {
            FailureReason::Refused(refusal) => Some(refusal.reaction),
            _ => None,
        });
    Met {
        sent: (texts.sent_texts().len(), steps(&files).len()),
        reaction: told,
    }
}

#[test]
fn every_code_of_the_sheet_has_its_reaction_and_none_is_repeated_for_ever() {
    let once = (1, 1);
    let setbacks = usize::from(SETBACKS_MAX);
    let table = [
        (1, Reaction::GiveUp, once),
        (2, Reaction::GiveUp, once),
        (3, Reaction::RetryWithBackOff, (4, 4)),
        (4, Reaction::GiveUpUntilFilesDeleted, once),
        (5, Reaction::RetryAtOnce, (4, 4)),
        (6, Reaction::GiveUp, once),
        (7, Reaction::Alarm, once),
        (8, Reaction::GiveUp, once),
        (9, Reaction::GiveUp, once),
        (10, Reaction::GiveUp, once),
        (11, Reaction::RestartFile, (1, 1 + setbacks)),
        (12, Reaction::ConfigurationFault, once),
        (13, Reaction::ConfigurationFault, once),
        (14, Reaction::GiveUp, once),
        (15, Reaction::ResendOverwriting, (1, 2)),
        (16, Reaction::ResumeAtReplyAddress, once),
        (17, Reaction::GiveUp, once),
        (18, Reaction::GiveUp, once),
        (19, Reaction::GiveUp, once),
    ];
    assert_eq!(AnswerCode::from_byte(0).reaction(), Reaction::Done);
    for (code, reaction, sent) in table {
        let met = meet(code);
        assert_eq!(met.sent, sent, "code {code}");
        assert_eq!(met.reaction, Some(reaction), "code {code}");
    }
}

#[test]
fn a_file_goes_in_blocks_and_lies_on_the_card_byte_for_byte() {
    let mut bench = Bench::open(&[1]);
    bench.run(ms(500));
    let file = program(b"P000", 1_000);
    put(&mut bench, vec![file.clone()]);
    bench.run(ms(2_000));
    assert_eq!(
        bench.cards[&1].files().file(file.name),
        Some(&file.bytes[..])
    );
    assert_eq!(steps(&bench).len(), 1 + 1_000_usize.div_ceil(BLOCK_BYTES));
    assert!(is_stored(&bench) && bench.failures().is_empty());
}

#[test]
fn a_file_that_exists_is_asked_for_again_with_overwriting() {
    let mut bench = Bench::open(&[1]);
    bench.run(ms(500));
    put(&mut bench, vec![program(b"P000", 100)]);
    bench.run(ms(1_000));
    let newer = program(b"P000", 200);
    put(&mut bench, vec![newer.clone()]);
    bench.run(ms(1_000));
    assert_eq!(begins(&bench), [false, false, true]);
    assert_eq!(
        bench.cards[&1].files().file(newer.name),
        Some(&newer.bytes[..])
    );
}

#[test]
fn a_file_whose_check_is_wrong_is_sent_whole_again_three_times_and_has_then_failed() {
    let mut bench = Bench::open(&[1]);
    bench.run(ms(500));
    let mut wrong = program(b"P000", 300);
    wrong.bytes[0] ^= 1;
    put(&mut bench, vec![wrong.clone()]);
    bench.run(ms(10_000));
    assert_eq!(begins(&bench).len(), 1 + usize::from(SETBACKS_MAX));
    assert!(
        matches!(bench.failures()[..], [FailureReason::Refused(refusal)] if refusal.code == 11)
    );
    assert_eq!(bench.cards[&1].files().file(wrong.name), None);
}

#[test]
fn a_lost_answer_to_a_block_resumes_where_the_card_says() {
    let mut bench = Bench::open(&[1]);
    bench.run(ms(500));
    let file = program(b"P000", 1_000);
    put(&mut bench, vec![file.clone()]);
    bench.card(1).misbehave(Misbehaviour::LoseAnswer);
    bench.run(ms(5_000));
    bench.run(ms(5_000));
    assert!(is_stored(&bench), "{:?}", bench.failures());
    assert_eq!(bench.link.faults().refusals.get(&16), Some(&1));
    assert_eq!(begins(&bench).len(), 1);
}

#[test]
fn a_call_goes_between_two_blocks() {
    let mut bench = Bench::open(&[1, 2]);
    bench.run(ms(500));
    put(&mut bench, vec![program(b"P000", 60_000)]);
    bench.run(ms(1_000));
    let given = bench.now;
    bench.show(2, "A025", Urgency::Urgent);
    bench.run(ms(200));
    let sent = bench.shows_sent();
    // One block of 509 bytes at most with its answer is on the line before it.
    assert!(sent.len() == 1 && sent[0] - given <= ms(130), "{sent:?}");
    assert!(!is_stored(&bench), "the file goes on behind it");
    bench.run(ms(60_000));
    assert!(is_stored(&bench));
}

#[test]
fn several_files_leave_the_screen_lit_even_if_one_fails() {
    for is_sound in [true, false] {
        let mut bench = Bench::open(&[1]);
        bench.run(ms(500));
        let mut second = program(b"P001", 300);
        second.bytes[0] ^= u8::from(!is_sound);
        put(&mut bench, vec![program(b"P000", 300), second]);
        bench.run(ms(10_000));
        assert!(!bench.cards[&1].files().is_dark());
        assert_eq!(steps(&bench).last(), Some(&FileStep::EndSeveral));
        assert_eq!(is_stored(&bench), is_sound);
    }
}

#[test]
fn a_timer_that_no_card_can_hold_is_never_sent() {
    let mut bench = Bench::open(&[1]);
    bench.run(ms(500));
    let backwards = LitPeriod {
        on: (18, 0),
        off: (7, 30),
    };
    let set_up = SetUp {
        brightness: None,
        timer: Some(vec![backwards]),
    };
    bench.feed(Input::Submit {
        board: id(1),
        order: Order::SetUp(set_up),
    });
    bench.run(ms(500));
    assert!(matches!(
        bench.failures()[..],
        [FailureReason::Unsendable(_)]
    ));
}

#[test]
fn files_ordered_while_the_port_is_away_are_stored_when_it_is_back() {
    let mut bench = Bench::new(&[1]);
    put(&mut bench, vec![program(b"P000", 300)]);
    for _ in 0..3 {
        bench.feed(Input::PortLost);
    }
    bench.feed(Input::PortOpened);
    bench.run(ms(2_000));
    assert!(is_stored(&bench) && bench.failures().is_empty());
}

#[test]
fn a_port_lost_among_several_files_is_told_once_and_the_card_is_lit_when_it_returns() {
    let mut bench = Bench::open(&[1]);
    bench.run(ms(500));
    put(
        &mut bench,
        vec![program(b"P000", 10_000), program(b"P001", 300)],
    );
    bench.run(ms(500));
    assert!(bench.cards[&1].files().is_dark());
    for _ in 0..3 {
        bench.feed(Input::PortLost);
        bench.inbound.clear();
    }
    bench.feed(Input::PortOpened);
    bench.run(ms(2_000));
    assert!(!bench.cards[&1].files().is_dark());
    assert!(!is_stored(&bench));
    assert!(matches!(bench.failures()[..], [FailureReason::PortLost]));
}
