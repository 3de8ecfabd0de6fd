//! Files that were tried and wait for the word to import them, in memory: a few, for a quarter of
//! an hour, each for who brought it. After a restart a file is simply chosen again.

use std::collections::BTreeMap;
use std::sync::Mutex;

use domain::id::{KindId, StaffId};
use domain::time::UtcMs;

use crate::edge;
use crate::sheet::Read;

use super::SheetImport;

/// Files at once, over all staff; the oldest goes.
const HELD_MAX: usize = 8;
/// So long a file waits.
const HELD_MS: i64 = 15 * 60_000;

/// A file that was tried.
#[derive(Debug, Clone)]
pub struct HeldImport {
    /// Of this kind.
    pub kind: KindId,
    /// The file, and who brought it.
    pub import: SheetImport,
    /// What of it cannot be imported.
    pub rejected: Read,
}

impl HeldImport {
    /// Without its content: it was imported, but for what stands in `rejected`.
    #[must_use]
    pub fn spent(mut self, rejected: Read) -> Self {
        self.import.bytes.clear();
        Self { rejected, ..self }
    }
}

/// The files that wait.
#[derive(Debug, Default)]
pub struct HeldImports {
    held: Mutex<BTreeMap<String, (UtcMs, HeldImport)>>,
}

const LOCK: &str = "the lock of held imports, because no holder panics";

impl HeldImports {
    /// Keeps a file; returns its name.
    #[must_use]
    pub fn hold(&self, import: HeldImport, now: UtcMs) -> String {
        let mut held = self.held.lock().expect(LOCK);
        held.retain(|_, (since, _)| now.ms_since(*since) < HELD_MS);
        if held.len() >= HELD_MAX {
            let oldest = held.iter().min_by_key(|(_, (since, _))| *since);
            if let Some(oldest) = oldest.map(|(name, _)| name.clone()) {
                held.remove(&oldest);
            }
        }
        let name = edge::new_secret();
        held.insert(name.clone(), (now, import));
        name
    }

    /// Takes a file out, if it is this person's, of this kind and not spent.
    #[must_use]
    pub fn take(&self, name: &str, kind: &KindId, by: StaffId) -> Option<HeldImport> {
        let mut held = self.held.lock().expect(LOCK);
        let fits = held
            .get(name)
            .is_some_and(|(_, import)| is_of(import, kind, by) && !import.import.bytes.is_empty());
        fits.then(|| held.remove(name))
            .flatten()
            .map(|(_, import)| import)
    }

    /// What of a file cannot be imported.
    #[must_use]
    pub fn rejected(&self, name: &str, kind: &KindId, by: StaffId) -> Option<Read> {
        let held = self.held.lock().expect(LOCK);
        let (_, import) = held.get(name)?;
        is_of(import, kind, by).then(|| import.rejected.clone())
    }
}

fn is_of(import: &HeldImport, kind: &KindId, by: StaffId) -> bool {
    import.kind == *kind && import.import.actor.staff == Some(by)
}
