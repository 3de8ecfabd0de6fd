//! Invented listings for the tests of the index and of the pages that show it.

use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;
use uuid::Uuid;

use domain::id::{ListingId, ShortId};
use domain::listing::{JobForm, Listing};
use domain::pay::MonthlyPay;
use domain::place::Place;

use super::{Categories, FeedChange, Index};

/// The day of the tests.
pub(crate) fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).expect("a date, because November has 30 days")
}

/// Two small categories.
pub(crate) fn categories() -> Arc<Categories> {
    let json = r#"{"categories":[
        {"id":"repair","name":"电工维修","hint":"水电","icon":"gig",
         "title_words":["电工","plc"],"industry_words":[],"excluded_words":["工程师"]},
        {"id":"cleaning","name":"保洁","hint":"打扫","icon":"home",
         "title_words":["保洁"],"industry_words":["保洁"],"excluded_words":[]}]}"#;
    Arc::new(Categories::from_json(json).expect("valid, because it is written here"))
}

/// A listing published `order`-th, with a title and nothing else known.
pub(crate) fn listing(order: u64, title: &str) -> Listing {
    let id = ListingId(Uuid::from_u128(u128::from(order)));
    Listing {
        id,
        short_id: ShortId::of(id),
        title: title.to_owned(),
        employer: None,
        place: None,
        pay: None,
        pay_text: None,
        monthly: MonthlyPay::default(),
        education: None,
        experience: None,
        headcount: None,
        job_form: None::<JobForm>,
        industry: None,
        description: None,
        posted_on: None,
        publication_order: order,
        published_on: today(),
        valid_to: today(),
    }
}

/// A place with a city and perhaps an area.
pub(crate) fn place(city: &str, area: Option<&str>) -> Place {
    let text = area.map_or_else(|| city.to_owned(), |area| format!("{city}·{area}"));
    Place {
        text,
        city: city.to_owned(),
        area: area.map(str::to_owned),
    }
}

/// The feed row that publishes a listing, at the position of its order.
pub(crate) fn published(listing: &Listing) -> FeedChange {
    FeedChange {
        position: listing.publication_order,
        key: listing.id,
        body: Some(listing.clone()),
    }
}

/// An index in `folder` with these listings.
pub(crate) fn index(folder: &Path, listings: &[Listing]) -> Index {
    let mut index = Index::open(&folder.join("cache.db"), categories()).expect("a new cache opens");
    let rows: Vec<FeedChange> = listings.iter().map(published).collect();
    let cursor = rows.iter().map(|row| row.position).max().unwrap_or(0);
    index
        .apply(&rows, cursor)
        .expect("invented listings are applied");
    index
}
