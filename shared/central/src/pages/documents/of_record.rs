//! The documents of a record: those that can be handed out in its state, and those that were; and the
//! proof of one, read before it gets a number.

use maud::{Markup, html};

use super::sheet::{body, head, paper_page};
use crate::documents::{InHand, Offer, Proof};
use crate::pages::frame::{Desk, MenuEntry, Said, said, staff_page};
use crate::pages::help::help;
use crate::pages::records::moment_text;

/// What the page shows.
#[derive(Debug, Clone)]
pub(crate) struct OfRecordView {
    pub(crate) record: String,
    pub(crate) case_no: String,
    pub(crate) title: String,
    pub(crate) kind_name: String,
    pub(crate) state: String,
    pub(crate) offers: Vec<Offer>,
    pub(crate) in_hand: Vec<InHand>,
    /// Whether this person may hand anything out.
    pub(crate) may_issue: bool,
}

/// The page.
pub(crate) fn of_record_page(desk: &Desk, view: &OfRecordView, notice: Option<&Said>) -> Markup {
    let content = html! {
        div.stack {
            div.row {
                h1 { "文书：" (view.title) }
                span.tag.now { (view.state) }
                span.push.soft {
                    a href=(format!("/staff/record/{}", view.record)) { (view.kind_name) " · " (view.case_no) }
                }
            }
            (said(notice))
            (offers(view))
            (in_hand(view))
            (help(&[
                "先看样张，看对了再点“编号并打印”；编了号就记下来，改不了，只能作废。",
                "文书里的内容都从这条记录来，哪里不对就先改记录。",
                "有人拿文书来问真假，到“查验文书”输编号或者查验码。",
            ]))
        }
    };
    staff_page(desk, MenuEntry::Records, "文书", None, &content)
}

fn offers(view: &OfRecordView) -> Markup {
    html! {
        div.card {
            h2 { "现在可以出的" }
            @if view.offers.is_empty() {
                p.pad { "这条记录走到这一步，没有可以出的文书。办了下一步再来看。" }
            } @else {
                table {
                    thead { tr { th { "文书" } th { "什么时候用" } th { "" } } }
                    tbody { @for offer in &view.offers { tr {
                        th scope="row" { (offer.title) }
                        td.soft { (offer.about) }
                        td.tight { (way(view, offer)) }
                    } } }
                }
            }
        }
    }
}

fn way(view: &OfRecordView, offer: &Offer) -> Markup {
    html! {
        @if let Some((document, number)) = &offer.in_force {
            "已出 " a href=(format!("/staff/document/{document}")) { (number) }
        } @else if view.may_issue {
            a.button href=(format!("{}/{}", super::documents_of(&view.record), offer.template)) { "看样张" }
        } @else {
            span.soft { "您的身份不能出文书" }
        }
    }
}

fn in_hand(view: &OfRecordView) -> Markup {
    html! {
        div.card {
            h2 { "出过的" }
            @if view.in_hand.is_empty() {
                p.pad { "还没有出过。从上面选一种。" }
            } @else {
                table {
                    thead { tr { th { "编号" } th { "文书" } th { "什么时候" } th { "谁出的" } th { "" } } }
                    tbody { @for one in &view.in_hand { tr {
                        th scope="row" { a href=(format!("/staff/document/{}", one.document)) data-row { (one.number) } }
                        td { (one.title) }
                        td.tight { (moment_text(one.at)) }
                        td.tight { (one.by) }
                        td { @match &one.withdrawn {
                            Some(reason) => { span.tag.stop { "已作废" } " " span.soft { (reason) } }
                            None => { span.tag.good { "有效" } }
                        } }
                    } } }
                }
            }
        }
    }
}

/// The proof of a document, or what is missing for it.
pub(crate) fn proof_page(
    desk: &Desk,
    view: &OfRecordView,
    template: (&str, &str),
    seen: u64,
    proof: &Proof,
    notice: Option<&Said>,
) -> Markup {
    let (id, title) = template;
    let back = super::documents_of(&view.record);
    let content = html! {
        div.noprint.acts {
            a.button href=(back) { "回这条记录的文书" }
            @if proof.content.is_ok() && !proof.is_beyond {
                form method="post" action=(format!("{back}/{id}")) {
                    (desk.form_token.field())
                    input type="hidden" name="seen" value=(seen);
                    button.primary { "编号并打印" }
                }
            }
            span.soft { "这是样张，没有编号，不能当文书用；个人信息遮住，打印时按文书的要求显示。 " (proof.copies) }
            (said(notice))
            @if proof.is_beyond {
                p.say role="alert" { "这份文书上有全名或全号，您的身份不能出。请能看全名、全号的经办人来出。" }
            }
        }
        @match &proof.content {
            Ok(content) => {
                article.paper {
                    p.void { "样张" }
                    (head(content, &proof.number))
                    (body(content, &html! {}))
                }
            }
            Err(missing) => {
                article.paper {
                    h1 { (title) }
                    p.to role="alert" { "还出不了，记录里还缺 " (missing.len()) " 项：" }
                    ol { @for one in missing { li { (one) } } }
                    p.text.noprint {
                        a href=(format!("/staff/record/{}", view.record)) { "打开记录去补" }
                    }
                }
            }
        }
    };
    paper_page(desk, title, &content)
}
