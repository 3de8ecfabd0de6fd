//! Dated parameters (政策参数) for staff: what waits for a second person first, with old and new
//! side by side; then every entry with its days, document and persons; beside it the form by which
//! one person proposes a change. An entry is never edited: a new one ends it.

use domain::parameter::{ParameterKey, ParameterValue};
use maud::{Markup, html};

use super::frame::{Desk, MenuEntry, Said, said, staff_page};
use crate::parameter_desk::{
    ParameterDraft, ParameterLine, REASON_CHARS_MAX, Standing, WaitingLine,
};
use crate::parameters::DAYS_OFF;

mod view;

pub(crate) use view::{Chosen, ParametersView};
use view::{address, value_text};

/// How a year's days off are entered.
const DAYS_OFF_HINT: &str = "一年录一条，从那一年的 1 月 1 日起；照国务院办公厅的通知写，周末不用写。\
     例：2027-01-01 放假 元旦；2027-02-06至2027-02-12 放假 春节；2027-02-20 补班 春节。";

/// The page.
pub(crate) fn parameters_page(desk: &Desk, view: &ParametersView, notice: Option<&Said>) -> Markup {
    let content = html! {
        div.stack {
            div.row {
                h1 { "政策参数" }
                span.soft { "录入和复核要两个人。录入的不能改，要改就从另一天起录一条新的。" }
            }
            (said(notice))
            (waiting(desk, &view.list.waiting))
            div.split {
                div.stack {
                    (search(view))
                    (entries(desk, view))
                }
                (proposal_form(desk, view))
            }
        }
        p.hint.noprint { "按键：" kbd { "/" } " 搜索" kbd { "J" } kbd { "K" } " 上下移动" kbd { "回车" } " 打开" }
    };
    staff_page(desk, MenuEntry::Parameters, "政策参数", None, &content)
}

fn waiting(desk: &Desk, lines: &[WaitingLine]) -> Markup {
    html! {
        @if lines.is_empty() {
            p.say.good { "没有等复核的改动。" }
        } @else {
            div.card {
                h2 { "等复核 " (lines.len()) " 条" }
                @for line in lines { (waiting_line(desk, line)) }
            }
        }
    }
}

fn waiting_line(desk: &Desk, line: &WaitingLine) -> Markup {
    html! {
        div.pad.stack {
            p {
                b { (line.name) } " " code.soft { (line.key) } br;
                @match &line.new {
                    Some(new) => {
                        (old_text(line)) " → " b { (value_text(new, &line.unit)) }
                        "，从 " (line.from) " 起"
                        @if let Some(last) = line.last { "，到 " (last) " 止" }
                    }
                    None => { "撤回从 " (line.from) " 起的 " b { (old_text(line)) } "，前一条接着用" }
                }
            }
            p.soft {
                @if line.new.is_some() { "依据：" } @else { "理由：" }
                (line.why) "。" (line.by_name) " " (line.at.day_and_clock_text()) " 录入。"
            }
            div.row {
                @if line.is_own {
                    span.tag.care { "您录入的，等另一位同事复核" }
                } @else {
                    form method="post" action="/staff/parameters/confirm" {
                        (desk.form_token.field())
                        input type="hidden" name="proposal" value=(line.proposal);
                        button.primary { "核对无误，通过" }
                    }
                }
                (take_back_form(desk, line))
            }
        }
    }
}

fn old_text(line: &WaitingLine) -> String {
    let text = |old: &ParameterValue| value_text(old, &line.unit);
    line.old.as_ref().map_or_else(|| "没有值".to_owned(), text)
}

fn take_back_form(desk: &Desk, line: &WaitingLine) -> Markup {
    let (what, placeholder) = if line.is_own {
        ("收回", "为什么收回")
    } else {
        ("退回", "为什么退回")
    };
    html! {
        form.row method="post" action="/staff/parameters/withdraw" {
            (desk.form_token.field())
            input type="hidden" name="proposal" value=(line.proposal);
            input name="reason" required maxlength=(REASON_CHARS_MAX) placeholder=(placeholder)
                aria-label=(placeholder);
            button.danger { (what) }
        }
    }
}

/// Pages are buttons of the search, so that they keep what was typed.
fn search(view: &ParametersView) -> Markup {
    let (page, pages) = (view.page_shown(), view.pages());
    html! {
        form.card.pad.row method="get" action="/staff/parameters" {
            label for="search" { "搜索" }
            input #search name="search" value=(view.search) maxlength="40" size="20"
                placeholder="名称、键或文号" data-key="/" autocomplete="off";
            label.row {
                input type="checkbox" name="ended" value="yes" checked[view.shows_ended];
                "也看已结束的"
            }
            button { "找" }
            @if view.chosen != Chosen::Nothing || !view.search.is_empty() {
                a href="/staff/parameters" { "看全部" }
            }
            @if pages > 1 {
                span.push.row {
                    @if page > 1 { button name="page" value=(page - 1) { "上一页" } }
                    span.soft { "第 " (page) " 页，共 " (pages) " 页" }
                    @if page < pages { button name="page" value=(page + 1) { "下一页" } }
                }
            }
        }
    }
}

fn entries(desk: &Desk, view: &ParametersView) -> Markup {
    let lines = view.lines_shown();
    html! {
        div.card {
            @if lines.is_empty() {
                p.pad { "没有找到。换个词再找，或在右边录入新的。" }
            } @else {
                table {
                    thead { tr {
                        th { "名称" } th { "数值" } th.tight { "起" } th.tight { "止" }
                        th { "依据和经手" } th.tight {}
                    } }
                    tbody { @for line in lines { (entry(desk, view, line)) } }
                }
            }
        }
    }
}

fn entry(desk: &Desk, view: &ParametersView, line: &ParameterLine) -> Markup {
    html! {
        tr {
            th scope="row" {
                (line.name) br;
                code.soft { (line.key.key) }
                @if let Some(region) = &line.key.region { " " span.tag { "地区 " (region) } }
            }
            td {
                b { (value_text(&line.value, &line.unit)) } " "
                @match line.standing {
                    Standing::InForce => {}
                    Standing::Later => { span.tag.care { "还没生效" } }
                    Standing::Ended => { span.tag { "已结束" } }
                }
            }
            td.tight { (line.from) }
            td.tight { @if let Some(last) = line.last { (last) } @else { "长期" } }
            td { code { (line.source) } br; span.soft { (hands_text(line)) } }
            td.tight { (acts(desk, view, line)) }
        }
    }
}

fn hands_text(line: &ParameterLine) -> String {
    line.hands.as_ref().map_or_else(
        || "随程序安装".to_owned(),
        |(entered, confirmed)| format!("{entered}录入，{confirmed}复核"),
    )
}

/// Of the parameter that was opened, what has not begun may be withdrawn.
fn acts(desk: &Desk, view: &ParametersView, line: &ParameterLine) -> Markup {
    let is_open = view.chosen == Chosen::Key(line.key.clone());
    html! {
        @if !is_open {
            a.button href=(address(&line.key)) data-row { "改" }
        } @else if line.standing == Standing::Later {
            form.row method="post" action="/staff/parameters/propose" {
                (desk.form_token.field())
                (key_fields(&line.key))
                input type="hidden" name="withdraws" value="yes";
                input type="hidden" name="from" value=(line.from);
                input name="reason" required maxlength=(REASON_CHARS_MAX) size="10"
                    placeholder="为什么撤回" aria-label="为什么撤回";
                button.danger { "撤回" }
            }
        }
    }
}

fn key_fields(key: &ParameterKey) -> Markup {
    html! {
        input type="hidden" name="key" value=(key.key);
        input type="hidden" name="region" value=(key.region.as_deref().unwrap_or_default());
    }
}

fn proposal_form(desk: &Desk, view: &ParametersView) -> Markup {
    let ParameterDraft {
        key,
        region,
        name,
        value,
        unit,
        from,
        last,
        source,
    } = &view.draft;
    html! {
        form.card method="post" action="/staff/parameters/propose" {
            h2 { "录入一条" }
            div.pad {
                (desk.form_token.field())
                (field("key", "参数键", key, "64", &html! { "点左边的“改”会自动填好。" }))
                (field("value", "数值", value, "2000", &html! {
                    @if key == DAYS_OFF { (DAYS_OFF_HINT) }
                    @if !unit.is_empty() { "单位：" (unit) "。" }
                    "表格一行一项，用“；”隔开。不设上限填 " code { "none" } "。"
                }))
                (day_field("from", "从哪天起", from, true))
                (day_field("last", "到哪天止（可不填）", last, false))
                (field("source", "依据文件", source, "200", &html! { "写文件名称或文号。" }))
                details open[view.is_new_key()] {
                    summary { "地区、名称、单位（可不填）" }
                    (field("region", "地区代码", region, "12", &html! { "不填就是全区缺省。" }))
                    (field("name", "名称", name, "40", &html! { "新的参数键要填。" }))
                    (field("unit", "单位", unit, "20", &html! { "金额用“分”。" }))
                }
                button.primary { "提交，等另一位复核" }
                p.soft { "复核通过、到了起始日才生效。您的名字会记下来。" }
            }
        }
    }
}

fn field(id: &str, label: &str, value: &str, chars_max: &str, hint: &Markup) -> Markup {
    html! {
        div.field {
            label for=(id) { (label) }
            input id=(id) name=(id) value=(value) maxlength=(chars_max) autocomplete="off";
            span.soft { (hint) }
        }
    }
}

fn day_field(id: &str, label: &str, value: &str, is_required: bool) -> Markup {
    html! {
        div.field {
            label for=(id) { (label) }
            input id=(id) name=(id) value=(value) type="date" required[is_required];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::fixtures;

    fn page(view: &ParametersView) -> String {
        parameters_page(&fixtures::desk(), view, None).into_string()
    }

    #[test]
    fn who_entered_a_change_is_not_offered_to_confirm_it() {
        let mut view = fixtures::parameters();
        view.list
            .waiting
            .iter_mut()
            .for_each(|line| line.is_own = true);
        assert!(!page(&view).contains("/staff/parameters/confirm"));
        assert!(page(&view).contains("等另一位同事复核"));
        view.list
            .waiting
            .iter_mut()
            .for_each(|line| line.is_own = false);
        assert!(page(&view).contains("/staff/parameters/confirm"));
    }

    #[test]
    fn old_and_new_stand_side_by_side_and_fen_are_said_in_yuan() {
        let shown = page(&fixtures::parameters());
        assert!(
            shown.contains("187000 分（1,870 元） → <b>200000 分（2,000 元）</b>"),
            "{shown}"
        );
    }

    #[test]
    fn only_what_has_not_begun_is_withdrawn() {
        let mut view = fixtures::parameters();
        assert!(!page(&view).contains("name=\"withdraws\""));
        view.chosen = Chosen::Key(view.list.lines[0].key.clone());
        let later = |line: &&ParameterLine| line.standing == Standing::Later;
        let expected = view.lines_shown().into_iter().filter(later).count();
        assert_eq!(page(&view).matches("name=\"withdraws\"").count(), expected);
        assert_eq!(expected, 1);
    }
}
