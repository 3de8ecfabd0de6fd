//! What clerks do at their windows: look who is next, wait for whoever was called, serve, pause,
//! leave for lunch and for the day.

use domain::id::{TicketId, WindowNo};
use domain::queue::{LeavingWindow, QueueEvent, WindowAct, WindowStatus};
use domain::refusal::RefusalCode;
use domain::time::UtcMs;

use super::agenda::Happening;
use super::day::{Day, MINUTE_MS, Outcome, SECOND_MS, done, sentence};
use super::hall::sessions;
use super::people::another_group;
use super::watch::Broken;

/// Windows go on so long after a session for those who still wait.
const LATE_MINUTES_MAX: i64 = 25;
/// The longest service.
const SERVICE_MINUTES_MAX: i64 = 45;
/// Spread of the service times: of ten, eight take from half to twice the middle.
const SERVICE_SIGMA: f64 = 0.5;
/// Of a hundred services so many end with a way for papers, and so many in another group.
const PENDED_PERCENT: u64 = 4;
const TRANSFERRED_PERCENT: u64 = 3;
/// Of those who were missed so many come back.
const COMES_BACK_PERCENT: u64 = 33;

impl Day<'_> {
    pub(super) fn looks(&mut self, window: WindowNo, now: UtcMs) -> Outcome {
        if let Some(long_ms) = self.pauses.remove(&window)
            && self.pauses_for(window, long_ms, now)?
        {
            return Ok(());
        }
        if now >= self.session.until.plus_minutes(LATE_MINUTES_MAX) {
            return self.leaves(window, now);
        }
        match self.hall.act(window, WindowAct::CallNext, now)? {
            Ok(events) => self.called(window, &events, now),
            Err(refusal) if refusal.code != RefusalCode::NobodyWaits => done(Err(refusal)),
            Err(_) if now >= self.session.until => self.leaves(window, now),
            Err(_) => {
                self.idle.insert(window);
                Ok(())
            }
        }
    }

    /// Nobody leaves people without a window for a pause.
    fn pauses_for(&mut self, window: WindowNo, ms: i64, now: UtcMs) -> Result<bool, Broken> {
        let pause = WindowAct::Pause(LeavingWindow::Asks);
        match self.hall.act(window, pause, now)? {
            Ok(_) => {
                self.agenda.put(now.plus_ms(ms), Happening::Opens(window));
                Ok(true)
            }
            Err(refusal) if refusal.code == RefusalCode::LastWindow => Ok(false),
            Err(refusal) => done(Err(refusal)).map(|()| false),
        }
    }

    fn leaves(&mut self, window: WindowNo, now: UtcMs) -> Outcome {
        let is_evening = sessions(self.date)[1].from < now;
        let act = if is_evening {
            WindowAct::Close(LeavingWindow::Confirmed)
        } else {
            WindowAct::Pause(LeavingWindow::Confirmed)
        };
        done(self.hall.act(window, act, now)?)?;
        debug_assert_ne!(self.hall.queue.windows[&window].status, WindowStatus::Open);
        self.away.insert(window);
        Ok(())
    }

    fn called(&mut self, window: WindowNo, events: &[QueueEvent], now: UtcMs) -> Outcome {
        let Some(QueueEvent::Called(called)) = events.first() else {
            return Err(format!("a call led to {events:?}"));
        };
        let ticket = called.ticket;
        if self.absent.contains(&ticket) {
            let again = now.plus_ms(self.hall.rules.call_interval_seconds * SECOND_MS);
            self.agenda
                .put(again, Happening::NobodyCame(window, ticket));
        } else {
            let walk_ms = self.chance.between(8, 30) * SECOND_MS;
            self.agenda
                .put(now.plus_ms(walk_ms), Happening::Begins(window, ticket));
        }
        Ok(())
    }

    pub(super) fn nobody_came(
        &mut self,
        window: WindowNo,
        ticket: TicketId,
        now: UtcMs,
    ) -> Outcome {
        match self.hall.act(window, WindowAct::MarkMissed, now)? {
            Err(refusal) if refusal.code == RefusalCode::TooSoon => {
                let called = self.hall.act(window, WindowAct::CallAgain, now)?;
                let events = called.map_err(|refusal| sentence(&refusal))?;
                return self.called(window, &events, now);
            }
            missed => done(missed)?,
        }
        self.absent.remove(&ticket);
        if self.chance.percent(COMES_BACK_PERCENT) {
            let minutes = self.chance.between(1, self.hall.rules.comeback_minutes);
            self.agenda
                .put(now.plus_minutes(minutes), Happening::ComesBack(ticket));
        }
        self.looks(window, now)
    }

    pub(super) fn begins(&mut self, window: WindowNo, ticket: TicketId, now: UtcMs) -> Outcome {
        done(self.hall.act(window, WindowAct::Start, now)?)?;
        let usual = self
            .hall
            .usual_minutes(self.hall.queue.tickets[&ticket].group);
        let middle_ms = usual * MINUTE_MS * i64::from(self.service_percent) / 100;
        let service_ms = self.chance.log_normal(middle_ms, SERVICE_SIGMA);
        let service_ms = service_ms.clamp(MINUTE_MS, SERVICE_MINUTES_MAX * MINUTE_MS);
        self.agenda
            .put(now.plus_ms(service_ms), Happening::Ends(window, ticket));
        Ok(())
    }

    pub(super) fn ends(&mut self, window: WindowNo, ticket: TicketId, now: UtcMs) -> Outcome {
        let group = self.hall.queue.tickets[&ticket].group;
        if self.chance.percent(PENDED_PERCENT) {
            done(self.hall.act(window, WindowAct::Pend, now)?)?;
            let back = now.plus_minutes(self.chance.between(5, 20));
            self.agenda.put(back, Happening::ComesBack(ticket));
        } else if self.chance.percent(TRANSFERRED_PERCENT) {
            let other = another_group(group, self.chance);
            done(self.hall.act(window, WindowAct::Transfer(other), now)?)?;
            self.somebody_waits(other, now);
        } else {
            done(self.hall.act(window, WindowAct::Finish, now)?)?;
        }
        let next = now.plus_ms(self.chance.between(3, 20) * SECOND_MS);
        self.agenda.put(next, Happening::Looks(window));
        Ok(())
    }
}
