//! Lines to devices: a serial port, a TCP port, a USB printer's device file, or a twin in this process.
//! Opening, reading, writing, and telling "unplugged" from "silent" (`serial-transport.md` §4).
//!
//! Raw and exclusive. Never flushes: a flush blocks the runtime's thread while the bytes are on the wire.
//! Nothing is polled for: a [`Plug`] is tried again whenever somebody wants the device, so one that was
//! unplugged works as soon as it is back.

mod address;
mod line;

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::DuplexStream;
use tokio::time::timeout;

pub use address::{NotAnAddress, PortAddress};
use line::Line;

/// A kernel buffer that stays full for so long belongs to a device that takes nothing any more.
const WRITE_WAIT_MAX: Duration = Duration::from_secs(10);

/// Why a line cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PortFault {
    /// It cannot be opened: missing, not permitted, in use, nobody listens.
    #[error("The port {port} cannot be opened: {cause}.")]
    Open {
        /// Which.
        port: String,
        /// Why.
        cause: io::Error,
    },
    /// It went away while it was open.
    #[error("The port was unplugged: {0}.")]
    Unplugged(io::Error),
    /// It takes no bytes any more.
    #[error("The port takes no bytes any more.")]
    Blocked,
}

/// Opens a line to a twin, or says that it is unplugged.
type TwinLine = Arc<dyn Fn() -> Option<DuplexStream> + Send + Sync>;

/// Where a device is plugged in.
#[derive(Clone)]
pub enum Plug {
    /// A real line, and its bits a second.
    At(PortAddress, u32),
    /// A twin in this process.
    Twin(TwinLine),
}

impl fmt::Debug for Plug {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Plug({self})")
    }
}

impl fmt::Display for Plug {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(address, _) => address.fmt(formatter),
            Self::Twin(_) => formatter.write_str("虚拟设备"),
        }
    }
}

impl Plug {
    /// A twin's.
    #[must_use]
    pub fn twin<T: crate::twin::Twin>(twin: &crate::twin::Shared<T>) -> Self {
        let twin = twin.clone();
        Self::Twin(Arc::new(move || twin.line()))
    }

    /// Whether there may be a device: of a network port nobody knows.
    #[must_use]
    pub fn may_be_there(&self) -> bool {
        match self {
            Self::At(PortAddress::Serial(path) | PortAddress::Device(path), _) => path.exists(),
            Self::At(PortAddress::Tcp(_), _) | Self::Twin(_) => true,
        }
    }

    /// Opens a line; what was waiting in it is thrown away where the system can.
    ///
    /// # Errors
    /// [`PortFault::Open`].
    pub async fn open(&self) -> Result<Port, PortFault> {
        let line = match self {
            Self::At(address, baud) => Line::open(address, *baud).await,
            Self::Twin(line) => line()
                .map(Line::Twin)
                .ok_or_else(|| io::ErrorKind::NotConnected.into()),
        };
        line.map(|line| Port { line })
            .map_err(|cause| PortFault::Open {
                port: self.to_string(),
                cause,
            })
    }
}

/// An open line.
#[derive(Debug)]
pub struct Port {
    line: Line,
}

impl Port {
    /// Waits for bytes and gives their number. Safe to cancel.
    ///
    /// # Errors
    /// [`PortFault::Unplugged`].
    pub async fn read(&mut self, buffer: &mut [u8]) -> Result<usize, PortFault> {
        match self.line.read(buffer).await {
            // A line that is only silent keeps us waiting; an end of file means that it is gone.
            Ok(0) => Err(PortFault::Unplugged(io::ErrorKind::UnexpectedEof.into())),
            Ok(count) => Ok(count),
            Err(cause) => Err(PortFault::Unplugged(cause)),
        }
    }

    /// Hands bytes to the kernel; they are on the wire later.
    ///
    /// # Errors
    /// [`PortFault::Unplugged`] and [`PortFault::Blocked`].
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), PortFault> {
        match timeout(WRITE_WAIT_MAX, self.line.write_all(bytes)).await {
            Ok(written) => written.map_err(PortFault::Unplugged),
            Err(_) => Err(PortFault::Blocked),
        }
    }
}
