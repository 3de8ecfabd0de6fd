//! The start pages of the service lines (业务线): what belongs together, what is due, how many records
//! are in which state, the next step as a button and the ledgers as links. What stands on a page comes
//! from `assets/start-pages` and from the records; nothing of it is decided here.

use domain::case::{ServiceLine, WorkList};
use maud::{Markup, html};

use super::frame::{Desk, MenuEntry, staff_page};
use super::help::help;
use crate::start_pages::{DueCounts, When};

mod collection;
mod due;
mod inspections;
mod reports;

pub(crate) use collection::{CollectionRow, CollectionView, Contact, PastCall, collection_page};
pub(crate) use due::{DUE_LINES_PER_PAGE, DuePageView, DueRow, due_page};
pub(crate) use inspections::{ClassRow, ClassesView, Inspected, classes_page};
pub(crate) use reports::{ReportState, ReportsView, StationRow, reports_page};

/// Where the lines stand.
pub(crate) const LINES_PATH: &str = "/staff/lines";
/// Who is to be called about a loan.
pub(crate) const COLLECTION_PATH: &str = "/staff/lines/startup/collection";
/// Classes, and whether each was inspected.
pub(crate) const INSPECTIONS_PATH: &str = "/staff/lines/training/inspections";
/// Which service points have reported the day.
pub(crate) const REPORTS_PATH: &str = "/staff/lines/gig/reports";

/// The address of a line's page.
pub(crate) fn address_of(line: ServiceLine) -> String {
    format!("{LINES_PATH}/{}", line.word())
}

/// A line with what is due in it.
#[derive(Debug, Clone)]
pub(crate) struct LineTile {
    pub(crate) line: ServiceLine,
    pub(crate) name: String,
    pub(crate) about: String,
    pub(crate) due: DueCounts,
    /// Records at which the centre must act.
    pub(crate) open: u64,
    /// Whether the person deals with records of it.
    pub(crate) is_own: bool,
}

/// A line's page.
#[derive(Debug, Clone)]
pub(crate) struct LineView {
    pub(crate) line: ServiceLine,
    pub(crate) name: String,
    pub(crate) about: String,
    /// All lines that this person sees, for going from one to another.
    pub(crate) tabs: Vec<(ServiceLine, String)>,
    pub(crate) groups: Vec<GroupView>,
}

/// Work that belongs together.
#[derive(Debug, Clone)]
pub(crate) struct GroupView {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) about: String,
    /// New records that this person may open: kind and name.
    pub(crate) open: Vec<(String, String)>,
    pub(crate) work_lists: Vec<WorkList>,
    pub(crate) ledgers: Vec<LedgerView>,
    pub(crate) kinds: Vec<KindView>,
}

impl GroupView {
    fn due(&self) -> DueCounts {
        sum(self.kinds.iter().map(|kind| kind.due))
    }
}

/// A list that is at hand with its filter.
#[derive(Debug, Clone)]
pub(crate) struct LedgerView {
    pub(crate) name: String,
    pub(crate) kind: String,
    /// Query of the list's address.
    pub(crate) query: String,
    /// Records in it.
    pub(crate) count: u64,
    /// Whether this person may take it out as a sheet.
    pub(crate) may_export: bool,
}

/// A kind in its group.
#[derive(Debug, Clone)]
pub(crate) struct KindView {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) about: String,
    /// States in which there are records that are not over: id, name, count.
    pub(crate) states: Vec<(String, String, u64)>,
    pub(crate) total: u64,
    pub(crate) due: DueCounts,
}

fn sum(counts: impl Iterator<Item = DueCounts>) -> DueCounts {
    counts.fold(DueCounts::default(), |mut total, one| {
        total.add(one);
        total
    })
}

/// All lines, those of the person first.
pub(crate) fn lines_page(desk: &Desk, tiles: &[LineTile]) -> Markup {
    let content = html! {
        div.stack {
            h1 { "业务线" }
            @if tiles.is_empty() {
                p.say { "您的账号还没有可以看的业务。请找管账号的人设置角色。" }
            } @else {
                div.card { (tiles_table(tiles)) }
            }
            p.hint { kbd { "J" } kbd { "K" } " 上下移动　" kbd { "回车" } " 打开" }
        }
    };
    staff_page(desk, MenuEntry::Lines, "业务线", None, &content)
}

/// The lines as a table; also on the start page.
pub(crate) fn tiles_table(tiles: &[LineTile]) -> Markup {
    html! {
        table {
            thead { tr {
                th scope="col" { "业务线" } th.num scope="col" { "已经晚了" }
                th.num scope="col" { "今天到期" } th.num scope="col" { "这周到期" }
                th.num scope="col" { "要办的" }
            } }
            tbody { @for tile in tiles {
                tr {
                    th scope="row" {
                        a href=(address_of(tile.line)) data-row { b { (tile.name) } }
                        @if tile.is_own { " " span.tag.now { "您的" } }
                        br; span.soft { (tile.about) }
                    }
                    td.num { (due_link(tile.line, "", When::Late, tile.due.late)) }
                    td.num { (due_link(tile.line, "", When::Today, tile.due.today)) }
                    td.num { (due_link(tile.line, "", When::Week, tile.due.week)) }
                    td.num { (tile.open) }
                }
            } }
        }
    }
}

/// A line's page.
pub(crate) fn line_page(desk: &Desk, view: &LineView) -> Markup {
    let due = sum(view.groups.iter().map(GroupView::due));
    let content = html! {
        div.stack {
            div.row { h1 { (view.name) } span.soft { (view.about) } }
            (tabs(view))
            @if view.groups.is_empty() {
                div.card.pad {
                    p { "这条线的业务，您的角色看不到。" }
                    p { a.button href=(LINES_PATH) { "看别的业务线" } }
                }
            } @else {
                (due_boxes(view.line, due))
                @for group in &view.groups { (group_card(view.line, group)) }
            }
            (help(&[
                "上面三格是这条线有期限的件：点数字看是哪些。",
                "每一组里，按钮是新登记；台账是筛好的清单，旁边能直接导出。",
                "点状态只看这一种状态的件；已经结束的不在这里列，算在总数里。",
            ]))
            p.hint { kbd { "J" } kbd { "K" } " 上下移动　" kbd { "回车" } " 打开" }
        }
    };
    staff_page(desk, MenuEntry::Lines, &view.name, None, &content)
}

fn tabs(view: &LineView) -> Markup {
    html! {
        div.row.noprint role="group" aria-label="业务线" {
            @for (line, name) in &view.tabs {
                @let is_here = *line == view.line;
                a.tag.now[is_here] href=(address_of(*line)) aria-current=[is_here.then_some("page")] {
                    (name)
                }
            }
        }
    }
}

fn due_boxes(line: ServiceLine, due: DueCounts) -> Markup {
    let shown = [
        (When::Late, due.late, "stop"),
        (When::Today, due.today, "care"),
        (When::Week, due.week, "now"),
    ];
    html! {
        div.card.facts role="group" aria-label="期限" {
            @for (when, count, class) in shown {
                div {
                    span.tag.(if count > 0 { class } else { "good" }) { (when.text()) }
                    br; b { (count) } " 件 "
                    @if count > 0 { a href=(due_address(line, "", when)) { "看是哪些" } }
                }
            }
        }
    }
}

/// Where what is due in a group is shown; in the whole line, when the group is empty.
fn due_address(line: ServiceLine, group: &str, when: When) -> String {
    let pairs = [("when", when.word()), ("group", group)];
    super::pager::address(&format!("{}/due", address_of(line)), &pairs)
}

fn due_link(line: ServiceLine, group: &str, when: When, count: u64) -> Markup {
    let class = match when {
        When::Late => "stop",
        When::Today => "care",
        When::Week => "now",
    };
    html! {
        @if count == 0 { span.soft { "0" } } @else {
            a.tag.(class) href=(due_address(line, group, when))
                aria-label=(format!("{} {count} 件", when.text())) { (count) }
        }
    }
}

fn group_card(line: ServiceLine, group: &GroupView) -> Markup {
    let due = group.due();
    html! {
        section.card aria-label=(group.name) {
            div.head.row {
                h2 { (group.name) } span.soft { (group.about) }
                span.push {}
                @for (when, count) in [(When::Late, due.late), (When::Today, due.today), (When::Week, due.week)] {
                    @if count > 0 {
                        span { (when.text()) " " (due_link(line, &group.id, when, count)) }
                    }
                }
            }
            (next_steps(group))
            (kinds_table(group))
        }
    }
}

fn next_steps(group: &GroupView) -> Markup {
    html! {
        div.pad.noprint {
            p.row {
                @for list in &group.work_lists {
                    a.button.primary href=(address_of_list(*list)) { (text_of_list(*list)) }
                }
                @for (kind, name) in &group.open {
                    a.button href=(format!("/staff/records/{kind}/new")) { "登记" (name) }
                }
                @if group.open.is_empty() && group.work_lists.is_empty() {
                    span.soft { "这一组您不能新登记，只能看。" }
                }
            }
            @if !group.ledgers.is_empty() {
                p.row {
                    "台账："
                    @for ledger in &group.ledgers {
                        span {
                            a href=(format!("/staff/records/{}?{}", ledger.kind, ledger.query)) {
                                (ledger.name) " " (ledger.count)
                            }
                            @if ledger.may_export {
                                " " a.tag href=(format!("/staff/records/{}/export.xlsx?{}", ledger.kind, ledger.query))
                                    aria-label=(format!("导出：{}", ledger.name)) { "导出" }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Where a list that is a page of its own stands.
fn address_of_list(list: WorkList) -> &'static str {
    match list {
        WorkList::LoanCollection => COLLECTION_PATH,
        WorkList::ClassInspections => INSPECTIONS_PATH,
        WorkList::StationReports => REPORTS_PATH,
    }
}

fn text_of_list(list: WorkList) -> &'static str {
    match list {
        WorkList::LoanCollection => "今天该给谁打电话",
        WorkList::ClassInspections => "哪些班还没巡查",
        WorkList::StationReports => "今天哪些网点没报",
    }
}

fn kinds_table(group: &GroupView) -> Markup {
    html! {
        @if !group.kinds.is_empty() { div.scroll { table {
            thead { tr {
                th scope="col" { "业务" } th scope="col" { "没结束的，按状态" }
                th.num scope="col" { "晚了" } th.num scope="col" { "今天" } th.num scope="col" { "这周" }
                th.num scope="col" { "总数" }
            } }
            tbody { @for kind in &group.kinds { (kind_row(kind)) } }
        } } }
    }
}

fn kind_row(kind: &KindView) -> Markup {
    let list = format!("/staff/records/{}", kind.id);
    html! {
        tr {
            th scope="row" {
                a href=(list) data-row { (kind.name) }
                br; span.soft { (kind.about) }
            }
            td {
                @for (state, name, count) in &kind.states {
                    a.tag href=(format!("{list}?state={state}")) { (name) " " (count) } " "
                }
                @if kind.states.is_empty() { span.soft { "没有" } }
            }
            td.num { @if kind.due.late > 0 { b.bad { (kind.due.late) } } @else { "0" } }
            td.num { (kind.due.today) }
            td.num { (kind.due.week) }
            td.num { (kind.total) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::fixtures;

    #[test]
    fn what_nobody_may_see_is_said_instead_of_an_empty_page() {
        let mut view = fixtures::line();
        view.groups.clear();
        let page = line_page(&fixtures::desk(), &view).into_string();
        assert!(page.contains("您的角色看不到") && page.contains("看别的业务线"));
    }

    #[test]
    fn a_ledger_is_a_list_with_its_filter_and_comes_out_as_exactly_that() {
        let page = line_page(&fixtures::desk(), &fixtures::line()).into_string();
        assert!(page.contains("href=\"/staff/records/loan_collection?state=missed&amp;sort=due\""));
        let export = "/staff/records/loan_collection/export.xlsx?state=missed&amp;sort=due";
        assert!(page.contains(export));
    }
}
