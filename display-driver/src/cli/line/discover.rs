//! `discover`: at which baud rate a card answers, and its number.

use std::process::ExitCode;

use clap::Args;
use tokio::time::{Instant, sleep_until};

use super::converse;
use crate::cli::{Failure, frames, print, say, usage};
use crate::codec::BoardFamily;
use crate::discovery::{Discovery, Echo, Finding, Input, Output, Remnant};
use crate::line_format::LineFormat;
use crate::port::{Port, PortAddress, PortFault, PortSettings, Wires};

#[derive(Debug, Args)]
#[command(
    help_template = usage::TEMPLATE,
    after_help = "先以 9600、再以 57600 探测，各等 2 秒，整个再来一遍；都没有回话就是接线有误。
用广播地址 FFFE，不必先知道屏号；线上只接一块卡时用，几块一起回话会互相破坏。
只找 onbon-k 卡。Alpha 屏自己识别波特率，协议没有探测的办法，不必也不能找。

例：display-driver discover /dev/serial/by-id/usb-FTDI_0001
    display-driver discover tcp:192.168.1.50:5005"
)]
pub(in crate::cli) struct DiscoverArgs {
    /// 端口：设备路径，或 tcp:主机:端口
    #[arg(value_name = "端口", value_parser = super::address)]
    port: PortAddress,
    /// 屏的协议；不写为第一种找得出的，onbon-k
    #[arg(long, value_name = "协议", value_parser = frames::family)]
    family: Option<BoardFamily>,
}

pub(in crate::cli) fn discover(args: &DiscoverArgs) -> Result<ExitCode, Failure> {
    let has_search = || BoardFamily::first_with(|family| family.facts().search.is_some());
    let family = args.family.or_else(has_search);
    let search = family.and_then(|family| match args.port {
        PortAddress::Serial(_) => Discovery::over_serial(family),
        PortAddress::Tcp(_) => Discovery::over_tcp(family),
    });
    let why = "这种屏自己识别波特率，或者协议没有探测的办法，不必也不能找。";
    let search = search.ok_or_else(|| Failure::refused(why))?;
    let format = family.map(|family| family.facts().usual_format);
    match converse(run(search, &args.port, format.unwrap_or_default()))? {
        Finding::Card { baud, number, echo } => {
            tell(&args.port, baud, number, echo);
            Ok(ExitCode::SUCCESS)
        }
        Finding::Nobody { heard } => Err(Failure::refused(match heard {
            Remnant::Silence => "没有卡回话：检查屏是否通电，A、B 线是否接反，适配器是否选对。",
            Remnant::EchoOnly => "适配器只送回自己发出的字节，没有卡回话：检查屏是否通电和接线。",
            Remnant::Garbled => {
                "收到字节，但不成帧：可能是别的波特率、干扰，或几块卡同时回话（一次只接一块）。"
            }
        })),
    }
}

/// Carries out what the search says.
async fn run(
    mut search: Discovery,
    address: &PortAddress,
    format: LineFormat,
) -> Result<Finding, Failure> {
    let start = Instant::now();
    let mut port: Option<Port> = None;
    let mut wake_at = start;
    loop {
        while let Some(output) = search.poll() {
            match output {
                Output::OpenAt(baud) => {
                    // The old descriptor goes first: the device lets nobody else in, us neither.
                    drop(port.take());
                    port = Some(open(address, baud, format).await?);
                    search.handle(start.elapsed(), Input::Opened);
                }
                Output::Send(bytes) => {
                    if let Some(port) = &mut port {
                        port.write(&bytes).await?;
                    }
                }
                Output::WakeAt(at) => wake_at = start + at,
                Output::Finished(finding) => return Ok(finding),
            }
        }
        let Some(port) = &mut port else {
            continue;
        };
        let input = tokio::select! {
            read = port.read() => Input::Received(read?),
            () = sleep_until(wake_at) => Input::Tick,
        };
        search.handle(start.elapsed(), input);
    }
}

async fn open(address: &PortAddress, baud: u32, format: LineFormat) -> Result<Port, PortFault> {
    if matches!(address, PortAddress::Serial(_)) {
        say(&format!("{address}：试 {baud} …"));
    }
    let settings = PortSettings {
        address: address.clone(),
        baud,
        format,
        wires: Wires::default(),
    };
    Port::open(&settings).await
}

fn tell(address: &PortAddress, baud: u32, number: Option<u16>, echo: Echo) {
    if matches!(address, PortAddress::Serial(_)) {
        print(&format!("波特率：{baud}"));
    }
    print(&match number {
        Some(number) => format!("屏号：{number}"),
        None => "屏号：卡有回话，但没有说出屏号".to_owned(),
    });
    if echo == Echo::Heard {
        print("适配器会送回自己发出的字节，驱动会跳过，不必处理。");
    }
}
