//! `central healthcheck`: asks a running service, as a device would, whether it works.

use std::time::Duration;

use sync::address::{CentralAddress, PlainHttp, read_authority};

use super::arguments::HealthcheckArguments;
use super::{Sentence, say_on_stdout};

/// How long a health check may take.
const WITHIN: Duration = Duration::from_secs(5);

pub(super) fn check(arguments: &HealthcheckArguments) -> Result<(), Sentence> {
    let address = address(arguments).map_err(|error| error.to_string())?;
    let http = address.http().map_err(|error| error.to_string())?;
    let url = address.url().join(wire::api::path::HEALTH);
    let url = url.map_err(|error| error.to_string())?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| format!("运行环境起不来：{error}"))?;
    let answer = runtime.block_on(async {
        let asked = http.get(url.clone()).timeout(WITHIN).send().await?;
        asked.error_for_status()?.text().await
    });
    match answer {
        Ok(text) if text == "ok" => say_on_stdout("ok"),
        Ok(_) => Err(format!("{url} 有回答，但不是本服务。")),
        Err(error) => Err(format!("{url} 没有正常回答：{error}")),
    }
}

fn address(
    arguments: &HealthcheckArguments,
) -> Result<CentralAddress, sync::address::AddressError> {
    let authority = arguments.central_ca.as_deref().map(read_authority);
    let plain = PlainHttp::by_flag(arguments.allow_plain_http);
    CentralAddress::new(&arguments.url, authority.transpose()?, plain)
}
