//! One page of the feed for all who ask the same. A publication wakes every held request of a
//! hall at once, and nearly all of them stand at the same place: one query answers them, and the
//! others wait for it. Only what is asked after a wake-up comes here; a first question, with a
//! cursor of its own, goes to the store.
//!
//! A row's scope is the district or a hall, so that what a device may read follows from its hall.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::id::HallId;

use crate::store::{FeedAnswer, FeedQuery, Store, StoreError};

/// A page is not told for longer, in ms: rows expire by the clock, without a change of the feed.
const SHARED_MS_MAX: i64 = 1_000;

/// The last page of each hall. Halls are few, and each has one.
#[derive(Debug, Default)]
pub(crate) struct SharedPages {
    halls: Mutex<BTreeMap<HallId, Arc<tokio::sync::Mutex<Option<Told>>>>>,
}

/// What was answered.
#[derive(Debug)]
struct Told {
    asked: FeedQuery,
    /// The feed's head before the query: the answer knows everything up to it.
    head: u64,
    answer: FeedAnswer,
}

impl Told {
    fn answers(&self, asked: &FeedQuery, head: u64) -> bool {
        let age_ms = asked.now.ms_since(self.asked.now);
        let same = FeedQuery {
            device: asked.device,
            now: asked.now,
            ..self.asked.clone()
        };
        same == *asked && self.head == head && (0..SHARED_MS_MAX).contains(&age_ms)
    }
}

impl SharedPages {
    /// The page that `asked` asks for, by a query of its own or of somebody who asked the same.
    ///
    /// # Errors
    /// A fault of storage.
    pub(crate) async fn page(
        &self,
        store: &Store,
        asked: &FeedQuery,
    ) -> Result<FeedAnswer, StoreError> {
        let hall = {
            let mut halls = self.halls.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(halls.entry(asked.hall).or_default())
        };
        let mut told = hall.lock().await;
        let head = *store.feed_head().borrow();
        if let Some(told) = told.as_ref().filter(|told| told.answers(asked, head)) {
            return Ok(told.answer.clone());
        }
        let query = asked.clone();
        let answer = store.read(move |reader| reader.feed_page(&query)).await?;
        *told = Some(Told {
            asked: asked.clone(),
            head,
            answer: answer.clone(),
        });
        Ok(answer)
    }
}

#[cfg(test)]
mod tests {
    use domain::id::DeviceId;
    use domain::time::UtcMs;
    use uuid::Uuid;
    use wire::api::{FeedPage, Topic};

    use super::*;
    use crate::store::FeedDialect;

    fn asked(device: u128, after: u64, now: i64) -> FeedQuery {
        FeedQuery {
            device: DeviceId(Uuid::from_u128(device)),
            hall: HallId(Uuid::from_u128(9)),
            topics: vec![Topic::Notice],
            after,
            limit: 10,
            now: UtcMs(now),
            snapshot: None,
            reads: FeedDialect::Snapshots,
        }
    }

    #[test]
    fn a_page_answers_other_devices_at_the_same_place_until_the_feed_changes_or_time_passes() {
        let page = FeedPage {
            rows: Vec::new(),
            next_after: 7,
            has_more: false,
            snapshot: None,
        };
        let told = Told {
            asked: asked(1, 5, 100),
            head: 7,
            answer: FeedAnswer::Page(page),
        };
        assert!(told.answers(&asked(2, 5, 100 + SHARED_MS_MAX - 1), 7));
        assert!(!told.answers(&asked(2, 5, 100 + SHARED_MS_MAX), 7));
        assert!(!told.answers(&asked(2, 5, 100), 8));
        assert!(!told.answers(&asked(2, 4, 100), 7));
    }
}
