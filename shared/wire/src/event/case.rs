//! Events about records. Their bodies are the engine's own types; personal values stand in them
//! only as ciphertext, under the key of the person whom the record concerns or of the record.

use domain::case::{CaseEvent, KindHash};
use domain::id::{KindId, PersonId, RecordId};
use domain::personal::PersonField;
use serde::{Deserialize, Serialize};

use crate::sealed::FieldPlace;

use super::Event;

/// A version of a kind of record came into use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindPublished {
    /// The kind.
    pub kind: KindId,
    /// Its version.
    pub version: u32,
    /// Of `text`.
    pub hash: KindHash,
    /// The whole kind, workflow included.
    pub text: String,
}

/// As what personal values of records are authenticated. One word for all events of records, so
/// that a value can be carried on from one to the next without being opened.
const VALUE_KIND: &str = "case.value.v1";

/// Where a personal value of a record stands.
#[must_use]
pub fn value_place(owner: PersonId, field: PersonField) -> FieldPlace<'static> {
    FieldPlace {
        person: owner,
        field,
        kind: VALUE_KIND,
    }
}

/// Under whose key a record's personal values are: the person's whom it concerns, else its own.
#[must_use]
pub fn value_owner(person: Option<PersonId>, record: RecordId) -> PersonId {
    person.unwrap_or(PersonId(record.0))
}

impl From<CaseEvent> for Event {
    fn from(event: CaseEvent) -> Self {
        match event {
            CaseEvent::Opened(body) => Self::CaseOpened(Box::new(body)),
            CaseEvent::Changed(body) => Self::CaseChanged(Box::new(body)),
            CaseEvent::Moved(body) => Self::CaseMoved(Box::new(body)),
            CaseEvent::Attached(body) => Self::CaseAttached(Box::new(body)),
            CaseEvent::Detached(body) => Self::CaseDetached(body),
            CaseEvent::Linked(body) => Self::CaseLinked(body),
            CaseEvent::HandedOver(body) => Self::CaseHandedOver(body),
        }
    }
}

impl Event {
    /// The event of a record, if it is one.
    #[must_use]
    pub fn as_case(&self) -> Option<CaseEvent> {
        Some(match self {
            Self::CaseOpened(body) => CaseEvent::Opened((**body).clone()),
            Self::CaseChanged(body) => CaseEvent::Changed((**body).clone()),
            Self::CaseMoved(body) => CaseEvent::Moved((**body).clone()),
            Self::CaseAttached(body) => CaseEvent::Attached((**body).clone()),
            Self::CaseDetached(body) => CaseEvent::Detached(body.clone()),
            Self::CaseLinked(body) => CaseEvent::Linked(body.clone()),
            Self::CaseHandedOver(body) => CaseEvent::HandedOver(body.clone()),
            _ => return None,
        })
    }
}
