//! Every row of every table of the sheet as a case, and the sheet's worked examples.

use super::*;

use Verdict::{Ask, Likely, Unlikely};

/// Benefit and row of the sheet, the answers, what must come out, and the reasons.
type Case = (
    &'static str,
    &'static str,
    &'static str,
    Verdict,
    &'static [&'static str],
);

const MAN_52: &str = "sex=male birth=1974-03-01";
const WOMAN_45: &str = "sex=female birth=1981-03-01 retire_track=woman_55";

#[rustfmt::skip]
const PERSONS: &[Case] = &[
    // E1
    ("hardship", "E1#1 m", "MAN status=unemployed registered=yes unemployed_since=2026-08-01 groups=none", Likely, &["older"]),
    ("hardship", "E1#1 f", "WOMAN status=unemployed registered=yes unemployed_since=2026-08-01 groups=none", Likely, &["older"]),
    ("hardship", "E1#2", "YOUNG status=unemployed registered=yes unemployed_since=2026-08-01 groups=disabled able_to_work=yes", Likely, &["disabled"]),
    ("hardship", "E1#3", "YOUNG status=unemployed registered=yes unemployed_since=2026-08-01 groups=lowincome", Likely, &["lowincome"]),
    ("hardship", "E1#4", "YOUNG status=unemployed registered=yes unemployed_since=2026-08-01 groups=zero_family", Likely, &["zero_family"]),
    ("hardship", "E1#5", "YOUNG status=unemployed registered=yes unemployed_since=2025-11-23 groups=none", Likely, &["long_unemployed"]),
    ("hardship", "E1#5, a day short", "YOUNG status=unemployed registered=yes unemployed_since=2025-11-24 groups=none", Ask, &["no_row"]),
    ("hardship", "E1#6", "YOUNG status=unemployed registered=yes unemployed_since=2026-08-01 groups=ex_fisher", Likely, &["hardship_group"]),
    ("hardship", "E1#7", "YOUNG status=unemployed registered=no groups=landless", Ask, &["register_first"]),
    ("hardship", "E1#7 m", "MAN status=unemployed registered=no groups=none", Ask, &["register_first"]),
    ("hardship", "E1#7 f", "WOMAN status=unemployed registered=no groups=none", Ask, &["register_first"]),
    ("hardship", "E1#8 age", "sex=male birth=1960-01-01 status=unemployed registered=yes unemployed_since=2020-01-01 groups=lowincome", Unlikely, &["over_retire_age"]),
    ("hardship", "E1#8 pension", "WOMAN status=retired registered=no groups=none", Unlikely, &["over_retire_age"]),
    ("hardship", "E1, several rows", "MAN status=unemployed registered=yes unemployed_since=2025-01-01 groups=lowincome,poverty", Likely, &["older", "lowincome", "long_unemployed", "hardship_group"]),
    // E2
    ("ui_benefit", "E2#1", "status=unemployed ui_receiving=no contrib_months=11 carry_months=0 lost_reason=expired registered=yes", Unlikely, &["contrib_short"]),
    ("ui_benefit", "E2#1 with months left", "status=unemployed ui_receiving=no contrib_months=11 carry_months=4 lost_reason=expired registered=yes", Ask, &["carry_left"]),
    ("ui_benefit", "E2#2", "status=unemployed ui_receiving=no contrib_months=30 carry_months=0 lost_reason=resigned registered=yes", Unlikely, &["voluntary_leave"]),
    ("ui_benefit", "E2#3", "status=unemployed ui_receiving=no contrib_months=30 carry_months=0 lost_reason=dismissed registered=no", Likely, &["ui_register_too"]),
    ("ui_benefit", "E2#4", "status=unemployed ui_receiving=no contrib_months=12 carry_months=0 lost_reason=closed registered=yes", Likely, &["ui_fits"]),
    ("ui_benefit", "E2#5", "status=unemployed ui_receiving=no contrib_months=? carry_months=0 lost_reason=closed registered=yes", Ask, &[]),
    ("ui_benefit", "E2#6", "status=unemployed ui_receiving=no contrib_months=30 carry_months=0 lost_reason=other registered=yes", Ask, &["see_dismissal_paper"]),
    ("ui_benefit", "E2#7 employed", "status=employed ui_receiving=no contrib_months=30 carry_months=0 lost_reason=closed registered=yes", Unlikely, &["still_employed"]),
    ("ui_benefit", "E2#7 retired", "status=retired ui_receiving=no contrib_months=30 carry_months=0 lost_reason=closed registered=yes", Unlikely, &["retired"]),
    ("ui_benefit", "E2#7 receiving", "status=unemployed ui_receiving=yes contrib_months=30 carry_months=0 lost_reason=resigned registered=yes", Unlikely, &["voluntary_leave", "already_receiving"]),
    // E3
    ("si_flexible", "E3#1", "WOMAN status=flex ui_receiving=no groups=none recognised=yes flex_paid=yes flex_months=35 flex_first_on=2023-12-01 business=none graduate=no", Likely, &["flex_fits"]),
    ("si_flexible", "E3#2", "sex=male birth=1966-01-01 status=flex ui_receiving=no groups=none recognised=yes flex_paid=yes flex_months=36 flex_first_on=2022-06-01 business=none graduate=no", Likely, &["flex_to_retirement"]),
    ("si_flexible", "E3#3", "MAN status=flex ui_receiving=no groups=none recognised=yes flex_paid=yes flex_months=36 flex_first_on=2022-06-01 business=none graduate=no", Unlikely, &["months_used_up"]),
    ("si_flexible", "E3#4", "YOUNG status=flex ui_receiving=no groups=none recognised=no flex_paid=yes flex_months=23 flex_first_on=2025-01-01 business=none graduate=earlier graduated_on=2024-11-23 worked_since=no", Likely, &["flex_graduate"]),
    ("si_flexible", "E3#4, a day late", "YOUNG status=flex ui_receiving=no groups=none recognised=no flex_paid=yes flex_months=20 flex_first_on=2025-01-01 business=none graduate=earlier graduated_on=2024-11-22 worked_since=no", Ask, &["no_row"]),
    ("si_flexible", "E3#5 company", "WOMAN status=flex ui_receiving=no groups=none recognised=yes flex_paid=yes flex_months=0 business=company graduate=no", Unlikely, &["has_company"]),
    ("si_flexible", "E3#5 employed", "WOMAN status=employed ui_receiving=no groups=none recognised=yes flex_paid=no flex_months=0 business=none graduate=no", Unlikely, &["still_employed"]),
    ("si_flexible", "E3#5 receiving", "WOMAN status=flex ui_receiving=yes groups=none recognised=yes flex_paid=yes flex_months=0 business=none graduate=no", Unlikely, &["already_receiving"]),
    ("si_flexible", "E3#6 group", "YOUNG status=flex ui_receiving=no groups=lowincome recognised=no flex_paid=yes flex_months=0 business=none graduate=no", Ask, &["recognise_first"]),
    ("si_flexible", "E3#6 m", "MAN status=flex ui_receiving=no groups=none recognised=no flex_paid=yes flex_months=0 business=none graduate=no", Ask, &["recognise_first"]),
    ("si_flexible", "E3#6 f", "WOMAN status=flex ui_receiving=no groups=none recognised=no flex_paid=yes flex_months=0 business=none graduate=no", Ask, &["recognise_first"]),
    // E4
    ("guarantee_loan", "E4#1 group", "YOUNG registered=no groups=returnee graduate=no business=individual borrower=personal loan_amount=30 loan_times=2 overdue=no", Likely, &["loan_fits"]),
    ("guarantee_loan", "E4#1 registered", "YOUNG registered=yes groups=none graduate=no business=individual borrower=personal loan_amount=30 loan_times=0 overdue=no", Likely, &["loan_fits"]),
    ("guarantee_loan", "E4#1 graduate", "YOUNG registered=no groups=none graduate=this_year graduated_on=2026-06-30 business=company borrower=personal loan_amount=1 loan_times=0 overdue=no", Likely, &["loan_fits"]),
    ("guarantee_loan", "E4#1, a third time", "YOUNG registered=no groups=returnee graduate=no business=individual borrower=personal loan_amount=30 loan_times=3 overdue=no", Ask, &["no_row"]),
    ("guarantee_loan", "E4#1, retiring first", "sex=male birth=1965-06-01 registered=no groups=returnee graduate=no business=individual borrower=personal loan_amount=30 loan_times=0 overdue=no", Ask, &["no_row"]),
    ("guarantee_loan", "E4#2", "YOUNG registered=no groups=returnee graduate=no business=individual borrower=personal loan_amount=31 loan_times=0 overdue=no", Likely, &["loan_cap_applies"]),
    ("guarantee_loan", "E4#2 registered", "YOUNG registered=yes groups=none graduate=no business=individual borrower=personal loan_amount=50 loan_times=0 overdue=no", Likely, &["loan_cap_applies"]),
    ("guarantee_loan", "E4#2 graduate", "YOUNG registered=no groups=none graduate=earlier graduated_on=2020-06-30 business=individual borrower=personal loan_amount=50 loan_times=0 overdue=no", Likely, &["loan_cap_applies"]),
    ("guarantee_loan", "E4#3", "YOUNG registered=no groups=none graduate=no business=individual borrower=partnership partners=3 partners_fit=yes loan_amount=99 loan_times=0 overdue=no", Likely, &["loan_partners"]),
    ("guarantee_loan", "E4#3, above 110 %", "YOUNG registered=no groups=none graduate=no business=individual borrower=partnership partners=3 partners_fit=yes loan_amount=100 loan_times=0 overdue=no", Ask, &["no_row"]),
    ("guarantee_loan", "E4#3, above an enterprise's", "YOUNG registered=no groups=none graduate=no business=individual borrower=partnership partners=20 partners_fit=yes loan_amount=401 loan_times=0 overdue=no", Ask, &["no_row"]),
    ("guarantee_loan", "E4#5", "YOUNG registered=no groups=returnee graduate=no business=individual borrower=personal loan_amount=30 loan_times=0 overdue=yes", Unlikely, &["overdue"]),
    ("guarantee_loan", "E4#6", "YOUNG registered=no groups=? graduate=no business=individual borrower=personal loan_amount=30 loan_times=0 overdue=no", Ask, &["category_unclear"]),
    // E5
    ("startup_once", "E5 group", "groups=veteran recognised=no had=none graduate=no business=individual business_first=yes business_from=2026-05-23", Likely, &["startup_fits"]),
    ("startup_once", "E5 recognised", "groups=none recognised=yes had=none graduate=no business=company business_first=yes business_from=2025-05-23", Likely, &["startup_fits"]),
    ("startup_once", "E5 graduate", "groups=none recognised=no had=none graduate=earlier graduated_on=2021-11-23 business=individual business_first=yes business_from=2025-05-23", Likely, &["startup_fits"]),
    ("startup_once", "E5, a day early", "groups=veteran recognised=no had=none graduate=no business=individual business_first=yes business_from=2026-05-24", Unlikely, &["too_early"]),
    ("startup_once", "E5, had", "groups=veteran recognised=no had=startup_once graduate=no business=individual business_first=yes business_from=2025-05-23", Unlikely, &["already_had"]),
    ("startup_once", "E5, not the first", "groups=veteran recognised=no had=none graduate=no business=individual business_first=no business_from=2025-05-23", Ask, &["no_row"]),
    // E6
    ("skill_allowance", "E6#1 employed", "status=employed ui_receiving=no contrib_months=12 certificate=yes cert_level=four cert_on=2025-11-23 cert_used=no", Likely, &["skill_fits"]),
    ("skill_allowance", "E6#1 receiving", "status=unemployed ui_receiving=yes contrib_months=40 certificate=yes cert_level=five cert_on=2026-01-10 cert_used=no", Likely, &["skill_fits"]),
    ("skill_allowance", "E6#2", "status=employed ui_receiving=no contrib_months=11 certificate=yes cert_level=four cert_on=2026-01-10 cert_used=no", Unlikely, &["contrib_short"]),
    ("skill_allowance", "E6#3 public", "status=public ui_receiving=no contrib_months=40 certificate=yes cert_level=four cert_on=2026-01-10 cert_used=no", Unlikely, &["status_not_covered"]),
    ("skill_allowance", "E6#3 flexible", "status=flex ui_receiving=no contrib_months=40 certificate=yes cert_level=four cert_on=2026-01-10 cert_used=no", Unlikely, &["status_not_covered"]),
    ("skill_allowance", "E6#4", "status=employed ui_receiving=no contrib_months=40 certificate=yes cert_level=two cert_on=2026-01-10 cert_used=no", Unlikely, &["level_not_covered"]),
    ("skill_allowance", "E6#5", "status=employed ui_receiving=no contrib_months=40 certificate=yes cert_level=four cert_on=2025-11-22 cert_used=no", Unlikely, &["expired_window"]),
    ("skill_allowance", "E6#6", "status=employed ui_receiving=no contrib_months=40 certificate=yes cert_level=four cert_on=2026-01-10 cert_used=yes", Unlikely, &["dup_with_training_subsidy"]),
    // E7
    ("training", "E7 group", "YOUNG status=unemployed registered=no groups=school_leaver graduate=no training_times=2 same_cert=no hukou=urban", Likely, &["training_fits"]),
    ("training", "E7 employed", "YOUNG status=employed registered=no groups=none graduate=no training_times=0 same_cert=no hukou=urban", Likely, &["training_fits"]),
    ("training", "E7 registered", "YOUNG status=unemployed registered=yes groups=none graduate=no training_times=0 same_cert=no hukou=urban", Likely, &["training_fits"]),
    ("training", "E7 graduate", "YOUNG status=unemployed registered=no groups=none graduate=this_year graduated_on=2026-06-30 worked_since=no training_times=0 same_cert=no hukou=urban", Likely, &["training_fits"]),
    ("training", "E7 rural", "YOUNG status=unemployed registered=no groups=none graduate=no training_times=0 same_cert=no hukou=rural", Likely, &["training_fits"]),
    ("training", "E7, no group", "YOUNG status=unemployed registered=no groups=none graduate=no training_times=0 same_cert=no hukou=urban", Ask, &["no_row"]),
    ("training", "E7, retired", "sex=male birth=1960-01-01 status=employed registered=no groups=none graduate=no training_times=0 same_cert=no hukou=urban", Unlikely, &["over_retire_age"]),
    ("training", "E7, times", "YOUNG status=employed registered=no groups=none graduate=no training_times=3 same_cert=no hukou=urban", Unlikely, &["yearly_limit"]),
    ("training", "E7, certificate", "YOUNG status=employed registered=no groups=none graduate=no training_times=0 same_cert=yes hukou=urban", Unlikely, &["higher_level_already_paid"]),
    // E8
    ("internship", "E8 graduate", "YOUNG registered=no had=none graduate=earlier graduated_on=2025-06-30 worked_since=no", Likely, &["intern_graduate"]),
    ("internship", "E8 youth", "sex=male birth=2001-11-24 registered=yes had=none graduate=no", Likely, &["intern_youth"]),
    ("internship", "E8, 25 today", "sex=male birth=2001-11-23 registered=yes had=none graduate=no", Ask, &["no_row"]),
    ("internship", "E8, had", "sex=male birth=2002-11-24 registered=yes had=internship graduate=no", Unlikely, &["identity_used"]),
    // E9
    ("public_post", "E9", "MAN groups=none recognised=yes market_hard=yes post_months=35", Likely, &["post_fits"]),
    ("public_post", "E9 patrol", "MAN groups=ex_fisher recognised=yes market_hard=yes post_months=0", Likely, &["post_fits", "post_patrol"]),
    ("public_post", "E9 rural", "MAN groups=monitored recognised=yes market_hard=yes post_months=0", Likely, &["post_fits", "post_rural"]),
    ("public_post", "E9, not recognised", "MAN groups=lowincome recognised=no market_hard=yes post_months=0", Ask, &["recognise_first"]),
    ("public_post", "E9, near retirement", "sex=male birth=1968-01-01 groups=none recognised=yes market_hard=yes post_months=36", Ask, &["near_retirement"]),
    ("public_post", "E9, used up", "MAN groups=none recognised=yes market_hard=yes post_months=36", Unlikely, &["months_used_up"]),
    // E10 to E12
    ("jobseek_once", "E10", "status=student groups=student_loan final_year=yes", Likely, &["jobseek_by_school"]),
    ("jobseek_once", "E10, not the last year", "status=student groups=student_loan final_year=no", Ask, &["no_row"]),
    ("transport_once", "E11", "groups=poverty had=none outwork=out_province outwork_months=3", Likely, &["transport_fits"]),
    ("transport_once", "E11, county", "groups=poverty had=none outwork=in_county outwork_months=5", Unlikely, &["place_not_covered"]),
    ("transport_once", "E11, had", "groups=poverty had=transport outwork=out_county outwork_months=5", Unlikely, &["yearly_limit"]),
    ("transport_once", "E11, months", "groups=poverty had=none outwork=out_county outwork_months=2", Unlikely, &["months_short"]),
    ("yulu", "E12", "groups=monitored child_in_vocational=yes", Likely, &["yulu_at_township"]),
    ("yulu", "E12, no such family", "groups=none child_in_vocational=yes", Ask, &["no_row"]),
];

#[rustfmt::skip]
const ORGANISATIONS: &[Case] = &[
    // E13
    ("stability_refund", "E13#1", "contributed_12=yes serious=no insured_sum=360 claims=6 org_size=small", Likely, &["stability_fits"]),
    ("stability_refund", "E13#2", "contributed_12=yes serious=no insured_sum=12000 claims=55 org_size=large", Likely, &["stability_fits"]),
    ("stability_refund", "E13#3 small", "contributed_12=yes serious=no insured_sum=360 claims=7 org_size=small", Unlikely, &["layoff_over"]),
    ("stability_refund", "E13#3 above 30", "contributed_12=yes serious=no insured_sum=366 claims=2 org_size=small", Unlikely, &["layoff_over"]),
    ("stability_refund", "E13#4 arrears", "contributed_12=no serious=no insured_sum=360 claims=0 org_size=small", Unlikely, &["arrears"]),
    ("stability_refund", "E13#4 credit", "contributed_12=yes serious=yes insured_sum=360 claims=0 org_size=small", Unlikely, &["serious_credit"]),
    // E14 to E16, E4#4
    ("expansion_subsidy", "E14", "hire_kind=grad_2y hire_contract=yes hire_insured_months=3 hire_used=no", Likely, &["expansion_fits"]),
    ("expansion_subsidy", "E14, two months", "hire_kind=grad_2y hire_contract=yes hire_insured_months=2 hire_used=no", Ask, &["no_row"]),
    ("expansion_subsidy", "E14, other", "hire_kind=hardship hire_contract=yes hire_insured_months=3 hire_used=no", Unlikely, &["identity_not_covered"]),
    ("expansion_subsidy", "E14, used", "hire_kind=youth hire_contract=yes hire_insured_months=3 hire_used=yes", Unlikely, &["identity_used"]),
    ("si_employer", "E15", "hire_kind=hardship hire_contract_year=yes hire_insured_months=1", Likely, &["si_employer_fits"]),
    ("si_employer", "E15, other", "hire_kind=other hire_contract_year=yes hire_insured_months=1", Unlikely, &["identity_not_covered"]),
    ("internship_unit", "E16", "lawful=yes intern_posts=yes mentor=yes", Likely, &["internship_unit_fits"]),
    ("internship_unit", "E16, nobody leads", "lawful=yes intern_posts=yes mentor=no", Ask, &["no_row"]),
    ("guarantee_loan_sme", "E4#4", "staff_total=100 new_hires=15 wage_arrears=no overdue=no loan_times=1 loan_amount=400", Likely, &["loan_sme"]),
    ("guarantee_loan_sme", "E4#4, 14 of 100", "staff_total=100 new_hires=14 wage_arrears=no overdue=no loan_times=1 loan_amount=400", Ask, &["no_row"]),
    ("guarantee_loan_sme", "E4#4 above 100", "staff_total=125 new_hires=10 wage_arrears=no overdue=no loan_times=1 loan_amount=400", Likely, &["loan_sme"]),
    ("guarantee_loan_sme", "E4#5", "staff_total=100 new_hires=15 wage_arrears=no overdue=yes loan_times=1 loan_amount=400", Unlikely, &["overdue"]),
];

fn written(answers: &str) -> String {
    let answers = answers.replace("MAN ", &format!("{MAN_52} "));
    let answers = answers.replace("YOUNG ", "sex=male birth=1990-05-05 ");
    // WOMAN ends with MAN and was replaced above
    answers.replace(&format!("WO{MAN_52} "), &format!("{WOMAN_45} "))
}

#[test]
fn every_row_of_every_table_comes_out_as_the_sheet_says() {
    let world = World::new();
    for (benefit, row, answers, verdict, reasons) in PERSONS.iter().chain(ORGANISATIONS) {
        let finding = world.finding(benefit, TODAY, &written(answers));
        assert_eq!(finding.verdict, *verdict, "{row}: {finding:?}");
        assert_eq!(finding.codes(), *reasons, "{row}");
    }
}

/// A table whose rows no case reaches would be shown by nothing.
#[test]
fn no_row_of_the_files_is_without_a_case() {
    let world = World::new();
    let told = |benefit: &str, reason: &str| {
        let mut cases = PERSONS.iter().chain(ORGANISATIONS);
        cases.any(|case| case.0 == benefit && case.4.contains(&reason))
    };
    for benefit in world.rules.benefits() {
        for row in &benefit.rows {
            assert!(
                told(&benefit.id, &row.reason),
                "{} {} {}",
                benefit.id,
                row.no,
                row.reason
            );
        }
    }
}

#[test]
fn forty_is_reached_on_the_birthday_and_the_day_is_told_before() {
    let world = World::new();
    let answers = "sex=female birth=1986-11-23 status=unemployed registered=yes \
                   unemployed_since=2026-08-22 groups=none retire_track=woman_50";
    let before = world.finding("hardship", "2026-11-22", answers);
    assert_eq!((before.verdict, before.codes()), (Ask, vec!["no_row"]));
    assert_eq!(before.earliest, Some(day("2026-11-23")));
    let after = world.finding("hardship", "2026-11-23", answers);
    assert_eq!((after.verdict, after.codes()), (Likely, vec!["older"]));
    assert_eq!(after.earliest, None);
}

#[test]
fn the_unemployment_benefit_is_told_with_its_numbers() {
    let world = World::new();
    let told = |paid: u32, left: u32| {
        let answers = format!(
            "status=unemployed ui_receiving=no contrib_months={paid} carry_months={left} \
             lost_reason=expired registered=yes"
        );
        world
            .finding("ui_benefit", "2026-11-22", &answers)
            .amount
            .unwrap()
    };
    assert_eq!(
        told(59, 0),
        "最多 12 个月 × 1,683 元，合计约 20,196 元（月标准 = 最低工资 1,870 元 × 90%）。"
    );
    assert!(told(60, 0).starts_with("最多 18 个月"), "{}", told(60, 0));
    assert!(told(120, 0).starts_with("最多 24 个月"));
    assert!(told(60, 10).starts_with("最多 24 个月"), "capped");
}

#[test]
fn a_rate_is_taken_by_the_average_and_shown_with_its_figures() {
    let world = World::new();
    let answers = "contributed_12=yes serious=no insured_sum=366 claims=2";
    let finding = world.finding("stability_refund", TODAY, answers);
    assert_eq!(
        finding.reasons[0].text,
        "裁员率 6.56% 超过上限（月均 30.5 人）。"
    );
}

#[test]
fn the_first_day_of_a_subsidy_is_told_to_who_comes_too_early() {
    let world = World::new();
    let answers = "groups=veteran recognised=no had=none graduate=no business=individual \
                   business_first=yes business_from=2026-08-31";
    let finding = world.finding("startup_once", TODAY, answers);
    assert_eq!(finding.codes(), ["too_early"]);
    assert_eq!(finding.earliest, Some(day("2027-02-28")));
}

#[test]
fn amounts_stand_in_the_units_that_people_read() {
    let world = World::new();
    let amount = |benefit, answers: &str| {
        world
            .finding(benefit, TODAY, &written(answers))
            .amount
            .unwrap()
    };
    let skill = "status=employed ui_receiving=no contrib_months=12 certificate=yes \
                 cert_level=three cert_on=2026-01-10 cert_used=no";
    assert_eq!(amount("skill_allowance", skill), "三级 2000 元。");
    let loan = "YOUNG registered=yes groups=none graduate=no business=individual \
                borrower=personal loan_amount=10 loan_times=0 overdue=no";
    assert_eq!(
        amount("guarantee_loan", loan),
        "最多 300,000 元，最长 36 个月。利息财政贴 50%，自己付其余的；展期不贴息。"
    );
    let unit = "lawful=yes intern_posts=yes mentor=yes";
    assert_eq!(
        amount("internship_unit", unit),
        "每名见习人员每月按最低工资 1,870 元的 60% 补；留用率到 50% 的，提到 70%。"
    );
}
