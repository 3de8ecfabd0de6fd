//! What staff pages and public pages are shown: plain values, read in one go from the store or
//! from memory. No page queries the store itself.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::case::Role;
use domain::id::{DeviceId, GroupCode, HallId, StaffId, TicketId, WindowNo};
use domain::listing::Listing;
use domain::queue::{HallQueue, TicketLabel, TicketState, WaitEstimate};
use domain::rating::{SuspiciousRun, WindowScores};
use domain::time::{BusinessDate, UtcMs};
use wire::api::{DeviceKind, HelpState, ScreenState};
use wire::event::BoardReport;

pub use crate::boards::need::BoardNeed;

/// A hall as the clerk's console shows it. The queue is the authority's own state, shared.
#[derive(Debug, Clone)]
pub struct HallSnapshot {
    /// The hall.
    pub hall: HallId,
    /// The station's name.
    pub station_name: String,
    /// The business day.
    pub day: BusinessDate,
    /// Tickets and windows.
    pub queue: Arc<HallQueue>,
    /// Per group: people waiting and the wait of the next ordinary ticket.
    pub groups: BTreeMap<GroupCode, GroupLine>,
    /// Who sits at which window, by the number that citizens see (工号).
    pub clerks: BTreeMap<WindowNo, String>,
}

/// One group on the console.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupLine {
    /// Its name.
    pub name: String,
    /// People waiting.
    pub waiting: usize,
    /// Expected wait of the next ordinary ticket.
    pub wait: WaitEstimate,
}

/// One machine on the device wall.
#[derive(Debug, Clone)]
pub struct DeviceLine {
    /// The device.
    pub device: DeviceId,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: DeviceKind,
    /// Its hall.
    pub hall: HallId,
    /// Whether its rights were withdrawn.
    pub is_revoked: bool,
    /// The last signed request, if there was one since the start or a push before.
    pub last_seen: Option<UtcMs>,
    /// Whether it was seen within `device.offline_min`.
    pub is_online: bool,
    /// Backlog and line in words: `在线，记录已全部上传`.
    pub status_text: String,
    /// Its pictures: one of a kiosk, one per board of a driver.
    pub screens: Vec<ScreenLine>,
    /// Remote help under way.
    pub help: Option<HelpLine>,
}

/// A picture on the device wall; the bytes come from `AppState::screen_picture`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScreenLine {
    /// Empty for a kiosk, the board's name for a driver.
    pub board: String,
    /// What stands beside the picture.
    pub state: ScreenState,
    /// When it was received; use it to make the picture's address change.
    pub received_at: UtcMs,
}

/// Remote help at one kiosk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HelpLine {
    /// The session.
    pub session: u64,
    /// Who helps.
    pub staff_name: String,
    /// Where it stands.
    pub state: HelpState,
}

/// What a board reported last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardLine {
    /// The driver.
    pub device: DeviceId,
    /// Its hall.
    pub hall: HallId,
    /// The board's name.
    pub board: String,
    /// The report.
    pub report: BoardReport,
    /// The driver's clock.
    pub at: UtcMs,
    /// The last word of the board itself.
    pub heard_at: Option<UtcMs>,
    /// Since when it does not answer; `None` while it does.
    pub offline_since: Option<UtcMs>,
    /// What somebody has to do about it, and since when.
    pub needs: Option<(BoardNeed, UtcMs)>,
}

/// A citizen who touched 叫人帮忙.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HelpCallLine {
    /// The kiosk.
    pub device: DeviceId,
    /// Its name.
    pub device_name: String,
    /// Its hall.
    pub hall: HallId,
    /// When it reached the service.
    pub at: UtcMs,
}

/// What the public page of a listing shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListingPage {
    /// It may be shown today.
    Open(Box<Listing>),
    /// It was published once and is withdrawn or past its last day.
    Closed,
    /// No such listing.
    Unknown,
}

/// What a citizen's phone shows of the own ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketPage {
    /// The ticket.
    pub ticket: TicketId,
    /// The number on the slip.
    pub label: TicketLabel,
    /// The group's name.
    pub group_name: String,
    /// Where it stands.
    pub state: TicketState,
    /// People before it.
    pub people_ahead: usize,
    /// Expected wait.
    pub wait: WaitEstimate,
    /// Whether the visit was scored.
    pub is_scored: bool,
    /// Numbers called now, by window.
    pub called_now: BTreeMap<WindowNo, TicketLabel>,
}

/// What a citizen's phone shows of the own appointment until it becomes a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppointmentPage {
    /// The group's name.
    pub group_name: String,
    /// When its slot begins.
    pub starts_at: UtcMs,
    /// From when its holder may check in.
    pub from: UtcMs,
    /// Until when.
    pub until: UtcMs,
    /// Where it stands.
    pub state: AppointmentState,
}

/// Where an appointment stands that became no ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppointmentState {
    /// The place is kept.
    Kept,
    /// Its holder gave it up.
    GivenUp,
    /// Nobody checked in, in time.
    Over,
}

/// Scores of all windows of a hall over a period.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HallScores {
    /// Per window, also windows without scores.
    pub windows: BTreeMap<WindowNo, WindowScores>,
    /// Submissions that were refused, by the refusal's stable word.
    pub refused: BTreeMap<String, u64>,
}

/// Scores of a hall put together by something.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct ScoreSheet {
    /// By the key of what they are put together by.
    pub(crate) parts: BTreeMap<String, WindowScores>,
    /// How often each reason of a low score was given.
    pub(crate) reasons: BTreeMap<String, u64>,
    /// How many records of low scores stand in each state.
    pub(crate) redress: BTreeMap<String, u64>,
    /// Names of staff.
    pub(crate) staff: BTreeMap<StaffId, String>,
    /// Submissions that did not count.
    pub(crate) refused: u64,
    /// Scores that somebody should look at.
    pub(crate) suspicious: Vec<SuspiciousRun>,
}

/// One line of the audit trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditLine {
    /// Its event's place in the record.
    pub position: u64,
    /// When.
    pub at: UtcMs,
    /// Who: a name of staff, a device's id, or 系统.
    pub who: String,
    /// The stable word of the act.
    pub act: String,
    /// On what.
    pub subject: String,
    /// From which address; empty where it is not known.
    pub address: String,
    /// In which role, where one was needed.
    pub role: Option<Role>,
    /// The station for which the role is held; `None` for all of them.
    pub station: Option<String>,
    /// Why, where a reason must be given.
    pub reason: String,
}

/// How many listings stand where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ListingCounts {
    /// Published and not past the last day.
    pub open: u64,
    /// Waiting for approval.
    pub pending: u64,
    /// Taken back.
    pub withdrawn: u64,
}
