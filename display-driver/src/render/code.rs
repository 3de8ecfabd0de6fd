//! QR codes as dots (`look.md` §15): two by two dots a module, version 2, so that a board of 64 rows has
//! room for one with a lit quiet zone of at least three modules. What is light on paper is lit.
//! Pure; nothing personal is ever the content, and whoever calls sees to it.

use embedded_graphics::prelude::{DrawTarget, Point, Size};
use embedded_graphics::primitives::Rectangle;
use qrcode::{Color, EcLevel, QrCode, Version};

use super::area::rectangle;
use super::canvas::{Canvas, Dot};
use crate::content::{AreaRect, Colour};

/// Dots of a code with its quiet zone, in either direction.
pub const SIDE_PX: u16 = 64;
/// Modules of version 2.
const MODULES: usize = 25;
/// Dots of a module, in either direction.
const MODULE_PX: u32 = 2;
/// Dots between text and code.
const GAP_PX: u16 = 4;
/// The square is lit around the modules: seven dots, three and a half modules.
const QUIET_PX: u32 = (SIDE_PX as u32 - MODULES as u32 * MODULE_PX) / 2;

/// Why there is no code; for a person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodeFault {
    /// The rectangle is too small.
    #[error("二维码至少要 {SIDE_PX}×{SIDE_PX} 点，这里只有 {width_px}×{height_px}")]
    TooSmall {
        /// Dots across.
        width_px: u16,
        /// Dots down.
        height_px: u16,
    },
    /// More than version 2 holds.
    #[error("内容太长，屏上的二维码最多放 47 个大写字母和数字")]
    TooLong,
}

/// Cuts a rectangle into what is beside the code and the code's square at its right.
///
/// # Errors
/// [`CodeFault::TooSmall`].
pub fn beside(rect: AreaRect) -> Result<(AreaRect, AreaRect), CodeFault> {
    let AreaRect {
        width_px,
        height_px,
        ..
    } = rect;
    if width_px < SIDE_PX || height_px < SIDE_PX {
        return Err(CodeFault::TooSmall {
            width_px,
            height_px,
        });
    }
    let text = AreaRect {
        width_px: (width_px - SIDE_PX).saturating_sub(GAP_PX),
        ..rect
    };
    let code = AreaRect {
        x_px: rect.x_px + width_px - SIDE_PX,
        y_px: rect.y_px + (height_px - SIDE_PX) / 2,
        width_px: SIDE_PX,
        height_px: SIDE_PX,
    };
    Ok((text, code))
}

/// Draws a code into the top left square of a rectangle.
///
/// # Errors
/// [`CodeFault`]; nothing is drawn then.
pub fn draw(
    canvas: &mut Canvas,
    rect: AreaRect,
    content: &str,
    colour: Colour,
) -> Result<(), CodeFault> {
    beside(rect)?;
    let levels = [EcLevel::M, EcLevel::L].into_iter();
    let code = levels
        .map(|level| QrCode::with_version(content, Version::Normal(2), level))
        .find_map(Result::ok)
        .ok_or(CodeFault::TooLong)?;
    let corner = rectangle(rect).top_left;
    let square = Rectangle::new(corner, Size::new_equal(u32::from(SIDE_PX)));
    let Ok(()) = canvas.fill_solid(&square, Dot::from(colour));
    for (index, module) in code.into_colors().into_iter().enumerate() {
        if module == Color::Dark {
            let place = |at: usize| (QUIET_PX + at as u32 * MODULE_PX) as i32;
            let at = corner + Point::new(place(index % MODULES), place(index / MODULES));
            let dots = Rectangle::new(at, Size::new_equal(MODULE_PX));
            let Ok(()) = canvas.fill_solid(&dots, Dot::Off);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECT: AreaRect = AreaRect {
        x_px: 0,
        y_px: 0,
        width_px: 64,
        height_px: 64,
    };

    #[test]
    fn a_code_stands_in_a_lit_quiet_zone_of_more_than_three_modules() {
        let mut canvas = Canvas::new(64, 64);
        draw(
            &mut canvas,
            RECT,
            "HTTPS://EXAMPLE.INVALID/V/7F3K9",
            Colour::Amber,
        )
        .expect("short");
        let signs = canvas.signs();
        let lit = "A".repeat(64);
        assert!(signs[..7].iter().chain(&signs[57..]).all(|row| *row == lit));
        // The upper edge of the first finder: seven modules of two dots.
        assert_eq!(signs[7], signs[8]);
        assert!(signs[7].starts_with(&format!("{}{}A", "A".repeat(7), ".".repeat(14))));
    }

    #[test]
    fn what_does_not_fit_is_refused_and_nothing_is_drawn() {
        let mut canvas = Canvas::new(64, 64);
        let long = draw(&mut canvas, RECT, &"A".repeat(48), Colour::Amber);
        assert_eq!(long, Err(CodeFault::TooLong));
        let low = AreaRect {
            height_px: 48,
            ..RECT
        };
        let small = draw(&mut canvas, low, "A", Colour::Amber);
        assert!(matches!(small, Err(CodeFault::TooSmall { .. })));
        assert_eq!(canvas.lit(), 0);
    }
}
