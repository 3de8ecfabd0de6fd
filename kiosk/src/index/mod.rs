//! The listing index: search on the device, in `cache.db`, fed by the feed's listing topic.
//!
//! Promises: rows and feed cursor are applied in one transaction; results come newest first, by
//! the order of first publication; nothing expired is ever returned, whatever was purged;
//! paging neither skips nor repeats while new listings arrive. [`Query::fits`] is the meaning of
//! a search, and a property test holds the index to it.
//!
//! How it is fast (`feasibility.md` §6): one full-text table without columns, whose tokens are
//! made here (up to three hanzi in a row, spellings, filter facets) and whose
//! rowid counts publications down, so that every search is an intersection of sorted lists read
//! from their beginning. It does not rank, and it does not search duties.
//!
//! The file is rebuildable: another schema version or another category file, or damage, deletes
//! it, and the cursor starts at 0 again.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::NaiveDate;
use rusqlite::{ErrorCode, InterruptHandle};
use thiserror::Error;

use domain::id::{ListingId, ShortId};
use domain::listing::Listing;

pub use category::{Categories, CategoriesError, Category, CategoryId, CategorySet};
pub use exchange::{Answer, Ask};
pub use letters::{LetterSet, Letters};
pub use narrow::{Narrowed, narrow};
pub use query::{Count, Cursor, Page, PlaceFilter, Query, QueryPart, Relaxation, Slice, Text};
pub use vocabulary::{Suggested, Suggestion};

use facet::Facets;
use letters::Spelling;
use plan::{is_decided_by_tokens, wanted_tokens};
use query::{ListingTexts, effective_form, monthly_top};
use store::{Candidate, Store, StoreWrite, Walk};
use text::Pieces;
use tokens::Tokens;
use vocabulary::{Change, Vocabulary};

mod category;
mod exchange;
mod facet;
mod letters;
mod narrow;
mod plan;
mod query;
mod store;
mod text;
mod tokens;
mod vocabulary;

#[cfg(test)]
mod laws;
#[cfg(test)]
pub(crate) mod sample;

/// Expired listings taken out in one transaction, so that a search never waits long.
const PURGE_BATCH: usize = 2_000;

/// One change of the feed's listing topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedChange {
    /// Position in the feed.
    pub position: u64,
    /// The listing.
    pub key: ListingId,
    /// The listing as it is now; `None` takes it out (filled, withdrawn).
    pub body: Option<Listing>,
}

/// Numbers for the start page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// Listings that may be shown.
    pub open: u32,
    /// Those among them that were first published today.
    pub published_today: u32,
}

/// The index cannot do what was asked.
#[derive(Debug, Error)]
pub enum IndexError {
    /// The database refuses.
    #[error("The listing cache failed: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// A stored listing is not what was written.
    #[error("A listing in the cache cannot be written or read: {0}")]
    Body(#[source] serde_json::Error),
    /// Two listings claim one place in the order of publication.
    #[error("Listing {listing} has publication order {order}, which another listing has already.")]
    OrderTaken {
        /// The order that both claim.
        order: u64,
        /// The listing that came second.
        listing: ListingId,
    },
    /// An outdated cache file cannot be deleted.
    #[error("The outdated cache file {path} cannot be deleted: {source}")]
    Delete {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
}

/// The index, as one thread uses it. Open it once for writing and once for each reading thread.
#[derive(Debug)]
pub struct Index {
    store: Store,
    categories: Arc<Categories>,
    vocabulary: Vocabulary,
    vocabulary_version: i64,
}

impl Index {
    /// Opens `cache.db`, building it anew when it is outdated or damaged.
    ///
    /// # Errors
    /// [`IndexError`] when the file cannot be opened, created or deleted.
    pub fn open(path: &Path, categories: Arc<Categories>) -> Result<Self, IndexError> {
        let (store, is_new) = Store::open(path, categories.fingerprint())?;
        let vocabulary = store.vocabulary()?;
        let vocabulary_version = store.data_version()?;
        let mut index = Self {
            store,
            categories,
            vocabulary,
            vocabulary_version,
        };
        if is_new {
            index.clear()?;
        }
        Ok(index)
    }

    /// Forgets everything: the feed is then read from its start.
    ///
    /// # Errors
    /// [`IndexError::Sqlite`].
    pub fn clear(&mut self) -> Result<(), IndexError> {
        let mut vocabulary = Vocabulary::default();
        let words = self
            .categories
            .title_words()
            .filter(|word| vocabulary::is_word(word));
        words.for_each(|word| vocabulary.add(word, 1, 0));
        let write = self.store.begin()?;
        write.clear()?;
        write.write_words(vocabulary.take_changed())?;
        write.commit()?;
        self.vocabulary = vocabulary;
        Ok(())
    }

    /// The feed position up to which rows were applied; ask the feed for what follows.
    ///
    /// # Errors
    /// [`IndexError::Sqlite`].
    pub fn cursor(&self) -> Result<u64, IndexError> {
        self.store.cursor()
    }

    /// Applies rows of the feed and moves the cursor to `cursor`, both or neither. Rows at or
    /// before the present cursor were applied before and are passed over; the cursor never moves
    /// back.
    ///
    /// # Errors
    /// [`IndexError`]; nothing is applied then.
    pub fn apply(&mut self, rows: &[FeedChange], cursor: u64) -> Result<(), IndexError> {
        self.refresh()?;
        let written = self.apply_in_one_write(rows, cursor);
        if written.is_err() {
            self.vocabulary = self.store.vocabulary()?;
        }
        written
    }

    fn apply_in_one_write(&mut self, rows: &[FeedChange], cursor: u64) -> Result<(), IndexError> {
        let write = self.store.begin()?;
        let applied = write.cursor()?;
        let changes = newest_changes(rows, applied);
        for change in &changes {
            if let Some(gone) = write.remove(change.key)? {
                self.vocabulary.count_listing(gone.texts(), Change::Went);
            }
        }
        let mut listings: Vec<&Listing> = changes.iter().filter_map(|c| c.body.as_ref()).collect();
        // Full-text rows are written in the order of their keys, else each is a segment.
        listings.sort_unstable_by_key(|listing| Reverse(listing.publication_order));
        let mut unknown = BTreeMap::new();
        for listing in listings {
            insert(&write, listing, &self.categories)?;
            for word in self
                .vocabulary
                .count_listing(ListingTexts::of(listing), Change::Came)
            {
                *unknown.entry(word).or_insert(0) += 1;
            }
        }
        add_words(&write, &mut self.vocabulary, unknown)?;
        write.write_words(self.vocabulary.take_changed())?;
        write.set_cursor(cursor.max(applied))?;
        write.commit()
    }

    /// Takes out what was last valid before `today`; returns how many. Searches do not need it:
    /// it keeps the file small and the numbers beside suggestions right.
    ///
    /// # Errors
    /// [`IndexError::Sqlite`].
    pub fn purge_expired(&mut self, today: NaiveDate) -> Result<usize, IndexError> {
        self.refresh()?;
        let mut purged = 0;
        loop {
            let write = self.store.begin()?;
            let gone = write.remove_expired(today, PURGE_BATCH)?;
            for listing in &gone {
                self.vocabulary.count_listing(listing.texts(), Change::Went);
            }
            write.write_words(self.vocabulary.take_changed())?;
            write.commit()?;
            purged += gone.len();
            if gone.len() < PURGE_BATCH {
                return Ok(purged);
            }
        }
    }

    /// Takes over words that another connection has written; cheap when there are none. A
    /// reading thread calls it after the feed was applied.
    ///
    /// # Errors
    /// [`IndexError::Sqlite`].
    pub fn refresh(&mut self) -> Result<(), IndexError> {
        let version = self.store.data_version()?;
        if version != self.vocabulary_version {
            self.vocabulary = self.store.vocabulary()?;
            self.vocabulary_version = version;
        }
        Ok(())
    }

    /// One page, newest first.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn search(
        &self,
        query: &Query,
        slice: Slice,
        today: NaiveDate,
    ) -> Result<Page, IndexError> {
        let after = slice
            .after
            .and_then(|cursor| store::rank(cursor.0))
            .unwrap_or(0);
        let mut found = Vec::with_capacity(slice.rows + 1);
        self.find(query, after, today, |candidate| {
            found.push(candidate.rank);
            if found.len() > slice.rows {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        })?;
        let has_more = found.len() > slice.rows;
        found.truncate(slice.rows);
        let rows = found
            .into_iter()
            .filter_map(|p| self.store.body(p).transpose());
        Ok(Page {
            rows: rows.collect::<Result<_, _>>()?,
            has_more,
        })
    }

    /// The listing with this short id, if it may be shown.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn get(&self, short_id: &ShortId, today: NaiveDate) -> Result<Option<Listing>, IndexError> {
        Ok(self
            .store
            .by_short_id(short_id)?
            .filter(|listing| listing.is_open_on(today)))
    }

    /// The listing with this internal id, if it may be shown.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn get_by_id(
        &self,
        id: ListingId,
        today: NaiveDate,
    ) -> Result<Option<Listing>, IndexError> {
        Ok(self
            .store
            .by_id(id)?
            .filter(|listing| listing.is_open_on(today)))
    }

    /// How many listings fit, up to `at_most`. Not for the thread that draws: a selective query
    /// over a million listings walks for tens of milliseconds. When
    /// [`interrupt_handle`](Self::interrupt_handle) stops it, the answer is what was counted.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn count(
        &self,
        query: &Query,
        today: NaiveDate,
        at_most: u32,
    ) -> Result<Count, IndexError> {
        let mut counted = 0;
        let mut is_bounded = false;
        let walked = self.find(query, 0, today, |_| {
            is_bounded = counted == at_most;
            if is_bounded {
                return ControlFlow::Break(());
            }
            counted += 1;
            ControlFlow::Continue(())
        });
        match walked {
            Err(IndexError::Sqlite(error)) if is_interrupt(&error) => Ok(Count::AtLeast(counted)),
            Err(other) => Err(other),
            Ok(()) if is_bounded => Ok(Count::AtLeast(counted)),
            Ok(()) => Ok(Count::Exactly(counted)),
        }
    }

    /// Which single part of the query to drop to find something, in the order in which people
    /// give parts up. Parts whose dropping finds nothing are left out. Not for the thread that
    /// draws.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn relaxations(
        &self,
        query: &Query,
        today: NaiveDate,
        at_most: u32,
    ) -> Result<Vec<Relaxation>, IndexError> {
        let mut found = Vec::new();
        for part in query.parts() {
            let count = self.count(&query.without(part), today, at_most)?;
            if !count.is_none() {
                found.push(Relaxation { part, count });
            }
        }
        Ok(found)
    }

    /// Words for the letters on the keypad, best first, and the letters that lead on: those of
    /// suggestions, and those under which a title is found.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn suggest(
        &self,
        letters: &Letters,
        limit: usize,
        today: NaiveDate,
    ) -> Result<Suggested, IndexError> {
        let mut suggested = self.vocabulary.suggest(letters, limit);
        for letter in ('a'..='z')
            .filter(|letter| !suggested.next.contains(*letter))
            .collect::<Vec<_>>()
        {
            let longer = Letters::new(&format!("{}{letter}", letters.as_str()));
            let query = Query {
                text: Text::Letters(longer),
                ..Query::default()
            };
            if !self.count(&query, today, 1)?.is_none() {
                suggested.next.insert(letter);
            }
        }
        Ok(suggested)
    }

    /// Numbers for the start page.
    ///
    /// # Errors
    /// [`IndexError::Sqlite`].
    pub fn totals(&self, today: NaiveDate) -> Result<Totals, IndexError> {
        let (open, published_today) = self.store.totals(today)?;
        Ok(Totals {
            open,
            published_today,
        })
    }

    /// The places that have open listings, with their numbers, most first.
    ///
    /// # Errors
    /// [`IndexError::Sqlite`].
    pub fn places(&self, today: NaiveDate) -> Result<Vec<(PlaceFilter, u32)>, IndexError> {
        self.store.places(today)
    }

    /// The categories that listings are sorted into.
    #[must_use]
    pub fn categories(&self) -> &Arc<Categories> {
        &self.categories
    }

    /// A handle by which another thread stops a count that nobody waits for any more.
    #[must_use]
    pub fn interrupt_handle(&self) -> InterruptHandle {
        self.store.interrupt_handle()
    }

    fn find(
        &self,
        query: &Query,
        after: i64,
        today: NaiveDate,
        mut visit: impl FnMut(&Candidate<'_>) -> ControlFlow<()>,
    ) -> Result<(), IndexError> {
        let tokens = wanted_tokens(query).all_of();
        let walk = Walk {
            query,
            tokens: tokens.as_deref(),
            after,
            today,
        };
        let is_decided = is_decided_by_tokens(&query.text);
        self.store.walk(&walk, |candidate| {
            if is_decided || query.text.is_in(candidate.texts) {
                visit(candidate)
            } else {
                ControlFlow::Continue(())
            }
        })
    }
}

fn insert(
    write: &StoreWrite<'_>,
    listing: &Listing,
    categories: &Categories,
) -> Result<(), IndexError> {
    let place = listing.place.as_ref();
    let facets = Facets {
        categories: categories.of(listing),
        city: place.map(|place| place.city.as_str()),
        area: place.and_then(|place| place.area.as_deref()),
        monthly_top: monthly_top(listing),
        education: listing.education,
        form: effective_form(listing),
    };
    let mut tokens = Tokens::default();
    Pieces::of_all(ListingTexts::of(listing).all()).add_tokens(&mut tokens);
    for spelling in Pieces::of(&listing.title)
        .iter()
        .flat_map(Spelling::of_piece)
    {
        spelling.add_tokens(&mut tokens);
    }
    facets.add_tokens(&mut tokens);
    write.insert(listing, &facets, &tokens)
}

/// The last change of each listing behind `applied`.
fn newest_changes(rows: &[FeedChange], applied: u64) -> Vec<&FeedChange> {
    let mut newest: BTreeMap<ListingId, &FeedChange> = BTreeMap::new();
    for change in rows.iter().filter(|change| change.position > applied) {
        let known = newest.entry(change.key).or_insert(change);
        if known.position <= change.position {
            *known = change;
        }
    }
    newest.into_values().collect()
}

/// Adds words that were not known, each with the numbers of listings that use and contain it.
fn add_words(
    write: &StoreWrite<'_>,
    vocabulary: &mut Vocabulary,
    words: BTreeMap<String, u32>,
) -> Result<(), IndexError> {
    for (word, uses) in words {
        if !vocabulary.has_room() {
            break;
        }
        let query = Query {
            text: Text::Words(word.clone()),
            ..Query::default()
        };
        let tokens = wanted_tokens(&query).all_of();
        let walk = Walk {
            query: &query,
            tokens: tokens.as_deref(),
            after: 0,
            today: NaiveDate::MIN,
        };
        let mut listings = 0;
        write.walk(&walk, |candidate| {
            listings += u32::from(query.text.is_in(candidate.texts));
            ControlFlow::Continue(())
        })?;
        vocabulary.add(&word, uses, listings);
    }
    Ok(())
}

fn is_interrupt(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted)
}
