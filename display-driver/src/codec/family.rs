//! What the rest of the program asks of a family of boards. Every family answers it in its own module,
//! so that a new one is a module and a line in the list of `codec`.
//!
//! [`Facts`] is what is fixed; [`Family`] is what takes a computation. Sentences are Chinese where a
//! person reads them. What a family's sheet does not have stays at the default, which says so.

use std::fmt::Debug;
use std::ops::RangeInclusive;
use std::time::Duration;

use serde_json::Value;

use super::{Ear, Fonts, ProgramFile, Run, Side, Speech, Talk, Unsendable, Voice};
use crate::content::{AreaContent, GlyphSize};
use crate::line_format::LineFormat;
use crate::render::glyph::GlyphSource;
use crate::virtual_board::{Simulation, Watched};

/// A key of `boards.toml` that only some families have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnKey {
    /// `acknowledges`.
    Acknowledges,
    /// `reads`.
    Reads,
    /// `fonts` and `latin_fonts`.
    Fonts,
    /// `frame_bytes`.
    FrameBytes,
    /// `scroll`.
    Scroll,
    /// `flash_half_s`.
    Flash,
    /// `brightness`.
    Brightness,
    /// `timer`.
    Timer,
    /// `programs`.
    Programs,
}

/// How the rate of a board is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateSearch {
    /// The rates in the order in which they are tried.
    pub bauds: &'static [u32],
    /// The address that every board answers.
    pub address: u16,
}

/// What is fixed of a family.
#[derive(Debug)]
pub struct Facts {
    /// In the configuration and on the command line.
    pub name: &'static str,
    /// Rates at which its boards can be spoken to.
    pub bauds: &'static [u32],
    /// The rate that boards are delivered with.
    pub usual_baud: u32,
    /// How bytes can be framed.
    pub formats: &'static [LineFormat],
    /// How they usually are.
    pub usual_format: LineFormat,
    /// Whether boards find the rate of a line themselves.
    pub finds_rate: bool,
    /// How the tools find it; `None` where the sheet has no way, or there is nothing to find.
    pub search: Option<RateSearch>,
    /// Numbers of boards.
    pub addresses: RangeInclusive<u16>,
    /// Most dots across.
    pub width_px_max: u16,
    /// Most dots down.
    pub height_px_max: u16,
    /// Why no more dots, if they are fewer than a canvas has.
    pub why_dots: Option<&'static str>,
    /// Dots down of a simulated board of which nothing is said.
    pub usual_height_px: u16,
    /// Zones that a board can be cut into; one is the whole board.
    pub zones_max: usize,
    /// Why no more.
    pub why_zones: &'static str,
    /// Why a zone of enough dots cannot be sent a code.
    pub why_no_code: &'static str,
    /// Keys of its own.
    pub own_keys: &'static [OwnKey],
    /// What comes back, where the configuration is silent.
    pub talk: Talk,
    /// Longest frame that every board of it takes, where the configuration is silent.
    pub frame_bytes_max: usize,
    /// How long a board may think before it answers, where the configuration is silent.
    pub answer_wait: Duration,
    /// Commands that delete what a board holds.
    pub deletes: &'static [&'static str],
    /// The document that is a file and no frame.
    pub file_document: Option<&'static str>,
}

/// What becomes of a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// The board has no such character, and shows this one in its place.
    Replaced(char),
    /// No font has it: the board shows a box.
    Missing,
}

/// Why a document is not a frame; the sentence is for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EncodeFault {
    /// No command is called that.
    UnknownCommand(String),
    /// It has what the command does not take.
    Refused(String),
}

/// Why bytes are no frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeFault {
    /// For a person.
    pub sentence: String,
    /// Where in the bytes.
    pub offset: u64,
}

/// What answer a tool waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplyExpected {
    /// None: nobody will say anything.
    None,
    /// Silence is usual; an answer would come so soon.
    Perhaps(Duration),
    /// One, within the board's own time.
    Surely,
}

/// A question by which a board tells its state, as documents.
#[derive(Debug, Clone, Copy)]
pub struct Question {
    /// The command.
    pub command: &'static str,
    /// The key of its answer in JSON.
    pub key: &'static str,
    /// What stands before its answer; a question without is about the state, and must be answered.
    pub label: Option<&'static str>,
    /// Its answer's parameters in words, a line each.
    pub told: fn(&Value) -> Vec<String>,
}

/// A command with what it does and parameters that make a frame.
pub type Described = (String, &'static str, Value);

/// A family of boards.
pub trait Family: Debug + Sync {
    /// What is fixed.
    fn facts(&self) -> &'static Facts;

    /// How a link speaks to one board.
    fn voice(&self, speech: Speech) -> Box<dyn Voice>;

    /// What is heard of its boards on a line.
    fn ear(&self) -> Box<dyn Ear>;

    /// Whether a content can be sent to a board at all.
    ///
    /// # Errors
    /// [`Unsendable`]: why not.
    fn carries(&self, speech: &Speech, content: &AreaContent) -> Result<(), Unsendable>;

    /// Whether its letters of a size are there.
    fn has_size(&self, fonts: &Fonts, size: GlyphSize) -> bool;

    /// What becomes of a character; `None` when it is shown as it is written.
    fn fate(&self, character: char, glyphs: &mut GlyphSource) -> Option<Fate>;

    /// The character that the board draws for one, where the board draws and not this program.
    fn letter(&self, character: char) -> char {
        character
    }

    /// A document's frame, with the pauses it needs.
    ///
    /// # Errors
    /// [`EncodeFault`].
    fn encode(
        &self,
        command: &str,
        params: &Value,
        header: &Value,
    ) -> Result<Vec<Run>, EncodeFault>;

    /// The document of exactly one frame. Without a `side` the frame tells who sent it.
    ///
    /// # Errors
    /// [`DecodeFault`].
    fn decode(&self, bytes: &[u8], side: Option<Side>) -> Result<Value, DecodeFault>;

    /// Every command.
    fn commands(&self) -> Vec<Described>;

    /// The header by which a command goes to a board; of no number, to whom it usually goes.
    ///
    /// # Errors
    /// Why there is no such board, for a person.
    fn header_to(&self, address: Option<u16>, command: &str) -> Result<Value, String>;

    /// What answer a command brings; `document` is its frame, read again.
    fn reply_expected(&self, command: &str, document: &Value) -> ReplyExpected;

    /// Why a reply is a "no", for a person.
    fn refusal(&self, reply: &Value) -> Option<String>;

    /// By which questions a board tells its state.
    fn questions(&self) -> &'static [Question] {
        &[]
    }

    /// A program file from its bytes or its document, in UTF-8.
    ///
    /// # Errors
    /// Why it is none, for a person, without a full stop.
    fn program_file(&self, _bytes: &[u8]) -> Result<ProgramFile, String> {
        Err(format!("{} 的协议没有节目文件", self.facts().name))
    }

    /// A simulated board, just switched on.
    fn simulated(&self, board: &Simulation) -> Box<dyn Watched>;
}
