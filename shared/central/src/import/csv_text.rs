//! A strict reader of RFC 4180. The usual crates mend broken quoting silently, which moves text
//! into the wrong cells; here it is a fault with its place, found before anything is imported.
//! Deviations from the RFC, on purpose: a line may end with LF alone, and blank lines are nothing.

use std::borrow::Cow;

use super::fault::{FileFault, TextPlace};

/// One record with the line on which it begins.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Record<'t> {
    pub(crate) line: u64,
    /// Bytes of the record in the file.
    pub(super) bytes: usize,
    pub(crate) cells: Vec<Cow<'t, str>>,
}

/// Reads records from the start of a text. After a fault it yields nothing more.
#[derive(Debug, Clone)]
pub(crate) struct Records<'t> {
    text: &'t str,
    at: usize,
    line: u64,
    /// The previous record's cells: the next one probably has as many.
    cells_expected: usize,
}

/// What ended a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CellEnd {
    Comma,
    Line,
}

impl<'t> Records<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Self {
            text,
            at: 0,
            line: 1,
            cells_expected: 0,
        }
    }

    fn record(&mut self) -> Result<Record<'t>, FileFault> {
        let (start, line) = (self.at, self.line);
        let mut cells = Vec::with_capacity(self.cells_expected);
        loop {
            let quoted = self.text.as_bytes().get(self.at) == Some(&b'"');
            let (cell, end) = if quoted {
                self.quoted_cell()?
            } else {
                self.plain_cell()?
            };
            cells.push(cell);
            if end == CellEnd::Line {
                break;
            }
        }
        self.cells_expected = cells.len();
        Ok(Record {
            line,
            bytes: self.at - start,
            cells,
        })
    }

    fn plain_cell(&mut self) -> Result<(Cow<'t, str>, CellEnd), FileFault> {
        let rest = &self.text[self.at..];
        let length = rest.bytes().position(|b| matches!(b, b',' | b'\n' | b'"'));
        let length = length.unwrap_or(rest.len());
        let cell = &rest[..length];
        match rest.as_bytes().get(length) {
            Some(b'"') => Err(FileFault::StrayQuote(self.place(self.at + length))),
            Some(b',') => {
                self.at += length + 1;
                Ok((Cow::Borrowed(cell), CellEnd::Comma))
            }
            line_end => {
                self.at += length + usize::from(line_end.is_some());
                self.line += 1;
                Ok((
                    Cow::Borrowed(cell.strip_suffix('\r').unwrap_or(cell)),
                    CellEnd::Line,
                ))
            }
        }
    }

    fn quoted_cell(&mut self) -> Result<(Cow<'t, str>, CellEnd), FileFault> {
        let open = self.at;
        let inside = &self.text[open + 1..];
        let mut length = 0;
        let mut doubled = false;
        loop {
            let Some(quote) = inside.as_bytes()[length..].iter().position(|b| *b == b'"') else {
                return Err(FileFault::UnclosedQuote(self.place(open)));
            };
            length += quote;
            if inside.as_bytes().get(length + 1) != Some(&b'"') {
                break;
            }
            doubled = true;
            length += 2;
        }
        let cell = &inside[..length];
        self.line += cell.bytes().filter(|b| *b == b'\n').count() as u64;
        let cell = if doubled {
            Cow::Owned(cell.replace("\"\"", "\""))
        } else {
            Cow::Borrowed(cell)
        };
        self.at = open + 1 + length + 1;
        Ok((cell, self.end_after_quote()?))
    }

    fn end_after_quote(&mut self) -> Result<CellEnd, FileFault> {
        let rest = &self.text[self.at..];
        let (end, length) = if rest.starts_with(',') {
            (CellEnd::Comma, 1)
        } else if rest.starts_with("\r\n") {
            (CellEnd::Line, 2)
        } else if rest.starts_with('\n') {
            (CellEnd::Line, 1)
        } else if rest.is_empty() || rest == "\r" {
            (CellEnd::Line, rest.len())
        } else {
            return Err(FileFault::TextAfterQuote(self.place(self.at)));
        };
        self.at += length;
        self.line += u64::from(end == CellEnd::Line);
        Ok(end)
    }

    fn place(&self, at: usize) -> TextPlace {
        let before = &self.text[..at];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = before.bytes().filter(|b| *b == b'\n').count() as u64 + 1;
        TextPlace {
            line,
            column: before[line_start..].chars().count() as u64 + 1,
        }
    }
}

impl<'t> Iterator for Records<'t> {
    type Item = Result<Record<'t>, FileFault>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.at < self.text.len() {
            match self.record() {
                Ok(record) if record.cells.len() == 1 && record.cells[0].trim().is_empty() => {}
                Ok(record) => return Some(Ok(record)),
                Err(fault) => {
                    self.at = self.text.len();
                    return Some(Err(fault));
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<(u64, Vec<String>)> {
        let owned = |record: Record<'_>| {
            (
                record.line,
                record.cells.into_iter().map(Cow::into_owned).collect(),
            )
        };
        Records::new(text)
            .map(|record| owned(record.unwrap()))
            .collect()
    }

    fn row(line: u64, cells: &[&str]) -> (u64, Vec<String>) {
        (line, cells.iter().map(|cell| (*cell).to_owned()).collect())
    }

    #[test]
    fn quotes_commas_and_line_breaks_inside_quotes_belong_to_the_cell() {
        let text = "a,\"b,1\n2\"\"3\",c\r\n\n  \n\"\",x,\n";
        assert_eq!(
            rows(text),
            [row(1, &["a", "b,1\n2\"3", "c"]), row(5, &["", "x", ""])]
        );
    }

    #[test]
    fn the_last_line_may_lack_its_end() {
        assert_eq!(
            rows("a,b\nc,\"d\""),
            [row(1, &["a", "b"]), row(2, &["c", "d"])]
        );
        assert_eq!(rows("a,"), [row(1, &["a", ""])]);
        assert_eq!(rows(""), []);
    }

    #[test]
    fn broken_quoting_is_a_fault_at_its_place() {
        let fault = |text: &str| Records::new(text).find_map(Result::err).unwrap();
        let at = |line, column| TextPlace { line, column };
        assert!(matches!(fault("a,b\n电,工\"x\n"), FileFault::StrayQuote(p) if p == at(2, 4)));
        assert!(matches!(fault("a\n\"b\nc,d\n"), FileFault::UnclosedQuote(p) if p == at(2, 1)));
        assert!(matches!(fault("\"a\nb\"c,d"), FileFault::TextAfterQuote(p) if p == at(2, 3)));
    }

    #[test]
    fn agrees_with_the_csv_crate_on_well_formed_text() {
        let cells = [
            ["电工", "a\"b", "1,2"],
            ["", " x ", "行\r\n行"],
            ["\"", ",", "\n"],
        ];
        let mut writer = csv::Writer::from_writer(Vec::new());
        for record in cells {
            writer.write_record(record).unwrap();
        }
        let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        let read: Vec<_> = rows(&text).into_iter().map(|(_, cells)| cells).collect();
        assert_eq!(read, cells);
    }
}
