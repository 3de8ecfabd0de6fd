//! The first account. A centre in which nobody has one makes a one-time code, says it on standard
//! error and keeps it in a file of the data directory that only its owner reads. Whoever knows the
//! code makes the account of the keeper of accounts; then never again. There is no default password.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use domain::case::Role;
use domain::id::StaffId;
use domain::time::UtcMs;
use subtle::ConstantTimeEq as _;
use wire::event::{Event, RoleGrant, StaffRolesSet};
use wire::problem::{Problem, ProblemCode};

use crate::app_state::AppState;
use crate::edge;
use crate::store::{Role as StoreRole, StaffAccount};

use super::draft::{check_login, check_name};
use super::{NO_HALL, OneTimePassword, acted, acts, password, slowly};

/// In the data directory.
const FILE: &str = "set-up-code";
/// The keeper of accounts and of the machines, who can give everybody else a role.
const ROLES: [Role; 2] = [Role::Tech, Role::Director];
/// Under this name wrong codes are counted.
const COUNTED_AS: &str = "set-up code";

/// The code that waits to be used.
#[derive(Debug, Default)]
pub(crate) struct SetUp {
    waiting: Mutex<Option<Waiting>>,
}

#[derive(Debug)]
struct Waiting {
    code: OneTimePassword,
    file: PathBuf,
}

const LOCK: &str = "the set-up code's lock, because no holder panics";

/// What the first account is to be.
#[derive(Clone)]
pub(crate) struct NewKeeper {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) login: String,
    pub(crate) password: String,
}

impl AppState {
    /// Makes a code where nobody has an account yet; removes what is left of an old one.
    ///
    /// # Errors
    /// A fault of storage or of the file.
    pub async fn open_set_up(&self, data: &Path) -> std::io::Result<Option<OneTimePassword>> {
        let file = data.join(FILE);
        if file.exists() {
            std::fs::remove_file(&file)?;
        }
        let is_new = self.inner.store.read(|reader| reader.is_without_staff());
        let is_new = is_new.await.map_err(std::io::Error::other)?;
        if !is_new || self.inner.store.role() != StoreRole::Centre {
            return Ok(None);
        }
        let code = OneTimePassword::make();
        let mut options = std::fs::OpenOptions::new();
        let written = options.write(true).create_new(true).mode(0o600).open(&file);
        writeln!(written?, "{}", code.reveal())?;
        let waiting = Waiting {
            code: code.clone(),
            file,
        };
        *self.inner.set_up.waiting.lock().expect(LOCK) = Some(waiting);
        Ok(Some(code))
    }

    /// Whether a first account is waited for.
    pub(crate) fn is_set_up_open(&self) -> bool {
        self.inner.set_up.waiting.lock().expect(LOCK).is_some()
    }

    fn is_set_up_code(&self, typed: &str) -> bool {
        let waiting = self.inner.set_up.waiting.lock().expect(LOCK);
        let typed = typed.trim().to_lowercase();
        waiting.as_ref().is_some_and(|waiting| {
            waiting
                .code
                .reveal()
                .as_bytes()
                .ct_eq(typed.as_bytes())
                .into()
        })
    }

    fn close_set_up(&self) {
        let waiting = self.inner.set_up.waiting.lock().expect(LOCK).take();
        let removed = waiting.map(|waiting| std::fs::remove_file(waiting.file));
        if let Some(Err(error)) = removed {
            tracing::warn!(%error, "the file of the spent set-up code stays");
        }
    }

    /// Makes the first account.
    ///
    /// # Errors
    /// `Refused` or `TooMany`, with the field that is wrong in front; nothing has changed then.
    pub(crate) async fn set_up(
        &self,
        new: NewKeeper,
        address: &str,
    ) -> Result<(), (&'static str, Problem)> {
        let now = self.now();
        self.check_code(&new.code, address, now)
            .map_err(|problem| ("code", problem))?;
        let at = |field, why: Option<String>| {
            why.map_or(Ok(()), |why| {
                Err((field, Problem::new(ProblemCode::Refused, why)))
            })
        };
        at("name", check_name(&new.name))?;
        at("login", check_login(&new.login))?;
        let rules = self.inner.in_force.now().staff.password;
        at("password", rules.fault(&new.password, &new.login))?;
        let made = self
            .make_keeper(new, now)
            .await
            .map_err(|problem| ("code", problem))?;
        self.close_set_up();
        let taken = "已经有账号了，这一页用过就不能再用。请去登录。".to_owned();
        at("code", (!made).then_some(taken))
    }

    fn check_code(&self, typed: &str, address: &str, now: UtcMs) -> Result<(), Problem> {
        let (limit, rules) = (&self.inner.sign_ins, &self.inner.in_force.now().staff);
        if let Some(until) = limit.waits_until(COUNTED_AS, address, rules, now) {
            let sentence = format!("输错太多次，{} 以后再试。", until.clock_text());
            return Err(Problem::new(ProblemCode::TooMany, sentence));
        }
        if self.is_set_up_code(typed) {
            return Ok(());
        }
        limit.unknown_failed(COUNTED_AS, now);
        let sentence = "启用码不对。它在服务启动时的输出里，也在数据目录的文件里，请照着再输一次。";
        Err(Problem::new(ProblemCode::Refused, sentence))
    }

    /// False when somebody got an account in the meantime.
    async fn make_keeper(&self, new: NewKeeper, now: UtcMs) -> Result<bool, Problem> {
        let password = new.password;
        let password_hash = slowly(move || password::hash(&password)).await??;
        let hall = self.halls().into_keys().next().unwrap_or(NO_HALL);
        let account = StaffAccount {
            staff: StaffId(edge::new_uuid(now)),
            name: new.name.trim().to_owned(),
            login: new.login.trim().to_owned(),
            clerk_no: String::new(),
            hall,
            password_hash,
            must_change: false,
            password_at: now,
            failures: 0,
            locked_until: UtcMs(0),
            disabled_at: None,
        };
        let made = self.inner.store.write(move |write| {
            if !write.reader().is_without_staff()? {
                return Ok(false);
            }
            write.keep_staff(&account, now)?;
            let roles = StaffRolesSet {
                staff: account.staff,
                by: None,
                roles: ROLES.map(RoleGrant::everywhere).into(),
            };
            write.append(&Event::StaffRolesSet(roles), now)?;
            let subject = account.staff.to_string();
            write.append(
                &acted(Some(account.staff), acts::ACCOUNT_SET_UP, subject),
                now,
            )?;
            Ok(true)
        });
        Ok(made.await?)
    }
}
