//! The plan of a morning in the hall: who comes when, for what, how long it takes, and who scores.
//! Who is called when is not planned: replaying the plan through the queue decides that, by the
//! same rules as on any other day.

use domain::id::{GroupCode, WindowNo};
use domain::queue::{HallLayout, PriorityKind};
use domain::rating::Level;
use domain::time::UtcMs;

use super::random::Stream;
use super::recipe::Recipe;

const MINUTE_MS: i64 = 60_000;

/// A group that the hall does not know takes this long; halls and recipe are edited apart.
const SERVICE_MINUTES_UNKNOWN: u16 = 10;

/// Of good scores, 非常满意 and 满意 in thousandths; the rest is 基本满意.
const GOOD_LEVELS_PERMILLE: [(Level, u32); 3] = [
    (Level::VeryGood, 740),
    (Level::Good, 210),
    (Level::Fair, 50),
];

/// Of bad scores.
const BAD_LEVELS_PERMILLE: [(Level, u32); 2] = [(Level::Bad, 700), (Level::VeryBad, 300)];

/// One visit as planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlannedVisit {
    /// When the ticket is taken.
    pub arrive_at: UtcMs,
    /// For what.
    pub group: GroupCode,
    /// Why the visitor may go first, if so.
    pub priority: Option<PriorityKind>,
    /// From the call to the end of the service.
    pub service_ms: i64,
    /// The score, from those who give one.
    pub score: Option<PlannedScore>,
}

/// A score as planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlannedScore {
    /// Of the matter.
    pub level: Level,
    /// From the end of the service to the touch.
    pub after_ms: i64,
}

/// `count` visits between `from` and `to`, in order of arrival. The same recipe, layout, seed and
/// times give the same plan.
#[must_use]
pub fn morning(
    recipe: &Recipe,
    layout: &HallLayout,
    seed: u64,
    count: u32,
    from: UtcMs,
    to: UtcMs,
) -> Vec<PlannedVisit> {
    let mut streams = VisitStreams::new(seed);
    let span_ms = u64::try_from(to.ms_since(from)).unwrap_or(0);
    let mut arrivals: Vec<u64> = (0..count).map(|_| streams.arrival.below(span_ms)).collect();
    arrivals.sort_unstable();
    let at = |after_ms: u64| from.plus_ms(i64::try_from(after_ms).unwrap_or(i64::MAX));
    arrivals
        .into_iter()
        .map(|after_ms| streams.visit(recipe, layout, at(after_ms)))
        .collect()
}

impl Recipe {
    /// The windows of the invented hall and the groups that each serves.
    pub fn windows(&self) -> impl Iterator<Item = (WindowNo, &[GroupCode])> {
        self.services
            .windows
            .iter()
            .map(|entry| (entry.window, entry.groups.as_slice()))
    }
}

struct VisitStreams {
    arrival: Stream,
    matter: Stream,
    service: Stream,
    score: Stream,
}

impl VisitStreams {
    fn new(seed: u64) -> Self {
        Self {
            arrival: Stream::new(seed, "visit.arrival"),
            matter: Stream::new(seed, "visit.matter"),
            service: Stream::new(seed, "visit.service"),
            score: Stream::new(seed, "visit.score"),
        }
    }

    fn visit(&mut self, recipe: &Recipe, layout: &HallLayout, arrive_at: UtcMs) -> PlannedVisit {
        let services = &recipe.services;
        let index = self
            .matter
            .weighted(services.group_share_permille.values().copied());
        let group = *services
            .group_share_permille
            .keys()
            .nth(index)
            .expect("a group, because the recipe's reader refuses empty shares");
        let first = self.matter.permille(services.priority_permille);
        let kind = *self.matter.pick(&PriorityKind::CLAIMED);
        let known = layout
            .groups
            .get(&group)
            .map(|group| group.typical_service_minutes);
        let typical_ms = i64::from(known.unwrap_or(SERVICE_MINUTES_UNKNOWN)) * MINUTE_MS;
        let service_ms = self.service.log_normal(typical_ms.unsigned_abs());
        PlannedVisit {
            arrive_at,
            group,
            priority: first.then_some(kind),
            service_ms: i64::try_from(service_ms).unwrap_or(typical_ms),
            score: self.score(recipe),
        }
    }

    /// Every visit draws the same number of times, so that one score changes no other.
    fn score(&mut self, recipe: &Recipe) -> Option<PlannedScore> {
        let given = self.score.permille(recipe.services.rating_permille);
        let good = self.score.permille(recipe.services.good_level_permille);
        let levels: &[(Level, u32)] = if good {
            &GOOD_LEVELS_PERMILLE
        } else {
            &BAD_LEVELS_PERMILLE
        };
        let (level, _) = levels[self.score.weighted(levels.iter().map(|(_, share)| *share))];
        let seconds = 4 + self.score.below(16);
        let after_ms = i64::try_from(seconds * 1_000).unwrap_or(MINUTE_MS);
        given.then_some(PlannedScore { level, after_ms })
    }
}
