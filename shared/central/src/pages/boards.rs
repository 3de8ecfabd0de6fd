//! The boards of the halls (屏幕): each with its dots as they are now, what it plays and since when,
//! what is wrong with it, and everything withdrawn at once. After mock-up 15, and 18 for the wall.
//! Writing for boards is beside the form of the record (`editor`), what was played is in `record`.

use maud::{Markup, html};

use super::frame::{BOARD_STREAM, Desk, Live, MenuEntry, Said, said, staff_page};

pub(crate) mod editor;
mod record;
mod view;

pub(crate) use record::{AiredAsked, AiredView, LINES_PER_PAGE, display_record_of, record_page};
pub(crate) use view::{BoardsFacts, BoardsView, HallBoards, fault_word};

use view::{BoardCard, ClearedView, NowLine, Signal};

/// Where the page is.
pub(crate) const BOARDS_PATH: &str = "/staff/boards";

/// The page.
pub(crate) fn boards_page(desk: &Desk, view: &BoardsView, notice: Option<&Said>) -> Markup {
    let live = Live {
        page: BOARDS_PATH.to_owned(),
        stream: BOARD_STREAM,
        // what somebody is typing as a reason would be gone
        seconds_without_script: None,
    };
    let content = html! {
        div.stack {
            div.row {
                h1 { "屏幕" }
                span.row #counts data-live { (counts(view)) }
                @if view.may_write {
                    a.push.button.primary.noprint href="/staff/records/led_publication/new" { "写一条上屏内容" }
                }
                a.button.push[!view.may_write].noprint href="/staff/records/led_publication" { "在播的和在审的" }
                a.button.noprint href=(record::PATH) { "播出记录" }
            }
            (said(notice))
            div #alarms data-live { (alarms(view)) }
            div.stack #cleared data-live { @for hall in &view.halls { (cleared_line(desk, hall)) } }
            @if view.may_clear && view.halls.iter().any(|hall| hall.cleared.is_none()) {
                div.card.pad.noprint { (clear_form(desk, &scope(view))) }
            }
            @for hall in &view.halls { (hall_boards(view, hall)) }
            div #empty data-live { (empty(view)) }
        }
    };
    staff_page(desk, MenuEntry::Boards, "屏幕", Some(&live), &content)
}

fn counts(view: &BoardsView) -> Markup {
    let cards = || view.halls.iter().flat_map(|hall| &hall.cards);
    let silent = cards().filter(|card| card.is_alarming).count();
    html! {
        @if cards().next().is_some() { span.tag.good { (cards().count()) " 块屏" } }
        @if silent > 0 { span.tag.stop { "不通 " (silent) " 块" } }
        span.soft { "画面是现在的，自己会变" }
    }
}

fn alarms(view: &BoardsView) -> Markup {
    html! {
        @for alarm in &view.alarms { p.say.stop role="alert" { (alarm) } }
    }
}

fn empty(view: &BoardsView) -> Markup {
    html! {
        @for step in &view.to_set_up { div.card.pad { p { (step) } } }
    }
}

/// Asks for a reason and once more for a word; nothing is withdrawn by a slip of the hand.
pub(super) fn clear_form(desk: &Desk, scope: &Markup) -> Markup {
    html! {
        details.noprint #clear-boards {
            summary { "一键撤播：发布的内容马上全部下屏" }
            form.stack method="post" action=(format!("{BOARDS_PATH}/clear")) {
                (desk.form_token.field())
                p.soft {
                    "岗位、政策、通知、公示、标语都下屏，到您点“恢复播放”为止。叫号、窗口屏、时钟和应急照常。"
                    "只撤一条的，到那一条里点“立即撤播”。"
                }
                (scope)
                div.field {
                    label for="reason" { "为什么撤（会写进操作记录）" }
                    input #reason name="reason" required minlength="2" maxlength="60" size="40"
                        autocomplete="off" placeholder="例如：电话写错了";
                }
                label { input type="checkbox" name="confirmed" value="yes" required; " 我知道，马上全部下屏" }
                div { button.danger { "全部撤播" } }
            }
        }
    }
}

/// Of one hall, without a choice.
pub(super) fn only_of(hall: &str) -> Markup {
    html! { input type="hidden" name="whose" value=(hall); }
}

fn scope(view: &BoardsView) -> Markup {
    html! {
        @if view.may_everywhere && view.halls.len() > 1 {
            div.field {
                label for="whose" { "撤哪里的" }
                select #whose name="whose" {
                    @for hall in &view.halls {
                        option value=(hall.hall) selected[hall.is_own] { (hall.name) }
                    }
                    option value="all" { "所有大厅" }
                }
            }
        } @else {
            (only_of(&view.own_hall))
        }
    }
}

fn hall_boards(view: &BoardsView, hall: &HallBoards) -> Markup {
    html! {
        section.stack aria-label=(hall.name) {
            @if view.halls.len() > 1 { h2 { (hall.name) } }
            div.boards id=(format!("hall-{}", hall.hall)) data-live {
                @for card in &hall.cards { (board_card(card)) }
                @if hall.cards.is_empty() { p.soft { "这个大厅还没有屏。" } }
            }
        }
    }
}

/// The one that lets the boards play again, where everybody sees why they do not.
pub(super) fn cleared_line(desk: &Desk, hall: &HallBoards) -> Markup {
    html! {
        @if let Some(cleared) = &hall.cleared { (restore_form(desk, hall, cleared)) }
    }
}

fn restore_form(desk: &Desk, hall: &HallBoards, cleared: &ClearedView) -> Markup {
    html! {
        div.say.stop role="alert" {
            form.row method="post" action=(format!("{BOARDS_PATH}/restore")) {
                (desk.form_token.field())
                input type="hidden" name="whose" value=(hall.hall);
                span {
                    (hall.name) "：发布的内容都撤下了，从 " (cleared.since) " 起，" (cleared.by) "撤的。原因：" (cleared.reason)
                }
                span.soft { (cleared.note) }
                @if hall.may_clear { button.push.noprint { "恢复播放" } }
            }
        }
    }
}

fn board_card(card: &BoardCard) -> Markup {
    html! {
        div.card.board-card {
            (dots(card))
            div.pad {
                p.row {
                    b { (card.name) } span.soft { (card.facts) }
                    (signal(&card.signal))
                }
                (now(card))
                dl {
                    dt { "编号" } dd {
                        (card.number)
                        @if let Some(how) = &card.to_register { br; span.tag.care { "还没登记" } " " a href=(how) { "去登记这块屏" } }
                    }
                    dt { "屏上次回话" } dd { (card.heard) }
                    @if let Some((need, step)) = &card.need { dt { "要人去看" } dd { span.tag.care { (need) } br; (step) } }
                    @if let Some(fault) = &card.fault { dt { "出过的错" } dd { (fault) } }
                    @if let Some(counts) = &card.fault_counts { dt { "屏驱动启动以来" } dd { (counts) } }
                    dt { "放什么" } dd {
                        @for zone in &card.zones { (zone) br; }
                    }
                }
            }
        }
    }
}

fn dots(card: &BoardCard) -> Markup {
    html! {
        div.glass tabindex="0" role="group" aria-label=(format!("{}的画面", card.name)) {
            @match &card.picture {
                Some(picture) => img.led src=(picture.address) width=(picture.width) height=(picture.height)
                    alt=(format!("{}现在的画面", card.name));,
                None => span.none { "还没有画面" },
            }
        }
    }
}

fn signal(signal: &Signal) -> Markup {
    match signal {
        Signal::Confirmed => html! { span.tag.good { "屏已回话" } },
        Signal::Believed => html! { span.tag.care { "画面是推算的" } },
        Signal::Unheard => html! { span.tag { "还没有消息" } },
        Signal::Silent(minutes) => html! { span.tag.stop { "不回话 " (minutes) " 分" } },
        Signal::DriverAway => html! { span.tag.stop { "屏驱动断线，不知道屏上是什么" } },
    }
}

fn now(card: &BoardCard) -> Markup {
    html! {
        @if card.now.is_empty() {
            p.soft { "现在没有放发布的内容。" }
        } @else {
            ul.now { @for line in &card.now { (now_line(line)) } }
        }
    }
}

fn now_line(line: &NowLine) -> Markup {
    html! {
        li {
            @match &line.address {
                Some(address) => a href=(address) { (line.title) },
                None => b { (line.title) },
            }
            " " span.soft { "从 " (line.since) " 起，" (line.how) }
            @if let Some(lacking) = &line.lacking { br; span.tag.care { (lacking) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::fixtures;

    #[test]
    fn what_is_confirmed_and_what_is_guessed_have_different_words() {
        let page = boards_page(&fixtures::desk(), &fixtures::boards(), None).into_string();
        assert!(
            page.contains("屏已回话") && page.contains("画面是推算的"),
            "{page}"
        );
        assert!(page.contains("不回话 6 分"), "{page}");
    }

    #[test]
    fn everything_withdrawn_is_said_with_since_when_by_whom_and_why() {
        let page = boards_page(&fixtures::desk(), &fixtures::boards(), None).into_string();
        assert!(page.contains("万小样撤的。原因：电话写错了"), "{page}");
        assert!(page.contains("恢复播放"));
        let mut view = fixtures::boards();
        view.may_clear = false;
        view.halls
            .iter_mut()
            .for_each(|hall| hall.may_clear = false);
        let page = boards_page(&fixtures::desk(), &view, None).into_string();
        assert!(!page.contains("恢复播放</button>") && !page.contains("全部撤播"));
    }

    #[test]
    fn a_hall_without_boards_says_what_to_do_next() {
        let page = boards_page(&fixtures::desk(), &fixtures::no_boards(), None).into_string();
        assert!(page.contains("登记码"), "{page}");
    }
}
