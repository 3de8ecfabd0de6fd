//! Making backups: while others write, through the service and beside it, on a full disk.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use central::admin::{AdminDesk, AdminRequest};
use central::backup::{Occupied, restore};
use central::store::Store;
use central::vault::KeyCustody;
use wire::event::{Event, StaffActed};

use crate::hall::{Hall, MORNING};
use crate::program::{Place, Service, central, central_with_file_limit, names};

/// Notes that a writer appends one after the other until it is told to end.
struct Appending {
    acknowledged: AtomicU64,
    is_over: AtomicBool,
}

impl Appending {
    fn run(&self, store: &Store) {
        while !self.is_over.load(Ordering::SeqCst) {
            let number = self.acknowledged.load(Ordering::SeqCst) + 1;
            let note = Event::StaffActed(StaffActed {
                act: "noted".into(),
                subject: number.to_string(),
                ..StaffActed::default()
            });
            store
                .write_blocking(move |write| write.append(&note, MORNING))
                .unwrap();
            self.acknowledged.store(number, Ordering::SeqCst);
        }
    }

    /// Ends the writer when it is dropped, also by a test that fails.
    fn until_dropped(&self) -> impl Drop + '_ {
        struct Ending<'a>(&'a AtomicBool);
        impl Drop for Ending<'_> {
            fn drop(&mut self) {
                self.0.store(true, Ordering::SeqCst);
            }
        }
        Ending(&self.is_over)
    }

    fn wait_for(&self, number: u64) {
        while self.acknowledged.load(Ordering::SeqCst) < number {
            std::thread::yield_now();
        }
    }
}

/// On a machine with much else to do a backup may be over before the writer has its turn.
const ROUNDS_MAX: u64 = 30;

#[tokio::test]
async fn a_backup_made_while_a_writer_appends_holds_all_that_was_acknowledged_before_it() {
    let hall = Hall::open().await;
    let (desk, store) = (Arc::clone(&hall.admin), hall.store.clone());
    let backing_up = tokio::task::spawn_blocking(move || back_up_while_appending(&desk, &store));
    backing_up.await.unwrap();
}

fn back_up_while_appending(desk: &AdminDesk, store: &Store) {
    let appending = Appending {
        acknowledged: AtomicU64::new(0),
        is_over: AtomicBool::new(false),
    };
    let to = tempfile::tempdir().unwrap();
    std::thread::scope(|scope| {
        let _ending = appending.until_dropped();
        scope.spawn(|| appending.run(store));
        let mut has_gone_on = false;
        for round in 1..=ROUNDS_MAX {
            appending.wait_for(round * 50);
            let before = appending.acknowledged.load(Ordering::SeqCst);
            let folder = to.path().join(round.to_string());
            let request = AdminRequest::Backup {
                to: Some(folder.clone()),
            };
            desk.perform(request, &mut |_| {}).unwrap();
            let after = appending.acknowledged.load(Ordering::SeqCst);
            has_gone_on |= after > before;
            let held = notes_restored(&folder, &to.path().join(format!("{round}-data")));
            // the one that was being written may be in it and not yet acknowledged
            assert!(
                held >= before && held <= after + 1,
                "{before} {held} {after}"
            );
            if has_gone_on && round >= 3 {
                return;
            }
        }
        panic!("the writer never went on while a backup was made");
    });
}

/// Restores and returns how many notes are there, whose numbers have no gap.
fn notes_restored(folder: &Path, data: &Path) -> u64 {
    let custody = KeyCustody::of(data, None, None).unwrap();
    let restored = restore(folder, data, custody, Occupied::Refuse, MORNING).unwrap();
    assert_eq!(restored.verification.faults, [""; 0]);
    let sql = rusqlite::Connection::open(data.join("central.db")).unwrap();
    let mut query = sql
        .prepare("SELECT text FROM events WHERE kind = 'staff.acted.v2' ORDER BY position")
        .unwrap();
    let texts = query.query_map([], |row| row.get::<_, String>(0)).unwrap();
    let texts: Vec<String> = texts.map(Result::unwrap).collect();
    let notes = &texts[..texts.len() - 1];
    for (index, text) in notes.iter().enumerate() {
        let envelope = wire::envelope::read(text).unwrap();
        assert!(envelope.body.contains(&format!("\"{}\"", index + 1)));
    }
    assert!(texts[notes.len()].contains("restored"));
    notes.len() as u64
}

#[tokio::test]
async fn a_backup_is_the_same_through_the_service_and_beside_it() {
    let place = Place::after_a_day().await;
    place.close_day();
    let beside = central(&["backup", "--json"], &place.data()).json();
    let service = Service::start(&place.data());
    let through = central(&["backup", "--json"], &place.data()).json();
    drop(service);
    for field in ["events", "last", "store", "schema"] {
        assert_eq!(beside["manifest"][field], through["manifest"][field]);
    }
    let folder = place.path("data-backups");
    assert_eq!(names(&folder, ".db").len(), 2, "beside the data directory");
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    for name in names(&folder, "") {
        assert_eq!(mode(&folder.join(&name)), 0o600, "{name}");
    }
}

#[tokio::test]
async fn a_backup_within_the_data_directory_is_refused() {
    let place = Place::after_a_day().await;
    let within = place.data().join("deeper/backups");
    let refused = central(&["backup", "--to", within.to_str().unwrap()], &place.data());
    assert!(refused.refusal().contains("数据目录里面"));
    assert!(!within.exists());
}

#[tokio::test]
async fn a_full_disk_leaves_the_older_backups_and_nothing_half_made() {
    let place = Place::after_a_day().await;
    let folder = place.path("data-backups");
    let before = place.backup();
    let bytes = std::fs::read(&before).unwrap();
    let all = names(&folder, "");
    let full = central_with_file_limit(64, &["backup"], &place.data());
    assert!(bytes.len() > 64 * 1024, "the copy must not fit");
    assert!(full.refusal().contains("写不进去"), "{}", full.err);
    assert!(full.err.contains("以前的备份都还在"), "{}", full.err);
    assert_eq!(names(&folder, ""), all);
    assert!(
        std::fs::read(&before).unwrap() == bytes,
        "the file is unchanged"
    );
}

#[tokio::test]
async fn what_a_killed_backup_left_is_no_backup_and_is_cleared_away() {
    let place = Place::after_a_day().await;
    let folder = place.path("data-backups");
    std::fs::create_dir(&folder).unwrap();
    for name in [
        "central-20200101T000000.000.db.partial",
        "central-20200101T000000.000.json.partial",
        "central-20200101T000000.000.json",
    ] {
        std::fs::write(folder.join(name), "half").unwrap();
    }
    let data = place.path("restored");
    let refused = central(&["restore", "--from", folder.to_str().unwrap()], &data);
    assert!(refused.refusal().contains("没有备份"));
    place.backup();
    assert!(names(&folder, "").iter().all(|name| !name.contains("2020")));
}
