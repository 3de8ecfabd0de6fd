//! What the centre must tell somebody outside (对外联系): by which way, when a message is tried again,
//! when a call is, and whether it still needs to be said. Messages as templates are in `message`.
//!
//! Deliberately not here: who is told and at which number, and the line to a gateway.

mod message;

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use crate::case::Record;
use crate::time::UtcMs;

pub use message::{
    CHARS_MAX, Message, MessageBook, MessageFault, Said, Trigger, sms_parts, with_name,
};

/// Minutes until a message is tried again, after the first attempt, the second, …; later ones wait
/// as long as the last.
const RETRY_MINUTES: [i64; 4] = [1, 5, 30, 120];

/// How somebody is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// A message to a mobile telephone.
    Sms,
    /// Somebody of the centre calls.
    Phone,
}

impl Way {
    /// The stable word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Phone => "phone",
        }
    }

    /// In Chinese.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sms => "短信",
            Self::Phone => "电话",
        }
    }
}

/// What came of a contact: the closed list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactResult {
    /// The gateway took the message.
    Sent,
    /// The gateway does not take it, now or later.
    Refused,
    /// The gateway was tried as often as it may be.
    GaveUp,
    /// There is no gateway.
    NoGateway,
    /// No number is known to which a message could go.
    NoNumber,
    /// Whoever has the number wants no messages.
    OptedOut,
    /// The person was told on the telephone.
    Reached,
    /// Nobody answered.
    NotReached,
    /// The number is somebody else's, or nobody's.
    WrongNumber,
    /// The person asked to be called again.
    CallAgain,
    /// The record has gone on, or the day has passed: there is nothing left to say.
    Overtaken,
}

impl ContactResult {
    /// What a person says of a call.
    pub const OF_CALLS: [Self; 4] = [
        Self::Reached,
        Self::NotReached,
        Self::CallAgain,
        Self::WrongNumber,
    ];

    /// The stable word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Refused => "refused",
            Self::GaveUp => "gave_up",
            Self::NoGateway => "no_gateway",
            Self::NoNumber => "no_number",
            Self::OptedOut => "opted_out",
            Self::Reached => "reached",
            Self::NotReached => "not_reached",
            Self::WrongNumber => "wrong_number",
            Self::CallAgain => "call_again",
            Self::Overtaken => "overtaken",
        }
    }

    /// The result of a stored word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        const ALL: [ContactResult; 11] = [
            ContactResult::Sent,
            ContactResult::Refused,
            ContactResult::GaveUp,
            ContactResult::NoGateway,
            ContactResult::NoNumber,
            ContactResult::OptedOut,
            ContactResult::Reached,
            ContactResult::NotReached,
            ContactResult::WrongNumber,
            ContactResult::CallAgain,
            ContactResult::Overtaken,
        ];
        ALL.into_iter().find(|result| result.word() == word)
    }

    /// In Chinese.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sent => "短信发出了",
            Self::Refused => "短信没发成，网关不收",
            Self::GaveUp => "短信没发成，试了几次网关都不通",
            Self::NoGateway => "没有短信网关，改打电话",
            Self::NoNumber => "没有能收短信的号码",
            Self::OptedOut => "这个号码不收短信",
            Self::Reached => "打通了，说到了",
            Self::NotReached => "没人接",
            Self::WrongNumber => "号码不对",
            Self::CallAgain => "约好再打",
            Self::Overtaken => "不用再说了",
        }
    }

    /// Whether a call remains to be made because a message did not go out.
    #[must_use]
    pub fn leaves_a_call(self) -> bool {
        matches!(
            self,
            Self::Refused | Self::GaveUp | Self::NoGateway | Self::NoNumber | Self::OptedOut
        )
    }
}

/// What contacts go by (`assets/parameters/outreach.toml`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutreachRules {
    /// Messages go out from this time of day on.
    pub sms_from: NaiveTime,
    /// And before this one.
    pub sms_until: NaiveTime,
    /// A message that was tried so often is given up, at least 1.
    pub attempts_max: u32,
    /// Somebody who was called so often in vain is called no more, at least 1.
    pub calls_max: u32,
    /// Minutes until the next call when nobody answered.
    pub call_again_minutes: i64,
}

impl OutreachRules {
    /// Whether a message may go out now: nobody is woken by one.
    #[must_use]
    pub fn may_send(&self, now: UtcMs) -> bool {
        let time = now.hall_time().time();
        self.sms_from <= time && time < self.sms_until
    }

    /// When a message is tried again after so many attempts (from 1); `None` when it is given up.
    #[must_use]
    pub fn retry_at(&self, attempts: u32, now: UtcMs) -> Option<UtcMs> {
        if attempts >= self.attempts_max {
            return None;
        }
        let longest = RETRY_MINUTES.len() - 1;
        let nth = usize::try_from(attempts.saturating_sub(1)).unwrap_or(longest);
        Some(now.plus_minutes(RETRY_MINUTES[nth.min(longest)]))
    }

    /// When there is to be a call after this result; `None` when nothing is left to do. `calls` is
    /// how many were made, this one included; `wished` is when the person wants the next one.
    #[must_use]
    pub fn next_call(
        &self,
        result: ContactResult,
        calls: u32,
        wished: Option<UtcMs>,
        now: UtcMs,
    ) -> Option<UtcMs> {
        match result {
            _ if result.leaves_a_call() => Some(now),
            ContactResult::NotReached if calls < self.calls_max => {
                Some(now.plus_minutes(self.call_again_minutes))
            }
            ContactResult::CallAgain => Some(wished.unwrap_or(now).max(now)),
            _ => None,
        }
    }
}

/// As long as what something still needs to be said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "while", rename_all = "snake_case")]
pub enum Needed {
    /// Whatever becomes of the record.
    Always,
    /// While the record is in this state.
    State {
        /// The state.
        state: String,
    },
    /// While this deadline runs to this day, until the day has passed.
    Deadline {
        /// The rule.
        deadline: String,
        /// Its last day.
        on: NaiveDate,
    },
}

impl Needed {
    /// Whether it still needs to be said, as the record stands.
    #[must_use]
    pub fn holds(&self, record: &Record, today: NaiveDate) -> bool {
        match self {
            Self::Always => true,
            Self::State { state } => record.state == *state,
            Self::Deadline { deadline, on } => {
                let due = record.due.get(deadline);
                due.is_some_and(|due| due.on == *on) && today <= *on
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: OutreachRules = OutreachRules {
        sms_from: NaiveTime::from_hms_opt(9, 0, 0).unwrap(),
        sms_until: NaiveTime::from_hms_opt(20, 0, 0).unwrap(),
        attempts_max: 5,
        calls_max: 3,
        call_again_minutes: 120,
    };
    /// 2026-11-23 09:00 in the hall.
    const MORNING: UtcMs = UtcMs(1_795_395_600_000);

    #[test]
    fn messages_go_out_by_day_only() {
        assert!(!RULES.may_send(MORNING.plus_ms(-1)));
        assert!(RULES.may_send(MORNING));
        assert!(RULES.may_send(MORNING.plus_minutes(11 * 60 - 1)));
        assert!(!RULES.may_send(MORNING.plus_minutes(11 * 60)));
    }

    #[test]
    fn each_attempt_waits_no_shorter_than_the_one_before_and_the_last_is_the_last() {
        let waits: Vec<_> = (1..5)
            .map(|n| RULES.retry_at(n, UtcMs(0)).unwrap().0 / 60_000)
            .collect();
        assert_eq!(waits, [1, 5, 30, 120]);
        assert_eq!(RULES.retry_at(5, UtcMs(0)), None);
    }

    #[test]
    fn who_does_not_answer_is_called_again_and_not_for_ever() {
        let next = |result, calls| RULES.next_call(result, calls, None, UtcMs(0));
        let later = Some(UtcMs(0).plus_minutes(120));
        assert_eq!(next(ContactResult::NotReached, 1), later);
        assert_eq!(next(ContactResult::NotReached, 3), None);
        assert_eq!(next(ContactResult::Reached, 1), None);
        assert_eq!(next(ContactResult::WrongNumber, 1), None);
        let wished = Some(UtcMs(7));
        let again = RULES.next_call(ContactResult::CallAgain, 9, wished, UtcMs(0));
        assert_eq!(again, wished);
    }

    #[test]
    fn whatever_does_not_go_out_as_a_message_is_left_to_a_call_at_once() {
        for word in ["refused", "gave_up", "no_gateway", "no_number", "opted_out"] {
            let result = ContactResult::of_word(word).unwrap();
            assert_eq!(RULES.next_call(result, 0, None, UtcMs(5)), Some(UtcMs(5)));
        }
        for word in ["sent", "overtaken"] {
            let result = ContactResult::of_word(word).unwrap();
            assert_eq!(RULES.next_call(result, 0, None, UtcMs(5)), None);
        }
    }
}
