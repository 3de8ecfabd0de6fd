//! The citizens' categories (找工作 → 按行业选): words over titles and industries, read from
//! `assets/search/categories.json`, whose `rule` this module carries out. A vacancy may be in
//! several categories or in none.

use std::collections::HashMap;

use serde::Deserialize;
use sha2::{Digest, Sha256};
use thiserror::Error;

use domain::listing::Listing;

/// Categories that one file may have: a listing's categories are bits of one word.
const CATEGORIES_MAX: usize = 32;
/// Latin words up to this length must stand alone (`ui` is not in `build`).
const LATIN_ALONE_MAX: usize = 3;

/// A category: its place in the loaded file. Not stable across files; the index is rebuilt when
/// the file changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CategoryId(u8);

impl CategoryId {
    /// The place in the file, from 0.
    #[must_use]
    pub fn position(self) -> usize {
        usize::from(self.0)
    }
}

/// The categories of one listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct CategorySet(pub(crate) u32);

impl CategorySet {
    /// The categories in the set.
    pub(crate) fn iter(self) -> impl Iterator<Item = CategoryId> {
        (0..32)
            .map(CategoryId)
            .filter(move |category| self.contains(*category))
    }

    /// The set of one category.
    pub(crate) fn only(category: CategoryId) -> Self {
        Self(1 << category.0)
    }

    /// Whether the listing is in `category`.
    #[must_use]
    pub fn contains(self, category: CategoryId) -> bool {
        self.0 & Self::only(category).0 != 0
    }
}

/// What the category page shows of one category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// For queries.
    pub id: CategoryId,
    /// The id in the file, for snapshots and statistics.
    pub key: String,
    /// Name on the tile.
    pub name: String,
    /// One line of examples.
    pub hint: String,
    /// Name of the icon.
    pub icon: String,
}

/// A category file that cannot be used.
#[derive(Debug, Error)]
pub enum CategoriesError {
    /// Not the JSON it should be.
    #[error("The category file is not valid: {0}")]
    Json(#[from] serde_json::Error),
    /// More categories than a listing has bits.
    #[error("The category file has {found} categories; at most {CATEGORIES_MAX} are possible.")]
    TooMany {
        /// How many there are.
        found: usize,
    },
}

/// The loaded category file.
#[derive(Debug, Clone)]
pub struct Categories {
    all: Vec<Category>,
    title: WordTable,
    industry: WordTable,
    excluded: WordTable,
    fingerprint: String,
}

#[derive(Deserialize)]
struct CategoryFile {
    categories: Vec<CategoryRow>,
}

#[derive(Deserialize)]
struct CategoryRow {
    id: String,
    name: String,
    hint: String,
    icon: String,
    title_words: Vec<String>,
    industry_words: Vec<String>,
    excluded_words: Vec<String>,
}

impl Categories {
    /// Reads a category file.
    ///
    /// # Errors
    /// [`CategoriesError`] when it is not the JSON it should be or has too many categories.
    pub fn from_json(json: &str) -> Result<Self, CategoriesError> {
        let file: CategoryFile = serde_json::from_str(json)?;
        let found = file.categories.len();
        if found > CATEGORIES_MAX {
            return Err(CategoriesError::TooMany { found });
        }
        let mut loaded = Self {
            all: Vec::with_capacity(found),
            title: WordTable::default(),
            industry: WordTable::default(),
            excluded: WordTable::default(),
            fingerprint: hex::encode(Sha256::digest(json.as_bytes())),
        };
        for (row, id) in file.categories.into_iter().zip((0..).map(CategoryId)) {
            row.title_words
                .iter()
                .for_each(|word| loaded.title.add(word, id));
            row.industry_words
                .iter()
                .for_each(|word| loaded.industry.add(word, id));
            row.excluded_words
                .iter()
                .for_each(|word| loaded.excluded.add(word, id));
            let (key, name, hint, icon) = (row.id, row.name, row.hint, row.icon);
            loaded.all.push(Category {
                id,
                key,
                name,
                hint,
                icon,
            });
        }
        Ok(loaded)
    }

    /// The categories in the order of the file.
    #[must_use]
    pub fn all(&self) -> &[Category] {
        &self.all
    }

    /// The category with this id in the file.
    #[must_use]
    pub fn by_key(&self, key: &str) -> Option<&Category> {
        self.all.iter().find(|category| category.key == key)
    }

    /// The category of a query.
    #[must_use]
    pub fn get(&self, id: CategoryId) -> Option<&Category> {
        self.all.get(id.position())
    }

    /// The categories of a listing by the rule of the file.
    #[must_use]
    pub fn of(&self, listing: &Listing) -> CategorySet {
        let title = listing.title.to_lowercase();
        let industry = listing
            .industry
            .as_deref()
            .unwrap_or_default()
            .to_lowercase();
        let found = self.title.find(&title) | self.industry.find(&industry);
        CategorySet(found & !self.excluded.find(&title))
    }

    /// The words that are looked for in titles.
    pub(crate) fn title_words(&self) -> impl Iterator<Item = &str> {
        self.title
            .0
            .values()
            .flatten()
            .map(|entry| entry.word.as_str())
    }

    /// Changes when the file does.
    pub(crate) fn fingerprint(&self) -> &str {
        &self.fingerprint
    }
}

/// Words by their first character, so that a text is read once for all words.
#[derive(Debug, Clone, Default)]
struct WordTable(HashMap<char, Vec<WordEntry>>);

#[derive(Debug, Clone)]
struct WordEntry {
    word: String,
    stands_alone: bool,
    category: CategoryId,
}

impl WordTable {
    fn add(&mut self, word: &str, category: CategoryId) {
        let word = word.to_lowercase();
        let Some(first) = word.chars().next() else {
            return;
        };
        let stands_alone =
            word.len() <= LATIN_ALONE_MAX && word.chars().all(|c| c.is_ascii_alphanumeric());
        self.0.entry(first).or_default().push(WordEntry {
            word,
            stands_alone,
            category,
        });
    }

    fn find(&self, text: &str) -> u32 {
        let mut found = 0;
        let mut before = None;
        for (at, c) in text.char_indices() {
            for entry in self.0.get(&c).into_iter().flatten() {
                if entry.is_at(&text[at..], before) {
                    found |= CategorySet::only(entry.category).0;
                }
            }
            before = Some(c);
        }
        found
    }
}

impl WordEntry {
    fn is_at(&self, text: &str, before: Option<char>) -> bool {
        let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        text.strip_prefix(&self.word).is_some_and(|rest| {
            !self.stands_alone || !(latin(before) || latin(rest.chars().next()))
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::index::sample;

    fn keys(title: &str, industry: Option<&str>) -> Vec<String> {
        let categories = sample::categories();
        let mut listing = sample::listing(1, title);
        listing.industry = industry.map(str::to_owned);
        let set = categories.of(&listing);
        categories
            .all()
            .iter()
            .filter(|c| set.contains(c.id))
            .map(|c| c.key.clone())
            .collect()
    }

    #[test]
    fn a_listing_is_in_every_category_whose_words_it_has() {
        assert_eq!(keys("电工兼保洁", None), ["repair", "cleaning"]);
        assert_eq!(keys("主管", Some("保洁服务")), ["cleaning"]);
        assert_eq!(keys("主管", None), Vec::<String>::new());
    }

    #[test]
    fn an_excluded_word_in_the_title_takes_the_listing_out() {
        assert_eq!(keys("电工工程师", None), Vec::<String>::new());
    }

    #[test]
    fn a_short_latin_word_must_stand_alone() {
        assert_eq!(keys("PLC维护", None), ["repair"]);
        assert_eq!(keys("XPLC维护", None), Vec::<String>::new());
    }
}
