//! One example of every listed command: the list of the command line, and what names exist.

use serde::Serialize;
use serde_json::{Value, json};

use super::area::{self, Area, Extent};
use super::clock::Clock;
use super::command::{Brightness, Command, Deletes, DynamicArea, PowerPeriod};
use super::document::{PROGRAM, UNKNOWN, value_of};
use super::message::{ReplyBody, Status};
use super::program::{AreaLength, FOR_EVER, Program};
use super::text::EncodedText;
use crate::codec::{FileName, Font};

/// Every command with what it does and example parameters that [`super::document::encode`] accepts.
#[must_use]
pub fn examples() -> Vec<(String, &'static str, Value)> {
    let requests = request_examples()
        .into_iter()
        .map(|(example, what)| (value_of(&example), what));
    let replies = reply_examples()
        .into_iter()
        .map(|(example, what)| (value_of(&example), what));
    let mut listed: Vec<_> = requests
        .chain(replies)
        .map(|(mut document, what)| {
            let name = document["command"].as_str().unwrap_or(UNKNOWN).to_owned();
            (name, what, document["params"].take())
        })
        .collect();
    listed.push((
        PROGRAM.to_owned(),
        "节目文件，不是一帧；用 store 存到卡上",
        value_of(&example_program()),
    ));
    listed.push((
        UNKNOWN.to_owned(),
        "未列出的命令，原样数据",
        json!({"data": "a401010000"}),
    ));
    listed
}

/// Whether a command of the host has that name.
pub(super) fn is_request(name: &str) -> bool {
    request_examples()
        .iter()
        .any(|(example, _)| name_of(example) == name)
}

/// Whether a reply of a card has that name.
pub(super) fn is_reply(name: &str) -> bool {
    reply_examples()
        .iter()
        .any(|(example, _)| name_of(example) == name)
}

fn name_of<T: Serialize>(example: &T) -> String {
    value_of(example)["command"]
        .as_str()
        .unwrap_or(UNKNOWN)
        .to_owned()
}

fn request_examples() -> Vec<(Command, &'static str)> {
    let mut examples = everyday_examples();
    examples.extend(file_examples());
    examples.extend(setup_examples());
    examples
}

fn everyday_examples() -> Vec<(Command, &'static str)> {
    let clock = example_clock();
    let periods = vec![example_period()];
    let level = Brightness::Level(8);
    vec![
        (Command::Ping {}, "探测屏是否在线"),
        (Command::QueryStatus {}, "查询状态"),
        (Command::SetClock { clock }, "校时"),
        (
            Command::Brightness(level),
            "亮度：level 0-15，或 half_hours 48 个",
        ),
        (Command::Power { state: 1 }, "开关屏：1 开，2 关"),
        (Command::TimedPower { periods }, "定时开关屏，BCD"),
        (Command::CancelTimedPower {}, "取消定时开关屏"),
        (Command::ClearScreen {}, "清屏"),
        (Command::DynamicArea(example_update()), "更新或删除动态区"),
    ]
}

fn file_examples() -> Vec<(Command, &'static str)> {
    let name = FileName(*b"P000");
    let (names, data) = (vec![name], vec![0]);
    let (last, block_no, block_addr) = (1, 0, 0);
    let block = Command::FileBlock {
        name,
        last,
        block_no,
        block_addr,
        data,
    };
    let (overwrite, length) = (1, 71);
    let (store, lock) = (0, 1);
    vec![
        (Command::LockProgram { store, lock, name }, "锁定节目"),
        (
            Command::BeginFile {
                overwrite,
                name,
                length,
            },
            "开始写文件",
        ),
        (block, "写文件块"),
        (Command::BeginFiles {}, "开始写多个文件（期间黑屏）"),
        (Command::EndFiles {}, "结束写多个文件"),
        (Command::DeleteFiles { names }, "删除文件，空表示全部节目"),
    ]
}

fn setup_examples() -> Vec<(Command, &'static str)> {
    vec![
        (
            Command::SetScreenNumber { number: 2 },
            "设置屏号（只能广播）",
        ),
        (Command::ReadScreenNumber {}, "读屏号（只能广播）"),
        (
            Command::BootInfo { hide: 1 },
            "开机轮播信息：0 显示，1 隐藏",
        ),
        (Command::ListFonts {}, "列出字库"),
        (Command::ReadParameters {}, "读参数"),
        (Command::Reset {}, "复位：删除固件以外的所有文件"),
        (Command::Format {}, "格式化：字库也会丢失"),
    ]
}

fn reply_examples() -> Vec<(ReplyBody, &'static str)> {
    let status = Status {
        power: 1,
        brightness: 15,
        clock: example_clock(),
        programs: 1,
        current_program: FileName(*b"P000"),
        special_area: 0,
        special_pages: 0,
        dynamic_ids: vec![0],
        bar_code: [0; 16],
        custom_net_id: [0; 12],
    };
    vec![
        (ReplyBody::Ack {}, "屏的肯定答复"),
        (ReplyBody::Nack {}, "屏的否定答复，error 为错误码"),
        (ReplyBody::StatusReply(Box::new(status)), "屏的状态答复"),
        (
            ReplyBody::FileBlockReply { next_addr: 512 },
            "屏的文件块答复",
        ),
        (ReplyBody::ScreenNumberReply { number: 1 }, "屏的屏号答复"),
        (
            ReplyBody::FontsReply {
                fonts: vec![Font {
                    kind: 1,
                    width: 16,
                    height: 16,
                }],
            },
            "屏的字库答复",
        ),
    ]
}

fn example_clock() -> Clock {
    Clock::from_setting_order([0x26, 0x20, 0x03, 0x09, 0x08, 0x30, 0x00, 0x01])
}

fn example_period() -> PowerPeriod {
    PowerPeriod {
        on_bcd: [0x08, 0x30],
        off_bcd: [0x17, 0x30],
    }
}

fn example_program() -> Program {
    let area = example_update().areas.into_iter().map(|area| Area {
        // In a program file every area has this number.
        id: 0xFF,
        ..area
    });
    Program {
        name: FileName(*b"P000"),
        priority: 0xFF,
        display: 0,
        play_times: 1,
        life: FOR_EVER,
        week: 1,
        timed: 0,
        period: None,
        area_length: AreaLength::default(),
        areas: area.collect(),
    }
}

fn example_update() -> DynamicArea {
    let mut text = EncodedText::default();
    text.push_code(r"\FO000\C1请A012号到3号窗口");
    DynamicArea {
        process_mode: 0,
        delete: Deletes::None,
        areas: vec![Area {
            area_type: 0,
            x: Extent::Px(0),
            y: 0,
            width: Extent::Px(192),
            height: 16,
            id: 0,
            line_spacing: 0,
            run_mode: area::run_mode::LOOP,
            timeout_s: 0,
            sound: None,
            extension: Vec::new(),
            alignment: area::alignment::LEFT | area::alignment::TOP,
            lines: area::lines::SINGLE,
            wrap: area::wrap::EXPLICIT,
            display_mode: area::display_mode::STATIC,
            exit_mode: 0,
            speed: 0,
            stay_half_s: 10,
            text: text.text,
        }],
    }
}
