//! What the driver has told its centre of its boards, in `boards.json`: which boards there are, and
//! the periods of play that are not over; and what it has stored in the flash of its boards. A power cut leaves them; the next start ends them when they
//! were last seen. A damaged file costs those ends, and is said aloud.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use domain::time::UtcMs;
use serde::{Deserialize, Serialize};
use wire::event::{BoardAired, BoardsDescribed};

use crate::content::BoardId;

/// The file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Told {
    /// The boards as they were last described.
    pub(super) described: Option<BoardsDescribed>,
    /// When the periods were last seen.
    pub(super) seen: Option<UtcMs>,
    /// Periods that are not over.
    pub(super) open: Vec<BoardAired>,
    /// What was last stored in the flash of each board, in hexadecimal digits: flash wears out, so
    /// nothing is stored twice.
    #[serde(default)]
    pub(super) stored: BTreeMap<BoardId, String>,
}

/// The file and its place.
#[derive(Debug)]
pub(super) struct ToldFile {
    path: PathBuf,
    pub(super) told: Told,
}

impl ToldFile {
    /// Reads it; nothing has been told where there is none.
    pub(super) fn open(path: &Path) -> Self {
        let told = read(path).unwrap_or_else(|error| {
            tracing::error!(%error, path = %path.display(), "what was told of the boards cannot be read and is told again");
            Told::default()
        });
        Self {
            path: path.to_owned(),
            told,
        }
    }

    /// Writes it, if it has changed.
    pub(super) fn keep(&mut self, told: Told) {
        if told == self.told {
            return;
        }
        self.told = told;
        if let Err(error) = self.write() {
            tracing::warn!(%error, "what was told of the boards cannot be written");
        }
    }

    fn write(&self) -> io::Result<()> {
        let part = self.path.with_extension("part");
        fs::write(&part, serde_json::to_vec(&self.told)?)?;
        fs::rename(part, &self.path)
    }
}

fn read(path: &Path) -> io::Result<Told> {
    match fs::read(path) {
        Ok(bytes) => Ok(serde_json::from_slice(&bytes)?),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Told::default()),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use wire::event::Aired;

    use super::*;

    #[test]
    fn what_is_on_show_is_known_after_a_power_cut_and_a_damaged_file_is_begun_anew() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("boards.json");
        let hall = "01890a5d-ac96-774b-bcce-b302099a8057"
            .parse()
            .expect("an id");
        let told = Told {
            described: None,
            seen: Some(UtcMs(20)),
            open: vec![BoardAired {
                hall,
                board: "LED-01".to_owned(),
                aired: Aired::Emergency,
                text: "请离开".to_owned(),
                from: UtcMs(10),
                until: None,
                sent: 1,
                confirmed: 1,
                believed: 0,
            }],
            stored: BTreeMap::from([(BoardId("LED-01".to_owned()), "00".to_owned())]),
        };
        ToldFile::open(&path).keep(told.clone());
        assert_eq!(ToldFile::open(&path).told, told);
        fs::write(&path, "{").expect("a file");
        assert_eq!(ToldFile::open(&path).told, Told::default());
    }
}
