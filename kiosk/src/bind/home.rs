//! Start page ↔ `Home`.

use slint::ComponentHandle;

use super::{Input, Inputs, index, rows};
use crate::app::event::Touch;
use crate::ui::{Home, KioskWindow};
use crate::view_model::home::HomeView;

pub(super) fn connect(window: &KioskWindow, inputs: &Inputs) {
    let home = window.global::<Home<'_>>();
    let send = |touch: Touch| {
        let inputs = inputs.clone();
        move || inputs(Input::Touch(touch.clone()))
    };
    home.on_find_job(send(Touch::FindJob));
    home.on_take_ticket(send(Touch::TakeTicket));
    home.on_appointments(send(Touch::Appointments));
    home.on_rate_service(send(Touch::RateService));
    home.on_read_policy(send(Touch::ReadPolicy));
    let inputs = inputs.clone();
    home.on_newest_chosen(move |row| inputs(Input::Touch(Touch::Newest(index(row)))));
}

pub(super) fn set(window: &KioskWindow, view: &HomeView) {
    let home = window.global::<Home<'_>>();
    home.set_jobs_fact(view.jobs_fact.as_str().into());
    home.set_queue_fact(view.queue_fact.as_str().into());
    home.set_facts(rows(&view.facts));
    home.set_newest(rows(&view.newest));
}
