//! What the centre publishes for citizens, as the feed tells it: policies, the service guide, publicity
//! lists, stations, gig work, and the numbers by which the self-check counts. A plain copy of the newest
//! rows. Whether one still says something on a day is asked of it anew each time, because a kiosk may
//! have been without a line for days.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use domain::time::UtcMs;
use wire::api::{Notice, NoticeKind, PublicBody, Topic};
use wire::public::{
    Announcement, GigJob, GuideItem, ParameterNow, PolicyStanding, PolicyText, StationInfo,
    SummaryRow,
};

/// Everything published, by key.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Published {
    policies: BTreeMap<String, PolicyText>,
    guide: BTreeMap<String, GuideItem>,
    announcements: BTreeMap<String, Announcement>,
    stations: BTreeMap<String, StationInfo>,
    gig_jobs: BTreeMap<String, GigJob>,
    parameters: BTreeMap<String, ParameterNow>,
}

impl Published {
    /// Takes over the newest row of a key.
    pub fn take(&mut self, key: String, body: PublicBody) {
        match body {
            PublicBody::Policy(policy) => drop(self.policies.insert(key, policy)),
            PublicBody::Guide(item) => drop(self.guide.insert(key, item)),
            PublicBody::Announcement(list) => drop(self.announcements.insert(key, list)),
            PublicBody::Station(station) => drop(self.stations.insert(key, station)),
            PublicBody::GigJob(job) => drop(self.gig_jobs.insert(key, job)),
            PublicBody::Parameter(now) => drop(self.parameters.insert(key, now)),
        }
    }

    /// Forgets a key that was taken back or has run out.
    pub fn forget(&mut self, topic: Topic, key: &str) {
        match topic {
            Topic::Policy => drop(self.policies.remove(key)),
            Topic::Guide => drop(self.guide.remove(key)),
            Topic::Announcement => drop(self.announcements.remove(key)),
            Topic::Station => drop(self.stations.remove(key)),
            Topic::GigJob => drop(self.gig_jobs.remove(key)),
            Topic::Parameter => drop(self.parameters.remove(key)),
            Topic::Hall
            | Topic::Queue
            | Topic::Window
            | Topic::Notice
            | Topic::Listing
            | Topic::Call
            | Topic::Device => {}
        }
    }

    /// The matters of the service guide, by name.
    #[must_use]
    pub fn guide(&self) -> Vec<&GuideItem> {
        let mut items: Vec<_> = self.guide.values().collect();
        items.sort_by(|a, b| (a.group, &a.name).cmp(&(b.group, &b.name)));
        items
    }

    /// The matters for somebody; what names nobody is for everybody.
    #[must_use]
    pub fn guide_for(&self, who: &str) -> Vec<&GuideItem> {
        let mut items = self.guide();
        items.retain(|item| item.audience.is_empty() || item.audience.iter().any(|it| it == who));
        items
    }

    /// For whom the matters are.
    #[must_use]
    pub fn guide_people(&self) -> Vec<String> {
        let named: BTreeSet<&String> = self.guide.values().flat_map(|it| &it.audience).collect();
        named.into_iter().cloned().collect()
    }

    /// One matter.
    #[must_use]
    pub fn guide_item(&self, id: &str) -> Option<&GuideItem> {
        self.guide.get(id)
    }

    /// The publicity lists that are public on a day; what ends first comes first.
    #[must_use]
    pub fn announcements(&self, today: NaiveDate) -> Vec<&Announcement> {
        let all = self.announcements.values();
        let mut public: Vec<_> = all.filter(|list| list.is_public_on(today)).collect();
        public.sort_by_key(|list| (list.until, &list.id));
        public
    }

    /// Whether a publicity list is known under this id: its notice is the board's form of it.
    #[must_use]
    pub fn is_announced(&self, id: &str) -> bool {
        self.announcements.contains_key(id)
    }

    /// The stations: the centre itself, then by number.
    #[must_use]
    pub fn stations(&self) -> Vec<&StationInfo> {
        let mut stations: Vec<_> = self.stations.values().collect();
        stations.sort_by_key(|station| (!station.is_main, &station.number, &station.id));
        stations
    }

    /// One station.
    #[must_use]
    pub fn station(&self, id: &str) -> Option<&StationInfo> {
        self.stations.get(id)
    }

    /// The telephone of the centre, if it is known.
    #[must_use]
    pub fn centre_phone(&self) -> Option<&str> {
        let main = self.stations.values().find(|station| station.is_main);
        main.map(|station| station.phone.as_str())
    }

    /// Gig work of which some is left today; what begins first comes first.
    #[must_use]
    pub fn gig_jobs(&self, now: UtcMs) -> Vec<&GigJob> {
        let all = self.gig_jobs.values();
        let mut today: Vec<_> = all.filter(|job| job.is_today(now)).collect();
        today.sort_by_key(|job| (job.from, &job.id));
        today
    }

    /// What two persons entered of the self-check's numbers, over what came with the program.
    pub fn parameters(&self) -> impl Iterator<Item = &ParameterNow> {
        self.parameters.values()
    }
}

/// What policies there are: those with their text, and of those that are known only from their notice,
/// the notice.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Policies(Vec<PolicyText>);

impl Policies {
    /// The newest first.
    #[must_use]
    pub fn of<'a>(published: &Published, notices: impl Iterator<Item = &'a Notice>) -> Self {
        let mut policies: Vec<PolicyText> = published.policies.values().cloned().collect();
        let bare = notices.filter(|notice| {
            notice.kind == NoticeKind::Policy && !published.policies.contains_key(&notice.id)
        });
        policies.extend(bare.map(of_notice));
        policies.sort_by(|a, b| (b.valid_from, &a.id).cmp(&(a.valid_from, &b.id)));
        Self(policies)
    }

    /// Those that are in force on a day, or will be.
    pub fn current(&self, today: NaiveDate) -> impl Iterator<Item = &PolicyText> {
        self.0.iter().filter(move |policy| {
            !matches!(policy.standing_on(today), PolicyStanding::Ended { .. })
        })
    }

    /// Those that say nothing any more.
    pub fn ended(&self, today: NaiveDate) -> impl Iterator<Item = &PolicyText> {
        self.0
            .iter()
            .filter(move |policy| matches!(policy.standing_on(today), PolicyStanding::Ended { .. }))
    }

    /// One of them.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&PolicyText> {
        self.0.iter().find(|policy| policy.id == id)
    }

    /// What those of a day are about, with how many there are of each; nothing said comes last.
    #[must_use]
    pub fn topics(&self, today: NaiveDate) -> Vec<(String, usize)> {
        let mut counts: BTreeMap<(bool, &str), usize> = BTreeMap::new();
        for policy in self.current(today) {
            let key = (policy.topic.is_empty(), policy.topic.as_str());
            *counts.entry(key).or_default() += 1;
        }
        let counted = counts.into_iter();
        counted
            .map(|((_, topic), count)| (topic.to_owned(), count))
            .collect()
    }

    /// For whom those of a day are, with how many there are for each.
    #[must_use]
    pub fn people(&self, today: NaiveDate) -> Vec<(String, usize)> {
        let named: BTreeSet<&String> = self.current(today).flat_map(|it| &it.audience).collect();
        let count = |who: &String| self.current(today).filter(|it| is_for(it, who)).count();
        named
            .into_iter()
            .map(|who| (who.clone(), count(who)))
            .collect()
    }
}

/// Whether a policy is for somebody: what names nobody is for everybody.
#[must_use]
pub fn is_for(policy: &PolicyText, who: &str) -> bool {
    policy.audience.is_empty() || policy.audience.iter().any(|named| named == who)
}

fn of_notice(notice: &Notice) -> PolicyText {
    let row = |row: &wire::api::NoticeRow| SummaryRow {
        label: row.label.clone(),
        text: row.text.clone(),
    };
    PolicyText {
        id: notice.id.clone(),
        title: notice.title.clone(),
        document_no: notice.document_no.clone().unwrap_or_default(),
        level: String::new(),
        topic: String::new(),
        audience: Vec::new(),
        summary: notice.rows.iter().map(row).collect(),
        text: Vec::new(),
        valid_from: notice.valid_from,
        valid_to: notice.valid_to,
        repealed_on: None,
        replaced_by: None,
        group: None,
    }
}
