//! The command line of `central`. Results go to standard output (with `--json` exactly one JSON
//! document), progress and logs to standard error. Exit code 0: done; 1: refused or failed;
//! 2: wrong usage.

mod arguments;
mod certificates;
mod documents;
mod health;
mod keeping;
mod kinds;
mod logging;
mod requests;
mod synthetic;
mod twin;

use std::ffi::OsString;
use std::io::{IsTerminal, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use crate::admin::{self, AdminDesk, AdminRequest, AnswerLine, Told};
use crate::config::{self, Config, ConfigError, Key, LogFormat};
use crate::edge;
use crate::import::Progress;
use crate::serve::{self, ServeOptions, open_store_under};
use crate::store::Marking;
use crate::vault::KeyCustody;
use sync::data_dir::{DataDir, DataDirError};

use arguments::{Arguments, ConfigVerb, DataArgument, ServeArguments, Verb};
use logging::log_to_stderr;

/// Runs the program with its arguments, the first being its name.
#[must_use]
pub fn run(arguments: Vec<OsString>) -> ExitCode {
    let verb = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments.verb,
        Err(error) => {
            // nothing can be said when not even the terminal takes text
            drop(error.print());
            return ExitCode::from(u8::from(error.use_stderr()) * 2);
        }
    };
    let outcome = match verb {
        Verb::Serve(arguments) => serve(&arguments).map(|()| true),
        other => {
            log_to_stderr(LogFormat::Text, Key::LogLevel.default_text());
            one_act(other)
        }
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(sentence) => {
            say_on_stderr(&sentence);
            ExitCode::FAILURE
        }
    }
}

/// A sentence for the person at the command line.
type Sentence = String;

/// Every verb but `serve`. `Ok(false)`: done, and not as wished.
fn one_act(verb: Verb) -> Result<bool, Sentence> {
    match verb {
        Verb::Healthcheck(arguments) => health::check(&arguments).map(|()| true),
        Verb::Kinds { what } => kinds::run(&what),
        Verb::Documents { what } => documents::run(&what),
        Verb::SmsTwin(arguments) => twin::run(&arguments).map(|()| true),
        Verb::Config { what } => check_config(&what),
        Verb::Tls { what } => certificates::make(&what).map(|()| true),
        Verb::Restore(arguments) => keeping::restore(&arguments, edge::system_clock()())
            .and_then(|told| say_told(&told, arguments.common.json)),
        Verb::RestoreDrill(arguments) => keeping::drill(&arguments, edge::system_clock()())
            .and_then(|told| say_told(&told, arguments.common.json)),
        Verb::Synthetic(arguments) => synthetic::fill(&arguments, edge::system_clock()())
            .and_then(|told| say_told(&told, arguments.common.json)),
        other => requests::of_verb(other)
            .and_then(|asked| carry_out(&asked.place, asked.request, asked.says_json)),
    }
}

fn check_config(what: &ConfigVerb) -> Result<bool, Sentence> {
    let ConfigVerb::Check { settings, json } = what;
    let checked = config::check(&settings.layers());
    say_on_stdout(&if *json {
        checked.json.to_string()
    } else {
        checked.text
    })?;
    Ok(checked.is_sound)
}

fn serve(arguments: &ServeArguments) -> Result<(), Sentence> {
    let config = Config::of(&arguments.settings.layers()).map_err(|faults| {
        let sentences: Vec<String> = faults.iter().map(ConfigError::to_string).collect();
        sentences.join("\n")
    })?;
    log_to_stderr(config.log_format, &config.log_level);
    let options = ServeOptions {
        config,
        enrol_code: arguments.enrol_code.clone(),
        credentials: credentials(),
        says_json: arguments.json,
        stops_with_stdin: arguments.stop_with_stdin,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| format!("运行环境起不来：{error}"))?;
    let served = runtime.block_on(serve::serve(options));
    // A request that did not end in time must not keep the process.
    runtime.shutdown_background();
    served.map_err(|error| error.to_string())
}

/// In this process when the directory is free, else by the service that holds it.
fn carry_out(
    place: &DataArgument,
    request: AdminRequest,
    says_json: bool,
) -> Result<bool, Sentence> {
    let mut progress = ProgressLine::default();
    let mut show = |step| progress.show(step);
    let data = place.data.as_path();
    let line = match DataDir::take(data) {
        Ok(dir) => in_this_process(place, &dir, request, &mut show)?,
        Err(in_use @ DataDirError::InUse { .. }) => {
            let asked = admin::ask(data, &request, &mut show);
            let asked = asked.map_err(|error| format!("问不到正在运行的服务：{error}"))?;
            asked.ok_or_else(|| in_use.to_string())?
        }
        Err(error) => return Err(error.to_string()),
    };
    progress.end();
    match line {
        AnswerLine::Told(told) => say_told(&told, says_json),
        AnswerLine::Failed(sentence) => Err(sentence),
        AnswerLine::Progress { .. } => Err("服务没有说完就断了。".to_owned()),
    }
}

/// Whether it ended as wished.
fn say_told(told: &Told, says_json: bool) -> Result<bool, Sentence> {
    let text = told.text.trim_end();
    say_on_stdout(if says_json { &told.json } else { text })?;
    Ok(told.is_done)
}

fn in_this_process(
    place: &DataArgument,
    dir: &DataDir,
    request: AdminRequest,
    progress: &mut dyn FnMut(Progress),
) -> Result<AnswerLine, Sentence> {
    let clock = edge::system_clock();
    let store = open_store_under(custody(place)?, dir, Marking::Real, clock());
    let store = store.map_err(|error| error.to_string())?;
    let told = AdminDesk::new(store, dir.path(), clock).perform(request, progress);
    Ok(told.map_or_else(
        |error| AnswerLine::Failed(error.to_string()),
        AnswerLine::Told,
    ))
}

/// Where the master key of a data directory is.
fn custody(place: &DataArgument) -> Result<KeyCustody, Sentence> {
    let named = place.master_key_file.as_deref();
    KeyCustody::of(&place.data, named, credentials().as_deref()).map_err(|error| error.to_string())
}

/// Where systemd puts credentials (`LoadCredential=`).
fn credentials() -> Option<PathBuf> {
    std::env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from)
}

/// Progress on standard error: a line that is overwritten on a terminal, else every tenth part.
#[derive(Default)]
struct ProgressLine {
    tenths_said: u64,
    is_open: bool,
}

impl ProgressLine {
    fn show(&mut self, Progress { rows_done, rows }: Progress) {
        let mut err = std::io::stderr().lock();
        // progress that nobody can read is not worth failing for
        if err.is_terminal() {
            self.is_open = true;
            drop(write!(err, "\r已处理 {rows_done} / {rows} 行"));
            return;
        }
        let tenths = (rows_done * 10).checked_div(rows).unwrap_or(10);
        if tenths > self.tenths_said {
            self.tenths_said = tenths;
            drop(writeln!(err, "已处理 {rows_done} / {rows} 行"));
        }
    }

    fn end(&self) {
        if self.is_open {
            say_on_stderr("");
        }
    }
}

fn say_on_stdout(text: &str) -> Result<(), Sentence> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}").map_err(|error| format!("写不了输出：{error}"))
}

fn say_on_stderr(text: &str) {
    // there is nowhere left to say that this failed
    drop(writeln!(std::io::stderr().lock(), "{text}"));
}

#[cfg(test)]
mod tests;
