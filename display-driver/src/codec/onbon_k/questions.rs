//! What a card tells of itself, in words: state, fonts, parameters (sheet `onbon-bx.md` A3).
//!
//! How the bytes of the parameters lie is not in the sheet, so they are told as they are.

use serde_json::Value;

use crate::codec::Question;

/// The state first, which every card tells.
pub(super) static QUESTIONS: [Question; 3] = [
    Question {
        command: "query-status",
        key: "state",
        label: None,
        told: state,
    },
    Question {
        command: "list-fonts",
        key: "fonts",
        label: Some("字库"),
        told: fonts,
    },
    Question {
        command: "read-parameters",
        key: "parameters",
        label: Some("参数"),
        told: raw,
    },
];

fn state(params: &Value) -> Vec<String> {
    let number = |field: &str| params[field].as_u64().unwrap_or_default();
    let power = match number("power") {
        1 => "开".to_owned(),
        2 => "关".to_owned(),
        other => format!("未知（{other}）"),
    };
    let clock = params["clock"]["time"].as_str();
    let programs = match number("programs") {
        0 => "无".to_owned(),
        count => {
            let current = params["current_program"].as_str().unwrap_or("?");
            format!("{count} 个，正在放 {current}")
        }
    };
    let areas = params["dynamic_ids"].as_array().map(Vec::as_slice);
    let areas: Vec<String> = areas
        .unwrap_or_default()
        .iter()
        .map(Value::to_string)
        .collect();
    let areas = match areas.is_empty() {
        true => "无".to_owned(),
        false => areas.join("、"),
    };
    vec![
        format!("电源：{power}"),
        format!("亮度：{}（0 到 15）", number("brightness")),
        format!("时钟：{}", clock.unwrap_or("卡没有正确的时间")),
        format!("节目：{programs}"),
        format!("动态区：{areas}"),
    ]
}

fn fonts(params: &Value) -> Vec<String> {
    let Some(fonts) = params["fonts"].as_array() else {
        return raw(params);
    };
    let name = |font: &Value| {
        let script = if font["kind"] == 0 {
            "西文"
        } else {
            "中文"
        };
        format!("{script} {}×{}", font["width"], font["height"])
    };
    vec![fonts.iter().map(name).collect::<Vec<_>>().join("、")]
}

fn raw(params: &Value) -> Vec<String> {
    vec![match params["data"].as_str() {
        Some(hex) => format!("原样 {hex}"),
        None => params.to_string(),
    }]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_state_is_told_in_words() {
        let lines = state(&json!({
            "error": 0, "power": 2, "brightness": 8, "clock": {"time": "2026-03-09 08:30:00"},
            "programs": 1, "current_program": "P000", "dynamic_ids": [0, 3],
        }));
        let expected = [
            "电源：关",
            "亮度：8（0 到 15）",
            "时钟：2026-03-09 08:30:00",
            "节目：1 个，正在放 P000",
            "动态区：0、3",
        ];
        assert_eq!(lines, expected);
    }
}
