//! Virtual boards or signs at the far end of a line without hardware: a pseudo-terminal, or a TCP port,
//! paced at a baud rate, as bad as a [`Disturbance`] makes it.
//!
//! Clients of a terminal open a symbolic link. A terminal keeps its exclusive flag when its client
//! dies, so after a client has gone the simulator makes a new terminal and moves the link, as an
//! adapter that is plugged in again gets a new name. The boards keep what they show.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, sleep_until};
use tokio_serial::{SerialPort, SerialStream};

use crate::line_format::LineFormat;
use crate::virtual_board::{
    BoardSettings, Disturbance, DisturbanceSettings, OnTheLine, Pacer, VirtualBoard,
};

const READ_BYTES_MAX: usize = 4096;
/// How often to look for bytes: half the time that a short frame needs at 57,600 baud. A terminal
/// whose client came late counts as closed for the runtime, which would then try without a pause.
const READ_POLL: Duration = Duration::from_millis(2);
/// How often to look for a client while there is none.
const CLIENT_POLL: Duration = Duration::from_millis(20);
/// A client that closes and opens at once keeps its terminal.
const CLIENT_GONE_AFTER: Duration = Duration::from_millis(200);
/// The rate of a terminal that nobody has set. No card has it, so it says nothing about the client.
const BAUD_UNSET: u32 = 38_400;

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

/// A bad line, shared with whoever makes it worse or better.
#[derive(Debug, Clone)]
pub struct SharedDisturbance(Arc<Mutex<Disturbance>>);

impl SharedDisturbance {
    /// This one.
    #[must_use]
    pub fn new(disturbance: Disturbance) -> Self {
        Self(Arc::new(Mutex::new(disturbance)))
    }

    /// Uses or changes it.
    pub fn with<T>(&self, touch: impl FnOnce(&mut Disturbance) -> T) -> T {
        // A panic elsewhere leaves the settings as they were; they stay usable.
        touch(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Which clients of a terminal are understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hearing {
    /// Those at this rate, as a card; and those that have set none.
    At(u32),
    /// All, as a sign that finds the rate itself.
    AnyRate,
}

/// Where clients come in.
#[derive(Debug)]
enum FarEnd {
    Terminal {
        link: PathBuf,
        /// `None` while it is unplugged.
        master: Option<SerialStream>,
        hearing: Hearing,
    },
    Tcp {
        at: SocketAddr,
        /// `None` while it is unplugged.
        listener: Option<TcpListener>,
    },
}

/// What lies between a client and the boards.
#[derive(Debug)]
struct Wire<B> {
    boards: SharedBoards<B>,
    disturbance: SharedDisturbance,
    /// `None` when bytes take no time.
    pacer: Option<Pacer>,
    start: Instant,
}

/// A line with its far end; the link in the file system goes with it.
#[derive(Debug)]
pub struct Simulator<B = VirtualBoard> {
    end: FarEnd,
    wire: Wire<B>,
    unplugs: Option<mpsc::Receiver<Duration>>,
}

/// Whether there is somebody at the other end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Client {
    NeverSeen,
    Present,
    GoneSince(Instant),
}

impl<B: OnTheLine> Simulator<B> {
    /// Makes the terminal and the link, paced at a baud rate and 8N1. An existing link is replaced, an
    /// existing file is not.
    pub fn open(link: &Path, baud: u32, boards: SharedBoards<B>) -> io::Result<Self> {
        let end = FarEnd::Terminal {
            link: link.to_owned(),
            master: Some(make_terminal(link)?),
            hearing: Hearing::At(baud),
        };
        let simulator = Self::with_end(end, boards);
        Ok(simulator.paced(baud, LineFormat::default()))
    }

    /// Listens for one client after another; bytes take no time unless it is [`Simulator::paced`].
    pub async fn listen(at: SocketAddr, boards: SharedBoards<B>) -> io::Result<Self> {
        let listener = TcpListener::bind(at).await?;
        let end = FarEnd::Tcp {
            // Port 0 stands for the one that was given.
            at: listener.local_addr()?,
            listener: Some(listener),
        };
        Ok(Self::with_end(end, boards))
    }

    fn with_end(end: FarEnd, boards: SharedBoards<B>) -> Self {
        let quiet = Disturbance::new(DisturbanceSettings::default(), 0);
        Self {
            end,
            wire: Wire {
                boards,
                disturbance: SharedDisturbance::new(quiet),
                pacer: None,
                start: Instant::now(),
            },
            unplugs: None,
        }
    }

    /// Lets bytes take their time.
    #[must_use]
    pub fn paced(mut self, baud: u32, format: LineFormat) -> Self {
        self.wire.pacer = Some(Pacer::with_format(baud, format));
        self
    }

    /// Makes the line as bad as that.
    #[must_use]
    pub fn disturbed_by(mut self, disturbance: SharedDisturbance) -> Self {
        self.wire.disturbance = disturbance;
        self
    }

    /// Understands those clients of a terminal.
    #[must_use]
    pub fn hearing(mut self, clients: Hearing) -> Self {
        if let FarEnd::Terminal { hearing, .. } = &mut self.end {
            *hearing = clients;
        }
        self
    }

    /// Goes away for as long as it is told through the channel, as often as it is told.
    #[must_use]
    pub fn unplugged_by(mut self, unplugs: mpsc::Receiver<Duration>) -> Self {
        self.unplugs = Some(unplugs);
        self
    }

    /// The TCP address on which it listens.
    #[must_use]
    pub fn tcp_address(&self) -> Option<SocketAddr> {
        match self.end {
            FarEnd::Terminal { .. } => None,
            FarEnd::Tcp { at, .. } => Some(at),
        }
    }

    /// Serves until it is dropped; ends only when no terminal or listener can be made any more.
    pub async fn run(mut self) -> io::Result<()> {
        let mut unplugs = self.unplugs.take();
        loop {
            let pause = tokio::select! {
                ended = self.serve() => return ended,
                pause = next_unplug(&mut unplugs) => pause,
            };
            self.end.pull_out();
            sleep(pause).await;
            self.end.plug_in().await?;
        }
    }

    async fn serve(&mut self) -> io::Result<()> {
        let wire = &mut self.wire;
        match &mut self.end {
            FarEnd::Terminal {
                link,
                master: Some(master),
                hearing,
            } => serve_terminal(link, master, *hearing, wire).await,
            FarEnd::Tcp {
                listener: Some(listener),
                ..
            } => serve_tcp(listener, wire).await,
            FarEnd::Terminal { .. } | FarEnd::Tcp { .. } => Err(io::ErrorKind::NotConnected.into()),
        }
    }
}

/// Never, when nobody can tell any more.
async fn next_unplug(unplugs: &mut Option<mpsc::Receiver<Duration>>) -> Duration {
    match unplugs {
        Some(receiver) => match receiver.recv().await {
            Some(pause) => pause,
            None => std::future::pending().await,
        },
        None => std::future::pending().await,
    }
}

async fn serve_terminal<B: OnTheLine>(
    link: &Path,
    master: &mut SerialStream,
    hearing: Hearing,
    wire: &mut Wire<B>,
) -> io::Result<()> {
    let mut client = Client::NeverSeen;
    let mut buffer = vec![0; READ_BYTES_MAX];
    loop {
        match master.try_read(&mut buffer) {
            Err(nothing) if nothing.kind() == io::ErrorKind::WouldBlock => {
                client = Client::Present;
                sleep(READ_POLL).await;
            }
            Ok(count) if count > 0 => {
                client = Client::Present;
                if hearing.understands(master) {
                    wire.transact(&buffer[..count], master).await;
                }
            }
            _ => {
                sleep(CLIENT_POLL).await;
                client = match client {
                    Client::NeverSeen => client,
                    Client::Present => Client::GoneSince(Instant::now()),
                    Client::GoneSince(since) if since.elapsed() < CLIENT_GONE_AFTER => client,
                    Client::GoneSince(_) => {
                        *master = make_terminal(link)?;
                        Client::NeverSeen
                    }
                };
            }
        }
    }
}

impl Hearing {
    fn understands(self, master: &SerialStream) -> bool {
        match self {
            Self::AnyRate => true,
            // Both ends of a terminal have the rate that the client has set.
            Self::At(baud) => master
                .baud_rate()
                .map_or(true, |set| set == baud || set == BAUD_UNSET),
        }
    }
}

async fn serve_tcp<B: OnTheLine>(listener: &TcpListener, wire: &mut Wire<B>) -> io::Result<()> {
    let mut buffer = vec![0; READ_BYTES_MAX];
    loop {
        let (mut stream, _) = listener.accept().await?;
        // A frame is one write and shall leave at once.
        stream.set_nodelay(true)?;
        while let Ok(count @ 1..) = stream.read(&mut buffer).await {
            wire.transact(&buffer[..count], &mut stream).await;
        }
    }
}

impl<B: OnTheLine> Wire<B> {
    /// Lets bytes arrive at the boards and their replies at the client.
    async fn transact(&mut self, sent: &[u8], client: &mut (impl AsyncWrite + Unpin)) {
        self.pass(sent.len()).await;
        let (arrived, settings) = self
            .disturbance
            .with(|line| (line.carry(sent), line.settings));
        if settings.has_echo {
            // A client may have gone before its echo came; the next read says so.
            let _ = client.write_all(sent).await;
        }
        let replies = self.hand_over(&arrived);
        if !replies.is_empty() {
            sleep(settings.slow).await;
        }
        for reply in replies {
            let reply = self.disturbance.with(|line| {
                let left = line.reply(reply);
                line.carry(&left)
            });
            self.pass(reply.len()).await;
            // A client may have gone before its answer came; the next read says so.
            let _ = client.write_all(&reply).await;
        }
    }

    /// Waits until so many bytes have passed.
    async fn pass(&mut self, count: usize) {
        if let Some(pacer) = &mut self.pacer {
            let arrived = pacer.admit(self.start.elapsed(), count);
            sleep_until(self.start + arrived).await;
        }
    }

    fn hand_over(&self, bytes: &[u8]) -> Vec<Vec<u8>> {
        self.boards.with(|boards, now| {
            let replies = boards.iter_mut().map(|board| board.receive(now, bytes));
            replies.filter(|reply| !reply.is_empty()).collect()
        })
    }
}

impl FarEnd {
    fn pull_out(&mut self) {
        match self {
            Self::Terminal { link, master, .. } => {
                *master = None;
                // Somebody else may have removed it already.
                let _ = std::fs::remove_file(link);
            }
            Self::Tcp { listener, .. } => *listener = None,
        }
    }

    async fn plug_in(&mut self) -> io::Result<()> {
        match self {
            Self::Terminal { link, master, .. } => *master = Some(make_terminal(link)?),
            Self::Tcp { at, listener } => *listener = Some(TcpListener::bind(*at).await?),
        }
        Ok(())
    }
}

impl Drop for FarEnd {
    fn drop(&mut self) {
        self.pull_out();
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
