//! A code on a board is read by an independent decoder, from a picture of the dots after a light blur.

use std::process::Command;

use display_driver::codec::BoardFamily;
use display_driver::page::{BoardLayout, PageLimit};
use display_driver::preview::{Panel, with_code};
use display_driver::render::canvas::Canvas;
use display_driver::render::glyph::GlyphSource;
use display_driver::render::picture::{Pitch, png};

const LINK: &str = "HTTPS://EXAMPLE.INVALID/V/7F3K97F3K9";

/// The picture in shades of grey, each pixel the mean of the pixels around it: eyes and lenses blur.
fn blurred(canvas: &Canvas, radius: usize) -> (u32, u32, Vec<u8>) {
    let file = png(canvas, Pitch::Px4).expect("a picture");
    let decoder = png::Decoder::new(std::io::Cursor::new(file));
    let mut reader = decoder.read_info().expect("a PNG");
    let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
    reader.next_frame(&mut pixels).expect("its pixels");
    let (width, height) = (reader.info().width, reader.info().height);
    let grey: Vec<u32> = pixels
        .chunks(3)
        .map(|rgb| rgb.iter().map(|&channel| u32::from(channel)).sum::<u32>() / 3)
        .collect();
    let row = width as usize;
    let around = |at: usize, end: usize| at.saturating_sub(radius)..(at + radius + 1).min(end);
    let mean = |index: usize| {
        let (x, y) = (index % row, index / row);
        let cells =
            around(y, height as usize).flat_map(|y| around(x, row).map(move |x| y * row + x));
        let (sum, count) = cells.fold((0, 0), |(sum, count), at| (sum + grey[at], count + 1));
        u8::try_from(sum / count).expect("a mean of bytes")
    };
    (width, height, (0..grey.len()).map(mean).collect())
}

fn read(canvas: &Canvas, radius: usize) -> String {
    let (width, height, pixels) = blurred(canvas, radius);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("code.png");
    let file = std::fs::File::create(&path).expect("a file");
    let mut encoder = png::Encoder::new(file, width, height);
    encoder.set_color(png::ColorType::Grayscale);
    let mut writer = encoder.write_header().expect("a header");
    writer.write_image_data(&pixels).expect("the pixels");
    writer.finish().expect("a whole file");
    let read = Command::new("zbarimg")
        .args(["--quiet", "--raw"])
        .arg(&path)
        .output()
        .expect("zbarimg, which tests/run installs");
    String::from_utf8_lossy(&read.stdout).trim().to_owned()
}

#[test]
fn a_reader_decodes_the_code_of_a_board_after_a_light_blur() {
    for (width_px, has_green) in [(256, true), (64, true), (256, false)] {
        let panel = Panel {
            limit: PageLimit::NONE,
            family: BoardFamily::OnbonK,
            layout: BoardLayout {
                width_px,
                height_px: 64,
            },
            has_green,
        };
        let mut glyphs = GlyphSource::new();
        let canvas = with_code(&panel, &mut glyphs, "失业保险金\n扫码看能不能领", LINK);
        let canvas = canvas.expect("a board of 64 rows");
        // Five pixels across are a dot and a quarter: the discs melt into modules.
        assert_eq!(read(&canvas, 2), LINK, "{width_px}");
    }
}
