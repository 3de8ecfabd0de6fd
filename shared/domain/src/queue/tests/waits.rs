//! What is told of the wait.

use super::*;

fn estimate(hall: &Hall, letter: char, ahead: usize) -> WaitEstimate {
    wait_estimate(&hall.queue, group(letter), ahead, &hall.rules, hall.now)
}

/// Somebody found `ahead` people before one window and waited so many minutes per place.
fn sample(hall: &Hall, ahead: u16, minutes_per_place: i64) -> WaitSample {
    WaitSample {
        group: group('A'),
        arrived_at: hall.now,
        found: Line { ahead, windows: 1 },
        waited_ms: minutes_per_place * (i64::from(ahead) + 1) * MINUTE_MS,
    }
}

#[test]
fn without_measured_waits_the_usual_minutes_of_the_group_make_a_wide_interval() {
    let mut hall = Hall::new(&["A", "A"]);
    assert_eq!(estimate(&hall, 'A', 0), WaitEstimate::Now);
    hall.take('A');
    hall.take('A');
    hall.call(1);
    hall.call(2);
    // 4 places of 10 minutes before 2 windows: 20 minutes, from 30 to 150 hundredths
    assert_eq!(
        estimate(&hall, 'A', 3),
        WaitEstimate::Between { low: 6, high: 30 }
    );
    hall.act(1, WindowAct::Close(LeavingWindow::Confirmed))
        .unwrap();
    assert_eq!(
        estimate(&hall, 'A', 3),
        WaitEstimate::Between { low: 12, high: 60 }
    );
}

#[test]
fn the_interval_is_what_most_people_waited_who_found_such_a_line() {
    let mut hall = Hall::new(&["A"]);
    let samples: Vec<_> = (0..100).map(|n| sample(&hall, 4, 1 + n % 10)).collect();
    hall.queue.recall_waits(samples);
    // 1 to 10 minutes a place, evenly; of 100 people 80 waited 2 to 9
    assert_eq!(
        estimate(&hall, 'A', 4),
        WaitEstimate::Between { low: 10, high: 45 }
    );
    assert_eq!(
        estimate(&hall, 'A', 9),
        WaitEstimate::Between { low: 20, high: 90 }
    );
}

#[test]
fn other_hours_and_lengths_speak_only_while_too_little_was_seen() {
    let mut hall = Hall::new(&["A"]);
    hall.take('A');
    hall.call(1);
    let few: Vec<_> = (0..30).map(|_| sample(&hall, 20, 2)).collect();
    hall.queue.recall_waits(few);
    assert_eq!(
        estimate(&hall, 'A', 1),
        WaitEstimate::Between { low: 4, high: 5 }
    );
    let like: Vec<_> = (0..30).map(|_| sample(&hall, 1, 6)).collect();
    hall.queue.recall_waits(like);
    assert_eq!(
        estimate(&hall, 'A', 1),
        WaitEstimate::Between { low: 12, high: 13 }
    );
}

#[test]
fn a_first_call_is_learnt_and_a_return_is_not() {
    let mut hall = Hall::new(&["A"]);
    for _ in 0..30 {
        hall.take('A');
        hall.wait_minutes(3);
        hall.serve_next(1);
    }
    hall.take('A');
    hall.call(1);
    assert_eq!(
        estimate(&hall, 'A', 0),
        WaitEstimate::Between { low: 3, high: 4 }
    );
    let before = hall.queue.waits.clone();
    hall.act(1, WindowAct::Pause(LeavingWindow::Asks)).unwrap();
    hall.act(1, WindowAct::Open).unwrap();
    hall.wait_minutes(30);
    hall.call(1);
    assert_eq!(hall.queue.waits, before);
}

#[test]
fn a_wait_beyond_what_is_shown_is_said_to_be_longer() {
    let mut hall = Hall::new(&["A"]);
    hall.take('A');
    hall.call(1);
    assert_eq!(estimate(&hall, 'A', 30), WaitEstimate::Over { minutes: 60 });
    assert_eq!(estimate(&hall, 'A', 30).text(), "60 分钟以上");
}

#[test]
fn an_interval_is_right_or_wrong_about_what_came() {
    let told = WaitEstimate::Between { low: 5, high: 12 };
    assert_eq!(told.was_right(5 * MINUTE_MS), Some(true));
    assert_eq!(told.was_right(12 * MINUTE_MS), Some(true));
    assert_eq!(told.was_right(12 * MINUTE_MS + 1), Some(false));
    assert_eq!(told.was_right(4 * MINUTE_MS), Some(false));
    assert_eq!(WaitEstimate::Over { minutes: 60 }.was_right(0), Some(false));
    assert_eq!(WaitEstimate::Unknown.was_right(0), None);
}
