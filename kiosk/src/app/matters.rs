//! What a citizen may come for, by name: the matters of `assets/hall/service-groups.json` for groups
//! that this hall calls as the district does, else the group as a whole. Data; decides nothing.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use domain::id::GroupCode;
use serde::Deserialize;

use super::facts::HallFacts;

/// One thing to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matter {
    /// The group that does it.
    pub group: GroupCode,
    /// The group's name.
    pub group_name: String,
    /// The matter's own name; `None` stands for whatever the group does.
    pub name: Option<String>,
}

impl Matter {
    /// What stands on its card.
    #[must_use]
    pub fn title(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.group_name)
    }
}

#[derive(Deserialize)]
struct GroupsFile {
    groups: Vec<GroupEntry>,
}

#[derive(Deserialize)]
struct GroupEntry {
    code: GroupCode,
    name: String,
    #[serde(default)]
    topics: Vec<String>,
}

static NAMED: LazyLock<BTreeMap<GroupCode, GroupEntry>> = LazyLock::new(|| {
    let text = include_str!("../../../assets/hall/service-groups.json");
    let file: GroupsFile =
        serde_json::from_str(text).expect("the district's groups, because a test reads them");
    let groups = file.groups.into_iter();
    groups.map(|group| (group.code, group)).collect()
});

/// Everything that may be chosen in this hall, in the order of its groups.
#[must_use]
pub fn offered(facts: &HallFacts) -> Vec<Matter> {
    let of_group = |(group, described): (GroupCode, &domain::queue::ServiceGroup)| {
        let matter = |name| Matter {
            group,
            group_name: described.name.clone(),
            name,
        };
        let named = NAMED.get(&group);
        let topics = named.filter(|named| named.name == described.name);
        match topics.map(|named| named.topics.as_slice()) {
            None | Some([]) => vec![matter(None)],
            Some(topics) => topics
                .iter()
                .map(|name| matter(Some(name.clone())))
                .collect(),
        }
    };
    facts.groups().flat_map(of_group).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::sample;

    #[test]
    fn a_group_that_the_data_does_not_know_by_this_name_is_offered_as_a_whole() {
        let offered = offered(&sample::facts());
        let titles: Vec<_> = offered.iter().map(Matter::title).collect();
        assert_eq!(titles, ["试验事项一", "试验事项二"]);
        assert!(offered.iter().all(|matter| matter.name.is_none()));
    }

    #[test]
    fn the_districts_groups_offer_their_matters_by_short_names() {
        let offered = offered(&sample::district_facts());
        assert!(offered.len() >= 20);
        for matter in &offered {
            let name = matter.name.as_deref().unwrap();
            assert!(name.chars().count() <= 10, "{name} does not fit its card");
        }
    }
}
