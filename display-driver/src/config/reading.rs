//! From TOML to a configuration: the file as it is written, and why it is none, in Chinese and with its
//! line. Whether its values can be is `check`'s.

use std::path::PathBuf;

use serde::Deserialize;

use super::check::{check_port, check_unique_ids, check_unique_ports};
use super::{BoardConfig, BoardsConfig, PortConfig};
use crate::codec::BoardFamily;
use crate::line_format::LineFormat;
use crate::port::{NotAnAddress, PortAddress, PortSettings};

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
