//! Finding a visit, faces, reasons, thanks ↔ `ScoreLookup` and `Score`.

use domain::rating::Level;
use slint::ComponentHandle;

use super::{Input, Inputs, index, rows};
use crate::app::event::Touch;
use crate::ui::{KioskWindow, Score, ScoreLookup};
use crate::view_model::score::{LookupView, ScoreView};

pub(super) fn connect(window: &KioskWindow, inputs: &Inputs) {
    connect_lookup(window, inputs);
    let send = |touch: Touch| {
        let inputs = inputs.clone();
        move || inputs(Input::Touch(touch.clone()))
    };
    let score = window.global::<Score<'_>>();
    score.on_skip(send(Touch::SkipScore));
    score.on_more(send(Touch::MoreReasons));
    score.on_change_score(send(Touch::ChangeScore));
    score.on_submit(send(Touch::SubmitScore));
    score.on_done(send(Touch::ThanksDone));
    let reasons = inputs.clone();
    score.on_reason_toggled(move |row| reasons(Input::Touch(Touch::Reason(index(row)))));
    let faces = inputs.clone();
    score.on_face_chosen(move |number| {
        let level = u8::try_from(number)
            .ok()
            .and_then(|number| Level::try_from(number).ok());
        let level = level.expect("a level, because the five faces carry 1 to 5");
        faces(Input::Touch(Touch::Face(level)));
    });
}

fn connect_lookup(window: &KioskWindow, inputs: &Inputs) {
    let send = |touch: Touch| {
        let inputs = inputs.clone();
        move || inputs(Input::Touch(touch.clone()))
    };
    let send_index = |touch: fn(usize) -> Touch| {
        let inputs = inputs.clone();
        move |touched| inputs(Input::Touch(touch(index(touched))))
    };
    let lookup = window.global::<ScoreLookup<'_>>();
    lookup.on_letter_chosen(send_index(Touch::Letter));
    lookup.on_lane_chosen(send_index(Touch::Lane));
    lookup.on_erase(send(Touch::Erase));
    lookup.on_clear(send(Touch::Clear));
    lookup.on_continue(send(Touch::Continue));
    lookup.on_ask_person(send(Touch::CallHelp));
    let inputs = inputs.clone();
    lookup.on_digit_pressed(move |digit| {
        let digit = u8::try_from(digit).expect("a digit, because the keys carry 0 to 9");
        inputs(Input::Touch(Touch::Digit(digit)));
    });
}

pub(super) fn set_lookup(window: &KioskWindow, view: &LookupView) {
    let lookup = window.global::<ScoreLookup<'_>>();
    lookup.set_step(view.step);
    lookup.set_title(view.title.into());
    lookup.set_hint(view.hint.into());
    lookup.set_letters(rows(&view.letters));
    lookup.set_lanes(rows(&view.lanes));
    lookup.set_number_text(view.number_text.as_str().into());
    lookup.set_code_text(view.code_text.as_str().into());
    lookup.set_can_erase(view.can_erase);
    lookup.set_can_continue(view.can_continue);
    lookup.set_message(view.message.as_str().into());
}

pub(super) fn set_score(window: &KioskWindow, view: &ScoreView) {
    let score = window.global::<Score<'_>>();
    score.set_ticket_number(view.ticket_number.as_str().into());
    score.set_matter(view.matter.as_str().into());
    score.set_window_text(view.window_text.as_str().into());
    score.set_clerk_text(view.clerk_text.as_str().into());
    score.set_title(view.title.into());
    score.set_hint(view.hint.into());
    score.set_seconds_text(view.seconds_text.as_str().into());
    score.set_seconds(i32::try_from(view.seconds).unwrap_or(i32::MAX));
    score.set_left(view.left);
    score.set_saving(view.is_saving);
    score.set_reasons_hint(view.reasons_hint.as_str().into());
    score.set_reasons(rows(&view.reasons));
    score.set_more_text(view.more_text.as_str().into());
    score.set_submit_text(view.submit_text.into());
    score.set_thanks_title(view.thanks_title.into());
    score.set_thanks_text(view.thanks_text.into());
}
