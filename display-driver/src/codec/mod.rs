//! Families of controller cards, and what the rest of the program asks of any of them.
//!
//! One closed list, [`BoardFamily`]. A family is a module with a [`Family`] and its line in the list:
//! frames, documents, letters, limits, the tools' questions and the simulation all stand there, and
//! nothing outside names a family (a test reads the source). The other modules are the terms in which
//! families and the rest speak to each other. Nothing here does I/O or knows the time.

pub mod alpha;
mod ask;
mod asked;
mod family;
mod heard;
pub(crate) mod hex_text;
pub mod onbon_k;
mod speech;
pub mod stream;
mod voice;

#[cfg(test)]
mod family_laws;

pub use ask::{Ask, FileName, FileStep, HalfHourLevels, LitPeriod, ProgramFile, ProgramLock};
pub use asked::{Asked, Awaited, Run, Share, Unsendable};
pub use family::{
    DecodeFault, Described, EncodeFault, Facts, Family, Fate, OwnKey, Question, RateSearch,
    ReplyExpected,
};
pub use heard::{BrokenKind, BusFrame, Font, Heard, Reaction, Refusal, Side};
pub use speech::{Face, FontName, FontPair, Fonts, Glide, Speech, Talk};
pub use voice::{Ear, Lesson, Precedence, Voice};

/// The enum of all families and the module of each.
macro_rules! families {
    ($($(#[$what:meta])* $name:ident => $module:expr,)+) => {
        /// A family of boards.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize)]
        #[serde(try_from = "String")]
        pub enum BoardFamily {
            $($(#[$what])* $name,)+
        }

        impl BoardFamily {
            /// All families.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// What it answers.
            #[must_use]
            pub fn module(self) -> &'static dyn Family {
                match self {
                    $(Self::$name => &$module,)+
                }
            }
        }
    };
}

families! {
    /// Onbon BX-5K and BX-6K font-library cards.
    OnbonK => onbon_k::Cards,
    /// Adaptive's Alpha signs.
    Alpha => alpha::Signs,
}

impl BoardFamily {
    /// The name in the configuration and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.facts().name
    }

    /// What is fixed of it.
    #[must_use]
    pub fn facts(self) -> &'static Facts {
        self.module().facts()
    }

    /// The family of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.name() == name)
    }

    /// All names, for a person.
    #[must_use]
    pub fn names() -> String {
        Self::ALL
            .iter()
            .map(|it| it.name())
            .collect::<Vec<_>>()
            .join("、")
    }

    /// The first family of which something holds, for tools that are told of none.
    #[must_use]
    pub fn first_with(holds: impl Fn(&dyn Family) -> bool) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| holds(it.module()))
    }
}

impl TryFrom<String> for BoardFamily {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        let known = Self::from_name(&name);
        known.ok_or_else(|| format!("没有 {name} 这种协议，现有：{}", Self::names()))
    }
}
