//! Checking a document that somebody brings: at the desk by number or code, and on the phone of whoever
//! scans its code. The public page tells nothing personal: whether the centre handed such a paper out,
//! when, under which number, and whether it still holds.

use maud::{Markup, html};

use super::CHECK_PATH;
use crate::documents::Checked;
use crate::pages::frame::{Desk, MenuEntry, Said, Site, public_page, said, staff_page};
use crate::pages::help::help;
use crate::pages::records::moment_text;

/// What the page at the desk shows.
#[derive(Debug, Clone, Default)]
pub(crate) struct CheckView {
    /// As typed.
    pub(crate) typed: String,
    /// What was found: the document with a way to it, where this person may see its record.
    pub(crate) found: Option<(Checked, Option<String>)>,
}

/// The page at the desk.
pub(crate) fn check_page(desk: &Desk, view: &CheckView, notice: Option<&Said>) -> Markup {
    let content = html! {
        div.stack {
            h1 { "查验文书" }
            (said(notice))
            form.card.pad.row method="get" action=(CHECK_PATH) {
                label for="q" { "编号或者查验码" }
                input #q name="q" value=(view.typed) maxlength="60" size="30" autocomplete="off" required
                    placeholder="受〔2026〕12号";
                button.primary { "查" }
            }
            @if let Some((checked, address)) = &view.found { (found(checked, address.as_deref())) }
            (help(&[
                "编号印在标题下面，查验码印在纸的最下面，十六位数字。方括号、圆括号都认。",
                "编号查到了还要看一眼：纸上的内容和这里留存的一样不一样。",
            ]))
        }
    };
    staff_page(desk, MenuEntry::Records, "查验文书", None, &content)
}

fn found(checked: &Checked, address: Option<&str>) -> Markup {
    html! {
        div.card {
            h2 { "查到了" }
            div.pad {
                (facts(checked))
                @match address {
                    Some(address) => { p { a.button href=(address) { "打开留存的这一份" } } }
                    None => { p.soft { "您的身份看不到这条记录，内容请能看的同事核对。" } }
                }
            }
        }
    }
}

fn facts(checked: &Checked) -> Markup {
    html! {
        dl {
            dt { "文书" } dd { (checked.title) }
            dt { "编号" } dd { (checked.number) }
            dt { "出具单位" } dd { (checked.centre) }
            dt { "出具时间" } dd { (moment_text(checked.at)) }
            dt { "现在" } dd {
                @if checked.is_withdrawn { span.tag.stop { "已作废" } }
                @else { span.tag.good { "有效" } }
            }
        }
    }
}

/// The page behind the code of a document.
pub(crate) fn public_check_page(site: &Site, checked: &Checked) -> Markup {
    let title = if checked.is_withdrawn {
        "这份文书已经作废"
    } else {
        "这份文书是本中心出的"
    };
    let content = html! {
        div.card {
            h1 { (title) }
            (facts(checked))
            p { "请看一看纸上的名称、编号和时间是不是和这里一样。不一样的，就不是这一份。" }
            p { "纸上写的内容，请到大厅窗口核对；这一页不显示个人信息。" }
        }
        p { a href="/" { "回首页" } }
    };
    public_page(site, title, None, &content)
}

/// The page behind a code that no document has.
pub(crate) fn unknown_code_page(site: &Site) -> Markup {
    let title = "没有查到这份文书";
    let content = html! {
        div.card {
            h1 { (title) }
            p { "查验码是十六位数字，印在纸的最下面。请再扫一次，或者到大厅窗口报编号来查。" }
        }
        p { a href="/" { "回首页" } }
    };
    public_page(site, title, None, &content)
}
