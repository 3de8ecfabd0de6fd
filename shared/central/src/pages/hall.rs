//! The hall manager's page (大厅现在): every window and queue as they are, who waits longest, what
//! is wrong, and the acts by which a manager mends it. What the day and the month came to is
//! `figures`.

use domain::id::{GroupCode, WindowNo};
use domain::queue::WindowStatus;
use maud::{Markup, html};

use super::frame::{Desk, Live, MenuEntry, QUEUE_STREAM, Said, said, staff_page};

mod announce;
mod view;

pub(crate) use view::HallView;
use view::WindowRow;

/// Where the page is.
pub(crate) const HALL_PATH: &str = "/staff/hall";

/// The page.
pub(crate) fn hall_page(desk: &Desk, view: &HallView, notice: Option<&Said>) -> Markup {
    let live = Live {
        page: HALL_PATH.to_owned(),
        stream: QUEUE_STREAM,
        seconds_without_script: None,
    };
    let content = html! {
        div.stack {
            div.row {
                h1 { "大厅现在" }
                @if view.may_run { a.push.button href="#announce" { "应急和通知" } }
                a.button href="/staff/hall/figures" { "当天和当月的数字" }
            }
            (said(notice))
            (announce::running(desk, view))
            (announce::cleared(desk, view))
            div #alerts data-live { (alerts(view)) }
            div.split {
                div.card #windows data-live { (windows(desk, view)) }
                div.stack {
                    div.card #queues data-live { (queues(view)) }
                    div.card #longest data-live { (longest(view)) }
                }
            }
            @if view.may_run { div.card { (announce::forms(desk, view)) } }
        }
    };
    staff_page(desk, MenuEntry::Hall, "大厅现在", Some(&live), &content)
}

/// The page that asks once more before people are left without a window.
pub(crate) fn confirm_page(
    desk: &Desk,
    act: &str,
    window: WindowNo,
    groups: &[GroupCode],
    notice: &Said,
) -> Markup {
    let content = html! {
        div.stack {
            h1 { "确定要这样改 " (window) " 号窗口吗？" }
            (said(Some(notice)))
            div.row {
                form method="post" action=(format!("{HALL_PATH}/window/{act}")) {
                    (desk.form_token.field())
                    input type="hidden" name="window" value=(window);
                    input type="hidden" name="confirmed" value="yes";
                    @for group in groups { input type="hidden" name=(format!("group-{group}")) value="yes"; }
                    button.danger { "我知道了，照办" }
                }
                a.button href=(HALL_PATH) { "不改" }
            }
        }
    };
    staff_page(desk, MenuEntry::Hall, "确认", None, &content)
}

fn alerts(view: &HallView) -> Markup {
    html! {
        @for alert in &view.alerts { p.say role="alert" { (alert) } }
    }
}

fn windows(desk: &Desk, view: &HallView) -> Markup {
    html! {
        h2 { "窗口" }
        @if view.windows.is_empty() {
            p.pad { "这个大厅还没有设窗口。请管理员先登记大厅的窗口和业务。" }
        } @else {
            table {
                thead { tr {
                    th { "窗口" } th { "现在" } th { "工号" } th { "办的组" }
                    @if view.may_run { th { "操作" } }
                } }
                tbody { @for row in &view.windows { (window_row(desk, view, row)) } }
            }
        }
    }
}

fn window_row(desk: &Desk, view: &HallView, row: &WindowRow) -> Markup {
    html! {
        tr {
            td { b { (row.window) } " 号" }
            td {
                @match row.status {
                    WindowStatus::Open => { b { (row.what) } },
                    WindowStatus::Paused => { span.tag { "暂停" } },
                    WindowStatus::Closed => { span.tag { "关了" } },
                }
                " " span.soft { (row.state) }
            }
            td { (row.clerk_no.as_deref().unwrap_or("没人坐")) }
            td { (letters(&row.groups)) }
            @if view.may_run { td { (window_acts(desk, view, row)) } }
        }
    }
}

fn letters(groups: &[GroupCode]) -> String {
    let letters: Vec<String> = groups.iter().map(ToString::to_string).collect();
    letters.join("、")
}

fn window_acts(desk: &Desk, view: &HallView, row: &WindowRow) -> Markup {
    html! {
        div.row {
            @if row.status == WindowStatus::Open {
                (act(desk, row.window, "pause", "暂停"))
                (act(desk, row.window, "close", "关窗口"))
            } @else {
                (act(desk, row.window, "open", "打开"))
            }
        }
        details {
            summary { "改办的组" }
            form method="post" action=(format!("{HALL_PATH}/window/groups")) {
                (desk.form_token.field())
                input type="hidden" name="window" value=(row.window);
                @for group in &view.groups {
                    label {
                        input type="checkbox" name=(format!("group-{}", group.code)) value="yes"
                            checked[row.groups.contains(&group.code)];
                        " " (group.code) " " (group.name)
                    } br;
                }
                button.small { "今天就这样办" }
            }
        }
    }
}

fn act(desk: &Desk, window: WindowNo, path: &str, text: &str) -> Markup {
    html! {
        form method="post" action=(format!("{HALL_PATH}/window/{path}")) {
            (desk.form_token.field())
            input type="hidden" name="window" value=(window);
            button.small { (text) }
        }
    }
}

fn queues(view: &HallView) -> Markup {
    html! {
        h2 { "排队" }
        table {
            thead { tr { th { "组" } th.num { "在等" } th { "大概要等" } th { "开着的窗口" } } }
            tbody { @for group in &view.groups { tr {
                td { b { (group.code) } " " (group.name) }
                td.num { (group.waiting) " 人" }
                td.tight { (group.wait) }
                td { (group.windows) }
            } } }
        }
    }
}

fn longest(view: &HallView) -> Markup {
    html! {
        h2 { "等得最久的" }
        @if view.longest.is_empty() {
            p.pad.soft { "现在没有人在等。" }
        } @else {
            table { tbody { @for row in &view.longest { tr {
                td { b { (row.label) } }
                td { (row.group_name) }
                td.num { "等了 " (row.minutes) " 分" }
            } } } }
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::id::DeviceId;
    use uuid::Uuid;

    use super::*;
    use crate::overview::HelpCallLine;
    use crate::pages::fixtures;

    #[test]
    fn who_may_only_look_has_no_button() {
        let mut view = fixtures::hall_view();
        assert!(
            hall_page(&fixtures::desk(), &view, None)
                .into_string()
                .contains("改办的组")
        );
        view.may_run = false;
        let page = hall_page(&fixtures::desk(), &view, None).into_string();
        assert!(!page.contains("method=\"post\" action=\"/staff/hall"));
    }

    #[test]
    fn a_group_that_waits_without_a_window_is_said_first() {
        let view = fixtures::hall_view();
        let page = hall_page(&fixtures::desk(), &view, None).into_string();
        assert!(page.contains("没有开着的窗口"), "{:?}", view.alerts);
    }

    #[test]
    fn a_call_for_help_comes_to_the_manager_after_a_minute() {
        let mut view = fixtures::hall_view();
        let before = view.alerts.len();
        let call = |seconds: i64| HelpCallLine {
            device: DeviceId(Uuid::from_u128(3)),
            device_name: "一号自助机".into(),
            hall: fixtures::hall(),
            at: fixtures::NOW.plus_ms(-seconds * 1_000),
        };
        view.alert_of_help(&[call(59)], fixtures::NOW);
        assert_eq!(view.alerts.len(), before);
        view.alert_of_help(&[call(125)], fixtures::NOW);
        assert_eq!(
            view.alerts[0],
            "一号自助机 有人求助，2 分钟没人应，请马上去。"
        );
    }
}
