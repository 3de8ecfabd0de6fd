//! The start pages of this program, read from its files when it starts and checked against the
//! kinds; and how many records stand on one for somebody. A broken file stops the start and is named.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use chrono::NaiveDate;
use domain::case::{KindFault, KindFile, StartPages};
use domain::id::{KindId, StationCode};
use include_dir::{Dir, include_dir};
use thiserror::Error;

use crate::cases::{KindShelf, ShelfError, sunday_of};
use crate::store::{DueTally, Reader, SeenKind, StoreError, Tally};

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../assets/start-pages");

/// Files that are broken; every fault at once.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StartPagesError {
    /// Of start pages.
    #[error("业务线首页的文件有 {} 处错误：\n{}", .0.len(), lines(.0))]
    Pages(Vec<KindFault>),
    /// Of the kinds that they name.
    #[error(transparent)]
    Kinds(#[from] ShelfError),
}

fn lines(faults: &[KindFault]) -> String {
    let lines: Vec<_> = faults.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

/// The pages of the program's own files, read once.
///
/// # Errors
/// [`StartPagesError`].
pub fn embedded() -> Result<Arc<StartPages>, StartPagesError> {
    static READ: OnceLock<Result<Arc<StartPages>, StartPagesError>> = OnceLock::new();
    let read = || {
        let kinds = KindShelf::embedded()?;
        let files: Vec<_> = FILES
            .files()
            .filter(|file| {
                file.path()
                    .extension()
                    .is_some_and(|ending| ending == "toml")
            })
            .filter_map(|file| {
                Some(KindFile {
                    path: file.path().to_str()?,
                    text: file.contents_utf8()?,
                })
            })
            .collect();
        let pages = StartPages::read(&files, kinds.set()).map_err(StartPagesError::Pages)?;
        Ok(Arc::new(pages))
    };
    READ.get_or_init(read).clone()
}

/// How many records are due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct DueCounts {
    /// Their day has passed.
    pub(crate) late: u64,
    /// Today.
    pub(crate) today: u64,
    /// From tomorrow until Sunday.
    pub(crate) week: u64,
}

impl DueCounts {
    /// Takes others in.
    pub(crate) fn add(&mut self, other: Self) {
        self.late += other.late;
        self.today += other.today;
        self.week += other.week;
    }
}

/// How soon a page of what is due looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    /// Their day has passed.
    Late,
    /// Today.
    Today,
    /// From tomorrow until Sunday.
    Week,
}

impl When {
    /// All of them, the most urgent first.
    pub(crate) const ALL: [Self; 3] = [Self::Late, Self::Today, Self::Week];

    /// The word in addresses.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::Today => "today",
            Self::Week => "week",
        }
    }

    /// Of a query value; what is late for anything unknown.
    pub(crate) fn of_word(word: &str) -> Self {
        let known = Self::ALL.into_iter().find(|when| when.word() == word);
        known.unwrap_or(Self::Late)
    }

    /// In words.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Late => "已经晚了",
            Self::Today => "今天到期",
            Self::Week => "这周到期",
        }
    }

    /// The first and the last day.
    pub(crate) fn days(self, today: NaiveDate) -> (NaiveDate, NaiveDate) {
        match self {
            Self::Late => (FIRST_DAY, before(today)),
            Self::Today => (today, today),
            Self::Week => (after(today), sunday_of(today)),
        }
    }

    /// Whether a day falls under it; a week that ends today has no more days.
    fn holds(self, day: NaiveDate, today: NaiveDate) -> bool {
        let (from, until) = self.days(today);
        from <= day && day <= until
    }
}

/// Before any deadline, and of four digits, as days are compared in the store.
const FIRST_DAY: NaiveDate = match NaiveDate::from_ymd_opt(1900, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

fn before(day: NaiveDate) -> NaiveDate {
    day.pred_opt().unwrap_or(day)
}

fn after(day: NaiveDate) -> NaiveDate {
    day.succ_opt().unwrap_or(day)
}

/// What somebody may see of a kind.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct KindCounts {
    /// Records by state.
    pub(crate) states: BTreeMap<String, u64>,
    /// Those that are due.
    pub(crate) due: DueCounts,
}

/// Counts of kinds.
pub(crate) type Counts = BTreeMap<KindId, KindCounts>;

/// What somebody sees of the records of these kinds: two statements, however many kinds.
///
/// # Errors
/// A fault of storage.
pub(crate) fn counts(
    reader: &Reader<'_>,
    seen: &[SeenKind],
    today: NaiveDate,
) -> Result<Counts, StoreError> {
    // a kind that is named twice is counted once
    let kinds: BTreeSet<_> = seen.iter().map(|(kind, _)| kind.clone()).collect();
    let kinds: Vec<KindId> = kinds.into_iter().collect();
    let tallies = reader.case_tallies(&kinds)?;
    let due = reader.due_tallies(sunday_of(today))?;
    Ok(counted(seen, tallies, due, today))
}

/// Puts together what may be seen; the rest is left out.
fn counted(seen: &[SeenKind], tallies: Vec<Tally>, due: Vec<DueTally>, today: NaiveDate) -> Counts {
    let seen: BTreeMap<_, _> = seen
        .iter()
        .map(|(kind, stations)| (kind, stations.as_ref()))
        .collect();
    let is_seen = |kind: &KindId, station: &StationCode| {
        let stations: Option<&Option<&BTreeSet<StationCode>>> = seen.get(kind);
        stations.is_some_and(|of| of.is_none_or(|some| some.contains(station)))
    };
    let mut counts = Counts::new();
    for tally in tallies
        .into_iter()
        .filter(|one| is_seen(&one.kind, &one.station))
    {
        let of_kind = counts.entry(tally.kind).or_default();
        *of_kind.states.entry(tally.state).or_default() += tally.records;
    }
    for tally in due
        .into_iter()
        .filter(|one| is_seen(&one.kind, &one.station))
    {
        let of_kind = &mut counts.entry(tally.kind).or_default().due;
        match When::ALL
            .into_iter()
            .find(|when| when.holds(tally.due_on, today))
        {
            Some(When::Late) => of_kind.late += tally.records,
            Some(When::Today) => of_kind.today += tally.records,
            Some(When::Week) => of_kind.week += tally.records,
            None => {}
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(id: &str) -> KindId {
        KindId::new(id).unwrap()
    }

    fn station(code: &str) -> StationCode {
        StationCode::new(code).unwrap()
    }

    #[test]
    fn every_kind_has_its_place_on_exactly_one_page() {
        let pages = embedded().unwrap();
        let kinds = KindShelf::embedded().unwrap();
        for known in kinds.all() {
            let places = pages
                .lines()
                .filter(|(_, page)| page.kinds().any(|id| *id == known.id));
            let lines: Vec<_> = places.map(|(line, _)| line).collect();
            assert_eq!(lines, [known.line], "{}", known.id);
        }
    }

    #[test]
    fn what_is_done_at_other_stations_is_not_counted() {
        let day = |d| NaiveDate::from_ymd_opt(2026, 11, d).unwrap();
        let tally = |at: &str, state: &str, records| Tally {
            kind: kind("gig_job"),
            station: station(at),
            state: state.to_owned(),
            records,
        };
        let due = |at: &str, on| DueTally {
            kind: kind("gig_job"),
            station: station(at),
            due_on: day(on),
            records: 1,
        };
        let here = Some(BTreeSet::from([station("YH-J01")]));
        // a Thursday
        let today = day(26);
        let tallies = vec![
            tally("YH-J01", "posted", 3),
            tally("YH-J02", "posted", 5),
            Tally {
                kind: kind("gig_service"),
                ..tally("YH-J01", "offered", 9)
            },
        ];
        let dues = vec![
            due("YH-J01", 25),
            due("YH-J01", 26),
            due("YH-J01", 29),
            due("YH-J02", 25),
        ];
        let counts = counted(&[(kind("gig_job"), here)], tallies, dues, today);
        let of_kind = &counts[&kind("gig_job")];
        assert_eq!(of_kind.states, BTreeMap::from([("posted".to_owned(), 3)]));
        assert_eq!(
            of_kind.due,
            DueCounts {
                late: 1,
                today: 1,
                week: 1
            }
        );
        assert_eq!(counts.len(), 1);
    }

    #[test]
    fn on_a_sunday_nothing_more_is_due_in_the_week() {
        let sunday = NaiveDate::from_ymd_opt(2026, 11, 29).unwrap();
        let (from, until) = When::Week.days(sunday);
        assert!(from > until);
    }
}
