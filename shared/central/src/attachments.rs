//! Attachments of records: photos, scans and signatures, taken in at a clerk's desk.
//!
//! **Taken in** is what the bytes are, never what their sender says: JPEG, PNG and PDF, within
//! bounds. What lies about itself is refused in words that name what it is. Pictures lose what a
//! camera adds (place, time, device), losslessly; a PDF that does more than show pages is refused.
//! Sheets come in by one way only: those that the service read itself and keeps as they came.
//!
//! **At rest** each content lies sealed under a random key of its own in the file
//! `attachments/ab/cdef…` of the data directory, whose name is the SHA-256 *of the sealed bytes*:
//! anybody can check a file against its name, and the name, which stands in events, says nothing
//! about the content, also after an erasure. The content's key is wrapped by its person's key, or
//! by the master key when the record has no person, and stands in the row. The file is durable
//! before the row; a file without a row is rubbish that nothing can open.
//!
//! **The same content** twice at one record is one attachment. At another record it is another
//! one, with a key of its own; that they are the same is known by a keyed hash (`elsewhere`). A
//! second photo of the same paper is another content and is not found.
//!
//! Backups carry the files beside the databases (`crate::backup`); `central verify` reads each.

mod clean;
mod fault;
mod folder;
mod jpeg;
mod name;
mod pdf;
mod phone;
mod picture;
mod png;
#[cfg(test)]
pub(crate) mod samples;
mod sniff;
mod take_in;

use domain::id::{PersonId, RecordId};
use wire::sealed::Binding;
use zeroize::Zeroizing;

use crate::store::Store;
use wire::problem::Problem;

pub use fault::Fault;
pub(crate) use folder::{BlobFolder, FOLDER, Found};
pub use name::BlobName;
pub(crate) use phone::{PhoneDesk, PhoneId, PhoneSlot, PhoneView};
pub use take_in::{Offered, Taken, discard, take_in};
pub(crate) use take_in::{discard_blocking, take_in_sheet};

/// Whose an attachment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner {
    /// The person whom the record concerns; the content goes when the person is erased.
    pub person: Option<PersonId>,
    /// The record.
    pub record: RecordId,
}

/// What is taken in, and for how long a phone may send (`assets/parameters/attachment.toml`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AttachmentRules {
    /// `attachment.bytes_max`
    pub bytes_max: u64,
    /// `attachment.pixels_max`
    pub pixels_max: u64,
    /// `attachment.phone_minutes`
    pub phone_ms: i64,
    /// `attachment.phone_uploads_max`
    pub phone_uploads_max: u32,
}

/// A content that was opened.
#[derive(Debug, Clone)]
pub struct Content {
    /// Sniffed when it was taken in.
    pub mime: String,
    /// The plain bytes.
    pub bytes: Zeroizing<Vec<u8>>,
}

/// Opens an attachment of a record. Blocking work is done off the runtime's threads.
///
/// # Errors
/// `NotFound` when the record has none of this name or its person was erased; faults of storage.
pub async fn open(store: &Store, record: RecordId, sha256: &str) -> Result<Content, Problem> {
    let (name, files) = (sha256.parse::<BlobName>()?, store.blobs());
    let wanted = name.clone();
    let held = store.read(move |reader| {
        let row = reader.attachment(record, &wanted)?;
        let key = row.as_ref().map(|row| reader.attachment_key(row));
        Ok(row.zip(key.transpose()?))
    });
    let (row, key) = held.await?.ok_or(Fault::NotFound)?;
    let key = key.ok_or(Fault::Erased)?;
    let opened = tokio::task::spawn_blocking(move || match files.read(&name) {
        Ok(Found::Sound(sealed)) => {
            let binding = Binding::Attachment { record };
            key.open_content(&binding, &sealed).ok()
        }
        _ => None,
    });
    let opened = opened.await.ok().flatten();
    let bytes = opened.ok_or(Fault::Unreadable).inspect_err(|_| {
        tracing::error!(%record, "an attachment cannot be opened");
    })?;
    let mime = row.mime;
    Ok(Content { mime, bytes })
}

/// [`open`] for threads outside the runtime.
///
/// # Errors
/// As [`open`].
pub(crate) fn open_blocking(
    store: &Store,
    record: RecordId,
    sha256: &str,
) -> Result<Content, Problem> {
    let name = sha256.parse::<BlobName>()?;
    let held = store.read_blocking(|reader| {
        let row = reader.attachment(record, &name)?;
        let key = row.as_ref().map(|row| reader.attachment_key(row));
        Ok(row.zip(key.transpose()?))
    });
    let (row, key) = held?.ok_or(Fault::NotFound)?;
    let key = key.ok_or(Fault::Erased)?;
    let bytes = match store.blobs().read(&name) {
        Ok(Found::Sound(sealed)) => {
            let binding = Binding::Attachment { record };
            key.open_content(&binding, &sealed).ok()
        }
        _ => None,
    };
    let bytes = bytes.ok_or(Fault::Unreadable)?;
    let mime = row.mime;
    Ok(Content { mime, bytes })
}

/// Other records to which the same content is attached; at most 50.
///
/// # Errors
/// `NotFound` for what is no name; faults of storage.
pub async fn elsewhere(
    store: &Store,
    sha256: &str,
    record: RecordId,
) -> Result<Vec<RecordId>, Problem> {
    let name = sha256.parse::<BlobName>()?;
    let found = store.read(move |reader| reader.attached_elsewhere(record, &name));
    let found = found.await?.into_iter();
    Ok(found.map(|(record, _)| record).collect())
}

#[cfg(test)]
mod tests;
