//! What time alone brings about: offers at terminals end, days end, parameters come into force,
//! sessions idle out, counted refusals are written down, expired calls leave the feed, the daily
//! backup is made. Run every second; a run that finds
//! nothing due does not touch the disk.

use std::time::Duration;

use domain::time::UtcMs;
use tokio::time::{MissedTickBehavior, interval};
use wire::event::Event;

use crate::app_state::AppState;
use crate::authority;
use crate::backup::Schedule;
use crate::cases::CaseFault;
use crate::parameter_desk;
use crate::store::{Live, Role, StoreError};

const EVERY: Duration = Duration::from_secs(1);
/// Calls before loans fall due are planned.
const PLAN_EVERY_MS: i64 = 3_600_000;
/// Sweeping of sessions and expired calls.
const SWEEP_EVERY_MS: i64 = 60_000;

/// Runs until the service is asked to stop.
pub(crate) async fn run(app: AppState, mut backups: Option<Schedule>) {
    let mut stopping = app.stopping();
    let mut clock = interval(EVERY);
    clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut due = Due {
        offer_end: Some(app.now()),
        swept_at: UtcMs::default(),
        planned_at: UtcMs::default(),
    };
    loop {
        tokio::select! {
            _ = stopping.wait_for(|stopping| *stopping) => return,
            _ = clock.tick() => {}
        }
        if let Err(error) = due.tick(&app).await {
            tracing::error!(%error, "tick");
        }
        if let Some(backups) = &mut backups {
            backups.keep_by(app.inner.in_force.now().keeping);
            backups.tick(app.now()).await;
            app.inner.note_backups(backups.seen());
        }
    }
}

struct Due {
    /// When the next offer to score ends.
    offer_end: Option<UtcMs>,
    swept_at: UtcMs,
    planned_at: UtcMs,
}

impl Due {
    async fn tick(&mut self, app: &AppState) -> Result<(), StoreError> {
        let now = app.now();
        let live = app.inner.store.live();
        let has_offer_ended = self.offer_end.is_some_and(|end| end <= now);
        let is_day_over = live.halls.values().any(|hall| now.hall_date() > hall.day.0);
        if has_offer_ended || is_day_over {
            renew_halls(app, &live, now).await?;
        }
        self.offer_end = live
            .halls
            .values()
            .filter_map(|hall| hall.next_offer_end(now))
            .min();
        if now.ms_since(self.swept_at) >= SWEEP_EVERY_MS {
            self.swept_at = now;
            parameter_desk::put_in_force(app).await?;
            sweep(app, now).await?;
            do_due_steps(app, now).await;
        }
        if now.ms_since(self.planned_at) >= PLAN_EVERY_MS {
            self.planned_at = now;
            plan(app, now).await;
        }
        Ok(())
    }
}

async fn renew_halls(app: &AppState, live: &Live, now: UtcMs) -> Result<(), StoreError> {
    let halls: Vec<_> = live.halls.keys().copied().collect();
    let renewed = app.inner.store.write(move |write| {
        for hall in halls {
            authority::close_day_if_over(write, hall, now)?;
            authority::refresh(write, hall, now)?;
        }
        Ok(())
    });
    renewed.await
}

/// Records that are due are the centre's; what fails is tried again with the next sweep.
async fn do_due_steps(app: &AppState, now: UtcMs) {
    if app.inner.store.role() != Role::Centre {
        return;
    }
    let cases = &app.inner.cases;
    told("records of low scores", cases.open_bad_ratings(now).await);
    let papers = cases.open_papers_of_emergencies(now).await;
    told("records of emergencies", papers);
    let reports = cases.open_reports_of_day(now).await;
    told("daily reports of service points", reports);
    told("steps of records that are due", cases.tick(now).await);
    let contacts = cases.sweep_outreach(&app.inner.outreach, now).await;
    told("what is to be said outward", contacts);
    if let Err(problem) = app.forget_old_requests(now).await {
        tracing::error!(?problem, "keys of old requests");
    }
}

/// What is opened some days ahead, and goes through many records to be found.
async fn plan(app: &AppState, now: UtcMs) {
    if app.inner.store.role() == Role::Centre {
        let calls = app.inner.cases.plan_collections(now).await;
        told("calls before loans fall due", calls);
    }
}

fn told<T>(what: &'static str, outcome: Result<T, CaseFault>) {
    if let Err(fault) = outcome {
        tracing::error!(?fault, "{what}");
    }
}

async fn sweep(app: &AppState, now: UtcMs) -> Result<(), StoreError> {
    let refusals = app.inner.door.settle_refusals(now);
    let rules = app.inner.in_force.now().staff;
    let swept = app.inner.store.write(move |write| {
        for refused in refusals {
            write.append(&Event::DeviceRefused(refused), now)?;
        }
        write.end_old_sessions(now.plus_ms(-rules.idle_ms), now.plus_ms(-rules.session_ms))?;
        write.delete_old_tombstones(now)?;
        write.delete_expired_calls(now)
    });
    swept.await
}
