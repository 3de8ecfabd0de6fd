//! The event envelope: one canonical text per event, written once by its first writer, then
//! stored, hashed and relayed verbatim.
//!
//! ```text
//! 1 sha256 <writer> <seq> <prev> <at> <kind> <len>\n<body>
//! ```
//!
//! `1` is the envelope version, `sha256` the hash algorithm (a registry: SM3 can join), `writer` a
//! UUID, `seq` counts from 1 without gaps, `prev` the hash of the event before (zeros for the
//! first), `at` the writer's clock in ms, `kind` carries its version (`ticket.issued.v1`), `len` is
//! the length of the body in bytes. The hash of an event is SHA-256 over exactly this text.

use std::fmt;

use domain::id::DeviceId;
use domain::time::UtcMs;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thiserror::Error;

/// Longest canonical text that is accepted, in bytes.
pub const EVENT_BYTES_MAX: usize = 1 << 20;

/// The last sequence number that is accepted: what the databases of both ends hold.
pub const SEQ_MAX: u64 = i64::MAX.cast_unsigned();

const VERSION: &str = "1";
const ALGORITHM: &str = "sha256";

/// The hash of an event; [`EventHash::ZERO`] stands before the first one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EventHash(#[serde(with = "hex::serde")] pub [u8; 32]);

impl EventHash {
    /// What the first event of a chain names as its predecessor.
    pub const ZERO: Self = Self([0; 32]);

    /// The hash of a canonical text.
    #[must_use]
    pub fn of(canonical: &str) -> Self {
        Self(Sha256::digest(canonical.as_bytes()).into())
    }
}

impl fmt::Display for EventHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for EventHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EventHash({self})")
    }
}

/// Where a chain stands: the last event of a writer. `seq` 0 and a zero hash for an empty chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainHead {
    /// The last sequence number.
    pub seq: u64,
    /// Its hash.
    pub hash: EventHash,
}

impl ChainHead {
    /// The head of a chain without events.
    pub const EMPTY: Self = Self {
        seq: 0,
        hash: EventHash::ZERO,
    };
}

/// The parts of an event before it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft<'a> {
    /// Who writes.
    pub writer: DeviceId,
    /// The writer's clock.
    pub at: UtcMs,
    /// The kind with its version.
    pub kind: &'a str,
    /// UTF-8 JSON.
    pub body: &'a str,
}

/// An event as read from its canonical text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// Who wrote it.
    pub writer: DeviceId,
    /// Its place in the writer's chain, from 1.
    pub seq: u64,
    /// Hash of the event before.
    pub prev: EventHash,
    /// The writer's clock, never used for order.
    pub at: UtcMs,
    /// The kind with its version.
    pub kind: String,
    /// UTF-8 JSON, exactly as written.
    pub body: String,
    /// Hash of the canonical text.
    pub hash: EventHash,
}

/// A text that is not an event.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EnvelopeError {
    /// Longer than [`EVENT_BYTES_MAX`].
    #[error("the event has {0} bytes, more than {EVENT_BYTES_MAX}.")]
    TooLong(usize),
    /// A head field is missing or malformed.
    #[error("the event's field {0:?} is missing or malformed.")]
    Field(&'static str),
    /// The version or the hash algorithm is not one we know.
    #[error("the event has version {version:?} and algorithm {algorithm:?}; known are 1, sha256.")]
    Unsupported {
        /// As found.
        version: String,
        /// As found.
        algorithm: String,
    },
    /// The stated length is not the body's.
    #[error("the event states {stated} bytes of body and has {actual}.")]
    Length {
        /// In the head.
        stated: usize,
        /// Of the body.
        actual: usize,
    },
}

/// Writes the canonical text of the event that follows `head`, the writer's own.
///
/// # Panics
/// After the last number that a `u64` holds; what is written after [`SEQ_MAX`] is not read.
#[must_use]
pub fn write(draft: &Draft<'_>, head: ChainHead) -> String {
    debug_assert!(is_kind(draft.kind), "kinds are constants of wire::event");
    format!(
        "{VERSION} {ALGORITHM} {} {} {} {} {} {}\n{}",
        draft.writer,
        head.seq + 1,
        head.hash,
        draft.at.0,
        draft.kind,
        draft.body.len(),
        draft.body
    )
}

/// Reads a canonical text. Total: any text gives an event or an error, and a text that is read
/// is canonical, byte for byte.
///
/// # Errors
/// [`EnvelopeError`] naming the first thing that is wrong.
pub fn read(text: &str) -> Result<Envelope, EnvelopeError> {
    if text.len() > EVENT_BYTES_MAX {
        return Err(EnvelopeError::TooLong(text.len()));
    }
    let (head, body) = text.split_once('\n').ok_or(EnvelopeError::Field("body"))?;
    let mut fields = head.split(' ');
    let mut next = |name| fields.next().ok_or(EnvelopeError::Field(name));
    let (version, algorithm) = (next("version")?, next("algorithm")?);
    if (version, algorithm) != (VERSION, ALGORITHM) {
        let (version, algorithm) = (version.to_owned(), algorithm.to_owned());
        return Err(EnvelopeError::Unsupported { version, algorithm });
    }
    let writer = parse("writer", next("writer")?)?;
    let seq = parse("seq", next("seq")?)?;
    if seq > SEQ_MAX {
        return Err(EnvelopeError::Field("seq"));
    }
    let prev = read_hash(next("prev")?)?;
    let at = UtcMs(parse("at", next("at")?)?);
    let kind = next("kind")?.to_owned();
    let stated: usize = parse("len", next("len")?)?;
    if fields.next().is_some() || !is_kind(&kind) {
        return Err(EnvelopeError::Field("kind"));
    }
    if stated != body.len() {
        return Err(EnvelopeError::Length {
            stated,
            actual: body.len(),
        });
    }
    let body = body.to_owned();
    let envelope = Envelope {
        writer,
        seq,
        prev,
        at,
        kind,
        body,
        hash: EventHash::of(text),
    };
    if envelope.is_written_as(text) {
        Ok(envelope)
    } else {
        Err(EnvelopeError::Field("spelling"))
    }
}

impl Envelope {
    /// The head that this event leaves behind.
    #[must_use]
    pub fn head(&self) -> ChainHead {
        ChainHead {
            seq: self.seq,
            hash: self.hash,
        }
    }

    /// Whether this event may follow `head`, which may come from anybody: nothing follows the last
    /// of all numbers.
    #[must_use]
    pub fn follows(&self, head: ChainHead) -> bool {
        head.seq.checked_add(1) == Some(self.seq) && self.prev == head.hash
    }

    /// Guards against second spellings of one event, such as `+1` or upper-case hex.
    fn is_written_as(&self, text: &str) -> bool {
        let Some(seq_before) = self.seq.checked_sub(1) else {
            return false;
        };
        let (kind, body) = (self.kind.as_str(), self.body.as_str());
        let draft = Draft {
            writer: self.writer,
            at: self.at,
            kind,
            body,
        };
        write(
            &draft,
            ChainHead {
                seq: seq_before,
                hash: self.prev,
            },
        ) == text
    }
}

fn parse<T: std::str::FromStr>(name: &'static str, text: &str) -> Result<T, EnvelopeError> {
    text.parse().map_err(|_| EnvelopeError::Field(name))
}

fn read_hash(text: &str) -> Result<EventHash, EnvelopeError> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(text, &mut bytes).map_err(|_| EnvelopeError::Field("prev"))?;
    Ok(EventHash(bytes))
}

fn is_kind(kind: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'.' || b == b'_';
    !kind.is_empty() && kind.len() <= 64 && kind.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn draft<'a>(kind: &'a str, body: &'a str) -> Draft<'a> {
        Draft {
            writer: DeviceId(Uuid::from_u128(7)),
            at: UtcMs(1_700_000_000_123),
            kind,
            body,
        }
    }

    #[test]
    fn the_canonical_text_is_as_the_sheet_says() {
        let text = write(&draft("ticket.issued.v1", r#"{"标":1}"#), ChainHead::EMPTY);
        let zeros = "0".repeat(64);
        assert_eq!(
            text,
            format!(
                "1 sha256 00000000-0000-0000-0000-000000000007 1 {zeros} 1700000000123 \
                 ticket.issued.v1 9\n{{\"标\":1}}"
            )
        );
        let read_back = read(&text).unwrap();
        assert!(read_back.follows(ChainHead::EMPTY));
        assert_eq!(read_back.hash, EventHash::of(&text));
    }

    #[test]
    fn a_second_spelling_of_an_event_is_refused() {
        let text = write(&draft("a.v1", "{}"), ChainHead::EMPTY);
        assert_eq!(
            read(&text.replace(" 1 0", " +1 0")),
            Err(EnvelopeError::Field("spelling"))
        );
        assert!(matches!(
            read(&text.replace("{}", "{ }")),
            Err(EnvelopeError::Length { .. })
        ));
        assert!(matches!(
            read(&text.replacen('1', "2", 1)),
            Err(EnvelopeError::Unsupported { .. })
        ));
        assert_eq!(
            read(&text.replace(" 1 0", " 0 0")),
            Err(EnvelopeError::Field("spelling"))
        );
    }

    proptest! {
        #[test]
        fn whatever_is_written_reads_back(body in "\\PC{0,80}", seq in 0..SEQ_MAX) {
            let head = ChainHead { seq, hash: EventHash([9; 32]) };
            let text = write(&draft("x.y_z.v2", &body), head);
            let event = read(&text).unwrap();
            prop_assert!(event.follows(head));
            prop_assert_eq!(event.body, body);
        }

        #[test]
        fn reading_never_panics(text in "\\PC{0,200}") {
            let _ = read(&text);
        }
    }
}
