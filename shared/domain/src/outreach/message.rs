//! Messages as data (`assets/messages/*.toml`): for which step or which deadline of which kinds, and
//! the words. A message names no more of a person than the masked name: a placeholder for a personal
//! field is refused when the file is read, and the name itself is put in only when it is sent.

use std::collections::BTreeMap;
use std::fmt;

use chrono::NaiveDate;
use serde::Deserialize;

use crate::case::{Kind, OPEN};
use crate::id::KindId;
use crate::time::month_day_text;

use super::Way;

/// Characters of a message that is sent as one: GSM 03.38, UCS-2.
const ONE_PART_CHARS: usize = 70;
/// Of each part of a longer one: the rest says which part it is.
const PART_CHARS: usize = 67;
/// Longest message: three parts.
pub const CHARS_MAX: usize = 3 * PART_CHARS;
/// Characters for what is missing; what does not fit is counted.
const MISSING_CHARS_MAX: usize = 60;
/// Stands for the masked name until the message is sent.
const NAME: &str = "{name}";

/// What makes a message due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trigger {
    /// A step was done; `open` is the opening.
    Step(String),
    /// A deadline comes near: on its days of reminding.
    Deadline(String),
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Stable.
    pub id: String,
    /// What it is called in lists.
    pub name: String,
    /// Of these kinds.
    pub kinds: Vec<KindId>,
    /// When.
    pub trigger: Trigger,
    /// By which way first.
    pub way: Way,
    /// Whether it is said also when the record has gone on meanwhile.
    pub even_later: bool,
    parts: Vec<Part>,
}

/// A piece of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Words(String),
    Name,
    Kind,
    CaseNo,
    Due,
    Missing,
    Field(String),
}

/// What a record gives to a message.
pub struct Said<'s> {
    /// The kind's name.
    pub kind: &'s str,
    /// The record's number.
    pub case_no: &'s str,
    /// The last day that matters.
    pub due: Option<NaiveDate>,
    /// What is missing, a line each.
    pub missing: &'s [String],
    /// A field's value in words.
    pub field: &'s dyn Fn(&str) -> String,
}

impl fmt::Debug for Said<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Said")
            .field("case_no", &self.case_no)
            .finish_non_exhaustive()
    }
}

impl Message {
    /// The words, bounded by [`CHARS_MAX`]; the name still stands as its placeholder.
    #[must_use]
    pub fn words(&self, said: &Said<'_>) -> String {
        let words = self.parts.iter().map(|part| match part {
            Part::Words(words) => words.clone(),
            Part::Name => NAME.to_owned(),
            Part::Kind => said.kind.to_owned(),
            Part::CaseNo => said.case_no.to_owned(),
            Part::Due => said.due.map_or_else(|| "近日".to_owned(), month_day_text),
            Part::Missing => missing_text(said.missing),
            // a brace typed into a field must not become a placeholder
            Part::Field(id) => (said.field)(id).replace(['{', '}'], ""),
        });
        words.collect::<String>().chars().take(CHARS_MAX).collect()
    }
}

/// `身份证、毕业证等 4 样`.
fn missing_text(missing: &[String]) -> String {
    let mut text = String::new();
    for (n, line) in missing.iter().enumerate() {
        let line = line.replace(['{', '}'], "");
        let joined = text.chars().count() + line.chars().count();
        if n > 0 && joined > MISSING_CHARS_MAX {
            return format!("{text}等 {} 样", missing.len());
        }
        if n > 0 {
            text.push('、');
        }
        text.extend(line.chars().take(MISSING_CHARS_MAX));
    }
    if text.is_empty() {
        "的材料（见窗口告知单）".to_owned()
    } else {
        text
    }
}

/// The words as they are sent: with the masked name, or without one.
#[must_use]
pub fn with_name(words: &str, masked: &str) -> String {
    words.replace(NAME, masked)
}

/// In how many messages a text goes out (长短信按条计).
#[must_use]
pub fn sms_parts(text: &str) -> usize {
    match text.chars().map(char::len_utf16).sum::<usize>() {
        0..=ONE_PART_CHARS => 1,
        units => units.div_ceil(PART_CHARS),
    }
}

/// Something wrong with a message's file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}：{text}")]
pub struct MessageFault {
    /// The file.
    pub file: String,
    /// What is wrong.
    pub text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    id: String,
    name: String,
    kinds: Vec<KindId>,
    step: Option<String>,
    deadline: Option<String>,
    way: Way,
    #[serde(default)]
    even_later: bool,
    text: String,
}

/// All messages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MessageBook {
    messages: Vec<Message>,
}

impl MessageBook {
    /// Reads files (name and text) and checks them against the kinds.
    ///
    /// # Errors
    /// Everything that is wrong, by file.
    pub fn read<'k>(
        files: &[(String, String)],
        kind: &dyn Fn(&KindId) -> Option<&'k Kind>,
    ) -> Result<Self, Vec<MessageFault>> {
        let (mut messages, mut faults) = (Vec::new(), Vec::new());
        let mut seen = BTreeMap::new();
        for (file, text) in files {
            let mut told = |text: String| {
                let file = file.clone();
                faults.push(MessageFault { file, text });
            };
            match read_one(text) {
                Ok(message) => {
                    check(&message, kind).into_iter().for_each(&mut told);
                    if let Some(other) = seen.insert(message.id.clone(), file) {
                        told(format!("和 {other} 是同一个编号。"));
                    }
                    messages.push(message);
                }
                Err(text) => told(text),
            }
        }
        if faults.is_empty() {
            Ok(Self { messages })
        } else {
            Err(faults)
        }
    }

    /// The messages of a kind that this makes due.
    pub fn of<'b>(
        &'b self,
        kind: &'b KindId,
        trigger: &'b Trigger,
    ) -> impl Iterator<Item = &'b Message> {
        let all = self.messages.iter();
        all.filter(move |one| one.trigger == *trigger && one.kinds.contains(kind))
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Message> {
        self.messages.iter()
    }
}

fn read_one(text: &str) -> Result<Message, String> {
    let raw: Raw = toml::from_str(text).map_err(|error| format!("读不了：{error}"))?;
    let trigger = match (raw.step, raw.deadline) {
        (Some(step), None) => Trigger::Step(step),
        (None, Some(deadline)) => Trigger::Deadline(deadline),
        _ => return Err("step 和 deadline 要写一个，也只能写一个。".to_owned()),
    };
    Ok(Message {
        id: raw.id,
        name: raw.name,
        kinds: raw.kinds,
        trigger,
        way: raw.way,
        even_later: raw.even_later,
        parts: parts(&raw.text)?,
    })
}

fn parts(text: &str) -> Result<Vec<Part>, String> {
    let (mut parts, mut rest) = (Vec::new(), text);
    while let Some((words, after)) = rest.split_once('{') {
        parts.push(Part::Words(words.to_owned()));
        let (name, after) = after
            .split_once('}')
            .ok_or_else(|| "“{”后面少了“}”。".to_owned())?;
        parts.push(match name {
            "name" => Part::Name,
            "kind" => Part::Kind,
            "case_no" => Part::CaseNo,
            "due" => Part::Due,
            "missing" => Part::Missing,
            name => match name.strip_prefix("f.") {
                Some(field) => Part::Field(field.to_owned()),
                None => return Err(format!("没有 {{{name}}} 这个空。")),
            },
        });
        rest = after;
    }
    parts.push(Part::Words(rest.to_owned()));
    Ok(parts)
}

/// What does not fit the kinds.
fn check<'k>(message: &Message, kind: &dyn Fn(&KindId) -> Option<&'k Kind>) -> Vec<String> {
    let mut faults = Vec::new();
    if message.kinds.is_empty() {
        faults.push("kinds 里要写至少一种业务。".to_owned());
    }
    for id in &message.kinds {
        match kind(id) {
            None => faults.push(format!("没有 {id} 这种业务。")),
            Some(kind) => faults.extend(check_kind(message, kind)),
        }
    }
    let fixed = message.parts.iter().filter_map(|part| match part {
        Part::Words(words) => Some(words.chars().count()),
        _ => None,
    });
    let fixed: usize = fixed.sum();
    if fixed > 2 * PART_CHARS {
        faults.push(format!("固定的字有 {fixed} 个，最多 {}。", 2 * PART_CHARS));
    }
    faults
}

fn check_kind(message: &Message, kind: &Kind) -> Vec<String> {
    let id = &kind.id;
    let is_there = match &message.trigger {
        Trigger::Step(step) => step == OPEN || kind.transition(step).is_some(),
        Trigger::Deadline(deadline) => kind.deadlines.iter().any(|rule| rule.id == *deadline),
    };
    let mut faults = Vec::new();
    if !is_there {
        faults.push(format!("{id} 没有 {:?}。", message.trigger));
    }
    for part in &message.parts {
        let Part::Field(field) = part else { continue };
        match kind.field(field) {
            None => faults.push(format!("{id} 没有字段 {field}。")),
            Some(known) if known.personal.is_some() => {
                faults.push(format!("{id} 的 {field} 是个人信息，消息里不能写。"));
            }
            Some(_) => {}
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"
id = "return"
name = "补正材料"
kinds = ["aid"]
step = "return"
way = "sms"
text = "{name}您好，您的{kind}缺{missing}，请在{due}前补交。受理号{case_no}，地点{f.place}"
"#;

    fn message() -> Message {
        read_one(FILE).unwrap()
    }

    fn words(missing: &[&str], place: &str) -> String {
        let missing: Vec<_> = missing.iter().map(|line| (*line).to_owned()).collect();
        message().words(&Said {
            kind: "样例补贴",
            case_no: "AID-202611-00001",
            due: NaiveDate::from_ymd_opt(2026, 11, 30),
            missing: &missing,
            field: &|_| place.to_owned(),
        })
    }

    #[test]
    fn a_message_says_what_the_record_says_and_leaves_the_name_to_the_last() {
        let said = words(&["身份证", "毕业证"], "二楼");
        assert_eq!(
            said,
            "{name}您好，您的样例补贴缺身份证、毕业证，请在11月30日前补交。受理号AID-202611-00001，地点二楼"
        );
        assert!(with_name(&said, "测**").starts_with("测**您好"));
    }

    #[test]
    fn what_was_typed_makes_no_placeholder_and_no_message_of_any_length() {
        assert!(words(&["身份证"], "{name}").ends_with("地点name"));
        let long = "很长的一行材料说明".repeat(30);
        assert!(words(&[&long, &long], &long).chars().count() <= CHARS_MAX);
        let many = vec!["十个字的一样材料说明"; 20];
        assert!(words(&many, "").contains("等 20 样"));
    }

    #[test]
    fn seventy_characters_are_one_message_and_one_more_are_two() {
        assert_eq!(sms_parts(&"字".repeat(70)), 1);
        assert_eq!(sms_parts(&"字".repeat(71)), 2);
        assert_eq!(sms_parts(&"字".repeat(134)), 2);
        assert_eq!(sms_parts(&"字".repeat(135)), 3);
        assert_eq!(
            sms_parts(&"𬍛".repeat(36)),
            2,
            "outside the basic plane: two units"
        );
    }

    #[test]
    fn broken_files_are_named_with_everything_that_is_wrong() {
        let read = |text: &str| {
            let files = [("a.toml".to_owned(), text.to_owned())];
            let read = MessageBook::read(&files, &|_| None);
            let faults = read.unwrap_err();
            faults.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(read(FILE), ["a.toml：没有 aid 这种业务。"]);
        for (from, to, told) in [
            ("step = \"return\"", "", "要写一个"),
            ("{due}", "{id_number}", "没有 {id_number} 这个空"),
            ("{due}", "{due", "没有"),
            ("way = \"sms\"", "way = \"fax\"", "读不了"),
        ] {
            let faults = read(&FILE.replace(from, to));
            assert!(faults[0].contains(told), "{faults:?}");
        }
    }
}
