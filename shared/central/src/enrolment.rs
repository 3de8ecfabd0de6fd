//! Making a machine a device: a one-time code says what it becomes, its own key stays with it.

use domain::id::DeviceId;
use domain::time::UtcMs;
use sha2::{Digest, Sha256};
use wire::api::{EnrolRequest, Enrolled};
use wire::event::{DeviceEnrolled, DeviceKeyRotated, Event};
use wire::problem::{Problem, ProblemCode};
use wire::status::RotateKey;

use crate::app_state::AppState;
use crate::edge;
use crate::ingest;
use crate::store::{DeviceRecord, EnrolmentCode, Store, StoreError};

/// How long a code may be used.
pub(crate) const CODE_VALID_MS: i64 = 24 * 3_600_000;
const CODE_DIGITS: u64 = 100_000_000;
/// Wrong codes per minute, from anywhere, after which enrolment waits: eight digits must not be
/// guessed within the day that a code lives.
const WRONG_CODES_MAX: u32 = 10;

/// Keeps a new code and returns its digits, which are nowhere else.
///
/// # Errors
/// A fault of storage.
pub(crate) fn make_code(
    store: &Store,
    code: EnrolmentCode,
    now: UtcMs,
) -> Result<String, StoreError> {
    let number = u64::from_be_bytes(edge::random_bytes()) % CODE_DIGITS;
    let digits = format!("{number:08}");
    let hash = code_hash(&digits);
    store.write_blocking(move |write| write.keep_enrolment_code(hash, &code, now))?;
    Ok(digits)
}

/// Counts wrong codes, in memory.
#[derive(Debug, Default)]
pub(crate) struct WrongCodes {
    count_since: std::sync::Mutex<(u32, UtcMs)>,
}

impl WrongCodes {
    fn allows(&self, now: UtcMs) -> bool {
        let mut count_since = self.count_since.lock().expect(LOCK);
        if now.ms_since(count_since.1) >= 60_000 {
            *count_since = (0, now);
        }
        count_since.0 < WRONG_CODES_MAX
    }

    fn count(&self) {
        let mut count_since = self.count_since.lock().expect(LOCK);
        count_since.0 = count_since.0.saturating_add(1);
    }
}

const LOCK: &str = "the count of wrong codes, because no holder panics";

/// Enrols a machine.
///
/// # Errors
/// `EnrolmentCodeInvalid` for a wrong, used or expired code; `TooMany` after many wrong ones.
pub(crate) async fn enrol(app: &AppState, request: EnrolRequest) -> Result<Enrolled, Problem> {
    let now = app.now();
    if !app.inner.wrong_codes.allows(now) {
        return Err(Problem::new(
            ProblemCode::TooMany,
            "登记码错得太多，请过一分钟再试。",
        ));
    }
    let (hash, public_key) = (code_hash(request.code.trim()), request.public_key);
    let device = DeviceId(edge::new_uuid(now));
    let enrolled = app.inner.store.write(move |write| {
        let code = write.reader().enrolment_code(hash)?;
        let Some(code) = code.filter(|code| now <= code.expires_at) else {
            return Ok(None);
        };
        let EnrolmentCode {
            name, kind, hall, ..
        } = code;
        let body = DeviceEnrolled {
            device,
            name,
            kind,
            hall,
            public_key,
        };
        write.append(&Event::DeviceEnrolled(body.clone()), now)?;
        write.use_enrolment_code(hash, device)?;
        Ok(Some(body))
    });
    let Some(DeviceEnrolled {
        device,
        name,
        kind,
        hall,
        ..
    }) = enrolled.await?
    else {
        app.inner.wrong_codes.count();
        let sentence = "登记码不对，或者已经用过、过期了，请重新要一个。";
        return Err(Problem::new(ProblemCode::EnrolmentCodeInvalid, sentence));
    };
    Ok(Enrolled {
        device,
        name,
        kind,
        hall,
        public_url: app.public_url().to_owned(),
    })
}

/// Lets a device go by the key that it proves to have. The same key again changes nothing.
///
/// # Errors
/// `SignatureInvalid` without that proof; `ChainGap` when the device does not know its chain's end.
pub(crate) async fn rotate_key(
    app: &AppState,
    device: &DeviceRecord,
    asked: RotateKey,
) -> Result<(), Problem> {
    let (id, now) = (device.device, app.now());
    let RotateKey {
        public_key,
        tail,
        signature,
    } = asked;
    if !public_key.signed_tail(id, tail, signature) {
        return Err(ingest::unsigned());
    }
    let rotated = app.inner.store.write(move |write| {
        let head = write.live().head_of(id);
        if head != tail {
            return Ok(Err(ingest::gap(head)));
        }
        let event = DeviceKeyRotated {
            device: id,
            public_key,
        };
        write.append(&Event::DeviceKeyRotated(event), now)?;
        Ok(Ok(()))
    });
    rotated.await?
}

fn code_hash(digits: &str) -> [u8; 32] {
    Sha256::digest(digits.as_bytes()).into()
}
