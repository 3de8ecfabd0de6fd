//! The log, on standard error. Whatever level is asked for, the libraries' own lines below `info`
//! are not written: they would show addresses and heads of requests, which hold tokens of citizens.

use std::io::IsTerminal as _;

use tracing::{Level, Metadata};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _, fmt, registry};

use crate::config::LogFormat;

/// Crates whose finer lines are ours, and hold nothing personal.
const OURS: [&str; 4] = ["central", "sync", "wire", "domain"];

/// Logs from now on. The demo runs several programs' code in one process; the first one's logger
/// stays.
pub(super) fn log_to_stderr(format: LogFormat, level: &str) {
    let lines = fmt::layer().with_writer(std::io::stderr);
    let lines = match format {
        LogFormat::Text => lines.with_ansi(std::io::stderr().is_terminal()).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    let filter = EnvFilter::new(level);
    let lines = lines
        .with_filter(filter_fn(may_be_written))
        .with_filter(filter);
    drop(registry().with(lines).try_init());
}

fn may_be_written(line: &Metadata<'_>) -> bool {
    let of_crate = line.target().split("::").next().unwrap_or_default();
    *line.level() <= Level::INFO || OURS.contains(&of_crate)
}
