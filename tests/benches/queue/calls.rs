//! A clerk's call with fifty windows before ten thousand people who wait, durable: at the desk that
//! the pages use, in this process, and as the form of the clerk's page over HTTP; one at a time,
//! and all windows at once.

use std::sync::Arc;
use std::time::{Duration, Instant};

use acceptance::figures::{Times, ratio};
use central::app_state::AppState;
use central::staff::{CallTickets, Staff};
use central::window_desk::Seen;
use domain::id::WindowNo;
use domain::queue::WindowAct;
use tokio::task::JoinSet;

use crate::bare::Bare;
use crate::crowd::{Crowd, WAITING, WINDOWS, windows};
use crate::line::Line;
use crate::{Fault, Outcome};

const CALLS: usize = 1_000;
const ROUNDS: usize = 10;
/// Clerks with a browser; the windows are more.
const CLERKS: usize = 8;
const AIM_AT_DESK_MS: u32 = 5;
const AIM_OVER_HTTP_MS: u32 = 20;

pub(crate) fn measure() -> Outcome {
    let crowd = Crowd::gather()?;
    println!("the next is called, {WINDOWS} windows, {WAITING} waiting, {CALLS} calls, durable:");
    let (session, _) = crowd.employ("desk")?;
    let clerk = Arc::new(Staff::of(session)?);
    let (at_desk, bare) = at_desk(&crowd, &clerk)?;
    println!("  at the desk: {at_desk} (aim: p99 ≤ {AIM_AT_DESK_MS} ms)");
    println!(
        "    bare SQLite, one durable insert: {bare}; ratio {:.1}",
        ratio(at_desk.at(500), bare.at(500))
    );
    let at_once = at_once(&crowd, &clerk)?;
    println!("  at the desk, all {WINDOWS} windows at once, {ROUNDS} times: {at_once}");
    let (over_http, pages) = over_http(&crowd)?;
    println!("  over HTTP, the clerk's form: {over_http} (aim: p99 ≤ {AIM_OVER_HTTP_MS} ms)");
    println!("  over HTTP, the console's page after it: {pages}");
    Ok(())
}

/// The calls, and a bare insert after each.
fn at_desk(crowd: &Crowd, clerk: &Staff<CallTickets>) -> Result<(Times, Times), Fault> {
    let bare = Bare::open(crowd.folder.path())?;
    let (mut calls, mut inserts) = (Vec::new(), Vec::new());
    for window in windows().take(CALLS) {
        free(crowd, clerk, window)?;
        calls.push(crowd.runtime.block_on(call(&crowd.app, clerk, window))?);
        inserts.push(bare.insert()?);
    }
    Ok((Times::of(calls), Times::of(inserts)))
}

fn at_once(crowd: &Crowd, clerk: &Arc<Staff<CallTickets>>) -> Result<Times, Fault> {
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let windows: Vec<_> = windows().take(WINDOWS.into()).collect();
        for window in &windows {
            free(crowd, clerk, *window)?;
        }
        times.extend(crowd.runtime.block_on(all_call(crowd, clerk, windows))?);
    }
    Ok(Times::of(times))
}

async fn all_call(
    crowd: &Crowd,
    clerk: &Arc<Staff<CallTickets>>,
    windows: Vec<WindowNo>,
) -> Result<Vec<Duration>, Fault> {
    let mut calls = JoinSet::new();
    for window in windows {
        let (app, clerk) = (crowd.app.clone(), Arc::clone(clerk));
        calls.spawn(async move { call(&app, &clerk, window).await });
    }
    let called = calls.join_all().await.into_iter();
    Ok(called.collect::<Result<_, _>>()?)
}

async fn call(
    app: &AppState,
    clerk: &Staff<CallTickets>,
    window: WindowNo,
) -> Result<Duration, String> {
    let begun = Instant::now();
    let called = app.at_window(clerk, window, WindowAct::CallNext, Seen::Anything);
    called.await.map_err(|problem| problem.detail)?;
    Ok(begun.elapsed())
}

/// Finishes whoever is at the window.
fn free(crowd: &Crowd, clerk: &Staff<CallTickets>, window: WindowNo) -> Outcome {
    if crowd.at(window).is_some() {
        let finish = WindowAct::Finish;
        let finished = crowd.app.at_window(clerk, window, finish, Seen::Anything);
        let finished = crowd.runtime.block_on(finished);
        finished.map_err(|problem| problem.detail)?;
    }
    Ok(())
}

/// A clerk's page.
struct Console {
    line: Line,
    window: WindowNo,
    form_token: String,
}

impl Console {
    fn press(&mut self, crowd: &Crowd, act: &str) -> Result<Duration, Fault> {
        let Self {
            window, form_token, ..
        } = self;
        let mut form = format!("form_token={form_token}&window={window}");
        if let Some(seen) = crowd.at(*window) {
            form.push_str(&format!("&ticket={seen}"));
        }
        let begun = Instant::now();
        self.line.post(&format!("/staff/console/{act}"), &form)?;
        Ok(begun.elapsed())
    }

    fn look(&mut self) -> Result<Duration, Fault> {
        let begun = Instant::now();
        self.line
            .get(&format!("/staff/console?window={}", self.window))?;
        Ok(begun.elapsed())
    }
}

/// The calls, and the pages that browsers ask for after them.
fn over_http(crowd: &Crowd) -> Result<(Times, Times), Fault> {
    let server = crowd.serve()?;
    let mut consoles = Vec::new();
    for window in windows().take(CLERKS) {
        let (session, cookie) = crowd.employ(&format!("clerk{window}"))?;
        consoles.push(Console {
            line: Line::open(server, cookie)?,
            window,
            form_token: session.csrf,
        });
    }
    let (mut calls, mut pages) = (Vec::new(), Vec::new());
    for turn in 0..CALLS {
        let console = &mut consoles[turn % CLERKS];
        if crowd.at(console.window).is_some() {
            console.press(crowd, "finish")?;
        }
        calls.push(console.press(crowd, "call-next")?);
        pages.push(console.look()?);
    }
    Ok((Times::of(calls), Times::of(pages)))
}
