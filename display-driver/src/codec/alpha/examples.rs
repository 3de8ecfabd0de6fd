//! One example of every command: the list of the command line, and what names exist.

use serde_json::{Value, json};

use super::address::OwnAddress;
use super::clock::{HourMinute, ShortDate};
use super::document::{ACK, NAK, SEVERAL, UNKNOWN, value_of};
use super::dots::{Dots, LargeDots, PictureSize};
use super::file::FileCommand;
use super::function::{
    Answers, Function, Nibble, RunLabels, RunOrder, Sound, Speaker, TimeFormat, Weekday,
};
use super::label::Label;
use super::look::{Mode, PlainMode, Position};
use super::memory::{DotColours, Holds, Keyboard, MemoryFile, TimeCode};
use super::text::Text;

/// Every command with what it does and example parameters that [`super::document::encode`] accepts.
#[must_use]
pub fn examples() -> Vec<(String, &'static str, Value)> {
    let files = file_examples()
        .into_iter()
        .map(|(example, what)| (value_of(&example), what));
    let functions = function_examples()
        .into_iter()
        .map(|(example, what)| (value_of(&example), what));
    let mut listed: Vec<_> = files
        .chain(functions)
        .map(|(mut document, what)| (name_of(&document), what, document["params"].take()))
        .collect();
    listed.extend(other_examples().map(|(name, what, params)| (name.to_owned(), what, params)));
    listed
}

fn other_examples() -> [(&'static str, &'static str, Value); 4] {
    let commands = json!([
        {"command": "write-string", "params": {"label": "S", "text": "1"}},
        {"command": "write-string", "params": {"label": "T", "text": "2"}},
    ]);
    [
        (
            SEVERAL,
            "一包几条命令；check：sum、etx、none（只可最后）",
            json!({"commands": commands}),
        ),
        (ACK, "屏的肯定答复", json!({"faults": []})),
        (
            NAK,
            "屏的否定答复，faults 为状态寄存器",
            json!({"faults": ["checksum"]}),
        ),
        (UNKNOWN, "未列出的命令，原样数据", json!({"data": "4522"})),
    ]
}

/// Whether a command about a file has that name.
pub(super) fn is_file_command(name: &str) -> bool {
    let mut examples = file_examples().into_iter();
    examples.any(|(example, _)| name_of(&value_of(&example)) == name)
}

/// Whether a special function has that name.
pub(super) fn is_function(name: &str) -> bool {
    let mut examples = function_examples().into_iter();
    examples.any(|(example, _)| name_of(&value_of(&example)) == name)
}

fn name_of(document: &Value) -> String {
    document["command"].as_str().unwrap_or(UNKNOWN).to_owned()
}

fn file_examples() -> Vec<(FileCommand, &'static str)> {
    let label = label('A');
    let write = FileCommand::WriteText {
        label,
        position: Position::Fill,
        mode: Mode::Plain(PlainMode::Hold),
        text: text("{red}NOW SERVING {string:S}"),
    };
    let string = FileCommand::WriteString {
        label: self::label('S'),
        text: text("A012"),
    };
    let picture = self::label('P');
    let rows =
        Dots::of_signs(&["R.G", ".A."]).expect("two rows of three dots, because so it is written");
    let dots = FileCommand::WriteSmallDots {
        label: picture,
        rows,
    };
    vec![
        (write, "写文本文件；文件 0 优先于一切，A 不必先设存储"),
        (
            FileCommand::ReleasePriority {},
            "撤下优先文件 0，恢复原来的内容",
        ),
        (FileCommand::ReadText { label }, "读文本文件"),
        (
            string,
            "写字符串文件（125 字节以内，不闪屏），文本里用 {string:S} 引用",
        ),
        (
            FileCommand::ReadString {
                label: self::label('S'),
            },
            "读字符串文件",
        ),
        (
            dots,
            "写小点阵图（31 行 255 列以内，汉字用它），文本里用 {picture:P} 引用",
        ),
        (FileCommand::ReadSmallDots { label: picture }, "读小点阵图"),
        (
            FileCommand::WriteLargeDots {
                label: picture,
                rows: large_example(),
            },
            "写大点阵图，每边最多四位十六进制数，不用行程压缩",
        ),
        (FileCommand::ReadLargeDots { label: picture }, "读大点阵图"),
    ]
}

fn large_example() -> LargeDots {
    let rows = ["R.G", ".A."].map(str::to_owned).to_vec();
    LargeDots::try_from(rows).expect("two rows of three dots, because so it is written")
}

fn function_examples() -> Vec<(Function, &'static str)> {
    let mut examples = clock_examples();
    examples.extend(memory_examples());
    examples.extend(sign_examples());
    examples
}

fn clock_examples() -> Vec<(Function, &'static str)> {
    let time = HourMinute::new(8, 30).expect("a time, because so it is written");
    let date = ShortDate::new(26, 3, 9).expect("a date, because so it is written");
    let format = TimeFormat::TwentyFourHours;
    let weekday = Weekday::Monday;
    vec![
        (Function::SetTime { time }, "校时"),
        (Function::SetDate { date }, "设日期：年-月-日"),
        (Function::SetWeekday { weekday }, "设星期"),
        (Function::SetTimeFormat { format }, "时间显示 12h 或 24h"),
    ]
}

fn memory_examples() -> Vec<(Function, &'static str)> {
    let (start, stop) = (TimeCode::ALWAYS, TimeCode::ALWAYS);
    let (size, colours) = (
        PictureSize::new(16, 80).expect("a size, because so it is written"),
        DotColours::Eight,
    );
    let file = |name, holds| MemoryFile {
        label: label(name),
        keyboard: Keyboard::Locked,
        holds,
    };
    let files = vec![
        file(
            'A',
            Holds::Text {
                bytes: 256,
                start,
                stop,
            },
        ),
        file('S', Holds::String { bytes: 16 }),
        file('P', Holds::Dots { size, colours }),
    ];
    let run = Function::SetRunTime {
        label: label('A'),
        start: TimeCode::new(51).expect("half past eight, because there are 144 steps"),
        stop: TimeCode::new(105).expect("half past five, because there are 144 steps"),
    };
    let sequence = Function::SetRunSequence {
        order: RunOrder::InOrder,
        keyboard: Keyboard::Locked,
        labels: RunLabels(vec![label('A')]),
    };
    vec![
        (Function::ClearMemory {}, "清空存储：所有文件丢失"),
        (
            Function::ConfigureMemory { files },
            "设存储：原有文件丢失；先 clear-memory，等 2 秒",
        ),
        (run, "文本文件的显示时段，整十分钟"),
        (sequence, "文本文件的轮播次序"),
    ]
}

fn sign_examples() -> Vec<(Function, &'static str)> {
    let nibble = |value| Nibble::new(value).expect("below sixteen, because so it is written");
    let sound = Sound::Tone {
        frequency: 0x40,
        duration: nibble(5),
        repeat: nibble(1),
    };
    let (speaker, answers) = (Speaker::On, Answers::On);
    let address = OwnAddress(1);
    vec![
        (Function::SetSpeaker { speaker }, "开关喇叭"),
        (
            Function::Sound { sound },
            "发声：long-beep、three-beeps 或 tone；只可是最后一条，其后等 3 秒",
        ),
        (Function::SoftReset {}, "软复位：存储保留"),
        (Function::ClearSerialErrors {}, "清除串口错误"),
        (
            Function::SetAddress { address },
            "设屏的地址，两个十六进制数字",
        ),
        (
            Function::SetAnswers { answers },
            "写命令是否答复（仅 Alpha 2.0、3.0）",
        ),
        (
            Function::ReadFunction {
                function: label('$'),
            },
            "读特殊功能，如 $ 存储、. 次序、) 时段",
        ),
    ]
}

fn label(name: char) -> Label {
    Label::try_from(name).expect("a label, because so it is written")
}

fn text(printed: &str) -> Text {
    Text::try_from(printed.to_owned()).expect("a text, because so it is written")
}
