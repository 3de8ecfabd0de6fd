//! A template as its file says it. [`Template`] exists only as read and checked.

use std::collections::BTreeMap;

use crate::id::KindId;

use super::placeholder::{Asked, Piece, Source};

/// A text with values in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Words(pub Vec<Piece>);

impl Words {
    /// The values that it asks for.
    pub fn asked(&self) -> impl Iterator<Item = &Asked> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Value(asked) => Some(asked),
            Piece::Plain(_) => None,
        })
    }
}

/// A kind of document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// Its id: the name of its file.
    pub id: String,
    /// What stands on top: `受理回执`.
    pub title: String,
    /// When it is handed out and to whom, for who looks for it.
    pub about: String,
    /// What stands in its number before the year: `受`, `告`.
    pub series: String,
    /// How many are printed, from 1.
    pub copies: u8,
    /// Who gets them.
    pub copies_to: String,
    /// The computed field of the record that takes the code by which it is checked.
    pub code_to: Option<String>,
    /// By kind, when it is offered.
    pub occasions: BTreeMap<KindId, Occasion>,
    /// What it says, from top to bottom.
    pub parts: Vec<Part>,
}

/// When a document is offered for a record of a kind.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Occasion {
    /// The record is in one of these states. Empty: it is still in the state to which the step led.
    pub states: Vec<String>,
    /// The newest of these steps is the one that it is about. Empty: it is about no step.
    pub after: Vec<String>,
}

/// A part of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// A heading within the text.
    Heading(Words),
    /// A paragraph, indented.
    Text(Words),
    /// A line without indent: who is addressed.
    To(Words),
    /// A table of names and values.
    Rows(Vec<Row>),
    /// A numbered list out of the record, under a sentence.
    Items {
        /// Of what.
        of: Items,
        /// The sentence; the part is left out where the list is empty.
        lead: String,
    },
    /// A part that stands only where a value is filled.
    Where(Source, Box<Part>),
    /// Places to sign by hand.
    Signatures(Vec<String>),
    /// The place of the seal, with the name over which it is put and the day.
    Seal(Words),
}

/// A line of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What it is called.
    pub label: String,
    /// What it is. A row all of whose values are optional and empty is left out.
    pub words: Words,
}

/// What a list of a document holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Items {
    /// Everything that the step's notice (一次性告知) names.
    Notice,
    /// Attachments that were taken in, with their pages.
    Attachments,
    /// Attachments that may follow (容缺), with the last day of each.
    Deferred,
    /// What a field of the record holds, one by one.
    #[serde(skip)]
    Field(String),
}

impl Part {
    /// Every text of it.
    pub fn words(&self) -> Vec<&Words> {
        match self {
            Self::Heading(words) | Self::Text(words) | Self::To(words) | Self::Seal(words) => {
                vec![words]
            }
            Self::Rows(rows) => rows.iter().map(|row| &row.words).collect(),
            Self::Where(_, part) => part.words(),
            Self::Items { .. } | Self::Signatures(_) => Vec::new(),
        }
    }
}
