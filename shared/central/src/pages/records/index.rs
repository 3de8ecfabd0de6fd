//! All kinds of records by service line, with how many wait.

use domain::case::ServiceLine;
use maud::{Markup, html};

use crate::pages::documents::CHECK_PATH;
use crate::pages::frame::{Desk, MenuEntry, staff_page};

/// A kind on the page.
#[derive(Debug, Clone)]
pub(crate) struct KindLine {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) about: String,
    /// Records in states where the centre must act.
    pub(crate) open: u64,
    pub(crate) total: u64,
}

/// What the page shows.
#[derive(Debug, Clone)]
pub(crate) struct IndexView {
    pub(crate) lines: Vec<(ServiceLine, Vec<KindLine>)>,
}

/// The page.
pub(crate) fn index_page(desk: &Desk, view: &IndexView) -> Markup {
    let content = html! {
        div.stack {
            div.row {
                h1 { "业务记录" }
                a.button.push href=(CHECK_PATH) { "查验文书" }
            }
            @if view.lines.is_empty() {
                p.say { "您的账号还没有可以看的业务。请找管账号的人设置角色。" }
            }
            @for (line, kinds) in &view.lines {
                div.card {
                    h2 { (line_name(*line)) }
                    table {
                        thead { tr { th { "业务" } th { "做什么用" } th.num { "要办的" } th.num { "总数" } } }
                        tbody { @for kind in kinds {
                            tr {
                                th scope="row" {
                                    a href=(format!("/staff/records/{}", kind.id)) data-row { (kind.name) }
                                }
                                td.soft { (kind.about) }
                                td.num { (kind.open) }
                                td.num { (kind.total) }
                            }
                        } }
                    }
                }
            }
            p.hint { kbd { "J" } kbd { "K" } " 上下移动　" kbd { "回车" } " 打开" }
        }
    };
    staff_page(desk, MenuEntry::Records, "业务记录", None, &content)
}

/// A service line in Chinese.
pub(crate) fn line_name(line: ServiceLine) -> &'static str {
    match line {
        ServiceLine::Employment => "就业",
        ServiceLine::Startup => "创业贷款",
        ServiceLine::UnemploymentInsurance => "失业保险",
        ServiceLine::Training => "培训见习",
        ServiceLine::Gig => "零工",
        ServiceLine::Administration => "内部管理与账务",
        ServiceLine::Common => "登记簿与公用",
    }
}
