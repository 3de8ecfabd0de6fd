//! Listings from records of vacancies: made when a step publishes one, by the record's values alone
//! (`domain::vacancy::from_values`), found by the short id that the public knows. Also by which row
//! of a file a vacancy came in. Derived.
//!
//! Not here: what stood in a store before there were records (`vacancies_before_records`).

use chrono::NaiveDate;
use domain::case::{Record, Value};
use domain::id::{ListingId, RecordId, ShortId};
use domain::listing::Listing;
use domain::vacancy::{Publication, from_values};
use rusqlite::{Connection, OptionalExtension};

use crate::overview::{ListingCounts, ListingPage};

use super::cases::Change;
use super::projection::{Stored, execute, read_date};
use super::visits::read_id;
use super::{Reader, StoreError, parameters};

/// The kind of records that listings are made of.
const VACANCY: &str = "vacancy";
/// The field that holds by what the row is known again from which a record was made.
const SOURCE_KEY: &str = "source_key";
/// The field that holds the row itself.
const SOURCE_ROW: &str = "source_row";

/// The listing that a record is published as. The pay by month goes by the parameters of the day,
/// so that a rebuild makes the same one.
pub(super) fn listing(
    sql: &Connection,
    record: &Record,
    stored: &Stored<'_>,
) -> Result<Listing, StoreError> {
    let day = stored.envelope.at.hall_date();
    let parameters = parameters::of_listings(sql, day)?;
    let (order, published_on) = first_publication(sql, record, day)?;
    let employer = employer_name(sql, record)?;
    let mut draft = from_values(&record.values, employer, &parameters.pay);
    if !record.values.contains_key(SOURCE_ROW) {
        draft.posted_on = Some(published_on);
    }
    Ok(draft.publish(&Publication {
        id: ListingId(record.id.0),
        order,
        published_on,
        term: parameters.term,
    }))
}

/// The order and day of a record's first publication; a new one comes after all others. What was
/// published before there were records keeps its own.
fn first_publication(
    sql: &Connection,
    record: &Record,
    today: NaiveDate,
) -> Result<(u64, NaiveDate), StoreError> {
    let mut query = sql.prepare_cached(
        "SELECT publication_order, published_on
         FROM case_listings
         WHERE record = ?1",
    )?;
    let id = record.id.to_string();
    let held = query.query_row([&id], |row| Ok((row.get(0)?, row.get(1)?)));
    if let Some(held) = held.optional()? {
        return read_publication(held);
    }
    let (order, day) = match publication_before_records(sql, &id)? {
        Some(first) => first,
        None => (last_order(sql)? + 1, today),
    };
    let statement = "INSERT INTO case_listings (record, short_id, publication_order, published_on)
                     VALUES (?1, ?2, ?3, ?4)";
    let short_id = ShortId::of(ListingId(record.id.0));
    let values = (&id, short_id.as_str(), order.cast_signed(), day.to_string());
    execute(sql, statement, values)?;
    Ok((order, day))
}

fn publication_before_records(
    sql: &Connection,
    id: &str,
) -> Result<Option<(u64, NaiveDate)>, StoreError> {
    let mut query = sql.prepare_cached(
        "SELECT publication_order, published_on
         FROM vacancies
         WHERE listing = ?1
           AND published_on IS NOT NULL",
    )?;
    let held = query.query_row([id], |row| Ok((row.get(0)?, row.get(1)?)));
    held.optional()?.map(read_publication).transpose()
}

fn read_publication((order, day): (i64, String)) -> Result<(u64, NaiveDate), StoreError> {
    Ok((order.cast_unsigned(), read_date(&day)?))
}

/// The highest place that a listing was given.
pub(super) fn last_order(sql: &Connection) -> Result<u64, StoreError> {
    let mut query = sql.prepare_cached(
        "SELECT max(
             (SELECT coalesce(max(publication_order), 0) FROM vacancies),
             (SELECT coalesce(max(publication_order), 0) FROM case_listings)
         )",
    )?;
    Ok(query
        .query_row([], |row| row.get::<_, i64>(0))?
        .cast_unsigned())
}

fn employer_name(sql: &Connection, record: &Record) -> Result<Option<String>, StoreError> {
    let Some(employer) = record.employer else {
        return Ok(None);
    };
    let mut query = sql.prepare_cached("SELECT title FROM cases WHERE record = ?1")?;
    let name = query.query_row([employer.to_string()], |row| row.get(0));
    Ok(name.optional()?)
}

/// Notes of which row of a file a record was opened.
pub(super) fn note_source(sql: &Connection, change: &Change) -> Result<(), StoreError> {
    let record = &change.after;
    let is_opening = change.before.is_none() && record.kind.as_str() == VACANCY;
    let (true, Some(Value::Text(key))) = (is_opening, record.values.get(SOURCE_KEY)) else {
        return Ok(());
    };
    let statement = "INSERT OR IGNORE INTO vacancy_sources (source_key, record) VALUES (?1, ?2)";
    execute(sql, statement, (key, record.id.to_string()))
}

impl Reader<'_> {
    /// The vacancy that was opened from the row with this identity in its source.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn vacancy_of_source(&self, key: &str) -> Result<Option<Record>, StoreError> {
        let mut query = self
            .sql
            .prepare_cached("SELECT record FROM vacancy_sources WHERE source_key = ?1")?;
        let found = query.query_row([key], |row| row.get::<_, String>(0));
        match found.optional()? {
            Some(record) => self.record(read_id(&record)?),
            None => Ok(None),
        }
    }

    /// Vacancies of files that wait to be published, oldest first.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn vacancies_waiting(&self) -> Result<Vec<RecordId>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT record
             FROM cases c
             WHERE kind = 'vacancy'
               AND state = 'draft'
               AND EXISTS (SELECT 1 FROM vacancy_sources WHERE record = c.record)
             ORDER BY opening",
        )?;
        let found = query.query_map([], |row| row.get::<_, String>(0))?;
        found.map(|record| read_id(&record?)).collect()
    }

    /// The employer of this name, if exactly one is registered under it.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn employer_called(&self, name: &str) -> Result<Option<RecordId>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT record
             FROM cases
             WHERE kind = 'employer'
               AND title = ?1
             LIMIT 2",
        )?;
        let found = query.query_map([name], |row| row.get::<_, String>(0))?;
        let found = found.collect::<Result<Vec<_>, _>>()?;
        match found.as_slice() {
            [only] => Ok(Some(read_id(only)?)),
            _ => Ok(None),
        }
    }

    /// Whether the store answers: the cheapest question that reads a page of it.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn answers(&self) -> Result<(), StoreError> {
        let mut query = self
            .sql
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM cases)")?;
        Ok(query.query_row([], |_| Ok(()))?)
    }

    /// The record whose listing the public knows under this short id.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn record_of_listing(&self, short_id: &ShortId) -> Result<Option<RecordId>, StoreError> {
        let mut query = self
            .sql
            .prepare_cached("SELECT record FROM case_listings WHERE short_id = ?1")?;
        let found = query.query_row([short_id.as_str()], |row| row.get::<_, String>(0));
        found.optional()?.as_deref().map(read_id).transpose()
    }

    /// The public page of a listing on `today`.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn listing_page(
        &self,
        short_id: &ShortId,
        today: NaiveDate,
    ) -> Result<ListingPage, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT f.body
             FROM (
                 SELECT record AS key FROM case_listings WHERE short_id = ?1
                 UNION
                 SELECT listing FROM vacancies WHERE short_id = ?1 AND published_on IS NOT NULL
             ) known
             LEFT JOIN feed f
                 ON f.topic = 'listing' AND f.key = known.key AND f.scope = 'district'",
        )?;
        let found = query.query_row([short_id.as_str()], |row| row.get::<_, Option<String>>(0));
        let Some(body) = found.optional()? else {
            return Ok(ListingPage::Unknown);
        };
        let Some(body) = body else {
            return Ok(ListingPage::Closed);
        };
        let listing: Listing = serde_json::from_str(&body)?;
        Ok(match listing.is_open_on(today) {
            true => ListingPage::Open(Box::new(listing)),
            false => ListingPage::Closed,
        })
    }

    /// How many vacancies stand where.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn listing_counts(&self) -> Result<ListingCounts, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT count(*) FILTER (WHERE state = 'published'),
                    count(*) FILTER (WHERE state IN ('draft', 'pending')),
                    count(*) FILTER (WHERE state = 'withdrawn')
             FROM cases
             WHERE kind = 'vacancy'
               AND state IN ('published', 'draft', 'pending', 'withdrawn')",
        )?;
        Ok(query.query_row([], |row| {
            Ok(ListingCounts {
                open: row.get::<_, i64>(0)?.cast_unsigned(),
                pending: row.get::<_, i64>(1)?.cast_unsigned(),
                withdrawn: row.get::<_, i64>(2)?.cast_unsigned(),
            })
        })?)
    }
}
