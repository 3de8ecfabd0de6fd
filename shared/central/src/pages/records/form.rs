//! The form of a record: every field with its label, what was typed, and what is wrong with it in
//! words, at the field and on top. What was typed is never lost.

use domain::case::{Field, Kind};
use maud::{Markup, html};

use super::inputs::{FieldView, StaffChoice, card_word, inputs, summary};
use crate::pages::boards::editor::{self, EditorView};
use crate::pages::card::card_reader;
use crate::pages::frame::{Desk, MenuEntry, Said, said, staff_page};
use crate::pages::help::help;

/// What is asked before the fields: where, for whom, for which employer.
#[derive(Debug, Clone, Default)]
pub(crate) struct HeadField {
    /// As typed or chosen.
    pub(crate) typed: String,
    /// What is wrong with it.
    pub(crate) fault: Option<String>,
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
    /// The version that is shown; 0 for a new record.
    pub(crate) seen: u64,
    pub(crate) fields: Vec<FieldView>,
    pub(crate) staff: Vec<StaffChoice>,
    /// Stations of a new record: code and name; empty where the record has one.
    pub(crate) stations: Vec<(String, String)>,
    pub(crate) station: HeadField,
    /// Number or identity number of the person, asked of a new record that concerns one.
    pub(crate) person: Option<HeadField>,
    /// Number of the employer's record.
    pub(crate) employer: Option<HeadField>,
    /// The record that the new one corrects; empty for none.
    pub(crate) corrects: String,
    /// The visit in which the new record is opened; empty for none.
    pub(crate) visit: String,
    /// How the text looks on boards, of what is written for them.
    pub(crate) editor: Option<EditorView>,
}

impl FormView {
    /// Whether an identity card says something that is asked here.
    fn takes_a_card(&self) -> bool {
        let mut fields = self.fields.iter();
        self.person.is_some() || fields.any(|one| card_word(&one.field.id).is_some())
    }

    /// What is wrong before the fields, by id.
    fn head_faults(&self) -> Vec<(&str, &str)> {
        let heads = [
            (STATION, Some(&self.station)),
            (PERSON, self.person.as_ref()),
            (EMPLOYER, self.employer.as_ref()),
        ];
        let faults = heads
            .into_iter()
            .filter_map(|(id, head)| Some((id, head?.fault.as_deref()?)));
        faults.collect()
    }
}

/// Names and ids of what is asked before the fields.
const STATION: &str = "station";
const PERSON: &str = "person";
const EMPLOYER: &str = "employer";

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
            div.stack #wrong data-look[view.editor.is_some()] {
                (said(notice))
                (summary(&view.head_faults(), &view.fields, ""))
            }
            @match &view.editor {
                None => form.card method="post" action=(view.action) { (asked(desk, view)) },
                Some(editor) => (with_boards(desk, view, editor)),
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

/// What is asked, with the buttons.
fn asked(desk: &Desk, view: &FormView) -> Markup {
    html! {
        div.pad {
            (desk.form_token.field())
            input type="hidden" name="seen" value=(view.seen);
            input type="hidden" name="corrects" value=(view.corrects);
            input type="hidden" name="visit" value=(view.visit);
            @if view.takes_a_card() { (card_reader()) }
            (head_fields(view))
            (inputs(&view.fields, &view.staff, ""))
            div.row {
                button.primary { (view.button) }
                @if view.editor.is_some() {
                    button name=(editor::LOOK) value="yes" formnovalidate { "看效果" }
                }
                a.button href=(view.back) { "不存，回去" }
            }
        }
    }
}

/// What is written for boards: the boards above, the form under them, what is wrong beside.
fn with_boards(desk: &Desk, view: &FormView, shown: &EditorView) -> Markup {
    html! {
        form method="post" action=(view.action) data-looks {
            div.split {
                div.stack {
                    (editor::seen(&shown.editing, &editor::choice(&shown.editing)))
                    div.card { (asked(desk, view)) }
                }
                div.stack {
                    (editor::checked(&shown.editing.checks))
                    (editor::way(&shown.way))
                }
            }
        }
        script src="/assets/boards.js" defer {}
    }
}

fn head_fields(view: &FormView) -> Markup {
    html! {
        @if !view.stations.is_empty() { (station_field(&view.stations, &view.station)) }
        @if let Some(person) = &view.person {
            (head_field(PERSON, "给谁办", person, Some("id_number"),
                "填身份证号，或自然人登记的编号。还没登记过的，先去“自然人”里登记。"))
        }
        @if let Some(employer) = &view.employer {
            (head_field(EMPLOYER, "哪个单位", employer, None,
                "填单位登记的编号，例如 EMPLOYER-202611-00001。"))
        }
    }
}

fn station_field(stations: &[(String, String)], station: &HeadField) -> Markup {
    let fault = station.fault.as_ref();
    html! {
        div.field {
            label for=(STATION) { "在哪里办" }
            select id=(STATION) name=(STATION) aria-describedby=[fault.map(|_| fault_id(STATION))]
                aria-invalid=[fault.map(|_| "true")] {
                @for (code, name) in stations {
                    option value=(code) selected[*code == station.typed] { (name) }
                }
            }
            @if let Some(fault) = fault { span.error id=(fault_id(STATION)) { (fault) } }
        }
    }
}

fn head_field(name: &str, label: &str, head: &HeadField, card: Option<&str>, hint: &str) -> Markup {
    let hint_id = format!("{name}-hint");
    let told = match &head.fault {
        Some(_) => format!("{} {hint_id}", fault_id(name)),
        None => hint_id.clone(),
    };
    html! {
        div.field {
            label for=(name) { (label) }
            input id=(name) name=(name) value=(head.typed) size="28" autocomplete="off"
                data-card=[card] aria-describedby=(told)
                aria-invalid=[head.fault.as_ref().map(|_| "true")];
            @if let Some(fault) = &head.fault { span.error id=(fault_id(name)) { (fault) } }
            span.soft id=(hint_id) { (hint) }
        }
    }
}

fn fault_id(name: &str) -> String {
    format!("{name}-fault")
}
