//! Figures of a hall's days: who came, how long they waited and were served, who did not come.
//!
//! Counted from what happened and nothing else, so that counting again gives the same. Times are
//! said as median and as the time within which nine of ten were done; nothing is averaged, because
//! one forgotten window makes an average of anything.
//!
//! Not here: what of it is good. Scores are `rating`.

use std::collections::BTreeMap;

use chrono::{NaiveDate, Timelike};

use crate::id::{GroupCode, WindowNo};
use crate::queue::WaitEstimate;
use crate::rating::Share;
use crate::time::UtcMs;

/// How something of the queue ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It goes on.
    Open,
    /// The service was finished.
    Done,
    /// The person was sent on to another group.
    Transferred,
    /// The person was put aside or went for papers.
    SetAside,
    /// The person did not come when called.
    Missed,
    /// The call was taken back.
    Returned,
    /// The person gave up.
    Left,
    /// The day ended before.
    Lapsed,
}

/// One visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitFact {
    /// The business day.
    pub day: NaiveDate,
    /// The group in which the person came.
    pub group: GroupCode,
    /// When.
    pub arrived_at: UtcMs,
    /// The first call.
    pub called_at: Option<UtcMs>,
    /// The wait that was told.
    pub told: Option<WaitEstimate>,
    /// How it ended.
    pub end: End,
}

impl VisitFact {
    fn waited_ms(&self) -> Option<i64> {
        Some(self.called_at?.ms_since(self.arrived_at).max(0))
    }

    /// Whether the told wait was right; `None` when nothing was told or nobody called yet.
    fn was_told_right(&self) -> Option<bool> {
        self.told?.was_right(self.waited_ms()?)
    }
}

/// One turn: a window took a visit up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TurnFact {
    /// The business day.
    pub day: NaiveDate,
    /// The group in which it was taken up.
    pub group: GroupCode,
    /// The window.
    pub window: WindowNo,
    /// When the call or, without one, the service began.
    pub began_at: UtcMs,
    /// When the service began.
    pub started_at: Option<UtcMs>,
    /// When it ended.
    pub ended_at: Option<UtcMs>,
    /// How it ended.
    pub end: End,
}

impl TurnFact {
    /// How long somebody was served; `None` when nobody was.
    fn served_ms(&self) -> Option<i64> {
        let is_service = matches!(self.end, End::Done | End::Transferred | End::SetAside);
        let served_ms = self.ended_at?.ms_since(self.started_at?).max(0);
        is_service.then_some(served_ms)
    }
}

/// How times spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spread {
    /// Of so many.
    pub count: usize,
    /// Half of them took no longer.
    pub median_ms: i64,
    /// Nine of ten took no longer.
    pub p90_ms: i64,
}

impl Spread {
    /// Of these times; `None` of none.
    #[must_use]
    pub fn of(mut times_ms: Vec<i64>) -> Option<Self> {
        times_ms.sort_unstable();
        let rank = |percent: usize| (times_ms.len() * percent).div_ceil(100).checked_sub(1);
        Some(Self {
            count: times_ms.len(),
            median_ms: times_ms[rank(50)?],
            p90_ms: times_ms[rank(90)?],
        })
    }
}

/// Figures of some visits or turns.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FigureLine {
    /// Visits, or for a window turns.
    pub came: usize,
    /// Finished.
    pub done: usize,
    /// Did not come when called.
    pub missed: usize,
    /// Gave up.
    pub left: usize,
    /// Still open when the day ended.
    pub lapsed: usize,
    /// Waits until the first call.
    pub waits: Option<Spread>,
    /// Services.
    pub services: Option<Spread>,
    /// Told waits that were right, among those that promised something and were called.
    pub told_right: Option<Share>,
}

impl FigureLine {
    /// Did not come among those who were done or did not come (过号率).
    #[must_use]
    pub fn no_shows(&self) -> Share {
        let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        Share {
            part: count(self.missed),
            whole: count(self.missed + self.done),
        }
    }
}

/// Figures of a period, in all and by parts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HallFigures {
    /// In all.
    pub all: FigureLine,
    /// By business day.
    pub by_day: BTreeMap<NaiveDate, FigureLine>,
    /// By the hour of arrival on the hall's clock.
    pub by_hour: BTreeMap<u32, FigureLine>,
    /// By the group in which people came; services by the group in which they were served.
    pub by_group: BTreeMap<GroupCode, FigureLine>,
    /// By window: its turns.
    pub by_window: BTreeMap<WindowNo, FigureLine>,
}

impl HallFigures {
    /// Counts visits and their turns.
    #[must_use]
    pub fn of(visits: &[VisitFact], turns: &[TurnFact]) -> Self {
        let hour = |at: UtcMs| at.hall_time().hour();
        Self {
            all: by(visits, turns, |_| (), |_| ())
                .remove(&())
                .unwrap_or_default(),
            by_day: by(visits, turns, |visit| visit.day, |turn| turn.day),
            by_hour: by(
                visits,
                turns,
                |visit| hour(visit.arrived_at),
                |turn| hour(turn.began_at),
            ),
            by_group: by(visits, turns, |visit| visit.group, |turn| turn.group),
            by_window: of_windows(turns),
        }
    }
}

fn by<K: Ord + Copy>(
    visits: &[VisitFact],
    turns: &[TurnFact],
    visit_key: impl Fn(&VisitFact) -> K,
    turn_key: impl Fn(&TurnFact) -> K,
) -> BTreeMap<K, FigureLine> {
    let mut parts: BTreeMap<K, (Vec<&VisitFact>, Vec<&TurnFact>)> = BTreeMap::new();
    for visit in visits {
        parts.entry(visit_key(visit)).or_default().0.push(visit);
    }
    for turn in turns {
        parts.entry(turn_key(turn)).or_default().1.push(turn);
    }
    let lines = parts.into_iter();
    lines
        .map(|(key, (visits, turns))| (key, line_of(&visits, &turns)))
        .collect()
}

fn line_of(visits: &[&VisitFact], turns: &[&TurnFact]) -> FigureLine {
    let ended = |end: End| visits.iter().filter(|visit| visit.end == end).count();
    let told: Vec<bool> = visits
        .iter()
        .filter_map(|visit| visit.was_told_right())
        .collect();
    FigureLine {
        came: visits.len(),
        done: ended(End::Done),
        missed: ended(End::Missed),
        left: ended(End::Left),
        lapsed: ended(End::Lapsed),
        waits: Spread::of(
            visits
                .iter()
                .filter_map(|visit| visit.waited_ms())
                .collect(),
        ),
        services: services(turns.iter().copied()),
        told_right: (!told.is_empty()).then(|| share(&told)),
    }
}

fn share(told: &[bool]) -> Share {
    let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    Share {
        part: count(told.iter().filter(|right| **right).count()),
        whole: count(told.len()),
    }
}

fn services<'t>(turns: impl Iterator<Item = &'t TurnFact>) -> Option<Spread> {
    Spread::of(turns.filter_map(TurnFact::served_ms).collect())
}

fn of_windows(turns: &[TurnFact]) -> BTreeMap<WindowNo, FigureLine> {
    let mut windows: BTreeMap<WindowNo, Vec<&TurnFact>> = BTreeMap::new();
    for turn in turns {
        windows.entry(turn.window).or_default().push(turn);
    }
    let line = |turns: Vec<&TurnFact>| {
        let ended = |end: End| turns.iter().filter(|turn| turn.end == end).count();
        FigureLine {
            came: turns.len(),
            done: ended(End::Done),
            missed: ended(End::Missed),
            left: ended(End::Left),
            lapsed: ended(End::Lapsed),
            waits: None,
            services: services(turns.iter().copied()),
            told_right: None,
        }
    };
    let windows = windows.into_iter();
    windows
        .map(|(window, turns)| (window, line(turns)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE_MS: i64 = 60_000;

    fn at(minutes: i64) -> UtcMs {
        UtcMs::start_of("2026-11-24".parse().unwrap()).plus_minutes(9 * 60 + minutes)
    }

    fn visit(letter: char, arrived: i64, called: Option<i64>, end: End) -> VisitFact {
        VisitFact {
            day: at(0).hall_date(),
            group: GroupCode::new(letter).unwrap(),
            arrived_at: at(arrived),
            called_at: called.map(at),
            told: Some(WaitEstimate::Between { low: 5, high: 10 }),
            end,
        }
    }

    fn turn(letter: char, window: u8, began: i64, minutes: i64, end: End) -> TurnFact {
        TurnFact {
            day: at(0).hall_date(),
            group: GroupCode::new(letter).unwrap(),
            window: WindowNo::new(window).unwrap(),
            began_at: at(began),
            started_at: (end != End::Missed).then(|| at(began + 1)),
            ended_at: Some(at(began + 1 + minutes)),
            end,
        }
    }

    fn figures() -> HallFigures {
        let visits = [
            visit('A', 0, Some(5), End::Done),
            visit('A', 10, Some(30), End::Missed),
            visit('A', 70, Some(77), End::Done),
            visit('B', 80, None, End::Left),
            visit('B', 90, None, End::Lapsed),
        ];
        let turns = [
            turn('A', 1, 5, 4, End::Transferred),
            turn('B', 2, 12, 10, End::Done),
            turn('A', 1, 30, 3, End::Missed),
            turn('A', 1, 77, 8, End::Done),
        ];
        HallFigures::of(&visits, &turns)
    }

    #[test]
    fn everybody_who_came_is_in_one_end() {
        let all = figures().all;
        assert_eq!(all.came, 5);
        assert_eq!((all.done, all.missed, all.left, all.lapsed), (2, 1, 1, 1));
        assert_eq!(all.no_shows(), Share { part: 1, whole: 3 });
    }

    #[test]
    fn waits_are_to_the_first_call_and_services_without_who_did_not_come() {
        let all = figures().all;
        let waits = all.waits.unwrap();
        assert_eq!((waits.count, waits.median_ms), (3, 7 * MINUTE_MS));
        assert_eq!(waits.p90_ms, 20 * MINUTE_MS);
        let services = all.services.unwrap();
        assert_eq!((services.count, services.median_ms), (3, 8 * MINUTE_MS));
        assert_eq!(all.told_right, Some(Share { part: 2, whole: 3 }));
    }

    #[test]
    fn parts_are_by_hour_of_arrival_group_and_window() {
        let figures = figures();
        let hours: Vec<_> = figures
            .by_hour
            .iter()
            .map(|(hour, line)| (*hour, line.came))
            .collect();
        assert_eq!(hours, [(9, 2), (10, 3)]);
        let groups: Vec<_> = figures.by_group.values().map(|line| line.came).collect();
        assert_eq!(groups, [3, 2]);
        let first = &figures.by_window[&WindowNo::new(1).unwrap()];
        assert_eq!((first.came, first.done, first.missed), (3, 1, 1));
        assert_eq!(figures.by_day.len(), 1);
    }

    #[test]
    fn nothing_has_no_times() {
        let nothing = HallFigures::of(&[], &[]);
        assert_eq!(nothing.all, FigureLine::default());
        assert_eq!(Spread::of(vec![]), None);
        assert_eq!(nothing.all.no_shows().text(), "无数据");
    }

    #[test]
    fn ranks_are_nearest_and_never_between() {
        let spread = Spread::of((1..=10).collect()).unwrap();
        assert_eq!((spread.median_ms, spread.p90_ms), (5, 9));
        assert_eq!(Spread::of(vec![7]).unwrap().p90_ms, 7);
    }
}
