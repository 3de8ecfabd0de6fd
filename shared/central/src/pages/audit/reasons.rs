//! What the stable words of refusals are called.

use domain::refusal::RefusalCode;
use serde_json::Value;
use wire::problem::ProblemCode;

/// The Chinese name of a stable word; `None` for a subject that is none.
pub(super) fn name_of(word: &str) -> Option<&'static str> {
    let word = || Value::String(word.to_owned());
    if let Ok(refusal) = serde_json::from_value(word()) {
        return Some(of_rule(refusal));
    }
    serde_json::from_value(word()).ok().map(of_service)
}

fn of_rule(code: RefusalCode) -> &'static str {
    use RefusalCode as R;
    match code {
        R::UnknownGroup => "不办这类事",
        R::UnknownWindow => "没有这个窗口",
        R::WindowClosed => "窗口关了",
        R::WindowBusy => "窗口正在办",
        R::NoTicketAtWindow => "窗口没有这个号",
        R::NobodyWaits => "没有人在等",
        R::TicketExists => "号票和登记的不一样",
        R::TicketNotFound => "没有这张号票，或者数字不对",
        R::HallClosed => "不发号的时间",
        R::AlreadyHolds => "已经有号了",
        R::QuotaUsed => "号已取完",
        R::NoSuchSlot => "没有这个预约时间",
        R::SlotFull => "这个时间约满了",
        R::CheckInEarly => "签到早了",
        R::CheckInLate => "签到晚了",
        R::BeingServed => "窗口正在办这个号",
        R::TicketOver => "号票已经用完",
        R::ComebackOver => "过号不能再恢复",
        R::NotWaiting => "这个号没有在等",
        R::SomebodyFirst => "应该先叫别人",
        R::TooSoon => "叫得太快",
        R::OtherWindow => "替别的窗口叫号",
        R::PageTooOld => "页面放得太久",
        R::LastWindow => "最后一个可办窗口",
        R::AlreadyScored => "已经打过分了",
        R::NotServedYet => "还没办完就打分",
        R::ScoringClosed => "打分时间过了",
        R::OtherAuthority => "归大厅自己的系统管",
        R::RemoteHelpForbidden => "远程帮忙时不能打分",
    }
}

fn of_service(code: ProblemCode) -> &'static str {
    use ProblemCode as P;
    match code {
        P::BadRequest => "请求不符合接口说明",
        P::EnrolmentCodeInvalid => "登记码不对或用过了",
        P::DeviceUnknown => "没有登记的设备",
        P::DeviceRevoked => "停用的设备",
        P::SignatureInvalid => "签名不对",
        P::ClockSkew => "时钟不准",
        P::Replayed => "重复的请求",
        P::ChainGap => "记录接不上",
        P::Equivocation => "记录前后矛盾",
        P::EventInvalid => "记录格式不对",
        P::Refused => "规则不允许",
        P::CursorTooOld => "同步位置太旧",
        P::VersionUnsupported => "程序版本不配",
        P::NotFound => "没有这个东西",
        P::KeyReused => "同一个编号又用于别的内容",
        P::TooLarge => "内容太长",
        P::TooSlow => "传得太慢",
        P::TooMany => "试得太多次",
        P::SignInNeeded => "没有登录",
        P::StorageFull => "存不下了",
        P::Unavailable => "服务暂时不能用",
        P::Internal => "服务出故障",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_refusals_are_named_and_numbers_of_records_stay() {
        assert_eq!(name_of("quota_used"), Some("号已取完"));
        assert_eq!(name_of("clock_skew"), Some("时钟不准"));
        assert_eq!(name_of("E03-202611-00012"), None);
        assert_eq!(name_of(""), None);
    }
}
