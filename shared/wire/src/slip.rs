//! What a slip's QR code says: the address of the phone page and, for a slip from a kiosk's own
//! lane, behind `#` the slip itself, so that a window can serve it before its kiosk has reported
//! it. Browsers never send what stands behind `#`, so the phone page learns nothing more.
//!
//! Not here: whether the slip is believed. The hashes that the kiosk reports later must be the same.

use domain::id::{GroupCode, TicketId};
use domain::queue::{PriorityKind, TicketIssued, TicketLabel, Wish};
use domain::rating::TicketSecret;
use domain::time::UtcMs;

/// The version of what stands behind `#`; one group.
const VERSION: &str = "1";
/// The same with several groups in order, as letters behind each other. Older readers know only the
/// first version, so the second is written only where there is more to say.
const VERSION_OF_SEVERAL: &str = "2";
/// Longest text that is looked at; a code of this size holds no more.
const CHARS_MAX: usize = 400;

/// A slip as read from its code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScannedSlip {
    /// The secret of the phone page.
    pub token: TicketSecret,
    /// The slip itself, if its kiosk gave the number.
    pub issued: Option<TicketIssued>,
}

/// The text of a slip's code. `code` are the four digits beside the number.
#[must_use]
pub fn qr_text(
    public_url: &str,
    token: &TicketSecret,
    issued: &TicketIssued,
    code: &TicketSecret,
) -> String {
    let page = format!("{public_url}/t/{}", token.0);
    if !matches!(issued.label, TicketLabel::Lane { .. }) {
        return page;
    }
    let priority = issued.priority.and_then(|kind| {
        let claimed = PriorityKind::CLAIMED.iter();
        claimed.clone().position(|known| *known == kind)
    });
    let priority = priority.map_or_else(|| "-".to_owned(), |index| index.to_string());
    let next_groups: String = issued
        .wish
        .next_groups
        .iter()
        .map(|it| it.letter())
        .collect();
    let version = if next_groups.is_empty() {
        VERSION
    } else {
        VERSION_OF_SEVERAL
    };
    format!(
        "{page}#{version}.{}.{}.{}{next_groups}.{priority}.{}.{}",
        issued.ticket.0.simple(),
        issued.label,
        issued.group,
        issued.arrived_at.0,
        code.0
    )
}

/// Reads the text of a slip's code; `None` for anything else.
#[must_use]
pub fn read(text: &str) -> Option<ScannedSlip> {
    let text = text.trim();
    if text.len() > CHARS_MAX {
        return None;
    }
    let (_, rest) = text.split_once("/t/")?;
    let (token, slip) = match rest.split_once('#') {
        Some((token, slip)) => (token, Some(slip)),
        None => (rest, None),
    };
    let is_token = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !is_token {
        return None;
    }
    let token = TicketSecret(token.to_owned());
    let issued = match slip {
        None => None,
        Some(slip) => Some(issued(slip, &token)?),
    };
    Some(ScannedSlip { token, issued })
}

fn issued(slip: &str, token: &TicketSecret) -> Option<TicketIssued> {
    let parts: Vec<&str> = slip.split('.').collect();
    let [version, ticket, label, groups, priority, arrived_at, code] = parts[..] else {
        return None;
    };
    let ticket = TicketId(ticket.parse().ok()?);
    let label: TicketLabel = label.parse().ok()?;
    let (group, next_groups) = read_groups(version, groups)?;
    let priority = match priority {
        "-" => None,
        index => Some(*PriorityKind::CLAIMED.get(index.parse::<usize>().ok()?)?),
    };
    let is_code = code.len() == 4 && code.bytes().all(|byte| byte.is_ascii_digit());
    let is_lane = matches!(label, TicketLabel::Lane { .. });
    (is_code && is_lane).then_some(())?;
    Some(TicketIssued {
        ticket,
        label,
        group,
        priority,
        arrived_at: UtcMs(arrived_at.parse().ok()?),
        token_hash: token.token_hash(),
        code_hash: TicketSecret(code.to_owned()).code_hash(ticket),
        wish: Wish {
            next_groups,
            ..Wish::default()
        },
        found: None,
        told: None,
    })
}

fn read_groups(version: &str, letters: &str) -> Option<(GroupCode, Vec<GroupCode>)> {
    let groups = letters
        .chars()
        .map(|letter| GroupCode::new(letter).ok())
        .collect::<Option<Vec<_>>>()?;
    let (first, next) = groups.split_first()?;
    let has_next = match version {
        VERSION => false,
        VERSION_OF_SEVERAL => true,
        _ => return None,
    };
    (next.is_empty() != has_next).then(|| (*first, next.to_vec()))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn slip(label: &str) -> (TicketIssued, TicketSecret, TicketSecret) {
        let ticket = TicketId(Uuid::from_u128(7));
        let token = TicketSecret("0123456789abcdef".to_owned());
        let code = TicketSecret("0471".to_owned());
        let issued = TicketIssued {
            ticket,
            label: label.parse().unwrap(),
            group: GroupCode::new('B').unwrap(),
            priority: Some(PriorityKind::WithChild),
            arrived_at: UtcMs(1_795_397_400_123),
            token_hash: token.token_hash(),
            code_hash: code.code_hash(ticket),
            wish: Wish::default(),
            found: None,
            told: None,
        };
        (issued, token, code)
    }

    #[test]
    fn a_slip_of_a_lane_reads_back_whole() {
        let (issued, token, code) = slip("V-K2-003");
        let text = qr_text("https://h.example", &token, &issued, &code);
        let issued = Some(issued);
        assert_eq!(
            read(&format!(" {text}\n")),
            Some(ScannedSlip { token, issued })
        );
        assert!(text.len() < 150, "{}", text.len());
    }

    #[test]
    fn a_slip_for_several_matters_says_its_groups_in_order() {
        let (mut issued, token, code) = slip("B-K2-003");
        issued.wish.next_groups = vec![GroupCode::new('D').unwrap(), GroupCode::new('A').unwrap()];
        let text = qr_text("https://h.example", &token, &issued, &code);
        assert!(text.contains("#2.") && text.contains(".BDA."), "{text}");
        assert_eq!(read(&text).unwrap().issued, Some(issued));
    }

    #[test]
    fn a_number_that_the_authority_gave_is_known_by_its_token_alone() {
        let (issued, token, code) = slip("B012");
        let text = qr_text("https://h.example", &token, &issued, &code);
        assert_eq!(text, "https://h.example/t/0123456789abcdef");
        assert_eq!(read(&text).unwrap().issued, None);
    }

    #[test]
    fn anything_else_is_no_slip() {
        let id = Uuid::from_u128(7).simple().to_string();
        for text in [
            "",
            "A012",
            "https://h.example/v/0123456789",
            "https://h.example/t/",
            "https://h.example/t/ab/../c",
            "https://h.example/t/ab#1.x",
            &format!("https://h/t/ab#2.{id}.A-K2-001.A.-.1.0471"),
            &format!("https://h/t/ab#1.{id}.A001.A.-.1.0471"),
            &format!("https://h/t/ab#1.{id}.A-K2-001.AB.-.1.0471"),
            &format!("https://h/t/ab#1.{id}.A-K2-001.A.9.1.0471"),
            &format!("https://h/t/ab#1.{id}.A-K2-001.A.-.1.47a1"),
            &"x".repeat(1_000),
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
