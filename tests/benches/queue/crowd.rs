//! A hall of fifty windows with ten thousand people who wait, in a store of a centre; clerks who are
//! signed in; the service's router on a port. The people and those served before them are put into
//! the store's record directly.

use std::net::SocketAddr;

use central::app_state::AppState;
use central::config::{BackupPlan, Config};
use central::edge::{new_uuid, random_bytes, system_clock};
use central::parameters::Parameters;
use central::serve::open_store;
use central::staff::{self, NewStaff, StaffSession};
use central::store::{Marking, Store};
use domain::case::Role;
use domain::id::{GroupCode, HallId, TicketId, WindowNo};
use domain::queue::{
    AtWindow, HallLayout, Line, PriorityKind, QueueEvent, SecretHash, ServiceGroup, TicketIssued,
    TicketLabel, Wish,
};
use domain::time::UtcMs;
use sync::data_dir::DataDir;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use wire::event::{Event, HallLaidOut, RoleGrant};

use crate::Fault;

pub(crate) const WINDOWS: u8 = 50;
pub(crate) const WAITING: u32 = 10_000;
/// Served before: as many waits of each group as an estimate learns from.
const SERVED: u32 = 2_000;
const SERVES: [&str; 12] = [
    "A", "A", "AE", "AC", "A", "B", "BE", "C", "CD", "D", "DE", "ACD",
];
const GROUPS: [char; 5] = ['A', 'B', 'C', 'D', 'E'];
const PASSWORD: &str = "a-long-invented-password";

/// The hall.
pub(crate) struct Crowd {
    pub(crate) runtime: Runtime,
    pub(crate) app: AppState,
    pub(crate) hall: HallId,
    pub(crate) folder: TempDir,
    store: Store,
    _dir: DataDir,
}

impl Crowd {
    pub(crate) fn gather() -> Result<Self, Fault> {
        let (folder, now) = (tempfile::tempdir()?, system_clock()());
        let dir = DataDir::take(folder.path())?;
        let store = open_store(&dir, Marking::Synthetic, now)?;
        let hall = HallId(new_uuid(now));
        fill(&store, hall, now)?;
        let config = Config {
            backups: BackupPlan::default(),
            ..Config::default()
        };
        let parameters = Parameters::on(now.hall_date())?;
        let app = AppState::new(store.clone(), config, &parameters, system_clock());
        Ok(Self {
            runtime: Runtime::new()?,
            app,
            hall,
            folder,
            store,
            _dir: dir,
        })
    }

    /// The service on a port of this machine.
    pub(crate) fn serve(&self) -> Result<SocketAddr, Fault> {
        let router = central::http::app(self.app.clone());
        self.runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
            let address = listener.local_addr()?;
            tokio::spawn(async move { axum::serve(listener, router).await });
            Ok(address)
        })
    }

    /// A clerk who has just signed in, with the cookie.
    pub(crate) fn employ(&self, login: &str) -> Result<(StaffSession, String), Fault> {
        self.employ_as(login, Role::Clerk)
    }

    /// The same of somebody in another role.
    pub(crate) fn employ_as(
        &self,
        login: &str,
        role: Role,
    ) -> Result<(StaffSession, String), Fault> {
        let new = NewStaff {
            name: format!("样例{login}"),
            login: login.to_owned(),
            clerk_no: login.to_owned(),
            hall: self.hall,
            roles: [RoleGrant::everywhere(role)].into(),
        };
        let now = system_clock()();
        staff::add(&self.store, new, PASSWORD, now).map_err(|problem| problem.detail)?;
        let begun = self.runtime.block_on(self.app.sign_in(login, PASSWORD, ""));
        let begun = begun.map_err(|problem| problem.detail)?;
        Ok((begun.session, format!("staff_session={}", &*begun.cookie)))
    }

    /// Who is at a window now.
    pub(crate) fn at(&self, window: WindowNo) -> Option<TicketId> {
        let hall = self.app.hall_snapshot(self.hall)?;
        hall.queue.windows.get(&window)?.current
    }
}

/// The windows, one after the other and again from the first.
pub(crate) fn windows() -> impl Iterator<Item = WindowNo> {
    let all = (1..=WINDOWS).map(|number| {
        WindowNo::new(number).expect("a number of a window, because there are few windows")
    });
    all.cycle()
}

fn fill(store: &Store, hall: HallId, now: UtcMs) -> Result<(), Fault> {
    let laid = HallLaidOut {
        hall,
        station_name: "示例大厅".to_owned(),
        layout: layout()?,
    };
    let mut happened = Vec::new();
    for (number, window) in (0..SERVED + WAITING).zip(windows()) {
        let behind = i64::from(SERVED + WAITING - number);
        let issued = issued(number, now.plus_ms(-behind * 1_000))?;
        let served = (number < SERVED).then(|| served(&issued, number, window));
        happened.push((QueueEvent::Issued(issued.clone()), issued.arrived_at));
        happened.extend(served.into_iter().flatten());
    }
    store.write_blocking(move |write| {
        write.append(&Event::HallLaidOut(laid), now)?;
        for (event, at) in happened {
            write.append(&Event::of_queue(hall, event), at)?;
        }
        Ok(())
    })?;
    Ok(())
}

/// One in seven goes first.
fn issued(number: u32, arrived_at: UtcMs) -> Result<TicketIssued, Fault> {
    let group = GroupCode::new(GROUPS[number as usize % GROUPS.len()])?;
    let priority = number.is_multiple_of(7).then_some(PriorityKind::Elder);
    Ok(TicketIssued {
        ticket: TicketId(new_uuid(arrived_at)),
        label: TicketLabel::Assigned {
            prefix: TicketLabel::prefix_for(group, priority.is_some()),
            number: u16::try_from(number + 1)?,
        },
        group,
        priority,
        arrived_at,
        token_hash: SecretHash(random_bytes()),
        code_hash: SecretHash([2; 32]),
        wish: Wish::default(),
        found: Some(Line {
            ahead: u16::try_from(number % 40)?,
            windows: 12,
        }),
        told: None,
    })
}

/// Called after some minutes, and served at once.
fn served(issued: &TicketIssued, number: u32, window: WindowNo) -> [(QueueEvent, UtcMs); 3] {
    let at = issued.arrived_at.plus_minutes(1 + i64::from(number % 20));
    let here = AtWindow {
        ticket: issued.ticket,
        window,
        clerk: None,
    };
    [
        (QueueEvent::Called(here.clone()), at),
        (QueueEvent::Started(here.clone()), at),
        (QueueEvent::Finished(here), at),
    ]
}

fn layout() -> Result<HallLayout, Fault> {
    let service = |letter: char| ServiceGroup {
        name: format!("{letter} 组"),
        hint: String::new(),
        typical_service_minutes: 10,
    };
    let groups: Result<_, Fault> = GROUPS
        .into_iter()
        .map(|letter| Ok((GroupCode::new(letter)?, service(letter))))
        .collect();
    let serves = |letters: &str| {
        letters
            .chars()
            .map(GroupCode::new)
            .collect::<Result<_, _>>()
    };
    let layouts = windows()
        .take(WINDOWS.into())
        .zip(SERVES.into_iter().cycle());
    let windows: Result<_, Fault> = layouts
        .map(|(window, letters)| Ok((window, serves(letters)?)))
        .collect();
    Ok(HallLayout {
        groups: groups?,
        windows: windows?,
    })
}
