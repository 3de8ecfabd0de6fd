//! Replies on a line as JSON documents, of either protocol. What the host itself said, come back as an
//! echo, is skipped; so are bytes that are no frame, but they are remembered for the sentence about
//! why there is no answer.

use serde_json::Value;

use crate::codec::{Protocol, Side, alpha, onbon_k};

/// Decodes what a board says.
#[derive(Debug)]
pub(super) struct Ear {
    decoder: Decoder,
    /// Everything that came; a tool's exchange is short.
    bytes: Vec<u8>,
    heard: Heard,
}

#[derive(Debug)]
enum Decoder {
    OnbonK(onbon_k::decoder::Decoder),
    Alpha(alpha::decoder::Decoder),
}

/// What came besides an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Heard {
    Nothing,
    Echo,
    Broken,
}

impl Ear {
    pub(super) fn new(protocol: Protocol) -> Self {
        let decoder = match protocol {
            Protocol::OnbonK => Decoder::OnbonK(onbon_k::decoder::Decoder::new()),
            Protocol::Alpha => Decoder::Alpha(alpha::decoder::Decoder::new()),
        };
        Self {
            decoder,
            bytes: Vec::new(),
            heard: Heard::Nothing,
        }
    }

    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend(bytes);
        match &mut self.decoder {
            Decoder::OnbonK(decoder) => decoder.push(bytes),
            Decoder::Alpha(decoder) => decoder.push(bytes),
        }
    }

    /// The next reply of a board; `None` means "push more".
    pub(super) fn next(&mut self) -> Option<Value> {
        loop {
            let (from, to) = match self.next_frame()? {
                Ok(span) => span,
                Err(Unsound) => {
                    self.heard = Heard::Broken;
                    continue;
                }
            };
            let range = usize::try_from(from).ok()?..usize::try_from(to).ok()?;
            let frame = self.bytes.get(range)?;
            match document(&self.decoder, frame, Side::Board) {
                Some(reply) => return Some(reply),
                None if document(&self.decoder, frame, Side::Host).is_some() => {
                    self.heard = self.heard.max(Heard::Echo);
                }
                None => self.heard = Heard::Broken,
            }
        }
    }

    /// What came besides an answer: also bytes outside frames, and a frame that has not ended.
    pub(super) fn remnant(&self) -> Heard {
        let is_unsound = match &self.decoder {
            Decoder::OnbonK(decoder) => decoder.noise_bytes() > 0 || decoder.is_inside_frame(),
            Decoder::Alpha(decoder) => decoder.noise_bytes() > 0 || decoder.is_inside_packet(),
        };
        if is_unsound {
            Heard::Broken
        } else {
            self.heard
        }
    }

    /// Where the next frame stands.
    fn next_frame(&mut self) -> Option<Result<(u64, u64), Unsound>> {
        Some(match &mut self.decoder {
            Decoder::OnbonK(decoder) => {
                let frame = decoder.next()?.map_err(|_| Unsound);
                frame.map(|frame| (frame.offset, (*decoder).position()))
            }
            Decoder::Alpha(decoder) => {
                let heard = decoder.next()?.map_err(|_| Unsound);
                heard.map(|heard| (heard.offset(), (*decoder).position()))
            }
        })
    }
}

/// A frame that does not hold.
struct Unsound;

/// The document of a frame if that side said it.
fn document(decoder: &Decoder, frame: &[u8], side: Side) -> Option<Value> {
    match decoder {
        // Cards share a frame for both sides; the addresses tell them apart.
        Decoder::OnbonK(_) => {
            let document = onbon_k::document::decode(frame, None).ok()?;
            let to = document["header"]["dst"].as_u64()?;
            let is_to_host = (0x8000..=0xDFFF).contains(&to);
            (is_to_host == (side == Side::Board)).then_some(document)
        }
        Decoder::Alpha(_) => alpha::document::decode(frame, Some(side)).ok(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn bytes_that_are_no_frame_and_half_a_frame_are_no_silence() {
        let remnant = |protocol, bytes: &[u8]| {
            let mut ear = Ear::new(protocol);
            ear.push(bytes);
            assert_eq!(ear.next(), None);
            ear.remnant()
        };
        for protocol in [Protocol::OnbonK, Protocol::Alpha] {
            assert_eq!(remnant(protocol, &[]), Heard::Nothing);
            assert_eq!(remnant(protocol, &[0x77, 0x78]), Heard::Broken);
        }
        assert_eq!(remnant(Protocol::OnbonK, &[0xA5, 1, 2]), Heard::Broken);
        assert_eq!(remnant(Protocol::Alpha, &[0, 1, b'0']), Heard::Broken);
    }

    #[test]
    fn an_echo_and_noise_before_the_reply_are_skipped_in_both_protocols() {
        let encode = |name: &str, header: Value| {
            onbon_k::document::encode(name, &Value::Null, &header).expect(name)
        };
        let card = [
            encode("ping", Value::Null),
            vec![1, 2],
            encode("ack", Value::Null),
        ];
        let packet = |name: &str, params: Value, header: Value| {
            alpha::document::encode(name, &params, &header)
                .expect(name)
                .bytes
        };
        let ask = packet("read-text", json!({"label": "A"}), Value::Null);
        let write = json!({"label": "A", "position": "fill", "mode": "hold", "text": "HI"});
        let sign = [
            ask,
            vec![0x41],
            packet("write-text", write, json!({"type": "response"})),
        ];
        for (protocol, bytes, expected) in [
            (Protocol::OnbonK, card.concat(), "ack"),
            (Protocol::Alpha, sign.concat(), "write-text"),
        ] {
            let mut ear = Ear::new(protocol);
            let replies: Vec<Value> = bytes
                .iter()
                .filter_map(|&byte| {
                    ear.push(&[byte]);
                    ear.next()
                })
                .collect();
            assert_eq!(replies.len(), 1, "{replies:?}");
            assert_eq!(
                (&replies[0]["command"], ear.heard),
                (&json!(expected), Heard::Echo)
            );
        }
    }
}
