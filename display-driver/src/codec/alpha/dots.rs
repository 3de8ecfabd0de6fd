//! Dots pictures: small ones are what Hanzi are on a sign without a Chinese font (sheet `alpha.md` I);
//! large ones (M) can be written and read.
//!
//! A document shows a row as signs, one a dot, the same signs as a drawn canvas: `.` off, `R`, `G`,
//! `A`. Rows are all equally long, there is at least one dot, and no more than 31 rows of 255.

use serde::{Deserialize, Serialize};

use super::byte_enum::byte_enum;
use super::payload::{Field, PayloadError, Reader};

/// Most rows.
pub const ROWS_MAX: u8 = 31;
/// Ends a row.
const ROW_END: u8 = 0x0D;
/// Hexadecimal digits of a side of a large picture.
const SIDE_DIGITS: usize = 4;
/// Begins a run of equal dots in a large picture: `11 XX C`.
pub(super) const RUN_LENGTH: u8 = 0x11;

byte_enum! {
    /// A dot.
    Dot {
        Off = b'0', ".";
        Red = b'1', "R";
        Green = b'2', "G";
        Amber = b'3', "A";
        DimRed = b'4', "r";
        DimGreen = b'5', "g";
        Brown = b'6', "B";
        Orange = b'7', "O";
        Yellow = b'8', "Y";
    }
}

/// Rows and columns, neither of them none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "SizeDocument", into = "SizeDocument")]
pub struct PictureSize {
    rows: u8,
    columns: u8,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SizeDocument {
    rows: u8,
    columns: u8,
}

impl PictureSize {
    /// At most 31 rows of 255.
    #[must_use]
    pub fn new(rows: u8, columns: u8) -> Option<Self> {
        ((1..=ROWS_MAX).contains(&rows) && columns > 0).then_some(Self { rows, columns })
    }

    /// Dots down.
    #[must_use]
    pub fn rows(self) -> u8 {
        self.rows
    }

    /// Dots across.
    #[must_use]
    pub fn columns(self) -> u8 {
        self.columns
    }

    pub(super) fn write(self, out: &mut Vec<u8>) {
        out.extend(format!("{:02X}{:02X}", self.rows, self.columns).bytes());
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, PayloadError> {
        let from = reader.at();
        let rows = reader.hex_byte(Field::PictureSize)?;
        let columns = reader.hex_byte(Field::PictureSize)?;
        reader.accept(from, Field::PictureSize, Self::new(rows, columns))
    }
}

impl From<PictureSize> for SizeDocument {
    fn from(size: PictureSize) -> Self {
        let PictureSize { rows, columns } = size;
        Self { rows, columns }
    }
}

impl TryFrom<SizeDocument> for PictureSize {
    type Error = String;

    fn try_from(size: SizeDocument) -> Result<Self, String> {
        let SizeDocument { rows, columns } = size;
        Self::new(rows, columns).ok_or_else(|| {
            format!("点阵图应为 1 到 31 行、1 到 255 列，不能是 {rows} 行 {columns} 列")
        })
    }
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct Dots {
    size: PictureSize,
    /// Row by row.
    dots: Vec<Dot>,
}

impl Dots {
    /// How large it is.
    #[must_use]
    pub fn size(&self) -> PictureSize {
        self.size
    }

    /// From top to bottom.
    pub fn rows(&self) -> impl Iterator<Item = &[Dot]> {
        self.dots.chunks(usize::from(self.size.columns))
    }

    /// A picture drawn with the signs of the documents, such as those of a canvas.
    pub fn of_signs<S: AsRef<str>>(rows: &[S]) -> Result<Self, String> {
        let columns = rows.first().map_or(0, |row| row.as_ref().chars().count());
        let size = match (u8::try_from(rows.len()), u8::try_from(columns)) {
            (Ok(rows), Ok(columns)) => PictureSize::new(rows, columns),
            _ => None,
        };
        let size = size.ok_or_else(|| {
            let rows = rows.len();
            format!("点阵图应为 1 到 31 行、1 到 255 列，不能是 {rows} 行 {columns} 列")
        })?;
        let mut dots = Vec::with_capacity(rows.len() * columns);
        for row in rows {
            let before = dots.len();
            for sign in row.as_ref().chars() {
                dots.push(dot_of(sign)?);
            }
            if dots.len() - before != columns {
                return Err(format!("每行应有 {columns} 个点"));
            }
        }
        Ok(Self { size, dots })
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        self.size.write(out);
        for row in self.rows() {
            out.extend(row.iter().map(|dot| dot.byte()));
            out.push(ROW_END);
        }
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, PayloadError> {
        let size = PictureSize::read(reader)?;
        let mut dots = Vec::with_capacity(usize::from(size.rows) * usize::from(size.columns));
        for _ in 0..size.rows {
            for _ in 0..size.columns {
                dots.push(reader.listed(Field::Dot, Dot::from_byte)?);
            }
            reader.listed(Field::Dot, |byte| (byte == ROW_END).then_some(()))?;
        }
        Ok(Self { size, dots })
    }
}

/// A picture of four hexadecimal digits each way (M). Which memory holds one the sheet does not say, so
/// no link sends any.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct LargeDots {
    columns: u16,
    /// Row by row, at least one.
    dots: Vec<Dot>,
}

impl LargeDots {
    fn rows(&self) -> impl ExactSizeIterator<Item = &[Dot]> {
        self.dots.chunks(usize::from(self.columns))
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        out.extend(format!("{:04X}{:04X}", self.rows().len(), self.columns).bytes());
        for row in self.rows() {
            out.extend(row.iter().map(|dot| dot.byte()));
            out.push(ROW_END);
        }
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, PayloadError> {
        let from = reader.at();
        let rows = reader.hex(SIDE_DIGITS, Field::PictureSize)?;
        let columns = reader.hex(SIDE_DIGITS, Field::PictureSize)?;
        let is_picture = rows > 0 && columns > 0;
        reader.accept(from, Field::PictureSize, is_picture.then_some(()))?;
        let mut dots = Vec::new();
        for _ in 0..rows {
            for _ in 0..columns {
                dots.push(reader.listed(Field::Dot, Dot::from_byte)?);
            }
            reader.listed(Field::Dot, |byte| (byte == ROW_END).then_some(()))?;
        }
        Ok(Self { columns, dots })
    }
}

impl From<LargeDots> for Vec<String> {
    fn from(dots: LargeDots) -> Self {
        let signs = |row: &[Dot]| row.iter().map(|dot| dot.name()).collect();
        dots.rows().map(signs).collect()
    }
}

impl TryFrom<Vec<String>> for LargeDots {
    type Error = String;

    fn try_from(rows: Vec<String>) -> Result<Self, String> {
        let columns = rows.first().map_or(0, |row| row.chars().count());
        let width = u16::try_from(columns).ok().filter(|width| *width > 0);
        let (Some(width), Ok(_)) = (width, u16::try_from(rows.len())) else {
            return Err("大点阵图每边应为 1 到 65535 个点".to_owned());
        };
        let mut dots = Vec::new();
        for row in &rows {
            if row.chars().count() != columns {
                return Err(format!("每行应有 {columns} 个点"));
            }
            for sign in row.chars() {
                dots.push(dot_of(sign)?);
            }
        }
        Ok(Self {
            columns: width,
            dots,
        })
    }
}

fn dot_of(sign: char) -> Result<Dot, String> {
    Dot::from_name(sign.encode_utf8(&mut [0; 4]))
        .ok_or_else(|| format!("{sign:?} 不是一个点，只有 . R G A r g B O Y"))
}

impl From<Dots> for Vec<String> {
    fn from(dots: Dots) -> Self {
        let signs = |row: &[Dot]| row.iter().map(|dot| dot.name()).collect();
        dots.rows().map(signs).collect()
    }
}

impl TryFrom<Vec<String>> for Dots {
    type Error = String;

    fn try_from(rows: Vec<String>) -> Result<Self, String> {
        Self::of_signs(&rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_goes_both_ways_dot_by_dot() {
        let signs = [".RGA", "rgBO", "Y..."];
        let dots = Dots::of_signs(&signs).expect("a picture");
        let mut bytes = Vec::new();
        dots.write(&mut bytes);
        assert_eq!(bytes, b"03040123\r4567\r8000\r");
        assert_eq!(Dots::read(&mut Reader::new(&bytes)), Ok(dots.clone()));
        assert_eq!(Vec::<String>::from(dots), signs);
    }

    #[test]
    fn a_large_picture_has_four_digits_a_side_and_goes_both_ways() {
        let signs = vec![".RG".to_owned(), "A..".to_owned()];
        let dots = LargeDots::try_from(signs.clone()).expect("a picture");
        let mut bytes = Vec::new();
        dots.write(&mut bytes);
        assert_eq!(bytes, b"00020003012\r300\r");
        assert_eq!(LargeDots::read(&mut Reader::new(&bytes)), Ok(dots.clone()));
        assert_eq!(Vec::<String>::from(dots), signs);
        let wide = LargeDots::try_from(vec![".".repeat(300); 40]).expect("beyond a small one");
        let mut bytes = Vec::new();
        wide.write(&mut bytes);
        assert!(bytes.starts_with(b"0028012C"));
        for refused in [
            vec![],
            vec![String::new()],
            vec!["..".to_owned(), ".".to_owned()],
        ] {
            assert!(LargeDots::try_from(refused).is_err());
        }
        let empty = LargeDots::read(&mut Reader::new(b"00000003"));
        assert_eq!(empty.map_err(|fault| fault.at()), Err(0));
    }

    #[test]
    fn empty_ragged_and_overlarge_pictures_are_refused() {
        let refused = |rows: &[String]| Dots::of_signs(rows).is_err();
        assert!(refused(&[]));
        assert!(refused(&[String::new()]));
        assert!(refused(&["..".to_owned(), ".".to_owned()]));
        assert!(refused(&["x".to_owned()]));
        assert!(refused(&vec![".".to_owned(); 32]));
        assert!(refused(&[".".repeat(256)]));
        assert!(Dots::of_signs(&vec![".".repeat(255); 31]).is_ok());
    }

    #[test]
    fn a_row_too_long_or_too_short_is_a_fault_at_its_place() {
        let at = |bytes: &[u8]| Dots::read(&mut Reader::new(bytes)).map_err(|fault| fault.at());
        assert_eq!(at(b"010200\r").map(|_| ()), Ok(()));
        assert_eq!(at(b"010200").map(|_| ()), Err(6));
        assert_eq!(at(b"0102000\r").map(|_| ()), Err(6));
        assert_eq!(at(b"01020\r").map(|_| ()), Err(5));
        assert_eq!(at(b"0002").map(|_| ()), Err(0));
        assert_eq!(at(b"2001").map(|_| ()), Err(0));
    }
}
