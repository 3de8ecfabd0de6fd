//! The file of a bank's answer as rows: columns by what banks call them, results by the words that they
//! use. One row that cannot be read, and the file gives none.

use domain::batch::{AMOUNT, Answer, Answered, BatchRule, MEMBER, REASON, RESULT};
use domain::case::{FieldFault, Value};
use domain::time::UtcMs;

use crate::sheet::{self, ColumnMap, Read, Reading, RowDraft};

use super::answering::BroughtAnswer;

/// The rows of the file, or every row that cannot be read.
pub(super) fn rows_of(
    rule: &BatchRule,
    answer: &Answer,
    brought: &BroughtAnswer,
    now: UtcMs,
) -> Result<Vec<Answered>, Vec<String>> {
    let columns = ColumnMap::of(answer.headings(), answer.ignored.clone());
    let reading = Reading {
        today: now.hall_date(),
        columns: &columns,
        resolve: &|_, _| None,
    };
    let kind = answer.sheet(&rule.name);
    let read = sheet::read(&kind, &brought.file_name, &brought.bytes, &reading);
    let mut read = read.map_err(|error| vec![error.to_string()])?;
    if !read.missing_columns.is_empty() {
        let missing = read.missing_columns.join("”“");
        let known: Vec<_> = answer
            .headings()
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        return Err(vec![format!(
            "回盘里没有“{missing}”这一列。认得的列名还有：{}。请看是不是选错了文件。",
            known.join("、")
        )]);
    }
    read.reject_where(|row| row_faults(answer, row));
    if !read.rejected.is_empty() {
        return Err(rejected(&read));
    }
    Ok(read.rows.iter().map(|row| answered(answer, row)).collect())
}

fn rejected(read: &Read) -> Vec<String> {
    let rows = read.rejected.iter().flat_map(|row| {
        let faults = row.faults.iter();
        faults.map(|fault| format!("第 {} 行的“{}”：{}", row.line, fault.column, fault.text))
    });
    rows.collect()
}

/// What the engine of sheets does not know: that a row must name a member and say how it went.
fn row_faults(answer: &Answer, row: &RowDraft) -> Vec<FieldFault> {
    let fault = |field: &str, text: String| FieldFault {
        field: field.to_owned(),
        text,
    };
    let mut faults = Vec::new();
    if text(row, MEMBER).is_empty() {
        faults.push(fault(MEMBER, "没有业务编号，不知道是哪一笔。".to_owned()));
    }
    let result = text(row, RESULT);
    if is_paid(answer, &result).is_none() {
        let words = [&answer.paid_words[..], &answer.failed_words[..]].concat();
        let words = words.join("、");
        faults.push(fault(
            RESULT,
            format!("看不出成功还是失败，认得的写法有：{words}。"),
        ));
    }
    faults
}

fn is_paid(answer: &Answer, result: &str) -> Option<bool> {
    let is_among = |words: &[String]| words.iter().any(|word| word == result);
    if is_among(&answer.paid_words) {
        Some(true)
    } else {
        is_among(&answer.failed_words).then_some(false)
    }
}

fn answered(answer: &Answer, row: &RowDraft) -> Answered {
    let is_paid = is_paid(answer, &text(row, RESULT)).unwrap_or(false);
    Answered {
        line: row.line,
        number: text(row, MEMBER).to_uppercase(),
        amount: match row.values.get(AMOUNT) {
            Some(Value::Money(fen)) => Some(*fen),
            _ => None,
        },
        failed: (!is_paid).then(|| text(row, REASON)),
    }
}

fn text(row: &RowDraft, column: &str) -> String {
    match row.values.get(column) {
        Some(Value::Text(text)) => text.trim().to_owned(),
        _ => String::new(),
    }
}
