//! The daily backup of a running service: asked every tick, done on a thread that may block, one
//! at a time.

use std::sync::Arc;

use chrono::NaiveTime;
use domain::time::UtcMs;
use tokio::task::{JoinHandle, spawn_blocking};

use super::{BackupDesk, BackupError, Seen, is_due};

/// What the tick asks.
#[derive(Debug)]
pub(crate) struct Schedule {
    at: NaiveTime,
    desk: Arc<BackupDesk>,
    seen: Seen,
    running: Option<JoinHandle<Result<UtcMs, BackupError>>>,
}

impl Schedule {
    /// A schedule that begins with the service.
    pub(crate) fn new(at: NaiveTime, desk: BackupDesk, started_at: UtcMs) -> Self {
        Self {
            at,
            desk: Arc::new(desk),
            seen: Seen {
                started_at,
                newest: None,
                tried_at: None,
            },
            running: None,
        }
    }

    /// Begins a backup when one is due; takes note of the one that has ended.
    pub(crate) async fn tick(&mut self, now: UtcMs) {
        if let Some(running) = self.running.take_if(|running| running.is_finished()) {
            match running.await {
                Ok(Ok(newest)) => self.seen.newest = Some(newest),
                Ok(Err(error)) => tracing::error!(%error, "backup"),
                Err(error) => tracing::error!(%error, "the backup's thread"),
            }
        }
        if self.running.is_none() && is_due(self.at, &self.seen, now) {
            self.seen.tried_at = Some(now);
            let (desk, seen, at) = (Arc::clone(&self.desk), self.seen, self.at);
            self.running = Some(spawn_blocking(move || make_if_due(&desk, at, seen, now)));
        }
    }
}

/// What is in the folder decides: the service may have been started since the last one.
fn make_if_due(
    desk: &BackupDesk,
    at: NaiveTime,
    seen: Seen,
    now: UtcMs,
) -> Result<UtcMs, BackupError> {
    let found = Seen {
        newest: desk.newest_made_at(now)?,
        tried_at: None,
        ..seen
    };
    if let Some(newest) = found.newest.filter(|_| !is_due(at, &found, now)) {
        return Ok(newest);
    }
    let made = desk.make(None, now)?;
    tracing::info!(
        name = made.entry.name(),
        deleted = made.deleted.len(),
        "backup"
    );
    for name in made.unsound {
        tracing::error!(name, "an older backup is damaged");
    }
    Ok(made.entry.manifest.made_at)
}
