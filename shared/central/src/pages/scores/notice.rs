//! The public notice of the scores (公示): what the page shows, as a text for kiosks and boards. The
//! page only fills in the form of a publication; it goes out when that was approved.

use chrono::{Days, NaiveDate};

use super::{ScoresView, Side};

/// A notice stands for so long.
const DAYS_SHOWN: u64 = 7;

impl ScoresView {
    /// The form of a publication with the notice filled in; `None` where there is nothing that the
    /// public is told: people are not put up on boards by name.
    pub(crate) fn notice_address(&self, today: NaiveDate) -> Option<String> {
        if self.side == Side::Clerk || self.rows.is_empty() {
            return None;
        }
        let last_day = today
            .checked_add_days(Days::new(DAYS_SHOWN))
            .unwrap_or(today);
        let fields = serde_urlencoded::to_string([
            ("f.content_type", "publicity"),
            ("f.title", &self.notice_title()),
            ("f.body", &self.notice_body()),
            ("f.from_on", &today.to_string()),
            ("f.to_on", &last_day.to_string()),
            ("f.priority", "5"),
        ]);
        let fields = fields.ok()?;
        Some(format!("/staff/records/led_publication/new?{fields}"))
    }

    /// Lines of the contract have no common rate.
    fn notice_title(&self) -> String {
        if self.side == Side::Line {
            return "各项服务满意度公示".to_owned();
        }
        let rate = self.hall().satisfaction().text();
        format!("服务满意度 {rate}")
    }

    fn notice_body(&self) -> String {
        let mut lines = vec![format!("{}，群众打分的结果：", self.days_text)];
        lines.extend(self.rows.iter().map(|row| {
            let share = row.scores.satisfaction();
            match share.whole {
                0 => format!("{}：无数据", row.name),
                whole => format!("{}：{}（{whole} 份评价）", row.name, share.text()),
            }
        }));
        let target = self.target_text();
        lines.push(format!(
            "目标 {target}。没打分的不算在内。有意见请在自助机上说，或者找工作人员。"
        ));
        lines.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::fixtures;

    #[test]
    fn the_notice_says_no_data_where_nobody_scored_and_names_nobody() {
        let mut view = fixtures::scores();
        assert!(view.notice_body().contains("6 号：无数据"));
        let today = fixtures::NOW.hall_date();
        assert!(view.notice_address(today).is_some());
        view.side = Side::Clerk;
        assert_eq!(view.notice_address(today), None);
    }

    #[test]
    fn lines_of_the_contract_get_no_common_rate() {
        let mut view = fixtures::scores();
        view.side = Side::Line;
        assert!(!view.notice_title().contains('%'));
    }
}
