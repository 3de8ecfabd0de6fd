//! Reading formulas, with what is wrong in Chinese for who writes the file. Amounts and plain numbers
//! are kept apart: a sum of both, or an amount times an amount, is a slip of the pen.

use super::super::condition::{Comparison, SIGNS, is_key};
use super::super::kind::{Basis, Field, FieldType};
use super::super::{ColumnForm, columns};
use super::{Expression, Formula, Operator};

/// How often money stands in a number: 0 for a plain one, 1 for an amount.
type Powers = i8;

/// Reads the formula of a computed field of a kind.
///
/// # Errors
/// A Chinese sentence: what is wrong.
pub(in crate::case) fn read(
    text: &str,
    field: &Field,
    fields: &[Field],
) -> Result<Formula, String> {
    let wanted = match &field.kind {
        FieldType::Integer { .. } | FieldType::Decimal { .. } => 0,
        FieldType::Money { .. } => 1,
        FieldType::Boolean => return compared(text, fields),
        FieldType::Date { .. } => return day(text, fields),
        FieldType::List { .. } => return without(text, fields),
        _ => {
            let id = &field.id;
            return Err(format!(
                "“{id}”这类字段不能用公式算，只有数、金额、是否、日期和列表可以。"
            ));
        }
    };
    let (expression, powers) = Reader::new(text, fields).whole()?;
    if powers != wanted {
        return Err(format!(
            "“{text}”算出来的和字段“{}”不是同一类：金额归金额，数归数。",
            field.id
        ));
    }
    Ok(Formula::Number(expression))
}

/// `sum(income.金额) = sum(expense.金额)`.
fn compared(text: &str, fields: &[Field]) -> Result<Formula, String> {
    let (one, comparison, other) =
        sides(text).ok_or_else(|| format!("公式“{text}”看不懂：是否要写成“一边 比较 另一边”。"))?;
    let (one, powers) = Reader::new(one, fields).whole()?;
    let (other, others) = Reader::new(other, fields).whole()?;
    if powers != others {
        return Err(format!("“{text}”两边不是同一类的数，不能比较。"));
    }
    Ok(Formula::Compared(one, comparison, other))
}

fn sides(text: &str) -> Option<(&str, Comparison, &str)> {
    let at = text.find(['<', '>', '!', '='])?;
    let (one, rest) = text.split_at(at);
    let (sign, comparison) = SIGNS.into_iter().find(|(sign, _)| rest.starts_with(sign))?;
    Some((one, comparison, &rest[sign.len()..]))
}

/// `letter_on + dossier.transfer_days days`, `year_end(year + 30)`, `month_end(on)`.
fn day(text: &str, fields: &[Field]) -> Result<Formula, String> {
    let inner = text.strip_prefix("year_end(");
    if let Some(inner) = inner.and_then(|inner| inner.strip_suffix(')')) {
        let (year, powers) = Reader::new(inner, fields).whole()?;
        return match powers {
            0 => Ok(Formula::YearEnd(year)),
            _ => Err(format!("“{inner}”不是年份。")),
        };
    }
    let inner = text.strip_prefix("month_end(");
    if let Some(inner) = inner.and_then(|inner| inner.strip_suffix(')')) {
        return found(fields, inner.trim(), is_day).map(Formula::MonthEnd);
    }
    day_after(text, fields).ok_or_else(|| {
        format!("公式“{text}”看不懂：日期要写成“日期字段 + 参数键 days”（或 workdays、months）、year_end(年份) 或 month_end(日期字段)。")
    })
}

fn day_after(text: &str, fields: &[Field]) -> Option<Formula> {
    let (from, rest) = text.split_once('+')?;
    let (key, unit) = rest.trim().split_once(' ')?;
    let basis = match unit.trim() {
        "workdays" => Basis::Workday,
        "days" => Basis::Day,
        "months" => Basis::Month,
        _ => return None,
    };
    Some(Formula::DayAfter {
        from: found(fields, from.trim(), is_day).ok()?,
        parameter: Some(key).filter(|key| is_key(key))?.to_owned(),
        basis,
    })
}

/// `required without present`.
fn without(text: &str, fields: &[Field]) -> Result<Formula, String> {
    let (all, less) = text
        .split_once(" without ")
        .ok_or_else(|| format!("公式“{text}”看不懂：列表要写成“一个列表 without 另一个列表”。"))?;
    Ok(Formula::Without {
        all: found(fields, all.trim(), is_list)?,
        less: found(fields, less.trim(), is_list)?,
    })
}

fn is_day(kind: &FieldType) -> bool {
    matches!(kind, FieldType::Date { .. } | FieldType::Moment)
}

fn is_list(kind: &FieldType) -> bool {
    matches!(kind, FieldType::List { .. })
}

fn found(fields: &[Field], id: &str, fits: impl Fn(&FieldType) -> bool) -> Result<String, String> {
    let field = fields.iter().find(|field| field.id == id);
    let field = field.ok_or_else(|| format!("公式里的字段“{id}”不存在。"))?;
    if fits(&field.kind) {
        Ok(field.id.clone())
    } else {
        Err(format!("公式里的字段“{id}”不是这里要的那一类。"))
    }
}

/// A formula of numbers that is being read: sums of products, as at school.
struct Reader<'r> {
    all: &'r str,
    rest: &'r str,
    fields: &'r [Field],
}

impl<'r> Reader<'r> {
    fn new(text: &'r str, fields: &'r [Field]) -> Self {
        Self {
            all: text,
            rest: text,
            fields,
        }
    }

    fn whole(mut self) -> Result<(Expression, Powers), String> {
        let read = self.sum()?;
        match self.rest.trim() {
            "" => Ok(read),
            rest => Err(format!("公式“{}”里的“{rest}”看不懂。", self.all)),
        }
    }

    fn takes(&mut self, sign: char) -> bool {
        let rest = self.rest.trim_start().strip_prefix(sign);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn sum(&mut self) -> Result<(Expression, Powers), String> {
        let (mut sum, powers) = self.product()?;
        loop {
            let operator = if self.takes('+') {
                Operator::Plus
            } else if self.takes('-') {
                Operator::Minus
            } else {
                return Ok((sum, powers));
            };
            let (next, others) = self.product()?;
            if powers != others {
                return Err(format!("公式“{}”把金额和数加减在一起了。", self.all));
            }
            sum = Expression::Of(Box::new(sum), operator, Box::new(next));
        }
    }

    fn product(&mut self) -> Result<(Expression, Powers), String> {
        let (mut product, mut powers) = self.factor()?;
        loop {
            let (operator, sign) = if self.takes('*') {
                (Operator::Times, 1)
            } else if self.takes('/') {
                (Operator::Over, -1)
            } else {
                return Ok((product, powers));
            };
            let (next, others) = self.factor()?;
            powers = powers.saturating_add(sign * others);
            product = Expression::Of(Box::new(product), operator, Box::new(next));
        }
    }

    fn factor(&mut self) -> Result<(Expression, Powers), String> {
        if self.takes('(') {
            let inner = self.sum()?;
            return if self.takes(')') {
                Ok(inner)
            } else {
                Err(format!("公式“{}”缺右括号。", self.all))
            };
        }
        let word = self.word();
        if let Ok(number) = word.parse() {
            return Ok((Expression::Literal(number), 0));
        }
        if !word.is_empty() && self.takes('(') {
            let (inside, rest) = self
                .rest
                .split_once(')')
                .ok_or_else(|| format!("公式“{}”缺右括号。", self.all))?;
            self.rest = rest;
            return self.function(word, inside);
        }
        let field = self.fields.iter().find(|field| field.id == word);
        let powers = field.map(|field| powers_of(&field.kind));
        match powers {
            Some(Some(powers)) => Ok((Expression::Field(word.to_owned()), powers)),
            Some(None) => Err(format!("公式里的字段“{word}”不是数，也不是金额。")),
            None => Err(format!("公式“{}”里的“{word}”不存在。", self.all)),
        }
    }

    fn word(&mut self) -> &'r str {
        let rest = self.rest.trim_start();
        let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let (word, rest) = rest.split_at(end);
        self.rest = rest;
        word
    }

    fn function(&self, name: &str, inside: &str) -> Result<(Expression, Powers), String> {
        let pair = || {
            let (from, to) = inside
                .split_once(',')
                .ok_or_else(|| format!("{name} 要写两个日期字段，中间用逗号隔开。"))?;
            let day = |id: &str| found(self.fields, id.trim(), is_day);
            Ok::<_, String>((day(from)?, day(to)?))
        };
        match name {
            "count" => {
                let list = found(self.fields, inside.trim(), is_list)?;
                Ok((Expression::Count(list), 0))
            }
            "sum" => self.sum_of(inside),
            "workdays" => pair().map(|(from, to)| (Expression::Workdays(from, to), 0)),
            "months" => pair().map(|(from, to)| (Expression::Months(from, to), 0)),
            _ => Err(format!(
                "公式里没有“{name}”这种算法，有：sum、count、workdays、months。"
            )),
        }
    }

    /// `list`, `list.金额`, `list.面额 * 张数`.
    fn sum_of(&self, inside: &str) -> Result<(Expression, Powers), String> {
        let (list, names) = inside.split_once('.').unwrap_or((inside, ""));
        let list = found(self.fields, list.trim(), is_list)?;
        let field = self.fields.iter().find(|field| field.id == list);
        let columns = field.map_or(&[][..], |field| &field.columns);
        let mut places = Vec::new();
        let mut powers: Powers = 0;
        for name in names
            .split('*')
            .map(str::trim)
            .filter(|name| !name.is_empty())
        {
            let place = columns.iter().position(|column| column.name == name);
            let column =
                place.and_then(|place| Some((place, powers_in(columns.get(place)?.form)?)));
            let (place, more) =
                column.ok_or_else(|| format!("“{list}”没有写数或金额的“{name}”这一列。"))?;
            places.push(place);
            powers = powers.saturating_add(more);
        }
        if places.is_empty() {
            let of = field.and_then(|field| match &field.kind {
                FieldType::List { of, .. } => powers_of(of),
                _ => None,
            });
            powers = of.ok_or_else(|| format!("“{list}”的每一项不是数，要写明加哪一列。"))?;
        }
        Ok((Expression::Sum(list, places), powers))
    }
}

fn powers_of(kind: &FieldType) -> Option<Powers> {
    match kind {
        FieldType::Integer { .. } | FieldType::Decimal { .. } => Some(0),
        FieldType::Money { .. } => Some(1),
        _ => None,
    }
}

fn powers_in(form: columns::ColumnForm) -> Option<Powers> {
    match form {
        ColumnForm::Number => Some(0),
        ColumnForm::Money => Some(1),
        _ => None,
    }
}
