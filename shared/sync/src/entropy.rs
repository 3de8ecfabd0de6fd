//! Randomness of the operating system, for ids, keys, nonces, tokens and the jitter of retries.
//! The only place in the devices that draws any; everything below gets it as an argument.

use domain::time::UtcMs;
use uuid::{Builder, Uuid};

/// `N` random bytes.
#[must_use]
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .expect("random bytes, because every supported system has a random source");
    bytes
}

/// A number from 0 to 999, the draw of a jittered delay.
#[must_use]
pub fn random_per_mille() -> u32 {
    u32::from_le_bytes(random_bytes()) % 1_000
}

/// A new UUIDv7 made at `now`.
#[must_use]
pub fn new_uuid(now: UtcMs) -> Uuid {
    let millis = u64::try_from(now.0).unwrap_or_default();
    Builder::from_unix_timestamp_millis(millis, &random_bytes()).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_id_carries_its_time_and_differs_from_the_next() {
        let now = UtcMs(1_700_000_000_123);
        let (one, other) = (new_uuid(now), new_uuid(now));
        assert_ne!(one, other);
        assert_eq!(one.get_version_num(), 7);
        let (seconds, nanos) = one.get_timestamp().unwrap().to_unix();
        assert_eq!((seconds, nanos), (1_700_000_000, 123_000_000));
        assert!((0..100).all(|_| random_per_mille() < 1_000));
    }
}
