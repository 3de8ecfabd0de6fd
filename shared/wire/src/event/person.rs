//! Events about persons. Nothing in them can be read without the person's key, which is not in the
//! log; the person's id says nothing.

use std::collections::BTreeMap;

use domain::id::{PersonId, StaffId};
use domain::personal::PersonField;
use serde::{Deserialize, Serialize};

use crate::sealed::{FieldPlace, Sealed};

/// What became known of a person. A field that is left out stays as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonRecorded {
    /// The person.
    pub person: PersonId,
    /// The fields, each under the person's key.
    pub fields: BTreeMap<PersonField, Sealed>,
}

impl PersonRecorded {
    /// The kind, as it is authenticated with every field.
    pub const KIND: &'static str = "person.recorded.v1";

    /// Where a field of this event stands.
    #[must_use]
    pub fn place(person: PersonId, field: PersonField) -> FieldPlace<'static> {
        FieldPlace {
            person,
            field,
            kind: Self::KIND,
        }
    }
}

/// A person whose key was destroyed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonErased {
    /// The person.
    pub person: PersonId,
    /// Who did it; `None` when the service did it again by itself after a restore.
    pub by: Option<StaffId>,
    /// Why.
    pub reason: ErasureReason,
}

/// Why a person is erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErasureReason {
    /// The person asked for it (个人信息保护法第四十七条).
    Requested,
    /// The time for which the data may be kept is over.
    RetentionEnded,
    /// The person was recorded by mistake.
    RecordedInError,
    /// A restored backup was older than the erasure.
    RestoredBackup,
}

#[cfg(test)]
mod tests {
    use crate::event::Event;

    use super::*;

    #[test]
    fn the_authenticated_kind_is_the_stored_one() {
        let recorded = PersonRecorded {
            person: PersonId(uuid::Uuid::from_u128(1)),
            fields: BTreeMap::new(),
        };
        assert_eq!(Event::PersonRecorded(recorded).kind(), PersonRecorded::KIND);
    }
}
