//! One area of a board in the link: what is wanted of it, and what it is known to show.

use std::time::Duration;

use super::{AreaKnowledge, Urgency};
use crate::codec::Ask;
use crate::content::{AreaContent, AreaId};

#[derive(Debug)]
pub(super) struct AreaSlot {
    /// `None` when the area shall be gone.
    pub(super) wanted: Option<AreaContent>,
    pub(super) urgency: Urgency,
    pub(super) is_due: bool,
    /// What should have come in its place was refused: it is taken off together with the next thing
    /// that is shown, never before, or the board would be dark.
    pub(super) waits: bool,
    /// A sign takes seconds to draw a page; until then it shall be dark, not show what must be gone.
    pub(super) dark_first: bool,
    pub(super) sent_at: Option<Duration>,
    pub(super) knowledge: AreaKnowledge,
    /// What was known before the frame now in flight, should the board refuse it.
    pub(super) before: AreaKnowledge,
}

impl AreaSlot {
    /// An area that shall be gone.
    pub(super) fn new(urgency: Urgency) -> Self {
        Self {
            wanted: None,
            urgency,
            is_due: true,
            waits: false,
            dark_first: false,
            sent_at: None,
            knowledge: AreaKnowledge::default(),
            before: AreaKnowledge::default(),
        }
    }

    /// What had to be gone is; what is wanted in its place may wait.
    pub(super) fn darkened(&mut self) {
        if std::mem::take(&mut self.dark_first) {
            self.urgency = Urgency::Ordinary;
        }
    }
}

/// The areas that a frame changes, with what they show then.
pub(super) fn touched(ask: &Ask) -> impl Iterator<Item = (AreaId, Option<&AreaContent>)> {
    let shown = ask.shown().map(|content| (content.area, Some(content)));
    let cleared = ask.cleared().iter().map(|&area| (area, None));
    shown.into_iter().chain(cleared)
}
