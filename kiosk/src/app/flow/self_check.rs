//! 测资格: one question a page, back to the one before, 说不清楚 as an answer, and what comes out of it with
//! its reasons. The rules decide what is asked next; here is only the way through the pages. The answers
//! are in memory as long as the person stands there.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;
use domain::eligibility::{
    Answer, AnswerKind, Answers, Audience, Check, Checkup, EligibilityRules, Question,
};
use domain::parameter::ParameterBook;
use wire::citizen::{ANSWER_CHARS_MAX, ANSWERS_MAX, SelfCheckAnswer};

use super::{SecretDigits, Step};
use crate::app::eligibility::rules;

/// A day: year, month, day.
const DATE_DIGITS: usize = 8;

/// Which page is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CheckStep {
    /// For whom?
    Audience,
    /// The question with this id.
    Question(String),
    /// What came out, and the place of what is being read.
    Results(Box<Checkup>, Option<usize>),
}

/// The pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelfCheck {
    /// The page.
    pub step: CheckStep,
    /// What is ticked of several.
    pub ticked: BTreeSet<usize>,
    /// What is typed of a number or a day.
    pub typed: SecretDigits,
    /// What to say, if something must be said.
    pub message: Option<String>,
    /// The rules may have changed since the centre was last heard of.
    pub is_old: bool,
    audience: usize,
    answers: Answers,
    /// The questions answered so far, in their order.
    asked: Vec<String>,
    parameters: Arc<ParameterBook>,
    on: NaiveDate,
}

impl SelfCheck {
    /// The first page, on a day, by these parameters.
    #[must_use]
    pub fn opened(parameters: Arc<ParameterBook>, on: NaiveDate, is_old: bool) -> Self {
        Self {
            step: CheckStep::Audience,
            ticked: BTreeSet::new(),
            typed: SecretDigits::of(DATE_DIGITS),
            message: None,
            is_old,
            audience: 0,
            answers: Answers::default(),
            asked: Vec::new(),
            parameters,
            on,
        }
    }

    pub(super) fn question_number(&self) -> u32 {
        match &self.step {
            CheckStep::Audience => 0,
            CheckStep::Question(_) => 2 + u32::try_from(self.asked.len()).unwrap_or_default(),
            CheckStep::Results(_, None) => 1_000,
            CheckStep::Results(_, Some(_)) => 1_001,
        }
    }

    /// The question on the screen.
    #[must_use]
    pub fn question(&self) -> Option<&'static Question> {
        match &self.step {
            CheckStep::Question(id) => rules().question(id),
            _ => None,
        }
    }

    /// For whom it is; nothing before that is chosen.
    #[must_use]
    pub fn audience(&self) -> Option<&'static Audience> {
        let is_chosen = self.step != CheckStep::Audience;
        rules().audiences().get(self.audience).filter(|_| is_chosen)
    }

    /// Which question this is, from 1, and how many may still come after it.
    #[must_use]
    pub fn place(&self) -> (usize, usize) {
        let left = self.with_check(|check| check.questions_left(&self.answers));
        (
            self.asked.len() + 1,
            left.unwrap_or_default().saturating_sub(1),
        )
    }

    fn with_check<T>(&self, ask: impl FnOnce(&Check<'_>) -> T) -> Option<T> {
        let rules: &EligibilityRules = rules();
        let audience = rules.audiences().get(self.audience)?;
        let check = Check::of_audience(rules, &self.parameters, audience, self.on);
        Some(ask(&check))
    }

    /// What is being typed.
    pub(super) fn digits(&mut self) -> Option<&mut SecretDigits> {
        let kind = &self.question()?.kind;
        self.message = None;
        matches!(kind, AnswerKind::Number { .. } | AnswerKind::Date).then_some(&mut self.typed)
    }

    pub(super) fn back(&mut self) -> bool {
        self.message = None;
        match &self.step {
            CheckStep::Audience => return false,
            CheckStep::Results(checkup, Some(_)) => {
                self.step = CheckStep::Results(checkup.clone(), None);
            }
            CheckStep::Question(_) | CheckStep::Results(_, None) => match self.asked.pop() {
                Some(before) => {
                    self.answers.take_back(&before);
                    self.show(before);
                }
                None => self.step = CheckStep::Audience,
            },
        }
        true
    }

    fn show(&mut self, question: String) {
        self.ticked.clear();
        let places = match rules().question(&question).map(|it| &it.kind) {
            Some(AnswerKind::Number { most, .. }) => most.to_string().len(),
            _ => DATE_DIGITS,
        };
        self.typed = SecretDigits::of(places);
        self.step = CheckStep::Question(question);
    }

    pub(super) fn picked(&mut self, index: usize) -> Step {
        match &self.step {
            CheckStep::Audience if index < rules().audiences().len() => {
                self.audience = index;
                self.next();
            }
            CheckStep::Question(_) => self.chosen(index),
            CheckStep::Results(checkup, None) if index < checkup.findings.len() => {
                self.step = CheckStep::Results(checkup.clone(), Some(index));
            }
            _ => {}
        }
        Step::Stay
    }

    /// A choice of the question; the one behind the last is 说不清楚.
    fn chosen(&mut self, index: usize) {
        let Some(question) = self.question() else {
            return;
        };
        match &question.kind {
            AnswerKind::One(choices) => match choices.get(index) {
                Some(choice) => self.answer(question, Answer::One(choice.id.clone())),
                None => self.answer(question, Answer::Unclear),
            },
            AnswerKind::Several(choices) if index < choices.len() => {
                self.message = None;
                if !self.ticked.remove(&index) {
                    self.ticked.insert(index);
                }
            }
            _ => {}
        }
    }

    /// Goes on with what was ticked or typed, or with 说不清楚.
    pub(super) fn gone_on(&mut self, is_unclear: bool) -> Step {
        if let Some(question) = self.question() {
            match self.given(&question.kind, is_unclear) {
                Some(answer) => self.answer(question, answer),
                None => self.message = Some("这一天日历上没有，请再看一下。".to_owned()),
            }
        }
        Step::Stay
    }

    fn given(&self, kind: &AnswerKind, is_unclear: bool) -> Option<Answer> {
        if is_unclear {
            return Some(Answer::Unclear);
        }
        let typed = self.typed.typed();
        Some(match kind {
            AnswerKind::One(_) => return None,
            AnswerKind::Several(choices) => {
                let chosen = self.ticked.iter().filter_map(|index| choices.get(*index));
                Answer::Several(chosen.map(|choice| choice.id.clone()).collect())
            }
            AnswerKind::Number { .. } => Answer::Number(typed.expose().parse().ok()?),
            AnswerKind::Date => {
                let day = NaiveDate::parse_from_str(typed.expose(), "%Y%m%d");
                Answer::Date(day.ok()?)
            }
        })
    }

    fn answer(&mut self, question: &Question, answer: Answer) {
        match self.answers.give(question, answer) {
            Ok(()) => {
                self.asked.push(question.id.clone());
                self.next();
            }
            Err(bad) => self.message = Some(bad.to_string()),
        }
    }

    fn next(&mut self) {
        self.message = None;
        let next = self.with_check(|check| match check.next_question(&self.answers) {
            Some(question) => Err(question.id.clone()),
            None => Ok(check.result(&self.answers)),
        });
        match next {
            Some(Err(question)) => self.show(question),
            Some(Ok(checkup)) => self.step = CheckStep::Results(Box::new(checkup), None),
            None => self.step = CheckStep::Audience,
        }
    }

    /// What was asked and heard, for an application: chosen answers only, no day and no number.
    #[must_use]
    pub fn answers_in_words(&self) -> Vec<SelfCheckAnswer> {
        let said = self.asked.iter().filter_map(|id| {
            let question = rules().question(id)?;
            let answer = in_words(question, self.answers.to(id)?)?;
            Some(SelfCheckAnswer {
                question: shortened(&question.text),
                answer: shortened(&answer),
            })
        });
        said.take(ANSWERS_MAX).collect()
    }
}

fn in_words(question: &Question, answer: &Answer) -> Option<String> {
    let (AnswerKind::One(choices) | AnswerKind::Several(choices)) = &question.kind else {
        return None;
    };
    let text = |id: &String| {
        let choice = choices.iter().find(|choice| choice.id == *id);
        choice.map(|choice| choice.text.clone())
    };
    match answer {
        Answer::One(id) => text(id),
        Answer::Several(ids) => Some(ids.iter().filter_map(text).collect::<Vec<_>>().join("、")),
        Answer::Unclear => Some("说不清楚".to_owned()),
        Answer::Number(_) | Answer::Date(_) => None,
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(ANSWER_CHARS_MAX).collect()
}
