//! Bytes that are hashed or signed stay as they were: the canonical text of one event of every
//! kind with its hash, and what devices sign.
//!
//! The files in `tests/golden` are the record. **Released bytes are never changed**: a file may be
//! added, for a new kind or a new version of one; a difference in an old one is a fault of the
//! program. `UPDATE_GOLDEN=1` in the environment writes the files of what has none yet, and over
//! those of what was never released.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::{env, fs};

use ed25519_dalek::{Signer, SigningKey};
use testkit::samples;
use wire::envelope::{self, EventHash};
use wire::event::Event;
use wire::sign::RequestToSign;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

fn compare(name: &str, text: &str) {
    let path = folder().join(name);
    if env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, text).unwrap();
    }
    let released =
        fs::read_to_string(&path).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
    assert_eq!(
        text, released,
        "{name}: bytes that were released have changed"
    );
}

#[test]
fn the_canonical_text_of_every_kind_is_as_released() {
    for event in samples::events() {
        let text = samples::canonical(&event);
        let hash = EventHash::of(&text);
        compare(
            &format!("{}.txt", event.kind()),
            &format!("{hash}\n{text}\n"),
        );
    }
}

/// Whatever was released once is read for ever, also when this build writes the kind no more.
#[test]
fn every_released_event_is_still_read() {
    let mut kinds = BTreeSet::new();
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name == "signed.txt" || !name.ends_with(".txt") {
            continue;
        }
        let released = fs::read_to_string(&path).unwrap();
        let (hash, text) = released.trim_end_matches('\n').split_once('\n').unwrap();
        let event = envelope::read(text).unwrap();
        assert_eq!(event.hash.to_string(), hash);
        assert!(Event::read(&event.kind, &event.body).unwrap().is_some());
        kinds.insert(event.kind);
    }
    assert!(Event::KINDS.iter().all(|kind| kinds.contains(*kind)));
}

/// The texts are written here once more, by hand, and signed without `wire::sign`.
#[test]
fn what_devices_sign_is_as_released() {
    let key = samples::key();
    let (device, head) = (samples::writer(), samples::HEAD);
    let request = RequestToSign {
        method: "POST",
        path_and_query: "/api/v1/tickets?x=1",
        body: br#"{"group":"A"}"#,
        device,
        time: samples::AT,
        nonce: "b2a7c1",
    };
    let tail_text = format!("tail 1\n{device}\n{}\n{}", head.seq, head.hash);
    let body_hash = EventHash::of(r#"{"group":"A"}"#);
    let request_text = format!(
        "request 1\nPOST\n/api/v1/tickets?x=1\n{body_hash}\n{device}\n{}\nb2a7c1",
        samples::AT.0
    );
    let plain = SigningKey::from_bytes(&key.to_bytes());
    let tail_signature = key.sign_tail(device, head).0;
    let request_signature = key.sign_request(&request).0;
    assert_eq!(tail_signature, plain.sign(tail_text.as_bytes()).to_bytes());
    assert_eq!(
        request_signature,
        plain.sign(request_text.as_bytes()).to_bytes()
    );
    let public = hex::encode(key.public().0);
    let (tail, request) = (hex::encode(tail_signature), hex::encode(request_signature));
    compare(
        "signed.txt",
        &format!(
            "public key {public}\n\n{tail_text}\nsignature {tail}\n\n\
             {request_text}\nsignature {request}\n"
        ),
    );
}
