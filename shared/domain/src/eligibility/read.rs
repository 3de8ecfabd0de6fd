//! Reading the rules: the files of `assets/eligibility` by their names. What is wrong is told with file and
//! line, so that a clerk who keeps them finds it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use thiserror::Error;
use toml::Spanned;

use crate::id::GroupCode;
use crate::months::{self, RetirementTrack, TableFault};

use super::condition::{Condition, Operand, Operator, Subject};
use super::finding::{Material, Relation, Verdict};
use super::question::{AnswerKind, Choice, Party, Question};
use super::rules::{Amount, Audience, Benefit, EligibilityRules, Exclusion, Row};

/// 不清楚 is a choice of every question that may be answered so.
const UNCLEAR: &str = "unclear";

/// A file of the rules that cannot be followed.
#[derive(Debug, Error)]
pub enum RuleFault {
    /// One of the files is not there.
    #[error("资格自检的规则缺文件“{file}”。")]
    NoFile {
        /// Which.
        file: &'static str,
    },
    /// Not the TOML that it should be; the cause names the line.
    #[error("资格自检的规则文件“{file}”读不了：{cause}")]
    Unreadable {
        /// Which.
        file: String,
        /// Why.
        cause: toml::de::Error,
    },
    /// Something in it does not fit.
    #[error("资格自检的规则文件“{file}”第 {line} 行：{what}")]
    Unfit {
        /// Which file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong, a Chinese sentence.
        what: String,
    },
    /// The table of retirement.
    #[error(transparent)]
    Retirement(#[from] TableFault),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HeadFile {
    version: String,
    disclaimer: String,
    reasons: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QuestionFile {
    question: Vec<RawQuestion>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawQuestion {
    id: Spanned<String>,
    name: String,
    text: String,
    hint: Option<String>,
    where_to_learn: Option<String>,
    kind: RawKind,
    #[serde(default)]
    choices: Vec<Choice>,
    #[serde(default)]
    unit: String,
    #[serde(default)]
    range: Option<[i64; 2]>,
    #[serde(default = "one")]
    scale: i64,
    #[serde(default = "yes")]
    may_be_unclear: bool,
    #[serde(default)]
    is_on_card: bool,
    #[serde(default)]
    asked_if: Vec<Spanned<String>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum RawKind {
    YesNo,
    One,
    Several,
    Number,
    Date,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BenefitFile {
    benefit: Vec<RawBenefit>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBenefit {
    id: Spanned<String>,
    sheet: String,
    name: String,
    party: Party,
    group: Option<GroupCode>,
    kind: Option<String>,
    place: String,
    deadline: Option<String>,
    #[serde(default)]
    materials: Vec<Material>,
    #[serde(default)]
    skip_if: Vec<Spanned<String>>,
    #[serde(default)]
    amount: Vec<RawAmount>,
    row: Vec<RawRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAmount {
    #[serde(default, rename = "if")]
    conditions: Vec<Spanned<String>>,
    text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRow {
    no: String,
    verdict: Verdict,
    reason: Spanned<String>,
    #[serde(rename = "if")]
    conditions: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OrderFile {
    audience: Vec<Spanned<Audience>>,
    exclusion: Vec<RawExclusion>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawExclusion {
    one: Spanned<String>,
    other: String,
    relation: Relation,
    text: String,
}

fn one() -> i64 {
    1
}

fn yes() -> bool {
    true
}

/// A file with its name, for telling where something is wrong.
#[derive(Clone, Copy)]
struct File<'t> {
    name: &'t str,
    text: &'t str,
}

impl<'t> File<'t> {
    fn find(files: &[(&'t str, &'t str)], wanted: &'static str) -> Result<Self, RuleFault> {
        let found = files.iter().find(|(name, _)| *name == wanted);
        let (name, text) = found.ok_or(RuleFault::NoFile { file: wanted })?;
        Ok(Self { name, text })
    }

    fn read<T: DeserializeOwned>(self) -> Result<T, RuleFault> {
        toml::from_str(self.text).map_err(|cause| RuleFault::Unreadable {
            file: self.name.to_owned(),
            cause,
        })
    }

    fn unfit<T>(self, at: &Spanned<T>, what: impl Into<String>) -> RuleFault {
        let before = self.text.get(..at.span().start).unwrap_or(self.text);
        RuleFault::Unfit {
            file: self.name.to_owned(),
            line: before.matches('\n').count() + 1,
            what: what.into(),
        }
    }

    /// Reads conditions, each about questions and choices that exist.
    fn conditions(
        self,
        written: &[Spanned<String>],
        questions: &[Question],
    ) -> Result<Vec<Condition>, RuleFault> {
        let read = written.iter().map(|text| {
            let condition = Condition::read(text.as_ref())
                .ok_or_else(|| self.unfit(text, format!("条件“{}”看不懂。", text.as_ref())))?;
            check(&condition, questions)
                .map_err(|what| self.unfit(text, format!("条件“{}”：{what}", text.as_ref())))?;
            Ok(condition)
        });
        read.collect()
    }
}

impl EligibilityRules {
    /// Reads the files by their names (`rules.toml`, `questions.toml`, `person.toml`, `org.toml`,
    /// `together.toml`), with the text of the table of retirement.
    ///
    /// # Errors
    /// [`RuleFault`] names file and line.
    pub fn read(files: &[(&str, &str)], retirement: &str) -> Result<Self, RuleFault> {
        let head: HeadFile = File::find(files, "rules.toml")?.read()?;
        let (questions, scales) = questions(File::find(files, "questions.toml")?)?;
        let mut benefits = Vec::new();
        for name in ["person.toml", "org.toml"] {
            let file = File::find(files, name)?;
            let written: BenefitFile = file.read()?;
            for one in written.benefit {
                benefits.push(benefit(file, one, &questions, &head.reasons)?);
            }
        }
        let order = File::find(files, "together.toml")?;
        let (audiences, exclusions) = together(order, &benefits)?;
        let tracks: Vec<RetirementTrack> = months::read_table(retirement)?;
        Ok(Self {
            version: head.version,
            disclaimer: head.disclaimer,
            reasons: head.reasons,
            questions,
            scales,
            audiences,
            benefits,
            exclusions,
            tracks,
        })
    }
}

type Questions = (Vec<Question>, BTreeMap<String, i64>);

fn questions(file: File<'_>) -> Result<Questions, RuleFault> {
    let written: QuestionFile = file.read()?;
    let mut questions: Vec<Question> = Vec::new();
    let mut scales = BTreeMap::new();
    for raw in written.question {
        let id = raw.id.as_ref().clone();
        if questions.iter().any(|question| question.id == id) {
            return Err(file.unfit(&raw.id, format!("问题“{id}”写了两次。")));
        }
        scales.insert(id.clone(), raw.scale);
        // only about what was asked before, so that no question waits for itself
        let asked_if = file.conditions(&raw.asked_if, &questions)?;
        questions.push(Question {
            id,
            name: raw.name.clone(),
            text: raw.text.clone(),
            hint: raw.hint.clone(),
            where_to_learn: raw.where_to_learn.clone(),
            kind: kind(file, &raw)?,
            may_be_unclear: raw.may_be_unclear,
            is_on_card: raw.is_on_card,
            asked_if,
        });
    }
    Ok((questions, scales))
}

fn kind(file: File<'_>, raw: &RawQuestion) -> Result<AnswerKind, RuleFault> {
    let choice = |id: &str, text: &str| Choice {
        id: id.to_owned(),
        text: text.to_owned(),
        is_alone: false,
    };
    let needs_choices = matches!(raw.kind, RawKind::One | RawKind::Several);
    if needs_choices == raw.choices.is_empty() {
        return Err(file.unfit(&raw.id, "选择题要写选项，别的题不写。"));
    }
    Ok(match raw.kind {
        RawKind::YesNo => AnswerKind::One(vec![choice("yes", "是"), choice("no", "否")]),
        RawKind::One => AnswerKind::One(raw.choices.clone()),
        RawKind::Several => AnswerKind::Several(raw.choices.clone()),
        RawKind::Date => AnswerKind::Date,
        RawKind::Number => {
            let [least, most] = raw
                .range
                .filter(|[least, most]| least <= most)
                .ok_or_else(|| file.unfit(&raw.id, "填数的题要写 range = [最小, 最大]。"))?;
            AnswerKind::Number {
                unit: raw.unit.clone(),
                least,
                most,
            }
        }
    })
}

fn benefit(
    file: File<'_>,
    raw: RawBenefit,
    questions: &[Question],
    reasons: &BTreeMap<String, String>,
) -> Result<Benefit, RuleFault> {
    let rows = raw.row.iter().map(|row| {
        let code = row.reason.as_ref();
        if !reasons.contains_key(code) {
            let what = format!("原因“{code}”在 rules.toml 里没有对应的句子。");
            return Err(file.unfit(&row.reason, what));
        }
        Ok(Row {
            no: row.no.clone(),
            verdict: row.verdict,
            reason: code.clone(),
            conditions: file.conditions(&row.conditions, questions)?,
        })
    });
    let rows = rows.collect::<Result<Vec<_>, RuleFault>>()?;
    let amounts = raw.amount.iter().map(|amount| {
        Ok(Amount {
            conditions: file.conditions(&amount.conditions, questions)?,
            text: amount.text.clone(),
        })
    });
    Ok(Benefit {
        id: raw.id.as_ref().clone(),
        amounts: amounts.collect::<Result<_, RuleFault>>()?,
        skip_if: file.conditions(&raw.skip_if, questions)?,
        rows,
        sheet: raw.sheet,
        name: raw.name,
        party: raw.party,
        group: raw.group,
        kind: raw.kind,
        place: raw.place,
        deadline: raw.deadline,
        materials: raw.materials,
    })
}

type Together = (Vec<Audience>, Vec<Exclusion>);

fn together(file: File<'_>, benefits: &[Benefit]) -> Result<Together, RuleFault> {
    let written: OrderFile = file.read()?;
    let known: BTreeSet<&str> = benefits.iter().map(|benefit| benefit.id.as_str()).collect();
    for audience in &written.audience {
        let mut named = audience.as_ref().benefits.iter();
        if let Some(unknown) = named.find(|id| !known.contains(id.as_str())) {
            return Err(file.unfit(audience, format!("没有叫“{unknown}”的待遇。")));
        }
    }
    let exclusions = written.exclusion.into_iter().map(|raw| {
        if !known.contains(raw.one.as_ref().as_str()) {
            let what = format!("没有叫“{}”的待遇。", raw.one.as_ref());
            return Err(file.unfit(&raw.one, what));
        }
        Ok(Exclusion {
            one: raw.one.into_inner(),
            other: raw.other,
            relation: raw.relation,
            text: raw.text,
        })
    });
    let audiences = written.audience.into_iter().map(Spanned::into_inner);
    Ok((audiences.collect(), exclusions.collect::<Result<_, _>>()?))
}

/// Whether a condition is about questions and choices that exist.
fn check(condition: &Condition, questions: &[Question]) -> Result<(), String> {
    let find = |id: &str| questions.iter().find(|question| question.id == id);
    for id in condition.subject.questions() {
        find(id).ok_or_else(|| format!("前面没有问题“{id}”。"))?;
    }
    let Subject::Answer(id) = &condition.subject else {
        return Ok(());
    };
    let kind = find(id).map(|question| &question.kind);
    let wants_several = matches!(condition.operator, Operator::Has | Operator::Lacks);
    match (kind, &condition.operand) {
        (Some(AnswerKind::One(choices)), Operand::Choices(named)) if !wants_several => {
            all_known(choices, named)
        }
        (Some(AnswerKind::Several(choices)), Operand::Choices(named)) if wants_several => {
            all_known(choices, named)
        }
        (Some(AnswerKind::Number { .. }), Operand::Number(_) | Operand::Parameter(_)) => Ok(()),
        _ => Err("写法和问题的答法不配。".to_owned()),
    }
}

fn all_known(choices: &[Choice], named: &[String]) -> Result<(), String> {
    let is_known = |id: &String| id == UNCLEAR || choices.iter().any(|choice| choice.id == *id);
    match named.iter().find(|id| !is_known(id)) {
        Some(unknown) => Err(format!("没有选项“{unknown}”。")),
        None => Ok(()),
    }
}
