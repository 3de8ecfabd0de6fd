//! The kiosk's side of scores: finding the visit, carrying answers to the page, thanking.

use super::{
    Effect, Kiosk, Looked, LookupStep, Page, SCORE_TIME, ScoreOutcome, Scoring, StationKind,
    Surroundings, THANKS_TIME, Thanks, Touch,
};
use crate::app::session::Session;

impl Kiosk {
    pub(super) fn lookup_touched(&mut self, touch: &Touch) -> Vec<Effect> {
        let StationKind::Hall { lane } = self.station.kind else {
            return Vec::new();
        };
        let Some(Session {
            page: Page::Lookup(lookup),
            ..
        }) = &mut self.session
        else {
            return Vec::new();
        };
        match lookup.touched(touch, &self.facts, lane, &self.own_tickets) {
            LookupStep::Stay => Vec::new(),
            LookupStep::Left => {
                self.go_back();
                Vec::new()
            }
            LookupStep::Ask { label, code } => vec![Effect::FindVisit { label, code }],
        }
    }

    pub(super) fn looked(&mut self, looked: Looked, around: &Surroundings) {
        let day = self.facts.day(around.wall);
        let Some(session) = &mut self.session else {
            return;
        };
        let Page::Lookup(lookup) = &mut session.page else {
            return;
        };
        if let Some(visit) = lookup.looked(looked, &self.facts, &self.own_tickets, day) {
            let until = around.now + SCORE_TIME;
            session.go_past(Page::Scoring(Scoring::new(visit, until)));
        }
    }

    pub(super) fn score_saved(&mut self, is_kept: bool, around: &Surroundings) {
        let Some(session) = &mut self.session else {
            return;
        };
        let Page::Scoring(scoring) = &session.page else {
            return;
        };
        let outcome = match (is_kept, scoring.is_provisional()) {
            (false, _) => ScoreOutcome::NotKept,
            (true, true) => ScoreOutcome::Provisional,
            (true, false) => ScoreOutcome::Kept,
        };
        let scoring = scoring.clone();
        let until = around.now + THANKS_TIME;
        session.go_past(Page::Thanks(Thanks {
            scoring,
            outcome,
            until,
        }));
    }
}
