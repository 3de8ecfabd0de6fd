//! Listings and raw vacancies as readers and the import ask for them.

use chrono::NaiveDate;
use domain::id::{ListingId, ShortId};
use domain::listing::Listing;
use rusqlite::OptionalExtension;

use crate::overview::{ListingCounts, ListingPage};

use super::visits::read_id;
use super::{Reader, StoreError, publish};

/// What is held under a source key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownRow {
    /// The vacancy.
    pub listing: ListingId,
    /// Its raw row.
    pub raw: String,
    /// Whether it waits for approval.
    pub is_pending: bool,
}

impl Reader<'_> {
    /// The vacancy with this identity in its source.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn vacancy_by_source_key(&self, key: &str) -> Result<Option<KnownRow>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT listing, raw, state = 'pending'
             FROM vacancies
             WHERE source_key = ?1",
        )?;
        let found = query.query_row([key], |row| {
            Ok((row.get::<_, String>(0)?, row.get(1)?, row.get(2)?))
        });
        let Some((listing, raw, is_pending)) = found.optional()? else {
            return Ok(None);
        };
        Ok(Some(KnownRow {
            listing: read_id(&listing)?,
            raw,
            is_pending,
        }))
    }

    /// Whether there are any vacancies; also a cheap proof that the store answers.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn has_vacancies(&self) -> Result<bool, StoreError> {
        let mut query = self
            .sql
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM vacancies)")?;
        Ok(query.query_row([], |row| row.get(0))?)
    }

    /// The internal id of a listing that is published now.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn published_listing(&self, short_id: &ShortId) -> Result<Option<ListingId>, StoreError> {
        publish::listing_with(self.sql, short_id)
    }

    /// The public page of a listing on `today`. A listing whose row changed and waits again is
    /// shown as it was published.
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
             FROM vacancies v
             JOIN feed f ON f.topic = 'listing' AND f.key = v.listing AND f.scope = 'district'
             WHERE v.short_id = ?1",
        )?;
        let found = query.query_row([short_id.as_str()], |row| row.get::<_, Option<String>>(0));
        let Some(body) = found.optional()? else {
            return Ok(ListingPage::Unknown);
        };
        let Some(body) = body else {
            return Ok(ListingPage::Closed);
        };
        let listing: Listing = serde_json::from_str(&body)?;
        let is_open = listing.is_open_on(today);
        Ok(if is_open {
            ListingPage::Open(Box::new(listing))
        } else {
            ListingPage::Closed
        })
    }

    /// How many listings stand where on `today`.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn listing_counts(&self, today: NaiveDate) -> Result<ListingCounts, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT count(*) FILTER (WHERE state <> 'withdrawn' AND valid_to >= ?1),
                    count(*) FILTER (WHERE state = 'pending'),
                    count(*) FILTER (WHERE state = 'withdrawn')
             FROM vacancies",
        )?;
        Ok(query.query_row([today.to_string()], |row| {
            Ok(ListingCounts {
                open: row.get::<_, i64>(0)?.cast_unsigned(),
                pending: row.get::<_, i64>(1)?.cast_unsigned(),
                withdrawn: row.get::<_, i64>(2)?.cast_unsigned(),
            })
        })?)
    }
}
