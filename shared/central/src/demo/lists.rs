//! Lists as other offices send them, invented, one file for each comparison of the demonstration: two
//! of them whom its hall really pays or assists, somebody whom nobody knows, and one wrong number.
//! Files beside the store, to be brought by hand; the demonstration itself compares nothing.

use std::path::Path;

use chrono::NaiveDate;
use domain::comparison::{ListComparison, NAME, NUMBER};
use domain::id::PersonId;
use domain::personal::PersonField;

use crate::cases::ListShelf;
use crate::store::{CaseQuery, PersonRecord, Reader, Store, StoreError};
use crate::synthetic::id_number;

use super::DemoError;

/// The folder in the data directory.
pub const LISTS_FOLDER: &str = "演示名单";
/// So many of a list are in the hall's records.
const HITS: usize = 2;
/// Records that are looked at for them.
const LOOKED_AT: u32 = 40;
/// An area of nobody.
const AREA: &str = "999999";
/// Nobody in the records has it.
const SEQUENCE: u64 = 990;

/// Somebody on a list.
struct Listed {
    name: String,
    number: String,
}

/// Writes them.
pub(super) fn write(store: &Store, data: &Path) -> Result<(), DemoError> {
    let folder = data.join(LISTS_FOLDER);
    std::fs::create_dir_all(&folder)?;
    for list in ListShelf::embedded()?.comparisons() {
        let known = store.read_blocking(|reader| concerned(reader, list))?;
        let file = folder.join(format!("{}.csv", list.name));
        std::fs::write(file, sheet(list, known)?)?;
    }
    Ok(())
}

/// Some of those whom the comparison is about.
fn concerned(reader: &Reader<'_>, list: &ListComparison) -> Result<Vec<Listed>, StoreError> {
    let lines = reader.case_lines(&CaseQuery {
        states: list.against.states.clone(),
        ..CaseQuery::of(list.against.kind.clone(), LOOKED_AT)
    })?;
    let mut known = Vec::new();
    for line in lines {
        // a record of the register concerns nobody: it is the person
        let person = line.body.person.unwrap_or(PersonId(line.record.0));
        if let Some(PersonRecord::Known(fields)) = reader.person(person)?
            && let (Some(name), Some(number)) = (
                fields.get(&PersonField::Name),
                fields.get(&PersonField::IdNumber),
            )
        {
            known.push(Listed {
                name: name.expose().clone(),
                number: number.expose().clone(),
            });
        }
        if known.len() == HITS {
            break;
        }
    }
    Ok(known)
}

/// With a mark at its head by which office programs know UTF-8.
fn sheet(list: &ListComparison, known: Vec<Listed>) -> Result<Vec<u8>, std::io::Error> {
    let born = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap_or_default();
    let nobody = |name: &str, number: String| Listed {
        name: name.to_owned(),
        number,
    };
    let unknown = nobody("样例不在册", id_number(AREA, born, SEQUENCE));
    let mut wrong = id_number(AREA, born, SEQUENCE + 2);
    let last = if wrong.pop() == Some('0') { '1' } else { '0' };
    wrong.push(last);
    let rows = known
        .into_iter()
        .chain([unknown, nobody("样例号码错", wrong)]);
    let mut csv = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    csv.write_record(list.columns.iter().map(|column| &column.field.name))?;
    for row in rows {
        csv.write_record(list.columns.iter().map(|column| match &*column.field.id {
            NUMBER => row.number.as_str(),
            NAME => row.name.as_str(),
            _ => "",
        }))?;
    }
    csv.into_inner().map_err(csv::IntoInnerError::into_error)
}
