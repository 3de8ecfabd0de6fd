//! Work places as vacancies name them: `东莞`, `广州-天河区`, `安徽省 - 合肥市`, `南昌·南昌县·昌东`,
//! `广东省广州市天河区`. The first part that is not a province is the city; what follows is
//! narrower. A county named alone stays what it is: which city it belongs to is not guessed.

mod division;

use serde::{Deserialize, Serialize};

/// A work place: the source's words and the parts that filters use.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The source's own words, tidied: parts joined with `·`.
    pub text: String,
    /// The widest part that filters offer: a city (`东莞`, without 市), or the only part there is.
    pub city: String,
    /// The next narrower part, if there is one: a district or a street.
    pub area: Option<String>,
}

impl Place {
    /// Reads a place; `None` if the text names nothing.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split(is_separator).map(trim_marks).collect();
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        let mut narrowing = narrowing_parts(&parts).into_iter();
        let city = narrowing.next()?;
        let area = narrowing.next();
        Some(Self {
            text: parts.join("·"),
            city: division::without_city_suffix(city).to_owned(),
            area: area.map(first_of_several).map(str::to_owned),
        })
    }
}

fn is_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '·' | '•' | '・' | '—' | '–' | '/' | '>' | '|')
}

fn trim_marks(part: &str) -> &str {
    part.trim_matches(['.', ',', '\u{ff0c}', '…', '、', ';', '\u{ff1b}'])
}

/// City first, then what is narrower; the province is left out unless it is all there is.
fn narrowing_parts<'t>(parts: &[&'t str]) -> Vec<&'t str> {
    let Some((first, rest)) = parts.split_first() else {
        return Vec::new();
    };
    let mut narrowing = Vec::with_capacity(parts.len() + 2);
    let mut wide = *first;
    if let Some(after) = division::after_province(wide) {
        if after.is_empty() && rest.is_empty() {
            return vec![wide];
        }
        wide = after;
    }
    if !wide.is_empty() {
        let (city, area) = division::split_city(wide);
        narrowing.push(city);
        narrowing.extend(area);
    }
    narrowing.extend(rest);
    narrowing
}

/// `荔湾区,深圳` names several; the filter takes the first, the text keeps all.
fn first_of_several(area: &str) -> &str {
    area.split([',', '\u{ff0c}', '、']).next().unwrap_or(area)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, tidy: &str, city: &str, area: Option<&str>) {
        let expected = Place {
            text: tidy.into(),
            city: city.into(),
            area: area.map(str::to_owned),
        };
        assert_eq!(Place::parse(text), Some(expected), "{text}");
    }

    #[test]
    fn separators_of_every_source_give_city_and_area() {
        check("东莞", "东莞", "东莞", None);
        check("广州-天河区", "广州·天河区", "广州", Some("天河区"));
        check(
            "鹰潭·月湖区·示例路",
            "鹰潭·月湖区·示例路",
            "鹰潭",
            Some("月湖区"),
        );
        check(
            "深圳 南山区 后海",
            "深圳·南山区·后海",
            "深圳",
            Some("南山区"),
        );
        check("南京-", "南京", "南京", None);
        check(
            "上海-浦东新区,北京",
            "上海·浦东新区,北京",
            "上海",
            Some("浦东新区"),
        );
    }

    #[test]
    fn a_province_before_a_city_is_left_out_of_the_filter() {
        check("安徽省 - 合肥市", "安徽省·合肥市", "合肥", None);
        check("重庆市 - 渝北区", "重庆市·渝北区", "重庆", Some("渝北区"));
        check(
            "广东省广州市天河区示例路",
            "广东省广州市天河区示例路",
            "广州",
            Some("天河区"),
        );
        check(
            "广西壮族自治区 - 南宁市",
            "广西壮族自治区·南宁市",
            "南宁",
            None,
        );
        check("江苏省", "江苏省", "江苏省", None);
        check("江西鹰潭", "江西鹰潭", "鹰潭", None);
    }

    #[test]
    fn a_city_and_its_district_in_one_word_are_parted() {
        check("广州天河区", "广州天河区", "广州", Some("天河区"));
        check("鹰潭市月湖区", "鹰潭市月湖区", "鹰潭", Some("月湖区"));
        check("南宁市", "南宁市", "南宁", None);
        check("吉林", "吉林", "吉林", None);
    }

    #[test]
    fn a_county_or_street_alone_is_not_given_a_city() {
        check("青秀区", "青秀区", "青秀区", None);
        check("朝阳区", "朝阳区", "朝阳区", None);
        check("南昌县", "南昌县", "南昌县", None);
        check("中山路", "中山路", "中山路", None);
        check("昆山", "昆山", "昆山", None);
    }

    #[test]
    fn nothing_named_is_no_place() {
        for text in ["", "-", " · ", "..."] {
            assert_eq!(Place::parse(text), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_gives_a_place_with_a_city_or_none(text in ".{0,30}") {
            if let Some(place) = Place::parse(&text) {
                prop_assert!(!place.city.is_empty());
            }
        }
    }
}
