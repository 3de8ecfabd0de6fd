//! Good files are read, and each fault names its line, port or board.

use chrono::NaiveDate;
use wire::board::Plays;

use super::*;
use crate::codec::Talk;
use crate::line_format::LineFormat;
use crate::playlist::Play;

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

fn parse(text: &str) -> Result<BoardsConfig, ConfigError> {
    let today = NaiveDate::from_ymd_opt(2026, 11, 27).expect("a date");
    super::parse(text, today)
}

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
    assert!(config.ports[0].boards[0].simulation().has_green);
}

#[test]
fn faults_name_their_line_or_board_and_field() {
    assert_eq!(
        fault("width = 192", "width = \"wide\"").split('：').next(),
        Some("第 10 行有误")
    );
    assert!(fault("family = \"onbon-k\"", "family = \"beta\"").starts_with("第 8 行有误：没有"));
    assert!(fault("name =", "nam =").contains("没有字段"));
    assert!(fault("address = 1", "address = 0").starts_with("第 9 行，屏 hall-1 的 address 不对"));
    assert!(fault("height = 32", "height = 8").starts_with("第 11 行，屏 hall-1 的 height 不对"));
    let port = fault("path = \"/dev/ttyS0\"", "path = \"/dev/ttyS0\"\nbaud = 300");
    assert!(port.starts_with("第 4 行，串口 /dev/ttyS0 的 baud 不对"));
}

#[test]
fn a_port_is_serial_with_a_format_or_tcp() {
    let serial = GOOD.replace("/dev/ttyS0\"", "/dev/ttyS0\"\nformat = \"8N2\"");
    let line = parse(&serial).expect("a good file").ports[0].line.clone();
    assert_eq!(line.format, LineFormat::EightNoneTwo);
    assert_eq!(line.wires, crate::port::Wires::default());
    let wired = serial.replace("format =", "dtr = false\nlow_latency = true\nformat =");
    let wires = parse(&wired).expect("a good file").ports[0].line.wires;
    assert_eq!(
        (wires.dtr, wires.rts, wires.has_low_latency),
        (Some(false), None, true)
    );
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
    assert_eq!(
        both,
        "第 4 行，第 1 个端口 的 tcp 不对：path 和 tcp 只能写一个。"
    );
    assert_eq!(
        with(""),
        "第 6 行，第 1 个端口 的 path 不对：path 和 tcp 要写一个。"
    );
    assert!(with("tcp = \"card\"").starts_with("第 3 行，第 1 个端口 的 tcp 不对：card 应写成"));
    let low = with("tcp = \"card:5005\"\nlow_latency = true");
    assert!(low.contains("low_latency 不对"), "{low}");
    let framed = with("tcp = \"card:5005\"\nformat = \"8N1\"");
    assert!(
        framed.starts_with("第 4 行，端口 tcp:card:5005 的 format 不对"),
        "{framed}"
    );
    assert!(with("path = \"/dev/ttyS0\"\nformat = \"9N1\"").starts_with("第 4 行有误：没有"));
    let seven = with("path = \"/dev/ttyS0\"\nformat = \"7E1\"");
    assert!(
        seven.contains("format 不对：onbon-k 屏只能用 8N1、8E1、8N2"),
        "{seven}"
    );
    let twice = parse(&format!("{GOOD}{}", GOOD.replace("hall-1", "hall-2")));
    let twice = twice.expect_err("one port").to_string();
    assert!(
        twice.starts_with("第 15 行，端口 /dev/ttyS0 的 path 不对"),
        "{twice}"
    );
}

#[test]
fn an_alpha_sign_is_silent_unless_it_is_said_otherwise() {
    let alpha = GOOD
        .replace("onbon-k", "alpha")
        .replace("height = 32", "height = 16");
    let line = parse(&alpha).expect("a good file").ports[0].line.clone();
    assert_eq!((line.baud, line.format), (9_600, LineFormat::SevenEvenOne));
    let talk = |text: &str| {
        let config = parse(text).expect("a good file");
        config.ports[0].boards[0].line().speech.talk
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

/// The board under a name of its own.
fn renamed(board: &str) -> String {
    board.replace("大厅主屏", "大厅副屏")
}

#[test]
fn boards_of_two_families_cannot_share_a_port() {
    let board = &GOOD[GOOD.find("[[port.board]]").expect("a board")..];
    let sign = renamed(board)
        .replace("hall-1", "hall-2")
        .replace("address = 1", "address = 2")
        .replace("onbon-k", "alpha");
    let refused = parse(&format!("{GOOD}{sign}")).expect_err("two families");
    assert!(refused.to_string().contains("同一种协议"), "{refused}");
}

#[test]
fn two_boards_cannot_share_an_id_a_name_or_an_address() {
    let board = &GOOD[GOOD.find("[[port.board]]").expect("a board")..];
    let other = |board: &str| board.replace("hall-1", "hall-2");
    let same_address = format!("{GOOD}{}", renamed(&other(board)));
    let same_name = format!(
        "{GOOD}{}",
        other(board).replace("address = 1", "address = 2")
    );
    let refused = parse(&same_name).expect_err("one name").to_string();
    assert!(refused.contains("重名"), "{refused}");
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

/// A board of 192 × 64 dots cut into two, with a list for the upper zone.
const ZONED: &str = r#"
[[port]]
path = "/dev/ttyS0"

[[port.board]]
id = "LED-01"
name = "大厅主屏"
family = "onbon-k"
address = 1
width = 192
height = 64
colour = "two"
lit = ["07:30-18:30"]
lit_days = "working"

[[port.board.zone]]
x = 0
y = 0
width = 192
height = 48
list = "岗位"
calls = true

[[port.board.zone]]
x = 0
y = 48
width = 192
height = 16
[[port.board.zone.item]]
play = "clock"
[[port.board.zone.item]]
play = "text"
text = "欢迎来办事"
weekdays = ["周一", "周五"]

[[list]]
name = "岗位"
[[list.item]]
play = "vacancies"
words = ["电工", "焊工"]
pay_from = 5000
forms = ["全职", "零工"]
newest = 10
template = "{岗位} {工资}\n{地点} {人数}"
times = ["08:30-12:00", "14:00-17:30"]
days = "working"
dwell = 10
effect = "up"
[[list.item]]
play = "policies"
from = 2026-11-01
to = 2026-12-31
"#;

fn zoned(from: &str, to: &str) -> String {
    assert!(ZONED.contains(from), "{from}");
    let refused = parse(&ZONED.replacen(from, to, 1));
    refused.expect_err("a wrong file").to_string()
}

#[test]
fn zones_lists_and_times_are_read() {
    let config = parse(ZONED).expect("a good file");
    let plan = &config.ports[0].boards[0].plan;
    assert_eq!((plan.zones.len(), plan.takes_calls), (2, true));
    assert_eq!([0, 1].map(|zone| plan.frame(zone).area.0), [1, 2]);
    assert_eq!(
        [0, 1].map(|zone| plan.zones[zone].takes_calls),
        [true, false]
    );
    let item = &plan.zones[0].items[0];
    let Play::Vacancies { query, template } = &item.play else {
        panic!("expected vacancies");
    };
    assert_eq!(
        (query.words.len(), query.newest, query.forms.len()),
        (2, 10, 2)
    );
    assert!(template.is_some());
    assert_eq!(
        (
            item.when.times.len(),
            item.dwell.map(|dwell| dwell.as_secs())
        ),
        (2, Some(10))
    );
    let described = config.ports[0].boards[0].description();
    assert_eq!(described.board, "LED-01");
    assert_eq!(
        described.zones[0].plays,
        [Plays::Vacancies, Plays::Policies]
    );
    assert_eq!(described.zones[1].plays, [Plays::Clock, Plays::Text]);
}

#[test]
fn a_board_without_zones_is_one_zone_that_plays_what_it_shows() {
    let short = GOOD.to_owned() + "shows = [\"vacancies\", \"notices\"]\nwindow = 3\n";
    let config = parse(&short).expect("a good file");
    let plan = &config.ports[0].boards[0].plan;
    assert_eq!(plan.frame(0), plan.whole());
    assert!(!plan.takes_calls);
    let kinds = [
        Plays::Window,
        Plays::Vacancies,
        Plays::Notices,
        Plays::Publicity,
        Plays::Slogans,
    ];
    assert_eq!(plan.kinds(0), kinds);
}

#[test]
fn a_zone_that_cannot_be_is_refused_at_its_line() {
    let lower = "y = 48\nwidth = 192\nheight = 16";
    let cases = [
        (
            lower,
            "y = 40\nwidth = 192\nheight = 16",
            "第 25 行，屏 LED-01 第 2 个区 的 x 不对：和第 1 个区重叠",
        ),
        (
            lower,
            "y = 48\nwidth = 193\nheight = 16",
            "第 27 行，屏 LED-01 第 2 个区 的 width 不对：超出了屏的右边",
        ),
        (
            lower,
            "y = 49\nwidth = 192\nheight = 16",
            "第 28 行，屏 LED-01 第 2 个区 的 height 不对：超出了屏的下边",
        ),
        (
            lower,
            "y = 48\nwidth = 192\nheight = 15",
            "第 28 行，屏 LED-01 第 2 个区 的 height 不对：至少 16 点",
        ),
        (
            "list = \"岗位\"",
            "list = \"岗\"",
            "第 21 行，屏 LED-01 第 1 个区 的 list 不对：没有叫“岗”的列表，有 岗位",
        ),
        (
            "x = 0\ny = 48",
            "calls = true\nx = 0\ny = 48",
            "一块屏只有一个区放叫号",
        ),
        (
            "colour = \"two\"",
            "colour = \"two\"\nshows = []",
            "第 13 行，屏 LED-01 的 shows 不对",
        ),
        (
            "lit = [\"07:30-18:30\"]",
            "lit = [\"18:30-07:30\"]",
            "第 13 行，屏 LED-01 的 lit 不对",
        ),
    ];
    for (from, to, told) in cases {
        let fault = zoned(from, to);
        assert!(fault.contains(told), "{fault}");
    }
}

#[test]
fn more_zones_than_the_smallest_card_has_areas_are_refused() {
    let zone = |x: u16| {
        format!(
            "[[port.board.zone]]\nx = {x}\ny = 0\nwidth = 32\nheight = 16\n[[port.board.zone.item]]\nplay = \"policies\"\n"
        )
    };
    let board = |count: u16| {
        let zones: String = (0..count).map(|number| zone(number * 32)).collect();
        parse(&format!("{GOOD}\n{zones}"))
    };
    assert!(board(4).is_ok());
    let fault = board(5).expect_err("too many").to_string();
    assert!(fault.contains("最多分 4 个区"), "{fault}");
}

#[test]
fn an_item_that_can_never_play_or_that_a_zone_cannot_show_is_refused_at_its_line() {
    let clock = "play = \"clock\"";
    let cases = [
        (
            clock,
            "play = \"qr\"",
            "第 30 行，屏 LED-01 第 2 个区 的 play 不对：二维码至少要 64×64 点",
        ),
        (
            clock,
            "play = \"waiting\"",
            "第 30 行，屏 LED-01 第 2 个区 的 play 不对：等候名单至少要两行字",
        ),
        (clock, "play = \"window\"", "这块屏没有写 window"),
        (
            clock,
            "play = \"text\"",
            "第 30 行，屏 LED-01 第 2 个区 的 text 不对：要写上屏的文字",
        ),
        (
            "weekdays = [\"周一\", \"周五\"]",
            "weekdays = []",
            "第 34 行，屏 LED-01 第 2 个区 的 weekdays 不对",
        ),
        (
            "times = [\"08:30-12:00\", \"14:00-17:30\"]",
            "times = []",
            "列表 岗位 的 times 不对：是空的，永远放不出来",
        ),
        (
            "to = 2026-12-31",
            "to = 2026-10-31",
            "列表 岗位 的 to 不对：最后一天 2026-10-31 在第一天 2026-11-01 之前",
        ),
        (
            "dwell = 10",
            "dwell = 3",
            "列表 岗位 的 dwell 不对：每页停 8 到 600 秒",
        ),
        (
            "{工资}",
            "{薪水}",
            "列表 岗位 的 template 不对：模板里没有“{薪水}”这一项",
        ),
        (
            "text = \"欢迎来办事\"",
            "text = \"欢迎\"\nnewest = 3",
            "的 newest 不对：只用于 play = \"vacancies\" 的项",
        ),
        ("effect = \"up\"", "effect = \"left\"", "有误：没有"),
    ];
    for (from, to, told) in cases {
        let fault = zoned(from, to);
        assert!(fault.contains(told), "{fault}");
    }
    let tall = ZONED
        .replace("height = 64", "height = 128")
        .replace("height = 16", "height = 64");
    let code = parse(&tall.replace(clock, "play = \"qr\"")).expect_err("no family can");
    assert!(code.to_string().contains("字库卡"), "{code}");
}

#[test]
fn an_item_whose_last_day_is_over_is_left_out_and_told_with_its_line() {
    let over = ZONED.replace("from = 2026-11-01\nto = 2026-12-31", "to = 2026-11-26");
    let config = parse(&over).expect("the rest is good");
    assert_eq!(config.ports[0].boards[0].plan.zones[0].items.len(), 1);
    let told: Vec<String> = config.overdue.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 1);
    assert!(told[0].contains("最后一天 2026-11-26 已经过了"), "{told:?}");
}

#[test]
fn an_alpha_sign_has_one_zone() {
    let alpha = GOOD
        .replace("onbon-k", "alpha")
        .replace("height = 32", "height = 16");
    let zone = |width: u16| {
        let item = "[[port.board.zone.item]]\nplay = \"clock\"";
        format!("[[port.board.zone]]\nx = 0\ny = 0\nwidth = {width}\nheight = 16\n{item}\n")
    };
    assert!(parse(&format!("{alpha}{}", zone(192))).is_ok());
    let fault = |zones: String| {
        parse(&format!("{alpha}{zones}"))
            .expect_err("one zone")
            .to_string()
    };
    assert!(fault(zone(96)).contains("alpha 屏的区就是整块屏"));
    assert!(fault(zone(192) + &zone(192)).contains("alpha 屏只有一个区"));
}

#[test]
fn the_file_of_the_demo_is_a_good_one() {
    let boards = include_str!("../../../assets/demo/boards.toml");
    let config = parse(&format!("[[port]]\npath = \"line\"\n{boards}")).expect("a good file");
    let ids: Vec<&str> = config.ports[0]
        .boards
        .iter()
        .map(|board| board.id().0.as_str())
        .collect();
    assert_eq!(ids, ["LED-01", "LED-02", "LED-03"]);
    assert!(config.overdue.is_empty());
}
