//! What is published, to read: which page of it is on the screen. The pages themselves are made from
//! the feed's newest rows.

/// A page of what is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shelf {
    /// 查政策与办事指南: what there is.
    Contents,
    /// Policies by what they are about.
    Topics,
    /// Policies by for whom they are.
    People,
    /// Policies.
    Policies(PolicyFilter),
    /// One policy.
    Policy {
        /// Its id.
        id: String,
        /// The whole text, not the table.
        is_whole: bool,
    },
    /// The service guide.
    Guide,
    /// For whom its matters are.
    GuidePeople,
    /// Its matters for somebody.
    GuideFor(String),
    /// One matter of it.
    GuideItem(String),
    /// Notices.
    Notices,
    /// One notice.
    Notice(String),
    /// Publicity lists.
    Announcements,
    /// One of them.
    Announcement(String),
    /// Service stations.
    Stations,
    /// One of them.
    Station(String),
    /// Today's gig work.
    GigJobs,
    /// One of it.
    GigJob(String),
}

/// Which policies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PolicyFilter {
    /// Those that are in force, or will be.
    Current,
    /// Of these, those about something.
    About(String),
    /// Of these, those for somebody.
    For(String),
    /// Those that say nothing any more.
    Ended,
}

impl Shelf {
    /// A tab was touched: the first is the table, the second the whole text.
    pub(super) fn tab_chosen(&mut self, tab: usize) {
        if let Self::Policy { is_whole, .. } = self {
            *is_whole = tab == 1;
        }
    }
}
