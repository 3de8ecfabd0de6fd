//! A year's days off, put into the data directory before the program brings them: the notice for a
//! year comes out in the autumn before, an update of the program perhaps later. The file has the
//! form of `assets/calendar/workdays.csv`; its years replace the program's. Read at the start.

use std::io::ErrorKind;
use std::path::Path;

use domain::calendar::{CalendarFault, WorkCalendar};
use thiserror::Error;

/// Its name in the data directory.
const NAME: &str = "workdays.csv";

/// A file of days off that is there and cannot be used.
#[derive(Debug, Error)]
pub enum CalendarFileError {
    /// The file.
    #[error("数据目录里的 {NAME} 读不了：{0}")]
    Io(#[from] std::io::Error),
    /// What stands in it.
    #[error("数据目录里的 {NAME} 不对：{0} 请改好，或先把它移走。")]
    Fault(#[from] CalendarFault),
}

/// The years in the data directory; none when it has no such file.
///
/// # Errors
/// [`CalendarFileError`].
pub fn in_directory(data: &Path) -> Result<WorkCalendar, CalendarFileError> {
    match std::fs::read_to_string(data.join(NAME)) {
        Ok(text) => Ok(WorkCalendar::read(&text)?),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(WorkCalendar::default()),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_file_is_no_year_and_a_broken_one_is_told_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let years = || in_directory(folder.path()).map(|found| found.years().collect::<Vec<_>>());
        assert!(years().unwrap().is_empty());
        let write = |text: &str| std::fs::write(folder.path().join(NAME), text).unwrap();
        write("date,kind,note\n2027,year,示例\n2027-01-01,holiday,元旦\n");
        assert_eq!(years().unwrap(), [2027]);
        write("date,kind,note\n2027-01-01,holiday,元旦,\n2027-01-02,feast,x\n");
        let told = years().unwrap_err().to_string();
        assert!(told.contains("line 3") && told.contains(NAME), "{told}");
    }
}
