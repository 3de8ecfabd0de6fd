//! A device that has nothing reads 100 000 listings, page after page as devices do: only over the
//! line, with the devices' client, and with the rules of snapshots and a sink in memory. Beside
//! raw SQLite that reads the same rows.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

use central::edge::new_uuid;
use central::store::StoreError;
use domain::id::{ImportId, ListingId};
use rusqlite::{Connection, OpenFlags};
use sync::client::{CentralClient, FeedCursor};
use sync::device_clock::Clock;
use sync::feed::{FeedSink, Follower, RowKeys};
use sync::identity::DeviceIdentity;
use wire::api::{Enrolled, FEED_ROWS_MAX, FeedPage, Topic, path};
use wire::event::{Event, ImportedRow, RawRow, VacanciesImported, VacanciesPublished};

use crate::Outcome;
use crate::figures::per_s;
use crate::hall::{Device, Hall, now};
use crate::load::Line;
use crate::server::{Gate, Server};

const ROWS: usize = 100_000;
/// Rows of one event, below the length that an event may have.
const ROWS_OF_PART: usize = 1_000;

pub(crate) fn measure() -> Outcome {
    let folder = tempfile::tempdir()?;
    let mut hall = Hall::found(folder.path(), 1)?;
    let begun = Instant::now();
    publish(&hall, ROWS)?;
    let published = per_s(ROWS, begun.elapsed());
    let mut device = hall.devices.pop().ok_or("one device")?;
    drop(hall);
    let server = Server::start(folder.path(), Gate::Wide)?;
    println!("a device catches up {ROWS} listings (they were published at {published:.0} rows/s):");
    let runtime = tokio::runtime::Runtime::new()?;
    let client = client(&server, &device)?;
    let (cursors, rows, elapsed, cpu) = runtime.block_on(read_all(&client, &server))?;
    println!(
        "  devices' client (gzip, JSON read): {:.0} rows/s (aim ≥ 50 000); server's processor {:.1} \
         µs a row",
        per_s(rows, elapsed),
        cpu.as_secs_f64() * 1e6 / rows as f64
    );
    let (kept, elapsed) = runtime.block_on(follow(&client))?;
    println!(
        "  and applied to a sink in memory: {:.0} rows/s",
        per_s(kept, elapsed)
    );
    let (bytes, elapsed) = runtime.block_on(read_raw(&server, &mut device, &cursors))?;
    println!(
        "  over the line only, plain, nothing read of it: {:.0} rows/s, {:.0} MB/s",
        per_s(rows, elapsed),
        bytes as f64 / 1e6 / elapsed.as_secs_f64()
    );
    let (read, raw) = raw_sqlite(&folder.path().join("central.db"))?;
    let of_raw = raw.as_secs_f64() / read as f64 / (elapsed.as_secs_f64() / rows as f64);
    println!(
        "  raw SQLite, the same rows in such pages: {:.0} rows/s; the line has {of_raw:.2} of it",
        per_s(read, raw)
    );
    Ok(())
}

/// Publishes listings of one import, in whole thousands.
pub(crate) fn publish(hall: &Hall, rows: usize) -> Result<(), StoreError> {
    let (at, import) = (now(), ImportId(new_uuid(now())));
    for part in 0..rows / ROWS_OF_PART {
        let rows = (0..ROWS_OF_PART).map(|row| imported(part * ROWS_OF_PART + row));
        let event = Event::VacanciesImported(VacanciesImported {
            import,
            as_of: at.hall_date(),
            rows: rows.collect(),
        });
        hall.store
            .write_blocking(move |write| write.append(&event, at).map(drop))?;
    }
    let event = Event::VacanciesPublished(VacanciesPublished {
        import,
        by: "万示例".to_owned(),
        on: at.hall_date(),
    });
    hall.store
        .write_blocking(move |write| write.append(&event, at).map(drop))
}

fn imported(row: usize) -> ImportedRow {
    const PAY: [&str; 4] = ["4-6K", "1-1.5万/月", "200-300元/天", "面议"];
    let raw = serde_json::json!({
        "title": format!("示例工种{}", row % 400),
        "employer": format!("示例单位{}有限公司", row % 9_000),
        "district": "示例市·示例区",
        "salary_text": PAY[row % PAY.len()],
        "education": "大专",
        "experience": "1-3年",
    });
    ImportedRow {
        listing: ListingId(new_uuid(now())),
        source_key: format!("b-{row}"),
        raw: RawRow(raw.to_string()),
    }
}

fn client(server: &Server, device: &Device) -> Result<CentralClient, Box<dyn Error>> {
    let enrolled = Enrolled {
        device: device.id,
        name: "示例设备".to_owned(),
        kind: Device::KIND,
        hall: device.hall,
        public_url: String::new(),
    };
    let identity = DeviceIdentity::in_memory(device.key.clone(), enrolled);
    let central = format!("http://{}", server.address).parse()?;
    Ok(CentralClient::new(&central, identity, Clock::new(now))?)
}

/// The cursors that were asked for, how many rows came, how long it took, and the server's
/// processor time.
async fn read_all(
    client: &CentralClient,
    server: &Server,
) -> Result<(Vec<FeedCursor>, usize, Duration, Duration), Box<dyn Error>> {
    let (begun, before) = (Instant::now(), server.usage()?.cpu);
    let (mut cursor, mut cursors, mut rows) = (FeedCursor::default(), Vec::new(), 0);
    loop {
        let page = client.feed(cursor, &Topic::ALL, FEED_ROWS_MAX, 0).await?;
        cursors.push(cursor);
        rows += page.rows.len();
        cursor = FeedCursor {
            position: page.next_after,
            snapshot: page.snapshot,
        };
        if !page.has_more {
            let elapsed = begun.elapsed();
            return Ok((cursors, rows, elapsed, server.usage()?.cpu - before));
        }
    }
}

async fn follow(client: &CentralClient) -> Result<(usize, Duration), Box<dyn Error>> {
    let begun = Instant::now();
    let mut follower = Follower::new(Kept::default());
    loop {
        let page = client.feed(follower.cursor(), &Topic::ALL, FEED_ROWS_MAX, 0);
        let page = page.await?;
        let has_more = page.has_more;
        follower.apply(page)?;
        if !has_more {
            return Ok((follower.sink().rows.len(), begun.elapsed()));
        }
    }
}

/// A sink in memory.
#[derive(Default)]
struct Kept {
    cursor: u64,
    rows: BTreeMap<(Topic, String), Option<String>>,
}

impl FeedSink for Kept {
    type Error = Infallible;

    fn cursor(&self) -> u64 {
        self.cursor
    }

    fn apply(&mut self, page: FeedPage) -> Result<(), Infallible> {
        self.cursor = page.next_after;
        let rows = page.rows.into_iter();
        self.rows
            .extend(rows.map(|row| ((row.topic, row.key), row.body)));
        Ok(())
    }

    fn begin_snapshot(&mut self) -> Result<(), Infallible> {
        self.cursor = 0;
        Ok(())
    }

    fn keep_only(&mut self, named: &RowKeys) -> Result<(), Infallible> {
        self.rows.retain(|key, _| named.contains(key));
        Ok(())
    }
}

/// The path of a request for the feed, as the devices' client has it.
pub(crate) fn feed_path(cursor: FeedCursor, wait_ms: u32) -> String {
    let topics: Vec<&str> = Topic::ALL.iter().map(|topic| topic.as_str()).collect();
    let (after, topics) = (cursor.position, topics.join(","));
    let snapshot = cursor.snapshot.map(|at| format!("&snapshot={at}"));
    let snapshot = snapshot.unwrap_or_default();
    let feed = path::FEED;
    format!(
        "{feed}?after={after}&topics={topics}&limit={FEED_ROWS_MAX}&wait_ms={wait_ms}{snapshot}"
    )
}

async fn read_raw(
    server: &Server,
    device: &mut Device,
    cursors: &[FeedCursor],
) -> Result<(usize, Duration), Box<dyn Error>> {
    let sign = |cursor: &FeedCursor| device.sign("GET", feed_path(*cursor, 0), Vec::new()).raw();
    let requests: Vec<Vec<u8>> = cursors.iter().map(sign).collect();
    let mut line = Line::open(server.address).await?;
    let (begun, mut bytes) = (Instant::now(), 0);
    for request in &requests {
        let (status, body) = line.ask(request).await?;
        if status != 200 {
            return Err(String::from_utf8_lossy(&body).into());
        }
        bytes += body.len();
    }
    Ok((bytes, begun.elapsed()))
}

/// Reads every row of the feed in pages.
fn raw_sqlite(path: &Path) -> Result<(usize, Duration), Box<dyn Error>> {
    let sql = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut query = sql.prepare(
        "SELECT position, topic, key, body, expires
         FROM feed
         WHERE position > ?1
         ORDER BY position
         LIMIT ?2",
    )?;
    let (begun, mut after, mut count) = (Instant::now(), 0_i64, 0);
    loop {
        let page = query.query_map((after, FEED_ROWS_MAX), |row| {
            let (topic, key): (String, String) = (row.get(1)?, row.get(2)?);
            let (body, expires): (Option<String>, Option<i64>) = (row.get(3)?, row.get(4)?);
            Ok((row.get::<_, i64>(0)?, topic, key, body, expires))
        })?;
        let page = page.collect::<Result<Vec<_>, _>>()?;
        let Some(last) = page.last() else {
            return Ok((count, begun.elapsed()));
        };
        after = last.0;
        count += page.len();
    }
}
