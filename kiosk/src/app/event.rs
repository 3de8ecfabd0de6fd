//! Everything that can happen to the kiosk, as one closed list: touches, the clock, answers of the
//! worker, the feed. The state machine sees nothing else.

use std::time::Duration;

use domain::listing::Listing;
use domain::rating::Level;
use domain::time::UtcMs;
use kiosk_peripherals::printing::Outcome;
use kiosk_peripherals::scanner::ScanFault;
use wire::api::{FeedRow, RemoteCommand, VisitFound};
use wire::event::Origin;

use super::appointment::{AppointmentAnswer, AppointmentTouch};
use super::card::CardAnswer;
use super::citizen::CitizenAnswer;
use super::effect::Slip;
use super::flow::FlowTouch;
use super::keys::Scan;
use super::papers::PaperTouch;
use super::service::{Check, MachineSeen, PinAnswer};
use crate::index::{Answer, PlaceFilter};
use crate::view_model::lines::ReadSpace;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A second has passed.
    Tick,
    /// The pages told that they hold another number of rows.
    Laid,
    /// Somebody touched the glass somewhere: the idle clock starts again.
    Touched,
    /// Somebody chose something.
    Touch(Touch),
    /// Rows of the hall's feed.
    Facts {
        /// The rows.
        rows: Vec<FeedRow>,
        /// The server's clock when they came.
        server_now: UtcMs,
    },
    /// Whether the line is up.
    Line(Line),
    /// Numbers and newest listings for the start page.
    Listings(ListingFacts),
    /// The index answered.
    Found(Answer),
    /// A slip is durable and may be shown.
    Issued(Slip),
    /// No ticket could be given.
    NotIssued(NotIssued),
    /// What the authority says about appointments.
    Appointment(AppointmentAnswer),
    /// What the centre says to what it was asked for a citizen.
    Citizen(CitizenAnswer),
    /// Whether a feedback is durable.
    FeedbackSettled(bool),
    /// Whether number and code belong to a visit.
    Looked(Looked),
    /// A score is durable.
    ScoreKept,
    /// A score could not be kept.
    ScoreNotKept,
    /// A call for help is durable.
    HelpKept,
    /// A call for help could not be kept.
    HelpNotKept,
    /// A sentence has ended, or could not be said.
    Said,
    /// A code was scanned, or the scanner had something to say.
    Scanned(Result<Scan, ScanFault>),
    /// What became of a paper.
    PaperSettled {
        /// The order's.
        no: u32,
        /// What became of it.
        outcome: Outcome,
    },
    /// What came of waiting for a card.
    Card(CardAnswer),
    /// What became of the test slip.
    TestPrinted(Outcome),
    /// How every device is.
    DevicesTested(Vec<Check>),
    /// Whether the PIN of the service page is right.
    PinChecked(PinAnswer),
    /// What of the machine works.
    MachineSeen(MachineSeen),
    /// The machine is another device from its next start.
    EnrolledAnew,
    /// The machine could not be made ready to enrol anew; why, for the technician.
    NotEnrolledAnew(String),
    /// A step of remote help.
    Remote(RemoteCommand),
    /// The line over which a clerk helps went down.
    RemoteLineLost,
}

/// Everything that can be chosen on a page.
#[derive(Debug, Clone, PartialEq)]
pub enum Touch {
    /// 返回
    Back,
    /// 回首页
    Home,
    /// 叫人帮忙, on the bar or as the human way out of a page.
    CallHelp,
    /// 字放大
    ToggleScale,
    /// 老年模式
    ToggleElderly,
    /// 坐着用
    ToggleLowReach,
    /// 黑底大字
    ToggleContrast,
    /// 我还在用
    Stay,
    /// 不用了，退出
    Leave,
    /// 好，请他帮我
    AllowRemote,
    /// 不用
    RefuseRemote,
    /// 停下，不用帮了
    StopRemote,
    /// 读给我听, 停下不读
    ToggleReading,
    /// 别的事: the next services of the start page in elderly mode.
    OtherServices,
    /// The mark in the strip, behind which the service page hides.
    Mark,
    /// Anything on the service page.
    Service(ServiceTouch),
    /// 找工作
    FindJob,
    /// 取号, from home, a listing or a policy.
    TakeTicket,
    /// 预约签到
    Appointments,
    /// 评服务
    RateService,
    /// 查政策与办事指南: the page that offers both.
    PoliciesAndGuide,
    /// 政策通知
    ReadPolicy,
    /// 办事指南
    ReadGuide,
    /// 测资格
    CheckEligibility,
    /// 办进度
    SeeProgress,
    /// 看公示
    ReadAnnouncements,
    /// 服务网点
    FindStation,
    /// 今天的零工
    FindGigWork,
    /// 按我的情况找工作, from the job search.
    MatchJobs,
    /// 提意见
    GiveFeedback,
    /// 打证明; the tile is hidden where nothing prints them.
    PrintCertificate,
    /// One of the newest listings on the start page.
    Newest(usize),
    /// Anything on the pages of the job search.
    Job(JobTouch),
    /// Anything on the pages of appointments.
    Appointment(AppointmentTouch),
    /// 上一页
    PreviousPage,
    /// 下一页
    NextPage,
    /// A priority kind, on or off.
    Priority(usize),
    /// A group on the page shown.
    Group(usize),
    /// 要办几件事
    ChooseMatters,
    /// A matter on the page shown, on or off.
    Matter(usize),
    /// 取号, for all matters that are ticked.
    TakeForMatters,
    /// The slip was read.
    SlipDone,
    /// A letter of a ticket number.
    Letter(usize),
    /// A lane of a ticket number; 0 is none.
    Lane(usize),
    /// A digit.
    Digit(u8),
    /// 退格
    Erase,
    /// 清空
    Clear,
    /// 下一步, 去打分
    Continue,
    /// A face.
    Face(Level),
    /// 这次不评
    SkipScore,
    /// A reason on the page shown, on or off.
    Reason(usize),
    /// More reasons.
    MoreReasons,
    /// 返回改分
    ChangeScore,
    /// 选好了，提交
    SubmitScore,
    /// The thanks were read.
    ThanksDone,
    /// Anything on the plain pages of the flows.
    Flow(FlowTouch),
    /// 打印, 再打一张
    Print,
    /// An answer about a paper.
    Paper(PaperTouch),
}

/// Everything that can be chosen on the service page, which is for technicians.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServiceTouch {
    /// A digit of the PIN or of an enrolment code.
    Digit(u8),
    /// 退格
    Erase,
    /// 清空
    Clear,
    /// 确定, 重新登记
    Submit,
    /// 退出维护
    Leave,
    /// 返回, to what works.
    Checks,
    /// 试触摸
    Glass,
    /// 看故障
    Reports,
    /// 重新登记
    Enrol,
    /// 打一张试纸
    PrintTest,
    /// 测一遍设备
    TestDevices,
    /// 重启程序
    Restart,
    /// A cell of the glass.
    Cell(usize),
}

/// Everything that can be chosen on the pages of the job search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobTouch {
    /// A key of the pinyin keypad.
    Letter(char),
    /// 退格
    Erase,
    /// 清空
    Clear,
    /// 收起
    FoldKeypad,
    /// The field was touched.
    OpenKeypad,
    /// A suggestion on the row shown.
    Suggestion(usize),
    /// 换一批
    SuggestionsNext,
    /// A filter chip.
    Chip(usize),
    /// A row of the result shown.
    Row(usize),
    /// 按行业选
    ChooseCategory,
    /// A choice on a filter page.
    Choice(usize),
    /// A filter to drop.
    Relax(usize),
    /// 上一个
    PreviousListing,
    /// 下一个
    NextListing,
}

/// What stands around an event.
#[derive(Debug, Clone, Copy)]
pub struct Surroundings {
    /// Time since the start; deadlines are of this clock, which never jumps.
    pub now: Duration,
    /// The device's clock, for what is shown and recorded.
    pub wall: UtcMs,
    /// Whose hand it was.
    pub origin: Origin,
    /// How much the pages of this screen hold.
    pub layout: Layout,
}

/// How many rows the pages of this screen and theme hold; told by the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// Newest listings on the start page.
    pub newest: usize,
    /// Rows of a search result.
    pub job_rows: usize,
    /// Choices of a filter page.
    pub job_choices: usize,
    /// Suggestions above the keypad.
    pub job_suggestions: usize,
    /// Groups on the ticket page.
    pub groups: usize,
    /// Matters on a page.
    pub matters: usize,
    /// Choices on a page of appointments.
    pub appointment_choices: usize,
    /// Choices on a plain page.
    pub choices: usize,
    /// Text on a page that is read.
    pub read: ReadSpace,
    /// Reasons on a page.
    pub reasons: usize,
}

/// The line to central.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Line {
    /// `None` before the first attempt.
    pub is_online: Option<bool>,
    /// When central last answered, on the device's clock.
    pub last_contact: Option<UtcMs>,
}

/// What the start page says about listings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListingFacts {
    /// Open listings.
    pub open: u32,
    /// First published today.
    pub published_today: u32,
    /// The newest, newest first.
    pub newest: Vec<Listing>,
    /// Places with open listings, most first.
    pub places: Vec<(PlaceFilter, u32)>,
}

/// Why no ticket could be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotIssued {
    /// The rules of the hall say no; the sentence is for the citizen.
    Refused(String),
    /// Central no longer knows this device.
    NotADevice,
    /// The log takes nothing more: the disk is full, or too much waits for central.
    CannotKeep,
}

/// What came of looking for a visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Looked {
    /// It may be scored.
    Found(VisitFound),
    /// It may not; the sentence is for the citizen.
    Refused(String),
    /// Nobody could be asked.
    NobodyToAsk,
}
