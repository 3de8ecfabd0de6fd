//! Listings of the feed into the index, and the expired ones out of it.

use chrono::NaiveDate;
use sync::device_clock::Clock;
use sync::feed::{FeedSink, RowKeys};
use wire::api::{FeedBody, FeedPage, FeedRow};

use super::reader::Reader;
use crate::index::{FeedChange, Index, IndexError};

/// Writes the index.
#[derive(Debug)]
pub struct ListingSink {
    index: Index,
    cursor: u64,
    reader: Reader,
    clock: Clock,
    purged_on: Option<NaiveDate>,
}

impl ListingSink {
    /// A sink into `index`; `reader` is told about changes.
    #[must_use]
    pub fn new(index: Index, reader: Reader, clock: Clock) -> Self {
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
        let today = self.clock.now().hall_date();
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

    /// The index is filled anew: a second or two, and only after the device was away for weeks or
    /// the centre was restored from a backup.
    fn begin_snapshot(&mut self) -> Result<(), IndexError> {
        self.index.clear()?;
        self.cursor = 0;
        Ok(())
    }

    fn keep_only(&mut self, _named: &RowKeys) -> Result<(), IndexError> {
        Ok(())
    }
}
