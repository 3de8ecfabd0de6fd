//! What is said about a machine, in a clerk's words: counts, instants and spans to Chinese. Pure;
//! `now` is always the service's clock.

use domain::time::{UtcMs, day_text};
use wire::api::DeviceKind;

use crate::store::ChainGap;

use super::{Backlog, KeyAge, Version, VersionAge};

/// A clock that is off by up to this much is right.
const CLOCK_RIGHT_MS: u64 = 2_000;
const SECOND_MS: i64 = 1_000;
const MINUTE_MS: i64 = 60 * SECOND_MS;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// What stands where nothing is known.
pub(crate) const UNKNOWN: &str = "—";

/// What a machine is.
pub(crate) fn kind_text(kind: DeviceKind) -> &'static str {
    match kind {
        DeviceKind::HallKiosk { .. } => "自助机",
        DeviceKind::WindowTerminal { .. } => "窗口评价器",
        DeviceKind::DisplayDriver => "显示屏驱动",
        DeviceKind::HallNode => "大厅节点",
    }
}

/// A past instant as people name it: `14:02` today, `昨天 14:02`, `11月21日 14:02`.
pub(crate) fn moment_text(at: UtcMs, now: UtcMs) -> String {
    let clock = at.clock_text();
    if at.hall_date() == now.hall_date() {
        return clock;
    }
    format!("{} {clock}", day_text(at.hall_date(), now.hall_date()))
}

/// When a machine was last heard.
pub(crate) fn last_seen_text(at: Option<UtcMs>, now: UtcMs) -> String {
    match at {
        None => UNKNOWN.to_owned(),
        Some(at) if now.ms_since(at) < MINUTE_MS => "刚才".to_owned(),
        Some(at) => moment_text(at, now),
    }
}

/// `3 件未上传，最早 14:02`; zero is `都已上传`.
pub(crate) fn waiting_text(count: u64, oldest: Option<UtcMs>, now: UtcMs) -> String {
    match (count, oldest) {
        (0, _) => "都已上传".to_owned(),
        (count, None) => format!("{count} 件未上传"),
        (count, Some(oldest)) => format!("{count} 件未上传，最早 {}", moment_text(oldest, now)),
    }
}

/// What waits in a machine. What it said before it fell silent is said as such.
pub(crate) fn backlog_text(backlog: Option<Backlog>, now: UtcMs) -> String {
    let Some(backlog) = backlog else {
        return UNKNOWN.to_owned();
    };
    let text = waiting_text(backlog.count, backlog.oldest, now);
    if backlog.is_of_the_past {
        format!("断线时{}{text}", if backlog.count > 0 { " " } else { "" })
    } else {
        text
    }
}

/// How far a clock is off: `时钟准`, `慢 3 分钟`, `快 1 小时`. `skew_ms` is to be added to the
/// device's clock to get the service's.
pub(crate) fn clock_text(skew_ms: Option<i64>) -> String {
    match skew_ms {
        None => UNKNOWN.to_owned(),
        Some(ms) if ms.unsigned_abs() <= CLOCK_RIGHT_MS => "时钟准".to_owned(),
        Some(ms) if ms > 0 => format!("慢 {}", span_text(ms)),
        Some(ms) => format!("快 {}", span_text(ms.saturating_neg())),
    }
}

/// A length of time in its largest unit, with minutes beside the hours.
fn span_text(ms: i64) -> String {
    match ms {
        ..MINUTE_MS => format!("{} 秒", ms / SECOND_MS),
        MINUTE_MS..HOUR_MS => format!("{} 分钟", ms / MINUTE_MS),
        HOUR_MS..DAY_MS => match ms % HOUR_MS / MINUTE_MS {
            0 => format!("{} 小时", ms / HOUR_MS),
            minutes => format!("{} 小时 {minutes} 分钟", ms / HOUR_MS),
        },
        DAY_MS.. => format!("{} 天", ms / DAY_MS),
    }
}

/// `第 12 件起的 3 件在等前面缺的（从 14:02 起）`.
pub(crate) fn gap_text(gap: &ChainGap, now: UtcMs) -> String {
    let since = moment_text(gap.since, now);
    match gap.held {
        1 => format!("第 {} 件在等前面缺的（从 {since} 起）", gap.first_seq),
        held => format!(
            "第 {} 件起的 {held} 件在等前面缺的（从 {since} 起）",
            gap.first_seq
        ),
    }
}

/// The program's version, and whether somebody must do something about it.
pub(crate) fn version_text(version: Option<&Version>) -> String {
    match version {
        None => UNKNOWN.to_owned(),
        Some(Version { text, age }) => match age {
            VersionAge::Older => format!("{text}，需要升级"),
            VersionAge::Newer => format!("{text}，比服务器新"),
            VersionAge::Same => text.clone(),
        },
    }
}

/// How long the key has been in use. A key that is due is drawn anew by the machine itself.
pub(crate) fn key_text(key: KeyAge) -> String {
    match key.ms / DAY_MS {
        days if key.is_due => format!("用了 {days} 天，该换了；连上后它自己换"),
        ..=0 => "今天刚换".to_owned(),
        days => format!("用了 {days} 天"),
    }
}

#[cfg(test)]
mod tests;
