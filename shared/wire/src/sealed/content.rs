//! Contents that are too long for a text: attachments, sealed as bytes with what opens them before
//! them. Format, nonce, ciphertext; the binding is not stored.

use chacha20poly1305::XNonce;
use chacha20poly1305::aead::{Aead, Payload};
use zeroize::Zeroizing;

use super::{Binding, Nonce, SealError, SealKey};

/// What every sealed content begins with: format and algorithm.
const FORMAT: &[u8; 10] = b"c1:xc20p:\n";
/// Format and nonce.
const HEAD_BYTES: usize = FORMAT.len() + size_of::<Nonce>();

impl SealKey {
    /// Seals a content of any length for what `binding` says. The nonce is random and used once.
    #[must_use]
    pub fn seal_content(&self, binding: &Binding<'_>, content: &[u8], nonce: Nonce) -> Vec<u8> {
        let payload = Payload {
            msg: content,
            aad: &binding.bytes(),
        };
        let ciphertext = self
            .cipher()
            .encrypt(&XNonce::from(nonce), payload)
            .expect("a ciphertext, because no content in memory reaches the cipher's bound");
        [FORMAT.as_slice(), &nonce, &ciphertext].concat()
    }

    /// Opens what was sealed under this key for the same `binding`.
    ///
    /// # Errors
    /// [`SealError::Form`] when it is no sealed content, [`SealError::Altered`] when it was changed
    /// or moved, or another key sealed it.
    pub fn open_content(
        &self,
        binding: &Binding<'_>,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (head, ciphertext) = sealed
            .split_at_checked(HEAD_BYTES)
            .filter(|(head, _)| head.starts_with(FORMAT))
            .ok_or(SealError::Form)?;
        let mut nonce = Nonce::default();
        nonce.copy_from_slice(&head[FORMAT.len()..]);
        let payload = Payload {
            msg: ciphertext,
            aad: &binding.bytes(),
        };
        self.cipher()
            .decrypt(&XNonce::from(nonce), payload)
            .map(Zeroizing::new)
            .map_err(|_| SealError::Altered)
    }
}

#[cfg(test)]
mod tests {
    use domain::id::RecordId;
    use uuid::Uuid;

    use super::*;

    fn of(record: u128) -> Binding<'static> {
        let record = RecordId(Uuid::from_u128(record));
        Binding::Attachment { record }
    }

    #[test]
    fn a_long_content_opens_for_its_record_and_for_no_other() {
        let key = SealKey::from_bytes([7; 32]);
        let content = vec![0x5a; 100_000];
        let sealed = key.seal_content(&of(1), &content, [9; 24]);
        assert_eq!(*key.open_content(&of(1), &sealed).unwrap(), content);
        assert_eq!(key.open_content(&of(2), &sealed), Err(SealError::Altered));
        let other = SealKey::from_bytes([8; 32]);
        assert_eq!(other.open_content(&of(1), &sealed), Err(SealError::Altered));
    }

    #[test]
    fn a_changed_or_cut_content_does_not_open() {
        let key = SealKey::from_bytes([7; 32]);
        let sealed = key.seal_content(&of(1), b"content", [9; 24]);
        for place in [0, 12, sealed.len() - 1] {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert!(key.open_content(&of(1), &changed).is_err(), "{place}");
        }
        for length in [0, 5, HEAD_BYTES, sealed.len() - 1] {
            assert!(key.open_content(&of(1), &sealed[..length]).is_err());
        }
    }
}
