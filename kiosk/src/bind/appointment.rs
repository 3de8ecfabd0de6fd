//! Keeping a time and taking it up ↔ `Appointments`.

use slint::ComponentHandle;

use super::{Input, Inputs, index, number, rows};
use crate::app::appointment::AppointmentTouch;
use crate::app::event::Touch;
use crate::ui::{Appointments, KioskWindow};
use crate::view_model::appointment::AppointmentView;

pub(super) fn connect(window: &KioskWindow, inputs: &Inputs) {
    let send = |touch: Touch| {
        let inputs = inputs.clone();
        move || inputs(Input::Touch(touch.clone()))
    };
    let pages = window.global::<Appointments<'_>>();
    pages.on_book(send(Touch::Appointment(AppointmentTouch::Book)));
    pages.on_check_in(send(Touch::Appointment(AppointmentTouch::CheckIn)));
    pages.on_not_listed(send(Touch::Appointment(AppointmentTouch::NotListed)));
    pages.on_choose_again(send(Touch::Appointment(AppointmentTouch::Again)));
    pages.on_previous_page(send(Touch::PreviousPage));
    pages.on_next_page(send(Touch::NextPage));
    pages.on_erase(send(Touch::Erase));
    pages.on_clear(send(Touch::Clear));
    pages.on_continue(send(Touch::Continue));
    pages.on_take_ticket(send(Touch::TakeTicket));
    pages.on_ask_person(send(Touch::CallHelp));
    let choices = inputs.clone();
    pages.on_chosen(move |row| {
        let touch = AppointmentTouch::Choice(index(row));
        choices(Input::Touch(Touch::Appointment(touch)));
    });
    let keys = inputs.clone();
    pages.on_digit_pressed(move |digit| {
        let digit = u8::try_from(digit).expect("a digit, because the keys carry 0 to 9");
        keys(Input::Touch(Touch::Digit(digit)));
    });
}

pub(super) fn set(window: &KioskWindow, view: &AppointmentView) {
    let pages = window.global::<Appointments<'_>>();
    pages.set_title(view.title.into());
    pages.set_hint(view.hint.as_str().into());
    pages.set_total(number(view.choices_in_all));
    pages.set_choices(rows(&view.choices));
    pages.set_page_text(view.page_text.as_str().into());
    pages.set_can_previous(view.can_previous);
    pages.set_can_next(view.can_next);
    pages.set_may_be_missing(view.may_be_missing);
    pages.set_slot_text(view.slot_text.as_str().into());
    pages.set_code_text(view.code_text.as_str().into());
    pages.set_can_erase(view.can_erase);
    pages.set_can_continue(view.can_continue);
    pages.set_message(view.message.as_str().into());
    pages.set_told_title(view.told_title.into());
    pages.set_told_text(view.told_text.as_str().into());
    pages.set_can_choose_again(view.can_choose_again);
}
