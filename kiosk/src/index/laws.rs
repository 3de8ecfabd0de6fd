//! What the index promises, proved on small invented halls: a search finds exactly what the query
//! means, whatever the order of publishing, changing and withdrawing.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use chrono::Days;
use proptest::prelude::*;

use domain::listing::{Education, JobForm, Listing};
use domain::money::Fen;

use super::sample::{categories, index, listing, place, published, today};
use super::*;

const EVERYTHING: Slice = Slice {
    after: None,
    rows: 1_000,
};

fn words(text: &str) -> Query {
    Query {
        text: Text::Words(text.to_owned()),
        ..Query::default()
    }
}

fn letters(text: &str) -> Query {
    Query {
        text: Text::Letters(Letters::new(text)),
        ..Query::default()
    }
}

fn titles(index: &Index, query: &Query) -> Vec<String> {
    let page = index.search(query, EVERYTHING, today()).unwrap();
    page.rows.into_iter().map(|row| row.title).collect()
}

#[test]
fn initials_full_pinyin_and_beginnings_find_an_electrician() {
    let folder = tempfile::tempdir().unwrap();
    let index = index(
        folder.path(),
        &[listing(1, "维修电工（倒班）"), listing(2, "面点师")],
    );
    for typed in ["dg", "diangong", "dian", "wxdg", "weixiudiangong"] {
        let found = titles(&index, &letters(typed));
        assert!(
            found.contains(&"维修电工（倒班）".to_owned()),
            "{typed}: {found:?}"
        );
    }
    assert_eq!(titles(&index, &letters("diangongz")), Vec::<String>::new());
}

#[test]
fn the_first_suggestion_for_dg_is_the_word_most_listings_have() {
    let folder = tempfile::tempdir().unwrap();
    let titles = [
        "电工",
        "水电工",
        "维修电工",
        "导购",
        "电工 包吃住",
        "大库管理",
    ];
    let listings: Vec<Listing> = (1..)
        .zip(titles)
        .map(|(order, t)| listing(order, t))
        .collect();
    let index = index(folder.path(), &listings);
    for typed in ["dg", "diangong", "dgong", "diang"] {
        let suggested = index.suggest(&Letters::new(typed), 5, today()).unwrap();
        let first = &suggested.suggestions[0];
        assert_eq!(
            (first.word.as_str(), first.listings),
            ("电工", 4),
            "{typed}"
        );
    }
    let suggested = index.suggest(&Letters::new("d"), 5, today()).unwrap();
    assert!(suggested.next.contains('G') && suggested.next.contains('i'));
    assert!(!suggested.next.contains('b'));
    let none = index.suggest(&Letters::new("xyz"), 5, today()).unwrap();
    assert_eq!(none, Suggested::default());
}

#[test]
fn newest_first_and_never_anything_expired() {
    let folder = tempfile::tempdir().unwrap();
    let mut expired = listing(3, "电工丙");
    expired.valid_to = today() - Days::new(1);
    let mut index = index(
        folder.path(),
        &[listing(1, "电工甲"), listing(2, "电工乙"), expired.clone()],
    );
    assert_eq!(titles(&index, &words("电工")), ["电工乙", "电工甲"]);
    assert_eq!(titles(&index, &Query::default()), ["电工乙", "电工甲"]);
    assert_eq!(
        index.count(&words("电工"), today(), 100).unwrap(),
        Count::Exactly(2)
    );
    assert_eq!(index.get(&expired.short_id, today()).unwrap(), None);
    assert_eq!(
        index.totals(today()).unwrap(),
        Totals {
            open: 2,
            published_today: 2
        }
    );
    assert_eq!(index.purge_expired(today()).unwrap(), 1);
    assert_eq!(titles(&index, &words("电工")), ["电工乙", "电工甲"]);
    assert_eq!(index.purge_expired(today() + Days::new(1)).unwrap(), 2);
    assert_eq!(
        index.suggest(&Letters::new("dg"), 5, today()).unwrap(),
        Suggested::default()
    );
}

#[test]
fn paging_neither_skips_nor_repeats_while_new_listings_arrive() {
    let folder = tempfile::tempdir().unwrap();
    let mut index = index(
        folder.path(),
        &(1..=10).map(|n| listing(n, "电工")).collect::<Vec<_>>(),
    );
    let (mut seen, mut after) = (Vec::new(), None);
    for newer in 11.. {
        let page = index
            .search(&words("电工"), Slice { after, rows: 3 }, today())
            .unwrap();
        seen.extend(page.rows.iter().map(|row| row.publication_order));
        index
            .apply(&[published(&listing(newer, "电工"))], newer)
            .unwrap();
        after = page.end();
        if !page.has_more {
            break;
        }
    }
    assert_eq!(seen, (1..=10).rev().collect::<Vec<_>>());
}

#[test]
fn relaxations_say_what_dropping_one_part_really_finds() {
    let folder = tempfile::tempdir().unwrap();
    let mut near = listing(1, "电工");
    near.place = Some(place("甲市", Some("乙区")));
    let mut paid = listing(2, "电工");
    paid.place = Some(place("甲市", Some("丙区")));
    paid.monthly.low = Some(Fen(900_000));
    let index = index(folder.path(), &[near, paid]);
    let query = Query {
        place: Some(PlaceFilter {
            city: "甲市".into(),
            area: Some("乙区".into()),
        }),
        pay_from: Some(Fen(800_000)),
        ..words("电工")
    };
    assert!(
        index
            .search(&query, EVERYTHING, today())
            .unwrap()
            .rows
            .is_empty()
    );
    let one = Count::Exactly(1);
    assert_eq!(
        index.relaxations(&query, today(), 100).unwrap(),
        [QueryPart::Pay, QueryPart::Area, QueryPart::Place]
            .map(|part| Relaxation { part, count: one })
    );
}

#[test]
fn a_batch_that_fails_changes_neither_rows_nor_cursor() {
    let folder = tempfile::tempdir().unwrap();
    let mut index = index(folder.path(), &[listing(1, "电工")]);
    let mut intruder = listing(9, "保洁");
    intruder.publication_order = 1;
    let rows = [
        published(&listing(2, "电工")),
        FeedChange {
            position: 3,
            ..published(&intruder)
        },
    ];
    assert!(matches!(
        index.apply(&rows, 3),
        Err(IndexError::OrderTaken { order: 1, .. })
    ));
    assert_eq!(index.cursor().unwrap(), 1);
    assert_eq!(titles(&index, &Query::default()), ["电工"]);
    assert_eq!(
        index.suggest(&Letters::new("bj"), 5, today()).unwrap(),
        Suggested::default()
    );
}

#[test]
fn rows_seen_before_are_passed_over_and_the_last_change_of_a_batch_counts() {
    let folder = tempfile::tempdir().unwrap();
    let (mut index, first) = (index(folder.path(), &[]), listing(1, "电工"));
    let mut renamed = first.clone();
    renamed.title = "保洁".to_owned();
    let change = |position, body| FeedChange {
        position,
        key: first.id,
        body,
    };
    index
        .apply(
            &[change(5, Some(first.clone())), change(6, Some(renamed))],
            6,
        )
        .unwrap();
    assert_eq!(titles(&index, &Query::default()), ["保洁"]);
    index.apply(&[change(5, Some(first.clone()))], 5).unwrap();
    assert_eq!(
        (titles(&index, &Query::default()), index.cursor().unwrap()),
        (vec!["保洁".to_owned()], 6)
    );
    index.apply(&[change(7, None)], 7).unwrap();
    assert_eq!(titles(&index, &Query::default()), Vec::<String>::new());
}

#[test]
fn a_damaged_cache_or_one_of_other_categories_starts_again_from_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cache.db");
    drop(index(folder.path(), &[listing(1, "电工")]));
    assert_eq!(
        Index::open(&path, categories()).unwrap().cursor().unwrap(),
        1
    );
    let others = Categories::from_json(r#"{"categories":[]}"#).unwrap();
    assert_eq!(
        Index::open(&path, Arc::new(others))
            .unwrap()
            .cursor()
            .unwrap(),
        0
    );
    std::fs::write(&path, b"this is no database, whatever its name says").unwrap();
    let index = Index::open(&path, categories()).unwrap();
    assert_eq!(
        (index.cursor().unwrap(), titles(&index, &Query::default())),
        (0, vec![])
    );
}

#[test]
fn a_reading_connection_sees_rows_at_once_and_words_after_refresh() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = index(folder.path(), &[]);
    let mut reader = Index::open(&folder.path().join("cache.db"), categories()).unwrap();
    writer
        .apply(&[published(&listing(1, "镜片打磨"))], 1)
        .unwrap();
    assert_eq!(titles(&reader, &words("镜片")), ["镜片打磨"]);
    reader.refresh().unwrap();
    let suggested = reader.suggest(&Letters::new("jp"), 5, today()).unwrap();
    assert_eq!(suggested.suggestions[0].word, "镜片打磨");
}

#[test]
fn counting_stops_at_its_bound() {
    let folder = tempfile::tempdir().unwrap();
    let index = index(
        folder.path(),
        &(1..=5).map(|n| listing(n, "电工")).collect::<Vec<_>>(),
    );
    assert_eq!(
        index.count(&words("电"), today(), 4).unwrap(),
        Count::AtLeast(4)
    );
    assert_eq!(
        index.count(&words("电"), today(), 5).unwrap(),
        Count::Exactly(5)
    );
}

#[test]
fn places_are_counted_by_city_and_area() {
    let folder = tempfile::tempdir().unwrap();
    let listings = [
        (1, "甲市", Some("乙区")),
        (2, "甲市", Some("乙区")),
        (3, "丁市", None),
    ];
    let listings = listings.map(|(order, city, area)| {
        let mut listing = listing(order, "电工");
        listing.place = Some(place(city, area));
        listing
    });
    let index = index(folder.path(), &listings);
    let filter = |city: &str, area: Option<&str>| PlaceFilter {
        city: city.to_owned(),
        area: area.map(str::to_owned),
    };
    assert_eq!(
        index.places(today()).unwrap(),
        [(filter("甲市", Some("乙区")), 2), (filter("丁市", None), 1)]
    );
}

fn a_title() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "电工",
        "保洁",
        "会计",
        "店长",
        "水",
        "维修电工",
        "工",
        "Java",
        "plc",
        "（急）",
        " ",
        "女工",
        "长",
    ]);
    prop::collection::vec(part, 1..4).prop_map(|parts| parts.concat())
}

prop_compose! {
    fn a_listing()(
        order in 1_u64..40,
        title in a_title(),
        employer in prop::option::of(prop::sample::select(vec!["电工公司", "甲厂"])),
        city in prop::option::of(prop::sample::select(vec!["甲市", "乙 市"])),
        area in prop::option::of(prop::sample::select(vec!["东区", "·"])),
        low in prop::option::of(0_i64..9_000),
        high in prop::option::of(0_i64..25_000),
        education in prop::option::of(prop::sample::select(Education::ALL.to_vec())),
        job_form in prop::option::of(prop::sample::select(JobForm::ALL.to_vec())),
        late in 0_u64..3,
    ) -> Listing {
        let mut made = listing(order, &title);
        made.employer = employer.map(str::to_owned);
        made.place = city.map(|city| place(city, area));
        made.monthly.low = low.and_then(Fen::from_yuan);
        made.monthly.high = high.and_then(Fen::from_yuan);
        made.education = education;
        made.job_form = job_form;
        made.valid_to = today() + Days::new(1) - Days::new(late);
        made
    }
}

prop_compose! {
    fn a_query()(
        text in prop_oneof![
            Just(Text::None),
            prop::sample::select(vec!["工", "电工", "修电工", "维修电工", "维修电工长", "java", "电工 plc", "市"])
                .prop_map(|words| Text::Words(words.to_owned())),
            prop::sample::select(vec!["d", "dg", "gbj", "kuaiji", "hj", "nvgong", "weixiudiang", "diangongshui", "ja"])
                .prop_map(|typed| Text::Letters(Letters::new(typed))),
        ],
        category in prop::option::of(0_usize..2),
        city in prop::option::of(prop::sample::select(vec!["甲市", "乙 市"])),
        area in prop::option::of(prop::sample::select(vec!["东区", "·"])),
        pay_from in prop::option::of(0_i64..25_000),
        education in prop::option::of(prop::sample::select(Education::ALL.to_vec())),
        job_form in prop::option::of(prop::sample::select(JobForm::ALL.to_vec())),
    ) -> Query {
        let place = city.map(|city| PlaceFilter { city: city.to_owned(), area: area.map(str::to_owned) });
        Query {
            text,
            category: category.map(|position| categories().all()[position].id),
            place,
            pay_from: pay_from.and_then(Fen::from_yuan),
            education,
            job_form,
        }
    }
}

/// Listings by key after all changes, as the index should hold them.
fn play(index: &mut Index, changes: &[(Listing, bool)]) -> BTreeMap<ListingId, Listing> {
    let mut held = BTreeMap::new();
    for (batch_no, batch) in changes.chunks(7).enumerate() {
        let rows: Vec<FeedChange> = batch
            .iter()
            .zip(batch_no * 7 + 1..)
            .map(|((listing, stays), position)| FeedChange {
                position: position as u64,
                key: listing.id,
                body: stays.then(|| listing.clone()),
            })
            .collect();
        for row in &rows {
            match &row.body {
                Some(listing) => held.insert(row.key, listing.clone()),
                None => held.remove(&row.key),
            };
        }
        index
            .apply(&rows, (batch_no * 7 + batch.len()) as u64)
            .unwrap();
    }
    held
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn a_search_finds_exactly_what_the_query_means(
        changes in prop::collection::vec((a_listing(), prop::bool::weighted(0.85)), 0..40),
        queries in prop::collection::vec(a_query(), 8),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let mut index = index(folder.path(), &[]);
        let held = play(&mut index, &changes);
        for query in queries {
            let mut expected: Vec<&Listing> = held
                .values()
                .filter(|listing| query.fits(listing, categories().of(listing), today()))
                .collect();
            expected.sort_by_key(|listing| Reverse(listing.publication_order));
            let found = index.search(&query, EVERYTHING, today()).unwrap().rows;
            prop_assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{:?}", query);
            let count = index.count(&query, today(), 1_000).unwrap();
            prop_assert_eq!(count, Count::Exactly(u32::try_from(found.len()).unwrap()));
        }
    }

    #[test]
    fn the_number_beside_a_suggestion_is_what_its_search_finds(
        changes in prop::collection::vec((a_listing(), prop::bool::weighted(0.85)), 0..40),
        typed in prop::sample::select(vec!["d", "dg", "kj", "b", "w", "j"]),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let mut index = index(folder.path(), &[]);
        play(&mut index, &changes);
        index.purge_expired(today()).unwrap();
        let suggested = index.suggest(&Letters::new(typed), 50, today()).unwrap();
        for suggestion in suggested.suggestions {
            let mut found = 0;
            index.find(&words(&suggestion.word), 0, today(), |_| {
                found += 1;
                ControlFlow::Continue(())
            }).unwrap();
            prop_assert_eq!(found, suggestion.listings, "{}", suggestion.word);
        }
    }
}
