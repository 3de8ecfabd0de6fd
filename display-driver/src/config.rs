//! The boards of a hall as a person writes them, in TOML.
//!
//! ```toml
//! [[port]]
//! path = "/dev/serial/by-id/usb-FTDI_0001"   # or: tcp = "192.168.1.50:5005"
//! baud = 57600
//! format = "8N1"
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
//! (a line in one direction), and shares no port with cards, which have another line: 9600 and 7E1 where
//! `baud` and `format` are not written.
//!
//! Only what is written here is read: no environment, no defaults for what a person has to know. What
//! is wrong is said in Chinese with its line.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde::Deserialize;

use crate::codec::alpha::address::{OwnAddress, SignType};
use crate::codec::alpha::dots::ROWS_MAX;
use crate::codec::alpha::page::Face;
use crate::codec::alpha::sign::{SignLine, Talk};
use crate::codec::{BoardFamily, Speech};
use crate::content::BoardId;
use crate::line_format::LineFormat;
use crate::link::BoardLine;
use crate::port::{NotAnAddress, PortAddress, PortSettings};
use crate::render::canvas::SIDE_PX_MAX;
use crate::schedule::BoardLayout;
use crate::virtual_board::{AlphaVersion, BoardSettings, SignSettings};

/// Baud rates the cards know: the official two and what their parameter file can force
/// (`onbon-bx.md` A1).
const CARD_BAUDS: [u32; 6] = [2_400, 4_800, 9_600, 19_200, 57_600, 115_200];
/// Signs find the rate themselves; the sheet's sources use 9600 and 4800 (`alpha.md`, Line) and nobody
/// more than 38400.
const SIGN_BAUDS: [u32; 5] = [2_400, 4_800, 9_600, 19_200, 38_400];
/// Screen numbers of cards.
const ADDRESSES: std::ops::RangeInclusive<u16> = 1..=0x7FFF;

/// All ports of a driver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardsConfig {
    /// The ports.
    pub ports: Vec<PortConfig>,
}

/// One port with the boards on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortConfig {
    /// Where it is and how it is set.
    pub line: PortSettings,
    /// Its boards.
    pub boards: Vec<BoardConfig>,
}

/// The file as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileTable {
    #[serde(rename = "port")]
    ports: Vec<PortTable>,
}

/// One `[[port]]` as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PortTable {
    path: Option<PathBuf>,
    tcp: Option<String>,
    baud: Option<u32>,
    format: Option<LineFormat>,
    #[serde(rename = "board")]
    boards: Vec<BoardConfig>,
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

    /// Its simulation, if it is an Alpha sign.
    #[must_use]
    pub fn sign_settings(&self) -> SignSettings {
        SignSettings {
            sign_type: SignType::BetaBrite,
            // Checked: a sign's address ends at 255.
            address: OwnAddress(u8::try_from(self.address).unwrap_or(u8::MAX)),
            width_px: u32::from(self.width),
            height_px: u32::from(self.height),
            version: if self.acknowledges {
                AlphaVersion::TwoOrThree
            } else {
                AlphaVersion::One
            },
        }
    }

    /// Its simulation, if it is a card.
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
    let file: FileTable = toml::from_str(text).map_err(|fault| {
        let before = fault.span().map_or(0, |span| span.start.min(text.len()));
        let line = text[..before].matches('\n').count() + 1;
        ConfigError::Syntax {
            line,
            what: translate(fault.message()),
        }
    })?;
    let numbered = file.ports.into_iter().enumerate();
    let ports = numbered.map(|(index, table)| read_port(index + 1, table));
    let config = BoardsConfig {
        ports: ports.collect::<Result<_, _>>()?,
    };
    check_unique_ports(&config)?;
    check_unique_ids(&config)?;
    Ok(config)
}

/// `number` counts the `[[port]]` of the file, for one that has no address to be named by.
fn read_port(number: usize, table: PortTable) -> Result<PortConfig, ConfigError> {
    let fault = |field, why: &str| ConfigError::Value {
        at: format!("第 {number} 个端口"),
        field,
        why: why.to_owned(),
    };
    let address = match (table.path, table.tcp) {
        (Some(path), None) if path.as_os_str().is_empty() => {
            return Err(fault("path", "不能为空"));
        }
        (Some(path), None) => PortAddress::Serial(path),
        (None, Some(tcp)) => PortAddress::Tcp(tcp.parse().map_err(|_: NotAnAddress| {
            fault(
                "tcp",
                &format!("{tcp} 应写成“主机:端口”，如 192.168.1.50:5005"),
            )
        })?),
        (Some(_), Some(_)) => return Err(fault("tcp", "path 和 tcp 只能写一个")),
        (None, None) => return Err(fault("path", "path 和 tcp 要写一个")),
    };
    if table.format.is_some() && matches!(address, PortAddress::Tcp(_)) {
        return Err(ConfigError::Value {
            at: format!("端口 {address}"),
            field: "format",
            why: "只有串口有数据格式，TCP 没有".to_owned(),
        });
    }
    let family = table.boards.first().map(|board| board.family);
    let usual = family.unwrap_or(BoardFamily::OnbonK).protocol();
    let port = PortConfig {
        line: PortSettings {
            address,
            baud: table.baud.unwrap_or_else(|| usual.usual_baud()),
            format: table.format.unwrap_or_else(|| usual.usual_format()),
        },
        boards: table.boards,
    };
    check_port(&port)?;
    Ok(port)
}

/// Puts the words of the parsers, TOML's and JSON's, into Chinese.
pub(crate) fn translate(message: &str) -> String {
    let words = [
        ("missing field", "缺少字段"),
        ("unknown field", "没有字段"),
        ("unknown variant", "没有"),
        ("expected one of", "只有"),
        ("expected", "应为"),
        ("invalid key-value pair", "不是“字段 = 值”"),
        ("invalid type:", "类型不对："),
        ("invalid value:", "值不对："),
    ];
    words.iter().fold(message.to_owned(), |text, (from, to)| {
        text.replace(from, to)
    })
}

fn check_port(port: &PortConfig) -> Result<(), ConfigError> {
    let at = match &port.line.address {
        address @ PortAddress::Serial(_) => format!("串口 {address}"),
        address @ PortAddress::Tcp(_) => format!("端口 {address}"),
    };
    let fault = |field, why| {
        Err(ConfigError::Value {
            at: at.clone(),
            field,
            why,
        })
    };
    let Some(family) = port.boards.first().map(|board| board.family) else {
        return fault("board", "这个端口上没有屏".to_owned());
    };
    if port.boards.iter().any(|board| board.family != family) {
        let why = "同一端口上的屏要用同一种协议：onbon-k 用 8N1，alpha 用 7E1";
        return fault("board", why.to_owned());
    }
    if let Err((field, why)) = check_line(&port.line, family) {
        return fault(field, why);
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

/// Whether boards of a family can be spoken to so; else the field and why not.
fn check_line(line: &PortSettings, family: BoardFamily) -> Result<(), (&'static str, String)> {
    let baud = line.baud;
    let bauds = match family {
        BoardFamily::OnbonK => &CARD_BAUDS[..],
        BoardFamily::Alpha => &SIGN_BAUDS[..],
    };
    if !bauds.contains(&baud) {
        let known: Vec<String> = bauds.iter().map(u32::to_string).collect();
        let (name, known) = (family.protocol().name(), known.join("、"));
        let why = format!("{name} 屏没有 {baud} 这种波特率，可用 {known}");
        return Err(("baud", why));
    }
    if family == BoardFamily::OnbonK && line.format.has_seven_bits() {
        let why = "onbon-k 卡的字节有八位，只能用 8N1、8E1、8N2";
        return Err(("format", why.to_owned()));
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
        BoardFamily::Alpha if board.height > u16::from(ROWS_MAX) => {
            return fault("height", "alpha 屏的点阵图最多 31 行");
        }
        BoardFamily::Alpha if board.width > u16::from(u8::MAX) => {
            return fault("width", "alpha 屏的点阵图最多 255 列");
        }
        BoardFamily::Alpha if board.acknowledges && !board.reads => {
            return fault(
                "reads",
                "会答复写入的屏也能读，acknowledges 和 reads = false 不能同时写",
            );
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

/// Two buses on one port would talk into each other's frames.
fn check_unique_ports(config: &BoardsConfig) -> Result<(), ConfigError> {
    let mut addresses = BTreeSet::new();
    for port in &config.ports {
        let address = &port.line.address;
        if !addresses.insert(address) {
            return Err(ConfigError::Value {
                at: format!("端口 {address}"),
                field: match address {
                    PortAddress::Serial(_) => "path",
                    PortAddress::Tcp(_) => "tcp",
                },
                why: "写了两次；同一端口的屏写在一个 [[port]] 下".to_owned(),
            });
        }
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
        assert_eq!(config.ports[0].line.baud, 57_600);
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
    fn a_port_is_serial_with_a_format_or_tcp() {
        let serial = GOOD.replace("/dev/ttyS0\"", "/dev/ttyS0\"\nformat = \"8N2\"");
        let line = parse(&serial).expect("a good file").ports[0].line.clone();
        assert_eq!(line.format, LineFormat::EightNoneTwo);
        let tcp = GOOD.replace("path = \"/dev/ttyS0\"", "tcp = \"192.168.1.50:5005\"");
        let address = parse(&tcp).expect("a good file").ports[0]
            .line
            .address
            .to_string();
        assert_eq!(address, "tcp:192.168.1.50:5005");
    }

    #[test]
    fn faults_of_a_port_name_the_port_and_the_field() {
        const PATH: &str = "path = \"/dev/ttyS0\"";
        let with = |lines: &str| fault(PATH, lines);
        let both = with("path = \"/dev/ttyS0\"\ntcp = \"card:5005\"");
        assert_eq!(both, "第 1 个端口 的 tcp 不对：path 和 tcp 只能写一个。");
        assert_eq!(with(""), "第 1 个端口 的 path 不对：path 和 tcp 要写一个。");
        assert!(with("tcp = \"card\"").starts_with("第 1 个端口 的 tcp 不对：card 应写成"));
        let framed = with("tcp = \"card:5005\"\nformat = \"8N1\"");
        assert!(
            framed.starts_with("端口 tcp:card:5005 的 format 不对"),
            "{framed}"
        );
        assert!(with("path = \"/dev/ttyS0\"\nformat = \"9N1\"").starts_with("第 4 行有误：没有"));
        let seven = with("path = \"/dev/ttyS0\"\nformat = \"7E1\"");
        assert!(
            seven.contains("format 不对：onbon-k 卡的字节有八位"),
            "{seven}"
        );
        let twice = parse(&format!("{GOOD}{}", GOOD.replace("hall-1", "hall-2")));
        let twice = twice.expect_err("one port").to_string();
        assert!(twice.starts_with("端口 /dev/ttyS0 的 path 不对"), "{twice}");
    }

    #[test]
    fn an_alpha_sign_is_silent_unless_it_is_said_otherwise() {
        let alpha = GOOD
            .replace("onbon-k", "alpha")
            .replace("height = 32", "height = 16");
        let line = parse(&alpha).expect("a good file").ports[0].line.clone();
        assert_eq!((line.baud, line.format), (9_600, LineFormat::SevenEvenOne));
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
        assert!(refused(&alpha.replace("= 16", "= 32")).contains("height 不对"));
        assert!(refused(&alpha.replace("= 192", "= 256")).contains("width 不对"));
        let both = format!("{alpha}acknowledges = true\nreads = false\n");
        assert!(refused(&both).contains("reads 不对"));
        let at = |baud: u32| alpha.replace("ttyS0\"", &format!("ttyS0\"\nbaud = {baud}"));
        assert_eq!(parse(&at(4_800)).expect("a rate").ports[0].line.baud, 4_800);
        let fast = refused(&at(57_600));
        assert!(fast.contains("alpha 屏没有 57600 这种波特率"), "{fast}");
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
