//! Items of lists: from words to what plays, and when. An item that can never play is refused where it
//! stands; one whose last day is over is left out and told.

use std::collections::BTreeMap;
use std::ops::Range;
use std::time::Duration;

use chrono::{NaiveDate, NaiveTime};
use domain::listing::JobForm;
use domain::money::Fen;
use toml::Spanned;
use toml::value::Datetime;
use wire::board::DailyWindow;

use super::reading::{ConfigError, Text};
use super::table::{
    DaysWord, EffectWord, FormWord, ItemTable, ListTable, PlayWord, SpeedWord, WeekdayWord,
};
use crate::content::Pace;
use crate::page::DWELL;
use crate::playlist::query::{NEWEST, VacancyQuery};
use crate::playlist::template::VacancyTemplate;
use crate::playlist::when::{DayRule, When};
use crate::playlist::{Effect, Play, PlayItem};

/// A page stands at most ten minutes.
const DWELL_S_MAX: u64 = 600;
/// More vacancies than anybody waits for.
const NEWEST_MAX: usize = 200;

/// An item, read; where it stands, because whether a zone can show it turns out later.
#[derive(Debug, Clone)]
pub(super) struct ReadItem {
    pub(super) place: Range<usize>,
    pub(super) content: ReadPlay,
}

/// What an item plays, or a code that no family of boards can be sent.
#[derive(Debug, Clone)]
pub(super) enum ReadPlay {
    Item(Box<PlayItem>),
    Qr,
}

/// Reads items of one file on one day.
#[derive(Debug)]
pub(super) struct Reader<'t> {
    pub(super) text: Text<'t>,
    today: NaiveDate,
    /// What is over, with its line.
    pub(super) overdue: Vec<ConfigError>,
}

/// The lists of a file by name.
#[derive(Debug)]
pub(super) struct Lists(BTreeMap<String, Vec<ReadItem>>);

impl Lists {
    pub(super) fn read(reader: &mut Reader<'_>, tables: &[ListTable]) -> Result<Self, ConfigError> {
        let mut lists = BTreeMap::new();
        for table in tables {
            let name = table.name.get_ref();
            let at = format!("列表 {name}");
            let fault = |why: &str| reader.text.fault(&table.name.span(), &at, "name", why);
            if name.trim().is_empty() {
                return Err(fault("不能为空"));
            }
            if lists.contains_key(name) {
                return Err(fault("和另一个列表重名"));
            }
            if table.items.is_empty() {
                return Err(fault("这个列表里没有要放的，写 [[list.item]]"));
            }
            let items = reader.items(&at, &table.items)?;
            lists.insert(name.clone(), items);
        }
        Ok(Self(lists))
    }

    pub(super) fn get(&self, name: &str) -> Option<&[ReadItem]> {
        self.0.get(name).map(Vec::as_slice)
    }

    /// The names, for a person who wrote another one.
    pub(super) fn names(&self) -> String {
        let names: Vec<&str> = self.0.keys().map(String::as_str).collect();
        match names.is_empty() {
            true => "文件里还没有列表".to_owned(),
            false => format!("有 {}", names.join("、")),
        }
    }
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: Text<'t>, today: NaiveDate) -> Self {
        Self {
            text,
            today,
            overdue: Vec::new(),
        }
    }

    /// The items of a list or zone; `at` names it.
    pub(super) fn items(
        &mut self,
        at: &str,
        tables: &[ItemTable],
    ) -> Result<Vec<ReadItem>, ConfigError> {
        let mut items = Vec::new();
        for table in tables {
            let when = self.when(at, table)?;
            let content = self.content(at, table, when.clone())?;
            let place = table.play.span();
            if let Some(to) = when.to.filter(|to| *to < self.today) {
                let why = format!("最后一天 {to} 已经过了，这一项不再放");
                let place = table.to.as_ref().map_or(place, Spanned::span);
                self.overdue.push(self.text.fault(&place, at, "to", why));
                continue;
            }
            items.push(ReadItem { place, content });
        }
        Ok(items)
    }

    fn content(&self, at: &str, table: &ItemTable, when: When) -> Result<ReadPlay, ConfigError> {
        self.check_fields(at, table)?;
        let play = match table.play.get_ref() {
            PlayWord::Qr => return Ok(ReadPlay::Qr),
            PlayWord::Text => self.fixed_text(at, table)?,
            PlayWord::Vacancies => self.vacancies(at, table)?,
            PlayWord::Policies => Play::Policies,
            PlayWord::Notices => Play::Notices,
            PlayWord::Publicity => Play::Publicity,
            PlayWord::Slogans => Play::Slogans,
            PlayWord::Waiting => Play::Waiting,
            PlayWord::Clock => Play::Clock,
            PlayWord::Window => Play::Window,
        };
        Ok(ReadPlay::Item(Box::new(PlayItem {
            play,
            when,
            dwell: self.dwell(at, table)?,
            effect: match table.effect {
                EffectWord::Still => Effect::Still,
                EffectWord::Up => Effect::Up,
                EffectWord::Down => Effect::Down,
            },
            pace: match table.speed {
                SpeedWord::Slow => Pace::Slow,
                SpeedWord::Usual => Pace::Usual,
            },
        })))
    }

    /// A field that says nothing about what is played was meant for something else.
    fn check_fields(&self, at: &str, table: &ItemTable) -> Result<(), ConfigError> {
        let play = *table.play.get_ref();
        let mut written = Vec::new();
        let mut note = |field, word, place: Option<Range<usize>>| {
            written.extend(place.map(|place| (field, word, place)));
        };
        let vacancies = PlayWord::Vacancies;
        note("text", PlayWord::Text, place_of(table.text.as_ref()));
        note("link", PlayWord::Qr, place_of(table.link.as_ref()));
        note("words", vacancies, place_of(table.words.as_ref()));
        note("place", vacancies, place_of(table.place.as_ref()));
        note("pay_from", vacancies, place_of(table.pay_from.as_ref()));
        note("forms", vacancies, place_of(table.forms.as_ref()));
        note("newest", vacancies, place_of(table.newest.as_ref()));
        note("template", vacancies, place_of(table.template.as_ref()));
        let stray = written.into_iter().find(|(_, word, _)| *word != play);
        stray.map_or(Ok(()), |(field, word, place)| {
            let word = format!("{word:?}").to_lowercase();
            let why = format!("只用于 play = \"{word}\" 的项");
            Err(self.text.fault(&place, at, field, why))
        })
    }

    fn fixed_text(&self, at: &str, table: &ItemTable) -> Result<Play, ConfigError> {
        let written = table.text.as_ref();
        match written.filter(|text| !text.get_ref().trim().is_empty()) {
            Some(text) => Ok(Play::Text(text.get_ref().clone())),
            None => {
                let place = place_of(written).unwrap_or_else(|| table.play.span());
                Err(self.text.fault(&place, at, "text", "要写上屏的文字"))
            }
        }
    }

    fn vacancies(&self, at: &str, table: &ItemTable) -> Result<Play, ConfigError> {
        let newest = table.newest.as_ref();
        if let Some(newest) = newest.filter(|newest| !(1..=NEWEST_MAX).contains(newest.get_ref())) {
            let why = format!("应在 1 到 {NEWEST_MAX} 之间");
            return Err(self.text.fault(&newest.span(), at, "newest", why));
        }
        let read = |template: &Spanned<String>| {
            VacancyTemplate::read(template.get_ref()).map_err(|fault| {
                self.text
                    .fault(&template.span(), at, "template", fault.to_string())
            })
        };
        let forms = table.forms.iter().flat_map(|forms| forms.get_ref());
        Ok(Play::Vacancies {
            query: VacancyQuery {
                words: table
                    .words
                    .as_ref()
                    .map(|words| words.get_ref().clone())
                    .unwrap_or_default(),
                place: table.place.as_ref().map(|place| place.get_ref().clone()),
                pay_from: table
                    .pay_from
                    .as_ref()
                    .and_then(|yuan| Fen::from_yuan(i64::from(*yuan.get_ref()))),
                forms: forms.map(|form| job_form(*form)).collect(),
                newest: newest.map_or(NEWEST, |newest| *newest.get_ref()),
            },
            template: table.template.as_ref().map(read).transpose()?,
        })
    }

    fn dwell(&self, at: &str, table: &ItemTable) -> Result<Option<Duration>, ConfigError> {
        let shortest = DWELL.as_secs();
        let Some(dwell) = &table.dwell else {
            return Ok(None);
        };
        match *dwell.get_ref() {
            seconds if (shortest..=DWELL_S_MAX).contains(&seconds) => {
                Ok(Some(Duration::from_secs(seconds)))
            }
            _ => {
                let why = format!("每页停 {shortest} 到 {DWELL_S_MAX} 秒，再短看不完");
                Err(self.text.fault(&dwell.span(), at, "dwell", why))
            }
        }
    }

    fn when(&self, at: &str, table: &ItemTable) -> Result<When, ConfigError> {
        let from = self.date(at, "from", table.from.as_ref())?;
        let to = self.date(at, "to", table.to.as_ref())?;
        if let (Some(from), Some(to), Some(written)) = (from, to, &table.to)
            && to < from
        {
            let why = format!("最后一天 {to} 在第一天 {from} 之前，永远放不出来");
            return Err(self.text.fault(&written.span(), at, "to", why));
        }
        let empty =
            |place: Range<usize>, field| self.text.fault(&place, at, field, "是空的，永远放不出来");
        let weekdays = table.weekdays.as_ref();
        if let Some(weekdays) = weekdays.filter(|weekdays| weekdays.get_ref().is_empty()) {
            return Err(empty(weekdays.span(), "weekdays"));
        }
        let weekdays = weekdays.into_iter().flat_map(|weekdays| weekdays.get_ref());
        Ok(When {
            times: self.day_parts(at, "times", table.times.as_ref())?,
            weekdays: weekdays.map(|&weekday| weekday_number(weekday)).collect(),
            days: day_rule(table.days),
            from,
            to,
        })
    }

    /// Parts of a day such as `08:30-12:00`.
    pub(super) fn day_parts(
        &self,
        at: &str,
        field: &'static str,
        written: Option<&Spanned<Vec<String>>>,
    ) -> Result<Vec<DailyWindow>, ConfigError> {
        let Some(written) = written else {
            return Ok(Vec::new());
        };
        let fault = |why: String| self.text.fault(&written.span(), at, field, why);
        if written.get_ref().is_empty() {
            return Err(fault("是空的，永远放不出来".to_owned()));
        }
        let part = |text: &String| {
            let part = read_day_part(text);
            part.ok_or_else(|| fault(format!("{text} 应写成“08:30-12:00”，先早后晚")))
        };
        written.get_ref().iter().map(part).collect()
    }

    fn date(
        &self,
        at: &str,
        field: &'static str,
        written: Option<&Spanned<Datetime>>,
    ) -> Result<Option<NaiveDate>, ConfigError> {
        let Some(written) = written else {
            return Ok(None);
        };
        let moment = written.get_ref();
        let day = moment
            .date
            .filter(|_| moment.time.is_none())
            .and_then(|day| {
                NaiveDate::from_ymd_opt(day.year.into(), day.month.into(), day.day.into())
            });
        let fault = || {
            self.text
                .fault(&written.span(), at, field, "应写成日期，如 2026-03-09")
        };
        day.map(Some).ok_or_else(fault)
    }
}

fn place_of<T>(written: Option<&Spanned<T>>) -> Option<Range<usize>> {
    written.map(Spanned::span)
}

fn read_day_part(text: &str) -> Option<DailyWindow> {
    let (from, until) = text.split_once('-')?;
    let time = |text: &str| match text.trim() {
        "24:00" => NaiveTime::from_hms_opt(23, 59, 59),
        text => NaiveTime::parse_from_str(text, "%H:%M").ok(),
    };
    let part = DailyWindow {
        from: time(from)?,
        until: time(until)?,
    };
    (part.from < part.until).then_some(part)
}

/// The days that a word stands for.
pub(super) fn day_rule(word: DaysWord) -> DayRule {
    match word {
        DaysWord::Every => DayRule::Every,
        DaysWord::Working => DayRule::Working,
        DaysWord::Rest => DayRule::Rest,
    }
}

fn weekday_number(word: WeekdayWord) -> u32 {
    match word {
        WeekdayWord::Monday => 0,
        WeekdayWord::Tuesday => 1,
        WeekdayWord::Wednesday => 2,
        WeekdayWord::Thursday => 3,
        WeekdayWord::Friday => 4,
        WeekdayWord::Saturday => 5,
        WeekdayWord::Sunday => 6,
    }
}

fn job_form(word: FormWord) -> JobForm {
    match word {
        FormWord::FullTime => JobForm::FullTime,
        FormWord::PartTime => JobForm::PartTime,
        FormWord::Gig => JobForm::Gig,
        FormWord::Internship => JobForm::Internship,
    }
}
