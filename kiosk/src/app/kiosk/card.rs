//! The kiosk's side of the card reader: it reads exactly as long as a page waits for a card. Whatever
//! takes the page away (返回, 回首页, a time-out, help from afar) stops the reading with it.

use super::{Effect, Kiosk, Page, Surroundings};
use crate::app::card::{CARD_TIME, CardAnswer, CardTrouble};
use crate::app::flow::{Flow, FlowPage, Progress, Step};
use crate::app::keys::Scan;

impl Kiosk {
    /// Whether the page shown waits for a card.
    #[must_use]
    pub fn awaits_card(&self) -> bool {
        let page = self.session.as_ref().map(|session| &session.page);
        match page {
            Some(Page::Flow(page)) if self.service.is_none() => match &page.flow {
                Flow::Progress(progress) => progress.awaits_card(),
                _ => false,
            },
            _ => false,
        }
    }

    /// Whether the page shown asks about a card that was just read.
    pub(super) fn has_read_card(&self) -> bool {
        let page = self.session.as_ref().map(|session| &session.page);
        match page {
            Some(Page::Flow(page)) => match &page.flow {
                Flow::Progress(progress) => progress.asks_by_card(),
                _ => false,
            },
            _ => false,
        }
    }

    /// Starts or stops the reader when the page began or ceased to wait.
    pub(super) fn reader_follows(&self, awaited_before: bool) -> Option<Effect> {
        match (awaited_before, self.awaits_card()) {
            (false, true) => Some(Effect::ReadCard(CARD_TIME)),
            (true, false) => Some(Effect::StopReading),
            _ => None,
        }
    }

    /// An answer to a page that has gone changes nothing.
    pub(super) fn card_answered(
        &mut self,
        answer: CardAnswer,
        around: &Surroundings,
    ) -> Vec<Effect> {
        if !self.awaits_card() {
            return Vec::new();
        }
        self.somebody_is_here(around);
        let step = match self.progress_mut() {
            Some(progress) => progress.card_answered(answer),
            None => Step::Stay,
        };
        self.flow_stepped(step, around)
    }

    /// The time for a card is over.
    pub(super) fn card_ticked(&mut self, around: &Surroundings) {
        if let Some(progress) = self.progress_mut() {
            progress.card_ticked(around.now);
        }
    }

    /// A code that may be on somebody's telephone, while a card is waited for.
    pub(super) fn phone_code_scanned(&mut self, scan: &Scan) -> Vec<Effect> {
        if self.settings.knows_phone_codes {
            return vec![Effect::AskPhoneHolder(scan.clone())];
        }
        let trouble = kiosk_peripherals::phone_identity::PhoneFault::NotOffered;
        if let Some(progress) = self.progress_mut() {
            progress.card_answered(CardAnswer::Failed(CardTrouble::Phone(trouble)));
        }
        Vec::new()
    }

    fn progress_mut(&mut self) -> Option<&mut Progress> {
        match self.session.as_mut().map(|session| &mut session.page) {
            Some(Page::Flow(page)) => match &mut **page {
                FlowPage {
                    flow: Flow::Progress(progress),
                    ..
                } => Some(progress),
                _ => None,
            },
            _ => None,
        }
    }
}
