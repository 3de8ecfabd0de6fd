//! Why a backup, a restore or a drill was not done. The sentences are for the person at the
//! command line; after any of them, what was there before is there still.

use std::path::PathBuf;

use sync::data_dir::DataDirError;
use thiserror::Error;

use crate::serve::OpenError;
use crate::store::StoreError;

/// See the module.
#[derive(Debug, Error)]
pub enum BackupError {
    /// The disk is full or does not take writes.
    #[error("备份没有做成，{folder} 写不进去（{reason}）。以前的备份都还在。")]
    NotWritten {
        /// Where to.
        folder: PathBuf,
        /// What the operating system or SQLite said.
        reason: String,
    },
    /// The store cannot be copied.
    #[error("备份没有做成，数据库有问题（{0}）。以前的备份都还在。请运行 central verify。")]
    Unsound(StoreError),
    /// The folder is where it must not be.
    #[error("备份不能放在数据目录里面（{0}），数据目录出了事会一起丢。请换一个文件夹。")]
    WithinData(PathBuf),
    /// Somebody else is at it.
    #[error("{0} 里正在做另一份备份，请等它做完。")]
    FolderBusy(PathBuf),
    /// There is nothing to restore.
    #[error("{0} 里没有备份。")]
    NoBackup(PathBuf),
    /// Backups of several centres lie together.
    #[error("{0} 里有不同中心的备份，请用 --from 写明是哪一个文件。")]
    SeveralStores(PathBuf),
    /// A file is not what its manifest says, or has none.
    #[error("{path} 不能用：{fault}。")]
    Damaged {
        /// The database file.
        path: PathBuf,
        /// What is wrong, in Chinese.
        fault: String,
    },
    /// The chains or tables of a backup are not sound.
    #[error("{path} 核对不过，没有恢复：\n{}", .faults.join("\n"))]
    NotVerified {
        /// The database file.
        path: PathBuf,
        /// As `central verify` says them.
        faults: Vec<String>,
    },
    /// A backup cannot tell which attachments it knows.
    #[error("{path} 里登记的材料读不出来：{source}")]
    Attachments {
        /// The database file.
        path: PathBuf,
        /// Why.
        source: StoreError,
    },
    /// There is something in the data directory.
    #[error(
        "{0} 里已经有数据，没有动它。确实要换成备份里的，加 --replace（旧的会移到一边，不会删）。"
    )]
    Occupied(PathBuf),
    /// The data directory.
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    /// The program cannot open what it restored.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The operating system, elsewhere.
    #[error("{path} 读写出错：{source}")]
    Io {
        /// Where.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

impl BackupError {
    /// For `map_err` at a path.
    pub(super) fn at(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> Self + use<'_> {
        move |source| Self::Io {
            path: path.to_owned(),
            source,
        }
    }
}
