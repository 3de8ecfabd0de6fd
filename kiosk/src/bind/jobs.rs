//! Job search, its pages of choices, nothing found, one vacancy ↔ `JobSearch`, `JobFilter`,
//! `JobNone`, `JobDetail`.

use slint::ComponentHandle;

use super::{Input, Inputs, index, number, qr_picture, rows};
use crate::app::event::{JobTouch, Touch};
use crate::ui::{JobDetail, JobFilter, JobNone, JobSearch, KioskWindow};
use crate::view_model::jobs::{ChoicesView, DetailView, JobsView, NothingView, SearchView};

pub(super) fn connect(window: &KioskWindow, inputs: &Inputs) {
    connect_search(window, inputs);
    let send = |touch: Touch| {
        let inputs = inputs.clone();
        move || inputs(Input::Touch(touch.clone()))
    };
    let send_index = |touch: fn(usize) -> JobTouch| {
        let inputs = inputs.clone();
        move |touched| inputs(Input::Touch(Touch::Job(touch(index(touched)))))
    };
    let filter = window.global::<JobFilter<'_>>();
    filter.on_chosen(send_index(JobTouch::Choice));
    filter.on_previous_page(send(Touch::PreviousPage));
    filter.on_next_page(send(Touch::NextPage));
    filter.on_match_me(send(Touch::MatchJobs));
    let none = window.global::<JobNone<'_>>();
    none.on_relaxed(send_index(JobTouch::Relax));
    none.on_clear(send(Touch::Job(JobTouch::Clear)));
    none.on_ask_person(send(Touch::CallHelp));
    none.on_choose_category(send(Touch::Job(JobTouch::ChooseCategory)));
    let detail = window.global::<JobDetail<'_>>();
    detail.on_previous(send(Touch::Job(JobTouch::PreviousListing)));
    detail.on_next(send(Touch::Job(JobTouch::NextListing)));
    detail.on_ask_person(send(Touch::CallHelp));
    detail.on_take_ticket(send(Touch::TakeTicket));
    detail.on_print(send(Touch::Print));
}

fn connect_search(window: &KioskWindow, inputs: &Inputs) {
    let send = |touch: Touch| {
        let inputs = inputs.clone();
        move || inputs(Input::Touch(touch.clone()))
    };
    let send_index = |touch: fn(usize) -> JobTouch| {
        let inputs = inputs.clone();
        move |touched| inputs(Input::Touch(Touch::Job(touch(index(touched)))))
    };
    let search = window.global::<JobSearch<'_>>();
    search.on_erase(send(Touch::Job(JobTouch::Erase)));
    search.on_clear(send(Touch::Job(JobTouch::Clear)));
    search.on_fold_keypad(send(Touch::Job(JobTouch::FoldKeypad)));
    search.on_open_keypad(send(Touch::Job(JobTouch::OpenKeypad)));
    search.on_suggestions_next(send(Touch::Job(JobTouch::SuggestionsNext)));
    search.on_choose_category(send(Touch::Job(JobTouch::ChooseCategory)));
    search.on_suggestion_chosen(send_index(JobTouch::Suggestion));
    search.on_chip_chosen(send_index(JobTouch::Chip));
    search.on_row_chosen(send_index(JobTouch::Row));
    search.on_previous_page(send(Touch::PreviousPage));
    search.on_next_page(send(Touch::NextPage));
    let inputs = inputs.clone();
    search.on_key_pressed(move |key| {
        let letter = key
            .chars()
            .next()
            .expect("a letter, because every key carries one");
        inputs(Input::Touch(Touch::Job(JobTouch::Letter(letter))));
    });
}

/// Lists that are the same as before stay, because a list that is set again is drawn again.
pub(super) fn set(window: &KioskWindow, view: &JobsView, before: Option<&JobsView>) {
    match (view, before) {
        (JobsView::Search(view), Some(JobsView::Search(before))) => {
            set_search(window, view, Some(before));
        }
        (JobsView::Search(view), _) => set_search(window, view, None),
        (JobsView::Choices(view), _) => set_choices(window, view),
        (JobsView::Nothing(view), _) => set_nothing(window, view),
        (JobsView::Detail(view), _) => set_detail(window, view),
    }
}

fn set_search(window: &KioskWindow, view: &SearchView, before: Option<&SearchView>) {
    let search = window.global::<JobSearch<'_>>();
    search.set_picked(view.picked.as_str().into());
    search.set_typed(view.typed.as_str().into());
    search.set_has_query(view.has_query);
    search.set_keypad_open(view.is_keypad_open);
    if before.is_none_or(|before| before.keys != view.keys) {
        search.set_keys(rows(&view.keys));
    }
    if before.is_none_or(|before| before.suggestions != view.suggestions) {
        search.set_suggestions(rows(&view.suggestions));
    }
    search.set_more_suggestions(view.has_more_suggestions);
    if before.is_none_or(|before| before.chips != view.chips) {
        search.set_chips(rows(&view.chips));
    }
    search.set_count_number(view.count_number.as_str().into());
    search.set_count_text(view.count_text.as_str().into());
    if before.is_none_or(|before| before.rows != view.rows) {
        search.set_rows(rows(&view.rows));
    }
    search.set_page_text(view.page_text.as_str().into());
    search.set_can_previous(view.can_previous);
    search.set_can_next(view.can_next);
    search.set_busy(view.is_busy);
}

fn set_choices(window: &KioskWindow, view: &ChoicesView) {
    let filter = window.global::<JobFilter<'_>>();
    filter.set_title(view.title.into());
    filter.set_hint(view.hint.into());
    filter.set_total(number(view.total));
    filter.set_choices(rows(&view.choices));
    filter.set_page_text(view.page_text.as_str().into());
    filter.set_can_previous(view.can_previous);
    filter.set_can_next(view.can_next);
}

fn set_nothing(window: &KioskWindow, view: &NothingView) {
    let none = window.global::<JobNone<'_>>();
    none.set_query(view.query.as_str().into());
    none.set_relaxations(rows(&view.relaxations));
}

fn set_detail(window: &KioskWindow, view: &DetailView) {
    let detail = window.global::<JobDetail<'_>>();
    let words = &view.words;
    detail.set_title(words.title.as_str().into());
    detail.set_title_step(number(words.title_step));
    detail.set_pay(words.pay.as_str().into());
    detail.set_pay_note(words.pay_note.as_str().into());
    detail.set_employer(words.employer.as_str().into());
    detail.set_age_text(words.age.as_str().into());
    // The tick is for information that somebody checked with the employer; an import did not.
    detail.set_fresh(false);
    detail.set_facts(rows(&view.facts));
    detail.set_position_text(view.position_text.as_str().into());
    detail.set_can_previous(view.can_previous);
    detail.set_can_next(view.can_next);
    detail.set_has_printer(!view.print.text.is_empty());
    detail.set_can_print(view.print.is_enabled);
    detail.set_qr(qr_picture(&words.qr_target));
    detail.set_qr_text(words.qr_text.as_str().into());
}
