//! What a file is, by how it begins; what its sender says is only compared with it.

use super::fault::Fault;

/// What is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Jpeg,
    Png,
    Pdf,
}

impl Kind {
    /// Its media type.
    pub(super) fn mime(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Pdf => "application/pdf",
        }
    }

    /// What people call it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Jpeg | Self::Png => PICTURE,
            Self::Pdf => "PDF",
        }
    }
}

const PICTURE: &str = "图片";
const ANYTHING: &str = "这里收照片（JPEG、PNG）和 PDF。";
const SAVE_AS_PDF: &str = "请在电脑上打开它，选“另存为”或“打印”存成 PDF 再传。";

/// How something begins, at which byte, what it is, and what to do.
type Mark = (&'static [u8], usize, &'static str, &'static str);

/// What people try to hand in and what is told apart, so that the refusal can name it.
const NOT_TAKEN: [Mark; 24] = [
    (b"ftypheic", 4, HEIC, HEIC_HELP),
    (b"ftypheix", 4, HEIC, HEIC_HELP),
    (b"ftyphevc", 4, HEIC, HEIC_HELP),
    (b"ftypmif1", 4, HEIC, HEIC_HELP),
    (b"ftypmsf1", 4, HEIC, HEIC_HELP),
    (b"ftypavif", 4, "AVIF 图片", ANYTHING),
    (b"ftyp", 4, "视频", "请拍照片，不要拍视频。"),
    (b"II*\0", 0, TIFF, TIFF_HELP),
    (b"MM\0*", 0, TIFF, TIFF_HELP),
    (b"GIF8", 0, "GIF 动图", ANYTHING),
    (b"WEBP", 8, "WebP 图片", "请另存为 JPEG 或 PNG 再传。"),
    (b"BM", 0, "BMP 图片", "请另存为 JPEG 或 PNG 再传。"),
    (b"PK\x03\x04", 0, "压缩包或 Office 文件", SAVE_AS_PDF),
    (b"\xd0\xcf\x11\xe0", 0, "旧版 Office 文件", SAVE_AS_PDF),
    (b"{\\rtf", 0, "写字板文件", SAVE_AS_PDF),
    (b"Rar!", 0, "压缩包", "请解开以后一份一份地传。"),
    (b"7z\xbc\xaf", 0, "压缩包", "请解开以后一份一份地传。"),
    (b"MZ", 0, "Windows 程序", "程序不能当材料。"),
    (b"\x7fELF", 0, "程序", "程序不能当材料。"),
    (b"#!", 0, "脚本程序", "程序不能当材料。"),
    (b"%!PS", 0, "PostScript 文件", SAVE_AS_PDF),
    (b"OggS", 0, "录音", ANYTHING),
    (b"ID3", 0, "录音", ANYTHING),
    (b"RIFF", 0, "录音或视频", ANYTHING),
];

const HEIC: &str = "苹果手机的 HEIC 照片";
const HEIC_HELP: &str = "请在手机“设置－相机－格式”里选“兼容性最佳”再拍一次，或者用本页的“拍照”。";
const TIFF: &str = "TIFF 扫描件";
const TIFF_HELP: &str = "请在扫描软件里把格式改成 PDF 或 JPEG 再扫一次。";

/// What the bytes are, when it is something that is taken.
pub(super) fn kind(bytes: &[u8]) -> Result<Kind, Fault> {
    match bytes {
        [] => Err(Fault::Empty),
        [0xff, 0xd8, 0xff, ..] => Ok(Kind::Jpeg),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Ok(Kind::Png),
        [b'%', b'P', b'D', b'F', b'-', ..] => Ok(Kind::Pdf),
        _ => Err(not_taken(bytes)),
    }
}

/// Refuses what is another thing than its name says. JPEG and PNG are one thing to people.
pub(super) fn kind_as_claimed(bytes: &[u8], name: &str) -> Result<Kind, Fault> {
    let claimed = claimed(name);
    match (kind(bytes), claimed) {
        (Ok(kind), Some(claimed)) if kind.word() != claimed => Err(Fault::Lies {
            claimed,
            found: kind.word(),
        }),
        (Err(Fault::NotTaken(found, _)), Some(claimed)) => Err(Fault::Lies { claimed, found }),
        (kind, _) => kind,
    }
}

/// What the end of a name promises, among what is taken. Nothing else of a name is looked at.
fn claimed(name: &str) -> Option<&'static str> {
    let (_, ending) = name.rsplit_once('.')?;
    match ending.to_ascii_lowercase().as_str() {
        "jpg" | "jpeg" | "jpe" | "jfif" => Some(PICTURE),
        "png" => Some(PICTURE),
        "pdf" => Some("PDF"),
        _ => None,
    }
}

fn not_taken(bytes: &[u8]) -> Fault {
    let marked = NOT_TAKEN.iter().find(|(mark, at, _, _)| {
        let rest = bytes.get(*at..);
        rest.is_some_and(|rest| rest.starts_with(mark))
    });
    if let Some((_, _, what, help)) = marked {
        return Fault::NotTaken(what, help);
    }
    let begin = &bytes[..bytes.len().min(1_024)];
    let Ok(text) = std::str::from_utf8(begin).or_else(|error| match error.error_len() {
        // a character that is cut by the end of what is looked at
        None => std::str::from_utf8(&begin[..error.valid_up_to()]),
        Some(_) => Err(error),
    }) else {
        return Fault::NotTaken("不认识的文件", ANYTHING);
    };
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let is_markup = text.starts_with('<');
    let what = if is_markup {
        "网页文件"
    } else {
        "文字文件"
    };
    Fault::NotTaken(what, SAVE_AS_PDF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_is_named_and_what_is_taken_needs_no_name() {
        let said = |bytes: &[u8], name| kind_as_claimed(bytes, name).unwrap_err().to_string();
        let sentence = said(b"MZ\x90\0", "身份证.JPG");
        assert!(sentence.contains("说是图片") && sentence.contains("Windows 程序"));
        let sentence = said(b"%PDF-1.4", "a.png");
        assert!(sentence.contains("说是图片") && sentence.contains("其实是PDF"));
        let sentence = said(b"\xff\xd8\xff\xe0", "../../etc/a.pdf");
        assert!(sentence.contains("说是PDF") && sentence.contains("其实是图片"));
        let sentence = said(b"<html><script>", "合同.pdf");
        assert!(sentence.contains("网页文件"), "{sentence}");
        for name in ["", "noname", "a.jpeg", "b.png", "../../x.jpg"] {
            assert_eq!(kind_as_claimed(b"\xff\xd8\xff\xe0", name), Ok(Kind::Jpeg));
        }
    }

    #[test]
    fn what_people_hand_in_by_mistake_is_told_with_what_to_do() {
        for (bytes, what, help) in [
            (&b"\0\0\0\x18ftypheic"[..], "HEIC", "兼容性最佳"),
            (b"II*\0....", "TIFF", "扫描软件"),
            (b"PK\x03\x04....", "Office", "存成 PDF"),
            (b"\0\0\0\x18ftypisom", "视频", "拍照片"),
            ("你好".as_bytes(), "文字文件", "PDF"),
            (b"\x01\x02\xff\xfe", "不认识", "PDF"),
        ] {
            let sentence = kind(bytes).unwrap_err().to_string();
            assert!(
                sentence.contains(what) && sentence.contains(help),
                "{sentence}"
            );
        }
        assert_eq!(kind(b""), Err(Fault::Empty));
    }
}
