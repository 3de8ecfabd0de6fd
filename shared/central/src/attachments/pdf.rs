//! PDF that only shows pages: whole, not encrypted, without scripts, programs and enclosed files.
//!
//! The file is not rendered. Names are read wherever they stand, also written with `#xx`, also in
//! objects that are packed into streams (`/ObjStm`), which are unpacked within a bound. What is
//! packed in a way that cannot be looked into is refused.

use std::io::Read;

use flate2::read::ZlibDecoder;

use super::fault::Fault;

/// `%%EOF` must stand so near to the end.
const TAIL_BYTES: usize = 2_048;
/// Longest name that is compared.
const NAME_BYTES_MAX: usize = 32;
/// Packed objects may unpack to so much, over the whole file.
const UNPACKED_BYTES_MAX: usize = 32 << 20;
const DAMAGED: Fault = Fault::Damaged(" PDF");
const SCRIPT: &str = "自动运行的脚本";
const ENCLOSED: &str = "夹带的文件";

/// Names that make a PDF more than pages.
const ACTIVE: [(&[u8], &str); 8] = [
    (b"JavaScript", SCRIPT),
    (b"Launch", "启动程序的动作"),
    (b"EmbeddedFile", ENCLOSED),
    (b"EmbeddedFiles", ENCLOSED),
    (b"RichMedia", "视频或动画"),
    (b"SubmitForm", "往外发送内容的动作"),
    (b"ImportData", "读入别的文件的动作"),
    (b"Encrypt", "密码"),
];

/// The number of pages of a PDF that may be taken in.
pub(super) fn pages(bytes: &[u8]) -> Result<u32, Fault> {
    let tail = &bytes[bytes.len().saturating_sub(TAIL_BYTES)..];
    find(tail, b"%%EOF").ok_or(DAMAGED)?;
    let mut found = Found::default();
    found.look_at(bytes, IsPacked::Raw)?;
    let mut left = UNPACKED_BYTES_MAX;
    for stream in Streams::of(bytes) {
        if stream.holds_objects() {
            let objects = stream.unpacked(&mut left)?;
            found.look_at(&objects, IsPacked::Objects)?;
        }
    }
    if found.pages == 0 {
        return Err(DAMAGED);
    }
    Ok(found.pages)
}

/// Whether bytes are the file's own, pictures and all, or nothing but objects.
#[derive(Clone, Copy, PartialEq, Eq)]
enum IsPacked {
    Raw,
    Objects,
}

#[derive(Default)]
struct Found {
    pages: u32,
}

impl Found {
    fn look_at(&mut self, bytes: &[u8], packed: IsPacked) -> Result<(), Fault> {
        let mut is_type = false;
        for name in Names::of(bytes) {
            let name = name.as_slice();
            if let Some((_, what)) = ACTIVE.iter().find(|(active, _)| *active == name) {
                return Err(Fault::ActivePdf(what));
            }
            // so short a name turns up in the bytes of pictures by chance
            if packed == IsPacked::Objects && name == b"JS" {
                return Err(Fault::ActivePdf(SCRIPT));
            }
            self.pages = self
                .pages
                .saturating_add(u32::from(is_type && name == b"Page"));
            is_type = name == b"Type";
        }
        Ok(())
    }
}

/// The names in a run of bytes, with `#xx` written out.
struct Names<'b> {
    rest: &'b [u8],
}

impl<'b> Names<'b> {
    fn of(bytes: &'b [u8]) -> Self {
        Self { rest: bytes }
    }
}

impl Iterator for Names<'_> {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        let slash = self.rest.iter().position(|byte| *byte == b'/')?;
        self.rest = &self.rest[slash + 1..];
        let end = self.rest.iter().take(NAME_BYTES_MAX * 3);
        let length = end.take_while(|byte| is_regular(**byte)).count();
        Some(written_out(&self.rest[..length]))
    }
}

/// Neither white space nor a delimiter (ISO 32000-1, 7.2.2).
fn is_regular(byte: u8) -> bool {
    !matches!(
        byte,
        0 | 9
            | 10
            | 12
            | 13
            | 32
            | b'('
            | b')'
            | b'<'
            | b'>'
            | b'['
            | b']'
            | b'{'
            | b'}'
            | b'/'
            | b'%'
    )
}

fn written_out(name: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(name.len().min(NAME_BYTES_MAX));
    let mut rest = name;
    while let [first, after @ ..] = rest {
        let mut coded = [0];
        let is_coded = *first == b'#'
            && after
                .get(..2)
                .is_some_and(|digits| hex::decode_to_slice(digits, &mut coded).is_ok());
        bytes.push(if is_coded { coded[0] } else { *first });
        rest = if is_coded { &after[2..] } else { after };
    }
    bytes
}

/// A stream: its dictionary, and what comes after the word.
struct Stream<'b> {
    dictionary: &'b [u8],
    data: &'b [u8],
}

impl Stream<'_> {
    fn holds_objects(&self) -> bool {
        self.says(b"ObjStm")
    }

    fn says(&self, wanted: &[u8]) -> bool {
        Names::of(self.dictionary).any(|name| name == wanted)
    }

    /// The objects, taken from what may still be unpacked.
    fn unpacked(&self, left: &mut usize) -> Result<Vec<u8>, Fault> {
        let hidden = || Fault::ActivePdf("看不到内容的部分");
        let mut filters = Names::of(self.dictionary)
            .skip_while(|name| name != b"Filter")
            .skip(1)
            .take_while(|name| name.ends_with(b"Decode"));
        let first = filters.next();
        match first.as_deref() {
            // plain, so it was looked at already
            None if !self.says(b"Filter") => return Ok(Vec::new()),
            Some(b"FlateDecode") if filters.next().is_none() && !self.says(b"Predictor") => {}
            _ => return Err(hidden()),
        }
        let bound = u64::try_from(*left).unwrap_or(u64::MAX);
        let mut objects = Vec::new();
        // what an end that was cut still gave is looked at too
        let read = ZlibDecoder::new(self.data)
            .take(bound)
            .read_to_end(&mut objects);
        if objects.len() >= *left || (read.is_err() && objects.is_empty()) {
            return Err(hidden());
        }
        *left -= objects.len();
        Ok(objects)
    }
}

/// Every stream of a file, by the word that begins it.
struct Streams<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Streams<'b> {
    /// Dictionaries longer than this have none of the names that are looked for at their end.
    const DICTIONARY_BYTES_MAX: usize = 1_024;

    fn of(bytes: &'b [u8]) -> Self {
        Self { bytes, at: 0 }
    }
}

impl<'b> Iterator for Streams<'b> {
    type Item = Stream<'b>;

    fn next(&mut self) -> Option<Stream<'b>> {
        const WORD: &[u8] = b"stream";
        loop {
            let word = self.at + find(&self.bytes[self.at..], WORD)?;
            self.at = word + WORD.len();
            let rest = &self.bytes[self.at..];
            let data = rest
                .strip_prefix(b"\r\n")
                .or_else(|| rest.strip_prefix(b"\n"));
            let is_end = self.bytes[..word].ends_with(b"end");
            let Some(data) = data.filter(|_| !is_end) else {
                continue;
            };
            let from = word.saturating_sub(Self::DICTIONARY_BYTES_MAX);
            let before = &self.bytes[from..word];
            let begin = before.windows(4).rposition(|four| four == b" obj");
            let dictionary = begin.map_or(before, |begin| &before[begin..]);
            return Some(Stream { dictionary, data });
        }
    }
}

/// Where `wanted`, which is not empty, begins.
fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += bytes[at..].iter().position(|byte| *byte == wanted[0])?;
        if bytes[at..].starts_with(wanted) {
            return Some(at);
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::ZlibEncoder;

    use super::super::samples::pdf;
    use super::*;

    fn packed(objects: &[u8], filter: &str) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(objects).unwrap();
        let data = encoder.finish().unwrap();
        let mut bytes = b"%PDF-1.5\n".to_vec();
        let dictionary = format!("9 0 obj <</Type /ObjStm /N 1 /Filter {filter}>> stream\r\n");
        bytes.extend(dictionary.into_bytes());
        bytes.extend(data);
        bytes.extend(b"\r\nendstream endobj\n%%EOF");
        bytes
    }

    #[test]
    fn pages_are_counted_plain_and_packed() {
        assert_eq!(pages(&pdf(3, "")), Ok(3));
        let two = b"<</Type /Page>> <</Type/Page/Parent 1 0 R>> <</Type /Pages>>";
        assert_eq!(pages(&packed(two, "/FlateDecode")), Ok(2));
    }

    #[test]
    fn what_does_more_than_show_pages_is_named() {
        for (object, what) in [
            ("<</S /JavaScript /JS (x)>>", "脚本"),
            ("<</S/J#61vaScript>>", "脚本"),
            ("<</S /Launch /F (cmd.exe)>>", "启动程序"),
            ("<</Type /EmbeddedFile>>", "夹带"),
            ("<</Encrypt 9 0 R>>", "密码"),
        ] {
            let sentence = pages(&pdf(1, object)).unwrap_err().to_string();
            assert!(
                sentence.contains(what) && sentence.contains("打印"),
                "{sentence}"
            );
            let hidden = packed(object.as_bytes(), "[/FlateDecode]");
            assert!(pages(&hidden).unwrap_err().to_string().contains(what));
        }
        let short = packed(b"<</Type/Page>> <</JS 1 0 R>>", "/FlateDecode");
        assert_eq!(pages(&short), Err(Fault::ActivePdf(SCRIPT)));
    }

    #[test]
    fn what_cannot_be_looked_into_is_refused() {
        let page = b"<</Type/Page>>";
        for filter in ["/LZWDecode", "[/ASCIIHexDecode /FlateDecode]", "7 0 R"] {
            assert!(matches!(
                pages(&packed(page, filter)),
                Err(Fault::ActivePdf(_))
            ));
        }
        let bomb = packed(&vec![b' '; UNPACKED_BYTES_MAX + 1], "/FlateDecode");
        assert!(bomb.len() < 100_000);
        assert!(matches!(pages(&bomb), Err(Fault::ActivePdf(_))));
    }

    #[test]
    fn a_cut_file_and_one_without_pages_are_refused() {
        let whole = pdf(1, "");
        assert_eq!(pages(&whole[..whole.len() - 10]), Err(DAMAGED));
        assert_eq!(pages(&pdf(0, "")), Err(DAMAGED));
    }
}
