//! Help and usage errors in Chinese: clap builds the parts, the words around them stand here.

use std::process::ExitCode;

use clap::error::{ContextKind, ErrorKind};

use super::{print, say};

/// Wrong usage.
pub(super) const WRONG_USAGE: u8 = 2;

/// Help layout with Chinese headings.
pub(super) const TEMPLATE: &str = "{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}\n";

/// Prints what clap has to say and gives the exit code.
pub(super) fn explain(error: &clap::Error) -> ExitCode {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            print(translate_headings(&error.to_string()).trim_end());
            ExitCode::SUCCESS
        }
        kind => {
            say(&sentence(kind, error));
            say("用 kiosk --help 看用法。");
            ExitCode::from(WRONG_USAGE)
        }
    }
}

/// clap has no setting for the headings of arguments and options.
fn translate_headings(help: &str) -> String {
    help.replace("\nArguments:\n", "\n参数：\n")
        .replace("\n命令:\n", "\n命令：\n")
        .replace("\nOptions:\n", "\n选项：\n")
        .replace("[OPTIONS]", "[选项]")
        .replace("<COMMAND>", "<命令>")
}

fn sentence(kind: ErrorKind, error: &clap::Error) -> String {
    let context = |kind| error.get(kind).map(ToString::to_string).unwrap_or_default();
    let argument = context(ContextKind::InvalidArg);
    let value = context(ContextKind::InvalidValue);
    match kind {
        ErrorKind::UnknownArgument => format!("没有 {argument} 这个参数。"),
        ErrorKind::InvalidSubcommand => {
            format!(
                "没有 {} 这个命令。",
                context(ContextKind::InvalidSubcommand)
            )
        }
        ErrorKind::MissingRequiredArgument => format!("缺少参数：{argument}。"),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "请写明要执行的命令。".to_owned()
        }
        ErrorKind::ArgumentConflict => format!("{argument} 不能这样重复或同时使用。"),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation if value.is_empty() => {
            format!("{argument} 缺少值。")
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            format!("{argument} 的值不对：{value}。")
        }
        ErrorKind::InvalidUtf8 => "参数不是 UTF-8 文字。".to_owned(),
        _ => format!("参数有误：{argument}"),
    }
}
