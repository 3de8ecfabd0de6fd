//! Taking an attachment in: check, seal, make the file durable, put the row.

use domain::case::Attachment;
use domain::id::{RecordId, StaffId};
use domain::time::UtcMs;
use wire::problem::Problem;
use wire::sealed::{Binding, Nonce, SealKey};

use crate::edge::{Entropy, fill_random};
use crate::store::{AttachmentRow, ContentHash, Role, Store, StoreError, Write};

use super::clean::{Cleaned, cleaned};
use super::{AttachmentRules, BlobName, Fault, Owner};

/// What a sheet that is kept as it came is served as.
const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const PLAIN_SHEET: &str = "text/csv";

/// What somebody hands in.
#[derive(Debug, Clone)]
pub struct Offered {
    /// For which rule of the record's kind.
    pub doc_type: String,
    /// The file's name as its sender gives it. Never stored, never part of a path.
    pub claimed_name: String,
    /// The content.
    pub bytes: axum::body::Bytes,
}

/// What was taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// For the event that attaches it.
    pub attachment: Attachment,
    /// Whether the record did not have this content before.
    pub is_new: bool,
}

/// Takes an attachment in. Durable when it returns; the record itself is the caller's, who
/// [`discard`]s what the record does not take.
///
/// # Errors
/// `TooLarge` and `Refused` in words for the person at the desk; faults of storage.
pub async fn take_in(
    store: &Store,
    rules: AttachmentRules,
    owner: Owner,
    by: StaffId,
    offered: Offered,
    now: UtcMs,
) -> Result<Taken, Problem> {
    if store.role() != Role::Centre {
        return Err(Fault::NotTheCentre.into());
    }
    let desk = Desk {
        store: store.clone(),
        owner,
        by,
        now,
        entropy: fill_random,
    };
    let Offered {
        doc_type,
        claimed_name,
        bytes,
    } = offered;
    let taken = tokio::task::spawn_blocking(move || {
        let cleaned = match cleaned(&bytes, &claimed_name, &rules) {
            Ok(cleaned) => cleaned,
            Err(fault) => return Ok(Err(fault)),
        };
        drop(bytes);
        desk.take(&cleaned)
    });
    let taken = taken.await.map_err(|_| StoreError::Stopped)?;
    let (row, is_new) = taken??;
    Ok(Taken {
        attachment: attachment(row, doc_type),
        is_new,
    })
}

/// Takes in a sheet that the service has read itself and keeps as it came: a list that was compared, a
/// bank's answer. Nobody else can bring one. Blocking, as [`take_in`] otherwise.
///
/// # Errors
/// As [`take_in`].
pub(crate) fn take_in_sheet(
    store: &Store,
    owner: Owner,
    by: StaffId,
    sheet: (&str, Vec<u8>),
    now: UtcMs,
) -> Result<Taken, Problem> {
    if store.role() != Role::Centre {
        return Err(Fault::NotTheCentre.into());
    }
    let desk = Desk {
        store: store.clone(),
        owner,
        by,
        now,
        entropy: fill_random,
    };
    let (doc_type, bytes) = sheet;
    let mime = if bytes.starts_with(b"PK") {
        WORKBOOK
    } else {
        PLAIN_SHEET
    };
    let kept = Cleaned {
        mime,
        pages: 1,
        bytes,
    };
    let (row, is_new) = desk.take(&kept)??;
    Ok(Taken {
        attachment: attachment(row, doc_type.to_owned()),
        is_new,
    })
}

/// Takes back what the record did not take. Blocking.
///
/// # Errors
/// Faults of storage.
pub(crate) fn discard_blocking(
    store: &Store,
    record: RecordId,
    sha256: &str,
) -> Result<(), Problem> {
    let name: BlobName = sha256.parse()?;
    let dropped = name.clone();
    let held = store.write_blocking(move |write| drop_row(write, record, &dropped))?;
    if held {
        remove(store, &name);
    }
    Ok(())
}

/// Takes back what the record did not take.
///
/// # Errors
/// Faults of storage.
pub async fn discard(store: &Store, record: RecordId, sha256: &str) -> Result<(), Problem> {
    let name: BlobName = sha256.parse()?;
    let dropped = name.clone();
    let held = store.write(move |write| drop_row(write, record, &dropped));
    if held.await? {
        remove(store, &name);
    }
    Ok(())
}

/// Whether there was one.
fn drop_row(write: &mut Write<'_>, record: RecordId, name: &BlobName) -> Result<bool, StoreError> {
    let held = write.reader().attachment(record, name)?.is_some();
    if held {
        write.drop_attachment(name)?;
    }
    Ok(held)
}

/// A file without a row is rubbish; what cannot be removed now goes at the next opening.
fn remove(store: &Store, name: &BlobName) {
    if let Err(error) = store.blobs().remove(name) {
        tracing::warn!(%error, "a file without a row stays until the next opening");
    }
}

fn attachment(row: AttachmentRow, doc_type: String) -> Attachment {
    Attachment {
        doc_type,
        sha256: row.name.to_string(),
        mime: row.mime,
        pages: row.pages,
        bytes: row.bytes,
        at: row.at,
        by: row.by,
    }
}

/// Where something is taken in. Blocking.
struct Desk {
    store: Store,
    owner: Owner,
    by: StaffId,
    now: UtcMs,
    entropy: Entropy,
}

type Outcome = Result<Result<(AttachmentRow, bool), Fault>, StoreError>;

impl Desk {
    fn take(&self, cleaned: &Cleaned) -> Outcome {
        let entropy = self.entropy;
        let record = self.owner.record;
        let has_keys = self
            .store
            .read_blocking(|reader| reader.centre_box_public())?;
        if has_keys.is_none() {
            self.store
                .write_blocking(move |write| write.establish_keys(entropy))?;
        }
        let (content, held) = self.store.read_blocking(|reader| {
            let content = reader.content_hash(&cleaned.bytes)?;
            Ok((content, reader.attachment_of_content(record, content)?))
        })?;
        match held {
            Some(held) => Ok(Ok((held, false))),
            None => self.seal(cleaned, content),
        }
    }

    /// The file first, durable, then the row.
    fn seal(&self, cleaned: &Cleaned, content: ContentHash) -> Outcome {
        let key = self.new_key();
        let mut nonce = Nonce::default();
        (self.entropy)(&mut nonce);
        let record = self.owner.record;
        let sealed = key.seal_content(&Binding::Attachment { record }, &cleaned.bytes, nonce);
        let row = AttachmentRow {
            name: BlobName::of(&sealed),
            owner: self.owner,
            wrapped: None,
            mime: cleaned.mime.to_owned(),
            pages: cleaned.pages,
            bytes: cleaned.bytes.len() as u64,
            at: self.now,
            by: self.by,
        };
        let put = self.store.blobs().put(&row.name, &sealed);
        put.map_err(|error| StoreError::Full(error.to_string()))?;
        let outcome = self.put_row(row.clone(), content, key);
        let is_kept = matches!(&outcome, Ok(Ok((kept, _))) if kept.name == row.name);
        if !is_kept {
            remove(&self.store, &row.name);
        }
        outcome
    }

    fn put_row(&self, row: AttachmentRow, content: ContentHash, key: SealKey) -> Outcome {
        let entropy = self.entropy;
        self.store.write_blocking(move |write| {
            let record = row.owner.record;
            // somebody may have sent the same at the same time
            if let Some(held) = write.reader().attachment_of_content(record, content)? {
                return Ok(Ok((held, false)));
            }
            let added = write.add_attachment(&row, content, &key, entropy)?;
            Ok(added.map(|()| (row, true)))
        })
    }

    fn new_key(&self) -> SealKey {
        let mut bytes = [0; 32];
        (self.entropy)(&mut bytes);
        SealKey::from_bytes(bytes)
    }
}
