//! The yearly assessment (考核): one row of each line of the contract's annex, with its target, the exact
//! fraction, the verdict and what stands behind it. Lines are never merged; money that is not counted
//! yet says so instead of showing a number.

use domain::kpi::{KpiPeriod, Verdict};
use domain::rating::Share;
use maud::{Markup, html};

use super::frame::{Desk, MenuEntry, staff_page};
use super::help::help;
use crate::kpi_desk::{Evidence, KpiSheet, LineFigure, Outcome, Target};
use crate::sheet::{Cell, Column, Format};

/// Where the assessment stands.
pub(crate) const KPI_PATH: &str = "/staff/kpi";

/// The page.
pub(crate) fn kpi_page(desk: &Desk, sheet: &KpiSheet) -> Markup {
    let period = sheet.period;
    let content = html! {
        div.stack {
            div.row {
                h1 { (period.text()) "考核" }
                (periods(period))
                a.push.button.noprint href=(format!("{KPI_PATH}.xlsx?period={}", period.word())) { "下载表格" }
            }
            @if !period.is_year() {
                p.soft { "按月是看进度，年度才算考核。" }
            }
            div.card { div.scroll { table {
                thead { tr {
                    th.tight scope="col" { "条款" } th scope="col" { "考核项" } th.tight scope="col" { "目标" }
                    th.num scope="col" { "达到" } th.num scope="col" { "分子 / 分母" }
                    th.tight scope="col" { "结论" } th scope="col" { "" }
                } }
                tbody { @for figure in &sheet.lines { (row(period, figure)) } }
            } } }
            (unassigned(sheet))
            (help(&[
                "每一条单独算、单独判，好的不替差的补。比例只显示两位小数，达没达标按分子分母精确比。",
                "没有数的写“无数据”，不当成达标；“待上线”的要等贷款资金的功能。",
                "点“看明细”，是哪些记录在里面，能一条条打开。目标在“政策参数”里改，要两个人。",
            ]))
        }
    };
    staff_page(desk, MenuEntry::Kpi, "考核", None, &content)
}

fn periods(period: KpiPeriod) -> Markup {
    let to = |period: KpiPeriod| format!("{KPI_PATH}?period={}", period.word());
    let (first, _) = period.days();
    html! {
        span.row.noprint {
            a.button href=(to(period.before())) { "往前" }
            a.button href=(to(period.after())) { "往后" }
            @if !period.is_year() { a.button href=(to(KpiPeriod::year_of(first))) { "看全年" } }
        }
        form.row.noprint method="get" action=(KPI_PATH) {
            label for="period" { "看哪一期" }
            input #period name="period" value=(period.word()) size="8" maxlength="7" autocomplete="off"
                placeholder="例：2026-03";
            button { "看" }
        }
    }
}

fn row(period: KpiPeriod, figure: &LineFigure) -> Markup {
    let is_short = matches!(figure.outcome, Outcome::Counted(_, Verdict::Short(_)));
    html! {
        tr.below[is_short] {
            td.tight { (figure.line.clause) }
            th scope="row" { b { (figure.line.name) } br; span.soft { (figure.line.about) } }
            td.tight { (target_text(&figure.target)) }
            @match figure.outcome {
                Outcome::Pending => {
                    td.num { "" } td.num { "" }
                    td.tight { span.tag { "待上线" } }
                    td { "" }
                }
                Outcome::Counted(share, verdict) => {
                    td.num { b { (share.text()) } }
                    td.num { (share.part) " / " (share.whole) }
                    td.tight { (verdict_tag(verdict)) }
                    td.right { a.button data-row href=(detail_address(&figure.line.id, period)) { "看明细" } }
                }
            }
        }
    }
}

fn detail_address(line: &str, period: KpiPeriod) -> String {
    format!("{KPI_PATH}/{line}?period={}", period.word())
}

/// The target in words.
fn target_text(target: &Target) -> String {
    match target {
        Target::Share(share) => {
            let (numerator, denominator) = share.fraction();
            // exact for targets of at most four places; more are shown as they stand
            let hundredths = numerator * 10_000 / denominator;
            if hundredths * denominator != numerator * 10_000 {
                return format!("不低于 {share}");
            }
            format!("不低于 {}.{:02} %", hundredths / 100, hundredths % 100)
        }
        Target::TimesEach(times) => format!("每期至少 {times} 次"),
        Target::Amount(fen) => format!("不低于 {fen} 元"),
    }
}

fn verdict_tag(verdict: Verdict) -> Markup {
    match verdict {
        Verdict::Met => html! { span.tag.good { "达标" } },
        Verdict::Short(count) => html! { span.tag.stop { "没达标，差 " (count) } },
        Verdict::NoData => html! { span.tag { "无数据" } },
    }
}

fn verdict_text(outcome: Outcome) -> String {
    match outcome {
        Outcome::Pending => "待上线".to_owned(),
        Outcome::Counted(_, Verdict::Met) => "达标".to_owned(),
        Outcome::Counted(_, Verdict::Short(count)) => format!("没达标，差 {count}"),
        Outcome::Counted(_, Verdict::NoData) => "无数据".to_owned(),
    }
}

fn unassigned(sheet: &KpiSheet) -> Markup {
    html! {
        @if !sheet.unassigned.is_empty() {
            div.card {
                h2 { "没有归到任何一条的评价" }
                p.pad {
                    "这些评价分不出属于上面哪一条，所以一条也没有算进去："
                    @for (name, share) in &sheet.unassigned {
                        span.tag { (name) " " (share.part) " / " (share.whole) } " "
                    }
                }
                p.pad.soft { "要算进去，大厅的事项组要分开设，例如国企档案和大学生档案各一组。" }
            }
        }
    }
}

/// What stands behind one line.
pub(crate) fn kpi_line_page(desk: &Desk, period: KpiPeriod, figure: &LineFigure) -> Markup {
    let content = html! {
        div.stack {
            div.row {
                h1 { (figure.line.name) }
                span.tag { (period.text()) }
                a.push.button.noprint href=(format!("{KPI_PATH}?period={}", period.word())) { "回考核" }
            }
            p.soft { (figure.line.about) "　目标：" (target_text(&figure.target)) }
            @if let Outcome::Counted(share, verdict) = figure.outcome {
                p { b { (share.text()) } "（" (share.part) " / " (share.whole) "） " (verdict_tag(verdict)) }
            }
            div.card { (evidence_table(&figure.evidence)) }
        }
    };
    staff_page(desk, MenuEntry::Kpi, &figure.line.name, None, &content)
}

/// Rows of a page of what stands behind a line; the first ones lack something.
const EVIDENCE_SHOWN: usize = 300;

fn evidence_table(evidence: &[Evidence]) -> Markup {
    let mut shown: Vec<&Evidence> = evidence.iter().collect();
    shown.sort_by_key(|one| one.share.part == one.share.whole);
    let more = shown.len().saturating_sub(EVIDENCE_SHOWN);
    html! {
        @if shown.is_empty() {
            p.pad { "这段时间没有记录，所以是无数据。可以换长一点的时间。" }
        } @else {
            div.scroll { table {
                thead { tr {
                    th scope="col" { "哪一条" } th scope="col" { "说的是" }
                    th.num scope="col" { "分子 / 分母" }
                } }
                tbody { @for one in shown.iter().take(EVIDENCE_SHOWN) {
                    tr.below[one.share.part < one.share.whole] {
                        th scope="row" {
                            @match one.record {
                                Some(record) => {
                                    a data-row href=(format!("/staff/record/{record}")) { (one.title) }
                                    " " span.soft { (one.case_no) }
                                }
                                None => { a data-row href="/staff/scores?by=line&days=30" { (one.title) } }
                            }
                        }
                        td { (one.says) }
                        td.num { (one.share.part) " / " (one.share.whole) }
                    }
                } }
            } }
            @if more > 0 { p.pad { "后面还有 " (more) " 条，都是够数的先不列。" } }
        }
    }
}

/// The columns of the sheet.
pub(crate) fn columns() -> Vec<Column> {
    let column = |heading: &str, width: f64, format| Column {
        field: String::new(),
        heading: heading.to_owned(),
        width,
        format,
    };
    vec![
        column("条款", 8.0, Format::Text),
        column("考核项", 32.0, Format::Text),
        column("目标", 20.0, Format::Text),
        column("分子", 14.0, Format::Whole),
        column("分母", 14.0, Format::Whole),
        column("达到", 12.0, Format::Text),
        column("结论", 18.0, Format::Text),
        column("怎么算", 48.0, Format::Text),
    ]
}

/// The rows of the sheet.
pub(crate) fn rows(sheet: &KpiSheet) -> Vec<Vec<Cell>> {
    let whole = |count: u64| Cell::Integer(i64::try_from(count).unwrap_or(i64::MAX));
    let row = |figure: &LineFigure| {
        let share: Option<Share> = match figure.outcome {
            Outcome::Counted(share, _) => Some(share),
            Outcome::Pending => None,
        };
        let text = |text: &str| Cell::Text(text.to_owned());
        vec![
            text(&figure.line.clause),
            text(&figure.line.name),
            Cell::Text(target_text(&figure.target)),
            share.map_or(Cell::Empty, |share| whole(share.part)),
            share.map_or(Cell::Empty, |share| whole(share.whole)),
            Cell::Text(share.map_or_else(|| "待上线".to_owned(), Share::text)),
            Cell::Text(verdict_text(figure.outcome)),
            text(&figure.line.about),
        ]
    };
    sheet.lines.iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use domain::case::Decimal;
    use domain::money::Fen;

    use super::*;
    use crate::pages::fixtures;

    #[test]
    fn what_is_shown_as_98_per_cent_may_be_short_and_money_is_said_to_come_later() {
        let page = kpi_page(&fixtures::desk(), &fixtures::kpi()).into_string();
        assert!(page.contains("97.99 %") && page.contains("没达标，差 1"));
        assert!(page.contains("无数据") && page.contains("待上线"));
        assert!(!page.contains("100.00 % </b>"));
    }

    #[test]
    fn targets_are_said_in_words() {
        let share = |text: &str| target_text(&Target::Share(Decimal::read(text).unwrap()));
        assert_eq!(share("0.98"), "不低于 98.00 %");
        assert_eq!(share("1"), "不低于 100.00 %");
        assert_eq!(share("0.98765"), "不低于 0.98765");
        assert_eq!(
            target_text(&Target::Amount(Fen(6_000_000_000))),
            "不低于 60,000,000 元"
        );
    }
}
