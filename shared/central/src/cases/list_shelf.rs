//! The lists that are compared and the batches of this program: read from its files when it starts
//! and checked against its kinds. A broken file stops the start and is named with its line.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use domain::batch::{self, BatchRule};
use domain::case::{Kind, KindFault, KindFile};
use domain::comparison::{self, ListComparison};
use domain::id::KindId;
use include_dir::{Dir, include_dir};

use super::{KindShelf, ShelfError};

static COMPARISONS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../assets/comparisons");
static BATCHES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../assets/batches");

/// The lists and batches in use. Cheap to clone.
#[derive(Debug, Clone)]
pub struct ListShelf {
    comparisons: Arc<Vec<ListComparison>>,
    batches: Arc<Vec<BatchRule>>,
}

impl ListShelf {
    /// Those of the program's own files, read once.
    ///
    /// # Errors
    /// [`ShelfError`].
    pub fn embedded() -> Result<Self, ShelfError> {
        static READ: OnceLock<Result<ListShelf, ShelfError>> = OnceLock::new();
        let read = || {
            let kinds = KindShelf::embedded()?;
            Self::read(&files_of(&COMPARISONS), &files_of(&BATCHES), &kinds)
        };
        READ.get_or_init(read).clone()
    }

    /// Those of these files.
    ///
    /// # Errors
    /// [`ShelfError`]: every fault of every file.
    pub fn read(
        comparisons: &[(String, String)],
        batches: &[(String, String)],
        kinds: &KindShelf,
    ) -> Result<Self, ShelfError> {
        let comparisons = comparison::read(&as_files(comparisons), kinds.set());
        let batches = batch::read(&as_files(batches), kinds.set());
        match (comparisons, batches) {
            (Ok(comparisons), Ok(batches)) => Ok(Self {
                comparisons: Arc::new(comparisons),
                batches: Arc::new(batches),
            }),
            (comparisons, batches) => {
                let of = |folder: &str, faults: Vec<KindFault>| {
                    let folder = folder.to_owned();
                    faults.into_iter().map(move |fault| KindFault {
                        path: Path::new(&folder)
                            .join(&fault.path)
                            .to_string_lossy()
                            .into(),
                        ..fault
                    })
                };
                let wrong = of("comparisons", comparisons.err().unwrap_or_default());
                let wrong = wrong.chain(of("batches", batches.err().unwrap_or_default()));
                Err(ShelfError(wrong.collect()))
            }
        }
    }

    /// Every list, by id.
    pub(crate) fn comparisons(&self) -> &[ListComparison] {
        &self.comparisons
    }

    /// The list with this id.
    pub(crate) fn comparison(&self, id: &str) -> Option<&ListComparison> {
        self.comparisons.iter().find(|list| list.id == id)
    }

    /// The list that a record of a comparison names.
    pub(crate) fn comparison_named(&self, name: &str) -> Option<&ListComparison> {
        self.comparisons.iter().find(|list| list.name == name)
    }

    /// Every batch, by id.
    pub(crate) fn batches(&self) -> &[BatchRule] {
        &self.batches
    }

    /// The batch with this id.
    pub(crate) fn batch(&self, id: &str) -> Option<&BatchRule> {
        self.batches.iter().find(|rule| rule.id == id)
    }

    /// The batch whose answer a record of this kind awaits.
    pub(crate) fn answered_batch(&self, kind: &KindId) -> Option<&BatchRule> {
        let mut rules = self.batches.iter();
        rules.find(|rule| rule.kind == *kind && rule.answer.is_some())
    }
}

fn as_files(files: &[(String, String)]) -> Vec<KindFile<'_>> {
    let files = files.iter();
    files.map(|(path, text)| KindFile { path, text }).collect()
}

fn files_of(folder: &Dir<'_>) -> Vec<(String, String)> {
    let texts = folder.files().filter_map(|file| {
        let path = file.path().to_string_lossy().into_owned();
        Some((path, file.contents_utf8()?.to_owned()))
    });
    let mut files: Vec<_> = texts.filter(|(path, _)| path.ends_with(".toml")).collect();
    files.sort();
    files
}

/// The kind of a rule, which was checked when the rule was read.
pub(crate) fn kind_of<'k>(kinds: &'k KindShelf, id: &KindId) -> &'k Arc<Kind> {
    kinds
        .kind(id)
        .expect("a kind, because the rule that names it was checked")
}

#[cfg(test)]
mod tests {
    use domain::case::{Basis, Rulebook};
    use domain::time::UtcMs;

    use super::*;

    #[test]
    fn the_programs_lists_and_batches_can_be_read_and_their_parameters_are_known() {
        let shelf = ListShelf::embedded().unwrap();
        assert!(shelf.comparisons().len() >= 5 && shelf.batches().len() >= 6);
        let book = domain::parameter::ParameterBook::read_base(crate::assets::PARAMETERS).unwrap();
        let today = UtcMs(1_795_395_600_000).hall_date();
        let rules = domain::rules::Rules {
            calendar: crate::parameters::program_calendar(),
            parameters: Arc::new(book),
            words: Arc::new(domain::rules::WordLists::read(crate::assets::WORDS).unwrap()),
            region: None,
        };
        for list in shelf.comparisons() {
            for key in list.opens.workdays.values() {
                assert!(rules.number(key, today).is_ok(), "{}: {key}", list.id);
            }
        }
        let kinds = KindShelf::embedded().unwrap();
        let payment = kind_of(&kinds, &KindId::new("payment_batch").unwrap());
        assert_eq!(payment.deadlines[0].basis, Basis::Workday);
    }

    #[test]
    fn a_broken_file_is_told_with_its_folder_and_line() {
        let kinds = KindShelf::embedded().unwrap();
        let file = |text: &str| vec![("x.toml".to_owned(), text.to_owned())];
        let told = ListShelf::read(&file("id = \"x\"\nname = 3\n"), &file("id = 1"), &kinds);
        let told = told.unwrap_err().to_string();
        assert!(told.contains("comparisons/x.toml:2:"), "{told}");
        assert!(told.contains("batches/x.toml:1:"), "{told}");
    }
}
