//! `kiosk codec ticket`: a slip as the bytes that a printer gets.

use clap::Args;
use domain::time::UtcMs;
use kiosk_peripherals::escpos::typeset::{self, Paper, PaperWidth};
use kiosk_peripherals::slip::{Copy, Slip};
use serde::Deserialize;
use serde_json::json;

use super::Answer;

pub(super) const EXAMPLE: &str = "\
例：kiosk codec ticket --params '{\"number\":\"A032\",\"group\":\"找工作、就业登记\",\"ahead\":6,\"wait_minutes\":[12,20],\
\"window_area\":\"1–4 号窗口\",\"issued_at\":\"2026-11-23T10:24:00+08:00\",\"url\":\"https://example.invalid/t/7f3k9\",\
\"code\":\"0471\",\"width_mm\":58}'
还可以写 place（地点）、notes（几句话）、reprint（true 就印“补打”）。";

#[derive(Debug, Args)]
pub(super) struct TicketArgs {
    /// 票上的内容
    #[arg(long, value_name = "JSON")]
    params: String,
}

/// The parameters. Unknown keys are refused, so that a misspelt one does not go unnoticed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Params {
    number: String,
    group: String,
    issued_at: Moment,
    ahead: Option<u32>,
    wait_minutes: Option<(u32, u32)>,
    window_area: Option<String>,
    url: Option<String>,
    code: Option<String>,
    width_mm: Option<u32>,
    place: Option<String>,
    #[serde(default)]
    notes: Vec<String>,
    #[serde(default)]
    reprint: bool,
}

/// A time as text, or in milliseconds since 1970.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Moment {
    Text(String),
    Ms(i64),
}

impl Moment {
    fn text(self) -> String {
        let of_ms = |ms| chrono::DateTime::from_timestamp_millis(ms).map(|it| it.to_rfc3339());
        match self {
            Self::Text(text) => text,
            Self::Ms(ms) => of_ms(UtcMs(ms).0).unwrap_or_else(|| ms.to_string()),
        }
    }
}

pub(super) fn encode(args: &TicketArgs) -> Answer {
    let params: Params = match serde_json::from_str(&args.params) {
        Ok(params) => params,
        Err(fault) if fault.is_data() => {
            return Answer::Refused(format!("--params 的内容不对：{fault}"));
        }
        Err(fault) => {
            let (line, column) = (fault.line(), fault.column());
            return Answer::WrongUsage(format!(
                "--params 不是 JSON：第 {line} 行第 {column} 个字节处有误。"
            ));
        }
    };
    let mm = params.width_mm.unwrap_or(80);
    let Some(width) = PaperWidth::from_mm(mm) else {
        return Answer::Refused(format!("纸宽只有 58 和 80 毫米，没有 {mm} 毫米。"));
    };
    match params.slip().document() {
        Ok(document) => {
            let bytes = typeset::bytes(&document, Paper::of(width));
            Answer::Document(json!({
                "hex": hex::encode(&bytes),
                "bytes": bytes.len(),
                "width_mm": mm,
            }))
        }
        Err(fault) => Answer::Refused(fault.to_string()),
    }
}

impl Params {
    fn slip(self) -> Slip {
        Slip {
            place: self.place,
            number: self.number,
            group: self.group,
            priority: None,
            ahead: self.ahead,
            wait_minutes: self.wait_minutes,
            window_area: self.window_area,
            issued_at: self.issued_at.text(),
            url: self.url,
            code: self.code,
            notes: self.notes,
            copy: if self.reprint {
                Copy::Reprint
            } else {
                Copy::First
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use kiosk_peripherals::escpos::command::Command;
    use kiosk_peripherals::escpos::decoder::Decoder;

    use super::*;

    fn encoded(params: &str) -> Answer {
        encode(&TicketArgs {
            params: params.to_owned(),
        })
    }

    #[test]
    fn a_ticket_is_bytes_that_read_back_with_its_code() {
        let params = r#"{"number":"A012","group":"综合就业","ahead":3,"wait_minutes":[5,10],
            "window_area":"3 号窗口","issued_at":"2026-11-23T10:24:00+08:00",
            "url":"https://example.invalid/t/1","code":"0471","width_mm":58}"#;
        let Answer::Document(document) = encoded(params) else {
            panic!("a ticket");
        };
        let bytes = hex::decode(document["hex"].as_str().unwrap()).unwrap();
        let commands: Result<Vec<_>, _> = Decoder::decode(&bytes).into_iter().collect();
        let stored = Command::QrStore(b"https://example.invalid/t/1".to_vec());
        assert!(commands.unwrap().contains(&stored));
        assert!(bytes.starts_with(&[0x1B, 0x40, 0x1C, 0x26]));
    }

    #[test]
    fn what_is_no_ticket_is_refused_and_what_is_no_json_is_wrong_usage() {
        let plain = r#"{"number":"A012","group":"综合就业","issued_at":"10:24""#;
        assert!(matches!(
            encoded(&format!("{plain}}}")),
            Answer::Document(_)
        ));
        let narrow = encoded(&format!("{plain},\"width_mm\":44}}"));
        assert!(matches!(narrow, Answer::Refused(_)));
        let misspelt = encoded(&format!("{plain},\"widht_mm\":58}}"));
        assert!(matches!(misspelt, Answer::Refused(_)));
        assert!(matches!(encoded(plain), Answer::WrongUsage(_)));
    }
}
