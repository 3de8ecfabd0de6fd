//! The fleet (设备情况): what somebody should do something about, the worst first, and below it
//! every machine with its state, backlog, clock and version. A machine's own page is in
//! [`device`]; pictures are on the device wall.

use domain::id::{DeviceId, HallId};
use maud::{Markup, html};

use super::devices;
use super::frame::{Desk, Live, MenuEntry, STAFF_STREAM, staff_page};
use crate::fleet::words::{
    backlog_text, clock_text, gap_text, kind_text, last_seen_text, version_text,
};
use crate::fleet::{Alarm, DeviceState, FleetLine, FleetPage, Urgency, VersionAge};
use domain::time::UtcMs;
use wire::api::DeviceKind;

mod device;

pub(crate) use device::{DeviceView, device_page};

/// Which machines are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    /// All.
    All,
    /// Those that somebody should look at.
    Problems,
}

impl Shown {
    /// What the address says; all for anything unknown.
    pub(crate) fn of_query(only: Option<&str>) -> Self {
        match only {
            Some("problems") => Self::Problems,
            _ => Self::All,
        }
    }

    fn query(self) -> Option<&'static str> {
        match self {
            Self::All => None,
            Self::Problems => Some("only=problems"),
        }
    }
}

/// What the page shows.
#[derive(Debug, Clone)]
pub(crate) struct FleetView {
    /// The fleet, of the chosen hall if one is chosen.
    pub(crate) page: FleetPage,
    /// The clerk's own hall: the wall shows pictures of it only.
    pub(crate) own_hall: HallId,
    /// The chosen hall.
    pub(crate) hall: Option<HallId>,
    /// Which machines.
    pub(crate) shown: Shown,
}

impl FleetView {
    fn address(&self, shown: Shown) -> String {
        let hall = self.hall.map(|hall| format!("hall={hall}"));
        let parts: Vec<String> = hall
            .into_iter()
            .chain(shown.query().map(str::to_owned))
            .collect();
        match parts.as_slice() {
            [] => "/staff/fleet".to_owned(),
            parts => format!("/staff/fleet?{}", parts.join("&")),
        }
    }

    fn problems(&self) -> usize {
        let lines = self.page.lines.iter();
        lines.filter(|line| line.needs_a_look()).count()
    }

    fn listed(&self) -> Vec<&FleetLine> {
        let lines = self.page.lines.iter();
        lines
            .filter(|line| self.shown == Shown::All || line.needs_a_look())
            .collect()
    }
}

/// The address of one machine's page.
pub(crate) fn address(device: DeviceId) -> String {
    format!("/staff/fleet/{device}")
}

/// The page.
pub(crate) fn fleet_page(desk: &Desk, view: &FleetView) -> Markup {
    let live = Live {
        page: view.address(view.shown),
        stream: STAFF_STREAM,
        seconds_without_script: Some(30),
    };
    let content = html! {
        div.stack {
            div.row {
                div.row #counts data-live { (head_line(view)) }
                span.push.row.noprint {
                    (hall_choice(view))
                    span.row #shown data-live { (shown_choice(view)) }
                    button type="button" data-print { "打印" }
                }
            }
            div #alarms data-live { (alarms(&view.page)) }
            div.card #fleet data-live { (list(view)) }
            p.soft {
                "要加一台设备：请管理员在服务器上要一个登记码（只能用一次），装机时输入到新机器里，"
                "它连上后就出现在这里。"
            }
        }
        p.hint.noprint { "按键：" kbd { "J" } kbd { "K" } " 上下移动" kbd { "回车" } " 打开" }
    };
    staff_page(desk, MenuEntry::Fleet, "设备情况", Some(&live), &content)
}

fn head_line(view: &FleetView) -> Markup {
    let page = &view.page;
    let count = |so: fn(DeviceState) -> bool| page.lines.iter().filter(|l| so(l.state)).count();
    let online = count(|state| matches!(state, DeviceState::Online | DeviceState::NearlyFull));
    let offline = count(|state| matches!(state, DeviceState::Offline(_)));
    let waiting: u64 = page
        .lines
        .iter()
        .filter(|line| line.state != DeviceState::Revoked)
        .filter_map(|line| line.backlog)
        .map(|backlog| backlog.count)
        .sum();
    html! {
        h1 { "设备情况" }
        span.tag.good { "在线 " (online) " 台" }
        @if offline > 0 { span.tag.stop { "断线 " (offline) " 台" } }
        @if waiting > 0 { span.tag.care { "共 " (waiting) " 件未上传" } }
        span.soft { (what_is_listed(view)) }
    }
}

/// The filter and the time, which a print must bear.
fn what_is_listed(view: &FleetView) -> String {
    let hall = view.hall.and_then(|hall| view.page.halls.get(&hall));
    let only = (view.shown == Shown::Problems).then_some("只有有问题的");
    let time = view.page.now.day_and_clock_text();
    let parts = [hall.map(String::as_str), only, Some(time.as_str())];
    parts.into_iter().flatten().collect::<Vec<_>>().join("，")
}

/// A list and a button, so that it works without scripts; nothing when there is no choice.
fn hall_choice(view: &FleetView) -> Markup {
    html! {
        @if view.page.halls.len() > 1 {
            form.row method="get" action="/staff/fleet" {
                @if view.shown == Shown::Problems {
                    input type="hidden" name="only" value="problems";
                }
                select name="hall" aria-label="大厅" {
                    option value="" { "全部大厅" }
                    @for (hall, name) in &view.page.halls {
                        option value=(hall) selected[view.hall == Some(*hall)] { (name) }
                    }
                }
                button { "看" }
            }
        }
    }
}

fn shown_choice(view: &FleetView) -> Markup {
    let choice = |shown: Shown, text: String| {
        let is_chosen = shown == view.shown;
        html! {
            a.button.primary[is_chosen] href=(view.address(shown))
                aria-current=[is_chosen.then_some("page")] { (text) }
        }
    };
    html! {
        (choice(Shown::All, format!("全部 {}", view.page.lines.len())))
        (choice(Shown::Problems, format!("只看有问题的 {}", view.problems())))
    }
}

fn alarms(page: &FleetPage) -> Markup {
    html! {
        @if page.alarms.is_empty() {
            @let is_offline = |line: &FleetLine| matches!(line.state, DeviceState::Offline(_));
            @if page.lines.iter().any(is_offline) {
                p.say { "现在没有要马上处理的。断线的设备，开门时间里还没连上就会催。" }
            } @else if !page.lines.is_empty() {
                p.say.good { "没有要处理的。有设备断线太久、记录对不上、时钟不准，都会出现在这里。" }
            }
        } @else {
            div.card {
                h2 { "要处理的 " (page.alarms.len()) " 件，急的在前" }
                table { tbody { @for alarm in &page.alarms { (alarm_row(alarm, page.now)) } } }
            }
        }
    }
}

fn alarm_row(alarm: &Alarm, now: UtcMs) -> Markup {
    html! {
        tr {
            td.tight {
                @match alarm.urgency() {
                    Urgency::Now => span.tag.stop { "马上看" },
                    Urgency::Today => span.tag.care { "今天看" },
                }
            }
            td { b { (alarm.text(now)) } br; span.soft { (alarm.next_step()) } }
            td.right.tight.noprint {
                @if let Some(device) = alarm.device() {
                    a.button data-row href=(address(device)) { "去看看" }
                }
            }
        }
    }
}

fn list(view: &FleetView) -> Markup {
    let lines = view.listed();
    html! {
        @if view.page.lines.is_empty() {
            h2 { @if view.hall.is_some() { "这个大厅还没有设备" } @else { "还没有设备" } }
            p.pad { "下面写着怎么加。" }
        } @else if lines.is_empty() {
            p.pad { "这里没有有问题的设备。" a href=(view.address(Shown::All)) { "看全部" } }
        } @else {
            table {
                thead { tr {
                    th { "设备" } th.tight { "种类" } th.tight { "状态" } th.tight { "最后一次" }
                    th { "未上传" } th.tight { "时钟" } th.tight { "版本" } th.noprint {}
                } }
                @for group in lines.chunk_by(|a, b| group_of(a) == group_of(b)) {
                    tbody {
                        @if view.page.halls.len() > 1 || group_of(group[0]).0 {
                            tr { th colspan="8" scope="rowgroup" { b { (group_name(group[0])) } } }
                        }
                        @for line in group { (row(view, line)) }
                    }
                }
            }
        }
    }
}

/// Machines stand together by hall; those without rights at the end.
fn group_of(line: &FleetLine) -> (bool, Option<HallId>) {
    match line.state {
        DeviceState::Revoked => (true, None),
        _ => (false, Some(line.hall)),
    }
}

fn group_name(line: &FleetLine) -> &str {
    match (line.state, line.hall_name.as_str()) {
        (DeviceState::Revoked, _) => "已停用的",
        (_, "") => "还没布置的大厅",
        (_, name) => name,
    }
}

fn row(view: &FleetView, line: &FleetLine) -> Markup {
    let now = view.page.now;
    html! {
        tr.below[is_bad(line.state)] {
            td { a data-row href=(address(line.device)) { b { (line.name) } } }
            td.tight { (kind_text(line.kind)) }
            td.tight { (state_tag(line.state)) }
            td.tight { (last_seen_text(line.last_seen, now)) }
            td {
                (backlog_text(line.backlog, now))
                @if let Some(gap) = &line.gap {
                    br; span.soft { (gap_text(gap, now)) }
                }
            }
            td.tight { (clock(line)) }
            td.tight { (version(line)) }
            td.right.tight.noprint { (acts(view.own_hall, line)) }
        }
    }
}

fn is_bad(state: DeviceState) -> bool {
    matches!(
        state,
        DeviceState::Contradicted | DeviceState::Full | DeviceState::Offline(_)
    )
}

fn state_tag(state: DeviceState) -> Markup {
    let word = state.word();
    match state {
        DeviceState::Online => html! { span.tag.good { (word) } },
        DeviceState::BehindNode => html! { span.tag.now { (word) } },
        DeviceState::NearlyFull | DeviceState::NeverSeen => html! { span.tag.care { (word) } },
        DeviceState::Revoked => html! { span.tag { (word) } },
        DeviceState::Contradicted | DeviceState::Full | DeviceState::Offline(_) => {
            html! { span.tag.stop { (word) } }
        }
    }
}

fn clock(line: &FleetLine) -> Markup {
    let text = clock_text(line.skew_ms);
    match line.is_clock_far_off() {
        true => html! { span.tag.care { (text) } },
        false => html! { (text) },
    }
}

fn version(line: &FleetLine) -> Markup {
    let text = version_text(line.version.as_ref());
    match line.version.as_ref().map(|version| version.age) {
        Some(VersionAge::Older) => html! { span.tag.care { (text) } },
        Some(VersionAge::Same | VersionAge::Newer) | None => html! { (text) },
    }
}

fn acts(own_hall: HallId, line: &FleetLine) -> Markup {
    html! {
        @if let Some(address) = picture_address(own_hall, line) {
            a href=(address) aria-label=(format!("看{}的画面", line.name)) { "画面" } " "
        }
        @if line.state != DeviceState::Revoked {
            a href=(format!("{}#revoke", address(line.device)))
                aria-label=(format!("停用{}", line.name)) { "停用…" }
        }
    }
}

/// Where a machine's picture is: on the wall of the clerk's own hall.
fn picture_address(own_hall: HallId, line: &FleetLine) -> Option<String> {
    if line.hall != own_hall || line.state == DeviceState::Revoked {
        return None;
    }
    match line.kind {
        DeviceKind::HallKiosk { .. } => Some(devices::address(line.device)),
        DeviceKind::WindowTerminal { .. } | DeviceKind::DisplayDriver => {
            Some("/staff/devices".to_owned())
        }
        DeviceKind::HallNode => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::fixtures;

    fn page(view: &FleetView) -> String {
        fleet_page(&fixtures::desk(), view).into_string()
    }

    #[test]
    fn what_is_worst_stands_first_and_above_the_list() {
        let page = page(&fixtures::fleet());
        let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text}"));
        let contradicted = place("记录和这里的对不上");
        let offline = place("断线了");
        let list = place("id=\"fleet\"");
        assert!(contradicted < offline && offline < list);
    }

    #[test]
    fn only_problems_leaves_out_what_is_well_and_says_so_when_nothing_is_left() {
        let mut view = fixtures::fleet();
        view.shown = Shown::Problems;
        let page_of_problems = page(&view);
        let list = page_of_problems.split("id=\"fleet\"").nth(1).unwrap();
        assert!(list.contains("3 号自助机") && !list.contains("1 号自助机"));
        view.page.lines.retain(|line| !line.needs_a_look());
        view.page.alarms.clear();
        assert!(page(&view).contains("没有有问题的设备") && page(&view).contains("没有要处理的"));
    }

    #[test]
    fn a_filter_survives_in_every_address_of_the_page() {
        let mut view = fixtures::fleet();
        view.hall = Some(fixtures::hall());
        view.shown = Shown::Problems;
        let hall = fixtures::hall();
        let address = format!("/staff/fleet?hall={hall}&amp;only=problems");
        assert!(page(&view).contains(&format!("data-page=\"{address}\"")));
        assert!(page(&view).contains("name=\"only\" value=\"problems\""));
        assert!(page(&view).contains(&format!("href=\"/staff/fleet?hall={hall}\"")));
    }

    #[test]
    fn an_empty_fleet_says_how_the_first_device_is_added() {
        let mut view = fixtures::fleet();
        view.page.lines.clear();
        view.page.alarms.clear();
        let page = page(&view);
        assert!(page.contains("还没有设备") && page.contains("登记码"));
    }

    #[test]
    fn pictures_are_offered_of_the_own_hall_only() {
        let mut view = fixtures::fleet();
        assert!(page(&view).contains("/staff/devices?device="));
        view.own_hall = HallId(uuid::Uuid::from_u128(1));
        assert!(!page(&view).contains("/staff/devices?device="));
    }
}
