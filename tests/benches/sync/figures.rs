//! Figures as they are printed, and what the system says about a process.

use std::time::Duration;

/// Times of one kind, sorted.
pub(crate) struct Times(Vec<Duration>);

impl Times {
    pub(crate) fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self(times)
    }

    /// The time below which `per_mille` of all lie.
    pub(crate) fn at(&self, per_mille: usize) -> Duration {
        let last = self.0.len().saturating_sub(1);
        let at = self.0.get(last * per_mille / 1_000);
        at.copied().unwrap_or_default()
    }

    pub(crate) fn p99(&self) -> Duration {
        self.at(990)
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

impl std::fmt::Display for Times {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (p50, p99, worst) = (self.at(500), self.p99(), self.at(1_000));
        write!(f, "p50 {p50:.1?}, p99 {p99:.1?}, worst {worst:.1?}")
    }
}

/// So many in that time, per second.
pub(crate) fn per_s(count: usize, elapsed: Duration) -> f64 {
    count as f64 / elapsed.as_secs_f64().max(f64::EPSILON)
}

/// One time over another.
pub(crate) fn ratio(one: Duration, other: Duration) -> f64 {
    one.as_secs_f64() / other.as_secs_f64().max(f64::EPSILON)
}

/// What a process holds and has used, as `/proc` says.
#[derive(Clone, Copy)]
pub(crate) struct Usage {
    pub(crate) rss_kib: u64,
    pub(crate) threads: u64,
    pub(crate) cpu: Duration,
}

impl Usage {
    /// Of a process by its id; `self` is this one.
    pub(crate) fn of(process: &str) -> std::io::Result<Self> {
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
            threads: number("Threads:"),
            cpu: Duration::from_millis(ticks * 10),
        })
    }
}
