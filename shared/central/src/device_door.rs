//! The door for devices: who signed a request, whether it is fresh and not seen before, and the
//! record of what was refused, at most one event a minute for each device and reason. Nonces and
//! counts live in memory; after a restart, requests that were signed before it are refused.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

use domain::id::DeviceId;
use domain::refusal::RefusalCode;
use domain::time::UtcMs;
use uuid::Uuid;
use wire::event::DeviceRefused;
use wire::problem::{Problem, ProblemCode};
use wire::sign::{REQUEST_SKEW_MS_MAX, RequestToSign, WireSignature};

use crate::store::{DeviceRecord, Live, Standing};

/// Most nonces of one device that are remembered: ten minutes of 33 requests a second, where a
/// device in use makes a few a minute. One that asks more shuts out itself and nobody else.
const DEVICE_NONCES_MAX: usize = 20_000;
/// Most nonces of all devices: about 100 MB. Fifty devices gone wild at once fill it.
const NONCES_MAX: usize = 1_000_000;
/// Longest nonce.
const NONCE_BYTES_MAX: usize = 64;
/// For so long a refusal of the same kind is only counted.
const REFUSALS_TOLD_EVERY_MS: i64 = 60_000;
/// Most kinds of refusals that are told apart; made-up device ids share one beyond it.
const REFUSAL_KINDS_MAX: usize = 500;

/// A request's signature with what it covers.
#[derive(Debug, Clone, Copy)]
pub struct Presented<'p> {
    /// What was signed.
    pub request: RequestToSign<'p>,
    /// The signature.
    pub signature: WireSignature,
}

/// The door.
#[derive(Debug)]
pub struct DeviceDoor {
    started_at: UtcMs,
    nonces: Mutex<Nonces>,
    refusals: Mutex<BTreeMap<(DeviceId, Reason), Refusals>>,
    last_seen: Mutex<BTreeMap<DeviceId, UtcMs>>,
}

/// Why something was refused, as the record says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reason {
    code: ProblemCode,
    refusal: Option<RefusalCode>,
}

impl From<ProblemCode> for Reason {
    fn from(code: ProblemCode) -> Self {
        let refusal = None;
        Self { code, refusal }
    }
}

impl From<&Problem> for Reason {
    fn from(problem: &Problem) -> Self {
        Self {
            code: problem.code,
            refusal: problem.refusal.as_ref().map(|refusal| refusal.code),
        }
    }
}

#[derive(Debug, Default)]
struct Nonces {
    until: HashMap<DeviceId, HashMap<String, UtcMs>>,
    count: usize,
    swept_at: UtcMs,
}

#[derive(Debug, Clone, Copy)]
struct Refusals {
    told_at: UtcMs,
    more_times: u32,
}

impl DeviceDoor {
    /// A door that has seen nothing; the process started at `started_at`.
    #[must_use]
    pub fn new(started_at: UtcMs) -> Self {
        let (nonces, refusals, last_seen) = Default::default();
        Self {
            started_at,
            nonces,
            refusals,
            last_seen,
        }
    }

    /// Lets a device in.
    ///
    /// # Errors
    /// The stable code says why not.
    pub fn admit(
        &self,
        live: &Live,
        presented: &Presented<'_>,
        now: UtcMs,
    ) -> Result<Arc<DeviceRecord>, Problem> {
        let request = &presented.request;
        let Some(record) = live.devices.get(&request.device) else {
            return Err(refuse(ProblemCode::DeviceUnknown, "这台设备没有登记。"));
        };
        if record.standing == Standing::Revoked {
            return Err(revoked());
        }
        if !record.verifier.signed_request(request, presented.signature) {
            return Err(refuse(ProblemCode::SignatureInvalid, "请求的签名不对。"));
        }
        let is_off = now.ms_since(request.time).abs() > REQUEST_SKEW_MS_MAX;
        if is_off || request.time < self.started_at {
            return Err(refuse(
                ProblemCode::ClockSkew,
                "设备的时钟不准，请按服务器时间校正。",
            ));
        }
        self.use_nonce(request.device, request.nonce, now)?;
        self.last_seen
            .lock()
            .expect(LOCK)
            .insert(request.device, now);
        Ok(Arc::clone(record))
    }

    /// The last admitted request of a device since the start.
    #[must_use]
    pub fn last_seen(&self, device: DeviceId) -> Option<UtcMs> {
        self.last_seen.lock().expect(LOCK).get(&device).copied()
    }

    /// Counts a refusal. Returns the event that must be recorded now, if one must.
    #[must_use]
    pub fn refused(&self, device: DeviceId, reason: Reason, now: UtcMs) -> Option<DeviceRefused> {
        let mut refusals = self.refusals.lock().expect(LOCK);
        let is_new = !refusals.contains_key(&(device, reason));
        let is_full = is_new && refusals.len() >= REFUSAL_KINDS_MAX;
        let device = if is_full {
            DeviceId(Uuid::nil())
        } else {
            device
        };
        if let Some(counted) = refusals.get_mut(&(device, reason))
            && now.ms_since(counted.told_at) < REFUSALS_TOLD_EVERY_MS
        {
            counted.more_times = counted.more_times.saturating_add(1);
            return None;
        }
        let before = refusals.insert(
            (device, reason),
            Refusals {
                told_at: now,
                more_times: 0,
            },
        );
        let more_times = before.map_or(0, |before| before.more_times);
        let Reason { code, refusal } = reason;
        Some(DeviceRefused {
            device,
            code,
            refusal,
            more_times,
        })
    }

    /// The counts whose minute is over, as events; they are then forgotten.
    #[must_use]
    pub fn settle_refusals(&self, now: UtcMs) -> Vec<DeviceRefused> {
        let mut refusals = self.refusals.lock().expect(LOCK);
        let mut due = Vec::new();
        refusals.retain(|(device, reason), counted| {
            let is_over = now.ms_since(counted.told_at) >= REFUSALS_TOLD_EVERY_MS;
            if is_over && counted.more_times > 0 {
                let more_times = counted.more_times - 1;
                due.push(DeviceRefused {
                    device: *device,
                    code: reason.code,
                    refusal: reason.refusal,
                    more_times,
                });
            }
            !is_over
        });
        due
    }

    fn use_nonce(&self, device: DeviceId, nonce: &str, now: UtcMs) -> Result<(), Problem> {
        if nonce.is_empty() || nonce.len() > NONCE_BYTES_MAX {
            return Err(refuse(ProblemCode::BadRequest, "请求缺少一次性编号。"));
        }
        let mut nonces = self.nonces.lock().expect(LOCK);
        if now.ms_since(nonces.swept_at) > REQUEST_SKEW_MS_MAX {
            nonces.sweep(now);
        }
        nonces.insert(device, nonce, now)
    }
}

impl Nonces {
    fn sweep(&mut self, now: UtcMs) {
        self.until.retain(|_, of_device| {
            of_device.retain(|_, until| *until >= now);
            !of_device.is_empty()
        });
        self.count = self.until.values().map(HashMap::len).sum();
        self.swept_at = now;
    }

    fn insert(&mut self, device: DeviceId, nonce: &str, now: UtcMs) -> Result<(), Problem> {
        let is_full = self.count >= NONCES_MAX;
        let of_device = self.until.entry(device).or_default();
        if of_device.contains_key(nonce) {
            return Err(refuse(ProblemCode::Replayed, "这个请求已经收到过。"));
        }
        if is_full || of_device.len() >= DEVICE_NONCES_MAX {
            return Err(refuse(ProblemCode::TooMany, "请求太多，请稍等再试。"));
        }
        of_device.insert(nonce.to_owned(), now.plus_ms(2 * REQUEST_SKEW_MS_MAX));
        self.count += 1;
        Ok(())
    }
}

const LOCK: &str = "the door's lock, because no holder panics";

/// What a device without rights is told.
pub(crate) fn revoked() -> Problem {
    refuse(ProblemCode::DeviceRevoked, "这台设备已停用。")
}

fn refuse(code: ProblemCode, sentence: &str) -> Problem {
    Problem::new(code, sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_of_a_minute_become_one_event_with_their_count() {
        let door = DeviceDoor::new(UtcMs(0));
        let device = DeviceId(Uuid::from_u128(1));
        let refused = |ms| door.refused(device, ProblemCode::Replayed.into(), UtcMs(ms));
        assert_eq!(refused(0).unwrap().more_times, 0);
        assert_eq!(refused(1_000), None);
        assert_eq!(refused(59_999), None);
        let settled = door.settle_refusals(UtcMs(60_000));
        assert_eq!(
            settled
                .iter()
                .map(|event| event.more_times)
                .collect::<Vec<_>>(),
            [1]
        );
        assert!(door.settle_refusals(UtcMs(200_000)).is_empty());
        assert_eq!(refused(200_000).unwrap().more_times, 0);
    }

    #[test]
    fn a_device_that_asks_without_end_shuts_out_itself_only() {
        let door = DeviceDoor::new(UtcMs(0));
        let [wild, other] = [1, 2].map(|n| DeviceId(Uuid::from_u128(n)));
        let code_of = |used: Result<(), Problem>| used.err().map(|problem| problem.code);
        for n in 0..DEVICE_NONCES_MAX {
            door.use_nonce(wild, &n.to_string(), UtcMs(1)).unwrap();
        }
        let one_more = door.use_nonce(wild, "one more", UtcMs(1));
        assert_eq!(code_of(one_more), Some(ProblemCode::TooMany));
        assert_eq!(code_of(door.use_nonce(other, "7", UtcMs(1))), None);
        let replayed = door.use_nonce(other, "7", UtcMs(2));
        assert_eq!(code_of(replayed), Some(ProblemCode::Replayed));
        let later = UtcMs(2 * REQUEST_SKEW_MS_MAX + 2);
        assert_eq!(code_of(door.use_nonce(wild, "one more", later)), None);
    }

    #[test]
    fn made_up_device_ids_cannot_fill_the_record() {
        let door = DeviceDoor::new(UtcMs(0));
        let events = (0..2_000_u128).filter_map(|n| {
            door.refused(
                DeviceId(Uuid::from_u128(n + 1)),
                ProblemCode::DeviceUnknown.into(),
                UtcMs(5),
            )
        });
        assert_eq!(events.count(), REFUSAL_KINDS_MAX + 1);
    }
}
