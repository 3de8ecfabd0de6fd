//! `discover`, `send`, `status`, `preview` and the faults of `simulate`, as a person runs them: the real
//! program against itself as a simulator.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use display_driver::port::{Port, PortSettings};
use serde_json::{Value, json};

const PATIENCE: Duration = Duration::from_secs(20);

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_display-driver"))
}

fn run(args: &[&str]) -> (String, String, i32) {
    let Output {
        stdout,
        stderr,
        status,
    } = program().args(args).output().expect("the program starts");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (
        text(stdout),
        text(stderr),
        status.code().expect("an exit code"),
    )
}

/// A running simulator, which ends with the test.
struct Simulation {
    child: Child,
    said: BufReader<std::process::ChildStderr>,
    /// Its first sentence.
    greeting: String,
    folder: tempfile::TempDir,
}

impl Simulation {
    fn start(args: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut command = program();
        command.arg("simulate").args(args).arg("--stop-with-stdin");
        if !args.contains(&"--tcp") {
            command.arg("--link").arg(folder.path().join("line"));
        }
        let pipes = command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let mut child = pipes.spawn().expect("the program starts");
        let said = BufReader::new(child.stderr.take().expect("its standard error"));
        let mut simulation = Self {
            child,
            said,
            greeting: String::new(),
            folder,
        };
        simulation.greeting = simulation.until_said("块屏");
        simulation
    }

    fn port(&self) -> String {
        if let Some(told) = self.greeting.strip_prefix("TCP ") {
            let address = told.split('，').next().expect("an address");
            return format!("tcp:{address}");
        }
        let path: PathBuf = self.folder.path().join("line");
        path.to_str().expect("UTF-8").to_owned()
    }

    /// Reads what it says up to a line with these words, and gives the line.
    fn until_said(&mut self, words: &str) -> String {
        loop {
            let mut line = String::new();
            let count = self.said.read_line(&mut line).expect("its sentences");
            assert!(count > 0, "it ended before it said {words}");
            if line.contains(words) {
                return line.trim().to_owned();
            }
        }
    }

    fn type_line(&mut self, line: &str) {
        let input = self.child.stdin.as_mut().expect("its standard input");
        writeln!(input, "{line}").expect("it reads");
        self.until_said(&format!("好：{line}"));
    }
}

impl Drop for Simulation {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn until(what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn json_of(text: &str) -> Value {
    serde_json::from_str(text).expect("one JSON document")
}

#[test]
fn the_rate_and_the_number_of_a_card_are_found() {
    for (baud, tried) in [("9600", 1), ("57600", 2)] {
        let line = Simulation::start(&["--baud", baud, "--address", "23"]);
        let (found, said, code) = run(&["discover", &line.port()]);
        assert_eq!(
            (found.as_str(), code),
            (format!("波特率：{baud}\n屏号：23\n").as_str(), 0)
        );
        assert_eq!(said.matches("试").count(), tried, "{said}");
    }
}

#[test]
fn silence_is_told_as_a_fault_of_wiring() {
    let line = Simulation::start(&["--baud", "115200"]);
    let begun = Instant::now();
    let (found, said, code) = run(&["discover", &line.port()]);
    assert_eq!((found.as_str(), code), ("", 1));
    assert!(said.contains("没有卡回话"), "{said}");
    assert!(
        begun.elapsed() >= Duration::from_secs(8),
        "four waits of two seconds"
    );
}

#[test]
fn a_card_behind_tcp_is_found_asked_and_commanded() {
    let mut line = Simulation::start(&["--tcp", "127.0.0.1:0", "--address", "4"]);
    line.type_line("slow 20");
    let port = line.port();
    let (found, _, code) = run(&["discover", &port]);
    assert_eq!((found.as_str(), code), ("屏号：4\n", 0));
    let (reply, _, code) = run(&[
        "send",
        &port,
        "onbon-k",
        "brightness",
        "--params",
        r#"{"level":5}"#,
        "--address",
        "4",
    ]);
    assert_eq!(
        (json_of(&reply)["command"].clone(), code),
        (json!("ack"), 0)
    );
    let (told, _, code) = run(&["status", &port, "--address", "4"]);
    assert_eq!(code, 0);
    for part in [
        "屏号：4",
        "电源：开",
        "亮度：5",
        "节目：无",
        "动态区：无",
        "中文 16×16",
        "不认识的命令（2）",
    ] {
        assert!(told.contains(part), "{part} in {told}");
    }
}

#[test]
fn a_refusal_and_silence_end_with_1_and_say_why() {
    let line = Simulation::start(&[]);
    let port = line.port();
    let (reply, said, code) = run(&[
        "send",
        &port,
        "onbon-k",
        "lock-program",
        "--params",
        r#"{"store":0,"lock":1,"name":"P000"}"#,
    ]);
    assert_eq!(
        (json_of(&reply)["command"].clone(), code),
        (json!("nack"), 1)
    );
    assert!(said.contains("文件不存在（6）"), "{said}");
    let (reply, said, code) = run(&["send", &port, "onbon-k", "ping", "--address", "9"]);
    assert_eq!((reply.as_str(), code), ("", 1));
    assert!(said.contains("没有回话"), "{said}");
}

#[test]
fn what_deletes_wants_a_yes_and_a_broadcast_awaits_no_answer() {
    let line = Simulation::start(&[]);
    let port = line.port();
    for command in ["reset", "format"] {
        let (reply, said, code) = run(&["send", &port, "onbon-k", command]);
        assert_eq!((reply.as_str(), code), ("", 1));
        assert!(said.contains("--yes"), "{said}");
    }
    assert_eq!(run(&["send", &port, "onbon-k", "reset", "--yes"]).2, 0);
    let clock = r#"{"answer":2,"clock":{"time":"2026-03-09 08:30:00"}}"#;
    let (reply, _, code) = run(&[
        "send",
        &port,
        "onbon-k",
        "set-clock",
        "--params",
        clock,
        "--address",
        "65535",
    ]);
    assert_eq!((reply.as_str(), code), ("", 0));
    assert!(run(&["status", &port]).0.contains("时钟：2026-03-09 08:30"));
}

/// A program of one area with a long text, and the name that it bears.
fn program_file(folder: &Path, name: &str) -> String {
    let area = json!({
        "x": {"px": 0}, "y": 0, "width": {"px": 192}, "height": 32, "id": 255, "lines": 2,
        "wrap": 2, "display_mode": 1, "text": "欢迎来办事，今天有招聘会。".repeat(60),
    });
    let path = folder.join(format!("{name}.json"));
    let document = json!({"name": name, "areas": [area]});
    std::fs::write(&path, document.to_string()).expect("a file");
    path.to_str().expect("UTF-8").to_owned()
}

#[test]
fn program_files_are_stored_locked_and_shown_in_the_status_although_answers_get_lost() {
    let mut line = Simulation::start(&["--address", "3"]);
    let port = line.port();
    let folder = tempfile::tempdir().expect("a folder");
    let files = ["P000", "P001"].map(|name| program_file(folder.path(), name));
    line.type_line("lost-ack once");
    let store = |files: &[&str]| {
        let args = [&["store", port.as_str()], files, &["--address", "3"]].concat();
        run(&args)
    };
    let (done, said, code) = store(&[&files[0]]);
    assert_eq!((done.trim(), code), ("已存到卡上：P000", 0), "{said}");
    assert!(said.contains("P000：0/") && said.contains('%'), "{said}");
    line.type_line("bad-check once");
    let (done, said, code) = store(&[&files[0], &files[1]]);
    assert_eq!((done.trim(), code), ("已存到卡上：P000、P001", 0), "{said}");
    let status = |args: &[&str]| {
        let args = [&["status", port.as_str(), "--address", "3"], args].concat();
        run(&args)
    };
    let (told, ..) = status(&[]);
    assert!(
        told.contains("节目：2 个") && told.contains("字库：西文 8×16"),
        "{told}"
    );
    let (told, _, code) = status(&["--json"]);
    let told = json_of(&told);
    assert_eq!((&told["state"]["programs"], code), (&json!(2), 0));
    assert_eq!(told["fonts"]["fonts"].as_array().map(Vec::len), Some(6));
    let lock = |name: &str| run(&["lock", &port, name, "--address", "3"]);
    assert_eq!(lock("P001").0.trim(), "已锁定：P001");
    let (_, said, code) = lock("P009");
    assert!(code == 1 && said.contains("文件不存在"), "{said}");
    let (_, said, code) = run(&["send", &port, "onbon-k", "program"]);
    assert!(
        code == 2 && said.contains("用 display-driver store"),
        "{said}"
    );
}

#[test]
fn a_program_is_encoded_to_its_file_and_decoded_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = program_file(folder.path(), "P000");
    let params = std::fs::read_to_string(path).expect("a document");
    let (file, _, code) = run(&["encode", "onbon-k", "program", "--params", &params]);
    assert_eq!((&file[..10], code), ("0050303030", 0));
    let (document, _, code) = run(&["decode", "onbon-k", file.trim()]);
    let document = json_of(&document);
    assert_eq!((&document["command"], code), (&json!("program"), 0));
    assert_eq!(document["params"]["area_length"], "includes-itself");
    let broken = file.trim().replacen("0050", "0051", 1);
    let (fault, _, code) = run(&["decode", "onbon-k", &broken]);
    assert!(code == 1 && fault.contains("校验不符"), "{fault}");
}

#[test]
fn the_faults_of_a_running_driver_are_read_from_its_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().to_str().expect("UTF-8");
    let (_, said, code) = run(&["status", "--data", data]);
    assert!(code == 1 && said.contains("屏驱动开过一次才有"), "{said}");
    let reports = json!([
        {"boards": ["大厅屏"], "is_line": false, "counts": {"timeouts": 3}, "refusals": {"12": 1}},
        {"boards": ["大厅屏", "门口屏"], "is_line": true, "counts": {"noise_bytes": 40}},
    ]);
    std::fs::write(folder.path().join("faults.json"), reports.to_string()).expect("a file");
    let (told, _, code) = run(&["status", "--data", data]);
    let lines = "大厅屏：超时 3、屏拒绝（错误 12）1\n大厅屏、门口屏那条线：杂音字节 40\n";
    assert_eq!((told.as_str(), code), (lines, 0));
    let (told, ..) = run(&["status", "--data", data, "--json"]);
    assert_eq!(json_of(&told), reports);
}

#[test]
fn a_sign_takes_a_write_in_silence_and_answers_a_read() {
    let line = Simulation::start(&["--family", "alpha", "--address", "1"]);
    let port = line.port();
    let write = r#"{"label":"A","position":"fill","mode":"hold","text":"HI"}"#;
    let (reply, said, code) = run(&["send", &port, "alpha", "write-text", "--params", write]);
    assert_eq!((reply.as_str(), code), ("", 0), "{said}");
    let (reply, said, code) = run(&[
        "send",
        &port,
        "alpha",
        "read-text",
        "--params",
        r#"{"label":"A"}"#,
    ]);
    assert_eq!(code, 0, "{said}");
    assert_eq!(json_of(&reply)["params"]["text"], "HI");
}

#[tokio::test]
async fn a_port_in_use_is_refused_by_name() {
    let line = Simulation::start(&[]);
    let port = line.port();
    let settings = PortSettings::serial(Path::new(&port), 57_600);
    let first = Port::open(&settings).await.expect("a free port");
    let (_, said, code) = run(&["status", &port]);
    assert_eq!(code, 1);
    assert!(
        said.contains(&format!("端口 {port} 被别的程序占用")),
        "{said}"
    );
    drop(first);
    assert_eq!(run(&["status", &port]).2, 0, "free again");
}

#[test]
fn a_sign_of_a_file_is_simulated_as_a_sign() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("boards.toml");
    let sign = "[[port]]\npath = \"/dev/ttyS0\"\n[[port.board]]\nid = \"s\"\nname = \"屏\"\n\
                family = \"alpha\"\naddress = 3\nwidth = 64\nheight = 16\ncolour = \"two\"\n";
    std::fs::write(&file, sign).expect("a file");
    let mut line = Simulation::start(&["--config", file.to_str().expect("UTF-8")]);
    assert!(
        line.greeting.contains("波特率 9600，1 块屏"),
        "{}",
        line.greeting
    );
    let write = r#"{"label":"A","position":"fill","mode":"hold","text":"HI"}"#;
    let send = |command: &str, params: &str| {
        let port = line.port();
        run(&[
            "send",
            &port,
            "alpha",
            command,
            "--params",
            params,
            "--address",
            "3",
        ])
    };
    assert_eq!(send("write-text", write).2, 0);
    let read = r#"{"label":"A"}"#;
    assert_eq!(json_of(&send("read-text", read).0)["params"]["text"], "HI");
    line.type_line("power-cut");
    let port = line.port();
    let (reply, ..) = run(&["send", &port, "alpha", "read-text", "--params", read]);
    assert_eq!(
        json_of(&reply)["params"]["text"],
        "HI",
        "it keeps its files"
    );
}

#[test]
fn what_is_wrong_is_said_with_its_reason_and_the_way_on_in_chinese() {
    for (args, code, part) in [
        (
            &["send", "/dev/x", "onbon-k", "nope"][..],
            2,
            "display-driver commands onbon-k",
        ),
        (
            &["send", "/dev/x", "alpha", "write-string"],
            1,
            "缺少字段 `label`",
        ),
        (
            &["send", "/dev/x", "onbon-k", "ping", "--params", "{"],
            2,
            "第 1 行第 1 个字节",
        ),
        (&["status", "/dev/x", "--baud", "0"], 2, "波特率应在 300 到"),
        (
            &["preview", "停", "--size", "9x9", "--out", "x"],
            2,
            "如 192x16",
        ),
        (
            &["simulate", "--link", "x", "--noise", "1001"],
            2,
            "0 到 1000 之间",
        ),
        (&["serve", "--config", "/nonexistent"], 1, "没有这个文件"),
        (&["status", "tcp:card"], 2, "tcp:主机:端口"),
    ] {
        let (_, said, exit) = run(args);
        assert!(
            exit == code && said.contains(part),
            "{args:?}: {exit} {said}"
        );
    }
}

#[test]
fn faults_are_typed_while_it_runs_and_taken_back() {
    let mut line = Simulation::start(&["--seed", "3"]);
    let port = line.port();
    let ping = ["send", port.as_str(), "onbon-k", "ping"];
    assert_eq!(run(&ping).2, 0);
    line.type_line("lost-ack once");
    assert_eq!(run(&ping).2, 1, "the answer was lost");
    assert_eq!(run(&ping).2, 0);
    line.type_line("bad-check once");
    let (_, said, code) = run(&ping);
    assert!(code == 1 && said.contains("不是完整的帧"), "{said}");
    line.type_line("noise 1000");
    assert_eq!(run(&ping).2, 1);
    line.type_line("calm");
    assert_eq!(run(&ping).2, 0);
    line.type_line("unplug 5");
    until("it is pulled out", || !Path::new(&port).exists());
    assert!(run(&ping).1.contains("没有端口"));
    until("it is plugged in again", || Path::new(&port).exists());
    assert_eq!(run(&ping).2, 0);
}

#[test]
fn the_live_page_shows_every_board() {
    let mut line = Simulation::start(&["--http", "127.0.0.1:0", "--width", "64", "--height", "16"]);
    let address = line.until_said("画面在");
    let address = address
        .trim_start_matches("画面在 http://")
        .trim_end_matches('/')
        .to_owned();
    let get = |path: &str| {
        let mut stream = TcpStream::connect(&address).expect("a page");
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nhost: hall\r\nconnection: close\r\n\r\n"
        )
        .expect("a request");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("an answer");
        answer
    };
    until("the page has the board", || {
        let page = String::from_utf8(get("/")).expect("UTF-8");
        page.starts_with("HTTP/1.1 200") && page.contains("/board/1.png")
    });
    let dark = get("/board/1.png");
    assert!(dark.windows(8).any(|bytes| bytes == b"\x89PNG\r\n\x1a\n"));
    assert!(get("/board/2.png").starts_with(b"HTTP/1.1 404"));
    let area = json!({"areas": [{
        "x": {"px": 0}, "y": 0, "width": {"px": 64}, "height": 16, "id": 0, "lines": 1,
        "wrap": 1, "display_mode": 1, "text": "A012",
    }]});
    assert_eq!(
        run(&[
            "send",
            &line.port(),
            "onbon-k",
            "dynamic-area",
            "--params",
            &area.to_string()
        ])
        .2,
        0
    );
    until("the dots are live", || get("/board/1.png") != dark);
}

#[test]
fn a_preview_has_the_boards_pages_and_says_what_does_not_fit_or_cannot_be_drawn() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("p.png");
    let path = out.to_str().expect("UTF-8");
    let width = |name: &str| {
        let file = std::fs::File::open(folder.path().join(name)).expect(name);
        let reader = png::Decoder::new(BufReader::new(file))
            .read_info()
            .expect("a PNG");
        (reader.info().width, reader.info().height)
    };
    let preview = |text: &str, more: &[&str]| {
        let args = ["preview", text, "--size", "64x16", "--out", path];
        run(&[&args[..], more].concat())
    };
    assert_eq!(preview("停电", &["--colour", "red"]).2, 0);
    assert_eq!(width("p.png"), (256, 64));
    let (names, _, code) = preview("周五下午停止办理", &[]);
    assert_eq!((names.lines().count(), code), (2, 0));
    assert_eq!((width("p-1.png"), width("p-2.png")), ((256, 64), (256, 64)));
    assert_eq!(preview("周五下午停止办理", &["--tall"]).2, 0);
    assert_eq!(width("p.png"), (256, (16 * 2 + 4) * 4));
    let (_, said, code) = preview("周五下午停止办理", &["--pages", "1"]);
    assert!(code == 1 && said.contains("全文要 2 页"), "{said}");
    let (_, said, code) = preview("㛃\u{10FFFF}", &[]);
    assert!(
        code == 1 && said.contains("屏上没有的字") && said.contains("㛃"),
        "{said}"
    );
    assert_eq!(preview("停电", &["--colour", "blue"]).2, 2);
}

#[test]
fn every_verb_has_help_in_chinese_with_an_example() {
    for verb in [
        "encode", "decode", "commands", "discover", "send", "status", "preview", "simulate",
        "serve", "store", "lock",
    ] {
        let (help, _, code) = run(&[verb, "--help"]);
        assert_eq!(code, 0);
        assert!(
            help.contains("用法：") && help.contains("例：display-driver "),
            "{help}"
        );
        assert!(
            ["Options", "Usage", "Possible", "default"]
                .iter()
                .all(|english| !help.contains(english)),
            "{help}"
        );
    }
    let (_, said, code) = run(&["status", "tcp:nowhere"]);
    assert!(code == 2 && said.contains("tcp:nowhere"), "{said}");
    assert_eq!(run(&["ports"]).2, 0);
}
