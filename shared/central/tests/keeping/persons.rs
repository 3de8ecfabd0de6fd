//! Persons in backups: their keys are wrapped by a master key that no backup holds.

use std::fs;

use central::vault::PersonRecord;

use crate::centre::{assert_known, erase, holds, read, record};
use crate::program::{Place, central, names};

/// Names and contents of the key and of what lies beside it.
fn key_files(place: &Place) -> Vec<(String, Vec<u8>)> {
    let files = names(place.folder.path(), "").into_iter();
    let of_key = files.filter(|name| name.starts_with("data.master.key"));
    of_key
        .map(|name| (name.clone(), fs::read(place.path(&name)).unwrap()))
        .collect()
}

#[tokio::test]
async fn a_backup_with_persons_is_restored_with_the_master_key_and_refused_without_it() {
    let place = Place::after_a_day().await;
    let backup = place.backup();
    let key = fs::read_to_string(place.key()).unwrap();
    let digits = key.lines().nth(1).unwrap();
    let bytes = fs::read(&backup).unwrap();
    assert!(!holds(&bytes, digits.as_bytes()) && !holds(&bytes, &hex::decode(digits).unwrap()));
    let other = place.path("other");
    let from = backup.to_str().unwrap();
    let words = ["restore", "--from", from, "--json"];
    let refused = central(&words, &other);
    for told in ["主密钥文件", "不存在", "--master-key-file"] {
        assert!(refused.refusal().contains(told), "{}", refused.err);
    }
    assert_eq!(names(&other, ""), ["lock"], "nothing was restored");
    assert!(!place.path("other.master.key").exists(), "no key was made");
    let folder = backup.parent().unwrap().to_str().unwrap();
    let drilled = central(&["restore-drill", "--from", folder], &other);
    assert!(drilled.refusal().contains("主密钥文件"), "{}", drilled.err);

    let key = place.key();
    let with_key = ["--master-key-file", key.to_str().unwrap()];
    central(&[&words[..], &with_key].concat(), &other).json();
    let verify = ["verify", "--json"];
    let verified = central(&[&verify[..], &with_key].concat(), &other).json();
    assert_eq!(verified["faults"], serde_json::json!([]));
    assert!(
        central(&["verify"], &other)
            .refusal()
            .contains("主密钥文件")
    );
    fs::rename(place.data(), place.path("before")).unwrap();
    fs::rename(other, place.data()).unwrap();
    place.with_store(|store| assert_known(store, 1));
}

#[tokio::test]
async fn a_backup_older_than_an_erasure_is_drilled_sound_and_restored_without_the_erased() {
    let place = Place::after_a_day().await;
    place.with_store(|store| record(store, 2));
    let backup = place.backup();
    place.with_store(|store| assert!(erase(store, 2).is_ok()));
    let beside = key_files(&place);
    assert_eq!(beside.len(), 2, "the key and the list");
    let drilled = central(&["restore-drill", "--json"], &place.data()).json();
    assert_eq!(drilled["is_sound"], true);
    assert_eq!(drilled["missing_events"], 1);
    assert_eq!(key_files(&place), beside);
    let from = backup.to_str().unwrap();
    let words = ["restore", "--from", from, "--replace", "--json"];
    central(&words, &place.data()).json();
    let verified = central(&["verify", "--json"], &place.data()).json();
    assert_eq!(verified["faults"], serde_json::json!([]));
    let database = fs::read(place.data().join("central.db")).unwrap();
    assert!(holds(&database, "曾测样00001".as_bytes()));
    assert!(!holds(&database, "曾测样00002".as_bytes()));
    place.with_store(|store| {
        assert_known(store, 1);
        assert!(matches!(read(store, 2), Some(PersonRecord::Erased { .. })));
    });
}

#[tokio::test]
async fn a_drill_notes_nothing_beside_the_key_also_when_the_list_of_the_erased_is_gone() {
    let place = Place::after_a_day().await;
    place.with_store(|store| assert!(erase(store, 1).is_ok()));
    place.backup();
    fs::remove_file(place.path("data.master.key.erased")).unwrap();
    let beside = key_files(&place);
    let drilled = central(&["restore-drill", "--json"], &place.path("data")).json();
    assert_eq!(drilled["is_sound"], true);
    assert_eq!(key_files(&place), beside);
}

#[tokio::test]
async fn a_backup_of_either_side_of_a_rotation_is_drilled_without_moving_keys_and_restored() {
    let place = Place::after_a_day().await;
    let before = place.backup();
    let old = fs::read(place.key()).unwrap();
    central(&["keys", "rotate"], &place.data());
    let new = fs::read(place.key()).unwrap();
    assert_ne!(old, new);
    let drill = |from: &std::path::Path| {
        let folder = tempfile::tempdir().unwrap();
        for file in [from.to_owned(), from.with_extension("json")] {
            fs::copy(&file, folder.path().join(file.file_name().unwrap())).unwrap();
        }
        let beside = key_files(&place);
        let from = folder.path().to_str().unwrap();
        let words = ["restore-drill", "--from", from, "--json"];
        assert_eq!(central(&words, &place.data()).json()["is_sound"], true);
        assert_eq!(key_files(&place), beside);
    };
    drill(&before);
    let after = place.backup();
    drill(&after);
    // the rotation is committed and its files are not moved yet
    fs::rename(place.key(), place.path("data.master.key.next")).unwrap();
    fs::rename(place.path("data.master.key.old"), place.key()).unwrap();
    drill(&before);
    drill(&after);
    // opening completes it, and the older copy comes under the newer key
    let from = before.to_str().unwrap();
    assert_eq!(central(&["verify"], &place.data()).code, 0);
    assert_eq!(fs::read(place.key()).unwrap(), new);
    central(&["restore", "--from", from, "--replace"], &place.data());
    central(&["keys", "forget-old"], &place.data());
    place.with_store(|store| assert_known(store, 1));
}
