//! Reading a page aloud (读给我听) and walking over it with a keypad: which part comes next. The parts
//! are what is really on the glass, in the order in which it is laid out; no page needs a text of
//! its own, so none can be forgotten.
//!
//! Private pages are not read out in a hall full of people.

use slint::LogicalPosition;

/// A rectangle in pixels of the window.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Bounds {
    /// Left edge.
    pub x: f32,
    /// Top edge.
    pub y: f32,
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
}

impl Bounds {
    /// Where a finger would land.
    #[must_use]
    pub fn centre(self) -> LogicalPosition {
        LogicalPosition::new(self.x + self.width / 2.0, self.y + self.height / 2.0)
    }
}

/// One thing on the page that can be read.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Its words.
    pub words: String,
    /// Whether it can be touched, and does something now.
    pub kind: PartKind,
    /// Where it is.
    pub bounds: Bounds,
}

/// What a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartKind {
    /// It only informs.
    Words,
    /// It can be touched.
    Button,
    /// It is a button that does nothing now.
    IdleButton,
}

impl Part {
    /// The sentence that is said.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self.kind {
            PartKind::Words => self.words.clone(),
            PartKind::Button => format!("{}，可以点", self.words),
            PartKind::IdleButton => format!("{}，现在不能点", self.words),
        }
    }
}

/// What is said of a page that is nobody else's business.
const PRIVATE: &str = "这一页是您自己的事，不念出来。需要帮忙，请点右下角叫人";

/// Reading, or stepping from part to part.
#[derive(Debug, Default)]
pub struct Reading {
    parts: Vec<Part>,
    at: Option<usize>,
    goes_on: bool,
}

impl Reading {
    /// Begins to read a page from its top.
    pub fn begin(&mut self, parts: Vec<Part>, is_private: bool) {
        self.parts = if is_private {
            vec![Part {
                words: PRIVATE.to_owned(),
                kind: PartKind::Words,
                bounds: Bounds::default(),
            }]
        } else {
            parts
        };
        self.at = (!self.parts.is_empty()).then_some(0);
        self.goes_on = true;
    }

    /// Stops.
    pub fn stop(&mut self) {
        *self = Self::default();
    }

    /// A part has been said; the next one, while it goes on by itself.
    pub fn said(&mut self) -> Option<&Part> {
        if !self.goes_on {
            return None;
        }
        self.at = self.at.map(|at| at + 1).filter(|at| *at < self.parts.len());
        self.current()
    }

    /// One step forward or back, round and round, by a keypad. Only what can be touched stops it.
    pub fn step(&mut self, parts: Vec<Part>, is_forward: bool) -> Option<&Part> {
        self.goes_on = false;
        let before = self.current().map(|part| part.words.clone());
        self.parts = parts;
        self.parts.retain(|part| part.kind != PartKind::Words);
        let count = self.parts.len();
        let found = before.and_then(|words| self.parts.iter().position(|it| it.words == words));
        self.at = match (found, is_forward) {
            _ if count == 0 => None,
            (None, true) => Some(0),
            (None, false) => Some(count - 1),
            (Some(at), true) => Some((at + 1) % count),
            (Some(at), false) => Some((at + count - 1) % count),
        };
        self.current()
    }

    /// The part that is being said or stands under the keypad.
    #[must_use]
    pub fn current(&self) -> Option<&Part> {
        self.at.and_then(|at| self.parts.get(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(words: &str, kind: PartKind) -> Part {
        Part {
            words: words.to_owned(),
            kind,
            bounds: Bounds::default(),
        }
    }

    fn page() -> Vec<Part> {
        vec![
            part("您想办什么事？", PartKind::Words),
            part("找工作", PartKind::Button),
            part("取号", PartKind::IdleButton),
        ]
    }

    #[test]
    fn a_page_is_read_part_by_part_to_its_end() {
        let mut reading = Reading::default();
        reading.begin(page(), false);
        let mut heard = vec![reading.current().unwrap().sentence()];
        while let Some(part) = reading.said() {
            heard.push(part.sentence());
        }
        let whole = ["您想办什么事？", "找工作，可以点", "取号，现在不能点"];
        assert_eq!(heard, whole);
    }

    #[test]
    fn a_private_page_is_not_read_out() {
        let mut reading = Reading::default();
        reading.begin(vec![part("A012", PartKind::Words)], true);
        assert_eq!(reading.current().unwrap().words, PRIVATE);
        assert_eq!(reading.said(), None);
    }

    #[test]
    fn a_keypad_goes_round_over_what_can_be_touched() {
        let mut reading = Reading::default();
        let mut step = |forward| reading.step(page(), forward).map(|it| it.words.clone());
        assert_eq!(step(true).unwrap(), "找工作");
        assert_eq!(step(true).unwrap(), "取号");
        assert_eq!(step(true).unwrap(), "找工作");
        assert_eq!(step(false).unwrap(), "取号");
    }

    #[test]
    fn an_empty_page_says_nothing() {
        let mut reading = Reading::default();
        reading.begin(Vec::new(), false);
        assert_eq!(reading.current(), None);
        assert_eq!(reading.step(Vec::new(), true), None);
    }
}
