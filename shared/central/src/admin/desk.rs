//! Carrying out the command line's requests. Blocking: for a command's own thread or a thread of
//! the service that may block.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use domain::id::{DeviceId, HallId, ShortId};
use domain::queue::Command;
use domain::refusal::Refusal;
use domain::time::UtcMs;
use serde_json::json;
use thiserror::Error;
use wire::api::{DeviceKind, Notice};
use wire::event::{DeviceRevoked, Event, NoticePublished};
use wire::problem::Problem;

use crate::backup::BackupError;
use crate::cases::{CaseDesk, CaseFault, KindShelf, LiveRules};
use crate::edge::{self, Clock};
use crate::import::Progress;
use crate::layout::{self, NamedLayout};
use crate::parameters::ParameterError;
use crate::staff::{self, NewStaff};
use crate::store::{EnrolmentCode, Role, Store, StoreError};
use crate::vacancies::{ImportDesk, ImportError, ImportOrder};
use crate::vault::KeyError;
use crate::{authority, enrolment};

use super::{AdminRequest, Told, devices, keys};

/// Why a request was not carried out. The sentences are for the person at the command line.
#[derive(Debug, Error)]
pub enum AdminError {
    /// The import.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// The rules say no.
    #[error("{0}")]
    Refused(Refusal),
    /// A record says no.
    #[error("{0}")]
    Record(String),
    /// A problem of the service.
    #[error("{}", .0.detail)]
    Problem(Problem),
    /// Storage.
    #[error("{sentence}（{0}）", sentence = Problem::from(.0.clone()).detail)]
    Store(StoreError),
    /// The program's own parameters.
    #[error("程序自带的参数有误：{0}")]
    Parameters(#[from] ParameterError),
    /// A backup.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// The master key.
    #[error(transparent)]
    Keys(KeyError),
    /// The hall was not named and is not the only one.
    #[error("{0}")]
    Hall(&'static str),
    /// There is no such thing.
    #[error("没有{0}。")]
    Unknown(String),
}

impl From<StoreError> for AdminError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Keys(error) => Self::Keys(error),
            error => Self::Store(error),
        }
    }
}

impl From<Refusal> for AdminError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Carries requests out on one store.
pub struct AdminDesk {
    pub(super) store: Store,
    pub(super) data: PathBuf,
    /// `None` = beside the data directory.
    pub(super) backups_in: Option<PathBuf>,
    clock: Clock,
    cases: CaseDesk,
    imports: Arc<ImportDesk>,
}

impl std::fmt::Debug for AdminDesk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AdminDesk").finish_non_exhaustive()
    }
}

impl AdminDesk {
    /// A desk for the store of the directory `data`, by the calendar of the program.
    ///
    /// # Panics
    /// If the program's own kinds of records are broken, which a test checks.
    #[must_use]
    pub fn new(store: Store, data: &Path, clock: Clock) -> Self {
        let kinds = KindShelf::embedded().expect("kinds, because a test reads their files");
        let rules = Arc::new(LiveRules::of(store.clone()));
        let cases = CaseDesk::new(store.clone(), kinds, rules);
        Self {
            imports: Arc::new(ImportDesk::new(store.clone(), cases.clone(), data)),
            data: data.to_owned(),
            backups_in: None,
            cases,
            store,
            clock,
        }
    }

    /// The same desk, by the kinds and the calendar of the service, and taking turns with its
    /// imports.
    #[must_use]
    pub fn beside(self, cases: CaseDesk, imports: Arc<ImportDesk>) -> Self {
        Self {
            cases,
            imports,
            ..self
        }
    }

    /// Makes records of the vacancies that an older version of the program kept.
    ///
    /// # Errors
    /// [`ImportError`]; the next start goes on.
    pub fn adopt_old_vacancies(&self) -> Result<usize, ImportError> {
        match self.store.role() {
            Role::Centre => self.imports.adopt_old((self.clock)()),
            Role::HallNode { .. } => Ok(0),
        }
    }

    /// The same desk, with the folder where backups go.
    #[must_use]
    pub fn with_backups_in(self, folder: Option<PathBuf>) -> Self {
        Self {
            backups_in: folder,
            ..self
        }
    }

    /// The directory.
    #[must_use]
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// Carries a request out.
    ///
    /// # Errors
    /// [`AdminError`]; nothing has changed then.
    pub fn perform(
        &self,
        request: AdminRequest,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Told, AdminError> {
        let now = (self.clock)();
        self.check_role(&request)?;
        match request {
            AdminRequest::ImportVacancies(order) => self.import(&order, now, progress),
            AdminRequest::EnrolCode { hall, kind, name } => self.enrol_code(hall, kind, name, now),
            AdminRequest::LayOut {
                hall,
                station_name,
                layout,
            } => self.lay_out(
                hall,
                NamedLayout {
                    station_name,
                    layout,
                },
                now,
            ),
            AdminRequest::PublishNotices { notices, by } => self.publish(notices, by, now),
            AdminRequest::WithdrawListing {
                short_id,
                by,
                reason,
            } => self.withdraw(&short_id, &by, &reason, now),
            AdminRequest::AddStaff {
                hall,
                name,
                login,
                clerk_no,
                roles,
            } => {
                let new = NewStaff {
                    name,
                    login,
                    clerk_no,
                    hall: self.known_hall(hall)?,
                    roles,
                };
                self.add_staff(new, now)
            }
            AdminRequest::ListDevices => devices::list(&self.store, now),
            AdminRequest::RevokeDevice { device, by } => self.revoke(device, &by, now),
            AdminRequest::CloseDay { hall } => self.close_day(hall, now),
            AdminRequest::Backup { to } => self.back_up(to.as_deref(), now),
            AdminRequest::Extent => self.extent(),
            AdminRequest::Verify => self.verify(),
            AdminRequest::Rebuild => {
                let events = self.store.write_blocking(|write| write.rebuild())?;
                let text = format!("查询表已按 {events} 条记录重建。");
                Ok(told(text, &json!({ "events": events })))
            }
            AdminRequest::KeyStatus => keys::status(&self.store),
            AdminRequest::RotateMasterKey => keys::rotate(&self.store),
            AdminRequest::ForgetOldMasterKey => keys::forget_old(&self.store),
        }
    }

    /// What only the centre may do.
    fn check_role(&self, request: &AdminRequest) -> Result<(), AdminError> {
        let is_for_centre = matches!(
            request,
            AdminRequest::ImportVacancies(_)
                | AdminRequest::PublishNotices { .. }
                | AdminRequest::WithdrawListing { .. }
                | AdminRequest::AddStaff { .. }
        );
        match self.store.role() {
            Role::HallNode { .. } if is_for_centre => Err(NOT_AT_NODE),
            _ => Ok(()),
        }
    }

    fn import(
        &self,
        order: &ImportOrder,
        now: UtcMs,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Told, AdminError> {
        let begun = Instant::now();
        let report = self.imports.import(order, now, progress)?;
        let elapsed = begun.elapsed();
        Ok(Told {
            text: report.text(elapsed),
            json: report.json_line(elapsed),
            is_done: report.took_any_row(),
        })
    }

    fn add_staff(&self, new: NewStaff, now: UtcMs) -> Result<Told, AdminError> {
        let login = new.login.clone();
        let password = staff::add_with_one_time(&self.store, new, now);
        let password = password.map_err(AdminError::Problem)?;
        let password = password.reveal();
        Ok(told(
            format!("账号 {login} 可以登录了。\n一次性密码：{password}\n第一次登录时要改掉它。"),
            &json!({ "login": login, "password": password }),
        ))
    }

    fn enrol_code(
        &self,
        hall: Option<HallId>,
        kind: DeviceKind,
        name: String,
        now: UtcMs,
    ) -> Result<Told, AdminError> {
        let hall = match kind {
            // A node's hall begins with the node.
            DeviceKind::HallNode => hall.unwrap_or_else(|| HallId(edge::new_uuid(now))),
            _ => self.known_hall(hall)?,
        };
        self.check_authority(hall, kind)?;
        let expires_at = now.plus_ms(enrolment::CODE_VALID_MS);
        let code = EnrolmentCode {
            name,
            kind,
            hall,
            expires_at,
        };
        let digits = enrolment::make_code(&self.store, code, now)?;
        let until = expires_at.day_and_clock_text();
        let text = format!("登记码：{digits}\n只能用一次，{until} 前有效。请在设备上输入它。");
        Ok(told(
            text,
            &json!({ "code": digits, "expires_at": expires_at }),
        ))
    }

    /// A hall has one authority: its node, if it has one, else the centre.
    fn check_authority(&self, hall: HallId, kind: DeviceKind) -> Result<(), AdminError> {
        let live = self.store.live();
        let has_node = live.nodes.contains_key(&hall);
        match (self.store.role(), kind) {
            (Role::HallNode { .. }, DeviceKind::HallNode) => Err(NOT_AT_NODE),
            (Role::Centre, DeviceKind::HallNode) if live.halls.contains_key(&hall) && !has_node => {
                Err(AdminError::Hall("这个大厅由中心直接管理，不能再接节点。"))
            }
            (Role::Centre, DeviceKind::HallNode) => Ok(()),
            (Role::Centre, _) if has_node => {
                Err(AdminError::Hall("这个大厅有自己的节点，请在节点上做。"))
            }
            _ => Ok(()),
        }
    }

    fn lay_out(
        &self,
        hall: Option<HallId>,
        named: NamedLayout,
        now: UtcMs,
    ) -> Result<Told, AdminError> {
        let known: Vec<HallId> = self.store.live().halls.keys().copied().collect();
        let hall = match (hall, known.as_slice()) {
            _ if self.node_hall().is_some() => self.own_hall(hall)?,
            (Some(hall), _) => hall,
            (None, [only]) => *only,
            (None, []) => HallId(edge::new_uuid(now)),
            (None, _) => return Err(SEVERAL_HALLS),
        };
        self.store
            .write_blocking(move |write| layout::lay_out(write, hall, named, now))??;
        Ok(told(
            format!("大厅 {hall} 布置好了。"),
            &json!({ "hall": hall }),
        ))
    }

    fn publish(&self, notices: Vec<Notice>, by: String, now: UtcMs) -> Result<Told, AdminError> {
        let count = notices.len();
        self.store.write_blocking(move |write| {
            notices.into_iter().try_for_each(|notice| {
                let body = NoticePublished {
                    notice,
                    by: by.clone(),
                };
                write.append(&Event::NoticePublished(body), now).map(drop)
            })
        })?;
        Ok(told(
            format!("发布了 {count} 条，各屏马上更新。"),
            &json!({ "published": count }),
        ))
    }

    fn withdraw(
        &self,
        short_id: &ShortId,
        by: &str,
        reason: &str,
        now: UtcMs,
    ) -> Result<Told, AdminError> {
        let reason = format!("{by}：{reason}");
        let withdrawn = self.cases.withdraw_listing_as_system(short_id, reason, now);
        let is_withdrawn = withdrawn.map_err(|fault| match fault {
            CaseFault::Refused(refusal) => AdminError::Record(refusal.text),
            CaseFault::Problem(problem) => AdminError::Problem(problem),
        })?;
        if !is_withdrawn {
            return Err(AdminError::Unknown(format!("正在公布的岗位 {short_id}")));
        }
        Ok(told(
            format!("岗位 {short_id} 撤下了。"),
            &json!({ "withdrawn": short_id }),
        ))
    }

    fn revoke(&self, device: DeviceId, by: &str, now: UtcMs) -> Result<Told, AdminError> {
        if !self.store.live().devices.contains_key(&device) {
            return Err(AdminError::Unknown(format!("设备 {device}")));
        }
        let account = self
            .store
            .read_blocking(|reader| reader.staff_by_login(by))?;
        let account = account.ok_or_else(|| AdminError::Unknown(format!("账号 {by}")))?;
        let body = DeviceRevoked {
            device,
            by: account.staff,
        };
        self.store
            .write_blocking(move |write| write.append(&Event::DeviceRevoked(body), now))?;
        Ok(told(
            format!("设备 {device} 停用了。"),
            &json!({ "revoked": device }),
        ))
    }

    fn close_day(&self, hall: Option<HallId>, now: UtcMs) -> Result<Told, AdminError> {
        let hall = self.known_hall(hall)?;
        let closed = self.store.write_blocking(move |write| {
            authority::close_day_if_over(write, hall, now)?;
            let Some(day) = write.hall(hall).map(|hall| hall.day) else {
                return Ok(None);
            };
            let decided = authority::give(write, hall, Command::CloseDay { day }, now)?;
            Ok(Some((day, decided)))
        })?;
        let (day, decided) = closed.ok_or_else(|| AdminError::Unknown(format!("大厅 {hall}")))?;
        decided?;
        Ok(told(
            format!("{day} 结束了，没办的号作废。"),
            &json!({ "closed": day }),
        ))
    }

    fn node_hall(&self) -> Option<HallId> {
        match self.store.role() {
            Role::HallNode { hall } => Some(hall),
            Role::Centre => None,
        }
    }

    /// A node has one hall, the one that it was enrolled for.
    fn own_hall(&self, wanted: Option<HallId>) -> Result<HallId, AdminError> {
        match (self.node_hall(), wanted) {
            (Some(own), None) => Ok(own),
            (Some(own), Some(wanted)) if own == wanted => Ok(own),
            (_, wanted) => Err(AdminError::Unknown(format!(
                "大厅 {}",
                wanted.map(|hall| hall.to_string()).unwrap_or_default()
            ))),
        }
    }

    fn known_hall(&self, hall: Option<HallId>) -> Result<HallId, AdminError> {
        let live = self.store.live();
        match hall {
            Some(hall) if live.halls.contains_key(&hall) => Ok(hall),
            Some(hall) => Err(AdminError::Unknown(format!("大厅 {hall}"))),
            None if live.halls.len() > 1 => Err(SEVERAL_HALLS),
            None => live.halls.keys().next().copied().ok_or(NO_HALL),
        }
    }
}

const NOT_AT_NODE: AdminError = AdminError::Hall("这是大厅节点，这件事只能在中心做。");
const SEVERAL_HALLS: AdminError = AdminError::Hall("有好几个大厅，请用 --hall 写明是哪一个。");
const NO_HALL: AdminError = AdminError::Hall("还没有大厅，请先用 central hall lay-out 布置。");

pub(super) fn told(text: String, json: &serde_json::Value) -> Told {
    Told {
        text,
        json: json.to_string(),
        is_done: true,
    }
}
