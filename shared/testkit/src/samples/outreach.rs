//! Contacts with citizens, and what citizens asked for at a kiosk.

use chrono::NaiveDate;
use domain::id::{FeedbackId, HallId, OutreachId, RecordId, StaffId};
use domain::outreach::{ContactResult, Needed, Way};
use domain::rating::Level;
use wire::event::{
    CitizenAct, CitizenServed, Event, FeedbackSubmitted, OptOutSet, Origin, OutreachContacted,
    OutreachPlanned,
};
use wire::sealed::{CentreBoxKey, SealKey, SealedToCentre};

use super::{AT, id, writer};

/// The events about contacts and requests.
pub(super) fn events() -> Vec<Event> {
    let on = NaiveDate::from_ymd_opt(2026, 12, 7).expect("a day, because December has 31");
    vec![
        Event::OutreachPlanned(OutreachPlanned {
            outreach: OutreachId(id(21)),
            record: RecordId(id(22)),
            message: "correct_materials".to_owned(),
            name: "补正材料".to_owned(),
            way: Way::Sms,
            words: "{name}您好，您的补贴申请缺毕业证，请在12月7日前补交。".to_owned(),
            needed: Needed::Deadline {
                deadline: "correct".to_owned(),
                on,
            },
            useful_to: Some(on),
        }),
        Event::OutreachContacted(OutreachContacted {
            outreach: OutreachId(id(21)),
            way: Way::Phone,
            result: ContactResult::CallAgain,
            again_at: Some(AT.plus_minutes(90)),
            by: Some(StaffId(id(7))),
        }),
        Event::OptOutSet(OptOutSet {
            number: "5a".repeat(32),
            is_out: true,
            by: StaffId(id(7)),
        }),
        Event::CitizenServed(CitizenServed {
            device: writer(),
            hall: HallId(id(2)),
            what: CitizenAct::Progress,
            subject: "JOBSEEK_ONCE-202611-00001".to_owned(),
        }),
        Event::FeedbackSubmitted(feedback()),
    ]
}

fn feedback() -> FeedbackSubmitted {
    let feedback = FeedbackId(id(23));
    let centre = CentreBoxKey::of(&SealKey::from_bytes([11; 32])).public();
    let bound = FeedbackSubmitted::bound(feedback);
    let text = SealedToCentre::seal(centre, bound, "等得太久", [14; 32]);
    FeedbackSubmitted {
        feedback,
        hall: HallId(id(2)),
        level: Level::Bad,
        about: "waiting".to_owned(),
        text: Some(text.expect("sealed, because the text is short")),
        origin: Origin::Touch,
    }
}
