//! What can be of a file's values and what cannot: rates, addresses, sizes, and what two ports or two
//! boards must not share. Pure; a fault names its line, the port or board, and the field.

use std::collections::BTreeSet;
use std::ops::Range;

use toml::Spanned;

use super::ConfigError;
use super::reading::Text;
use super::table::{BoardTable, PortTable};
use crate::codec::{BoardFamily, OwnKey};
use crate::port::{PortAddress, PortSettings};

/// One line of text.
const SIDE_PX_MIN: u16 = 16;

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
        let (one, another) = (family.facts(), other.family.get_ref().facts());
        let why = format!(
            "同一端口上的屏要用同一种协议：{} 用 {}，{} 用 {}",
            one.name,
            one.usual_format.name(),
            another.name,
            another.usual_format.name()
        );
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
    let (baud, facts) = (line.baud, family.facts());
    let name = facts.name;
    if !facts.bauds.contains(&baud) {
        let known: Vec<String> = facts.bauds.iter().map(u32::to_string).collect();
        let known = known.join("、");
        let why = format!("{name} 屏没有 {baud} 这种波特率，可用 {known}");
        return Err(("baud", why));
    }
    if !facts.formats.contains(&line.format) {
        let known: Vec<&str> = facts.formats.iter().map(|format| format.name()).collect();
        let why = format!("{name} 屏只能用 {}", known.join("、"));
        return Err(("format", why));
    }
    Ok(())
}

pub(super) fn check_board(text: Text<'_>, board: &BoardTable) -> Result<(), ConfigError> {
    let fault = |place: Range<usize>, field, why: &str| {
        Err(text.fault(&place, format!("屏 {}", board.id.get_ref()), field, why))
    };
    if board.id.get_ref().0.trim().is_empty() {
        return fault(board.id.span(), "id", "不能为空");
    }
    if let Some((place, field, why)) = check_number_and_dots(board) {
        return fault(place, field, &why);
    }
    let window = board.window.as_ref();
    if let Some(window) = window.filter(|window| !(1..=99).contains(window.get_ref())) {
        return fault(window.span(), "window", "窗口号应在 1 到 99 之间");
    }
    match check_own_keys(board) {
        Some((place, field, why)) => fault(place, field, &why),
        None => Ok(()),
    }
}

/// Where, which field, and why it cannot be.
type Wrong = (Range<usize>, &'static str, String);

fn check_number_and_dots(board: &BoardTable) -> Option<Wrong> {
    let facts = board.family.get_ref().facts();
    if !facts.addresses.contains(board.address.get_ref()) {
        let (from, to) = (facts.addresses.start(), facts.addresses.end());
        let why = format!("{} 屏的屏号应在 {from} 到 {to} 之间", facts.name);
        return Some((board.address.span(), "address", why));
    }
    let sides = [
        (&board.width, "width", "宽", facts.width_px_max),
        (&board.height, "height", "高", facts.height_px_max),
    ];
    sides.into_iter().find_map(|(side, field, word, most)| {
        let is_side = (SIDE_PX_MIN..=most).contains(side.get_ref());
        let because = match facts.why_dots {
            None => String::new(),
            Some(why) => format!("（{why}）"),
        };
        let why = format!("{word}应在 {SIDE_PX_MIN} 到 {most} 点之间{because}");
        (!is_side).then(|| (side.span(), field, why))
    })
}

/// What is written of a board that its family does not have, or that contradicts itself.
fn check_own_keys(board: &BoardTable) -> Option<Wrong> {
    let written = |(key, field, place): (OwnKey, &'static str, Option<Range<usize>>)| {
        Some((key, field, place?))
    };
    let facts = board.family.get_ref().facts();
    let mut written = own_keys(board).into_iter().filter_map(written);
    if let Some((key, field, place)) = written.find(|(key, ..)| !facts.own_keys.contains(key)) {
        let having = BoardFamily::ALL.iter().map(|family| family.facts());
        let having = having.filter(|other| other.own_keys.contains(&key));
        let having: Vec<&str> = having.map(|other| other.name).collect();
        let (having, name) = (having.join("、"), facts.name);
        let why = format!("只用于 {having} 屏，{name} 的协议没有，或没有写明");
        return Some((place, field, why));
    }
    let is = |flag: &Option<Spanned<bool>>, wanted: bool| {
        let flag = flag.as_ref();
        flag.is_some_and(|flag| *flag.get_ref() == wanted)
    };
    let reads = board.reads.as_ref()?;
    (is(&board.acknowledges, true) && !*reads.get_ref()).then(|| {
        let why = "会答复写入的屏也能读，acknowledges 和 reads = false 不能同时写";
        (reads.span(), "reads", why.to_owned())
    })
}

/// Every key that only some families have, with its place where it is written.
fn own_keys(board: &BoardTable) -> [(OwnKey, &'static str, Option<Range<usize>>); 10] {
    fn place<T>(written: &Option<Spanned<T>>) -> Option<Range<usize>> {
        written.as_ref().map(Spanned::span)
    }
    [
        (
            OwnKey::Acknowledges,
            "acknowledges",
            place(&board.acknowledges),
        ),
        (OwnKey::Reads, "reads", place(&board.reads)),
        (OwnKey::Fonts, "fonts", place(&board.fonts)),
        (OwnKey::Fonts, "latin_fonts", place(&board.latin_fonts)),
        (OwnKey::FrameBytes, "frame_bytes", place(&board.frame_bytes)),
        (OwnKey::Scroll, "scroll", place(&board.scroll)),
        (OwnKey::Flash, "flash_half_s", place(&board.flash_half_s)),
        (OwnKey::Brightness, "brightness", place(&board.brightness)),
        (OwnKey::Timer, "timer", place(&board.timer)),
        (OwnKey::Programs, "programs", place(&board.programs)),
    ]
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
