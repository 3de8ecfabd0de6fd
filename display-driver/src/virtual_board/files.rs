//! The program files of a card: taken block by block into flash, not drawn (sheet `onbon-bx.md` A5).

use std::collections::BTreeMap;

use super::board::refuse;
use crate::codec::FileName;
use crate::codec::onbon_k::answer::AnswerCode;
use crate::codec::onbon_k::check::crc16_arc;
use crate::codec::onbon_k::command::Command;
use crate::codec::onbon_k::message::{Reply, ReplyBody};

/// Programs of a card (A1).
const FILES_MAX: usize = 32;
/// Bytes of one file; the sheet does not say how large the flash is.
const FILE_BYTES_MAX: u32 = 64 * 1024;

/// A file that has begun.
#[derive(Debug, Clone)]
struct Open {
    name: [u8; 4],
    length: u32,
    bytes: Vec<u8>,
}

/// The flash of a card.
#[derive(Debug, Clone, Default)]
pub struct Files {
    stored: BTreeMap<[u8; 4], Vec<u8>>,
    open: Option<Open>,
    is_dark: bool,
}

impl Files {
    /// A stored file.
    #[must_use]
    pub fn file(&self, name: FileName) -> Option<&[u8]> {
        self.stored.get(&name.0).map(Vec::as_slice)
    }

    /// Whether several files are on their way.
    #[must_use]
    pub fn is_dark(&self) -> bool {
        self.is_dark
    }

    pub(super) fn holds(&self, name: FileName) -> bool {
        self.stored.contains_key(&name.0)
    }

    pub(super) fn count(&self) -> u8 {
        u8::try_from(self.stored.len()).unwrap_or(u8::MAX)
    }

    /// Flash stays, a file half received goes, and the card shows again what it has.
    pub(super) fn cut_power(&mut self) {
        self.open = None;
        self.is_dark = false;
    }

    pub(super) fn obey(&mut self, command: Command) -> Reply {
        match command {
            Command::BeginFiles {} => self.is_dark = true,
            Command::EndFiles {} => self.is_dark = false,
            Command::DeleteFiles { names } if names.is_empty() => self.stored.clear(),
            Command::DeleteFiles { names } => {
                self.stored
                    .retain(|name, _| !names.contains(&FileName(*name)));
            }
            Command::BeginFile {
                overwrite,
                name,
                length,
            } => return self.begin(overwrite, name, length),
            Command::FileBlock {
                name,
                last,
                block_addr,
                data,
                ..
            } => return self.block(name, last, block_addr, &data),
            _ => return refuse(AnswerCode::UnknownCommand),
        }
        Reply::ok(ReplyBody::Ack {})
    }

    fn begin(&mut self, overwrite: u8, name: FileName, length: u32) -> Reply {
        let exists = self.holds(name);
        if exists && overwrite == 0 {
            return refuse(AnswerCode::FileExists);
        }
        if length > FILE_BYTES_MAX || (!exists && self.stored.len() == FILES_MAX) {
            return refuse(AnswerCode::OutOfMemory);
        }
        self.open = Some(Open {
            name: name.0,
            length,
            bytes: Vec::new(),
        });
        Reply::ok(ReplyBody::Ack {})
    }

    fn block(&mut self, name: FileName, last: u8, address: u32, data: &[u8]) -> Reply {
        let Some(open) = self.open.as_mut().filter(|open| open.name == name.0) else {
            // A block repeated because its answer was lost.
            return match self.stored.get(&name.0) {
                Some(stored) => taken(AnswerCode::BlockNotConsecutive, stored.len()),
                None => taken(AnswerCode::FileMissing, 0),
            };
        };
        if usize::try_from(address) != Ok(open.bytes.len()) {
            return taken(AnswerCode::BlockNotConsecutive, open.bytes.len());
        }
        if open.bytes.len() + data.len() > open.length as usize {
            self.open = None;
            return taken(AnswerCode::DownloadError, 0);
        }
        open.bytes.extend(data);
        let next = open.bytes.len();
        if last == 0 {
            return taken(AnswerCode::Ok, next);
        }
        match self.open.take() {
            // A file with its own check behind it leaves nothing.
            Some(open) if next == open.length as usize && crc16_arc(&open.bytes) == 0 => {
                self.stored.insert(open.name, open.bytes);
                taken(AnswerCode::Ok, next)
            }
            // With this code the file is gone from the card, the older one of its name too (A2).
            _ => {
                self.stored.remove(&name.0);
                taken(AnswerCode::FileCheckWrong, 0)
            }
        }
    }
}

fn taken(code: AnswerCode, next: usize) -> Reply {
    Reply {
        error: code.byte(),
        ..Reply::ok(ReplyBody::FileBlockReply {
            next_addr: u32::try_from(next).unwrap_or(u32::MAX),
        })
    }
}
