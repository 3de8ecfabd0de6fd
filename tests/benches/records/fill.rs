//! Fills a store with records as ten months would: each opened through the desk, then led on by
//! the steps of its kind, so that most are over and some wait in every state.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use acceptance::figures::per_s;
use central::cases::{CaseDesk, NewCase};
use chrono::Days;
use domain::case::{Actor, Channel, Command, Draft, Value, Values};
use domain::id::{PersonId, RecordId};
use domain::money::Fen;
use domain::time::UtcMs;
use tokio::runtime::Runtime;

use crate::Fault;
use crate::invented::{self, Dice};
use crate::office::{Clerk, centre, now, system};

/// Records that come in together.
const PART: usize = 500;
const DAY_MS: i64 = 24 * 3_600_000;
const MONTHS_MS: i64 = 300 * DAY_MS;

/// Parts per thousand of all records.
const SHARES: [(&str, usize); 4] = [
    ("person", 400),
    ("vacancy", 250),
    ("jobseek_once", 200),
    ("appointment", 150),
];

/// What was opened, by kind.
pub(crate) struct Filled {
    pub(crate) by_kind: BTreeMap<&'static str, Vec<RecordId>>,
}

/// A step that so many of a thousand take, in the order of their opening.
struct Step {
    permille: usize,
    by: By,
    command: Command,
}

#[derive(Clone, Copy)]
enum By {
    Clerk,
    Reviewer,
    System,
}

struct Filling<'o> {
    runtime: &'o Runtime,
    desk: &'o CaseDesk,
    clerks: [&'o Clerk; 2],
    dice: Dice,
    employers: Vec<RecordId>,
    filled: Filled,
}

pub(crate) fn fill(
    runtime: &Runtime,
    desk: &CaseDesk,
    clerks: [&Clerk; 2],
    records: usize,
) -> Result<Filled, Fault> {
    let begun = Instant::now();
    let mut filling = Filling {
        runtime,
        desk,
        clerks,
        dice: Dice::of(7),
        employers: Vec::new(),
        filled: Filled {
            by_kind: BTreeMap::new(),
        },
    };
    let first = now().plus_ms(-MONTHS_MS);
    let employers = (0..(records / 200).max(1)).map(|_| invented::employer(&mut filling.dice));
    let employers = employers.collect::<Vec<_>>();
    filling.employers = filling.open("employer", employers, first)?;
    let (parts, mut opening) = (records.div_ceil(PART * 4).max(1), Duration::ZERO);
    for part in 0..parts {
        let at = first.plus_ms(MONTHS_MS * i64::try_from(part)? / i64::try_from(parts)?);
        for (kind, permille) in SHARES {
            opening += filling.part(kind, records * permille / 1_000 / parts, at)?;
        }
    }
    let count: usize = filling.filled.by_kind.values().map(Vec::len).sum();
    println!(
        "{count} records filled in {:.0?}; opened without a sheet at {:.0}/s, all kinds together",
        begun.elapsed(),
        per_s(count, opening)
    );
    Ok(filling.filled)
}

impl Filling<'_> {
    /// Opens a part of a kind and leads it on. Returns how long the opening took.
    fn part(&mut self, kind: &'static str, count: usize, at: UtcMs) -> Result<Duration, Fault> {
        let known = self.filled.by_kind.get(kind).map_or(0, Vec::len);
        let (day, workday) = (at.hall_date(), self.workday(at));
        let mut values = Vec::new();
        for index in 0..count {
            values.push(match kind {
                "person" => invented::person(&mut self.dice, known + index),
                "vacancy" => invented::vacancy(&mut self.dice, day),
                "jobseek_once" => invented::application(&mut self.dice, day),
                _ => invented::appointment(&mut self.dice, workday),
            });
        }
        let begun = Instant::now();
        let opened = self.open(kind, values, at)?;
        let taken = begun.elapsed();
        for step in steps(kind, at)? {
            self.lead(
                &opened[opened.len() * (1_000 - step.permille) / 1_000..],
                step,
                at,
            )?;
        }
        self.filled.by_kind.entry(kind).or_default().extend(opened);
        Ok(taken)
    }

    /// The first day on which the hall works, from three days after.
    fn workday(&self, at: UtcMs) -> chrono::NaiveDate {
        let day = at.hall_date();
        let days = (3..20).filter_map(|days| day.checked_add_days(Days::new(days)));
        let mut works = days.filter(|day| self.desk.rules().is_workday(*day) == Ok(true));
        works.next().unwrap_or(day)
    }

    fn open(&mut self, kind: &str, values: Vec<Values>, at: UtcMs) -> Result<Vec<RecordId>, Fault> {
        let (kind, station) = (domain::id::KindId::new(kind)?, centre()?);
        let mut opened = Vec::new();
        for part in values.chunks(PART) {
            let mut new = Vec::new();
            for values in part {
                new.push(NewCase {
                    kind: kind.clone(),
                    channel: Channel::Import,
                    station: station.clone(),
                    person: self.person_for(kind.as_str()),
                    employer: self.employer_for(kind.as_str()),
                    values: values.clone(),
                    corrects: None,
                });
            }
            let outcomes = self.desk.open_all(new, system(), at);
            for outcome in outcomes.map_err(|fault| format!("{fault:?}"))? {
                opened.push(outcome.map_err(|refusal| format!("{kind}: {refusal:?}"))?);
            }
        }
        Ok(opened)
    }

    fn person_for(&mut self, kind: &str) -> Option<PersonId> {
        if !matches!(kind, "jobseek_once" | "appointment") {
            return None;
        }
        let people = self.filled.by_kind.get("person")?;
        Some(PersonId(people[self.dice.below(people.len())].0))
    }

    fn employer_for(&mut self, kind: &str) -> Option<RecordId> {
        let employer = self.dice.below(self.employers.len());
        (kind == "vacancy").then(|| self.employers[employer])
    }

    fn lead(&self, records: &[RecordId], step: Step, at: UtcMs) -> Result<(), Fault> {
        let session = match step.by {
            By::Clerk => Some(self.clerks[0].session.clone()),
            By::Reviewer => Some(self.clerks[1].session.clone()),
            By::System => None,
        };
        let actor_at = move |station: &_| -> Actor {
            session
                .as_ref()
                .map_or_else(system, |session| session.actor(station))
        };
        let acted = self
            .desk
            .act_on_all(records.to_vec(), step.command, actor_at, at);
        for line in self
            .runtime
            .block_on(acted)
            .map_err(|fault| format!("{fault:?}"))?
        {
            line.outcome
                .map_err(|refusal| format!("{}: {refusal:?}", line.case_no))?;
        }
        Ok(())
    }
}

/// The steps that records of a kind take, and how many of them.
fn steps(kind: &str, at: UtcMs) -> Result<Vec<Step>, Fault> {
    let step = |permille, by, command| Step {
        permille,
        by,
        command,
    };
    Ok(match kind {
        "vacancy" => vec![
            step(960, By::Clerk, Command::step("submit")),
            step(900, By::Reviewer, Command::step("publish")),
            step(700, By::System, Command::step("expire")),
        ],
        "jobseek_once" => vec![
            step(970, By::Clerk, Command::step("submit")),
            step(940, By::Clerk, acceptance(at)?),
            step(900, By::Reviewer, review()),
            step(700, By::Clerk, Command::because("withdraw", "申请人不办了")),
        ],
        "appointment" => vec![step(850, By::System, Command::step("miss"))],
        _ => Vec::new(),
    })
}

/// Accepts an application whose papers come later.
pub(crate) fn acceptance(at: UtcMs) -> Result<Command, Fault> {
    let day = at
        .hall_date()
        .checked_add_days(Days::new(10))
        .ok_or("a day")?;
    let papers = ["school_record", "category_proof"].map(|paper| (paper.to_owned(), day));
    let passed = Value::Choice("passed".to_owned());
    Ok(with("accept", [("dedupe_check", passed)], papers.into()))
}

fn review() -> Command {
    with(
        "review",
        [("amount_approved", Value::Money(Fen(100_000)))],
        BTreeMap::new(),
    )
}

fn with<const N: usize>(
    transition: &str,
    values: [(&str, Value); N],
    deferred: BTreeMap<String, chrono::NaiveDate>,
) -> Command {
    let draft: Draft = values
        .map(|(id, value)| (id.to_owned(), Some(value)))
        .into();
    Command::Move {
        transition: transition.to_owned(),
        draft,
        reason: String::new(),
        rule: String::new(),
        remedy: String::new(),
        deferred,
        notice: Vec::new(),
    }
}
