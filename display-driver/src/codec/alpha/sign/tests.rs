//! What a sign is told, in which order, and what it is believed to hold.

use chrono::NaiveDateTime;

use super::*;

const LINE: SignLine = SignLine {
    face: Face {
        width_px: 192,
        height_px: 16,
    },
    talk: Talk::AnswersReads,
    answer_wait: Duration::from_secs(1),
};

const NO: Refusal = Refusal {
    code: 0x40,
    reaction: crate::codec::Reaction::GiveUp,
};

#[test]
fn a_no_stays_in_the_register_so_it_is_cleared_before_the_next_write() {
    let mut sign = Sign::new(SignLine {
        talk: Talk::Acknowledges,
        ..LINE
    });
    sign.is_told_to_answer = true;
    sign.refused(&Ask::Ping, NO);
    let time = NaiveDateTime::default();
    let mut said = || {
        let asked = sign.next(1, &Ask::SetClock(time), Precedence::Ordinary);
        let asked = asked.expect("a clock").expect("a packet");
        sign.obeyed();
        asked.bytes()
    };
    assert!(said().windows(2).any(|pair| pair == b"E4"));
    assert!(said().windows(2).any(|pair| pair == b"E "));
}

#[test]
fn a_clock_that_was_given_up_halfway_begins_with_the_time_of_day_again() {
    let mut sign = Sign::new(LINE);
    let ask = Ask::SetClock(NaiveDateTime::default());
    let said = |sign: &mut Sign| {
        let asked = sign.next(1, &ask, Precedence::Ordinary);
        asked.expect("a clock").expect("a packet").bytes()
    };
    let time_of_day = said(&mut sign);
    sign.obeyed();
    assert_ne!(said(&mut sign), time_of_day);
    sign.refused(&Ask::Ping, NO);
    sign.clock_given_up();
    assert_eq!(said(&mut sign), time_of_day);
}

#[test]
fn a_layout_whose_first_file_has_grown_is_the_own_one_and_any_other_is_lost() {
    let mut sign = Sign::new(LINE);
    let mut files = sign.memory_files().expect("16 rows");
    let Holds::Text { bytes, .. } = &mut files[0].holds else {
        panic!("expected the text first");
    };
    *bytes = 0x4000;
    let held = |files| Command::Function(Function::ConfigureMemory { files });
    sign.learn_held(&held(files.clone()));
    assert_eq!(sign.preparation(), None);
    files.pop();
    assert_eq!(sign.learn_held(&held(files)), Lesson::Lost);
    assert_eq!(sign.preparation(), Some(Ask::ClearMemory));
}

#[test]
fn an_empty_memory_is_laid_out_again_behind_a_clear_that_is_seen_to_have_arrived() {
    let mut sign = Sign::new(LINE);
    let files = sign.memory_files().expect("16 rows");
    let full = Command::Function(Function::ConfigureMemory { files });
    let empty = Command::Function(Function::ClearMemory {});
    // Nothing tells whether the first clear arrived: the memory was empty before.
    let mut rounds = Vec::new();
    sign.learn_held(&empty);
    while let Some(ask) = sign.preparation() {
        let asked = sign.next(1, &ask, Precedence::Ordinary);
        asked.expect("a step").expect("a packet");
        sign.obeyed();
        if ask != Ask::QueryStatus {
            rounds.push(ask.clone());
        }
        let is_full = rounds.last() == Some(&Ask::LayOut);
        sign.learn_held(if is_full { &full } else { &empty });
        assert!(rounds.len() < 9, "{rounds:?}");
    }
    let twice = [Ask::ClearMemory, Ask::LayOut, Ask::ClearMemory, Ask::LayOut];
    assert_eq!(rounds, twice);
}

#[test]
fn addresses_and_areas_that_no_sign_has_are_refused() {
    let mut sign = Sign::new(LINE);
    let ping = |sign: &mut Sign, address| sign.next(address, &Ask::Ping, Precedence::Ordinary);
    assert!(ping(&mut sign, 255).is_ok());
    assert!(matches!(
        ping(&mut sign, 256),
        Err(Unsendable::Unsupported(_))
    ));
}
