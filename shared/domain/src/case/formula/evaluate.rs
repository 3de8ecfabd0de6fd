//! Computing a formula.

use chrono::{Days, Months, NaiveDate, Timelike};
use num_rational::Ratio;
use num_traits::{CheckedAdd, CheckedDiv, CheckedMul, CheckedSub, Zero};

use crate::money::Fen;
use crate::months::{full_months, month_end};

use super::super::columns::{cells, number_of};
use super::super::command::CaseRefusal;
use super::super::deadline::workdays_after;
use super::super::kind::{Basis, Field, FieldType, Kind};
use super::super::rulebook::{NoCalendar, NoParameter, Rulebook};
use super::super::{Decimal, Value, Values};
use super::{Expression, Formula, Operator};

/// An exact number; money in fen.
type Exact = Ratio<i128>;

/// Places that a decimal result keeps.
const DECIMAL_PLACES: u8 = 4;
const NOON: u32 = 12;

/// What a formula is computed from.
struct Given<'g> {
    fields: &'g [Field],
    values: &'g Values,
    today: NaiveDate,
    rules: &'g dyn Rulebook,
}

/// Computes all that a kind computes out of these values.
///
/// # Errors
/// When the calendar lacks a year or a parameter its value.
pub fn compute(
    kind: &Kind,
    values: &mut Values,
    today: NaiveDate,
    rules: &dyn Rulebook,
) -> Result<(), CaseRefusal> {
    for id in kind.derived() {
        match computed(kind, id, values, today, rules)? {
            Some(value) => drop(values.insert(id.to_owned(), value)),
            None => drop(values.remove(id)),
        }
    }
    Ok(())
}

/// The value of a computed field; `None` where there is no result.
///
/// # Errors
/// When the calendar lacks a year or a parameter its value.
pub(in crate::case) fn computed(
    kind: &Kind,
    id: &str,
    values: &Values,
    today: NaiveDate,
    rules: &dyn Rulebook,
) -> Result<Option<Value>, CaseRefusal> {
    let Some(field) = kind.field(id) else {
        return Ok(None);
    };
    let given = Given {
        fields: &kind.fields,
        values,
        today,
        rules,
    };
    for computation in kind.computations_of(id) {
        let holds = match &computation.only_if {
            Some(condition) => condition.holds(values, today, rules)?,
            None => true,
        };
        if holds {
            return value_of(&computation.formula, &field.kind, &given);
        }
    }
    Ok(None)
}

fn value_of(
    formula: &Formula,
    kind: &FieldType,
    given: &Given<'_>,
) -> Result<Option<Value>, CaseRefusal> {
    Ok(match formula {
        Formula::Number(number) => number.exact(given)?.and_then(|exact| held(exact, kind)),
        Formula::Compared(one, comparison, other) => {
            let pair = one.exact(given)?.zip(other.exact(given)?);
            pair.map(|(one, other)| Value::Boolean(comparison.accepts(Some(one.cmp(&other)))))
        }
        Formula::DayAfter {
            from,
            parameter,
            basis,
        } => match given.day(from) {
            Some(from) => Some(Value::Date(given.later(from, parameter, *basis)?)),
            None => None,
        },
        Formula::YearEnd(year) => {
            let year = year.exact(given)?.filter(Exact::is_integer);
            let year = year.and_then(|year| i32::try_from(year.to_integer()).ok());
            year.and_then(|year| NaiveDate::from_ymd_opt(year, 12, 31))
                .map(Value::Date)
        }
        Formula::MonthEnd(day) => {
            let day = given.day(day).and_then(month_end);
            day.map(Value::Date)
        }
        Formula::Without { all, less } => without(given.items(all), given.items(less)),
    })
}

fn without(all: &[Value], less: &[Value]) -> Option<Value> {
    let left = all.iter().filter(|item| !less.contains(item));
    let left: Vec<_> = left.cloned().collect();
    (!left.is_empty()).then_some(Value::List(left))
}

/// A number as its field holds it, rounded half up.
fn held(exact: Exact, kind: &FieldType) -> Option<Value> {
    let whole = |exact: &Exact| i64::try_from(half_up(exact)?).ok();
    match kind {
        FieldType::Money { .. } => whole(&exact).map(|fen| Value::Money(Fen(fen))),
        FieldType::Integer { .. } => whole(&exact).map(Value::Integer),
        FieldType::Decimal { .. } => {
            let scale = Exact::from(10_i128.pow(DECIMAL_PLACES.into()));
            let units = whole(&exact.checked_mul(&scale)?)?;
            Some(Value::Decimal(Decimal::of(units, DECIMAL_PLACES)))
        }
        _ => None,
    }
}

fn half_up(exact: &Exact) -> Option<i128> {
    let half = Exact::new(1, 2);
    exact.checked_add(&half).map(|sum| sum.floor().to_integer())
}

/// Numbers or amounts added up, as a field of this type holds them; `None` out of all bounds.
pub(in crate::case) fn sum(values: &[Value], kind: &FieldType) -> Option<Value> {
    let mut numbers = values.iter().filter_map(exact_of);
    let total = numbers.try_fold(Exact::zero(), |total, one| total.checked_add(&one))?;
    held(total, kind)
}

fn exact_of(value: &Value) -> Option<Exact> {
    match value {
        Value::Integer(number) => Some(Exact::from(i128::from(*number))),
        Value::Money(fen) => Some(Exact::from(i128::from(fen.0))),
        Value::Decimal(decimal) => Some(fraction(decimal)),
        _ => None,
    }
}

fn fraction(decimal: &Decimal) -> Exact {
    let (numerator, denominator) = decimal.fraction();
    Exact::new(numerator, denominator)
}

/// What stands in these columns of a row, multiplied.
fn product(row: &str, field: &Field, columns: &[usize]) -> Option<Exact> {
    let cells = cells(row, field.columns.len());
    let mut product = Exact::from(1);
    for column in columns {
        let form = field.columns.get(*column)?.form;
        let number = number_of(cells.get(*column)?, form)?;
        product = product.checked_mul(&fraction(&number))?;
    }
    Some(product)
}

impl Expression {
    fn exact(&self, given: &Given<'_>) -> Result<Option<Exact>, NoCalendar> {
        Ok(match self {
            Self::Literal(number) => Some(Exact::from(i128::from(*number))),
            Self::Field(id) => match given.values.get(id) {
                Some(value) => exact_of(value),
                None => given.nothing(id),
            },
            Self::Count(list) => match given.items(list) {
                [] => given.nothing(list),
                items => i128::try_from(items.len()).ok().map(Exact::from),
            },
            Self::Sum(list, columns) => match given.items(list) {
                [] => given.nothing(list),
                items => given.sum(list, items, columns),
            },
            Self::Workdays(from, to) => given.workdays(from, to)?,
            Self::Months(from, to) => given.months(from, to),
            Self::Of(one, operator, other) => {
                let pair = one.exact(given)?.zip(other.exact(given)?);
                pair.and_then(|(one, other)| operator.of(&one, &other))
            }
        })
    }
}

impl Operator {
    /// `None` when it grows out of all bounds, and for a division by 0.
    fn of(self, one: &Exact, other: &Exact) -> Option<Exact> {
        match self {
            Self::Plus => one.checked_add(other),
            Self::Minus => one.checked_sub(other),
            Self::Times => one.checked_mul(other),
            Self::Over => one.checked_div(other),
        }
    }
}

impl Given<'_> {
    fn field(&self, id: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.id == id)
    }

    /// What an empty field counts as: 0, or there is no result. A computed list that came out empty is
    /// no items, a computed number that is not there is not known.
    fn nothing(&self, id: &str) -> Option<Exact> {
        let field = self.field(id)?;
        let is_list = matches!(field.kind, FieldType::List { .. });
        let is_known = !field.is_required && (!field.is_computed || is_list);
        is_known.then(Exact::zero)
    }

    fn items(&self, list: &str) -> &[Value] {
        match self.values.get(list) {
            Some(Value::List(items)) => items,
            _ => &[],
        }
    }

    fn sum(&self, list: &str, items: &[Value], columns: &[usize]) -> Option<Exact> {
        let field = self.field(list)?;
        items.iter().try_fold(Exact::zero(), |total, item| {
            let one = match item {
                Value::Text(row) => product(row, field, columns)?,
                item => exact_of(item)?,
            };
            total.checked_add(&one)
        })
    }

    fn day(&self, id: &str) -> Option<NaiveDate> {
        match self.values.get(id)? {
            Value::Date(day) => Some(*day),
            Value::Moment(at) => Some(at.hall_date()),
            _ => None,
        }
    }

    /// The day that is as much later as a parameter says today.
    fn later(
        &self,
        from: NaiveDate,
        parameter: &str,
        basis: Basis,
    ) -> Result<NaiveDate, CaseRefusal> {
        let gap = || NoParameter {
            key: parameter.to_owned(),
            day: self.today,
        };
        let number = self.rules.number(parameter, self.today)?;
        let count = u32::try_from(number).map_err(|_| gap())?;
        let day = match basis {
            Basis::Workday => Some(workdays_after(from, count, self.rules)?),
            Basis::Day => from.checked_add_days(Days::new(count.into())),
            Basis::Month => from.checked_add_months(Months::new(count)),
        };
        Ok(day.ok_or_else(gap)?)
    }

    /// Whether a moment lies in a half of its day; a day lies in neither.
    fn is_in(&self, id: &str, is_afternoon: bool) -> bool {
        match self.values.get(id) {
            Some(Value::Moment(at)) => {
                let time = at.hall_time();
                // noon ends a morning, and begins an afternoon
                if is_afternoon {
                    time.hour() >= NOON
                } else {
                    time.hour() < NOON || (time.hour() == NOON && time.minute() == 0)
                }
            }
            _ => false,
        }
    }

    fn workdays(&self, from: &str, to: &str) -> Result<Option<Exact>, NoCalendar> {
        let Some((first, last)) = self.day(from).zip(self.day(to)) else {
            return Ok(None);
        };
        let mut halves = 0;
        for day in first.iter_days().take_while(|day| *day <= last) {
            if self.rules.is_workday(day)? {
                let begins_late = day == first && self.is_in(from, true);
                let ends_early = day == last && self.is_in(to, false);
                halves += 2 - i128::from(begins_late) - i128::from(ends_early);
            }
        }
        Ok(Some(Exact::new(halves, 2)))
    }

    /// The last day counts: from the 1st of a month until its last is a month.
    fn months(&self, from: &str, to: &str) -> Option<Exact> {
        let (first, last) = self.day(from).zip(self.day(to))?;
        let months = full_months(first, last.succ_opt()?);
        (last >= first).then(|| Exact::from(i128::from(months)))
    }
}
