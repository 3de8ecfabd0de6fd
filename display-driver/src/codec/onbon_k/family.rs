//! K cards as the rest of the program knows them (sheet `onbon-bx.md` A1, A3).

use serde_json::{Value, json};

use super::answer::AnswerCode;
use super::card::Card;
use super::decoder::Decoder;
use super::document::{self, EncodeError, PROGRAM};
use super::header::Address;
use super::message::MUST_NOT_ANSWER;
use super::program::Program;
use super::questions::QUESTIONS;
use super::text::{Drawn, drawn_as};
use super::{ANSWER_WAIT, FRAME_BYTES_MAX, NAME, dialect, examples, words};
use crate::codec::{
    DecodeFault, Described, Ear, EncodeFault, Facts, Family, Fate, Fonts, OwnKey, ProgramFile,
    Question, RateSearch, ReplyExpected, Run, Side, Speech, Talk, Unsendable, Voice,
};
use crate::content::{AreaContent, GlyphSize};
use crate::line_format::LineFormat;
use crate::render::canvas::SIDE_PX_MAX;
use crate::render::glyph::{GlyphSource, MISSING};
use crate::virtual_board::{BoardSettings, CardMake, Seen, Simulation, VirtualBoard, Watched};

static FACTS: Facts = Facts {
    name: NAME,
    // The official two and what the parameter file can force (A1).
    bauds: &[2_400, 4_800, 9_600, 19_200, 57_600, 115_200],
    usual_baud: 57_600,
    formats: &[
        LineFormat::EightNoneOne,
        LineFormat::EightEvenOne,
        LineFormat::EightNoneTwo,
    ],
    usual_format: LineFormat::EightNoneOne,
    finds_rate: false,
    // A1: the pair of official rates, twice; whoever is asked by broadcast answers by broadcast.
    search: Some(RateSearch {
        bauds: &[9_600, 57_600, 9_600, 57_600],
        address: Address::BROADCAST_ANSWERED.0,
    }),
    addresses: 1..=0x7FFF,
    width_px_max: SIDE_PX_MAX as u16,
    height_px_max: SIDE_PX_MAX as u16,
    why_dots: None,
    usual_height_px: 32,
    // The vendor's lowest figure of dynamic areas is five (A1).
    zones_max: 4,
    why_zones: "onbon-k 卡最少的只有 5 个动态区，留 1 个给全屏，最多分 4 个区",
    why_no_code: "onbon-k 是字库卡，动态区只收文字，协议文档没有给出可用的点阵图命令，放不了二维码",
    own_keys: &[
        OwnKey::Fonts,
        OwnKey::FrameBytes,
        OwnKey::Scroll,
        OwnKey::Flash,
        OwnKey::Brightness,
        OwnKey::Timer,
        OwnKey::Programs,
    ],
    talk: Talk::Acknowledges,
    frame_bytes_max: FRAME_BYTES_MAX,
    answer_wait: ANSWER_WAIT,
    deletes: &["reset", "format", "delete-files"],
    file_document: Some(PROGRAM),
};

/// Onbon BX-5K and BX-6K font-library cards.
#[derive(Debug)]
pub struct Cards;

impl Family for Cards {
    fn facts(&self) -> &'static Facts {
        &FACTS
    }

    fn voice(&self, speech: Speech) -> Box<dyn Voice> {
        Box::new(Card::new(speech))
    }

    fn ear(&self) -> Box<dyn Ear> {
        Box::new(Decoder::new())
    }

    fn carries(&self, speech: &Speech, content: &AreaContent) -> Result<(), Unsendable> {
        dialect::carries(speech, content)
    }

    fn has_size(&self, fonts: &Fonts, size: GlyphSize) -> bool {
        fonts.of(size).is_some()
    }

    fn fate(&self, character: char, _: &mut GlyphSource) -> Option<Fate> {
        match drawn_as(character) {
            Drawn::AsWritten => None,
            Drawn::Replaced(other) => Some(Fate::Replaced(other)),
            Drawn::Missing => Some(Fate::Missing),
        }
    }

    fn letter(&self, character: char) -> char {
        match drawn_as(character) {
            Drawn::AsWritten => character,
            Drawn::Replaced(other) => other,
            Drawn::Missing => MISSING,
        }
    }

    fn encode(
        &self,
        command: &str,
        params: &Value,
        header: &Value,
    ) -> Result<Vec<Run>, EncodeFault> {
        let bytes = document::encode(command, params, header).map_err(|error| {
            let sentence = words::encode_error(&error);
            match error {
                EncodeError::UnknownCommand(_) => EncodeFault::UnknownCommand(sentence),
                _ => EncodeFault::Refused(sentence),
            }
        })?;
        Ok(vec![Run::unpaused(bytes)])
    }

    fn decode(&self, bytes: &[u8], side: Option<Side>) -> Result<Value, DecodeFault> {
        document::decode(bytes, side).map_err(|fault| DecodeFault {
            sentence: words::decode_error(&fault),
            offset: fault.offset(),
        })
    }

    fn commands(&self) -> Vec<Described> {
        examples::examples()
    }

    /// The commands about a number go by broadcast only (A3).
    fn header_to(&self, address: Option<u16>, command: &str) -> Result<Value, String> {
        let is_about_number = ["set-screen-number", "read-screen-number"].contains(&command);
        Ok(match address {
            Some(address) => json!({"dst": address}),
            None if is_about_number => json!({"dst": Address::BROADCAST_ANSWERED.0}),
            None => json!({}),
        })
    }

    fn reply_expected(&self, _: &str, document: &Value) -> ReplyExpected {
        let is = |value: &Value, number: u16| value.as_u64() == Some(number.into());
        let is_silent = is(&document["header"]["dst"], Address::BROADCAST_SILENT.0)
            || is(&document["params"]["answer"], MUST_NOT_ANSWER.into());
        match is_silent {
            true => ReplyExpected::None,
            false => ReplyExpected::Surely,
        }
    }

    fn refusal(&self, reply: &Value) -> Option<String> {
        let code = reply["params"]["error"].as_u64().unwrap_or_default();
        let code = AnswerCode::from_byte(u8::try_from(code).unwrap_or(u8::MAX));
        let is_refused = reply["command"] == "nack" || code != AnswerCode::Ok;
        is_refused.then(|| words::answer_code(code))
    }

    fn questions(&self) -> &'static [Question] {
        &QUESTIONS
    }

    /// The file itself, the parameters of its document, or all of what `decode` prints.
    fn program_file(&self, bytes: &[u8]) -> Result<ProgramFile, String> {
        let bytes = match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(b'{') => from_document(bytes)?,
            _ => bytes.to_vec(),
        };
        let program = Program::read(&bytes).map_err(|fault| words::program_error(&fault))?;
        Ok(ProgramFile {
            name: program.name,
            bytes,
        })
    }

    fn simulated(&self, board: &Simulation) -> Box<dyn Watched> {
        let Simulation {
            address,
            has_green,
            speech,
        } = board;
        let held = GlyphSize::ALL.into_iter();
        let held = held.filter(|size| speech.has_size(*size));
        let settings = BoardSettings {
            address: *address,
            width_px: speech.face.width_px.into(),
            height_px: speech.face.height_px.into(),
            has_green: *has_green,
        };
        let make = CardMake {
            frame_bytes_max: speech.frame_bytes_max,
            font_heights: held.map(|size| size.pixels() as u8).collect(),
        };
        Box::new(Seen::new(VirtualBoard::made(settings, make)))
    }
}

fn from_document(text: &[u8]) -> Result<Vec<u8>, String> {
    let document: Value = serde_json::from_slice(text).map_err(|fault| {
        let (line, column) = (fault.line(), fault.column());
        format!("第 {line} 行第 {column} 个字节处不是 JSON")
    })?;
    let params = document.get("params").unwrap_or(&document);
    document::encode(PROGRAM, params, &Value::Null).map_err(|error| {
        words::encode_error(&error)
            .trim_end_matches('。')
            .to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_a_whole_document_and_the_file_itself_are_the_same_program() {
        let params = json!({"name": "P000", "areas": []});
        let document = json!({"family": NAME, "command": PROGRAM, "params": params});
        let file = document::encode(PROGRAM, &params, &Value::Null).expect("a program");
        for bytes in [
            params.to_string().into_bytes(),
            document.to_string().into_bytes(),
            file.clone(),
        ] {
            let read = Cards.program_file(&bytes).expect("a program");
            assert_eq!((&read.name.0, &read.bytes), (b"P000", &file));
        }
    }

    #[test]
    fn what_is_no_program_is_refused_with_the_reason() {
        let refused = |bytes: &[u8]| Cards.program_file(bytes).expect_err("no program");
        assert!(refused(b"{").contains("不是 JSON"));
        assert!(refused(b"{\"name\": \"P000\"}").contains("参数不符合命令"));
        assert!(refused(b"hello").contains("以 00 开头"));
    }

    #[test]
    fn a_broadcast_that_nobody_answers_is_not_waited_for() {
        let expected = |document| Cards.reply_expected("ping", &document);
        assert_eq!(
            expected(json!({"header": {"dst": 1}})),
            ReplyExpected::Surely
        );
        assert_eq!(
            expected(json!({"header": {"dst": 65_535}})),
            ReplyExpected::None
        );
        assert_eq!(
            expected(json!({"params": {"answer": 2}})),
            ReplyExpected::None
        );
    }
}
