//! The command line `kiosk`. Results go to standard output, everything else to standard error.
//! Exit codes: 0 done, 1 refused or failed, 2 wrong usage.

mod bridge;
mod codec;
mod pin;
mod run;
#[cfg(feature = "demo")]
mod simulate;
mod snapshot;
mod start;
mod usage;

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

#[cfg(feature = "demo")]
use crate::demo;

/// 就业服务自助机：找工作、取号、打分。
#[derive(Debug, Parser)]
#[command(
    name = "kiosk",
    version,
    help_template = usage::TEMPLATE,
    subcommand_help_heading = "命令",
    disable_help_subcommand = true,
    disable_help_flag = true,
    disable_version_flag = true,
)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
    /// 显示帮助
    #[arg(short, long, global = true, action = clap::ArgAction::Help)]
    help: Option<bool>,
    /// 显示版本
    #[arg(short = 'V', long, action = clap::ArgAction::Version)]
    version: Option<bool>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// 启动自助机、窗口评价器或大厅叫号屏
    #[command(help_template = usage::TEMPLATE)]
    Run(run::RunOptions),
    /// 把一个页面画成图片，不用显示器
    #[command(help_template = usage::TEMPLATE)]
    Snapshot(snapshot::SnapshotOptions),
    /// 给维护页面设密码
    #[command(help_template = usage::TEMPLATE)]
    Pin(pin::PinOptions),
    /// 让这台电脑上的员工页面用读卡器
    #[command(help_template = usage::TEMPLATE)]
    Bridge(bridge::BridgeOptions),
    /// 解读打印机、读卡器的字节，排一张票的字节
    #[command(help_template = usage::TEMPLATE)]
    Codec(codec::CodecOptions),
    /// 模拟一台打印机或读卡器，接在 TCP 端口上，可以带故障
    #[cfg(feature = "demo")]
    #[command(help_template = usage::TEMPLATE)]
    Simulate(simulate::SimulateOptions),
    /// 在这台电脑上开一个完整的演示大厅
    #[cfg(feature = "demo")]
    #[command(help_template = usage::TEMPLATE)]
    Demo(demo::DemoOptions),
    #[cfg(feature = "demo")]
    #[command(name = demo::PROGRAM_VERB, hide = true, disable_help_flag = true)]
    RunProgram {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
}

/// Runs the command line.
#[must_use]
pub fn run(arguments: Vec<OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => return usage::explain(&error),
    };
    let done = match cli.verb {
        Verb::Run(options) => {
            log_to_standard_error();
            return finish(run::run(&options));
        }
        Verb::Snapshot(options) => snapshot::run(&options),
        Verb::Pin(options) => pin::run(&options),
        Verb::Bridge(options) => bridge::run(&options),
        Verb::Codec(options) => return codec::run(&options),
        #[cfg(feature = "demo")]
        Verb::Simulate(options) => simulate::run(&options),
        #[cfg(feature = "demo")]
        Verb::Demo(options) => return demo::run(&options),
        #[cfg(feature = "demo")]
        Verb::RunProgram { arguments } => return demo::run_program(arguments),
    };
    finish(done.map(|()| ExitCode::SUCCESS))
}

fn finish(done: anyhow::Result<ExitCode>) -> ExitCode {
    match done {
        Ok(code) => code,
        Err(error) => {
            say(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// A sentence for the person at the command line.
pub fn say(sentence: &str) {
    let _ = writeln!(std::io::stderr(), "{sentence}");
}

/// A line of result.
fn print(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

fn log_to_standard_error() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    // Fails when a test has set one already.
    let _ = subscriber.try_init();
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_bridge_needs_the_address_of_the_pages() {
        let line = "kiosk bridge --origin https://10.0.0.2:7310 --reader virtual:card.json";
        assert!(Cli::try_parse_from(line.split(' ')).is_ok());
        for wrong in [
            "kiosk bridge",
            "kiosk bridge --origin http://10.0.0.2",
            "kiosk bridge --origin https://a --reader x",
        ] {
            assert!(Cli::try_parse_from(wrong.split(' ')).is_err(), "{wrong}");
        }
    }

    #[test]
    fn window_terminals_and_displays_are_started_as_the_manual_says() {
        let line = "kiosk run --data d --central http://h:1 --mode window --window 3 --headless";
        assert!(Cli::try_parse_from(line.split(' ')).is_ok());
        let display = "kiosk run --data d --central http://h:1 --mode display --config k.toml";
        assert!(Cli::try_parse_from(display.split(' ')).is_ok());
        let wrong = "kiosk run --data d --central http://h:1 --mode window --window 0";
        assert!(Cli::try_parse_from(wrong.split(' ')).is_err());
    }
}
