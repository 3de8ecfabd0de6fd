//! What may be seen of scores, and by whom: the sheets of a hall and of all halls for those who
//! answer for them, and for who served only the days with enough scores. Nothing here changes one.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::id::HallId;
use domain::rating::{WindowScores, suspicious_runs};
use wire::problem::Problem;

use crate::app_state::AppState;
use crate::overview::{HallScores, ScoreSheet};
use crate::staff::{CallTickets, SeeScores, Staff};
use crate::store::ScoresBy;

impl AppState {
    /// Visits and accepted scores per window of the own hall, of visits finished from `from` to
    /// `to` inclusive.
    ///
    /// # Errors
    /// Only faults of storage.
    pub async fn window_scores(
        &self,
        by: &Staff<SeeScores>,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<HallScores, Problem> {
        self.hall_scores(by.hall, from, to).await
    }

    /// Scores of the own hall put together by something, with why they were low and what became of
    /// it. Windows without any visit are there too.
    ///
    /// # Errors
    /// Only faults of storage.
    pub(crate) async fn score_sheet(
        &self,
        by: &Staff<SeeScores>,
        part: ScoresBy,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<ScoreSheet, Problem> {
        let hall = by.hall;
        let suspicion = self.inner.in_force.now().scores.suspicion;
        let read = self.inner.store.read(move |reader| {
            let refused = reader.hall_scores(hall, from, to)?.refused;
            let counted = reader.counted_scores(hall, from, to)?;
            Ok(ScoreSheet {
                parts: reader.scores_by(hall, part, from, to)?,
                reasons: reader.low_score_reasons(hall, from, to)?,
                redress: reader.redress(hall, from, to)?,
                staff: reader.staff_names()?,
                refused: refused.values().sum(),
                suspicious: suspicious_runs(&counted, &suspicion),
            })
        });
        let mut sheet = read.await?;
        let live = self.inner.store.live();
        if let (ScoresBy::Window, Some(hall)) = (part, live.halls.get(&hall)) {
            for window in hall.queue.windows.keys() {
                sheet.parts.entry(window.to_string()).or_default();
            }
        }
        Ok(sheet)
    }

    /// The same of any hall, for pages that show of it what everybody who works there may know.
    pub(crate) async fn hall_scores(
        &self,
        hall: HallId,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<HallScores, Problem> {
        let scores = self
            .inner
            .store
            .read(move |reader| reader.hall_scores(hall, from, to));
        let mut scores = scores.await?;
        if let Some(hall) = self.inner.store.live().halls.get(&hall) {
            for window in hall.queue.windows.keys() {
                scores.windows.entry(*window).or_default();
            }
        }
        Ok(scores)
    }

    /// Scores of whole halls, by the name of the station: all of them for who holds the right
    /// everywhere, else the own one.
    ///
    /// # Errors
    /// Only faults of storage.
    pub(crate) async fn station_scores(
        &self,
        by: &Staff<SeeScores>,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<BTreeMap<String, WindowScores>, Problem> {
        let mut halls = self.halls();
        if by.held_at().is_some() {
            halls.retain(|hall, _| *hall == by.hall);
        }
        let read = self.inner.store.read(move |reader| {
            let mut stations: BTreeMap<String, WindowScores> = BTreeMap::new();
            for (hall, name) in halls {
                let station = stations.entry(name).or_default();
                let windows = reader.scores_by(hall, ScoresBy::Window, from, to)?;
                windows.values().for_each(|window| station.add(window));
            }
            Ok(stations)
        });
        Ok(read.await?)
    }

    /// The days on which this person served, with the scores of each.
    ///
    /// # Errors
    /// Only faults of storage.
    pub(crate) async fn own_scores(
        &self,
        by: &Staff<CallTickets>,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<BTreeMap<NaiveDate, WindowScores>, Problem> {
        let own = (by.hall, by.staff);
        let read = self
            .inner
            .store
            .read(move |reader| reader.scores_of_clerk(own, from, to));
        Ok(read.await?)
    }
}
