//! The images of journals so small that all of them can be written down.

use std::sync::Arc;

use super::*;

const DATA: FileId = FileId(1);
const OTHER: FileId = FileId(2);

fn create(name: &str, file: FileId) -> Op {
    let name = name.into();
    Op::Create { name, file }
}

fn write(offset: usize, bytes: &[u8]) -> Op {
    Op::Write {
        file: DATA,
        offset,
        bytes: bytes.into(),
    }
}

fn journal(ops: Vec<Op>) -> Journal {
    let settled = [create("data", DATA), Op::SyncDirectory];
    Journal {
        ops: settled.into_iter().chain(ops).collect(),
        ..Journal::default()
    }
}

/// The contents of `data` over all images after the last operation, each once.
fn contents(journal: &Journal) -> BTreeSet<Option<Vec<u8>>> {
    let images = crash_images(journal, journal.ops().len(), Thoroughness::default());
    images.map(|image| image.read("data")).collect()
}

fn set(all: &[&[u8]]) -> BTreeSet<Option<Vec<u8>>> {
    all.iter().map(|one| Some(one.to_vec())).collect()
}

#[test]
fn unsynced_writes_are_there_or_not_in_any_combination() {
    let journal = journal(vec![write(0, b"aa"), write(2, b"bb")]);
    let junk = b"\xA5\xA5\xA5\xA5";
    assert_eq!(
        contents(&journal),
        set(&[
            b"",
            b"aa",
            b"\0\0bb",
            b"aabb",
            &junk[..2],
            b"aa\xA5\xA5",
            junk
        ])
    );
}

#[test]
fn a_sync_settles_what_was_written_before_it_and_nothing_after() {
    let sync = Op::Sync { file: DATA };
    let journal = journal(vec![write(0, b"aabb"), sync, write(2, b"cc")]);
    assert_eq!(contents(&journal), set(&[b"aabb", b"aacc"]));
}

#[test]
fn a_sync_of_another_file_settles_nothing() {
    let journal = journal(vec![
        write(0, b"aa"),
        Op::Sync { file: DATA },
        write(0, b"bb"),
        Op::Sync { file: OTHER },
        Op::SyncDirectory,
    ]);
    assert_eq!(contents(&journal), set(&[b"aa", b"bb"]));
}

#[test]
fn a_write_is_torn_at_the_disk_s_sectors_not_at_its_own_beginning() {
    let old = vec![b'o'; 1_200];
    let sync = Op::Sync { file: DATA };
    // from byte 500 to 1100: three sectors, the first by 12 bytes, the last by 76
    let journal = journal(vec![write(0, &old), sync, write(500, &[b'n'; 600])]);
    let expected = (0..8).map(|mask| {
        let mut image = old.clone();
        for (bit, range) in [500..512, 512..1_024, 1_024..1_100].into_iter().enumerate() {
            if mask >> bit & 1 == 1 {
                image[range].fill(b'n');
            }
        }
        Some(image)
    });
    assert_eq!(contents(&journal), expected.collect());
}

#[test]
fn names_settle_by_a_sync_of_the_directory_only() {
    let delete = Op::Delete {
        name: "data".into(),
    };
    let ops = vec![write(0, b"aa"), Op::Sync { file: DATA }, delete];
    let deleted = journal(ops.clone());
    assert_eq!(contents(&deleted), [None, Some(b"aa".to_vec())].into());
    let settled = journal([ops, vec![Op::SyncDirectory]].concat());
    assert_eq!(contents(&settled), [None].into());
}

#[test]
fn a_new_file_under_an_old_name_may_be_the_old_one_the_new_one_or_none() {
    let name: Arc<str> = "data".into();
    let written = Op::Write {
        file: OTHER,
        offset: 0,
        bytes: b"new".as_slice().into(),
    };
    let journal = journal(vec![
        write(0, b"old"),
        Op::Sync { file: DATA },
        Op::Delete {
            name: Arc::clone(&name),
        },
        create("data", OTHER),
        written,
        Op::Sync { file: OTHER },
    ]);
    let found = contents(&journal);
    assert_eq!(
        found,
        [None, Some(b"old".to_vec()), Some(b"new".to_vec())].into()
    );
}

#[test]
fn many_unsettled_writes_are_seen_whole_missing_alone_and_torn() {
    let pages: Vec<Op> = (0..20).map(|n| write(n * 4_096, &[7; 4_096])).collect();
    let journal = journal(pages);
    let images = crash_images(&journal, journal.ops().len(), Thoroughness::default());
    let there = |image: &Image| -> Vec<bool> {
        let bytes = image.read("data").unwrap_or_default();
        (0..20 * 8)
            .map(|sector| bytes.get(sector * 512) == Some(&7))
            .collect()
    };
    let seen: BTreeSet<Vec<bool>> = images.map(|image| there(&image)).collect();
    let whole = |is_kept: &dyn Fn(usize) -> bool| -> Vec<bool> {
        (0..20 * 8).map(|sector| is_kept(sector / 8)).collect()
    };
    for one in 0..20 {
        assert!(seen.contains(&whole(&|op| op < one)), "prefix {one}");
        assert!(seen.contains(&whole(&|op| op != one)), "without {one}");
        assert!(seen.contains(&whole(&|op| op == one)), "only {one}");
    }
    let mut torn = whole(&|_| true);
    torn[19 * 8 + 3] = false;
    assert!(
        seen.contains(&torn),
        "one sector of the newest write missing"
    );
}

#[test]
fn the_images_of_a_point_can_be_bounded() {
    let pages: Vec<Op> = (0..20).map(|n| write(n * 4_096, &[7; 4_096])).collect();
    let journal = journal(pages);
    let thoroughness = Thoroughness {
        images_max: 5,
        ..Thoroughness::default()
    };
    let images = crash_images(&journal, journal.ops().len(), thoroughness);
    assert_eq!(images.count(), 5);
}
