//! A clerk who breaks a file is told which line, and a missing parameter is told to who asks.

use super::*;

/// The files with one text replaced.
fn broken(file: &str, from: &str, to: &str) -> String {
    let texts = FILES.map(|(name, text)| match name == file {
        true => {
            assert!(text.contains(from), "{from}");
            text.replacen(from, to, 1)
        }
        false => text.to_owned(),
    });
    let files: Vec<(&str, &str)> = FILES
        .iter()
        .zip(&texts)
        .map(|((name, _), text)| (*name, text.as_str()))
        .collect();
    EligibilityRules::read(&files, RETIREMENT)
        .unwrap_err()
        .to_string()
}

#[test]
fn what_is_wrong_is_told_with_file_and_line() {
    let line_of = |file: &str, part: &str| {
        let text = FILES.iter().find(|(name, _)| *name == file).unwrap().1;
        let line = text.lines().position(|line| line.contains(part)).unwrap() + 1;
        format!("“{file}”第 {line} 行")
    };
    let older = "age >= age.older.m";
    for (file, from, to, at, says) in [
        ("person.toml", older, "age ~ age.older.m", older, "看不懂"),
        (
            "person.toml",
            older,
            "agee >= age.older.m",
            older,
            "没有问题“agee”",
        ),
        (
            "person.toml",
            "sex = male",
            "sex = man",
            "sex = male",
            "没有选项“man”",
        ),
        (
            "person.toml",
            "sex = male",
            "sex has male",
            "sex = male",
            "不配",
        ),
        (
            "person.toml",
            "reason = \"older\"",
            "reason = \"old\"",
            "reason = \"older\"",
            "没有对应的句子",
        ),
        (
            "questions.toml",
            "id = \"birth\"",
            "id = \"sex\"",
            "id = \"birth\"",
            "写了两次",
        ),
        (
            "questions.toml",
            "registered = yes",
            "recognised = yes",
            "registered = yes",
            "前面没有问题",
        ),
        (
            "together.toml",
            "one = \"ui_benefit\"",
            "one = \"ui\"",
            "one = \"ui_benefit\"",
            "没有叫“ui”的待遇",
        ),
    ] {
        let told = broken(file, from, to);
        assert!(told.contains(&line_of(file, at)), "{told}");
        assert!(told.contains(says), "{told}");
    }
}

#[test]
fn a_misspelt_key_and_a_missing_file_are_named() {
    let told = broken("person.toml", "sheet = \"E1\"", "shet = \"E1\"");
    assert!(
        told.contains("person.toml") && told.contains("line"),
        "{told}"
    );
    let told = EligibilityRules::read(&FILES[..4], RETIREMENT)
        .unwrap_err()
        .to_string();
    assert!(told.contains("together.toml"), "{told}");
}

/// Otherwise everybody would be sent to a window for want of a number.
#[test]
fn every_parameter_that_is_asked_for_has_a_value_today() {
    let world = World::new();
    for key in world.rules.parameter_keys() {
        assert!(world.parameters.on(key, None, day(TODAY)).is_ok(), "{key}");
    }
}

#[test]
fn a_missing_parameter_makes_a_row_a_matter_for_a_person_and_is_told() {
    let mut world = World::new();
    world.parameters = world
        .parameters
        .about(|key| key.key != "hardship.continuous_unemployed_months");
    let answers = "sex=male birth=1990-05-05 status=unemployed registered=yes groups=none \
                   unemployed_since=2020-01-01";
    let finding = world.finding("hardship", TODAY, answers);
    assert_eq!(finding.verdict, Verdict::Ask);
    assert_eq!(finding.missing, ["有一项本区标准还没有录入"]);
    let mut world = World::new();
    world.parameters = world.parameters.about(|key| key.key != "expand.amount");
    let answers = "hire_kind=youth hire_contract=yes hire_insured_months=3 hire_used=no";
    let finding = world.finding("expansion_subsidy", TODAY, answers);
    assert_eq!(finding.verdict, Verdict::Likely);
    assert_eq!(
        finding.amount.unwrap(),
        "标准以窗口为准：有一项本区标准还没有录入。"
    );
}

#[test]
fn a_parameter_counts_from_its_day_on() {
    let world = World::new();
    let answers = "hire_kind=youth hire_contract=yes hire_insured_months=1 hire_used=no";
    assert_eq!(
        world
            .finding("expansion_subsidy", "2023-12-31", answers)
            .verdict,
        Verdict::Likely
    );
    assert_eq!(
        world
            .finding("expansion_subsidy", "2024-01-01", answers)
            .verdict,
        Verdict::Ask
    );
}

/// Nobody reads Latin letters or ids at a kiosk.
#[test]
fn no_text_that_citizens_read_holds_latin_letters() {
    let world = World::new();
    let questions = world.rules.questions.iter().flat_map(|question| {
        let choices = match &question.kind {
            AnswerKind::One(choices) | AnswerKind::Several(choices) => choices.clone(),
            _ => Vec::new(),
        };
        let own = [&question.text, &question.name].map(String::clone);
        let more = question
            .hint
            .iter()
            .chain(&question.where_to_learn)
            .cloned();
        own.into_iter()
            .chain(more)
            .chain(choices.into_iter().map(|choice| choice.text))
    });
    let reasons = world.rules.reasons.values().cloned();
    let benefits = world.rules.benefits.iter().flat_map(|benefit| {
        let amounts = benefit.amounts.iter().map(|amount| amount.text.clone());
        let materials = benefit
            .materials
            .iter()
            .map(|material| material.name.clone());
        amounts
            .chain(materials)
            .chain([benefit.name.clone()])
            .chain(benefit.deadline.clone())
    });
    for text in questions.chain(reasons).chain(benefits) {
        let mut outside = String::new();
        let mut depth = 0_i32;
        for letter in text.chars() {
            depth += i32::from(letter == '{') - i32::from(letter == '}');
            if depth == 0 {
                outside.push(letter);
            }
        }
        assert!(
            !outside.chars().any(|letter| letter.is_ascii_alphabetic()),
            "{text}"
        );
    }
}
