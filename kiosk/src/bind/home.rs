//! Start page ↔ `Home`.

use slint::ComponentHandle;

use super::{Input, Inputs, index, number, rows};
use crate::app::event::Touch;
use crate::ui::{Home, KioskWindow, Service};
use crate::view_model::home::HomeView;

pub(super) fn connect(window: &KioskWindow, inputs: &Inputs) {
    let home = window.global::<Home<'_>>();
    let chosen = inputs.clone();
    home.on_chosen(move |service| chosen(Input::Touch(touch(service))));
    let inputs = inputs.clone();
    home.on_newest_chosen(move |row| inputs(Input::Touch(Touch::Newest(index(row)))));
}

pub(super) fn set(window: &KioskWindow, view: &HomeView) {
    let home = window.global::<Home<'_>>();
    home.set_jobs_fact(view.jobs_fact.as_str().into());
    home.set_queue_fact(view.queue_fact.as_str().into());
    home.set_facts(rows(&view.facts));
    home.set_newest(rows(&view.newest));
    home.set_part(number(view.part));
}

fn touch(service: Service) -> Touch {
    match service {
        Service::FindJob => Touch::FindJob,
        Service::TakeTicket => Touch::TakeTicket,
        Service::Policies => Touch::PoliciesAndGuide,
        Service::Eligibility => Touch::CheckEligibility,
        Service::Appointments => Touch::Appointments,
        Service::Progress => Touch::SeeProgress,
        Service::Announcements => Touch::ReadAnnouncements,
        Service::Rate => Touch::RateService,
        Service::Gig => Touch::FindGigWork,
        Service::Stations => Touch::FindStation,
        Service::Feedback => Touch::GiveFeedback,
        Service::Certificate => Touch::PrintCertificate,
        Service::Others | Service::FirstOnes => Touch::OtherServices,
    }
}
