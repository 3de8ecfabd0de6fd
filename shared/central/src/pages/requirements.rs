//! The sheet of requirements for the director: how much of each part is built, what is open and what it
//! lacks. Pure: the sheet is the program's own (`crate::requirements`).

use maud::{Markup, html};

use super::frame::{Desk, MenuEntry, staff_page};
use super::help::help;
use super::pager;
use crate::requirements::{Requirement, SheetLine, State};

/// Where the page is.
pub(crate) const REQUIREMENTS_PATH: &str = "/staff/requirements";
/// Items on a page.
const ITEMS_PER_PAGE: usize = 60;

/// What is asked of the page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct SheetAsked {
    /// One part only.
    pub(crate) line: Option<SheetLine>,
    /// Built ones only, or open ones only.
    pub(crate) is_built: Option<bool>,
    /// From 1.
    pub(crate) page: usize,
}

impl SheetAsked {
    fn address(self) -> String {
        let page = match self.page {
            0 | 1 => String::new(),
            page => page.to_string(),
        };
        let state = match self.is_built {
            None => "",
            Some(true) => "built",
            Some(false) => "open",
        };
        let line = self.line.map_or("", SheetLine::word);
        let pairs = [("line", line), ("state", state), ("page", page.as_str())];
        pager::address(REQUIREMENTS_PATH, &pairs)
    }

    fn takes(self, item: &Requirement) -> bool {
        self.line.is_none_or(|line| line == item.line)
            && self.is_built.is_none_or(|built| built == item.is_built())
    }
}

/// A kind as the page calls it.
#[derive(Debug, Clone)]
pub(crate) struct KindName {
    pub(crate) id: String,
    pub(crate) name: String,
    /// Whether this person may open its list.
    pub(crate) is_open: bool,
}

/// The page; `kinds` names the kinds of an item.
pub(crate) fn requirements_page(
    desk: &Desk,
    sheet: &[Requirement],
    asked: SheetAsked,
    kinds: impl Fn(&Requirement) -> Vec<KindName>,
) -> Markup {
    let found: Vec<_> = sheet.iter().filter(|item| asked.takes(item)).collect();
    let page = asked.page.max(1);
    let shown = found.iter().skip((page - 1) * ITEMS_PER_PAGE);
    let shown = shown.take(ITEMS_PER_PAGE).copied();
    let content = html! {
        div.stack {
            div.row {
                h1 { "需求清单" }
                span.soft { "合同里要求的每一项：做好了没有，还缺什么。" }
            }
            (counts(sheet, asked))
            (chips(asked))
            @if found.is_empty() {
                p.say { "这样筛没有。点“全部”再看。" }
            } @else {
                div.card {
                    (table(shown, kinds))
                    (pager::pager(found.len() as u64, page as u64, ITEMS_PER_PAGE as u64, |page| {
                        let page = usize::try_from(page).unwrap_or(1);
                        SheetAsked { page, ..asked }.address()
                    }))
                }
            }
            (help(&[
                "“做好了”的，程序里都有自动的测试看着；测试没了或者过不了，这里就不算做好。",
                "“还没全做”的，写着还缺什么；已经有的那部分照样能用，点业务名进去。",
            ]))
        }
    };
    staff_page(desk, MenuEntry::Requirements, "需求清单", None, &content)
}

fn counts(sheet: &[Requirement], asked: SheetAsked) -> Markup {
    let of = |line: Option<SheetLine>| {
        let items = || {
            sheet
                .iter()
                .filter(|item| line.is_none_or(|line| line == item.line))
        };
        let built = items().filter(|item| item.is_built()).count();
        (built, items().count() - built)
    };
    let row = |name: &str, line: Option<SheetLine>| {
        let (built, open) = of(line);
        let to = |is_built| {
            let page = 1;
            SheetAsked {
                line,
                is_built,
                page,
            }
            .address()
        };
        html! { tr {
            th scope="row" { a href=(to(None)) aria-current=[(asked.line == line).then_some("true")] { (name) } }
            td.num { (built + open) }
            td.num { a href=(to(Some(true))) { (built) } }
            td.num { a href=(to(Some(false))) { (open) } }
        } }
    };
    html! {
        div.card {
            table {
                thead { tr { th { "哪一线" } th.num { "项数" } th.num { "做好了" } th.num { "还没全做" } } }
                tbody {
                    @for line in SheetLine::ALL { (row(line.name(), Some(line))) }
                    (row("合计", None))
                }
            }
        }
    }
}

fn chips(asked: SheetAsked) -> Markup {
    let chip = |name: &str, is_built: Option<bool>| {
        let to = SheetAsked {
            is_built,
            page: 1,
            ..asked
        };
        let is_on = asked.is_built == is_built;
        html! { a.button href=(to.address()) aria-current=[is_on.then_some("true")] { (name) } }
    };
    html! {
        div.row.noprint {
            b { (asked.line.map_or("全部各线", SheetLine::name)) }
            (chip("全部", None)) (chip("做好了的", Some(true))) (chip("还没全做的", Some(false)))
        }
    }
}

fn table<'i>(
    shown: impl Iterator<Item = &'i Requirement>,
    kinds: impl Fn(&Requirement) -> Vec<KindName>,
) -> Markup {
    html! {
        table {
            thead { tr { th { "编号" } th { "要求" } th { "业务" } th { "报表" } th { "怎么样" } } }
            tbody { @for item in shown { tr {
                th.tight scope="row" { code { (item.id) } }
                td { (item.what) }
                td { @for (place, kind) in kinds(item).iter().enumerate() {
                    @if place > 0 { "、" }
                    @if kind.is_open { a href=(format!("/staff/records/{}", kind.id)) { (kind.name) } }
                    @else { (kind.name) }
                } }
                td { @for (place, report) in item.reports.iter().enumerate() {
                    @if place > 0 { " " }
                    code { (report) }
                } }
                td { @match &item.state {
                    State::Built(_) => { span.tag.good { "做好了" } }
                    State::Open(missing) => { span.tag.care { "还没全做" } " " (missing) }
                } }
            } } }
        }
    }
}
