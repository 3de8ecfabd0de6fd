//! Laws of sealed values: what was sealed opens, and nothing else does.

use proptest::prelude::*;

use super::*;
use uuid::Uuid;

const KIND: &str = "person.recorded.v1";

fn field_of(person: u128, field: PersonField, kind: &str) -> Binding<'_> {
    Binding::Field(FieldPlace {
        person: PersonId(Uuid::from_u128(person)),
        field,
        kind,
    })
}

fn bound(kind: &str, subject: u128) -> BoundText<'_> {
    BoundText {
        kind,
        subject: Uuid::from_u128(subject),
    }
}

fn centre(byte: u8) -> CentreBoxKey {
    CentreBoxKey::of(&SealKey::from_bytes([byte; 32]))
}

#[test]
fn the_canonical_text_of_a_field_is_golden() {
    let binding = field_of(1, PersonField::Name, KIND);
    let key = SealKey::from_bytes([7; 32]);
    let sealed = Sealed::seal(&key, &binding, "测试甲".as_bytes(), [9; 24]).unwrap();
    let golden = concat!(
        "s1:xc20p:d732ceb6cef8cf59:",
        "090909090909090909090909090909090909090909090909:",
        "58c76962d33f9ef646b0715d7730fdecf869e367c780752da3",
    );
    assert_eq!(sealed.to_string(), golden);
}

#[test]
fn the_canonical_text_of_a_box_is_golden() {
    let public = centre(3).public();
    let sealed = SealedToCentre::seal(public, bound("feedback.v1", 5), "很好", [4; 32]).unwrap();
    let golden = concat!(
        "b1:x25519-xc20p:abce20f14e175996:",
        "ac01b2209e86354fb853237b5de0f4fab13c7fcbf433a61c019369617fecf10b:",
        "173e27895061a3b0b5a22f2f5ff6867f0e0e6ace925f",
    );
    assert_eq!(sealed.to_string(), golden);
    let opened = sealed.open(&centre(3), bound("feedback.v1", 5)).unwrap();
    assert_eq!(opened.as_str(), "很好");
}

#[test]
fn the_cipher_is_the_one_of_the_published_vector() {
    // draft-irtf-cfrg-xchacha-03, A.3.1: the cipher below our format is the standard's
    let key: [u8; 32] = std::array::from_fn(|i| 0x80 + u8::try_from(i).unwrap());
    let nonce: [u8; 24] = std::array::from_fn(|i| 0x40 + u8::try_from(i).unwrap());
    let aad = hex::decode("50515253c0c1c2c3c4c5c6c7").unwrap();
    let msg: &[u8] = b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.";
    let payload = Payload { msg, aad: &aad };
    let cipher = SealKey::from_bytes(key).cipher();
    let sealed = cipher.encrypt(&XNonce::from(nonce), payload).unwrap();
    assert_eq!(
        hex::encode(&sealed[msg.len()..]),
        "c0875924c1c7987947deafd8780acf49"
    );
}

#[test]
fn a_public_key_that_gives_no_secret_is_refused() {
    let none = CentreBoxPublic([0; 32]);
    let refused = SealedToCentre::seal(none, bound(KIND, 1), "x", [4; 32]);
    assert_eq!(refused, Err(SealError::Form));
}

#[test]
fn a_value_beyond_the_bound_is_refused() {
    let long = "x".repeat(PLAINTEXT_BYTES_MAX + 1);
    let key = SealKey::from_bytes([7; 32]);
    let binding = field_of(1, PersonField::Address, KIND);
    let too_long = SealError::TooLong(long.len());
    assert_eq!(
        Sealed::seal(&key, &binding, long.as_bytes(), [0; 24]),
        Err(too_long)
    );
    assert_eq!(
        SealedToCentre::seal(centre(3).public(), bound(KIND, 1), &long, [4; 32]),
        Err(too_long)
    );
}

#[test]
fn a_key_is_not_printed() {
    let text = format!("{:?} {:?}", SealKey::from_bytes([7; 32]), centre(3));
    assert_eq!(text, "SealKey(***) CentreBoxKey(***)");
}

#[test]
fn one_value_has_one_text() {
    let key = SealKey::from_bytes([7; 32]);
    let binding = field_of(1, PersonField::Name, KIND);
    let text = Sealed::seal(&key, &binding, b"\xab", [0xcd; 24])
        .unwrap()
        .to_string();
    assert!(text.parse::<Sealed>().is_ok());
    for other in [
        text.to_uppercase(),
        text.replace("cdcd", "CDCD"),
        format!("{text}:"),
        format!("{text} "),
        text.replace("s1:", "s2:"),
    ] {
        assert_eq!(other.parse::<Sealed>(), Err(SealError::Form), "{other}");
    }
}

fn fields() -> impl Strategy<Value = PersonField> {
    prop::sample::select(PersonField::ALL.to_vec())
}

proptest! {
    #[test]
    fn what_was_sealed_opens_from_its_text(
        key: [u8; 32], nonce: [u8; 24], person: u128, field in fields(), value in ".{0,200}",
    ) {
        let key = SealKey::from_bytes(key);
        let binding = field_of(person, field, KIND);
        let sealed = Sealed::seal(&key, &binding, value.as_bytes(), nonce).unwrap();
        let json = serde_json::to_string(&sealed).unwrap();
        let read: Sealed = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(&read, &sealed);
        let opened = read.open(&key, &binding).unwrap();
        prop_assert_eq!(opened.as_slice(), value.as_bytes());
    }

    #[test]
    fn a_moved_ciphertext_is_refused(
        key: [u8; 32], nonce: [u8; 24], person: u128, other: u128, field in fields(),
        other_field in fields(), value in ".{0,40}",
    ) {
        let key = SealKey::from_bytes(key);
        let sealed =
            Sealed::seal(&key, &field_of(person, field, KIND), value.as_bytes(), nonce).unwrap();
        let person_key = Binding::PersonKey { person: PersonId(Uuid::from_u128(person)) };
        let mut elsewhere = vec![field_of(person, field, "person.recorded.v2"), person_key];
        if person != other {
            elsewhere.push(field_of(other, field, KIND));
        }
        if field != other_field {
            elsewhere.push(field_of(person, other_field, KIND));
        }
        for binding in elsewhere {
            prop_assert_eq!(sealed.open(&key, &binding), Err(SealError::Altered));
        }
    }

    #[test]
    fn another_key_and_any_changed_bit_are_refused(
        key: [u8; 32], other: [u8; 32], nonce: [u8; 24], value in ".{0,40}", bit: prop::sample::Index,
    ) {
        prop_assume!(key != other);
        let (key, other) = (SealKey::from_bytes(key), SealKey::from_bytes(other));
        let binding = field_of(1, PersonField::Phone, KIND);
        let sealed = Sealed::seal(&key, &binding, value.as_bytes(), nonce).unwrap();
        let refused = sealed.open(&other, &binding);
        let is_refused = matches!(refused, Err(SealError::OtherKey { .. }));
        prop_assert!(is_refused);
        let as_if_of_other = Sealed { key: other.id(), ..sealed.clone() };
        prop_assert_eq!(as_if_of_other.open(&other, &binding), Err(SealError::Altered));
        let mut changed = sealed.clone();
        let bit = bit.index(changed.ciphertext.len() * 8);
        changed.ciphertext[bit / 8] ^= 1 << (bit % 8);
        prop_assert_eq!(changed.open(&key, &binding), Err(SealError::Altered));
    }

    #[test]
    fn a_box_opens_for_its_centre_and_subject_only(
        secret: [u8; 32], ephemeral: [u8; 32], subject: u128, other: u128, text in ".{0,200}",
    ) {
        prop_assume!(subject != other);
        let centre = CentreBoxKey::of(&SealKey::from_bytes(secret));
        let sealed =
            SealedToCentre::seal(centre.public(), bound(KIND, subject), &text, ephemeral).unwrap();
        let read: SealedToCentre = sealed.to_string().parse().unwrap();
        let opened = read.open(&centre, bound(KIND, subject)).unwrap();
        prop_assert_eq!(opened.as_str(), &text);
        prop_assert_eq!(read.open(&centre, bound(KIND, other)), Err(SealError::Altered));
        prop_assert_eq!(read.open(&centre, bound("other.v1", subject)), Err(SealError::Altered));
        // bits that X25519 clears or sets make no other key
        let mut foreign = secret;
        foreign[15] ^= 1;
        let foreign = CentreBoxKey::of(&SealKey::from_bytes(foreign));
        let refused = read.open(&foreign, bound(KIND, subject));
        let is_refused = matches!(refused, Err(SealError::OtherKey { .. }));
        prop_assert!(is_refused);
    }

    #[test]
    fn any_text_gives_a_value_or_an_error(
        text in ".{0,300}", tail in "[0-9a-f:]{0,200}",
    ) {
        for text in [text, format!("{PREFIX}{tail}"), format!("b1:x25519-xc20p:{tail}")] {
            if let Ok(read) = text.parse::<Sealed>() {
                prop_assert_eq!(read.to_string(), text.clone());
            }
            if let Ok(read) = text.parse::<SealedToCentre>() {
                prop_assert_eq!(read.to_string(), text);
            }
        }
    }

    #[test]
    fn any_well_formed_box_opens_or_is_refused(
        ephemeral: [u8; 32], ciphertext in prop::collection::vec(any::<u8>(), 16..64),
    ) {
        let key = centre(3);
        let (id, ephemeral) = (key.public().id(), hex::encode(ephemeral));
        let text = format!("b1:x25519-xc20p:{id}:{ephemeral}:{}", hex::encode(ciphertext));
        let sealed: SealedToCentre = text.parse().unwrap();
        prop_assert_eq!(sealed.open(&key, bound(KIND, 1)), Err(SealError::Altered));
    }
}
