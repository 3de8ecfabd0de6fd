//! The serial ports of this machine, their lasting names, and which program has each.
//!
//! Nothing is opened to find out: opening toggles DTR and RTS, which resets some devices. The kernel
//! tells all of it in `/sys`, `/dev/serial`, `/proc/locks` and `/proc/*/fd`. Descriptors of other
//! users' programs are hidden from a plain user, their locks are not.

use std::collections::BTreeMap;
use std::os::linux::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// One serial device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SerialPort {
    /// Such as `/dev/ttyUSB0`; changes when it is plugged in again.
    pub device: PathBuf,
    /// Links that stay: `/dev/serial/by-id/…`, then `/dev/serial/by-path/…`.
    pub lasting_names: Vec<PathBuf>,
    /// Who has it open or locked.
    pub holder: Option<Holder>,
}

/// A program that has a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Its process.
    pub process: u32,
    /// Its name, where the kernel tells.
    pub name: Option<String>,
}

/// All serial devices under a root of the file system, `/` on a real machine.
#[must_use]
pub fn list(root: &Path) -> Vec<SerialPort> {
    let names = lasting_names(root);
    let mut devices: Vec<PathBuf> = entries(&root.join("sys/class/tty"))
        .into_iter()
        .filter(|tty| is_wired(tty))
        .filter_map(|tty| Some(root.join("dev").join(tty.file_name()?)))
        .filter(|device| device.exists())
        .collect();
    devices.sort();
    devices
        .into_iter()
        .map(|device| SerialPort {
            lasting_names: names.get(&device).cloned().unwrap_or_default(),
            holder: holder(root, &device),
            device,
        })
        .collect()
}

/// Terminals without hardware have no device; serial chips that are not there have type 0.
fn is_wired(tty: &Path) -> bool {
    let chip = std::fs::read_to_string(tty.join("type")).unwrap_or_default();
    tty.join("device").exists() && chip.trim() != "0"
}

fn lasting_names(root: &Path) -> BTreeMap<PathBuf, Vec<PathBuf>> {
    let mut names: BTreeMap<PathBuf, Vec<PathBuf>> = BTreeMap::new();
    for folder in ["by-id", "by-path"] {
        for link in entries(&root.join("dev/serial").join(folder)) {
            if let Ok(device) = link.canonicalize() {
                names.entry(device).or_default().push(link);
            }
        }
    }
    names
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let read = std::fs::read_dir(folder).into_iter().flatten();
    let mut paths: Vec<PathBuf> = read.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

fn holder(root: &Path, device: &Path) -> Option<Holder> {
    let process = locker(root, device).or_else(|| opener(root, device))?;
    let name = std::fs::read_to_string(root.join(format!("proc/{process}/comm"))).ok();
    Some(Holder {
        process,
        name: name.map(|name| name.trim().to_owned()),
    })
}

/// Who holds a lock on the device: `1: FLOCK ADVISORY WRITE 1234 00:05:678 0 EOF`.
fn locker(root: &Path, device: &Path) -> Option<u32> {
    let meta = std::fs::metadata(device).ok()?;
    let (major, minor) = (major(meta.st_dev()), minor(meta.st_dev()));
    let wanted = format!("{major:02x}:{minor:02x}:{}", meta.st_ino());
    let locks = std::fs::read_to_string(root.join("proc/locks")).ok()?;
    locks.lines().find_map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let at = words.iter().position(|&word| word == wanted)?;
        words.get(at.checked_sub(1)?)?.parse().ok()
    })
}

/// As glibc's `gnu_dev_major`.
fn major(device: u64) -> u64 {
    ((device >> 8) & 0xFFF) | ((device >> 32) & !0xFFF)
}

/// As glibc's `gnu_dev_minor`.
fn minor(device: u64) -> u64 {
    (device & 0xFF) | ((device >> 12) & !0xFF)
}

/// Who has the device open, among the processes whose descriptors may be read.
fn opener(root: &Path, device: &Path) -> Option<u32> {
    entries(&root.join("proc")).into_iter().find_map(|process| {
        let number: u32 = process.file_name()?.to_str()?.parse().ok()?;
        let has_it = entries(&process.join("fd"))
            .iter()
            .any(|descriptor| std::fs::read_link(descriptor).is_ok_and(|open| open == device));
        has_it.then_some(number)
    })
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    /// A root with an adapter, a chip that is not there and a console.
    fn machine() -> tempfile::TempDir {
        let root = tempfile::tempdir().expect("a folder");
        let at = |path: &str| root.path().join(path);
        for folder in [
            "sys/class/tty/ttyUSB0/device",
            "sys/class/tty/ttyS1/device",
            "sys/class/tty/console",
            "dev/serial/by-id",
            "proc/77/fd",
        ] {
            fs::create_dir_all(at(folder)).expect(folder);
        }
        fs::write(at("sys/class/tty/ttyS1/type"), "0\n").expect("a file");
        for device in ["dev/ttyUSB0", "dev/ttyS1", "dev/console"] {
            fs::write(at(device), "").expect(device);
        }
        symlink("../../ttyUSB0", at("dev/serial/by-id/usb-FTDI_0001")).expect("a link");
        fs::write(at("proc/77/comm"), "minicom\n").expect("a file");
        root
    }

    #[test]
    fn only_wired_ports_are_listed_with_their_lasting_names() {
        let root = machine();
        let ports = list(root.path());
        assert_eq!(ports.len(), 1, "{ports:?}");
        assert_eq!(ports[0].device, root.path().join("dev/ttyUSB0"));
        let name = root.path().join("dev/serial/by-id/usb-FTDI_0001");
        assert_eq!(
            (ports[0].lasting_names.as_slice(), &ports[0].holder),
            (&[name][..], &None)
        );
    }

    #[test]
    fn a_program_that_has_the_port_open_or_locked_is_named() {
        let root = machine();
        let device = root.path().join("dev/ttyUSB0");
        let minicom = Some(Holder {
            process: 77,
            name: Some("minicom".to_owned()),
        });
        symlink(&device, root.path().join("proc/77/fd/3")).expect("a descriptor");
        assert_eq!(list(root.path())[0].holder, minicom);
        fs::remove_file(root.path().join("proc/77/fd/3")).expect("closed");
        let meta = fs::metadata(&device).expect("the device");
        let (major, minor) = (major(meta.st_dev()), minor(meta.st_dev()));
        let lock = format!(
            "1: FLOCK  ADVISORY  WRITE 77 {major:02x}:{minor:02x}:{} 0 EOF\n",
            meta.st_ino()
        );
        fs::write(root.path().join("proc/locks"), lock).expect("the locks");
        assert_eq!(list(root.path())[0].holder, minicom);
    }

    #[test]
    fn a_lock_of_this_program_is_found_in_the_kernels_own_list() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        assert_eq!(locker(Path::new("/"), file.path()), None);
        file.as_file().lock().expect("a lock");
        assert_eq!(
            locker(Path::new("/"), file.path()),
            Some(std::process::id())
        );
    }
}
