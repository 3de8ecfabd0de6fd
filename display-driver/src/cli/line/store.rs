//! `store`: program files onto a card, block by block, going on where the card says; `lock`: one program
//! alone on the glass, or all in turn again.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use tokio::time::sleep;

use super::{Answer, Asking, BoardArgs, Conversation, Reply, converse, no_answer, settings};
use crate::cli::{Failure, print, program_files, say, usage};
use crate::codec::{
    Ask, BoardFamily, FileName, FileStep, Heard, OwnKey, ProgramFile, ProgramLock, Reaction,
    Refusal,
};
use crate::link::transfer::{Recovery, Transfer};
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
    board: BoardArgs,
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
    program: FileName,
    /// 放开
    #[arg(long, conflicts_with = "until_power_off")]
    unlock: bool,
    /// 只锁到断电
    #[arg(long)]
    until_power_off: bool,
    #[command(flatten)]
    board: BoardArgs,
}

/// The family of the board, which has to keep programs.
fn family_of(board: &BoardArgs) -> Result<BoardFamily, Failure> {
    let keeps = |family: &BoardFamily| family.facts().own_keys.contains(&OwnKey::Programs);
    let usual = || BoardFamily::ALL.iter().copied().find(keeps);
    let family = board.family.or_else(usual).filter(keeps);
    family.ok_or_else(|| Failure::refused("这种屏的协议没有节目文件。"))
}

fn name(text: &str) -> Result<FileName, String> {
    let bytes = text
        .as_bytes()
        .try_into()
        .ok()
        .filter(|name: &[u8; 4]| name.is_ascii());
    let name = bytes.map(FileName);
    name.ok_or_else(|| "节目名是四个字符，如 P000".to_owned())
}

pub(in crate::cli) fn store(args: &StoreArgs) -> Result<ExitCode, Failure> {
    let family = family_of(&args.board)?;
    let files = program_files::read_all(family, &args.files)?;
    let names: Vec<String> = files.iter().map(|file| file.name.to_string()).collect();
    let settings = settings(family, &args.port, args.board.baud, None);
    converse(async {
        let mut bringing = Bringing {
            line: Conversation::open(family, &settings).await?,
            asking: Asking::new(family, args.board.address),
            progress: Progress::new(&files),
        };
        bringing.bring(files).await
    })?;
    print(&format!("已存到卡上：{}", names.join("、")));
    Ok(ExitCode::SUCCESS)
}

pub(in crate::cli) fn lock(args: &LockArgs) -> Result<ExitCode, Failure> {
    let family = family_of(&args.board)?;
    let (lock, done) = match (args.unlock, args.until_power_off) {
        (true, _) => (ProgramLock::Released, "已放开"),
        (false, true) => (ProgramLock::UntilPowerOff, "已锁定"),
        (false, false) => (ProgramLock::Kept, "已锁定"),
    };
    let mut asking = Asking::new(family, args.board.address);
    let runs = asking.frame(&Ask::LockProgram(args.program, lock))?;
    let settings = settings(family, &args.port, args.board.baud, None);
    let reply = converse(async {
        let mut line = Conversation::open(family, &settings).await?;
        match line.ask(&runs, asking.speech.answer_wait).await? {
            Answer::Came(reply) => Ok(reply),
            Answer::None(heard) => Err(no_answer(heard)),
        }
    })?;
    match family.module().refusal(&reply.document) {
        Some(why) => Err(Failure::refused(format!("屏拒绝了：{why}。"))),
        None => {
            print(&format!("{done}：{}", args.program));
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Files on their way over a line.
struct Bringing {
    line: Conversation,
    asking: Asking,
    progress: Progress,
}

/// What becomes of a step.
enum Step {
    Done,
    Again,
    Refused {
        reaction: Reaction,
        next_address: Option<u32>,
        /// For a person.
        why: String,
    },
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
                Ok(Step::Refused {
                    reaction,
                    next_address,
                    why,
                }) => {
                    if transfer.recover(reaction, next_address) == Recovery::GivesUp {
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
        let runs = self.asking.frame(&Ask::Transfer(step.clone()))?;
        let wait = self.asking.speech.answer_wait;
        match self.line.ask(&runs, wait).await? {
            Answer::Came(reply) => Ok((self.step_of(&reply), None)),
            Answer::None(heard) => Ok((Step::Again, Some(no_answer(heard)))),
        }
    }

    /// What a reply makes of a step; a reply to something else is as good as none.
    fn step_of(&self, reply: &Reply) -> Step {
        let (Refusal { reaction, .. }, next_address) = match reply.heard {
            Heard::Done | Heard::Block { refusal: None, .. } => return Step::Done,
            Heard::Refused(refusal) => (refusal, None),
            Heard::Block {
                refusal: Some(refusal),
                next_address,
            } => (refusal, Some(next_address)),
            _ => return Step::Again,
        };
        if let Reaction::RetryAtOnce | Reaction::RetryWithBackOff = reaction {
            return Step::Again;
        }
        let why = self.line.family.module().refusal(&reply.document);
        Step::Refused {
            reaction,
            next_address,
            why: why.unwrap_or_default(),
        }
    }
}

fn busy() -> Failure {
    Failure::refused("屏一直忙，或者收到的帧总是坏的：检查波特率和接地。")
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
            say(&format!("{name}：{sent}/{length} 字节，{percent}%"));
        }
    }
}
