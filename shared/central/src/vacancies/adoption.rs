//! Vacancies of a store that is older than records become records, once, under the ids of their
//! listings: what waits as a draft, what is public as it is shown. What today's rules do not let be
//! a vacancy is withdrawn, with the reason.

use domain::id::RecordId;
use domain::vacancy::ListingDraft;
use wire::event::{Event, ListingWithdrawn};

use crate::cases::Deed;
use crate::import;
use crate::store::{OldVacancy, Reader, StoreError};

use super::plan::{Planning, key_text, publication};
use super::{DEEDS_PER_PART, ImportDesk, ImportError, cut_off, source_row};

/// Who withdraws what cannot be a record.
const BY: &str = "系统";
/// Why a vacancy is public from the start of its record.
const WAS_PUBLIC: &str = "改用岗位登记以前已经公布";
/// Stands for the row of a listing whose row has changed since: the next file brings the new one.
const ROW_NOT_KEPT: &str = "原文没有保留";

impl ImportDesk {
    /// Makes records of what there was before there were any. Returns of how many vacancies.
    ///
    /// # Errors
    /// [`ImportError`]; what is done by then stays done, the next start goes on.
    pub(super) fn adopt(&self, planning: &Planning<'_>) -> Result<usize, ImportError> {
        let mut adopted = 0;
        loop {
            let today = planning.now.hall_date();
            let part = self.store.read_blocking(|reader| {
                let old = reader.vacancies_before_records(today, DEEDS_PER_PART)?;
                let deeds = old.iter().map(|old| deed(planning, reader, old));
                let deeds = deeds.collect::<Result<Vec<_>, _>>()?;
                Ok(old
                    .into_iter()
                    .map(|old| old.listing)
                    .zip(deeds)
                    .collect::<Vec<_>>())
            })?;
            if part.is_empty() {
                return Ok(adopted);
            }
            adopted += part.len();
            let (listings, deeds): (Vec<_>, Vec<_>) = part.into_iter().unzip();
            let done = self.cases.do_deeds(deeds, planning.now);
            let outcomes = done.map_err(|fault| cut_off(fault, 0))?;
            for (listing, outcome) in listings.into_iter().zip(outcomes) {
                let Err(refusal) = outcome else { continue };
                tracing::warn!(%listing, code = ?refusal.code, "an old listing is withdrawn");
                let withdrawn = ListingWithdrawn {
                    listing,
                    by: BY.to_owned(),
                    reason: refusal.text,
                };
                let now = planning.now;
                let event = Event::ListingWithdrawn(withdrawn);
                self.store
                    .write_blocking(move |write| write.append(&event, now).map(drop))?;
            }
        }
    }
}

fn deed(
    planning: &Planning<'_>,
    reader: &Reader<'_>,
    old: &OldVacancy,
) -> Result<Deed, StoreError> {
    let unreadable = |error: import::BadRawRow| StoreError::Corrupt(error.to_string());
    let record = RecordId(old.listing.0);
    let text = match old.is_pending && old.published.is_some() {
        true => ROW_NOT_KEPT.to_owned(),
        false => source_row::of_raw(&old.raw).map_err(unreadable)?,
    };
    let key = key_text(&old.source_key);
    let context = planning.rules.context(old.as_of);
    let draft = match &old.published {
        Some(listing) => ListingDraft::of(listing),
        None => import::read_raw(&old.raw, &context).map_err(unreadable)?,
    };
    let opening = planning.opening(reader, record, &draft, (key, text))?;
    let was_public = old.published.is_some();
    Ok(Deed {
        commands: was_public
            .then(|| publication(WAS_PUBLIC))
            .into_iter()
            .collect(),
        ..opening
    })
}
