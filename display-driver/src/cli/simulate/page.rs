//! The live page of a simulation: every board's dots in a browser, fetched again four times a second.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;

/// The page without its boards; it needs nothing from elsewhere.
const PAGE: &str = include_str!("page.html");

/// The newest picture of each board, by its number.
#[derive(Debug, Clone, Default)]
pub(super) struct SharedPictures(Arc<Mutex<BTreeMap<u16, Vec<u8>>>>);

impl SharedPictures {
    /// Takes the place of the board's picture.
    pub(super) fn put(&self, address: u16, png: Vec<u8>) {
        self.with(|pictures| pictures.insert(address, png));
    }

    fn with<T>(&self, touch: impl FnOnce(&mut BTreeMap<u16, Vec<u8>>) -> T) -> T {
        // A panic elsewhere leaves whole pictures; they stay usable.
        touch(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Listens for browsers and answers them until the runtime ends; gives the address.
pub(super) async fn serve(at: SocketAddr, pictures: SharedPictures) -> std::io::Result<SocketAddr> {
    let listener = TcpListener::bind(at).await?;
    let at = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, app(pictures)).await });
    Ok(at)
}

fn app(pictures: SharedPictures) -> Router {
    Router::new()
        .route("/", get(page))
        .route("/board/{file}", get(board))
        .with_state(pictures)
}

async fn page(State(pictures): State<SharedPictures>) -> Html<String> {
    let numbers: Vec<u16> = pictures.with(|pictures| pictures.keys().copied().collect());
    let figures = numbers.iter().map(|number| {
        format!(
            "<figure><img src=\"/board/{number}.png\" alt=\"屏 {number} 的画面\">\
             <figcaption>屏 {number}</figcaption></figure>\n"
        )
    });
    Html(PAGE.replace("{boards}", &figures.collect::<String>()))
}

async fn board(State(pictures): State<SharedPictures>, Path(file): Path<String>) -> Response {
    let number = file
        .strip_suffix(".png")
        .and_then(|number| number.parse().ok());
    let picture = number.and_then(|number: u16| pictures.with(|all| all.get(&number).cloned()));
    let headers = [
        (header::CONTENT_TYPE, "image/png"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    match picture {
        Some(png) => (headers, png).into_response(),
        None => (StatusCode::NOT_FOUND, "没有这块屏").into_response(),
    }
}
