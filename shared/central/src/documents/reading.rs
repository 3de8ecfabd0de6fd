//! What is read of documents: what a record offers, a proof before there is a number, one that was
//! handed out, and what anybody may be told about one that they hold.

use domain::case::Actor;
use domain::document::{Block, Content, Issue, Line, Run, is_offered};
use domain::id::{CheckCode, DocumentId, HallId, RecordId};
use domain::time::UtcMs;
use wire::event::value_place;
use wire::problem::Problem;

use crate::app_state::{AppState, not_found};
use crate::cases::masked;
use crate::staff::{IssueDocuments, RevealPersonal, Right, Staff, WorkOnRecords, acts};
use crate::store::{DocumentRow, Live, Opened, Reader, StoreError};

use super::{Gathered, is_again};

/// The parameters of what stands on documents, and the stated value of none.
const CENTRE_NAME: &str = "document.centre";
const MARK: &str = "document.mark";
const NONE: &str = "none";

/// What stands in the place of a number on a proof.
const NO_NUMBER: &str = "（打印时编号）";

/// A document that can be handed out now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Offer {
    pub(crate) template: String,
    pub(crate) title: String,
    pub(crate) about: String,
    /// Its number, where it was handed out and still holds.
    pub(crate) in_force: Option<(DocumentId, String)>,
}

/// A document of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct InHand {
    pub(crate) document: DocumentId,
    pub(crate) title: String,
    pub(crate) number: String,
    pub(crate) at: UtcMs,
    pub(crate) by: String,
    /// Why it does not hold any more.
    pub(crate) withdrawn: Option<String>,
}

/// What a document would say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Proof {
    /// With personal values masked; or what is missing.
    pub(crate) content: Result<Content, Vec<String>>,
    pub(crate) number: String,
    pub(crate) copies: String,
    /// Personal values in full, which this person may not hand out.
    pub(crate) is_beyond: bool,
}

/// A document for looking at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) row: DocumentRow,
    /// With personal values as this person may see them.
    pub(crate) content: Content,
    pub(crate) case_no: String,
    pub(crate) by: String,
    pub(crate) withdrawn_by: String,
    /// Another print than the first.
    pub(crate) is_again: bool,
    /// Whether this person may withdraw it.
    pub(crate) may_withdraw: bool,
}

/// What anybody may be told of a document whose code they have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Checked {
    pub(crate) title: String,
    pub(crate) number: String,
    pub(crate) centre: String,
    pub(crate) at: UtcMs,
    pub(crate) is_withdrawn: bool,
}

/// Whether somebody may see personal values of a record in full.
pub(super) fn sees_whole(actor: &Actor) -> bool {
    let mut roles = actor.roles.iter();
    roles.any(|role| RevealPersonal::ENTRY.has(*role))
}

/// What a parameter of documents says on the day of `now`; `None` where there is none.
pub(super) fn said(live: &Live, key: &str, now: UtcMs) -> Option<String> {
    let found = live.parameters.on(key, None, now.hall_date()).ok()?;
    let text = found.entry.value.text()?.trim();
    (text != NONE && !text.is_empty()).then(|| text.to_owned())
}

/// The centre's name on documents: as two persons said, else the hall's station.
pub(super) fn centre_name(live: &Live, hall: &HallId, now: UtcMs) -> String {
    let of_hall = || {
        let hall = live.halls.get(hall).or_else(|| live.halls.values().next());
        hall.map(|hall| hall.station_name.clone())
    };
    said(live, CENTRE_NAME, now)
        .or_else(of_hall)
        .unwrap_or_else(|| "公共就业服务".to_owned())
}

/// The mark before every number; empty where there is none.
pub(super) fn mark(live: &Live, now: UtcMs) -> String {
    said(live, MARK, now).unwrap_or_default()
}

impl AppState {
    /// The centre's name as it stands on paper.
    pub(crate) fn centre_name<R: Right>(&self, staff: &Staff<R>) -> String {
        centre_name(&self.inner.store.live(), &staff.hall, self.now())
    }

    /// What can be handed out of a record, and what was.
    pub(crate) async fn documents_of(
        &self,
        record: RecordId,
    ) -> Result<(Vec<Offer>, Vec<InHand>), Problem> {
        let shelf = self.inner.documents.clone();
        let read = self.inner.store.read(move |reader| {
            let Some(gathered) = Gathered::read(reader, record)? else {
                return Ok(None);
            };
            let held = reader.documents_of(record)?;
            let names = reader.staff_names()?;
            let offered = shelf
                .all()
                .filter(|template| is_offered(template, &gathered.record));
            let offers = offered.map(|template| Offer {
                template: template.id.clone(),
                title: template.title.clone(),
                about: template.about.clone(),
                in_force: in_force(&held, &template.id, gathered.about(template))
                    .map(|row| (row.issued.document, row.issued.number.clone())),
            });
            let offers = offers.collect();
            let in_hand = held.into_iter().map(|row| InHand {
                document: row.issued.document,
                title: row.issued.content.title.clone(),
                by: names.get(&row.issued.by).cloned().unwrap_or_default(),
                number: row.issued.number,
                at: row.issued.at,
                withdrawn: row.withdrawn.map(|gone| gone.reason),
            });
            Ok(Some((offers, in_hand.collect())))
        });
        read.await?.ok_or_else(no_record)
    }

    /// What a document would say now. Nothing is numbered, and personal values are masked.
    pub(crate) async fn proof(
        &self,
        by: &Staff<IssueDocuments>,
        record: RecordId,
        template: &str,
    ) -> Result<Proof, Problem> {
        let template = self.inner.documents.template(template).cloned();
        let template = template.ok_or_else(no_template)?;
        let (clerk, hall, now) = (by.name.clone(), by.hall, self.now());
        let session = by.actor_at();
        let store = self.inner.store.clone();
        let read = self.inner.store.read(move |reader| {
            let Some(gathered) = Gathered::read(reader, record)? else {
                return Ok(None);
            };
            let centre = centre_name(&store.live(), &hall, now);
            let issue = Issue {
                station: gathered.station_name(&centre),
                centre,
                number: NO_NUMBER.to_owned(),
                clerk,
                today: now.hall_date(),
            };
            let content = gathered.compose(&template, &issue);
            let shows_whole = content.as_ref().is_ok_and(Content::shows_whole_values);
            let content = match content {
                Ok(content) => Ok(opened(reader, &content, false)?),
                Err(missing) => Err(missing),
            };
            Ok(Some(Proof {
                content,
                number: issue.number,
                copies: copies(template.copies, &template.copies_to),
                is_beyond: shows_whole && !sees_whole(&session(&gathered.record.station)),
            }))
        });
        read.await?.ok_or_else(no_record)
    }

    /// A document with the id of its record, before anybody is shown it.
    pub(crate) async fn document(&self, document: DocumentId) -> Result<DocumentRow, Problem> {
        let found = self
            .inner
            .store
            .read(move |reader| reader.document(document));
        found.await?.ok_or_else(no_document)
    }

    /// Shows a document, as this person may see it; that it is looked at is written down first.
    pub(crate) async fn show_document(
        &self,
        by: &Staff<WorkOnRecords>,
        row: DocumentRow,
        case_no: &str,
        actor: &Actor,
    ) -> Result<Shown, Problem> {
        let subject = format!("{case_no} {}", row.issued.number);
        self.note(by, acts::DOCUMENT_SHOWN, &subject).await?;
        let (whole, looking) = (sees_whole(actor), (by.staff, self.now()));
        let may_withdraw = row.withdrawn.is_none()
            && may_withdraw(&row, actor)
            && by.also::<IssueDocuments>().is_some();
        let case_no = case_no.to_owned();
        let read = self.inner.store.read(move |reader| {
            let names = reader.staff_names()?;
            let name = |staff| names.get(&staff).cloned().unwrap_or_default();
            Ok(Shown {
                content: opened(reader, &row.issued.content, whole)?,
                case_no,
                by: name(row.issued.by),
                withdrawn_by: row
                    .withdrawn
                    .as_ref()
                    .map(|gone| name(gone.by))
                    .unwrap_or_default(),
                is_again: is_again((row.issued.by, row.issued.at), looking),
                may_withdraw,
                row,
            })
        });
        Ok(read.await?)
    }

    /// The document with this number or checking code, as typed.
    pub(crate) async fn find_document(&self, typed: &str) -> Result<Option<DocumentRow>, Problem> {
        let typed: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
        let found = self.inner.store.read(move |reader| {
            if let Ok(code) = CheckCode::new(typed.clone()) {
                return reader.document_by_code(&code);
            }
            reader.document_by_number(&bracketed(&typed))
        });
        Ok(found.await?)
    }

    /// What anybody may be told who has the code of a document.
    pub(crate) async fn check_document(&self, code: CheckCode) -> Result<Option<Checked>, Problem> {
        let found = self
            .inner
            .store
            .read(move |reader| reader.document_by_code(&code));
        Ok(found.await?.map(|row| Checked {
            title: row.issued.content.title,
            number: row.issued.number,
            centre: row.issued.content.centre,
            at: row.issued.at,
            is_withdrawn: row.withdrawn.is_some(),
        }))
    }
}

/// `受〔2026〕12号`, also where other brackets were typed.
fn bracketed(typed: &str) -> String {
    typed
        .replace(['[', '【', '(', '（', '［'], "〔")
        .replace([']', '】', ')', '）', '］'], "〕")
}

/// `一式 2 份：申请人一份，存档一份`.
pub(crate) fn copies(copies: u8, copies_to: &str) -> String {
    format!("一式 {copies} 份：{copies_to}")
}

/// The document of a template about the same step that still holds.
pub(super) fn in_force<'r>(
    held: &'r [DocumentRow],
    template: &str,
    about: u64,
) -> Option<&'r DocumentRow> {
    held.iter().find(|row| {
        row.withdrawn.is_none() && row.issued.template == template && row.issued.about == about
    })
}

/// Who handed it out may withdraw it, and a chief.
pub(super) fn may_withdraw(row: &DocumentRow, actor: &Actor) -> bool {
    actor.staff == Some(row.issued.by) || actor.roles.contains(&domain::case::Role::Chief)
}

/// A content with its personal values in words: in full where it has them so and `sees_whole`, else
/// masked; of who was erased, that.
fn opened(reader: &Reader<'_>, content: &Content, sees_whole: bool) -> Result<Content, StoreError> {
    let line = |line: &Line| open_line(reader, line, sees_whole);
    let block = |block: &Block| {
        Ok(match block {
            Block::Heading(words) => Block::Heading(line(words)?),
            Block::Text(words) => Block::Text(line(words)?),
            Block::To(words) => Block::To(line(words)?),
            Block::Rows(rows) => {
                let rows = rows
                    .iter()
                    .map(|(name, words)| Ok((name.clone(), line(words)?)));
                Block::Rows(rows.collect::<Result<_, StoreError>>()?)
            }
            Block::Seal { name, day } => Block::Seal {
                name: line(name)?,
                day: day.clone(),
            },
            Block::Items { .. } | Block::Signatures(_) => block.clone(),
        })
    };
    let blocks = content.blocks.iter().map(block);
    Ok(Content {
        blocks: blocks.collect::<Result<_, StoreError>>()?,
        title: content.title.clone(),
        centre: content.centre.clone(),
    })
}

fn open_line(reader: &Reader<'_>, line: &Line, sees_whole: bool) -> Result<Line, StoreError> {
    let runs = line.0.iter().map(|run| {
        let Run::Personal {
            owner,
            field,
            sealed,
            is_whole,
        } = run
        else {
            return Ok(run.clone());
        };
        let unread = |_| StoreError::Corrupt("a sealed value of a document".to_owned());
        let sealed = sealed.parse().map_err(unread)?;
        let opened = reader.vault().open(value_place(*owner, *field), &sealed)?;
        Ok(Run::Words(match opened {
            Opened::Erased => "已删除".to_owned(),
            Opened::Plain(plain) if *is_whole && sees_whole => plain.expose().clone(),
            Opened::Plain(plain) => masked(*field, &plain),
        }))
    });
    Ok(Line(runs.collect::<Result<_, StoreError>>()?))
}

pub(super) fn no_record() -> Problem {
    not_found("没找到这条记录，请核对编号。")
}

pub(super) fn no_template() -> Problem {
    not_found("没有这种文书。请回到记录的页面再选。")
}

fn no_document() -> Problem {
    not_found("没找到这份文书，请核对编号。")
}
