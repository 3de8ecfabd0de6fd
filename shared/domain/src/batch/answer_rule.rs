//! What a bank's answer does, as the file of a batch says it: which columns it has and what the bank
//! calls them, and which steps follow from it.

use std::sync::Arc;

use crate::case::read::known;
use crate::case::read::table::Table;
use crate::case::{Field, FieldType, Kind, KindSet, Role, StateStage};
use crate::comparison::sheet;

use super::definition::Source;

/// The column of an answer with the member's number.
pub const MEMBER: &str = "member";
/// The column with the amount.
pub const AMOUNT: &str = "amount";
/// The column that says whether it was paid.
pub const RESULT: &str = "result";
/// The column that says why not.
pub const REASON: &str = "reason";

/// Most characters of a cell of an answer.
const CHARS_MAX: u32 = 200;

/// What a bank's answer does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The state of the batch in which it is awaited.
    pub state: String,
    /// Who may bring it.
    pub roles: Vec<Role>,
    /// The attachment as which the file is kept.
    pub attachment: String,
    /// The batch's step when all were paid.
    pub all_paid: String,
    /// The batch's step when some were not.
    pub some_failed: String,
    /// The batch's list of lines for those that were not.
    pub failed: Option<String>,
    /// The step of a member that was paid; `None` where nothing follows.
    pub member_paid: Option<String>,
    /// The step of a member that was not.
    pub member_failed: Option<String>,
    /// Columns of the file.
    pub columns: Vec<AnswerColumn>,
    /// Headings of columns that are not read: names and accounts.
    pub ignored: Vec<String>,
    /// What the bank writes where it paid.
    pub paid_words: Vec<String>,
    /// What the bank writes where it did not.
    pub failed_words: Vec<String>,
}

/// A column of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerColumn {
    /// [`MEMBER`], [`AMOUNT`], [`RESULT`], [`REASON`].
    pub field: Field,
    /// What banks call it besides the field's name.
    pub headings: Vec<String>,
}

impl Answer {
    /// The answer's file as a kind of sheet. No record is ever of it.
    #[must_use]
    pub fn sheet(&self, name: &str) -> Kind {
        let fields = self.columns.iter().map(|column| column.field.clone());
        sheet(&format!("{name}回盘"), fields.collect())
    }

    /// Names of columns with the fields that they are.
    #[must_use]
    pub fn headings(&self) -> Vec<(String, String)> {
        let named = self.columns.iter().flat_map(|column| {
            let headings = column.headings.iter();
            headings.map(|heading| (heading.clone(), column.field.id.clone()))
        });
        named.collect()
    }
}

/// Reads what an answer does; `None` when a step is missing, which is a fault.
pub(super) fn read(
    mut table: Table<'_>,
    batch: &Kind,
    from: &[Source],
    kinds: &KindSet,
) -> Option<Answer> {
    let state = table.needed_text("state");
    if batch
        .state(&state)
        .is_none_or(|state| state.stage == StateStage::End)
    {
        let text = format!("“{}”没有“{state}”这个状态，或者它已经办结。", batch.name);
        table.faults.say(table.place_of("state", &state), text);
    }
    let attachment = table.needed_text("attachment");
    if batch.attachment(&attachment).is_none() {
        let text = format!("“{}”没有“{attachment}”这种材料。", batch.name);
        table
            .faults
            .say(table.place_of("attachment", &attachment), text);
    }
    let [all_paid, some_failed] = ["all_paid", "some_failed"].map(|key| {
        if !table.has(key) {
            table.lacks(key);
        }
        known::step(&mut table, key, batch)
    });
    let mut columns = Vec::new();
    for column in table.tables("column") {
        columns.extend(answer_column(column));
    }
    for wanted in [MEMBER, RESULT] {
        if !columns
            .iter()
            .any(|column: &AnswerColumn| column.field.id == wanted)
        {
            table.faults.say(table.at, format!("缺“{wanted}”那一列。"));
        }
    }
    let answer = Answer {
        state,
        roles: table.roles("roles"),
        attachment,
        all_paid: all_paid?,
        some_failed: some_failed?,
        failed: known::field(&mut table, "failed", batch).map(|field| field.id),
        member_paid: member_step(&mut table, "member_paid", from, kinds),
        member_failed: member_step(&mut table, "member_failed", from, kinds),
        columns,
        ignored: table.texts("ignored"),
        paid_words: table.texts("paid_words"),
        failed_words: table.texts("failed_words"),
    };
    for (key, is_empty) in [
        ("roles", answer.roles.is_empty()),
        ("paid_words", answer.paid_words.is_empty()),
        ("failed_words", answer.failed_words.is_empty()),
    ] {
        if is_empty {
            table.lacks(key);
        }
    }
    Some(table.done(answer).value)
}

/// A step that every kind of member must have.
fn member_step(
    table: &mut Table<'_>,
    key: &'static str,
    from: &[Source],
    kinds: &KindSet,
) -> Option<String> {
    let step = table.text(key)?;
    let of_members = from.iter().filter_map(|source| kinds.get(&source.kind));
    let mut lacking = of_members.filter(|kind: &&Arc<Kind>| kind.transition(&step).is_none());
    if let Some(kind) = lacking.next() {
        let text = format!("“{}”没有“{step}”这一步。", kind.name);
        table.faults.say(table.place_of(key, &step), text);
    }
    Some(step)
}

fn answer_column(mut table: Table<'_>) -> Option<AnswerColumn> {
    let word = table.needed_text("is");
    let headings = table.texts("headings");
    let text = FieldType::Text {
        chars_min: 1,
        chars_max: CHARS_MAX,
        is_long: false,
        form: None,
        without_words: None,
    };
    let (id, name, kind) = match word.as_str() {
        MEMBER => (MEMBER, "业务编号", text),
        AMOUNT => (AMOUNT, "金额", FieldType::Money { min_fen: 0 }),
        RESULT => (RESULT, "结果", text),
        REASON => (REASON, "失败原因", text),
        "" => return None,
        other => {
            let text = format!("“is”不认识“{other}”，可以写：member amount result reason。");
            table.faults.say(table.place_of("is", other), text);
            return None;
        }
    };
    let field = Field {
        id: id.to_owned(),
        name: name.to_owned(),
        kind,
        is_required: id == MEMBER || id == RESULT,
        is_computed: false,
        hint: String::new(),
        personal: None,
        excused_by: None,
        columns: Vec::new(),
    };
    Some(table.done(AnswerColumn { field, headings }).value)
}
