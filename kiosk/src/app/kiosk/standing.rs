//! What a kiosk does apart from any citizen: the loop while nobody is there, and the service page.

use std::time::Duration;

use kiosk_peripherals::printing::Outcome;

use super::{Kiosk, StationKind};
use crate::app::effect::Effect;
use crate::app::event::{ServiceTouch, Surroundings};
use crate::app::hours::OpeningHours;
use crate::app::service::{Check, MachineSeen, PinAnswer, ServiceDesk};

/// What the installer decided about this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// It has a voice that reads pages aloud.
    pub can_read: bool,
    /// When the hall is open.
    pub hours: OpeningHours,
    /// Without a touch for so long it tells what the hall has to tell; `None`: never.
    pub attract_after: Option<Duration>,
    /// It has a loudspeaker, and says by itself where a card goes and that a paper lies there.
    pub can_prompt: bool,
    /// There is a printer for slips.
    pub has_printer: bool,
    /// There is a reader for identity cards.
    pub has_card_reader: bool,
    /// A service is asked whose code on a telephone it is.
    pub knows_phone_codes: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            can_read: false,
            hours: OpeningHours::default(),
            attract_after: Some(Duration::from_mins(1)),
            can_prompt: false,
            has_printer: false,
            has_card_reader: false,
            knows_phone_codes: false,
        }
    }
}

/// Since when nobody is there, and since when the glass tells things.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Idle {
    pub(super) since: Duration,
    pub(super) telling_since: Option<Duration>,
}

impl Kiosk {
    /// Since when the glass tells what the hall has to tell; `None` while it does not.
    #[must_use]
    pub fn telling_since(&self) -> Option<Duration> {
        self.idle.telling_since
    }

    /// Nobody is there: begins to tell when it is time. At once when somebody looked at the start
    /// page for a minute and touched nothing.
    pub(super) fn rested(&mut self, was_left_untouched: bool, around: &Surroundings) {
        let is_hall = matches!(self.station.kind, StationKind::Hall { .. });
        let (Some(after), None, true) = (self.settings.attract_after, &self.session, is_hall)
        else {
            return;
        };
        let rested = around.now.saturating_sub(self.idle.since);
        if self.service.is_none() && (was_left_untouched || rested >= after) {
            self.idle.telling_since.get_or_insert(around.now);
        }
    }

    pub(super) fn mark_touched(&mut self, around: &Surroundings) -> Vec<Effect> {
        let is_hall = matches!(self.station.kind, StationKind::Hall { .. });
        // Not from afar: the gesture is for somebody who stands there.
        let is_here = around.origin != wire::event::Origin::Remote;
        if !is_hall || !is_here || !self.gesture.touched(around.now) {
            return Vec::new();
        }
        let effects = self.forget_person(around);
        self.idle.telling_since = None;
        self.service = Some(ServiceDesk::new(around.now));
        effects
    }

    pub(super) fn service_touched(
        &mut self,
        touch: ServiceTouch,
        around: &Surroundings,
    ) -> Vec<Effect> {
        if touch == ServiceTouch::Leave {
            self.close_service(around);
            return Vec::new();
        }
        let effect = self
            .service
            .as_mut()
            .and_then(|desk| desk.touched(touch, around.now));
        effect.into_iter().collect()
    }

    pub(super) fn service_ticked(&mut self, around: &Surroundings) {
        if self
            .service
            .as_ref()
            .is_some_and(|it| it.is_over(around.now))
        {
            self.close_service(around);
        }
    }

    fn close_service(&mut self, around: &Surroundings) {
        self.service = None;
        self.idle.since = around.now;
    }

    pub(super) fn pin_checked(&mut self, answer: PinAnswer) -> Vec<Effect> {
        let desk = self.service.as_mut();
        desk.and_then(|desk| desk.pin_checked(answer))
            .into_iter()
            .collect()
    }

    pub(super) fn machine_seen(&mut self, seen: MachineSeen) {
        let network = self.network();
        if let Some(desk) = &mut self.service {
            desk.machine = seen;
            desk.machine.checks.insert(0, network);
        }
    }

    pub(super) fn test_printed(&mut self, outcome: Outcome) {
        if let Some(desk) = &mut self.service {
            desk.test_printed(outcome);
        }
    }

    pub(super) fn devices_tested(&mut self, checks: Vec<Check>) {
        if let Some(desk) = &mut self.service {
            desk.devices_tested(checks);
        }
    }

    fn network(&self) -> Check {
        let last = self.line.last_contact;
        let since = last.map(|at| format!("，最后一次连上是 {}", at.day_and_clock_text()));
        let is_well = self.line.is_online == Some(true);
        Check {
            name: "网络".to_owned(),
            words: if is_well {
                "连着中心".to_owned()
            } else {
                format!("没连上中心{}。请看网线", since.unwrap_or_default())
            },
            is_well,
        }
    }

    pub(super) fn not_enrolled_anew(&mut self, why: String) {
        if let Some(desk) = &mut self.service {
            desk.not_enrolled(why);
        }
    }
}
