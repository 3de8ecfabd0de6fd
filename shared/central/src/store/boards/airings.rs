//! The display record (播出记录): what each board played, from when to when, how often it was sent,
//! and what the board said to it.

use domain::id::{DeviceId, HallId};
use domain::time::UtcMs;
use rusqlite::types::Value as SqlValue;
use rusqlite::{Row, params_from_iter};
use wire::event::Aired;

use crate::store::visits::read_id;
use crate::store::{Reader, StoreError};

/// What was played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AiredWhat {
    /// 岗位
    Listing,
    /// 审过的内容
    Notice,
    /// 应急
    Emergency,
}

impl AiredWhat {
    const ALL: [Self; 3] = [Self::Listing, Self::Notice, Self::Emergency];

    /// As it stands in the table.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Listing => "listing",
            Self::Notice => "notice",
            Self::Emergency => "emergency",
        }
    }

    /// What is told, and its key.
    pub(super) fn read(aired: &Aired) -> (Self, &str) {
        match aired {
            Aired::Listing { id } => (Self::Listing, id.as_str()),
            Aired::Notice { id } => (Self::Notice, id.as_str()),
            Aired::Emergency => (Self::Emergency, ""),
        }
    }

    fn of(word: &str) -> Result<Self, StoreError> {
        let known = Self::ALL.into_iter().find(|what| what.word() == word);
        known.ok_or_else(|| StoreError::Corrupt(format!("{word:?} is nothing that boards play")))
    }
}

/// One period in which a board played one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Airing {
    /// The driver.
    pub(crate) device: DeviceId,
    /// The board's number.
    pub(crate) board: String,
    /// The hall.
    pub(crate) hall: HallId,
    /// What it was.
    pub(crate) what: AiredWhat,
    /// Its key; empty for an emergency.
    pub(crate) item: String,
    /// What it is called; `None` when nobody has let it on the boards.
    pub(crate) title: Option<String>,
    /// Whether there is a record that can be opened.
    pub(crate) has_record: bool,
    /// The words on the board.
    pub(crate) words: String,
    /// From when.
    pub(crate) from: UtcMs,
    /// Until when; `None` while it plays.
    pub(crate) until: Option<UtcMs>,
    /// How often it was sent.
    pub(crate) sent: u32,
    /// How often the board said that it shows it.
    pub(crate) confirmed: u32,
    /// How often it was taken for shown.
    pub(crate) believed: u32,
}

/// Which periods are asked for; what is `None` does not narrow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct AiringQuery {
    /// Of this hall.
    pub(crate) hall: Option<HallId>,
    /// Playing at or after this time.
    pub(crate) from: Option<UtcMs>,
    /// Begun before this time.
    pub(crate) before: Option<UtcMs>,
    /// On this board.
    pub(crate) board: Option<String>,
    /// Of this item.
    pub(crate) item: Option<String>,
    /// Only what still plays.
    pub(crate) only_open: bool,
    /// Lines passed over.
    pub(crate) skip: u64,
    /// Most lines.
    pub(crate) limit: u32,
}

/// An emergency names no item: which one it was, its hall and its time tell.
const SELECTED: &str = "FROM board_airings a
     LEFT JOIN board_items i ON a.what = 'notice' AND i.item = a.item
     LEFT JOIN case_listings l ON a.what = 'listing' AND l.record = a.item
     LEFT JOIN cases c ON a.what <> 'emergency' AND c.record = a.item
     LEFT JOIN hall_emergencies e
       ON a.what = 'emergency'
      AND e.emergency = (SELECT emergency
                         FROM hall_emergencies
                         WHERE hall = a.hall AND raised_at <= a.from_at
                         ORDER BY raised_at DESC
                         LIMIT 1)
     WHERE (?1 IS NULL OR a.hall = ?1)
       AND (?2 IS NULL OR a.until_at IS NULL OR a.until_at >= ?2)
       AND (?3 IS NULL OR a.from_at < ?3)
       AND (?4 IS NULL OR a.board = ?4)
       AND (?5 IS NULL OR a.item = ?5)
       AND (?6 = 0 OR a.until_at IS NULL)";

impl Reader<'_> {
    /// Periods of playing, the newest first.
    ///
    /// # Errors
    /// A fault of storage.
    pub(crate) fn airings(&self, asked: &AiringQuery) -> Result<Vec<Airing>, StoreError> {
        let mut query = self.sql.prepare_cached(&format!(
            "SELECT a.device, a.board, a.hall, a.what, a.item,
                    CASE a.what WHEN 'notice' THEN i.title
                                WHEN 'listing' THEN CASE WHEN l.record IS NULL THEN NULL
                                                         ELSE c.title END
                                ELSE e.title END,
                    c.record IS NOT NULL, a.words, a.from_at, a.until_at, a.sent, a.confirmed,
                    a.believed
             {SELECTED}
             ORDER BY a.from_at DESC, a.board, a.item
             LIMIT ?7 OFFSET ?8"
        ))?;
        let mut values = asked.narrowing();
        values.push(SqlValue::Integer(asked.limit.into()));
        values.push(SqlValue::Integer(asked.skip.cast_signed()));
        let mut rows = query.query(params_from_iter(values))?;
        let mut airings = Vec::new();
        while let Some(row) = rows.next()? {
            airings.push(read(row)?);
        }
        Ok(airings)
    }

    /// How many there are, without regard to the limit.
    ///
    /// # Errors
    /// A fault of storage.
    pub(crate) fn airing_count(&self, asked: &AiringQuery) -> Result<u64, StoreError> {
        let mut query = self
            .sql
            .prepare_cached(&format!("SELECT count(*) {SELECTED}"))?;
        let values = params_from_iter(asked.narrowing());
        let count = query.query_row(values, |row| row.get::<_, i64>(0))?;
        Ok(count.cast_unsigned())
    }
}

impl AiringQuery {
    /// What narrows, in the order of the statement.
    fn narrowing(&self) -> Vec<SqlValue> {
        vec![
            self.hall.map(|hall| hall.to_string()).into(),
            self.from.map(|at| at.0).into(),
            self.before.map(|at| at.0).into(),
            self.board.clone().into(),
            self.item.clone().into(),
            self.only_open.into(),
        ]
    }
}

fn read(row: &Row<'_>) -> Result<Airing, StoreError> {
    Ok(Airing {
        device: read_id(&row.get::<_, String>(0)?)?,
        board: row.get(1)?,
        hall: read_id(&row.get::<_, String>(2)?)?,
        what: AiredWhat::of(&row.get::<_, String>(3)?)?,
        item: row.get(4)?,
        title: row.get(5)?,
        has_record: row.get(6)?,
        words: row.get(7)?,
        from: UtcMs(row.get(8)?),
        until: row.get::<_, Option<i64>>(9)?.map(UtcMs),
        sent: row.get(10)?,
        confirmed: row.get(11)?,
        believed: row.get(12)?,
    })
}
