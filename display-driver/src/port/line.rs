//! The two kinds of open line behind a port, and what keeps other programs off each.
//!
//! A serial device is taken by TIOCEXCL, which root ignores, and by an exclusive `flock` on the device
//! itself, which the kernel drops with the process; `serialport` does both while it opens. A TCP
//! endpoint has no device: its name is bound as an abstract socket of this machine, which likewise dies
//! with the process and leaves no file behind.

use std::io;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::path::Path;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_serial::{
    ClearBuffer, DataBits, Parity, SerialPort, SerialPortBuilderExt, SerialStream, StopBits,
};

use super::address::{PortAddress, PortSettings, TcpAddress};
use super::{PortFault, latency};
use crate::line_format::LineFormat;

/// The vendor's samples connect for three seconds (`onbon-bx.md` A2).
const CONNECT_WAIT_MAX: Duration = Duration::from_secs(3);

/// An open line.
#[derive(Debug)]
pub(super) enum Line {
    Serial(SerialStream),
    Tcp {
        stream: TcpStream,
        /// Held as long as the line is.
        _claim: UnixDatagram,
    },
}

impl Line {
    pub(super) async fn open(settings: &PortSettings) -> Result<Self, PortFault> {
        let port = &settings.address;
        match port {
            PortAddress::Serial(path) => open_serial(path, settings)
                .map(Self::Serial)
                .map_err(|cause| serial_fault(port, path, cause)),
            PortAddress::Tcp(address) => open_tcp(port, address).await,
        }
    }

    pub(super) async fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Serial(stream) => stream.read(buffer).await,
            Self::Tcp { stream, .. } => stream.read(buffer).await,
        }
    }

    pub(super) async fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Serial(stream) => stream.write_all(bytes).await,
            Self::Tcp { stream, .. } => stream.write_all(bytes).await,
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

fn open_serial(path: &Path, settings: &PortSettings) -> tokio_serial::Result<SerialStream> {
    let (data_bits, parity, stop_bits) = framing(settings.format);
    let mut stream = tokio_serial::new(path.to_string_lossy(), settings.baud)
        .data_bits(data_bits)
        .parity(parity)
        .stop_bits(stop_bits)
        .open_native_async()?;
    let wires = settings.wires;
    if let Some(level) = wires.dtr {
        stream.write_data_terminal_ready(level)?;
    }
    if let Some(level) = wires.rts {
        stream.write_request_to_send(level)?;
    }
    if wires.has_low_latency
        && let Err(cause) = latency::shorten(Path::new("/"), path)
    {
        // A slower line is a line.
        tracing::warn!(port = %path.display(), %cause, "the latency timer cannot be set");
    }
    stream.clear(ClearBuffer::All)?;
    Ok(stream)
}

fn framing(format: LineFormat) -> (DataBits, Parity, StopBits) {
    match format {
        LineFormat::EightNoneOne => (DataBits::Eight, Parity::None, StopBits::One),
        LineFormat::SevenEvenOne => (DataBits::Seven, Parity::Even, StopBits::One),
        LineFormat::EightEvenOne => (DataBits::Eight, Parity::Even, StopBits::One),
        LineFormat::EightNoneTwo => (DataBits::Eight, Parity::None, StopBits::Two),
        LineFormat::SevenEvenTwo => (DataBits::Seven, Parity::Even, StopBits::Two),
    }
}

/// Both locks say "no device" when another program holds them, and so the device is there.
fn serial_fault(port: &PortAddress, path: &Path, cause: tokio_serial::Error) -> PortFault {
    let port = port.clone();
    if cause.kind() == tokio_serial::ErrorKind::NoDevice && path.exists() {
        return PortFault::InUse { port };
    }
    PortFault::Open {
        port,
        cause: cause.into(),
    }
}

async fn open_tcp(port: &PortAddress, address: &TcpAddress) -> Result<Line, PortFault> {
    let fault = |cause| PortFault::Open {
        port: port.clone(),
        cause,
    };
    let claim = claim(address).map_err(|cause| match cause.kind() {
        io::ErrorKind::AddrInUse => PortFault::InUse { port: port.clone() },
        _ => fault(cause),
    })?;
    let connecting = timeout(CONNECT_WAIT_MAX, TcpStream::connect(address.as_str())).await;
    let stream = connecting
        .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
        .map_err(fault)?;
    // A frame is one write and shall leave at once.
    stream.set_nodelay(true).map_err(fault)?;
    Ok(Line::Tcp {
        stream,
        _claim: claim,
    })
}

fn claim(address: &TcpAddress) -> io::Result<UnixDatagram> {
    let name = format!("display-driver/tcp/{}", address.as_str());
    UnixDatagram::bind_addr(&SocketAddr::from_abstract_name(name)?)
}
