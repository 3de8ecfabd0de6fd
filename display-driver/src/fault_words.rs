//! What goes wrong at boards and on their lines, in a technician's words: for the centre's pages and for
//! `display-driver status`. Pure.

use wire::status::{FaultKind, FaultReport};

/// `超时 3、屏拒绝（错误 12）2`; `None` when nothing went wrong.
#[must_use]
pub fn listed(report: &FaultReport) -> Option<String> {
    let counts = report.counts.iter().filter(|(_, count)| **count > 0);
    let counts = counts.map(|(kind, count)| format!("{} {count}", word(*kind)));
    let refusals = report.refusals.iter().filter(|(_, count)| **count > 0);
    let refusals = refusals.map(|(code, count)| format!("屏拒绝（错误 {code}）{count}"));
    let all: Vec<String> = counts.chain(refusals).collect();
    (!all.is_empty()).then(|| all.join("、"))
}

fn word(kind: FaultKind) -> &'static str {
    match kind {
        FaultKind::Timeouts => "超时",
        FaultKind::WrongChecks => "校验不对",
        FaultKind::WrongEscapes => "转义不对",
        FaultKind::WrongLengths => "长度不对",
        FaultKind::OtherwiseBroken => "帧不完整",
        FaultKind::Strays => "多余的回话",
        FaultKind::Echoes => "回声",
        FaultKind::NoiseBytes => "杂音字节",
        FaultKind::LostAreas => "内容丢失",
        FaultKind::UnknownBoards => "没有这块屏",
        FaultKind::DroppedOrders => "命令太多",
        FaultKind::Unplugs => "端口中断",
        FaultKind::InUse => "端口被占用",
        FaultKind::NotOpened => "端口打不开",
        FaultKind::Blocked => "端口堵住",
        FaultKind::DroppedEvents => "消息丢失",
    }
}
