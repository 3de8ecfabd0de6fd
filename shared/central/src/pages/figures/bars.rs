//! Horizontal bars drawn on the server as SVG (`style/look.md` §13): the median dark, up to nine of
//! ten light, the number written at the end. Whole pixels, no float.

use maud::{Markup, html};

/// Width of the longest bar in px.
const LONGEST: i64 = 420;
const LABEL: i64 = 150;
const ROW: i64 = 26;
/// For the words behind the longest bar.
const ROOM: i64 = 190;

/// One bar.
#[derive(Debug, Clone)]
pub(super) struct Bar {
    /// What it is of.
    pub(super) name: String,
    /// The dark part.
    pub(super) median_ms: i64,
    /// The whole.
    pub(super) p90_ms: i64,
    /// The numbers in words.
    pub(super) text: String,
}

/// The drawing; nothing when there is nothing to compare.
pub(super) fn bars(bars: &[Bar]) -> Markup {
    let longest = bars.iter().map(|bar| bar.p90_ms).max().unwrap_or(0);
    if longest == 0 || bars.len() < 2 {
        return html! {};
    }
    let height = ROW * i64::try_from(bars.len()).unwrap_or(0);
    let width = LABEL + LONGEST + ROOM;
    html! {
        div.scroll.pad { svg width=(width) height=(height) viewBox=(format!("0 0 {width} {height}"))
            font-size="14" fill="#12282e" role="img"
            aria-label="深色是一半人不超过的时间，浅色到九成人不超过的时间" {
            @for (row, bar) in (0..).zip(bars) { (drawn(bar, row * ROW, longest)) }
        } }
    }
}

fn drawn(bar: &Bar, top: i64, longest: i64) -> Markup {
    let px = |ms: i64| ms * LONGEST / longest;
    let (median, p90) = (px(bar.median_ms), px(bar.p90_ms));
    html! {
        text x=(LABEL - 10) y=(top + 18) text-anchor="end" { (bar.name) }
        path d=(format!("M{LABEL} {}h{p90}v14h-{p90}z", top + 6)) fill="#b9d4d3" {}
        path d=(format!("M{LABEL} {}h{median}v14h-{median}z", top + 6)) fill="#0b5a63" {}
        text x=(LABEL + p90 + 8) y=(top + 18) fill="#465c63" { (bar.text) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(median_ms: i64, p90_ms: i64) -> Bar {
        Bar {
            name: "9 点".to_owned(),
            median_ms,
            p90_ms,
            text: String::new(),
        }
    }

    #[test]
    fn the_longest_bar_fills_the_width_and_one_alone_is_not_drawn() {
        let drawing = bars(&[bar(50, 100), bar(10, 20)]).into_string();
        assert!(drawing.contains(&format!("h{LONGEST}v14")));
        assert!(drawing.contains(&format!("h{}v14", LONGEST / 5)));
        assert_eq!(bars(&[bar(1, 2)]).into_string(), "");
        assert_eq!(bars(&[bar(0, 0), bar(0, 0)]).into_string(), "");
    }
}
