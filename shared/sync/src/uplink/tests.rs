//! The runner against a server that keeps a chain as the real one does.

use domain::id::HallId;
use uuid::Uuid;
use wire::api::{LogTail, Pushed, path};
use wire::envelope;
use wire::event::{Event, HelpCalled, Origin};
use wire::problem::{Problem, ProblemCode};

use super::*;
use crate::stub_server::{Answer, Request, StubServer, test_client, test_identity};

/// A server that keeps a chain as the real one does, and forgets to answer some pushes.
#[derive(Default)]
struct FakeCentral {
    held: Mutex<Vec<envelope::Envelope>>,
    lost_answers: Mutex<u32>,
}

impl FakeCentral {
    fn answer(&self, request: &Request) -> Answer {
        let mut held = self.held.lock().unwrap();
        if request.path_and_query == path::LOG {
            let push: Push = serde_json::from_slice(&request.body).unwrap();
            for text in push.events {
                let event = envelope::read(&text).unwrap();
                let head = held
                    .last()
                    .map_or(ChainHead::EMPTY, envelope::Envelope::head);
                assert!(
                    event.follows(head),
                    "each event comes exactly once, in order"
                );
                held.push(event);
            }
            let head = held.last().unwrap().head();
            let device = test_identity().enrolled.device;
            assert!(
                test_identity()
                    .key
                    .public()
                    .signed_tail(device, head, push.tail_signature)
            );
            let mut lost = self.lost_answers.lock().unwrap();
            if *lost > 0 {
                *lost -= 1;
                return Answer::problem(&Problem::new(ProblemCode::Internal, "坏了"));
            }
            return Answer::json(200, &serde_json::to_string(&Pushed { head }).unwrap());
        }
        let head = held
            .last()
            .map_or(ChainHead::EMPTY, envelope::Envelope::head);
        Answer::json(200, &serde_json::to_string(&LogTail { head }).unwrap())
    }
}

fn event() -> Event {
    Event::HelpCalled(HelpCalled {
        hall: HallId(Uuid::from_u128(9)),
        origin: Origin::Touch,
    })
}

struct Bench {
    _dir: tempfile::TempDir,
    log: SharedLog,
    wake: Arc<UplinkWake>,
    state: watch::Receiver<LinkState>,
    stop: watch::Sender<bool>,
}

fn start(server: &StubServer) -> Bench {
    let dir = tempfile::tempdir().unwrap();
    let mut log = DeviceLog::open(&dir.path().join("log.db")).unwrap();
    log.adopt(test_identity().enrolled.device).unwrap();
    for at in 0..700 {
        log.append(&event(), UtcMs(at)).unwrap();
    }
    let log = Arc::new(Mutex::new(log));
    let wake = Arc::new(UplinkWake::default());
    let (sender, state) = watch::channel(LinkState::default());
    let (stop, shutdown) = watch::channel(false);
    let client = Arc::new(test_client(server));
    tokio::spawn(run_uplink(
        "test",
        Arc::clone(&log),
        client,
        Arc::clone(&wake),
        sender,
        shutdown,
    ));
    Bench {
        _dir: dir,
        log,
        wake,
        state,
        stop,
    }
}

#[tokio::test]
async fn every_event_arrives_once_although_answers_are_lost() {
    let central = Arc::new(FakeCentral::default());
    *central.lost_answers.lock().unwrap() = 2;
    let answering = Arc::clone(&central);
    let server = StubServer::start(move |request| answering.answer(&request)).await;
    let mut bench = start(&server);
    bench
        .state
        .wait_for(|state| state.is_online && state.backlog == 0)
        .await
        .unwrap();
    lock(&bench.log).append(&event(), UtcMs(1_000)).unwrap();
    bench.wake.appended.notify_one();
    let log = Arc::clone(&bench.log);
    while lock(&log).acked() < 701 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(central.held.lock().unwrap().len(), 701);
    bench.stop.send(true).unwrap();
}

#[tokio::test]
async fn another_history_on_the_server_halts_the_link_and_is_told() {
    let foreign = ChainHead {
        seq: 3,
        hash: EventHash([7; 32]),
    };
    let tail = serde_json::to_string(&LogTail { head: foreign }).unwrap();
    let (said, mut heard) = tokio::sync::mpsc::unbounded_channel();
    let server = StubServer::start(move |request| match request.path_and_query.as_str() {
        path::LOG_TAIL => Answer::json(200, &tail),
        _ => {
            said.send((request.path_and_query, request.body)).unwrap();
            Answer::problem(&Problem::new(ProblemCode::Equivocation, "对不上"))
        }
    })
    .await;
    let mut bench = start(&server);
    bench.state.wait_for(|state| state.is_halted).await.unwrap();
    assert_eq!(lock(&bench.log).acked(), 0);
    assert!(matches!(
        lock(&bench.log).append(&event(), UtcMs(1_000)),
        Err(LogError::Halted)
    ));
    let (asked, body) = heard.recv().await.unwrap();
    let branch: Push = serde_json::from_slice(&body).unwrap();
    let first = envelope::read(&branch.events[0]).unwrap();
    assert_eq!((asked.as_str(), first.seq), (path::LOG, 1));
    let (asked, body) = heard.recv().await.unwrap();
    let status: DeviceStatus = serde_json::from_slice(&body).unwrap();
    assert_eq!(
        (asked.as_str(), status.log),
        (path::STATUS, LogCondition::Halted)
    );
    bench.stop.send(true).unwrap();
}
