//! What the members of a batch do when it is given up: each that has the step which the batch's own step
//! names goes back, in the same transaction, so that it is due again.

use domain::case::{Command, Kind, Role, Rulebook};
use domain::id::RecordId;
use domain::time::UtcMs;

use crate::cases::automatic;
use crate::outreach::Done;
use crate::store::{StoreError, Write};

/// Lets the members of a record go after its steps.
pub(crate) fn after_steps(
    write: &mut Write<'_>,
    kind: &Kind,
    batch: RecordId,
    steps: &[Done],
    rules: &dyn Rulebook,
    now: UtcMs,
) -> Result<(), StoreError> {
    let done = steps.iter().filter_map(|done| kind.transition(&done.step));
    for step in done.filter_map(|step| step.members_do.as_ref()) {
        let members = write.reader().records_linked_to(batch)?;
        for member in members {
            if can_go(write, member, step)? {
                automatic::do_as_system(write, member, Command::step(step), rules, now)?;
            }
        }
    }
    Ok(())
}

fn can_go(write: &Write<'_>, member: RecordId, step: &str) -> Result<bool, StoreError> {
    let Some(record) = write.record(member)? else {
        return Ok(false);
    };
    let kind = write.kind(&record.kind_hash)?;
    let step = kind.transition(step);
    Ok(step.is_some_and(|step| {
        step.from.contains(&record.state) && step.roles.contains(&Role::System)
    }))
}
