//! Lists of records: by state, station, owner and what was typed, sorted, a page at a time; and
//! the work of a person. Everything that a list is filtered or sorted by is a column or a token.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use domain::case::Record;
use domain::id::{KindId, PersonId, RecordId, StaffId, StationCode};
use domain::time::UtcMs;
use rusqlite::types::Value as SqlValue;

use super::projection::read_date;
use super::visits::{corrupt, read_id};
use super::{Reader, StoreError};

/// Up to so many records that were found are fetched and sorted.
const FEW: usize = 2_000;

/// Which page of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// Records before it.
    pub offset: u32,
    /// Records on it.
    pub limit: u32,
}

/// What a list is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaseSort {
    /// What changed last comes first.
    Changed,
    /// What is due first comes first; what is not due comes last.
    Due,
    /// By title.
    Title,
    /// By number.
    Number,
}

/// What is asked of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseQuery {
    /// The kind.
    pub kind: KindId,
    /// In one of these states; empty for all.
    pub states: Vec<String>,
    /// At one of these stations; `None` for all.
    pub stations: Option<BTreeSet<StationCode>>,
    /// Dealt with by this person.
    pub owner: Option<StaffId>,
    /// Concerning this person.
    pub person: Option<PersonId>,
    /// Among these; `None` for all.
    pub among: Option<Vec<RecordId>>,
    /// With all of these tokens.
    pub tokens: Vec<String>,
    /// Order.
    pub sort: CaseSort,
    /// Which page.
    pub page: Page,
}

impl CaseQuery {
    /// The newest of a kind, whatever their state and wherever they are.
    #[must_use]
    pub fn of(kind: KindId, limit: u32) -> Self {
        Self {
            kind,
            states: Vec::new(),
            stations: None,
            owner: None,
            person: None,
            among: None,
            tokens: Vec::new(),
            sort: CaseSort::Number,
            page: Page { offset: 0, limit },
        }
    }
}

/// A line of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseLine {
    /// Which.
    pub record: RecordId,
    /// Its number.
    pub case_no: String,
    /// Its title.
    pub title: String,
    /// Its state.
    pub state: String,
    /// Who deals with it.
    pub owner: Option<StaffId>,
    /// The next deadline.
    pub due_on: Option<NaiveDate>,
    /// When it changed last.
    pub changed_at: UtcMs,
    /// The whole of it.
    pub body: Record,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CaseList {
    /// The lines.
    pub lines: Vec<CaseLine>,
    /// Records on all pages.
    pub total: u64,
}

/// A record that waits for somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkLine {
    /// Its kind.
    pub kind: KindId,
    /// The line.
    pub line: CaseLine,
}

/// A condition with its values, put together from the constants of this file.
struct Filter {
    conditions: Vec<&'static str>,
    values: Vec<SqlValue>,
    /// The records that tokens leave, if any were asked for.
    found: Option<usize>,
    /// Whether stations are among what is asked for.
    is_by_station: bool,
    /// Whether an index has all of it: kind, stations and states.
    is_covered: bool,
    /// Whether it is what one person has in some states.
    is_of_owner: bool,
}

impl Filter {
    fn of(kind: &KindId) -> Self {
        Self {
            conditions: vec!["kind = ?"],
            values: vec![SqlValue::from(kind.as_str().to_owned())],
            found: None,
            is_by_station: false,
            is_covered: true,
            is_of_owner: false,
        }
    }

    fn and(&mut self, condition: &'static str, value: impl Into<SqlValue>) {
        self.is_covered = false;
        self.and_covered(condition, value);
    }

    fn and_covered(&mut self, condition: &'static str, value: impl Into<SqlValue>) {
        self.conditions.push(condition);
        self.values.push(value.into());
    }

    fn and_at(&mut self, stations: &BTreeSet<StationCode>) -> Result<(), StoreError> {
        let stations = serde_json::to_string(stations)?;
        self.and_covered("station IN (SELECT value FROM json_each(?))", stations);
        self.is_by_station = true;
        Ok(())
    }

    /// Records by their stations where an index counts them without looking at each: the planner
    /// does not know that one of fifty stations has few.
    fn counted(&self) -> &'static str {
        if self.is_by_station && self.is_covered {
            "cases INDEXED BY cases_by_station"
        } else {
            "cases"
        }
    }

    fn text(&self) -> String {
        self.conditions.join(" AND ")
    }
}

impl Reader<'_> {
    /// A page of a list.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn case_list(&self, asked: &CaseQuery) -> Result<CaseList, StoreError> {
        let filter = self.filter(asked)?;
        Ok(CaseList {
            total: self.count(&filter)?,
            lines: self.lines(&filter, asked)?,
        })
    }

    /// The lines of a page of a list, for who does not ask how many there are.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn case_lines(&self, asked: &CaseQuery) -> Result<Vec<CaseLine>, StoreError> {
        self.lines(&self.filter(asked)?, asked)
    }

    /// Records of a kind that were opened in a time, at these stations (`None`: all), oldest first.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn case_lines_opened(
        &self,
        kind: &KindId,
        stations: Option<&BTreeSet<StationCode>>,
        (from, before): (UtcMs, UtcMs),
        limit: u32,
    ) -> Result<Vec<CaseLine>, StoreError> {
        let mut filter = Filter::of(kind);
        if let Some(stations) = stations {
            filter.and_at(stations)?;
        }
        filter.and("opened_at >= ?", from.0);
        filter.and("opened_at < ?", before.0);
        let mut query = self.sql.prepare_cached(&format!(
            "SELECT opening
             FROM cases
             WHERE {}
             ORDER BY opening
             LIMIT ?",
            filter.text()
        ))?;
        let limit = SqlValue::from(limit);
        let values = rusqlite::params_from_iter(filter.values.iter().chain([&limit]));
        let openings = query.query_map(values, |row| row.get::<_, i64>(0))?;
        openings.map(|opening| self.line(opening?)).collect()
    }

    fn count(&self, filter: &Filter) -> Result<u64, StoreError> {
        match filter.found {
            // kind and tokens alone: those were counted when they were found
            Some(found) if filter.conditions.len() == 2 => return Ok(found as u64),
            _ => {}
        }
        let conditions = filter.text();
        let count = if filter.is_covered {
            // tallied by just these: no list of ten years waits for counting its records
            format!("SELECT ifnull(sum(records), 0) FROM case_tallies WHERE {conditions}")
        } else {
            format!("SELECT count(*) FROM cases WHERE {conditions}")
        };
        let mut query = self.sql.prepare_cached(&count)?;
        let values = rusqlite::params_from_iter(filter.values.iter());
        let total: i64 = query.query_row(values, |row| row.get(0))?;
        Ok(total.cast_unsigned())
    }

    /// First which records, out of an index where there is one, then what is shown of each: so
    /// no more is read or sorted than a page needs.
    fn lines(&self, filter: &Filter, asked: &CaseQuery) -> Result<Vec<CaseLine>, StoreError> {
        let placed = self.placed(filter, asked)?;
        placed.into_iter().map(|one| self.line(one.1)).collect()
    }

    /// When each record of a page is due (last what is not), and its opening.
    fn placed(&self, filter: &Filter, asked: &CaseQuery) -> Result<Vec<(String, i64)>, StoreError> {
        if filter.found == Some(0) {
            return Ok(Vec::new());
        }
        // a few of a station are fetched and sorted; many are met while the list is walked
        let is_of_few = filter.counted() != "cases" && self.count(filter)? <= FEW as u64;
        let select = format!(
            "SELECT ifnull(due_on, '9999-12-31'), opening
             FROM {}
             WHERE {}
             ORDER BY {}
             LIMIT ? OFFSET ?",
            match (is_of_few, filter.is_of_owner) {
                (true, _) => filter.counted(),
                // what one person has in hand is little: the planner would walk the whole kind
                (false, true) => "cases INDEXED BY cases_by_owner",
                (false, false) => "cases",
            },
            filter.text(),
            order(asked.sort)
        );
        let mut query = self.sql.prepare_cached(&select)?;
        let page = [asked.page.limit, asked.page.offset].map(SqlValue::from);
        let values = rusqlite::params_from_iter(filter.values.iter().chain(&page));
        let placed = query.query_map(values, |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(placed.collect::<Result<_, _>>()?)
    }

    fn line(&self, opening: i64) -> Result<CaseLine, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT c.record, c.case_no, c.title, c.state, c.owner, c.due_on, c.changed_at, b.body
             FROM cases c
             JOIN case_bodies b ON b.opening = c.opening
             WHERE c.opening = ?1",
        )?;
        let mut rows = query.query([opening])?;
        let gone = || corrupt(format!("no record was opened at {opening}"));
        read_line(rows.next()?.ok_or_else(gone)?)
    }

    fn filter(&self, asked: &CaseQuery) -> Result<Filter, StoreError> {
        let mut filter = Filter::of(&asked.kind);
        if !asked.tokens.is_empty() {
            self.filter_tokens(&mut filter, asked)?;
        }
        match asked.states.as_slice() {
            [] => {}
            [state] => filter.and_covered("state = ?", state.clone()),
            states => {
                let states = serde_json::to_string(states)?;
                filter.and_covered("state IN (SELECT value FROM json_each(?))", states);
            }
        }
        if let Some(stations) = &asked.stations {
            filter.and_at(stations)?;
        }
        if let Some(among) = &asked.among {
            let among = serde_json::to_string(among)?;
            filter.and("record IN (SELECT value FROM json_each(?))", among);
        }
        if let Some(owner) = asked.owner {
            filter.and("owner = ?", owner.to_string());
            filter.is_of_owner = !asked.states.is_empty();
        }
        if let Some(person) = asked.person {
            filter.and("person = ?", person.to_string());
        }
        Ok(filter)
    }

    fn filter_tokens(&self, filter: &mut Filter, asked: &CaseQuery) -> Result<(), StoreError> {
        let found = self.openings_with(&asked.kind, &asked.tokens)?;
        // a few are fetched and sorted; many are met while the list is walked in its order
        let condition = if found.len() <= FEW {
            "opening IN (SELECT value FROM json_each(?))"
        } else {
            "+opening IN (SELECT value FROM json_each(?))"
        };
        filter.and(condition, serde_json::to_string(&found)?);
        filter.found = Some(found.len());
        Ok(())
    }

    /// Records of one kind in these states, what is due first; for somebody's work.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn case_work(
        &self,
        kind: &KindId,
        states: &[String],
        stations: Option<&BTreeSet<StationCode>>,
        limit: u32,
    ) -> Result<Vec<CaseLine>, StoreError> {
        let mut placed = Vec::new();
        // one state at a time, because then an index has them in their order
        for state in states {
            let asked = CaseQuery {
                states: vec![state.clone()],
                stations: stations.cloned(),
                sort: CaseSort::Due,
                ..CaseQuery::of(kind.clone(), limit)
            };
            placed.extend(self.placed(&self.filter(&asked)?, &asked)?);
        }
        placed.sort_unstable();
        let first = placed.into_iter().take(limit as usize);
        first.map(|(_, opening)| self.line(opening)).collect()
    }

    /// Records with a deadline up to `day`, earliest first.
    ///
    /// # Errors
    /// A fault of storage.
    pub fn records_due_until(
        &self,
        day: NaiveDate,
        limit: u32,
    ) -> Result<Vec<RecordId>, StoreError> {
        let mut query = self.sql.prepare_cached(
            "SELECT DISTINCT record
             FROM case_due
             WHERE due_on <= ?1
             ORDER BY due_on, record
             LIMIT ?2",
        )?;
        let found = query.query_map((day.to_string(), limit), |row| row.get::<_, String>(0))?;
        found.map(|id| read_id(&id?)).collect()
    }

    /// How many records of a kind are in each state, at these stations (`None`: all).
    ///
    /// # Errors
    /// A fault of storage.
    pub fn case_counts(
        &self,
        kind: &KindId,
        stations: Option<&BTreeSet<StationCode>>,
    ) -> Result<Vec<(String, u64)>, StoreError> {
        let mut filter = Filter::of(kind);
        if let Some(stations) = stations {
            filter.and_at(stations)?;
        }
        let mut query = self.sql.prepare_cached(&format!(
            "SELECT state, sum(records) FROM case_tallies WHERE {} GROUP BY state",
            filter.text()
        ))?;
        let values = rusqlite::params_from_iter(filter.values.iter());
        let found = query.query_map(values, |row| {
            Ok((row.get(0)?, row.get::<_, i64>(1)?.cast_unsigned()))
        })?;
        Ok(found.collect::<Result<_, _>>()?)
    }
}

/// As the indexes have it.
fn order(sort: CaseSort) -> &'static str {
    match sort {
        CaseSort::Changed => "changed_at DESC, opening DESC",
        CaseSort::Due => "ifnull(due_on, '9999-12-31'), opening",
        CaseSort::Title => "title, opening",
        // numbers are given in the order of opening
        CaseSort::Number => "opening DESC",
    }
}

fn read_line(row: &rusqlite::Row<'_>) -> Result<CaseLine, StoreError> {
    let owner: Option<String> = row.get(4)?;
    let due_on: Option<String> = row.get(5)?;
    Ok(CaseLine {
        record: read_id(&row.get::<_, String>(0)?)?,
        case_no: row.get(1)?,
        title: row.get(2)?,
        state: row.get(3)?,
        owner: owner
            .map(|owner| owner.parse())
            .transpose()
            .map_err(corrupt)?,
        due_on: due_on.as_deref().map(read_date).transpose()?,
        changed_at: UtcMs(row.get(6)?),
        body: serde_json::from_str(row.get_ref(7)?.as_str().map_err(corrupt)?)?,
    })
}
