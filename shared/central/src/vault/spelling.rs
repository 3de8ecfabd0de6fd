//! How a name is typed when it is searched for: in letters, whole or by initials. A hanzi with
//! several readings (曾, 单) gives several spellings, because the list of readings does not know
//! which one is the surname's.

use std::collections::BTreeSet;

use pinyin::ToPinyinMulti as _;

/// Most spellings of one name; of a name with more, the first ones are kept.
const SPELLINGS_MAX: usize = 16;

/// All ways to type a name, in whole (`zhangsan`) and by initials (`zs`); never none, so that a name
/// without letters is found by itself.
pub(crate) fn spellings(name: &str) -> BTreeSet<String> {
    let mut found = vec![(String::new(), String::new())];
    for readings in name.chars().map(syllables).filter(|all| !all.is_empty()) {
        let longer = readings.iter().flat_map(|syllable| {
            let first = syllable.get(..1).unwrap_or_default();
            found.iter().map(move |(initials, whole)| {
                (format!("{initials}{first}"), format!("{whole}{syllable}"))
            })
        });
        found = longer.take(SPELLINGS_MAX).collect();
    }
    found.into_iter().flat_map(<[String; 2]>::from).collect()
}

/// One of the [`spellings`] in whole. That of the beginning of a name is the beginning of the
/// name's.
pub(crate) fn spelling(name: &str) -> String {
    name.chars()
        .filter_map(|c| syllables(c).pop_first())
        .collect()
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

    fn has(name: &str, spelling: &str) -> bool {
        spellings(name).contains(spelling)
    }

    #[test]
    fn a_name_is_typed_whole_or_by_initials_in_each_of_its_readings() {
        assert!(has("张三", "zs") && has("张三", "zhangsan"));
        assert!(has("曾甲", "zj") && has("曾甲", "zengjia"));
        assert!(has("曾甲", "cj") && has("曾甲", "cengjia"));
        assert!(has("吕乙", "ly") && has("吕乙", "lvyi"));
        assert!(has("阿·Bo", "abo"));
    }

    #[test]
    fn spellings_are_bounded_and_never_none() {
        assert_eq!(spellings("··"), [String::new()].into());
        let most = spellings(&"单曾解朴盖".repeat(8)).len();
        assert!((1..=2 * SPELLINGS_MAX).contains(&most));
    }

    #[test]
    fn the_spelling_of_every_beginning_of_a_name_begins_one_of_its_spellings() {
        let name = "单曾解朴盖·㛃Bo".repeat(8);
        let beginnings = name.char_indices().map(|(end, _)| &name[..end]);
        for beginning in beginnings {
            let spelling = spelling(beginning);
            assert!(
                spellings(&name)
                    .iter()
                    .any(|one| one.starts_with(&spelling)),
                "{beginning}"
            );
        }
    }
}
