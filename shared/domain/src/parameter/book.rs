//! All entries, and the rules by which one follows another.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use crate::case::NoParameter;

use super::{ParameterChange, ParameterEntry, ParameterKey, ParameterRefusal, TwoPersons};

/// Entries of one key and region by their first days: at most one on any day, by construction.
type Timeline = BTreeMap<NaiveDate, InBook>;

/// An entry in the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InBook {
    /// The entry.
    pub entry: ParameterEntry,
    /// Who entered and confirmed it; `None`: it came with the program.
    pub hands: Option<TwoPersons>,
}

/// Every entry that is confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ParameterBook {
    timelines: BTreeMap<ParameterKey, Timeline>,
}

impl ParameterBook {
    /// The book that comes with the program.
    ///
    /// # Errors
    /// [`ParameterRefusal`] for the first entry that does not follow the one before it.
    pub fn of_base(mut entries: Vec<ParameterEntry>) -> Result<Self, ParameterRefusal> {
        entries.sort_by_key(|entry| entry.effective_from);
        let mut book = Self::default();
        for entry in entries {
            book.check_new(&entry)?;
            book.apply(&ParameterChange::Set(entry), None);
        }
        Ok(book)
    }

    /// Carries out a change that was confirmed. Never fails: a record replays to the same book even
    /// where the program's own entries have changed since; then the record's entry holds.
    pub fn apply(&mut self, change: &ParameterChange, hands: Option<TwoPersons>) {
        let timeline = self.timelines.entry(change.key().clone()).or_default();
        match change {
            ParameterChange::Set(entry) => {
                let entry = entry.clone();
                timeline.insert(entry.effective_from, InBook { entry, hands });
            }
            ParameterChange::Withdraw { effective_from, .. } => {
                timeline.remove(effective_from);
            }
        }
    }

    /// Takes over all entries of a key and region as another book has them: a kiosk, what its centre says.
    pub fn replace(&mut self, key: ParameterKey, entries: Vec<ParameterEntry>) {
        let timeline = entries.into_iter().map(|entry| {
            let in_book = InBook { entry, hands: None };
            (in_book.entry.effective_from, in_book)
        });
        self.timelines.insert(key, timeline.collect());
    }

    /// The part of the book that is about some keys.
    #[must_use]
    pub fn about(&self, is_wanted: impl Fn(&ParameterKey) -> bool) -> Self {
        let wanted = self.timelines.iter().filter(|(key, _)| is_wanted(key));
        Self {
            timelines: wanted
                .map(|(key, timeline)| (key.clone(), timeline.clone()))
                .collect(),
        }
    }

    /// What holds on a day in a region, else the district's default.
    ///
    /// # Errors
    /// [`NoParameter`].
    pub fn on(
        &self,
        key: &str,
        region: Option<&str>,
        day: NaiveDate,
    ) -> Result<&InBook, NoParameter> {
        let in_region = region.and_then(|region| {
            self.in_force(
                &ParameterKey {
                    key: key.to_owned(),
                    region: Some(region.to_owned()),
                },
                day,
            )
        });
        let district = || self.in_force(&ParameterKey::of_district(key), day);
        in_region.or_else(district).ok_or_else(|| NoParameter {
            key: key.to_owned(),
            day,
        })
    }

    /// What holds on a day under exactly this key and region.
    #[must_use]
    pub fn in_force(&self, key: &ParameterKey, day: NaiveDate) -> Option<&InBook> {
        let (_, newest) = self.timelines.get(key)?.range(..=day).next_back()?;
        let has_ended = newest.entry.effective_to.is_some_and(|last| last < day);
        (!has_ended).then_some(newest)
    }

    /// An entry by its first day.
    #[must_use]
    pub fn entry(&self, key: &ParameterKey, from: NaiveDate) -> Option<&InBook> {
        self.timelines.get(key)?.get(&from)
    }

    /// The entries of a key and region, oldest first, each with its last day.
    pub fn history(
        &self,
        key: &ParameterKey,
    ) -> impl Iterator<Item = (&InBook, Option<NaiveDate>)> {
        let timeline = self.timelines.get(key);
        timeline.into_iter().flat_map(|timeline| {
            let next = timeline.keys().skip(1).copied().map(Some);
            let entries = timeline.values().zip(next.chain([None]));
            entries.map(|(found, next)| {
                let by_next = next.and_then(|next| next.pred_opt());
                let ends = [found.entry.effective_to, by_next];
                (found, ends.into_iter().flatten().min())
            })
        })
    }

    /// Every key and region that has an entry.
    pub fn keys(&self) -> impl Iterator<Item = &ParameterKey> {
        let timelines = self.timelines.iter();
        timelines.filter_map(|(key, timeline)| (!timeline.is_empty()).then_some(key))
    }

    /// The newest entry of a key, of its region or else the district's: what its name, unit and kind
    /// of value were so far.
    #[must_use]
    pub fn newest(&self, key: &ParameterKey) -> Option<&ParameterEntry> {
        let last = |key: &ParameterKey| self.timelines.get(key)?.values().next_back();
        let newest = last(key).or_else(|| last(&ParameterKey::of_district(&*key.key)));
        newest.map(|found| &found.entry)
    }

    /// Whether a new entry follows and precedes its neighbours without overlap or gap. Where it is
    /// the last one, it ends the one before it; otherwise it must end where the next one begins.
    pub(super) fn check_new(&self, new: &ParameterEntry) -> Result<(), ParameterRefusal> {
        let from = new.effective_from;
        if new.effective_to.is_some_and(|last| last < from) {
            return Err(ParameterRefusal::Backwards);
        }
        let [before, same, after] = self.around(&new.key, from);
        if same.is_some() {
            return Err(ParameterRefusal::Taken { from });
        }
        no_gap(before, Some(from))?;
        match after.map(|after| after.effective_from) {
            Some(next) if new.effective_to.is_none_or(|last| last >= next) => {
                Err(ParameterRefusal::Overlap { next })
            }
            next => no_gap(Some(new), next),
        }
    }

    /// Whether an entry may be withdrawn: not in force yet, and no days are left without a value.
    pub(super) fn check_withdrawal(
        &self,
        key: &ParameterKey,
        from: NaiveDate,
        today: NaiveDate,
    ) -> Result<(), ParameterRefusal> {
        let [before, same, after] = self.around(key, from);
        if same.is_none() {
            return Err(ParameterRefusal::Unknown { from });
        }
        if from <= today {
            return Err(ParameterRefusal::InForce { from });
        }
        no_gap(before, after.map(|after| after.effective_from))
    }

    /// The neighbours of a day, and what begins on it.
    fn around(&self, key: &ParameterKey, from: NaiveDate) -> [Option<&ParameterEntry>; 3] {
        let Some(timeline) = self.timelines.get(key) else {
            return [None; 3];
        };
        let after = timeline.range(from..).find(|(day, _)| **day != from);
        let before = timeline.range(..from).next_back();
        [before, timeline.get_key_value(&from), after]
            .map(|found| found.map(|(_, found)| &found.entry))
    }
}

/// Whether nothing lies between the stated end of an entry and the next one.
fn no_gap(
    before: Option<&ParameterEntry>,
    next: Option<NaiveDate>,
) -> Result<(), ParameterRefusal> {
    let ended = before.and_then(|before| before.effective_to);
    let (Some(ended), Some(next)) = (ended, next) else {
        return Ok(());
    };
    match ended.checked_add_days(Days::new(1)).zip(next.pred_opt()) {
        Some((first, last)) if first <= last => Err(ParameterRefusal::Gap { first, last }),
        _ => Ok(()),
    }
}
