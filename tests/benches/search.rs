//! How long a search on the kiosk takes, at 27 thousand and at 1 million listings: newest 20, by
//! 1 to 5 characters or initials, with and without place and pay; very selective queries, counts
//! and suggestions apart, because they run off the drawing thread. Prints figures, asserts none:
//! shared machines differ.
//!
//! `cargo bench -p acceptance --bench search` measures both sizes; a number as argument measures
//! that one size. The listings are thrown together from a small table of characters, with the
//! uneven frequencies of real words, and are gone afterwards.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{Days, NaiveDate};
use domain::id::{ListingId, ShortId};
use domain::listing::{Education, JobForm, Listing};
use domain::money::Fen;
use domain::pay::MonthlyPay;
use domain::place::Place;
use kiosk::index::{
    Categories, CategoryId, FeedChange, Index, IndexError, Letters, PlaceFilter, Query, Slice, Text,
};
use uuid::Uuid;

const SIZES: [u64; 2] = [27_085, 1_000_000];
const APPLY_ROWS: u64 = 5_000;
const SAMPLES: usize = 400;
const PAGE_ROWS: usize = 20;
const COUNTED_MAX: u32 = 10_000;
const ASKINGS: usize = 3;
const CATEGORIES: &str = include_str!("../../assets/search/categories.json");

/// Characters with their pinyin, the frequent ones first.
const HANZI: [(char, &str); 120] = [
    ('工', "gong"),
    ('员', "yuan"),
    ('电', "dian"),
    ('务', "wu"),
    ('业', "ye"),
    ('机', "ji"),
    ('服', "fu"),
    ('车', "che"),
    ('理', "li"),
    ('师', "shi"),
    ('保', "bao"),
    ('洁', "jie"),
    ('司', "si"),
    ('安', "an"),
    ('店', "dian"),
    ('导', "dao"),
    ('购', "gou"),
    ('厨', "chu"),
    ('维', "wei"),
    ('修', "xiu"),
    ('销', "xiao"),
    ('售', "shou"),
    ('会', "hui"),
    ('计', "ji"),
    ('仓', "cang"),
    ('库', "ku"),
    ('质', "zhi"),
    ('检', "jian"),
    ('普', "pu"),
    ('技', "ji"),
    ('焊', "han"),
    ('锻', "duan"),
    ('铜', "tong"),
    ('眼', "yan"),
    ('镜', "jing"),
    ('装', "zhuang"),
    ('配', "pei"),
    ('包', "bao"),
    ('送', "song"),
    ('水', "shui"),
    ('木', "mu"),
    ('油', "you"),
    ('漆', "qi"),
    ('园', "yuan"),
    ('林', "lin"),
    ('花', "hua"),
    ('月', "yue"),
    ('嫂', "sao"),
    ('护', "hu"),
    ('医', "yi"),
    ('药', "yao"),
    ('教', "jiao"),
    ('育', "yu"),
    ('文', "wen"),
    ('秘', "mi"),
    ('书', "shu"),
    ('客', "ke"),
    ('运', "yun"),
    ('营', "ying"),
    ('网', "wang"),
    ('络', "luo"),
    ('美', "mei"),
    ('容', "rong"),
    ('发', "fa"),
    ('型', "xing"),
    ('面', "mian"),
    ('点', "dian"),
    ('茶', "cha"),
    ('酒', "jiu"),
    ('收', "shou"),
    ('银', "yin"),
    ('快', "kuai"),
    ('递', "di"),
    ('分', "fen"),
    ('拣', "jian"),
    ('搬', "ban"),
    ('叉', "cha"),
    ('吊', "diao"),
    ('塔', "ta"),
    ('钢', "gang"),
    ('筋', "jin"),
    ('混', "hun"),
    ('凝', "ning"),
    ('土', "tu"),
    ('测', "ce"),
    ('量', "liang"),
    ('绘', "hui"),
    ('图', "tu"),
    ('设', "she"),
    ('采', "cai"),
    ('外', "wai"),
    ('贸', "mao"),
    ('单', "dan"),
    ('证', "zheng"),
    ('报', "bao"),
    ('关', "guan"),
    ('物', "wu"),
    ('流', "liu"),
    ('调', "diao"),
    ('度', "du"),
    ('消', "xiao"),
    ('防', "fang"),
    ('监', "jian"),
    ('控', "kong"),
    ('空', "kong"),
    ('气', "qi"),
    ('暖', "nuan"),
    ('管', "guan"),
    ('道', "dao"),
    ('疏', "shu"),
    ('通', "tong"),
    ('家', "jia"),
    ('政', "zheng"),
    ('育', "yu"),
    ('婴', "ying"),
    ('幼', "you"),
    ('陪', "pei"),
    ('诊', "zhen"),
    ('绣', "xiu"),
    ('裁', "cai"),
];

/// Reproducible numbers (splitmix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).unwrap_or(0)
    }

    /// Small numbers often, large ones seldom, as words are used.
    fn skewed(&mut self, bound: usize) -> usize {
        let limit = self.below(bound) + 1;
        let limit = self.below(limit) + 1;
        self.below(limit)
    }
}

/// A made-up word: characters and their pinyin.
#[derive(Clone)]
struct Word(Vec<(char, &'static str)>);

impl Word {
    fn invented(dice: &mut Dice, hanzi: usize) -> Self {
        Self(
            (0..hanzi)
                .map(|_| HANZI[dice.skewed(HANZI.len())])
                .collect(),
        )
    }

    fn hanzi(&self) -> String {
        self.0.iter().map(|(hanzi, _)| *hanzi).collect()
    }
}

/// Everything that listings are thrown together from.
struct Ingredients {
    trades: Vec<Word>,
    modifiers: Vec<Word>,
    employers: Vec<String>,
    places: Vec<Place>,
}

impl Ingredients {
    fn new(dice: &mut Dice, listings: u64) -> Self {
        let words = |dice: &mut Dice, count: usize, shortest: usize, spread: usize| {
            (0..count)
                .map(|_| {
                    let hanzi = shortest + dice.below(spread);
                    Word::invented(dice, hanzi)
                })
                .collect::<Vec<_>>()
        };
        let trades = words(dice, 3_000, 2, 3);
        let modifiers = words(dice, 200, 2, 2);
        let employers = usize::try_from(listings / 4).unwrap_or(1);
        let employers = words(dice, employers.max(1), 3, 2);
        let employers = employers
            .iter()
            .map(|name| format!("{}有限公司", name.hanzi()))
            .collect();
        let places = (0..12).flat_map(|city| {
            (0..12).map(move |area| Place {
                text: format!("{}城·{}区", HANZI[city * 3].0, HANZI[area * 5 + 1].0),
                city: format!("{}城", HANZI[city * 3].0),
                area: Some(format!("{}区", HANZI[area * 5 + 1].0)),
            })
        });
        Self {
            trades,
            modifiers,
            employers,
            places: places.collect(),
        }
    }

    fn title(&self, dice: &mut Dice) -> Word {
        let trade = &self.trades[dice.skewed(self.trades.len())];
        if dice.below(3) == 0 {
            return trade.clone();
        }
        let modifier = &self.modifiers[dice.skewed(self.modifiers.len())];
        Word(modifier.0.iter().chain(&trade.0).copied().collect())
    }

    fn listing(&self, dice: &mut Dice, order: u64, today: NaiveDate) -> Listing {
        let id = ListingId(Uuid::from_u64_pair(dice.next(), order));
        let low = 2_000 + 250 * i64::try_from(dice.skewed(60)).unwrap_or(0);
        Listing {
            id,
            short_id: ShortId::of(id),
            title: self.title(dice).hanzi(),
            employer: Some(self.employers[dice.skewed(self.employers.len())].clone()),
            place: Some(self.places[dice.skewed(self.places.len())].clone()),
            pay: None,
            pay_text: Some(format!("{low}-{}", low + 2_000)),
            monthly: MonthlyPay {
                low: Fen::from_yuan(low),
                high: Fen::from_yuan(low + 2_000),
            },
            education: Education::ALL.get(dice.below(9)).copied(),
            experience: None,
            headcount: None,
            job_form: JobForm::ALL.get(dice.below(8)).copied(),
            industry: None,
            description: Some(self.employers[dice.below(self.employers.len())].repeat(8)),
            posted_on: None,
            publication_order: order,
            published_on: today - Days::new(dice.next() % 30),
            valid_to: today + Days::new(dice.next() % 30),
        }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let asked: Vec<u64> = std::env::args()
        .filter_map(|argument| argument.parse().ok())
        .collect();
    let sizes = if asked.is_empty() {
        SIZES.to_vec()
    } else {
        asked
    };
    sizes.into_iter().try_for_each(measure)
}

fn measure(listings: u64) -> Result<(), Box<dyn Error>> {
    let today = NaiveDate::from_ymd_opt(2026, 11, 23).ok_or("a date")?;
    let mut dice = Dice(listings);
    let ingredients = Ingredients::new(&mut dice, listings);
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("cache.db");
    let categories = Arc::new(Categories::from_json(CATEGORIES)?);
    say(&format!("== {listings} listings"));
    build(&path, &categories, &ingredients, listings, today, &mut dice)?;
    let index = Index::open(&path, categories)?;
    let bench = Bench {
        index,
        ingredients,
        today,
    };
    bench.interactive(&mut dice)?;
    bench.suggestions(&mut dice)?;
    bench.selective(&mut dice)?;
    bench.counts(&mut dice)?;
    say(&format!(
        "resident after all searches: {} MB",
        resident_mb()
    ));
    Ok(())
}

fn build(
    path: &Path,
    categories: &Arc<Categories>,
    ingredients: &Ingredients,
    listings: u64,
    today: NaiveDate,
    dice: &mut Dice,
) -> Result<(), Box<dyn Error>> {
    let mut index = Index::open(path, Arc::clone(categories))?;
    let mut applying = Duration::ZERO;
    for first in (1..=listings).step_by(usize::try_from(APPLY_ROWS)?) {
        let last = (first + APPLY_ROWS - 1).min(listings);
        let rows: Vec<FeedChange> = (first..=last)
            .map(|order| ingredients.listing(dice, order, today))
            .map(|l| FeedChange {
                position: l.publication_order,
                key: l.id,
                body: Some(l),
            })
            .collect();
        let start = Instant::now();
        index.apply(&rows, last)?;
        applying += start.elapsed();
    }
    let bytes = std::fs::metadata(path)?.len();
    say(&format!(
        "applied in {:.1} s ({:.0} listings/s), file {} MB, resident {} MB",
        applying.as_secs_f64(),
        listings as f64 / applying.as_secs_f64(),
        bytes / 1_000_000,
        resident_mb(),
    ));
    Ok(())
}

struct Bench {
    index: Index,
    ingredients: Ingredients,
    today: NaiveDate,
}

impl Bench {
    /// The searches of the issue: every page that a citizen waits for.
    fn interactive(&self, dice: &mut Dice) -> Result<(), Box<dyn Error>> {
        say(&format!(
            "{:<42} {:>8} {:>8} {:>8}",
            "search, newest 20 (ms)", "p50", "p99", "p99 of 3"
        ));
        let mut all = Vec::new();
        for (with_place, with_pay) in [(false, false), (true, false), (false, true), (true, true)] {
            for kind in [
                TextKind::Characters,
                TextKind::Initials,
                TextKind::FullPinyin,
            ] {
                for length in 1..=5 {
                    let queries = (0..SAMPLES).map(|_| {
                        let mut query = self.text_query(kind, length, dice);
                        if with_place {
                            query.place = Some(self.place(dice, length % 2 == 0));
                        }
                        query.pay_from = with_pay.then(|| pay(dice));
                        query
                    });
                    let times = self.time_searches(&queries.collect::<Vec<_>>())?;
                    let place = if with_place { "+place" } else { "" };
                    let pay = if with_pay { "+pay" } else { "" };
                    report(&format!("{length} {kind:?} {place}{pay}"), &times);
                    all.extend(times);
                }
            }
        }
        report("ALL OF THE ABOVE", &all);
        Ok(())
    }

    fn selective(&self, dice: &mut Dice) -> Result<(), Box<dyn Error>> {
        say("very selective, off the drawing thread (ms)");
        let queries = (0..SAMPLES).map(|_| {
            let length = 1 + dice.below(3);
            let mut query = self.text_query(TextKind::Characters, length, dice);
            query.place = Some(self.place(dice, true));
            query.pay_from = Fen::from_yuan(15_000);
            query.education = Some(Education::Primary);
            query.job_form = Some(JobForm::Internship);
            query
        });
        report(
            "text+area+pay+education+form",
            &self.time_searches(&queries.collect::<Vec<_>>())?,
        );
        let by_category = self
            .index
            .categories()
            .all()
            .iter()
            .map(|category| category.id);
        let queries = by_category.map(|id: CategoryId| Query {
            category: Some(id),
            ..Query::default()
        });
        report(
            "category alone",
            &self.time_searches(&queries.collect::<Vec<_>>())?,
        );
        Ok(())
    }

    fn suggestions(&self, dice: &mut Dice) -> Result<(), Box<dyn Error>> {
        say("suggestions and next letters (ms)");
        for length in 1..=5 {
            let mut times = Vec::new();
            for _ in 0..SAMPLES {
                let query = self.text_query(TextKind::Initials, length, dice);
                let Text::Letters(letters) = query.text else {
                    continue;
                };
                times.push(time(|| self.index.suggest(&letters, 24, self.today))?);
            }
            report(&format!("{length} Initials"), &times);
        }
        Ok(())
    }

    fn counts(&self, dice: &mut Dice) -> Result<(), Box<dyn Error>> {
        say("counts to 10,000 and relaxations, off the drawing thread (ms)");
        let (mut counts, mut relaxations) = (Vec::new(), Vec::new());
        for _ in 0..SAMPLES / 4 {
            let length = 1 + dice.below(5);
            let mut query = self.text_query(TextKind::Characters, length, dice);
            counts.push(time(|| self.index.count(&query, self.today, COUNTED_MAX))?);
            query.place = Some(self.place(dice, true));
            query.pay_from = Fen::from_yuan(15_000);
            relaxations.push(time(|| {
                self.index.relaxations(&query, self.today, COUNTED_MAX)
            })?);
        }
        report("count", &counts);
        report("relaxations", &relaxations);
        report("totals", &[time(|| self.index.totals(self.today))?]);
        report("places", &[time(|| self.index.places(self.today))?]);
        Ok(())
    }

    fn text_query(&self, kind: TextKind, length: usize, dice: &mut Dice) -> Query {
        loop {
            let title = self.ingredients.title(dice).0;
            if title.len() < length {
                continue;
            }
            let from = dice.below(title.len() - length + 1);
            let part = &title[from..from + length];
            let text = match kind {
                TextKind::Characters => Text::Words(part.iter().map(|(hanzi, _)| hanzi).collect()),
                TextKind::Initials => Text::Letters(Letters::new(
                    &part.iter().map(|(_, p)| &p[..1]).collect::<String>(),
                )),
                TextKind::FullPinyin => Text::Letters(Letters::new(
                    &part.iter().map(|(_, p)| *p).collect::<String>(),
                )),
            };
            return Query {
                text,
                ..Query::default()
            };
        }
    }

    fn place(&self, dice: &mut Dice, with_area: bool) -> PlaceFilter {
        let place = &self.ingredients.places[dice.skewed(self.ingredients.places.len())];
        let area = if with_area { place.area.clone() } else { None };
        PlaceFilter {
            city: place.city.clone(),
            area,
        }
    }

    fn time_searches(&self, queries: &[Query]) -> Result<Vec<Timed>, Box<dyn Error>> {
        let slice = Slice {
            after: None,
            rows: PAGE_ROWS,
        };
        queries
            .iter()
            .map(|query| time(|| self.index.search(query, slice, self.today)))
            .collect()
    }
}

/// How long a question took, first and at best.
#[derive(Debug, Clone, Copy)]
struct Timed {
    first: Duration,
    best: Duration,
}

fn time<T>(mut ask: impl FnMut() -> Result<T, IndexError>) -> Result<Timed, Box<dyn Error>> {
    let mut taken = [Duration::ZERO; ASKINGS];
    for time in &mut taken {
        let start = Instant::now();
        ask()?;
        *time = start.elapsed();
    }
    Ok(Timed {
        first: taken[0],
        best: taken.into_iter().min().unwrap_or_default(),
    })
}

#[derive(Debug, Clone, Copy)]
enum TextKind {
    Characters,
    Initials,
    FullPinyin,
}

fn pay(dice: &mut Dice) -> Fen {
    let steps = [3_000, 4_000, 5_000, 6_000, 8_000, 10_000];
    Fen::from_yuan(steps[dice.below(steps.len())]).unwrap_or_default()
}

fn report(what: &str, times: &[Timed]) {
    let ms = |time: Duration| time.as_secs_f64() * 1_000.0;
    let first: Vec<f64> = times.iter().map(|time| ms(time.first)).collect();
    let best: Vec<f64> = times.iter().map(|time| ms(time.best)).collect();
    let figures = (
        percentile(&first, 50),
        percentile(&first, 99),
        percentile(&best, 99),
    );
    say(&format!(
        "{what:<42} {:>8.3} {:>8.3} {:>8.3}",
        figures.0, figures.1, figures.2
    ));
}

fn percentile(values: &[f64], percent: usize) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let index = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(index).copied().unwrap_or_default()
}

/// Resident memory of this process, the listings being made included.
fn resident_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .unwrap_or_default();
    line.split_whitespace()
        .next()
        .and_then(|kb| kb.parse::<u64>().ok())
        .unwrap_or(0)
        / 1_000
}

#[allow(clippy::print_stdout, reason = "a bench is there to print")]
fn say(line: &str) {
    println!("{line}");
}
