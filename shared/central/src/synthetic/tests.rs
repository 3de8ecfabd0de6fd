//! Invented data is the same for one seed, sound for the import, and as the recipe says.

use std::collections::{BTreeMap, HashSet};

use chrono::NaiveDate;
use domain::listing::JobForm;
use domain::pay::PayParameters;
use domain::queue::HallLayout;
use domain::time::UtcMs;
use domain::vacancy::{Context, Flag};

use super::*;
use crate::import::{ImportRules, PreparedRow, Table, prepare};

fn recipe() -> Recipe {
    Recipe::read(EMBEDDED_RECIPE).unwrap()
}

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

fn demo_csv(seed: u64) -> String {
    let recipe = recipe();
    vacancies_csv(&recipe, recipe.profile("demo").unwrap(), seed, day())
}

fn imported(csv: String) -> Vec<PreparedRow> {
    let pay = PayParameters {
        paid_days_per_month_hundredths: 2_175,
        hours_per_day: 8,
    };
    let rules = ImportRules::embedded(pay).unwrap();
    let table = Table::from_bytes(csv.into_bytes(), &rules.columns).unwrap();
    let context = Context {
        as_of: day(),
        pay: &rules.pay,
        codes: &rules.codes,
    };
    prepare(&table, context).map(Result::unwrap).collect()
}

#[test]
fn one_seed_gives_the_same_bytes_and_another_gives_others() {
    assert_eq!(demo_csv(7), demo_csv(7));
    assert_ne!(demo_csv(7), demo_csv(8));
}

#[test]
fn every_row_imports_with_pay_understood_and_nothing_unknown() {
    let rows = imported(demo_csv(7));
    assert!(rows.len() >= 3_000, "{}", rows.len());
    for row in &rows {
        let text = row.draft.pay_text.as_deref();
        assert!(row.draft.pay.is_some(), "{text:?}");
        // `K` names no month; everything else must be without remark.
        let remarks: Vec<_> = row
            .flags
            .iter()
            .filter(|f| **f != Flag::UnitInferred)
            .collect();
        assert_eq!(remarks, Vec::<&Flag>::new(), "{text:?}");
    }
}

#[test]
fn every_listing_is_open_today_and_posted_in_the_past() {
    for row in imported(demo_csv(7)) {
        assert!(row.draft.valid_to.unwrap() >= day());
        assert!(row.draft.posted_on.unwrap() <= day());
        assert!(row.draft.description.unwrap().contains("演示数据"));
    }
}

#[test]
fn forms_employers_and_median_pay_are_as_the_recipe_says() {
    let rows = imported(demo_csv(7));
    let employers: HashSet<_> = rows
        .iter()
        .filter_map(|row| row.draft.employer.clone())
        .collect();
    assert!(
        (300..=420).contains(&employers.len()),
        "{}",
        employers.len()
    );
    for form in JobForm::ALL {
        assert!(
            rows.iter().any(|row| row.draft.job_form == Some(form)),
            "{form:?}"
        );
    }
    let mut low: Vec<_> = rows
        .iter()
        .filter(|row| row.draft.title.starts_with("普工"))
        .filter_map(|row| row.draft.monthly.low)
        .collect();
    low.sort_unstable();
    let median = low[low.len() / 2].0 / 100;
    assert!((3_900..4_900).contains(&median), "{median}");
}

#[test]
fn a_morning_is_in_order_within_its_hours_and_scored_as_often_as_the_recipe_says() {
    let recipe = recipe();
    let layout = HallLayout {
        groups: BTreeMap::new(),
        windows: BTreeMap::new(),
    };
    let (from, to) = (UtcMs(0), UtcMs(3 * 3_600_000));
    let visits = morning(&recipe, &layout, 7, 10_000, from, to);
    assert_eq!(visits, morning(&recipe, &layout, 7, 10_000, from, to));
    assert!(visits.is_sorted_by_key(|visit| visit.arrive_at));
    assert!(
        visits
            .iter()
            .all(|visit| (from..to).contains(&visit.arrive_at))
    );
    let scores: Vec<_> = visits.iter().filter_map(|visit| visit.score).collect();
    assert!((5_600..6_000).contains(&scores.len()), "{}", scores.len());
    let good = scores.iter().filter(|score| score.level.is_good()).count();
    assert!((975..990).contains(&(good * 1_000 / scores.len())));
    let first = visits
        .iter()
        .filter(|visit| visit.priority.is_some())
        .count();
    assert!((1_300..1_500).contains(&first), "{first}");
}

#[test]
fn a_recipe_that_cannot_be_followed_is_refused_by_name() {
    let broken = EMBEDDED_RECIPE.replace(r#""pay_sigma": "0.22""#, r#""pay_sigma": "0.3""#);
    assert!(matches!(Recipe::read(&broken), Err(RecipeError::Sigma(_))));
    let broken =
        EMBEDDED_RECIPE.replacen(r#""education_mix": "basic""#, r#""education_mix": "x""#, 1);
    assert!(matches!(Recipe::read(&broken), Err(RecipeError::Lacks(_))));
}
