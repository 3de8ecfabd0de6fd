//! Pages of documents (文书): what a record offers, a proof, the sheet of paper itself, the ledger of a
//! month, and checking a document that somebody brings. Pure: `routes::documents` asks the service.

mod check;
mod ledger;
mod of_record;
mod sheet;

pub(crate) use check::{CheckView, check_page, public_check_page, unknown_code_page};
pub(crate) use ledger::{LedgerLine, LedgerView, ledger_page};
pub(crate) use of_record::{OfRecordView, of_record_page, proof_page};
pub(crate) use sheet::{SheetView, sheet_page};

/// Where a document is checked by number or code.
pub(crate) const CHECK_PATH: &str = "/staff/documents";

/// The documents of a record.
pub(crate) fn documents_of(record: impl std::fmt::Display) -> String {
    format!("/staff/record/{record}/documents")
}
