//! The start page of a clerk (我的工作): what can be done now, one act a row, and the day so far.

use domain::id::WindowNo;
use domain::time::UtcMs;
use maud::{Markup, html};

use super::console::{WindowCell, window_strip};
use super::frame::{Desk, Live, MenuEntry, STAFF_STREAM, staff_page};
use super::lines::{LineTile, tiles_table};
use super::own_scores::OWN_SCORES_PATH;
use super::records::{WorkCard, work_card};

/// What the page shows.
#[derive(Debug, Clone)]
pub(crate) struct StartView {
    /// Now.
    pub(crate) now: UtcMs,
    /// Whether this person calls tickets at all.
    pub(crate) calls_tickets: bool,
    /// The window at which the person sits.
    pub(crate) window: Option<SeatLine>,
    /// People waiting in the whole hall.
    pub(crate) hall_waiting: usize,
    /// People served in the hall today.
    pub(crate) hall_served: u64,
    /// Satisfaction today, in words.
    pub(crate) satisfaction: String,
    /// Response rate today, in words.
    pub(crate) response: String,
    /// What wants doing, the most urgent first.
    pub(crate) tasks: Vec<Task>,
    /// Records that want doing.
    pub(crate) work: Vec<WorkCard>,
    /// The lines that this person sees, the own ones first.
    pub(crate) lines: Vec<LineTile>,
    /// The windows of the hall.
    pub(crate) windows: Vec<WindowCell>,
}

/// The own window.
#[derive(Debug, Clone)]
pub(crate) struct SeatLine {
    /// The window.
    pub(crate) window: WindowNo,
    /// Who waits for it.
    pub(crate) waiting: usize,
    /// The longest wait in minutes.
    pub(crate) longest_minutes: i64,
    /// Served there today.
    pub(crate) served: u64,
}

/// How urgent a task is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Urgency {
    /// Somebody stands there and waits.
    Now,
    /// Something is being lost.
    Alarm,
    /// Today.
    Today,
}

/// One row: what is so, and the one act that follows.
#[derive(Debug, Clone)]
pub(crate) struct Task {
    /// How urgent.
    pub(crate) urgency: Urgency,
    /// What is so.
    pub(crate) text: String,
    /// The act's words.
    pub(crate) act: &'static str,
    /// Where it is done.
    pub(crate) address: String,
}

/// The page.
pub(crate) fn start_page(desk: &Desk, view: &StartView) -> Markup {
    let live = Live {
        page: "/staff".to_owned(),
        stream: STAFF_STREAM,
        seconds_without_script: Some(30),
    };
    let date = view.now.hall_date();
    let mine = view.window.as_ref().map(|seat| seat.window);
    let content = html! {
        div.stack {
            div.row {
                h1 {
                    "今天，" (domain::time::month_day_text(date)) " "
                    (domain::time::weekday_text(date))
                }
                span.soft { (desk.staff_name) "，您好" }
                @if view.calls_tickets {
                    a.push.button.primary href=(console_address(view)) data-key="F2" {
                        (if view.window.is_some() { "去叫号" } else { "选窗口，去叫号" }) kbd { "F2" }
                    }
                }
            }
            div.split {
                div.stack {
                    div.card #tasks data-live { (tasks(view)) }
                    div.card #work data-live { (work_card(&view.work)) }
                    @if !view.lines.is_empty() {
                        div.card #lines data-live { h2 { "业务线" } (tiles_table(&view.lines)) }
                    }
                    @if view.calls_tickets {
                        div.card #windows data-live { (window_strip(&view.windows, mine)) }
                    }
                    (entries(desk))
                }
                div.card #day data-live { (day(view)) }
            }
        }
        p.hint.noprint {
            "按键：" kbd { "J" } kbd { "K" } " 上下移动" kbd { "回车" } " 打开"
            @if view.calls_tickets { kbd { "F2" } " 去叫号" }
        }
    };
    staff_page(desk, MenuEntry::Start, "我的工作", Some(&live), &content)
}

fn console_address(view: &StartView) -> String {
    view.window.as_ref().map_or_else(
        || "/staff/console".to_owned(),
        |seat| format!("/staff/console?window={}", seat.window),
    )
}

/// Everything that this person's roles open.
fn entries(desk: &Desk) -> Markup {
    let others = desk.menu.iter().filter(|entry| **entry != MenuEntry::Start);
    html! {
        div.card {
            h2 { "您能办的" }
            p.pad.row {
                @for entry in others { a.button href=(entry.path()) { (entry.text()) } }
                @if desk.menu.contains(&MenuEntry::Console) {
                    a.button href=(OWN_SCORES_PATH) { "我的评价" }
                }
                a.button href="/staff/me" { "我的账号" }
            }
        }
    }
}

fn tasks(view: &StartView) -> Markup {
    html! {
        h2 { "现在能办的" }
        @if view.tasks.is_empty() {
            p.pad { "今天没有别的要办的。有人等号、有人叫帮忙、设备断线，都会出现在这里。" }
        } @else {
            table { tbody {
                @for task in &view.tasks {
                    tr {
                        td.tight { (urgency_tag(task.urgency)) }
                        td { b { (task.text) } }
                        td.right { a.button data-row href=(task.address) { (task.act) } }
                    }
                }
            } }
        }
    }
}

fn urgency_tag(urgency: Urgency) -> Markup {
    match urgency {
        Urgency::Now => html! { span.tag.stop { "有人在等" } },
        Urgency::Alarm => html! { span.tag.stop { "马上看" } },
        Urgency::Today => html! { span.tag.care { "今天" } },
    }
}

fn day(view: &StartView) -> Markup {
    html! {
        @if let Some(seat) = &view.window {
            h2 { (seat.window) " 号窗口" }
            p.pad {
                @if seat.waiting == 0 {
                    "现在没有人等本窗口。"
                } @else {
                    "还有 " b { (seat.waiting) } " 人在等，等得最久的 "
                    b { (seat.longest_minutes) " 分钟" } "。"
                }
            }
        } @else {
            h2 { "今天的大厅" }
        }
        table { tbody {
            @if let Some(seat) = &view.window {
                tr { td { "本窗口今天办了" } td.num { b { (seat.served) " 件" } } }
            }
            tr { td { "全厅今天办了" } td.num { b { (view.hall_served) " 件" } } }
            tr { td { "全厅在等" } td.num { b { (view.hall_waiting) " 人" } } }
            tr { td { "今天满意度" } td.num { b { (view.satisfaction) } } }
            tr { td { "有人评价" } td.num { b { (view.response) } } }
        } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::fixtures;

    #[test]
    fn a_day_without_tasks_says_so_instead_of_showing_nothing() {
        let mut view = fixtures::start();
        view.tasks.clear();
        let page = start_page(&fixtures::desk(), &view).into_string();
        assert!(page.contains("今天没有别的要办的"));
    }
}
