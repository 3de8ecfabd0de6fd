//! The latency timer of FTDI adapters: they hold a short read for 16 ms, or for 1 ms when they are told
//! to (`serial-transport.md` §4). The kernel's driver has a file for it, which belongs to root; whoever
//! runs the driver as another user writes a udev rule, or goes on with 16 ms.

use std::io;
use std::path::Path;

/// Milliseconds.
const SHORTEST: &str = "1";

/// Makes an adapter hand over what it has at once; `root` is `/` on a real machine.
///
/// # Errors
/// The device is no such adapter, or its file may not be written.
pub(super) fn shorten(root: &Path, device: &Path) -> io::Result<()> {
    let device = device.canonicalize()?;
    let name = device.file_name().ok_or(io::ErrorKind::NotFound)?;
    let folder = root.join("sys/bus/usb-serial/devices").join(name);
    let file = folder.join("latency_timer");
    // Never makes a file: one that is not there is no adapter of that kind.
    if !file.exists() {
        return Err(io::ErrorKind::NotFound.into());
    }
    std::fs::write(file, SHORTEST)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn an_adapter_is_found_through_its_lasting_name_and_another_device_is_none() {
        let root = tempfile::tempdir().expect("a folder");
        let at = |path: &str| root.path().join(path);
        fs::create_dir_all(at("sys/bus/usb-serial/devices/ttyUSB0")).expect("a folder");
        fs::create_dir_all(at("dev/serial/by-id")).expect("a folder");
        let timer = at("sys/bus/usb-serial/devices/ttyUSB0/latency_timer");
        fs::write(&timer, "16\n").expect("a file");
        for device in ["dev/ttyUSB0", "dev/ttyS0"] {
            fs::write(at(device), "").expect("a device");
        }
        symlink("../../ttyUSB0", at("dev/serial/by-id/usb-FTDI_0001")).expect("a link");
        shorten(root.path(), &at("dev/serial/by-id/usb-FTDI_0001")).expect("an adapter");
        assert_eq!(fs::read_to_string(&timer).expect("a file"), "1");
        assert!(shorten(root.path(), &at("dev/ttyS0")).is_err());
    }
}
