//! What a hall kiosk asks for a citizen (kiosk-flows): where a case stands, what can be applied for,
//! an application or guidance that a clerk calls back about, and what somebody says about the
//! service. No answer holds a name, and the audit trail says at which device, never who.
//!
//! Not here: the limits of wrong digits (`http::code_limit`), and appointments, which need no line.

mod ask_limit;
mod progress;
mod requests;
mod services;

use domain::personal::{PersonField, Pii, mobile};
use domain::time::UtcMs;
use wire::citizen::{AskApplication, AskGuidance, Asked, CaseProgress, GiveFeedback, Services};
use wire::event::{CitizenAct, CitizenServed, Event, FeedbackSubmitted};
use wire::problem::{Problem, ProblemCode};

use crate::app_state::AppState;
use crate::cases::{CaseFault, KioskRequest, key_reused};
use crate::staff::{ReadFeedback, Staff, acts};
use crate::store::{DeviceRecord, FeedbackRow};

pub(crate) use ask_limit::AskLimit;
pub(crate) use services::about_name;

/// Idempotency keys are kept so long: a kiosk tries again within minutes.
const KEYS_KEPT_MINUTES: i64 = 7 * 24 * 60;

/// A feedback as who may read it sees it.
#[derive(Debug, Clone)]
pub(crate) struct FeedbackLine {
    pub(crate) row: FeedbackRow,
    /// The words; `None` when there are none, or they cannot be opened.
    pub(crate) words: Option<Pii<String>>,
}

impl AppState {
    /// What can be applied for, and the key to which texts are sealed.
    ///
    /// # Errors
    /// `Refused` at a hall node, or a fault of storage.
    pub(crate) async fn citizen_services(&self) -> Result<Services, Problem> {
        self.inner.cases.only_at_the_centre()?;
        let seal_to = self.inner.store.read(|reader| reader.centre_box_public());
        Ok(Services {
            services: services::to_apply_for(self.inner.cases.kinds()),
            told_about: services::told_about(self.inner.cases.kinds()),
            seal_to: seal_to.await?,
        })
    }

    /// Counts that a device asks.
    ///
    /// # Errors
    /// `TooMany`.
    pub(crate) fn count_ask(&self, device: &DeviceRecord) -> Result<(), Problem> {
        self.inner.asks.count_device(device.device, self.now())
    }

    /// Where a case stands, for who knows its number and four characters of who it concerns.
    /// `None` for a wrong number as for wrong characters.
    ///
    /// # Errors
    /// `Refused` at a hall node, or a fault of storage.
    pub(crate) async fn progress_by_number(
        &self,
        device: &DeviceRecord,
        case_no: String,
        last4: Pii<String>,
    ) -> Result<Option<CaseProgress>, Problem> {
        self.inner.cases.only_at_the_centre()?;
        let found = self
            .inner
            .store
            .read(move |reader| progress::by_number(reader, &case_no, &last4));
        let found = found.await?;
        if let Some(found) = &found {
            self.served(device, CitizenAct::Progress, &found.case_no)
                .await?;
        }
        Ok(found)
    }

    /// Where the cases of the holder of a card stand.
    ///
    /// # Errors
    /// `Refused` at a hall node, or a fault of storage.
    pub(crate) async fn progress_by_card(
        &self,
        device: &DeviceRecord,
        id_number: Pii<String>,
    ) -> Result<Vec<CaseProgress>, Problem> {
        self.inner.cases.only_at_the_centre()?;
        let found = self
            .inner
            .store
            .read(move |reader| progress::by_card(reader, &id_number));
        let found = found.await?;
        if let Some(first) = found.first() {
            self.served(device, CitizenAct::Progress, &first.case_no)
                .await?;
        }
        Ok(found)
    }

    /// Takes a wish to apply for something in.
    ///
    /// # Errors
    /// `BadRequest`, `TooMany` for a number that asked often, `KeyReused`, `Refused`.
    pub(crate) async fn ask_application(
        &self,
        device: &DeviceRecord,
        asked: AskApplication,
    ) -> Result<Asked, Problem> {
        let kinds = self.inner.cases.kinds();
        let kind = services::service(kinds, &asked.kind).ok_or_else(not_offered)?;
        let phone = phone_of(asked.phone.expose())?;
        let request = KioskRequest {
            request: asked.request,
            body: requests::body(&asked)?,
            values: requests::application(&asked, &kind.name, phone.clone())?,
            what: CitizenAct::Application,
            device: device.device,
            hall: device.hall,
        };
        self.take_request(request, &phone).await
    }

    /// Takes a wish for guidance in.
    ///
    /// # Errors
    /// As [`ask_application`](Self::ask_application).
    pub(crate) async fn ask_guidance(
        &self,
        device: &DeviceRecord,
        asked: AskGuidance,
    ) -> Result<Asked, Problem> {
        let phone = phone_of(asked.phone.expose())?;
        let request = KioskRequest {
            request: asked.request,
            body: requests::body(&asked)?,
            values: requests::guidance(&asked, phone.clone()),
            what: CitizenAct::Guidance,
            device: device.device,
            hall: device.hall,
        };
        self.take_request(request, &phone).await
    }

    async fn take_request(
        &self,
        request: KioskRequest,
        phone: &Pii<String>,
    ) -> Result<Asked, Problem> {
        self.inner.cases.only_at_the_centre()?;
        let (id, phone, now) = (request.request, phone.clone(), self.now());
        let seen = self.inner.store.read(move |reader| {
            let hash = reader.vault().lookup_hash(PersonField::Phone, &phone)?;
            Ok((reader.citizen_request(id)?.is_some(), hash))
        });
        let (is_again, number) = seen.await?;
        if !is_again {
            self.inner.asks.count_phone(hex::encode(number.0), now)?;
        }
        let taken = self.inner.cases.take_request(request, now).await;
        taken.map_err(|fault| match fault {
            CaseFault::Refused(refusal) => Problem::new(ProblemCode::Refused, refusal.text),
            CaseFault::Problem(problem) => problem,
        })
    }

    /// Takes what somebody says about the service in; the same again counts once.
    ///
    /// # Errors
    /// `BadRequest` for a subject that there is none of, `KeyReused`.
    pub(crate) async fn take_feedback(
        &self,
        device: &DeviceRecord,
        given: GiveFeedback,
    ) -> Result<(), Problem> {
        self.inner.cases.only_at_the_centre()?;
        if !services::is_about(&given.about) {
            return Err(bad_request("意见关于什么，要在列表里选。"));
        }
        let (served, now) = (served(device, CitizenAct::Feedback, ""), self.now());
        let submitted = FeedbackSubmitted {
            feedback: given.feedback,
            hall: device.hall,
            level: given.level,
            about: given.about,
            text: given.text,
            origin: given.origin,
        };
        let taken = self.inner.store.write(move |write| {
            if let Some(given) = write.reader().feedback_given(submitted.feedback)? {
                let text = submitted.text.as_ref().map(ToString::to_string);
                return Ok(given == (submitted.level.into(), submitted.about, text));
            }
            write.append(&Event::FeedbackSubmitted(submitted), now)?;
            write.append(&served, now)?;
            Ok(true)
        });
        match taken.await? {
            true => Ok(()),
            false => Err(key_reused()),
        }
    }

    /// What citizens said, newest first, with how many there are. That it was read is written down.
    pub(crate) async fn feedback(
        &self,
        by: &Staff<ReadFeedback>,
        skip: u64,
        limit: u32,
    ) -> Result<(Vec<FeedbackLine>, u64), Problem> {
        let read = self.inner.store.read(move |reader| {
            let (rows, count) = reader.feedback(skip, limit)?;
            let is_sealed = rows.iter().any(|row| row.text.is_some());
            let key = is_sealed.then(|| reader.centre_box_key()).transpose()?;
            let lines = rows.into_iter().map(|row| {
                let bound = FeedbackSubmitted::bound(row.feedback);
                let opened = row.text.as_ref().zip(key.as_ref());
                let opened = opened.and_then(|(text, key)| text.open(key, bound).ok());
                let words = opened.map(|words| Pii::new(String::clone(&words)));
                FeedbackLine { row, words }
            });
            Ok((lines.collect::<Vec<_>>(), count))
        });
        let (lines, count) = read.await?;
        if lines.iter().any(|line| line.words.is_some()) {
            self.record(by.acted(acts::FEEDBACK_READ, String::new()))
                .await?;
        }
        Ok((lines, count))
    }

    /// Forgets idempotency keys that no kiosk asks with any more.
    pub(crate) async fn forget_old_requests(&self, now: UtcMs) -> Result<(), Problem> {
        let before = now.plus_minutes(-KEYS_KEPT_MINUTES);
        let forgotten = self
            .inner
            .store
            .write(move |write| write.forget_citizen_requests(before));
        Ok(forgotten.await?)
    }

    async fn served(
        &self,
        device: &DeviceRecord,
        what: CitizenAct,
        case_no: &str,
    ) -> Result<(), Problem> {
        self.record(served(device, what, case_no)).await
    }
}

fn served(device: &DeviceRecord, what: CitizenAct, case_no: &str) -> Event {
    Event::CitizenServed(CitizenServed {
        device: device.device,
        hall: device.hall,
        what,
        subject: case_no.to_owned(),
    })
}

fn phone_of(typed: &str) -> Result<Pii<String>, Problem> {
    mobile(typed).ok_or_else(|| bad_request("手机号要填 11 位。请核对后再留。"))
}

fn bad_request(sentence: &str) -> Problem {
    Problem::new(ProblemCode::BadRequest, sentence)
}

fn not_offered() -> Problem {
    crate::app_state::not_found("这项业务不能在自助机上申请，请到窗口办。")
}
