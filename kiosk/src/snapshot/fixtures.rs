//! Invented content for every page: names, employers, numbers and addresses are made up.
//!
//! One [`Sheet`] is one state worth looking at. Production code never reads from here; the CLI's
//! `snapshot` and the page tests do.

use slint::{Global, Image, ModelRc, SharedString, VecModel};

use crate::qr;
use crate::ui::{
    ChoiceRow, Chip, Fact, FactTopic, HelpState, Home, JobDetail, JobFact, JobFilter, JobNone,
    JobRow, JobSearch, KeyState, KioskWindow, LaneKey, LetterKey, LookupStep, PageId, PolicyList,
    PolicyRow, PolicyText, Priority, PriorityMark, Reason, RemoteState, Score, ScoreLookup, Shell,
    Slot, Suggestion, Theme, TicketChoose, TicketGroup, TicketSlip, WindowIdle,
};

/// One state of one page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sheet {
    /// The four services and the newest vacancies.
    Home,
    /// Home while the line is down.
    HomeOffline,
    /// Home after "叫人帮忙".
    HomeHelp,
    /// Search with the keys open.
    JobSearch,
    /// Search with the keys folded away.
    JobList,
    /// Search with the longest strings of the yardstick file.
    JobLongest,
    /// The citizens' categories.
    JobCategories,
    /// The choices of one filter.
    JobFilter,
    /// Nothing found, with relaxations.
    JobNone,
    /// One vacancy.
    JobDetail,
    /// One vacancy with the longest strings.
    JobDetailLongest,
    /// Choose a matter.
    TicketChoose,
    /// No tickets can be given now.
    TicketClosed,
    /// The slip.
    TicketIssued,
    /// The slip of an offline lane.
    TicketOffline,
    /// Score: which letter is on the paper.
    ScoreLetter,
    /// Score: the digits of the number.
    ScoreNumber,
    /// Score: the code, after one that did not fit.
    ScoreCode,
    /// Five faces.
    Score,
    /// Reasons for a bad score.
    Reasons,
    /// Thanks.
    Thanks,
    /// Policies.
    PolicyList,
    /// One policy.
    PolicyText,
    /// "您还在用吗？"
    Timeout,
    /// A clerk asks to help from afar.
    RemoteAsk,
    /// A clerk is helping.
    RemoteActive,
    /// Window terminal, serving.
    WindowIdle,
    /// Window terminal, five faces.
    WindowScore,
    /// Window terminal, reasons.
    WindowReasons,
    /// Window terminal, thanks.
    WindowThanks,
}

impl Sheet {
    /// Every sheet with its name on the command line.
    pub const ALL: [(Self, &'static str); 30] = [
        (Self::Home, "home"),
        (Self::HomeOffline, "home-offline"),
        (Self::HomeHelp, "home-help"),
        (Self::JobSearch, "job-search"),
        (Self::JobList, "job-list"),
        (Self::JobLongest, "job-longest"),
        (Self::JobCategories, "job-categories"),
        (Self::JobFilter, "job-filter"),
        (Self::JobNone, "job-none"),
        (Self::JobDetail, "job-detail"),
        (Self::JobDetailLongest, "job-detail-longest"),
        (Self::TicketChoose, "ticket-choose"),
        (Self::TicketClosed, "ticket-closed"),
        (Self::TicketIssued, "ticket-issued"),
        (Self::TicketOffline, "ticket-offline"),
        (Self::ScoreLetter, "score-letter"),
        (Self::ScoreNumber, "score-number"),
        (Self::ScoreCode, "score-code"),
        (Self::Score, "score"),
        (Self::Reasons, "reasons"),
        (Self::Thanks, "thanks"),
        (Self::PolicyList, "policy-list"),
        (Self::PolicyText, "policy-text"),
        (Self::Timeout, "timeout"),
        (Self::RemoteAsk, "remote-ask"),
        (Self::RemoteActive, "remote-active"),
        (Self::WindowIdle, "window-idle"),
        (Self::WindowScore, "window-score"),
        (Self::WindowReasons, "window-reasons"),
        (Self::WindowThanks, "window-thanks"),
    ];

    /// The sheet with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known)| *known == name).map(|(sheet, _)| sheet)
    }

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        Self::ALL
            .into_iter()
            .find(|(sheet, _)| *sheet == self)
            .map(|(_, name)| name)
            .expect("ALL lists every sheet, because a test compares it with the pages")
    }

    /// Whether it belongs to the window terminal instead of the hall kiosk.
    pub fn is_terminal(self) -> bool {
        matches!(
            self,
            Self::WindowIdle | Self::WindowScore | Self::WindowReasons | Self::WindowThanks
        )
    }

    fn page(self) -> PageId {
        match self {
            Self::Home | Self::HomeOffline | Self::HomeHelp => PageId::Home,
            Self::JobSearch | Self::JobList | Self::JobLongest | Self::RemoteActive => {
                PageId::JobSearch
            }
            Self::JobCategories => PageId::JobCategories,
            Self::JobFilter => PageId::JobFilter,
            Self::JobNone => PageId::JobNone,
            Self::JobDetail | Self::JobDetailLongest | Self::Timeout | Self::RemoteAsk => {
                PageId::JobDetail
            }
            Self::TicketChoose | Self::TicketClosed => PageId::TicketChoose,
            Self::TicketIssued | Self::TicketOffline => PageId::TicketIssued,
            Self::ScoreLetter | Self::ScoreNumber | Self::ScoreCode => PageId::ScoreLookup,
            Self::Score => PageId::Score,
            Self::Reasons => PageId::Reasons,
            Self::Thanks => PageId::Thanks,
            Self::PolicyList => PageId::PolicyList,
            Self::PolicyText => PageId::PolicyText,
            Self::WindowIdle => PageId::WindowIdle,
            Self::WindowScore => PageId::WindowScore,
            Self::WindowReasons => PageId::WindowReasons,
            Self::WindowThanks => PageId::WindowThanks,
        }
    }
}

/// Fills every global with the content of a sheet and shows its page.
pub(super) fn fill(window: &KioskWindow, sheet: Sheet) {
    Theme::get(window).set_terminal(sheet.is_terminal());
    fill_shell(&Shell::get(window), sheet);
    fill_home(&Home::get(window));
    fill_search(&JobSearch::get(window), sheet);
    fill_filter(&JobFilter::get(window), sheet);
    fill_none(&JobNone::get(window));
    fill_detail(&JobDetail::get(window), sheet);
    fill_choose(&TicketChoose::get(window), sheet);
    fill_slip(&TicketSlip::get(window), sheet);
    fill_lookup(&ScoreLookup::get(window), sheet);
    fill_score(&Score::get(window));
    fill_policies(window);
    fill_idle(&WindowIdle::get(window));
    Shell::get(window).set_page(sheet.page());
}

fn fill_shell(shell: &Shell<'_>, sheet: Sheet) {
    shell.set_place("月湖区就业之家".into());
    shell.set_site("示例一街道站".into());
    shell.set_date_text("11月23日 星期一".into());
    shell.set_weekday_text("周一".into());
    shell.set_clock_text("10:24".into());
    shell.set_offline(sheet == Sheet::HomeOffline || sheet == Sheet::TicketOffline);
    shell.set_offline_text("现在没连上网，信息截至 10:23。取号、找工作都能用。".into());
    shell.set_help(if sheet == Sheet::HomeHelp { HelpState::Coming } else { HelpState::Idle });
    shell.set_help_text("已经叫人了，请在这里等。导办员正在过来。".into());
    shell.set_remote(match sheet {
        Sheet::RemoteAsk => RemoteState::Asking,
        Sheet::RemoteActive => RemoteState::Active,
        _ => RemoteState::None,
    });
    shell.set_remote_ask_title("让工作人员帮您点吗？".into());
    shell.set_remote_ask_text("工作人员万秀英会看到这块屏幕，也能替您点。随时可以停。".into());
    shell.set_remote_text("工作人员万秀英正在帮您".into());
    shell.set_timeout_shown(sheet == Sheet::Timeout);
    shell.set_timeout_seconds(12);
    shell.set_timeout_left(0.6);
    shell.set_timeout_text("没人点的话，会清掉您看的内容，回到首页".into());
}

fn fill_home(home: &Home<'_>) {
    home.set_jobs_fact("3,128 个岗位在招".into());
    home.set_queue_fact("14 人在等，约 12–20 分钟".into());
    let facts = [("在招岗位", "3,128 个"), ("大厅等候", "14 人"), ("大约要等", "12–20 分")];
    home.set_facts(rows(facts.map(|(name, value)| Fact { name: name.into(), value: value.into() })));
    home.set_newest(rows(job_rows(0).into_iter().take(3)));
}

fn fill_search(search: &JobSearch<'_>, sheet: Sheet) {
    search.set_picked("电工".into());
    search.set_typed("dg".into());
    search.set_has_query(true);
    search.set_keypad_open(sheet == Sheet::JobSearch || sheet == Sheet::RemoteActive);
    search.set_keys(rows(('A'..='Z').map(|letter| KeyState {
        letter: letter.to_string().into(),
        live: !"IUV".contains(letter),
        latest: letter == 'G',
    })));
    search.set_suggestions(rows(
        [("电工", "86", true), ("导购", "64", false), ("水电工", "31", false), ("锻工", "3", false)]
            .map(|(text, count, chosen)| Suggestion {
                text: text.into(),
                count_text: count.into(),
                chosen,
                label: format!("{text} {count} 个").into(),
            }),
    ));
    search.set_more_suggestions(true);
    let chips = [("月湖区", true), ("4 千元以上", true), ("学历不限", false), ("全职和零工", false)];
    search.set_chips(rows(chips.map(|(text, narrows)| Chip { text: text.into(), narrows })));
    search.set_count_number("86 个".into());
    search.set_count_text("在招，新的在前".into());
    search.set_page_text("第 1 / 22 页".into());
    search.set_can_previous(false);
    search.set_can_next(true);
    let longest = usize::from(sheet == Sheet::JobLongest);
    search.set_rows(rows(job_rows(longest)));
}

/// Eight rows; the first `longest` of them as long as the yardstick file's longest strings.
fn job_rows(longest: usize) -> Vec<JobRow> {
    let plain = [
        ("维修电工（倒班）", "澄禾铜业 · 示例二街道 · 中专以上", "5,500–7,000 元", "今天"),
        ("低压电工", "示例市月湖区岭南桐电子科技有限责任公司 · 示例一街道 · 中专以上", "5,000–6,500 元", "今天"),
        ("水电工 日结", "青砚物业 · 示例三街道 · 学历不限", "320 元/天", "昨天"),
        ("电工学徒 包吃住", "禾川眼镜 · 示例镇 · 初中以上", "4,000–4,800 元", "11月21日"),
        ("高压值班电工", "白鹭水务 · 示例四街道 · 大专以上", "6,000–7,500 元", "11月20日"),
        ("弱电工程师", "云栖智能 · 示例一街道 · 大专以上", "7,000–9,000 元", "11月20日"),
        ("家电安装工", "顺意家电 · 示例五街道 · 学历不限", "面议", "11月19日"),
        ("电工班长", "澄禾铜业 · 示例二街道 · 中专以上", "8,000 元以上", "11月18日"),
    ];
    plain
        .into_iter()
        .enumerate()
        .map(|(index, (title, under, pay, age))| {
            let is_longest = index < longest;
            let title = if is_longest { long_text(80) } else { title.to_owned() };
            let under = if is_longest {
                format!("{} · {} · 学历不限", long_text(55), long_text(21))
            } else {
                under.to_owned()
            };
            let pay = if is_longest { "12,000–15,000 元/月" } else { pay };
            JobRow {
                label: format!("第 {} 个 {title}", index + 1).into(),
                title: title.into(),
                under: under.into(),
                pay: pay.into(),
                age: age.into(),
            }
        })
        .collect()
}

/// Hanzi without meaning, as many as asked for.
fn long_text(hanzi: usize) -> String {
    "高级机械设备维修保养技术工程师岗位".chars().cycle().take(hanzi).collect()
}

fn fill_filter(filter: &JobFilter<'_>, sheet: Sheet) {
    let (title, hint, words): (_, _, &[&str]) = if sheet == Sheet::JobFilter {
        (
            "工资要多少？",
            "按月算。日结、小时工也折成一个月。",
            &["不限", "3 千元以上", "4 千元以上", "5 千元以上", "6 千元以上", "8 千元以上", "1 万元以上"],
        )
    } else {
        ("想找哪一行？", "点一行，先看新的。", &CATEGORIES)
    };
    filter.set_title(title.into());
    filter.set_hint(hint.into());
    filter.set_total(i32::try_from(words.len()).expect("a handful of choices fits"));
    let page = usize::try_from(filter.get_choices_per_page()).unwrap_or(1);
    filter.set_choices(rows(words.iter().take(page).enumerate().map(|(index, word)| ChoiceRow {
        title: (*word).into(),
        under: SharedString::new(),
        count_text: format!("{} 个", 412 / (index + 1)).into(),
        chosen: sheet == Sheet::JobFilter && index == 2,
        label: (*word).into(),
    })));
    filter.set_page_text(format!("第 1 / {} 页", words.len().div_ceil(page)).into());
    filter.set_can_previous(false);
    filter.set_can_next(words.len() > page);
}

const CATEGORIES: [&str; 20] = [
    "普工、操作工", "服务员、后厨", "保洁、家政", "保安、门卫", "司机、送货", "电工、维修",
    "焊工、钳工", "营业员、收银", "销售、业务", "文员、客服", "会计、出纳", "仓库、分拣",
    "建筑、装修", "纺织、缝纫", "老师、培训", "护士、护理", "电脑、网络", "设计、视频",
    "管理、主管", "别的工作",
];

fn fill_none(none: &JobNone<'_>) {
    none.set_query("锻工".into());
    let relaxations = [
        ("工资不限", "去掉“8 千元以上”", "3 个", true),
        ("地点放到全市", "现在只找月湖区", "5 个", false),
        ("看差不多的工种", "冲压工、铸造工、热处理工", "41 个", false),
    ];
    none.set_relaxations(rows(relaxations.map(|(title, under, count, chosen)| ChoiceRow {
        title: title.into(),
        under: under.into(),
        count_text: count.into(),
        chosen,
        label: title.into(),
    })));
}

fn fill_detail(detail: &JobDetail<'_>, sheet: Sheet) {
    let longest = sheet == Sheet::JobDetailLongest;
    detail.set_title(if longest { long_text(80) } else { "维修电工（倒班）".to_owned() }.into());
    detail.set_title_step(if longest { 2 } else { 0 });
    detail.set_pay("5,500–7,000 元".into());
    detail.set_pay_note("每月，另有夜班补贴".into());
    let employer = if longest { long_text(55) } else { "示例市月湖区澄禾铜业有限公司".to_owned() };
    detail.set_employer(employer.into());
    detail.set_fresh(!longest);
    let age = if longest { "11月12日 发布，来时先打电话问一下" } else { "今天 08:30 和单位核对过，还在招" };
    detail.set_age_text(age.into());
    let place = if longest { long_text(21) } else { "示例二街道".to_owned() };
    detail.set_facts(rows([
        (FactTopic::Place, place),
        (FactTopic::Heads, "招 4 人".to_owned()),
        (FactTopic::Education, "中专以上，3 年以上经验".to_owned()),
        (FactTopic::Kind, "全职".to_owned()),
    ]
    .map(|(topic, text)| JobFact { topic, text: text.into() })));
    detail.set_position_text("第 1 个，共 86 个".into());
    detail.set_can_previous(false);
    detail.set_can_next(true);
    detail.set_qr(code("http://example.invalid/v/7f3k2q"));
    detail.set_qr_text("30 天内都能打开，不用装软件".into());
}

fn fill_choose(choose: &TicketChoose<'_>, sheet: Sheet) {
    choose.set_slot(if sheet == Sheet::TicketClosed { Slot::Closed } else { Slot::Open });
    choose.set_closed_title("现在不能取号".into());
    choose.set_closed_text("机器存不下新的号了，已经取到的号都有效。请到服务台取号。".into());
    let priorities = [
        (PriorityMark::Elder, "60 岁以上", true),
        (PriorityMark::Disabled, "残疾人", false),
        (PriorityMark::Baby, "孕妇、抱孩子", false),
        (PriorityMark::Soldier, "军人、退役", false),
    ];
    choose.set_priorities(rows(priorities.map(|(mark, text, chosen)| Priority {
        mark,
        text: text.into(),
        chosen,
    })));
    let page = usize::try_from(choose.get_groups_per_page()).unwrap_or(1);
    choose.set_groups(rows(GROUPS.into_iter().take(page).map(ticket_group)));
    choose.set_page_text(format!("第 1 / {} 页", GROUPS.len().div_ceil(page)).into());
    choose.set_can_previous(false);
    choose.set_can_next(GROUPS.len() > page);
}

/// Letter, matter, hint, waiting, wait; no wait means closed.
const GROUPS: [(&str, &str, &str, &str, &str); 5] = [
    ("A", "找工作、就业登记", "就业、失业登记，就业补贴", "6 人在等", "约 12–20 分钟"),
    ("B", "创业贷款", "申请、续贷、还款", "2 人在等", "约 10–25 分钟"),
    ("C", "失业保险", "领失业金、转移、技能补贴", "4 人在等", "约 8–15 分钟"),
    ("D", "人事档案", "调档、存档、开证明", "没人等", "现在就办"),
    ("E", "培训和见习", "下午 2:00 再来取号", "上午已停号", ""),
];

fn ticket_group(
    (letter, title, under, waiting, wait): (&str, &str, &str, &str, &str),
) -> TicketGroup {
    TicketGroup {
        letter: letter.into(),
        title: title.into(),
        under: under.into(),
        waiting: waiting.into(),
        wait: wait.into(),
        open: !wait.is_empty(),
    }
}

fn fill_slip(slip: &TicketSlip<'_>, sheet: Sheet) {
    let offline = sheet == Sheet::TicketOffline;
    slip.set_place("月湖区就业之家 · 示例一街道站".into());
    slip.set_number(if offline { "A-K2-001" } else { "A032" }.into());
    slip.set_long_number(offline);
    slip.set_code_text("校验码 4719".into());
    slip.set_matter("找工作、就业登记".into());
    slip.set_ahead("6 人".into());
    slip.set_wait("12–20 分钟".into());
    slip.set_window_text("1–4 号窗口".into());
    slip.set_qr(code("http://example.invalid/t/3q8w0r7d2k5m9x1c4v6b8n"));
    slip.set_qr_text("快到您时会变。办完也可以在这里打分。".into());
    slip.set_rule_text("11月23日 10:24 取号，当天有效。过号 30 分钟内回来，可以重排一次。".into());
    let next = if offline { "A-K2-001" } else { "A032" };
    slip.set_next_text(format!("到左边等候区坐下，听广播叫 {next}").into());
    slip.set_left(0.72);
}

fn fill_lookup(lookup: &ScoreLookup<'_>, sheet: Sheet) {
    let step = match sheet {
        Sheet::ScoreNumber => LookupStep::Number,
        Sheet::ScoreCode => LookupStep::Code,
        _ => LookupStep::Letter,
    };
    lookup.set_step(step);
    let (title, hint) = match step {
        LookupStep::Letter => ("号票第一个字母？", "看您的号票，最大的那行字。"),
        LookupStep::Number => ("号票上的数字？", "字母后面的三个数。"),
        LookupStep::Code => ("校验码是多少？", "号码下面的 4 个数。"),
    };
    lookup.set_title(title.into());
    lookup.set_hint(hint.into());
    let letters = [
        ("A", "找工作、登记"), ("B", "创业贷款"), ("C", "失业保险"),
        ("D", "人事档案"), ("E", "培训见习"), ("V", "优先号"),
    ];
    lookup.set_letters(rows(letters.map(|(letter, matter)| LetterKey {
        letter: letter.into(),
        matter: matter.into(),
        label: format!("{letter} {matter}").into(),
    })));
    let lanes = [("没有 K", true), ("K1", false), ("K2", false), ("K3", false)];
    lookup.set_lanes(rows(lanes.map(|(text, chosen)| LaneKey { text: text.into(), chosen })));
    lookup.set_number_text(if step == LookupStep::Code { "A032" } else { "A03_" }.into());
    lookup.set_code_text("47__".into());
    lookup.set_can_erase(true);
    lookup.set_can_continue(step == LookupStep::Number);
    let message = if step == LookupStep::Code { "没找到这个号，请再看一下号票上的 4 个数" } else { "" };
    lookup.set_message(message.into());
}

fn fill_score(score: &Score<'_>) {
    score.set_ticket_number("A024".into());
    score.set_matter("失业登记，刚刚办完".into());
    score.set_window_text("3 号窗口".into());
    score.set_clerk_text("工号 0312".into());
    score.set_title("这件事办得怎么样？".into());
    score.set_hint("打分不记名，工作人员看不到是谁打的。".into());
    score.set_seconds_text("还剩 24 秒。不想打分也没关系。".into());
    score.set_seconds(24);
    score.set_left(0.8);
    score.set_reasons_hint("您选了“不满意”。会有另外的人来查，不由本窗口处理。".into());
    let page = usize::try_from(score.get_reasons_per_page()).unwrap_or(1);
    let chosen = [2, 4];
    score.set_reasons(rows(REASONS.into_iter().take(page).enumerate().map(|(index, text)| Reason {
        text: text.into(),
        chosen: chosen.contains(&index),
    })));
    let more = REASONS.len().saturating_sub(page);
    score.set_more_text(if more == 0 { String::new() } else { format!("还有 {more} 条") }.into());
    score.set_thanks_text("您的评价已经记下了。".into());
}

const REASONS: [&str; 12] = [
    "态度不好，互相推", "业务不熟，没讲清楚", "材料没有一次说全", "要了不该要的材料",
    "等得太久", "超过了答应的时间", "跑了好几趟、好几处", "和指南写的不一样",
    "机器或系统坏了", "环境、引导不方便", "收费或指定中介", "其他，我来说",
];

fn fill_policies(window: &KioskWindow) {
    let list = PolicyList::get(window);
    list.set_hint("点一条，看一张表就懂。".into());
    let policies = [
        ("灵活就业，社保有补贴", "自己交社保的就业困难人员"),
        ("失业了，可以领失业金", "交满一年、不是自己辞职的"),
        ("创业担保贷款，国家贴息", "想开店、办厂的"),
        ("一次性创业补贴", "第一次开店满半年的"),
        ("技能提升补贴", "考了证、还在职或失业的"),
        ("见习补贴", "毕业两年内没找到工作的"),
        ("单位招人补贴", "招用就业困难人员的单位"),
        ("求职补贴", "困难家庭的应届毕业生"),
    ];
    list.set_total(i32::try_from(policies.len()).expect("a handful of policies fits"));
    let page = usize::try_from(list.get_policies_per_page()).unwrap_or(1);
    list.set_policies(rows(policies.into_iter().take(page).map(|(title, under)| ChoiceRow {
        title: title.into(),
        under: under.into(),
        count_text: SharedString::new(),
        chosen: false,
        label: title.into(),
    })));
    list.set_page_text(format!("第 1 / {} 页", policies.len().div_ceil(page)).into());
    list.set_can_next(policies.len() > page);
    fill_policy(&PolicyText::get(window));
}

fn fill_policy(policy: &PolicyText<'_>) {
    policy.set_title("灵活就业，社保有补贴".into());
    policy.set_in_force(true);
    policy.set_state_text("正在执行".into());
    policy.set_document_text("示例文〔2026〕18 号，2026年1月1日起".into());
    let all = [
        ("谁能领", "就业困难人员，没单位、自己交社保的", "毕业 2 年内没找到工作的也行"),
        ("补多少", "自己交的钱，最多补三分之二", "例：一个月交 900 元，最多补 600 元"),
        ("补多久", "最多 3 年", "到退休不足 5 年的，可以补到退休"),
        ("要什么", "缴费凭证、承诺书", "身份证、认定结果我们能查到"),
        ("多久到账", "审完公示 5 个工作日，再打到卡上", ""),
        ("去哪办", "1–4 号窗口，或住处旁边的网点", "先取一个 A 字号"),
    ];
    let page = usize::try_from(policy.get_rows_per_page()).unwrap_or(1);
    policy.set_rows(rows(all.into_iter().take(page).map(|(topic, answer, under)| PolicyRow {
        topic: topic.into(),
        answer: answer.into(),
        under: under.into(),
    })));
    policy.set_page_text(format!("第 1 / {} 页", all.len().div_ceil(page)).into());
    policy.set_can_next(all.len() > page);
}

fn fill_idle(idle: &WindowIdle<'_>) {
    idle.set_window_number("3".into());
    idle.set_matters("就业登记、失业登记、求职".into());
    idle.set_also_text("也办优先号".into());
    idle.set_clerk_number("0312".into());
    idle.set_state_text("正在办".into());
    idle.set_ticket_number("A025".into());
}

fn code(content: &str) -> Image {
    qr::picture(content).expect("an invented address fits, because it is short")
}

fn rows<T: Clone + 'static>(items: impl IntoIterator<Item = T>) -> ModelRc<T> {
    ModelRc::new(items.into_iter().collect::<VecModel<T>>())
}
