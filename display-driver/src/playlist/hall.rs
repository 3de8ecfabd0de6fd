//! What boards need to know of their hall: what is published, and what it does now.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::id::{GroupCode, WindowNo};
use domain::listing::Listing;
use domain::queue::HallLayout;
use wire::api::{EmergencyNow, GroupQueue, Notice, NoticeKind, WindowNow};
use wire::board::BoardContent;

/// A hall, by the keys of the feed.
#[derive(Debug, Clone, Default)]
pub struct Hall {
    /// Open vacancies.
    pub listings: BTreeMap<String, Listing>,
    /// Approved texts.
    pub notices: BTreeMap<String, Notice>,
    /// Queues by group.
    pub queues: BTreeMap<GroupCode, GroupQueue>,
    /// Windows.
    pub windows: BTreeMap<WindowNo, WindowNow>,
    /// Groups and windows, once they are known.
    pub layout: Option<HallLayout>,
    /// The emergency raised in this hall.
    pub emergency: Option<EmergencyNow>,
    /// Whether everything that was published is off the boards.
    pub is_cleared: bool,
}

impl Hall {
    /// Listings that may be shown, newest first.
    pub fn open_listings(&self, today: NaiveDate) -> impl Iterator<Item = &Listing> {
        let mut open: Vec<&Listing> = self
            .listings
            .values()
            .filter(|listing| !self.is_cleared && listing.is_open_on(today))
            .collect();
        open.sort_unstable_by_key(|listing| std::cmp::Reverse(listing.publication_order));
        open.into_iter()
    }

    /// Texts in force, those of the highest priority first.
    pub fn notices_in_force(&self, today: NaiveDate) -> impl Iterator<Item = &Notice> {
        let is_in_force = |notice: &&Notice| {
            notice.valid_from <= today && notice.valid_to.is_none_or(|last| today <= last)
        };
        let notices = self.notices.values().filter(|_| !self.is_cleared);
        let mut notices: Vec<&Notice> = notices.filter(is_in_force).collect();
        let priority = |notice: &Notice| notice.board.as_ref().map_or(0, |play| play.priority);
        notices.sort_by_key(|notice| std::cmp::Reverse(priority(notice)));
        notices.into_iter()
    }

    /// The emergencies that were published to more than this hall, the newest first. They end only
    /// when a named person withdraws them: neither by a last day nor with what is cleared.
    pub(super) fn published_emergencies(&self, today: NaiveDate) -> impl Iterator<Item = &Notice> {
        let notices = self.notices.values();
        let mut notices: Vec<&Notice> = notices
            .filter(|notice| is_emergency(notice) && notice.valid_from <= today)
            .collect();
        notices.sort_by(|one, other| other.id.cmp(&one.id));
        notices.into_iter()
    }
}

fn is_emergency(notice: &Notice) -> bool {
    let play = notice.board.as_ref();
    notice.kind == NoticeKind::Emergency
        || play.is_some_and(|play| play.content == BoardContent::Emergency)
}
