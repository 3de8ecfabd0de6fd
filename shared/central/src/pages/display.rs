//! The hall display (大厅屏): who is called where, who was called before, and how long the groups
//! wait. After mock-up 12: 1920×1080, no names, at most five groups and four past calls; a past
//! call keeps its place in the order of time. Sound belongs to the hall's speaker, not here.

use domain::queue::{HallQueue, Ticket, TicketState};
use domain::time::{UtcMs, month_day_text, weekday_text};
use maud::{Markup, html};

use super::frame::{Live, QUEUE_STREAM, Site, glass_page, mark};
use crate::overview::HallSnapshot;

const GROUPS_MAX: usize = 5;
const PAST_CALLS_MAX: usize = 4;
const NUMBERS_MAX: usize = 3;
/// A call this young still flashes.
const NEW_CALL_MS: i64 = 5_000;

/// What the glass shows.
#[derive(Debug, Clone)]
pub(crate) struct DisplayView {
    /// Where.
    pub(crate) site: Site,
    /// The page's own address.
    pub(crate) address: String,
    /// Now.
    pub(crate) now: UtcMs,
    /// Calls, the newest first.
    pub(crate) calls: Vec<CallLine>,
    /// Groups that wait.
    pub(crate) groups: Vec<GroupWait>,
}

/// A call.
#[derive(Debug, Clone)]
pub(crate) struct CallLine {
    /// The number.
    pub(crate) label: String,
    /// The window.
    pub(crate) window: String,
    /// When.
    pub(crate) at: UtcMs,
    /// Whether the person has not come yet.
    pub(crate) is_open: bool,
}

/// A group.
#[derive(Debug, Clone)]
pub(crate) struct GroupWait {
    /// Its name.
    pub(crate) name: String,
    /// The next numbers.
    pub(crate) numbers: String,
    /// People waiting.
    pub(crate) waiting: usize,
    /// Expected wait in words.
    pub(crate) wait: String,
}

impl DisplayView {
    /// The display of a hall.
    pub(crate) fn of(hall: &HallSnapshot, is_demo: bool, now: UtcMs) -> Self {
        let group = |(code, line): (&domain::id::GroupCode, &crate::overview::GroupLine)| {
            let numbers: Vec<String> = hall
                .queue
                .waiting_in(*code)
                .take(NUMBERS_MAX)
                .map(|ticket| ticket.issued.label.to_string())
                .collect();
            GroupWait {
                name: line.name.clone(),
                numbers: numbers.join("  "),
                waiting: line.waiting,
                wait: line.wait.text(),
            }
        };
        Self {
            site: Site {
                station_name: hall.station_name.clone(),
                is_demo,
            },
            address: format!("/display?hall={}", hall.hall),
            now,
            calls: calls(&hall.queue),
            groups: hall.groups.iter().take(GROUPS_MAX).map(group).collect(),
        }
    }
}

fn calls(queue: &HallQueue) -> Vec<CallLine> {
    let mut calls: Vec<CallLine> = queue.tickets.values().filter_map(call).collect();
    calls.sort_by_key(|call| std::cmp::Reverse(call.at));
    calls.truncate(1 + PAST_CALLS_MAX);
    calls
}

fn call(ticket: &Ticket) -> Option<CallLine> {
    let (window, at, is_open) = match ticket.state {
        TicketState::Called { window, at, .. } => (window, at, true),
        TicketState::Serving { window, since } => (window, since, false),
        _ => return None,
    };
    let (label, window) = (ticket.issued.label.to_string(), window.to_string());
    Some(CallLine {
        label,
        window,
        at,
        is_open,
    })
}

/// The page.
pub(crate) fn display_page(view: &DisplayView) -> Markup {
    let live = Live {
        page: view.address.clone(),
        stream: QUEUE_STREAM,
        seconds_without_script: Some(5),
    };
    let content = html! {
        div.hall {
            header #clock data-live { (head_line(view)) }
            div.calls #calls data-live { (calls_panel(view)) }
            div.wait #wait data-live { (waits(view)) }
            footer { b { "提醒" } span { "请留意自己的号码。叫了三次没到，请到导办台找工作人员。" } }
        }
    };
    glass_page(&view.site, "大厅叫号", &live, &content)
}

fn head_line(view: &DisplayView) -> Markup {
    let date = view.now.hall_date();
    html! {
        (mark()) b { (view.site.station_name) }
        @if view.site.is_demo { span.tag.demo { "演示数据" } }
        span.push { (month_day_text(date)) " " (weekday_text(date)) }
        b { (view.now.clock_text()) }
    }
}

fn calls_panel(view: &DisplayView) -> Markup {
    let Some((newest, past)) = view.calls.split_first() else {
        return html! { div.newest { "现在没有叫号" br; "取了号，请坐着等" } };
    };
    html! {
        div.newest.new[view.now.ms_since(newest.at) < NEW_CALL_MS] {
            (if newest.is_open { "正在叫号，请带好材料" } else { "刚才叫到" })
            div.big.lane[newest.label.len() > 5] {
                span { (newest.label) }
                span.window { (newest.window) small { "号窗口" } }
            }
        }
        @for call in past {
            div.past { b { (call.label) } span { "到 " em { (call.window) } " 号窗口" } }
        }
    }
}

fn waits(view: &DisplayView) -> Markup {
    html! {
        div.row { b { "还在等" } small.push { "时间是估计的" } }
        ul {
            @for group in &view.groups {
                li {
                    b { (group.name) } em { (group.wait) }
                    small {
                        @if group.waiting == 0 { "现在没人等" } @else { (group.numbers) }
                    }
                    small.num { (group.waiting) " 人" }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::fixtures;

    #[test]
    fn the_newest_call_stands_first_and_past_ones_are_bounded() {
        let view = fixtures::display();
        assert!(view.calls.windows(2).all(|pair| pair[0].at >= pair[1].at));
        assert!(view.calls.len() <= 1 + PAST_CALLS_MAX);
    }
}
