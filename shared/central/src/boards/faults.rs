//! What goes wrong at a board and on its line, in a technician's words (`DeviceStatus::faults`). Counts
//! since the driver began; operational, in no record. Pure.

use display_driver::fault_words::listed;
use domain::id::DeviceId;

use crate::store::ToldStatus;

/// `超时 3、校验不对 1；这条线上：杂音字节 40`; `None` when nothing went wrong or nothing is known.
pub(crate) fn text(statuses: &[ToldStatus], driver: DeviceId, board: &str) -> Option<String> {
    let told = statuses.iter().find(|told| told.device == driver)?;
    let of_board = |is_line: bool| {
        told.status.faults.iter().find(move |report| {
            report.is_line == is_line && report.boards.iter().any(|name| name == board)
        })
    };
    let own = of_board(false).and_then(listed);
    let line = of_board(true)
        .and_then(listed)
        .map(|line| format!("这条线上：{line}"));
    let parts: Vec<String> = own.into_iter().chain(line).collect();
    (!parts.is_empty()).then(|| parts.join("；"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use domain::time::UtcMs;
    use uuid::Uuid;
    use wire::status::{DeviceStatus, FaultKind, FaultReport, LogCondition};

    use super::*;

    fn told(faults: Vec<FaultReport>) -> Vec<ToldStatus> {
        vec![ToldStatus {
            device: DeviceId(Uuid::from_u128(5)),
            status: DeviceStatus {
                program: "display-driver".to_owned(),
                version: "0.1.0".to_owned(),
                backlog: 0,
                oldest_at: None,
                log: LogCondition::Good,
                device_time: UtcMs(0),
                faults,
            },
            at: UtcMs(0),
        }]
    }

    #[test]
    fn a_board_has_its_own_faults_and_those_of_its_line_and_nobody_elses() {
        let report = |board: &str, is_line, counts: &[(FaultKind, u64)]| FaultReport {
            boards: vec![board.to_owned()],
            is_line,
            counts: counts.iter().copied().collect(),
            refusals: BTreeMap::new(),
        };
        let mut own = report(
            "大厅屏",
            false,
            &[(FaultKind::Timeouts, 3), (FaultKind::Strays, 0)],
        );
        own.refusals.insert(12, 2);
        let statuses = told(vec![
            report("别的屏", false, &[(FaultKind::WrongChecks, 9)]),
            own,
            report("大厅屏", true, &[(FaultKind::NoiseBytes, 40)]),
        ]);
        let driver = DeviceId(Uuid::from_u128(5));
        assert_eq!(
            text(&statuses, driver, "大厅屏").as_deref(),
            Some("超时 3、屏拒绝（错误 12）2；这条线上：杂音字节 40")
        );
        assert_eq!(text(&statuses, driver, "没有的屏"), None);
        assert_eq!(
            text(&statuses, DeviceId(Uuid::from_u128(6)), "大厅屏"),
            None
        );
        assert_eq!(text(&told(Vec::new()), driver, "大厅屏"), None);
    }
}
