//! A step with a record, durable when it is answered: a vacancy handed in through the router, an
//! application accepted at the desk, beside a single durable insert of bare SQLite.

use std::time::{Duration, Instant};

use acceptance::figures::ratio;
use central::cases::NewCase;
use domain::case::{Channel, Command, Values};
use domain::id::{KindId, PersonId, RecordId};

use crate::fill::acceptance;
use crate::invented::{self, Dice};
use crate::office::{Office, centre, now, timed};
use crate::{Fault, Outcome, raw};

pub(crate) fn measure(office: &Office) -> Outcome {
    println!("steps, one at a time, durable (aim: p99 ≤ 10 ms):");
    let folder = tempfile::tempdir_in(office.database().parent().ok_or("a folder")?)?;
    let bare = raw::durable_inserts(folder.path(), office.requests)?;
    let mut dice = Dice::of(13);
    let day = now().hall_date();
    let vacancies = (0..office.requests).map(|_| invented::vacancy(&mut dice, day));
    let vacancies = opened(office, "vacancy", vacancies.collect())?;
    let submitted = timed(&vacancies, |record| {
        let path = format!("/staff/record/{record}/step/submit");
        office.post(&office.clerk, &path, &[("seen", "1".to_owned())])
    })?;
    println!("  vacancy handed in, through the router: {submitted}");
    let published = timed(&vacancies, |record| {
        let path = format!("/staff/record/{record}/step/publish");
        office.post(&office.reviewer, &path, &[("seen", "2".to_owned())])
    })?;
    println!("  vacancy published with its listing, through the router: {published}");
    let applications = (0..office.requests).map(|_| invented::application(&mut dice, day));
    let applications = opened(office, "jobseek_once", applications.collect())?;
    let accept = acceptance(now())?;
    let handed_in = timed(&applications, |record| {
        act(office, *record, 1, Command::step("submit"))
    })?;
    println!("  application handed in, at the desk: {handed_in}");
    let accepted = timed(&applications, |record| {
        act(office, *record, 2, accept.clone())
    })?;
    println!("  application accepted, at the desk: {accepted}");
    println!(
        "    bare SQLite, one durable insert: {bare}; ratio of an accepted application {:.1}",
        ratio(accepted.at(500), bare.at(500))
    );
    Ok(())
}

fn opened(office: &Office, kind: &str, values: Vec<Values>) -> Result<Vec<RecordId>, Fault> {
    let (kind, station) = (KindId::new(kind)?, centre()?);
    let person = office.filled.by_kind["person"].first().copied();
    let new = values.into_iter().map(|values| NewCase {
        kind: kind.clone(),
        channel: Channel::Import,
        station: station.clone(),
        person: person.map(|person| PersonId(person.0)),
        employer: None,
        values,
        corrects: None,
    });
    let outcomes = office
        .desk
        .open_all(new.collect(), crate::office::system(), now());
    let outcomes = outcomes.map_err(|fault| format!("{fault:?}"))?.into_iter();
    outcomes
        .map(|outcome| Ok(outcome.map_err(|refusal| refusal.text)?))
        .collect()
}

fn act(office: &Office, record: RecordId, seen: u64, command: Command) -> Result<Duration, Fault> {
    let actor = office.clerk.session.actor(&centre()?);
    let begun = Instant::now();
    let acted = office.desk.act(record, seen, command, actor, now());
    office
        .runtime
        .block_on(acted)
        .map_err(|fault| format!("{fault:?}"))?;
    Ok(begun.elapsed())
}
