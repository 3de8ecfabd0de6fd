//! A virtual gateway: takes messages as a real one does, refuses some, is late, breaks down or does
//! not answer, all by a seed; and shows what it took. For the demo, for trying a configuration, and
//! for tests. A store of invented people sends to it and to nothing else.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use domain::outreach::sms_parts;
use domain::personal::{PersonField, Pii};
use maud::{DOCTYPE, Markup, html};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use sync::address::PlainHttp;
use tokio::net::TcpListener;

use crate::cases::masked;
use crate::edge::Clock;

use super::gateway::{Gateway, GatewayError, SmsConfig};

/// Most messages that are shown.
const SHOWN_MAX: usize = 200;
/// Who is not answered waits for so long: longer than any client does.
const HANGS: Duration = Duration::from_secs(60);
/// Who is answered late waits for so long.
const LATE: Duration = Duration::from_secs(2);

/// How a twin behaves, in per cents of what it is sent; the rest it takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TwinPlan {
    /// Everything is drawn from it.
    pub seed: u64,
    /// Refused for good.
    pub refused: u8,
    /// Broken down: to be tried again.
    pub broken: u8,
    /// Not answered.
    pub silent: u8,
    /// Taken, and answered late.
    pub late: u8,
}

/// What a twin did with a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Took,
    TookLate,
    Refused,
    Broke,
    KeptSilent,
}

impl Deed {
    fn name(self) -> &'static str {
        match self {
            Self::Took => "收下",
            Self::TookLate => "收下，回得慢",
            Self::Refused => "拒收",
            Self::Broke => "故障",
            Self::KeptSilent => "不回话",
        }
    }
}

/// A message as a twin shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// When, on the hall's clock.
    pub at: String,
    /// To which number, masked.
    pub phone: String,
    /// The words.
    pub text: String,
    /// What was done with it.
    pub deed: &'static str,
}

/// A running twin.
#[derive(Debug, Clone)]
pub struct Twin {
    address: SocketAddr,
    inner: Arc<Inner>,
}

struct Inner {
    plan: TwinPlan,
    clock: Clock,
    received: Mutex<(u64, VecDeque<Received>)>,
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inner").finish_non_exhaustive()
    }
}

const LOCK: &str = "what a twin received, because no holder panics";

impl Twin {
    /// Begins to listen; ends with the runtime.
    ///
    /// # Errors
    /// When the system does not tell the bound address.
    pub fn start(listener: TcpListener, plan: TwinPlan, clock: Clock) -> std::io::Result<Self> {
        let inner = Inner {
            plan,
            clock,
            received: Mutex::default(),
        };
        let twin = Self {
            address: listener.local_addr()?,
            inner: Arc::new(inner),
        };
        let router = Router::new()
            .route("/send", post(take))
            .route("/", get(show))
            .with_state(twin.clone());
        tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, "the virtual gateway");
            }
        });
        Ok(twin)
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// A line to it.
    ///
    /// # Errors
    /// As [`Gateway::open`].
    pub fn gateway(&self) -> Result<Gateway, GatewayError> {
        let config = SmsConfig {
            url: format!("http://{}/send", self.address),
            method: "POST".to_owned(),
            headers: "content-type: application/json".to_owned(),
            body: r#"{"id":"{id}","phone":"{phone}","text":"{text}"}"#.to_owned(),
            success: "/code = OK".to_owned(),
            secret_file: None,
            authority: None,
            plain_http: PlainHttp::OnThisMachine,
        };
        Gateway::open(config, Path::new("."))
    }

    /// What it was sent, newest first.
    #[must_use]
    pub fn received(&self) -> Vec<Received> {
        let received = self.inner.received.lock().expect(LOCK);
        received.1.iter().cloned().collect()
    }

    /// Draws what is done with the next message and notes it.
    fn next(&self, message: &Message) -> Deed {
        let mut received = self.inner.received.lock().expect(LOCK);
        let deed = self.inner.plan.deed(received.0);
        received.0 += 1;
        let shown = Received {
            at: (self.inner.clock)().day_and_clock_text(),
            phone: masked(PersonField::Phone, &Pii::new(message.phone.clone())),
            text: message.text.clone(),
            deed: deed.name(),
        };
        received.1.push_front(shown);
        received.1.truncate(SHOWN_MAX);
        deed
    }
}

impl TwinPlan {
    /// What is done with the message of a number, from 0.
    fn deed(&self, number: u64) -> Deed {
        let digest = Sha256::new()
            .chain_update(self.seed.to_be_bytes())
            .chain_update(number.to_be_bytes())
            .finalize();
        let drawn = u16::from_be_bytes([digest[0], digest[1]]) % 100;
        let mut until = 0;
        for (share, deed) in [
            (self.refused, Deed::Refused),
            (self.broken, Deed::Broke),
            (self.silent, Deed::KeptSilent),
            (self.late, Deed::TookLate),
        ] {
            until += u16::from(share);
            if drawn < until {
                return deed;
            }
        }
        Deed::Took
    }
}

/// What a message must have. The id is not looked at: each attempt is one.
#[derive(Deserialize)]
struct Message {
    phone: String,
    text: String,
}

async fn take(State(twin): State<Twin>, Json(message): Json<Message>) -> Response {
    let answer = |code: &str| Json(serde_json::json!({ "code": code })).into_response();
    match twin.next(&message) {
        Deed::Took => answer("OK"),
        Deed::TookLate => {
            tokio::time::sleep(LATE).await;
            answer("OK")
        }
        Deed::Refused => answer("REFUSED"),
        Deed::Broke => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Deed::KeptSilent => {
            tokio::time::sleep(HANGS).await;
            StatusCode::GATEWAY_TIMEOUT.into_response()
        }
    }
}

async fn show(State(twin): State<Twin>) -> Markup {
    let received = twin.received();
    html! {
        (DOCTYPE)
        html lang="zh-CN" {
            head { meta charset="utf-8"; title { "虚拟短信网关" } }
            body {
                h1 { "虚拟短信网关" }
                p { "只在本机收，不往外发。最近 " (received.len()) " 条，新的在上面。" }
                @if received.is_empty() { p { "还没有收到短信。" } }
                table {
                    @for one in &received { tr {
                        td { (one.at) } td { (one.phone) } td { (one.deed) }
                        td { (one.text) } td { (sms_parts(&one.text)) " 条" }
                    } }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_twin_does_the_same_for_the_same_seed_and_about_what_its_plan_says() {
        let plan = TwinPlan {
            seed: 7,
            refused: 20,
            broken: 10,
            silent: 5,
            late: 5,
        };
        let deeds: Vec<_> = (0..2_000).map(|n| plan.deed(n)).collect();
        assert_eq!(deeds, (0..2_000).map(|n| plan.deed(n)).collect::<Vec<_>>());
        let count = |wanted| deeds.iter().filter(|deed| **deed == wanted).count();
        assert!((300..500).contains(&count(Deed::Refused)));
        assert!((100..300).contains(&count(Deed::Broke)));
        let takes_all = TwinPlan::default();
        assert!((0..100).all(|n| takes_all.deed(n) == Deed::Took));
    }
}
