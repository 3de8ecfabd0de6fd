//! Gives fontconfig one font of our own, so that a machine without any font can start the kiosk.
//!
//! Slint's font collection panics when fontconfig is installed but finds nothing
//! (fontique 0.11, `fontconfig.rs`: `font_sort(..).unwrap()`), even though our fonts are embedded.
//! A private folder with one of them and a `fonts.conf` that names it avoids that, and spares the
//! scan of all system fonts. Text is always drawn with the embedded fonts; this one is never needed
//! for a glyph. Nothing here reads or changes a font installed on the machine.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

/// Any one face stops the panic; the smaller of the two is written.
const FACE: &[u8] = include_bytes!("../../../assets/fonts/NotoSansSC-Bold.ttf");
const FACE_NAME: &str = "NotoSansSC-Bold.ttf";
/// Shared with whoever installs a kiosk by hand; says why it exists.
const PATTERN: &str = include_str!("../../../assets/fonts/fonts.conf");
const CONFIG_NAME: &str = "fonts.conf";
/// The variable by which fontconfig takes a configuration of ours instead of the system's.
const CONFIG_VARIABLE: &str = "FONTCONFIG_FILE";

/// Why the private font folder could not be made.
#[derive(Debug, thiserror::Error)]
pub enum FontsError {
    /// The folder is not ours: another user made it first.
    #[error("字体文件夹 {0} 属于别的用户，请删掉它再启动")]
    Foreign(PathBuf),
    /// The disk refused.
    #[error("写不进字体文件夹 {path}：{source}")]
    Write {
        /// The file or folder that could not be written.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}

/// Points fontconfig at our own font, unless the environment already names a configuration.
///
/// Must be the first call of `main`: it sets an environment variable, which is sound only while the
/// process has one thread.
pub fn prepare() -> Result<(), FontsError> {
    if std::env::var_os(CONFIG_VARIABLE).is_some() {
        return Ok(());
    }
    let config = write_config(&folder())?;
    name_config(&config);
    Ok(())
}

#[expect(
    unsafe_code,
    reason = "fontconfig can be told where to look only by its environment"
)]
fn name_config(config: &Path) {
    // SAFETY: `prepare` is documented as the first call of `main`, so no other thread reads the
    // environment while it changes.
    unsafe { std::env::set_var(CONFIG_VARIABLE, config) }
}

/// One folder per user, kept between starts so that fontconfig's cache in it stays warm.
fn folder() -> PathBuf {
    std::env::temp_dir().join(format!("kiosk-fonts-{}", user_id().unwrap_or_default()))
}

/// The user this process runs as; the owner of its own entry under /proc.
fn user_id() -> Option<u32> {
    fs::metadata("/proc/self").ok().map(|entry| entry.uid())
}

fn write_config(folder: &Path) -> Result<PathBuf, FontsError> {
    make_private(folder)?;
    write_if_different(&folder.join(FACE_NAME), FACE)?;
    let config = folder.join(CONFIG_NAME);
    write_if_different(&config, config_text(folder).as_bytes())?;
    Ok(config)
}

fn make_private(folder: &Path) -> Result<(), FontsError> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|source| FontsError::Write {
        path: folder.to_owned(),
        source,
    })?;
    let owner = fs::symlink_metadata(folder)
        .ok()
        .filter(fs::Metadata::is_dir)
        .map(|it| it.uid());
    if owner == user_id() {
        Ok(())
    } else {
        Err(FontsError::Foreign(folder.to_owned()))
    }
}

/// Writes beside and renames, so that two kiosks starting together never see half a file.
fn write_if_different(path: &Path, bytes: &[u8]) -> Result<(), FontsError> {
    let length = u64::try_from(bytes.len()).expect("a usize fits, because pointers have 64 bits");
    if fs::metadata(path).is_ok_and(|file| file.len() == length) {
        return Ok(());
    }
    let beside = path.with_extension(format!("new-{}", std::process::id()));
    fs::write(&beside, bytes)
        .and_then(|()| fs::rename(&beside, path))
        .map_err(|source| FontsError::Write {
            path: path.to_owned(),
            source,
        })
}

fn config_text(folder: &Path) -> String {
    let folder = folder.display().to_string();
    PATTERN
        .replace("@CACHE_DIR@", &format!("{folder}/cache"))
        .replace("@FONT_DIR@", &folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_holds_the_font_that_its_configuration_names() {
        let scratch = tempfile::tempdir().unwrap();
        let folder = scratch.path().join("fonts");
        let config = write_config(&folder).unwrap();
        let text = fs::read_to_string(config).unwrap();
        assert!(text.contains(&format!("<dir>{}</dir>", folder.display())));
        assert_eq!(fs::read(folder.join(FACE_NAME)).unwrap().len(), FACE.len());
    }

    #[test]
    fn a_second_start_leaves_the_font_file_alone() {
        let scratch = tempfile::tempdir().unwrap();
        write_config(scratch.path()).unwrap();
        let first = fs::metadata(scratch.path().join(FACE_NAME)).unwrap().ino();
        write_config(scratch.path()).unwrap();
        assert_eq!(
            fs::metadata(scratch.path().join(FACE_NAME)).unwrap().ino(),
            first
        );
    }

    #[test]
    fn a_plain_file_in_the_place_of_the_folder_is_refused() {
        let scratch = tempfile::tempdir().unwrap();
        let place = scratch.path().join("taken");
        fs::write(&place, b"").unwrap();
        assert!(matches!(
            write_config(&place),
            Err(FontsError::Write { .. })
        ));
    }
}
