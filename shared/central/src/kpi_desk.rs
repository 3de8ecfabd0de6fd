//! The yearly assessment (考核) put together from the records: what each line of the annex came to in a
//! month or a year, and which records stand behind it. Rules and verdicts are `domain::kpi`'s.

use chrono::NaiveDate;
use domain::case::Decimal;
use domain::id::{HallId, RecordId};
use domain::kpi::{self, KpiLine, KpiLines, KpiPeriod, Measure, Verdict};
use domain::money::Fen;
use domain::rating::Share;
use wire::problem::{Problem, ProblemCode};

use crate::app_state::AppState;
use crate::assets;
use crate::cases::CENTRE;
use crate::staff::{SeeKpi, Staff};

mod facts;

use facts::Facts;
pub(crate) use facts::begun_classes;

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

#[cfg(test)]
mod tests {
    use domain::case::{FieldType, Kind};
    use domain::id::KindId;

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
        let domain = kind("data_quality_check")
            .field("domain")
            .unwrap()
            .kind
            .clone();
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
                    Measure::InternalScores => kind(of).field("score").is_some(),
                    _ => true,
                };
                assert!(is_known, "{}: {of}", line.id);
            }
        }
    }
}
