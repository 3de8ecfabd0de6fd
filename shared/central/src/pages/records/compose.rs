//! From a record and the engine's answers to what its page shows. Pure.

use std::sync::Arc;

use chrono::NaiveDate;
use domain::case::{
    self, Actor, AttachmentRule, CaseEvent, CaseMoved, Due, Field, Kind, LinkKind, Record,
    Rulebook, StateStage, Value,
};
use domain::time::{UtcMs, day_text};
use uuid::Uuid;

use super::acts::{Tried, acts};
use super::one::{AttachmentLine, DueLine, HistoryLine, OneView, RailStep, ShownField, TiedRecord};
use super::{DueMark, StaffChoice};
use crate::cases::{Directory, RecordView, title_of, value_text};
use crate::matching::{OFFER, SEEKER};
use crate::store::{ContactLine, HistoryEvent, VisitRow};

/// Everything that the page of a record is made of.
pub(crate) struct Parts<'p> {
    pub(crate) view: &'p RecordView,
    pub(crate) history: &'p [HistoryEvent],
    pub(crate) directory: &'p Directory,
    pub(crate) actor: &'p Actor,
    pub(crate) rules: &'p dyn Rulebook,
    pub(crate) today: NaiveDate,
    pub(crate) tried: Option<&'p Tried>,
    /// As it stood at the end of that day.
    pub(crate) as_of: Option<(NaiveDate, &'p Record)>,
}

/// How a deadline stands today.
pub(crate) fn due_mark(due: NaiveDate, today: NaiveDate, rules: &dyn Rulebook) -> DueMark {
    let late = case::overdue_days(&at(due), today, rules).unwrap_or(0);
    if today > due && late > 0 {
        return DueMark {
            text: format!("晚 {late} 个工作日"),
            class: "stop",
        };
    }
    DueMark {
        text: if due <= today {
            format!("{}到期", day_text(due, today))
        } else {
            format!("{} 前", day_text(due, today))
        },
        class: if due <= today { "care" } else { "now" },
    }
}

fn at(day: NaiveDate) -> Due {
    Due {
        on: day,
        remind_on: Vec::new(),
    }
}

/// The page's view.
pub(crate) fn compose(parts: &Parts<'_>) -> OneView {
    let (kind, now) = (&*parts.view.kind, &parts.view.record);
    let record = parts.as_of.map_or(now, |(_, record)| record);
    let is_ended = kind
        .state(&record.state)
        .is_some_and(|s| s.stage == StateStage::End);
    OneView {
        record: record.id.to_string(),
        version: record.version,
        kind_name: kind.name.clone(),
        kind_address: format!("/staff/records/{}", kind.id),
        case_no: record.case_no.0.clone(),
        title: parts.view.title.clone(),
        state: state_name(kind, &record.state),
        rail: rail(kind, record),
        facts: facts(parts, record),
        attachments: kind
            .attachments
            .iter()
            .map(|rule| material(record, rule, parts.today))
            .collect(),
        may_change: case::may_change(kind, record, parts.actor).is_ok(),
        acts: acts(parts, !is_ended),
        due: due_lines(kind, record, parts),
        owner: record
            .owner
            .map(|owner| parts.directory.staff(Some(owner)))
            .unwrap_or_default(),
        ties: ties(parts, record),
        ties_beyond: parts.view.linked_from.len().saturating_sub(TIES_SHOWN_MAX),
        visits: parts.view.visits.iter().map(visit_text).collect(),
        history: whole_history(kind, parts),
        as_of: parts
            .as_of
            .map(|(day, _)| day.to_string())
            .unwrap_or_default(),
        documents: Vec::new(),
        editor: None,
        matches: matches(now),
        aired: None,
        goes_on: None,
        may_correct: is_ended && case::may_open(kind, parts.actor).is_ok(),
    }
}

/// Records that point at one and are shown on its page: a batch has thousands.
pub(crate) const TIES_SHOWN_MAX: usize = 60;

/// Where what fits a record best is shown.
fn matches(record: &Record) -> Option<(String, &'static str)> {
    let says = match (record.kind.as_str(), record.state.as_str()) {
        SEEKER => "看合适的岗位",
        OFFER => "看合适的求职者",
        _ => return None,
    };
    Some((format!("/staff/record/{}/matches", record.id), says))
}

/// Everybody who can be chosen.
pub(crate) fn staff_choices(directory: &Directory) -> Vec<StaffChoice> {
    let everybody = directory.everybody().into_iter();
    everybody
        .map(|(staff, name)| StaffChoice {
            id: staff.to_string(),
            name,
        })
        .collect()
}

/// A state's Chinese name.
pub(crate) fn state_name(kind: &Kind, state: &str) -> String {
    kind.state(state)
        .map_or_else(|| state.to_owned(), |state| state.name.clone())
}

fn rail(kind: &Kind, record: &Record) -> Vec<RailStep> {
    let been = |id: &str| record.acts.iter().any(|act| act.to == id || act.from == id);
    let shown = kind.states.iter().filter(|state| {
        state.stage != StateStage::End || state.id == record.state || been(&state.id)
    });
    shown
        .map(|state| RailStep {
            name: state.name.clone(),
            is_past: state.id != record.state && been(&state.id),
            is_now: state.id == record.state,
        })
        .collect()
}

/// The kind of the groups to which a person belongs for a time.
const TAG: &str = "person_group_tag";

fn facts(parts: &Parts<'_>, record: &Record) -> Vec<ShownField> {
    let mut facts = vec![ShownField {
        id: String::new(),
        name: "登记".to_owned(),
        text: moment_text(record.opened_at),
        address: None,
        is_masked: false,
    }];
    let whom = record
        .person
        .map(|person| ("给谁办", domain::id::RecordId(person.0)))
        .into_iter()
        .chain(record.employer.map(|employer| ("单位", employer)));
    for (name, id) in whom {
        facts.push(record_fact(parts, "", name, id));
    }
    for field in &parts.view.kind.fields {
        let value = record.values.get(&field.id);
        if let Some(value) = value.filter(|value| !is_for_the_program(value)) {
            facts.push(fact(parts, field, value));
        }
    }
    facts.extend(tags(parts));
    facts
}

/// An id, by which the program finds a score again; it tells people nothing.
fn is_for_the_program(value: &Value) -> bool {
    let is_id = |text: &String| text.contains('-') && text.parse::<Uuid>().is_ok();
    matches!(value, Value::Text(text) if is_id(text))
}

/// The groups to which a person belongs on the day that is shown.
fn tags(parts: &Parts<'_>) -> Option<ShownField> {
    let day = parts.as_of.map_or(parts.today, |(day, _)| day);
    let holds = |(record, _): &&(Record, Arc<Kind>)| {
        let date = |id: &str| match record.values.get(id) {
            Some(Value::Date(day)) => Some(*day),
            _ => None,
        };
        record.kind.as_str() == TAG
            && record.state == "active"
            && date("from_on").is_some_and(|from| from <= day)
            && date("to_on").is_none_or(|to| day <= to)
    };
    let in_force = parts.view.of_person.iter().filter(holds);
    let names: Vec<String> = in_force
        .filter_map(|(record, kind)| {
            Some(value_text(kind.field("tag")?, record.values.get("tag")?))
        })
        .collect();
    (!names.is_empty()).then(|| ShownField {
        id: String::new(),
        name: "人群标签".to_owned(),
        text: names.join("、"),
        address: None,
        is_masked: false,
    })
}

fn record_fact(
    parts: &Parts<'_>,
    id: &str,
    name: &str,
    record: domain::id::RecordId,
) -> ShownField {
    let called = parts.directory.called(record);
    ShownField {
        id: id.to_owned(),
        name: name.to_owned(),
        text: called.map_or_else(
            || "（没找到）".to_owned(),
            |called| format!("{} {}", called.title, called.case_no),
        ),
        address: called.map(|_| format!("/staff/record/{record}")),
        is_masked: false,
    }
}

fn fact(parts: &Parts<'_>, field: &Field, value: &Value) -> ShownField {
    match value {
        Value::Record(record) => record_fact(parts, &field.id, &field.name, *record),
        value => ShownField {
            id: field.id.clone(),
            name: field.name.clone(),
            text: shown_text(parts, field, value),
            address: None,
            is_masked: matches!(value, Value::Sealed(_)),
        },
    }
}

fn shown_text(parts: &Parts<'_>, field: &Field, value: &Value) -> String {
    match value {
        Value::Sealed(_) => parts
            .view
            .masked
            .get(&field.id)
            .cloned()
            .unwrap_or_else(|| "已删除".to_owned()),
        value => parts.directory.words(field, value),
    }
}

fn material(record: &Record, rule: &AttachmentRule, today: NaiveDate) -> AttachmentLine {
    let held: Vec<_> = record
        .attachments
        .iter()
        .filter(|attachment| attachment.doc_type == rule.id)
        .collect();
    let (state, class) = match (held.len(), record.deferred.get(&rule.id)) {
        (0, Some(day)) => (format!("缺，{} 前补", day_text(*day, today)), "care"),
        (0, None) if rule.is_required => ("还缺".to_owned(), "stop"),
        (0, None) => ("可不交".to_owned(), "now"),
        _ => {
            let pages: u32 = held.iter().map(|attachment| attachment.pages).sum();
            (format!("✓ 已收 {pages} 页"), "good")
        }
    };
    AttachmentLine {
        address: format!(
            "/staff/record/{}/attachments?doc_type={}",
            record.id, rule.id
        ),
        name: rule.name.clone(),
        hint: rule.hint.clone(),
        state,
        class,
    }
}

fn due_lines(kind: &Kind, record: &Record, parts: &Parts<'_>) -> Vec<DueLine> {
    let name = |id: &str| {
        let rule = kind.deadlines.iter().find(|rule| rule.id == id);
        rule.map_or_else(|| id.to_owned(), |rule| rule.name.clone())
    };
    let line = |(id, due): (&String, &Due)| DueLine {
        name: name(id),
        mark: due_mark(due.on, parts.today, parts.rules),
    };
    record.due.iter().map(line).collect()
}

fn ties(parts: &Parts<'_>, record: &Record) -> Vec<TiedRecord> {
    let tie = |how: &str, id| {
        let called = parts.directory.called(id)?;
        Some(TiedRecord {
            how: how.to_owned(),
            address: format!("/staff/record/{id}"),
            name: format!("{} {}", called.title, called.case_no),
        })
    };
    let to = record
        .links
        .iter()
        .filter_map(|link| tie(link_text(link.kind), link.to));
    let from = parts
        .view
        .linked_from
        .iter()
        .take(TIES_SHOWN_MAX)
        .filter_map(|id| tie("连到这条的：", *id));
    let linked = &parts.view.linked_from;
    let naming = parts.view.naming.iter();
    let naming = naming.filter(|(record, _)| !linked.contains(&record.id));
    let naming = naming.filter_map(|(record, kind)| tie(&format!("{}：", kind.name), record.id));
    let of_person = parts
        .view
        .of_person
        .iter()
        .map(|(record, kind)| TiedRecord {
            how: format!("{}：", kind.name),
            address: format!("/staff/record/{}", record.id),
            name: format!("{} {}", title_of(kind, record, &|_| None), record.case_no.0),
        });
    to.chain(from).chain(naming).chain(of_person).collect()
}

/// `A012，11月27日 09:31 取号，3 号窗口`.
fn visit_text(visit: &VisitRow) -> String {
    let taken = format!(
        "{}，{} 取号",
        visit.label,
        visit.arrived_at.day_and_clock_text()
    );
    match visit.window {
        Some(window) => format!("{taken}，{window} 号窗口"),
        None => taken,
    }
}

fn link_text(kind: LinkKind) -> &'static str {
    match kind {
        LinkKind::Related => "相关：",
        LinkKind::CorrectionOf => "更正的是：",
        LinkKind::Supersedes => "替代了：",
        LinkKind::CameFrom => "来自：",
        LinkKind::MergedInto => "并入了：",
    }
}

/// What was done with the record and what was said outward about it, newest first.
fn whole_history(kind: &Kind, parts: &Parts<'_>) -> Vec<HistoryLine> {
    let done = parts.history.iter();
    let done = done.map(|event| (event.at, history_line(kind, event, parts)));
    let said = parts.view.contacts.iter();
    let said = said.map(|contact| (contact.at, contact_line(contact, parts)));
    let mut lines: Vec<_> = done.chain(said).collect();
    // what was planned at a step stands after the step
    lines.sort_by_key(|(at, _)| *at);
    lines.into_iter().rev().map(|(_, line)| line).collect()
}

fn contact_line(contact: &ContactLine, parts: &Parts<'_>) -> HistoryLine {
    let (way, name) = (contact.way.name(), &contact.name);
    let again = contact
        .again_at
        .map(|at| format!("再打：{}", moment_text(at)));
    let said = (!contact.words.is_empty()).then(|| format!("要说：{}", contact.words));
    HistoryLine {
        at: moment_text(contact.at),
        who: parts.directory.staff(contact.by),
        what: match contact.result {
            None => format!("安排{way}：{name}"),
            Some(result) => format!("联系（{name}）：{}", result.name()),
        },
        details: said.into_iter().chain(again).collect(),
    }
}

fn history_line(kind: &Kind, event: &HistoryEvent, parts: &Parts<'_>) -> HistoryLine {
    let (who, what, details) = match &event.event {
        CaseEvent::Opened(opened) => (opened.act.by, "登记".to_owned(), Vec::new()),
        CaseEvent::Changed(changed) => {
            let names: Vec<_> = changed
                .set
                .keys()
                .chain(&changed.cleared)
                .filter_map(|id| Some(kind.field(id)?.name.clone()))
                .collect();
            (
                changed.by,
                format!("改了 {}", names.join("、")),
                reason(&changed.reason),
            )
        }
        CaseEvent::Moved(moved) => (moved.act.by, moved_text(kind, moved), moved_details(moved)),
        CaseEvent::Attached(attached) => {
            let name = attachment_name(kind, &attached.attachment.doc_type);
            (
                Some(attached.attachment.by),
                format!("收下 {name}"),
                Vec::new(),
            )
        }
        CaseEvent::Detached(detached) => {
            let name = attachment_name(kind, &detached.doc_type);
            (
                Some(detached.by),
                format!("撤下 {name}"),
                reason(&detached.reason),
            )
        }
        CaseEvent::Linked(linked) => (linked.by, "连了一条相关记录".to_owned(), Vec::new()),
        CaseEvent::HandedOver(handed) => {
            let to = parts.directory.staff(Some(handed.to));
            (handed.by, format!("交给 {to} 办"), reason(&handed.reason))
        }
    };
    HistoryLine {
        at: moment_text(event.at),
        who: parts.directory.staff(who),
        what,
        details,
    }
}

fn moved_text(kind: &Kind, moved: &CaseMoved) -> String {
    let step = kind
        .transition(&moved.act.transition)
        .map_or(moved.act.transition.clone(), |step| step.name.clone());
    format!("{step} → {}", state_name(kind, &moved.act.to))
}

fn moved_details(moved: &CaseMoved) -> Vec<String> {
    let mut details = reason(&moved.act.reason);
    if !moved.rule.is_empty() {
        details.push(format!("依据：{}", moved.rule));
    }
    if !moved.remedy.is_empty() {
        details.push(format!("不服可以：{}", moved.remedy));
    }
    details.extend(moved.notice.iter().map(|line| format!("要补：{line}")));
    details
}

fn reason(text: &str) -> Vec<String> {
    let text = text.trim();
    (!text.is_empty())
        .then(|| format!("理由：{text}"))
        .into_iter()
        .collect()
}

fn attachment_name(kind: &Kind, id: &str) -> String {
    kind.attachment(id)
        .map_or_else(|| id.to_owned(), |rule| rule.name.clone())
}

/// `2026年11月26日 14:30`, as values of records are written.
pub(crate) fn moment_text(at: UtcMs) -> String {
    at.hall_time().format("%Y年%-m月%-d日 %H:%M").to_string()
}
