//! `central synthetic`: fills an empty data directory with invented years. Not a request to a running
//! service: nobody else may have the directory.

use chrono::NaiveDate;
use clap::Args;
use domain::time::UtcMs;
use serde_json::json;
use sync::data_dir::DataDir;

use crate::admin::Told;
use crate::serve::open_store_under;
use crate::store::Marking;
use crate::synthetic::{Extent, Lived};
use crate::synthetic_years::{self, YearsOrder};

use super::arguments::DataAndJson;
use super::{Sentence, custody, say_on_stderr};

pub(super) const SYNTHETIC_HELP: &str = "\n同一个 --seed 写出的记录相同。目录从此标为演示数据，不能再当真的用。\n一年要几分钟，十年要更久；各角色各有三个账号，密码没有人知道，要登录请用 central staff 另给。\n\n例：central synthetic --profile year --seed 7 --data 演示一年";

/// `central synthetic`.
#[derive(Debug, Args)]
pub(super) struct SyntheticArguments {
    #[command(flatten)]
    pub(super) common: DataAndJson,
    /// 多少：demo 几百条，year 一年，ten_years 十年
    #[arg(long, value_name = "demo|year|ten_years")]
    pub(super) profile: String,
    /// 种子：一个数，全部虚构的内容由它定
    #[arg(long, value_name = "数", default_value_t = 7)]
    pub(super) seed: u64,
    /// 最后一天；不写是今天
    #[arg(long, value_name = "年-月-日")]
    pub(super) until: Option<NaiveDate>,
}

pub(super) fn fill(arguments: &SyntheticArguments, now: UtcMs) -> Result<Told, Sentence> {
    let extent =
        Extent::of_code(&arguments.profile).ok_or("--profile 要写 demo、year 或 ten_years。")?;
    let place = &arguments.common.data;
    let dir = DataDir::take(&place.data).map_err(|error| error.to_string())?;
    let store = open_store_under(custody(place)?, &dir, Marking::Synthetic, now);
    let store = store.map_err(|error| error.to_string())?;
    let order = YearsOrder {
        extent,
        seed: arguments.seed,
        until: arguments.until.unwrap_or_else(|| now.hall_date()),
    };
    let mut month = String::new();
    let lived = synthetic_years::fill(&store, order, &mut |day, lived| {
        let reached = day.format("%Y-%m").to_string();
        if reached != month {
            say_on_stderr(&format!(
                "到 {reached}：{} 条，{} 步",
                lived.records, lived.steps
            ));
            month = reached;
        }
    });
    lived
        .map(|lived| tell(&lived))
        .map_err(|error| error.to_string())
}

fn tell(lived: &Lived) -> Told {
    let stuck: u64 = lived.stuck.values().sum();
    let mut text = format!(
        "写好了：{} 条业务记录，办了 {} 步，全是虚构的。",
        lived.records, lived.steps
    );
    if stuck > 0 {
        text.push_str(&format!("有 {stuck} 次按规则办不下去，停在原处："));
        let mut most: Vec<_> = lived.stuck.iter().collect();
        most.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        for (what, count) in most.into_iter().take(20) {
            text.push_str(&format!("\n  {count} 次 {what}"));
        }
    }
    let json = json!({
        "records": lived.records,
        "steps": lived.steps,
        "stuck": lived.stuck,
    });
    Told {
        text,
        json: json.to_string(),
        is_done: true,
    }
}
