//! Requests, answers and feed rows of `/api/v1`. Field names are the wire's; change means a new
//! version of the path. No topic of the feed holds personal data.

use domain::id::{DeviceId, GroupCode, HallId, TicketId, WindowNo};
use domain::listing::Listing;
use domain::queue::{
    BookedSlot, FreeSlot, HallLayout, KioskLane, PriorityKind, SecretHash, TicketLabel,
    WaitEstimate, Wish,
};
use domain::rating::TicketSecret;
use domain::time::{BusinessDate, UtcMs};
use serde::{Deserialize, Serialize};

use crate::envelope::ChainHead;
use crate::event::Origin;
use crate::sign::{DevicePublicKey, WireSignature};

pub use crate::notice::{Notice, NoticeKind, NoticeRow};
pub use crate::public::PublicBody;
pub use crate::topic::Topic;

/// Most events in one push.
pub const PUSH_EVENTS_MAX: usize = 500;
/// Most bytes of canonical text in one push.
pub const PUSH_BYTES_MAX: usize = 4 << 20;
/// Most rows in one answer of the feed.
pub const FEED_ROWS_MAX: u32 = 2_000;
/// Longest time in ms that the server holds a feed or command request open.
pub const HOLD_MS_MAX: u32 = 25_000;
/// A kiosk that got no number within this time issues from its own lane.
pub const TAKE_NUMBER_MS_MAX: u64 = 300;
/// A kiosk that heard nothing of an appointment within this time asks once more, and then says so.
pub const APPOINTMENT_MS_MAX: u64 = 1_500;

/// A kiosk that heard nothing about a case or a call-back within this time says so.
pub const CITIZEN_MS_MAX: u64 = 3_000;

/// Paths of the API, in one place for both ends.
pub mod path {
    /// `POST` [`EnrolRequest`](super::EnrolRequest), unsigned.
    pub const ENROL: &str = "/api/v1/enrol";
    /// `GET` [`LogTail`](super::LogTail) of the calling device.
    pub const LOG_TAIL: &str = "/api/v1/log/tail";
    /// `POST` [`Push`](super::Push).
    pub const LOG: &str = "/api/v1/log";
    /// `GET` [`FeedPage`](super::FeedPage); query `after`, `topics`, `limit`, `wait_ms`.
    pub const FEED: &str = "/api/v1/feed";
    /// `POST` [`TakeNumber`](super::TakeNumber).
    pub const TICKETS: &str = "/api/v1/tickets";
    /// `GET` [`AppointmentSlots`](super::AppointmentSlots) that are free; query `group`.
    pub const APPOINTMENT_SLOTS: &str = "/api/v1/appointments/slots";
    /// `POST` [`BookAppointment`](super::BookAppointment).
    pub const APPOINTMENTS: &str = "/api/v1/appointments";
    /// `GET` [`CheckInSlots`](domain::queue::CheckInSlots), `POST` [`CheckIn`](super::CheckIn).
    pub const CHECK_IN: &str = "/api/v1/appointments/check-in";
    /// `GET` [`Services`](crate::citizen::Services).
    pub const CITIZEN_SERVICES: &str = "/api/v1/citizen/services";
    /// `POST` [`AskProgress`](crate::citizen::AskProgress).
    pub const CITIZEN_PROGRESS: &str = "/api/v1/citizen/progress";
    /// `POST` [`AskApplication`](crate::citizen::AskApplication).
    pub const CITIZEN_APPLICATIONS: &str = "/api/v1/citizen/applications";
    /// `POST` [`AskGuidance`](crate::citizen::AskGuidance).
    pub const CITIZEN_GUIDANCE: &str = "/api/v1/citizen/guidance";
    /// `POST` [`GiveFeedback`](crate::citizen::GiveFeedback).
    pub const CITIZEN_FEEDBACK: &str = "/api/v1/citizen/feedback";
    /// `POST` [`FindVisit`](super::FindVisit).
    pub const VISITS_FIND: &str = "/api/v1/visits/find";
    /// `POST` a picture of the screen, `image/png`; query of [`ScreenState`](super::ScreenState).
    pub const SCREEN: &str = "/api/v1/screen";
    /// `GET` [`RemoteCommands`](super::RemoteCommands); query `wait_ms`.
    pub const COMMANDS: &str = "/api/v1/commands";
    /// `POST` [`HelpAnswer`](super::HelpAnswer).
    pub const HELP_ANSWER: &str = "/api/v1/help-answer";
    /// `POST` [`DeviceStatus`](crate::status::DeviceStatus).
    pub const STATUS: &str = "/api/v1/status";
    /// `POST` [`RotateKey`](crate::status::RotateKey).
    pub const KEY: &str = "/api/v1/key";
    /// `GET` [`Tails`](crate::relay::Tails) of the chains that the calling hall node relays.
    pub const RELAY_TAILS: &str = "/api/v1/relay/tails";
    /// `POST` [`Relay`](crate::relay::Relay), by hall nodes; answers [`Tails`](crate::relay::Tails).
    pub const RELAY: &str = "/api/v1/relay";
    /// `GET` [`NodeStaffList`](crate::relay::NodeStaffList), by hall nodes.
    pub const NODE_STAFF: &str = "/api/v1/node/staff";
    /// `GET`, unsigned: `ok` when the server works.
    pub const HEALTH: &str = "/api/v1/health";
    /// `GET`, unsigned: `ready` when the server can do its work now.
    pub const READY: &str = "/api/v1/ready";
    /// `GET`, unsigned: the description of this API.
    pub const OPENAPI: &str = "/api/v1/openapi.json";
}

/// What a machine is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum DeviceKind {
    /// A hall kiosk with its offline lane.
    HallKiosk {
        /// Its lane.
        lane: KioskLane,
    },
    /// The terminal at a window.
    WindowTerminal {
        /// The window.
        window: WindowNo,
    },
    /// A board driver.
    DisplayDriver,
    /// A station's own small central: the authority of its hall.
    HallNode,
}

/// A machine asks to become a device. What it becomes was fixed when the code was made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EnrolRequest {
    /// The one-time code, as typed by the installer.
    pub code: String,
    /// Of the key that the machine made for itself.
    pub public_key: DevicePublicKey,
}

/// What the new device is and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolled {
    /// Its id: the writer of its chain.
    pub device: DeviceId,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: DeviceKind,
    /// Its hall.
    pub hall: HallId,
    /// Where citizens' phones reach the public pages, without a slash at the end.
    pub public_url: String,
}

/// What the server holds of a device's chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogTail {
    /// The last event held.
    pub head: ChainHead,
}

/// Events of the calling device, in order, with the signature of their tail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Push {
    /// Canonical texts.
    pub events: Vec<String>,
    /// Signature of the last event's head.
    pub tail_signature: WireSignature,
    /// The device's clock when it sent this, for the measured skew.
    pub device_time: UtcMs,
    /// Since this event on the device's clock has run on without a break; earlier events were
    /// written by a clock that may have been off by another amount. Version 1 does not say it.
    #[serde(default)]
    pub clock_since_seq: u64,
}

/// A hall kiosk asks the authority for a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakeNumber {
    /// Made by the kiosk; asking again with the same id gives the same number.
    pub ticket: TicketId,
    /// The group.
    pub group: GroupCode,
    /// Why it may go first.
    pub priority: Option<PriorityKind>,
    /// What else is wanted; who it is, the authority alone tells.
    #[serde(flatten)]
    pub wish: Wish,
    /// Hash of the slip's token.
    pub token_hash: SecretHash,
    /// Hash of the slip's code.
    pub code_hash: SecretHash,
    /// Whose hand.
    pub origin: Origin,
}

/// The number given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumberTaken {
    /// The number.
    pub label: TicketLabel,
    /// The authority's arrival time.
    pub arrived_at: UtcMs,
    /// People before this ticket.
    pub people_ahead: u32,
    /// Expected wait.
    pub wait: WaitEstimate,
}

/// The free times of a group, in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppointmentSlots {
    /// Those that have a place left.
    pub free: Vec<FreeSlot>,
}

/// A hall kiosk asks the authority to keep a place. Without the authority none can be kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookAppointment {
    /// Made by the kiosk; asking again with the same id keeps the same place.
    pub ticket: TicketId,
    /// For what.
    pub group: GroupCode,
    /// When the slot begins.
    pub starts_at: UtcMs,
    /// Hash of the token in the confirmation's QR code.
    pub token_hash: SecretHash,
    /// Hash of the 4-digit code beside it.
    pub code_hash: SecretHash,
}

/// The place is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppointmentKept {
    /// From when its holder may check in.
    pub from: UtcMs,
    /// Until when.
    pub until: UtcMs,
}

/// The holder of an appointment is here: what stands on the confirmation, and a new slip's token.
/// The slip keeps the four digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckIn {
    /// Time and group.
    #[serde(flatten)]
    pub slot: BookedSlot,
    /// The four digits.
    pub code: TicketSecret,
    /// Hash of the slip's token; asking again with the same one gives the same number.
    pub token_hash: SecretHash,
}

/// The appointment became a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckedIn {
    /// The ticket of the appointment.
    pub ticket: TicketId,
    /// The matter, if one was said when it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matter: Option<String>,
    /// The number.
    #[serde(flatten)]
    pub number: NumberTaken,
}

/// A hall kiosk asks whether number and code belong to a finished visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindVisit {
    /// The number.
    pub label: TicketLabel,
    /// The four digits.
    pub code: TicketSecret,
}

/// A visit that may be scored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitFound {
    /// The ticket.
    pub ticket: TicketId,
    /// The window that served it.
    pub window: WindowNo,
    /// The group's name.
    pub group_name: String,
}

/// What stands beside a screen's picture; sent as the query of [`path::SCREEN`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScreenState {
    /// `home`, `job_search`, … or a board's name.
    pub screen: String,
    /// Whether a citizen is using the device.
    pub in_use: bool,
    /// Events not uploaded yet.
    pub backlog: u64,
    /// For boards: whether the board acknowledged what is shown (屏已回话) or not (推算的).
    pub confirmed: bool,
}

/// What the server wants of a kiosk now. Operational, never events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteCommands {
    /// Somebody watches the device wall: send pictures until then (server time).
    pub watched_until: Option<UtcMs>,
    /// In order.
    pub commands: Vec<RemoteCommand>,
}

/// One command of remote help.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum RemoteCommand {
    /// Ask the citizen for leave to help.
    AskToHelp {
        /// This session of help.
        session: u64,
        /// Who wants to help.
        staff_name: String,
    },
    /// Touch the screen, in thousandths of its width and height.
    Touch {
        /// The session.
        session: u64,
        /// From the left, 0 to 1000.
        x_per_mille: u16,
        /// From the top, 0 to 1000.
        y_per_mille: u16,
    },
    /// The clerk stops helping.
    StopHelp {
        /// The session.
        session: u64,
    },
}

/// The kiosk's side of remote help.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelpAnswer {
    /// The session.
    pub session: u64,
    /// The state now.
    pub state: HelpState,
}

/// Where a session of remote help stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HelpState {
    /// The citizen is being asked.
    Asking,
    /// Touches are taken.
    Active,
    /// The citizen said no or did not answer.
    Declined,
    /// Over.
    Ended,
}

/// The newest state of one (topic, key).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedRow {
    /// Global position; the cursor.
    pub position: u64,
    /// The topic.
    pub topic: Topic,
    /// The key within the topic.
    pub key: String,
    /// JSON of the topic's type; `None` is a tombstone.
    pub body: Option<String>,
    /// From when on the row says nothing any more.
    pub expires: Option<UtcMs>,
}

/// A page of the feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedPage {
    /// Rows in order of position, of the topics asked for and scopes of the device.
    pub rows: Vec<FeedRow>,
    /// Ask for rows after this next, whatever the filter let through.
    pub next_after: u64,
    /// Whether more rows wait already.
    pub has_more: bool,
    /// The page is part of a snapshot, which begins at 0: send this along when asking for the next
    /// one. What the whole snapshot has not named is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<u64>,
}

/// The hall as its devices show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HallInfo {
    /// The station's name.
    pub station_name: String,
    /// Groups and windows.
    pub layout: HallLayout,
    /// The business day.
    pub day: BusinessDate,
    /// Whether everything in this store is synthetic (演示数据).
    pub is_demo: bool,
    /// What everybody in the hall must know at once, until a named person ends it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emergency: Option<EmergencyNow>,
    /// Since when everything that was published is off the boards, until a named person lets them
    /// play again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boards_cleared: Option<UtcMs>,
}

/// An emergency in a hall: a text that was approved beforehand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmergencyNow {
    /// What has happened, in two lines of a board.
    pub title: String,
    /// What to do.
    pub body: String,
    /// Since when.
    pub since: UtcMs,
}

/// One group's queue now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupQueue {
    /// The group.
    pub group: GroupCode,
    /// People waiting.
    pub waiting: u32,
    /// Expected wait of the next ordinary ticket.
    pub wait: WaitEstimate,
    /// Windows that serve it and are open.
    pub windows: Vec<WindowNo>,
    /// The numbers that wait next, by arrival; at most three. Version 1 does not say them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub next: Vec<TicketLabel>,
}

/// One window now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WindowNow {
    /// The window.
    pub window: WindowNo,
    /// Whether it takes people.
    pub is_open: bool,
    /// The clerk's number for citizens (工号), if somebody is signed in there.
    pub clerk_no: Option<String>,
    /// What it does.
    pub state: WindowState,
}

/// What a window does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum WindowState {
    /// Nobody there.
    Idle,
    /// Calling this number.
    Calling {
        /// The number.
        label: TicketLabel,
    },
    /// Serving this number.
    Serving {
        /// The number.
        label: TicketLabel,
    },
    /// Just finished: may be scored at the window terminal until `until`.
    Finished {
        /// The ticket.
        ticket: TicketId,
        /// The number.
        label: TicketLabel,
        /// The group's name.
        group_name: String,
        /// End of the terminal's offer.
        until: UtcMs,
    },
}

/// A call for boards, displays and voice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallNow {
    /// The ticket.
    pub ticket: TicketId,
    /// The number.
    pub label: TicketLabel,
    /// Where to.
    pub window: WindowNo,
    /// How often it has been called, from 1.
    pub times: u8,
    /// When.
    pub at: UtcMs,
}

/// What a hall node must know of a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceNow {
    /// Whether its rights were withdrawn.
    pub is_revoked: bool,
}

/// A feed body of a known topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FeedBody {
    /// See [`Topic::Listing`].
    Listing(Box<Listing>),
    /// See [`Topic::Notice`].
    Notice(Notice),
    /// See [`Topic::Hall`].
    Hall(HallInfo),
    /// See [`Topic::Queue`].
    Queue(GroupQueue),
    /// See [`Topic::Window`].
    Window(WindowNow),
    /// See [`Topic::Call`].
    Call(CallNow),
    /// See [`Topic::Device`].
    Device(DeviceNow),
    /// One of [`Topic::PUBLIC`].
    Public(PublicBody),
}

impl FeedRow {
    /// Reads the body by its topic; `Ok(None)` for a tombstone.
    ///
    /// # Errors
    /// The JSON error when the body is not what the topic says.
    pub fn read_body(&self) -> Result<Option<FeedBody>, serde_json::Error> {
        let Some(body) = &self.body else {
            return Ok(None);
        };
        Ok(Some(match self.topic {
            Topic::Listing => FeedBody::Listing(serde_json::from_str(body)?),
            Topic::Notice => FeedBody::Notice(serde_json::from_str(body)?),
            Topic::Hall => FeedBody::Hall(serde_json::from_str(body)?),
            Topic::Queue => FeedBody::Queue(serde_json::from_str(body)?),
            Topic::Window => FeedBody::Window(serde_json::from_str(body)?),
            Topic::Call => FeedBody::Call(serde_json::from_str(body)?),
            Topic::Device => FeedBody::Device(serde_json::from_str(body)?),
            public => FeedBody::Public(PublicBody::read(public, body)?),
        }))
    }
}

/// The answer to a push: what is durable now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pushed {
    /// The last event held.
    pub head: ChainHead,
}
