//! What can be of a file's values and what cannot: rates, addresses, sizes, and what two ports or two
//! boards must not share. Pure; a fault names the port or board and its field.

use std::collections::BTreeSet;

use super::{BoardConfig, BoardsConfig, ConfigError, PortConfig};
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

pub(super) fn check_port(port: &PortConfig) -> Result<(), ConfigError> {
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
pub(super) fn check_unique_ports(config: &BoardsConfig) -> Result<(), ConfigError> {
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

pub(super) fn check_unique_ids(config: &BoardsConfig) -> Result<(), ConfigError> {
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
