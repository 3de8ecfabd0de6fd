//! What is asked, and how it is answered.

use super::condition::Condition;

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// 个人
    Person,
    /// 单位
    Org,
}

/// One question, for one page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Its id: `lost_reason`.
    pub id: String,
    /// As it is asked: 上一份工作是怎么结束的？
    pub text: String,
    /// A line below it, if it needs one.
    pub hint: Option<String>,
    /// What it is called where it is missing: 失业原因.
    pub name: String,
    /// Where it can be learnt, if it is not clear: 带身份证到窗口可查.
    pub where_to_learn: Option<String>,
    /// How it is answered.
    pub kind: AnswerKind,
    /// Whether 不清楚 may be chosen, which is an answer.
    pub may_be_unclear: bool,
    /// Whether a card at the reader answers it (性别、出生日期), so that it need not be asked.
    pub is_on_card: bool,
    /// It makes sense only when all of these hold; else it is not asked.
    pub(super) asked_if: Vec<Condition>,
}

/// How a question is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnswerKind {
    /// One of these.
    One(Vec<Choice>),
    /// Any of these; the lone ones (都不是) stand alone.
    Several(Vec<Choice>),
    /// A whole number by the digit pad.
    Number {
        /// 月, 人, 元; may be empty.
        unit: String,
        /// The least that may be typed.
        least: i64,
        /// The most.
        most: i64,
    },
    /// A day by the digit pad.
    Date,
}

/// One of the answers to choose from.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct Choice {
    /// Its id: `resigned`.
    pub id: String,
    /// What the button says: 本人辞职.
    pub text: String,
    /// Of several: goes with no other (都不是).
    #[serde(default)]
    pub is_alone: bool,
}
