//! A damaged backup is refused with a sentence, before anything is touched.

use std::path::Path;

use crate::program::{Answer, Place, central, names};

/// Changes the newest backup, then restores and drills it.
async fn check(change: impl Fn(&Path), sentence: &str) {
    let place = Place::after_a_day().await;
    let backup = place.backup();
    change(&backup);
    let from = backup.to_str().unwrap();
    let empty = place.path("empty");
    std::fs::copy(place.key(), place.path("empty.master.key")).unwrap();
    let said = |answer: Answer| {
        assert!(answer.refusal().contains(sentence), "{}", answer.err);
    };
    said(central(&["restore", "--from", from, "--json"], &empty));
    assert_eq!(names(&empty, "").len(), names(&empty, "lock").len());
    let held = std::fs::read(place.data().join("central.db")).unwrap();
    let replace = ["restore", "--from", from, "--replace"];
    said(central(&replace, &place.data()));
    assert!(
        std::fs::read(place.data().join("central.db")).unwrap() == held,
        "the file is unchanged"
    );
    assert_eq!(
        names(&place.data(), "").len(),
        2,
        "the database and the lock"
    );
}

#[tokio::test]
async fn one_flipped_bit_is_found() {
    let flip = |backup: &Path| {
        let mut bytes = std::fs::read(backup).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(backup, bytes).unwrap();
    };
    check(flip, "文件坏了").await;
}

#[tokio::test]
async fn a_truncated_file_is_found() {
    let truncate = |backup: &Path| {
        let file = std::fs::OpenOptions::new()
            .write(true)
            .open(backup)
            .unwrap();
        file.set_len(file.metadata().unwrap().len() - 4_096)
            .unwrap();
    };
    check(truncate, "长度不对").await;
}

#[tokio::test]
async fn a_file_without_its_manifest_is_refused() {
    let remove = |backup: &Path| std::fs::remove_file(backup.with_extension("json")).unwrap();
    check(remove, "没有说明文件").await;
}

#[tokio::test]
async fn a_file_that_was_changed_together_with_its_manifest_does_not_pass_the_check() {
    let forge = |backup: &Path| {
        let sql = rusqlite::Connection::open(backup).unwrap();
        let statement = "UPDATE events SET text = replace(text, 'A001', 'A009')";
        assert!(sql.execute(statement, []).unwrap() > 0);
        drop(sql);
        resign(backup);
    };
    check(forge, "核对不过").await;
}

/// Makes the manifest say what the file is now.
pub(crate) fn resign(backup: &Path) {
    use sha2::Digest as _;
    let bytes = std::fs::read(backup).unwrap();
    let manifest = backup.with_extension("json");
    let text = std::fs::read_to_string(&manifest).unwrap();
    let mut value: serde_json::Value = serde_json::from_str(&text).unwrap();
    value["sha256"] = hex::encode(sha2::Sha256::digest(&bytes)).into();
    value["bytes"] = bytes.len().into();
    std::fs::write(&manifest, value.to_string()).unwrap();
}

#[tokio::test]
async fn a_drill_of_a_damaged_backup_fails() {
    let place = Place::after_a_day().await;
    let backup = place.backup();
    let mut bytes = std::fs::read(&backup).unwrap();
    bytes[9_000] ^= 0x80;
    std::fs::write(&backup, bytes).unwrap();
    let drilled = central(&["restore-drill"], &place.data());
    assert!(
        drilled.refusal().contains("演练没有通过"),
        "{}",
        drilled.err
    );
}
