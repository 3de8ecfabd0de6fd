//! A desk at which a random run happens: everything that staff do with records of persons, through
//! the pages, with what people really type.

mod acts;

use std::collections::BTreeMap;

use domain::case::Role;
use domain::id::PersonId;
use reqwest::{Response, StatusCode};
use wire::event::{ErasureReason, PersonErased};

use super::invented::{Dice, Invented};
use crate::browser::Browser;
use crate::hall::{Hall, PASSWORD};

/// Who is registered at the desk.
const AT_THE_DESK: usize = 5;
/// Who comes in with a sheet.
const IN_A_SHEET: usize = 5;
/// Who is erased before the search.
pub(crate) const ERASED: usize = 4;
/// Acts after each kind of act was done once.
const STEPS: usize = 24;
const ACTS: usize = 13;

/// What is between two texts, the first time.
pub(crate) fn between<'t>(text: &'t str, before: &str, after: &str) -> Option<&'t str> {
    let (_, rest) = text.split_once(before)?;
    rest.split_once(after).map(|(found, _)| found)
}

/// The record to which an answer leads.
pub(crate) fn record_of(answer: &Response) -> Option<String> {
    let to = answer.headers().get("location")?.to_str().ok()?;
    to.strip_prefix("/staff/record/").map(str::to_owned)
}

pub(crate) struct Desk {
    pub(crate) hall: Hall,
    /// One of each role, signed in.
    pub(crate) staff: BTreeMap<Role, Browser>,
    pub(crate) clerk: Browser,
    pub(super) people: Vec<Invented>,
    /// Records of the people, in the same order.
    pub(crate) persons: Vec<String>,
    /// Other records about them.
    pub(crate) cases: Vec<String>,
    /// A record with a material, and the material's name.
    pub(crate) material: Option<(String, String)>,
    /// The last sheet that was imported.
    pub(crate) held: Option<String>,
    /// How often each act was done.
    done: BTreeMap<&'static str, usize>,
}

impl Desk {
    pub(crate) async fn open(seed: u64) -> (Self, Dice) {
        let hall = Hall::open().await;
        let mut staff = BTreeMap::new();
        for role in Role::ALL.iter().copied() {
            if !matches!(role, Role::Citizen | Role::EmployerUser | Role::System) {
                staff.insert(role, Browser::of(&hall, &[role]).await);
            }
        }
        let mut dice = Dice::of(seed);
        let mut desk = Self {
            hall,
            clerk: staff[&Role::Clerk].clone(),
            staff,
            people: (0..=IN_A_SHEET)
                .map(|n| Invented::of(n, &mut dice))
                .collect(),
            persons: Vec::new(),
            cases: Vec::new(),
            material: None,
            held: None,
            done: BTreeMap::new(),
        };
        for n in 0..AT_THE_DESK {
            desk.register(n).await;
        }
        (desk, dice)
    }

    /// Somebody with this role.
    pub(crate) fn of(&self, role: Role) -> &Browser {
        &self.staff[&role]
    }

    fn did(&mut self, act: &'static str) {
        *self.done.entry(act).or_default() += 1;
    }

    async fn register(&mut self, n: usize) {
        let one = self.people[n].clone();
        let fields = [
            ("f.name", one.name.as_str()),
            ("f.id_type", "resident"),
            ("f.id_number", &one.number),
            ("f.sex", "male"),
            ("f.birth_date", &one.birth),
            ("f.phone", &one.phone),
            ("f.address", &one.address),
        ];
        let record = self.open_as(Role::Clerk, "person", &fields).await;
        self.persons.push(record);
    }

    /// Opens a record at the centre.
    pub(crate) async fn open_as(&self, role: Role, kind: &str, fields: &[(&str, &str)]) -> String {
        let form = format!("/staff/records/{kind}/new");
        let fields: Vec<_> = [("station", "YH-C")]
            .into_iter()
            .chain(fields.iter().copied())
            .collect();
        let answer = self.of(role).act(&form, &form, &fields).await;
        let record = record_of(&answer);
        match record {
            Some(record) => record,
            None => panic!("{kind}: {}", answer.text().await.unwrap()),
        }
    }

    /// Sends a form of a record's page as somebody who saw it as it is.
    pub(crate) async fn send(
        &self,
        role: Role,
        record: &str,
        act: &str,
        fields: &[(&str, &str)],
    ) -> Response {
        let page = format!("/staff/record/{record}");
        let text = self.of(role).page(&page).await;
        let seen = between(&text, "name=\"seen\" value=\"", "\"").unwrap_or("0");
        let fields: Vec<_> = [("seen", seen)]
            .into_iter()
            .chain(fields.iter().copied())
            .collect();
        let act = format!("{page}/{act}");
        self.of(role).act(&page, &act, &fields).await
    }

    pub(crate) async fn apply(&mut self, n: usize) {
        let one = self.people[n].clone();
        // one application a year is allowed, and everything here happens on one day
        let year = 2025 - self.cases.len();
        let (from, until) = (format!("{year}-03-01"), format!("{year}-08-31"));
        let fields = [
            ("person", one.number.as_str()),
            ("f.beneficiary_id", &format!("PERSON-202611-{:05}", n + 1)),
            ("f.outwork_dest", "out_province"),
            ("f.outwork_from", &from),
            ("f.period_from", &from),
            ("f.period_to", &until),
            ("f.acct_name", &one.name),
            ("f.acct_no", &one.account),
            ("f.bank", "示例银行月湖支行"),
            ("f.amount_claimed", "1000"),
            ("f.fund", "employment"),
        ];
        let record = self.open_as(Role::Clerk, "transport_once", &fields).await;
        self.cases.push(record);
        self.did("apply");
    }

    /// The one answer of a page that may hold a value in full.
    pub(crate) async fn reveal(&mut self, n: usize) -> String {
        let fields = [("field", "phone"), ("reason", "打电话通知补材料")];
        let record = self.persons[n].clone();
        let answer = self.send(Role::Clerk, &record, "reveal", &fields).await;
        assert_eq!(answer.status(), StatusCode::OK);
        self.did("reveal");
        answer.text().await.unwrap()
    }

    /// Every act once, then acts at random; at the end somebody is erased.
    pub(crate) async fn run(&mut self, dice: &mut Dice) {
        for step in 0..ACTS + STEPS {
            let n = dice.below(AT_THE_DESK);
            let act = if step < ACTS { step } else { dice.below(ACTS) };
            match act {
                0 => self.apply(n).await,
                1 => self.mistype(n).await,
                2 => self.search(n, dice).await,
                3 => self.change(n, dice).await,
                4 => drop(self.reveal(n).await),
                5 => self.appoint(n).await,
                6 => self.complain().await,
                7 => self.attach(n).await,
                8 => self.import().await,
                9 => self.hand_over(n).await,
                10 => self.submit_all(n).await,
                11 => self.employ(n).await,
                _ => self.publicise(n).await,
            }
            self.hall.pass_ms(5_000);
        }
        self.attach(0).await;
        self.import().await;
        self.erase(ERASED).await;
        self.take_for_a_login(0).await;
        assert_eq!(self.done.len(), ACTS, "{:?}", self.done);
    }

    /// Somebody types a citizen's number where the sign-in name belongs.
    async fn take_for_a_login(&self, n: usize) {
        let one = &self.people[n];
        for login in [&one.number, &one.name] {
            let mut nobody = Browser::new(&self.hall);
            let answer = nobody.sign_in(login, PASSWORD).await;
            assert_ne!(answer.status(), StatusCode::SEE_OTHER);
        }
    }

    async fn erase(&self, n: usize) {
        let erased = PersonErased {
            person: PersonId(self.persons[n].parse().unwrap()),
            by: None,
            reason: ErasureReason::Requested,
        };
        let (store, now) = (self.hall.store.clone(), self.hall.now());
        let erase = move || store.erase_persons(vec![erased], now).unwrap().unwrap();
        tokio::task::spawn_blocking(erase).await.unwrap();
    }
}
