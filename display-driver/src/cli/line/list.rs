//! `ports`: the serial ports of this machine.

use std::path::Path;
use std::process::ExitCode;

use clap::Args;

use crate::cli::{Failure, print, say, usage};
use crate::serial_ports::{self, Holder, SerialPort};

#[derive(Debug, Args)]
#[command(
    help_template = usage::TEMPLATE,
    after_help = "不打开任何端口，所以不会让设备复位。配置文件里写 by-id 的名字，它插拔后不变。
别的用户的程序占用端口时，没有加锁就看不到；用 root 运行可以看全。"
)]
pub(in crate::cli) struct PortsArgs {}

pub(in crate::cli) fn ports(_: &PortsArgs) -> Result<ExitCode, Failure> {
    let ports = serial_ports::list(Path::new("/"));
    if ports.is_empty() {
        say("没有串口：检查 USB 适配器是否插好。");
    }
    ports.iter().for_each(|port| print(&line_of(port)));
    Ok(ExitCode::SUCCESS)
}

fn line_of(port: &SerialPort) -> String {
    let state = match &port.holder {
        None => "空闲".to_owned(),
        Some(Holder { process, name }) => {
            let name = name.as_deref().unwrap_or("别的程序");
            format!("占用：{name}（进程 {process}）")
        }
    };
    let names: Vec<String> = port
        .lasting_names
        .iter()
        .map(|name| format!("\n    {}", name.display()))
        .collect();
    format!("{}  {state}{}", port.device.display(), names.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_told_with_its_state_and_its_lasting_names() {
        let free = SerialPort {
            device: "/dev/ttyUSB0".into(),
            lasting_names: vec!["/dev/serial/by-id/usb-FTDI_0001".into()],
            holder: None,
        };
        assert_eq!(
            line_of(&free),
            "/dev/ttyUSB0  空闲\n    /dev/serial/by-id/usb-FTDI_0001"
        );
        let busy = SerialPort {
            holder: Some(Holder {
                process: 7,
                name: Some("minicom".to_owned()),
            }),
            lasting_names: Vec::new(),
            ..free
        };
        assert_eq!(line_of(&busy), "/dev/ttyUSB0  占用：minicom（进程 7）");
    }
}
