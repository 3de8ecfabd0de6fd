//! What stands beside a text that is written for boards, and beside its record: the text on a board,
//! dot by dot, what is wrong with it (检查结果) and what comes next (到哪一步了). After mock-up 15.

use maud::{Markup, html};
use wire::board::BoardPlay;

use crate::boards::drawn::{facts, picture_size};
use crate::boards::editing::{CheckLine, Editing, Mark, OnBoard, WayStep};
use crate::pages::icon::{Icon, icon};
use crate::pages::pager;

/// Name of the field that says which board is looked at.
pub(crate) const LOOKING: &str = "looking";
/// Name of the button that looks and stores nothing.
pub(crate) const LOOK: &str = "look";
/// Where a page of a text on a board is drawn.
pub(crate) const TEXT_PICTURE_PATH: &str = "/staff/boards/text.png";
/// More than the pages of a text hold on any board; longer addresses are nobody's friend.
const TEXT_CHARS_MAX: usize = 800;

/// What an editor sees.
#[derive(Debug, Clone)]
pub(crate) struct EditorView {
    /// The boards and the check.
    pub(crate) editing: Editing,
    /// What comes next; empty beside a record, which has a rail.
    pub(crate) way: Vec<WayStep>,
}

/// The text on a board, with the choice of another one by a field or a form of its own.
pub(crate) fn seen(editing: &Editing, choice: &Markup) -> Markup {
    html! {
        div.card #seen data-look {
            div.head.row {
                h2 { "屏上的样子" }
                @if let Some(seen) = &editing.seen {
                    b { (seen.board.described.name) "，" (facts(&seen.board.described)) }
                    span.soft { "排版和真屏一样，字形以屏的字库为准" }
                }
                (choice)
            }
            @match &editing.seen {
                Some(seen) => { (pages(seen, &editing.play)) }
                None => { p.pad { "没有能看的屏。看右边“检查结果”怎么办。" } }
            }
            (others(editing))
        }
    }
}

fn pages(seen: &OnBoard, play: &BoardPlay) -> Markup {
    let text = &play.text;
    let (width, height) = picture_size(&seen.board.described);
    let name = &seen.board.described.name;
    html! {
        @for page in 1..=seen.pages {
            div.glass tabindex="0" role="group" aria-label=(format!("{name}第 {page} 页")) {
                img.led src=(address(seen, play, page)) width=(width) height=(height)
                    alt=(format!("第 {page} 页，共 {} 页：{text}", seen.pages));
            }
            @if seen.pages > 1 { p.soft.page { "第 " (page) " 页，共 " (seen.pages) " 页" } }
        }
        p.pad {
            @if text.trim().is_empty() { "还没有写正文，写了这里就有。" }
            @else if seen.is_too_long() { span.tag.care { (seen.fit_text()) } }
            @else { (seen.fit_text()) }
        }
    }
}

/// Where the picture of a page is; it changes with the text.
fn address(seen: &OnBoard, play: &BoardPlay, page: usize) -> String {
    let (device, page) = (seen.board.device.to_string(), page.to_string());
    let priority = play.priority.to_string();
    let text: String = play.text.chars().take(TEXT_CHARS_MAX).collect();
    let asked = [
        ("device", device.as_str()),
        ("board", &seen.board.described.board),
        ("page", &page),
        ("content", play.content.word()),
        ("priority", &priority),
        ("text", &text),
    ];
    pager::address(TEXT_PICTURE_PATH, &asked)
}

fn others(editing: &Editing) -> Markup {
    html! {
        @if !editing.others.is_empty() {
            table {
                thead { tr { th { "也在这些屏上播" } th { "大小" } th { "放得下吗" } } }
                tbody { @for other in &editing.others { tr {
                    td { b { (other.board.described.name) } " " span.soft { (other.hall_name) } }
                    td.tight { (facts(&other.board.described)) }
                    td { (other.fit_text()) }
                } } }
            }
        }
        @if editing.unseen > 0 {
            p.pad.soft { "还有 " (editing.unseen) " 块屏没有列出来。要看哪块，只选那一块。" }
        }
    }
}

/// The choice of the board to be seen.
pub(crate) fn choice(editing: &Editing) -> Markup {
    let boards = editing.seen.iter().chain(&editing.others);
    html! {
        @if !editing.others.is_empty() {
            span.row.push.noprint {
                label for=(LOOKING) { "看哪块屏" }
                select id=(LOOKING) name=(LOOKING) {
                    @for (place, board) in boards.enumerate() {
                        option value=(board.board.described.board) selected[place == 0] {
                            (board.board.described.name)
                        }
                    }
                }
            }
        }
    }
}

/// What is wrong, and what is well.
pub(crate) fn checked(lines: &[CheckLine]) -> Markup {
    html! {
        div.card #checked data-look aria-live="polite" {
            h2 { "检查结果" }
            ul.checks { @for line in lines { li.(class(line.mark)) {
                (mark(line.mark)) span { (line.text) }
            } } }
        }
    }
}

fn class(mark: Mark) -> &'static str {
    match mark {
        Mark::Good => "good",
        Mark::Care => "care",
        Mark::Stop => "stop",
        Mark::Info => "info",
    }
}

/// Word and shape: a reader of the screen hears the word.
fn mark(mark: Mark) -> Markup {
    let (shape, word) = match mark {
        Mark::Good => (Icon::Done, "没问题"),
        Mark::Care => (Icon::Warn, "要看一下"),
        Mark::Stop => (Icon::Stop, "要改"),
        Mark::Info => (Icon::Info, "说明"),
    };
    html! { span.mark { (icon(shape)) b { (word) } } }
}

/// What comes next.
pub(crate) fn way(steps: &[WayStep]) -> Markup {
    html! {
        div.card #way data-look {
            h2 { "到哪一步了" }
            ol.way { @for (place, step) in steps.iter().enumerate() {
                li.now[place == 0] aria-current=[(place == 0).then_some("step")] {
                    b { (step.name) } br; span.soft { (step.detail) }
                }
            } }
        }
    }
}
