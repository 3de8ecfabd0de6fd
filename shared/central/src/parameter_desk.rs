//! Changing dated parameters (政策参数): one person proposes, another confirms, and from its day on
//! the change is in force without a restart. Decisions are made within the writer's transaction, so
//! that two persons who press at once are told one after the other.

mod draft;
mod listing;

use chrono::NaiveDate;
use domain::id::{ProposalId, StaffId};
use domain::parameter::{
    self, ParameterBook, ParameterChange, ParameterKey, ParameterProposal, ParameterRefusal,
};
use domain::time::UtcMs;
use wire::event::{Event, ParameterConfirmed, ParameterWithdrawn};
use wire::problem::{Problem, ProblemCode};

use crate::app_state::{AppState, not_found};
use crate::parameters::{DAYS_OFF, Parameters, year_of_entry};
use crate::staff::{KeepParameters, Staff, acts};
use crate::store::{Role, StoreError, Write};
use crate::{authority, edge};

pub use draft::ParameterDraft;
pub use listing::{ParameterLine, ParameterList, Standing, WaitingLine, list};

/// Longest reason for taking a change back, in characters.
pub const REASON_CHARS_MAX: usize = 120;

/// Proposes a new entry.
///
/// # Errors
/// `Refused` with the rule's words.
pub async fn propose(
    app: &AppState,
    draft: &ParameterDraft,
    by: &Staff<KeepParameters>,
) -> Result<(), Problem> {
    let book = &app.inner.store.live().parameters;
    let entry = draft.entry(book).map_err(|refusal| refused(&refusal))?;
    submit(app, ParameterChange::Set(entry), by).await
}

/// Proposes that an entry that is confirmed and not yet in force is withdrawn.
///
/// # Errors
/// `Refused` with the rule's words.
pub async fn propose_withdrawal(
    app: &AppState,
    key: ParameterKey,
    effective_from: NaiveDate,
    reason: &str,
    by: &Staff<KeepParameters>,
) -> Result<(), Problem> {
    let change = ParameterChange::Withdraw {
        key,
        effective_from,
        reason: reason.trim().to_owned(),
    };
    submit(app, change, by).await
}

/// Confirms what another person proposed. It is in force at once if its day has come.
///
/// # Errors
/// `Refused` with the rule's words; `NotFound` when it does not wait any more.
pub async fn confirm(
    app: &AppState,
    proposal: ProposalId,
    by: &Staff<KeepParameters>,
) -> Result<(), Problem> {
    only_at_the_centre(app)?;
    let (now, staff) = (app.now(), by.staff);
    let confirmed = ParameterConfirmed {
        proposal,
        by: staff,
    };
    let acted = by.acted(acts::PARAMETER_CONFIRMED, proposal.to_string());
    let decided = app.inner.store.write(move |write| {
        let decided = check_confirmation(write, proposal, staff, now);
        if decided.is_ok() {
            write.append(&Event::ParameterConfirmed(confirmed), now)?;
            write.append(&acted, now)?;
        }
        Ok(decided)
    });
    decided.await??;
    Ok(put_in_force(app).await?)
}

/// Takes back a change that waits, or sends it back. Anybody may: nothing has come into force.
///
/// # Errors
/// `Refused` without a reason; `NotFound` when it does not wait any more.
pub async fn withdraw(
    app: &AppState,
    proposal: ProposalId,
    reason: &str,
    by: &Staff<KeepParameters>,
) -> Result<(), Problem> {
    only_at_the_centre(app)?;
    let reason = reason.trim().to_owned();
    if reason.is_empty() || reason.chars().count() > REASON_CHARS_MAX {
        let (field, chars_max) = ("理由", REASON_CHARS_MAX);
        return Err(refused(&ParameterRefusal::Text { field, chars_max }));
    }
    let now = app.now();
    let withdrawn = ParameterWithdrawn {
        proposal,
        by: by.staff,
        reason,
    };
    let acted = by.acted(acts::PARAMETER_WITHDRAWN, proposal.to_string());
    let decided = app.inner.store.write(move |write| {
        let waits = waiting(write, proposal).map(drop);
        if waits.is_ok() {
            write.append(&Event::ParameterWithdrawn(withdrawn), now)?;
            write.append(&acted, now)?;
        }
        Ok(waits)
    });
    decided.await?
}

/// Lets everything go by the parameters of today. A book that this program cannot read for today
/// changes nothing: what held so far goes on, and the log says so.
pub(crate) async fn put_in_force(app: &AppState) -> Result<(), StoreError> {
    let (live, now) = (app.inner.store.live(), app.now());
    let renewed = app.inner.in_force.renew(&live.parameters, now.hall_date());
    let parameters = match renewed {
        Ok(parameters) => parameters,
        Err(error) => {
            tracing::error!(%error, "the parameters of today");
            return Ok(());
        }
    };
    if live
        .halls
        .values()
        .all(|hall| hall.goes_by(&parameters.hall))
    {
        return Ok(());
    }
    let halls: Vec<_> = live.halls.keys().copied().collect();
    let changed = app.inner.store.write(move |write| {
        write.let_halls_go_by(&parameters.hall);
        halls
            .into_iter()
            .try_for_each(|hall| authority::refresh(write, hall, now).map(drop))
    });
    changed.await
}

async fn submit(
    app: &AppState,
    change: ParameterChange,
    by: &Staff<KeepParameters>,
) -> Result<(), Problem> {
    only_at_the_centre(app)?;
    let now = app.now();
    let acted = by.acted(acts::PARAMETER_PROPOSED, change.key().to_string());
    let proposed = ParameterProposal {
        proposal: ProposalId(edge::new_uuid(now)),
        change,
        by: by.staff,
    };
    let decided = app.inner.store.write(move |write| {
        let decided = check_proposal(write, &proposed, now);
        if decided.is_ok() {
            write.append(&Event::ParameterProposed(proposed), now)?;
            write.append(&acted, now)?;
        }
        Ok(decided)
    });
    decided.await?
}

fn check_proposal(
    write: &Write<'_>,
    proposed: &ParameterProposal,
    now: UtcMs,
) -> Result<(), Problem> {
    let (live, today) = (write.live(), now.hall_date());
    let (book, waiting) = (&live.parameters, &live.waiting_parameters);
    parameter::propose(book, waiting, proposed, today).map_err(|refusal| refused(&refusal))?;
    check_fits(book, &proposed.change, today)
}

fn check_confirmation(
    write: &Write<'_>,
    proposal: ProposalId,
    by: StaffId,
    now: UtcMs,
) -> Result<(), Problem> {
    let proposed = waiting(write, proposal)?;
    let (book, today) = (&write.live().parameters, now.hall_date());
    parameter::confirm(book, proposed, by, today).map_err(|refusal| refused(&refusal))?;
    check_fits(book, &proposed.change, today)
}

fn waiting<'w>(
    write: &'w Write<'_>,
    proposal: ProposalId,
) -> Result<&'w ParameterProposal, Problem> {
    let mut waiting = write.live().waiting_parameters.iter();
    let found = waiting.find(|waiting| waiting.proposal == proposal);
    found.ok_or_else(|| not_found("这一条已经不在等复核了，可能刚有人办过。"))
}

/// Whether the program itself can go by the book after a change: on the first day of it that is
/// still to come, and on the day after its last.
fn check_fits(
    book: &ParameterBook,
    change: &ParameterChange,
    today: NaiveDate,
) -> Result<(), Problem> {
    if let ParameterChange::Set(entry) = change
        && entry.key.key == DAYS_OFF
        && let Err(text) = year_of_entry(entry)
    {
        return Err(Problem::new(ProblemCode::Refused, text));
    }
    let mut after = book.clone();
    after.apply(change, None);
    let ended = match change {
        ParameterChange::Set(entry) => entry.effective_to.and_then(|last| last.succ_opt()),
        ParameterChange::Withdraw { .. } => None,
    };
    let days = [Some(change.effective_from()), ended];
    for day in days.into_iter().flatten() {
        Parameters::in_book(&after, day.max(today)).map_err(|error| {
            tracing::warn!(%error, "a change that the program cannot go by");
            let sentence = "这样改以后，程序自己要用的参数会不合适或没有值。请检查数值和起止日。";
            Problem::new(ProblemCode::Refused, sentence)
        })?;
    }
    Ok(())
}

fn only_at_the_centre(app: &AppState) -> Result<(), Problem> {
    match app.inner.store.role() {
        Role::Centre => Ok(()),
        Role::HallNode { .. } => {
            let sentence = "政策参数只在中心改。请打开中心的页面。";
            Err(Problem::new(ProblemCode::Refused, sentence))
        }
    }
}

fn refused(refusal: &ParameterRefusal) -> Problem {
    Problem::new(ProblemCode::Refused, refusal.to_string())
}

#[cfg(test)]
mod tests;
