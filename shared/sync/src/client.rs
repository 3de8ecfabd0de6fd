//! The HTTP side of the link: one method per path of `wire::api::path`. Requests are signed with
//! the device's key and the time corrected by the server's clock. It repeats nothing except a
//! request that was refused for clock skew, once; patience is the runners' business. Bodies go as
//! gzip once the server has said that it takes them so (`accept-encoding` of its answers, RFC 7694).

mod appointments;
mod chores;
mod citizen;

use std::io::Write as _;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use domain::time::UtcMs;
use flate2::Compression;
use flate2::write::GzEncoder;
use reqwest::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE};
use reqwest::{Method, Response, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;
use thiserror::Error;
use wire::api::{
    EnrolRequest, Enrolled, FeedPage, FindVisit, HelpAnswer, LogTail, NumberTaken, Push, Pushed,
    RemoteCommands, ScreenState, TAKE_NUMBER_MS_MAX, TakeNumber, Topic, VisitFound, path,
};
use wire::problem::{Problem, ProblemCode};
use wire::sign::{DeviceKey, RequestToSign, header};

use wire::version::{self, WireVersions};

pub use chores::KeyRotationError;

use crate::address::CentralAddress;
use crate::device_clock::Clock;
use crate::entropy::random_bytes;
use crate::identity::DeviceIdentity;

/// Ordinary requests.
const CALL_MS_MAX: Duration = Duration::from_secs(10);
/// A push or a relay of many events.
const RELAY_MS_MAX: Duration = Duration::from_secs(30);
/// A person waits for this one in front of the screen.
const FIND_VISIT_MS_MAX: Duration = Duration::from_secs(3);
/// So for this one, which a hall node passes on to the centre.
const CITIZEN_MS_MAX: Duration = Duration::from_secs(5);
/// A held request may take its hold and this long more.
const HOLD_GRACE: Duration = Duration::from_secs(10);
/// Longest answer that is read: a page of the feed with long duties is far below.
const ANSWER_BYTES_MAX: usize = 32 << 20;
/// Bodies up to this length are not worth compressing.
const PLAIN_BYTES_MAX: usize = 1_024;

/// Why a call gave no answer of the expected kind.
#[derive(Debug, Error)]
pub enum CallError {
    /// No connection, or no answer in time.
    #[error("central cannot be reached: {reason}.")]
    Unreachable {
        /// What the system said.
        reason: String,
    },
    /// The rules of the hall say no: the person is told why.
    #[error("refused: {}", .0.detail)]
    Refused(Problem),
    /// The API says no.
    #[error("central answered {:?}: {}", .problem.code, .problem.detail)]
    Problem {
        /// What it said.
        problem: Problem,
        /// When to try again, if it said so.
        retry_after: Option<Duration>,
    },
    /// The answer is not what the API describes.
    #[error("central's answer (HTTP {status}) cannot be read: {reason}.")]
    Malformed {
        /// The HTTP status.
        status: u16,
        /// What is wrong.
        reason: String,
    },
}

impl CallError {
    /// Whether the same request may succeed later without a person's help.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Unreachable { .. } => true,
            Self::Refused(_) => false,
            Self::Problem { problem, .. } => problem.code.is_transient(),
            Self::Malformed { status, .. } => *status >= 500,
        }
    }

    /// The stable code, if the server gave one.
    #[must_use]
    pub fn code(&self) -> Option<ProblemCode> {
        match self {
            Self::Refused(problem) | Self::Problem { problem, .. } => Some(problem.code),
            Self::Unreachable { .. } | Self::Malformed { .. } => None,
        }
    }

    /// When the server wants to be asked again.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Problem { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    fn unreachable(error: &reqwest::Error) -> Self {
        // The innermost cause says why; the outer ones repeat the address.
        let mut cause: &dyn std::error::Error = error;
        while let Some(inner) = cause.source() {
            cause = inner;
        }
        Self::Unreachable {
            reason: cause.to_string(),
        }
    }

    fn timed_out() -> Self {
        Self::Unreachable {
            reason: "no answer in time".to_owned(),
        }
    }

    fn malformed(reason: impl std::error::Error) -> Self {
        Self::Malformed {
            status: 0,
            reason: reason.to_string(),
        }
    }
}

/// Where a reader of the feed stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FeedCursor {
    /// Rows after this position are wanted.
    pub position: u64,
    /// What the last page said, while a snapshot is read.
    pub snapshot: Option<u64>,
}

/// A device's line to its `central`. Cheap to share behind an `Arc`.
pub struct CentralClient {
    wire: Wire,
    enrolled: Enrolled,
    /// Changes only when the key is replaced.
    identity: RwLock<DeviceIdentity>,
    clock: Clock,
    /// Server's clock minus ours, in ms, as last measured.
    skew_ms: AtomicI64,
    /// The server has said that it takes gzip.
    sends_gzip: AtomicBool,
}

impl std::fmt::Debug for CentralClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CentralClient")
            .field("wire", &self.wire)
            .field("enrolled", &self.enrolled)
            .finish_non_exhaustive()
    }
}

/// Asks to become a device, with the installer's one-time code. Unsigned: the server does not
/// know the key yet.
///
/// # Errors
/// [`CallError`]; a wrong or spent code is a [`CallError::Problem`].
pub async fn enrol(
    central: &CentralAddress,
    request: &EnrolRequest,
) -> Result<Enrolled, CallError> {
    let wire = Wire::new(central)?;
    let url = wire.url(path::ENROL)?;
    let request = wire.http.post(url).timeout(CALL_MS_MAX).json(request);
    let response = request
        .send()
        .await
        .map_err(|error| CallError::unreachable(&error))?;
    read_json(response).await
}

impl CentralClient {
    /// A line to the server at `central`.
    ///
    /// # Errors
    /// [`CallError::Malformed`] when no HTTP client can be built.
    pub fn new(
        central: &CentralAddress,
        identity: DeviceIdentity,
        clock: Clock,
    ) -> Result<Self, CallError> {
        Ok(Self {
            wire: Wire::new(central)?,
            enrolled: identity.enrolled.clone(),
            identity: RwLock::new(identity),
            clock,
            skew_ms: AtomicI64::new(0),
            sends_gzip: AtomicBool::new(false),
        })
    }

    /// Who this device is.
    #[must_use]
    pub fn enrolled(&self) -> &Enrolled {
        &self.enrolled
    }

    /// Who this device is, with its key of now.
    #[must_use]
    pub fn identity(&self) -> DeviceIdentity {
        let identity = self.identity.read();
        identity.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The time as the server has it, as far as it is known.
    #[must_use]
    pub fn server_time(&self) -> UtcMs {
        self.clock
            .now()
            .plus_ms(self.skew_ms.load(Ordering::Relaxed))
    }

    /// The device's own clock.
    #[must_use]
    pub fn device_time(&self) -> UtcMs {
        self.clock.now()
    }

    /// What the server holds of this device's chain.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn tail(&self) -> Result<LogTail, CallError> {
        self.call(Call::get(self.wire.url(path::LOG_TAIL)?)).await
    }

    /// Sends events.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn push(&self, push: &Push) -> Result<Pushed, CallError> {
        let call = Call::post(self.wire.url(path::LOG)?, push)?;
        self.call(Call {
            time_out: RELAY_MS_MAX,
            ..call
        })
        .await
    }

    /// Asks for rows after a cursor; the server holds the request up to `wait_ms` when there are
    /// none.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn feed(
        &self,
        after: FeedCursor,
        topics: &[Topic],
        limit: u32,
        wait_ms: u32,
    ) -> Result<FeedPage, CallError> {
        let topics: Vec<&str> = topics.iter().map(|topic| topic.as_str()).collect();
        let mut url = self.wire.url(path::FEED)?;
        url.query_pairs_mut()
            .append_pair("after", &after.position.to_string())
            .append_pair("topics", &topics.join(","))
            .append_pair("limit", &limit.to_string())
            .append_pair("wait_ms", &wait_ms.to_string());
        if let Some(snapshot) = after.snapshot {
            url.query_pairs_mut()
                .append_pair("snapshot", &snapshot.to_string());
        }
        self.call(Call::held(url, wait_ms)).await
    }

    /// Asks the authority for a number; gives up after [`TAKE_NUMBER_MS_MAX`] in all.
    ///
    /// # Errors
    /// [`CallError`]; [`CallError::Unreachable`] means: use the kiosk's own lane.
    pub async fn take_number(&self, request: &TakeNumber) -> Result<NumberTaken, CallError> {
        let call = Call::post(self.wire.url(path::TICKETS)?, request)?;
        let time_out = Duration::from_millis(TAKE_NUMBER_MS_MAX);
        tokio::time::timeout(time_out, self.call(call))
            .await
            .unwrap_or_else(|_| Err(CallError::timed_out()))
    }

    /// Asks whether number and code belong to a visit that may be scored.
    ///
    /// # Errors
    /// [`CallError`]; [`CallError::Refused`] holds the sentence for the citizen.
    pub async fn find_visit(&self, request: &FindVisit) -> Result<VisitFound, CallError> {
        let call = Call::post(self.wire.url(path::VISITS_FIND)?, request)?;
        tokio::time::timeout(FIND_VISIT_MS_MAX, self.call(call))
            .await
            .unwrap_or_else(|_| Err(CallError::timed_out()))
    }

    /// Sends a picture of the screen (PNG), or none when only the state is to be told.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn screen(&self, state: &ScreenState, png: Vec<u8>) -> Result<(), CallError> {
        let mut url = self.wire.url(path::SCREEN)?;
        url.query_pairs_mut()
            .append_pair("screen", &state.screen)
            .append_pair("in_use", bool_text(state.in_use))
            .append_pair("backlog", &state.backlog.to_string())
            .append_pair("confirmed", bool_text(state.confirmed));
        let content_type = Some("image/png");
        self.call_for_nothing(Call {
            body: png,
            content_type,
            ..Call::post_empty(url)
        })
        .await
    }

    /// Asks what the server wants of this kiosk; held up to `wait_ms`.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn commands(&self, wait_ms: u32) -> Result<RemoteCommands, CallError> {
        let mut url = self.wire.url(path::COMMANDS)?;
        url.query_pairs_mut()
            .append_pair("wait_ms", &wait_ms.to_string());
        self.call(Call::held(url, wait_ms)).await
    }

    /// Tells where a session of remote help stands.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn help_answer(&self, answer: &HelpAnswer) -> Result<(), CallError> {
        self.call_for_nothing(Call::post(self.wire.url(path::HELP_ANSWER)?, answer)?)
            .await
    }

    async fn call<T: DeserializeOwned>(&self, call: Call) -> Result<T, CallError> {
        read_json(self.send(&call).await?).await
    }

    async fn call_for_nothing(&self, call: Call) -> Result<(), CallError> {
        self.send(&call).await.map(drop)
    }

    /// Sends, and once more when only the clock was wrong: by then it is corrected. A server that
    /// does not take our signature may already go by our next key.
    async fn send(&self, call: &Call) -> Result<Response, CallError> {
        let identity = self.identity();
        let answer = self.send_once(call, &identity.key).await;
        match answer.as_ref().err().and_then(CallError::code) {
            Some(ProblemCode::ClockSkew) => self.send_once(call, &identity.key).await,
            Some(ProblemCode::SignatureInvalid) => match &identity.next_key {
                Some(next) => {
                    let answer = self.send_once(call, next).await?;
                    self.go_by_next_key();
                    Ok(answer)
                }
                None => answer,
            },
            _ => answer,
        }
    }

    async fn send_once(&self, call: &Call, key: &DeviceKey) -> Result<Response, CallError> {
        let response = self
            .signed(call, key)
            .send()
            .await
            .map_err(|error| CallError::unreachable(&error))?;
        if let Some(server_time) = number_in(&response, header::SERVER_TIME) {
            let skew_ms = UtcMs(server_time).ms_since(self.clock.now());
            self.skew_ms.store(skew_ms, Ordering::Relaxed);
        }
        self.sends_gzip
            .store(takes_gzip(&response), Ordering::Relaxed);
        if response.status().is_success() {
            Ok(response)
        } else {
            Err(read_problem(response).await)
        }
    }

    fn signed(&self, call: &Call, key: &DeviceKey) -> reqwest::RequestBuilder {
        let time = self.server_time();
        let nonce = hex::encode(random_bytes::<16>());
        let path_and_query = match call.url.query() {
            Some(query) => format!("{}?{query}", call.url.path()),
            None => call.url.path().to_owned(),
        };
        let device = self.enrolled.device;
        let signature = key.sign_request(&RequestToSign {
            method: call.method.as_str(),
            path_and_query: &path_and_query,
            body: &call.body,
            device,
            time,
            nonce: &nonce,
        });
        let mut request = self
            .wire
            .http
            .request(call.method.clone(), call.url.clone())
            .timeout(call.time_out)
            .header(header::DEVICE, device.to_string())
            .header(header::TIME, time.0.to_string())
            .header(header::NONCE, nonce)
            .header(header::SIGNATURE, hex::encode(signature.0))
            .header(version::HEADER, WireVersions::OURS.to_string());
        if let Some(content_type) = call.content_type {
            request = request.header(CONTENT_TYPE, content_type);
        }
        let is_worth_it = call.body.len() > PLAIN_BYTES_MAX && call.compresses();
        if is_worth_it && self.sends_gzip.load(Ordering::Relaxed) {
            return request
                .header(CONTENT_ENCODING, "gzip")
                .body(gzip(&call.body));
        }
        request.body(call.body.clone())
    }
}

/// The unsigned part: connections and addresses.
#[derive(Debug)]
struct Wire {
    base: Url,
    http: reqwest::Client,
}

impl Wire {
    fn new(central: &CentralAddress) -> Result<Self, CallError> {
        let base = central.url().clone();
        let http = central.http().map_err(CallError::malformed)?;
        Ok(Self { base, http })
    }

    fn url(&self, path: &str) -> Result<Url, CallError> {
        self.base.join(path).map_err(CallError::malformed)
    }
}

/// A request before it is signed.
struct Call {
    method: Method,
    url: Url,
    body: Vec<u8>,
    content_type: Option<&'static str>,
    time_out: Duration,
}

impl Call {
    fn get(url: Url) -> Self {
        Self {
            method: Method::GET,
            url,
            body: Vec::new(),
            content_type: None,
            time_out: CALL_MS_MAX,
        }
    }

    fn held(url: Url, wait_ms: u32) -> Self {
        let time_out = Duration::from_millis(u64::from(wait_ms)) + HOLD_GRACE;
        Self {
            time_out,
            ..Self::get(url)
        }
    }

    fn post_empty(url: Url) -> Self {
        Self {
            method: Method::POST,
            ..Self::get(url)
        }
    }

    fn post(url: Url, body: &impl Serialize) -> Result<Self, CallError> {
        let body = serde_json::to_vec(body).map_err(CallError::malformed)?;
        let content_type = Some("application/json");
        Ok(Self {
            body,
            content_type,
            ..Self::post_empty(url)
        })
    }
}

impl Call {
    /// A picture is compressed already.
    fn compresses(&self) -> bool {
        self.content_type == Some("application/json")
    }
}

fn takes_gzip(response: &Response) -> bool {
    let codings = response.headers().get(ACCEPT_ENCODING);
    let codings = codings.and_then(|codings| codings.to_str().ok());
    codings.is_some_and(|codings| codings.split(',').any(|coding| coding.trim() == "gzip"))
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let written = encoder.write_all(body).and_then(|()| encoder.finish());
    written.expect("gzip, because a vector takes every byte")
}

async fn read_json<T: DeserializeOwned>(response: Response) -> Result<T, CallError> {
    if !response.status().is_success() {
        return Err(read_problem(response).await);
    }
    let status = response.status().as_u16();
    let body = read_bounded(response).await?;
    serde_json::from_slice(&body).map_err(|error| CallError::Malformed {
        status,
        reason: error.to_string(),
    })
}

async fn read_problem(response: Response) -> CallError {
    let status = response.status().as_u16();
    let retry_after = number_in(&response, "retry-after")
        .and_then(|seconds| u64::try_from(seconds).ok())
        .map(Duration::from_secs);
    let body = match read_bounded(response).await {
        Ok(body) => body,
        Err(error) => return error,
    };
    match serde_json::from_slice::<Problem>(&body) {
        Ok(problem) if problem.code == ProblemCode::Refused => CallError::Refused(problem),
        Ok(problem) => CallError::Problem {
            problem,
            retry_after,
        },
        Err(error) => CallError::Malformed {
            status,
            reason: error.to_string(),
        },
    }
}

async fn read_bounded(mut response: Response) -> Result<Vec<u8>, CallError> {
    let status = response.status().as_u16();
    let mut body = Vec::new();
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| CallError::unreachable(&error))?
    {
        if body.len() + chunk.len() > ANSWER_BYTES_MAX {
            let reason = format!("it has more than {ANSWER_BYTES_MAX} bytes");
            return Err(CallError::Malformed { status, reason });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn number_in(response: &Response, header: &str) -> Option<i64> {
    response.headers().get(header)?.to_str().ok()?.parse().ok()
}

fn bool_text(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}

#[cfg(test)]
mod tests;
