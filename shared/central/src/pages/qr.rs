//! QR codes as inline SVG: error level M, a quiet zone of four modules on white. Never personal
//! data: what is encoded is the address of a public page.

use maud::{Markup, html};
use qrcode::{Color, EcLevel, QrCode};

/// Modules of white around the code (ISO/IEC 18004).
const QUIET_MODULES: usize = 4;

/// The code of `address`, `px` wide; nothing when the address is too long for any code.
pub(crate) fn qr(address: &str, px: u16) -> Markup {
    let Ok(code) = QrCode::with_error_correction_level(address, EcLevel::M) else {
        return html! {};
    };
    let side = code.width() + 2 * QUIET_MODULES;
    html! {
        svg.qr width=(px) height=(px) viewBox=(format!("0 0 {side} {side}"))
            shape-rendering="crispEdges" role="img" aria-label="二维码" {
            path d=(format!("M0 0h{side}v{side}h-{side}z")) fill="#fff" {}
            path d=(dark_modules(&code)) fill="#000" {}
        }
    }
}

/// One path of all dark modules, as horizontal runs.
fn dark_modules(code: &QrCode) -> String {
    let width = code.width();
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(width).enumerate() {
        let mut x = 0;
        while x < width {
            let run = row[x..]
                .iter()
                .take_while(|color| **color == Color::Dark)
                .count();
            if run > 0 {
                let (left, top) = (x + QUIET_MODULES, y + QUIET_MODULES);
                path.push_str(&format!("M{left} {top}h{run}v1h-{run}z"));
            }
            x += run.max(1);
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_runs_cover_exactly_the_dark_modules() {
        let code = QrCode::with_error_correction_level("HTTP://A.TEST/V/0123456789", EcLevel::M);
        let code = code.unwrap();
        let path = dark_modules(&code);
        let lit: usize = path
            .split('h')
            .skip(1)
            .filter(|part| !part.starts_with('-'))
            .filter_map(|part| part.split('v').next()?.parse::<usize>().ok())
            .sum();
        let dark = code
            .to_colors()
            .iter()
            .filter(|color| **color == Color::Dark)
            .count();
        assert_eq!(lit, dark);
    }
}
