//! Reading templates (`assets/documents/README.md`), whole and at once: every fault of every file is
//! found, each with its line. What the names in a file mean is `check`'s.

use std::collections::BTreeMap;

use crate::case::read::table::{self, Faults, Item, Place, Table};
use crate::case::{KindFault, KindFile, KindSet};
use crate::id::KindId;

use super::check::check;
use super::placeholder::{self, Source};
use super::template::{Items, Occasion, Part, Row, Template, Words};

/// More of one paper than any drawer holds.
const COPIES_MAX: i64 = 9;

/// Every template that there is.
#[derive(Debug, Clone, Default)]
pub struct TemplateSet {
    templates: BTreeMap<String, Template>,
}

impl TemplateSet {
    /// Reads every file and holds it against the kinds.
    ///
    /// # Errors
    /// Every fault, by file and line.
    pub fn read(files: &[KindFile<'_>], kinds: &KindSet) -> Result<Self, Vec<KindFault>> {
        let faults = Faults::default();
        let texts: Vec<_> = files
            .iter()
            .map(|file| (stem(file.path), table::parsed(*file, &faults)))
            .collect();
        let mut set = Self::default();
        for (id, parsed) in &texts {
            if let Some(parsed) = parsed {
                let draft = draft(parsed.root(), id);
                let occasions = check(&draft, kinds, &faults);
                set.add(draft, occasions, &faults);
            }
        }
        faults.into_result().map(|()| set)
    }

    fn add(&mut self, draft: Draft<'_>, occasions: BTreeMap<KindId, Occasion>, faults: &Faults) {
        let mut template = draft.template.value;
        template.occasions = occasions;
        let mut others = self.templates.values();
        if let Some(other) = others.find(|other| other.series == template.series) {
            let text = format!("编号里的“{}”已经是《{}》的。", other.series, other.title);
            faults.say(draft.series_at, text);
        }
        self.templates.insert(template.id.clone(), template);
    }

    /// A template.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Template> {
        self.templates.get(id)
    }

    /// All of them, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Template> {
        self.templates.values()
    }
}

/// `receipt` of `receipt.toml`.
fn stem(path: &str) -> &str {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    name.strip_suffix(".toml").unwrap_or(name)
}

/// A template before its occasions are known.
pub(super) struct Draft<'f> {
    pub(super) template: Item<'f, Template>,
    pub(super) occasions: Vec<Item<'f, RawOccasion>>,
    pub(super) parts: Vec<PartAt<'f>>,
    series_at: Place<'f>,
}

/// A part with the line of each of its texts.
pub(super) struct PartAt<'f> {
    pub(super) part: Part,
    pub(super) at: Place<'f>,
    pub(super) texts: Vec<(Words, Place<'f>)>,
    pub(super) is_filled: Option<(Source, Place<'f>)>,
}

/// For which records, as written.
pub(super) struct RawOccasion {
    pub(super) kinds: Vec<String>,
    pub(super) states: Vec<String>,
    pub(super) after: Vec<String>,
    /// Besides, every step that lists what is missing in one notice.
    pub(super) is_after_notices: bool,
}

fn draft<'f>(mut root: Table<'f>, stem: &str) -> Draft<'f> {
    let id = root.needed_text("id");
    if !id.is_empty() && id != stem {
        let text = format!("id 是“{id}”，和文件名“{stem}”不一样。");
        root.faults.say(root.place_of("id", &id), text);
    }
    let series = root.needed_text("series");
    let series_at = root.place_of("series", &series);
    let template = Template {
        id,
        title: root.needed_text("title"),
        about: root.needed_text("about"),
        copies: copies(&mut root),
        copies_to: root.needed_text("copies_to"),
        code_to: root.text("code_to"),
        series,
        occasions: BTreeMap::new(),
        parts: Vec::new(),
    };
    if !root.has("for") {
        root.lacks("for");
    }
    if !root.has("part") {
        root.lacks("part");
    }
    let occasions = root.tables("for").into_iter().map(occasion).collect();
    let parts: Vec<_> = root.tables("part").into_iter().filter_map(part).collect();
    let mut template = root.done(template);
    template.value.parts = parts.iter().map(|at| at.part.clone()).collect();
    Draft {
        template,
        occasions,
        parts,
        series_at,
    }
}

fn copies(root: &mut Table<'_>) -> u8 {
    let Some((number, at)) = root.number("copies") else {
        return 1;
    };
    match u8::try_from(number) {
        Ok(copies) if (1..=COPIES_MAX).contains(&number) => copies,
        _ => {
            let text = format!("份数要在 1 到 {COPIES_MAX} 之间。");
            root.faults.say(at, text);
            1
        }
    }
}

fn occasion(mut table: Table<'_>) -> Item<'_, RawOccasion> {
    let raw = RawOccasion {
        kinds: table.texts("kinds"),
        states: table.texts("states"),
        after: table.texts("after"),
        is_after_notices: table.flag("after_notices"),
    };
    let says_when = !raw.states.is_empty() || !raw.after.is_empty() || raw.is_after_notices;
    if !says_when {
        let text = "要写在什么状态（states）或哪一步之后（after）。";
        table.faults.say(table.at, text);
    }
    if raw.kinds.is_empty() {
        table.lacks("kinds");
    }
    table.done(raw)
}

/// Makes a part of its words.
type PartOf = fn(Words) -> Part;

const PART_KEYS: [&str; 8] = [
    "heading",
    "text",
    "to",
    "rows",
    "items",
    "list",
    "signatures",
    "seal",
];

fn part(mut table: Table<'_>) -> Option<PartAt<'_>> {
    let said = PART_KEYS.iter().filter(|key| table.has(key)).count();
    if said != 1 {
        let text = format!("一段里要有一样，也只能有一样：{}。", PART_KEYS.join(" "));
        table.faults.say(table.at, text);
    }
    let is_filled = filled(&mut table);
    let mut texts = Vec::new();
    let part = read_part(&mut table, &mut texts);
    let at = table.at;
    table.done(());
    let part = match (part?, &is_filled) {
        (part, Some((source, _))) => Part::Where(source.clone(), Box::new(part)),
        (part, None) => part,
    };
    Some(PartAt {
        part,
        at,
        texts,
        is_filled,
    })
}

fn read_part<'f>(table: &mut Table<'f>, texts: &mut Vec<(Words, Place<'f>)>) -> Option<Part> {
    if table.has("rows") {
        let rows = table.tables("rows").into_iter();
        return Some(Part::Rows(rows.filter_map(|one| row(one, texts)).collect()));
    }
    if table.has("items") {
        return Some(Part::Items {
            of: table.word::<Items>("items", "notice attachments deferred")?,
            lead: table.needed_text("lead"),
        });
    }
    if table.has("list") {
        return Some(Part::Items {
            of: Items::Field(table.text("list")?),
            lead: table.needed_text("lead"),
        });
    }
    if table.has("signatures") {
        return Some(Part::Signatures(table.texts("signatures")));
    }
    let kinds: [(&'static str, PartOf); 4] = [
        ("heading", Part::Heading),
        ("text", Part::Text),
        ("to", Part::To),
        ("seal", Part::Seal),
    ];
    let (key, make) = kinds.into_iter().find(|(key, _)| table.has(key))?;
    words(table, key, texts).map(make)
}

fn row<'f>(mut table: Table<'f>, texts: &mut Vec<(Words, Place<'f>)>) -> Option<Row> {
    let label = table.needed_text("name");
    if !table.has("text") {
        table.lacks("text");
    }
    let words = words(&mut table, "text", texts);
    table.done(());
    words.map(|words| Row { label, words })
}

fn words<'f>(
    table: &mut Table<'f>,
    key: &'static str,
    texts: &mut Vec<(Words, Place<'f>)>,
) -> Option<Words> {
    let text = table.text(key)?;
    let at = table.place_of(key, &text);
    match placeholder::read(&text) {
        Ok(words) => {
            texts.push((words.clone(), at));
            Some(words)
        }
        Err(faults) => {
            for fault in faults {
                table.faults.say(at, fault);
            }
            None
        }
    }
}

fn filled<'f>(table: &mut Table<'f>) -> Option<(Source, Place<'f>)> {
    let text = table.text("where")?;
    let at = table.place_of("where", &text);
    match placeholder::source(&text) {
        Ok(source) => Some((source, at)),
        Err(fault) => {
            table.faults.say(at, fault);
            None
        }
    }
}
