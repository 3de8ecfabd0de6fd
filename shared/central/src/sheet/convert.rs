//! From what a cell shows to the value of a field. Only types are checked; bounds are the engine's.

use chrono::{NaiveDate, NaiveTime, Timelike};
use domain::case::{Field, FieldType, TextForm, Value};
use domain::personal::{PersonField, Pii};

use super::Reading;
use super::date::{self, DayAndTime};
use super::grid::{Nature, Raw};
use super::header::listed;
use super::list;
use super::number;
use super::text::{code, key, prose, quoted};

/// What table programs write where a formula fails.
const ERROR_TEXTS: [&str; 8] = [
    "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!",
];

/// Words and marks of yes; the first is ours.
const YES: [&str; 10] = ["是", "√", "✓", "✔", "有", "对", "y", "yes", "true", "1"];

/// Words and marks of no; the first is ours.
const NO: [&str; 11] = [
    "否", "×", "✗", "✘", "x", "无", "错", "n", "no", "false", "0",
];

/// Days from today beyond which a date is asked about: nobody is older, nothing lasts longer.
const FAR_DAYS: i64 = 110 * 366;

/// A value as it was understood, and what the person should look at again.
pub(super) struct Taken {
    pub(super) value: Value,
    pub(super) hint: Option<String>,
}

impl From<Value> for Taken {
    fn from(value: Value) -> Self {
        Self { value, hint: None }
    }
}

/// Reads the cells of one sheet.
pub(super) struct Converter<'r> {
    pub(super) reading: &'r Reading<'r>,
    pub(super) is_1904: bool,
}

impl Converter<'_> {
    /// The value of a cell; `None` for a blank one.
    ///
    /// # Errors
    /// A Chinese sentence: what is wrong, and what to do. Personal data is not repeated in it.
    pub(super) fn value(&self, field: &Field, raw: &Raw) -> Result<Option<Taken>, String> {
        let text = raw.text.trim();
        refuse_nature(raw.nature, text)?;
        if text.is_empty() {
            return Ok(None);
        }
        let taken = match field.personal {
            Some(_) => personal(field, text).map(Taken::from),
            // A line end may be what separates its only element from nothing.
            None if matches!(field.kind, FieldType::List { .. }) => {
                self.typed(field, &field.kind, &raw.text)
            }
            None => self.typed(field, &field.kind, text),
        };
        taken.map(Some)
    }

    fn typed(&self, field: &Field, kind: &FieldType, text: &str) -> Result<Taken, String> {
        let shown = quoted(text);
        let value = match kind {
            FieldType::Text { .. } => Some(Value::Text(clean(field, kind, text))),
            FieldType::Integer { unit, .. } => number::integer(text, unit).map(Value::Integer),
            FieldType::Money { .. } => number::money(text).map(Value::Money),
            FieldType::Decimal { unit } => number::decimal(text, unit).map(Value::Decimal),
            FieldType::Boolean => boolean(text).map(Value::Boolean),
            FieldType::Choice(choices) => choice(choices, text).map(Value::Choice),
            FieldType::Record(_) | FieldType::Staff => (self.reading.resolve)(field, &prose(text)),
            FieldType::Date { .. } => return self.date(text),
            FieldType::Moment => return self.moment(text),
            FieldType::List { of, .. } => return self.list(field, of, text),
        };
        value
            .map(Taken::from)
            .ok_or_else(|| format!("{shown}{}", wanted(kind)))
    }

    fn date(&self, text: &str) -> Result<Taken, String> {
        let ((day, time), is_serial) = self.day(text)?;
        let mut hints = Vec::new();
        if is_serial {
            hints.push(format!("按日期序号读成了 {day}"));
        }
        if let Some(time) = time.filter(|time| time.num_seconds_from_midnight() > 0) {
            hints.push(format!("这一列只要日期，时间 {time} 没有导入"));
        }
        if (day - self.reading.today).num_days().abs() > FAR_DAYS {
            hints.push(format!("{day} 离今天太远"));
        }
        let hint = format!("{}：{}，请核对。", quoted(text), hints.join("，"));
        Ok(Taken {
            value: Value::Date(day),
            hint: (!hints.is_empty()).then_some(hint),
        })
    }

    fn moment(&self, text: &str) -> Result<Taken, String> {
        let ((day, time), is_serial) = self.day(text)?;
        let time = match time {
            Some(time) => time,
            None if is_serial => NaiveTime::MIN,
            None => {
                return Err(format!(
                    "{}没有写几点几分。请写成“{day} 09:00”这样。",
                    quoted(text)
                ));
            }
        };
        let value = date::instant(day, time).map(Value::Moment);
        let hint = format!("{}：按日期序号读成了 {day} {time}，请核对。", quoted(text));
        let value = value.ok_or_else(|| self.no_date(text))?;
        Ok(Taken {
            value,
            hint: is_serial.then_some(hint),
        })
    }

    /// A day, and whether it stood there as a serial number.
    fn day(&self, text: &str) -> Result<(DayAndTime, bool), String> {
        if let Some(read) = date::read(text) {
            return Ok((read, false));
        }
        let read = date::serial(&code(text), self.is_1904).map(|read| (read, true));
        read.ok_or_else(|| self.no_date(text))
    }

    fn no_date(&self, text: &str) -> String {
        let today: NaiveDate = self.reading.today;
        format!(
            "{}不是完整的日期。请写年月日，比如“{}”。",
            quoted(text),
            today.format("%Y年%-m月%-d日")
        )
    }

    fn list(&self, field: &Field, of: &FieldType, text: &str) -> Result<Taken, String> {
        let mut values = Vec::new();
        let mut hints = Vec::new();
        for part in list::split(text, field, of) {
            let taken = self.typed(field, of, part)?;
            values.push(taken.value);
            hints.extend(taken.hint);
        }
        if values.is_empty() {
            return Err(format!(
                "{}里没有内容。请填写，或把这一格清空。",
                quoted(text)
            ));
        }
        Ok(Taken {
            value: Value::List(values),
            hint: (!hints.is_empty()).then(|| hints.concat()),
        })
    }
}

fn refuse_nature(nature: Nature, text: &str) -> Result<(), String> {
    match nature {
        Nature::Merged => {
            Err("这一格和旁边的列合并了，分不清属于哪一列。请取消合并，各列分别填写。".to_owned())
        }
        Nature::NoResult => {
            Err("这一格的公式没有结果。请在表格软件里打开并保存一次，或直接填写结果。".to_owned())
        }
        Nature::Error => Err(failed_formula(text)),
        Nature::Typed if ERROR_TEXTS.contains(&text) => Err(failed_formula(text)),
        Nature::LongNumber => Err(lost_digits()),
        _ if number::is_exponent_form(text) => Err(lost_digits()),
        _ => Ok(()),
    }
}

fn failed_formula(text: &str) -> String {
    format!("公式出错（{text}）。请改好公式，或直接填写结果。")
}

fn lost_digits() -> String {
    "这一格的数字太长，被表格软件改成了科学记数（如 1.1E+17），后面几位已经丢失。\
     请把这一列设为“文本”格式，再重新填写完整的号码。"
        .to_owned()
}

/// Typed personal data. What was masked in an export would replace the real thing.
fn personal(field: &Field, text: &str) -> Result<Value, String> {
    if text.contains(['*', '＊']) {
        return Err("内容里有“*”，像是导出时遮住的。请填写完整的内容，或把这一格清空。".to_owned());
    }
    Ok(Value::Personal(Pii::new(clean(field, &field.kind, text))))
}

/// A text as it is kept: codes without blanks and in capitals, prose as it was written.
fn clean(field: &Field, kind: &FieldType, text: &str) -> String {
    let form = match kind {
        FieldType::Text { form, .. } => *form,
        _ => None,
    };
    let is_number = matches!(
        field.personal,
        Some(PersonField::IdNumber | PersonField::Phone | PersonField::BankAccount)
    );
    match form {
        Some(TextForm::IdNumber | TextForm::CreditCode) => code(text).to_uppercase(),
        Some(_) => code(text),
        None if field.personal == Some(PersonField::IdNumber) => code(text).to_uppercase(),
        None if is_number => code(text),
        None => prose(text),
    }
}

fn boolean(text: &str) -> Option<bool> {
    let word = code(text).to_lowercase();
    if YES.contains(&word.as_str()) {
        Some(true)
    } else {
        NO.contains(&word.as_str()).then_some(false)
    }
}

fn choice(choices: &[(String, String)], text: &str) -> Option<String> {
    let wanted = key(text);
    let found = choices
        .iter()
        .find(|(_, name)| key(name) == wanted)
        .or_else(|| choices.iter().find(|(code, _)| key(code) == wanted));
    found.map(|(code, _)| code.clone())
}

/// The end of a sentence that begins with what was found.
fn wanted(kind: &FieldType) -> String {
    match kind {
        FieldType::Integer { unit, .. } => {
            format!("不是整数。请只填阿拉伯数字，单位是{}。", unit_or(unit, "个"))
        }
        FieldType::Money { .. } => {
            "不是金额，或者不到一分。请填阿拉伯数字，比如“12000.00”或“1.2万元”，千分位每三位一个逗号。"
                .to_owned()
        }
        FieldType::Decimal { unit } => {
            format!("不是数。请只填阿拉伯数字，单位是{}。", unit_or(unit, "1"))
        }
        FieldType::Boolean => "不是“是”或“否”。请填“是”或“否”。".to_owned(),
        FieldType::Choice(choices) => {
            let names = listed(choices.iter().map(|(_, name)| name.as_str()));
            format!("不在可选的内容里。请从这些里选一个：{names}。")
        }
        _ => "在系统里没有找到，或者有几个同名的。请填编号，或先在系统里登记。".to_owned(),
    }
}

fn unit_or<'u>(unit: &'u str, other: &'u str) -> &'u str {
    if unit.is_empty() { other } else { unit }
}
