//! Keeping a time and taking it up, in words: questions, choices, and for every no a sentence with
//! what can be done instead.

use std::time::Duration;

use chrono::{NaiveDate, Timelike as _};
use domain::queue::{BookedSlot, FreeSlot};
use domain::time::{UtcMs, month_day_text, weekday_text};
use slint::SharedString;

use super::ticket::{PrintView, SlipView};
use super::words::{page_text, share_left, windows};
use crate::app::appointment::{Appointment, FreeDay, KEPT_TIME, Kept, Step, Told};
use crate::app::event::Surroundings;
use crate::app::facts::HallFacts;
use crate::app::kiosk::Station;
use crate::app::lookup::CODE_DIGITS;
use crate::ui::ChoiceRow;

const ASKING: &str = "正在查，请等一下。";

/// The question, or the sentence, now.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AppointmentView {
    /// The question.
    pub title: &'static str,
    /// Under it; also that somebody is being asked.
    pub hint: String,
    /// The choices of this page.
    pub choices: Vec<ChoiceRow>,
    /// How many there are on all pages.
    pub choices_in_all: usize,
    /// `第 1 / 2 页`
    pub page_text: String,
    /// Whether there is a page before.
    pub can_previous: bool,
    /// Whether there is a page after.
    pub can_next: bool,
    /// Whether the time on the paper may be missing here.
    pub may_be_missing: bool,
    /// The time whose digits are asked for.
    pub slot_text: String,
    /// `47__`
    pub code_text: String,
    /// Whether there is something to erase.
    pub can_erase: bool,
    /// Whether all digits are there.
    pub can_continue: bool,
    /// What went wrong with them.
    pub message: String,
    /// Why it cannot go on.
    pub told_title: &'static str,
    /// What to do.
    pub told_text: String,
    /// Whether another time can be chosen.
    pub can_choose_again: bool,
}

/// The pages now.
#[must_use]
pub fn view(page: &Appointment, facts: &HallFacts, around: &Surroundings) -> AppointmentView {
    let (title, hint) = question(&page.step, facts);
    let per_page = around.layout.appointment_choices.max(1);
    let all = choices(&page.step, facts, around.wall.hall_date());
    let mut view = AppointmentView {
        title,
        hint: if page.is_asking { ASKING.into() } else { hint },
        choices_in_all: all.len(),
        page_text: page_text(page.page, per_page, all.len()),
        can_previous: page.page > 0,
        can_next: (page.page + 1) * per_page < all.len(),
        may_be_missing: matches!(page.step, Step::Slots(_)),
        can_continue: page.can_continue(),
        ..AppointmentView::default()
    };
    let shown = all.into_iter().skip(page.page * per_page).take(per_page);
    view.choices = shown.collect();
    match &page.step {
        Step::Code {
            slot,
            code,
            message,
            ..
        } => {
            view.slot_text = slot.starts_at.clock_text();
            view.code_text = format!(
                "{code}{}",
                "_".repeat(CODE_DIGITS.saturating_sub(code.len()))
            );
            view.can_erase = !code.is_empty();
            view.message = message.clone().unwrap_or_default();
            if page.is_asking {
                ASKING.clone_into(&mut view.message);
            }
        }
        Step::Told(told) => {
            (view.told_title, view.told_text) = told_words(told);
            view.can_choose_again = matches!(told, Told::NotKept(..));
        }
        _ => {}
    }
    view
}

fn question(step: &Step, facts: &HallFacts) -> (&'static str, String) {
    match step {
        Step::Start => ("预约签到", "约个时间来办，到时候先叫您。".into()),
        Step::Group => ("您约来办什么？", "点一项，再选哪一天。".into()),
        Step::Day(group, _) => ("哪一天来？", facts.group_name(*group)),
        Step::Time(group, days, day) => {
            let day = days
                .get(*day)
                .map(|day| day_words(day.day))
                .unwrap_or_default();
            ("几点来？", format!("{day}，{}", facts.group_name(*group)))
        }
        Step::Slots(_) => ("您约的是几点？", "看您记下的时间，点一个。".into()),
        Step::Code { slot, .. } => (
            "签到的 4 个数？",
            format!(
                "{}，{}",
                slot.starts_at.clock_text(),
                facts.group_name(slot.group)
            ),
        ),
        Step::Told(_) => ("预约签到", String::new()),
    }
}

fn day_words(day: NaiveDate) -> String {
    format!("{} {}", month_day_text(day), weekday_text(day))
}

fn choices(step: &Step, facts: &HallFacts, today: NaiveDate) -> Vec<ChoiceRow> {
    match step {
        Step::Group => facts
            .groups()
            .map(|(_, group)| row(&group.name, &group.hint, String::new()))
            .collect(),
        Step::Day(_, days) => days.iter().map(|day| day_row(day, today)).collect(),
        Step::Time(_, days, day) => {
            let slots = days.get(*day).map(|day| day.slots.as_slice());
            slots.unwrap_or_default().iter().map(time_row).collect()
        }
        Step::Slots(slots) => slots.iter().map(|slot| slot_row(*slot, facts)).collect(),
        Step::Start | Step::Code { .. } | Step::Told(_) => Vec::new(),
    }
}

fn row(title: &str, under: &str, count_text: String) -> ChoiceRow {
    ChoiceRow {
        title: title.into(),
        under: under.into(),
        count_text: count_text.into(),
        chosen: false,
        label: title.into(),
    }
}

fn day_row(day: &FreeDay, today: NaiveDate) -> ChoiceRow {
    let under = match (day.day - today).num_days() {
        0 => "今天",
        1 => "明天",
        2 => "后天",
        _ => "",
    };
    let free = day.slots.len();
    row(&day_words(day.day), under, format!("{free} 个时间"))
}

fn time_row(slot: &FreeSlot) -> ChoiceRow {
    let at = slot.starts_at.hall_time();
    let half = match at.hour() {
        0..12 => "上午".to_owned(),
        12 => "中午".to_owned(),
        later => format!("下午 {} 点{}", later - 12, minutes_words(at.minute())),
    };
    let places = format!("{half}，还能约 {} 人", slot.places);
    row(&slot.starts_at.clock_text(), "", places)
}

fn minutes_words(minutes: u32) -> String {
    match minutes {
        0 => String::new(),
        30 => "半".to_owned(),
        other => format!("{other:02} 分"),
    }
}

fn slot_row(slot: BookedSlot, facts: &HallFacts) -> ChoiceRow {
    let (clock, name) = (slot.starts_at.clock_text(), facts.group_name(slot.group));
    ChoiceRow {
        label: format!("{clock} {name}").into(),
        count_text: SharedString::new(),
        ..row(&clock, &name, String::new())
    }
}

fn told_words(told: &Told) -> (&'static str, String) {
    match told {
        Told::NoLine => (
            "现在没连上网",
            "预约和签到都要连上网才行。您可以先取一个普通号，或者叫人来帮忙。".into(),
        ),
        Told::NoFreeTime => (
            "这类事最近都约满了",
            "明天会有新的时间。今天要办，可以取一个普通号。".into(),
        ),
        Told::NotKept(_, text) => ("没约上", text.clone()),
        Told::NothingToday => (
            "现在没有要签到的预约",
            "约的是别的日子，请到那天再来。时间过了，请取一个普通号。弄不清楚就叫人来看看。".into(),
        ),
        Told::Early(from) => (
            "来早了一点",
            format!(
                "{} 起才能签到，请先坐一会儿。不想等，可以取一个普通号。",
                from.clock_text()
            ),
        ),
        Told::NotListed => (
            "您的时间还没到，或者过了",
            "没到时间，请坐一会儿再来点。过了时间，请取一个普通号。弄不清楚就叫人来看看。".into(),
        ),
        Told::NotTaken(text) => ("没签上到", text.clone()),
        Told::OutOfOrder => (
            "这台机器办不了",
            "请用旁边的机器，或者到服务台去，那里能帮您签到和取号。".into(),
        ),
    }
}

/// What the code of a confirmation opens.
pub(super) fn kept_url(kept: &Kept, station: &Station) -> String {
    format!("{}/t/{}", station.public_url, kept.token.0)
}

/// The confirmation, as a slip: the time is its number.
#[must_use]
pub fn kept(
    kept: &Kept,
    until: Duration,
    station: &Station,
    facts: &HallFacts,
    around: &Surroundings,
) -> SlipView {
    let code: Vec<String> = kept.code.0.chars().map(String::from).collect();
    let (from, last) = (kept.from.clock_text(), kept.until.clock_text());
    SlipView {
        title: "约好了",
        hint: "请拍下来，签到要用下面的 4 个数。",
        place: facts
            .hall()
            .map(|hall| hall.station_name.clone())
            .unwrap_or_default(),
        number: kept.slot.starts_at.clock_text(),
        is_long: false,
        code_text: format!("签到用的 4 个数：{}", code.join(" ")),
        matter: day_words(kept.slot.starts_at.hall_date()),
        also: facts.group_name(kept.slot.group),
        fact_names: ["最早签到", "最晚签到", "请到"],
        ahead: from.clone(),
        wait: last.clone(),
        window_text: windows(&kept.windows),
        qr_content: kept_url(kept, station),
        qr_title: "手机扫码能看、能取消",
        qr_text: "来不了请取消，让给别人。",
        rule_text: noted(around.wall),
        next_text: format!("请 {from} 到 {last} 来这里签到"),
        print: PrintView::default(),
        left: share_left(until, around.now, KEPT_TIME),
    }
}

fn noted(at: UtcMs) -> String {
    format!("{} 约的。过了最晚的时间就不留了。", at.day_and_clock_text())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::sample::{self, around};
    use domain::id::GroupCode;
    use domain::rating::TicketSecret;
    use wire::event::Origin;

    fn slot() -> BookedSlot {
        BookedSlot {
            starts_at: UtcMs::start_of(sample::TODAY).plus_minutes(24 * 60 + 9 * 60 + 30),
            group: GroupCode::new('A').unwrap(),
        }
    }

    fn at(step: Step) -> AppointmentView {
        let page = Appointment {
            step,
            page: 0,
            is_asking: false,
        };
        view(&page, &sample::facts(), &around(0))
    }

    #[test]
    fn days_and_times_are_said_as_people_say_them() {
        let free = FreeSlot {
            starts_at: slot().starts_at,
            places: 2,
        };
        let days = vec![FreeDay {
            day: free.starts_at.hall_date(),
            slots: vec![free],
        }];
        let view = at(Step::Day(slot().group, days.clone()));
        assert_eq!(view.choices[0].title, "11月24日 星期二");
        assert_eq!(view.choices[0].under, "明天");
        let view = at(Step::Time(slot().group, days, 0));
        assert_eq!(view.hint, "11月24日 星期二，试验事项一");
        assert_eq!(view.choices[0].title, "09:30");
        assert_eq!(view.choices[0].count_text, "上午，还能约 2 人");
        let afternoon = FreeSlot {
            starts_at: free.starts_at.plus_minutes(5 * 60),
            places: 1,
        };
        assert_eq!(time_row(&afternoon).count_text, "下午 2 点半，还能约 1 人");
    }

    #[test]
    fn every_no_names_a_way_on() {
        for told in [
            Told::NoLine,
            Told::NoFreeTime,
            Told::NothingToday,
            Told::Early(slot().starts_at),
            Told::NotListed,
            Told::OutOfOrder,
        ] {
            let view = at(Step::Told(told.clone()));
            let names_a_way = ["取一个普通号", "服务台"]
                .iter()
                .any(|way| view.told_text.contains(way));
            assert!(names_a_way && !view.told_title.is_empty(), "{told:?}");
        }
    }

    #[test]
    fn a_confirmation_says_when_to_come_and_carries_the_phone_page_and_the_digits() {
        let confirmation = Kept {
            slot: slot(),
            from: slot().starts_at.plus_minutes(-15),
            until: slot().starts_at.plus_minutes(15),
            windows: Vec::new(),
            code: TicketSecret("4711".into()),
            token: TicketSecret("ab12".into()),
            origin: Origin::Touch,
        };
        let (station, facts) = (sample::hall_station(), sample::facts());
        let view = kept(&confirmation, KEPT_TIME, &station, &facts, &around(0));
        assert_eq!(
            (view.number.as_str(), view.matter.as_str()),
            ("09:30", "11月24日 星期二")
        );
        assert_eq!(
            (view.ahead.as_str(), view.wait.as_str()),
            ("09:15", "09:45")
        );
        assert_eq!(view.qr_content, "http://hall.example/t/ab12");
        assert!(view.code_text.ends_with("4 7 1 1"));
    }
}
