//! One step with many records: first what it would come to with each, then the confirmation.

use maud::{Markup, html};

use crate::pages::frame::{Desk, MenuEntry, Said, said, staff_page};

/// What the page shows.
#[derive(Debug, Clone)]
pub(crate) struct BulkView {
    pub(crate) kind: String,
    pub(crate) kind_name: String,
    pub(crate) step: String,
    pub(crate) step_name: String,
    /// Id, number and why not.
    pub(crate) lines: Vec<(String, String, Option<String>)>,
    pub(crate) needs_reason: bool,
    pub(crate) reason: String,
    /// Already done: nothing is left to confirm.
    pub(crate) is_done: bool,
}

/// The page.
pub(crate) fn bulk_page(desk: &Desk, view: &BulkView, notice: Option<&Said>) -> Markup {
    let can = view
        .lines
        .iter()
        .filter(|(_, _, refusal)| refusal.is_none())
        .count();
    let back = format!("/staff/records/{}", view.kind);
    let title = format!("{}：{}", view.kind_name, view.step_name);
    let content = html! {
        div.stack {
            h1 { (title) }
            (said(notice))
            form.card method="post" action=(format!("{back}/bulk")) {
                (desk.form_token.field())
                input type="hidden" name="step" value=(view.step);
                input type="hidden" name="confirmed" value="yes";
                div.pad {
                    @if view.is_done { p { "办好 " (can) " 条。" } }
                    @else { p { "能办 " (can) " 条，不能办的写着为什么，不会动。" } }
                }
                table {
                    thead { tr { th.tight { "编号" } th { "结果" } } }
                    tbody { @for (id, number, refusal) in &view.lines { tr {
                        th.tight scope="row" { a href=(format!("/staff/record/{id}")) { (number) } }
                        td {
                            @match refusal {
                                None => {
                                    span.tag.good { @if view.is_done { "✓ 办好了" } @else { "能办" } }
                                    input type="hidden" name="record" value=(id);
                                }
                                Some(why) => { span.tag.care { "没办" } " " (why) }
                            }
                        }
                    } } }
                }
                @if !view.is_done && can > 0 {
                    div.pad {
                        @if view.needs_reason {
                            div.field {
                                label for="reason" { "理由" }
                                input #reason name="reason" value=(view.reason) required maxlength="200" size="40";
                            }
                        }
                        button.primary { "办这 " (can) " 条" }
                    }
                }
            }
            p { a.button href=(back) { "回到列表" } }
        }
    };
    staff_page(desk, MenuEntry::Records, &title, None, &content)
}
