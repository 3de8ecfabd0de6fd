//! Records at their end, registers that come back from theirs, and ties.

use super::moves::{brochure, with_reason};
use super::*;

#[test]
fn an_ended_record_takes_the_tie_to_its_correction_and_nothing_else() {
    let clerk = actor(1, &[Role::Clerk]);
    let mut desk = Desk::open("vacancy", full_vacancy(), &clerk);
    desk.does(&clerk, with_reason("withdraw", "不招了"));
    let link = |kind, is_undone| Command::Link {
        kind,
        to: record_id(2),
        is_undone,
    };
    let change = Command::Change {
        draft: draft([("headcount", Value::Integer(5))]),
        reason: String::new(),
    };
    let give = Command::HandOver {
        to: staff(5),
        reason: "休假".to_owned(),
    };
    for command in [
        step("submit"),
        change,
        give,
        Command::Attach(brochure(1)),
        link(LinkKind::Related, false),
    ] {
        assert_eq!(desk.refused(&clerk, command).code, CaseRefusalCode::Ended);
    }
    desk.does(&clerk, link(LinkKind::CorrectionOf, false));
    assert_eq!(desk.record.links.len(), 1);
    assert!(
        desk.ask(&clerk, link(LinkKind::CorrectionOf, true))
            .is_err()
    );
}

#[test]
fn a_register_needs_its_fields_when_it_is_opened_and_comes_back_from_its_end() {
    let (clerk, chief) = (actor(1, &[Role::Clerk]), actor(2, &[Role::Chief]));
    let empty = open(
        &kind("employer"),
        opening(Values::new()),
        &clerk,
        now(),
        &Rules::default(),
    );
    assert_eq!(empty.unwrap_err().code, CaseRefusalCode::Missing);
    let mut desk = Desk::open("employer", values([("org_name", text("示例公司"))]), &clerk);
    desk.does(&chief, with_reason("close", "注销"));
    assert!(desk.record.closed_at.is_some());
    let change = Command::Change {
        draft: draft([("org_name", text("新名"))]),
        reason: String::new(),
    };
    assert_eq!(desk.refused(&clerk, change).code, CaseRefusalCode::Ended);
    desk.does(&chief, step("reopen"));
    assert_eq!(desk.record.closed_at, None);
}

#[test]
fn a_tie_is_made_once_and_undone_once() {
    let mut desk = Desk::pending();
    let clerk = actor(1, &[Role::Clerk]);
    let link = |to, is_undone| Command::Link {
        kind: LinkKind::Related,
        to: record_id(to),
        is_undone,
    };
    assert!(desk.ask(&clerk, link(1, false)).is_err());
    assert_eq!(desk.ask(&clerk, link(2, true)), Ok(vec![]));
    desk.does(&clerk, link(2, false));
    assert_eq!(desk.ask(&clerk, link(2, false)), Ok(vec![]));
    desk.does(&clerk, link(2, true));
    assert!(desk.record.links.is_empty());
}
