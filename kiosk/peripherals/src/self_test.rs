//! What the service page says of each device: well or not, and what to do. Sentences only; who may see
//! the page is the application's.

use std::time::Duration;

use serde::Serialize;

use crate::idcard::message::StatusCode;
use crate::idcard::poll::ReadFault;
use crate::printer::Printer;
use crate::printing::{Trouble, Warning};
use crate::reader::CardReader;
use crate::sound::{Phrases, Player, ProgramError};

/// How long the reader is listened to; nobody has to hold a card.
const READER_WITHIN: Duration = Duration::from_secs(4);
/// Heard as a test.
const SPOKEN: &str = "请A零零一号，到一号窗口";

/// How a device is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Works.
    Well,
    /// Works, but somebody should see to it.
    Warning,
    /// Does not work.
    Broken,
}

/// What was found of a device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Which.
    pub device: &'static str,
    /// How it is.
    pub verdict: Verdict,
    /// What is so and what to do.
    pub sentence: String,
}

/// Asks every device how it is, one after another.
pub async fn self_test(
    printer: &mut dyn Printer,
    reader: &mut dyn CardReader,
    player: &dyn Player,
) -> Vec<Finding> {
    vec![
        of_printer(printer.health().await),
        of_reader(reader.read(READER_WITHIN).await.map(drop)),
        of_sound(player).await,
    ]
}

fn of_printer(health: Result<Option<Warning>, Trouble>) -> Finding {
    let (verdict, sentence) = match health {
        Ok(None) => (Verdict::Well, "正常。可以打一张测试票看看。".to_owned()),
        Ok(Some(warning)) => (Verdict::Warning, warning.to_string()),
        Err(trouble) => (Verdict::Broken, trouble.remedy().to_owned()),
    };
    finding("打印机", verdict, sentence)
}

/// A reader that says "no card" is well.
fn of_reader(read: Result<(), ReadFault>) -> Finding {
    let (verdict, sentence) = match read {
        Ok(()) => (
            Verdict::Well,
            "正常，读到了一张卡（内容已经丢掉）。".to_owned(),
        ),
        Err(ReadFault::NoCard | ReadFault::StillThere) => {
            (Verdict::Well, "正常，没有放卡。".to_owned())
        }
        Err(ReadFault::Absent) => broken("没有接上：检查数据线和端口的名字，插好后会自动认到。"),
        Err(ReadFault::Silent) => broken("没有回答：核对波特率（常用 115200），断电再通电。"),
        Err(ReadFault::Unusable(StatusCode::NotAuthorised)) => {
            broken("安全模块没有授权：请联系读卡器的供货商。")
        }
        Err(ReadFault::Unusable(status)) => broken(&format!("{}：请联系维修。", status.meaning())),
        Err(
            fault @ (ReadFault::Card(_)
            | ReadFault::Garbled
            | ReadFault::UnknownKind
            | ReadFault::NotInvented),
        ) => (Verdict::Warning, format!("有回答，但卡没有读成：{fault}")),
    };
    finding("读卡器", verdict, sentence)
}

fn broken(sentence: &str) -> (Verdict, String) {
    (Verdict::Broken, sentence.to_owned())
}

async fn of_sound(player: &dyn Player) -> Finding {
    let wav = Phrases::embedded().and_then(|phrases| phrases.say(SPOKEN));
    let (verdict, sentence) = match wav {
        Err(fault) => broken(&fault.to_string()),
        Ok(wav) => match player.play(&wav).await {
            Ok(()) => (
                Verdict::Well,
                "已经念了一句；没有听见就检查音量和喇叭的线。".to_owned(),
            ),
            Err(fault @ ProgramError::Start { .. }) => {
                broken(&format!("{fault}。请安装它，或者在配置里换一个。"))
            }
            Err(fault) => broken(&format!("{fault}。请检查声卡。")),
        },
    };
    finding("声音", verdict, sentence)
}

fn finding(device: &'static str, verdict: Verdict, sentence: String) -> Finding {
    Finding {
        device,
        verdict,
        sentence,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::printer::NoPrinter;
    use crate::reader::NoReader;
    use crate::sound::{Muted, ProgramPlayer};

    #[tokio::test]
    async fn a_kiosk_without_devices_is_told_what_to_do_for_each() {
        let missing = vec!["/nowhere/aplay".to_owned()].try_into().unwrap();
        let findings = self_test(&mut NoPrinter, &mut NoReader, &ProgramPlayer(missing)).await;
        let shown: Vec<_> = findings.iter().map(|it| (it.device, it.verdict)).collect();
        let broken = Verdict::Broken;
        assert_eq!(
            shown,
            [("打印机", broken), ("读卡器", broken), ("声音", broken)]
        );
        assert!(findings[0].sentence.contains("检查电源和数据线"));
        assert!(findings[2].sentence.contains("/nowhere/aplay"));
        let muted = self_test(&mut NoPrinter, &mut NoReader, &Muted).await;
        assert_eq!(muted[2].verdict, Verdict::Well);
    }

    #[test]
    fn a_reader_without_a_card_is_well_and_every_fault_has_its_sentence() {
        assert_eq!(of_reader(Err(ReadFault::NoCard)).verdict, Verdict::Well);
        for byte in 0..=u8::MAX {
            let status = StatusCode::from_byte(byte);
            for fault in [ReadFault::Card(status), ReadFault::Unusable(status)] {
                assert!(of_reader(Err(fault)).sentence.contains("。"));
            }
        }
    }

    #[test]
    fn low_paper_warns_and_an_open_cover_says_what_to_do() {
        let low = of_printer(Ok(Some(Warning::PaperLow)));
        assert_eq!(low.verdict, Verdict::Warning);
        assert!(
            of_printer(Err(Trouble::CoverOpen))
                .sentence
                .contains("合上盖子")
        );
    }
}
