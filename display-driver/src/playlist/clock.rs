//! The clock of a zone: hours and minutes, with the date where there is room.

use chrono::{Datelike, NaiveDateTime, Timelike};

use crate::content::{Colour, Line, Span};
use crate::page::{Frame, Page, fits};

const WEEKDAYS: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];

/// The time as large as fits; the date beside it, or below it where there is a second row.
#[must_use]
pub fn clock(frame: &Frame, wall: NaiveDateTime) -> Page {
    let time = format!("{:02}:{:02}", wall.hour(), wall.minute());
    let weekday = WEEKDAYS[wall.weekday().num_days_from_monday() as usize];
    let short = format!("{}月{}日", wall.month(), wall.day());
    let long = format!("{short} {weekday}");
    let date = [long, short].into_iter().find(|date| fits(frame, date));
    let span = |colour, text: String| Span { colour, text };
    let lines = match date {
        Some(date) if frame.rows() > 1 => {
            vec![Line::of(Colour::Amber, time), Line::of(Colour::Green, date)]
        }
        Some(date) if fits(frame, &format!("{date} {time}")) => vec![Line(vec![
            span(Colour::Green, format!("{date} ")),
            span(Colour::Amber, time),
        ])],
        _ => vec![Line::of(Colour::Amber, time)],
    };
    Page::largest(frame, lines)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::GlyphSize;
    use crate::page::BoardLayout;

    #[test]
    fn a_clock_takes_the_largest_size_and_has_its_date_where_there_is_room() {
        let wall = "2026-03-09T09:05:59".parse().expect("a moment");
        let shown = |width_px, height_px| {
            let layout = BoardLayout {
                width_px,
                height_px,
            };
            let content = clock(&Frame::whole(layout), wall).content;
            (content.text(), content.size)
        };
        let two = "09:05\n3月9日 周一".to_owned();
        assert_eq!(shown(192, 64), (two.clone(), GlyphSize::Px32));
        assert_eq!(shown(96, 32), (two, GlyphSize::Px16));
        assert_eq!(shown(64, 32).0, "09:05\n3月9日");
        assert_eq!(shown(192, 16).0, "3月9日 周一 09:05");
        assert_eq!(shown(48, 16), ("09:05".to_owned(), GlyphSize::Px16));
        assert_eq!(shown(48, 32).1, GlyphSize::Px16);
    }
}
