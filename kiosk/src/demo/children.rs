//! Child processes that cannot outlive this one: each holds a pipe to us as standard input and
//! stops when it closes (`--stop-with-stdin`), whether we end by a signal, a fault or SIGKILL.

use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use sync::stop::{StandardInput, requested};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// How long a child may take to say that it is ready.
const READY_WITHIN: Duration = Duration::from_secs(60);
/// Between two looks whether all programs still run.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How long a child may take to end after its standard input closed.
const END_WITHIN: Duration = Duration::from_secs(5);

/// The running programs of the demo, in order of start.
#[derive(Debug)]
pub(super) struct Children {
    executable: std::path::PathBuf,
    running: Vec<(String, Child)>,
}

impl Children {
    pub(super) fn new() -> Result<Self> {
        let executable = std::env::current_exe().context("找不到自己的程序文件")?;
        Ok(Self {
            executable,
            running: Vec::new(),
        })
    }

    /// Starts this executable with `arguments` under the name that is said when it fails.
    pub(super) fn start(&mut self, name: &str, arguments: &[&str]) -> Result<()> {
        let command = self.command(arguments);
        self.spawn(name, command)
    }

    /// Starts it with a window drawn smaller: a kiosk's glass is larger than a desk's.
    pub(super) fn start_in_window(
        &mut self,
        name: &str,
        arguments: &[&str],
        scale: &str,
    ) -> Result<()> {
        let mut command = self.command(arguments);
        command.env("SLINT_SCALE_FACTOR", scale);
        self.spawn(name, command)
    }

    fn spawn(&mut self, name: &str, mut command: Command) -> Result<()> {
        let child = command.stdout(Stdio::null()).spawn();
        let child = child.with_context(|| format!("{name}起不来"))?;
        self.running.push((name.to_owned(), child));
        Ok(())
    }

    /// Starts a program and waits for the first line that it prints.
    pub(super) async fn start_and_hear(
        &mut self,
        name: &str,
        arguments: &[&str],
    ) -> Result<String> {
        let mut child = self
            .command(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("{name}起不来"))?;
        let stdout = child.stdout.take().context("piped above")?;
        self.running.push((name.to_owned(), child));
        let mut lines = BufReader::new(stdout).lines();
        let first = timeout(READY_WITHIN, lines.next_line()).await;
        let line = first.with_context(|| format!("{name}太久没有准备好"))??;
        // Goes on reading, so that the program never blocks on a full pipe.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        line.with_context(|| format!("{name}没有启动成功，原因见上面几行"))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.executable);
        // Ctrl-C goes to us alone; we end the children in order.
        command
            .args(arguments)
            .stdin(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true);
        command
    }

    /// Waits for SIGINT, SIGTERM, or for a program that ends by itself.
    pub(super) async fn until_stopped(&mut self) -> Result<()> {
        let asked = requested(StandardInput::Ignored);
        tokio::pin!(asked);
        let mut look = tokio::time::interval(LOOK_EVERY);
        loop {
            tokio::select! {
                asked = &mut asked => return Ok(asked?),
                _ = look.tick() => self.all_still_run()?,
            }
        }
    }

    /// A kiosk whose window was closed ends the demo too.
    fn all_still_run(&mut self) -> Result<()> {
        for (name, child) in &mut self.running {
            match child.try_wait()? {
                None => {}
                Some(status) if status.success() => {
                    eprintln!("{name}已关闭，演示结束。");
                    bail!("{name}先结束了");
                }
                Some(status) => bail!("{name}意外结束（{status}）"),
            }
        }
        Ok(())
    }

    /// Closes every child's standard input, last started first, and waits for its end.
    pub(super) async fn end_all(&mut self) {
        while let Some((name, mut child)) = self.running.pop() {
            drop(child.stdin.take());
            if timeout(END_WITHIN, child.wait()).await.is_err() {
                eprintln!("{name}没有按时结束，强制结束。");
                let _ = child.kill().await;
            }
        }
    }
}
