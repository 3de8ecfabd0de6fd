//! Importing a sheet: first the file, then what it would come to, then what it came to.

use maud::{Markup, html};

use crate::pages::frame::{Desk, MenuEntry, Said, said, staff_page};
use crate::pages::help::help;
use crate::sheet::{CellFault, Read};

/// Rejected rows that are shown; the file has all of them.
const SHOWN_MAX: usize = 50;

/// How far the import is.
#[derive(Debug, Clone)]
pub(crate) enum ImportStage {
    /// No file yet; the station as it was chosen, if it was.
    Asking { station: String },
    /// A file was tried; `held` names it for the confirmation.
    Tried { read: Box<Read>, held: String },
    /// It was imported.
    Done { read: Box<Read>, held: String },
}

/// What the page shows.
#[derive(Debug, Clone)]
pub(crate) struct ImportView {
    pub(crate) kind: String,
    pub(crate) kind_name: String,
    pub(crate) stations: Vec<(String, String)>,
    pub(crate) stage: ImportStage,
}

/// The page.
pub(crate) fn import_page(desk: &Desk, view: &ImportView, notice: Option<&Said>) -> Markup {
    let title = format!("从表格导入{}", view.kind_name);
    let content = html! {
        div.stack {
            h1 { (title) }
            (said(notice))
            @match &view.stage {
                ImportStage::Asking { station } => (asking(desk, view, station)),
                ImportStage::Tried { read, held } => (tried(desk, view, read, held)),
                ImportStage::Done { read, held } => (done(view, read, held)),
            }
            p { a.button href=(format!("/staff/records/{}", view.kind)) { "回到列表" } }
            (help(&[
                "先下载模板，照“填写说明”填，再传上来；先试一遍，不会动任何记录。",
                "不能导入的行会放进另一个表，每行写着原因，改好可以直接再导入。",
            ]))
        }
    };
    staff_page(desk, MenuEntry::Records, &title, None, &content)
}

fn asking(desk: &Desk, view: &ImportView, station: &str) -> Markup {
    let base = format!("/staff/records/{}", view.kind);
    html! {
        div.card.pad { p { "第一步：" a.button href=(format!("{base}/template.xlsx")) { "下载模板" } } }
        form.card.pad method="post" enctype="multipart/form-data" action=(format!("{base}/import")) {
            (desk.form_token.field())
            div.field {
                label for="station" { "这些记录在哪里办" }
                select #station name="station" {
                    @for (code, name) in &view.stations { option value=(code) selected[code == station] { (name) } }
                }
            }
            div.field {
                label for="file" { "第二步：选填好的表格" }
                input #file type="file" name="file" required accept=".xlsx,.csv" aria-describedby="file-hint";
                span #file-hint .soft { "表格文件，Excel 或 WPS 存的都行；最大 20 兆，最多 10 万行。" }
            }
            button.primary { "先试一遍" }
        }
    }
}

fn tried(desk: &Desk, view: &ImportView, read: &Read, held: &str) -> Markup {
    html! {
        div.card {
            h2 { "试了一遍，还没有导入" }
            div.pad.stack {
                p { "能导入 " b { (read.rows.len()) } " 行，不能导入 " b { (read.rejected.len()) } " 行。" }
                (notes(read))
                @if !read.rows.is_empty() {
                    form method="post" action=(format!("/staff/records/{}/import/{held}", view.kind)) {
                        (desk.form_token.field())
                        button.primary { "导入这 " (read.rows.len()) " 行" }
                    }
                }
            }
        }
        (hints(read))
        (rejected(view, read, held))
    }
}

fn done(view: &ImportView, read: &Read, held: &str) -> Markup {
    html! {
        p.say.good { "✓ 导入了 " (read.rows.len()) " 行。" }
        (rejected(view, read, held))
    }
}

fn notes(read: &Read) -> Markup {
    let names = |names: &[String]| names.join("、");
    html! {
        @for notice in &read.notices { p { (notice) } }
        @if !read.unknown_columns.is_empty() { p { "这些列认不出来，没有导入：" (names(&read.unknown_columns)) "。" } }
        @if !read.computed_columns.is_empty() { p { "这些列由系统自己填，没有导入：" (names(&read.computed_columns)) "。" } }
        @if !read.missing_columns.is_empty() { p { "表里没有这些必填的列，以后要补：" (names(&read.missing_columns)) "。" } }
    }
}

fn hints(read: &Read) -> Markup {
    let hints: Vec<_> = read
        .rows
        .iter()
        .flat_map(|row| row.hints.iter().map(move |hint| (row.line, hint)))
        .take(SHOWN_MAX)
        .collect();
    html! {
        @if !hints.is_empty() {
            div.card {
                h2 { "会导入，但请看一眼" }
                table { tbody { @for (line, hint) in hints { (fault_row(line, hint)) } } }
            }
        }
    }
}

fn rejected(view: &ImportView, read: &Read, held: &str) -> Markup {
    html! {
        @if !read.rejected.is_empty() {
            div.card {
                div.head.row {
                    h2 { "不能导入的行" }
                    a.button.push href=(format!("/staff/records/{}/import/{held}/rejects.xlsx", view.kind)) {
                        "下载这 " (read.rejected.len()) " 行和原因"
                    }
                }
                table { tbody {
                    @for row in read.rejected.iter().take(SHOWN_MAX) {
                        @for fault in &row.faults { (fault_row(row.line, fault)) }
                    }
                } }
                @if read.rejected.len() > SHOWN_MAX { p.pad.soft { "只显示前 " (SHOWN_MAX) " 行，其余在下载的表里。" } }
            }
        }
    }
}

fn fault_row(line: u32, fault: &CellFault) -> Markup {
    html! {
        tr { td.tight { "第 " (line) " 行" } td.tight { (fault.column) } td { (fault.text) } }
    }
}
