//! The client against a stub server: signatures, skew, problems.

use domain::id::{GroupCode, TicketId};
use domain::queue::{SecretHash, Wish};
use domain::refusal::{Refusal, RefusalCode};
use uuid::Uuid;
use wire::envelope::ChainHead;
use wire::event::Origin;
use wire::sign::WireSignature;

use super::*;
use crate::stub_server::{Answer, StubServer, test_client, test_identity};

fn take_number() -> TakeNumber {
    TakeNumber {
        ticket: TicketId(Uuid::from_u128(3)),
        group: GroupCode::new('A').unwrap(),
        priority: None,
        wish: Wish::default(),
        token_hash: SecretHash([1; 32]),
        code_hash: SecretHash([2; 32]),
        origin: Origin::Touch,
    }
}

#[tokio::test]
async fn a_request_is_signed_over_its_path_query_and_body() {
    let server = StubServer::start(|request| {
        let device = test_identity().enrolled.device;
        let signature = hex::decode(request.header(header::SIGNATURE)).unwrap();
        let to_sign = RequestToSign {
            method: &request.method,
            path_and_query: &request.path_and_query,
            body: &request.body,
            device,
            time: UtcMs(request.header(header::TIME).parse().unwrap()),
            nonce: request.header(header::NONCE),
        };
        let signature = WireSignature(signature.try_into().unwrap());
        let public_key = test_identity().key.public();
        assert!(public_key.signed_request(&to_sign, signature));
        assert!(request.path_and_query.starts_with("/api/v1/screen?screen="));
        Answer::json(204, "")
    })
    .await;
    let state = ScreenState {
        screen: "大厅屏 1".into(),
        in_use: true,
        backlog: 2,
        confirmed: false,
    };
    test_client(&server)
        .screen(&state, vec![1, 2, 3])
        .await
        .unwrap();
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn a_long_push_is_packed_once_the_server_takes_that_and_is_signed_as_unpacked() {
    let server = StubServer::start(|request| {
        let answer = serde_json::to_string(&LogTail {
            head: ChainHead::EMPTY,
        });
        let answer = Answer::json(200, &answer.unwrap()).with_header("accept-encoding", "gzip");
        if request.method == "GET" {
            return answer;
        }
        assert_eq!(request.header("content-encoding"), "gzip");
        let mut body = Vec::new();
        let mut unpacked = flate2::read::GzDecoder::new(&request.body[..]);
        std::io::Read::read_to_end(&mut unpacked, &mut body).unwrap();
        assert!(request.body.len() < body.len() / 2);
        let signature = hex::decode(request.header(header::SIGNATURE)).unwrap();
        let to_sign = RequestToSign {
            method: &request.method,
            path_and_query: &request.path_and_query,
            body: &body,
            device: test_identity().enrolled.device,
            time: UtcMs(request.header(header::TIME).parse().unwrap()),
            nonce: request.header(header::NONCE),
        };
        let signature = WireSignature(signature.try_into().unwrap());
        assert!(
            test_identity()
                .key
                .public()
                .signed_request(&to_sign, signature)
        );
        answer
    })
    .await;
    let client = test_client(&server);
    client.tail().await.unwrap();
    let push = Push {
        events: vec!["event".repeat(100); 20],
        tail_signature: WireSignature([0; 64]),
        clock_since_seq: 0,
        device_time: client.device_time(),
    };
    client.push(&push).await.unwrap();
    assert_eq!(server.requests(), 2);
}

#[tokio::test]
async fn a_wrong_clock_is_corrected_by_the_servers_and_the_request_repeated_once() {
    let server = StubServer::start(|request| {
        let time: i64 = request.header(header::TIME).parse().unwrap();
        let server_time = 9_000_000;
        let answer = if (time - server_time).abs() < 5_000 {
            Answer::json(
                200,
                &serde_json::to_string(&LogTail {
                    head: ChainHead::EMPTY,
                })
                .unwrap(),
            )
        } else {
            Answer::problem(&Problem::new(ProblemCode::ClockSkew, "时钟差得太多"))
        };
        answer.with_header(header::SERVER_TIME, &server_time.to_string())
    })
    .await;
    let client = test_client(&server);
    assert_eq!(client.tail().await.unwrap().head, ChainHead::EMPTY);
    assert_eq!(server.requests(), 2);
    client.tail().await.unwrap();
    assert_eq!(server.requests(), 3, "the skew is remembered");
}

#[tokio::test]
async fn refusals_problems_and_nonsense_are_told_apart() {
    let refusal = Refusal::new(RefusalCode::UnknownGroup, "没有这个事项");
    let answers = [
        Answer::problem(&Problem::from(refusal)),
        Answer::problem(&Problem::new(ProblemCode::TooMany, "请等一下"))
            .with_header("retry-after", "7"),
        Answer::json(502, "<html>"),
        Answer::json(200, "{}"),
    ];
    let mut errors = Vec::new();
    for answer in answers {
        let server = StubServer::start(move |_| answer.clone()).await;
        errors.push(
            test_client(&server)
                .take_number(&take_number())
                .await
                .unwrap_err(),
        );
    }
    assert!(matches!(&errors[0], CallError::Refused(p) if p.detail == "没有这个事项"));
    assert_eq!(errors[1].retry_after(), Some(Duration::from_secs(7)));
    assert!(matches!(
        errors[3],
        CallError::Malformed { status: 200, .. }
    ));
    let transient: Vec<_> = errors.iter().map(CallError::is_transient).collect();
    assert_eq!(transient, [false, true, true, false]);
}

#[tokio::test]
async fn a_silent_server_costs_a_citizen_no_more_than_the_time_out() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", silent.local_addr().unwrap());
    let central = address.parse().unwrap();
    let client = CentralClient::new(&central, test_identity(), Clock::new(|| UtcMs(0))).unwrap();
    let begun = std::time::Instant::now();
    let error = client.take_number(&take_number()).await.unwrap_err();
    assert!(matches!(error, CallError::Unreachable { .. }));
    assert!(begun.elapsed() < Duration::from_millis(TAKE_NUMBER_MS_MAX + 200));
}

#[tokio::test]
async fn a_replacement_of_the_key_whose_answer_was_lost_is_finished_by_the_next_request() {
    let taken: std::sync::Arc<std::sync::Mutex<Option<wire::sign::DevicePublicKey>>> =
        std::sync::Arc::default();
    let by_server = std::sync::Arc::clone(&taken);
    let server = StubServer::start(move |request| {
        let mut taken = by_server.lock().unwrap();
        let key = taken.unwrap_or(test_identity().key.public());
        let signature = hex::decode(request.header(header::SIGNATURE)).unwrap();
        let to_sign = RequestToSign {
            method: &request.method,
            path_and_query: &request.path_and_query,
            body: &request.body,
            device: test_identity().enrolled.device,
            time: UtcMs(request.header(header::TIME).parse().unwrap()),
            nonce: request.header(header::NONCE),
        };
        if !key.signed_request(&to_sign, WireSignature(signature.try_into().unwrap())) {
            return Answer::problem(&Problem::new(ProblemCode::SignatureInvalid, "签名不对"));
        }
        if request.path_and_query == path::KEY {
            let asked: wire::status::RotateKey = serde_json::from_slice(&request.body).unwrap();
            *taken = Some(asked.public_key);
            return Answer::problem(&Problem::new(ProblemCode::Internal, "坏了"));
        }
        let head = ChainHead::EMPTY;
        Answer::json(200, &serde_json::to_string(&LogTail { head }).unwrap())
    })
    .await;
    let client = test_client(&server);
    assert!(client.rotate_key(ChainHead::EMPTY).await.is_err());
    client.tail().await.unwrap();
    let now = client.identity();
    assert_eq!(Some(now.key.public()), *taken.lock().unwrap());
    assert!(now.next_key.is_none());
}
