//! Which service points have reported the day (网点日报), for who sees to it: those that have not come
//! first, with the number to call.

use chrono::{Days, NaiveDate};
use domain::case::ServiceLine;
use domain::time::{month_day_text, weekday_text};
use maud::{Markup, html};

use super::{REPORTS_PATH, address_of};
use crate::pages::frame::{Desk, MenuEntry, staff_page};
use crate::pages::help::help;

/// How a service point's report of the day stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ReportState {
    /// Not reported; the hour has come, or the day is over.
    Missing,
    /// Not reported, and there is still time.
    Awaited,
    /// Not reported on a day on which nobody must.
    NotAsked,
    /// Reported after the hour, at this time.
    Late(String),
    /// Reported, at this time.
    Reported(String),
}

/// A service point.
#[derive(Debug, Clone)]
pub(crate) struct StationRow {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) street: String,
    pub(crate) tel: String,
    pub(crate) state: ReportState,
    /// The report, where there is one.
    pub(crate) record: Option<String>,
    /// Vacancies, seekers, referrals, hired, consultations.
    pub(crate) figures: Option<[i64; 5]>,
}

/// What the page shows.
#[derive(Debug, Clone)]
pub(crate) struct ReportsView {
    pub(crate) day: NaiveDate,
    pub(crate) today: NaiveDate,
    /// `17:30`.
    pub(crate) until: String,
    /// Whether service points report on such a day.
    pub(crate) is_workday: bool,
    pub(crate) stations: Vec<StationRow>,
}

/// The page.
pub(crate) fn reports_page(desk: &Desk, view: &ReportsView) -> Markup {
    let of = |is_wanted: fn(&ReportState) -> bool| {
        let wanted = view.stations.iter().filter(|row| is_wanted(&row.state));
        wanted.count()
    };
    let missing = of(|state| matches!(state, ReportState::Missing | ReportState::Awaited));
    let reported = of(|state| matches!(state, ReportState::Late(_) | ReportState::Reported(_)));
    let content = html! {
        div.stack {
            div.row {
                h1 { (month_day_text(view.day)) " " (weekday_text(view.day)) "的网点日报" }
                span.tag.(if missing > 0 { "stop" } else { "good" }) {
                    "报了 " (reported) " 个，没报 " (missing) " 个"
                }
                span.push {}
                a.button.noprint href=(address(view.day.checked_sub_days(Days::new(1)).unwrap_or(view.day))) { "前一天" }
                @if view.day < view.today {
                    a.button.noprint href=(address(view.day.checked_add_days(Days::new(1)).unwrap_or(view.day))) { "后一天" }
                }
                a.button.noprint href="/staff/records/station_sync" { "日报台账" }
                a.button.noprint href=(address_of(ServiceLine::Gig)) { "回零工服务" }
            }
            @if !view.is_workday { p.say.good { "这天不是工作日，网点不用报。" } }
            div.card { (table(view)) }
            (help(&[
                "每个网点当天报一次，过了点还没报的排在最前面，后面是电话。",
                "当天过完还没报的，系统记成“逾期未报”，补不了。",
            ]))
        }
    };
    staff_page(desk, MenuEntry::Lines, "网点日报", None, &content)
}

fn address(day: NaiveDate) -> String {
    format!("{REPORTS_PATH}?day={day}")
}

fn table(view: &ReportsView) -> Markup {
    html! {
        @if view.stations.is_empty() {
            p.pad {
                "登记簿里还没有网点。先登记网点，再给网点的人开账号，身份选“社区经办”，写上网点编号。 "
                a.button href="/staff/records/station/new" { "登记网点" }
            }
        } @else {
            div.scroll { table {
                thead { tr {
                    th scope="col" { "网点" } th.tight scope="col" { "日报（" (view.until) " 前）" }
                    th.num scope="col" { "岗位" } th.num scope="col" { "求职" } th.num scope="col" { "推荐" }
                    th.num scope="col" { "成功" } th.num scope="col" { "咨询" } th.tight scope="col" { "电话" }
                } }
                tbody { @for row in &view.stations { tr.below[row.state == ReportState::Missing] {
                    th scope="row" { (row.name) " " span.soft { (row.code) " · " (row.street) } }
                    td.tight { (state_tag(row)) }
                    @match row.figures {
                        Some(figures) => { @for figure in figures { td.num { (figure) } } }
                        None => { @for _ in 0..5 { td.num.soft { "没有" } } }
                    }
                    td.tight { (row.tel) }
                } } }
            } }
        }
    }
}

fn state_tag(row: &StationRow) -> Markup {
    let tag = match &row.state {
        ReportState::Missing => html! { span.tag.stop { "没报" } },
        ReportState::Awaited => html! { span.tag.care { "还没报" } },
        ReportState::NotAsked => html! { span.tag { "不用报" } },
        ReportState::Late(at) => html! { span.tag.care { (at) " 报的，晚了" } },
        ReportState::Reported(at) => html! { span.tag.good { (at) " 报的" } },
    };
    html! {
        @match &row.record {
            Some(record) => { a data-row href=(format!("/staff/record/{record}")) { (tag) } }
            None => { (tag) }
        }
    }
}
