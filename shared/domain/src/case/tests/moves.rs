//! An example of each rule of steps, changes and what stands beside them.

use super::*;

#[test]
fn who_may_open_is_who_may_begin() {
    let (kind, rules) = (kind("vacancy"), Rules::default());
    let ask = |roles: &[Role], is_import| {
        let opening = Opening {
            is_import,
            ..opening(Values::new())
        };
        open(&kind, opening, &actor(1, roles), now(), &rules).map(|opened| opened.act.role)
    };
    // the file lists the clerk first
    assert_eq!(
        ask(&[Role::EmployerUser, Role::Clerk], false),
        Ok(Role::Clerk)
    );
    assert_eq!(ask(&[Role::EmployerUser], false), Ok(Role::EmployerUser));
    let refusal = ask(&[Role::Chief], false).unwrap_err();
    assert_eq!(refusal.code, CaseRefusalCode::WrongRole);
    assert_eq!(
        refusal.text,
        "登记“岗位”要由经办或单位经办来办，您没有这个角色。"
    );
    assert!(ask(&[Role::System], false).is_err());
    assert_eq!(ask(&[Role::System], true), Ok(Role::System));
}

#[test]
fn all_wrong_values_are_told_at_once_in_the_order_of_the_form() {
    let clerk = actor(1, &[Role::Clerk]);
    let wrong = values([
        ("headcount", Value::Integer(0)),
        ("title", text("招")),
        ("filled", Value::Integer(1)),
        ("wage_min", yuan(1_000)),
        ("wage_max", yuan(900)),
        ("job_form", Value::Choice("slave".to_owned())),
        ("valid_to", text("明天")),
        ("employer_code", text("91350100M000100Y44")),
        (
            "shift",
            Value::List(vec![text("08:30-17:30"), text("17:30-08:30")]),
        ),
        (
            "phone",
            Value::Personal(crate::personal::Pii::new("12345".to_owned())),
        ),
        ("colour", text("红")),
    ]);
    let refusal = open(
        &kind("vacancy"),
        opening(wrong),
        &clerk,
        now(),
        &Rules::default(),
    );
    let refusal = refusal.unwrap_err();
    assert_eq!(refusal.code, CaseRefusalCode::Values);
    let told: Vec<_> = refusal
        .faults
        .iter()
        .map(|fault| fault.text.as_str())
        .collect();
    assert_eq!(
        told,
        [
            "“岗位名称”要写 2 到 40 个字，现在是 1 个。",
            "“人数”要在 1 到 999 人之间，现在是 0。",
            "“已录用数”由系统算出，不能填写。",
            "低于最低工资标准。",
            "最高工资不能低于最低工资。",
            "“用工形式”里没有这个选项，请重新选。",
            "“有效期至”要填日期。请改正后再提交。",
            "“联系电话”要填 11 位手机号，以 1 开头。",
            "“信用代码”不对：统一社会信用代码的最后一位对不上，有一位写错了。请对照营业执照检查每一位。",
            "“班次（第 2 项）”要填时段，例：08:30-17:30。",
            "没有这个字段。请刷新页面后再填。",
        ]
    );
}

#[test]
fn words_are_forbidden_numbers_are_kept_in_one_form_and_blanks_are_nothing() {
    let clerk = actor(1, &[Role::Clerk]);
    let mut desk = Desk::open("vacancy", full_vacancy(), &clerk);
    let change = |pairs| Command::Change {
        draft: pairs,
        reason: String::new(),
    };
    let refusal = desk.refused(&clerk, change(draft([("title", text("限男性司机"))])));
    assert_eq!(refusal.text, "“岗位名称”里不能写“限男性”，请换个说法。");
    let phone = crate::personal::Pii::new("+86 154-0000-0001".to_owned());
    desk.does(
        &clerk,
        change(draft([
            ("phone", Value::Personal(phone)),
            ("duty", text("  ")),
            ("employer_code", text("91350100m000100y43")),
        ])),
    );
    let kept = crate::personal::Pii::new("15400000001".to_owned());
    assert_eq!(desk.record.values["phone"], Value::Personal(kept));
    assert_eq!(
        desk.record.values["employer_code"],
        text("91350100M000100Y43")
    );
    assert!(!desk.record.values.contains_key("duty"));
}

#[test]
fn a_personal_field_takes_typed_data_or_sealed_data_of_the_system() {
    let clerk = actor(1, &[Role::Clerk]);
    let desk = Desk::open("vacancy", full_vacancy(), &clerk);
    let change = |value| Command::Change {
        draft: draft([("phone", value)]),
        reason: String::new(),
    };
    assert!(desk.ask(&clerk, change(text("15400000001"))).is_err());
    let sealed = || Value::Sealed("abc".to_owned());
    assert!(desk.ask(&clerk, change(sealed())).is_err());
    assert!(desk.ask(&system(), change(sealed())).is_ok());
}

#[test]
fn a_change_that_changes_nothing_is_no_event() {
    let clerk = actor(1, &[Role::Clerk]);
    let desk = Desk::open("vacancy", full_vacancy(), &clerk);
    let same = Command::Change {
        draft: draft([("headcount", Value::Integer(3))]),
        reason: String::new(),
    };
    assert_eq!(desk.ask(&clerk, same), Ok(vec![]));
}

#[test]
fn a_check_binds_only_who_touches_its_fields() {
    let mut desk = Desk::published();
    desk.rules.numbers.insert("min_wage.month", 250_000);
    let reviewer = actor(1, &[Role::Clerk]);
    let change = |pairs| Command::Change {
        draft: pairs,
        reason: String::new(),
    };
    desk.record
        .values
        .insert("wage_min".to_owned(), yuan(2_000));
    assert!(
        desk.ask(&reviewer, change(draft([("headcount", Value::Integer(5))])))
            .is_ok()
    );
    assert!(
        desk.ask(&reviewer, change(draft([("wage_min", yuan(2_100))])))
            .is_err()
    );
    let hints = hints(&desk.kind, &desk.record.values, day(11, 24), &desk.rules).unwrap();
    assert_eq!(hints[0].text, "写上工作内容，求职者更容易看懂。");
}

#[test]
fn who_read_an_old_version_is_told() {
    let desk = Desk::pending();
    let clerk = actor(1, &[Role::Clerk]);
    let answer = decide(
        &desk.kind,
        &desk.record,
        1,
        step("submit"),
        &clerk,
        now(),
        &desk.rules,
    );
    assert_eq!(answer.unwrap_err().code, CaseRefusalCode::Outdated);
}

#[test]
fn what_waits_for_review_is_not_changed() {
    let desk = Desk::pending();
    let change = Command::Change {
        draft: draft([("headcount", Value::Integer(5))]),
        reason: String::new(),
    };
    let refusal = desk.refused(&actor(1, &[Role::Clerk]), change);
    assert_eq!(refusal.code, CaseRefusalCode::WrongRole);
    assert_eq!(refusal.text, "现在是“待审核”，内容不能改。要改请先退回。");
}

#[test]
fn the_first_submission_needs_what_is_required_and_giving_up_does_not() {
    let clerk = actor(1, &[Role::Clerk]);
    let some = values([("title", text("眼镜装配工"))]);
    let mut desk = Desk::open("vacancy", some, &clerk);
    let refusal = desk.refused(&clerk, step("submit"));
    assert_eq!(refusal.code, CaseRefusalCode::Missing);
    assert_eq!(refusal.text, "还缺 2 项：人数、有效期至。补齐后再办。");
    let submit = desk.kind.transition("submit").unwrap();
    assert_eq!(missing(&desk.kind, &desk.record, submit), refusal.missing);
    let refusal = desk.refused(&clerk, step("withdraw"));
    assert_eq!(refusal.code, CaseRefusalCode::ReasonNeeded);
    desk.does(&clerk, with_reason("withdraw", "不招了"));
    assert!(desk.record.closed_at.is_some());
}

#[test]
fn what_came_out_of_a_file_is_not_bound_by_the_form() {
    let (kind, rules) = (kind("vacancy"), Rules::default());
    let clerk = actor(1, &[Role::Clerk]);
    let opening = Opening {
        channel: Channel::Import,
        ..opening(Values::new())
    };
    let record = Record::begin(&open(&kind, opening, &clerk, now(), &rules).unwrap());
    assert!(decide(&kind, &record, 1, step("submit"), &clerk, now(), &rules).is_ok());
}

#[test]
fn once_submitted_a_required_field_keeps_a_value() {
    let mut desk = Desk::pending();
    let (clerk, reviewer) = (actor(1, &[Role::Clerk]), actor(2, &[Role::Reviewer]));
    desk.does(&reviewer, with_notice("return", &["简章不清楚"]));
    let clear = Command::Change {
        draft: BTreeMap::from([("title".to_owned(), None)]),
        reason: String::new(),
    };
    assert_eq!(
        desk.refused(&clerk, clear).text,
        "“岗位名称”是必填项，不能清空。请填上新的内容。"
    );
}

#[test]
fn who_wrote_may_not_publish_nor_may_a_deputy_for_them() {
    let desk = Desk::pending();
    let both = actor(1, &[Role::Clerk, Role::Reviewer]);
    let refusal = desk.refused(&both, step("publish"));
    assert_eq!(refusal.code, CaseRefusalCode::DutiesSeparate);
    assert_eq!(
        refusal.text,
        "您已经办了“提交审核”这一步，不能再办“发布”。请换一位同事办。"
    );
    let mut deputy = actor(3, &[Role::Reviewer]);
    deputy.deputy.insert(Role::Reviewer, staff(1));
    let refusal = desk.refused(&deputy, step("publish"));
    assert_eq!(refusal.code, CaseRefusalCode::DutiesSeparate);
    assert!(refusal.text.starts_with("您所代理"), "{refusal}");
}

#[test]
fn who_changed_what_somebody_else_opened_wrote_it_too() {
    let mut kind = kind("vacancy");
    let publish_step = kind
        .transitions
        .iter_mut()
        .find(|step| step.id == "publish");
    publish_step.unwrap().differs_from = vec![OPEN.to_owned()];
    let mut desk = Desk::open("vacancy", full_vacancy(), &actor(1, &[Role::Clerk]));
    desk.kind = kind;
    let both = actor(2, &[Role::Clerk, Role::Reviewer]);
    let change = Command::Change {
        draft: draft([("title", text("质检员"))]),
        reason: String::new(),
    };
    desk.does(&both, change);
    desk.does(&actor(1, &[Role::Clerk]), step("submit"));
    let refusal = desk.refused(&both, publish());
    assert_eq!(refusal.code, CaseRefusalCode::DutiesSeparate);
    assert_eq!(
        refusal.text,
        "您改过这里的内容，不能再办“发布”。请换一位同事办。"
    );
    desk.does(&actor(3, &[Role::Reviewer]), publish());
}

#[test]
fn a_deputy_acts_for_somebody_and_takes_another_role_when_one_is_barred() {
    let mut desk = Desk::pending();
    let mut deputy = actor(3, &[Role::Reviewer, Role::Chief]);
    deputy.deputy.insert(Role::Reviewer, staff(1));
    deputy.deputy.insert(Role::Chief, staff(4));
    desk.does(&deputy, publish());
    let act = desk.record.acts.last().unwrap();
    assert_eq!(
        (act.role, act.deputy_of, act.by),
        (Role::Chief, Some(staff(4)), Some(staff(3)))
    );
}

#[test]
fn who_is_named_in_the_record_may_not_publish_it() {
    let clerk = actor(1, &[Role::Clerk]);
    let mut all = full_vacancy();
    all.insert("contact".to_owned(), Value::Staff(staff(2)));
    let mut desk = Desk::open("vacancy", all, &clerk);
    desk.does(&clerk, step("submit"));
    let refusal = desk.refused(&actor(2, &[Role::Reviewer]), publish());
    assert_eq!(refusal.code, CaseRefusalCode::DutiesSeparate);
    assert!(refusal.text.contains("“联系人”"));
}

#[test]
fn only_who_submitted_submits_again_or_who_was_given_it() {
    let mut desk = Desk::pending();
    let (first, other) = (actor(1, &[Role::Clerk]), actor(5, &[Role::Clerk]));
    desk.does(
        &actor(2, &[Role::Reviewer]),
        with_notice("return", &["简章不清楚"]),
    );
    assert_eq!(
        desk.refused(&other, step("resubmit")).code,
        CaseRefusalCode::DutiesSeparate
    );
    assert!(desk.ask(&first, step("resubmit")).is_ok());
    let give = Command::HandOver {
        to: staff(5),
        reason: "休假".to_owned(),
    };
    desk.does(&first, give);
    assert_eq!(desk.record.owner, Some(staff(5)));
    assert!(desk.ask(&other, step("resubmit")).is_ok());
}

#[test]
fn who_is_close_may_do_nothing_but_give_it_away() {
    let mut clerk = actor(1, &[Role::Clerk]);
    let (kind, rules) = (kind("subsidy"), Rules::default());
    let about = |number| Opening {
        person: Some(person(number)),
        ..opening(Values::new())
    };
    clerk.kin.insert(person(7));
    let refusal = open(&kind, about(7), &clerk, now(), &rules).unwrap_err();
    assert_eq!(refusal.code, CaseRefusalCode::TooClose);
    let record = Record::begin(&open(&kind, about(8), &clerk, now(), &rules).unwrap());
    clerk.kin.insert(person(8));
    let ask = |command| decide(&kind, &record, 1, command, &clerk, now(), &rules);
    assert_eq!(
        ask(step("submit")).unwrap_err().code,
        CaseRefusalCode::TooClose
    );
    let bars = allowed(&kind, &record, &clerk);
    assert!(
        bars.iter()
            .all(|step| step.bar.as_ref().unwrap().code == CaseRefusalCode::TooClose)
    );
    let give = Command::HandOver {
        to: staff(5),
        reason: "回避".to_owned(),
    };
    assert!(ask(give).is_ok());
}

#[test]
fn a_page_is_told_what_one_may_do_and_why_not() {
    let desk = Desk::pending();
    let told = |actor: &Actor| -> Vec<(String, Option<CaseRefusalCode>)> {
        let steps = allowed(&desk.kind, &desk.record, actor).into_iter();
        let told = steps.map(|step| (step.transition.id.clone(), step.bar.map(|bar| bar.code)));
        told.collect()
    };
    let (wrong, separate) = (
        Some(CaseRefusalCode::WrongRole),
        Some(CaseRefusalCode::DutiesSeparate),
    );
    let expect = |publish, back, reject| {
        vec![
            ("publish".to_owned(), publish),
            ("return".to_owned(), back),
            ("reject".to_owned(), reject),
        ]
    };
    assert_eq!(told(&actor(1, &[Role::Clerk])), expect(wrong, wrong, wrong));
    assert_eq!(
        told(&actor(1, &[Role::Reviewer])),
        expect(separate, None, wrong)
    );
    assert_eq!(told(&actor(2, &[Role::Chief])), expect(None, wrong, None));
    let desk = Desk::published();
    let bars = allowed(&desk.kind, &desk.record, &actor(1, &[Role::Clerk]));
    assert_eq!(
        bars[0].bar.as_ref().unwrap().text,
        "办“到期”由系统自动进行，不用人办。"
    );
}

#[test]
fn a_step_takes_only_the_fields_that_it_asks_for() {
    let desk = Desk::pending();
    let command = step_with(
        "publish",
        [("title", text("改个名")), ("review_note", text("好"))],
    );
    let refusal = desk.refused(&actor(2, &[Role::Reviewer]), command);
    assert_eq!(refusal.faults[0].text, "办“发布”时不能改“岗位名称”。");
}

#[test]
fn an_attachment_is_there_or_is_promised_for_a_day_to_come() {
    let mut desk = Desk::pending();
    let (clerk, reviewer) = (actor(2, &[Role::Clerk]), actor(2, &[Role::Reviewer]));
    let bare = step_with("publish", [("review_note", text("属实"))]);
    let refusal = desk.refused(&reviewer, bare.clone());
    assert_eq!(refusal.text, "还缺 1 项：招聘简章。补齐后再办。");
    let mut late = bare.clone();
    if let Command::Move { deferred, .. } = &mut late {
        deferred.insert("brochure".to_owned(), day(11, 23));
    }
    assert_eq!(desk.refused(&reviewer, late).code, CaseRefusalCode::Values);
    let attach = || Command::Attach(brochure(2));
    assert_eq!(
        desk.refused(&clerk, attach()).code,
        CaseRefusalCode::WrongRole
    );
    desk.does(&reviewer, attach());
    assert_eq!(desk.ask(&reviewer, attach()), Ok(vec![]));
    assert!(desk.ask(&reviewer, bare).is_ok());
    let detach = |reason: &str| Command::Detach {
        doc_type: "brochure".to_owned(),
        sha256: brochure(2).sha256,
        reason: reason.to_owned(),
    };
    assert_eq!(
        desk.refused(&reviewer, detach(" ")).code,
        CaseRefusalCode::ReasonNeeded
    );
    desk.does(&reviewer, detach("传错了"));
    assert_eq!(
        desk.refused(&reviewer, detach("传错了")).code,
        CaseRefusalCode::NoSuchStep
    );
}

#[test]
fn what_was_promised_is_kept_when_it_comes() {
    let mut desk = Desk::published();
    assert_eq!(desk.record.deferred["brochure"], day(11, 30));
    desk.does(&actor(1, &[Role::Clerk]), Command::Attach(brochure(1)));
    assert!(desk.record.deferred.is_empty());
}

#[test]
fn a_step_that_may_not_defer_says_so() {
    let clerk = actor(1, &[Role::Clerk]);
    let all = values([("amount", yuan(5_000))]);
    let mut desk = Desk::open("subsidy", all, &clerk);
    let mut submit = step_with("submit", []);
    if let Command::Move {
        deferred, draft, ..
    } = &mut submit
    {
        deferred.insert("licence".to_owned(), day(11, 30));
        let name = crate::personal::Pii::new("测试甲".to_owned());
        draft.insert("applicant".to_owned(), Some(Value::Personal(name)));
    }
    assert_eq!(
        desk.refused(&clerk, submit.clone()).text,
        "办“提交”不能容缺，请先补齐材料。"
    );
    if let Command::Move { deferred, .. } = &mut submit {
        deferred.clear();
    }
    assert_eq!(
        desk.refused(&clerk, submit.clone()).missing[0].name(),
        "营业执照"
    );
    desk.does(
        &clerk,
        Command::Attach(Attachment {
            doc_type: "licence".to_owned(),
            ..brochure(1)
        }),
    );
    desk.does(&clerk, submit);
    assert_eq!(desk.record.state, "submitted");
}

#[test]
fn a_notice_lists_everything_at_once_and_is_never_empty() {
    let mut desk = Desk::pending();
    let reviewer = actor(2, &[Role::Reviewer]);
    let events = desk
        .ask(&reviewer, with_notice("return", &[" 工资写得不清楚 ", ""]))
        .unwrap();
    let [CaseEvent::Moved(moved)] = &events[..] else {
        panic!("{events:?}")
    };
    let lines = [
        "请提交：招聘简章（含单位概况、条件、薪酬、社保。）",
        "工资写得不清楚",
    ];
    assert_eq!(moved.notice, lines);
    desk.does(&reviewer, Command::Attach(brochure(2)));
    assert_eq!(
        desk.refused(&reviewer, step("return")).code,
        CaseRefusalCode::ReasonNeeded
    );
}

#[test]
fn a_rejection_names_reason_rule_and_remedy() {
    let desk = Desk::pending();
    let chief = actor(2, &[Role::Chief]);
    let refusal = desk.refused(&chief, with_reason("reject", "不实"));
    assert_eq!(
        refusal.text,
        "办“驳回”要写明所依据的法规条款、当事人的救济途径。"
    );
    let mut reject = with_reason("reject", "不实");
    if let Command::Move { rule, remedy, .. } = &mut reject {
        "《就业促进法》第四十一条".clone_into(rule);
        "六十日内申请行政复议".clone_into(remedy);
    }
    assert!(desk.ask(&chief, reject).is_ok());
}

#[test]
fn a_condition_of_a_step_must_hold() {
    let mut desk = Desk::pending();
    desk.record
        .values
        .insert("filled".to_owned(), Value::Integer(3));
    let refusal = desk.refused(&actor(2, &[Role::Reviewer]), publish());
    assert_eq!(refusal.code, CaseRefusalCode::NotNow);
    assert_eq!(refusal.text, "现在还不能办：已经招满。");
}

#[test]
fn a_step_that_marks_itself_as_done_can_be_done_once() {
    let mut desk = Desk::pending();
    let condition = Condition {
        field: "filled".to_owned(),
        comparison: Comparison::IsEmpty,
        right: Operand::Nothing,
    };
    let submit = desk.kind.transitions.iter_mut();
    let submit = { submit }.find(|step| step.id == "submit").unwrap();
    submit.from.push("pending".to_owned());
    submit.sets = values([("filled", Value::Integer(1))]);
    submit.only_if = vec![Check {
        condition,
        text: "只办一次。".to_owned(),
        field: "filled".to_owned(),
        is_hint: false,
    }];
    desk.record.values.remove("filled");
    let clerk = actor(1, &[Role::Clerk]);
    desk.does(&clerk, step("submit"));
    assert_eq!(desk.record.values["filled"], Value::Integer(1));
    let again = desk.refused(&clerk, step("submit"));
    assert_eq!(again.text, "现在还不能办：只办一次。");
}

fn publish() -> Command {
    let mut publish = step_with("publish", [("review_note", text("属实"))]);
    if let Command::Move { deferred, .. } = &mut publish {
        deferred.insert("brochure".to_owned(), day(11, 30));
    }
    publish
}

pub(super) fn with_reason(transition: &str, why: &str) -> Command {
    let mut command = step(transition);
    if let Command::Move { reason, .. } = &mut command {
        why.clone_into(reason);
    }
    command
}

fn with_notice(transition: &str, lines: &[&str]) -> Command {
    let mut command = step(transition);
    if let Command::Move { notice, .. } = &mut command {
        *notice = lines.iter().map(|line| (*line).to_owned()).collect();
    }
    command
}

pub(super) fn brochure(by: u128) -> Attachment {
    Attachment {
        doc_type: "brochure".to_owned(),
        sha256: "ab".repeat(32),
        mime: "application/pdf".to_owned(),
        pages: 1,
        bytes: 1_000,
        at: now(),
        by: staff(by),
    }
}
