//! The list of a kind: search, states as chips, order, pages, export, and choosing many.

use maud::{Markup, html};

use super::DueMark;
use crate::pages::frame::{Desk, MenuEntry, Said, said, staff_page};
use crate::pages::help::help;

/// Records on a page.
pub(crate) const LINES_PER_PAGE: u32 = 50;

/// What was asked, as it stands in the address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ListAsked {
    pub(crate) kind: String,
    pub(crate) typed: String,
    pub(crate) state: String,
    pub(crate) sort: String,
    /// From 1.
    pub(crate) page: u32,
}

/// A state with how many records are in it.
#[derive(Debug, Clone)]
pub(crate) struct StateChip {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) count: u64,
}

/// A record on the page.
#[derive(Debug, Clone)]
pub(crate) struct ListLine {
    pub(crate) record: String,
    pub(crate) case_no: String,
    pub(crate) title: String,
    pub(crate) state: String,
    pub(crate) due: Option<DueMark>,
    pub(crate) owner: String,
    pub(crate) changed: String,
    /// The kind's own columns.
    pub(crate) cells: Vec<Cell>,
}

/// One cell of a kind's column.
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    pub(crate) text: String,
    pub(crate) set: Set,
}

/// How a cell is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Set {
    /// Words, which may break.
    Words,
    /// A number, under the others.
    Number,
    /// A day or a moment, in one piece.
    Date,
}

impl Set {
    /// The class of the style sheet.
    fn class(self) -> Option<&'static str> {
        match self {
            Self::Words => None,
            Self::Number => Some("num"),
            Self::Date => Some("tight"),
        }
    }
}

/// What the page shows.
#[derive(Debug, Clone)]
pub(crate) struct ListView {
    pub(crate) name: String,
    pub(crate) about: String,
    pub(crate) asked: ListAsked,
    pub(crate) chips: Vec<StateChip>,
    pub(crate) columns: Vec<String>,
    pub(crate) lines: Vec<ListLine>,
    pub(crate) total: u64,
    pub(crate) may_open: bool,
    pub(crate) may_import: bool,
    pub(crate) may_export: bool,
    /// Steps that may be done with many at once: id and name.
    pub(crate) bulk_steps: Vec<(String, String)>,
}

impl ListAsked {
    fn address(&self, change: impl FnOnce(&mut Self)) -> String {
        let mut asked = self.clone();
        change(&mut asked);
        format!("/staff/records/{}?{}", asked.kind, asked.query())
    }

    /// The query of the address.
    pub(crate) fn query(&self) -> String {
        serde_urlencoded::to_string([
            ("q", self.typed.as_str()),
            ("state", &self.state),
            ("sort", &self.sort),
            ("page", &self.page.max(1).to_string()),
        ])
        .unwrap_or_default()
    }
}

/// The page.
pub(crate) fn list_page(desk: &Desk, view: &ListView, notice: Option<&Said>) -> Markup {
    let content = html! {
        div.stack {
            div.row {
                h1 { (view.name) }
                span.soft { (view.about) }
                span.push {}
                (links(view))
            }
            (said(notice))
            (search(view))
            (chips(view))
            @if view.lines.is_empty() { (nothing(view)) } @else { (table(desk, view)) }
            (help(&[
                "搜索能用编号、汉字，也能只打拼音首字母：找眼镜装配工，打这五个字拼音的头一个字母就行。",
                "点状态只看这一种；点列名换排序。导出的就是眼前筛出来的这些。",
                "平时导出表格（Excel）就行；纯文字表格是给别的系统读的。",
                "左边打勾可以一次办多条，先看结果，再确认。",
            ]))
            p.hint {
                kbd { "/" } " 搜索　" kbd { "J" } kbd { "K" } " 上下移动　" kbd { "回车" } " 打开　"
                kbd { "N" } " 新登记"
            }
        }
    };
    staff_page(desk, MenuEntry::Records, &view.name, None, &content)
}

fn links(view: &ListView) -> Markup {
    let base = format!("/staff/records/{}", view.asked.kind);
    let query = view.asked.query();
    html! {
        a.button.noprint href=(format!("{base}/ledger")) { "打印台账" }
        @if view.may_export {
            a.button.noprint href=(format!("{base}/export.xlsx?{query}")) { "导出表格（Excel）" }
            a.button.noprint href=(format!("{base}/export.csv?{query}")) { "导出纯文字表格" }
        }
        @if view.may_import {
            a.button.noprint href=(format!("{base}/import")) { "从表格导入" }
        }
        @if view.may_open {
            a.button.primary.noprint href=(format!("{base}/new")) data-key="N" { "新登记 " kbd { "N" } }
        }
    }
}

fn search(view: &ListView) -> Markup {
    let asked = &view.asked;
    html! {
        form.card.pad.row.noprint method="get" action=(format!("/staff/records/{}", asked.kind)) {
            label for="q" { "找" }
            input #q name="q" value=(asked.typed) size="28" maxlength="60" data-key="/"
                autocomplete="off" placeholder="编号、汉字或拼音首字母";
            input type="hidden" name="state" value=(asked.state);
            input type="hidden" name="sort" value=(asked.sort);
            button { "找" }
            @if !asked.typed.is_empty() {
                a href=(asked.address(|asked| { asked.typed.clear(); asked.page = 1; })) { "不筛了" }
            }
        }
    }
}

fn chips(view: &ListView) -> Markup {
    let all = view.chips.iter().map(|chip| chip.count).sum::<u64>();
    let chip = |id: &str, name: &str, count: u64| {
        let is_on = view.asked.state == id;
        let address = view.asked.address(|asked| {
            id.clone_into(&mut asked.state);
            asked.page = 1;
        });
        html! {
            a.tag.now[is_on] href=(address) aria-current=[is_on.then_some("true")] {
                @if is_on { "✓ " } (name) " " (count)
            }
        }
    };
    html! {
        div.row role="group" aria-label="状态" {
            (chip("", "全部", all))
            @for state in view.chips.iter().filter(|state| state.count > 0 || state.id == view.asked.state) {
                (chip(&state.id, &state.name, state.count))
            }
        }
    }
}

fn nothing(view: &ListView) -> Markup {
    let is_filtered = !view.asked.typed.is_empty() || !view.asked.state.is_empty();
    html! {
        div.card.pad {
            @if is_filtered {
                p { "这样找，没有。" }
                p { a.button href=(format!("/staff/records/{}", view.asked.kind)) { "看全部" } }
            } @else {
                p { "还没有记录。" }
                @if view.may_open {
                    p { a.button.primary href=(format!("/staff/records/{}/new", view.asked.kind)) { "新登记一条" } }
                }
            }
        }
    }
}

fn table(desk: &Desk, view: &ListView) -> Markup {
    html! {
        form.card method="post" action=(format!("/staff/records/{}/bulk", view.asked.kind)) {
            (desk.form_token.field())
            div.scroll { table {
                thead { tr {
                    @if !view.bulk_steps.is_empty() { th.tight.noprint { "选" } }
                    (sorted(view, "number", "编号"))
                    (sorted(view, "title", "名称"))
                    th.tight { "状态" }
                    (sorted(view, "due", "期限"))
                    @for column in &view.columns { th { (column) } }
                    th { "经办" }
                    (sorted(view, "changed", "最近变动"))
                } }
                tbody { @for line in &view.lines { (row(view, line)) } }
            } }
            (foot(view))
        }
    }
}

fn sorted(view: &ListView, sort: &str, name: &str) -> Markup {
    let is_on = view.asked.sort == sort || (view.asked.sort.is_empty() && sort == "changed");
    let address = view.asked.address(|asked| {
        sort.clone_into(&mut asked.sort);
        asked.page = 1;
    });
    html! {
        th.tight aria-sort=[is_on.then_some("other")] {
            a href=(address) { (name) @if is_on { " ▾" } }
        }
    }
}

fn row(view: &ListView, line: &ListLine) -> Markup {
    let address = format!("/staff/record/{}", line.record);
    html! {
        tr {
            @if !view.bulk_steps.is_empty() {
                td.noprint {
                    input type="checkbox" name="record" value=(line.record)
                        aria-label=(format!("选 {}", line.case_no));
                }
            }
            td.tight { (line.case_no) }
            th.title scope="row" { a href=(address) data-row { (line.title) } }
            td.tight { span.tag { (line.state) } }
            td.tight { @if let Some(due) = &line.due { span.tag.(due.class) { (due.text) } } }
            @for cell in &line.cells { td class=[cell.set.class()] { (cell.text) } }
            td { (line.owner) }
            td.tight.soft { (line.changed) }
        }
    }
}

fn foot(view: &ListView) -> Markup {
    let pages = view.total.div_ceil(u64::from(LINES_PER_PAGE)).max(1);
    let page = u64::from(view.asked.page.max(1));
    let at = |page: u64| {
        view.asked
            .address(|asked| asked.page = u32::try_from(page).unwrap_or(1))
    };
    html! {
        div.row.pad.noprint {
            @if !view.bulk_steps.is_empty() {
                label for="step" { "勾上的一起" }
                select #step name="step" {
                    @for (id, name) in &view.bulk_steps { option value=(id) { (name) } }
                }
                button { "先看结果" }
            }
            span.push.soft { "共 " (view.total) " 条，第 " (page) " 页，共 " (pages) " 页" }
            @if page > 1 { a.button href=(at(page - 1)) { "上一页" } }
            @if page < pages { a.button href=(at(page + 1)) { "下一页" } }
        }
    }
}
