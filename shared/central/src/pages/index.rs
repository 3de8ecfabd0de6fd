//! The public start page: what this is, and the few things that can be done from afar.

use maud::{Markup, html};

use super::frame::{Site, public_page};

/// The page; `unknown_number` is what was typed and is no listing's number.
pub(crate) fn index_page(site: &Site, unknown_number: Option<&str>) -> Markup {
    let content = html! {
        div.card {
            h1 { (site.station_name) }
            p { "找工作、办就业和创业的事，请到服务大厅。大厅的自助机可以看岗位、取号、打分。" }
        }
        div.card {
            h2 { "看一个岗位" }
            p { "用手机扫岗位上的二维码，或输入岗位编号。" }
            form method="get" action="/v" {
                div.field {
                    label for="number" { "岗位编号" }
                    input #number name="number" required maxlength="10" autocomplete="off"
                        value=(unknown_number.unwrap_or_default())
                        aria-describedby=[unknown_number.map(|_| "number-error")];
                    @if unknown_number.is_some() {
                        span.error #number-error { "编号是 10 位字母和数字，请再看一下。" }
                    }
                }
                button { "看岗位" }
            }
        }
        div.card {
            h2 { "看自己的号" }
            p { "用手机扫号票上的二维码，能看前面还有几个人，办完以后还能打分。" }
        }
        p { a.button href="/display" { "看大厅现在叫到几号" } }
        p { a href="/staff" { "工作人员从这里进" } }
    };
    public_page(site, "首页", None, &content)
}
