//! The file of rows that were not taken: the original cells, then 行号, 列, 原因, 怎么办. It opens in
//! a table program, and can be imported again after correction (its own columns are ignored). It
//! appears under its name only when the import has ended; an import that fails leaves none.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use domain::time::UtcMs;

use super::prepare::RowFault;

/// A table program cannot show a longer cell; the clerk has the original file.
const CELL_CHARS_MAX: usize = 32_767;

/// What follows the original columns.
const OWN_HEADERS: [&str; 4] = ["行号", "列", "原因", "怎么办"];

/// Collects rejected rows; creates nothing until there is one.
#[derive(Debug)]
pub(super) struct RejectsFile {
    path: PathBuf,
    headers: Vec<String>,
    writer: Option<csv::Writer<BufWriter<File>>>,
}

impl RejectsFile {
    /// The rejects of one import: `DIR/rejects/<time of import>-<file name>.csv`.
    pub(super) fn new(
        data: &Path,
        imported_at: UtcMs,
        imported_file: &Path,
        headers: &[String],
    ) -> Self {
        let time = imported_at.hall_time().format("%Y%m%d-%H%M%S");
        let name = imported_file
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy();
        let path = data.join("rejects").join(format!("{time}-{name}.csv"));
        Self {
            path,
            headers: headers.to_vec(),
            writer: None,
        }
    }

    pub(super) fn add(&mut self, fault: &RowFault) -> io::Result<()> {
        let columns = self.headers.len();
        let writer = match &mut self.writer {
            Some(writer) => writer,
            none => none.insert(open(&self.path, &self.headers)?),
        };
        // Cells beyond the columns would push our own out of place: they share the last cell.
        let (within, beyond) = fault.cells.split_at(fault.cells.len().min(columns));
        let mut record: Vec<String> = within.iter().map(|cell| shortened(cell)).collect();
        record.resize(columns, String::new());
        if let (Some(last), false) = (record.last_mut(), beyond.is_empty()) {
            *last = shortened(&[std::slice::from_ref(last), beyond].concat().join(","));
        }
        record.push(fault.line.to_string());
        record.push(fault.column.clone().unwrap_or_else(|| "整行".to_owned()));
        record.push(fault.reason.text());
        record.push(fault.reason.advice().to_owned());
        writer.write_record(&record).map_err(io::Error::other)
    }

    /// Makes the file durable under its name; `None` if no row was rejected.
    pub(super) fn finish(mut self) -> io::Result<Option<PathBuf>> {
        let Some(writer) = self.writer.take() else {
            return Ok(None);
        };
        let file = writer
            .into_inner()
            .map_err(|error| io::Error::other(error.to_string()))?;
        file.into_inner()
            .map_err(io::IntoInnerError::into_error)?
            .sync_all()?;
        std::fs::rename(unfinished(&self.path), &self.path)?;
        Ok(Some(self.path.clone()))
    }
}

impl Drop for RejectsFile {
    /// An import that did not finish leaves no rejects file.
    fn drop(&mut self) {
        if self.writer.take().is_some() {
            // Nothing more can be done about a file that cannot be removed; it is only left over.
            let _ = std::fs::remove_file(unfinished(&self.path));
        }
    }
}

fn open(path: &Path, headers: &[String]) -> io::Result<csv::Writer<BufWriter<File>>> {
    if let Some(directory) = path.parent() {
        std::fs::create_dir_all(directory)?;
    }
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .open(unfinished(path))?;
    let mut buffered = BufWriter::new(file);
    // Table programs take a CSV without this mark for the local code page.
    buffered.write_all(b"\xEF\xBB\xBF")?;
    let mut writer = csv::Writer::from_writer(buffered);
    let own = OWN_HEADERS.iter().copied();
    let kept = headers.iter().map(String::as_str);
    writer
        .write_record(kept.chain(own))
        .map_err(io::Error::other)?;
    Ok(writer)
}

fn unfinished(path: &Path) -> PathBuf {
    path.with_extension("csv.part")
}

fn shortened(cell: &str) -> String {
    match cell.char_indices().nth(CELL_CHARS_MAX) {
        None => cell.to_owned(),
        Some(_) => {
            let note = format!("…（共 {} 字节，此处截短）", cell.len());
            let kept = CELL_CHARS_MAX - note.chars().count();
            cell.chars().take(kept).chain(note.chars()).collect()
        }
    }
}
