//! What can be seen of a simulated board, whatever its family, and what a person is told when it
//! changes. Pure; the words are for the one who plays with the simulation.

use std::fmt::Debug;
use std::time::Duration;

use super::{BoardState, OnTheLine, VirtualBoard, VirtualSign};
use crate::codec::Speech;
use crate::render::canvas::Canvas;
use crate::render::glyph::GlyphSource;

/// A second or two of a clock are the look's own.
const CLOCK_JUMP_S: i64 = 2;

/// A board to be simulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Simulation {
    /// Its number.
    pub address: u16,
    /// Whether it has green diodes besides the red ones.
    pub has_green: bool,
    /// Its family, its dots, and how it is spoken to.
    pub speech: Speech,
}

/// A simulated board that somebody looks at.
pub trait Watched: OnTheLine + Debug + Send {
    /// Its dots.
    fn draw(&self, now: Duration, glyphs: &mut GlyphSource) -> Canvas;

    /// What has changed since the last look, apart from the dots; nothing at the first one.
    fn changes(&mut self, now: Duration) -> Vec<String>;
}

impl OnTheLine for Box<dyn Watched> {
    fn receive(&mut self, now: Duration, bytes: &[u8]) -> Vec<u8> {
        (**self).receive(now, bytes)
    }

    fn cut_power(&mut self) {
        (**self).cut_power();
    }
}

/// A board and what was seen of it last.
#[derive(Debug)]
pub struct Seen<B, S> {
    board: B,
    before: Option<S>,
}

impl<B, S> Seen<B, S> {
    /// A board that nobody has looked at.
    #[must_use]
    pub fn new(board: B) -> Self {
        let before = None;
        Self { board, before }
    }

    /// What the words for two states say of this look and the one before.
    fn told(&mut self, now: S, words: impl Fn(&S, &S) -> Vec<String>) -> Vec<String> {
        let told = self.before.as_ref().map(|before| words(before, &now));
        self.before = Some(now);
        told.unwrap_or_default()
    }
}

impl<B: OnTheLine, S> OnTheLine for Seen<B, S> {
    fn receive(&mut self, now: Duration, bytes: &[u8]) -> Vec<u8> {
        self.board.receive(now, bytes)
    }

    fn cut_power(&mut self) {
        self.board.cut_power();
    }
}

impl Watched for Seen<VirtualBoard, BoardState> {
    fn draw(&self, now: Duration, glyphs: &mut GlyphSource) -> Canvas {
        self.board.draw(now, glyphs)
    }

    fn changes(&mut self, now: Duration) -> Vec<String> {
        let state = self.board.state(now);
        self.told(state, card_words)
    }
}

impl Watched for Seen<VirtualSign, String> {
    fn draw(&self, now: Duration, glyphs: &mut GlyphSource) -> Canvas {
        self.board.draw(now, glyphs)
    }

    fn changes(&mut self, now: Duration) -> Vec<String> {
        let shown = self.board.shown_text(now);
        let word = |now: &String| vec![format!("显示 {now}")];
        self.told(shown, |before, now| match before == now {
            true => Vec::new(),
            false => word(now),
        })
    }
}

fn card_words(before: &BoardState, now: &BoardState) -> Vec<String> {
    let mut words = Vec::new();
    if before.is_on != now.is_on {
        words.push(if now.is_on { "开屏" } else { "关屏" }.to_owned());
    }
    if before.brightness != now.brightness {
        words.push(format!("亮度 {}", now.brightness));
    }
    let jump = now.clock.signed_duration_since(before.clock).num_seconds();
    if jump.abs() > CLOCK_JUMP_S {
        words.push(format!("校时 {}", now.clock.format("%Y-%m-%d %H:%M:%S")));
    }
    let changed = now.areas.iter();
    let changed = changed.filter(|(area, text)| before.areas.get(area) != Some(text));
    words.extend(changed.map(|(area, text)| format!("动态区 {area} {text}")));
    let gone = before.areas.keys();
    let gone = gone.filter(|area| !now.areas.contains_key(area));
    words.extend(gone.map(|area| format!("动态区 {area} 已删除")));
    words
}
