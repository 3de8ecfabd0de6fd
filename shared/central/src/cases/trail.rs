//! What the audit trail says of acts on records: who did what to which record, from where. The
//! record's own events say the rest: what changed, from which state to which, and why.

use domain::case::{Actor, CaseEvent, Channel, Kind, Record, Role};
use domain::id::StationCode;
use wire::event::{Event, StaffActed};

use crate::staff::acts::{self, Act};

/// A record as the trail calls it.
pub(super) struct Subject<'s> {
    pub(super) kind: &'s Kind,
    pub(super) case_no: &'s str,
    pub(super) station: &'s StationCode,
}

impl<'s> Subject<'s> {
    pub(super) fn of(kind: &'s Kind, record: &'s Record) -> Self {
        Self {
            kind,
            case_no: &record.case_no.0,
            station: &record.station,
        }
    }
}

/// The trail of these events; empty for what the system does by itself.
pub(super) fn of(subject: &Subject<'_>, actor: &Actor, events: &[CaseEvent]) -> Vec<Event> {
    if actor.staff.is_none() {
        return Vec::new();
    }
    let lines = events.iter().map(|event| line(subject, actor, event));
    lines.map(Event::StaffActed).collect()
}

/// The trail of an opening. Of an import there is one line, not one of each row.
pub(super) fn of_opening(kind: &Kind, events: &[CaseEvent], actor: &Actor) -> Vec<Event> {
    match events.first() {
        Some(CaseEvent::Opened(opened)) if opened.channel != Channel::Import => {
            let subject = Subject {
                kind,
                case_no: &opened.case_no.0,
                station: &opened.station,
            };
            of(&subject, actor, events)
        }
        _ => Vec::new(),
    }
}

fn line(subject: &Subject<'_>, actor: &Actor, event: &CaseEvent) -> StaffActed {
    let (act, role, more): (Act, Option<Role>, &str) = match event {
        CaseEvent::Opened(opened) => (acts::RECORD_OPENED, Some(opened.act.role), ""),
        CaseEvent::Changed(changed) => (acts::RECORD_CHANGED, Some(changed.role), ""),
        CaseEvent::Moved(moved) => {
            let step = subject.kind.transition(&moved.act.transition);
            let name = step.map_or("", |step| &step.name);
            (acts::RECORD_MOVED, Some(moved.act.role), name)
        }
        CaseEvent::Attached(attached) => {
            let name = material(subject.kind, &attached.attachment.doc_type);
            (acts::RECORD_ATTACHED, None, name)
        }
        CaseEvent::Detached(detached) => {
            let name = material(subject.kind, &detached.doc_type);
            (acts::RECORD_DETACHED, None, name)
        }
        CaseEvent::Linked(_) => (acts::RECORD_LINKED, None, ""),
        CaseEvent::HandedOver(_) => (acts::RECORD_HANDED_OVER, None, ""),
    };
    StaffActed {
        staff: actor.staff,
        act: act.word().to_owned(),
        subject: format!("{} {more}", subject.case_no).trim_end().to_owned(),
        address: actor.address.clone(),
        role,
        station: Some(subject.station.clone()),
        reason: String::new(),
    }
}

/// What a material is called; one that the kind knows no more has no name.
fn material<'k>(kind: &'k Kind, doc_type: &str) -> &'k str {
    kind.attachment(doc_type).map_or("", |rule| &rule.name)
}
