//! What stands around every page: the staff frame with its menu, and the plain frame of the
//! public pages. Faces follow `style/look.md` §13: one sheet, no script needed, nothing inline,
//! so that the security policy can forbid inline code altogether.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::guard::FormToken;
use super::help::help;
use super::icon::{Icon, icon};
use crate::staff::{
    CallTickets, GuideCitizens, KeepAccounts, KeepParameters, MakeContacts, ReadAudit,
    ReadFeedback, Right, SeeBoards, SeeDevices, SeeFleet, SeeHall, SeeKpi, SeeListings, SeeOutbox,
    SeeRequirements, SeeScores, Staff, StartWork, WorkAtStation, WorkOnRecords,
};

/// The station's mark, with its own colours.
const MARK: &str = include_str!("../../../../assets/scene/mark.svg");

/// Says when a hall's queue changed. Public: it tells nobody what changed.
pub(crate) const QUEUE_STREAM: &str = "/changes";
/// Says when anything changed that staff may see; only for staff.
pub(crate) const STAFF_STREAM: &str = "/staff/changes";
/// As [`STAFF_STREAM`]; while somebody listens, devices send pictures of their screens.
pub(crate) const WALL_STREAM: &str = "/staff/devices/changes";
/// The same for who sees boards.
pub(crate) const BOARD_STREAM: &str = "/staff/boards/changes";

/// The place whose pages these are.
#[derive(Debug, Clone)]
pub(crate) struct Site {
    /// Name of the station.
    pub(crate) station_name: String,
    /// Whether everything in the store is synthetic (演示数据).
    pub(crate) is_demo: bool,
}

/// What every page of a signed-in person needs.
#[derive(Debug, Clone)]
pub(crate) struct Desk {
    /// Where.
    pub(crate) site: Site,
    /// Who.
    pub(crate) staff_name: String,
    /// What every form of the page carries.
    pub(crate) form_token: FormToken,
    /// The entries that this person's roles open.
    pub(crate) menu: Vec<MenuEntry>,
}

/// The entries of the staff menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MenuEntry {
    /// 我的工作
    Start,
    /// 业务线
    Lines,
    /// 业务记录
    Records,
    /// 名单和批次
    Lists,
    /// 联系群众
    Contacts,
    /// 网点
    Station,
    /// 叫号台
    Console,
    /// 岗位
    Listings,
    /// 评价
    Scores,
    /// 群众意见
    Feedback,
    /// 考核
    Kpi,
    /// 导办台
    Guide,
    /// 大厅现在
    Hall,
    /// 屏幕
    Boards,
    /// 设备墙
    Devices,
    /// 设备情况
    Fleet,
    /// 短信发送
    Outbox,
    /// 政策参数
    Parameters,
    /// 账号
    Accounts,
    /// 操作记录
    Audit,
    /// 需求清单
    Requirements,
}

impl MenuEntry {
    /// Every entry, in the order of the menu.
    pub(crate) const ALL: [Self; 21] = [
        Self::Start,
        Self::Lines,
        Self::Records,
        Self::Lists,
        Self::Contacts,
        Self::Station,
        Self::Console,
        Self::Guide,
        Self::Hall,
        Self::Listings,
        Self::Boards,
        Self::Scores,
        Self::Feedback,
        Self::Kpi,
        Self::Devices,
        Self::Fleet,
        Self::Outbox,
        Self::Parameters,
        Self::Accounts,
        Self::Audit,
        Self::Requirements,
    ];

    /// The entries that somebody's roles open.
    pub(crate) fn of<R: Right>(staff: &Staff<R>) -> Vec<Self> {
        let all = Self::ALL.into_iter();
        all.filter(|entry| entry.is_for(staff)).collect()
    }

    fn is_for<R: Right>(self, staff: &Staff<R>) -> bool {
        match self {
            Self::Start => staff.also::<StartWork>().is_some(),
            Self::Console => staff.also::<CallTickets>().is_some(),
            Self::Guide => staff.also::<GuideCitizens>().is_some(),
            Self::Hall => staff.also::<SeeHall>().is_some(),
            Self::Listings => staff.also::<SeeListings>().is_some(),
            Self::Scores => staff.also::<SeeScores>().is_some(),
            Self::Boards => staff.also::<SeeBoards>().is_some(),
            Self::Devices => staff.also::<SeeDevices>().is_some(),
            Self::Fleet => staff.also::<SeeFleet>().is_some(),
            Self::Lines | Self::Records | Self::Lists => staff.also::<WorkOnRecords>().is_some(),
            Self::Station => staff.also::<WorkAtStation>().is_some(),
            Self::Kpi => staff.also::<SeeKpi>().is_some(),
            Self::Contacts => staff.also::<MakeContacts>().is_some(),
            Self::Feedback => staff.also::<ReadFeedback>().is_some(),
            Self::Outbox => staff.also::<SeeOutbox>().is_some(),
            Self::Parameters => staff.also::<KeepParameters>().is_some(),
            Self::Accounts => staff.also::<KeepAccounts>().is_some(),
            Self::Audit => staff.also::<ReadAudit>().is_some(),
            Self::Requirements => staff.also::<SeeRequirements>().is_some(),
        }
    }

    /// What one must know on the entry's pages. Some say it on each page themselves.
    fn help(self) -> &'static [&'static str] {
        match self {
            Self::Lines
            | Self::Records
            | Self::Lists
            | Self::Station
            | Self::Kpi
            | Self::Requirements => &[],
            Self::Start => &[
                "最上面是现在就要办的；下面按期限排，晚了的在前。",
                "点右边的按钮直接打开那一条；别人超期、归您催办的，排在最前面。",
            ],
            Self::Console => &[
                "先坐到自己的窗口。按“叫下一个”，群众的屏、大厅屏和语音一起叫。",
                "叫满三遍人没来，点“人没来”；他半小时内回来，可以恢复一次。",
                "缺材料的点“去补材料”，等一件事的点“先放一放”，回来后点“接着办”。",
            ],
            Self::Guide => &[
                "替人取号：选优先，点一下要办的业务。填了证件号码，同一类事一人只有一张号。",
                "找号票：输入号码，可以恢复过号、改优先、取消。",
            ],
            Self::Hall => &[
                "红的先看：有人等、没窗口的组，可以打开窗口，或者让别的窗口今天也办这一组。",
                "改了窗口办的组，只管今天；明天又是原来的样子。",
            ],
            Self::Listings => &[
                "这里是正在公布的岗位。撤下后，自助机、网页和屏幕马上都没有了。",
                "撤下要写原因；岗位的全部经过在“业务记录”的“岗位”里。",
            ],
            Self::Scores => &[
                "没有评价的也算在“有人评价”的分母里，不会当成满意。",
                "点天数可以换时间段；每个窗口分开算。",
            ],
            Self::Boards => &[
                "“屏已回话”是屏自己说放上了；“画面是推算的”是发出了、屏还没说，或者这种屏不会说。",
                "只撤一条，到那一条里点“立即撤播”；全部撤用“一键撤播”，要写原因，恢复也记是谁。",
                "屏 5 分钟不回话就报警，通了自己消掉；断线时放的是断线前的内容。",
            ],
            Self::Devices => &[
                "看得到每台机器现在的画面；群众同意后才能远程帮忙。",
                "画面会在没有人看时自动停传。",
            ],
            Self::Fleet => &[
                "红色的要马上处理，黄色的今天处理。",
                "“未上传”说明机器断过网，接上网会自己补传。",
            ],
            Self::Contacts => &[
                "自己经办的排在最前面，再是自己这条线的。打完选一个结果，点“记下”，办件的“经过”里就有了。",
                "号码遮着，点“看号码”要写理由。没人接的过一会儿自己再排上来，打满次数就不再排。",
                "他说不要发短信，就点“不再发短信”，以后只打电话。",
            ],
            Self::Feedback => &[
                "这里是群众在自助机上写的原话，打开看会记下来。要改的事，点“登记成意见办理”，有人办、有期限。",
            ],
            Self::Outbox => &[
                "短信没发成的，会自己变成“联系群众”里的一个电话，不会漏人。",
                "网关的地址、密钥在中心的配置文件里，改了要重启服务。",
            ],
            Self::Parameters => &[
                "一个人录入，另一个人复核，到起始日才生效；以前的办件不变。",
                "录错了、还没复核的，可以收回；已经生效的，从另一天起录一条新的。",
            ],
            Self::Accounts => &[
                "新账号给一个一次性密码，第一次登录必须改。",
                "人离开了就把账号关掉，不用删；他在各处马上退出，历史还在。",
            ],
            Self::Audit => &[
                "谁、什么时候、在哪里、对哪条记录做了什么，只增不改。",
                "“查验记录链”会把全部记录读一遍，数据多时要等一会儿。",
            ],
        }
    }

    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Start => "/staff",
            Self::Lines => super::lines::LINES_PATH,
            Self::Records => "/staff/records",
            Self::Lists => super::lists::LISTS_PATH,
            Self::Contacts => super::contacts::CONTACTS_PATH,
            Self::Feedback => super::feedback::FEEDBACK_PATH,
            Self::Outbox => super::outbox::OUTBOX_PATH,
            Self::Station => super::station::STATION_PATH,
            Self::Kpi => super::kpi::KPI_PATH,
            Self::Console => "/staff/console",
            Self::Guide => super::guide::GUIDE_PATH,
            Self::Hall => super::hall::HALL_PATH,
            Self::Listings => "/staff/listings",
            Self::Scores => "/staff/scores",
            Self::Boards => super::boards::BOARDS_PATH,
            Self::Devices => "/staff/devices",
            Self::Fleet => "/staff/fleet",
            Self::Parameters => "/staff/parameters",
            Self::Accounts => "/staff/accounts",
            Self::Audit => "/staff/audit",
            Self::Requirements => super::requirements::REQUIREMENTS_PATH,
        }
    }

    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Start => "我的工作",
            Self::Lines => "业务线",
            Self::Records => "业务记录",
            Self::Lists => "名单和批次",
            Self::Contacts => "联系群众",
            Self::Feedback => "群众意见",
            Self::Outbox => "短信发送",
            Self::Station => "网点",
            Self::Kpi => "考核",
            Self::Console => "叫号台",
            Self::Guide => "导办台",
            Self::Hall => "大厅现在",
            Self::Listings => "岗位",
            Self::Scores => "评价",
            Self::Boards => "屏幕",
            Self::Devices => "设备墙",
            Self::Fleet => "设备情况",
            Self::Parameters => "政策参数",
            Self::Accounts => "账号",
            Self::Audit => "操作记录",
            Self::Requirements => "需求清单",
        }
    }

    fn icon(self) -> Icon {
        match self {
            Self::Start => Icon::Home,
            Self::Lines => Icon::Job,
            Self::Records | Self::Lists => Icon::CheckList,
            Self::Station => Icon::Home,
            Self::Kpi => Icon::Done,
            Self::Contacts => Icon::Talk,
            Self::Feedback => Icon::Star,
            Self::Outbox => Icon::Voice,
            Self::Console => Icon::People,
            Self::Guide => Icon::Notice,
            Self::Hall => Icon::Screen,
            Self::Listings => Icon::Job,
            Self::Scores => Icon::Rate,
            Self::Boards => Icon::Notice,
            Self::Devices => Icon::Screen,
            Self::Fleet => Icon::CheckList,
            Self::Parameters => Icon::Policy,
            Self::Accounts => Icon::Lock,
            Self::Audit => Icon::Search,
            Self::Requirements => Icon::CheckList,
        }
    }
}

/// How a page follows changes of the hall.
#[derive(Debug, Clone)]
pub(crate) struct Live {
    /// The page that shows the regions again, without the parts of an act.
    pub(crate) page: String,
    /// The stream of server-sent events that say when.
    pub(crate) stream: &'static str,
    /// Seconds between refreshes where scripts are off; `None` where a refresh would wipe input.
    pub(crate) seconds_without_script: Option<u8>,
}

fn head(title: &str, site: &Site, live: Option<&Live>) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="referrer" content="no-referrer";
            title { (title) " · " (site.station_name) }
            link rel="icon" href="/assets/mark.svg" type="image/svg+xml";
            link rel="stylesheet" href="/assets/staff.css";
            @if let Some(live) = live {
                @if let Some(seconds) = live.seconds_without_script {
                    noscript { meta http-equiv="refresh" content=(format!("{seconds};url={}", live.page)); }
                }
                script src="/assets/live.js" defer {}
            }
        }
    }
}

/// A page of the public: a head line, then the content in one column.
pub(crate) fn public_page(
    site: &Site,
    title: &str,
    live: Option<&Live>,
    content: &Markup,
) -> Markup {
    html! {
        (DOCTYPE)
        html lang="zh-CN" {
            (head(title, site, live))
            body data-page=[live.map(|live| &live.page)] data-stream=[live.map(|live| live.stream)] {
                div.top { div.row {
                    (mark()) b { (site.station_name) }
                    @if site.is_demo { span.tag.demo { "演示数据" } }
                } }
                main.phone.stack { (content) }
            }
        }
    }
}

/// A page for signed-in staff on a phone: one column, big targets, no menu.
pub(crate) fn phone_staff_page(desk: &Desk, title: &str, content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="zh-CN" {
            (head(title, &desk.site, None))
            body {
                a.skip href="#content" { "跳到内容" }
                header.top { div.row {
                    (mark()) b { (desk.site.station_name) }
                    @if desk.site.is_demo { span.tag.demo { "演示数据" } }
                } }
                main.phone.stack #content {
                    (content)
                    form.noprint method="post" action="/staff/sign-out" {
                        (desk.form_token.field())
                        p { a.button href="/staff" { "我的工作" } }
                        button { (desk.staff_name) "，退出" }
                    }
                }
            }
        }
    }
}

/// The hall display: the whole glass is content.
pub(crate) fn glass_page(site: &Site, title: &str, live: &Live, content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="zh-CN" {
            (head(title, site, Some(live)))
            body data-page=(live.page) data-stream=(live.stream) { (content) }
        }
    }
}

/// A page for signed-in staff: bar, menu, content.
pub(crate) fn staff_page(
    desk: &Desk,
    entry: impl Into<Option<MenuEntry>>,
    title: &str,
    live: Option<&Live>,
    content: &Markup,
) -> Markup {
    let entry = entry.into();
    html! {
        (DOCTYPE)
        html lang="zh-CN" {
            (head(title, &desk.site, live))
            body data-page=[live.map(|live| &live.page)] data-stream=[live.map(|live| live.stream)] {
                a.skip href="#content" { "跳到内容" }
                (bar(desk))
                div.frame {
                    (menu(&desk.menu, entry))
                    main #content {
                        (content)
                        @if let Some(entry) = entry { (help(entry.help())) }
                    }
                }
                script src="/assets/keys.js" defer {}
            }
        }
    }
}

fn bar(desk: &Desk) -> Markup {
    html! {
        header.bar {
            (mark()) b { (desk.site.station_name) }
            @if desk.site.is_demo { span.tag.demo { "演示数据" } }
            span #line role="status" {}
            a.push.name href="/staff/me" { b { (desk.staff_name) } }
            form method="post" action="/staff/sign-out" {
                (desk.form_token.field())
                button { "退出" }
            }
        }
    }
}

fn menu(entries: &[MenuEntry], current: Option<MenuEntry>) -> Markup {
    html! {
        nav aria-label="菜单" {
            @for entry in entries {
                @if *entry == MenuEntry::Listings { hr; }
                a href=(entry.path()) aria-current=[(Some(*entry) == current).then_some("page")] {
                    (icon(entry.icon())) (entry.text())
                }
            }
            hr;
            a href="/display" { (icon(Icon::Notice)) "大厅屏" }
        }
    }
}

/// The station's mark.
pub(crate) fn mark() -> Markup {
    let drawing = MARK.find("<svg").map_or(MARK, |start| &MARK[start..]);
    PreEscaped(drawing.replacen("<svg ", "<svg aria-hidden=\"true\" ", 1))
}

/// The sentence that follows an act: what happened, and what to do.
#[derive(Debug, Clone)]
pub(crate) enum Said {
    /// It was done.
    Done(String),
    /// It was not done, for this reason.
    Refused(String),
}

/// Shows [`Said`] where the eye is; announced to readers of the screen.
pub(crate) fn said(said: Option<&Said>) -> Markup {
    match said {
        None => html! {},
        Some(Said::Done(text)) => html! { p.say.good role="status" { (text) } },
        Some(Said::Refused(text)) => html! { p.say role="alert" { (text) } },
    }
}
