//! Reading and writing the data of a frame: little-endian numbers and counted runs of bytes.
//!
//! A reader never indexes past its end; what is missing or left over is a [`PayloadError`] with the
//! offset inside the unescaped data.

/// Why the data of a listed command is not what the sheet says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PayloadError {
    /// The data ends too early.
    #[error("The data ends at {at}, {wanted} more bytes were expected.")]
    Truncated {
        /// Offset in the data.
        at: usize,
        /// Bytes missing.
        wanted: usize,
    },
    /// Something stands behind the last field.
    #[error("{extra} bytes are left over at {at} behind the last field.")]
    LeftOver {
        /// Offset in the data.
        at: usize,
        /// How many.
        extra: usize,
    },
    /// An inner length disagrees with what it counts.
    #[error("A length at {at} says {announced}, there are {got} bytes.")]
    InnerLength {
        /// Offset of the length field in the data.
        at: usize,
        /// What it says.
        announced: usize,
        /// What is there.
        got: usize,
    },
}

impl PayloadError {
    /// Offset in the unescaped data.
    #[must_use]
    pub fn at(&self) -> usize {
        match *self {
            Self::Truncated { at, .. }
            | Self::LeftOver { at, .. }
            | Self::InnerLength { at, .. } => at,
        }
    }
}

/// A place in the data of a frame.
#[derive(Debug, Clone)]
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// Reads `bytes` from `at` on; offsets in errors count from the start of `bytes`.
    pub(super) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn remaining(&self) -> usize {
        self.bytes.len().saturating_sub(self.at)
    }

    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], PayloadError> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let taken = rest.get(..count).ok_or_else(|| PayloadError::Truncated {
            at: self.bytes.len(),
            wanted: count - rest.len(),
        })?;
        self.at += count;
        Ok(taken)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], PayloadError> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }

    pub(super) fn u8(&mut self) -> Result<u8, PayloadError> {
        Ok(self.array::<1>()?[0])
    }

    pub(super) fn u16(&mut self) -> Result<u16, PayloadError> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    pub(super) fn u32(&mut self) -> Result<u32, PayloadError> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    pub(super) fn finish(self) -> Result<(), PayloadError> {
        match self.remaining() {
            0 => Ok(()),
            extra => Err(PayloadError::LeftOver { at: self.at, extra }),
        }
    }
}

/// A length as the `u16` or `u32` of the wire. Frames end at 65535 bytes, so a longer run is cut off by
/// [`super::frame::encode`] with an error before it reaches a wire; here it saturates.
pub(super) fn wire_len<T: TryFrom<usize> + Bounded>(len: usize) -> T {
    T::try_from(len).unwrap_or(T::LARGEST)
}

/// Numbers with a largest value.
pub(super) trait Bounded {
    const LARGEST: Self;
}

impl Bounded for u8 {
    const LARGEST: Self = Self::MAX;
}

impl Bounded for u16 {
    const LARGEST: Self = Self::MAX;
}

impl Bounded for u32 {
    const LARGEST: Self = Self::MAX;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_past_the_end_says_how_much_is_missing() {
        let mut reader = Reader::new(&[1, 2, 3], 1);
        assert_eq!(
            reader.u32(),
            Err(PayloadError::Truncated { at: 3, wanted: 2 })
        );
        assert_eq!(reader.u16(), Ok(0x0302));
        assert_eq!(reader.finish(), Ok(()));
    }

    #[test]
    fn what_is_left_over_is_a_fault() {
        let reader = Reader::new(&[1, 2, 3], 1);
        assert_eq!(
            reader.finish(),
            Err(PayloadError::LeftOver { at: 1, extra: 2 })
        );
    }
}
