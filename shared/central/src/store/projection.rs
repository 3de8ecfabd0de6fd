//! From an event to the derived tables: one function, used when an event is appended and when the
//! tables are rebuilt, so that both give the same rows. It reads no clock and no memory; what it
//! needs besides the event stands in derived tables, in the store's mark, or in the keys of
//! persons.
//!
//! Queue events are in `visits`, scores in `scores`, vacancies of old stores in
//! `vacancies_before_records`, roles in `roles`, the
//! audit trail in `audit`.

use domain::id::{DeviceId, HallId};
use domain::time::{BusinessDate, UtcMs};
use rusqlite::{Connection, OptionalExtension};
use wire::api::{DeviceNow, HallInfo, Topic};
use wire::envelope::Envelope;
use wire::event::{
    DeviceEnrolled, DeviceKeyRotated, EmergencyEnded, EmergencyRaised, Event, HallLaidOut,
    HelpCalled, InHall, NoticePublished, SearchesTallied,
};
use wire::problem::ProblemCode;

use crate::hall_state::day_after;
use crate::vault::KeyRing;

use super::feed::{Put, Scope, position_of};
use super::{
    StoreError, audit, boards, cases, citizens, documents, emergencies, kinds, outreach,
    parameters, persons, roles, scores, vacancies_before_records, visits, writer,
};

/// An event with its place in the record.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stored<'e> {
    pub(super) position: u64,
    pub(super) envelope: &'e Envelope,
    /// The service's clock at receipt.
    pub(super) received: UtcMs,
}

impl Stored<'_> {
    pub(super) fn position_i64(&self) -> i64 {
        self.position.cast_signed()
    }
}

/// Projects one event. Returns how many rows of the feed it put.
pub(super) fn project(
    sql: &Connection,
    keys: &KeyRing,
    event: &Event,
    stored: &Stored<'_>,
) -> Result<u64, StoreError> {
    if let Some((hall, event)) = event.as_queue() {
        visits::project(sql, hall, &event, stored.envelope.at)?;
    }
    let mut feed_rows = 0;
    if let Some(event) = event.as_case() {
        feed_rows = cases::project(sql, &event, stored)?;
    }
    match event {
        Event::HallLaidOut(laid) => feed_rows = lay_out(sql, laid, stored)?,
        Event::HallDayClosed(closed) => {
            feed_rows = close_day(sql, closed.hall, closed.what.day, stored)?;
        }
        Event::EmergencyRaised(raised) => feed_rows = raise(sql, raised, stored)?,
        Event::EmergencyEnded(ended) => feed_rows = end(sql, ended, stored)?,
        Event::VisitLinked(linked) => visits::link(sql, &linked.what)?,
        Event::RatingSubmitted(submitted) => scores::submitted(sql, submitted, stored)?,
        Event::RatingAccepted(accepted) => scores::accepted(sql, accepted)?,
        Event::RatingRefused(refused) => scores::refused(sql, refused)?,
        Event::DeviceEnrolled(enrolled) => enrol(sql, enrolled, stored)?,
        Event::DeviceRevoked(revoked) => feed_rows = revoke(sql, revoked.device, stored)?,
        Event::DeviceKeyRotated(rotated) => rotate_key(sql, rotated, stored)?,
        Event::DeviceRefused(refused) if refused.code == ProblemCode::Equivocation => {
            contradicted(sql, refused.device, stored)?;
        }
        Event::VacanciesImported(imported) => vacancies_before_records::imported(sql, imported)?,
        Event::VacanciesPublished(published) => {
            feed_rows = vacancies_before_records::published(sql, published, stored)?;
        }
        Event::ListingWithdrawn(withdrawn) => {
            feed_rows = vacancies_before_records::withdrawn(sql, withdrawn, stored)?;
        }
        Event::NoticePublished(published) => feed_rows = notice(sql, published, stored)?,
        Event::BoardsDescribed(told) => boards::described(sql, told, stored)?,
        Event::BoardReported(reported) => boards::reported(sql, reported, stored)?,
        Event::BoardAired(aired) => boards::aired(sql, aired, stored)?,
        Event::BoardsCleared(cleared) => {
            boards::cleared(sql, cleared, stored.envelope.at)?;
            feed_rows = put_hall(sql, cleared.hall, stored)?;
        }
        Event::BoardsRestored(restored) => {
            boards::restored(sql, restored, stored.envelope.at)?;
            feed_rows = put_hall(sql, restored.hall, stored)?;
        }
        Event::HelpCalled(called) => help_call(sql, called, stored)?,
        Event::SearchesTallied(tallied) => searches(sql, tallied, stored)?,
        Event::PersonRecorded(recorded) => persons::recorded(sql, keys, recorded, stored)?,
        Event::PersonErased(erased) => persons::erased(sql, erased, stored)?,
        Event::StaffRolesSet(set) => roles::set(sql, set)?,
        Event::StaffDeputySet(set) => roles::set_deputy(sql, set)?,
        Event::KindPublished(published) => kinds::published(sql, published, stored)?,
        Event::ParameterProposed(proposed) => parameters::proposed(sql, proposed, stored)?,
        Event::ParameterConfirmed(confirmed) => {
            feed_rows = parameters::confirmed(sql, confirmed, stored)?;
        }
        Event::ParameterWithdrawn(withdrawn) => parameters::withdrawn(sql, withdrawn, stored)?,
        Event::DocumentIssued(issued) => documents::issued(sql, issued)?,
        Event::DocumentWithdrawn(withdrawn) => documents::withdrawn(sql, withdrawn)?,
        Event::OutreachPlanned(planned) => outreach::planned(sql, planned, stored)?,
        Event::OutreachContacted(contacted) => outreach::contacted(sql, contacted, stored)?,
        Event::OptOutSet(set) => outreach::opt_out(sql, set, stored)?,
        Event::FeedbackSubmitted(submitted) => citizens::submitted(sql, submitted, stored)?,
        _ => {}
    }
    audit::project(sql, event, stored)?;
    Ok(feed_rows)
}

fn rotate_key(
    sql: &Connection,
    rotated: &DeviceKeyRotated,
    stored: &Stored<'_>,
) -> Result<(), StoreError> {
    let statement = "UPDATE devices
                     SET public_key = ?2, key_since = ?3
                     WHERE device = ?1";
    let (device, key) = (rotated.device.to_string(), rotated.public_key.0);
    execute(sql, statement, (device, key, stored.envelope.at.0)).map(drop)
}

fn contradicted(sql: &Connection, device: DeviceId, stored: &Stored<'_>) -> Result<(), StoreError> {
    let statement = "UPDATE devices SET equivocated_at = ?2 WHERE device = ?1";
    execute(sql, statement, (device.to_string(), stored.envelope.at.0)).map(drop)
}

fn lay_out(sql: &Connection, laid: &HallLaidOut, stored: &Stored<'_>) -> Result<u64, StoreError> {
    let statement = "INSERT INTO halls (hall, station_name, layout, day)
                     VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (hall) DO UPDATE
                     SET station_name = excluded.station_name,
                         layout = excluded.layout";
    let layout = serde_json::to_string(&laid.layout)?;
    let day = stored.envelope.at.hall_date().to_string();
    execute(
        sql,
        statement,
        (laid.hall.to_string(), &laid.station_name, layout, day),
    )?;
    put_hall(sql, laid.hall, stored)
}

fn close_day(
    sql: &Connection,
    hall: HallId,
    day: BusinessDate,
    stored: &Stored<'_>,
) -> Result<u64, StoreError> {
    let next = day_after(day, stored.envelope.at);
    let statement = "UPDATE halls SET day = ?2 WHERE hall = ?1";
    execute(sql, statement, (hall.to_string(), next.to_string()))?;
    put_hall(sql, hall, stored)
}

fn raise(
    sql: &Connection,
    raised: &InHall<EmergencyRaised>,
    stored: &Stored<'_>,
) -> Result<u64, StoreError> {
    emergencies::raised(sql, raised.hall, &raised.what, stored.envelope.at)?;
    put_hall(sql, raised.hall, stored)
}

fn end(
    sql: &Connection,
    ended: &InHall<EmergencyEnded>,
    stored: &Stored<'_>,
) -> Result<u64, StoreError> {
    emergencies::ended(sql, &ended.what, stored.envelope.at)?;
    put_hall(sql, ended.hall, stored)
}

fn put_hall(sql: &Connection, hall: HallId, stored: &Stored<'_>) -> Result<u64, StoreError> {
    let mut query =
        sql.prepare_cached("SELECT station_name, layout, day FROM halls WHERE hall = ?1")?;
    let found = query.query_row([hall.to_string()], |row| {
        Ok((
            row.get::<_, String>(0)?,
            row.get::<_, String>(1)?,
            row.get::<_, String>(2)?,
        ))
    });
    let Some((station_name, layout, day)) = found.optional()? else {
        return Ok(0);
    };
    let info = HallInfo {
        station_name,
        layout: serde_json::from_str(&layout)?,
        day: BusinessDate(read_date(&day)?),
        is_demo: writer::is_synthetic(sql)?,
        emergency: emergencies::running(sql, hall)?.map(|running| running.now),
        boards_cleared: boards::running(sql, hall)?.map(|running| running.since),
    };
    let put = Put {
        topic: Topic::Hall,
        key: "hall",
        scope: Scope::Hall(hall),
        expires: None,
    };
    put.at(
        sql,
        position_of(stored.position, 0),
        &serde_json::to_string(&info)?,
    )?;
    Ok(1)
}

fn enrol(
    sql: &Connection,
    enrolled: &DeviceEnrolled,
    stored: &Stored<'_>,
) -> Result<(), StoreError> {
    let statement = "INSERT INTO devices (device, name, kind, hall, public_key, enrolled_at,
                                          key_since)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)";
    let (device, hall) = (enrolled.device.to_string(), enrolled.hall.to_string());
    let kind = serde_json::to_string(&enrolled.kind)?;
    let key = enrolled.public_key.0;
    execute(
        sql,
        statement,
        (
            device,
            &enrolled.name,
            kind,
            hall,
            key,
            stored.envelope.at.0,
        ),
    )
}

/// The hall's node learns of it by the feed.
fn revoke(sql: &Connection, device: DeviceId, stored: &Stored<'_>) -> Result<u64, StoreError> {
    let mut query = sql.prepare_cached(
        "UPDATE devices
         SET revoked_at = ?2
         WHERE device = ?1
         RETURNING hall",
    )?;
    let key = device.to_string();
    let hall = query.query_row((&key, stored.envelope.at.0), |row| row.get::<_, String>(0));
    let Some(hall) = hall.optional()? else {
        return Ok(0);
    };
    let put = Put {
        topic: Topic::Device,
        key: &key,
        scope: Scope::Hall(super::visits::read_id(&hall)?),
        expires: None,
    };
    let now = serde_json::to_string(&DeviceNow { is_revoked: true })?;
    put.at(sql, position_of(stored.position, 0), &now)?;
    Ok(1)
}

fn notice(
    sql: &Connection,
    published: &NoticePublished,
    stored: &Stored<'_>,
) -> Result<u64, StoreError> {
    let statement = "INSERT INTO notices (notice, body, by_name, published_at)
                     VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (notice) DO UPDATE
                     SET body = excluded.body,
                         by_name = excluded.by_name,
                         published_at = excluded.published_at";
    let (notice, body) = (&published.notice, serde_json::to_string(&published.notice)?);
    execute(
        sql,
        statement,
        (&notice.id, &body, &published.by, stored.envelope.at.0),
    )?;
    let (key, scope) = (notice.id.as_str(), Scope::District);
    boards::let_on(sql, key, &notice.title, stored.envelope.at)?;
    let put = Put {
        topic: Topic::Notice,
        key,
        scope,
        expires: None,
    };
    put.at(sql, position_of(stored.position, 0), &body)?;
    Ok(1)
}

fn help_call(sql: &Connection, called: &HelpCalled, stored: &Stored<'_>) -> Result<(), StoreError> {
    let values = (
        stored.position_i64(),
        stored.envelope.writer.to_string(),
        called.hall.to_string(),
        stored.received.0,
    );
    execute(
        sql,
        "INSERT INTO help_calls VALUES (?1, ?2, ?3, ?4)",
        values,
    )
}

fn searches(
    sql: &Connection,
    tallied: &SearchesTallied,
    stored: &Stored<'_>,
) -> Result<(), StoreError> {
    let statement = "INSERT INTO search_tallies VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let values = (
        stored.position_i64(),
        stored.envelope.writer.to_string(),
        tallied.hall.to_string(),
        stored.envelope.at.0,
        serde_json::to_string(&tallied.searches)?,
        tallied.without_result,
        tallied.listings_opened,
    );
    execute(sql, statement, values)
}

pub(super) fn execute(
    sql: &Connection,
    statement: &str,
    values: impl rusqlite::Params,
) -> Result<(), StoreError> {
    sql.prepare_cached(statement)?.execute(values)?;
    Ok(())
}

pub(super) fn read_date(text: &str) -> Result<chrono::NaiveDate, StoreError> {
    text.parse()
        .map_err(|_| StoreError::Corrupt(format!("{text:?} is not a date")))
}
