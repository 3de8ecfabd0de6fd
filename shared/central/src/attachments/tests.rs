//! Attachments with a real store: taken in, opened, found elsewhere, erased, swept.

use std::collections::BTreeMap;

use domain::id::{DeviceId, PersonId, StaffId};
use domain::personal::{PersonField, Pii};
use domain::time::UtcMs;
use tempfile::TempDir;
use uuid::Uuid;
use wire::event::{ErasureReason, PersonErased};
use wire::problem::ProblemCode;

use super::samples::{jpeg, jpeg_with, pdf, png};
use super::*;
use crate::edge::fill_random;
use crate::parameters::Parameters;
use crate::store::{Marking, Opening, Role};
use crate::vault::KeyCustody;

const NOW: UtcMs = UtcMs(1_795_395_600_000);

struct Centre {
    directory: TempDir,
    store: Option<Store>,
}

fn open_store(directory: &TempDir) -> Store {
    let data = directory.path().join("data");
    std::fs::create_dir_all(&data).unwrap();
    let opening = Opening {
        marking: Marking::Synthetic,
        centre_if_new: DeviceId(Uuid::from_u128(5)),
        hall_parameters: Parameters::on(NOW.hall_date()).unwrap().hall,
        role: Role::Centre,
        vfs: None,
        custody: KeyCustody::of(&data, None, None).unwrap(),
        now: NOW,
    };
    Store::open(&data.join("central.db"), opening).unwrap()
}

fn person(n: u128) -> PersonId {
    PersonId(Uuid::from_u128(n))
}

fn record(n: u128) -> RecordId {
    RecordId(Uuid::from_u128(0x100 + n))
}

fn of(person_no: u128, record_no: u128) -> Owner {
    Owner {
        person: (person_no > 0).then(|| person(person_no)),
        record: record(record_no),
    }
}

impl Centre {
    async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let store = open_store(&directory);
        for n in [1, 2] {
            let fields = BTreeMap::from([(PersonField::Name, Pii::new(format!("曾测样{n}")))]);
            let recorded =
                store.write(move |write| write.record_person(person(n), &fields, NOW, fill_random));
            recorded.await.unwrap().unwrap();
        }
        Self {
            directory,
            store: Some(store),
        }
    }

    fn store(&self) -> &Store {
        self.store.as_ref().unwrap()
    }

    fn reopen(&mut self) {
        self.store = None;
        self.store = Some(open_store(&self.directory));
    }

    async fn take(&self, owner: Owner, name: &str, bytes: Vec<u8>) -> Result<Taken, Problem> {
        let rules = Parameters::on(NOW.hall_date()).unwrap().attachments;
        let offered = Offered {
            doc_type: "id_card".into(),
            claimed_name: name.into(),
            bytes: bytes.into(),
        };
        let by = StaffId(Uuid::from_u128(7));
        take_in(self.store(), rules, owner, by, offered, NOW).await
    }

    async fn name_of(&self, owner: Owner, bytes: Vec<u8>) -> String {
        let taken = self.take(owner, "", bytes).await.unwrap();
        taken.attachment.sha256
    }

    /// Every file of attachments, with its bytes.
    fn files(&self) -> Vec<(std::path::PathBuf, Vec<u8>)> {
        let top = self.directory.path().join("data").join(FOLDER);
        let Ok(folders) = std::fs::read_dir(top) else {
            return Vec::new();
        };
        let files = folders.flat_map(|folder| std::fs::read_dir(folder.unwrap().path()).unwrap());
        files
            .map(|file| file.unwrap().path())
            .map(|path| (path.clone(), std::fs::read(path).unwrap()))
            .collect()
    }

    async fn erase(&self, n: u128) {
        let (store, erased) = (
            self.store().clone(),
            PersonErased {
                person: person(n),
                by: None,
                reason: ErasureReason::Requested,
            },
        );
        let erasing = tokio::task::spawn_blocking(move || store.erase_persons(vec![erased], NOW));
        erasing.await.unwrap().unwrap().unwrap();
    }

    async fn faults(&self) -> Vec<String> {
        let (store, scratch) = (self.store().clone(), self.directory.path().to_owned());
        let verifying = tokio::task::spawn_blocking(move || store.verify(&scratch));
        verifying.await.unwrap().unwrap().faults
    }
}

#[tokio::test]
async fn what_was_taken_in_opens_at_its_record_and_nowhere_else() {
    let mut centre = Centre::new().await;
    let taken = centre
        .take(of(1, 1), "../../etc/证.jpg", jpeg())
        .await
        .unwrap();
    let it = taken.attachment;
    assert!(taken.is_new);
    assert_eq!(
        (it.mime.as_str(), it.pages, it.bytes),
        ("image/jpeg", 1, jpeg().len() as u64)
    );
    let scan = centre
        .take(of(0, 2), "扫描.pdf", pdf(3, ""))
        .await
        .unwrap()
        .attachment;
    assert_eq!((scan.mime.as_str(), scan.pages), ("application/pdf", 3));
    centre.reopen();
    let opened = open(centre.store(), record(1), &it.sha256).await.unwrap();
    assert_eq!(
        (opened.mime.as_str(), &*opened.bytes),
        ("image/jpeg", &jpeg())
    );
    let opened = open(centre.store(), record(2), &scan.sha256).await.unwrap();
    assert_eq!(*opened.bytes, pdf(3, ""));
    for (of, name) in [(2, it.sha256.as_str()), (1, "../../central.db"), (1, "")] {
        let refused = open(centre.store(), record(of), name).await.unwrap_err();
        assert_eq!(refused.code, ProblemCode::NotFound);
    }
    assert_eq!(centre.faults().await, [""; 0]);
}

#[tokio::test]
async fn nothing_plain_is_on_the_disk_and_each_file_is_named_by_its_hash() {
    let centre = Centre::new().await;
    let name = centre.name_of(of(1, 1), png(40, 30)).await;
    let [(path, bytes)] = &centre.files()[..] else {
        panic!("one file");
    };
    assert!(path.ends_with(name.parse::<BlobName>().unwrap().path()));
    assert_eq!(BlobName::of(bytes).as_str(), name);
    assert!(!bytes.windows(4).any(|four| four == b"IHDR"));
}

#[tokio::test]
async fn the_same_picture_is_one_at_its_record_and_found_at_others() {
    let centre = Centre::new().await;
    let first = centre.name_of(of(1, 1), jpeg()).await;
    let again = jpeg_with(&[(0xe1, b"Exif\0\0 another time and place")]);
    let taken = centre.take(of(1, 1), "", again).await.unwrap();
    assert_eq!(
        (taken.attachment.sha256, taken.is_new),
        (first.clone(), false)
    );
    let other = centre.name_of(of(2, 2), jpeg()).await;
    let third = centre.name_of(of(0, 3), jpeg()).await;
    assert!(
        first != other && other != third,
        "each under a key of its own"
    );
    assert_eq!(centre.files().len(), 3);
    let found = elsewhere(centre.store(), &first, record(1)).await.unwrap();
    assert_eq!(found, [record(2), record(3)]);
    centre.erase(2).await;
    let found = elsewhere(centre.store(), &first, record(1)).await.unwrap();
    assert_eq!(found, [record(3)]);
}

#[tokio::test]
async fn an_erased_persons_attachments_are_unreadable_and_their_files_gone() {
    let mut centre = Centre::new().await;
    let gone = centre.name_of(of(1, 1), jpeg()).await;
    let kept = centre.name_of(of(2, 2), jpeg()).await;
    let sealed = centre.files();
    centre.erase(1).await;
    assert_eq!(centre.files().len(), 1);
    // a copy of the file from before opens nothing either
    for (path, bytes) in &sealed {
        std::fs::write(path, bytes).unwrap();
    }
    let refused = open(centre.store(), record(1), &gone).await.unwrap_err();
    assert!(refused.detail.contains("已经随本人的资料一起删除"));
    assert!(open(centre.store(), record(2), &kept).await.is_ok());
    let refused = centre.take(of(1, 1), "", png(3, 3)).await.unwrap_err();
    assert!(refused.detail.contains("已经删除"), "{}", refused.detail);
    assert_eq!(centre.faults().await, [""; 0]);
    centre.reopen();
    assert_eq!(centre.files().len(), 1, "the copy is swept");
}

#[tokio::test]
async fn what_is_too_long_or_lies_or_is_nobodys_leaves_nothing() {
    let centre = Centre::new().await;
    for (owner, name, bytes, code, words) in [
        (
            of(1, 1),
            "a.jpg",
            vec![0xff; 30 << 20],
            ProblemCode::TooLarge,
            "最多收 10 兆",
        ),
        (
            of(1, 1),
            "a.jpg",
            b"MZ\x90".to_vec(),
            ProblemCode::Refused,
            "Windows 程序",
        ),
        (
            of(1, 1),
            "a.jpg",
            jpeg()[..30].to_vec(),
            ProblemCode::Refused,
            "不完整",
        ),
        (
            of(1, 1),
            "a.pdf",
            pdf(1, "<</S/JavaScript>>"),
            ProblemCode::Refused,
            "脚本",
        ),
        (
            of(9, 1),
            "a.jpg",
            jpeg(),
            ProblemCode::Refused,
            "还没有登记",
        ),
    ] {
        let refused = centre.take(owner, name, bytes).await.unwrap_err();
        assert_eq!(refused.code, code, "{}", refused.detail);
        assert!(refused.detail.contains(words), "{}", refused.detail);
    }
    assert_eq!(centre.files(), []);
}

#[tokio::test]
async fn a_rotation_leaves_everything_readable_and_what_was_discarded_is_gone() {
    let mut centre = Centre::new().await;
    let (ours, nobodys) = (of(1, 1), of(0, 2));
    let names = [
        centre.name_of(ours, jpeg()).await,
        centre.name_of(nobodys, jpeg()).await,
    ];
    let store = centre.store().clone();
    let rotating = tokio::task::spawn_blocking(move || {
        store.rotate_master_key(fill_random).unwrap();
        store.forget_old_master_key().unwrap();
    });
    rotating.await.unwrap();
    centre.reopen();
    for (owner, name) in [ours, nobodys].iter().zip(&names) {
        assert!(open(centre.store(), owner.record, name).await.is_ok());
        discard(centre.store(), owner.record, name).await.unwrap();
        assert!(open(centre.store(), owner.record, name).await.is_err());
    }
    assert_eq!(centre.files(), []);
}

#[tokio::test]
async fn a_check_names_what_is_damaged_or_missing() {
    let centre = Centre::new().await;
    let damaged = centre.name_of(of(1, 1), jpeg()).await;
    let missing = centre.name_of(of(1, 2), png(5, 5)).await;
    let path = |name: &str| {
        let name: BlobName = name.parse().unwrap();
        centre
            .directory
            .path()
            .join("data")
            .join(FOLDER)
            .join(name.path())
    };
    let mut bytes = std::fs::read(path(&damaged)).unwrap();
    bytes[40] ^= 1;
    std::fs::write(path(&damaged), bytes).unwrap();
    std::fs::remove_file(path(&missing)).unwrap();
    let faults = centre.faults().await.join("\n");
    assert!(
        faults.contains(&format!("材料 {damaged} 的文件坏了")),
        "{faults}"
    );
    assert!(
        faults.contains(&format!("材料 {missing} 的文件不见了")),
        "{faults}"
    );
    let refused = open(centre.store(), record(1), &damaged).await.unwrap_err();
    assert!(
        refused.detail.contains("从备份里恢复"),
        "{}",
        refused.detail
    );
}
