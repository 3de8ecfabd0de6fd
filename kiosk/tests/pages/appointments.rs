//! Touches on the pages of several matters and of appointments arrive.

use kiosk::ui::{Appointments, TicketMatters, TicketSlip};

use super::*;

#[test]
fn a_touch_on_a_matter_a_time_and_a_key_reaches_its_callback() {
    let stage = stage(Look::PORTRAIT);
    let heard = Rc::new(RefCell::new(Vec::new()));
    let note = |what: &'static str| {
        let heard = Rc::clone(&heard);
        move || heard.borrow_mut().push(what.to_owned())
    };
    let note_number = |what: &'static str| {
        let heard = Rc::clone(&heard);
        move |number: i32| heard.borrow_mut().push(format!("{what} {number}"))
    };
    Home::get(stage.window()).on_chosen({
        let heard = Rc::clone(&heard);
        move |service| {
            assert_eq!(service, Service::Appointments);
            heard.borrow_mut().push("appointments".to_owned());
        }
    });
    TicketChoose::get(stage.window()).on_choose_matters(note("several"));
    TicketMatters::get(stage.window()).on_matter_toggled(note_number("matter"));
    TicketMatters::get(stage.window()).on_take(note("take"));
    let pages = Appointments::get(stage.window());
    pages.on_book(note("book"));
    pages.on_check_in(note("check in"));
    pages.on_chosen(note_number("time"));
    pages.on_not_listed(note("not listed"));
    pages.on_digit_pressed(note_number("digit"));
    pages.on_take_ticket(note("ordinary"));
    TicketSlip::get(stage.window()).on_done(note("done"));
    for (sheet, words) in [
        (Sheet::Home, &["预约签到"][..]),
        (Sheet::TicketChoose, &["要办几件事"]),
        (Sheet::TicketMatters, &["领失业金", "取一张号，办 2 件"]),
        (Sheet::AppointmentStart, &["约个时间", "我约好了，来签到"]),
        (Sheet::AppointmentTime, &["09:30"]),
        (Sheet::AppointmentSlots, &["没有我的时间"]),
        (Sheet::AppointmentCode, &["7"]),
        (Sheet::AppointmentTold, &["取普通号"]),
        (Sheet::AppointmentKept, &["好了，回首页"]),
    ] {
        stage.fill(sheet);
        words.iter().for_each(|words| touch(&stage, words));
    }
    let expected = [
        "appointments",
        "several",
        "matter 10",
        "take",
        "book",
        "check in",
        "time 1",
        "not listed",
        "digit 7",
        "ordinary",
        "done",
    ];
    assert_eq!(*heard.borrow(), expected);
}
