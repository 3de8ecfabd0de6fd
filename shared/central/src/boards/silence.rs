//! Boards that do not answer: an alarm once they were silent for so long. It ends by itself when the
//! board answers again. Pure.

use domain::time::UtcMs;

use crate::overview::BoardLine;
use crate::store::DescribedBoard;

/// The boards that were silent for at least so long, the longest first. A board that its driver no
/// longer has is none.
pub(crate) fn silent<'b>(
    boards: &'b [BoardLine],
    described: &[DescribedBoard],
    offline_ms: i64,
    now: UtcMs,
) -> Vec<(&'b BoardLine, UtcMs)> {
    let mut silent: Vec<_> = boards
        .iter()
        .filter(|line| has_it_still(described, line))
        .filter_map(|line| Some((line, line.offline_since?)))
        .filter(|(_, since)| now.ms_since(*since) >= offline_ms)
        .collect();
    silent.sort_by_key(|(_, since)| *since);
    silent
}

/// Whether the driver of a board still has it; one that has described none may have any.
pub(super) fn has_it_still(described: &[DescribedBoard], line: &BoardLine) -> bool {
    let mut of_driver = described
        .iter()
        .filter(|board| board.device == line.device)
        .peekable();
    of_driver.peek().is_none() || of_driver.any(|board| board.described.name == line.board)
}

#[cfg(test)]
mod tests {
    use domain::id::{DeviceId, HallId};
    use uuid::Uuid;
    use wire::board::BoardDescription;
    use wire::event::BoardReport;

    use super::*;

    const NOW: UtcMs = UtcMs(1_795_395_600_000);
    const FIVE_MIN: i64 = 5 * 60_000;

    fn line(board: &str, silent_ms: Option<i64>) -> BoardLine {
        BoardLine {
            device: DeviceId(Uuid::from_u128(5)),
            hall: HallId(Uuid::from_u128(1)),
            board: board.to_owned(),
            report: BoardReport::Offline,
            at: NOW,
            heard_at: None,
            offline_since: silent_ms.map(|ms| NOW.plus_ms(-ms)),
            needs: None,
        }
    }

    #[test]
    fn a_board_is_told_after_five_minutes_unless_its_driver_has_it_no_more() {
        let boards = [
            line("甲", Some(FIVE_MIN)),
            line("乙", Some(FIVE_MIN - 1)),
            line("丙", None),
            line("丁", Some(2 * FIVE_MIN)),
        ];
        let named = |described: &[DescribedBoard]| -> Vec<String> {
            let silent = silent(&boards, described, FIVE_MIN, NOW).into_iter();
            silent.map(|(line, _)| line.board.clone()).collect()
        };
        assert_eq!(named(&[]), ["丁", "甲"]);
        let only = DescribedBoard {
            device: DeviceId(Uuid::from_u128(5)),
            hall: HallId(Uuid::from_u128(1)),
            described: BoardDescription {
                board: "LED-01".to_owned(),
                name: "甲".to_owned(),
                family: "onbon-k".to_owned(),
                width_px: 64,
                height_px: 16,
                has_green: false,
                window: None,
                limits: Default::default(),
                zones: Vec::new(),
            },
        };
        assert_eq!(named(&[only]), ["甲"]);
    }
}
