//! What a file is, by its content: its name is only what somebody called it.

use std::io::{Cursor, Read as _};
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::FILE_BYTES_MAX;
use super::fault::SheetError;
use super::grid::{Grid, Raw};
use super::workbook;
use crate::import::{Records, decode};

/// Most bytes to which a workbook may unpack: a hundred thousand rows of forty columns are 150 MB.
const UNPACKED_BYTES_MAX: u64 = 400 * 1024 * 1024;

/// Where a page or a document in XML says what it is.
const XML_HEAD_BYTES: usize = 2048;

/// What content turns out to be.
enum Content {
    Xlsx,
    Text,
}

/// Opens a file and reads the sheet with the wanted name, or the first that has any content.
///
/// # Errors
/// [`SheetError`].
pub(super) fn open(name: &str, bytes: &[u8], wanted: &str) -> Result<Grid, SheetError> {
    const MIB: usize = 1024 * 1024;
    if bytes.len() > FILE_BYTES_MAX {
        return Err(SheetError::TooLarge {
            mib: bytes.len().div_ceil(MIB),
            mib_max: FILE_BYTES_MAX / MIB,
        });
    }
    let content = content(name, bytes)?;
    let mut grid = match content {
        Content::Text => csv(bytes)?,
        Content::Xlsx => guarded(|| workbook::xlsx(bytes, wanted))?,
    };
    grid.notices.extend(misnamed(name, &content));
    Ok(grid)
}

/// The reader of workbooks takes some lengths in a file on trust and panics where they are wrong.
fn guarded(read: impl FnOnce() -> Result<Grid, SheetError>) -> Result<Grid, SheetError> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| {
        Err(SheetError::BadWorkbook {
            detail: "文件内部损坏".to_owned(),
        })
    })
}

fn content(name: &str, bytes: &[u8]) -> Result<Content, SheetError> {
    let wrong = |what| {
        let name = name.to_owned();
        Err(SheetError::WrongKind { name, what })
    };
    match bytes {
        [] => Err(SheetError::Empty),
        [b'P', b'K', 3, 4, ..] => match unpacked(bytes)? {
            None => Ok(Content::Xlsx),
            Some(what) => wrong(what),
        },
        [0xD0, 0xCF, 0x11, 0xE0, ..] if has_utf16(bytes, "EncryptedPackage") => {
            Err(SheetError::Encrypted)
        }
        // the reader of old workbooks unfolds all sheets at once, before any bound of ours holds
        [0xD0, 0xCF, 0x11, 0xE0, ..] if has_utf16(bytes, "Book") || has_utf16(bytes, "book") => {
            wrong("旧格式的 XLS 表格")
        }
        [0xD0, 0xCF, 0x11, 0xE0, ..] => wrong("别的程序的文件（比如 Word）"),
        [b'%', b'P', b'D', b'F', ..] => wrong("PDF 文件"),
        [0x89, b'P', b'N', b'G', ..] | [0xFF, 0xD8, 0xFF, ..] => wrong("图片"),
        _ => markup(bytes).map_or(Ok(Content::Text), wrong),
    }
}

/// Measures a zip by unpacking it, because the sizes that it states may be wrong. `Some` says what
/// it is instead of a workbook.
fn unpacked(bytes: &[u8]) -> Result<Option<&'static str>, SheetError> {
    let bad = |error: &dyn std::fmt::Display| SheetError::BadWorkbook {
        detail: error.to_string(),
    };
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| bad(&error))?;
    let what = foreign(&archive);
    let mut left = UNPACKED_BYTES_MAX;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(|error| bad(&error))?;
        let read = std::io::copy(&mut entry.take(left + 1), &mut std::io::sink());
        let read = read.map_err(|error| bad(&error))?;
        left = left.checked_sub(read).ok_or(SheetError::Unpacked {
            mib_max: UNPACKED_BYTES_MAX / (1024 * 1024),
        })?;
    }
    Ok(what)
}

fn foreign(archive: &zip::ZipArchive<Cursor<&[u8]>>) -> Option<&'static str> {
    let has = |name: &str| archive.index_for_name(name).is_some();
    if has("xl/workbook.xml") {
        return None;
    }
    Some(if has("xl/workbook.bin") {
        "二进制工作簿（XLSB）"
    } else if has("word/document.xml") {
        "Word 文件"
    } else if has("content.xml") {
        "ODS 表格"
    } else {
        "压缩包或别的程序的文件"
    })
}

/// What a text is that begins like markup; `None` for other texts.
fn markup(bytes: &[u8]) -> Option<&'static str> {
    let text = bytes
        .strip_prefix(b"\xEF\xBB\xBF")
        .unwrap_or(bytes)
        .trim_ascii_start();
    let head = text.get(..text.len().min(XML_HEAD_BYTES))?;
    if !head.starts_with(b"<") {
        return None;
    }
    let head = String::from_utf8_lossy(head).to_lowercase();
    Some(
        if head.contains("office:spreadsheet") && !head.contains("<html") {
            "XML 表格"
        } else if ["<html", "<table", "<!doctype html"]
            .iter()
            .any(|tag| head.contains(tag))
        {
            "网页（HTML）"
        } else {
            "XML 文件"
        },
    )
}

fn has_utf16(bytes: &[u8], text: &str) -> bool {
    let needle: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.windows(needle.len()).any(|window| window == needle)
}

fn misnamed(name: &str, content: &Content) -> Option<String> {
    let lower = name.to_ascii_lowercase();
    let (fits, what) = match content {
        Content::Xlsx => (lower.ends_with(".xlsx") || lower.ends_with(".xlsm"), "XLSX"),
        Content::Text => (lower.ends_with(".csv") || lower.ends_with(".txt"), "CSV"),
    };
    (!fits).then(|| format!("文件“{name}”的内容其实是{what}，已经按{what}读。"))
}

fn csv(bytes: &[u8]) -> Result<Grid, SheetError> {
    let text = decode(bytes.to_vec())?;
    let mut grid = Grid::default();
    for record in Records::new(&text) {
        let record = record?;
        let line = u32::try_from(record.line).unwrap_or(u32::MAX);
        for (column, cell) in record.cells.iter().enumerate() {
            grid.put(line, column, Raw::typed(super::export::unguarded(cell)))?;
        }
    }
    if grid.rows.is_empty() {
        return Err(SheetError::Empty);
    }
    Ok(grid)
}
