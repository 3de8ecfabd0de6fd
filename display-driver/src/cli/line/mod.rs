//! The verbs that work on a line directly, without the hall's driver: one port, one exchange at a time,
//! nothing repeated behind the person's back.

mod discover;
mod ear;
mod list;
mod send;
mod status;
mod store;

use std::future::Future;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout_at};

use super::{Failure, frames, words};
use crate::codec::{Ask, BoardFamily, Face, Precedence, Run, Speech, Voice};
use crate::line_format::LineFormat;
use crate::link::Timing;
use crate::port::{Port, PortAddress, PortFault, PortSettings, Wires};
use ear::{Ear, Heard, Reply};

pub(super) use discover::{DiscoverArgs, discover};
pub(super) use list::{PortsArgs, ports};
pub(super) use send::{SendArgs, send};
pub(super) use status::{StatusArgs, status};
pub(super) use store::{LockArgs, StoreArgs, lock, store};

/// Which board on the line, where a verb speaks to one.
#[derive(Debug, clap::Args)]
struct BoardArgs {
    /// 屏号；不写为 1
    #[arg(
        long,
        value_name = "号",
        default_value_t = 1,
        hide_default_value = true
    )]
    address: u16,
    /// 波特率；不写为 57600
    #[arg(long, value_name = "数", value_parser = baud)]
    baud: Option<u32>,
    /// 屏的协议；不写为 onbon-k
    #[arg(long, value_name = "协议", value_parser = frames::family)]
    family: Option<BoardFamily>,
}

/// Rates beyond these are slips of the finger; 0 would even hang the line up.
const BAUDS: std::ops::RangeInclusive<u32> = 300..=1_000_000;
/// Room for the longest reply in the time-out.
const REPLY_BYTES_MAX: usize = 1024;

/// The port argument of a verb.
pub(super) fn address(text: &str) -> Result<PortAddress, String> {
    text.parse()
        .map_err(|_| "端口写成设备路径，或 tcp:主机:端口".to_owned())
}

/// The value of `--baud`.
pub(super) fn baud(text: &str) -> Result<u32, String> {
    let baud = text.parse().ok().filter(|baud| BAUDS.contains(baud));
    baud.ok_or_else(|| "波特率应在 300 到 1000000 之间".to_owned())
}

/// The usual settings of a family where the person gives none.
fn settings(
    family: BoardFamily,
    address: &PortAddress,
    baud: Option<u32>,
    format: Option<LineFormat>,
) -> PortSettings {
    PortSettings {
        address: address.clone(),
        baud: baud.unwrap_or_else(|| family.facts().usual_baud),
        format: format.unwrap_or_else(|| family.facts().usual_format),
        wires: Wires::default(),
    }
}

/// Runs a verb's conversation to its end.
fn converse<T>(conversation: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|cause| Failure::refused(format!("不能启动：{cause}。")))?
        .block_on(conversation)
}

/// What became of a request.
enum Answer {
    Came(Reply),
    None(Heard),
}

/// An open port and how long things take on it.
struct Conversation {
    port: Port,
    family: BoardFamily,
    timing: Timing,
}

impl Conversation {
    async fn open(family: BoardFamily, settings: &PortSettings) -> Result<Self, Failure> {
        let timing = Timing {
            format: settings.format,
            ..Timing::at(settings.baud)
        };
        Ok(Self {
            port: Port::open(settings).await?,
            family,
            timing,
        })
    }

    /// Sends a frame with the pauses it needs.
    async fn tell(&mut self, runs: &[Run]) -> Result<(), Failure> {
        for run in runs {
            self.port.write(&run.bytes).await?;
            if !run.pause.is_zero() {
                // The pause begins when the last byte is on the wire.
                sleep(self.timing.wire_time(run.bytes.len()) + run.pause).await;
            }
        }
        Ok(())
    }

    /// Sends a frame and waits for what a board says, as long as `wait` beyond the wire's own time.
    async fn ask(&mut self, runs: &[Run], wait: Duration) -> Result<Answer, Failure> {
        self.tell(runs).await?;
        let bytes = frames::bytes_of(runs).len() + REPLY_BYTES_MAX;
        let on_wire = self.timing.wire_time(bytes);
        let give_up_at = Instant::now() + on_wire + self.timing.adapter + wait;
        let mut ear = Ear::new(self.family);
        while let Ok(read) = timeout_at(give_up_at, self.port.read()).await {
            ear.push(&read?);
            if let Some(reply) = ear.next() {
                return Ok(Answer::Came(reply));
            }
        }
        Ok(Answer::None(ear.remnant()))
    }

    /// Returns when what was sent last has left.
    async fn wait_until_sent(&self, bytes: usize) {
        sleep(self.timing.wire_time(bytes) + self.timing.adapter).await;
    }
}

/// What a board of a family is asked by, where the asking knows nothing of its dots.
struct Asking {
    speech: Speech,
    voice: Box<dyn Voice>,
    address: u16,
}

impl Asking {
    fn new(family: BoardFamily, address: u16) -> Self {
        let face = Face {
            width_px: 0,
            height_px: 0,
        };
        let speech = Speech::usual(family, face);
        Self {
            speech,
            voice: speech.voice(),
            address,
        }
    }

    /// The frame of an ask.
    fn frame(&mut self, ask: &Ask) -> Result<Vec<Run>, Failure> {
        let asked = self.voice.next(self.address, ask, Precedence::Ordinary);
        match asked {
            Ok(asked) => Ok(asked.map(|asked| asked.runs).unwrap_or_default()),
            Err(fault) => Err(Failure::refused(format!("发不了：{fault}"))),
        }
    }
}

impl From<PortFault> for Failure {
    fn from(fault: PortFault) -> Self {
        Self::refused(words::port::fault(&fault))
    }
}

/// Why there is no answer, for a person who stands before the wiring.
fn no_answer(heard: Heard) -> Failure {
    Failure::refused(match heard {
        Heard::Nothing => "没有回话：检查屏是否通电、接线、波特率和屏号。",
        Heard::Echo => "只收到自己发出的字节，屏没有回话：检查屏是否通电、接线和屏号。",
        Heard::Broken => "收到的不是完整的帧：检查波特率、接地，同一屏号是否有两块屏。",
    })
}
