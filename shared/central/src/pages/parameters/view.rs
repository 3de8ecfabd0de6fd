//! What the page of parameters shows, and which lines of it.

use domain::money::Fen;
use domain::parameter::{ParameterKey, ParameterValue};

use crate::parameter_desk::{ParameterDraft, ParameterLine, ParameterList, Standing};

/// Lines on one page.
const LINES_MAX: usize = 50;

/// Which parameter was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Chosen {
    /// None.
    Nothing,
    /// This one.
    Key(ParameterKey),
}

/// What the page shows.
#[derive(Debug, Clone)]
pub(crate) struct ParametersView {
    /// Everything.
    pub(crate) list: ParameterList,
    /// What is looked for, as typed.
    pub(crate) search: String,
    /// Whether entries that have ended are listed too.
    pub(crate) shows_ended: bool,
    /// Which page, from 1.
    pub(crate) page: usize,
    /// The parameter that was opened: all its entries are listed, and nothing else.
    pub(crate) chosen: Chosen,
    /// The form.
    pub(crate) draft: ParameterDraft,
}

impl ParametersView {
    /// The lines of this page.
    pub(super) fn lines_shown(&self) -> Vec<&ParameterLine> {
        let before = (self.page_shown() - 1) * LINES_MAX;
        self.found().skip(before).take(LINES_MAX).collect()
    }

    /// The page, within those that there are.
    pub(super) fn page_shown(&self) -> usize {
        self.page.clamp(1, self.pages())
    }

    /// How many pages, at least 1.
    pub(super) fn pages(&self) -> usize {
        self.found().count().div_ceil(LINES_MAX).max(1)
    }

    /// Whether the form names a key without any entry.
    pub(super) fn is_new_key(&self) -> bool {
        let typed = self.draft.key.trim();
        let mut lines = self.list.lines.iter();
        !typed.is_empty() && !lines.any(|line| line.key.key == typed)
    }

    fn found(&self) -> impl Iterator<Item = &ParameterLine> {
        self.list.lines.iter().filter(|line| match &self.chosen {
            Chosen::Key(key) => line.key == *key,
            Chosen::Nothing => {
                let is_of_time = self.shows_ended || line.standing != Standing::Ended;
                is_of_time && self.is_searched(line)
            }
        })
    }

    fn is_searched(&self, line: &ParameterLine) -> bool {
        let searched = self.search.trim();
        let region = line.key.region.as_deref().unwrap_or_default();
        let texts = [&line.name, &line.key.key, &line.source, region];
        texts.iter().any(|text| text.contains(searched))
    }
}

/// The value with its unit; fen in yuan as well, because documents say yuan.
pub(super) fn value_text(value: &ParameterValue, unit: &str) -> String {
    match value.whole() {
        Some(number) if is_fen(unit) => {
            format!("{number} {unit}（{} 元）", Fen(number))
        }
        _ if unit.is_empty() => value.to_string(),
        _ => format!("{value} {unit}"),
    }
}

/// 分 by itself or by time: `分/月`. 分钟 is none.
fn is_fen(unit: &str) -> bool {
    unit.strip_prefix('分')
        .is_some_and(|per| per.is_empty() || per.starts_with('/'))
}

/// The address of one parameter. Keys and regions hold nothing that an address cannot.
pub(super) fn address(key: &ParameterKey) -> String {
    let region = key.region.as_deref();
    let region = region.map_or_else(String::new, |region| format!("&region={region}"));
    format!("/staff/parameters?key={}{region}", key.key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::fixtures;

    #[test]
    fn names_keys_and_documents_are_searched_and_what_has_ended_is_left_out() {
        let mut view = fixtures::parameters();
        let shown = |view: &ParametersView| view.lines_shown().len();
        assert_eq!(shown(&view), 3);
        view.shows_ended = true;
        assert_eq!(shown(&view), 4);
        for (search, found) in [("叫号", 1), ("min_wage", 3), ("2号", 1), ("没有的", 0)] {
            view.search = search.to_owned();
            assert_eq!(shown(&view), found, "{search}");
        }
    }

    #[test]
    fn fen_are_said_in_yuan_too_and_minutes_are_none() {
        let text = |number, unit| value_text(&ParameterValue::Whole(number), unit);
        assert_eq!(text(187_000, "分/月"), "187000 分/月（1,870 元）");
        assert_eq!(text(30, "分钟"), "30 分钟");
        assert_eq!(text(3, ""), "3");
    }

    #[test]
    fn a_page_beyond_the_last_is_the_last() {
        let mut view = fixtures::parameters();
        let line = view.list.lines[0].clone();
        view.shows_ended = true;
        view.list.lines = vec![line; 120];
        for (page, shown) in [(0, 50), (1, 50), (3, 20), (99, 20)] {
            view.page = page;
            assert_eq!(view.lines_shown().len(), shown, "{page}");
        }
    }
}
