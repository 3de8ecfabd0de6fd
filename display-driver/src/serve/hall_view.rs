//! What the driver knows of its hall: the published rows of the feed, newest per key. Kept in
//! memory only; a start asks for the feed from the beginning. Calls are taken out as they come, so
//! that none is shown twice.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::NaiveDate;
use domain::listing::Listing;
use domain::time::UtcMs;
use sync::device_clock::Clock;
use sync::feed::{FeedSink, RowKeys};
use tokio::sync::Notify;
use wire::api::{CallNow, EmergencyNow, FeedBody, FeedPage, FeedRow, Notice, NoticeKind, Topic};

use crate::schedule::Emergency;

/// What boards need of the feed.
pub(super) const TOPICS: &[Topic] = &[Topic::Listing, Topic::Notice, Topic::Hall, Topic::Call];

/// Calls that came and were not taken yet; more means that nobody takes them.
const CALLS_MAX: usize = 64;

/// The rows of the feed, by what they are.
#[derive(Debug, Default)]
pub(super) struct HallView {
    listings: BTreeMap<String, Listing>,
    notices: BTreeMap<String, Notice>,
    calls: Vec<CallNow>,
    /// The emergency of this hall.
    emergency: Option<EmergencyNow>,
    /// Changes whenever listings or notices did.
    pub(super) revision: u64,
}

impl HallView {
    fn apply(&mut self, row: &FeedRow, now: UtcMs) {
        let body = match row.read_body() {
            Ok(body) => body,
            Err(error) => {
                tracing::warn!(topic = row.topic.as_str(), %error, "a feed row was skipped");
                return;
            }
        };
        match (row.topic, body) {
            (Topic::Listing, None) => drop(self.listings.remove(&row.key)),
            (Topic::Notice, None) => drop(self.notices.remove(&row.key)),
            (Topic::Hall, None) => self.emergency = None,
            (_, Some(FeedBody::Hall(hall))) => self.emergency = hall.emergency,
            (_, Some(FeedBody::Listing(mut listing))) => {
                // Boards have no room for it, and memory has better uses.
                listing.description = None;
                self.listings.insert(row.key.clone(), *listing);
            }
            (_, Some(FeedBody::Notice(notice))) => {
                self.notices.insert(row.key.clone(), notice);
            }
            (_, Some(FeedBody::Call(call))) => self.called(row, call, now),
            _ => {}
        }
        if row.topic != Topic::Call {
            self.revision += 1;
        }
    }

    fn keep_only(&mut self, named: &RowKeys) {
        let is_named = |topic, key: &String| named.contains(&(topic, key.clone()));
        self.listings.retain(|key, _| is_named(Topic::Listing, key));
        self.notices.retain(|key, _| is_named(Topic::Notice, key));
        if !named.iter().any(|(topic, _)| *topic == Topic::Hall) {
            self.emergency = None;
        }
        self.revision += 1;
    }

    fn called(&mut self, row: &FeedRow, call: CallNow, now: UtcMs) {
        let is_over = row.expires.is_some_and(|expires| expires <= now);
        if !is_over && self.calls.len() < CALLS_MAX {
            self.calls.push(call);
        }
    }

    /// The newest open listings, newest first.
    pub(super) fn newest_listings(&self, today: NaiveDate, count_max: usize) -> Vec<&Listing> {
        let mut open: Vec<&Listing> = self
            .listings
            .values()
            .filter(|listing| listing.is_open_on(today))
            .collect();
        open.sort_unstable_by_key(|listing| std::cmp::Reverse(listing.publication_order));
        open.truncate(count_max);
        open
    }

    /// What every board must show before all else: the hall's own emergency, else the newest one
    /// that was published to more than this hall.
    pub(super) fn emergency(&self) -> Option<Emergency> {
        let of_hall = self.emergency.iter().map(|now| &now.title);
        let published = self.notices.values().rev();
        let published = published.filter(|notice| notice.kind == NoticeKind::Emergency);
        let mut titles = of_hall.chain(published.map(|notice| &notice.title));
        titles.next().map(|title| Emergency {
            text: title.clone(),
        })
    }

    /// All approved texts.
    pub(super) fn notices(&self) -> impl Iterator<Item = &Notice> {
        self.notices.values()
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

/// The feed's end at the view.
pub(super) struct ViewSink {
    shared: SharedView,
    clock: Clock,
    cursor: u64,
}

impl ViewSink {
    pub(super) fn new(shared: SharedView, clock: Clock) -> Self {
        Self {
            shared,
            clock,
            cursor: 0,
        }
    }
}

impl FeedSink for ViewSink {
    type Error = Infallible;

    fn cursor(&self) -> u64 {
        self.cursor
    }

    fn apply(&mut self, page: FeedPage) -> Result<(), Infallible> {
        let now = self.clock.now();
        let mut view = self.shared.lock();
        for row in &page.rows {
            view.apply(row, now);
        }
        drop(view);
        self.cursor = page.next_after;
        self.shared.changed.notify_one();
        Ok(())
    }

    fn begin_snapshot(&mut self) -> Result<(), Infallible> {
        self.cursor = 0;
        Ok(())
    }

    fn keep_only(&mut self, named: &RowKeys) -> Result<(), Infallible> {
        self.shared.lock().keep_only(named);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use domain::queue::HallLayout;
    use domain::time::BusinessDate;
    use wire::api::HallInfo;

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

    fn emergency_notice(title: &str) -> Notice {
        Notice {
            id: "e".to_owned(),
            kind: NoticeKind::Emergency,
            title: title.to_owned(),
            board_pages: Vec::new(),
            rows: Vec::new(),
            document_no: None,
            valid_from: NaiveDate::default(),
            valid_to: None,
            board: None,
        }
    }

    fn row(topic: Topic, key: &str, body: Option<&impl serde::Serialize>) -> FeedRow {
        FeedRow {
            position: 1,
            topic,
            key: key.to_owned(),
            body: body.map(|body| serde_json::to_string(body).expect("JSON")),
            expires: None,
        }
    }

    fn text(view: &HallView) -> Option<String> {
        view.emergency().map(|emergency| emergency.text)
    }

    #[test]
    fn the_emergency_of_the_hall_goes_before_one_of_the_district_and_each_ends_by_itself() {
        let mut view = HallView::default();
        let mut take = |row: &FeedRow| {
            view.apply(row, UtcMs(0));
            text(&view)
        };
        let of_district = row(Topic::Notice, "e", Some(&emergency_notice("全区停电")));
        let of_hall = row(Topic::Hall, "hall", Some(&hall(Some("请马上离开大厅"))));
        let calm = row(Topic::Hall, "hall", Some(&hall(None)));
        let withdrawn = row(Topic::Notice, "e", None::<&Notice>);
        assert_eq!(take(&of_district).as_deref(), Some("全区停电"));
        assert_eq!(take(&of_hall).as_deref(), Some("请马上离开大厅"));
        assert_eq!(take(&calm).as_deref(), Some("全区停电"));
        assert_eq!(take(&withdrawn), None);
    }

    #[test]
    fn an_emergency_ends_when_a_whole_feed_names_no_hall_and_goes_on_when_it_does() {
        let now = EmergencyNow {
            title: "请立即疏散".to_owned(),
            body: "走最近的出口".to_owned(),
            since: UtcMs(0),
        };
        let mut view = HallView {
            emergency: Some(now),
            ..HallView::default()
        };
        view.keep_only(&RowKeys::from([(Topic::Hall, String::new())]));
        assert!(view.emergency().is_some());
        view.keep_only(&RowKeys::new());
        assert!(view.emergency().is_none());
    }
}
