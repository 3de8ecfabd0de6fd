//! A long record, quickly: days of visits of one hall, written as rows into a store that the
//! program made, with sound chains and no derived tables. Of ten events about six are the
//! authority's (issued, called, started, finished, scores), as in a hall's life.

use std::path::Path;

use central::edge::new_uuid;
use domain::id::{DeviceId, GroupCode, HallId, RatingId, TicketId, WindowNo};
use domain::queue::{AtWindow, QueueEvent, SecretHash, TicketIssued, Wish};
use domain::rating::{Channel, Level, Submission};
use domain::time::{BusinessDate, UtcMs};
use rusqlite::Connection;
use wire::envelope::{self, ChainHead, Draft, EventHash};
use wire::event::{
    BoardReport, BoardReported, Event, Origin, RatingAccepted, RatingSubmitted, TicketShown,
    VisitProof,
};

use crate::Outcome;
use crate::hall::{Device, Hall, now};

const DAY_VISITS: usize = 300;
const VISIT_MS: i64 = 90_000;
const DAY_MS: i64 = 24 * 3_600_000;

/// A store in `data` whose record has about so many events.
pub(crate) fn fill(data: &Path, events: usize) -> Outcome {
    let hall = Hall::found(data, 4)?;
    let (id, devices) = (hall.id, hall.leave());
    let sql = Connection::open(data.join("central.db"))?;
    sql.execute_batch("PRAGMA synchronous = OFF; PRAGMA cache_size = -262144; BEGIN IMMEDIATE")?;
    let mut record = Record::of(&sql, id, &devices)?;
    let mut day = 0;
    while record.count < events {
        record.day(day)?;
        day += 1;
    }
    drop(record);
    sql.execute_batch("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)")?;
    Ok(())
}

struct Writer {
    id: DeviceId,
    head: ChainHead,
}

struct Record<'s> {
    insert: rusqlite::Statement<'s>,
    hall: HallId,
    centre: Writer,
    kiosk: Writer,
    terminal: Writer,
    driver: Writer,
    begun: UtcMs,
    count: usize,
}

impl<'s> Record<'s> {
    fn of(sql: &'s Connection, hall: HallId, devices: &[Device]) -> Result<Self, crate::Fault> {
        let centre = "SELECT value FROM meta WHERE name = 'centre'";
        let centre: String = sql.query_row(centre, [], |row| row.get(0))?;
        let head = "SELECT seq, hash FROM events WHERE writer = ?1 ORDER BY seq DESC LIMIT 1";
        let head = sql.query_row(head, [&centre], |row| {
            let (seq, hash): (i64, _) = (row.get(0)?, EventHash(row.get(1)?));
            let seq = seq.cast_unsigned();
            Ok(ChainHead { seq, hash })
        })?;
        let insert = "INSERT INTO events (writer, seq, hash, at, kind, text, received)
                      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?4)";
        let device = |index: usize| Writer {
            id: devices[index].id,
            head: ChainHead::EMPTY,
        };
        Ok(Self {
            insert: sql.prepare(insert)?,
            hall,
            centre: Writer {
                id: centre.parse()?,
                head,
            },
            kiosk: device(0),
            terminal: device(1),
            driver: device(2),
            // the last day of the longest record is before today
            begun: now().plus_ms(-20_000 * DAY_MS),
            count: 0,
        })
    }

    fn day(&mut self, day: u32) -> Result<(), crate::Fault> {
        let morning = self.begun.plus_ms(i64::from(day) * DAY_MS);
        let mut at = morning;
        for visit in 0..DAY_VISITS {
            at = at.plus_ms(VISIT_MS);
            self.visit(visit, at)?;
        }
        let closed = BusinessDate(morning.hall_date());
        self.decided(QueueEvent::DayClosed { day: closed }, at)
    }

    fn visit(&mut self, number: usize, at: UtcMs) -> Result<(), crate::Fault> {
        let ticket = TicketId(new_uuid(at));
        let issued = issued(ticket, number, at)?;
        let (hall, window) = (self.hall, WindowNo::new(1)?);
        let (origin, at_window) = (
            Origin::Touch,
            AtWindow {
                ticket,
                window,
                clerk: None,
            },
        );
        let shown = TicketShown {
            hall,
            issued: issued.clone(),
            origin,
        };
        self.put(|record| &mut record.kiosk, &Event::TicketShown(shown), at)?;
        self.decided(QueueEvent::Issued(issued), at)?;
        self.decided(QueueEvent::Called(at_window.clone()), at)?;
        for _ in 0..2 {
            self.board(number, at)?;
        }
        self.decided(QueueEvent::Started(at_window.clone()), at)?;
        self.decided(QueueEvent::Finished(at_window), at)?;
        if number.is_multiple_of(3) {
            self.score(ticket, window, at)?;
        }
        Ok(())
    }

    fn board(&mut self, number: usize, at: UtcMs) -> Result<(), crate::Fault> {
        let reported = Event::BoardReported(BoardReported {
            hall: self.hall,
            board: "大厅屏".to_owned(),
            report: BoardReport::Confirmed {
                text: format!("请 A{number:03} 号到 1 号窗口"),
            },
        });
        self.put(|record| &mut record.driver, &reported, at)
    }

    fn score(&mut self, ticket: TicketId, window: WindowNo, at: UtcMs) -> Result<(), crate::Fault> {
        let (hall, rating) = (self.hall, RatingId(new_uuid(at)));
        let submitted = Event::RatingSubmitted(RatingSubmitted {
            hall,
            visit: VisitProof::WindowTerminal { ticket, window },
            submission: Submission {
                rating,
                matter_level: Level::Good,
                staff_level: None,
                reasons: Vec::new(),
                channel: Channel::WindowTerminal,
            },
            origin: Origin::Touch,
        });
        self.put(|record| &mut record.terminal, &submitted, at)?;
        let accepted = Event::RatingAccepted(RatingAccepted {
            rating,
            ticket,
            window,
        });
        self.put(|record| &mut record.centre, &accepted, at)
    }

    /// The authority's decision.
    fn decided(&mut self, event: QueueEvent, at: UtcMs) -> Result<(), crate::Fault> {
        let event = Event::of_queue(self.hall, event);
        self.put(|record| &mut record.centre, &event, at)
    }

    fn put(
        &mut self,
        writer: fn(&mut Self) -> &mut Writer,
        event: &Event,
        at: UtcMs,
    ) -> Result<(), crate::Fault> {
        let (kind, body, writer) = (event.kind(), event.body(), writer(self));
        let draft = Draft {
            writer: writer.id,
            at,
            kind,
            body: &body,
        };
        let text = envelope::write(&draft, writer.head);
        let (seq, hash) = (writer.head.seq + 1, EventHash::of(&text));
        writer.head = ChainHead { seq, hash };
        let values = (
            writer.id.to_string(),
            seq.cast_signed(),
            hash.0,
            at.0,
            kind,
            text,
        );
        self.insert.execute(values)?;
        self.count += 1;
        Ok(())
    }
}

fn issued(ticket: TicketId, number: usize, at: UtcMs) -> Result<TicketIssued, crate::Fault> {
    Ok(TicketIssued {
        ticket,
        label: format!("A{:03}", number + 1).parse()?,
        group: GroupCode::new('A')?,
        priority: None,
        arrived_at: at,
        token_hash: SecretHash([1; 32]),
        code_hash: SecretHash([2; 32]),
        wish: Wish::default(),
        found: None,
        told: None,
    })
}
