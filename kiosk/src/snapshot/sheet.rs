//! The states worth looking at, by name: what `kiosk snapshot --list` shows and the page tests walk.
//!
//! Names and page only; the invented content is in `fixtures`.

use crate::ui::PageId;

/// One state of one page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sheet {
    /// The four services and the newest vacancies.
    Home,
    /// Home while the line is down.
    HomeOffline,
    /// Home while there is an emergency in the hall and the line is down.
    HomeEmergency,
    /// Home after "叫人帮忙".
    HomeHelp,
    /// Home where certificates can be printed.
    HomeCertificates,
    /// Home after "别的事", in elderly mode.
    HomeOthers,
    /// Home while it is read aloud.
    HomeReading,
    /// Home after a code was scanned that is of no use there.
    HomeNote,
    /// Nobody is here: a vacancy.
    Attract,
    /// Nobody is here: a policy.
    AttractNotice,
    /// Nobody is here and the hall is closed.
    AttractResting,
    /// For technicians: the PIN.
    ServicePin,
    /// For technicians: what works.
    ServiceChecks,
    /// For technicians: the glass.
    ServiceGlass,
    /// For technicians: what went wrong.
    ServiceReports,
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
    /// One vacancy where there is a printer.
    JobDetailPrint,
    /// Choose a matter.
    TicketChoose,
    /// No tickets can be given now.
    TicketClosed,
    /// Choose several matters by name.
    TicketMatters,
    /// The slip.
    TicketIssued,
    /// The slip for several matters.
    TicketSeveral,
    /// The slip of an offline lane.
    TicketOffline,
    /// The slip where there is a printer, just printed.
    TicketPrinted,
    /// The slip, which could not be printed.
    PaperRefused,
    /// The slip, of which nobody knows whether it came out.
    PaperUnknown,
    /// Keep a time, or take one up.
    AppointmentStart,
    /// On which day.
    AppointmentDay,
    /// At what time.
    AppointmentTime,
    /// Which time is on the paper.
    AppointmentSlots,
    /// The four digits, after some that did not fit.
    AppointmentCode,
    /// Why it cannot go on.
    AppointmentTold,
    /// The confirmation.
    AppointmentKept,
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
    /// What there is to read.
    Contents,
    /// Policies by what they are about.
    PolicyTopics,
    /// Policies.
    PolicyList,
    /// One policy in a table.
    PolicyTable,
    /// Its whole text.
    PolicyWhole,
    /// A policy that was repealed.
    PolicyEnded,
    /// A policy in a table where there is a printer.
    PolicyPrint,
    /// The service guide.
    GuideList,
    /// The service guide, narrowed by the keypad.
    GuideKeys,
    /// One matter of it.
    GuideItem,
    /// The same where there is a printer.
    GuidePrint,
    /// A list without anything.
    NothingToRead,
    /// One notice.
    NoticeText,
    /// Publicity lists.
    AnnouncementList,
    /// One of them.
    AnnouncementText,
    /// Service stations.
    StationList,
    /// Service stations, narrowed by the keypad.
    StationKeys,
    /// One of them.
    StationText,
    /// Today's gig work.
    GigList,
    /// One of it.
    GigText,
    /// What needs the line, without one.
    NoLine,
    /// Progress: about what.
    ProgressKind,
    /// Progress: about what, where there is a card reader.
    ProgressKindCard,
    /// Progress: a card is waited for.
    ProgressCard,
    /// Progress: a card that cannot be used.
    ProgressCardFailed,
    /// Progress: the number on the receipt.
    ProgressNumber,
    /// Progress: the last four characters.
    ProgressLast,
    /// Progress: where a case stands.
    ProgressCase,
    /// A call-back: what the number is for.
    WishConsent,
    /// A call-back: the number.
    WishPhone,
    /// A call-back: when.
    WishTime,
    /// A call-back stands in a record.
    WishDone,
    /// Matching: whether it is wanted.
    MatchConsent,
    /// Matching: which work.
    MatchWork,
    /// Matching: for how much.
    MatchPay,
    /// Matching: what fits.
    MatchResults,
    /// Matching: why.
    MatchReasons,
    /// Feedback: how satisfied.
    FeedbackLevel,
    /// Feedback: what exactly.
    FeedbackSentences,
    /// Self-check: for whom.
    CheckAudience,
    /// Self-check: a question.
    CheckQuestion,
    /// Self-check: a day.
    CheckDate,
    /// Self-check: what came out.
    CheckResults,
    /// Self-check: why, how much, what to bring.
    CheckFinding,
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
    /// Queue display, calling.
    Display,
    /// Queue display, nobody called yet.
    DisplayIdle,
    /// Queue display while the line is down.
    DisplayOffline,
    /// Queue display while there is an emergency in the hall.
    DisplayEmergency,
    /// Queue display, a number of an offline lane, and the longest words.
    DisplayLane,
}

impl Sheet {
    /// Every sheet with its name on the command line.
    pub const ALL: [(Self, &'static str); 102] = [
        (Self::Home, "home"),
        (Self::HomeOffline, "home-offline"),
        (Self::HomeEmergency, "home-emergency"),
        (Self::HomeHelp, "home-help"),
        (Self::HomeCertificates, "home-certificates"),
        (Self::HomeOthers, "home-others"),
        (Self::HomeReading, "home-reading"),
        (Self::HomeNote, "home-note"),
        (Self::Attract, "attract"),
        (Self::AttractNotice, "attract-notice"),
        (Self::AttractResting, "attract-resting"),
        (Self::ServicePin, "service-pin"),
        (Self::ServiceChecks, "service-checks"),
        (Self::ServiceGlass, "service-glass"),
        (Self::ServiceReports, "service-reports"),
        (Self::JobSearch, "job-search"),
        (Self::JobList, "job-list"),
        (Self::JobLongest, "job-longest"),
        (Self::JobCategories, "job-categories"),
        (Self::JobFilter, "job-filter"),
        (Self::JobNone, "job-none"),
        (Self::JobDetail, "job-detail"),
        (Self::JobDetailLongest, "job-detail-longest"),
        (Self::JobDetailPrint, "job-detail-print"),
        (Self::TicketChoose, "ticket-choose"),
        (Self::TicketClosed, "ticket-closed"),
        (Self::TicketMatters, "ticket-matters"),
        (Self::TicketIssued, "ticket-issued"),
        (Self::TicketSeveral, "ticket-several"),
        (Self::TicketOffline, "ticket-offline"),
        (Self::TicketPrinted, "ticket-printed"),
        (Self::PaperRefused, "paper-refused"),
        (Self::PaperUnknown, "paper-unknown"),
        (Self::AppointmentStart, "appointment-start"),
        (Self::AppointmentDay, "appointment-day"),
        (Self::AppointmentTime, "appointment-time"),
        (Self::AppointmentSlots, "appointment-slots"),
        (Self::AppointmentCode, "appointment-code"),
        (Self::AppointmentTold, "appointment-told"),
        (Self::AppointmentKept, "appointment-kept"),
        (Self::ScoreLetter, "score-letter"),
        (Self::ScoreNumber, "score-number"),
        (Self::ScoreCode, "score-code"),
        (Self::Score, "score"),
        (Self::Reasons, "reasons"),
        (Self::Thanks, "thanks"),
        (Self::Contents, "contents"),
        (Self::PolicyTopics, "policy-topics"),
        (Self::PolicyList, "policy-list"),
        (Self::PolicyTable, "policy-table"),
        (Self::PolicyWhole, "policy-whole"),
        (Self::PolicyEnded, "policy-ended"),
        (Self::PolicyPrint, "policy-print"),
        (Self::GuideList, "guide-list"),
        (Self::GuideKeys, "guide-keys"),
        (Self::GuideItem, "guide-item"),
        (Self::GuidePrint, "guide-print"),
        (Self::NothingToRead, "nothing-to-read"),
        (Self::NoticeText, "notice-text"),
        (Self::AnnouncementList, "announcement-list"),
        (Self::AnnouncementText, "announcement-text"),
        (Self::StationList, "station-list"),
        (Self::StationKeys, "station-keys"),
        (Self::StationText, "station-text"),
        (Self::GigList, "gig-list"),
        (Self::GigText, "gig-text"),
        (Self::NoLine, "no-line"),
        (Self::ProgressKind, "progress-kind"),
        (Self::ProgressKindCard, "progress-kind-card"),
        (Self::ProgressCard, "progress-card"),
        (Self::ProgressCardFailed, "progress-card-failed"),
        (Self::ProgressNumber, "progress-number"),
        (Self::ProgressLast, "progress-last"),
        (Self::ProgressCase, "progress-case"),
        (Self::WishConsent, "wish-consent"),
        (Self::WishPhone, "wish-phone"),
        (Self::WishTime, "wish-time"),
        (Self::WishDone, "wish-done"),
        (Self::MatchConsent, "match-consent"),
        (Self::MatchWork, "match-work"),
        (Self::MatchPay, "match-pay"),
        (Self::MatchResults, "match-results"),
        (Self::MatchReasons, "match-reasons"),
        (Self::FeedbackLevel, "feedback-level"),
        (Self::FeedbackSentences, "feedback-sentences"),
        (Self::CheckAudience, "check-audience"),
        (Self::CheckQuestion, "check-question"),
        (Self::CheckDate, "check-date"),
        (Self::CheckResults, "check-results"),
        (Self::CheckFinding, "check-finding"),
        (Self::Timeout, "timeout"),
        (Self::RemoteAsk, "remote-ask"),
        (Self::RemoteActive, "remote-active"),
        (Self::WindowIdle, "window-idle"),
        (Self::WindowScore, "window-score"),
        (Self::WindowReasons, "window-reasons"),
        (Self::WindowThanks, "window-thanks"),
        (Self::Display, "display"),
        (Self::DisplayIdle, "display-idle"),
        (Self::DisplayOffline, "display-offline"),
        (Self::DisplayEmergency, "display-emergency"),
        (Self::DisplayLane, "display-lane"),
    ];

    /// The sheet with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|(_, known)| *known == name)
            .map(|(sheet, _)| sheet)
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

    /// Whether it belongs to the queue display of the hall.
    pub fn is_display(self) -> bool {
        self.page() == PageId::QueueDisplay
    }

    /// The page it is a state of.
    #[expect(clippy::too_many_lines, reason = "a table: one line for each state")]
    pub fn page(self) -> PageId {
        match self {
            Self::Home
            | Self::HomeOffline
            | Self::HomeEmergency
            | Self::HomeHelp
            | Self::HomeCertificates
            | Self::HomeOthers
            | Self::HomeReading
            | Self::HomeNote => PageId::Home,
            Self::Attract | Self::AttractNotice | Self::AttractResting => PageId::Attract,
            Self::ServicePin | Self::ServiceChecks | Self::ServiceGlass | Self::ServiceReports => {
                PageId::Service
            }
            Self::JobSearch | Self::JobList | Self::JobLongest | Self::RemoteActive => {
                PageId::JobSearch
            }
            Self::JobCategories => PageId::JobCategories,
            Self::JobFilter => PageId::JobFilter,
            Self::JobNone => PageId::JobNone,
            Self::JobDetail
            | Self::JobDetailLongest
            | Self::JobDetailPrint
            | Self::Timeout
            | Self::RemoteAsk => PageId::JobDetail,
            Self::TicketChoose | Self::TicketClosed => PageId::TicketChoose,
            Self::TicketMatters => PageId::TicketMatters,
            Self::TicketIssued
            | Self::TicketSeveral
            | Self::TicketOffline
            | Self::TicketPrinted
            | Self::PaperRefused
            | Self::PaperUnknown => PageId::TicketIssued,
            Self::AppointmentStart => PageId::AppointmentStart,
            Self::AppointmentDay | Self::AppointmentTime | Self::AppointmentSlots => {
                PageId::AppointmentChoose
            }
            Self::AppointmentCode => PageId::AppointmentCode,
            Self::AppointmentTold => PageId::AppointmentTold,
            Self::AppointmentKept => PageId::AppointmentKept,
            Self::ScoreLetter | Self::ScoreNumber | Self::ScoreCode => PageId::ScoreLookup,
            Self::Score => PageId::Score,
            Self::Reasons => PageId::Reasons,
            Self::Thanks => PageId::Thanks,
            Self::Contents
            | Self::PolicyTopics
            | Self::PolicyList
            | Self::PolicyTable
            | Self::PolicyWhole
            | Self::PolicyEnded
            | Self::PolicyPrint
            | Self::GuideList
            | Self::GuideKeys
            | Self::GuideItem
            | Self::GuidePrint
            | Self::NothingToRead
            | Self::NoticeText
            | Self::AnnouncementList
            | Self::AnnouncementText
            | Self::StationList
            | Self::StationKeys
            | Self::StationText
            | Self::GigList
            | Self::GigText
            | Self::NoLine
            | Self::ProgressKind
            | Self::ProgressKindCard
            | Self::ProgressCard
            | Self::ProgressCardFailed
            | Self::ProgressNumber
            | Self::ProgressLast
            | Self::ProgressCase
            | Self::WishConsent
            | Self::WishPhone
            | Self::WishTime
            | Self::WishDone
            | Self::MatchConsent
            | Self::MatchWork
            | Self::MatchPay
            | Self::MatchResults
            | Self::MatchReasons
            | Self::FeedbackLevel
            | Self::FeedbackSentences
            | Self::CheckAudience
            | Self::CheckQuestion
            | Self::CheckDate
            | Self::CheckResults
            | Self::CheckFinding => PageId::Plain,
            Self::WindowIdle => PageId::WindowIdle,
            Self::WindowScore => PageId::WindowScore,
            Self::WindowReasons => PageId::WindowReasons,
            Self::WindowThanks => PageId::WindowThanks,
            Self::Display
            | Self::DisplayIdle
            | Self::DisplayOffline
            | Self::DisplayEmergency
            | Self::DisplayLane => PageId::QueueDisplay,
        }
    }
}
