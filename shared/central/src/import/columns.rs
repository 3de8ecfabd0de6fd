//! Which column is which: header names in any order and many spellings, as data
//! (`assets/import/vacancy-columns.json`).

use std::collections::{HashMap, HashSet};

use domain::vacancy::{Field, is_invisible};
use serde::Deserialize;

use super::fault::FileFault;

/// Other spellings named in the fault, so that the sentence stays one sentence.
const SPELLINGS_SAID: usize = 4;

/// The spellings of column headers.
#[derive(Debug, Clone)]
pub struct ColumnNames {
    by_name: HashMap<String, Field>,
    ignored: HashSet<String>,
    /// Spellings of the required column, for the fault.
    title_names: Vec<String>,
}

impl ColumnNames {
    /// Reads the list.
    ///
    /// # Errors
    /// [`FileFault::BadColumnNames`] if it is not the JSON it should be.
    pub fn read(json: &str) -> Result<Self, FileFault> {
        let file: NamesFile = serde_json::from_str(json)?;
        let title = file
            .columns
            .iter()
            .find(|entry| entry.field == Field::Title);
        let title_names = title.map(|entry| entry.names.clone()).unwrap_or_default();
        let spelt = file.columns.into_iter().flat_map(|entry| {
            entry
                .names
                .into_iter()
                .map(move |name| (plain(&name), entry.field))
        });
        let ignored = file.ignored.iter().map(|name| plain(name)).collect();
        Ok(Self {
            by_name: spelt.collect(),
            ignored,
            title_names,
        })
    }

    /// Whether a row names the one required column, so that it is the header.
    pub(super) fn is_header(&self, cells: &[impl AsRef<str>]) -> bool {
        cells
            .iter()
            .any(|cell| self.by_name.get(&plain(cell.as_ref())) == Some(&Field::Title))
    }

    /// What each column of a header row is.
    pub(super) fn layout(&self, headers: Vec<String>) -> Result<Layout, FileFault> {
        let mut columns = Vec::with_capacity(headers.len());
        let mut known: HashMap<Field, usize> = HashMap::new();
        let mut others: HashMap<String, usize> = HashMap::new();
        for (index, header) in headers.iter().enumerate() {
            let name = plain(header);
            let column = match self.by_name.get(&name) {
                Some(field) => {
                    if let Some(first) = known.insert(*field, index) {
                        return Err(FileFault::SameColumnTwice {
                            first: headers[first].clone(),
                            second: header.clone(),
                            meaning: field.text(),
                        });
                    }
                    Column::Known(*field)
                }
                None if self.ignored.contains(&name) => Column::Ignored,
                None => Column::Other(other_name(header, index, &mut others)),
            };
            columns.push(column);
        }
        if !known.contains_key(&Field::Title) {
            return Err(self.missing_title(&headers));
        }
        Ok(Layout { headers, columns })
    }

    fn missing_title(&self, headers: &[String]) -> FileFault {
        let one_cell = headers.len() == 1 && headers[0].contains(['\t', ';']);
        let hint = "各列好像不是用逗号分开的：另存为“CSV（逗号分隔）”也许就好了。";
        let also = self
            .title_names
            .iter()
            .filter(|name| *name != Field::Title.text());
        FileFault::MissingColumn {
            wanted: Field::Title.text(),
            found: headers.join("、"),
            also: also
                .take(SPELLINGS_SAID)
                .map(String::as_str)
                .collect::<Vec<_>>()
                .join("、"),
            hint: if one_cell { hint } else { "" },
        }
    }
}

/// A header that no list knows keeps its name; an empty or repeated one gets its position.
fn other_name(header: &str, index: usize, others: &mut HashMap<String, usize>) -> String {
    let name = header.trim();
    let repeated = others.insert(name.to_owned(), index).is_some();
    if name.is_empty() || repeated {
        format!("{name}#{position}", position = index + 1)
    } else {
        name.to_owned()
    }
}

/// A header without what people decorate headers with.
fn plain(header: &str) -> String {
    let bare: String = header
        .chars()
        .filter(|c| !c.is_whitespace() && !is_invisible(*c))
        .collect();
    let marks: &[char] = &['*', ':', '\u{ff1a}', '＊'];
    let bare = bare
        .trim_matches(marks)
        .replace("(必填)", "")
        .replace("（必填）", "");
    bare.to_lowercase()
}

/// What one column is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Column {
    Known(Field),
    /// Kept in the raw row under this name.
    Other(String),
    /// The reject file's own columns: not kept.
    Ignored,
}

/// The columns of one file.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    pub(super) headers: Vec<String>,
    pub(super) columns: Vec<Column>,
}

impl Layout {
    /// Names of the columns that nothing but the raw row keeps.
    pub(super) fn others(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().filter_map(|column| match column {
            Column::Other(name) => Some(name.as_str()),
            _ => None,
        })
    }
}

#[derive(Deserialize)]
struct NamesFile {
    columns: Vec<NamesEntry>,
    ignored: Vec<String>,
}

#[derive(Deserialize)]
struct NamesEntry {
    field: Field,
    names: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(headers: &[&str]) -> Result<Layout, FileFault> {
        let names = ColumnNames::read(crate::import::EMBEDDED_COLUMNS).unwrap();
        names.layout(headers.iter().map(|header| (*header).to_owned()).collect())
    }

    #[test]
    fn headers_are_known_in_any_order_and_decoration() {
        let layout = layout(&["薪资待遇", " 岗位 名称*", "Employer", "行号", "班次"]).unwrap();
        let expected = [
            Column::Known(Field::SalaryText),
            Column::Known(Field::Title),
            Column::Known(Field::Employer),
            Column::Ignored,
            Column::Other("班次".to_owned()),
        ];
        assert_eq!(layout.columns, expected);
        assert_eq!(layout.others().collect::<Vec<_>>(), ["班次"]);
    }

    #[test]
    fn every_field_has_its_standard_and_its_chinese_name() {
        for field in Field::ALL
            .into_iter()
            .filter(|field| *field != Field::Title)
        {
            for name in [field.name(), field.text()] {
                assert_eq!(
                    layout(&["title", name]).unwrap().columns[1],
                    Column::Known(field)
                );
            }
        }
    }

    #[test]
    fn without_a_title_column_the_fault_names_what_was_found() {
        let fault = layout(&["名字", "薪资"]).unwrap_err().to_string();
        assert!(
            fault.contains("“岗位名称”") && fault.contains("名字、薪资"),
            "{fault}"
        );
        let fault = layout(&["岗位名称;薪资"]).unwrap_err().to_string();
        assert!(fault.contains("逗号"), "{fault}");
    }

    #[test]
    fn two_columns_with_one_meaning_are_a_fault() {
        let fault = layout(&["岗位名称", "职位"]).unwrap_err();
        assert!(
            matches!(fault, FileFault::SameColumnTwice { .. }),
            "{fault}"
        );
    }

    #[test]
    fn unnamed_and_repeated_columns_keep_apart() {
        let layout = layout(&["title", "", "班次", "班次"]).unwrap();
        assert_eq!(
            layout.others().collect::<Vec<_>>(),
            ["#2", "班次", "班次#4"]
        );
    }
}
