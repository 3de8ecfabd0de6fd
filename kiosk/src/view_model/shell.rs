//! What every page shares, in words: strip, banners, remote help, the question 您还在用吗.

use domain::time::{month_day_text, weekday_text};

use super::paper_words::{self, PaperView};
use super::words::{seconds_left, share_left};
use crate::app::event::Surroundings;
use crate::app::kiosk::{Kiosk, StationKind};
use crate::app::remote::RemoteHelp;
use crate::app::session::{Appearance, AppearanceKind, HelpCall, Presence, Session};
use crate::ui::{HelpState, PageId, RemoteState, ThemeKind};

/// The type size of 字放大.
const ENLARGED: f32 = 1.2;

/// The frame of the page.
#[derive(Debug, Clone, PartialEq)]
pub struct ShellView {
    /// The page shown.
    pub page: PageId,
    /// Colours and sizes.
    pub theme: ThemeKind,
    /// 1.0 or 1.2.
    pub scale: f32,
    /// Everything touchable below the middle.
    pub is_low_reach: bool,
    /// The terminal at a window.
    pub is_terminal: bool,
    /// There is a voice that reads pages aloud.
    pub can_read: bool,
    /// It does so for this person.
    pub reads_aloud: bool,
    /// The hall's name.
    pub place: String,
    /// This machine's name, or that all is invented.
    pub site: String,
    /// `11月23日 星期一`
    pub date: String,
    /// `星期一`
    pub weekday: String,
    /// `10:24`
    pub clock: String,
    /// What everybody in the hall must know at once.
    pub emergency: Option<String>,
    /// What the offline banner says; nothing when the line is up.
    pub offline: Option<String>,
    /// Whether help was called.
    pub help: HelpState,
    /// What the help banner says.
    pub help_text: &'static str,
    /// A sentence about what was just tried.
    pub note: Option<&'static str>,
    /// Something about a paper lies over the page.
    pub paper: Option<PaperView>,
    /// Remote help.
    pub remote: RemoteState,
    /// Who asks, or who helps.
    pub staff_name: String,
    /// The open question 您还在用吗.
    pub timeout: Option<TimeoutView>,
}

/// The question 您还在用吗.
#[derive(Debug, Clone, PartialEq)]
pub struct TimeoutView {
    /// Seconds left.
    pub seconds: u64,
    /// Share left.
    pub left: f32,
}

/// The frame of the page shown now.
#[must_use]
pub fn view(kiosk: &Kiosk, around: &Surroundings) -> ShellView {
    let session = kiosk.session.as_ref();
    let appearance = session
        .map(|session| session.appearance)
        .unwrap_or_default();
    let (help, help_text) = session.map_or((HelpState::Idle, ""), |session| help(session, kiosk));
    let (remote, staff_name) = remote(&kiosk.remote);
    let today = around.wall.hall_date();
    let hall = kiosk.facts.hall();
    let is_demo = hall.is_some_and(|hall| hall.is_demo);
    ShellView {
        page: kiosk.page(),
        theme: theme(appearance),
        scale: if appearance.is_enlarged {
            ENLARGED
        } else {
            1.0
        },
        is_low_reach: appearance.is_low_reach,
        is_terminal: matches!(kiosk.station.kind, StationKind::Window { .. }),
        can_read: kiosk.settings.can_read,
        reads_aloud: session.is_some_and(|session| session.reads_aloud),
        place: hall
            .map(|hall| hall.station_name.clone())
            .unwrap_or_default(),
        site: if is_demo {
            "演示：内容都是虚构的".to_owned()
        } else {
            kiosk.station.name.clone()
        },
        date: format!("{} {}", month_day_text(today), weekday_text(today)),
        weekday: weekday_text(today).to_owned(),
        clock: around.wall.clock_text(),
        emergency: kiosk.facts.emergency(),
        offline: offline(kiosk),
        help,
        help_text,
        note: session.and_then(|session| session.note.or(paper_words::note(&session.papers))),
        paper: session.and_then(|session| paper_words::asked(&session.papers)),
        remote,
        staff_name,
        timeout: session.and_then(|session| timeout(session.presence(around.now))),
    }
}

fn theme(appearance: Appearance) -> ThemeKind {
    match appearance.kind {
        AppearanceKind::Normal => ThemeKind::Normal,
        AppearanceKind::Elderly => ThemeKind::Elderly,
        AppearanceKind::Contrast => ThemeKind::Contrast,
    }
}

/// Nothing is called done before it is kept, and nobody waits for a call that nobody hears.
fn help(session: &Session, kiosk: &Kiosk) -> (HelpState, &'static str) {
    let is_cut_off = kiosk.line.is_online == Some(false);
    match session.help {
        HelpCall::None | HelpCall::Pending => (HelpState::Idle, ""),
        HelpCall::Made if is_cut_off => (
            HelpState::Unreachable,
            "没连上网，叫的人可能收不到。请到服务台",
        ),
        HelpCall::Made => (HelpState::Called, "已经叫人了，请在这里等"),
        HelpCall::Failed => (HelpState::Unreachable, "这台机器叫不到人。请到服务台"),
    }
}

fn remote(help: &RemoteHelp) -> (RemoteState, String) {
    match help {
        RemoteHelp::Off => (RemoteState::None, String::new()),
        RemoteHelp::Asking { staff_name, .. } => (RemoteState::Asking, staff_name.clone()),
        RemoteHelp::Active { staff_name, .. } => (RemoteState::Active, staff_name.clone()),
    }
}

fn offline(kiosk: &Kiosk) -> Option<String> {
    if kiosk.line.is_online != Some(false) {
        return None;
    }
    let still = match kiosk.station.kind {
        StationKind::Hall { .. } | StationKind::Window { .. } => "取号、找工作都能用。",
        StationKind::Display => "请留意窗口叫号。",
    };
    Some(match kiosk.line.last_contact {
        Some(at) => format!("现在没连上网，信息截至 {}。{still}", at.clock_text()),
        None => format!("现在没连上网，信息可能是旧的。{still}"),
    })
}

fn timeout(presence: Presence) -> Option<TimeoutView> {
    match presence {
        Presence::Here | Presence::Gone => None,
        Presence::Asked { left, of } => {
            let now = std::time::Duration::ZERO;
            Some(TimeoutView {
                seconds: seconds_left(left, now),
                left: share_left(left, now, of),
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::event::{Event, Line, Touch};
    use crate::app::lookup::OwnTickets;
    use crate::app::sample::{self, around};
    use crate::index::sample::categories;

    #[test]
    fn the_strip_tells_place_day_and_time() {
        let view = view(&sample::hall_kiosk(), &around(0));
        assert_eq!(view.place, "试验大厅");
        assert_eq!(
            (view.date.as_str(), view.clock.as_str()),
            ("11月23日 星期一", "10:24")
        );
    }

    #[test]
    fn the_offline_banner_says_of_when_the_information_is() {
        let mut kiosk = sample::hall_kiosk();
        assert_eq!(
            view(&kiosk, &around(0)).offline,
            None,
            "unknown is not offline"
        );
        let line = Line {
            is_online: Some(false),
            last_contact: Some(around(0).wall),
        };
        kiosk.handle(Event::Line(line), &around(60));
        let offline = view(&kiosk, &around(60)).offline.unwrap();
        assert!(offline.starts_with("现在没连上网，信息截至 10:24。"));
    }

    #[test]
    fn a_display_without_a_line_sends_people_to_the_windows_until_it_is_back() {
        let station = sample::display_station();
        let mut display = Kiosk::new(station, OwnTickets::default(), categories());
        display.handle(sample::arrived(), &around(0));
        let line = |is_online| Line {
            is_online: Some(is_online),
            last_contact: Some(around(0).wall),
        };
        display.handle(Event::Line(line(false)), &around(60));
        let cut_off = view(&display, &around(60));
        let said = "现在没连上网，信息截至 10:24。请留意窗口叫号。";
        assert_eq!(cut_off.offline.as_deref(), Some(said));
        assert_eq!(
            (cut_off.page, cut_off.place.as_str()),
            (PageId::QueueDisplay, "试验大厅")
        );
        display.handle(Event::Line(line(true)), &around(70));
        assert_eq!(view(&display, &around(70)).offline, None);
    }

    #[test]
    fn help_is_called_once_it_is_kept_and_only_where_somebody_hears_of_it() {
        let mut kiosk = sample::hall_kiosk();
        kiosk.handle(Event::Touch(Touch::CallHelp), &around(0));
        assert_eq!(view(&kiosk, &around(0)).help, HelpState::Idle);
        kiosk.handle(Event::HelpKept, &around(0));
        assert_eq!(view(&kiosk, &around(0)).help, HelpState::Called);
        let line = Line {
            is_online: Some(false),
            last_contact: None,
        };
        kiosk.handle(Event::Line(line), &around(1));
        let cut_off = view(&kiosk, &around(1));
        assert_eq!(cut_off.help, HelpState::Unreachable);
        assert!(cut_off.help_text.contains("请到服务台"));
    }

    #[test]
    fn the_look_goes_with_the_person() {
        let mut kiosk = sample::hall_kiosk();
        kiosk.handle(Event::Touched, &around(0));
        kiosk.handle(Event::Touch(Touch::ToggleContrast), &around(0));
        assert_eq!(view(&kiosk, &around(1)).theme, ThemeKind::Contrast);
        kiosk.handle(Event::Touch(Touch::Leave), &around(2));
        assert_eq!(view(&kiosk, &around(2)).theme, ThemeKind::Normal);
    }
}
