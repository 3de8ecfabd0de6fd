//! What of a person can be read and found, and that nothing of them is left after their erasure.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::{Mutex, OnceLock};

use central::backup::{BackupDesk, Occupied, folder_beside, restore};
use central::edge::fill_random;
use central::parameters::Parameters;
use central::store::Purged;
use central::vault::{KeyCustody, KeyError, Opened, PersonFault, PersonRecord};
use domain::id::PersonId;
use domain::personal::{PersonField, Pii};
use wire::event::{Event, PersonRecorded};
use wire::sealed::Sealed;

use crate::centre::{
    Centre, FORMAT, MORNING, assert_erased, assert_known, by_name, by_number, erase, erasure,
    fields_of, person, read, rebuild, record,
};

/// Everything that was logged in this process, at the most talkative level.
fn logged() -> &'static Mutex<Vec<u8>> {
    static LOGGED: OnceLock<Mutex<Vec<u8>>> = OnceLock::new();
    LOGGED.get_or_init(|| {
        tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_writer(|| Logged)
            .init();
        Mutex::default()
    })
}

struct Logged;

impl std::io::Write for Logged {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        logged().lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_person_is_found_by_name_letters_and_numbers_before_the_erasure_and_not_after() {
    let centre = Centre::new();
    let store = centre.open();
    record(&store, 1);
    record(&store, 2);
    assert_known(&store, 1);
    let find = || {
        [
            by_number(&store, PersonField::Phone, "+86 154-0000-0001"),
            by_number(&store, PersonField::BankAccount, "9999990000000001"),
            by_number(&store, PersonField::IdNumber, &id_number(1).to_lowercase()),
            by_name(&store, "曾测样00001"),
            by_name(&store, "ZENGCEYANG00001"),
            by_name(&store, "zcy00001"),
        ]
    };
    assert_eq!(find(), [(); 6].map(|()| vec![person(1)]));
    assert_eq!(by_name(&store, "曾").len(), 2);
    assert_eq!(erase(&store, 1), Ok(Purged::Now));
    assert_eq!(find(), [(); 6].map(|()| vec![]));
    assert_eq!(by_name(&store, "曾"), [person(2)]);
    assert_erased(&store, 1);
    assert_known(&store, 2);
}

fn id_number(number: u128) -> String {
    fields_of(number)[&PersonField::IdNumber].expose().clone()
}

#[test]
fn a_further_field_replaces_the_one_before_and_leaves_the_others() {
    let centre = Centre::new();
    let store = centre.open();
    record(&store, 1);
    let phone: BTreeMap<_, _> = [(PersonField::Phone, Pii::new("15499999999".to_owned()))].into();
    let more = phone.clone();
    let recorded = store
        .write_blocking(move |write| write.record_person(person(1), &more, MORNING, fill_random));
    recorded.unwrap().unwrap();
    let mut expected = fields_of(1);
    expected.extend(phone);
    assert_eq!(read(&store, 1), Some(PersonRecord::Known(expected)));
    assert!(by_number(&store, PersonField::Phone, "15400000001").is_empty());
    assert_eq!(
        by_number(&store, PersonField::Phone, "15499999999"),
        [person(1)]
    );
}

#[test]
fn nothing_but_the_search_table_holds_plain_text_and_an_erasure_leaves_none_anywhere() {
    const PERSONS: u128 = 600;
    const WAVE: usize = 20;
    let erased = |number: &u128| number.is_multiple_of(2);
    let log = logged();
    tracing::info!("the log is captured");
    let centre = Centre::new();
    let store = centre.open();
    let recorded = store.write_blocking(|write| {
        for number in 1..=PERSONS {
            let fields = fields_of(number);
            let recorded = write.record_person(person(number), &fields, MORNING, fill_random)?;
            recorded.unwrap();
        }
        Ok(())
    });
    recorded.unwrap();
    for number in [1, 2, PERSONS] {
        for (field, value) in fields_of(number) {
            let holders = centre.holders(value.expose().as_bytes());
            let is_name = field == PersonField::Name;
            assert_eq!(!holders.is_empty(), is_name, "{field:?} in {holders:?}");
            assert!(holders.iter().all(|name| name.starts_with("central.db")));
        }
    }
    let keys_before = centre.wrapped();
    // in several waves, so that pages are split and joined in between
    let to_erase: Vec<u128> = (1..=PERSONS).filter(erased).collect();
    for wave in to_erase.chunks(WAVE) {
        let wave = wave.iter().copied().map(erasure).collect();
        assert_eq!(store.erase_persons(wave, MORNING).unwrap(), Ok(Purged::Now));
    }
    let kept: Vec<u128> = (1..=PERSONS).filter(|number| !erased(number)).collect();
    assert_only_names_and_keys_of(&kept, &centre, &keys_before);
    let log = String::from_utf8_lossy(&log.lock().unwrap()).into_owned();
    assert!(log.contains("the log is captured"));
    for text in ["曾测样", "zengceyang", "15400000001", "示例巷子"] {
        assert!(!log.contains(text), "{text} was logged");
    }
}

/// The files hold names and keys of `kept` and, of all that were there before, of nobody else.
fn assert_only_names_and_keys_of(kept: &[u128], centre: &Centre, keys_before: &[(String, Sealed)]) {
    for prefix in ["曾测样", "zengceyang", "zcy"] {
        let expected = kept.iter().map(|number| format!("{number:05}"));
        assert_eq!(centre.after(prefix, 5), expected.collect(), "{prefix}");
    }
    let of_kept: BTreeSet<String> = kept.iter().map(|n| person(*n).to_string()).collect();
    let digits = |wrapped: &Sealed| wrapped.to_string().split_off(FORMAT.len());
    let all_keys: BTreeSet<String> = keys_before
        .iter()
        .filter(|(name, _)| name.parse::<PersonId>().is_ok())
        .map(|(_, wrapped)| digits(wrapped))
        .collect();
    let kept_keys = keys_before
        .iter()
        .filter(|(name, _)| of_kept.contains(name))
        .map(|(_, wrapped)| digits(wrapped))
        .collect();
    let key_chars = all_keys.first().unwrap().len();
    let found = centre.after(FORMAT, key_chars);
    let still_there: BTreeSet<String> = all_keys.intersection(&found).cloned().collect();
    assert_eq!(still_there, kept_keys);
}

#[test]
fn a_rebuild_gives_equal_tables_before_and_after_an_erasure_and_copies_the_record() {
    let centre = Centre::new();
    let store = centre.open();
    (1..=3).for_each(|number| record(&store, number));
    let record_of = || {
        let sql = centre.sql();
        let mut query = sql.prepare("SELECT text FROM events ORDER BY 1").unwrap();
        let texts = query.query_map([], |row| row.get::<_, String>(0)).unwrap();
        texts.map(|text| text.unwrap()).collect::<Vec<_>>()
    };
    let (tables, texts) = (centre.tables(), record_of());
    assert!(tables.len() > 3 * 6, "{tables:?}");
    rebuild(&store);
    assert_eq!(centre.tables(), tables);
    assert_eq!(record_of(), texts);
    erase(&store, 2).unwrap();
    let erased = centre.tables();
    assert!(erased.len() < tables.len());
    rebuild(&store);
    assert_eq!(centre.tables(), erased);
    assert_erased(&store, 2);
    assert_known(&store, 1);
}

#[test]
fn nothing_is_sealed_for_somebody_erased_or_unknown_and_nobody_is_erased_twice() {
    let centre = Centre::new();
    let store = centre.open();
    record(&store, 1);
    let seal = |number| {
        let place = PersonRecorded::place(person(number), PersonField::Phone);
        let value = Pii::new("15400000001".to_owned());
        let sealed = store.read_blocking(|reader| reader.vault().seal(place, &value, fill_random));
        sealed.unwrap()
    };
    let sealed = seal(1).unwrap();
    erase(&store, 1).unwrap();
    let gone = PersonFault::Erased(person(1));
    assert_eq!(seal(1), Err(gone));
    assert_eq!(erase(&store, 1), Err(gone));
    assert_eq!(seal(9), Err(PersonFault::Unknown(person(9))));
    assert_eq!(erase(&store, 9), Err(PersonFault::Unknown(person(9))));
    let place = PersonRecorded::place(person(1), PersonField::Phone);
    let opened = store.read_blocking(|reader| reader.vault().open(place, &sealed));
    assert_eq!(opened.unwrap(), Opened::Erased);
    let again = store.write_blocking(|write| {
        write.record_person(person(1), &fields_of(1), MORNING, fill_random)
    });
    assert_eq!(again.unwrap(), Err(gone));
}

#[test]
fn a_ciphertext_moved_to_another_person_or_field_is_refused_and_leaves_no_event() {
    let centre = Centre::new();
    let store = centre.open();
    record(&store, 1);
    record(&store, 2);
    let place = PersonRecorded::place(person(1), PersonField::Phone);
    let value = Pii::new("15400000077".to_owned());
    let sealed = store
        .read_blocking(|reader| reader.vault().seal(place, &value, fill_random))
        .unwrap()
        .unwrap();
    let events = || {
        let counted = store.read_blocking(|reader| reader.count_of_kind(PersonRecorded::KIND));
        counted.unwrap()
    };
    let before = events();
    for (to, field) in [(2, PersonField::Phone), (1, PersonField::Address)] {
        let moved = PersonRecorded {
            person: person(to),
            fields: [(field, sealed.clone())].into(),
        };
        let appended =
            store.write_blocking(move |write| write.append(&Event::PersonRecorded(moved), MORNING));
        assert!(appended.is_err());
    }
    assert_eq!(events(), before);
    assert_known(&store, 2);
}

#[test]
fn a_restored_backup_older_than_an_erasure_is_erased_from_again() {
    let centre = Centre::new();
    let store = centre.open();
    record(&store, 1);
    record(&store, 2);
    let keeping = Parameters::on(MORNING.hall_date()).unwrap().keeping;
    let desk = BackupDesk::new(store.store.clone(), &centre.data(), None, keeping);
    desk.make(None, MORNING).unwrap();
    drop(desk);
    erase(&store, 1).unwrap();
    drop(store);
    let (data, backups) = (centre.data(), folder_beside(&centre.data()));
    let custody = KeyCustody::of(&data, None, None).unwrap();
    restore(&backups, &data, custody, Occupied::MoveAside, MORNING).unwrap();
    let store = centre.open();
    assert_erased(&store, 1);
    assert_known(&store, 2);
    drop(store);
    assert_eq!(centre.holders("曾测样00001".as_bytes()), [""; 0]);
    let sql = centre.sql();
    let text: String = sql
        .query_row(
            "SELECT text FROM events WHERE kind = 'person.erased.v1'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert!(text.contains("restored_backup"), "{text}");
}

#[test]
fn an_erasure_that_the_list_lacks_is_added_when_the_store_opens() {
    let centre = Centre::new();
    let list = centre.beside(".master.key.erased");
    let store = centre.open();
    record(&store, 1);
    erase(&store, 1).unwrap();
    drop(store);
    let whole = fs::read(&list).unwrap();
    for cut in [0, 5, whole.len() - 1] {
        fs::write(&list, &whole[..cut]).unwrap();
        drop(centre.open());
        assert_eq!(fs::read(&list).unwrap(), whole);
    }
    fs::remove_file(&list).unwrap();
    drop(centre.open());
    assert_eq!(fs::read(&list).unwrap(), whole);
    fs::write(&list, "什么\n").unwrap();
    assert!(matches!(
        centre.refusal(None),
        KeyError::ListDamaged { line: 1, .. }
    ));
}
