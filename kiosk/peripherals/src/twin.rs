//! Virtual devices at the far end of a line: in this process, or on a TCP port. Only here they meet a
//! clock; the twins themselves take moments as arguments. A plug can be pulled and put in again.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::{
    AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, DuplexStream, duplex,
};
use tokio::net::TcpListener;
use tokio::time::{Instant, sleep_until};

/// Bytes on their way in a line within the process, as in a kernel's buffer.
const LINE_BYTES: usize = 4_096;
/// How often a pulled plug is noticed.
const PLUG_POLL: Duration = Duration::from_millis(20);

/// A device without hardware.
pub trait Twin: Send + 'static {
    /// Bytes came, at a moment.
    fn receive(&mut self, now: Duration, bytes: &[u8]);
    /// What it says by a moment.
    fn answers(&mut self, now: Duration) -> Vec<u8>;
    /// When it will say something more.
    fn next_answer(&self) -> Option<Duration>;
}

/// A twin shared with whoever looks at it or makes it unwell.
#[derive(Debug)]
pub struct Shared<T> {
    inner: Arc<Mutex<Inner<T>>>,
    start: Instant,
}

#[derive(Debug)]
struct Inner<T> {
    twin: T,
    is_plugged_in: bool,
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            start: self.start,
        }
    }
}

impl<T: Twin> Shared<T> {
    /// This one, plugged in, whose time begins now.
    #[must_use]
    pub fn new(twin: T) -> Self {
        let inner = Inner {
            twin,
            is_plugged_in: true,
        };
        Self {
            inner: Arc::new(Mutex::new(inner)),
            start: Instant::now(),
        }
    }

    /// Looks at or touches it.
    pub fn with<R>(&self, look: impl FnOnce(&mut T) -> R) -> R {
        look(&mut self.lock().twin)
    }

    /// Puts the plug in.
    pub fn plug_in(&self) {
        self.lock().is_plugged_in = true;
    }

    /// Pulls the plug; whoever holds the line notices within a few hundredths of a second.
    pub fn unplug(&self) {
        self.lock().is_plugged_in = false;
    }

    /// Whether it is plugged in.
    #[must_use]
    pub fn is_plugged_in(&self) -> bool {
        self.lock().is_plugged_in
    }

    /// A line to it within this process; `None` while it is unplugged.
    #[must_use]
    pub fn line(&self) -> Option<DuplexStream> {
        if !self.is_plugged_in() {
            return None;
        }
        let (near, far) = duplex(LINE_BYTES);
        let twin = self.clone();
        tokio::spawn(async move { twin.attend(far).await });
        Some(near)
    }

    /// Takes connections until the task is dropped, one after another, as such devices do.
    ///
    /// # Errors
    /// When the listener fails.
    pub async fn serve(&self, listener: TcpListener) -> io::Result<()> {
        loop {
            let (connection, _) = listener.accept().await?;
            if self.is_plugged_in() {
                self.attend(connection).await;
            }
        }
    }

    /// A panic elsewhere leaves the twin as it was; it stays usable.
    fn lock(&self) -> MutexGuard<'_, Inner<T>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn attend(&self, mut line: impl AsyncRead + AsyncWrite + Unpin) {
        let mut buffer = [0; 1024];
        while self.is_plugged_in() {
            let now = self.start.elapsed();
            let answers = self.with(|twin| twin.answers(now));
            if !answers.is_empty() && line.write_all(&answers).await.is_err() {
                return;
            }
            let next = self.with(|twin| twin.next_answer());
            let wake = next.map_or(now + PLUG_POLL, |at| at.min(now + PLUG_POLL));
            tokio::select! {
                read = line.read(&mut buffer) => match read {
                    Ok(0) | Err(_) => return,
                    Ok(count) => {
                        let now = self.start.elapsed();
                        self.with(|twin| twin.receive(now, &buffer[..count]));
                    }
                },
                () = sleep_until(self.start + wake) => {}
            }
        }
    }
}
