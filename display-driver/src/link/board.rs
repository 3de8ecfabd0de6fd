//! One board of a link: what is wanted of it, what it is known to show, and what is due next.
//!
//! Wishes are kept as state, not as a queue: a newer text replaces an older one, and whatever is still
//! not confirmed stays due. So a retry always carries the newest text.

mod lessons;
mod wishes;

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use super::area_slot::{AreaSlot, touched};
use super::duty::{Certainty, Due, Duty, Rank};
use super::transfer::Transfer;
use super::{
    AreaKnowledge, BoardKnowledge, BoardLine, FaultCounts, Presence, SetUp, Timing, Urgency,
};
use crate::codec::{Ask, FileStep, Precedence, Voice};
use crate::content::{AreaContent, AreaId};
use crate::moment::Moment;

/// So often a call is written again because something else was read back.
const LOSSES_MAX: u8 = 3;

/// Unanswered and refused attempts at the current duty.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Attempts {
    pub(super) unanswered: usize,
    pub(super) busy: usize,
    pub(super) check_wrong: u8,
}

#[derive(Debug)]
pub(super) struct Board {
    pub(super) line: BoardLine,
    pub(super) presence: Presence,
    /// What was last told to the outside; `None` before the first time.
    pub(super) told_online: Option<bool>,
    pub(super) attempts: Attempts,
    /// Nothing goes out before this.
    pub(super) not_before: Duration,
    pub(super) voice: Box<dyn Voice>,
    pub(super) faults: FaultCounts,
    areas: BTreeMap<AreaId, AreaSlot>,
    set_up: SetUp,
    /// Whether its timer is off for an emergency.
    is_kept_lit: bool,
    controls: VecDeque<Ask>,
    transfers: VecDeque<Transfer>,
    read_back_due_at: Option<Duration>,
    /// How often in a row what was read back was something else.
    losses: u8,
    clock_due_at: Duration,
    check_due_at: Duration,
    /// What the card holds from before has not been asked since it was found.
    is_unasked: bool,
    /// Nor has it been asked which fonts it holds.
    has_unasked_fonts: bool,
    last_heard: Option<Duration>,
    /// The longest that it lately took to answer, counted from the last byte sent.
    answered_within: Option<Duration>,
}

impl Board {
    pub(super) fn new(line: BoardLine) -> Self {
        Self {
            voice: line.speech.voice(),
            line,
            presence: Presence::Unknown,
            told_online: None,
            attempts: Attempts::default(),
            not_before: Duration::ZERO,
            faults: FaultCounts::default(),
            areas: BTreeMap::new(),
            set_up: SetUp::default(),
            is_kept_lit: false,
            controls: VecDeque::new(),
            transfers: VecDeque::new(),
            read_back_due_at: None,
            losses: 0,
            clock_due_at: Duration::ZERO,
            check_due_at: Duration::ZERO,
            is_unasked: false,
            has_unasked_fonts: false,
            last_heard: None,
            answered_within: None,
        }
    }

    pub(super) fn knowledge(&self) -> BoardKnowledge {
        let as_shown = |content: &Option<AreaContent>| {
            let content = content.as_ref();
            content.map(|content| self.voice.as_shown(content))
        };
        let areas = self.areas.iter().map(|(&id, slot)| {
            let known = AreaKnowledge {
                believed: as_shown(&slot.knowledge.believed),
                confirmed: as_shown(&slot.knowledge.confirmed),
            };
            (id, known)
        });
        BoardKnowledge {
            presence: self.presence,
            last_heard: self.last_heard,
            areas: areas.collect(),
        }
    }

    /// Everything due, with the earliest time of each.
    pub(super) fn agenda(&self, timing: &Timing) -> Vec<Due> {
        if let Some(first) = self.before_all() {
            return vec![first];
        }
        let after = |at: Duration| at.max(self.not_before);
        let due = |at, rank, duty| Due {
            at: after(at),
            rank,
            duty,
        };
        // A board that its timer may have darkened has to be lit for an emergency.
        let control_rank = match self.is_kept_lit {
            true => Rank::Lighting,
            false => Rank::Upkeep,
        };
        let controls = self.controls.front();
        let control = controls.map(|_| due(Duration::ZERO, control_rank, Duty::Control));
        let fonts = self
            .has_unasked_fonts
            .then(|| due(Duration::ZERO, Rank::Ordinary, Duty::Fonts));
        let transfer =
            (!self.transfers.is_empty()).then(|| due(Duration::ZERO, Rank::Bulk, Duty::Transfer));
        let read_back = self
            .read_back_due_at
            .map(|at| due(at, Rank::Check, Duty::ReadBack));
        let clock = due(self.clock_due_at, Rank::Upkeep, Duty::Clock);
        let check = match self.is_unasked {
            true => due(Duration::ZERO, Rank::Ordinary, Duty::Check),
            false => due(self.check_due_at, Rank::Check, Duty::Check),
        };
        self.due_areas(timing)
            .map(|(at, rank, area)| due(at, rank, Duty::Area(area)))
            .chain(control)
            .chain(transfer)
            .chain(read_back)
            .chain([clock, check])
            .chain(fonts)
            .collect()
    }

    /// What has to be asked before anything else: whether the board is there, and what it needs to
    /// show anything.
    fn before_all(&self) -> Option<Due> {
        let soon = match self.most_urgent() {
            Some(Urgency::Emergency) => Rank::Emergency,
            Some(Urgency::Urgent) => Rank::Urgent,
            _ => Rank::Greeting,
        };
        let (rank, duty) = match self.presence {
            Presence::Unknown => (soon, Duty::Greet),
            Presence::Offline => (Rank::Probe, Duty::Greet),
            Presence::Online | Presence::Mute => {
                self.voice.preparation()?;
                (soon, Duty::Prepare)
            }
        };
        let at = self.not_before;
        Some(Due { at, rank, duty })
    }

    fn most_urgent(&self) -> Option<Urgency> {
        let due = self.areas.values().filter(|slot| slot.is_due);
        due.map(|slot| slot.urgency).max()
    }

    /// Texts that are due, each no sooner than the vendor's limit behind the last one of its area.
    fn due_areas(&self, timing: &Timing) -> impl Iterator<Item = (Duration, Rank, AreaId)> {
        let refresh_min = self.voice.refresh_min(timing.refresh_min);
        let due = || self.areas.iter().filter(|(_, slot)| slot.is_due);
        let shows = due().any(|(_, slot)| slot.wanted.is_some());
        let clears = due().any(|(_, slot)| slot.wanted.is_none() && !slot.waits);
        // What shall be gone goes with the next frame that shows something.
        let is_own = move |slot: &AreaSlot| slot.wanted.is_some() || !(shows || slot.waits);
        let due = due().filter(move |(_, slot)| is_own(slot));
        due.map(move |(&id, slot)| {
            let at = slot
                .sent_at
                .map_or(Duration::ZERO, |sent| sent + refresh_min);
            let rank = match slot.urgency {
                Urgency::Emergency => Rank::Emergency,
                Urgency::Urgent => Rank::Urgent,
                Urgency::Prompt => Rank::Prompt,
                Urgency::Ordinary if clears => Rank::Prompt,
                Urgency::Ordinary => Rank::Ordinary,
            };
            (at, rank, id)
        })
    }

    /// Areas that shall be gone.
    fn unwanted(&self) -> Vec<AreaId> {
        let due = self.areas.iter().filter(|(_, slot)| slot.is_due);
        let unwanted = due.filter(|(_, slot)| slot.wanted.is_none());
        unwanted.map(|(&id, _)| id).collect()
    }

    /// What a duty asks now; `None` when it is no longer wanted.
    pub(super) fn ask(&self, duty: Duty, now: Moment) -> Option<Ask> {
        match duty {
            Duty::Greet => Some(Ask::Ping),
            Duty::Clock => Some(Ask::SetClock(now.wall)),
            Duty::Check => Some(Ask::QueryStatus),
            Duty::Control => self.controls.front().cloned(),
            Duty::Prepare => self.voice.preparation(),
            Duty::Transfer => self.transfers.front()?.step().map(Ask::Transfer),
            Duty::ReadBack => Some(Ask::ReadBack),
            Duty::Fonts => Some(Ask::ReadFonts),
            Duty::Area(id) => {
                let slot = self.areas.get(&id)?;
                let wanted = slot.wanted.clone().filter(|_| !slot.dark_first);
                Some(match (wanted, self.unwanted()) {
                    (None, _) => Ask::Remove(id),
                    (Some(content), clears) if clears.is_empty() => Ask::Show(content),
                    (Some(content), clears) => Ask::Replace { content, clears },
                })
            }
        }
    }

    /// Whether an ask goes over what is shown.
    pub(super) fn precedence(&self, ask: &Ask) -> Precedence {
        let slot = ask
            .shown()
            .and_then(|content| self.areas.get(&content.area));
        match slot.map(|slot| slot.urgency) {
            Some(Urgency::Emergency | Urgency::Urgent) => Precedence::Over,
            Some(Urgency::Prompt | Urgency::Ordinary) | None => Precedence::Ordinary,
        }
    }

    /// The transfer under way.
    pub(super) fn transfer(&mut self) -> Option<&mut Transfer> {
        self.transfers.front_mut()
    }

    /// Drops a transfer that is over and tells whether its files are stored.
    pub(super) fn finish_transfer(&mut self) -> bool {
        let over = self
            .transfers
            .pop_front_if(|transfer| transfer.step().is_none());
        over.is_some_and(|transfer| transfer.is_stored())
    }

    /// The port or the board is gone: gives the step at which a transfer was broken off.
    pub(super) fn break_transfer(&mut self) -> Option<FileStep> {
        let broken = self.transfers.front_mut()?.break_off();
        self.finish_transfer();
        broken
    }

    fn give_up_transfer(&mut self) {
        if let Some(transfer) = self.transfers.front_mut() {
            transfer.give_up();
        }
        self.finish_transfer();
    }

    /// Notes that a frame is on the wire: the board may show it from now on.
    pub(super) fn sent(&mut self, ask: &Ask, now: Duration) {
        if let (Ask::Transfer(_), Some(transfer)) = (ask, self.transfers.front_mut()) {
            return transfer.asked();
        }
        for (area, content) in touched(ask) {
            if let Some(slot) = self.areas.get_mut(&area) {
                slot.sent_at = Some(now);
                let known = AreaKnowledge {
                    believed: content.cloned(),
                    confirmed: None,
                };
                slot.before = std::mem::replace(&mut slot.knowledge, known);
            }
        }
    }

    /// Notes that the board refused a frame: it shows what it showed before, and the limit between
    /// two refreshes does not hold back the next attempt.
    pub(super) fn refused(&mut self, ask: &Ask) {
        for (area, _) in touched(ask) {
            if let Some(slot) = self.areas.get_mut(&area) {
                slot.sent_at = None;
                slot.knowledge = std::mem::take(&mut slot.before);
            }
        }
    }

    /// Notes that the board did it, or is believed to.
    pub(super) fn settled(
        &mut self,
        ask: &Ask,
        now: Duration,
        timing: &Timing,
        certainty: Certainty,
    ) {
        match ask {
            Ask::Show(content) => self.shown(content, now, timing, certainty),
            Ask::Replace { content, clears } => {
                self.shown(content, now, timing, certainty);
                clears.iter().for_each(|area| self.removed(*area));
            }
            Ask::Remove(area) => self.removed(*area),
            Ask::SetClock(_) => self.clock_due_at = now + timing.clock_every,
            Ask::QueryStatus if self.voice.is_read_back() => {
                self.voice.doubt();
                self.read_back_due_at = Some(now);
            }
            Ask::ReadBack => {
                self.read_back_due_at = (!self.voice.is_proven()).then_some(now);
            }
            Ask::QueryStatus => self.is_unasked = false,
            Ask::ReadFonts => self.has_unasked_fonts = false,
            Ask::Ping | Ask::Transfer(_) => {}
            Ask::ClearMemory | Ask::LayOut => self.refresh_all(now),
            control => self.controls.retain(|waiting| waiting != control),
        }
        self.attempts = Attempts::default();
    }

    /// A sign may still lose it, so the wish for darkness is kept; a card says what it holds.
    fn removed(&mut self, area: AreaId) {
        let lists_areas = self.voice.lists_areas();
        let Some(slot) = self.areas.get_mut(&area) else {
            return;
        };
        if slot.wanted.is_some() {
            return slot.darkened();
        }
        if lists_areas {
            self.areas.remove(&area);
        } else {
            slot.is_due = false;
        }
    }

    fn shown(
        &mut self,
        content: &AreaContent,
        now: Duration,
        timing: &Timing,
        certainty: Certainty,
    ) {
        let Some(slot) = self.areas.get_mut(&content.area) else {
            return;
        };
        if certainty == Certainty::Said {
            slot.knowledge.confirmed = Some(content.clone());
        }
        slot.is_due = slot.wanted.as_ref() != Some(content);
        // Nobody looks at a lost call after minutes: it is proved as soon as the line is idle. A sign
        // that reads back something else each time would only flicker, and waits for the next check.
        let is_urgent = slot.urgency >= Urgency::Urgent && self.losses < LOSSES_MAX;
        if is_urgent && self.voice.is_read_back() {
            self.read_back_due_at = Some(now);
        }
        if self.voice.is_mute() && self.check_due_at <= now {
            self.check_due_at = now + timing.sign_check_every;
        }
    }

    /// What is believed has been read back: gives the contents that are certain now.
    pub(super) fn proven(&mut self) -> Vec<AreaContent> {
        let mut certain = Vec::new();
        for slot in self.areas.values_mut() {
            let knowledge = &mut slot.knowledge;
            if !slot.is_due && knowledge.believed.is_some() && knowledge.confirmed.is_none() {
                knowledge.confirmed = knowledge.believed.clone();
                certain.extend(knowledge.confirmed.clone());
            }
        }
        if !certain.is_empty() {
            self.losses = 0;
        }
        certain
    }

    /// The board holds something else than believed: gives how many areas it lost.
    pub(super) fn lost(&mut self) -> u64 {
        self.losses = self.losses.saturating_add(1);
        let mut lost = 0;
        for slot in self.areas.values_mut().filter(|slot| !slot.is_due) {
            slot.knowledge.confirmed = None;
            slot.is_due = true;
            lost += 1;
        }
        lost
    }

    /// Notes that the board is there, whatever it said.
    pub(super) fn heard(&mut self, now: Duration, timing: &Timing) {
        self.last_heard = Some(now);
        self.check_due_at = now + self.check_every(timing);
        self.attempts.unanswered = 0;
    }

    fn check_every(&self, timing: &Timing) -> Duration {
        match self.voice.lists_areas() {
            true => timing.check_every,
            false => timing.sign_check_every,
        }
    }

    /// A mute sign is written again in place of being asked.
    pub(super) fn refresh_unasked(&mut self, now: Duration, timing: &Timing) {
        self.voice.distrust();
        self.refresh_all(now);
        self.check_due_at = now + timing.sign_check_every;
    }

    /// Stops asking for something that cannot succeed.
    pub(super) fn give_up(&mut self, ask: &Ask, now: Duration, timing: &Timing) {
        match ask {
            Ask::Show(content) | Ask::Replace { content, .. } => self.give_up_content(content),
            Ask::Remove(area) => {
                if let Some(slot) = self.areas.get_mut(area) {
                    slot.is_due = slot.wanted.is_some();
                    slot.darkened();
                }
            }
            Ask::SetClock(_) => {
                self.voice.clock_given_up();
                self.clock_due_at = now + timing.clock_every;
            }
            Ask::Transfer(_) => self.give_up_transfer(),
            Ask::ReadBack => self.read_back_due_at = None,
            // It would be due again at once, before everything on the line.
            Ask::Ping | Ask::QueryStatus | Ask::ClearMemory | Ask::LayOut
                if self.voice.preparation().is_some() =>
            {
                self.not_before = now + timing.probe_every;
            }
            Ask::QueryStatus if self.voice.lists_areas() => self.is_unasked = false,
            Ask::ReadFonts => self.has_unasked_fonts = false,
            // An illegal label may mean that the layout is gone: the next check shows it.
            Ask::Ping | Ask::QueryStatus | Ask::ClearMemory | Ask::LayOut => {}
            control => self.controls.retain(|waiting| waiting != control),
        }
        if self.voice.is_read_back() && touched(ask).next().is_some() {
            self.check_due_at = now;
        }
        self.attempts = Attempts::default();
    }

    /// A content cannot be shown. What an emergency or a call was to take the place of stays on the
    /// glass until something else is accepted, for the board must not be dark; but what may not be seen
    /// any longer goes.
    fn give_up_content(&mut self, content: &AreaContent) {
        let Some(slot) = self.areas.get_mut(&content.area) else {
            return;
        };
        slot.is_due = slot.wanted.as_ref() != Some(content);
        match slot.urgency {
            Urgency::Ordinary => {}
            Urgency::Prompt if slot.is_due || slot.knowledge.believed.is_none() => {}
            Urgency::Prompt => {
                slot.wanted = None;
                slot.is_due = true;
            }
            Urgency::Urgent | Urgency::Emergency => {
                let unwanted = |slot: &&mut AreaSlot| slot.is_due && slot.wanted.is_none();
                let unwanted = self.areas.values_mut().filter(unwanted);
                unwanted.for_each(|slot| slot.waits = true);
            }
        }
    }
}
