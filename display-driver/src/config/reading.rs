//! From TOML to a configuration: the file as it is written, and why it is none, in Chinese and with its
//! line. Whether its values can be is `check`'s; what zones play is `zone`'s and `item`'s.

use std::ops::Range;
use std::path::PathBuf;

use chrono::NaiveDate;
use toml::Spanned;

use super::check::{check_board, check_port, check_unique_ids, check_unique_ports};
use super::item::{Lists, Reader};
use super::speech::{read_set_up, read_speech};
use super::table::{BoardTable, FileTable, PortTable};
use super::zone::read_plan;
use super::{BoardConfig, BoardsConfig, PortConfig};
use crate::codec::BoardFamily;
use crate::page::PageLimit;
use crate::parser_words::translate;
use crate::playlist::BoardPlan;
use crate::port::{NotAnAddress, PortAddress, PortSettings, Wires};

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
    #[error("第 {line} 行，{at} 的 {field} 不对：{why}。")]
    Value {
        /// Counts from 1.
        line: usize,
        /// Which board, port or list.
        at: String,
        /// Which field.
        field: &'static str,
        /// Why.
        why: String,
    },
}

/// A file while it is read: knows which line a place is on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Text<'t>(pub(super) &'t str);

impl Text<'_> {
    /// The line of a place, from 1.
    pub(super) fn line(self, place: &Range<usize>) -> usize {
        let before = place.start.min(self.0.len());
        self.0.as_bytes()[..before]
            .iter()
            .filter(|&&byte| byte == b'\n')
            .count()
            + 1
    }

    /// A fault of the value at a place.
    pub(super) fn fault(
        self,
        place: &Range<usize>,
        at: impl Into<String>,
        field: &'static str,
        why: impl Into<String>,
    ) -> ConfigError {
        ConfigError::Value {
            line: self.line(place),
            at: at.into(),
            field,
            why: why.into(),
        }
    }
}

/// Reads a configuration. What is over by `today` is left out and told as
/// [`overdue`](BoardsConfig::overdue).
///
/// # Errors
/// [`ConfigError`], the first in the file's order of checks.
pub fn parse(text: &str, today: NaiveDate) -> Result<BoardsConfig, ConfigError> {
    let file: FileTable = toml::from_str(text).map_err(|fault| ConfigError::Syntax {
        line: Text(text).line(&fault.span().unwrap_or_default()),
        what: translate(fault.message()),
    })?;
    let text = Text(text);
    let mut reader = Reader::new(text, today);
    let lists = Lists::read(&mut reader, &file.lists)?;
    check_unique_ports(text, &file.ports)?;
    check_unique_ids(text, &file.ports)?;
    let mut ports = Vec::new();
    for (index, table) in file.ports.into_iter().enumerate() {
        ports.push(read_port(&mut reader, &lists, index + 1, &table)?);
    }
    Ok(BoardsConfig {
        ports,
        overdue: reader.overdue,
    })
}

/// `number` counts the `[[port]]` of the file, for one that has no address to be named by.
fn read_port(
    reader: &mut Reader<'_>,
    lists: &Lists,
    number: usize,
    table: &PortTable,
) -> Result<PortConfig, ConfigError> {
    let text = reader.text;
    let address = read_address(text, number, table)?;
    if let (Some((place, field)), PortAddress::Tcp(_)) = (serial_only(table), &address) {
        let (at, why) = (format!("端口 {address}"), "只有串口能这样设，TCP 没有");
        return Err(text.fault(&place, at, field, why));
    }
    // A port without boards is refused by `check_port`, whatever its rate.
    let family = table.boards.first().map(|board| *board.family.get_ref());
    let usual = family.unwrap_or(BoardFamily::ALL[0]).facts();
    let value = |baud: &Option<Spanned<u32>>| baud.as_ref().map(|baud| *baud.get_ref());
    let format = table.format.as_ref().map(|format| *format.get_ref());
    let line = PortSettings {
        address,
        baud: value(&table.baud).unwrap_or(usual.usual_baud),
        format: format.unwrap_or(usual.usual_format),
        wires: wires(table),
    };
    check_port(text, &line, table)?;
    let boards = table
        .boards
        .iter()
        .map(|board| read_board(reader, lists, board));
    Ok(PortConfig {
        line,
        boards: boards.collect::<Result<_, _>>()?,
    })
}

/// The first of what is written that only a serial device has.
fn serial_only(table: &PortTable) -> Option<(Range<usize>, &'static str)> {
    let flag = |field, flag: &Option<Spanned<bool>>| Some((flag.as_ref()?.span(), field));
    let format = table.format.as_ref();
    format
        .map(|format| (format.span(), "format"))
        .or_else(|| flag("dtr", &table.dtr))
        .or_else(|| flag("rts", &table.rts))
        .or_else(|| flag("low_latency", &table.low_latency))
}

fn wires(table: &PortTable) -> Wires {
    let level = |flag: &Option<Spanned<bool>>| flag.as_ref().map(|flag| *flag.get_ref());
    Wires {
        dtr: level(&table.dtr),
        rts: level(&table.rts),
        has_low_latency: level(&table.low_latency).unwrap_or_default(),
    }
}

fn read_address(
    text: Text<'_>,
    number: usize,
    table: &PortTable,
) -> Result<PortAddress, ConfigError> {
    let fault = |place: &Range<usize>, field, why: &str| {
        Err(text.fault(place, format!("第 {number} 个端口"), field, why))
    };
    let empty = |path: &PathBuf| path.as_os_str().is_empty();
    match (&table.path, &table.tcp) {
        (Some(path), None) if empty(path.get_ref()) => fault(&path.span(), "path", "不能为空"),
        (Some(path), None) => Ok(PortAddress::Serial(path.get_ref().clone())),
        (None, Some(tcp)) => match tcp.get_ref().parse() {
            Ok(address) => Ok(PortAddress::Tcp(address)),
            Err(NotAnAddress { .. }) => {
                let tcp_text = tcp.get_ref();
                let why = format!("{tcp_text} 应写成“主机:端口”，如 192.168.1.50:5005");
                fault(&tcp.span(), "tcp", &why)
            }
        },
        (Some(_), Some(tcp)) => fault(&tcp.span(), "tcp", "path 和 tcp 只能写一个"),
        (None, None) => {
            // The port's own place is the line of its first board, as near as can be told.
            let place = table.boards.first().map(|board| board.id.span());
            fault(&place.unwrap_or_default(), "path", "path 和 tcp 要写一个")
        }
    }
}

fn read_board(
    reader: &mut Reader<'_>,
    lists: &Lists,
    table: &BoardTable,
) -> Result<BoardConfig, ConfigError> {
    check_board(reader.text, table)?;
    let speech = read_speech(reader, table)?;
    let plan = read_plan(reader, lists, table)?;
    Ok(BoardConfig {
        name: table.name.get_ref().clone(),
        address: *table.address.get_ref(),
        colour: table.colour,
        speech,
        set_up: read_set_up(reader, table)?,
        programs: table
            .programs
            .as_ref()
            .map(|programs| programs.get_ref().clone())
            .unwrap_or_default(),
        plan: BoardPlan {
            limit: PageLimit::of(speech),
            ..plan
        },
    })
}
