//! What can be wrong with the master key. The sentences are for the person who runs the service:
//! what is, and what to do.

use std::path::PathBuf;

use thiserror::Error;
use wire::sealed::{KeyId, SealError};

/// Why keys cannot be used or changed. Never holds a key.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KeyError {
    /// The file is not there, and keys of the store are under it.
    #[error(
        "主密钥文件 {path} 不存在，没有它就打不开这个数据目录里的个人信息：请把保管的主密钥（编号 {wanted}）放回这里，或用 --master-key-file 写明它在哪里。"
    )]
    Missing {
        /// Where it should be.
        path: PathBuf,
        /// Which one it should be.
        wanted: KeyId,
    },
    /// The file holds another key.
    #[error(
        "主密钥文件 {path} 不是这个数据目录的（文件里是 {found}，需要 {wanted}）：请换成编号 {wanted} 的那一把，或用 --master-key-file 写明它在哪里。"
    )]
    Other {
        /// The file.
        path: PathBuf,
        /// What it holds.
        found: KeyId,
        /// What is needed.
        wanted: KeyId,
    },
    /// Others than the owner may read the file.
    #[error(
        "主密钥文件 {path} 别的用户也能读（权限 {mode:o}）：请执行 chmod 600 {path}，再启动，然后用 central keys rotate 换一把新的。"
    )]
    ReadableByOthers {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The file is no master key.
    #[error("{path} 里不是完整的主密钥：请用保管的那一份换掉它。")]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// The file would be where backups are made from.
    #[error(
        "主密钥不能放在数据目录里（{path}），否则会和数据一起进备份：请用 --master-key-file 写数据目录以外的文件。"
    )]
    InsideData {
        /// The file.
        path: PathBuf,
    },
    /// The operating system.
    #[error("{path} 读写不了（{reason}）：请检查目录和权限。")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The list of erased persons is not one.
    #[error("已删除人员名单 {path} 第 {line} 行看不懂：请从保管的那一份恢复这个文件，不要删掉它。")]
    ListDamaged {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
    },
    /// A rotation is asked for while the key before is kept.
    #[error("上一次换下的主密钥 {path} 还留着：请先用 central keys forget-old 删掉它，再换新的。")]
    OldKept {
        /// The old key's file.
        path: PathBuf,
    },
    /// There is no old key to forget.
    #[error("没有换下的旧主密钥，不用删。")]
    NoOld,
    /// systemd gives the key, so its file cannot be replaced from here.
    #[error(
        "主密钥是 systemd 交来的，程序换不了它：请停下服务，把它存成只有自己能读的文件，用 --master-key-file 指着它运行 central keys rotate，再把新文件交给 systemd。"
    )]
    FromCredential,
    /// The store has no keys yet.
    #[error("还没有主密钥：central serve 第一次启动时会生成。")]
    NoKeys,
    /// A key of the store is under a master key that this process does not hold.
    #[error("数据里有用主密钥 {0} 包着的钥匙，可是没有这一把：请用 central verify 检查数据。")]
    NotHeld(KeyId),
    /// A wrapped key does not open.
    #[error("数据里的一把钥匙坏了（{0}）：请从备份恢复。")]
    Wrapped(SealError),
}
