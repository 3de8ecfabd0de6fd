//! When the centre's own people retire, and who is told in time.

use super::*;
use crate::synthetic::id_number;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[tokio::test]
async fn half_a_year_before_somebody_retires_whoever_keeps_the_files_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = KindShelf::embedded().unwrap();
    let desk = CaseDesk::new(open_store(folder.path()), shelf, Arc::new(Weekdays));
    let who = Values::from([
        ("name".into(), personal("测试甲")),
        (
            "id_number".into(),
            personal(&id_number("999999", day("1966-11-15"), 1)),
        ),
    ]);
    let system = automatic::system();
    let import = |kind: &str, values| NewCase {
        channel: Channel::Import,
        ..new(kind, None, values)
    };
    let opened = desk.open(import("person", who), system.clone(), MORNING);
    let person = opened.await.unwrap();
    let files = Values::from([
        ("staff_no".into(), Value::Text("0042".into())),
        ("name".into(), personal("测试甲")),
        ("person_id".into(), Value::Record(person)),
        ("retire_track".into(), Value::Choice("man".into())),
    ]);
    let opened = desk.open(import("personnel_record", files), system, MORNING);
    let record = opened.await.unwrap();
    // six months later than at sixty, because born in the 23rd month after 1964
    let values = desk.view(record).await.unwrap().record.values;
    assert_eq!(values["retire_month"], Value::Text("2027-05".into()));
    assert_eq!(values["retires_on"], Value::Date(day("2027-05-31")));

    let told = async |on| {
        let keeper = crate::staff::tests::session([RoleGrant::everywhere(Role::Hr)]);
        let groups = desk.work_of(keeper, on).await.unwrap();
        let shown = groups.into_iter().flat_map(|group| group.shown);
        let of_files = shown.filter(|item| item.record == record);
        of_files.flat_map(|item| item.reminders).collect::<Vec<_>>()
    };
    assert_eq!(told(day("2026-12-01")).await, Vec::<String>::new());
    assert_eq!(told(day("2026-12-02")).await, ["办理退休"]);

    let woman = Draft::from([(
        "retire_track".into(),
        Some(Value::Choice("woman_50".into())),
    )]);
    let change = Command::Change {
        draft: woman,
        reason: "选错了".into(),
    };
    let changed = desk.act(record, 2, change, actor(1, Role::Hr), MORNING);
    changed.await.unwrap();
    let values = desk.view(record).await.unwrap().record.values;
    assert_eq!(values["retire_month"], Value::Text("2016-11".into()));
}
