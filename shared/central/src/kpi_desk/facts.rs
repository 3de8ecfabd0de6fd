//! What the lines of the assessment count, out of the records: classes with their inspections and
//! ledgers, samples, scores. What was written down late counts where it belongs.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use domain::case::{Decimal, Record, Value};
use domain::id::{GroupCode, HallId, KindId, RecordId};
use domain::kpi::{
    self, ClassFacts, KpiLine, KpiPeriod, Measure, SampleCheck, accuracy, internal_scores,
};
use domain::rating::{Share, WindowScores};
use domain::time::UtcMs;

use super::{Evidence, LineFigure, Outcome, Target, lines};
use crate::cases::title_of;
use crate::layout;
use crate::store::{Reader, ScoresBy, StoreError};

const CLASS: &str = "training_class";
const INSPECTION: &str = "class_inspection";
const LEDGER_CHECK: &str = "ledger_completeness_check";
const SAMPLE_CHECK: &str = "data_quality_check";
/// The field of an internal score.
const SCORE: &str = "score";
/// A record may have been opened so long before what counts of it: a class is reported some weeks
/// before it begins and lasts a year at most.
const DAYS_BEFORE: u64 = 500;
/// Records of one kind that are counted: a district has some hundreds a year.
const RECORDS_MAX: u32 = 20_000;

/// A record with what it is called.
struct Named {
    record: RecordId,
    case_no: String,
    title: String,
}

impl Named {
    fn of(reader: &Reader<'_>, record: &Record) -> Result<Self, StoreError> {
        let kind = reader.kind(&record.kind_hash)?;
        Ok(Self {
            record: record.id,
            case_no: record.case_no.0.clone(),
            title: title_of(&kind, record, &|_| None),
        })
    }

    fn says(&self, says: String, share: Share) -> Evidence {
        Evidence {
            record: Some(self.record),
            case_no: self.case_no.clone(),
            title: self.title.clone(),
            says,
            share,
        }
    }
}

/// Everything that the lines count.
pub(super) struct Facts {
    /// Classes that began, or ended, in the period.
    classes: Vec<(Named, ClassFacts)>,
    period: KpiPeriod,
    checks: Vec<(Named, SampleCheck)>,
    /// Internal scores by kind.
    internal: BTreeMap<String, Vec<(Named, i64)>>,
    /// Citizens' scores by the name under which the hall's groups count.
    scores: BTreeMap<String, WindowScores>,
}

impl Facts {
    pub(super) fn read(
        reader: &Reader<'_>,
        period: KpiPeriod,
        halls: &[HallId],
    ) -> Result<Self, StoreError> {
        let mut classes = Vec::new();
        for (record, facts) in begun_classes(reader, period)? {
            classes.push((Named::of(reader, &record)?, facts));
        }
        let mut checks = Vec::new();
        for record in opened(reader, SAMPLE_CHECK, period)? {
            let check = SampleCheck::of(&record);
            if let Some(check) = check.filter(|check| period.holds_period(&check.period)) {
                checks.push((Named::of(reader, &record)?, check));
            }
        }
        Ok(Self {
            classes,
            period,
            checks,
            internal: internal(reader, period)?,
            scores: scores(reader, period, halls)?,
        })
    }

    pub(super) fn figure(&self, line: KpiLine, target: Target) -> LineFigure {
        let evidence = self.evidence(&line, &target);
        let outcome = match (&target, line.measure) {
            (_, Measure::Money) => Outcome::Pending,
            (Target::TimesEach(_), _) => counted(&evidence, &Decimal::from(1)),
            (Target::Share(target), _) => counted(&evidence, target),
            (Target::Amount(_), _) => Outcome::Pending,
        };
        LineFigure {
            line,
            target,
            outcome,
            evidence,
        }
    }

    fn evidence(&self, line: &KpiLine, target: &Target) -> Vec<Evidence> {
        let in_period = |day: NaiveDate| self.period.holds(day);
        let begun = || {
            self.classes
                .iter()
                .filter(move |(_, class)| in_period(class.began_on))
        };
        match line.measure {
            Measure::Money => Vec::new(),
            Measure::Satisfaction => self.satisfaction(&line.of),
            Measure::InternalScores => self.internal_scores(&line.of),
            Measure::Accuracy => {
                let checks = self.checks.iter();
                let of_line = checks.filter(|(_, check)| line.of.contains(&check.domain));
                of_line
                    .map(|(named, check)| named.says(check_words(check), accuracy([check])))
                    .collect()
            }
            Measure::OpeningChecks => begun()
                .map(|(named, class)| {
                    let says = format!("五项核了 {} 项", class.conclusions);
                    named.says(says, ClassFacts::opening_checks([class]))
                })
                .collect(),
            Measure::ClassInspections => begun()
                .map(|(named, class)| {
                    let says = format!("上课期间巡查 {} 次", class.inspected_on.len());
                    named.says(says, ClassFacts::inspections([class], times_of(target)))
                })
                .collect(),
            Measure::WholeLedgers => {
                let over = self.classes.iter();
                let over = over.filter(|(_, class)| class.ended_on.is_some_and(in_period));
                over.map(|(named, class)| {
                    named.says(ledger_words(class), ClassFacts::whole_ledgers([class]))
                })
                .collect()
            }
        }
    }

    fn satisfaction(&self, names: &[String]) -> Vec<Evidence> {
        let scored = self.scores.iter().filter(|(name, _)| names.contains(name));
        scored
            .map(|(name, scores)| Evidence {
                record: None,
                case_no: String::new(),
                title: name.clone(),
                says: format!("办了 {} 件，有人评 {} 件", scores.visits, scores.scored()),
                share: scores.satisfaction(),
            })
            .collect()
    }

    fn internal_scores(&self, kinds: &[String]) -> Vec<Evidence> {
        let scored = kinds
            .iter()
            .filter_map(|kind| self.internal.get(kind))
            .flatten();
        scored
            .map(|(named, score)| named.says(format!("{score} 分"), internal_scores([*score])))
            .collect()
    }

    /// Scores under names that no line counts.
    pub(super) fn unassigned(&self, lines: &[KpiLine]) -> Vec<(String, Share)> {
        let satisfaction = lines
            .iter()
            .filter(|line| line.measure == Measure::Satisfaction);
        let counted: Vec<&String> = satisfaction.flat_map(|line| &line.of).collect();
        let others = self
            .scores
            .iter()
            .filter(|(name, _)| !counted.contains(name));
        let scored = others.filter(|(_, scores)| scores.scored() > 0);
        scored
            .map(|(name, scores)| (name.clone(), scores.satisfaction()))
            .collect()
    }
}

fn counted(evidence: &[Evidence], target: &Decimal) -> Outcome {
    let mut total = Share { part: 0, whole: 0 };
    for one in evidence {
        total.part += one.share.part;
        total.whole += one.share.whole;
    }
    Outcome::Counted(total, kpi::judge(total, target))
}

fn times_of(target: &Target) -> u64 {
    match target {
        Target::TimesEach(times) => *times,
        Target::Share(_) | Target::Amount(_) => 1,
    }
}

fn check_words(check: &SampleCheck) -> String {
    format!(
        "{}期，抽 {} 条，错 {} 条",
        check.period, check.sampled, check.errors
    )
}

fn ledger_words(class: &ClassFacts) -> String {
    match class.ledger {
        None => "没有查过台账".to_owned(),
        Some(ledger) if ledger.is_complete() => format!("{} 件都在", ledger.required),
        Some(ledger) => format!("应有 {} 件，缺 {} 件", ledger.required, ledger.missing),
    }
}

fn kind_id(kind: &str) -> Result<KindId, StoreError> {
    KindId::new(kind).map_err(|bad| StoreError::Corrupt(bad.to_string()))
}

/// Records of a kind that may count in a period, by when they were opened.
fn opened(reader: &Reader<'_>, kind: &str, period: KpiPeriod) -> Result<Vec<Record>, StoreError> {
    let (first, _) = period.days();
    let from = first
        .checked_sub_days(Days::new(DAYS_BEFORE))
        .unwrap_or(first);
    // what was written down late counts where it belongs
    let span = (UtcMs::start_of(from), UtcMs(i64::MAX));
    reader.records_opened(&kind_id(kind)?, span, RECORDS_MAX)
}

/// Classes that began or ended in a period, with what is known of each, oldest first.
///
/// # Errors
/// A fault of storage.
pub(crate) fn begun_classes(
    reader: &Reader<'_>,
    period: KpiPeriod,
) -> Result<Vec<(Record, ClassFacts)>, StoreError> {
    let inspections = by_class(opened(reader, INSPECTION, period)?, "class_id");
    let checks = by_class(opened(reader, LEDGER_CHECK, period)?, "ledger_id");
    let mut begun = Vec::new();
    for class in opened(reader, CLASS, period)? {
        let of_class = |records: &BTreeMap<RecordId, Vec<Record>>| {
            records.get(&class.id).cloned().unwrap_or_default()
        };
        let facts = ClassFacts::of(&class, &of_class(&inspections), &of_class(&checks));
        let is_of_period = |facts: &ClassFacts| {
            period.holds(facts.began_on) || facts.ended_on.is_some_and(|day| period.holds(day))
        };
        if let Some(facts) = facts.filter(is_of_period) {
            begun.push((class, facts));
        }
    }
    Ok(begun)
}

fn by_class(records: Vec<Record>, field: &str) -> BTreeMap<RecordId, Vec<Record>> {
    let mut of_class: BTreeMap<RecordId, Vec<Record>> = BTreeMap::new();
    for record in records {
        if let Some(Value::Record(class)) = record.values.get(field) {
            of_class.entry(*class).or_default().push(record);
        }
    }
    of_class
}

/// Internal scores of services that ended in a period.
fn internal(
    reader: &Reader<'_>,
    period: KpiPeriod,
) -> Result<BTreeMap<String, Vec<(Named, i64)>>, StoreError> {
    let lines = lines().lines;
    let of_lines = lines
        .iter()
        .filter(|line| line.measure == Measure::InternalScores);
    let mut scores = BTreeMap::new();
    for kind in of_lines.flat_map(|line| &line.of) {
        let mut of_kind = Vec::new();
        for record in opened(reader, kind, period)? {
            let is_of_period = record
                .closed_at
                .is_some_and(|at| period.holds(at.hall_date()));
            if let (true, Some(Value::Integer(score))) = (is_of_period, record.values.get(SCORE)) {
                of_kind.push((Named::of(reader, &record)?, *score));
            }
        }
        scores.insert(kind.clone(), of_kind);
    }
    Ok(scores)
}

/// Scores of all halls by the name under which each group counts.
fn scores(
    reader: &Reader<'_>,
    period: KpiPeriod,
    halls: &[HallId],
) -> Result<BTreeMap<String, WindowScores>, StoreError> {
    let (names, (from, to)) = (layout::kpi_lines(), period.days());
    let mut scores: BTreeMap<String, WindowScores> = BTreeMap::new();
    for hall in halls {
        for (group, of_group) in reader.scores_by(*hall, ScoresBy::Group, from, to)? {
            let code: Option<GroupCode> = group.parse().ok();
            let name = code.and_then(|code| names.get(&code).cloned());
            let name = name.filter(|name| !name.is_empty());
            let name = name.unwrap_or_else(|| "没有归类的业务".to_owned());
            scores.entry(name).or_default().add(&of_group);
        }
    }
    Ok(scores)
}

#[cfg(test)]
mod tests {
    use domain::kpi::Verdict;

    use super::*;

    fn share(part: u64, whole: u64) -> Evidence {
        Evidence {
            record: None,
            case_no: String::new(),
            title: String::new(),
            says: String::new(),
            share: Share { part, whole },
        }
    }

    #[test]
    fn a_line_is_judged_by_all_that_stands_behind_it_and_by_nothing_when_there_is_nothing() {
        let target = Decimal::read("0.98").unwrap();
        assert_eq!(
            counted(&[share(10, 10), share(38, 40)], &target),
            Outcome::Counted(
                Share {
                    part: 48,
                    whole: 50
                },
                Verdict::Short(1)
            )
        );
        let none = Share { part: 0, whole: 0 };
        assert_eq!(
            counted(&[], &target),
            Outcome::Counted(none, Verdict::NoData)
        );
    }
}
