//! Adding to a record what is on paper: a file, the desk's camera, a signature on the pad, a phone.
//! The file needs no script; `capture.js` shows the rest where the browser can do it.

use domain::id::RecordId;
use maud::{Markup, html};

use super::frame::{Desk, MenuEntry, Said, said as shown, staff_page};
use super::guard::FormToken;

/// What may be chosen. The service looks at the content all the same.
pub(crate) const ACCEPTED: &str = "image/jpeg,image/png,application/pdf";

/// One rule of one record.
#[derive(Debug, Clone)]
pub(crate) struct CaptureView {
    pub(crate) record: RecordId,
    pub(crate) doc_type: String,
    /// What the rule asks for.
    pub(crate) title: String,
    pub(crate) bytes_max: u64,
    pub(crate) form_token: FormToken,
}

/// The page of one rule, by itself.
pub(crate) fn attach_page(desk: &Desk, view: &CaptureView, said: Option<&Said>) -> Markup {
    let title = format!("添加材料：{}", view.title);
    let content = html! {
        div.stack {
            h1 { (title) }
            (shown(said))
            (capture_card(view))
            p { a href=(format!("/staff/records/{}", view.record)) { "回到事项" } }
        }
    };
    staff_page(desk, MenuEntry::Start, &title, None, &content)
}

/// The card, for a page that is answered with `AtTheDesk`.
pub(crate) fn capture_card(view: &CaptureView) -> Markup {
    let base = format!("/staff/records/{}", view.record);
    html! {
        section.card.capture data-capture data-bytes-max=(view.bytes_max) {
            h2 { (view.title) }
            form.pad.row method="post" enctype="multipart/form-data"
                action=(format!("{base}/attachments")) {
                (view.form_token.field())
                input type="hidden" name="doc_type" value=(view.doc_type);
                input type="file" name="file" accept=(ACCEPTED) required aria-label="选文件";
                button.primary { "上传" }
                span.soft { "照片或 PDF，最多 " (view.bytes_max >> 20) " 兆" }
            }
            div.pad.row data-tools hidden {
                button type="button" data-tool="camera" hidden { "拍照" }
                button type="button" data-tool="pad" { "手写签字" }
            }
            (camera_stage())
            (pad_stage())
            p.pad.soft role="status" data-words hidden {}
            form.pad.row method="post" action=(format!("{base}/phone")) {
                (view.form_token.field())
                input type="hidden" name="doc_type" value=(view.doc_type);
                button { "用手机拍" }
                span.soft { "出一个二维码，办事人用自己的手机拍" }
            }
        }
        script src="/assets/capture.js" defer {}
    }
}

fn camera_stage() -> Markup {
    html! {
        div.pad.stack data-stage="camera" hidden {
            video muted playsinline aria-label="摄像头画面" {}
            canvas data-shot hidden aria-label="拍好的照片" {}
            div.row {
                select data-cameras aria-label="哪个摄像头" {}
                button.primary type="button" data-act="take" { "拍" }
                button type="button" data-act="turn" hidden { "转一下" }
                button type="button" data-act="again" hidden { "重拍" }
                button.primary type="button" data-act="send" hidden { "用这张" }
                button type="button" data-act="close" { "关掉" }
            }
        }
    }
}

fn pad_stage() -> Markup {
    html! {
        div.pad.stack data-stage="pad" hidden {
            canvas data-pad width="1200" height="400" aria-label="在这里签字" {}
            div.row {
                button type="button" data-act="clear" { "擦掉" }
                button.primary type="button" data-act="sign" { "用这个签字" }
                button type="button" data-act="close" { "关掉" }
            }
        }
    }
}
