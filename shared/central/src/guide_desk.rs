//! What guides and the hall manager do with numbers: take one for somebody, bring one back, say who
//! goes first, give one up; and what the manager does with windows. Each act is decided by the
//! authority and recorded with its person.

use domain::id::{GroupCode, HallId, TicketId, WindowNo};
use domain::personal::{PersonField, Pii};
use domain::queue::{
    Command, LeavingWindow, NumberAsked, PriorityKind, Seat, TicketLabel, WaitEstimate, WindowAct,
    Wish,
};
use domain::rating::TicketSecret;
use domain::time::UtcMs;
use wire::event::Event;
use wire::problem::{Problem, ProblemCode};

use crate::app_state::AppState;
use crate::authority;
use crate::edge;
use crate::staff::acts::{self, Act};
use crate::staff::{GuideCitizens, Right, RunHall, Staff, window_subject};
use crate::window_desk::act_of;

/// What a guide asks for somebody.
#[derive(Debug, Clone)]
pub struct NumberForSomebody {
    /// Made with the form, so that sending it twice gives one number.
    pub ticket: TicketId,
    /// The group of the first matter.
    pub group: GroupCode,
    /// Why the person goes first; the guide has seen it.
    pub priority: Option<PriorityKind>,
    /// Groups to go on to afterwards.
    pub next_groups: Vec<GroupCode>,
    /// The number of the identity document, if it was shown. Only its keyed hash is kept.
    pub id_number: Option<Pii<String>>,
}

/// A number as it is handed over. Its secrets are nowhere else.
#[derive(Debug, Clone)]
pub struct GivenNumber {
    /// The number.
    pub label: TicketLabel,
    /// For the QR code.
    pub token: TicketSecret,
    /// The four digits beside the number.
    pub code: TicketSecret,
    /// People before it.
    pub people_ahead: u32,
    /// Expected wait.
    pub wait: WaitEstimate,
    /// When it was taken.
    pub taken_at: UtcMs,
}

impl AppState {
    /// Takes a number for somebody.
    ///
    /// # Errors
    /// `Refused` with the rule's words: closed, used up, the person has one already.
    pub async fn take_for(
        &self,
        by: &Staff<GuideCitizens>,
        wanted: NumberForSomebody,
    ) -> Result<GivenNumber, Problem> {
        let (hall, now) = (by.hall, self.now());
        let acted = by.acted(acts::TOOK_NUMBER_FOR, wanted.ticket.to_string());
        let form = match &wanted.id_number {
            None => None,
            Some(number) => Some(lookup_form(number).ok_or_else(bad_number)?),
        };
        let (token, code) = edge::ticket_secrets();
        let (token_hash, code_hash) = (token.token_hash(), code.code_hash(wanted.ticket));
        let given = self.inner.store.write(move |write| {
            let holder = form
                .map(|form| write.reader().vault().holder_hash(&form, now.hall_date()))
                .transpose()?;
            let asked = NumberAsked {
                ticket: wanted.ticket,
                group: wanted.group,
                priority: wanted.priority,
                wish: Wish {
                    matter: None,
                    next_groups: wanted.next_groups,
                    holder,
                },
                token_hash,
                code_hash,
            };
            let given = authority::give_number(write, hall, asked, now)?;
            if given.is_ok() {
                write.append(&acted, now)?;
            }
            Ok(given)
        });
        let taken = given.await??;
        Ok(GivenNumber {
            label: taken.label,
            token,
            code,
            people_ahead: taken.people_ahead,
            wait: taken.wait,
            taken_at: taken.arrived_at,
        })
    }

    /// A missed ticket, or one put aside, waits again because its holder is here.
    ///
    /// # Errors
    /// `Refused`: too late, a second time, or nothing that could come back.
    pub async fn take_back<R: Right>(
        &self,
        by: &Staff<R>,
        ticket: TicketId,
    ) -> Result<(), Problem> {
        let command = Command::Return { ticket };
        self.act_on(by, acts::TOOK_BACK, ticket, command).await
    }

    /// Says whether and why a ticket goes first.
    ///
    /// # Errors
    /// `Refused` when it does not wait.
    pub async fn set_priority(
        &self,
        by: &Staff<GuideCitizens>,
        ticket: TicketId,
        priority: Option<PriorityKind>,
    ) -> Result<(), Problem> {
        let command = Command::SetPriority { ticket, priority };
        self.act_on(by, acts::SET_PRIORITY, ticket, command).await
    }

    /// Gives a ticket up for its holder.
    ///
    /// # Errors
    /// `Refused` when a window serves it, or it is over.
    pub async fn give_up_for(
        &self,
        by: &Staff<GuideCitizens>,
        ticket: TicketId,
    ) -> Result<(), Problem> {
        let command = Command::GiveUp { ticket };
        self.act_on(by, acts::GAVE_UP_FOR, ticket, command).await
    }

    async fn act_on<R: Right>(
        &self,
        by: &Staff<R>,
        act: Act,
        ticket: TicketId,
        command: Command,
    ) -> Result<(), Problem> {
        let acted = by.acted(act, ticket.to_string());
        self.decide(by.hall, command, acted).await
    }

    /// Opens, pauses or closes a window from elsewhere, or changes what it serves today.
    ///
    /// # Errors
    /// `Refused`: somebody is served there, or people would be left without a window.
    pub async fn run_window(
        &self,
        by: &Staff<RunHall>,
        window: WindowNo,
        act: WindowAct,
    ) -> Result<(), Problem> {
        self.act_at(by, window, act).await
    }

    /// Pauses a window whose clerk had to go, or opens it again. The last open window of a group is
    /// the manager's to pause.
    ///
    /// # Errors
    /// `Refused`: somebody is served there, or people would be left without a window.
    pub async fn pause_for(
        &self,
        by: &Staff<GuideCitizens>,
        window: WindowNo,
        pause: bool,
    ) -> Result<(), Problem> {
        let act = if pause {
            WindowAct::Pause(LeavingWindow::Asks)
        } else {
            WindowAct::Open
        };
        self.act_at(by, window, act).await
    }

    async fn act_at<R: Right>(
        &self,
        by: &Staff<R>,
        window: WindowNo,
        act: WindowAct,
    ) -> Result<(), Problem> {
        let acted = by.acted(act_of(&act), window_subject(window));
        let clerk = None;
        let command = Command::At(Seat { window, clerk }, act);
        self.decide(by.hall, command, acted).await
    }

    async fn decide(&self, hall: HallId, command: Command, acted: Event) -> Result<(), Problem> {
        let now = self.now();
        let store = &self.inner.store;
        let decided =
            store.write(move |write| authority::give_by(write, hall, command, &acted, now));
        Ok(decided.await??)
    }

    /// Somebody goes to the kiosk that called for help.
    ///
    /// # Errors
    /// Only faults of storage.
    pub async fn answer_help(
        &self,
        by: &Staff<GuideCitizens>,
        device: domain::id::DeviceId,
    ) -> Result<(), Problem> {
        let subject = device.to_string();
        self.note(by, acts::ANSWERED_HELP, &subject).await
    }
}

fn lookup_form(number: &Pii<String>) -> Option<Pii<String>> {
    PersonField::IdNumber.lookup_form(number.expose())
}

fn bad_number() -> Problem {
    let text = "证件号码不对，请再看一下，或者空着。";
    Problem::new(ProblemCode::Refused, text)
}
