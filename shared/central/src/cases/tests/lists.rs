//! Lists: what is found, by what it is called now, in which order and how much of it.

use super::*;

pub(super) fn query(typed: &str) -> CaseQuery {
    CaseQuery {
        tokens: tokens_of_query(typed),
        sort: CaseSort::Changed,
        ..CaseQuery::of(KindId::new("aid").unwrap(), 50)
    }
}

#[tokio::test]
async fn a_list_finds_by_characters_initials_and_number() {
    let folder = tempfile::tempdir().unwrap();
    let desk = desk(folder.path());
    let who = person(&desk, "999999199001010016").await.unwrap();
    aid(&desk, who, "眼镜装配").await;
    aid(&desk, who, "铜加工").await;
    for (typed, count) in [
        ("", 2),
        ("眼镜", 1),
        ("yjzp", 1),
        ("jg", 1),
        ("00002", 1),
        ("电", 0),
    ] {
        let found = desk.list(query(typed)).await.unwrap();
        assert_eq!(found.total, count, "{typed}");
        assert_eq!(found.lines.len() as u64, count, "{typed}");
    }
}

#[tokio::test]
async fn a_record_is_found_by_what_it_is_called_now_and_no_more_by_what_it_was_called() {
    let folder = tempfile::tempdir().unwrap();
    let desk = desk(folder.path());
    let who = person(&desk, "999999199001010016").await.unwrap();
    aid_called_otherwise(&desk, who, "眼镜装配", "铜加工").await;
    for (typed, count) in [
        ("眼镜", 0),
        ("yj", 0),
        ("铜加工", 1),
        ("tjg", 1),
        ("00001", 1),
    ] {
        let found = desk.list(query(typed)).await.unwrap();
        assert_eq!(found.total, count, "{typed}");
    }
}

#[tokio::test]
async fn a_search_that_finds_thousands_is_counted_ordered_and_in_pages() {
    let folder = tempfile::tempdir().unwrap();
    let desk = desk(folder.path());
    let who = person(&desk, "999999199001010016").await.unwrap();
    let text = |number| Value::Text(format!("求职{number:04}"));
    let values = (0..2_100).map(|number| Values::from([("what".into(), text(number))]));
    let new = values.map(|values| new("aid", Some(who), values)).collect();
    let many = desk.clone();
    let opened = move || many.open_all(new, actor(1, Role::Clerk), MORNING).unwrap();
    let opened = tokio::task::spawn_blocking(opened).await.unwrap();
    let submitted = *opened[1_999].as_ref().unwrap();
    let submit = Command::step("submit");
    let by = actor(1, Role::Clerk);
    desk.act(submitted, 1, submit, by, MORNING).await.unwrap();
    let mut asked = query("求职");
    asked.sort = CaseSort::Title;
    asked.page.offset = 1_000;
    let found = desk.list(asked.clone()).await.unwrap();
    assert_eq!((found.total, found.lines.len()), (2_100, 50));
    assert_eq!(found.lines[0].title, "测** · 求职1000");
    asked.page.offset = 0;
    asked.sort = CaseSort::Due;
    let found = desk.list(asked.clone()).await.unwrap();
    assert_eq!(found.lines[0].record, submitted);
    asked.states = vec!["submitted".into()];
    let found = desk.list(asked).await.unwrap();
    assert_eq!((found.total, found.lines.len()), (1, 1));
}
