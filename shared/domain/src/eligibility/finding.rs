//! What comes out of a check. Chinese texts as they stand on the page and on the slip; nothing in it says
//! who asked.

use chrono::NaiveDate;

use crate::id::GroupCode;

/// Never an approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// 可能符合
    Likely,
    /// 需人工: something that decides is not known, or only a person can tell.
    Ask,
    /// 不符合
    Unlikely,
}

impl Verdict {
    /// The word on page and slip.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Likely => "可能符合",
            Self::Ask => "需人工",
            Self::Unlikely => "不符合",
        }
    }
}

/// Everything that one check tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkup {
    /// The version of the rules, printed on the slip.
    pub rule_version: String,
    /// The day by which ages, months and parameters were taken.
    pub on: NaiveDate,
    /// One per benefit: likely ones first, then those to ask about, then the others.
    pub findings: Vec<Finding>,
    /// What of the likely ones goes together and what does not.
    pub exclusions: Vec<ExclusionNote>,
    /// The likely ones that can be had together, by their ids; in the order of the findings.
    pub together: Vec<String>,
    /// 结果不是审批 …: stands on every page and slip of results.
    pub disclaimer: String,
}

/// What was found about one benefit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Its id: `ui_benefit`.
    pub benefit: String,
    /// Its name: 失业保险金.
    pub name: String,
    /// What came out.
    pub verdict: Verdict,
    /// Why, all of them: of a no each reason, of a yes each row that fits.
    pub reasons: Vec<Reason>,
    /// What is not known and would decide, by name: 失业保险累计缴费月数.
    pub missing: Vec<String>,
    /// How much, in words, with the numbers in force on the day. `None` when it is not likely.
    pub amount: Option<String>,
    /// From this day on it may be likely, if nothing else changes.
    pub earliest: Option<NaiveDate>,
    /// What to bring.
    pub materials: Vec<Material>,
    /// Where it is handled, in words.
    pub place: String,
    /// How long one may apply, in words, if there is a limit.
    pub deadline: Option<String>,
    /// The group to take a ticket for; `None` where it is handled elsewhere.
    pub group: Option<GroupCode>,
    /// The kind of records by which it is applied for, if the kiosk takes applications for it.
    pub kind: Option<String>,
}

/// Why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The code, of the same dictionary as the office's: `contrib_short`.
    pub code: String,
    /// The row of the sheet that says so, `E2#1`, for who asks about a result; never shown.
    pub row: Option<String>,
    /// One sentence.
    pub text: String,
}

/// Something to bring.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct Material {
    /// What it is: 身份证.
    pub name: String,
    /// Who has it.
    #[serde(default)]
    pub source: MaterialSource,
}

/// Who has a material.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MaterialSource {
    /// To be brought.
    #[default]
    Bring,
    /// The window looks it up (数据共享免交).
    LookedUp,
    /// Filled in at the window.
    AtWindow,
}

/// What holds of two benefits of which both are likely.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExclusionNote {
    /// The one.
    pub one: String,
    /// The other.
    pub other: String,
    /// What holds.
    pub relation: Relation,
    /// One sentence for the page: 同一个月里，失业保险金和灵活就业社保补贴只能领一样。
    pub text: String,
}

/// How two benefits go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// 互斥
    Exclusive,
    /// 可叠加
    Stackable,
}
