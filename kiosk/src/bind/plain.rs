//! The plain pages of the flows ↔ `Plain`, `Choose`, `Read`, `Digits`, `Told`.

use slint::ComponentHandle;

use super::{Input, Inputs, index, number, rows};
use crate::app::event::Touch;
use crate::app::flow::FlowTouch;
use crate::ui::{Choose, Digits, KioskWindow, Plain, PlainKind, Read, Told};
use crate::view_model::lines::ReadSpace;
use crate::view_model::scene::{ChooseView, DigitsView, ReadView, SceneView, ToldView};

pub(super) fn connect(window: &KioskWindow, inputs: &Inputs) {
    connect_choose(&window.global(), inputs);
    connect_read(&window.global(), inputs);
    connect_digits(&window.global(), inputs);
    let acted = inputs.clone();
    window
        .global::<Told<'_>>()
        .on_acted(move |at| act(&acted, at));
}

fn connect_choose(choose: &Choose<'_>, inputs: &Inputs) {
    choose.on_previous_page(send(inputs, Touch::PreviousPage));
    choose.on_next_page(send(inputs, Touch::NextPage));
    choose.on_erase(send(inputs, Touch::Erase));
    choose.on_fold(send(inputs, Touch::Flow(FlowTouch::FoldKeypad)));
    let chosen = inputs.clone();
    choose.on_chosen(move |at| {
        let touch = FlowTouch::Choice(index(at));
        chosen(Input::Touch(Touch::Flow(touch)));
    });
    let acted = inputs.clone();
    choose.on_acted(move |at| act(&acted, at));
    let keys = inputs.clone();
    choose.on_letter_pressed(move |letter| {
        if let Some(letter) = letter.chars().next() {
            keys(Input::Touch(Touch::Flow(FlowTouch::Letter(letter))));
        }
    });
}

fn connect_read(read: &Read<'_>, inputs: &Inputs) {
    read.on_previous_page(send(inputs, Touch::PreviousPage));
    read.on_next_page(send(inputs, Touch::NextPage));
    let acted = inputs.clone();
    read.on_acted(move |at| act(&acted, at));
    let tabs = inputs.clone();
    read.on_tab_chosen(move |at| {
        let touch = FlowTouch::Tab(index(at));
        tabs(Input::Touch(Touch::Flow(touch)));
    });
}

fn connect_digits(digits: &Digits<'_>, inputs: &Inputs) {
    digits.on_erase(send(inputs, Touch::Erase));
    digits.on_clear(send(inputs, Touch::Clear));
    digits.on_x_pressed(send(inputs, Touch::Flow(FlowTouch::LetterX)));
    let acted = inputs.clone();
    digits.on_acted(move |at| act(&acted, at));
    let keys = inputs.clone();
    digits.on_digit_pressed(move |digit| {
        let digit = u8::try_from(digit).expect("a digit, because the keys carry 0 to 9");
        keys(Input::Touch(Touch::Digit(digit)));
    });
}

fn send(inputs: &Inputs, touch: Touch) -> impl Fn() + 'static {
    let inputs = inputs.clone();
    move || inputs(Input::Touch(touch.clone()))
}

fn act(inputs: &Inputs, at: i32) {
    inputs(Input::Touch(Touch::Flow(FlowTouch::Act(index(at)))));
}

/// How much text a page that is read holds.
pub(super) fn read_space(window: &KioskWindow) -> ReadSpace {
    let read = window.global::<Read<'_>>();
    let count = |tenths: i32| usize::try_from(tenths).unwrap_or(0);
    ReadSpace {
        whole: count(read.get_tenths_whole()),
        paged: count(read.get_tenths_paged()),
        entry: count(read.get_row_tenths()),
        width: count(read.get_line_ems()),
        labelled_width: count(read.get_labelled_ems()),
    }
}

pub(super) fn set(window: &KioskWindow, view: &SceneView) {
    let kind = match view {
        SceneView::Choose(view) => {
            set_choose(&window.global(), view);
            PlainKind::Choose
        }
        SceneView::Read(view) => {
            set_read(&window.global(), view);
            PlainKind::Read
        }
        SceneView::Digits(view) => {
            set_digits(&window.global(), view);
            PlainKind::Digits
        }
        SceneView::Told(view) => {
            set_told(&window.global(), view);
            PlainKind::Told
        }
    };
    window.global::<Plain<'_>>().set_kind(kind);
}

fn set_choose(choose: &Choose<'_>, view: &ChooseView) {
    choose.set_title(view.title.as_str().into());
    choose.set_question(view.question.as_str().into());
    choose.set_note(view.note.as_str().into());
    choose.set_total(number(view.total));
    choose.set_choices(rows(&view.choices));
    choose.set_ticks(view.can_tick);
    choose.set_acts(rows(&view.acts));
    choose.set_keyed(!view.keys.is_empty());
    choose.set_keys(rows(&view.keys));
    choose.set_typed(view.typed.as_str().into());
    choose.set_page_text(view.pager.text.as_str().into());
    choose.set_can_previous(view.pager.can_previous);
    choose.set_can_next(view.pager.can_next);
}

fn set_read(read: &Read<'_>, view: &ReadView) {
    read.set_page_title(view.page_title.into());
    read.set_title(view.title.as_str().into());
    read.set_tag(view.tag);
    read.set_tag_text(view.tag_text.as_str().into());
    read.set_under(view.under.as_str().into());
    read.set_tabs(rows(&view.tabs));
    read.set_tab(number(view.tab));
    read.set_labelled(view.is_labelled);
    read.set_rows(rows(&view.rows));
    read.set_acts(rows(&view.acts));
    read.set_page_text(view.pager.text.as_str().into());
    read.set_can_previous(view.pager.can_previous);
    read.set_can_next(view.pager.can_next);
}

fn set_digits(digits: &Digits<'_>, view: &DigitsView) {
    let scene = &view.scene;
    digits.set_title(scene.title.into());
    digits.set_hint(scene.hint.as_str().into());
    digits.set_name(scene.name.into());
    digits.set_text(scene.text.as_str().into());
    digits.set_message(scene.message.as_str().into());
    digits.set_can_erase(scene.can_erase);
    digits.set_with_x(scene.with_x);
    digits.set_acts(rows(&view.acts));
}

fn set_told(told: &Told<'_>, view: &ToldView) {
    told.set_page_title(view.page_title.into());
    told.set_title(view.title.as_str().into());
    told.set_text(view.text.as_str().into());
    told.set_good(view.is_good);
    told.set_waits_for_card(view.card_time_left.is_some());
    told.set_left(view.card_time_left.unwrap_or_default());
    told.set_acts(rows(&view.acts));
}
