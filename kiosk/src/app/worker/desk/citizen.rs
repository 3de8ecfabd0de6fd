//! Asking the centre for a citizen, and keeping what one says about the service. Personal data is sent
//! and forgotten; of feedback only what is sealed is kept.

use domain::id::{FeedbackId, RequestId};
use sync::client::CallError;
use sync::entropy::{new_uuid, random_bytes};
use uuid::Uuid;
use wire::citizen::{AskApplication, AskGuidance, Asked};
use wire::event::{Event as LogEvent, FeedbackSubmitted};
use wire::problem::ProblemCode;
use wire::sealed::{CentreBoxPublic, SealedToCentre};

use super::{Desk, means_not_a_device};
use crate::app::citizen::{CallAbout, CallWish, CitizenAnswer, CitizenAsk};
use crate::app::event::Event;
use crate::app::flow::FeedbackToKeep;

impl Desk {
    /// Asks the centre.
    pub async fn ask_for_citizen(&self, ask: CitizenAsk) -> Event {
        let answer = match ask {
            CitizenAsk::Services => {
                let services = self.client.citizen_services().await;
                services.map(|services| CitizenAnswer::Services(Box::new(services)))
            }
            CitizenAsk::Progress(asked) => {
                let progress = self.client.progress(&asked).await;
                progress.map(|progress| CitizenAnswer::Progress(progress.cases))
            }
            CitizenAsk::Call(wish) => return Event::Citizen(self.ask_call(wish).await),
        };
        Event::Citizen(answer.unwrap_or_else(|error| refused(&error)))
    }

    /// A wish whose answer was lost is sent once more under the same id, so that nobody is rung twice.
    async fn ask_call(&self, wish: CallWish) -> CitizenAnswer {
        let id = wish.sent_as.unwrap_or_else(|| new_uuid(self.clock.now()));
        let asked = match self.send_call(id, &wish).await {
            Err(CallError::Unreachable { .. }) => self.send_call(id, &wish).await,
            answered => answered,
        };
        match asked {
            Ok(asked) => CitizenAnswer::Asked(asked),
            Err(CallError::Unreachable { .. }) => CitizenAnswer::Unanswered(id),
            Err(error) => refused(&error),
        }
    }

    async fn send_call(&self, id: Uuid, wish: &CallWish) -> Result<Asked, CallError> {
        let request = RequestId(id);
        match &wish.about {
            CallAbout::Guidance { about, listing } => {
                let asked = AskGuidance {
                    request,
                    about: *about,
                    listing: listing.clone(),
                    phone: wish.phone.clone(),
                    at: wish.at,
                    origin: wish.origin,
                };
                self.client.ask_guidance(&asked).await
            }
            CallAbout::Application { kind, answers } => {
                let asked = AskApplication {
                    request,
                    kind: kind.clone(),
                    answers: answers.clone(),
                    phone: wish.phone.clone(),
                    at: wish.at,
                    origin: wish.origin,
                };
                self.client.ask_application(&asked).await
            }
        }
    }

    /// Seals a feedback's words and makes it durable; it reaches the centre when there is a line.
    pub async fn keep_feedback(
        &self,
        given: FeedbackToKeep,
        seal_to: Option<CentreBoxPublic>,
    ) -> Event {
        let feedback = FeedbackId(new_uuid(self.clock.now()));
        let words = seal_to.filter(|_| !given.words.is_empty()).map(|key| {
            let bound = FeedbackSubmitted::bound(feedback);
            SealedToCentre::seal(key, bound, &given.words, random_bytes())
        });
        let text = match words.transpose() {
            Ok(text) => text,
            Err(error) => {
                tracing::error!(%error, "the words of a feedback could not be sealed");
                return Event::FeedbackSettled(false);
            }
        };
        let submitted = FeedbackSubmitted {
            feedback,
            hall: self.hall,
            level: given.level,
            about: given.about,
            text,
            origin: given.origin,
        };
        let kept = self.append(LogEvent::FeedbackSubmitted(submitted)).await;
        if let Err(error) = &kept {
            tracing::error!(%error, "a feedback could not be kept");
        }
        Event::FeedbackSettled(kept.is_ok())
    }
}

fn refused(error: &CallError) -> CitizenAnswer {
    match error {
        CallError::Refused(problem) => CitizenAnswer::Refused(problem.detail.clone()),
        CallError::Problem { problem, .. } => match problem.code {
            ProblemCode::NotFound => CitizenAnswer::NoSuchCase(problem.detail.clone()),
            ProblemCode::TooMany | ProblemCode::BadRequest => {
                CitizenAnswer::Refused(problem.detail.clone())
            }
            code if means_not_a_device(code) => {
                tracing::error!(%error, "central does not take this device's requests");
                CitizenAnswer::OutOfOrder
            }
            _ => unanswered(error),
        },
        _ => unanswered(error),
    }
}

fn unanswered(error: &CallError) -> CitizenAnswer {
    tracing::info!(%error, "no answer for a citizen");
    CitizenAnswer::NobodyToAsk
}
