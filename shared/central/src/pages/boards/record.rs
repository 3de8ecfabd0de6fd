//! The display record (播出记录): per item and board from when to when it was on the board, how often
//! it was sent, and what the board said to it.

use chrono::NaiveDate;
use domain::id::RecordId;
use domain::time::day_text;
use maud::{Markup, html};

use super::view::what_word;
use crate::pages::frame::{Desk, MenuEntry, staff_page};
use crate::pages::help::help;
use crate::pages::pager::{self, pager};
use crate::sheet::{Cell, Column, Format};
use crate::store::Airing;

/// Where it is.
pub(super) const PATH: &str = "/staff/boards/record";
/// Lines of a page.
pub(crate) const LINES_PER_PAGE: u64 = 50;
/// Characters of a board's words that stand in a line.
const WORDS_MAX: usize = 40;

/// Where the record of one item is.
pub(crate) fn display_record_of(item: RecordId) -> String {
    pager::address(PATH, &[("item", &item.to_string())])
}

/// What is asked for, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct AiredAsked {
    /// On this day.
    pub(crate) day: Option<NaiveDate>,
    /// The number of a board; empty for all.
    pub(crate) board: String,
    /// The key of an item; empty for all.
    pub(crate) item: String,
    /// From 1.
    pub(crate) page: u64,
}

impl AiredAsked {
    fn address(&self, path: &str, page: u64) -> String {
        let day = self.day.map_or_else(String::new, |day| day.to_string());
        let page = match page {
            1 => String::new(),
            page => page.to_string(),
        };
        let asked = [
            ("day", day.as_str()),
            ("board", &self.board),
            ("item", &self.item),
            ("page", &page),
        ];
        pager::address(path, &asked)
    }
}

/// What the page shows.
#[derive(Debug, Clone)]
pub(crate) struct AiredView {
    pub(crate) asked: AiredAsked,
    pub(crate) lines: Vec<Airing>,
    pub(crate) count: u64,
    /// Boards by number: their names.
    pub(crate) boards: Vec<(String, String)>,
    pub(crate) today: NaiveDate,
}

impl AiredView {
    /// The filter in words.
    pub(crate) fn filter_text(&self) -> String {
        let day = self
            .asked
            .day
            .map_or_else(|| "所有日子".to_owned(), |day| day.to_string());
        let board = match self.asked.board.as_str() {
            "" => "所有的屏".to_owned(),
            number => self.name_of(number),
        };
        let item = self
            .asked_title()
            .map_or_else(String::new, |title| format!("，{title}"));
        format!("{day}，{board}{item}")
    }

    fn asked_title(&self) -> Option<String> {
        (!self.asked.item.is_empty()).then(|| {
            self.lines
                .first()
                .map_or_else(|| "一条内容".to_owned(), title)
        })
    }

    fn name_of(&self, number: &str) -> String {
        let known = self.boards.iter().find(|(known, _)| known == number);
        known.map_or_else(
            || number.to_owned(),
            |(number, name)| format!("{number} {name}"),
        )
    }

    /// The columns of the sheet.
    pub(crate) fn columns() -> Vec<Column> {
        let column = |(heading, width, format): (&str, f64, Format)| Column {
            field: String::new(),
            heading: heading.to_owned(),
            width,
            format,
        };
        let columns = [
            ("内容", 26.0, Format::Text),
            ("类别", 12.0, Format::Text),
            ("屏上的字", 40.0, Format::Text),
            ("屏", 18.0, Format::Text),
            ("从", 20.0, Format::Moment),
            ("到（空着的还在放）", 20.0, Format::Moment),
            ("发出次数", 12.0, Format::Whole),
            ("屏已回话次数", 12.0, Format::Whole),
            ("推算次数", 12.0, Format::Whole),
        ];
        columns.map(column).into()
    }

    /// The rows of the sheet.
    pub(crate) fn rows(&self) -> Vec<Vec<Cell>> {
        let row = |line: &Airing| {
            let [sent, confirmed, believed] =
                [line.sent, line.confirmed, line.believed].map(|count| Cell::Integer(count.into()));
            vec![
                Cell::Text(title(line)),
                Cell::Text(what_word(line.what).to_owned()),
                Cell::Text(line.words.clone()),
                Cell::Text(self.name_of(&line.board)),
                Cell::Moment(line.from),
                line.until.map_or(Cell::Empty, Cell::Moment),
                sent,
                confirmed,
                believed,
            ]
        };
        self.lines.iter().map(row).collect()
    }
}

/// What is played is called, or that nobody has let it on the boards.
pub(super) fn title(airing: &Airing) -> String {
    let untitled = || format!("没有审批记录的{}", what_word(airing.what));
    airing.title.clone().unwrap_or_else(untitled)
}

/// The page.
pub(crate) fn record_page(desk: &Desk, view: &AiredView) -> Markup {
    let content = html! {
        div.stack {
            div.row {
                h1 { "播出记录" }
                span.soft { (view.filter_text()) }
                a.button.push.noprint href=(view.asked.address("/staff/boards/record.xlsx", 1)) { "下载表格" }
                a.button.noprint href=(super::BOARDS_PATH) { "回屏幕" }
            }
            (filters(view))
            div.card {
                @if view.lines.is_empty() {
                    p.pad { "没有播过。可以换一天，或者看所有的屏；刚上屏的，屏驱动连着时几秒里就有。" }
                } @else {
                    div.scroll { (table(view)) }
                    (pager(view.count, view.asked.page, LINES_PER_PAGE, |page| view.asked.address(PATH, page)))
                }
            }
            (help(&[
                "“屏已回话”是屏自己说放上了；“推算”是不会回话的屏，按时间算应该放上了。",
                "“没有播成”的，屏没收下，或者还没回话就断了；屏断了以后的时间不算在播。",
                "“没有审批记录”的，说明这里查不到谁签发的，请马上查是从哪里来的。",
            ]))
        }
    };
    staff_page(desk, MenuEntry::Boards, "播出记录", None, &content)
}

fn filters(view: &AiredView) -> Markup {
    let asked = &view.asked;
    html! {
        form.card.pad.row.noprint method="get" action=(PATH) {
            label for="day" { "哪一天" }
            input #day type="date" name="day" value=[asked.day.map(|day| day.to_string())];
            label for="board" { "哪块屏" }
            select #board name="board" {
                option value="" { "所有的屏" }
                @for (number, name) in &view.boards {
                    option value=(number) selected[*number == asked.board] { (number) " " (name) }
                }
            }
            @if let Some(title) = view.asked_title() {
                label { input type="checkbox" name="item" value=(asked.item) checked; " 只看“" (title) "”" }
            }
            button { "看" }
            @if asked.day != Some(view.today) {
                a href=(pager::address(PATH, &[("day", &view.today.to_string())])) { "看今天的" }
            }
        }
    }
}

fn table(view: &AiredView) -> Markup {
    html! {
        table {
            thead { tr {
                th { "内容" } th { "屏" } th { "从" } th { "到" }
                th.num { "发出" } th.num { "屏已回话" } th.num { "推算" }
            } }
            tbody { @for line in &view.lines { tr {
                td.title { (item(line)) }
                td { (view.name_of(&line.board)) }
                td.tight { (when(line.from, view.today)) }
                td.tight {
                    @match line.until {
                        Some(_) if was_never_on_show(line) => span.tag.stop { "没有播成" },
                        Some(until) => { (when(until, view.today)) },
                        None => span.tag.good { "还在放" },
                    }
                }
                td.num { (line.sent) } td.num { (line.confirmed) } td.num { (line.believed) }
            } } }
        }
    }
}

/// Whether the board refused it, or fell silent before it said a word.
fn was_never_on_show(line: &Airing) -> bool {
    (line.confirmed, line.believed) == (0, 0) && line.until.is_some()
}

fn item(line: &Airing) -> Markup {
    let words: String = line.words.chars().take(WORDS_MAX).collect();
    let more = if words.len() < line.words.len() {
        "……"
    } else {
        ""
    };
    html! {
        @if line.title.is_none() {
            span.tag.stop { (title(line)) }
        } @else if line.has_record {
            a href=(format!("/staff/record/{}", line.item)) { (title(line)) }
        } @else {
            b { (title(line)) }
        }
        br; span.soft { (words) (more) }
    }
}

fn when(at: domain::time::UtcMs, today: NaiveDate) -> String {
    let clock = at.hall_time().format("%H:%M:%S");
    format!("{} {clock}", day_text(at.hall_date(), today))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::fixtures;

    #[test]
    fn what_nobody_has_approved_is_told_and_what_plays_still_too() {
        let view = fixtures::display_record();
        let page = record_page(&fixtures::desk(), &view).into_string();
        assert!(page.contains("没有审批记录的发布的内容"), "{page}");
        assert!(page.contains("还在放"));
        let rows = view.rows();
        assert!(
            rows.iter()
                .all(|row| row.len() == AiredView::columns().len())
        );
        assert_eq!(rows.len(), view.lines.len());
    }
}
