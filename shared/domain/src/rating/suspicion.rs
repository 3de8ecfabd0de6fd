//! Runs of scores that somebody should look at: bursts of top scores at one window, scores of
//! visits that took no time, and one device that scores alike again and again. A run is a hint and
//! no verdict: its scores go on counting, and only people say what they were.
//!
//! Phones are left out where a device is asked about: their scores all come in through the same
//! program.

use std::collections::BTreeMap;

use crate::id::{DeviceId, RatingId, WindowNo};
use crate::time::UtcMs;

use super::Level;

/// From where on scores are looked at (`assets/parameters/rating.toml`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SuspicionRules {
    /// `rating.burst_scores`: so many top scores at one window …
    pub burst_scores: usize,
    /// `rating.burst_minutes`: … within so long are a burst.
    pub burst_minutes: i64,
    /// `rating.service_seconds_min`: nobody was served in less.
    pub service_seconds_min: i64,
    /// `rating.device_scores`: so many equal scores in a row at one device …
    pub device_scores: usize,
    /// `rating.device_seconds`: … each within so long of the one before are a pattern.
    pub device_seconds: i64,
}

/// A score that counts, with what is known of its visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CountedScore {
    /// The submission.
    pub rating: RatingId,
    /// The window that served.
    pub window: WindowNo,
    /// Where it was given; `None` for a phone.
    pub device: Option<DeviceId>,
    /// The matter level.
    pub level: Level,
    /// When.
    pub submitted_at: UtcMs,
    /// From the start of the service, else from the call, to its end.
    pub served_ms: i64,
}

/// Why a run is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pattern {
    /// Many top scores at one window in a short time.
    Burst(WindowNo),
    /// Scores at one window of visits that took no time.
    NoService(WindowNo),
    /// Equal scores at one device, one right after the other.
    OneDevice(DeviceId),
}

/// Scores that somebody should look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuspiciousRun {
    /// Why.
    pub pattern: Pattern,
    /// The submissions, oldest first; never none.
    pub ratings: Vec<RatingId>,
    /// When the first one was given.
    pub from: UtcMs,
    /// When the last one was given.
    pub until: UtcMs,
}

/// The runs among these scores, the latest first.
#[must_use]
pub fn suspicious_runs(scores: &[CountedScore], rules: &SuspicionRules) -> Vec<SuspiciousRun> {
    let mut scores: Vec<&CountedScore> = scores.iter().collect();
    scores.sort_by_key(|score| (score.submitted_at, score.rating));
    let mut runs = bursts(&scores, rules);
    runs.extend(without_service(&scores, rules));
    runs.extend(of_one_device(&scores, rules));
    runs.sort_by_key(|run| (std::cmp::Reverse(run.until), run.pattern));
    runs
}

type Sorted<'s> = Vec<&'s CountedScore>;

fn by<'s, K: Ord>(
    scores: &[&'s CountedScore],
    key: impl Fn(&CountedScore) -> Option<K>,
) -> BTreeMap<K, Sorted<'s>> {
    let mut parts: BTreeMap<K, Sorted<'s>> = BTreeMap::new();
    for score in scores {
        if let Some(key) = key(score) {
            parts.entry(key).or_default().push(score);
        }
    }
    parts
}

fn run(pattern: Pattern, scores: &[&CountedScore]) -> Option<SuspiciousRun> {
    let (first, last) = (scores.first()?, scores.last()?);
    Some(SuspiciousRun {
        pattern,
        ratings: scores.iter().map(|score| score.rating).collect(),
        from: first.submitted_at,
        until: last.submitted_at,
    })
}

/// Spans of so many scores in so short a time; those that share scores are one burst.
fn bursts(scores: &[&CountedScore], rules: &SuspicionRules) -> Vec<SuspiciousRun> {
    let count = rules.burst_scores.max(1);
    let is_top = |score: &CountedScore| score.level == Level::VeryGood;
    let mut runs = Vec::new();
    for (window, tops) in by(scores, |score| is_top(score).then_some(score.window)) {
        let is_dense = |place: &usize| {
            let (first, last) = (tops[*place], tops[place + count - 1]);
            last.submitted_at <= first.submitted_at.plus_minutes(rules.burst_minutes)
        };
        let starts = (0..(tops.len() + 1).saturating_sub(count)).filter(is_dense);
        let mut spans: Vec<(usize, usize)> = Vec::new();
        for start in starts {
            let end = start + count;
            match spans.last_mut() {
                Some((_, until)) if start < *until => *until = end,
                _ => spans.push((start, end)),
            }
        }
        let found = spans.into_iter().map(|(start, end)| &tops[start..end]);
        runs.extend(found.filter_map(|span| run(Pattern::Burst(window), span)));
    }
    runs
}

fn without_service(scores: &[&CountedScore], rules: &SuspicionRules) -> Vec<SuspiciousRun> {
    let is_too_short = |score: &CountedScore| score.served_ms < rules.service_seconds_min * 1_000;
    let parts = by(scores, |score| {
        let day = score.submitted_at.hall_date();
        is_too_short(score).then_some((score.window, day))
    });
    let runs = parts.into_iter();
    runs.filter_map(|((window, _), scores)| run(Pattern::NoService(window), &scores))
        .collect()
}

fn of_one_device(scores: &[&CountedScore], rules: &SuspicionRules) -> Vec<SuspiciousRun> {
    let goes_on = |before: &&CountedScore, score: &&CountedScore| {
        let ms = score.submitted_at.ms_since(before.submitted_at);
        score.level == before.level && ms <= rules.device_seconds * 1_000
    };
    let mut runs = Vec::new();
    for (device, scores) in by(scores, |score| score.device) {
        let rows = scores.chunk_by(goes_on);
        let long = rows.filter(|row| row.len() >= rules.device_scores.max(2));
        runs.extend(long.filter_map(|row| run(Pattern::OneDevice(device), row)));
    }
    runs
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    const RULES: SuspicionRules = SuspicionRules {
        burst_scores: 3,
        burst_minutes: 5,
        service_seconds_min: 30,
        device_scores: 3,
        device_seconds: 60,
    };

    fn score(number: u128, minute: i64) -> CountedScore {
        CountedScore {
            rating: RatingId(Uuid::from_u128(number)),
            window: WindowNo::new(1).unwrap(),
            device: None,
            level: Level::VeryGood,
            submitted_at: UtcMs(0).plus_minutes(minute),
            served_ms: 600_000,
        }
    }

    fn patterns(scores: &[CountedScore]) -> Vec<(Pattern, usize)> {
        let runs = suspicious_runs(scores, &RULES).into_iter();
        runs.map(|run| (run.pattern, run.ratings.len())).collect()
    }

    #[test]
    fn top_scores_close_together_are_one_burst_and_others_are_none() {
        let window = WindowNo::new(1).unwrap();
        let apart = [score(1, 0), score(2, 10), score(3, 20), score(4, 30)];
        assert_eq!(patterns(&apart), []);
        let close = [
            score(1, 0),
            score(2, 2),
            score(3, 4),
            score(4, 7),
            score(5, 30),
        ];
        assert_eq!(patterns(&close), [(Pattern::Burst(window), 4)]);
        let mixed = close.map(|score| CountedScore {
            level: Level::Good,
            ..score
        });
        assert_eq!(patterns(&mixed), []);
    }

    #[test]
    fn a_visit_that_took_no_time_is_looked_at_whatever_its_score() {
        let short = CountedScore {
            served_ms: 29_999,
            level: Level::Bad,
            ..score(1, 0)
        };
        let window = WindowNo::new(1).unwrap();
        assert_eq!(patterns(&[short]), [(Pattern::NoService(window), 1)]);
        let long_enough = CountedScore {
            served_ms: 30_000,
            ..short
        };
        assert_eq!(patterns(&[long_enough]), []);
    }

    #[test]
    fn equal_scores_in_a_row_at_one_device_are_looked_at_and_phones_are_not() {
        let device = DeviceId(Uuid::from_u128(9));
        let at = |number: u128, minute| CountedScore {
            device: Some(device),
            level: Level::Fair,
            ..score(number, minute)
        };
        let row = [at(1, 0), at(2, 1), at(3, 2), at(4, 9)];
        assert_eq!(patterns(&row), [(Pattern::OneDevice(device), 3)]);
        let phones = row.map(|score| CountedScore {
            device: None,
            ..score
        });
        assert_eq!(patterns(&phones), []);
    }

    proptest! {
        /// No score is in two runs of one pattern, every run is in order, and whatever is looked at
        /// was handed in.
        #[test]
        fn a_run_holds_scores_of_its_own_in_their_order(
            facts in proptest::collection::vec((0i64..60, 1u8..=5, 1u8..4, 0u128..3, 0i64..60_000), 0..40)
        ) {
            let scores: Vec<CountedScore> = facts.into_iter().zip(1u128..).map(|(fact, number)| {
                let (minute, level, window, device, served_ms) = fact;
                CountedScore {
                    level: Level::try_from(level).unwrap(),
                    window: WindowNo::new(window).unwrap(),
                    device: (device > 0).then_some(DeviceId(Uuid::from_u128(device))),
                    served_ms,
                    ..score(number, minute)
                }
            }).collect();
            let runs = suspicious_runs(&scores, &RULES);
            let mut seen = std::collections::HashSet::new();
            for run in &runs {
                let kind = std::mem::discriminant(&run.pattern);
                let times: Vec<UtcMs> = run.ratings.iter().map(|rating| {
                    let found = scores.iter().find(|score| score.rating == *rating);
                    found.expect("a score that was handed in").submitted_at
                }).collect();
                prop_assert!(times.is_sorted());
                prop_assert_eq!((times.first(), times.last()), (Some(&run.from), Some(&run.until)));
                for rating in &run.ratings {
                    prop_assert!(seen.insert((kind, *rating)));
                }
            }
        }
    }
}
