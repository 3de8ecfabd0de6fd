//! Which row names the columns, and which column is which field.

use std::collections::BTreeMap;

use domain::case::{Field, Kind};

use super::column_map::ColumnMap;
use super::fault::SheetError;
use super::grid::{Grid, GridRow, HEADER_ROWS_SEARCHED};
use super::text::{key, without_remark};

/// What the rejects file says in its last column; the second where a field has the first's name.
pub(super) const REASON_HEADINGS: [&str; 2] = ["原因", "未导入原因"];

/// Names in a fault; more would hide what is wrong.
const NAMED_MAX: usize = 12;

/// What a column is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Usage<'k> {
    /// Read into this field.
    Field(&'k Field),
    /// Of a field that nobody types: not read.
    Computed(&'k Field),
    /// Written by the rejects file: not read, not kept.
    Reason,
    /// Not read, and known to be nothing.
    Ignored,
    /// Not read.
    Unknown,
    /// Without a heading.
    Unnamed,
}

/// The columns of a sheet.
#[derive(Debug)]
pub(super) struct Layout<'k> {
    pub(super) kind: &'k Kind,
    pub(super) usages: Vec<Usage<'k>>,
    pub(super) headings: Vec<String>,
    /// Index of the header's row in the grid.
    pub(super) header: usize,
}

/// Finds the header: of the first rows the one with most columns of the kind.
///
/// # Errors
/// [`SheetError::NoHeader`], [`SheetError::SameColumnTwice`].
pub(super) fn find<'k>(
    kind: &'k Kind,
    map: &ColumnMap,
    grid: &Grid,
) -> Result<Layout<'k>, SheetError> {
    let names = Names::new(kind, map);
    let mut best: Option<(usize, usize)> = None;
    for (index, row) in grid.rows.iter().take(HEADER_ROWS_SEARCHED).enumerate() {
        let known = names.known(row);
        if known > best.map_or(0, |(_, count)| count) {
            best = Some((index, known));
        }
    }
    let Some((header, _)) = best else {
        return Err(no_header(kind, grid));
    };
    let row = &grid.rows[header];
    let layout = Layout {
        kind,
        usages: row
            .cells
            .iter()
            .map(|cell| names.usage(&cell.text))
            .collect(),
        headings: row
            .cells
            .iter()
            .map(|cell| cell.text.trim().to_owned())
            .collect(),
        header,
    };
    layout.refuse_twins()?;
    Ok(layout)
}

struct Names<'k, 'm> {
    kind: &'k Kind,
    map: &'m ColumnMap,
    fields: BTreeMap<String, &'k Field>,
}

impl<'k, 'm> Names<'k, 'm> {
    fn new(kind: &'k Kind, map: &'m ColumnMap) -> Self {
        let mut fields = BTreeMap::new();
        for field in &kind.fields {
            fields.entry(key(&field.name)).or_insert(field);
        }
        for field in &kind.fields {
            fields.entry(key(&field.id)).or_insert(field);
        }
        for (short, field) in short_names(kind) {
            fields.entry(short).or_insert(field);
        }
        Self { kind, map, fields }
    }

    fn usage(&self, heading: &str) -> Usage<'k> {
        let heading = key(heading);
        let field = self
            .map
            .field(&heading, self.kind)
            .or_else(|| self.fields.get(&heading).copied())
            .or_else(|| self.fields.get(without_remark(&heading)?).copied());
        match field {
            _ if heading.is_empty() => Usage::Unnamed,
            _ if self.map.ignores(&heading) => Usage::Ignored,
            Some(field) if field.is_computed => Usage::Computed(field),
            Some(field) => Usage::Field(field),
            None if REASON_HEADINGS.contains(&heading.as_str()) => Usage::Reason,
            None => Usage::Unknown,
        }
    }

    fn known(&self, row: &GridRow) -> usize {
        let is_known = |usage| matches!(usage, Usage::Field(_) | Usage::Computed(_));
        let usages = row.cells.iter().map(|cell| self.usage(&cell.text));
        usages.filter(|usage| is_known(*usage)).count()
    }
}

/// Names without the remark at their end, where that leaves no other field with the same name.
fn short_names(kind: &Kind) -> impl Iterator<Item = (String, &Field)> {
    let short = |field: &Field| without_remark(&key(&field.name)).map(str::to_owned);
    let is_only = move |name: &String| {
        let twins = kind
            .fields
            .iter()
            .filter(|field| short(field).as_ref() == Some(name));
        twins.count() == 1
    };
    let named = kind
        .fields
        .iter()
        .filter_map(move |field| Some((short(field)?, field)));
    named.filter(move |(name, _)| is_only(name))
}

impl Layout<'_> {
    fn refuse_twins(&self) -> Result<(), SheetError> {
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        for (column, usage) in self.usages.iter().enumerate() {
            let Usage::Field(field) = usage else {
                continue;
            };
            if let Some(first) = seen.insert(&field.id, column) {
                return Err(SheetError::SameColumnTwice {
                    first: self.headings[first].clone(),
                    second: self.headings[column].clone(),
                    field: field.name.clone(),
                });
            }
        }
        Ok(())
    }

    /// Whether a row only says the headings again, as long sheets do on every page.
    pub(super) fn is_header_again(&self, row: &GridRow) -> bool {
        let texts = row.cells.iter().map(|cell| cell.text.trim());
        row.cells.len() == self.headings.len() && texts.eq(self.headings.iter().map(String::as_str))
    }
}

fn no_header(kind: &Kind, grid: &Grid) -> SheetError {
    let found = grid.rows.iter().take(1).flat_map(|row| &row.cells);
    let found = found
        .map(|cell| cell.text.trim())
        .filter(|text| !text.is_empty());
    let wanted = kind.fields.iter().filter(|field| !field.is_computed);
    SheetError::NoHeader {
        rows_searched: HEADER_ROWS_SEARCHED,
        found: listed(found),
        wanted: listed(wanted.map(|field| field.name.as_str())),
    }
}

/// The first names of many, in a sentence.
pub(super) fn listed<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let names: Vec<&str> = names.collect();
    let more = if names.len() > NAMED_MAX { " 等" } else { "" };
    let named = &names[..names.len().min(NAMED_MAX)];
    format!("{}{more}", named.join("、"))
}
