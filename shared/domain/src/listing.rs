//! A listing (岗位公开条目) is the public projection of a vacancy: the only thing of a vacancy that
//! is in the feed, on kiosks and on boards. Missing means unknown, never a default. Every
//! consumer checks [`Listing::is_open_on`] itself; nothing expired or filled is ever shown.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::id::{ListingId, ShortId};
use crate::pay::{MonthlyPay, Pay};
use crate::place::Place;

/// A published vacancy as the public may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// Internal id.
    pub id: ListingId,
    /// The public id; the QR code opens `/v/{short_id}`.
    pub short_id: ShortId,
    /// Job title as the employer wrote it, control characters removed.
    pub title: String,
    /// Employer's name, if known.
    pub employer: Option<String>,
    /// Work place, if known.
    pub place: Option<Place>,
    /// Pay as understood from [`pay_text`](Self::pay_text); `None` = unknown or not understood.
    pub pay: Option<Pay>,
    /// Pay in the employer's own words.
    pub pay_text: Option<String>,
    /// Pay by month, for filters only.
    pub monthly: MonthlyPay,
    /// Lowest education asked for; `None` = unknown.
    pub education: Option<Education>,
    /// Experience asked for; `None` = unknown.
    pub experience: Option<Experience>,
    /// Number of people wanted; `None` = unknown.
    pub headcount: Option<Headcount>,
    /// Form of employment; `None` = unknown.
    pub job_form: Option<JobForm>,
    /// Industry in the source's own words.
    pub industry: Option<String>,
    /// Duties, benefits, skills in the source's own words.
    pub description: Option<String>,
    /// The day the source says it was posted. Shown only; never used for order.
    pub posted_on: Option<NaiveDate>,
    /// Order of first publication, from 1; newest first means this, descending.
    pub publication_order: u64,
    /// The day it was first published here.
    pub published_on: NaiveDate,
    /// The last day on which it may be shown.
    pub valid_to: NaiveDate,
}

impl Listing {
    /// Whether the listing may be shown on `today`.
    #[must_use]
    pub fn is_open_on(&self, today: NaiveDate) -> bool {
        today <= self.valid_to
    }
}

/// Lowest education asked for, in rising order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Education {
    /// 学历不限
    Any,
    /// 小学
    Primary,
    /// 初中
    JuniorMiddle,
    /// 高中、中专、中技
    SeniorMiddle,
    /// 大专
    JuniorCollege,
    /// 本科
    Bachelor,
    /// 硕士
    Master,
    /// 博士
    Doctor,
}

impl Education {
    /// All levels, lowest first.
    pub const ALL: [Self; 8] = [
        Self::Any,
        Self::Primary,
        Self::JuniorMiddle,
        Self::SeniorMiddle,
        Self::JuniorCollege,
        Self::Bachelor,
        Self::Master,
        Self::Doctor,
    ];

    /// The words on screens: `学历不限`, `大专以上`.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Any => "学历不限",
            Self::Primary => "小学以上",
            Self::JuniorMiddle => "初中以上",
            Self::SeniorMiddle => "高中、中专以上",
            Self::JuniorCollege => "大专以上",
            Self::Bachelor => "本科以上",
            Self::Master => "硕士以上",
            Self::Doctor => "博士",
        }
    }
}

/// Experience asked for, in whole years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Experience {
    /// 经验不限, 无需经验
    None,
    /// 在校生、应届生、实习
    Student,
    /// Years asked for; `to` is absent for `5年以上`.
    Years {
        /// At least this many years; 0 for `1年以下`.
        from: u8,
        /// At most this many years.
        to: Option<u8>,
    },
}

impl Experience {
    /// The words on screens: `不要求经验`, `3–5 年经验`.
    #[must_use]
    pub fn text(self) -> String {
        match self {
            Self::None => "不要求经验".to_owned(),
            Self::Student => "在校、应届可报".to_owned(),
            Self::Years { from, to: Some(to) } if from == to => format!("{from} 年经验"),
            Self::Years {
                from: 0,
                to: Some(to),
            } => format!("{to} 年以内经验"),
            Self::Years { from, to: Some(to) } => format!("{from}–{to} 年经验"),
            Self::Years { from, to: None } => format!("{from} 年以上经验"),
        }
    }
}

/// Number of people wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Headcount {
    /// 若干、不限、数名
    Several,
    /// A stated number, at least 1.
    Exactly {
        /// How many people.
        people: u32,
    },
}

/// Form of employment (用工形式).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobForm {
    /// 全职
    FullTime,
    /// 兼职
    PartTime,
    /// 实习
    Internship,
    /// 零工、日结
    Gig,
}

impl JobForm {
    /// All forms, in the order of the filter page.
    pub const ALL: [Self; 4] = [Self::FullTime, Self::PartTime, Self::Gig, Self::Internship];

    /// The word on screens.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::FullTime => "全职",
            Self::PartTime => "兼职",
            Self::Internship => "实习",
            Self::Gig => "零工、日结",
        }
    }
}
