//! Every act of the audit trail: its stable word and its Chinese name. An act that is not listed
//! here cannot be recorded.

/// An act. Made in this list only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Act(&'static str);

impl Act {
    /// The stable word.
    #[must_use]
    pub fn word(self) -> &'static str {
        self.0
    }
}

macro_rules! acts {
    (
        $($name:ident = $word:literal, $text:literal;)+
        ; by machines and desks: $($other:literal, $other_text:literal;)+
    ) => {
        $(
            #[doc = $text]
            pub const $name: Act = Act($word);
        )+

        /// Every act with its Chinese name; also those that follow from other events.
        pub const ALL: &[(&str, &str)] = &[$(($word, $text),)+ $(($other, $other_text),)+];
    };
}

acts! {
    SIGNED_IN = "signed_in", "登录";
    SIGN_IN_FAILED = "sign_in_failed", "登录没成功";
    SIGNED_OUT = "signed_out", "退出";
    ACCOUNT_LOCKED = "account_locked", "输错太多次，账号锁住";
    ACCOUNT_UNLOCKED = "account_unlocked", "给账号解锁";
    ACCOUNT_SET_UP = "account_set_up", "建账号";
    ACCOUNT_CHANGED = "account_changed", "改账号资料";
    ACCOUNT_DISABLED = "account_disabled", "停用账号";
    ACCOUNT_ENABLED = "account_enabled", "恢复账号";
    ROLES_SET = "roles_set", "改身份";
    DEPUTY_SET = "deputy_set", "安排代理";
    PASSWORD_RESET = "password_reset", "重设密码";
    PASSWORD_CHANGED = "password_changed", "改自己的密码";
    SESSIONS_ENDED = "sessions_ended", "让账号在各处退出";
    OWN_SESSION_ENDED = "own_session_ended", "让自己在另一处退出";
    READ_PERSONAL = "read_personal", "看个人资料";
    REVEALED = "revealed", "显示全名或全号";
    RECORD_OPENED = "record_opened", "登记业务";
    RECORD_CHANGED = "record_changed", "改业务内容";
    RECORD_MOVED = "record_moved", "办业务";
    RECORD_ATTACHED = "record_attached", "收材料";
    RECORD_DETACHED = "record_detached", "撤材料";
    RECORD_LINKED = "record_linked", "关联业务";
    VISIT_TIED = "visit_tied", "把业务记到号票上";
    RECORD_HANDED_OVER = "record_handed_over", "移交业务";
    RECORDS_IMPORTED = "records_imported", "导入业务";
    RECORDS_EXPORTED = "records_exported", "导出业务名单";
    DOCUMENT_ISSUED = "document_issued", "出文书";
    DOCUMENT_SHOWN = "document_shown", "看文书、补打文书";
    DOCUMENT_WITHDRAWN = "document_withdrawn", "作废文书";
    DOCUMENT_CHECKED = "document_checked", "查验文书";
    LEDGER_PRINTED = "ledger_printed", "打印台账";
    PARAMETER_PROPOSED = "parameter_proposed", "提出改参数";
    PARAMETER_CONFIRMED = "parameter_confirmed", "复核参数";
    PARAMETER_WITHDRAWN = "parameter_withdrawn", "收回改参数";
    AUDIT_EXPORTED = "audit_exported", "导出操作记录";
    AUDIT_VERIFIED = "audit_verified", "查验记录链";
    TOOK_SEAT = "took_seat", "坐到窗口";
    CALLED_NEXT = "called_next", "叫下一个";
    CALLED_THIS_ONE = "called_this_one", "点名叫号";
    CALLED_AGAIN = "called_again", "再叫一遍";
    STARTED = "started", "开始办";
    PENDED = "pended", "去补材料";
    PARKED = "parked", "先放一放";
    RESUMED = "resumed", "接着办";
    TOOK_BACK = "took_back", "过号恢复";
    TOOK_IN_SLIP = "took_in_slip", "收下自助机还没上传的号票";
    TOOK_NUMBER_FOR = "took_number_for", "替人取号";
    SET_PRIORITY = "set_priority", "改优先";
    GAVE_UP_FOR = "gave_up_for", "替人取消号";
    ANSWERED_HELP = "answered_help", "去帮自助机前的人";
    TRANSFERRED = "transferred", "转到别的组";
    FINISHED = "finished", "办结";
    MARKED_MISSED = "marked_missed", "人没来";
    OPENED_WINDOW = "opened_window", "打开窗口";
    PAUSED_WINDOW = "paused_window", "暂停窗口";
    PAUSED_LAST_WINDOW = "paused_last_window", "暂停最后一个窗口";
    CLOSED_WINDOW = "closed_window", "关窗口";
    SET_WINDOW_GROUPS = "set_window_groups", "改窗口办的组";
    RAISED_EMERGENCY = "raised_emergency", "应急通知上屏";
    ENDED_EMERGENCY = "ended_emergency", "撤下应急通知";
    BOARDS_CLEARED = "boards_cleared", "屏幕一键撤播";
    BOARDS_RESTORED = "boards_restored", "屏幕恢复播放";
    DISPLAY_RECORD_EXPORTED = "display_record_exported", "导出播出记录";
    DENIED_WINDOW = "denied_window", "替别的窗口叫号，没有办";
    ASKED_TO_HELP = "asked_to_help", "请求远程帮忙";
    STOPPED_HELPING = "stopped_helping", "结束远程帮忙";
    REVOKED_DEVICE = "revoked_device", "停用设备";
    RESTORED = "restored", "从备份恢复";
    CONTACT_LOGGED = "contact_logged", "记下联系结果";
    OPT_OUT_SET = "opt_out_set", "改号码收不收短信";
    FEEDBACK_READ = "feedback_read", "看群众意见";
    ; by machines and desks:
    "citizen_progress", "群众在自助机上查进度";
    "citizen_application", "群众在自助机上想申请";
    "citizen_guidance", "群众在自助机上要指导";
    "citizen_feedback", "群众在自助机上提意见";
    "device_refused", "设备被拒绝";
    "phone_refused", "手机网页上没办成";
    "device_enrolled", "设备登记";
    "device_key_rotated", "设备换钥匙";
    "remote_help_begun_unattended", "远程帮忙：没人在用，直接开始";
    "remote_help_begun_agreed", "远程帮忙：群众同意";
    "remote_help_declined", "远程帮忙：没有同意";
    "remote_help_stopped_by_citizen", "远程帮忙：群众停下";
    "remote_help_ended", "远程帮忙：结束";
    "vacancies_published", "发布岗位";
    "listing_withdrawn", "岗位撤下";
    "withdrew_listing", "撤下岗位";
    "notice_published", "发布通知";
}

/// The Chinese name of a stable word, also of one that a later program wrote.
#[must_use]
pub fn name_of(word: &str) -> &'static str {
    let known = ALL.iter().find(|(known, _)| *known == word);
    known.map_or("别的事", |(_, text)| text)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_acts_have_one_word_or_one_name() {
        let words: BTreeSet<_> = ALL.iter().map(|(word, _)| word).collect();
        let names: BTreeSet<_> = ALL.iter().map(|(_, name)| name).collect();
        assert_eq!((words.len(), names.len()), (ALL.len(), ALL.len()));
        assert_eq!(name_of(SIGNED_IN.word()), "登录");
        assert_eq!(name_of("of a later version"), "别的事");
    }
}
