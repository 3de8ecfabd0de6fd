//! The hall as the feed tells it: groups, queues, windows, policies. A plain copy of the newest
//! rows; it decides nothing. What it does not know is `None`, never a guess. Calls are happenings,
//! not facts: [`display`](super::display) takes them.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::id::{GroupCode, WindowNo};
use domain::queue::ServiceGroup;
use domain::time::{BusinessDate, UtcMs};
use wire::api::{FeedBody, FeedRow, GroupQueue, HallInfo, Notice, NoticeKind, Topic, WindowNow};

use super::published::{Policies, Published};

/// Topics that a window terminal follows.
pub const TERMINAL_TOPICS: &[Topic] = &[Topic::Hall, Topic::Queue, Topic::Window, Topic::Notice];

/// Topics that a hall kiosk follows beside listings: those of a terminal, and [`Topic::PUBLIC`].
pub const KIOSK_TOPICS: &[Topic] = &[
    Topic::Hall,
    Topic::Queue,
    Topic::Window,
    Topic::Notice,
    Topic::Guide,
    Topic::Announcement,
    Topic::Station,
    Topic::GigJob,
    Topic::Policy,
    Topic::Parameter,
];

/// Topics that a queue display follows.
pub const DISPLAY_TOPICS: &[Topic] = &[Topic::Hall, Topic::Queue, Topic::Window, Topic::Call];

/// What is known of the hall.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HallFacts {
    hall: Option<HallInfo>,
    queues: BTreeMap<GroupCode, GroupQueue>,
    windows: BTreeMap<WindowNo, WindowNow>,
    notices: BTreeMap<String, Notice>,
    shelf: Published,
}

impl HallFacts {
    /// Takes over a row; `server_now` tells whether it still says something.
    ///
    /// # Errors
    /// The JSON error when the body is not what the topic says; the old state stays.
    pub fn apply(&mut self, row: &FeedRow, server_now: UtcMs) -> Result<(), serde_json::Error> {
        let is_expired = row.expires.is_some_and(|expires| expires <= server_now);
        match row.read_body()?.filter(|_| !is_expired) {
            None => self.forget(row.topic, &row.key),
            Some(FeedBody::Hall(hall)) => self.hall = Some(hall),
            Some(FeedBody::Queue(queue)) => drop(self.queues.insert(queue.group, queue)),
            Some(FeedBody::Window(window)) => drop(self.windows.insert(window.window, window)),
            Some(FeedBody::Notice(notice)) => drop(self.notices.insert(row.key.clone(), notice)),
            Some(FeedBody::Public(body)) => self.shelf.take(row.key.clone(), body),
            Some(FeedBody::Listing(_) | FeedBody::Call(_) | FeedBody::Device(_)) => {}
        }
        Ok(())
    }

    fn forget(&mut self, topic: Topic, key: &str) {
        match topic {
            Topic::Hall => self.hall = None,
            Topic::Queue => self.queues.retain(|group, _| group.to_string() != key),
            Topic::Window => self.windows.retain(|window, _| window.to_string() != key),
            Topic::Notice => drop(self.notices.remove(key)),
            _ => self.shelf.forget(topic, key),
        }
    }

    /// The hall's name, groups and windows, once they are known.
    #[must_use]
    pub fn hall(&self) -> Option<&HallInfo> {
        self.hall.as_ref()
    }

    /// What everybody in the hall must know at once: the hall's own emergency, else the newest one
    /// that was published to more than this hall.
    #[must_use]
    pub fn emergency(&self) -> Option<String> {
        let of_hall = self.hall.iter().filter_map(|hall| hall.emergency.as_ref());
        let of_hall = of_hall.map(|now| format!("{}。{}", now.title, now.body));
        let published = self.notices.values().rev();
        let published = published.filter(|notice| notice.kind == NoticeKind::Emergency);
        let published = published.map(|notice| notice.title.clone());
        of_hall.chain(published).next()
    }

    /// The groups in the order of their letters.
    pub fn groups(&self) -> impl Iterator<Item = (GroupCode, &ServiceGroup)> {
        let layout = self.hall.iter().flat_map(|hall| &hall.layout.groups);
        layout.map(|(code, group)| (*code, group))
    }

    /// A group's name; empty for one that the hall does not have.
    #[must_use]
    pub fn group_name(&self, code: GroupCode) -> String {
        let mut groups = self.groups();
        let found = groups.find(|(known, _)| *known == code);
        found
            .map(|(_, group)| group.name.clone())
            .unwrap_or_default()
    }

    /// One group's queue.
    #[must_use]
    pub fn queue(&self, group: GroupCode) -> Option<&GroupQueue> {
        self.queues.get(&group)
    }

    /// One window.
    #[must_use]
    pub fn window(&self, window: WindowNo) -> Option<&WindowNow> {
        self.windows.get(&window)
    }

    /// The windows in the order of their numbers.
    pub fn windows(&self) -> impl Iterator<Item = &WindowNow> {
        self.windows.values()
    }

    /// People waiting in all groups; `None` while no queue is known.
    #[must_use]
    pub fn people_waiting(&self) -> Option<u32> {
        let waiting = self.queues.values().map(|queue| queue.waiting);
        (!self.queues.is_empty()).then(|| waiting.sum())
    }

    /// The windows that serve a group: the open ones, else all that are laid out for it.
    #[must_use]
    pub fn windows_of(&self, group: GroupCode) -> Vec<WindowNo> {
        let open = self
            .queues
            .get(&group)
            .map(|queue| queue.windows.clone())
            .unwrap_or_default();
        if !open.is_empty() {
            return open;
        }
        let laid_out = self.hall.iter().flat_map(|hall| &hall.layout.windows);
        laid_out
            .filter(|(_, groups)| groups.contains(&group))
            .map(|(window, _)| *window)
            .collect()
    }

    /// The groups that a window serves.
    #[must_use]
    pub fn groups_of(&self, window: WindowNo) -> Vec<&ServiceGroup> {
        let Some(hall) = &self.hall else {
            return Vec::new();
        };
        let served = hall.layout.windows.get(&window).into_iter().flatten();
        served
            .filter_map(|code| hall.layout.groups.get(code))
            .collect()
    }

    /// The hall's business day: the authority's, and only before it is known the clock's. Lane
    /// numbers are counted by it, so a jumping clock never starts a day again.
    #[must_use]
    pub fn day(&self, clock: UtcMs) -> BusinessDate {
        self.hall
            .as_ref()
            .map_or(BusinessDate(clock.hall_date()), |hall| hall.day)
    }

    /// The notices that are in force on `today`, newest first. An emergency is told above every page
    /// instead, a policy is one of [`policies`](Self::policies), and a publicity list has a page of its own.
    #[must_use]
    pub fn notices_on(&self, today: NaiveDate) -> Vec<&Notice> {
        let all = self.notices.values();
        let mut notices: Vec<&Notice> = all
            .filter(|notice| notice.kind == NoticeKind::Notice && notice.valid_from <= today)
            .filter(|notice| notice.valid_to.is_none_or(|last| today <= last))
            .filter(|notice| !self.shelf.is_announced(&notice.id))
            .collect();
        notices.sort_by_key(|notice| (std::cmp::Reverse(notice.valid_from), &notice.id));
        notices
    }

    /// What is told while nobody is there: notices, which are of the day, then policies in force, each
    /// newest first, as they were written for boards.
    #[must_use]
    pub fn published(&self, today: NaiveDate) -> Vec<&Notice> {
        let policies = self.notices.values();
        let mut policies: Vec<&Notice> = policies
            .filter(|notice| notice.kind == NoticeKind::Policy && notice.valid_from <= today)
            .filter(|notice| notice.valid_to.is_none_or(|last| today <= last))
            .collect();
        policies.sort_by_key(|notice| (std::cmp::Reverse(notice.valid_from), &notice.id));
        let mut published = self.notices_on(today);
        published.append(&mut policies);
        published
    }

    /// What policies there are, in force or not.
    #[must_use]
    pub fn policies(&self) -> Policies {
        Policies::of(&self.shelf, self.notices.values())
    }

    /// What else the centre publishes for citizens.
    #[must_use]
    pub fn shelf(&self) -> &Published {
        &self.shelf
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::api::EmergencyNow;
    use wire::public::PolicyText;

    use crate::app::sample::{self, TODAY};

    #[test]
    fn rows_are_taken_over_and_tombstones_and_expired_rows_forget() {
        let mut facts = sample::facts();
        assert_eq!(facts.people_waiting(), Some(7));
        let row = FeedRow {
            body: None,
            ..sample::queue_row('A', 5)
        };
        facts.apply(&row, UtcMs(0)).unwrap();
        assert_eq!(facts.people_waiting(), Some(2));
        let old = FeedRow {
            expires: Some(UtcMs(10)),
            ..sample::queue_row('B', 2)
        };
        facts.apply(&old, UtcMs(10)).unwrap();
        assert_eq!(facts.people_waiting(), None);
    }

    #[test]
    fn an_emergency_of_the_hall_is_told_until_the_hall_tells_of_none() {
        let mut facts = sample::facts();
        let calm = facts.hall().cloned().unwrap();
        assert_eq!(facts.emergency(), None);
        let mut told = |emergency: Option<EmergencyNow>| {
            let hall = HallInfo {
                emergency,
                ..calm.clone()
            };
            let row = sample::row(Topic::Hall, "hall", &hall);
            facts.apply(&row, UtcMs(0)).unwrap();
            facts.emergency()
        };
        let power = EmergencyNow {
            title: "大厅停电".into(),
            body: "请在座位上等。".into(),
            since: UtcMs(0),
        };
        assert_eq!(
            told(Some(power)).as_deref(),
            Some("大厅停电。请在座位上等。")
        );
        assert_eq!(told(None), None);
    }

    #[test]
    fn notices_and_policies_are_told_apart_and_what_has_ended_is_not_current() {
        let mut facts = sample::facts();
        let result = Notice {
            id: "n1".into(),
            kind: NoticeKind::Notice,
            title: "上月窗口评价结果".into(),
            ..facts.notices.get("p1").cloned().unwrap()
        };
        let row = sample::row(Topic::Notice, "n1", &result);
        facts.apply(&row, UtcMs(0)).unwrap();
        let notices = facts.notices_on(TODAY);
        assert_eq!(notices.iter().map(|it| &it.id).collect::<Vec<_>>(), ["n1"]);
        let told = facts.published(TODAY);
        assert_eq!(
            told.iter().map(|it| it.id.as_str()).collect::<Vec<_>>(),
            ["n1", "p1"]
        );
        let policies = facts.policies();
        let titles = |policies: Vec<&PolicyText>| {
            policies
                .iter()
                .map(|it| it.title.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(titles(policies.current(TODAY).collect()), ["试验政策一"]);
        assert_eq!(titles(policies.ended(TODAY).collect()), ["试验旧政策"]);
    }

    #[test]
    fn a_group_without_an_open_window_names_those_laid_out_for_it() {
        let facts = sample::facts();
        let windows = facts.windows_of(GroupCode::new('B').unwrap());
        assert_eq!(windows, [WindowNo::new(2).unwrap()]);
    }
}
