//! The device wall's values, read from the service's overview. Pure.

use std::collections::BTreeMap;

use domain::id::{DeviceId, HallId};
use domain::time::UtcMs;
use wire::api::{DeviceKind, HelpState};
use wire::event::BoardReport;

use super::help::{HelpPanel, HelpStage};
use crate::overview::{BoardLine, DeviceLine, HelpCallLine, HelpLine, ScreenLine};
use crate::pages::boards::fault_word;
use crate::pages::console::minutes_since;

/// Everything on the wall.
#[derive(Debug, Clone, Default)]
pub(crate) struct WallView {
    /// Hall kiosks.
    pub(crate) kiosks: Vec<ScreenCard>,
    /// Terminals at windows.
    pub(crate) terminals: Vec<ScreenCard>,
    /// Boards.
    pub(crate) boards: Vec<BoardCard>,
    /// Citizens who wait for somebody.
    pub(crate) help_calls: Vec<HelpCall>,
}

/// A machine with a screen.
#[derive(Debug, Clone)]
pub(crate) struct ScreenCard {
    /// The machine.
    pub(super) device: DeviceId,
    /// Its name.
    pub(super) name: String,
    /// How it is.
    pub(super) health: Health,
    /// Line and backlog in words.
    pub(super) status_text: String,
    /// Who helps there, in words.
    pub(super) help_text: Option<String>,
    /// Its screen.
    pub(super) picture: Option<Picture>,
}

/// A board.
#[derive(Debug, Clone)]
pub(crate) struct BoardCard {
    /// Its name.
    pub(super) name: String,
    /// How its driver is.
    pub(super) health: Health,
    /// For how many minutes it has not answered, once that is an alarm.
    pub(super) silent_minutes: Option<i64>,
    /// Whether the board acknowledged what is shown.
    pub(super) is_confirmed: bool,
    /// What it reported last, in words.
    pub(super) report_text: String,
    /// Its dots.
    pub(super) picture: Option<Picture>,
}

/// How a machine is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Health {
    /// On line, nobody there.
    Idle,
    /// On line, in use.
    InUse,
    /// Off line for so many minutes; `None` when it was never seen.
    Offline(Option<i64>),
    /// Without rights.
    Revoked,
}

/// Where a picture is and how large.
#[derive(Debug, Clone)]
pub(crate) struct Picture {
    /// Its address, which changes with the picture.
    pub(crate) address: String,
    /// px.
    pub(crate) width: u32,
    /// px.
    pub(crate) height: u32,
}

/// A citizen who asked for help.
#[derive(Debug, Clone)]
pub(crate) struct HelpCall {
    /// Where.
    pub(super) device: DeviceId,
    /// Its name.
    pub(super) device_name: String,
    /// `3 分前`.
    pub(super) ago: String,
}

/// Width and height of a machine's picture (`board` is empty for a kiosk), if there is one.
pub(crate) type SizeOf<'a> = &'a dyn Fn(DeviceId, &str) -> Option<(u32, u32)>;

impl WallView {
    /// The wall of one hall.
    pub(crate) fn of(
        hall: HallId,
        devices: &[DeviceLine],
        reports: &[BoardLine],
        calls: &[HelpCallLine],
        size_of: SizeOf<'_>,
        (now, board_offline_ms): (UtcMs, i64),
    ) -> Self {
        let mut wall = Self::default();
        let here = devices.iter().filter(|line| line.hall == hall);
        for line in here {
            match line.kind {
                DeviceKind::HallKiosk { .. } => wall.kiosks.push(screen(line, size_of, now)),
                DeviceKind::WindowTerminal { .. } => {
                    wall.terminals.push(screen(line, size_of, now));
                }
                DeviceKind::HallNode => {}
                DeviceKind::DisplayDriver => {
                    let cards = boards(line, reports, size_of, (now, board_offline_ms));
                    wall.boards.extend(cards);
                }
            }
        }
        wall.help_calls = calls.iter().map(|call| help_call(call, now)).collect();
        wall
    }

    /// Whether there is no machine at all.
    pub(super) fn is_empty(&self) -> bool {
        self.kiosks.is_empty() && self.terminals.is_empty() && self.boards.is_empty()
    }

    /// How many machines and boards are `so`.
    pub(super) fn count(&self, so: impl Fn(Health) -> bool) -> usize {
        let screens = self
            .kiosks
            .iter()
            .chain(&self.terminals)
            .map(|card| card.health);
        screens
            .chain(self.boards.iter().map(|card| card.health))
            .filter(|h| so(*h))
            .count()
    }
}

fn help_call(call: &HelpCallLine, now: UtcMs) -> HelpCall {
    let ago = match minutes_since(call.at, now) {
        0 => "刚才".to_owned(),
        minutes => format!("{minutes} 分前"),
    };
    HelpCall {
        device: call.device,
        device_name: call.device_name.clone(),
        ago,
    }
}

fn health(line: &DeviceLine, now: UtcMs) -> Health {
    if line.is_revoked {
        return Health::Revoked;
    }
    if !line.is_online {
        return Health::Offline(line.last_seen.map(|seen| minutes_since(seen, now)));
    }
    if line.screens.iter().any(|screen| screen.state.in_use) {
        Health::InUse
    } else {
        Health::Idle
    }
}

fn screen(line: &DeviceLine, size_of: SizeOf<'_>, now: UtcMs) -> ScreenCard {
    ScreenCard {
        device: line.device,
        name: line.name.clone(),
        health: health(line, now),
        status_text: line.status_text.clone(),
        help_text: line.help.as_ref().and_then(help_text),
        picture: line
            .screens
            .first()
            .and_then(|screen| picture(line.device, screen, size_of)),
    }
}

fn help_text(help: &HelpLine) -> Option<String> {
    match help.state {
        HelpState::Asking => Some(format!("{}在等他同意", help.staff_name)),
        HelpState::Active => Some(format!("{}正在帮", help.staff_name)),
        HelpState::Declined | HelpState::Ended => None,
    }
}

fn picture(device: DeviceId, screen: &ScreenLine, size_of: SizeOf<'_>) -> Option<Picture> {
    let (width, height) = size_of(device, &screen.board)?;
    let received = screen.received_at.0;
    let board = percent_encoded(&screen.board);
    let address = format!("/staff/devices/{device}/screen?board={board}&received={received}");
    Some(Picture {
        address,
        width,
        height,
    })
}

/// A board's name may be Chinese; in an address every byte outside plain letters is written out.
fn percent_encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// The boards of a driver: those with a picture, and those that only reported.
fn boards(
    line: &DeviceLine,
    reports: &[BoardLine],
    size_of: SizeOf<'_>,
    (now, board_offline_ms): (UtcMs, i64),
) -> Vec<BoardCard> {
    let mine = reports.iter().filter(|report| report.device == line.device);
    let reports: BTreeMap<&str, &BoardLine> =
        mine.map(|report| (report.board.as_str(), report)).collect();
    let screens: BTreeMap<&str, &ScreenLine> = line
        .screens
        .iter()
        .map(|screen| (screen.board.as_str(), screen))
        .collect();
    let mut names: Vec<&str> = reports.keys().chain(screens.keys()).copied().collect();
    names.sort_unstable();
    names.dedup();
    let card = |name: &str| {
        let screen = screens.get(name);
        BoardCard {
            name: name.to_owned(),
            health: health(line, now),
            silent_minutes: reports
                .get(name)
                .and_then(|report| report.offline_since)
                .filter(|since| now.ms_since(*since) >= board_offline_ms)
                .map(|since| minutes_since(since, now)),
            is_confirmed: screen.is_some_and(|screen| screen.state.confirmed),
            report_text: reports
                .get(name)
                .map_or_else(String::new, |line| report_text(line)),
            picture: screen.and_then(|screen| picture(line.device, screen, size_of)),
        }
    };
    names.into_iter().map(card).collect()
}

fn report_text(line: &BoardLine) -> String {
    let at = line.at.clock_text();
    match &line.report {
        BoardReport::Sent { .. } => format!("{at} 发出，等屏回话"),
        BoardReport::Confirmed { .. } => format!("{at} 屏收到了"),
        BoardReport::Failed { reason, .. } => format!("{at} 有一条没播成：{}", fault_word(reason)),
        BoardReport::Offline => format!("{at} 起屏不回话，请看电源和串口线"),
        BoardReport::Online => format!("{at} 屏又回话了"),
        BoardReport::Replaced { .. } => format!("{at} 有屏上没有的字，放了别的字"),
        BoardReport::LettersMissing { .. } => format!("{at} 缺大字的字库，改用小字"),
    }
}

/// The panel of one kiosk; `None` when it is no kiosk of this hall.
pub(crate) fn help_panel(
    device: DeviceId,
    devices: &[DeviceLine],
    me: &str,
    size_of: SizeOf<'_>,
    now: UtcMs,
) -> Option<HelpPanel> {
    let line = devices
        .iter()
        .find(|line| line.device == device && matches!(line.kind, DeviceKind::HallKiosk { .. }))?;
    let card = screen(line, size_of, now);
    let stage = match &line.help {
        _ if !matches!(card.health, Health::Idle | Health::InUse) => HelpStage::OffLine,
        Some(help) => help_stage(help, me),
        None => HelpStage::NotAsked,
    };
    let is_in_use = card.health == Health::InUse;
    Some(HelpPanel {
        device,
        name: card.name,
        picture: card.picture,
        is_in_use,
        stage,
    })
}

fn help_stage(help: &HelpLine, me: &str) -> HelpStage {
    let session = help.session;
    let is_mine = help.staff_name == me;
    match help.state {
        HelpState::Asking | HelpState::Active if !is_mine => {
            HelpStage::SomebodyElse(help.staff_name.clone())
        }
        HelpState::Asking => HelpStage::Asking { session },
        HelpState::Active => HelpStage::Active { session },
        HelpState::Declined if is_mine => HelpStage::Declined,
        HelpState::Declined | HelpState::Ended => HelpStage::NotAsked,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chinese_name_of_a_board_survives_in_an_address() {
        assert_eq!(percent_encoded("门1"), "%E9%97%A81");
        assert_eq!(percent_encoded("a&b=c"), "a%26b%3Dc");
    }

    #[test]
    fn the_help_of_another_clerk_cannot_be_taken_over() {
        let line = |state| HelpLine {
            session: 7,
            staff_name: "甲".into(),
            state,
        };
        assert_eq!(
            help_stage(&line(HelpState::Active), "甲"),
            HelpStage::Active { session: 7 }
        );
        let other = HelpStage::SomebodyElse("甲".into());
        assert_eq!(help_stage(&line(HelpState::Active), "乙"), other);
        assert_eq!(
            help_stage(&line(HelpState::Ended), "乙"),
            HelpStage::NotAsked
        );
    }
}
