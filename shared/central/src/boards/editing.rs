//! What an editor is told while writing for boards: how the text looks on a board, whether it fits
//! the others, what is wrong with it, and what comes next. Pure.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use display_driver::preview::{Fate, PreviewFault};
use domain::case::{Role, Value, Values};
use domain::id::RecordId;
use domain::time::day_text;
use wire::board::{BoardContent, BoardPlay};

use super::check::{Finding, Weight};
use super::drawn::{self, IN_PLACE_OF_MISSING};
use crate::store::{DescribedBoard, RegisteredBoard, content_of, daily_window, priority_of};

/// Most boards that are drawn at once; all are checked.
const BOARDS_MAX: usize = 6;

/// What was written so far; what cannot be read yet is absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) content: Option<BoardContent>,
    pub(crate) body: String,
    pub(crate) screens: Vec<RecordId>,
    pub(crate) from_on: Option<NaiveDate>,
    pub(crate) to_on: Option<NaiveDate>,
    pub(crate) daily_window: Option<String>,
    /// 0 to 9.
    pub(crate) priority: u8,
    /// The hall for which alone it is, by name.
    pub(crate) hall_name: Option<String>,
}

impl Written {
    /// Out of the values of a record or of a form.
    pub(crate) fn of(values: &Values) -> Self {
        let text = |field: &str| match values.get(field) {
            Some(Value::Text(text)) => Some(text.clone()),
            _ => None,
        };
        let day = |field: &str| match values.get(field) {
            Some(Value::Date(day)) => Some(*day),
            _ => None,
        };
        let screens = match values.get("screens") {
            Some(Value::List(screens)) => screens.as_slice(),
            _ => &[],
        };
        let screens = screens.iter().filter_map(|screen| match screen {
            Value::Record(record) => Some(*record),
            _ => None,
        });
        Self {
            content: content_of(values),
            body: text("body").unwrap_or_default(),
            screens: screens.collect(),
            from_on: day("from_on"),
            to_on: day("to_on"),
            daily_window: text("daily_window"),
            priority: priority_of(values),
            hall_name: text("hall_name"),
        }
    }

    /// How a board would play it; a notice as long as nobody has said what it is.
    fn play(&self) -> BoardPlay {
        BoardPlay {
            content: self.content.unwrap_or(BoardContent::Notice),
            text: self.body.trim_end().replace("\r\n", "\n"),
            boards: Vec::new(),
            daily: None,
            priority: self.priority,
        }
    }
}

/// The boards that there are.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    /// As drivers have told, with the names of their halls.
    pub(crate) described: Vec<(DescribedBoard, String)>,
    /// As the register of devices says.
    pub(crate) registered: Vec<RegisteredBoard>,
}

impl Known {
    /// The record of a board in the register.
    pub(crate) fn record_of(&self, number: &str) -> Option<&RegisteredBoard> {
        self.registered.iter().find(|one| one.number == number)
    }

    /// The boards on which something is played: the chosen ones, else all, of its hall.
    fn played_on<'k>(
        &'k self,
        written: &'k Written,
    ) -> impl Iterator<Item = &'k (DescribedBoard, String)> {
        let is_chosen = |number: &str| {
            let chosen = |one: &RegisteredBoard| written.screens.contains(&one.record);
            written.screens.is_empty() || self.record_of(number).is_some_and(chosen)
        };
        let is_of_hall = |hall: &str| written.hall_name.as_deref().is_none_or(|name| name == hall);
        self.described
            .iter()
            .filter(move |(board, hall)| is_chosen(&board.described.board) && is_of_hall(hall))
    }
}

/// How a line of the check begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    /// All is well.
    Good,
    /// Somebody should look at it.
    Care,
    /// It cannot go on a board so.
    Stop,
    /// Good to know.
    Info,
}

/// A line of the check (检查结果).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CheckLine {
    pub(crate) mark: Mark,
    pub(crate) text: String,
}

/// A text on a board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OnBoard {
    pub(crate) board: DescribedBoard,
    pub(crate) hall_name: String,
    /// Pages that are shown.
    pub(crate) pages: usize,
    /// Pages that the whole text would take.
    pub(crate) pages_wanted: usize,
    /// Whether the board's memory, and not its dots, makes them so many.
    pub(crate) is_cut_by_memory: bool,
    /// Square characters that still fit behind the last line.
    pub(crate) cells_left: u32,
    /// What becomes of characters that the board does not show as they are written.
    pub(crate) fates: BTreeMap<char, Fate>,
}

impl OnBoard {
    fn of(
        (board, hall_name): &(DescribedBoard, String),
        play: &BoardPlay,
    ) -> Result<Self, Unplayed> {
        let drawn = drawn::drawn(&board.described, play).map_err(|fault| Unplayed {
            board: board.described.name.clone(),
            fault,
        })?;
        Ok(Self {
            board: board.clone(),
            hall_name: hall_name.clone(),
            pages: drawn.pages.len(),
            pages_wanted: drawn.pages_wanted,
            is_cut_by_memory: drawn.is_cut_by_memory,
            cells_left: drawn.cells_left,
            fates: drawn.fates,
        })
    }

    /// Whether some of it is not shown.
    pub(crate) fn is_too_long(&self) -> bool {
        self.pages_wanted > self.pages
    }

    /// How it fits, in words.
    pub(crate) fn fit_text(&self) -> String {
        let memory = match self.is_cut_by_memory {
            true => "屏的卡一次收不下这么多字，分成了几页。",
            false => "",
        };
        if self.is_too_long() {
            let (wanted, pages) = (self.pages_wanted, self.pages);
            return format!("{memory}放不下：要 {wanted} 页，只播前 {pages} 页。请改短。");
        }
        let rest = match self.cells_left {
            0 => "最后一行放满了".to_owned(),
            left => format!("最后一行还能放 {left} 个字"),
        };
        match self.pages {
            1 => format!("一页放得下，{rest}。"),
            pages => format!("{memory}共 {pages} 页，每页停 8 秒以上，{rest}。"),
        }
    }
}

/// A board that would show nothing of a text.
struct Unplayed {
    board: String,
    fault: PreviewFault,
}

impl Unplayed {
    fn line(&self) -> CheckLine {
        let (board, fault) = (&self.board, &self.fault);
        match fault {
            PreviewFault::Template(fault) => CheckLine {
                mark: Mark::Stop,
                text: format!("{fault}。请改模板。"),
            },
            PreviewFault::NoZone => CheckLine {
                mark: Mark::Care,
                text: format!("{board}：{fault}，选了也播不上。"),
            },
            PreviewFault::UnknownFamily(_) => CheckLine {
                mark: Mark::Care,
                text: format!("{board}：{fault}，看不到样子。"),
            },
        }
    }
}

/// Everything that an editor is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Editing {
    /// The text, and how a board plays it.
    pub(crate) play: BoardPlay,
    /// The board that is looked at.
    pub(crate) seen: Option<OnBoard>,
    /// The others on which it is played.
    pub(crate) others: Vec<OnBoard>,
    /// Boards that are checked but not drawn because there are too many.
    pub(crate) unseen: usize,
    /// What is wrong, and what is well.
    pub(crate) checks: Vec<CheckLine>,
}

impl Editing {
    /// Looks at what was written. `looking_at` is the number of the board to be seen.
    pub(crate) fn of(
        written: &Written,
        known: &Known,
        findings: &[Finding],
        looking_at: &str,
        today: NaiveDate,
    ) -> Self {
        let play = written.play();
        let mut played: Vec<_> = known.played_on(written).collect();
        let first = played
            .iter()
            .position(|(board, _)| board.described.board == looking_at);
        if let Some(first) = first {
            let looked_at = played.remove(first);
            played.insert(0, looked_at);
        }
        let (mut boards, mut unplayed) = (Vec::new(), Vec::new());
        for board in played {
            match OnBoard::of(board, &play) {
                Ok(board) => boards.push(board),
                Err(one) => unplayed.push(one.line()),
            }
        }
        // a template is wrong once, not once a board
        unplayed.dedup();
        let is_played = unplayed.is_empty();
        let mut checks = checks(written, known, findings, &boards, today);
        if !written.body.trim().is_empty() {
            if is_played && !boards.is_empty() && boards.iter().all(is_well) {
                let text = "要播的屏都放得下，字都有。".to_owned();
                checks.insert(
                    checks.len() - 1,
                    CheckLine {
                        mark: Mark::Good,
                        text,
                    },
                );
            }
            checks.splice(0..0, unplayed);
        }
        let unseen = boards.len().saturating_sub(BOARDS_MAX);
        boards.truncate(BOARDS_MAX);
        let seen = (!boards.is_empty()).then(|| boards.remove(0));
        Self {
            play,
            seen,
            others: boards,
            unseen,
            checks,
        }
    }
}

fn checks(
    written: &Written,
    known: &Known,
    findings: &[Finding],
    boards: &[OnBoard],
    today: NaiveDate,
) -> Vec<CheckLine> {
    let line = |mark, text: String| CheckLine { mark, text };
    let mut checks: Vec<_> = findings
        .iter()
        .map(|finding| match finding.weight {
            Weight::Blocks => line(Mark::Stop, finding.text.clone()),
            Weight::Warns => line(Mark::Care, finding.text.clone()),
        })
        .collect();
    checks.extend(schedule(written, today));
    checks.extend(of_boards(written, known, boards));
    if findings.is_empty() && !written.body.trim().is_empty() {
        let text = "没有证件号、电话和登记过的人的全名，没有敏感词。";
        checks.push(line(Mark::Good, text.to_owned()));
    }
    checks.push(line(Mark::Info, order_text(written).to_owned()));
    checks
}

fn is_well(board: &OnBoard) -> bool {
    !board.is_too_long() && board.fates.is_empty()
}

/// What a call does to it.
fn order_text(written: &Written) -> &'static str {
    match written.content {
        Some(BoardContent::Emergency) => "紧急内容占住整块屏，叫号也要等它撤下。",
        Some(BoardContent::VacancyRoll) => {
            "岗位滚动审的是模板，岗位自己上下，不用一条一条审。叫号时会让开，叫完接着放。"
        }
        _ => "叫号时会让开，叫完接着放。",
    }
}

fn schedule(written: &Written, today: NaiveDate) -> Option<CheckLine> {
    let (from, to) = (written.from_on?, written.to_on?);
    let stop = |text: &str| {
        Some(CheckLine {
            mark: Mark::Stop,
            text: text.to_owned(),
        })
    };
    if to < from {
        return stop("末日早于首日，请改日期。");
    }
    if to < today {
        return stop("末日已经过了，不会再播。请改末日，或者不发了。");
    }
    let days = match from == to {
        true => format!("只播{}一天", day_text(from, today)),
        false => format!("{} 到 {}", day_text(from, today), day_text(to, today)),
    };
    let daily = written.daily_window.as_deref().and_then(daily_window);
    let daily = daily.map_or_else(
        || "全天".to_owned(),
        |daily| {
            let text = |time: chrono::NaiveTime| time.format("%H:%M").to_string();
            format!("每天 {}–{}", text(daily.from), text(daily.until))
        },
    );
    let text = match written.content {
        Some(BoardContent::Emergency) => {
            format!(
                "从{}起全天播，有人撤才下屏，末日只用来提醒。",
                day_text(from, today)
            )
        }
        _ => format!("{days}，{daily}，过了末日自己下屏。"),
    };
    Some(CheckLine {
        mark: Mark::Good,
        text,
    })
}

fn of_boards(written: &Written, known: &Known, boards: &[OnBoard]) -> Vec<CheckLine> {
    let care = |text| CheckLine {
        mark: Mark::Care,
        text,
    };
    let mut lines = Vec::new();
    for board in boards {
        let name = &board.board.described.name;
        if board.is_too_long() {
            lines.push(care(format!("{name}{}", board.fit_text())));
        }
        lines.extend(fates_text(board).map(|text| care(format!("{name}{text}"))));
    }
    let is_described = |record: &RecordId| {
        let number = known.registered.iter().find(|one| one.record == *record);
        number.is_some_and(|one| {
            let mut told = known.described.iter();
            told.any(|(board, _)| board.described.board == one.number)
        })
    };
    for record in written.screens.iter().filter(|one| !is_described(one)) {
        let registered = known.registered.iter().find(|one| one.record == *record);
        let number = registered.map_or("有一块屏", |one| one.number.as_str());
        lines.push(care(format!(
            "{number}：屏驱动没有报过这块屏，看不到样子，也播不上。请技术员看屏驱动的设置。"
        )));
    }
    if known.described.is_empty() {
        lines.push(care(
            "还没有屏驱动报过屏，看不到样子。请技术员先装好屏驱动。".to_owned(),
        ));
    }
    lines
}

/// What becomes of characters that the board does not have.
fn fates_text(board: &OnBoard) -> impl Iterator<Item = String> {
    let replaced = board
        .fates
        .iter()
        .filter_map(|(character, fate)| match fate {
            Fate::Replaced(other) => {
                Some(format!("的字库里没有“{character}”，会用“{other}”代替。"))
            }
            Fate::Missing => None,
        });
    let missing = board
        .fates
        .iter()
        .filter(|(_, fate)| **fate == Fate::Missing);
    let missing: String = missing.map(|(character, _)| character).collect();
    let missing = (!missing.is_empty())
        .then(|| format!("的字库里没有“{missing}”，会显示成“{IN_PLACE_OF_MISSING}”。请换个字。"));
    replaced.chain(missing)
}

/// A step on the way of a text to a board (到哪一步了).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WayStep {
    pub(crate) name: &'static str,
    pub(crate) detail: String,
}

/// What comes after storing, by how many people look at it.
pub(crate) fn way(written: &Written, review_levels: i64, today: NaiveDate) -> Vec<WayStep> {
    let step = |name, detail: String| WayStep { name, detail };
    let mut way = vec![step("写好，存下", "存下就送审，不用另外点。".to_owned())];
    if review_levels >= 2 {
        way.push(step(
            "一审",
            format!(
                "有“{}”身份的同事来审，写的人不能审。",
                Role::Reviewer.name()
            ),
        ));
    }
    if review_levels >= 3 {
        way.push(step(
            "二审",
            format!(
                "有“{}”身份的同事来审，和一审不是同一个人。",
                Role::Chief.name()
            ),
        ));
    }
    let approver = Role::LedApprover.name();
    way.push(step(
        "签发",
        format!("有“{approver}”身份的同事来签发，写的人不能签发。"),
    ));
    let from = match written.from_on {
        Some(from) if from > today => format!("签发后排着，{} 自己上屏。", day_text(from, today)),
        _ => "签发后马上上屏。".to_owned(),
    };
    way.push(step("上屏", from));
    let until = match (written.content, written.to_on) {
        (Some(BoardContent::Emergency), _) => {
            "紧急内容不会自己下屏，要有人点“立即撤播”。".to_owned()
        }
        (_, None) => "过了末日自己下屏。".to_owned(),
        (_, Some(to)) => format!("放到{}，自己下屏；随时可以撤。", day_text(to, today)),
    };
    way.push(step("下屏", until));
    way
}
