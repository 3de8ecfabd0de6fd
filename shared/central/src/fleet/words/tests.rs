//! Every word of the fleet, with its boundaries.

use super::*;
use crate::fleet::fixtures::{NOW, id};

const YESTERDAY: i64 = 24 * 60;

#[test]
fn a_backlog_says_how_many_and_since_when() {
    let ago = |minutes: i64| Some(NOW.plus_minutes(-minutes));
    for (count, oldest, words) in [
        (0, None, "都已上传"),
        (0, ago(5), "都已上传"),
        (1, ago(0), "1 件未上传，最早 10:24"),
        (3, ago(22), "3 件未上传，最早 10:02"),
        (3, ago(10 * 60 + 24), "3 件未上传，最早 00:00"),
        (3, ago(10 * 60 + 25), "3 件未上传，最早 昨天 23:59"),
        (3, ago(2 * YESTERDAY), "3 件未上传，最早 11月21日 10:24"),
        (1_200, None, "1200 件未上传"),
    ] {
        assert_eq!(waiting_text(count, oldest, NOW), words);
    }
}

#[test]
fn what_was_said_before_the_line_broke_is_said_as_such() {
    let backlog = |count, is_of_the_past| {
        let oldest = Some(NOW.plus_minutes(-22));
        let backlog = Backlog {
            count,
            oldest,
            is_of_the_past,
        };
        backlog_text(Some(backlog), NOW)
    };
    assert_eq!(backlog(3, true), "断线时 3 件未上传，最早 10:02");
    assert_eq!(backlog(0, true), "断线时都已上传");
    assert_eq!(backlog(0, false), "都已上传");
    assert_eq!(backlog_text(None, NOW), "—");
}

#[test]
fn a_clock_is_right_within_two_seconds_and_else_slow_or_fast() {
    const MINUTE: i64 = 60_000;
    for (skew_ms, words) in [
        (Some(0), "时钟准"),
        (Some(2_000), "时钟准"),
        (Some(-2_000), "时钟准"),
        (Some(2_001), "慢 2 秒"),
        (Some(-2_999), "快 2 秒"),
        (Some(59_999), "慢 59 秒"),
        (Some(MINUTE), "慢 1 分钟"),
        (Some(3 * MINUTE + 59_000), "慢 3 分钟"),
        (Some(-59 * MINUTE), "快 59 分钟"),
        (Some(-60 * MINUTE), "快 1 小时"),
        (Some(80 * MINUTE), "慢 1 小时 20 分钟"),
        (Some(24 * 60 * MINUTE - 1), "慢 23 小时 59 分钟"),
        (Some(24 * 60 * MINUTE), "慢 1 天"),
        (Some(i64::MIN), "快 106751991167 天"),
        (None, "—"),
    ] {
        assert_eq!(clock_text(skew_ms), words, "{skew_ms:?}");
    }
}

#[test]
fn the_last_word_of_a_machine_is_dated_as_people_do() {
    for (minutes, words) in [
        (0, "刚才"),
        (1, "10:23"),
        (YESTERDAY, "昨天 10:24"),
        (9 * YESTERDAY, "11月14日 10:24"),
        (365 * YESTERDAY, "2025年11月23日 10:24"),
    ] {
        let at = Some(NOW.plus_minutes(-minutes));
        assert_eq!(last_seen_text(at, NOW), words);
    }
    assert_eq!(last_seen_text(None, NOW), "—");
}

#[test]
fn a_gap_names_what_waits_and_since_when() {
    let gap = |held, minutes: i64| {
        let gap = ChainGap {
            writer: id(1),
            held,
            first_seq: 12,
            since: NOW.plus_minutes(-minutes),
        };
        gap_text(&gap, NOW)
    };
    assert_eq!(gap(3, 22), "第 12 件起的 3 件在等前面缺的（从 10:02 起）");
    assert_eq!(
        gap(1, YESTERDAY),
        "第 12 件在等前面缺的（从 昨天 10:24 起）"
    );
}

#[test]
fn a_version_says_who_must_be_upgraded() {
    let version = |age| {
        let text = "1.2.3".to_owned();
        version_text(Some(&Version { text, age }))
    };
    assert_eq!(version(VersionAge::Same), "1.2.3");
    assert_eq!(version(VersionAge::Older), "1.2.3，需要升级");
    assert_eq!(version(VersionAge::Newer), "1.2.3，比服务器新");
    assert_eq!(version_text(None), "—");
}

#[test]
fn a_key_says_its_age_and_that_it_is_due() {
    let key = |days: i64, is_due| {
        let ms = days * DAY_MS;
        key_text(KeyAge { ms, is_due })
    };
    assert_eq!(key(0, false), "今天刚换");
    assert_eq!(key(12, false), "用了 12 天");
    assert_eq!(key(190, true), "用了 190 天，该换了；连上后它自己换");
    let ahead = KeyAge {
        ms: -5,
        is_due: false,
    };
    assert_eq!(key_text(ahead), "今天刚换");
}
