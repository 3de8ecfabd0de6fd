//! What slips say of the wait, held against what came, over months of different chance; from the
//! third day on, because before that too little was seen.

use std::collections::BTreeSet;
use std::time::Instant;

use acceptance::hall_month::{Calibration, Month, Plan, Wait, live};
use domain::queue::{QueueRules, WaitEstimate};

use crate::Outcome;

const SEEDS: [u64; 3] = [1, 2, 3];
/// Days that are lived and not counted.
const DAYS_LEARNING: usize = 2;

pub(crate) fn measure() -> Outcome {
    let aim = QueueRules::default().wait_share_percent;
    println!("what slips say of the wait (aim: right for {aim} %):");
    for seed in SEEDS {
        month(&Plan::usual(seed))?;
    }
    month(&Plan::unhurried(SEEDS[0]))
}

fn month(plan: &Plan) -> Outcome {
    let begun = Instant::now();
    let month = live(plan)?;
    let events = month.tallies.iter().map(|day| day.issued).sum::<u32>();
    println!(
        "  seed {}, {} days of about {} people, services at {} % of the usual minutes: {events} \
         people in {:.1?}; most overtaken {} times of {}",
        plan.seed,
        plan.days,
        plan.visits,
        plan.service_percent,
        begun.elapsed(),
        month.overtaken_most,
        QueueRules::default().overtaken_bound(),
    );
    let groups: BTreeSet<_> = month.waits.iter().map(|wait| wait.group).collect();
    for group in groups {
        say(&format!("group {group}"), &month, |wait| {
            wait.group == group
        });
    }
    say("ordinary", &month, |wait| !wait.has_priority);
    say("priority", &month, |wait| wait.has_priority);
    let is_interval = |told| matches!(told, WaitEstimate::Between { .. });
    say("intervals", &month, |wait| is_interval(wait.told));
    say("all", &month, |_| true);
    Ok(())
}

fn say(what: &str, month: &Month, is_counted: impl Fn(&Wait) -> bool) {
    let learnt = month.waits.iter().filter(|wait| wait.day >= DAYS_LEARNING);
    let counted = Calibration::of(learnt.filter(|wait| is_counted(wait)));
    println!("    {what:9} {counted}");
}
