//! Faults on a simulated line, as options and as lines typed while it runs.

use std::io::{BufRead, IsTerminal};
use std::time::Duration;

use clap::Args;
use tokio::sync::mpsc;

use crate::virtual_board::{Disturbance, DisturbanceSettings, Once, PerMille};

/// Longest pause that a person may ask for: an hour.
const SECONDS_MAX: u64 = 3_600;
/// Lines typed faster than they are obeyed.
const LINES_MAX: usize = 16;

/// What can be typed while the simulation runs; stands in the help, too.
pub(super) const LINES: &str = "运行中在标准输入打一行，回车，立即生效：
    noise 5        每千个字节有 5 个翻转一位（干扰）
    drop 5         每千个字节丢 5 个
    double 5       每千个字节有 5 个变成两个
    lost-ack 100   每千次答复丢 100 次；lost-ack once 只丢下一次
    bad-check 100  每千次答复有 100 次校验错；bad-check once 只错下一次
    slow 300       屏想 300 毫秒才答复
    power-cut      断电再上电：卡丢失动态区；alpha 屏保留文件
    unplug 5       拔掉端口，5 秒后插回
    calm           一切恢复正常";

#[derive(Debug, Args)]
pub(super) struct FaultArgs {
    /// 干扰：每千个字节有几个翻转一位
    #[arg(long, value_name = "千分之", default_value = "0", hide_default_value = true, value_parser = rate)]
    noise: PerMille,
    /// 每千个字节丢几个
    #[arg(long, value_name = "千分之", default_value = "0", hide_default_value = true, value_parser = rate)]
    drop: PerMille,
    /// 每千个字节有几个变成两个
    #[arg(long, value_name = "千分之", default_value = "0", hide_default_value = true, value_parser = rate)]
    double: PerMille,
    /// 每千次答复丢几次（屏已照办）
    #[arg(long, value_name = "千分之", default_value = "0", hide_default_value = true, value_parser = rate)]
    lost_ack: PerMille,
    /// 每千次答复有几次校验错
    #[arg(long, value_name = "千分之", default_value = "0", hide_default_value = true, value_parser = rate)]
    bad_check: PerMille,
    /// 屏想多久才答复
    #[arg(long, value_name = "毫秒", default_value_t = 0, hide_default_value = true, value_parser = clap::value_parser!(u64).range(..=SECONDS_MAX * 1_000))]
    slow: u64,
    /// 适配器把收到的字节原样送回
    #[arg(long)]
    echo: bool,
    /// 随机数的种子；种子和收到的字节相同，故障就相同
    #[arg(
        long,
        value_name = "数",
        default_value_t = 1,
        hide_default_value = true
    )]
    seed: u64,
}

impl FaultArgs {
    pub(super) fn disturbance(&self) -> Disturbance {
        let settings = DisturbanceSettings {
            noise: self.noise,
            dropped: self.drop,
            doubled: self.double,
            lost_replies: self.lost_ack,
            wrong_checks: self.bad_check,
            slow: Duration::from_millis(self.slow),
            has_echo: self.echo,
        };
        Disturbance::new(settings, self.seed)
    }
}

fn rate(text: &str) -> Result<PerMille, String> {
    let rate = text.parse().ok().and_then(PerMille::new);
    rate.ok_or_else(|| "应在 0 到 1000 之间".to_owned())
}

/// What a typed line asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    Noise(PerMille),
    Drop(PerMille),
    Double(PerMille),
    LostReplies(PerMille),
    WrongChecks(PerMille),
    Slow(Duration),
    Once(Once),
    PowerCut,
    Unplug(Duration),
    Calm,
}

/// Reads a typed line; `None` when it is none of [`LINES`].
pub(super) fn parse(line: &str) -> Option<Fault> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let number = |text: &str, most: u64| text.parse().ok().filter(|&number: &u64| number <= most);
    Some(match words[..] {
        ["lost-ack", "once"] => Fault::Once(Once::LoseReply),
        ["bad-check", "once"] => Fault::Once(Once::WrongCheck),
        ["power-cut"] => Fault::PowerCut,
        ["calm"] => Fault::Calm,
        ["unplug", seconds] => Fault::Unplug(Duration::from_secs(number(seconds, SECONDS_MAX)?)),
        ["slow", ms] => Fault::Slow(Duration::from_millis(number(ms, SECONDS_MAX * 1_000)?)),
        [what, text] => {
            let rate = rate(text).ok()?;
            match what {
                "noise" => Fault::Noise(rate),
                "drop" => Fault::Drop(rate),
                "double" => Fault::Double(rate),
                "lost-ack" => Fault::LostReplies(rate),
                "bad-check" => Fault::WrongChecks(rate),
                _ => return None,
            }
        }
        _ => return None,
    })
}

/// Makes the line as a fault says; faults of board and plug are none of its.
pub(super) fn disturb(line: &mut Disturbance, fault: Fault) {
    let settings = &mut line.settings;
    match fault {
        Fault::Noise(rate) => settings.noise = rate,
        Fault::Drop(rate) => settings.dropped = rate,
        Fault::Double(rate) => settings.doubled = rate,
        Fault::LostReplies(rate) => settings.lost_replies = rate,
        Fault::WrongChecks(rate) => settings.wrong_checks = rate,
        Fault::Slow(thinks) => settings.slow = thinks,
        Fault::Once(once) => line.once(once),
        Fault::Calm => {
            // How the adapter is built does not change by itself.
            let has_echo = settings.has_echo;
            *settings = DisturbanceSettings {
                has_echo,
                ..DisturbanceSettings::default()
            };
        }
        Fault::PowerCut | Fault::Unplug(_) => {}
    }
}

/// Lines of standard input; closed when it ends, or at once where reading would stop the program.
pub(super) fn typed_lines() -> mpsc::Receiver<String> {
    let (sender, lines) = mpsc::channel(LINES_MAX);
    let input = std::io::stdin();
    if !input.is_terminal() || is_foreground() {
        // A blocking read on a thread of its own, which ends with the process.
        std::thread::spawn(move || {
            let mut read = input.lock().lines().map_while(Result::ok);
            read.all(|line| sender.blocking_send(line).is_ok())
        });
    }
    lines
}

/// A program in the background that reads its terminal is stopped by the kernel.
fn is_foreground() -> bool {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // Behind the name in brackets: state, parent, group, session, terminal, group in the foreground.
    let fields: Vec<&str> = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .collect();
    matches!(fields[..], [_, _, group, _, _, foreground, ..] if group == foreground)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_help_is_understood() {
        for line in LINES.lines().skip(1) {
            let typed = line.trim().split("  ").next().expect("a command");
            assert!(parse(typed).is_some(), "{typed}");
        }
        for once in ["lost-ack once", "bad-check once"] {
            assert!(matches!(parse(once), Some(Fault::Once(_))));
        }
    }

    #[test]
    fn what_is_no_line_of_the_help_is_refused() {
        for line in [
            "",
            "noise",
            "noise 1001",
            "noise -1",
            "unplug 3601",
            "calm now",
            "help",
        ] {
            assert_eq!(parse(line), None, "{line}");
        }
    }

    #[test]
    fn calm_takes_back_every_fault_but_the_adapters_echo() {
        let settings = DisturbanceSettings {
            has_echo: true,
            ..DisturbanceSettings::default()
        };
        let mut line = Disturbance::new(settings, 1);
        for typed in [
            "noise 5",
            "drop 5",
            "double 5",
            "lost-ack 1",
            "bad-check 1",
            "slow 3",
        ] {
            disturb(&mut line, parse(typed).expect(typed));
        }
        assert_ne!(line.settings, settings);
        disturb(&mut line, Fault::Calm);
        assert_eq!(line.settings, settings);
    }
}
