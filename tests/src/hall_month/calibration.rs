//! How often what slips say of the wait comes true.

use std::fmt;

use domain::queue::WaitEstimate;

use super::Wait;

const MINUTE_MS: i64 = 60_000;

/// What was told, held against what came.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Calibration {
    /// People who were called.
    called: usize,
    /// Of these, who were promised nothing.
    unpromised: usize,
    right: usize,
    /// Called before the time that the slip said.
    sooner: usize,
    /// Called after it.
    later: usize,
    /// Waits in milliseconds, sorted.
    waits_ms: Vec<i64>,
    /// Widths of the told intervals in minutes, sorted.
    widths: Vec<i64>,
}

impl Calibration {
    /// Of these people; who was never called waited for nothing that could be compared.
    pub fn of<'w>(waits: impl IntoIterator<Item = &'w Wait>) -> Self {
        let mut all = Self::default();
        for wait in waits {
            if let Some(waited_ms) = wait.waited_ms {
                all.add(wait.told, waited_ms);
            }
        }
        all.waits_ms.sort_unstable();
        all.widths.sort_unstable();
        all
    }

    fn add(&mut self, told: WaitEstimate, waited_ms: i64) {
        self.called += 1;
        self.waits_ms.push(waited_ms);
        match told.was_right(waited_ms) {
            None => self.unpromised += 1,
            Some(true) => self.right += 1,
            Some(false) if waited_ms < low_ms(told) => self.sooner += 1,
            Some(false) => self.later += 1,
        }
        if let WaitEstimate::Between { low, high } = told {
            self.widths.push(i64::from(high - low));
        }
    }

    /// Of a thousand people who were promised something, for how many it was right.
    #[must_use]
    pub fn right_per_mille(&self) -> usize {
        self.per_mille(self.right)
    }

    fn per_mille(&self, count: usize) -> usize {
        count * 1_000 / (self.called - self.unpromised).max(1)
    }
}

fn low_ms(told: WaitEstimate) -> i64 {
    let minutes = match told {
        WaitEstimate::Between { low, .. } => low,
        WaitEstimate::Over { minutes } => minutes,
        WaitEstimate::Now | WaitEstimate::Unknown => 0,
    };
    i64::from(minutes) * MINUTE_MS
}

/// The value below which so many in a hundred lie.
fn at(sorted: &[i64], percent: usize) -> i64 {
    let last = sorted.len().saturating_sub(1);
    sorted.get(last * percent / 100).copied().unwrap_or(0)
}

impl fmt::Display for Calibration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = |count: usize| {
            let per_mille = self.per_mille(count);
            format!("{}.{}", per_mille / 10, per_mille % 10)
        };
        let minutes = |ms: i64| (ms as f64) / (MINUTE_MS as f64);
        write!(
            f,
            "{:>6} called, {:>4} % right, {:>4} % sooner, {:>4} % later, promised nothing {:>4}; \
             interval {:>2} min wide; wait p50 {:.1}, p90 {:.1} min",
            self.called,
            percent(self.right),
            percent(self.sooner),
            percent(self.later),
            self.unpromised,
            at(&self.widths, 50),
            minutes(at(&self.waits_ms, 50)),
            minutes(at(&self.waits_ms, 90)),
        )
    }
}
