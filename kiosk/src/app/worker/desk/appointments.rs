//! Asking the authority about appointments. A question whose answer was lost is asked once more with
//! the same secrets, so that no place and no number is given twice.

use domain::queue::{BookedSlot, PriorityKind, TicketIssued, Wish};
use domain::rating::TicketSecret;
use domain::refusal::RefusalCode;
use sync::client::CallError;
use sync::entropy::random_bytes;
use wire::api::{BookAppointment, CheckIn, CheckedIn};
use wire::event::{Event as LogEvent, Origin, TicketShown};
use wire::problem::ProblemCode;

use super::{Desk, Secrets, means_not_a_device};
use crate::app::appointment::{AppointmentAnswer, AppointmentAsk, Kept};
use crate::app::effect::Slip;
use crate::app::event::Event;

impl Desk {
    /// Asks, and makes the slip of a number durable.
    pub async fn ask_about_appointment(&self, ask: AppointmentAsk) -> Event {
        let answer = match ask {
            AppointmentAsk::FreeTimes(group) => {
                let slots = self.client.appointment_slots(group).await;
                slots.map(|slots| AppointmentAnswer::FreeTimes(group, slots.free))
            }
            AppointmentAsk::Keep {
                slot,
                windows,
                origin,
            } => self.keep(slot).await.map(|kept| {
                AppointmentAnswer::Kept(Box::new(Kept {
                    windows,
                    origin,
                    ..kept
                }))
            }),
            AppointmentAsk::CheckInSlots => {
                let slots = self.client.check_in_slots().await;
                slots.map(AppointmentAnswer::CheckInSlots)
            }
            AppointmentAsk::CheckIn {
                slot,
                code,
                matter,
                windows,
                origin,
            } => match self.check_in(slot, code, origin).await {
                Ok(slip) => {
                    return Event::Issued(Slip {
                        matter,
                        windows,
                        ..slip
                    });
                }
                Err(NotCheckedIn::Answer(answer)) => Ok(answer),
                Err(NotCheckedIn::Call(error)) => Err(error),
            },
        };
        Event::Appointment(answer.unwrap_or_else(|error| refused(&error)))
    }

    async fn keep(&self, slot: BookedSlot) -> Result<Kept, CallError> {
        let Secrets {
            ticket,
            token,
            code,
        } = Secrets::draw(self.clock.now());
        let request = BookAppointment {
            ticket,
            group: slot.group,
            starts_at: slot.starts_at,
            token_hash: token.token_hash(),
            code_hash: code.code_hash(ticket),
        };
        let kept = match self.client.book(&request).await {
            Err(CallError::Unreachable { .. }) => self.client.book(&request).await,
            answered => answered,
        }?;
        Ok(Kept {
            slot,
            from: kept.from,
            until: kept.until,
            windows: Vec::new(),
            code,
            token,
            origin: Origin::Touch,
        })
    }

    async fn check_in(
        &self,
        slot: BookedSlot,
        code: TicketSecret,
        origin: Origin,
    ) -> Result<Slip, NotCheckedIn> {
        let cannot_keep = |error| {
            tracing::error!(%error, "no ticket: the log takes nothing");
            NotCheckedIn::Answer(AppointmentAnswer::OutOfOrder)
        };
        self.with_log(|log| log.check_room())
            .await
            .map_err(cannot_keep)?;
        let token = TicketSecret::token(random_bytes());
        let request = CheckIn {
            slot,
            code: code.clone(),
            token_hash: token.token_hash(),
        };
        let come = match self.client.check_in(&request).await {
            Err(CallError::Unreachable { .. }) => self.client.check_in(&request).await,
            answered => answered,
        }?;
        let paper = paper(slot, &come, &request, &code);
        let shown = TicketShown {
            hall: self.hall,
            issued: paper.clone(),
            origin,
        };
        self.append(LogEvent::TicketShown(shown))
            .await
            .map_err(cannot_keep)?;
        Ok(Slip {
            paper,
            matter: String::new(),
            people_ahead: Some(come.number.people_ahead),
            wait: Some(come.number.wait),
            windows: Vec::new(),
            code,
            token,
            origin,
        })
    }
}

fn paper(
    slot: BookedSlot,
    come: &CheckedIn,
    request: &CheckIn,
    code: &TicketSecret,
) -> TicketIssued {
    TicketIssued {
        ticket: come.ticket,
        label: come.number.label.clone(),
        group: slot.group,
        priority: Some(PriorityKind::Appointment),
        arrived_at: come.number.arrived_at,
        token_hash: request.token_hash,
        code_hash: code.code_hash(come.ticket),
        wish: Wish {
            matter: come.matter.clone(),
            ..Wish::default()
        },
        found: None,
        told: Some(come.number.wait),
    }
}

/// Why nobody was checked in.
enum NotCheckedIn {
    Answer(AppointmentAnswer),
    Call(CallError),
}

impl From<CallError> for NotCheckedIn {
    fn from(error: CallError) -> Self {
        Self::Call(error)
    }
}

fn refused(error: &CallError) -> AppointmentAnswer {
    match error {
        CallError::Refused(problem) => {
            let is_unknown = problem
                .refusal
                .as_ref()
                .is_some_and(|refusal| refusal.code == RefusalCode::TicketNotFound);
            let text = problem.detail.clone();
            if is_unknown {
                AppointmentAnswer::WrongCode(text)
            } else {
                AppointmentAnswer::Refused(text)
            }
        }
        CallError::Problem { problem, .. } if problem.code == ProblemCode::TooMany => {
            AppointmentAnswer::Refused(problem.detail.clone())
        }
        error if error.code().is_some_and(means_not_a_device) => {
            tracing::error!(%error, "central does not take this device's requests");
            AppointmentAnswer::OutOfOrder
        }
        error => {
            tracing::info!(%error, "no answer about an appointment");
            AppointmentAnswer::NobodyToAsk
        }
    }
}
