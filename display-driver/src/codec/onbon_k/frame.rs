//! Framing of K cards: lead, escaping, check bytes, tail (sheet `onbon-bx.md` A2).
//!
//! ```text
//! A5 ×8 | header | data | check 2 B | 5A
//!        '--- escaped ------------'
//! ```
//! A frame gives its data no meaning; [`super::message`] does. `DataLen` and the check bytes are made
//! over unescaped bytes. Faults can be written on purpose ([`Overrides`]), because the test tools of a
//! board need broken frames.

use super::header::Header;

/// Opens a frame.
pub const START: u8 = 0xA5;
/// Closes a frame.
pub const END: u8 = 0x5A;
/// First byte of the escapes of `A5` and `A6`.
pub const ESCAPE_START: u8 = 0xA6;
/// First byte of the escapes of `5A` and `5B`.
pub const ESCAPE_END: u8 = 0x5B;
/// How many start bytes a host sends.
pub const LEAD_BYTES: u8 = 8;
/// How many start bytes the vendor's printed ACK and NACK frames carry.
pub const REPLY_LEAD_BYTES: u8 = 9;
/// Length of the check field.
pub const CHECK_BYTES: usize = 2;

/// One frame with its data still uninterpreted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Start bytes before the header; 255 stands for "255 or more".
    pub lead: u8,
    /// The header.
    pub header: Header,
    /// Unescaped data.
    pub data: Vec<u8>,
    /// The check bytes as they were on the wire.
    pub check: u16,
    /// Offset of the first start byte in the stream.
    pub offset: u64,
}

impl Frame {
    /// How many bytes of the wire it takes, lead, escapes and tail included.
    #[must_use]
    pub fn wire_bytes(&self) -> usize {
        let overrides = Overrides {
            lead: Some(self.lead),
            check: Some(self.check),
            ..Overrides::default()
        };
        encode_with(&self.header, &self.data, overrides).map_or(usize::MAX, |wire| wire.len())
    }
}

/// Values written as told instead of as computed; all absent gives a sound frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Overrides {
    /// Number of start bytes.
    pub lead: Option<u8>,
    /// The `DataLen` field.
    pub data_len: Option<u16>,
    /// The check field.
    pub check: Option<u16>,
}

/// The data does not fit into a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("A frame carries at most 65535 data bytes, {bytes} were given.")]
pub struct DataTooLong {
    /// Data bytes given.
    pub bytes: usize,
}

/// Encodes a sound frame.
pub fn encode(header: &Header, data: &[u8]) -> Result<Vec<u8>, DataTooLong> {
    encode_with(header, data, Overrides::default())
}

/// Encodes a frame in which some fields are given by the caller.
pub fn encode_with(
    header: &Header,
    data: &[u8],
    overrides: Overrides,
) -> Result<Vec<u8>, DataTooLong> {
    let actual = u16::try_from(data.len()).map_err(|_| DataTooLong { bytes: data.len() })?;
    let mut body = Vec::with_capacity(header.wire_bytes() + data.len() + CHECK_BYTES);
    header.write(overrides.data_len.unwrap_or(actual), &mut body);
    body.extend_from_slice(data);
    let computed = header.check_mode.value(&body).unwrap_or(0);
    body.extend(overrides.check.unwrap_or(computed).to_le_bytes());

    let mut wire = vec![START; usize::from(overrides.lead.unwrap_or(LEAD_BYTES))];
    wire.reserve(body.len() + 1);
    body.iter().for_each(|&byte| push_escaped(byte, &mut wire));
    wire.push(END);
    Ok(wire)
}

/// Where the `index`-th unescaped byte behind the lead stands in `wire`, one whole frame.
#[must_use]
pub fn wire_offset(wire: &[u8], index: usize) -> usize {
    let lead = wire.iter().take_while(|&&byte| byte == START).count();
    let mut at = lead;
    for _ in 0..index {
        match wire.get(at) {
            Some(&(ESCAPE_START | ESCAPE_END)) => at += 2,
            Some(_) => at += 1,
            None => break,
        }
    }
    at
}

fn push_escaped(byte: u8, wire: &mut Vec<u8>) {
    match byte {
        START => wire.extend([ESCAPE_START, 2]),
        ESCAPE_START => wire.extend([ESCAPE_START, 1]),
        END => wire.extend([ESCAPE_END, 2]),
        ESCAPE_END => wire.extend([ESCAPE_END, 1]),
        plain => wire.push(plain),
    }
}

/// The byte that an escape pair stands for, if it is one of the four.
#[must_use]
pub(super) fn unescape(prefix: u8, code: u8) -> Option<u8> {
    match (prefix, code) {
        (ESCAPE_START, 1) => Some(ESCAPE_START),
        (ESCAPE_START, 2) => Some(START),
        (ESCAPE_END, 1) => Some(ESCAPE_END),
        (ESCAPE_END, 2) => Some(END),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::header::Address;
    use super::*;

    #[test]
    fn the_four_special_bytes_are_escaped_and_nothing_else() {
        let mut wire = Vec::new();
        (0..=255).for_each(|byte| push_escaped(byte, &mut wire));
        assert_eq!(wire.len(), 256 + 4);
    }

    #[test]
    fn too_much_data_is_refused() {
        let header = Header::to_board(Address(1));
        assert!(encode(&header, &vec![0; 65535]).is_ok());
        assert_eq!(
            encode(&header, &vec![0; 65536]),
            Err(DataTooLong { bytes: 65536 })
        );
    }

    #[test]
    fn offsets_are_counted_over_escape_pairs() {
        let wire = [START, START, 1, ESCAPE_START, 2, 7, END];
        assert_eq!(wire_offset(&wire, 0), 2);
        assert_eq!(wire_offset(&wire, 1), 3);
        assert_eq!(wire_offset(&wire, 2), 5);
        assert_eq!(wire_offset(&wire, 99), wire.len());
    }
}
