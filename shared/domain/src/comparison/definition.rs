//! How one list is compared, as its file says it (`assets/comparisons`): the columns with what
//! others call them, with whom it is compared, and what a hit opens.

use std::collections::BTreeMap;

use crate::case::read::known;
use crate::case::read::table::{Faults, Table, parsed};
use crate::case::{
    Engine, Field, FieldType, Kind, KindFault, KindFile, KindHash, KindSet, Sensitivity,
    ServiceLine, Subject, Values,
};
use crate::id::KindId;
use crate::personal::PersonField;

/// The column of the identity number.
pub const NUMBER: &str = "number";
/// The column of the name.
pub const NAME: &str = "name";
/// The column of the birth date.
pub const BIRTH: &str = "birth";

/// The field that every list is asked for: the number of the paper with which it came.
pub const BATCH_NO: &str = "batch_no";

/// What a column may be.
const COLUMNS: &str = "number name birth value";
/// Most characters of a number or a name.
const CHARS_MAX: u32 = 60;

/// How one list is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListComparison {
    /// The name of its file.
    pub id: String,
    /// Chinese name; no two lists have the same.
    pub name: String,
    /// What it is for, and from whom it comes.
    pub about: String,
    /// Columns that are read, the number first.
    pub columns: Vec<ListColumn>,
    /// Headings of columns that are kept for the answer and not read.
    pub kept: Vec<String>,
    /// With whom.
    pub against: Against,
    /// What a hit opens.
    pub opens: Opens,
    /// Fields of what was opened that the answer tells.
    pub feedback: Vec<Field>,
}

/// A column that is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListColumn {
    /// What stands in it; [`NUMBER`], [`NAME`], [`BIRTH`], or a field of what is opened.
    pub field: Field,
    /// What others call it besides the field's name.
    pub headings: Vec<String>,
}

/// The people with whom a list is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Against {
    /// Whom records of this kind concern; of the register of persons, the person.
    pub kind: KindId,
    /// In one of these states.
    pub states: Vec<String>,
}

/// What a hit opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opens {
    /// A record of this kind about the person.
    pub kind: KindId,
    /// With these values.
    pub set: Values,
    /// With what the form asks once for the whole list.
    pub asks: Vec<Field>,
    /// With dates: so many workdays of a dated parameter after the day of the comparison.
    pub workdays: BTreeMap<String, String>,
    /// Once for a person and these values, however often the list comes.
    pub once_by: Vec<String>,
}

/// Reads every file.
///
/// # Errors
/// Every fault, by file and line.
pub fn read(
    files: &[KindFile<'_>],
    kinds: &KindSet,
) -> Result<Vec<ListComparison>, Vec<KindFault>> {
    let faults = Faults::default();
    let texts: Vec<_> = files
        .iter()
        .map(|file| (file.path, parsed(*file, &faults)))
        .collect();
    let mut lists: Vec<ListComparison> = Vec::new();
    for (path, parsed) in &texts {
        let Some(root) = parsed.as_ref().map(|parsed| parsed.root()) else {
            continue;
        };
        let at = root.at;
        let Some(list) = one(root, path, kinds) else {
            continue;
        };
        if lists.iter().any(|known| known.name == list.name) {
            faults.say(at, format!("已经有一份名单叫“{}”。", list.name));
        }
        lists.push(list);
    }
    faults.into_result().map(|()| lists)
}

/// `None` when a part is missing without which nothing else can be checked; that is a fault.
fn one(mut root: Table<'_>, path: &str, kinds: &KindSet) -> Option<ListComparison> {
    let id = known::id(&mut root, path);
    let (name, about) = (root.needed_text("name"), root.needed_text("about"));
    let against = part(&mut root, "against").and_then(|table| against(table, kinds));
    let opened = part(&mut root, "opens").and_then(|table| opens(table, kinds));
    let columns = root.tables("column");
    let kept = root.texts("kept");
    let Some((kind, opens)) = opened else {
        drop(root);
        return None;
    };
    let mut read: Vec<ListColumn> = Vec::new();
    for table in columns {
        let at = table.at;
        let faults = table.faults;
        let Some(one) = column(table, &kind) else {
            continue;
        };
        if read.iter().any(|known| known.field.id == one.field.id) {
            faults.say(at, format!("“{}”这一列写了两次。", one.field.name));
        }
        read.push(one);
    }
    check_columns(&root, &read);
    let feedback = known::fields(&mut root, "feedback", &kind);
    root.done(());
    Some(ListComparison {
        id,
        name,
        about,
        columns: read,
        kept,
        against: against?,
        opens,
        feedback,
    })
}

fn part<'f>(root: &mut Table<'f>, key: &'static str) -> Option<Table<'f>> {
    if !root.has(key) {
        root.lacks(key);
    }
    root.table(key)
}

fn against(mut table: Table<'_>, kinds: &KindSet) -> Option<Against> {
    let kind = known::kind(&mut table, kinds)?;
    let states = known::states(&mut table, "states", &kind);
    if states.is_empty() {
        table.lacks("states");
    }
    let is_of_persons = kind.subject == Subject::Person
        || kind.subject == Subject::Either
        || kind.id.as_str() == "person";
    if !is_of_persons {
        let text = format!("“{}”不是关于人的，名单没法和它比。", kind.name);
        table.faults.say(table.at, text);
    }
    let kind = kind.id.clone();
    Some(table.done(Against { kind, states }).value)
}

fn opens(mut table: Table<'_>, kinds: &KindSet) -> Option<(std::sync::Arc<Kind>, Opens)> {
    let kind = known::kind(&mut table, kinds)?;
    if !matches!(kind.subject, Subject::Person | Subject::Either) {
        let text = format!("“{}”不是关于人的，命中了开不出来。", kind.name);
        table.faults.say(table.at, text);
    }
    let once_by = known::fields(&mut table, "once_by", &kind);
    if once_by.is_empty() {
        table.lacks("once_by");
    }
    let opens = Opens {
        kind: kind.id.clone(),
        set: known::set(&mut table, "set", &kind),
        asks: known::fields(&mut table, "asks", &kind),
        workdays: known::texts_of_fields(&mut table, "workdays", &kind)
            .into_iter()
            .collect(),
        once_by: once_by.into_iter().map(|field| field.id).collect(),
    };
    if !opens.asks.iter().any(|field| field.id == BATCH_NO) {
        let text = "“asks”里要有 batch_no：同一份名单来第二次，靠批次号认出来。";
        table.faults.say(table.at, text);
    }
    let is_given = |id: &String| {
        opens.set.contains_key(id)
            || opens.workdays.contains_key(id)
            || opens.asks.iter().any(|field| field.id == *id)
    };
    if let Some(id) = opens.once_by.iter().find(|id| !is_given(id)) {
        let text = format!("“once_by”里的“{id}”没有值：set、asks、workdays 里都没有它。");
        table.faults.say(table.place_of("once_by", id), text);
    }
    Some((kind, table.done(opens).value))
}

fn column(mut table: Table<'_>, kind: &Kind) -> Option<ListColumn> {
    let word = table.needed_text("is");
    let is_required = table.flag("required");
    let headings = table.texts("headings");
    let field = match word.as_str() {
        "number" => personal(NUMBER, "证件号码", PersonField::IdNumber),
        "name" => personal(NAME, "姓名", PersonField::Name),
        "birth" => plain(BIRTH, "出生日期", FieldType::Date { is_workday: false }),
        "value" => {
            if !table.has("field") {
                table.lacks("field");
            }
            known::field(&mut table, "field", kind)?
        }
        "" => return None,
        other => {
            let text = format!("“is”不认识“{other}”，可以写：{COLUMNS}。");
            table.faults.say(table.place_of("is", other), text);
            return None;
        }
    };
    let field = Field {
        is_required,
        ..field
    };
    Some(table.done(ListColumn { field, headings }).value)
}

fn check_columns(root: &Table<'_>, columns: &[ListColumn]) {
    let has = |id: &str| columns.iter().any(|column| column.field.id == id);
    if !has(NUMBER) {
        let text = "缺证件号码那一列：没有号码，就没有命中，只有疑似。";
        root.faults.say(root.at, text);
    }
}

fn personal(id: &str, name: &str, personal: PersonField) -> Field {
    let kind = FieldType::Text {
        chars_min: 1,
        chars_max: CHARS_MAX,
        is_long: false,
        form: None,
        without_words: None,
    };
    Field {
        personal: Some(personal),
        ..plain(id, name, kind)
    }
}

fn plain(id: &str, name: &str, kind: FieldType) -> Field {
    Field {
        id: id.to_owned(),
        name: name.to_owned(),
        kind,
        is_required: false,
        is_computed: false,
        hint: String::new(),
        personal: None,
        excused_by: None,
        columns: Vec::new(),
    }
}

impl ListComparison {
    /// The list as a kind of sheet: by this it is read, its template made and its refused rows given
    /// back. No record is ever of it.
    #[must_use]
    pub fn sheet(&self) -> Kind {
        let fields = self.columns.iter().map(|column| column.field.clone());
        sheet(&self.name, fields.collect())
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

    /// Whether a row without a number can be compared at all.
    #[must_use]
    pub fn takes_name_and_birth(&self) -> bool {
        let has = |id: &str| self.columns.iter().any(|column| column.field.id == id);
        has(NAME) && has(BIRTH)
    }
}

/// A kind of sheet that is no kind of record.
#[must_use]
pub(crate) fn sheet(name: &str, fields: Vec<Field>) -> Kind {
    Kind {
        id: KindId::new("sheet").expect("a kind's id, because it is short"),
        name: name.to_owned(),
        line: ServiceLine::Common,
        engine: Engine::Module,
        version: 1,
        hash: KindHash::default(),
        about: String::new(),
        dept: String::new(),
        subject: Subject::None,
        sensitivity: Sensitivity::Sensitive,
        readers: Vec::new(),
        title: Vec::new(),
        list: Vec::new(),
        search: Vec::new(),
        fields,
        checks: Vec::new(),
        computations: Vec::new(),
        initial: String::new(),
        states: Vec::new(),
        transitions: Vec::new(),
        deadlines: Vec::new(),
        attachments: Vec::new(),
        doubles: Vec::new(),
        validities: Vec::new(),
        tells: Vec::new(),
    }
}
