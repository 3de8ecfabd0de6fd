//! Publishing on a page what came out of files and waits: by a reviewer, each vacancy by the step of
//! its record, so that the record and the trail say who it was.

use domain::case::Command;
use domain::time::UtcMs;

use crate::cases::CaseFault;
use crate::staff::StaffSession;

use super::plan::TAKE_OVER;
use super::{DEEDS_PER_PART, ImportDesk};

/// What came of publishing what waits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Published {
    /// Vacancies that are public now.
    pub(crate) done: usize,
    /// Vacancies that still wait.
    pub(crate) refused: usize,
    /// Why the first of them does.
    pub(crate) first_reason: Option<String>,
}

impl ImportDesk {
    /// How many vacancies of files wait.
    ///
    /// # Errors
    /// A fault of storage.
    pub(crate) async fn waiting(&self) -> Result<usize, CaseFault> {
        let waiting = self.store.read(|reader| reader.vacancies_waiting());
        Ok(waiting.await?.len())
    }

    /// Publishes all that wait, if they are as many as the person saw. `None`: they are not.
    ///
    /// # Errors
    /// A fault of storage; what is published by then stays so.
    pub(crate) async fn publish_waiting(
        &self,
        seen: usize,
        by: &StaffSession,
        now: UtcMs,
    ) -> Result<Option<Published>, CaseFault> {
        let waiting = self.store.read(|reader| reader.vacancies_waiting()).await?;
        if waiting.len() != seen {
            return Ok(None);
        }
        let mut published = Published::default();
        for part in waiting.chunks(DEEDS_PER_PART as usize) {
            let step = Command::step(TAKE_OVER);
            let acted = self
                .cases
                .act_on_all(part.to_vec(), step, by.actor_at(), now);
            for line in acted.await? {
                match line.outcome {
                    Ok(()) => published.done += 1,
                    Err(refusal) => {
                        published.refused += 1;
                        let first = &mut published.first_reason;
                        first.get_or_insert_with(|| format!("{}：{}", line.case_no, refusal.text));
                    }
                }
            }
        }
        Ok(Some(published))
    }
}
