//! 办进度 in words: which number, which characters, where the cases stand. No name and no whole number of
//! a person is shown, and what was typed stays masked.

use domain::time::{month_day_text, weekday_text};
use wire::citizen::CaseProgress;

use super::{
    Choice, ChooseScene, DigitsScene, Offer, ReadScene, Scene, ToldScene, card, no_line,
    out_of_order, waiting, ways_to_a_window,
};
use crate::app::event::Surroundings;
use crate::app::flow::progress::{MONTH_DIGITS, NoProgress, ProgressStep};
use crate::app::flow::{Act, Progress, SecretDigits, TicketFor};
use crate::app::kiosk::Kiosk;
use crate::view_model::lines::Entry;

const PAGE: &str = "办进度";
const ASKING: &str = "正在查，请等一下。";

/// The page now.
pub(super) fn scene(progress: &Progress, kiosk: &Kiosk, around: &Surroundings) -> Scene {
    match &progress.step {
        ProgressStep::Opening => waiting(PAGE),
        ProgressStep::Kind => kinds(progress, kiosk.settings.has_card_reader),
        ProgressStep::Card(stage) => card::scene(PAGE, stage, kiosk, around),
        ProgressStep::Number => number(progress),
        ProgressStep::Last => last(progress),
        ProgressStep::Cases(cases, shown) => match shown.and_then(|index| cases.get(index)) {
            Some(case) => one(case),
            None => all(cases),
        },
        ProgressStep::Told(NoProgress::NoLine) => no_line(PAGE),
        ProgressStep::Told(NoProgress::OutOfOrder) => out_of_order(PAGE),
        ProgressStep::Told(NoProgress::Locked) => told(
            "试了三次都没对上",
            "为了不让别人乱试，这台机器十分钟里不能再查。请取号到窗口问。",
        ),
        ProgressStep::Told(NoProgress::Refused(sentence)) => told("现在查不了", sentence),
    }
}

fn told(title: &str, text: &str) -> Scene {
    Scene::Told(ToldScene {
        page_title: PAGE,
        title: title.into(),
        text: text.into(),
        is_good: false,
        card_time_left: None,
        acts: ways_to_a_window(),
    })
}

fn kinds(progress: &Progress, has_card_reader: bool) -> Scene {
    let mut acts = vec![
        Offer::other("没有回执", Act::AskPerson),
        Offer::other("按拼音找", Act::OpenKeypad),
    ];
    if has_card_reader {
        acts.push(Offer::primary("刷身份证查", Act::ReadCard));
    }
    let kinds = progress.kinds.iter().enumerate();
    Scene::Choose(ChooseScene {
        title: PAGE.into(),
        question: "您交的是哪件事的材料？".into(),
        note: "看受理回执上写的事项。没有回执也可以到窗口查。".into(),
        choices: kinds
            .map(|(index, kind)| Choice::pick(index, &kind.name))
            .collect(),
        acts,
        ..ChooseScene::default()
    })
}

fn number(progress: &Progress) -> Scene {
    Scene::Digits(DigitsScene {
        title: "受理编号的数字？",
        hint: "回执上编号后面的数字，一共 11 个，字母不用输。".into(),
        name: "受理编号",
        text: with_line(&progress.number),
        message: progress.message.clone().unwrap_or_default(),
        can_erase: !progress.number.is_empty(),
        with_x: false,
        acts: vec![
            Offer::other("没有回执", Act::AskPerson),
            Offer::primary("下一步", Act::Continue).only_if(progress.number.is_whole()),
        ],
    })
}

/// A receipt's number is no secret: it stands on paper. `202611-000__`
fn with_line(number: &SecretDigits) -> String {
    let mut text = number.masked(|_| true);
    text.insert(MONTH_DIGITS, '-');
    text
}

fn last(progress: &Progress) -> Scene {
    let message = progress.message.clone().unwrap_or_default();
    Scene::Digits(DigitsScene {
        title: "证件号最后 4 位？",
        hint: "身份证号或者手机号的最后 4 位，用来确认是您本人的事。".into(),
        name: "最后 4 位",
        text: progress.last.masked(|_| false),
        message: if progress.is_asking {
            ASKING.into()
        } else {
            message
        },
        can_erase: !progress.last.is_empty(),
        with_x: true,
        acts: vec![
            Offer::other("叫人帮忙查", Act::AskPerson),
            Offer::primary("查", Act::Continue)
                .only_if(progress.last.is_whole() && !progress.is_asking),
        ],
    })
}

fn all(cases: &[CaseProgress]) -> Scene {
    if cases.is_empty() {
        return told(
            "没有查到在办的事",
            "请看看是不是用另一个证件、另一个手机号办的，或者到窗口问。",
        );
    }
    let row = |(index, case): (usize, &CaseProgress)| Choice {
        under: case.next.clone(),
        count: case.state.clone(),
        ..Choice::pick(index, &case.kind_name)
    };
    Scene::Choose(ChooseScene {
        title: PAGE.into(),
        note: "点一件，看办到哪一步了。".into(),
        choices: cases.iter().enumerate().map(row).collect(),
        ..ChooseScene::default()
    })
}

fn one(case: &CaseProgress) -> Scene {
    let matter = TicketFor {
        group: None,
        matter: Some(case.kind_name.clone()),
    };
    Scene::Read(ReadScene {
        page_title: PAGE,
        title: case.kind_name.clone(),
        tag: Some(match case.is_yours {
            true => (false, "等您来办".into()),
            false => (true, "我们在办".into()),
        }),
        entries: entries(case),
        acts: vec![
            Offer::other("叫人来说说", Act::AskPerson),
            Offer::primary("取号到窗口办", Act::TakeTicket(matter)),
        ],
        ..ReadScene::default()
    })
}

fn entries(case: &CaseProgress) -> Vec<Entry> {
    let missing = case.missing.iter().map(|line| format!("□ {line}"));
    let due = case
        .due_on
        .map(|day| format!("{} {}", month_day_text(day), weekday_text(day)));
    let mut entries = vec![
        entry("现在", case.state.clone()),
        entry("下一步", case.next.clone()),
        entry("还缺", missing.collect::<Vec<_>>().join("\n")),
        entry("最晚", due.unwrap_or_default()),
        entry("交件", month_day_text(case.opened_on)),
    ];
    entries.retain(|entry| !entry.text.is_empty());
    entries
}

fn entry(label: &str, text: String) -> Entry {
    Entry {
        label: label.into(),
        text,
        is_strong: label == "还缺",
    }
}
