//! The working calendar with the years that were entered since (`calendar.days_off`): one entry a
//! year, valid from its 1 January, by two persons like every parameter. Which days are off is the
//! calendar's affair; here the years are put over the program's.

use std::sync::{Arc, RwLock};

use chrono::{Datelike, NaiveDate};
use domain::calendar::{TypedYearFault, WorkCalendar};
use domain::parameter::{ParameterBook, ParameterEntry, ParameterKey};

use super::NONE;

/// The key under which years are entered.
pub(crate) const DAYS_OFF: &str = "calendar.days_off";
/// From this day on the next year should be recorded: the notice for it comes out in November.
const NEXT_YEAR_FROM: (u32, u32) = (11, 1);

/// What a year's entry says; `None` for the one that says that there is none.
///
/// # Errors
/// In words for who typed it.
pub(crate) fn year_of_entry(entry: &ParameterEntry) -> Result<Option<WorkCalendar>, String> {
    let text = entry.value.to_string();
    if text == NONE {
        return Ok(None);
    }
    let from = entry.effective_from;
    if (from.month(), from.day()) != (1, 1) || entry.effective_to.is_some() {
        let text = "一年录一条：“从哪天起”写那一年的 1 月 1 日，“到哪天止”空着。";
        return Err(text.to_owned());
    }
    let year = WorkCalendar::typed_year(from.year(), &text);
    year.map(Some)
        .map_err(|fault: TypedYearFault| fault.to_string())
}

/// The year whose days off should be recorded by a day and are not.
pub(crate) fn unrecorded_year(calendar: &WorkCalendar, today: NaiveDate) -> Option<i32> {
    let is_autumn = (today.month(), today.day()) >= NEXT_YEAR_FROM;
    let wanted = [Some(today.year()), is_autumn.then(|| today.year() + 1)];
    let is_recorded = |year: &i32| calendar.years().any(|known| known == *year);
    wanted.into_iter().flatten().find(|year| !is_recorded(year))
}

/// The program's years with those of the book over them: read again when the book changes.
#[derive(Debug)]
pub(crate) struct Years {
    program: Arc<WorkCalendar>,
    read: RwLock<Option<(Arc<ParameterBook>, Arc<WorkCalendar>)>>,
}

const LOCK: &str = "the lock of the years, because no holder panics";

impl Years {
    pub(crate) fn over(program: Arc<WorkCalendar>) -> Self {
        Self {
            program,
            read: RwLock::default(),
        }
    }

    /// The years that came with the program or stand in the data directory.
    pub(crate) fn program(&self) -> &Arc<WorkCalendar> {
        &self.program
    }

    /// The calendar by a book.
    pub(crate) fn by(&self, book: &Arc<ParameterBook>) -> Arc<WorkCalendar> {
        if let Some((of, calendar)) = &*self.read.read().expect(LOCK)
            && Arc::ptr_eq(of, book)
        {
            return Arc::clone(calendar);
        }
        let calendar = Arc::new(self.overlaid_by(book));
        *self.read.write().expect(LOCK) = Some((Arc::clone(book), Arc::clone(&calendar)));
        calendar
    }

    fn overlaid_by(&self, book: &ParameterBook) -> WorkCalendar {
        let mut calendar = WorkCalendar::clone(&self.program);
        for (found, _) in book.history(&ParameterKey::of_district(DAYS_OFF)) {
            match year_of_entry(&found.entry) {
                Ok(year) => calendar = calendar.overlaid_by(year.unwrap_or_default()),
                Err(error) => tracing::error!(%error, "an entered year of days off"),
            }
        }
        calendar
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::parameter::{ParameterChange, ParameterValue};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn book(from: &str, value: &str) -> Arc<ParameterBook> {
        let mut book = ParameterBook::clone(&crate::parameters::base().unwrap());
        let key = ParameterKey::of_district(DAYS_OFF);
        let mut entry = book.newest(&key).unwrap().clone();
        entry.effective_from = day(from);
        entry.value = ParameterValue::Text(value.to_owned());
        book.apply(&ParameterChange::Set(entry), None);
        Arc::new(book)
    }

    #[test]
    fn an_entered_year_counts_at_once_and_leaves_the_others() {
        let years = Years::over(crate::parameters::program_calendar());
        let before = years.by(&crate::parameters::base().unwrap());
        assert!(before.is_workday(day("2027-01-04")).is_err());
        let after = years.by(&book("2027-01-01", "2027-01-01 放假 元旦"));
        assert_eq!(after.is_workday(day("2027-01-01")), Ok(false));
        assert_eq!(after.is_workday(day("2027-01-04")), Ok(true));
        assert_eq!(after.is_workday(day("2026-02-14")), Ok(true));
    }

    #[test]
    fn from_november_on_the_next_year_is_missed_and_a_year_that_is_there_is_not() {
        let program = crate::parameters::program_calendar();
        assert_eq!(unrecorded_year(&program, day("2026-10-31")), None);
        assert_eq!(unrecorded_year(&program, day("2026-11-01")), Some(2027));
        assert_eq!(unrecorded_year(&program, day("2027-03-01")), Some(2027));
        let years = Years::over(program);
        let entered = years.by(&book("2027-01-01", "2027-01-01 放假 元旦"));
        assert_eq!(unrecorded_year(&entered, day("2026-11-28")), None);
    }

    #[test]
    fn an_entry_that_is_no_whole_year_is_told() {
        let told = |from: &str, value: &str| {
            let book = book(from, value);
            let key = ParameterKey::of_district(DAYS_OFF);
            year_of_entry(&book.entry(&key, day(from)).unwrap().entry).unwrap_err()
        };
        assert!(told("2027-02-01", "2027-02-06 放假 春节").contains("1 月 1 日"));
        assert!(told("2027-01-01", "2027-02-06 休 春节").contains("第 1 项"));
    }
}
