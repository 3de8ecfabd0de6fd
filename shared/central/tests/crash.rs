//! The store under power cuts: whatever legal image of the disk is found after any operation, the
//! store opens, every acknowledged event is held exactly once, every chain holds, transactions are
//! there whole or not at all, and the derived tables are those that a rebuild makes.
//!
//! Writes go through [`Store::write`], two devices in one commit. What the images are is said in
//! `testkit::disk`; the store's are drawn, as many per point as the thoroughness here says, because
//! opening a store is dear. The comparison with a rebuild is made on every
//! [`REBUILT_EVERY`]th image.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::Path;
use std::sync::mpsc;
use std::time::Instant;

use central::parameters::Parameters;
use central::store::{Contact, Marking, Opening, Role, Store};
use central::vault::KeyCustody;
use domain::id::{DeviceId, GroupCode, HallId, WindowNo};
use domain::queue::{HallLayout, KioskLane, ServiceGroup};
use domain::time::UtcMs;
use rusqlite::{Connection, OpenFlags};
use testkit::disk::{Disk, Image, Op, Thoroughness};
use uuid::Uuid;
use wire::api::DeviceKind;
use wire::envelope::{self, ChainHead, Draft};
use wire::event::{DeviceEnrolled, Event, HallLaidOut, HelpCalled, Origin, SearchesTallied};
use wire::sign::DeviceKey;

const DATABASE: &str = "central.db";
const HALL: HallId = HallId(Uuid::from_u128(1));
const CENTRE: DeviceId = DeviceId(Uuid::from_u128(99));
/// 2026-11-23 09:00 in the hall.
const MORNING: UtcMs = UtcMs(1_795_395_600_000);
/// Images between two comparisons with a rebuild.
const REBUILT_EVERY: u64 = 8;
/// Bytes of a write-ahead log shortly before SQLite's own bound of 1000 pages.
const NEARLY_CHECKPOINTED: usize = 960 * 4_120;

fn open(disk: &Disk) -> Result<Store, String> {
    let opening = Opening {
        marking: Marking::Synthetic,
        centre_if_new: CENTRE,
        hall_parameters: Parameters::on(MORNING.hall_date()).unwrap().hall,
        role: Role::Centre,
        vfs: Some(disk.vfs()),
        custody: KeyCustody::of(&std::env::temp_dir(), None, None).unwrap(),
        now: MORNING,
    };
    Store::open(Path::new(DATABASE), opening).map_err(|error| error.to_string())
}

/// A device that writes its own chain.
struct Device {
    id: DeviceId,
    key: DeviceKey,
    head: ChainHead,
}

impl Device {
    fn new(number: u8) -> Self {
        Self {
            id: DeviceId(Uuid::from_u128(u128::from(number))),
            key: DeviceKey::from_bytes(&[number; 32]),
            head: ChainHead::EMPTY,
        }
    }

    fn enrolled(&self) -> Event {
        Event::DeviceEnrolled(DeviceEnrolled {
            device: self.id,
            name: "自助机".into(),
            kind: DeviceKind::HallKiosk { lane: KioskLane(1) },
            hall: HALL,
            public_key: self.key.public(),
        })
    }

    /// The next push: texts, and the contact that signs their end.
    fn push(&mut self) -> (Vec<String>, Contact) {
        let called = Event::HelpCalled(HelpCalled {
            hall: HALL,
            origin: Origin::Touch,
        });
        let tallied = Event::SearchesTallied(SearchesTallied {
            hall: HALL,
            searches: [("电工".to_owned(), 3)].into(),
            without_result: 0,
            listings_opened: 1,
        });
        let texts = [called, tallied].map(|event| self.write(&event)).to_vec();
        let contact = Contact {
            last_push_at: MORNING,
            skew_ms: 0,
            covered_until: MORNING,
            tail: self.head,
            clock_since_seq: 0,
            signed_by: None,
            signature: self.key.sign_tail(self.id, self.head),
        };
        (texts, contact)
    }

    fn write(&mut self, event: &Event) -> String {
        let body = event.body();
        let draft = Draft {
            writer: self.id,
            at: MORNING,
            kind: event.kind(),
            body: &body,
        };
        let text = envelope::write(&draft, self.head);
        self.head = envelope::read(&text).unwrap().head();
        text
    }
}

/// A chain's end that was promised: begun after `begun` operations, acknowledged after `done`.
struct Promise {
    begun: u64,
    done: u64,
    writer: DeviceId,
    head: ChainHead,
}

/// A store at work, with everything it promised.
struct Life {
    disk: Disk,
    store: Store,
    devices: [Device; 2],
    promises: Vec<Promise>,
}

impl Life {
    fn begin(disk: Disk) -> Self {
        Self {
            store: open(&disk).unwrap(),
            disk,
            devices: [Device::new(11), Device::new(12)],
            promises: Vec::new(),
        }
    }

    fn operations(&self) -> u64 {
        self.disk.counts().operations
    }

    /// Appends to the centre's own chain.
    fn append(&mut self, events: Vec<Event>) {
        let begun = self.operations();
        let head = self.store.write_blocking(move |write| {
            for event in &events {
                write.append(event, MORNING)?;
            }
            write.reader().head_of(CENTRE)
        });
        self.promises.push(Promise {
            begun,
            done: self.operations(),
            writer: CENTRE,
            head: head.unwrap(),
        });
    }

    fn lay_out_and_enrol(&mut self) {
        let group = GroupCode::new('A').unwrap();
        let service = ServiceGroup {
            name: "综合就业".into(),
            hint: String::new(),
            typical_service_minutes: 10,
        };
        let laid = HallLaidOut {
            hall: HALL,
            station_name: "示例大厅".into(),
            layout: HallLayout {
                groups: [(group, service)].into(),
                windows: [(WindowNo::new(1).unwrap(), [group].into())].into(),
            },
        };
        self.append(vec![Event::HallLaidOut(laid)]);
        let enrolled = self.devices.each_ref().map(Device::enrolled);
        self.append(enrolled.to_vec());
    }

    /// Both devices push, and both pushes are in one commit: a job before them holds the writer
    /// until they wait.
    fn push_together(&mut self) {
        let begun = self.operations();
        let (started, has_started) = mpsc::channel();
        let (release, released) = mpsc::channel::<()>();
        std::thread::scope(|scope| {
            let store = self.store.clone();
            scope.spawn(move || {
                let held = store.write_blocking(move |_| {
                    started.send(()).unwrap();
                    released.recv().unwrap();
                    Ok(())
                });
                held.unwrap();
            });
            has_started.recv().unwrap();
            let pushes = self
                .devices
                .each_mut()
                .map(|device| (device.id, device.push()));
            let jobs = pushes.map(|(device, (texts, contact))| {
                self.store.write(move |write| {
                    for text in &texts {
                        let envelope = envelope::read(text).unwrap();
                        let event = Event::read(&envelope.kind, &envelope.body).unwrap();
                        let received = write.receive(text, &envelope, event.as_ref(), MORNING)?;
                        received.unwrap();
                    }
                    write.note_contact(device, &contact)
                })
            });
            let both = async {
                let [one, other] = jobs;
                let submitted = async { release.send(()).unwrap() };
                // polled in this order, so that both jobs wait when the writer is released
                let (one, other, ()) = tokio::join!(one, other, submitted);
                one.and(other).unwrap();
            };
            let runtime = tokio::runtime::Builder::new_current_thread().build();
            runtime.unwrap().block_on(both);
        });
        let done = self.operations();
        self.promises
            .extend(self.devices.iter().map(|device| Promise {
                begun,
                done,
                writer: device.id,
                head: device.head,
            }));
    }

    /// Closes the store: everything moves into the database, the write-ahead log is deleted.
    fn end(self) -> (Disk, Vec<Promise>) {
        drop(self.store);
        (self.disk, self.promises)
    }
}

/// Replays the crashes of a recorded life.
fn replay(disk: &Disk, promises: &[Promise], thoroughness: Thoroughness) -> Result<u64, String> {
    let journal = disk.journal();
    let mut images = 0;
    for point in journal.crash_points() {
        let operation = point.operation;
        for image in point.into_images(thoroughness) {
            images += 1;
            check(&image, promises, operation, images % REBUILT_EVERY == 0)
                .map_err(|what| format!("power lost after operation {operation}: {what}"))?;
        }
    }
    Ok(images)
}

fn check(
    image: &Image,
    promises: &[Promise],
    operation: u64,
    is_rebuilt: bool,
) -> Result<(), String> {
    let disk = Disk::from_image(image);
    let store = open(&disk)?;
    let found = store.read_blocking(|reader| reader.verify());
    let found = found.map_err(|error| error.to_string())?;
    if !found.faults.is_empty() {
        return Err(found.faults.join(" "));
    }
    let mut held_events = 0;
    for writer in [CENTRE, Device::new(11).id, Device::new(12).id] {
        let held = store
            .read_blocking(|reader| reader.head_of(writer))
            .unwrap();
        held_events += held.seq;
        check_head(
            held,
            promises.iter().filter(|one| one.writer == writer),
            operation,
        )?;
    }
    // the chains hold and end where they should; nothing is beside them
    if found.events != held_events {
        return Err(format!("{} events, {held_events} in chains", found.events));
    }
    if is_rebuilt {
        let before = tables(&disk);
        store.write_blocking(|write| write.rebuild()).unwrap();
        if tables(&disk) != before {
            return Err("a rebuild changes the derived tables".to_owned());
        }
    }
    Ok(())
}

fn check_head<'p>(
    held: ChainHead,
    promises: impl Iterator<Item = &'p Promise>,
    operation: u64,
) -> Result<(), String> {
    let mut acknowledged = ChainHead::EMPTY;
    let mut is_legal = held == ChainHead::EMPTY;
    for promise in promises.take_while(|promise| promise.begun <= operation) {
        if promise.done <= operation {
            acknowledged = promise.head;
        }
        is_legal |= held == promise.head;
    }
    if held.seq < acknowledged.seq {
        return Err(format!("event {} is lost", acknowledged.seq));
    }
    if !is_legal {
        return Err(format!("the chain ends within a transaction: {held:?}"));
    }
    Ok(())
}

/// Every row of every table.
fn tables(disk: &Disk) -> Vec<String> {
    let path = Path::new(DATABASE);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
    let sql = Connection::open_with_flags_and_vfs(path, flags, disk.vfs()).unwrap();
    // the index of words lays out its rows as it likes: `verify` compares what it holds
    let names = "SELECT name
                 FROM sqlite_schema
                 WHERE type = 'table' AND name NOT LIKE 'case_search%'
                 ORDER BY name";
    let mut names = sql.prepare(names).unwrap();
    let names: Vec<String> = names
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let mut lines = Vec::new();
    for name in names {
        let mut query = sql
            .prepare(&format!("SELECT * FROM {name} ORDER BY 1, 2"))
            .unwrap();
        let columns = query.column_count();
        let mut rows = query.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let cells: Vec<_> = (0..columns)
                .map(|at| format!("{:?}", row.get_ref(at)))
                .collect();
            lines.push(format!("{name}: {}", cells.join(" | ")));
        }
    }
    assert!(!lines.is_empty());
    lines
}

fn drawn(images_max: usize) -> Thoroughness {
    Thoroughness {
        images_max,
        ..Thoroughness::default()
    }
}

fn report(name: &str, disk: &Disk, promises: &[Promise], thoroughness: Thoroughness) {
    let began = Instant::now();
    let images = replay(disk, promises, thoroughness).unwrap();
    let points = disk.journal().ops().len() + 1;
    let seconds = began.elapsed().as_secs_f64();
    eprintln!("{name}: {points} points, {images} images in {seconds:.1} s");
    assert!(images as usize > points);
}

#[test]
fn from_the_first_write_on_the_store_keeps_what_it_acknowledged() {
    let disk = Disk::new();
    disk.record();
    let mut life = Life::begin(disk);
    life.lay_out_and_enrol();
    for _ in 0..6 {
        life.push_together();
    }
    let (disk, promises) = life.end();
    let journal = disk.journal();
    for pushed in promises.iter().filter(|one| one.writer != CENTRE) {
        let ops = &journal.ops()[pushed.begun as usize..pushed.done as usize];
        let commits = ops.iter().filter(|op| matches!(op, Op::Sync { .. }));
        assert_eq!(commits.count(), 1, "both devices' pushes are in one commit");
    }
    report("birth, life, close", &disk, &promises, drawn(8));
}

#[test]
fn a_checkpoint_in_the_midst_of_the_store_s_work_loses_nothing() {
    let mut life = Life::begin(Disk::new());
    life.lay_out_and_enrol();
    let written = |disk: &Disk| disk.image().length("central.db-wal").unwrap_or(0);
    while written(&life.disk) < NEARLY_CHECKPOINTED {
        life.push_together();
    }
    life.disk.record();
    let is_checkpointed = |disk: &Disk| {
        let journal = disk.journal();
        let synced = journal.ops().iter().filter_map(|op| match op {
            Op::Sync { file } => Some(*file),
            _ => None,
        });
        synced.collect::<std::collections::BTreeSet<_>>().len() > 1
    };
    while !is_checkpointed(&life.disk) {
        life.push_together();
    }
    life.push_together();
    life.push_together();
    report(
        "checkpoint and restart",
        &life.disk,
        &life.promises,
        drawn(4),
    );
}

#[test]
fn the_proof_finds_a_store_that_acknowledges_before_it_commits() {
    let mut life = Life::begin(Disk::new());
    life.lay_out_and_enrol();
    life.disk.record();
    let first = life.operations();
    life.push_together();
    life.push_together();
    for promise in life.promises.iter_mut().filter(|one| one.writer != CENTRE) {
        promise.done = promise.begun;
    }
    let found = replay(&life.disk, &life.promises, drawn(6)).unwrap_err();
    // before the first operation of the commit: the very point of the acknowledgement
    assert_eq!(
        found,
        format!("power lost after operation {first}: event 2 is lost")
    );
}
