//! The hall's loudspeaker: one sentence at a time, through whatever program the installer names.
//!
//! Two kinds: a program that speaks, which gets the sentence as its last argument; or clips of our own
//! (`assets/sounds`), joined and given to a player's standard input. How loud and at which hour is that
//! program's business. Which sentence, and when, is decided elsewhere ([`crate::app::voice`]).

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use kiosk_peripherals::sound::{Phrases, PlanFault, Player, ProgramError};

pub use kiosk_peripherals::sound::Program as VoiceCommand;

/// A sentence takes four or five seconds. A program that hangs must not make the hall mute for long.
const SAY_WITHIN: Duration = Duration::from_secs(20);

/// A sentence being said; dropped, it is broken off.
pub type Saying<'a> = Pin<Box<dyn Future<Output = Result<(), VoiceError>> + Send + 'a>>;

/// Says sentences aloud.
pub trait Speaker: Send + Sync {
    /// Says a sentence; ready when it has ended.
    fn say<'a>(&'a self, sentence: &'a str) -> Saying<'a>;
}

/// Why a sentence was not heard.
#[derive(Debug, thiserror::Error)]
pub enum VoiceError {
    /// The program did not do its work.
    #[error(transparent)]
    Program(#[from] ProgramError),
    /// There are no clips for it.
    #[error(transparent)]
    NoClips(#[from] PlanFault),
}

/// A hall without a loudspeaker: nothing is heard.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silence;

impl Speaker for Silence {
    fn say<'a>(&'a self, _sentence: &'a str) -> Saying<'a> {
        Box::pin(async { Ok(()) })
    }
}

/// Says sentences by running a program for each.
#[derive(Debug, Clone)]
pub struct ProgramVoice {
    command: VoiceCommand,
    time_max: Duration,
}

impl ProgramVoice {
    /// A voice that runs `command`.
    #[must_use]
    pub fn new(command: VoiceCommand) -> Self {
        Self {
            command,
            time_max: SAY_WITHIN,
        }
    }
}

impl Speaker for ProgramVoice {
    fn say<'a>(&'a self, sentence: &'a str) -> Saying<'a> {
        Box::pin(async move { Ok(self.command.run_with(sentence, self.time_max).await?) })
    }
}

/// Says sentences in clips of our own.
#[derive(Debug)]
pub struct ClipVoice<P> {
    phrases: Phrases,
    player: P,
}

impl<P: Player> ClipVoice<P> {
    /// A voice that is heard through a player.
    ///
    /// # Errors
    /// [`PlanFault`] when the clips of this build are damaged.
    pub fn new(player: P) -> Result<Self, PlanFault> {
        let phrases = Phrases::embedded()?;
        Ok(Self { phrases, player })
    }
}

impl<P: Player> Speaker for ClipVoice<P> {
    fn say<'a>(&'a self, sentence: &'a str) -> Saying<'a> {
        Box::pin(async move {
            let wav = self.phrases.say(sentence)?;
            Ok(self.player.play(&wav).await?)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Instant;

    use super::*;

    fn voice(words: &[&str]) -> ProgramVoice {
        let words: Vec<String> = words.iter().map(ToString::to_string).collect();
        ProgramVoice::new(words.try_into().unwrap())
    }

    /// A voice that writes what it is given into a file instead of saying it.
    fn scribe(heard: &Path) -> ProgramVoice {
        let script = "printf '%s|' \"$@\" >> \"$0\"";
        voice(&["sh", "-c", script, heard.to_str().unwrap(), "-v", "cmn"])
    }

    #[tokio::test]
    async fn the_sentence_is_the_last_argument_and_no_shell_reads_it() {
        let dir = tempfile::tempdir().unwrap();
        let heard = dir.path().join("heard");
        let said = scribe(&heard).say("请A零二五号; $(touch x) `y`").await;
        said.unwrap();
        let text = std::fs::read_to_string(heard).unwrap();
        assert_eq!(text, "-v|cmn|请A零二五号; $(touch x) `y`|");
    }

    #[tokio::test]
    async fn a_sentence_has_ended_when_the_program_has() {
        let begun = Instant::now();
        let script = "sleep 0.2";
        voice(&["sh", "-c", script]).say("请").await.unwrap();
        assert!(begun.elapsed() >= Duration::from_millis(200));
    }

    #[tokio::test]
    async fn a_program_that_hangs_is_ended() {
        let mut voice = voice(&["sh", "-c", "exec sleep 60"]);
        voice.time_max = Duration::from_millis(50);
        let said = voice.say("请").await;
        assert!(
            matches!(said, Err(VoiceError::Program(ProgramError::TooLong(_)))),
            "{said:?}"
        );
    }

    #[tokio::test]
    async fn a_program_that_is_missing_or_fails_is_told_apart() {
        let missing = voice(&["/nowhere/voice"]).say("请").await;
        assert!(matches!(
            missing,
            Err(VoiceError::Program(ProgramError::Start { .. }))
        ));
        let failed = voice(&["false"]).say("请").await;
        assert!(matches!(
            failed,
            Err(VoiceError::Program(ProgramError::Failed(_)))
        ));
    }

    #[test]
    fn a_command_without_a_program_is_refused() {
        assert!(VoiceCommand::try_from(Vec::new()).is_err());
        assert!(VoiceCommand::try_from(vec![String::new()]).is_err());
    }

    /// A player that keeps what it is given.
    #[derive(Default)]
    struct Ear(std::sync::Mutex<Vec<Vec<u8>>>);

    impl Player for Ear {
        fn play<'a>(&'a self, wav: &'a [u8]) -> kiosk_peripherals::sound::Playing<'a> {
            self.0.lock().unwrap().push(wav.to_vec());
            Box::pin(async { Ok(()) })
        }
    }

    #[tokio::test]
    async fn every_call_that_the_hall_makes_has_its_clips() {
        use domain::id::WindowNo;

        let voice = ClipVoice::new(Ear::default()).unwrap();
        let labels = ["A025", "V004", "B1203", "A-K2-001", "V-K12-036"];
        for label in labels {
            for window in [1, 3, 10, 12, 20, 99] {
                let window = WindowNo::new(window).unwrap();
                let label = label.parse().unwrap();
                let sentence = crate::app::voice::sentence(&label, window);
                voice.say(&sentence).await.unwrap();
            }
        }
        let heard = voice.player.0.lock().unwrap();
        assert_eq!(heard.len(), labels.len() * 6);
        for wav in heard.iter() {
            let time = kiosk_peripherals::sound::duration(wav).unwrap();
            assert!(
                time > Duration::from_secs(2) && time < Duration::from_secs(12),
                "{time:?}"
            );
        }
    }

    #[tokio::test]
    async fn every_prompt_of_a_kiosk_has_its_clip() {
        use crate::app::kiosk::prompting::{PUT_CARD, TAKE_CARD, TAKE_SLIP};

        let voice = ClipVoice::new(Ear::default()).unwrap();
        for sentence in [PUT_CARD, TAKE_CARD, TAKE_SLIP] {
            voice.say(sentence).await.unwrap();
        }
        assert_eq!(voice.player.0.lock().unwrap().len(), 3);
    }

    #[tokio::test]
    async fn a_sentence_without_clips_is_an_error_and_nothing_is_played() {
        let voice = ClipVoice::new(Ear::default()).unwrap();
        let said = voice.say("请张三到三号窗口").await;
        assert!(matches!(said, Err(VoiceError::NoClips(_))));
        assert!(voice.player.0.lock().unwrap().is_empty());
    }
}
