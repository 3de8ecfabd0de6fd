//! What pictures of both kinds have in common.

use super::fault::Fault;

/// Longest side of a picture, in pixels.
const SIDE_MAX: u32 = 30_000;

/// A picture without what does not belong to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Picture {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) bytes: Vec<u8>,
}

/// How large a picture may be when it is shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct PixelBounds {
    pub(super) pixels_max: u64,
}

impl PixelBounds {
    /// Refuses a picture by the size that its header gives; none has no pixels.
    pub(super) fn check(self, width: u32, height: u32, damaged: Fault) -> Result<(), Fault> {
        if width == 0 || height == 0 {
            return Err(damaged);
        }
        let pixels = u64::from(width) * u64::from(height);
        if pixels > self.pixels_max || width.max(height) > SIDE_MAX {
            return Err(Fault::TooManyPixels { width, height });
        }
        Ok(())
    }
}
