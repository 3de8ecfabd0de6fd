//! Figures as they are printed, and what the system says about a process.

use std::time::Duration;

/// Of a bench's measurements those that words of its command line pick; all, when none is picked.
pub fn picked<'p, M>(
    parts: &'p [(&'static str, M)],
    words: &'p [String],
) -> impl Iterator<Item = &'p M> {
    let is_picked = move |part: &str| words.iter().any(|word| word == part);
    let picks_none = !parts.iter().any(|(part, _)| is_picked(part));
    parts
        .iter()
        .filter(move |(part, _)| picks_none || is_picked(part))
        .map(|(_, measure)| measure)
}

/// Times of one kind, sorted.
#[derive(Debug, Clone)]
pub struct Times(Vec<Duration>);

impl Times {
    /// Sorts them.
    #[must_use]
    pub fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self(times)
    }

    /// The time below which `per_mille` of all lie.
    #[must_use]
    pub fn at(&self, per_mille: usize) -> Duration {
        let last = self.0.len().saturating_sub(1);
        let at = self.0.get(last * per_mille / 1_000);
        at.copied().unwrap_or_default()
    }

    /// The time below which 99 of 100 lie.
    #[must_use]
    pub fn p99(&self) -> Duration {
        self.at(990)
    }

    /// How many they are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing was measured.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl std::fmt::Display for Times {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (p50, p99, worst) = (self.at(500), self.p99(), self.at(1_000));
        write!(f, "p50 {p50:.1?}, p99 {p99:.1?}, worst {worst:.1?}")
    }
}

/// So many in that time, per second.
#[must_use]
pub fn per_s(count: usize, elapsed: Duration) -> f64 {
    count as f64 / elapsed.as_secs_f64().max(f64::EPSILON)
}

/// One time over another.
#[must_use]
pub fn ratio(one: Duration, other: Duration) -> f64 {
    one.as_secs_f64() / other.as_secs_f64().max(f64::EPSILON)
}

/// What a process holds and has used, as `/proc` says.
#[derive(Debug, Clone, Copy)]
pub struct Usage {
    /// Resident memory now.
    pub rss_kib: u64,
    /// The most that was ever resident, or since [`forget_peak`].
    pub peak_kib: u64,
    /// Its threads.
    pub threads: u64,
    /// Time on processors, in the program and in the system.
    pub cpu: Duration,
}

impl Usage {
    /// Of a process by its id; `self` is this one.
    ///
    /// # Errors
    /// When there is no such process.
    pub fn of(process: &str) -> std::io::Result<Self> {
        let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
        let stat = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
        let number = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let word = line.and_then(|line| line.split_whitespace().next());
            word.and_then(|word| word.parse().ok()).unwrap_or(0)
        };
        // user and system time are fields 14 and 15, in ticks of 10 ms; the name may hold spaces
        let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
        let fields = after_name.split_whitespace().skip(11).take(2);
        let ticks: u64 = fields.filter_map(|field| field.parse::<u64>().ok()).sum();
        Ok(Self {
            rss_kib: number("VmRSS:"),
            peak_kib: number("VmHWM:"),
            threads: number("Threads:"),
            cpu: Duration::from_millis(ticks * 10),
        })
    }
}

/// Lets this process's peak of memory begin anew.
///
/// # Errors
/// Where the system does not let it.
pub fn forget_peak() -> std::io::Result<()> {
    std::fs::write("/proc/self/clear_refs", "5")
}
