//! On every page, an id stands once, and whatever points at an id points at one that is there: a
//! label at its field, a field at what is told about it, a line of a summary at its field.

use std::collections::BTreeSet;

use super::words_test::all_pages;

/// Values of an attribute in all tags of a page.
fn values<'p>(page: &'p str, attribute: &str) -> Vec<&'p str> {
    let begin = format!(" {attribute}=\"");
    let tags = page.split('<').skip(1);
    let tags = tags.map(|part| part.split('>').next().unwrap_or_default());
    tags.filter_map(|tag| tag.split_once(&begin)?.1.split('"').next())
        .collect()
}

/// What is wrong with the ids of a page.
fn faults(page: &str) -> Vec<String> {
    let ids = values(page, "id");
    let twice = ids.iter().enumerate();
    let twice = twice.filter(|(at, id)| ids[..*at].contains(*id) || id.is_empty());
    let pointed = values(page, "for")
        .into_iter()
        .chain(
            values(page, "href")
                .into_iter()
                .filter_map(|to| to.strip_prefix('#')),
        )
        .chain(values(page, "aria-labelledby"))
        .chain(
            values(page, "aria-describedby")
                .into_iter()
                .flat_map(|told| told.split(' ')),
        );
    let lost = pointed.filter(|id| !ids.contains(id));
    twice
        .map(|(_, id)| format!("twice: {id}"))
        .chain(lost.map(|id| format!("not there: {id}")))
        .collect()
}

#[test]
fn every_id_stands_once_and_whatever_points_at_one_finds_it() {
    let mut wrong = BTreeSet::new();
    for (name, page) in all_pages() {
        wrong.extend(faults(&page).into_iter().map(|fault| (name.clone(), fault)));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_is_wrong_is_a_fault_that_can_be_told() {
    for (page, found) in [
        ("<label for=\"f-a\">甲</label>", "not there: f-a"),
        ("<i id=\"a\"></i><b id=\"a\"></b>", "twice: a"),
        ("<input id=\"a\" aria-describedby=\"a b\">", "not there: b"),
    ] {
        assert_eq!(faults(page), [found]);
    }
}

#[test]
fn a_field_that_is_wrong_says_so_and_is_told_why() {
    for (name, page) in all_pages() {
        let tags = page.split('<').skip(1);
        let wrong = tags.filter(|tag| tag.contains(" aria-invalid=\"true\""));
        for tag in wrong {
            assert!(tag.contains(" aria-describedby=\""), "{name}: {tag}");
        }
        let errors = page.matches("<span class=\"error\"").count();
        let tied = page.matches("<span class=\"error\" id=\"").count();
        assert_eq!(errors, tied, "{name}: an error that no field points at");
        let described = values(&page, "aria-describedby").join(" ");
        let described: BTreeSet<_> = described.split(' ').collect();
        for part in page.split("<span class=\"error\" id=\"").skip(1) {
            let id = part.split('"').next().unwrap_or_default();
            assert!(described.contains(id), "{name}: {id}");
        }
    }
}
