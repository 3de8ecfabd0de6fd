//! Documents that were handed out: a derived table by which they are found and checked. What they
//! say stands in it as in the event, personal values as ciphertext.

use domain::id::{CheckCode, DocumentId, RecordId, StaffId};
use domain::time::UtcMs;
use rusqlite::{Connection, OptionalExtension, Row};
use wire::event::{DocumentIssued, DocumentWithdrawn};

use super::projection::execute;
use super::visits::corrupt;
use super::{Reader, StoreError};

/// A document as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentRow {
    /// As it was handed out.
    pub issued: DocumentIssued,
    /// Since it does not hold any more.
    pub withdrawn: Option<Withdrawn>,
}

/// How a document ceased to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawn {
    /// When.
    pub at: UtcMs,
    /// By whom.
    pub by: StaffId,
    /// Why.
    pub reason: String,
}

impl Reader<'_> {
    /// A document.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn document(&self, document: DocumentId) -> Result<Option<DocumentRow>, StoreError> {
        let statement = "SELECT body, withdrawn_at, withdrawn_by, reason
                         FROM documents
                         WHERE document = ?1";
        self.one_document(statement, &document.to_string())
    }

    /// The document with this number.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn document_by_number(&self, number: &str) -> Result<Option<DocumentRow>, StoreError> {
        let statement = "SELECT body, withdrawn_at, withdrawn_by, reason
                         FROM documents
                         WHERE number = ?1";
        self.one_document(statement, number)
    }

    /// The document with this checking code.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn document_by_code(&self, code: &CheckCode) -> Result<Option<DocumentRow>, StoreError> {
        let statement = "SELECT body, withdrawn_at, withdrawn_by, reason
                         FROM documents
                         WHERE code = ?1";
        self.one_document(statement, code.as_str())
    }

    fn one_document(&self, statement: &str, key: &str) -> Result<Option<DocumentRow>, StoreError> {
        let mut query = self.sql.prepare_cached(statement)?;
        let found = query.query_row([key], |row| Ok(read_row(row))).optional()?;
        found.transpose()
    }

    /// The documents of a record, oldest first.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn documents_of(&self, record: RecordId) -> Result<Vec<DocumentRow>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT body, withdrawn_at, withdrawn_by, reason
             FROM documents
             WHERE record = ?1
             ORDER BY document",
        )?;
        let rows = query.query_map([record.to_string()], |row| Ok(read_row(row)))?;
        rows.map(|row| row?).collect()
    }

    /// The last number of a series in a year; 0 when there is none.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn last_document_number(&self, series: &str, year: i32) -> Result<u32, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT ifnull(max(running), 0)
             FROM documents
             WHERE series = ?1 AND year = ?2",
        )?;
        Ok(query.query_row((series, year), |row| row.get(0))?)
    }
}

fn read_row(row: &Row<'_>) -> Result<DocumentRow, StoreError> {
    let at: Option<i64> = row.get(1)?;
    let by: Option<String> = row.get(2)?;
    let withdrawn = match (at, by) {
        (Some(at), Some(by)) => Some(Withdrawn {
            at: UtcMs(at),
            by: by.parse().map_err(corrupt)?,
            reason: row.get::<_, Option<String>>(3)?.unwrap_or_default(),
        }),
        _ => None,
    };
    Ok(DocumentRow {
        issued: serde_json::from_str(row.get_ref(0)?.as_str().map_err(corrupt)?)?,
        withdrawn,
    })
}

pub(super) fn issued(sql: &Connection, issued: &DocumentIssued) -> Result<(), StoreError> {
    let statement = "INSERT INTO documents (document, record, number, code, series, year, running,
                                            body)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let (document, record) = (issued.document.to_string(), issued.record.to_string());
    let body = serde_json::to_string(issued)?;
    let number = (issued.number.as_str(), issued.code.as_str());
    execute(
        sql,
        statement,
        (
            document,
            record,
            number.0,
            number.1,
            &issued.series,
            issued.year,
            issued.running,
            body,
        ),
    )
}

/// The first withdrawal counts.
pub(super) fn withdrawn(sql: &Connection, gone: &DocumentWithdrawn) -> Result<(), StoreError> {
    let statement = "UPDATE documents
                     SET withdrawn_at = ?2, withdrawn_by = ?3, reason = ?4
                     WHERE document = ?1 AND withdrawn_at IS NULL";
    let (document, by) = (gone.document.to_string(), gone.by.to_string());
    execute(sql, statement, (document, gone.at.0, by, &gone.reason))
}
