//! How much, in words: a text of the rules with the numbers of the day filled in.
//!
//! ```text
//! {loan.cap_personal}         a parameter, in its unit: 300,000 元, 50%, 36 个月
//! {skill.amount/五级}         the second cell of a row of a parameter that is a table
//! {ui.month} {ui.months} {ui.total}     the unemployment benefit, which is parameters and months paid
//! {layoff_rate} {average_insured}       what the organisation's own figures come to
//! ```
//!
//! Where a parameter is missing there is no text, and a sentence says why.

use crate::money::Fen;
use crate::parameter::{ParameterEntry, ParameterKey, ParameterValue};

use super::condition::{Held, Missing};
use super::value::Facts;

/// Parameters behind the figures that are computed.
const UI_KEYS: [&str; 4] = [
    "min_wage.month",
    "ui.rate_of_min_wage",
    "ui.months_table",
    "ui.carry_cap",
];

/// A text with its places, or what is missing.
pub(super) fn fill(text: &str, facts: &Facts<'_>) -> Result<String, Missing> {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        filled.push_str(before);
        filled.push_str(&told(name, facts)?);
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

/// The names between the braces of a text.
fn names(text: &str) -> impl Iterator<Item = &str> {
    let places = text.split('{').skip(1);
    places.filter_map(|place| place.split_once('}').map(|(name, _)| name))
}

/// The keys of parameters that a text asks for.
pub(super) fn keys_of(text: &str) -> Vec<&str> {
    let keys = names(text).flat_map(|name| match name {
        "ui.month" | "ui.months" | "ui.total" => UI_KEYS.to_vec(),
        "layoff_rate" | "average_insured" => Vec::new(),
        key => vec![key.split_once('/').map_or(key, |(key, _)| key)],
    });
    keys.collect()
}

fn told(name: &str, facts: &Facts<'_>) -> Result<String, Missing> {
    let known = |held: Held| match held {
        Held::Unclear(missing) => missing,
        _ => Missing::Answer(name.to_owned()),
    };
    match name {
        "ui.month" => Ok(yuan(ui_month(facts).map_err(known)?)),
        "ui.months" => Ok(ui_months(facts).map_err(known)?.to_string()),
        "ui.total" => {
            let months = ui_months(facts).map_err(known)?;
            Ok(yuan(ui_month(facts).map_err(known)? * months))
        }
        "layoff_rate" => Ok(facts.layoff_rate().map_err(known)?.percent()),
        "average_insured" => Ok(facts.average_insured().map_err(known)?.to_string()),
        key => parameter(key, facts),
    }
}

fn parameter(name: &str, facts: &Facts<'_>) -> Result<String, Missing> {
    let (key, row) = match name.split_once('/') {
        Some((key, row)) => (key, Some(row)),
        None => (name, None),
    };
    let missing = || Missing::Parameter(key.to_owned());
    let found = facts.parameters.on(key, None, facts.on);
    let entry = &found.map_err(|_| missing())?.entry;
    match row {
        Some(row) => cell(&entry.value, row).ok_or_else(missing),
        None => Ok(in_its_unit(entry)),
    }
}

fn cell(value: &ParameterValue, row: &str) -> Option<String> {
    let ParameterValue::Table(rows) = value else {
        return None;
    };
    let found = rows
        .iter()
        .find(|cells| cells.first().is_some_and(|first| first == row));
    found.and_then(|cells| cells.get(1)).cloned()
}

/// A number as a person reads it: fen as yuan, a share as per cents.
fn in_its_unit(entry: &ParameterEntry) -> String {
    let unit = entry.unit.split('/').next().unwrap_or_default();
    match (&entry.value, unit) {
        (ParameterValue::Whole(fen), "分") => yuan(i128::from(*fen)),
        (value, "比例") => match value.decimal().map(|share| share.fraction()) {
            Some((units, power)) => per_cent(units, power),
            None => value.to_string(),
        },
        (ParameterValue::Whole(count), "月" | "工作日") => format!("{count} 个{unit}"),
        (ParameterValue::Table(rows), unit) => {
            let rows = rows.iter().map(|cells| cells.join(" "));
            format!("{}{unit}", rows.collect::<Vec<_>>().join("、"))
        }
        (value, "") => value.to_string(),
        (value, unit) => format!("{value} {unit}"),
    }
}

fn per_cent(units: i128, power: i128) -> String {
    let (whole, part) = (units * 100 / power, units * 100 % power);
    match part {
        0 => format!("{whole}%"),
        _ => {
            let tens = units * 1_000 / power % 10;
            format!("{whole}.{tens}%")
        }
    }
}

/// `20,196 元`, with fen only where there are some.
fn yuan(fen: i128) -> String {
    format!("{} 元", Fen(i64::try_from(fen).unwrap_or(i64::MAX)))
}

/// A month of the benefit in fen: a share of the lowest wage, rounded half up.
fn ui_month(facts: &Facts<'_>) -> Result<i128, Held> {
    let missing = |key: &str| Held::Unclear(Missing::Parameter(key.to_owned()));
    let decimal = |key: &str| {
        let found = facts.parameters.on(key, None, facts.on);
        let value = found.map_err(|_| missing(key))?.entry.value.decimal();
        value
            .map(|value| value.fraction())
            .ok_or_else(|| missing(key))
    };
    let (wage, _) = decimal("min_wage.month")?;
    let (share, power) = decimal("ui.rate_of_min_wage")?;
    Ok((2 * wage * share + power) / (2 * power))
}

/// The most months: by the months paid and what was left, up to the cap.
fn ui_months(facts: &Facts<'_>) -> Result<i128, Held> {
    let paid = facts.number("contrib_months")?;
    let left = facts.number("carry_months").unwrap_or(0);
    let missing = |key: &str| Held::Unclear(Missing::Parameter(key.to_owned()));
    let (table, cap) = ("ui.months_table", "ui.carry_cap");
    let found = facts.parameters.on(table, None, facts.on);
    let ParameterValue::Table(rows) = &found.map_err(|_| missing(table))?.entry.value else {
        return Err(missing(table));
    };
    let rows = rows.iter().filter_map(|cells| {
        let (from, months) = (cells.first()?, cells.get(1)?);
        Some((from.parse::<i64>().ok()?, months.parse::<i64>().ok()?))
    });
    let reached = rows
        .filter(|(from, _)| *from <= paid)
        .map(|(_, months)| months);
    let found = facts.parameters.on(cap, None, facts.on);
    let most = found.map_err(|_| missing(cap))?.entry.value.whole();
    let most = most.ok_or_else(|| missing(cap))?;
    Ok((reached.max().unwrap_or(0) + left).min(most).into())
}

impl Facts<'_> {
    /// What is missing, for the page.
    pub(super) fn missing_text(&self, missing: &Missing) -> String {
        match missing {
            Missing::Answer(id) => match self.rules.question(id) {
                Some(question) => match &question.where_to_learn {
                    Some(place) => format!("{}（{place}）", question.name),
                    None => question.name.clone(),
                },
                None => "窗口查得到的情况".to_owned(),
            },
            Missing::Parameter(key) => {
                let entry = self.parameters.newest(&ParameterKey::of_district(key));
                match entry.map(|entry| entry.name.as_str()) {
                    Some(name) if !name.is_empty() => format!("本区今天的“{name}”还没有录入"),
                    _ => "有一项本区标准还没有录入".to_owned(),
                }
            }
        }
    }
}
