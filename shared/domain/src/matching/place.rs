//! Places by their codes (GB/T 2260 and the statistical codes below it): the longer the common
//! beginning of two codes, the nearer the places. A place that no table knows is compared by words.

use serde::Deserialize;

use super::words::{holds, narrowed};

/// Digits of a county in a code.
const COUNTY_DIGITS: usize = 6;
/// Digits of a city in a code.
const CITY_DIGITS: usize = 4;

/// A place that is wanted or offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WorkPlace {
    text: String,
    /// Without the zeros at its end: what it is part of begins alike.
    code: Option<String>,
    /// A word of the table says that it is elsewhere.
    is_elsewhere: bool,
}

/// How near a work place is to one that is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Distance {
    Elsewhere,
    Unknown,
    SameCity,
    SameCounty,
    Inside,
}

/// The places of the city, and words of places elsewhere.
#[derive(Debug, Clone)]
pub(super) struct Places {
    known: Vec<KnownPlace>,
    elsewhere: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
struct KnownPlace {
    code: String,
    level: String,
    name: String,
    short_name: String,
    parent_code: String,
}

#[derive(Deserialize)]
struct PlacesFile {
    places: Vec<KnownPlace>,
}

impl Places {
    pub(super) fn read(districts: &str, elsewhere: Vec<String>) -> Result<Self, serde_json::Error> {
        let file: PlacesFile = serde_json::from_str(districts)?;
        Ok(Self {
            known: file.places,
            elsewhere,
        })
    }

    /// The narrowest place that a text names.
    #[must_use]
    pub(super) fn place(&self, text: &str) -> WorkPlace {
        let text = narrowed(text);
        let named = self.known.iter().filter(|place| self.names(&text, place));
        let code = named
            .map(|place| significant(&place.code))
            .max_by_key(|code| code.len());
        let is_elsewhere = code.is_none()
            && self
                .elsewhere
                .iter()
                .any(|word| text.contains(word.as_str()));
        WorkPlace {
            code: code.map(str::to_owned),
            is_elsewhere,
            text,
        }
    }

    /// A town's short name alone is also something else (交通, 东湖): it counts beside its county's.
    fn names(&self, text: &str, place: &KnownPlace) -> bool {
        if text.contains(&place.name) {
            return true;
        }
        if !text.contains(&place.short_name) {
            return false;
        }
        let parent = || self.known.iter().find(|one| one.code == place.parent_code);
        place.level != "town" || parent().is_some_and(|parent| text.contains(&parent.short_name))
    }
}

impl WorkPlace {
    pub(super) fn is_blank(&self) -> bool {
        self.text.is_empty()
    }

    /// How near this work place is to one that is wanted.
    pub(super) fn distance_to(&self, wanted: &Self) -> Distance {
        if holds(&self.text, &wanted.text) {
            return Distance::Inside;
        }
        match (&self.code, &wanted.code) {
            (Some(offered), Some(wanted)) if offered.starts_with(wanted.as_str()) => {
                Distance::Inside
            }
            (Some(offered), Some(wanted)) => by_beginning(offered, wanted),
            (None, None) => Distance::Unknown,
            _ if self.is_elsewhere || wanted.is_elsewhere => Distance::Elsewhere,
            _ => Distance::Unknown,
        }
    }
}

fn by_beginning(offered: &str, wanted: &str) -> Distance {
    let pairs = offered.bytes().zip(wanted.bytes());
    let same = pairs.take_while(|(one, other)| one == other).count();
    match same {
        COUNTY_DIGITS.. => Distance::SameCounty,
        // a code of the whole city is near to all of it
        CITY_DIGITS.. => Distance::SameCity,
        _ => Distance::Elsewhere,
    }
}

/// A code without the zeros that stand for "all of it": 360602000000 is 360602, 360600000000 is 3606.
fn significant(code: &str) -> &str {
    let ends = [CITY_DIGITS, COUNTY_DIGITS, 9];
    let end = ends.into_iter().find(|end| {
        code.get(*end..)
            .is_some_and(|rest| rest.bytes().all(|digit| digit == b'0'))
    });
    &code[..end.unwrap_or(code.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_zeros_at_the_end_of_a_code_mean_all_of_it() {
        for (code, part) in [
            ("360600000000", "3606"),
            ("360602000000", "360602"),
            ("360602100000", "360602100"),
            ("360602001001", "360602001001"),
        ] {
            assert_eq!(significant(code), part);
        }
    }
}
