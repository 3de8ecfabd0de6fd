//! Scores (好差评) by window, clerk, group, line of the contract and month: five levels, satisfaction
//! with its verdict in cases, and the response rate beside it. After mock-up 17. The verdict is drawn from the exact fraction and
//! never from the two decimals that are shown; who did not score is only in the response rate.

use domain::rating::{Level, Share, WindowScores};
use maud::{Markup, html};

use super::frame::{Desk, Live, MenuEntry, STAFF_STREAM, staff_page};

mod chart;
mod notice;

use chart::Axis;

/// The periods that the page offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Period {
    /// 今天
    Today,
    /// 7 天
    SevenDays,
    /// 30 天
    ThirtyDays,
}

impl Period {
    const ALL: [Self; 3] = [Self::Today, Self::SevenDays, Self::ThirtyDays];

    /// The period of a query value; today for anything unknown.
    pub(crate) fn of_query(days: Option<&str>) -> Self {
        match days {
            Some("7") => Self::SevenDays,
            Some("30") => Self::ThirtyDays,
            _ => Self::Today,
        }
    }

    /// Its length with today.
    pub(crate) fn days(self) -> u16 {
        match self {
            Self::Today => 1,
            Self::SevenDays => 7,
            Self::ThirtyDays => 30,
        }
    }

    fn text(self) -> &'static str {
        match self {
            Self::Today => "今天",
            Self::SevenDays => "近 7 天",
            Self::ThirtyDays => "近 30 天",
        }
    }

    fn path(self, side: Side) -> String {
        format!("/staff/scores?by={}&days={}", side.word(), self.days())
    }
}

/// By what scores are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// 窗口
    Window,
    /// 人员
    Clerk,
    /// 业务
    Group,
    /// 考核项: lines of the contract, never merged
    Line,
    /// 月份
    Month,
    /// 网点
    Station,
}

impl Side {
    const ALL: [Self; 6] = [
        Self::Window,
        Self::Clerk,
        Self::Group,
        Self::Line,
        Self::Month,
        Self::Station,
    ];

    /// The side of a query value; windows for anything unknown.
    pub(crate) fn of_query(by: Option<&str>) -> Self {
        let known = Self::ALL.into_iter().find(|side| Some(side.word()) == by);
        known.unwrap_or(Self::Window)
    }

    fn word(self) -> &'static str {
        match self {
            Self::Window => "window",
            Self::Clerk => "clerk",
            Self::Group => "group",
            Self::Line => "line",
            Self::Month => "month",
            Self::Station => "station",
        }
    }

    fn text(self) -> &'static str {
        match self {
            Self::Window => "窗口",
            Self::Clerk => "人员",
            Self::Group => "业务",
            Self::Line => "考核项",
            Self::Month => "月份",
            Self::Station => "网点",
        }
    }
}

/// What the page shows.
#[derive(Debug, Clone)]
pub(crate) struct ScoresView {
    /// The period.
    pub(crate) period: Period,
    /// The period's days in words: `11月17日 到 11月23日`.
    pub(crate) days_text: String,
    /// `kpi.satisfaction`, in thousandths.
    pub(crate) target_per_mille: u64,
    /// By what they are put together.
    pub(crate) side: Side,
    /// The rows.
    pub(crate) rows: Vec<ScoredRow>,
    /// Why low scores were given, in words, the most frequent first.
    pub(crate) reasons: Vec<(String, u64)>,
    /// Where the records of low scores stand, in words.
    pub(crate) redress: Vec<(String, u64)>,
    /// Submissions that did not count.
    pub(crate) refused: u64,
    /// Scores that somebody should look at.
    pub(crate) suspicious: Vec<SuspiciousRow>,
    /// Where the public notice is written; `None` for who does not write one.
    pub(crate) notice: Option<String>,
}

/// Scores that somebody should look at, in words.
#[derive(Debug, Clone)]
pub(crate) struct SuspiciousRow {
    /// Where: a window or a device.
    pub(crate) place: String,
    /// What is strange about them.
    pub(crate) why: String,
    /// When they were given.
    pub(crate) when: String,
    /// How many they are.
    pub(crate) count: usize,
}

/// One row.
#[derive(Debug, Clone)]
pub(crate) struct ScoredRow {
    /// What it is of: `3 号`, a name, a month.
    pub(crate) name: String,
    /// More about it: the groups of a window.
    pub(crate) about: String,
    /// Visits and scores.
    pub(crate) scores: WindowScores,
}

/// Whether a share reaches the target, counted in cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// Nobody scored.
    NoData,
    /// 达标
    Reached,
    /// 差 n 件
    Short(u64),
}

impl Verdict {
    fn of(share: Share, target_per_mille: u64) -> Self {
        if share.whole == 0 {
            return Self::NoData;
        }
        if share.reaches(target_per_mille) {
            return Self::Reached;
        }
        let needed = (u128::from(share.whole) * u128::from(target_per_mille)).div_ceil(1_000);
        let needed = u64::try_from(needed).unwrap_or(u64::MAX);
        Self::Short(needed.saturating_sub(share.part))
    }

    fn tag(self) -> Markup {
        match self {
            Self::NoData => html! { span.tag { "无数据" } },
            Self::Reached => html! { span.tag.good { "达标" } },
            Self::Short(cases) => html! { span.tag.stop { "差 " (cases) " 件" } },
        }
    }
}

impl ScoresView {
    pub(super) fn hall(&self) -> WindowScores {
        let mut hall = WindowScores::default();
        for row in &self.rows {
            hall.add(&row.scores);
        }
        hall
    }

    fn target_text(&self) -> String {
        per_mille_text(self.target_per_mille)
    }

    fn reached(&self) -> usize {
        let is_reached = |row: &&ScoredRow| {
            let verdict = Verdict::of(row.scores.satisfaction(), self.target_per_mille);
            verdict == Verdict::Reached
        };
        self.rows.iter().filter(is_reached).count()
    }

    fn below(&self) -> Vec<&str> {
        let is_below = |row: &&ScoredRow| {
            let verdict = Verdict::of(row.scores.satisfaction(), self.target_per_mille);
            matches!(verdict, Verdict::Short(_))
        };
        let below = self.rows.iter().filter(is_below);
        below.map(|row| row.name.as_str()).collect()
    }
}

/// `98%` for 980, `98.5%` for 985.
fn per_mille_text(per_mille: u64) -> String {
    match per_mille % 10 {
        0 => format!("{}%", per_mille / 10),
        tenth => format!("{}.{tenth}%", per_mille / 10),
    }
}

/// The page.
pub(crate) fn scores_page(desk: &Desk, view: &ScoresView) -> Markup {
    let live = Live {
        page: view.period.path(view.side),
        stream: STAFF_STREAM,
        seconds_without_script: Some(60),
    };
    let content = html! {
        div.stack {
            (head_line(view))
            div.card.facts #facts data-live { (facts(view)) }
            div.card #table data-live { (table(view)) }
            div #low data-live { (low_scores(view)) }
            div #suspicious data-live { (suspicious(view)) }
            p.soft {
                "满意度 =（非常满意 + 满意 + 基本满意）÷ 全部评价；没评的人不算好评，也不算差评。"
                "达标按件数算，不按两位小数算。"
                @if view.refused > 0 { "另有 " (view.refused) " 份评价没算进来（重复、过期或对不上号）。" }
            }
        }
    };
    staff_page(desk, MenuEntry::Scores, "满意度", Some(&live), &content)
}

fn head_line(view: &ScoresView) -> Markup {
    html! {
        div.row {
            h1 { "各" (view.side.text()) "满意度" }
            span.soft {
                @if view.side == Side::Month { "近 12 个月" } @else { (view.period.text()) }
                "，" (view.days_text)
            }
            span.push.row.noprint {
                @if view.side != Side::Month { @for period in Period::ALL {
                    a.button.primary[period == view.period] href=(period.path(view.side))
                        aria-current=[(period == view.period).then_some("page")] { (period.text()) }
                } }
                @if let Some(notice) = &view.notice { a.button href=(notice) { "写成公示" } }
                button type="button" data-print { "打印" }
            }
        }
        div.row.noprint {
            "按"
            @for side in Side::ALL {
                a.button.primary[side == view.side] href=(view.period.path(side))
                    aria-current=[(side == view.side).then_some("page")] { (side.text()) }
            }
        }
    }
}

fn facts(view: &ScoresView) -> Markup {
    let hall = view.hall();
    let below = view.below();
    html! {
        @if view.side == Side::Line {
            div {
                span.soft { "达标的考核项" } br;
                b { (view.reached()) " / " (view.rows.len()) }
                span.soft { " 分开算，不合并" }
            }
        } @else {
            div {
                span.soft { (if view.side == Side::Station { "全部网点满意度" } else { "全厅满意度" }) } br;
                b { (hall.satisfaction().text()) } span.soft { " 目标 " (view.target_text()) }
            }
        }
        @if view.side != Side::Line { div {
            span.soft { "好评 / 全部评价" } br;
            b { (hall.satisfaction().part) " / " (hall.scored()) }
        } }
        div {
            span.soft { "有人评价" } br;
            b { (hall.response().text()) } span.soft { " 办了 " (hall.visits) " 件" }
        }
        div {
            span.soft { "没到 " (view.target_text()) " 的" (view.side.text()) } br;
            @if below.is_empty() {
                b { "0 个" }
            } @else {
                b.bad { (below.len()) " 个" }
                span.soft { " " (below.join("、")) }
            }
        }
    }
}

fn table(view: &ScoresView) -> Markup {
    let axis = Axis::for_shares(
        view.rows.iter().map(|row| row.scores.satisfaction()),
        view.target_per_mille,
    );
    html! {
        table {
            thead { tr {
                th.tight scope="col" { (view.side.text()) }
                th scope="col" { @if view.side == Side::Window { "业务" } }
                th.num scope="col" { "满意度" }
                th scope="col" { (axis.head(&view.target_text())) }
                @for level in Level::ALL { th.num scope="col" { (level.text()) } }
                th.num scope="col" { "好评 / 评价" }
                th.num scope="col" { "有人评" }
                th.tight scope="col" { "结论" }
            } }
            tbody {
                @if view.rows.is_empty() {
                    tr { td colspan="12" { "这段时间没有办过，无数据。可以换长一点的时间。" } }
                }
                @for row in &view.rows { (score_row(view, row, axis)) }
            }
        }
    }
}

fn score_row(view: &ScoresView, row: &ScoredRow, axis: Axis) -> Markup {
    let satisfaction = row.scores.satisfaction();
    let verdict = Verdict::of(satisfaction, view.target_per_mille);
    html! {
        tr.below[matches!(verdict, Verdict::Short(_))] {
            th.tight scope="row" { b { (row.name) } }
            td.soft { (row.about) }
            td.num { b { (satisfaction.text()) } }
            td { @if verdict != Verdict::NoData { (axis.mark(satisfaction)) } }
            @for level in Level::ALL {
                td.num { (row.scores.scores.get(&level).copied().unwrap_or(0)) }
            }
            td.num { (satisfaction.part) " / " (satisfaction.whole) }
            td.num {
                @if row.scores.visits == 0 { "没办过" } @else { (row.scores.response().text()) }
            }
            td { (verdict.tag()) }
        }
    }
}

/// Why people were not satisfied, and what became of it.
fn low_scores(view: &ScoresView) -> Markup {
    html! {
        @if !view.reasons.is_empty() || !view.redress.is_empty() {
            div.card {
                h2 { "差评的原因和处置" }
                @if !view.reasons.is_empty() {
                    div.row.pad {
                        @for (reason, count) in &view.reasons {
                            span.tag { (reason) " " (count) }
                        }
                    }
                }
                p.pad {
                    @if view.redress.is_empty() {
                        "差评工单一分钟内自动开出。"
                    } @else {
                        @for (state, count) in &view.redress { (state) " " (count) " 件　" }
                        a href="/staff/records/bad_rating_case" { "看差评工单" }
                    }
                }
            }
        }
    }
}

/// Most runs that are listed; the others are counted.
const RUNS_SHOWN_MAX: usize = 20;

fn suspicious(view: &ScoresView) -> Markup {
    let more = view.suspicious.len().saturating_sub(RUNS_SHOWN_MAX);
    html! {
        @if !view.suspicious.is_empty() {
            div.card {
                h2 { "要核对的评价" }
                p.pad.soft {
                    "这些评价照样算进满意度，一份也不删。请对一对当时的办件和窗口录像，是不是本人打的。"
                }
                table {
                    thead { tr {
                        th scope="col" { "哪里" } th scope="col" { "哪里不寻常" }
                        th scope="col" { "什么时候" } th.num scope="col" { "份数" }
                    } }
                    tbody { @for row in view.suspicious.iter().take(RUNS_SHOWN_MAX) { tr {
                        td { b { (row.place) } }
                        td { (row.why) }
                        td { (row.when) }
                        td.num { (row.count) }
                    } } }
                }
                @if more > 0 { p.pad.soft { "还有 " (more) " 条，选短一点的时间看。" } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::fixtures;

    fn share(part: u64, whole: u64) -> Share {
        Share { part, whole }
    }

    #[test]
    fn ninety_eight_point_zero_zero_may_still_be_one_case_short() {
        let short_by_one = share(2_449, 2_499);
        assert_eq!(short_by_one.text(), "97.99 %");
        assert_eq!(Verdict::of(short_by_one, 980), Verdict::Short(1));
        assert_eq!(Verdict::of(share(2_450, 2_500), 980), Verdict::Reached);
        assert_eq!(Verdict::of(share(0, 0), 980), Verdict::NoData);
        assert_eq!(
            Verdict::of(share(0, u64::MAX), 1_000),
            Verdict::Short(u64::MAX)
        );
    }

    #[test]
    fn a_window_without_scores_has_no_rate_and_no_mark() {
        let page = scores_page(&fixtures::desk(), &fixtures::scores()).into_string();
        let row = page
            .split("<b>6 号</b>")
            .nth(1)
            .unwrap()
            .split("</tr>")
            .next()
            .unwrap();
        assert!(row.contains("无数据") && !row.contains("<svg"));
    }

    #[test]
    fn lines_of_the_contract_are_never_shown_as_one() {
        let mut view = fixtures::scores();
        view.side = Side::Line;
        let page = scores_page(&fixtures::desk(), &view).into_string();
        assert!(!page.contains("全厅满意度") && !page.contains("好评 / 全部评价"));
        assert!(page.contains("达标的考核项"));
    }

    #[test]
    fn the_whole_hall_is_judged_from_the_sum_of_its_windows() {
        let view = fixtures::scores();
        let scored: u64 = view.rows.iter().map(|row| row.scores.scored()).sum();
        assert_eq!(view.hall().scored(), scored);
        assert_eq!(view.below().len(), 2);
        assert_eq!(per_mille_text(985), "98.5%");
    }
}
