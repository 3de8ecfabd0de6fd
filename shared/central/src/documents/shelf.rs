//! The templates of this program: read from its files when it starts and held against its kinds. A
//! broken file stops the start and is named.

use std::sync::Arc;

use domain::case::{KindFault, KindFile};
use domain::document::{Ledger, LedgerSet, Template, TemplateSet};
use include_dir::{Dir, include_dir};
use thiserror::Error;

use crate::cases::KindShelf;

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../assets/documents");

/// The file that is no template.
const LEDGERS: &str = "ledgers.toml";

/// Files that are broken; every fault at once.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("文书模板有 {} 处错误：\n{}", .0.len(), lines(.0))]
pub struct DocumentShelfError(pub Vec<KindFault>);

fn lines(faults: &[KindFault]) -> String {
    let lines: Vec<_> = faults.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

/// The templates and ledgers in use. Cheap to clone.
#[derive(Debug, Clone)]
pub struct DocumentShelf {
    templates: Arc<TemplateSet>,
    ledgers: Arc<LedgerSet>,
}

impl DocumentShelf {
    /// Those of the program's own files.
    ///
    /// # Errors
    /// [`DocumentShelfError`].
    pub fn embedded(kinds: &KindShelf) -> Result<Self, DocumentShelfError> {
        let files = FILES.files().filter_map(|file| {
            let path = file.path().to_string_lossy().replace('\\', "/");
            let text = file.contents_utf8()?;
            path.ends_with(".toml").then(|| (path, text.to_owned()))
        });
        Self::read(&files.collect::<Vec<_>>(), kinds)
    }

    /// Those of these files.
    ///
    /// # Errors
    /// [`DocumentShelfError`].
    pub fn read(files: &[(String, String)], kinds: &KindShelf) -> Result<Self, DocumentShelfError> {
        let (ledgers, templates): (Vec<_>, Vec<_>) =
            files.iter().partition(|(path, _)| path == LEDGERS);
        let templates: Vec<_> = templates.into_iter().map(kind_file).collect();
        let templates = TemplateSet::read(&templates, kinds.set());
        let ledgers = match ledgers.first() {
            Some(file) => LedgerSet::read(kind_file(file), kinds.set()),
            None => Ok(LedgerSet::default()),
        };
        match (templates, ledgers) {
            (Ok(templates), Ok(ledgers)) => Ok(Self {
                templates: Arc::new(templates),
                ledgers: Arc::new(ledgers),
            }),
            (templates, ledgers) => {
                let faults = templates.err().into_iter().chain(ledgers.err());
                Err(DocumentShelfError(faults.flatten().collect()))
            }
        }
    }

    /// A template.
    #[must_use]
    pub fn template(&self, id: &str) -> Option<&Template> {
        self.templates.get(id)
    }

    /// The titles of those that are made of records of a kind.
    #[must_use]
    pub fn titles_of(&self, kind: &domain::id::KindId) -> Vec<String> {
        let of_kind = self.all().filter(|one| one.occasions.contains_key(kind));
        of_kind.map(|one| one.title.clone()).collect()
    }

    /// All of them, by id.
    pub fn all(&self) -> impl Iterator<Item = &Template> {
        self.templates.iter()
    }

    /// The ledger of a kind.
    #[must_use]
    pub fn ledger(&self, kind: &domain::case::Kind) -> Ledger {
        self.ledgers.of(kind)
    }
}

fn kind_file((path, text): &(String, String)) -> KindFile<'_> {
    KindFile { path, text }
}
