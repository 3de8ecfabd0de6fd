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
pub const TOPICS: &[Topic] = &[
    Topic::Listing,
    Topic::Notice,
    Topic::Device,
    Topic::Hall,
    Topic::Guide,
    Topic::Announcement,
    Topic::Station,
    Topic::GigJob,
    Topic::Policy,
    Topic::Parameter,
];

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
        Topic::Listing
        | Topic::Notice
        | Topic::Guide
        | Topic::Announcement
        | Topic::Station
        | Topic::GigJob
        | Topic::Policy
        | Topic::Parameter => write.put_relayed(row, now),
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use domain::case::Role as Duty;
    use domain::queue::HallLayout;
    use tempfile::TempDir;
    use wire::api::HallInfo;
    use wire::event::{HallLaidOut, RoleGrant};

    use super::*;
    use crate::app_state::AppState;
    use crate::boards::clearing::Whose;
    use crate::config::Config;
    use crate::parameters::Parameters;
    use crate::staff::tests::session;
    use crate::staff::{ClearBoards, Staff};
    use crate::store::{Marking, Opening, Role, RunningClearing};
    use crate::vault::KeyCustody;

    /// 2026-11-23 09:00 in the hall.
    const MORNING: UtcMs = UtcMs(1_795_395_600_000);
    const HALL: HallId = HallId(Uuid::from_u128(1));

    struct Node {
        copy: FeedCopy,
        store: Store,
        _directory: TempDir,
    }

    impl Node {
        fn open() -> Self {
            let directory = tempfile::tempdir().unwrap();
            let opening = Opening {
                marking: Marking::Synthetic,
                centre_if_new: DeviceId(Uuid::from_u128(99)),
                hall_parameters: Parameters::on(MORNING.hall_date()).unwrap().hall,
                role: Role::HallNode { hall: HALL },
                vfs: None,
                custody: KeyCustody::of(directory.path(), None, None).unwrap(),
                now: MORNING,
            };
            let store = Store::open(&directory.path().join("s.db"), opening).unwrap();
            let laid = Event::HallLaidOut(HallLaidOut {
                hall: HALL,
                station_name: "样例站".to_owned(),
                layout: layout(),
            });
            store
                .write_blocking(move |write| write.append(&laid, MORNING))
                .unwrap();
            let copy = FeedCopy::new(store.clone(), Arc::new(|| MORNING.plus_minutes(9))).unwrap();
            Self {
                copy,
                store,
                _directory: directory,
            }
        }

        /// The centre's row of this hall says since when it is cleared.
        fn is_told(&mut self, position: u64, boards_cleared: Option<UtcMs>) {
            let info = HallInfo {
                station_name: "样例站".to_owned(),
                layout: layout(),
                day: domain::time::BusinessDate(MORNING.hall_date()),
                is_demo: true,
                emergency: None,
                boards_cleared,
            };
            let row = FeedRow {
                position,
                topic: Topic::Hall,
                key: "hall".to_owned(),
                body: Some(serde_json::to_string(&info).unwrap()),
                expires: None,
            };
            let page = FeedPage {
                rows: vec![row],
                next_after: position,
                has_more: false,
                snapshot: None,
            };
            self.copy.apply(page).unwrap();
        }

        fn running(&self) -> Option<RunningClearing> {
            let running = self
                .store
                .read_blocking(|reader| reader.running_clearings());
            running.unwrap().pop()
        }

        /// What the manager here does, with the line to the centre up or down.
        async fn manager(&self) -> (AppState, Staff<ClearBoards>) {
            let parameters = Parameters::on(MORNING.hall_date()).unwrap();
            let clock = Arc::new(|| MORNING.plus_minutes(20));
            let app = AppState::new(self.store.clone(), Config::default(), &parameters, clock);
            let mut session = session([RoleGrant::everywhere(Duty::HallManager)]);
            session.hall = HALL;
            (app, Staff::of(session).unwrap())
        }
    }

    fn layout() -> HallLayout {
        HallLayout {
            groups: Default::default(),
            windows: Default::default(),
        }
    }

    #[test]
    fn a_node_follows_the_centre_and_lets_play_again_when_the_centre_does() {
        let mut node = Node::open();
        node.is_told(1, None);
        assert_eq!(node.running(), None);
        node.is_told(2, Some(MORNING.plus_minutes(5)));
        assert_eq!(node.running().unwrap().reason, BY_THE_CENTRE);
        node.is_told(3, Some(MORNING.plus_minutes(5)));
        node.is_told(4, None);
        assert_eq!(node.running(), None);
    }

    #[tokio::test]
    async fn a_manager_withdraws_on_the_node_itself_and_no_older_word_of_the_centre_undoes_it() {
        let node = tokio::task::spawn_blocking(Node::open).await.unwrap();
        let (app, manager) = node.manager().await;
        let whose = Whose::Hall(HALL);
        app.clear_boards(&manager, whose, "电话写错了")
            .await
            .unwrap();
        let mine = node.running().unwrap();
        assert_eq!(
            (mine.by, mine.reason.as_str()),
            (manager.staff, "电话写错了")
        );
        let node = tokio::task::spawn_blocking(move || {
            let mut node = node;
            // the centre has not heard of it yet
            node.is_told(1, None);
            node
        })
        .await
        .unwrap();
        assert_eq!(node.running(), Some(mine));
        app.restore_boards(&manager, whose).await.unwrap();
        let node = tokio::task::spawn_blocking(move || {
            let mut node = node;
            // what the centre says of it now is what was withdrawn here
            node.is_told(2, Some(MORNING.plus_minutes(10)));
            node
        })
        .await
        .unwrap();
        assert_eq!(node.running(), None, "let play again since");
    }
}
