//! Replies on a line, as what a link makes of them and as JSON documents, of any family. What the host
//! itself said, come back as an echo, is skipped; so are bytes that are no frame, but they are
//! remembered for the sentence about why there is no answer.

use serde_json::Value;

use crate::codec::{self, BoardFamily, Side};

/// Decodes what a board says.
#[derive(Debug)]
pub(super) struct Ear {
    family: BoardFamily,
    ear: Box<dyn codec::Ear>,
    /// Everything that came; a tool's exchange is short.
    bytes: Vec<u8>,
    heard: Heard,
}

/// What came besides an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Heard {
    Nothing,
    Echo,
    Broken,
}

/// What a board said.
#[derive(Debug)]
pub(super) struct Reply {
    /// What a link would make of it.
    pub(super) heard: codec::Heard,
    /// All of it.
    pub(super) document: Value,
}

impl Ear {
    pub(super) fn new(family: BoardFamily) -> Self {
        Self {
            family,
            ear: family.module().ear(),
            bytes: Vec::new(),
            heard: Heard::Nothing,
        }
    }

    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend(bytes);
        self.ear.push(bytes);
    }

    /// The next reply of a board; `None` means "push more".
    pub(super) fn next(&mut self) -> Option<Reply> {
        while let Some(outcome) = self.ear.hear() {
            match outcome {
                Ok(frame) if !frame.to_host => self.heard = self.heard.max(Heard::Echo),
                Ok(frame) => match self.document(&frame.place) {
                    Some(document) => {
                        let heard = frame.heard;
                        return Some(Reply { heard, document });
                    }
                    None => self.heard = Heard::Broken,
                },
                Err(_) => self.heard = Heard::Broken,
            }
        }
        None
    }

    /// What came besides an answer: also bytes outside frames, and a frame that has not ended.
    pub(super) fn remnant(&self) -> Heard {
        match self.ear.noise_bytes() > 0 || self.ear.is_inside_frame() {
            true => Heard::Broken,
            false => self.heard,
        }
    }

    /// The document of the frame at a place, if a board can have said it.
    fn document(&self, place: &std::ops::Range<u64>) -> Option<Value> {
        let index = |at: u64| usize::try_from(at).ok();
        let frame = self.bytes.get(index(place.start)?..index(place.end)?)?;
        self.family.module().decode(frame, Some(Side::Board)).ok()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn bytes_that_are_no_frame_and_half_a_frame_are_no_silence() {
        let remnant = |family, bytes: &[u8]| {
            let mut ear = Ear::new(family);
            ear.push(bytes);
            assert!(ear.next().is_none());
            ear.remnant()
        };
        for &family in BoardFamily::ALL {
            assert_eq!(remnant(family, &[]), Heard::Nothing);
            assert_eq!(remnant(family, &[0x77, 0x78]), Heard::Broken);
        }
        assert_eq!(remnant(BoardFamily::OnbonK, &[0xA5, 1, 2]), Heard::Broken);
        assert_eq!(remnant(BoardFamily::Alpha, &[0, 1, b'0']), Heard::Broken);
    }

    #[test]
    fn an_echo_and_noise_before_the_reply_are_skipped_in_every_family() {
        let frame = |family: BoardFamily, name: &str, params: Value, header: Value| {
            let runs = family.module().encode(name, &params, &header).expect(name);
            crate::cli::frames::bytes_of(&runs)
        };
        let card = |name| frame(BoardFamily::OnbonK, name, Value::Null, Value::Null);
        let sign = |name, params, header| frame(BoardFamily::Alpha, name, params, header);
        let write = json!({"label": "A", "position": "fill", "mode": "hold", "text": "HI"});
        let to_sign = [
            sign("read-text", json!({"label": "A"}), Value::Null),
            vec![0x41],
            sign("write-text", write, json!({"type": "response"})),
        ];
        for (family, bytes, expected) in [
            (
                BoardFamily::OnbonK,
                [card("ping"), vec![1, 2], card("ack")],
                "ack",
            ),
            (BoardFamily::Alpha, to_sign, "write-text"),
        ] {
            let mut ear = Ear::new(family);
            let replies: Vec<Reply> = bytes
                .concat()
                .iter()
                .filter_map(|&byte| {
                    ear.push(&[byte]);
                    ear.next()
                })
                .collect();
            assert_eq!(replies.len(), 1, "{replies:?}");
            let command = &replies[0].document["command"];
            assert_eq!((command, ear.heard), (&json!(expected), Heard::Echo));
        }
    }
}
