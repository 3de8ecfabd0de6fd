//! Finding a visit, the five faces, reasons and thanks, in words. Neutral: no answer is suggested.

use super::words::{seconds_left, share_left};
use crate::app::event::Surroundings;
use crate::app::facts::HallFacts;
use crate::app::lookup::{self, CODE_DIGITS, Lookup, LookupPart};
use crate::app::score::{SCORE_TIME, ScoreStep, Scoring, VisitToScore, reasons};
use crate::app::session::{ScoreOutcome, Thanks};
use crate::ui::{LaneKey, LetterKey, LookupStep, Reason};
use domain::queue::KioskLane;

/// Digits of an ordinary number, for the places still empty.
const NUMBER_DIGITS: usize = 3;

/// The page on which a visit is found.
#[derive(Debug, Clone, PartialEq)]
pub struct LookupView {
    /// Which part is asked for.
    pub step: LookupStep,
    /// The question.
    pub title: &'static str,
    /// Where it stands on the paper.
    pub hint: &'static str,
    /// The letters.
    pub letters: Vec<LetterKey>,
    /// The lanes.
    pub lanes: Vec<LaneKey>,
    /// `A01_`
    pub number_text: String,
    /// `47__`
    pub code_text: String,
    /// Whether there is something to erase.
    pub can_erase: bool,
    /// Whether the part is complete.
    pub can_continue: bool,
    /// What went wrong, and what to do.
    pub message: String,
}

/// The search for a visit now.
#[must_use]
pub fn lookup(page: &Lookup, facts: &HallFacts, own_lane: KioskLane) -> LookupView {
    let (step, title, hint) = match page.part {
        LookupPart::Letter => (
            LookupStep::Letter,
            "号票第一个字母？",
            "看您的号票，最大的那行字。",
        ),
        LookupPart::Number => (
            LookupStep::Number,
            "号票上的数字？",
            "字母后面的数，0 也要点。",
        ),
        LookupPart::Code => (
            LookupStep::Code,
            "旁边的 4 个数？",
            "号码下面，“打分用的 4 个数”。",
        ),
    };
    let typed = if page.part == LookupPart::Code {
        &page.code
    } else {
        &page.number
    };
    LookupView {
        step,
        title,
        hint,
        letters: letters(facts),
        lanes: lanes(own_lane, page.lane),
        number_text: number_text(page),
        code_text: with_places(&page.code, CODE_DIGITS),
        can_erase: !typed.is_empty(),
        can_continue: page.can_continue(),
        message: if page.is_asking {
            "正在找，请等一下。".to_owned()
        } else {
            page.message.clone().unwrap_or_default()
        },
    }
}

fn letters(facts: &HallFacts) -> Vec<LetterKey> {
    let key = |(letter, matter): (char, String)| LetterKey {
        letter: letter.to_string().into(),
        label: format!("{letter} {matter}").into(),
        matter: matter.into(),
    };
    lookup::letters(facts).into_iter().map(key).collect()
}

fn lanes(own: KioskLane, chosen: Option<KioskLane>) -> Vec<LaneKey> {
    let none = LaneKey {
        text: "没有 K".into(),
        chosen: chosen.is_none(),
    };
    let key = |lane: KioskLane| LaneKey {
        text: lane.to_string().into(),
        chosen: chosen == Some(lane),
    };
    std::iter::once(none)
        .chain(lookup::lanes(own).into_iter().map(key))
        .collect()
}

fn number_text(page: &Lookup) -> String {
    let prefix = page.prefix.map(String::from).unwrap_or_default();
    let digits = with_places(&page.number, NUMBER_DIGITS);
    match page.lane {
        Some(lane) => format!("{prefix}-{lane}-{digits}"),
        None => format!("{prefix}{digits}"),
    }
}

fn with_places(typed: &str, places: usize) -> String {
    format!("{typed}{}", "_".repeat(places.saturating_sub(typed.len())))
}

/// Faces, reasons, or thanks.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoreView {
    /// The number.
    pub ticket_number: String,
    /// What it was about.
    pub matter: String,
    /// `3 号窗口`
    pub window_text: String,
    /// `工号 1023`
    pub clerk_text: String,
    /// The question.
    pub title: &'static str,
    /// Who sees it.
    pub hint: &'static str,
    /// The count-down in words.
    pub seconds_text: String,
    /// Seconds left.
    pub seconds: u64,
    /// Share left.
    pub left: f32,
    /// Whether the score is being made durable.
    pub is_saving: bool,
    /// Who looks at the reasons.
    pub reasons_hint: String,
    /// The reasons of this page.
    pub reasons: Vec<Reason>,
    /// Words of the button to more reasons; nothing when all are shown.
    pub more_text: String,
    /// Words of the button that submits.
    pub submit_text: &'static str,
    /// 谢谢您
    pub thanks_title: &'static str,
    /// What became of the score.
    pub thanks_text: &'static str,
}

/// Scoring now.
#[must_use]
pub fn scoring(page: &Scoring, around: &Surroundings) -> ScoreView {
    let seconds = seconds_left(page.until, around.now);
    let is_saving = matches!(page.step, ScoreStep::Saving { .. });
    ScoreView {
        seconds,
        seconds_text: format!("还剩 {seconds} 秒。不想打分也没关系。"),
        left: share_left(page.until, around.now, SCORE_TIME),
        is_saving,
        reasons_hint: reasons_hint(&page.step),
        reasons: reason_rows(&page.step, around.layout.reasons),
        more_text: more_text(around.layout.reasons),
        submit_text: if is_saving {
            "正在记…"
        } else {
            "选好了，提交"
        },
        ..of_visit(&page.visit)
    }
}

/// Thanks now.
#[must_use]
pub fn thanks(page: &Thanks) -> ScoreView {
    let (thanks_title, thanks_text) = match page.outcome {
        ScoreOutcome::Kept => ("谢谢您", "您的打分已经记下了。"),
        ScoreOutcome::Provisional => ("谢谢您", "已记录。连上网后会核对您的号票。"),
        ScoreOutcome::NotKept => (
            "没能记下来",
            "这台机器现在记不了。请用手机扫号票打分，或告诉工作人员。",
        ),
    };
    ScoreView {
        thanks_title,
        thanks_text,
        ..of_visit(&page.scoring.visit)
    }
}

fn of_visit(visit: &VisitToScore) -> ScoreView {
    ScoreView {
        ticket_number: visit.label.to_string(),
        matter: visit.matter.clone(),
        window_text: visit
            .window
            .map(|window| format!("{window} 号窗口"))
            .unwrap_or_default(),
        clerk_text: visit
            .clerk_no
            .as_ref()
            .map(|no| format!("工号 {no}"))
            .unwrap_or_default(),
        title: "这件事办得怎么样？",
        hint: "打分不记名，工作人员看不到是谁打的。",
        seconds_text: String::new(),
        seconds: 0,
        left: 0.0,
        is_saving: false,
        reasons_hint: String::new(),
        reasons: Vec::new(),
        more_text: String::new(),
        submit_text: "",
        thanks_title: "",
        thanks_text: "",
    }
}

fn reasons_hint(step: &ScoreStep) -> String {
    match step {
        ScoreStep::Reasons { level, .. } => {
            format!(
                "您选了“{}”。会有另外的人来查，不由本窗口处理。不选也可以提交。",
                level.text()
            )
        }
        ScoreStep::Faces | ScoreStep::Saving { .. } => String::new(),
    }
}

fn reason_rows(step: &ScoreStep, per_page: usize) -> Vec<Reason> {
    let ScoreStep::Reasons { chosen, page, .. } = step else {
        return Vec::new();
    };
    let rows = reasons()
        .iter()
        .enumerate()
        .skip(page * per_page)
        .take(per_page);
    rows.map(|(index, reason)| Reason {
        text: reason.name.as_str().into(),
        chosen: chosen.contains(&index),
    })
    .collect()
}

fn more_text(per_page: usize) -> String {
    if reasons().len() > per_page {
        "看别的原因".to_owned()
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::event::Touch;
    use crate::app::sample::{self, around};
    use domain::rating::Level;

    #[test]
    fn what_is_typed_stands_as_on_the_paper() {
        let page = Lookup {
            part: LookupPart::Code,
            prefix: Some('A'),
            lane: Some(KioskLane(2)),
            number: "00".into(),
            code: "47".into(),
            ..Lookup::default()
        };
        let view = lookup(&page, &sample::facts(), KioskLane(2));
        assert_eq!(
            (view.number_text.as_str(), view.code_text.as_str()),
            ("A-K2-00_", "47__")
        );
        assert_eq!(view.lanes[2].text, "K2");
        assert!(view.lanes[2].chosen && !view.lanes[0].chosen);
        assert_eq!(view.letters.last().unwrap().label, "V 优先号");
    }

    #[test]
    fn the_countdown_is_told_and_reasons_come_page_by_page() {
        let mut around = around(0);
        around.layout.reasons = 8;
        let mut page = Scoring::new(sample::visit(), SCORE_TIME);
        assert_eq!(scoring(&page, &around).seconds, 30);
        page.touched(&Touch::Face(Level::Bad), &around);
        page.touched(&Touch::MoreReasons, &around);
        page.touched(&Touch::Reason(0), &around);
        let view = scoring(&page, &around);
        assert_eq!(view.reasons.len(), 4);
        assert!(view.reasons[0].chosen);
        assert!(view.reasons_hint.contains("不满意"));
        assert_eq!(view.window_text, "3 号窗口");
    }
}
