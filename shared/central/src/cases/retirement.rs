//! When somebody of the centre's own staff retires: of a personnel record, out of the day of birth in
//! the register of persons and the table of retirement ages, whenever the record is opened or changed.
//! A number that is corrected in the register counts from the record's next change on.

use std::sync::OnceLock;

use chrono::{Datelike, Months, NaiveDate};
use domain::case::{Draft, Kind, Record, Rulebook, Value};
use domain::id::{PersonId, RecordId};
use domain::id_number::{Areas, IdNumber};
use domain::months::{RetirementTrack, YearMonth, read_table};
use domain::personal::PersonField;
use domain::time::UtcMs;

use crate::assets;
use crate::store::{PersonRecord, Reader, StoreError, Write};

use super::automatic::change;

const KIND: &str = "personnel_record";
/// The field that names the person.
const PERSON: &str = "person_id";
/// The field that says which line of the table holds.
const TRACK: &str = "retire_track";
/// The month, as it is read.
const MONTH: &str = "retire_month";
/// Its last day, as a deadline needs it.
const DAY: &str = "retires_on";

/// Sets month and day where they are not what the table says.
pub(super) fn settle(
    write: &mut Write<'_>,
    kind: &Kind,
    id: RecordId,
    rules: &dyn Rulebook,
    now: UtcMs,
) -> Result<(), StoreError> {
    if kind.id.as_str() != KIND {
        return Ok(());
    }
    let Some(record) = write.record(id)? else {
        return Ok(());
    };
    let month = month_of(&write.reader(), &record)?;
    let wanted = [
        (MONTH, month.map(|month| Value::Text(month.to_string()))),
        (DAY, month.and_then(last_day).map(Value::Date)),
    ];
    let other = wanted
        .into_iter()
        .filter(|(field, value)| record.values.get(*field) != value.as_ref());
    let draft: Draft = other
        .map(|(field, value)| (field.to_owned(), value))
        .collect();
    change(write, id, draft, rules, now)
}

/// `None` where the register does not know the day of birth.
fn month_of(reader: &Reader<'_>, record: &Record) -> Result<Option<YearMonth>, StoreError> {
    let values = (record.values.get(PERSON), record.values.get(TRACK));
    let (Some(Value::Record(person)), Some(Value::Choice(track))) = values else {
        return Ok(None);
    };
    let Some(PersonRecord::Known(fields)) = reader.person(PersonId(person.0))? else {
        return Ok(None);
    };
    let number = fields.get(&PersonField::IdNumber);
    let number = number.and_then(|number| {
        // whether the number may stand here was asked when it came in
        IdNumber::read_in(number.expose(), Areas::WithSynthetic).ok()
    });
    let born = number.map(|number| *number.born().expose());
    let track = tracks().iter().find(|known| known.id == *track);
    let both = born.zip(track);
    Ok(both.map(|(born, track)| {
        track.retires_in(YearMonth {
            year: born.year(),
            month: born.month(),
        })
    }))
}

fn last_day(month: YearMonth) -> Option<NaiveDate> {
    let first = NaiveDate::from_ymd_opt(month.year, month.month, 1)?;
    first.checked_add_months(Months::new(1))?.pred_opt()
}

fn tracks() -> &'static [RetirementTrack] {
    static TRACKS: OnceLock<Vec<RetirementTrack>> = OnceLock::new();
    let read =
        || read_table(assets::RETIREMENT).expect("the program's own table, which tests read");
    TRACKS.get_or_init(read)
}
