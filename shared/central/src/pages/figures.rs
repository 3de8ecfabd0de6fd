//! What a hall's day or month came to: how many came, how long they waited and were served, who did
//! not come, by day, hour, group and window; with a picture, and as a sheet.

use chrono::{Datelike, Days, Months, NaiveDate};
use domain::hall_figures::{FigureLine, HallFigures, Spread};
use domain::time::{month_day_text, weekday_text};
use maud::{Markup, html};

use super::frame::{Desk, MenuEntry, staff_page};
use crate::sheet::{Cell, Column, Format};

mod bars;

use bars::{Bar, bars};

const FIGURES_PATH: &str = "/staff/hall/figures";

/// The days that are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Span {
    /// One day.
    Day(NaiveDate),
    /// The month of this day.
    Month(NaiveDate),
}

impl Span {
    /// From `day=2026-11-27` or `month=2026-11`; the day `today` for anything else.
    pub(crate) fn of_query(day: Option<&str>, month: Option<&str>, today: NaiveDate) -> Self {
        let first = month.and_then(|month| format!("{month}-01").parse().ok());
        let one = day.and_then(|day| day.parse().ok());
        match (first, one) {
            (Some(first), _) => Self::Month(first),
            (None, Some(day)) => Self::Day(day),
            (None, None) => Self::Day(today),
        }
    }

    /// The first and the last day.
    pub(crate) fn days(self) -> (NaiveDate, NaiveDate) {
        match self {
            Self::Day(day) => (day, day),
            Self::Month(day) => {
                let first = day.with_day(1).unwrap_or(day);
                let next = first.checked_add_months(Months::new(1));
                let last = next.and_then(|next| next.pred_opt()).unwrap_or(day);
                (first, last)
            }
        }
    }

    /// In words.
    pub(crate) fn text(self) -> String {
        match self {
            Self::Day(day) => format!("{} {}", month_day_text(day), weekday_text(day)),
            Self::Month(day) => format!("{}年{}月", day.year(), day.month()),
        }
    }

    fn query(self) -> String {
        match self {
            Self::Day(day) => format!("day={day}"),
            Self::Month(day) => format!("month={}", day.format("%Y-%m")),
        }
    }

    fn before(self) -> Self {
        match self {
            Self::Day(day) => Self::Day(day.checked_sub_days(Days::new(1)).unwrap_or(day)),
            Self::Month(day) => Self::Month(day.checked_sub_months(Months::new(1)).unwrap_or(day)),
        }
    }

    fn after(self) -> Self {
        match self {
            Self::Day(day) => Self::Day(day.checked_add_days(Days::new(1)).unwrap_or(day)),
            Self::Month(day) => Self::Month(day.checked_add_months(Months::new(1)).unwrap_or(day)),
        }
    }

    fn of_other_length(self) -> (Self, &'static str) {
        match self {
            Self::Day(day) => (Self::Month(day), "看整个月"),
            Self::Month(day) => (Self::Day(day), "看一天"),
        }
    }
}

/// What the page shows.
#[derive(Debug, Clone)]
pub(crate) struct FiguresView {
    /// Of which days.
    pub(crate) span: Span,
    /// The figures.
    pub(crate) figures: HallFigures,
    /// Names of groups by letter.
    pub(crate) group_names: std::collections::BTreeMap<domain::id::GroupCode, String>,
}

/// One part of the figures as a table.
struct Part {
    title: &'static str,
    head: &'static str,
    rows: Vec<(String, FigureLine)>,
}

impl Part {
    /// What its bars are of.
    fn bars_of(&self) -> &'static str {
        let has_waits = self.rows.iter().any(|(_, line)| line.waits.is_some());
        if has_waits {
            "这里画的是等候。"
        } else {
            "这里画的是办理。"
        }
    }
}

impl FiguresView {
    fn parts(&self) -> Vec<Part> {
        let figures = &self.figures;
        let named = |code: &domain::id::GroupCode| {
            let name = self.group_names.get(code).map_or("", String::as_str);
            format!("{code} {name}")
        };
        let by_day = figures.by_day.iter();
        let by_hour = figures.by_hour.iter();
        let by_group = figures.by_group.iter();
        let by_window = figures.by_window.iter();
        let mut parts = vec![
            Part {
                title: "按时段",
                head: "几点来的",
                rows: by_hour
                    .map(|(hour, line)| (format!("{hour} 点"), line.clone()))
                    .collect(),
            },
            Part {
                title: "按业务",
                head: "组",
                rows: by_group
                    .map(|(code, line)| (named(code), line.clone()))
                    .collect(),
            },
            Part {
                title: "按窗口",
                head: "窗口",
                rows: by_window
                    .map(|(no, line)| (format!("{no} 号"), line.clone()))
                    .collect(),
            },
        ];
        if matches!(self.span, Span::Month(_)) {
            let rows = by_day
                .map(|(day, line)| (month_day_text(*day), line.clone()))
                .collect();
            parts.insert(
                0,
                Part {
                    title: "按天",
                    head: "日期",
                    rows,
                },
            );
        }
        parts
    }

    /// The columns of the sheet.
    pub(crate) fn columns() -> Vec<Column> {
        let text = |heading: &str, width: f64| Column {
            field: String::new(),
            heading: heading.to_owned(),
            width,
            format: Format::Text,
        };
        let number = |heading: &str| Column {
            field: String::new(),
            heading: heading.to_owned(),
            width: 12.0,
            format: Format::Whole,
        };
        let mut columns = vec![text("分类", 10.0), text("名称", 22.0)];
        columns.extend(
            [
                "人数",
                "办结",
                "过号",
                "取消",
                "没办完",
                "等候中位（秒）",
                "等候九成（秒）",
                "办理中位（秒）",
                "办理九成（秒）",
            ]
            .map(number),
        );
        columns.extend([text("过号率", 12.0), text("预计说中", 12.0)]);
        columns
    }

    /// The rows of the sheet.
    pub(crate) fn rows(&self) -> Vec<Vec<Cell>> {
        let all = Part {
            title: "全部",
            head: "",
            rows: vec![(self.span.text(), self.figures.all.clone())],
        };
        let parts = std::iter::once(all).chain(self.parts());
        parts
            .flat_map(|part| {
                let title = part.title;
                part.rows
                    .into_iter()
                    .map(move |(name, line)| cells(title, name, &line))
            })
            .collect()
    }
}

fn cells(title: &str, name: String, line: &FigureLine) -> Vec<Cell> {
    let whole = |count: usize| Cell::Integer(i64::try_from(count).unwrap_or(i64::MAX));
    let seconds = |ms: Option<i64>| ms.map_or(Cell::Empty, |ms| Cell::Integer(ms / 1_000));
    let median = |spread: Option<Spread>| seconds(spread.map(|spread| spread.median_ms));
    let p90 = |spread: Option<Spread>| seconds(spread.map(|spread| spread.p90_ms));
    let told = line
        .told_right
        .map_or_else(|| "无数据".to_owned(), domain::rating::Share::text);
    vec![
        Cell::Text(title.to_owned()),
        Cell::Text(name),
        whole(line.came),
        whole(line.done),
        whole(line.missed),
        whole(line.left),
        whole(line.lapsed),
        median(line.waits),
        p90(line.waits),
        median(line.services),
        p90(line.services),
        Cell::Text(line.no_shows().text()),
        Cell::Text(told),
    ]
}

/// The page.
pub(crate) fn figures_page(desk: &Desk, view: &FiguresView) -> Markup {
    let span = view.span;
    let (other, other_text) = span.of_other_length();
    let link = |span: Span, text: &str| {
        html! { a.button href=(format!("{FIGURES_PATH}?{}", span.query())) { (text) } }
    };
    let content = html! {
        div.stack {
            div.row {
                h1 { (span.text()) "的大厅" }
                (link(span.before(), "往前")) (link(span.after(), "往后")) (link(other, other_text))
                a.push.button href=(format!("{FIGURES_PATH}.xlsx?{}", span.query())) { "下载表格" }
                a.button href=(super::hall::HALL_PATH) { "回大厅现在" }
            }
            @if view.figures.all.came == 0 {
                div.card { p.pad { "这段时间没有人取号。可以往前看，或者看整个月。" } }
            } @else {
                div.card { (totals(&view.figures.all)) }
                @for part in view.parts() { (part_card(&part)) }
            }
        }
    };
    staff_page(desk, MenuEntry::Hall, "大厅的数字", None, &content)
}

fn totals(all: &FigureLine) -> Markup {
    let fact = |name: &str, value: String, under: String| {
        html! { div { (name) br; b { (value) } br; span.soft { (under) } } }
    };
    let told = all
        .told_right
        .map_or_else(|| "无数据".to_owned(), domain::rating::Share::text);
    html! {
        div.facts {
            (fact("来了", format!("{} 人", all.came), format!("办结 {}，没办完 {}", all.done, all.lapsed)))
            (fact("等候", minutes_text(all.waits.map(|w| w.median_ms)), format!("九成人不超过 {}", minutes_text(all.waits.map(|w| w.p90_ms)))))
            (fact("办理", minutes_text(all.services.map(|s| s.median_ms)), format!("九成事不超过 {}", minutes_text(all.services.map(|s| s.p90_ms)))))
            (fact("过号", all.no_shows().text(), format!("过号 {}，取消 {}；预计等候说中 {told}", all.missed, all.left)))
        }
    }
}

fn part_card(part: &Part) -> Markup {
    html! {
        div.card {
            h2 { (part.title) }
            p.pad.soft { "深色是一半人不超过的时间，浅色到九成。" (part.bars_of()) }
            (bars(&part.rows.iter().map(|(name, line)| bar(name, line)).collect::<Vec<_>>()))
            div.scroll { table {
                thead { tr {
                    th { (part.head) } th.num { "人数" } th.num { "办结" } th.num { "过号" }
                    th.num { "取消" } th.num { "没办完" } th.num { "等候中位" } th.num { "九成" }
                    th.num { "办理中位" } th.num { "九成" }
                } }
                tbody { @for (name, line) in &part.rows { tr {
                    th scope="row" { (name) }
                    td.num { (line.came) } td.num { (line.done) } td.num { (line.missed) }
                    td.num { (line.left) } td.num { (line.lapsed) }
                    td.num { (minutes_text(line.waits.map(|w| w.median_ms))) }
                    td.num { (minutes_text(line.waits.map(|w| w.p90_ms))) }
                    td.num { (minutes_text(line.services.map(|s| s.median_ms))) }
                    td.num { (minutes_text(line.services.map(|s| s.p90_ms))) }
                } } }
            } }
        }
    }
}

/// Waits, where there are any; else services.
fn bar(name: &str, line: &FigureLine) -> Bar {
    let spread = line.waits.or(line.services);
    Bar {
        name: name.to_owned(),
        median_ms: spread.map_or(0, |spread| spread.median_ms),
        p90_ms: spread.map_or(0, |spread| spread.p90_ms),
        text: format!(
            "{}，九成 {}",
            minutes_text(spread.map(|spread| spread.median_ms)),
            minutes_text(spread.map(|spread| spread.p90_ms))
        ),
    }
}

/// `3.5 分`, rounded up to tenths; a dash for none.
fn minutes_text(ms: Option<i64>) -> String {
    let Some(ms) = ms else {
        return "–".to_owned();
    };
    let tenths = (ms.max(0) + 5_999) / 6_000;
    format!("{}.{} 分", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::fixtures;

    #[test]
    fn a_span_is_a_day_or_a_whole_month() {
        let today = "2026-11-27".parse().unwrap();
        assert_eq!(Span::of_query(None, None, today), Span::Day(today));
        let month = Span::of_query(None, Some("2026-02"), today);
        let days = ["2026-02-01", "2026-02-28"].map(|day| day.parse::<NaiveDate>().unwrap());
        assert_eq!(month.days(), (days[0], days[1]));
        assert_eq!(month.after().before(), month);
        assert_eq!(Span::of_query(Some("昨天"), None, today), Span::Day(today));
    }

    #[test]
    fn the_sheet_says_what_the_page_says() {
        let view = fixtures::figures();
        let rows = view.rows();
        assert!(
            rows.iter()
                .all(|row| row.len() == FiguresView::columns().len())
        );
        let parts: usize = view.parts().iter().map(|part| part.rows.len()).sum();
        assert_eq!(rows.len(), parts + 1);
    }

    #[test]
    fn minutes_are_said_to_the_tenth_and_never_less_than_was() {
        assert_eq!(minutes_text(Some(0)), "0.0 分");
        assert_eq!(minutes_text(Some(61_000)), "1.1 分");
        assert_eq!(minutes_text(None), "–");
    }
}
