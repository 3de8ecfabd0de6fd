//! Rows of attachments, and the keys of their contents. The sealed files are `crate::attachments`'.

use std::collections::BTreeSet;

use domain::id::{PersonId, RecordId, StaffId};
use domain::time::UtcMs;
use hmac::{Hmac, KeyInit, Mac};
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row};
use sha2::Sha256;
use wire::sealed::{Binding, SealKey, Sealed};

use crate::attachments::{BlobFolder, BlobName, Fault, Owner};
use crate::edge::Entropy;
use crate::vault::KeyError;

use super::keys::{HeldKey, lookup_key, master, nonce, person_key};
use super::projection::execute;
use super::visits::{corrupt, read_id};
use super::{Reader, Store, StoreError, Write};

/// Most other records that are named.
const ELSEWHERE_MAX: u32 = 50;

/// An attachment as the store holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AttachmentRow {
    pub(crate) name: BlobName,
    pub(crate) owner: Owner,
    /// The content's key, wrapped; `None` when the person was erased.
    pub(crate) wrapped: Option<Sealed>,
    pub(crate) mime: String,
    pub(crate) pages: u32,
    /// Length of the plain content.
    pub(crate) bytes: u64,
    pub(crate) at: UtcMs,
    pub(crate) by: StaffId,
}

/// The keyed hash of a content. Without the key nobody can tell which content it is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ContentHash([u8; 32]);

const SELECT: &str =
    "SELECT sha256, record, person, wrapped, mime, pages, bytes, taken_at, taken_by
                      FROM attachments";

impl Reader<'_> {
    /// The attachment of a record under a name.
    pub(crate) fn attachment(
        &self,
        record: RecordId,
        name: &BlobName,
    ) -> Result<Option<AttachmentRow>, StoreError> {
        let query = format!("{SELECT} WHERE sha256 = ?1 AND record = ?2");
        let mut query = self.sql.prepare_cached(&query)?;
        let mut rows = query.query((name.as_str(), record.to_string()))?;
        rows.next()?.map(read_row).transpose()
    }

    /// The attachment of a record with this content.
    pub(crate) fn attachment_of_content(
        &self,
        record: RecordId,
        content: ContentHash,
    ) -> Result<Option<AttachmentRow>, StoreError> {
        let query = format!("{SELECT} WHERE content = ?1 AND record = ?2");
        let mut query = self.sql.prepare_cached(&query)?;
        let mut rows = query.query((content.0, record.to_string()))?;
        rows.next()?.map(read_row).transpose()
    }

    /// The other records to which the content of this attachment is attached too, each with the
    /// name that it has there; at most 50.
    pub(crate) fn attached_elsewhere(
        &self,
        record: RecordId,
        name: &BlobName,
    ) -> Result<Vec<(RecordId, BlobName)>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT other.record, other.sha256
             FROM attachments this
             JOIN attachments other ON other.content = this.content
             WHERE this.sha256 = ?1
               AND this.record = ?2
               AND other.record <> ?2
             ORDER BY other.taken_at, other.record
             LIMIT ?3",
        )?;
        let values = (name.as_str(), record.to_string(), ELSEWHERE_MAX);
        let found = query.query_map(values, |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        })?;
        let found = found.map(|pair| {
            let (record, name) = pair?;
            Ok((read_id(&record)?, read_name(&name)?))
        });
        found.collect()
    }

    /// The records to which a content is attached, the first one first; at most 50.
    pub(crate) fn records_with_content(
        &self,
        content: ContentHash,
    ) -> Result<Vec<RecordId>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT record
             FROM attachments
             WHERE content = ?1
             ORDER BY taken_at, record
             LIMIT ?2",
        )?;
        let found = query.query_map((content.0, ELSEWHERE_MAX), |row| row.get::<_, String>(0))?;
        found.map(|record| read_id(&record?)).collect()
    }

    /// The keyed hash of a content. A rotation of the master key does not change it.
    pub(crate) fn content_hash(&self, content: &[u8]) -> Result<ContentHash, StoreError> {
        let key = lookup_key(self.sql, self.keys)?;
        let mac = Hmac::<Sha256>::new_from_slice(key.expose())
            .expect("a keyed hash, because HMAC takes keys of any length")
            .chain_update(b"attachment\0")
            .chain_update(content);
        Ok(ContentHash(mac.finalize().into_bytes().into()))
    }

    /// The key of a content; `None` when its person was erased.
    pub(crate) fn attachment_key(
        &self,
        row: &AttachmentRow,
    ) -> Result<Option<SealKey>, StoreError> {
        let Some(wrapped) = &row.wrapped else {
            return Ok(None);
        };
        let binding = key_binding(row.owner);
        let Some(person) = row.owner.person else {
            return Ok(Some(self.keys.unwrap(wrapped, &binding)?));
        };
        match person_key(self.sql, self.keys, person)? {
            HeldKey::Usable(key) => {
                let bytes = wrapped.open(&key, &binding).map_err(KeyError::Wrapped)?;
                let bytes = <[u8; 32]>::try_from(bytes.as_slice()).map_err(corrupt)?;
                Ok(Some(SealKey::from_bytes(bytes)))
            }
            HeldKey::Erased | HeldKey::Unknown => Ok(None),
        }
    }

    /// The names of all contents that can be read.
    pub(crate) fn attachment_names(&self) -> Result<BTreeSet<BlobName>, StoreError> {
        names(self.sql)
    }

    /// Every attachment that can be read, to `each`.
    pub(super) fn each_attachment(
        &self,
        mut each: impl FnMut(AttachmentRow) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let query = format!("{SELECT} WHERE wrapped IS NOT NULL ORDER BY sha256");
        let mut query = self.sql.prepare(&query)?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            each(read_row(row)?)?;
        }
        Ok(())
    }
}

impl Write<'_> {
    /// Puts the row of a new attachment, with its content's key under the owner's.
    pub(crate) fn add_attachment(
        &mut self,
        row: &AttachmentRow,
        content: ContentHash,
        key: &SealKey,
        entropy: Entropy,
    ) -> Result<Result<(), Fault>, StoreError> {
        let wrapped = match self.wrap_for(row.owner, key, entropy)? {
            Ok(wrapped) => wrapped,
            Err(fault) => return Ok(Err(fault)),
        };
        let statement = "INSERT INTO attachments (sha256, record, person, wrapped, content, mime,
                                                  pages, bytes, taken_at, taken_by)
                         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
        let values = (
            row.name.as_str(),
            row.owner.record.to_string(),
            row.owner.person.map(|person| person.to_string()),
            wrapped.to_string(),
            content.0,
            &row.mime,
            row.pages,
            row.bytes.cast_signed(),
            row.at.0,
            row.by.to_string(),
        );
        execute(self.sql, statement, values).map(Ok)
    }

    /// Takes the row of an attachment out again that its record did not take.
    pub(crate) fn drop_attachment(&mut self, name: &BlobName) -> Result<(), StoreError> {
        let statement = "DELETE FROM attachments WHERE sha256 = ?1";
        execute(self.sql, statement, [name.as_str()])
    }

    fn wrap_for(
        &self,
        owner: Owner,
        key: &SealKey,
        entropy: Entropy,
    ) -> Result<Result<Sealed, Fault>, StoreError> {
        let (binding, nonce) = (key_binding(owner), nonce(entropy));
        let Some(person) = owner.person else {
            let master = master(self.sql)?.ok_or(KeyError::NoKeys)?;
            return Ok(Ok(self.keys.wrap(master, key, &binding, nonce)?));
        };
        let of_person = match person_key(self.sql, self.keys, person)? {
            HeldKey::Usable(key) => key,
            HeldKey::Erased => return Ok(Err(Fault::OwnerErased)),
            HeldKey::Unknown => return Ok(Err(Fault::OwnerUnknown)),
        };
        let wrapped = Sealed::seal(&of_person, &binding, key.expose(), nonce);
        Ok(Ok(wrapped.map_err(corrupt)?))
    }
}

impl Store {
    /// The folder of sealed files, beside the database.
    pub(crate) fn blobs(&self) -> BlobFolder {
        let beside = self.inner.path.parent();
        BlobFolder::within(beside.unwrap_or(std::path::Path::new(".")))
    }

    /// Removes files that no row can open: of erased persons, and what a killed process left
    /// before its row. Only while nobody takes anything in.
    pub(super) fn sweep_attachments(&self) -> Result<(), StoreError> {
        let wanted = self.read_blocking(|reader| reader.attachment_names())?;
        let swept = self.blobs().keep_only(&wanted);
        swept.map_err(|error| StoreError::Full(error.to_string()))
    }
}

/// Takes the keys of a person's attachments and what identifies their contents. Returns their
/// names; the files are to be removed after the commit.
pub(super) fn forget(sql: &Connection, person: PersonId) -> Result<Vec<BlobName>, StoreError> {
    let mut query = sql.prepare_cached("SELECT sha256 FROM attachments WHERE person = ?1")?;
    let found = query.query_map([person.to_string()], |row| row.get::<_, String>(0))?;
    let found: Result<Vec<_>, _> = found.map(|name| read_name(&name?)).collect();
    let statement = "UPDATE attachments
                     SET wrapped = NULL,
                         content = NULL
                     WHERE person = ?1";
    execute(sql, statement, [person.to_string()])?;
    found
}

/// The names of all contents that a store which nobody writes can open; none in one of a schema
/// that is older than attachments.
pub(crate) fn attachment_names_of_file(
    path: &std::path::Path,
) -> Result<BTreeSet<BlobName>, StoreError> {
    let sql = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let query = "SELECT 1 FROM sqlite_schema WHERE name = 'attachments'";
    let is_there = sql.query_row(query, [], |_| Ok(())).optional()?;
    is_there.map_or_else(|| Ok(BTreeSet::new()), |()| names(&sql))
}

fn names(sql: &Connection) -> Result<BTreeSet<BlobName>, StoreError> {
    let mut query = sql.prepare("SELECT sha256 FROM attachments WHERE wrapped IS NOT NULL")?;
    let found = query.query_map([], |row| row.get::<_, String>(0))?;
    found.map(|name| read_name(&name?)).collect()
}

/// What the wrapped key of a content is bound to.
pub(super) fn key_binding(owner: Owner) -> Binding<'static> {
    Binding::AttachmentKey {
        record: owner.record,
    }
}

fn read_name(text: &str) -> Result<BlobName, StoreError> {
    text.parse().map_err(corrupt)
}

fn read_row(row: &Row<'_>) -> Result<AttachmentRow, StoreError> {
    let person: Option<String> = row.get(2)?;
    let wrapped: Option<String> = row.get(3)?;
    Ok(AttachmentRow {
        name: read_name(&row.get::<_, String>(0)?)?,
        owner: Owner {
            record: read_id(&row.get::<_, String>(1)?)?,
            person: person.map(|person| read_id(&person)).transpose()?,
        },
        wrapped: wrapped
            .map(|wrapped| wrapped.parse().map_err(corrupt))
            .transpose()?,
        mime: row.get(4)?,
        pages: row.get(5)?,
        bytes: row.get::<_, i64>(6)?.cast_unsigned(),
        at: UtcMs(row.get(7)?),
        by: read_id(&row.get::<_, String>(8)?)?,
    })
}

/// For a rotation: the attachments whose keys are directly under the master key.
pub(super) fn rewrap(
    sql: &Connection,
    rewrap: impl Fn(&Sealed, &Binding<'_>) -> Result<Sealed, StoreError>,
) -> Result<u64, StoreError> {
    let query = format!("{SELECT} WHERE person IS NULL AND wrapped IS NOT NULL");
    let mut query = sql.prepare(&query)?;
    let mut rows = query.query([])?;
    let mut held = Vec::new();
    while let Some(row) = rows.next()? {
        held.push(read_row(row)?);
    }
    let mut count = 0;
    for row in held {
        let Some(wrapped) = &row.wrapped else {
            continue;
        };
        let wrapped = rewrap(wrapped, &key_binding(row.owner))?;
        let statement = "UPDATE attachments SET wrapped = ?2 WHERE sha256 = ?1";
        execute(sql, statement, (row.name.as_str(), wrapped.to_string()))?;
        count += 1;
    }
    Ok(count)
}
