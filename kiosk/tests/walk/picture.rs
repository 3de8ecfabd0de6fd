//! Small pictures of what was drawn, beside each other, for a person to look at.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use kiosk::snapshot::Look;

/// One in so many pixels.
const SMALLER: usize = 4;
const ACROSS: usize = 8;
const GAP: usize = 8;

/// A picture, three bytes a pixel.
pub(crate) struct Picture {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) rgb: Vec<u8>,
}

/// Where contact sheets are wanted.
pub(crate) fn contact_folder() -> Option<PathBuf> {
    std::env::var_os("CONTACT_SHEETS").map(PathBuf::from)
}

/// The mean of every square of `by` × `by` pixels.
pub(crate) fn smaller(rgb: &[u8], look: Look, by: usize) -> Picture {
    let (wide, high) = (size(look.width), size(look.height));
    let (width, height) = (wide / by, high / by);
    let mut small = Vec::with_capacity(width * height * 3);
    for y in 0..height {
        for x in 0..width {
            for channel in 0..3 {
                let mut sum = 0_usize;
                for (dx, dy) in (0..by * by).map(|at| (at % by, at / by)) {
                    let at = ((y * by + dy) * wide + x * by + dx) * 3 + channel;
                    sum += usize::from(rgb[at]);
                }
                small.push(u8::try_from(sum / (by * by)).expect("a mean of bytes"));
            }
        }
    }
    Picture {
        width,
        height,
        rgb: small,
    }
}

fn size(pixels: u32) -> usize {
    usize::try_from(pixels).expect("a side of a screen")
}

/// The pages of one panel and mode.
#[derive(Default)]
pub(crate) struct Contact(Vec<Picture>);

impl Contact {
    pub(crate) fn add(&mut self, rgb: &[u8], look: Look) {
        self.0.push(smaller(rgb, look, SMALLER));
    }

    pub(crate) fn save(&self, name: &str) {
        let Some(folder) = contact_folder() else {
            return;
        };
        let widest = self.0.iter().map(|it| it.width).max().unwrap_or(0) + GAP;
        let highest = self.0.iter().map(|it| it.height).max().unwrap_or(0) + GAP;
        let across = ACROSS.min(self.0.len());
        let width = widest * across;
        let height = highest * self.0.len().div_ceil(ACROSS);
        let mut sheet = Picture {
            width,
            height,
            rgb: vec![0x80; width * height * 3],
        };
        for (index, page) in self.0.iter().enumerate() {
            let left = index % ACROSS * widest;
            let top = index / ACROSS * highest;
            for y in 0..page.height {
                let from = y * page.width * 3;
                let to = ((top + y) * width + left) * 3;
                let row = &page.rgb[from..from + page.width * 3];
                sheet.rgb[to..to + row.len()].copy_from_slice(row);
            }
        }
        std::fs::create_dir_all(&folder).expect("the folder can be made");
        sheet.save(&folder.join(format!("{name}.png")));
    }
}

impl Picture {
    pub(crate) fn save(&self, path: &Path) {
        let file = BufWriter::new(File::create(path).expect("the picture can be written"));
        let side = |pixels: usize| u32::try_from(pixels).expect("a side of a picture");
        let mut encoder = png::Encoder::new(file, side(self.width), side(self.height));
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::High);
        let mut writer = encoder.write_header().expect("a header");
        writer.write_image_data(&self.rgb).expect("the pixels");
        writer.finish().expect("the end");
    }

    pub(crate) fn read(path: &Path) -> Option<Self> {
        let file = std::io::BufReader::new(File::open(path).ok()?);
        let mut reader = png::Decoder::new(file).read_info().ok()?;
        let mut rgb = vec![0; reader.output_buffer_size()?];
        let info = reader.next_frame(&mut rgb).ok()?;
        rgb.truncate(info.buffer_size());
        Some(Self {
            width: size(info.width),
            height: size(info.height),
            rgb,
        })
    }
}
