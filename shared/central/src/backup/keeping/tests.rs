//! The laws of keeping, on generated folders, and the hours of the schedule.

use proptest::prelude::*;

use super::*;

/// 2026-11-23, a Monday, at 09:00 in the hall.
const MONDAY: UtcMs = UtcMs(1_795_395_600_000);
const KEEPING: Keeping = Keeping {
    all_days: 2,
    daily_days: 14,
    weekly_weeks: 8,
    monthly_months: 12,
};

fn hours_ago(hours: i64) -> UtcMs {
    MONDAY.plus_minutes(-60 * hours)
}

/// Instants of the two years before `MONDAY`.
fn instants() -> impl Strategy<Value = Vec<UtcMs>> {
    let instant = (0..2 * 365 * 24 * 60_i64).prop_map(|minutes| MONDAY.plus_minutes(-minutes));
    prop::collection::vec(instant, 0..200)
}

fn keeping() -> impl Strategy<Value = Keeping> {
    let spans = (0..5_u16, 0..20_u16, 0..12_u16, 0..15_u16);
    spans.prop_map(
        |(all_days, daily_days, weekly_weeks, monthly_months)| Keeping {
            all_days,
            daily_days,
            weekly_weeks,
            monthly_months,
        },
    )
}

proptest! {
    #[test]
    fn the_newest_is_kept_and_nothing_is_kept_that_was_not_there(
        made in instants(), keeping in keeping(), later in 0..1_000_i64,
    ) {
        let kept = to_keep(&made, MONDAY.plus_minutes(later * 24 * 60), &keeping);
        prop_assert_eq!(kept.last(), made.iter().max());
        prop_assert!(kept.iter().all(|at| made.contains(at)));
    }

    #[test]
    fn keeping_again_keeps_the_same(made in instants(), keeping in keeping()) {
        let once: Vec<UtcMs> = to_keep(&made, MONDAY, &keeping).into_iter().collect();
        let twice: Vec<UtcMs> = to_keep(&once, MONDAY, &keeping).into_iter().collect();
        prop_assert_eq!(once, twice);
    }

    #[test]
    fn what_was_deleted_on_the_way_would_not_have_been_kept_in_the_end(
        made in instants(), more in instants(), keeping in keeping(), days in 0..400_i64,
    ) {
        let later = MONDAY.plus_minutes(days * 24 * 60);
        let more: Vec<UtcMs> = more
            .iter()
            .map(|at| later.plus_ms(-(MONDAY.ms_since(*at) % (later.ms_since(MONDAY) + 1))))
            .filter(|at| *at > MONDAY)
            .collect();
        let on_the_way = to_keep(&made, MONDAY, &keeping);
        let held: Vec<UtcMs> = on_the_way.into_iter().chain(more.clone()).collect();
        let all: Vec<UtcMs> = made.into_iter().chain(more).collect();
        prop_assert_eq!(to_keep(&held, later, &keeping), to_keep(&all, later, &keeping));
    }

    #[test]
    fn wider_spans_keep_what_narrower_ones_keep(
        made in instants(), narrow in keeping(), wide in keeping(),
    ) {
        let wide = Keeping {
            all_days: narrow.all_days.max(wide.all_days),
            daily_days: narrow.daily_days.max(wide.daily_days),
            weekly_weeks: narrow.weekly_weeks.max(wide.weekly_weeks),
            monthly_months: narrow.monthly_months.max(wide.monthly_months),
        };
        let narrow = to_keep(&made, MONDAY, &narrow);
        prop_assert!(to_keep(&made, MONDAY, &wide).is_superset(&narrow));
    }

    #[test]
    fn what_goes_has_a_later_one_of_its_own_day_or_is_past_its_span(made in instants()) {
        let kept = to_keep(&made, MONDAY, &KEEPING);
        for doomed in made.iter().filter(|at| !kept.contains(at)) {
            let reasons = reasons(*doomed, &kept);
            prop_assert!(!reasons.is_empty());
            prop_assert!(reasons.iter().all(|at| at > doomed && kept.contains(at)));
        }
    }
}

#[test]
fn hourly_backups_of_two_years_come_down_to_days_weeks_and_months() {
    let made: Vec<UtcMs> = (0..2 * 365 * 24).map(hours_ago).collect();
    let kept = to_keep(&made, MONDAY, &KEEPING);
    let of_two_days = 10 + 24;
    // of the 14 days the two are in it already; of the 8 weeks the last days of the first three
    // are among the 14; of the 12 months the present one's is
    assert_eq!(kept.len(), of_two_days + 12 + 5 + 11);
    assert_eq!(kept.first().unwrap().hall_date().to_string(), "2025-12-31");
}

#[test]
fn what_seems_to_be_of_the_future_is_kept() {
    let future = [hours_ago(-48), hours_ago(-49), hours_ago(-50)];
    assert_eq!(to_keep(&future, MONDAY, &KEEPING).len(), 3);
}

fn due(newest: Option<UtcMs>, tried_at: Option<UtcMs>, started_at: UtcMs, now: UtcMs) -> bool {
    let at = NaiveTime::from_hms_opt(2, 30, 0).unwrap();
    let seen = Seen {
        started_at,
        newest,
        tried_at,
    };
    is_due(at, &seen, now)
}

#[test]
fn a_backup_is_due_from_its_hour_until_one_is_made() {
    let long_ago = hours_ago(100);
    let half_past_two = MONDAY.plus_minutes(-390);
    let yesterday = half_past_two.plus_minutes(-24 * 60 + 1);
    assert!(!due(
        Some(yesterday),
        None,
        long_ago,
        half_past_two.plus_ms(-1)
    ));
    assert!(due(Some(yesterday), None, long_ago, half_past_two));
    assert!(!due(Some(half_past_two), None, long_ago, MONDAY));
    assert!(due(None, None, long_ago, MONDAY));
}

#[test]
fn a_service_that_was_off_at_the_hour_makes_up_for_it_after_a_while() {
    let started = MONDAY;
    assert!(!due(None, None, started, MONDAY.plus_minutes(4)));
    assert!(due(None, None, started, MONDAY.plus_minutes(5)));
}

#[test]
fn a_failed_try_is_repeated_after_an_hour_and_at_the_next_hour_of_the_schedule() {
    let long_ago = hours_ago(100);
    let tried = Some(MONDAY);
    assert!(!due(None, tried, long_ago, MONDAY.plus_minutes(59)));
    assert!(due(None, tried, long_ago, MONDAY.plus_minutes(60)));
    let next_hour = MONDAY.plus_minutes(24 * 60 - 390);
    let just_before = Some(next_hour.plus_minutes(-1));
    assert!(due(None, just_before, long_ago, next_hour));
}

#[test]
fn a_clock_that_was_ahead_once_does_not_end_the_backups() {
    let long_ago = hours_ago(100);
    let future = Some(hours_ago(-10_000));
    assert!(due(future, None, long_ago, MONDAY));
    assert!(due(None, future, long_ago, MONDAY));
}
