//! Reading templates (`assets/documents/README.md`), whole and at once: every fault of every file is
//! found, each with its line. A template is held against every kind for which it is offered, so that
//! no document asks a record for what its kind does not have.

use std::collections::BTreeMap;

use crate::case::read::table::{self, Faults, Item, Place, Table};
use crate::case::{FieldType, Kind, KindFault, KindFile, KindSet, StateStage, Subject, Transition};
use crate::id::KindId;

use super::compose::{EMPLOYER_KIND, PERSON_KIND};
use super::placeholder::{self, Asked, Form, Source};
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
struct Draft<'f> {
    template: Item<'f, Template>,
    occasions: Vec<Item<'f, RawOccasion>>,
    parts: Vec<PartAt<'f>>,
    series_at: Place<'f>,
}

/// A part with the line of each of its texts.
struct PartAt<'f> {
    part: Part,
    at: Place<'f>,
    texts: Vec<(Words, Place<'f>)>,
    is_filled: Option<(Source, Place<'f>)>,
}

/// For which records, as written.
struct RawOccasion {
    kinds: Vec<String>,
    states: Vec<String>,
    after: Vec<String>,
    after_every: Option<StepClass>,
}

/// Steps that have something in common in all kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
enum StepClass {
    /// Those that list what is missing in one notice.
    Notice,
    /// Those that end a record on a rule.
    Refusal,
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
        after_every: table.word("after_every", "notice refusal"),
    };
    let says_when = !raw.states.is_empty() || !raw.after.is_empty() || raw.after_every.is_some();
    if !says_when {
        let text = "要写在什么状态（states）或哪一步之后（after）。";
        table.faults.say(table.at, text);
    }
    if raw.kinds.is_empty() && raw.after_every.is_none() {
        let text = "不写 kinds 就是所有业务，那只能配 after_every。";
        table.faults.say(table.at, text);
    }
    table.done(raw)
}

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
    let kinds: [(&'static str, fn(Words) -> Part); 4] = [
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

/// Finds what every name means, for every kind, and gives when the document is offered.
fn check(draft: &Draft<'_>, kinds: &KindSet, faults: &Faults) -> BTreeMap<KindId, Occasion> {
    let mut occasions = BTreeMap::new();
    for raw in &draft.occasions {
        for kind in kinds_of(raw, kinds, faults) {
            let occasion = Occasion {
                states: raw.value.states.clone(),
                after: steps(&raw.value, kind),
            };
            if occasions.insert(kind.id.clone(), occasion).is_some() {
                let text = format!("“{}”写了两次。", kind.id);
                faults.say(raw.place("kinds", kind.id.as_str()), text);
            }
            let of_kind = OfKind {
                kind,
                kinds,
                is_about_step: !steps(&raw.value, kind).is_empty(),
            };
            check_occasion(raw, kind, faults);
            check_values(draft, &of_kind, faults);
        }
    }
    occasions
}

fn kinds_of<'k>(raw: &Item<'_, RawOccasion>, kinds: &'k KindSet, faults: &Faults) -> Vec<&'k Kind> {
    let all = || kinds.iter().map(|kind| &**kind);
    if raw.value.kinds.is_empty() {
        return all()
            .filter(|kind| !steps(&raw.value, kind).is_empty())
            .collect();
    }
    let named = raw.value.kinds.iter().filter_map(|id| {
        let found = all().find(|kind| kind.id.as_str() == id);
        if found.is_none() {
            faults.say(raw.place("kinds", id), format!("没有“{id}”这种业务。"));
        }
        found
    });
    named.collect()
}

/// The steps of a kind after which the document is offered.
fn steps(raw: &RawOccasion, kind: &Kind) -> Vec<String> {
    let is_of = |class: StepClass, step: &Transition| match class {
        StepClass::Notice => step.is_notice,
        StepClass::Refusal => {
            let ends = kind.state(&step.to);
            step.needs_rule && ends.is_some_and(|state| state.stage == StateStage::End)
        }
    };
    let of_class = kind
        .transitions
        .iter()
        .filter(|step| raw.after_every.is_some_and(|class| is_of(class, step)));
    let of_class = of_class.map(|step| step.id.clone());
    raw.after.iter().cloned().chain(of_class).collect()
}

fn check_occasion(raw: &Item<'_, RawOccasion>, kind: &Kind, faults: &Faults) {
    for state in &raw.value.states {
        if kind.state(state).is_none() {
            let text = format!("“{}”没有状态“{state}”。", kind.id);
            faults.say(raw.place("states", state), text);
        }
    }
    for step in &raw.value.after {
        if kind.transition(step).is_none() {
            let text = format!("“{}”没有步骤“{step}”。", kind.id);
            faults.say(raw.place("after", step), text);
        }
    }
    if raw.value.after_every.is_some() && steps(&raw.value, kind).is_empty() {
        let text = format!("“{}”没有这一类步骤。", kind.id);
        faults.say(raw.place("kinds", kind.id.as_str()), text);
    }
}

/// A kind to which a template is held.
struct OfKind<'k> {
    kind: &'k Kind,
    kinds: &'k KindSet,
    is_about_step: bool,
}

fn check_values(draft: &Draft<'_>, of_kind: &OfKind<'_>, faults: &Faults) {
    for part in &draft.parts {
        for (words, at) in &part.texts {
            for fault in words.asked().filter_map(|asked| of_kind.fault(asked)) {
                faults.say(*at, fault);
            }
        }
        if let Some((source, at)) = &part.is_filled
            && let Err(fault) = of_kind.field(source)
        {
            faults.say(*at, fault);
        }
        if let Some(fault) = of_kind.list_fault(&part.part) {
            faults.say(part.at, fault);
        }
    }
    let template = &draft.template.value;
    if let Some(id) = &template.code_to {
        let field = of_kind.kind.field(id);
        let takes_code = field
            .is_some_and(|field| field.is_computed && matches!(field.kind, FieldType::Text { .. }));
        if !takes_code {
            let text = format!(
                "“{}”没有自动填写的文字字段“{id}”，放不了查验码。",
                of_kind.kind.id
            );
            faults.say(draft.template.place("code_to", id), text);
        }
    }
}

impl<'k> OfKind<'k> {
    /// What is wrong with a list.
    fn list_fault(&self, part: &Part) -> Option<String> {
        match part {
            Part::Where(_, part) => self.list_fault(part),
            Part::Items {
                of: Items::Notice, ..
            } if !self.is_about_step => {
                Some("“notice”是某一步的告知，要写在哪一步之后（after）。".to_owned())
            }
            Part::Items {
                of: Items::Field(id),
                ..
            } => match field_of(self.kind, id) {
                Err(fault) => Some(fault),
                Ok(field) if matches!(field.kind, FieldType::List { .. }) => None,
                Ok(_) => Some(format!("“{}”的“{id}”不是一列。", self.kind.id)),
            },
            _ => None,
        }
    }

    fn fault(&self, asked: &Asked) -> Option<String> {
        let field = match self.field(&asked.source) {
            Err(fault) => return Some(fault),
            Ok(field) => field,
        };
        let kind = &self.kind.id;
        match (asked.form, field) {
            (Form::Plain, _) => None,
            (Form::Capitals, Some(field)) if matches!(field.kind, FieldType::Money { .. }) => None,
            (Form::Whole, Some(field)) if field.personal.is_some() => None,
            (Form::Number, Some(field)) if matches!(field.kind, FieldType::Record(_)) => None,
            (Form::Capitals, _) => Some(format!("“{kind}”：只有金额才有大写。")),
            (Form::Whole, _) => Some(format!("“{kind}”：只有个人信息才分遮住和全部。")),
            (Form::Number, _) => Some(format!("“{kind}”：只有指向别的记录的才有编号。")),
        }
    }

    /// The field that is asked for; `None` for what is no field.
    fn field(&self, source: &Source) -> Result<Option<&'k crate::case::Field>, String> {
        let kind = self.kind;
        match source {
            Source::Named(name) if name.is_of_step() && !self.is_about_step => Err(format!(
                "“{}”是某一步的，要写在哪一步之后（after）。",
                name.words()
            )),
            Source::Named(_) => Ok(None),
            Source::Field(id) => field_of(kind, id).map(Some),
            Source::FieldOf(id, inner) => {
                let FieldType::Record(to) = &field_of(kind, id)?.kind else {
                    return Err(format!("“{}”的“{id}”不指向别的记录。", kind.id));
                };
                self.in_all(to, inner)
            }
            Source::Person(id) => self.of_register(PERSON_KIND, id, Subject::Person),
            Source::Employer(id) => self.of_register(EMPLOYER_KIND, id, Subject::Employer),
            Source::Due(rule) => match kind.deadlines.iter().any(|known| known.id == *rule) {
                true => Ok(None),
                false => Err(format!("“{}”没有期限“{rule}”。", kind.id)),
            },
        }
    }

    fn of_register(
        &self,
        register: &str,
        id: &str,
        subject: Subject,
    ) -> Result<Option<&'k crate::case::Field>, String> {
        if self.kind.subject != subject && self.kind.subject != Subject::Either {
            return Err(format!("“{}”不是给这类对象办的。", self.kind.id));
        }
        let register = KindId::new(register).map_err(|bad| bad.to_string())?;
        self.in_all(&[register], id)
    }

    /// The field, which all of these kinds have.
    fn in_all(&self, kinds: &[KindId], id: &str) -> Result<Option<&'k crate::case::Field>, String> {
        let mut found = None;
        for kind in kinds {
            let known = self.kinds.get(kind);
            let known = known.ok_or_else(|| format!("没有“{kind}”这种业务。"))?;
            found = Some(field_of(known, id)?);
        }
        Ok(found)
    }
}

fn field_of<'k>(kind: &'k Kind, id: &str) -> Result<&'k crate::case::Field, String> {
    let field = kind.field(id);
    field.ok_or_else(|| format!("“{}”没有字段“{id}”。", kind.id))
}
