//! What stands on the papers that a kiosk prints: the slip of a number, the confirmation of a time, what
//! to bring, a policy, a vacancy. The words are those of the screen. No name and no number of a person is
//! ever on one (kiosk flows §7).

use domain::listing::Listing;
use domain::queue::WaitEstimate;
use domain::time::{UtcMs, month_day_text, weekday_text};
use kiosk_peripherals::slip::{Checklist, Slip as SlipPaper};
use wire::slip::qr_text;

use super::job_detail;
use super::lines::Entry;
use super::scene::ReadScene;
use super::words::windows;
use crate::app::appointment::Kept;
use crate::app::effect::Slip;
use crate::app::event::Surroundings;
use crate::app::facts::HallFacts;
use crate::app::kiosk::Station;
use crate::app::papers::Paper;

/// Before a line that can be ticked off.
const BOX: &str = "□ ";

/// The slip of a number.
#[must_use]
pub fn ticket(slip: &Slip, station: &Station, facts: &HallFacts) -> Paper {
    let issued = &slip.paper;
    let mut notes = also(slip, facts);
    notes.push(format!("看大屏叫 {}，叫到了请马上过去。", issued.label));
    notes.extend(demonstration(facts));
    Paper::Slip(Box::new(SlipPaper {
        place: place(facts),
        number: issued.label.to_string(),
        group: issued
            .wish
            .matter
            .clone()
            .unwrap_or_else(|| slip.matter.clone()),
        priority: issued.priority.map(|kind| kind.text().to_owned()),
        ahead: slip.people_ahead,
        wait_minutes: slip.wait.and_then(minutes),
        window_area: Some(windows(&slip.windows)).filter(|text| !text.is_empty()),
        issued_at: issued.arrived_at.day_and_clock_text(),
        url: Some(qr_text(
            &station.public_url,
            &slip.token,
            issued,
            &slip.code,
        )),
        code: Some(slip.code.0.clone()),
        notes,
        ..SlipPaper::default()
    }))
}

fn also(slip: &Slip, facts: &HallFacts) -> Vec<String> {
    let said = super::ticket::also(slip, facts);
    Some(said)
        .filter(|said| !said.is_empty())
        .into_iter()
        .collect()
}

fn minutes(wait: WaitEstimate) -> Option<(u32, u32)> {
    match wait {
        WaitEstimate::Between { low, high } => Some((low.into(), high.into())),
        WaitEstimate::Over { minutes } => Some((minutes.into(), minutes.into())),
        WaitEstimate::Now | WaitEstimate::Unknown => None,
    }
}

/// The confirmation of a time.
#[must_use]
pub fn kept(kept: &Kept, station: &Station, facts: &HallFacts, around: &Surroundings) -> Paper {
    let day = kept.slot.starts_at.hall_date();
    let mut points = vec![
        pair(
            "日子",
            format!("{} {}", month_day_text(day), weekday_text(day)),
        ),
        pair("时间", kept.slot.starts_at.clock_text()),
        pair("办什么", facts.group_name(kept.slot.group)),
        pair(
            "签到",
            format!("{} 到 {}", kept.from.clock_text(), kept.until.clock_text()),
        ),
        pair("签到用的 4 个数", kept.code.0.clone()),
        pair("请到", windows(&kept.windows)),
    ];
    points.retain(|(_, text)| !text.is_empty());
    let mut notes = vec!["过了最晚签到的时间就不留了。来不了请取消，让给别人。".to_owned()];
    notes.push(printed_at(around.wall));
    notes.extend(demonstration(facts));
    Paper::Checklist(Box::new(Checklist {
        title: "约好了".into(),
        facts: points,
        notes,
        url: Some(super::appointment::kept_url(kept, station)),
        code_says: Some("手机扫码能看、能取消".into()),
        ..Checklist::default()
    }))
}

/// A vacancy, to take along.
#[must_use]
pub fn vacancy(listing: &Listing, station: &Station, now: UtcMs) -> Paper {
    let words = job_detail::view(listing, now.hall_date(), &station.public_url);
    let mut facts = vec![
        pair("工钱", format!("{} {}", words.pay, words.pay_note)),
        pair("单位", words.employer),
    ];
    facts.extend(words.facts.into_iter().map(|fact| {
        let label = match fact.topic {
            job_detail::FactTopic::Place => "地点",
            job_detail::FactTopic::Headcount => "要几人",
            job_detail::FactTopic::Education => "学历",
            job_detail::FactTopic::Experience => "经验",
            job_detail::FactTopic::JobForm => "怎么干",
            job_detail::FactTopic::Industry => "行业",
        };
        pair(label, fact.text)
    }));
    Paper::Checklist(Box::new(Checklist {
        title: words.title,
        facts,
        notes: vec![words.age, printed_at(now)],
        url: Some(words.qr_target),
        code_says: Some("手机扫码看这个岗位".into()),
        ..Checklist::default()
    }))
}

/// What is read on a page, with boxes to tick where the page has them; `None` when it is running text,
/// which belongs on the screen, or more than a paper takes.
#[must_use]
pub fn reading(scene: &ReadScene, facts: &HallFacts, now: UtcMs) -> Option<Checklist> {
    if !scene.entries.iter().any(|entry| !entry.label.is_empty()) {
        return None;
    }
    let standing = scene.tag.as_ref().map(|(_, text)| text.clone());
    let mut notes: Vec<String> = standing.into_iter().collect();
    notes.push(scene.under.clone());
    notes.push(printed_at(now));
    notes.extend(demonstration(facts));
    notes.retain(|note| !note.is_empty());
    let list = Checklist {
        title: scene.title.clone(),
        facts: scene.entries.iter().filter_map(said).collect(),
        points: scene.entries.iter().flat_map(ticked).collect(),
        notes,
        ..Checklist::default()
    };
    list.document().is_ok().then_some(list)
}

fn said(entry: &Entry) -> Option<(String, String)> {
    let is_said = !entry.text.starts_with(BOX);
    is_said.then(|| pair(&entry.label, entry.text.replace('\n', "；")))
}

fn ticked(entry: &Entry) -> Vec<String> {
    let lines = entry.text.lines();
    lines
        .filter_map(|line| line.strip_prefix(BOX))
        .map(str::to_owned)
        .collect()
}

fn pair(label: &str, text: String) -> (String, String) {
    (label.to_owned(), text)
}

fn place(facts: &HallFacts) -> Option<String> {
    facts.hall().map(|hall| hall.station_name.clone())
}

fn printed_at(now: UtcMs) -> String {
    format!("{} 打印，以窗口说的为准。", now.day_and_clock_text())
}

fn demonstration(facts: &HallFacts) -> Option<String> {
    let is_demo = facts.hall().is_some_and(|hall| hall.is_demo);
    is_demo.then(|| "演示：内容都是虚构的。".to_owned())
}

#[cfg(test)]
mod tests {
    use domain::rating::TicketSecret;
    use kiosk_peripherals::escpos::document::{Block, Document};
    use wire::event::Origin;

    use super::*;
    use crate::app::sample::{self, around};

    fn texts(document: &Document) -> Vec<String> {
        let text = |block: &Block| match block {
            Block::Text(text) => Some(text.text.clone()),
            Block::Point(text) => Some(format!("{BOX}{text}")),
            Block::Pair { left, right } => Some(format!("{left}：{right}")),
            Block::Code(text) => Some(text.clone()),
            _ => None,
        };
        document.blocks().iter().filter_map(text).collect()
    }

    #[test]
    fn a_slip_on_paper_says_what_the_screen_says_and_its_code_opens_the_same_page() {
        let slip = Slip {
            paper: sample::paper("A-K2-001"),
            matter: "试验事项一".into(),
            people_ahead: Some(5),
            wait: Some(WaitEstimate::Between { low: 5, high: 12 }),
            windows: Vec::new(),
            code: TicketSecret("0417".into()),
            token: TicketSecret("ab12".into()),
            origin: Origin::Touch,
        };
        let Paper::Slip(paper) = ticket(&slip, &sample::hall_station(), &sample::facts()) else {
            panic!("a slip");
        };
        let said = texts(&paper.document().unwrap());
        for words in [
            "A-K2-001",
            "前面还有：5 人",
            "大约要等：5–12 分钟",
            "四位验证码：0417",
        ] {
            assert!(said.iter().any(|it| it == words), "{words} in {said:?}");
        }
        let scanned = wire::slip::read(paper.url.as_deref().unwrap()).unwrap();
        assert_eq!(scanned.issued.unwrap().label.to_string(), "A-K2-001");
    }

    #[test]
    fn what_to_bring_has_boxes_and_running_text_is_not_printed() {
        let entry = |label: &str, text: &str| Entry {
            label: label.into(),
            text: text.into(),
            is_strong: false,
        };
        let scene = ReadScene {
            title: "失业登记".into(),
            entries: vec![
                entry("收费", "不收费"),
                entry("要带", "□ 身份证，原件\n□ 社保卡"),
            ],
            ..ReadScene::default()
        };
        let now = around(0).wall;
        let list = reading(&scene, &sample::facts(), now).unwrap();
        assert_eq!(list.points, ["身份证，原件", "社保卡"]);
        assert_eq!(list.facts, [pair("收费", "不收费".into())]);
        let text = ReadScene {
            entries: vec![entry("", "第一条 ……")],
            ..scene
        };
        assert_eq!(reading(&text, &sample::facts(), now), None);
    }
}
