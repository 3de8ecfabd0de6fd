//! A virtual printer at the far end of a line: in this process, or on a TCP port as network printers
//! have it (9100). Only here is a clock.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, DuplexStream, duplex};
use tokio::net::TcpListener;
use tokio::time::{Instant, sleep_until};

use super::head::png;
use super::printer::VirtualPrinter;

/// Bytes on their way in an in-process line.
const LINE_BYTES: usize = 4_096;
/// How often an unplugged line is noticed.
const UNPLUGGED_POLL: Duration = Duration::from_millis(20);

/// A printer shared with whoever looks at it or makes it unwell.
#[derive(Debug, Clone)]
pub struct SharedPrinter {
    inner: Arc<Mutex<Inner>>,
    start: Instant,
}

#[derive(Debug)]
struct Inner {
    printer: VirtualPrinter,
    is_plugged_in: bool,
    /// Where pictures of papers go, with how many there are already.
    pictures: Option<(PathBuf, u64)>,
    seen: usize,
}

impl SharedPrinter {
    /// This one, whose time begins now.
    #[must_use]
    pub fn new(printer: VirtualPrinter) -> Self {
        let inner = Inner {
            printer,
            is_plugged_in: true,
            pictures: None,
            seen: 0,
        };
        Self {
            inner: Arc::new(Mutex::new(inner)),
            start: Instant::now(),
        }
    }

    /// The same, which puts a picture of every paper into a folder: `0001.png`.
    #[must_use]
    pub fn drawing_into(self, folder: PathBuf) -> Self {
        self.lock().pictures = Some((folder, 0));
        self
    }

    /// Looks at or touches the printer.
    pub fn with<T>(&self, look: impl FnOnce(&mut VirtualPrinter) -> T) -> T {
        look(&mut self.lock().printer)
    }

    /// Pulls the plug of its line, or puts it in.
    pub fn plug(&self, is_plugged_in: bool) {
        self.lock().is_plugged_in = is_plugged_in;
    }

    /// A line to it within this process; `None` while it is unplugged.
    #[must_use]
    pub fn line(&self) -> Option<DuplexStream> {
        if !self.lock().is_plugged_in {
            return None;
        }
        let (near, far) = duplex(LINE_BYTES);
        let printer = self.clone();
        tokio::spawn(async move { printer.attend(far).await });
        Some(near)
    }

    /// Takes connections until the task is dropped, one after another, as such printers do.
    ///
    /// # Errors
    /// When the listener fails.
    pub async fn serve(&self, listener: TcpListener) -> io::Result<()> {
        loop {
            let (connection, _) = listener.accept().await?;
            if self.lock().is_plugged_in {
                self.attend(connection).await;
            }
        }
    }

    /// A panic elsewhere leaves the printer as it was; it stays usable.
    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn attend(&self, mut line: impl AsyncRead + AsyncWrite + Unpin) {
        let mut buffer = [0; 1024];
        loop {
            let now = self.start.elapsed();
            let answers = self.with(|printer| printer.answers(now));
            if !answers.is_empty() && line.write_all(&answers).await.is_err() {
                return;
            }
            let next = self.with(|printer| printer.next_answer());
            let wake = next.map_or(now + UNPLUGGED_POLL, |at| at.min(now + UNPLUGGED_POLL));
            tokio::select! {
                read = line.read(&mut buffer) => match read {
                    Ok(0) | Err(_) => return,
                    Ok(count) => {
                        let now = self.start.elapsed();
                        self.with(|printer| printer.receive(now, &buffer[..count]));
                        self.draw_new();
                    }
                },
                () = sleep_until(self.start + wake) => {}
            }
            if !self.lock().is_plugged_in {
                return;
            }
        }
    }

    /// Puts pictures of what has come out into the folder. A folder that takes none is told once a paper.
    fn draw_new(&self) {
        let mut inner = self.lock();
        let Inner {
            printer,
            pictures: Some((folder, count)),
            seen,
            ..
        } = &mut *inner
        else {
            return;
        };
        let slips = printer.slips();
        for slip in slips.iter().skip((*seen).min(slips.len())) {
            *count += 1;
            let file = folder.join(format!("{count:04}.png"));
            if let Err(cause) = std::fs::write(&file, png(&slip.dots)) {
                tracing::warn!(file = %file.display(), %cause, "the picture of a paper was not written");
            }
        }
        *seen = slips.len();
    }
}
