//! What a document says, as it is kept in the record of events and put on paper. A personal value is
//! in it as the ciphertext that it is in its record, under the key of whom it is about: erasing the
//! person takes it out of every document.

use serde::{Deserialize, Serialize};

use crate::id::PersonId;
use crate::personal::PersonField;

/// A document's text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// What stands on top.
    pub title: String,
    /// What stands in the head under the title: whose.
    pub centre: String,
    /// From top to bottom.
    pub blocks: Vec<Block>,
}

/// A part of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// A heading.
    Heading(Line),
    /// A paragraph.
    Text(Line),
    /// A line without indent.
    To(Line),
    /// Names and values.
    Rows(Vec<(String, Line)>),
    /// A numbered list under a sentence.
    Items {
        /// The sentence.
        lead: String,
        /// The list.
        items: Vec<String>,
    },
    /// Places to sign by hand.
    Signatures(Vec<String>),
    /// The place of the seal: a name and a day, in words.
    Seal {
        /// Whose.
        name: Line,
        /// When.
        day: String,
    },
}

/// A text with personal values in it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Line(pub Vec<Run>);

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Run {
    /// As it stands.
    Words(String),
    /// A personal value under a key.
    Personal {
        /// Under whose key.
        owner: PersonId,
        /// What it is.
        field: PersonField,
        /// The ciphertext.
        sealed: String,
        /// In full; else masked.
        is_whole: bool,
    },
}

impl Content {
    /// Everything in it that is personal.
    pub fn personal(&self) -> impl Iterator<Item = &Run> {
        let lines = self.blocks.iter().flat_map(|block| match block {
            Block::Heading(line) | Block::Text(line) | Block::To(line) => vec![line],
            Block::Seal { name, .. } => vec![name],
            Block::Rows(rows) => rows.iter().map(|(_, line)| line).collect(),
            Block::Items { .. } | Block::Signatures(_) => Vec::new(),
        });
        let runs = lines.flat_map(|line| &line.0);
        runs.filter(|run| matches!(run, Run::Personal { .. }))
    }

    /// Whether somebody's name, number or address stands in it in full.
    #[must_use]
    pub fn shows_whole_values(&self) -> bool {
        self.personal()
            .any(|run| matches!(run, Run::Personal { is_whole: true, .. }))
    }
}
