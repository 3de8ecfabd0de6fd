//! The device wall (设备墙): every screen of the hall with its state in words, and remote help at
//! one kiosk beside it. After mock-up 18. Pictures come and go in memory only; the kiosk itself
//! blanks the score page and pages with personal data before a picture leaves it.

use domain::id::DeviceId;
use maud::{Markup, html};

use super::frame::{Desk, Live, MenuEntry, Said, WALL_STREAM, said, staff_page};

mod help;
mod view;

pub(crate) use help::{HelpPanel, touched_per_mille};
pub(crate) use view::{Picture, SizeOf, WallView, help_panel};

use view::{BoardCard, Health, ScreenCard};

/// What the wall shows beside the cards.
#[derive(Debug)]
pub(crate) enum Side {
    /// Nothing chosen.
    Nothing,
    /// One kiosk.
    Kiosk(Box<HelpPanel>),
}

/// The page.
pub(crate) fn devices_page(
    desk: &Desk,
    view: &WallView,
    side: &Side,
    notice: Option<&Said>,
) -> Markup {
    let chosen = match side {
        Side::Kiosk(panel) => Some(panel.device),
        Side::Nothing => None,
    };
    let live = Live {
        page: chosen.map_or_else(|| "/staff/devices".to_owned(), address),
        stream: WALL_STREAM,
        seconds_without_script: Some(10),
    };
    let content = html! {
        div.split {
            div.stack {
                div.row #health data-live { (head_line(view)) }
                (said(notice))
                div #help-calls data-live { (help_calls(view)) }
                div.stack #wall data-live { (wall(view, chosen)) }
            }
            div.card #side data-live { (side_panel(desk, side)) }
        }
    };
    staff_page(desk, MenuEntry::Devices, "设备墙", Some(&live), &content)
}

/// The page with one kiosk chosen.
pub(crate) fn address(device: DeviceId) -> String {
    format!("/staff/devices?device={device}")
}

fn head_line(view: &WallView) -> Markup {
    let online = view.count(|health| matches!(health, Health::Idle | Health::InUse));
    let offline = view.count(|health| matches!(health, Health::Offline(_)));
    html! {
        h1 { "设备墙" }
        span.tag.good { "连着 " (online) " 台" }
        @if offline > 0 { span.tag.stop { "断线 " (offline) " 台" } }
        span.soft { "画面是现在的，自己会变" }
    }
}

fn help_calls(view: &WallView) -> Markup {
    html! {
        @for call in &view.help_calls {
            p.say {
                (call.device_name) "：有人点了“叫人帮忙”，" (call.ago) "。"
                a href=(address(call.device)) { "去看看" }
            }
        }
    }
}

fn wall(view: &WallView, chosen: Option<DeviceId>) -> Markup {
    html! {
        @if view.is_empty() {
            div.card.pad {
                h2 { "还没有设备" }
                p { "请管理员在服务器上开一个一次性号码，装机时输入到新机器里，它就会出现在这里。" }
            }
        }
        @if !view.kiosks.is_empty() {
            h2 { "自助机" }
            div.wall { @for card in &view.kiosks { (kiosk_card(card, chosen)) } }
        }
        @if !view.terminals.is_empty() {
            h2 { "窗口评价器" }
            div.wall.small { @for card in &view.terminals { (terminal_card(card)) } }
        }
        @if !view.boards.is_empty() {
            h2 { "屏" }
            div.boards { @for card in &view.boards { (board_card(card)) } }
        }
    }
}

fn picture(picture: Option<&Picture>, look: &str, what: &str) -> Markup {
    html! {
        @if let Some(picture) = picture {
            img class=(look) src=(picture.address) width=(picture.width) height=(picture.height)
                alt=(format!("{what}现在的画面"));
        } @else {
            span class=(format!("none {look}")) { "还没有画面" }
        }
    }
}

fn kiosk_card(card: &ScreenCard, chosen: Option<DeviceId>) -> Markup {
    let is_chosen = chosen == Some(card.device);
    html! {
        a.card.unit.chosen[is_chosen] href=(address(card.device))
            aria-current=[is_chosen.then_some("true")] {
            (picture(card.picture.as_ref(), "tall", &card.name))
            div { (state_lines(card)) }
        }
    }
}

fn terminal_card(card: &ScreenCard) -> Markup {
    html! {
        div.card.unit.wide {
            (picture(card.picture.as_ref(), "flat", &card.name))
            (state_lines(card))
        }
    }
}

fn state_lines(card: &ScreenCard) -> Markup {
    html! {
        b { (card.name) } " " (health_tag(card.health))
        p { (card.status_text) }
        @if let Some(help) = &card.help_text { p { span.tag.care { (help) } } }
    }
}

fn health_tag(health: Health) -> Markup {
    match health {
        Health::Idle => html! { span.tag.good { "正常" } },
        Health::InUse => html! { span.tag.now { "有人在用" } },
        Health::Offline(Some(minutes)) => html! { span.tag.stop { "断线 " (minutes) " 分" } },
        Health::Offline(None) => html! { span.tag.stop { "还没连上过" } },
        Health::Revoked => html! { span.tag { "已停用" } },
    }
}

fn board_card(card: &BoardCard) -> Markup {
    html! {
        div.card.unit.board {
            (picture(card.picture.as_ref(), "dots", &card.name))
            b { (card.name) } " "
            @match (card.health, card.is_confirmed) {
                (Health::Offline(_) | Health::Revoked, _) => (health_tag(card.health)),
                _ if card.silent_minutes.is_some() => {
                    span.tag.stop { "不回话 " (card.silent_minutes.unwrap_or_default()) " 分" }
                }
                (_, true) => span.tag.good { "屏已回话" },
                (_, false) => span.tag.care { "没回话，画面是推算的" },
            }
            p.soft { (card.report_text) }
        }
    }
}

fn side_panel(desk: &Desk, side: &Side) -> Markup {
    match side {
        Side::Kiosk(panel) => help::panel(desk, panel),
        Side::Nothing => html! {
            h2 { "帮市民操作自助机" }
            div.pad {
                p { "点左边一台自助机的画面，这里会放大它。" }
                p { "有人在用时，要先请他同意；机器上会一直显示您的名字，他随时可以停。" }
                p { "打分页和有个人信息的页面看不到，也点不了。每次帮助都有记录。" }
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::fixtures;

    #[test]
    fn a_board_that_did_not_answer_is_said_to_be_guessed() {
        let page =
            devices_page(&fixtures::desk(), &fixtures::wall(), &Side::Nothing, None).into_string();
        assert!(page.contains("屏已回话") && page.contains("没回话，画面是推算的"));
        assert!(page.contains("断线 22 分"));
    }

    #[test]
    fn only_a_kiosk_leads_to_remote_help() {
        let view = fixtures::wall();
        let page = devices_page(&fixtures::desk(), &view, &Side::Nothing, None).into_string();
        let links = page.matches("class=\"card unit\" href").count();
        assert_eq!(links, view.kiosks.len());
    }
}
