//! How a name is typed when it is searched for: in letters, whole or by initials. A hanzi with
//! several readings (曾, 单) gives several spellings, because the list of readings does not know
//! which one is the surname's.

use std::collections::BTreeSet;

use pinyin::ToPinyinMulti as _;

/// Most spellings of one name; of a name with more, the first ones are kept.
const SPELLINGS_MAX: usize = 16;

/// One way to type a name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Spelling {
    /// The first letters: `zs`.
    pub(crate) initials: String,
    /// All letters: `zhangsan`.
    pub(crate) whole: String,
}

impl Spelling {
    fn with(&self, syllable: &str) -> Self {
        let first = syllable.get(..1).unwrap_or_default();
        Self {
            initials: format!("{}{first}", self.initials),
            whole: format!("{}{syllable}", self.whole),
        }
    }
}

/// All ways to type a name; never none, so that a name without letters is found by itself.
pub(crate) fn spellings(name: &str) -> BTreeSet<Spelling> {
    let mut spellings = vec![Spelling::default()];
    for c in name.chars() {
        let syllables = syllables(c);
        if syllables.is_empty() {
            continue;
        }
        let longer = syllables
            .iter()
            .flat_map(|syllable| spellings.iter().map(|so_far| so_far.with(syllable)));
        spellings = longer.take(SPELLINGS_MAX).collect();
    }
    spellings.into_iter().collect()
}

/// The readings of a hanzi, with ü typed as v; a Latin letter or digit itself; else none.
fn syllables(c: char) -> BTreeSet<String> {
    if c.is_ascii_alphanumeric() {
        return [c.to_ascii_lowercase().to_string()].into();
    }
    let Some(readings) = c.to_pinyin_multi() else {
        return BTreeSet::new();
    };
    let typed = readings
        .into_iter()
        .map(|reading| reading.plain().replace('ü', "v"));
    typed.filter(|reading| reading.is_ascii()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(name: &str, initials: &str, whole: &str) -> bool {
        spellings(name).contains(&Spelling {
            initials: initials.to_owned(),
            whole: whole.to_owned(),
        })
    }

    #[test]
    fn a_name_is_typed_whole_or_by_initials_in_each_of_its_readings() {
        assert!(has("张三", "zs", "zhangsan"));
        assert!(has("曾甲", "zj", "zengjia") && has("曾甲", "cj", "cengjia"));
        assert!(has("吕乙", "ly", "lvyi"));
        assert!(has("阿·Bo", "abo", "abo"));
    }

    #[test]
    fn spellings_are_bounded_and_never_none() {
        assert_eq!(spellings("㛃·").len(), 1);
        assert!((1..=SPELLINGS_MAX).contains(&spellings(&"单曾解朴盖".repeat(8)).len()));
    }
}
