//! What an import did: one line of JSON for programs, sentences for the clerk. `rows` is the sum
//! of imported, updated, unchanged and rejected by construction.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use domain::pay::Implausible;
use domain::vacancy::{Field, Flag};
use serde::Serialize;

use super::prepare::PreparedRow;
use super::shapes::{ShapeCount, ShapeCounts};

/// Shapes listed for the clerk.
const SHAPES_SAID: usize = 40;

/// What the store did with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// The vacancy was not known.
    Imported,
    /// The vacancy was known, its raw row is another one.
    Updated,
    /// The raw row's bytes are equal.
    Unchanged,
    /// The row says what must not be published.
    Refused(Unfit),
}

/// Why the store does not take a row that can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfit {
    /// The column at fault; `None` = the row as a whole.
    pub column: Option<Field>,
    /// What is wrong, for the clerk.
    pub text: String,
}

/// The counts and lists of one import.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// Rows that were new.
    pub imported: u64,
    /// Rows that changed a known vacancy.
    pub updated: u64,
    /// Rows equal to what is known.
    pub unchanged: u64,
    /// Rows that were not taken.
    pub rejected: u64,
    /// Rows taken that have pay text.
    pub pay_text_rows: u64,
    /// Of these, rows whose pay text was understood.
    pub pay_understood: u64,
    /// Of these, rows whose unit was inferred.
    pub pay_inferred: u64,
    /// Rows without a source id, known by title, employer and place.
    pub identity_derived: u64,
    /// Where the rejected rows are, if there are any.
    pub rejects_file: Option<PathBuf>,
    /// Pay text that was not understood.
    pub not_understood: ShapeCounts,
    /// Pay text whose unit was inferred.
    pub inferred: ShapeCounts,
    /// Pay that is hard to believe, by reason.
    pub implausible: BTreeMap<Implausible, ShapeCounts>,
    /// What to know about the file as a whole.
    pub notices: Vec<String>,
}

/// The `--json` line, in the order of its contract.
#[derive(Serialize)]
struct JsonLine<'r> {
    rows: u64,
    imported: u64,
    updated: u64,
    unchanged: u64,
    rejected: u64,
    pay_text_rows: u64,
    pay_understood: u64,
    pay_inferred: u64,
    rejects_file: Option<&'r PathBuf>,
    seconds: f64,
}

impl ImportReport {
    /// All rows of the file.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.imported + self.updated + self.unchanged + self.rejected
    }

    /// Whether any row of the file is in the store now; else the program exits with 1.
    #[must_use]
    pub fn took_any_row(&self) -> bool {
        self.rows() > self.rejected
    }

    pub(super) fn count(&mut self, kept: &Kept) {
        match kept {
            Kept::Imported => self.imported += 1,
            Kept::Updated => self.updated += 1,
            Kept::Unchanged => self.unchanged += 1,
            Kept::Refused(_) => self.rejected += 1,
        }
    }

    pub(super) fn note_content(&mut self, row: &PreparedRow) {
        self.identity_derived += u64::from(row.flags.contains(&Flag::IdentityDerived));
        let Some(text) = &row.draft.pay_text else {
            return;
        };
        self.pay_text_rows += 1;
        let Some(pay) = &row.draft.pay else {
            self.not_understood.count(text, row.line);
            return;
        };
        self.pay_understood += 1;
        if pay.unit_is_inferred() {
            self.pay_inferred += 1;
            self.inferred.count(text, row.line);
        }
        for flag in &row.flags {
            if let Flag::Implausible { reason } = flag {
                self.implausible
                    .entry(*reason)
                    .or_default()
                    .count(text, row.line);
            }
        }
    }

    /// One line of JSON.
    #[must_use]
    pub fn json_line(&self, elapsed: Duration) -> String {
        let line = JsonLine {
            rows: self.rows(),
            imported: self.imported,
            updated: self.updated,
            unchanged: self.unchanged,
            rejected: self.rejected,
            pay_text_rows: self.pay_text_rows,
            pay_understood: self.pay_understood,
            pay_inferred: self.pay_inferred,
            rejects_file: self.rejects_file.as_ref(),
            seconds: (elapsed.as_secs_f64() * 1000.0).round() / 1000.0,
        };
        serde_json::to_string(&line).unwrap_or_else(|error| format!("{{\"error\":\"{error}\"}}"))
    }

    /// The report for the clerk, in whole sentences.
    #[must_use]
    pub fn text(&self, elapsed: Duration) -> String {
        let mut out = String::new();
        for notice in &self.notices {
            line(&mut out, notice);
        }
        line(&mut out, &self.summary(elapsed));
        if let Some(path) = &self.rejects_file {
            let path = path.display();
            line(
                &mut out,
                &format!(
                    "没有导入的行在 {path}，每行写明了原因和怎么办；改好后可以直接导入这个文件。"
                ),
            );
        }
        if self.identity_derived > 0 {
            let rows = self.identity_derived;
            line(
                &mut out,
                &format!(
                    "有 {rows} 行没有编号，按岗位名称、用人单位、工作地点认定是不是同一个岗位。"
                ),
            );
        }
        if self.pay_text_rows > 0 {
            line(&mut out, &self.pay_summary());
        }
        shapes(&mut out, "薪资没有看懂的写法：", &self.not_understood);
        shapes(
            &mut out,
            "没有写明每月、每天或每小时，按通常读法的写法：",
            &self.inferred,
        );
        for (reason, counts) in &self.implausible {
            shapes(
                &mut out,
                &format!("薪资可疑（{}），请核对：", reason.text()),
                counts,
            );
        }
        out
    }

    fn summary(&self, elapsed: Duration) -> String {
        format!(
            "共 {} 行：新增 {}，更新 {}，没有变化 {}，没有导入 {}。用时 {}.{} 秒。",
            self.rows(),
            self.imported,
            self.updated,
            self.unchanged,
            self.rejected,
            elapsed.as_secs(),
            elapsed.subsec_millis() / 100,
        )
    }

    fn pay_summary(&self) -> String {
        // Rounded down, so that 100 % means all.
        let permyriad = self.pay_understood * 10_000 / self.pay_text_rows;
        format!(
            "写了薪资的 {} 行，看懂 {} 行（{}.{:02}%）。",
            self.pay_text_rows,
            self.pay_understood,
            permyriad / 100,
            permyriad % 100,
        )
    }
}

fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}

fn shapes(out: &mut String, heading: &str, counts: &ShapeCounts) {
    let shapes = counts.by_frequency();
    if shapes.is_empty() {
        return;
    }
    line(out, heading);
    for (
        shape,
        ShapeCount {
            rows,
            first_line,
            example,
        },
    ) in shapes.iter().take(SHAPES_SAID)
    {
        // Writing to a string does not fail.
        let _ = writeln!(
            out,
            "  {rows:>7} 行  {shape}（如第 {first_line} 行“{example}”）"
        );
    }
    let said: u64 = shapes
        .iter()
        .take(SHAPES_SAID)
        .map(|(_, count)| count.rows)
        .sum();
    if counts.rows() > said {
        let _ = writeln!(out, "  {:>7} 行  其他写法", counts.rows() - said);
    }
}
