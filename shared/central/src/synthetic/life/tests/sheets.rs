//! Every kind goes through a sheet: its template is read as a sheet without rows, and what is exported
//! comes in again, with the same values.

use std::sync::Arc;

use domain::case::{Field, FieldType, Kind, Value, Values};
use domain::id::StationCode;

use super::office::{MORNING, Office};
use crate::cases::{SheetImport, named_in};
use crate::sheet::{self, Cell, Column, ExportHead};

/// What is said of a row that may not stand beside a record of before.
const CLASH: &str = "（已有：";
/// Rows that are tried for a kind, each about other people and months, of more people each time.
const ROWS_MAX: usize = 8;

/// A sheet names no staff: who brings it in cannot know their ids.
fn is_in_sheets(field: &Field) -> bool {
    let is_staff = |kind: &FieldType| matches!(kind, FieldType::Staff);
    let names_staff = match &field.kind {
        FieldType::List { of, .. } => is_staff(of),
        kind => is_staff(kind),
    };
    !field.is_computed && !names_staff
}

fn head() -> ExportHead {
    ExportHead {
        title: "清单".to_owned(),
        filter_text: "全部".to_owned(),
        made_at_text: "2026年11月26日 10:00".to_owned(),
        made_by: "测试员".to_owned(),
        is_demo: true,
    }
}

/// The sheet of one record, as somebody who may see all of it would write it.
fn written(office: &Office, kind: &Kind, values: &Values) -> Vec<u8> {
    let fields: Vec<_> = kind
        .fields
        .iter()
        .filter(|field| is_in_sheets(field))
        .collect();
    let columns: Vec<_> = fields.iter().map(|field| Column::of(field)).collect();
    let ids = values.values().flat_map(named_in).collect::<Vec<_>>();
    let names = office.store.read_blocking(|reader| {
        let called = ids.iter().map(|id| Ok((*id, reader.record_called(*id)?)));
        called.collect::<Result<std::collections::BTreeMap<_, _>, _>>()
    });
    let names = names.unwrap();
    let label = |value: &Value| match value {
        Value::Record(record) => names
            .get(record)?
            .as_ref()
            .map(|(number, _)| number.clone()),
        _ => None,
    };
    let cells = fields.iter().map(|field| match values.get(&field.id) {
        None => Cell::Empty,
        Some(Value::Personal(text)) => Cell::Text(text.expose().clone()),
        Some(value) => Cell::of(field, value, &label),
    });
    let rows = std::iter::once(cells.collect::<Vec<_>>());
    sheet::export_xlsx(&columns, rows, &head()).unwrap()
}

/// What of a kind is wrong, if anything.
fn fault(office: &mut Office, kind: &Arc<Kind>) -> Option<String> {
    let Some(actor) = office.cast.opener(kind, 0) else {
        return Some("nobody may open it".to_owned());
    };
    let import = |bytes| SheetImport {
        file_name: "a.xlsx".to_owned(),
        bytes,
        actor: actor.clone(),
        station: StationCode::new("YH-C").unwrap(),
    };
    let template = import(sheet::template(kind).unwrap());
    let empty = match office.desk.try_sheet(kind, &template, office.now) {
        Ok(empty) => empty,
        Err(why) => return Some(format!("its template: {why}")),
    };
    if !empty.rows.is_empty() || !empty.unknown_columns.is_empty() {
        return Some(format!(
            "its template has rows or unknown columns: {empty:?}"
        ));
    }
    office.know_what_it_names(kind);
    let given = super::given(kind, &mut office.inventor);
    let mut values = office.values(kind, &given, &[]);
    values.retain(|id, _| kind.field(id).is_some_and(is_in_sheets));
    let sheet = import(written(office, kind, &values));
    let read = match office.desk.try_sheet(kind, &sheet, office.now) {
        Ok(read) => read,
        Err(why) => return Some(format!("its sheet: {why}")),
    };
    let [row] = &read.rows[..] else {
        return Some(format!("its row is refused: {:?}", read.rejected));
    };
    if row.values != values {
        let differs = |id: &&String| row.values.get(*id) != values.get(*id);
        let ids: Vec<_> = values
            .keys()
            .chain(row.values.keys())
            .filter(differs)
            .collect();
        return Some(format!("other values come back: {ids:?}"));
    }
    match office.desk.import_sheet(kind, &sheet, office.now) {
        Ok(Ok(done)) if done.rejected.is_empty() => None,
        other => Some(format!("it does not come in: {other:?}")),
    }
}

#[test]
fn every_kind_goes_through_a_sheet_and_comes_back_equal() {
    let mut office = Office::open();
    let mut faults = Vec::new();
    for kind in office.kinds() {
        office.now = MORNING;
        let clashes =
            |found: &Option<String>| found.as_ref().is_some_and(|why| why.contains(CLASH));
        let mut found = fault(&mut office, &kind);
        for _ in 1..ROWS_MAX {
            if !clashes(&found) {
                break;
            }
            office.begin_about_nobody("person").unwrap();
            found = fault(&mut office, &kind);
        }
        faults.extend(found.map(|fault| format!("{}: {fault}", kind.id)));
    }
    assert!(
        faults.is_empty(),
        "{} kinds:\n{}",
        faults.len(),
        faults.join("\n")
    );
}
