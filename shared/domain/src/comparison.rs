//! Lists from elsewhere (who went to work, who died, who is in prison, whom another office names)
//! against the people whom the centre's own records concern. A hit is a number that is in both; a
//! name with a birth date is never more than possible, because two people may share them.
//!
//! Not here: reading a sheet, finding people in the registers, opening what a hit opens.

mod definition;
mod finding;
mod matching;

pub(crate) use definition::sheet;
pub use definition::{
    Against, BATCH_NO, BIRTH, ListColumn, ListComparison, NAME, NUMBER, Opens, read,
};
pub use finding::{FoundLine, NotAFoundLine, Outcome};
pub use matching::{Doubt, Finding, Sighting, compare};

#[cfg(test)]
mod tests;
