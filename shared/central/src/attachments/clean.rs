//! What of a file is kept.

use super::AttachmentRules;
use super::fault::Fault;
use super::picture::PixelBounds;
use super::sniff::{Kind, kind_as_claimed};
use super::{jpeg, pdf, png};

/// A file that may be taken in, without what does not belong to it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Cleaned {
    pub(super) mime: &'static str,
    pub(super) pages: u32,
    pub(super) bytes: Vec<u8>,
}

/// Checks a file by its bytes. Of its name only the ending counts, and only as a promise.
pub(super) fn cleaned(bytes: &[u8], name: &str, rules: &AttachmentRules) -> Result<Cleaned, Fault> {
    let bytes_max = rules.bytes_max;
    if bytes.len() as u64 > bytes_max {
        return Err(Fault::TooLong { bytes_max });
    }
    let bounds = PixelBounds {
        pixels_max: rules.pixels_max,
    };
    let kind = kind_as_claimed(bytes, name)?;
    let (pages, bytes) = match kind {
        Kind::Jpeg => (1, jpeg::cleaned(bytes, bounds)?.bytes),
        Kind::Png => (1, png::cleaned(bytes, bounds)?.bytes),
        Kind::Pdf => (pdf::pages(bytes)?, bytes.to_vec()),
    };
    Ok(Cleaned {
        mime: kind.mime(),
        pages,
        bytes,
    })
}
