//! Remote help at the kiosk (DESIGN §4): asked first when somebody is there, announced as long as
//! it lasts, refused on pages that are nobody else's business, ended by whoever wants it to end.

use std::time::Duration;

use domain::id::HallId;
use wire::api::{HelpAnswer, HelpState};
use wire::event::{Event as LogEvent, RemoteHelpAtKiosk, RemoteHelpStep};

use super::effect::Effect;

/// How long the citizen is asked.
pub const ASK_TIME: Duration = Duration::from_secs(20);
/// Remote help without a remote touch ends after this time.
const REST_TIME: Duration = Duration::from_mins(3);

/// Where remote help stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum RemoteHelp {
    /// Nobody helps.
    #[default]
    Off,
    /// The citizen is being asked.
    Asking {
        /// Of the server.
        session: u64,
        /// Who wants to help.
        staff_name: String,
        /// Then the answer is no.
        until: Duration,
    },
    /// Touches are taken.
    Active {
        /// Of the server.
        session: u64,
        /// Who helps.
        staff_name: String,
        /// The last remote touch.
        last_touch: Duration,
        /// Whether a citizen agreed; else nobody was there.
        is_agreed: bool,
    },
}

/// What the machine needs to say something.
#[derive(Debug, Clone, Copy)]
pub struct At {
    /// The hall.
    pub hall: HallId,
    /// Time since start.
    pub now: Duration,
}

impl RemoteHelp {
    /// A clerk wants to help. `is_in_use` tells whether a citizen must be asked.
    pub fn asked(
        &mut self,
        session: u64,
        staff_name: &str,
        is_in_use: bool,
        at: At,
    ) -> Vec<Effect> {
        let mut effects = self.end(RemoteHelpStep::Ended, at);
        let staff_name = staff_name.to_owned();
        if is_in_use {
            effects.push(answer(session, HelpState::Asking));
            *self = Self::Asking {
                session,
                staff_name,
                until: at.now + ASK_TIME,
            };
            return effects;
        }
        effects.push(record(at, &staff_name, RemoteHelpStep::BegunUnattended));
        effects.push(answer(session, HelpState::Active));
        let last_touch = at.now;
        *self = Self::Active {
            session,
            staff_name,
            last_touch,
            is_agreed: false,
        };
        effects
    }

    /// The citizen agrees.
    pub fn allowed(&mut self, at: At) -> Vec<Effect> {
        let Self::Asking {
            session,
            staff_name,
            ..
        } = std::mem::take(self)
        else {
            return Vec::new();
        };
        let effects = vec![
            record(at, &staff_name, RemoteHelpStep::BegunAgreed),
            answer(session, HelpState::Active),
        ];
        *self = Self::Active {
            session,
            staff_name,
            last_touch: at.now,
            is_agreed: true,
        };
        effects
    }

    /// The citizen says no, or stops it.
    pub fn stopped_by_citizen(&mut self, at: At) -> Vec<Effect> {
        self.end(RemoteHelpStep::StoppedByCitizen, at)
    }

    /// The clerk stops it.
    pub fn stopped_by_clerk(&mut self, session: u64, at: At) -> Vec<Effect> {
        if self.session() == Some(session) {
            self.end(RemoteHelpStep::Ended, at)
        } else {
            Vec::new()
        }
    }

    /// The line went down, or the citizen who agreed has left.
    pub fn ended(&mut self, at: At) -> Vec<Effect> {
        self.end(RemoteHelpStep::Ended, at)
    }

    /// A second has passed.
    pub fn ticked(&mut self, at: At) -> Vec<Effect> {
        match self {
            Self::Asking { until, .. } if at.now >= *until => {
                self.end(RemoteHelpStep::Declined, at)
            }
            Self::Active { last_touch, .. } if at.now >= *last_touch + REST_TIME => {
                self.end(RemoteHelpStep::Ended, at)
            }
            _ => Vec::new(),
        }
    }

    /// Whether a remote touch of this session is taken now; counts as activity if so.
    pub fn takes_touch(&mut self, of_session: u64, now: Duration) -> bool {
        match self {
            Self::Active {
                session,
                last_touch,
                ..
            } if *session == of_session => {
                *last_touch = now;
                true
            }
            _ => false,
        }
    }

    /// Whether a citizen agreed to the help that goes on.
    #[must_use]
    pub fn is_agreed(&self) -> bool {
        matches!(
            self,
            Self::Active {
                is_agreed: true,
                ..
            } | Self::Asking { .. }
        )
    }

    fn session(&self) -> Option<u64> {
        match self {
            Self::Off => None,
            Self::Asking { session, .. } | Self::Active { session, .. } => Some(*session),
        }
    }

    /// Ends whatever goes on. Help that was only asked for has been declined, not ended.
    fn end(&mut self, step: RemoteHelpStep, at: At) -> Vec<Effect> {
        match std::mem::take(self) {
            Self::Off => Vec::new(),
            Self::Asking {
                session,
                staff_name,
                ..
            } => vec![
                record(at, &staff_name, RemoteHelpStep::Declined),
                answer(session, HelpState::Declined),
            ],
            Self::Active {
                session,
                staff_name,
                ..
            } => {
                vec![
                    record(at, &staff_name, step),
                    answer(session, HelpState::Ended),
                ]
            }
        }
    }
}

/// The answer of a machine that takes no remote help.
#[must_use]
pub fn declined(session: u64) -> Effect {
    answer(session, HelpState::Declined)
}

fn answer(session: u64, state: HelpState) -> Effect {
    Effect::AnswerHelp(HelpAnswer { session, state })
}

fn record(at: At, staff_name: &str, step: RemoteHelpStep) -> Effect {
    let staff_name = staff_name.to_owned();
    Effect::Record(LogEvent::RemoteHelp(RemoteHelpAtKiosk {
        hall: at.hall,
        staff_name,
        step,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::sample::HALL;

    fn at(seconds: u64) -> At {
        At {
            hall: HALL,
            now: Duration::from_secs(seconds),
        }
    }

    fn steps(effects: &[Effect]) -> Vec<RemoteHelpStep> {
        let step = |effect: &Effect| match effect {
            Effect::Record(LogEvent::RemoteHelp(help)) => Some(help.step),
            _ => None,
        };
        effects.iter().filter_map(step).collect()
    }

    fn states(effects: &[Effect]) -> Vec<HelpState> {
        let state = |effect: &Effect| match effect {
            Effect::AnswerHelp(answer) => Some(answer.state),
            _ => None,
        };
        effects.iter().filter_map(state).collect()
    }

    #[test]
    fn an_unused_kiosk_is_helped_at_once_and_it_is_recorded() {
        let mut help = RemoteHelp::default();
        let effects = help.asked(7, "试验员", false, at(0));
        assert_eq!(steps(&effects), [RemoteHelpStep::BegunUnattended]);
        assert_eq!(states(&effects), [HelpState::Active]);
        assert!(help.takes_touch(7, at(1).now));
        assert!(
            !help.takes_touch(8, at(1).now),
            "another session's touch is refused"
        );
    }

    #[test]
    fn a_citizen_is_asked_and_silence_means_no() {
        let mut help = RemoteHelp::default();
        assert_eq!(
            states(&help.asked(7, "试验员", true, at(0))),
            [HelpState::Asking]
        );
        assert!(!help.takes_touch(7, at(1).now));
        assert_eq!(help.ticked(at(19)), []);
        let effects = help.ticked(at(20));
        assert_eq!(steps(&effects), [RemoteHelpStep::Declined]);
        assert_eq!(help, RemoteHelp::Off);
    }

    #[test]
    fn the_citizen_who_agreed_can_stop_it() {
        let mut help = RemoteHelp::default();
        help.asked(7, "试验员", true, at(0));
        assert_eq!(steps(&help.allowed(at(1))), [RemoteHelpStep::BegunAgreed]);
        let effects = help.stopped_by_citizen(at(2));
        assert_eq!(steps(&effects), [RemoteHelpStep::StoppedByCitizen]);
        assert_eq!(states(&effects), [HelpState::Ended]);
        assert!(!help.takes_touch(7, at(3).now));
    }

    #[test]
    fn help_that_rests_three_minutes_is_over() {
        let mut help = RemoteHelp::default();
        help.asked(7, "试验员", false, at(0));
        help.takes_touch(7, at(100).now);
        assert_eq!(help.ticked(at(279)), []);
        assert_eq!(steps(&help.ticked(at(280))), [RemoteHelpStep::Ended]);
    }
}
