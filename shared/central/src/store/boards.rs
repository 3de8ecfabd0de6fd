//! Boards of halls: which there are, since when one is silent, what was let on them and what they
//! played (播出记录), and whether everything is withdrawn. Derived.

use domain::case::{Record, Value};
use domain::id::{DeviceId, HallId, RecordId, StaffId};
use domain::time::UtcMs;
use rusqlite::{Connection, OptionalExtension, Row};
use wire::board::BoardDescription;
use wire::event::{BoardAired, BoardReport, BoardReported, BoardsCleared, BoardsDescribed};
use wire::event::{BoardsRestored, InHall};

use super::projection::{Stored, execute};
use super::visits::read_id;
use super::{Reader, StoreError, Write};
use crate::boards::need::BoardNeed;

mod airings;
mod replaced;

pub(crate) use airings::{AiredWhat, Airing, AiringQuery};
pub(crate) use replaced::{ReplacedIn, Replacements};

/// A board that a driver with rights has told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescribedBoard {
    /// The driver.
    pub device: DeviceId,
    /// Its hall.
    pub hall: HallId,
    /// What it told.
    pub described: BoardDescription,
}

/// A board in the register of devices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RegisteredBoard {
    /// Its record.
    pub(crate) record: RecordId,
    /// The number of the record, as it is typed.
    pub(crate) case_no: String,
    /// The number of the board (设备编号).
    pub(crate) number: String,
    /// Where it hangs.
    pub(crate) place: String,
}

impl RegisteredBoard {
    /// `None` for what is no board.
    fn of(record: &Record) -> Option<Self> {
        let text = |field: &str| match record.values.get(field) {
            Some(Value::Text(text)) => Some(text.clone()),
            _ => None,
        };
        let is_board = |kind: &String| BOARD_KINDS.contains(&kind.as_str());
        let kind = record.values.get("kind")?;
        matches!(kind, Value::Choice(kind) if is_board(kind)).then_some(())?;
        Some(Self {
            record: record.id,
            case_no: record.case_no.0.clone(),
            number: text("device_no")?,
            place: text("place").unwrap_or_default(),
        })
    }
}

/// What boards are called in the register of devices.
const BOARD_KINDS: [&str; 2] = ["led", "window_strip"];

/// Everything is withdrawn from the boards of a hall, and nobody has let them play again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunningClearing {
    /// Where.
    pub hall: HallId,
    /// Since when.
    pub since: UtcMs,
    /// By whom.
    pub by: StaffId,
    /// Why, in the words of who did it.
    pub reason: String,
}

impl Reader<'_> {
    /// All boards that drivers have told of, by number.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn described_boards(&self) -> Result<Vec<DescribedBoard>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT b.device, b.hall, b.description
             FROM board_descriptions b
             JOIN devices d ON d.device = b.device
             WHERE d.revoked_at IS NULL
             ORDER BY b.board, b.device",
        )?;
        let mut rows = query.query([])?;
        let mut boards = Vec::new();
        while let Some(row) = rows.next()? {
            boards.push(DescribedBoard {
                device: read_id(&row.get::<_, String>(0)?)?,
                hall: read_id(&row.get::<_, String>(1)?)?,
                described: serde_json::from_str(&row.get::<_, String>(2)?)?,
            });
        }
        Ok(boards)
    }

    /// The boards in the register of devices that are in use, by number.
    ///
    /// # Errors
    /// A fault of storage.
    pub(crate) fn registered_boards(&self) -> Result<Vec<RegisteredBoard>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT b.body
             FROM cases c
             JOIN case_bodies b ON b.opening = c.opening
             WHERE c.kind = 'device' AND c.state = 'active'",
        )?;
        let mut rows = query.query([])?;
        let mut boards = Vec::new();
        while let Some(row) = rows.next()? {
            let record: Record = serde_json::from_str(&row.get::<_, String>(0)?)?;
            boards.extend(RegisteredBoard::of(&record));
        }
        boards.sort_by(|a, b| a.number.cmp(&b.number));
        Ok(boards)
    }

    /// The halls from whose boards everything is withdrawn.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn running_clearings(&self) -> Result<Vec<RunningClearing>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT hall, cleared_at, cleared_by, reason
             FROM board_clearings
             WHERE restored_at IS NULL
             ORDER BY hall",
        )?;
        let mut rows = query.query([])?;
        let mut running = Vec::new();
        while let Some(row) = rows.next()? {
            running.push(read_clearing(row)?);
        }
        Ok(running)
    }

    /// When boards of a hall were last let play again.
    ///
    /// # Errors
    /// A fault of storage.
    pub(crate) fn boards_restored_at(&self, hall: HallId) -> Result<Option<UtcMs>, StoreError> {
        let mut query = self
            .sql
            .prepare_cached("SELECT max(restored_at) FROM board_clearings WHERE hall = ?1")?;
        let at = query.query_row([hall.to_string()], |row| row.get::<_, Option<i64>>(0))?;
        Ok(at.map(UtcMs))
    }
}

impl Write<'_> {
    /// The clearing of a hall's boards that runs, as this transaction sees it.
    pub(crate) fn running_clearing(
        &self,
        hall: HallId,
    ) -> Result<Option<RunningClearing>, StoreError> {
        running(self.sql, hall)
    }
}

/// The clearing that runs in a hall.
pub(super) fn running(
    sql: &Connection,
    hall: HallId,
) -> Result<Option<RunningClearing>, StoreError> {
    let mut query = sql.prepare_cached(
        "SELECT hall, cleared_at, cleared_by, reason
         FROM board_clearings
         WHERE hall = ?1 AND restored_at IS NULL",
    )?;
    let found = query.query_row([hall.to_string()], |row| Ok(read_clearing(row)));
    found.optional()?.transpose()
}

fn read_clearing(row: &Row<'_>) -> Result<RunningClearing, StoreError> {
    Ok(RunningClearing {
        hall: read_id(&row.get::<_, String>(0)?)?,
        since: UtcMs(row.get(1)?),
        by: read_id(&row.get::<_, String>(2)?)?,
        reason: row.get(3)?,
    })
}

/// A driver's boards stand in place of those that it told of before.
pub(super) fn described(
    sql: &Connection,
    told: &BoardsDescribed,
    stored: &Stored<'_>,
) -> Result<(), StoreError> {
    let (device, hall) = (stored.envelope.writer.to_string(), told.hall.to_string());
    execute(
        sql,
        "DELETE FROM board_descriptions WHERE device = ?1",
        [&device],
    )?;
    told.boards.iter().try_for_each(|board| {
        let statement = "INSERT INTO board_descriptions (device, board, hall, description)
                         VALUES (?1, ?2, ?3, ?4)
                         ON CONFLICT (device, board) DO UPDATE
                         SET description = excluded.description";
        let description = serde_json::to_string(board)?;
        execute(sql, statement, (&device, &board.board, &hall, description))
    })
}

/// A report: what it says of whether the board is there, and of what it needs.
pub(super) fn reported(
    sql: &Connection,
    reported: &BoardReported,
    stored: &Stored<'_>,
) -> Result<(), StoreError> {
    match &reported.report {
        BoardReport::Replaced { aired, characters } => {
            replaced::replaced(sql, reported, (aired, characters), stored)
        }
        BoardReport::LettersMissing { height_px } => {
            let need = BoardNeed::Letters(*height_px);
            needs(sql, reported, need, stored)
        }
        BoardReport::Failed { needs: told, .. } => {
            heard(sql, reported, stored)?;
            let told = told.map(BoardNeed::Told);
            told.map_or(Ok(()), |need| needs(sql, reported, need, stored))
        }
        BoardReport::Sent { .. } | BoardReport::Offline => heard(sql, reported, stored),
        BoardReport::Confirmed { .. } | BoardReport::Online => {
            heard(sql, reported, stored)?;
            satisfied(sql, reported, stored)
        }
    }
}

/// A board needs something since then; a broken card is worse than missing letters.
fn needs(
    sql: &Connection,
    reported: &BoardReported,
    need: BoardNeed,
    stored: &Stored<'_>,
) -> Result<(), StoreError> {
    let statement = "INSERT INTO boards (device, board, hall, report, at, needs, needs_since)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?5)
                     ON CONFLICT (device, board) DO UPDATE
                     SET needs = CASE WHEN ?7 THEN coalesce(needs, excluded.needs)
                                      ELSE excluded.needs
                                 END,
                         needs_since = coalesce(needs_since, excluded.needs_since)";
    let values = (
        stored.envelope.writer.to_string(),
        &reported.board,
        reported.hall.to_string(),
        serde_json::to_string(&reported.report)?,
        stored.envelope.at.0,
        need.word(),
        matches!(need, BoardNeed::Letters(_)),
    );
    execute(sql, statement, values)
}

/// A board that was found again has been seen to; one that takes a text has what that needed, though
/// letters of some height may still be missing.
fn satisfied(
    sql: &Connection,
    reported: &BoardReported,
    stored: &Stored<'_>,
) -> Result<(), StoreError> {
    let statement = "UPDATE boards
                     SET needs = NULL, needs_since = NULL
                     WHERE device = ?1 AND board = ?2 AND (?3 OR needs NOT LIKE 'letters%')";
    let is_found = reported.report == BoardReport::Online;
    let device = stored.envelope.writer.to_string();
    execute(sql, statement, (device, &reported.board, is_found))
}

/// What a report says of whether the board is there.
fn heard(
    sql: &Connection,
    reported: &BoardReported,
    stored: &Stored<'_>,
) -> Result<(), StoreError> {
    let statement = "INSERT INTO boards (device, board, hall, report, at, heard_at, offline_since)
                     VALUES (?1, ?2, ?3, ?4, ?5,
                             CASE WHEN ?6 THEN ?5 END,
                             CASE WHEN ?7 THEN ?5 END)
                     ON CONFLICT (device, board) DO UPDATE
                     SET report = excluded.report,
                         at = excluded.at,
                         heard_at = coalesce(excluded.heard_at, heard_at),
                         offline_since = CASE WHEN ?6 THEN NULL
                                              ELSE coalesce(offline_since, excluded.offline_since)
                                         END";
    let spoke = matches!(
        reported.report,
        BoardReport::Confirmed { .. } | BoardReport::Online
    );
    let is_silent = reported.report == BoardReport::Offline;
    let values = (
        stored.envelope.writer.to_string(),
        &reported.board,
        reported.hall.to_string(),
        serde_json::to_string(&reported.report)?,
        stored.envelope.at.0,
        spoke,
        is_silent,
    );
    execute(sql, statement, values)
}

/// A named person let it on the boards; of one that is let on again the first time counts.
pub(super) fn let_on(
    sql: &Connection,
    item: &str,
    title: &str,
    at: UtcMs,
) -> Result<(), StoreError> {
    let statement = "INSERT INTO board_items (item, title, published_at)
                     VALUES (?1, ?2, ?3)
                     ON CONFLICT (item) DO UPDATE
                     SET title = excluded.title";
    execute(sql, statement, (item, title, at.0))
}

/// A period of playing; told anew it stands in place of what was told before.
pub(super) fn aired(
    sql: &Connection,
    aired: &BoardAired,
    stored: &Stored<'_>,
) -> Result<(), StoreError> {
    let statement = "INSERT INTO board_airings (device, board, what, item, from_at, hall, words,
                                                until_at, sent, confirmed, believed)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
                     ON CONFLICT (device, board, what, item, from_at) DO UPDATE
                     SET words = excluded.words,
                         until_at = excluded.until_at,
                         sent = excluded.sent,
                         confirmed = excluded.confirmed,
                         believed = excluded.believed";
    let (what, item) = AiredWhat::read(&aired.aired);
    let values = (
        stored.envelope.writer.to_string(),
        &aired.board,
        what.word(),
        item,
        aired.from.0,
        aired.hall.to_string(),
        &aired.text,
        aired.until.map(|at| at.0),
        aired.sent,
        aired.confirmed,
        aired.believed,
    );
    execute(sql, statement, values)
}

/// What is withdrawn already stays withdrawn by who was first.
pub(super) fn cleared(
    sql: &Connection,
    cleared: &InHall<BoardsCleared>,
    at: UtcMs,
) -> Result<(), StoreError> {
    let statement = "INSERT OR IGNORE INTO board_clearings (hall, cleared_at, cleared_by, reason)
                     SELECT ?1, ?2, ?3, ?4
                     WHERE NOT EXISTS (SELECT 1
                                       FROM board_clearings
                                       WHERE hall = ?1 AND restored_at IS NULL)";
    let BoardsCleared { by, reason } = &cleared.what;
    let values = (cleared.hall.to_string(), at.0, by.to_string(), reason);
    execute(sql, statement, values)
}

/// Who lets play what plays already changes nothing.
pub(super) fn restored(
    sql: &Connection,
    restored: &InHall<BoardsRestored>,
    at: UtcMs,
) -> Result<(), StoreError> {
    let statement = "UPDATE board_clearings
                     SET restored_at = ?2, restored_by = ?3
                     WHERE hall = ?1 AND restored_at IS NULL";
    let by = restored.what.by.to_string();
    execute(sql, statement, (restored.hall.to_string(), at.0, by))
}
