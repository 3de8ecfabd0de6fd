//! A value that fails its form is kept for a reason given with it, and for no older one.

use super::*;

const RIGHT: &str = "91350100M000100Y43";
const WRONG: &str = "91350100M000100Y44";
const WRONG_TOO: &str = "91350100M000100Y45";

fn clerk() -> Actor {
    actor(1, &[Role::Clerk])
}

fn change<const N: usize>(pairs: [(&str, Value); N]) -> Command {
    Command::Change {
        draft: draft(pairs),
        reason: String::new(),
    }
}

/// An employer whose code was compared with the paper and found wrong and real.
fn excused() -> Desk {
    let first = values([
        ("org_name", text("示例甲加工厂")),
        ("uscc", text(WRONG)),
        ("uscc_note", text("与营业执照一致")),
    ]);
    Desk::open("employer", first, &clerk())
}

#[test]
fn a_wrong_value_needs_a_reason_in_the_same_draft() {
    let first = values([("org_name", text("示例甲加工厂"))]);
    let mut desk = Desk::open("employer", first, &clerk());
    let told = desk.refused(&clerk(), change([("uscc", text(WRONG))]));
    assert_eq!(told.faults.len(), 1);
    assert!(
        told.text.ends_with("在“代码核对说明”里写明原因再存。"),
        "{}",
        told.text
    );
    desk.does(
        &clerk(),
        change([("uscc", text(WRONG)), ("uscc_note", text("与营业执照一致"))]),
    );
    assert_eq!(desk.record.values["uscc"], text(WRONG));
}

#[test]
fn a_reason_that_stands_excuses_no_later_wrong_value() {
    let mut desk = excused();
    for later in [
        change([("uscc", text(WRONG_TOO))]),
        // a form sends all that it shows: the old reason again is no new one
        change([
            ("uscc", text(WRONG_TOO)),
            ("uscc_note", text(" 与营业执照一致 ")),
        ]),
    ] {
        let told = desk.refused(&clerk(), later);
        assert_eq!(told.code, CaseRefusalCode::Values);
        assert!(told.text.contains("里重新写明原因再存"), "{}", told.text);
    }
    desk.does(
        &clerk(),
        change([
            ("uscc", text(WRONG_TOO)),
            ("uscc_note", text("换发的执照，已核对")),
        ]),
    );
    assert_eq!(desk.record.values["uscc"], text(WRONG_TOO));
}

#[test]
fn the_same_excused_value_again_is_no_change_and_no_fault() {
    let mut desk = excused();
    assert_eq!(
        desk.ask(&clerk(), change([("uscc", text(&format!(" {WRONG} ")))])),
        Ok(Vec::new())
    );
    let with_a_name = change([("org_name", text("示例乙加工厂")), ("uscc", text(WRONG))]);
    desk.does(&clerk(), with_a_name);
    assert_eq!(desk.record.values["uscc"], text(WRONG));
    assert_eq!(desk.record.values["org_name"], text("示例乙加工厂"));
}

#[test]
fn a_right_value_needs_no_reason_and_a_cleared_reason_is_none() {
    let mut desk = excused();
    let mut without = draft([("uscc", text(WRONG_TOO))]);
    without.insert("uscc_note".to_owned(), None);
    let without = Command::Change {
        draft: without,
        reason: String::new(),
    };
    assert_eq!(desk.refused(&clerk(), without).faults.len(), 1);
    desk.does(&clerk(), change([("uscc", text(RIGHT))]));
    assert_eq!(desk.record.values["uscc"], text(RIGHT));
}
