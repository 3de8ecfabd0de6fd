//! The waiting list: each group with the people who wait, how long the next one will, and whose turn
//! comes. Numbers only; a wait is always an interval.

use wire::api::GroupQueue;

use super::hall::Hall;
use crate::content::{Align, Colour, Line};
use crate::page::{Frame, Page, TEXT_SIZE, fits};

/// Rows of one group.
const GROUP_ROWS: usize = 2;

/// Pages of groups in the order of their letters; one page that says so when nobody waits. Nothing
/// before the hall has told of its queues.
#[must_use]
pub fn waiting(frame: &Frame, hall: &Hall) -> Vec<Page> {
    if hall.queues.is_empty() {
        return Vec::new();
    }
    let groups = hall.queues.values().filter(|queue| queue.waiting > 0);
    let groups: Vec<[Line; GROUP_ROWS]> = groups.map(|queue| rows(frame, hall, queue)).collect();
    if groups.is_empty() {
        let text = if fits(frame, "现在没有人等候") {
            "现在没有人等候"
        } else {
            "无人等候"
        };
        let line = Line::of(Colour::Green, text);
        return vec![Page::still(frame, vec![line], TEXT_SIZE)];
    }
    let page = |(number, groups): (usize, &[[Line; GROUP_ROWS]])| {
        let mut page = Page::still(frame, groups.concat(), TEXT_SIZE);
        // A list is read down its left edge.
        page.content.align = Align::Left;
        page.origin.number = number;
        page
    };
    let most = (frame.rows() / GROUP_ROWS).max(1);
    frame.limit.fewest(most, |per_page| {
        let pages = groups.chunks(per_page).enumerate();
        pages.map(page).collect()
    })
}

/// `A 找工作 5 人等` over `约 10～20 分钟 A026 A027`, as much of each as fits.
fn rows(frame: &Frame, hall: &Hall, queue: &GroupQueue) -> [Line; GROUP_ROWS] {
    let letter = queue.group.to_string();
    let layout = hall.layout.as_ref();
    let name = layout.and_then(|layout| layout.groups.get(&queue.group));
    let name = name.map_or("", |group| group.name.as_str());
    let short = name.split('、').next().unwrap_or_default();
    let people = queue.waiting;
    let what = [
        format!("{letter} {name} {people}人等"),
        format!("{letter} {short} {people}人等"),
        format!("{letter} {people}人等"),
        format!("{letter} {people}人"),
    ];
    let wait = queue.wait.text().replace(' ', "");
    let next: Vec<String> = queue.next.iter().map(ToString::to_string).collect();
    let shorter = (0..=next.len()).rev().map(|count| next[..count].join(" "));
    let whose = shorter.map(|next| format!("等{wait} {next}").trim_end().to_owned());
    let whose: Vec<String> = whose.chain([wait.clone()]).collect();
    let first = |texts: &[String]| {
        let fitting = texts.iter().find(|text| fits(frame, text));
        fitting.or(texts.last()).cloned().unwrap_or_default()
    };
    [
        Line::of(Colour::Amber, first(&what)),
        Line::of(Colour::Green, first(&whose)),
    ]
}
