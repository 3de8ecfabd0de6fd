//! The commands of the subset, and their bytes.
//!
//! Each command is written in one way only, the one of the sheet's table; the decoder also takes the
//! other spellings that printers take. Text is bytes in the printer's own character set.

use super::status::Question;

/// `ESC`.
pub(super) const ESC: u8 = 0x1B;
/// `GS`.
pub(super) const GS: u8 = 0x1D;
/// `FS`.
pub(super) const FS: u8 = 0x1C;
/// `DLE`.
pub(super) const DLE: u8 = 0x10;
/// `EOT`.
pub(super) const EOT: u8 = 0x04;
/// `ENQ`.
pub(super) const ENQ: u8 = 0x05;
/// `LF`.
pub(super) const LF: u8 = 0x0A;
/// Bits of `ESC !`: double height and double width.
const LATIN_DOUBLE: u8 = 0x30;
/// Bits of `FS !`: double width and double height.
const CHINESE_DOUBLE: u8 = 0x0C;
/// Most bytes that one code may hold; more is refused on both sides.
pub const QR_BYTES_MAX: usize = 512;
/// Most bytes of one picture: a line of text as dots takes 9 kB on 80 mm paper.
pub const RASTER_BYTES_MAX: usize = 64 << 10;

/// Where a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Align {
    /// At the left margin.
    #[default]
    Left,
    /// In the middle.
    Centre,
    /// At the right margin.
    Right,
}

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Switch {
    /// 0.
    Off,
    /// 1.
    On,
}

/// How the paper is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// Through.
    Full,
    /// But for a bridge in the middle, so that the paper does not fall.
    Partial,
    /// Fed by so many dots to the knife, then through.
    FeedThenFull(u8),
    /// Fed by so many dots to the knife, then but for a bridge.
    FeedThenPartial(u8),
}

/// How much of a code may be spoilt and it is still read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QrLevel {
    /// 7 %.
    L,
    /// 15 %.
    M,
    /// 25 %.
    Q,
    /// 30 %.
    H,
}

/// A picture: rows of whole bytes, the left dot in the highest bit, 1 is black.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raster {
    /// Bytes in a row.
    pub row_bytes: u16,
    /// All rows.
    pub dots: Vec<u8>,
}

impl Raster {
    /// Rows.
    #[must_use]
    pub fn rows(&self) -> u16 {
        let row_bytes = usize::from(self.row_bytes.max(1));
        u16::try_from(self.dots.len() / row_bytes).unwrap_or(u16::MAX)
    }
}

/// One command, or a run of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Back to what the printer is at power-on.
    Initialise,
    /// Prints the line and feeds it.
    LineFeed,
    /// Prints the line and feeds so many.
    FeedLines(u8),
    /// Prints the line and feeds so many dots.
    FeedDots(u8),
    /// So many dots from line to line.
    LineSpacing(u8),
    /// The usual distance.
    DefaultLineSpacing,
    /// At the beginning of a line only.
    Align(Align),
    /// Bold.
    Bold(Switch),
    /// Dots of the line below: 0, 1 or 2.
    Underline(u8),
    /// `ESC !`, bits as in the sheet; Latin characters.
    PrintMode(u8),
    /// `GS !`: so many times as wide and as high, 1 to 8 each.
    Size {
        /// Across.
        width: u8,
        /// Down.
        height: u8,
    },
    /// White on black.
    Reverse(Switch),
    /// Two bytes are a Chinese character from here on.
    ChineseOn,
    /// Bytes are characters of a code table.
    ChineseOff,
    /// `FS !`, bits as in the sheet; Chinese characters.
    ChineseMode(u8),
    /// `FS W`: Chinese characters twice as wide and high.
    ChineseQuadruple(Switch),
    /// `FS S`: dots left and right of a Chinese character.
    ChineseSpacing(u8, u8),
    /// `ESC t`.
    CodeTable(u8),
    /// A picture.
    Raster(Raster),
    /// A code's model: 1, 2, or 3 for micro.
    QrModel(u8),
    /// Dots of a module, 1 to 16.
    QrDotSize(u8),
    /// How much may be spoilt.
    QrLevel(QrLevel),
    /// What the code will say.
    QrStore(Vec<u8>),
    /// Draws the stored code.
    QrPrint,
    /// Cuts.
    Cut(Cut),
    /// Asks at once, whatever else is going on.
    Ask(Question),
    /// 1 prints the line again, 2 forgets what was not printed.
    Recover(u8),
    /// Which changes the printer tells unasked; none is 0.
    AutoStatus(u8),
    /// Characters.
    Text(Vec<u8>),
}

impl Command {
    /// Appends the bytes.
    ///
    /// # Panics
    /// Never for what [`typeset`](super::typeset) makes and the decoder reads: codes and pictures are
    /// within [`QR_BYTES_MAX`] and [`RASTER_BYTES_MAX`].
    pub fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::LineFeed => out.push(LF),
            Self::Text(bytes) => out.extend_from_slice(bytes),
            Self::Raster(raster) => write_raster(raster, out),
            Self::QrModel(model) => write_qr(0x41, &[0x30 + model, 0], out),
            Self::QrDotSize(dots) => write_qr(0x43, &[*dots], out),
            Self::QrLevel(level) => write_qr(0x45, &[level.code()], out),
            Self::QrStore(content) => {
                let mut rest = vec![0x30];
                rest.extend_from_slice(content);
                write_qr(0x50, &rest, out);
            }
            Self::QrPrint => write_qr(0x51, &[0x30], out),
            Self::Cut(cut) => cut.write(out),
            Self::Ask(question) => out.extend([DLE, EOT, question.number()]),
            Self::Recover(how) => out.extend([DLE, ENQ, *how]),
            _ => self.write_setting(out),
        }
    }

    fn write_setting(&self, out: &mut Vec<u8>) {
        match *self {
            Self::Initialise => out.extend([ESC, b'@']),
            Self::FeedLines(lines) => out.extend([ESC, b'd', lines]),
            Self::FeedDots(dots) => out.extend([ESC, b'J', dots]),
            Self::LineSpacing(dots) => out.extend([ESC, b'3', dots]),
            Self::DefaultLineSpacing => out.extend([ESC, b'2']),
            Self::Align(align) => out.extend([ESC, b'a', align as u8]),
            Self::Bold(switch) => out.extend([ESC, b'E', switch as u8]),
            Self::Underline(dots) => out.extend([ESC, b'-', dots]),
            Self::PrintMode(bits) => out.extend([ESC, b'!', bits]),
            Self::CodeTable(number) => out.extend([ESC, b't', number]),
            Self::Size { width, height } => out.extend([GS, b'!', size_code(width, height)]),
            Self::Reverse(switch) => out.extend([GS, b'B', switch as u8]),
            Self::AutoStatus(bits) => out.extend([GS, b'a', bits]),
            Self::ChineseOn => out.extend([FS, b'&']),
            Self::ChineseOff => out.extend([FS, b'.']),
            Self::ChineseMode(bits) => out.extend([FS, b'!', bits]),
            Self::ChineseQuadruple(switch) => out.extend([FS, b'W', switch as u8]),
            Self::ChineseSpacing(left, right) => out.extend([FS, b'S', left, right]),
            _ => unreachable!("`write` has written the others"),
        }
    }

    /// The bytes of several.
    #[must_use]
    pub fn bytes(commands: &[Self]) -> Vec<u8> {
        let mut out = Vec::new();
        commands.iter().for_each(|command| command.write(&mut out));
        out
    }

    /// All three ways in which printers take a size, the one for every character last: on some models
    /// `ESC !` and `GS !` change Latin characters only (sheet, "Double-height rule"). There Chinese
    /// characters of more than double size come out double.
    #[must_use]
    pub fn sized(times: u8) -> [Self; 3] {
        let is_double = times > 1;
        [
            Self::PrintMode(if is_double { LATIN_DOUBLE } else { 0 }),
            Self::ChineseMode(if is_double { CHINESE_DOUBLE } else { 0 }),
            Self::Size {
                width: times,
                height: times,
            },
        ]
    }
}

impl Cut {
    fn write(self, out: &mut Vec<u8>) {
        out.extend([GS, b'V']);
        match self {
            Self::Full => out.push(0),
            Self::Partial => out.push(1),
            Self::FeedThenFull(dots) => out.extend([b'A', dots]),
            Self::FeedThenPartial(dots) => out.extend([b'B', dots]),
        }
    }
}

impl QrLevel {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::L, Self::M, Self::Q, Self::H];

    /// 30h to 33h.
    #[must_use]
    pub fn code(self) -> u8 {
        0x30 + self as u8
    }
}

/// Width in the high half, height in the low one, each less one.
fn size_code(width: u8, height: u8) -> u8 {
    (width.clamp(1, 8) - 1) << 4 | (height.clamp(1, 8) - 1)
}

fn write_raster(raster: &Raster, out: &mut Vec<u8>) {
    out.extend([GS, b'v', b'0', 0]);
    out.extend(raster.row_bytes.to_le_bytes());
    out.extend(raster.rows().to_le_bytes());
    let length = usize::from(raster.row_bytes) * usize::from(raster.rows());
    out.extend_from_slice(&raster.dots[..length]);
}

/// A function of symbol family 49, which is QR.
fn write_qr(function: u8, rest: &[u8], out: &mut Vec<u8>) {
    let length = u16::try_from(rest.len() + 2).expect("a code's content is within its bound");
    out.extend([GS, b'(', b'k']);
    out.extend(length.to_le_bytes());
    out.extend([0x31, function]);
    out.extend_from_slice(rest);
}
