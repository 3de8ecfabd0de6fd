//! Looking for values literally: in pages, cells of workbooks, rows of databases and files, also as
//! they are written in addresses and in JSON, and in small or capital letters.

use std::fs;
use std::io;
use std::path::Path;

use calamine::Reader as _;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};

use crate::browser::encoded;

/// The one table in which names and their letters stand in clear (DESIGN.md §6).
const PLAIN_NAMES: &str = "person_search";

/// A value that must not come out.
#[derive(Debug, Clone)]
pub(super) struct Secret {
    what: &'static str,
    is_name: bool,
    forms: Vec<String>,
}

impl Secret {
    /// What a person is called, in hanzi or letters.
    pub(super) fn name(what: &'static str, text: &str) -> Self {
        Self {
            is_name: true,
            ..Self::value(what, text)
        }
    }

    /// Everything else.
    pub(super) fn value(what: &'static str, text: &str) -> Self {
        let mut forms = vec![text.to_owned()];
        if !text.is_ascii() {
            forms.push(encoded(text));
            forms.push(
                text.encode_utf16()
                    .map(|unit| format!("\\u{unit:04x}"))
                    .collect(),
            );
        }
        Self {
            what,
            is_name: false,
            forms,
        }
    }

    fn is_in(&self, bytes: &[u8]) -> bool {
        self.forms.iter().any(|form| holds(bytes, form))
    }
}

/// Whether bytes hold a text, whatever the case of its letters.
pub(super) fn holds(bytes: &[u8], text: &str) -> bool {
    let (text, small) = (text.as_bytes(), text.as_bytes()[0].to_ascii_lowercase());
    let mut parts = bytes.windows(text.len());
    parts.any(|part| part[0].to_ascii_lowercase() == small && part.eq_ignore_ascii_case(text))
}

/// What was found where.
pub(super) struct Searched {
    secrets: Vec<Secret>,
    /// Of who was erased: their names must be gone from the table of names as well.
    of_erased: Vec<Secret>,
    pub(super) hits: Vec<String>,
    /// Places that were looked at and had something in them.
    pub(super) places: usize,
}

impl Searched {
    pub(super) fn for_these(secrets: Vec<Secret>, of_erased: Vec<Secret>) -> Self {
        Self {
            secrets,
            of_erased,
            hits: Vec::new(),
            places: 0,
        }
    }

    pub(super) fn look(&mut self, place: &str, bytes: &[u8]) {
        self.look_for(|_| true, place, bytes);
    }

    fn look_for(&mut self, is_wanted: impl Fn(&Secret) -> bool, place: &str, bytes: &[u8]) {
        self.places += usize::from(!bytes.is_empty());
        let wanted = self.secrets.iter().filter(|secret| is_wanted(secret));
        for secret in wanted.chain(&self.of_erased) {
            if secret.is_in(bytes) {
                self.hits.push(format!("{} at {place}", secret.what));
            }
        }
    }

    /// An answer: a workbook is looked into cell by cell, anything else as it is.
    pub(super) fn look_into(&mut self, place: &str, bytes: &[u8]) {
        if !bytes.starts_with(b"PK") {
            return self.look(place, bytes);
        }
        let mut book: calamine::Xlsx<_> =
            calamine::open_workbook_from_rs(io::Cursor::new(bytes)).unwrap();
        for (name, sheet) in book.worksheets() {
            let cells = sheet.rows().flatten().map(ToString::to_string);
            let text: Vec<_> = cells.chain([name]).collect();
            self.look(place, text.join("\n").as_bytes());
        }
    }

    /// Every file of a folder, and every row of the databases in it.
    pub(super) fn look_at_files(&mut self, folder: &Path) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let place = path.display().to_string();
            if path.is_dir() {
                self.look_at_files(&path);
                continue;
            }
            // a socket is no file
            let Ok(bytes) = fs::read(&path) else { continue };
            self.look("the name of a file", place.as_bytes());
            if place.contains(".db") {
                self.look_for(|secret| !secret.is_name, &place, &bytes);
            } else {
                self.look(&place, &bytes);
            }
            if bytes.starts_with(b"SQLite format 3") {
                self.look_at_rows(&path);
            }
        }
    }

    /// The rows of a database: names stand in one table, which the bytes of its file do not tell.
    fn look_at_rows(&mut self, file: &Path) {
        let sql = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        let mut tables = sql
            .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> ?1")
            .unwrap();
        let tables = tables.query_map([PLAIN_NAMES], |row| row.get::<_, String>(0));
        for table in tables.unwrap().map(Result::unwrap) {
            let mut rows = sql.prepare(&format!("SELECT * FROM {table}")).unwrap();
            let columns = rows.column_count();
            let mut rows = rows.query([]).unwrap();
            while let Some(row) = rows.next().unwrap() {
                for column in 0..columns {
                    let (ValueRef::Text(bytes) | ValueRef::Blob(bytes)) =
                        row.get_ref(column).unwrap()
                    else {
                        continue;
                    };
                    self.look(&format!("table {table}"), bytes);
                }
            }
        }
    }
}

/// The search itself can fail: it finds one value, planted in clear in each kind of place.
#[test]
fn what_is_planted_is_found_in_every_kind_of_place() {
    let secrets = vec![
        Secret::name("name", "龘鱻试"),
        Secret::value("number", "99999919870101417X"),
    ];
    let hits_of = |look: &dyn Fn(&mut Searched)| {
        let mut searched = Searched::for_these(secrets.clone(), Vec::new());
        look(&mut searched);
        searched.hits
    };
    let in_text =
        |text: &'static str| hits_of(&|searched| searched.look_into("page", text.as_bytes()));
    assert_eq!(in_text("<td>龘**</td><td>9999**********417X</td>"), [""; 0]);
    assert_eq!(in_text("<td>龘鱻试</td>"), ["name at page"]);
    assert_eq!(
        in_text("GET /?q=%E9%BE%98%E9%B1%BB%E8%AF%95"),
        ["name at page"]
    );
    assert_eq!(in_text(r#"{"x":"\u9f98\u9c7b\u8bd5"}"#), ["name at page"]);
    assert_eq!(in_text("99999919870101417x"), ["number at page"]);

    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().write_string(7, 3, "龘鱻试").unwrap();
    let book = book.save_to_buffer().unwrap();
    assert!(!holds(&book, "龘鱻试"), "a workbook is packed");
    assert_eq!(
        hits_of(&|searched| searched.look_into("sheet", &book)),
        ["name at sheet"]
    );

    let folder = tempfile::tempdir().unwrap();
    let sql = Connection::open(folder.path().join("a.db")).unwrap();
    let tables =
        "CREATE TABLE person_search (name TEXT); INSERT INTO person_search VALUES ('龘鱻试')";
    sql.execute_batch(tables).unwrap();
    assert_eq!(
        hits_of(&|searched| searched.look_at_files(folder.path())),
        [""; 0]
    );
    let tables = "CREATE TABLE other (name TEXT); INSERT INTO other VALUES ('龘鱻试')";
    sql.execute_batch(tables).unwrap();
    let hits = hits_of(&|searched| searched.look_at_files(folder.path()));
    assert_eq!(hits, ["name at table other"]);
    let gone = secrets.clone();
    let mut searched = Searched::for_these(Vec::new(), gone);
    searched.look_at_files(folder.path());
    assert!(
        searched.hits.iter().any(|hit| hit.contains("a.db")),
        "{:?}",
        searched.hits
    );
}
