//! The yardstick's shapes with invented numbers, and the laws of the reader.

use proptest::prelude::*;

use super::*;
use crate::pay::PayUnit::{Day, Hour, Month, Year};
use crate::pay::UnitBasis::{Inferred, Stated};

fn yuan(yuan: i64) -> Fen {
    Fen::from_yuan(yuan).unwrap()
}

fn pay(amount: PayAmount, unit: PayUnit, basis: UnitBasis) -> Pay {
    Pay {
        amount,
        unit,
        basis,
        months_per_year: None,
    }
}

fn check_range(low: i64, high: i64, unit: PayUnit, basis: UnitBasis, texts: &[&str]) {
    let expected = pay(
        PayAmount::Range {
            low: yuan(low),
            high: yuan(high),
        },
        unit,
        basis,
    );
    for text in texts {
        assert_eq!(read(text), Ok(expected), "{text}");
    }
}

#[test]
fn ranges_with_thousands_read_in_every_spelling() {
    check_range(
        3_000,
        7_000,
        Month,
        Inferred,
        &[
            "3-7K",
            "3-7k",
            "3K-7K",
            "3k-7k",
            "3-7千",
            "3千-7千",
            "3千至7千",
            "3~7k",
            "3—7K",
            "3–7千",
            "3\u{ff5e}7\u{ff4b}",
            "3到7千",
            "\u{ff13}\u{ff0d}\u{ff17}\u{ff2b}",
            "3 - 7 K",
            "3000-7000",
            "3,000-7,000元",
            "3-7\u{202c}K",
            "3千-7",
            "薪资:3-7K",
        ],
    );
    check_range(
        3_500,
        7_200,
        Month,
        Stated,
        &["3.5-7.2千/月", "3.5千-7.2千元/月", "月薪3500-7200"],
    );
}

#[test]
fn ranges_with_ten_thousands_read_in_every_spelling() {
    check_range(
        8_000,
        13_000,
        Month,
        Inferred,
        &[
            "8千-1.3万",
            "0.8-1.3万",
            "0.8万-1.3万",
            "8000-1.3万",
            "8K-1.3W",
            "8千-1万3",
            "8千-1万3千",
        ],
    );
    check_range(
        15_000,
        20_000,
        Month,
        Inferred,
        &["1万5-2万", "1.5万-2万", "1.5-2万"],
    );
    check_range(
        10_000,
        15_000,
        Month,
        Inferred,
        &["1万-1万5", "1-1.5万", "1-1万5"],
    );
    check_range(
        15_000,
        20_000,
        Month,
        Stated,
        &["1.5-2万/月", "1.5-2万元/月", "每月1.5-2万"],
    );
}

#[test]
fn stated_periods_keep_their_unit() {
    check_range(
        4_200,
        6_100,
        Month,
        Stated,
        &[
            "4200-6100元/月",
            "4200元/月-6100元/月",
            "4200-6100元每月",
            "\u{ffe5}4200-6100/月",
        ],
    );
    check_range(
        180,
        260,
        Day,
        Stated,
        &["180-260元/天", "180-260/天", "180-260元/日", "日薪180-260"],
    );
    check_range(
        24,
        24,
        Hour,
        Stated,
        &["24元/小时", "24元/时", "时薪24元", "24元每小时"],
    );
    check_range(1_500, 1_500, Day, Stated, &["1.5千/天", "1500元/天"]);
    check_range(
        120_000,
        145_000,
        Year,
        Stated,
        &["12-14.5万/年", "年薪12-14.5万"],
    );
    check_range(13_000, 13_000, Month, Stated, &["13000元/月", "1.3万/月"]);
}

#[test]
fn a_single_amount_with_a_scale_is_that_amount() {
    check_range(
        4_000,
        4_000,
        Month,
        Inferred,
        &["4K", "4千", "0.4万", "4000元"],
    );
}

#[test]
fn a_bare_whole_number_of_a_thousand_or_more_means_from() {
    let from = |n| Ok(pay(PayAmount::From { low: yuan(n) }, Month, Inferred));
    assert_eq!(read("10001"), from(10_001));
    assert_eq!(read("1000"), from(1_000));
    assert_eq!(read("999"), Err(PayUnreadable::UnitUnclear));
    assert_eq!(read("100-150"), Err(PayUnreadable::UnitUnclear));
}

#[test]
fn open_ends_read_on_either_side_of_the_period() {
    let low = PayAmount::From { low: yuan(8_500) };
    for text in [
        "8500以上元/月",
        "8500元以上/月",
        "8500元/月以上",
        "8500元/月起",
        "月薪8500+",
    ] {
        assert_eq!(read(text), Ok(pay(low, Month, Stated)), "{text}");
    }
    assert_eq!(read("8500以上"), Ok(pay(low, Month, Inferred)));
    let high = PayAmount::UpTo { high: yuan(1_500) };
    for text in ["1.5千以下/月", "1500元/月以下", "最高1,500元/月"] {
        assert_eq!(read(text), Ok(pay(high, Month, Stated)), "{text}");
    }
    assert_eq!(
        read("3千及以下"),
        Ok(pay(PayAmount::UpTo { high: yuan(3_000) }, Month, Inferred))
    );
}

#[test]
fn months_per_year_are_kept_and_do_not_name_the_unit() {
    for text in [
        "6-9K·13薪",
        "6k-9k·13薪",
        "6-9千·13薪",
        "6千-9千·13薪",
        "0.6-0.9万•13薪",
        "6-9k*13薪",
    ] {
        let read = read(text).unwrap();
        assert_eq!(
            (read.months_per_year, read.basis),
            (Some(13), Inferred),
            "{text}"
        );
        let ends = PayAmount::Range {
            low: yuan(6_000),
            high: yuan(9_000),
        };
        assert_eq!(read.amount, ends, "{text}");
    }
    assert_eq!(read("4K·14薪").unwrap().months_per_year, Some(14));
    assert_eq!(read("6千-1.2万·15薪").unwrap().months_per_year, Some(15));
    assert_eq!(read("1万5薪"), read("1万·5薪"));
    assert_eq!(read("5-8K·0薪"), Err(PayUnreadable::MonthsOutOfRange));
    assert_eq!(read("5-8K·99薪"), Err(PayUnreadable::MonthsOutOfRange));
}

#[test]
fn negotiable_is_negotiable_with_or_without_words_around_it() {
    for text in [
        "面议",
        "面谈",
        "薪资面议",
        "面议/面谈",
        "工资面议",
        " 面 议 ",
    ] {
        assert_eq!(
            read(text),
            Ok(pay(PayAmount::Negotiable, Month, Inferred)),
            "{text}"
        );
    }
    assert_eq!(
        read("年薪面议"),
        Ok(pay(PayAmount::Negotiable, Year, Stated))
    );
}

#[test]
fn what_is_no_pay_or_ambiguous_is_not_guessed_at() {
    use PayUnreadable::{
        Empty, Reversed, TooLarge, TooPrecise, TwoUnits, UnitUnclear, UnknownWords,
    };
    for (text, why) in [
        ("", Empty),
        (" \u{3000}", Empty),
        ("无", UnknownWords),
        ("5000左右", UnknownWords),
        ("5-8千或更多", UnknownWords),
        ("-5000", UnknownWords),
        ("5-8-10K", UnknownWords),
        ("5000-8000以上", UnknownWords),
        ("3千5万", UnknownWords),
        ("8000-5000元/月", Reversed),
        ("8-1.5万", Reversed),
        ("100元/天-5000元/月", TwoUnits),
        ("1234567890123元/月", TooLarge),
        ("12.345元/小时", TooPrecise),
        ("500元", UnitUnclear),
    ] {
        assert_eq!(read(text), Err(why), "{text}");
    }
}

#[test]
fn decimals_are_exact() {
    assert_eq!(read("18.75元/小时").unwrap().amount, exactly(1_875));
    assert_eq!(read("0.00001万/天").unwrap().amount, exactly(10));
    assert_eq!(read("1.10千/月").unwrap().amount, exactly(110_000));
}

fn exactly(fen: i64) -> PayAmount {
    PayAmount::Range {
        low: Fen(fen),
        high: Fen(fen),
    }
}

#[test]
fn shape_replaces_every_number_with_n() {
    for (text, expected) in [
        ("1.5-2万/月", "N-N万/月"),
        ("12千-3.5万·13薪", "N千-N万·N薪"),
        ("1万-1万5", "N万-N万N"),
        ("无", "无"),
        ("1.2.3", "N.N"),
        ("", ""),
    ] {
        assert_eq!(shape(text), expected);
    }
}

/// Text made of the pieces pay is written with, so that most of it gets past the scanner.
fn pay_like() -> impl Strategy<Value = String> {
    let word = proptest::sample::select(scan_words());
    let number = prop_oneof![
        (0_u32..200).prop_map(|n| n.to_string()),
        "[0-9]{1,14}(\\.[0-9]{1,3})?"
    ];
    let piece = prop_oneof![number, word.prop_map(str::to_owned)];
    proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

fn scan_words() -> Vec<&'static str> {
    vec![
        "千", "万", "K", "W", "元", "/月", "/天", "/小时", "/年", "-", "至", "以上", "以下", "薪",
        "·", "面议",
    ]
}

proptest! {
    #[test]
    fn any_string_is_read_or_refused_without_panic(text in ".{0,40}") {
        let _ = read(&text);
        let _ = shape(&text);
    }

    #[test]
    fn whatever_is_read_is_ordered_and_reads_back_from_its_short_text(text in pay_like()) {
        let Ok(pay) = read(&text) else { return Ok(()) };
        if let PayAmount::Range { low, high } = pay.amount {
            prop_assert!(Fen(0) <= low && low <= high, "{text}");
        }
        let again = match read(&pay.short_text()) {
            // The short text of a month names no period, so that small amounts stay unclear.
            Err(PayUnreadable::UnitUnclear) if pay.unit == Month => return Ok(()),
            // Twelve digits with 万 are more digits than the reader takes back.
            Err(PayUnreadable::TooLarge) => return Ok(()),
            again => again.map_err(|why| TestCaseError::fail(format!("{text}: {why}")))?,
        };
        prop_assert_eq!(again.amount, pay.amount, "{}", text);
        if pay.amount != PayAmount::Negotiable {
            prop_assert_eq!(again.unit, pay.unit, "{}", text);
        }
    }

    #[test]
    fn a_range_in_plain_yuan_reads_back_in_thousands(low in 1_i64..500, more in 0_i64..500) {
        let high = low + more;
        let expected = PayAmount::Range { low: yuan(low * 1_000), high: yuan(high * 1_000) };
        for text in [
            format!("{low}-{high}K"),
            format!("{low}千-{high}千"),
            format!("{}-{}元/月", low * 1_000, high * 1_000),
        ] {
            prop_assert_eq!(read(&text).unwrap().amount, expected);
        }
    }
}
