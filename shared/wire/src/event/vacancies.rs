//! Vacancies of files. From the time before vacancies were records: rows as they came, and listings
//! taken back that no record stands for; an old store keeps its own. Who approved a file is still
//! written.

use domain::id::{ImportId, ListingId};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// Rows of a vacancy file, in parts of bounded size. Written before vacancies were records, and no
/// more: an old store keeps its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VacanciesImported {
    /// The import.
    pub import: ImportId,
    /// The day against which relative dates were resolved.
    pub as_of: chrono::NaiveDate,
    /// New or changed rows; unchanged ones are not repeated.
    pub rows: Vec<ImportedRow>,
}

/// One raw row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedRow {
    /// The vacancy, made at its first import and kept over later ones.
    pub listing: ListingId,
    /// What identifies it in the source.
    pub source_key: String,
    /// The cells as they came.
    pub raw: RawRow,
}

/// A raw row in its canonical form: a JSON object of the cells that are not empty, verbatim, under
/// the columns' standard names. Its bytes are kept, because *unchanged* means equal bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawRow(pub String);

impl Serialize for RawRow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let verbatim: &RawValue =
            serde_json::from_str(&self.0).map_err(serde::ser::Error::custom)?;
        verbatim.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for RawRow {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let verbatim = Box::<RawValue>::deserialize(deserializer)?;
        Ok(Self(verbatim.get().to_owned()))
    }
}

/// An approval of a file's vacancies. What became of each stands in its record; before there were
/// records, this also published what waited of the import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VacanciesPublished {
    /// The import that is approved.
    pub import: ImportId,
    /// Who approved.
    pub by: String,
    /// The day of publication.
    pub on: chrono::NaiveDate,
}

/// A listing taken back that no record stands for. A listing of a record goes by a step of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListingWithdrawn {
    /// The listing.
    pub listing: ListingId,
    /// Who did it.
    pub by: String,
    /// Why, in words.
    pub reason: String,
}
