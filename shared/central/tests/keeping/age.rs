//! Old backups go, but never for the sake of one that is damaged.

use central::admin::AdminRequest;

use crate::hall::Hall;
use crate::program::names;

const HOUR_MS: i64 = 3_600_000;

async fn back_up(hall: &Hall, folder: &std::path::Path) -> serde_json::Value {
    let to = Some(folder.to_owned());
    hall.ask(AdminRequest::Backup { to }).await
}

#[tokio::test]
async fn of_days_gone_by_the_last_backup_stays() {
    let hall = Hall::open().await;
    let folder = tempfile::tempdir().unwrap();
    for _ in 0..4 {
        back_up(&hall, folder.path()).await;
        hall.pass_ms(HOUR_MS);
        back_up(&hall, folder.path()).await;
        hall.pass_ms(23 * HOUR_MS);
    }
    let days: Vec<String> = names(folder.path(), ".db")
        .iter()
        .map(|name| name["central-".len()..][..11].to_owned())
        .collect();
    let hours = ["23T10", "24T10", "25T09", "25T10", "26T09", "26T10"];
    assert_eq!(days, hours.map(|hour| format!("202611{hour}")));
    let manifests = names(folder.path(), ".json");
    assert_eq!(
        manifests.len(),
        days.len(),
        "a manifest goes with its backup"
    );
}

#[tokio::test]
async fn a_damaged_backup_is_no_reason_to_delete_a_sound_one() {
    let hall = Hall::open().await;
    let folder = tempfile::tempdir().unwrap();
    let sound = back_up(&hall, folder.path()).await;
    hall.pass_ms(HOUR_MS);
    let damaged = back_up(&hall, folder.path()).await;
    let file = damaged["file"].as_str().unwrap();
    let mut bytes = std::fs::read(file).unwrap();
    bytes[5_000] ^= 1;
    std::fs::write(file, bytes).unwrap();
    hall.pass_ms(72 * HOUR_MS);
    let later = back_up(&hall, folder.path()).await;
    assert_eq!(later["deleted"], serde_json::json!([]));
    let name = std::path::Path::new(file).file_name().unwrap();
    assert_eq!(later["unsound"], serde_json::json!([name.to_str()]));
    for made in [&sound, &damaged, &later] {
        assert!(std::path::Path::new(made["file"].as_str().unwrap()).exists());
    }
}

#[tokio::test]
async fn backups_of_another_store_in_the_same_folder_are_left_alone() {
    let (one, other) = (Hall::open().await, Hall::open().await);
    let folder = tempfile::tempdir().unwrap();
    back_up(&one, folder.path()).await;
    one.pass_ms(HOUR_MS);
    other.pass_ms(500 * 24 * HOUR_MS);
    let made = back_up(&other, folder.path()).await;
    assert_eq!(made["deleted"], serde_json::json!([]));
    assert_eq!(names(folder.path(), ".db").len(), 2);
    let data = tempfile::tempdir().unwrap();
    let from = folder.path().to_str().unwrap();
    let refused = crate::program::central(&["restore", "--from", from], data.path());
    assert!(refused.refusal().contains("不同中心"));
}
