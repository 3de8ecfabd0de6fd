//! A frame as a JSON document, for `kiosk codec idcard`.
//!
//! Identity numbers are masked always (four characters before, two behind); name and address stand in
//! full only when the number is of area 999999, which nobody has. Birth and sex are never told: the check
//! says whether they agree.

use serde_json::{Value, json};

use super::card::{Card, CardFault, Secret, ValidTo};
use super::frame::{Frame, FrameFault, Side};
use super::message::{Command, Reply, StatusCode};

const INVENTED_AREA: &str = "999999";
/// Characters before and behind the stars of a number.
const SHOWN: (usize, usize) = (4, 2);

/// Exactly one frame of either side.
///
/// # Errors
/// [`FrameFault`]; a refusal by the reader is a sound frame and no error.
pub fn decode(bytes: &[u8]) -> Result<Value, FrameFault> {
    let frame = Frame::read(bytes, Side::Host)?;
    if let Some(command) = Command::read(frame.body()) {
        return Ok(json!({
            "from": "host",
            "command": command,
            "length": frame.body().len() + 1,
        }));
    }
    // Two bytes are a command that the sheet does not list; more are a reply.
    match Reply::read(frame.body()) {
        Some(reply) => Ok(reply_document(&reply, frame.body().len() + 1)),
        None => Ok(json!({
            "from": "host",
            "command": "unknown",
            "code": hex(frame.body()),
            "length": frame.body().len() + 1,
        })),
    }
}

fn reply_document(reply: &Reply<'_>, length: usize) -> Value {
    let status = reply.status;
    let mut document = json!({
        "from": "reader",
        "length": length,
        "status": status.name(),
        "status_code": hex(&[status.byte()]),
        "card_status": hex(&reply.card_status),
        "meaning": status.meaning(),
        "is_success": matches!(status, StatusCode::Done | StatusCode::CardFound),
        "data_bytes": reply.data.0.len(),
    });
    if let Some(sentence) = status.sentence() {
        document["sentence"] = json!(sentence);
    }
    match Card::from_reply(reply.data.0) {
        Ok(card) if status == StatusCode::Done => document["card"] = card_document(&card),
        Err(
            fault @ (CardFault::UnknownKind(_)
            | CardFault::NotText { .. }
            | CardFault::NotADate { .. }),
        ) => {
            document["card_error"] = json!(fault.to_string());
        }
        Ok(_) | Err(CardFault::Lengths { .. }) => {}
    }
    document
}

fn card_document(card: &Card) -> Value {
    let is_invented = card.number.expose().starts_with(INVENTED_AREA);
    let shown = |text: &Secret| {
        if is_invented {
            text.expose().to_owned()
        } else {
            "*".repeat(text.expose().chars().count())
        }
    };
    json!({
        "kind": card.kind,
        "kind_text": card.kind.text(),
        "number": masked(card.number.expose()),
        "name": shown(&card.name),
        "address": shown(&card.address),
        "issuer": shown(&card.issuer),
        "valid_from": card.valid_from.to_string(),
        "valid_to": match card.valid_to {
            ValidTo::Day(day) => day.to_string(),
            ValidTo::LongTerm => "长期".to_owned(),
        },
        // A card is judged on its first day, so that only its own agreement counts here.
        "agrees": super::check::believe(card, card.valid_from).is_ok(),
    })
}

/// `9999************15`.
fn masked(number: &str) -> String {
    let count = number.chars().count();
    let star = |(index, it)| {
        let is_shown = count > SHOWN.0 + SHOWN.1 && (index < SHOWN.0 || index >= count - SHOWN.1);
        if is_shown { it } else { '*' }
    };
    number.chars().enumerate().map(star).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|it| format!("{it:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::idcard::worked::{invented, permit_holder};

    fn reply(card: &Card) -> Value {
        let mut body = vec![0, 0, 0x90, 1, 0, 4, 0];
        body.extend_from_slice(&card.to_text());
        body.resize(7 + 256 + 1024, 0);
        decode(&Frame::of(&body).bytes()).unwrap()
    }

    #[test]
    fn the_number_is_masked_always_and_the_rest_unless_it_is_invented() {
        let document = reply(&invented());
        assert_eq!(document["card"]["number"], "9999************15");
        assert_eq!(document["card"]["name"], "测试甲");
        assert_eq!(document["card"]["agrees"], true);
        assert_eq!(
            (&document["from"], &document["length"]),
            (&json!("reader"), &json!(0x508))
        );
        let other = reply(&permit_holder());
        assert_eq!(other["card"]["name"], "***");
        let text = other.to_string();
        assert!(
            !text.contains("测试乙") && !text.contains("19000101"),
            "{text}"
        );
    }

    #[test]
    fn commands_refusals_and_unknown_ones_are_sound_frames() {
        let of = |body: &[u8]| decode(&Frame::of(body).bytes()).unwrap();
        assert_eq!(of(&[0x20, 0x01])["command"], "find-card");
        assert_eq!(of(&[0x77, 0x01])["command"], "unknown");
        let no_card = of(&[0, 0, 0x80]);
        assert_eq!(
            (&no_card["status"], &no_card["is_success"]),
            (&json!("no-card"), &json!(false))
        );
        assert_eq!(of(&[0, 0, 0xEE])["status"], "other");
        assert_eq!(of(&[0x6A, 0x82, 0x41])["card_status"], "6a82");
    }

    #[test]
    fn short_numbers_are_masked_whole() {
        assert_eq!(masked("123456"), "******");
        assert_eq!(masked(""), "");
    }
}
