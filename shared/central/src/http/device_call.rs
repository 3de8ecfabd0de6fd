//! A request of a device: its signature is checked over the whole body before anything is read
//! from it. What is refused is counted and recorded by the door.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, Method, Uri};
use domain::id::DeviceId;
use domain::time::UtcMs;
use serde::de::DeserializeOwned;
use wire::event::Event;
use wire::problem::{Problem, ProblemCode};
use wire::sign::{RequestToSign, WireSignature, header};

use crate::app_state::AppState;
use crate::device_door::Presented;
use crate::store::DeviceRecord;

use super::problem_answer::Refused;

/// A request that a known device has signed, not long ago and once.
#[derive(Debug)]
pub struct DeviceCall {
    /// Who calls.
    pub device: Arc<DeviceRecord>,
    /// The body as sent.
    pub body: Bytes,
}

impl DeviceCall {
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
        match admit(app, &claimed, &method, &uri, &body) {
            Ok(device) => Ok(Self { device, body }),
            Err(problem) => {
                record_refusal(app, claimed.device, problem.code).await;
                Err(Refused(problem))
            }
        }
    }
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

/// A record that cannot be written must not turn the refusal into another one.
pub(super) async fn record_refusal(app: &AppState, device: DeviceId, code: ProblemCode) {
    let Some(refused) = app.inner.door.refused(device, code, app.now()) else {
        return;
    };
    if let Err(problem) = app.record(Event::DeviceRefused(refused)).await {
        tracing::error!(?problem, "a refusal was not recorded");
    }
}

pub(super) fn bad_request(reason: &str) -> Problem {
    Problem::new(
        ProblemCode::BadRequest,
        format!("请求不符合接口说明（{reason}）。"),
    )
}
