//! Every staff route is registered here, and only with a handler whose first argument is the proof
//! of a right: the right is read off the handler's type, so that the table cannot say anything else
//! than what is checked. A route that changes something also takes a form that [`ChecksToken`].

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{get, post};

use crate::app_state::AppState;
use crate::staff::{Right, RightEntry, Staff};

/// A staff route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteEntry {
    /// Its method.
    pub method: Method,
    /// Its path, with the names of what varies.
    pub path: &'static str,
    /// The right that it takes.
    pub right: RightEntry,
}

/// The arguments of a handler that is given a right.
pub(super) trait Guarded {
    /// The right.
    type Right: Right;
}

/// The arguments of a handler that is given a right and a form of this session.
pub(super) trait TakesForm: Guarded {}

/// A body that is taken only with the form token of the session.
pub(super) trait ChecksToken {}

macro_rules! arguments {
    ($(($($between:ident),*),)+) => {$(
        impl<M, R: Right, $($between,)* L> Guarded for (M, Staff<R>, $($between,)* L) {
            type Right = R;
        }

        impl<M, R: Right, $($between,)* L: ChecksToken> TakesForm
            for (M, Staff<R>, $($between,)* L) {}
    )+};
}

arguments! { (), (A), (A, B), (A, B, C), }

/// A router of staff pages while it is put together.
pub(super) struct StaffRoutes {
    router: Router<AppState>,
    table: Vec<RouteEntry>,
}

impl StaffRoutes {
    /// None.
    pub(super) fn new() -> Self {
        Self {
            router: Router::new(),
            table: Vec::new(),
        }
    }

    /// A page that is read.
    pub(super) fn get<H, T>(self, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, AppState>,
        T: Guarded + 'static,
    {
        let mut routes = self.noted::<T>(Method::GET, path);
        routes.router = routes.router.route(path, get(handler));
        routes
    }

    /// An act.
    pub(super) fn post<H, T>(self, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, AppState>,
        T: TakesForm + 'static,
    {
        let mut routes = self.noted::<T>(Method::POST, path);
        routes.router = routes.router.route(path, post(handler));
        routes
    }

    fn noted<T: Guarded>(mut self, method: Method, path: &'static str) -> Self {
        let right = T::Right::ENTRY;
        self.table.push(RouteEntry {
            method,
            path,
            right,
        });
        self
    }

    /// The router.
    pub(super) fn into_router(self) -> Router<AppState> {
        self.router
    }

    /// The table.
    pub(super) fn into_table(self) -> Vec<RouteEntry> {
        self.table
    }
}
