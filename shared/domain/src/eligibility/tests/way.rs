//! The way through the questions, and what is printed.

use super::*;

#[test]
fn only_what_can_still_change_the_result_is_asked() {
    let world = World::new();
    let check = world.check("ui_benefit", TODAY);
    let next = |written: &str| {
        let answers = world.answers(written);
        check
            .next_question(&answers)
            .map(|question| question.id.clone())
    };
    assert_eq!(next("").as_deref(), Some("status"));
    assert_eq!(next("status=retired"), None, "a no needs no more");
    assert_eq!(next("status=unemployed").as_deref(), Some("registered"));
    let so_far = "status=unemployed registered=no ui_receiving=no";
    assert_eq!(next(so_far).as_deref(), Some("contrib_months"));
    let so_far = "status=unemployed registered=no ui_receiving=no contrib_months=30";
    assert_eq!(
        next(so_far).as_deref(),
        Some("lost_reason"),
        "what is left does not matter"
    );
    let so_far =
        "status=unemployed registered=no ui_receiving=no contrib_months=30 lost_reason=resigned";
    assert_eq!(next(so_far), None);
}

#[test]
fn a_question_that_makes_no_sense_is_not_asked() {
    let world = World::new();
    let check = world.check("hardship", TODAY);
    let asked = |written: &str| {
        let mut answers = world.answers(written);
        let mut asked = Vec::new();
        while let Some(question) = check.next_question(&answers) {
            asked.push(question.id.clone());
            answers
                .give(question, Answer::Unclear)
                .or_else(|_| {
                    let sex = Answer::One("female".into());
                    answers.give(question, sex)
                })
                .unwrap();
        }
        asked
    };
    let man = asked("sex=male birth=1990-05-05 status=unemployed registered=no groups=none");
    assert_eq!(man, [""; 0], "neither a day of registration nor a track");
    let young = asked(
        "sex=female birth=1996-05-05 status=unemployed registered=yes \
                       unemployed_since=2026-05-05 groups=none",
    );
    assert_eq!(young, [""; 0], "every track leaves her time to work");
    let near = asked(
        "sex=female birth=1974-05-05 status=unemployed registered=yes \
                      unemployed_since=2026-05-05 groups=none",
    );
    assert_eq!(
        near,
        ["retire_track"],
        "by one of the tracks she is retired"
    );
}

#[test]
fn an_answer_that_does_not_fit_is_refused_with_a_sentence() {
    let world = World::new();
    let mut answers = Answers::default();
    let mut refused = |id: &str, answer: Answer| {
        let question = world.rules.question(id).unwrap();
        answers.give(question, answer).unwrap_err().to_string()
    };
    let several = |ids: &[&str]| Answer::Several(ids.iter().map(|id| (*id).to_owned()).collect());
    assert!(refused("groups", several(&[])).contains("都不是"));
    assert!(refused("groups", several(&["none", "poverty"])).contains("不能和别的一起选"));
    assert!(refused("groups", several(&["kings"])).contains("请从按钮里选"));
    assert!(refused("contrib_months", Answer::Number(601)).contains("0 到 600"));
    assert!(refused("sex", Answer::Unclear).contains("要答了"));
    assert!(refused("sex", Answer::Number(1)).contains("请从按钮里选"));
    assert_eq!(answers.count(), 0);
}

#[test]
fn of_two_that_exclude_each_other_one_is_proposed_and_both_are_told() {
    let world = World::new();
    let ids = ["skill_allowance", "training"];
    let check = Check::of_benefits(&world.rules, &world.parameters, ids, day(TODAY));
    let answers = world.answers(
        "sex=male birth=1990-05-05 status=employed ui_receiving=no contrib_months=40 \
         certificate=yes cert_level=four cert_on=2026-01-10 cert_used=no training_times=0 same_cert=no",
    );
    let checkup = check.result(&answers);
    assert_eq!(checkup.findings.len(), 2);
    assert_eq!(checkup.together, ["skill_allowance"]);
    assert!(checkup.exclusions[0].text.contains("只能领一样"));
    let checkup = Check::of_benefits(
        &world.rules,
        &world.parameters,
        ["guarantee_loan", "startup_once"],
        day(TODAY),
    )
    .result(&world.answers(
        "sex=male birth=1990-05-05 registered=no groups=veteran recognised=no had=none graduate=no \
         business=individual business_first=yes business_from=2026-01-01 borrower=personal \
         loan_amount=10 loan_times=0 overdue=no",
    ));
    assert_eq!(checkup.together, ["guarantee_loan", "startup_once"]);
    assert_eq!(checkup.exclusions[0].relation, Relation::Stackable);
}

/// Every pair of the sheet's table 3, with how it stands there.
#[test]
fn every_pair_of_the_sheet_is_told() {
    let world = World::new();
    for (one, other, relation) in [
        ("ui_benefit", "public_post", Relation::Exclusive),
        ("ui_benefit", "si_flexible", Relation::Exclusive),
        ("skill_allowance", "training", Relation::Exclusive),
        (
            "expansion_subsidy",
            "一次性吸纳就业补贴",
            Relation::Exclusive,
        ),
        (
            "si_flexible",
            "单位社保补贴、公岗社保补贴",
            Relation::Exclusive,
        ),
        ("public_post", "企业吸纳岗位补贴", Relation::Exclusive),
        ("internship_unit", "si_employer", Relation::Exclusive),
        ("guarantee_loan", "startup_once", Relation::Stackable),
        ("stability_refund", "expansion_subsidy", Relation::Stackable),
    ] {
        let mut found = world.rules.exclusions.iter();
        let found = found.find(|pair| pair.one == one && pair.other == other);
        assert_eq!(
            found.map(|pair| pair.relation),
            Some(relation),
            "{one} {other}"
        );
    }
}

#[test]
fn the_slip_says_what_to_bring_and_what_not_and_that_it_is_no_approval() {
    let world = World::new();
    let answers = world.answers(
        "status=unemployed ui_receiving=no contrib_months=59 carry_months=0 lost_reason=expired \
         registered=no",
    );
    let lines = checklist(&world.check("ui_benefit", TODAY).result(&answers));
    assert_eq!(
        lines,
        [
            "资格自检结果",
            "2026年11月23日　规则版本 2026.11-1",
            "自检结果只供参考，不是审批。能不能领，以窗口审核为准。",
            "",
            "【可能符合】失业保险金",
            "缴费够，又不是自己要走的；失业登记可以一起办。",
            "标准：最多 12 个月 × 1,683 元，合计约 20,196 元（月标准 = 最低工资 1,870 元 × 90%）。",
            "要带：",
            "□ 身份证或社保卡",
            "不用带，窗口能查到：失业保险缴费记录、解除、终止劳动合同的记录",
            "去哪办：大厅 C 组窗口",
            "期限：失业后尽早申请；医疗保险费跟着失业金一起代缴",
        ]
    );
}

#[test]
fn what_was_not_answered_counts_as_not_known() {
    let world = World::new();
    let finding = world.finding("ui_benefit", TODAY, "status=unemployed");
    assert_eq!(finding.verdict, Verdict::Ask);
    assert!(
        finding.missing[0].contains("失业登记"),
        "{:?}",
        finding.missing
    );
    assert_eq!(finding.amount, None);
}

#[test]
fn every_audience_has_questions_and_every_benefit_an_audience() {
    let world = World::new();
    for audience in world.rules.audiences() {
        let check = Check::of_audience(&world.rules, &world.parameters, audience, day(TODAY));
        assert!(
            check.next_question(&Answers::default()).is_some(),
            "{}",
            audience.name
        );
    }
    for benefit in world.rules.benefits() {
        let mut audiences = world.rules.audiences().iter();
        assert!(
            audiences.any(|audience| audience.benefits.contains(&benefit.id)),
            "{}",
            benefit.id
        );
    }
}
