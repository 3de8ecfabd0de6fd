//! `central tls`: the hall's own certificate authority, and the certificates that it issues.

use crate::edge;
use crate::tls::authority::{self, Made};

use super::arguments::TlsVerb;
use super::{Sentence, say_on_stdout};

pub(super) fn make(what: &TlsVerb) -> Result<(), Sentence> {
    let today = edge::system_clock()().hall_date();
    let (made, next) = match what {
        TlsVerb::MakeCa { to } => (
            authority::make_authority(to, today),
            "证书发给每台设备（--central-ca）；私钥锁好，不要放到自助机上，也不要发给别人。",
        ),
        TlsVerb::Issue { ca, name, to } => (
            authority::issue(ca, name, to, today),
            "central serve 用 --tls-cert 和 --tls-key 指到这两个文件。续期：签发到新文件夹，再盖过旧文件，服务 30 秒内自己换上，不用重启。",
        ),
    };
    let Made {
        certificate,
        key,
        until,
        renew_from,
    } = made.map_err(|error| error.to_string())?;
    let (certificate, key) = (certificate.display(), key.display());
    say_on_stdout(&format!(
        "证书：{certificate}\n私钥：{key}（只有本人能读）\n有效到 {until}，{renew_from} 起请续期。\n{next}"
    ))
}
