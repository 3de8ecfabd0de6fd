//! What the hall's feed tells the kiosk: facts, calls for a queue display, a visit that a window terminal
//! may offer to score.

use std::time::Duration;

use domain::id::WindowNo;
use domain::time::UtcMs;
use wire::api::{FeedRow, WindowState};
use wire::event::VisitProof;

use super::{Effect, Kiosk, Page, SCORE_TIME, Scoring, Session, StationKind, Surroundings};
use crate::app::score::VisitToScore;

impl Kiosk {
    pub(super) fn facts_came(
        &mut self,
        rows: &[FeedRow],
        server_now: UtcMs,
        around: &Surroundings,
    ) -> Vec<Effect> {
        for row in rows {
            // Unreadable rows have been reported by the worker, which reads them first.
            let _ = self.facts.apply(row, server_now);
        }
        self.forget_tickets_of_yesterday();
        match self.station.kind {
            StationKind::Hall { .. } => {}
            StationKind::Window { window } => self.offer_score(window, server_now, around),
            StationKind::Display => {
                let day = self.facts.day(around.wall);
                return self.display.take(rows, server_now, day);
            }
        }
        Vec::new()
    }

    fn forget_tickets_of_yesterday(&mut self) {
        let day = self.facts.hall().map(|hall| hall.day);
        if day.is_some() && self.own_tickets_day.is_some() && day != self.own_tickets_day {
            self.own_tickets.clear();
        }
        self.own_tickets_day = day.or(self.own_tickets_day);
    }

    /// At the window: the visit that has just ended may be scored, once, while the offer lasts.
    fn offer_score(&mut self, window: WindowNo, server_now: UtcMs, around: &Surroundings) {
        let Some(now) = self.facts.window(window) else {
            return;
        };
        let WindowState::Finished {
            ticket,
            label,
            group_name,
            until,
        } = &now.state
        else {
            return;
        };
        let left_ms = u64::try_from(until.ms_since(server_now)).unwrap_or(0);
        if self.offered == Some(*ticket) || left_ms == 0 {
            return;
        }
        let visit = VisitToScore {
            proof: VisitProof::WindowTerminal {
                ticket: *ticket,
                window,
            },
            label: label.clone(),
            matter: group_name.clone(),
            window: Some(window),
            clerk_no: now.clerk_no.clone(),
        };
        let left = Duration::from_millis(left_ms).min(SCORE_TIME);
        self.offered = Some(*ticket);
        let page = Page::Scoring(Scoring::new(visit, around.now + left));
        self.session = Some(Session::new(page, around.now));
    }
}
