//! What is written into the device's log, and what is asked before: tickets, scores, records. An
//! event is on disk before its answer goes back; only then does a page say that something is done.

mod appointments;
mod citizen;

use std::sync::Arc;

use domain::id::{HallId, RatingId, TicketId};
use domain::queue::{KioskLane, TicketIssued, TicketLabel, WaitEstimate};
use domain::rating::{Channel, Submission, TicketSecret};
use domain::time::UtcMs;
use sync::client::{CallError, CentralClient};
use sync::device_clock::Clock;
use sync::entropy::{new_uuid, random_bytes};
use sync::log::LogError;
use sync::uplink::{SharedLog, UplinkWake, lock};
use wire::api::{FindVisit, TakeNumber};
use wire::event::{Event as LogEvent, HelpCalled, RatingSubmitted, TicketShown, VisitProof};
use wire::problem::ProblemCode;

use crate::app::effect::{ScoreToKeep, Slip, TicketWish};
use crate::app::event::{Event, Looked, NotIssued};

/// The log and the line, as effects need them.
#[derive(Debug)]
pub struct Desk {
    /// The device's log.
    pub log: SharedLog,
    /// The line to central.
    pub client: Arc<CentralClient>,
    /// Wakes the uplink after an event.
    pub wake: Arc<UplinkWake>,
    /// The hall.
    pub hall: HallId,
    /// The lane for numbers without a line.
    pub lane: Option<KioskLane>,
    /// The device's clock.
    pub clock: Clock,
}

/// A number, from whoever gave it.
struct Number {
    label: TicketLabel,
    people_ahead: Option<u32>,
    wait: Option<WaitEstimate>,
}

/// Random parts of a slip.
struct Secrets {
    ticket: TicketId,
    token: TicketSecret,
    code: TicketSecret,
}

impl Secrets {
    fn draw(now: UtcMs) -> Self {
        Self {
            ticket: TicketId(new_uuid(now)),
            token: TicketSecret::token(random_bytes()),
            code: TicketSecret::code(u32::from_le_bytes(random_bytes())),
        }
    }
}

impl Desk {
    /// Gets a number and makes the slip durable.
    pub async fn issue(&self, wish: TicketWish) -> Event {
        match self.try_issue(wish).await {
            Ok(slip) => Event::Issued(slip),
            Err(why) => Event::NotIssued(why),
        }
    }

    async fn try_issue(&self, wish: TicketWish) -> Result<Slip, NotIssued> {
        // Asked first, so that a full disk does not use up numbers that nobody gets.
        self.with_log(|log| log.check_room())
            .await
            .map_err(cannot_keep)?;
        let now = self.clock.now();
        let secrets = Secrets::draw(now);
        let number = self.number(&wish, &secrets).await?;
        let issued = TicketIssued {
            ticket: secrets.ticket,
            label: number.label,
            group: wish.group,
            priority: wish.priority,
            arrived_at: now,
            token_hash: secrets.token.token_hash(),
            code_hash: secrets.code.code_hash(secrets.ticket),
            wish: wish.wish,
            found: None,
            told: number.wait,
        };
        let shown = TicketShown {
            hall: self.hall,
            issued: issued.clone(),
            origin: wish.origin,
        };
        self.append(LogEvent::TicketShown(shown))
            .await
            .map_err(cannot_keep)?;
        Ok(Slip {
            paper: issued,
            matter: wish.matter,
            people_ahead: number.people_ahead,
            wait: number.wait,
            windows: wish.windows,
            code: secrets.code,
            token: secrets.token,
            origin: wish.origin,
        })
    }

    /// The authority's number; the lane's when the authority cannot be asked.
    async fn number(&self, wish: &TicketWish, secrets: &Secrets) -> Result<Number, NotIssued> {
        let request = TakeNumber {
            ticket: secrets.ticket,
            group: wish.group,
            priority: wish.priority,
            wish: wish.wish.clone(),
            token_hash: secrets.token.token_hash(),
            code_hash: secrets.code.code_hash(secrets.ticket),
            origin: wish.origin,
        };
        match self.client.take_number(&request).await {
            Ok(taken) => Ok(Number {
                label: taken.label,
                people_ahead: Some(taken.people_ahead),
                wait: Some(taken.wait),
            }),
            Err(CallError::Refused(problem)) => Err(NotIssued::Refused(problem.detail)),
            Err(error) if error.code().is_some_and(means_not_a_device) => {
                tracing::error!(%error, "central does not take this device's requests");
                Err(NotIssued::NotADevice)
            }
            Err(error) => {
                tracing::info!(%error, "no number from central: the lane's is used");
                self.lane_number(wish).await
            }
        }
    }

    async fn lane_number(&self, wish: &TicketWish) -> Result<Number, NotIssued> {
        let lane = self.lane.ok_or(NotIssued::NotADevice)?;
        let prefix = TicketLabel::prefix_for(wish.group, wish.priority.is_some());
        let day = wish.day;
        let number = self
            .with_log(move |log| log.take_lane_number(day, prefix))
            .await
            .map_err(cannot_keep)?;
        let label = TicketLabel::Lane {
            prefix,
            lane,
            number,
        };
        Ok(Number {
            label,
            people_ahead: None,
            wait: None,
        })
    }

    /// Asks the authority for a visit.
    pub async fn find_visit(&self, label: TicketLabel, code: TicketSecret) -> Event {
        let found = self.client.find_visit(&FindVisit { label, code }).await;
        Event::Looked(match found {
            Ok(found) => Looked::Found(found),
            Err(CallError::Refused(problem)) => Looked::Refused(problem.detail),
            Err(CallError::Problem { problem, .. }) if problem.code == ProblemCode::NotFound => {
                Looked::Refused(problem.detail)
            }
            Err(error) => {
                tracing::info!(%error, "no answer about a visit");
                Looked::NobodyToAsk
            }
        })
    }

    /// Makes a score durable.
    pub async fn keep_score(&self, score: ScoreToKeep) -> Event {
        let channel = match score.proof {
            VisitProof::WindowTerminal { .. } => Channel::WindowTerminal,
            _ => Channel::HallKiosk,
        };
        let submission = Submission {
            rating: RatingId(new_uuid(self.clock.now())),
            matter_level: score.level,
            staff_level: None,
            reasons: score.reasons,
            channel,
        };
        let (visit, origin) = (score.proof, score.origin);
        let submitted = RatingSubmitted {
            hall: self.hall,
            visit,
            submission,
            origin,
        };
        match self.append(LogEvent::RatingSubmitted(submitted)).await {
            Ok(()) => Event::ScoreKept,
            Err(error) => {
                tracing::error!(%error, "a score could not be kept");
                Event::ScoreNotKept
            }
        }
    }

    /// Makes a call for help durable.
    pub async fn call_help(&self, call: HelpCalled) -> Event {
        match self.append(LogEvent::HelpCalled(call)).await {
            Ok(()) => Event::HelpKept,
            Err(error) => {
                tracing::error!(%error, "a call for help could not be kept");
                Event::HelpNotKept
            }
        }
    }

    /// Records something for which nobody waits.
    pub async fn record(&self, event: LogEvent) {
        let kind = event.kind();
        if let Err(error) = self.append(event).await {
            tracing::error!(%error, kind, "an event could not be recorded");
        }
    }

    async fn append(&self, event: LogEvent) -> Result<(), LogError> {
        let now = self.clock.now();
        self.with_log(move |log| log.append(&event, now)).await?;
        self.wake.appended.notify_one();
        Ok(())
    }

    async fn with_log<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut sync::log::DeviceLog) -> Result<T, LogError> + Send + 'static,
    ) -> Result<T, LogError> {
        let log = Arc::clone(&self.log);
        tokio::task::spawn_blocking(move || work(&mut lock(&log)))
            .await
            .expect("the log's answer, because its functions do not panic")
    }
}

fn means_not_a_device(code: ProblemCode) -> bool {
    matches!(
        code,
        ProblemCode::DeviceUnknown
            | ProblemCode::DeviceRevoked
            | ProblemCode::Equivocation
            | ProblemCode::SignatureInvalid
    )
}

#[expect(clippy::needless_pass_by_value, reason = "given to map_err")]
fn cannot_keep(error: LogError) -> NotIssued {
    tracing::error!(%error, "no ticket: the log takes nothing");
    match error {
        LogError::Halted => NotIssued::NotADevice,
        _ => NotIssued::CannotKeep,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use domain::id::{DeviceId, GroupCode};
    use domain::queue::Wish;
    use domain::rating::Level;
    use domain::time::BusinessDate;
    use sync::identity::DeviceIdentity;
    use sync::log::DeviceLog;
    use uuid::Uuid;
    use wire::api::{DeviceKind, Enrolled};
    use wire::citizen::{CallTime, GuidanceAbout, Typed};
    use wire::envelope;
    use wire::event::{FeedbackSubmitted, Origin};
    use wire::sealed::{CentreBoxKey, SealKey};
    use wire::sign::DeviceKey;

    use super::*;
    use crate::app::appointment::{AppointmentAnswer, AppointmentAsk};
    use crate::app::citizen::{CallAbout, CallWish, CitizenAnswer, CitizenAsk};
    use crate::app::flow::FeedbackToKeep;
    use crate::app::sample::{HALL, TODAY};

    /// A desk without a line: nothing listens on port 1.
    fn desk(dir: &tempfile::TempDir) -> Desk {
        let lane = KioskLane(2);
        let enrolled = Enrolled {
            device: DeviceId(Uuid::from_u128(1)),
            name: "试验机".into(),
            kind: DeviceKind::HallKiosk { lane },
            hall: HALL,
            public_url: "http://hall.example".into(),
        };
        let mut log = DeviceLog::open(&dir.path().join("log.db")).unwrap();
        log.adopt(enrolled.device).unwrap();
        let identity = DeviceIdentity::in_memory(DeviceKey::from_bytes(&[7; 32]), enrolled);
        let clock = Clock::new(|| UtcMs(1_000));
        let central = "http://127.0.0.1:1".parse().unwrap();
        let client = CentralClient::new(&central, identity, clock.clone());
        Desk {
            log: Arc::new(Mutex::new(log)),
            client: Arc::new(client.unwrap()),
            wake: Arc::default(),
            hall: HALL,
            lane: Some(lane),
            clock,
        }
    }

    fn wish() -> TicketWish {
        TicketWish {
            group: GroupCode::new('A').unwrap(),
            wish: Wish {
                matter: Some("领失业金、调档".into()),
                next_groups: vec![GroupCode::new('D').unwrap()],
                holder: None,
            },
            matter: "试验事项一".into(),
            priority: None,
            origin: Origin::Demo,
            windows: Vec::new(),
            day: BusinessDate(TODAY),
        }
    }

    fn last_event(desk: &Desk) -> LogEvent {
        let log = lock(&desk.log);
        let text = log
            .read_from(log.head().seq, 1, usize::MAX)
            .unwrap()
            .remove(0);
        let event = envelope::read(&text).unwrap();
        assert!(
            !event.body.contains("code\":\""),
            "secrets stand in events as hashes only"
        );
        LogEvent::read(&event.kind, &event.body).unwrap().unwrap()
    }

    #[tokio::test]
    async fn without_a_line_each_slip_bears_the_next_lane_number_and_is_in_the_log() {
        let dir = tempfile::tempdir().unwrap();
        let desk = desk(&dir);
        for expected in ["A-K2-001", "A-K2-002"] {
            let Event::Issued(slip) = desk.issue(wish()).await else {
                panic!()
            };
            assert_eq!(slip.paper.label.to_string(), expected);
            assert_eq!((slip.token.0.len(), slip.code.0.len()), (32, 4));
            let LogEvent::TicketShown(shown) = last_event(&desk) else {
                panic!()
            };
            assert_eq!(shown.issued.label, slip.paper.label);
            assert_eq!(shown.issued.wish, wish().wish);
            assert_eq!(
                shown.issued.code_hash,
                slip.code.code_hash(slip.paper.ticket)
            );
        }
    }

    #[tokio::test]
    async fn a_log_that_cannot_be_written_gives_no_slip() {
        let dir = tempfile::tempdir().unwrap();
        let mut desk = desk(&dir);
        let unadopted = DeviceLog::open(&dir.path().join("other.db")).unwrap();
        desk.log = Arc::new(Mutex::new(unadopted));
        assert_eq!(
            desk.issue(wish()).await,
            Event::NotIssued(NotIssued::CannotKeep)
        );
    }

    #[tokio::test]
    async fn a_score_is_in_the_log_when_it_is_said_to_be_kept() {
        let dir = tempfile::tempdir().unwrap();
        let desk = desk(&dir);
        let proof = VisitProof::CodeChecked {
            ticket: TicketId(Uuid::from_u128(4)),
        };
        let score = ScoreToKeep {
            proof,
            level: Level::Bad,
            reasons: vec!["R05".into()],
            origin: Origin::Touch,
        };
        assert_eq!(desk.keep_score(score).await, Event::ScoreKept);
        let LogEvent::RatingSubmitted(submitted) = last_event(&desk) else {
            panic!()
        };
        assert_eq!(submitted.submission.reasons, ["R05"]);
        assert_eq!(submitted.submission.channel, Channel::HallKiosk);
    }

    #[tokio::test]
    async fn without_a_line_no_place_is_kept_and_nobody_checked_in() {
        let dir = tempfile::tempdir().unwrap();
        let desk = desk(&dir);
        let slot = domain::queue::BookedSlot {
            starts_at: UtcMs(1_000),
            group: GroupCode::new('A').unwrap(),
        };
        let check_in = AppointmentAsk::CheckIn {
            slot,
            code: TicketSecret("4711".into()),
            matter: "试验事项一".into(),
            windows: Vec::new(),
            origin: Origin::Touch,
        };
        let keep = AppointmentAsk::Keep {
            slot,
            windows: Vec::new(),
            origin: Origin::Touch,
        };
        for ask in [AppointmentAsk::CheckInSlots, keep, check_in] {
            let answer = desk.ask_about_appointment(ask).await;
            assert_eq!(answer, Event::Appointment(AppointmentAnswer::NobodyToAsk));
        }
        assert_eq!(lock(&desk.log).head().seq, 0, "nothing is recorded");
    }

    #[tokio::test]
    async fn what_a_citizen_says_is_on_disk_only_sealed() {
        let dir = tempfile::tempdir().unwrap();
        let desk = desk(&dir);
        let key = CentreBoxKey::of(&SealKey::from_bytes([5; 32]));
        let given = FeedbackToKeep {
            level: Level::Fair,
            about: "waiting".into(),
            words: "等得太久".into(),
            origin: Origin::Touch,
        };
        let settled = desk.keep_feedback(given, Some(key.public())).await;
        assert_eq!(settled, Event::FeedbackSettled(true));
        let LogEvent::FeedbackSubmitted(submitted) = last_event(&desk) else {
            panic!()
        };
        let bound = FeedbackSubmitted::bound(submitted.feedback);
        let words = submitted.text.unwrap().open(&key, bound).unwrap();
        assert_eq!(*words, "等得太久");
        let log = lock(&desk.log);
        let written = log.read_from(1, 1, usize::MAX).unwrap().remove(0);
        assert!(!written.contains("等得太久"));
    }

    #[tokio::test]
    async fn without_a_line_nobody_can_be_asked_for_a_citizen_and_nothing_is_recorded() {
        let dir = tempfile::tempdir().unwrap();
        let desk = desk(&dir);
        let answer = desk.ask_for_citizen(CitizenAsk::Services).await;
        assert_eq!(answer, Event::Citizen(CitizenAnswer::NobodyToAsk));
        let wish = CallWish {
            sent_as: None,
            about: CallAbout::Guidance {
                about: GuidanceAbout::Career,
                listing: None,
            },
            phone: Typed::new("15400000001"),
            at: CallTime::Any,
            origin: Origin::Touch,
        };
        let answer = desk.ask_for_citizen(CitizenAsk::Call(wish)).await;
        assert!(matches!(
            answer,
            Event::Citizen(CitizenAnswer::Unanswered(_))
        ));
        assert_eq!(lock(&desk.log).head().seq, 0);
    }

    #[tokio::test]
    async fn without_a_line_nobody_can_be_asked_about_a_visit() {
        let dir = tempfile::tempdir().unwrap();
        let label = "A012".parse().unwrap();
        let answer = desk(&dir)
            .find_visit(label, TicketSecret("0417".into()))
            .await;
        assert_eq!(answer, Event::Looked(Looked::NobodyToAsk));
    }
}
