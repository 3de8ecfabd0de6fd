//! Merged cells. Down a column a merge means "the same for all these rows"; across columns nobody
//! can say which column the value belongs to, so such cells are a fault when they are data.

use calamine::Dimensions;

use super::COLUMNS_MAX;
use super::fault::SheetError;
use super::grid::{Grid, Nature};

/// Gives the cells of each merge what the merge means. Rows that are not in the grid stay out: a
/// record that spans two lines is one record.
///
/// # Errors
/// The bound of all cells.
pub(super) fn apply(grid: &mut Grid, merges: &[Dimensions]) -> Result<(), SheetError> {
    grid.rows.sort_by_key(|row| row.line);
    for merge in merges {
        let first = grid.rows.partition_point(|row| row.line <= merge.start.0);
        let end = grid
            .rows
            .partition_point(|row| row.line <= merge.end.0.saturating_add(1));
        if first >= end || merge.start.1 as usize >= COLUMNS_MAX {
            continue;
        }
        if merge.start.1 == merge.end.1 {
            fill_down(grid, first..end, merge.start.1 as usize)?;
        } else {
            mark_across(grid, first..end, merge)?;
        }
    }
    Ok(())
}

fn fill_down(
    grid: &mut Grid,
    rows: std::ops::Range<usize>,
    column: usize,
) -> Result<(), SheetError> {
    let origin = grid.rows[rows.start].cells.get(column).cloned();
    let Some(origin) = origin.filter(|raw| !raw.is_blank()) else {
        return Ok(());
    };
    for index in rows.skip(1) {
        let cells = &mut grid.rows[index].cells;
        if cells.len() <= column {
            cells.resize_with(column + 1, Default::default);
        }
        cells[column] = origin.clone();
        grid.count(column * size_of_val(&origin) + origin.text.len())?;
    }
    Ok(())
}

fn mark_across(
    grid: &mut Grid,
    rows: std::ops::Range<usize>,
    merge: &Dimensions,
) -> Result<(), SheetError> {
    let columns = merge.start.1 as usize..(merge.end.1 as usize + 1).min(COLUMNS_MAX);
    for index in rows {
        let cells = &mut grid.rows[index].cells;
        if cells.len() < columns.end {
            cells.resize_with(columns.end, Default::default);
        }
        for cell in &mut cells[columns.clone()] {
            cell.nature = Nature::Merged;
        }
        grid.count(columns.end * size_of::<super::grid::Raw>())?;
    }
    Ok(())
}
