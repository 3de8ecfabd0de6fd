//! From words to requests: reads the files that the words name and checks what can be checked
//! without the store.

use std::path::{Path, PathBuf};

use domain::id::{ShortId, WindowNo};
use domain::queue::KioskLane;
use serde::Deserialize;
use wire::api::{DeviceKind, Notice};

use crate::admin::{AdminRequest, absolute};
use crate::config::BACKUP_TO_VARIABLE;
use crate::layout;
use crate::vacancies::ImportOrder;

use super::Sentence;
use super::arguments::{
    DataAndJson, DataArgument, DevicesVerb, EnrolCodeArguments, HallVerb, ImportVerb, KeysVerb,
    KindWord, ListingsVerb, NoticesVerb, StaffVerb, Verb,
};

/// A request with where to carry it out and how to answer.
pub(super) struct Asked {
    pub(super) place: DataArgument,
    pub(super) says_json: bool,
    pub(super) request: AdminRequest,
}

impl DataAndJson {
    fn ask(self, request: AdminRequest) -> Asked {
        Asked {
            place: self.data,
            says_json: self.json,
            request,
        }
    }
}

/// The request of a verb.
pub(super) fn of_verb(verb: Verb) -> Result<Asked, Sentence> {
    match verb {
        Verb::Import { what } => Ok(import(what)),
        Verb::EnrolCode(arguments) => enrol_code(arguments),
        Verb::Hall { what } => lay_out(what),
        Verb::Notices { what } => publish(what),
        Verb::Listings { what } => withdraw(what),
        Verb::Staff { what } => Ok(add_staff(what)),
        Verb::Devices { what } => Ok(devices(what)),
        Verb::Backup { common, to } => Ok(common.ask(AdminRequest::Backup {
            to: backup_folder(to).map(absolute),
        })),
        Verb::Keys { what } => Ok(keys(what)),
        Verb::Verify(common) => Ok(common.ask(AdminRequest::Verify)),
        Verb::Rebuild(common) => Ok(common.ask(AdminRequest::Rebuild)),
        Verb::CloseDay { common, hall } => Ok(common.ask(AdminRequest::CloseDay { hall })),
        Verb::Serve(_)
        | Verb::Healthcheck(_)
        | Verb::Kinds { .. }
        | Verb::Config { .. }
        | Verb::Tls { .. }
        | Verb::SmsTwin(_)
        | Verb::Restore(_)
        | Verb::RestoreDrill(_)
        | Verb::Documents { .. }
        | Verb::Synthetic(_) => Err("这个命令不经过管理接口。".to_owned()),
    }
}

/// The folder that was named, else that of the environment.
pub(super) fn backup_folder(named: Option<PathBuf>) -> Option<PathBuf> {
    named.or_else(|| std::env::var_os(BACKUP_TO_VARIABLE).map(PathBuf::from))
}

fn import(what: ImportVerb) -> Asked {
    let ImportVerb::Vacancies {
        file,
        common,
        as_of,
        by,
        ..
    } = what;
    let order = ImportOrder {
        file: absolute(file),
        as_of,
        publish_by: by,
    };
    common.ask(AdminRequest::ImportVacancies(order))
}

fn lay_out(what: HallVerb) -> Result<Asked, Sentence> {
    let HallVerb::LayOut { file, common, hall } = what;
    let named = layout::read_file(&file).map_err(|error| error.to_string())?;
    let layout::NamedLayout {
        station_name,
        layout,
    } = named;
    Ok(common.ask(AdminRequest::LayOut {
        hall,
        station_name,
        layout,
    }))
}

fn publish(what: NoticesVerb) -> Result<Asked, Sentence> {
    let NoticesVerb::Publish { file, common, by } = what;
    let notices = notices(&file)?;
    Ok(common.ask(AdminRequest::PublishNotices { notices, by }))
}

fn withdraw(what: ListingsVerb) -> Result<Asked, Sentence> {
    let ListingsVerb::Withdraw {
        short_id,
        common,
        by,
        reason,
    } = what;
    let short_id = ShortId::try_from(short_id)
        .map_err(|bad| format!("{} 不是岗位编号，编号是 10 位字母和数字。", bad.text))?;
    Ok(common.ask(AdminRequest::WithdrawListing {
        short_id,
        by,
        reason,
    }))
}

fn add_staff(what: StaffVerb) -> Asked {
    let StaffVerb::Add {
        common,
        hall,
        name,
        login,
        clerk_no,
        roles,
    } = what;
    common.ask(AdminRequest::AddStaff {
        hall,
        name,
        login,
        clerk_no,
        roles: roles.into_iter().collect(),
    })
}

fn devices(what: DevicesVerb) -> Asked {
    match what {
        DevicesVerb::List { common } => common.ask(AdminRequest::ListDevices),
        DevicesVerb::Revoke { device, common, by } => {
            common.ask(AdminRequest::RevokeDevice { device, by })
        }
    }
}

fn keys(what: KeysVerb) -> Asked {
    match what {
        KeysVerb::Status(common) => common.ask(AdminRequest::KeyStatus),
        KeysVerb::Rotate(common) => common.ask(AdminRequest::RotateMasterKey),
        KeysVerb::ForgetOld(common) => common.ask(AdminRequest::ForgetOldMasterKey),
    }
}

fn enrol_code(arguments: EnrolCodeArguments) -> Result<Asked, Sentence> {
    let kind = match (arguments.kind, arguments.lane, arguments.window) {
        (KindWord::Kiosk, Some(lane), _) => DeviceKind::HallKiosk {
            lane: KioskLane(lane),
        },
        (KindWord::Window, _, Some(window)) => {
            let window = WindowNo::new(window).map_err(|bad| bad.to_string())?;
            DeviceKind::WindowTerminal { window }
        }
        (KindWord::Driver, ..) => DeviceKind::DisplayDriver,
        (KindWord::Node, ..) => DeviceKind::HallNode,
        (KindWord::Kiosk, ..) => return Err("自助机要写 --lane。".to_owned()),
        (KindWord::Window, ..) => return Err("评价器要写 --window。".to_owned()),
    };
    let EnrolCodeArguments {
        common, hall, name, ..
    } = arguments;
    Ok(common.ask(AdminRequest::EnrolCode { hall, kind, name }))
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    More(Vec<Notice>),
    One(Box<Notice>),
}

fn notices(file: &Path) -> Result<Vec<Notice>, Sentence> {
    let unreadable = |reason: String| format!("通知文件 {} 读不了：{reason}", file.display());
    let text = std::fs::read_to_string(file).map_err(|error| unreadable(error.to_string()))?;
    let read = serde_json::from_str(&text).map_err(|error| unreadable(error.to_string()))?;
    Ok(match read {
        OneOrMore::More(notices) => notices,
        OneOrMore::One(notice) => vec![*notice],
    })
}
