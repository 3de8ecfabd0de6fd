//! The records of the visit at a window: what is tied to it already, and the two ways to tie more.

use domain::id::{TicketId, WindowNo};
use maud::{Markup, html};

use crate::pages::frame::Desk;
use crate::pages::records::TiedRecord;

/// What the part shows.
#[derive(Debug, Clone)]
pub(crate) struct VisitRecords {
    /// The visit.
    pub(crate) ticket: TicketId,
    /// What it is tied to.
    pub(crate) tied: Vec<TiedRecord>,
    /// Kinds of which this clerk may open a record: id and name.
    pub(crate) kinds: Vec<(String, String)>,
}

/// The part.
pub(super) fn visit_records(desk: &Desk, window: WindowNo, visit: &VisitRecords) -> Markup {
    let address = format!("/staff/visits/{}", visit.ticket);
    html! {
        div.card {
            h2 { "这次办的业务" }
            div.pad.stack {
                @for tied in &visit.tied { p { a href=(tied.address) { (tied.name) } " " (tied.how) } }
                @if !visit.kinds.is_empty() {
                    form.row method="get" action=(format!("{address}/new")) {
                        label for="kind" { "新登记" }
                        select #kind name="kind" {
                            @for (id, name) in &visit.kinds { option value=(id) { (name) } }
                        }
                        button { "去登记" }
                    }
                }
                form.row method="post" action=(format!("{address}/records")) {
                    (desk.form_token.field())
                    input type="hidden" name="window" value=(window);
                    label for="number" { "已有的业务" }
                    input #number name="number" required maxlength="40" placeholder="业务编号" autocomplete="off";
                    button { "记上" }
                }
            }
        }
    }
}
