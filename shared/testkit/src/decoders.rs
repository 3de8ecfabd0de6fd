//! Every decoder of `wire` and `domain`, each with the laws that hold for whatever it reads. One
//! table drives the random-bytes test and the fuzz targets: a decoder entered here once is in both.
//!
//! A decoder is total: any bytes are read or refused, never a panic. What is read obeys the laws
//! that its function asserts. How much memory a decoder may take is the fuzzer's to watch, which
//! limits every allocation.

use std::fmt::Debug;
use std::str::{FromStr, from_utf8};

use domain::id::{GroupCode, HallId, ShortId, WindowNo};
use domain::id_number::IdNumber;
use domain::pay;
use domain::personal::{PersonField, Pii};
use domain::place::Place;
use domain::queue::TicketLabel;
use domain::time::UtcMs;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wire::api::{
    EnrolRequest, Enrolled, FeedPage, FeedRow, FindVisit, HelpAnswer, LogTail, NumberTaken, Push,
    Pushed, RemoteCommands, ScreenState, TakeNumber, VisitFound,
};
use wire::envelope::{self, ChainHead, Draft, EventHash};
use wire::event::Event;
use wire::problem::Problem;
use wire::relay::{NodeStaffList, Relay, Tails};

use wire::sealed::{KeyId, Sealed, SealedToCentre};
use wire::sign::{DevicePublicKey, WireSignature};
use wire::slip;
use wire::status::{DeviceStatus, RotateKey, StatusAnswer};
use wire::version::WireVersions;

use crate::samples;

/// What a decoder made of some bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// A value.
    Read,
    /// An error.
    Refused,
}

/// A decoder with its laws.
#[derive(Debug, Clone, Copy)]
pub struct Decoder {
    /// Also the name of its fuzz target.
    pub name: &'static str,
    /// Decodes, and panics where a law is broken.
    pub decode: fn(&[u8]) -> Reading,
    /// Bytes that are read: what mutants descend from and a fuzzer begins with.
    pub samples: fn() -> Vec<Vec<u8>>,
}

/// All of them.
pub const DECODERS: &[Decoder] = &[
    Decoder {
        name: "envelope",
        decode: |bytes| text_of(bytes, envelope),
        samples: || texts(samples::events().iter().map(samples::canonical)),
    },
    Decoder {
        name: "event",
        decode: |bytes| text_of(bytes, event),
        samples: || texts(samples::events().iter().map(kind_and_body)),
    },
    Decoder {
        name: "push",
        decode: push,
        samples: || texts([written(&samples::push())]),
    },
    Decoder {
        name: "relay",
        decode: |bytes| any_of(bytes, &[relay, tails]),
        samples: || texts([written(&samples::relay()), written(&samples::tails())]),
    },
    Decoder {
        name: "feed",
        decode: |bytes| any_of(bytes, &[feed_page, feed_row]),
        samples: || {
            let pages = samples::feed_pages()
                .iter()
                .map(written)
                .collect::<Vec<_>>();
            texts(
                pages
                    .into_iter()
                    .chain(samples::feed_rows().iter().map(written)),
            )
        },
    },
    Decoder {
        name: "requests",
        decode: |bytes| any_of(bytes, REQUESTS),
        samples: || texts(samples::requests().iter().map(written)),
    },
    Decoder {
        name: "answers",
        decode: |bytes| any_of(bytes, ANSWERS),
        samples: || texts(samples::answers().iter().map(written)),
    },
    Decoder {
        name: "versions",
        decode: |bytes| text_of(bytes, versions),
        samples: || texts(["1-2", "1-1", "3-65535"].map(str::to_owned)),
    },
    Decoder {
        name: "slip",
        decode: |bytes| text_of(bytes, slip),
        samples: || {
            let id = "00000000000000000000000000000007";
            let paper = format!("https://h.example/t/ab12#1.{id}.V-K2-003.B.1.1795397400123.0471");
            texts(["https://h.example/t/ab12".to_owned(), paper])
        },
    },
    Decoder {
        name: "signature",
        decode: signature,
        samples: || {
            let head = samples::HEAD;
            let signed = samples::key().sign_tail(samples::writer(), head);
            vec![[samples::key().public().0.as_slice(), &signed.0].concat()]
        },
    },
    Decoder {
        name: "sealed",
        decode: |bytes| text_of(bytes, sealed),
        samples: || texts(samples::sealed_texts()),
    },
    Decoder {
        name: "person_numbers",
        decode: |bytes| text_of(bytes, person_numbers),
        samples: || {
            let spaced = "９９９９９９ 19900101 0016";
            texts([samples::ID_NUMBER, spaced, "+86 138-0000-0000"].map(str::to_owned))
        },
    },
    Decoder {
        name: "names",
        decode: |bytes| text_of(bytes, names),
        samples: || {
            let id = samples::id(1).to_string();
            texts(["A012", "V-K2-007", "99", "T", "0123456789", &id].map(str::to_owned))
        },
    },
    Decoder {
        name: "vacancy_words",
        decode: |bytes| text_of(bytes, vacancy_words),
        samples: || {
            let words = [
                "5000-8000元/月·13薪",
                "面议",
                "1.2万-2万",
                "东莞市·南城街道",
            ];
            texts(words.map(str::to_owned))
        },
    },
];

const REQUESTS: &[fn(&[u8]) -> Reading] = &[
    json::<EnrolRequest>,
    json::<TakeNumber>,
    json::<FindVisit>,
    json::<HelpAnswer>,
    json::<ScreenState>,
    json::<DeviceStatus>,
    json::<RotateKey>,
];

const ANSWERS: &[fn(&[u8]) -> Reading] = &[
    json::<Enrolled>,
    json::<LogTail>,
    json::<Pushed>,
    json::<NumberTaken>,
    json::<VisitFound>,
    json::<RemoteCommands>,
    json::<StatusAnswer>,
    json::<NodeStaffList>,
    json::<Problem>,
];

/// The decoder of that name.
///
/// # Panics
/// If there is none.
#[must_use]
pub fn decoder(name: &str) -> &'static Decoder {
    let found = DECODERS.iter().find(|decoder| decoder.name == name);
    found.unwrap_or_else(|| panic!("no decoder is named {name}"))
}

fn texts(texts: impl IntoIterator<Item = String>) -> Vec<Vec<u8>> {
    texts.into_iter().map(String::into_bytes).collect()
}

fn written(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("JSON, because whatever is sent can be written")
}

fn kind_and_body(event: &Event) -> String {
    format!("{}\n{}", event.kind(), event.body())
}

fn text_of(bytes: &[u8], decode: fn(&str) -> Reading) -> Reading {
    from_utf8(bytes).map_or(Reading::Refused, decode)
}

/// Gives the bytes to every one: read if one reads them.
fn any_of(bytes: &[u8], decoders: &[fn(&[u8]) -> Reading]) -> Reading {
    let readings = decoders.iter().map(|decode| decode(bytes));
    let was_read = readings.fold(false, |read, reading| read | (reading == Reading::Read));
    if was_read {
        Reading::Read
    } else {
        Reading::Refused
    }
}

fn reading_of<T>(value: Option<T>) -> Reading {
    value.map_or(Reading::Refused, |_| Reading::Read)
}

/// Law: what is read and written reads the same again.
fn read_json<T: Serialize + DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    let value = serde_json::from_slice::<T>(bytes).ok()?;
    let once = written(&value);
    let again: T = serde_json::from_str(&once).expect("what was written is read");
    assert_eq!(written(&again), once, "another value is read back");
    Some(value)
}

fn json<T: Serialize + DeserializeOwned>(bytes: &[u8]) -> Reading {
    reading_of(read_json::<T>(bytes))
}

/// Laws: an event has one spelling, within the bound; it follows its predecessor only; its time is
/// a day of the hall.
fn envelope(text: &str) -> Reading {
    let Ok(event) = envelope::read(text) else {
        return Reading::Refused;
    };
    assert!(text.len() <= envelope::EVENT_BYTES_MAX);
    let head = ChainHead {
        seq: event.seq - 1,
        hash: event.prev,
    };
    let draft = Draft {
        writer: event.writer,
        at: event.at,
        kind: &event.kind,
        body: &event.body,
    };
    assert_eq!(envelope::write(&draft, head), text);
    assert_eq!(event.hash, EventHash::of(text));
    assert!(event.follows(head) && !event.follows(event.head()));
    shown(event.at);
    Reading::Read
}

/// Whatever time a device claims can be shown.
fn shown(at: UtcMs) {
    assert!(!at.day_and_clock_text().is_empty());
}

/// Laws: a body that is read is written as one that reads the same; a queue event survives its
/// stored form.
fn event(text: &str) -> Reading {
    let (kind, body) = text.split_once('\n').unwrap_or((text, ""));
    let Ok(Some(event)) = Event::read(kind, body) else {
        return Reading::Refused;
    };
    assert_eq!(event.kind(), kind);
    assert_eq!(Event::read(kind, &event.body()), Ok(Some(event.clone())));
    if let Some((hall, queue_event)) = event.as_queue() {
        assert_eq!(Event::of_queue(hall, queue_event), event);
    }
    Reading::Read
}

fn push(bytes: &[u8]) -> Reading {
    let push = read_json::<Push>(bytes);
    for text in push.iter().flat_map(|push| &push.events) {
        envelope(text);
    }
    reading_of(push)
}

fn relay(bytes: &[u8]) -> Reading {
    let relay = read_json::<Relay>(bytes);
    for text in relay.iter().flat_map(|relay| &relay.events) {
        envelope(text);
    }
    reading_of(relay)
}

/// Law: the head of a chain that is named is the first one named, that of another is empty.
fn tails(bytes: &[u8]) -> Reading {
    let tails = read_json::<Tails>(bytes);
    if let Some(first) = tails.iter().flat_map(|tails| &tails.tails).next() {
        let named = tails.as_ref().map(|tails| tails.head_of(first.writer));
        assert_eq!(named, Some(first.head));
    }
    reading_of(tails)
}

fn feed_page(bytes: &[u8]) -> Reading {
    let page = read_json::<FeedPage>(bytes);
    for row in page.iter().flat_map(|page| &page.rows) {
        read_body(row);
    }
    reading_of(page)
}

fn feed_row(bytes: &[u8]) -> Reading {
    let row = read_json::<FeedRow>(bytes);
    match row.as_ref().map(read_body) {
        Some(true) => Reading::Read,
        _ => Reading::Refused,
    }
}

/// Law: a tombstone has no body to read, a row that is none has one or is refused.
fn read_body(row: &FeedRow) -> bool {
    let body = row.read_body();
    if let Ok(body) = &body {
        assert_eq!(body.is_some(), row.body.is_some());
    }
    body.is_ok()
}

/// Laws: a range is never empty, agrees with itself on its newest version, and an error repeats no
/// more than forty characters of what it was given.
fn versions(text: &str) -> Reading {
    match text.parse::<WireVersions>() {
        Ok(versions) => {
            assert_eq!(versions.to_string().parse(), Ok(versions));
            assert!(versions.agree(versions).is_ok());
            Reading::Read
        }
        Err(error) => {
            assert!(error.0.chars().count() <= 40);
            Reading::Refused
        }
    }
}

fn slip(text: &str) -> Reading {
    let Some(read) = slip::read(text) else {
        return Reading::Refused;
    };
    assert!(!read.token.0.is_empty());
    if let Some(issued) = read.issued {
        assert_eq!(issued.token_hash, read.token.token_hash());
        assert!(matches!(issued.label, TicketLabel::Lane { .. }));
    }
    Reading::Read
}

/// A public key and a signature, as bytes: a key that is none verifies nothing.
fn signature(bytes: &[u8]) -> Reading {
    let Some((key, rest)) = bytes.split_first_chunk::<32>() else {
        return Reading::Refused;
    };
    let Some((signature, _)) = rest.split_first_chunk::<64>() else {
        return Reading::Refused;
    };
    let (key, signature) = (DevicePublicKey(*key), WireSignature(*signature));
    let holds = key.signed_tail(samples::writer(), samples::HEAD, signature);
    json::<DevicePublicKey>(written(&key).as_bytes());
    json::<WireSignature>(written(&signature).as_bytes());
    if holds {
        Reading::Read
    } else {
        Reading::Refused
    }
}

/// Ciphertexts and the names of keys.
fn sealed(text: &str) -> Reading {
    let readings = [
        printed::<Sealed>(text),
        printed::<SealedToCentre>(text),
        printed::<KeyId>(text),
    ];
    reading_of(readings.contains(&Reading::Read).then_some(()))
}

/// Laws: a form by which a person is found is found by itself; an identity number that is read
/// reads the same again.
fn person_numbers(text: &str) -> Reading {
    let mut was_read = false;
    for field in PersonField::ALL {
        if let Some(form) = field.lookup_form(text) {
            let again = field.lookup_form(form.expose());
            assert_eq!(again.as_ref().map(Pii::expose), Some(form.expose()));
            was_read = true;
        }
    }
    if let Ok(number) = IdNumber::read(text) {
        let again = IdNumber::read(number.text().expose());
        assert_eq!(
            again.map(|again| *again.born().expose()),
            Ok(*number.born().expose())
        );
    }
    reading_of(was_read.then_some(()))
}

/// Law: a name that is read is printed as one that reads the same.
fn printed<T: FromStr<Err: Debug> + ToString + PartialEq + Debug>(text: &str) -> Reading {
    let Ok(name) = text.parse::<T>() else {
        return Reading::Refused;
    };
    let again: T = name.to_string().parse().expect("what is printed is read");
    assert_eq!(again, name);
    Reading::Read
}

fn names(text: &str) -> Reading {
    let group = text
        .parse::<char>()
        .ok()
        .and_then(|c| GroupCode::new(c).ok());
    let short_id = ShortId::try_from(text.to_owned()).ok();
    if let Some(id) = &short_id {
        assert_eq!(id.as_str(), text.to_ascii_uppercase());
    }
    let readings = [
        printed::<TicketLabel>(text),
        printed::<WindowNo>(text),
        printed::<HallId>(text),
        reading_of(group),
        reading_of(short_id),
    ];
    if readings.contains(&Reading::Read) {
        Reading::Read
    } else {
        Reading::Refused
    }
}

/// Free words of vacancy files: pay and places. Law: a range of pay does not run backwards.
fn vacancy_words(text: &str) -> Reading {
    let read = pay::text::read(text).ok();
    if let Some(pay::PayAmount::Range { low, high }) = read.as_ref().map(|pay| pay.amount) {
        assert!(low <= high, "{low}–{high}");
    }
    let place = Place::parse(text);
    if read.is_some() || place.is_some() {
        Reading::Read
    } else {
        Reading::Refused
    }
}
