//! Who plays a WAV: the platform's player on its standard input, or nobody.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use super::phrases::duration;
use super::program::{Program, ProgramError};

/// How much longer than the sound a player may take.
const PLAYER_SLACK: Duration = Duration::from_secs(5);

/// A sound being played; dropped, it is broken off.
pub type Playing<'a> = Pin<Box<dyn Future<Output = Result<(), ProgramError>> + Send + 'a>>;

/// Plays sounds.
pub trait Player: Send + Sync {
    /// Plays a WAV; ready when it has ended.
    fn play<'a>(&'a self, wav: &'a [u8]) -> Playing<'a>;
}

/// Without a loudspeaker.
#[derive(Debug, Clone, Copy, Default)]
pub struct Muted;

impl Player for Muted {
    fn play<'a>(&'a self, _wav: &'a [u8]) -> Playing<'a> {
        Box::pin(async { Ok(()) })
    }
}

/// A program that takes a WAV on its standard input: `["aplay", "-q"]`, `["pw-play", "-"]`.
#[derive(Debug, Clone)]
pub struct ProgramPlayer(pub Program);

impl Player for ProgramPlayer {
    fn play<'a>(&'a self, wav: &'a [u8]) -> Playing<'a> {
        let within = duration(wav).unwrap_or_default() + PLAYER_SLACK;
        Box::pin(self.0.run_on(wav, within))
    }
}
