//! Changes of dated parameters, and the book that they make of the program's own entries.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use domain::id::{ProposalId, StaffId};
use domain::parameter::{ParameterBook, ParameterKey, ParameterProposal, TwoPersons};
use domain::time::UtcMs;
use rusqlite::{Connection, OptionalExtension};
use wire::event::{Event, ParameterConfirmed, ParameterWithdrawn};

use crate::parameters::{self, HallParameters, ListingParameters};

use super::live::Live;
use super::projection::{Stored, execute};
use super::visits::{corrupt, read_id};
use super::{Reader, StoreError, Write, public_rows};

/// A change that waits, and since when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingChange {
    /// The change.
    pub proposed: ParameterProposal,
    /// When it was proposed.
    pub at: UtcMs,
}

impl Reader<'_> {
    /// Changes that wait for their second person, oldest first.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn waiting_parameters(&self) -> Result<Vec<WaitingChange>, StoreError> {
        waiting(self.sql)
    }

    /// The names of everybody who ever had an account.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn staff_names(&self) -> Result<BTreeMap<StaffId, String>, StoreError> {
        let mut query = self.sql.prepare_cached("SELECT staff, name FROM staff")?;
        let names = query.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
        names
            .map(|row| row.map_err(StoreError::from))
            .map(|row| row.and_then(|(staff, name)| Ok((read_id(&staff)?, name))))
            .collect()
    }
}

impl Write<'_> {
    /// Halls go by these from now on.
    pub fn let_halls_go_by(&mut self, parameters: &HallParameters) {
        self.memory.go_by(parameters);
    }
}

impl Live {
    /// Takes over what the tables hold.
    pub(super) fn load_parameters(&mut self, sql: &Connection) -> Result<(), StoreError> {
        self.parameters = Arc::new(book(sql)?);
        let waiting = waiting(sql)?.into_iter().map(|change| change.proposed);
        self.waiting_parameters = Arc::new(waiting.collect());
        Ok(())
    }

    /// Takes an event of parameters in; others change nothing.
    pub(super) fn change_parameters(&mut self, event: &Event) {
        match event {
            Event::ParameterProposed(proposed) => {
                Arc::make_mut(&mut self.waiting_parameters).push(proposed.clone());
            }
            Event::ParameterConfirmed(confirmed) => {
                if let Some(proposed) = self.settle(confirmed.proposal) {
                    let hands = hands(&proposed, confirmed.by);
                    Arc::make_mut(&mut self.parameters).apply(&proposed.change, Some(hands));
                }
            }
            Event::ParameterWithdrawn(withdrawn) => {
                self.settle(withdrawn.proposal);
            }
            _ => {}
        }
    }

    /// Takes out what waited under this id.
    fn settle(&mut self, proposal: ProposalId) -> Option<ParameterProposal> {
        let waiting = Arc::make_mut(&mut self.waiting_parameters);
        let place = waiting.iter().position(|one| one.proposal == proposal)?;
        Some(waiting.remove(place))
    }
}

fn hands(proposed: &ParameterProposal, confirmed_by: StaffId) -> TwoPersons {
    TwoPersons {
        entered_by: proposed.by,
        confirmed_by,
    }
}

/// The program's entries with everything that was confirmed, up to where the tables are filled.
fn book(sql: &Connection) -> Result<ParameterBook, StoreError> {
    book_about(sql, |_| true)
}

/// What listings are made with on a day. Only that is read, because it is asked for with every
/// listing.
pub(super) fn of_listings(
    sql: &Connection,
    day: NaiveDate,
) -> Result<ListingParameters, StoreError> {
    let is_wanted = |key: &ParameterKey| ListingParameters::KEYS.contains(&key.key.as_str());
    ListingParameters::in_book(&book_about(sql, is_wanted)?, day).map_err(corrupt)
}

pub(super) fn book_about(
    sql: &Connection,
    is_wanted: impl Fn(&ParameterKey) -> bool,
) -> Result<ParameterBook, StoreError> {
    let mut book = parameters::base().map_err(corrupt)?.about(&is_wanted);
    let mut query = sql.prepare_cached(
        "SELECT body, settled_by
         FROM parameter_changes
         WHERE state = 'confirmed'
         ORDER BY settled",
    )?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let proposed: ParameterProposal = serde_json::from_str(&row.get::<_, String>(0)?)?;
        if is_wanted(proposed.change.key()) {
            let hands = hands(&proposed, read_id(&row.get::<_, String>(1)?)?);
            book.apply(&proposed.change, Some(hands));
        }
    }
    Ok(book)
}

fn waiting(sql: &Connection) -> Result<Vec<WaitingChange>, StoreError> {
    let mut query = sql.prepare_cached(
        "SELECT body, proposed_at
         FROM parameter_changes
         WHERE state = 'waiting'
         ORDER BY position",
    )?;
    let mut rows = query.query([])?;
    let mut waiting = Vec::new();
    while let Some(row) = rows.next()? {
        waiting.push(WaitingChange {
            proposed: serde_json::from_str(&row.get::<_, String>(0)?)?,
            at: UtcMs(row.get(1)?),
        });
    }
    Ok(waiting)
}

pub(super) fn proposed(
    sql: &Connection,
    proposed: &ParameterProposal,
    stored: &Stored<'_>,
) -> Result<(), StoreError> {
    let statement = "INSERT INTO parameter_changes (proposal, body, proposed_at, position)
                     VALUES (?1, ?2, ?3, ?4)";
    let (proposal, body) = (
        proposed.proposal.to_string(),
        serde_json::to_string(proposed)?,
    );
    let (at, position) = (stored.envelope.at.0, stored.position.cast_signed());
    execute(sql, statement, (proposal, body, at, position))
}

/// Returns how many rows of the feed it put.
pub(super) fn confirmed(
    sql: &Connection,
    confirmed: &ParameterConfirmed,
    stored: &Stored<'_>,
) -> Result<u64, StoreError> {
    let statement = "UPDATE parameter_changes
                     SET state = 'confirmed', settled_by = ?2, settled_at = ?3, settled = ?4
                     WHERE proposal = ?1 AND state = 'waiting'";
    let (proposal, by) = (confirmed.proposal.to_string(), confirmed.by.to_string());
    let (at, position) = (stored.envelope.at.0, stored.position.cast_signed());
    execute(sql, statement, (&proposal, by, at, position))?;
    let mut query = sql.prepare_cached(
        "SELECT body FROM parameter_changes WHERE proposal = ?1 AND state = 'confirmed'",
    )?;
    let body = query.query_row([proposal], |row| row.get::<_, String>(0));
    let Some(body) = body.optional()? else {
        return Ok(0);
    };
    let proposed: ParameterProposal = serde_json::from_str(&body)?;
    public_rows::parameter(sql, proposed.change.key(), stored)
}

pub(super) fn withdrawn(
    sql: &Connection,
    withdrawn: &ParameterWithdrawn,
    stored: &Stored<'_>,
) -> Result<(), StoreError> {
    let statement = "UPDATE parameter_changes
                     SET state = 'withdrawn', settled_by = ?2, settled_at = ?3, settled = ?4,
                         reason = ?5
                     WHERE proposal = ?1 AND state = 'waiting'";
    let (proposal, by) = (withdrawn.proposal.to_string(), withdrawn.by.to_string());
    let (at, position) = (stored.envelope.at.0, stored.position.cast_signed());
    execute(
        sql,
        statement,
        (proposal, by, at, position, &withdrawn.reason),
    )
}
