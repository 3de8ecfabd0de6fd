//! Vacancies from raw row to listing: imported rows wait, a publication turns what waits of one
//! import into listings, a withdrawal leaves a tombstone. Derived.
//!
//! A listing is made from its raw row when it is published, by the parameters of that day, so that
//! a rebuild makes the same one.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::id::ListingId;
use domain::id::ShortId;
use domain::listing::Listing;
use domain::vacancy::{Context, Field, Publication, RawVacancy, normalise};
use rusqlite::{Connection, OptionalExtension};
use wire::api::Topic;
use wire::event::{ListingWithdrawn, VacanciesImported, VacanciesPublished};

use crate::import::ImportRules;
use crate::parameters::Parameters;

use super::StoreError;
use super::feed::{Put, Scope, position_of};
use super::projection::{Stored, execute, read_date};
use super::visits::{corrupt, read_id};

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
    let book = super::parameters::book(sql)?;
    let parameters = Parameters::in_book(&book, published.on).map_err(corrupt)?;
    let rules = ImportRules::embedded(parameters.pay).map_err(corrupt)?;
    let mut next_order = last_order(sql)? + 1;
    let mut feed_rows = 0;
    for pending in pending_of(sql, &import)? {
        let order = pending.order.unwrap_or(next_order);
        next_order += u64::from(pending.order.is_none());
        let published_on = pending.published_on.unwrap_or(published.on);
        let publication = Publication {
            id: pending.listing,
            order,
            published_on,
            term: parameters.listing_term,
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

/// The highest place that a listing was given, whether it came from a file or a record.
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
    let cells: BTreeMap<Cow<'_, str>, Cow<'_, str>> = serde_json::from_str(&pending.raw)?;
    let known = Field::ALL
        .iter()
        .filter_map(|field| cells.get(field.name()).map(|cell| (*field, cell.as_ref())));
    let context = Context {
        as_of: pending.as_of,
        pay: &rules.pay,
        codes: &rules.codes,
    };
    let (draft, _) = normalise(&RawVacancy::from_cells(known), &context).map_err(corrupt)?;
    Ok(draft.publish(publication))
}

/// The internal id of a listing that is shown, also when its row changed and waits again.
pub(super) fn listing_with(
    sql: &Connection,
    short_id: &ShortId,
) -> Result<Option<ListingId>, StoreError> {
    let mut query = sql.prepare_cached(
        "SELECT listing
         FROM vacancies
         WHERE short_id = ?1
           AND published_on IS NOT NULL
           AND state <> 'withdrawn'",
    )?;
    let listing = query
        .query_row([short_id.as_str()], |row| row.get::<_, String>(0))
        .optional()?;
    listing.as_deref().map(read_id).transpose()
}
