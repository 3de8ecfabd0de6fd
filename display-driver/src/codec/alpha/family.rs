//! Alpha signs as the rest of the program knows them (sheet `alpha.md`).

use std::time::Duration;

use serde_json::{Value, json};

use super::address::{OwnAddress, SignType};
use super::decoder::Decoder;
use super::dialect::runs;
use super::document::{self, EncodeError, NAK};
use super::dots::ROWS_MAX;
use super::packet::BODY_BYTES_MAX;
use super::sign::{Sign, SignLine};
use super::{ANSWER_WAIT, NAME, examples, page, words};
use crate::codec::{
    DecodeFault, Described, Ear, EncodeFault, Facts, Family, Fate, Fonts, OwnKey, ReplyExpected,
    Run, Side, Speech, Talk, Unsendable, Voice,
};
use crate::content::{AreaContent, GlyphSize};
use crate::line_format::LineFormat;
use crate::page::TEXT_SIZE;
use crate::render::glyph::GlyphSource;
use crate::virtual_board::{AlphaVersion, Seen, SignSettings, Simulation, VirtualSign, Watched};

/// Most signs never answer a write; one that does, does at once.
const WRITE_WAIT: Duration = Duration::from_millis(500);

static FACTS: Facts = Facts {
    name: NAME,
    // The sheet's sources use 9600 and 4800 ("Line"), and nobody more than 38400.
    bauds: &[2_400, 4_800, 9_600, 19_200, 38_400],
    usual_baud: 9_600,
    formats: &LineFormat::ALL,
    usual_format: LineFormat::SevenEvenOne,
    finds_rate: true,
    search: None,
    addresses: 1..=0xFF,
    width_px_max: page::COLUMNS_MAX as u16,
    height_px_max: ROWS_MAX as u16,
    why_dots: Some("alpha 屏的点阵图最多 255 列、31 行"),
    usual_height_px: 16,
    zones_max: 1,
    why_zones: "alpha 屏只有一个区",
    why_no_code: "alpha 屏的点阵图最多 31 行，放不了二维码",
    own_keys: &[OwnKey::Acknowledges, OwnKey::Reads],
    talk: Talk::AnswersReads,
    frame_bytes_max: BODY_BYTES_MAX,
    answer_wait: ANSWER_WAIT,
    deletes: &["clear-memory", "configure-memory"],
    file_document: None,
};

/// Adaptive's Alpha signs.
#[derive(Debug)]
pub struct Signs;

impl Family for Signs {
    fn facts(&self) -> &'static Facts {
        &FACTS
    }

    fn voice(&self, speech: Speech) -> Box<dyn Voice> {
        Box::new(Sign::new(SignLine {
            face: speech.face,
            talk: speech.talk,
            answer_wait: speech.answer_wait,
        }))
    }

    fn ear(&self) -> Box<dyn Ear> {
        Box::new(Decoder::new())
    }

    fn carries(&self, speech: &Speech, content: &AreaContent) -> Result<(), Unsendable> {
        page::carries(speech.face, content)
    }

    /// What a sign has no letters for is sent as a picture.
    fn has_size(&self, _: &Fonts, _: GlyphSize) -> bool {
        true
    }

    fn fate(&self, character: char, glyphs: &mut GlyphSource) -> Option<Fate> {
        (!glyphs.has(character, TEXT_SIZE)).then_some(Fate::Missing)
    }

    fn encode(
        &self,
        command: &str,
        params: &Value,
        header: &Value,
    ) -> Result<Vec<Run>, EncodeFault> {
        let wire = document::encode(command, params, header).map_err(|error| {
            let sentence = words::encode_error(&error);
            match error {
                EncodeError::UnknownCommand(_) => EncodeFault::UnknownCommand(sentence),
                _ => EncodeFault::Refused(sentence),
            }
        })?;
        Ok(runs(&wire))
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

    fn header_to(&self, address: Option<u16>, _: &str) -> Result<Value, String> {
        let Some(address) = address else {
            return Ok(json!({}));
        };
        match u8::try_from(address) {
            Ok(address) => Ok(json!({"address": format!("{address:02X}")})),
            Err(_) => Err("alpha 屏的地址应在 0 到 255 之间。".to_owned()),
        }
    }

    fn reply_expected(&self, command: &str, _: &Value) -> ReplyExpected {
        match command.starts_with("read-") {
            true => ReplyExpected::Surely,
            false => ReplyExpected::Perhaps(WRITE_WAIT),
        }
    }

    fn refusal(&self, reply: &Value) -> Option<String> {
        (reply["command"] == NAK).then(|| "原因见答复的 faults".to_owned())
    }

    fn simulated(&self, board: &Simulation) -> Box<dyn Watched> {
        let face = board.speech.face;
        Box::new(Seen::new(VirtualSign::new(SignSettings {
            sign_type: SignType::BetaBrite,
            address: OwnAddress(u8::try_from(board.address).unwrap_or(u8::MAX)),
            width_px: face.width_px.into(),
            height_px: face.height_px.into(),
            version: match board.speech.talk {
                Talk::Acknowledges => AlphaVersion::TwoOrThree,
                Talk::AnswersReads | Talk::Mute => AlphaVersion::One,
            },
        })))
    }
}
