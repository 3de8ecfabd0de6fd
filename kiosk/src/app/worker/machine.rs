//! What of the machine works, for the service page: in words, with what to do.

use std::path::Path;

use domain::time::UtcMs;
use sync::log::{DeviceLog, LogError};

use crate::app::service::{Check, MachineSeen};
use crate::platform::report;

/// Reports that the service page shows.
const REPORTS_MAX: usize = 20;

/// Looks at the log and the reports of this machine.
#[must_use]
pub(super) fn look(log: &DeviceLog, dir: &Path, name: &str, now: UtcMs) -> MachineSeen {
    MachineSeen {
        checks: vec![
            check(
                "机器",
                Ok(format!("{name}，时间 {}", now.day_and_clock_text())),
            ),
            check("程序", Ok(format!("第 {} 版", env!("CARGO_PKG_VERSION")))),
            check("记录", backlog(log)),
        ],
        reports: report::newest(dir, REPORTS_MAX),
        can_print: false,
    }
}

fn backlog(log: &DeviceLog) -> Result<String, String> {
    let told = |error: LogError| format!("记录读不了：{error}");
    match log.backlog().map_err(told)?.count {
        0 => Ok("都送到中心了".to_owned()),
        count => Ok(format!("还有 {count} 条没送到中心，连上网会自己送")),
    }
}

fn check(name: &str, words: Result<String, String>) -> Check {
    let is_well = words.is_ok();
    Check {
        name: name.to_owned(),
        words: words.unwrap_or_else(|words| words),
        is_well,
    }
}
