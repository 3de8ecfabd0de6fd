//! Adding to a record what is on paper: a file, the desk's camera, a signature on the pad, a phone.
//! The file needs no script; `capture.js` shows the rest where the browser can do it.

use domain::id::RecordId;
use maud::{Markup, html};

use super::frame::{Desk, Live, MenuEntry, STAFF_STREAM, Said, said as shown, staff_page};
use super::help::help;

/// What may be chosen. The service looks at the content all the same.
pub(crate) const ACCEPTED: &str = "image/jpeg,image/png,application/pdf";

/// One rule of one record, with what is there already.
#[derive(Debug, Clone)]
pub(crate) struct MaterialsView {
    pub(crate) record: RecordId,
    pub(crate) case_no: String,
    pub(crate) doc_type: String,
    /// What the rule asks for.
    pub(crate) title: String,
    pub(crate) hint: String,
    pub(crate) held: Vec<HeldMaterial>,
    /// Why nothing may be added or set aside now.
    pub(crate) refusal: Option<String>,
    pub(crate) bytes_max: u64,
}

/// Something attached.
#[derive(Debug, Clone)]
pub(crate) struct HeldMaterial {
    pub(crate) sha256: String,
    pub(crate) is_picture: bool,
    pub(crate) pages: u32,
    pub(crate) at: String,
}

/// The page of one rule.
pub(crate) fn materials_page(desk: &Desk, view: &MaterialsView, said: Option<&Said>) -> Markup {
    let title = format!("材料：{}", view.title);
    let content = html! {
        div.stack {
            h1 { (title) }
            p.soft { (view.case_no) @if !view.hint.is_empty() { " · " (view.hint) } }
            (shown(said))
            (held(desk, view))
            @match &view.refusal {
                Some(why) => p { (why) },
                None => (capture_card(desk, view)),
            }
            p { a.button href=(format!("/staff/record/{}", view.record)) { "回到这条记录" } }
            (help(&[
                "收照片或 PDF：可以选文件、用桌上的摄像头拍、让办事人用手机扫码拍，也能手写签字。",
                "拍完先看清楚再用；拍糊了就撤下，写明原因，历史里还查得到。",
                "别的事项里有一模一样的文件时会提醒，请核对是不是同一个人的。",
            ]))
        }
    };
    let live = Live {
        page: format!(
            "/staff/record/{}/attachments?doc_type={}",
            view.record, view.doc_type
        ),
        stream: STAFF_STREAM,
        // a refresh would wipe what is being taken
        seconds_without_script: None,
    };
    staff_page(desk, MenuEntry::Records, &title, Some(&live), &content)
}

fn held(desk: &Desk, view: &MaterialsView) -> Markup {
    html! {
        section.card #held data-live {
            h2 { "已收 " (view.held.len()) " 份" }
            @if view.held.is_empty() { p.pad { "还没有收到。" } }
            @for one in &view.held { (one_held(desk, view, one)) }
        }
    }
}

fn one_held(desk: &Desk, view: &MaterialsView, one: &HeldMaterial) -> Markup {
    let record = format!("/staff/record/{}", view.record);
    let address = format!("{record}/attachments/{}", one.sha256);
    html! {
        div.pad.row {
            a href=(address) target="_blank" rel="noopener" {
                @if one.is_picture {
                    img.preview src=(address) alt=(format!("{}，点开看大图", view.title)) loading="lazy";
                } @else { "看 PDF（" (one.pages) " 页）" }
            }
            span.soft { (one.at) " 收" }
            @if view.refusal.is_none() {
                details {
                    summary { "撤下" }
                    form.row method="post" action=(format!("{record}/detach")) {
                        (desk.form_token.field())
                        input type="hidden" name="doc_type" value=(view.doc_type);
                        input type="hidden" name="sha256" value=(one.sha256);
                        input name="reason" required maxlength="120" size="24"
                            aria-label="撤下的理由" placeholder="为什么，例如：拍糊了";
                        button { "撤下这份" }
                    }
                }
            }
        }
    }
}

/// The card, for a page that is answered with `AtTheDesk`.
fn capture_card(desk: &Desk, view: &MaterialsView) -> Markup {
    let base = format!("/staff/record/{}", view.record);
    html! {
        section.card.capture data-capture data-bytes-max=(view.bytes_max) {
            h2 { "再收一份" }
            form.pad.row method="post" enctype="multipart/form-data"
                action=(format!("{base}/attachments")) {
                (desk.form_token.field())
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
                (desk.form_token.field())
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
