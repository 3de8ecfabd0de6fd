//! Questions to the index and their answers as values, so that a worker thread can stand between
//! it and the pages: each answer repeats what it answers, and a page drops an answer to a
//! question that it no longer asks.

use chrono::NaiveDate;
use domain::id::ListingId;

use super::letters::Letters;
use super::query::{Count, Page, Query, Relaxation, Slice};
use super::vocabulary::Suggested;
use super::{Index, IndexError};

/// Suggestions fetched at once; the page shows a few and turns over.
const SUGGESTIONS_MAX: usize = 24;
/// Listings counted exactly; beyond this the screen says 以上.
const COUNTED_MAX: u32 = 10_000;

/// A question to the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// Words for letters.
    Suggest(Letters),
    /// One page of a result. The citizen waits for it.
    Search(Query, Slice),
    /// The size of a result. May come later.
    Count(Query),
    /// What to drop from a query that finds nothing. May come later.
    Relax(Query),
    /// Whether a vacancy that is being read may still be shown.
    StillOpen(ListingId),
}

/// An answer with its question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// To [`Ask::Suggest`].
    Suggested(Letters, Suggested),
    /// To [`Ask::Search`].
    Found(Query, Slice, Page),
    /// To [`Ask::Count`].
    Counted(Query, Count),
    /// To [`Ask::Relax`].
    Relaxed(Query, Vec<Relaxation>),
    /// To [`Ask::StillOpen`]: it was withdrawn or has expired.
    Gone(ListingId),
    /// To [`Ask::StillOpen`]: it may.
    StillOpen(ListingId),
}

impl Index {
    /// Answers one question.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn answer(&self, ask: Ask, today: NaiveDate) -> Result<Answer, IndexError> {
        Ok(match ask {
            Ask::Suggest(letters) => {
                let suggested = self.suggest(&letters, SUGGESTIONS_MAX, today)?;
                Answer::Suggested(letters, suggested)
            }
            Ask::Search(query, slice) => {
                let page = self.search(&query, slice, today)?;
                Answer::Found(query, slice, page)
            }
            Ask::Count(query) => {
                let count = self.count(&query, today, COUNTED_MAX)?;
                Answer::Counted(query, count)
            }
            Ask::Relax(query) => {
                let relaxations = self.relaxations(&query, today, COUNTED_MAX)?;
                Answer::Relaxed(query, relaxations)
            }
            Ask::StillOpen(id) => match self.get_by_id(id, today)? {
                Some(_) => Answer::StillOpen(id),
                None => Answer::Gone(id),
            },
        })
    }
}
