//! The sentences of a board and how they are cut to its dots (`look.md` §15).
//!
//! Of a vacancy the short name of the employer goes first, then the place, never the pay. Amber says
//! what, green where and how many, red calls and warns.

use std::time::Duration;

use chrono::NaiveDate;

use super::{BoardLayout, Call, ProgrammeItem, VacancyLine};
use crate::content::{Align, AreaContent, AreaId, AreaRect, Colour, GlyphSize, Line, Motion, Span};
use crate::render::text::{measure_px, paginate, shorten};

/// The size texts are set in; calls and emergencies take the largest that fits.
const TEXT_SIZE: GlyphSize = GlyphSize::Px16;
/// A notice or policy never takes the board for longer than this.
const NOTICE_PAGES_MAX: usize = 3;
/// A scrolling line moves one dot in this time: forty dots a second, two and a half Hanzi.
const SCROLL_STEP: Duration = Duration::from_millis(25);
/// A title shorter than this says nothing; the pay then gets a row of its own.
const TITLE_PX_MIN: u32 = 48;

/// One page of a rotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Page {
    pub(super) content: AreaContent,
    /// A scrolling line has to pass once.
    pub(super) dwell_min: Duration,
}

/// The pages of one day; what has expired is left out.
pub(super) fn programme(layout: BoardLayout, items: &[ProgrammeItem], day: NaiveDate) -> Vec<Page> {
    let mut pages = Vec::new();
    let mut block: Vec<&VacancyLine> = Vec::new();
    let per_page = (rows(layout) / 2).max(1);
    for item in items.iter().filter(|item| item.valid_to() >= day) {
        match item {
            ProgrammeItem::Vacancy(vacancy) => block.push(vacancy),
            ProgrammeItem::Policy { text, .. } => {
                pages.extend(vacancy_page(layout, &std::mem::take(&mut block)));
                pages.extend(text_pages(layout, text, [Colour::Amber, Colour::Green]));
            }
        }
        if block.len() == per_page {
            pages.extend(vacancy_page(layout, &std::mem::take(&mut block)));
        }
    }
    pages.extend(vacancy_page(layout, &block));
    pages
}

pub(super) fn notice(layout: BoardLayout, text: &str) -> Vec<Page> {
    text_pages(layout, text, [Colour::Amber, Colour::Green]).collect()
}

/// A notice as a board of that size shows it, and how many pages the whole text would take; the
/// board shows at most three of them.
#[must_use]
pub fn notice_pages(layout: BoardLayout, text: &str) -> (Vec<AreaContent>, usize) {
    let wanted = paginate(text, u32::from(layout.width_px), rows(layout), TEXT_SIZE).len();
    let shown = notice(layout, text).into_iter().map(|page| page.content);
    (shown.collect(), wanted)
}

pub(super) fn emergency(layout: BoardLayout, text: &str) -> Vec<Page> {
    let room = u32::from(layout.width_px);
    let fits = |size: GlyphSize| measure_px(text, size) <= room;
    let single = sizes(layout, 1).find(|&size| fits(size));
    match single {
        Some(size) => vec![page(layout, vec![Line::of(Colour::Red, text)], size)],
        None => text_pages(layout, &by_clauses(text, room), [Colour::Red; 2]).collect(),
    }
}

/// A line for each clause where all of them fit: who runs for the door reads no half words.
fn by_clauses(text: &str, room_px: u32) -> String {
    let clauses: Vec<&str> = text.split_inclusive(['，', '。', '；', '！']).collect();
    let fits = |clause: &&str| measure_px(clause, TEXT_SIZE) <= room_px;
    if clauses.iter().all(fits) {
        clauses.join("\n")
    } else {
        text.to_owned()
    }
}

pub(super) fn call(layout: BoardLayout, call: &Call) -> Page {
    let Call {
        ticket_label,
        window_no,
    } = call;
    let (ticket, window) = match rows(layout) {
        0 | 1 => {
            let line = format!("{ticket_label} {window_no}号窗口");
            return largest(layout, vec![line]);
        }
        _ => (
            format!("请 {ticket_label} 号"),
            format!("到 {window_no} 号窗口"),
        ),
    };
    largest(layout, vec![ticket, window])
}

/// Rows of text the board has.
fn rows(layout: BoardLayout) -> usize {
    usize::from(layout.height_px) / TEXT_SIZE.pixels() as usize
}

/// Sizes of which `count` rows fit, large to small; at least the smallest.
fn sizes(layout: BoardLayout, count: u32) -> impl Iterator<Item = GlyphSize> {
    let height = u32::from(layout.height_px);
    GlyphSize::ALL
        .into_iter()
        .rev()
        .filter(move |&size| size == TEXT_SIZE || size.pixels() * count <= height)
}

fn largest(layout: BoardLayout, lines: Vec<String>) -> Page {
    let room = u32::from(layout.width_px);
    let fits = |size: GlyphSize| lines.iter().all(|line| measure_px(line, size) <= room);
    let size = sizes(layout, lines.len() as u32)
        .find(|&size| fits(size))
        .unwrap_or(TEXT_SIZE);
    let lines = lines
        .into_iter()
        .map(|line| Line::of(Colour::Red, line))
        .collect();
    page(layout, lines, size)
}

fn page(layout: BoardLayout, lines: Vec<Line>, size: GlyphSize) -> Page {
    let rect = AreaRect {
        x_px: 0,
        y_px: 0,
        width_px: layout.width_px,
        height_px: layout.height_px,
    };
    let (align, motion) = (Align::Centre, Motion::Still);
    let content = AreaContent {
        area: AreaId(0),
        rect,
        size,
        lines,
        align,
        motion,
    };
    Page {
        content,
        dwell_min: Duration::ZERO,
    }
}

/// A line too long for the board, which moves instead.
fn moving(layout: BoardLayout, line: Line) -> Page {
    let way = u32::from(layout.width_px) + measure_px(&line.text(), TEXT_SIZE);
    let mut page = page(layout, vec![line], TEXT_SIZE);
    page.content.motion = Motion::ScrollLeft;
    page.dwell_min = SCROLL_STEP * way;
    page
}

fn text_pages(
    layout: BoardLayout,
    text: &str,
    [first, rest]: [Colour; 2],
) -> impl Iterator<Item = Page> {
    let room = u32::from(layout.width_px);
    let mut pages = paginate(text, room, rows(layout), TEXT_SIZE);
    let is_cut = pages.len() > NOTICE_PAGES_MAX;
    pages.truncate(NOTICE_PAGES_MAX);
    if let Some(last) = pages
        .last_mut()
        .and_then(|page| page.last_mut())
        .filter(|_| is_cut)
    {
        // Twice the width never fits, so the line ends in an ellipsis.
        *last = shorten(&last.repeat(room as usize), room, TEXT_SIZE);
    }
    pages.into_iter().enumerate().map(move |(number, lines)| {
        let colour = |row| if number == 0 && row == 0 { first } else { rest };
        let lines = lines
            .into_iter()
            .enumerate()
            .map(|(row, text)| Line::of(colour(row), text));
        page(layout, lines.collect(), TEXT_SIZE)
    })
}

fn vacancy_page(layout: BoardLayout, vacancies: &[&VacancyLine]) -> Option<Page> {
    Some(match (vacancies, rows(layout)) {
        ([], _) => return None,
        ([vacancy], 0 | 1) => single_row(layout, vacancy),
        _ => {
            let width = u32::from(layout.width_px);
            let lines = vacancies
                .iter()
                .flat_map(|vacancy| two_rows(vacancy, width))
                .collect();
            page(layout, lines, TEXT_SIZE)
        }
    })
}

/// `{工种} {下限}-{上限}元` over `{单位简称} {地点} {人数}人`.
fn two_rows(vacancy: &VacancyLine, width_px: u32) -> [Line; 2] {
    let pay_px = measure_px(&vacancy.pay_text, TEXT_SIZE) + TEXT_SIZE.pixels() / 2;
    let title_px = width_px.saturating_sub(pay_px);
    let is_tight = measure_px(&vacancy.title, TEXT_SIZE) > title_px && title_px < TITLE_PX_MIN;
    if is_tight {
        let title = shorten(&vacancy.title, width_px, TEXT_SIZE);
        return [
            Line::of(Colour::Amber, title),
            Line::of(Colour::Amber, &vacancy.pay_text),
        ];
    }
    let title = shorten(&vacancy.title, title_px, TEXT_SIZE);
    let what = format!("{title} {}", vacancy.pay_text);
    [
        Line::of(Colour::Amber, what),
        Line::of(Colour::Green, place_row(vacancy, width_px)),
    ]
}

/// As much of employer, place and head count as fits, the employer going first.
fn place_row(vacancy: &VacancyLine, width_px: u32) -> String {
    let count = vacancy
        .headcount
        .map(|count| format!("{count}人"))
        .unwrap_or_default();
    let parts = [
        vacancy.employer_short.as_str(),
        vacancy.place.as_str(),
        count.as_str(),
    ];
    let rows = (0..parts.len()).map(|from| {
        let kept: Vec<&str> = parts[from..]
            .iter()
            .copied()
            .filter(|part| !part.is_empty())
            .collect();
        kept.join(" ")
    });
    rows.into_iter()
        .find(|row| measure_px(row, TEXT_SIZE) <= width_px)
        .unwrap_or_default()
}

fn single_row(layout: BoardLayout, vacancy: &VacancyLine) -> Page {
    let what = format!("{} {}", vacancy.title, vacancy.pay_text);
    let place = format!(" {}", place_row(vacancy, u32::MAX));
    let span = |colour, text| Span { colour, text };
    let line = Line(vec![span(Colour::Amber, what), span(Colour::Green, place)]);
    if measure_px(&line.text(), TEXT_SIZE) <= u32::from(layout.width_px) {
        page(layout, vec![line], TEXT_SIZE)
    } else {
        moving(layout, line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO_ROWS: BoardLayout = BoardLayout {
        width_px: 192,
        height_px: 32,
    };
    const ONE_ROW: BoardLayout = BoardLayout {
        width_px: 192,
        height_px: 16,
    };

    fn vacancy() -> VacancyLine {
        VacancyLine {
            title: "电工".to_owned(),
            pay_text: "5000-8000元".to_owned(),
            employer_short: "东方机械".to_owned(),
            place: "城西街道".to_owned(),
            headcount: Some(3),
            valid_to: NaiveDate::MAX,
        }
    }

    fn rows_of(vacancy: &VacancyLine) -> [String; 2] {
        two_rows(vacancy, 192).map(|line| line.text())
    }

    #[test]
    fn an_emergency_breaks_between_its_clauses_and_else_where_the_line_ends() {
        let lines = |text: &str| -> Vec<String> {
            let pages = emergency(TWO_ROWS, text);
            pages.iter().map(|page| page.content.text()).collect()
        };
        assert_eq!(
            lines("请马上离开大厅，走安全出口"),
            ["请马上离开大厅，\n走安全出口"]
        );
        assert_eq!(
            lines("大厅里的各位朋友们请马上离开大厅"),
            ["大厅里的各位朋友们请马上\n离开大厅"]
        );
    }

    #[test]
    fn a_vacancy_has_what_above_where() {
        assert_eq!(
            rows_of(&vacancy()),
            ["电工 5000-8000元", "东方机械 城西街道 3人"]
        );
    }

    #[test]
    fn the_employer_goes_first_and_then_the_place() {
        let long = VacancyLine {
            employer_short: "东方精密机械制造".to_owned(),
            ..vacancy()
        };
        assert_eq!(rows_of(&long)[1], "城西街道 3人");
        let longer = VacancyLine {
            place: "城西街道工业园区南三路十二号".to_owned(),
            ..long
        };
        assert_eq!(rows_of(&longer)[1], "3人");
    }

    #[test]
    fn the_pay_is_never_cut() {
        let titled = |title: &str, pay: &str| VacancyLine {
            title: title.to_owned(),
            pay_text: pay.to_owned(),
            ..vacancy()
        };
        let long = rows_of(&titled("数控机床操作及维修工", "5000-8000元"));
        assert_eq!(long[0], "数控机床操… 5000-8000元");
        let both = rows_of(&titled("数控机床操作及维修工", "面议，试用期4500-5200元"));
        assert_eq!(both[1], "面议，试用期4500-5200元");
        for row in long.iter().chain(&both) {
            assert!(measure_px(row, TEXT_SIZE) <= 192, "{row}");
        }
    }

    #[test]
    fn a_one_row_board_scrolls_only_what_does_not_fit_and_waits_until_it_has_passed() {
        let short = VacancyLine {
            employer_short: String::new(),
            place: String::new(),
            headcount: None,
            ..vacancy()
        };
        let still = single_row(ONE_ROW, &short);
        assert_eq!(still.content.motion, Motion::Still);
        let scrolled = single_row(ONE_ROW, &vacancy());
        assert_eq!(scrolled.content.motion, Motion::ScrollLeft);
        let text_px = measure_px("电工 5000-8000元 东方机械 城西街道 3人", TEXT_SIZE);
        assert_eq!(scrolled.dwell_min, SCROLL_STEP * (192 + text_px));
    }

    #[test]
    fn calls_are_as_large_as_fits() {
        let a025 = Call {
            ticket_label: "A025".to_owned(),
            window_no: 3,
        };
        let shown = |width_px, height_px| {
            let content = call(
                BoardLayout {
                    width_px,
                    height_px,
                },
                &a025,
            )
            .content;
            (content.text(), content.size)
        };
        assert_eq!(shown(192, 16), ("A025 3号窗口".to_owned(), GlyphSize::Px16));
        assert_eq!(
            shown(192, 32),
            ("请 A025 号\n到 3 号窗口".to_owned(), GlyphSize::Px16)
        );
        assert_eq!(shown(192, 48).1, GlyphSize::Px24);
        assert_eq!(shown(160, 64).1, GlyphSize::Px24);
        assert_eq!(shown(192, 64).1, GlyphSize::Px32);
    }

    #[test]
    fn a_long_notice_ends_after_three_pages_and_shows_that_more_was_said() {
        let pages = notice(TWO_ROWS, &"社会保险补贴申领".repeat(20));
        assert_eq!(pages.len(), 3);
        assert!(pages[2].content.text().ends_with('…'));
        assert!(!pages[0].content.text().contains('…'));
    }

    #[test]
    fn a_tall_board_shows_several_vacancies_a_page() {
        let layout = BoardLayout {
            width_px: 192,
            height_px: 64,
        };
        let items = vec![ProgrammeItem::Vacancy(vacancy()); 5];
        let lines: Vec<usize> = programme(layout, &items, NaiveDate::MIN)
            .iter()
            .map(|page| page.content.lines.len())
            .collect();
        assert_eq!(lines, [4, 4, 2]);
    }
}
