//! A document as it crosses the wire.

use domain::document::{Block, Content, Line, Run};
use domain::id::{CheckCode, DocumentId, PersonId, RecordId, StaffId};
use domain::personal::PersonField;
use wire::event::{DocumentIssued, DocumentWithdrawn, Event};

use super::{AT, id};

/// The events about documents.
pub(super) fn events() -> Vec<Event> {
    let document = DocumentId(id(30));
    let issued = DocumentIssued {
        document,
        number: "示受〔2026〕12号".to_owned(),
        series: "受".to_owned(),
        year: 2026,
        running: 12,
        code: CheckCode::new("0123456789012345").expect("sixteen digits"),
        template: "acceptance_receipt".to_owned(),
        record: RecordId(id(20)),
        about: 3,
        copies: 2,
        copies_to: "申请人一份，存档一份".to_owned(),
        content: content(),
        by: StaffId(id(7)),
        at: AT,
    };
    vec![
        Event::DocumentIssued(Box::new(issued)),
        Event::DocumentWithdrawn(DocumentWithdrawn {
            document,
            by: StaffId(id(6)),
            at: AT,
            reason: "金额写错了".to_owned(),
        }),
    ]
}

fn content() -> Content {
    let words = |text: &str| Run::Words(text.to_owned());
    let name = Run::Personal {
        owner: PersonId(id(9)),
        field: PersonField::Name,
        sealed: "s1:xc20p:0000000000000000:".to_owned(),
        is_whole: true,
    };
    Content {
        title: "受理回执".to_owned(),
        centre: "示例区就业创业服务中心".to_owned(),
        blocks: vec![
            Block::Heading(Line(vec![words("一、受理")])),
            Block::To(Line(vec![name, words("：")])),
            Block::Text(Line(vec![words("已经受理。")])),
            Block::Rows(vec![("受理号".to_owned(), Line(vec![words("A")]))]),
            Block::Items {
                lead: "已收下的材料：".to_owned(),
                items: vec!["申请表，1 页".to_owned()],
            },
            Block::Signatures(vec!["申请人（签字）".to_owned()]),
            Block::Seal {
                name: Line(vec![words("示例区就业创业服务中心")]),
                day: "2026年11月28日".to_owned(),
            },
        ],
    }
}
