//! The lines between machines: a request is bytes that arrive late, twice or not at all, and so is
//! its answer. Whoever asks waits for one answer at a time, and gives up after a while.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use axum::body::Bytes;
use domain::id::DeviceId;
use domain::time::UtcMs;
use testkit::random::Seeded;
use wire::sign::{DeviceKey, RequestToSign, WireSignature};

/// A caller gives up after this time.
pub const TIME_OUT_MS: i64 = 10_000;

/// A machine that asks: a device, or the hall node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Asker {
    /// By its place among the devices.
    Device(usize),
    /// The hall node.
    Node,
}

/// A machine that answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SiteName {
    /// The centre.
    Centre,
    /// The hall node.
    Node,
}

/// A signed request on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// `GET`, `POST`.
    pub method: &'static str,
    /// Path with query.
    pub path_and_query: String,
    /// The body.
    pub body: Bytes,
    /// Who asks.
    pub device: DeviceId,
    /// When it was signed, by the caller's idea of the server's clock.
    pub time: UtcMs,
    /// Used once.
    pub nonce: String,
    /// Over all of it.
    pub signature: WireSignature,
}

/// What a request asks for, before it is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// `GET`, `POST`.
    pub method: &'static str,
    /// Path with query.
    pub path_and_query: String,
    /// The body.
    pub body: Vec<u8>,
}

impl Ask {
    /// A question without a body.
    #[must_use]
    pub fn get(path_and_query: impl Into<String>) -> Self {
        Self {
            method: "GET",
            path_and_query: path_and_query.into(),
            body: Vec::new(),
        }
    }

    /// A body as JSON.
    #[must_use]
    pub fn post(path: &str, body: &impl serde::Serialize) -> Self {
        Self {
            method: "POST",
            path_and_query: path.to_owned(),
            body: serde_json::to_vec(body).expect("JSON, because wire types have string keys"),
        }
    }

    /// Signs it as a device's client does.
    #[must_use]
    pub fn sign(self, device: DeviceId, key: &DeviceKey, time: UtcMs, nonce: u64) -> Request {
        let nonce = format!("{nonce:x}");
        let signature = key.sign_request(&RequestToSign {
            method: self.method,
            path_and_query: &self.path_and_query,
            body: &self.body,
            device,
            time,
            nonce: &nonce,
        });
        Request {
            method: self.method,
            path_and_query: self.path_and_query,
            body: self.body.into(),
            device,
            time,
            nonce,
            signature,
        }
    }
}

/// An answer on its way back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP.
    pub status: u16,
    /// The body.
    pub body: Bytes,
    /// The site's clock.
    pub server_time: Option<UtcMs>,
}

/// What is on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parcel {
    /// To a site.
    Request {
        /// Who asks.
        from: Asker,
        /// Whom.
        to: SiteName,
        /// Tells a late answer from the one that is waited for.
        number: u64,
        /// What.
        request: Request,
    },
    /// Back.
    Answer {
        /// To whom.
        to: Asker,
        /// Of which request.
        number: u64,
        /// What.
        answer: Answer,
    },
}

/// Everything that is on its way, by its arrival.
#[derive(Debug, Default)]
pub struct Lines {
    queue: BinaryHeap<Reverse<(i64, u64)>>,
    parcels: std::collections::BTreeMap<u64, Parcel>,
    sent: u64,
}

/// How a line behaves now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weather {
    /// Parcels that get lost, of a thousand.
    pub lost_per_mille: u64,
    /// Parcels that come twice, of a thousand.
    pub doubled_per_mille: u64,
    /// Longest way, in ms; the shortest is 1.
    pub delay_ms_max: u64,
}

impl Lines {
    /// Sends a parcel at `now`.
    pub fn send(&mut self, parcel: &Parcel, now: UtcMs, weather: Weather, random: &mut Seeded) {
        if random.below(1_000) < weather.lost_per_mille {
            return;
        }
        let times = 1 + u64::from(random.below(1_000) < weather.doubled_per_mille);
        for _ in 0..times {
            let delay = 1 + random.below(weather.delay_ms_max);
            let due = now.0 + i64::try_from(delay).expect("a short delay");
            self.sent += 1;
            self.queue.push(Reverse((due, self.sent)));
            self.parcels.insert(self.sent, parcel.clone());
        }
    }

    /// When the next parcel arrives.
    #[must_use]
    pub fn next_due(&self) -> Option<UtcMs> {
        self.queue.peek().map(|Reverse((due, _))| UtcMs(*due))
    }

    /// The parcel that has arrived by `now`, earliest first.
    pub fn take_due(&mut self, now: UtcMs) -> Option<Parcel> {
        if self.next_due()? > now {
            return None;
        }
        let Reverse((_, number)) = self.queue.pop()?;
        self.parcels.remove(&number)
    }
}
