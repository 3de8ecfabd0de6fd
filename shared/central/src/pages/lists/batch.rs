//! Building a batch: what is asked, then who would be in it and who would not, then the word.

use maud::{Markup, html};

use super::LISTS_PATH;
use crate::pages::frame::{Desk, MenuEntry, Said, said, staff_page};
use crate::pages::help::help;
use crate::pages::records::{FieldView, StaffChoice, inputs, summary};

/// Members that are shown; the record has all of them.
const SHOWN_MAX: usize = 200;

/// A member.
#[derive(Debug, Clone)]
pub(crate) struct MemberLine {
    pub(crate) address: String,
    pub(crate) number: String,
    /// Masked, or an employer.
    pub(crate) subject: String,
    pub(crate) amount: String,
}

/// A record that is left out.
#[derive(Debug, Clone)]
pub(crate) struct LeftOutLine {
    pub(crate) member: MemberLine,
    pub(crate) why: String,
}

/// How far it is.
#[derive(Debug, Clone)]
pub(crate) enum BatchStage {
    /// The form with what was typed.
    Asking,
    /// Who would be in it; what was typed goes on in hidden fields.
    Looking {
        members: Vec<MemberLine>,
        left_out: Vec<LeftOutLine>,
        total: String,
        seen: String,
        /// Whether there are members enough.
        is_buildable: bool,
        /// Names and values of the form.
        typed: Vec<(String, String)>,
    },
}

/// What the page shows.
#[derive(Debug, Clone)]
pub(crate) struct BatchView {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) about: String,
    pub(crate) fields: Vec<FieldView>,
    pub(crate) staff: Vec<StaffChoice>,
    pub(crate) stage: BatchStage,
}

/// The page.
pub(crate) fn batch_page(desk: &Desk, view: &BatchView, notice: Option<&Said>) -> Markup {
    let content = html! {
        div.stack {
            h1 { (view.name) }
            p.soft { (view.about) }
            (said(notice))
            @match &view.stage {
                BatchStage::Asking => (asking(desk, view)),
                BatchStage::Looking { members, left_out, total, seen, is_buildable, typed } => {
                    (looking(desk, view, (members, total, *is_buildable), (seen, typed)))
                    (left_out_card(left_out))
                }
            }
            p { a.button href=(LISTS_PATH) { "回到名单和批次" } }
            (help(&[
                "先看看有谁，还没有建；点“建这一批”才建，建了以后每一条都连着这一批。",
                "同一户同一期有两条申请的，只办先来的那条；已经在别的批里的不会再进。",
                "看的时候有人改了，会让您再看一遍，不会建成别的样子。",
            ]))
        }
    };
    staff_page(desk, MenuEntry::Lists, &view.name, None, &content)
}

fn asking(desk: &Desk, view: &BatchView) -> Markup {
    html! {
        (summary(&[], &view.fields, ""))
        form.card.pad method="post" action=(format!("{LISTS_PATH}/batch/{}", view.id)) {
            (desk.form_token.field())
            (inputs(&view.fields, &view.staff, ""))
            button.primary { "看看有谁" }
        }
    }
}

fn looking(
    desk: &Desk,
    view: &BatchView,
    (members, total, is_buildable): (&[MemberLine], &str, bool),
    (seen, typed): (&str, &[(String, String)]),
) -> Markup {
    html! {
        form.card method="post" action=(format!("{LISTS_PATH}/batch/{}", view.id)) {
            (desk.form_token.field())
            input type="hidden" name="seen" value=(seen);
            @for (name, value) in typed { input type="hidden" name=(name) value=(value); }
            h2 {
                "这一批有 " (members.len()) " 条"
                @if !total.is_empty() { "，一共 " (total) }
            }
            @if members.is_empty() {
                p.pad {
                    @if is_buildable { "没有该进这一批的，可以建一个零批，记下查过了。" }
                    @else { "没有该进这一批的。有没进的，下面写着为什么；都办好了再来。" }
                }
            } @else {
                div.scroll { table {
                    thead { tr { th.tight { "编号" } th { "谁" } th.num { "金额" } } }
                    tbody { @for member in members.iter().take(SHOWN_MAX) { (row(member, None)) } }
                } }
                @if members.len() > SHOWN_MAX { p.pad.soft { "只显示前 " (SHOWN_MAX) " 条，建的时候一条不漏。" } }
            }
            div.pad.row {
                @if is_buildable { button.primary name="confirmed" value="yes" { "建这一批" } }
                button name="again" value="yes" { "改一改再看" }
            }
        }
    }
}

fn left_out_card(left_out: &[LeftOutLine]) -> Markup {
    html! {
        @if !left_out.is_empty() {
            div.card {
                h2 { "没进这一批的 " (left_out.len()) " 条" }
                div.scroll { table {
                    thead { tr { th.tight { "编号" } th { "谁" } th.num { "金额" } th { "为什么" } } }
                    tbody { @for one in left_out.iter().take(SHOWN_MAX) { (row(&one.member, Some(&one.why))) } }
                } }
            }
        }
    }
}

fn row(member: &MemberLine, why: Option<&str>) -> Markup {
    html! {
        tr {
            th.tight scope="row" { a href=(member.address) { (member.number) } }
            td { (member.subject) }
            td.num { (member.amount) }
            @if let Some(why) = why { td { (why) } }
        }
    }
}
