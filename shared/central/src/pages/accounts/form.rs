//! The form of an account. What was typed survives; what is wrong is said all at once.

use std::collections::{BTreeMap, BTreeSet};

use domain::case::{FieldFault, Role};
use domain::id::{HallId, StationCode};
use maud::{Markup, html};
use wire::event::RoleGrant;

use crate::pages::form::{TextField, fault, fault_of, summary, text_field};
use crate::pages::frame::{Desk, MenuEntry, staff_page};
use crate::staff::{AccountDraft, AccountLine, GRANTABLE, NO_HALL, check_login, check_name};

const CLERK_NO_CHARS_MAX: usize = 12;
/// Before the word of a role: that it is held, and at which stations.
const HOLDS: &str = "role-";
const AT: &str = "at-";

/// An account as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct AccountForm {
    pub(crate) login: String,
    pub(crate) name: String,
    pub(crate) clerk_no: String,
    /// A hall's id.
    pub(crate) hall: String,
    /// Roles that are ticked, with the stations as typed; all of them when empty.
    pub(crate) roles: BTreeMap<Role, String>,
    /// What is wrong.
    pub(crate) faults: Vec<FieldFault>,
}

impl AccountForm {
    /// As sent.
    pub(crate) fn of_fields(fields: &[(String, String)]) -> Self {
        let text = |name: &str| {
            let sent = fields.iter().find(|(sent, _)| sent == name);
            sent.map(|(_, value)| value.trim().to_owned())
                .unwrap_or_default()
        };
        let is_ticked = |role: &Role| {
            let name = format!("{HOLDS}{}", role.word());
            GRANTABLE(*role) && fields.iter().any(|(sent, _)| *sent == name)
        };
        let ticked = Role::ALL.iter().copied().filter(is_ticked);
        Self {
            login: text("login"),
            name: text("name"),
            clerk_no: text("clerk-no"),
            hall: text("hall"),
            roles: ticked
                .map(|role| (role, text(&format!("{AT}{}", role.word()))))
                .collect(),
            faults: Vec::new(),
        }
    }

    /// As it stands.
    pub(crate) fn of_account(line: &AccountLine) -> Self {
        let mut roles: BTreeMap<Role, String> = BTreeMap::new();
        for grant in &line.roles {
            let stations = roles.entry(grant.role).or_default();
            let station = grant.station.as_ref().map_or("", StationCode::as_str);
            *stations = format!("{stations} {station}").trim().to_owned();
        }
        Self {
            login: line.account.login.clone(),
            name: line.account.name.clone(),
            clerk_no: line.account.clerk_no.clone(),
            hall: line.account.hall.to_string(),
            roles,
            faults: Vec::new(),
        }
    }

    /// What is wrong with the name for signing in, for a new account.
    pub(crate) fn check_login(&mut self) {
        let found = check_login(&self.login).map(|why| fault("login", why));
        self.faults.extend(found);
    }

    /// What is meant, or everything that is wrong.
    pub(crate) fn check(&mut self, halls: &BTreeMap<HallId, String>) -> Option<AccountDraft> {
        let mut faults = Vec::new();
        faults.extend(check_name(&self.name).map(|why| fault("name", why)));
        if self.clerk_no.chars().count() > CLERK_NO_CHARS_MAX {
            faults.push(fault(
                "clerk-no",
                format!("工号最多 {CLERK_NO_CHARS_MAX} 个字。"),
            ));
        }
        let hall = self
            .hall
            .parse()
            .ok()
            .filter(|hall| *hall == NO_HALL || halls.contains_key(hall));
        if hall.is_none() {
            faults.push(fault("hall", "请选一个大厅，不在大厅上班就选“不在大厅”。"));
        }
        let mut roles = BTreeSet::new();
        for (role, typed) in &self.roles {
            match grants(*role, typed) {
                Ok(granted) if names_no_place(*role, &granted) => {
                    let why = format!("“{}”只管自己的网点或街道，请写上网点编号。", role.name());
                    faults.push(fault(&format!("{AT}{}", role.word()), why));
                }
                Ok(granted) => roles.extend(granted),
                Err(bad) => {
                    let why = format!("“{bad}”不是站点编号，编号是大写字母、数字和横线。");
                    faults.push(fault(&format!("{AT}{}", role.word()), why));
                }
            }
        }
        self.faults.extend(faults);
        let hall = hall.filter(|_| self.faults.is_empty())?;
        Some(AccountDraft {
            name: self.name.clone(),
            clerk_no: self.clerk_no.clone(),
            hall,
            roles,
        })
    }
}

/// Whether a role of a place was given without one: it would reach nothing.
fn names_no_place(role: Role, granted: &[RoleGrant]) -> bool {
    role.is_of_a_place() && granted.iter().any(|grant| grant.station.is_none())
}

/// The stations as typed, with blanks or commas between them; none means all.
fn grants(role: Role, typed: &str) -> Result<Vec<RoleGrant>, String> {
    let parts = typed.split(|c: char| c.is_whitespace() || ",，、".contains(c));
    let stations: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    if stations.is_empty() {
        return Ok(vec![RoleGrant::everywhere(role)]);
    }
    let granted = stations.into_iter().map(|text| {
        let station = StationCode::new(text).map_err(|_| text.to_owned())?;
        Ok(RoleGrant {
            role,
            station: Some(station),
        })
    });
    granted.collect()
}

/// The fields of an account; a sign-in name only for a new one.
pub(super) fn fields(form: &AccountForm, halls: &BTreeMap<HallId, String>, is_new: bool) -> Markup {
    let text = |name, label, value, hint| {
        let field = TextField {
            name,
            label,
            value,
            kind: "text",
            autocomplete: "off",
            hint,
        };
        text_field(field, &form.faults)
    };
    html! {
        (summary(&form.faults))
        @if is_new { (text("login", "登录名", &form.login, "登录时输的名字，以后不能改。")) }
        (text("name", "姓名", &form.name, ""))
        (text("clerk-no", "工号（可不填）", &form.clerk_no, "窗口屏上群众看得到。"))
        (hall_field(form, halls))
        (role_fields(form))
    }
}

fn hall_field(form: &AccountForm, halls: &BTreeMap<HallId, String>) -> Markup {
    let nowhere = NO_HALL.to_string();
    let fault = fault_of(&form.faults, "hall");
    html! {
        div.field {
            label for="hall" { "大厅" }
            select #hall name="hall" aria-describedby=[fault.map(|_| "hall-fault")]
                aria-invalid=[fault.map(|_| "true")] {
                @for (hall, name) in halls {
                    @let hall = hall.to_string();
                    option value=(hall) selected[form.hall == hall] { (name) }
                }
                option value=(nowhere) selected[form.hall == nowhere] { "不在大厅" }
            }
            @if let Some(fault) = fault { span.error #hall-fault { (fault) } }
        }
    }
}

fn role_fields(form: &AccountForm) -> Markup {
    let grantable = Role::ALL.iter().filter(|role| GRANTABLE(**role));
    html! {
        div.field {
            b #roles { "身份" }
            span.soft { "一个人可以有几个身份。后面写站点编号，就只在那些站点有效；不写是所有站点。" }
            table aria-labelledby="roles" { tbody {
                @for role in grantable {
                    @let (holds, at) = (format!("{HOLDS}{}", role.word()), format!("{AT}{}", role.word()));
                    tr {
                        td.tight { input id=(holds) name=(holds) type="checkbox"
                            checked[form.roles.contains_key(role)]; }
                        td { label for=(holds) { (role.name()) } }
                        td {
                            input id=(at) name=(at) autocomplete="off" maxlength="200"
                                value=(form.roles.get(role).map_or("", String::as_str))
                                placeholder=(if role.is_of_a_place() { "写网点编号" } else { "所有站点" }) aria-label=(format!("{}在哪些站点", role.name()));
                            @if let Some(fault) = fault_of(&form.faults, &at) {
                                " " b.bad { (fault) }
                            }
                        }
                    }
                }
            } }
        }
    }
}

/// The page on which an account is made.
pub(crate) fn new_account_page(
    desk: &Desk,
    form: &AccountForm,
    halls: &BTreeMap<HallId, String>,
) -> Markup {
    let content = html! {
        div.stack {
            p { a href=(super::PATH) { "回账号页" } }
            h1 { "建新账号" }
            form.card.pad method="post" action="/staff/accounts/new" {
                (desk.form_token.field())
                (fields(form, halls, true))
                button.primary { "建账号，要一次性密码" }
            }
        }
    };
    staff_page(desk, MenuEntry::Accounts, "建新账号", None, &content)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::fixtures;

    fn sent(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        let pairs = pairs.iter();
        pairs
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once_and_what_was_typed_survives() {
        let fields = sent(&[
            ("login", "wan"),
            ("clerk-no", "1234567890123"),
            ("hall", "nowhere"),
            ("role-clerk", "on"),
            ("at-clerk", "yh-01"),
            ("role-system", "on"),
        ]);
        let mut form = AccountForm::of_fields(&fields);
        assert_eq!(form.check(&BTreeMap::new()), None);
        let wrong: Vec<&str> = form
            .faults
            .iter()
            .map(|fault| fault.field.as_str())
            .collect();
        assert_eq!(wrong, ["name", "clerk-no", "hall", "at-clerk"]);
        let page = new_account_page(&fixtures::desk(), &form, &BTreeMap::new()).into_string();
        assert!(page.contains("value=\"yh-01\"") && page.contains("href=\"#at-clerk\""));
        assert!(!page.contains("role-system"), "nobody is the clock");
    }

    #[test]
    fn a_role_of_a_place_names_its_place() {
        let mut form = AccountForm::of_fields(&sent(&[
            ("name", "甲"),
            ("hall", &NO_HALL.to_string()),
            ("role-street", "on"),
            ("role-community", "on"),
            ("at-community", "YH-J03"),
        ]));
        assert_eq!(form.check(&BTreeMap::new()), None);
        let wrong: Vec<_> = form
            .faults
            .iter()
            .map(|fault| fault.field.as_str())
            .collect();
        assert_eq!(wrong, ["at-street"]);
    }

    #[test]
    fn roles_hold_at_the_stations_that_are_named_and_else_at_all() {
        let fields = sent(&[
            ("name", "甲"),
            ("hall", &NO_HALL.to_string()),
            ("role-clerk", "on"),
            ("at-clerk", "YH-01，YH-02"),
            ("role-auditor", "on"),
            ("at-tech", "YH-03"),
        ]);
        let draft = AccountForm::of_fields(&fields)
            .check(&BTreeMap::new())
            .unwrap();
        let at = |station: &str| RoleGrant {
            role: Role::Clerk,
            station: Some(StationCode::new(station).unwrap()),
        };
        let auditor = RoleGrant::everywhere(Role::Auditor);
        assert_eq!(draft.roles, [at("YH-01"), at("YH-02"), auditor].into());
        let line = AccountLine {
            roles: draft.roles,
            account: fixtures::accounts().accounts.remove(0).account,
        };
        assert_eq!(
            AccountForm::of_account(&line).roles[&Role::Clerk],
            "YH-01 YH-02"
        );
    }
}
