//! Invented persons as they cross the wire: sealed fields, a text sealed to the centre, numbers.

use std::collections::BTreeMap;

use domain::id::{PersonId, StaffId};
use domain::personal::PersonField;
use wire::event::{ErasureReason, Event, PersonErased, PersonRecorded};

use wire::sealed::{Binding, BoundText, CentreBoxKey, Nonce, SealKey, Sealed, SealedToCentre};

use super::id;

/// An identity number of the reserved area 999999 with its check character.
pub const ID_NUMBER: &str = "999999199001010016";

fn person() -> PersonId {
    PersonId(id(8))
}

/// The events about persons.
pub(super) fn events() -> Vec<Event> {
    vec![
        Event::PersonRecorded(PersonRecorded {
            person: person(),
            fields: BTreeMap::from([
                (PersonField::Name, sealed(PersonField::Name, "样例人")),
                (
                    PersonField::IdNumber,
                    sealed(PersonField::IdNumber, ID_NUMBER),
                ),
            ]),
        }),
        Event::PersonErased(PersonErased {
            person: person(),
            by: Some(StaffId(id(7))),
            reason: ErasureReason::Requested,
        }),
    ]
}

/// A field under a person's key. A nonce of its own for each, as in life.
fn sealed(field: PersonField, text: &str) -> Sealed {
    let mut nonce = Nonce::default();
    nonce[0] = field as u8;
    let binding = Binding::Field(PersonRecorded::place(person(), field));
    let sealed = Sealed::seal(
        &SealKey::from_bytes([9; 32]),
        &binding,
        text.as_bytes(),
        nonce,
    );
    sealed.expect("sealed, because the text is short")
}

/// What is sealed, as text.
#[must_use]
pub fn sealed_texts() -> Vec<String> {
    let key = SealKey::from_bytes([11; 32]);
    let bound = BoundText {
        kind: "feedback.given.v1",
        subject: id(9),
    };
    let centre = CentreBoxKey::of(&key).public();
    let to_centre = SealedToCentre::seal(centre, bound, "等得太久", [13; 32]);
    vec![
        sealed(PersonField::Phone, "13800000000").to_string(),
        to_centre
            .expect("sealed, because the text is short")
            .to_string(),
        key.id().to_string(),
    ]
}
