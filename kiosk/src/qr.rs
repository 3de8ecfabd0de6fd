//! QR codes as pictures for the pages: one pixel a module, quiet zone included.
//!
//! The page enlarges by whole multiples, so that modules stay square. No text is drawn here, and
//! whoever calls sees to it that the content is not personal.

use qrcode::{Color, EcLevel, QrCode};
use slint::{Image, Rgb8Pixel, SharedPixelBuffer};

/// Light modules around the code (ISO/IEC 18004).
const QUIET_MODULES: usize = 4;
const DARK: Rgb8Pixel = Rgb8Pixel {
    r: 0x14,
    g: 0x26,
    b: 0x2B,
};
const LIGHT: Rgb8Pixel = Rgb8Pixel {
    r: 0xFF,
    g: 0xFF,
    b: 0xFF,
};

/// The content does not fit into a QR code at level M.
#[derive(Debug, thiserror::Error)]
#[error("内容有 {bytes} 字节，放不进一个二维码")]
pub struct QrTooLong {
    /// Bytes of the content.
    pub bytes: usize,
}

/// A QR code at error level M.
pub fn picture(content: &str) -> Result<Image, QrTooLong> {
    let code = QrCode::with_error_correction_level(content, EcLevel::M).map_err(|_| QrTooLong {
        bytes: content.len(),
    })?;
    let modules = code.width();
    let side = modules + QUIET_MODULES * 2;
    let length = u32::try_from(side).expect("a QR code has at most 177 modules");
    let mut pixels = SharedPixelBuffer::<Rgb8Pixel>::new(length, length);
    pixels.make_mut_slice().fill(LIGHT);
    for (index, colour) in code.into_colors().into_iter().enumerate() {
        if colour == Color::Dark {
            let (row, column) = (
                index / modules + QUIET_MODULES,
                index % modules + QUIET_MODULES,
            );
            pixels.make_mut_slice()[row * side + column] = DARK;
        }
    }
    Ok(Image::from_rgb8(pixels))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quiet_zone_is_four_light_modules_on_every_side() {
        let image = picture("https://example.invalid/v/7f3k").unwrap();
        let pixels = image.to_rgb8().unwrap();
        let side = usize::try_from(pixels.width()).unwrap();
        for (index, pixel) in pixels.as_slice().iter().enumerate() {
            let (row, column) = (index / side, index % side);
            let inside = 4..side - 4;
            if !(inside.contains(&row) && inside.contains(&column)) {
                assert_eq!(*pixel, LIGHT);
            }
        }
        assert_eq!(
            pixels.as_slice()[4 * side + 4],
            DARK,
            "the finder starts after the quiet zone"
        );
    }

    #[test]
    fn content_beyond_a_code_is_refused_with_its_length() {
        assert_eq!(picture(&"a".repeat(5000)).unwrap_err().bytes, 5000);
    }
}
