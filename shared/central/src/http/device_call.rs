//! A request of a device: its signature is checked over the whole body before anything is read
//! from it. What is refused is counted and recorded by the door.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, Method, Uri};
use domain::id::DeviceId;
use domain::time::UtcMs;
use serde::de::DeserializeOwned;
use wire::problem::{Problem, ProblemCode};
use wire::sign::{RequestToSign, WireSignature, header};
use wire::version::{self, WireVersions};

use crate::app_state::AppState;
use crate::device_door::{Presented, revoked};
use crate::store::{DeviceRecord, FeedDialect, Standing};

use super::problem_answer::Refused;

/// A request that a known device has signed, not long ago and once.
#[derive(Debug)]
pub struct DeviceCall {
    /// Who calls.
    pub device: Arc<DeviceRecord>,
    /// The body as sent.
    pub body: Bytes,
    /// The version of the wire that both sides speak.
    pub version: u16,
}

impl DeviceCall {
    /// What the caller understands of the feed.
    #[must_use]
    pub fn feed_dialect(&self) -> FeedDialect {
        if self.version >= 2 {
            FeedDialect::Snapshots
        } else {
            FeedDialect::Rows
        }
    }

    /// Whether the caller may still be answered: its rights may have been withdrawn meanwhile.
    ///
    /// # Errors
    /// `DeviceRevoked`.
    pub fn check_standing(&self, app: &AppState) -> Result<(), Problem> {
        let live = app.inner.store.live();
        match live.devices.get(&self.device.device) {
            Some(record) if record.standing != Standing::Revoked => Ok(()),
            _ => Err(revoked()),
        }
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// `BadRequest`.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        serde_json::from_slice(&self.body).map_err(|error| bad_request(&error.to_string()))
    }
}

impl FromRequest<AppState> for DeviceCall {
    type Rejection = Refused;

    async fn from_request(request: Request, app: &AppState) -> Result<Self, Refused> {
        let (method, uri) = (request.method().clone(), request.uri().clone());
        let headers = request.headers().clone();
        let body = Bytes::from_request(request, app);
        let body = body
            .await
            .map_err(|error| bad_request(&error.body_text()))?;
        let claimed = Claimed::read(&headers)?;
        let version = agree(&headers)?;
        match admit(app, &claimed, &method, &uri, &body) {
            Ok(device) => Ok(Self {
                device,
                body,
                version,
            }),
            Err(problem) => {
                app.record_refusal(claimed.device, (&problem).into()).await;
                Err(Refused(problem))
            }
        }
    }
}

/// The version to speak with this caller; one that says nothing speaks the first.
fn agree(headers: &HeaderMap) -> Result<u16, Problem> {
    let Some(said) = headers.get(version::HEADER) else {
        return Ok(1);
    };
    let theirs: WireVersions = said
        .to_str()
        .ok()
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| bad_request(&format!("header {} is malformed", version::HEADER)))?;
    WireVersions::OURS.agree(theirs).map_err(|apart| {
        let sentence = format!(
            "设备程序的通信版本是 {}，这里支持 {}，请升级较旧的一方。",
            apart.theirs, apart.ours
        );
        Problem::new(ProblemCode::VersionUnsupported, sentence)
    })
}

/// What the headers claim.
struct Claimed<'h> {
    device: DeviceId,
    time: UtcMs,
    nonce: &'h str,
    signature: WireSignature,
}

impl<'h> Claimed<'h> {
    fn read(headers: &'h HeaderMap) -> Result<Self, Problem> {
        let text = |name: &'static str| {
            let value = headers.get(name).and_then(|value| value.to_str().ok());
            value.ok_or_else(|| bad_request(&format!("header {name} is missing")))
        };
        let malformed = |name: &str| bad_request(&format!("header {name} is malformed"));
        let time = text(header::TIME)?
            .parse()
            .map_err(|_| malformed(header::TIME))?;
        let mut signature = [0; 64];
        hex::decode_to_slice(text(header::SIGNATURE)?, &mut signature)
            .map_err(|_| malformed(header::SIGNATURE))?;
        Ok(Self {
            device: text(header::DEVICE)?
                .parse()
                .map_err(|_| malformed(header::DEVICE))?,
            time: UtcMs(time),
            nonce: text(header::NONCE)?,
            signature: WireSignature(signature),
        })
    }
}

fn admit(
    app: &AppState,
    claimed: &Claimed<'_>,
    method: &Method,
    uri: &Uri,
    body: &Bytes,
) -> Result<Arc<DeviceRecord>, Problem> {
    let request = RequestToSign {
        method: method.as_str(),
        path_and_query: uri
            .path_and_query()
            .map_or(uri.path(), |both| both.as_str()),
        body,
        device: claimed.device,
        time: claimed.time,
        nonce: claimed.nonce,
    };
    let presented = Presented {
        request,
        signature: claimed.signature,
    };
    app.inner
        .door
        .admit(&app.inner.store.live(), &presented, app.now())
}

pub(super) fn bad_request(reason: &str) -> Problem {
    Problem::new(
        ProblemCode::BadRequest,
        format!("请求不符合接口说明（{reason}）。"),
    )
}
