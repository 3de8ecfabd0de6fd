//! Round trips over every command: value to bytes and back, document to packet and back.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use super::address::OwnAddress;
use super::clock::{HourMinute, ShortDate};
use super::command::Command;
use super::document::{self, SEVERAL, value_of};
use super::dots::{Dot, Dots, LargeDots, PictureSize};
use super::file::{FileCommand, SHORT_TEXT_BYTES_MAX};
use super::function::{
    Answers, Function, Nibble, RunLabels, RunOrder, Sound, Speaker, TimeFormat, Weekday,
};
use super::label::Label;
use super::look::{Mode, Position};
use super::memory::{DotColours, Holds, Keyboard, MemoryFile, TimeCode};
use super::piece::{Flash, Mark, Piece, Spacing, Speed, Switch, TextColour};
use super::text::Text;
use crate::content::{Align, AreaContent, AreaId, AreaRect, Colour, GlyphSize, Line, Motion};
use crate::render::area::draw_area;
use crate::render::canvas::Canvas;
use crate::render::glyph::GlyphSource;

fn label() -> impl Strategy<Value = Label> {
    (0x20_u8..=0x7E).prop_filter_map("a question mark", Label::new)
}

/// Those that work in strings, too.
fn plain_colours() -> Vec<TextColour> {
    let is_rainbow = |it: &TextColour| it.name().starts_with("rainbow");
    TextColour::ALL
        .iter()
        .copied()
        .filter(|it| !is_rainbow(it))
        .collect()
}

fn piece() -> impl Strategy<Value = Piece> {
    prop_oneof![
        8 => (b' '..=b'}').prop_map(Piece::Character),
        1 => select(Mark::ALL).prop_map(Piece::Mark),
        1 => select(Speed::ALL).prop_map(Piece::Speed),
        1 => select(plain_colours()).prop_map(Piece::Colour),
        1 => select(Flash::ALL).prop_map(Piece::Flash),
        1 => select(Spacing::ALL).prop_map(Piece::Spacing),
        1 => (b'1'..=b'~').prop_map(Piece::CharacterSet),
        1 => (b'0'..=b'9').prop_map(Piece::Date),
        1 => label().prop_map(Piece::InsertString),
        1 => label().prop_map(Piece::InsertPicture),
        1 => (b' '..=b'~', select(Switch::ALL)).prop_map(|(it, on)| Piece::Attribute(it, on)),
    ]
}

/// Texts that fit the priority file and strings: a piece has three bytes at most.
fn text() -> impl Strategy<Value = Text> {
    proptest::collection::vec(piece(), 0..=SHORT_TEXT_BYTES_MAX / 3).prop_map(|pieces| {
        let mut text = Text::default();
        pieces.into_iter().for_each(|piece| text.push(piece));
        text
    })
}

fn picture() -> impl Strategy<Value = Dots> {
    (1_usize..=31, 1_usize..=255, 0_usize..9).prop_map(|(rows, columns, shift)| {
        let sign = |at: usize| Dot::ALL[(at + shift) % Dot::ALL.len()].name();
        let row = |row| (0..columns).map(|at| sign(at * 7 + row)).collect();
        let rows: Vec<String> = (0..rows).map(row).collect();
        Dots::of_signs(&rows).expect("equally long rows")
    })
}

fn large_picture() -> impl Strategy<Value = LargeDots> {
    (1_usize..=40, 1_usize..=300).prop_map(|(rows, columns)| {
        let sign = |at: usize| Dot::ALL[at % Dot::ALL.len()].name();
        let row = |row| (0..columns).map(|at| sign(at * 5 + row)).collect();
        let rows: Vec<String> = (0..rows).map(row).collect();
        LargeDots::try_from(rows).expect("equally long rows")
    })
}

fn file_command() -> impl Strategy<Value = FileCommand> {
    let mode = select(Mode::all().collect::<Vec<_>>());
    let written = (label(), select(Position::ALL), mode, text());
    prop_oneof![
        written.prop_map(|(label, position, mode, text)| FileCommand::WriteText {
            label,
            position,
            mode,
            text
        }),
        Just(FileCommand::ReleasePriority {}),
        label().prop_map(|label| FileCommand::ReadText { label }),
        (label(), text()).prop_map(|(label, text)| FileCommand::WriteString { label, text }),
        label().prop_map(|label| FileCommand::ReadString { label }),
        (label(), picture()).prop_map(|(label, rows)| FileCommand::WriteSmallDots { label, rows }),
        label().prop_map(|label| FileCommand::ReadSmallDots { label }),
        (label(), large_picture())
            .prop_map(|(label, rows)| FileCommand::WriteLargeDots { label, rows }),
        label().prop_map(|label| FileCommand::ReadLargeDots { label }),
    ]
}

fn time_code() -> impl Strategy<Value = TimeCode> {
    any::<u8>().prop_filter_map("no step and no word", TimeCode::new)
}

fn holds() -> impl Strategy<Value = Holds> {
    let size = (1_u8..=31, 1_u8..=255).prop_filter_map("no size", |(r, c)| PictureSize::new(r, c));
    prop_oneof![
        (any::<u16>(), time_code(), time_code()).prop_map(|(bytes, start, stop)| Holds::Text {
            bytes,
            start,
            stop
        }),
        any::<u16>().prop_map(|bytes| Holds::String { bytes }),
        (size, select(DotColours::ALL)).prop_map(|(size, colours)| Holds::Dots { size, colours }),
    ]
}

fn memory() -> impl Strategy<Value = Function> {
    let file = (label(), select(Keyboard::ALL), holds());
    let file = file.prop_map(|(label, keyboard, holds)| MemoryFile {
        label,
        keyboard,
        holds,
    });
    let files = proptest::collection::vec(file, 1..20);
    files.prop_map(|files| Function::ConfigureMemory { files })
}

fn clock() -> impl Strategy<Value = Function> {
    let date = (0_u8..100, 1_u8..=12, 1_u8..=31);
    prop_oneof![
        (0_u8..24, 0_u8..60)
            .prop_filter_map("no time", |(hour, minute)| HourMinute::new(hour, minute))
            .prop_map(|time| Function::SetTime { time }),
        date.prop_filter_map("no date", |(y, m, d)| ShortDate::new(y, m, d))
            .prop_map(|date| Function::SetDate { date }),
        select(Weekday::ALL).prop_map(|weekday| Function::SetWeekday { weekday }),
        select(TimeFormat::ALL).prop_map(|format| Function::SetTimeFormat { format }),
    ]
}

fn sound() -> impl Strategy<Value = Function> {
    let nibble = || (0_u8..16).prop_filter_map("above 15", Nibble::new);
    let tone = (any::<u8>(), nibble(), nibble());
    let sounds = prop_oneof![
        Just(Sound::LongBeep),
        Just(Sound::ThreeBeeps),
        tone.prop_map(|(frequency, duration, repeat)| Sound::Tone {
            frequency,
            duration,
            repeat
        }),
    ];
    sounds.prop_map(|sound| Function::Sound { sound })
}

fn running() -> impl Strategy<Value = Function> {
    let labels = proptest::collection::vec(label(), 0..=128).prop_map(RunLabels);
    prop_oneof![
        (label(), time_code(), time_code()).prop_map(|(label, start, stop)| Function::SetRunTime {
            label,
            start,
            stop
        }),
        (select(RunOrder::ALL), select(Keyboard::ALL), labels).prop_map(
            |(order, keyboard, labels)| Function::SetRunSequence {
                order,
                keyboard,
                labels
            }
        ),
    ]
}

/// Without sounds, behind which nothing may follow.
fn silent_function() -> impl Strategy<Value = Function> {
    prop_oneof![
        clock(),
        memory(),
        running(),
        select(Speaker::ALL).prop_map(|speaker| Function::SetSpeaker { speaker }),
        Just(Function::ClearMemory {}),
        Just(Function::SoftReset {}),
        Just(Function::ClearSerialErrors {}),
        any::<u8>().prop_map(|address| Function::SetAddress {
            address: OwnAddress(address)
        }),
        select(Answers::ALL).prop_map(|answers| Function::SetAnswers { answers }),
        label().prop_map(|function| Function::ReadFunction { function }),
    ]
}

fn silent_command() -> impl Strategy<Value = Command> {
    prop_oneof![
        file_command().prop_map(Command::File),
        silent_function().prop_map(Command::Function),
    ]
}

fn command() -> impl Strategy<Value = Command> {
    prop_oneof![
        8 => silent_command(),
        1 => sound().prop_map(Command::Function),
    ]
}

fn document_of(command: &Command) -> Value {
    match command {
        Command::File(command) => value_of(command),
        Command::Function(function) => value_of(function),
        Command::Unlisted(data) => {
            json!({"command": document::UNKNOWN, "params": {"data": hex::encode(data)}})
        }
    }
}

proptest! {
    #[test]
    fn every_command_reads_back_as_itself(command in command()) {
        prop_assert_eq!(Command::read(&command.to_data()), Ok(command));
    }

    #[test]
    fn every_command_is_a_document_that_comes_back_as_itself(command in command()) {
        let given = document_of(&command);
        let name = given["command"].as_str().expect("a name");
        let wire = document::encode(name, &given["params"], &Value::Null).expect("sound");
        let document = document::decode(&wire.bytes, None).expect("a sound packet");
        prop_assert_eq!(&document["command"], &given["command"]);
        prop_assert_eq!(&document["params"], &given["params"]);
    }

    #[test]
    fn several_commands_share_a_packet_and_come_back_in_order(
        earlier in proptest::collection::vec(silent_command(), 1..5),
        last in command(),
    ) {
        let commands: Vec<_> = earlier.iter().chain([&last]).map(document_of).collect();
        let params = json!({"commands": commands});
        let wire = document::encode(SEVERAL, &params, &Value::Null).expect("sound");
        let document = document::decode(&wire.bytes, None).expect("a sound packet");
        let again = document::encode(SEVERAL, &document["params"], &document["header"]);
        prop_assert_eq!(again.expect("decoded documents encode"), wire);
        for (given, decoded) in commands.iter().zip(document["params"]["commands"].as_array().expect("a list")) {
            prop_assert_eq!(&given["params"], &decoded["params"]);
        }
    }

    #[test]
    fn any_words_are_a_text_or_refused(words in "[a-z{}:~请\\n -]{0,40}") {
        if let Ok(text) = Text::try_from(words.clone()) {
            prop_assert_eq!(String::from(text), words);
        }
    }

    #[test]
    fn any_data_is_a_command_that_writes_the_same_or_a_fault_inside(
        code in select(b"ABEFGHIJMT".as_slice()),
        rest in proptest::collection::vec(any::<u8>(), 0..40),
    ) {
        let data = [&[code], rest.as_slice()].concat();
        match Command::read(&data) {
            Ok(command) => prop_assert_eq!(command.to_data(), data),
            Err(fault) => prop_assert!(fault.at() <= data.len()),
        }
    }
}

#[test]
fn hanzi_travel_as_the_dots_that_were_drawn() {
    let mut canvas = Canvas::new(192, 16);
    let content = AreaContent {
        area: AreaId(0),
        rect: AreaRect {
            x_px: 0,
            y_px: 0,
            width_px: 192,
            height_px: 16,
        },
        size: GlyphSize::Px16,
        lines: vec![Line::of(Colour::Red, "请A012号到3号窗口")],
        align: Align::Left,
        motion: Motion::Still,
    };
    draw_area(&mut canvas, &mut GlyphSource::new(), &content);
    let params = json!({"label": "P", "rows": canvas.signs()});
    let wire = document::encode("write-small-dots", &params, &Value::Null).expect("a picture");
    // 16 rows of 192 digits with their ends, in a packet with a checksum (`serial-transport.md` §2).
    assert_eq!(wire.bytes.len(), 3110);
    let document = document::decode(&wire.bytes, None).expect("a sound packet");
    assert_eq!(document["params"]["rows"], json!(canvas.signs()));
    assert!(canvas.lit() > 300);
}
