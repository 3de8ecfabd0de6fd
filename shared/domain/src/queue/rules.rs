//! The rule by which people are called, as parameters and as sentences for the public, with the
//! bounds that follow from it.

/// Parameters of the queue, all data (`assets/parameters/ticket.toml`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueRules {
    /// `ticket.priority_ratio`: priority calls in a row after which an ordinary one must follow.
    pub priority_calls_in_a_row_max: u8,
    /// `ticket.overtaken_max`: later arrivals called before a ticket, after which it goes first.
    pub overtaken_max: u16,
    /// `ticket.normal_boost_min`: an ordinary ticket that waited longer competes by arrival.
    pub ordinary_boost_minutes: i64,
    /// `ticket.call_times`: calls before a ticket may be marked missed.
    pub call_times: u8,
    /// `ticket.call_interval_s`: between two calls of one ticket.
    pub call_interval_seconds: i64,
    /// `ticket.requeue_min`: so long after it was missed a ticket may come back, once.
    pub comeback_minutes: i64,
    /// `ticket.daily_quota`: ordinary numbers of a group on one day; `None` for no limit.
    pub daily_quota: Option<u16>,
    /// `ticket.priority_quota`: priority numbers of a group on one day, kept apart.
    pub priority_quota: Option<u16>,
    /// `ticket.one_active`: whether one person has one valid ticket per group.
    pub is_one_per_holder: bool,
    /// `ticket.slot_minutes`: length of a slot of appointments.
    pub slot_minutes: i64,
    /// `ticket.slot_capacity`: appointments of a group in one slot.
    pub slot_capacity: u16,
    /// `ticket.book_days_max`: so many days after today a time may be kept.
    pub book_days_max: u16,
    /// `ticket.checkin_min`: before and after the beginning of its slot an appointment is taken up.
    pub check_in_minutes: i64,
    /// `ticket.stop_before_min`: no numbers so long before a break or the end of the day.
    pub stop_before_minutes: i64,
    /// `ticket.wait_shown_max_min`: longest wait that is shown as a number.
    pub wait_minutes_shown_max: u16,
    /// `ticket.recent_waits_max`: how many waits of a group the estimate learns from.
    pub recent_waits_max: usize,
    /// `ticket.wait_share_percent`: of so many in a hundred the told wait should be right.
    pub wait_share_percent: u8,
}

impl Default for QueueRules {
    /// The defaults of kiosk-flows §3.
    fn default() -> Self {
        Self {
            priority_calls_in_a_row_max: 2,
            overtaken_max: 10,
            ordinary_boost_minutes: 30,
            call_times: 3,
            call_interval_seconds: 20,
            comeback_minutes: 30,
            daily_quota: None,
            priority_quota: None,
            is_one_per_holder: true,
            slot_minutes: 30,
            slot_capacity: 2,
            book_days_max: 7,
            check_in_minutes: 15,
            stop_before_minutes: 30,
            wait_minutes_shown_max: 60,
            recent_waits_max: 400,
            wait_share_percent: 80,
        }
    }
}

impl QueueRules {
    /// Most later arrivals that can be called before an ordinary ticket while it waits, by the
    /// windows that serve its group. The prover of the tests goes through all small halls.
    #[must_use]
    pub fn overtaken_bound(&self) -> u32 {
        u32::from(self.overtaken_max)
    }

    /// The same for a priority ticket before which so many calls of earlier priority tickets are
    /// made, own calls that led to nothing among them, in a hall of so many windows. No number holds
    /// for all: after every few priority calls an ordinary one must follow, and it may be of a later
    /// arrival.
    #[must_use]
    pub fn overtaken_bound_of_priority(&self, priority_calls: u32, windows: u32) -> u32 {
        let in_a_row = u32::from(self.priority_calls_in_a_row_max.max(1));
        self.overtaken_bound() + priority_calls / in_a_row + windows
    }

    /// The rule as it hangs in the hall.
    #[must_use]
    pub fn sentences(&self) -> Vec<String> {
        let in_a_row = self.priority_calls_in_a_row_max;
        vec![
            "普通号按到达先后叫。转窗口、过号回来的，到达时间不变。".to_owned(),
            format!("优先号先叫。但每连叫 {in_a_row} 位优先号，有普通号在等就叫 1 位普通号。"),
            format!(
                "普通号等满 {} 分钟，就和优先号一起按到达先后叫。",
                self.ordinary_boost_minutes
            ),
            format!(
                "比您晚到的人，排到您前面先叫的最多 {} 位；满 {} 位就先叫您。",
                self.overtaken_max, self.overtaken_max
            ),
            format!(
                "优先号也一样；只是轮到叫普通号时可能再让一位：前面每有 {in_a_row} 位优先号让 1 位，每个窗口再加 1 位。"
            ),
            format!(
                "叫 {} 遍没来算过号。{} 分钟内回来可以恢复一次。",
                self.call_times, self.comeback_minutes
            ),
        ]
    }
}
