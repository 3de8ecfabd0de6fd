//! `simulate`: virtual boards or a virtual sign on a pseudo-terminal, shown as PNG, as dots, in the
//! terminal.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use serde_json::json;

use sync::stop::{StandardInput, requested};

use super::{Failure, SimulateArgs, config_of, frames, print, say};
use crate::codec::Protocol;
use crate::codec::alpha::address::{OwnAddress, SignType};
use crate::config::{self, PortConfig};
use crate::port::PortAddress;
use crate::render::canvas::Canvas;
use crate::render::glyph::GlyphSource;
use crate::render::picture::{self, Pitch};
use crate::simulator::{SharedBoards, Simulator};
use crate::virtual_board::{
    AlphaVersion, BoardSettings, BoardState, OnTheLine, SignSettings, VirtualBoard, VirtualSign,
};

/// What cards are usually set to.
const CARD_BAUD: u32 = 57_600;
/// What signs are usually set to.
const SIGN_BAUD: u32 = 9_600;
/// How often the boards are looked at; a scrolling line moves four dots meanwhile.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// What a simulation can show.
trait Watched: OnTheLine {
    /// What can be seen apart from the dots.
    type State: Clone;

    fn state(&self, now: Duration) -> Self::State;
    fn draw(&self, now: Duration, glyphs: &mut GlyphSource) -> Canvas;
    /// Says what has changed.
    fn report(address: u16, before: &Self::State, now: &Self::State);
}

impl Watched for VirtualBoard {
    type State = BoardState;

    fn state(&self, now: Duration) -> BoardState {
        self.state(now)
    }

    fn draw(&self, now: Duration, glyphs: &mut GlyphSource) -> Canvas {
        self.draw(now, glyphs)
    }

    fn report(address: u16, before: &BoardState, now: &BoardState) {
        report(address, before, now);
    }
}

impl Watched for VirtualSign {
    type State = String;

    fn state(&self, now: Duration) -> String {
        self.shown_text(now)
    }

    fn draw(&self, now: Duration, glyphs: &mut GlyphSource) -> Canvas {
        self.draw(now, glyphs)
    }

    fn report(address: u16, before: &String, now: &String) {
        if before != now {
            say(&format!("屏 {address}：显示 {now}"));
        }
    }
}

/// What was last shown of a board.
struct Seen<S> {
    state: S,
    canvas: Canvas,
}

/// Where dots go.
struct Outlets<'a, S> {
    args: &'a SimulateArgs,
    addresses: Vec<u16>,
    glyphs: GlyphSource,
    seen: Vec<Option<Seen<S>>>,
}

pub(super) fn simulate(args: &SimulateArgs) -> Result<ExitCode, Failure> {
    let protocol = frames::protocol(&args.family)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|cause| Failure::refused(format!("不能启动：{cause}。")))?;
    match protocol {
        Protocol::OnbonK => {
            let (baud, settings) = boards(args)?;
            let addresses = settings.iter().map(|board| board.address).collect();
            let boards = settings.into_iter().map(VirtualBoard::new).collect();
            runtime.block_on(run(args, baud, addresses, boards))
        }
        Protocol::Alpha => {
            let (baud, sign) = (args.baud.unwrap_or(SIGN_BAUD), sign(args)?);
            runtime.block_on(run(args, baud, vec![args.address], vec![sign]))
        }
    }
}

/// A sign that is as silent as a BetaBrite.
fn sign(args: &SimulateArgs) -> Result<VirtualSign, Failure> {
    let address = u8::try_from(args.address)
        .map_err(|_| Failure::wrong_usage("alpha 屏的地址应在 0 到 255 之间。"))?;
    Ok(VirtualSign::new(SignSettings {
        sign_type: SignType::BetaBrite,
        address: OwnAddress(address),
        width_px: args.width,
        height_px: args.height,
        version: AlphaVersion::One,
    }))
}

fn boards(args: &SimulateArgs) -> Result<(u32, Vec<BoardSettings>), Failure> {
    let Some(path) = &args.config else {
        let one = BoardSettings {
            address: args.address,
            width_px: args.width,
            height_px: args.height,
            has_green: true,
        };
        return Ok((args.baud.unwrap_or(CARD_BAUD), vec![one]));
    };
    let config = config_of(path)?;
    let here = PortAddress::Serial(args.link.clone());
    let by_path = |port: &&PortConfig| port.line.address == here;
    let port = config.ports.iter().find(by_path).or(config.ports.first());
    let port = port.ok_or_else(|| Failure::refused("配置里没有串口。"))?;
    Ok((
        port.line.baud,
        port.boards
            .iter()
            .map(config::BoardConfig::settings)
            .collect(),
    ))
}

async fn run<B: Watched>(
    args: &SimulateArgs,
    baud: u32,
    addresses: Vec<u16>,
    boards: Vec<B>,
) -> Result<ExitCode, Failure> {
    let shared = SharedBoards::of(boards);
    let simulator = Simulator::open(&args.link, baud, shared.clone()).map_err(|cause| {
        Failure::refused(format!(
            "不能建立虚拟串口 {}：{cause}。",
            args.link.display()
        ))
    })?;
    say(&format!(
        "虚拟串口 {}，波特率 {baud}，{} 块屏。",
        args.link.display(),
        addresses.len()
    ));
    let seen = addresses.iter().map(|_| None).collect();
    let mut outlets = Outlets {
        args,
        addresses,
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

impl<S: Clone> Outlets<'_, S> {
    /// Writes whatever changed since the last look.
    fn look<B: Watched<State = S>>(&mut self, shared: &SharedBoards<B>) -> io::Result<()> {
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
        if self.addresses.len() == 1 {
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

fn report(address: u16, before: &BoardState, now: &BoardState) {
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
