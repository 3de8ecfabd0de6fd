//! 人岗匹配: the vacancies that fit a jobseeker best, or the jobseekers whom a vacancy fits, each with
//! its score and what was found in every part. A suggestion: the buttons open forms of records that a
//! person reads, changes and stores.

use maud::{Markup, html};

use super::frame::{Desk, MenuEntry, staff_page};
use super::help::help;

/// One that fits.
#[derive(Debug, Clone)]
pub(crate) struct MatchLine {
    pub(crate) address: String,
    pub(crate) title: String,
    pub(crate) case_no: String,
    /// Employer, pay and place; or education and pay that is wanted.
    pub(crate) details: Vec<String>,
    /// `87.5`.
    pub(crate) score: String,
    pub(crate) parts: Vec<PartLine>,
    /// The form of a match that is filled already; `None` for who may not open one.
    pub(crate) match_form: Option<String>,
    /// The form of a referral.
    pub(crate) referral_form: Option<String>,
}

/// What was found in one part.
#[derive(Debug, Clone)]
pub(crate) struct PartLine {
    pub(crate) name: &'static str,
    /// `28 / 35`.
    pub(crate) points: String,
    pub(crate) finding: String,
    /// Something is not known: asking would tell more.
    pub(crate) is_unknown: bool,
}

/// Which side was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sought {
    /// Vacancies for a jobseeker.
    Vacancies,
    /// Jobseekers for a vacancy.
    Seekers,
}

/// What the page shows.
#[derive(Debug, Clone)]
pub(crate) struct MatchesView {
    pub(crate) sought: Sought,
    /// The record from which it was asked, its title, number and address.
    pub(crate) title: String,
    pub(crate) case_no: String,
    pub(crate) address: String,
    /// Why nothing is compared, when the record is not in the state for it.
    pub(crate) bar: Option<String>,
    pub(crate) lines: Vec<MatchLine>,
}

/// The page.
pub(crate) fn matches_page(desk: &Desk, view: &MatchesView) -> Markup {
    let heading = match view.sought {
        Sought::Vacancies => "合适的岗位",
        Sought::Seekers => "合适的求职者",
    };
    let content = html! {
        div.stack {
            div.row {
                h1 { (heading) }
                span.soft { (view.title) " · " (view.case_no) }
                a.button.push.noprint href=(view.address) { "回到这条记录" }
            }
            @if let Some(bar) = &view.bar { p.say { (bar) } }
            @else if view.lines.is_empty() { (nothing(view)) }
            @else { (table(view)) }
            (help(&[
                "满分 100，六项相加；性别和年龄不参加比较，也不会影响得分。",
                "哪一边没说的，那一项按一半算，并且写着“没说”：问清楚、补进记录，分数会更准。",
                "这里只是建议。点“记为匹配”或“推荐”打开填好的登记表，看过、改好再存。",
            ]))
        }
    };
    staff_page(desk, MenuEntry::Records, heading, None, &content)
}

fn nothing(view: &MatchesView) -> Markup {
    html! {
        div.card.pad {
            @match view.sought {
                Sought::Vacancies => {
                    p { "现在没有招聘中的岗位。" }
                    p { a.button href="/staff/records/vacancy" { "看全部岗位" } }
                }
                Sought::Seekers => {
                    p { "现在没有有效的求职意向。" }
                    p { a.button href="/staff/records/jobseeker" { "看全部求职者" } }
                }
            }
        }
    }
}

fn table(view: &MatchesView) -> Markup {
    let name = match view.sought {
        Sought::Vacancies => "岗位",
        Sought::Seekers => "求职者",
    };
    html! {
        div.card { div.scroll { table {
            thead { tr {
                th { (name) }
                th.num { "匹配分" }
                th { "凭什么" }
                th.tight.noprint { "接着办" }
            } }
            tbody { @for line in &view.lines { (row(line)) } }
        } } }
    }
}

fn row(line: &MatchLine) -> Markup {
    html! {
        tr {
            th.title scope="row" {
                a href=(line.address) data-row { (line.title) }
                @for detail in &line.details { br; span.soft { (detail) } }
                br; span.soft { (line.case_no) }
            }
            td.num { b { (line.score) } }
            td { @for (index, part) in line.parts.iter().enumerate() {
                @if index > 0 { br; }
                (part.name) " " (part.points) " "
                @if part.is_unknown { span.tag.care { (part.finding) } }
                @else { span.soft { (part.finding) } }
            } }
            td.tight.noprint {
                @if let Some(form) = &line.match_form { a.button href=(form) { "记为匹配" } " " }
                @if let Some(form) = &line.referral_form { a.button href=(form) { "推荐" } }
            }
        }
    }
}
