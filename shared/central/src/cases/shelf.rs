//! The kinds of this program: read from its files when it starts and checked. A broken file stops
//! the start and is named. A version stands in the record of events from its first use on.

use std::sync::{Arc, OnceLock};

use domain::case::{Kind, KindFault, KindFile, KindSet};
use domain::id::KindId;
use domain::rules::WordLists;
use include_dir::{Dir, include_dir};
use thiserror::Error;
use wire::event::KindPublished;

use crate::assets;

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../assets/case-kinds");

/// Files that are broken; every fault at once.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("业务种类的文件有 {} 处错误：\n{}", .0.len(), lines(.0))]
pub struct ShelfError(pub Vec<KindFault>);

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
    /// The kinds of the program's own files, read once.
    ///
    /// # Errors
    /// [`ShelfError`].
    pub fn embedded() -> Result<Self, ShelfError> {
        static READ: OnceLock<Result<KindShelf, ShelfError>> = OnceLock::new();
        READ.get_or_init(|| Self::read(&embedded_files())).clone()
    }

    /// The kinds of these files.
    ///
    /// # Errors
    /// [`ShelfError`].
    pub fn read(files: &[(String, String)]) -> Result<Self, ShelfError> {
        let files: Vec<_> = files
            .iter()
            .map(|(path, text)| KindFile { path, text })
            .collect();
        let kinds = KindSet::read(&files, &is_word_list).map_err(ShelfError)?;
        Ok(Self {
            kinds: Arc::new(kinds),
        })
    }

    /// All of them, for who holds files against them.
    pub(crate) fn set(&self) -> &KindSet {
        &self.kinds
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

    /// What is recorded when a version of a kind is used for the first time.
    #[must_use]
    pub fn publication(&self, kind: &Kind) -> KindPublished {
        KindPublished {
            kind: kind.id.clone(),
            version: kind.version,
            hash: kind.hash.clone(),
            text: self
                .kinds
                .canonical_text(&kind.id)
                .unwrap_or_default()
                .to_owned(),
        }
    }
}

/// Whether the program has a list of words of this name.
fn is_word_list(name: &str) -> bool {
    WordLists::read(assets::WORDS).is_ok_and(|words| words.list(name).is_some())
}

/// Paths and texts of the program's own files.
fn embedded_files() -> Vec<(String, String)> {
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
