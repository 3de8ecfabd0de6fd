//! Comparing a list: first the file, then who is hit and who may be, then what was opened.

use maud::{Markup, html};

use super::LISTS_PATH;
use crate::pages::frame::{Desk, MenuEntry, Said, said, staff_page};
use crate::pages::help::help;
use crate::pages::records::{FieldView, StaffChoice, inputs, summary};
use crate::sheet::Read;

/// Refused rows and hits that are shown; files and records have all of them.
const SHOWN_MAX: usize = 100;

/// A row that is hit or possible.
#[derive(Debug, Clone)]
pub(crate) struct FoundRow {
    pub(crate) line: u32,
    /// Masked, as in the list.
    pub(crate) name: String,
    pub(crate) number: String,
    /// The records with which it was compared: address and number.
    pub(crate) against: Vec<(String, String)>,
    /// Why a person must look.
    pub(crate) doubt: String,
    /// The number of what was opened for the same before; empty for none.
    pub(crate) opened: String,
}

/// What a list would come to.
#[derive(Debug, Clone)]
pub(crate) struct TriedView {
    pub(crate) held: String,
    pub(crate) batch_no: String,
    pub(crate) compared: usize,
    pub(crate) hits: Vec<FoundRow>,
    pub(crate) possible: Vec<FoundRow>,
    /// Numbers of earlier comparisons of the same file.
    pub(crate) earlier: Vec<String>,
    pub(crate) read: Box<Read>,
}

/// What a list came to.
#[derive(Debug, Clone)]
pub(crate) struct DoneView {
    /// The comparison's record.
    pub(crate) record: String,
    /// Lines with numbers of what was opened.
    pub(crate) opened: Vec<(u32, String)>,
    /// Lines with numbers of what had been opened before.
    pub(crate) before: Vec<(u32, String)>,
    /// Lines with why nothing was opened.
    pub(crate) refused: Vec<(u32, String)>,
}

/// How far it is.
#[derive(Debug, Clone)]
pub(crate) enum CompareStage {
    /// No file yet; the form with what was typed.
    Asking(Vec<FieldView>),
    /// A file was tried.
    Tried(TriedView),
    /// Everything was opened.
    Done(DoneView),
}

/// What the page shows.
#[derive(Debug, Clone)]
pub(crate) struct CompareView {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) about: String,
    /// With what it is compared: the kind's name and its states.
    pub(crate) against: String,
    /// What a hit opens.
    pub(crate) opens: String,
    pub(crate) staff: Vec<StaffChoice>,
    pub(crate) stage: CompareStage,
}

/// The page.
pub(crate) fn compare_page(desk: &Desk, view: &CompareView, notice: Option<&Said>) -> Markup {
    let title = format!("比对{}", view.name);
    let content = html! {
        div.stack {
            h1 { (title) }
            p.soft { (view.about) "　比的是：" (view.against) "。命中开：" (view.opens) "。" }
            (said(notice))
            @match &view.stage {
                CompareStage::Asking(fields) => (asking(desk, view, fields)),
                CompareStage::Tried(tried) => (tried_view(desk, view, tried)),
                CompareStage::Done(done) => (done_view(view, done)),
            }
            p { a.button href=(LISTS_PATH) { "回到名单和批次" } }
            (help(&[
                "号码一样才算命中；只有姓名和生日一样的算疑似，核对了再打勾，不打勾就不开。",
                "号码填错的、一个人写了两行的，不比，写着原因；改好另存，用同一个批次号再传一次。",
                "名单加密存在这次比对的记录里，谁看过都有记录。",
            ]))
        }
    };
    staff_page(desk, MenuEntry::Lists, &title, None, &content)
}

fn asking(desk: &Desk, view: &CompareView, fields: &[FieldView]) -> Markup {
    let base = format!("{LISTS_PATH}/compare/{}", view.id);
    html! {
        (summary(&[], fields, ""))
        form.card.pad method="post" enctype="multipart/form-data" action=(base) {
            (desk.form_token.field())
            (inputs(fields, &view.staff, ""))
            div.field {
                label for="file" { "名单文件" }
                input #file type="file" name="file" required accept=".xlsx,.csv" aria-describedby="file-hint";
                span #file-hint .soft {
                    "表格文件，Excel 或 WPS 存的都行；要有证件号码那一列。"
                    a href=(format!("{base}/template.xlsx")) { "下载空表" }
                }
            }
            button.primary { "先比一遍" }
        }
    }
}

fn tried_view(desk: &Desk, view: &CompareView, tried: &TriedView) -> Markup {
    let base = format!("{LISTS_PATH}/compare/{}", view.id);
    let fresh = tried
        .hits
        .iter()
        .filter(|row| row.opened.is_empty())
        .count();
    let nothing = tried.compared - tried.hits.len() - tried.possible.len();
    html! {
        @for number in &tried.earlier {
            p.say { "这份名单比过了：" (number) "。开过的不会再开。" }
        }
        form.card method="post" action=(format!("{base}/{}", tried.held)) {
            (desk.form_token.field())
            h2 { "比了一遍，还没有开（批次号 " (tried.batch_no) "）" }
            div.facts {
                (fact("比了", tried.compared)) (fact("命中", tried.hits.len()))
                (fact("疑似", tried.possible.len())) (fact("没有比上", nothing))
            }
            @if !tried.hits.is_empty() { (hits(&tried.hits)) }
            @if !tried.possible.is_empty() { (possible(&tried.possible)) }
            div.pad.stack {
                (notes(&tried.read))
                @if tried.hits.is_empty() && tried.possible.is_empty() {
                    p { "一个也没有比上。记下这次比对，好给发名单的单位反馈。" }
                    button.primary { "记下这次比对" }
                } @else {
                    p { "点下面这个按钮，命中的一次全部开出来；疑似的只开打了勾的；开过的不再开。" }
                    button.primary { "开 " (fresh) " 条，记下这次比对" }
                }
            }
        }
        (rejected(&base, tried))
    }
}

fn fact(name: &str, count: usize) -> Markup {
    html! { div { span.soft { (name) } br; b { (count) } } }
}

fn hits(rows: &[FoundRow]) -> Markup {
    html! {
        h2 { "命中" }
        div.scroll { table {
            thead { tr { th.tight { "行" } th { "姓名" } th { "证件号码" } th { "比上的" } th { "会怎样" } } }
            tbody { @for row in rows.iter().take(SHOWN_MAX) { tr {
                td.tight { (row.line) }
                (who(row))
                td { @if row.opened.is_empty() { span.tag.care { "要开" } } @else { "开过了：" (row.opened) } }
            } } }
        } }
        @if rows.len() > SHOWN_MAX { p.pad.soft { "只显示前 " (SHOWN_MAX) " 个，开的时候一个不漏。" } }
    }
}

fn possible(rows: &[FoundRow]) -> Markup {
    html! {
        h2 { "疑似：核对了是同一个人，再打勾" }
        div.scroll { table {
            thead { tr { th.tight { "是" } th.tight { "行" } th { "姓名" } th { "证件号码" } th { "可能是" } th { "为什么" } } }
            tbody { @for row in rows { tr {
                td {
                    @if row.opened.is_empty() {
                        input type="checkbox" name="line" value=(row.line)
                            aria-label=(format!("第 {} 行是同一个人", row.line));
                    }
                }
                td.tight { (row.line) }
                (who(row))
                td { (row.doubt) @if !row.opened.is_empty() { "　开过了：" (row.opened) } }
            } } }
        } }
    }
}

fn who(row: &FoundRow) -> Markup {
    html! {
        td { (row.name) }
        td { (row.number) }
        td { @for (address, number) in &row.against { a href=(address) { (number) } " " } }
    }
}

fn notes(read: &Read) -> Markup {
    html! {
        @for notice in &read.notices { p { (notice) } }
        @if !read.unknown_columns.is_empty() {
            p.soft { "这些列没有用来比，反馈时原样带回：" (read.unknown_columns.join("、")) "。" }
        }
    }
}

fn rejected(base: &str, tried: &TriedView) -> Markup {
    let rejected = &tried.read.rejected;
    html! {
        @if !rejected.is_empty() {
            div.card {
                div.head.row {
                    h2 { "没有比的行" }
                    a.button.push href=(format!("{base}/{}/rejects.xlsx", tried.held)) {
                        "下载这 " (rejected.len()) " 行和原因"
                    }
                }
                table { tbody { @for row in rejected.iter().take(SHOWN_MAX) { @for fault in &row.faults { tr {
                    td.tight { "第 " (row.line) " 行" } td.tight { (fault.column) } td { (fault.text) }
                } } } } }
                @if rejected.len() > SHOWN_MAX { p.pad.soft { "只显示前 " (SHOWN_MAX) " 行，其余在下载的表里。" } }
            }
        }
    }
}

fn done_view(view: &CompareView, done: &DoneView) -> Markup {
    let line = |(line, number): &(u32, String)| html! { li { "第 " (line) " 行：" (number) } };
    html! {
        p.say.good role="status" {
            "✓ 开了 " (done.opened.len()) " 条" (view.opens)
            @if !done.before.is_empty() { "，另有 " (done.before.len()) " 条以前开过，没有再开" }
            "。"
        }
        @if !done.refused.is_empty() {
            div.card { h2 { "没有开成的" }
                ul.pad { @for refused in &done.refused { (line(refused)) } } }
        }
        @if !done.opened.is_empty() {
            div.card { h2 { "开出来的" }
                ul.pad { @for opened in done.opened.iter().take(SHOWN_MAX) { (line(opened)) } } }
        }
        @if !done.before.is_empty() {
            div.card { h2 { "以前开过的" }
                ul.pad { @for before in done.before.iter().take(SHOWN_MAX) { (line(before)) } } }
        }
        p { a.button.primary href=(format!("/staff/record/{}", done.record)) { "看这次比对" } }
    }
}
