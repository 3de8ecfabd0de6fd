//! What each row of a list comes to: a pure function of what the registers know of the row.
//!
//! - The number and the name are somebody's who is concerned: a hit.
//! - The number is, the name is another: possible, because one of the two was typed wrong.
//! - The number is of nobody, or there is none, and name and birth date are somebody's who is
//!   concerned: possible.
//! - The number is of somebody who is not concerned: nothing, whatever else agrees.
//! - A person whom an earlier row names already: told, and left out.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What the registers know of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting<N, P> {
    /// As a table program counts it.
    pub line: u32,
    /// The number in its look-up form, if the row has one.
    pub number: Option<N>,
    /// Who has the number.
    pub with_number: BTreeSet<P>,
    /// Those of them who are registered under another name.
    pub otherwise_called: BTreeSet<P>,
    /// Who has the name and the birth date, and is not certainly somebody else.
    pub alike: BTreeSet<P>,
}

/// Why a match is only possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doubt {
    /// The number agrees, the name does not.
    OtherName,
    /// Name and birth date agree; of the number nothing is known.
    NameAndBirth,
    /// Several registrations have the number.
    SeveralWithNumber,
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OtherName => "号码一样，姓名不一样",
            Self::NameAndBirth => "姓名和生日一样，号码没对上",
            Self::SeveralWithNumber => "这个号码登记了几个人",
        })
    }
}

/// What a row comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding<P> {
    /// It is this person, who is concerned.
    Hit(P),
    /// It may be one of these, who are concerned; a person must look.
    Possible(BTreeSet<P>, Doubt),
    /// Nobody who is concerned.
    Nothing,
    /// The same person as on this earlier line.
    Again(u32),
}

/// What each row comes to, in their order.
#[must_use]
pub fn compare<N: Ord + Clone, P: Ord + Copy>(
    sightings: &[Sighting<N, P>],
    is_concerned: impl Fn(P) -> bool,
) -> Vec<Finding<P>> {
    let mut numbers: BTreeMap<N, u32> = BTreeMap::new();
    let mut persons: BTreeMap<P, u32> = BTreeMap::new();
    let mut findings = Vec::with_capacity(sightings.len());
    for seen in sightings {
        let earlier = seen.number.as_ref().and_then(|number| numbers.get(number));
        let finding = match (earlier, alone(seen, &is_concerned)) {
            (Some(first), _) => Finding::Again(*first),
            (None, Finding::Hit(person)) => match persons.get(&person) {
                Some(first) => Finding::Again(*first),
                None => Finding::Hit(person),
            },
            (None, finding) => finding,
        };
        if let Some(number) = &seen.number {
            numbers.entry(number.clone()).or_insert(seen.line);
        }
        if let Finding::Hit(person) = finding {
            persons.insert(person, seen.line);
        }
        findings.push(finding);
    }
    findings
}

/// What a row comes to without the others.
fn alone<N, P: Ord + Copy>(seen: &Sighting<N, P>, is_concerned: &impl Fn(P) -> bool) -> Finding<P> {
    let concerned = |persons: &BTreeSet<P>| -> BTreeSet<P> {
        let persons = persons.iter().copied();
        persons.filter(|person| is_concerned(*person)).collect()
    };
    if seen.with_number.is_empty() {
        let alike = concerned(&seen.alike);
        return match alike.is_empty() {
            true => Finding::Nothing,
            false => Finding::Possible(alike, Doubt::NameAndBirth),
        };
    }
    let found = concerned(&seen.with_number);
    let is_only_one = seen.with_number.len() == 1;
    match found.first().copied() {
        None => Finding::Nothing,
        Some(_) if !is_only_one => Finding::Possible(found, Doubt::SeveralWithNumber),
        Some(person) if seen.otherwise_called.contains(&person) => {
            Finding::Possible(found, Doubt::OtherName)
        }
        Some(person) => Finding::Hit(person),
    }
}
