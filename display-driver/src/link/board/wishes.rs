//! What is wanted of a board: orders become state, and a newer one takes the place of an older.

use super::{AreaSlot, Board};
use crate::codec::{Ask, ProgramFile};
use crate::content::{AreaContent, AreaId};
use crate::link::transfer::Transfer;
use crate::link::{Brightness, Order, Urgency};

/// Control orders waiting; each kind waits at most once.
const CONTROLS_MAX: usize = 8;
/// Transfers waiting; each may hold the flash of a card.
const TRANSFERS_MAX: usize = 4;

impl Board {
    /// Takes an order in; waiting ones that it pushes out are counted.
    pub(in crate::link) fn take(&mut self, order: Order) {
        match order {
            Order::Show(content, urgency) => self.want(content.area, Some(content), urgency),
            Order::Remove(area) => self.want(area, None, Urgency::Prompt),
            Order::Compose(contents) => self.compose(contents),
            Order::SetUp(set_up) => {
                self.set_up = set_up;
                self.set_up_again();
            }
            Order::PutProgram(files) => self.put_program(files),
        }
        self.keep_lit();
    }

    /// Orders everything by which the board is set up, after it was found or told otherwise.
    pub(super) fn set_up_again(&mut self) {
        match self.set_up.brightness.clone() {
            None => {}
            Some(Brightness::Level(level)) => self.enqueue(Ask::SetBrightness(level)),
            Some(Brightness::HalfHours(levels)) => {
                self.enqueue(Ask::SetBrightnessByHalfHours(levels));
            }
        }
        self.set_timer();
    }

    /// Whoever has a timer of its own may be dark when an emergency comes.
    fn set_timer(&mut self) {
        match self.set_up.timer.clone() {
            None => {}
            Some(periods) if periods.is_empty() => self.enqueue(Ask::CancelLitPeriods),
            Some(_) if self.is_kept_lit => {
                self.enqueue(Ask::CancelLitPeriods);
                self.enqueue(Ask::PowerOn);
            }
            Some(periods) => self.enqueue(Ask::SetLitPeriods(periods)),
        }
    }

    fn keep_lit(&mut self) {
        let has_timer = self
            .set_up
            .timer
            .as_ref()
            .is_some_and(|timer| !timer.is_empty());
        let is_emergency =
            |slot: &AreaSlot| slot.wanted.is_some() && slot.urgency == Urgency::Emergency;
        let is_needed = has_timer && self.areas.values().any(is_emergency);
        if std::mem::replace(&mut self.is_kept_lit, is_needed) != is_needed {
            self.set_timer();
        }
    }

    /// Only what differs from what was wanted before is due.
    fn compose(&mut self, contents: Vec<(AreaContent, Urgency)>) {
        let is_kept = |id: &AreaId| contents.iter().any(|(content, _)| content.area == *id);
        let lit = self.areas.iter().filter(|(_, slot)| slot.wanted.is_some());
        let gone: Vec<AreaId> = lit.map(|(&id, _)| id).filter(|id| !is_kept(id)).collect();
        for area in gone {
            self.want(area, None, Urgency::Prompt);
        }
        for (content, urgency) in contents {
            let slot = self.areas.get(&content.area);
            if slot.and_then(|slot| slot.wanted.as_ref()) != Some(&content) {
                self.want(content.area, Some(content), urgency);
            }
        }
    }

    fn want(&mut self, area: AreaId, content: Option<AreaContent>, urgency: Urgency) {
        let lists_areas = self.voice.lists_areas();
        let slot = self
            .areas
            .entry(area)
            .or_insert_with(|| AreaSlot::new(urgency));
        // Something already shown for sure need not be sent again.
        slot.is_due = content.is_none() || slot.knowledge.confirmed != content;
        let replaces = slot.knowledge.believed.is_some() && content.is_some();
        slot.waits = false;
        slot.dark_first = match urgency {
            Urgency::Emergency | Urgency::Urgent => false,
            Urgency::Prompt => !lists_areas && replaces && slot.is_due,
            Urgency::Ordinary => slot.dark_first && slot.is_due,
        };
        slot.wanted = content;
        slot.urgency = urgency;
    }

    fn put_program(&mut self, files: Vec<ProgramFile>) {
        match Transfer::new(files) {
            Some(transfer) if self.transfers.len() < TRANSFERS_MAX => {
                self.transfers.push_back(transfer);
            }
            _ => self.faults.dropped_orders += 1,
        }
    }

    fn enqueue(&mut self, ask: Ask) {
        let same_kind = |waiting: &Ask| {
            let is_periods =
                |ask: &Ask| matches!(ask, Ask::SetLitPeriods(_) | Ask::CancelLitPeriods);
            let is_brightness = |ask: &Ask| {
                matches!(
                    ask,
                    Ask::SetBrightness(_) | Ask::SetBrightnessByHalfHours(_)
                )
            };
            std::mem::discriminant(waiting) == std::mem::discriminant(&ask)
                || (is_periods(waiting) && is_periods(&ask))
                || (is_brightness(waiting) && is_brightness(&ask))
        };
        self.controls.retain(|waiting| !same_kind(waiting));
        self.controls.push_back(ask);
        let too_many = self.controls.len().saturating_sub(CONTROLS_MAX);
        self.controls.drain(..too_many);
        self.faults.dropped_orders += too_many as u64;
    }
}
