//! A program that the installer names, run as it is named and never through a shell, with a time by
//! which it has to have ended: one that hangs must not make a hall mute.

use std::io;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use serde::Deserialize;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;
use tokio::time::timeout;

/// Why a program did not do its work.
#[derive(Debug, thiserror::Error)]
pub enum ProgramError {
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

/// A program and its arguments, as the configuration names them: `["espeak-ng", "-v", "cmn"]`,
/// `["aplay", "-q"]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Vec<String>")]
pub struct Program {
    program: String,
    arguments: Vec<String>,
}

impl TryFrom<Vec<String>> for Program {
    type Error = &'static str;

    fn try_from(mut words: Vec<String>) -> Result<Self, Self::Error> {
        if words.first().is_none_or(String::is_empty) {
            return Err("要写程序名，例：[\"aplay\", \"-q\"]");
        }
        let arguments = words.split_off(1);
        Ok(Self {
            program: words.remove(0),
            arguments,
        })
    }
}

impl Program {
    /// Runs it with one more argument.
    ///
    /// # Errors
    /// [`ProgramError`].
    pub async fn run_with(&self, last: &str, within: Duration) -> Result<(), ProgramError> {
        let mut command = self.command();
        command.arg(last).stdin(Stdio::null());
        self.run(command, &[], within).await
    }

    /// Runs it with these bytes as its standard input.
    ///
    /// # Errors
    /// [`ProgramError`].
    pub async fn run_on(&self, input: &[u8], within: Duration) -> Result<(), ProgramError> {
        let mut command = self.command();
        command.stdin(Stdio::piped());
        self.run(command, input, within).await
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(&self.arguments)
            .stdout(Stdio::null())
            .kill_on_drop(true);
        command
    }

    async fn run(
        &self,
        mut command: Command,
        input: &[u8],
        within: Duration,
    ) -> Result<(), ProgramError> {
        let mut child = command.spawn().map_err(|source| self.start(source))?;
        let ended = async {
            if let Some(mut pipe) = child.stdin.take() {
                // Who does not read to the end says so by how it ends.
                let _ = pipe.write_all(input).await;
            }
            child.wait().await
        };
        // Past its time the child is dropped, and with it ended.
        let ended = timeout(within, ended).await;
        let status = ended.map_err(|_| ProgramError::TooLong(within))?;
        match status.map_err(|source| self.start(source))? {
            status if status.success() => Ok(()),
            status => Err(ProgramError::Failed(status)),
        }
    }

    fn start(&self, source: io::Error) -> ProgramError {
        ProgramError::Start {
            program: self.program.clone(),
            source,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(words: &[&str]) -> Program {
        let words: Vec<String> = words.iter().map(ToString::to_string).collect();
        words.try_into().unwrap()
    }

    const SOON: Duration = Duration::from_secs(5);

    #[tokio::test]
    async fn the_bytes_arrive_whole_and_a_program_that_reads_none_is_no_fault() {
        let dir = tempfile::tempdir().unwrap();
        let heard = dir.path().join("heard");
        let bytes = vec![7; 300_000];
        let scribe = program(&["sh", "-c", "cat > \"$0\"", heard.to_str().unwrap()]);
        scribe.run_on(&bytes, SOON).await.unwrap();
        assert_eq!(std::fs::read(heard).unwrap(), bytes);
        program(&["true"]).run_on(&bytes, SOON).await.unwrap();
    }

    #[tokio::test]
    async fn missing_failing_and_hanging_programs_are_told_apart() {
        let run = |words: &[&str], within| {
            let program = program(words);
            async move { program.run_on(b"x", within).await }
        };
        let missing = run(&["/nowhere/player"], SOON).await;
        assert!(matches!(missing, Err(ProgramError::Start { .. })));
        assert!(matches!(
            run(&["false"], SOON).await,
            Err(ProgramError::Failed(_))
        ));
        let hanging = run(&["sleep", "60"], Duration::from_millis(50)).await;
        assert!(
            matches!(hanging, Err(ProgramError::TooLong(_))),
            "{hanging:?}"
        );
    }
}
