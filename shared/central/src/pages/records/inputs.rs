//! One field of a form: its label, what stands in it, what is wrong with it in words, and what
//! somebody else wrote there meanwhile. Ids begin with the place, so that two forms of one page may
//! ask for the same field.

use domain::case::{Field, FieldFault, FieldType, Kind};
use domain::id::KindId;
use maud::{Markup, html};

use crate::cases::same_person;

/// What one field shows.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filled {
    /// As typed, or as it stands.
    pub(crate) typed: String,
    /// What stands there of a personal value.
    pub(crate) masked: Option<String>,
    /// What the form tells that it had shown; of a new record and of a personal field nothing.
    pub(crate) was: Option<String>,
    /// What somebody else wrote there meanwhile, as a sentence.
    pub(crate) other: Option<String>,
}

/// A field of a form.
#[derive(Debug, Clone)]
pub(crate) struct FieldView {
    pub(crate) field: Field,
    pub(crate) filled: Filled,
    /// What is wrong with it.
    pub(crate) fault: Option<String>,
    /// Needed for the step that the form does.
    pub(crate) is_needed: bool,
    /// What can be chosen for a list, if that is known; the values stand one a line.
    pub(crate) offers: Vec<Offer>,
}

/// Something that can be chosen for a list.
#[derive(Debug, Clone)]
pub(crate) struct Offer {
    /// As it would be typed; `None` for what cannot be chosen now.
    pub(crate) value: Option<String>,
    pub(crate) name: String,
    /// Where it is, or why it cannot be chosen.
    pub(crate) note: String,
}

/// Somebody who can be chosen.
#[derive(Debug, Clone)]
pub(crate) struct StaffChoice {
    pub(crate) id: String,
    pub(crate) name: String,
}

/// Fields with what stands in them and what is wrong.
pub(crate) fn fields(
    kind: &Kind,
    shown: impl Fn(&Field) -> bool,
    filled: impl Fn(&Field) -> Filled,
    faults: &[FieldFault],
) -> Vec<FieldView> {
    let offered = kind
        .fields
        .iter()
        .filter(|field| !field.is_computed && shown(field));
    offered
        .map(|field| FieldView {
            filled: filled(field),
            fault: faults
                .iter()
                .find(|fault| fault.field == field.id)
                .map(|fault| fault.text.clone()),
            is_needed: field.is_required,
            offers: Vec::new(),
            field: field.clone(),
        })
        .collect()
}

/// What a card calls what a field asks for.
pub(crate) fn card_word(field: &str) -> Option<&'static str> {
    Some(match field {
        "name" => "name",
        "id_number" => "id_number",
        "sex" => "sex",
        "birth_date" => "birth",
        "address" => "address",
        _ => return None,
    })
}

/// Ids of a field and of what is told about it, within one page.
struct Ids {
    input: String,
    hint: String,
    fault: String,
    other: String,
}

impl Ids {
    fn of(place: &str, field: &str) -> Self {
        let id = |what: &str| format!("{place}{what}-{field}");
        Self {
            input: id("f"),
            hint: id("h"),
            fault: id("e"),
            other: id("o"),
        }
    }

    /// Everything that is told about the field, what is wrong first.
    fn described_by(&self, view: &FieldView) -> String {
        let fault = view.fault.as_ref().map(|_| self.fault.as_str());
        let other = view.filled.other.as_ref().map(|_| self.other.as_str());
        let told: Vec<_> = [fault, other, Some(&self.hint)]
            .into_iter()
            .flatten()
            .collect();
        told.join(" ")
    }
}

/// What is wrong, on top, each with a link to its field: what stands before the fields as pairs of
/// id and sentence, then the fields.
pub(crate) fn summary(heads: &[(&str, &str)], fields: &[FieldView], place: &str) -> Markup {
    let of_fields = fields.iter().filter_map(|view| {
        let fault = view.fault.clone()?;
        Some((Ids::of(place, &view.field.id).input, fault))
    });
    let heads = heads.iter();
    let wrong: Vec<_> = heads
        .map(|(id, text)| ((*id).to_owned(), (*text).to_owned()))
        .chain(of_fields)
        .collect();
    html! {
        @if !wrong.is_empty() {
            div.say role="alert" {
                p { "有 " (wrong.len()) " 处要改：" }
                ul { @for (id, text) in wrong { li { a href=(format!("#{id}")) { (text) } } } }
            }
        }
    }
}

/// The fields, as inputs whose ids begin with the place.
pub(crate) fn inputs(fields: &[FieldView], staff: &[StaffChoice], place: &str) -> Markup {
    html! { @for field in fields { (one(field, staff, &Ids::of(place, &field.field.id))) } }
}

fn one(view: &FieldView, staff: &[StaffChoice], ids: &Ids) -> Markup {
    let (field, filled) = (&view.field, &view.filled);
    let name = html! {
        (field.name)
        @if !view.is_needed { span.soft { "（可不填）" } }
    };
    let people = people(&field.kind, staff);
    let offers = people.as_ref().unwrap_or(&view.offers);
    html! {
        div.field {
            @if offers.is_empty() {
                label for=(ids.input) { (name) }
                (input(view, staff, ids))
            } @else {
                (offered(view, offers, ids, &name))
            }
            @if let Some(was) = &filled.was {
                input type="hidden" name=(format!("was.{}", field.id)) value=(was);
            }
            @if let Some(fault) = &view.fault { span.error id=(ids.fault) { (fault) } }
            @if let Some(other) = &filled.other { span.error id=(ids.other) { (other) } }
            span.soft id=(ids.hint) {
                (field.hint) (how_to_name(field))
                @if let Some(masked) = &filled.masked { " 现在是 " (masked) "，不改就空着。" }
            }
        }
    }
}

/// Everybody, for a list of members of staff: nobody can type their ids.
fn people(kind: &FieldType, staff: &[StaffChoice]) -> Option<Vec<Offer>> {
    let FieldType::List { of, .. } = kind else {
        return None;
    };
    let offer = |one: &StaffChoice| Offer {
        value: Some(one.id.clone()),
        name: one.name.clone(),
        note: String::new(),
    };
    matches!(**of, FieldType::Staff).then(|| staff.iter().map(offer).collect())
}

/// A list of which one knows what can be chosen. What was chosen before and is not offered any more
/// stays until somebody takes it out.
fn offered(view: &FieldView, offers: &[Offer], ids: &Ids, name: &Markup) -> Markup {
    let field = format!("f.{}", view.field.id);
    let chosen: Vec<&str> = view.filled.typed.lines().map(str::trim).collect();
    let is_offered = |value: &str| {
        let mut offers = offers.iter();
        offers.any(|offer| offer.value.as_deref() == Some(value))
    };
    let others = chosen
        .iter()
        .filter(|value| !value.is_empty() && !is_offered(value));
    let others: Vec<Offer> = others
        .map(|value| Offer {
            value: Some((*value).to_owned()),
            name: (*value).to_owned(),
            note: "以前选的".to_owned(),
        })
        .collect();
    html! {
        fieldset id=(ids.input) aria-describedby=(ids.described_by(view)) {
            legend { b { (name) } }
            // says that nothing is chosen, where nothing is
            input type="hidden" name=(field) value="";
            @for offer in offers.iter().chain(&others) {
                label.offer {
                    input type="checkbox" name=(field) value=[offer.value.as_deref()]
                        disabled[offer.value.is_none()]
                        checked[offer.value.as_deref().is_some_and(|value| chosen.contains(&value))];
                    " " (offer.name) " " span.soft { (offer.note) }
                }
            }
        }
    }
}

fn input(view: &FieldView, staff: &[StaffChoice], ids: &Ids) -> Markup {
    let field = &view.field;
    let typed = view.filled.typed.as_str();
    let (name, hint) = (format!("f.{}", field.id), ids.described_by(view));
    let invalid = view.fault.is_some().then_some("true");
    let chosen = |choices: &[(&str, &str)]| {
        html! {
            select id=(ids.input) name=(name) aria-describedby=(hint) aria-invalid=[invalid]
                data-card=[card_word(&field.id)] {
                option value="" { "请选择" }
                @for (code, text) in choices {
                    option value=(code) selected[*code == typed] { (text) }
                }
            }
        }
    };
    match &field.kind {
        FieldType::Text { is_long: true, .. } | FieldType::List { .. } => html! {
            textarea id=(ids.input) name=(name) rows="4" aria-describedby=(hint)
                aria-invalid=[invalid] { (typed) }
        },
        FieldType::Choice(choices) => {
            let pairs = choices.iter();
            let pairs: Vec<_> = pairs
                .map(|(code, name)| (code.as_str(), name.as_str()))
                .collect();
            chosen(&pairs)
        }
        FieldType::Boolean => chosen(&[("true", "是"), ("false", "否")]),
        FieldType::Staff => {
            let everybody = staff.iter();
            let pairs: Vec<_> = everybody
                .map(|one| (one.id.as_str(), one.name.as_str()))
                .collect();
            chosen(&pairs)
        }
        kind => html! {
            input id=(ids.input) name=(name) value=(typed) type=(input_type(kind))
                size=(width(kind)) autocomplete="off" aria-describedby=(hint)
                aria-invalid=[invalid] data-card=[card_word(&field.id)];
        },
    }
}

/// How what a field names is typed; of other lists that, where the kind's file says nothing.
fn how_to_name(field: &Field) -> &'static str {
    let is_person = |to: &[KindId]| matches!(to, [kind] if kind.as_str() == same_person::KIND);
    match &field.kind {
        FieldType::Record(to) if is_person(to) => "填身份证号，或自然人登记的编号。",
        FieldType::Record(_) => "填那条登记的编号。",
        FieldType::List { of, .. } => match &**of {
            FieldType::Record(to) if is_person(to) => "一行一个，填身份证号，或自然人登记的编号。",
            FieldType::Record(_) => "一行一个，填登记的编号。",
            FieldType::Staff => "",
            _ if field.hint.is_empty() => "一行一个。",
            _ => "",
        },
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
