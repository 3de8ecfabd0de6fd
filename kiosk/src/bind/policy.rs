//! Policies ↔ `PolicyList` and `PolicyText`.

use slint::ComponentHandle;

use super::{Input, Inputs, index, number, rows};
use crate::app::event::Touch;
use crate::ui::{KioskWindow, PolicyList, PolicyText};
use crate::view_model::policy::{PolicyListView, PolicyTextView};

pub(super) fn connect(window: &KioskWindow, inputs: &Inputs) {
    let send = |touch: Touch| {
        let inputs = inputs.clone();
        move || inputs(Input::Touch(touch.clone()))
    };
    let list = window.global::<PolicyList<'_>>();
    list.on_previous_page(send(Touch::PreviousPage));
    list.on_next_page(send(Touch::NextPage));
    let chosen = inputs.clone();
    list.on_chosen(move |row| chosen(Input::Touch(Touch::Policy(index(row)))));
    let text = window.global::<PolicyText<'_>>();
    text.on_previous_page(send(Touch::PreviousPage));
    text.on_next_page(send(Touch::NextPage));
    text.on_take_ticket(send(Touch::TakeTicket));
    text.on_ask_person(send(Touch::CallHelp));
}

pub(super) fn set_list(window: &KioskWindow, view: &PolicyListView) {
    let list = window.global::<PolicyList<'_>>();
    list.set_hint(view.hint.into());
    list.set_total(number(view.total));
    list.set_policies(rows(&view.policies));
    list.set_page_text(view.page_text.as_str().into());
    list.set_can_previous(view.can_previous);
    list.set_can_next(view.can_next);
}

pub(super) fn set_text(window: &KioskWindow, view: &PolicyTextView) {
    let text = window.global::<PolicyText<'_>>();
    text.set_title(view.title.as_str().into());
    text.set_in_force(view.is_in_force);
    text.set_state_text(view.state_text.into());
    text.set_document_text(view.document_text.as_str().into());
    text.set_rows(rows(&view.rows));
    text.set_page_text(view.page_text.as_str().into());
    text.set_can_previous(view.can_previous);
    text.set_can_next(view.can_next);
}
