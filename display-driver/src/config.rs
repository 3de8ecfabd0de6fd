//! The boards of a hall as a person writes them, in TOML.
//!
//! ```toml
//! [[port]]
//! path = "/dev/serial/by-id/usb-FTDI_0001"
//! baud = 57600
//!
//! [[port.board]]
//! id = "hall-1"
//! name = "大厅主屏"
//! family = "onbon-k"
//! address = 1
//! width = 192
//! height = 32
//! colour = "two"
//! shows = ["vacancies", "policies", "notices", "calls"]
//! ```
//! An Alpha sign is `family = "alpha"`, may say `acknowledges = true` (2.0 and 3.0) or `reads = false`
//! (a line in one direction), and shares no port with cards, which have another line format.
//!
//! Only what is written here is read: no environment, no defaults for what a person has to know. What
//! is wrong is said in Chinese with its line.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde::Deserialize;

use crate::codec::alpha::dots::ROWS_MAX;
use crate::codec::alpha::page::Face;
use crate::codec::alpha::sign::{SignLine, Talk};
use crate::codec::{BoardFamily, Speech};
use crate::content::BoardId;
use crate::link::BoardLine;
use crate::render::canvas::SIDE_PX_MAX;
use crate::schedule::BoardLayout;
use crate::virtual_board::BoardSettings;

/// Baud rates the cards know (`onbon-bx.md` A1).
const BAUDS: [u32; 6] = [2_400, 4_800, 9_600, 19_200, 57_600, 115_200];
const BAUD_USUAL: u32 = 57_600;
/// Screen numbers of cards.
const ADDRESSES: std::ops::RangeInclusive<u16> = 1..=0x7FFF;

/// All ports of a driver.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BoardsConfig {
    /// The ports.
    #[serde(rename = "port")]
    pub ports: Vec<PortConfig>,
}

/// One serial port with the boards on it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortConfig {
    /// The device; by-id names survive unplugging.
    pub path: PathBuf,
    /// Bits a second.
    #[serde(default = "usual_baud")]
    pub baud: u32,
    /// Its boards.
    #[serde(rename = "board")]
    pub boards: Vec<BoardConfig>,
}

fn usual_baud() -> u32 {
    BAUD_USUAL
}

/// The diodes of a board.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Diodes {
    /// Red.
    Single,
    /// Red and green.
    Two,
}

/// One board.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BoardConfig {
    /// Unique in the file.
    pub id: BoardId,
    /// For people.
    pub name: String,
    /// The protocol.
    pub family: BoardFamily,
    /// Screen number, 1 to 32767; of an Alpha sign its address, 1 to 255.
    pub address: u16,
    /// Dots across.
    pub width: u16,
    /// Dots down.
    pub height: u16,
    /// The diodes.
    pub colour: Diodes,
    /// What it shows; everything when it is not said.
    #[serde(default = "Shows::all")]
    pub shows: BTreeSet<Shows>,
    /// The window over which it hangs: then only calls to that window, and its number when idle.
    #[serde(default)]
    pub window: Option<u8>,
    /// Whether an Alpha sign acknowledges writes: 2.0 and 3.0 only (`alpha.md`, E `s`).
    #[serde(default)]
    pub acknowledges: bool,
    /// Whether an Alpha sign answers reads; not where its line has one direction only.
    #[serde(default = "yes")]
    pub reads: bool,
}

fn yes() -> bool {
    true
}

/// What a board can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Shows {
    /// The newest vacancies in rotation.
    Vacancies,
    /// Policy texts in the same rotation.
    Policies,
    /// Notices, over the rotation.
    Notices,
    /// Ticket calls, over all of these.
    Calls,
}

impl Shows {
    /// What a board shows when its file does not say.
    #[must_use]
    pub fn all() -> BTreeSet<Self> {
        [Self::Vacancies, Self::Policies, Self::Notices, Self::Calls].into()
    }
}

impl BoardConfig {
    /// The board on its bus.
    #[must_use]
    pub fn line(&self) -> BoardLine {
        BoardLine {
            id: self.id.clone(),
            speech: match self.family {
                BoardFamily::OnbonK => Speech::OnbonK,
                BoardFamily::Alpha => Speech::Alpha(self.sign()),
            },
            address: self.address,
        }
    }

    fn sign(&self) -> SignLine {
        SignLine {
            face: Face {
                width_px: self.width,
                height_px: self.height,
            },
            talk: match (self.acknowledges, self.reads) {
                (true, _) => Talk::Acknowledges,
                (false, true) => Talk::AnswersReads,
                (false, false) => Talk::Mute,
            },
        }
    }

    /// Its dots.
    #[must_use]
    pub fn layout(&self) -> BoardLayout {
        BoardLayout {
            width_px: self.width,
            height_px: self.height,
        }
    }

    /// Its simulation.
    #[must_use]
    pub fn settings(&self) -> BoardSettings {
        BoardSettings {
            address: self.address,
            width_px: u32::from(self.width),
            height_px: u32::from(self.height),
            has_green: self.colour == Diodes::Two,
        }
    }
}

/// Why a file is not a configuration; for a person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// Not TOML, or a field is missing, misspelt or of the wrong kind.
    #[error("第 {line} 行有误：{what}。")]
    Syntax {
        /// Counts from 1.
        line: usize,
        /// What the parser says.
        what: String,
    },
    /// A field has a value that cannot be.
    #[error("{at} 的 {field} 不对：{why}。")]
    Value {
        /// Which board or port.
        at: String,
        /// Which field.
        field: &'static str,
        /// Why.
        why: String,
    },
}

/// Reads a configuration.
pub fn parse(text: &str) -> Result<BoardsConfig, ConfigError> {
    let config: BoardsConfig = toml::from_str(text).map_err(|fault| {
        let before = fault.span().map_or(0, |span| span.start.min(text.len()));
        let line = text[..before].matches('\n').count() + 1;
        ConfigError::Syntax {
            line,
            what: translate(fault.message()),
        }
    })?;
    config.ports.iter().try_for_each(check_port)?;
    check_unique_ids(&config)?;
    Ok(config)
}

fn translate(message: &str) -> String {
    let words = [
        ("missing field", "缺少字段"),
        ("unknown field", "没有字段"),
        ("unknown variant", "没有"),
        ("expected one of", "只有"),
        ("expected", "应为"),
        ("invalid type:", "类型不对："),
        ("invalid value:", "值不对："),
    ];
    words.iter().fold(message.to_owned(), |text, (from, to)| {
        text.replace(from, to)
    })
}

fn check_port(port: &PortConfig) -> Result<(), ConfigError> {
    let at = format!("串口 {}", port.path.display());
    let fault = |field, why| {
        Err(ConfigError::Value {
            at: at.clone(),
            field,
            why,
        })
    };
    if !BAUDS.contains(&port.baud) {
        return fault(
            "baud",
            format!("{} 不是卡支持的波特率，可用 {BAUDS:?}", port.baud),
        );
    }
    if port.boards.is_empty() {
        return fault("board", "这个串口上没有屏".to_owned());
    }
    let families = port.boards.iter().map(|board| board.family);
    if families
        .clone()
        .any(|family| family != port.boards[0].family)
    {
        let why = "同一串口上的屏要用同一种协议：onbon-k 用 8N1，alpha 用 7E1";
        return fault("board", why.to_owned());
    }
    let mut addresses = BTreeSet::new();
    for board in &port.boards {
        check_board(board)?;
        if !addresses.insert(board.address) {
            return fault("address", format!("屏号 {} 重复", board.address));
        }
    }
    Ok(())
}

fn check_board(board: &BoardConfig) -> Result<(), ConfigError> {
    let fault = |field, why: &str| {
        let at = format!("屏 {}", board.id);
        Err(ConfigError::Value {
            at,
            field,
            why: why.to_owned(),
        })
    };
    let sides = 16..=SIDE_PX_MAX;
    if board.id.0.trim().is_empty() {
        return fault("id", "不能为空");
    }
    if !ADDRESSES.contains(&board.address) {
        return fault("address", "屏号应在 1 到 32767 之间");
    }
    if !sides.contains(&u32::from(board.width)) {
        return fault("width", "宽应在 16 到 4096 点之间");
    }
    if !sides.contains(&u32::from(board.height)) {
        return fault("height", "高应在 16 到 4096 点之间");
    }
    match board.family {
        BoardFamily::Alpha if board.address > u16::from(u8::MAX) => {
            return fault("address", "alpha 屏的地址应在 1 到 255 之间");
        }
        BoardFamily::Alpha if board.height > u16::from(ROWS_MAX) || board.width > 255 => {
            return fault("height", "alpha 屏的点阵图最多 255 列 31 行");
        }
        BoardFamily::OnbonK if board.acknowledges || !board.reads => {
            return fault("family", "acknowledges 和 reads 只用于 alpha 屏");
        }
        BoardFamily::OnbonK | BoardFamily::Alpha => {}
    }
    if board
        .window
        .is_some_and(|window| !(1..=99).contains(&window))
    {
        return fault("window", "窗口号应在 1 到 99 之间");
    }
    Ok(())
}

fn check_unique_ids(config: &BoardsConfig) -> Result<(), ConfigError> {
    let mut ids = BTreeSet::new();
    for board in config.ports.iter().flat_map(|port| &port.boards) {
        if !ids.insert(&board.id) {
            let why = "和另一块屏重复".to_owned();
            return Err(ConfigError::Value {
                at: format!("屏 {}", board.id),
                field: "id",
                why,
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
[[port]]
path = "/dev/ttyS0"

[[port.board]]
id = "hall-1"
name = "大厅主屏"
family = "onbon-k"
address = 1
width = 192
height = 32
colour = "two"
"#;

    fn fault(from: &str, to: &str) -> String {
        assert!(GOOD.contains(from));
        parse(&GOOD.replacen(from, to, 1))
            .expect_err("a wrong file")
            .to_string()
    }

    #[test]
    fn a_good_file_is_read_with_the_usual_baud_rate() {
        let config = parse(GOOD).expect("a good file");
        assert_eq!(config.ports[0].baud, 57_600);
        assert!(config.ports[0].boards[0].settings().has_green);
    }

    #[test]
    fn faults_name_their_line_or_board_and_field() {
        assert_eq!(
            fault("width = 192", "width = \"wide\"").split('：').next(),
            Some("第 10 行有误")
        );
        assert!(
            fault("family = \"onbon-k\"", "family = \"beta\"").starts_with("第 8 行有误：没有")
        );
        assert!(fault("name =", "nam =").contains("没有字段"));
        assert!(fault("address = 1", "address = 0").starts_with("屏 hall-1 的 address 不对"));
        assert!(fault("height = 32", "height = 8").starts_with("屏 hall-1 的 height 不对"));
        let port = fault("path = \"/dev/ttyS0\"", "path = \"/dev/ttyS0\"\nbaud = 300");
        assert!(port.starts_with("串口 /dev/ttyS0 的 baud 不对"));
    }

    #[test]
    fn an_alpha_sign_is_silent_unless_it_is_said_otherwise() {
        let alpha = GOOD
            .replace("onbon-k", "alpha")
            .replace("height = 32", "height = 16");
        let talk = |text: &str| match parse(text).expect("a good file").ports[0].boards[0]
            .line()
            .speech
        {
            Speech::Alpha(sign) => sign.talk,
            Speech::OnbonK => panic!("expected a sign"),
        };
        assert_eq!(talk(&alpha), Talk::AnswersReads);
        assert_eq!(
            talk(&format!("{alpha}acknowledges = true\n")),
            Talk::Acknowledges
        );
        assert_eq!(talk(&format!("{alpha}reads = false\n")), Talk::Mute);
        let refused = |text: &str| parse(text).expect_err("a wrong file").to_string();
        assert!(refused(&alpha.replace("address = 1", "address = 256")).contains("1 到 255"));
        assert!(refused(&alpha.replace("= 16", "= 32")).contains("31 行"));
        assert!(refused(&format!("{GOOD}acknowledges = true\n")).contains("只用于 alpha"));
    }

    #[test]
    fn boards_of_two_families_cannot_share_a_port() {
        let board = &GOOD[GOOD.find("[[port.board]]").expect("a board")..];
        let sign = board
            .replace("hall-1", "hall-2")
            .replace("address = 1", "address = 2")
            .replace("onbon-k", "alpha");
        let refused = parse(&format!("{GOOD}{sign}")).expect_err("two families");
        assert!(refused.to_string().contains("同一种协议"), "{refused}");
    }

    #[test]
    fn two_boards_cannot_share_an_id_or_an_address() {
        let board = &GOOD[GOOD.find("[[port.board]]").expect("a board")..];
        let same_address = format!("{GOOD}{}", board.replace("hall-1", "hall-2"));
        assert!(
            parse(&same_address)
                .expect_err("one address")
                .to_string()
                .contains("屏号 1 重复")
        );
        let same_id = format!("{GOOD}{}", board.replace("address = 1", "address = 2"));
        assert!(
            parse(&same_id)
                .expect_err("one id")
                .to_string()
                .contains("重复")
        );
    }
}
