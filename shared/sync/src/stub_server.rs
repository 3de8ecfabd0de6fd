//! An HTTP server of a few lines for this crate's tests: one closure answers every request.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use domain::id::{DeviceId, HallId};
use domain::queue::KioskLane;
use domain::time::UtcMs;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use uuid::Uuid;
use wire::api::{DeviceKind, Enrolled};
use wire::problem::Problem;
use wire::sign::DeviceKey;

use crate::client::CentralClient;
use crate::device_clock::Clock;
use crate::identity::DeviceIdentity;

#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path_and_query: String,
    pub(crate) body: Vec<u8>,
    headers: BTreeMap<String, String>,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> &str {
        &self.headers[name]
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Answer {
    status: u16,
    body: String,
    headers: String,
}

impl Answer {
    pub(crate) fn json(status: u16, body: &str) -> Self {
        Self {
            status,
            body: body.to_owned(),
            headers: String::new(),
        }
    }

    pub(crate) fn problem(problem: &Problem) -> Self {
        Self::json(problem.status, &serde_json::to_string(problem).unwrap())
    }

    pub(crate) fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push_str(&format!("{name}: {value}\r\n"));
        self
    }
}

pub(crate) struct StubServer {
    pub(crate) address: String,
    requests: Arc<AtomicUsize>,
}

impl StubServer {
    pub(crate) async fn start(answer: impl Fn(Request) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&requests);
        let answer = Arc::new(answer);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (answer, counted) = (Arc::clone(&answer), Arc::clone(&counted));
                tokio::spawn(async move { serve(stream, &*answer, &counted).await });
            }
        });
        Self { address, requests }
    }

    pub(crate) fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

async fn serve(stream: TcpStream, answer: &impl Fn(Request) -> Answer, counted: &AtomicUsize) {
    let mut stream = BufReader::new(stream);
    while let Some(request) = read_request(&mut stream).await {
        counted.fetch_add(1, Ordering::SeqCst);
        let Answer {
            status,
            body,
            headers,
        } = answer(request);
        let text = format!(
            "HTTP/1.1 {status} X\r\n{headers}content-length: {}\r\n\r\n{body}",
            body.len()
        );
        if stream.write_all(text.as_bytes()).await.is_err() {
            return;
        }
    }
}

async fn read_request(stream: &mut BufReader<TcpStream>) -> Option<Request> {
    let mut line = String::new();
    stream
        .read_line(&mut line)
        .await
        .ok()
        .filter(|bytes| *bytes > 0)?;
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, path_and_query) = (words.next()?, words.next()?);
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        headers.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    let length = headers
        .get("content-length")
        .and_then(|text| text.parse().ok())
        .unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some(Request {
        method,
        path_and_query,
        body,
        headers,
    })
}

pub(crate) fn test_identity() -> DeviceIdentity {
    let enrolled = Enrolled {
        device: DeviceId(Uuid::from_u128(1)),
        name: "试验机".into(),
        kind: DeviceKind::HallKiosk { lane: KioskLane(1) },
        hall: HallId(Uuid::from_u128(2)),
        public_url: "http://hall.example".into(),
    };
    DeviceIdentity::in_memory(DeviceKey::from_bytes(&[5; 32]), enrolled)
}

pub(crate) fn test_client(server: &StubServer) -> CentralClient {
    let central = server.address.parse().unwrap();
    CentralClient::new(&central, test_identity(), Clock::new(|| UtcMs(1_000))).unwrap()
}
