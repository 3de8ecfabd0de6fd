//! From what the feed publishes to what a board can say: short, in the order of `look.md` §15.
//! Pure. The pay is never shortened, and nothing is said that the listing does not say.

use domain::listing::{Headcount, Listing};
use domain::pay::{PayAmount, PayUnit};

/// Endings of employers' names that say nothing on a board, longest first.
const LEGAL_FORMS: [&str; 8] = [
    "股份有限公司",
    "有限责任公司",
    "集团有限公司",
    "科技有限公司",
    "有限公司",
    "集团公司",
    "分公司",
    "公司",
];

/// The last letters of place names that open employers' names.
const PLACE_ENDINGS: [char; 4] = ['省', '市', '区', '县'];

/// A vacancy on the board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VacancyLine {
    /// Its key in the feed.
    pub key: String,
    /// 工种.
    pub title: String,
    /// Such as `5000-8000元`; never cut.
    pub pay_text: String,
    /// 单位简称; goes first when space is short.
    pub employer_short: String,
    /// Goes second.
    pub place: String,
    /// How many are sought.
    pub headcount: Option<u32>,
}

impl VacancyLine {
    /// A listing as boards say it; `None` when its pay is unknown: a board does not tease.
    #[must_use]
    pub fn of(listing: &Listing) -> Option<Self> {
        let employer = listing.employer.as_deref();
        let place = listing.place.as_ref();
        Some(Self {
            key: listing.id.to_string(),
            title: listing.title.clone(),
            pay_text: pay_text(listing)?,
            employer_short: employer.map(short_name).unwrap_or_default(),
            place: place
                .map(|place| place.area.clone().unwrap_or_else(|| place.city.clone()))
                .unwrap_or_default(),
            headcount: match listing.headcount {
                Some(Headcount::Exactly { people }) => Some(people),
                Some(Headcount::Several) | None => None,
            },
        })
    }

    /// An invented vacancy, to show an editor what a template does.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            key: String::new(),
            title: "维修电工".to_owned(),
            pay_text: "5500-7000元".to_owned(),
            employer_short: "澄禾铜业".to_owned(),
            place: "示例二街道".to_owned(),
            headcount: Some(4),
        }
    }
}

/// `5500-7000元`, `320元/天`, `6000元以上`, `面议`.
fn pay_text(listing: &Listing) -> Option<String> {
    let pay = listing.pay?;
    let per = match pay.unit {
        PayUnit::Hour => "/小时",
        PayUnit::Day => "/天",
        PayUnit::Month => "",
        PayUnit::Year => "/年",
    };
    let yuan = |fen: domain::money::Fen| fen.to_string().replace(',', "");
    Some(match pay.amount {
        PayAmount::Range { low, high } if low == high => format!("{}元{per}", yuan(low)),
        PayAmount::Range { low, high } => format!("{}-{}元{per}", yuan(low), yuan(high)),
        PayAmount::From { low } => format!("{}元{per}以上", yuan(low)),
        PayAmount::UpTo { high } => format!("最高{}元{per}", yuan(high)),
        PayAmount::Negotiable => "工资面议".to_owned(),
    })
}

/// The name without its place and legal form: `某市某区澄禾铜业有限公司` → `澄禾铜业`.
fn short_name(name: &str) -> String {
    let form = LEGAL_FORMS.iter().find_map(|form| name.strip_suffix(form));
    let mut rest = form.unwrap_or(name);
    // A place ending within the first five characters closes a place name.
    while let Some((at, ending)) = rest
        .char_indices()
        .take(5)
        .skip(1)
        .find(|(_, character)| PLACE_ENDINGS.contains(character))
    {
        let after = &rest[at + ending.len_utf8()..];
        if after.chars().count() < 2 {
            break;
        }
        rest = after;
    }
    rest.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_what_people_call_the_firm() {
        for (name, short) in [
            ("示例市月湖区澄禾铜业有限公司", "澄禾铜业"),
            ("江西省禾川眼镜有限责任公司", "禾川眼镜"),
            ("青砚物业", "青砚物业"),
            ("市区公司", "市区"),
        ] {
            assert_eq!(short_name(name), short);
        }
    }
}
