//! One machine: all that is known of it, what to do about it, and the step by which its rights are
//! withdrawn, with everything that follows said before.

use domain::id::{DeviceId, HallId};
use domain::time::UtcMs;
use maud::{Markup, html};
use wire::api::DeviceKind;

use super::{address, alarm_row, clock, picture_address, state_tag, version};
use crate::fleet::words::{backlog_text, gap_text, key_text, kind_text, last_seen_text};
use crate::fleet::{Alarm, Backlog, DeviceState, FleetLine, FleetPage};
use crate::pages::frame::{Desk, Live, MenuEntry, STAFF_STREAM, staff_page};

/// What the page shows.
#[derive(Debug, Clone)]
pub(crate) struct DeviceView {
    now: UtcMs,
    own_hall: HallId,
    line: FleetLine,
    alarms: Vec<Alarm>,
}

impl DeviceView {
    /// The machine in the fleet; `None` when there is no such machine.
    pub(crate) fn of(page: FleetPage, device: DeviceId, own_hall: HallId) -> Option<Self> {
        let line = page.lines.into_iter().find(|line| line.device == device)?;
        let alarms = page.alarms.into_iter();
        Some(Self {
            now: page.now,
            own_hall,
            line,
            alarms: alarms
                .filter(|alarm| alarm.device() == Some(device))
                .collect(),
        })
    }
}

/// The page.
pub(crate) fn device_page(desk: &Desk, view: &DeviceView) -> Markup {
    let line = &view.line;
    let live = Live {
        page: address(line.device),
        stream: STAFF_STREAM,
        seconds_without_script: Some(30),
    };
    let content = html! {
        div.stack {
            div.row {
                div.row #head data-live { h1 { (line.name) } (state_tag(line.state)) }
                span.push.row.noprint {
                    @if let Some(address) = picture_address(view.own_hall, line) {
                        a.button href=(address) { "看它的画面" }
                    }
                    a.button href="/staff/fleet" { "回设备情况" }
                }
            }
            div #alarms data-live {
                @if !view.alarms.is_empty() {
                    div.card { table { tbody {
                        @for alarm in &view.alarms { (alarm_row(alarm, view.now)) }
                    } } }
                }
            }
            div.split {
                div.card { h2 { "它的情况" } div.pad #facts data-live { (facts(view)) } }
                div.card #revoke { (revocation(desk, line)) }
            }
        }
    };
    staff_page(desk, MenuEntry::Fleet, &line.name, Some(&live), &content)
}

fn facts(view: &DeviceView) -> Markup {
    let (line, now) = (&view.line, view.now);
    html! {
        dl {
            dt { "种类" } dd { (kind_text(line.kind)) }
            dt { "大厅" } dd { @if line.hall_name.is_empty() { "还没布置" } @else { (line.hall_name) } }
            dt { "状态" } dd { (line.state.text(now)) }
            dt { "最后一次" } dd { (last_seen_text(line.last_seen, now)) }
            dt { "未上传" } dd { (backlog_text(line.backlog, now)) }
            @if let Some(gap) = &line.gap { dt { "缺的记录" } dd { (gap_text(gap, now)) } }
            dt { "时钟" } dd { (clock(line)) }
            dt { "程序版本" } dd { (version(line)) }
            dt { "登记的钥匙" } dd { (key_text(line.key)) }
        }
    }
}

fn revocation(desk: &Desk, line: &FleetLine) -> Markup {
    html! {
        @if line.state == DeviceState::Revoked {
            h2 { "已经停用了" }
            p.pad { "它以前的记录都留着。要再用这台机器，请清空后重新登记，它会作为一台新设备出现。" }
        } @else {
            h2 { "停用这台设备" }
            div.pad {
                p { b { "停用后马上这样：" } }
                p { "它不能再取号、打分、上传，也收不到新内容。" }
                @if line.kind == DeviceKind::HallNode {
                    p { b { "它是大厅节点：整个大厅的记录都传不到这里了。" } }
                }
                p { (what_stays_in_it(line.backlog)) }
                p { "这里已经收下的记录都留着，照常算数。" }
                p { "停用不能撤回。要再用这台机器，请清空后重新登记。" }
                form method="post" action=(format!("{}/revoke", address(line.device))) {
                    (desk.form_token.field())
                    div.row {
                        a.button.primary href="/staff/fleet" { "先不停用" }
                        button.danger { "停用 " (line.name) }
                    }
                }
                p.soft { "您的名字会记下来。" }
            }
        }
    }
}

fn what_stays_in_it(backlog: Option<Backlog>) -> String {
    match backlog {
        Some(Backlog { count: 0, .. }) => "它最后说过，它的记录都已上传。".to_owned(),
        Some(Backlog { count, .. }) => {
            format!("它里面还有 {count} 件未上传，停用后就收不上来了。要留的话，等它传完再停用。")
        }
        None => "它里面要是还有没上传的，停用后就收不上来了。".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::fixtures;

    #[test]
    fn what_is_lost_by_a_revocation_is_said_before() {
        let page = device_page(&fixtures::desk(), &fixtures::fleet_device(3)).into_string();
        assert!(page.contains("还有 3 件未上传，停用后就收不上来了"));
        assert!(page.contains("/revoke\"") && page.contains("先不停用"));
    }

    #[test]
    fn a_revoked_device_cannot_be_revoked_again() {
        let page = device_page(&fixtures::desk(), &fixtures::fleet_device(6)).into_string();
        assert!(page.contains("已经停用了") && !page.contains("/revoke\""));
    }

    #[test]
    fn the_alarms_of_a_device_stand_on_its_page() {
        let page = |n| device_page(&fixtures::desk(), &fixtures::fleet_device(n)).into_string();
        assert!(page(4).contains("多半是它的硬盘被复制"));
        assert!(!page(1).contains("多半是它的硬盘被复制"));
    }
}
