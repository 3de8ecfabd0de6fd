//! The self-check, question by question, by the rules of the program.

use kiosk::app::effect::Effect;
use kiosk::app::event::Touch;
use kiosk::app::session::Page;
use kiosk::ui::PageId;

use super::Person;

/// Answers the next question with the first of these words that is offered, else says 说不清楚.
fn answer(person: &mut Person, words: &[&str]) {
    let offered = words.iter().find(|words| person.can_touch(words));
    if let Some(words) = offered {
        person.touch(words);
    } else if person.sees("____年__月__日") {
        person.types("19900101");
    } else if person.can_touch("说不清楚") {
        person.touch("说不清楚");
        return;
    } else {
        person.types("9");
    }
    if person.can_touch("下一题") {
        person.touch("下一题");
    }
}

fn at_the_results(words: &[&str]) -> Person {
    let mut person = Person::at(Touch::CheckEligibility);
    let first = kiosk::app::eligibility::rules().audiences()[0].name.clone();
    person.touch(&first);
    for _ in 0..40 {
        if person.sees("测出来的结果") {
            return person;
        }
        answer(&mut person, words);
    }
    panic!("no result: {:?}", person.words());
}

#[test]
fn who_does_not_know_comes_to_a_window_and_never_to_a_wrong_no() {
    let person = at_the_results(&["男"]);
    assert!(person.sees("需人工"));
    assert!(person.sees("不是审批"));
}

#[test]
fn a_result_says_why_what_to_bring_and_gives_a_ticket_for_it() {
    let mut person = at_the_results(&["男", "没有工作", "是", "合同到期，单位没续"]);
    person.kiosk.settings.has_printer = true;
    let finding = kiosk::app::eligibility::rules().benefits()[0].name.clone();
    let shown = person.words();
    let any = shown
        .iter()
        .find_map(|label| label.split_once(" 个 ").map(|(_, name)| name.to_owned()));
    let name = if person.can_touch(&finding) {
        finding
    } else {
        any.expect("something came out")
    };
    person.touch(&name);
    assert!(person.sees("为什么") && person.sees("不是审批"));
    person.touch("打印");
    assert!(matches!(person.effects.last(), Some(Effect::Print(_))));
    person.touch("取这件事的号");
    assert_eq!(person.page(), PageId::TicketChoose);
    let Some(Page::TicketChoice(choice)) = person.kiosk.session.as_ref().map(|it| &it.page) else {
        panic!("a ticket is being chosen");
    };
    assert_eq!(choice.wanted.matter.as_deref(), Some(name.as_str()));
}

#[test]
fn back_goes_to_the_question_before_and_then_out() {
    let mut person = Person::at(Touch::CheckEligibility);
    let first = kiosk::app::eligibility::rules().audiences()[0].name.clone();
    person.touch(&first);
    assert!(person.sees("第 1 题"));
    answer(&mut person, &["男"]);
    assert!(person.sees("第 2 题"));
    person.touch("返回");
    assert!(person.sees("第 1 题"));
    person.touch("返回");
    assert!(person.sees("您是哪一种情况？"));
    person.touch("返回");
    assert_eq!(person.page(), PageId::Home);
}

#[test]
fn a_day_that_no_calendar_has_is_said_and_what_was_typed_is_kept() {
    let mut person = Person::at(Touch::CheckEligibility);
    let first = kiosk::app::eligibility::rules().audiences()[0].name.clone();
    person.touch(&first);
    for _ in 0..40 {
        if person.can_touch("7") && person.sees("年__月") {
            break;
        }
        answer(&mut person, &["男"]);
    }
    person.types("19900231");
    person.touch("下一题");
    assert!(person.sees("日历上没有") && person.sees("1990年02月31日"));
}
