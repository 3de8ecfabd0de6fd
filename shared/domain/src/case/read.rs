//! Reading kind files (assets/case-kinds/README.md), whole and at once: every fault of every file is
//! found, each with its line, so that who writes a file is told everything in one go.
//!
//! The steps: [`table`] walks TOML with its lines, [`raw`] reads what each table says, [`merge`] puts
//! a workflow under a kind, [`resolve`] finds what each name means, [`graph`] walks the states.

mod field;
mod graph;
pub(crate) mod known;
mod merge;
mod raw;
mod resolve;
mod start_page;
pub(crate) mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::id::KindId;

use super::kind::{Kind, KindHash};

use table::Faults;

/// A file of kinds or workflows.
#[derive(Debug, Clone, Copy)]
pub struct KindFile<'f> {
    /// Under the directory of kinds: `employment/vacancy.toml`, `workflows/sub.toml`.
    pub path: &'f str,
    /// Its content.
    pub text: &'f str,
}

/// Something wrong in a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct KindFault {
    /// The file.
    pub path: String,
    /// The line of the wrong value, from 1; of its table, for what is not there.
    pub line: usize,
    /// A Chinese sentence: what is wrong.
    pub text: String,
}

impl fmt::Display for KindFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.text)
    }
}

/// A stored text that is no kind.
#[derive(Debug, Error)]
#[error("The stored text of a kind cannot be read back.")]
pub struct NotAKind(#[from] serde_json::Error);

/// Every kind that there is.
#[derive(Debug, Clone, Default)]
pub struct KindSet {
    kinds: BTreeMap<KindId, Published>,
}

#[derive(Debug, Clone)]
struct Published {
    kind: Arc<Kind>,
    text: String,
}

impl KindSet {
    /// Reads every file. `words` says whether a list of forbidden words is known.
    ///
    /// # Errors
    /// Every fault, by file and line.
    pub fn read(
        files: &[KindFile<'_>],
        words: &dyn Fn(&str) -> bool,
    ) -> Result<Self, Vec<KindFault>> {
        let faults = Faults::default();
        let texts: Vec<_> = files
            .iter()
            .map(|file| (file.path, table::parsed(*file, &faults)))
            .collect();
        let (mut workflows, mut drafts) = (BTreeMap::new(), Vec::new());
        for (path, parsed) in &texts {
            let Some(root) = parsed.as_ref().map(|parsed| parsed.root()) else {
                continue;
            };
            if path.starts_with("workflows/") {
                let (id, flow) = raw::workflow(root, stem(path));
                workflows.insert(id, flow);
            } else {
                drafts.extend(raw::kind(root, path));
            }
        }
        // a file that cannot be read is still there for others to name
        let known: BTreeSet<_> = files.iter().map(|file| stem(file.path)).collect();
        let drafts: Vec<_> = drafts
            .into_iter()
            .map(|draft| merge::merged(draft, &workflows, &faults))
            .collect();
        let others: BTreeMap<String, resolve::Other> = drafts
            .iter()
            .map(|draft| (draft.head.value.id.to_string(), resolve::Other::of(draft)))
            .collect();
        let world = resolve::World {
            kinds: &known,
            others: &others,
            words,
            faults: &faults,
        };
        let mut set = Self::default();
        for draft in drafts {
            set.publish(resolve::kind(draft, world));
        }
        faults.into_result().map(|()| set)
    }

    fn publish(&mut self, mut kind: Kind) {
        let text = kind.canonical_text();
        kind.hash = hash_of(&text);
        let id = kind.id.clone();
        let kind = Arc::new(kind);
        self.kinds.insert(id, Published { kind, text });
    }

    /// A kind.
    #[must_use]
    pub fn get(&self, id: &KindId) -> Option<&Arc<Kind>> {
        self.kinds.get(id).map(|published| &published.kind)
    }

    /// Every kind, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Kind>> {
        self.kinds.values().map(|published| &published.kind)
    }

    /// The text of a kind with its workflow, from which [`Kind::read_one`] reads it back, and whose
    /// SHA-256 is its hash. JSON in one line: what a comment or a blank changes in the file is not
    /// another version.
    #[must_use]
    pub fn canonical_text(&self, id: &KindId) -> Option<&str> {
        self.kinds.get(id).map(|published| published.text.as_str())
    }
}

impl Kind {
    /// Reads back the text under which a version of a kind was stored. It was checked when it was
    /// first read, by the rules of that day.
    ///
    /// # Errors
    /// [`NotAKind`].
    pub fn read_one(canonical_text: &str) -> Result<Self, NotAKind> {
        let mut kind: Self = serde_json::from_str(canonical_text)?;
        kind.hash = hash_of(canonical_text);
        Ok(kind)
    }

    fn canonical_text(&self) -> String {
        serde_json::to_string(self).expect(
            "JSON, because a kind holds no map with other keys than texts, and no personal value",
        )
    }
}

fn hash_of(text: &str) -> KindHash {
    KindHash(hex::encode(Sha256::digest(text.as_bytes())))
}

/// `vacancy` of `employment/vacancy.toml`.
pub(crate) fn stem(path: &str) -> &str {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    name.strip_suffix(".toml").unwrap_or(name)
}

/// `employment` of `employment/vacancy.toml`.
fn folder(path: &str) -> &str {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    folder.rsplit_once('/').map_or(folder, |(_, name)| name)
}
