//! Forms that keep what was typed: an error stands under its field, and all of them on top, each
//! leading to its field.

use domain::case::FieldFault;
use maud::{Markup, html};

/// Everything that is wrong, on top of the form.
pub(crate) fn summary(faults: &[FieldFault]) -> Markup {
    html! {
        @if !faults.is_empty() {
            div.say.stop role="alert" {
                p { "还差 " (faults.len()) " 处：" }
                @for fault in faults {
                    p { a href=(format!("#{}", fault.field)) { (fault.text) } }
                }
            }
        }
    }
}

/// What is wrong with one field.
pub(crate) fn fault_of<'f>(faults: &'f [FieldFault], field: &str) -> Option<&'f str> {
    let found = faults.iter().find(|fault| fault.field == field);
    found.map(|fault| fault.text.as_str())
}

/// A field of one line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TextField<'f> {
    /// Its name and id.
    pub(crate) name: &'f str,
    /// What it is called.
    pub(crate) label: &'f str,
    /// As typed.
    pub(crate) value: &'f str,
    /// `text`, `password`, `date`.
    pub(crate) kind: &'f str,
    /// What the browser may fill in.
    pub(crate) autocomplete: &'f str,
    /// A hint, or nothing.
    pub(crate) hint: &'f str,
}

/// The field with its label, its hint and what is wrong with it.
pub(crate) fn text_field(field: TextField<'_>, faults: &[FieldFault]) -> Markup {
    let fault = fault_of(faults, field.name);
    let (fault_id, hint_id) = (
        format!("{}-fault", field.name),
        format!("{}-hint", field.name),
    );
    let told: Vec<&str> = [
        fault.map(|_| fault_id.as_str()),
        (!field.hint.is_empty()).then_some(hint_id.as_str()),
    ]
    .into_iter()
    .flatten()
    .collect();
    let told_by = (!told.is_empty()).then(|| told.join(" "));
    html! {
        div.field {
            label for=(field.name) { (field.label) }
            input id=(field.name) name=(field.name) type=(field.kind) value=(field.value)
                maxlength="256" autocomplete=(field.autocomplete) aria-describedby=[told_by]
                aria-invalid=[fault.map(|_| "true")];
            @if !field.hint.is_empty() { span.soft id=(hint_id) { (field.hint) } }
            @if let Some(fault) = fault { span.error id=(fault_id) { (fault) } }
        }
    }
}

/// Something wrong with a field.
pub(crate) fn fault(field: &str, text: impl Into<String>) -> FieldFault {
    FieldFault {
        field: field.to_owned(),
        text: text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_stands_under_its_field_and_on_top_with_a_way_to_it() {
        let faults = [fault("name", "请写姓名。")];
        assert!(summary(&faults).into_string().contains("href=\"#name\""));
        let field = TextField {
            name: "name",
            label: "姓名",
            value: "<甲>",
            kind: "text",
            autocomplete: "off",
            hint: "",
        };
        let shown = text_field(field, &faults).into_string();
        assert!(shown.contains("aria-describedby=\"name-fault\"") && shown.contains("请写姓名。"));
        assert!(shown.contains("&lt;甲&gt;"));
        assert!(summary(&[]).into_string().is_empty());
    }
}
