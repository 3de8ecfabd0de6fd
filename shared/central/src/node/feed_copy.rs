//! The centre's feed as a node keeps it for its devices: what the centre published, under the node's
//! own positions; and what the centre says of the hall's devices, which the node acts on.

use domain::id::{DeviceId, HallId, StaffId};
use domain::time::UtcMs;
use sync::feed::{FeedSink, RowKeys};
use uuid::Uuid;
use wire::api::{FeedBody, FeedPage, FeedRow, Topic};
use wire::event::{BoardsCleared, BoardsRestored, DeviceRevoked, Event, InHall};

use crate::edge::Clock;
use crate::store::{Standing, Store, StoreError, Write};

/// What a node copies; the topics of the present are its own. Of its hall it is told whether the centre
/// has withdrawn everything from the boards.
pub const TOPICS: &[Topic] = &[Topic::Listing, Topic::Notice, Topic::Device, Topic::Hall];

/// The reason that a node writes down.
const BY_THE_CENTRE: &str = "中心一键撤播";

/// A node's copy.
pub struct FeedCopy {
    store: Store,
    clock: Clock,
    cursor: u64,
}

impl std::fmt::Debug for FeedCopy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FeedCopy")
            .field("cursor", &self.cursor)
            .finish_non_exhaustive()
    }
}

impl FeedCopy {
    /// The copy in a node's store.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn new(store: Store, clock: Clock) -> Result<Self, StoreError> {
        let cursor = store.read_blocking(|reader| reader.upstream_cursor())?;
        Ok(Self {
            store,
            clock,
            cursor,
        })
    }
}

impl FeedSink for FeedCopy {
    type Error = StoreError;

    fn cursor(&self) -> u64 {
        self.cursor
    }

    fn apply(&mut self, page: FeedPage) -> Result<(), StoreError> {
        let (now, cursor) = ((self.clock)(), page.next_after);
        if page.rows.is_empty() && cursor == self.cursor {
            return Ok(());
        }
        self.store.write_blocking(move |write| {
            page.rows.iter().try_for_each(|row| take(write, row, now))?;
            write.set_upstream_cursor(cursor)
        })?;
        self.cursor = cursor;
        Ok(())
    }

    fn begin_snapshot(&mut self) -> Result<(), StoreError> {
        self.store
            .write_blocking(|write| write.set_upstream_cursor(0))?;
        self.cursor = 0;
        Ok(())
    }

    fn keep_only(&mut self, named: &RowKeys) -> Result<(), StoreError> {
        let (now, named) = ((self.clock)(), named.clone());
        self.store
            .write_blocking(move |write| write.keep_relayed_only(&named, now))
    }
}

fn take(write: &mut Write<'_>, row: &FeedRow, now: UtcMs) -> Result<(), StoreError> {
    match row.topic {
        Topic::Listing | Topic::Notice => write.put_relayed(row, now),
        Topic::Device => follow_standing(write, row, now),
        Topic::Hall => follow_clearing(write, row, now),
        Topic::Queue | Topic::Window | Topic::Call => Ok(()),
    }
}

/// The centre withdrew everything from the boards of this hall, or lets them play again: so does the
/// node, in its own record. What somebody here has let play again since stays; what somebody here
/// has withdrawn stays withdrawn.
fn follow_clearing(write: &mut Write<'_>, row: &FeedRow, now: UtcMs) -> Result<(), StoreError> {
    let Ok(Some(FeedBody::Hall(told))) = row.read_body() else {
        return Ok(());
    };
    let Some(hall) = write.live().halls.keys().next().copied() else {
        return Ok(());
    };
    // Who decided stands in the centre's record.
    let by = StaffId(Uuid::nil());
    let event = match (told.boards_cleared, write.running_clearing(hall)?) {
        (Some(since), None) if is_newer(write, hall, since)? => {
            let reason = BY_THE_CENTRE.to_owned();
            let what = BoardsCleared { by, reason };
            Event::BoardsCleared(InHall { hall, what })
        }
        (None, Some(running)) if running.by == by => {
            let what = BoardsRestored { by };
            Event::BoardsRestored(InHall { hall, what })
        }
        _ => return Ok(()),
    };
    write.append(&event, now).map(drop)
}

fn is_newer(write: &Write<'_>, hall: HallId, since: UtcMs) -> Result<bool, StoreError> {
    let restored = write.reader().boards_restored_at(hall)?;
    Ok(restored.is_none_or(|at| at < since))
}

/// The centre withdrew a device's rights: so does the node, in its own record.
fn follow_standing(write: &mut Write<'_>, row: &FeedRow, now: UtcMs) -> Result<(), StoreError> {
    let (Ok(Some(FeedBody::Device(told))), Ok(device)) =
        (row.read_body(), row.key.parse::<DeviceId>())
    else {
        return Ok(());
    };
    let known = write.live().devices.get(&device);
    let is_good = known.is_some_and(|record| record.standing != Standing::Revoked);
    if told.is_revoked && is_good {
        // Who decided stands in the centre's record.
        let by = StaffId(Uuid::nil());
        let revoked = Event::DeviceRevoked(DeviceRevoked { device, by });
        write.append(&revoked, now)?;
    }
    Ok(())
}
