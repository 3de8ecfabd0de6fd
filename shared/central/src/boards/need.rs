//! What somebody has to do about a board, in words: a broken card, a card set up otherwise than the
//! driver's configuration says, a full one. Which boards raise an alarm for it. Pure.

use domain::time::UtcMs;
use wire::event::BoardNeeds;

use super::silence::has_it_still;
use crate::overview::BoardLine;
use crate::store::DescribedBoard;

/// Before the height of letters that a card lacks.
const LETTERS: &str = "letters_";

/// What a board needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BoardNeed {
    /// What its refusals say.
    Told(BoardNeeds),
    /// Letters of this height in dots: its configuration names them, its card has none.
    Letters(u8),
}

impl BoardNeed {
    /// As it stands in the table.
    pub(crate) fn word(self) -> String {
        match self {
            Self::Told(BoardNeeds::Repair) => "repair".to_owned(),
            Self::Told(BoardNeeds::SettingUp) => "setting_up".to_owned(),
            Self::Told(BoardNeeds::Room) => "room".to_owned(),
            Self::Letters(height_px) => format!("{LETTERS}{height_px}"),
        }
    }

    /// What a word of the table means; `None` for none of ours.
    pub(crate) fn of(word: &str) -> Option<Self> {
        Some(match word {
            "repair" => Self::Told(BoardNeeds::Repair),
            "setting_up" => Self::Told(BoardNeeds::SettingUp),
            "room" => Self::Told(BoardNeeds::Room),
            other => Self::Letters(other.strip_prefix(LETTERS)?.parse().ok()?),
        })
    }

    /// Whether the fleet raises an alarm: a full card still shows everything.
    pub(crate) fn is_alarm(self) -> bool {
        self != Self::Told(BoardNeeds::Room)
    }

    /// What is so.
    pub(crate) fn text(self) -> String {
        match self {
            Self::Told(BoardNeeds::Repair) => "的卡报告存储坏了".to_owned(),
            Self::Told(BoardNeeds::SettingUp) => "的卡没有要用的字库，或者固件不符".to_owned(),
            Self::Told(BoardNeeds::Room) => "的卡存储满了".to_owned(),
            Self::Letters(height_px) => {
                format!("的卡没有 {height_px} 点的字库，大字改用小一号的放")
            }
        }
    }

    /// What to do next.
    pub(crate) fn next_step(self) -> &'static str {
        match self {
            Self::Told(BoardNeeds::Repair) => {
                "请技术员联系屏的厂家换卡。换好以后，屏重新回话时这条自己消掉。"
            }
            Self::Told(BoardNeeds::SettingUp) => {
                "请技术员用厂家的软件给卡装上字库，或换成合适的固件；屏收下新内容时这条自己消掉。"
            }
            Self::Told(BoardNeeds::Room) => "请技术员删掉卡里不用的节目文件。",
            Self::Letters(_) => {
                "请技术员给卡装上这种字库，或者在屏驱动的配置里去掉它；屏重新回话时这条自己消掉。"
            }
        }
    }
}

/// The boards that raise an alarm for what they need, the longest first.
pub(crate) fn needy<'b>(
    boards: &'b [BoardLine],
    described: &[DescribedBoard],
) -> Vec<(&'b BoardLine, BoardNeed, UtcMs)> {
    let there = boards.iter().filter(|line| has_it_still(described, line));
    let needy = there.filter_map(|line| {
        let (need, since) = line.needs?;
        need.is_alarm().then_some((line, need, since))
    });
    let mut needy: Vec<_> = needy.collect();
    needy.sort_by_key(|(_, _, since)| *since);
    needy
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_need_comes_back_from_its_word() {
        for need in [
            BoardNeed::Told(BoardNeeds::Repair),
            BoardNeed::Told(BoardNeeds::SettingUp),
            BoardNeed::Told(BoardNeeds::Room),
            BoardNeed::Letters(24),
        ] {
            assert_eq!(BoardNeed::of(&need.word()), Some(need));
        }
        assert_eq!(BoardNeed::of("letters_"), None);
        assert_eq!(BoardNeed::of("paint"), None);
    }
}
