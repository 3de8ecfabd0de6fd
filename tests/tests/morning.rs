//! One morning in a hall of real processes, as its people live it: vacancies come in, a citizen
//! finds one by touch, takes a ticket, is called, sees the number on the board, is served and
//! scores; then the centre loses its power in the middle of traffic and comes back. And a hall of a
//! node of its own, whose centre is gone: it goes on calling, also on its board.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use acceptance::board_program::BoardProgram;
use acceptance::kiosk_control::KioskControl;
use acceptance::process::{Running, eventually, run, start};
use serde_json::Value;

const PASSWORD: &str = "a-long-invented-password";
/// Invented vacancies; the last one bears the letters D G.
const VACANCIES: &str = "\
source_id,岗位名称,用人单位,工作地点,薪资,学历,经验,招聘人数
t-1,仓库理货员,示例甲物流,示例市·示例区,4-5千,不限,,3人
t-2,养老护理员,示例乙养老院,示例市·示例区,4200-5000元/月,初中,无需经验,2人
t-3,维修电工,示例丙铜业有限公司,示例市·示例区,5500-7000元/月,高中,1-3年,4人
";
const LAYOUT: &str = "\
station_name = \"示例一街道站\"
[[windows]]
no = 3
groups = [\"A\", \"C\"]
";
const BOARD: &str = "
[[port.board]]
id = \"hall\"
name = \"大厅屏\"
family = \"onbon-k\"
address = 1
width = 192
height = 32
colour = \"two\"
";

/// A hall in a scratch folder.
struct Hall {
    folder: tempfile::TempDir,
    address: String,
    /// The address of a node's centre.
    upstream: Option<String>,
    central: Option<Running>,
    board: Option<BoardProgram>,
    others: Vec<Running>,
}

impl Hall {
    fn empty() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a scratch folder"),
            address: String::new(),
            upstream: None,
            central: None,
            board: None,
            others: Vec::new(),
        }
    }

    /// A centre with vacancies, a hall and somebody who keeps accounts, without machines.
    fn centre() -> Self {
        let mut hall = Self::empty();
        hall.lay_out();
        hall.import();
        let keeper = [
            "staff",
            "add",
            "--name",
            "千示例",
            "--login",
            "qian",
            "--clerk-no",
            "1",
            "--role",
            "tech",
        ];
        hall.central_does(&keeper, "");
        hall.start_central("127.0.0.1:0");
        hall
    }

    /// A node with a hall of its own under a centre, which knows the clerk of this hall.
    fn node_of(centre: &Self) -> Self {
        let mut node = Self::empty();
        let code = centre.code(&["--kind", "node"]);
        node.upstream = Some(centre.base());
        node.serve("127.0.0.1:0", &["--enrol-code", &code]);
        let hall = node.lay_out();
        eventually("the centre knows the hall of its node", 20, || {
            centre.add_clerk(&["--hall", &hall]).ok()
        });
        // it asks for its staff when it starts
        let address = node.address.clone();
        node.central.take().expect("it runs").kill();
        node.start_central(&address);
        node
    }

    /// Adds the clerk and has the one-time password changed.
    fn add_clerk(&self, hall: &[&str]) -> Result<(), String> {
        let add = [
            "staff",
            "add",
            "--name",
            "万示例",
            "--login",
            "wan",
            "--clerk-no",
            "12",
            "--role",
            "clerk",
            "--role",
            "hall_manager",
            "--json",
        ];
        let data = self.path("central");
        let (code, said) = run("central", &[&add, hall, &["--data", &data]].concat(), "");
        if code != 0 {
            return Err(said);
        }
        let added: Value = serde_json::from_str(&said).expect("JSON");
        let one_time = added["password"].as_str().expect("a one-time password");
        browser("password.mjs", &[&self.base(), "wan", one_time, PASSWORD]);
        Ok(())
    }

    /// Lays the hall out; gives its number.
    fn lay_out(&self) -> String {
        self.write("hall.toml", LAYOUT);
        let layout = self.path("hall.toml");
        let told = self.central_does(&["hall", "lay-out", &layout, "--json"], "");
        let told: Value = serde_json::from_str(&told).expect("JSON");
        told["hall"].as_str().expect("a number").to_owned()
    }

    /// A centre with its hall, its clerk and all its machines.
    fn open() -> Self {
        let mut hall = Self::centre();
        hall.add_clerk(&[]).expect("an account");
        hall.start_board();
        hall.start_kiosk();
        hall.start_terminal();
        hall
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_string_lossy().into_owned()
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).expect("the scratch folder takes files");
    }

    fn central_does(&self, verb: &[&str], standard_input: &str) -> String {
        let data = self.path("central");
        let arguments = [verb, &["--data", &data]].concat();
        let (code, output) = run("central", &arguments, standard_input);
        assert_eq!(code, 0, "central {verb:?}: {output}");
        output
    }

    fn import(&self) {
        self.write("vacancies.csv", VACANCIES);
        let file = self.path("vacancies.csv");
        let import = [
            "import",
            "vacancies",
            &file,
            "--publish",
            "--by",
            "万示例",
            "--json",
        ];
        let report: Value = serde_json::from_str(&self.central_does(&import, "")).expect("JSON");
        for (field, number) in [("rows", 3), ("imported", 3), ("rejected", 0)] {
            assert_eq!(report[field], number, "{report}");
        }
        assert_eq!(
            (&report["pay_text_rows"], &report["pay_understood"]),
            (&3.into(), &3.into())
        );
    }

    fn start_central(&mut self, listen: &str) {
        self.serve(listen, &[]);
    }

    fn serve(&mut self, listen: &str, enrolment: &[&str]) {
        let data = self.path("central");
        let mut arguments = vec!["serve", "--data", &data, "--listen", listen, "--json"];
        if let Some(centre) = &self.upstream {
            arguments.extend(["--upstream", centre]);
        }
        arguments.extend(enrolment);
        let mut central = start("central", &arguments);
        self.address = central.line(|line| {
            let ready: Value = serde_json::from_str(line).ok()?;
            ready["listening"].as_str().map(str::to_owned)
        });
        self.central = Some(central);
    }

    fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    fn code(&self, what: &[&str]) -> String {
        let verb = [&["enrol-code", "--json", "--name", "测试机"], what].concat();
        let answer: Value = serde_json::from_str(&self.central_does(&verb, "")).expect("JSON");
        answer["code"].as_str().expect("a code").to_owned()
    }

    fn start_board(&mut self) {
        let code = self.code(&["--kind", "driver"]);
        let program = BoardProgram::start(self.folder.path(), BOARD, &self.base(), &code);
        self.board = Some(program);
    }

    fn start_kiosk(&mut self) {
        let code = self.code(&["--kind", "kiosk", "--lane", "2"]);
        let (base, data, control) = (self.base(), self.path("kiosk"), self.path("kiosk.sock"));
        let arguments = [
            "run",
            "--central",
            &base,
            "--data",
            &data,
            "--enrol-code",
            &code,
        ];
        let arguments = [&arguments[..], &["--headless", "--control", &control]].concat();
        self.others.push(start("kiosk", &arguments));
    }

    fn start_terminal(&mut self) {
        let code = self.code(&["--kind", "window", "--window", "3"]);
        let (base, data, control) = (self.base(), self.path("window"), self.path("window.sock"));
        let arguments = [
            "run",
            "--mode",
            "window",
            "--window",
            "3",
            "--central",
            &base,
        ];
        let rest = [
            "--data",
            &data,
            "--enrol-code",
            &code,
            "--headless",
            "--control",
            &control,
        ];
        self.others
            .push(start("kiosk", &[&arguments[..], &rest[..]].concat()));
    }

    fn kiosk(&self) -> KioskControl {
        KioskControl::at(Path::new(&self.path("kiosk.sock")))
    }

    fn terminal(&self) -> KioskControl {
        KioskControl::at(Path::new(&self.path("window.sock")))
    }

    fn board_shows(&self, text: &str) {
        let board = self.board.as_ref().expect("a board, started with the hall");
        board.shows(text);
    }

    /// A clerk at window 3 in a real browser.
    fn clerk(&self, acts: &[&str]) -> Value {
        let base = self.base();
        browser("clerk.mjs", &[&[&base, "wan", PASSWORD], acts].concat())
    }

    /// What an independent decoder reads in the QR code on a kiosk's screen.
    fn qr_code(&self, kiosk: &KioskControl) -> String {
        let picture = self.folder.path().join("screen.png");
        eventually("a QR code can be read on the screen", 10, || {
            kiosk.snapshot(&picture);
            let read = Command::new("zbarimg")
                .args(["--quiet", "--raw"])
                .arg(&picture)
                .output();
            let read = read.expect("zbarimg, which tests/run installs");
            let text = String::from_utf8_lossy(&read.stdout).trim().to_owned();
            (!text.is_empty()).then_some(text)
        })
    }
}

/// Runs one of the browser stories and returns what it prints.
fn browser(story: &str, arguments: &[&str]) -> Value {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("browser");
    let output = Command::new("node")
        .arg(folder.join(story))
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("node, which tests/run installs");
    let (out, err) = (&output.stdout, String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(out).unwrap_or_else(|_| panic!("{story} {arguments:?}: {err}"))
}

/// The events of a database: (writer, seq) to hash.
fn events(database: &str, query: &str) -> BTreeMap<(String, i64), Vec<u8>> {
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
    let connection = rusqlite::Connection::open_with_flags(database, flags).expect("a database");
    let mut statement = connection.prepare(query).expect("a query");
    let rows = statement.query_map([], |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)));
    rows.expect("rows").map(|row| row.expect("a row")).collect()
}

#[test]
fn one_morning_in_the_hall() {
    let mut hall = Hall::open();
    let kiosk = hall.kiosk();

    let title = citizen_finds_a_job(&hall, &kiosk);
    let (label, token_url) = citizen_takes_a_ticket(&hall, &kiosk);
    assert_eq!(label, "A001");
    hall.board_shows("电工");

    hall.clerk(&["3", "F2"]);
    hall.board_shows("A001");
    let phone = browser("read.mjs", &[&token_url]);
    assert!(
        phone["text"].as_str().expect("text").contains("A001"),
        "{phone}"
    );
    hall.board_shows("电工");

    hall.clerk(&["3", "F2", "5"]);
    let terminal = hall.terminal();
    terminal.press("满意");
    eventually("the terminal says thanks", 10, || {
        terminal.page().contains("thanks").then_some(())
    });
    let rows = eventually("the score counts", 10, || {
        let scores = hall.clerk(&["scores"]);
        let row = scores["rows"][0].to_string();
        row.contains("100.00").then_some(row)
    });
    assert!(rows.contains('3'), "{rows}");

    power_cut(&mut hall, &kiosk);
    withdrawn_listing_is_gone(&hall, &title);
}

#[test]
fn a_hall_whose_centre_is_gone_calls_on_its_board_over_its_own_network() {
    let mut centre = Hall::centre();
    let mut node = Hall::node_of(&centre);
    node.start_board();
    node.start_kiosk();
    let kiosk = node.kiosk();
    node.board_shows("电工");
    eventually("the node's listings reach the kiosk", 60, || {
        kiosk.texts().contains("3 个岗位").then_some(())
    });
    centre.central.take().expect("it runs").kill();

    let (label, _) = citizen_takes_a_ticket(&node, &kiosk);
    assert_eq!(label, "A001", "the node gives the numbers of its hall");
    node.board.as_mut().expect("it runs").power_cut();
    node.board_shows("电工");
    node.clerk(&["3", "F2"]);
    node.board_shows("A001");
}

/// Touches letters, opens the vacancy, takes it along by its QR code. Returns the public address.
fn citizen_finds_a_job(hall: &Hall, kiosk: &KioskControl) -> String {
    eventually("the listings reach the kiosk", 20, || {
        kiosk.texts().contains("3 个岗位").then_some(())
    });
    kiosk.press("找工作");
    kiosk.press("D");
    kiosk.press("G");
    kiosk.press("第 1 个 维修电工");
    eventually("the vacancy opens", 10, || {
        kiosk.texts().contains("5,500–7,000").then_some(())
    });
    let address = hall.qr_code(kiosk);
    assert!(
        address.starts_with(&format!("{}/v/", hall.base())),
        "{address}"
    );
    let page = browser("read.mjs", &[&address]);
    assert_eq!(page["status"], 200);
    assert!(
        page["text"].as_str().expect("text").contains("维修电工"),
        "{page}"
    );
    kiosk.press("回首页");
    address
}

/// Takes a number and reads the slip. Returns the number and the phone's address.
fn citizen_takes_a_ticket(hall: &Hall, kiosk: &KioskControl) -> (String, String) {
    kiosk.press("取号");
    kiosk.press("找工作、就业登记");
    let label = eventually("a slip is shown", 10, || {
        let texts = kiosk.texts();
        texts
            .lines()
            .find(|line| is_ticket_number(line))
            .map(str::to_owned)
    });
    let address = hall.qr_code(kiosk);
    assert!(
        address.starts_with(&format!("{}/t/", hall.base())),
        "{address}"
    );
    kiosk.press("好了，回首页");
    (label, address)
}

fn is_ticket_number(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next() == Some('A')
        && text.len() >= 4
        && characters.all(|c| c.is_ascii_digit() || c == '-' || c == 'K')
}

/// SIGKILL in the middle of traffic, tickets without a line, and the return.
fn power_cut(hall: &mut Hall, kiosk: &KioskControl) {
    let mut labels = BTreeSet::new();
    let mut take = |hall: &Hall| {
        let (label, _) = citizen_takes_a_ticket(hall, kiosk);
        assert!(labels.insert(label.clone()), "two papers bear {label}");
        label
    };
    assert_eq!(take(hall), "A002");
    let address = hall.address.clone();
    hall.central.take().expect("it runs").kill();
    hall.board.as_mut().expect("it runs").power_cut();
    hall.board_shows("电工");
    assert_eq!(take(hall), "A-K2-001");
    assert_eq!(take(hall), "A-K2-002");
    hall.start_central(&address);
    eventually("a plain number again", 40, || {
        (!take(hall).contains('K')).then_some(())
    });
    every_event_arrives_once(hall);
    // The offline slip waits where its arrival puts it: after A002.
    let text = |answer: Value| answer["text"].as_str().unwrap_or_default().to_owned();
    assert!(text(hall.clerk(&["3", "F2"])).contains("A002"));
    hall.clerk(&["3", "F2", "5"]);
    assert!(text(hall.clerk(&["3", "F2"])).contains("A-K2-001"));
    hall.board_shows("A-K2-001");
    let verified = hall.central_does(&["verify", "--json"], "");
    assert!(verified.contains("events"), "{verified}");
}

/// Each event of each device is in central's record, once, byte for byte.
fn every_event_arrives_once(hall: &Hall) {
    let recorded = "SELECT writer, seq, hash FROM events";
    let written = "SELECT (SELECT value FROM state WHERE key = 'writer'), seq, hash FROM event";
    for device in ["kiosk", "window", "driver"] {
        eventually(
            &format!("every event of the {device} is recorded"),
            40,
            || {
                let central = events(&hall.path("central/central.db"), recorded);
                let own = events(&hall.path(&format!("{device}/log.db")), written);
                let arrived = own
                    .iter()
                    .all(|(place, hash)| central.get(place) == Some(hash));
                (arrived && !own.is_empty()).then_some(())
            },
        );
    }
}

/// A withdrawn vacancy answers that it is gone, and no kiosk finds it.
fn withdrawn_listing_is_gone(hall: &Hall, address: &str) {
    let kiosk = hall.kiosk();
    kiosk.press("找工作");
    kiosk.press("D");
    kiosk.press("G");
    kiosk.press("第 1 个 维修电工");
    eventually("the vacancy opens", 10, || {
        (kiosk.page() == "job_detail").then_some(())
    });
    let short_id = address
        .rsplit('/')
        .next()
        .expect("an address has a last part");
    let withdraw = [
        "listings",
        "withdraw",
        short_id,
        "--by",
        "万示例",
        "--reason",
        "招满了",
    ];
    hall.central_does(&withdraw, "");
    assert_eq!(browser("read.mjs", &[address])["status"], 410);
    eventually("the page that showed it closes", 10, || {
        (kiosk.page() != "job_detail").then_some(())
    });
    kiosk.press("回首页");
    eventually("the kiosk drops it", 10, || {
        kiosk.texts().contains("2 个岗位").then_some(())
    });
}
