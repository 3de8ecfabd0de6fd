//! The yearly assessment (考核) put together from the records: what each line of the annex came to in a
//! month or a year, and which records stand behind it. Rules and verdicts are `domain::kpi`'s.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use domain::case::{Decimal, Record, Value};
use domain::id::{GroupCode, HallId, KindId, RecordId};
use domain::kpi::{
    self, ClassFacts, KpiLine, KpiLines, KpiPeriod, Measure, SampleCheck, Verdict, accuracy,
    internal_scores,
};
use domain::money::Fen;
use domain::rating::{Share, WindowScores};
use domain::time::UtcMs;
use wire::problem::{Problem, ProblemCode};

use crate::app_state::AppState;
use crate::cases::{CENTRE, title_of};
use crate::staff::{SeeKpi, Staff};
use crate::store::{Reader, ScoresBy, StoreError};
use crate::{assets, layout};

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

/// By what a line is judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// A share from 0 to 1.
    Share(Decimal),
    /// So often each; that is, a share of all.
    TimesEach(u64),
    /// An amount.
    Amount(Fen),
}

/// What a line came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// An exact share, and its verdict.
    Counted(Share, Verdict),
    /// A later version counts it (待上线).
    Pending,
}

/// A line with what it came to.
#[derive(Debug, Clone)]
pub(crate) struct LineFigure {
    pub(crate) line: KpiLine,
    pub(crate) target: Target,
    pub(crate) outcome: Outcome,
    /// What stands behind it.
    pub(crate) evidence: Vec<Evidence>,
}

/// Something that counts in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Evidence {
    /// The record; `None` for scores, of which no single one is told.
    pub(crate) record: Option<RecordId>,
    /// Its number; empty for scores.
    pub(crate) case_no: String,
    /// What it is called.
    pub(crate) title: String,
    /// What it says, in words.
    pub(crate) says: String,
    /// Part and whole that it adds.
    pub(crate) share: Share,
}

/// The sheet.
#[derive(Debug, Clone)]
pub(crate) struct KpiSheet {
    pub(crate) period: KpiPeriod,
    /// In the order of the annex.
    pub(crate) lines: Vec<LineFigure>,
    /// Scores that were given under a name that no line counts.
    pub(crate) unassigned: Vec<(String, Share)>,
}

/// The lines of the annex, as the program's file says them.
///
/// # Panics
/// When the file cannot be read: a test reads it.
pub(crate) fn lines() -> KpiLines {
    KpiLines::read(assets::KPI_LINES).expect("lines of the assessment, because a test reads them")
}

impl AppState {
    /// What every line came to in a period. The assessment is the whole centre's: who holds the
    /// right at one station only is told whom to ask.
    ///
    /// # Errors
    /// `Refused` for want of the centre or of a target; faults of storage.
    pub(crate) async fn kpi_sheet(
        &self,
        by: &Staff<SeeKpi>,
        period: KpiPeriod,
    ) -> Result<KpiSheet, Problem> {
        if by
            .held_at()
            .is_some_and(|station| station.as_str() != CENTRE)
        {
            let sentence = "考核是全中心的。您的身份只在自己的网点有效，请找中心的统计员看。";
            return Err(Problem::new(ProblemCode::Refused, sentence));
        }
        let halls: Vec<HallId> = self.halls().into_keys().collect();
        let read = self
            .inner
            .store
            .read(move |reader| Facts::read(reader, period, &halls));
        let facts = read.await?;
        let last = period.days().1.min(self.now().hall_date());
        let mut figures = Vec::new();
        let lines = lines().lines;
        let unassigned = facts.unassigned(&lines);
        for line in lines {
            let target = self.target_of(&line, last)?;
            figures.push(facts.figure(line, target));
        }
        Ok(KpiSheet {
            period,
            lines: figures,
            unassigned,
        })
    }

    /// The target of a line on a day.
    fn target_of(&self, line: &KpiLine, day: NaiveDate) -> Result<Target, Problem> {
        let book = &self.inner.store.live().parameters;
        let refused = |sentence: String| Problem::new(ProblemCode::Refused, sentence);
        let found = book.on(&line.target, None, day);
        let value = &found.map_err(|none| refused(none.to_string()))?.entry.value;
        let target = match line.measure {
            Measure::ClassInspections => value
                .whole()
                .and_then(|times| u64::try_from(times).ok())
                .map(Target::TimesEach),
            Measure::Money => value
                .whole()
                .map(|fen| Target::Amount(Fen(fen)))
                .or_else(|| value.decimal().map(Target::Share)),
            _ => value.decimal().filter(kpi::is_target).map(Target::Share),
        };
        let unfit = || {
            let key = &line.target;
            refused(format!(
                "政策参数“{key}”的数值用不上：{value}。请改成 0 到 1 的小数或次数。"
            ))
        };
        target.ok_or_else(unfit)
    }
}

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
            title: title_of(&kind, record),
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
struct Facts {
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
    fn read(reader: &Reader<'_>, period: KpiPeriod, halls: &[HallId]) -> Result<Self, StoreError> {
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

    fn figure(&self, line: KpiLine, target: Target) -> LineFigure {
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
    fn unassigned(&self, lines: &[KpiLine]) -> Vec<(String, Share)> {
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
    use domain::case::{FieldType, Kind};

    use super::*;
    use crate::cases::KindShelf;
    use crate::parameters;

    fn kind(id: &str) -> std::sync::Arc<Kind> {
        let shelf = KindShelf::embedded().unwrap();
        std::sync::Arc::clone(shelf.kind(&KindId::new(id).unwrap()).unwrap())
    }

    #[test]
    fn every_line_counts_what_there_is_by_a_target_that_there_is() {
        let book = parameters::base().unwrap();
        let today = NaiveDate::from_ymd_opt(2026, 11, 28).unwrap();
        let domain = kind(SAMPLE_CHECK).field("domain").unwrap().kind.clone();
        let FieldType::Choice(domains) = &domain else {
            panic!("a domain is chosen");
        };
        for line in lines().lines {
            assert!(
                book.on(&line.target, None, today).is_ok(),
                "{}",
                line.target
            );
            for of in &line.of {
                let is_known = match line.measure {
                    Measure::Accuracy => domains.iter().any(|(code, _)| code == of),
                    Measure::InternalScores => kind(of).field(SCORE).is_some(),
                    _ => true,
                };
                assert!(is_known, "{}: {of}", line.id);
            }
        }
    }

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
