//! A device's copy of the feed on disk: the newest row of each topic and key, and the cursor that
//! belongs to them, in one transaction. A device that starts without its server goes on with it, an
//! emergency among the rest.
//!
//! It is a cache: a damaged file is deleted, said aloud, and built again from the feed's start. Calls
//! are not kept: after a minute they say nothing any more.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;
use wire::api::{FeedPage, FeedRow, Topic};

use crate::feed::RowKeys;
use crate::store::feed_copy::FeedCopyStore;

/// What SQLite writes beside the file.
const COMPANIONS: [&str; 2] = ["-wal", "-shm"];

/// Why there is no copy.
#[derive(Debug, Error)]
pub enum FeedCopyError {
    /// A fault of SQLite.
    #[error("The copy of the feed cannot be read or written: {0}")]
    Sql(#[from] rusqlite::Error),
    /// A damaged or outdated file stays where it is.
    #[error("The old copy of the feed {path} cannot be deleted: {source}")]
    Delete {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
}

/// The copy, open for one writer.
#[derive(Debug)]
pub struct FeedCopy {
    store: FeedCopyStore,
    cursor: u64,
    /// A page was lost to a full disk: the file's cursor stays at the start until a snapshot is
    /// whole, so that the next start asks for everything.
    has_gap: bool,
}

impl FeedCopy {
    /// Opens the copy of these topics and gives the rows it holds, making it anew when it is
    /// damaged or of other topics.
    ///
    /// # Errors
    /// [`FeedCopyError`] when no file can be made.
    pub fn open(path: &Path, topics: &[Topic]) -> Result<(Self, Vec<FeedRow>), FeedCopyError> {
        let words: Vec<&str> = topics.iter().map(|topic| topic.as_str()).collect();
        let words = words.join(",");
        let opened = FeedCopyStore::open(path, &words).and_then(|store| {
            let Some(store) = store else {
                return Ok(None);
            };
            let rows = store.rows()?;
            let cursor = store.cursor_of(&words)?.unwrap_or(0);
            Ok(Some((store, rows, cursor)))
        });
        let kept = opened.unwrap_or_else(|error| {
            tracing::error!(%error, path = %path.display(), "the copy of the feed is damaged and is built again");
            None
        });
        let (store, rows, cursor) = match kept {
            Some(kept) => kept,
            None => {
                delete(path)?;
                (FeedCopyStore::create(path, &words)?, Vec::new(), 0)
            }
        };
        let copy = Self {
            store,
            cursor,
            has_gap: false,
        };
        Ok((copy, rows))
    }

    /// The position up to which rows are known.
    #[must_use]
    pub fn cursor(&self) -> u64 {
        self.cursor
    }

    /// Takes a page in. A page that cannot be written is passed over: what is in memory is right,
    /// and the next start asks for everything.
    pub fn apply(&mut self, page: &FeedPage) {
        let written = self.write(page);
        self.cursor = page.next_after;
        if let Err(error) = written {
            tracing::warn!(%error, "the copy of the feed cannot be written");
            self.has_gap = true;
        }
    }

    fn write(&mut self, page: &FeedPage) -> rusqlite::Result<()> {
        let position = if self.has_gap { 0 } else { page.next_after };
        let write = self.store.begin()?;
        let kept = page.rows.iter().filter(|row| row.topic != Topic::Call);
        for row in kept {
            write.put(row)?;
        }
        write.set_cursor(position)?;
        write.commit()
    }

    /// A snapshot begins: a start before it is whole asks for everything.
    pub fn begin_snapshot(&mut self) {
        self.cursor = 0;
        self.has_gap = false;
        if let Err(error) = self.reset_cursor() {
            tracing::warn!(%error, "the copy of the feed cannot be written");
            self.has_gap = true;
        }
    }

    fn reset_cursor(&mut self) -> rusqlite::Result<()> {
        let write = self.store.begin()?;
        write.set_cursor(0)?;
        write.commit()
    }

    /// A snapshot is whole: rows of other keys go.
    pub fn keep_only(&mut self, named: &RowKeys) {
        if let Err(error) = self.drop_others(named) {
            tracing::warn!(%error, "the copy of the feed cannot be written");
            self.has_gap = true;
        }
    }

    fn drop_others(&mut self, named: &RowKeys) -> rusqlite::Result<()> {
        let rows = self.store.rows()?;
        let write = self.store.begin()?;
        for row in rows {
            if !named.contains(&(row.topic, row.key.clone())) {
                write.remove(row.topic, &row.key)?;
            }
        }
        write.commit()
    }
}

fn delete(path: &Path) -> Result<(), FeedCopyError> {
    let companions = COMPANIONS.map(|ending| {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    });
    for path in companions.into_iter().chain([path.to_owned()]) {
        match fs::remove_file(&path) {
            Ok(()) => {}
            Err(source) if source.kind() == io::ErrorKind::NotFound => {}
            Err(source) => return Err(FeedCopyError::Delete { path, source }),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOPICS: &[Topic] = &[Topic::Notice, Topic::Call];

    fn row(topic: Topic, key: &str, body: Option<&str>) -> FeedRow {
        FeedRow {
            position: 7,
            topic,
            key: key.to_owned(),
            body: body.map(str::to_owned),
            expires: None,
        }
    }

    fn page(next_after: u64, rows: Vec<FeedRow>) -> FeedPage {
        FeedPage {
            rows,
            next_after,
            has_more: false,
            snapshot: None,
        }
    }

    fn keys(rows: &[FeedRow]) -> Vec<&str> {
        rows.iter().map(|row| row.key.as_str()).collect()
    }

    #[test]
    fn rows_and_cursor_are_there_after_a_restart_and_calls_are_not() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("cache.db");
        let (mut copy, rows) = FeedCopy::open(&path, TOPICS).unwrap();
        assert_eq!((copy.cursor(), rows.len()), (0, 0));
        copy.apply(&page(
            9,
            vec![
                row(Topic::Notice, "a", Some("{}")),
                row(Topic::Notice, "b", Some("{}")),
                row(Topic::Call, "c", Some("{}")),
            ],
        ));
        copy.apply(&page(11, vec![row(Topic::Notice, "a", None)]));
        drop(copy);
        let (copy, rows) = FeedCopy::open(&path, TOPICS).unwrap();
        assert_eq!((copy.cursor(), keys(&rows)), (11, vec!["b"]));
    }

    #[test]
    fn a_snapshot_broken_off_begins_anew_and_the_old_rows_stay_until_it_is_whole() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("cache.db");
        let (mut copy, _) = FeedCopy::open(&path, TOPICS).unwrap();
        copy.apply(&page(9, vec![row(Topic::Notice, "old", Some("{}"))]));
        copy.begin_snapshot();
        drop(copy);
        let (mut copy, rows) = FeedCopy::open(&path, TOPICS).unwrap();
        assert_eq!((copy.cursor(), keys(&rows)), (0, vec!["old"]));
        copy.keep_only(&RowKeys::from([(Topic::Notice, "new".to_owned())]));
        copy.apply(&page(20, vec![row(Topic::Notice, "new", Some("{}"))]));
        drop(copy);
        let (copy, rows) = FeedCopy::open(&path, TOPICS).unwrap();
        assert_eq!((copy.cursor(), keys(&rows)), (20, vec!["new"]));
    }

    #[test]
    fn a_damaged_file_and_one_of_other_topics_are_made_anew() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("cache.db");
        fs::write(
            &path,
            "this is no database, it is a long text of a tired disk",
        )
        .unwrap();
        let (mut copy, rows) = FeedCopy::open(&path, TOPICS).unwrap();
        assert_eq!((copy.cursor(), rows.len()), (0, 0));
        copy.apply(&page(9, vec![row(Topic::Notice, "a", Some("{}"))]));
        drop(copy);
        let (copy, rows) = FeedCopy::open(&path, &[Topic::Notice]).unwrap();
        assert_eq!((copy.cursor(), rows.len()), (0, 0));
    }
}
