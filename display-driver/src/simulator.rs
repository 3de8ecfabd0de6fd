//! Virtual boards or signs behind a pseudo-terminal, paced at a baud rate: a serial line without hardware.
//!
//! Clients open a symbolic link. A terminal keeps its exclusive flag when its client dies, so after a
//! client has gone the simulator makes a new terminal and moves the link, as an adapter that is
//! plugged in again gets a new name. The boards keep what they show.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::time::{Instant, sleep, sleep_until};
use tokio_serial::{SerialPort, SerialStream};

use crate::virtual_board::{BoardSettings, OnTheLine, Pacer, VirtualBoard};

const READ_BYTES_MAX: usize = 4096;
/// How often to look for bytes: half the time that a short frame needs at 57,600 baud. A terminal
/// whose client came late counts as closed for the runtime, which would then try without a pause.
const READ_POLL: Duration = Duration::from_millis(2);
/// How often to look for a client while there is none.
const CLIENT_POLL: Duration = Duration::from_millis(20);
/// A client that closes and opens at once keeps its terminal.
const CLIENT_GONE_AFTER: Duration = Duration::from_millis(200);

/// Boards on one line, shared with whoever draws or disturbs them.
#[derive(Debug)]
pub struct SharedBoards<B = VirtualBoard> {
    boards: Arc<Mutex<Vec<B>>>,
    start: Instant,
}

impl<B> Clone for SharedBoards<B> {
    fn clone(&self) -> Self {
        Self {
            boards: Arc::clone(&self.boards),
            start: self.start,
        }
    }
}

impl SharedBoards {
    /// Boards just switched on.
    #[must_use]
    pub fn new(settings: &[BoardSettings]) -> Self {
        Self::of(settings.iter().copied().map(VirtualBoard::new).collect())
    }
}

impl<B> SharedBoards<B> {
    /// These, whose time begins now.
    #[must_use]
    pub fn of(boards: Vec<B>) -> Self {
        Self {
            boards: Arc::new(Mutex::new(boards)),
            start: Instant::now(),
        }
    }

    /// Looks at or touches the boards, at the present moment.
    pub fn with<T>(&self, look: impl FnOnce(&mut [B], Duration) -> T) -> T {
        // A panic elsewhere leaves the boards as they were; they stay usable.
        let mut boards = self.boards.lock().unwrap_or_else(PoisonError::into_inner);
        look(&mut boards, self.start.elapsed())
    }
}

/// A line with its link in the file system; the link goes with it.
#[derive(Debug)]
pub struct Simulator<B = VirtualBoard> {
    link: PathBuf,
    baud: u32,
    boards: SharedBoards<B>,
    master: SerialStream,
}

/// Whether there is somebody at the other end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Client {
    NeverSeen,
    Present,
    GoneSince(Instant),
}

impl<B: OnTheLine> Simulator<B> {
    /// Makes the terminal and the link. An existing link is replaced, an existing file is not.
    pub fn open(link: &Path, baud: u32, boards: SharedBoards<B>) -> io::Result<Self> {
        let master = make_terminal(link)?;
        Ok(Self {
            link: link.to_owned(),
            baud,
            boards,
            master,
        })
    }

    /// Serves until it is dropped; ends only when no terminal can be made any more.
    pub async fn run(mut self) -> io::Result<()> {
        let start = Instant::now();
        let mut pacer = Pacer::new(self.baud);
        let mut client = Client::NeverSeen;
        let mut buffer = vec![0; READ_BYTES_MAX];
        loop {
            match self.master.try_read(&mut buffer) {
                Err(nothing) if nothing.kind() == io::ErrorKind::WouldBlock => {
                    client = Client::Present;
                    sleep(READ_POLL).await;
                }
                Ok(count) if count > 0 => {
                    client = Client::Present;
                    let arrived = pacer.admit(start.elapsed(), count);
                    sleep_until(start + arrived).await;
                    let replies = self.hand_over(&buffer[..count]);
                    for reply in replies {
                        let arrived = pacer.admit(start.elapsed(), reply.len());
                        sleep_until(start + arrived).await;
                        // A client may have gone before its answer came; the next read says so.
                        let _ = self.master.write_all(&reply).await;
                    }
                }
                _ => client = self.wait_for_client(client).await?,
            }
        }
    }

    fn hand_over(&self, bytes: &[u8]) -> Vec<Vec<u8>> {
        self.boards.with(|boards, now| {
            let replies = boards.iter_mut().map(|board| board.receive(now, bytes));
            replies.filter(|reply| !reply.is_empty()).collect()
        })
    }

    async fn wait_for_client(&mut self, client: Client) -> io::Result<Client> {
        sleep(CLIENT_POLL).await;
        match client {
            Client::NeverSeen => Ok(client),
            Client::Present => Ok(Client::GoneSince(Instant::now())),
            Client::GoneSince(since) if since.elapsed() < CLIENT_GONE_AFTER => Ok(client),
            Client::GoneSince(_) => {
                self.master = make_terminal(&self.link)?;
                Ok(Client::NeverSeen)
            }
        }
    }
}

impl<B> Drop for Simulator<B> {
    fn drop(&mut self) {
        // Somebody else may have removed it already.
        let _ = std::fs::remove_file(&self.link);
    }
}

/// A raw terminal whose far end `link` points to.
fn make_terminal(link: &Path) -> io::Result<SerialStream> {
    let (master, slave) = SerialStream::pair()?;
    let name = slave
        .name()
        .ok_or_else(|| io::Error::other("the terminal has no name"))?;
    if std::fs::symlink_metadata(link).is_ok_and(|meta| meta.file_type().is_symlink()) {
        std::fs::remove_file(link)?;
    }
    std::os::unix::fs::symlink(name, link)?;
    Ok(master)
}
