//! What the driver knows of its hall: the published rows of the feed, newest per key, kept on disk so
//! that boards play on, and an emergency stays, when the driver starts without its centre. Calls are
//! taken out as they come, so that none is shown twice, and are not kept.

use std::convert::Infallible;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::id::WindowNo;
use domain::time::UtcMs;
use sync::device_clock::Clock;
use sync::feed::{FeedSink, RowKeys};
use sync::feed_copy::{FeedCopy, FeedCopyError};
use tokio::sync::Notify;
use wire::api::{CallNow, FeedBody, FeedPage, FeedRow, HallInfo, Topic};

use crate::playlist::hall::Hall;

/// What boards need of the feed.
pub(super) const TOPICS: &[Topic] = &[
    Topic::Listing,
    Topic::Notice,
    Topic::Hall,
    Topic::Queue,
    Topic::Window,
    Topic::Call,
];

/// Calls that came and were not taken yet; more means that nobody takes them.
const CALLS_MAX: usize = 64;

/// The rows of the feed, by what they are.
#[derive(Debug, Default)]
pub(super) struct HallView {
    pub(super) hall: Hall,
    calls: Vec<CallNow>,
    /// Changes whenever the hall did.
    pub(super) revision: u64,
}

impl HallView {
    fn apply(&mut self, row: &FeedRow, now: UtcMs) {
        match row.read_body() {
            Ok(Some(FeedBody::Call(call))) => self.called(row, call, now),
            Ok(Some(body)) => self.put(&row.key, body),
            Ok(None) => self.remove(row.topic, &row.key),
            Err(error) => {
                tracing::warn!(topic = row.topic.as_str(), %error, "a feed row was skipped");
                return;
            }
        }
        if row.topic != Topic::Call {
            self.revision += 1;
        }
    }

    fn put(&mut self, key: &str, body: FeedBody) {
        let hall = &mut self.hall;
        match body {
            FeedBody::Listing(mut listing) => {
                // Boards have no room for it, and memory has better uses.
                listing.description = None;
                hall.listings.insert(key.to_owned(), *listing);
            }
            FeedBody::Notice(notice) => drop(hall.notices.insert(key.to_owned(), notice)),
            FeedBody::Queue(queue) => drop(hall.queues.insert(queue.group, queue)),
            FeedBody::Window(window) => drop(hall.windows.insert(window.window, window)),
            FeedBody::Hall(HallInfo {
                layout,
                emergency,
                boards_cleared,
                ..
            }) => {
                hall.layout = Some(layout);
                hall.emergency = emergency;
                hall.is_cleared = boards_cleared.is_some();
            }
            FeedBody::Call(_) | FeedBody::Device(_) | FeedBody::Public(_) => {}
        }
    }

    fn remove(&mut self, topic: Topic, key: &str) {
        let hall = &mut self.hall;
        let number = |key: &str| WindowNo::new(key.parse().ok()?).ok();
        match topic {
            Topic::Listing => drop(hall.listings.remove(key)),
            Topic::Notice => drop(hall.notices.remove(key)),
            Topic::Hall => {
                hall.layout = None;
                hall.emergency = None;
                hall.is_cleared = false;
            }
            Topic::Queue => drop(key.parse().map(|group| hall.queues.remove(&group))),
            Topic::Window => drop(number(key).map(|window| hall.windows.remove(&window))),
            Topic::Call
            | Topic::Device
            | Topic::Guide
            | Topic::Announcement
            | Topic::Station
            | Topic::GigJob
            | Topic::Policy
            | Topic::Parameter => {}
        }
    }

    fn keep_only(&mut self, named: &RowKeys) {
        let is_named = |topic, key: String| named.contains(&(topic, key));
        let hall = &mut self.hall;
        hall.listings
            .retain(|key, _| is_named(Topic::Listing, key.clone()));
        hall.notices
            .retain(|key, _| is_named(Topic::Notice, key.clone()));
        hall.queues
            .retain(|group, _| is_named(Topic::Queue, group.to_string()));
        hall.windows
            .retain(|window, _| is_named(Topic::Window, window.get().to_string()));
        if !named.iter().any(|(topic, _)| *topic == Topic::Hall) {
            self.remove(Topic::Hall, "");
        }
        self.revision += 1;
    }

    fn called(&mut self, row: &FeedRow, call: CallNow, now: UtcMs) {
        let is_over = row.expires.is_some_and(|expires| expires <= now);
        if !is_over && self.calls.len() < CALLS_MAX {
            self.calls.push(call);
        }
    }

    /// The calls that came since this was last asked.
    pub(super) fn take_calls(&mut self) -> Vec<CallNow> {
        std::mem::take(&mut self.calls)
    }
}

/// A view that the feed writes and the boards read.
#[derive(Debug, Clone, Default)]
pub(super) struct SharedView {
    view: Arc<Mutex<HallView>>,
    /// Woken at each page of the feed.
    pub(super) changed: Arc<Notify>,
}

impl SharedView {
    /// The view; a panic elsewhere leaves it usable, for each row is applied whole.
    pub(super) fn lock(&self) -> MutexGuard<'_, HallView> {
        self.view.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The feed's end at the view, and at the copy on disk.
pub(super) struct ViewSink {
    shared: SharedView,
    copy: FeedCopy,
    clock: Clock,
}

impl ViewSink {
    /// Shows what the copy of the last run holds until the feed says more.
    pub(super) fn open(
        path: &Path,
        shared: SharedView,
        clock: Clock,
    ) -> Result<Self, FeedCopyError> {
        let (copy, rows) = FeedCopy::open(path, TOPICS)?;
        let now = clock.now();
        let mut view = shared.lock();
        rows.iter().for_each(|row| view.apply(row, now));
        drop(view);
        Ok(Self {
            shared,
            copy,
            clock,
        })
    }
}

impl FeedSink for ViewSink {
    type Error = Infallible;

    fn cursor(&self) -> u64 {
        self.copy.cursor()
    }

    /// The boards first: the disk may be slow.
    fn apply(&mut self, page: FeedPage) -> Result<(), Infallible> {
        let now = self.clock.now();
        let mut view = self.shared.lock();
        for row in &page.rows {
            view.apply(row, now);
        }
        drop(view);
        self.shared.changed.notify_one();
        self.copy.apply(&page);
        Ok(())
    }

    fn begin_snapshot(&mut self) -> Result<(), Infallible> {
        self.copy.begin_snapshot();
        Ok(())
    }

    fn keep_only(&mut self, named: &RowKeys) -> Result<(), Infallible> {
        self.shared.lock().keep_only(named);
        self.copy.keep_only(named);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use chrono::NaiveDate;
    use domain::queue::HallLayout;
    use domain::time::BusinessDate;
    use wire::api::EmergencyNow;

    use super::*;

    fn hall(emergency: Option<&str>) -> HallInfo {
        HallInfo {
            station_name: "示例站".to_owned(),
            layout: HallLayout {
                groups: BTreeMap::new(),
                windows: BTreeMap::new(),
            },
            day: BusinessDate(NaiveDate::default()),
            is_demo: true,
            emergency: emergency.map(|title| EmergencyNow {
                title: title.to_owned(),
                body: String::new(),
                since: UtcMs(0),
            }),
            boards_cleared: None,
        }
    }

    fn page(next_after: u64, body: Option<&HallInfo>) -> FeedPage {
        let row = FeedRow {
            position: next_after,
            topic: Topic::Hall,
            key: "hall".to_owned(),
            body: body.map(|body| serde_json::to_string(body).expect("JSON")),
            expires: None,
        };
        FeedPage {
            rows: vec![row],
            next_after,
            has_more: false,
            snapshot: None,
        }
    }

    fn start(path: &Path) -> (ViewSink, SharedView) {
        let shared = SharedView::default();
        let clock = Clock::new(|| UtcMs(0));
        let sink = ViewSink::open(path, shared.clone(), clock).expect("a copy");
        (sink, shared)
    }

    fn emergency(shared: &SharedView) -> Option<String> {
        let view = shared.lock();
        view.hall.emergency.as_ref().map(|now| now.title.clone())
    }

    #[test]
    fn an_emergency_survives_restarts_without_the_centre_until_the_feed_ends_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("cache.db");
        let (mut sink, _) = start(&path);
        let Ok(()) = sink.apply(page(9, Some(&hall(Some("请立即疏散")))));
        drop(sink);
        for _ in 0..2 {
            let (sink, shared) = start(&path);
            assert_eq!(emergency(&shared).as_deref(), Some("请立即疏散"));
            assert_eq!(sink.cursor(), 9);
        }
        let (mut sink, shared) = start(&path);
        let Ok(()) = sink.apply(page(10, Some(&hall(None))));
        assert_eq!(emergency(&shared), None);
        drop(sink);
        assert_eq!(emergency(&start(&path).1), None);
    }

    #[test]
    fn an_emergency_ends_when_a_whole_feed_names_no_hall_and_goes_on_when_it_does() {
        let folder = tempfile::tempdir().expect("a folder");
        let (mut sink, shared) = start(&folder.path().join("cache.db"));
        let Ok(()) = sink.apply(page(9, Some(&hall(Some("请立即疏散")))));
        let Ok(()) = sink.keep_only(&RowKeys::from([(Topic::Hall, "hall".to_owned())]));
        assert!(emergency(&shared).is_some());
        let Ok(()) = sink.keep_only(&RowKeys::new());
        assert!(emergency(&shared).is_none());
    }
}
