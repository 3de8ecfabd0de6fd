//! Bodies of requests: read whole, but never more than the route takes, never slower than a line
//! of a hall can be, and never more than a fixed amount over all requests. A gzip body is unpacked
//! while it is read and counts as what comes out of it, so that a bomb ends at the same bound.
//! Signatures cover the unpacked body.

use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use flate2::write::MultiGzDecoder;
use http_body_util::BodyExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};
use wire::api::{PUSH_BYTES_MAX, path};
use wire::problem::{Problem, ProblemCode};
use wire::relay::RELAY_BYTES_MAX;

use crate::app_state::AppState;
use crate::pages;
use crate::screens::PICTURE_BYTES_MAX;

use super::device_call::bad_request;
use super::problem_answer::Refused;
use super::rate::claimed_device;

/// Largest body of any request: a hall node's relay. Its texts are escaped as JSON, by which they
/// double at most; the rest is for what stands around them.
pub(super) const BODY_BYTES_MAX: usize = RELAY_BYTES_MAX * 3;
/// Longest push, likewise.
const PUSH_BODY_BYTES_MAX: usize = PUSH_BYTES_MAX * 3;
/// Largest body of a route that is not named below, and of whoever claims no known device.
const SMALL_BYTES_MAX: usize = 64 << 10;
/// Largest form with a sheet in it: what stands around the file is short.
const SHEET_BODY_BYTES_MAX: usize = crate::sheet::FILE_BYTES_MAX + (64 << 10);
/// A body may take so long, and a second more for each [`BYTES_PER_S_MIN`].
const GRACE: Duration = Duration::from_secs(10);
const BYTES_PER_S_MIN: usize = 4 << 10;
/// Most bytes of bodies in memory at once, over all requests, in KiB.
const BODIES_KIB_MAX: usize = 128 << 10;

/// The memory that bodies may take.
#[derive(Debug, Clone)]
pub(crate) struct BodyBudget(Arc<Semaphore>);

impl Default for BodyBudget {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(BODIES_KIB_MAX)))
    }
}

/// Reads the body before anything else looks at the request.
pub(super) async fn bounded(State(app): State<AppState>, request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let bytes_max = bytes_max(&app, &request);
    let (mut parts, body) = request.into_parts();
    // who may attach something may send more, and is refused in the words of the desk
    let upload_max = pages::upload_bytes_max(&app, &parts).await;
    let bounds = Bounds {
        bytes_max: upload_max.unwrap_or(bytes_max),
        grace: GRACE,
        budget: app.inner.body_budget.clone(),
    };
    let read = read(&parts.headers, body, bounds).await;
    match read {
        Ok((body, held)) => {
            parts.headers.remove(CONTENT_ENCODING);
            let length = HeaderValue::from(body.len());
            parts.headers.insert(CONTENT_LENGTH, length);
            let answer = next.run(Request::from_parts(parts, Body::from(body))).await;
            drop(held);
            answer
        }
        Err(problem) if upload_max.is_some() => {
            pages::refused_upload(&app, &parts.headers, problem)
        }
        Err(problem) => Refused(problem).into_response(),
    }
}

/// Who is no known device has nothing long to say.
fn bytes_max(app: &AppState, request: &Request) -> usize {
    let route = request.extensions().get::<MatchedPath>();
    let of_route = match route.map(MatchedPath::as_str) {
        Some(path::LOG) => PUSH_BODY_BYTES_MAX,
        Some(path::RELAY) => BODY_BYTES_MAX,
        Some(path::SCREEN) => PICTURE_BYTES_MAX,
        // the page itself refuses whoever is not signed in; all bodies together stay bounded
        Some(
            pages::SHEET_ROUTE
            | pages::VACANCY_SHEET_ROUTE
            | pages::COMPARE_ROUTE
            | pages::ANSWER_ROUTE,
        ) => return SHEET_BODY_BYTES_MAX,
        _ => return SMALL_BYTES_MAX,
    };
    if claimed_device(app, request).is_some() {
        of_route
    } else {
        SMALL_BYTES_MAX
    }
}

/// What a body may take.
struct Bounds {
    bytes_max: usize,
    grace: Duration,
    budget: BodyBudget,
}

async fn read(
    headers: &HeaderMap,
    mut body: Body,
    bounds: Bounds,
) -> Result<(Bytes, Option<OwnedSemaphorePermit>), Problem> {
    if announced(headers) > bounds.bytes_max {
        return Err(too_large(bounds.bytes_max));
    }
    let mut sink = Sink::of(headers, bounds.bytes_max)?;
    let (budget, permit) = (bounds.budget, None);
    let mut held = Held { budget, permit };
    let (begun, mut sent) = (Instant::now(), 0_usize);
    loop {
        let earned = Duration::from_secs(u64::try_from(sent / BYTES_PER_S_MIN).unwrap_or(0));
        let frame = timeout_at(begun + bounds.grace + earned, body.frame()).await;
        let frame = frame.map_err(|_| too_slow())?;
        let Some(frame) = frame else {
            return Ok((sink.finish()?, held.permit));
        };
        let frame = frame.map_err(|error| bad_request(&error.to_string()))?;
        let Ok(chunk) = frame.into_data() else {
            continue;
        };
        sent = sent.saturating_add(chunk.len());
        sink.push(&chunk)?;
        held.cover(sink.len())?;
    }
}

/// The length that the headers give: what is too long is refused before it is read.
fn announced(headers: &HeaderMap) -> usize {
    let length = headers.get(CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse().ok());
    length.unwrap_or(0)
}

/// The share of the budget that a body holds.
struct Held {
    budget: BodyBudget,
    permit: Option<OwnedSemaphorePermit>,
}

impl Held {
    fn cover(&mut self, bytes: usize) -> Result<(), Problem> {
        let has = self
            .permit
            .as_ref()
            .map_or(0, OwnedSemaphorePermit::num_permits);
        let Some(more) = bytes
            .div_ceil(1 << 10)
            .checked_sub(has)
            .filter(|more| *more > 0)
        else {
            return Ok(());
        };
        let more = u32::try_from(more).unwrap_or(u32::MAX);
        let permit = Arc::clone(&self.budget.0).try_acquire_many_owned(more);
        let permit = permit
            .map_err(|_| Problem::new(ProblemCode::TooMany, "现在同时上传的太多，请稍等再试。"))?;
        match &mut self.permit {
            Some(held) => held.merge(permit),
            none => *none = Some(permit),
        }
        Ok(())
    }
}

/// Where the bytes go.
enum Sink {
    Plain(Bounded),
    Gzip(Box<MultiGzDecoder<Bounded>>),
}

impl Sink {
    fn of(headers: &HeaderMap, bytes_max: usize) -> Result<Self, Problem> {
        let bounded = Bounded {
            bytes: Vec::new(),
            bytes_max,
            is_over: false,
        };
        match headers.get(CONTENT_ENCODING).map(HeaderValue::as_bytes) {
            None | Some(b"identity") => Ok(Self::Plain(bounded)),
            Some(b"gzip") => Ok(Self::Gzip(Box::new(MultiGzDecoder::new(bounded)))),
            Some(_) => Err(bad_request("only gzip is unpacked")),
        }
    }

    fn push(&mut self, chunk: &[u8]) -> Result<(), Problem> {
        let written = match self {
            Self::Plain(bounded) => bounded.write_all(chunk),
            Self::Gzip(decoder) => decoder.write_all(chunk),
        };
        written.map_err(|error| self.problem(&error))
    }

    fn finish(mut self) -> Result<Bytes, Problem> {
        if let Self::Gzip(decoder) = &mut self {
            let finished = decoder.try_finish();
            finished.map_err(|error| self.problem(&error))?;
        }
        let bounded = match self {
            Self::Plain(bounded) => bounded,
            Self::Gzip(mut decoder) => std::mem::take(decoder.get_mut()),
        };
        Ok(bounded.bytes.into())
    }

    fn len(&self) -> usize {
        self.bounded().bytes.len()
    }

    fn bounded(&self) -> &Bounded {
        match self {
            Self::Plain(bounded) => bounded,
            Self::Gzip(decoder) => decoder.get_ref(),
        }
    }

    fn problem(&self, error: &io::Error) -> Problem {
        if self.bounded().is_over {
            too_large(self.bounded().bytes_max)
        } else {
            bad_request(&format!("the body is no gzip: {error}"))
        }
    }
}

/// Bytes up to a bound.
#[derive(Default)]
struct Bounded {
    bytes: Vec<u8>,
    bytes_max: usize,
    is_over: bool,
}

impl Write for Bounded {
    fn write(&mut self, chunk: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + chunk.len() > self.bytes_max {
            self.is_over = true;
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(chunk);
        Ok(chunk.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn too_large(bytes_max: usize) -> Problem {
    let sentence = format!("内容太大，这里最多收 {} KiB。", bytes_max >> 10);
    Problem::new(ProblemCode::TooLarge, sentence)
}

fn too_slow() -> Problem {
    Problem::new(ProblemCode::TooSlow, "内容传得太慢，没有收完。")
}

#[cfg(test)]
mod tests {
    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn unpack(packed: &[u8], bytes_max: usize) -> Result<Bytes, Problem> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        let mut sink = Sink::of(&headers, bytes_max)?;
        for chunk in packed.chunks(100) {
            sink.push(chunk)?;
            assert!(sink.len() <= bytes_max);
        }
        sink.finish()
    }

    #[test]
    fn a_bomb_ends_at_the_bound_and_what_fits_comes_out_whole() {
        let zeros = vec![0; 10 << 20];
        let bomb = gzip(&zeros);
        assert!(bomb.len() < 20_000);
        assert_eq!(
            unpack(&bomb, 1 << 20).unwrap_err().code,
            ProblemCode::TooLarge
        );
        assert_eq!(unpack(&bomb, 10 << 20).unwrap().len(), 10 << 20);
    }

    #[test]
    fn a_cut_or_foreign_body_is_refused() {
        let packed = gzip(b"events");
        for broken in [&packed[..packed.len() - 3], b"events"] {
            assert_eq!(
                unpack(broken, 100).unwrap_err().code,
                ProblemCode::BadRequest
            );
        }
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("br"));
        assert!(Sink::of(&headers, 100).is_err());
    }

    #[tokio::test]
    async fn a_sender_that_stops_sending_is_given_up() {
        let body = Body::from_stream(futures_util::stream::pending::<Result<Bytes, io::Error>>());
        let bounds = Bounds {
            bytes_max: 100,
            grace: Duration::from_millis(20),
            budget: BodyBudget::default(),
        };
        let read = read(&HeaderMap::new(), body, bounds).await;
        assert_eq!(read.unwrap_err().code, ProblemCode::TooSlow);
    }

    #[tokio::test]
    async fn all_bodies_together_take_no_more_than_the_budget_and_give_it_back() {
        let budget = BodyBudget(Arc::new(Semaphore::new(2)));
        let two_kib = || async {
            let bounds = Bounds {
                bytes_max: 4_000,
                grace: GRACE,
                budget: budget.clone(),
            };
            read(&HeaderMap::new(), Body::from(vec![0_u8; 2_000]), bounds).await
        };
        let first = two_kib().await.unwrap();
        assert_eq!(two_kib().await.unwrap_err().code, ProblemCode::TooMany);
        drop(first);
        two_kib().await.unwrap();
    }
}
