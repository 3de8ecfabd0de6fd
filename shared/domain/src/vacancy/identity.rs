//! By what a row is known again in the next file: the source's own id, else a hash of title,
//! employer and place. A derived identity is said aloud ([`super::Flag::IdentityDerived`]).

use std::fmt;

use sha2::{Digest, Sha256};

use super::RawVacancy;

/// The identity of a vacancy across files of its source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SourceKey {
    /// The source's own id, spaces around it removed.
    Given(String),
    /// SHA-256 of title, employer and place, each with its length before it.
    Derived([u8; 32]),
}

impl SourceKey {
    /// The identity of a row.
    #[must_use]
    pub fn of(raw: &RawVacancy<'_>) -> Self {
        match raw.source_id.map(str::trim).filter(|id| !id.is_empty()) {
            Some(id) => Self::Given(id.to_owned()),
            None => Self::derived([raw.title, raw.employer, raw.district]),
        }
    }

    fn derived(cells: [Option<&str>; 3]) -> Self {
        let mut hash = Sha256::new();
        for cell in cells {
            let cell = cell.unwrap_or_default().trim();
            hash.update((cell.len() as u64).to_be_bytes());
            hash.update(cell.as_bytes());
        }
        Self::Derived(hash.finalize().into())
    }
}

impl fmt::Display for SourceKey {
    /// The form for a unique column: `id:…` or `hash:…`, so that the two never meet.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Given(id) => write!(f, "id:{id}"),
            Self::Derived(hash) => write!(f, "hash:{}", hex::encode(hash)),
        }
    }
}
