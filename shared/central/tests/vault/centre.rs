//! A centre's directory under test, and invented persons (area code 999999, unassigned phone
//! numbers, names that no one has).

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use central::edge::fill_random;
use central::serve::{OpenError, open_store_under};
use central::store::{Marking, Purged, Store};
use central::vault::{KeyCustody, KeyError, PersonFault, PersonRecord};
use domain::id::{PersonId, StaffId};
use domain::id_number::check_character;
use domain::personal::{PersonField, Pii};
use domain::time::UtcMs;
use rusqlite::{Connection, OpenFlags};
use sync::data_dir::DataDir;
use tempfile::TempDir;
use uuid::Uuid;
use wire::event::{ErasureReason, PersonErased};
use wire::sealed::Sealed;

/// How every sealed text begins.
pub(crate) const FORMAT: &str = "s1:xc20p:";
/// 2026-11-23 09:00 in the hall.
pub(crate) const MORNING: UtcMs = UtcMs(1_795_395_600_000);

/// A data directory with the master key beside it, open or closed.
pub(crate) struct Centre {
    folder: TempDir,
}

/// An open store with the lock of its directory.
pub(crate) struct Open {
    pub(crate) store: Store,
    _dir: DataDir,
}

impl std::ops::Deref for Open {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.store
    }
}

impl Centre {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn data(&self) -> PathBuf {
        let data = self.folder.path().join("central");
        fs::create_dir_all(&data).unwrap();
        data
    }

    pub(crate) fn beside(&self, suffix: &str) -> PathBuf {
        self.folder.path().join(format!("central{suffix}"))
    }

    pub(crate) fn key(&self) -> PathBuf {
        self.beside(".master.key")
    }

    pub(crate) fn try_open(&self, named: Option<&Path>) -> Result<Open, OpenError> {
        let custody = KeyCustody::of(&self.data(), named, None)?;
        let dir = DataDir::take(&self.data()).unwrap();
        let store = open_store_under(custody, &dir, Marking::Synthetic, MORNING)?;
        Ok(Open { store, _dir: dir })
    }

    pub(crate) fn open(&self) -> Open {
        self.try_open(None).unwrap()
    }

    pub(crate) fn refusal(&self, named: Option<&Path>) -> KeyError {
        match self.try_open(named) {
            Err(OpenError::Keys(error)) => error,
            Err(other) => panic!("refused for another reason: {other}"),
            Ok(_) => panic!("the store was opened"),
        }
    }

    pub(crate) fn sql(&self) -> Connection {
        let path = self.data().join("central.db");
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap()
    }

    /// Every file below the folder, the data directory and the keys beside it.
    pub(crate) fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        for directory in [self.folder.path().to_owned(), self.data()] {
            for entry in fs::read_dir(directory).unwrap() {
                let path = entry.unwrap().path();
                if path.is_file() {
                    files.push((path.clone(), fs::read(path).unwrap()));
                }
            }
        }
        files
    }

    /// The names of the files that hold `bytes`.
    pub(crate) fn holders(&self, bytes: &[u8]) -> Vec<String> {
        let files = self.files().into_iter();
        let holding = files.filter(|(_, content)| holds(content, bytes));
        holding
            .map(|(path, _)| path.file_name().unwrap().to_string_lossy().into_owned())
            .collect()
    }

    /// The `chars` ASCII characters after each occurrence of `prefix` in any of the files.
    pub(crate) fn after(&self, prefix: &str, chars: usize) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for (_, content) in self.files() {
            let text = String::from_utf8_lossy(&content);
            let ends = text.match_indices(prefix).map(|(at, _)| at + prefix.len());
            found.extend(ends.filter_map(|end| text.get(end..end + chars).map(str::to_owned)));
        }
        found
    }

    /// The four derived tables of persons, row by row.
    pub(crate) fn tables(&self) -> Vec<String> {
        let sql = self.sql();
        let mut lines = Vec::new();
        for table in ["persons", "person_fields", "person_search", "person_lookup"] {
            let mut query = sql
                .prepare(&format!("SELECT * FROM {table} ORDER BY 1, 2, 3"))
                .unwrap();
            let columns = query.column_count();
            let mut rows = query.query([]).unwrap();
            while let Some(row) = rows.next().unwrap() {
                let cells: Vec<_> = (0..columns)
                    .map(|i| format!("{:?}", row.get_ref(i).unwrap()))
                    .collect();
                lines.push(format!("{table}: {}", cells.join(" | ")));
            }
        }
        lines
    }

    /// Every wrapped key with what it is bound to.
    pub(crate) fn wrapped(&self) -> Vec<(String, Sealed)> {
        let sql = self.sql();
        let mut query = sql
            .prepare(
                "SELECT name, wrapped FROM wrapped_keys
                 UNION ALL
                 SELECT person, wrapped FROM person_keys WHERE wrapped IS NOT NULL",
            )
            .unwrap();
        let rows = query.query_map([], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        });
        rows.unwrap()
            .map(|row| row.unwrap())
            .map(|(name, wrapped)| (name, wrapped.parse().unwrap()))
            .collect()
    }
}

pub(crate) fn holds(content: &[u8], bytes: &[u8]) -> bool {
    content.windows(bytes.len()).any(|window| window == bytes)
}

pub(crate) fn person(number: u128) -> PersonId {
    PersonId(Uuid::from_u128(0x9999_0000_0000_0000_0000 + number))
}

/// Invented, and different from everybody else in every field.
pub(crate) fn fields_of(number: u128) -> BTreeMap<PersonField, Pii<String>> {
    let first = format!("99999919900101{:03}", number % 1000);
    let check = check_character(&first).unwrap();
    [
        (PersonField::Name, format!("曾测样{number:05}")),
        (PersonField::IdNumber, format!("{first}{check}")),
        (PersonField::Phone, format!("154{number:08}")),
        (PersonField::Address, format!("示例巷子 {number:05} 号")),
        (PersonField::BankAccount, format!("999999{number:010}")),
    ]
    .into_iter()
    .map(|(field, value)| (field, Pii::new(value)))
    .collect()
}

pub(crate) fn record(store: &Store, number: u128) {
    let recorded = store.write_blocking(move |write| {
        write.record_person(person(number), &fields_of(number), MORNING, fill_random)
    });
    recorded.unwrap().unwrap();
}

pub(crate) fn erasure(number: u128) -> PersonErased {
    PersonErased {
        person: person(number),
        by: Some(StaffId(Uuid::from_u128(7))),
        reason: ErasureReason::Requested,
    }
}

pub(crate) fn erase(store: &Store, number: u128) -> Result<Purged, PersonFault> {
    store.erase_persons(vec![erasure(number)], MORNING).unwrap()
}

pub(crate) fn read(store: &Store, number: u128) -> Option<PersonRecord> {
    store
        .read_blocking(|reader| reader.person(person(number)))
        .unwrap()
}

pub(crate) fn assert_known(store: &Store, number: u128) {
    assert_eq!(
        read(store, number),
        Some(PersonRecord::Known(fields_of(number)))
    );
}

pub(crate) fn assert_erased(store: &Store, number: u128) {
    assert_eq!(
        read(store, number),
        Some(PersonRecord::Erased { at: MORNING })
    );
}

pub(crate) fn by_number(store: &Store, field: PersonField, number: &str) -> Vec<PersonId> {
    store
        .read_blocking(|reader| reader.persons_by_number(field, number))
        .unwrap()
}

pub(crate) fn by_name(store: &Store, text: &str) -> Vec<PersonId> {
    let found = store.read_blocking(|reader| reader.persons_by_name(text));
    let found = found.unwrap().into_iter();
    found.map(|(person, _)| person).collect()
}

pub(crate) fn rebuild(store: &Store) {
    assert!(store.write_blocking(|write| write.rebuild()).unwrap() > 0);
}
