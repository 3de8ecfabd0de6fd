//! Every template over records with everything in them: no gap, no placeholder, and for three of them the
//! whole text.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;
use domain::case::{
    Act, Attachment, CaseMoved, CaseNo, Channel, Decimal, Due, FieldType, Kind, KindFile, Record,
    Role, Value, Values,
};
use domain::document::{
    Block, Content, Facts, Issue, Line, Others, Run, Template, TemplateSet, compose, is_offered,
};
use domain::id::{PersonId, RecordId, StaffId, StationCode};
use domain::money::Fen;
use domain::time::UtcMs;
use uuid::Uuid;

use super::*;
use crate::cases::{KindShelf, value_text};

/// 2026-11-28 (a Saturday) 10:00 in the hall.
const NOW: UtcMs = UtcMs(1_795_831_200_000);

fn kinds() -> Vec<Arc<Kind>> {
    KindShelf::embedded().unwrap().all().cloned().collect()
}

fn shelf() -> DocumentShelf {
    DocumentShelf::embedded(&KindShelf::embedded().unwrap())
        .unwrap_or_else(|faults| panic!("{faults}"))
}

/// The one record of each kind: its place among the kinds.
fn id_of(kinds: &[Arc<Kind>], id: &str) -> RecordId {
    let place = kinds.iter().position(|kind| kind.id.as_str() == id);
    RecordId(Uuid::from_u128(1_000 + place.unwrap() as u128))
}

fn value(kinds: &[Arc<Kind>], kind: &FieldType, name: &str) -> Value {
    match kind {
        FieldType::Text { .. } => Value::Text(format!("样例{name}")),
        FieldType::Integer { min, .. } => Value::Integer((*min).max(3)),
        FieldType::Money { .. } => Value::Money(Fen(123_456)),
        FieldType::Decimal { .. } => Value::Decimal(Decimal::from(88)),
        FieldType::Date { .. } => Value::Date(day(12, 1)),
        FieldType::Moment => Value::Moment(NOW),
        FieldType::Boolean => Value::Boolean(true),
        FieldType::Choice(choices) => Value::Choice(choices[0].0.clone()),
        FieldType::Record(to) => Value::Record(id_of(kinds, to[0].as_str())),
        FieldType::Staff => Value::Staff(StaffId(Uuid::from_u128(700))),
        FieldType::List { of, .. } => Value::List(vec![value(kinds, of, name)]),
    }
}

fn values(kinds: &[Arc<Kind>], kind: &Kind) -> Values {
    let each = kind.fields.iter().map(|field| {
        let value = match field.personal {
            Some(personal) => Value::Sealed(format!("sealed {}", personal.word())),
            None => value(kinds, &field.kind, &field.name),
        };
        (field.id.clone(), value)
    });
    each.collect()
}

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap()
}

/// A record with every field filled, every attachment taken in, and every deadline running.
fn record(kinds: &[Arc<Kind>], kind: &Kind) -> Record {
    let id = id_of(kinds, kind.id.as_str());
    let attachment = |doc_type: &String| Attachment {
        doc_type: doc_type.clone(),
        sha256: "00".to_owned(),
        mime: "image/png".to_owned(),
        pages: 2,
        bytes: 9,
        at: NOW,
        by: StaffId(Uuid::from_u128(700)),
    };
    let due = |on| Due {
        on,
        remind_on: Vec::new(),
    };
    let deadlines = kind.deadlines.iter();
    Record {
        id,
        case_no: CaseNo(format!("{}-202611-00001", kind.id.as_str().to_uppercase())),
        kind: kind.id.clone(),
        kind_hash: kind.hash.clone(),
        channel: Channel::Window,
        station: StationCode::new("YH-C").unwrap(),
        person: Some(PersonId(id_of(kinds, "person").0)),
        employer: Some(id_of(kinds, "employer")),
        owner: None,
        state: kind.initial.clone(),
        state_since: NOW,
        values: values(kinds, kind),
        version: 3,
        opened_at: NOW,
        closed_at: None,
        authors: BTreeSet::new(),
        acts: Vec::new(),
        due: deadlines
            .map(|rule| (rule.id.clone(), due(day(12, 8))))
            .collect(),
        attachments: kind
            .attachments
            .iter()
            .map(|rule| attachment(&rule.id))
            .collect(),
        deferred: Default::default(),
        links: Vec::new(),
    }
}

fn others(kinds: &[Arc<Kind>]) -> Others {
    let each = kinds.iter().map(|kind| {
        let mut other = record(kinds, kind);
        // what is sealed in a register is under the key of whom the entry is
        other.person = None;
        (other.id, (other, Arc::clone(kind)))
    });
    each.collect()
}

fn moved(kind: &Kind, record: &Record, step: &str) -> CaseMoved {
    let transition = kind.transition(step).unwrap();
    CaseMoved {
        record: record.id,
        version: 3,
        act: Act {
            transition: step.to_owned(),
            from: transition.from[0].clone(),
            to: transition.to.clone(),
            by: Some(StaffId(Uuid::from_u128(700))),
            role: Role::Clerk,
            deputy_of: None,
            at: NOW,
            reason: "收入超过标准".to_owned(),
        },
        set: Values::new(),
        cleared: BTreeSet::new(),
        ended: BTreeSet::new(),
        due: Default::default(),
        deferred: Default::default(),
        rule: "《示例办法》第三条".to_owned(),
        remedy: "收到之日起六十日内申请行政复议".to_owned(),
        notice: vec!["身份证复印件".to_owned(), "户口簿首页".to_owned()],
        is_end: false,
        effects: Vec::new(),
    }
}

/// Everything around one document of one kind.
struct Case {
    kind: Arc<Kind>,
    record: Record,
    others: Others,
    step: Option<CaseMoved>,
}

impl Case {
    /// As it stands when the document is offered after `step`, in `state` or in that of the step.
    fn of(kinds: &[Arc<Kind>], kind: &Arc<Kind>, step: Option<&str>, state: Option<&str>) -> Self {
        let mut record = record(kinds, kind);
        let step = step.map(|step| moved(kind, &record, step));
        if let Some(step) = &step {
            record.acts.push(step.act.clone());
            record.state = step.act.to.clone();
        }
        if let Some(state) = state {
            record.state = state.to_owned();
        }
        Self {
            kind: Arc::clone(kind),
            others: others(kinds),
            record,
            step,
        }
    }

    fn compose(&self, template: &Template) -> Result<Content, Vec<String>> {
        let issue = Issue {
            centre: "示例区就业创业服务中心".to_owned(),
            station: "示例大厅".to_owned(),
            number: "样〔2026〕1号".to_owned(),
            clerk: "万小样".to_owned(),
            today: day(11, 28),
        };
        let facts = Facts {
            kind: &self.kind,
            record: &self.record,
            others: &self.others,
            step: self.step.as_ref(),
            issue: &issue,
            words: &value_text,
            staff: &|_| "万小样".to_owned(),
        };
        compose(template, &facts)
    }
}

/// Every state and step in which a template is offered for a kind.
fn occasions(template: &Template, kind: &Kind) -> Vec<(Option<String>, Option<String>)> {
    let occasion = &template.occasions[&kind.id];
    let steps: Vec<Option<String>> = match occasion.after.is_empty() {
        true => vec![None],
        false => occasion.after.iter().cloned().map(Some).collect(),
    };
    let states: Vec<Option<String>> = match occasion.states.is_empty() {
        true => vec![None],
        false => occasion.states.iter().cloned().map(Some).collect(),
    };
    let pairs = steps
        .iter()
        .flat_map(|step| states.iter().map(|state| (step.clone(), state.clone())));
    pairs.collect()
}

fn line(line: &Line) -> String {
    let runs = line.0.iter().map(|run| match run {
        Run::Words(words) => words.clone(),
        Run::Personal {
            field, is_whole, ..
        } => format!("<{}{}>", field.word(), if *is_whole { "" } else { "*" }),
    });
    runs.collect()
}

/// The text, a line for each.
fn lines(content: &Content) -> Vec<String> {
    let mut all = vec![content.title.clone()];
    for block in &content.blocks {
        match block {
            Block::Heading(text) | Block::Text(text) | Block::To(text) => all.push(line(text)),
            Block::Rows(rows) => {
                all.extend(
                    rows.iter()
                        .map(|(name, text)| format!("{name}｜{}", line(text))),
                );
            }
            Block::Items { lead, items } => {
                all.push(lead.clone());
                all.extend(items.iter().cloned());
            }
            Block::Signatures(who) => all.extend(who.iter().map(|who| format!("{who}："))),
            Block::Seal { name, day } => all.push(format!("{}，{day}", line(name))),
        }
    }
    all
}

#[test]
fn every_document_can_be_made_of_every_kind_that_it_names() {
    let (kinds, shelf) = (kinds(), shelf());
    let (mut made, mut wrong) = (0, Vec::new());
    for template in shelf.all() {
        let of_kinds = kinds
            .iter()
            .filter(|kind| template.occasions.contains_key(&kind.id));
        for kind in of_kinds {
            for (step, state) in occasions(template, kind) {
                let case = Case::of(&kinds, kind, step.as_deref(), state.as_deref());
                let what = format!("{} of {} after {step:?} in {state:?}", template.id, kind.id);
                assert!(is_offered(template, &case.record), "{what} is not offered");
                match case.compose(template) {
                    Err(missing) => wrong.push(format!("{what} lacks {missing:?}")),
                    Ok(content) => {
                        wrong.extend(faults(&content).map(|text| format!("{what}: {text}")))
                    }
                }
                made += 1;
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(made > 200, "{made} documents were made");
}

/// Lines with a gap, a placeholder or a dash in place of something.
fn faults(content: &Content) -> impl Iterator<Item = String> {
    let is_wrong = |text: &String| {
        text.trim().is_empty() || text.ends_with('｜') || text.contains(['{', '}', '—'])
    };
    lines(content).into_iter().filter(is_wrong)
}

#[test]
fn every_kind_that_tells_people_what_is_missing_or_why_not_has_a_paper_for_it() {
    let (kinds, shelf) = (kinds(), shelf());
    let notice = shelf.template("correction_notice").unwrap();
    let refusal = shelf.template("refusal_decision").unwrap();
    for kind in &kinds {
        let is_for_people = kind.subject != domain::case::Subject::None;
        let tells = |is: fn(&domain::case::Transition) -> bool| kind.transitions.iter().any(is);
        // what goes back and forth within the centre needs no paper
        if is_for_people
            && tells(|step| step.is_notice)
            && kind.line != domain::case::ServiceLine::Common
        {
            let is_internal = INTERNAL_NOTICES.contains(&kind.id.as_str());
            assert!(
                is_internal != notice.occasions.contains_key(&kind.id),
                "{}",
                kind.id
            );
        }
        if tells(|step| step.needs_rule && step.to == "rejected") {
            assert!(refusal.occasions.contains_key(&kind.id), "{}", kind.id);
        }
    }
}

/// Kinds about somebody whose corrections go to colleagues, not to the person.
const INTERNAL_NOTICES: [&str; 9] = [
    "labor_demand_survey",
    "policy_feedback",
    "poverty_assist_ledger",
    "poverty_list_check",
    "poverty_monitor_record",
    "training_intent",
    "unemployment_monitor",
    "ui_suspicious_item",
    "yulu_ledger",
];

fn text_of(template: &str, kind: &str, step: Option<&str>, state: Option<&str>) -> Vec<String> {
    let (kinds, shelf) = (kinds(), shelf());
    let found = kinds.iter().find(|one| one.id.as_str() == kind).unwrap();
    let case = Case::of(&kinds, found, step, state);
    let content = case.compose(shelf.template(template).unwrap()).unwrap();
    lines(&content)
}

#[test]
fn an_acceptance_receipt_says_whose_what_and_where_and_masks_the_number() {
    let text = text_of(
        "acceptance_receipt",
        "si_flexible",
        Some("accept"),
        Some("accepted"),
    );
    assert_eq!(
        text[..8],
        [
            "受理回执",
            "<name>：",
            "您（贵单位）申请的灵活就业社保补贴，经查验材料，已于2026年11月28日受理。",
            "受理号｜SI_FLEXIBLE-202611-00001",
            "申请人｜<name>",
            "证件号码或信用代码｜<id_number*>",
            "受理地点｜示例大厅",
            "受理人｜万小样",
        ]
    );
    assert_eq!(
        text.last().unwrap(),
        "示例区就业创业服务中心，2026年11月28日"
    );
}

#[test]
fn a_refusal_names_reason_rule_and_remedy() {
    let text = text_of("refusal_decision", "startup_once", Some("reject"), None);
    assert_eq!(
        text,
        [
            "不予批准决定书",
            "<name>：",
            "您（贵单位）于2026年11月28日提出的一次性创业补贴申请（受理号STARTUP_ONCE-202611-00001），经审查，决定不予批准。",
            "一、理由",
            "收入超过标准",
            "二、依据",
            "《示例办法》第三条",
            "三、不服本决定可以怎么办",
            "收到之日起六十日内申请行政复议",
            "决定日期：2026年11月28日。",
            "申请人（签收）：",
            "示例区就业创业服务中心，2026年11月28日",
        ]
    );
}

#[test]
fn an_approval_writes_the_amount_in_capitals_and_masks_the_account() {
    let text = text_of(
        "approval_decision",
        "startup_once",
        Some("approve"),
        Some("approved"),
    );
    for wanted in [
        "核定额｜1,234.56 元",
        "大写｜人民币壹仟贰佰叁拾肆元伍角陆分",
        "户名｜<name>",
        "账号｜<bank_account*>",
        "核定额比申请额少，原因是：样例核减原因",
    ] {
        assert!(
            text.iter().any(|line| line == wanted),
            "{wanted}: {text:#?}"
        );
    }
}

#[test]
fn what_is_missing_is_told_by_its_name_all_at_once() {
    let (kinds, shelf) = (kinds(), shelf());
    let kind = kinds
        .iter()
        .find(|kind| kind.id.as_str() == "startup_once")
        .unwrap();
    let template = shelf.template("approval_decision").unwrap();
    let mut case = Case::of(&kinds, kind, Some("approve"), Some("approved"));
    case.record.values.remove("amount_approved");
    case.record.values.remove("bank");
    case.record.values.remove("cut_reason");
    let missing = case.compose(template).unwrap_err();
    assert_eq!(missing, ["核定额", "开户行"]);
    case.record.person = None;
    case.record.employer = None;
    let of_nobody = Case { step: None, ..case };
    let missing = of_nobody.compose(template).unwrap_err();
    assert!(missing.contains(&"办理日".to_owned()), "{missing:?}");
}

#[test]
fn a_document_is_offered_only_where_its_step_was_done_and_still_holds() {
    let (kinds, shelf) = (kinds(), shelf());
    let kind = kinds
        .iter()
        .find(|kind| kind.id.as_str() == "startup_once")
        .unwrap();
    let notice = shelf.template("correction_notice").unwrap();
    let mut case = Case::of(&kinds, kind, Some("return"), None);
    assert!(is_offered(notice, &case.record));
    case.record.state = "submitted".to_owned();
    assert!(!is_offered(notice, &case.record), "it was handed in again");
    let receipt = shelf.template("acceptance_receipt").unwrap();
    case.record.state = "accepted".to_owned();
    assert!(!is_offered(receipt, &case.record), "it was never accepted");
}

#[test]
fn a_template_that_names_what_is_not_there_is_told_with_its_line() {
    const BROKEN: &str = r#"id = "other"
title = "甲"
about = "乙"
series = "丙"
copies_to = "丁"
code_to = "amount_approved"

[[for]]
kinds = ["startup_once", "nothing"]
states = ["approved", "nowhere"]
after = ["never"]

[[part]]
text = "{field.nobody}{person.nobody}{employer.org_name}{nobody}"

[[part]]
text = "{field.bank:capitals}{field.bank:whole}{field.bank:number}{due.never}"

[[part]]
text = "甲"
heading = "乙"

[[part]]
list = "bank"
lead = "甲"

[[part]]
colour = "red"
"#;
    let shelf = KindShelf::embedded().unwrap();
    let file = KindFile {
        path: "broken.toml",
        text: BROKEN,
    };
    let faults = TemplateSet::read(&[file], shelf.set()).unwrap_err();
    let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
    for wanted in [
        "broken.toml:1: id 是“other”",
        "broken.toml:6: “startup_once”没有自动填写的文字字段“amount_approved”",
        "broken.toml:9: 没有“nothing”这种业务",
        "broken.toml:10: “startup_once”没有状态“nowhere”",
        "broken.toml:11: “startup_once”没有步骤“never”",
        "broken.toml:14: 不认识“{nobody}”",
        "broken.toml:17: “startup_once”：只有金额才有大写",
        "broken.toml:17: “startup_once”：只有个人信息才分遮住和全部",
        "broken.toml:17: “startup_once”：只有指向别的记录的才有编号",
        "broken.toml:17: “startup_once”没有期限“never”",
        "broken.toml:19: 一段里要有一样",
        "broken.toml:23: “startup_once”的“bank”不是一列",
        "colour",
    ] {
        assert!(
            told.iter().any(|told| told.contains(wanted)),
            "{wanted}: {told:#?}"
        );
    }
    let named = BROKEN.replace("{nobody}", "");
    let file = KindFile {
        path: "broken.toml",
        text: &named,
    };
    let faults = TemplateSet::read(&[file], shelf.set()).unwrap_err();
    let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
    for wanted in [
        "broken.toml:14: “startup_once”没有字段“nobody”",
        "broken.toml:14: “person”没有字段“nobody”",
        "broken.toml:14: “startup_once”不是给这类对象办的",
    ] {
        assert!(
            told.iter().any(|told| told.contains(wanted)),
            "{wanted}: {told:#?}"
        );
    }
}

#[test]
fn two_templates_do_not_share_a_series_of_numbers() {
    let shelf = shelf();
    let series: BTreeSet<_> = shelf.all().map(|template| &template.series).collect();
    assert_eq!(series.len(), shelf.all().count());
}

#[test]
fn the_first_minutes_are_the_issuers() {
    let staff = |n| StaffId(Uuid::from_u128(n));
    let issued = (staff(1), NOW);
    assert!(!is_again(issued, (staff(1), NOW.plus_minutes(10))));
    assert!(is_again(issued, (staff(1), NOW.plus_minutes(11))));
    assert!(is_again(issued, (staff(2), NOW)));
}
