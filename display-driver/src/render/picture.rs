//! Pictures of a canvas: PNG with one disc per dot, and half blocks for a terminal (`look.md` §15).
//!
//! Never scaled afterwards: a reader of dots needs whole pixels.

use super::canvas::{Canvas, Dot};

/// Behind the dots.
const GROUND: [u8; 3] = [0x0E, 0x0C, 0x0C];
/// Diameter of a disc in hundredths of the pitch.
const DISC_HUNDREDTHS: u32 = 76;

/// Pixels from dot to dot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pitch {
    /// 2 px, thumbnails.
    Px2,
    /// 3 px.
    Px3,
    /// 4 px.
    Px4,
}

impl Pitch {
    fn pixels(self) -> u32 {
        match self {
            Self::Px2 => 2,
            Self::Px3 => 3,
            Self::Px4 => 4,
        }
    }
}

/// Colour of a dot on screens.
#[must_use]
pub fn rgb(dot: Dot) -> [u8; 3] {
    match dot {
        Dot::Off => [0x2C, 0x16, 0x12],
        Dot::Red => [0xFF, 0x4A, 0x30],
        Dot::Green => [0x5C, 0xE6, 0x58],
        Dot::Amber => [0xFF, 0xC4, 0x3C],
    }
}

/// A PNG of the canvas, its pixels `pitch` times the dots in each direction.
pub fn png(canvas: &Canvas, pitch: Pitch) -> Result<Vec<u8>, png::EncodingError> {
    let side = pitch.pixels();
    let coverage = disc(side);
    let mut pixels = Vec::new();
    for row in canvas.rows() {
        for y in 0..side {
            for &dot in row {
                for x in 0..side {
                    pixels.extend(mix(rgb(dot), coverage[(y * side + x) as usize]));
                }
            }
        }
    }
    let rows = canvas.rows().count() as u32;
    let columns = canvas.rows().next().map_or(0, <[Dot]>::len) as u32;
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, columns * side, rows * side);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&pixels)?;
    writer.finish()?;
    Ok(file)
}

/// How much of each pixel of a dot's square the disc covers, of 16: four by four samples a pixel.
fn disc(side: u32) -> Vec<u32> {
    const SAMPLES: u32 = 4;
    // In units of 1/800 pixel, so that sample centres and the radius are whole numbers.
    let (unit, centre, radius) = (800, 400 * side, 4 * DISC_HUNDREDTHS * side);
    let covered = |pixel: u32, sample: u32| {
        let at = pixel * unit + sample * (unit / SAMPLES) + unit / SAMPLES / 2;
        at.abs_diff(centre).pow(2)
    };
    (0..side * side)
        .map(|index| {
            let (x, y) = (index % side, index / side);
            let samples = (0..SAMPLES * SAMPLES).filter(|sample| {
                let distance = covered(x, sample % SAMPLES) + covered(y, sample / SAMPLES);
                distance <= radius.pow(2)
            });
            samples.count() as u32
        })
        .collect()
}

fn mix(colour: [u8; 3], sixteenths: u32) -> [u8; 3] {
    let mut mixed = GROUND;
    for (channel, lit) in mixed.iter_mut().zip(colour) {
        let sum = u32::from(lit) * sixteenths + u32::from(*channel) * (16 - sixteenths);
        *channel = u8::try_from(sum / 16).unwrap_or(u8::MAX);
    }
    mixed
}

/// Two rows of dots a line of text, in colour; for a terminal that knows 24-bit colours.
#[must_use]
pub fn terminal(canvas: &Canvas) -> String {
    let rows: Vec<&[Dot]> = canvas.rows().collect();
    let mut text = String::new();
    for pair in rows.chunks(2) {
        for (at, &upper) in pair[0].iter().enumerate() {
            let lower = pair.get(1).map_or(Dot::Off, |row| row[at]);
            let ([r, g, b], [r2, g2, b2]) = (rgb(upper), rgb(lower));
            text.push_str(&format!("\x1b[38;2;{r};{g};{b}m\x1b[48;2;{r2};{g2};{b2}m▀"));
        }
        text.push_str("\x1b[0m\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use embedded_graphics::prelude::{DrawTarget, Pixel, Point};

    use super::*;

    fn two_dots() -> Canvas {
        let mut canvas = Canvas::new(2, 1);
        let Ok(()) = canvas.draw_iter([Pixel(Point::new(1, 0), Dot::Amber)]);
        canvas
    }

    #[test]
    fn a_disc_is_full_in_its_middle_empty_in_its_corners_and_symmetric() {
        for side in [2, 3, 4] {
            let disc = disc(side);
            let mirrored: Vec<u32> = disc.iter().rev().copied().collect();
            assert_eq!(disc, mirrored);
            let area: u32 = disc.iter().sum();
            let expected =
                (0.38f64 * 0.38 * std::f64::consts::PI * f64::from(side * side) * 16.0) as u32;
            assert!(
                area.abs_diff(expected) <= expected / 6,
                "pitch {side}: {area} of {expected}"
            );
        }
    }

    #[test]
    fn a_png_has_pitch_times_the_dots() {
        let file = png(&two_dots(), Pitch::Px4).expect("a picture");
        let mut reader = png::Decoder::new(std::io::Cursor::new(file))
            .read_info()
            .expect("a PNG");
        let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
        reader.next_frame(&mut pixels).expect("its pixels");
        assert_eq!((reader.info().width, reader.info().height), (8, 4));
        let middle = |dot: usize| &pixels[(8 + dot * 4 + 1) * 3..][..3];
        assert_eq!(
            (middle(0), middle(1)),
            (&rgb(Dot::Off)[..], &rgb(Dot::Amber)[..])
        );
    }

    #[test]
    fn a_terminal_line_carries_two_rows() {
        assert_eq!(terminal(&Canvas::new(3, 5)).lines().count(), 3);
        assert!(terminal(&two_dots()).contains("38;2;255;196;60"));
    }
}
