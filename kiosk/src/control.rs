//! The headless kiosk's control socket, for acceptance tests and the demo only: one JSON document a
//! line in, one out. `{"press":"取号"}` touches the control with these words (the one thing on
//! the page that has them or begins with them), `{"touch":[x,y]}` a point, `{"snapshot":"a.png"}`
//! saves the picture, `{"labels":true}` lists what can be touched, `{"texts":true}` what can be
//! read, `{"page":true}` names the page, `{"type":"A012\n"}` is a keyboard or a scanner,
//! `{"leave":true}` ends the visit as its time-out does. `{"panic":true}` and `{"hang":true}` are
//! faults of the thread that draws, for the test of the watchdog. Everything it does is marked with
//! the origin `demo`.

use std::io::{self, BufRead, BufReader, Write};
use std::ops::ControlFlow;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use i_slint_backend_testing::{AccessibleRole, ElementRoot};
use serde::Deserialize;
use serde_json::{Value, json};
use slint::{ComponentHandle, LogicalPosition};
use wire::event::Origin;
use zeroize::Zeroizing;

use crate::app::event::{Event, Touch};
use crate::app::front::{self, Front, page_name};
use crate::platform::headless::ScreenHandle;
use crate::platform::{control, headless};

/// How long a press waits for its control to appear.
const PRESS_WAIT: Duration = Duration::from_secs(3);
const LOOK_INTERVAL: Duration = Duration::from_millis(20);
/// How long the thread that draws may take to answer.
const ANSWER_WAIT: Duration = Duration::from_secs(5);

/// One line from outside.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Order {
    /// Touch the control with these words.
    Press(String),
    /// Touch a point.
    Touch((f32, f32)),
    /// Save the picture.
    Snapshot(PathBuf),
    /// List what can be touched.
    Labels(bool),
    /// List what can be read.
    Texts(bool),
    /// Name the page.
    Page(bool),
    /// Type, as a keyboard or a scanner.
    Type(String),
    /// End the visit.
    Leave(bool),
    /// Panic.
    Panic(bool),
    /// Answer nothing any more.
    Hang(bool),
}

/// Listens at `path` until the process ends.
///
/// # Errors
/// When the socket cannot be made.
pub fn listen(path: &Path, screen: ScreenHandle) -> io::Result<()> {
    // A socket of an earlier run that was killed; the data directory's lock says it is ours.
    let _ = std::fs::remove_file(path);
    let listener = UnixListener::bind(path)?;
    thread::Builder::new()
        .name("control".to_owned())
        .spawn(move || {
            for stream in listener.incoming().flatten() {
                let screen = screen.clone();
                let serve = move || serve(stream, &screen);
                if let Err(error) = thread::Builder::new()
                    .name("control line".to_owned())
                    .spawn(serve)
                {
                    tracing::warn!(%error, "a control line could not be served");
                }
            }
        })?;
    Ok(())
}

fn serve(stream: UnixStream, screen: &ScreenHandle) {
    let Ok(mut answers) = stream.try_clone() else {
        return;
    };
    for line in BufReader::new(stream).lines() {
        let Ok(line) = line else { return };
        let answer = match serde_json::from_str(&line) {
            Ok(order) => carry_out(order, screen),
            Err(error) => failed(&error.to_string()),
        };
        if writeln!(answers, "{answer}").is_err() {
            return;
        }
    }
}

fn failed(reason: &str) -> Value {
    json!({"ok": false, "error": reason})
}

fn carry_out(order: Order, screen: &ScreenHandle) -> Value {
    match order {
        Order::Press(words) => press(&words),
        Order::Touch((x, y)) => on_front(move |front| {
            front.touch(LogicalPosition::new(x, y), Origin::Demo);
            json!({"ok": true})
        }),
        Order::Snapshot(path) => snapshot(&path, screen),
        Order::Labels(_) => on_front(|front| json!({"ok": true, "labels": labels(front)})),
        Order::Texts(_) => on_front(|front| json!({"ok": true, "texts": texts(front)})),
        Order::Page(_) => on_front(|front| json!({"ok": true, "page": page_name(front.page())})),
        Order::Type(keys) => on_front(move |front| {
            let keys = Zeroizing::new(keys);
            headless::type_into(front.window().window(), &keys);
            json!({"ok": true})
        }),
        Order::Leave(_) => on_front(|front| {
            front.happened(Event::Touch(Touch::Leave));
            json!({"ok": true})
        }),
        Order::Panic(_) => on_front(|_| panic!("asked for by the control socket")),
        Order::Hang(_) => on_front(|_| {
            loop {
                thread::park();
            }
        }),
    }
}

/// A page that is still on its way is waited for.
fn press(words: &str) -> Value {
    let until = Instant::now() + PRESS_WAIT;
    loop {
        let wanted = words.to_owned();
        let answer = on_front(move |front| match control::find(front.window(), &wanted) {
            Some(found) if found.enabled => {
                front.touch(found.centre(), Origin::Demo);
                json!({"ok": true, "page": page_name(front.page())})
            }
            Some(_) => failed("it cannot be touched now"),
            None => failed("there is no such control on the page"),
        });
        if answer["ok"] == true || Instant::now() >= until {
            return answer;
        }
        thread::sleep(LOOK_INTERVAL);
    }
}

/// The picture after everything that is due has been drawn.
fn snapshot(path: &Path, screen: &ScreenHandle) -> Value {
    on_front(|_| json!({"ok": true}));
    on_front(|_| json!({"ok": true}));
    match screen.frame().save_png(path) {
        Ok(()) => json!({"ok": true}),
        Err(error) => failed(&error.to_string()),
    }
}

fn labels(front: &Front) -> Vec<Value> {
    let describe = |found: control::Control| {
        let centre = found.centre();
        json!({"label": found.label, "enabled": found.enabled, "x": centre.x, "y": centre.y})
    };
    control::controls(front.window())
        .into_iter()
        .map(describe)
        .collect()
}

fn texts(front: &Front) -> Vec<String> {
    let mut all = Vec::new();
    front.window().root_element().visit_descendants(|element| {
        if element.accessible_role() == Some(AccessibleRole::Text) {
            all.extend(element.accessible_label().map(String::from));
        }
        ControlFlow::<()>::Continue(())
    });
    // A component and those it inherits from are one text, but one element each.
    all.dedup();
    all.retain(|text| !text.is_empty());
    all
}

/// Runs on the thread that draws and waits for the answer.
fn on_front(run: impl FnOnce(&Front) -> Value + Send + 'static) -> Value {
    let (answer, answered) = mpsc::channel();
    let invoked = slint::invoke_from_event_loop(move || {
        let value = front::current().map_or_else(|| failed("there is no window"), |f| run(&f));
        let _ = answer.send(value);
    });
    match invoked {
        Ok(()) => answered
            .recv_timeout(ANSWER_WAIT)
            .unwrap_or_else(|e| failed(&e.to_string())),
        Err(error) => failed(&error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_read_as_documented_and_nothing_else_does() {
        let order = |text| serde_json::from_str::<Order>(text).ok();
        assert_eq!(
            order(r#"{"press":"取号"}"#),
            Some(Order::Press("取号".into()))
        );
        assert_eq!(
            order(r#"{"touch":[1,2.5]}"#),
            Some(Order::Touch((1.0, 2.5)))
        );
        assert_eq!(order(r#"{"labels":true}"#), Some(Order::Labels(true)));
        assert_eq!(order(r#"{"reboot":true}"#), None);
    }
}
