//! From records to lines and alarms.

use domain::time::UtcMs;
use wire::api::DeviceKind;
use wire::problem::ProblemCode;
use wire::status::LogCondition;

use super::fixtures::{HALL, NOW, id, no_records, records, rules};
use super::*;
use crate::backup::Seen;
use crate::store::{Contact, Refusal, Standing};

const DAY_MINUTES: i64 = 24 * 60;

fn texts(page: &FleetPage) -> Vec<String> {
    let alarms = page.alarms.iter();
    alarms.map(|alarm| alarm.text(page.now)).collect()
}

fn state(records: &FleetRecords) -> String {
    let page = records.page();
    page.lines[0].state.text(page.now)
}

#[test]
fn every_state_is_said_in_words() {
    let kiosk = || no_records().with_kiosk(1);
    let said = |log| {
        kiosk()
            .told(1, 0, (0, None))
            .but(1, |status| status.log = log)
    };
    for (records, words) in [
        (kiosk(), "还没有连上"),
        (kiosk().told(1, 0, (0, None)), "在线"),
        (kiosk().told(1, 4, (0, None)), "在线"),
        (kiosk().told(1, 5, (0, None)), "断线，最后一次在 10:19"),
        (
            kiosk().told(1, DAY_MINUTES, (0, None)),
            "断线，最后一次在 昨天 10:24",
        ),
        (said(LogCondition::NearlyFull), "存储快满了"),
        (said(LogCondition::Full), "存储满了，不能再办理"),
        (said(LogCondition::Halted), "记录对不上，请重新登记"),
        (
            kiosk().standing(1, Standing::Equivocated),
            "记录对不上，请重新登记",
        ),
        (
            said(LogCondition::Full).standing(1, Standing::Revoked),
            "已停用",
        ),
    ] {
        assert_eq!(state(&records), words);
    }
}

#[test]
fn a_machine_behind_a_node_is_neither_on_line_nor_off_line_here() {
    let far = HALL;
    let records = no_records()
        .with(7, "节点", DeviceKind::HallNode, far)
        .told(7, 0, (0, None))
        .with_kiosk(1);
    let page = records.page();
    let words: Vec<_> = page.lines.iter().map(|line| line.state.word()).collect();
    assert_eq!(words, ["由大厅节点代传", "在线"]);
    assert!(page.alarms.is_empty(), "{:?}", texts(&page));
    assert_eq!(page.lines[0].skew_ms, None);
}

#[test]
fn a_request_at_the_door_counts_as_being_seen() {
    let mut records = no_records().with_kiosk(1).told(1, 30, (0, None));
    records.seen.insert(id(1), NOW);
    assert_eq!(state(&records), "在线");
}

#[test]
fn the_oldest_event_is_told_by_the_services_clock() {
    let line = |records: FleetRecords| records.page().lines.remove(0);
    let slow = no_records().with_kiosk(1).told(1, 0, (3, Some(200)));
    let slow = slow.but(1, |status| status.device_time = NOW.plus_minutes(-180));
    let told = line(slow.clone());
    assert_eq!(told.skew_ms, Some(180 * 60_000));
    let oldest = told.backlog.unwrap().oldest;
    assert_eq!(oldest, Some(NOW.plus_minutes(-20)));
    // an event that waits did not happen before those that were pushed, nor after it was told of
    let mut pushed = slow;
    pushed
        .contacts
        .insert(id(1), contact(-10, NOW.plus_minutes(-11)));
    let oldest = line(pushed).backlog.unwrap().oldest;
    assert_eq!(oldest, Some(NOW.plus_minutes(-11)));
    let future = no_records().with_kiosk(1).told(1, 1, (3, Some(-99)));
    let oldest = line(future).backlog.unwrap().oldest;
    assert_eq!(oldest, Some(NOW.plus_minutes(-1)));
}

fn contact(minutes: i64, covered_until: UtcMs) -> Contact {
    let key = wire::sign::DeviceKey::from_bytes(&[7; 32]);
    let tail = wire::envelope::ChainHead::EMPTY;
    Contact {
        last_push_at: NOW.plus_minutes(minutes),
        skew_ms: 77,
        clock_since_seq: 0,
        covered_until,
        tail,
        signature: key.sign_tail(id(1), tail),
        signed_by: None,
    }
}

#[test]
fn the_newer_measurement_of_a_clock_counts() {
    let skew_after_push = |minutes| {
        let mut records = no_records().with_kiosk(1).told(1, 5, (0, None));
        records.contacts.insert(id(1), contact(minutes, NOW));
        records.page().lines[0].skew_ms
    };
    assert_eq!(skew_after_push(-4), Some(77));
    assert_eq!(skew_after_push(-6), Some(0));
}

#[test]
fn versions_are_compared_by_their_numbers() {
    for (version, age) in [
        ("0.2.0", VersionAge::Same),
        ("0.1.9", VersionAge::Older),
        ("0.1.10", VersionAge::Older),
        ("0.10.0", VersionAge::Newer),
        ("0.2.0-样例", VersionAge::Same),
        ("自己编的", VersionAge::Same),
    ] {
        let records = no_records().with_kiosk(1).told(1, 0, (0, None));
        let records = records.but(1, |status| status.version = version.into());
        let line = records.page().lines.remove(0);
        assert_eq!(line.version.unwrap().age, age, "{version}");
    }
}

#[test]
fn a_quiet_fleet_has_no_alarm() {
    let records = no_records().with_kiosk(1).told(1, 0, (5, Some(3)));
    assert!(records.page().alarms.is_empty());
    assert!(!records.page().lines[0].needs_a_look());
}

#[test]
fn the_worst_alarm_stands_first() {
    assert_eq!(
        texts(&records().page()),
        [
            "样例区就业服务中心 3 号窗口评价器的记录和这里的对不上，已经不再收它的记录",
            "样例区就业服务中心 3 号自助机断线了，最后一次在 10:02",
            "样例区就业服务中心 大厅屏控制器：第 12 件起的 3 件在等前面缺的（从 10:02 起）",
            "样例区就业服务中心 大厅屏控制器的时钟慢 1 小时",
        ]
    );
}

#[test]
fn a_contradiction_says_how_much_does_not_count() {
    let alarm = &records().page().alarms[0];
    assert!(alarm.next_step().contains("有 2 件没有算进来"));
    let none = no_records()
        .with_kiosk(1)
        .standing(1, Standing::Equivocated);
    assert!(!none.page().alarms[0].next_step().contains("没有算进来"));
}

#[test]
fn a_revoked_device_raises_nothing() {
    let records = no_records()
        .with_kiosk(1)
        .told(1, 9 * DAY_MINUTES, (3, Some(0)))
        .with_gap(1, 60)
        .but(1, |status| status.log = LogCondition::Full)
        .standing(1, Standing::Revoked);
    assert!(records.page().alarms.is_empty());
}

#[test]
fn a_gap_is_an_alarm_only_after_ten_minutes() {
    let alarms = |minutes| {
        let records = no_records().with_kiosk(1).told(1, 0, (0, None));
        let page = records.with_gap(1, minutes).page();
        assert!(page.lines[0].needs_a_look());
        page.alarms.len()
    };
    assert_eq!((alarms(0), alarms(10), alarms(11)), (0, 0, 1));
}

#[test]
fn who_has_a_gap_is_not_told_to_fill_it_while_off_line() {
    let next = |minutes_silent| {
        let records = no_records().with_kiosk(1);
        let records = records.told(1, minutes_silent, (0, None)).with_gap(1, 30);
        let alarms = records.page().alarms;
        alarms.last().unwrap().next_step().into_owned()
    };
    assert!(next(0).contains("不要清空它"));
    assert!(next(20).contains("连上后会自己补传"));
}

#[test]
fn a_clock_is_an_alarm_beyond_five_minutes_either_way() {
    let alarms = |ms: i64| {
        let records = no_records().with_kiosk(1).told(1, 0, (0, None));
        let records = records.but(1, |status| status.device_time = NOW.plus_ms(ms));
        texts(&records.page())
    };
    assert!(alarms(300_000).is_empty() && alarms(-300_000).is_empty());
    assert_eq!(alarms(300_001), ["1 号自助机的时钟快 5 分钟"]);
    assert_eq!(alarms(-300_001), ["1 号自助机的时钟慢 5 分钟"]);
}

#[test]
fn silence_is_an_alarm_only_while_halls_are_open() {
    let records = no_records().with_kiosk(1).told(1, 5, (0, None));
    let records = records.with_kiosk(2).told(2, 0, (0, None));
    assert_eq!(
        texts(&records.page()),
        ["1 号自助机断线了，最后一次在 10:19"]
    );
    let night = FleetPage::of(&records, &rules(), NOW.plus_minutes(12 * 60));
    assert!(night.alarms.is_empty(), "{:?}", texts(&night));
    assert!(night.lines[0].needs_a_look(), "the list still says it");
}

#[test]
fn the_silent_machines_of_a_hall_share_one_alarm() {
    let silent = |count: u128| {
        (1..=count).fold(no_records(), |records, n| {
            records.with_kiosk(n).told(n, 9, (0, None))
        })
    };
    let whole = silent(3).page();
    assert_eq!(texts(&whole), ["样例区就业服务中心的 3 台设备都断线了"]);
    assert!(whole.alarms[0].next_step().contains("路由器"));
    assert_eq!(whole.alarms[0].urgency(), Urgency::Now);
    let but_one = silent(2).with_kiosk(9).told(9, 0, (0, None)).page();
    assert_eq!(texts(&but_one), ["1 号自助机、2 号自助机 2 台断线了"]);
    assert_eq!(but_one.alarms[0].device(), None);
    let many = silent(5).with_kiosk(9).told(9, 0, (0, None)).page();
    assert!(texts(&many)[0].ends_with("4 号自助机等 5 台断线了"));
}

#[test]
fn full_logs_and_cut_off_nodes_are_alarms_at_any_hour() {
    let records = no_records()
        .with_kiosk(1)
        .told(1, 0, (900, None))
        .but(1, |status| status.log = LogCondition::Full)
        .with_kiosk(2)
        .told(2, 0, (800, None))
        .but(2, |status| status.log = LogCondition::NearlyFull);
    assert_eq!(
        texts(&records.page()),
        ["1 号自助机存储满了，不能再办理", "2 号自助机存储快满了"]
    );
    let node = no_records()
        .with(7, "节点", DeviceKind::HallNode, HALL)
        .told(7, 40, (0, None));
    let night = FleetPage::of(&node, &rules(), NOW.plus_minutes(12 * 60));
    assert_eq!(texts(&night), ["节点和这里断了，最后一次在 09:44"]);
}

#[test]
fn a_node_says_when_its_centre_no_longer_answers() {
    let heard = |minutes: i64| {
        let mut records = no_records();
        records.centre_heard_at = Some(NOW.plus_minutes(-minutes));
        texts(&records.page())
    };
    assert!(heard(4).is_empty());
    assert_eq!(heard(5), ["这个大厅和中心断了，最后一次在 10:19"]);
}

#[test]
fn a_backup_is_late_after_a_day_and_two_hours() {
    let alarms = |newest: Option<i64>, started: i64| {
        let mut records = no_records();
        records.backups = Some(Seen {
            started_at: NOW.plus_minutes(-started * 60),
            newest: newest.map(|hours| NOW.plus_minutes(-hours * 60)),
            tried_at: None,
        });
        texts(&records.page())
    };
    assert!(alarms(Some(26), 99).is_empty());
    assert!(alarms(None, 26).is_empty());
    assert_eq!(
        alarms(Some(32), 99),
        ["最近一次备份是 昨天 02:24，之后没有做成"]
    );
    assert_eq!(alarms(None, 27), ["还没有做成过一次备份"]);
}

#[test]
fn a_hundred_refusals_in_ten_minutes_are_a_storm() {
    let alarms = |refusals: &[(u128, ProblemCode, u64)]| {
        let mut records = no_records().with_kiosk(1).told(1, 0, (0, None));
        let refusals = refusals.iter().map(|(n, code, times)| Refusal {
            device: id(*n),
            code: *code,
            times: *times,
        });
        records.refusals = refusals.collect();
        texts(&records.page())
    };
    let skew = ProblemCode::ClockSkew;
    assert!(alarms(&[(1, skew, 99)]).is_empty());
    assert_eq!(
        alarms(&[(1, skew, 60), (1, ProblemCode::Replayed, 40)]),
        ["1 号自助机 10 分钟里被拒绝 100 次：时钟差得太多"]
    );
    let unknown = ProblemCode::DeviceUnknown;
    assert_eq!(
        alarms(&[(50, unknown, 70), (51, unknown, 70)]),
        ["没有登记过的机器 10 分钟里被拒绝 140 次：没有登记"],
        "made-up names share one alarm"
    );
}

#[test]
fn every_alarm_says_what_comes_next() {
    for alarm in records().page().alarms {
        let next = alarm.next_step();
        assert!(next.ends_with('。'), "{next}");
    }
}

#[test]
fn one_hall_has_its_own_machines_and_alarms_and_those_of_nobody() {
    let mut records = records();
    records.backups = Some(Seen {
        started_at: UtcMs(0),
        newest: None,
        tried_at: None,
    });
    let far = records.page().only_hall(fixtures::FAR_HALL);
    assert_eq!(far.lines.len(), 2);
    assert_eq!(texts(&far), ["还没有做成过一次备份"]);
}
