//! A kind of record as its file says it. [`Kind`] exists only as read and checked: every name in
//! it resolves, every state leads to an end, every transition has a role.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::id::KindId;
use crate::personal::PersonField;

use super::Role;

/// The act that begins a record: a name that no transition may have.
pub const OPEN: &str = "open";

/// In a title: what the employer is called whom the record concerns.
pub const TITLE_EMPLOYER: &str = "employer";
/// In a title: the kind's own name.
pub const TITLE_KIND: &str = "kind_name";

/// The centre's service lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceLine {
    /// 就业.
    Employment,
    /// 创业贷款.
    Startup,
    /// 失业保险.
    UnemploymentInsurance,
    /// 培训见习.
    Training,
    /// 零工.
    Gig,
    /// 内部管理与账务.
    Administration,
    /// Registers and supporting records of all lines.
    Common,
}

impl ServiceLine {
    /// All of them, in the order of the contract.
    pub const ALL: [Self; 7] = [
        Self::Employment,
        Self::Startup,
        Self::UnemploymentInsurance,
        Self::Training,
        Self::Gig,
        Self::Administration,
        Self::Common,
    ];

    /// The word in files and addresses.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Employment => "employment",
            Self::Startup => "startup",
            Self::UnemploymentInsurance => "unemployment_insurance",
            Self::Training => "training",
            Self::Gig => "gig",
            Self::Administration => "administration",
            Self::Common => "common",
        }
    }

    /// The line of this word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|line| line.word() == word)
    }
}

/// What carries a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Engine {
    /// A case with states of its own.
    Case,
    /// A register: `active` and `closed`, what others refer to.
    Register,
    /// A module of its own; the file only says that it exists and what it is called.
    Module,
}

/// SHA-256 of a kind's canonical text, workflow included, as lower-case hex.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KindHash(pub String);

impl fmt::Display for KindHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A kind of record. Serialised it is its own canonical text, so a field that is added later needs
/// a default and must be left out while it has it: else the hash of every kind changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kind {
    /// The id in events; the prefix of case numbers in capitals.
    pub id: KindId,
    /// Chinese name.
    pub name: String,
    /// Service line.
    pub line: ServiceLine,
    /// What carries it.
    pub engine: Engine,
    /// Counted by a person, one up with each change of the file.
    pub version: u32,
    /// Of the canonical text: not part of it.
    #[serde(skip)]
    pub hash: KindHash,
    /// What it is for, in a sentence for the help of its pages.
    pub about: String,
    /// Section (股室) that it belongs to.
    pub dept: String,
    /// Whom it concerns.
    pub subject: Subject,
    /// How private it is.
    pub sensitivity: Sensitivity,
    /// Roles that may see its records besides those that may act on them.
    pub readers: Vec<Role>,
    /// Of what a record's title is made, in order: fields, [`TITLE_EMPLOYER`], [`TITLE_KIND`].
    pub title: Vec<String>,
    /// Columns of the list page, in order.
    pub list: Vec<String>,
    /// Fields in the full-text and pinyin search.
    pub search: Vec<String>,
    /// Fields, in the order of the form.
    pub fields: Vec<Field>,
    /// Conditions between fields, checked whenever values are taken in.
    pub checks: Vec<Check>,
    /// How computed fields come out of the record's own values, in the order in which they are computed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub computations: Vec<super::Computation>,
    /// The state of a new record.
    pub initial: String,
    /// States, in the order of the state rail.
    pub states: Vec<State>,
    /// Transitions, in the order of the buttons.
    pub transitions: Vec<Transition>,
    /// Deadlines.
    pub deadlines: Vec<DeadlineRule>,
    /// Attachments that may or must come with it.
    pub attachments: Vec<AttachmentRule>,
    /// What no second record may claim beside it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doubles: Vec<super::DoubleRule>,
    /// What must be so of the records that it names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub validities: Vec<super::ValidityRule>,
    /// Computed fields of other records that its records make.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tells: Vec<super::TellRule>,
}

/// Whom a record concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// Nobody outside the centre.
    None,
    /// One person.
    Person,
    /// One employer.
    Employer,
    /// Either of them.
    Either,
}

/// How private the records of a kind are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sensitivity {
    /// May be published.
    Public,
    /// For the centre only.
    Internal,
    /// Of a person: reading is audited.
    Personal,
    /// Health, debts, files: reading is audited and needs a role of the kind.
    Sensitive,
}

/// One field of the form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Never reused for another meaning.
    pub id: String,
    /// Chinese name.
    pub name: String,
    /// What it holds.
    pub kind: FieldType,
    /// Whether the first submission needs it. Transitions may require more.
    pub is_required: bool,
    /// Set by the engine or by other records, never typed.
    pub is_computed: bool,
    /// Under the field in the form: an example, a limit, where the value is found.
    pub hint: String,
    /// Personal data: sealed, masked, revealed with a reason. Only with [`FieldType::Text`].
    pub personal: Option<PersonField>,
    /// The text field that, filled anew together with a changed value, lets the value in although it
    /// fails its form: numbers that are real and known to fail are taken with a reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excused_by: Option<String>,
    /// The columns of each row, in order. Only with a list of texts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<super::Column>,
}

/// What a field holds, with its bounds. All bounds are inclusive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// A text of so many characters; on several lines when long.
    Text {
        /// Least characters.
        chars_min: u32,
        /// Most characters.
        chars_max: u32,
        /// Several lines.
        is_long: bool,
        /// A named form that it must have (`mobile`, `credit_code`, `id_number`, `daily_window`).
        form: Option<TextForm>,
        /// A named list of words that must not occur (`discrimination`, `exaggeration`).
        without_words: Option<String>,
    },
    /// A whole number.
    Integer {
        /// Least.
        min: i64,
        /// Most.
        max: i64,
        /// Its unit, in Chinese.
        unit: String,
    },
    /// Money in fen.
    Money {
        /// Least.
        min_fen: i64,
    },
    /// An exact decimal, with its unit ("%", "基点").
    Decimal {
        /// Its unit, in Chinese.
        unit: String,
    },
    /// A day.
    Date {
        /// Must be a working day.
        is_workday: bool,
    },
    /// A moment.
    Moment,
    /// Yes or no.
    Boolean,
    /// One code of a list: code and Chinese name, in order.
    Choice(Vec<(String, String)>),
    /// A record of one of these kinds.
    Record(Vec<KindId>),
    /// A member of staff.
    Staff,
    /// Several of one type.
    List {
        /// Of each.
        of: Box<FieldType>,
        /// Least.
        count_min: u32,
        /// Most.
        count_max: u32,
    },
}

/// A form of a text that is checked by a rule of `domain`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextForm {
    /// `^1[3-9]\d{9}$`.
    Mobile,
    /// GB 11643.
    IdNumber,
    /// GB 32100.
    CreditCode,
    /// `08:30-17:30`.
    DailyWindow,
    /// Six digits of GB/T 2260.
    Division,
}

/// A condition between fields, read from `"wage_max >= wage_min"`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// The condition as written.
    pub condition: super::condition::Condition,
    /// What a person is told when it does not hold.
    pub text: String,
    /// The field at which it is told.
    pub field: String,
    /// `true`: told, and taken in nevertheless.
    pub is_hint: bool,
}

/// Where a state stands in the life of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StateStage {
    /// Somebody of the centre must act.
    Open,
    /// Waits for somebody outside or for a date.
    Waiting,
    /// In force, nothing to do.
    Settled,
    /// The end: no transition leaves it.
    End,
}

/// A state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// Id.
    pub id: String,
    /// Chinese name.
    pub name: String,
    /// Where it stands.
    pub stage: StateStage,
    /// Roles that may change values in it without a transition.
    pub editors: Vec<Role>,
}

/// A step from one state to another.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transition {
    /// Id, unique within the kind.
    pub id: String,
    /// What the button says.
    pub name: String,
    /// From these states.
    pub from: Vec<String>,
    /// To this one.
    pub to: String,
    /// By one of these roles; never empty.
    pub roles: Vec<Role>,
    /// Fields that must hold a value by then.
    pub requires: Vec<String>,
    /// Attachments (ids of [`AttachmentRule`]) that must be there by then.
    pub attachments: Vec<String>,
    /// Whether missing attachments may be deferred with a date (容缺受理).
    pub may_defer: bool,
    /// Fields that the step's form asks for.
    pub asks: Vec<String>,
    /// Not by who did one of these transitions on this record (separation of duties).
    pub differs_from: Vec<String>,
    /// Only by who did the last of these transitions, or opened the record when none was done.
    pub same_as: Vec<String>,
    /// Not by the member of staff whom one of these fields names.
    pub not_by: Vec<String>,
    /// Needs a reason.
    pub needs_reason: bool,
    /// Needs rule and remedy (驳回: 法规条款与救济途径).
    pub needs_rule: bool,
    /// Lists everything that is missing in one notice (一次性告知).
    pub is_notice: bool,
    /// Conditions on values that must hold before it sets any, with what a person is told when not.
    pub only_if: Vec<Check>,
    /// Values that it sets.
    pub sets: BTreeMap<String, super::Value>,
    /// Days and moments that it sets to when it is done.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stamps: Vec<String>,
    /// What follows outside the record.
    pub effects: Vec<Effect>,
    /// Whether it is the way forward, where that cannot be told from the rest of it
    /// ([`Kind::way`]).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_main: Option<bool>,
    /// The step that the system does with every record that is tied to this one and has it: a batch
    /// that is given up lets its members go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub members_do: Option<String>,
    /// Whether the system does it at once when a person's step has led here: it waits for nothing and
    /// nobody.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_at_once: bool,
    /// Whether the system does it when whoever was to be called was told, or could not be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when_called: Option<Called>,
}

/// How calling somebody ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Called {
    /// The person was told.
    Reached,
    /// No further call is made.
    NotReached,
}

/// How a step leads on, the better ones first: what is offered next is the first that may be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// To another state, with nothing to explain.
    Forward,
    /// To another state, with an explanation.
    Explained,
    /// It stays where it is.
    Round,
    /// It gives up, sends back or turns aside: offered among the record's acts, never as what is next.
    Aside,
}

/// What follows outside a record when a transition is done: a closed list that the shell knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// The vacancy's listing comes into the feed.
    PublishListing,
    /// It leaves it.
    WithdrawListing,
    /// A text comes into the feed for kiosks.
    PublishPolicy,
    /// It leaves it.
    WithdrawPolicy,
    /// A text comes on boards and kiosks until its last day.
    PublishNotice,
    /// It leaves them.
    WithdrawNotice,
}

/// Which days count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// 工作日, by the calendar with make-up days.
    Workday,
    /// 自然日.
    Day,
    /// 月: the same day of a later month, or its last.
    Month,
}

/// A deadline that runs while a record is in one of some states.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadlineRule {
    /// Id.
    pub id: String,
    /// Chinese name: "复核".
    pub name: String,
    /// It begins on entering one of these and ends on leaving them.
    pub states: Vec<String>,
    /// Key of the dated parameter that says how many; or `until`.
    pub parameter: Option<String>,
    /// A date field that is the deadline itself.
    pub until: Option<String>,
    /// The field from which `parameter` counts: its day, or the last day of its month. Without one it
    /// counts from the day on which the record came into the state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Which days count.
    pub basis: Basis,
    /// Working days before it on which it is reminded of; a reminder moves forward to a workday.
    /// With `until` and [`Basis::Day`], days of any kind.
    pub remind_days_before: Vec<u32>,
    /// Who is told when it has passed.
    pub escalates_to: Option<Role>,
    /// A transition that the system does when it has passed.
    pub then: Option<String>,
    /// When the system does it.
    pub then_when: ThenWhen,
}

/// When a transition follows from a deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ThenWhen {
    /// On the day after the last day.
    #[default]
    After,
    /// On the day itself: the day is one on which something begins.
    OnTheDay,
}

/// An attachment of a kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachmentRule {
    /// Id; `doc_type` in records.
    pub id: String,
    /// Chinese name.
    pub name: String,
    /// What it must show, where it is got.
    pub hint: String,
    /// Whether the first submission needs it.
    pub is_required: bool,
    /// Whether one file serves one record only: a photo that was taken elsewhere proves nothing here.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_once: bool,
}

/// For serde, which gives what it asks about as a reference.
fn is_false(is_so: &bool) -> bool {
    !is_so
}

impl Kind {
    /// The field.
    #[must_use]
    pub fn field(&self, id: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.id == id)
    }

    /// How a field is computed.
    pub fn computations_of(&self, id: &str) -> impl Iterator<Item = &super::Computation> {
        self.computations.iter().filter(move |one| one.field == id)
    }

    /// Whether a formula says what this field holds.
    #[must_use]
    pub fn is_derived(&self, id: &str) -> bool {
        self.computations_of(id).next().is_some()
    }

    /// The fields that formulas compute, each once, in the order in which they are computed.
    pub fn derived(&self) -> impl Iterator<Item = &str> {
        let computations = self.computations.iter().enumerate();
        computations.filter_map(|(at, one)| {
            let before = &self.computations[..at];
            let is_first = before.iter().all(|other| other.field != one.field);
            is_first.then_some(one.field.as_str())
        })
    }

    /// The state.
    #[must_use]
    pub fn state(&self, id: &str) -> Option<&State> {
        self.states.iter().find(|state| state.id == id)
    }

    /// The transition.
    #[must_use]
    pub fn transition(&self, id: &str) -> Option<&Transition> {
        self.transitions
            .iter()
            .find(|transition| transition.id == id)
    }

    /// The attachment rule.
    #[must_use]
    pub fn attachment(&self, id: &str) -> Option<&AttachmentRule> {
        self.attachments.iter().find(|rule| rule.id == id)
    }

    /// Whether a record in this state has come to its end.
    #[must_use]
    pub fn is_end(&self, state: &str) -> bool {
        self.state(state)
            .is_some_and(|state| state.stage == StateStage::End)
    }

    /// How a transition leads on.
    #[must_use]
    pub fn way(&self, step: &Transition) -> Way {
        let gives_up = step.needs_reason && self.is_end(&step.to);
        match step.is_main {
            Some(true) => Way::Forward,
            Some(false) => Way::Aside,
            None if gives_up || step.needs_rule || step.is_notice => Way::Aside,
            None if step.from.contains(&step.to) => Way::Round,
            None if step.needs_reason => Way::Explained,
            None => Way::Forward,
        }
    }

    /// The transitions that leave this state, in the order of the buttons.
    pub fn transitions_from<'k>(&'k self, state: &str) -> impl Iterator<Item = &'k Transition> {
        self.transitions
            .iter()
            .filter(move |transition| transition.from.iter().any(|from| from == state))
    }

    /// What the button of an act says; of the first one, 登记.
    #[must_use]
    pub fn act_name<'k>(&'k self, transition: &'k str) -> &'k str {
        match self.transition(transition) {
            Some(transition) => &transition.name,
            None if transition == OPEN => "登记",
            None => transition,
        }
    }
}
