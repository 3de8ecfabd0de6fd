//! One check: which question comes next, and what comes out. Which benefits it is about is fixed when it
//! begins; answers are the caller's.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::parameter::ParameterBook;

use super::amount;
use super::answer::Answers;
use super::condition::{Condition, Held, Missing, Together, all_of};
use super::finding::{Checkup, ExclusionNote, Finding, Reason, Relation, Verdict};
use super::question::{Party, Question};
use super::rules::{Audience, Benefit, EligibilityRules, Row};
use super::value::Facts;

/// The reason when no row of a table fits.
const NO_ROW: &str = "no_row";

/// One check.
#[derive(Debug, Clone)]
pub struct Check<'r> {
    rules: &'r EligibilityRules,
    parameters: &'r ParameterBook,
    on: NaiveDate,
    benefits: Vec<&'r Benefit>,
}

/// How the rows of a benefit stand.
struct Standing<'r> {
    rows: Vec<(&'r Row, Together)>,
    is_skipped: bool,
    /// Questions that say whether it is about who asks at all.
    skip_open: Vec<String>,
}

impl<'r> Check<'r> {
    /// Of every benefit for a party, on a day.
    #[must_use]
    pub fn of_party(
        rules: &'r EligibilityRules,
        parameters: &'r ParameterBook,
        party: Party,
        on: NaiveDate,
    ) -> Self {
        let of_party = |benefit: &&Benefit| benefit.party == party;
        Self {
            rules,
            parameters,
            on,
            benefits: rules.benefits.iter().filter(of_party).collect(),
        }
    }

    /// Of the benefits for a group of people.
    #[must_use]
    pub fn of_audience(
        rules: &'r EligibilityRules,
        parameters: &'r ParameterBook,
        audience: &Audience,
        on: NaiveDate,
    ) -> Self {
        let named = audience.benefits.iter().map(String::as_str);
        Self::of_benefits(rules, parameters, named, on)
    }

    /// Of these benefits; ids that are none are left out.
    #[must_use]
    pub fn of_benefits<'i>(
        rules: &'r EligibilityRules,
        parameters: &'r ParameterBook,
        ids: impl IntoIterator<Item = &'i str>,
        on: NaiveDate,
    ) -> Self {
        let find = |id| rules.benefits.iter().find(|benefit| benefit.id == id);
        Self {
            rules,
            parameters,
            on,
            benefits: ids.into_iter().filter_map(find).collect(),
        }
    }

    /// The question that comes next; `None` when none matters any more.
    #[must_use]
    pub fn next_question(&self, answers: &Answers) -> Option<&'r Question> {
        let open = self.open_questions(answers);
        let questions = &self.rules.questions;
        questions
            .iter()
            .find(|question| open.contains(&question.id))
    }

    /// How many questions may still come, as far as is known now.
    #[must_use]
    pub fn questions_left(&self, answers: &Answers) -> usize {
        self.open_questions(answers).len()
    }

    /// What comes out. It may be asked for at any time: what was not answered counts as not known.
    #[must_use]
    pub fn result(&self, answers: &Answers) -> Checkup {
        let facts = self.facts(answers);
        let benefits = self.benefits.iter();
        let mut findings: Vec<Finding> = benefits
            .filter_map(|benefit| finding(&facts, benefit))
            .collect();
        findings.sort_by_key(|finding| finding.verdict);
        let likely = |id: &str| {
            let mut found = findings.iter();
            found.any(|finding| finding.benefit == id && finding.verdict == Verdict::Likely)
        };
        let exclusions = self.exclusions(likely);
        Checkup {
            rule_version: self.rules.version.clone(),
            on: self.on,
            together: together(&findings, &exclusions),
            exclusions,
            findings,
            disclaimer: self.rules.disclaimer.clone(),
        }
    }

    fn facts<'f>(&self, answers: &'f Answers) -> Facts<'f>
    where
        'r: 'f,
    {
        Facts {
            rules: self.rules,
            parameters: self.parameters,
            on: self.on,
            answers,
        }
    }

    fn open_questions(&self, answers: &Answers) -> BTreeSet<String> {
        let facts = self.facts(answers);
        let benefits = self.benefits.iter();
        benefits
            .flat_map(|benefit| open_of(&facts, benefit))
            .collect()
    }

    fn exclusions(&self, likely: impl Fn(&str) -> bool) -> Vec<ExclusionNote> {
        let is_checked = |id: &str| self.rules.benefits.iter().any(|benefit| benefit.id == id);
        let holds = self.rules.exclusions.iter().filter(|exclusion| {
            likely(&exclusion.one) && (!is_checked(&exclusion.other) || likely(&exclusion.other))
        });
        let note = holds.map(|exclusion| ExclusionNote {
            one: exclusion.one.clone(),
            other: exclusion.other.clone(),
            relation: exclusion.relation,
            text: exclusion.text.clone(),
        });
        note.collect()
    }
}

/// The likely ones of which none excludes another; who comes first in the list stays.
fn together(findings: &[Finding], exclusions: &[ExclusionNote]) -> Vec<String> {
    let mut taken: Vec<String> = Vec::new();
    let likely = findings
        .iter()
        .filter(|finding| finding.verdict == Verdict::Likely);
    for finding in likely {
        let id = &finding.benefit;
        let excluded = exclusions.iter().any(|note| {
            note.relation == Relation::Exclusive
                && ((note.one == *id && taken.contains(&note.other))
                    || (note.other == *id && taken.contains(&note.one)))
        });
        if !excluded {
            taken.push(id.clone());
        }
    }
    taken
}

impl<'r> Standing<'r> {
    fn of(facts: &Facts<'_>, benefit: &'r Benefit) -> Self {
        let held: Vec<Held> = benefit
            .skip_if
            .iter()
            .map(|skip| facts.held(skip))
            .collect();
        let open = held.iter().filter_map(|held| match held {
            Held::Open(questions) => Some(questions.clone()),
            _ => None,
        });
        let rows = benefit.rows.iter();
        Self {
            is_skipped: held.contains(&Held::Yes),
            skip_open: open.flatten().collect(),
            rows: rows
                .map(|row| (row, evaluate(facts, &row.conditions)))
                .collect(),
        }
    }

    fn of_verdict(&self, verdict: Verdict) -> impl Iterator<Item = (&'r Row, &Together)> {
        let rows = self
            .rows
            .iter()
            .filter(move |(row, _)| row.verdict == verdict);
        rows.map(|(row, together)| (*row, together))
    }

    fn hits(&self, verdict: Verdict) -> Vec<&'r Row> {
        let rows = self.of_verdict(verdict);
        rows.filter(|(_, together)| together.is_yes())
            .map(|(row, _)| row)
            .collect()
    }

    fn is_unclear(&self, verdict: Verdict) -> bool {
        self.of_verdict(verdict)
            .any(|(_, together)| together.is_unclear())
    }

    fn open(&self, verdict: Verdict) -> impl Iterator<Item = String> {
        let rows = self.of_verdict(verdict);
        rows.filter(|(_, together)| together.is_open())
            .flat_map(|(_, together)| together.open.clone())
    }
}

fn evaluate(facts: &Facts<'_>, conditions: &[Condition]) -> Together {
    all_of(conditions.iter().map(|condition| facts.held(condition)))
}

/// The questions that can still change what comes out for a benefit.
fn open_of(facts: &Facts<'_>, benefit: &Benefit) -> Vec<String> {
    let standing = Standing::of(facts, benefit);
    if standing.is_skipped || !standing.hits(Verdict::Unlikely).is_empty() {
        return Vec::new();
    }
    if !standing.skip_open.is_empty() {
        return standing.skip_open;
    }
    let mut open: Vec<String> = standing.open(Verdict::Unlikely).collect();
    let is_ask = !standing.hits(Verdict::Ask).is_empty()
        || standing.is_unclear(Verdict::Ask)
        || standing.is_unclear(Verdict::Unlikely);
    if is_ask {
        return open;
    }
    open.extend(standing.open(Verdict::Ask));
    if standing.hits(Verdict::Likely).is_empty() {
        open.extend(standing.open(Verdict::Likely));
    } else if open.is_empty() {
        let amounts = benefit.amounts.iter();
        open.extend(amounts.flat_map(|amount| evaluate(facts, &amount.conditions).open));
    }
    open
}

/// What is found of one benefit; nothing when it is not about who asks.
fn finding(facts: &Facts<'_>, benefit: &Benefit) -> Option<Finding> {
    let standing = Standing::of(facts, benefit);
    if standing.is_skipped {
        return None;
    }
    let (verdict, hits) = verdict(&standing);
    let missing = match verdict {
        Verdict::Ask => missing(facts, &standing, hits.is_empty()),
        _ => Vec::new(),
    };
    let mut reasons = told_once(hits.iter().map(|row| Reason {
        row: Some(format!("{}#{}", benefit.sheet, row.no)),
        ..reason(facts, &row.reason)
    }));
    if reasons.is_empty() && missing.is_empty() {
        reasons.push(reason(facts, NO_ROW));
    }
    let amount = (verdict == Verdict::Likely).then(|| amount_text(facts, benefit));
    Some(Finding {
        benefit: benefit.id.clone(),
        name: benefit.name.clone(),
        verdict,
        reasons,
        missing,
        amount: amount.flatten(),
        earliest: (verdict != Verdict::Likely)
            .then(|| earliest(facts, &standing))
            .flatten(),
        materials: benefit.materials.clone(),
        place: benefit.place.clone(),
        deadline: deadline(facts, benefit),
        group: benefit.group,
        kind: benefit.kind.clone(),
    })
}

/// 不符合 before 需人工 before 可能符合. A row for a no that nobody can rule out keeps a yes from being told.
fn verdict<'r>(standing: &Standing<'r>) -> (Verdict, Vec<&'r Row>) {
    let unlikely = standing.hits(Verdict::Unlikely);
    if !unlikely.is_empty() {
        return (Verdict::Unlikely, unlikely);
    }
    let may_be = |verdict| {
        let mut rows = standing.of_verdict(verdict);
        rows.any(|(_, together)| together.is_unclear() || together.is_open())
    };
    let ask = standing.hits(Verdict::Ask);
    if !ask.is_empty() || may_be(Verdict::Ask) || may_be(Verdict::Unlikely) {
        return (Verdict::Ask, ask);
    }
    match standing.hits(Verdict::Likely) {
        likely if likely.is_empty() => (Verdict::Ask, Vec::new()),
        likely => (Verdict::Likely, likely),
    }
}

/// What is not known and would decide: of rows for a no or a question, and of rows for a yes while none fits.
fn missing(facts: &Facts<'_>, standing: &Standing<'_>, is_undecided: bool) -> Vec<String> {
    let has_likely = !standing.hits(Verdict::Likely).is_empty();
    let counts = |row: &Row| row.verdict != Verdict::Likely || (!has_likely && is_undecided);
    let rows = standing.rows.iter().filter(|(row, _)| counts(row));
    let rows = rows.filter(|(_, together)| together.is_unclear() || together.is_open());
    let missing = rows.flat_map(|(_, together)| {
        let open = together.open.iter().cloned().map(Missing::Answer);
        together.missing.iter().cloned().chain(open)
    });
    let missing: BTreeSet<Missing> = missing.collect();
    let order = |missing: &Missing| match missing {
        Missing::Answer(id) => {
            let mut questions = facts.rules.questions.iter();
            questions.position(|question| question.id == *id)
        }
        Missing::Parameter(_) => None,
    };
    let mut missing: Vec<Missing> = missing.into_iter().collect();
    missing.sort_by_key(|missing| (order(missing).is_none(), order(missing)));
    missing
        .iter()
        .map(|missing| facts.missing_text(missing))
        .collect()
}

fn reason(facts: &Facts<'_>, code: &str) -> Reason {
    let text = facts.rules.reasons.get(code).map_or(code, String::as_str);
    Reason {
        code: code.to_owned(),
        row: None,
        text: amount::fill(text, facts).unwrap_or_else(|missing| facts.missing_text(&missing)),
    }
}

fn told_once(reasons: impl Iterator<Item = Reason>) -> Vec<Reason> {
    let mut told: Vec<Reason> = Vec::new();
    for reason in reasons {
        if !told.contains(&reason) {
            told.push(reason);
        }
    }
    told
}

/// The first text whose conditions hold; where one of its numbers is missing, that is said instead.
fn amount_text(facts: &Facts<'_>, benefit: &Benefit) -> Option<String> {
    let mut amounts = benefit.amounts.iter();
    let amount = amounts.find(|amount| evaluate(facts, &amount.conditions).is_yes())?;
    Some(
        amount::fill(&amount.text, facts).unwrap_or_else(|missing| {
            format!("标准以窗口为准：{}。", facts.missing_text(&missing))
        }),
    )
}

/// How long one may apply; nothing where a number of it is missing.
fn deadline(facts: &Facts<'_>, benefit: &Benefit) -> Option<String> {
    let text = benefit.deadline.as_ref()?;
    amount::fill(text, facts).ok()
}

/// The first day on which a row for a yes fits for which only time has to pass.
fn earliest(facts: &Facts<'_>, standing: &Standing<'_>) -> Option<NaiveDate> {
    let rows = standing.of_verdict(Verdict::Likely);
    let days = rows.filter_map(|(row, _)| {
        let unmet = row
            .conditions
            .iter()
            .filter_map(|condition| match facts.held(condition) {
                Held::Yes => None,
                Held::No => Some(facts.reached_on(condition)),
                Held::Unclear(_) | Held::Open(_) => Some(None),
            });
        let days: Option<Vec<NaiveDate>> = unmet.collect();
        days?.into_iter().max()
    });
    days.min().filter(|day| *day > facts.on)
}
