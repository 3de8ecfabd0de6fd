//! The pages of a service point (网点) at the width of a phone: what is to be done at one's own place,
//! the report of the day, lists of records. One column, big targets; a record itself opens on the page
//! that everybody uses. Whose place it is, roles decide (`staff`), not these pages.

use domain::case::FieldFault;
use maud::{Markup, html};

use super::form::{fault_of, summary};
use super::frame::{Desk, Said, phone_staff_page, said};
use super::records::DueMark;

/// Where a service point's work stands.
pub(crate) const STATION_PATH: &str = "/staff/station";
/// The report of the day.
pub(crate) const REPORT_PATH: &str = "/staff/station/report";
/// Records of one list.
pub(crate) const LIST_PATH: &str = "/staff/station/list";

/// A place where somebody works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) code: String,
    pub(crate) name: String,
}

/// How the report of today stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ReportNow {
    /// Somebody else reports for this place, or nobody must today.
    NotAsked,
    /// There is time until this hour.
    Awaited(String),
    /// The hour has passed.
    Late(String),
    /// Reported at this time.
    Done(String),
}

/// A list with how many records are in it.
#[derive(Debug, Clone)]
pub(crate) struct ListLink {
    pub(crate) name: String,
    pub(crate) address: String,
    pub(crate) count: u64,
}

/// Work that belongs together.
#[derive(Debug, Clone)]
pub(crate) struct StationGroup {
    pub(crate) name: String,
    pub(crate) about: String,
    pub(crate) lists: Vec<ListLink>,
    /// New records: address and what the button says.
    pub(crate) open: Vec<(String, String)>,
}

/// What the page shows.
#[derive(Debug, Clone)]
pub(crate) struct StationView {
    /// Where this person works; the first one is shown.
    pub(crate) here: Place,
    pub(crate) others: Vec<Place>,
    pub(crate) report: ReportNow,
    pub(crate) groups: Vec<StationGroup>,
}

/// The page.
pub(crate) fn station_page(desk: &Desk, view: &StationView) -> Markup {
    let content = html! {
        div { h1 { (view.here.name) } p.soft { (view.here.code) } }
        (report_card(view))
        @for group in &view.groups { (group_card(group)) }
        @if view.groups.is_empty() {
            div.card { p { "这里没有您要办的。" } }
        }
        @if !view.others.is_empty() {
            div.card {
                h2 { "您的别的网点" }
                @for place in &view.others {
                    p { a.button href=(format!("{STATION_PATH}?at={}", place.code)) { (place.name) } }
                }
            }
        }
    };
    phone_staff_page(desk, &view.here.name, &content)
}

/// For somebody whose roles name no place.
pub(crate) fn no_place_page(desk: &Desk) -> Markup {
    let content = html! {
        h1 { "网点" }
        div.card {
            p { "您的身份没有写是哪个网点，所以这里没有可办的。" }
            p { "请找管账号的人，在您的身份后面写上网点编号。" }
        }
    };
    phone_staff_page(desk, "网点", &content)
}

fn report_card(view: &StationView) -> Markup {
    let to = format!("{REPORT_PATH}?at={}", view.here.code);
    html! {
        @match &view.report {
            ReportNow::NotAsked => {}
            ReportNow::Awaited(until) => { div.card {
                h2 { "今天的日报" }
                p { span.tag.care { "今天 " (until) " 前报" } }
                p { a.button.primary href=(to) { "报今天的数" } }
            } }
            ReportNow::Late(until) => { div.card {
                h2 { "今天的日报" }
                p { span.tag.stop { "已经过了 " (until) "，还没有报" } }
                p { a.button.primary href=(to) { "马上报今天的数" } }
            } }
            ReportNow::Done(at) => { div.card {
                h2 { "今天的日报" }
                p { span.tag.good { "今天 " (at) " 已经报了" } }
            } }
        }
    }
}

fn group_card(group: &StationGroup) -> Markup {
    html! {
        section.card aria-label=(group.name) {
            h2 { (group.name) }
            p.soft { (group.about) }
            @for list in &group.lists {
                p { a.button href=(list.address) { (list.name) " " b { (list.count) } } }
            }
            @for (address, text) in &group.open {
                p { a.button href=(address) { (text) } }
            }
        }
    }
}

/// A record in a list.
#[derive(Debug, Clone)]
pub(crate) struct StationRecord {
    pub(crate) record: String,
    pub(crate) title: String,
    pub(crate) case_no: String,
    pub(crate) state: String,
    pub(crate) due: Option<DueMark>,
}

/// One list of a place.
#[derive(Debug, Clone)]
pub(crate) struct StationListView {
    pub(crate) here: Place,
    pub(crate) name: String,
    pub(crate) records: Vec<StationRecord>,
    pub(crate) total: u64,
}

/// The page.
pub(crate) fn station_list_page(desk: &Desk, view: &StationListView) -> Markup {
    let back = format!("{STATION_PATH}?at={}", view.here.code);
    let shown = view.records.len() as u64;
    let content = html! {
        h1 { (view.name) }
        @if view.records.is_empty() {
            div.card { p { "现在没有。" } p { a.button href=(back) { "回网点" } } }
        }
        @for record in &view.records {
            div.card {
                p { b { (record.title) } }
                p {
                    span.tag { (record.state) } " "
                    @if let Some(due) = &record.due { span.tag.(due.class) { (due.text) } }
                }
                p.soft { (record.case_no) }
                p { a.button href=(format!("/staff/record/{}", record.record)) { "打开来办" } }
            }
        }
        @if view.total > shown {
            p.say { "一共 " (view.total) " 条，这里是最先要办的 " (shown) " 条。" }
        }
        p { a.button href=(back) { "回" (view.here.name) } }
    };
    phone_staff_page(desk, &view.name, &content)
}

/// A figure that is reported.
#[derive(Debug, Clone)]
pub(crate) struct FigureField {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) unit: String,
    /// As typed.
    pub(crate) value: String,
}

/// The form of the report of the day.
#[derive(Debug, Clone)]
pub(crate) struct ReportForm {
    pub(crate) here: Place,
    /// The day in words.
    pub(crate) day: String,
    pub(crate) until: String,
    pub(crate) fields: Vec<FigureField>,
    pub(crate) faults: Vec<FieldFault>,
}

/// The page.
pub(crate) fn report_page(desk: &Desk, form: &ReportForm, notice: Option<&Said>) -> Markup {
    let content = html! {
        h1 { (form.here.name) }
        p { (form.day) "的数，" (form.until) " 前报。没有的填 0。" }
        (said(notice))
        (summary(&form.faults))
        form.card method="post" action=(REPORT_PATH) {
            (desk.form_token.field())
            input type="hidden" name="at" value=(form.here.code);
            @for field in &form.fields { (figure(field, &form.faults)) }
            button.primary { "报上去" }
        }
        p.soft { "报上去就不能再改。报错了，给中心打电话。" }
        p { a.button href=(format!("{STATION_PATH}?at={}", form.here.code)) { "先不报，回去" } }
    };
    phone_staff_page(desk, "网点日报", &content)
}

fn figure(field: &FigureField, faults: &[FieldFault]) -> Markup {
    let fault = fault_of(faults, &field.id);
    let fault_id = format!("{}-fault", field.id);
    html! {
        div.field {
            label for=(field.id) { (field.name) "（" (field.unit) "）" }
            input id=(field.id) name=(field.id) value=(field.value) inputmode="numeric"
                maxlength="6" autocomplete="off" aria-describedby=[fault.map(|_| &fault_id)]
                aria-invalid=[fault.map(|_| "true")];
            @if let Some(fault) = fault { span.error id=(fault_id) { (fault) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::fixtures;

    #[test]
    fn a_report_that_is_late_says_so_and_one_that_was_made_asks_for_nothing() {
        let desk = fixtures::desk();
        let mut view = fixtures::station();
        view.report = ReportNow::Late("17:30".into());
        let page = station_page(&desk, &view).into_string();
        assert!(page.contains("已经过了 17:30") && page.contains("马上报今天的数"));
        view.report = ReportNow::Done("16:02".into());
        let page = station_page(&desk, &view).into_string();
        assert!(page.contains("已经报了") && !page.contains(REPORT_PATH));
    }

    #[test]
    fn what_was_typed_stays_and_what_is_wrong_stands_at_its_field() {
        let page = report_page(&fixtures::desk(), &fixtures::report_form(), None).into_string();
        assert!(page.contains("value=\"十\"") && page.contains("id=\"hired-fault\""));
    }
}
