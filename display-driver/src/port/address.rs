//! Where a port is and how it is set: a serial device, or a TCP endpoint that takes the same frames
//! (`onbon-bx.md` A1).

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::line_format::LineFormat;

/// What a TCP address begins with on command lines and in sentences.
const TCP_PREFIX: &str = "tcp:";

/// A serial device or a TCP endpoint.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PortAddress {
    /// A device; by-id names survive unplugging.
    Serial(PathBuf),
    /// A card with an Ethernet socket, or a serial server before cards.
    Tcp(TcpAddress),
}

/// `host:port`; the host may be a name, an IPv4 address, or an IPv6 address in brackets.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TcpAddress(String);

/// The text is no `host:port`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("An address is host:port, the port from 1 to 65535.")]
pub struct NotAnAddress;

impl FromStr for TcpAddress {
    type Err = NotAnAddress;

    fn from_str(text: &str) -> Result<Self, NotAnAddress> {
        let (host, port) = text.rsplit_once(':').ok_or(NotAnAddress)?;
        let is_bracketed = host.starts_with('[') && host.ends_with(']');
        let is_host = !host.is_empty()
            && !host.contains(char::is_whitespace)
            && (is_bracketed || !host.contains(':'));
        match port.parse::<u16>() {
            Ok(1..) if is_host => Ok(Self(text.to_owned())),
            _ => Err(NotAnAddress),
        }
    }
}

impl TcpAddress {
    /// `host:port`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PortAddress {
    type Err = NotAnAddress;

    /// A path, or `tcp:host:port`.
    fn from_str(text: &str) -> Result<Self, NotAnAddress> {
        match text.strip_prefix(TCP_PREFIX) {
            Some(address) => address.parse().map(Self::Tcp),
            None if text.is_empty() => Err(NotAnAddress),
            None => Ok(Self::Serial(PathBuf::from(text))),
        }
    }
}

impl fmt::Display for PortAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Serial(path) => write!(formatter, "{}", path.display()),
            Self::Tcp(TcpAddress(address)) => write!(formatter, "{TCP_PREFIX}{address}"),
        }
    }
}

/// A port and how its line is set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortSettings {
    /// Where it is.
    pub address: PortAddress,
    /// Bits a second. Over TCP: of the line behind a serial server; only time-outs use it.
    pub baud: u32,
    /// How a byte is framed. Over TCP nothing is set by it.
    pub format: LineFormat,
    /// What else is set on a serial device.
    pub wires: Wires,
}

/// Control lines and latency of a serial device. What is not said is left as the system has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wires {
    /// The level of DTR. Opening a port toggles it, and resets some devices (`serial-transport.md` §4).
    pub dtr: Option<bool>,
    /// The level of RTS.
    pub rts: Option<bool>,
    /// Whether an FTDI adapter hands over short reads after 1 ms in place of 16 (`serial-transport.md`
    /// §4).
    pub has_low_latency: bool,
}

impl PortSettings {
    /// A serial device at 8N1.
    #[must_use]
    pub fn serial(path: &Path, baud: u32) -> Self {
        Self {
            address: PortAddress::Serial(path.to_owned()),
            baud,
            format: LineFormat::default(),
            wires: Wires::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_a_path_or_tcp_with_host_and_port() {
        for text in [
            "/dev/ttyS0",
            "tcp:192.168.1.50:5005",
            "tcp:[::1]:5005",
            "tcp:card:1",
        ] {
            let port: PortAddress = text.parse().expect(text);
            assert_eq!(port.to_string(), text);
            assert_eq!(
                matches!(port, PortAddress::Tcp(_)),
                text.starts_with("tcp:")
            );
        }
    }

    #[test]
    fn half_an_address_is_none() {
        for text in [
            "",
            "tcp:",
            "tcp:card",
            "tcp::5005",
            "tcp:card:0",
            "tcp:::1:5005",
            "tcp:a b:1",
        ] {
            assert_eq!(text.parse::<PortAddress>(), Err(NotAnAddress), "{text}");
        }
    }
}
