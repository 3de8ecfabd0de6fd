//! What the store counts of itself, and the state that only it can tell: numbers without a word of
//! what is stored.

use std::time::Duration;

use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};

use super::{Reader, StoreError};

/// Counts of the writer. Clones share the numbers.
#[derive(Debug, Clone)]
pub struct StoreMeter {
    /// Jobs of each transaction.
    pub commit_jobs: Histogram,
    /// Seconds of each transaction, from its begin to the end of its commit.
    pub commit_seconds: Histogram,
}

impl Default for StoreMeter {
    fn default() -> Self {
        Self {
            commit_jobs: Histogram::new(exponential_buckets(1.0, 2.0, 8)),
            commit_seconds: Histogram::new(exponential_buckets(0.000_25, 2.0, 14)),
        }
    }
}

impl StoreMeter {
    pub(super) fn committed(&self, jobs: usize, took: Duration) {
        let jobs = u32::try_from(jobs).unwrap_or(u32::MAX);
        self.commit_jobs.observe(f64::from(jobs));
        self.commit_seconds.observe(took.as_secs_f64());
    }
}

/// How much the record holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordCounts {
    /// Events ever appended.
    pub events: u64,
    /// Events that contradict the record, kept for review.
    pub quarantined: u64,
    /// Events that wait beyond a gap for what is missing before them.
    pub held: u64,
}

impl Reader<'_> {
    /// How much the record holds.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn record_counts(&self) -> Result<RecordCounts, StoreError> {
        let count = |statement: &str| -> Result<u64, StoreError> {
            let mut query = self.sql.prepare_cached(statement)?;
            let count: i64 = query.query_row([], |row| row.get(0))?;
            Ok(count.cast_unsigned())
        };
        Ok(RecordCounts {
            events: count("SELECT IFNULL(MAX(position), 0) FROM events")?,
            quarantined: count("SELECT COUNT(*) FROM quarantine")?,
            held: count("SELECT COUNT(*) FROM held_events")?,
        })
    }
}
