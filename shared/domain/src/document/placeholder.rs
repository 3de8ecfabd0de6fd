//! Values in the text of a template: `{case_no}`, `{field.amount_approved:capitals}`,
//! `{field.vacancy_id.title}`, `{person.id_number:whole}`, `{field.cut_reason?}`.
//!
//! A question mark says that the value may be missing; everything else must be there when the
//! document is made. Personal values come out masked unless `whole` asks for all of them.

use serde::Deserialize;
use serde::de::value::StrDeserializer;

use super::template::Words;

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// As it stands.
    Plain(String),
    /// A value.
    Value(Asked),
}

/// A value that a text asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Which.
    pub source: Source,
    /// How it is written.
    pub form: Form,
    /// May be missing.
    pub is_optional: bool,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The program knows it.
    Named(Named),
    /// A field of the record.
    Field(String),
    /// A field of the record that a field of the record names.
    FieldOf(String, String),
    /// The name of the employer whom the record concerns that a field of the record names.
    EmployerOf(String),
    /// A field of the register of persons, of whom the record concerns.
    Person(String),
    /// A field of the register of employers, of which the record concerns.
    Employer(String),
    /// The last day of a deadline that runs.
    Due(String),
}

/// What the program knows by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Named {
    /// The centre's name.
    Centre,
    /// Where the record is dealt with.
    Station,
    /// The day on which the document is made.
    Today,
    /// The document's number.
    Number,
    /// The record's number.
    CaseNo,
    /// What the kind of record is called.
    Kind,
    /// What the record's state is called.
    State,
    /// Whom the record concerns: a person in full, an employer, else the record's title.
    Applicant,
    /// The masked ID number of the person, or the employer's code.
    ApplicantNo,
    /// Who makes the document.
    Clerk,
    /// The day on which the record was opened.
    OpenedOn,
    /// The day of the step.
    StepOn,
    /// Who did the step.
    StepBy,
    /// What the step is called.
    Step,
    /// Why it was done.
    Reason,
    /// The rule on which a rejection stands.
    Rule,
    /// What can be done against it.
    Remedy,
}

/// Every name, as templates write it.
pub(super) const NAMES: &str = "centre station today number case_no kind state applicant \
applicant_no clerk opened_on step_on step_by step reason rule remedy";

impl Named {
    /// Of a step, not of a record as it is.
    #[must_use]
    pub fn is_of_step(self) -> bool {
        matches!(
            self,
            Self::StepOn | Self::StepBy | Self::Step | Self::Reason | Self::Rule | Self::Remedy
        )
    }

    /// What it is called where it is missing.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Centre => "中心名称",
            Self::Station => "经办网点",
            Self::Today => "当天日期",
            Self::Number => "文书编号",
            Self::CaseNo => "受理号",
            Self::Kind => "业务名称",
            Self::State => "状态",
            Self::Applicant => "申请人",
            Self::ApplicantNo => "申请人的证件号码或信用代码",
            Self::Clerk => "打印人",
            Self::OpenedOn => "登记日",
            Self::StepOn => "办理日",
            Self::StepBy => "经办人",
            Self::Step => "办理步骤",
            Self::Reason => "理由",
            Self::Rule => "依据",
            Self::Remedy => "救济途径",
        }
    }
}

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// As on pages; personal values masked.
    Plain,
    /// Personal values in full.
    Whole,
    /// Money in capitals.
    Capitals,
    /// Another record's number instead of its title.
    Number,
}

/// Reads a text.
///
/// # Errors
/// A Chinese sentence for each value that cannot be read.
pub(super) fn read(text: &str) -> Result<Words, Vec<String>> {
    let (mut pieces, mut faults) = (Vec::new(), Vec::new());
    let mut rest = text;
    while let Some(start) = rest.find(['{', '}']) {
        push_plain(&mut pieces, &rest[..start]);
        let from = &rest[start..];
        let Some((inner, after)) = from
            .strip_prefix('{')
            .and_then(|inner| inner.split_once('}'))
        else {
            faults.push("花括号不成对。".to_owned());
            return Err(faults);
        };
        match asked(inner) {
            Ok(asked) => pieces.push(Piece::Value(asked)),
            Err(fault) => faults.push(fault),
        }
        rest = after;
    }
    push_plain(&mut pieces, rest);
    if faults.is_empty() {
        Ok(Words(pieces))
    } else {
        Err(faults)
    }
}

fn push_plain(pieces: &mut Vec<Piece>, text: &str) {
    if !text.is_empty() {
        pieces.push(Piece::Plain(text.to_owned()));
    }
}

/// Reads what stands between braces.
pub(super) fn asked(inner: &str) -> Result<Asked, String> {
    let (inner, is_optional) = match inner.strip_suffix('?') {
        Some(inner) => (inner, true),
        None => (inner, false),
    };
    let (name, form) = match inner.split_once(':') {
        None => (inner, Form::Plain),
        Some((name, form)) => {
            let known = word::<Form>(form).filter(|form| *form != Form::Plain);
            let unknown =
                || format!("“{{{inner}}}”不认识写法“{form}”，可以写：whole capitals number。");
            (name, known.ok_or_else(unknown)?)
        }
    };
    Ok(Asked {
        source: source(name)?,
        form,
        is_optional,
    })
}

/// Reads where a value comes from.
pub(super) fn source(name: &str) -> Result<Source, String> {
    let parts: Vec<&str> = name.split('.').collect();
    let own = |text: &str| text.to_owned();
    match parts[..] {
        ["field", field] => Ok(Source::Field(own(field))),
        ["field", field, "employer"] => Ok(Source::EmployerOf(own(field))),
        ["field", field, inner] => Ok(Source::FieldOf(own(field), own(inner))),
        ["person", field] => Ok(Source::Person(own(field))),
        ["employer", field] => Ok(Source::Employer(own(field))),
        ["due", rule] => Ok(Source::Due(own(rule))),
        [name] => word(name).map(Source::Named).ok_or_else(|| {
            format!(
                "不认识“{{{name}}}”。可以写：{NAMES}，或 field. person. employer. due. 开头的。"
            )
        }),
        _ => Err(format!("“{{{name}}}”的点太多，或者开头不对。")),
    }
}

fn word<'t, T: Deserialize<'t>>(text: &'t str) -> Option<T> {
    let reader = StrDeserializer::<serde::de::value::Error>::new(text);
    T::deserialize(reader).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_into_words_and_values() {
        let read = read("编号{case_no}，{field.amount:capitals?}。").unwrap();
        let plain = |text: &str| Piece::Plain(text.to_owned());
        let case_no = Asked {
            source: Source::Named(Named::CaseNo),
            form: Form::Plain,
            is_optional: false,
        };
        let amount = Asked {
            source: Source::Field("amount".to_owned()),
            form: Form::Capitals,
            is_optional: true,
        };
        let (case_no, amount) = (Piece::Value(case_no), Piece::Value(amount));
        assert_eq!(
            read.0,
            [plain("编号"), case_no, plain("，"), amount, plain("。")]
        );
    }

    #[test]
    fn what_is_no_value_is_told() {
        for bad in [
            "{",
            "甲}",
            "{nobody}",
            "{field.a.b.c}",
            "{centre:loud}",
            "{centre:plain}",
            "{甲{centre}}",
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn every_name_that_is_told_can_be_written() {
        for name in NAMES.split(' ') {
            assert!(word::<Named>(name).is_some(), "{name}");
        }
    }
}
