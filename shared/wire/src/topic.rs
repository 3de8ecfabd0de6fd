//! What the feed tells, topic by topic. A reader asks for those that it knows, so that a new one is no
//! matter of versions; what stands in a body says [`FeedRow::read_body`](crate::api::FeedRow::read_body).

use serde::{Deserialize, Serialize};

/// Topics of the feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// Key: listing id. Body: [`Listing`](domain::listing::Listing).
    Listing,
    /// Key: notice id. Body: [`Notice`](crate::api::Notice).
    Notice,
    /// Key: `hall`. Body: [`HallInfo`](crate::api::HallInfo).
    Hall,
    /// Key: group letter. Body: [`GroupQueue`](crate::api::GroupQueue).
    Queue,
    /// Key: window number. Body: [`WindowNow`](crate::api::WindowNow).
    Window,
    /// Key: ticket id. Body: [`CallNow`](crate::api::CallNow). Expires; not replayed after that.
    Call,
    /// Key: device id. Body: [`DeviceNow`](crate::api::DeviceNow). For the hall's node.
    Device,
    /// Key: record id. Body: [`GuideItem`](crate::public::GuideItem). This topic and those below are for hall kiosks.
    Guide,
    /// Key: record id. Body: [`Announcement`](crate::public::Announcement). Expires after its last day.
    Announcement,
    /// Key: record id. Body: [`StationInfo`](crate::public::StationInfo).
    Station,
    /// Key: record id. Body: [`GigJob`](crate::public::GigJob). Expires when the work is over.
    GigJob,
    /// Key: record id. Body: [`PolicyText`](crate::public::PolicyText), also of policies that were repealed.
    Policy,
    /// Key: the parameter's key. Body: [`ParameterNow`](crate::public::ParameterNow).
    Parameter,
}

impl Topic {
    /// The word on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Listing => "listing",
            Self::Notice => "notice",
            Self::Hall => "hall",
            Self::Queue => "queue",
            Self::Window => "window",
            Self::Call => "call",
            Self::Device => "device",
            Self::Guide => "guide",
            Self::Announcement => "announcement",
            Self::Station => "station",
            Self::GigJob => "gig_job",
            Self::Policy => "policy",
            Self::Parameter => "parameter",
        }
    }

    /// All topics.
    pub const ALL: [Self; 13] = [
        Self::Listing,
        Self::Notice,
        Self::Hall,
        Self::Queue,
        Self::Window,
        Self::Call,
        Self::Device,
        Self::Guide,
        Self::Announcement,
        Self::Station,
        Self::GigJob,
        Self::Policy,
        Self::Parameter,
    ];

    /// What citizens read at a kiosk and nobody else, beside listings and notices.
    pub const PUBLIC: [Self; 6] = [
        Self::Guide,
        Self::Announcement,
        Self::Station,
        Self::GigJob,
        Self::Policy,
        Self::Parameter,
    ];
}
