//! `kiosk demo`: a whole hall on one machine, from one command.
//!
//! It seeds a synthetic store, then starts the real programs as child processes (this same
//! executable under a hidden verb): central, a driver with three virtual boards, a hall kiosk and
//! two window terminals. All children end when this process ends, however it ends: each watches its
//! standard input, which closes with its parent. Nothing here is part of a production build.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Args;

mod children;
mod devices;
mod hall;
mod words;

use children::Children;
use hall::DemoHall;

/// The hidden verb under which this executable is one of the other programs.
pub const PROGRAM_VERB: &str = "run-program";

/// Options of `kiosk demo`.
#[derive(Debug, Args)]
pub struct DemoOptions {
    /// 数据放在哪个文件夹；不写就用临时文件夹，结束时删掉
    #[arg(long, value_name = "文件夹")]
    data: Option<PathBuf>,
    /// 工作人员网页的地址和端口
    #[arg(long, value_name = "地址:端口", default_value = "127.0.0.1:7310")]
    listen: String,
    /// 不开窗口，只在网页的设备墙上看
    #[arg(long)]
    headless: bool,
}

/// Runs the demo until it is asked to stop. Exit code 0 after a stop on request, 1 on a fault.
#[must_use]
pub fn run(options: &DemoOptions) -> ExitCode {
    match run_hall(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("演示大厅没能开起来：{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run_hall(options: &DemoOptions) -> Result<()> {
    let Some(folder) = &options.data else {
        let scratch = tempfile::tempdir().context("建不了临时文件夹")?;
        return open_hall(options, scratch.path());
    };
    std::fs::create_dir_all(folder)
        .with_context(|| format!("建不了文件夹 {}", folder.display()))?;
    open_hall(options, &folder.canonicalize().context("找不到数据文件夹")?)
}

fn open_hall(options: &DemoOptions, folder: &Path) -> Result<()> {
    eprintln!("正在准备演示大厅（虚构的岗位、政策和上午的号票）……");
    let hall = DemoHall::seed(folder, &options.listen)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let is_headless = options.headless || !has_display();
    runtime.block_on(async {
        let mut children = Children::new()?;
        let address = hall.start(&mut children, is_headless).await?;
        let fate = (folder, options.data.is_some());
        words::print_welcome(&address, &hall.password, &hall.accounts(), fate);
        let ended = children.until_stopped().await;
        children.end_all().await;
        ended
    })
}

fn has_display() -> bool {
    cfg!(feature = "x11") && std::env::var_os("DISPLAY").is_some_and(|name| !name.is_empty())
}

/// Runs one of the other programs of the workspace inside this executable.
#[must_use]
pub fn run_program(arguments: Vec<OsString>) -> ExitCode {
    match arguments.first().and_then(|program| program.to_str()) {
        Some("central") => central::cli::run(arguments),
        Some("display-driver") => display_driver::cli::run(arguments),
        _ => ExitCode::from(2),
    }
}
