//! The local socket between a command and the running service. Its file is for the owner only, as
//! is everything in the data directory.

use std::io::{BufRead, BufReader, ErrorKind, Write as _};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::net::UnixListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::import::Progress;

use super::{AdminDesk, AdminRequest, AnswerLine};

/// Longest request, in bytes: a file of notices.
const REQUEST_BYTES_MAX: u64 = 8 << 20;

/// The socket by which commands reach the process that holds `data`.
fn admin_socket(data: &Path) -> PathBuf {
    data.join("admin.sock")
}

/// Listens in the desk's directory until the service stops.
pub(crate) fn listen(
    desk: Arc<AdminDesk>,
    mut stopping: watch::Receiver<bool>,
) -> std::io::Result<JoinHandle<()>> {
    let path = admin_socket(desk.data());
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(&path)?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
    Ok(tokio::spawn(async move {
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                _ = stopping.wait_for(|stopping| *stopping) => break,
            };
            let stream = accepted.and_then(|(stream, _)| stream.into_std());
            match stream {
                Ok(stream) => drop(tokio::task::spawn_blocking({
                    let desk = Arc::clone(&desk);
                    move || serve_one(&desk, &stream)
                })),
                Err(error) => tracing::warn!(%error, "admin socket"),
            }
        }
        // the next start removes what cannot be removed now
        drop(std::fs::remove_file(&path));
    }))
}

/// A command that has gone away does not stop what it asked for.
fn serve_one(desk: &AdminDesk, stream: &UnixStream) {
    if let Err(error) = stream
        .set_nonblocking(false)
        .and_then(|()| answer(desk, stream))
    {
        tracing::warn!(%error, "admin socket");
    }
}

fn answer(desk: &AdminDesk, stream: &UnixStream) -> std::io::Result<()> {
    let mut line = String::new();
    let limited = std::io::Read::take(stream, REQUEST_BYTES_MAX);
    BufReader::new(limited).read_line(&mut line)?;
    let mut writer = stream;
    let mut say = |line: &AnswerLine| -> std::io::Result<()> {
        let mut text = serde_json::to_string(line)?;
        text.push('\n');
        writer.write_all(text.as_bytes())
    };
    let request: AdminRequest = match serde_json::from_str(&line) {
        Ok(request) => request,
        Err(error) => return say(&AnswerLine::Failed(format!("请求看不懂：{error}"))),
    };
    let mut progress = |Progress { rows_done, rows }| {
        // the command may have gone; the import goes on
        drop(say(&AnswerLine::Progress { rows_done, rows }));
    };
    let outcome = desk.perform(request, &mut progress);
    say(&match outcome {
        Ok(told) => AnswerLine::Told(told),
        Err(error) => AnswerLine::Failed(error.to_string()),
    })
}

/// Asks the service that holds `data`. `Ok(None)` when it has no socket.
pub(crate) fn ask(
    data: &Path,
    request: &AdminRequest,
    progress: &mut dyn FnMut(Progress),
) -> std::io::Result<Option<AnswerLine>> {
    let mut stream = match UnixStream::connect(admin_socket(data)) {
        Ok(stream) => stream,
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::NotFound | ErrorKind::ConnectionRefused
            ) =>
        {
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    let mut text = serde_json::to_string(request)?;
    text.push('\n');
    stream.write_all(text.as_bytes())?;
    for line in BufReader::new(stream).lines() {
        match serde_json::from_str(&line?)? {
            AnswerLine::Progress { rows_done, rows } => progress(Progress { rows_done, rows }),
            end => return Ok(Some(end)),
        }
    }
    Err(ErrorKind::UnexpectedEof.into())
}
