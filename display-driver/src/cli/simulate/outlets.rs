//! Where the dots of a simulation go: PNG and dot files, the terminal, the live page.

use std::io;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::SimulateArgs;
use super::page::SharedPictures;
use super::watched::Watched;
use crate::cli::preview::numbered;
use crate::cli::print;
use crate::render::canvas::Canvas;
use crate::render::glyph::GlyphSource;
use crate::render::picture::{self, Pitch};
use crate::simulator::SharedBoards;

/// What was last shown of a board.
struct Seen<S> {
    state: S,
    canvas: Canvas,
}

/// Where dots go.
pub(super) struct Outlets<'a, S> {
    args: &'a SimulateArgs,
    addresses: Vec<u16>,
    /// For the live page.
    pictures: SharedPictures,
    glyphs: GlyphSource,
    seen: Vec<Option<Seen<S>>>,
}

impl<'a, S: Clone> Outlets<'a, S> {
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

    /// Writes whatever changed since the last look.
    pub(super) fn look<B: Watched<State = S>>(
        &mut self,
        shared: &SharedBoards<B>,
    ) -> io::Result<()> {
        for index in 0..self.addresses.len() {
            let glyphs = &mut self.glyphs;
            let (state, canvas) = shared
                .with(|boards, now| (boards[index].state(now), boards[index].draw(now, glyphs)));
            let before = self.seen[index].replace(Seen {
                state: state.clone(),
                canvas: canvas.clone(),
            });
            let address = self.addresses[index];
            if let Some(before) = &before {
                B::report(address, &before.state, &state);
            }
            if before.is_none_or(|seen| seen.canvas != canvas) {
                self.write(address, &canvas)?;
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
