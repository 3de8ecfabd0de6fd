//! The canonical text and the chain of hashes.

use domain::id::DeviceId;
use domain::time::UtcMs;
use proptest::prelude::*;
use testkit::samples;
use uuid::Uuid;
use wire::envelope::{
    self, ChainHead, Draft, EVENT_BYTES_MAX, Envelope, EnvelopeError, EventHash, SEQ_MAX,
};
use wire::sign::{DeviceKey, RequestToSign};

/// The parts of a draft, owned.
#[derive(Debug, Clone)]
struct Parts {
    writer: DeviceId,
    at: UtcMs,
    kind: String,
    body: String,
}

impl Parts {
    fn written_after(&self, head: ChainHead) -> String {
        let draft = Draft {
            writer: self.writer,
            at: self.at,
            kind: &self.kind,
            body: &self.body,
        };
        envelope::write(&draft, head)
    }
}

fn parts() -> impl Strategy<Value = Parts> {
    let body = prop_oneof!["\\PC{0,60}", "(.|\n){0,60}", Just(String::new())];
    (any::<u128>(), any::<i64>(), "[a-z][a-z0-9._]{0,63}", body).prop_map(
        |(writer, at, kind, body)| Parts {
            writer: DeviceId(Uuid::from_u128(writer)),
            at: UtcMs(at),
            kind,
            body,
        },
    )
}

fn heads() -> impl Strategy<Value = ChainHead> {
    (0..SEQ_MAX, any::<[u8; 32]>()).prop_map(|(seq, hash)| ChainHead {
        seq,
        hash: EventHash(hash),
    })
}

/// Every way in which somebody might spell a part of the same event differently.
fn second_spellings(text: &str) -> Vec<String> {
    let (head, body) = text.split_once('\n').unwrap();
    let fields: Vec<&str> = head.split(' ').collect();
    let with = |at: usize, field: String| {
        let mut changed: Vec<&str> = fields.clone();
        changed[at] = &field;
        format!("{}\n{body}", changed.join(" "))
    };
    let (writer, seq, prev, at, len) = (2, 3, 4, 5, 7);
    let mut spellings = vec![
        with(writer, fields[writer].replace('-', "")),
        with(writer, format!("{{{}}}", fields[writer])),
        with(writer, format!("urn:uuid:{}", fields[writer])),
        format!(" {text}"),
        format!("{head} \n{body}"),
        format!("{head}\r\n{body}"),
        format!("{}\n{body}", head.replace(' ', "  ")),
        format!("{}\n{body}", head.replace(' ', "\t")),
        format!("\u{feff}{text}"),
        format!("{text} "),
        format!("{text}\n"),
    ];
    for field in [seq, at, len] {
        spellings.push(with(field, format!("0{}", fields[field])));
        spellings.push(with(field, format!("+{}", fields[field])));
        spellings.push(with(field, format!("{}.0", fields[field])));
    }
    for field in [writer, prev] {
        spellings.push(with(field, fields[field].to_uppercase()));
    }
    spellings.retain(|spelling| spelling != text);
    spellings
}

proptest! {
    #[test]
    fn whatever_is_written_is_read_with_every_part(parts in parts(), head in heads()) {
        let text = parts.written_after(head);
        let Parts { writer, at, kind, body } = parts;
        let (seq, prev, hash) = (head.seq + 1, head.hash, EventHash::of(&text));
        let written = Envelope { writer, seq, prev, at, kind, body, hash };
        prop_assert_eq!(envelope::read(&text), Ok(written));
    }

    #[test]
    fn no_second_spelling_of_an_event_is_read(parts in parts(), head in heads()) {
        let text = parts.written_after(head);
        let spellings = second_spellings(&text);
        prop_assert!(spellings.len() >= 20);
        for spelling in spellings {
            prop_assert!(envelope::read(&spelling).is_err(), "{:?} is read", spelling);
        }
    }

    #[test]
    fn a_changed_byte_is_refused_or_makes_another_event(
        parts in parts(),
        head in heads(),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let text = parts.written_after(head);
        let event = envelope::read(&text).unwrap();
        let mut bytes = text.into_bytes();
        let at = at.index(bytes.len());
        prop_assume!(bytes[at] != byte);
        bytes[at] = byte;
        let changed = String::from_utf8(bytes).map(|text| envelope::read(&text));
        if let Ok(Ok(changed)) = changed {
            prop_assert_ne!(changed.hash, event.hash);
            let same_hash = Envelope { hash: event.hash, ..changed };
            prop_assert_ne!(same_hash, event, "the same event under two hashes");
        }
    }

    #[test]
    fn an_event_follows_its_own_predecessor_and_no_other(
        chain in prop::collection::vec(parts(), 2..12),
    ) {
        let mut heads = vec![ChainHead::EMPTY];
        let mut events = Vec::new();
        for parts in &chain {
            let event = envelope::read(&parts.written_after(heads[events.len()])).unwrap();
            heads.push(event.head());
            events.push(event);
        }
        for (place, event) in events.iter().enumerate() {
            for (other, head) in heads.iter().enumerate() {
                prop_assert_eq!(event.follows(*head), place == other);
            }
        }
    }

    #[test]
    fn a_head_at_the_end_of_all_numbers_has_no_follower(parts in parts(), head in heads()) {
        let event = envelope::read(&parts.written_after(head)).unwrap();
        let last = ChainHead { seq: u64::MAX, hash: event.prev };
        prop_assert!(!event.follows(last));
    }

    #[test]
    fn a_signature_holds_for_one_key_and_one_head(
        secret in any::<[u8; 32]>(),
        other_secret in any::<[u8; 32]>(),
        head in heads(),
        other in heads(),
    ) {
        prop_assume!(secret != other_secret && head != other);
        let writer = samples::writer();
        let key = DeviceKey::from_bytes(&secret);
        let signature = key.sign_tail(writer, head);
        prop_assert!(key.public().signed_tail(writer, head, signature));
        prop_assert!(!key.public().signed_tail(writer, other, signature));
        let stranger = DeviceKey::from_bytes(&other_secret).public();
        prop_assert!(!stranger.signed_tail(writer, head, signature));
    }
}

#[test]
fn a_number_that_no_database_holds_is_refused() {
    let text = samples::canonical(&samples::events()[0]);
    let numbered = |seq: u64| text.replacen(" 42 ", &format!(" {seq} "), 1);
    assert_eq!(envelope::read(&numbered(SEQ_MAX)).unwrap().seq, SEQ_MAX);
    for seq in [0, SEQ_MAX + 1, u64::MAX] {
        assert!(envelope::read(&numbered(seq)).is_err(), "{seq}");
    }
}

#[test]
fn the_longest_event_is_read_and_one_byte_more_is_not() {
    let draft = |body: String| Parts {
        writer: samples::writer(),
        at: samples::AT,
        kind: "staff.acted.v1".to_owned(),
        body,
    };
    let of_len = |len: usize| {
        let head_bytes = draft("x".repeat(1_000_000))
            .written_after(ChainHead::EMPTY)
            .len()
            - 1_000_000;
        draft("x".repeat(len - head_bytes)).written_after(ChainHead::EMPTY)
    };
    let (longest, too_long) = (of_len(EVENT_BYTES_MAX), of_len(EVENT_BYTES_MAX + 1));
    assert_eq!(longest.len(), EVENT_BYTES_MAX);
    assert!(envelope::read(&longest).is_ok());
    let bytes = EVENT_BYTES_MAX + 1;
    assert_eq!(
        envelope::read(&too_long),
        Err(EnvelopeError::TooLong(bytes))
    );
}

/// A signed request differs from a signed tail whatever their parts are.
#[test]
fn a_signature_of_a_request_is_none_of_a_tail() {
    let key = samples::key();
    let request = RequestToSign {
        method: "GET",
        path_and_query: "/api/v1/log/tail",
        body: b"",
        device: samples::writer(),
        time: samples::AT,
        nonce: "n",
    };
    let signature = key.sign_request(&request);
    assert!(
        !key.public()
            .signed_tail(samples::writer(), samples::HEAD, signature)
    );
}
