//! The queue display as a state machine: what the feed tells goes onto the glass and is said aloud.
//! It has no pages, no person and no touch, and it decides nothing about the queue.

use domain::time::{BusinessDate, UtcMs};
use wire::api::{CallNow, FeedBody, FeedRow};

use super::calls::Calls;
use super::effect::Effect;
use super::voice::Voice;

/// What a queue display has of its own, beside the hall's facts.
#[derive(Debug, Default)]
pub struct QueueDisplay {
    calls: Calls,
    voice: Voice,
    day: Option<BusinessDate>,
}

impl QueueDisplay {
    /// Takes the calls among the rows: shows them, and says them aloud. A call that has run out
    /// says nothing any more.
    pub fn take(&mut self, rows: &[FeedRow], server_now: UtcMs, day: BusinessDate) -> Vec<Effect> {
        self.begin_day(day);
        let mut calls: Vec<CallNow> = rows
            .iter()
            .filter(|row| row.expires.is_none_or(|expires| server_now < expires))
            .filter_map(call)
            .collect();
        calls.sort_by_key(|call| call.at);
        calls
            .into_iter()
            .filter_map(|call| self.called(call))
            .collect()
    }

    /// A sentence has ended, or could not be said.
    pub fn said(&mut self) -> Vec<Effect> {
        self.voice.said().map(Effect::Say).into_iter().collect()
    }

    /// The calls on the glass.
    #[must_use]
    pub fn calls(&self) -> &Calls {
        &self.calls
    }

    fn begin_day(&mut self, day: BusinessDate) {
        if self.day.replace(day).is_some_and(|before| before != day) {
            self.calls.clear();
        }
    }

    fn called(&mut self, call: CallNow) -> Option<Effect> {
        let (label, window) = (call.label.clone(), call.window);
        let is_new = self.calls.take(call);
        let sentence = is_new.then(|| self.voice.called(&label, window))?;
        sentence.map(Effect::Say)
    }
}

/// Unreadable rows have been reported by the worker, which reads them first.
fn call(row: &FeedRow) -> Option<CallNow> {
    match row.read_body() {
        Ok(Some(FeedBody::Call(call))) => Some(call),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::sample::{self, TODAY};

    const DAY: BusinessDate = BusinessDate(TODAY);

    fn say(sentence: &str) -> Effect {
        Effect::Say(sentence.to_owned())
    }

    #[test]
    fn calls_are_shown_at_once_and_said_in_the_order_of_their_time() {
        let mut display = QueueDisplay::default();
        let rows = [
            sample::call_row(2, "B010", 5, UtcMs(20)),
            sample::queue_row('A', 3),
            sample::call_row(1, "A025", 3, UtcMs(10)),
        ];
        let effects = display.take(&rows, UtcMs(30), DAY);
        assert_eq!(effects, [say("请A零二五号，到三号窗口")]);
        assert_eq!(display.calls().newest().unwrap().label.to_string(), "B010");
        assert_eq!(display.said(), [say("请A零二五号，到三号窗口")]);
        assert_eq!(display.said(), [say("请B零一零号，到五号窗口")]);
        assert_eq!(display.said().len(), 1);
        assert_eq!(display.said(), []);
    }

    #[test]
    fn a_call_that_has_run_out_is_neither_shown_nor_said() {
        let mut display = QueueDisplay::default();
        let row = sample::call_row(1, "A025", 3, UtcMs(10));
        let late = row.expires.unwrap();
        assert_eq!(display.take(&[row], late, DAY), []);
        assert_eq!(display.calls().newest(), None);
    }

    #[test]
    fn a_row_told_twice_is_said_once_and_a_repeated_call_again() {
        let mut display = QueueDisplay::default();
        let row = [sample::call_row(1, "A025", 3, UtcMs(10))];
        assert_eq!(display.take(&row, UtcMs(11), DAY).len(), 1);
        display.said();
        display.said();
        assert_eq!(display.take(&row, UtcMs(12), DAY), []);
        let again = sample::call_row(1, "A025", 3, UtcMs(20_000));
        let effects = display.take(&[again], UtcMs(20_001), DAY);
        assert_eq!(effects, [say("请A零二五号，到三号窗口")]);
    }

    #[test]
    fn calls_of_yesterday_are_gone_when_the_next_day_begins() {
        let mut display = QueueDisplay::default();
        let row = sample::call_row(1, "A025", 3, UtcMs(10));
        display.take(&[row], UtcMs(11), DAY);
        display.take(&[], UtcMs(12), BusinessDate(TODAY.succ_opt().unwrap()));
        assert_eq!(display.calls().newest(), None);
    }
}
