//! From bytes to text: UTF-8 (with or without a byte order mark) or GBK, decided on the whole
//! file. Nothing is replaced: bytes that fit neither are a fault with their line.

use encoding_rs::GBK;

use super::fault::FileFault;

/// Of a damaged UTF-8 file nearly all sequences are valid; of a GBK file hardly any. One broken
/// sequence in twenty is far from both.
const VALID_PER_BROKEN_MIN: usize = 20;

/// The text of a CSV file.
pub(crate) fn decode(bytes: Vec<u8>) -> Result<String, FileFault> {
    refuse_other_kinds(&bytes)?;
    let bytes = match bytes.strip_prefix(b"\xEF\xBB\xBF") {
        Some(rest) => rest.to_vec(),
        None => bytes,
    };
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text),
        Err(error) => {
            let first_broken = error.utf8_error().valid_up_to();
            let bytes = error.into_bytes();
            if is_damaged_utf8(&bytes) {
                return Err(undecodable(&bytes[..first_broken], "UTF-8"));
            }
            decode_gbk(&bytes)
        }
    }
}

fn decode_gbk(bytes: &[u8]) -> Result<String, FileFault> {
    let mut decoder = GBK.new_decoder_without_bom_handling();
    let capacity = decoder.max_utf8_buffer_length_without_replacement(bytes.len());
    let mut text = String::with_capacity(capacity.unwrap_or(bytes.len()));
    let (result, read) = decoder.decode_to_string_without_replacement(bytes, &mut text, true);
    match result {
        encoding_rs::DecoderResult::InputEmpty => Ok(text),
        _ => Err(undecodable(&bytes[..read], "GBK")),
    }
}

fn is_damaged_utf8(bytes: &[u8]) -> bool {
    let (mut valid, mut broken) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        valid += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    valid >= broken * VALID_PER_BROKEN_MIN
}

fn undecodable(before: &[u8], encoding: &'static str) -> FileFault {
    let newlines = before.iter().filter(|byte| **byte == b'\n').count();
    FileFault::Undecodable {
        line: newlines as u64 + 1,
        encoding,
    }
}

fn refuse_other_kinds(bytes: &[u8]) -> Result<(), FileFault> {
    let kinds: [(&[u8], &'static str, &'static str); 4] = [
        (b"\xD0\xCF\x11\xE0", "旧格式的 Excel 文件（.xls）", "XLSX"),
        (b"\xFF\xFE", "UTF-16 编码的文本", "“CSV UTF-8”"),
        (b"\xFE\xFF", "UTF-16 编码的文本", "“CSV UTF-8”"),
        (b"%PDF", "PDF 文件", "XLSX"),
    ];
    match kinds
        .into_iter()
        .find(|(start, _, _)| bytes.starts_with(start))
    {
        Some((_, kind, save_as)) => Err(FileFault::WrongKind { kind, save_as }),
        None if bytes.iter().take(4096).any(|byte| *byte == 0) => Err(FileFault::WrongKind {
            kind: "一个不是文本的文件",
            save_as: "“CSV UTF-8”",
        }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "岗位名称,用人单位\n电工,示例机电有限公司\n保洁员,示例家政服务部\n";

    #[test]
    fn utf8_with_and_without_mark_and_gbk_give_the_same_text() {
        let marked = [b"\xEF\xBB\xBF", TEXT.as_bytes()].concat();
        let (gbk, _, _) = GBK.encode(TEXT);
        for bytes in [TEXT.as_bytes().to_vec(), marked, gbk.into_owned()] {
            assert_eq!(decode(bytes).unwrap(), TEXT);
        }
    }

    #[test]
    fn one_broken_byte_in_utf8_is_a_fault_with_its_line_and_not_read_as_gbk() {
        let mut bytes = TEXT.repeat(3).into_bytes();
        let second_line = TEXT.find('电').unwrap();
        bytes[second_line + 1] = b'x';
        let fault = decode(bytes).unwrap_err();
        assert!(
            matches!(
                fault,
                FileFault::Undecodable {
                    line: 2,
                    encoding: "UTF-8"
                }
            ),
            "{fault}"
        );
    }

    #[test]
    fn a_byte_that_gbk_does_not_have_is_a_fault_with_its_line() {
        let (gbk, _, _) = GBK.encode(TEXT);
        let mut bytes = gbk.into_owned();
        bytes.extend(b"\xFF\n");
        let fault = decode(bytes).unwrap_err();
        assert!(
            matches!(
                fault,
                FileFault::Undecodable {
                    line: 4,
                    encoding: "GBK"
                }
            ),
            "{fault}"
        );
    }

    #[test]
    fn other_kinds_of_file_are_named() {
        for start in ["\u{D0}", "%PDF-1.7", "a\0b\0"] {
            let bytes = match start {
                "\u{D0}" => b"\xD0\xCF\x11\xE0".to_vec(),
                text => text.as_bytes().to_vec(),
            };
            assert!(matches!(decode(bytes), Err(FileFault::WrongKind { .. })));
        }
    }
}
