//! A phone that sends pictures: the desk's page with the code and what has arrived, and the
//! phone's page, which names nobody and needs no script.

use maud::{Markup, html};

use super::capture::ACCEPTED;
use super::frame::{
    Desk, Live, MenuEntry, STAFF_STREAM, Said, Site, public_page, said as shown, staff_page,
};
use super::guard::FormToken;
use super::qr::qr;
use crate::attachments::{PhoneId, PhoneView};

const QR_PX: u16 = 300;

/// What the desk sees.
#[derive(Debug, Clone)]
pub(crate) struct DeskView {
    pub(crate) phone: PhoneId,
    /// In the one answer that shows the code.
    pub(crate) address: Option<String>,
    pub(crate) view: PhoneView,
}

/// What the phone sees.
#[derive(Debug, Clone)]
pub(crate) struct PhonePage {
    pub(crate) token: String,
    pub(crate) form_token: FormToken,
    pub(crate) title: String,
    pub(crate) bytes_max: u64,
}

/// The desk's page.
pub(crate) fn desk_page(desk: &Desk, view: &DeskView) -> Markup {
    let record = view.view.slot.owner.record;
    let page = format!("/staff/record/{record}/phone/{}", view.phone.0);
    let live = Live {
        page: page.clone(),
        stream: STAFF_STREAM,
        // a refresh would wipe the code
        seconds_without_script: None,
    };
    let title = format!("用手机拍：{}", view.view.slot.title);
    let content = html! {
        div.stack {
            h1 { (title) }
            @if let Some(address) = &view.address {
                div.card.pad.stack.noprint {
                    (qr(address, QR_PX))
                    p { "请办事人用手机扫这个码，照着手机上的话拍。这个码只用于这一件事项。" }
                }
            }
            (arrived(view))
            form method="post" action=(format!("{page}/close")) {
                (desk.form_token.field())
                button.primary { "收完了，结束" }
            }
        }
    };
    staff_page(desk, MenuEntry::Start, &title, Some(&live), &content)
}

fn arrived(view: &DeskView) -> Markup {
    let PhoneView {
        slot,
        arrived,
        left,
        ends_at,
        is_open,
    } = &view.view;
    html! {
        section.card #arrived data-live {
            h2 { "收到 " (arrived.len()) " 份" }
            div.pad.stack {
                @if *is_open {
                    p.soft { "还能收 " (left) " 份，到 " (ends_at.hall_time().format("%H:%M")) " 为止" }
                } @else {
                    p.say role="status" { "这个码已经不能用了。还要收的话，请再出一个。" }
                }
                div.shots {
                    @for one in arrived {
                        @let address = format!(
                            "/staff/record/{}/attachments/{}", slot.owner.record, one.sha256
                        );
                        a href=(address) target="_blank" rel="noopener" {
                            @if one.mime == "application/pdf" { "PDF，" (one.pages) " 页" }
                            @else { img src=(address) alt="收到的照片"; }
                        }
                    }
                }
            }
        }
    }
}

/// The phone's page.
pub(crate) fn phone_page(site: &Site, view: &PhonePage, said: Option<&Said>) -> Markup {
    let content = html! {
        h1 { "请拍：" (view.title) }
        (shown(said))
        section.card.capture data-capture data-bytes-max=(view.bytes_max) {
            form.stack method="post" enctype="multipart/form-data" action=(format!("/m/{}", view.token)) {
                (view.form_token.field())
                p { "放平，拍清楚四个角，字要看得清。" }
                label.field { "现在拍" input type="file" name="file" accept="image/*" capture="environment"; }
                label.field { "从手机里选" input type="file" name="file" accept=(ACCEPTED); }
                button.primary { "传给窗口" }
            }
            p.soft role="status" data-words hidden {}
        }
        p.soft { "照片只传到窗口，不留在这个网页里。拍照的地点和时间会先去掉。" }
        script src="/assets/capture.js" defer {}
    };
    public_page(site, "传材料", None, &content)
}

/// When the code does not work any more.
pub(crate) fn ended_page(site: &Site, text: &str) -> Markup {
    let content = html! {
        div.card { h1 { "传材料" } p { (text) } }
    };
    public_page(site, "传材料", None, &content)
}
