//! Kinds of records as they were used: the text of every version, by its hash. A kind read from a
//! text is kept in memory, because the text under a hash never changes.

use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};

use domain::case::{Kind, KindHash};
use rusqlite::{Connection, OptionalExtension};
use wire::event::KindPublished;

use super::projection::{Stored, execute};
use super::visits::corrupt;
use super::{Reader, StoreError, Write};

static READ: RwLock<BTreeMap<KindHash, Arc<Kind>>> = RwLock::new(BTreeMap::new());
const READ_LOCK: &str = "the lock of kinds that were read, because no holder panics";

impl Reader<'_> {
    /// The version of a kind with this hash.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when no such version was ever used.
    pub fn kind(&self, hash: &KindHash) -> Result<Arc<Kind>, StoreError> {
        by_hash(self.sql, hash)
    }

    /// Whether a version was used before.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn knows_kind(&self, hash: &KindHash) -> Result<bool, StoreError> {
        Ok(text_of(self.sql, hash)?.is_some())
    }
}

impl Write<'_> {
    /// As [`Reader::kind`], as this transaction sees it.
    pub(crate) fn kind(&self, hash: &KindHash) -> Result<Arc<Kind>, StoreError> {
        by_hash(self.sql, hash)
    }
}

pub(super) fn by_hash(sql: &Connection, hash: &KindHash) -> Result<Arc<Kind>, StoreError> {
    if let Some(kind) = READ.read().expect(READ_LOCK).get(hash) {
        return Ok(Arc::clone(kind));
    }
    let text = text_of(sql, hash)?
        .ok_or_else(|| StoreError::Corrupt(format!("no kind of records has the hash {hash}")))?;
    let kind = Arc::new(Kind::read_one(&text).map_err(corrupt)?);
    READ.write()
        .expect(READ_LOCK)
        .insert(hash.clone(), Arc::clone(&kind));
    Ok(kind)
}

fn text_of(sql: &Connection, hash: &KindHash) -> Result<Option<String>, StoreError> {
    let mut query = sql.prepare_cached("SELECT text FROM kinds WHERE hash = ?1")?;
    Ok(query.query_row([&hash.0], |row| row.get(0)).optional()?)
}

/// A version comes into use. One that was used before changes nothing.
pub(super) fn published(
    sql: &Connection,
    published: &KindPublished,
    stored: &Stored<'_>,
) -> Result<(), StoreError> {
    let statement = "INSERT OR IGNORE INTO kinds (hash, kind, version, text, position)
                     VALUES (?1, ?2, ?3, ?4, ?5)";
    let values = (
        &published.hash.0,
        published.kind.as_str(),
        published.version,
        &published.text,
        stored.position.cast_signed(),
    );
    execute(sql, statement, values)
}
