//! The smallest XLSX that is one: stored (not compressed) parts of a one-sheet workbook.

use std::fmt::Write as _;

/// A cell as the sheet's XML has it, without its position.
#[derive(Clone)]
pub(super) struct Cell(&'static str, String);

impl Cell {
    pub(super) fn text(text: &str) -> Self {
        Self(r#" t="inlineStr""#, format!("<is><t>{text}</t></is>"))
    }

    pub(super) fn number(number: &str) -> Self {
        Self("", format!("<v>{number}</v>"))
    }

    /// A serial day in a date format.
    pub(super) fn date(serial: &str) -> Self {
        Self(r#" s="1""#, format!("<v>{serial}</v>"))
    }

    pub(super) fn formula(formula: &str, saved: Option<&str>) -> Self {
        let saved = saved
            .map(|value| format!("<v>{value}</v>"))
            .unwrap_or_default();
        Self("", format!("<f>{formula}</f>{saved}"))
    }
}

pub(super) fn workbook(rows: &[Vec<Cell>]) -> Vec<u8> {
    let mut sheet = String::new();
    for (row, cells) in rows.iter().enumerate() {
        write!(sheet, r#"<row r="{}">"#, row + 1).unwrap();
        for (column, Cell(attributes, content)) in cells.iter().enumerate() {
            let letter = char::from(b'A' + u8::try_from(column).unwrap());
            write!(
                sheet,
                r#"<c r="{letter}{}"{attributes}>{content}</c>"#,
                row + 1
            )
            .unwrap();
        }
        sheet.push_str("</row>");
    }
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    stored_zip(&[
        (
            "_rels/.rels",
            format!(
                r#"<Relationships xmlns="{package}"><Relationship Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                r#"<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="岗位" sheetId="1" r:id="s1"/></sheets></workbook>"#
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                r#"<Relationships xmlns="{package}"><Relationship Id="s1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="s2" Type="{office}/styles" Target="styles.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/styles.xml",
            format!(
                r#"<styleSheet xmlns="{main}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#
            ),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!(r#"<worksheet xmlns="{main}"><sheetData>{sheet}</sheetData></worksheet>"#),
        ),
    ])
}

/// A ZIP archive without compression (APPNOTE 6.3, sections 4.3.7, 4.3.12, 4.3.16).
fn stored_zip(parts: &[(&str, String)]) -> Vec<u8> {
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in parts {
        let offset = u32::try_from(archive.len()).unwrap();
        let size = u32::try_from(content.len()).unwrap();
        let name_size = u16::try_from(name.len()).unwrap();
        let mut common = vec![20, 0, 0, 8, 0, 0, 0, 0, 0, 0];
        common.extend(crc32(content.as_bytes()).to_le_bytes());
        common.extend(size.to_le_bytes());
        common.extend(size.to_le_bytes());
        common.extend(name_size.to_le_bytes());
        common.extend([0, 0]);
        archive.extend(b"PK\x03\x04");
        archive.extend(&common);
        archive.extend(name.as_bytes());
        archive.extend(content.as_bytes());
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let directory_offset = u32::try_from(archive.len()).unwrap();
    let count = u16::try_from(parts.len()).unwrap().to_le_bytes();
    archive.extend(&directory);
    archive.extend(b"PK\x05\x06\0\0\0\0");
    archive.extend(count);
    archive.extend(count);
    archive.extend(u32::try_from(directory.len()).unwrap().to_le_bytes());
    archive.extend(directory_offset.to_le_bytes());
    archive.extend([0, 0]);
    archive
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |mut crc, byte| {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 {
                (crc >> 1) ^ 0xEDB8_8320
            } else {
                crc >> 1
            };
        }
        crc
    })
}
