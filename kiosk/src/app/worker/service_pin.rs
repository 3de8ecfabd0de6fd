//! The PIN of the service page: its hash and the misses, in one file of the data directory. A wrong
//! PIN waits longer every time, also over a restart.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use domain::time::UtcMs;
use serde::{Deserialize, Serialize};

use crate::app::service::{PIN_DIGITS, PinAnswer};

const FILE: &str = "service-pin.json";
/// Memory of one hash in KiB and passes over it: OWASP's floor for argon2id.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
/// Misses that cost nothing: fingers slip.
const FREE_MISSES: u32 = 2;
/// The wait after the next miss; twice as long after each one more.
const WAIT_FIRST: Duration = Duration::from_secs(30);
const WAIT_MAX: Duration = Duration::from_hours(1);

#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    /// argon2id, as a PHC string.
    hash: String,
    /// Wrong ones in a row.
    misses: u32,
    /// When the last one was, on the device's clock.
    last_miss: Option<UtcMs>,
}

/// Why a PIN could not be set.
#[derive(Debug, thiserror::Error)]
pub enum PinError {
    /// It is not a PIN.
    #[error("维护密码是 6 到 12 个数字，不能全是同一个数字，也不能是连号")]
    TooSimple,
    /// It could not be hashed.
    #[error("密码算不出来：{0}")]
    Hash(String),
    /// It could not be stored.
    #[error("写不进 {path}：{source}")]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Sets the PIN of the machine whose data is in `dir`. Slow on purpose.
///
/// # Errors
/// [`PinError`]; the old PIN stays.
pub fn set(dir: &Path, pin: &str) -> Result<(), PinError> {
    if !is_good(pin) {
        return Err(PinError::TooSimple);
    }
    let hashed = argon2id().map(|hasher| hasher.hash_password(pin.as_bytes()));
    let hash = hashed
        .map_err(|error| PinError::Hash(error.to_string()))?
        .map_err(|error| PinError::Hash(error.to_string()))?;
    let kept = Kept {
        hash: hash.to_string(),
        misses: 0,
        last_miss: None,
    };
    write(dir, &kept).map_err(|source| PinError::Write {
        path: dir.join(FILE),
        source,
    })
}

/// Whether `pin` is the one, and keeps count. Slow on purpose.
#[must_use]
pub fn check(dir: &Path, pin: &str, now: UtcMs) -> PinAnswer {
    let mut kept = match read(dir) {
        Ok(Some(kept)) => kept,
        Ok(None) => return PinAnswer::NotSet,
        Err(error) => {
            tracing::error!(%error, "the PIN of the service page cannot be read");
            return PinAnswer::Unreadable;
        }
    };
    let left = left(&kept, now);
    if !left.is_zero() {
        return PinAnswer::Wait(left);
    }
    let is_right = matches(&kept.hash, pin);
    kept.misses = if is_right {
        0
    } else {
        kept.misses.saturating_add(1)
    };
    kept.last_miss = (!is_right).then_some(now);
    // A miss that cannot be counted would let somebody try for ever.
    if let Err(error) = write(dir, &kept) {
        tracing::error!(%error, "a try of the service page cannot be counted");
        return PinAnswer::Unreadable;
    }
    if is_right {
        PinAnswer::Right
    } else {
        PinAnswer::Wrong(wait_after(kept.misses))
    }
}

fn is_good(pin: &str) -> bool {
    let digits = pin.as_bytes();
    let steps = |step: i16| {
        digits
            .windows(2)
            .all(|pair| i16::from(pair[1]) - i16::from(pair[0]) == step)
    };
    let is_digits = digits.iter().all(u8::is_ascii_digit);
    PIN_DIGITS.contains(&digits.len()) && is_digits && ![0, 1, -1].into_iter().any(steps)
}

fn wait_after(misses: u32) -> Duration {
    match misses.checked_sub(FREE_MISSES + 1) {
        None => Duration::ZERO,
        Some(doublings) => WAIT_FIRST
            .saturating_mul(1_u32.checked_shl(doublings).unwrap_or(u32::MAX))
            .min(WAIT_MAX),
    }
}

/// How long a wrong one still waits. A clock that went back makes nobody wait longer than once.
fn left(kept: &Kept, now: UtcMs) -> Duration {
    let Some(last) = kept.last_miss else {
        return Duration::ZERO;
    };
    let wait = wait_after(kept.misses);
    let passed = u64::try_from(now.ms_since(last)).unwrap_or(0);
    wait.saturating_sub(Duration::from_millis(passed))
}

fn argon2id() -> Result<Argon2<'static>, argon2::Error> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn matches(hash: &str, pin: &str) -> bool {
    let (Ok(hash), Ok(argon2id)) = (PasswordHash::new(hash), argon2id()) else {
        return false;
    };
    argon2id.verify_password(pin.as_bytes(), &hash).is_ok()
}

fn read(dir: &Path) -> io::Result<Option<Kept>> {
    match fs::read_to_string(dir.join(FILE)) {
        Ok(text) => serde_json::from_str(&text)
            .map(Some)
            .map_err(io::Error::other),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Beside, then in its place, so that a power cut leaves the old one.
fn write(dir: &Path, kept: &Kept) -> io::Result<()> {
    let text = serde_json::to_string(kept).map_err(io::Error::other)?;
    let beside = dir.join(format!("{FILE}.new"));
    let mut file: File = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(beside, dir.join(FILE))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    const NOW: UtcMs = UtcMs(1_795_400_640_000);

    #[test]
    fn the_right_pin_opens_and_no_other_does() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(check(dir.path(), "471108", NOW), PinAnswer::NotSet);
        set(dir.path(), "471108").unwrap();
        assert_eq!(check(dir.path(), "471108", NOW), PinAnswer::Right);
        let wrong = check(dir.path(), "471109", NOW);
        assert_eq!(wrong, PinAnswer::Wrong(Duration::ZERO));
    }

    #[test]
    fn the_third_miss_waits_and_every_one_after_it_twice_as_long() {
        let dir = tempfile::tempdir().unwrap();
        set(dir.path(), "471108").unwrap();
        for _ in 0..2 {
            let _ = check(dir.path(), "000000", NOW);
        }
        let third = check(dir.path(), "000000", NOW);
        assert_eq!(third, PinAnswer::Wrong(Duration::from_secs(30)));
        let at_once = check(dir.path(), "471108", NOW.plus_ms(10_000));
        assert_eq!(at_once, PinAnswer::Wait(Duration::from_secs(20)));
        let fourth = check(dir.path(), "000000", NOW.plus_ms(30_000));
        assert_eq!(fourth, PinAnswer::Wrong(Duration::from_mins(1)));
        let right = check(dir.path(), "471108", NOW.plus_ms(90_000));
        assert_eq!(right, PinAnswer::Right);
        assert_eq!(wait_after(40), WAIT_MAX);
    }

    #[test]
    fn the_file_is_for_the_program_alone_and_holds_no_pin() {
        let dir = tempfile::tempdir().unwrap();
        set(dir.path(), "471108").unwrap();
        let file = dir.path().join(FILE);
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert!(!fs::read_to_string(&file).unwrap().contains("471108"));
    }

    #[test]
    fn simple_pins_are_refused() {
        for simple in [
            "12345",
            "123456",
            "654321",
            "777777",
            "4711a8",
            "4711084711084",
        ] {
            assert!(!is_good(simple), "{simple}");
        }
    }

    #[test]
    fn a_broken_file_opens_nothing() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(FILE), "{").unwrap();
        assert_eq!(check(dir.path(), "471108", NOW), PinAnswer::Unreadable);
    }
}
