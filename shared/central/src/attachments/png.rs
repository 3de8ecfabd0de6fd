//! PNG without texts, times and places, and tried: every row is unpacked once, one row in memory.

use std::io::Cursor;

use super::fault::Fault;
use super::picture::{Picture, PixelBounds};

const SIGNATURE_BYTES: usize = 8;
/// Length, type and checksum of a chunk.
const AROUND_CHUNK: usize = 12;
/// Chunks of the picture and of its colours; the others are a camera's, a program's or a person's.
const KEPT: [&[u8; 4]; 11] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT",
    b"pHYs",
];
const DAMAGED: Fault = Fault::Damaged("图片");
/// Memory for unpacking: rows, and a colour profile.
const MEMORY_BYTES_MAX: usize = 4 << 20;

/// The picture alone. What comes after its end is dropped.
pub(super) fn cleaned(bytes: &[u8], bounds: PixelBounds) -> Result<Picture, Fault> {
    let (width, height) = dimensions(bytes)?;
    bounds.check(width, height, DAMAGED)?;
    let bytes = kept_chunks(bytes)?;
    try_rows(&bytes)?;
    Ok(Picture {
        width,
        height,
        bytes,
    })
}

/// The size in the first chunk, before anything is unpacked.
fn dimensions(bytes: &[u8]) -> Result<(u32, u32), Fault> {
    let chunk = chunk_at(bytes, SIGNATURE_BYTES)?;
    let at = |from: usize| {
        let four = chunk.get(from..from + 4)?;
        Some(u32::from_be_bytes(four.try_into().ok()?))
    };
    if chunk.get(4..8) != Some(b"IHDR") {
        return Err(DAMAGED);
    }
    at(8).zip(at(12)).ok_or(DAMAGED)
}

/// A whole chunk, with its length and checksum.
fn chunk_at(bytes: &[u8], at: usize) -> Result<&[u8], Fault> {
    let rest = bytes.get(at..).ok_or(DAMAGED)?;
    let length = rest.get(..4).and_then(|four| four.try_into().ok());
    let length = u32::from_be_bytes(length.ok_or(DAMAGED)?);
    let length = usize::try_from(length).map_err(|_| DAMAGED)?;
    rest.get(..length.saturating_add(AROUND_CHUNK))
        .ok_or(DAMAGED)
}

fn kept_chunks(bytes: &[u8]) -> Result<Vec<u8>, Fault> {
    let mut kept = bytes[..SIGNATURE_BYTES].to_vec();
    let mut at = SIGNATURE_BYTES;
    loop {
        let chunk = chunk_at(bytes, at)?;
        let kind = &chunk[4..8];
        if KEPT.iter().any(|it| *it == kind) {
            kept.extend_from_slice(chunk);
        }
        if kind == b"IEND" {
            return Ok(kept);
        }
        at += chunk.len();
    }
}

fn try_rows(bytes: &[u8]) -> Result<(), Fault> {
    let limits = ::png::Limits {
        bytes: MEMORY_BYTES_MAX,
    };
    let decoder = ::png::Decoder::new_with_limits(Cursor::new(bytes), limits);
    let mut reader = decoder.read_info().map_err(|_| DAMAGED)?;
    while reader.next_row().map_err(|_| DAMAGED)?.is_some() {}
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::samples::png;
    use super::*;

    const BOUNDS: PixelBounds = PixelBounds {
        pixels_max: 1_000_000,
    };

    fn with_text(picture: &[u8], text: &[u8]) -> Vec<u8> {
        let end = picture.len() - AROUND_CHUNK;
        let mut bytes = picture[..end].to_vec();
        bytes.extend(u32::try_from(text.len()).unwrap().to_be_bytes());
        bytes.extend(b"tEXt");
        bytes.extend(text);
        bytes.extend([0; 4]);
        bytes.extend(&picture[end..]);
        bytes
    }

    #[test]
    fn texts_go_and_the_picture_stays() {
        let plain = png(12, 5);
        let cleaned = cleaned(&with_text(&plain, b"Author\0somebody"), BOUNDS).unwrap();
        assert_eq!((cleaned.width, cleaned.height), (12, 5));
        assert_eq!(cleaned.bytes, plain);
    }

    #[test]
    fn a_cut_or_changed_picture_is_refused() {
        let whole = png(12, 5);
        for length in SIGNATURE_BYTES..whole.len() {
            assert_eq!(cleaned(&whole[..length], BOUNDS), Err(DAMAGED), "{length}");
        }
        let mut changed = whole.clone();
        let middle = whole.len() - AROUND_CHUNK - 8;
        changed[middle] ^= 1;
        assert_eq!(cleaned(&changed, BOUNDS), Err(DAMAGED));
    }

    #[test]
    fn a_picture_that_would_fill_the_memory_is_refused_by_its_header() {
        let mut bomb = png(12, 5);
        bomb[16..24].copy_from_slice(&[0, 0, 0x60, 0, 0, 0, 0x60, 0]);
        assert!(matches!(
            cleaned(&bomb, BOUNDS),
            Err(Fault::TooManyPixels { .. })
        ));
    }
}
