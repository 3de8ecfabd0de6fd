//! A bank's answer to a batch: first the file, then what it would come to, or everything that is wrong
//! with it.

use maud::{Markup, html};

use super::{LISTS_PATH, answer_to};
use crate::pages::frame::{Desk, MenuEntry, Said, said, staff_page};
use crate::pages::help::help;

/// Sentences that are shown.
const SHOWN_MAX: usize = 200;

/// How far it is.
#[derive(Debug, Clone)]
pub(crate) enum AnswerStage {
    /// No file yet.
    Asking,
    /// The file cannot be taken: everything that is wrong.
    Wrong(Vec<String>),
    /// The file is sound.
    Sound {
        held: String,
        paid: usize,
        /// Numbers, and why not.
        failed: Vec<(String, String)>,
    },
}

/// What the page shows.
#[derive(Debug, Clone)]
pub(crate) struct AnswerView {
    pub(crate) record: String,
    pub(crate) case_no: String,
    pub(crate) title: String,
    pub(crate) stage: AnswerStage,
}

/// The page.
pub(crate) fn answer_page(desk: &Desk, view: &AnswerView, notice: Option<&Said>) -> Markup {
    let title = format!("收回盘：{}", view.title);
    let base = answer_to(&view.record);
    let content = html! {
        div.stack {
            h1 { (title) }
            p.soft { a href=(format!("/staff/record/{}", view.record)) { (view.case_no) } }
            (said(notice))
            @match &view.stage {
                AnswerStage::Asking => (asking(desk, &base)),
                AnswerStage::Wrong(faults) => { (wrong(faults)) (asking(desk, &base)) }
                AnswerStage::Sound { held, paid, failed } => (sound(desk, &format!("{base}/{held}"), *paid, failed)),
            }
            p { a.button href=(LISTS_PATH) { "回到名单和批次" } }
            (help(&[
                "银行的文件要有业务编号和结果两列，每一笔一行；金额那一列有就核对。",
                "有一处对不上，就一笔也不收；对上了先给您看，点“收下”才收。",
                "收下以后，文件留在这一批里，成功和失败的各走各的下一步。",
            ]))
        }
    };
    staff_page(desk, MenuEntry::Lists, &title, None, &content)
}

fn asking(desk: &Desk, base: &str) -> Markup {
    html! {
        form.card.pad method="post" enctype="multipart/form-data" action=(base) {
            (desk.form_token.field())
            div.field {
                label for="file" { "银行发来的回盘文件" }
                input #file type="file" name="file" required accept=".xlsx,.csv" aria-describedby="file-hint";
                span #file-hint .soft { "表格文件，Excel 或 WPS 存的都行。" }
            }
            button.primary { "先对一遍" }
        }
    }
}

fn wrong(faults: &[String]) -> Markup {
    html! {
        div.card {
            h2 { "对不上，一笔也没有收" }
            ul.pad { @for fault in faults.iter().take(SHOWN_MAX) { li { (fault) } } }
            @if faults.len() > SHOWN_MAX { p.pad.soft { "一共 " (faults.len()) " 处，只显示前 " (SHOWN_MAX) " 处。" } }
        }
    }
}

fn sound(desk: &Desk, action: &str, paid: usize, failed: &[(String, String)]) -> Markup {
    html! {
        form.card method="post" action=(action) {
            (desk.form_token.field())
            h2 { "逐笔对上了，还没有收" }
            div.pad { p { "成功 " b { (paid) } " 笔，没有成功 " b { (failed.len()) } " 笔。" } }
            @if !failed.is_empty() {
                div.scroll { table {
                    thead { tr { th.tight { "编号" } th { "银行说的原因" } } }
                    tbody { @for (number, why) in failed { tr { th.tight scope="row" { (number) } td { (why) } } } }
                } }
            }
            div.pad { button.primary { "收下" } }
        }
    }
}
