//! One board of a link: what is wanted of it, what it is known to show, and what is due next.
//!
//! Wishes are kept as state, not as a queue: a newer text replaces an older one, and whatever is still
//! not confirmed stays due. So a retry always carries the newest text.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use super::area_slot::{AreaSlot, touched};
use super::duty::{Certainty, Due, Duty, Rank};
use super::transfer::Transfer;
use super::{
    AreaKnowledge, BoardKnowledge, BoardLine, Brightness, FaultCounts, Order, Presence, SetUp,
    Timing, Urgency,
};
use crate::codec::{Ask, FileStep, Heard, Lesson, Precedence, ProgramFile, Refusal, Voice};
use crate::content::{AreaContent, AreaId, GlyphSize};
use crate::moment::Moment;

/// Control orders waiting; each kind waits at most once.
const CONTROLS_MAX: usize = 8;
/// Transfers waiting; each may hold the flash of a card.
const TRANSFERS_MAX: usize = 4;

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

    /// Takes an order in; waiting ones that it pushes out are counted.
    pub(super) fn take(&mut self, order: Order) {
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
    fn set_up_again(&mut self) {
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
            true => Rank::Urgent,
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

    /// A board was found: it may hold areas that somebody ordered before this link began, be set up
    /// otherwise, and have other fonts than it had.
    pub(super) fn doubt_all(&mut self) {
        self.is_unasked = self.voice.lists_areas();
        self.has_unasked_fonts = self.voice.lists_fonts();
        self.set_up_again();
    }

    /// Learns from an answer what the board holds; gives the heights of letters that it turned out to
    /// lack.
    pub(super) fn learn(&mut self, heard: &Heard) -> Vec<GlyphSize> {
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
    pub(super) fn learn_refusal(&mut self, ask: &Ask, refusal: Refusal) -> Option<GlyphSize> {
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
    pub(super) fn answered_within(&mut self, took: Duration) {
        let lately = self.answered_within.unwrap_or_default() * 7 / 8;
        self.answered_within = Some(lately.max(took));
    }

    /// How long an answer may lie back before noise on the line can be what is left of it. Of a
    /// board that has not answered yet nobody knows.
    pub(super) fn answers_by(&self) -> Option<Duration> {
        self.answered_within.map(|took| took * 2)
    }

    /// Compares what the board holds with what it confirmed; gives how many areas it lost. What it
    /// holds and nobody ordered shall be gone.
    pub(super) fn compare(&mut self, held: &[AreaId]) -> u64 {
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
    pub(super) fn refresh_all(&mut self, now: Duration) {
        self.clock_due_at = now;
        for slot in self.areas.values_mut() {
            slot.is_due = true;
            slot.knowledge.confirmed = None;
        }
    }

    /// Nothing it confirmed is certain any more.
    pub(super) fn distrust(&mut self) {
        self.areas
            .values_mut()
            .for_each(|slot| slot.knowledge.confirmed = None);
    }
}
