//! The kiosk's side of appointments: opening the pages, carrying answers to them, showing what was
//! kept.

use super::{Effect, Kiosk, PageId, Surroundings};
use crate::app::appointment::{Appointment, AppointmentAnswer, AppointmentStep, KEPT_TIME, Step};
use crate::app::session::Page;

/// The page of a question.
pub(super) fn page(appointment: &Appointment) -> PageId {
    match appointment.step {
        Step::Start => PageId::AppointmentStart,
        Step::Group | Step::Day(..) | Step::Time(..) | Step::Slots(_) => PageId::AppointmentChoose,
        Step::Code { .. } => PageId::AppointmentCode,
        Step::Told(_) => PageId::AppointmentTold,
    }
}

impl Kiosk {
    pub(super) fn open_appointments(&mut self) {
        let is_cut_off = self.line.is_online == Some(false);
        self.go_to(Page::Appointment(Appointment::new(is_cut_off)));
    }

    pub(super) fn appointment_stepped(
        &mut self,
        step: AppointmentStep,
        around: &Surroundings,
    ) -> Vec<Effect> {
        match step {
            AppointmentStep::Stay => {}
            AppointmentStep::Left => self.go_back(),
            AppointmentStep::Ask(ask) => return vec![Effect::AskAboutAppointment(ask)],
            AppointmentStep::Kept(kept) => {
                let until = around.now + KEPT_TIME;
                if let Some(session) = &mut self.session {
                    session.go_past(Page::Kept { kept, until });
                }
                return self.print_page(around);
            }
        }
        Vec::new()
    }

    pub(super) fn appointment_answered(
        &mut self,
        answer: AppointmentAnswer,
        around: &Surroundings,
    ) -> Vec<Effect> {
        let page = self.session.as_mut().map(|session| &mut session.page);
        let Some(Page::Appointment(appointment)) = page else {
            return Vec::new();
        };
        let step = appointment.answered(answer);
        self.appointment_stepped(step, around)
    }
}
