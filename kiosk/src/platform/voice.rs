//! The hall's loudspeaker: one sentence at a time, through whatever program the installer names.
//!
//! The program is run as it is named, never through a shell; the sentence is its last argument. How
//! loud, in which voice and at which hour is that program's business. Which sentence, and when, is
//! decided elsewhere ([`crate::app::voice`]).

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use serde::Deserialize;
use tokio::process::Command;
use tokio::time::timeout;

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
    /// There is no such program, or it may not be run.
    #[error("语音程序 {program} 起不来：{source}")]
    Start {
        /// Which.
        program: String,
        /// What the system said.
        source: io::Error,
    },
    /// It ended with an error of its own.
    #[error("语音程序没有念完（{0}）")]
    Failed(ExitStatus),
    /// It went on for too long and was ended.
    #[error("语音程序 {} 秒还没念完，已经停掉", .0.as_secs())]
    TooLong(Duration),
}

/// A hall without a loudspeaker: nothing is heard.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silence;

impl Speaker for Silence {
    fn say<'a>(&'a self, _sentence: &'a str) -> Saying<'a> {
        Box::pin(async { Ok(()) })
    }
}

/// A program and its arguments, as the configuration names them: `["espeak-ng", "-v", "cmn"]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Vec<String>")]
pub struct VoiceCommand {
    program: String,
    arguments: Vec<String>,
}

impl TryFrom<Vec<String>> for VoiceCommand {
    type Error = &'static str;

    fn try_from(mut words: Vec<String>) -> Result<Self, Self::Error> {
        if words.first().is_none_or(String::is_empty) {
            return Err("voice_command 要写程序名，例：[\"espeak-ng\", \"-v\", \"cmn\"]");
        }
        let arguments = words.split_off(1);
        Ok(Self {
            program: words.remove(0),
            arguments,
        })
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

    async fn run(&self, sentence: &str) -> Result<(), VoiceError> {
        let mut child = Command::new(&self.command.program)
            .args(&self.command.arguments)
            .arg(sentence)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|source| self.not_started(source))?;
        // Past its time the child is dropped, and with it ended.
        let ended = timeout(self.time_max, child.wait()).await;
        let status = ended.map_err(|_| VoiceError::TooLong(self.time_max))?;
        match status.map_err(|source| self.not_started(source))? {
            status if status.success() => Ok(()),
            status => Err(VoiceError::Failed(status)),
        }
    }

    fn not_started(&self, source: io::Error) -> VoiceError {
        VoiceError::Start {
            program: self.command.program.clone(),
            source,
        }
    }
}

impl Speaker for ProgramVoice {
    fn say<'a>(&'a self, sentence: &'a str) -> Saying<'a> {
        Box::pin(self.run(sentence))
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
        assert!(matches!(said, Err(VoiceError::TooLong(_))), "{said:?}");
    }

    #[tokio::test]
    async fn a_program_that_is_missing_or_fails_is_told_apart() {
        let missing = voice(&["/nowhere/voice"]).say("请").await;
        assert!(matches!(missing, Err(VoiceError::Start { .. })));
        let failed = voice(&["false"]).say("请").await;
        assert!(matches!(failed, Err(VoiceError::Failed(_))));
    }

    #[test]
    fn a_command_without_a_program_is_refused() {
        assert!(VoiceCommand::try_from(Vec::new()).is_err());
        assert!(VoiceCommand::try_from(vec![String::new()]).is_err());
    }
}
