//! What a fit is worth, by the rules that are delivered, and the laws that hold for any two sides.

use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;
use crate::listing::Education;
use crate::money::Fen;
use crate::pay::MonthlyPay;

const RULES: &str = include_str!("../../../../assets/matching/rules.toml");
const OCCUPATIONS: &str = include_str!("../../../../assets/matching/occupations.toml");
const DISTRICTS: &str = include_str!("../../../../assets/codes/districts.json");

fn rules() -> &'static MatchingRules {
    static READ: std::sync::OnceLock<MatchingRules> = std::sync::OnceLock::new();
    READ.get_or_init(|| MatchingRules::read(RULES, OCCUPATIONS, DISTRICTS).unwrap())
}

fn fit(seeker: &Seeker, offer: &Offer) -> Fit {
    let (seeker, offer) = (
        SeekerTerms::of(seeker, rules()),
        OfferTerms::of(offer, rules()),
    );
    weigh(rules(), &seeker, &offer)
}

fn texts<const N: usize>(texts: [&str; N]) -> Vec<String> {
    texts.map(str::to_owned).to_vec()
}

fn yuan(yuan: i64) -> Fen {
    Fen(yuan * 100)
}

fn pay(low: i64, high: i64) -> MonthlyPay {
    MonthlyPay {
        low: Some(yuan(low)),
        high: Some(yuan(high)),
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn electrician() -> Seeker {
    Seeker {
        occupations: texts(["维修电工", "焊工"]),
        skills: texts(["低压电工"]),
        education: Some(Education::SeniorMiddle),
        pay_least: Some(yuan(5_000)),
        places: texts(["月湖区"]),
        forms: vec![WorkForm::FullTime],
        shifts: vec![Shift::Day, Shift::Two],
        from: Some(day("2026-12-01")),
    }
}

fn repair_work() -> Offer {
    Offer {
        title: "维修电工".into(),
        occupation_code: None,
        skills: texts(["电工证"]),
        education: Some(Education::JuniorMiddle),
        pay: pay(5_000, 6_500),
        place: Some("鹰潭市月湖区童家镇示例路3号".into()),
        form: Some(WorkForm::FullTime),
        shift: Some(Shift::Two),
        valid_to: Some(day("2026-12-31")),
    }
}

/// The share of one part in percent, cut off, and what is said of it.
fn part(facet: Facet, seeker: &Seeker, offer: &Offer) -> (u32, String) {
    let fit = fit(seeker, offer);
    let part = fit.parts.iter().find(|part| part.facet == facet).unwrap();
    let hundred = part.share.of_weight(100).hundredths_half_up();
    (hundred / 100, part.finding.text())
}

#[test]
fn what_fits_in_every_part_is_a_hundred() {
    let fit = fit(&electrician(), &repair_work());
    assert_eq!(fit.score, Points::whole(100), "{fit:?}");
    assert_eq!(fit.written_hundredths(), 10_000);
    assert_eq!(fit.parts[0].line(), "职业 35：就是想找的工作");
}

#[test]
fn what_nobody_says_is_half_and_said() {
    let fit = fit(&Seeker::default(), &Offer::default());
    assert_eq!(fit.score, Points::whole(50));
    for part in fit.parts {
        assert!(part.finding.is_unknown(), "{part:?}");
        assert!(part.finding.text().contains("按一半算"), "{part:?}");
    }
}

#[test]
fn work_is_the_same_of_one_class_near_or_other() {
    let mut offer = repair_work();
    for (title, percent) in [
        ("维修电工（急招）", 100),
        ("电工", 100),
        ("弱电施工员", 80),
        ("数控车工", 50),
        ("幼儿园老师", 0),
        ("珠宝鉴定", 50),
    ] {
        offer.title = title.into();
        let seeker = Seeker {
            occupations: texts(["维修电工"]),
            ..Seeker::default()
        };
        let (found, text) = part(Facet::Occupation, &seeker, &offer);
        assert_eq!(found, percent, "{title}: {text}");
    }
}

#[test]
fn a_longer_word_hides_the_one_inside_it() {
    let seeker = Seeker {
        occupations: texts(["车工"]),
        ..Seeker::default()
    };
    let offer = Offer {
        title: "叉车工".into(),
        ..Offer::default()
    };
    let (wanted, offered) = (
        rules().classes.of_text("车工"),
        rules().classes.of_text("叉车工"),
    );
    assert_eq!(wanted & offered, 0);
    assert_eq!(part(Facet::Occupation, &seeker, &offer).0, 0);
}

#[test]
fn a_code_says_what_a_title_does_not() {
    let offer = Offer {
        title: "技术岗".into(),
        occupation_code: Some("6-29-01-01".into()),
        ..Offer::default()
    };
    let wants = |text: &str| Seeker {
        occupations: texts([text]),
        ..Seeker::default()
    };
    assert_eq!(part(Facet::Occupation, &wants("泥瓦工"), &offer).0, 80);
    assert_eq!(part(Facet::Occupation, &wants("6-29"), &offer).0, 100);
    assert_eq!(part(Facet::Occupation, &wants("6-2"), &offer).0, 50);
}

#[test]
fn each_skill_that_is_held_earns_its_part_and_none_is_not_less_than_unknown() {
    let mut offer = repair_work();
    offer.skills = texts(["电工", "焊工证"]);
    let holds = |skills: Vec<String>| Seeker {
        skills,
        ..Seeker::default()
    };
    for (skills, percent, said) in [
        (texts(["面点"]), 50, "要求 2 项，会 0 项，没写到 2 项"),
        (texts(["低压电工"]), 75, "要求 2 项，会 1 项，没写到 1 项"),
        (texts(["电工", "氩弧焊"]), 100, "要求 2 项，会 2 项"),
        (texts([]), 50, "求职者没说，按一半算"),
    ] {
        let found = part(Facet::Skill, &holds(skills), &offer);
        assert_eq!(found, (percent, said.to_owned()));
    }
}

#[test]
fn pay_earns_by_how_much_of_it_reaches_what_is_wanted() {
    let wants = Seeker {
        pay_least: Some(yuan(5_000)),
        ..Seeker::default()
    };
    let open = |low, high| MonthlyPay { low, high };
    for (pay, percent) in [
        (pay(5_000, 6_000), 100),
        (pay(4_000, 6_000), 75),
        (pay(4_000, 5_000), 50),
        (pay(4_000, 4_500), 25),
        (pay(3_000, 4_000), 0),
        (open(Some(yuan(4_000)), None), 50),
        (open(Some(yuan(6_000)), None), 100),
        (open(None, Some(yuan(9_000))), 50),
        (open(None, None), 50),
    ] {
        let offer = Offer {
            pay,
            ..Offer::default()
        };
        assert_eq!(part(Facet::Pay, &wants, &offer).0, percent, "{pay:?}");
    }
}

#[test]
fn places_are_near_by_their_codes() {
    let wants = |place: &str| Seeker {
        places: texts([place]),
        ..Seeker::default()
    };
    for (wanted, offered, percent) in [
        ("月湖区", "月湖区白露街道示例路", 100),
        ("鹰潭市内", "贵溪市泗沥镇", 100),
        ("月湖区童家镇", "月湖区夏埠街道", 70),
        ("月湖区", "余江区锦江镇", 40),
        ("月湖区", "东莞·长安", 0),
        ("月湖区", "示例工业园", 50),
        ("示例区", "示例市-示例区-示例大道", 100),
    ] {
        let offer = Offer {
            place: Some(offered.into()),
            ..Offer::default()
        };
        let (found, text) = part(Facet::Place, &wants(wanted), &offer);
        assert_eq!(found, percent, "{wanted} {offered}: {text}");
    }
}

#[test]
fn education_counts_by_levels_and_more_is_never_less() {
    let asks = |asked| Offer {
        education: Some(asked),
        ..Offer::default()
    };
    let has = |held| Seeker {
        education: Some(held),
        ..Seeker::default()
    };
    for (held, asked, percent) in [
        (Education::Any, Education::Any, 100),
        (Education::Any, Education::Primary, 40),
        (Education::Doctor, Education::Primary, 100),
        (Education::SeniorMiddle, Education::JuniorCollege, 40),
        (Education::SeniorMiddle, Education::Bachelor, 10),
        (Education::JuniorMiddle, Education::Master, 0),
    ] {
        let found = part(Facet::Education, &has(held), &asks(asked));
        assert_eq!(found.0, percent, "{held:?} {asked:?}: {}", found.1);
    }
}

#[test]
fn times_are_said_one_by_one() {
    let mut seeker = electrician();
    seeker.from = None;
    let mut offer = repair_work();
    offer.form = Some(WorkForm::Gig);
    let (percent, text) = part(Facet::Availability, &seeker, &offer);
    assert_eq!(percent, 50);
    assert_eq!(text, "班次合适，用工形式不合，到岗日没说，按一半算");
}

#[test]
fn the_best_come_first_and_of_equals_the_earlier() {
    let (none, all) = (
        fit(&Seeker::default(), &Offer::default()),
        fit(&electrician(), &repair_work()),
    );
    let many = [(1, none), (2, all), (3, none), (4, all)];
    let best: Vec<_> = best(many, 3).into_iter().map(|(one, _)| one).collect();
    assert_eq!(best, [2, 4, 1]);
}

#[test]
fn a_line_fits_into_its_record() {
    let fits = [
        fit(&electrician(), &repair_work()),
        fit(&Seeker::default(), &Offer::default()),
        fit(&electrician(), &Offer::default()),
    ];
    for part in fits.iter().flat_map(|fit| fit.parts) {
        assert!((2..=60).contains(&part.line().chars().count()), "{part:?}");
    }
}

#[test]
fn broken_rules_say_which_file_and_what_to_put_right() {
    let read = |rules: &str| MatchingRules::read(rules, OCCUPATIONS, DISTRICTS).unwrap_err();
    let heavier = RULES.replace("skill = 20", "skill = 21");
    assert!(read(&heavier).to_string().contains("101"));
    let more = RULES.replace("near_percent = 50", "near_percent = 150");
    assert!(read(&more).to_string().contains("near_percent"));
    let stray = OCCUPATIONS.replace(
        "near = [\"operator\", \"electronics\"]",
        "near = [\"nobody\"]",
    );
    let fault = MatchingRules::read(RULES, &stray, DISTRICTS).unwrap_err();
    assert!(fault.to_string().contains("glasses"));
}

/// Every field of a jobseeker that is compared. A field more does not compile here: whoever adds one
/// must see that it is not sex, age, birth, family or household registration.
#[test]
fn sex_and_age_are_nowhere_in_what_is_compared() {
    let Seeker {
        occupations: _,
        skills: _,
        education: _,
        pay_least: _,
        places: _,
        forms: _,
        shifts: _,
        from: _,
    } = electrician();
}

const WORKS: [&str; 8] = [
    "电工",
    "焊工",
    "数控车工",
    "幼儿园老师",
    "保洁",
    "6-29",
    "珠宝鉴定",
    "司机",
];
const PLACES: [&str; 6] = ["月湖区", "童家镇", "余江区", "贵溪市", "东莞", "示例园"];

fn some_texts(of: &'static [&'static str]) -> impl Strategy<Value = Vec<String>> {
    proptest::collection::vec(proptest::sample::select(of).prop_map(str::to_owned), 0..4)
}

fn some_pay() -> impl Strategy<Value = MonthlyPay> {
    let end = || proptest::option::of(1_000_i64..9_000);
    (end(), end()).prop_map(|(one, other)| match (one, other) {
        (Some(one), Some(other)) => pay(one.min(other), one.max(other)),
        (one, other) => MonthlyPay {
            low: one.map(yuan),
            high: other.map(yuan),
        },
    })
}

fn some_education() -> impl Strategy<Value = Option<Education>> {
    proptest::option::of(proptest::sample::select(&Education::ALL[..]))
}

fn some_seeker() -> impl Strategy<Value = Seeker> {
    let wage = proptest::option::of((1_000_i64..9_000).prop_map(yuan));
    let parts = (
        some_texts(&WORKS),
        some_texts(&WORKS),
        some_education(),
        wage,
        some_texts(&PLACES),
    );
    parts.prop_map(
        |(occupations, skills, education, pay_least, places)| Seeker {
            occupations,
            skills,
            education,
            pay_least,
            places,
            ..electrician()
        },
    )
}

fn some_offer() -> impl Strategy<Value = Offer> {
    let parts = (
        proptest::sample::select(&WORKS[..]),
        some_texts(&WORKS),
        some_education(),
        some_pay(),
        proptest::option::of(proptest::sample::select(&PLACES[..])),
    );
    parts.prop_map(|(title, skills, education, pay, place)| Offer {
        title: title.to_owned(),
        skills,
        education,
        pay,
        place: place.map(str::to_owned),
        ..repair_work()
    })
}

proptest! {
    #[test]
    fn a_score_is_the_exact_sum_of_its_parts_between_nothing_and_a_hundred(
        seeker in some_seeker(),
        offer in some_offer(),
    ) {
        let fit = fit(&seeker, &offer);
        let sum = fit.parts.iter().fold(Points::NONE, |sum, part| sum.plus(part.points()));
        prop_assert_eq!(sum, fit.score);
        prop_assert!(fit.score <= Points::whole(100));
        let written = fit.written_hundredths().abs_diff(fit.score.hundredths_half_up());
        prop_assert!(written <= 3, "each of six parts is rounded by half a hundredth at most");
    }

    #[test]
    fn more_that_is_wanted_or_held_never_lowers(
        seeker in some_seeker(),
        offer in some_offer(),
        more in proptest::sample::select(&WORKS[..]),
        nearer in proptest::sample::select(&PLACES[..]),
    ) {
        let before = fit(&seeker, &offer).parts;
        let mut wider = seeker.clone();
        let said = |list: &Vec<String>| !list.is_empty();
        if said(&wider.occupations) { wider.occupations.push(more.to_owned()); }
        wider.skills.push(more.to_owned());
        if said(&wider.places) { wider.places.push(nearer.to_owned()); }
        wider.pay_least = wider.pay_least.map(|least| Fen(least.0 - 10_000));
        wider.education = wider.education.map(|_| Education::Doctor);
        let after = fit(&wider, &offer).parts;
        for (before, after) in before.iter().zip(&after) {
            prop_assert!(before.share <= after.share, "{before:?} {after:?}");
        }
    }

    #[test]
    fn more_pay_never_lowers(
        seeker in some_seeker(),
        offer in some_offer(),
        low in 0_i64..2_000,
        high in 0_i64..2_000,
    ) {
        let raised = Offer {
            pay: MonthlyPay {
                low: offer.pay.low.map(|fen| Fen(fen.0 + 100 * low)),
                high: offer.pay.high.map(|fen| Fen(fen.0 + 100 * low.max(high))),
            },
            ..offer.clone()
        };
        prop_assert!(fit(&seeker, &offer).score <= fit(&seeker, &raised).score);
    }
}
