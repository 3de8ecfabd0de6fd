//! Choosing a matter and the slip ↔ `TicketChoose` and `TicketSlip`.

use slint::ComponentHandle;

use super::{Input, Inputs, index, number, qr_picture, rows};
use crate::app::event::Touch;
use crate::ui::{KioskWindow, TicketChoose, TicketMatters, TicketSlip};
use crate::view_model::ticket::{SlipView, TicketChooseView};

pub(super) fn connect(window: &KioskWindow, inputs: &Inputs) {
    let send = |touch: Touch| {
        let inputs = inputs.clone();
        move || inputs(Input::Touch(touch.clone()))
    };
    let send_index = |touch: fn(usize) -> Touch| {
        let inputs = inputs.clone();
        move |touched| inputs(Input::Touch(touch(index(touched))))
    };
    let choose = window.global::<TicketChoose<'_>>();
    choose.on_priority_toggled(send_index(Touch::Priority));
    choose.on_group_chosen(send_index(Touch::Group));
    choose.on_choose_matters(send(Touch::ChooseMatters));
    choose.on_previous_page(send(Touch::PreviousPage));
    choose.on_next_page(send(Touch::NextPage));
    choose.on_do_not_know(send(Touch::CallHelp));
    let matters = window.global::<TicketMatters<'_>>();
    matters.on_matter_toggled(send_index(Touch::Matter));
    matters.on_take(send(Touch::TakeForMatters));
    matters.on_previous_page(send(Touch::PreviousPage));
    matters.on_next_page(send(Touch::NextPage));
    let slip = window.global::<TicketSlip<'_>>();
    slip.on_done(send(Touch::SlipDone));
    slip.on_ask_person(send(Touch::CallHelp));
    slip.on_print(send(Touch::Print));
}

pub(super) fn set_choose(window: &KioskWindow, view: &TicketChooseView) {
    let choose = window.global::<TicketChoose<'_>>();
    choose.set_slot(view.slot);
    choose.set_closed_title(view.closed_title.into());
    choose.set_closed_text(view.closed_text.as_str().into());
    choose.set_priorities(rows(&view.priorities));
    choose.set_groups(rows(&view.groups));
    let matters = window.global::<TicketMatters<'_>>();
    matters.set_matters(rows(&view.matters));
    matters.set_total(number(view.matters_in_all));
    matters.set_note(view.note.as_str().into());
    matters.set_take_text(view.take_text.as_str().into());
    matters.set_can_take(view.can_take);
    matters.set_page_text(view.page_text.as_str().into());
    matters.set_can_previous(view.can_previous);
    matters.set_can_next(view.can_next);
    choose.set_page_text(view.page_text.as_str().into());
    choose.set_can_previous(view.can_previous);
    choose.set_can_next(view.can_next);
}

pub(super) fn set_slip(window: &KioskWindow, view: &SlipView) {
    let slip = window.global::<TicketSlip<'_>>();
    let [ahead, wait, place] = view.fact_names;
    slip.set_title(view.title.into());
    slip.set_hint(view.hint.into());
    slip.set_ahead_name(ahead.into());
    slip.set_wait_name(wait.into());
    slip.set_window_name(place.into());
    slip.set_qr_title(view.qr_title.into());
    slip.set_place(view.place.as_str().into());
    slip.set_number(view.number.as_str().into());
    slip.set_long_number(view.is_long);
    slip.set_code_text(view.code_text.as_str().into());
    slip.set_matter(view.matter.as_str().into());
    slip.set_also(view.also.as_str().into());
    slip.set_ahead(view.ahead.as_str().into());
    slip.set_wait(view.wait.as_str().into());
    slip.set_window_text(view.window_text.as_str().into());
    slip.set_qr(qr_picture(&view.qr_content));
    slip.set_qr_text(view.qr_text.into());
    slip.set_rule_text(view.rule_text.as_str().into());
    slip.set_next_text(view.next_text.as_str().into());
    slip.set_print_text(view.print.text.into());
    slip.set_can_print(view.print.is_enabled);
    slip.set_left(view.left);
}
