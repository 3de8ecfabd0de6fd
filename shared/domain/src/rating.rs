//! Scores of the service (好差评): five levels, one submission per visit, counted honestly.
//!
//! A visit is scored with the slip's token, its 4-digit code, or at the window terminal that
//! served it. The first submission that the authority accepts counts; others are kept as refused.
//! Who did not score is in no numerator and no denominator (`rating.nonrater_policy = exclude`);
//! the response rate stands beside every satisfaction rate. Source: GB/T 39734-2020; 国办发
//! 〔2019〕51号; kiosk-flows §4.

mod suspicion;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::id::{RatingId, TicketId, WindowNo};
use crate::queue::SecretHash;
use crate::refusal::{Refusal, RefusalCode};
use crate::time::UtcMs;

pub use suspicion::{CountedScore, Pattern, SuspicionRules, SuspiciousRun, suspicious_runs};

/// The five levels. 5, 4, 3 are good, 2, 1 are bad (`rating.good_levels`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum Level {
    /// 非常不满意
    VeryBad = 1,
    /// 不满意
    Bad = 2,
    /// 基本满意
    Fair = 3,
    /// 满意
    Good = 4,
    /// 非常满意
    VeryGood = 5,
}

impl Level {
    /// All levels in the order of the screen: best first, always the same.
    pub const ALL: [Self; 5] = [
        Self::VeryGood,
        Self::Good,
        Self::Fair,
        Self::Bad,
        Self::VeryBad,
    ];

    /// The words on screens and reports.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::VeryGood => "非常满意",
            Self::Good => "满意",
            Self::Fair => "基本满意",
            Self::Bad => "不满意",
            Self::VeryBad => "非常不满意",
        }
    }

    /// Whether it counts as satisfied.
    #[must_use]
    pub fn is_good(self) -> bool {
        self >= Self::Fair
    }
}

impl From<Level> for u8 {
    fn from(level: Level) -> u8 {
        level as u8
    }
}

impl TryFrom<u8> for Level {
    type Error = String;

    fn try_from(number: u8) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|level| u8::from(*level) == number)
            .ok_or_else(|| format!("{number} is not a level from 1 to 5"))
    }
}

/// A secret that a citizen holds: the token of the QR code or the 4-digit code. Never logged.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TicketSecret(pub String);

impl std::fmt::Debug for TicketSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TicketSecret(***)")
    }
}

impl TicketSecret {
    /// The token of a QR code, of 128 random bits.
    #[must_use]
    pub fn token(random: [u8; 16]) -> Self {
        Self(hex::encode(random))
    }

    /// The four digits beside a number.
    #[must_use]
    pub fn code(random: u32) -> Self {
        Self(format!("{:04}", random % 10_000))
    }

    /// The hash that events hold. The ticket id salts it, so that four digits cannot be looked
    /// up in one table for all tickets.
    #[must_use]
    pub fn code_hash(&self, ticket: TicketId) -> SecretHash {
        let mut hasher = Sha256::new();
        hasher.update(ticket.0.as_bytes());
        hasher.update(self.0.as_bytes());
        SecretHash(hasher.finalize().into())
    }

    /// The hash of a slip's token. Without salt: 128 random bits need none, and the phone page
    /// finds its ticket by this hash alone.
    #[must_use]
    pub fn token_hash(&self) -> SecretHash {
        SecretHash(Sha256::digest(self.0.as_bytes()).into())
    }
}

/// How the score came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// At the window terminal that serves the ticket.
    WindowTerminal,
    /// At a hall kiosk, by number and code.
    HallKiosk,
    /// On the phone page, by token.
    Phone,
}

/// What a citizen submitted about one visit (which one, the proof says).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// This submission.
    pub rating: RatingId,
    /// About the matter; the only one that satisfaction counts.
    pub matter_level: Level,
    /// About the staff; optional, only at a window.
    pub staff_level: Option<Level>,
    /// Reason codes of a bad score (`R01` …), possibly none.
    pub reasons: Vec<String>,
    /// How it came in.
    pub channel: Channel,
}

/// What the authority knows about a visit when a score comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visit {
    /// Where it was served and until when; `None` while it has not been.
    pub finished: Option<(WindowNo, UtcMs)>,
    /// The last day on which it may be scored (`rating.window_days` working days after its own).
    pub last_day: NaiveDate,
    /// Whether a score has been accepted.
    pub is_scored: bool,
}

/// Fewest scores of a day of which the person who served is told anything.
pub const OWN_SCORES_MIN: u64 = 5;

/// Whether a score counts. `visit` is `None` when the ticket is unknown.
///
/// # Errors
/// A [`Refusal`]; the submission is kept as refused.
pub fn accept(visit: Option<Visit>, now: UtcMs) -> Result<WindowNo, Refusal> {
    let refuse = |code, text: &str| Err(Refusal::new(code, text));
    let Some(visit) = visit else {
        return refuse(
            RefusalCode::TicketNotFound,
            "没找到这张号票，请再看一下号码和四位数字。",
        );
    };
    if visit.is_scored {
        return refuse(RefusalCode::AlreadyScored, "这次已经打过分了，谢谢您。");
    }
    let Some((window, _)) = visit.finished else {
        return refuse(
            RefusalCode::NotServedYet,
            "这件事还没办完，办完后再来打分。",
        );
    };
    if now.hall_date() > visit.last_day {
        return refuse(
            RefusalCode::ScoringClosed,
            "打分时间已经过了。有话想说，请找工作人员。",
        );
    }
    Ok(window)
}

/// Scores of one window over a period.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct WindowScores {
    /// Visits served.
    pub visits: u64,
    /// Accepted matter-level scores per level.
    pub scores: BTreeMap<Level, u64>,
}

/// An exact share; shown with two decimals, judged as a fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// Counted.
    pub part: u64,
    /// Out of.
    pub whole: u64,
}

impl Share {
    /// `98.00 %`, rounded down so that a target is never reached by rounding; `无数据` for 0 of 0.
    #[must_use]
    pub fn text(self) -> String {
        if self.whole == 0 {
            return "无数据".to_owned();
        }
        let hundredths = u128::from(self.part) * 10_000 / u128::from(self.whole);
        format!("{}.{:02} %", hundredths / 100, hundredths % 100)
    }

    /// Whether the share is at least `per_mille` thousandths, exactly.
    #[must_use]
    pub fn reaches(self, per_mille: u64) -> bool {
        u128::from(self.part) * 1_000 >= u128::from(self.whole) * u128::from(per_mille)
    }
}

impl WindowScores {
    /// Takes others in.
    pub fn add(&mut self, other: &Self) {
        self.visits += other.visits;
        for (level, count) in &other.scores {
            *self.scores.entry(*level).or_default() += count;
        }
    }

    /// Number of accepted scores.
    #[must_use]
    pub fn scored(&self) -> u64 {
        self.scores.values().sum()
    }

    /// Satisfied among those who scored.
    #[must_use]
    pub fn satisfaction(&self) -> Share {
        let good = self
            .scores
            .iter()
            .filter(|(level, _)| level.is_good())
            .map(|(_, n)| n)
            .sum();
        Share {
            part: good,
            whole: self.scored(),
        }
    }

    /// What somebody may see of a day of his own scores: nothing while they are so few that he could
    /// tell who gave which (DESIGN.md §4).
    #[must_use]
    pub fn for_who_served(&self) -> Option<Share> {
        (self.scored() >= OWN_SCORES_MIN).then(|| self.satisfaction())
    }

    /// Those who scored among those served (主动评价率).
    #[must_use]
    pub fn response(&self) -> Share {
        Share {
            part: self.scored(),
            whole: self.visits,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn done() -> (WindowNo, UtcMs) {
        (WindowNo::new(3).unwrap(), UtcMs(1_000))
    }

    fn visit(finished: Option<(WindowNo, UtcMs)>, is_scored: bool) -> Option<Visit> {
        Some(Visit {
            finished,
            last_day: UtcMs(0).hall_date(),
            is_scored,
        })
    }

    #[test]
    fn a_visit_is_scored_once_after_it_ended_and_within_the_period() {
        let soon = UtcMs(2_000);
        assert_eq!(accept(visit(Some(done()), false), soon), Ok(done().0));
        let code = |visit, now| accept(visit, now).unwrap_err().code;
        assert_eq!(code(None, soon), RefusalCode::TicketNotFound);
        assert_eq!(
            code(visit(Some(done()), true), soon),
            RefusalCode::AlreadyScored
        );
        assert_eq!(code(visit(None, false), soon), RefusalCode::NotServedYet);
        let late = UtcMs(24 * 3_600_000);
        assert_eq!(
            code(visit(Some(done()), false), late),
            RefusalCode::ScoringClosed
        );
    }

    #[test]
    fn ninety_eight_percent_is_judged_exactly_and_never_rounded_up() {
        let almost = Share {
            part: 9_799,
            whole: 10_000,
        };
        assert_eq!(almost.text(), "97.99 %");
        assert!(!almost.reaches(980));
        let one_short = Share {
            part: 48_999,
            whole: 50_000,
        };
        assert_eq!(one_short.text(), "97.99 %");
        assert!(
            Share {
                part: 49,
                whole: 50
            }
            .reaches(980)
        );
        assert_eq!(Share { part: 0, whole: 0 }.text(), "无数据");
    }

    #[test]
    fn who_did_not_score_is_in_the_response_rate_only() {
        let scores = WindowScores {
            visits: 10,
            scores: [(Level::VeryGood, 3), (Level::Fair, 1), (Level::Bad, 1)].into(),
        };
        assert_eq!(scores.satisfaction(), Share { part: 4, whole: 5 });
        assert_eq!(scores.response(), Share { part: 5, whole: 10 });
    }

    #[test]
    fn who_served_is_told_nothing_of_fewer_than_five_scores() {
        let of = |bad: u64, good: u64| WindowScores {
            visits: 20,
            scores: [(Level::Bad, bad), (Level::Good, good)].into(),
        };
        assert_eq!(of(1, 3).for_who_served(), None);
        assert_eq!(of(1, 4).for_who_served(), Some(Share { part: 4, whole: 5 }));
    }

    #[test]
    fn the_same_code_hashes_differently_for_each_ticket_and_is_not_printed() {
        let secret = TicketSecret("0417".into());
        let ticket = |n| TicketId(uuid::Uuid::from_u128(n));
        assert_ne!(secret.code_hash(ticket(1)), secret.code_hash(ticket(2)));
        assert!(!format!("{secret:?}").contains("0417"));
    }
}
