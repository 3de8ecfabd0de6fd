//! Somebody shall ring, in words. What the number is for is said before it is asked for.

use domain::time::{month_day_text, weekday_text};
use wire::citizen::{Asked, CallTime};

use super::{
    Choice, ChooseScene, DigitsScene, Offer, ReadScene, Scene, ToldScene, no_line, out_of_order,
    ways_to_a_window,
};
use crate::app::flow::wish::{NotAsked, TIMES, WishFor, WishStep};
use crate::app::flow::{Act, SecretDigits, TicketFor, Wish};
use crate::view_model::lines::Entry;

/// Shown of a telephone number: the first three digits and the last four.
const SHOWN_FIRST: usize = 3;
const SHOWN_LAST_FROM: usize = 7;

/// The page now.
pub(super) fn scene(wish: &Wish) -> Scene {
    let page = page_title(&wish.wanted);
    match &wish.step {
        WishStep::Consent => consent(wish, page),
        WishStep::Phone => phone(wish),
        WishStep::Time => times(wish, page),
        WishStep::Asked(asked) => done(asked, page),
        WishStep::Told(NotAsked::NoLine) => no_line(page),
        WishStep::Told(NotAsked::OutOfOrder) => out_of_order(page),
        WishStep::Told(NotAsked::Refused(sentence)) => {
            told(page, "这次没留成", sentence, ways_to_a_window())
        }
        WishStep::Told(NotAsked::Unanswered) => {
            let text = "不知道有没有收到。点“再送一次”，不会记成两回。";
            let acts = vec![
                Offer::other("叫人来看看", Act::AskPerson),
                Offer::primary("再送一次", Act::Continue),
            ];
            told(page, "没有等到回音", text, acts)
        }
    }
}

fn page_title(wanted: &WishFor) -> &'static str {
    match wanted {
        WishFor::Career { listing: Some(_) } => "请人帮我报名",
        WishFor::Career { listing: None } => "请职业指导",
        WishFor::Startup => "请创业指导",
        WishFor::Application { .. } => "请人帮我申请",
    }
}

fn told(page_title: &'static str, title: &str, text: &str, acts: Vec<Offer>) -> Scene {
    Scene::Told(ToldScene {
        page_title,
        title: title.into(),
        text: text.into(),
        is_good: false,
        card_time_left: None,
        acts,
    })
}

fn consent(wish: &Wish, page_title: &'static str) -> Scene {
    let about = match &wish.wanted {
        WishFor::Career {
            listing: Some((_, title)),
        } => format!("问问“{title}”还招不招、怎么报名"),
        WishFor::Career { listing: None } => "聊聊您适合做什么、怎么找".to_owned(),
        WishFor::Startup => "聊聊创业要办什么、能贷多少".to_owned(),
        WishFor::Application { name, .. } => format!("帮您申请{name}"),
    };
    let entries = vec![
        entry("做什么", format!("工作人员给您打电话，{about}。")),
        entry("要什么", "只要一个手机号。不用证件，不用姓名。".into()),
        entry(
            "怎么用",
            "号码只用来回这个电话，打完就不再用。您可以随时到窗口要求删掉。".into(),
        ),
        entry("不想留", "也可以直接取号到窗口说，一样办。".into()),
        entry("请注意", "没满 14 岁的，请让家里大人来办。".into()),
    ];
    Scene::Read(ReadScene {
        page_title,
        title: "留一个手机号，行吗？".into(),
        entries,
        acts: vec![
            Offer::other("不留，去取号", Act::TakeTicket(TicketFor::default())),
            Offer::primary("同意，留号码", Act::Continue),
        ],
        ..ReadScene::default()
    })
}

fn entry(label: &str, text: String) -> Entry {
    Entry {
        label: label.into(),
        text,
        is_strong: false,
    }
}

fn phone(wish: &Wish) -> Scene {
    let is_whole = wish.phone.is_whole();
    let wrong = is_whole && !wish.may_be_a_mobile();
    Scene::Digits(DigitsScene {
        title: "您的手机号？",
        hint: "11 个数字。中间四个数遮住，别人看不见。".into(),
        name: "手机号",
        text: masked(&wish.phone),
        message: if wrong {
            "这不像手机号，请再看一下。".into()
        } else {
            String::new()
        },
        can_erase: !wish.phone.is_empty(),
        with_x: false,
        acts: vec![
            Offer::other("请人来按", Act::AskPerson),
            Offer::primary("下一步", Act::Continue).only_if(is_whole && !wrong),
        ],
    })
}

fn masked(phone: &SecretDigits) -> String {
    phone.masked(|index| !(SHOWN_FIRST..SHOWN_LAST_FROM).contains(&index))
}

fn times(wish: &Wish, title: &str) -> Scene {
    let times = TIMES.iter().enumerate();
    let note = if wish.is_asking {
        "正在送过去，请等一下。".to_owned()
    } else {
        format!("打到 {}。点一个就送过去。", masked(&wish.phone))
    };
    Scene::Choose(ChooseScene {
        title: title.into(),
        question: "什么时候给您打电话？".into(),
        note,
        choices: times
            .map(|(index, time)| Choice::pick(index, time_words(*time)))
            .collect(),
        ..ChooseScene::default()
    })
}

fn time_words(time: CallTime) -> &'static str {
    match time {
        CallTime::Morning => "上午",
        CallTime::Afternoon => "下午",
        CallTime::Any => "什么时候都行",
    }
}

fn done(asked: &Asked, page_title: &'static str) -> Scene {
    let by = asked.due_on.map(|day| {
        format!(
            "最晚{} {}会给您打电话。",
            month_day_text(day),
            weekday_text(day)
        )
    });
    let by = by.unwrap_or_else(|| "会有人给您打电话。".to_owned());
    Scene::Told(ToldScene {
        page_title,
        title: "已经记下了".into(),
        text: format!("{by}没接到也不要紧，可以到窗口问。"),
        is_good: true,
        card_time_left: None,
        acts: vec![Offer::primary("好了，回首页", Act::Home)],
    })
}
