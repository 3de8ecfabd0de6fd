//! Long lists in pages, and addresses with a query.

use maud::{Markup, html};

/// An address with a query of these names and values; empty values are left out.
pub(crate) fn address(path: &str, pairs: &[(&str, &str)]) -> String {
    let said = pairs.iter().filter(|(_, value)| !value.is_empty());
    let pairs: Vec<String> = said
        .map(|(name, value)| format!("{name}={}", encoded(value)))
        .collect();
    match pairs.is_empty() {
        true => path.to_owned(),
        false => format!("{path}?{}", pairs.join("&")),
    }
}

fn encoded(value: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
            char::from(byte).to_string()
        }
        other => format!("%{other:02X}"),
    };
    value.bytes().map(byte).collect()
}

/// How many there are, and the ways to the neighbouring pages. Pages count from 1.
pub(crate) fn pager(count: u64, page: u64, per_page: u64, to: impl Fn(u64) -> String) -> Markup {
    let pages = count.div_ceil(per_page).max(1);
    html! {
        p.pad.row {
            "一共 " (count) " 行，第 " (page) " 页，共 " (pages) " 页"
            @if page > 1 { a.button href=(to(page - 1)) { "上一页" } }
            @if page < pages { a.button href=(to(page + 1)) { "下一页" } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_cannot_change_an_address() {
        let made = address("/x", &[("q", "甲&b=1"), ("none", "")]);
        assert_eq!(made, "/x?q=%E7%94%B2%26b%3D1");
        assert_eq!(address("/x", &[]), "/x");
    }

    #[test]
    fn the_first_page_has_no_page_before_it_and_the_last_none_after_it() {
        let shown = |page| pager(101, page, 50, |n| format!("/x?page={n}")).into_string();
        assert!(!shown(1).contains("上一页") && shown(1).contains("/x?page=2"));
        assert!(shown(3).contains("/x?page=2") && !shown(3).contains("下一页"));
    }
}
