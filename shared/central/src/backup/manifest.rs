//! What is written beside each backup, and how backups are named. It says what the file must be,
//! so that a damaged one is known before it is used.

use std::collections::BTreeSet;
use std::path::Path;

use domain::time::UtcMs;
use serde::{Deserialize, Serialize};

use domain::id::DeviceId;

use crate::attachments::BlobName;
use crate::store::Extent;

use super::BackupError;

/// Longest manifest that is read, in bytes.
const MANIFEST_BYTES_MAX: u64 = 1024 * 1024;
/// What the names of backups begin with.
pub(super) const NAME_PREFIX: &str = "central-";

/// What a backup is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of this form: 1.
    pub format: u32,
    /// The service's clock when it was made.
    pub made_at: UtcMs,
    /// The same on the hall's clock, for people.
    pub made_at_text: String,
    /// Version of the program that made it.
    pub program: String,
    /// The centre's writer id: whose store it is.
    pub store: DeviceId,
    /// The number of the last migration.
    pub schema: u64,
    /// How far the record goes.
    #[serde(flatten)]
    pub extent: Extent,
    /// Attachments whose files are beside the databases.
    #[serde(default)]
    pub attachments: u64,
    /// Names of attachments whose files were damaged or missing already when this was made.
    #[serde(default)]
    pub attachments_missing: BTreeSet<String>,
    /// Length of the database file.
    pub bytes: u64,
    /// SHA-256 of the database file, lower-case hex.
    pub sha256: String,
}

impl Manifest {
    /// The form that this program writes and reads.
    pub(super) const FORMAT: u32 = 1;

    /// The attachments that this backup is known not to have.
    pub(super) fn missing(&self) -> BTreeSet<BlobName> {
        let names = self.attachments_missing.iter();
        names.filter_map(|name| name.parse().ok()).collect()
    }

    /// The manifest in a file.
    pub(super) fn read(path: &Path) -> Result<Self, BackupError> {
        let length = std::fs::metadata(path)
            .map_err(BackupError::at(path))?
            .len();
        let damaged = |fault: &str| BackupError::Damaged {
            path: path.to_owned(),
            fault: fault.to_owned(),
        };
        if length > MANIFEST_BYTES_MAX {
            return Err(damaged("不是备份的说明文件"));
        }
        let text = std::fs::read_to_string(path).map_err(BackupError::at(path))?;
        let read: Self =
            serde_json::from_str(&text).map_err(|_| damaged("备份的说明文件看不懂"))?;
        if read.format != Self::FORMAT {
            return Err(damaged("是更新版本的程序做的，请先升级程序"));
        }
        Ok(read)
    }
}

/// `20261123T023000.000`: sorts by time, and every file system takes it.
pub(super) fn stamp(at: UtcMs) -> String {
    at.hall_time().format("%Y%m%dT%H%M%S%.3f").to_string()
}
