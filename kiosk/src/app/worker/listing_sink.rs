//! Listings of the feed into the index, and the expired ones out of it.

use chrono::NaiveDate;
use domain::time::UtcMs;
use sync::feed::FeedSink;
use wire::api::{FeedBody, FeedPage, FeedRow};

use super::reader::Reader;
use crate::index::{FeedChange, Index, IndexError};

/// Writes the index.
#[derive(Debug)]
pub struct ListingSink {
    index: Index,
    cursor: u64,
    reader: Reader,
    clock: fn() -> UtcMs,
    purged_on: Option<NaiveDate>,
}

impl ListingSink {
    /// A sink into `index`; `reader` is told about changes.
    #[must_use]
    pub fn new(index: Index, reader: Reader, clock: fn() -> UtcMs) -> Self {
        let cursor = index.cursor().unwrap_or_else(|error| {
            tracing::error!(%error, "the index does not tell its cursor");
            0
        });
        Self {
            index,
            cursor,
            reader,
            clock,
            purged_on: None,
        }
    }

    /// Once a day. Searches do not need it: they check the last day of validity themselves.
    fn purge_once_a_day(&mut self) -> Result<(), IndexError> {
        let today = (self.clock)().hall_date();
        if self.purged_on != Some(today) {
            let purged = self.index.purge_expired(today)?;
            tracing::info!(purged, "expired listings taken out");
            self.purged_on = Some(today);
            self.reader.index_changed();
        }
        Ok(())
    }
}

fn change(row: &FeedRow) -> Option<FeedChange> {
    let key = row.key.parse().ok()?;
    let body = match row.read_body() {
        Ok(Some(FeedBody::Listing(listing))) => Some(*listing),
        Ok(None) => None,
        Ok(Some(_)) => return None,
        Err(error) => {
            tracing::error!(%error, key = row.key, "unreadable listing");
            return None;
        }
    };
    Some(FeedChange {
        position: row.position,
        key,
        body,
    })
}

impl FeedSink for ListingSink {
    type Error = IndexError;

    fn cursor(&self) -> u64 {
        self.cursor
    }

    fn apply(&mut self, page: FeedPage) -> Result<(), IndexError> {
        let changes: Vec<FeedChange> = page.rows.iter().filter_map(change).collect();
        if page.next_after != self.cursor || !changes.is_empty() {
            self.index.apply(&changes, page.next_after)?;
            self.cursor = page.next_after;
        }
        if !changes.is_empty() {
            self.reader.index_changed();
        }
        self.purge_once_a_day()
    }
}
