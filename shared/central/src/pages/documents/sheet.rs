//! A document on A4: head, number, text, seal, and at the foot by what it is checked. The same parts
//! make a proof, which has no number and no code. Sizes and margins are the sheet's
//! (`assets/pages/document.css`), after GB/T 9704.

use domain::document::{Block, Content, Line, Run};
use maud::{DOCTYPE, Markup, html};

use crate::documents::{Shown, copies};
use crate::pages::frame::{Desk, Said, said};
use crate::pages::qr::qr;

/// Pixels of the code at the foot: 26 mm on paper.
const CODE_PX: u16 = 98;

/// What the page shows.
#[derive(Debug, Clone)]
pub(crate) struct SheetView {
    pub(crate) shown: Shown,
    /// The public page on which it is checked.
    pub(crate) check_address: String,
    /// When it was handed out, and when it is looked at: in words.
    pub(crate) issued_at: String,
    pub(crate) printed_at: String,
}

/// The paper, with what can be done with it beside, which is not printed.
pub(crate) fn sheet_page(desk: &Desk, view: &SheetView, notice: Option<&Said>) -> Markup {
    let issued = &view.shown.row.issued;
    let content = html! {
        div.noprint.acts {
            a.button href=(super::documents_of(issued.record)) { "回这条记录的文书" }
            button.primary type="button" data-print { "打印" }
            span.soft { (copies(issued.copies, &issued.copies_to)) " 纸张 A4，纵向，按原大打印。" }
            (said(notice))
            @if view.shown.may_withdraw { (withdrawing(desk, view)) }
        }
        article.paper {
            @if let Some(gone) = &view.shown.row.withdrawn {
                p.void role="status" { "已作废：" (gone.reason) }
            }
            (head(&view.shown.content, &issued.number))
            (body(&view.shown.content, &foot(view)))
        }
    };
    paper_page(desk, &issued.content.title, &content)
}

/// A page that is paper: no menu, its own sheet.
pub(super) fn paper_page(desk: &Desk, title: &str, content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="zh-CN" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                title { (title) " · " (desk.site.station_name) }
                link rel="icon" href="/assets/mark.svg" type="image/svg+xml";
                link rel="stylesheet" href="/assets/document.css";
                script src="/assets/print.js" defer {}
            }
            body {
                @if desk.site.is_demo { p.demo { "演示数据" } }
                main #content { (content) }
            }
        }
    }
}

pub(super) fn head(content: &Content, number: &str) -> Markup {
    html! {
        header {
            p.centre { (content.centre) }
            h1 { (content.title) }
            p.number { (number) }
        }
    }
}

/// The text. Signatures, seal and what stands `below` them close it, and are no page of their own.
pub(super) fn body(content: &Content, below: &Markup) -> Markup {
    let last = content.blocks.iter().rposition(|block| !closes(block));
    let (before, closing) = content.blocks.split_at(last.map_or(0, |last| last + 1));
    html! {
        @for one in before { (block(one)) }
        div.closing {
            @for one in closing { (block(one)) }
            (below)
        }
    }
}

fn closes(block: &Block) -> bool {
    matches!(
        block,
        Block::Heading(_) | Block::Signatures(_) | Block::Seal { .. }
    )
}

fn block(block: &Block) -> Markup {
    match block {
        Block::Heading(text) => html! { h2 { (line(text)) } },
        Block::Text(text) => html! { p.text { (line(text)) } },
        Block::To(text) => html! { p.to { (line(text)) } },
        Block::Rows(rows) => html! {
            table { tbody { @for (name, text) in rows {
                tr { th scope="row" { (name) } td { (line(text)) } }
            } } }
        },
        Block::Items { lead, items } => html! {
            p.text { (lead) }
            ol { @for item in items { li { (item) } } }
        },
        Block::Signatures(who) => html! {
            ul.sign { @for one in who { li { (one) "：" } } }
        },
        Block::Seal { name, day } => html! {
            div.seal { p { (line(name)) } p.day { (day) } p.place { "（印章）" } }
        },
    }
}

fn line(line: &Line) -> String {
    let words = line.0.iter().map(|run| match run {
        Run::Words(words) => words.as_str(),
        // opened before it comes here; what is not stays hidden
        Run::Personal { .. } => "***",
    });
    words.collect()
}

fn foot(view: &SheetView) -> Markup {
    let issued = &view.shown.row.issued;
    html! {
        footer {
            (qr(&view.check_address, CODE_PX))
            div {
                p { "查验码 " (grouped(issued.code.as_str())) }
                p { "扫码，或者在大厅窗口报编号、查验码，可以核对这份文书是不是本中心出的。" }
                p { "受理号 " (view.shown.case_no) "　经办 " (view.shown.by) "　" (view.issued_at) }
                p { (copies(issued.copies, &issued.copies_to)) }
                @if view.shown.is_again { p { b { "补打 " (view.printed_at) } } }
            }
        }
    }
}

/// Sixteen digits in fours, as people read them out.
fn grouped(code: &str) -> String {
    let digits: Vec<char> = code.chars().collect();
    let fours: Vec<String> = digits.chunks(4).map(|four| four.iter().collect()).collect();
    fours.join(" ")
}

fn withdrawing(desk: &Desk, view: &SheetView) -> Markup {
    let document = view.shown.row.issued.document;
    html! {
        details {
            summary { "作废这份文书" }
            form method="post" action=(format!("/staff/document/{document}/withdraw")) {
                (desk.form_token.field())
                label for="reason" { "为什么作废" }
                input #reason name="reason" required maxlength="100" size="30" autocomplete="off";
                button { "作废" }
            }
            p.soft { "作废以后编号不再用，要重出就得到新的编号；扫码会看到已作废。" }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_printed_in_fours() {
        assert_eq!(grouped("0123456789012345"), "0123 4567 8901 2345");
    }

    #[test]
    fn a_personal_value_that_was_not_opened_stays_hidden() {
        let run = Run::Personal {
            owner: domain::id::PersonId(uuid::Uuid::nil()),
            field: domain::personal::PersonField::Name,
            sealed: "s1".to_owned(),
            is_whole: true,
        };
        assert_eq!(line(&Line(vec![Run::Words("甲".to_owned()), run])), "甲***");
    }
}
