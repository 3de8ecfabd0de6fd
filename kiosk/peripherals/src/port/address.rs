//! Where a device is: a serial port, `tcp:host:port`, or `file:` with a USB printer's device file.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

const TCP_PREFIX: &str = "tcp:";
const FILE_PREFIX: &str = "file:";

/// An address.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(try_from = "String")]
pub enum PortAddress {
    /// A serial device; names under `/dev/serial/by-id` survive unplugging.
    Serial(PathBuf),
    /// A network printer, or a serial server before a device.
    Tcp(String),
    /// The device file of a USB printer: `/dev/usb/lp0`.
    Device(PathBuf),
}

/// The text is no address; for whoever wrote the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("写串口（/dev/serial/by-id/…）、tcp:主机:端口，或 file:/dev/usb/lp0")]
pub struct NotAnAddress;

impl FromStr for PortAddress {
    type Err = NotAnAddress;

    fn from_str(text: &str) -> Result<Self, NotAnAddress> {
        if let Some(address) = text.strip_prefix(TCP_PREFIX) {
            let (host, port) = address.rsplit_once(':').ok_or(NotAnAddress)?;
            let is_bracketed = host.starts_with('[') && host.ends_with(']');
            let is_host = !host.is_empty()
                && !host.contains(char::is_whitespace)
                && (is_bracketed || !host.contains(':'));
            return match port.parse::<u16>() {
                Ok(1..) if is_host => Ok(Self::Tcp(address.to_owned())),
                _ => Err(NotAnAddress),
            };
        }
        let (path, is_device) = match text.strip_prefix(FILE_PREFIX) {
            Some(path) => (PathBuf::from(path), true),
            None => (PathBuf::from(text), false),
        };
        match (path.is_absolute(), is_device) {
            (false, _) => Err(NotAnAddress),
            (true, true) => Ok(Self::Device(path)),
            (true, false) => Ok(Self::Serial(path)),
        }
    }
}

impl TryFrom<String> for PortAddress {
    type Error = NotAnAddress;

    fn try_from(text: String) -> Result<Self, NotAnAddress> {
        text.parse()
    }
}

impl fmt::Display for PortAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Serial(path) => write!(formatter, "{}", path.display()),
            Self::Tcp(address) => write!(formatter, "{TCP_PREFIX}{address}"),
            Self::Device(path) => write!(formatter, "{FILE_PREFIX}{}", path.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reads_back_and_half_of_one_is_none() {
        for text in [
            "/dev/ttyS0",
            "tcp:10.0.0.9:9100",
            "tcp:[::1]:9100",
            "file:/dev/usb/lp0",
        ] {
            assert_eq!(text.parse::<PortAddress>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "ttyS0",
            "tcp:",
            "tcp:a",
            "tcp::1",
            "tcp:a:0",
            "tcp:::1:9",
            "file:lp0",
        ] {
            assert_eq!(text.parse::<PortAddress>(), Err(NotAnAddress), "{text}");
        }
    }
}
