//! Notices, and publicity lists with their last day and whom to ring with an objection. The lists come
//! masked; nothing is added to them here.

use chrono::NaiveDate;
use domain::time::{month_day_text, weekday_text};
use wire::api::Notice;
use wire::public::Announcement;

use super::{choice, entry, gone, nothing};
use crate::app::facts::HallFacts;
use crate::app::flow::{Act, Shelf};
use crate::view_model::scene::{Choice, ChooseScene, Offer, ReadScene, Scene};

const NOTICES: &str = "通知";
const ANNOUNCEMENTS: &str = "看公示";

/// The notices of today.
pub(super) fn notices(facts: &HallFacts, today: NaiveDate) -> Scene {
    let notices = facts.notices_on(today);
    if notices.is_empty() {
        let text = "有了新的通知，会放在这里，也会在大屏上播。".to_owned();
        let acts = vec![Offer::primary("好了，回首页", Act::Home)];
        return nothing(NOTICES, "现在没有通知", text, acts);
    }
    let row = |notice: &&Notice| {
        let under = notice.rows.first().map_or("", |row| row.text.as_str());
        choice(&notice.title, under, Shelf::Notice(notice.id.clone()))
    };
    Scene::Choose(ChooseScene {
        title: NOTICES.into(),
        choices: notices.iter().map(row).collect(),
        ..ChooseScene::default()
    })
}

/// One notice.
pub(super) fn notice(id: &str, facts: &HallFacts, today: NaiveDate) -> Scene {
    let shown = facts.notices_on(today).into_iter().find(|it| it.id == id);
    let Some(notice) = shown else {
        return gone(NOTICES);
    };
    let until = notice.valid_to.map(|to| format!("到{}", day(to)));
    Scene::Read(ReadScene {
        page_title: NOTICES,
        title: notice.title.clone(),
        under: until.unwrap_or_default(),
        entries: notice
            .rows
            .iter()
            .map(|row| entry(&row.label, row.text.as_str()))
            .collect(),
        acts: vec![Offer::primary("请人讲给我听", Act::AskPerson)],
        ..ReadScene::default()
    })
}

/// The publicity lists of today.
pub(super) fn announcements(facts: &HallFacts, today: NaiveDate) -> Scene {
    let lists = facts.shelf().announcements(today);
    if lists.is_empty() {
        let text =
            "名单在公示的那几天可以在这里看，到期就撤下。想知道自己的事办到哪一步，可以查进度。";
        let acts = vec![
            Offer::other("叫人问一问", Act::AskPerson),
            Offer::primary("好了，回首页", Act::Home),
        ];
        return nothing(ANNOUNCEMENTS, "现在没有正在公示的名单", text.into(), acts);
    }
    let row = |list: &&Announcement| Choice {
        count: format!("到{}", month_day_text(list.until)),
        ..choice(
            &list.title,
            &list.category,
            Shelf::Announcement(list.id.clone()),
        )
    };
    Scene::Choose(ChooseScene {
        title: ANNOUNCEMENTS.into(),
        note: "点一条看名单。名字和证件号都遮住了一部分。".into(),
        choices: lists.iter().map(row).collect(),
        acts: vec![Offer::other("按拼音找", Act::OpenKeypad)],
        ..ChooseScene::default()
    })
}

/// One publicity list.
pub(super) fn announcement(id: &str, facts: &HallFacts, today: NaiveDate) -> Scene {
    let shown = facts
        .shelf()
        .announcements(today)
        .into_iter()
        .find(|it| it.id == id);
    let Some(list) = shown else {
        return gone(ANNOUNCEMENTS);
    };
    let mut entries: Vec<_> = list
        .text
        .iter()
        .map(|text| entry("", text.as_str()))
        .collect();
    if list.lines.is_empty() {
        entries.push(entry("", "有人提了意见，正在查，名单先不显示。"));
    }
    entries.extend(list.lines.iter().map(|line| entry("", line.as_str())));
    let object = format!(
        "对名单有意见，请在{}前打电话：{}。",
        day(list.until),
        list.objection_phone
    );
    entries.push(entry("", object));
    Scene::Read(ReadScene {
        page_title: ANNOUNCEMENTS,
        title: list.title.clone(),
        tag: Some(match list.is_corrected {
            false => (true, format!("公示到{}", day(list.until))),
            true => (false, format!("已更正，公示到{}", day(list.until))),
        }),
        entries,
        acts: vec![Offer::primary("我有意见，叫人来", Act::AskPerson)],
        ..ReadScene::default()
    })
}

fn day(day: NaiveDate) -> String {
    format!("{} {}", month_day_text(day), weekday_text(day))
}
