//! Events of a hall's queue: what `domain::queue` says, with the hall in which it happened.

use std::collections::BTreeSet;

use domain::id::{EmergencyId, GroupCode, HallId, RecordId, StaffId, TicketId, WindowNo};
use domain::queue::{AtWindow, HallLayout, PriorityKind, QueueEvent, TicketLabel};
use domain::time::BusinessDate;
use serde::{Deserialize, Serialize};

use super::Event;

/// An event of the hall's queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InHall<T> {
    /// The hall.
    pub hall: HallId,
    /// What happened there.
    #[serde(flatten)]
    pub what: T,
}

/// A hall's groups and windows, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HallLaidOut {
    /// The hall.
    pub hall: HallId,
    /// The station's name, for slips and strips.
    pub station_name: String,
    /// Groups and windows.
    pub layout: HallLayout,
}

/// A ticket's other number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketRelabelled {
    /// The ticket.
    pub ticket: TicketId,
    /// The number on the paper.
    pub label: TicketLabel,
}

/// Whether a ticket goes first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketPrioritised {
    /// The ticket.
    pub ticket: TicketId,
    /// Why, if it does.
    pub priority: Option<PriorityKind>,
}

/// A ticket that was sent on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketTransferred {
    /// From where.
    #[serde(flatten)]
    pub from: AtWindow,
    /// To which group.
    pub group: GroupCode,
}

/// A ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OneTicket {
    /// The ticket.
    pub ticket: TicketId,
}

/// A window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OneWindow {
    /// The window.
    pub window: WindowNo,
}

/// What a window serves until the day closes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WindowServes {
    /// The window.
    pub window: WindowNo,
    /// Which groups.
    pub groups: BTreeSet<GroupCode>,
}

/// A record that a visit was about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitRecord {
    /// The visit.
    pub ticket: TicketId,
    /// The record.
    pub record: RecordId,
}

/// A text that was approved beforehand and that everybody in the hall must know at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmergencyRaised {
    /// This emergency.
    pub emergency: EmergencyId,
    /// What has happened, as it was approved.
    pub title: String,
    /// What to do.
    pub body: String,
    /// Who raised it.
    pub by: StaffId,
}

/// The end of an emergency, by a named person: nothing else ends one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmergencyEnded {
    /// Which.
    pub emergency: EmergencyId,
    /// Who ended it.
    pub by: StaffId,
}

/// A business day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HallDay {
    /// The day.
    pub day: BusinessDate,
}

impl Event {
    /// The event under which the authority of `hall` stores a queue event.
    #[must_use]
    pub fn of_queue(hall: HallId, event: QueueEvent) -> Self {
        fn here<T>(hall: HallId, what: T) -> InHall<T> {
            InHall { hall, what }
        }
        match event {
            QueueEvent::Booked(what) => Self::TicketBooked(here(hall, what)),
            QueueEvent::Issued(what) => Self::TicketIssued(here(hall, what)),
            QueueEvent::Relabelled { ticket, label } => {
                Self::TicketRelabelled(here(hall, TicketRelabelled { ticket, label }))
            }
            QueueEvent::Prioritised { ticket, priority } => {
                Self::TicketPrioritised(here(hall, TicketPrioritised { ticket, priority }))
            }
            QueueEvent::Called(what) => Self::TicketCalled(here(hall, what)),
            QueueEvent::Started(what) => Self::TicketStarted(here(hall, what)),
            QueueEvent::Pended(what) => Self::TicketPended(here(hall, what)),
            QueueEvent::Parked(what) => Self::TicketParked(here(hall, what)),
            QueueEvent::Finished(what) => Self::TicketFinished(here(hall, what)),
            QueueEvent::Transferred { from, group } => {
                Self::TicketTransferred(here(hall, TicketTransferred { from, group }))
            }
            QueueEvent::Missed(what) => Self::TicketMissed(here(hall, what)),
            QueueEvent::Returned { ticket } => {
                Self::TicketReturned(here(hall, OneTicket { ticket }))
            }
            QueueEvent::Left { ticket } => Self::TicketLeft(here(hall, OneTicket { ticket })),
            QueueEvent::WindowOpened { window } => {
                Self::WindowOpened(here(hall, OneWindow { window }))
            }
            QueueEvent::WindowPaused { window } => {
                Self::WindowPaused(here(hall, OneWindow { window }))
            }
            QueueEvent::WindowClosed { window } => {
                Self::WindowClosed(here(hall, OneWindow { window }))
            }
            QueueEvent::WindowServes { window, groups } => {
                Self::WindowServes(here(hall, WindowServes { window, groups }))
            }
            QueueEvent::DayClosed { day } => Self::HallDayClosed(here(hall, HallDay { day })),
        }
    }

    /// The queue event in this event and its hall, if it is one.
    #[must_use]
    pub fn as_queue(&self) -> Option<(HallId, QueueEvent)> {
        Some(match self {
            Self::TicketBooked(e) => (e.hall, QueueEvent::Booked(e.what.clone())),
            Self::TicketIssued(e) => (e.hall, QueueEvent::Issued(e.what.clone())),
            Self::TicketRelabelled(e) => {
                let TicketRelabelled { ticket, label } = e.what.clone();
                (e.hall, QueueEvent::Relabelled { ticket, label })
            }
            Self::TicketPrioritised(e) => {
                let TicketPrioritised { ticket, priority } = e.what.clone();
                (e.hall, QueueEvent::Prioritised { ticket, priority })
            }
            Self::TicketCalled(e) => (e.hall, QueueEvent::Called(e.what.clone())),
            Self::TicketStarted(e) => (e.hall, QueueEvent::Started(e.what.clone())),
            Self::TicketPended(e) => (e.hall, QueueEvent::Pended(e.what.clone())),
            Self::TicketParked(e) => (e.hall, QueueEvent::Parked(e.what.clone())),
            Self::TicketFinished(e) => (e.hall, QueueEvent::Finished(e.what.clone())),
            Self::TicketTransferred(e) => {
                let TicketTransferred { from, group } = e.what.clone();
                (e.hall, QueueEvent::Transferred { from, group })
            }
            Self::TicketMissed(e) => (e.hall, QueueEvent::Missed(e.what.clone())),
            Self::TicketReturned(e) => {
                let OneTicket { ticket } = e.what;
                (e.hall, QueueEvent::Returned { ticket })
            }
            Self::TicketLeft(e) => {
                let OneTicket { ticket } = e.what;
                (e.hall, QueueEvent::Left { ticket })
            }
            other => return other.as_queue_of_windows(),
        })
    }

    fn as_queue_of_windows(&self) -> Option<(HallId, QueueEvent)> {
        Some(match self {
            Self::WindowOpened(e) => {
                let OneWindow { window } = e.what;
                (e.hall, QueueEvent::WindowOpened { window })
            }
            Self::WindowPaused(e) => {
                let OneWindow { window } = e.what;
                (e.hall, QueueEvent::WindowPaused { window })
            }
            Self::WindowClosed(e) => {
                let OneWindow { window } = e.what;
                (e.hall, QueueEvent::WindowClosed { window })
            }
            Self::WindowServes(e) => {
                let WindowServes { window, groups } = e.what.clone();
                (e.hall, QueueEvent::WindowServes { window, groups })
            }
            Self::HallDayClosed(e) => (e.hall, QueueEvent::DayClosed { day: e.what.day }),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use domain::id::StaffId;
    use domain::queue::{
        HolderHash, Line, SecretHash, TicketBooked, TicketIssued, WaitEstimate, Wish,
    };
    use domain::time::UtcMs;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn every_queue_event_survives_its_stored_form() {
        let hall = HallId(Uuid::from_u128(1));
        let ticket = TicketId(Uuid::from_u128(2));
        let window = WindowNo::new(3).unwrap();
        let group = GroupCode::new('B').unwrap();
        let at = AtWindow {
            ticket,
            window,
            clerk: Some(StaffId(Uuid::from_u128(4))),
        };
        let day = BusinessDate(chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap());
        let booked = TicketBooked {
            ticket,
            group,
            matter: None,
            starts_at: UtcMs(1),
            token_hash: SecretHash([1; 32]),
            code_hash: SecretHash([2; 32]),
        };
        let label: TicketLabel = "A012".parse().unwrap();
        let issued = TicketIssued {
            ticket,
            label: label.clone(),
            group,
            priority: None,
            arrived_at: UtcMs(1),
            token_hash: SecretHash([1; 32]),
            code_hash: SecretHash([2; 32]),
            wish: Wish {
                matter: Some("求职登记".to_owned()),
                next_groups: vec![group],
                holder: Some(HolderHash([3; 16])),
            },
            found: Some(Line {
                ahead: 3,
                windows: 2,
            }),
            told: Some(WaitEstimate::Between { low: 5, high: 12 }),
        };
        for event in [
            QueueEvent::Booked(booked),
            QueueEvent::Issued(issued),
            QueueEvent::Relabelled { ticket, label },
            QueueEvent::Prioritised {
                ticket,
                priority: Some(PriorityKind::Elder),
            },
            QueueEvent::Called(at.clone()),
            QueueEvent::Started(at.clone()),
            QueueEvent::Pended(at.clone()),
            QueueEvent::Parked(at.clone()),
            QueueEvent::Finished(at.clone()),
            QueueEvent::Missed(at.clone()),
            QueueEvent::Transferred { from: at, group },
            QueueEvent::Returned { ticket },
            QueueEvent::Left { ticket },
            QueueEvent::WindowOpened { window },
            QueueEvent::WindowPaused { window },
            QueueEvent::WindowClosed { window },
            QueueEvent::WindowServes {
                window,
                groups: [group].into(),
            },
            QueueEvent::DayClosed { day },
        ] {
            let stored = Event::of_queue(hall, event.clone());
            let read = Event::read(stored.kind(), &stored.body()).unwrap().unwrap();
            assert_eq!(read.as_queue(), Some((hall, event)));
        }
    }
}
