//! 按我的情况找工作 in words: the questions, what fits, and why. Points are told without percent: they
//! compare vacancies with each other and promise nothing.

use domain::listing::{Education, JobForm, Listing};
use domain::matching::{Finding, Fit, Fits, Part, Silent};

use super::{Choice, ChooseScene, Goal, Offer, ReadScene, Scene, ToldScene, waiting};
use crate::app::event::Surroundings;
use crate::app::flow::matching::{EDUCATIONS, MatchStep, PAYS};
use crate::app::flow::wish::WishFor;
use crate::app::flow::{Act, Flow, Matching, Wish};
use crate::view_model::job_search::pay_words;
use crate::view_model::lines::Entry;
use crate::view_model::words::thousands;

const PAGE: &str = "按我的情况找";

/// The page now.
pub(super) fn scene(matching: &Matching, around: &Surroundings) -> Scene {
    match matching.step {
        MatchStep::Consent => consent(),
        MatchStep::Work => works(matching),
        MatchStep::Place => places(matching),
        MatchStep::Pay => pays(),
        MatchStep::Education => educations(),
        MatchStep::Form => forms(),
        MatchStep::Weighing => waiting(PAGE),
        MatchStep::Results => results(matching, around),
        MatchStep::Reasons(index) => match matching.results.get(index) {
            Some((listing, fit)) => reasons(listing, fit),
            None => results(matching, around),
        },
    }
}

fn consent() -> Scene {
    let entries = vec![
        entry(
            "做什么",
            "问您五个问题，把岗位按合不合适排一排，每个都说为什么。",
        ),
        entry("不看什么", "不问姓名、性别、年龄，也不用证件。"),
        entry("存不存", "您的回答不保存，离开就清掉，也不送出这台机器。"),
        entry("不想排", "也可以自己看，岗位一个不少。"),
    ];
    Scene::Read(ReadScene {
        page_title: PAGE,
        title: "帮您把岗位排一排？".into(),
        entries,
        acts: vec![
            Offer::other("不用，自己看", Act::FindJobs),
            Offer::primary("好，帮我排", Act::Continue),
        ],
        ..ReadScene::default()
    })
}

fn entry(label: &str, text: impl Into<String>) -> Entry {
    Entry {
        label: label.into(),
        text: text.into(),
        is_strong: false,
    }
}

fn ask(question: &str, note: &str, choices: Vec<Choice>, can_skip: bool) -> Scene {
    let skip = Offer::other("都行，下一题", Act::Skip);
    Scene::Choose(ChooseScene {
        title: PAGE.into(),
        question: question.into(),
        note: note.into(),
        choices,
        acts: if can_skip { vec![skip] } else { Vec::new() },
        ..ChooseScene::default()
    })
}

fn works(matching: &Matching) -> Scene {
    let works = matching.works.iter().enumerate();
    let choices = works.map(|(index, work)| Choice {
        under: work.hint.clone(),
        ..Choice::pick(index, &work.name)
    });
    ask(
        "您想做哪一类工作？",
        "第 1 题，共 5 题",
        choices.collect(),
        false,
    )
}

fn places(matching: &Matching) -> Scene {
    let places = matching.places.iter().enumerate();
    let choices = places.map(|(index, place)| Choice::pick(index, place));
    ask(
        "您想在哪里上班？",
        "第 2 题，共 5 题",
        choices.collect(),
        true,
    )
}

fn pays() -> Scene {
    let choices = PAYS.iter().enumerate().map(|(index, yuan)| {
        let yuan = thousands(u32::try_from(*yuan).unwrap_or_default());
        Choice::pick(index, format!("{yuan} 元以上"))
    });
    ask(
        "每个月最少要多少？",
        "第 3 题，共 5 题",
        choices.collect(),
        true,
    )
}

fn educations() -> Scene {
    let word = |education| match education {
        Education::JuniorMiddle => "初中",
        Education::SeniorMiddle => "高中、中专、技校",
        Education::JuniorCollege => "大专",
        Education::Bachelor => "本科",
        _ => "硕士、博士",
    };
    let choices = EDUCATIONS.iter().enumerate();
    let choices = choices.map(|(index, education)| Choice::pick(index, word(*education)));
    ask(
        "您读到哪里？",
        "第 4 题，共 5 题。不说也行。",
        choices.collect(),
        true,
    )
}

fn forms() -> Scene {
    let choices = JobForm::ALL.iter().enumerate();
    let choices = choices.map(|(index, form)| Choice::pick(index, form.text()));
    ask("怎么上班？", "第 5 题，共 5 题", choices.collect(), true)
}

fn results(matching: &Matching, around: &Surroundings) -> Scene {
    let today = around.wall.hall_date();
    let open = matching.results.iter().enumerate();
    let open = open.filter(|(_, (listing, _))| listing.is_open_on(today));
    let choices: Vec<_> = open
        .map(|(index, (listing, fit))| result(index, listing, fit))
        .collect();
    if choices.is_empty() {
        return Scene::Told(ToldScene {
            page_title: PAGE,
            title: "这一类现在没有岗位".into(),
            text: "点返回换一类，或者看看全部岗位。也可以留个手机号，请人帮您找。".into(),
            is_good: false,
            card_time_left: None,
            acts: vec![
                Offer::other("请人帮我找", ask_guidance(None)),
                Offer::primary("看全部岗位", Act::FindJobs),
            ],
        });
    }
    Scene::Choose(ChooseScene {
        title: PAGE.into(),
        note: "合适的排在前面。点一个，看为什么。".into(),
        choices,
        acts: vec![Offer::other("请人帮我找", ask_guidance(None))],
        ..ChooseScene::default()
    })
}

fn result(index: usize, listing: &Listing, fit: &Fit) -> Choice {
    let points = (fit.written_hundredths() + 50) / 100;
    let employer = listing.employer.as_deref().unwrap_or("单位没写");
    Choice {
        title: listing.title.clone(),
        under: format!("{}，{employer}", pay_words(listing)),
        count: format!("{points} 分"),
        is_chosen: false,
        goal: Goal::Pick(index),
    }
}

fn ask_guidance(listing: Option<&Listing>) -> Act {
    let listing = listing.map(|it| (it.short_id.clone(), it.title.clone()));
    let wish = Wish::opened(WishFor::Career { listing });
    Act::Open(Box::new(Flow::Wish(wish)))
}

fn reasons(listing: &Listing, fit: &Fit) -> Scene {
    let mut entries: Vec<_> = fit.parts.iter().filter_map(reason).collect();
    if entries.is_empty() {
        entries.push(entry("", "这个岗位写得少，看不出合不合适。请点进去看看。"));
    }
    let points = (fit.written_hundredths() + 50) / 100;
    Scene::Read(ReadScene {
        page_title: PAGE,
        title: listing.title.clone(),
        under: format!(
            "{}。{points} 分，满分 100，只是比一比，要不要您由单位定。",
            pay_words(listing)
        ),
        entries,
        acts: vec![
            Offer::other("请人帮我报名", ask_guidance(Some(listing))),
            Offer::primary("看这个岗位", Act::OpenListing(Box::new(listing.clone()))),
        ],
        ..ReadScene::default()
    })
}

/// What was found in a part, for who looks for work; nothing where the person said nothing.
fn reason(part: &Part) -> Option<Entry> {
    let text = match part.finding {
        Finding::Unsaid(Silent::Seeker) | Finding::Untold => return None,
        Finding::Unsaid(Silent::Offer) => "岗位没写，去之前问一问".to_owned(),
        Finding::SameWork => "就是您想找的".to_owned(),
        Finding::SameClass => "是同一类工作".to_owned(),
        Finding::NearClass => "是相近的工作".to_owned(),
        Finding::OtherWork => "和您想找的不太一样".to_owned(),
        Finding::InPlace => "就在您想去的地方".to_owned(),
        Finding::SameCounty => "和您想去的地方在一个区县".to_owned(),
        Finding::SameCity => "和您想去的地方在一个市".to_owned(),
        Finding::Elsewhere => "不在您想去的地方".to_owned(),
        Finding::EnoughEducation { asked } => format!("够了，要求{}", asked.text()),
        Finding::BelowEducation { asked, .. } => {
            format!("要求{}，可以问问能不能放宽", asked.text())
        }
        Finding::Times { form, .. } => match form {
            Fits::Yes => "上班的方式合您的意".to_owned(),
            Fits::No => "上班的方式和您想的不一样".to_owned(),
            Fits::Unknown => return None,
        },
        Finding::Skills { .. } | Finding::Pay { .. } | Finding::AnyEducation => part.finding.text(),
    };
    Some(entry(part.facet.name(), text))
}
