//! The SQL of the listing index, and nothing else: statements are constants, values are bound.
//! A write happens in the transaction that [`Store::begin`] opens; reads see the last commit.
//!
//! The file is a cache: another schema version, another category file or damage means that it is
//! deleted and built again from the feed, never migrated.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{Datelike, NaiveDate};
use rusqlite::config::DbConfig;
use rusqlite::{
    Connection, ErrorCode, InterruptHandle, OptionalExtension, Row, Transaction, named_params,
    params,
};

use domain::id::{ListingId, ShortId};
use domain::listing::Listing;

use super::IndexError;
use super::category::CategorySet;
use super::facet::Facets;
use super::query::{ListingTexts, PlaceFilter, Query};
use super::tokens::Tokens;
use super::vocabulary::{Vocabulary, Word};

const SCHEMA: &str = include_str!("store/schema.sql");
const SCHEMA_VERSION: i32 = 1;
/// Page cache of one connection; the operating system caches the file besides.
const CACHE_KIB: i32 = 8 * 1024;
/// A reader never waits in WAL mode; a second writer waits at most this long.
const BUSY_WAIT: Duration = Duration::from_secs(5);

/// The rank before the first publication.
const RANK_END: i64 = 1 << 40;

const META_CURSOR: &str = "cursor";
const META_CATEGORIES: &str = "categories";

/// The filters that follow `WHERE` in both walks; `:after` bounds the page.
macro_rules! walk {
    ($source:literal) => {
        concat!(
            "SELECT l.rank, l.title, l.employer, l.place FROM ",
            $source,
            " AND l.rank > :after
              AND l.valid_to >= :today
              AND (:categories IS NULL OR l.categories & :categories)
              AND (:city IS NULL OR l.city = :city)
              AND (:area IS NULL OR l.area = :area)
              AND (:pay_from IS NULL OR l.monthly_top >= :pay_from)
              AND (:education IS NULL OR l.education IS NULL OR l.education <= :education)
              AND (:form IS NULL OR l.form = :form)
              "
        )
    };
}

/// The search without tokens: all listings, newest first.
const WALK_ALL: &str = concat!(
    walk!("listing AS l WHERE :tokens IS NULL"),
    "ORDER BY l.rank"
);

/// The search by tokens, newest first. CROSS JOIN keeps the tokens outside: they preselect.
const WALK_TOKENS: &str = concat!(
    walk!(
        "listing_token AS t CROSS JOIN listing AS l ON l.rank = t.rowid
         WHERE t.listing_token MATCH :tokens AND t.rowid > :after"
    ),
    "ORDER BY t.rowid"
);

/// One listing as a walk meets it.
#[derive(Debug)]
pub(super) struct Candidate<'a> {
    pub(super) rank: i64,
    pub(super) texts: ListingTexts<'a>,
}

/// What stands in the table about a listing that goes.
#[derive(Debug)]
pub(super) struct StoredTexts {
    title: String,
    employer: Option<String>,
    place: Option<String>,
}

impl StoredTexts {
    pub(super) fn texts(&self) -> ListingTexts<'_> {
        ListingTexts {
            title: &self.title,
            employer: self.employer.as_deref(),
            place: self.place.as_deref(),
        }
    }
}

/// The open cache file.
#[derive(Debug)]
pub(super) struct Store {
    connection: Connection,
}

impl Store {
    /// Opens the cache and builds it anew when it is not of this version, not of these categories,
    /// or damaged. The second value says whether it was built anew.
    pub(super) fn open(path: &Path, categories: &str) -> Result<(Self, bool), IndexError> {
        match Self::open_existing(path, categories) {
            Ok(Some(store)) => return Ok((store, false)),
            Ok(None) => {}
            Err(IndexError::Sqlite(error)) if is_damage(&error) => {
                tracing::warn!(%error, "the listing cache is damaged and is built again");
            }
            Err(other) => return Err(other),
        }
        delete_files(path)?;
        let connection = connect(path)?;
        connection.execute_batch(SCHEMA)?;
        connection.pragma_update(None, "user_version", SCHEMA_VERSION)?;
        set_meta(&connection, META_CATEGORIES, categories)?;
        set_meta(&connection, META_CURSOR, "0")?;
        Ok((Self { connection }, true))
    }

    fn open_existing(path: &Path, categories: &str) -> Result<Option<Self>, IndexError> {
        if !path.exists() {
            return Ok(None);
        }
        let connection = connect(path)?;
        let version: i32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
        if version != SCHEMA_VERSION
            || meta(&connection, META_CATEGORIES)?.as_deref() != Some(categories)
        {
            return Ok(None);
        }
        Ok(Some(Self { connection }))
    }

    /// Starts a write.
    pub(super) fn begin(&mut self) -> Result<StoreWrite<'_>, IndexError> {
        Ok(StoreWrite {
            transaction: self.connection.transaction()?,
        })
    }

    /// Whether another connection has written since the value that this returned before.
    pub(super) fn data_version(&self) -> Result<i64, IndexError> {
        Ok(self
            .connection
            .pragma_query_value(None, "data_version", |row| row.get(0))?)
    }

    /// The feed position up to which rows were applied.
    pub(super) fn cursor(&self) -> Result<u64, IndexError> {
        cursor(&self.connection)
    }

    /// A handle by which another thread stops what this connection is doing.
    pub(super) fn interrupt_handle(&self) -> InterruptHandle {
        self.connection.get_interrupt_handle()
    }

    /// All words.
    pub(super) fn vocabulary(&self) -> Result<Vocabulary, IndexError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT word, uses, listings FROM word")?;
        let mut rows = statement.query([])?;
        let mut vocabulary = Vocabulary::default();
        while let Some(row) = rows.next()? {
            vocabulary.load(&row.get::<_, String>(0)?, row.get(1)?, row.get(2)?);
        }
        Ok(vocabulary)
    }

    /// Visits the listings that pass the filters and have the tokens, newest first.
    pub(super) fn walk(
        &self,
        walk: &Walk<'_>,
        visit: impl FnMut(&Candidate<'_>) -> ControlFlow<()>,
    ) -> Result<(), IndexError> {
        walk_over(&self.connection, walk, visit)
    }

    /// The whole listing, expired or not.
    pub(super) fn body(&self, rank: i64) -> Result<Option<Listing>, IndexError> {
        let text: Option<String> = self
            .connection
            .prepare_cached("SELECT body FROM listing_body WHERE rank = ?1")?
            .query_row([rank], |row| row.get(0))
            .optional()?;
        text.map(|text| read_body(&text)).transpose()
    }

    /// The listing with this id.
    pub(super) fn by_id(&self, id: ListingId) -> Result<Option<Listing>, IndexError> {
        let rank = rank_of(&self.connection, id)?;
        rank.map(|p| self.body(p)).transpose().map(Option::flatten)
    }

    /// The listing with this short id.
    pub(super) fn by_short_id(&self, short_id: &ShortId) -> Result<Option<Listing>, IndexError> {
        let rank = self
            .connection
            .prepare_cached("SELECT rank FROM listing WHERE short_id = ?1")?
            .query_row([short_id.as_str()], |row| row.get(0))
            .optional()?;
        rank.map(|p| self.body(p)).transpose().map(Option::flatten)
    }

    /// How many listings are open, and how many of those were published on that day.
    pub(super) fn totals(&self, today: NaiveDate) -> Result<(u32, u32), IndexError> {
        let day = today.num_days_from_ce();
        let mut statement = self.connection.prepare_cached(
            "SELECT count(*), count(*) FILTER (WHERE published_on = ?1)
             FROM listing
             WHERE valid_to >= ?1",
        )?;
        Ok(statement.query_row([day], |row| Ok((row.get(0)?, row.get(1)?)))?)
    }

    /// The places that have open listings, with their numbers, most first.
    pub(super) fn places(&self, today: NaiveDate) -> Result<Vec<(PlaceFilter, u32)>, IndexError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT city, area, count(*) AS listings
             FROM listing INDEXED BY listing_by_place
             WHERE city IS NOT NULL AND valid_to >= ?1
             GROUP BY city, area
             ORDER BY listings DESC, city, area",
        )?;
        let rows = statement.query_map([today.num_days_from_ce()], |row| {
            Ok((
                PlaceFilter {
                    city: row.get(0)?,
                    area: row.get(1)?,
                },
                row.get(2)?,
            ))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// An open write; dropped without [`commit`](Self::commit) it leaves nothing.
#[derive(Debug)]
pub(super) struct StoreWrite<'a> {
    transaction: Transaction<'a>,
}

impl StoreWrite<'_> {
    pub(super) fn commit(self) -> Result<(), IndexError> {
        Ok(self.transaction.commit()?)
    }

    pub(super) fn cursor(&self) -> Result<u64, IndexError> {
        cursor(&self.transaction)
    }

    pub(super) fn set_cursor(&self, cursor: u64) -> Result<(), IndexError> {
        set_meta(&self.transaction, META_CURSOR, &cursor.to_string())
    }

    /// Forgets all listings and words and the cursor.
    pub(super) fn clear(&self) -> Result<(), IndexError> {
        self.transaction.execute_batch(
            "DELETE FROM listing_body;
             DELETE FROM listing;
             DELETE FROM word;
             INSERT INTO listing_token (listing_token) VALUES ('delete-all');",
        )?;
        self.set_cursor(0)
    }

    /// Takes a listing out.
    pub(super) fn remove(&self, id: ListingId) -> Result<Option<StoredTexts>, IndexError> {
        let Some(rank) = rank_of(&self.transaction, id)? else {
            return Ok(None);
        };
        self.remove_row(rank).map(Some)
    }

    /// Takes out listings that were last valid before `today`, at most `limit`.
    pub(super) fn remove_expired(
        &self,
        today: NaiveDate,
        limit: usize,
    ) -> Result<Vec<StoredTexts>, IndexError> {
        let mut statement = self.transaction.prepare_cached(
            "SELECT rank
             FROM listing
             WHERE valid_to < ?1
             LIMIT ?2",
        )?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let due: Vec<i64> = statement
            .query_map(params![today.num_days_from_ce(), limit], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        due.into_iter().map(|rank| self.remove_row(rank)).collect()
    }

    fn remove_row(&self, rank: i64) -> Result<StoredTexts, IndexError> {
        self.transaction
            .prepare_cached("DELETE FROM listing_token WHERE rowid = ?1")?
            .execute([rank])?;
        let removed = self
            .transaction
            .prepare_cached(
                "DELETE FROM listing
                 WHERE rank = ?1
                 RETURNING title, employer, place",
            )?
            .query_row([rank], |row| {
                let (title, employer, place) = (row.get(0)?, row.get(1)?, row.get(2)?);
                Ok(StoredTexts {
                    title,
                    employer,
                    place,
                })
            })?;
        Ok(removed)
    }

    /// Puts a listing in. Its id must not be there.
    pub(super) fn insert(
        &self,
        listing: &Listing,
        facets: &Facets<'_>,
        tokens: &Tokens,
    ) -> Result<(), IndexError> {
        let rank = self.free_rank(listing)?;
        let body = serde_json::to_string(listing).map_err(IndexError::Body)?;
        self.insert_facts(rank, listing, facets)?;
        self.transaction
            .prepare_cached("INSERT INTO listing_body (rank, body) VALUES (?1, ?2)")?
            .execute(params![rank, body])?;
        self.transaction
            .prepare_cached("INSERT INTO listing_token (rowid, tokens) VALUES (?1, ?2)")?
            .execute(params![rank, tokens.as_text()])?;
        Ok(())
    }

    fn insert_facts(
        &self,
        rank: i64,
        listing: &Listing,
        facets: &Facets<'_>,
    ) -> Result<(), IndexError> {
        let texts = ListingTexts::of(listing);
        self.transaction
            .prepare_cached(
                "INSERT INTO listing (rank, id, short_id, valid_to, published_on, title,
                     employer, place, city, area, monthly_top, education, form, categories)
                 VALUES (:rank, :id, :short_id, :valid_to, :published_on, :title,
                     :employer, :place, :city, :area, :monthly_top, :education, :form, :categories)",
            )?
            .execute(named_params! {
                ":rank": rank,
                ":id": listing.id.0.as_bytes(),
                ":short_id": listing.short_id.as_str(),
                ":valid_to": listing.valid_to.num_days_from_ce(),
                ":published_on": listing.published_on.num_days_from_ce(),
                ":title": texts.title,
                ":employer": texts.employer,
                ":place": texts.place,
                ":city": facets.city,
                ":area": facets.area,
                ":monthly_top": facets.monthly_top.map(|fen| fen.0),
                ":education": facets.education.map(|level| level as u8),
                ":form": facets.form as u8,
                ":categories": facets.categories.0,
            })?;
        Ok(())
    }

    fn free_rank(&self, listing: &Listing) -> Result<i64, IndexError> {
        let taken = || IndexError::OrderTaken {
            order: listing.publication_order,
            listing: listing.id,
        };
        let rank = rank(listing.publication_order).ok_or_else(taken)?;
        let exists: bool = self
            .transaction
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM listing WHERE rank = ?1)")?
            .query_row([rank], |row| row.get(0))?;
        if exists { Err(taken()) } else { Ok(rank) }
    }

    /// Writes changed words; `None` takes a word out.
    pub(super) fn write_words(
        &self,
        changed: Vec<(Box<str>, Option<Word>)>,
    ) -> Result<(), IndexError> {
        let mut put = self.transaction.prepare_cached(
            "INSERT OR REPLACE INTO word (word, uses, listings) VALUES (?1, ?2, ?3)",
        )?;
        let mut take = self
            .transaction
            .prepare_cached("DELETE FROM word WHERE word = ?1")?;
        for (word, now) in changed {
            match now {
                Some(now) => put.execute(params![word, now.uses, now.listings])?,
                None => take.execute([word])?,
            };
        }
        Ok(())
    }

    /// As [`Store::walk`], seeing what this write has done.
    pub(super) fn walk(
        &self,
        walk: &Walk<'_>,
        visit: impl FnMut(&Candidate<'_>) -> ControlFlow<()>,
    ) -> Result<(), IndexError> {
        walk_over(&self.transaction, walk, visit)
    }
}

/// What a walk goes over.
#[derive(Debug)]
pub(super) struct Walk<'a> {
    /// Filters; the text of the query is in `tokens`.
    pub(super) query: &'a Query,
    /// Full-text match expression; `None` walks over all listings.
    pub(super) tokens: Option<&'a str>,
    /// Only listings behind this rank.
    pub(super) after: i64,
    /// Only listings that may be shown on this day.
    pub(super) today: NaiveDate,
}

fn walk_over(
    connection: &Connection,
    walk: &Walk<'_>,
    mut visit: impl FnMut(&Candidate<'_>) -> ControlFlow<()>,
) -> Result<(), IndexError> {
    let sql = if walk.tokens.is_some() {
        WALK_TOKENS
    } else {
        WALK_ALL
    };
    let query = walk.query;
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(named_params! {
        ":tokens": walk.tokens,
        ":after": walk.after,
        ":today": walk.today.num_days_from_ce(),
        ":categories": query.category.map(|category| CategorySet::only(category).0),
        ":city": query.place.as_ref().map(|place| &place.city),
        ":area": query.place.as_ref().and_then(|place| place.area.as_ref()),
        ":pay_from": query.pay_from.map(|fen| fen.0),
        ":education": query.education.map(|level| level as u8),
        ":form": query.job_form.map(|form| form as u8),
    })?;
    while let Some(row) = rows.next()? {
        if visit(&candidate(row)?).is_break() {
            break;
        }
    }
    Ok(())
}

fn candidate<'a>(row: &'a Row<'_>) -> Result<Candidate<'a>, IndexError> {
    let text = |index: usize| {
        row.get_ref(index)?
            .as_str_or_null()
            .map_err(rusqlite::Error::from)
    };
    let title = text(1)?.unwrap_or_default();
    let texts = ListingTexts {
        title,
        employer: text(2)?,
        place: text(3)?,
    };
    Ok(Candidate {
        rank: row.get(0)?,
        texts,
    })
}

/// The key of a listing: newest first is ascending. `None` is an order that no feed reaches.
pub(super) fn rank(publication_order: u64) -> Option<i64> {
    let order = i64::try_from(publication_order).ok()?;
    (order < RANK_END).then_some(RANK_END - order)
}

fn rank_of(connection: &Connection, id: ListingId) -> Result<Option<i64>, IndexError> {
    Ok(connection
        .prepare_cached("SELECT rank FROM listing WHERE id = ?1")?
        .query_row([id.0.as_bytes()], |row| row.get(0))
        .optional()?)
}

fn read_body(text: &str) -> Result<Listing, IndexError> {
    serde_json::from_str(text).map_err(IndexError::Body)
}

fn cursor(connection: &Connection) -> Result<u64, IndexError> {
    let text = meta(connection, META_CURSOR)?;
    Ok(text.and_then(|text| text.parse().ok()).unwrap_or(0))
}

fn meta(connection: &Connection, name: &str) -> Result<Option<String>, IndexError> {
    Ok(connection
        .prepare_cached("SELECT value FROM meta WHERE name = ?1")?
        .query_row([name], |row| row.get(0))
        .optional()?)
}

fn set_meta(connection: &Connection, name: &str, value: &str) -> Result<(), IndexError> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO meta (name, value) VALUES (?1, ?2)")?
        .execute([name, value])?;
    Ok(())
}

fn connect(path: &Path) -> Result<Connection, IndexError> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY_WAIT)?;
    // Else SQLite plans each search anew for its values, which costs more than the search.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    Ok(connection)
}

fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)
    )
}

fn delete_files(path: &Path) -> Result<(), IndexError> {
    for suffix in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        let file = PathBuf::from(name);
        if file.exists() {
            std::fs::remove_file(&file)
                .map_err(|source| IndexError::Delete { path: file, source })?;
        }
    }
    Ok(())
}
