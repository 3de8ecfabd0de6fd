//! The queue before the printer: one paper after another, each with its outcome. Wiping it forgets what
//! was not begun; a paper that is being printed is finished, because half a slip and a confused printer
//! help nobody, and who wished it has just stood there.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kiosk_peripherals::printer::Printer;
use kiosk_peripherals::printing::{Outcome, Trouble};
use tokio::sync::Notify;

use super::Post;
use crate::app::event::Event;
use crate::app::papers::PaperOrder;

/// Papers that may wait; a page orders one at a time.
const WAITING_MAX: usize = 4;

/// A printer that the queue and the service page take turns with.
pub(super) type SharedPrinter = Arc<tokio::sync::Mutex<Box<dyn Printer>>>;

/// Papers that wait for the printer.
#[derive(Debug, Default)]
pub(super) struct PaperQueue {
    waiting: Mutex<VecDeque<PaperOrder>>,
    came: Notify,
}

impl PaperQueue {
    /// Puts a paper behind the others; gives it back when there are too many.
    pub(super) fn put(&self, order: PaperOrder) -> Result<(), PaperOrder> {
        let mut waiting = self.waiting();
        if waiting.len() == WAITING_MAX {
            return Err(order);
        }
        waiting.push_back(order);
        self.came.notify_one();
        Ok(())
    }

    /// Forgets all that wait.
    pub(super) fn wipe(&self) {
        self.waiting().clear();
    }

    async fn next(&self) -> PaperOrder {
        loop {
            let came = self.came.notified();
            if let Some(order) = self.waiting().pop_front() {
                return order;
            }
            came.await;
        }
    }

    fn waiting(&self) -> MutexGuard<'_, VecDeque<PaperOrder>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Orders a paper; one that finds no room is refused at once.
pub(super) fn order(queue: &PaperQueue, order: PaperOrder, post: &Post) {
    if let Err(PaperOrder { no, .. }) = queue.put(order) {
        let outcome = Outcome::Refused(Trouble::Offline);
        post(Event::PaperSettled { no, outcome });
    }
}

/// Prints what is ordered, until the task is dropped.
pub(super) async fn print_all(queue: Arc<PaperQueue>, printer: SharedPrinter, post: Post) {
    loop {
        let PaperOrder { no, document } = queue.next().await;
        let outcome = printer.lock().await.print(&document).await;
        if !matches!(outcome, Outcome::Printed(None)) {
            tracing::warn!(no, ?outcome, "a paper");
        }
        post(Event::PaperSettled { no, outcome });
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use kiosk_peripherals::escpos::document::{Document, Text};
    use kiosk_peripherals::escpos::typeset::{Paper, PaperWidth};
    use kiosk_peripherals::port::Plug;
    use kiosk_peripherals::printer::WirePrinter;
    use kiosk_peripherals::printing::Timing;
    use kiosk_peripherals::twin::Shared;
    use kiosk_peripherals::virtual_printer::VirtualPrinter;
    use tokio::sync::mpsc;

    use super::*;

    fn paper(no: u32) -> PaperOrder {
        let mut document = Document::new();
        document
            .push(Text::plain(format!("第 {no} 张")).into())
            .unwrap();
        PaperOrder { no, document }
    }

    fn quick() -> Timing {
        Timing {
            baud: 1_000_000,
            drain: Duration::from_millis(5),
            paper_moves: Duration::from_millis(50),
            ..Timing::default()
        }
    }

    struct Bench {
        twin: Shared<VirtualPrinter>,
        queue: Arc<PaperQueue>,
        settled: mpsc::UnboundedReceiver<(u32, Outcome)>,
        post: Post,
    }

    fn bench() -> Bench {
        let twin = Shared::new(VirtualPrinter::new(PaperWidth::Mm80));
        let paper = Paper::of(PaperWidth::Mm80);
        let printer = WirePrinter::new(Plug::twin(&twin), paper, quick());
        let printer: SharedPrinter = Arc::new(tokio::sync::Mutex::new(Box::new(printer)));
        let (told, settled) = mpsc::unbounded_channel();
        let post: Post = Arc::new(move |event| {
            if let Event::PaperSettled { no, outcome } = event {
                let _ = told.send((no, outcome));
            }
        });
        let queue = Arc::new(PaperQueue::default());
        tokio::spawn(print_all(Arc::clone(&queue), printer, Arc::clone(&post)));
        Bench {
            twin,
            queue,
            settled,
            post,
        }
    }

    #[tokio::test]
    async fn papers_come_out_one_after_another_and_what_waits_is_forgotten_with_the_person() {
        let mut bench = bench();
        for no in 1..=3 {
            order(&bench.queue, paper(no), &bench.post);
        }
        tokio::time::sleep(Duration::from_millis(30)).await;
        bench.queue.wipe();
        order(&bench.queue, paper(4), &bench.post);
        assert_eq!(
            bench.settled.recv().await,
            Some((1, Outcome::Printed(None)))
        );
        assert_eq!(
            bench.settled.recv().await,
            Some((4, Outcome::Printed(None)))
        );
        assert_eq!(bench.twin.with(|twin| twin.slips().len()), 2);
    }

    #[tokio::test]
    async fn a_cover_opened_in_the_middle_of_a_slip_leaves_one_half_and_an_unknown_outcome() {
        let mut bench = bench();
        bench
            .twin
            .with(|twin| twin.faults.cover_opens_after = Some(10));
        order(&bench.queue, paper(1), &bench.post);
        let told = bench.settled.recv().await;
        let expected = Outcome::Unknown(Some(Trouble::CoverOpen));
        assert_eq!(told, Some((1, expected)));
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert!(
            bench.settled.try_recv().is_err(),
            "nothing is printed by itself"
        );
        bench.twin.with(VirtualPrinter::mend);
        order(&bench.queue, paper(2), &bench.post);
        assert_eq!(
            bench.settled.recv().await,
            Some((2, Outcome::Printed(None)))
        );
    }

    #[tokio::test]
    async fn without_paper_nothing_is_sent() {
        use kiosk_peripherals::virtual_printer::PaperState;

        let mut bench = bench();
        bench.twin.with(|twin| twin.faults.paper = PaperState::Out);
        order(&bench.queue, paper(1), &bench.post);
        let told = bench.settled.recv().await;
        assert_eq!(told, Some((1, Outcome::Refused(Trouble::PaperOut))));
        assert!(bench.twin.with(|twin| twin.slips().is_empty()));
    }

    #[test]
    fn a_queue_that_is_full_refuses() {
        let queue = PaperQueue::default();
        for no in 0..4 {
            assert!(queue.put(paper(no)).is_ok());
        }
        assert!(queue.put(paper(4)).is_err());
    }
}
