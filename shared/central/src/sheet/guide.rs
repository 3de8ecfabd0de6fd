//! What the sheet 填写说明 says about a field.

use domain::case::{Field, FieldType, TextForm};
use domain::money::Fen;

use super::header::listed;

/// The columns of the sheet, with their widths.
pub(super) const HEADINGS: [(&str, f64); 6] = [
    ("列名", 20.0),
    ("填什么", 32.0),
    ("必填", 8.0),
    ("限制", 32.0),
    ("可选内容", 40.0),
    ("示例或提示", 40.0),
];

/// One row of the sheet.
pub(super) fn row(field: &Field) -> [String; 6] {
    let needed = if field.is_required {
        "必填"
    } else {
        "可不填"
    };
    let hint = match field.hint.as_str() {
        "" => example(&field.kind).to_owned(),
        hint => hint.to_owned(),
    };
    [
        field.name.clone(),
        columns(field).unwrap_or_else(|| what(&field.kind)),
        needed.to_owned(),
        limits(&field.kind),
        choices(&field.kind),
        hint,
    ]
}

/// What stands in the rows of a list that has columns.
fn columns(field: &Field) -> Option<String> {
    let names: Vec<_> = field.columns.iter().map(|one| one.name.as_str()).collect();
    (!names.is_empty()).then(|| {
        let names = names.join("，");
        format!("可以填几行，用“；”或换行隔开。每行依次写：{names}，中间用逗号")
    })
}

fn what(kind: &FieldType) -> String {
    match kind {
        FieldType::Text { is_long: true, .. } => "文字，可以分行".to_owned(),
        FieldType::Text { .. } => "文字。号码也按文字填，不会变成科学记数".to_owned(),
        FieldType::Integer { unit, .. } => format!("整数{}", in_brackets(unit)),
        FieldType::Money { .. } => "金额（元），可以写“1.2万元”".to_owned(),
        FieldType::Decimal { unit } => format!("数{}", in_brackets(unit)),
        FieldType::Date { .. } => "日期".to_owned(),
        FieldType::Moment => "日期和时间".to_owned(),
        FieldType::Boolean => "“是”或“否”".to_owned(),
        FieldType::Choice(_) => "从下拉列表里选一个".to_owned(),
        FieldType::Record(_) => "系统里已有记录的编号或名称".to_owned(),
        FieldType::Staff => "工作人员的姓名或工号".to_owned(),
        FieldType::List { of, .. } => format!("可以填几个，用“、”或“；”隔开。每个：{}", what(of)),
    }
}

fn limits(kind: &FieldType) -> String {
    match kind {
        FieldType::Text {
            chars_min,
            chars_max,
            form,
            ..
        } => {
            let form = form.map_or("", form_text);
            format!("{} 个字{form}", between(*chars_min, *chars_max))
        }
        FieldType::Integer { min, max, .. } => format!("{min} 到 {max}"),
        FieldType::Money { min_fen } => format!("不低于 {} 元，精确到分", Fen(*min_fen)),
        FieldType::Decimal { .. } => "小数点后最多 12 位".to_owned(),
        FieldType::Date { is_workday: true } => "要是工作日".to_owned(),
        FieldType::List {
            of,
            count_min,
            count_max,
        } => format!(
            "{} 个。每个：{}",
            between(*count_min, *count_max),
            limits(of)
        ),
        _ => String::new(),
    }
}

/// `2 到 40`, or the one number.
fn between(least: u32, most: u32) -> String {
    if least == most {
        return least.to_string();
    }
    format!("{least} 到 {most}")
}

fn form_text(form: TextForm) -> &'static str {
    match form {
        TextForm::Mobile => "，11 位手机号码",
        TextForm::IdNumber => "，18 位公民身份号码",
        TextForm::CreditCode => "，18 位统一社会信用代码",
        TextForm::DailyWindow => "，每天的起止时间",
        TextForm::Division => "，6 位行政区划代码",
    }
}

fn choices(kind: &FieldType) -> String {
    match kind {
        FieldType::Boolean => "是、否".to_owned(),
        FieldType::Choice(choices) => {
            let names: Vec<&str> = choices.iter().map(|(_, name)| name.as_str()).collect();
            if names.len() > 40 {
                listed(names.into_iter())
            } else {
                names.join("、")
            }
        }
        FieldType::List { of, .. } => choices(of),
        _ => String::new(),
    }
}

fn example(kind: &FieldType) -> &'static str {
    match kind {
        FieldType::Text {
            form: Some(TextForm::DailyWindow),
            ..
        } => "例：08:30-17:30",
        FieldType::Integer { .. } => "例：12",
        FieldType::Money { .. } => "例：12000.00",
        FieldType::Decimal { .. } => "例：0.25",
        FieldType::Date { .. } => "例：2026-11-26，也可以写 2026年11月26日",
        FieldType::Moment => "例：2026-11-26 09:00",
        _ => "",
    }
}

fn in_brackets(unit: &str) -> String {
    if unit.is_empty() {
        String::new()
    } else {
        format!("（{unit}）")
    }
}
