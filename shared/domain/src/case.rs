//! Records with states: one engine for every kind of case and register (DESIGN.md §5).
//!
//! A **kind** is data: a file under `assets/case-kinds` says its fields, states, transitions with
//! roles, deadlines and attachments. [`decide`] answers a command on a record with events or with a
//! refusal that a person may be told; [`Record::apply`] is generic and never consults the current
//! file, so an old history replays to the same record whatever the file says today.
//!
//! Deliberately not here: SQL, encryption (the shell seals personal values between `decide` and
//! the log), money that moves, and what other kinds of records hold.

mod apply;
mod columns;
mod command;
mod condition;
mod deadline;
mod decide;
mod document;
mod double;
mod event;
mod formula;
mod kind;
pub(crate) mod read;
mod record;
mod role;
mod rulebook;
mod start_page;
mod tell;
mod validity;
mod value;

pub use columns::{Column, ColumnForm, cells};
pub use command::{
    Actor, CaseRefusal, CaseRefusalCode, Command, Draft, FieldFault, Missing, Opening,
};
pub use condition::{Comparison, Condition, Operand};
pub use deadline::{
    Reminder, due_steps, is_overdue, overdue_days, reminders, workdays_after, workdays_before,
};
pub use decide::{
    Allowed, allowed, decide, hints, how_to_excuse, may_change, may_open, missing, open,
};
pub use document::document;
pub use double::{Claim, DoubleRule, Part, claims, claims_twice};
pub use event::{
    CaseAttached, CaseChanged, CaseDetached, CaseEvent, CaseHandedOver, CaseLinked, CaseMoved,
    CaseOpened, LinkKind,
};
pub use formula::{Computation, Expression, Formula, Operator, compute};
pub use kind::{
    AttachmentRule, Basis, Called, Check, DeadlineRule, Effect, Engine, Field, FieldType, Kind,
    KindHash, OPEN, Sensitivity, ServiceLine, State, StateStage, Subject, TITLE_EMPLOYER,
    TITLE_KIND, TextForm, ThenWhen, Transition, Way,
};
pub use read::{KindFault, KindFile, KindSet, NotAKind};
pub use record::{Act, Attachment, CaseNo, Channel, Due, Link, Record};
pub use role::Role;
pub use rulebook::{NoCalendar, NoParameter, Rulebook};
pub use start_page::{Ledger, LedgerOrder, StartPage, StartPages, WorkGroup, WorkList};
pub use tell::{Take, TellRule, Told};
pub use validity::{Named, ValidityRule};
pub use value::{Decimal, NotDecimal, Value, Values};

#[cfg(test)]
mod tests;
