//! The hall's feed rows on disk (`hall.json`), so that a kiosk that starts without a line still
//! knows its hall. Rebuildable: a damaged file is an empty one, and the feed is read from its start.
//! Calls pass through and are not kept: after a minute they say nothing any more.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use domain::time::UtcMs;
use serde::{Deserialize, Serialize};
use sync::feed::{FeedSink, RowKeys};
use wire::api::{FeedPage, FeedRow, Topic};

use super::Post;
use crate::app::event::Event;

/// Tells the server's clock.
pub type ServerTime = Box<dyn Fn() -> UtcMs + Send>;

#[derive(Debug, Default, Serialize, Deserialize)]
struct CacheFile {
    cursor: u64,
    rows: Vec<FeedRow>,
}

/// The newest row of each topic and key.
pub struct HallCache {
    path: PathBuf,
    cursor: u64,
    rows: BTreeMap<(Topic, String), FeedRow>,
    post: Post,
    server_time: ServerTime,
}

impl std::fmt::Debug for HallCache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HallCache")
            .field("cursor", &self.cursor)
            .finish_non_exhaustive()
    }
}

impl HallCache {
    /// Opens the cache and posts what it holds.
    #[must_use]
    pub fn open(path: &Path, post: Post, server_time: ServerTime) -> Self {
        let file = read(path).unwrap_or_else(|error| {
            tracing::warn!(%error, "the hall's cache cannot be read and is built again");
            CacheFile::default()
        });
        let keyed = file
            .rows
            .into_iter()
            .map(|row| ((row.topic, row.key.clone()), row));
        let rows: BTreeMap<_, _> = keyed.collect();
        let known: Vec<FeedRow> = rows.values().cloned().collect();
        post(Event::Facts {
            rows: known,
            server_now: server_time(),
        });
        Self {
            path: path.to_owned(),
            cursor: file.cursor,
            rows,
            post,
            server_time,
        }
    }

    fn write(&self) -> io::Result<()> {
        let rows = self.rows.values().cloned().collect();
        let text = serde_json::to_vec(&CacheFile {
            cursor: self.cursor,
            rows,
        })?;
        let part = self.path.with_extension("part");
        fs::write(&part, text)?;
        fs::rename(part, &self.path)
    }
}

fn read(path: &Path) -> io::Result<CacheFile> {
    match fs::read(path) {
        Ok(bytes) => Ok(serde_json::from_slice(&bytes)?),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(CacheFile::default()),
        Err(error) => Err(error),
    }
}

fn is_readable(row: &FeedRow) -> bool {
    let body = row.read_body();
    if let Err(error) = &body {
        tracing::error!(%error, topic = row.topic.as_str(), key = row.key, "unreadable feed row");
    }
    body.is_ok()
}

impl FeedSink for HallCache {
    type Error = io::Error;

    fn cursor(&self) -> u64 {
        self.cursor
    }

    fn apply(&mut self, page: FeedPage) -> Result<(), io::Error> {
        let rows: Vec<FeedRow> = page.rows.into_iter().filter(is_readable).collect();
        let has_moved = page.next_after != self.cursor;
        self.cursor = page.next_after;
        for row in rows.iter().filter(|row| row.topic != Topic::Call) {
            let key = (row.topic, row.key.clone());
            match row.body {
                Some(_) => drop(self.rows.insert(key, row.clone())),
                None => drop(self.rows.remove(&key)),
            }
        }
        if !rows.is_empty() {
            (self.post)(Event::Facts {
                rows,
                server_now: (self.server_time)(),
            });
        }
        // A full disk must not stop the hall: what is in memory is right, and the file is only
        // for the next start.
        if has_moved && let Err(error) = self.write() {
            tracing::warn!(%error, "the hall's cache cannot be written");
        }
        Ok(())
    }

    fn begin_snapshot(&mut self) -> Result<(), io::Error> {
        self.cursor = 0;
        Ok(())
    }

    fn keep_only(&mut self, named: &RowKeys) -> Result<(), io::Error> {
        let gone = self.rows.extract_if(.., |key, _| !named.contains(key));
        let gone = gone.map(|(_, row)| FeedRow { body: None, ..row });
        let rows: Vec<FeedRow> = gone.collect();
        if !rows.is_empty() {
            (self.post)(Event::Facts {
                rows,
                server_now: (self.server_time)(),
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::app::sample;

    fn open(path: &Path) -> (HallCache, Arc<Mutex<Vec<Event>>>) {
        let events = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&events);
        let post: Post = Arc::new(move |event| kept.lock().unwrap().push(event));
        (HallCache::open(path, post, Box::new(|| UtcMs(0))), events)
    }

    #[test]
    fn what_the_feed_told_is_known_after_a_restart() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("hall.json");
        let (mut cache, _) = open(&path);
        let mut rows = sample::rows();
        cache
            .apply(FeedPage {
                rows: rows.clone(),
                next_after: 9,
                has_more: false,
                snapshot: None,
            })
            .unwrap();
        rows[1].body = None;
        let gone = FeedPage {
            rows: vec![rows[1].clone()],
            next_after: 10,
            has_more: false,
            snapshot: None,
        };
        cache.apply(gone).unwrap();
        let (cache, events) = open(&path);
        assert_eq!(cache.cursor(), 10);
        let events = events.lock().unwrap();
        let Event::Facts { rows: known, .. } = &events[0] else {
            panic!()
        };
        assert_eq!(known.len(), rows.len() - 1);
    }

    #[test]
    fn what_a_snapshot_does_not_name_leaves_the_screens() {
        let dir = tempfile::tempdir().unwrap();
        let (mut cache, events) = open(&dir.path().join("hall.json"));
        let rows = sample::rows();
        let page = FeedPage {
            rows: rows.clone(),
            next_after: 9,
            has_more: false,
            snapshot: None,
        };
        cache.apply(page).unwrap();
        let named = rows[1..].iter().map(|row| (row.topic, row.key.clone()));
        cache.keep_only(&named.collect()).unwrap();
        let events = events.lock().unwrap();
        let Some(Event::Facts { rows: gone, .. }) = events.last() else {
            panic!()
        };
        assert_eq!((gone.len(), &gone[0].key), (1, &rows[0].key));
        assert!(gone[0].body.is_none());
    }

    #[test]
    fn calls_pass_through_and_are_not_kept() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("hall.json");
        let (mut cache, events) = open(&path);
        let calls = FeedPage {
            rows: vec![sample::call_row(1, "A025", 3, UtcMs(0))],
            next_after: 9,
            has_more: false,
            snapshot: None,
        };
        cache.apply(calls).unwrap();
        let told = events.lock().unwrap().pop();
        assert!(matches!(told, Some(Event::Facts { rows, .. }) if rows.len() == 1));
        assert!(open(&path).0.rows.is_empty());
    }

    #[test]
    fn a_damaged_cache_is_an_empty_one() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("hall.json");
        fs::write(&path, "{").unwrap();
        assert_eq!(open(&path).0.cursor(), 0);
    }
}
