//! Checking the store. The record: every event reads, has the hash it is stored under, follows its
//! predecessor, and every device's signed tail is under its key. The file: SQLite's own check and
//! the foreign keys. The derived tables: a rebuild gives the same rows. Attachments: every file has
//! the hash that it is named by, and opens under its key.
//!
//! A whole check is made on a copy of one instant in a scratch directory, because the rebuild
//! writes: the store goes on meanwhile, and the disk must have room for it once more.

use std::collections::BTreeSet;
use std::path::Path;

use domain::id::DeviceId;
use rusqlite::Connection;
use wire::envelope::{self, ChainHead};
use wire::sealed::Binding;

use crate::attachments::{BlobName, Found};

use super::attachments::AttachmentRow;
use super::derived::{self, Difference, How};
use super::{Reader, Store, StoreError};

/// Most faults that are named; the others are counted.
const FAULTS_NAMED_MAX: usize = 100;
/// The same, for one table or one check.
const FAULTS_OF_ONE_MAX: u32 = 20;

/// What a check found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verification {
    /// Events read.
    pub events: u64,
    /// Chains.
    pub chains: u64,
    /// Tails whose signature was checked.
    pub signed_tails: u64,
    /// Events kept for review because they contradict the record.
    pub quarantined: u64,
    /// Rows of derived tables that were compared with a rebuild.
    pub derived_rows: u64,
    /// Attachments whose files were read and opened.
    pub attachments: u64,
    /// What is wrong, in Chinese sentences with writer and number or table and row; empty when
    /// all is well.
    pub faults: Vec<String>,
    /// Faults that are not named, because there are so many.
    pub more_faults: u64,
}

impl Verification {
    fn fault(&mut self, sentence: String) {
        if self.faults.len() < FAULTS_NAMED_MAX {
            self.faults.push(sentence);
        } else {
            self.more_faults += 1;
        }
    }
}

impl Store {
    /// Checks everything, on a copy in a directory of its own within `scratch`, which is removed
    /// at the end. Blocking, for minutes on a large store.
    ///
    /// # Errors
    /// A fault of storage, also of the scratch directory; what is wrong is in the answer.
    pub fn verify(&self, scratch: &Path) -> Result<Verification, StoreError> {
        self.verify_but(scratch, &BTreeSet::new())
    }

    /// As [`verify`](Self::verify), but not looking at these attachments, which were missing when
    /// the backup was made that this store comes from.
    ///
    /// # Errors
    /// As [`verify`](Self::verify).
    pub(crate) fn verify_but(
        &self,
        scratch: &Path,
        known_missing: &BTreeSet<BlobName>,
    ) -> Result<Verification, StoreError> {
        let full = |error: std::io::Error| StoreError::Full(error.to_string());
        let folder = tempfile::Builder::new()
            .prefix(SCRATCH_PREFIX)
            .tempdir_in(scratch)
            .map_err(full)?;
        let copy = folder.path().join("copy.db");
        self.read_blocking(|reader| reader.copy_to(&copy))?;
        let sql = Connection::open(&copy)?;
        sql.execute_batch("PRAGMA synchronous = OFF;")?;
        let mut found = Verification::default();
        verify_file(&sql, &mut found)?;
        if !found.faults.is_empty() {
            return Ok(found);
        }
        let record = Reader {
            sql: &sql,
            keys: self.keys(),
        }
        .verify()?;
        let held = folder.path().join("held.db");
        let held = held.to_string_lossy();
        let is_record_sound = record.faults.is_empty();
        let mut found = record;
        if is_record_sound {
            let compared = derived::compare(&sql, self.keys(), &held, FAULTS_OF_ONE_MAX)?;
            found.derived_rows = compared.rows;
            let differences = compared.differences.iter().map(sentence);
            differences.for_each(|difference| found.fault(difference));
        }
        self.verify_attachments(&sql, known_missing, &mut found)?;
        Ok(found)
    }
}

impl Store {
    /// Reads every file that the copy knows of and opens it.
    fn verify_attachments(
        &self,
        copy: &Connection,
        known_missing: &BTreeSet<BlobName>,
        found: &mut Verification,
    ) -> Result<(), StoreError> {
        let (keys, files) = (self.keys(), self.blobs());
        let reader = Reader { sql: copy, keys };
        reader.each_attachment(|row| {
            if known_missing.contains(&row.name) {
                return Ok(());
            }
            let fault = match files.read(&row.name) {
                Ok(Found::Sound(sealed)) => opens(&reader, &row, &sealed)?.err(),
                Ok(Found::Damaged) => Some("的文件坏了。".to_owned()),
                Ok(Found::Missing) => Some("的文件不见了。".to_owned()),
                Err(error) => Some(format!("的文件读不了（{error}）。")),
            };
            match fault {
                None => found.attachments += 1,
                // erased or discarded since the copy was made
                Some(_) if !self.still_has(&row)? => {}
                Some(fault) => found.fault(format!("材料 {} {fault}", row.name)),
            }
            Ok(())
        })
    }

    fn still_has(&self, row: &AttachmentRow) -> Result<bool, StoreError> {
        let (record, name) = (row.owner.record, &row.name);
        let now = self.read_blocking(|reader| reader.attachment(record, name))?;
        Ok(now.is_some_and(|now| now.wrapped.is_some()))
    }
}

/// Whether a sound file opens under its key and is as long as its row says.
fn opens(
    reader: &Reader<'_>,
    row: &AttachmentRow,
    sealed: &[u8],
) -> Result<Result<(), String>, StoreError> {
    let key = match reader.attachment_key(row) {
        Ok(Some(key)) => key,
        Ok(None) => return Ok(Err("的钥匙没有了。".to_owned())),
        Err(StoreError::Keys(error)) => return Ok(Err(format!("的钥匙打不开（{error}）。"))),
        Err(error) => return Err(error),
    };
    let record = row.owner.record;
    let content = key.open_content(&Binding::Attachment { record }, sealed);
    let is_whole = content.is_ok_and(|content| content.len() as u64 == row.bytes);
    Ok(if is_whole {
        Ok(())
    } else {
        Err("和登记的不符，打不开。".to_owned())
    })
}

/// What scratch directories of a check begin with; one that is left behind was left by a process
/// that was killed.
pub(crate) const SCRATCH_PREFIX: &str = "verify-";

fn sentence(difference: &Difference) -> String {
    let Difference { table, key, how } = difference;
    match how {
        How::Other => format!("查询表 {table} 的 {key} 行和记录不一致。"),
        How::TooMuch => format!("查询表 {table} 多出 {key} 行，记录里没有。"),
        How::Missing => format!("查询表 {table} 缺了 {key} 行，记录里有。"),
    }
}

/// SQLite's own checks. When the file itself is unsound nothing else is worth reading.
fn verify_file(sql: &Connection, found: &mut Verification) -> Result<(), StoreError> {
    let mut query = sql.prepare("SELECT integrity_check FROM pragma_integrity_check LIMIT ?1")?;
    let mut rows = query.query([FAULTS_OF_ONE_MAX])?;
    while let Some(row) = rows.next()? {
        let line: String = row.get(0)?;
        if line != "ok" {
            found.fault(format!("数据库文件坏了：{line}"));
        }
    }
    let mut query = sql.prepare("SELECT \"table\", rowid, parent FROM pragma_foreign_key_check")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let (table, parent): (String, String) = (row.get(0)?, row.get(2)?);
        let rowid = row.get::<_, Option<i64>>(1)?.unwrap_or_default();
        found.fault(format!(
            "表 {table} 的第 {rowid} 行指向 {parent} 里没有的一行。"
        ));
    }
    Ok(())
}

impl Reader<'_> {
    /// Reads the whole record and checks every chain.
    ///
    /// # Errors
    /// A fault of storage; what is wrong with the record is in the answer.
    pub fn verify(&self) -> Result<Verification, StoreError> {
        let mut found = Verification::default();
        let mut query = self
            .sql
            .prepare("SELECT writer, seq, hash, text FROM events ORDER BY writer, seq")?;
        let mut rows = query.query([])?;
        let mut chain: Option<(String, ChainHead)> = None;
        while let Some(row) = rows.next()? {
            let (writer, seq): (String, i64) = (row.get(0)?, row.get(1)?);
            let (hash, text): ([u8; 32], String) = (row.get(2)?, row.get(3)?);
            let before = chain.take().filter(|(of, _)| *of == writer);
            found.chains += u64::from(before.is_none());
            found.events += 1;
            let head = before.map_or(ChainHead::EMPTY, |(_, head)| head);
            let after = check(&writer, seq, &hash, &text, head, &mut found);
            chain = Some((writer, after.unwrap_or(head)));
        }
        self.verify_tails(&mut found)?;
        found.quarantined = self
            .sql
            .query_row("SELECT count(*) FROM quarantine", [], |row| {
                row.get::<_, i64>(0)
            })?
            .cast_unsigned();
        Ok(found)
    }

    fn verify_tails(&self, found: &mut Verification) -> Result<(), StoreError> {
        let mut query = self.sql.prepare("SELECT device, public_key FROM devices")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let device: DeviceId = super::visits::read_id(&row.get::<_, String>(0)?)?;
            let Some(contact) = self.contact(device)? else {
                continue;
            };
            let key = wire::sign::DevicePublicKey(row.get(1)?);
            let key = contact.signed_by.unwrap_or(key);
            found.signed_tails += 1;
            if !key.signed_tail(device, contact.tail, contact.signature) {
                found.fault(format!("设备 {device} 对最后一条记录的签名不对。"));
            }
            if contact.tail != self.head_of(device)? {
                found.fault(format!("设备 {device} 签名的那一条不是它的最后一条记录。"));
            }
        }
        Ok(())
    }
}

fn check(
    writer: &str,
    seq: i64,
    hash: &[u8; 32],
    text: &str,
    head: ChainHead,
    found: &mut Verification,
) -> Option<ChainHead> {
    let mut fault = |what: &str| found.fault(format!("{writer} 的第 {seq} 条记录{what}"));
    match envelope::read(text) {
        Err(error) => {
            fault(&format!("读不出来（{error}）。"));
            None
        }
        Ok(event) => {
            if event.hash.0 != *hash || event.writer.to_string() != writer {
                fault("和它的散列不符。");
            }
            if !event.follows(head) {
                fault("接不上前一条。");
            }
            Some(event.head())
        }
    }
}
