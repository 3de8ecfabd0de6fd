//! Invented records: two employers and vacancies of theirs that want doing, and what the holder of the
//! kiosk's invented card has in hand. As out of a file, so that what is unknown of them stays so.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::Days;
use domain::case::{Actor, Channel, Role, Value, Values};
use domain::id::{BadId, KindId, PersonId, RecordId, StationCode};
use domain::money::Fen;
use domain::personal::Pii;
use domain::time::UtcMs;

use crate::cases::{CaseDesk, CaseFault, KindShelf, LiveRules, NewCase, ShelfError};
use crate::store::Store;

use super::DemoError;

/// So long the vacancies hold.
const VALID_DAYS: u64 = 60;

/// Name and number on the invented card that lies beside the demonstration's kiosk: area 999999 is
/// nobody's.
pub const CARD_HOLDER: (&str, &str) = ("测试甲", "999999190001010015");
/// So long ago the card's holder lost their work.
const WORKLESS_DAYS: u64 = 20;

/// Employer, title, people wanted, pay in yuan a month.
const VACANCIES: [(usize, &str, i64, i64, i64); 5] = [
    (0, "眼镜装配工", 12, 4_600, 6_000),
    (0, "质检员", 3, 4_200, 5_200),
    (0, "仓库管理员", 2, 4_000, 4_800),
    (1, "铜杆拉丝操作工", 8, 5_800, 7_200),
    (1, "机修工", 2, 6_000, 7_500),
];

/// The demo's employers.
pub(super) const EMPLOYERS: [&str; 2] = ["示例澄禾眼镜有限公司", "示例岭南桐铜业有限公司"];

/// The desk that the demo works with.
pub(super) fn desk(store: &Store) -> Result<CaseDesk, DemoError> {
    let rules = Arc::new(LiveRules::of(store.clone()));
    Ok(CaseDesk::new(store.clone(), KindShelf::embedded()?, rules))
}

/// Opens them.
pub(super) fn seed(store: &Store, now: UtcMs) -> Result<(), DemoError> {
    let desk = desk(store)?;
    let employers = EMPLOYERS.map(|name| Values::from([("org_name".into(), text(name))]));
    let employers = open(
        &desk,
        "employer",
        employers.map(|values| (None, None, values)),
        now,
    )?;
    let vacancies = VACANCIES.map(|(employer, title, headcount, low, high)| {
        let valid_to = now.hall_date().checked_add_days(Days::new(VALID_DAYS));
        let values = Values::from([
            ("title".into(), text(title)),
            ("headcount".into(), Value::Integer(headcount)),
            ("wage_min".into(), Value::Money(Fen(low * 100))),
            ("wage_max".into(), Value::Money(Fen(high * 100))),
            ("wage_unit".into(), Value::Choice("month".into())),
            ("job_form".into(), Value::Choice("fulltime".into())),
            ("place".into(), text("月湖区示例工业园")),
            ("duty".into(), text("按工艺要求完成本岗位的生产任务。")),
            (
                "requirement".into(),
                text("身体健康，能适应两班倒，新手可学。"),
            ),
            (
                "valid_to".into(),
                Value::Date(valid_to.unwrap_or(now.hall_date())),
            ),
        ]);
        (None, employers.get(employer).copied(), values)
    });
    open(&desk, "vacancy", vacancies, now)?;
    claim_of_the_card_holder(&desk, now)
}

/// Who lays the invented card on the reader finds something of theirs.
fn claim_of_the_card_holder(desk: &CaseDesk, now: UtcMs) -> Result<(), DemoError> {
    let (name, number) = CARD_HOLDER;
    let personal = |text: &str| Value::Personal(Pii::new(text.to_owned()));
    let values = Values::from([
        ("name".into(), personal(name)),
        ("id_number".into(), personal(number)),
    ]);
    let opened = open(desk, "person", [(None, None, values)], now)?;
    let person = opened.first().map(|record| PersonId(record.0));
    let today = now.hall_date();
    let lost_on = today.checked_sub_days(Days::new(WORKLESS_DAYS));
    let claim = Values::from([
        ("benefit_type".into(), Value::Choice("benefit".into())),
        ("reason_code".into(), Value::Choice("contract_end".into())),
        ("lost_on".into(), Value::Date(lost_on.unwrap_or(today))),
        ("contrib_months".into(), Value::Integer(36)),
        ("carry_months".into(), Value::Integer(0)),
    ]);
    open(desk, "ui_claim", [(person, None, claim)], now).map(drop)
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn open(
    desk: &CaseDesk,
    kind: &str,
    records: impl IntoIterator<Item = (Option<PersonId>, Option<RecordId>, Values)>,
    now: UtcMs,
) -> Result<Vec<RecordId>, DemoError> {
    let unfit = |error: BadId| DemoError::Record(error.to_string());
    let (kind, station) = (
        KindId::new(kind).map_err(unfit)?,
        StationCode::new("YH-C").map_err(unfit)?,
    );
    let new = records
        .into_iter()
        .map(|(person, employer, values)| NewCase {
            kind: kind.clone(),
            channel: Channel::Import,
            station: station.clone(),
            person,
            employer,
            values,
            corrects: None,
        });
    let importer = Actor {
        staff: None,
        roles: BTreeSet::from([Role::System]),
        deputy: BTreeMap::new(),
        kin: BTreeSet::new(),
        address: String::new(),
    };
    let opened = desk.open_all(new.collect(), importer, now)?;
    let opened = opened.into_iter();
    opened
        .map(|one| one.map_err(|refusal| DemoError::Record(format!("{refusal:?}"))))
        .collect()
}

impl From<CaseFault> for DemoError {
    fn from(fault: CaseFault) -> Self {
        Self::Record(format!("{fault:?}"))
    }
}

impl From<ShelfError> for DemoError {
    fn from(error: ShelfError) -> Self {
        Self::Record(error.to_string())
    }
}
