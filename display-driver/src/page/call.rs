//! A call on a board: the ticket and its window, nothing of the person.

use super::{Frame, Page, TEXT_SIZE};
use crate::content::{Colour, Line, Motion, Span};
use crate::render::text::measure_px;

/// A ticket is called to a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// `A025`.
    pub ticket_label: String,
    /// 3.
    pub window_no: u16,
}

fn line(pieces: &[(Colour, &str)]) -> Line {
    let span = |&(colour, text): &(Colour, &str)| Span {
        colour,
        text: text.to_owned(),
    };
    Line(pieces.iter().map(span).collect())
}

/// Ticket and window red, the words around them amber, as large as fits. A board over one window
/// shows the ticket alone: its number hangs beside it.
#[must_use]
pub fn call(frame: &Frame, call: &Call) -> Page {
    use Colour::{Amber, Red};
    let (ticket, window) = (call.ticket_label.as_str(), call.window_no.to_string());
    let fits = |line: &Line| measure_px(&line.text(), TEXT_SIZE) <= frame.width_px();
    let two = [
        line(&[(Amber, "请 "), (Red, ticket), (Amber, " 号")]),
        line(&[(Amber, "到 "), (Red, &window), (Amber, " 号窗口")]),
    ];
    let one = line(&[
        (Red, ticket),
        (Amber, " "),
        (Red, &window),
        (Amber, "号窗口"),
    ]);
    let lines = match frame.rows() {
        1 if fits(&one) => vec![one],
        2.. if two.iter().all(fits) => two.into(),
        _ => vec![line(&[(Red, ticket)])],
    };
    Page::largest(frame, lines)
}

/// The page with what is red flashing. The area is no higher than its rows: a card that flashes by
/// turning pages has to find exactly one page in it.
#[must_use]
pub fn flashing(mut page: Page) -> Page {
    let content = &mut page.content;
    let rows = u16::try_from(content.lines.len()).unwrap_or(u16::MAX);
    let used_px = (content.size.pixels() as u16).saturating_mul(rows);
    let rest_px = content.rect.height_px.saturating_sub(used_px);
    content.rect.y_px += rest_px / 2;
    content.rect.height_px -= rest_px;
    content.motion = Motion::Flash;
    page
}

#[cfg(test)]
mod tests {
    use super::super::BoardLayout;
    use super::*;
    use crate::content::GlyphSize;

    fn shown(width_px: u16, height_px: u16) -> (String, GlyphSize) {
        let layout = BoardLayout {
            width_px,
            height_px,
        };
        let a025 = Call {
            ticket_label: "A025".to_owned(),
            window_no: 3,
        };
        let content = call(&Frame::whole(layout), &a025).content;
        (content.text(), content.size)
    }

    #[test]
    fn calls_are_as_large_as_fits_and_a_strip_shows_the_ticket_alone() {
        assert_eq!(shown(192, 16), ("A025 3号窗口".to_owned(), GlyphSize::Px16));
        let two = "请 A025 号\n到 3 号窗口".to_owned();
        assert_eq!(shown(192, 32), (two.clone(), GlyphSize::Px16));
        assert_eq!(shown(192, 48), (two.clone(), GlyphSize::Px24));
        assert_eq!(shown(160, 64).1, GlyphSize::Px24);
        assert_eq!(shown(192, 64), (two, GlyphSize::Px32));
        assert_eq!(shown(64, 32), ("A025".to_owned(), GlyphSize::Px32));
    }

    #[test]
    fn ticket_and_window_are_red_and_the_words_around_them_amber() {
        let layout = BoardLayout {
            width_px: 192,
            height_px: 48,
        };
        let a025 = Call {
            ticket_label: "A025".to_owned(),
            window_no: 3,
        };
        let page = call(&Frame::whole(layout), &a025);
        let spans = page.content.lines.iter().flat_map(|line| &line.0);
        let red: Vec<&str> = spans
            .filter(|span| span.colour == Colour::Red)
            .map(|span| span.text.as_str())
            .collect();
        assert_eq!(red, ["A025", "3"]);
    }
}
