//! Attachments in backups: carried once, checked at every restore, let go with the last backup
//! that knows them.

use std::fs;
use std::path::{Path, PathBuf};

use central::attachments::{BlobName, Offered, Owner, open, take_in};
use central::parameters::Parameters;
use domain::id::{RecordId, StaffId};
use uuid::Uuid;

use crate::centre::{MORNING, erase, person};
use crate::program::{Place, central};

fn record() -> RecordId {
    RecordId(Uuid::from_u128(0x77))
}

fn picture(pixels: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, pixels, 1);
    encoder.set_color(png::ColorType::Grayscale);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&vec![7; pixels as usize]).unwrap();
    drop(writer);
    bytes
}

/// Waits for something that needs a runtime, on a thread of the test's own.
fn wait<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(future)
}

fn attach(place: &Place, of: Option<u128>, pixels: u32) -> BlobName {
    let mut name = None;
    place.with_store(|store| {
        let rules = Parameters::on(MORNING.hall_date()).unwrap().attachments;
        let owner = Owner {
            person: of.map(person),
            record: record(),
        };
        let offered = Offered {
            doc_type: "id_card".into(),
            claimed_name: "a.png".into(),
            bytes: picture(pixels).into(),
        };
        let by = StaffId(Uuid::from_u128(7));
        let taken = wait(take_in(store, rules, owner, by, offered, MORNING)).unwrap();
        name = taken.attachment.sha256.parse().ok();
    });
    name.unwrap()
}

fn file(folder: &Path, name: &BlobName) -> PathBuf {
    folder.join("attachments").join(name.path())
}

fn flip(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(path, bytes).unwrap();
}

fn folder(backup: &Path) -> &Path {
    backup.parent().unwrap()
}

#[tokio::test]
async fn attachments_come_back_with_the_backup_and_are_read_by_the_check() {
    let place = Place::after_a_day().await;
    let (ours, nobodys) = (attach(&place, Some(1), 9), attach(&place, None, 10));
    let backup = place.backup();
    for name in [&ours, &nobodys] {
        assert!(file(folder(&backup), name).exists());
    }
    fs::remove_dir_all(place.data()).unwrap();
    central(
        &["restore", "--from", backup.to_str().unwrap()],
        &place.data(),
    );
    let verified = central(&["verify", "--json"], &place.data()).json();
    assert_eq!(
        (&verified["faults"], &verified["attachments"]),
        (&serde_json::json!([]), &2.into())
    );
    place.with_store(|store| {
        let opened = wait(open(store, record(), ours.as_str())).unwrap();
        assert_eq!(*opened.bytes, picture(9));
    });
}

#[tokio::test]
async fn a_backup_with_a_damaged_attachment_is_refused_and_the_old_data_left() {
    let place = Place::after_a_day().await;
    let name = attach(&place, Some(1), 9);
    let backup = place.backup();
    flip(&file(folder(&backup), &name));
    let from = backup.to_str().unwrap();
    let refused = central(&["restore", "--from", from, "--replace"], &place.data());
    let sentence = format!("材料 {name} 的文件不见了");
    assert!(refused.refusal().contains(&sentence), "{}", refused.err);
    let drilled = central(&["restore-drill"], &place.data());
    assert_eq!(drilled.code, 1, "{}{}", drilled.out, drilled.err);
    assert_eq!(central(&["verify"], &place.data()).code, 0);
}

#[tokio::test]
async fn one_that_was_damaged_already_is_told_and_does_not_keep_the_rest_from_being_restored() {
    let place = Place::after_a_day().await;
    let (sound, damaged) = (attach(&place, Some(1), 9), attach(&place, Some(1), 10));
    flip(&file(&place.data(), &damaged));
    let verified = central(&["verify"], &place.data());
    assert_eq!(verified.code, 1);
    let made = central(&["backup"], &place.data());
    assert_eq!(made.code, 0);
    assert!(
        made.out.contains(&format!("材料 {damaged} 的文件坏了")),
        "{}",
        made.out
    );
    let words = ["restore", "--from", "--replace"];
    let backups = place.path("data-backups");
    let words = [words[0], words[1], backups.to_str().unwrap(), words[2]];
    assert_eq!(central(&words, &place.data()).code, 0);
    assert!(file(&place.data(), &sound).exists());
    let replaced = fs::read_dir(place.data())
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut aside = replaced.filter(|path| path.to_string_lossy().contains("replaced-"));
    assert!(
        file(&aside.next().unwrap(), &sound).exists(),
        "the old ones are kept aside"
    );
}

#[tokio::test]
async fn a_restored_attachment_of_somebody_erased_since_is_gone_again() {
    let place = Place::after_a_day().await;
    let name = attach(&place, Some(1), 9);
    let backup = place.backup();
    place.with_store(|store| assert!(erase(store, 1).is_ok()));
    assert!(!file(&place.data(), &name).exists());
    let from = backup.to_str().unwrap();
    central(
        &["restore", "--from", from, "--replace", "--json"],
        &place.data(),
    )
    .json();
    assert!(!file(&place.data(), &name).exists());
    assert_eq!(central(&["verify"], &place.data()).code, 0);
}
