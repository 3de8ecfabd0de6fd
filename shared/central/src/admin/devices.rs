//! The list of devices for the command line: columns for people, and what programs need of each.
//! What only a running service has seen (requests since its start) is not in it; devices tell
//! their status every minute, so little is missing.

use domain::time::UtcMs;
use serde_json::{Value, json};

use crate::fleet::words::{
    backlog_text, clock_text, gap_text, kind_text, last_seen_text, version_text,
};
use crate::fleet::{DeviceState, FleetLine, FleetPage, FleetRecords, FleetRules};
use crate::parameters::Parameters;
use crate::store::Store;

use super::Told;
use super::columns::columns;
use super::desk::{AdminError, told};

const HEAD: [&str; 8] = [
    "设备",
    "种类",
    "状态",
    "最后一次",
    "未上传",
    "时钟",
    "版本",
    "编号",
];

/// Lists all devices.
pub(super) fn list(store: &Store, now: UtcMs) -> Result<Told, AdminError> {
    let parameters = Parameters::in_book(&store.live().parameters, now.hall_date())?;
    let records = FleetRecords::read(store, now)?;
    let page = FleetPage::of(&records, &FleetRules::of(&parameters), now);
    let json: Vec<Value> = page.lines.iter().map(json_of).collect();
    Ok(told(text_of(&page), &json!(json)))
}

fn text_of(page: &FleetPage) -> String {
    if page.lines.is_empty() {
        return "还没有登记过设备。用 central enrol-code 要一个登记码。".to_owned();
    }
    let head = HEAD.map(str::to_owned);
    let rows = page.lines.iter().map(|line| row_of(line, page.now));
    let table = columns(&std::iter::once(head).chain(rows).collect::<Vec<_>>());
    let gaps = page.lines.iter().filter_map(|line| {
        let gap = line.gap?;
        Some(format!("{}：{}", line.name, gap_text(&gap, page.now)))
    });
    std::iter::once(table)
        .chain(gaps)
        .collect::<Vec<_>>()
        .join("\n")
}

fn row_of(line: &FleetLine, now: UtcMs) -> [String; 8] {
    [
        line.name.clone(),
        kind_text(line.kind).to_owned(),
        line.state.word().to_owned(),
        last_seen_text(line.last_seen, now),
        backlog_text(line.backlog, now),
        clock_text(line.skew_ms),
        version_text(line.version.as_ref()),
        line.device.to_string(),
    ]
}

fn json_of(line: &FleetLine) -> Value {
    let gaps = line
        .gap
        .map(|gap| json!({ "first_seq": gap.first_seq, "held": gap.held, "since": gap.since }));
    json!({
        "device": line.device,
        "name": line.name,
        "kind": line.kind,
        "hall": line.hall,
        "is_revoked": line.state == DeviceState::Revoked,
        "version": line.version.as_ref().map(|version| &version.text),
        "last_seen": line.last_seen,
        "backlog": line.backlog.map(|backlog| backlog.count),
        "oldest_at": line.backlog.and_then(|backlog| backlog.oldest),
        "skew_ms": line.skew_ms,
        "gaps": gaps.into_iter().collect::<Vec<_>>(),
    })
}
