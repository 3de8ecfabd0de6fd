//! The edge of the process: its clock and its source of randomness. Everything below gets times,
//! ids and random bytes as arguments or asks the [`Clock`] that it was given.

use std::sync::Arc;

use domain::id::CheckCode;
use domain::rating::TicketSecret;
use domain::time::UtcMs;
use uuid::{Builder, Uuid};

/// Where the service gets the time from; a test gives its own.
pub type Clock = Arc<dyn Fn() -> UtcMs + Send + Sync>;

/// Where keys and nonces come from: fills the bytes with randomness. A test gives its own.
pub type Entropy = fn(&mut [u8]);

/// The operating system's clock.
#[must_use]
pub fn system_clock() -> Clock {
    Arc::new(|| UtcMs(chrono::Utc::now().timestamp_millis()))
}

/// Random bytes of the operating system.
///
/// # Panics
/// When the operating system has no randomness: nothing can be signed or issued then.
#[must_use]
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    fill_random(&mut bytes);
    bytes
}

/// [`Entropy`] of the operating system.
///
/// # Panics
/// As [`random_bytes`].
pub fn fill_random(bytes: &mut [u8]) {
    getrandom::fill(bytes)
        .expect("random bytes, because every supported system has a random source");
}

/// A new UUIDv7 of the instant `now`.
#[must_use]
pub fn new_uuid(now: UtcMs) -> Uuid {
    let millis = u64::try_from(now.0).unwrap_or(0);
    Builder::from_unix_timestamp_millis(millis, &random_bytes()).into_uuid()
}

/// The secrets of a slip: the token of its QR code and the four digits beside its number.
#[must_use]
pub fn ticket_secrets() -> (TicketSecret, TicketSecret) {
    let code = u32::from_le_bytes(random_bytes());
    (
        TicketSecret::token(random_bytes()),
        TicketSecret::code(code),
    )
}

/// What a document is checked by. 53 bits, which nobody guesses one page at a time; what the page
/// says is not personal.
///
/// # Panics
/// As [`random_bytes`].
#[must_use]
pub fn check_code() -> CheckCode {
    const CODES: u64 = 10_000_000_000_000_000;
    let number = u64::from_le_bytes(random_bytes()) % CODES;
    CheckCode::new(format!("{number:016}"))
        .expect("sixteen digits, because it is below their count")
}

/// A secret of 256 bits as hex: session cookies, CSRF tokens.
#[must_use]
pub fn new_secret() -> String {
    hex::encode(random_bytes::<32>())
}
