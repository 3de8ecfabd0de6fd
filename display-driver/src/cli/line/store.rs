//! `store`: program files onto a card, block by block, going on where the card says; `lock`: one program
//! alone on the glass, or all in turn again.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use serde_json::{Value, json};
use tokio::time::sleep;

use super::{Answer, Conversation, converse, no_answer, settings};
use crate::cli::{Failure, frames, print, program_files, say, usage, words};
use crate::codec::alpha::packet::Wire;
use crate::codec::onbon_k::answer::AnswerCode;
use crate::codec::onbon_k::dialect;
use crate::codec::{Ask, BoardFamily, Face, FileName, FileStep, Protocol, Reaction, Speech};
use crate::link::transfer::{ProgramFile, Recovery, Transfer};
use crate::port::PortAddress;

/// So often a step is sent again: without an answer, after "frame check wrong", or after "busy".
const RESENDS_MAX: u32 = 3;
/// Before sending again.
const RESEND_PAUSE: Duration = Duration::from_millis(300);
/// Progress is told in steps of so many hundredths.
const PROGRESS_PERCENT: usize = 10;

#[derive(Debug, Args)]
#[command(
    help_template = usage::TEMPLATE,
    after_help = "文件是 encode onbon-k program 的参数（JSON），或者节目文件本身。同名的节目会被换掉。
断了可以重来：卡会说出从哪里接着收。闪存大约只能擦写十万次，不要拿节目文件当叫号用。
要先停掉屏驱动，它占着端口。

例：display-driver store /dev/ttyUSB0 idle.json --address 2
    display-driver store tcp:192.168.1.50:5005 P000.json P001.json"
)]
pub(in crate::cli) struct StoreArgs {
    /// 端口：设备路径，或 tcp:主机:端口
    #[arg(value_name = "端口", value_parser = super::address)]
    port: PortAddress,
    /// 节目文件
    #[arg(value_name = "文件", required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    card: CardArgs,
}

#[derive(Debug, Args)]
#[command(
    help_template = usage::TEMPLATE,
    after_help = "锁定的节目一直放，断电以后也一样；--until-power-off 只锁到断电。--unlock 放开，节目又轮着放。

例：display-driver lock /dev/ttyUSB0 P000 --address 2
    display-driver lock /dev/ttyUSB0 P000 --unlock"
)]
pub(in crate::cli) struct LockArgs {
    /// 端口：设备路径，或 tcp:主机:端口
    #[arg(value_name = "端口", value_parser = super::address)]
    port: PortAddress,
    /// 节目名，如 P000
    #[arg(value_name = "节目", value_parser = name)]
    program: String,
    /// 放开
    #[arg(long, conflicts_with = "until_power_off")]
    unlock: bool,
    /// 只锁到断电
    #[arg(long)]
    until_power_off: bool,
    #[command(flatten)]
    card: CardArgs,
}

#[derive(Debug, Args)]
struct CardArgs {
    /// 屏号；不写为 1
    #[arg(
        long,
        value_name = "号",
        default_value_t = 1,
        hide_default_value = true
    )]
    address: u16,
    /// 波特率；不写为 57600
    #[arg(long, value_name = "数", value_parser = super::baud)]
    baud: Option<u32>,
}

fn name(text: &str) -> Result<String, String> {
    match text.len() == 4 && text.is_ascii() {
        true => Ok(text.to_owned()),
        false => Err("节目名是四个字符，如 P000".to_owned()),
    }
}

pub(in crate::cli) fn store(args: &StoreArgs) -> Result<ExitCode, Failure> {
    let files = program_files::read_all(&args.files)?;
    let names: Vec<String> = files.iter().map(|file| text_of(file.name)).collect();
    let settings = settings(Protocol::OnbonK, &args.port, args.card.baud, None);
    converse(async {
        let line = Conversation::open(Protocol::OnbonK, &settings).await?;
        let mut bringing = Bringing {
            line,
            address: args.card.address,
            progress: Progress::new(&files),
        };
        bringing.bring(files).await
    })?;
    print(&format!("已存到卡上：{}", names.join("、")));
    Ok(ExitCode::SUCCESS)
}

pub(in crate::cli) fn lock(args: &LockArgs) -> Result<ExitCode, Failure> {
    let params = json!({
        "store": u8::from(!args.until_power_off), "lock": u8::from(!args.unlock),
        "name": args.program,
    });
    let header = json!({"dst": args.card.address});
    let wire = frames::wire(Protocol::OnbonK, "lock-program", params, Some(header))?;
    let settings = settings(Protocol::OnbonK, &args.port, args.card.baud, None);
    let reply = converse(async {
        let mut line = Conversation::open(Protocol::OnbonK, &settings).await?;
        match line.ask(&wire, Protocol::OnbonK.answer_wait()).await? {
            Answer::Came(reply) => Ok(reply),
            Answer::None(heard) => Err(no_answer(heard)),
        }
    })?;
    match refusal(&reply) {
        Some(code) => {
            let why = words::onbon_k::answer_code(code);
            Err(Failure::refused(format!("屏拒绝了：{why}。")))
        }
        None => {
            let done = if args.unlock {
                "已放开"
            } else {
                "已锁定"
            };
            print(&format!("{done}：{}", args.program));
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Files on their way over a line.
struct Bringing {
    line: Conversation,
    address: u16,
    progress: Progress,
}

/// What becomes of a step.
enum Step {
    Done,
    Again,
    Refused(AnswerCode, Option<u32>),
}

impl Bringing {
    async fn bring(&mut self, files: Vec<ProgramFile>) -> Result<(), Failure> {
        let Some(mut transfer) = Transfer::new(files) else {
            return Err(Failure::wrong_usage("文件是空的。"));
        };
        let mut failure = None;
        while let Some(step) = transfer.step() {
            self.progress.tell(&step);
            match self.take(&step).await {
                Ok(Step::Done | Step::Again) => transfer.accepted(),
                Ok(Step::Refused(code, next)) => {
                    if transfer.recover(code.reaction(), next) == Recovery::GivesUp {
                        let why = words::onbon_k::answer_code(code);
                        failure.get_or_insert(format!("卡不收：{why}。"));
                        transfer.give_up();
                    }
                }
                // A card that was told of several files is dark until it hears of their end.
                Err(fault) if step == FileStep::EndSeveral => {
                    return Err(Failure::refused(format!(
                        "{}屏可能是黑的，接好后再存一次。",
                        fault.sentence
                    )));
                }
                Err(fault) => {
                    failure.get_or_insert(format!("{}再运行一次，会接着存。", fault.sentence));
                    transfer.give_up();
                }
            }
        }
        failure.map_or(Ok(()), |why| Err(Failure::refused(why)))
    }

    /// Brings one step, sending it again where that can help.
    async fn take(&mut self, step: &FileStep) -> Result<Step, Failure> {
        let mut resends = 0;
        loop {
            let (step, silence) = self.ask(step).await?;
            match step {
                Step::Again if resends < RESENDS_MAX => {
                    resends += 1;
                    sleep(RESEND_PAUSE * resends).await;
                }
                Step::Again => return Err(silence.unwrap_or_else(busy)),
                other => return Ok(other),
            }
        }
    }

    async fn ask(&mut self, step: &FileStep) -> Result<(Step, Option<Failure>), Failure> {
        let speech = Speech::usual(BoardFamily::OnbonK, NO_FACE);
        let asked = dialect::encode(&speech, self.address, &Ask::Transfer(step.clone()));
        let asked = asked.map_err(|fault| Failure::refused(format!("发不了：{fault}")))?;
        let wire = Wire {
            bytes: asked.bytes(),
            pauses: Vec::new(),
        };
        let reply = match self.line.ask(&wire, speech.answer_wait).await? {
            Answer::Came(reply) => reply,
            Answer::None(heard) => return Ok((Step::Again, Some(no_answer(heard)))),
        };
        let Some(code) = refusal(&reply) else {
            return Ok((Step::Done, None));
        };
        Ok(match code.reaction() {
            Reaction::RetryAtOnce | Reaction::RetryWithBackOff => (Step::Again, None),
            _ => {
                let next = reply["params"]["next_addr"].as_u64();
                let next = next.and_then(|next| u32::try_from(next).ok());
                (Step::Refused(code, next), None)
            }
        })
    }
}

/// Frames of files know nothing of dots.
const NO_FACE: Face = Face {
    width_px: 0,
    height_px: 0,
};

fn busy() -> Failure {
    Failure::refused("屏一直忙，或者收到的帧总是坏的：检查波特率和接地。")
}

fn refusal(reply: &Value) -> Option<AnswerCode> {
    let code = reply["params"]["error"].as_u64().unwrap_or_default();
    let code = AnswerCode::from_byte(u8::try_from(code).unwrap_or(u8::MAX));
    (reply["command"] == "nack" || code != AnswerCode::Ok).then_some(code)
}

fn text_of(name: FileName) -> String {
    String::from_utf8_lossy(&name.0).into_owned()
}

/// How far the files are.
struct Progress {
    /// Names and lengths.
    files: Vec<(FileName, usize)>,
    told: Option<(FileName, usize)>,
}

impl Progress {
    fn new(files: &[ProgramFile]) -> Self {
        Self {
            files: files
                .iter()
                .map(|file| (file.name, file.bytes.len()))
                .collect(),
            told: None,
        }
    }

    /// Says how far a file is, every tenth of it.
    fn tell(&mut self, step: &FileStep) {
        let FileStep::Block { name, address, .. } = step else {
            return;
        };
        let of_file = self.files.iter().find(|(file, _)| file == name);
        let length = of_file.map_or(0, |(_, length)| *length).max(1);
        let sent = *address as usize;
        let percent = sent * 100 / length;
        let tenth = (*name, percent / PROGRESS_PERCENT);
        if self.told.replace(tenth) != Some(tenth) {
            say(&format!(
                "{}：{sent}/{length} 字节，{percent}%",
                text_of(*name)
            ));
        }
    }
}
