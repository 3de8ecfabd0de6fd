//! `kiosk pin`: the PIN of the service page. It is read from standard input, so that it stands in no
//! list of processes and in no history of a shell.

use std::io::BufRead;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use zeroize::Zeroizing;

use super::{print, say};
use crate::app::worker::service_pin;

#[derive(Debug, Args)]
#[command(after_help = "\
例：kiosk pin --data /var/lib/hall-kiosk
密码是 6 到 12 个数字，从键盘输，存的是算过的，谁也读不出来。忘了就再设一次。
设好后在自助机上连点左上角的标志 5 下，输密码进维护页面。输错三次要等，越错等得越久。")]
pub(super) struct PinOptions {
    /// 自助机的数据文件夹；不写就用 ./data
    #[arg(
        long,
        value_name = "文件夹",
        default_value = "./data",
        hide_default_value = true
    )]
    data: PathBuf,
}

pub(super) fn run(options: &PinOptions) -> Result<()> {
    say("请输入新的维护密码，6 到 12 个数字，按回车：");
    let mut line = Zeroizing::new(String::with_capacity(64));
    let mut input = std::io::stdin().lock();
    input.read_line(&mut line).context("读不到密码")?;
    service_pin::set(&options.data, line.trim())?;
    print("维护密码设好了。");
    Ok(())
}
