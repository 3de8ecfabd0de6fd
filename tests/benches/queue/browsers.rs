//! A live page in a hundred browsers: half of them the public display, half the manager's page, each
//! with its stream of changes open. Measured is from the moment at which a clerk presses a button to
//! the moment at which a browser has the page that shows it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use acceptance::figures::{Times, ratio};
use central::staff::Staff;
use central::window_desk::Seen;
use domain::case::Role;
use domain::queue::WindowAct;

use crate::crowd::{Crowd, WAITING, windows};
use crate::line::Line;
use crate::{Fault, Outcome};

const BROWSERS: usize = 100;
const CALLS: usize = 40;
/// Longer than the least time between two events of a stream.
const BETWEEN_CALLS: Duration = Duration::from_millis(1_500);
const ALONE: usize = 40;
const AIM_MS: u32 = 1_000;
/// The two pages.
const PAGES: [&str; 2] = ["/display", "/staff/hall"];
const LOCK: &str = "what a browser saw, because no holder panics";

/// When a browser asked for its page, and when it had it.
type Views = Arc<Mutex<Vec<(Instant, Instant)>>>;

pub(crate) fn measure() -> Outcome {
    let crowd = Crowd::gather()?;
    println!("a live page in {BROWSERS} browsers, {WAITING} waiting, {CALLS} calls:");
    let server = crowd.serve()?;
    let (_, cookie) = crowd.employ_as("manager", Role::HallManager)?;
    let alone = alone(server, &cookie)?;
    let views = open_all(server, &cookie)?;
    let pressed = call_now_and_then(&crowd)?;
    let (mut times, mut missed) = (Vec::new(), 0);
    for views in &views {
        let views = views.lock().expect(LOCK);
        for at in &pressed {
            match views.iter().find(|(asked, _)| asked >= at) {
                Some((_, had)) => times.push(had.duration_since(*at)),
                None => missed += 1,
            }
        }
    }
    let times = Times::of(times);
    println!("  from the button to the page: {times} (aim: p99 ≤ {AIM_MS} ms), {missed} missed");
    println!(
        "    one browser alone asks for the page: {alone}; ratio {:.1}",
        ratio(times.at(500), alone.at(500))
    );
    Ok(())
}

fn alone(server: SocketAddr, cookie: &str) -> Result<Times, Fault> {
    let mut line = Line::open(server, cookie.to_owned())?;
    let mut times = Vec::new();
    for page in PAGES.into_iter().cycle().take(ALONE) {
        let begun = Instant::now();
        line.get(page)?;
        times.push(begun.elapsed());
    }
    Ok(Times::of(times))
}

/// Opens every browser; they go on until the service ends.
fn open_all(server: SocketAddr, cookie: &str) -> Result<Vec<Views>, Fault> {
    let mut all = Vec::new();
    for page in PAGES.into_iter().cycle().take(BROWSERS) {
        let views = Views::default();
        let browser = Browser {
            line: Line::open(server, cookie.to_owned())?,
            page,
            views: Arc::clone(&views),
        };
        let changes = Changes::open(server)?;
        all.push(views);
        std::thread::spawn(move || browser.follow(changes));
    }
    Ok(all)
}

/// The stream of changes of one browser.
struct Changes(BufReader<TcpStream>);

impl Changes {
    fn open(server: SocketAddr) -> Result<Self, Fault> {
        let mut stream = TcpStream::connect(server)?;
        stream.write_all(b"GET /changes HTTP/1.1\r\nhost: hall\r\n\r\n")?;
        Ok(Self(BufReader::new(stream)))
    }

    /// Waits for the next one; `false` when the stream has ended.
    fn wait(&mut self) -> bool {
        let mut line = String::new();
        loop {
            line.clear();
            match self.0.read_line(&mut line) {
                Ok(0) | Err(_) => return false,
                Ok(_) if line.starts_with("event: changed") => return true,
                Ok(_) => {}
            }
        }
    }
}

struct Browser {
    line: Line,
    page: &'static str,
    views: Views,
}

impl Browser {
    /// Asks for its page at every change, as `assets/pages/live.js` does.
    fn follow(mut self, mut changes: Changes) {
        while changes.wait() {
            let asked = Instant::now();
            if self.line.get(self.page).is_ok() {
                let view = (asked, Instant::now());
                self.views.lock().expect(LOCK).push(view);
            }
        }
    }
}

/// When the buttons were pressed.
fn call_now_and_then(crowd: &Crowd) -> Result<Vec<Instant>, Fault> {
    let (session, _) = crowd.employ("desk")?;
    let clerk = Staff::of(session)?;
    let mut pressed = Vec::new();
    for window in windows().take(CALLS) {
        std::thread::sleep(BETWEEN_CALLS);
        pressed.push(Instant::now());
        let called = crowd
            .app
            .at_window(&clerk, window, WindowAct::CallNext, Seen::Anything);
        let called = crowd.runtime.block_on(called);
        called.map_err(|problem| problem.detail)?;
    }
    std::thread::sleep(2 * BETWEEN_CALLS);
    Ok(pressed)
}
