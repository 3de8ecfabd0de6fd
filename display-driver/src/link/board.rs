//! One board of a link: what is wanted of it, what it is known to show, and what is due next.
//!
//! Wishes are kept as state, not as a queue: a newer text replaces an older one, and whatever is still
//! not confirmed stays due. So a retry always carries the newest text.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use super::transfer::{ProgramFile, Transfer};
use super::{AreaKnowledge, BoardKnowledge, BoardLine, Order, Presence, Timing, Urgency};
use crate::codec::{Ask, FileStep, Precedence, Voice};
use crate::content::{AreaContent, AreaId};
use crate::moment::Moment;

/// Control orders waiting; each kind waits at most once.
const CONTROLS_MAX: usize = 8;
/// Transfers waiting; each may hold the flash of a card.
const TRANSFERS_MAX: usize = 4;

/// So often a call is written again because something else was read back.
const LOSSES_MAX: u8 = 3;

/// What goes first on the bus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    Urgent,
    Greeting,
    Upkeep,
    Ordinary,
    Bulk,
    Probe,
    Check,
}

/// Something due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Duty {
    Greet,
    Prepare,
    Area(AreaId),
    Clock,
    Control,
    Transfer,
    Check,
    ReadBack,
}

/// How sure it is that a board obeyed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Certainty {
    /// It said so.
    Said,
    /// It has had the time to.
    Believed,
}

/// A duty with the earliest time it may go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Due {
    pub(super) at: Duration,
    pub(super) rank: Rank,
    pub(super) duty: Duty,
}

impl Due {
    /// Its rank now. A line that always has texts to carry would never come to ask a board that is
    /// gone, or what one holds; after as long a wait again as between two probes they go before texts.
    pub(super) fn rank_at(&self, now: Duration, timing: &Timing) -> Rank {
        let waited = now.saturating_sub(self.at);
        match self.rank {
            Rank::Probe | Rank::Check if waited >= timing.probe_every => Rank::Upkeep,
            rank => rank,
        }
    }
}

#[derive(Debug)]
struct AreaSlot {
    /// `None` when the area shall be gone.
    wanted: Option<AreaContent>,
    urgency: Urgency,
    is_due: bool,
    sent_at: Option<Duration>,
    knowledge: AreaKnowledge,
    /// What was known before the frame now in flight, should the board refuse it.
    before: AreaKnowledge,
}

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
    pub(super) voice: Voice,
    areas: BTreeMap<AreaId, AreaSlot>,
    controls: VecDeque<Ask>,
    transfers: VecDeque<Transfer>,
    read_back_due_at: Option<Duration>,
    /// How often in a row what was read back was something else.
    losses: u8,
    clock_due_at: Duration,
    check_due_at: Duration,
    last_heard: Option<Duration>,
}

impl Board {
    pub(super) fn new(line: BoardLine) -> Self {
        Self {
            voice: Voice::new(line.speech),
            line,
            presence: Presence::Unknown,
            told_online: None,
            attempts: Attempts::default(),
            not_before: Duration::ZERO,
            areas: BTreeMap::new(),
            controls: VecDeque::new(),
            transfers: VecDeque::new(),
            read_back_due_at: None,
            losses: 0,
            clock_due_at: Duration::ZERO,
            check_due_at: Duration::ZERO,
            last_heard: None,
        }
    }

    pub(super) fn knowledge(&self) -> BoardKnowledge {
        let areas = self
            .areas
            .iter()
            .map(|(&id, slot)| (id, slot.knowledge.clone()));
        BoardKnowledge {
            presence: self.presence,
            last_heard: self.last_heard,
            areas: areas.collect(),
        }
    }

    /// Takes an order in and gives how many waiting ones it pushed out.
    pub(super) fn take(&mut self, order: Order) -> u64 {
        match order {
            Order::Show(content, urgency) => {
                self.want(content.area, Some(content), urgency);
                0
            }
            Order::Remove(area) => {
                self.want(area, None, Urgency::Ordinary);
                0
            }
            Order::SetBrightness(level) => self.enqueue(Ask::SetBrightness(level)),
            Order::PowerOn => self.enqueue(Ask::PowerOn),
            Order::PowerOff => self.enqueue(Ask::PowerOff),
            Order::SetBrightnessByHalfHours(levels) => {
                self.enqueue(Ask::SetBrightnessByHalfHours(levels))
            }
            Order::SetLitPeriods(periods) => self.enqueue(Ask::SetLitPeriods(periods)),
            Order::CancelLitPeriods => self.enqueue(Ask::CancelLitPeriods),
            Order::LockProgram(name, lock) => self.enqueue(Ask::LockProgram(name, lock)),
            Order::ReadFonts => self.enqueue(Ask::ReadFonts),
            Order::ReadParameters => self.enqueue(Ask::ReadParameters),
            Order::PutProgram(files) => self.put_program(files),
            Order::Clear if self.is_sign() => {
                self.want(AreaId(0), None, Urgency::Ordinary);
                0
            }
            Order::Clear => {
                self.areas.clear();
                self.enqueue(Ask::ClearScreen)
            }
        }
    }

    fn want(&mut self, area: AreaId, content: Option<AreaContent>, urgency: Urgency) {
        let slot = self.areas.entry(area).or_insert_with(|| AreaSlot {
            wanted: None,
            urgency,
            is_due: true,
            sent_at: None,
            knowledge: AreaKnowledge::default(),
            before: AreaKnowledge::default(),
        });
        // Something already shown for sure need not be sent again.
        slot.is_due = content.is_none() || slot.knowledge.confirmed != content;
        slot.wanted = content;
        slot.urgency = urgency;
    }

    fn put_program(&mut self, files: Vec<ProgramFile>) -> u64 {
        match Transfer::new(files) {
            Some(transfer) if self.transfers.len() < TRANSFERS_MAX => {
                self.transfers.push_back(transfer);
                0
            }
            _ => 1,
        }
    }

    fn enqueue(&mut self, ask: Ask) -> u64 {
        let same_kind = |waiting: &Ask| {
            let is_power = |ask: &Ask| matches!(ask, Ask::PowerOn | Ask::PowerOff);
            let is_periods =
                |ask: &Ask| matches!(ask, Ask::SetLitPeriods(_) | Ask::CancelLitPeriods);
            std::mem::discriminant(waiting) == std::mem::discriminant(&ask)
                || (is_power(waiting) && is_power(&ask))
                || (is_periods(waiting) && is_periods(&ask))
        };
        self.controls.retain(|waiting| !same_kind(waiting));
        self.controls.push_back(ask);
        let too_many = self.controls.len().saturating_sub(CONTROLS_MAX);
        self.controls.drain(..too_many);
        too_many as u64
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
        let controls = self.controls.front();
        let control = controls.map(|_| due(Duration::ZERO, Rank::Upkeep, Duty::Control));
        let transfer =
            (!self.transfers.is_empty()).then(|| due(Duration::ZERO, Rank::Bulk, Duty::Transfer));
        let read_back = self
            .read_back_due_at
            .map(|at| due(at, Rank::Check, Duty::ReadBack));
        let clock = due(self.clock_due_at, Rank::Upkeep, Duty::Clock);
        let check = due(self.check_due_at, Rank::Check, Duty::Check);
        self.due_areas(timing)
            .map(|(at, rank, area)| due(at, rank, Duty::Area(area)))
            .chain(control)
            .chain(transfer)
            .chain(read_back)
            .chain([clock, check])
            .collect()
    }

    /// What has to be asked before anything else: whether the board is there, and what it needs to
    /// show anything.
    fn before_all(&self) -> Option<Due> {
        let soon = if self.has_urgent() {
            Rank::Urgent
        } else {
            Rank::Greeting
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

    fn has_urgent(&self) -> bool {
        let mut slots = self.areas.values();
        slots.any(|slot| slot.is_due && slot.urgency == Urgency::Urgent)
    }

    /// Texts that are due, each no sooner than the vendor's limit behind the last one of its area.
    fn due_areas(&self, timing: &Timing) -> impl Iterator<Item = (Duration, Rank, AreaId)> {
        let refresh_min = self.voice.refresh_min(timing.refresh_min);
        let due = self.areas.iter().filter(|(_, slot)| slot.is_due);
        due.map(move |(&id, slot)| {
            let at = slot
                .sent_at
                .map_or(Duration::ZERO, |sent| sent + refresh_min);
            let rank = match slot.urgency {
                Urgency::Urgent => Rank::Urgent,
                Urgency::Ordinary => Rank::Ordinary,
            };
            (at, rank, id)
        })
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
            Duty::Area(id) => {
                let slot = self.areas.get(&id)?;
                Some(slot.wanted.clone().map_or(Ask::Remove(id), Ask::Show))
            }
        }
    }

    /// Whether an ask goes over what is shown.
    pub(super) fn precedence(&self, ask: &Ask) -> Precedence {
        let urgency = match ask {
            Ask::Show(content) => self.areas.get(&content.area).map(|slot| slot.urgency),
            _ => None,
        };
        match urgency {
            Some(Urgency::Urgent) => Precedence::Over,
            Some(Urgency::Ordinary) | None => Precedence::Ordinary,
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
        let (area, content) = match ask {
            Ask::Show(content) => (content.area, Some(content.clone())),
            Ask::Remove(area) => (*area, None),
            Ask::Transfer(_) => {
                return self.transfers.front_mut().map_or((), Transfer::asked);
            }
            _ => return,
        };
        if let Some(slot) = self.areas.get_mut(&area) {
            slot.sent_at = Some(now);
            let known = AreaKnowledge {
                believed: content,
                confirmed: None,
            };
            slot.before = std::mem::replace(&mut slot.knowledge, known);
        }
    }

    /// Notes that the board refused a frame: it shows what it showed before, and the limit between
    /// two refreshes does not hold back the next attempt.
    pub(super) fn refused(&mut self, ask: &Ask) {
        let (Ask::Show(AreaContent { area, .. }) | Ask::Remove(area)) = ask else {
            return;
        };
        if let Some(slot) = self.areas.get_mut(area) {
            slot.sent_at = None;
            slot.knowledge = std::mem::take(&mut slot.before);
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
            Ask::Remove(area) => self.removed(*area),
            Ask::SetClock(_) => self.clock_due_at = now + timing.clock_every,
            Ask::QueryStatus if self.voice.is_read_back() => {
                self.voice.doubt();
                self.read_back_due_at = Some(now);
            }
            Ask::ReadBack => {
                self.read_back_due_at = (!self.voice.is_proven()).then_some(now);
            }
            Ask::Ping | Ask::QueryStatus | Ask::Transfer(_) => {}
            Ask::ClearMemory | Ask::LayOut => self.refresh_all(now),
            control => self.controls.retain(|waiting| waiting != control),
        }
        self.attempts = Attempts::default();
    }

    /// A sign may still lose it, so the wish for darkness is kept; a card says what it holds.
    fn removed(&mut self, area: AreaId) {
        let is_sign = self.is_sign();
        let Some(slot) = self.areas.get_mut(&area) else {
            return;
        };
        if slot.wanted.is_some() {
            return;
        }
        if is_sign {
            slot.is_due = false;
        } else {
            self.areas.remove(&area);
        }
    }

    fn is_sign(&self) -> bool {
        matches!(self.voice, Voice::Alpha(_))
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
        let is_urgent = slot.urgency == Urgency::Urgent && self.losses < LOSSES_MAX;
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
        match self.voice {
            Voice::OnbonK => timing.check_every,
            Voice::Alpha(_) => timing.sign_check_every,
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
            Ask::Show(AreaContent { area, .. }) | Ask::Remove(area) => {
                let sent = match ask {
                    Ask::Show(content) => Some(content),
                    _ => None,
                };
                if let Some(slot) = self.areas.get_mut(area) {
                    slot.is_due = slot.wanted.as_ref() != sent;
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
            // An illegal label may mean that the layout is gone: the next check shows it.
            Ask::Ping | Ask::QueryStatus | Ask::ClearMemory | Ask::LayOut => {}
            control => self.controls.retain(|waiting| waiting != control),
        }
        if self.voice.is_read_back() && matches!(ask, Ask::Show(_) | Ask::Remove(_)) {
            self.check_due_at = now;
        }
        self.attempts = Attempts::default();
    }

    /// Compares what the board holds with what it confirmed; gives how many areas it lost.
    pub(super) fn compare(&mut self, held: &[AreaId]) -> u64 {
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
