//! The real program, killed: `central serve` gets SIGKILL after an acknowledgement or while a push
//! is under way, again and again on one data directory. Everything it had acknowledged is held, once,
//! by the next process, and what it had not acknowledged is there whole or not at all.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use domain::time::UtcMs;
use serde_json::Value;
use sync::client::{self, CallError, CentralClient};
use sync::device_clock::Clock;
use sync::identity::DeviceIdentity;
use testkit::random::Seeded;
use wire::api::{EnrolRequest, Push, Pushed};
use wire::envelope::{self, ChainHead, Draft};
use wire::event::{Event, HelpCalled, Origin};
use wire::sign::DeviceKey;

/// Lives of the service.
const KILLS: u64 = 100;
/// Longest time between the beginning of a push and the signal: some pushes of an ordinary disk.
const AFTER_US_MAX: u64 = 2_000;
const LAYOUT: &str = "\
station_name = \"示例一街道站\"
[[windows]]
no = 1
groups = [\"A\"]
";

fn now() -> UtcMs {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    UtcMs(i64::try_from(since.as_millis()).unwrap())
}

fn central(verb: &[&str], data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_central"));
    command.args(verb).arg("--data").arg(data);
    command
}

/// Runs a verb to its end and reads what it says.
fn told(verb: &[&str], data: &Path) -> Value {
    let output = central(verb, data).arg("--json").output().unwrap();
    assert!(output.status.success(), "{verb:?}: {output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The service; killed when this is dropped.
struct Service {
    child: Child,
    base: String,
}

impl Service {
    fn start(data: &Path) -> Self {
        let mut command = central(&["serve", "--json", "--listen", "127.0.0.1:0"], data);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        let stdout = child.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        let said: Value = serde_json::from_str(&line).unwrap();
        let base = format!("http://{}", said["listening"].as_str().unwrap());
        Self { child, base }
    }

    /// SIGKILL.
    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // it may have ended by itself, and then the test says why
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A device and everything it ever wrote.
struct Device {
    identity: DeviceIdentity,
    texts: Vec<String>,
    /// How many of them the service acknowledged.
    acked: u64,
}

impl Device {
    async fn enrol(service: &Service, data: &Path) -> Self {
        let verb = [
            "enrol-code",
            "--kind",
            "kiosk",
            "--lane",
            "1",
            "--name",
            "一号机",
        ];
        let code = told(&verb, data)["code"].as_str().unwrap().to_owned();
        let key = DeviceKey::from_bytes(&[7; 32]);
        let public_key = key.public();
        let request = EnrolRequest { code, public_key };
        let enrolled = client::enrol(&service.base.parse().unwrap(), &request)
            .await
            .unwrap();
        Self {
            identity: DeviceIdentity::in_memory(key, enrolled),
            texts: Vec::new(),
            acked: 0,
        }
    }

    fn client(&self, service: &Service) -> CentralClient {
        CentralClient::new(
            &service.base.parse().unwrap(),
            self.identity.clone(),
            Clock::new(now),
        )
        .unwrap()
    }

    fn head(&self, seq: u64) -> ChainHead {
        match seq.checked_sub(1) {
            None => ChainHead::EMPTY,
            Some(at) => envelope::read(&self.texts[at as usize]).unwrap().head(),
        }
    }

    /// The push of the event with this number, which is written if it is new.
    fn push_of(&mut self, seq: u64) -> Push {
        if seq > self.texts.len() as u64 {
            let event = Event::HelpCalled(HelpCalled {
                hall: self.identity.enrolled.hall,
                origin: Origin::Touch,
            });
            let body = event.body();
            let draft = Draft {
                writer: self.identity.enrolled.device,
                at: now(),
                kind: event.kind(),
                body: &body,
            };
            let text = envelope::write(&draft, self.head(seq - 1));
            self.texts.push(text);
        }
        let (device, key) = (self.identity.enrolled.device, &self.identity.key);
        Push {
            events: vec![self.texts[seq as usize - 1].clone()],
            tail_signature: key.sign_tail(device, self.head(seq)),
            device_time: now(),
            clock_since_seq: 0,
        }
    }

    fn note(&mut self, answer: &Pushed) {
        assert_eq!(answer.head, self.head(answer.head.seq));
        self.acked = answer.head.seq;
    }

    /// What a new process holds is what the last one acknowledged, or one event more.
    async fn check(&mut self, client: &CentralClient) {
        let held = client.tail().await.unwrap().head;
        assert!(
            (self.acked..=self.texts.len() as u64).contains(&held.seq),
            "{held:?} is held, {} were acknowledged, {} written",
            self.acked,
            self.texts.len()
        );
        assert_eq!(held, self.head(held.seq));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_killed_at_any_commit_has_lost_and_doubled_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("central");
    let layout = folder.path().join("hall.toml");
    std::fs::write(&layout, LAYOUT).unwrap();
    told(&["hall", "lay-out", layout.to_str().unwrap()], &data);
    let mut service = Service::start(&data);
    let mut device = Device::enrol(&service, &data).await;
    let others = told(&["verify"], &data)["events"].as_u64().unwrap();

    let mut seeded = Seeded::new(5);
    let (mut answered, mut held_unanswered) = (0, 0);
    for life in 0..KILLS {
        let client = device.client(&service);
        for _ in 0..=life % 3 {
            // an event that the last life did not answer is sent once more
            let push = device.push_of(device.acked + 1);
            let answer = client.push(&push).await.unwrap();
            device.note(&answer);
        }
        match killed_amid_a_push(&mut service, &mut device, client, &mut seeded).await {
            Ok(answer) => {
                answered += 1;
                device.note(&answer);
            }
            Err(error) => assert!(error.is_transient(), "{error}"),
        }
        service = Service::start(&data);
        let client = device.client(&service);
        device.check(&client).await;
        let held = client.tail().await.unwrap().head.seq;
        held_unanswered += held - device.acked;
        let verified = told(&["verify"], &data);
        assert_eq!(verified["faults"], serde_json::json!([]), "life {life}");
        // exactly once: beside the chain, checked from its first event, there is nothing more
        assert_eq!(
            verified["events"].as_u64(),
            Some(others + held),
            "life {life}"
        );
    }
    eprintln!(
        "{KILLS} kills, {} acknowledged, {answered} answered in the last moment, {held_unanswered} \
         held without an answer",
        device.acked
    );
    assert!(device.acked >= KILLS);
}

/// Kills the service a moment after the next push has begun. Every third time the push comes first
/// and whole, so that the signal falls right after an acknowledgement.
async fn killed_amid_a_push(
    service: &mut Service,
    device: &mut Device,
    client: CentralClient,
    seeded: &mut Seeded,
) -> Result<Pushed, CallError> {
    let push = device.push_of(device.acked + 1);
    if seeded.below(3) == 0 {
        let answer = client.push(&push).await;
        service.kill();
        return answer;
    }
    let pushing = tokio::spawn(async move { client.push(&push).await });
    let signal_at = Instant::now() + Duration::from_micros(seeded.below(AFTER_US_MAX));
    while Instant::now() < signal_at {
        std::hint::spin_loop();
    }
    service.kill();
    pushing.await.unwrap()
}
