//! What is said of a paper: while it is at the printer, when it came out, when it did not, and when nobody
//! knows. Every sentence has a way on, and what was to be printed stays on the screen.

use kiosk_peripherals::printing::Trouble;

use crate::app::papers::{PaperStage, Papers};

/// A question about a paper, or why it did not come out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperView {
    /// What is so.
    pub title: &'static str,
    /// What to do.
    pub text: String,
    /// The page's own button.
    pub first: &'static str,
    /// The other one.
    pub second: &'static str,
}

/// What lies over the page; nothing when there is nothing to decide.
#[must_use]
pub fn asked(papers: &Papers) -> Option<PaperView> {
    match papers.stage() {
        PaperStage::Refused(trouble) => Some(PaperView {
            title: title(trouble),
            text: way_on(papers.number()),
            first: "知道了",
            second: "请人来看看",
        }),
        PaperStage::GivenUp => Some(PaperView {
            title: "打了几次都没打好",
            text: way_on(papers.number()),
            first: "知道了",
            second: "请人来看看",
        }),
        PaperStage::Unknown(trouble) => Some(PaperView {
            title: "纸出来了吗？",
            text: format!(
                "{}请看一看出纸口。没出来，或者只出来一半，可以再打一张。",
                heard(trouble)
            ),
            first: "出来了",
            second: "没出来，再打一张",
        }),
        PaperStage::None
        | PaperStage::OnItsWay
        | PaperStage::CameOut { .. }
        | PaperStage::TooLong => None,
    }
}

/// What stands above the page.
#[must_use]
pub fn note(papers: &Papers) -> Option<&'static str> {
    match papers.stage() {
        PaperStage::OnItsWay => Some("正在打印，请等一下"),
        PaperStage::CameOut { is_low: false } => Some("打好了，请从出纸口取走"),
        PaperStage::CameOut { is_low: true } => Some("打好了，请取走。纸快用完了，请告诉工作人员"),
        PaperStage::TooLong => Some("内容太多，一张纸打不下。请看屏幕，或者请工作人员打印"),
        PaperStage::None
        | PaperStage::Refused(_)
        | PaperStage::Unknown(_)
        | PaperStage::GivenUp => None,
    }
}

fn title(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::PaperOut => "打印机没纸了",
        Trouble::CoverOpen => "打印机的盖子开着",
        Trouble::Absent => "打印机没有接上",
        Trouble::Silent => "打印机没有回答",
        Trouble::Cutter => "打印机的切刀卡住了",
        Trouble::Faulty => "打印机出错了",
        Trouble::Offline => "打印机停着",
    }
}

fn heard(trouble: Option<Trouble>) -> String {
    trouble.map_or_else(String::new, |trouble| format!("{}。", title(trouble)))
}

/// A number is worth something without its paper.
fn way_on(number: Option<&str>) -> String {
    match number {
        Some(number) => {
            format!("号有效，请记下号码 {number}，或者扫屏幕上的二维码。要纸的，请叫工作人员来。")
        }
        None => "内容还在屏幕上，可以接着看。要纸的，请叫工作人员来。".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use kiosk_peripherals::printing::Outcome;
    use kiosk_peripherals::slip::Slip;

    use super::*;
    use crate::app::papers::Paper;

    fn after(outcome: Outcome) -> Papers {
        let slip = Slip {
            number: "A012".into(),
            ..Slip::default()
        };
        let mut papers = Papers::default();
        papers.order(Paper::Slip(Box::new(slip)), 1).unwrap();
        papers.settled(1, outcome);
        papers
    }

    #[test]
    fn every_trouble_says_the_number_and_offers_a_person() {
        for trouble in [
            Trouble::Absent,
            Trouble::Silent,
            Trouble::CoverOpen,
            Trouble::PaperOut,
            Trouble::Cutter,
            Trouble::Faulty,
            Trouble::Offline,
        ] {
            let view = asked(&after(Outcome::Refused(trouble))).unwrap();
            assert!(view.text.contains("A012") && view.title.contains("打印机"));
            assert_eq!(view.second, "请人来看看");
        }
    }

    #[test]
    fn a_paper_of_which_nobody_knows_is_asked_about() {
        let view = asked(&after(Outcome::Unknown(Some(Trouble::CoverOpen)))).unwrap();
        assert_eq!(view.title, "纸出来了吗？");
        assert!(view.text.starts_with("打印机的盖子开着。"));
        assert!(asked(&after(Outcome::Printed(None))).is_none());
    }
}
