//! 提意见 in words: faces have words, nothing is chosen beforehand, and nobody types.

use domain::rating::Level;

use super::{Choice, ChooseScene, Offer, Scene, ToldScene, waiting};
use crate::app::flow::feedback::{FeedbackStep, subjects};
use crate::app::flow::{Act, Feedback};

const PAGE: &str = "提意见";

/// The page now.
pub(super) fn scene(feedback: &Feedback) -> Scene {
    match feedback.step {
        FeedbackStep::Level => levels(),
        FeedbackStep::About => about(feedback),
        FeedbackStep::Sentences => sentences(feedback),
        FeedbackStep::Keeping => waiting(PAGE),
        FeedbackStep::Kept => told(
            true,
            "您的意见记下了",
            "意见封好了送到中心，这台机器和窗口都看不到。谢谢您。",
        ),
        FeedbackStep::NotKept => told(
            false,
            "这次没记下来",
            "机器存不下了。请直接跟工作人员说，或者到服务台写意见本。",
        ),
    }
}

fn told(is_good: bool, title: &str, text: &str) -> Scene {
    let home = Offer::primary("好了，回首页", Act::Home);
    let acts = if is_good {
        vec![home]
    } else {
        vec![Offer::other("叫人来记", Act::AskPerson), home]
    };
    Scene::Told(ToldScene {
        page_title: PAGE,
        title: title.into(),
        text: text.into(),
        is_good,
        card_time_left: None,
        acts,
    })
}

fn levels() -> Scene {
    let levels = Level::ALL.iter().enumerate();
    Scene::Choose(ChooseScene {
        title: PAGE.into(),
        question: "您觉得我们办得怎么样？".into(),
        note: "不用留名字。只想给刚办的事打分，请点首页的“评服务”。".into(),
        choices: levels
            .map(|(index, level)| Choice::pick(index, level.text()))
            .collect(),
        acts: vec![Offer::other("我想自己说，叫人来记", Act::AskPerson)],
        ..ChooseScene::default()
    })
}

fn about(feedback: &Feedback) -> Scene {
    let subjects = subjects().iter().enumerate();
    let note = if feedback.can_seal {
        String::new()
    } else {
        "现在没连上网，只能记下您满不满意、关于什么。".to_owned()
    };
    Scene::Choose(ChooseScene {
        title: PAGE.into(),
        question: "是关于什么的？".into(),
        note,
        choices: subjects
            .map(|(index, (_, name))| Choice::pick(index, name))
            .collect(),
        acts: vec![Offer::other("我想自己说，叫人来记", Act::AskPerson)],
        ..ChooseScene::default()
    })
}

fn sentences(feedback: &Feedback) -> Scene {
    let choices = feedback.sentences().iter().enumerate();
    let choices = choices.map(|(index, sentence)| Choice {
        is_chosen: feedback.ticked.contains(&index),
        ..Choice::pick(index, sentence)
    });
    Scene::Choose(ChooseScene {
        title: PAGE.into(),
        question: "有哪些是您想说的？".into(),
        note: "可以点几句，也可以一句都不点。".into(),
        choices: choices.collect(),
        can_tick: true,
        acts: vec![
            Offer::other("叫人来记", Act::AskPerson),
            Offer::primary("选好了，送出", Act::Continue),
        ],
        ..ChooseScene::default()
    })
}
