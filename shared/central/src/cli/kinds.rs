//! `central kinds`: what kinds of records there are, whether their files (and those of lists and
//! batches) are sound, and what one does, for a person. Needs no data directory.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use domain::case::{Engine, Kind};
use serde_json::json;

use crate::cases::{KindShelf, ListShelf, ShelfError};

use super::arguments::TEMPLATE;
use super::{Sentence, say_on_stdout};

/// `central kinds`.
#[derive(Debug, Subcommand)]
pub(super) enum KindsVerb {
    /// 核对文件：哪个文件哪一行有什么错，一次说全
    #[command(help_template = TEMPLATE, next_help_heading = "选项")]
    Check {
        /// 核对这个文件夹里的；不写是程序自带的
        #[arg(value_name = "文件夹")]
        folder: Option<PathBuf>,
        /// 结果只输出一个 JSON，给程序读
        #[arg(long)]
        json: bool,
    },
    /// 列出所有种类
    #[command(help_template = TEMPLATE, next_help_heading = "选项")]
    List {
        /// 这个文件夹里的；不写是程序自带的
        #[arg(value_name = "文件夹")]
        folder: Option<PathBuf>,
        /// 结果只输出一个 JSON，给程序读
        #[arg(long)]
        json: bool,
    },
    /// 一种业务怎么办：谁在哪一步做什么、要哪些材料、期限多长，带流程图
    #[command(help_template = TEMPLATE, next_help_heading = "选项")]
    Doc {
        /// 种类的英文名；不写是全部
        #[arg(value_name = "种类")]
        kind: Option<String>,
        /// 这个文件夹里的；不写是程序自带的
        #[arg(long, value_name = "文件夹")]
        folder: Option<PathBuf>,
    },
}

/// Carries a verb out. `Ok(false)`: files are broken.
pub(super) fn run(verb: &KindsVerb) -> Result<bool, Sentence> {
    match verb {
        KindsVerb::Check { folder, json } => check(folder.as_deref(), *json),
        KindsVerb::List { folder, json } => {
            let shelf = shelf(folder.as_deref())?.map_err(|error| error.to_string())?;
            say_on_stdout(&if *json {
                list_json(&shelf)
            } else {
                list_text(&shelf)
            })?;
            Ok(true)
        }
        KindsVerb::Doc { kind, folder } => {
            let shelf = shelf(folder.as_deref())?.map_err(|error| error.to_string())?;
            doc(&shelf, kind.as_deref())
        }
    }
}

/// The outer error is about the folder, the inner one about what is in it.
fn shelf(folder: Option<&Path>) -> Result<Result<KindShelf, ShelfError>, Sentence> {
    match folder {
        None => Ok(KindShelf::embedded()),
        Some(folder) => Ok(KindShelf::read(&files_in(folder)?)),
    }
}

pub(super) fn files_in(folder: &Path) -> Result<Vec<(String, String)>, Sentence> {
    let (mut files, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(inner) = folders.pop() {
        let unreadable = |error| format!("读不了文件夹 {}：{error}", inner.display());
        for entry in std::fs::read_dir(&inner).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "toml") {
                files.push(file(folder, &path)?);
            }
        }
    }
    files.sort();
    Ok(files)
}

fn file(folder: &Path, path: &PathBuf) -> Result<(String, String), Sentence> {
    let text = std::fs::read_to_string(path);
    let text = text.map_err(|error| format!("读不了文件 {}：{error}", path.display()))?;
    let under = path.strip_prefix(folder).unwrap_or(path);
    Ok((under.to_string_lossy().replace('\\', "/"), text))
}

fn check(folder: Option<&Path>, says_json: bool) -> Result<bool, Sentence> {
    let (mut faults, count) = match shelf(folder)? {
        Ok(shelf) => (Vec::new(), shelf.all().count()),
        Err(ShelfError(faults)) => (faults, 0),
    };
    // what is compared and batched names the program's own kinds
    if folder.is_none()
        && faults.is_empty()
        && let Err(ShelfError(of_lists)) = ListShelf::embedded()
    {
        faults = of_lists;
    }
    let text = if says_json {
        let faults: Vec<_> = faults
            .iter()
            .map(|fault| json!({"file": fault.path, "line": fault.line, "text": fault.text}))
            .collect();
        json!({"sound": faults.is_empty(), "kinds": count, "faults": faults}).to_string()
    } else if faults.is_empty() {
        format!("{count} 种业务的文件都没有错。")
    } else {
        let lines: Vec<_> = faults.iter().map(ToString::to_string).collect();
        format!("有 {} 处错误：\n{}", faults.len(), lines.join("\n"))
    };
    say_on_stdout(&text)?;
    Ok(faults.is_empty())
}

fn engine_word(kind: &Kind) -> &'static str {
    match kind.engine {
        Engine::Case => "case",
        Engine::Register => "register",
        Engine::Module => "module",
    }
}

fn list_json(shelf: &KindShelf) -> String {
    let kinds = shelf.all().map(|kind| {
        json!({
            "id": kind.id,
            "name": kind.name,
            "line": kind.line,
            "version": kind.version,
            "engine": engine_word(kind),
        })
    });
    serde_json::Value::Array(kinds.collect()).to_string()
}

fn list_text(shelf: &KindShelf) -> String {
    let lines = shelf.all().map(|kind| {
        let (id, version, name) = (&kind.id, kind.version, &kind.name);
        format!("{id:<32} 第 {version} 版  {name}")
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn doc(shelf: &KindShelf, wanted: Option<&str>) -> Result<bool, Sentence> {
    let fits = |kind: &&std::sync::Arc<Kind>| wanted.is_none_or(|id| kind.id.as_str() == id);
    let texts: Vec<_> = shelf
        .all()
        .filter(fits)
        .map(|kind| domain::case::document(kind))
        .collect();
    if texts.is_empty() {
        let id = wanted.unwrap_or_default();
        return Err(format!(
            "没有“{id}”这种业务。用 central kinds list 看有哪些。"
        ));
    }
    say_on_stdout(&texts.join("\n"))?;
    Ok(true)
}
