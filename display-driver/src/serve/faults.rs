//! What goes wrong on the lines and at the boards, for the driver's status (`DeviceStatus::faults`) and,
//! in a file of its own, for `display-driver status --data`: the buses are asked now and then, and their
//! counters put into the words of the wire. Operational, never events.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sync::uplink::UplinkWake;
use tokio::sync::mpsc;
use tokio::time::sleep;
use wire::status::{FaultKind, FaultReport};

use super::pictures::ask;
use crate::bus::{BusCommand, BusSnapshot};
use crate::config::{BoardsConfig, PortConfig};
use crate::link::FaultCounts;

/// Twice as often as the status is told.
const LOOK_EVERY: Duration = Duration::from_secs(30);

/// Where the counters of the running driver stand.
#[must_use]
pub fn file_in(data_dir: &Path) -> PathBuf {
    data_dir.join("faults.json")
}

/// Keeps what the status and the file tell of faults new.
pub(super) async fn tell_faults(
    wake: Arc<UplinkWake>,
    config: BoardsConfig,
    buses: Vec<mpsc::Sender<BusCommand>>,
    file: PathBuf,
) {
    loop {
        let mut reports = Vec::new();
        for (port, bus) in config.ports.iter().zip(&buses) {
            if let Some(snapshot) = ask(bus).await {
                reports.extend(of_port(port, &snapshot));
            }
        }
        keep(&file, &reports).await;
        wake.tell_faults(reports);
        sleep(LOOK_EVERY).await;
    }
}

/// A file that cannot be written is a fault of the disk, and told as that elsewhere.
async fn keep(file: &Path, reports: &[FaultReport]) {
    let part = file.with_extension("part");
    let written = match serde_json::to_vec(reports) {
        Ok(text) => tokio::fs::write(&part, text).await,
        Err(error) => Err(error.into()),
    };
    let kept = match written {
        Ok(()) => tokio::fs::rename(&part, file).await,
        Err(error) => Err(error),
    };
    if let Err(error) = kept {
        tracing::debug!(%error, "the counters of faults were not written");
    }
}

/// The faults of a line and of each board on it; who has none is not told.
fn of_port(port: &PortConfig, snapshot: &BusSnapshot) -> Vec<FaultReport> {
    let names = || port.boards.iter().map(|board| board.name.clone());
    let line = report(names().collect(), true, &snapshot.line_faults);
    let boards = port.boards.iter().filter_map(|board| {
        let counts = snapshot.board_faults.get(board.id())?;
        Some(report(vec![board.name.clone()], false, counts))
    });
    let reports = boards.chain([line]);
    let has_any = |report: &FaultReport| !(report.counts.is_empty() && report.refusals.is_empty());
    reports.filter(has_any).collect()
}

fn report(boards: Vec<String>, is_line: bool, faults: &FaultCounts) -> FaultReport {
    let counts = kinds(faults).into_iter().filter(|(_, count)| *count > 0);
    FaultReport {
        boards,
        is_line,
        counts: counts.collect(),
        refusals: faults.refusals.clone(),
    }
}

/// Every counter under its name on the wire.
fn kinds(faults: &FaultCounts) -> [(FaultKind, u64); 16] {
    [
        (FaultKind::Timeouts, faults.timeouts),
        (FaultKind::WrongChecks, faults.wrong_checks),
        (FaultKind::WrongEscapes, faults.wrong_escapes),
        (FaultKind::WrongLengths, faults.wrong_lengths),
        (FaultKind::OtherwiseBroken, faults.otherwise_broken),
        (FaultKind::Strays, faults.strays),
        (FaultKind::Echoes, faults.echoes),
        (FaultKind::NoiseBytes, faults.noise_bytes),
        (FaultKind::LostAreas, faults.lost_areas),
        (FaultKind::UnknownBoards, faults.unknown_boards),
        (FaultKind::DroppedOrders, faults.dropped_orders),
        (FaultKind::Unplugs, faults.unplugs),
        (FaultKind::InUse, faults.in_use),
        (FaultKind::NotOpened, faults.not_opened),
        (FaultKind::Blocked, faults.blocked),
        (FaultKind::DroppedEvents, faults.dropped_events),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use chrono::NaiveDate;

    use super::*;
    use crate::config::parse;
    use crate::content::BoardId;

    #[test]
    fn each_board_tells_its_own_faults_and_the_line_those_of_nobody() {
        let board = |number: u8| {
            format!(
                "[[port.board]]\nid = \"LED-{number}\"\nname = \"{number} 号屏\"\nfamily = \"onbon-k\"\n\
                 address = {number}\nwidth = 192\nheight = 32\ncolour = \"two\"\n"
            )
        };
        let text = format!("[[port]]\npath = \"/dev/ttyS0\"\n{}{}", board(1), board(2));
        let config = parse(&text, NaiveDate::MIN).expect("a good file");
        let faults = FaultCounts {
            timeouts: 3,
            refusals: BTreeMap::from([(12, 1)]),
            ..FaultCounts::default()
        };
        let snapshot = BusSnapshot {
            is_port_up: true,
            boards: BTreeMap::new(),
            line_faults: FaultCounts {
                unplugs: 2,
                ..FaultCounts::default()
            },
            board_faults: BTreeMap::from([
                (BoardId("LED-1".to_owned()), FaultCounts::default()),
                (BoardId("LED-2".to_owned()), faults),
            ]),
        };
        let reports = of_port(&config.ports[0], &snapshot);
        assert_eq!(reports.len(), 2, "{reports:?}");
        assert_eq!(reports[0].boards, ["2 号屏"]);
        assert_eq!(
            reports[0].counts,
            BTreeMap::from([(FaultKind::Timeouts, 3)])
        );
        assert_eq!(reports[0].refusals, BTreeMap::from([(12, 1)]));
        assert_eq!(reports[1].boards, ["1 号屏", "2 号屏"]);
        assert_eq!(reports[1].counts, BTreeMap::from([(FaultKind::Unplugs, 2)]));
    }
}
