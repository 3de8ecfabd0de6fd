//! The bodies of events and their kinds. A kind carries its version; readers upcast old versions;
//! a kind that this build does not know is kept and relayed, and reads as `None`.

mod boards;
mod case;
mod citizen;
mod device;
mod document;
mod hall;
mod outreach;
mod parameter;
mod person;
mod staff;
mod vacancies;

use std::collections::BTreeMap;

use domain::case::{
    CaseAttached, CaseChanged, CaseDetached, CaseHandedOver, CaseLinked, CaseMoved, CaseOpened,
};
use domain::id::{HallId, RatingId, TicketId, WindowNo};
use domain::parameter::ParameterProposal;
use domain::queue::{AtWindow, TicketBooked, TicketIssued, TicketLabel};
use domain::rating::{Submission, TicketSecret};
use domain::refusal::RefusalCode;
use domain::time::BusinessDate;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::api::Notice;

pub use boards::{
    Aired, BoardAired, BoardNeeds, BoardReport, BoardReported, BoardsCleared, BoardsDescribed,
    BoardsRestored,
};
pub use case::{KindPublished, value_owner, value_place};
pub use citizen::{CitizenAct, CitizenServed, FeedbackSubmitted};
pub use device::{DeviceEnrolled, DeviceKeyRotated, DeviceRefused, DeviceRevoked, PHONES};
pub use document::{DocumentIssued, DocumentWithdrawn};
pub use hall::{
    EmergencyEnded, EmergencyRaised, HallDay, HallLaidOut, InHall, OneTicket, OneWindow,
    TicketPrioritised, TicketRelabelled, TicketTransferred, VisitRecord, WindowServes,
};
pub use outreach::{OptOutSet, OutreachContacted, OutreachPlanned};
pub use parameter::{ParameterConfirmed, ParameterWithdrawn};
pub use person::{ErasureReason, PersonErased, PersonRecorded};
pub use staff::{RoleGrant, StaffActed, StaffDeputySet, StaffRolesSet};
pub use vacancies::{ImportedRow, ListingWithdrawn, RawRow, VacanciesImported, VacanciesPublished};

/// Whose hand made a kiosk event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A finger on the glass.
    Touch,
    /// A clerk's, during remote help.
    Remote,
    /// The demo's or a test's.
    Demo,
}

/// The kind as which an older version is read: one that only adds fields with a default.
fn upcast(kind: &str) -> &str {
    match kind {
        "staff.acted.v1" => "staff.acted.v2",
        same => same,
    }
}

/// A known kind with another body than it must have.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the body of a {kind} cannot be read: {reason}.")]
pub struct UnreadableBody {
    /// The kind.
    pub kind: String,
    /// What is wrong with the body.
    pub reason: String,
}

macro_rules! events {
    ($($(#[$doc:meta])* $variant:ident($body:ty) = $kind:literal,)+) => {
        /// An event that this build understands.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Event {
            $($(#[$doc])* $variant($body),)+
        }

        impl Event {
            /// Every kind that this build understands.
            pub const KINDS: &'static [&'static str] = &[$($kind),+];

            /// The kind with its version.
            #[must_use]
            pub fn kind(&self) -> &'static str {
                match self { $(Self::$variant(_) => $kind,)+ }
            }

            /// The body as JSON.
            #[must_use]
            pub fn body(&self) -> String {
                let json = match self { $(Self::$variant(body) => serde_json::to_string(body),)+ };
                json.expect("JSON text, because bodies have string keys and no failing serializer")
            }

            /// Reads a body. `Ok(None)` for a kind that this build does not know.
            ///
            /// # Errors
            /// [`UnreadableBody`] when a known kind has another body than it must.
            pub fn read(kind: &str, body: &str) -> Result<Option<Self>, UnreadableBody> {
                let event = match upcast(kind) {
                    $($kind => serde_json::from_str(body).map(Self::$variant),)+
                    _ => return Ok(None),
                };
                event.map(Some).map_err(|error| UnreadableBody {
                    kind: kind.to_owned(),
                    reason: error.to_string(),
                })
            }
        }
    };
}

events! {
    // written by devices
    /// A kiosk showed a slip.
    TicketShown(TicketShown) = "ticket.shown.v1",
    /// A citizen submitted a score.
    RatingSubmitted(RatingSubmitted) = "rating.submitted.v1",
    /// Searches of a quarter of an hour, without persons.
    SearchesTallied(SearchesTallied) = "search.tallied.v1",
    /// A citizen asked for a person's help.
    HelpCalled(HelpCalled) = "help.called.v1",
    /// Remote help began, was refused, or ended at a kiosk.
    RemoteHelp(RemoteHelpAtKiosk) = "remote_help.at_kiosk.v1",
    /// A board's content was sent, confirmed or failed; a board went off or came back.
    BoardReported(BoardReported) = "board.reported.v1",
    /// Which boards a driver has, all of them.
    BoardsDescribed(BoardsDescribed) = "boards.described.v1",
    /// A board plays something, or has played it.
    BoardAired(BoardAired) = "board.aired.v1",
    // written by the hall's authority
    /// A hall's groups and windows.
    HallLaidOut(HallLaidOut) = "hall.laid_out.v1",
    /// The authority gave a number, or took in a slip from a lane.
    TicketIssued(InHall<TicketIssued>) = "ticket.issued.v1",
    /// A ticket bears another number than the one assigned.
    TicketRelabelled(InHall<TicketRelabelled>) = "ticket.relabelled.v1",
    /// A ticket was called.
    TicketCalled(InHall<AtWindow>) = "ticket.called.v1",
    /// Service began.
    TicketStarted(InHall<AtWindow>) = "ticket.started.v1",
    /// Service ended.
    TicketFinished(InHall<AtWindow>) = "ticket.finished.v1",
    /// A place in a slot was kept for somebody.
    TicketBooked(InHall<TicketBooked>) = "ticket.booked.v1",
    /// A guide said whether a ticket goes first.
    TicketPrioritised(InHall<TicketPrioritised>) = "ticket.prioritised.v1",
    /// The person went for papers that were missing.
    TicketPended(InHall<AtWindow>) = "ticket.pended.v1",
    /// A window put a ticket aside.
    TicketParked(InHall<AtWindow>) = "ticket.parked.v1",
    /// A window sent a ticket on to another group.
    TicketTransferred(InHall<TicketTransferred>) = "ticket.transferred.v1",
    /// A ticket that was called before waits again.
    TicketReturned(InHall<OneTicket>) = "ticket.returned.v1",
    /// Its holder gave a ticket up.
    TicketLeft(InHall<OneTicket>) = "ticket.left.v1",
    /// The called person did not come.
    TicketMissed(InHall<AtWindow>) = "ticket.missed.v1",
    /// A window opened.
    WindowOpened(InHall<OneWindow>) = "window.opened.v1",
    /// A window takes nobody for a while.
    WindowPaused(InHall<OneWindow>) = "window.paused.v1",
    /// A window serves other groups today.
    WindowServes(InHall<WindowServes>) = "window.serves.v1",
    /// A window closed.
    WindowClosed(InHall<OneWindow>) = "window.closed.v1",
    /// The business day ended.
    HallDayClosed(InHall<HallDay>) = "hall.day_closed.v1",
    /// The manager put a text that was approved beforehand before everybody in the hall.
    EmergencyRaised(InHall<EmergencyRaised>) = "hall.emergency_raised.v1",
    /// He took it off again.
    EmergencyEnded(InHall<EmergencyEnded>) = "hall.emergency_ended.v1",
    /// Everything that was published is off the hall's boards.
    BoardsCleared(InHall<BoardsCleared>) = "hall.boards_cleared.v1",
    /// The boards play again.
    BoardsRestored(InHall<BoardsRestored>) = "hall.boards_restored.v1",
    /// A score counts.
    RatingAccepted(RatingAccepted) = "rating.accepted.v1",
    /// A score is kept and does not count.
    RatingRefused(RatingRefused) = "rating.refused.v1",
    // written by the centre
    /// A record was opened or taken up in a visit.
    VisitLinked(InHall<VisitRecord>) = "visit.linked.v1",
    /// A machine became a device.
    DeviceEnrolled(DeviceEnrolled) = "device.enrolled.v1",
    /// A device's rights were withdrawn.
    DeviceRevoked(DeviceRevoked) = "device.revoked.v1",
    /// A device goes by another key.
    DeviceKeyRotated(DeviceKeyRotated) = "device.key_rotated.v1",
    /// Something was refused to a device: unknown, revoked, replayed, forged, out of its chain.
    DeviceRefused(DeviceRefused) = "device.refused.v1",
    /// Rows of a vacancy file came in or changed.
    VacanciesImported(VacanciesImported) = "vacancies.imported.v1",
    /// A named person approved the vacancies of a file.
    VacanciesPublished(VacanciesPublished) = "vacancies.published.v1",
    /// A person took one listing back: filled or wrong.
    ListingWithdrawn(ListingWithdrawn) = "listing.withdrawn.v1",
    /// A person approved a policy text or a notice.
    NoticePublished(NoticePublished) = "notice.published.v1",
    /// Staff signed in, acted, or were refused.
    StaffActed(StaffActed) = "staff.acted.v2",
    /// Somebody's roles were given or taken.
    StaffRolesSet(StaffRolesSet) = "staff.roles_set.v1",
    /// Somebody acts for somebody else, or does so no more.
    StaffDeputySet(StaffDeputySet) = "staff.deputy_set.v1",
    /// A person became known, or more of a person.
    PersonRecorded(PersonRecorded) = "person.recorded.v1",
    /// A person's key was destroyed: nothing personal of them can be read any more.
    PersonErased(PersonErased) = "person.erased.v1",
    /// A version of a kind of record came into use.
    KindPublished(KindPublished) = "kind.published.v1",
    /// A record was opened.
    CaseOpened(Box<CaseOpened>) = "case.opened.v1",
    /// Values of a record changed without a step.
    CaseChanged(Box<CaseChanged>) = "case.changed.v1",
    /// A step was done with a record.
    CaseMoved(Box<CaseMoved>) = "case.moved.v1",
    /// Something was attached to a record.
    CaseAttached(Box<CaseAttached>) = "case.attached.v1",
    /// Something attached was set aside.
    CaseDetached(CaseDetached) = "case.detached.v1",
    /// A record was tied to another, or that was undone.
    CaseLinked(CaseLinked) = "case.linked.v1",
    /// Somebody else deals with a record.
    CaseHandedOver(CaseHandedOver) = "case.handed_over.v1",
    /// One person proposed a change of a dated parameter.
    ParameterProposed(ParameterProposal) = "parameter.proposed.v1",
    /// Another person confirmed it.
    ParameterConfirmed(ParameterConfirmed) = "parameter.confirmed.v1",
    /// It was taken back before anybody confirmed it.
    ParameterWithdrawn(ParameterWithdrawn) = "parameter.withdrawn.v1",
    /// A document was handed out.
    DocumentIssued(Box<DocumentIssued>) = "document.issued.v1",
    /// A document was withdrawn.
    DocumentWithdrawn(DocumentWithdrawn) = "document.withdrawn.v1",
    /// Somebody outside must be told something about a record.
    OutreachPlanned(OutreachPlanned) = "outreach.planned.v1",
    /// Somebody outside was told, or not.
    OutreachContacted(OutreachContacted) = "outreach.contacted.v1",
    /// A telephone number takes no messages, or takes them again.
    OptOutSet(OptOutSet) = "outreach.opt_out_set.v1",
    /// Something was done for a citizen at a kiosk.
    CitizenServed(CitizenServed) = "citizen.served.v1",
    /// A citizen said something about the service; only the centre can read it.
    FeedbackSubmitted(FeedbackSubmitted) = "feedback.submitted.v1",
}

/// A slip as a kiosk showed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketShown {
    /// The hall.
    pub hall: HallId,
    /// The slip; `arrived_at` is the device's clock.
    pub issued: TicketIssued,
    /// Whose hand.
    pub origin: Origin,
}

/// A score as submitted at a device or on the phone page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RatingSubmitted {
    /// The hall.
    pub hall: HallId,
    /// Which visit, and what entitles to score it.
    pub visit: VisitProof,
    /// The scores.
    pub submission: Submission,
    /// Whose hand.
    pub origin: Origin,
}

/// Which visit is scored, and what entitles to do so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum VisitProof {
    /// The window terminal that serves (or just served) the ticket.
    WindowTerminal {
        /// The ticket.
        ticket: TicketId,
        /// The terminal's window.
        window: WindowNo,
    },
    /// Number and code, checked where the hash is known.
    CodeChecked {
        /// The ticket found.
        ticket: TicketId,
    },
    /// Number and code as entered at a device that could not check them: provisional.
    CodeUnchecked {
        /// The number.
        label: TicketLabel,
        /// The business day on the device.
        day: BusinessDate,
        /// The four digits; they are spent with this score.
        code: TicketSecret,
    },
    /// The token of the slip's QR code, checked by the authority itself.
    TokenChecked {
        /// The ticket found.
        ticket: TicketId,
    },
}

/// Searches of a quarter of an hour at one kiosk, without persons or times of single searches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchesTallied {
    /// The hall.
    pub hall: HallId,
    /// Searches per chosen word or category; at most 50, the rest under `其他`.
    pub searches: BTreeMap<String, u32>,
    /// Searches that found nothing.
    pub without_result: u32,
    /// Listings opened.
    pub listings_opened: u32,
}

/// A citizen touched "叫人帮忙".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelpCalled {
    /// The hall.
    pub hall: HallId,
    /// Whose hand.
    pub origin: Origin,
}

/// A step of remote help, as the kiosk saw it. Frames and touches are never events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteHelpAtKiosk {
    /// The hall.
    pub hall: HallId,
    /// Who helps.
    pub staff_name: String,
    /// What happened.
    pub step: RemoteHelpStep,
}

/// Steps of remote help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RemoteHelpStep {
    /// Nobody was using the kiosk: help began without asking.
    BegunUnattended,
    /// The citizen agreed.
    BegunAgreed,
    /// The citizen said no, or did not answer in time.
    Declined,
    /// The citizen stopped it.
    StoppedByCitizen,
    /// The clerk stopped it, or the line went down.
    Ended,
}

/// A score that counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RatingAccepted {
    /// The submission.
    pub rating: RatingId,
    /// The visit.
    pub ticket: TicketId,
    /// The window that served it.
    pub window: WindowNo,
}

/// A score that does not count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RatingRefused {
    /// The submission.
    pub rating: RatingId,
    /// Why.
    pub code: RefusalCode,
}

/// An approved policy text or notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticePublished {
    /// The text.
    pub notice: Notice,
    /// Who approved.
    pub by: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_raw_row_keeps_its_bytes() {
        let raw = RawRow(r#"{"title":"电工","b":"\u0041","a":"1"}"#.to_owned());
        let json = serde_json::to_string(&raw).unwrap();
        assert_eq!(json, raw.0);
        assert_eq!(serde_json::from_str::<RawRow>(&json).unwrap(), raw);
    }

    #[test]
    fn an_act_of_the_first_version_reads_as_one_of_unknown_address_and_role() {
        let body = r#"{"staff":null,"act":"signed_in","subject":""}"#;
        let read = Event::read("staff.acted.v1", body).unwrap();
        let acted = StaffActed {
            act: "signed_in".into(),
            ..StaffActed::default()
        };
        assert_eq!(read, Some(Event::StaffActed(acted)));
    }

    #[test]
    fn an_unknown_kind_is_kept_and_a_known_one_with_a_wrong_body_is_said() {
        assert_eq!(Event::read("ticket.called.v9", "{}"), Ok(None));
        let error = Event::read("ticket.called.v1", "{}").unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("the body of a ticket.called.v1 cannot be read")
        );
    }
}
