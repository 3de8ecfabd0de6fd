//! A row of a vacancy file as its record keeps it: a line for each column that says something,
//! `列名：内容`, known columns first and under their standard names, so that who approves it can
//! read it, and so that a newer file can be compared with it. A cell's own lines begin with an
//! ideographic space.

use std::collections::BTreeMap;

use domain::vacancy::{Context, Field, ListingDraft, RawVacancy, is_invisible, normalise};

use crate::import::{BadRawRow, PreparedRow};

/// Between a column's name and its cell.
const COLON: char = '：';
/// What a cell's second line and all others begin with.
const INDENT: char = '\u{3000}';

/// The text of a canonical raw row ([`PreparedRow::raw`]). The order of columns, the spelling of
/// headers and the format of the file leave it as it is.
///
/// # Errors
/// The row is not the JSON that it was.
pub(super) fn of_raw(raw: &str) -> Result<String, BadRawRow> {
    let mut cells: BTreeMap<String, String> = serde_json::from_str(raw)?;
    let known = Field::ALL.map(|field| (field.text().to_owned(), cells.remove(field.name())));
    let known = known
        .into_iter()
        .filter_map(|(name, cell)| Some((name, cell?)));
    let lines: Vec<String> = known
        .chain(std::mem::take(&mut cells))
        .filter_map(line)
        .collect();
    Ok(lines.join("\n"))
}

fn line((name, cell): (String, String)) -> Option<String> {
    let lines = cell.lines().map(|line| {
        let visible: String = line.chars().filter(|c| !is_invisible(*c)).collect();
        visible.trim().to_owned()
    });
    let lines: Vec<_> = lines.filter(|line| !line.is_empty()).collect();
    let cell = lines.join(&format!("\n{INDENT}"));
    (!cell.is_empty()).then(|| format!("{}{COLON}{cell}", name.trim()))
}

/// What such a text says; `None` if it names no job.
pub(super) fn read(text: &str, context: &Context<'_>) -> Option<ListingDraft> {
    let mut cells: Vec<(&str, String)> = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix(INDENT), cells.last_mut()) {
            (Some(more), Some((_, cell))) => {
                cell.push('\n');
                cell.push_str(more);
            }
            _ => cells.extend(
                line.split_once(COLON)
                    .map(|(name, cell)| (name, cell.to_owned())),
            ),
        }
    }
    let field = |name: &str| Field::ALL.into_iter().find(|field| field.text() == name);
    let known = cells
        .iter()
        .filter_map(|(name, cell)| Some((field(name)?, cell.as_str())));
    let read = normalise(&RawVacancy::from_cells(known), context);
    read.ok().map(|(draft, _)| draft)
}

/// The text of a row of a file.
pub(super) fn of(row: &PreparedRow) -> String {
    let raw = std::str::from_utf8(&row.raw).expect("UTF-8, because the import writes JSON");
    of_raw(raw).expect("a raw row, because the import has just written it")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::ImportRules;
    use domain::pay::PayParameters;

    const RAW: &str = r#"{"source_id":"t-1","title":"维修电工","employer":"示例丙铜业有限公司","district":"鹰潭-余江区","salary_text":"5500-7000元/月","education":"高中","experience":"1-3年","headcount":"4人","posted_at":"2026-11-20","description":"检修设备。\n\n 两班倒：白班、夜班。","班次":"两班"}"#;

    #[test]
    fn a_row_is_a_line_for_each_column_and_says_the_same_when_it_is_read_again() {
        let text = of_raw(RAW).unwrap();
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines[..2], ["编号：t-1", "岗位名称：维修电工"]);
        assert_eq!(
            lines[lines.len() - 3..],
            [
                "岗位描述：检修设备。",
                "\u{3000}两班倒：白班、夜班。",
                "班次：两班"
            ]
        );
        let pay = PayParameters {
            paid_days_per_month_hundredths: 2_175,
            hours_per_day: 8,
        };
        let rules = ImportRules::embedded(pay).unwrap();
        let context = rules.context(chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap());
        let read_again = read(&text, &context).unwrap();
        assert_eq!(read_again, crate::import::read_raw(RAW, &context).unwrap());
    }
}
