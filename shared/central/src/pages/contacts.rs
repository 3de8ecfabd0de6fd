//! The list of calls to citizens: whom, about what, what to say, and what came of it. Names and
//! numbers are masked; one number at a time is shown to who says why. Pure.

use domain::case::ServiceLine;
use domain::outreach::ContactResult;
use maud::{Markup, html};

use super::frame::{Desk, MenuEntry, Said, said, staff_page};
use super::pager::{address, pager};
use super::records::line_name;

/// Where it is.
pub(crate) const CONTACTS_PATH: &str = "/staff/contacts";
/// Calls on a page.
pub(crate) const CALLS_PER_PAGE: usize = 15;

/// What the page shows.
#[derive(Debug, Clone, Default)]
pub(crate) struct ContactsView {
    /// Lines with calls, and how many those are.
    pub(crate) lines: Vec<(ServiceLine, usize)>,
    /// The line that was chosen.
    pub(crate) line: Option<ServiceLine>,
    /// Those of this page.
    pub(crate) calls: Vec<CallCard>,
    /// Of all pages.
    pub(crate) count: usize,
    /// Counted from 1.
    pub(crate) page: u64,
    /// Whether who looks may ask for whole numbers.
    pub(crate) may_reveal: bool,
}

/// A call that is to be made.
#[derive(Debug, Clone, Default)]
pub(crate) struct CallCard {
    pub(crate) outreach: String,
    pub(crate) name: String,
    pub(crate) kind_name: String,
    pub(crate) case_no: String,
    /// The record's page.
    pub(crate) record: String,
    /// Masked; empty when nobody knows.
    pub(crate) who: String,
    /// Masked, or the whole one just now; empty when there is none.
    pub(crate) phone: String,
    pub(crate) is_whole: bool,
    pub(crate) words: String,
    /// `现在打`, `等了 2 天`, `约好 14:30 再打`, with the tag's class.
    pub(crate) mark: (String, &'static str),
    /// What came of it before; empty for the first time.
    pub(crate) before: String,
    pub(crate) is_opted_out: bool,
    /// Whether it is the person's own record.
    pub(crate) is_own: bool,
    /// How many calls this page saw; who was overtaken is told so.
    pub(crate) seen: u32,
    /// What was typed and not taken.
    pub(crate) tried: TriedCall,
}

/// What was typed.
#[derive(Debug, Clone, Default)]
pub(crate) struct TriedCall {
    pub(crate) result: Option<ContactResult>,
    pub(crate) again: String,
    pub(crate) reason: String,
}

/// The page.
pub(crate) fn contacts_page(desk: &Desk, view: &ContactsView, notice: Option<&Said>) -> Markup {
    let to = |page: u64| contacts_address(view.line, page);
    let content = html! {
        div.stack {
            div.row { h1 { "联系群众" } span.soft { "要打的电话 " (view.count) " 个" } }
            (said(notice))
            (chips(view))
            @if view.calls.is_empty() { (empty(view)) }
            @for (n, call) in view.calls.iter().enumerate() { (card(desk, view, n, call)) }
            @if view.count > CALLS_PER_PAGE {
                div.card.noprint { (pager(view.count as u64, view.page, CALLS_PER_PAGE as u64, to)) }
            }
        }
    };
    staff_page(desk, MenuEntry::Contacts, "联系群众", None, &content)
}

/// The address of a page of the list.
pub(crate) fn contacts_address(line: Option<ServiceLine>, page: u64) -> String {
    let line = line.map_or("", line_word);
    let page = if page > 1 {
        page.to_string()
    } else {
        String::new()
    };
    address(CONTACTS_PATH, &[("line", line), ("page", &page)])
}

/// The line as it stands in addresses.
pub(crate) fn line_word(line: ServiceLine) -> &'static str {
    match line {
        ServiceLine::Employment => "employment",
        ServiceLine::Startup => "startup",
        ServiceLine::UnemploymentInsurance => "unemployment_insurance",
        ServiceLine::Training => "training",
        ServiceLine::Gig => "gig",
        ServiceLine::Administration => "administration",
        ServiceLine::Common => "common",
    }
}

fn chips(view: &ContactsView) -> Markup {
    let current = |is_current: bool| is_current.then_some("page");
    html! {
        @if view.lines.len() > 1 {
            p.row.noprint {
                a.button href=(CONTACTS_PATH) aria-current=[current(view.line.is_none())] { "全部" }
                @for (line, count) in &view.lines {
                    a.button href=(contacts_address(Some(*line), 1))
                        aria-current=[current(view.line == Some(*line))] {
                        (line_name(*line)) " " (count)
                    }
                }
            }
        }
    }
}

fn empty(view: &ContactsView) -> Markup {
    html! {
        div.card.pad {
            @match view.line {
                Some(line) => p { (line_name(line)) "现在没有要打的电话。可以"
                    a href=(CONTACTS_PATH) { "看全部" } "。" },
                None => p { "现在没有要打的电话。办件退回补正、约了面谈、短信没发成时，这里会自己排上来。" },
            }
            p { a.button href="/staff" { "回我的工作" } }
        }
    }
}

fn card(desk: &Desk, view: &ContactsView, n: usize, call: &CallCard) -> Markup {
    html! {
        div.card {
            div.head.row {
                h2 { (call.name) }
                span.tag.(call.mark.1) { (call.mark.0) }
                @if call.is_own { span.tag { "我经办的" } }
                span.push.soft { (call.kind_name) " · " a href=(call.record) { (call.case_no) } }
            }
            div.pad.stack {
                div.row {
                    b { (or(&call.who, "没有登记姓名")) }
                    @if call.is_whole { b.number { (call.phone) } }
                    @else { span { (or(&call.phone, "没有登记电话，请到办件里补上")) } }
                    @if view.may_reveal && !call.is_whole && !call.phone.is_empty() {
                        (reveal(desk, view, n, call))
                    }
                    @if call.is_opted_out { span.tag { "不收短信" } }
                }
                p.words { (call.words) }
                @if !call.before.is_empty() { p.soft { (call.before) } }
                (result_form(desk, view, n, call))
            }
        }
    }
}

fn or<'t>(text: &'t str, otherwise: &'t str) -> &'t str {
    if text.is_empty() { otherwise } else { text }
}

/// What every form of a card carries, so that an answer shows the same list.
fn carried(desk: &Desk, view: &ContactsView) -> Markup {
    html! {
        (desk.form_token.field())
        input type="hidden" name="line" value=(view.line.map_or("", line_word));
        input type="hidden" name="page" value=(view.page);
    }
}

fn reveal(desk: &Desk, view: &ContactsView, n: usize, call: &CallCard) -> Markup {
    let is_tried = !call.tried.reason.is_empty();
    html! {
        details.inline.noprint open[is_tried] {
            summary { "看号码" }
            form.row method="post" action=(format!("{CONTACTS_PATH}/{}/reveal", call.outreach)) {
                (carried(desk, view))
                label for=(format!("reason-{n}")) { "为什么看" }
                input id=(format!("reason-{n}")) name="reason" required maxlength="120" size="24"
                    value=(call.tried.reason) list="reasons" autocomplete="off";
                @if n == 0 { (reasons()) }
                button { "看" }
            }
        }
    }
}

/// Once on a page.
fn reasons() -> Markup {
    html! {
        datalist id="reasons" {
            option value="打电话告知" {}
            option value="约好再打" {}
        }
    }
}

fn result_form(desk: &Desk, view: &ContactsView, n: usize, call: &CallCard) -> Markup {
    let action = format!("{CONTACTS_PATH}/{}/log", call.outreach);
    let set_out = format!("{CONTACTS_PATH}/{}/opt-out", call.outreach);
    html! {
        div.row.noprint {
            form.row method="post" action=(action) {
                (carried(desk, view))
                input type="hidden" name="seen" value=(call.seen);
                @for result in ContactResult::OF_CALLS {
                    label.offer {
                        input type="radio" name="result" value=(result.word()) required
                            checked[call.tried.result == Some(result)];
                        (result.name())
                    }
                }
                label for=(format!("again-{n}")) { "约的时间" }
                input id=(format!("again-{n}")) type="datetime-local" name="again" value=(call.tried.again);
                button.primary { "记下" }
            }
            @if !call.phone.is_empty() {
                form.push method="post" action=(set_out) {
                    (carried(desk, view))
                    input type="hidden" name="out" value=(if call.is_opted_out { "no" } else { "yes" });
                    button { @if call.is_opted_out { "可以发短信了" } @else { "不再发短信" } }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::fixtures;

    #[test]
    fn a_number_is_asked_for_only_by_who_may_and_where_there_is_one() {
        let mut view = fixtures::contacts();
        let page = |view: &ContactsView| contacts_page(&fixtures::desk(), view, None).into_string();
        assert!(page(&view).contains("/reveal"));
        view.may_reveal = false;
        assert!(!page(&view).contains("/reveal"));
        view.may_reveal = true;
        for call in &mut view.calls {
            call.phone.clear();
        }
        assert!(!page(&view).contains("/reveal") && page(&view).contains("没有登记电话"));
    }

    #[test]
    fn the_word_of_a_line_is_the_one_by_which_it_is_read() {
        let line = ServiceLine::UnemploymentInsurance;
        let word = serde_json::to_value(line).unwrap();
        assert_eq!(word, line_word(line));
        assert_eq!(
            contacts_address(Some(line), 2),
            "/staff/contacts?line=unemployment_insurance&page=2"
        );
    }
}
