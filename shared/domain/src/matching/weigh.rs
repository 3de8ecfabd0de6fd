//! Weighing a jobseeker and a vacancy: pure, exact, the same answer for the same arguments.

use std::cmp::Reverse;

use crate::listing::Education;
use crate::money::Fen;
use crate::pay::MonthlyPay;

use super::finding::{Facet, Finding, Fits, Part, Silent};
use super::fraction::{Points, Share};
use super::occupation::{Work, is_part_of};
use super::offer::OfferTerms;
use super::place::Distance;
use super::rules::MatchingRules;
use super::seeker::{SeekerTerms, Shift};
use super::skill::Nearness;
use super::words::holds;

/// More yuan a month count as this many: denominators stay small enough to be compared exactly.
const YUAN_MAX: u64 = 1_000_000;
/// More skills than this are not compared, for the same reason. The form takes ten.
const SKILLS_MAX: usize = 10;

/// How well two fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fit {
    /// Every part, in the order of [`Facet::ALL`].
    pub parts: [Part; 6],
    /// Their sum: 0 to 100 points.
    pub score: Points,
}

impl Fit {
    /// The score as it is written into a record: the sum of the parts as they are written there, so
    /// that the lines add up. In hundredths of a point.
    #[must_use]
    pub fn written_hundredths(&self) -> u32 {
        let parts = self.parts.iter();
        parts.map(|part| part.points().hundredths_half_up()).sum()
    }
}

/// What was found in a part, and what it earns.
type Found = (Share, Finding);

/// Weighs a jobseeker and a vacancy.
#[must_use]
pub fn weigh(rules: &MatchingRules, seeker: &SeekerTerms, offer: &OfferTerms) -> Fit {
    let found = |facet| match facet {
        Facet::Occupation => occupation(rules, seeker, offer),
        Facet::Skill => skill(rules, seeker, offer),
        Facet::Pay => pay(rules, seeker, offer),
        Facet::Place => place(rules, seeker, offer),
        Facet::Education => education(rules, seeker.education, offer.education),
        Facet::Availability => availability(rules, seeker, offer),
    };
    let parts = Facet::ALL.map(|facet| {
        let (share, finding) = found(facet);
        Part {
            facet,
            weight: rules.weight(facet),
            share,
            finding,
        }
    });
    let score = parts
        .iter()
        .fold(Points::NONE, |sum, part| sum.plus(part.points()));
    Fit { parts, score }
}

/// The best of many, best first, at most `limit`; of equals the earlier one first.
#[must_use]
pub fn best<T>(many: impl IntoIterator<Item = (T, Fit)>, limit: usize) -> Vec<(T, Fit)> {
    let mut best: Vec<(T, Fit)> = Vec::new();
    for (one, fit) in many {
        let at = best.partition_point(|(_, other)| Reverse(other.score) <= Reverse(fit.score));
        if at < limit {
            best.insert(at, (one, fit));
            best.truncate(limit);
        }
    }
    best
}

fn unsaid(rules: &MatchingRules, silent: Silent) -> Found {
    (rules.unknown(), Finding::Unsaid(silent))
}

/// The best of what somebody wants.
fn occupation(rules: &MatchingRules, seeker: &SeekerTerms, offer: &OfferTerms) -> Found {
    let shares = rules.occupation();
    let each = seeker.occupations.iter().map(|wanted| {
        if is_same_work(wanted, &offer.work) {
            (shares.same, Finding::SameWork)
        } else if wanted.classes & offer.work.classes != 0 {
            (shares.class, Finding::SameClass)
        } else if wanted.near & offer.work.classes != 0 {
            (shares.near, Finding::NearClass)
        } else if wanted.classes == 0 || offer.work.classes == 0 {
            (rules.unknown(), Finding::Untold)
        } else {
            (shares.other, Finding::OtherWork)
        }
    });
    best_of(each).unwrap_or_else(|| unsaid(rules, Silent::Seeker))
}

fn best_of(each: impl Iterator<Item = Found>) -> Option<Found> {
    each.reduce(|best, one| if one.0 > best.0 { one } else { best })
}

fn is_same_work(wanted: &Work, offered: &Work) -> bool {
    let code = offered.code.as_deref();
    if code.is_some_and(|code| is_part_of(code, &wanted.text)) {
        return true;
    }
    // 叉车工 holds the letters of 车工 and is other work
    let is_one_class = wanted.classes & offered.classes != 0;
    let is_unclassed = wanted.classes == 0 || offered.classes == 0;
    (is_one_class || is_unclassed)
        && (holds(&offered.text, &wanted.text) || holds(&wanted.text, &offered.text))
}

fn skill(rules: &MatchingRules, seeker: &SeekerTerms, offer: &OfferTerms) -> Found {
    if offer.skills.is_empty() {
        return unsaid(rules, Silent::Offer);
    }
    if seeker.skills.is_empty() {
        return unsaid(rules, Silent::Seeker);
    }
    let (mut asked, mut held, mut related) = (0_u32, 0_u32, 0_u32);
    for skill in offer.skills.iter().take(SKILLS_MAX) {
        let known = seeker.skills.iter();
        let nearest = known.map(|known| skill.nearness(known)).max();
        asked += 1;
        match nearest {
            Some(Nearness::Same) => held += 1,
            Some(Nearness::Related) => related += 1,
            _ => {}
        }
    }
    // nothing held earns what the unknown earns, all held earns all
    let [asked_u, held_u, related_u] = [asked, held, related].map(u64::from);
    let unknown = u64::from(rules.unknown_percent());
    let earned = 100 * held_u + u64::from(rules.related_percent()) * related_u;
    let numerator = 100 * asked_u * unknown + (100 - unknown) * earned;
    let share = Share::of(numerator, 10_000 * asked_u);
    let finding = Finding::Skills {
        asked,
        held,
        related,
    };
    (share, finding)
}

fn pay(rules: &MatchingRules, seeker: &SeekerTerms, offer: &OfferTerms) -> Found {
    let Some(wanted) = seeker.pay_least else {
        return unsaid(rules, Silent::Seeker);
    };
    let offered = offer.pay;
    if offered == MonthlyPay::default() {
        return unsaid(rules, Silent::Offer);
    }
    let finding = Finding::Pay { wanted, offered };
    (pay_share(rules, yuan(wanted), offered), finding)
}

/// Whole yuan, cut off, within bounds.
fn yuan(fen: Fen) -> u64 {
    u64::try_from(fen.0 / 100).unwrap_or(0).min(YUAN_MAX)
}

fn pay_share(rules: &MatchingRules, wanted: u64, offered: MonthlyPay) -> Share {
    let reached = u64::from(rules.reached_percent());
    let (low, high) = (offered.low.map(yuan), offered.high.map(yuan));
    if low.is_some_and(|low| low >= wanted) {
        return Share::ALL;
    }
    match (low, high) {
        (Some(low), Some(high)) if high >= wanted => {
            let (above, width) = (high - wanted, high.saturating_sub(low));
            Share::of(reached * width + (100 - reached) * above, 100 * width)
        }
        // from so much: what it reaches is open; up to so much: what it begins with is
        (_, None) => Share::of(reached, 100),
        (None, Some(high)) if high >= wanted => Share::of(reached, 100),
        (_, Some(high)) => {
            let tolerance = u64::from(rules.tolerance_percent());
            let near = (100 * high).saturating_sub(wanted * (100 - tolerance));
            match near {
                0 => Share::NONE,
                near => Share::of(reached * near, 100 * wanted * tolerance),
            }
        }
    }
}

fn place(rules: &MatchingRules, seeker: &SeekerTerms, offer: &OfferTerms) -> Found {
    let Some(offered) = &offer.place else {
        return unsaid(rules, Silent::Offer);
    };
    let shares = rules.place_shares();
    let each = seeker
        .places
        .iter()
        .map(|wanted| match offered.distance_to(wanted) {
            Distance::Inside => (Share::ALL, Finding::InPlace),
            Distance::SameCounty => (shares.county, Finding::SameCounty),
            Distance::SameCity => (shares.city, Finding::SameCity),
            Distance::Elsewhere => (shares.elsewhere, Finding::Elsewhere),
            Distance::Unknown => (rules.unknown(), Finding::Untold),
        });
    best_of(each).unwrap_or_else(|| unsaid(rules, Silent::Seeker))
}

fn education(rules: &MatchingRules, held: Option<Education>, asked: Option<Education>) -> Found {
    let level = |education: Education| {
        let all = Education::ALL.iter();
        all.take_while(|one| **one < education).count()
    };
    match (held, asked) {
        (_, None) => unsaid(rules, Silent::Offer),
        (_, Some(Education::Any)) => (Share::ALL, Finding::AnyEducation),
        (None, Some(_)) => unsaid(rules, Silent::Seeker),
        (Some(held), Some(asked)) if held >= asked => {
            (Share::ALL, Finding::EnoughEducation { asked })
        }
        (Some(held), Some(asked)) => {
            let levels = level(asked) - level(held);
            let share = rules.below_education(levels);
            let levels = u32::try_from(levels).unwrap_or(u32::MAX);
            (share, Finding::BelowEducation { asked, levels })
        }
    }
}

/// A third each for the form of employment, the shift and the first day.
fn availability(rules: &MatchingRules, seeker: &SeekerTerms, offer: &OfferTerms) -> Found {
    let said = |fits: bool| if fits { Fits::Yes } else { Fits::No };
    let form = match offer.form {
        Some(form) if !seeker.forms.is_empty() => said(seeker.forms.contains(&form)),
        _ => Fits::Unknown,
    };
    let shift = match offer.shift {
        // who may choose when to work can always work then
        Some(Shift::Flexible) => Fits::Yes,
        Some(shift) if !seeker.shifts.is_empty() => said(seeker.shifts.contains(&shift)),
        _ => Fits::Unknown,
    };
    let from = match (seeker.from, offer.valid_to) {
        (Some(from), Some(last)) => said(from <= last),
        _ => Fits::Unknown,
    };
    let percent = |fits| match fits {
        Fits::Yes => 100,
        Fits::No => 0,
        Fits::Unknown => u64::from(rules.unknown_percent()),
    };
    let share = Share::of(percent(form) + percent(shift) + percent(from), 300);
    (share, Finding::Times { form, shift, from })
}
