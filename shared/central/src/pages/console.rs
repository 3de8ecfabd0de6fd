//! The window console (叫号台): one big act, the others beside it with their keys, who waits and
//! why the first of them is next. After mock-up 14.
//!
//! The big button is always F2 and always the next natural step: call, then begin, then finish
//! and call. It never finishes somebody who was only called: who did not come must not count as
//! served.

use domain::id::{TicketId, WindowNo};
use domain::queue::WindowStatus;
use maud::{Markup, html};

use super::frame::{Desk, Live, MenuEntry, QUEUE_STREAM, Said, said, staff_page};

mod records;
mod view;

pub(crate) use records::VisitRecords;
use records::visit_records;
pub(crate) use view::{ConsoleView, Stage, WindowCell, minutes_since, window_cells};

/// The page of one window.
pub(crate) fn console_page(desk: &Desk, view: &ConsoleView, notice: Option<&Said>) -> Markup {
    let live = Live {
        page: format!("/staff/console?window={}", view.window),
        stream: QUEUE_STREAM,
        seconds_without_script: Some(15),
    };
    let content = html! {
        div.split {
            div.stack {
                div.row { h1 { (view.window) " 号窗口" } a href="/staff/console?choose=yes" { "换窗口" } }
                (said(notice))
                div.card #now data-live { (called(view)) }
                div.acts #acts data-live {
                    @if view.is_mine { (acts(desk, view)) } @else { (sit_down(desk, view)) }
                }
                @if view.is_mine { (scan(desk, view)) }
                div #visit data-live {
                    @if let Some(visit) = &view.records { (visit_records(desk, view.window, visit)) }
                }
                div #aside data-live { (set_aside(desk, view)) }
                div.card #windows data-live { (window_strip(&view.windows, Some(view.window))) }
                div.card #last-acts data-live { (last_acts(view)) }
            }
            div.card #waiting data-live { (waiting(desk, view)) }
        }
        p.hint.noprint {
            "按键：" kbd { "F2" } " 大按钮" kbd { "1" } " 再叫一遍" kbd { "2" } " 去补材料"
            kbd { "3" } " 先放一放" kbd { "4" } " 人没来" kbd { "5" } " 只办结"
            kbd { "6" } " 转到别的组" kbd { "7" } " 扫号票" kbd { "0" } " 暂停或打开"
        }
    };
    staff_page(desk, MenuEntry::Console, "叫号台", Some(&live), &content)
}

/// The page that asks at which window one sits.
pub(crate) fn choose_window_page(
    desk: &Desk,
    windows: &[WindowCell],
    notice: Option<&Said>,
) -> Markup {
    let content = html! {
        div.stack {
            h1 { "您坐几号窗口？" }
            (said(notice))
            div.card {
                @if windows.is_empty() {
                    p.pad { "这个大厅还没有设窗口。请管理员先登记大厅的窗口和业务。" }
                } @else {
                    div.strip { @for cell in windows {
                        form method="post" action="/staff/console/sit" {
                            (desk.form_token.field())
                            input type="hidden" name="window" value=(cell.window);
                            button { (cell.window) " 号" b { (cell.what) } small { (cell.state) } }
                        }
                    } }
                }
            }
        }
    };
    staff_page(desk, MenuEntry::Console, "选窗口", None, &content)
}

/// The page that asks once more before people are left without a window.
pub(crate) fn confirm_pause_page(
    desk: &Desk,
    window: WindowNo,
    current: Option<TicketId>,
    notice: &Said,
) -> Markup {
    let back = format!("/staff/console?window={window}");
    let content = html! {
        div.stack {
            h1 { "要暂停 " (window) " 号窗口吗？" }
            (said(Some(notice)))
            div.row {
                form method="post" action="/staff/console/pause-confirmed" {
                    (desk.form_token.field())
                    input type="hidden" name="window" value=(window);
                    @if let Some(current) = current {
                        input type="hidden" name="ticket" value=(current);
                    }
                    button.danger { "值班长知道了，暂停" }
                }
                a.button href=(back) { "不暂停，接着叫号" }
            }
        }
    };
    staff_page(desk, MenuEntry::Console, "暂停窗口", None, &content)
}

fn window_link(cell: &WindowCell, mine: Option<WindowNo>) -> Markup {
    let is_mine = mine == Some(cell.window);
    html! {
        a href=(format!("/staff/console?window={}", cell.window))
            aria-current=[is_mine.then_some("true")] {
            (cell.window) " 号" @if is_mine { " 我" }
            b { (cell.what) }
            span.soft { (cell.state) }
        }
    }
}

fn called(view: &ConsoleView) -> Markup {
    let Some(current) = &view.current else {
        return nobody(view);
    };
    let is_calling = current.stage != Stage::Serving;
    html! {
        div.called.calling[is_calling] {
            span.number.lane[current.label.len() > 5] { (current.label) }
            div {
                b { (current.matter.as_deref().unwrap_or(&current.group_name)) } br;
                @if current.matter.is_some() { (current.group_name) "，" }
                (current.kind) "，" (current.taken_at) " 取号"
                @if !current.goes_on_to.is_empty() {
                    br; "办结后接着去：" (current.goes_on_to.join("、"))
                }
            }
            div.since {
                b { (current.minutes) " 分" } br;
                @match current.stage {
                    Stage::Called(times) => { "叫了 " (times) " 遍，人还没到" },
                    Stage::Serving => { "正在办，这类事一般 " (current.usual_minutes) " 分钟" },
                }
            }
        }
    }
}

fn nobody(view: &ConsoleView) -> Markup {
    html! {
        div.called.empty {
            @match view.status {
                WindowStatus::Open => {
                    div { b { "窗口空着" } br; "还有 " (view.waiting_count) " 人等本窗口" }
                }
                WindowStatus::Paused => {
                    div { b { "本窗口暂停了" } br; "打开后才能叫号" }
                }
                WindowStatus::Closed => {
                    div { b { "本窗口今天关了" } br; "打开后才能叫号" }
                }
            }
        }
    }
}

/// One act of the console: its address, words and key.
struct Act {
    path: &'static str,
    text: &'static str,
    key: &'static str,
    is_possible: bool,
}

fn acts(desk: &Desk, view: &ConsoleView) -> Markup {
    let stage = view.current.as_ref().map(|current| current.stage);
    let called = matches!(stage, Some(Stage::Called(_)));
    let here = stage.is_some();
    let act = |path, text, key, is_possible| Act {
        path,
        text,
        key,
        is_possible,
    };
    let is_open = view.status == WindowStatus::Open;
    let toggle = if is_open {
        act("pause", "暂停本窗口", "0", stage != Some(Stage::Serving))
    } else {
        act("open", "打开本窗口", "0", true)
    };
    html! {
        (act_form(desk, view, &next_step(view, stage), "primary big"))
        (act_form(desk, view, &act("call-again", "再叫一遍", "1", called), ""))
        (act_form(desk, view, &act("pend", "去补材料", "2", here), ""))
        (act_form(desk, view, &act("park", "先放一放", "3", here), ""))
        (act_form(desk, view, &act("missed", "人没来", "4", called), ""))
        (act_form(desk, view, &act("finish", "只办结", "5", here), ""))
        (act_form(desk, view, &toggle, if is_open { "danger" } else { "" }))
        @if here { (transfer(desk, view)) }
    }
}

/// Who looks at a window that is not his first sits down there.
fn sit_down(desk: &Desk, view: &ConsoleView) -> Markup {
    let sit = Act {
        path: "sit",
        text: "坐到这个窗口",
        key: "F2",
        is_possible: true,
    };
    act_form(desk, view, &sit, "primary big")
}

fn transfer(desk: &Desk, view: &ConsoleView) -> Markup {
    html! {
        details.wide {
            summary data-key="6" { "转到别的组 " kbd { "6" } }
            div.row {
                @for (code, name) in &view.other_groups {
                    form method="post" action="/staff/console/transfer" {
                        (seen_fields(desk, view))
                        input type="hidden" name="group" value=(code);
                        button { (code) " " (name) }
                    }
                }
            }
        }
    }
}

/// The page's window and the ticket that it shows there: an old page acts on nothing else.
fn seen_fields(desk: &Desk, view: &ConsoleView) -> Markup {
    html! {
        (desk.form_token.field())
        input type="hidden" name="window" value=(view.window);
        @if let Some(current) = &view.current {
            input type="hidden" name="ticket" value=(current.ticket);
        }
    }
}

fn one_button(desk: &Desk, view: &ConsoleView, path: &str, whom: TicketId, text: &str) -> Markup {
    html! {
        form method="post" action=(format!("/staff/console/{path}")) {
            (seen_fields(desk, view))
            input type="hidden" name="whom" value=(whom);
            button.small { (text) }
        }
    }
}

/// A slip's code goes in by a scanner that types, or by hand out of a phone.
fn scan(desk: &Desk, view: &ConsoleView) -> Markup {
    html! {
        form.row method="post" action="/staff/console/slip" {
            (desk.form_token.field())
            input type="hidden" name="window" value=(view.window);
            label for="slip" { "扫号票 " kbd { "7" } }
            input #slip name="slip" data-key="7" autocomplete="off" maxlength="400" required;
            button.small { "登记" }
        }
    }
}

fn set_aside(desk: &Desk, view: &ConsoleView) -> Markup {
    let is_free = view.is_mine && view.status == WindowStatus::Open && view.current.is_none();
    html! {
        @if !view.aside.is_empty() {
            div.card {
                h2 { "放在本窗口的" }
                table { tbody {
                    @for ticket in &view.aside { tr {
                        td { b { (ticket.label) } }
                        td { (ticket.state) "，" (ticket.minutes) " 分" }
                        td.tight { div.row {
                            @if is_free {
                                (one_button(desk, view, "resume", ticket.ticket, "接着办"))
                                (one_button(desk, view, "call", ticket.ticket, "叫他"))
                            }
                            @if view.is_mine {
                                (one_button(desk, view, "return", ticket.ticket, "放回等候"))
                            }
                        } }
                    } }
                } }
                @if !is_free { p.pad.soft { "窗口空出来后可以接着办。" } }
            }
        }
        @if !view.missed.is_empty() {
            div.card {
                h2 { "叫了没来，还能恢复" }
                table { tbody {
                    @for ticket in &view.missed { tr {
                        td { b { (ticket.label) } }
                        td { "过号 " (ticket.minutes) " 分" }
                        td.tight { @if view.is_mine {
                            (one_button(desk, view, "return", ticket.ticket, "人回来了"))
                        } }
                    } }
                } }
            }
        }
    }
}

fn next_step(view: &ConsoleView, stage: Option<Stage>) -> Act {
    let (path, text, is_possible) = match stage {
        None => (
            "call-next",
            "叫下一个",
            view.status == WindowStatus::Open && view.waiting_count > 0,
        ),
        Some(Stage::Called(_)) => ("start", "人来了，开始办", true),
        Some(Stage::Serving) if view.waiting_count > 0 => {
            ("finish-and-call-next", "办结，叫下一个", true)
        }
        Some(Stage::Serving) => ("finish", "办结", true),
    };
    Act {
        path,
        text,
        key: "F2",
        is_possible,
    }
}

fn act_form(desk: &Desk, view: &ConsoleView, act: &Act, look: &str) -> Markup {
    html! {
        form method="post" action=(format!("/staff/console/{}", act.path)) {
            (seen_fields(desk, view))
            button id=(format!("act-{}", act.key)) class=(look) disabled[!act.is_possible]
                data-key=(act.key) { (act.text) kbd { (act.key) } }
        }
    }
}

/// All windows of the hall side by side; the own one is marked.
pub(crate) fn window_strip(windows: &[WindowCell], mine: Option<WindowNo>) -> Markup {
    html! {
        h2 { "全厅窗口" }
        div.strip { @for cell in windows { (window_link(cell, mine)) } }
    }
}

fn last_acts(view: &ConsoleView) -> Markup {
    html! {
        h2 { "刚才" }
        @if view.acts.is_empty() {
            p.pad.soft { "本窗口今天还没叫过号。" }
        } @else {
            table { tbody {
                @for act in &view.acts {
                    tr { td.soft.tight { (act.at.clock_text()) } td { (act.text) } }
                }
            } }
        }
    }
}

fn waiting(desk: &Desk, view: &ConsoleView) -> Markup {
    let may_call = view.is_mine && view.status == WindowStatus::Open && view.current.is_none();
    html! {
        div.head.row {
            h2 { "还有 " (view.waiting_count) " 人" }
            span.tag.now.push { "我办 " (view.groups) }
        }
        @if !view.waiting.is_empty() {
            table.queue { tbody {
                @for (index, ticket) in view.waiting.iter().enumerate() {
                    tr.next[index == 0] {
                        td { b { (ticket.label) } }
                        td { (ticket.what) }
                        td.num.soft { (waited(ticket.minutes)) }
                        td.tight { @if may_call {
                            (one_button(desk, view, "call", ticket.ticket, "叫他"))
                        } }
                    }
                }
            } }
        }
        @if view.waiting_count > view.waiting.len() {
            p.pad.soft { "后面还有 " (view.waiting_count - view.waiting.len()) " 人没列出来。" }
        }
        p.pad.soft { (view.why_next) }
    }
}

fn waited(minutes: i64) -> String {
    if minutes == 0 {
        "刚取号".to_owned()
    } else {
        format!("等了 {minutes} 分")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::fixtures;

    fn page(view: &ConsoleView) -> String {
        console_page(&fixtures::desk(), view, None).into_string()
    }

    #[test]
    fn the_big_button_never_finishes_somebody_who_was_only_called() {
        let mut view = fixtures::console();
        view.current.as_mut().unwrap().stage = Stage::Called(1);
        let page = page(&view);
        assert!(page.contains("人来了，开始办<kbd>F2</kbd>"));
        assert!(!page.contains("finish-and-call-next"));
    }

    #[test]
    fn a_form_names_the_ticket_on_which_it_acts() {
        let view = fixtures::console();
        let ticket = view.current.as_ref().unwrap().ticket;
        assert!(page(&view).contains(&format!("name=\"ticket\" value=\"{ticket}\"")));
    }

    #[test]
    fn a_closed_window_offers_to_open_and_cannot_call() {
        let mut view = fixtures::console();
        view.status = WindowStatus::Paused;
        view.current = None;
        let page = page(&view);
        assert!(page.contains("打开本窗口<kbd>0</kbd>"));
        assert!(page.contains("id=\"act-F2\" class=\"primary big\" disabled"));
    }
}
