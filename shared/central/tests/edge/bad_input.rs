//! Too much, too slow, too often: refused with a stable code, in bounded memory, and without harm
//! to anybody else.

use std::io::Write as _;

use central::config::{Config, Limits};
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::future::join_all;
use reqwest::header::{ACCEPT_ENCODING, CONTENT_ENCODING, RETRY_AFTER};
use reqwest::{Method, Response};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use wire::api::{DeviceKind, path};
use wire::event::{Event, HelpCalled, Origin};
use wire::problem::{Problem, ProblemCode};
use wire::sign::{RequestToSign, header};

use crate::hall::{Device, Hall, Wrong, http};

async fn hall_with(change: impl FnOnce(&mut Limits)) -> Hall {
    let mut config = Config::default();
    change(&mut config.limits);
    Hall::open_as(tempfile::tempdir().unwrap(), config).await
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Sends a body as gzip, signed as it is unpacked.
async fn send_packed(device: &Device, base: &str, path: &str, body: &[u8]) -> Response {
    let (time, nonce) = (device.now(), central::edge::new_secret());
    let signature = device.key.sign_request(&RequestToSign {
        method: "POST",
        path_and_query: path,
        body,
        device: device.id,
        time,
        nonce: &nonce,
    });
    http()
        .post(format!("{base}{path}"))
        .header(header::DEVICE, device.id.to_string())
        .header(header::TIME, time.0.to_string())
        .header(header::NONCE, nonce)
        .header(header::SIGNATURE, hex::encode(signature.0))
        .header(CONTENT_ENCODING, "gzip")
        .body(gzip(body))
        .send()
        .await
        .unwrap()
}

async fn code(answer: Response) -> ProblemCode {
    answer.json::<Problem>().await.unwrap().code
}

#[tokio::test]
async fn a_packed_push_is_taken_in_and_a_bomb_is_not() {
    let hall = Hall::open().await;
    let mut device = hall.enrol_kiosk().await;
    let called = Event::HelpCalled(HelpCalled {
        hall: device.hall,
        origin: Origin::Touch,
    });
    let texts = device.write(&vec![called; 20]);
    let push = serde_json::to_vec(&device.push_of(texts)).unwrap();
    let taken = send_packed(&device, &hall.base, path::LOG, &push).await;
    assert_eq!(taken.headers()[ACCEPT_ENCODING], "gzip");
    assert!(taken.status().is_success());
    assert_eq!(hall.count("help.called.v1").await, 20);
    let bomb = vec![b' '; 200 << 20];
    let refused = send_packed(&device, &hall.base, path::LOG, &bomb).await;
    assert_eq!(refused.status(), 413);
    assert_eq!(code(refused).await, ProblemCode::TooLarge);
    assert_eq!(device.tail().await.unwrap().head.seq, 20);
}

#[tokio::test]
async fn a_long_answer_is_packed_for_who_accepts_it() {
    let hall = Hall::open().await;
    let plain = http()
        .get(hall.url(path::OPENAPI))
        .header(ACCEPT_ENCODING, "identity");
    let plain = plain.send().await.unwrap();
    assert!(!plain.headers().contains_key(CONTENT_ENCODING));
    let plain = plain.text().await.unwrap();
    let mut stream = TcpStream::connect(&hall.base["http://".len()..])
        .await
        .unwrap();
    let head = format!(
        "GET {} HTTP/1.1\r\nhost: hall\r\naccept-encoding: gzip\r\nconnection: close\r\n\r\n",
        path::OPENAPI
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut packed = Vec::new();
    stream.read_to_end(&mut packed).await.unwrap();
    assert!(packed.len() < plain.len() / 4);
    let unpacked = http().get(hall.url(path::OPENAPI)).send().await.unwrap();
    assert_eq!(unpacked.text().await.unwrap(), plain);
}

#[tokio::test]
async fn each_route_has_its_bound_and_a_stranger_the_smallest() {
    let hall = Hall::open().await;
    let device = hall.enrol_kiosk().await;
    let send = |path: &'static str, bytes: usize| {
        device.send(Method::POST, path, vec![b' '; bytes], Wrong::default())
    };
    assert_eq!(
        code(send(path::TICKETS, 65 << 10).await).await,
        ProblemCode::TooLarge
    );
    assert_eq!(
        code(send(path::LOG, 13 << 20).await).await,
        ProblemCode::TooLarge
    );
    assert_eq!(
        code(send(path::LOG, 65 << 10).await).await,
        ProblemCode::BadRequest
    );
    let stranger = http().post(hall.url(path::LOG)).body(vec![b' '; 65 << 10]);
    assert_eq!(
        code(stranger.send().await.unwrap()).await,
        ProblemCode::TooLarge
    );
}

#[tokio::test]
async fn a_flooding_device_is_turned_away_cheaply_and_the_others_are_served() {
    let hall = hall_with(|limits| limits.device_requests_per_s = 20).await;
    let (flooder, other) = (hall.enrol_kiosk().await, hall.enrol(DRIVER).await);
    let events_before = hall.count("device.refused.v1").await;
    let bad = || async {
        let wrong = Wrong {
            body: Some(b"not what was signed"),
            ..Wrong::default()
        };
        let answer = flooder
            .send(Method::POST, path::LOG, b"{}".to_vec(), wrong)
            .await;
        let is_told_when = answer.headers().contains_key(RETRY_AFTER);
        (code(answer).await, is_told_when)
    };
    let flood = async {
        let mut answers = Vec::new();
        for _ in 0..20 {
            answers.extend(join_all((0..50).map(|_| bad())).await);
        }
        answers
    };
    let served = async {
        for _ in 0..30 {
            other.tail().await.unwrap();
        }
    };
    let (answers, ()) = tokio::join!(flood, served);
    let of = |wanted: ProblemCode| answers.iter().filter(move |(code, _)| *code == wanted);
    let checked = of(ProblemCode::SignatureInvalid).count();
    assert!(
        (1..500).contains(&checked),
        "{checked} signatures were checked"
    );
    assert_eq!(of(ProblemCode::TooMany).count(), answers.len() - checked);
    assert!(of(ProblemCode::TooMany).all(|(_, is_told_when)| *is_told_when));
    let events = hall.count("device.refused.v1").await - events_before;
    assert_eq!(events, 1, "a thousand refusals are one line of the record");
    hall.verify().await;
}

const DRIVER: DeviceKind = DeviceKind::DisplayDriver;

#[tokio::test]
async fn who_holds_all_its_connections_gets_no_more_until_one_ends() {
    let hall = hall_with(|limits| limits.connections_per_peer_max = 3).await;
    let address = &hall.base["http://".len()..];
    let mut held = Vec::new();
    // A hall's own enrolment is over: its client may still keep a connection.
    loop {
        let mut stream = TcpStream::connect(address).await.unwrap();
        if !is_served(&mut stream).await {
            break;
        }
        held.push(stream);
        assert!(held.len() <= 3);
    }
    assert!(!held.is_empty());
    drop(held);
    let mut tries = 0;
    loop {
        let mut stream = TcpStream::connect(address).await.unwrap();
        if is_served(&mut stream).await {
            break;
        }
        tries += 1;
        assert!(tries < 10_000, "no place became free");
    }
}

async fn is_served(stream: &mut TcpStream) -> bool {
    let head = format!("GET {} HTTP/1.1\r\nhost: hall\r\n\r\n", path::HEALTH);
    let mut first = [0; 15];
    let asked = stream.write_all(head.as_bytes()).await;
    asked.is_ok() && stream.read_exact(&mut first).await.is_ok() && first == *b"HTTP/1.1 200 OK"
}
