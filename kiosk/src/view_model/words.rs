//! Words that several pages share: numbers as people write them, windows, seconds.

use std::time::Duration;

use domain::id::WindowNo;

/// `3,128`
#[must_use]
pub fn thousands(number: u32) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1、3–5 号窗口`; nothing for no window.
#[must_use]
pub fn windows(windows: &[WindowNo]) -> String {
    let mut numbers: Vec<u8> = windows.iter().map(|window| window.get()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let runs: Vec<String> = numbers.chunk_by(|a, b| a + 1 == *b).map(run).collect();
    if runs.is_empty() {
        String::new()
    } else {
        format!("{} 号窗口", runs.join("、"))
    }
}

fn run(numbers: &[u8]) -> String {
    match numbers {
        [first, _, .., last] => format!("{first}–{last}"),
        _ => numbers
            .iter()
            .map(u8::to_string)
            .collect::<Vec<_>>()
            .join("、"),
    }
}

/// Whole seconds that are left, rounded up, so that a count-down ends at 1 and not at 0.
#[must_use]
pub fn seconds_left(until: Duration, now: Duration) -> u64 {
    until
        .saturating_sub(now)
        .as_millis()
        .div_ceil(1_000)
        .try_into()
        .unwrap_or(u64::MAX)
}

/// The share of a count-down that is left, 0 to 1.
#[must_use]
pub fn share_left(until: Duration, now: Duration, whole: Duration) -> f32 {
    until
        .saturating_sub(now)
        .div_duration_f32(whole)
        .clamp(0.0, 1.0)
}

/// `第 1 / 3 页`; nothing when there is one page.
#[must_use]
pub fn page_text(page: usize, per_page: usize, rows: usize) -> String {
    let pages = rows.div_ceil(per_page.max(1));
    if pages > 1 {
        format!("第 {} / {pages} 页", page + 1)
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_with_separators() {
        assert_eq!(thousands(7), "7");
        assert_eq!(thousands(1_000), "1,000");
        assert_eq!(thousands(12_345_678), "12,345,678");
    }

    #[test]
    fn neighbouring_windows_are_written_as_a_range() {
        let text = |numbers: &[u8]| {
            let all: Vec<_> = numbers.iter().map(|n| WindowNo::new(*n).unwrap()).collect();
            windows(&all)
        };
        assert_eq!(text(&[]), "");
        assert_eq!(text(&[3]), "3 号窗口");
        assert_eq!(text(&[2, 1]), "1、2 号窗口");
        assert_eq!(text(&[1, 2, 3, 5]), "1–3、5 号窗口");
    }

    #[test]
    fn a_countdown_says_one_until_it_is_over() {
        let s = Duration::from_secs;
        assert_eq!(seconds_left(s(30), s(0)), 30);
        assert_eq!(seconds_left(s(30), Duration::from_millis(29_001)), 1);
        assert_eq!(seconds_left(s(30), s(31)), 0);
    }
}
