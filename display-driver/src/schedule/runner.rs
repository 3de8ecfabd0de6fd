//! From a schedule to orders for the link: only what changed is ordered.

use std::collections::VecDeque;
use std::time::Duration;

use super::{Layer, Scene, Schedule, Shown};
use crate::content::{AreaContent, BoardId};
use crate::link::{Order, Urgency};
use crate::moment::Moment;

/// Contents of which the link may still tell: it is at most a page or two behind.
const RECENT_MAX: usize = 24;

/// A board's schedule and what was last ordered from it.
#[derive(Debug)]
pub struct BoardRunner {
    board: BoardId,
    /// Change it freely; [`BoardRunner::advance`] finds out what that means.
    pub schedule: Schedule,
    ordered: Scene,
    recent: VecDeque<Shown>,
}

impl BoardRunner {
    /// A runner that has ordered nothing.
    #[must_use]
    pub fn new(board: BoardId, schedule: Schedule) -> Self {
        Self {
            board,
            schedule,
            ordered: Scene::new(),
            recent: VecDeque::new(),
        }
    }

    /// Which board it runs.
    #[must_use]
    pub fn board(&self) -> &BoardId {
        &self.board
    }

    /// Why and whose a content is that was ordered not long ago.
    #[must_use]
    pub fn ordered(&self, content: &AreaContent) -> Option<&Shown> {
        let mut recent = self.recent.iter().rev();
        recent.find(|shown| shown.content == *content)
    }

    /// The order for this moment, if some content differs from what was last ordered.
    pub fn advance(&mut self, now: Moment) -> Option<Order> {
        let scene = self.schedule.show(now);
        let contents = |scene: &Scene| -> Vec<AreaContent> {
            scene.values().map(|shown| shown.content.clone()).collect()
        };
        let before = std::mem::replace(&mut self.ordered, scene);
        if contents(&before) == contents(&self.ordered) {
            return None;
        }
        let urgency = |shown: &Shown| shown.urgency().max(self.relief(&before, shown));
        let areas = self.ordered.values();
        let order = areas.map(|shown| (shown.content.clone(), urgency(shown)));
        let order = Order::Compose(order.collect());
        let is_new = |shown: &&Shown| !before.values().any(|old| old.content == shown.content);
        self.recent
            .extend(self.ordered.values().filter(is_new).cloned());
        while self.recent.len() > RECENT_MAX {
            self.recent.pop_front();
        }
        Some(order)
    }

    /// How soon that which stood in the place of `shown` has to be gone: at once when it does not
    /// play any longer, or was a call or an emergency.
    fn relief(&self, before: &Scene, shown: &Shown) -> Urgency {
        let whole = before.values().find(|old| old.layer <= Layer::Call);
        let old = before.get(&shown.content.area).or(whole);
        let playing = self.schedule.playing();
        let is_over = |old: &Shown| {
            old.layer <= Layer::Call || old.airs.iter().any(|airs| !playing.contains(airs))
        };
        match old.is_some_and(is_over) {
            true => Urgency::Prompt,
            false => Urgency::Ordinary,
        }
    }

    /// The monotonic time by which to [`BoardRunner::advance`] again.
    #[must_use]
    pub fn next_change(&self, now: Moment) -> Duration {
        self.schedule.next_change(now)
    }
}
