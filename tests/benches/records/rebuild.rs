//! The derived tables made anew from the events alone, as after a migration or a doubt.

use std::time::Instant;

use acceptance::figures::per_s;

use crate::Outcome;
use crate::office::Office;

pub(crate) fn measure(office: &Office) -> Outcome {
    let begun = Instant::now();
    let replayed = office.store.write_blocking(|write| write.rebuild())?;
    let taken = begun.elapsed();
    println!(
        "rebuild of all derived tables: {replayed} events in {taken:.1?}, {:.0}/s",
        per_s(usize::try_from(replayed)?, taken)
    );
    Ok(())
}
