//! The kinds of open line behind a port.
//!
//! A serial device is taken exclusively by `serialport` as it is opened. A USB printer's device file is
//! read and written without blocking: its kernel driver lets a read wait for ever, and would keep a
//! thread with it.

use std::fs::File;
use std::io;
use std::path::Path;
use std::time::Duration;

use rustix::fs::{Mode, OFlags};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};
use tokio::net::TcpStream;
use tokio::net::unix::pipe::{Receiver, Sender};
use tokio::time::timeout;
use tokio_serial::{ClearBuffer, SerialPort as _, SerialPortBuilderExt as _, SerialStream};

use super::address::PortAddress;

/// A printer that is switched off does not refuse a connection, it says nothing.
const CONNECT_WAIT_MAX: Duration = Duration::from_secs(3);

/// An open line.
#[derive(Debug)]
pub(super) enum Line {
    Serial(SerialStream),
    Tcp(TcpStream),
    Device { reader: Receiver, writer: Sender },
    Twin(DuplexStream),
}

impl Line {
    pub(super) async fn open(address: &PortAddress, baud: u32) -> io::Result<Self> {
        match address {
            PortAddress::Serial(path) => open_serial(path, baud).map(Self::Serial),
            PortAddress::Device(path) => open_device(path),
            PortAddress::Tcp(address) => {
                let connecting = timeout(CONNECT_WAIT_MAX, TcpStream::connect(address)).await;
                let stream = connecting.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))?;
                stream.set_nodelay(true)?;
                Ok(Self::Tcp(stream))
            }
        }
    }

    pub(super) async fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Serial(stream) => stream.read(buffer).await,
            Self::Tcp(stream) => stream.read(buffer).await,
            Self::Twin(stream) => stream.read(buffer).await,
            Self::Device { reader, .. } => reader.read(buffer).await,
        }
    }

    pub(super) async fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Serial(stream) => stream.write_all(bytes).await,
            Self::Tcp(stream) => stream.write_all(bytes).await,
            Self::Twin(stream) => stream.write_all(bytes).await,
            Self::Device { writer, .. } => writer.write_all(bytes).await,
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if let Self::Serial(stream) = self {
            // The exclusive flag outlives its owner on a terminal somebody else holds open.
            let _ = stream.set_exclusive(false);
        }
    }
}

/// 8N1; printers and card readers have no other.
fn open_serial(path: &Path, baud: u32) -> io::Result<SerialStream> {
    let stream = tokio_serial::new(path.to_string_lossy(), baud).open_native_async()?;
    stream.clear(ClearBuffer::All)?;
    Ok(stream)
}

/// Tokio's pipes are what drives any descriptor that can be polled; a device file is no pipe, so that is
/// not checked. Both halves are the same open file.
fn open_device(path: &Path) -> io::Result<Line> {
    let flags = OFlags::RDWR | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let file = File::from(rustix::fs::open(path, flags, Mode::empty())?);
    Ok(Line::Device {
        reader: Receiver::from_file_unchecked(file.try_clone()?)?,
        writer: Sender::from_file_unchecked(file)?,
    })
}
