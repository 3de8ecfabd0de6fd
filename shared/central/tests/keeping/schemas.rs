//! Stores of every released schema, as text in `tests/schemas`: they open, are migrated, checked
//! and rebuilt with no difference, and a backup of them can be restored. Those with persons have
//! their master key beside them, which guards invented persons only.
//!
//! Adding a schema is adding a file. The newest one is written by
//! `cargo test --release -p central --test keeping -- --ignored a_dump_of_the_present_schema`,
//! once, when the migration is released.

use std::fmt::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use central::backup::{Occupied, restore};
use central::vault::KeyCustody;
use rusqlite::Connection;
use rusqlite::types::ValueRef;

use crate::hall::MORNING;
use crate::program::{Place, central, names};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemas")
}

fn load(name: &str, database: &Path) {
    let text = std::fs::read_to_string(folder().join(name)).unwrap();
    let sql = Connection::open(database).unwrap();
    sql.execute_batch(&text).unwrap();
}

/// The master key of a dump; there was none before schema 5.
fn key_of(name: &str) -> PathBuf {
    folder().join(name).with_extension("master.key")
}

/// A data directory in `place`, with the master key of this schema beside it.
fn data_for(name: &str, place: &Path) -> PathBuf {
    let (data, key) = (place.join("data"), place.join("data.master.key"));
    std::fs::create_dir(&data).unwrap();
    if key_of(name).exists() {
        std::fs::copy(key_of(name), &key).unwrap();
        std::fs::set_permissions(key, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
    data
}

fn migrations(database: &Path) -> i64 {
    let sql = Connection::open(database).unwrap();
    sql.query_row("SELECT count(*) FROM migrations", [], |row| row.get(0))
        .unwrap()
}

fn newest_migration() -> i64 {
    let texts = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    i64::try_from(names(&texts, ".sql").len()).unwrap()
}

#[test]
fn a_store_of_every_released_schema_opens_checks_and_is_rebuilt_equal() {
    let schemas = names(&folder(), ".sql");
    assert!(!schemas.is_empty());
    for schema in schemas {
        let place = tempfile::tempdir().unwrap();
        let data = data_for(&schema, place.path());
        let database = data.join("central.db");
        load(&schema, &database);
        let released: i64 = schema[..4].parse().unwrap();
        assert_eq!(migrations(&database), released, "{schema}");
        let found = central(&["verify", "--json"], &data).json();
        assert_eq!(found["faults"], serde_json::json!([]), "{schema}");
        assert!(found["derived_rows"].as_u64().unwrap() > 15, "{schema}");
        assert_eq!(migrations(&database), newest_migration(), "{schema}");
        central(&["rebuild", "--json"], &data).json();
        let again = central(&["verify", "--json"], &data).json();
        assert_eq!(again, found, "{schema}");
    }
}

#[test]
fn a_backup_of_every_released_schema_can_be_restored() {
    for schema in names(&folder(), ".sql") {
        let place = tempfile::tempdir().unwrap();
        let backup = place.path().join("central-20260101T000000.000.db");
        load(&schema, &backup);
        write_manifest(&backup);
        let data = data_for(&schema, place.path());
        let custody = KeyCustody::of(&data, None, None).unwrap();
        let restored = restore(place.path(), &data, custody, Occupied::Refuse, MORNING).unwrap();
        assert_eq!(restored.extent, restored.entry.manifest.extent, "{schema}");
        assert_eq!(migrations(&data.join("central.db")), newest_migration());
    }
}

fn write_manifest(backup: &Path) {
    let facts = central::store::facts_of_file(backup).unwrap();
    let manifest = serde_json::json!({
        "format": 1, "made_at": MORNING, "made_at_text": "2026-11-23 09:00:00",
        "program": "0.1.0", "store": facts.centre, "schema": facts.schema,
        "events": facts.extent.events, "last": facts.extent.last,
        "bytes": 0, "sha256": "",
    });
    std::fs::write(backup.with_extension("json"), manifest.to_string()).unwrap();
    crate::damage::resign(backup);
}

#[test]
fn a_store_whose_record_of_migrations_differs_is_refused_and_left_as_it_is() {
    let data = tempfile::tempdir().unwrap();
    let database = data.path().join("central.db");
    load("0003.sql", &database);
    let sql = Connection::open(&database).unwrap();
    sql.execute("UPDATE migrations SET hash = 'x' WHERE number = 2", [])
        .unwrap();
    let before = dump(&sql);
    let refused = central(&["verify"], data.path());
    assert!(refused.refusal().contains("migration 2"), "{}", refused.err);
    assert_eq!(dump(&sql), before);
}

#[tokio::test]
#[ignore = "writes a file of the repository, once per released schema"]
async fn a_dump_of_the_present_schema() {
    let place = Place::after_a_day().await;
    let database = place.data().join("central.db");
    let name = format!("{:04}.sql", migrations(&database));
    let sql = Connection::open(&database).unwrap();
    std::fs::write(folder().join(&name), dump(&sql)).unwrap();
    std::fs::copy(place.key(), key_of(&name)).unwrap();
}

fn dump(sql: &Connection) -> String {
    let mut text = String::new();
    // an index of words makes its own tables, and is filled by the rebuild of a newer schema
    let mut query = sql
        .prepare(
            "SELECT type, name, sql
             FROM sqlite_schema
             WHERE sql IS NOT NULL AND name NOT LIKE 'case_search_%'
             ORDER BY rowid",
        )
        .unwrap();
    let mut rows = query.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        let (kind, name): (String, String) = (row.get(0).unwrap(), row.get(1).unwrap());
        let made: String = row.get(2).unwrap();
        writeln!(text, "{made};").unwrap();
        if kind == "table" && name != "case_search" {
            dump_rows(sql, &name, &mut text);
        }
    }
    text
}

fn dump_rows(sql: &Connection, table: &str, text: &mut String) {
    let mut query = sql.prepare(&format!("SELECT * FROM {table}")).unwrap();
    let columns = query.column_count();
    let mut rows = query.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        let values = (0..columns).map(|column| match row.get_ref(column).unwrap() {
            ValueRef::Null => "NULL".to_owned(),
            ValueRef::Integer(number) => number.to_string(),
            ValueRef::Real(number) => number.to_string(),
            ValueRef::Text(text) => {
                let text = std::str::from_utf8(text).unwrap();
                format!("'{}'", text.replace('\'', "''"))
            }
            ValueRef::Blob(bytes) => format!("x'{}'", hex::encode(bytes)),
        });
        let values: Vec<String> = values.collect();
        writeln!(text, "INSERT INTO {table} VALUES ({});", values.join(", ")).unwrap();
    }
}
