//! Waiting for an identity card in words: where to put it, how long there is, why it was not read, and how
//! to go on without it.

use super::{Offer, Scene, ToldScene, waiting};
use crate::app::card::{CARD_TIME, CardStage, CardTrouble};
use crate::app::event::Surroundings;
use crate::app::flow::{Act, TicketFor};
use crate::app::kiosk::Kiosk;
use crate::view_model::words::{seconds_left, share_left};

/// The page now.
pub(super) fn scene(
    page_title: &'static str,
    stage: &CardStage,
    kiosk: &Kiosk,
    around: &Surroundings,
) -> Scene {
    match stage {
        CardStage::Asking => waiting(page_title),
        CardStage::Failed(trouble) => failed(page_title, trouble),
        CardStage::Waiting { until } => {
            let phone = if kiosk.settings.knows_phone_codes {
                "也可以扫手机上的电子社保卡。"
            } else {
                ""
            };
            let seconds = seconds_left(*until, around.now);
            Scene::Told(ToldScene {
                page_title,
                title: "请把身份证放在感应区".into(),
                text: format!(
                    "平放在画着身份证的地方，等一会儿再拿走。{phone}只用来查您的事，查完不留。还剩 {seconds} 秒。"
                ),
                is_good: true,
                card_time_left: Some(share_left(*until, around.now, CARD_TIME)),
                acts: vec![Offer::primary("不刷证，输编号", Act::TypeInstead)],
            })
        }
    }
}

fn failed(page_title: &'static str, trouble: &CardTrouble) -> Scene {
    let mut acts = vec![Offer::other("不刷证，输编号", Act::TypeInstead)];
    if trouble.may_pass() {
        acts.push(Offer::primary("再刷一次", Act::ReadCard));
    } else {
        let window = Act::TakeTicket(TicketFor::default());
        acts.push(Offer::primary("取号到窗口办", window));
    }
    Scene::Told(ToldScene {
        page_title,
        title: "没有认出来".into(),
        text: trouble.to_string(),
        acts,
        ..ToldScene::default()
    })
}
