//! A centre with the demonstration's data, served by the real program, for stories in the browser.
//! The data is made once in a run and copied for each story, so that stories do not see each other.
//!
//! Not here: what people do there (`tests/browser`), and what must come of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use acceptance::board_program::BoardProgram;
use acceptance::process::{Running, start};
use central::cases::{CaseDesk, KindShelf, LiveRules};
use central::demo::{DemoPlan, LOGIN, seed_demo};
use central::serve::open_store;
use central::staff::{self, NewStaff};
use central::store::{Marking, Store};
use domain::case::Role;
use domain::id::{HallId, StationCode};
use domain::time::UtcMs;
use serde_json::Value;
use sync::data_dir::DataDir;
use wire::event::RoleGrant;

use crate::described_boards::tell_of_boards;

/// The hall's board, as the program is told of it: the same as `described_boards::hall_board`.
const BOARD: &str = "
[[port.board]]
id = \"LED-01\"
name = \"大厅屏\"
family = \"onbon-k\"
address = 1
width = 192
height = 32
colour = \"two\"
";

const PASSWORD: &str = "a-long-invented-password 1";

/// The service point whose people have accounts.
pub(crate) const STATION: &str = "YH-J71";

/// People whom the demonstration has not: whoever does a day's work in the stories has one role, as
/// there, and several have the same where the work takes two.
const MORE_PEOPLE: [(&str, &str, Role); 9] = [
    ("archivist", "演示档案员", Role::Archivist),
    ("inspector", "演示巡查员甲", Role::Inspector),
    ("inspector2", "演示巡查员乙", Role::Inspector),
    ("panel", "演示评议员甲", Role::Panel),
    ("panel2", "演示评议员乙", Role::Panel),
    ("bank", "演示合作银行", Role::Bank),
    ("office", "演示办公室", Role::Office),
    ("community", "演示社区经办", Role::Community),
    ("street", "演示街道审核", Role::Street),
];

/// What every story's centre is copied from.
struct Prepared {
    folder: PathBuf,
    accounts: String,
    records: String,
    code: String,
}

/// Whose boards the centre knows, so that there are some to be looked at.
pub(crate) enum Boards {
    /// Described by a stand-in, which plays nothing.
    Told,
    /// Of the program itself.
    Played(BoardProgram),
}

/// A centre with the demonstration's data and its accounts.
pub(crate) struct Centre {
    _folder: tempfile::TempDir,
    _central: Running,
    pub(crate) boards: Boards,
    base: String,
    accounts: String,
    records: String,
}

impl Centre {
    /// With boards that are only described.
    pub(crate) fn open() -> Self {
        Self::with(|_, base, code| {
            tell_of_boards(base, code);
            Boards::Told
        })
    }

    /// With the program that drives a board, and the board.
    pub(crate) fn with_a_board() -> Self {
        Self::with(|folder, base, code| {
            Boards::Played(BoardProgram::start(folder, BOARD, base, code))
        })
    }

    fn with(boards: impl FnOnce(&Path, &str, &str) -> Boards) -> Self {
        let prepared = prepared();
        let folder = tempfile::tempdir().expect("a scratch folder");
        copy(&prepared.folder, folder.path());
        let data = folder.path().join("central");
        let data = data.to_string_lossy().into_owned();
        let mut central = start(
            "central",
            &[
                "serve",
                "--data",
                &data,
                "--listen",
                "127.0.0.1:0",
                "--json",
            ],
        );
        let address = central.line(|line| {
            let said: Value = serde_json::from_str(line).ok()?;
            Some(said["listening"].as_str()?.to_owned())
        });
        let base = format!("http://{address}");
        Self {
            boards: boards(folder.path(), &base, &prepared.code),
            _folder: folder,
            _central: central,
            base,
            accounts: prepared.accounts.clone(),
            records: prepared.records.clone(),
        }
    }

    /// What a story of `tests/browser/staff.mjs` saw, once all its claims held.
    pub(crate) fn story(&self, name: &str) -> Value {
        self.told(name, "staff.mjs", &[name, &self.accounts, &self.records])
    }

    /// What another script of `tests/browser` tells, which is given accounts and records.
    pub(crate) fn script(&self, script: &str) -> Value {
        self.told(script, script, &[&self.accounts, &self.records])
    }

    fn told(&self, name: &str, script: &str, arguments: &[&str]) -> Value {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("browser");
        let output = Command::new("node")
            .arg(folder.join(script))
            .arg(&self.base)
            .args(arguments)
            .output()
            .expect("node runs");
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{name}: {told}");
        serde_json::from_slice(&output.stdout).expect("JSON")
    }
}

fn prepared() -> &'static Prepared {
    static PREPARED: OnceLock<Prepared> = OnceLock::new();
    PREPARED.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("staff_pages");
        if folder.exists() {
            fs::remove_dir_all(&folder).expect("the folder of the last run goes away");
        }
        fs::create_dir_all(&folder).expect("a folder");
        prepare(folder)
    })
}

fn prepare(folder: PathBuf) -> Prepared {
    let data = folder.join("central");
    let now = central::edge::system_clock()();
    let plan = DemoPlan {
        now,
        seed: 1,
        password: PASSWORD.to_owned(),
        devices: vec![(wire::api::DeviceKind::DisplayDriver, "屏驱动".to_owned())],
    };
    let seeded = seed_demo(&data, &plan).expect("the demonstration's data");
    let of_roles = seeded.accounts.iter();
    let mut accounts: BTreeMap<&str, &str> = of_roles
        .map(|account| (account.login, account.password.reveal()))
        .collect();
    accounts.insert(LOGIN, PASSWORD);
    let records = {
        let dir = DataDir::take(&data).expect("the demonstration has let go of it");
        let store = open_store(&dir, Marking::Synthetic, now).expect("its store");
        accounts.extend(employ(&store, seeded.hall, now));
        crate::beforehand::prepare(&store, &desk(&store), now)
    };
    Prepared {
        folder,
        accounts: serde_json::to_string(&accounts).expect("JSON"),
        records: serde_json::to_string(&records).expect("JSON"),
        code: seeded.codes.first().expect("a code").clone(),
    }
}

/// The desk that the program itself would work with.
fn desk(store: &Store) -> CaseDesk {
    let rules = std::sync::Arc::new(LiveRules::of(store.clone()));
    let kinds = KindShelf::embedded().expect("the program's own kinds");
    CaseDesk::new(store.clone(), kinds, rules)
}

fn employ(store: &Store, hall: HallId, now: UtcMs) -> Vec<(&'static str, &'static str)> {
    let add = |(number, (login, name, role)): (usize, &(&'static str, &str, Role))| {
        let at = role.is_of_a_place().then_some(STATION);
        let grant = RoleGrant {
            role: *role,
            station: at.map(|code| StationCode::new(code).expect("a station's code")),
        };
        let new = NewStaff {
            name: (*name).to_owned(),
            login: (*login).to_owned(),
            clerk_no: format!("9{number}"),
            hall,
            roles: BTreeSet::from([grant]),
        };
        staff::add(store, new, PASSWORD, now).expect("an account");
        (*login, PASSWORD)
    };
    MORE_PEOPLE.iter().enumerate().map(add).collect()
}

/// Everything in a folder, into another one.
fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            fs::create_dir(&target).expect("a folder");
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).expect("a copy");
        }
    }
}
