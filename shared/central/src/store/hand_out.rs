//! Hands out what a commit owes: first the answers of its jobs, then the news to who waits for it.
//!
//! A task of the runtime does so where there is one. Woken from a foreign thread, two thousand held
//! requests cost a switch of threads each, and the next commit waits meanwhile; woken from within,
//! they go to the queues of the workers. Without a runtime the writer's thread does it by itself.

use tokio::runtime::Handle;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::StoreError;
use super::live::Published;
use super::writer::Job;

/// A transaction that has ended.
pub(super) struct Ended {
    /// Whose callers are tasks: they are answered here.
    pub(super) jobs: Vec<Box<dyn Job>>,
    pub(super) outcome: Result<(), StoreError>,
    /// The feed's highest position after a commit; `None` when nothing has changed.
    pub(super) feed_head: Option<u64>,
}

/// Where the writer leaves what has ended.
pub(super) struct HandOut {
    live: Published,
    /// Bounded by the callers: each waits for its answer before it asks again.
    task: Option<UnboundedSender<Ended>>,
}

impl HandOut {
    /// With a task of the runtime that is entered, if one is.
    pub(super) fn start(live: Published) -> Self {
        let task = Handle::try_current().ok().map(|runtime| {
            let (task, ended) = unbounded_channel();
            runtime.spawn(hand_out_all(live.clone(), ended));
            task
        });
        Self { live, task }
    }

    /// Answers and announces, now or in the task. A runtime that has ended takes nothing.
    pub(super) fn hand_out(&self, ended: Ended) {
        let left = match &self.task {
            Some(task) => task.send(ended).err().map(|refused| refused.0),
            None => Some(ended),
        };
        if let Some(ended) = left {
            ended.settle(&self.live);
        }
    }
}

async fn hand_out_all(live: Published, mut ended: UnboundedReceiver<Ended>) {
    while let Some(ended) = ended.recv().await {
        ended.settle(&live);
    }
}

impl Ended {
    fn settle(self, live: &Published) {
        for job in self.jobs {
            job.settle(self.outcome.clone());
        }
        if let Some(feed_head) = self.feed_head {
            live.announce(feed_head);
        }
    }
}
