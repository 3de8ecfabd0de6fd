//! `simulate`: virtual boards on a pseudo-terminal, shown as PNG, as dots, in the terminal.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use serde_json::json;

use sync::stop::{StandardInput, requested};

use super::{Failure, SimulateArgs, config_of, print, say};
use crate::config::{self, PortConfig};
use crate::render::canvas::Canvas;
use crate::render::glyph::GlyphSource;
use crate::render::picture::{self, Pitch};
use crate::simulator::{SharedBoards, Simulator};
use crate::virtual_board::{BoardSettings, BoardState};

/// How often the boards are looked at; a scrolling line moves four dots meanwhile.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// What was last shown of a board.
struct Seen {
    state: BoardState,
    canvas: Canvas,
}

/// Where dots go.
struct Outlets<'a> {
    args: &'a SimulateArgs,
    settings: Vec<BoardSettings>,
    glyphs: GlyphSource,
    seen: Vec<Option<Seen>>,
}

pub(super) fn simulate(args: &SimulateArgs) -> Result<ExitCode, Failure> {
    let (baud, settings) = boards(args)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|cause| Failure::refused(format!("不能启动：{cause}。")))?;
    runtime.block_on(run(args, baud, settings))
}

fn boards(args: &SimulateArgs) -> Result<(u32, Vec<BoardSettings>), Failure> {
    let Some(path) = &args.config else {
        let one = BoardSettings {
            address: args.address,
            width_px: args.width,
            height_px: args.height,
            has_green: true,
        };
        return Ok((args.baud, vec![one]));
    };
    let config = config_of(path)?;
    let by_path = |port: &&PortConfig| port.path == args.link;
    let port = config.ports.iter().find(by_path).or(config.ports.first());
    let port = port.ok_or_else(|| Failure::refused("配置里没有串口。"))?;
    Ok((
        port.baud,
        port.boards
            .iter()
            .map(config::BoardConfig::settings)
            .collect(),
    ))
}

async fn run(
    args: &SimulateArgs,
    baud: u32,
    settings: Vec<BoardSettings>,
) -> Result<ExitCode, Failure> {
    let shared = SharedBoards::new(&settings);
    let simulator = Simulator::open(&args.link, baud, shared.clone()).map_err(|cause| {
        Failure::refused(format!(
            "不能建立虚拟串口 {}：{cause}。",
            args.link.display()
        ))
    })?;
    say(&format!(
        "虚拟串口 {}，波特率 {baud}，{} 块屏。",
        args.link.display(),
        settings.len()
    ));
    let seen = settings.iter().map(|_| None).collect();
    let mut outlets = Outlets {
        args,
        settings,
        glyphs: GlyphSource::new(),
        seen,
    };
    let mut look = tokio::time::interval(LOOK_EVERY);
    let served = simulator.run();
    tokio::pin!(served);
    let asked_to_stop = requested(StandardInput::by_flag(args.stop_with_stdin));
    tokio::pin!(asked_to_stop);
    loop {
        tokio::select! {
            ended = &mut served => {
                let cause = ended.err().unwrap_or_else(|| io::ErrorKind::UnexpectedEof.into());
                return Err(Failure::refused(format!("虚拟串口中断：{cause}。")));
            }
            _ = look.tick() => outlets.look(&shared).map_err(|cause| {
                Failure::refused(format!("写不了图像：{cause}。"))
            })?,
            _ = &mut asked_to_stop => return Ok(ExitCode::SUCCESS),
        }
    }
}

impl Outlets<'_> {
    /// Writes whatever changed since the last look.
    fn look(&mut self, shared: &SharedBoards) -> io::Result<()> {
        for index in 0..self.settings.len() {
            let glyphs = &mut self.glyphs;
            let (state, canvas) = shared
                .with(|boards, now| (boards[index].state(now), boards[index].draw(now, glyphs)));
            let before = self.seen[index].replace(Seen {
                state: state.clone(),
                canvas: canvas.clone(),
            });
            let address = self.settings[index].address;
            report(address, before.as_ref().map(|seen| &seen.state), &state);
            if before.is_none_or(|seen| seen.canvas != canvas) {
                self.write(address, &canvas)?;
            }
        }
        Ok(())
    }

    fn write(&self, address: u16, canvas: &Canvas) -> io::Result<()> {
        if let Some(path) = &self.args.png {
            let file = picture::png(canvas, Pitch::Px4).map_err(io::Error::other)?;
            replace(&self.per_board(path, address), &file)?;
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
        if self.settings.len() == 1 {
            return path.to_owned();
        }
        let part = |part: Option<&std::ffi::OsStr>| {
            part.map(|text| text.to_string_lossy().into_owned())
                .unwrap_or_default()
        };
        let name = format!(
            "{}-{address}.{}",
            part(path.file_stem()),
            part(path.extension())
        );
        path.with_file_name(name)
    }
}

/// Readers never see half a file.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut draft = path.as_os_str().to_owned();
    draft.push(".new");
    std::fs::write(&draft, bytes)?;
    std::fs::rename(&draft, path)
}

fn report(address: u16, before: Option<&BoardState>, now: &BoardState) {
    let Some(before) = before else { return };
    if before.is_on != now.is_on {
        say(&format!(
            "屏 {address}：{}",
            if now.is_on { "开屏" } else { "关屏" }
        ));
    }
    if before.brightness != now.brightness {
        say(&format!("屏 {address}：亮度 {}", now.brightness));
    }
    let jump = now
        .clock
        .signed_duration_since(before.clock)
        .num_seconds()
        .abs();
    if jump > 2 {
        say(&format!(
            "屏 {address}：校时 {}",
            now.clock.format("%Y-%m-%d %H:%M:%S")
        ));
    }
    for (area, text) in &now.areas {
        if before.areas.get(area) != Some(text) {
            say(&format!("屏 {address}：动态区 {area} {text}"));
        }
    }
    for area in before
        .areas
        .keys()
        .filter(|area| !now.areas.contains_key(area))
    {
        say(&format!("屏 {address}：动态区 {area} 已删除"));
    }
}
