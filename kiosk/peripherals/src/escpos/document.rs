//! What stands on a paper, before anybody knows how wide the paper is.
//!
//! Texts are whole: they are broken into lines when the width is known, between characters only.
//! Nothing here is bytes. A document holds nothing longer than [`BLOCKS_MAX`] blocks, so that no feed
//! can empty a roll.

use super::command::{Align, QR_BYTES_MAX};

/// Blocks of the longest checklist with room to spare: a metre and a half of paper.
pub const BLOCKS_MAX: usize = 200;
/// Characters of one text.
pub const TEXT_CHARS_MAX: usize = 400;

/// How large a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Size {
    /// 24 dots, 3 mm.
    #[default]
    Ordinary,
    /// 48 dots, 6 mm.
    Large,
    /// 96 dots, 12 mm, and on wide paper 144: the number of a ticket.
    Huge,
}

impl Size {
    /// The next smaller size, for a text that does not fit.
    #[must_use]
    pub fn smaller(self) -> Option<Self> {
        match self {
            Self::Ordinary => None,
            Self::Large => Some(Self::Ordinary),
            Self::Huge => Some(Self::Large),
        }
    }
}

/// Light or bold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Weight {
    /// Light.
    #[default]
    Regular,
    /// Bold.
    Bold,
}

/// A text with its looks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text {
    /// The characters.
    pub text: String,
    /// How large.
    pub size: Size,
    /// How bold.
    pub weight: Weight,
    /// Where.
    pub align: Align,
}

impl Text {
    /// Ordinary characters at the left.
    #[must_use]
    pub fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    /// In the middle.
    #[must_use]
    pub fn centred(text: impl Into<String>) -> Self {
        Self {
            align: Align::Centre,
            ..Self::plain(text)
        }
    }

    /// The same, bold.
    #[must_use]
    pub fn bold(self) -> Self {
        Self {
            weight: Weight::Bold,
            ..self
        }
    }

    /// The same in another size. What does not fit on a line in it is set smaller.
    #[must_use]
    pub fn sized(self, size: Size) -> Self {
        Self { size, ..self }
    }
}

/// A part of a paper, from top to bottom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A text, on as many lines as it takes.
    Text(Text),
    /// A point of a list, with a box to tick; its further lines stand below its first word.
    Point(String),
    /// What is asked at the left and answered, bold, at the right.
    Pair {
        /// At the left.
        left: String,
        /// At the right.
        right: String,
    },
    /// A dashed line.
    Rule,
    /// Dots of nothing.
    Gap(u8),
    /// A QR code in the middle; its content is never personal.
    Code(String),
}

/// A paper.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    blocks: Vec<Block>,
}

/// Why something is not put on paper; for a person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentFault {
    /// Too many blocks.
    #[error("内容太长：一张纸最多 {BLOCKS_MAX} 段，请分开打印。")]
    TooLong,
    /// A text that is too long.
    #[error("有一段文字有 {chars} 个字，一段最多 {TEXT_CHARS_MAX} 个，请分段。")]
    TextTooLong {
        /// How many characters it has.
        chars: usize,
    },
    /// A code that is too long, or empty.
    #[error("二维码的内容有 {bytes} 字节，要在 1 到 {QR_BYTES_MAX} 之间。")]
    CodeLength {
        /// How many bytes it has.
        bytes: usize,
    },
}

impl Document {
    /// An empty paper.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a block at the bottom.
    ///
    /// # Errors
    /// [`DocumentFault`] when it is more than a paper takes.
    pub fn push(&mut self, block: Block) -> Result<(), DocumentFault> {
        let texts = match &block {
            Block::Text(text) => [text.text.as_str(), ""],
            Block::Point(text) => [text.as_str(), ""],
            Block::Pair { left, right } => [left.as_str(), right.as_str()],
            Block::Code(content) if !(1..=QR_BYTES_MAX).contains(&content.len()) => {
                return Err(DocumentFault::CodeLength {
                    bytes: content.len(),
                });
            }
            Block::Code(_) | Block::Rule | Block::Gap(_) => ["", ""],
        };
        let chars = texts.map(|text| text.chars().count()).into_iter().max();
        match chars {
            Some(chars) if chars > TEXT_CHARS_MAX => Err(DocumentFault::TextTooLong { chars }),
            _ if self.blocks.len() == BLOCKS_MAX => Err(DocumentFault::TooLong),
            _ => {
                self.blocks.push(block);
                Ok(())
            }
        }
    }

    /// From top to bottom.
    #[must_use]
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// The same with a line above everything: a reprint, a test.
    ///
    /// # Errors
    /// [`DocumentFault::TooLong`] when there is no room for it.
    pub fn marked(mut self, mark: &str) -> Result<Self, DocumentFault> {
        let line = Text::centred(mark).bold();
        self.push(Block::Text(line))?;
        self.blocks.rotate_right(1);
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_stands_above_everything() {
        let mut paper = Document::new();
        paper.push(Block::Rule).unwrap();
        let marked = paper.marked("补打").unwrap();
        assert_eq!(
            marked.blocks()[0],
            Block::Text(Text::centred("补打").bold())
        );
        assert_eq!(marked.blocks()[1], Block::Rule);
    }

    #[test]
    fn what_would_empty_a_roll_is_refused() {
        let mut paper = Document::new();
        for _ in 0..BLOCKS_MAX {
            paper.push(Block::Rule).unwrap();
        }
        assert_eq!(paper.push(Block::Rule), Err(DocumentFault::TooLong));
        let mut paper = Document::new();
        let long = Block::Text(Text::plain("长".repeat(401)));
        let refused = paper.push(long).unwrap_err();
        assert_eq!(refused, DocumentFault::TextTooLong { chars: 401 });
        for length in [0, QR_BYTES_MAX + 1] {
            let code = Block::Code("a".repeat(length));
            assert!(paper.push(code).is_err(), "{length}");
        }
    }
}
