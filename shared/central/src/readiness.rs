//! Whether the service can do its work now: it is not stopping, its writer answers, and its disk
//! has room. That migrations are done needs no question: a store that is open has done them.

use wire::problem::{Problem, ProblemCode};

use crate::app_state::AppState;
use crate::store::StoreError;

/// Answers when everything is there that work needs.
///
/// # Errors
/// `Unavailable` says what is missing.
pub(crate) async fn ready(app: &AppState) -> Result<(), Problem> {
    if *app.stopping().borrow() {
        return Err(unavailable("服务正在停止。"));
    }
    let bytes_free = app
        .inner
        .store
        .disk_free_bytes()
        .map_err(|error| storage(&error))?;
    let bytes_min = app.inner.config.disk_free_bytes_min;
    if bytes_free < bytes_min {
        let (free, least) = (bytes_free >> 20, bytes_min >> 20);
        let sentence = format!("磁盘只剩 {free} MiB，少于 {least} MiB，快满了。");
        return Err(unavailable(&sentence));
    }
    // An empty transaction takes the writer's turn and the database's lock, and writes nothing.
    app.inner
        .store
        .write(|_| Ok(()))
        .await
        .map_err(|error| storage(&error))
}

fn storage(error: &StoreError) -> Problem {
    let sentence = format!("数据库现在不能写（{error}）。");
    unavailable(&sentence)
}

fn unavailable(sentence: &str) -> Problem {
    Problem::new(ProblemCode::Unavailable, sentence)
}
