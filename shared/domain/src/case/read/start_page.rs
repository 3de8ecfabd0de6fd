//! Reading start pages (assets/start-pages/README.md), all at once: every fault with its file and line.

use std::collections::{BTreeMap, BTreeSet};

use crate::case::kind::{Engine, ServiceLine};
use crate::case::start_page::{Ledger, LedgerOrder, StartPage, StartPages, WorkGroup, WorkList};
use crate::id::KindId;

use super::table::{Faults, Item, Place, Table};
use super::{KindFault, KindFile, KindSet, stem, table};

/// The file of the page of a service point; the others are named after their lines.
const STATION: &str = "station";

/// Which page a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PageOf {
    Line(ServiceLine),
    Station,
}

impl StartPages {
    /// Reads every file. Each kind must have its place on exactly one page of a line.
    ///
    /// # Errors
    /// Every fault, by file and line.
    pub fn read(files: &[KindFile<'_>], kinds: &KindSet) -> Result<Self, Vec<KindFault>> {
        let faults = Faults::default();
        let texts: Vec<_> = files
            .iter()
            .map(|file| (file.path, table::parsed(*file, &faults)))
            .collect();
        let mut reading = Reading {
            kinds,
            faults: &faults,
            places: BTreeMap::new(),
        };
        let (mut lines, mut station) = (BTreeMap::new(), None);
        for (path, parsed) in &texts {
            let Some(root) = parsed.as_ref().map(|parsed| parsed.root()) else {
                continue;
            };
            match reading.page(root, path) {
                Some((PageOf::Line(line), page)) => drop(lines.insert(line, page)),
                Some((PageOf::Station, page)) => station = Some(page),
                None => {}
            }
        }
        reading.every_kind_has_its_place();
        let missing = ServiceLine::ALL.iter().map(|line| line.word());
        for name in missing.chain([STATION]) {
            let path = format!("{name}.toml");
            if !files.iter().any(|file| stem(file.path) == name) {
                let at = Place {
                    path: &path,
                    line: 1,
                };
                faults.say(at, "缺这个文件：每条业务线和网点各要一页。");
            }
        }
        faults.into_result()?;
        let station = station.expect("a page, because a missing or a wrong one is a fault");
        Ok(Self { lines, station })
    }
}

/// What is known while pages are read.
struct Reading<'f> {
    kinds: &'f KindSet,
    faults: &'f Faults,
    /// Where each kind has its place.
    places: BTreeMap<KindId, Place<'f>>,
}

impl<'f> Reading<'f> {
    fn page(&mut self, mut root: Table<'f>, path: &'f str) -> Option<(PageOf, StartPage)> {
        let of = match ServiceLine::of_word(stem(path)) {
            Some(line) => PageOf::Line(line),
            None if stem(path) == STATION => PageOf::Station,
            None => {
                let text = format!("没有“{}”这条业务线，文件名要和业务线一样。", stem(path));
                self.faults.say(root.at, text);
                return None;
            }
        };
        let (name, about) = (root.needed_text("name"), root.needed_text("about"));
        let mut ids = BTreeSet::new();
        let mut groups = Vec::new();
        for table in root.tables("group") {
            let group = self.group(table, of);
            if !ids.insert(group.value.id.clone()) {
                let text = format!("“{}”这个组写了两次。", group.value.id);
                self.faults.say(group.place("id", &group.value.id), text);
            }
            groups.push(group.value);
        }
        if groups.is_empty() {
            root.lacks("group");
        }
        root.done(());
        let page = StartPage {
            name,
            about,
            groups,
        };
        Some((of, page))
    }

    fn group(&mut self, mut table: Table<'f>, of: PageOf) -> Item<'f, WorkGroup> {
        let kinds = self.kinds_of(&mut table, "kinds");
        for kind in &kinds {
            self.give_place(kind, table.place_of("kinds", kind.as_str()), of);
        }
        let open = self.kinds_of(&mut table, "open");
        for kind in &open {
            self.check_openable(kind, table.place_of("open", kind.as_str()));
        }
        let ledgers = table.tables("ledger").into_iter();
        let ledgers = ledgers
            .filter_map(|ledger| self.ledger(ledger, of))
            .collect();
        let group = WorkGroup {
            id: table.needed_text("id"),
            name: table.needed_text("name"),
            about: table.needed_text("about"),
            kinds,
            open,
            ledgers,
            work_lists: work_lists(&mut table),
        };
        if group.kinds.is_empty() && group.ledgers.is_empty() {
            table
                .faults
                .say(table.at, "这个组里什么也没有：写上 kinds 或者 ledger。");
        }
        table.done(group)
    }

    fn kinds_of(&self, table: &mut Table<'f>, key: &'static str) -> Vec<KindId> {
        let words = table.texts(key);
        let known = words.into_iter().filter_map(|word| {
            let kind = self.kind(&word);
            if kind.is_none() {
                self.faults.say(table.place_of(key, &word), unknown(&word));
            }
            kind
        });
        known.collect()
    }

    fn kind(&self, word: &str) -> Option<KindId> {
        let id = KindId::new(word).ok()?;
        self.kinds.get(&id).map(|kind| kind.id.clone())
    }

    /// The page of a service point repeats what has its place on the pages of the lines.
    fn give_place(&mut self, kind: &KindId, at: Place<'f>, of: PageOf) {
        if of == PageOf::Station {
            return;
        }
        if let Some(first) = self.places.get(kind) {
            let (path, line) = (first.path, first.line);
            let text = format!("“{kind}”已经放在 {path} 第 {line} 行，一种业务只放一处。");
            self.faults.say(at, text);
            return;
        }
        self.places.insert(kind.clone(), at);
    }

    fn check_openable(&self, kind: &KindId, at: Place<'f>) {
        let engine = self.kinds.get(kind).map(|kind| kind.engine);
        if engine == Some(Engine::Module) {
            let text = format!("“{kind}”由专门的程序登记，这里不能新开。");
            self.faults.say(at, text);
        }
    }

    fn ledger(&self, mut table: Table<'f>, of: PageOf) -> Option<Ledger> {
        let word = table.needed_text("kind");
        let (name, states) = (table.needed_text("name"), table.texts("states"));
        let order = order(&mut table);
        let kind = self.kind(&word);
        match &kind {
            Some(kind) => self.check_states(kind, &states, &table),
            None if word.is_empty() => {}
            None => self
                .faults
                .say(table.place_of("kind", &word), unknown(&word)),
        }
        if matches!(of, PageOf::Line(_)) && states.len() > 1 {
            let text = "业务线的台账一次只筛一种状态；不写是全部。";
            self.faults.say(table.place_of("states", &states[1]), text);
        }
        let ledger = kind.map(|kind| Ledger {
            name,
            kind,
            states,
            order,
        });
        table.done(ledger).value
    }

    fn check_states(&self, kind: &KindId, states: &[String], table: &Table<'f>) {
        let Some(kind) = self.kinds.get(kind) else {
            return;
        };
        let unknown = states.iter().filter(|state| kind.state(state).is_none());
        for state in unknown {
            let text = format!("“{}”没有“{state}”这个状态。", kind.id);
            self.faults.say(table.place_of("states", state), text);
        }
    }

    fn every_kind_has_its_place(&self) {
        let lost = self
            .kinds
            .iter()
            .filter(|kind| !self.places.contains_key(&kind.id));
        for kind in lost {
            let path = format!("{}.toml", kind.line.word());
            let at = Place {
                path: &path,
                line: 1,
            };
            let text = format!("“{}”（{}）没有放在任何一页上。", kind.id, kind.name);
            self.faults.say(at, text);
        }
    }
}

fn unknown(kind: &str) -> String {
    format!("没有“{kind}”这种业务。")
}

fn order(table: &mut Table<'_>) -> LedgerOrder {
    let Some(word) = table.text("sort") else {
        return LedgerOrder::default();
    };
    let known = LedgerOrder::ALL
        .into_iter()
        .find(|order| order.word() == word);
    known.unwrap_or_else(|| {
        let words = LedgerOrder::ALL.map(LedgerOrder::word).join(" ");
        let text = format!("“sort”不认识“{word}”，可以写：{words}。");
        table.faults.say(table.place_of("sort", &word), text);
        LedgerOrder::default()
    })
}

fn work_lists(table: &mut Table<'_>) -> Vec<WorkList> {
    let words = table.texts("work_lists");
    let known = words.into_iter().filter_map(|word| {
        let known = WorkList::ALL.into_iter().find(|list| list.word() == word);
        if known.is_none() {
            let words = WorkList::ALL.map(WorkList::word).join(" ");
            let text = format!("“work_lists”不认识“{word}”，可以写：{words}。");
            table.faults.say(table.place_of("work_lists", &word), text);
        }
        known
    });
    known.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIND: &str = r#"
id = "aid"
name = "样例"
line = "employment"
engine = "case"
version = 1
about = "试验用。"
dept = "employment"
subject = "none"
sensitivity = "internal"
title = ["what"]
list = []
search = []
initial = "open"

[[field]]
id = "what"
name = "事由"
type = "text"
required = true

[[state]]
id = "open"
name = "在办"
stage = "open"
editors = ["clerk"]

[[state]]
id = "done"
name = "办结"
stage = "end"

[[transition]]
id = "finish"
name = "办结"
from = ["open"]
to = "done"
roles = ["clerk"]
"#;

    const EMPLOYMENT: &str = "name = \"就业\"\nabout = \"样例。\"\n\n[[group]]\nid = \"one\"\n\
        name = \"一组\"\nabout = \"样例。\"\nkinds = [\"aid\"]\nopen = [\"aid\"]\n";

    fn kinds() -> KindSet {
        let file = KindFile {
            path: "employment/aid.toml",
            text: KIND,
        };
        KindSet::read(&[file], &|_| true).unwrap()
    }

    /// What is wrong when the page of employment says this; the other pages are sound.
    fn faults_of(employment: &str) -> Vec<(String, usize, String)> {
        let other = "name = \"别的\"\nabout = \"样例。\"\n\n[[group]]\nid = \"one\"\nname = \"一组\"\n\
            about = \"样例。\"\n\n[[group.ledger]]\nname = \"台账\"\nkind = \"aid\"\n";
        let names = ServiceLine::ALL.map(ServiceLine::word);
        let paths = names
            .iter()
            .chain(&["station"])
            .map(|name| format!("{name}.toml"));
        let paths: Vec<_> = paths.collect();
        let files = paths.iter().map(|path| KindFile {
            path,
            text: if path == "employment.toml" {
                employment
            } else {
                other
            },
        });
        let files: Vec<_> = files.collect();
        let faults = StartPages::read(&files, &kinds()).err().unwrap_or_default();
        let told = faults.into_iter();
        told.map(|fault| (fault.path, fault.line, fault.text))
            .collect()
    }

    fn check(employment: &str, line: usize, words: &str) {
        let faults = faults_of(employment);
        let is_told = |(path, at, text): &(String, usize, String)| {
            path == "employment.toml" && *at == line && text.contains(words)
        };
        assert!(faults.iter().any(is_told), "{words}: {faults:?}");
    }

    #[test]
    fn sound_pages_are_read() {
        assert_eq!(faults_of(EMPLOYMENT), []);
    }

    #[test]
    fn what_no_kind_has_is_told_with_its_line() {
        check(
            &EMPLOYMENT.replace("[\"aid\"]\nopen", "[\"aid\",\n\"aids\"]\nopen"),
            9,
            "没有“aids”",
        );
        let ledger = |more: &str| {
            format!("{EMPLOYMENT}\n[[group.ledger]]\nname = \"台账\"\nkind = \"aid\"\n{more}\n")
        };
        assert_eq!(
            faults_of(&ledger("states = [\"done\"]\nsort = \"due\"")),
            []
        );
        check(&ledger("states = [\"gone\"]"), 14, "没有“gone”这个状态");
        check(&ledger("states = [\"open\", \"done\"]"), 14, "只筛一种状态");
        check(&ledger("sort = \"colour\""), 14, "“sort”不认识");
        check(&ledger("filter = \"x\""), 14, "没有“filter”这个键");
        check(
            &format!("{EMPLOYMENT}work_lists = [\"all\"]\n"),
            10,
            "“work_lists”不认识",
        );
    }

    #[test]
    fn a_kind_has_its_place_once_and_none_is_forgotten() {
        let twice = format!(
            "{EMPLOYMENT}\n[[group]]\nid = \"two\"\nname = \"二组\"\nabout = \"样例。\"\n\
            kinds = [\"aid\"]\n"
        );
        check(&twice, 15, "已经放在 employment.toml 第 8 行");
        let none = EMPLOYMENT.replace(
            "kinds = [\"aid\"]\n",
            "[[group.ledger]]\nname = \"台账\"\nkind = \"aid\"\n",
        );
        let none = none.replace("open = [\"aid\"]\n", "");
        check(&none, 1, "没有放在任何一页上");
    }
}
