//! Characters of what boards play that they do not have, and so show others in their place.

use std::collections::BTreeMap;

use domain::id::DeviceId;
use rusqlite::Connection;
use wire::event::{Aired, BoardReported};

use super::AiredWhat;
use crate::store::projection::{Stored, execute};
use crate::store::visits::read_id;
use crate::store::{Reader, StoreError};

/// Which item of which board.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ReplacedIn {
    /// The driver.
    pub(crate) device: DeviceId,
    /// The board's name.
    pub(crate) board: String,
    /// The key of what it plays; empty for an emergency.
    pub(crate) item: String,
}

/// The characters of each item.
pub(crate) type Replacements = BTreeMap<ReplacedIn, String>;

impl Reader<'_> {
    /// What boards lack of the characters of what they play now.
    ///
    /// # Errors
    /// A fault of storage.
    pub(crate) fn replacements(&self) -> Result<Replacements, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT r.device, r.board, r.item, r.characters
             FROM board_replacements r
             WHERE EXISTS (SELECT 1
                           FROM board_airings a
                           WHERE a.device = r.device AND a.what = r.what AND a.item = r.item
                             AND a.until_at IS NULL)",
        )?;
        let mut rows = query.query([])?;
        let mut replaced = Replacements::new();
        while let Some(row) = rows.next()? {
            let place = ReplacedIn {
                device: read_id(&row.get::<_, String>(0)?)?,
                board: row.get(1)?,
                item: row.get(2)?,
            };
            replaced.insert(place, row.get(3)?);
        }
        Ok(replaced)
    }
}

/// Told anew it stands in place of what was told before.
pub(super) fn replaced(
    sql: &Connection,
    reported: &BoardReported,
    (aired, characters): (&Aired, &str),
    stored: &Stored<'_>,
) -> Result<(), StoreError> {
    let statement = "INSERT INTO board_replacements (device, board, what, item, characters)
                     VALUES (?1, ?2, ?3, ?4, ?5)
                     ON CONFLICT (device, board, what, item) DO UPDATE
                     SET characters = excluded.characters";
    let (what, item) = AiredWhat::read(aired);
    let device = stored.envelope.writer.to_string();
    let values = (device, &reported.board, what.word(), item, characters);
    execute(sql, statement, values)
}
