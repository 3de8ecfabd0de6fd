//! What can be seen of a simulated board or sign, and what a person is told when it changes.

use std::time::Duration;

use crate::cli::say;
use crate::render::canvas::Canvas;
use crate::render::glyph::GlyphSource;
use crate::virtual_board::{BoardState, OnTheLine, VirtualBoard, VirtualSign};

/// What a simulation can show.
pub(super) trait Watched: OnTheLine {
    /// What can be seen apart from the dots.
    type State: Clone;

    fn state(&self, now: Duration) -> Self::State;
    fn draw(&self, now: Duration, glyphs: &mut GlyphSource) -> Canvas;
    /// Says what has changed.
    fn report(address: u16, before: &Self::State, now: &Self::State);
}

impl Watched for VirtualBoard {
    type State = BoardState;

    fn state(&self, now: Duration) -> BoardState {
        self.state(now)
    }

    fn draw(&self, now: Duration, glyphs: &mut GlyphSource) -> Canvas {
        self.draw(now, glyphs)
    }

    fn report(address: u16, before: &BoardState, now: &BoardState) {
        report(address, before, now);
    }
}

impl Watched for VirtualSign {
    type State = String;

    fn state(&self, now: Duration) -> String {
        self.shown_text(now)
    }

    fn draw(&self, now: Duration, glyphs: &mut GlyphSource) -> Canvas {
        self.draw(now, glyphs)
    }

    fn report(address: u16, before: &String, now: &String) {
        if before != now {
            say(&format!("屏 {address}：显示 {now}"));
        }
    }
}

fn report(address: u16, before: &BoardState, now: &BoardState) {
    if before.is_on != now.is_on {
        say(&format!(
            "屏 {address}：{}",
            if now.is_on { "开屏" } else { "关屏" }
        ));
    }
    if before.brightness != now.brightness {
        say(&format!("屏 {address}：亮度 {}", now.brightness));
    }
    let jump = now
        .clock
        .signed_duration_since(before.clock)
        .num_seconds()
        .abs();
    if jump > 2 {
        say(&format!(
            "屏 {address}：校时 {}",
            now.clock.format("%Y-%m-%d %H:%M:%S")
        ));
    }
    for (area, text) in &now.areas {
        if before.areas.get(area) != Some(text) {
            say(&format!("屏 {address}：动态区 {area} {text}"));
        }
    }
    for area in before
        .areas
        .keys()
        .filter(|area| !now.areas.contains_key(area))
    {
        say(&format!("屏 {address}：动态区 {area} 已删除"));
    }
}
