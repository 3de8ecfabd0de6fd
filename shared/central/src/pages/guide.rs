//! The guide's page (导办台), for a tablet in the hall: take a number for somebody, find a slip and
//! put it right, see who called for help and which windows are open. Big targets, few words.

use domain::id::{GroupCode, TicketId, WindowNo};
use domain::queue::{PriorityKind, WindowStatus};
use maud::{Markup, html};

use super::console::{WindowCell, window_strip};
use super::frame::{Desk, Live, MenuEntry, STAFF_STREAM, Said, said, staff_page};
use super::qr::qr;

/// Where the page is.
pub(crate) const GUIDE_PATH: &str = "/staff/guide";

/// What the page shows.
#[derive(Debug, Clone)]
pub(crate) struct GuideView {
    /// The ticket that the form will take.
    pub(crate) next_ticket: TicketId,
    /// The groups, with who waits and for how long.
    pub(crate) groups: Vec<GuideGroup>,
    /// Why no numbers are given now.
    pub(crate) closed_text: Option<String>,
    /// What was typed to find a slip.
    pub(crate) asked: String,
    /// The slip that was found.
    pub(crate) found: Option<FoundSlip>,
    /// Kiosks that called for help and to which nobody went yet.
    pub(crate) help: Vec<HelpRow>,
    /// The windows.
    pub(crate) windows: Vec<WindowCell>,
    /// Whether each of them takes people.
    pub(crate) statuses: Vec<(WindowNo, WindowStatus)>,
}

/// A group.
#[derive(Debug, Clone)]
pub(crate) struct GuideGroup {
    /// Its letter.
    pub(crate) code: GroupCode,
    /// Its name.
    pub(crate) name: String,
    /// Who waits, in words.
    pub(crate) waiting: String,
}

/// A slip of today.
#[derive(Debug, Clone)]
pub(crate) struct FoundSlip {
    /// The ticket.
    pub(crate) ticket: TicketId,
    /// The number.
    pub(crate) label: String,
    /// The group's name.
    pub(crate) group_name: String,
    /// Where it stands, in a sentence.
    pub(crate) state: String,
    /// Why it goes first.
    pub(crate) priority: Option<PriorityKind>,
    /// Whether it waits: then its priority can be changed.
    pub(crate) is_waiting: bool,
    /// Whether it can come back.
    pub(crate) may_return: bool,
    /// Whether it can be given up.
    pub(crate) may_leave: bool,
}

/// A call for help.
#[derive(Debug, Clone)]
pub(crate) struct HelpRow {
    /// The kiosk.
    pub(crate) device: domain::id::DeviceId,
    /// Its name.
    pub(crate) name: String,
    /// For how long.
    pub(crate) minutes: i64,
}

/// A number that was just taken.
#[derive(Debug, Clone)]
pub(crate) struct SlipView {
    /// The number.
    pub(crate) label: String,
    /// The group's name.
    pub(crate) group_name: String,
    /// The four digits.
    pub(crate) code: String,
    /// The phone page.
    pub(crate) address: String,
    /// People before it, in words.
    pub(crate) ahead: String,
    /// Expected wait in words.
    pub(crate) wait: String,
    /// When it was taken.
    pub(crate) taken_at: String,
}

/// The page.
pub(crate) fn guide_page(desk: &Desk, view: &GuideView, notice: Option<&Said>) -> Markup {
    let live = Live {
        page: GUIDE_PATH.to_owned(),
        stream: STAFF_STREAM,
        seconds_without_script: None,
    };
    let content = html! {
        div.stack {
            h1 { "导办台" }
            (said(notice))
            div #help data-live { (help(desk, view)) }
            div.split {
                div.stack {
                    div.card { (take_form(desk, view)) }
                    div.card { (find(desk, view)) }
                }
                div.stack {
                    div.card #windows data-live { (window_strip(&view.windows, None)) }
                    div.card #pauses data-live { (pauses(desk, view)) }
                }
            }
        }
    };
    staff_page(desk, MenuEntry::Guide, "导办台", Some(&live), &content)
}

/// For a clerk who had to go without pressing a button.
fn pauses(desk: &Desk, view: &GuideView) -> Markup {
    html! {
        h2 { "窗口的人走开了" }
        table { tbody { @for (window, status) in &view.statuses { tr {
            td { b { (window) " 号窗口" } }
            td.right {
                form method="post" action=(format!("{GUIDE_PATH}/window")) {
                    (desk.form_token.field())
                    input type="hidden" name="window" value=(window);
                    @match status {
                        WindowStatus::Open => { button.small name="act" value="pause" { "暂停" } }
                        WindowStatus::Paused | WindowStatus::Closed => {
                            button.small name="act" value="open" { "打开" }
                        }
                    }
                }
            }
        } } } }
    }
}

fn help(desk: &Desk, view: &GuideView) -> Markup {
    html! {
        @for row in &view.help {
            div.say role="alert" { div.row {
                b { (row.name) " 有人请帮忙" } "，" (row.minutes) " 分钟前"
                form.push method="post" action=(format!("{GUIDE_PATH}/answer")) {
                    (desk.form_token.field())
                    input type="hidden" name="device" value=(row.device);
                    button { "我去" }
                }
            } }
        }
    }
}

fn take_form(desk: &Desk, view: &GuideView) -> Markup {
    html! {
        h2 { "替人取号" }
        @if let Some(text) = &view.closed_text { p.say { (text) } }
        form.pad.stack method="post" action=(format!("{GUIDE_PATH}/take")) {
            (desk.form_token.field())
            input type="hidden" name="ticket" value=(view.next_ticket);
            div.field {
                label for="priority" { "优先" }
                select #priority name="priority" {
                    option value="" { "普通号" }
                    @for (index, kind) in PriorityKind::CLAIMED.iter().enumerate() {
                        option value=(index) { (kind.text()) }
                    }
                }
            }
            div.field {
                label for="id_number" { "证件号码（可不填，填了就一人一号）" }
                input #id_number name="id_number" autocomplete="off" maxlength="24";
            }
            details {
                summary { "还要办别的事，一张号接着办" }
                @for group in &view.groups {
                    label {
                        input type="checkbox" name=(format!("then-{}", group.code)) value="yes";
                        " " (group.code) " " (group.name)
                    } br;
                }
            }
            p { "先办哪一件？点一下就出号。" }
            div.choices {
                @for group in &view.groups {
                    button.big name="group" value=(group.code) {
                        span { b { (group.code) } " " (group.name) } small { (group.waiting) }
                    }
                }
            }
        }
    }
}

fn find(desk: &Desk, view: &GuideView) -> Markup {
    html! {
        h2 { "找一张号票" }
        form.pad method="get" action=(GUIDE_PATH) {
            div.field {
                label for="number" { "号码，如 A012 或 A-K2-001" }
                input #number name="number" value=(view.asked) autocomplete="off" maxlength="12"
                    required;
            }
            button { "找" }
        }
        @if let Some(slip) = &view.found { (found(desk, slip)) }
        @else if !view.asked.is_empty() {
            p.pad { "今天没有 " (view.asked) " 这个号，请看看号码。" }
        }
    }
}

fn found(desk: &Desk, slip: &FoundSlip) -> Markup {
    html! {
        div.pad.stack {
            div.row {
                b.number { (slip.label) }
                span { (slip.group_name) "，" (slip.priority.map_or("普通号", PriorityKind::text)) }
            }
            p { (slip.state) }
            div.row {
                @if slip.may_return { (slip_act(desk, slip, "return", "恢复这个号")) }
                @if slip.may_leave { (slip_act(desk, slip, "give-up", "取消这个号")) }
            }
            @if slip.is_waiting {
                form.row method="post" action=(format!("{GUIDE_PATH}/slip/priority")) {
                    (desk.form_token.field())
                    input type="hidden" name="ticket" value=(slip.ticket);
                    label for="new-priority" { "改优先" }
                    select #new-priority name="priority" {
                        option value="" selected[slip.priority.is_none()] { "普通号" }
                        @for (index, kind) in PriorityKind::CLAIMED.iter().enumerate() {
                            option value=(index) selected[slip.priority == Some(*kind)] {
                                (kind.text())
                            }
                        }
                    }
                    button { "改" }
                }
            }
        }
    }
}

fn slip_act(desk: &Desk, slip: &FoundSlip, path: &str, text: &str) -> Markup {
    html! {
        form method="post" action=(format!("{GUIDE_PATH}/slip/{path}")) {
            (desk.form_token.field())
            input type="hidden" name="ticket" value=(slip.ticket);
            button { (text) }
        }
    }
}

/// The number that was just taken, to be printed or photographed.
pub(crate) fn slip_page(desk: &Desk, slip: &SlipView) -> Markup {
    let content = html! {
        div.stack {
            div.card.slip {
                p { (desk.site.station_name) }
                div.number.lane[slip.label.len() > 5] { (slip.label) }
                p { (slip.group_name) }
                p { (slip.ahead) "，" (slip.wait) }
                (qr(&slip.address, 180))
                p { "扫码看排到哪了，办完打分。打分码 " b { (slip.code) } }
                p.soft { (slip.taken_at) " 取号，当天有效。时间是估计的。" }
            }
            div.row.noprint {
                button data-print="" { "打印" }
                a.button.primary href=(GUIDE_PATH) { "好了，下一位" }
            }
            p.hint.noprint { "没有打印机，请他用手机拍下这一页，或者直接扫码。" }
        }
    };
    staff_page(desk, MenuEntry::Guide, "取到的号", None, &content)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::fixtures;

    #[test]
    fn a_slip_that_waits_can_be_changed_and_one_that_is_over_only_looked_at() {
        let mut view = fixtures::guide();
        let page = guide_page(&fixtures::desk(), &view, None).into_string();
        assert!(page.contains("/staff/guide/slip/priority") && page.contains("取消这个号"));
        let slip = view.found.as_mut().unwrap();
        (slip.is_waiting, slip.may_leave) = (false, false);
        let page = guide_page(&fixtures::desk(), &view, None).into_string();
        assert!(!page.contains("/staff/guide/slip/priority") && !page.contains("取消这个号"));
    }
}
