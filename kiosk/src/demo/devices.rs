//! The virtual devices of the demo's kiosk: a printer whose papers become pictures in the demo's folder,
//! a reader whose card is a file there, and a service that knows the code on one invented telephone.

use std::path::Path;

use anyhow::{Context, Result};
use kiosk_peripherals::idcard::invented;
use kiosk_peripherals::reader::to_wire;

use super::children::Children;

/// Where the pictures of the papers go.
pub(super) const SLIPS: &str = "slips";
/// The card lies on the reader while this file is there.
pub(super) const CARD: &str = "card.json";
/// An invented person's card, to be copied there.
pub(super) const CARD_SAMPLE: &str = "card-sample.json";

/// Starts the printer; gives the path of the kiosk's configuration, which names the devices.
pub(super) async fn start(children: &mut Children, folder: &Path) -> Result<String> {
    let slips = folder.join(SLIPS).to_string_lossy().into_owned();
    let print = ["simulate", "printer", "--listen", "127.0.0.1:0"];
    let arguments = [&print[..], &["--out", &slips, "--stop-with-stdin"]].concat();
    let said = children.start_and_hear("虚拟小票机", &arguments).await?;
    let port = said.find("tcp:").map(|at| said[at..].trim());
    let port = port.context("虚拟小票机没有说出地址")?;
    let card = serde_json::to_string_pretty(&to_wire(&invented()))?;
    std::fs::write(folder.join(CARD_SAMPLE), card).context("写不了样卡")?;
    let reader = format!("virtual:{}", folder.join(CARD).display());
    let text = format!(
        "phone_codes = \"virtual\"\n\n[printer]\nport = {port:?}\n\n[card_reader]\nport = {reader:?}\n"
    );
    let config = folder.join("kiosk.toml");
    std::fs::write(&config, text).context("写不了自助机的配置")?;
    Ok(config.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_card_is_of_somebody_whom_the_demonstrations_centre_knows() {
        let card = serde_json::to_value(to_wire(&invented())).unwrap();
        let (name, number) = central::demo::CARD_HOLDER;
        assert_eq!(
            (&card["name"], &card["id_number"]),
            (&name.into(), &number.into())
        );
    }
}
