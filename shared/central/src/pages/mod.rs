//! The pages of the service, in Chinese, made on the server: staff pages (叫号台, 评价, 设备墙,
//! 设备情况, 岗位, 业务线, 业务记录, 名单和批次, 网点, 考核, 联系群众, 短信发送, 群众意见, 政策参数, 账号, 操作记录), citizens' pages on the
//! ticket or appointment) and the hall display.
//!
//! Each page is a pure function from a view to markup; [`routes`] asks the service and fills the
//! views. Reading and submitting need no script; scripts only refresh marked regions and press
//! printed keys. Nothing comes from another host and nothing is inline (`guard`). Faces follow
//! `style/look.md` §2–§4, §10, §13; the pages must work in Chromium 90.
//!
//! Not here: rules of the queue and of scores (`domain`), and anything that touches the store.

mod accounts;
mod appointment;
mod audit;
mod boards;
mod capture;
mod card;
mod console;
mod contacts;
mod devices;
mod display;
mod documents;
mod feedback;
mod figures;
mod fleet;
mod form;
mod frame;
mod guard;
mod guide;
mod hall;
mod help;
mod icon;
mod index;
mod kpi;
mod lines;
mod listings;
mod lists;
mod matching;
mod outbox;
mod own_account;
mod own_scores;
mod pager;
mod parameters;
mod phone;
mod qr;
mod records;
mod requirements;
mod routes;
mod scores;
mod set_up;
mod sign_in;
mod start;
mod station;
mod ticket;
mod vacancy;

#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod ids_test;
#[cfg(test)]
mod words_test;

pub(crate) use routes::{
    ANSWER_ROUTE, COMPARE_ROUTE, SHEET_ROUTE, VACANCY_SHEET_ROUTE, refused_upload, upload_bytes_max,
};
pub use routes::{RouteEntry, router, table};
