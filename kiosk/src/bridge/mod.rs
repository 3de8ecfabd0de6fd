//! `kiosk bridge`: lets a staff page in the browser of this desk ask the desk's card reader.
//!
//! A few lines of HTTP/1.1 on loopback, because a browser cannot open a serial port in Chromium 90
//! and a page must not. Who may ask: only a page of the configured centre (`Origin`), under the name
//! `127.0.0.1` (`Host`, so that a foreign name that was made to point here is refused), that was
//! given the code which the bridge showed when it started. One card at a time, 15 seconds, and what
//! was on the card is answered once: nothing is kept, written or logged.

mod access;
mod answer;
mod pairing;
mod request;
mod server;

pub use access::Origin;
pub use pairing::{Pairing, PairingError};
pub use server::{Bridge, serve};

#[cfg(test)]
mod tests;
