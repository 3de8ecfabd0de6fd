//! The daily backup of a running service: asked every tick, done on a thread that may block, one
//! at a time.

use std::sync::Arc;

use chrono::NaiveTime;
use domain::time::UtcMs;
use tokio::task::{JoinHandle, spawn_blocking};

use super::{BackupDesk, BackupError, Keeping, Seen, is_due};

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

    /// What it has seen so far.
    pub(crate) fn seen(&self) -> Seen {
        self.seen
    }

    /// From the next backup on, the older ones are kept by these rules.
    pub(crate) fn keep_by(&mut self, keeping: Keeping) {
        if self.desk.keeping != keeping {
            self.desk = Arc::new(BackupDesk::clone(&self.desk).with_keeping(keeping));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backup::BackupFolder;
    use crate::parameters::Parameters;
    use crate::serve::open_store;
    use crate::store::Marking;
    use sync::data_dir::DataDir;

    /// 2026-11-23 09:00 in the hall.
    const MORNING: UtcMs = UtcMs(1_795_395_600_000);

    impl Schedule {
        async fn settle(&mut self, now: UtcMs) {
            while let Some(running) = &self.running {
                if running.is_finished() {
                    self.tick(now).await;
                } else {
                    tokio::task::yield_now().await;
                }
            }
        }
    }

    #[tokio::test]
    async fn the_daily_backup_is_made_once_a_day_and_a_restart_makes_no_second_one() {
        let place = tempfile::tempdir().unwrap();
        let dir = DataDir::take(&place.path().join("data")).unwrap();
        let store = open_store(&dir, Marking::Synthetic, MORNING).unwrap();
        let keeping = Parameters::on(MORNING.hall_date()).unwrap().keeping;
        let desk = BackupDesk::new(store, dir.path(), None, keeping);
        let folder = BackupFolder::at(&crate::backup::folder_beside(dir.path()));
        let count = || folder.list().unwrap().entries.len();
        let at = NaiveTime::from_hms_opt(9, 30, 0).unwrap();
        let started = MORNING.plus_minutes(-60);
        let mut schedule = Schedule::new(at, desk.clone(), started);
        let mut restarted = Schedule::new(at, desk, started);
        for (minutes, made) in [(0, 1), (29, 1), (30, 2), (45, 2), (24 * 60, 2)] {
            let now = MORNING.plus_minutes(minutes);
            schedule.tick(now).await;
            schedule.settle(now).await;
            assert_eq!(count(), made, "after {minutes} minutes");
        }
        let now = MORNING.plus_minutes(60);
        restarted.tick(now).await;
        restarted.settle(now).await;
        assert_eq!(
            (count(), restarted.seen.newest),
            (2, Some(MORNING.plus_minutes(30)))
        );
    }
}
