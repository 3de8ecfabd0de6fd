//! Invented content for every page: names, employers, numbers and addresses are made up.
//!
//! Production code never reads from here; the CLI's `snapshot` and the page tests do.

mod appointments;
mod display;
mod jobs;
mod matters;
mod plain;
mod slip;
mod standing;

use slint::{Global, Image, ModelRc, VecModel};

use super::Sheet;
use crate::qr;
use crate::ui::{
    Appointments, Attract, Fact, HelpState, Home, JobDetail, JobFilter, JobNone, JobSearch,
    KioskWindow, LaneKey, LetterKey, LookupStep, Priority, PriorityMark, QueueDisplay, Reason,
    RemoteState, Score, ScoreLookup, ServiceDesk, Shell, Slot, Theme, TicketChoose, TicketGroup,
    TicketMatters, TicketSlip, WindowIdle,
};

/// Fills every global with the content of a sheet and shows its page.
pub(super) fn fill(window: &KioskWindow, sheet: Sheet) {
    Theme::get(window).set_terminal(sheet.is_terminal());
    fill_shell(&Shell::get(window), sheet);
    standing::fill_shell(&Shell::get(window), sheet);
    standing::fill_attract(&Attract::get(window), sheet);
    standing::fill_service(&ServiceDesk::get(window), sheet);
    fill_home(&Home::get(window), sheet);
    jobs::fill_search(&JobSearch::get(window), sheet);
    jobs::fill_filter(&JobFilter::get(window), sheet);
    jobs::fill_none(&JobNone::get(window));
    jobs::fill_detail(&JobDetail::get(window), sheet);
    fill_choose(&TicketChoose::get(window), sheet);
    matters::fill(&TicketMatters::get(window));
    slip::fill(&TicketSlip::get(window), sheet);
    appointments::fill(&Appointments::get(window), sheet);
    fill_lookup(&ScoreLookup::get(window), sheet);
    fill_score(&Score::get(window));
    plain::fill(window, sheet);
    fill_idle(&WindowIdle::get(window));
    display::fill(&QueueDisplay::get(window), sheet);
    Shell::get(window).set_page(sheet.page());
}

fn fill_shell(shell: &Shell<'_>, sheet: Sheet) {
    shell.set_place("月湖区就业之家".into());
    shell.set_site("示例一街道站".into());
    shell.set_date_text("11月23日 星期一".into());
    shell.set_weekday_text("周一".into());
    shell.set_clock_text("10:24".into());
    let offline = [
        Sheet::HomeOffline,
        Sheet::HomeEmergency,
        Sheet::TicketOffline,
        Sheet::DisplayOffline,
    ];
    shell.set_emergency([Sheet::HomeEmergency, Sheet::DisplayEmergency].contains(&sheet));
    let told = "请马上离开大厅，走安全出口。请听工作人员指挥，从最近的安全出口走，不要坐电梯。\
                老人、孕妇和坐轮椅的人，工作人员马上来帮。";
    shell.set_emergency_text(told.into());
    shell.set_offline(offline.contains(&sheet));
    let still = if sheet.is_display() {
        "请留意窗口叫号。"
    } else {
        "取号、找工作都能用。"
    };
    shell.set_offline_text(format!("现在没连上网，信息截至 10:23。{still}").into());
    shell.set_help(if sheet == Sheet::HomeHelp {
        HelpState::Coming
    } else {
        HelpState::Idle
    });
    shell.set_help_text("已经叫人了，请在这里等。导办员正在过来。".into());
    shell.set_remote(match sheet {
        Sheet::RemoteAsk => RemoteState::Asking,
        Sheet::RemoteActive => RemoteState::Active,
        _ => RemoteState::None,
    });
    shell.set_remote_ask_title("让工作人员帮您点吗？".into());
    shell.set_remote_ask_text("工作人员万秀英会看到这块屏幕，也能替您点。随时可以停。".into());
    shell.set_remote_text("工作人员万秀英正在帮您".into());
    shell.set_timeout_shown(sheet == Sheet::Timeout);
    shell.set_timeout_seconds(12);
    shell.set_timeout_left(0.6);
    shell.set_timeout_text("没人点的话，会清掉您看的内容，回到首页".into());
}

fn fill_home(home: &Home<'_>, sheet: Sheet) {
    home.set_certificates(sheet == Sheet::HomeCertificates);
    home.set_part(i32::from(sheet == Sheet::HomeOthers));
    home.set_jobs_fact("3,128 个岗位在招".into());
    home.set_queue_fact("14 人在等，约 12–20 分钟".into());
    let facts = [
        ("在招岗位", "3,128 个"),
        ("大厅等候", "14 人"),
        ("大约要等", "12–20 分"),
    ];
    home.set_facts(rows(facts.map(|(name, value)| Fact {
        name: name.into(),
        value: value.into(),
    })));
    home.set_newest(rows(jobs::job_rows(0).into_iter().take(3)));
}

fn fill_choose(choose: &TicketChoose<'_>, sheet: Sheet) {
    choose.set_slot(if sheet == Sheet::TicketClosed {
        Slot::Closed
    } else {
        Slot::Open
    });
    choose.set_closed_title("现在不能取号".into());
    choose.set_closed_text("机器存不下新的号了，已经取到的号都有效。请到服务台取号。".into());
    let priorities = [
        (PriorityMark::Elder, "60 岁以上", true),
        (PriorityMark::Disabled, "残疾人", false),
        (PriorityMark::Baby, "孕妇、抱孩子", false),
        (PriorityMark::Soldier, "军人、退役", false),
    ];
    choose.set_priorities(rows(priorities.map(|(mark, text, chosen)| Priority {
        mark,
        text: text.into(),
        chosen,
    })));
    let page = usize::try_from(choose.get_groups_per_page()).unwrap_or(1);
    choose.set_groups(rows(GROUPS.into_iter().take(page).map(ticket_group)));
    choose.set_page_text(format!("第 1 / {} 页", GROUPS.len().div_ceil(page)).into());
    choose.set_can_previous(false);
    choose.set_can_next(GROUPS.len() > page);
}

/// Letter, matter, hint, waiting, wait; no wait means closed.
const GROUPS: [(&str, &str, &str, &str, &str); 5] = [
    (
        "A",
        "找工作、就业登记",
        "就业、失业登记，就业补贴",
        "6 人在等",
        "约 12–20 分钟",
    ),
    (
        "B",
        "创业贷款",
        "申请、续贷、还款",
        "2 人在等",
        "约 10–25 分钟",
    ),
    (
        "C",
        "失业保险",
        "领失业金、转移、技能补贴",
        "4 人在等",
        "约 8–15 分钟",
    ),
    ("D", "人事档案", "调档、存档、开证明", "没人等", "现在就办"),
    ("E", "培训和见习", "下午 2:00 再来取号", "上午已停号", ""),
];

fn ticket_group(
    (letter, title, under, waiting, wait): (&str, &str, &str, &str, &str),
) -> TicketGroup {
    TicketGroup {
        letter: letter.into(),
        title: title.into(),
        under: under.into(),
        waiting: waiting.into(),
        wait: wait.into(),
        open: !wait.is_empty(),
    }
}

fn fill_lookup(lookup: &ScoreLookup<'_>, sheet: Sheet) {
    let step = match sheet {
        Sheet::ScoreNumber => LookupStep::Number,
        Sheet::ScoreCode => LookupStep::Code,
        _ => LookupStep::Letter,
    };
    lookup.set_step(step);
    let (title, hint) = match step {
        LookupStep::Letter => ("号票第一个字母？", "看您的号票，最大的那行字。"),
        LookupStep::Number => ("号票上的数字？", "字母后面的三个数。"),
        LookupStep::Code => ("校验码是多少？", "号码下面的 4 个数。"),
    };
    lookup.set_title(title.into());
    lookup.set_hint(hint.into());
    let letters = [
        ("A", "找工作、登记"),
        ("B", "创业贷款"),
        ("C", "失业保险"),
        ("D", "人事档案"),
        ("E", "培训见习"),
        ("V", "优先号"),
    ];
    lookup.set_letters(rows(letters.map(|(letter, matter)| LetterKey {
        letter: letter.into(),
        matter: matter.into(),
        label: format!("{letter} {matter}").into(),
    })));
    let lanes = [
        ("没有 K", true),
        ("K1", false),
        ("K2", false),
        ("K3", false),
    ];
    lookup.set_lanes(rows(lanes.map(|(text, chosen)| LaneKey {
        text: text.into(),
        chosen,
    })));
    lookup.set_number_text(
        if step == LookupStep::Code {
            "A032"
        } else {
            "A03_"
        }
        .into(),
    );
    lookup.set_code_text("47__".into());
    lookup.set_can_erase(true);
    lookup.set_can_continue(step == LookupStep::Number);
    let message = if step == LookupStep::Code {
        "没找到这个号，请再看一下号票上的 4 个数"
    } else {
        ""
    };
    lookup.set_message(message.into());
}

fn fill_score(score: &Score<'_>) {
    score.set_ticket_number("A024".into());
    score.set_matter("失业登记，刚刚办完".into());
    score.set_window_text("3 号窗口".into());
    score.set_clerk_text("工号 0312".into());
    score.set_title("这件事办得怎么样？".into());
    score.set_hint("打分不记名，工作人员看不到是谁打的。".into());
    score.set_seconds_text("还剩 24 秒。不想打分也没关系。".into());
    score.set_seconds(24);
    score.set_left(0.8);
    score.set_reasons_hint("您选了“不满意”。会有另外的人来查，不由本窗口处理。".into());
    let page = usize::try_from(score.get_reasons_per_page()).unwrap_or(1);
    let chosen = [2, 4];
    score.set_reasons(rows(REASONS.into_iter().take(page).enumerate().map(
        |(index, text)| Reason {
            text: text.into(),
            chosen: chosen.contains(&index),
        },
    )));
    let more = REASONS.len().saturating_sub(page);
    score.set_more_text(
        if more == 0 {
            String::new()
        } else {
            format!("还有 {more} 条")
        }
        .into(),
    );
    score.set_thanks_text("您的评价已经记下了。".into());
}

const REASONS: [&str; 12] = [
    "态度不好，互相推",
    "业务不熟，没讲清楚",
    "材料没有一次说全",
    "要了不该要的材料",
    "等得太久",
    "超过了答应的时间",
    "跑了好几趟、好几处",
    "和指南写的不一样",
    "机器或系统坏了",
    "环境、引导不方便",
    "收费或指定中介",
    "其他，我来说",
];

fn fill_idle(idle: &WindowIdle<'_>) {
    idle.set_window_number("3".into());
    idle.set_matters("就业登记、失业登记、求职".into());
    idle.set_also_text("也办优先号".into());
    idle.set_clerk_number("0312".into());
    idle.set_state_text("正在办".into());
    idle.set_ticket_number("A025".into());
}

fn code(content: &str) -> Image {
    qr::picture(content).expect("an invented address fits, because it is short")
}

fn rows<T: Clone + 'static>(items: impl IntoIterator<Item = T>) -> ModelRc<T> {
    ModelRc::new(items.into_iter().collect::<VecModel<T>>())
}
