//! Breaking text into lines and lines into pages, before anything is drawn: so a page knows what it
//! holds, and nothing is ever cut. Widths are in tenths of a hanzi and rather too large than too small.

/// What stands in one place of a page that is read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entry {
    /// What is asked: 谁能领; empty for plain text.
    pub label: String,
    /// What is so. Line breaks in it stay.
    pub text: String,
    /// In bold.
    pub is_strong: bool,
}

/// How much a page that is read holds; told by the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadSpace {
    /// Tenths of a line, when everything is on one page.
    pub whole: usize,
    /// Tenths of a line, when there is a pager.
    pub paged: usize,
    /// What an entry takes beside its lines, in tenths of a line.
    pub entry: usize,
    /// The width of a line in tenths of a hanzi.
    pub width: usize,
    /// The same beside labels.
    pub labelled_width: usize,
}

/// An entry, or what of it is on this page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The label; repeated where an entry goes on.
    pub label: String,
    /// Its lines.
    pub lines: Vec<String>,
    /// Whether the entry begins here.
    pub is_first: bool,
    /// In bold.
    pub is_strong: bool,
}

/// Whether any entry has a label, so that labels stand in a column of their own.
#[must_use]
pub fn is_labelled(entries: &[Entry]) -> bool {
    entries.iter().any(|entry| !entry.label.is_empty())
}

/// The pages of these entries; at least one.
#[must_use]
pub fn pages(entries: &[Entry], space: ReadSpace) -> Vec<Vec<Part>> {
    let width = if is_labelled(entries) {
        space.labelled_width
    } else {
        space.width
    };
    let parts: Vec<Part> = entries.iter().map(|entry| whole(entry, width)).collect();
    let cost: usize = parts.iter().map(|part| cost(part, space)).sum();
    if cost <= space.whole {
        return vec![parts];
    }
    let mut pages = vec![Vec::new()];
    let mut left = space.paged;
    for entry in entries {
        place(entry, (space, width), &mut left, &mut pages);
    }
    pages
}

fn whole(entry: &Entry, width: usize) -> Part {
    Part {
        label: entry.label.clone(),
        lines: lines_of(&entry.text, width),
        is_first: true,
        is_strong: entry.is_strong,
    }
}

fn lines_of(text: &str, width: usize) -> Vec<String> {
    let paragraphs = text.split('\n');
    paragraphs.flat_map(|text| broken(text, width)).collect()
}

fn cost(part: &Part, space: ReadSpace) -> usize {
    part.lines.len() * 10 + space.entry
}

/// Puts an entry where there is room, and the rest of it on as many pages as it takes. An entry of
/// which only one line would fit begins on the next page; one that goes on does so, if it can, with a
/// sentence.
fn place(
    entry: &Entry,
    (space, width): (ReadSpace, usize),
    left: &mut usize,
    pages: &mut Vec<Vec<Part>>,
) {
    let mut text = entry.text.as_str();
    let mut is_first = true;
    loop {
        let room = left.saturating_sub(space.entry) / 10;
        let page = pages
            .last_mut()
            .expect("a page, because there is always one");
        let lines = lines_of(text, width);
        let fits = lines.len() <= room;
        if fits || page.is_empty() || room >= 2 {
            let end = if fits {
                text.len()
            } else {
                page_end(text, &lines[..room.max(1)])
            };
            let part = Part {
                lines: lines_of(&text[..end], width),
                is_first,
                ..whole(entry, width)
            };
            *left = left.saturating_sub(cost(&part, space));
            page.push(part);
            text = text[end..].trim_start_matches('\n');
            is_first = false;
            if text.is_empty() {
                return;
            }
        }
        pages.push(Vec::new());
        *left = space.paged;
    }
}

/// Where in a text the page ends that has room for its first lines: behind the last sentence that ends
/// in them, or where they end.
fn page_end(text: &str, lines: &[String]) -> usize {
    let is_shown = |c: &char| !c.is_whitespace();
    let shown = lines.iter().flat_map(|line| line.chars()).filter(is_shown);
    let mut places = text.char_indices().filter(|(_, c)| is_shown(c));
    let last = places.nth(shown.count().saturating_sub(1));
    let end = last.map_or(text.len(), |(at, c)| at + c.len_utf8());
    let sentence = text[..end].rfind(['。', '；', '！', '？', '\n']);
    let behind = |at: usize| at + text[at..].chars().next().map_or(0, char::len_utf8);
    let end = sentence.map_or(end, behind);
    // where a paragraph ends, no empty line follows
    text[..end].trim_end_matches('\n').len()
}

/// The lines of a paragraph that are at most `width` tenths of a hanzi wide. A number or a word is not
/// torn, and no line begins with a mark that closes something.
#[must_use]
pub fn broken(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line: Vec<char> = Vec::new();
    for c in text.chars() {
        line.push(c);
        while line_width(&line) > width && line.len() > 1 {
            // No line begins with a space.
            let rest = if c == ' ' {
                line.pop();
                Vec::new()
            } else {
                line.split_off(break_before(&line))
            };
            lines.push(line.iter().collect());
            line = rest;
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line.iter().collect());
    }
    lines
}

/// Where a line that is one character too long is broken: before the word of its last character, and
/// before what a closing mark closes.
fn break_before(line: &[char]) -> usize {
    let mut at = line.len() - 1;
    while at > 0 && is_of_word(line[at]) && is_of_word(line[at - 1]) {
        at -= 1;
    }
    while at > 0 && is_closing(line[at]) {
        at -= 1;
    }
    if at == 0 { line.len() - 1 } else { at }
}

fn line_width(line: &[char]) -> usize {
    line.iter().map(|c| char_width(*c)).sum()
}

fn char_width(c: char) -> usize {
    match c {
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 10,
        'A'..='Z' | '_' | '&' | '+' | '=' => 8,
        ' '..='~' => 6,
        _ => 10,
    }
}

fn is_of_word(c: char) -> bool {
    c.is_ascii_graphic()
}

fn is_closing(c: char) -> bool {
    "，。；：、！？）》」』”’〕】…％".contains(c)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn space() -> ReadSpace {
        ReadSpace {
            whole: 100,
            paged: 60,
            entry: 6,
            width: 100,
            labelled_width: 60,
        }
    }

    fn entry(label: &str, text: &str) -> Entry {
        Entry {
            label: label.into(),
            text: text.into(),
            is_strong: false,
        }
    }

    #[test]
    fn no_line_begins_with_a_closing_mark_and_no_number_is_torn() {
        assert_eq!(broken("一二三四五六，七", 60), ["一二三四五", "六，七"]);
        assert_eq!(broken("每个月付 1683 元", 60), ["每个月付 ", "1683 元"]);
        assert_eq!(broken("", 60), [""]);
    }

    #[test]
    fn entries_that_fit_are_on_one_page_and_others_leave_room_for_the_pager() {
        let short = vec![entry("", &"字".repeat(10)); 6];
        assert_eq!(pages(&short, space()).len(), 1);
        let more = vec![entry("", &"字".repeat(10)); 7];
        let pages = pages(&more, space());
        assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [3, 3, 1]);
    }

    #[test]
    fn a_page_ends_with_a_sentence_where_one_ends_on_it() {
        let text = format!("{}。{}", "一".repeat(34), "二".repeat(60));
        let pages = pages(&[entry("", &text)], space());
        let of_page = |page: usize| pages[page][0].lines.concat();
        assert_eq!(of_page(0), format!("{}。", "一".repeat(34)));
        assert_eq!(of_page(1), "二".repeat(50), "no sentence ends here");
    }

    #[test]
    fn a_long_entry_goes_on_under_its_label() {
        let pages = pages(&[entry("条件", &"字".repeat(60))], space());
        assert_eq!(pages.len(), 2);
        let (first, second) = (&pages[0][0], &pages[1][0]);
        assert_eq!((first.lines.len(), second.lines.len()), (5, 5));
        assert!(first.is_first && !second.is_first);
        assert_eq!(second.label, "条件");
    }

    proptest! {
        #[test]
        fn nothing_is_lost_nothing_is_too_wide_and_no_page_is_too_full(
            texts in prop::collection::vec("[一二三，。a-z0-9 ]{0,90}", 1..12),
        ) {
            let entries: Vec<Entry> = texts.iter().map(|text| entry("", text)).collect();
            let pages = pages(&entries, space());
            let shown: String = pages.iter().flatten().flat_map(|part| part.lines.clone()).collect();
            prop_assert_eq!(shown.replace(' ', ""), texts.concat().replace(' ', ""));
            for page in &pages {
                let cost: usize = page.iter().map(|part| part.lines.len() * 10 + 6).sum();
                let most = if pages.len() == 1 { 100 } else { 60 };
                prop_assert!(cost <= most, "{}", cost);
                for line in page.iter().flat_map(|part| &part.lines) {
                    let chars: Vec<char> = line.chars().collect();
                    prop_assert!(line_width(&chars) <= 100, "{}", line);
                }
            }
        }
    }
}
