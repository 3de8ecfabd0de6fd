//! Taking a listing back by the short id that the public knows: the step of its record that does so
//! and that the one who asks may take.

use domain::case::{
    Actor, CaseRefusal, CaseRefusalCode, Command, Effect, Kind, Record, Rulebook, Transition,
};
use domain::id::{ShortId, StationCode};
use domain::time::UtcMs;

use crate::store::{StoreError, Write};

use super::automatic::system;
use super::desk::act;
use super::{CaseDesk, CaseFault, refused};

/// What is told to who may not.
const NOT_YOURS: &str = "这个岗位要由登记它的网点的经办人或科长撤下。";

impl CaseDesk {
    /// Takes a listing back, for a person at a desk. `false`: no such listing is public.
    ///
    /// # Errors
    /// [`CaseFault`]; it is shown as before then.
    pub(crate) async fn withdraw_listing(
        &self,
        short_id: &ShortId,
        reason: String,
        actor_at: impl Fn(&StationCode) -> Actor + Send + 'static,
        now: UtcMs,
    ) -> Result<bool, CaseFault> {
        let (rules, short_id) = (self.shared_rules(), short_id.clone());
        let withdrawn = self
            .store()
            .write(move |write| withdraw(write, &short_id, reason, &actor_at, &*rules, now));
        Ok(withdrawn.await??)
    }

    /// The same, for the command line: who it is stands in the reason. Blocking.
    ///
    /// # Errors
    /// [`CaseFault`]; it is shown as before then.
    pub(crate) fn withdraw_listing_as_system(
        &self,
        short_id: &ShortId,
        reason: String,
        now: UtcMs,
    ) -> Result<bool, CaseFault> {
        let (rules, short_id) = (self.shared_rules(), short_id.clone());
        let actor_at = |_: &StationCode| system();
        let withdrawn = self.store().write_blocking(move |write| {
            withdraw(write, &short_id, reason, &actor_at, &*rules, now)
        });
        Ok(withdrawn??)
    }
}

fn withdraw(
    write: &mut Write<'_>,
    short_id: &ShortId,
    reason: String,
    actor_at: &dyn Fn(&StationCode) -> Actor,
    rules: &dyn Rulebook,
    now: UtcMs,
) -> Result<Result<bool, CaseRefusal>, StoreError> {
    let Some(id) = write.reader().record_of_listing(short_id)? else {
        return Ok(Ok(false));
    };
    let Some(record) = write.record(id)? else {
        return Ok(Ok(false));
    };
    let kind = write.kind(&record.kind_hash)?;
    let actor = actor_at(&record.station);
    let mut steps = steps_back(&kind, &record).peekable();
    if steps.peek().is_none() {
        return Ok(Ok(false));
    }
    let may = |step: &&Transition| step.roles.iter().any(|role| actor.roles.contains(role));
    let Some(step) = steps.find(may) else {
        return Ok(Err(refused(CaseRefusalCode::WrongRole, NOT_YOURS)));
    };
    let mut command = Command::step(&step.id);
    if let Command::Move { reason: why, .. } = &mut command {
        *why = reason;
    }
    match act(write, id, None, command, &actor, rules, now)? {
        Ok(outcome) => Ok(outcome.map(|()| true)),
        Err(_) => Ok(Ok(false)),
    }
}

/// The steps that take a listing back for good and say why.
fn steps_back<'k>(kind: &'k Kind, record: &Record) -> impl Iterator<Item = &'k Transition> {
    let steps: Vec<_> = kind.transitions_from(&record.state).collect();
    steps
        .into_iter()
        .filter(|step| step.needs_reason && step.effects.contains(&Effect::WithdrawListing))
}
