//! `central documents`: which documents there are and whether their files are sound, for a person. Needs
//! no data directory; templates are held against the program's own kinds.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde_json::json;

use crate::cases::KindShelf;
use crate::documents::{DocumentShelf, DocumentShelfError};

use super::arguments::TEMPLATE;
use super::kinds::files_in;
use super::{Sentence, say_on_stdout};

/// `central documents`.
#[derive(Debug, Subcommand)]
pub(super) enum DocumentsVerb {
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
    /// 列出所有文书：用在哪些业务上
    #[command(help_template = TEMPLATE, next_help_heading = "选项")]
    List {
        /// 这个文件夹里的；不写是程序自带的
        #[arg(value_name = "文件夹")]
        folder: Option<PathBuf>,
        /// 结果只输出一个 JSON，给程序读
        #[arg(long)]
        json: bool,
    },
}

/// Carries a verb out. `Ok(false)`: files are broken.
pub(super) fn run(verb: &DocumentsVerb) -> Result<bool, Sentence> {
    let kinds = KindShelf::embedded().map_err(|error| error.to_string())?;
    match verb {
        DocumentsVerb::Check { folder, json } => check(folder.as_deref(), &kinds, *json),
        DocumentsVerb::List { folder, json } => {
            let shelf = shelf(folder.as_deref(), &kinds)?.map_err(|error| error.to_string())?;
            say_on_stdout(&match json {
                true => list_json(&shelf),
                false => list_text(&shelf, &kinds),
            })?;
            Ok(true)
        }
    }
}

/// The outer error is about the folder, the inner one about what is in it.
fn shelf(
    folder: Option<&Path>,
    kinds: &KindShelf,
) -> Result<Result<DocumentShelf, DocumentShelfError>, Sentence> {
    match folder {
        None => Ok(DocumentShelf::embedded(kinds)),
        Some(folder) => Ok(DocumentShelf::read(&files_in(folder)?, kinds)),
    }
}

fn check(folder: Option<&Path>, kinds: &KindShelf, says_json: bool) -> Result<bool, Sentence> {
    let (faults, count) = match shelf(folder, kinds)? {
        Ok(shelf) => (Vec::new(), shelf.all().count()),
        Err(DocumentShelfError(faults)) => (faults, 0),
    };
    let text = if says_json {
        let faults: Vec<_> = faults
            .iter()
            .map(|fault| json!({"file": fault.path, "line": fault.line, "text": fault.text}))
            .collect();
        json!({"sound": faults.is_empty(), "documents": count, "faults": faults}).to_string()
    } else if faults.is_empty() {
        format!("{count} 种文书的模板都没有错。")
    } else {
        let lines: Vec<_> = faults.iter().map(ToString::to_string).collect();
        format!("有 {} 处错误：\n{}", faults.len(), lines.join("\n"))
    };
    say_on_stdout(&text)?;
    Ok(faults.is_empty())
}

fn list_json(shelf: &DocumentShelf) -> String {
    let each = shelf.all().map(|template| {
        let kinds: Vec<_> = template.occasions.keys().collect();
        json!({"id": template.id, "title": template.title, "kinds": kinds})
    });
    serde_json::Value::Array(each.collect()).to_string()
}

fn list_text(shelf: &DocumentShelf, kinds: &KindShelf) -> String {
    let lines = shelf.all().map(|template| {
        let names = template.occasions.keys().filter_map(|id| kinds.kind(id));
        let names: Vec<_> = names.map(|kind| kind.name.as_str()).collect();
        format!(
            "{:<28} {}：{}",
            template.id,
            template.title,
            names.join("、")
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}
