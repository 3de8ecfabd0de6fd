//! What a kiosk with a loudspeaker says by itself: where the card goes, that it can be taken away, that a
//! paper lies there. Not while the page is read aloud, which says the same, and never anything personal.

use super::{Effect, Kiosk};
use crate::app::papers::PaperStage;

/// Where a card goes.
pub const PUT_CARD: &str = "请把身份证平放到读卡区";
/// It was read.
pub const TAKE_CARD: &str = "请收好身份证";
/// A paper came out.
pub const TAKE_SLIP: &str = "请取走小票";

/// How it stood before an event.
#[derive(Debug, Clone, Copy)]
pub(super) struct Before {
    pub(super) awaited_card: bool,
    stage: PaperStage,
}

impl Kiosk {
    pub(super) fn before(&self) -> Before {
        Before {
            awaited_card: self.awaits_card(),
            stage: self.paper_stage(),
        }
    }

    /// What is to be said of what changed.
    pub(super) fn prompt(&self, before: Before) -> Option<Effect> {
        let session = self.session.as_ref()?;
        if !self.settings.can_prompt || session.reads_aloud {
            return None;
        }
        let came_out = |stage| matches!(stage, PaperStage::CameOut { .. });
        let sentence = match (before.awaited_card, self.awaits_card()) {
            (false, true) => PUT_CARD,
            (true, false) if self.has_read_card() => TAKE_CARD,
            _ if came_out(self.paper_stage()) && !came_out(before.stage) => TAKE_SLIP,
            _ => return None,
        };
        Some(Effect::Say(sentence.to_owned()))
    }

    fn paper_stage(&self) -> PaperStage {
        let session = self.session.as_ref();
        session.map_or(PaperStage::None, |session| session.papers.stage())
    }
}
