//! The whole check names what is wrong.

use crate::centre::person;
use crate::program::{Place, central};
use serde_json::Value;

/// Changes the closed store and returns the check's faults as one text.
async fn faults_after(statement: &str) -> String {
    let place = Place::after_a_day().await;
    let sql = rusqlite::Connection::open(place.data().join("central.db")).unwrap();
    sql.execute_batch(statement).unwrap();
    assert!(sql.changes() > 0, "{statement}");
    drop(sql);
    let found = central(&["verify", "--json"], &place.data());
    assert_eq!(found.code, 1);
    let json: Value = serde_json::from_str(&found.out).unwrap();
    json["faults"].to_string()
}

#[tokio::test]
async fn a_day_without_damage_has_no_fault() {
    let place = Place::after_a_day().await;
    let found = central(&["verify", "--json"], &place.data()).json();
    assert_eq!(found["faults"], serde_json::json!([]));
    assert_eq!(
        (&found["chains"], &found["signed_tails"]),
        (&2.into(), &1.into())
    );
    assert!(found["derived_rows"].as_u64().unwrap() > 15, "{found}");
    let rebuilt = central(&["rebuild", "--json"], &place.data()).json();
    assert_eq!(rebuilt["events"], found["events"]);
    assert_eq!(central(&["verify", "--json"], &place.data()).json(), found);
}

#[tokio::test]
async fn a_changed_derived_row_is_named_with_its_table_and_key() {
    let faults = faults_after("UPDATE boards SET at = 7").await;
    assert!(faults.contains("查询表 boards 的"), "{faults}");
    assert!(faults.contains(" hall 行和记录不一致"), "{faults}");
}

#[tokio::test]
async fn a_changed_row_of_the_search_for_names_is_called_by_the_person_and_tells_no_name() {
    let statement = "UPDATE person_search SET spelling = spelling || 'y'";
    let faults = faults_after(statement).await;
    let row = format!("查询表 person_search 的 {} 行和记录不一致", person(1));
    assert!(faults.contains(&row), "{faults}");
    assert!(!faults.contains("zeng"), "{faults}");
}

#[tokio::test]
async fn a_missing_derived_row_is_named() {
    let faults = faults_after("DELETE FROM notices").await;
    assert!(faults.contains("查询表 notices 缺了 one 行"), "{faults}");
}

#[tokio::test]
async fn a_derived_row_too_much_is_named() {
    let statement = "INSERT INTO notices VALUES ('two', '{}', '乙', 0)";
    let faults = faults_after(statement).await;
    assert!(faults.contains("查询表 notices 多出 two 行"), "{faults}");
}

#[tokio::test]
async fn rows_of_the_present_are_not_compared() {
    let place = Place::after_a_day().await;
    let sql = rusqlite::Connection::open(place.data().join("central.db")).unwrap();
    let statement = "UPDATE feed SET body = '{}' WHERE topic IN ('queue', 'window', 'call')";
    assert!(sql.execute(statement, []).unwrap() > 0);
    drop(sql);
    assert_eq!(central(&["verify"], &place.data()).code, 0);
}

#[tokio::test]
async fn a_row_that_refers_to_nothing_is_named() {
    let statement = "PRAGMA foreign_keys = OFF; DELETE FROM staff;";
    let faults = faults_after(statement).await;
    assert!(faults.contains("表 staff_sessions"), "{faults}");
}

#[tokio::test]
async fn a_changed_event_and_a_removed_one_are_named() {
    let changed = faults_after("UPDATE events SET text = replace(text, 'A001', 'A009')").await;
    assert!(
        changed.contains("读不出来") || changed.contains("散列"),
        "{changed}"
    );
    let removed = faults_after("DELETE FROM events WHERE seq = 2").await;
    assert!(removed.contains("第 3 条记录接不上前一条"), "{removed}");
}

#[tokio::test]
async fn the_faults_that_are_named_are_bounded() {
    let statement = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
                     INSERT INTO notices SELECT 'x' || i, '{}', '乙', 0 FROM n";
    let faults = faults_after(statement).await;
    assert_eq!(faults.matches("多出").count(), 20);
}
