//! JPEG without what a camera adds: where it was taken, when, with which device. The picture's own
//! data is copied byte by byte, so that nothing is lost; only how it is to be turned is kept.
//! Whether the compressed data gives a picture is not tried.

use super::fault::Fault;
use super::picture::{Picture, PixelBounds};

const EOI: u8 = 0xd9;
const SOS: u8 = 0xda;
const APP1: u8 = 0xe1;
const EXIF: &[u8] = b"Exif\0\0";
/// The tag of how a picture is to be turned.
const ORIENTATION: u16 = 0x0112;
/// Most entries of a camera's table that are read.
const ENTRIES_MAX: u16 = 256;

/// The picture alone. What comes after its end is dropped.
pub(super) fn cleaned(bytes: &[u8], bounds: PixelBounds) -> Result<Picture, Fault> {
    let mut walk = Walk { bytes, at: 2 };
    let (mut size, mut has_scan, mut turned) = (None, false, 1);
    let mut kept = Vec::with_capacity(bytes.len());
    loop {
        match walk.marker()? {
            EOI => break,
            // restart markers and TEM stand alone
            marker @ (0x01 | 0xd0..=0xd7) => kept.extend([0xff, marker]),
            marker => {
                let body = walk.segment()?;
                if is_frame(marker) {
                    size = Some(dimensions(body, bounds)?);
                }
                if marker == APP1 {
                    turned = orientation(body).unwrap_or(turned);
                }
                if is_kept(marker, body) {
                    keep(&mut kept, marker, body);
                }
                if marker == SOS {
                    has_scan = true;
                    kept.extend_from_slice(walk.scan());
                }
            }
        }
    }
    let (width, height) = size.filter(|_| has_scan).ok_or(DAMAGED)?;
    Ok(Picture {
        width,
        height,
        bytes: framed(turned, &kept),
    })
}

const DAMAGED: Fault = Fault::Damaged("照片");

struct Walk<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Walk<'b> {
    /// The next marker; a marker may be preceded by fill bytes.
    fn marker(&mut self) -> Result<u8, Fault> {
        let rest = self.bytes.get(self.at..).ok_or(DAMAGED)?;
        let fill = rest.iter().take_while(|byte| **byte == 0xff).count();
        let marker = *rest.get(fill).filter(|_| fill > 0).ok_or(DAMAGED)?;
        self.at += fill + 1;
        Ok(marker)
    }

    /// The segment after a marker, without its length.
    fn segment(&mut self) -> Result<&'b [u8], Fault> {
        let rest = self.bytes.get(self.at..).ok_or(DAMAGED)?;
        let [high, low, ..] = rest else {
            return Err(DAMAGED);
        };
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        self.at += length;
        rest.get(2..length).ok_or(DAMAGED)
    }

    /// Compressed data up to the next marker; in it, 0xFF is followed by 0 or is a restart.
    fn scan(&mut self) -> &'b [u8] {
        let rest = &self.bytes[self.at.min(self.bytes.len())..];
        let is_end = |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0 | 0xff | 0xd0..=0xd7);
        let length = rest.windows(2).position(is_end).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }
}

/// Start of a frame, of any of the codings.
fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc)
}

/// Of the applications' segments, only those without which colours would be wrong.
fn is_kept(marker: u8, body: &[u8]) -> bool {
    match marker {
        0xe0 => body.starts_with(b"JFIF\0"),
        0xe2 => body.starts_with(b"ICC_PROFILE\0"),
        0xee => body.starts_with(b"Adobe"),
        0xe1..=0xef | 0xfe => false,
        _ => true,
    }
}

fn keep(kept: &mut Vec<u8>, marker: u8, body: &[u8]) {
    let length = u16::try_from(body.len() + 2).unwrap_or(u16::MAX);
    kept.extend([0xff, marker]);
    kept.extend(length.to_be_bytes());
    kept.extend_from_slice(body);
}

fn dimensions(frame: &[u8], bounds: PixelBounds) -> Result<(u32, u32), Fault> {
    let [_precision, h1, h0, w1, w0, ..] = frame else {
        return Err(DAMAGED);
    };
    let width = u32::from(u16::from_be_bytes([*w1, *w0]));
    let height = u32::from(u16::from_be_bytes([*h1, *h0]));
    bounds.check(width, height, DAMAGED)?;
    Ok((width, height))
}

/// The orientation, 1 to 8, in a camera's table.
fn orientation(body: &[u8]) -> Option<u8> {
    let tiff = body.strip_prefix(EXIF)?;
    let is_little = tiff.starts_with(b"II");
    let u16_at = |at: usize| {
        let pair = [*tiff.get(at)?, *tiff.get(at + 1)?];
        Some(if is_little {
            u16::from_le_bytes(pair)
        } else {
            u16::from_be_bytes(pair)
        })
    };
    // tables beyond 64 KiB cannot be in a segment: the lower half of the offset is all of it
    let table = usize::from(u16_at(if is_little { 4 } else { 6 })?);
    let entries = u16_at(table)?.min(ENTRIES_MAX);
    let mut places = (0..usize::from(entries)).map(|entry| table + 2 + entry * 12);
    let place = places.find(|place| u16_at(*place) == Some(ORIENTATION))?;
    let turned = u8::try_from(u16_at(place + 8)?).ok()?;
    (1..=8).contains(&turned).then_some(turned)
}

/// Start, how it is to be turned if it is, the kept segments, end.
fn framed(turned: u8, kept: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0xff, 0xd8];
    if turned != 1 {
        let table = [
            EXIF,
            b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0",
            &[turned],
            b"\0\0\0\0\0\0",
        ];
        keep(&mut bytes, APP1, &table.concat());
    }
    bytes.extend_from_slice(kept);
    bytes.extend([0xff, EOI]);
    bytes
}

#[cfg(test)]
mod tests {
    use super::super::samples::{jpeg, jpeg_with};
    use super::*;

    const BOUNDS: PixelBounds = PixelBounds {
        pixels_max: 1_000_000,
    };

    fn exif_little(turned: u8) -> Vec<u8> {
        let mut body = EXIF.to_vec();
        body.extend(b"II*\0\x08\0\0\0\x02\0");
        body.extend(b"\x0f\x01\x02\0\x04\0\0\0GPS\0");
        body.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0, turned, 0, 0, 0]);
        body.extend(b"\0\0\0\0 39.9 N 116.4 E");
        body
    }

    #[test]
    fn what_the_camera_added_goes_and_the_picture_stays_byte_by_byte() {
        let comment = jpeg_with(&[(0xfe, b"at home"), (APP1, &exif_little(1))]);
        let cleaned = cleaned(&comment, BOUNDS).unwrap();
        assert_eq!((cleaned.width, cleaned.height), (16, 8));
        assert_eq!(cleaned.bytes, jpeg());
    }

    #[test]
    fn a_picture_that_is_to_be_turned_still_says_so_and_nothing_else() {
        let turned = jpeg_with(&[(APP1, &exif_little(6))]);
        let once = cleaned(&turned, BOUNDS).unwrap().bytes;
        assert!(!once.windows(3).any(|three| three == b"GPS"));
        let exif = once.windows(6).position(|six| six == EXIF).unwrap();
        assert_eq!(orientation(&once[exif..]), Some(6));
        assert_eq!(cleaned(&once, BOUNDS).unwrap().bytes, once, "it stays");
    }

    #[test]
    fn a_cut_picture_is_refused_wherever_it_is_cut() {
        let whole = jpeg();
        for length in 2..whole.len() {
            assert_eq!(cleaned(&whole[..length], BOUNDS), Err(DAMAGED), "{length}");
        }
    }

    #[test]
    fn what_hides_behind_the_picture_is_dropped_and_a_huge_one_refused() {
        let mut tailed = jpeg();
        tailed.extend(b"PK\x03\x04 a whole archive");
        assert_eq!(cleaned(&tailed, BOUNDS).unwrap().bytes, jpeg());
        let small = PixelBounds { pixels_max: 100 };
        assert!(matches!(
            cleaned(&jpeg(), small),
            Err(Fault::TooManyPixels { width: 16, .. })
        ));
    }
}
