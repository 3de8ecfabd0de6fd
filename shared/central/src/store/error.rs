//! What can go wrong with the store, and what a caller of the API is told about it.

use rusqlite::ErrorCode;
use thiserror::Error;
use wire::problem::{Problem, ProblemCode};

use crate::vault::KeyError;

/// A fault of the store. Cloneable, because one failed commit answers many jobs.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StoreError {
    /// No room, or the disk does not take writes.
    #[error("the data directory cannot be written: {0}.")]
    Full(String),
    /// Any other fault of SQLite.
    #[error("the database answered: {0}.")]
    Sql(String),
    /// The store holds something that this program did not write.
    #[error("the store is damaged: {0}.")]
    Corrupt(String),
    /// A migration that was applied reads differently now.
    #[error("migration {number} was altered after it had been applied.")]
    MigrationAltered {
        /// Its number.
        number: usize,
    },
    /// The store was written by a newer program.
    #[error("the store has migration {found}; this program knows {known}.")]
    TooNew {
        /// The store's last.
        found: usize,
        /// The program's last.
        known: usize,
    },
    /// The store is another writer's, or a centre's store is opened as a node's.
    #[error("the store belongs to {found}, not to {expected}: a new node needs a new folder.")]
    OtherRole {
        /// Whose it is.
        found: String,
        /// Who opens it.
        expected: String,
    },
    /// What the job began must be undone, because of this.
    #[error("refused: {}", .0.detail)]
    Refused(Box<Problem>),
    /// The master key, or a key under it. The sentence is for the person who runs the service.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// More jobs wait than are accepted.
    #[error("too many writes wait.")]
    Busy,
    /// The writer has stopped.
    #[error("the store is closed.")]
    Stopped,
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let message = error.to_string();
        match error.sqlite_error_code() {
            Some(
                ErrorCode::DiskFull
                | ErrorCode::SystemIoFailure
                | ErrorCode::ReadOnly
                | ErrorCode::CannotOpen,
            ) => Self::Full(message),
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Corrupt(message),
            _ => Self::Sql(message),
        }
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::Corrupt(format!("stored JSON cannot be read ({error})"))
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        if let StoreError::Refused(problem) = error {
            return *problem;
        }
        tracing::error!(%error, "store");
        match error {
            StoreError::Full(_) => Self::new(
                ProblemCode::StorageFull,
                "存储已满，现在不能办理，请找工作人员。",
            ),
            StoreError::Busy => Self::new(ProblemCode::TooMany, "现在太忙，请稍等再试。"),
            _ => Self::new(ProblemCode::Internal, "系统出了故障，请找工作人员。"),
        }
    }
}
