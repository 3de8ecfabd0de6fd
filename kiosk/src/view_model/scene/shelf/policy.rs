//! Policies: what they are about, for whom, the table and the whole text, and whether they hold.

use chrono::{Datelike as _, NaiveDate};
use domain::time::month_day_text;
use wire::public::{PolicyStanding, PolicyText};

use super::{choice, entry, gone, nothing, open, or_ring};
use crate::app::facts::HallFacts;
use crate::app::flow::shelf::PolicyFilter;
use crate::app::flow::{Act, Shelf, TicketFor};
use crate::app::published::{Policies, is_for};
use crate::view_model::lines::Entry;
use crate::view_model::scene::{Choice, ChooseScene, Offer, ReadScene, Scene};

const PAGE: &str = "查政策";

/// What policies are about.
pub(super) fn topics(facts: &HallFacts, today: NaiveDate) -> Scene {
    let policies = facts.policies();
    let mut choices = vec![everything(&policies, today)];
    choices.extend(policies.topics(today).into_iter().map(|(topic, count)| {
        let title = if topic.is_empty() { "别的" } else { &topic };
        counted(title, count, PolicyFilter::About(topic.clone()))
    }));
    by(&policies, choices, "您想办哪方面的事？", facts, today)
}

/// For whom policies are.
pub(super) fn people(facts: &HallFacts, today: NaiveDate) -> Scene {
    let policies = facts.policies();
    let mut choices = vec![everything(&policies, today)];
    let people = policies.people(today).into_iter();
    choices.extend(people.map(|(who, count)| counted(&who, count, PolicyFilter::For(who.clone()))));
    by(&policies, choices, "您是哪一种情况？", facts, today)
}

fn by(
    policies: &Policies,
    mut choices: Vec<Choice>,
    question: &str,
    facts: &HallFacts,
    today: NaiveDate,
) -> Scene {
    if policies.current(today).next().is_none() {
        return none(facts);
    }
    let ended = policies.ended(today).count();
    if ended > 0 {
        choices.push(counted("已经停止的政策", ended, PolicyFilter::Ended));
    }
    Scene::Choose(ChooseScene {
        title: PAGE.into(),
        question: question.into(),
        choices,
        ..ChooseScene::default()
    })
}

fn everything(policies: &Policies, today: NaiveDate) -> Choice {
    counted(
        "全部政策",
        policies.current(today).count(),
        PolicyFilter::Current,
    )
}

fn counted(title: &str, count: usize, filter: PolicyFilter) -> Choice {
    Choice {
        count: format!("{count} 条"),
        ..choice(title, "", Shelf::Policies(filter))
    }
}

fn none(facts: &HallFacts) -> Scene {
    let text = format!(
        "这台机器上还没有政策。请看办事指南，或者叫人问一问。{}",
        or_ring(facts)
    );
    let acts = vec![
        Offer::other("叫人问一问", Act::AskPerson),
        Offer::primary("看办事指南", open(Shelf::Guide)),
    ];
    nothing(PAGE, "现在没有可以看的政策", text, acts)
}

/// The policies of a filter.
pub(super) fn list(filter: &PolicyFilter, facts: &HallFacts, today: NaiveDate) -> Scene {
    let policies = facts.policies();
    let current = policies.current(today);
    let (shown, note): (Vec<_>, _) = match filter {
        PolicyFilter::Current => (current.collect(), "点一条，看一张表就懂。".to_owned()),
        PolicyFilter::About(topic) => (
            current.filter(|policy| policy.topic == *topic).collect(),
            if topic.is_empty() {
                String::new()
            } else {
                format!("关于{topic}的政策")
            },
        ),
        PolicyFilter::For(who) => (
            current.filter(|policy| is_for(policy, who)).collect(),
            format!("{who}可以看的政策"),
        ),
        PolicyFilter::Ended => (
            policies.ended(today).collect(),
            "这些政策已经停止，不能再按它办了。".to_owned(),
        ),
    };
    if shown.is_empty() {
        return none(facts);
    }
    Scene::Choose(ChooseScene {
        title: PAGE.into(),
        note,
        choices: shown.into_iter().map(|policy| row(policy, today)).collect(),
        acts: vec![Offer::other("按拼音找", Act::OpenKeypad)],
        ..ChooseScene::default()
    })
}

fn row(policy: &PolicyText, today: NaiveDate) -> Choice {
    let under = match policy.standing_on(today) {
        PolicyStanding::InForce => policy.document_no.clone(),
        PolicyStanding::Coming { from } => format!("{}起执行", month_day_text(from)),
        PolicyStanding::Ended { .. } => format!("已经停止 {}", policy.document_no),
    };
    let id = policy.id.clone();
    let is_whole = policy.summary.is_empty();
    choice(
        &policy.title,
        under.trim_end(),
        Shelf::Policy { id, is_whole },
    )
}

/// One policy: its table or its whole text.
pub(super) fn one(id: &str, is_whole: bool, facts: &HallFacts, today: NaiveDate) -> Scene {
    let policies = facts.policies();
    let Some(policy) = policies.get(id) else {
        return gone(PAGE);
    };
    let has_both = !policy.summary.is_empty() && !policy.text.is_empty();
    let shows_text = !policy.text.is_empty() && (is_whole || policy.summary.is_empty());
    let standing = policy.standing_on(today);
    Scene::Read(ReadScene {
        page_title: PAGE,
        title: policy.title.clone(),
        tag: Some(tag(standing)),
        under: validity(policy),
        tabs: if has_both {
            vec!["一张表看懂", "全文"]
        } else {
            Vec::new()
        },
        tab: usize::from(shows_text),
        entries: entries(policy, shows_text),
        acts: acts(policy, standing),
    })
}

fn tag(standing: PolicyStanding) -> (bool, String) {
    match standing {
        PolicyStanding::InForce => (true, "正在执行".into()),
        PolicyStanding::Coming { from } => (false, format!("{}起执行", month_day_text(from))),
        PolicyStanding::Ended { since } => (false, format!("{}起停止了", day(since))),
    }
}

/// Document number, from when until when, and what came instead.
fn validity(policy: &PolicyText) -> String {
    let from = format!("{}起", day(policy.valid_from));
    let mut said = vec![policy.document_no.clone(), from];
    said.extend(policy.valid_to.map(|to| format!("到{}为止", day(to))));
    said.extend(
        policy
            .replaced_by
            .as_ref()
            .map(|title| format!("现在看《{title}》")),
    );
    said.retain(|part| !part.is_empty());
    said.join("，")
}

fn day(day: NaiveDate) -> String {
    format!("{}年{}", day.year(), month_day_text(day))
}

fn entries(policy: &PolicyText, shows_text: bool) -> Vec<Entry> {
    if shows_text {
        return policy
            .text
            .iter()
            .map(|paragraph| entry("", paragraph))
            .collect();
    }
    if policy.summary.is_empty() {
        let said = "这份文件的内容还没有录进来。请叫人讲给您听，或者取号到窗口问。";
        return vec![entry("", said)];
    }
    let rows = policy.summary.iter();
    rows.map(|row| entry(&row.label, row.text.as_str()))
        .collect()
}

fn acts(policy: &PolicyText, standing: PolicyStanding) -> Vec<Offer> {
    if matches!(standing, PolicyStanding::Ended { .. }) {
        return vec![
            Offer::other("请人讲给我听", Act::AskPerson),
            Offer::primary("看现在的政策", open(Shelf::Policies(PolicyFilter::Current))),
        ];
    }
    let wanted = TicketFor {
        group: policy.group,
        matter: Some(policy.title.clone()),
    };
    vec![
        Offer::other("请人讲给我听", Act::AskPerson),
        Offer::primary("取号去办", Act::TakeTicket(wanted)),
    ]
}
