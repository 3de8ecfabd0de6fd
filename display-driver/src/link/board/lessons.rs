//! What answers teach of a board: what it holds, what it lacks, how long it takes; and what becomes due
//! by that.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{AreaKnowledge, AreaSlot, Board};
use crate::codec::{Ask, Heard, Lesson, Refusal};
use crate::content::{AreaContent, AreaId, GlyphSize};
use crate::link::Urgency;

impl Board {
    /// A board was found: it may hold areas that somebody ordered before this link began, be set up
    /// otherwise, and have other fonts than it had.
    pub(in crate::link) fn doubt_all(&mut self) {
        self.is_unasked = self.voice.lists_areas();
        self.has_unasked_fonts = self.voice.lists_fonts();
        self.set_up_again();
    }

    /// Learns from an answer what the board holds; gives the heights of letters that it turned out to
    /// lack.
    pub(in crate::link) fn learn(&mut self, heard: &Heard) -> Vec<GlyphSize> {
        let before = self.shown_contents();
        match self.voice.learn(heard) {
            Lesson::AsBelieved => Vec::new(),
            Lesson::Lost => {
                self.faults.lost_areas += self.lost();
                Vec::new()
            }
            Lesson::Lacks(sizes) => {
                self.show_otherwise(&before);
                sizes
            }
        }
    }

    /// Notes what a refusal teaches; gives the height of letters that the board turned out to lack,
    /// if the same content goes again in smaller ones.
    pub(in crate::link) fn learn_refusal(
        &mut self,
        ask: &Ask,
        refusal: Refusal,
    ) -> Option<GlyphSize> {
        let before = self.shown_contents();
        let size = self.voice.refused(ask, refusal)?;
        self.show_otherwise(&before);
        Some(size)
    }

    fn shown_contents(&self) -> BTreeMap<AreaId, AreaContent> {
        let wanted = self.areas.iter().filter_map(|(&id, slot)| {
            let content = slot.wanted.as_ref()?;
            Some((id, self.voice.as_shown(content)))
        });
        wanted.collect()
    }

    /// What now comes out in other letters than before has to go again.
    fn show_otherwise(&mut self, before: &BTreeMap<AreaId, AreaContent>) {
        let now = self.shown_contents();
        for (id, slot) in &mut self.areas {
            if before.get(id) != now.get(id) {
                slot.is_due = true;
                slot.knowledge.confirmed = None;
            }
        }
    }

    /// Notes how long the board took to answer.
    pub(in crate::link) fn answered_within(&mut self, took: Duration) {
        let lately = self.answered_within.unwrap_or_default() * 7 / 8;
        self.answered_within = Some(lately.max(took));
    }

    /// How long an answer may lie back before noise on the line can be what is left of it. Of a
    /// board that has not answered yet nobody knows.
    pub(in crate::link) fn answers_by(&self) -> Option<Duration> {
        self.answered_within.map(|took| took * 2)
    }

    /// Compares what the board holds with what it confirmed; gives how many areas it lost. What it
    /// holds and nobody ordered shall be gone.
    pub(in crate::link) fn compare(&mut self, held: &[AreaId]) -> u64 {
        for id in held {
            let stale = || AreaSlot::new(Urgency::Prompt);
            self.areas.entry(*id).or_insert_with(stale);
        }
        let mut lost = 0;
        for (id, slot) in &mut self.areas {
            if slot.knowledge.confirmed.is_some() && !held.contains(id) {
                slot.knowledge = AreaKnowledge::default();
                slot.is_due = true;
                lost += 1;
            }
        }
        lost
    }

    /// The board came back, or its port did: everything current goes to it again.
    pub(in crate::link) fn refresh_all(&mut self, now: Duration) {
        self.clock_due_at = now;
        for slot in self.areas.values_mut() {
            slot.is_due = true;
            slot.knowledge.confirmed = None;
        }
    }

    /// Nothing it confirmed is certain any more.
    pub(in crate::link) fn distrust(&mut self) {
        self.areas
            .values_mut()
            .for_each(|slot| slot.knowledge.confirmed = None);
    }
}
