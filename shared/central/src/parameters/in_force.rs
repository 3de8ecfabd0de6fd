//! The parameters of today, for whoever asks often: read again when the day or the book changes,
//! so that a confirmed change holds from its day on without a restart.

use std::sync::{Arc, RwLock};

use chrono::NaiveDate;
use domain::parameter::ParameterBook;

use super::{ParameterError, Parameters, Years};

/// What holds now. Shared.
#[derive(Debug)]
pub(crate) struct InForce {
    years: Arc<Years>,
    now: RwLock<Now>,
}

#[derive(Debug)]
struct Now {
    parameters: Arc<Parameters>,
    /// Of which book and day; `None` until they were read out of the store's book.
    of: Option<(Arc<ParameterBook>, NaiveDate)>,
}

const LOCK: &str = "the lock of what is in force, because no holder panics";

impl InForce {
    /// What a service begins with, whose halls go by this calendar.
    pub(crate) fn new(parameters: Parameters, years: Arc<Years>) -> Self {
        let parameters = Arc::new(parameters.by_calendar(years.program()));
        Self {
            years,
            now: RwLock::new(Now {
                parameters,
                of: None,
            }),
        }
    }

    /// The year whose days off should be recorded by a day and are not.
    pub(crate) fn unrecorded_year(&self, book: &Arc<ParameterBook>, day: NaiveDate) -> Option<i32> {
        super::unrecorded_year(&self.years.by(book), day)
    }

    /// What holds now.
    pub(crate) fn now(&self) -> Arc<Parameters> {
        Arc::clone(&self.now.read().expect(LOCK).parameters)
    }

    /// Reads the book for `day`, if it was not read for that day yet.
    ///
    /// # Errors
    /// [`ParameterError`]; then what held so far goes on.
    pub(crate) fn renew(
        &self,
        book: &Arc<ParameterBook>,
        day: NaiveDate,
    ) -> Result<Arc<Parameters>, ParameterError> {
        let is_read =
            |(of, on): &(Arc<ParameterBook>, NaiveDate)| Arc::ptr_eq(of, book) && *on == day;
        let mut now = self.now.write().expect(LOCK);
        if !now.of.as_ref().is_some_and(is_read) {
            let parameters = Parameters::in_book(book, day)?;
            now.parameters = Arc::new(parameters.by_calendar(&self.years.by(book)));
            now.of = Some((Arc::clone(book), day));
        }
        Ok(Arc::clone(&now.parameters))
    }
}
