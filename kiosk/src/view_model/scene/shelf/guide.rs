//! The service guide: what a matter asks for, as a list that can be ticked off, and where it is done.

use domain::money::Fen;
use wire::public::{GuideItem, TimeLimit};

use super::{choice, entry, gone, nothing, open, or_ring};
use crate::app::facts::HallFacts;
use crate::app::flow::{Act, Shelf, TicketFor};
use crate::view_model::lines::Entry;
use crate::view_model::scene::{Choice, ChooseScene, Offer, ReadScene, Scene};
use crate::view_model::words::windows;

const PAGE: &str = "办事指南";

/// All matters.
pub(super) fn list(facts: &HallFacts) -> Scene {
    let mut acts = vec![Offer::other("按拼音找", Act::OpenKeypad)];
    if !facts.shelf().guide_people().is_empty() {
        acts.push(Offer::other("按身份找", open(Shelf::GuidePeople)));
    }
    matters(facts.shelf().guide(), "您要办哪件事？", acts, facts)
}

/// For whom they are.
pub(super) fn people(facts: &HallFacts) -> Scene {
    let people = facts.shelf().guide_people().into_iter();
    let choices = people.map(|who| choice(&who, "", Shelf::GuideFor(who.clone())));
    Scene::Choose(ChooseScene {
        title: PAGE.into(),
        question: "您是哪一种情况？".into(),
        choices: choices.collect(),
        ..ChooseScene::default()
    })
}

/// What somebody can have done.
pub(super) fn for_people(who: &str, facts: &HallFacts) -> Scene {
    let acts = vec![Offer::other("按拼音找", Act::OpenKeypad)];
    let question = format!("{who}可以办的事");
    matters(facts.shelf().guide_for(who), &question, acts, facts)
}

fn matters(items: Vec<&GuideItem>, question: &str, acts: Vec<Offer>, facts: &HallFacts) -> Scene {
    if items.is_empty() {
        return none(facts);
    }
    Scene::Choose(ChooseScene {
        title: PAGE.into(),
        question: question.into(),
        choices: items.into_iter().map(|item| row(item, facts)).collect(),
        acts,
        ..ChooseScene::default()
    })
}

fn none(facts: &HallFacts) -> Scene {
    let ring = or_ring(facts);
    let text = format!("办事指南还没有放上来。请取号到窗口问，或者叫人来帮忙。{ring}");
    let acts = vec![
        Offer::other("叫人问一问", Act::AskPerson),
        Offer::primary("取号到窗口问", Act::TakeTicket(TicketFor::default())),
    ];
    nothing(PAGE, "现在看不到办事指南", text, acts)
}

fn row(item: &GuideItem, facts: &HallFacts) -> Choice {
    let under = match item.group {
        Some(group) => facts.group_name(group),
        None => item.audience.join("、"),
    };
    choice(&item.name, &under, Shelf::GuideItem(item.id.clone()))
}

/// One matter.
pub(super) fn one(id: &str, facts: &HallFacts) -> Scene {
    let Some(item) = facts.shelf().guide_item(id) else {
        return gone(PAGE);
    };
    let wanted = TicketFor {
        group: item.group,
        matter: Some(item.name.clone()),
    };
    Scene::Read(ReadScene {
        page_title: PAGE,
        title: item.name.clone(),
        entries: entries(item, facts),
        acts: vec![
            Offer::other("请人讲给我听", Act::AskPerson),
            Offer::primary("取号去办", Act::TakeTicket(wanted)),
        ],
        ..ReadScene::default()
    })
}

/// What the window asks for, in the order in which people ask.
fn entries(item: &GuideItem, facts: &HallFacts) -> Vec<Entry> {
    let mut entries = vec![
        said("谁能办", item.audience.join("、")),
        said("条件", item.conditions.join("\n")),
        said("要带", ticked_off(&item.materials)),
        said("多久", time_limit(item.time_limit)),
        said("收费", fee(item.fee)),
        said("到哪办", place(item, facts)),
        said("电话", phone(item, facts)),
        said("依据", item.basis.join("\n")),
    ];
    entries.retain(|entry| !entry.text.is_empty());
    entries
}

fn said(label: &str, text: String) -> Entry {
    entry(label, text)
}

fn ticked_off(materials: &[String]) -> String {
    if materials.is_empty() {
        return "什么都不用带，人来就行".into();
    }
    let lines = materials.iter().map(|material| format!("□ {material}"));
    lines.collect::<Vec<_>>().join("\n")
}

fn time_limit(limit: TimeLimit) -> String {
    match limit {
        TimeLimit::AtOnce => "当场办好".into(),
        TimeLimit::Workdays { days } => format!("{days} 个工作日内"),
        TimeLimit::Unsaid => String::new(),
    }
}

fn fee(fee: Fen) -> String {
    if fee == Fen(0) {
        "不收费".into()
    } else {
        format!("{fee} 元")
    }
}

fn place(item: &GuideItem, facts: &HallFacts) -> String {
    let served = item.group.map(|group| windows(&facts.windows_of(group)));
    served.unwrap_or_default()
}

fn phone(item: &GuideItem, facts: &HallFacts) -> String {
    let own = item.phone.as_deref();
    own.or(facts.shelf().centre_phone())
        .unwrap_or_default()
        .to_owned()
}
