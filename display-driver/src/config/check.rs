//! What can be of a file's values and what cannot: rates, addresses, sizes, and what two ports or two
//! boards must not share. Pure; a fault names its line, the port or board, and the field.

use std::collections::BTreeSet;
use std::ops::Range;

use toml::Spanned;

use super::ConfigError;
use super::reading::Text;
use super::table::{BoardTable, PortTable};
use crate::codec::BoardFamily;
use crate::codec::alpha::dots::ROWS_MAX;
use crate::port::{PortAddress, PortSettings};
use crate::render::canvas::SIDE_PX_MAX;

/// Baud rates the cards know: the official two and what their parameter file can force
/// (`onbon-bx.md` A1).
const CARD_BAUDS: [u32; 6] = [2_400, 4_800, 9_600, 19_200, 57_600, 115_200];
/// Signs find the rate themselves; the sheet's sources use 9600 and 4800 (`alpha.md`, Line) and nobody
/// more than 38400.
const SIGN_BAUDS: [u32; 5] = [2_400, 4_800, 9_600, 19_200, 38_400];
/// Screen numbers of cards.
const ADDRESSES: std::ops::RangeInclusive<u16> = 1..=0x7FFF;

pub(super) fn check_port(
    text: Text<'_>,
    line: &PortSettings,
    table: &PortTable,
) -> Result<(), ConfigError> {
    let at = match &line.address {
        address @ PortAddress::Serial(_) => format!("串口 {address}"),
        address @ PortAddress::Tcp(_) => format!("端口 {address}"),
    };
    let own = || {
        let path = table.path.as_ref().map(Spanned::span);
        path.or(table.tcp.as_ref().map(Spanned::span))
            .unwrap_or_default()
    };
    let Some(first) = table.boards.first() else {
        return Err(text.fault(&own(), at, "board", "这个端口上没有屏"));
    };
    let family = *first.family.get_ref();
    let other = table
        .boards
        .iter()
        .find(|board| *board.family.get_ref() != family);
    if let Some(other) = other {
        let why = "同一端口上的屏要用同一种协议：onbon-k 用 8N1，alpha 用 7E1";
        return Err(text.fault(&other.family.span(), at, "board", why));
    }
    if let Err((field, why)) = check_line(line, family) {
        let written = match field {
            "baud" => table.baud.as_ref().map(Spanned::span),
            _ => table.format.as_ref().map(Spanned::span),
        };
        return Err(text.fault(&written.unwrap_or_else(own), at, field, why));
    }
    let mut addresses = BTreeSet::new();
    for board in &table.boards {
        if !addresses.insert(board.address.get_ref()) {
            let why = format!("屏号 {} 重复", board.address.get_ref());
            return Err(text.fault(&board.address.span(), at, "address", why));
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

pub(super) fn check_board(text: Text<'_>, board: &BoardTable) -> Result<(), ConfigError> {
    let fault = |place: Range<usize>, field, why: &str| {
        Err(text.fault(&place, format!("屏 {}", board.id.get_ref()), field, why))
    };
    let sides = 16..=SIDE_PX_MAX;
    let is_side = |side: &Spanned<u16>| sides.contains(&u32::from(*side.get_ref()));
    if board.id.get_ref().0.trim().is_empty() {
        return fault(board.id.span(), "id", "不能为空");
    }
    if !ADDRESSES.contains(board.address.get_ref()) {
        return fault(board.address.span(), "address", "屏号应在 1 到 32767 之间");
    }
    if !is_side(&board.width) {
        return fault(board.width.span(), "width", "宽应在 16 到 4096 点之间");
    }
    if !is_side(&board.height) {
        return fault(board.height.span(), "height", "高应在 16 到 4096 点之间");
    }
    let window = board.window.as_ref();
    if let Some(window) = window.filter(|window| !(1..=99).contains(window.get_ref())) {
        return fault(window.span(), "window", "窗口号应在 1 到 99 之间");
    }
    match check_family(board) {
        Some((place, field, why)) => fault(place, field, why),
        None => Ok(()),
    }
}

/// What a board says that its family does not have.
fn check_family(board: &BoardTable) -> Option<(Range<usize>, &'static str, &'static str)> {
    let is = |flag: &Option<Spanned<bool>>, wanted: bool| {
        let flag = flag.as_ref();
        flag.filter(|flag| *flag.get_ref() == wanted)
            .map(Spanned::span)
    };
    let above = |number: &Spanned<u16>, most: u8| *number.get_ref() > u16::from(most);
    let (acknowledges, deaf) = (is(&board.acknowledges, true), is(&board.reads, false));
    match board.family.get_ref() {
        BoardFamily::Alpha if above(&board.address, u8::MAX) => {
            let why = "alpha 屏的地址应在 1 到 255 之间";
            Some((board.address.span(), "address", why))
        }
        BoardFamily::Alpha if above(&board.height, ROWS_MAX) => {
            Some((board.height.span(), "height", "alpha 屏的点阵图最多 31 行"))
        }
        BoardFamily::Alpha if above(&board.width, u8::MAX) => {
            Some((board.width.span(), "width", "alpha 屏的点阵图最多 255 列"))
        }
        BoardFamily::Alpha => acknowledges.and(deaf).map(|place| {
            let why = "会答复写入的屏也能读，acknowledges 和 reads = false 不能同时写";
            (place, "reads", why)
        }),
        BoardFamily::OnbonK => acknowledges
            .or(deaf)
            .map(|place| (place, "family", "acknowledges 和 reads 只用于 alpha 屏")),
    }
}

/// Two buses on one port would talk into each other's frames.
pub(super) fn check_unique_ports(text: Text<'_>, ports: &[PortTable]) -> Result<(), ConfigError> {
    let mut addresses = BTreeSet::new();
    for port in ports {
        let path = port.path.as_ref();
        let path = path.map(|path| (path.get_ref().display().to_string(), path.span(), "path"));
        let tcp = port.tcp.as_ref();
        let tcp = tcp.map(|tcp| (format!("tcp:{}", tcp.get_ref()), tcp.span(), "tcp"));
        let Some((address, place, field)) = path.or(tcp) else {
            continue;
        };
        if !addresses.insert(address.clone()) {
            let why = "写了两次；同一端口的屏写在一个 [[port]] 下";
            return Err(text.fault(&place, format!("端口 {address}"), field, why));
        }
    }
    Ok(())
}

/// Staff choose a board by its id and know it by its name: neither is twice.
pub(super) fn check_unique_ids(text: Text<'_>, ports: &[PortTable]) -> Result<(), ConfigError> {
    let (mut ids, mut names) = (BTreeSet::new(), BTreeSet::new());
    for board in ports.iter().flat_map(|port| &port.boards) {
        let (id, name) = (board.id.get_ref(), board.name.get_ref());
        let place = format!("屏 {id}");
        if !ids.insert(id) {
            let why = "和另一块屏重复";
            return Err(text.fault(&board.id.span(), place, "id", why));
        }
        if !names.insert(name) {
            let why = "和另一块屏重名，页面上分不出是哪一块";
            return Err(text.fault(&board.name.span(), place, "name", why));
        }
    }
    Ok(())
}
