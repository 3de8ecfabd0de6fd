//! What every stream decoder does alike: bytes wait, are counted, and go one by one into the machine
//! that splits them. Total; memory is bounded by what the machine holds and what was pushed and not yet
//! taken.

use std::collections::VecDeque;
use std::fmt::Debug;

use super::{BrokenKind, BusFrame, Ear};

/// What becomes of a byte.
#[derive(Debug)]
pub enum Taken<T> {
    /// It was taken; nothing is whole yet.
    In,
    /// It stands outside everything.
    Noise,
    /// Something ends with it.
    Ends(T),
    /// Something ended before it; it is looked at once more.
    Behind(T),
}

/// Splits bytes into frames and faults.
pub trait Splitter: Default {
    /// A frame, or why bytes are none.
    type Item;

    /// Takes the byte that stands at an offset of the stream.
    fn take(&mut self, byte: u8, offset: u64) -> Taken<Self::Item>;

    /// Whether something has begun and not ended.
    fn is_inside(&self) -> bool;

    /// Bytes held of what has begun.
    fn held_bytes(&self) -> usize;

    /// Forgets what has begun.
    fn abandon(&mut self);
}

/// A splitter of what boards of a family say on a bus.
pub trait Understands: Splitter {
    /// What a frame that ends before `end` says to a link, or in what way it did not hold.
    fn understood(item: Self::Item, end: u64) -> Result<BusFrame, BrokenKind>;
}

/// A splitter with the bytes on their way into it.
#[derive(Debug, Default)]
pub struct Stream<S> {
    splitter: S,
    pending: VecDeque<u8>,
    offset: u64,
    noise_bytes: u64,
}

impl<S: Splitter> Stream<S> {
    /// A decoder that has seen nothing.
    #[must_use]
    pub fn new() -> Self {
        Self {
            splitter: S::default(),
            pending: VecDeque::new(),
            offset: 0,
            noise_bytes: 0,
        }
    }

    /// Takes bytes in, in any division.
    pub fn push(&mut self, bytes: &[u8]) {
        self.pending.extend(bytes);
    }

    /// Bytes skipped outside frames so far.
    #[must_use]
    pub fn noise_bytes(&self) -> u64 {
        self.noise_bytes
    }

    /// Offset of the next byte to be looked at.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.offset
    }

    /// Whether a frame has begun and not ended.
    #[must_use]
    pub fn is_inside_frame(&self) -> bool {
        self.splitter.is_inside()
    }

    /// Bytes held: of a frame that has begun, and not yet looked at.
    #[must_use]
    pub fn held_bytes(&self) -> usize {
        self.splitter.held_bytes() + self.pending.len()
    }

    /// Forgets a frame that has begun, for a line that was closed or has fallen silent.
    pub fn abandon(&mut self) {
        self.pending.clear();
        self.splitter.abandon();
    }
}

/// Yields the next frame or fault among the bytes pushed so far; `None` means "push more".
impl<S: Splitter> Iterator for Stream<S> {
    type Item = S::Item;

    fn next(&mut self) -> Option<S::Item> {
        while let Some(byte) = self.pending.pop_front() {
            let offset = self.offset;
            self.offset += 1;
            match self.splitter.take(byte, offset) {
                Taken::In => {}
                Taken::Noise => self.noise_bytes += 1,
                Taken::Ends(item) => return Some(item),
                Taken::Behind(item) => {
                    self.pending.push_front(byte);
                    self.offset = offset;
                    return Some(item);
                }
            }
        }
        None
    }
}

impl<S: Understands + Debug + Send> Ear for Stream<S> {
    fn push(&mut self, bytes: &[u8]) {
        self.push(bytes);
    }

    fn hear(&mut self) -> Option<Result<BusFrame, BrokenKind>> {
        let item = self.next()?;
        Some(S::understood(item, self.offset))
    }

    fn noise_bytes(&self) -> u64 {
        self.noise_bytes()
    }

    fn is_inside_frame(&self) -> bool {
        self.is_inside_frame()
    }

    fn abandon(&mut self) {
        self.abandon();
    }
}
