//! Records of a kind that were opened in a period, whole: for what counts them one by one.

use domain::case::Record;
use domain::id::KindId;
use domain::time::UtcMs;

use super::cases::bodies;
use super::{Reader, StoreError};

impl Reader<'_> {
    /// Records of a kind that were opened from `from` on and before `before`, oldest first; at most
    /// `limit`.
    ///
    /// # Errors
    /// A fault of storage.
    pub(crate) fn records_opened(
        &self,
        kind: &KindId,
        (from, before): (UtcMs, UtcMs),
        limit: u32,
    ) -> Result<Vec<Record>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT b.body
             FROM cases c
             JOIN case_bodies b ON b.opening = c.opening
             WHERE c.kind = ?1
               AND c.opened_at >= ?2
               AND c.opened_at < ?3
             ORDER BY c.opening
             LIMIT ?4",
        )?;
        bodies(&mut query, (kind.as_str(), from.0, before.0, limit))
    }
}
