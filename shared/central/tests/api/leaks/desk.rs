//! A desk at which a random run happens: everything that staff do with records of persons, through
//! the pages, with what people really type.

use std::collections::BTreeMap;

use domain::case::Role;
use domain::id::PersonId;
use reqwest::{Response, StatusCode};
use wire::event::{ErasureReason, PersonErased};

use super::invented::{Dice, Invented};
use super::searched::holds;
use crate::browser::{Browser, encoded};
use crate::hall::{Hall, PASSWORD};

/// Who is registered at the desk.
const AT_THE_DESK: usize = 5;
/// Who comes in with a sheet.
const IN_A_SHEET: usize = 5;
/// Who is erased before the search.
pub(crate) const ERASED: usize = 4;
/// Acts after each kind of act was done once.
const STEPS: usize = 24;
const ACTS: usize = 12;
const MATERIAL: &str = "school_record";

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
        let fields = [
            ("person", one.number.as_str()),
            ("f.beneficiary_id", &format!("PERSON-202611-{:05}", n + 1)),
            ("f.school", "示例职业学院"),
            ("f.grad_year", "2025-2026"),
            ("f.hard_category", "lowincome"),
            ("f.period_from", "2026-01-01"),
            ("f.period_to", "2026-06-30"),
            ("f.acct_name", &one.name),
            ("f.acct_no", &one.account),
            ("f.bank", "示例银行月湖支行"),
            ("f.amount_claimed", "1000"),
            ("f.fund", "employment"),
        ];
        let record = self.open_as(Role::Clerk, "jobseek_once", &fields).await;
        self.cases.push(record);
        self.did("apply");
    }

    async fn appoint(&mut self, n: usize) {
        let number = self.people[n].number.clone();
        let fields = [
            ("person", number.as_str()),
            ("f.topic_code", "jobseek"),
            ("f.on", "2026-11-27"),
            ("f.slot", "09:00-09:30"),
            ("f.source", "window"),
        ];
        let record = self.open_as(Role::Clerk, "appointment", &fields).await;
        self.cases.push(record);
        self.did("appoint");
    }

    async fn complain(&mut self) {
        let fields = [
            ("f.rating_no", "R-1"),
            ("f.level", "1"),
            ("f.comment", "等得久"),
        ];
        let record = self.open_as(Role::Chief, "bad_rating_case", &fields).await;
        self.cases.push(record);
        self.did("complain");
    }

    /// A list with masked names goes to the kiosks.
    async fn publicise(&mut self, n: usize) {
        let first: String = self.people[n].name.chars().take(1).collect();
        let number = &self.people[n].number;
        let items = format!(
            "{first}**，{}**********{}，1000 元",
            &number[..4],
            &number[14..]
        );
        let fields = [
            ("f.batch_no", "2026-03"),
            ("f.title", "第三批求职补贴公示"),
            ("f.type", "subsidy"),
            ("f.items", &items),
            ("f.body", "下面的人拟发补贴，有异议请打监督电话。"),
            ("f.from_on", "2026-11-24"),
            ("f.to_on", "2026-12-04"),
            ("f.channels", "kiosk"),
            ("f.tel", "0701-0000000"),
        ];
        let record = self.open_as(Role::Clerk, "publicity_notice", &fields).await;
        let shown = self.send(Role::Chief, &record, "step/show", &[]).await;
        assert_eq!(
            shown.status(),
            StatusCode::SEE_OTHER,
            "{:?}",
            shown.text().await
        );
        self.cases.push(record);
        self.did("publicise");
    }

    /// Forms with a fault in them are shown again to who typed them, and kept nowhere.
    async fn mistype(&mut self, n: usize) {
        let one = self.people[n].clone();
        let form = "/staff/records/person/new";
        let wrong = format!("{}0", &one.number[..17]);
        let fields = [
            ("station", "YH-C"),
            ("f.name", one.name.as_str()),
            ("f.id_type", "resident"),
            (
                "f.id_number",
                if wrong == one.number { "1" } else { &wrong },
            ),
        ];
        let answer = self.clerk.act(form, form, &fields).await;
        assert_eq!(answer.status(), StatusCode::CONFLICT);
        let shown = answer.bytes().await.unwrap();
        assert!(holds(&shown, &one.name), "what was typed is shown again");
        let unknown = format!("{}9", one.phone);
        let fields = [("station", "YH-C"), ("person", unknown.as_str())];
        let form = "/staff/records/jobseek_once/new";
        let answer = self.clerk.act(form, form, &fields).await;
        assert_eq!(answer.status(), StatusCode::CONFLICT);
        let reveal = [("field", "phone"), ("reason", one.phone.as_str())];
        let record = self.persons[n].clone();
        let answer = self.send(Role::Clerk, &record, "reveal", &reveal).await;
        assert_eq!(
            answer.status(),
            StatusCode::CONFLICT,
            "a reason with a number"
        );
        self.did("mistype");
    }

    async fn search(&mut self, n: usize, dice: &mut Dice) {
        let one = &self.people[n];
        let typed = encoded([&one.name, &one.number, &one.phone][dice.below(3)]);
        let kind = ["person", "jobseek_once", "vacancy"][dice.below(3)];
        let list = format!("/staff/records/{kind}?q={typed}");
        assert_eq!(self.clerk.get(&list).await.status(), StatusCode::OK);
        let public = self.clerk.get(&format!("/v?q={typed}")).await;
        assert!(!public.status().is_server_error());
        self.did("search");
    }

    async fn change(&mut self, n: usize, dice: &mut Dice) {
        let address = format!("{}{}室", self.people[n].address, dice.below(900));
        let fields = [("f.address", address.as_str()), ("f.remark", "已核对")];
        let page = format!("/staff/record/{}/change", self.persons[n]);
        let text = self.clerk.page(&page).await;
        let seen = between(&text, "name=\"seen\" value=\"", "\"").unwrap();
        let fields: Vec<_> = fields.into_iter().chain([("seen", seen)]).collect();
        let answer = self.clerk.act(&page, &page, &fields).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        self.did("change");
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

    /// A material that is full of what must not come out, under a name that is.
    async fn attach(&mut self, n: usize) {
        self.apply(n).await;
        let (one, record) = (self.people[n].clone(), self.cases.last().unwrap().clone());
        let said = format!(
            "({} {} {} {})",
            one.name, one.number, one.phone, one.account
        );
        let name = format!("{}{}.pdf", one.name, one.number);
        let act = format!("/staff/record/{record}/attachments");
        let page = format!("{act}?doc_type={MATERIAL}");
        let (fields, bytes) = ([("doc_type", MATERIAL)], pdf(&said));
        let answer = self
            .clerk
            .upload(&page, &act, &fields, (&name, &bytes))
            .await;
        assert_eq!(answer.status(), StatusCode::OK);
        let text = self.clerk.page(&page).await;
        let sha256 = between(&text, &format!("{act}/"), "\"").unwrap().to_owned();
        self.material = Some((record, sha256));
        self.did("attach");
    }

    /// A sheet with somebody who is not registered yet, and with a row that is refused.
    async fn import(&mut self) {
        let one = self.people[IN_A_SHEET].clone();
        let row = |number: &str| {
            let Invented {
                name,
                birth,
                phone,
                address,
                ..
            } = &one;
            format!("{name},居民身份证,{number},男,{birth},{phone},{address}\n")
        };
        let head = "姓名,证件类型,证件号码,性别,出生日期,手机,常住地址\n";
        let wrong = format!("{}*", one.number);
        let sheet = format!("{head}{}{}", row(&one.number), row(&wrong));
        let form = "/staff/records/person/import";
        let file = ("名单.csv", sheet.as_bytes());
        let tried = self
            .clerk
            .upload(form, form, &[("station", "YH-C")], file)
            .await;
        let tried = tried.text().await.unwrap();
        let act = format!("{form}/{}", held_on(&tried));
        let done = self.clerk.act(form, &act, &[]).await;
        let done = done.text().await.unwrap();
        self.held = Some(held_on(&done));
        for page in [tried, done] {
            assert!(!holds(page.as_bytes(), &one.number), "a page tells no rows");
        }
        self.did("import");
    }

    async fn hand_over(&mut self, n: usize) {
        self.apply(n).await;
        let record = self.cases.last().unwrap().clone();
        let page = self
            .of(Role::Chief)
            .page(&format!("/staff/record/{record}"))
            .await;
        let to = between(&page, "name=\"to\"", "</select>").unwrap();
        let mut options = to
            .split("value=\"")
            .map(|rest| rest.split('"').next().unwrap());
        let to = options.find(|value| value.len() == 36).unwrap().to_owned();
        let fields = [("to", to.as_str()), ("reason", "原经办人休假")];
        let answer = self.send(Role::Chief, &record, "hand-over", &fields).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        self.did("hand over");
    }

    /// The same step with several: first looked at, then done.
    async fn submit_all(&mut self, n: usize) {
        self.apply(n).await;
        let form = "/staff/records/jobseek_once";
        let ticked = self.cases.iter().map(|record| ("record", record.as_str()));
        let mut fields: Vec<_> = [("step", "submit")].into_iter().chain(ticked).collect();
        for words in ["能办 ", "办好 "] {
            let answer = self.clerk.act(form, &format!("{form}/bulk"), &fields).await;
            assert!(answer.text().await.unwrap().contains(words));
            fields.push(("confirmed", "yes"));
        }
        self.did("submit all");
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

/// The name of a sheet that is kept, on a page that tells of it.
fn held_on(page: &str) -> String {
    let held = between(page, "/staff/records/person/import/", "\"");
    let held = held.unwrap_or_else(|| panic!("{page}"));
    held.split('/').next().unwrap().to_owned()
}

/// One empty page with a comment.
fn pdf(said: &str) -> Vec<u8> {
    let text = "%PDF-1.4\n1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj\n\
                2 0 obj <</Type /Pages /Kids [] /Count 0>> endobj\n\
                3 0 obj <</Type/Page /Parent 2 0 R>> endobj\n";
    format!("{text}{said}\ntrailer <</Root 1 0 R>>\nstartxref\n0\n%%EOF\n").into_bytes()
}
