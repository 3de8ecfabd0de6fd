//! What is published, in words: lists, and one of each to read. A page without anything to show says so
//! and offers the next step. Nothing here advises.

mod guide;
mod policy;
mod public_list;
mod work_and_places;

use super::{Choice, ChooseScene, Goal, Offer, Scene, ToldScene};
use crate::app::event::Surroundings;
use crate::app::facts::HallFacts;
use crate::app::flow::{Act, Flow, Shelf};
use crate::view_model::lines::Entry;

/// The page of this part of what is published.
pub(super) fn scene(shelf: &Shelf, facts: &HallFacts, around: &Surroundings) -> Scene {
    let today = around.wall.hall_date();
    match shelf {
        Shelf::Contents => contents(facts, around),
        Shelf::Topics => policy::topics(facts, today),
        Shelf::People => policy::people(facts, today),
        Shelf::Policies(filter) => policy::list(filter, facts, today),
        Shelf::Policy { id, is_whole } => policy::one(id, *is_whole, facts, today),
        Shelf::Guide => guide::list(facts),
        Shelf::GuidePeople => guide::people(facts),
        Shelf::GuideFor(who) => guide::for_people(who, facts),
        Shelf::GuideItem(id) => guide::one(id, facts),
        Shelf::Notices => public_list::notices(facts, today),
        Shelf::Notice(id) => public_list::notice(id, facts, today),
        Shelf::Announcements => public_list::announcements(facts, today),
        Shelf::Announcement(id) => public_list::announcement(id, facts, today),
        Shelf::Stations => work_and_places::stations(facts),
        Shelf::Station(id) => work_and_places::station(id, facts),
        Shelf::GigJobs => work_and_places::gig_jobs(facts, around.wall),
        Shelf::GigJob(id) => work_and_places::gig_job(id, facts, around.wall),
    }
}

fn contents(facts: &HallFacts, around: &Surroundings) -> Scene {
    let today = around.wall.hall_date();
    let notices = facts.notices_on(today).len();
    let mut choices = vec![
        choice("政策，按事情找", "补贴、贷款、失业金", Shelf::Topics),
        choice("政策，按身份找", "毕业生、困难人员、单位", Shelf::People),
        choice("办事指南", "要带什么、几天办好、到哪办", Shelf::Guide),
        choice("服务网点", "地址和电话", Shelf::Stations),
        choice("今天的零工", "干几个小时、一天的活", Shelf::GigJobs),
    ];
    if notices > 0 {
        choices.push(choice("通知", &format!("{notices} 条"), Shelf::Notices));
    }
    Scene::Choose(ChooseScene {
        title: "政策和办事指南".into(),
        note: "您想看哪一样？".into(),
        choices,
        ..ChooseScene::default()
    })
}

fn choice(title: &str, under: &str, shelf: Shelf) -> Choice {
    Choice {
        title: title.into(),
        under: under.into(),
        count: String::new(),
        is_chosen: false,
        goal: Goal::Open(Flow::Shelf(shelf)),
    }
}

fn open(shelf: Shelf) -> Act {
    Act::Open(Box::new(Flow::Shelf(shelf)))
}

fn entry(label: &str, text: impl Into<String>) -> Entry {
    Entry {
        label: label.into(),
        text: text.into(),
        is_strong: false,
    }
}

/// Nothing to show: what is so, and where to go instead.
fn nothing(page_title: &'static str, title: &str, text: String, acts: Vec<Offer>) -> Scene {
    Scene::Told(ToldScene {
        page_title,
        title: title.into(),
        text,
        is_good: false,
        card_time_left: None,
        acts,
    })
}

/// What was on the screen a moment ago has been taken back, or its last day is over.
fn gone(page_title: &'static str) -> Scene {
    nothing(
        page_title,
        "这一条刚刚撤下了",
        "点返回看别的，或者叫人问一问。".into(),
        vec![
            Offer::other("叫人来看看", Act::AskPerson),
            Offer::primary("好了，回首页", Act::Home),
        ],
    )
}

/// Where to ask by telephone, if it is known.
fn or_ring(facts: &HallFacts) -> String {
    match facts.shelf().centre_phone() {
        Some(phone) => format!("也可以打电话问：{phone}。"),
        None => String::new(),
    }
}
