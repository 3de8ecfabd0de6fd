//! Records: the face that pages, imports and the clock use (DESIGN.md §5). Kinds come from files
//! and every version that was used is in the record of events; a command is decided by the pure
//! engine inside the store's transaction, personal values are sealed, and only then events are
//! appended. A refusal leaves everything as it was.
//!
//! Not here: the rules themselves (`domain::case`), SQL (`store`), and how it looks (`pages`).

pub(crate) mod announcing;
mod at_kiosk;
mod automatic;
pub(crate) mod bad_ratings;
pub(crate) mod batches;
mod between;
mod bringing_in;
mod clockwork;
mod collections;
pub(crate) mod comparing;
mod desk;
mod directory;
mod list_shelf;
mod masking;
mod materials;
mod person_register;
mod photo_checks;
mod playing;
pub(crate) mod publishing;
mod reading;
mod references;
mod retirement;
mod rulebook;
pub(crate) mod same_person;
mod sealing;
mod sheets;
mod shelf;
pub(crate) mod station_reports;
mod stations;
mod taking_down;
mod telling;
mod tokens;
pub(crate) mod touched;
mod trail;
pub(crate) mod typed;
mod wording;
mod work;

#[cfg(test)]
mod oracle;
#[cfg(test)]
mod tests;

use domain::case::{CaseRefusal, CaseRefusalCode, FieldFault, Missing};
use wire::problem::Problem;

use crate::store::StoreError;

pub(crate) use at_kiosk::{KioskRequest, key_reused};
pub(crate) use automatic::after_call;
pub(crate) use bringing_in::Deed;
pub use desk::{BulkLine, CaseDesk, NewCase};
#[cfg(test)]
pub(crate) use directory::named_in;
pub(crate) use directory::{Directory, named_by};
pub use list_shelf::ListShelf;
pub(crate) use list_shelf::kind_of;
pub(crate) use masking::masked;
pub use materials::Slot;
pub(crate) use playing::Stage;
pub use reading::RecordView;
pub(crate) use reading::masked_values;
pub(crate) use references::{EMPLOYER_HEAD, PERSON_HEAD};
pub use rulebook::LiveRules;
pub(crate) use sealing::open as plain_value;
pub use sheets::{HeldImport, SheetImport};
pub use shelf::{KindShelf, ShelfError};
pub(crate) use stations::{RegisteredStation, registered_stations, station_names};
pub(crate) use tokens::{is_found_alike, tokens_of_query, tokens_of_record};
pub(crate) use wording::{shown_title, title_of, value_text};
pub(crate) use work::sunday_of;
pub use work::{GroupOfWork, WorkGroup, WorkItem, WorkRest};

/// The code of the centre itself, which deals with what no station brought in.
pub(crate) const CENTRE: &str = "YH-C";

/// Why a command on a record was not carried out.
#[derive(Debug, Clone, PartialEq)]
pub enum CaseFault {
    /// The record says no; a person may be told.
    Refused(CaseRefusal),
    /// The service says no, or has a fault.
    Problem(Problem),
}

impl From<CaseRefusal> for CaseFault {
    fn from(refusal: CaseRefusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Problem> for CaseFault {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<StoreError> for CaseFault {
    fn from(error: StoreError) -> Self {
        Self::Problem(error.into())
    }
}

/// What a refusal says of single fields: what is wrong there, and which are empty and must not be.
pub(crate) fn faults_of(refusal: &CaseRefusal) -> Vec<FieldFault> {
    let empty = refusal.missing.iter().filter_map(|one| match one {
        Missing::Field { id, name } => Some(FieldFault {
            field: id.clone(),
            text: format!("“{name}”还没填。"),
        }),
        Missing::Attachment { .. } => None,
    });
    refusal.faults.iter().cloned().chain(empty).collect()
}

/// A refusal of the shell's own, in the engine's form.
pub(crate) fn refused(code: CaseRefusalCode, text: impl Into<String>) -> CaseRefusal {
    CaseRefusal {
        code,
        text: text.into(),
        faults: Vec::new(),
        missing: Vec::new(),
    }
}

/// A refusal of one value, told at its field.
pub(crate) fn refused_at(field: &str, text: &str) -> CaseRefusal {
    let mut refusal = refused(CaseRefusalCode::Values, text);
    refusal.faults.push(FieldFault {
        field: field.to_owned(),
        text: text.to_owned(),
    });
    refusal
}
