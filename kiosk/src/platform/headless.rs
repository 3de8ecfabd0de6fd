//! A screen without a display: our own Slint platform that draws into memory.
//!
//! The same build runs with a window or without one. Headless, the frame is a picture in memory that
//! any thread may copy, and touches arrive as messages. Nothing here knows a page; nothing is written
//! to disk but a PNG that a caller asks for.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::rc::Rc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use slint::platform::software_renderer::{MinimalSoftwareWindow, RepaintBufferType};
use slint::platform::{
    EventLoopProxy, Platform, PointerEventButton, SetPlatformError, WindowAdapter, WindowEvent,
};
use slint::{EventLoopError, LogicalPosition, PhysicalSize, PlatformError, Rgb8Pixel};

/// How often a running animation is redrawn: 60 frames a second.
const FRAME_TIME: Duration = Duration::from_millis(16);
/// The longest sleep of the event loop; only a bound, since messages and timers wake it.
const SLEEP_MAX: Duration = Duration::from_secs(5);

/// What is on the screen now.
#[derive(Debug, Clone, Default)]
pub struct Frame {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Row by row, from the top left.
    pixels: Vec<Rgb8Pixel>,
    /// Grows by one with every repaint, so that an unchanged picture need not be sent again.
    pub version: u64,
}

impl Frame {
    /// Three bytes a pixel, row by row.
    pub fn rgb(&self) -> Vec<u8> {
        self.pixels
            .iter()
            .flat_map(|pixel| [pixel.r, pixel.g, pixel.b])
            .collect()
    }

    /// Writes the picture as PNG.
    pub fn write_png(&self, out: impl Write) -> io::Result<()> {
        let mut encoder = png::Encoder::new(out, self.width, self.height);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::Fast);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&self.rgb())?;
        writer.finish()?;
        Ok(())
    }

    /// Writes the picture as a PNG file.
    pub fn save_png(&self, path: &Path) -> io::Result<()> {
        let mut file = BufWriter::new(File::create(path)?);
        self.write_png(&mut file)?;
        file.flush()
    }

    fn resize(&mut self, size: PhysicalSize) {
        let pixels = u64::from(size.width) * u64::from(size.height);
        let pixels = usize::try_from(pixels).expect("a frame fits in memory, because screens do");
        self.width = size.width;
        self.height = size.height;
        self.pixels = vec![Rgb8Pixel::default(); pixels];
    }
}

/// One thing for the event loop to do.
enum Message {
    Run(Box<dyn FnOnce() + Send>),
    Touch(LogicalPosition),
    Quit,
}

/// The screen as other threads see it: the picture, and a finger.
#[derive(Debug, Clone)]
pub struct ScreenHandle {
    frame: Arc<Mutex<Frame>>,
    messages: Sender<Message>,
}

impl ScreenHandle {
    /// A copy of the picture now.
    pub fn frame(&self) -> Frame {
        locked(&self.frame).clone()
    }

    /// The number of the newest repaint.
    pub fn version(&self) -> u64 {
        locked(&self.frame).version
    }

    /// Touches the screen at a point, in pixels from the top left.
    pub fn touch(&self, x: f32, y: f32) -> Result<(), EventLoopError> {
        self.send(Message::Touch(LogicalPosition::new(x, y)))
    }

    fn send(&self, message: Message) -> Result<(), EventLoopError> {
        self.messages
            .send(message)
            .map_err(|_| EventLoopError::EventLoopTerminated)
    }
}

impl std::fmt::Debug for Message {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Self::Run(_) => "Run",
            Self::Touch(_) => "Touch",
            Self::Quit => "Quit",
        })
    }
}

/// Lets `slint::invoke_from_event_loop` and `slint::quit_event_loop` reach our loop.
struct Proxy(Sender<Message>);

impl EventLoopProxy for Proxy {
    fn quit_event_loop(&self) -> Result<(), EventLoopError> {
        self.0
            .send(Message::Quit)
            .map_err(|_| EventLoopError::EventLoopTerminated)
    }

    fn invoke_from_event_loop(
        &self,
        event: Box<dyn FnOnce() + Send>,
    ) -> Result<(), EventLoopError> {
        self.0
            .send(Message::Run(event))
            .map_err(|_| EventLoopError::EventLoopTerminated)
    }
}

/// Where Slint's timers and animations take the time from.
enum Clock {
    Wall(Instant),
    /// Moves only by [`Screen::advance`]: snapshots and tests.
    Hand(Cell<Duration>),
}

impl Clock {
    fn now(&self) -> Duration {
        match self {
            Self::Wall(start) => start.elapsed(),
            Self::Hand(at) => at.get(),
        }
    }
}

/// The screen on its own thread: draws, takes touches, tells the time.
pub struct Screen {
    window: Rc<MinimalSoftwareWindow>,
    clock: Rc<Clock>,
    handle: ScreenHandle,
}

impl std::fmt::Debug for Screen {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Screen")
            .field("version", &self.handle.version())
            .finish_non_exhaustive()
    }
}

impl Screen {
    /// Makes this thread's Slint draw into memory with a clock that stands still, and no event loop:
    /// for snapshots and tests. Every thread may have one.
    pub fn still(size: PhysicalSize) -> Result<Self, SetPlatformError> {
        Self::install(size, Clock::Hand(Cell::new(Duration::ZERO)), None)
    }

    /// Makes this process' Slint draw into memory in real time, with an event loop that
    /// `KioskWindow::run` enters: the kiosk without a display. Once per process.
    pub fn running(size: PhysicalSize) -> Result<Self, SetPlatformError> {
        let (sender, receiver) = mpsc::channel();
        Self::install(size, Clock::Wall(Instant::now()), Some((sender, receiver)))
    }

    fn install(
        size: PhysicalSize,
        clock: Clock,
        channel: Option<(Sender<Message>, Receiver<Message>)>,
    ) -> Result<Self, SetPlatformError> {
        let (messages, inbox, has_loop) = match channel {
            Some((sender, receiver)) => (sender, receiver, true),
            None => {
                let (sender, receiver) = mpsc::channel();
                (sender, receiver, false)
            }
        };
        let screen = Self {
            window: MinimalSoftwareWindow::new(RepaintBufferType::ReusedBuffer),
            clock: Rc::new(clock),
            handle: ScreenHandle {
                frame: Arc::default(),
                messages,
            },
        };
        slint::platform::set_platform(Box::new(HeadlessPlatform {
            screen: screen.share(),
            inbox,
            has_loop,
        }))?;
        screen.resize(size);
        Ok(screen)
    }

    fn share(&self) -> Self {
        Self {
            window: Rc::clone(&self.window),
            clock: Rc::clone(&self.clock),
            handle: self.handle.clone(),
        }
    }

    /// A handle for other threads.
    pub fn handle(&self) -> ScreenHandle {
        self.handle.clone()
    }

    /// Gives the screen another size; the next draw is a whole one.
    pub fn resize(&self, size: PhysicalSize) {
        let is_other = {
            let mut frame = locked(&self.handle.frame);
            let is_other = (frame.width, frame.height) != (size.width, size.height);
            if is_other {
                frame.resize(size);
            }
            is_other
        };
        // what is not drawn again stays on a screen of the same size
        if !is_other {
            return;
        }
        self.window.set_size(size);
        self.window.request_redraw();
    }

    /// Moves a standing clock on, and lets what is due happen. A running clock moves by itself.
    pub fn advance(&self, step: Duration) {
        if let Clock::Hand(at) = &*self.clock {
            at.set(at.get() + step);
        }
        slint::platform::update_timers_and_animations();
    }

    /// Lets due timers and changes happen, then repaints what changed. True if anything was painted.
    pub fn draw(&self) -> bool {
        slint::platform::update_timers_and_animations();
        let mut frame = locked(&self.handle.frame);
        let stride = usize::try_from(frame.width).expect("a width fits, because screens do");
        let painted = self.window.draw_if_needed(|renderer| {
            renderer.render(&mut frame.pixels, stride);
        });
        if painted {
            frame.version += 1;
        }
        painted
    }

    /// The picture as it was last drawn.
    pub fn frame(&self) -> Frame {
        self.handle.frame()
    }

    /// A finger down at a point, which stays there.
    pub fn press(&self, position: LogicalPosition) {
        self.window
            .dispatch_event(WindowEvent::PointerMoved { position });
        self.window.dispatch_event(WindowEvent::PointerPressed {
            position,
            button: PointerEventButton::Left,
        });
    }

    /// The finger leaves the glass.
    pub fn release(&self, position: LogicalPosition) {
        self.window.dispatch_event(WindowEvent::PointerReleased {
            position,
            button: PointerEventButton::Left,
        });
        self.window.dispatch_event(WindowEvent::PointerExited);
    }

    /// A short touch at a point.
    pub fn touch(&self, position: LogicalPosition) {
        self.press(position);
        self.release(position);
        slint::platform::update_timers_and_animations();
    }

    /// Keys of a keyboard, a keypad or a scanner.
    pub fn type_keys(&self, keys: &str) {
        type_into(&self.window, keys);
        slint::platform::update_timers_and_animations();
    }

    /// How long the loop may sleep before something is due.
    fn rest(&self) -> Duration {
        if self.window.has_active_animations() {
            return FRAME_TIME;
        }
        let due = slint::platform::duration_until_next_timer_update();
        due.map_or(SLEEP_MAX, |until| until.min(SLEEP_MAX))
    }
}

/// Every character goes down and up again.
pub fn type_into(window: &slint::Window, keys: &str) {
    for key in keys.chars() {
        let text = slint::SharedString::from(key);
        window.dispatch_event(WindowEvent::KeyPressed { text: text.clone() });
        window.dispatch_event(WindowEvent::KeyReleased { text });
    }
}

struct HeadlessPlatform {
    screen: Screen,
    inbox: Receiver<Message>,
    has_loop: bool,
}

impl Platform for HeadlessPlatform {
    fn create_window_adapter(&self) -> Result<Rc<dyn WindowAdapter>, PlatformError> {
        Ok(self.screen.window.clone())
    }

    fn run_event_loop(&self) -> Result<(), PlatformError> {
        if !self.has_loop {
            return Err(PlatformError::NoEventLoopProvider);
        }
        loop {
            self.screen.draw();
            match self.inbox.recv_timeout(self.screen.rest()) {
                Ok(Message::Run(event)) => event(),
                Ok(Message::Touch(position)) => self.screen.touch(position),
                Ok(Message::Quit) | Err(RecvTimeoutError::Disconnected) => return Ok(()),
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    fn new_event_loop_proxy(&self) -> Option<Box<dyn EventLoopProxy>> {
        let messages = self.screen.handle.messages.clone();
        self.has_loop
            .then(|| Box::new(Proxy(messages)) as Box<dyn EventLoopProxy>)
    }

    fn duration_since_start(&self) -> Duration {
        self.screen.clock.now()
    }
}

/// A painter that panicked leaves a picture that is merely old.
fn locked(frame: &Mutex<Frame>) -> MutexGuard<'_, Frame> {
    frame.lock().unwrap_or_else(PoisonError::into_inner)
}
