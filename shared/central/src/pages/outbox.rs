//! How messages to citizens go out: for who keeps the line to the gateway. Numbers of telephones are
//! not on this page; what the virtual twin received is invented and masked. Pure.

use domain::outreach::ContactResult;
use domain::time::UtcMs;
use maud::{Markup, html};

use super::frame::{Desk, MenuEntry, staff_page};
use crate::outreach::{OutboxView, Received};
use crate::store::OutreachRow;

/// Where it is.
pub(crate) const OUTBOX_PATH: &str = "/staff/outbox";

/// The page.
pub(crate) fn outbox_page(desk: &Desk, view: &OutboxView) -> Markup {
    let content = html! {
        div.stack {
            h1 { "短信发送" }
            (state(view))
            (counts(view))
            (waiting(view))
            (dead(view))
            @if let Some(received) = &view.received { (twin(received)) }
        }
    };
    staff_page(desk, MenuEntry::Outbox, "短信发送", None, &content)
}

fn state(view: &OutboxView) -> Markup {
    let hours = format!(
        "{} 到 {}",
        view.rules.sms_from.format("%H:%M"),
        view.rules.sms_until.format("%H:%M")
    );
    let now = match view.rules.may_send(view.now) {
        true => "现在在这个时间里。",
        false => "现在不在这个时间里，到点再发。",
    };
    html! {
        @if view.received.is_some() {
            p.say { "接的是模拟网关：短信不会真的发出去。下面看得到它收了什么。" }
        } @else if view.has_gateway {
            p.say.good { "短信网关已接上。" }
        } @else {
            p.say { "没有接短信网关，要告知的都排到“联系群众”里打电话。要接上，请在中心的配置文件里填网关。" }
        }
        p.soft { "只在 " (hours) " 发。" (now)
            "一条最多试 " (view.rules.attempts_max) " 次，还不成就改打电话。" }
    }
}

fn counts(view: &OutboxView) -> Markup {
    html! {
        div.card.facts {
            div { span.soft { "等着发" } br; b { (view.counts.messages) " 条" } }
            div { span.soft { "今天发出" } br; b { (view.counts.sent) " 条" } }
            div { span.soft { "等着打电话" } br; b { (view.counts.calls) " 个" } }
            div { span.soft { "不收短信的号码" } br; b { (view.counts.opted_out) " 个" } }
        }
    }
}

fn waiting(view: &OutboxView) -> Markup {
    html! {
        div.card {
            h2 { "等着发的" }
            @if view.waiting.is_empty() { p.pad { "没有等着发的短信。" } } @else {
                table {
                    thead { tr { th { "安排的时间" } th { "短信" } th { "办件" } th.num { "试过" } th { "上次为什么没成" } } }
                    tbody { @for (case_no, row) in &view.waiting { tr {
                        td.tight { (row.planned_at.day_and_clock_text()) }
                        (named(case_no, row))
                        td.num { (row.attempts) " 次" }
                        td { (fault_words(&row.fault)) }
                    } } }
                }
            }
        }
    }
}

fn dead(view: &OutboxView) -> Markup {
    let line = |at: UtcMs, result: ContactResult, case_no: &str, row: &OutreachRow| {
        let is_open = row.settled_at.is_none();
        html! { tr {
            td.tight { (at.day_and_clock_text()) }
            (named(case_no, row))
            td { (result.name()) }
            td { (fault_words(&row.fault)) }
            td.tight { @if is_open { span.tag.care { "等着打电话" } } @else { span.tag.good { "已联系" } } }
        } }
    };
    html! {
        div.card {
            h2 { "没发成的（两周内）" }
            @if view.dead.is_empty() { p.pad { "两周内没有没发成的短信。" } } @else {
                table {
                    thead { tr { th { "时间" } th { "短信" } th { "办件" } th { "结果" } th { "原因" } th { "现在" } } }
                    tbody { @for (at, result, case_no, row) in &view.dead {
                        (line(*at, *result, case_no, row))
                    } }
                }
            }
        }
    }
}

fn named(case_no: &str, row: &OutreachRow) -> Markup {
    html! {
        td { (row.name) }
        td.tight { a href=(format!("/staff/record/{}", row.record)) { (case_no) } }
    }
}

fn twin(received: &[Received]) -> Markup {
    html! {
        div.card {
            h2 { "模拟网关收到的" }
            @if received.is_empty() { p.pad { "还没有收到。办一步要告知群众的事，到了时间这里就有。" } } @else {
                table {
                    thead { tr { th { "时间" } th { "号码" } th { "内容" } th { "它怎么回" } } }
                    tbody { @for one in received { tr {
                        td.tight { (one.at) }
                        td.tight { (one.phone) }
                        td { (one.text) }
                        td.tight { (one.deed) }
                    } } }
                }
            }
        }
    }
}

/// Why an attempt failed, in words; empty before the first.
fn fault_words(word: &str) -> String {
    if let Some(status) = word.strip_prefix("status ") {
        return format!("网关回了错误 {status}");
    }
    match word {
        "" => String::new(),
        "timeout" => "网关没有按时回话".to_owned(),
        "unreachable" => "连不上网关".to_owned(),
        "answer" => "网关的回话看不懂，或者说没收".to_owned(),
        "request" => "这条短信拼不成请求，请看配置".to_owned(),
        "sending" => "正在发，还没有回话".to_owned(),
        _ => "别的原因，见服务的日志".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_told_in_words() {
        assert_eq!(fault_words("status 503"), "网关回了错误 503");
        for word in [
            "timeout",
            "unreachable",
            "answer",
            "request",
            "sending",
            "new",
        ] {
            assert!(!fault_words(word).is_ascii(), "{word}");
        }
    }
}
