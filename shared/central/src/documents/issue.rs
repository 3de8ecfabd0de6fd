//! Handing a document out: decided, numbered and written down in one transaction, so that no number is
//! given twice and none is lost. And withdrawing one.

use chrono::Datelike;
use domain::case::{Actor, CaseChanged, CaseEvent, Record, Role, Value};
use domain::document::{Content, Issue, Template, is_offered, number_text};
use domain::id::{CheckCode, DocumentId, HallId, RecordId, StaffId, StationCode};
use domain::time::UtcMs;
use wire::event::{DocumentIssued, DocumentWithdrawn, Event};
use wire::problem::{Problem, ProblemCode};

use crate::app_state::AppState;
use crate::edge;
use crate::staff::{IssueDocuments, Right, Staff, acts, checked_reason};
use crate::store::{DocumentRow, StoreError, Write};

use super::Gathered;
use super::reading::{
    centre_name, in_force, mark, may_withdraw, no_record, no_template, sees_whole,
};

/// What is to be handed out.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) record: RecordId,
    /// The version of the record that was looked at.
    pub(crate) seen: u64,
    pub(crate) template: String,
}

/// Everything that the transaction needs of who asks.
struct Hand<A> {
    staff: StaffId,
    name: String,
    hall: HallId,
    actor_at: A,
    /// The line of the trail, without its subject.
    trail: Event,
    now: UtcMs,
}

/// The outer error is the store's, the inner one a sentence for the person.
type Issued = Result<Result<DocumentId, String>, StoreError>;

impl AppState {
    /// Numbers a document and writes it down.
    ///
    /// # Errors
    /// `Refused` with the sentence for the person; nothing has been numbered then.
    pub(crate) async fn issue_document(
        &self,
        by: &Staff<IssueDocuments>,
        asked: Asked,
    ) -> Result<DocumentId, Problem> {
        self.inner.cases.only_at_the_centre()?;
        let template = self.inner.documents.template(&asked.template).cloned();
        let template = template.ok_or_else(no_template)?;
        let hand = Hand {
            staff: by.staff,
            name: by.name.clone(),
            hall: by.hall,
            actor_at: by.actor_at(),
            trail: by.acted(acts::DOCUMENT_ISSUED, ""),
            now: self.now(),
        };
        let job = move |write: &mut Write<'_>| issue(write, &template, &asked, hand);
        let issued = self.inner.store.write(job).await?;
        issued.map_err(|text| Problem::new(ProblemCode::Refused, text))
    }

    /// Declares that a document does not hold any more.
    ///
    /// # Errors
    /// `Refused` with the sentence for the person.
    pub(crate) async fn withdraw_document(
        &self,
        by: &Staff<IssueDocuments>,
        row: &DocumentRow,
        actor: &Actor,
        reason: &str,
    ) -> Result<(), Problem> {
        self.inner.cases.only_at_the_centre()?;
        let refused = |text: &str| Err(Problem::new(ProblemCode::Refused, text));
        if !may_withdraw(row, actor) {
            return refused("只有出这份文书的人和负责人能作废它。");
        }
        let withdrawn = DocumentWithdrawn {
            document: row.issued.document,
            by: by.staff,
            at: self.now(),
            reason: checked_reason(reason)?,
        };
        let trail = by.acted(acts::DOCUMENT_WITHDRAWN, row.issued.number.clone());
        let now = self.now();
        let done = self.inner.store.write(move |write| {
            let found = write.reader().document(withdrawn.document)?;
            if found.is_none_or(|row| row.withdrawn.is_some()) {
                return Ok(false);
            }
            write.append(&Event::DocumentWithdrawn(withdrawn), now)?;
            write.append(&trail, now)?;
            Ok(true)
        });
        match done.await? {
            true => Ok(()),
            false => refused("这份文书已经作废过了。"),
        }
    }
}

fn issue<A: Fn(&StationCode) -> Actor>(
    write: &mut Write<'_>,
    template: &Template,
    asked: &Asked,
    hand: Hand<A>,
) -> Issued {
    let Some(gathered) = Gathered::read(&write.reader(), asked.record)? else {
        return Ok(Err(no_record().detail));
    };
    let actor = (hand.actor_at)(&gathered.record.station);
    let held = write.reader().documents_of(asked.record)?;
    let about = gathered.about(template);
    let bars = [
        barred(&gathered.record, template, asked, &actor),
        in_force(&held, &template.id, about).map(|row| {
            format!(
                "《{}》已经出过，编号{}。要再打一张，打开它补打；要重出，先作废它。",
                template.title, row.issued.number
            )
        }),
    ];
    if let Some(text) = bars.into_iter().flatten().next() {
        return Ok(Err(text));
    }
    let numbered = Numbered::next(write, template, hand.now)?;
    let issue = issue_of(write, &gathered, &numbered, &hand);
    let content = match gathered.compose(template, &issue) {
        Ok(content) => content,
        Err(missing) => return Ok(Err(missing_text(&missing))),
    };
    if let Some(text) = beyond(&content, &actor) {
        return Ok(Err(text));
    }
    let issued = DocumentIssued {
        document: DocumentId(edge::new_uuid(hand.now)),
        number: numbered.text,
        series: template.series.clone(),
        year: numbered.year,
        running: numbered.running,
        code: edge::check_code(),
        template: template.id.clone(),
        record: asked.record,
        about,
        copies: template.copies,
        copies_to: template.copies_to.clone(),
        content,
        by: hand.staff,
        at: hand.now,
    };
    let document = issued.document;
    append(write, &gathered, template, issued, hand.trail, hand.now)?;
    Ok(Ok(document))
}

fn issue_of<A>(
    write: &Write<'_>,
    gathered: &Gathered,
    numbered: &Numbered,
    hand: &Hand<A>,
) -> Issue {
    let centre = centre_name(write.live(), &hand.hall, hand.now);
    Issue {
        station: gathered.station_name(&centre),
        centre,
        number: numbered.text.clone(),
        clerk: hand.name.clone(),
        today: hand.now.hall_date(),
    }
}

/// Why nothing is handed out, before anything is made.
fn barred(record: &Record, template: &Template, asked: &Asked, actor: &Actor) -> Option<String> {
    let mut roles = actor.roles.iter();
    if !roles.any(|role| IssueDocuments::ENTRY.has(*role)) {
        return Some("您在这个网点的身份不能出文书。请这个网点的经办人来出。".to_owned());
    }
    if !is_offered(template, record) {
        return Some(format!(
            "这条记录现在的状态不能出《{}》。请看记录走到哪一步了。",
            template.title
        ));
    }
    (record.version != asked.seen)
        .then(|| "这条记录刚被别人改过，还没有编号。看过最新的内容再出。".to_owned())
}

fn beyond(content: &Content, actor: &Actor) -> Option<String> {
    (content.shows_whole_values() && !sees_whole(actor)).then(|| {
        "这份文书上有全名或全号，您的身份不能出。请能看全名、全号的经办人来出。".to_owned()
    })
}

/// `还缺 2 项：核定额、户名。补上再出。`
pub(crate) fn missing_text(missing: &[String]) -> String {
    let count = missing.len();
    let names = missing.join("、");
    format!("还缺 {count} 项：{names}。在记录里补上再出。")
}

/// The next number of a series.
struct Numbered {
    year: i32,
    running: u32,
    text: String,
}

impl Numbered {
    fn next(write: &Write<'_>, template: &Template, now: UtcMs) -> Result<Self, StoreError> {
        let year = now.hall_date().year();
        let last = write
            .reader()
            .last_document_number(&template.series, year)?;
        let running = last.saturating_add(1);
        let mark = mark(write.live(), now);
        Ok(Self {
            year,
            running,
            text: number_text(&mark, &template.series, year, running),
        })
    }
}

fn append(
    write: &mut Write<'_>,
    gathered: &Gathered,
    template: &Template,
    issued: DocumentIssued,
    trail: Event,
    now: UtcMs,
) -> Result<(), StoreError> {
    if let Some(changed) = code_change(gathered, template, &issued.code, now) {
        write.append(&Event::from(CaseEvent::Changed(changed)), now)?;
    }
    let subject = format!("{} {}", gathered.record.case_no.0, issued.number);
    write.append(&Event::DocumentIssued(Box::new(issued)), now)?;
    if let Event::StaffActed(mut acted) = trail {
        acted.subject = subject;
        write.append(&Event::StaffActed(acted), now)?;
    }
    Ok(())
}

/// The record takes the code by which its paper is checked, where its kind has a place for it.
fn code_change(
    gathered: &Gathered,
    template: &Template,
    code: &CheckCode,
    now: UtcMs,
) -> Option<CaseChanged> {
    let field = template.code_to.as_ref()?;
    gathered.kind.field(field)?;
    let record = &gathered.record;
    Some(CaseChanged {
        record: record.id,
        version: record.version + 1,
        set: [(field.clone(), Value::Text(code.as_str().to_owned()))].into(),
        cleared: Default::default(),
        ended: Default::default(),
        due: Default::default(),
        by: None,
        role: Role::System,
        at: now,
        reason: String::new(),
    })
}
