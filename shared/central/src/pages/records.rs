//! Pages of records: lists, forms, a record with what can be done now, many at once. Pure: what
//! they show is put together by `routes::records`.

mod act_forms;
mod acts;
mod bulk;
mod compose;
mod form;
mod import;
mod index;
mod inputs;
mod list;
mod one;
mod standing;
mod work;

pub(crate) use acts::{HAND_OVER, MERGE, Tried};
pub(crate) use bulk::{BulkView, bulk_page};
pub(crate) use compose::{
    Parts, TIES_SHOWN_MAX, compose, due_mark, moment_text, staff_choices, state_name,
};
pub(crate) use form::{FormView, HeadField, form_page, is_asked_later};
pub(crate) use import::{ImportStage, ImportView, import_page};
pub(crate) use index::{IndexView, KindLine, index_page, line_name};
pub(crate) use inputs::{FieldView, Filled, Offer, StaffChoice, fields, inputs, summary};
pub(crate) use list::{
    Cell, LINES_PER_PAGE, ListAsked, ListLine, ListView, Set, StateChip, list_page,
};
pub(crate) use one::{TiedRecord, one_page};
pub(crate) use standing::{Returned, Standing};
pub(crate) use work::{RestOfKind, WorkCard, WorkRow, work_card};

/// How a deadline stands, with its words (look §7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DueMark {
    /// `晚 2 个工作日`, `今天到期`, `11月27日 周五`.
    pub(crate) text: String,
    /// Class of the tag.
    pub(crate) class: &'static str,
}
