//! Keeps a device's events going up: drives `wire::link::Uplink` against the log and the client.
//! The machine decides what is sent and when; this module only reads, sends, and records what the
//! server said that it holds durably.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::time::UtcMs;
use tokio::sync::{Notify, watch};
use wire::api::{PUSH_BYTES_MAX, PUSH_EVENTS_MAX, Push};
use wire::envelope::{ChainHead, EventHash};
use wire::link::{Output, Uplink};

use crate::client::{CallError, CentralClient};
use crate::entropy::random_per_mille;
use crate::log::{DeviceLog, LogError};

/// A log that several threads append to.
pub type SharedLog = Arc<Mutex<DeviceLog>>;

/// How the uplink stands, for banners and the device wall.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LinkState {
    /// Whether the last request reached the server.
    pub is_online: bool,
    /// Events that the server does not hold yet.
    pub backlog: u64,
    /// When the server last answered.
    pub last_contact: Option<UtcMs>,
    /// The server holds another history under our name: a person must re-enrol the device.
    pub is_halted: bool,
}

/// What wakes the uplink before its time.
#[derive(Debug, Default)]
pub struct UplinkWake {
    /// An event was appended.
    pub appended: Notify,
    /// Another request reached the server: a back-off is pointless now.
    pub reachable: Notify,
}

/// Locks the log. A panic while it was held leaves it usable: every write is one transaction.
pub fn lock(log: &SharedLog) -> std::sync::MutexGuard<'_, DeviceLog> {
    log.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs until `shutdown` turns true or its sender is gone.
pub async fn run_uplink(
    log: SharedLog,
    client: Arc<CentralClient>,
    wake: Arc<UplinkWake>,
    state: watch::Sender<LinkState>,
    mut shutdown: watch::Receiver<bool>,
) {
    let runner = Runner {
        log,
        client,
        state,
        begun: Instant::now(),
    };
    tokio::select! {
        () = runner.run(&wake) => {}
        _ = shutdown.wait_for(|stop| *stop) => {}
    }
}

struct Runner {
    log: SharedLog,
    client: Arc<CentralClient>,
    state: watch::Sender<LinkState>,
    begun: Instant,
}

/// A step that failed, and how the link is told.
enum StepError {
    Call(CallError),
    Log(LogError),
}

impl Runner {
    async fn run(&self, wake: &UplinkWake) {
        let mut link = Uplink::default();
        loop {
            let own_last_seq = lock(&self.log).head().seq;
            let step = match link.poll(self.begun.elapsed(), own_last_seq) {
                Output::AskTail => self.ask_tail().await,
                Output::PushFrom { seq } => self.push_from(seq).await,
                Output::Idle => {
                    wake.appended.notified().await;
                    continue;
                }
                Output::SleepUntil { at } => {
                    self.note_backlog();
                    if self.sleep_until(at, wake).await {
                        link = Uplink::default();
                    }
                    continue;
                }
                Output::Halted => {
                    self.state.send_modify(|state| state.is_halted = true);
                    tracing::error!("the server holds another history of this device: halted");
                    return std::future::pending().await;
                }
            };
            match step {
                Ok(told) => self.note_tail(&mut link, told).await,
                Err(error) => self.note_failure(&mut link, error),
            }
        }
    }

    /// Sleeps; `true` when somebody else reached the server meanwhile.
    async fn sleep_until(&self, at: Duration, wake: &UplinkWake) -> bool {
        let left = at.saturating_sub(self.begun.elapsed());
        tokio::select! {
            () = tokio::time::sleep(left) => false,
            () = wake.reachable.notified() => true,
        }
    }

    async fn ask_tail(&self) -> Result<ChainHead, StepError> {
        Ok(self.client.tail().await.map_err(StepError::Call)?.head)
    }

    async fn push_from(&self, seq: u64) -> Result<ChainHead, StepError> {
        let events = self
            .with_log(move |log| log.read_from(seq, PUSH_EVENTS_MAX, PUSH_BYTES_MAX))
            .await
            .map_err(StepError::Log)?;
        let Some(last) = events.last() else {
            let reason = "it is missing".to_owned();
            return Err(StepError::Log(LogError::Damaged { seq, reason }));
        };
        let last_seq = seq + events.len() as u64 - 1;
        let tail = ChainHead {
            seq: last_seq,
            hash: EventHash::of(last),
        };
        let tail_signature = self.client.sign_tail(tail);
        let push = Push {
            events,
            tail_signature,
            device_time: self.client.device_time(),
        };
        Ok(self.client.push(&push).await.map_err(StepError::Call)?.head)
    }

    async fn note_tail(&self, link: &mut Uplink, told: ChainHead) {
        let own_hash = match self.with_log(move |log| log.hash_at(told.seq)).await {
            Ok(own_hash) => own_hash,
            Err(error) => return self.note_failure(link, StepError::Log(error)),
        };
        if let Some(acked) = link.tail_told(told, own_hash)
            && let Err(error) = self.with_log(move |log| log.record_acked(acked)).await
        {
            return self.note_failure(link, StepError::Log(error));
        }
        let last_contact = Some(self.client.device_time());
        self.state.send_modify(|state| {
            state.is_online = true;
            state.last_contact = last_contact;
        });
        self.note_backlog();
    }

    fn note_failure(&self, link: &mut Uplink, error: StepError) {
        let now = self.begun.elapsed();
        match error {
            StepError::Call(error) => {
                tracing::debug!(%error, "uplink request failed");
                let is_online = !matches!(error, CallError::Unreachable { .. });
                self.state.send_modify(|state| state.is_online = is_online);
                link.failed(now, error.code(), error.retry_after(), random_per_mille());
            }
            StepError::Log(error) => {
                tracing::error!(%error, "the device log failed");
                link.failed(now, None, None, random_per_mille());
            }
        }
    }

    fn note_backlog(&self) {
        let log = lock(&self.log);
        let backlog = log.head().seq - log.acked();
        drop(log);
        self.state
            .send_if_modified(|state| std::mem::replace(&mut state.backlog, backlog) != backlog);
    }

    async fn with_log<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut DeviceLog) -> Result<T, LogError> + Send + 'static,
    ) -> Result<T, LogError> {
        let log = Arc::clone(&self.log);
        tokio::task::spawn_blocking(move || work(&mut lock(&log)))
            .await
            .expect("the log's answer, because its functions do not panic")
    }
}

#[cfg(test)]
mod tests {
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
                assert!(test_identity().key.public().signed_tail(
                    device,
                    head,
                    push.tail_signature
                ));
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
        let body = serde_json::to_string(&LogTail { head: foreign }).unwrap();
        let server = StubServer::start(move |_| Answer::json(200, &body)).await;
        let mut bench = start(&server);
        bench.state.wait_for(|state| state.is_halted).await.unwrap();
        assert_eq!(lock(&bench.log).acked(), 0);
        bench.stop.send(true).unwrap();
    }
}
