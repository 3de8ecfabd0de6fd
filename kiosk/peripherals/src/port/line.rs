//! The kinds of open line behind a port.
//!
//! A serial device is taken exclusively by `serialport` as it is opened. A USB printer's device file is
//! read and written without blocking: its kernel driver lets a read wait for ever, and would keep a
//! thread with it.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::Path;
use std::time::Duration;

use rustix::fs::{Mode, OFlags};
use tokio::io::unix::AsyncFd;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, Interest};
use tokio::net::TcpStream;
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
    Device(AsyncFd<File>),
    Twin(DuplexStream),
}

impl Line {
    pub(super) async fn open(address: &PortAddress, baud: u32) -> io::Result<Self> {
        match address {
            PortAddress::Serial(path) => open_serial(path, baud).map(Self::Serial),
            PortAddress::Device(path) => open_device(path).map(Self::Device),
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
            Self::Device(file) => {
                let read = file.async_io_mut(Interest::READABLE, |file| file.read(buffer));
                read.await
            }
        }
    }

    pub(super) async fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Serial(stream) => stream.write_all(bytes).await,
            Self::Tcp(stream) => stream.write_all(bytes).await,
            Self::Twin(stream) => stream.write_all(bytes).await,
            Self::Device(file) => write_device(file, bytes).await,
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

async fn write_device(file: &mut AsyncFd<File>, bytes: &[u8]) -> io::Result<()> {
    let mut rest = bytes;
    while !rest.is_empty() {
        let written = file.async_io_mut(Interest::WRITABLE, |file| file.write(rest));
        match written.await? {
            0 => return Err(io::ErrorKind::WriteZero.into()),
            count => rest = &rest[count..],
        }
    }
    Ok(())
}

/// 8N1; printers and card readers have no other.
fn open_serial(path: &Path, baud: u32) -> io::Result<SerialStream> {
    let stream = tokio_serial::new(path.to_string_lossy(), baud).open_native_async()?;
    stream.clear(ClearBuffer::All)?;
    Ok(stream)
}

fn open_device(path: &Path) -> io::Result<AsyncFd<File>> {
    let flags = OFlags::RDWR | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let file = rustix::fs::open(path, flags, Mode::empty())?;
    AsyncFd::new(File::from(file))
}
