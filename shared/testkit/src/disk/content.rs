//! The bytes of a file, in chunks that copies share until one of them writes.

use std::ops::Range;
use std::sync::Arc;

/// Bytes that are copied at once when a shared file is written to: two pages of a database.
const CHUNK_BYTES: usize = 8_192;

type Chunk = [u8; CHUNK_BYTES];

/// The bytes of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Content {
    /// As many as the length needs; zeros beyond the length.
    chunks: Vec<Arc<Chunk>>,
    length: usize,
}

impl Content {
    pub(super) fn length(&self) -> usize {
        self.length
    }

    /// Copies from `offset` on; returns how many bytes there were.
    pub(super) fn read(&self, offset: usize, buffer: &mut [u8]) -> usize {
        let end = self.length.min(offset + buffer.len());
        let there = end.saturating_sub(offset);
        for (chunk, within, at) in parts(offset..offset + there) {
            let bytes = &self.chunks[chunk][within.clone()];
            buffer[at..at + within.len()].copy_from_slice(bytes);
        }
        there
    }

    /// Writes; a hole before `offset` reads as zeros.
    pub(super) fn write(&mut self, offset: usize, bytes: &[u8]) {
        self.lengthen(offset + bytes.len());
        for (chunk, within, at) in parts(offset..offset + bytes.len()) {
            let length = within.len();
            Arc::make_mut(&mut self.chunks[chunk])[within].copy_from_slice(&bytes[at..at + length]);
        }
    }

    /// Cuts, or lengthens with zeros.
    pub(super) fn resize(&mut self, length: usize) {
        if length < self.length {
            for (chunk, within, _) in parts(length..self.length) {
                Arc::make_mut(&mut self.chunks[chunk])[within].fill(0);
            }
            self.chunks.truncate(length.div_ceil(CHUNK_BYTES));
            self.length = length;
        } else {
            self.lengthen(length);
        }
    }

    fn lengthen(&mut self, length: usize) {
        if self.length < length {
            let chunk = || Arc::new([0; CHUNK_BYTES]);
            self.chunks.resize_with(length.div_ceil(CHUNK_BYTES), chunk);
            self.length = length;
        }
    }
}

/// A range cut at the chunks: the chunk, the range within it, and where that is in the whole.
fn parts(range: Range<usize>) -> impl Iterator<Item = (usize, Range<usize>, usize)> {
    let first = range.start / CHUNK_BYTES;
    let end = if range.is_empty() {
        first
    } else {
        range.end.div_ceil(CHUNK_BYTES)
    };
    (first..end).map(move |chunk| {
        let base = chunk * CHUNK_BYTES;
        let from = range.start.max(base);
        let to = range.end.min(base + CHUNK_BYTES);
        (chunk, from - base..to - base, from - range.start)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn chunks_behave_as_one_vector(
            writes in prop::collection::vec((0..40_000_usize, 0..20_000_usize, 1..255_u8), 1..12),
        ) {
            let (mut content, mut plain) = (Content::default(), Vec::new());
            for (offset, length, byte) in writes {
                if byte % 4 == 0 {
                    content.resize(offset);
                    plain.resize(offset, 0);
                } else {
                    content.write(offset, &vec![byte; length]);
                    let end = offset + length;
                    if plain.len() < end {
                        plain.resize(end, 0);
                    }
                    plain[offset..end].fill(byte);
                }
                prop_assert_eq!(content.length(), plain.len());
                let mut read = vec![9; plain.len() + 10];
                prop_assert_eq!(content.read(0, &mut read), plain.len());
                prop_assert_eq!(&read[..plain.len()], &plain[..]);
            }
        }
    }
}
