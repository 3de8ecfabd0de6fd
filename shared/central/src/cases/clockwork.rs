//! What the clock does with records: steps that follow when a deadline has passed. Each is a step
//! like any other, by the system, decided by the engine on the record as it stands.

use domain::case::{self, Command};
use domain::time::UtcMs;

use crate::store::StoreError;

use super::automatic::system;
use super::{CaseDesk, CaseFault};

/// Most records that one tick looks at; the next tick goes on.
const RECORDS_PER_TICK: u32 = 500;

impl CaseDesk {
    /// Does the steps that are due today. Returns how many were done.
    ///
    /// # Errors
    /// A fault of storage.
    pub async fn tick(&self, now: UtcMs) -> Result<u32, CaseFault> {
        let today = now.hall_date();
        let due = self.store().read(move |reader| {
            let mut due = Vec::new();
            for id in reader.records_due_until(today, RECORDS_PER_TICK)? {
                let Some(record) = reader.record(id)? else {
                    continue;
                };
                let kind = reader.kind(&record.kind_hash)?;
                for transition in case::due_steps(&kind, &record, today) {
                    due.push((id, record.version, transition));
                }
            }
            Ok::<_, StoreError>(due)
        });
        let mut done = 0;
        for (record, seen, transition) in due.await? {
            let command = Command::step(&transition);
            match self.act(record, seen, command, system(), now).await {
                Ok(()) => done += 1,
                // somebody was faster, or a condition does not hold: the next tick sees it anew
                Err(CaseFault::Refused(refusal)) => {
                    tracing::debug!(%record, transition, code = ?refusal.code, "not due");
                }
                Err(fault) => return Err(fault),
            }
        }
        Ok(done)
    }
}
