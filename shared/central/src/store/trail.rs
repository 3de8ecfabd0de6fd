//! What staff look up: reports of boards, calls for help.

use domain::id::DeviceId;
use domain::time::UtcMs;

use crate::boards::need::BoardNeed;
use crate::overview::{BoardLine, HelpCallLine};

use super::visits::read_id;
use super::{Reader, StoreError};

impl Reader<'_> {
    /// The newest report of every board.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn board_reports(&self) -> Result<Vec<BoardLine>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT b.device, b.board, b.report, b.at, b.heard_at, b.offline_since, b.hall,
                    b.needs, b.needs_since
             FROM boards b
             LEFT JOIN devices d ON d.device = b.device
             WHERE d.revoked_at IS NULL
             ORDER BY 1, 2",
        )?;
        let mut rows = query.query([])?;
        let mut boards = Vec::new();
        while let Some(row) = rows.next()? {
            boards.push(BoardLine {
                device: read_id(&row.get::<_, String>(0)?)?,
                hall: read_id(&row.get::<_, String>(6)?)?,
                board: row.get(1)?,
                report: serde_json::from_str(&row.get::<_, String>(2)?)?,
                at: UtcMs(row.get(3)?),
                heard_at: row.get::<_, Option<i64>>(4)?.map(UtcMs),
                offline_since: row.get::<_, Option<i64>>(5)?.map(UtcMs),
                needs: {
                    let need: Option<String> = row.get(7)?;
                    let since: Option<i64> = row.get(8)?;
                    need.as_deref()
                        .and_then(BoardNeed::of)
                        .zip(since.map(UtcMs))
                },
            });
        }
        Ok(boards)
    }

    /// Citizens who asked for help since then and to whom nobody went yet, newest first.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn help_calls_since(&self, since: UtcMs) -> Result<Vec<HelpCallLine>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT h.device, coalesce(d.name, h.device), h.received, h.hall
             FROM help_calls h
             LEFT JOIN devices d ON d.device = h.device
             WHERE h.received >= ?1
               AND NOT EXISTS (SELECT 1
                               FROM audit a
                               WHERE a.act = 'answered_help'
                                 AND a.subject = h.device
                                 AND a.at >= h.received)
             ORDER BY h.position DESC",
        )?;
        let mut rows = query.query([since.0])?;
        let mut calls = Vec::new();
        while let Some(row) = rows.next()? {
            let device: DeviceId = read_id(&row.get::<_, String>(0)?)?;
            calls.push(HelpCallLine {
                device,
                device_name: row.get(1)?,
                hall: read_id(&row.get::<_, String>(3)?)?,
                at: UtcMs(row.get(2)?),
            });
        }
        Ok(calls)
    }
}
