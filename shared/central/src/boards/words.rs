//! Words that a text for boards should not hold (`assets/boards/sensitive-words.toml`): found
//! wherever they stand, also with blanks between their characters, but not in harmless phrases.

use std::ops::Range;
use std::sync::LazyLock;

use domain::rules::WordLists;
use serde::Deserialize;
use thiserror::Error;

use super::check::Weight;
use crate::assets;

/// The program's own words.
pub(super) static WORDS: LazyLock<SensitiveWords> = LazyLock::new(|| {
    SensitiveWords::read(assets::SENSITIVE_WORDS, assets::WORDS)
        .expect("the sensitive words, because a test reads the same embedded files")
});

/// A file of words that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(super) enum BadWords {
    /// Not in the form of such a file.
    #[error("the sensitive words cannot be read: {0}.")]
    Unreadable(String),
    /// A group names a list that words.toml does not have.
    #[error("the group {group:?} names the list {list:?}, which words.toml does not have.")]
    NoList { group: String, list: String },
    /// A harmless phrase that does not hold its word.
    #[error("the phrase {phrase:?} does not hold the word {word:?}, of which it is an exception.")]
    Exception { word: String, phrase: String },
}

/// Beside the groups the file says where it is from.
#[derive(Debug, Deserialize)]
struct File {
    group: Vec<Group>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    name: String,
    why: String,
    instead: String,
    weight: Weight,
    list: Option<String>,
    #[serde(default)]
    entry: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    word: String,
    #[serde(default)]
    except: Vec<String>,
    why: Option<String>,
    instead: Option<String>,
    weight: Option<Weight>,
}

/// A word with what an editor is told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SensitiveWord {
    /// As it is looked for.
    pub(super) word: String,
    /// What it is.
    pub(super) group: String,
    /// For what reason.
    pub(super) why: String,
    /// What to write instead.
    pub(super) instead: String,
    /// Whether it keeps a text from being stored.
    pub(super) weight: Weight,
    /// Harmless phrases.
    except: Vec<String>,
}

/// All of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SensitiveWords(Vec<SensitiveWord>);

impl SensitiveWords {
    /// Reads the file, with the shared lists that its groups name.
    ///
    /// # Errors
    /// [`BadWords`].
    fn read(text: &str, lists: &str) -> Result<Self, BadWords> {
        let file: File =
            toml::from_str(text).map_err(|error| BadWords::Unreadable(error.to_string()))?;
        let lists =
            WordLists::read(lists).map_err(|error| BadWords::Unreadable(error.to_string()))?;
        let mut words = Vec::new();
        for group in file.group {
            words.extend(words_of_list(&group, &lists)?);
            for entry in &group.entry {
                words.push(word_of(&group, entry)?);
            }
        }
        Ok(Self(words))
    }

    /// Those that stand in a text. Of words that lie within one another the longest counts.
    pub(super) fn in_text(&self, text: &str) -> Vec<&SensitiveWord> {
        let plain = plain(text);
        let mut found: Vec<(Range<usize>, &SensitiveWord)> = Vec::new();
        for word in &self.0 {
            let places = places(&plain, &word.word);
            let harmless: Vec<_> = word
                .except
                .iter()
                .flat_map(|phrase| self::places(&plain, phrase))
                .collect();
            let counts = places.into_iter().find(|place| {
                !harmless
                    .iter()
                    .any(|phrase| phrase.start <= place.start && place.end <= phrase.end)
            });
            found.extend(counts.map(|place| (place, word)));
        }
        let is_within = |inner: &Range<usize>, outer: &Range<usize>| {
            inner != outer && outer.start <= inner.start && inner.end <= outer.end
        };
        let spans: Vec<_> = found.iter().map(|(place, _)| place.clone()).collect();
        found.retain(|(place, _)| !spans.iter().any(|outer| is_within(place, outer)));
        found.sort_by_key(|(place, _)| place.start);
        found.into_iter().map(|(_, word)| word).collect()
    }
}

fn words_of_list(group: &Group, lists: &WordLists) -> Result<Vec<SensitiveWord>, BadWords> {
    let Some(list) = &group.list else {
        return Ok(Vec::new());
    };
    let words = lists.list(list).ok_or_else(|| BadWords::NoList {
        group: group.name.clone(),
        list: list.clone(),
    })?;
    let entry = |word: &String| Entry {
        word: word.clone(),
        except: Vec::new(),
        why: None,
        instead: None,
        weight: None,
    };
    words
        .iter()
        .map(|word| word_of(group, &entry(word)))
        .collect()
}

fn word_of(group: &Group, entry: &Entry) -> Result<SensitiveWord, BadWords> {
    let word = plain(&entry.word);
    if let Some(phrase) = entry.except.iter().find(|one| !plain(one).contains(&word)) {
        return Err(BadWords::Exception {
            word,
            phrase: phrase.clone(),
        });
    }
    Ok(SensitiveWord {
        word,
        group: group.name.clone(),
        why: entry.why.as_ref().unwrap_or(&group.why).clone(),
        instead: entry.instead.as_ref().unwrap_or(&group.instead).clone(),
        weight: entry.weight.unwrap_or(group.weight),
        except: entry.except.iter().map(|phrase| plain(phrase)).collect(),
    })
}

/// Without blanks and with digits and letters in their usual width: 包 录 取 is 包录取.
fn plain(text: &str) -> String {
    let chars = text.chars().filter(|c| !c.is_whitespace());
    chars.map(super::check::usual_width).collect()
}

/// Where a phrase stands, in bytes.
fn places(text: &str, phrase: &str) -> Vec<Range<usize>> {
    text.match_indices(phrase)
        .map(|(start, found)| start..start + found.len())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(String, Weight)> {
        let words = WORDS.in_text(text).into_iter();
        words.map(|word| (word.word.clone(), word.weight)).collect()
    }

    #[test]
    fn a_word_counts_wherever_it_stands_and_not_in_a_harmless_phrase() {
        let blocks = |word: &str| vec![(word.to_owned(), Weight::Blocks)];
        assert_eq!(found("电工两名，限 男性"), blocks("限男性"));
        assert_eq!(found("电工两名，不限男性女性"), []);
        assert_eq!(found("面包过期不卖，打包过秤"), []);
        assert_eq!(found("本月第一批岗位，第一季度"), []);
        let warned = vec![("第一".to_owned(), Weight::Warns)];
        assert_eq!(found("第一批岗位里工资第一"), warned);
        assert_eq!(found("谨防刷单"), []);
    }

    #[test]
    fn of_words_within_one_another_the_longest_is_told() {
        let words = found("仅限本地户口，包录取");
        let words: Vec<_> = words.iter().map(|(word, _)| word.as_str()).collect();
        assert_eq!(words, ["仅限本地户口", "包录取"]);
    }

    #[test]
    fn every_word_says_why_and_what_to_write_instead() {
        assert!(WORDS.0.len() > 60);
        for word in &WORDS.0 {
            assert!(word.word.chars().count() >= 2, "{word:?}");
            assert!(!word.why.is_empty() && !word.instead.is_empty(), "{word:?}");
        }
    }

    #[test]
    fn a_file_that_cannot_be_right_is_refused_with_what_is_wrong() {
        let of = |list: &str, except: &str| {
            let text = format!(
                "[[group]]\nname = \"样\"\nwhy = \"因\"\ninstead = \"改\"\nweight = \"block\"\n{list}\n\
                 [[group.entry]]\nword = \"包过\"\nexcept = [{except}]\n"
            );
            SensitiveWords::read(&text, "[lists]\nsome = [\"某某\"]\n")
        };
        assert_eq!(of("list = \"some\"", "\"打包过\"").unwrap().0.len(), 2);
        assert!(matches!(
            of("list = \"none\"", ""),
            Err(BadWords::NoList { .. })
        ));
        assert!(matches!(
            of("", "\"打包\""),
            Err(BadWords::Exception { .. })
        ));
        assert!(matches!(of("lists = 1", ""), Err(BadWords::Unreadable(_))));
    }
}
