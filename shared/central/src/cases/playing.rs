//! Records of a synthetic store that live through years at once: opened and led on by invented people
//! at given times, through the same functions of the engine as at a desk. Many of a day are one
//! transaction. What is refused is told and stays as it was.

use std::sync::Arc;

use domain::case::{Actor, CaseRefusal, Command, Engine, Record, Rulebook};
use domain::id::{KindId, RecordId};
use domain::time::UtcMs;
use wire::problem::{Problem, ProblemCode};

use crate::store::{StoreError, Write};
use crate::synthetic::{Playing, Stuck};

use super::desk::{act, open, use_kind};
use super::{CaseDesk, CaseFault, KindShelf, NewCase};

/// Where records live while one transaction lasts.
pub(crate) struct Stage<'s, 'w> {
    write: &'s mut Write<'w>,
    kinds: KindShelf,
    rules: Arc<dyn Rulebook + Send + Sync>,
}

impl CaseDesk {
    /// Plays in one transaction. Blocking; only in a synthetic store.
    ///
    /// # Errors
    /// A fault of storage, a store of real people, or what the play itself failed of: nothing of it
    /// has happened then.
    pub(crate) fn play<T: Send + 'static>(
        &self,
        play: impl FnOnce(&mut Stage<'_, '_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, CaseFault> {
        self.only_at_the_centre()?;
        if !self.store().is_synthetic() {
            let sentence = "这里是真实数据，不能写入虚构的记录。请换一个 --data 目录。";
            return Err(Problem::new(ProblemCode::Refused, sentence).into());
        }
        let (kinds, rules) = (self.kinds().clone(), self.shared_rules());
        let played = self.store().write_blocking(move |write| {
            let mut stage = Stage {
                write,
                kinds,
                rules,
            };
            play(&mut stage)
        });
        Ok(played?)
    }
}

impl Stage<'_, '_> {
    /// Whether the program has a kind whose records can be opened here.
    pub(crate) fn has(&self, kind: &KindId) -> bool {
        let kind = self.kinds.kind(kind);
        kind.is_some_and(|kind| kind.engine != Engine::Module)
    }

    /// Opens a record under an id.
    ///
    /// # Errors
    /// The outer one is the store's, the inner one the engine's.
    pub(crate) fn open(
        &mut self,
        record: RecordId,
        new: NewCase,
        actor: &Actor,
        now: UtcMs,
    ) -> Result<Result<(), CaseRefusal>, StoreError> {
        let Some(kind) = self.kinds.kind(&new.kind).cloned() else {
            return Err(StoreError::Corrupt(format!("no kind {}", new.kind)));
        };
        use_kind(self.write, &self.kinds, &kind, now)?;
        open(self.write, &kind, record, new, actor, &*self.rules, now)
    }
}

impl Playing for Stage<'_, '_> {
    fn record(&mut self, record: RecordId) -> Result<Record, Stuck> {
        let found = self.write.record(record)?;
        found.ok_or_else(|| Stuck::Refused(format!("no record {record}")))
    }

    fn act(
        &mut self,
        record: RecordId,
        command: Command,
        actor: &Actor,
        now: UtcMs,
    ) -> Result<Result<(), CaseRefusal>, Stuck> {
        match act(self.write, record, None, command, actor, &*self.rules, now)? {
            Ok(answer) => Ok(answer),
            Err(problem) => Err(Stuck::Refused(problem.detail)),
        }
    }
}
