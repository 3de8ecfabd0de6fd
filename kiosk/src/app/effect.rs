//! What the state machine wants done, as values. One worker carries them out and answers with
//! events; nothing is done by the thread that draws.

use std::time::Duration;

use domain::id::{GroupCode, WindowNo};
use domain::queue::{PriorityKind, TicketIssued, TicketLabel, WaitEstimate, Wish};
use domain::rating::{Level, TicketSecret};
use domain::time::BusinessDate;
use wire::api::HelpAnswer;
use wire::event::{Event as LogEvent, HelpCalled, Origin, VisitProof};
use wire::sealed::CentreBoxPublic;

use super::appointment::AppointmentAsk;
use super::citizen::CitizenAsk;
use super::flow::FeedbackToKeep;
use super::keys::Scan;
use super::papers::PaperOrder;
use super::service::Digits;
use crate::index::Ask;

/// One thing to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Get a number, make the slip durable, answer [`Event::Issued`](super::event::Event::Issued).
    IssueTicket(TicketWish),
    /// Ask the authority for a visit, answer [`Event::Looked`](super::event::Event::Looked).
    FindVisit {
        /// The number.
        label: TicketLabel,
        /// The four digits.
        code: TicketSecret,
    },
    /// Ask the authority about appointments, answer
    /// [`Event::Appointment`](super::event::Event::Appointment), or
    /// [`Event::Issued`](super::event::Event::Issued) once a number is durable.
    AskAboutAppointment(AppointmentAsk),
    /// Ask the centre for a citizen, answer
    /// [`Event::Citizen`](super::event::Event::Citizen).
    AskForCitizen(CitizenAsk),
    /// Seal a feedback to the centre's key, if it is known, and make it durable, answer
    /// [`Event::FeedbackSettled`](super::event::Event::FeedbackSettled).
    KeepFeedback(FeedbackToKeep, Option<CentreBoxPublic>),
    /// Make a score durable, answer [`Event::ScoreKept`](super::event::Event::ScoreKept).
    KeepScore(ScoreToKeep),
    /// Make a call for help durable, answer [`Event::HelpKept`](super::event::Event::HelpKept).
    CallHelp(HelpCalled),
    /// Record something for which nobody waits.
    Record(LogEvent),
    /// Tell central where remote help stands.
    AnswerHelp(HelpAnswer),
    /// Ask the listing index.
    AskIndex(Ask),
    /// Say a sentence aloud, answer [`Event::Said`](super::event::Event::Said) when it has ended.
    Say(String),
    /// Break off what is being said.
    Hush,
    /// Compare a PIN, answer [`Event::PinChecked`](super::event::Event::PinChecked).
    CheckPin(Digits),
    /// Look what of the machine works, answer
    /// [`Event::MachineSeen`](super::event::Event::MachineSeen).
    LookAtMachine,
    /// Print a test slip, answer [`Event::TestPrinted`](super::event::Event::TestPrinted).
    PrintTest,
    /// Try every device, answer [`Event::DevicesTested`](super::event::Event::DevicesTested).
    TestDevices,
    /// Print a paper, answer [`Event::PaperSettled`](super::event::Event::PaperSettled).
    Print(PaperOrder),
    /// Forget the papers that were not sent to the printer yet.
    DropPapers,
    /// Wait for an identity card, answer [`Event::Card`](super::event::Event::Card).
    ReadCard(Duration),
    /// Wait for it no longer.
    StopReading,
    /// Ask whose code of a telephone it is, answer [`Event::Card`](super::event::Event::Card).
    AskPhoneHolder(Scan),
    /// End this process, to be started again.
    Restart,
    /// Put the machine's identity aside and start again with this enrolment code; answer
    /// [`Event::NotEnrolledAnew`](super::event::Event::NotEnrolledAnew) when that cannot be.
    EnrolAnew(Digits),
}

/// A ticket that somebody wants, with what the slip says if nobody can be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketWish {
    /// The group.
    pub group: GroupCode,
    /// What was chosen by name, and the groups to go on to.
    pub wish: Wish,
    /// The group's name, for the slip.
    pub matter: String,
    /// Why it may go first.
    pub priority: Option<PriorityKind>,
    /// Whose hand.
    pub origin: Origin,
    /// The windows that serve the group.
    pub windows: Vec<WindowNo>,
    /// The authority's day as last known.
    pub day: BusinessDate,
}

/// A slip that is durable. Its secrets live in the session that shows it and nowhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slip {
    /// What stands on it and was reported.
    pub paper: TicketIssued,
    /// The group's name.
    pub matter: String,
    /// People before it, if the authority was asked.
    pub people_ahead: Option<u32>,
    /// Expected wait, if the authority was asked.
    pub wait: Option<WaitEstimate>,
    /// The windows that serve it.
    pub windows: Vec<WindowNo>,
    /// Four digits beside the number.
    pub code: TicketSecret,
    /// 128 random bits in the QR code.
    pub token: TicketSecret,
    /// Whose hand took it.
    pub origin: Origin,
}

/// A score to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScoreToKeep {
    /// Which visit.
    pub proof: VisitProof,
    /// The level.
    pub level: Level,
    /// Codes of the reasons of a bad score.
    pub reasons: Vec<String>,
    /// Whose hand.
    pub origin: Origin,
}
