//! What citizens read at a kiosk, as the centre publishes it: the service guide, publicity lists, the
//! stations, today's gig work, policies with their full text, and the numbers by which the self-check
//! counts. Each is made of records that a person approved. No name, number or telephone of a person is
//! in one: publicity lists come masked, gig work names an employer only where it is an organisation.
//!
//! Whether one still says something on a day is told here; how a page shows it is the kiosk's matter.

use chrono::NaiveDate;
use domain::id::GroupCode;
use domain::money::Fen;
use domain::parameter::{ParameterEntry, ParameterKey};
use domain::time::UtcMs;
use serde::{Deserialize, Serialize};

use crate::topic::Topic;

/// One matter of the service guide (办事指南): what the window asks for and nothing else. Made of a
/// published `service_item` and the `service_topic` that points at it, or of a topic alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuideItem {
    /// Its key: the record's id.
    pub id: String,
    /// What it is called: 就业困难人员认定.
    pub name: String,
    /// For whom, in words; empty: for everybody.
    #[serde(default)]
    pub audience: Vec<String>,
    /// Who may have it (条件), a paragraph each.
    pub conditions: Vec<String>,
    /// What to bring (材料), one each: name, copies, original or copy.
    pub materials: Vec<String>,
    /// How long it takes.
    pub time_limit: TimeLimit,
    /// What it costs; zero: 不收费.
    pub fee: Fen,
    /// By which rule (依据), a paragraph each.
    pub basis: Vec<String>,
    /// The group whose ticket serves it; its windows are those that the hall lays out for the group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupCode>,
    /// Whom to ring; `None`: the telephone of the main station.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Since which day it has read so.
    pub as_of: NaiveDate,
}

/// How long a matter takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum TimeLimit {
    /// 当场办结.
    AtOnce,
    /// At most so many working days.
    Workdays {
        /// From 1.
        days: u32,
    },
    /// No record says it.
    Unsaid,
}

/// A publicity list (公示): who is about to get what, for a few days, so that anybody may object. Its board's
/// form is a [`Notice`](crate::api::Notice) under the same id; a page shows one of the two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announcement {
    /// Its key: the record's id.
    pub id: String,
    /// 2026 年第三批求职补贴公示
    pub title: String,
    /// What it is about, in words: 补贴.
    pub category: String,
    /// What is made public and how to object, a paragraph each.
    pub text: Vec<String>,
    /// One line a case, masked: 测*甲，3310****，1000 元.
    pub lines: Vec<String>,
    /// Its first day.
    pub from: NaiveDate,
    /// Its last day.
    pub until: NaiveDate,
    /// Whom to ring with an objection (监督电话).
    pub objection_phone: String,
    /// Set right after an objection (已更正).
    #[serde(default)]
    pub is_corrected: bool,
}

impl Announcement {
    /// Whether it is public on a day.
    #[must_use]
    pub fn is_public_on(&self, day: NaiveDate) -> bool {
        (self.from..=self.until).contains(&day)
    }
}

/// A station (网点, 就业之家).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StationInfo {
    /// Its key: the record's id.
    pub id: String,
    /// Its public number: YH-J01.
    pub number: String,
    /// Its name.
    pub name: String,
    /// Whether it is the centre itself (中心站点): where to ring when nothing else says.
    pub is_main: bool,
    /// Whether gig workers are served there (零工驿站).
    pub is_gig: bool,
    /// Street or township (街道、乡镇).
    pub street: String,
    /// Its address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The public telephone.
    pub phone: String,
    /// When it is open, in words: 周一至周五 8:30–17:30.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<String>,
    /// Where it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<GeoPoint>,
}

/// A point, in millionths of a degree. No geodetic system is assumed: it is what the clerk typed, and
/// serves to compare stations with each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct GeoPoint {
    /// East, −180 to 180 degrees.
    pub longitude_e6: i32,
    /// North, −90 to 90 degrees.
    pub latitude_e6: i32,
}

/// Gig work (零工岗) that somebody may take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GigJob {
    /// Its key: the record's id.
    pub id: String,
    /// Its number, to be said at the window: GIG_JOB-202611-00042.
    pub number: String,
    /// 搬运
    pub work: String,
    /// From when.
    pub from: UtcMs,
    /// Until when.
    pub until: UtcMs,
    /// For what it is paid.
    pub pay_by: GigPay,
    /// How much for each.
    pub pay: Fen,
    /// When the money comes, in words: 日结.
    pub settlement: String,
    /// People wanted.
    pub headcount: u32,
    /// Where. Of a private employer no more than the street.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The employer, if it is an organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employer: Option<String>,
    /// Whether the employer pays for an accident insurance.
    pub is_insured: bool,
}

/// What gig work is paid by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GigPay {
    /// 按小时
    Hour,
    /// 按天
    Day,
    /// 计件
    Piece,
}

impl GigJob {
    /// Whether there is work of it left at a moment of that day.
    #[must_use]
    pub fn is_today(&self, now: UtcMs) -> bool {
        now < self.until && self.from.hall_date() <= now.hall_date()
    }
}

/// A policy with its text. The board's form of it is a [`Notice`](crate::api::Notice).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyText {
    /// Its key: the record's id, also that of its `Notice`.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Document number (文号).
    pub document_no: String,
    /// Who made it, in words: 区.
    pub level: String,
    /// What it is about, in words; empty while nobody has said so: 补贴.
    #[serde(default)]
    pub topic: String,
    /// For whom, in words; empty: for everybody.
    #[serde(default)]
    pub audience: Vec<String>,
    /// The plain summary (一图一表): what is asked and what is so. May be empty.
    #[serde(default)]
    pub summary: Vec<SummaryRow>,
    /// The full text, a paragraph each. Empty: the office has not typed it.
    pub text: Vec<String>,
    /// In force from.
    pub valid_from: NaiveDate,
    /// The last day, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<NaiveDate>,
    /// On which day it was repealed or replaced, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repealed_on: Option<NaiveDate>,
    /// The title of what replaced it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<String>,
    /// The group whose windows know it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupCode>,
}

/// One row of a policy's plain summary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SummaryRow {
    /// What is asked: 谁能领.
    pub label: String,
    /// What is so.
    pub text: String,
}

/// Whether a policy holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyStanding {
    /// 还没生效, from this day on it is.
    Coming {
        /// The first day.
        from: NaiveDate,
    },
    /// 现行有效
    InForce,
    /// 已废止或已失效, since this day: the first on which it says nothing.
    Ended {
        /// That day.
        since: NaiveDate,
    },
}

impl PolicyText {
    /// How it stands on a day. Only what is in force or coming is shown unasked.
    #[must_use]
    pub fn standing_on(&self, day: NaiveDate) -> PolicyStanding {
        let after_last = self.valid_to.and_then(|last| last.succ_opt());
        let ends = [self.repealed_on, after_last];
        match ends.into_iter().flatten().min() {
            Some(since) if since <= day => PolicyStanding::Ended { since },
            _ if day < self.valid_from => PolicyStanding::Coming {
                from: self.valid_from,
            },
            _ => PolicyStanding::InForce,
        }
    }
}

/// All entries of one parameter that the self-check asks for and that two persons have changed. The key of the
/// row is the parameter's; a kiosk puts them in the place of its own (`ParameterBook::replace`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParameterNow {
    /// Key and region.
    pub key: ParameterKey,
    /// Its entries, oldest first, the program's own included.
    pub entries: Vec<ParameterEntry>,
}

/// A feed body of one of [`Topic::PUBLIC`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublicBody {
    /// See [`Topic::Guide`].
    Guide(GuideItem),
    /// See [`Topic::Announcement`].
    Announcement(Announcement),
    /// See [`Topic::Station`].
    Station(StationInfo),
    /// See [`Topic::GigJob`].
    GigJob(GigJob),
    /// See [`Topic::Policy`].
    Policy(PolicyText),
    /// See [`Topic::Parameter`].
    Parameter(ParameterNow),
}

impl PublicBody {
    /// Reads a body by its topic.
    ///
    /// # Errors
    /// The JSON error when the body is not what the topic says, or the topic is none of these.
    pub fn read(topic: Topic, body: &str) -> Result<Self, serde_json::Error> {
        Ok(match topic {
            Topic::Guide => Self::Guide(serde_json::from_str(body)?),
            Topic::Announcement => Self::Announcement(serde_json::from_str(body)?),
            Topic::Station => Self::Station(serde_json::from_str(body)?),
            Topic::GigJob => Self::GigJob(serde_json::from_str(body)?),
            Topic::Policy => Self::Policy(serde_json::from_str(body)?),
            Topic::Parameter => Self::Parameter(serde_json::from_str(body)?),
            other => {
                let reason = format!("{} is no topic for citizens", other.as_str());
                return Err(serde::de::Error::custom(reason));
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn policy(to: Option<&str>, repealed: Option<&str>) -> PolicyText {
        PolicyText {
            id: "p".into(),
            title: "试验政策".into(),
            document_no: "试〔2026〕1 号".into(),
            level: "区".into(),
            topic: String::new(),
            audience: vec![],
            summary: vec![],
            text: vec![],
            valid_from: day("2026-03-01"),
            valid_to: to.map(day),
            repealed_on: repealed.map(day),
            replaced_by: None,
            group: None,
        }
    }

    #[test]
    fn a_policy_holds_on_its_last_day_and_not_on_the_day_of_its_repeal() {
        let ended = |since| PolicyStanding::Ended { since: day(since) };
        let coming = PolicyStanding::Coming {
            from: day("2026-03-01"),
        };
        for (to, repealed, on, stands) in [
            (None, None, "2026-02-28", coming),
            (None, None, "2026-03-01", PolicyStanding::InForce),
            (
                Some("2026-06-30"),
                None,
                "2026-06-30",
                PolicyStanding::InForce,
            ),
            (Some("2026-06-30"), None, "2026-07-01", ended("2026-07-01")),
            (
                Some("2026-06-30"),
                Some("2026-05-10"),
                "2026-05-10",
                ended("2026-05-10"),
            ),
            (
                None,
                Some("2026-05-10"),
                "2026-05-09",
                PolicyStanding::InForce,
            ),
        ] {
            assert_eq!(policy(to, repealed).standing_on(day(on)), stands, "{on}");
        }
    }

    #[test]
    fn gig_work_is_todays_from_its_first_day_until_it_is_over() {
        let at = |hours: i64| UtcMs::start_of(day("2026-11-23")).plus_minutes(hours * 60);
        let job = GigJob {
            id: "g".into(),
            number: "GIG_JOB-202611-00001".into(),
            work: "搬运".into(),
            from: at(14),
            until: at(18),
            pay_by: GigPay::Hour,
            pay: Fen(2_500),
            settlement: "日结".into(),
            headcount: 2,
            place: None,
            employer: None,
            is_insured: true,
        };
        assert!(!job.is_today(at(-1)));
        assert!(job.is_today(at(8)));
        assert!(job.is_today(at(17)));
        assert!(!job.is_today(at(18)));
    }
}
