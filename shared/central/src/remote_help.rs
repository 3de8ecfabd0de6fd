//! Remote help: sessions between a clerk and a kiosk, and the commands that wait for the kiosk.
//! In memory only; frames and touches are never events. Whether the citizen is asked, and which
//! pages are blanked, the kiosk decides.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Mutex;

use domain::id::{DeviceId, StaffId};
use domain::refusal::{Refusal, RefusalCode};
use domain::time::UtcMs;
use tokio::sync::watch;
use wire::api::{HelpAnswer, HelpState, RemoteCommand};
use wire::problem::{Problem, ProblemCode};

use crate::overview::HelpLine;

/// Most commands that wait for one kiosk.
const COMMANDS_MAX: usize = 32;
/// A citizen who has not answered by then has not agreed.
const ASKING_MS_MAX: i64 = 60_000;
/// Help without a touch for so long is over.
const IDLE_MS_MAX: i64 = 5 * 60_000;

/// What a clerk does in a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HelpStep {
    /// Touches the screen.
    Touch {
        /// From the left, 0 to 1000.
        x_per_mille: u16,
        /// From the top, 0 to 1000.
        y_per_mille: u16,
    },
    /// Stops.
    Stop,
}

/// All sessions and waiting commands.
#[derive(Debug)]
pub struct HelpDesk {
    desk: Mutex<Desk>,
    /// Wakes held requests for commands.
    commands_changed: watch::Sender<u64>,
    changes: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct Desk {
    last_session: u64,
    sessions: BTreeMap<DeviceId, Session>,
    commands: BTreeMap<DeviceId, VecDeque<RemoteCommand>>,
}

#[derive(Debug, Clone)]
struct Session {
    number: u64,
    staff: StaffId,
    staff_name: String,
    state: HelpState,
    since: UtcMs,
}

impl Session {
    fn is_running(&self, now: UtcMs) -> bool {
        match self.state {
            HelpState::Asking => now.ms_since(self.since) < ASKING_MS_MAX,
            HelpState::Active => now.ms_since(self.since) < IDLE_MS_MAX,
            HelpState::Declined | HelpState::Ended => false,
        }
    }
}

impl HelpDesk {
    /// A desk without sessions; `changes` is told of each change.
    #[must_use]
    pub fn new(changes: watch::Sender<u64>) -> Self {
        Self {
            desk: Mutex::default(),
            commands_changed: watch::Sender::new(0),
            changes,
        }
    }

    /// A clerk asks to help at a kiosk.
    ///
    /// # Errors
    /// `Refused` while another clerk helps there.
    pub fn ask(
        &self,
        device: DeviceId,
        staff: StaffId,
        staff_name: &str,
        now: UtcMs,
    ) -> Result<u64, Problem> {
        let mut desk = self.desk.lock().expect(LOCK);
        if let Some(running) = desk.sessions.get(&device).filter(|s| s.is_running(now)) {
            if running.staff == staff {
                return Ok(running.number);
            }
            let sentence = format!("{} 正在帮这台机器，请稍等。", running.staff_name);
            return Err(forbidden(&sentence));
        }
        desk.last_session += 1;
        let (number, staff_name) = (desk.last_session, staff_name.to_owned());
        let state = HelpState::Asking;
        let session = Session {
            number,
            staff,
            staff_name: staff_name.clone(),
            state,
            since: now,
        };
        desk.sessions.insert(device, session);
        desk.queue(
            device,
            RemoteCommand::AskToHelp {
                session: number,
                staff_name,
            },
        )?;
        drop(desk);
        self.tell();
        Ok(number)
    }

    /// A clerk touches or stops.
    ///
    /// # Errors
    /// `Refused` unless it is this clerk's running session; touching needs the citizen's leave.
    pub fn step(
        &self,
        device: DeviceId,
        number: u64,
        staff: StaffId,
        step: HelpStep,
        now: UtcMs,
    ) -> Result<(), Problem> {
        let mut desk = self.desk.lock().expect(LOCK);
        let session = desk.sessions.get_mut(&device);
        let session = session
            .filter(|s| s.number == number && s.staff == staff && s.is_running(now))
            .ok_or_else(|| forbidden("现在没有在帮这台机器，请先点“帮忙”。"))?;
        let command = match step {
            HelpStep::Touch {
                x_per_mille,
                y_per_mille,
            } => {
                if session.state != HelpState::Active {
                    return Err(forbidden("市民还没有同意，请等一下。"));
                }
                session.since = now;
                let (x_per_mille, y_per_mille) = (x_per_mille.min(1_000), y_per_mille.min(1_000));
                RemoteCommand::Touch {
                    session: number,
                    x_per_mille,
                    y_per_mille,
                }
            }
            HelpStep::Stop => {
                session.state = HelpState::Ended;
                RemoteCommand::StopHelp { session: number }
            }
        };
        desk.queue(device, command)?;
        drop(desk);
        self.tell();
        Ok(())
    }

    /// The kiosk says where its session stands. An answer about an older session is ignored, and
    /// nothing but the kiosk's yes makes a session active.
    pub fn answered(&self, device: DeviceId, answer: &HelpAnswer, now: UtcMs) {
        let mut desk = self.desk.lock().expect(LOCK);
        let session = desk.sessions.get_mut(&device);
        if let Some(session) = session.filter(|s| s.number == answer.session && s.is_running(now)) {
            session.state = answer.state;
            session.since = now;
        }
        drop(desk);
        self.tell();
    }

    /// The session at a device, while it runs or has just been declined or ended.
    #[must_use]
    pub fn line_of(&self, device: DeviceId, now: UtcMs) -> Option<HelpLine> {
        let desk = self.desk.lock().expect(LOCK);
        let session = desk.sessions.get(&device)?;
        let is_recent = now.ms_since(session.since) < ASKING_MS_MAX;
        let is_over = matches!(session.state, HelpState::Declined | HelpState::Ended);
        let state = if is_over || session.is_running(now) {
            session.state
        } else {
            HelpState::Ended
        };
        let line = HelpLine {
            session: session.number,
            staff_name: session.staff_name.clone(),
            state,
        };
        (session.is_running(now) || is_recent).then_some(line)
    }

    /// Takes the commands that wait for a device.
    pub(crate) fn take_commands(&self, device: DeviceId) -> Vec<RemoteCommand> {
        let mut desk = self.desk.lock().expect(LOCK);
        desk.commands
            .remove(&device)
            .map(Vec::from)
            .unwrap_or_default()
    }

    /// Changes when commands may wait.
    pub(crate) fn commands_changed(&self) -> watch::Receiver<u64> {
        self.commands_changed.subscribe()
    }

    fn tell(&self) {
        self.commands_changed
            .send_modify(|count| *count = count.wrapping_add(1));
        self.changes
            .send_modify(|count| *count = count.wrapping_add(1));
    }
}

impl Desk {
    fn queue(&mut self, device: DeviceId, command: RemoteCommand) -> Result<(), Problem> {
        let commands = self.commands.entry(device).or_default();
        if commands.len() >= COMMANDS_MAX {
            let sentence = "这台机器没有回应，请稍等再试。";
            return Err(Problem::new(ProblemCode::TooMany, sentence));
        }
        commands.push_back(command);
        Ok(())
    }
}

const LOCK: &str = "the help desk's lock, because no holder panics";

fn forbidden(sentence: &str) -> Problem {
    Refusal::new(RefusalCode::RemoteHelpForbidden, sentence).into()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const NOW: UtcMs = UtcMs(1_000_000);

    fn desk() -> (HelpDesk, DeviceId, StaffId) {
        let desk = HelpDesk::new(watch::Sender::new(0));
        (
            desk,
            DeviceId(Uuid::from_u128(1)),
            StaffId(Uuid::from_u128(2)),
        )
    }

    fn touch() -> HelpStep {
        HelpStep::Touch {
            x_per_mille: 500,
            y_per_mille: 2_000,
        }
    }

    #[test]
    fn a_touch_needs_the_citizens_yes() {
        let (desk, kiosk, clerk) = desk();
        let session = desk.ask(kiosk, clerk, "甲", NOW).unwrap();
        assert!(desk.step(kiosk, session, clerk, touch(), NOW).is_err());
        desk.answered(
            kiosk,
            &HelpAnswer {
                session,
                state: HelpState::Active,
            },
            NOW,
        );
        desk.step(kiosk, session, clerk, touch(), NOW).unwrap();
        let commands = desk.take_commands(kiosk);
        assert!(matches!(commands[0], RemoteCommand::AskToHelp { .. }));
        assert_eq!(
            commands[1],
            RemoteCommand::Touch {
                session,
                x_per_mille: 500,
                y_per_mille: 1_000
            }
        );
        assert!(desk.take_commands(kiosk).is_empty());
    }

    #[test]
    fn after_a_no_or_a_stop_nothing_more_is_touched() {
        let (desk, kiosk, clerk) = desk();
        let session = desk.ask(kiosk, clerk, "甲", NOW).unwrap();
        desk.answered(
            kiosk,
            &HelpAnswer {
                session,
                state: HelpState::Declined,
            },
            NOW,
        );
        assert!(desk.step(kiosk, session, clerk, touch(), NOW).is_err());
        desk.answered(
            kiosk,
            &HelpAnswer {
                session,
                state: HelpState::Active,
            },
            NOW,
        );
        assert!(desk.step(kiosk, session, clerk, touch(), NOW).is_err());
        let again = desk.ask(kiosk, clerk, "甲", NOW).unwrap();
        desk.answered(
            kiosk,
            &HelpAnswer {
                session: again,
                state: HelpState::Active,
            },
            NOW,
        );
        desk.step(kiosk, again, clerk, HelpStep::Stop, NOW).unwrap();
        assert!(desk.step(kiosk, again, clerk, touch(), NOW).is_err());
    }

    #[test]
    fn two_clerks_cannot_help_at_one_kiosk() {
        let (desk, kiosk, clerk) = desk();
        let session = desk.ask(kiosk, clerk, "甲", NOW).unwrap();
        let other = StaffId(Uuid::from_u128(3));
        assert!(desk.ask(kiosk, other, "乙", NOW).is_err());
        assert!(
            desk.step(kiosk, session, other, HelpStep::Stop, NOW)
                .is_err()
        );
        assert!(desk.ask(kiosk, other, "乙", NOW.plus_minutes(2)).is_ok());
    }

    #[test]
    fn commands_for_a_silent_kiosk_are_bounded() {
        let (desk, kiosk, clerk) = desk();
        let session = desk.ask(kiosk, clerk, "甲", NOW).unwrap();
        desk.answered(
            kiosk,
            &HelpAnswer {
                session,
                state: HelpState::Active,
            },
            NOW,
        );
        let taken = (0..100).filter(|_| desk.step(kiosk, session, clerk, touch(), NOW).is_ok());
        assert_eq!(taken.count(), COMMANDS_MAX - 1);
    }
}
