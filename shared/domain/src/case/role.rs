//! The roles of `case-kinds.md` §0.2. A person may hold several, at one station or at all.

use serde::{Deserialize, Serialize};

macro_rules! roles {
    ($($(#[$doc:meta])* $name:ident = $word:literal, $text:literal;)+) => {
        /// What somebody is in an act.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Role {
            $($(#[$doc])* #[serde(rename = $word)] $name,)+
        }

        impl Role {
            /// Every role, in the order of the sheet.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The word in files and events.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)+ }
            }

            /// The Chinese name.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }

            /// The role with this word.
            #[must_use]
            pub fn of_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$name),)+ _ => None }
            }
        }
    };
}

impl Role {
    /// Whether it is held at named places only: a community's or a street's says nothing about others.
    #[must_use]
    pub fn is_of_a_place(self) -> bool {
        matches!(self, Self::Community | Self::Street)
    }
}

roles! {
    /// A citizen, through a kiosk or a window.
    Citizen = "citizen", "群众";
    /// Acts for an employer or an institution.
    EmployerUser = "employer_user", "单位经办";
    /// At a window or a desk.
    Clerk = "clerk", "经办";
    /// Checks what a clerk accepted.
    Reviewer = "reviewer", "复核";
    /// Head of a section.
    Chief = "chief", "股室负责人";
    /// Head of the centre.
    Director = "director", "中心领导";
    /// Keeps the files of persons.
    Archivist = "archivist", "档案员";
    /// Inspects classes and posts, always two.
    Inspector = "inspector", "巡查员";
    /// Of the loan panel.
    Panel = "panel", "评议会成员";
    /// A partner bank.
    Bank = "bank", "合作银行";
    /// Pays.
    Cashier = "cashier", "出纳";
    /// Books.
    Accountant = "accountant", "会计";
    /// Makes the reports.
    Statistician = "stat", "统计员";
    /// Writes what boards show.
    LedEditor = "led_editor", "屏幕编辑";
    /// Lets it on the boards.
    LedApprover = "led_approver", "屏幕签发";
    /// Keeps the machines, and the accounts.
    Tech = "tech", "运维";
    /// Documents, meetings, stores.
    Office = "office", "综合";
    /// Personnel.
    Hr = "hr", "人事";
    /// May read, never write.
    Auditor = "auditor", "审计";
    /// The clock, and what follows from other records.
    System = "system", "系统";
    /// Leads the hall on a day.
    HallManager = "hall_manager", "值班长";
    /// Shows people the way.
    Guide = "guide", "导办";
    /// Of a community or a service point.
    Community = "community", "社区经办";
    /// Of a street or town.
    Street = "street", "街道审核";
    /// Of the union.
    Union = "union", "工会";
}
