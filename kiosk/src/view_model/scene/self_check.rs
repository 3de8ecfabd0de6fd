//! 测资格 in words: a question with what it is for, what came out with its reasons, what to bring and
//! where. A result is never called a decision.

use domain::eligibility::{
    AnswerKind, Checkup, Finding, Material, MaterialSource, Question, Verdict,
};
use domain::time::day_text;

use super::{Choice, ChooseScene, DigitsScene, Offer, ReadScene, Scene, ToldScene};
use crate::app::eligibility::rules;
use crate::app::facts::HallFacts;
use crate::app::flow::self_check::{CheckStep, SelfCheck};
use crate::app::flow::wish::WishFor;
use crate::app::flow::{Act, Flow, TicketFor, Wish};
use crate::app::kiosk::Kiosk;
use crate::view_model::lines::Entry;
use crate::view_model::words::windows;

const PAGE: &str = "测资格";
const UNCLEAR: &str = "说不清楚";

/// The page now.
pub(super) fn scene(check: &SelfCheck, kiosk: &Kiosk) -> Scene {
    match &check.step {
        CheckStep::Audience => audiences(check),
        CheckStep::Question(_) => match check.question() {
            Some(question) => asked(check, question),
            None => audiences(check),
        },
        CheckStep::Results(checkup, shown) => {
            match shown.and_then(|index| checkup.findings.get(index)) {
                Some(finding) => one(check, checkup, finding, kiosk),
                None => results(checkup),
            }
        }
    }
}

fn audiences(check: &SelfCheck) -> Scene {
    let audiences = rules().audiences().iter().enumerate();
    let note = if check.is_old {
        "好几天没连上网了，规则可能不是最新的，以窗口说的为准。"
    } else {
        "不用登录。您的回答不保存，离开就清掉。"
    };
    Scene::Choose(ChooseScene {
        title: PAGE.into(),
        question: "您是哪一种情况？".into(),
        note: note.into(),
        choices: audiences
            .map(|(index, it)| Choice::pick(index, &it.name))
            .collect(),
        acts: vec![Offer::other("都不是，叫人问", Act::AskPerson)],
        ..ChooseScene::default()
    })
}

fn asked(check: &SelfCheck, question: &Question) -> Scene {
    match &question.kind {
        AnswerKind::One(choices) => {
            let mut choices: Vec<_> = choices
                .iter()
                .enumerate()
                .map(|(index, choice)| Choice::pick(index, &choice.text))
                .collect();
            if question.may_be_unclear {
                choices.push(Choice {
                    under: "选这个也能往下走".into(),
                    ..Choice::pick(choices.len(), UNCLEAR)
                });
            }
            choose(check, question, choices, false, Vec::new())
        }
        AnswerKind::Several(choices) => {
            let choices = choices.iter().enumerate().map(|(index, choice)| Choice {
                is_chosen: check.ticked.contains(&index),
                ..Choice::pick(index, &choice.text)
            });
            let acts = onward(question, !check.ticked.is_empty());
            choose(check, question, choices.collect(), true, acts)
        }
        AnswerKind::Number { unit, .. } => {
            let unit = if unit.is_empty() {
                String::new()
            } else {
                format!(" {unit}")
            };
            digits(
                check,
                question,
                format!("{}{unit}", typed_number(check)),
                !check.typed.is_empty(),
            )
        }
        AnswerKind::Date => digits(check, question, typed_day(check), check.typed.is_whole()),
    }
}

fn onward(question: &Question, can_go_on: bool) -> Vec<Offer> {
    let unclear = Offer::other(UNCLEAR, Act::Skip);
    let mut acts = if question.may_be_unclear {
        vec![unclear]
    } else {
        Vec::new()
    };
    acts.push(Offer::primary("下一题", Act::Continue).only_if(can_go_on));
    acts
}

fn choose(
    check: &SelfCheck,
    question: &Question,
    choices: Vec<Choice>,
    can_tick: bool,
    acts: Vec<Offer>,
) -> Scene {
    let hint = question.hint.clone().unwrap_or_default();
    let said = check.message.clone().unwrap_or(hint);
    Scene::Choose(ChooseScene {
        title: title(check),
        question: question.text.clone(),
        note: format!("{}{said}", place(check)),
        choices,
        can_tick,
        acts,
        ..ChooseScene::default()
    })
}

fn title(check: &SelfCheck) -> String {
    let audience = check.audience();
    audience.map_or_else(|| PAGE.to_owned(), |it| format!("{PAGE}：{}", it.name))
}

/// `第 3 题，最多还有 4 题。`
fn place(check: &SelfCheck) -> String {
    match check.place() {
        (number, 0) => format!("第 {number} 题，最后一题。"),
        (number, left) => format!("第 {number} 题，最多还有 {left} 题。"),
    }
}

fn digits(check: &SelfCheck, question: &Question, text: String, can_go_on: bool) -> Scene {
    let hint = question.hint.clone().unwrap_or_default();
    Scene::Digits(DigitsScene {
        title: PAGE,
        hint: format!("{}{}{hint}", place(check), question.text),
        name: "您的回答",
        text,
        message: check.message.clone().unwrap_or_default(),
        can_erase: !check.typed.is_empty(),
        with_x: false,
        acts: onward(question, can_go_on),
    })
}

fn typed_number(check: &SelfCheck) -> String {
    let typed = check.typed.typed();
    if typed.expose().is_empty() {
        "_".to_owned()
    } else {
        typed.expose().to_owned()
    }
}

/// `1986年11月__日`
fn typed_day(check: &SelfCheck) -> String {
    let places: Vec<char> = check.typed.masked(|_| true).chars().collect();
    let part = |from: usize, to: usize| places[from..to].iter().collect::<String>();
    format!("{}年{}月{}日", part(0, 4), part(4, 6), part(6, 8))
}

fn results(checkup: &Checkup) -> Scene {
    if checkup.findings.is_empty() {
        return Scene::Told(ToldScene {
            page_title: PAGE,
            title: "没有找到合适的项目".into(),
            text: "您可以返回换一种情况再测，或者取号到窗口问。".into(),
            is_good: false,
            card_time_left: None,
            acts: super::ways_to_a_window(),
        });
    }
    let row = |(index, finding): (usize, &Finding)| Choice {
        under: finding
            .reasons
            .first()
            .map(|it| it.text.clone())
            .unwrap_or_default(),
        count: finding.verdict.word().into(),
        ..Choice::pick(index, &finding.name)
    };
    Scene::Choose(ChooseScene {
        title: "测出来的结果".into(),
        note: checkup.disclaimer.clone(),
        choices: checkup.findings.iter().enumerate().map(row).collect(),
        acts: vec![Offer::other("请人讲给我听", Act::AskPerson)],
        ..ChooseScene::default()
    })
}

fn one(check: &SelfCheck, checkup: &Checkup, finding: &Finding, kiosk: &Kiosk) -> Scene {
    Scene::Read(ReadScene {
        page_title: PAGE,
        title: finding.name.clone(),
        tag: Some((
            finding.verdict == Verdict::Likely,
            finding.verdict.word().into(),
        )),
        under: checkup.disclaimer.clone(),
        entries: entries(checkup, finding, &kiosk.facts),
        acts: acts(check, finding, kiosk),
        ..ReadScene::default()
    })
}

fn entries(checkup: &Checkup, finding: &Finding, facts: &HallFacts) -> Vec<Entry> {
    let reasons: Vec<_> = finding.reasons.iter().map(|it| it.text.clone()).collect();
    let earliest = finding.earliest.map(|day| day_text(day, checkup.on));
    let together = checkup.exclusions.iter();
    let together = together.filter(|it| it.one == finding.benefit || it.other == finding.benefit);
    let mut entries = vec![
        entry("为什么", reasons.join("\n")),
        entry("还要弄清", finding.missing.join("、")),
        entry("能有多少", finding.amount.clone().unwrap_or_default()),
        entry("最早", earliest.unwrap_or_default()),
        entry(
            "要带",
            of_source(&finding.materials, MaterialSource::Bring, "□ "),
        ),
        entry(
            "不用带",
            of_source(&finding.materials, MaterialSource::LookedUp, ""),
        ),
        entry(
            "窗口填",
            of_source(&finding.materials, MaterialSource::AtWindow, ""),
        ),
        entry("到哪办", place_of(finding, facts)),
        entry("期限", finding.deadline.clone().unwrap_or_default()),
        entry(
            "一起领",
            together
                .map(|it| it.text.clone())
                .collect::<Vec<_>>()
                .join("\n"),
        ),
        entry(
            "规则",
            format!(
                "按 {} 的规则，版本 {}",
                day_text(checkup.on, checkup.on),
                checkup.rule_version
            ),
        ),
    ];
    entries.retain(|entry| !entry.text.is_empty());
    entries
}

fn entry(label: &str, text: String) -> Entry {
    Entry {
        label: label.into(),
        text,
        is_strong: label == "能有多少",
    }
}

fn of_source(materials: &[Material], source: MaterialSource, mark: &str) -> String {
    let named = materials.iter().filter(|it| it.source == source);
    let lines = named.map(|it| format!("{mark}{}", it.name));
    lines.collect::<Vec<_>>().join("\n")
}

fn place_of(finding: &Finding, facts: &HallFacts) -> String {
    let served = finding.group.map(|group| windows(&facts.windows_of(group)));
    let said = [finding.place.clone(), served.unwrap_or_default()];
    let said = said.iter().filter(|it| !it.is_empty());
    said.map(String::as_str).collect::<Vec<_>>().join("，")
}

fn acts(check: &SelfCheck, finding: &Finding, kiosk: &Kiosk) -> Vec<Offer> {
    let wanted = TicketFor {
        group: finding.group,
        matter: Some(finding.name.clone()),
    };
    let ticket = Offer::primary("取这件事的号", Act::TakeTicket(wanted));
    let offered = finding
        .kind
        .as_deref()
        .and_then(|kind| kiosk.service_offered(kind));
    let other = match (finding.verdict, offered) {
        (Verdict::Likely | Verdict::Ask, Some(service)) => {
            let wish = Wish::opened(WishFor::Application {
                kind: service.kind.clone(),
                name: service.name.clone(),
                answers: check.answers_in_words(),
            });
            Offer::other("请人帮我申请", Act::Open(Box::new(Flow::Wish(wish))))
        }
        _ => Offer::other("请人讲给我听", Act::AskPerson),
    };
    vec![other, ticket]
}
