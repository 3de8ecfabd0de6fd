//! The store's promises: a rebuild changes nothing, what was acknowledged survives, a failing job
//! leaves no trace, one writer serves many at once.

use std::path::Path;

use chrono::NaiveDate;
use domain::id::{HallId, ImportId, ListingId, RatingId, StaffId, TicketId, WindowNo};
use domain::queue::{Command, LeavingWindow, NumberAsked, Seat, SecretHash, WindowAct, Wish};
use domain::rating::{Channel, Level, Submission};
use domain::time::UtcMs;
use uuid::Uuid;
use wire::event::{
    Event, ImportedRow, ListingWithdrawn, Origin, RatingSubmitted, RawRow, StaffActed,
    VacanciesImported, VacanciesPublished, VisitProof,
};

use super::*;
use crate::authority::{self, Submitter};
use crate::layout;
use crate::parameters::Parameters;

const HALL: HallId = HallId(Uuid::from_u128(1));
/// 2026-11-23 09:00 in the hall.
const MORNING: UtcMs = UtcMs(1_795_395_600_000);

fn open(path: &Path) -> Store {
    let opening = Opening {
        marking: Marking::Synthetic,
        centre_if_new: DeviceId(Uuid::from_u128(99)),
        hall_parameters: Parameters::on(MORNING.hall_date()).unwrap().hall,
        role: Role::Centre,
        vfs: None,
        custody: KeyCustody::of(path.parent().unwrap(), None, None).unwrap(),
        now: MORNING,
    };
    Store::open(path, opening).unwrap()
}

fn window(number: u8) -> WindowNo {
    WindowNo::new(number).unwrap()
}

fn lay_out(store: &Store) {
    let groups = "AB"
        .chars()
        .map(|c| domain::id::GroupCode::new(c).unwrap())
        .collect();
    let named = layout::of_windows("示例大厅", [(window(1), groups)].into()).unwrap();
    let laid = store.write_blocking(move |write| layout::lay_out(write, HALL, named, MORNING));
    laid.unwrap().unwrap();
}

fn give(store: &Store, command: Command, at: UtcMs) {
    let given = store.write_blocking(move |write| authority::give(write, HALL, command, at));
    given.unwrap().unwrap();
}

fn asked(ticket: TicketId) -> Command {
    Command::TakeNumber(NumberAsked {
        ticket,
        group: domain::id::GroupCode::new('A').unwrap(),
        priority: None,
        wish: Wish::default(),
        token_hash: SecretHash([1; 32]),
        code_hash: SecretHash([2; 32]),
    })
}

fn take(store: &Store, number: u128, at: UtcMs) -> TicketId {
    let ticket = TicketId(Uuid::from_u128(1_000 + number));
    give(store, asked(ticket), at);
    ticket
}

fn act(act: WindowAct) -> Command {
    let (window, clerk) = (window(1), Some(StaffId(Uuid::from_u128(9))));
    Command::At(Seat { window, clerk }, act)
}

fn score(store: &Store, ticket: TicketId, rating: u128, at: UtcMs) -> bool {
    let submitted = RatingSubmitted {
        hall: HALL,
        visit: VisitProof::TokenChecked { ticket },
        submission: Submission {
            rating: RatingId(Uuid::from_u128(rating)),
            matter_level: Level::Good,
            staff_level: None,
            reasons: vec![],
            channel: Channel::Phone,
        },
        origin: Origin::Demo,
    };
    let scored = store.write_blocking(move |write| {
        write.append(&Event::RatingSubmitted(submitted.clone()), at)?;
        authority::score(write, &submitted, Submitter::Phone, at)
    });
    scored.unwrap().is_ok()
}

fn publish_two_listings(store: &Store) {
    let row = |n: u128| ImportedRow {
        listing: ListingId(Uuid::from_u128(n)),
        source_key: format!("id:{n}"),
        raw: RawRow(format!(
            r#"{{"title":"电工{n}","salary_text":"5000-6000元/月"}}"#
        )),
    };
    let (import, on) = (ImportId(Uuid::from_u128(5)), MORNING.hall_date());
    let imported = VacanciesImported {
        import,
        as_of: on,
        rows: vec![row(50), row(51)],
    };
    let published = VacanciesPublished {
        import,
        by: "甲".into(),
        on,
    };
    let (by, reason) = ("甲".into(), "招满了".into());
    let withdrawn = ListingWithdrawn {
        listing: ListingId(Uuid::from_u128(51)),
        by,
        reason,
    };
    let appended = store.write_blocking(move |write| {
        write.append(&Event::VacanciesImported(imported), MORNING)?;
        write.append(&Event::VacanciesPublished(published), MORNING)?;
        write.append(&Event::ListingWithdrawn(withdrawn), MORNING)
    });
    appended.unwrap();
}

/// A day with everything that is projected from the centre's own events.
fn live_a_day(store: &Store) {
    lay_out(store);
    publish_two_listings(store);
    let first = take(store, 1, MORNING.plus_minutes(1));
    take(store, 2, MORNING.plus_minutes(2));
    give(store, act(WindowAct::CallNext), MORNING.plus_minutes(3));
    give(store, act(WindowAct::Finish), MORNING.plus_minutes(9));
    assert!(score(store, first, 70, MORNING.plus_minutes(10)));
    assert!(!score(store, first, 71, MORNING.plus_minutes(11)));
    give(store, act(WindowAct::CallNext), MORNING.plus_minutes(12));
    for minutes in [13, 14] {
        let again = act(WindowAct::CallAgain);
        give(store, again, MORNING.plus_minutes(minutes));
    }
    give(store, act(WindowAct::MarkMissed), MORNING.plus_minutes(15));
    take(store, 3, MORNING.plus_minutes(24 * 60));
}

fn dump(store: &Store) -> Vec<String> {
    store
        .read_blocking(|reader| Ok(derived::dump(reader.sql)))
        .unwrap()
}

#[test]
fn a_rebuild_gives_the_same_tables_and_positions() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir.path().join("s.db"));
    live_a_day(&store);
    let before = dump(&store);
    let tables: std::collections::BTreeSet<_> = before
        .iter()
        .filter_map(|line| line.split(':').next())
        .collect();
    assert!(tables.is_superset(&["feed", "halls", "ratings", "vacancies", "visits"].into()));
    let replayed = store.write_blocking(|write| write.rebuild()).unwrap();
    assert!(replayed > 12);
    assert_eq!(dump(&store), before);
    let damage = |write: &mut Write<'_>| {
        Ok(write
            .sql
            .execute_batch("UPDATE visits SET calls = 7; DELETE FROM ratings;")?)
    };
    store.write_blocking(damage).unwrap();
    assert_ne!(dump(&store), before);
    store.write_blocking(|write| write.rebuild()).unwrap();
    assert_eq!(dump(&store), before);
}

#[test]
fn a_reopened_store_has_the_same_queue_as_before() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("s.db");
    let store = open(&path);
    live_a_day(&store);
    let queue = store.live().halls[&HALL].queue.clone();
    assert_eq!(
        queue.tickets.len(),
        1,
        "the day before was closed by itself"
    );
    drop(store);
    assert_eq!(open(&path).live().halls[&HALL].queue, queue);
}

#[test]
fn a_reopened_store_knows_how_long_people_waited_on_days_before() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("s.db");
    let store = open(&path);
    live_a_day(&store);
    for day in 1..=3 {
        let morning = MORNING.plus_minutes(day * 24 * 60);
        for visit in 0..12 {
            let number = u128::try_from(day * 100 + visit).unwrap();
            let at = morning.plus_minutes(visit * 10 + 1);
            take(&store, number, at);
            for (command, minutes) in [
                (act(WindowAct::CallNext), 1),
                (act(WindowAct::Start), 2),
                (act(WindowAct::Finish), 3 + visit % 4),
            ] {
                give(&store, command, at.plus_minutes(minutes));
            }
        }
    }
    let window_closed = act(WindowAct::Close(LeavingWindow::Asks));
    give(
        &store,
        window_closed,
        MORNING.plus_minutes(3 * 24 * 60 + 300),
    );
    let queue = store.live().halls[&HALL].queue.clone();
    drop(store);
    assert_eq!(open(&path).live().halls[&HALL].queue, queue);
}

#[test]
fn what_was_acknowledged_is_in_the_files_at_that_moment() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("s.db");
    let store = open(&path);
    lay_out(&store);
    let ticket = take(&store, 1, MORNING);
    let crashed = tempfile::tempdir().unwrap();
    for name in ["s.db", "s.db-wal"] {
        std::fs::copy(dir.path().join(name), crashed.path().join(name)).unwrap();
    }
    let reopened = open(&crashed.path().join("s.db"));
    assert!(
        reopened.live().halls[&HALL]
            .queue
            .tickets
            .contains_key(&ticket)
    );
    assert_eq!(
        reopened
            .read_blocking(|reader| reader.verify())
            .unwrap()
            .faults,
        [""; 0]
    );
}

#[test]
fn a_failing_job_leaves_no_trace_in_tables_or_memory() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir.path().join("s.db"));
    lay_out(&store);
    let before = dump(&store);
    let failed: Result<(), StoreError> = store.write_blocking(|write| {
        let take = asked(TicketId(Uuid::from_u128(4)));
        authority::give(write, HALL, take, MORNING)?.unwrap();
        Err(StoreError::Full("as on a full disk".into()))
    });
    assert!(matches!(failed, Err(StoreError::Full(_))));
    assert_eq!(dump(&store), before);
    assert!(store.live().halls[&HALL].queue.tickets.is_empty());
    take(&store, 5, MORNING);
    let labels: Vec<String> = store.live().halls[&HALL]
        .queue
        .tickets
        .values()
        .map(|ticket| ticket.issued.label.to_string())
        .collect();
    assert_eq!(labels, ["A001"], "the number was not used up");
}

#[test]
fn a_full_store_refuses_and_keeps_what_it_acknowledged() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir.path().join("s.db"));
    lay_out(&store);
    let limit = |write: &mut Write<'_>| {
        let pages: i64 = write
            .sql
            .query_row("PRAGMA page_count", [], |row| row.get(0))?;
        let set = format!("PRAGMA max_page_count = {}", pages + 2);
        Ok(write.sql.query_row(&set, [], |_| Ok(()))?)
    };
    store.write_blocking(limit).unwrap();
    let note = |n: usize| {
        Event::StaffActed(StaffActed {
            act: "noted".into(),
            subject: format!("{n:04}").repeat(200),
            ..StaffActed::default()
        })
    };
    let mut acknowledged = 0;
    let refused = (0..200).find_map(|n| {
        let event = note(n);
        let written = store.write_blocking(move |write| write.append(&event, MORNING));
        acknowledged += u64::from(written.is_ok());
        written.err()
    });
    assert!(matches!(refused, Some(StoreError::Full(_))), "{refused:?}");
    let kept = store
        .read_blocking(|reader| reader.count_of_kind("staff.acted.v2"))
        .unwrap();
    assert_eq!(kept, acknowledged);
    assert_eq!(
        store
            .read_blocking(|reader| reader.verify())
            .unwrap()
            .faults,
        [""; 0]
    );
}

#[test]
fn many_writers_at_once_make_one_sound_chain() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir.path().join("s.db"));
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let store = store.clone();
            scope.spawn(move || {
                for n in 0..25 {
                    let subject = format!("{thread} {n}");
                    let body = StaffActed {
                        act: "noted".into(),
                        subject,
                        ..StaffActed::default()
                    };
                    let event = Event::StaffActed(body);
                    store
                        .write_blocking(move |write| write.append(&event, MORNING))
                        .unwrap();
                }
            });
        }
    });
    let found = store.read_blocking(|reader| reader.verify()).unwrap();
    assert_eq!((found.events, found.chains, found.faults), (200, 1, vec![]));
}

#[test]
fn a_changed_byte_in_the_record_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir.path().join("s.db"));
    live_a_day(&store);
    let change = |write: &mut Write<'_>| {
        let statement = "UPDATE events SET text = replace(text, 'A001', 'A009')";
        Ok(write.sql.execute_batch(statement)?)
    };
    store.write_blocking(change).unwrap();
    let found = store.read_blocking(|reader| reader.verify()).unwrap();
    assert!(!found.faults.is_empty());
}

#[test]
fn a_published_listing_is_dated_and_a_withdrawn_one_is_closed() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir.path().join("s.db"));
    publish_two_listings(&store);
    let page = |n: u128, on: NaiveDate| {
        let short_id = domain::id::ShortId::of(ListingId(Uuid::from_u128(n)));
        store
            .read_blocking(|reader| reader.listing_page(&short_id, on))
            .unwrap()
    };
    let today = MORNING.hall_date();
    let crate::overview::ListingPage::Open(listing) = page(50, today) else {
        panic!()
    };
    assert_eq!(
        (listing.title.as_str(), listing.publication_order),
        ("电工50", 1)
    );
    let past_its_last_day = listing.valid_to.succ_opt().unwrap();
    assert_eq!(
        page(50, past_its_last_day),
        crate::overview::ListingPage::Closed
    );
    assert_eq!(page(51, today), crate::overview::ListingPage::Closed);
    assert_eq!(page(52, today), crate::overview::ListingPage::Unknown);
}
