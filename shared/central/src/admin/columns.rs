//! Rows of text as columns on a terminal, where a Chinese character is two cells wide.

/// Lines of cells, each column as wide as its widest cell; the last one is not filled up.
pub(super) fn columns<const N: usize>(rows: &[[String; N]]) -> String {
    let mut widths = [0; N];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cells_of(cell).max(*width);
        }
    }
    let line = |row: &[String; N]| {
        let filled = row.iter().zip(widths).map(|(cell, width)| {
            let gap = " ".repeat(width - cells_of(cell));
            format!("{cell}{gap}")
        });
        filled.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// From the first Hangul letters on, what halls write is two cells wide; general punctuation
/// such as the dash is not.
fn cells_of(text: &str) -> usize {
    let wide = |c: char| matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{ffdc}');
    text.chars().map(|c| if wide(c) { 2 } else { 1 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_below_each_other_whatever_is_in_them() {
        let rows = [["1 号自助机", "在线", "x"], ["屏", "—", ""]];
        let rows = rows.map(|row| row.map(str::to_owned));
        assert_eq!(columns(&rows), "1 号自助机  在线  x\n屏          —");
        assert_eq!(columns::<2>(&[]), "");
    }
}
