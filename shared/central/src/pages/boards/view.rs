//! The values of the page of boards, out of what the service knows. Pure.

use std::collections::BTreeMap;

use domain::id::{DeviceId, HallId, StaffId};
use domain::time::UtcMs;
use wire::api::DeviceKind;
use wire::board::{Plays, ZoneDescription};
use wire::event::BoardReport;

use crate::boards::drawn;
use crate::boards::editing::Known;
use crate::boards::{faults, need, silence};
use crate::overview::{BoardLine, DeviceLine, ScreenLine};
use crate::pages::console::minutes_since;
use crate::pages::devices::{Picture, SizeOf};
use crate::pages::pager;
use crate::store::{
    AiredWhat, Airing, DescribedBoard, ReplacedIn, Replacements, RunningClearing, ToldStatus,
};

/// Things that a board plays now that are named.
const NOW_LINES_MAX: usize = 4;

/// What is known of boards now.
pub(crate) struct BoardsFacts<'f> {
    /// The boards.
    pub(crate) known: &'f Known,
    /// The machines.
    pub(crate) devices: &'f [DeviceLine],
    /// The newest report of every board.
    pub(crate) reports: &'f [BoardLine],
    /// What is played now, newest first.
    pub(crate) airings: &'f [Airing],
    /// Where everything is withdrawn.
    pub(crate) clearings: &'f [RunningClearing],
    /// Characters of what is played now that boards do not have.
    pub(crate) replacements: &'f Replacements,
    /// What the drivers last said of themselves.
    pub(crate) statuses: &'f [ToldStatus],
    /// Names of staff.
    pub(crate) staff: &'f BTreeMap<StaffId, String>,
    /// The halls that are shown, and which of them have a system of their own.
    pub(crate) halls: &'f BTreeMap<HallId, (String, bool)>,
    /// The sizes of pictures.
    pub(crate) size_of: SizeOf<'f>,
    /// After so long a silent board is an alarm.
    pub(crate) offline_ms: i64,
    /// Now.
    pub(crate) now: UtcMs,
}

/// What the page shows.
#[derive(Debug, Clone, Default)]
pub(crate) struct BoardsView {
    pub(crate) halls: Vec<HallBoards>,
    pub(crate) alarms: Vec<String>,
    /// What must be done before there are boards, in sentences.
    pub(crate) to_set_up: Vec<String>,
    pub(crate) own_hall: String,
    pub(crate) may_write: bool,
    pub(crate) may_clear: bool,
    pub(crate) may_everywhere: bool,
}

/// The boards of a hall.
#[derive(Debug, Clone)]
pub(crate) struct HallBoards {
    pub(crate) hall: String,
    pub(crate) name: String,
    pub(crate) is_own: bool,
    pub(crate) cards: Vec<BoardCard>,
    pub(crate) cleared: Option<ClearedView>,
    /// Whether who looks may withdraw everything here, and let it play again.
    pub(crate) may_clear: bool,
}

/// Everything is withdrawn.
#[derive(Debug, Clone)]
pub(crate) struct ClearedView {
    pub(super) since: String,
    pub(super) by: String,
    pub(super) reason: String,
    /// What else is to be known.
    pub(super) note: &'static str,
}

/// A board.
#[derive(Debug, Clone)]
pub(crate) struct BoardCard {
    pub(super) number: String,
    pub(super) name: String,
    pub(super) facts: String,
    pub(super) picture: Option<Picture>,
    pub(super) signal: Signal,
    pub(super) is_alarming: bool,
    pub(super) now: Vec<NowLine>,
    pub(super) heard: String,
    pub(super) fault: Option<String>,
    /// What somebody has to do about it, and what to do.
    pub(super) need: Option<(String, &'static str)>,
    /// How often what went wrong.
    pub(super) fault_counts: Option<String>,
    pub(super) zones: Vec<String>,
    /// Where it is put into the register of devices, if it is not in there.
    pub(super) to_register: Option<String>,
}

/// How much is known of what a board shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signal {
    /// The board said that it shows this.
    Confirmed,
    /// It should show this.
    Believed,
    /// Nothing was heard of it yet.
    Unheard,
    /// It has not answered for so many minutes.
    Silent(i64),
    /// Nobody hears it.
    DriverAway,
}

/// Something that is played now.
#[derive(Debug, Clone)]
pub(crate) struct NowLine {
    pub(super) title: String,
    pub(super) address: Option<String>,
    pub(super) since: String,
    pub(super) how: String,
    /// Which of its characters the board does not have.
    pub(super) lacking: Option<String>,
}

impl BoardsView {
    /// The page; the rights of who looks are filled in by who knows them.
    pub(crate) fn of(facts: &BoardsFacts<'_>, own: HallId) -> Self {
        let mut halls: Vec<HallBoards> = facts
            .halls
            .iter()
            .map(|(hall, (name, has_node))| {
                let running = facts.clearings.iter().find(|one| one.hall == *hall);
                HallBoards {
                    is_own: *hall == own,
                    cards: cards(facts, *hall),
                    ..HallBoards::without_boards(*hall, name, running, facts.staff, *has_node)
                }
            })
            .collect();
        halls.sort_by_key(|hall| (!hall.is_own, hall.name.clone()));
        Self {
            alarms: alarms(facts),
            to_set_up: to_set_up(facts),
            halls,
            own_hall: own.to_string(),
            ..Self::default()
        }
    }
}

impl HallBoards {
    /// Whether everything is withdrawn in a hall, without its boards.
    pub(crate) fn without_boards(
        hall: HallId,
        name: &str,
        running: Option<&RunningClearing>,
        staff: &BTreeMap<StaffId, String>,
        has_node: bool,
    ) -> Self {
        let cleared = running.map(|running| ClearedView {
            since: running.since.day_and_clock_text(),
            by: match staff.get(&running.by) {
                Some(name) => name.clone(),
                None => "中心".to_owned(),
            },
            reason: running.reason.clone(),
            note: match has_node {
                true => "这个大厅有自己的系统，它连着时马上照办。",
                false => "",
            },
        });
        Self {
            hall: hall.to_string(),
            name: name.to_owned(),
            is_own: true,
            cards: Vec::new(),
            cleared,
            may_clear: false,
        }
    }
}

fn cards(facts: &BoardsFacts<'_>, hall: HallId) -> Vec<BoardCard> {
    let here = facts.known.described.iter();
    here.filter(|(board, _)| board.hall == hall)
        .map(|(board, _)| card(facts, board))
        .collect()
}

fn card(facts: &BoardsFacts<'_>, board: &DescribedBoard) -> BoardCard {
    let described = &board.described;
    let driver = facts
        .devices
        .iter()
        .find(|line| line.device == board.device);
    let screen = driver.and_then(|line| {
        let mut screens = line.screens.iter();
        screens.find(|screen| screen.board == described.name)
    });
    let mut reports = facts.reports.iter();
    let report = reports.find(|line| line.device == board.device && line.board == described.name);
    let signal = signal(facts, driver, report, screen);
    let is_alarming = match signal {
        Signal::DriverAway => true,
        Signal::Silent(minutes) => minutes.saturating_mul(60_000) >= facts.offline_ms,
        Signal::Confirmed | Signal::Believed | Signal::Unheard => false,
    };
    let above = described
        .window
        .map_or_else(String::new, |window| format!("，{window} 号窗口上面"));
    BoardCard {
        number: described.board.clone(),
        name: described.name.clone(),
        facts: format!("{}{above}", drawn::facts(described)),
        picture: screen.and_then(|screen| picture(board.device, screen, facts.size_of)),
        signal,
        is_alarming,
        now: now(facts, board),
        heard: report
            .and_then(|line| line.heard_at)
            .map_or_else(|| "还没有".to_owned(), UtcMs::day_and_clock_text),
        fault: report.and_then(fault),
        need: report.and_then(|line| line.needs).map(|(need, since)| {
            let since = since.day_and_clock_text();
            let text = format!("{}{}，{since} 起", described.name, need.text());
            (text, need.next_step())
        }),
        fault_counts: faults::text(facts.statuses, board.device, &described.name),
        zones: described.zones.iter().map(zone).collect(),
        to_register: match facts.known.record_of(&described.board) {
            Some(_) => None,
            None => Some(registering(&described.board)),
        },
    }
}

/// The form of the register, with what is known already.
fn registering(number: &str) -> String {
    let known = [("f.device_no", number), ("f.kind", "led")];
    pager::address("/staff/records/device/new", &known)
}

fn signal(
    facts: &BoardsFacts<'_>,
    driver: Option<&DeviceLine>,
    report: Option<&BoardLine>,
    screen: Option<&ScreenLine>,
) -> Signal {
    if !driver.is_some_and(|line| line.is_online) {
        return Signal::DriverAway;
    }
    if let Some(since) = report.and_then(|line| line.offline_since) {
        return Signal::Silent(minutes_since(since, facts.now));
    }
    match (screen, report) {
        (Some(screen), _) if screen.state.confirmed => Signal::Confirmed,
        (Some(_), _) => Signal::Believed,
        (None, Some(line)) => match line.report {
            BoardReport::Confirmed { .. } => Signal::Confirmed,
            _ => Signal::Believed,
        },
        (None, None) => Signal::Unheard,
    }
}

fn picture(device: DeviceId, screen: &ScreenLine, size_of: SizeOf<'_>) -> Option<Picture> {
    let (width, height) = size_of(device, &screen.board)?;
    let received = screen.received_at.0.to_string();
    let path = format!("/staff/boards/{device}/screen");
    let asked = [("board", screen.board.as_str()), ("received", &received)];
    Some(Picture {
        address: pager::address(&path, &asked),
        width,
        height,
    })
}

fn now(facts: &BoardsFacts<'_>, board: &DescribedBoard) -> Vec<NowLine> {
    let here = facts
        .airings
        .iter()
        .filter(|one| one.device == board.device && one.board == board.described.board);
    let lines = here.take(NOW_LINES_MAX).map(|airing| {
        let place = ReplacedIn {
            device: board.device,
            board: board.described.name.clone(),
            item: airing.item.clone(),
        };
        let lacking = facts.replacements.get(&place);
        now_line(airing, lacking.map(String::as_str))
    });
    lines.collect()
}

fn now_line(airing: &Airing, lacking: Option<&str>) -> NowLine {
    NowLine {
        lacking: lacking.map(|characters| format!("屏上没有“{characters}”，放的是代替的字")),
        title: super::record::title(airing),
        address: airing
            .has_record
            .then(|| format!("/staff/record/{}", airing.item)),
        since: airing.from.day_and_clock_text(),
        how: match (airing.confirmed, airing.believed) {
            (0, 0) => "发出了，等屏回话".to_owned(),
            (0, _) => "屏不会回话，按时间推算已经放上".to_owned(),
            _ => "屏已回话".to_owned(),
        },
    }
}

fn fault(line: &BoardLine) -> Option<String> {
    match &line.report {
        BoardReport::Failed { reason, .. } => {
            let at = line.at.day_and_clock_text();
            Some(format!("{at} 有一条没播成：{}", fault_word(reason)))
        }
        BoardReport::Sent { .. }
        | BoardReport::Confirmed { .. }
        | BoardReport::Replaced { .. }
        | BoardReport::LettersMissing { .. }
        | BoardReport::Offline
        | BoardReport::Online => None,
    }
}

/// The driver's stable words, in plain ones, with what comes next.
pub(crate) fn fault_word(reason: &str) -> &'static str {
    match reason {
        "timeout" => "屏没有回话，连上后会再发",
        "broken_answer" => "屏的回话不对，会再发；常有的话请看串口线和接地",
        "port_lost" => "串口断了，接好后会再发",
        "too_long" => "内容太长，屏收不下，请改短",
        "unsupported" => "这块屏做不了这件事，请技术员看设置",
        _ if reason.starts_with("nack") => "屏不收，请技术员看屏的字库和设置",
        _ => "请技术员看屏驱动的记录",
    }
}

/// `左 0、上 0 起 192×32 点：岗位、通知`.
fn zone(zone: &ZoneDescription) -> String {
    let plays: Vec<_> = zone.plays.iter().map(|plays| plays_word(*plays)).collect();
    let plays = match plays.is_empty() {
        true => "只叫号".to_owned(),
        false => plays.join("、"),
    };
    let (width, height) = (zone.width_px, zone.height_px);
    match (zone.x_px, zone.y_px) {
        (0, 0) => format!("{plays}（{width}×{height} 点）"),
        (x, y) => format!("{plays}（{width}×{height} 点，离左边 {x}、上边 {y}）"),
    }
}

fn plays_word(plays: Plays) -> &'static str {
    match plays {
        Plays::Vacancies => "岗位",
        Plays::Policies => "政策",
        Plays::Notices => "通知",
        Plays::Publicity => "公示",
        Plays::Slogans => "标语",
        Plays::Waiting => "等候名单",
        Plays::Clock => "时钟",
        Plays::Text => "固定文字",
        Plays::Window => "窗口牌",
    }
}

fn alarms(facts: &BoardsFacts<'_>) -> Vec<String> {
    let described: Vec<_> = facts
        .known
        .described
        .iter()
        .map(|(board, _)| board.clone())
        .collect();
    let silent = silence::silent(facts.reports, &described, facts.offline_ms, facts.now);
    let silent = silent
        .into_iter()
        .filter(|(line, _)| facts.halls.contains_key(&line.hall));
    let silent = silent.map(|(line, since)| {
        let (name, minutes) = (&line.board, minutes_since(since, facts.now));
        format!(
            "{name} {minutes} 分钟不回话，从 {} 起。看屏的电源和串口线；通了会自己接着放。",
            since.day_and_clock_text()
        )
    });
    let needy = need::needy(facts.reports, &described)
        .into_iter()
        .filter(|(line, ..)| facts.halls.contains_key(&line.hall))
        .map(|(line, need, since)| {
            let since = since.day_and_clock_text();
            let text = format!("{}{}，{since} 起。", line.board, need.text());
            text + need.next_step()
        });
    let drivers = drivers(facts).filter(|line| !line.is_online && line.last_seen.is_some());
    let away = drivers.map(|line| {
        format!(
            "{}断线了，它管的屏放的是断线前的内容。看那台机器的电源和网线；连上后会自己跟上。",
            line.name
        )
    });
    silent.chain(needy).chain(away).collect()
}

fn drivers<'f>(facts: &'f BoardsFacts<'_>) -> impl Iterator<Item = &'f DeviceLine> {
    facts.devices.iter().filter(|line| {
        line.kind == DeviceKind::DisplayDriver
            && !line.is_revoked
            && facts.halls.contains_key(&line.hall)
    })
}

fn to_set_up(facts: &BoardsFacts<'_>) -> Vec<String> {
    if drivers(facts).next().is_none() {
        let text = "还没有屏驱动。请技术员在服务器上开一个一次性登记码，在接屏的那台机器上装屏驱动时输入；\
                    装好后，屏会自己出现在这里。";
        return vec![text.to_owned()];
    }
    let told = |device: DeviceId| {
        let mut described = facts.known.described.iter();
        described.any(|(board, _)| board.device == device)
    };
    drivers(facts)
        .filter(|line| !told(line.device))
        .map(|line| {
            format!(
                "{}登记好了，还没有报过屏。请技术员看它的屏配置文件写好没有、机器开着没有；它一连上就会报。",
                line.name
            )
        })
        .collect()
}

/// The number of what is played, for titles.
pub(super) fn what_word(what: AiredWhat) -> &'static str {
    match what {
        AiredWhat::Listing => "岗位",
        AiredWhat::Notice => "发布的内容",
        AiredWhat::Emergency => "应急",
    }
}
