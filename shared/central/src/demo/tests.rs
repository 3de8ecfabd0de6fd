//! The demo's hall as its visitors find it.

use domain::case::{Value, Values};
use domain::comparison::BATCH_NO;
use domain::id::{DeviceId, KindId};
use wire::api::{FeedBody, PublicBody, Topic};
use wire::public::PolicyStanding;

use super::*;
use crate::cases::ListShelf;
use crate::cases::comparing::BroughtList;
use crate::edge::system_clock;
use crate::store::{FeedAnswer, FeedDialect, FeedQuery};

/// A morning of the year whose calendar is shipped.
fn ordinary_morning() -> DemoPlan {
    DemoPlan {
        now: UtcMs(1_795_395_600_000),
        seed: 7,
        password: "a long password".into(),
        devices: Vec::new(),
    }
}

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
    let low = store.read_blocking(|reader| {
        reader.low_scores_without_record(plan.now.plus_minutes(-24 * 60), 100)
    });
    let low = low.unwrap();
    assert!(low.iter().any(|score| score.reasons == ["R05"]), "{low:?}");
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

/// Every page of a kiosk has something to show, published through the records of its kind.
#[test]
fn a_seeded_hall_tells_its_citizens_something_of_everything() {
    let dir = tempfile::tempdir().unwrap();
    let plan = ordinary_morning();
    let seeded = seed_demo(dir.path(), &plan).unwrap();
    let taken = DataDir::take(dir.path()).unwrap();
    let store = open_store(&taken, Marking::Real, plan.now).unwrap();
    let told = |topic: Topic| -> Vec<PublicBody> {
        let query = FeedQuery {
            device: DeviceId(uuid::Uuid::from_u128(9)),
            hall: seeded.hall,
            topics: vec![topic],
            after: 0,
            limit: 100,
            now: plan.now,
            snapshot: None,
            reads: FeedDialect::Snapshots,
        };
        let answer = store
            .read_blocking(|reader| reader.feed_page(&query))
            .unwrap();
        let FeedAnswer::Page(page) = answer else {
            panic!("a snapshot is never too old");
        };
        let bodies = page.rows.iter().map(|row| match row.read_body().unwrap() {
            Some(FeedBody::Public(body)) => body,
            other => panic!("{other:?}"),
        });
        bodies.collect()
    };
    assert_eq!(told(Topic::Station).len(), 51);
    assert!(told(Topic::Guide).len() >= 12);
    assert!(told(Topic::Announcement).len() >= 3);
    assert!(told(Topic::GigJob).len() >= 8);
    let groups = told(Topic::Guide)
        .into_iter()
        .filter_map(|body| match body {
            PublicBody::Guide(item) => item.group,
            _ => None,
        });
    let groups: std::collections::BTreeSet<String> =
        groups.map(|group| group.to_string()).collect();
    assert_eq!(groups.into_iter().collect::<String>(), "ABCDE");
    let policies: Vec<_> = told(Topic::Policy)
        .into_iter()
        .filter_map(|body| match body {
            PublicBody::Policy(policy) => Some(policy),
            _ => None,
        })
        .collect();
    assert!(policies.len() >= 7);
    let today = plan.now.hall_date();
    let ended = policies
        .iter()
        .filter(|policy| matches!(policy.standing_on(today), PolicyStanding::Ended { .. }));
    assert_eq!(ended.count(), 1);
    for policy in &policies {
        assert!(
            policy.text.len() >= 2 && policy.summary.len() == 6,
            "{}",
            policy.title
        );
    }
}

/// Who brings a list of the demonstration sees what comparing is for: two are hit, one row is refused.
#[test]
fn every_list_of_the_demonstration_hits_somebody_and_has_a_row_that_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let plan = ordinary_morning();
    seed_demo(dir.path(), &plan).unwrap();
    let taken = DataDir::take(dir.path()).unwrap();
    let store = open_store(&taken, Marking::Real, plan.now).unwrap();
    let desk = records::desk(&store).unwrap();
    let shelf = ListShelf::embedded().unwrap();
    for list in shelf.comparisons() {
        let file_name = format!("{}.csv", list.name);
        let batch_no = Value::Text("2026-11".to_owned());
        let brought = BroughtList {
            list: list.id.clone(),
            bytes: std::fs::read(dir.path().join(LISTS_FOLDER).join(&file_name)).unwrap(),
            file_name,
            asked: Values::from([(BATCH_NO.to_owned(), batch_no)]),
        };
        let tried = desk.try_list(list, &brought, plan.now).unwrap().unwrap();
        assert_eq!(tried.hits().count(), 2, "{}", list.name);
        assert_eq!(tried.read.rejected.len(), 1, "{}", list.name);
    }
}
