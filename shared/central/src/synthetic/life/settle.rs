//! Values that agree with each other: of the conditions between fields as many as possible are made to
//! hold by changing one field at a time, each time to the candidate that leaves the fewest unmet.

use chrono::Days;
use domain::case::{
    self, Computation, Condition, Decimal, Field, FieldType, Kind, Operand, Rulebook, Value, Values,
};
use domain::id::StaffId;
use domain::money::Fen;
use domain::time::UtcMs;

use super::invent::hours_from;

/// Changes before one gives up.
const ROUNDS_MAX: usize = 24;
/// Days from today that are tried, near ones first.
const DAY_OFFSETS: [i64; 18] = [
    0, 1, -1, 3, -3, 10, 14, -10, 20, 30, -30, 60, 80, 170, -90, 200, 400, -400,
];
/// Hours from now that are tried.
const HOUR_OFFSETS: [i64; 10] = [0, 1, -1, 2, 8, -8, 24, -24, 240, -240];

/// What conditions are asked with.
#[derive(Clone, Copy)]
pub(super) struct World<'w> {
    pub(super) now: UtcMs,
    pub(super) rules: &'w dyn Rulebook,
    pub(super) staff: &'w [StaffId],
    /// Fields that must keep a value.
    pub(super) needed: &'w [&'w str],
}

/// Makes the conditions hold by changing fields that `may` be changed. Those that still do not hold.
pub(super) fn settle<'c>(
    kind: &Kind,
    values: &mut Values,
    conditions: &[&'c Condition],
    may: impl Fn(&str) -> bool,
    world: World<'_>,
) -> Vec<&'c Condition> {
    for _ in 0..ROUNDS_MAX {
        let unmet = unmet(kind, values, conditions, world);
        if unmet.is_empty() {
            return unmet;
        }
        let sides = unmet.iter().flat_map(|condition| levers(kind, condition));
        let fields = sides.filter(|id| may(id)).filter_map(|id| kind.field(id));
        let better = fields
            .filter_map(|field| best_change(kind, field, values, conditions, world))
            .min_by_key(|(left, ..)| *left);
        match better {
            Some((left, id, value)) if left < unmet.len() => put(values, &id, value),
            _ => return unmet,
        }
    }
    unmet(kind, values, conditions, world)
}

/// The values with what is computed out of them.
pub(super) fn computed(kind: &Kind, values: &Values, world: World<'_>) -> Values {
    let mut whole = values.clone();
    // what cannot be computed stays as it is, and its conditions unmet
    let _ = case::compute(kind, &mut whole, world.now.hall_date(), world.rules);
    whole
}

fn unmet<'c>(
    kind: &Kind,
    values: &Values,
    conditions: &[&'c Condition],
    world: World<'_>,
) -> Vec<&'c Condition> {
    let today = world.now.hall_date();
    let whole = computed(kind, values, world);
    let fails =
        |condition: &&&Condition| !condition.holds(&whole, today, world.rules).unwrap_or(false);
    conditions.iter().filter(fails).copied().collect()
}

fn fields_of(condition: &Condition) -> impl Iterator<Item = &str> {
    let right = match &condition.right {
        Operand::Field(field) => Some(field.as_str()),
        _ => None,
    };
    std::iter::once(condition.field.as_str()).chain(right)
}

/// The fields of a condition, and those out of which they are computed.
fn levers<'k>(kind: &'k Kind, condition: &'k Condition) -> Vec<&'k str> {
    let mut found: Vec<&str> = fields_of(condition).collect();
    let mut place = 0;
    while let Some(id) = found.get(place).copied() {
        for input in kind.computations_of(id).flat_map(Computation::inputs) {
            if !found.contains(&input) {
                found.push(input);
            }
        }
        place += 1;
    }
    found
}

/// How many conditions the best candidate for a field leaves unmet, and which it is.
fn best_change(
    kind: &Kind,
    field: &Field,
    values: &Values,
    conditions: &[&Condition],
    world: World<'_>,
) -> Option<(usize, String, Option<Value>)> {
    let of_field = conditions
        .iter()
        .filter(|condition| levers(kind, condition).contains(&field.id.as_str()));
    let whole = computed(kind, values, world);
    let others: Vec<Value> = of_field
        .filter_map(|condition| other_side(condition, field, &whole, world))
        .collect();
    let tried = candidates(field, &others, world).into_iter().map(|value| {
        let mut changed = values.clone();
        put(&mut changed, &field.id, value.clone());
        let left = unmet(kind, &changed, conditions, world).len();
        (left, field.id.clone(), value)
    });
    tried.min_by_key(|(left, ..)| *left)
}

fn put(values: &mut Values, id: &str, value: Option<Value>) {
    match value {
        Some(value) => drop(values.insert(id.to_owned(), value)),
        None => drop(values.remove(id)),
    }
}

/// What stands on the other side of a condition from a field, as far as that is known. Of a field out
/// of which a side is computed: what it would be if the sides were equal.
fn other_side(
    condition: &Condition,
    field: &Field,
    values: &Values,
    world: World<'_>,
) -> Option<Value> {
    let left = values.get(&condition.field);
    let right = right_side(condition, values, world);
    match &condition.right {
        _ if condition.field == field.id => right,
        Operand::Field(id) if *id == field.id => left.cloned(),
        _ => {
            let gap = whole(&right?)?.checked_sub(whole(left?)?)?;
            let number = whole(values.get(&field.id)?)?.checked_add(gap)?;
            Some(match field.kind {
                FieldType::Money { .. } => Value::Money(Fen(number)),
                _ => Value::Integer(number),
            })
        }
    }
}

fn right_side(condition: &Condition, values: &Values, world: World<'_>) -> Option<Value> {
    match &condition.right {
        Operand::Value(value) => Some(value.clone()),
        Operand::Field(other) => values.get(other).cloned(),
        Operand::Parameter(key) => {
            let number = world.rules.number(key, world.now.hall_date()).ok()?;
            Some(Value::Integer(number))
        }
        _ => None,
    }
}

fn candidates(field: &Field, others: &[Value], world: World<'_>) -> Vec<Option<Value>> {
    let mut values: Vec<Value> = others
        .iter()
        .filter(|value| fits(field, value))
        .cloned()
        .collect();
    let numbers = || {
        let known = others.iter().filter_map(whole);
        let near =
            known.flat_map(|number| [number, number.saturating_add(1), number.saturating_sub(1)]);
        near.chain([0, 1, 2, 5, 20, 100])
    };
    match &field.kind {
        FieldType::Choice(choices) => {
            values.extend(choices.iter().map(|(code, _)| Value::Choice(code.clone())));
        }
        FieldType::Boolean => values.extend([true, false].map(Value::Boolean)),
        FieldType::Integer { min, max, .. } => {
            let numbers = numbers().chain([*min]);
            let fitting = numbers.filter(|number| (*min..=*max).contains(number));
            values.extend(fitting.map(Value::Integer));
        }
        FieldType::Money { min_fen } => {
            let fitting = numbers().filter(|number| number >= min_fen);
            values.extend(fitting.map(|number| Value::Money(Fen(number))));
        }
        FieldType::Decimal { .. } => {
            values.extend(numbers().map(|number| Value::Decimal(Decimal::from(number))));
        }
        FieldType::Date { is_workday } => values.extend(days(*is_workday, others, world)),
        FieldType::Moment => {
            let hours = HOUR_OFFSETS.map(|hours| Value::Moment(hours_from(world.now, hours)));
            values.extend(hours);
            let beside = others.iter().filter_map(|value| match value {
                Value::Moment(at) => Some([hours_from(*at, 1), hours_from(*at, -1)]),
                _ => None,
            });
            values.extend(beside.flatten().map(Value::Moment));
        }
        FieldType::Staff => values.extend(world.staff.iter().copied().map(Value::Staff)),
        _ => {}
    }
    let values = values.into_iter().map(Some);
    let may_be_empty = !field.is_required && !world.needed.contains(&field.id.as_str());
    values.chain(may_be_empty.then_some(None)).collect()
}

/// Whether another field's value could stand here too.
fn fits(field: &Field, value: &Value) -> bool {
    matches!(
        (&field.kind, value),
        (FieldType::Text { .. }, Value::Text(_))
            | (FieldType::Date { is_workday: false }, Value::Date(_))
            | (FieldType::Moment, Value::Moment(_))
            | (FieldType::Money { .. }, Value::Money(_))
            | (FieldType::Decimal { .. }, Value::Decimal(_))
            | (FieldType::Staff, Value::Staff(_))
    )
}

/// A number as a whole one: fen of money.
fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Integer(number) => Some(*number),
        Value::Money(fen) => Some(fen.0),
        Value::Decimal(number) => {
            let (units, of) = number.fraction();
            i64::try_from(units / of).ok()
        }
        _ => None,
    }
}

fn days(is_workday: bool, others: &[Value], world: World<'_>) -> Vec<Value> {
    let today = world.now.hall_date();
    let beside = others.iter().filter_map(|value| match value {
        Value::Date(day) => Some(*day),
        Value::Moment(at) => Some(at.hall_date()),
        _ => None,
    });
    let moved = |day: chrono::NaiveDate, by: i64| {
        let days = Days::new(by.unsigned_abs());
        if by < 0 {
            day.checked_sub_days(days)
        } else {
            day.checked_add_days(days)
        }
    };
    let near = DAY_OFFSETS.into_iter().filter_map(|by| moved(today, by));
    let beside = beside.flat_map(|day| [0, 1, -1].into_iter().filter_map(move |by| moved(day, by)));
    let works = |day: &chrono::NaiveDate| !is_workday || world.rules.is_workday(*day) == Ok(true);
    near.chain(beside).filter(works).map(Value::Date).collect()
}
