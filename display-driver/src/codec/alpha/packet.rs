//! Packets of the one-byte format: NULs, kind and address, commands, checksums (sheet `alpha.md`).
//!
//! ```text
//! 00 ×5 | 01 | type | address ×2 | 02 command data [03 [checksum ×4]] | 04
//! ```
//! Several commands share a packet when each but the last is closed by 03; one 04 ends them all. The
//! checksum is the sum of the bytes from 02 to 03, both included, and may be left out. A packet gives
//! its data no meaning but one: a sign needs pauses inside, and [`Wire`] tells where. Faults can be
//! written on purpose, because the test tools of a sign need broken packets.

use super::address::{Address, SignType};
use super::command::Command;

/// Opens a packet.
pub const START: u8 = 0x01;
/// Opens a command.
pub const COMMAND_START: u8 = 0x02;
/// Closes a command.
pub const COMMAND_END: u8 = 0x03;
/// Closes a packet.
pub const END: u8 = 0x04;
/// How many NULs a sign needs to find the baud rate.
pub const NULS: u8 = 5;
/// How many NULs come before what a sign answers.
pub const REPLY_NULS: u8 = 20;
/// How long each pause of a packet has to be, at least.
pub const PAUSE_MS: u64 = 100;
/// Most bytes between 01 and 04: the largest file with its heads.
pub const BODY_BYTES_MAX: usize = 0xFFFF + 1024;
/// Digits of a checksum.
pub const CHECKSUM_DIGITS: usize = 4;

/// How 03 closes a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Closing {
    /// Alone.
    Plain,
    /// With a checksum behind it.
    Checked,
}

/// A command that is followed by another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedCommand {
    /// Uninterpreted.
    pub data: Vec<u8>,
    /// How it is closed.
    pub closing: Closing,
}

/// The last command of a packet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastCommand {
    /// Uninterpreted.
    pub data: Vec<u8>,
    /// `None` when 04 follows at once.
    pub closing: Option<Closing>,
}

/// One packet with its data still uninterpreted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packet {
    /// NULs before it; 255 stands for "255 or more".
    pub nuls: u8,
    /// The kind of sign.
    pub sign_type: SignType,
    /// Which of them.
    pub address: Address,
    /// Commands before the last one.
    pub earlier: Vec<ClosedCommand>,
    /// The last one.
    pub last: LastCommand,
}

impl Packet {
    /// Data of all commands, in order.
    pub fn data(&self) -> impl Iterator<Item = &[u8]> {
        let earlier = self.earlier.iter().map(|command| command.data.as_slice());
        earlier.chain([self.last.data.as_slice()])
    }
}

/// A packet ready for the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wire {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// After how many bytes the sender waits for [`PAUSE_MS`] at least; rising.
    pub pauses: Vec<usize>,
}

/// The commands do not fit into a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("A packet carries at most {BODY_BYTES_MAX} bytes, {bytes} were given.")]
pub struct TooLong {
    /// Bytes between 01 and 04.
    pub bytes: usize,
}

/// Encodes a sound packet.
pub fn encode(packet: &Packet) -> Result<Wire, TooLong> {
    encode_with(packet, None)
}

/// Encodes a packet whose last checksum, if it has one, may be given by the caller.
pub fn encode_with(packet: &Packet, last_checksum: Option<u16>) -> Result<Wire, TooLong> {
    let mut bytes = vec![0; usize::from(packet.nuls)];
    bytes.push(START);
    let body_at = bytes.len();
    bytes.push(packet.sign_type.byte());
    bytes.extend(packet.address.bytes());
    let mut pauses = Vec::new();
    for command in &packet.earlier {
        pauses.push(bytes.len() + 1);
        write_command(
            &command.data,
            Some(command.closing),
            None,
            &mut bytes,
            &mut pauses,
        );
    }
    if !packet.earlier.is_empty() {
        pauses.push(bytes.len() + 1);
    }
    let LastCommand { data, closing } = &packet.last;
    write_command(data, *closing, last_checksum, &mut bytes, &mut pauses);
    let body_bytes = bytes.len() - body_at;
    bytes.push(END);
    if body_bytes > BODY_BYTES_MAX {
        return Err(TooLong { bytes: body_bytes });
    }
    Ok(Wire { bytes, pauses })
}

fn write_command(
    data: &[u8],
    closing: Option<Closing>,
    given: Option<u16>,
    bytes: &mut Vec<u8>,
    pauses: &mut Vec<usize>,
) {
    let from = bytes.len();
    bytes.push(COMMAND_START);
    let pause = Command::read(data).ok().and_then(|it| it.pause_after());
    pauses.extend(pause.map(|after| bytes.len() + after));
    bytes.extend(data);
    if closing.is_some() {
        bytes.push(COMMAND_END);
    }
    if closing == Some(Closing::Checked) {
        let sum = given.unwrap_or_else(|| checksum(&bytes[from..]));
        bytes.extend(format!("{sum:04X}").bytes());
    }
}

/// The sum of the bytes from 02 to 03.
#[must_use]
pub fn checksum(covered: &[u8]) -> u16 {
    let add = |sum: u16, &byte: &u8| sum.wrapping_add(u16::from(byte));
    covered.iter().fold(0, add)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(earlier: &[&[u8]], last: &[u8]) -> Packet {
        let closed = |data: &&[u8]| ClosedCommand {
            data: data.to_vec(),
            closing: Closing::Checked,
        };
        Packet {
            nuls: NULS,
            sign_type: SignType::All,
            address: Address::EVERYONE,
            earlier: earlier.iter().map(closed).collect(),
            last: LastCommand {
                data: last.to_vec(),
                closing: Some(Closing::Checked),
            },
        }
    }

    #[test]
    fn a_single_command_needs_no_pause_and_several_one_behind_each_02() {
        let single = encode(&packet(&[], b"GSB007")).expect("short");
        assert!(single.pauses.is_empty());
        let double = encode(&packet(&[b"GS1"], b"GT2")).expect("short");
        let before = |&at: &usize| double.bytes[at - 1];
        assert_eq!(double.pauses.len(), 2);
        assert!(double.pauses.iter().all(|at| before(at) == COMMAND_START));
    }

    #[test]
    fn a_picture_needs_a_pause_behind_its_size() {
        let wire = encode(&packet(&[], b"IP0203102\r030\r")).expect("short");
        assert_eq!(wire.pauses.len(), 1);
        assert!(wire.bytes[..wire.pauses[0]].ends_with(b"IP0203"));
    }

    #[test]
    fn more_than_the_largest_file_is_refused() {
        let fits = BODY_BYTES_MAX - 3 - 1 - 1 - CHECKSUM_DIGITS;
        assert!(encode(&packet(&[], &vec![b'x'; fits])).is_ok());
        let bytes = BODY_BYTES_MAX + 1;
        let refused = encode(&packet(&[], &vec![b'x'; fits + 1]));
        assert_eq!(refused, Err(TooLong { bytes }));
    }

    #[test]
    fn the_checksum_wraps_at_sixteen_bits() {
        assert_eq!(checksum(&vec![0x7F; 1 << 16]), 0);
    }
}
