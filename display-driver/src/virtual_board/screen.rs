//! How the card draws one area: escape codes, lines, pages, scrolling (sheet `onbon-bx.md` A4).
//!
//! Choices where the sheet is silent: a step of what moves is one dot every (speed + 1) × 5 ms; a page
//! that comes from below or above moves in as a whole and then stands; one that moves to the right is
//! there at once; temperatures show as `--`, pictures as `□`.

use std::time::Duration;

use chrono::{Datelike, NaiveDateTime, Timelike};
use embedded_graphics::prelude::{DrawTargetExt, Point, Size};
use embedded_graphics::primitives::Rectangle;

use crate::codec::onbon_k::area::{Area, alignment, display_mode, lines, run_mode, wrap};
use crate::codec::onbon_k::text::{WireText, first_character};
use crate::content::GlyphSize;
use crate::render::area::draw_text;
use crate::render::canvas::{Canvas, Dot};
use crate::render::glyph::{GlyphSource, MISSING, cell_px};

/// One step at speed 0.
const STEP_MS: u64 = 5;
/// `\FO000`.
const FONT_CODE_BYTES: usize = 6;

/// Heights of the fonts that a text names, by the sheet's table of digits.
pub(super) fn font_heights(text: &WireText) -> Vec<u8> {
    let codes = text.0.windows(FONT_CODE_BYTES);
    let named = codes.filter_map(|code| match code {
        [b'\\', b'F', b'O' | b'E', _, _, digit] => Some(glyph_size(*digit)),
        _ => None,
    });
    named.map(|size| size.pixels() as u8).collect()
}

/// The moment an area is drawn at.
#[derive(Debug, Clone, Copy)]
pub(super) struct At {
    /// Since the area came.
    pub(super) shown_for: Duration,
    /// The card's clock.
    pub(super) clock: NaiveDateTime,
}

/// The diodes of the board.
#[derive(Debug, Clone, Copy)]
pub(super) struct Colours {
    pub(super) has_green: bool,
}

/// One character with its font and colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cell {
    character: char,
    size: GlyphSize,
    dot: Dot,
}

impl Cell {
    fn width_px(self) -> u32 {
        cell_px(self.character, self.size)
    }
}

pub(super) fn draw(
    canvas: &mut Canvas,
    glyphs: &mut GlyphSource,
    area: &Area,
    at: At,
    colours: Colours,
) {
    let rect = Rectangle::new(
        Point::new(area.x.pixels() as i32, i32::from(area.y)),
        Size::new(area.width.pixels(), u32::from(area.height)),
    );
    let rows = wrapped(parse(area, at.clock, colours), area);
    let line_px = rows
        .iter()
        .flatten()
        .map(|cell| cell.size.pixels())
        .max()
        .unwrap_or(16);
    let pitch = line_px + u32::from(area.line_spacing);
    let page = page(&rows, area, pitch, at.shown_for);
    let block_px = (pitch * page.len() as u32).saturating_sub(u32::from(area.line_spacing));
    let stands_at = rect.top_left.y + aligned(area.alignment >> 2, rect.size.height, block_px);
    let mut top = stands_at + on_its_way(area, at.shown_for);
    let mut target = canvas.clipped(&rect);
    for row in page {
        let mut place = Point::new(rect.top_left.x + left(area, row, at.shown_for), top);
        for cell in row {
            let mut buffer = [0; 4];
            let text = (&*cell.character.encode_utf8(&mut buffer), cell.dot);
            let Ok(next) = draw_text(&mut target, glyphs, (place, cell.size), text);
            place = next;
        }
        top += pitch as i32;
    }
}

/// How far a page that comes from below or above is still from its place.
fn on_its_way(area: &Area, shown_for: Duration) -> i32 {
    let steps = shown_for.as_millis() as u64 / step_ms(area);
    let rest = u64::from(area.height).saturating_sub(steps) as i32;
    match area.display_mode {
        display_mode::UP => rest,
        display_mode::DOWN => -rest,
        _ => 0,
    }
}

fn step_ms(area: &Area) -> u64 {
    STEP_MS * (u64::from(area.speed) + 1)
}

/// Alignment bits: 00 at the near edge, 01 at the far edge, 10 in the middle.
fn aligned(bits: u8, room: u32, used: u32) -> i32 {
    let rest = room.saturating_sub(used) as i32;
    match bits & 0b11 {
        alignment::RIGHT => rest,
        alignment::CENTRE => rest / 2,
        _ => 0,
    }
}

fn width_px(row: &[Cell]) -> u32 {
    row.iter().map(|cell| cell.width_px()).sum()
}

/// Where a row begins inside the area; a moving row comes in at the right and leaves at the left.
fn left(area: &Area, row: &[Cell], shown_for: Duration) -> i32 {
    let (room, used) = (area.width.pixels(), width_px(row));
    if area.display_mode != display_mode::LEFT || area.lines != lines::SINGLE {
        return aligned(area.alignment, room, used);
    }
    let steps = shown_for.as_millis() as u64 / step_ms(area);
    let way = u64::from(room + used).max(1);
    room as i32 - (steps % way) as i32
}

/// The rows on the glass at a time: single-line areas show one, the others as many as fit.
fn page<'a>(
    rows: &'a [Vec<Cell>],
    area: &Area,
    pitch: u32,
    shown_for: Duration,
) -> &'a [Vec<Cell>] {
    let fitting = (u32::from(area.height) + u32::from(area.line_spacing)) / pitch.max(1);
    let per_page = if area.lines == lines::SINGLE {
        1
    } else {
        fitting.max(1) as usize
    };
    let count = rows.len().div_ceil(per_page).max(1);
    let stay_ms = u64::from(area.stay_half_s.max(1)) * 500;
    let turned = (shown_for.as_millis() as u64 / stay_ms) as usize;
    let index = match area.run_mode {
        run_mode::STOP_ON_LAST => turned.min(count - 1),
        _ => turned % count,
    };
    rows.chunks(per_page).nth(index).unwrap_or_default()
}

/// Breaks rows at the edge where the area asks for it.
fn wrapped(rows: Vec<Vec<Cell>>, area: &Area) -> Vec<Vec<Cell>> {
    if area.wrap != wrap::AUTOMATIC || area.lines == lines::SINGLE {
        return rows;
    }
    let room = area.width.pixels();
    let mut broken: Vec<Vec<Cell>> = Vec::new();
    for row in rows {
        broken.push(Vec::new());
        for cell in row {
            let used = broken.last().map_or(0, |row| width_px(row));
            if used > 0 && used + cell.width_px() > room {
                broken.push(Vec::new());
            }
            if let Some(row) = broken.last_mut() {
                row.push(cell);
            }
        }
    }
    broken
}

/// The state of the escape codes while a text is read.
struct Pen {
    chinese: GlyphSize,
    latin: GlyphSize,
    dot: Dot,
    colours: Colours,
    rows: Vec<Vec<Cell>>,
}

fn parse(area: &Area, clock: NaiveDateTime, colours: Colours) -> Vec<Vec<Cell>> {
    let mut pen = Pen {
        chinese: GlyphSize::Px16,
        latin: GlyphSize::Px16,
        dot: Dot::Red,
        colours,
        rows: vec![Vec::new()],
    };
    let mut rest = area.text.0.as_slice();
    while let Some((character, tail)) = first_character(rest) {
        rest = match (character, tail) {
            (Some('\\'), code) => pen.obey(code, clock),
            (character, _) => {
                pen.put(character.unwrap_or(MISSING));
                tail
            }
        };
    }
    pen.rows
}

impl Pen {
    fn put(&mut self, character: char) {
        let size = if character.is_ascii() {
            self.latin
        } else {
            self.chinese
        };
        let cell = Cell {
            character,
            size,
            dot: self.dot,
        };
        if let Some(row) = self.rows.last_mut() {
            row.push(cell);
        }
    }

    fn put_text(&mut self, text: &str) {
        text.chars().for_each(|character| self.put(character));
    }

    /// Takes the code behind a backslash and gives what follows it.
    fn obey<'a>(&mut self, code: &'a [u8], clock: NaiveDateTime) -> &'a [u8] {
        match code {
            [b'n', rest @ ..] => {
                self.rows.push(Vec::new());
                rest
            }
            [b'C', digit, rest @ ..] => {
                self.dot = dot(*digit, self.colours);
                rest
            }
            [b'F', b'O', _, _, digit, rest @ ..] => {
                self.chinese = glyph_size(*digit);
                rest
            }
            [b'F', b'E', _, _, digit, rest @ ..] => {
                self.latin = glyph_size(*digit);
                rest
            }
            // Other scripts: the simulated card has no such fonts and goes on with those it has.
            [b'F', b'K', _, _, _, rest @ ..] => rest,
            [b'D', field, rest @ ..] => {
                self.put_text(&clock_field(*field, clock));
                rest
            }
            [b'W', _, _, _, rest @ ..] => {
                self.put_text("--");
                rest
            }
            [b'T', rest @ ..] => {
                self.put(MISSING);
                let end = rest.windows(2).position(|pair| pair == br"\|");
                end.map_or(&[], |end| &rest[end + 2..])
            }
            other => other,
        }
    }
}

fn glyph_size(digit: u8) -> GlyphSize {
    match digit {
        b'1' => GlyphSize::Px24,
        b'2' => GlyphSize::Px32,
        _ => GlyphSize::Px16,
    }
}

/// A board has red and perhaps green diodes; each colour lights the nearest it can.
fn dot(digit: u8, colours: Colours) -> Dot {
    match digit {
        _ if !colours.has_green => Dot::Red,
        b'2' | b'4' | b'5' => Dot::Green,
        b'3' | b'7' => Dot::Amber,
        _ => Dot::Red,
    }
}

fn clock_field(field: u8, clock: NaiveDateTime) -> String {
    match field {
        b'Y' => clock.year().to_string(),
        b'L' => format!("{:02}", clock.month()),
        b'D' => format!("{:02}", clock.day()),
        b'H' => format!("{:02}", clock.hour()),
        b'M' => format!("{:02}", clock.minute()),
        b'S' => format!("{:02}", clock.second()),
        b'W' => {
            let names = [
                "星期一",
                "星期二",
                "星期三",
                "星期四",
                "星期五",
                "星期六",
                "星期日",
            ];
            names[clock.weekday().num_days_from_monday() as usize].to_owned()
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::codec::Side;
    use crate::codec::onbon_k::area::Extent;
    use crate::codec::onbon_k::dialect;
    use crate::codec::onbon_k::message::Message;
    use crate::codec::onbon_k::text::EncodedText;
    use crate::content::{Align, AreaContent, AreaId, AreaRect, Colour, Line, Motion, Span};
    use crate::render::area::draw_area;

    fn area(text: &str) -> Area {
        let mut encoded = EncodedText::default();
        encoded.push_code(text);
        assert!(encoded.substituted.is_empty());
        Area {
            area_type: 0,
            x: Extent::Px(0),
            y: 0,
            width: Extent::Px(64),
            height: 32,
            id: 0,
            line_spacing: 0,
            run_mode: run_mode::LOOP,
            timeout_s: 0,
            sound: None,
            extension: Vec::new(),
            alignment: 0,
            lines: lines::MULTI,
            wrap: wrap::EXPLICIT,
            display_mode: display_mode::STATIC,
            exit_mode: 0,
            speed: 0,
            stay_half_s: 4,
            text: encoded.text,
        }
    }

    fn at(shown_for_ms: u64) -> At {
        let clock = NaiveDate::from_ymd_opt(2026, 3, 9).and_then(|day| day.and_hms_opt(8, 5, 7));
        At {
            shown_for: Duration::from_millis(shown_for_ms),
            clock: clock.expect("a date"),
        }
    }

    fn drawn(area: &Area, shown_for_ms: u64) -> Canvas {
        let mut canvas = Canvas::new(64, 32);
        let colours = Colours { has_green: true };
        draw(
            &mut canvas,
            &mut GlyphSource::new(),
            area,
            at(shown_for_ms),
            colours,
        );
        canvas
    }

    fn text_of(area: &Area) -> Vec<String> {
        let rows = parse(area, at(0).clock, Colours { has_green: true });
        rows.iter()
            .map(|row| row.iter().map(|cell| cell.character).collect())
            .collect()
    }

    #[test]
    fn codes_set_font_and_colour_and_are_not_drawn() {
        let area = area(r"\FO001\FE002\C2电A\C1\n工");
        let rows = parse(&area, at(0).clock, Colours { has_green: true });
        let cell = |character, size, dot| Cell {
            character,
            size,
            dot,
        };
        assert_eq!(
            rows,
            [
                vec![
                    cell('电', GlyphSize::Px24, Dot::Green),
                    cell('A', GlyphSize::Px32, Dot::Green)
                ],
                vec![cell('工', GlyphSize::Px24, Dot::Red)],
            ]
        );
    }

    #[test]
    fn clock_codes_show_the_cards_clock() {
        let area = area(r"\DY-\DL-\DD \DW\n\DH:\DM:\DS");
        assert_eq!(text_of(&area), ["2026-03-09 星期一", "08:05:07"]);
    }

    #[test]
    fn pages_turn_after_their_stay_time_and_begin_again() {
        let area = area(r"一\n二\n三");
        let (first, second) = (drawn(&area, 0), drawn(&area, 2_000));
        assert_ne!(first, second);
        assert_eq!(drawn(&area, 1_999), first);
        assert_eq!(drawn(&area, 4_000), first);
        let last = Area {
            run_mode: run_mode::STOP_ON_LAST,
            ..area
        };
        assert_eq!(drawn(&last, 60_000), second);
    }

    #[test]
    fn a_scrolling_line_comes_from_the_right_and_leaves_to_the_left() {
        let moving = Area {
            display_mode: display_mode::LEFT,
            lines: lines::SINGLE,
            ..area(r"电")
        };
        assert_eq!(drawn(&moving, 0).lit(), 0);
        assert!(drawn(&moving, 64 * STEP_MS).lit() > 0);
        assert_eq!(drawn(&moving, 79 * STEP_MS).dot(20, 8), Dot::Off);
        assert_eq!(drawn(&moving, 80 * STEP_MS).lit(), 0);
    }

    #[test]
    fn a_page_that_comes_from_below_or_above_moves_in_and_stands() {
        let still = Area {
            run_mode: run_mode::STOP_ON_LAST,
            ..area(r"电")
        };
        for (display_mode, first_row) in [(display_mode::UP, 31), (display_mode::DOWN, 0)] {
            let coming = Area {
                display_mode,
                ..still.clone()
            };
            assert_eq!(drawn(&coming, 0).lit(), 0);
            // The nearer edge of the glyph comes first, and only at the edge it comes from.
            let first = (1..32)
                .map(|step| drawn(&coming, step * STEP_MS))
                .find(|canvas| canvas.lit() > 0)
                .expect("it comes");
            let lit: Vec<u32> = (0..32)
                .filter(|&y| (0..64).any(|x| first.dot(x, y) != Dot::Off))
                .collect();
            assert_eq!(lit, [first_row]);
            assert_eq!(drawn(&coming, 32 * STEP_MS), drawn(&still, 0));
            assert_eq!(drawn(&coming, 60_000), drawn(&still, 0));
        }
    }

    #[test]
    fn automatic_wrapping_breaks_at_the_edge() {
        let broken = Area {
            wrap: wrap::AUTOMATIC,
            ..area("一二三四五六")
        };
        assert_eq!(drawn(&broken, 0), drawn(&area(r"一二三四\n五六"), 0));
        assert_ne!(drawn(&broken, 0), drawn(&area("一二三四五六"), 0));
    }

    #[test]
    fn a_single_colour_board_shows_every_colour_red() {
        let mut canvas = Canvas::new(64, 32);
        let colours = Colours { has_green: false };
        draw(
            &mut canvas,
            &mut GlyphSource::new(),
            &area(r"\C2电"),
            at(0),
            colours,
        );
        assert!(
            canvas
                .rows()
                .flatten()
                .all(|dot| matches!(dot, Dot::Off | Dot::Red))
        );
        assert!(canvas.lit() > 0);
    }

    #[test]
    fn content_sent_by_the_driver_is_drawn_as_the_preview_draws_it() {
        let span = |colour, text: &str| Span {
            colour,
            text: text.to_owned(),
        };
        for size in GlyphSize::ALL {
            let content = AreaContent {
                area: AreaId(0),
                rect: AreaRect {
                    x_px: 8,
                    y_px: 0,
                    width_px: 180,
                    height_px: 64,
                },
                size,
                lines: vec![
                    Line(vec![
                        span(Colour::Amber, "电工 "),
                        span(Colour::Green, "A1"),
                    ]),
                    Line(vec![span(Colour::Red, "3 号窗口")]),
                ],
                align: Align::Centre,
                motion: Motion::Still,
            };
            let mut preview = Canvas::new(192, 64);
            draw_area(&mut preview, &mut GlyphSource::new(), &content);
            let face = crate::codec::Face {
                width_px: 192,
                height_px: 64,
            };
            let speech = crate::codec::Speech::usual(crate::codec::BoardFamily::OnbonK, face);
            let ask = crate::codec::Ask::Show(content);
            let asked = dialect::encode(&speech, 1, &ask).expect("short");
            let mut decoder = crate::codec::onbon_k::decoder::Decoder::new();
            decoder.push(&asked.bytes());
            let frame = decoder.next().expect("a frame").expect("a sound frame");
            let Ok(Message::Request(request)) = Message::read(&frame.data, Side::Host) else {
                panic!("expected a request");
            };
            let crate::codec::onbon_k::command::Command::DynamicArea(update) = request.command
            else {
                panic!("expected a dynamic area");
            };
            let mut card = Canvas::new(192, 64);
            let colours = Colours { has_green: true };
            draw(
                &mut card,
                &mut GlyphSource::new(),
                &update.areas[0],
                at(0),
                colours,
            );
            assert_eq!(card, preview, "{size:?}");
        }
    }
}
