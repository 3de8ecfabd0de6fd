//! What each table of a file says, before names are looked up.

use toml::de::DeValue;

use crate::case::Role;
use crate::case::kind::{
    AttachmentRule, Basis, DeadlineRule, Effect, Engine, Field, Kind, KindHash, Sensitivity,
    ServiceLine, State, StateStage, Subject, Transition,
};
use crate::id::KindId;

use super::table::{Item, Node, Place, Table};
use super::{field, folder, stem};

const LINES: &str = "employment startup unemployment_insurance training gig administration common";
const DEPTS: [&str; 8] = [
    "employment",
    "startup",
    "ui",
    "training",
    "gig",
    "archive",
    "office",
    "finance",
];
const EFFECTS: &str = "publish_listing withdraw_listing publish_policy withdraw_policy publish_notice withdraw_notice";

/// A kind as its file says it.
pub(super) struct Draft<'f> {
    /// Its head; the rest is put in when names are resolved.
    pub(super) head: Item<'f, Kind>,
    pub(super) fields: Vec<Item<'f, Field>>,
    pub(super) checks: Vec<Item<'f, RawCheck>>,
    pub(super) computations: Vec<Item<'f, RawComputation>>,
    pub(super) tells: Vec<Item<'f, RawTell>>,
    pub(super) attachments: Vec<Item<'f, AttachmentRule>>,
    pub(super) doubles: Vec<Item<'f, RawDouble>>,
    pub(super) flow: Flow<'f>,
    pub(super) workflow: Option<String>,
    pub(super) without: Vec<String>,
    /// Who may change an entry of a register.
    pub(super) editors: Vec<Role>,
    /// Whether an entry of a register can pause.
    pub(super) may_pause: bool,
}

/// States and what leads from one to another: of a workflow, or of a kind itself.
#[derive(Debug, Clone, Default)]
pub(super) struct Flow<'f> {
    pub(super) states: Vec<Item<'f, State>>,
    pub(super) transitions: Vec<Item<'f, RawTransition<'f>>>,
    pub(super) deadlines: Vec<Item<'f, DeadlineRule>>,
    pub(super) validities: Vec<Item<'f, RawValidity>>,
}

/// What no second record may claim, before its parts are looked up.
#[derive(Debug, Clone)]
pub(super) struct RawDouble {
    pub(super) id: String,
    pub(super) same: Vec<String>,
    pub(super) during: Vec<String>,
    pub(super) except: Vec<String>,
    pub(super) say: String,
    pub(super) field: Option<String>,
}

/// What must be so of a named record, before that record's kind is looked up.
#[derive(Debug, Clone)]
pub(super) struct RawValidity {
    pub(super) of: String,
    pub(super) states: Vec<String>,
    pub(super) condition: Option<String>,
    pub(super) steps: Vec<String>,
    pub(super) say: String,
}

/// A transition with what can be read only when the fields are known.
#[derive(Debug, Clone)]
pub(super) struct RawTransition<'f> {
    pub(super) transition: Transition,
    pub(super) only_if: Vec<Item<'f, RawCheck>>,
    pub(super) set: Vec<RawSet<'f>>,
}

/// A value that a transition sets.
#[derive(Debug, Clone)]
pub(super) struct RawSet<'f> {
    pub(super) field: String,
    pub(super) literal: Option<Literal>,
    pub(super) at: Place<'f>,
}

/// A literal as TOML types it.
#[derive(Debug, Clone)]
pub(super) enum Literal {
    Text(String),
    Integer(String),
    Float(String),
    Boolean(String),
    Date(String),
}

/// How a field is computed, before it is read.
#[derive(Debug, Clone)]
pub(super) struct RawComputation {
    pub(super) field: String,
    pub(super) value: String,
    pub(super) condition: Option<String>,
}

/// What records come to in another one, before its kind is looked up.
#[derive(Debug, Clone)]
pub(super) struct RawTell {
    pub(super) to: String,
    pub(super) field: String,
    pub(super) take: String,
    pub(super) states: Vec<String>,
    pub(super) condition: Option<String>,
}

/// A condition before it is read.
#[derive(Debug, Clone)]
pub(super) struct RawCheck {
    pub(super) condition: String,
    pub(super) say: String,
    pub(super) field: Option<String>,
    pub(super) is_hint: bool,
}

/// Reads a workflow; its id is the name of its file.
pub(super) fn workflow<'f>(mut root: Table<'f>, stem: &'f str) -> (&'f str, Flow<'f>) {
    check_id(&mut root, stem);
    root.needed_text("name");
    let flow = flow(&mut root);
    root.done(());
    (stem, flow)
}

fn check_id<'f>(root: &mut Table<'f>, stem: &str) -> String {
    let id = root.needed_text("id");
    if !id.is_empty() && id != stem {
        let text = format!("id 是“{id}”，和文件名“{stem}”不一样。");
        root.faults.say(root.place_of("id", &id), text);
    }
    id
}

fn flow<'f>(root: &mut Table<'f>) -> Flow<'f> {
    Flow {
        states: root.tables("state").into_iter().map(state).collect(),
        transitions: root
            .tables("transition")
            .into_iter()
            .map(transition)
            .collect(),
        deadlines: root.tables("deadline").into_iter().map(deadline).collect(),
        validities: root
            .tables("still_valid")
            .into_iter()
            .map(validity)
            .collect(),
    }
}

/// Reads a kind. `None` when not even its file's name could be its id.
pub(super) fn kind<'f>(mut root: Table<'f>, path: &'f str) -> Option<Draft<'f>> {
    check_id(&mut root, stem(path));
    let Ok(id) = KindId::new(stem(path)) else {
        root.faults
            .say(root.at, "文件名要用小写英文和下划线，2 到 40 个字符。");
        return None;
    };
    let line = line(&mut root, folder(path));
    let head = head(&mut root, id, line);
    let draft = Draft {
        fields: root.tables("field").into_iter().map(field::field).collect(),
        checks: root.tables("check").into_iter().map(check).collect(),
        computations: root
            .tables("compute")
            .into_iter()
            .map(computation)
            .collect(),
        tells: root.tables("tell").into_iter().map(tell).collect(),
        attachments: root
            .tables("attachment")
            .into_iter()
            .map(attachment)
            .collect(),
        doubles: root.tables("no_double").into_iter().map(double).collect(),
        flow: flow(&mut root),
        workflow: root.text("workflow"),
        without: root.texts("without"),
        editors: root.roles("editors"),
        may_pause: root.flag("may_pause"),
        head: root.done(head),
    };
    Some(draft)
}

fn head(root: &mut Table<'_>, id: KindId, line: ServiceLine) -> Kind {
    Kind {
        id,
        name: root.needed_text("name"),
        line,
        engine: engine(root),
        version: version(root),
        hash: KindHash::default(),
        about: root.needed_text("about"),
        dept: dept(root),
        subject: root
            .word("subject", "none person employer either")
            .unwrap_or(Subject::None),
        sensitivity: root
            .word("sensitivity", "public internal personal sensitive")
            .unwrap_or(Sensitivity::Internal),
        readers: root.roles("readers"),
        title: root.texts("title"),
        list: root.texts("list"),
        search: root.texts("search"),
        fields: Vec::new(),
        checks: Vec::new(),
        computations: Vec::new(),
        initial: root.text("initial").unwrap_or_default(),
        states: Vec::new(),
        transitions: Vec::new(),
        deadlines: Vec::new(),
        attachments: Vec::new(),
        doubles: Vec::new(),
        validities: Vec::new(),
        tells: Vec::new(),
    }
}

fn line(root: &mut Table<'_>, folder: &str) -> ServiceLine {
    let word = root.needed_text("line");
    let at = root.place_of("line", &word);
    let reader = serde::de::value::StrDeserializer::<serde::de::value::Error>::new(&word);
    let line: Result<ServiceLine, _> = serde::Deserialize::deserialize(reader);
    if line.is_err() && !word.is_empty() {
        root.faults
            .say(at, format!("“line”不认识“{word}”，可以写：{LINES}。"));
    } else if !word.is_empty() && word != folder {
        root.faults
            .say(at, format!("line 是“{word}”，文件却在“{folder}”目录里。"));
    }
    line.unwrap_or(ServiceLine::Common)
}

fn engine(root: &mut Table<'_>) -> Engine {
    if !root.has("engine") {
        root.lacks("engine");
    }
    root.word("engine", "case register module")
        .unwrap_or(Engine::Case)
}

fn version(root: &mut Table<'_>) -> u32 {
    if !root.has("version") {
        root.lacks("version");
    }
    let Some((number, at)) = root.number("version") else {
        return 0;
    };
    let version = u32::try_from(number).unwrap_or(0);
    if version == 0 {
        root.faults.say(at, "“version”从 1 数起，每改一次加 1。");
    }
    version
}

fn dept(root: &mut Table<'_>) -> String {
    let dept = root.needed_text("dept");
    if !dept.is_empty() && !DEPTS.contains(&dept.as_str()) {
        let text = format!("“dept”不认识“{dept}”，可以写：{}。", DEPTS.join(" "));
        root.faults.say(root.place_of("dept", &dept), text);
    }
    dept
}

fn state<'f>(mut table: Table<'f>) -> Item<'f, State> {
    let id = table.needed_text("id");
    let name = table.needed_text("name");
    if !table.has("stage") {
        table.lacks("stage");
    }
    let stage = table
        .word("stage", "open waiting settled end")
        .unwrap_or(StateStage::Open);
    let editors = table.roles("editors");
    table.done(State {
        id,
        name,
        stage,
        editors,
    })
}

fn transition<'f>(mut table: Table<'f>) -> Item<'f, RawTransition<'f>> {
    let transition = Transition {
        id: table.needed_text("id"),
        name: table.needed_text("name"),
        from: table.texts("from"),
        to: table.needed_text("to"),
        roles: table.roles("roles"),
        requires: table.texts("requires"),
        attachments: table.texts("attachments"),
        may_defer: table.flag("may_defer"),
        asks: table.texts("asks"),
        differs_from: table.texts("differs_from"),
        same_as: table.texts("same_as"),
        not_by: table.texts("not_by"),
        needs_reason: table.flag("reason"),
        needs_rule: table.flag("rule"),
        is_notice: table.flag("notice"),
        only_if: Vec::new(),
        sets: std::collections::BTreeMap::new(),
        stamps: Vec::new(),
        effects: table.words::<Effect>("effects", EFFECTS),
        is_main: table.has("main").then(|| table.flag("main")),
        members_do: table.text("members_do"),
        is_at_once: table.flag("at_once"),
        when_called: table.word("when_called", "reached not_reached"),
    };
    let only_if = table.tables("only_if").into_iter().map(check).collect();
    let set = table.entries("set").into_iter().map(raw_set).collect();
    table.done(RawTransition {
        transition,
        only_if,
        set,
    })
}

fn raw_set<'f>((field, node): (&'f str, Node<'f>)) -> RawSet<'f> {
    let literal = match node.value {
        DeValue::String(text) => Some(Literal::Text(text.to_string())),
        DeValue::Integer(number) => Some(Literal::Integer(number.to_string())),
        DeValue::Float(number) => Some(Literal::Float(number.as_str().to_owned())),
        DeValue::Boolean(is_so) => Some(Literal::Boolean(is_so.to_string())),
        DeValue::Datetime(day) => Some(Literal::Date(day.to_string())),
        DeValue::Array(_) | DeValue::Table(_) => None,
    };
    RawSet {
        field: field.to_owned(),
        literal,
        at: node.at,
    }
}

fn check<'f>(mut table: Table<'f>) -> Item<'f, RawCheck> {
    let check = RawCheck {
        condition: table.needed_text("if"),
        say: table.needed_text("say"),
        field: table.text("field"),
        is_hint: table.flag("hint"),
    };
    table.done(check)
}

fn computation<'f>(mut table: Table<'f>) -> Item<'f, RawComputation> {
    let computation = RawComputation {
        field: table.needed_text("field"),
        value: table.needed_text("value"),
        condition: table.text("if"),
    };
    table.done(computation)
}

fn tell<'f>(mut table: Table<'f>) -> Item<'f, RawTell> {
    let rule = RawTell {
        to: table.needed_text("to"),
        field: table.needed_text("field"),
        take: table.needed_text("take"),
        states: table.texts("states"),
        condition: table.text("if"),
    };
    table.done(rule)
}

fn deadline<'f>(mut table: Table<'f>) -> Item<'f, DeadlineRule> {
    let rule = DeadlineRule {
        id: table.needed_text("id"),
        name: table.needed_text("name"),
        states: table.texts("states"),
        parameter: table.text("parameter"),
        until: table.text("until"),
        from: table.text("from"),
        basis: table
            .word("basis", "workday day month")
            .unwrap_or(Basis::Workday),
        remind_days_before: remind_days(&mut table),
        escalates_to: table.role("escalates_to"),
        then: table.text("then"),
        then_when: table
            .word("then_when", "after on_the_day")
            .unwrap_or_default(),
    };
    table.done(rule)
}

fn remind_days(table: &mut Table<'_>) -> Vec<u32> {
    let Some((numbers, at)) = table.numbers("remind_before") else {
        return Vec::new();
    };
    let days: Result<Vec<u32>, _> = numbers.into_iter().map(u32::try_from).collect();
    days.unwrap_or_else(|_| {
        table.faults.say(at, "“remind_before”里的天数不能是负数。");
        Vec::new()
    })
}

fn attachment<'f>(mut table: Table<'f>) -> Item<'f, AttachmentRule> {
    let rule = AttachmentRule {
        id: table.needed_text("id"),
        name: table.needed_text("name"),
        hint: table.needed_text("hint"),
        is_required: table.flag("required"),
        is_once: table.flag("once"),
    };
    table.done(rule)
}

fn double<'f>(mut table: Table<'f>) -> Item<'f, RawDouble> {
    let rule = RawDouble {
        id: table.needed_text("id"),
        same: table.texts("same"),
        during: table.texts("during"),
        except: table.texts("except"),
        say: table.needed_text("say"),
        field: table.text("field"),
    };
    table.done(rule)
}

fn validity<'f>(mut table: Table<'f>) -> Item<'f, RawValidity> {
    let rule = RawValidity {
        of: table.needed_text("of"),
        states: table.texts("states"),
        condition: table.text("if"),
        steps: table.texts("steps"),
        say: table.needed_text("say"),
    };
    table.done(rule)
}
