//! The thread that reads the listing index. What a citizen waits for goes before counting, and a
//! count that nobody waits for any more is interrupted.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use rusqlite::InterruptHandle;
use sync::device_clock::Clock;

use super::Post;
use crate::app::event::{Event, ListingFacts};
use crate::index::{Ask, Index, IndexError, Query, Slice};

/// Newest listings fetched for the start page; the layout shows as many as fit.
const NEWEST_ROWS: usize = 4;

enum Task {
    Ask(Ask),
    IndexChanged,
}

/// The way to the reading thread.
#[derive(Clone)]
pub struct Reader {
    tasks: Sender<Task>,
    interrupt: Arc<InterruptHandle>,
    is_counting: Arc<AtomicBool>,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Reader")
    }
}

impl Reader {
    /// Starts the thread on its own connection.
    ///
    /// # Errors
    /// When the thread cannot be made.
    pub fn start(index: Index, post: Post, clock: Clock) -> std::io::Result<Self> {
        let (tasks, inbox) = mpsc::channel();
        let interrupt = Arc::new(index.interrupt_handle());
        let is_counting = Arc::new(AtomicBool::new(false));
        let counting = Arc::clone(&is_counting);
        thread::Builder::new()
            .name("index reader".to_owned())
            .spawn(move || {
                let mut thread = ReaderThread {
                    index,
                    post,
                    clock,
                    is_counting: counting,
                };
                thread.look_around();
                thread.run(&inbox);
            })?;
        Ok(Self {
            tasks,
            interrupt,
            is_counting,
        })
    }

    /// Asks the index; the answer comes as an event.
    pub fn ask(&self, ask: Ask) {
        let is_urgent = is_urgent(&ask);
        let _ = self.tasks.send(Task::Ask(ask));
        if is_urgent && self.is_counting.load(Ordering::SeqCst) {
            self.interrupt.interrupt();
        }
    }

    /// The index was written: numbers and newest listings are told anew.
    pub fn index_changed(&self) {
        let _ = self.tasks.send(Task::IndexChanged);
    }
}

fn is_urgent(ask: &Ask) -> bool {
    matches!(ask, Ask::Suggest(_) | Ask::Search(..) | Ask::StillOpen(_))
}

struct ReaderThread {
    index: Index,
    post: Post,
    clock: Clock,
    is_counting: Arc<AtomicBool>,
}

/// What waits to be answered: of each kind only the newest question still interests somebody.
#[derive(Default)]
struct Waiting {
    suggest: Option<Ask>,
    search: Option<Ask>,
    count: Option<Ask>,
    relax: Option<Ask>,
    still_open: Option<Ask>,
    has_changed: bool,
}

impl Waiting {
    fn take_in(&mut self, task: Task) {
        match task {
            Task::IndexChanged => self.has_changed = true,
            Task::Ask(ask) => {
                let place = match &ask {
                    Ask::Suggest(_) => &mut self.suggest,
                    Ask::Search(..) => &mut self.search,
                    Ask::Count(_) => &mut self.count,
                    Ask::Relax(_) => &mut self.relax,
                    Ask::StillOpen(_) => &mut self.still_open,
                };
                *place = Some(ask);
            }
        }
    }

    fn next(&mut self) -> Option<Task> {
        let ask = self
            .search
            .take()
            .or_else(|| self.suggest.take())
            .or_else(|| self.still_open.take());
        let ask = ask
            .or_else(|| self.relax.take())
            .or_else(|| self.count.take());
        match ask {
            Some(ask) => Some(Task::Ask(ask)),
            None => std::mem::take(&mut self.has_changed).then_some(Task::IndexChanged),
        }
    }
}

impl ReaderThread {
    fn run(&mut self, inbox: &Receiver<Task>) {
        let mut waiting = Waiting::default();
        while let Ok(task) = inbox.recv() {
            waiting.take_in(task);
            loop {
                inbox.try_iter().for_each(|task| waiting.take_in(task));
                match waiting.next() {
                    Some(Task::Ask(ask)) => self.answer(ask),
                    Some(Task::IndexChanged) => self.look_around(),
                    None => break,
                }
            }
        }
    }

    fn answer(&mut self, ask: Ask) {
        self.is_counting.store(!is_urgent(&ask), Ordering::SeqCst);
        let today = self.clock.now().hall_date();
        // An interrupt meant for a count may hit what follows it: that is asked once more.
        let answer = self
            .index
            .answer(ask.clone(), today)
            .or_else(|error| match is_urgent(&ask) {
                true => self.index.answer(ask, today),
                false => Err(error),
            });
        self.is_counting.store(false, Ordering::SeqCst);
        match answer {
            Ok(answer) => (self.post)(Event::Found(answer)),
            Err(error) => tracing::error!(%error, "the index did not answer"),
        }
    }

    fn look_around(&mut self) {
        match self.listing_facts() {
            Ok(facts) => (self.post)(Event::Listings(facts)),
            Err(error) => tracing::error!(%error, "the index does not tell its numbers"),
        }
    }

    fn listing_facts(&mut self) -> Result<ListingFacts, IndexError> {
        self.index.refresh()?;
        let today = self.clock.now().hall_date();
        let totals = self.index.totals(today)?;
        let slice = Slice {
            after: None,
            rows: NEWEST_ROWS,
        };
        let newest = self.index.search(&Query::default(), slice, today)?.rows;
        let places = self.index.places(today)?;
        let (open, published_today) = (totals.open, totals.published_today);
        Ok(ListingFacts {
            open,
            published_today,
            newest,
            places,
        })
    }
}
