//! Approved sentences on pages: whole pages, at most three; a board never tells a novel.

use super::{Frame, Origin, Page, PageLimit, TEXT_SIZE, fits};
use crate::content::{Colour, Line};
use crate::render::text::{measure_px, paginate, shorten};

/// A notice or policy never takes the board for longer than this.
const PAGES_MAX: usize = 3;
/// A row that cannot be sent whole is tried in these parts of its width.
const ROW_PARTS: u32 = 8;

/// A text on pages, what happens in amber and what to do in green.
#[must_use]
pub fn sentences(frame: &Frame, text: &str) -> Vec<Page> {
    pages(frame, text, [Colour::Amber, Colour::Green])
}

/// How many pages the whole text would take; a board shows at most three of them.
#[must_use]
pub fn wanted(frame: &Frame, text: &str) -> usize {
    let room = room(frame, text);
    paginate(text, room.width_px, room.rows, TEXT_SIZE).len()
}

/// Whether the board's memory, and not its dots, makes a text take more pages.
#[must_use]
pub fn is_cut_by_memory(frame: &Frame, text: &str) -> bool {
    wanted(frame, text) > wanted(&frame.limited(PageLimit::NONE), text)
}

/// How much of a frame a page uses.
#[derive(Debug, Clone, Copy)]
struct Room {
    width_px: u32,
    rows: usize,
}

/// As much of a frame as can be sent of this text: all of it, else fewer rows, else a part of one.
fn room(frame: &Frame, text: &str) -> Room {
    let whole = frame.width_px();
    let rows = (1..=frame.rows()).rev();
    let rows = rows.map(|rows| Room {
        width_px: whole,
        rows,
    });
    let parts = (1..ROW_PARTS).rev().map(|part| Room {
        width_px: whole * part / ROW_PARTS,
        rows: 1,
    });
    let is_sent = |room: &Room| {
        let pages = built(frame, text, [Colour::Amber, Colour::Green], *room);
        frame.limit.holds_all(&pages)
    };
    let mut rooms = rows.chain(parts);
    rooms.find(is_sent).unwrap_or(Room {
        width_px: whole / ROW_PARTS,
        rows: 1,
    })
}

/// An emergency: red, on one page in the largest size that it fits in, as it is written or a line a
/// clause, else on several pages.
#[must_use]
pub fn emergency(frame: &Frame, text: &str) -> Vec<Page> {
    let by_clauses = by_clauses(text);
    let on_one_page = [text, &by_clauses].into_iter().filter_map(|text| {
        let lines = text.lines().map(|line| Line::of(Colour::Red, line));
        let page = Page::largest(frame, lines.collect());
        let lines = &page.content.lines;
        let fits = |line: &Line| measure_px(&line.text(), page.content.size) <= frame.width_px();
        let fits = lines.len() <= frame.rows() && lines.iter().all(fits);
        (fits && frame.limit.holds(&page.content)).then_some(page)
    });
    // Of two that are as large the one with fewer lines.
    let largest = on_one_page.max_by_key(|page| {
        let lines = page.content.lines.len();
        (page.content.size, std::cmp::Reverse(lines))
    });
    match largest {
        Some(page) => vec![page],
        None if by_clauses.lines().all(|line| fits(frame, line)) => {
            pages(frame, &by_clauses, [Colour::Red; 2])
        }
        None => pages(frame, text, [Colour::Red; 2]),
    }
}

/// A line for each clause: who runs for the door reads no half words.
fn by_clauses(text: &str) -> String {
    let lines = text.lines();
    let clauses = lines.flat_map(|line| line.split_inclusive(['，', '。', '；', '！']));
    clauses.collect::<Vec<_>>().join("\n")
}

fn pages(frame: &Frame, text: &str, colours: [Colour; 2]) -> Vec<Page> {
    built(frame, text, colours, room(frame, text))
}

/// The pages of a text in a part of its frame, each row of it as long as that.
fn built(frame: &Frame, text: &str, [first, rest]: [Colour; 2], room: Room) -> Vec<Page> {
    let Room {
        width_px: room,
        rows,
    } = room;
    let mut pages = paginate(text, room, rows, TEXT_SIZE);
    let is_cut = pages.len() > PAGES_MAX;
    pages.truncate(PAGES_MAX);
    let last = pages.last_mut().and_then(|page| page.last_mut());
    if let Some(last) = last.filter(|_| is_cut) {
        // Twice the width never fits, so the line ends in an ellipsis.
        *last = shorten(&last.repeat(room as usize), room, TEXT_SIZE);
    }
    let numbered = pages.into_iter().enumerate();
    let page = |(number, rows): (usize, Vec<String>)| {
        let colour = |row| if number == 0 && row == 0 { first } else { rest };
        let rows = rows.into_iter().enumerate();
        let lines = rows.map(|(row, text)| Line::of(colour(row), text));
        let page = Page::still(frame, lines.collect(), TEXT_SIZE);
        Page {
            origin: Origin {
                number,
                ..page.origin
            },
            ..page
        }
    };
    numbered.map(page).collect()
}

#[cfg(test)]
mod tests {
    use super::super::BoardLayout;
    use super::*;
    use crate::codec::{BoardFamily, Face, Speech};

    fn two_rows() -> Frame {
        Frame::whole(BoardLayout {
            width_px: 192,
            height_px: 32,
        })
    }

    #[test]
    fn an_emergency_breaks_between_its_clauses_and_else_where_the_line_ends() {
        let lines = |text: &str| -> Vec<String> {
            let pages = emergency(&two_rows(), text);
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
        assert_eq!(lines("大厅停电\n请慢慢走出去"), ["大厅停电\n请慢慢走出去"]);
    }

    #[test]
    fn an_emergency_takes_the_largest_size_in_which_it_is_one_page() {
        let shown = |width_px, height_px| {
            let frame = Frame::whole(BoardLayout {
                width_px,
                height_px,
            });
            let pages = emergency(&frame, "请马上离开大厅，走安全出口");
            let content = &pages[0].content;
            (pages.len(), content.size.pixels(), content.lines.len())
        };
        assert_eq!(shown(256, 64), (1, 32, 2));
        assert_eq!(shown(192, 48), (1, 24, 2));
        assert_eq!(shown(256, 32), (1, 16, 1));
        assert_eq!(shown(128, 16), (2, 16, 1));
    }

    /// A board of eight rows whose card receives `bytes`.
    fn tall(bytes: usize) -> Frame {
        let (width_px, height_px) = (512, 128);
        let face = Face {
            width_px,
            height_px,
        };
        let speech = Speech {
            frame_bytes_max: bytes,
            ..Speech::usual(BoardFamily::OnbonK, face)
        };
        let layout = BoardLayout {
            width_px,
            height_px,
        };
        Frame::whole(layout).limited(PageLimit::of(speech))
    }

    #[test]
    fn a_page_has_no_more_rows_than_its_card_can_be_sent() {
        // 240 Hanzi on eight rows of 32: the dots hold them all, a frame of 512 bytes does not.
        let text = "社会保险补贴申领".repeat(30);
        for (bytes, pages_expected, is_cut) in [(512, 2, true), (1_024, 1, false)] {
            let frame = tall(bytes);
            let pages = sentences(&frame, &text);
            assert!(frame.limit.holds_all(&pages), "{bytes}");
            assert_eq!(
                (pages.len(), wanted(&frame, &text)),
                (pages_expected, pages_expected)
            );
            assert_eq!(is_cut_by_memory(&frame, &text), is_cut, "{bytes}");
            let whole: String = pages.iter().map(|page| page.content.text()).collect();
            assert_eq!(whole.replace('\n', ""), text, "{bytes}");
        }
        let emergency = emergency(&tall(512), &text);
        assert!(tall(512).limit.holds_all(&emergency) && emergency.len() > 1);
    }

    #[test]
    fn a_row_that_no_frame_holds_is_cut_where_the_frame_ends() {
        let frame = tall(128);
        let pages = sentences(&frame, &"社会保险补贴申领".repeat(3));
        assert!(frame.limit.holds_all(&pages) && !pages.is_empty());
    }

    #[test]
    fn a_long_notice_ends_after_three_pages_and_shows_that_more_was_said() {
        let text = "社会保险补贴申领".repeat(20);
        let pages = sentences(&two_rows(), &text);
        assert_eq!((pages.len(), wanted(&two_rows(), &text)), (3, 7));
        assert!(pages[2].content.text().ends_with('…'));
        assert!(!pages[0].content.text().contains('…'));
        let numbers: Vec<usize> = pages.iter().map(|page| page.origin.number).collect();
        assert_eq!(numbers, [0, 1, 2]);
    }
}
