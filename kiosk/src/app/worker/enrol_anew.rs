//! Making this machine another device without a keyboard: enrols beside the running one, and only
//! when that worked, the next start puts the old files aside and takes the new ones in.

use std::fs;
use std::io;
use std::path::Path;

use domain::time::UtcMs;
use sync::address::CentralAddress;
use sync::enrolment::load_or_enrol;

/// The new identity, complete.
const NEW: &str = "enrolled-anew";
/// The new identity, on its way.
const TRYING: &str = "enrolling-anew";
/// The new identity, once the old files are put aside.
const TAKING: &str = "taking-in";
/// Old files go into a folder of this beginning.
const OLD: &str = "before-";
/// What belongs to the machine, whatever device it is.
const KEPT: &[&str] = &["lock", "reports", "service-pin.json", NEW, TRYING];

/// Enrols with `code` beside the running identity of `dir`.
///
/// # Errors
/// A sentence for the technician; nothing has changed then.
pub(super) async fn enrol(dir: &Path, central: &CentralAddress, code: &str) -> Result<(), String> {
    let trying = dir.join(TRYING);
    let prepare = || {
        if trying.exists() {
            fs::remove_dir_all(&trying)?;
        }
        fs::create_dir(&trying)
    };
    prepare().map_err(|error| format!("数据文件夹写不了：{error}"))?;
    let enrolled = load_or_enrol(&trying, central, Some(code)).await;
    enrolled.map_err(|error| error.advice())?;
    fs::rename(&trying, dir.join(NEW)).map_err(|error| format!("数据文件夹写不了：{error}"))
}

/// Takes a new identity in, if there is one. Called before anything of `dir` is opened; after a
/// power cut in the middle the next start goes on where this one ended.
///
/// # Errors
/// When the disk refuses.
pub fn take_in(dir: &Path, now: UtcMs) -> io::Result<bool> {
    let (new, taking) = (dir.join(NEW), dir.join(TAKING));
    if new.is_dir() {
        put_aside(dir, &dir.join(format!("{OLD}{}", now.0)))?;
        fs::rename(&new, &taking)?;
    }
    if !taking.is_dir() {
        return Ok(false);
    }
    for entry in fs::read_dir(&taking)?.flatten() {
        fs::rename(entry.path(), dir.join(entry.file_name()))?;
    }
    fs::remove_dir(&taking)?;
    Ok(true)
}

fn put_aside(dir: &Path, old: &Path) -> io::Result<()> {
    for entry in fs::read_dir(dir)?.flatten() {
        let name = entry.file_name();
        let is_kept = name
            .to_str()
            .is_some_and(|name| KEPT.contains(&name) || name.starts_with(OLD));
        if !is_kept {
            fs::create_dir_all(old)?;
            fs::rename(entry.path(), old.join(name))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UtcMs = UtcMs(1_795_400_640_000);

    fn write(path: &Path, text: &str) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    #[test]
    fn old_files_are_put_aside_and_what_belongs_to_the_machine_stays() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        for name in ["log.db", "enrolment.json", "service-pin.json", "lock"] {
            write(&at(name), "old");
        }
        write(&at("enrolled-anew/enrolment.json"), "new");
        assert!(take_in(dir.path(), NOW).unwrap());
        let read = |name: &str| fs::read_to_string(at(name)).unwrap();
        assert_eq!(read("enrolment.json"), "new");
        assert_eq!(read(&format!("before-{}/log.db", NOW.0)), "old");
        assert_eq!(read("service-pin.json"), "old");
        assert!(!at("log.db").exists() && !at("enrolled-anew").exists());
        assert!(!take_in(dir.path(), NOW).unwrap(), "only once");
    }

    #[test]
    fn a_power_cut_in_the_middle_loses_neither_the_old_nor_the_new() {
        let dir = tempfile::tempdir().unwrap();
        write(&dir.path().join("device.key"), "new");
        write(&dir.path().join("taking-in/enrolment.json"), "new");
        assert!(take_in(dir.path(), NOW).unwrap());
        for name in ["device.key", "enrolment.json"] {
            let text = fs::read_to_string(dir.path().join(name)).unwrap();
            assert_eq!(text, "new", "{name}");
        }
    }

    #[test]
    fn a_machine_that_nobody_enrols_anew_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        write(&dir.path().join("log.db"), "old");
        assert!(!take_in(dir.path(), NOW).unwrap());
        assert!(dir.path().join("log.db").exists());
    }
}
