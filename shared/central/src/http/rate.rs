//! How often a peer and a device may ask: token buckets in bounded memory, asked before the body
//! is read, before any signature is checked and before anything touches the disk. Time is an
//! argument.

use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::id::DeviceId;
use wire::problem::{Problem, ProblemCode};
use wire::sign::header;

use crate::app_state::AppState;
use crate::config::Limits;

use super::problem_answer::Refused;

/// Most peers, and most devices, that are told apart; those beyond share one bucket.
const KEYS_MAX: usize = 10_000;
/// A bucket holds what flows in within this time.
const BURST: Duration = Duration::from_secs(2);
/// Full buckets are forgotten so often.
const SWEEP_EVERY: Duration = Duration::from_secs(1);

/// The address at the other end of the connection. Absent where there is no connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Peer(IpAddr);

impl Peer {
    /// A peer by its address; of IPv6 the network counts, which is what one subscriber is given.
    #[must_use]
    pub fn of(address: IpAddr) -> Self {
        let address = address.to_canonical();
        Self(match address {
            IpAddr::V4(_) => address,
            IpAddr::V6(address) => {
                let network = address.to_bits() & (u128::MAX << 64);
                IpAddr::V6(Ipv6Addr::from_bits(network))
            }
        })
    }
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Token buckets, one per key.
#[derive(Debug)]
pub struct Buckets<K> {
    per_s: f64,
    filled: HashMap<Option<K>, Bucket>,
    swept_at: Option<Instant>,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    tokens: f64,
    at: Instant,
}

impl<K: Eq + Hash> Buckets<K> {
    /// Buckets into which `per_s` tokens flow every second.
    #[must_use]
    pub fn new(per_s: u32) -> Self {
        Self {
            per_s: f64::from(per_s),
            filled: HashMap::new(),
            swept_at: None,
        }
    }

    /// Takes a token.
    ///
    /// # Errors
    /// How long it takes until there is one again.
    pub fn take(&mut self, key: K, now: Instant) -> Result<(), Duration> {
        self.sweep(now);
        let key = Some(key);
        let is_crowded = self.filled.len() >= KEYS_MAX && !self.filled.contains_key(&key);
        let key = if is_crowded { None } else { key };
        let (per_s, full) = (self.per_s, self.full());
        let bucket = self.filled.entry(key).or_insert(Bucket {
            tokens: full,
            at: now,
        });
        let flowed = now.saturating_duration_since(bucket.at).as_secs_f64() * per_s;
        bucket.tokens = (bucket.tokens + flowed).min(full);
        bucket.at = now;
        if bucket.tokens >= 1.0 {
            bucket.tokens -= 1.0;
            Ok(())
        } else {
            Err(Duration::from_secs_f64((1.0 - bucket.tokens) / per_s))
        }
    }

    /// How many keys are remembered.
    #[must_use]
    pub fn len(&self) -> usize {
        self.filled.len()
    }

    /// Whether no key is remembered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.filled.is_empty()
    }

    fn full(&self) -> f64 {
        (self.per_s * BURST.as_secs_f64()).max(1.0)
    }

    /// A bucket that is full again says nothing.
    fn sweep(&mut self, now: Instant) {
        let is_due = self
            .swept_at
            .is_none_or(|at| now.saturating_duration_since(at) >= SWEEP_EVERY);
        if is_due {
            self.swept_at = Some(now);
            self.filled
                .retain(|_, bucket| now.saturating_duration_since(bucket.at) < BURST);
        }
    }
}

/// The limits of the service.
#[derive(Debug)]
pub struct RateLimits {
    peers: Mutex<Buckets<Peer>>,
    /// A device by its claim and its peer: nobody empties the bucket of a device elsewhere.
    devices: Mutex<Buckets<(Peer, DeviceId)>>,
}

impl RateLimits {
    /// As configured.
    #[must_use]
    pub fn new(limits: &Limits) -> Self {
        Self {
            peers: Mutex::new(Buckets::new(limits.peer_requests_per_s)),
            devices: Mutex::new(Buckets::new(limits.device_requests_per_s)),
        }
    }

    fn take(&self, peer: Peer, device: Option<DeviceId>, now: Instant) -> Result<(), Duration> {
        if let Some(device) = device {
            self.devices.lock().expect(LOCK).take((peer, device), now)?;
        }
        self.peers.lock().expect(LOCK).take(peer, now)
    }
}

const LOCK: &str = "the buckets' lock, because no holder panics";

/// The known device that a request claims to come from. A claim is no proof.
pub(super) fn claimed_device(app: &AppState, request: &Request) -> Option<DeviceId> {
    let claim = request.headers().get(header::DEVICE)?;
    let device = claim.to_str().ok()?.parse().ok()?;
    let live = app.inner.store.live();
    live.devices.contains_key(&device).then_some(device)
}

/// Turns away who asks too often.
pub(super) async fn limited(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let Some(peer) = request.extensions().get::<Peer>().copied() else {
        return next.run(request).await;
    };
    let device = claimed_device(&app, &request);
    match app.inner.rates.take(peer, device, Instant::now()) {
        Ok(()) => next.run(request).await,
        Err(_) => {
            let problem = Problem::new(ProblemCode::TooMany, "请求太多，请稍等再试。");
            Refused(problem).into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_gets_its_burst_then_its_rate_and_another_key_is_not_touched() {
        let (mut buckets, start) = (Buckets::new(10), Instant::now());
        let taken = (0..100)
            .filter(|_| buckets.take('a', start).is_ok())
            .count();
        assert_eq!(taken, 20);
        assert!(buckets.take('b', start).is_ok());
        let wait = buckets.take('a', start).unwrap_err();
        assert!(wait <= Duration::from_millis(100));
        let later = start + Duration::from_secs(1);
        let taken = (0..100)
            .filter(|_| buckets.take('a', later).is_ok())
            .count();
        assert_eq!(taken, 10);
    }

    #[test]
    fn however_many_keys_ask_the_memory_is_bounded_and_full_buckets_are_forgotten() {
        let (mut buckets, start) = (Buckets::new(1), Instant::now());
        for key in 0..5 * KEYS_MAX {
            let _ = buckets.take(key, start);
        }
        assert_eq!(buckets.len(), KEYS_MAX + 1);
        assert!(
            buckets.take(5 * KEYS_MAX, start).is_err(),
            "the shared bucket is empty"
        );
        assert!(buckets.take(1, start + BURST).is_ok());
        assert_eq!(buckets.len(), 1);
    }

    #[test]
    fn one_subscriber_cannot_pose_as_many_by_its_ipv6_addresses() {
        let peer = |text: &str| Peer::of(text.parse().unwrap());
        assert_eq!(peer("2001:db8::1"), peer("2001:db8::ffff"));
        assert_ne!(peer("2001:db8::1"), peer("2001:db8:0:1::1"));
        assert_eq!(peer("::ffff:10.0.0.1"), peer("10.0.0.1"));
    }
}
