//! What a clerk waits for when a page is asked for: through the router, signed in, one request at
//! a time, until the last byte of the HTML.

use acceptance::figures::{Times, ratio};

use crate::invented::{self, Dice};
use crate::office::{Office, encoded, timed};
use crate::{Fault, Outcome, raw};

const KINDS: [&str; 4] = ["person", "vacancy", "jobseek_once", "appointment"];
const SORTS: [&str; 4] = ["changed", "due", "title", "number"];

pub(crate) fn measure(office: &Office) -> Outcome {
    println!("pages, one request at a time (aim: lists and search p99 ≤ 50 ms, a record ≤ 10 ms):");
    let mut dice = Dice::of(11);
    let bare = raw::pages(&office.database(), "vacancy", office.requests)?;
    let newest = asked(office, || "/staff/records/vacancy".to_owned())?;
    say("list, the newest 50 vacancies", &newest);
    println!(
        "    bare SQLite, the same rows by an index: {bare}; ratio {:.0}",
        ratio(newest.at(500), bare.at(500))
    );
    say(
        "list, any kind, order and page",
        &asked(office, || any_list(&mut dice, &[""]))?,
    );
    let states = [
        "draft",
        "submitted",
        "pending",
        "published",
        "expired",
        "withdrawn",
        "booked",
    ];
    say(
        "list, in one state",
        &asked(office, || any_list(&mut dice, &states))?,
    );
    let typed = [
        "a part of a title",
        "two words",
        "initials",
        "a number",
        "a character",
        "a letter",
        "nothing like it",
    ];
    for (way, name) in typed.iter().enumerate() {
        let search = || {
            search(&typed_text(
                &mut dice,
                way,
                office.filled.by_kind["vacancy"].len(),
            ))
        };
        say(&format!("search, {name}"), &asked(office, search)?);
    }
    records(office, &mut dice)?;
    say(
        "start page with the work of today",
        &asked(office, || "/staff".to_owned())?,
    );
    say(
        "all kinds with their counts",
        &asked(office, || "/staff/records".to_owned())?,
    );
    Ok(())
}

fn records(office: &Office, dice: &mut Dice) -> Outcome {
    for kind in KINDS {
        let records = &office.filled.by_kind[kind];
        let one = || format!("/staff/record/{}", records[dice.below(records.len())]);
        let note = match kind {
            "vacancy" => "",
            _ => ", with a durable line in the trail",
        };
        say(&format!("one record, {kind}{note}"), &asked(office, one)?);
    }
    Ok(())
}

fn asked(office: &Office, mut address: impl FnMut() -> String) -> Result<Times, Fault> {
    let addresses: Vec<_> = (0..office.requests).map(|_| address()).collect();
    timed(addresses, |address| Ok(office.get(&address)?.0))
}

fn any_list(dice: &mut Dice, states: &[&str]) -> String {
    let (kind, sort, state) = (dice.pick(&KINDS), dice.pick(&SORTS), dice.pick(states));
    // people look at the first pages; now and then somebody goes far
    let page = match dice.below(10) {
        0 => 1 + dice.below(200),
        _ => 1 + dice.below(5),
    };
    format!("/staff/records/{kind}?state={state}&sort={sort}&page={page}")
}

fn search(typed: &str) -> String {
    format!("/staff/records/vacancy?q={}", encoded(typed))
}

fn typed_text(dice: &mut Dice, way: usize, vacancies: usize) -> String {
    let title: Vec<char> = invented::title(dice).chars().collect();
    let part = |dice: &mut Dice, length: usize| {
        let from = dice.below(title.len() - length + 1);
        title[from..from + length].iter().collect::<String>()
    };
    match way {
        0 => part(dice, 3),
        1 => format!(
            "{} {}",
            part(dice, 2),
            dice.pick(&["整洁", "经验", "澄禾", "盘点", "白鹭湾"])
        ),
        2 => dice
            .pick(&["yjzpg", "zjy", "cgy", "jxg", "hg", "kfzy", "bj", "dg"])
            .to_owned(),
        3 => format!("{:05}", 1 + dice.below(vacancies / 10)),
        4 => part(dice, 1),
        5 => dice.pick(&["g", "y", "z", "s"]).to_owned(),
        _ => "航天员".to_owned(),
    }
}

fn say(what: &str, times: &Times) {
    println!("  {what}: {times}");
}
