//! Papers of the virtual printer, and its moods.

use std::time::Duration;

use super::*;
use crate::escpos::typeset::{self, Paper, PaperWidth};
use crate::glyphs::Dots;
use crate::slip::Slip;
use crate::twin::Twin as _;

const T0: Duration = Duration::ZERO;

fn slip_bytes(width: PaperWidth) -> Vec<u8> {
    let slip = Slip {
        number: "A032".into(),
        group: "找工作、就业登记".into(),
        issued_at: "2026-11-23 10:24".into(),
        url: Some("https://example.invalid/t/7f3k9".into()),
        ..Slip::default()
    };
    typeset::bytes(&slip.document().unwrap(), Paper::of(width))
}

fn black_rows(dots: &Dots) -> usize {
    let has_black = |y: &usize| (0..dots.width()).any(|x| dots.is_black(x, *y));
    (0..dots.height()).filter(has_black).count()
}

fn ask(printer: &mut VirtualPrinter, number: u8) -> Vec<u8> {
    printer.receive(T0, &[0x10, 0x04, number]);
    printer.answers(T0)
}

#[test]
fn a_slip_comes_out_as_one_cut_paper_of_the_rolls_width_without_unknown_commands() {
    for width in [PaperWidth::Mm58, PaperWidth::Mm80] {
        let mut printer = VirtualPrinter::new(width);
        printer.receive(T0, &slip_bytes(width));
        assert_eq!(printer.errors(), []);
        let slips: Vec<_> = printer.slips().iter().collect();
        let [slip] = slips[..] else {
            panic!("{} papers", slips.len())
        };
        assert_eq!((slip.end, slip.dots.width()), (SheetEnd::Cut, width.dots()));
        assert!(black_rows(&slip.dots) > 300, "{}", black_rows(&slip.dots));
    }
}

#[test]
fn a_slip_is_the_same_however_its_bytes_arrive() {
    let bytes = slip_bytes(PaperWidth::Mm58);
    let mut whole = VirtualPrinter::new(PaperWidth::Mm58);
    whole.receive(T0, &bytes);
    let mut single = VirtualPrinter::new(PaperWidth::Mm58);
    bytes.iter().for_each(|it| single.receive(T0, &[*it]));
    assert_eq!(whole.slips(), single.slips());
}

#[test]
fn without_chinese_mode_hanzi_are_question_marks() {
    let width = PaperWidth::Mm58;
    let paper = |bytes: &[u8]| {
        let mut printer = VirtualPrinter::new(width);
        printer.receive(T0, bytes);
        printer.receive(T0, &[0x1D, 0x56, 0]);
        printer.slips()[0].dots.clone()
    };
    let hanzi = [0xC5, 0xC5, 0x0A];
    assert_eq!(paper(&hanzi), paper(b"??\n"));
    let mut with_mode = vec![0x1C, 0x26];
    with_mode.extend(hanzi);
    assert_ne!(paper(&with_mode), paper(b"??\n"));
}

#[test]
fn each_mood_is_told_by_its_answers() {
    let mut printer = VirtualPrinter::new(PaperWidth::Mm80);
    let all = |printer: &mut VirtualPrinter| [1, 2, 3, 4].map(|it| ask(printer, it)).concat();
    assert_eq!(all(&mut printer), [0x12, 0x12, 0x12, 0x12]);
    printer.faults.paper = PaperState::Low;
    assert_eq!(all(&mut printer), [0x12, 0x12, 0x12, 0x1E]);
    printer.faults.paper = PaperState::Out;
    assert_eq!(all(&mut printer), [0x1A, 0x32, 0x12, 0x7E]);
    printer.faults.is_cover_open = true;
    assert_eq!(all(&mut printer), [0x1A, 0x36, 0x12, 0x7E]);
    printer.mend();
    printer.faults.answering = Answering::Never;
    assert!(all(&mut printer).is_empty());
    printer.faults.answering = Answering::After(Duration::from_secs(1));
    assert!(all(&mut printer).is_empty());
    assert_eq!(printer.next_answer(), Some(Duration::from_secs(1)));
    assert_eq!(printer.answers(Duration::from_secs(1)).len(), 4);
}

#[test]
fn a_question_inside_a_picture_is_answered_as_real_printers_do() {
    let mut printer = VirtualPrinter::new(PaperWidth::Mm58);
    printer.receive(T0, &[0x1D, 0x76, 0x30, 0, 3, 0, 1, 0, 0x10, 0x04, 0x01]);
    assert_eq!(printer.answers(T0), [0x12]);
}

#[test]
fn power_lost_in_the_middle_leaves_half_a_slip_and_no_answer() {
    let bytes = slip_bytes(PaperWidth::Mm58);
    let mut printer = VirtualPrinter::new(PaperWidth::Mm58);
    printer.faults.power_fails_after = Some(bytes.len() / 2);
    printer.receive(T0, &bytes);
    assert_eq!(printer.slips().len(), 1);
    assert_eq!(printer.slips()[0].end, SheetEnd::Broken);
    assert!(ask(&mut printer, 1).is_empty());
    printer.mend();
    assert_eq!(ask(&mut printer, 1), [0x12]);
    assert_eq!(
        printer.slips().len(),
        1,
        "what was lost is not printed later"
    );
}

#[test]
fn what_waits_behind_an_open_cover_is_printed_when_it_closes() {
    let bytes = slip_bytes(PaperWidth::Mm58);
    let mut printer = VirtualPrinter::new(PaperWidth::Mm58);
    printer.faults.cover_opens_after = Some(40);
    printer.receive(T0, &bytes);
    assert_eq!(ask(&mut printer, 2), [0x16]);
    assert!(printer.slips().iter().all(|it| it.end == SheetEnd::Broken));
    printer.mend();
    assert_eq!(printer.slips().back().unwrap().end, SheetEnd::Cut);
}

#[test]
fn feeding_for_ever_is_bounded() {
    let mut printer = VirtualPrinter::new(PaperWidth::Mm58);
    for _ in 0..2_000 {
        printer.receive(T0, &[0x1B, 0x64, 0xFF]);
    }
    printer.receive(T0, &[0x1D, 0x56, 0]);
    assert_eq!(printer.slips()[0].dots.height(), 16_000);
}
