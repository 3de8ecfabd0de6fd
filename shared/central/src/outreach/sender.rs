//! Sending what is due: a few messages at a time, in the hours in which nobody is woken. That an
//! attempt is made is written down before it is made, what came of it after: after a crash in between
//! a message may go out twice, and its id is the same.

use std::time::Duration;

use domain::id::OutreachId;
use domain::outreach::{ContactResult, OutreachRules, Way, with_name};
use domain::personal::{PersonField, Pii, mobile};
use domain::time::UtcMs;
use tokio::time::{MissedTickBehavior, interval};
use wire::event::{Event, OutreachContacted};

use crate::app_state::AppState;
use crate::store::{OutreachRow, Reader, StoreError, Write};

use super::gateway::Outcome;
use super::planning::{is_needed, overtaken_by_events};
use super::{Gateway, addressee};

/// So often what is due is looked for.
const EVERY: Duration = Duration::from_secs(5);
/// Most messages of one run.
const MESSAGES_PER_RUN: u32 = 20;
/// An attempt of which nothing was heard is made again after so long: the process died in it.
const LOST_AFTER_MINUTES: i64 = 10;

/// Runs until the service is asked to stop.
pub(crate) async fn run(app: AppState) {
    let mut stopping = app.stopping();
    let mut clock = interval(EVERY);
    clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = stopping.wait_for(|stopping| *stopping) => return,
            _ = clock.tick() => {}
        }
        if let Err(error) = send_due(&app).await {
            tracing::error!(%error, "messages");
        }
    }
}

/// Sends what is due now, or leaves it to a call. Returns how many messages were dealt with.
///
/// # Errors
/// A fault of storage.
pub async fn send_due(app: &AppState) -> Result<usize, StoreError> {
    let (now, rules) = (app.now(), app.inner.in_force.now().outreach);
    let gateway = app.inner.outreach.gateway();
    if gateway.is_some() && !rules.may_send(now) {
        return Ok(0);
    }
    let due = app.inner.store.read(move |reader| {
        let rows = reader.outreach_due(Way::Sms, now, MESSAGES_PER_RUN)?;
        let each = rows.into_iter().map(|row| {
            let prepared = prepare(reader, &row, now)?;
            Ok((row, prepared))
        });
        each.collect::<Result<Vec<_>, StoreError>>()
    });
    let due = due.await?;
    let dealt_with = due.len();
    for (row, prepared) in due {
        match (&gateway, prepared) {
            (_, Prepared::Overtaken) => record(app, overtaken_by_events(&row)).await?,
            (_, Prepared::Cannot(result)) => leave_to_a_call(app, &row, result).await?,
            (None, Prepared::Ready { .. }) => {
                leave_to_a_call(app, &row, ContactResult::NoGateway).await?;
            }
            (Some(gateway), Prepared::Ready { phone, text }) => {
                send(app, gateway, &row, (&phone, &text), &rules).await?;
            }
        }
    }
    Ok(dealt_with)
}

enum Prepared {
    Ready { phone: Pii<String>, text: String },
    Cannot(ContactResult),
    Overtaken,
}

fn prepare(reader: &Reader<'_>, row: &OutreachRow, now: UtcMs) -> Result<Prepared, StoreError> {
    let record = reader.record(row.record)?;
    let Some(record) = record else {
        return Ok(Prepared::Overtaken);
    };
    if !is_needed(reader, row, now.hall_date())? {
        return Ok(Prepared::Overtaken);
    }
    let kind = reader.kind(&record.kind_hash)?;
    let whom = addressee(reader, &kind, &record)?;
    let phone = whom.phone.as_ref().and_then(|phone| mobile(phone.expose()));
    let Some(phone) = phone else {
        return Ok(Prepared::Cannot(ContactResult::NoNumber));
    };
    let hash = reader.vault().lookup_hash(PersonField::Phone, &phone)?;
    if reader.is_opted_out(hash)? {
        return Ok(Prepared::Cannot(ContactResult::OptedOut));
    }
    let text = with_name(&row.words, &whom.masked_name());
    Ok(Prepared::Ready { phone, text })
}

async fn send(
    app: &AppState,
    gateway: &Gateway,
    row: &OutreachRow,
    (phone, text): (&Pii<String>, &str),
    rules: &OutreachRules,
) -> Result<(), StoreError> {
    let attempts = row.attempts + 1;
    let lost_at = app.now().plus_minutes(LOST_AFTER_MINUTES);
    note(app, row.outreach, attempts, lost_at, "sending").await?;
    let outcome = gateway.send(row.outreach, phone, text).await;
    let now = app.now();
    let (result, word) = match outcome {
        Outcome::Sent => (ContactResult::Sent, String::new()),
        Outcome::Refused(word) => (ContactResult::Refused, word),
        Outcome::TryLater(word) => match rules.retry_at(attempts, now) {
            Some(next_at) => return note(app, row.outreach, attempts, next_at, &word).await,
            None => (ContactResult::GaveUp, word),
        },
    };
    note(app, row.outreach, attempts, now, &word).await?;
    match result {
        ContactResult::Sent => {
            let again_at = None;
            record(app, of_message(row, result, again_at)).await
        }
        result => leave_to_a_call(app, row, result).await,
    }
}

async fn note(
    app: &AppState,
    id: OutreachId,
    attempts: u32,
    next_at: UtcMs,
    word: &str,
) -> Result<(), StoreError> {
    let word = word.to_owned();
    let noted = app
        .inner
        .store
        .write(move |write| write.note_attempt(id, attempts, next_at, &word));
    noted.await
}

async fn leave_to_a_call(
    app: &AppState,
    row: &OutreachRow,
    result: ContactResult,
) -> Result<(), StoreError> {
    let (now, rules) = (app.now(), app.inner.in_force.now().outreach);
    let again_at = rules.next_call(result, row.calls, None, now);
    record(app, of_message(row, result, again_at)).await
}

fn of_message(
    row: &OutreachRow,
    result: ContactResult,
    again_at: Option<UtcMs>,
) -> OutreachContacted {
    OutreachContacted {
        outreach: row.outreach,
        way: Way::Sms,
        result,
        again_at,
        by: None,
    }
}

/// Unless somebody was told by telephone meanwhile.
async fn record(app: &AppState, contacted: OutreachContacted) -> Result<(), StoreError> {
    let now = app.now();
    let recorded = app.inner.store.write(move |write: &mut Write<'_>| {
        let row = write.reader().outreach(contacted.outreach)?;
        let is_open = row.is_some_and(|row| row.settled_at.is_none());
        // that a message went out is a fact in any case
        if is_open || contacted.result == ContactResult::Sent {
            write.append(&Event::OutreachContacted(contacted), now)?;
        }
        Ok(())
    });
    recorded.await
}
