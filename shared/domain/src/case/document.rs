//! A kind as a page that people read: what it asks, who does what, how long it may take, and a
//! diagram of its states. Written from the kind itself, so that it never says anything else.

use std::fmt::Write;

use super::Role;
use super::kind::{
    Basis, DeadlineRule, Engine, Field, FieldType, Kind, State, StateStage, Transition,
};

/// The page of a kind, in Markdown with a Mermaid diagram.
#[must_use]
pub fn document(kind: &Kind) -> String {
    let mut page = format!(
        "# {}（`{}`，第 {} 版）\n\n{}\n",
        kind.name, kind.id, kind.version, kind.about
    );
    if kind.engine == Engine::Module {
        page.push_str("\n由专门的模块承办。\n");
        return page;
    }
    let fields: Vec<_> = kind.fields.iter().map(field_row).collect();
    table(&mut page, "字段", "名称 | 代码 | 内容 | 要求", &fields);
    let states: Vec<_> = kind
        .states
        .iter()
        .map(|state| state_row(kind, state))
        .collect();
    table(
        &mut page,
        "状态",
        "状态 | 代码 | 阶段 | 可改内容的人",
        &states,
    );
    let steps: Vec<_> = kind
        .transitions
        .iter()
        .map(|step| step_row(kind, step))
        .collect();
    table(&mut page, "步骤", "步骤 | 从 | 到 | 谁办 | 条件", &steps);
    let deadlines: Vec<_> = kind
        .deadlines
        .iter()
        .map(|rule| deadline_row(kind, rule))
        .collect();
    table(
        &mut page,
        "期限",
        "期限 | 状态 | 多久 | 提醒 | 过期后",
        &deadlines,
    );
    let papers: Vec<_> = kind
        .attachments
        .iter()
        .map(|rule| {
            let need = if rule.is_required { "必交" } else { "选交" };
            let once = if rule.is_once {
                "，一份只用一次"
            } else {
                ""
            };
            row([
                rule.name.clone(),
                format!("{need}{once}"),
                rule.hint.clone(),
            ])
        })
        .collect();
    table(&mut page, "材料", "名称 | 要求 | 说明", &papers);
    rules_between(&mut page, kind);
    diagram(&mut page, kind);
    page
}

/// What two records may not both say, and what must be so of the records that one names.
fn rules_between(page: &mut String, kind: &Kind) {
    let doubles = kind.doubles.iter();
    let doubles: Vec<_> = doubles
        .map(|rule| row([format!("`{}`", rule.id), rule.text.clone()]))
        .collect();
    table(page, "和别的记录不能重", "规则 | 重了怎么说", &doubles);
    let valid = kind.validities.iter().map(|rule| {
        let steps: Vec<_> = rule.steps.iter().map(|step| kind.act_name(step)).collect();
        row([steps.join("、"), rule.text.clone()])
    });
    let valid: Vec<_> = valid.collect();
    table(
        page,
        "办这些步骤时看另一条记录",
        "步骤 | 不合时怎么说",
        &valid,
    );
}

fn table(page: &mut String, title: &str, head: &str, rows: &[String]) {
    if rows.is_empty() {
        return;
    }
    let rule = "---|".repeat(head.split('|').count());
    let rows = rows.join("\n");
    push(
        page,
        format_args!("\n## {title}\n\n| {head} |\n|{rule}\n{rows}\n"),
    );
}

fn push(page: &mut String, text: std::fmt::Arguments<'_>) {
    page.write_fmt(text)
        .expect("no error, because a String takes everything");
}

fn row<const N: usize>(cells: [String; N]) -> String {
    let cells = cells.map(|cell| cell.replace('|', "\\|").replace('\n', " "));
    format!("| {} |", cells.join(" | "))
}

fn field_row(field: &Field) -> String {
    let mut needs = Vec::new();
    if field.is_required {
        needs.push("必填");
    }
    if field.is_computed {
        needs.push("系统算出");
    }
    if field.personal.is_some() {
        needs.push("个人信息");
    }
    if field.excused_by.is_some() {
        needs.push("不合格式时写明原因可以存");
    }
    row([
        field.name.clone(),
        format!("`{}`", field.id),
        content(&field.kind),
        needs.join("，"),
    ])
}

fn content(kind: &FieldType) -> String {
    match kind {
        FieldType::Text {
            chars_min,
            chars_max,
            ..
        } => format!("文字，{chars_min}–{chars_max} 字"),
        FieldType::Integer {
            max: i64::MAX,
            unit,
            ..
        } => format!("整数{}", in_brackets(unit)),
        FieldType::Integer { min, max, unit } => format!("整数，{min}–{max}{unit}"),
        FieldType::Money { .. } => "金额（元）".to_owned(),
        FieldType::Decimal { unit } => format!("数字{}", in_brackets(unit)),
        FieldType::Date { is_workday: true } => "工作日".to_owned(),
        FieldType::Date { is_workday: false } => "日期".to_owned(),
        FieldType::Moment => "日期和时刻".to_owned(),
        FieldType::Boolean => "是或否".to_owned(),
        FieldType::Choice(choices) => {
            let names: Vec<_> = choices.iter().map(|(_, name)| name.as_str()).collect();
            names.join("、")
        }
        FieldType::Record(kinds) => {
            let kinds: Vec<_> = kinds.iter().map(|kind| format!("`{kind}`")).collect();
            format!("记录：{}", kinds.join("、"))
        }
        FieldType::Staff => "工作人员".to_owned(),
        FieldType::List {
            of,
            count_min,
            count_max,
        } => {
            format!("{count_min}–{count_max} 项：{}", content(of))
        }
    }
}

fn in_brackets(unit: &str) -> String {
    if unit.is_empty() {
        String::new()
    } else {
        format!("（{unit}）")
    }
}

fn state_row(kind: &Kind, state: &State) -> String {
    let stage = match state.stage {
        StateStage::Open => "待办",
        StateStage::Waiting => "等候",
        StateStage::Settled => "有效",
        StateStage::End => "终点",
    };
    let is_initial = state.id == kind.initial;
    let stage = if is_initial {
        format!("{stage}（起点）")
    } else {
        stage.to_owned()
    };
    row([
        state.name.clone(),
        format!("`{}`", state.id),
        stage,
        roles(&state.editors),
    ])
}

fn step_row(kind: &Kind, step: &Transition) -> String {
    let from: Vec<_> = step.from.iter().map(|id| state_name(kind, id)).collect();
    row([
        step.name.clone(),
        from.join("、"),
        state_name(kind, &step.to).to_owned(),
        roles(&step.roles),
        demands(kind, step).join("；"),
    ])
}

fn demands(kind: &Kind, step: &Transition) -> Vec<String> {
    let acts = |ids: &[String]| {
        let names: Vec<_> = ids
            .iter()
            .map(|id| format!("“{}”", kind.act_name(id)))
            .collect();
        names.join("、")
    };
    let field = |id: &String| {
        kind.field(id)
            .map_or(id.clone(), |field| field.name.clone())
    };
    let paper = |id: &String| {
        kind.attachment(id)
            .map_or(id.clone(), |rule| rule.name.clone())
    };
    let named = |names: Vec<String>| names.join("、");
    let mut demands = Vec::new();
    let mut demand = |is_so: bool, text: String| demands.extend(is_so.then_some(text));
    let (differs, same) = (&step.differs_from, &step.same_as);
    demand(
        !differs.is_empty(),
        format!("不能是办过{}的人", acts(differs)),
    );
    demand(!same.is_empty(), format!("须是办{}的人", acts(same)));
    let not_by = named(step.not_by.iter().map(field).collect());
    demand(!step.not_by.is_empty(), format!("不能是{not_by}本人"));
    let fields = named(step.requires.iter().map(field).collect());
    demand(!step.requires.is_empty(), format!("须填{fields}"));
    let papers = named(step.attachments.iter().map(paper).collect());
    let later = if step.may_defer {
        "（可容缺）"
    } else {
        ""
    };
    demand(!step.attachments.is_empty(), format!("须交{papers}{later}"));
    demand(step.needs_reason, "写明理由".to_owned());
    demand(step.needs_rule, "写明法规条款和救济途径".to_owned());
    demand(step.is_notice, "一次性告知".to_owned());
    for check in &step.only_if {
        demand(true, format!("否则：{}", check.text));
    }
    demands
}

fn deadline_row(kind: &Kind, rule: &DeadlineRule) -> String {
    let states: Vec<_> = rule.states.iter().map(|id| state_name(kind, id)).collect();
    let basis = match rule.basis {
        Basis::Workday => "工作日",
        Basis::Day => "日",
        Basis::Month => "个月",
    };
    let long = match (&rule.parameter, &rule.until) {
        (Some(key), _) => format!("参数 `{key}` {basis}"),
        (None, Some(field)) => {
            let name = kind
                .field(field)
                .map_or(field.as_str(), |field| &field.name);
            format!("到“{name}”")
        }
        (None, None) => String::new(),
    };
    let days: Vec<_> = rule
        .remind_days_before
        .iter()
        .map(|days| match (&rule.until, rule.basis) {
            (Some(_), Basis::Day) => format!("提前 {days} 天"),
            _ => format!("提前 {days} 工作日"),
        })
        .collect();
    let told = rule.escalates_to.map(|role| format!("报{}", role.name()));
    let done = rule
        .then
        .as_deref()
        .map(|id| format!("系统办“{}”", kind.act_name(id)));
    let after: Vec<_> = told.into_iter().chain(done).collect();
    row([
        rule.name.clone(),
        states.join("、"),
        long,
        days.join("、"),
        after.join("，"),
    ])
}

fn roles(roles: &[Role]) -> String {
    let names: Vec<_> = roles.iter().map(|role| role.name()).collect();
    names.join("、")
}

fn state_name<'k>(kind: &'k Kind, id: &'k str) -> &'k str {
    kind.state(id).map_or(id, |state| &state.name)
}

fn diagram(page: &mut String, kind: &Kind) {
    page.push_str("\n## 流程图\n\n```mermaid\nstateDiagram-v2\n");
    for state in &kind.states {
        push(
            page,
            format_args!("    state \"{}\" as {}\n", state.name, state.id),
        );
    }
    push(page, format_args!("    [*] --> {}\n", kind.initial));
    for step in &kind.transitions {
        for from in &step.from {
            let who = roles(&step.roles);
            push(
                page,
                format_args!("    {from} --> {}: {}（{who}）\n", step.to, step.name),
            );
        }
    }
    let ends = kind
        .states
        .iter()
        .filter(|state| state.stage == StateStage::End);
    for state in ends.filter(|state| kind.transitions_from(&state.id).next().is_none()) {
        push(page, format_args!("    {} --> [*]\n", state.id));
    }
    page.push_str("```\n");
}
