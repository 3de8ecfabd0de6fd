//! The kinds of this program: read from its files when it starts, checked, and published into the
//! record of events when their text is new. A broken file stops the start and is named.

use std::sync::Arc;

use domain::case::{Kind, KindFault, KindFile, KindSet};
use domain::id::KindId;
use domain::time::UtcMs;
use include_dir::{Dir, include_dir};
use thiserror::Error;
use wire::event::{Event, KindPublished};

use crate::store::{Store, StoreError};

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../assets/case-kinds");

/// Why the kinds cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ShelfError {
    /// Files are broken; every fault at once.
    #[error("案件类型文件有 {} 处错误：\n{}", .0.len(), lines(.0))]
    Faults(Vec<KindFault>),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn lines(faults: &[KindFault]) -> String {
    let lines: Vec<_> = faults.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

/// The kinds in use. Cheap to clone.
#[derive(Debug, Clone)]
pub struct KindShelf {
    kinds: Arc<KindSet>,
}

impl KindShelf {
    /// The kinds of the program's own files.
    ///
    /// # Errors
    /// [`ShelfError::Faults`].
    pub fn embedded() -> Result<Self, ShelfError> {
        Self::read(&embedded_files())
    }

    /// The kinds of these files.
    ///
    /// # Errors
    /// [`ShelfError::Faults`].
    pub fn read(files: &[(String, String)]) -> Result<Self, ShelfError> {
        let files: Vec<_> = files
            .iter()
            .map(|(path, text)| KindFile { path, text })
            .collect();
        let kinds = KindSet::read(&files, &is_word_list).map_err(ShelfError::Faults)?;
        Ok(Self {
            kinds: Arc::new(kinds),
        })
    }

    /// The kind in use.
    #[must_use]
    pub fn kind(&self, id: &KindId) -> Option<&Arc<Kind>> {
        self.kinds.get(id)
    }

    /// All of them, in order of line and id.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Kind>> {
        self.kinds.iter()
    }

    /// Publishes the versions that the store has not seen.
    ///
    /// # Errors
    /// A fault of storage.
    pub async fn publish(&self, store: &Store, now: UtcMs) -> Result<(), StoreError> {
        let kinds = Arc::clone(&self.kinds);
        let published = store.write(move |write| {
            for kind in kinds.iter() {
                if write.reader().knows_kind(&kind.hash)? {
                    continue;
                }
                let text = kinds.canonical_text(&kind.id).unwrap_or_default();
                let published = KindPublished {
                    kind: kind.id.clone(),
                    version: kind.version,
                    hash: kind.hash.clone(),
                    text: text.to_owned(),
                };
                write.append(&Event::KindPublished(published), now)?;
            }
            Ok(())
        });
        published.await
    }
}

/// Whether the program has a list of words of this name.
fn is_word_list(name: &str) -> bool {
    crate::assets::word_lists().contains_key(name)
}

/// Paths and texts of the program's own files.
#[must_use]
pub fn embedded_files() -> Vec<(String, String)> {
    let mut files = Vec::new();
    collect(&FILES, &mut files);
    files.sort();
    files
}

fn collect(dir: &Dir<'_>, files: &mut Vec<(String, String)>) {
    for file in dir.files() {
        let path = file.path().to_string_lossy().replace('\\', "/");
        if let Some(text) = file.contents_utf8()
            && path.ends_with(".toml")
        {
            files.push((path, text.to_owned()));
        }
    }
    for inner in dir.dirs() {
        collect(inner, files);
    }
}
