//! The parameters of today, for whoever asks often: read again when the day or the book changes,
//! so that a confirmed change holds from its day on without a restart.

use std::sync::{Arc, RwLock};

use chrono::NaiveDate;
use domain::parameter::ParameterBook;

use super::{ParameterError, Parameters};

/// What holds now. Shared.
#[derive(Debug)]
pub(crate) struct InForce {
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
    /// What a service begins with.
    pub(crate) fn new(parameters: Parameters) -> Self {
        let parameters = Arc::new(parameters);
        Self {
            now: RwLock::new(Now {
                parameters,
                of: None,
            }),
        }
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
            now.parameters = Arc::new(Parameters::in_book(book, day)?);
            now.of = Some((Arc::clone(book), day));
        }
        Ok(Arc::clone(&now.parameters))
    }
}
