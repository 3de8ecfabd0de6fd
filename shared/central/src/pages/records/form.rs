//! The form of a record: every field with its label, what was typed, and what is wrong with it in
//! words, at the field and on top. What was typed is never lost.

use domain::case::{Field, FieldFault, FieldType, Kind};
use maud::{Markup, html};

use crate::pages::card::card_reader;
use crate::pages::frame::{Desk, MenuEntry, Said, said, staff_page};
use crate::pages::help::help;

/// A field of a form.
#[derive(Debug, Clone)]
pub(crate) struct FieldView {
    pub(crate) field: Field,
    /// As typed, or as it stands.
    pub(crate) typed: String,
    /// What stands there of a personal value: masked.
    pub(crate) masked: String,
    /// What is wrong with it.
    pub(crate) fault: Option<String>,
    /// Needed for the step that the form does.
    pub(crate) is_needed: bool,
}

/// Somebody who can be chosen.
#[derive(Debug, Clone)]
pub(crate) struct StaffChoice {
    pub(crate) id: String,
    pub(crate) name: String,
}

/// What the page of a form shows.
#[derive(Debug, Clone)]
pub(crate) struct FormView {
    /// `登记岗位`, `修改`.
    pub(crate) title: String,
    pub(crate) about: String,
    pub(crate) action: String,
    pub(crate) back: String,
    pub(crate) button: String,
    /// The version that was seen; 0 for a new record.
    pub(crate) seen: u64,
    pub(crate) fields: Vec<FieldView>,
    pub(crate) staff: Vec<StaffChoice>,
    /// Stations of a new record: code and name; empty where the record has one.
    pub(crate) stations: Vec<(String, String)>,
    /// Number or identity number of the person, asked of a new record that concerns one.
    pub(crate) asks_person: bool,
    pub(crate) person_typed: String,
    /// Number of the employer's record.
    pub(crate) asks_employer: bool,
    pub(crate) employer_typed: String,
    /// The record that the new one corrects; empty for none.
    pub(crate) corrects: String,
}

/// Fields with what was typed and what is wrong.
pub(crate) fn fields(
    kind: &Kind,
    shown: impl Fn(&Field) -> bool,
    typed: impl Fn(&Field) -> String,
    masked: impl Fn(&Field) -> String,
    faults: &[FieldFault],
) -> Vec<FieldView> {
    let offered = kind
        .fields
        .iter()
        .filter(|field| !field.is_computed && shown(field));
    offered
        .map(|field| FieldView {
            typed: typed(field),
            masked: masked(field),
            fault: faults
                .iter()
                .find(|fault| fault.field == field.id)
                .map(|fault| fault.text.clone()),
            is_needed: field.is_required,
            field: field.clone(),
        })
        .collect()
}

impl FormView {
    /// Whether an identity card says something that is asked here.
    fn takes_a_card(&self) -> bool {
        self.asks_person
            || self
                .fields
                .iter()
                .any(|one| card_word(&one.field.id).is_some())
    }
}

/// What a card calls what a field asks for.
fn card_word(field: &str) -> Option<&'static str> {
    Some(match field {
        "name" => "name",
        "id_number" => "id_number",
        "sex" => "sex",
        "birth_date" => "birth",
        "address" => "address",
        _ => return None,
    })
}

/// Whether a field is asked for by a later step, and so not before it.
pub(crate) fn is_asked_later(kind: &Kind, field: &Field) -> bool {
    let mut steps = kind.transitions.iter();
    !field.is_required && steps.any(|step| step.asks.contains(&field.id))
}

/// The page.
pub(crate) fn form_page(desk: &Desk, view: &FormView, notice: Option<&Said>) -> Markup {
    let content = html! {
        div.stack {
            h1 { (view.title) }
            p.soft { (view.about) }
            (said(notice))
            (summary(&view.fields))
            form.card method="post" action=(view.action) {
                div.pad {
                    (desk.form_token.field())
                    input type="hidden" name="seen" value=(view.seen);
                    input type="hidden" name="corrects" value=(view.corrects);
                    @if view.takes_a_card() { (card_reader()) }
                    (head_fields(view))
                    (inputs(&view.fields, &view.staff))
                    div.row {
                        button.primary { (view.button) }
                        a.button href=(view.back) { "不存，回去" }
                    }
                }
            }
            (help(&[
                "没有写“可不填”的都要填；先存下，缺的以后再补也行，提交时才检查。",
                "填错的地方会用红字说明怎么改，已经填的不会丢。",
                "日期按 2026-11-26 填；多项一行一个。",
            ]))
        }
    };
    staff_page(desk, MenuEntry::Records, &view.title, None, &content)
}

/// What is wrong, on top, each with a link to its field.
pub(crate) fn summary(fields: &[FieldView]) -> Markup {
    let wrong: Vec<_> = fields
        .iter()
        .filter_map(|field| Some((&field.field.id, field.fault.as_ref()?)))
        .collect();
    html! {
        @if !wrong.is_empty() {
            div.say role="alert" {
                p { "有 " (wrong.len()) " 处要改：" }
                ul { @for (id, text) in wrong { li { a href=(format!("#f-{id}")) { (text) } } } }
            }
        }
    }
}

fn head_fields(view: &FormView) -> Markup {
    html! {
        @if !view.stations.is_empty() {
            div.field {
                label for="station" { "在哪里办" }
                select #station name="station" {
                    @for (code, name) in &view.stations { option value=(code) { (name) } }
                }
            }
        }
        @if view.asks_person {
            div.field {
                label for="person" { "给谁办" }
                input #person name="person" value=(view.person_typed) size="24" autocomplete="off"
                    data-card="id_number" aria-describedby="person-hint";
                span #person-hint .soft { "填身份证号，或人员登记的编号。还没登记过的，先去“人员”里登记。" }
            }
        }
        @if view.asks_employer {
            div.field {
                label for="employer" { "哪个单位" }
                input #employer name="employer" value=(view.employer_typed) size="28" autocomplete="off"
                    aria-describedby="employer-hint";
                span #employer-hint .soft { "填单位登记的编号，例如 EMPLOYER-202611-00001。" }
            }
        }
    }
}

/// The fields, as inputs.
pub(crate) fn inputs(fields: &[FieldView], staff: &[StaffChoice]) -> Markup {
    html! { @for field in fields { (one(field, staff)) } }
}

fn one(view: &FieldView, staff: &[StaffChoice]) -> Markup {
    let field = &view.field;
    let (id, hint_id) = (format!("f-{}", field.id), format!("h-{}", field.id));
    html! {
        div.field {
            label for=(id) {
                (field.name)
                @if !view.is_needed { span.soft { "（可不填）" } }
            }
            (input(view, staff, &id, &hint_id))
            @if let Some(fault) = &view.fault { span.error { (fault) } }
            span.soft id=(hint_id) {
                @if field.hint.is_empty() { (default_hint(&field.kind)) } @else { (field.hint) }
                @if !view.masked.is_empty() { " 现在是 " (view.masked) "，不改就空着。" }
            }
        }
    }
}

fn input(view: &FieldView, staff: &[StaffChoice], id: &str, hint: &str) -> Markup {
    let (field, typed) = (&view.field, view.typed.as_str());
    let name = format!("f.{}", field.id);
    let invalid = view.fault.is_some().then_some("true");
    match &field.kind {
        FieldType::Text { is_long: true, .. } | FieldType::List { .. } => html! {
            textarea id=(id) name=(name) rows="4" aria-describedby=(hint) aria-invalid=[invalid] { (typed) }
        },
        FieldType::Choice(choices) => select(
            id,
            &name,
            hint,
            invalid,
            typed,
            choices
                .iter()
                .map(|(code, name)| (code.as_str(), name.as_str())),
        ),
        FieldType::Boolean => select(
            id,
            &name,
            hint,
            invalid,
            typed,
            [("true", "是"), ("false", "否")],
        ),
        FieldType::Staff => select(
            id,
            &name,
            hint,
            invalid,
            typed,
            staff.iter().map(|one| (one.id.as_str(), one.name.as_str())),
        ),
        kind => html! {
            input id=(id) name=(name) value=(typed) type=(input_type(kind)) size=(width(kind))
                autocomplete="off" aria-describedby=(hint) aria-invalid=[invalid]
                data-card=[card_word(&field.id)];
        },
    }
}

fn select<'c>(
    id: &str,
    name: &str,
    hint: &str,
    invalid: Option<&str>,
    typed: &str,
    choices: impl IntoIterator<Item = (&'c str, &'c str)>,
) -> Markup {
    html! {
        select id=(id) name=(name) aria-describedby=(hint) aria-invalid=[invalid]
            data-card=[name.strip_prefix("f.").and_then(card_word)] {
            option value="" { "请选择" }
            @for (code, text) in choices {
                option value=(code) selected[code == typed] { (text) }
            }
        }
    }
}

/// What is typed where the kind's file says nothing.
fn default_hint(kind: &FieldType) -> &'static str {
    match kind {
        FieldType::Record(_) => "填那条登记的编号。",
        FieldType::List { .. } => "一行一个。",
        _ => "",
    }
}

fn input_type(kind: &FieldType) -> &'static str {
    match kind {
        FieldType::Date { .. } => "date",
        FieldType::Moment => "datetime-local",
        _ => "text",
    }
}

fn width(kind: &FieldType) -> &'static str {
    match kind {
        FieldType::Integer { .. } | FieldType::Money { .. } | FieldType::Decimal { .. } => "14",
        _ => "40",
    }
}
