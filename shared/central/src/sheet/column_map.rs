//! What a file calls its columns, as data: for files that come from elsewhere, and for exports
//! that must look as somebody else wants them.

use domain::case::{Field, Kind};
use serde::Deserialize;

use super::fault::SheetError;
use super::text::key;

/// Names of a file's columns with the fields that they are, in order.
///
/// ```toml
/// columns = [
///     ["招聘单位", "employer"],
///     ["岗位", "title"],
/// ]
/// ignored = ["序号"]
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnMap {
    /// Column of the file, id of the field.
    #[serde(default)]
    pub(super) columns: Vec<(String, String)>,
    /// Columns of the file that are nothing, and are not asked about.
    #[serde(default)]
    pub(super) ignored: Vec<String>,
}

impl ColumnMap {
    /// Names of columns with the ids of their fields, and columns that are nothing.
    pub(crate) fn of(columns: Vec<(String, String)>, ignored: Vec<String>) -> Self {
        Self { columns, ignored }
    }

    /// Reads a map for a kind.
    ///
    /// # Errors
    /// [`SheetError::BadColumnMap`] for other keys, a field that the kind does not have, and a
    /// column named twice.
    pub fn read(text: &str, kind: &Kind) -> Result<Self, SheetError> {
        let bad = |detail| SheetError::BadColumnMap { detail };
        let map: Self = toml::from_str(text).map_err(|error| bad(error.to_string()))?;
        for (index, (name, field)) in map.columns.iter().enumerate() {
            if kind.field(field).is_none() {
                let kind = &kind.name;
                return Err(bad(format!("“{name}”对应的字段“{field}”，{kind}里没有")));
            }
            let earlier = &map.columns[..index];
            if earlier.iter().any(|(other, _)| key(other) == key(name)) {
                return Err(bad(format!("“{name}”写了两次")));
            }
        }
        Ok(map)
    }

    /// The field that a heading is called by.
    pub(super) fn field<'k>(&self, heading_key: &str, kind: &'k Kind) -> Option<&'k Field> {
        let (_, field) = self
            .columns
            .iter()
            .find(|(name, _)| key(name) == heading_key)?;
        kind.field(field)
    }

    pub(super) fn ignores(&self, heading_key: &str) -> bool {
        self.ignored.iter().any(|name| key(name) == heading_key)
    }
}
