//! A port: opening, reading, writing, and telling "unplugged" from "silent"
//! (`serial-transport.md` §4, §5).
//!
//! Raw and exclusive; two programs never share a port. Never flushes: a flush blocks the runtime's
//! thread for as long as the bytes are on the wire, so whoever waits for the wire computes its time.
//! Most RS-485 adapters switch direction in hardware. One whose kernel driver has to be told to (TIOCSRS485)
//! is not told here: neither serial crate offers the call and this program has no unsafe code, so such a
//! port is set up by the system (`rs485` in its device tree, or `rs485conf` before the driver starts). DTR
//! and RTS are left alone unless somebody says otherwise, which also suits pseudo-terminals, that have
//! neither. A TCP line whose far end vanished without a word is only
//! silent until the next write is refused; the link's time-outs see to its boards meanwhile.

mod address;
mod latency;
mod line;

use std::io;
use std::time::Duration;

use tokio::time::{Instant, timeout};

pub use address::{NotAnAddress, PortAddress, PortSettings, TcpAddress, Wires};
use line::Line;

/// Read at most this much at a time; also bounds what a decoder has to hold.
pub const READ_BYTES_MAX: usize = 4096;
/// After opening, the line has to be silent for so long.
const SILENCE: Duration = Duration::from_millis(50);
/// But nobody waits longer than this for silence.
const SILENCE_WAIT_MAX: Duration = Duration::from_secs(1);
/// A kernel buffer that stays full for so long belongs to a dead port.
const WRITE_WAIT_MAX: Duration = Duration::from_secs(5);
const BACKOFF_BASE: Duration = Duration::from_millis(250);
const BACKOFF_CAP: Duration = Duration::from_secs(5);

/// Why a port cannot be used. Each of them ends in reopening.
#[derive(Debug, thiserror::Error)]
pub enum PortFault {
    /// Another program has it.
    #[error("The port {port} is in use by another program.")]
    InUse {
        /// Which port.
        port: PortAddress,
    },
    /// It cannot be opened: missing, not permitted, nobody listens, nobody answers in time.
    #[error("The port {port} cannot be opened: {cause}.")]
    Open {
        /// Which port.
        port: PortAddress,
        /// Why.
        cause: io::Error,
    },
    /// It went away while it was open: a pulled plug, an end of file, a reset connection.
    #[error("The port was unplugged: {0}.")]
    Unplugged(io::Error),
    /// It takes no bytes any more.
    #[error("The port takes no bytes any more.")]
    Blocked,
}

/// An open port.
#[derive(Debug)]
pub struct Port {
    line: Line,
}

impl Port {
    /// Opens a port, throws away what was waiting in it and waits for silence.
    ///
    /// # Errors
    /// [`PortFault::InUse`] and [`PortFault::Open`]; [`PortFault::Unplugged`] when it goes at once.
    pub async fn open(settings: &PortSettings) -> Result<Self, PortFault> {
        let mut port = Self {
            line: Line::open(settings).await?,
        };
        port.wait_for_silence().await?;
        Ok(port)
    }

    /// Waits for bytes. Safe to cancel.
    ///
    /// # Errors
    /// [`PortFault::Unplugged`].
    pub async fn read(&mut self) -> Result<Vec<u8>, PortFault> {
        let mut buffer = vec![0; READ_BYTES_MAX];
        match self.line.read(&mut buffer).await {
            // A line that is only silent keeps us waiting; an end of file means that it is gone.
            Ok(0) => Err(PortFault::Unplugged(io::ErrorKind::UnexpectedEof.into())),
            Ok(count) => {
                buffer.truncate(count);
                Ok(buffer)
            }
            Err(cause) => Err(PortFault::Unplugged(cause)),
        }
    }

    /// Hands bytes to the kernel; they are on the wire later.
    ///
    /// # Errors
    /// [`PortFault::Unplugged`] and [`PortFault::Blocked`].
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), PortFault> {
        match timeout(WRITE_WAIT_MAX, self.line.write_all(bytes)).await {
            Ok(written) => written.map_err(PortFault::Unplugged),
            Err(_) => Err(PortFault::Blocked),
        }
    }

    async fn wait_for_silence(&mut self) -> Result<(), PortFault> {
        let give_up_at = Instant::now() + SILENCE_WAIT_MAX;
        while Instant::now() < give_up_at {
            match timeout(SILENCE, self.read()).await {
                Ok(noise) => drop(noise?),
                Err(_) => return Ok(()),
            }
        }
        Ok(())
    }
}

/// How long to wait before opening again: drawn from 0 to a bound that doubles (full jitter).
#[must_use]
pub fn backoff(attempt: u32, random: u64) -> Duration {
    let doubled = BACKOFF_BASE.saturating_mul(2u32.saturating_pow(attempt.min(16)));
    let bound_us = u64::try_from(doubled.min(BACKOFF_CAP).as_micros()).unwrap_or(u64::MAX);
    Duration::from_micros(random % (bound_us + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_five_seconds_and_are_drawn_from_zero() {
        let longest = |attempt| (0..200_000).map(|n| backoff(attempt, n * 37)).max();
        assert!(longest(0).is_some_and(|pause| pause <= Duration::from_millis(250)));
        assert!(longest(1).is_some_and(|pause| pause > Duration::from_millis(490)));
        assert!(longest(u32::MAX).is_some_and(|pause| pause <= BACKOFF_CAP));
        assert_eq!(backoff(9, 0), Duration::ZERO);
    }
}
