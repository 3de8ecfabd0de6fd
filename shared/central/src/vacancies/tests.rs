//! Files with invented rows against real records: what becomes of a row, now and with the next file.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::Days;
use domain::case::{Command, Record, Value};
use domain::id::{ListingId, ShortId};
use domain::listing::{Experience, Headcount, Listing};
use domain::money::Fen;
use domain::pay::PayAmount;
use tempfile::TempDir;
use uuid::Uuid;
use wire::event::{ImportedRow, RawRow, VacanciesImported};

use super::*;
use crate::cases::{KindShelf, LiveRules, NewCase};
use crate::overview::ListingPage;
use crate::serve::open_store;
use crate::store::Marking;
use sync::data_dir::DataDir;

/// 2026-11-23, Monday, 09:00 in the hall.
const MORNING: UtcMs = UtcMs(1_795_395_600_000);

const ROWS: &str = "编号,岗位名称,用人单位,工作地点,薪资,经验,招聘人数,行业,岗位描述\n\
    1,维修电工,示例丙铜业有限公司,鹰潭-余江区,5-7千/月,1-3年,若干人,有色金属冶炼,检修设备。\n\
    2,保洁员,示例家政部,鹰潭-月湖区,面议,,2人,,\n";

struct Office {
    folder: TempDir,
    _dir: DataDir,
    store: Store,
    cases: CaseDesk,
    desk: ImportDesk,
}

impl Office {
    fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let dir = DataDir::take(&folder.path().join("data")).unwrap();
        let store = open_store(&dir, Marking::Synthetic, MORNING).unwrap();
        let rules = Arc::new(LiveRules::of(store.clone()));
        let cases = CaseDesk::new(store.clone(), KindShelf::embedded().unwrap(), rules);
        let desk = ImportDesk::new(store.clone(), cases.clone(), folder.path());
        Self {
            folder,
            _dir: dir,
            store,
            cases,
            desk,
        }
    }

    fn import_at(&self, text: &str, by: Option<&str>, now: UtcMs) -> ImportReport {
        let file: PathBuf = self.folder.path().join("岗位.csv");
        std::fs::write(&file, text).unwrap();
        let order = ImportOrder {
            file,
            as_of: None,
            publish_by: by.map(str::to_owned),
        };
        self.desk.import(&order, now, &mut |_| {}).unwrap()
    }

    fn import(&self, text: &str, by: Option<&str>) -> ImportReport {
        self.import_at(text, by, MORNING)
    }

    fn record(&self, key: &str) -> Record {
        let found = self
            .store
            .read_blocking(|reader| reader.vacancy_of_source(key));
        found.unwrap().unwrap()
    }

    fn page(&self, record: &Record) -> ListingPage {
        let short_id = ShortId::of(ListingId(record.id.0));
        let today = MORNING.hall_date();
        let page = self
            .store
            .read_blocking(|reader| reader.listing_page(&short_id, today));
        page.unwrap()
    }

    fn listing(&self, key: &str) -> Listing {
        match self.page(&self.record(key)) {
            ListingPage::Open(listing) => *listing,
            other => panic!("{key} is not shown: {other:?}"),
        }
    }

    fn does(&self, key: &str, command: Command) {
        let deed = Deed {
            record: self.record(key).id,
            opening: None,
            commands: vec![command],
        };
        let done = self.cases.do_deeds(vec![deed], MORNING).unwrap();
        done.into_iter().for_each(|outcome| outcome.unwrap());
    }
}

fn counts(report: &ImportReport) -> [u64; 4] {
    [
        report.imported,
        report.updated,
        report.unchanged,
        report.rejected,
    ]
}

fn change(field: &str, value: Value) -> Command {
    Command::Change {
        draft: [(field.to_owned(), Some(value))].into(),
        reason: String::new(),
    }
}

#[test]
fn a_row_waits_as_a_record_and_is_published_as_it_says_when_a_person_approves() {
    let office = Office::open();
    assert_eq!(counts(&office.import(ROWS, None)), [2, 0, 0, 0]);
    let waiting = office.record("编号 1");
    assert_eq!(waiting.state, "draft");
    assert_eq!(office.page(&waiting), ListingPage::Unknown);
    assert_eq!(counts(&office.import(ROWS, Some("万小样"))), [0, 0, 2, 0]);
    let listing = office.listing("编号 1");
    assert_eq!(listing.title, "维修电工");
    assert_eq!(listing.employer.as_deref(), Some("示例丙铜业有限公司"));
    assert_eq!(listing.place.unwrap().area.as_deref(), Some("余江区"));
    let (low, high) = (Fen(500_000), Fen(700_000));
    assert_eq!(listing.pay.unwrap().amount, PayAmount::Range { low, high });
    let years = Experience::Years {
        from: 1,
        to: Some(3),
    };
    assert_eq!(listing.experience, Some(years));
    assert_eq!(listing.headcount, Some(Headcount::Several));
    assert_eq!(listing.industry.as_deref(), Some("有色金属冶炼"));
    assert_eq!(listing.description.as_deref(), Some("检修设备。"));
    assert_eq!(listing.posted_on, None);
    let second = office.listing("编号 2");
    assert_eq!(second.pay.unwrap().amount, PayAmount::Negotiable);
    assert!(second.publication_order > listing.publication_order);
    let published = office.record("编号 1");
    assert_eq!(published.state, "published");
    assert_eq!(published.acts.last().unwrap().reason, "万小样 批准公布");
}

#[test]
fn a_newer_file_changes_what_it_says_differently_and_leaves_what_a_person_put_right() {
    let office = Office::open();
    office.import(ROWS, None);
    office.does(
        "编号 1",
        change("place", Value::Text("余江区锦江镇".into())),
    );
    let raised = ROWS.replace("5-7千/月", "6-8千/月");
    assert_eq!(counts(&office.import(&raised, None)), [0, 1, 1, 0]);
    let record = office.record("编号 1");
    assert_eq!(record.values["wage_min"], Value::Money(Fen(600_000)));
    assert_eq!(record.values["place"], Value::Text("余江区锦江镇".into()));
    assert_eq!(counts(&office.import(&raised, None)), [0, 0, 2, 0]);
}

#[test]
fn what_is_public_changes_only_when_a_person_approves_and_keeps_its_place() {
    let office = Office::open();
    office.import(ROWS, Some("万小样"));
    let before = office.listing("编号 1");
    let raised = ROWS.replace("5-7千/月", "6-8千/月");
    let report = office.import(&raised, None);
    assert_eq!(counts(&report), [0, 0, 2, 0]);
    assert!(report.notices.join("").contains("1 行改动了正在公布的岗位"));
    assert_eq!(office.listing("编号 1"), before);
    assert_eq!(
        counts(&office.import(&raised, Some("万小样"))),
        [0, 1, 1, 0]
    );
    let after = office.listing("编号 1");
    assert_eq!(after.pay_text.as_deref(), Some("6-8千/月"));
    assert_eq!(after.publication_order, before.publication_order);
    assert_eq!(after.published_on, before.published_on);
}

#[test]
fn what_a_person_took_down_is_left_alone_and_said() {
    let office = Office::open();
    office.import(ROWS, Some("万小样"));
    let record = office.record("编号 1");
    let short_id = ShortId::of(ListingId(record.id.0));
    let withdraw = |reason: &str| {
        let reason = reason.to_owned();
        office
            .cases
            .withdraw_listing_as_system(&short_id, reason, MORNING)
    };
    assert!(withdraw("招满了").unwrap());
    assert_eq!(office.page(&record), ListingPage::Closed);
    let withdrawn = office.record("编号 1");
    assert_eq!(
        (
            withdrawn.state.as_str(),
            withdrawn.acts.last().unwrap().reason.as_str()
        ),
        ("withdrawn", "招满了")
    );
    assert!(!withdraw("再来一次").unwrap());
    let report = office.import(&ROWS.replace("5-7千/月", "6-8千/月"), Some("万小样"));
    assert_eq!(counts(&report), [0, 0, 2, 0]);
    assert!(report.notices.join("").contains("1 行的岗位已由工作人员"));
    assert_eq!(office.page(&record), ListingPage::Closed);
}

#[test]
fn a_row_that_must_not_be_published_goes_to_the_rejects_with_its_column_and_reason() {
    let office = Office::open();
    let bad = ROWS.replace("检修设备。", "男性优先");
    let report = office.import(&bad, Some("万小样"));
    assert_eq!(counts(&report), [1, 0, 0, 1]);
    let rejects = std::fs::read_to_string(report.rejects_file.unwrap()).unwrap();
    assert!(
        rejects.contains("2,岗位描述,“岗位描述”里不能写“男性优先”"),
        "{rejects}"
    );
    assert_eq!(office.listing("编号 2").title, "保洁员");
}

#[test]
fn a_vacancy_whose_time_is_over_is_shown_again_when_a_later_file_still_has_it() {
    let office = Office::open();
    office.import(ROWS, Some("万小样"));
    let last_day = office.listing("编号 1").valid_to;
    let over = Command::step("expire");
    office.does("编号 1", over);
    let later = MORNING.plus_ms(91 * 24 * 3_600_000);
    assert!(later.hall_date() > last_day);
    assert_eq!(counts(&office.import_at(ROWS, None, later)), [0, 0, 2, 0]);
    assert_eq!(office.record("编号 1").state, "expired");
    office.import_at(ROWS, Some("万小样"), later);
    let record = office.record("编号 1");
    assert_eq!(record.state, "published");
    let new_last_day = later.hall_date().checked_add_days(Days::new(90)).unwrap();
    assert_eq!(record.values["valid_to"], Value::Date(new_last_day));
}

#[test]
fn a_row_belongs_to_the_registered_employer_of_that_name() {
    let office = Office::open();
    let employer = RecordId(Uuid::from_u128(9));
    let name = Value::Text("示例丙铜业有限公司".into());
    let opening = NewCase {
        values: [("org_name".to_owned(), name)].into(),
        kind: domain::id::KindId::new("employer").unwrap(),
        channel: domain::case::Channel::Import,
        station: domain::id::StationCode::new("YH-C").unwrap(),
        person: None,
        employer: None,
        corrects: None,
    };
    let deed = Deed {
        record: employer,
        opening: Some(opening),
        commands: Vec::new(),
    };
    let opened = office.cases.do_deeds(vec![deed], MORNING).unwrap();
    assert!(opened.iter().all(Result::is_ok), "{opened:?}");
    office.import(ROWS, None);
    assert_eq!(office.record("编号 1").employer, Some(employer));
    assert_eq!(office.record("编号 2").employer, None);
}

/// As a store that is older than records has them: one is public, one waits, one was public and
/// its row has changed since, one must not be published.
fn old_vacancies(office: &Office) {
    let row = |n: u128, title: &str| ImportedRow {
        listing: ListingId(Uuid::from_u128(n)),
        source_key: format!("id:{n}"),
        raw: RawRow(format!(
            r#"{{"source_id":"{n}","title":"{title}","salary_text":"5-7千/月"}}"#
        )),
    };
    let on = MORNING.hall_date();
    let import = |n, rows| {
        let import = ImportId(Uuid::from_u128(n));
        Event::VacanciesImported(VacanciesImported {
            import,
            as_of: on,
            rows,
        })
    };
    let published = Event::VacanciesPublished(VacanciesPublished {
        import: ImportId(Uuid::from_u128(70)),
        by: "甲".into(),
        on,
    });
    let events = [
        import(
            70,
            vec![row(50, "电工"), row(52, "旧名"), row(53, "轻松月入过万")],
        ),
        published,
        import(71, vec![row(51, "焊工"), row(52, "新名")]),
    ];
    let append = move |write: &mut crate::store::Write<'_>| {
        events
            .iter()
            .try_for_each(|event| write.append(event, MORNING).map(drop))
    };
    office.store.write_blocking(append).unwrap();
}

#[test]
fn vacancies_of_an_old_store_become_records_once_and_keep_what_the_public_knows() {
    let office = Office::open();
    old_vacancies(&office);
    assert_eq!(office.desk.adopt_old(MORNING).unwrap(), 4);
    assert_eq!(office.desk.adopt_old(MORNING).unwrap(), 0);
    let public = office.record("编号 50");
    assert_eq!(public.id, RecordId(Uuid::from_u128(50)));
    let listing = office.listing("编号 50");
    assert_eq!(
        (listing.title.as_str(), listing.publication_order),
        ("电工", 1)
    );
    assert_eq!(office.record("编号 51").state, "draft");
    assert_eq!(office.listing("编号 52").title, "旧名");
    let unlawful = ShortId::of(ListingId(Uuid::from_u128(53)));
    let today = MORNING.hall_date();
    let page = office
        .store
        .read_blocking(|reader| reader.listing_page(&unlawful, today));
    assert_eq!(page.unwrap(), ListingPage::Closed);
    let next = "编号,岗位名称,薪资\n50,电工,5-7千/月\n52,新名,5-7千/月\n";
    assert_eq!(counts(&office.import(next, Some("乙"))), [0, 1, 1, 0]);
    assert_eq!(office.listing("编号 52").title, "新名");
    let verified = office
        .store
        .read_blocking(|reader| reader.verify())
        .unwrap();
    assert_eq!(verified.faults, Vec::<String>::new());
}
