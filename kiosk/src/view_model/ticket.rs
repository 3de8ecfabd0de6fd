//! Choosing a matter, and the slip, in words.

use domain::queue::{PriorityKind, TicketLabel, WaitEstimate};
use slint::SharedString;
use wire::slip::qr_text;

use super::words::{page_text, share_left, windows};
use crate::app::effect::Slip;
use crate::app::event::{NotIssued, Surroundings};
use crate::app::facts::HallFacts;
use crate::app::kiosk::{Kiosk, Station};
use crate::app::matters::{Matter, offered};
use crate::app::session::SLIP_TIME;
use crate::app::ticket::{MATTERS_MAX, NoTickets, TicketChoice};
use crate::ui::{MatterCard, Priority, PriorityMark, Slot, TicketGroup};

/// The page on which a matter is chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct TicketChooseView {
    /// Whether numbers are given.
    pub slot: Slot,
    /// Why not.
    pub closed_title: &'static str,
    /// What to do then.
    pub closed_text: String,
    /// The priority kinds.
    pub priorities: Vec<Priority>,
    /// The groups of this page.
    pub groups: Vec<TicketGroup>,
    /// The matters of this page, when they are chosen by name.
    pub matters: Vec<MatterCard>,
    /// How many there are on all pages.
    pub matters_in_all: usize,
    /// The claimed priority, where it cannot be touched.
    pub note: String,
    /// `取一张号，办 2 件`
    pub take_text: String,
    /// Whether a number can be taken for what is ticked.
    pub can_take: bool,
    /// `第 1 / 2 页`
    pub page_text: String,
    /// Whether there is a page before.
    pub can_previous: bool,
    /// Whether there is a page after.
    pub can_next: bool,
}

/// The choice of a matter now.
#[must_use]
pub fn choose(choice: &TicketChoice, facts: &HallFacts, around: &Surroundings) -> TicketChooseView {
    let (closed_title, closed_text) = closed_words(choice.no_tickets.as_ref());
    let matters = offered(facts);
    let (per_page, count) = match choice.ticked {
        Some(_) => (around.layout.matters.max(1), matters.len()),
        None => (around.layout.groups.max(1), choice.groups(facts).len()),
    };
    let groups = choice
        .groups(facts)
        .into_iter()
        .skip(choice.page * per_page)
        .take(per_page);
    let ticked = choice.ticked.as_deref().unwrap_or_default();
    TicketChooseView {
        slot: match (&choice.no_tickets, choice.is_issuing) {
            (Some(_), _) => Slot::Closed,
            (None, true) => Slot::Issuing,
            (None, false) => Slot::Open,
        },
        closed_title,
        closed_text,
        priorities: PriorityKind::CLAIMED
            .into_iter()
            .zip(MARKS)
            .map(|(kind, mark)| priority(kind, mark, choice.priority))
            .collect(),
        groups: groups
            .map(|(code, group)| {
                let queue = facts.queue(code);
                TicketGroup {
                    letter: code.to_string().into(),
                    title: group.name.as_str().into(),
                    under: group.hint.as_str().into(),
                    waiting: queue
                        .map(|queue| waiting(queue.waiting))
                        .unwrap_or_default()
                        .into(),
                    wait: queue
                        .map(|queue| queue.wait.text())
                        .unwrap_or_default()
                        .into(),
                    open: true,
                }
            })
            .collect(),
        matters_in_all: matters.len(),
        matters: matters
            .iter()
            .skip(choice.page * per_page)
            .take(per_page)
            .map(|matter| matter_card(matter, ticked))
            .collect(),
        note: choice
            .priority
            .map(|kind| kind.text().to_owned())
            .unwrap_or_default(),
        take_text: take_text(ticked.len(), choice.is_issuing),
        can_take: !ticked.is_empty() && !choice.is_issuing,
        page_text: page_text(choice.page, per_page, count),
        can_previous: choice.page > 0,
        can_next: (choice.page + 1) * per_page < count,
    }
}

/// Of [`PriorityKind::CLAIMED`], in that order.
const MARKS: [PriorityMark; 4] = [
    PriorityMark::Elder,
    PriorityMark::Disabled,
    PriorityMark::Baby,
    PriorityMark::Soldier,
];

fn priority(kind: PriorityKind, mark: PriorityMark, chosen: Option<PriorityKind>) -> Priority {
    Priority {
        mark,
        text: kind.text().into(),
        chosen: chosen == Some(kind),
    }
}

fn matter_card(matter: &Matter, ticked: &[Matter]) -> MatterCard {
    let place = ticked.iter().position(|known| known == matter);
    MatterCard {
        title: matter.title().into(),
        under: match place {
            Some(place) => format!("第 {} 件办", place + 1).into(),
            None if matter.name.is_some() => matter.group_name.as_str().into(),
            None => SharedString::new(),
        },
        chosen: place.is_some(),
    }
}

fn take_text(ticked: usize, is_issuing: bool) -> String {
    match ticked {
        _ if is_issuing => "正在出号…".to_owned(),
        0 => "先点要办的事".to_owned(),
        1 => "取号".to_owned(),
        MATTERS_MAX => format!("取号，最多 {MATTERS_MAX} 件"),
        count => format!("取一张号，办 {count} 件"),
    }
}

fn waiting(people: u32) -> String {
    if people == 0 {
        "没人等".to_owned()
    } else {
        format!("{people} 人在等")
    }
}

fn closed_words(why: Option<&NoTickets>) -> (&'static str, String) {
    let text = match why {
        None => return ("", String::new()),
        Some(NoTickets::HallUnknown) => "这台机器还没连上网。请到服务台取号。".to_owned(),
        Some(NoTickets::NotIssued(NotIssued::Refused(sentence))) => sentence.clone(),
        Some(NoTickets::NotIssued(NotIssued::NotADevice)) => {
            "这台机器停用了。请到服务台取号，或用旁边的机器。".to_owned()
        }
        Some(NoTickets::NotIssued(NotIssued::CannotKeep)) => {
            "机器存不下新的号了，已经取到的号都有效。请到服务台取号。".to_owned()
        }
    };
    ("现在不能取号", text)
}

/// The slip.
#[derive(Debug, Clone, PartialEq)]
pub struct SlipView {
    /// What it is.
    pub title: &'static str,
    /// How to keep it.
    pub hint: &'static str,
    /// Above the number.
    pub place: String,
    /// The number.
    pub number: String,
    /// Whether it is a lane's, which is longer.
    pub is_long: bool,
    /// The code beside it.
    pub code_text: String,
    /// What it is for.
    pub matter: String,
    /// What is done afterwards with the same number; empty when there is nothing.
    pub also: String,
    /// What the three facts below are called.
    pub fact_names: [&'static str; 3],
    /// People before it.
    pub ahead: String,
    /// Expected wait.
    pub wait: String,
    /// Where it is called to.
    pub window_text: String,
    /// What the QR code opens.
    pub qr_content: String,
    /// Above what the QR code gives.
    pub qr_title: &'static str,
    /// What the QR code gives.
    pub qr_text: &'static str,
    /// When it was taken, how long it holds.
    pub rule_text: String,
    /// What to do next.
    pub next_text: String,
    /// What the printer can do with it.
    pub print: PrintView,
    /// Share of the count-down that is left.
    pub left: f32,
}

/// The button for the printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PrintView {
    /// What stands on it; nothing where there is no printer.
    pub text: &'static str,
    /// Whether it can be touched now.
    pub is_enabled: bool,
}

/// The button for the printer on the page shown.
#[must_use]
pub fn print(kiosk: &Kiosk, around: &Surroundings) -> PrintView {
    let Some(session) = kiosk
        .session
        .as_ref()
        .filter(|_| kiosk.settings.has_printer)
    else {
        return PrintView::default();
    };
    let Some(paper) = kiosk.paper_of_page(around) else {
        return PrintView::default();
    };
    let papers = &session.papers;
    PrintView {
        text: match (papers.is_busy(), papers.came_out(&paper)) {
            (true, _) => "正在打印",
            (false, true) => "再打一张",
            (false, false) => "打印",
        },
        is_enabled: papers.may_print(&paper),
    }
}

/// The slip now.
#[must_use]
pub fn slip(
    slip: &Slip,
    until: std::time::Duration,
    station: &Station,
    facts: &HallFacts,
    around: &Surroundings,
) -> SlipView {
    let place = facts
        .hall()
        .map(|hall| hall.station_name.clone())
        .unwrap_or_default();
    let spaced_code: Vec<String> = slip.code.0.chars().map(String::from).collect();
    SlipView {
        title: "这是您的号",
        hint: "记住号码，或用手机扫码带走。",
        place,
        number: slip.paper.label.to_string(),
        is_long: matches!(slip.paper.label, TicketLabel::Lane { .. }),
        code_text: format!("打分用的 4 个数：{}", spaced_code.join(" ")),
        matter: slip
            .paper
            .wish
            .matter
            .clone()
            .unwrap_or_else(|| slip.matter.clone()),
        also: also(slip, facts),
        fact_names: ["前面还有", "大约要等", "请到"],
        ahead: slip
            .people_ahead
            .map_or("听叫号".to_owned(), |people| format!("{people} 人")),
        wait: slip.wait.map_or("请听叫号".to_owned(), WaitEstimate::text),
        window_text: windows(&slip.windows),
        qr_content: qr_text(&station.public_url, &slip.token, &slip.paper, &slip.code),
        qr_title: "手机扫码看排到哪了",
        qr_text: "快到您时会变。办完也可以在这里打分。",
        rule_text: format!(
            "{} 取号，当天有效。叫到了请马上过去。",
            slip.paper.arrived_at.day_and_clock_text()
        ),
        next_text: format!("请到等候区坐下，看大屏叫 {}", slip.paper.label),
        print: PrintView::default(),
        left: share_left(until, around.now, SLIP_TIME),
    }
}

/// `接着办人事档案，还用这个号`
pub(super) fn also(slip: &Slip, facts: &HallFacts) -> String {
    let next_groups = &slip.paper.wish.next_groups;
    if next_groups.is_empty() {
        return String::new();
    }
    let names: Vec<_> = next_groups
        .iter()
        .map(|group| facts.group_name(*group))
        .collect();
    format!("接着办{}，还用这个号", names.join("、"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::event::Touch;
    use crate::app::sample::{self, around};
    use domain::rating::TicketSecret;
    use wire::event::Origin;

    fn offline_slip() -> Slip {
        Slip {
            paper: sample::paper("A-K2-001"),
            matter: "试验事项一".into(),
            people_ahead: None,
            wait: None,
            windows: Vec::new(),
            code: TicketSecret("0417".into()),
            token: TicketSecret("ab12".into()),
            origin: Origin::Touch,
        }
    }

    #[test]
    fn an_offline_slip_promises_no_wait_and_carries_its_secrets() {
        let station = sample::hall_station();
        let until = around(0).now + SLIP_TIME / 2;
        let view = slip(
            &offline_slip(),
            until,
            &station,
            &sample::facts(),
            &around(0),
        );
        assert!(view.is_long);
        assert_eq!(
            (view.ahead.as_str(), view.wait.as_str()),
            ("听叫号", "请听叫号")
        );
        assert!(view.code_text.ends_with("0 4 1 7"));
        let scanned = wire::slip::read(&view.qr_content).unwrap();
        assert_eq!(scanned.token.0, "ab12");
        assert_eq!(scanned.issued.unwrap().label.to_string(), "A-K2-001");
        assert!(view.rule_text.starts_with("11月23日 10:24 取号"));
        assert!((view.left - 0.5).abs() < 0.01);
    }

    #[test]
    fn a_slip_for_several_matters_says_them_and_that_one_number_is_enough() {
        let mut several = offline_slip();
        several.matter = "失业保险".into();
        several.paper.wish.matter = Some("领失业金、调档".into());
        several.paper.wish.next_groups = vec![domain::id::GroupCode::new('D').unwrap()];
        let (station, facts) = (sample::hall_station(), sample::district_facts());
        let view = slip(&several, SLIP_TIME, &station, &facts, &around(0));
        assert_eq!(view.matter, "领失业金、调档");
        assert_eq!(view.also, "接着办人事档案，还用这个号");
        let scanned = wire::slip::read(&view.qr_content).unwrap().issued.unwrap();
        assert_eq!(scanned.wish.next_groups, several.paper.wish.next_groups);
    }

    #[test]
    fn matters_are_shown_with_their_groups_and_in_the_order_of_the_touches() {
        let (facts, around) = (sample::district_facts(), around(0));
        let mut choice = TicketChoice::new(&facts);
        choice.touched(&Touch::ChooseMatters, &facts, &around);
        assert!(!choose(&choice, &facts, &around).can_take);
        for index in [4, 0] {
            choice.touched(&Touch::Matter(index), &facts, &around);
        }
        let view = choose(&choice, &facts, &around);
        let under: Vec<_> = view.matters.iter().map(|it| it.under.as_str()).collect();
        assert_eq!(under[0], "第 2 件办");
        assert_eq!(under[1], "找工作、就业登记");
        assert_eq!(under[4], "第 1 件办");
        assert_eq!(view.take_text, "取一张号，办 2 件");
        assert!(view.can_take && view.can_next);
    }

    #[test]
    fn groups_show_their_queues_and_pages_hold_what_the_screen_holds() {
        let facts = sample::facts();
        let mut around = around(0);
        around.layout.groups = 1;
        let view = choose(
            &TicketChoice {
                page: 1,
                ..TicketChoice::default()
            },
            &facts,
            &around,
        );
        assert_eq!(view.groups.len(), 1);
        assert_eq!(view.groups[0].waiting, "2 人在等");
        assert_eq!(view.page_text, "第 2 / 2 页");
        assert!(view.can_previous && !view.can_next);
    }

    #[test]
    fn when_no_number_can_be_given_the_page_says_what_to_do() {
        let mut choice = TicketChoice::default();
        choice.not_issued(NotIssued::CannotKeep);
        let view = choose(&choice, &sample::facts(), &around(0));
        assert_eq!(view.slot, Slot::Closed);
        assert!(view.closed_text.contains("请到服务台取号"));
    }
}
