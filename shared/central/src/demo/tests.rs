//! The demo's hall as its visitors find it.

use domain::id::KindId;

use super::*;
use crate::edge::system_clock;

#[test]
fn a_seeded_hall_has_listings_a_queue_in_full_swing_and_scores() {
    let dir = tempfile::tempdir().unwrap();
    let plan = DemoPlan {
        now: system_clock()(),
        seed: 7,
        password: "a long password".into(),
        devices: vec![(DeviceKind::DisplayDriver, "屏".into())],
    };
    let seeded = seed_demo(dir.path(), &plan).unwrap();
    assert!(seeded.listings >= 3_000, "{}", seeded.listings);
    assert_eq!(seeded.codes.len(), 1);
    let again = seed_demo(dir.path(), &plan).unwrap();
    assert_eq!(again.hall, seeded.hall);
    assert_eq!(again.accounts.len(), 12);
    assert_ne!(again.accounts[0].password, seeded.accounts[0].password);
    let taken = DataDir::take(dir.path()).unwrap();
    let store = open_store(&taken, Marking::Real, plan.now).unwrap();
    assert!(store.is_synthetic());
    let hall = store.live().halls[&seeded.hall].clone();
    assert!(!hall.queue.tickets.is_empty());
    let today = plan.now.hall_date();
    let scores = store
        .read_blocking(|reader| reader.hall_scores(hall.hall, today, today))
        .unwrap();
    let scored: u64 = scores
        .windows
        .values()
        .map(domain::rating::WindowScores::scored)
        .sum();
    assert!(scored > 0);
    let (boards, published) = store
        .read_blocking(|reader| {
            let kind = KindId::new("led_publication").unwrap();
            Ok((
                reader.registered_boards()?,
                reader.case_counts(&kind, None)?,
            ))
        })
        .unwrap();
    let numbers: Vec<_> = boards.iter().map(|board| board.number.as_str()).collect();
    assert_eq!(numbers, ["LED-01", "LED-02", "LED-03"]);
    let states: Vec<_> = published.into_iter().collect();
    let expected = [("draft", 1), ("on_air", 2), ("scheduled", 1)];
    assert_eq!(
        states,
        expected.map(|(state, count)| (state.to_owned(), count))
    );
}
