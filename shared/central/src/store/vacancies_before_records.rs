//! Vacancies of stores that are older than records: rows as an import brought them, listings made of
//! them when they were published, tombstones when they were withdrawn. Derived, from events that
//! are written no more: what still lives of them becomes records at the next start or import
//! (`vacancies::adopt`), so that a listing has one origin. This stays, because an old store's events
//! must give the same tables and feed again.
//!
//! A listing is made from its raw row when it is published, by the parameters of that day, so that
//! a rebuild makes the same one.

use chrono::NaiveDate;
use domain::id::ListingId;
use domain::id::ShortId;
use domain::listing::Listing;
use domain::vacancy::Publication;
use rusqlite::Connection;
use wire::api::Topic;
use wire::event::{ListingWithdrawn, VacanciesImported, VacanciesPublished};

use crate::import::{self, ImportRules};

use super::feed::{Put, Scope, position_of};
use super::projection::{Stored, execute, read_date};
use super::visits::{corrupt, read_id};
use super::{Reader, StoreError, case_listings};

/// New rows wait; changed rows wait again and keep what was published of them until then.
pub(super) fn imported(sql: &Connection, imported: &VacanciesImported) -> Result<(), StoreError> {
    let statement =
        "INSERT INTO vacancies (listing, short_id, source_key, import, as_of, raw, state)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'pending')
                     ON CONFLICT (listing) DO UPDATE
                     SET import = excluded.import,
                         as_of = excluded.as_of,
                         raw = excluded.raw,
                         state = 'pending'";
    let (import, as_of) = (imported.import.to_string(), imported.as_of.to_string());
    for row in &imported.rows {
        let (listing, short) = (row.listing.to_string(), ShortId::of(row.listing));
        let values = (
            listing,
            short.as_str(),
            &row.source_key,
            &import,
            &as_of,
            &row.raw.0,
        );
        execute(sql, statement, values)?;
    }
    Ok(())
}

/// What a pending row is published from.
struct Pending {
    listing: ListingId,
    as_of: NaiveDate,
    raw: String,
    /// Of the first publication, if there was one.
    order: Option<u64>,
    published_on: Option<NaiveDate>,
}

/// Publishes what waits of an import. Returns the number of feed rows.
pub(super) fn published(
    sql: &Connection,
    published: &VacanciesPublished,
    stored: &Stored<'_>,
) -> Result<u64, StoreError> {
    let note = "INSERT INTO publications (import, by_name, day, at) VALUES (?1, ?2, ?3, ?4)";
    let import = published.import.to_string();
    execute(
        sql,
        note,
        (
            &import,
            &published.by,
            published.on.to_string(),
            stored.envelope.at.0,
        ),
    )?;
    let parameters = super::parameters::of_listings(sql, published.on)?;
    let rules = ImportRules::embedded(parameters.pay).map_err(corrupt)?;
    let mut next_order = case_listings::last_order(sql)? + 1;
    let mut feed_rows = 0;
    for pending in pending_of(sql, &import)? {
        let order = pending.order.unwrap_or(next_order);
        next_order += u64::from(pending.order.is_none());
        let published_on = pending.published_on.unwrap_or(published.on);
        let publication = Publication {
            id: pending.listing,
            order,
            published_on,
            term: parameters.term,
        };
        let listing = listing_of(&pending, &publication, &rules)?;
        put_listing(sql, &listing, position_of(stored.position, feed_rows))?;
        feed_rows += 1;
    }
    Ok(feed_rows)
}

/// Takes a listing back. Returns the number of feed rows.
pub(super) fn withdrawn(
    sql: &Connection,
    withdrawn: &ListingWithdrawn,
    stored: &Stored<'_>,
) -> Result<u64, StoreError> {
    let statement = "UPDATE vacancies
                     SET state = 'withdrawn', withdrawn_reason = ?2
                     WHERE listing = ?1";
    let key = withdrawn.listing.to_string();
    execute(sql, statement, (&key, &withdrawn.reason))?;
    put(&key).bury(sql, position_of(stored.position, 0), stored.envelope.at)?;
    Ok(1)
}

fn put(key: &str) -> Put<'_> {
    Put {
        topic: Topic::Listing,
        key,
        scope: Scope::District,
        expires: None,
    }
}

fn put_listing(sql: &Connection, listing: &Listing, position: u64) -> Result<(), StoreError> {
    let statement = "UPDATE vacancies
                     SET state = 'published',
                         publication_order = ?2,
                         published_on = ?3,
                         valid_to = ?4
                     WHERE listing = ?1";
    let (key, body) = (listing.id.to_string(), serde_json::to_string(listing)?);
    let order = listing.publication_order.cast_signed();
    let (on, to) = (
        listing.published_on.to_string(),
        listing.valid_to.to_string(),
    );
    execute(sql, statement, (&key, order, on, to))?;
    put(&key).at(sql, position, &body)
}

/// In the order in which the rows came in.
fn pending_of(sql: &Connection, import: &str) -> Result<Vec<Pending>, StoreError> {
    let mut query = sql.prepare_cached(
        "SELECT listing, as_of, raw, publication_order, published_on
         FROM vacancies
         WHERE import = ?1
           AND state = 'pending'
         ORDER BY rowid",
    )?;
    let mut rows = query.query([import])?;
    let mut pending = Vec::new();
    while let Some(row) = rows.next()? {
        let published_on: Option<String> = row.get(4)?;
        pending.push(Pending {
            listing: read_id(&row.get::<_, String>(0)?)?,
            as_of: read_date(&row.get::<_, String>(1)?)?,
            raw: row.get(2)?,
            order: row.get::<_, Option<i64>>(3)?.map(i64::cast_unsigned),
            published_on: published_on.as_deref().map(read_date).transpose()?,
        });
    }
    Ok(pending)
}

fn listing_of(
    pending: &Pending,
    publication: &Publication,
    rules: &ImportRules,
) -> Result<Listing, StoreError> {
    let context = rules.context(pending.as_of);
    let draft = import::read_raw(&pending.raw, &context).map_err(corrupt)?;
    Ok(draft.publish(publication))
}

/// A vacancy that is no record yet.
#[derive(Debug, Clone)]
pub struct OldVacancy {
    /// The id of its listing, which its record will have.
    pub listing: ListingId,
    /// By what its row is known again.
    pub source_key: String,
    /// Its row, which may have changed since the listing was made.
    pub raw: String,
    /// The day that relative dates in it are counted from.
    pub as_of: NaiveDate,
    /// Whether the row waits for approval.
    pub is_pending: bool,
    /// What the public sees of it.
    pub published: Option<Listing>,
}

impl Reader<'_> {
    /// Vacancies that still wait or are still shown on `today`, and are no records yet.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn vacancies_before_records(
        &self,
        today: NaiveDate,
        limit: u32,
    ) -> Result<Vec<OldVacancy>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT v.listing, v.source_key, v.raw, v.as_of, v.state = 'pending', f.body
             FROM vacancies v
             LEFT JOIN feed f ON f.topic = 'listing' AND f.key = v.listing AND f.scope = 'district'
             WHERE (v.state = 'pending' OR v.state = 'published' AND v.valid_to >= ?1)
               AND NOT EXISTS (SELECT 1 FROM cases WHERE record = v.listing)
             ORDER BY v.rowid
             LIMIT ?2",
        )?;
        let mut rows = query.query((today.to_string(), limit))?;
        let mut old = Vec::new();
        while let Some(row) = rows.next()? {
            let body: Option<String> = row.get(5)?;
            let published = body.as_deref().map(serde_json::from_str).transpose()?;
            old.push(OldVacancy {
                listing: read_id(&row.get::<_, String>(0)?)?,
                source_key: row.get(1)?,
                raw: row.get(2)?,
                as_of: read_date(&row.get::<_, String>(3)?)?,
                is_pending: row.get(4)?,
                published,
            });
        }
        Ok(old)
    }
}
