//! Which approved text plays where: on which boards, in which zone, before what.

use chrono::NaiveTime;
use wire::api::{Notice, NoticeKind};
use wire::board::{BoardContent, BoardDescription, Plays};

use crate::content::BoardId;

/// From this priority on a text takes its zone from everything that only rotates.
const NOTICE_PRIORITY: u8 = 8;

/// What a zone has to play for a content to be in its rotation; nothing for an emergency, which is
/// in no rotation.
#[must_use]
pub fn kind_of(content: BoardContent) -> Option<Plays> {
    match content {
        BoardContent::VacancyRoll => Some(Plays::Vacancies),
        BoardContent::Queue => Some(Plays::Waiting),
        BoardContent::Policy => Some(Plays::Policies),
        BoardContent::Notice => Some(Plays::Notices),
        BoardContent::Publicity => Some(Plays::Publicity),
        BoardContent::Slogan => Some(Plays::Slogans),
        BoardContent::Emergency => None,
    }
}

/// The kind of a text; one that nobody wrote for boards goes by what it is elsewhere.
fn kind_of_notice(notice: &Notice) -> Option<Plays> {
    match (&notice.board, notice.kind) {
        (Some(play), _) => kind_of(play.content),
        (None, NoticeKind::Policy) => Some(Plays::Policies),
        (None, NoticeKind::Notice) => Some(Plays::Notices),
        (None, NoticeKind::Emergency) => None,
    }
}

/// Whether a text takes its zone.
pub(super) fn takes_zone(notice: &Notice) -> bool {
    let play = notice.board.as_ref();
    play.is_some_and(|play| {
        play.priority >= NOTICE_PRIORITY
            && !matches!(
                play.content,
                BoardContent::VacancyRoll | BoardContent::Queue
            )
    })
}

/// Whether a text is meant for a board.
pub(super) fn is_for(notice: &Notice, board: &BoardId) -> bool {
    let play = notice.board.as_ref();
    play.is_none_or(|play| play.boards.is_empty() || play.boards.contains(&board.0))
}

/// Whether a text plays at this time of day.
pub(super) fn is_in_time(notice: &Notice, time: NaiveTime) -> bool {
    let daily = notice.board.as_ref().and_then(|play| play.daily);
    daily.is_none_or(|part| part.contains(time))
}

/// The words of a text for boards; nothing where it has none.
pub(super) fn words(notice: &Notice) -> Option<String> {
    let text = match &notice.board {
        Some(play) => play.text.clone(),
        None => notice.board_pages.join("\n"),
    };
    (!text.trim().is_empty()).then_some(text)
}

/// The place of the zone in which a text plays, among the kinds and the dots of each zone: the first
/// whose list has its kind; a text that takes its zone else takes the largest. `None` when no zone
/// plays such texts.
fn zone_of(kind: Plays, takes_zone: bool, zones: &[(Vec<Plays>, u32)]) -> Option<usize> {
    let listed = zones.iter().position(|(kinds, _)| kinds.contains(&kind));
    let numbered = zones.iter().enumerate();
    let largest = numbered.max_by_key(|(number, (_, dots))| (*dots, std::cmp::Reverse(*number)));
    listed.or_else(|| largest.filter(|_| takes_zone).map(|(number, _)| number))
}

/// Whether a text plays in zone `number` of a board with these zones.
pub(super) fn plays_in(notice: &Notice, number: usize, zones: &[(Vec<Plays>, u32)]) -> bool {
    let Some(kind) = kind_of_notice(notice) else {
        return false;
    };
    if takes_zone(notice) {
        return zone_of(kind, true, zones) == Some(number);
    }
    zones
        .get(number)
        .is_some_and(|(kinds, _)| kinds.contains(&kind))
}

/// Whether a text is of a kind.
pub(super) fn is_of(notice: &Notice, kind: Plays) -> bool {
    kind_of_notice(notice) == Some(kind)
}

/// The zone of a board that would play a text of that content and priority; `None` when none would.
/// An emergency takes the whole board, and is in no zone.
#[must_use]
pub fn zone_playing(
    board: &BoardDescription,
    content: BoardContent,
    priority: u8,
) -> Option<usize> {
    let zones: Vec<(Vec<Plays>, u32)> = board
        .zones
        .iter()
        .map(|zone| {
            let dots = u32::from(zone.width_px) * u32::from(zone.height_px);
            (zone.plays.clone(), dots)
        })
        .collect();
    zone_of(kind_of(content)?, priority >= NOTICE_PRIORITY, &zones)
}
