//! What a visit was about: records that a clerk opens or takes up while somebody is at the window
//! are tied to the visit. Records are the centre's (DESIGN.md §3), so this is done there alone.

use domain::id::{RecordId, TicketId};
use domain::refusal::{Refusal, RefusalCode};
use wire::event::{Event, InHall, VisitRecord};
use wire::problem::Problem;

use crate::app_state::AppState;
use crate::staff::{Staff, WorkOnRecords, acts};

impl AppState {
    /// Ties a record to a visit of the own hall. Doing it again changes nothing.
    ///
    /// # Errors
    /// `Refused`: no such visit here, or the centre does not hold records here.
    pub(crate) async fn tie_to_visit(
        &self,
        by: &Staff<WorkOnRecords>,
        ticket: TicketId,
        record: RecordId,
    ) -> Result<(), Problem> {
        self.inner.cases.only_at_the_centre()?;
        let (hall, now) = (by.hall, self.now());
        let acted = by.acted(acts::VISIT_TIED, record.to_string());
        let tied = self.inner.store.write(move |write| {
            let reader = write.reader();
            let visit = reader.visit(ticket)?;
            if visit.is_none_or(|visit| visit.hall != hall) {
                return Ok(Err(no_such_visit()));
            }
            if !reader.records_of_visit(ticket)?.contains(&record) {
                let what = VisitRecord { ticket, record };
                write.append(&Event::VisitLinked(InHall { hall, what }), now)?;
                write.append(&acted, now)?;
            }
            Ok(Ok(()))
        });
        Ok(tied.await??)
    }
}

fn no_such_visit() -> Refusal {
    let text = "没找到这张号票，业务已经存下，可以在叫号台再记一次编号。";
    Refusal::new(RefusalCode::TicketNotFound, text)
}
