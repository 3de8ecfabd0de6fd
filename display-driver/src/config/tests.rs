//! Good files are read, and each fault names its line, port or board.

use super::*;
use crate::line_format::LineFormat;

const GOOD: &str = r#"
[[port]]
path = "/dev/ttyS0"

[[port.board]]
id = "hall-1"
name = "大厅主屏"
family = "onbon-k"
address = 1
width = 192
height = 32
colour = "two"
"#;

fn fault(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from));
    parse(&GOOD.replacen(from, to, 1))
        .expect_err("a wrong file")
        .to_string()
}

#[test]
fn a_good_file_is_read_with_the_usual_baud_rate() {
    let config = parse(GOOD).expect("a good file");
    assert_eq!(config.ports[0].line.baud, 57_600);
    assert!(config.ports[0].boards[0].settings().has_green);
}

#[test]
fn faults_name_their_line_or_board_and_field() {
    assert_eq!(
        fault("width = 192", "width = \"wide\"").split('：').next(),
        Some("第 10 行有误")
    );
    assert!(fault("family = \"onbon-k\"", "family = \"beta\"").starts_with("第 8 行有误：没有"));
    assert!(fault("name =", "nam =").contains("没有字段"));
    assert!(fault("address = 1", "address = 0").starts_with("屏 hall-1 的 address 不对"));
    assert!(fault("height = 32", "height = 8").starts_with("屏 hall-1 的 height 不对"));
    let port = fault("path = \"/dev/ttyS0\"", "path = \"/dev/ttyS0\"\nbaud = 300");
    assert!(port.starts_with("串口 /dev/ttyS0 的 baud 不对"));
}

#[test]
fn a_port_is_serial_with_a_format_or_tcp() {
    let serial = GOOD.replace("/dev/ttyS0\"", "/dev/ttyS0\"\nformat = \"8N2\"");
    let line = parse(&serial).expect("a good file").ports[0].line.clone();
    assert_eq!(line.format, LineFormat::EightNoneTwo);
    let tcp = GOOD.replace("path = \"/dev/ttyS0\"", "tcp = \"192.168.1.50:5005\"");
    let address = parse(&tcp).expect("a good file").ports[0]
        .line
        .address
        .to_string();
    assert_eq!(address, "tcp:192.168.1.50:5005");
}

#[test]
fn faults_of_a_port_name_the_port_and_the_field() {
    const PATH: &str = "path = \"/dev/ttyS0\"";
    let with = |lines: &str| fault(PATH, lines);
    let both = with("path = \"/dev/ttyS0\"\ntcp = \"card:5005\"");
    assert_eq!(both, "第 1 个端口 的 tcp 不对：path 和 tcp 只能写一个。");
    assert_eq!(with(""), "第 1 个端口 的 path 不对：path 和 tcp 要写一个。");
    assert!(with("tcp = \"card\"").starts_with("第 1 个端口 的 tcp 不对：card 应写成"));
    let framed = with("tcp = \"card:5005\"\nformat = \"8N1\"");
    assert!(
        framed.starts_with("端口 tcp:card:5005 的 format 不对"),
        "{framed}"
    );
    assert!(with("path = \"/dev/ttyS0\"\nformat = \"9N1\"").starts_with("第 4 行有误：没有"));
    let seven = with("path = \"/dev/ttyS0\"\nformat = \"7E1\"");
    assert!(
        seven.contains("format 不对：onbon-k 卡的字节有八位"),
        "{seven}"
    );
    let twice = parse(&format!("{GOOD}{}", GOOD.replace("hall-1", "hall-2")));
    let twice = twice.expect_err("one port").to_string();
    assert!(twice.starts_with("端口 /dev/ttyS0 的 path 不对"), "{twice}");
}

#[test]
fn an_alpha_sign_is_silent_unless_it_is_said_otherwise() {
    let alpha = GOOD
        .replace("onbon-k", "alpha")
        .replace("height = 32", "height = 16");
    let line = parse(&alpha).expect("a good file").ports[0].line.clone();
    assert_eq!((line.baud, line.format), (9_600, LineFormat::SevenEvenOne));
    let talk = |text: &str| match parse(text).expect("a good file").ports[0].boards[0]
        .line()
        .speech
    {
        Speech::Alpha(sign) => sign.talk,
        Speech::OnbonK => panic!("expected a sign"),
    };
    assert_eq!(talk(&alpha), Talk::AnswersReads);
    assert_eq!(
        talk(&format!("{alpha}acknowledges = true\n")),
        Talk::Acknowledges
    );
    assert_eq!(talk(&format!("{alpha}reads = false\n")), Talk::Mute);
    let refused = |text: &str| parse(text).expect_err("a wrong file").to_string();
    assert!(refused(&alpha.replace("address = 1", "address = 256")).contains("1 到 255"));
    assert!(refused(&alpha.replace("= 16", "= 32")).contains("height 不对"));
    assert!(refused(&alpha.replace("= 192", "= 256")).contains("width 不对"));
    let both = format!("{alpha}acknowledges = true\nreads = false\n");
    assert!(refused(&both).contains("reads 不对"));
    let at = |baud: u32| alpha.replace("ttyS0\"", &format!("ttyS0\"\nbaud = {baud}"));
    assert_eq!(parse(&at(4_800)).expect("a rate").ports[0].line.baud, 4_800);
    let fast = refused(&at(57_600));
    assert!(fast.contains("alpha 屏没有 57600 这种波特率"), "{fast}");
    assert!(refused(&format!("{GOOD}acknowledges = true\n")).contains("只用于 alpha"));
}

#[test]
fn boards_of_two_families_cannot_share_a_port() {
    let board = &GOOD[GOOD.find("[[port.board]]").expect("a board")..];
    let sign = board
        .replace("hall-1", "hall-2")
        .replace("address = 1", "address = 2")
        .replace("onbon-k", "alpha");
    let refused = parse(&format!("{GOOD}{sign}")).expect_err("two families");
    assert!(refused.to_string().contains("同一种协议"), "{refused}");
}

#[test]
fn two_boards_cannot_share_an_id_or_an_address() {
    let board = &GOOD[GOOD.find("[[port.board]]").expect("a board")..];
    let same_address = format!("{GOOD}{}", board.replace("hall-1", "hall-2"));
    assert!(
        parse(&same_address)
            .expect_err("one address")
            .to_string()
            .contains("屏号 1 重复")
    );
    let same_id = format!("{GOOD}{}", board.replace("address = 1", "address = 2"));
    assert!(
        parse(&same_id)
            .expect_err("one id")
            .to_string()
            .contains("重复")
    );
}
