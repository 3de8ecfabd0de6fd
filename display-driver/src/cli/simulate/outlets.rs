//! Where the dots of a simulation go: PNG and dot files, the terminal, the live page.

use std::io;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::page::SharedPictures;
use super::{Boards, SimulateArgs};
use crate::cli::preview::numbered;
use crate::cli::{print, say};
use crate::render::canvas::Canvas;
use crate::render::glyph::GlyphSource;
use crate::render::picture::{self, Pitch};

/// Where dots go.
pub(super) struct Outlets<'a> {
    args: &'a SimulateArgs,
    addresses: Vec<u16>,
    /// For the live page.
    pictures: SharedPictures,
    glyphs: GlyphSource,
    /// What was last shown of each board.
    seen: Vec<Option<Canvas>>,
}

impl<'a> Outlets<'a> {
    pub(super) fn new(
        args: &'a SimulateArgs,
        addresses: Vec<u16>,
        pictures: SharedPictures,
    ) -> Self {
        Self {
            seen: addresses.iter().map(|_| None).collect(),
            args,
            addresses,
            pictures,
            glyphs: GlyphSource::new(),
        }
    }

    /// Says and writes whatever changed since the last look.
    pub(super) fn look(&mut self, shared: &Boards) -> io::Result<()> {
        for index in 0..self.addresses.len() {
            let glyphs = &mut self.glyphs;
            let (changes, canvas) = shared
                .with(|boards, now| (boards[index].changes(now), boards[index].draw(now, glyphs)));
            let address = self.addresses[index];
            for change in changes {
                say(&format!("屏 {address}：{change}"));
            }
            if self.seen[index].as_ref() != Some(&canvas) {
                self.write(address, &canvas)?;
                self.seen[index] = Some(canvas);
            }
        }
        Ok(())
    }

    fn write(&self, address: u16, canvas: &Canvas) -> io::Result<()> {
        if self.args.png.is_some() || self.args.http.is_some() {
            let file = picture::png(canvas, Pitch::Px4).map_err(io::Error::other)?;
            if let Some(path) = &self.args.png {
                replace(&self.per_board(path, address), &file)?;
            }
            self.pictures.put(address, file);
        }
        if let Some(path) = &self.args.dots {
            let rows = canvas.signs();
            let width = rows.first().map_or(0, String::len);
            let dots =
                json!({"address": address, "width": width, "height": rows.len(), "rows": rows});
            replace(&self.per_board(path, address), dots.to_string().as_bytes())?;
        }
        if self.args.show {
            print(&picture::terminal(canvas));
        }
        Ok(())
    }

    /// With several boards each has its own file: `wall.png` becomes `wall-2.png`.
    fn per_board(&self, path: &Path, address: u16) -> PathBuf {
        if self.addresses.len() == 1 {
            return path.to_owned();
        }
        numbered(path, usize::from(address))
    }
}

/// Readers never see half a file.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut draft = path.as_os_str().to_owned();
    draft.push(".new");
    std::fs::write(&draft, bytes)?;
    std::fs::rename(&draft, path)
}
