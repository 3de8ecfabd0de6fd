//! The words of the command line, with the help that teaches them.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use domain::case::Role;
use domain::id::{DeviceId, HallId, StationCode};
use wire::event::RoleGrant;

use super::documents::DocumentsVerb;
use super::kinds::KindsVerb;
use super::synthetic::{SYNTHETIC_HELP, SyntheticArguments};
use super::twin::{TWIN_HELP, TwinArguments};
use crate::config::{DATA_DEFAULT, Key, Layers, Source};
use crate::staff::GRANTABLE;

pub(super) const TEMPLATE: &str = "{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}";

/// `central`.
#[derive(Debug, Parser)]
#[command(
    name = "central",
    version,
    disable_help_flag = true,
    disable_version_flag = true,
    disable_help_subcommand = true,
    about = "就业服务大厅的中心服务：收自助机和显示屏的记录，排队叫号，公布岗位和通知，提供工作人员网页。",
    help_template = TEMPLATE,
    subcommand_help_heading = "命令",
    next_help_heading = "选项",
    after_help = "\n第一次使用：\n  central hall lay-out 大厅.toml            布置大厅的窗口\n  central staff add --name 张三 --login zhang --clerk-no 01   添加账号（给出一次性密码）\n  central import vacancies 岗位.xlsx --publish --by 张三      导入并公布岗位\n  central enrol-code --kind kiosk --lane 1 --name 一号机      给自助机要登记码\n  central serve                              开始工作\n\n做成了退出码是 0，没做成是 1，用法不对是 2。"
)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) verb: Verb,
    /// 看用法
    #[arg(short, long, global = true, action = ArgAction::Help, help_heading = "选项")]
    help: Option<bool>,
    /// 看版本
    #[arg(short = 'V', long, action = ArgAction::Version, help_heading = "选项")]
    version: Option<bool>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// 开始工作，直到按 Ctrl-C
    #[command(help_template = TEMPLATE, next_help_heading = "选项")]
    Serve(ServeArguments),
    /// 导入文件
    #[command(help_template = TEMPLATE, subcommand_help_heading = "命令")]
    Import {
        #[command(subcommand)]
        what: ImportVerb,
    },
    /// 要一个一次性的设备登记码（8 位数字，24 小时内有效）
    #[command(help_template = TEMPLATE, next_help_heading = "选项")]
    EnrolCode(EnrolCodeArguments),
    /// 大厅
    #[command(help_template = TEMPLATE, subcommand_help_heading = "命令")]
    Hall {
        #[command(subcommand)]
        what: HallVerb,
    },
    /// 通知和政策
    #[command(help_template = TEMPLATE, subcommand_help_heading = "命令")]
    Notices {
        #[command(subcommand)]
        what: NoticesVerb,
    },
    /// 岗位
    #[command(help_template = TEMPLATE, subcommand_help_heading = "命令")]
    Listings {
        #[command(subcommand)]
        what: ListingsVerb,
    },
    /// 工作人员账号
    #[command(help_template = TEMPLATE, subcommand_help_heading = "命令")]
    Staff {
        #[command(subcommand)]
        what: StaffVerb,
    },
    /// 登记过的设备
    #[command(help_template = TEMPLATE, subcommand_help_heading = "命令")]
    Devices {
        #[command(subcommand)]
        what: DevicesVerb,
    },
    /// 业务种类的文件
    #[command(help_template = TEMPLATE, subcommand_help_heading = "命令")]
    Kinds {
        #[command(subcommand)]
        what: KindsVerb,
    },
    /// 文书模板的文件
    #[command(help_template = TEMPLATE, subcommand_help_heading = "命令")]
    Documents {
        #[command(subcommand)]
        what: DocumentsVerb,
    },
    /// 配置
    #[command(help_template = TEMPLATE, subcommand_help_heading = "命令")]
    Config {
        #[command(subcommand)]
        what: ConfigVerb,
    },
    /// HTTPS 证书
    #[command(help_template = TEMPLATE, subcommand_help_heading = "命令")]
    Tls {
        #[command(subcommand)]
        what: TlsVerb,
    },
    /// 个人信息的主密钥
    #[command(help_template = TEMPLATE, subcommand_help_heading = "命令")]
    Keys {
        #[command(subcommand)]
        what: KeysVerb,
    },
    /// 虚拟短信网关：只在本机收，试配置、做演示用，不往外发
    #[command(help_template = TEMPLATE, next_help_heading = "选项", after_help = TWIN_HELP)]
    SmsTwin(TwinArguments),
    /// 看服务是不是正常
    #[command(help_template = TEMPLATE, next_help_heading = "选项")]
    Healthcheck(HealthcheckArguments),
    /// 备份：服务开着也能做，做完按日期清理过期的
    #[command(help_template = TEMPLATE, next_help_heading = "选项", after_help = BACKUP_HELP)]
    Backup {
        #[command(flatten)]
        common: DataAndJson,
        /// 放到哪个文件夹。不写是 HALL_BACKUP_TO，再没有就是数据目录旁边的“目录名-backups”；最好在另一块盘上
        #[arg(long, value_name = "文件夹")]
        to: Option<PathBuf>,
    },
    /// 从备份恢复（要先停下服务）
    #[command(help_template = TEMPLATE, next_help_heading = "选项", after_help = RESTORE_HELP)]
    Restore(RestoreArguments),
    /// 演练：把最新的备份恢复到临时地方核对一遍，不动现在的数据
    #[command(help_template = TEMPLATE, next_help_heading = "选项", after_help = DRILL_HELP)]
    RestoreDrill(RestoreDrillArguments),
    /// 往空的数据目录里写虚构的年度数据，用来演示和测速度
    #[command(help_template = TEMPLATE, next_help_heading = "选项", after_help = SYNTHETIC_HELP)]
    Synthetic(SyntheticArguments),
    /// 核对全部数据：数据库文件、每条链的先后、散列和签名、查询表和记录是否一致
    #[command(help_template = TEMPLATE, next_help_heading = "选项")]
    Verify(DataAndJson),
    /// 按记录重建全部查询表
    #[command(help_template = TEMPLATE, next_help_heading = "选项")]
    Rebuild(DataAndJson),
    /// 结束今天：没办的号作废，明天的号从 001 开始
    #[command(help_template = TEMPLATE, next_help_heading = "选项")]
    CloseDay {
        #[command(flatten)]
        common: DataAndJson,
        /// 哪个大厅；只有一个时不用写
        #[arg(long, value_name = "大厅编号")]
        hall: Option<HallId>,
    },
}

/// Where the data are.
#[derive(Debug, Clone, Args)]
pub(super) struct DataArgument {
    /// 数据目录
    #[arg(
        long,
        value_name = "目录",
        env = "HALL_DATA",
        hide_env = true,
        default_value = DATA_DEFAULT
    )]
    pub(super) data: PathBuf,
    /// 主密钥文件，要在数据目录以外；不写是“数据目录名.master.key”。服务正在运行时按服务的设置
    #[arg(
        long,
        value_name = "文件",
        env = "HALL_MASTER_KEY_FILE",
        hide_env = true
    )]
    pub(super) master_key_file: Option<PathBuf>,
}

/// What every verb but `serve` takes.
#[derive(Debug, Clone, Args)]
pub(super) struct DataAndJson {
    #[command(flatten)]
    pub(super) data: DataArgument,
    /// 结果只输出一个 JSON，给程序读
    #[arg(long)]
    pub(super) json: bool,
}

const BACKUP_HELP: &str = "\n近几天的备份全留，再往前每天、每周、每月各留一份，更早的删掉。坏了的备份不删，也不算数。\n个人信息的主密钥（数据目录名.master.key）和已删除名单（同名加 .erased）不在备份里，要另外保存：没有主密钥，备份恢复不了。";
const RESTORE_HELP: &str = "\n先核对备份，全对才动数据目录；旧的数据移到一边，不会删。\n个人信息的主密钥和已删除名单不在备份里：换了机器，要先把这两个文件放到数据目录旁边，或用 --master-key-file 写明主密钥在哪里。没有主密钥就不恢复；名单上的人，恢复时会再删一次。";
const DRILL_HELP: &str = "\n临时文件放在系统的临时目录（TMPDIR），做完就删。有个人信息时要用到主密钥，只读不改。没通过时退出码是 1。建议每月做一次。";

/// `central restore`.
#[derive(Debug, Args)]
pub(super) struct RestoreArguments {
    #[command(flatten)]
    pub(super) common: DataAndJson,
    /// 备份文件（central-….db）；写文件夹就用里面最新的
    #[arg(long, value_name = "文件或文件夹")]
    pub(super) from: PathBuf,
    /// 数据目录里已经有数据也恢复，旧的移到一边
    #[arg(long)]
    pub(super) replace: bool,
}

/// `central restore-drill`.
#[derive(Debug, Args)]
pub(super) struct RestoreDrillArguments {
    #[command(flatten)]
    pub(super) common: DataAndJson,
    /// 备份在哪个文件夹。不写是 HALL_BACKUP_TO，再没有就是数据目录旁边的“目录名-backups”
    #[arg(long, value_name = "文件夹")]
    pub(super) from: Option<PathBuf>,
}

/// `central serve`.
#[derive(Debug, Args)]
pub(super) struct ServeArguments {
    #[command(flatten)]
    pub(super) settings: SettingArguments,
    /// 大厅节点第一次启动用的登记码，在中心用 central enrol-code --kind node 要来
    #[arg(long, value_name = "登记码")]
    pub(super) enrol_code: Option<String>,
    /// 开始工作时输出一行 JSON：{"listening":"地址:端口"}
    #[arg(long)]
    pub(super) json: bool,
    /// 标准输入关闭时停止（演示用：父进程结束，子进程也结束）
    #[arg(long)]
    pub(super) stop_with_stdin: bool,
}

/// What can be configured: by a file, under the environment, under these flags.
#[derive(Debug, Clone, Args)]
pub(super) struct SettingArguments {
    /// 配置文件（TOML，样本见 assets/deploy/central.toml）；环境变量 HALL_… 盖过它，选项盖过两者
    #[arg(long, value_name = "文件", env = "HALL_CONFIG", hide_env = true)]
    pub(super) config: Option<PathBuf>,
    /// 数据目录。不写是 ./data
    #[arg(long, value_name = "目录")]
    pub(super) data: Option<String>,
    /// 监听的地址和端口；端口 0 由系统选。不写是 127.0.0.1:7310
    #[arg(long, value_name = "地址:端口")]
    pub(super) listen: Option<String>,
    /// 市民手机打开的网址，印在二维码里，例如 https://jy.example.cn
    #[arg(long, value_name = "网址")]
    pub(super) public_url: Option<String>,
    /// 允许在本机以外的地址上用明文 HTTP（一般应配证书，或放在 HTTPS 代理后面）
    #[arg(long)]
    pub(super) allow_plain_http: bool,
    /// 作为大厅节点工作：中心的网址。第一次要加 --enrol-code
    #[arg(long, value_name = "网址")]
    pub(super) upstream: Option<String>,
    /// 签发中心证书的 CA 文件；第一次启动给一次，以后自己记得
    #[arg(long, value_name = "文件")]
    pub(super) upstream_ca: Option<String>,
    /// HTTPS 证书（PEM）；换了文件不用重启
    #[arg(long, value_name = "文件")]
    pub(super) tls_cert: Option<String>,
    /// HTTPS 证书的私钥（PEM）
    #[arg(long, value_name = "文件")]
    pub(super) tls_key: Option<String>,
    /// 每天几点自动备份；off 是不自动备份。不写是 02:30
    #[arg(long, value_name = "时:分")]
    pub(super) backup_at: Option<String>,
    /// 备份放到哪个文件夹。不写是数据目录旁边的“目录名-backups”；最好在另一块盘上
    #[arg(long, value_name = "文件夹")]
    pub(super) backup_to: Option<String>,
    /// 个人信息的主密钥文件，要在数据目录以外。不写是“数据目录名.master.key”
    #[arg(long, value_name = "文件")]
    pub(super) master_key_file: Option<String>,
    /// 运行数字（Prometheus）的地址和端口，或者 off。不写是 off
    #[arg(long, value_name = "地址:端口")]
    pub(super) metrics_listen: Option<String>,
    /// 日志的样子：text 给人看，json 给程序读。不写是 text
    #[arg(long, value_name = "text|json")]
    pub(super) log_format: Option<String>,
    /// 记多细：error、warn、info、debug。不写是 warn
    #[arg(long, value_name = "级别")]
    pub(super) log_level: Option<String>,
    /// 磁盘至少要剩多少 MiB 才算准备好。不写是 256
    #[arg(long, value_name = "数")]
    pub(super) disk_free_mib_min: Option<String>,
    /// 最多同时多少个连接。不写是 4096
    #[arg(long, value_name = "数")]
    pub(super) connections_max: Option<String>,
    /// 一个地址最多同时多少个连接。不写是 512
    #[arg(long, value_name = "数")]
    pub(super) connections_per_peer_max: Option<String>,
    /// 一个地址平均每秒最多多少个请求。不写是 2000
    #[arg(long, value_name = "数")]
    pub(super) peer_requests_per_s: Option<String>,
    /// 一台设备平均每秒最多多少个请求。不写是 200
    #[arg(long, value_name = "数")]
    pub(super) device_requests_per_s: Option<String>,
}

impl SettingArguments {
    /// File, under environment, under flags.
    pub(super) fn layers(&self) -> Layers {
        let mut layers = Layers::default();
        if let Some(path) = &self.config {
            layers.say_file(path);
        }
        layers.say_environment(|name| std::env::var(name).ok());
        for key in Key::ALL {
            if let Some(value) = self.flag(key) {
                layers.say(key, Source::Flag, value);
            }
        }
        layers
    }

    fn flag(&self, key: Key) -> Option<&str> {
        match key {
            Key::AllowPlainHttp => self.allow_plain_http.then_some("true"),
            Key::Data => self.data.as_deref(),
            Key::Listen => self.listen.as_deref(),
            Key::PublicUrl => self.public_url.as_deref(),
            Key::Upstream => self.upstream.as_deref(),
            Key::UpstreamCa => self.upstream_ca.as_deref(),
            Key::TlsCert => self.tls_cert.as_deref(),
            Key::TlsKey => self.tls_key.as_deref(),
            Key::BackupAt => self.backup_at.as_deref(),
            Key::BackupTo => self.backup_to.as_deref(),
            Key::MasterKeyFile => self.master_key_file.as_deref(),
            // what describes a gateway is for a file: it is several lines long
            Key::SmsUrl
            | Key::SmsMethod
            | Key::SmsHeaders
            | Key::SmsBody
            | Key::SmsSuccess
            | Key::SmsSecretFile
            | Key::SmsCa => None,
            Key::MetricsListen => self.metrics_listen.as_deref(),
            Key::LogFormat => self.log_format.as_deref(),
            Key::LogLevel => self.log_level.as_deref(),
            Key::DiskFreeMibMin => self.disk_free_mib_min.as_deref(),
            Key::ConnectionsMax => self.connections_max.as_deref(),
            Key::ConnectionsPerPeerMax => self.connections_per_peer_max.as_deref(),
            Key::PeerRequestsPerS => self.peer_requests_per_s.as_deref(),
            Key::DeviceRequestsPerS => self.device_requests_per_s.as_deref(),
        }
    }
}

/// `central config`.
#[derive(Debug, Subcommand)]
pub(super) enum ConfigVerb {
    /// 核对配置：每一项是多少、从哪里来，一次说清所有不对的地方
    #[command(help_template = TEMPLATE, next_help_heading = "选项")]
    Check {
        #[command(flatten)]
        settings: SettingArguments,
        /// 结果只输出一个 JSON，给程序读
        #[arg(long)]
        json: bool,
    },
}

/// `central tls`.
#[derive(Debug, Subcommand)]
pub(super) enum TlsVerb {
    /// 造一个自己的 CA：ca.pem 发给每台设备，ca.key 锁好，只在签发时用
    #[command(help_template = TEMPLATE, next_help_heading = "选项")]
    MakeCa {
        /// 放在哪个文件夹
        #[arg(long, value_name = "文件夹")]
        to: PathBuf,
    },
    /// 给一台服务器签发证书：server.pem 和 server.key
    #[command(help_template = TEMPLATE, next_help_heading = "选项")]
    Issue {
        /// CA 的文件夹
        #[arg(long, value_name = "文件夹")]
        ca: PathBuf,
        /// 设备用哪些主机名或 IP 找这台服务器，写全
        #[arg(long, value_name = "主机名或 IP", required = true, num_args = 1..)]
        name: Vec<String>,
        /// 放在哪个文件夹
        #[arg(long, value_name = "文件夹")]
        to: PathBuf,
    },
}

/// `central import`.
#[derive(Debug, Subcommand)]
pub(super) enum ImportVerb {
    /// 导入岗位文件：CSV（UTF-8 或 GBK）或 XLSX，按列名认列。导入后待审，--publish 才公布
    #[command(help_template = TEMPLATE, next_help_heading = "选项")]
    Vacancies {
        /// 岗位文件
        #[arg(value_name = "文件")]
        file: PathBuf,
        #[command(flatten)]
        common: DataAndJson,
        /// “今天”“3天前”从哪天算；不写是今天
        #[arg(long, value_name = "年-月-日")]
        as_of: Option<NaiveDate>,
        /// 马上公布，要写明是谁同意的
        #[arg(long, requires = "by")]
        publish: bool,
        /// 同意公布的人
        #[arg(long, value_name = "姓名", requires = "publish")]
        by: Option<String>,
    },
}

/// What a machine can become.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum KindWord {
    /// 大厅自助机，要写 --lane
    Kiosk,
    /// 窗口评价器，要写 --window
    Window,
    /// 显示屏驱动
    Driver,
    /// 大厅节点：大厅自己的小中心，断网也能办事
    Node,
}

/// `central enrol-code`.
#[derive(Debug, Args)]
pub(super) struct EnrolCodeArguments {
    #[command(flatten)]
    pub(super) common: DataAndJson,
    /// 哪个大厅；只有一个时不用写
    #[arg(long, value_name = "大厅编号")]
    pub(super) hall: Option<HallId>,
    /// 这台机器是什么
    #[arg(long, value_enum)]
    pub(super) kind: KindWord,
    /// 自助机断网时用的号段，1 到 99，每台不同
    #[arg(long, value_name = "号段", required_if_eq("kind", "kiosk"),
          value_parser = clap::value_parser!(u8).range(1..=99))]
    pub(super) lane: Option<u8>,
    /// 评价器在几号窗口
    #[arg(long, value_name = "窗口号", required_if_eq("kind", "window"),
          value_parser = clap::value_parser!(u8).range(1..=99))]
    pub(super) window: Option<u8>,
    /// 设备的名字，设备墙上看得到
    #[arg(long, value_name = "名字")]
    pub(super) name: String,
}

/// `central hall`.
#[derive(Debug, Subcommand)]
pub(super) enum HallVerb {
    /// 布置大厅：站名、窗口、每个窗口办哪些事项组（TOML 或 JSON）
    #[command(help_template = TEMPLATE, next_help_heading = "选项")]
    LayOut {
        /// 布局文件，例如：station_name = "…"，[[windows]] no = 1，groups = ["A"]
        #[arg(value_name = "文件")]
        file: PathBuf,
        #[command(flatten)]
        common: DataAndJson,
        /// 哪个大厅；只有一个或新建时不用写
        #[arg(long, value_name = "大厅编号")]
        hall: Option<HallId>,
    },
}

/// `central notices`.
#[derive(Debug, Subcommand)]
pub(super) enum NoticesVerb {
    /// 公布通知或政策（JSON：一条或一个数组）
    #[command(help_template = TEMPLATE, next_help_heading = "选项")]
    Publish {
        /// 通知文件
        #[arg(value_name = "文件")]
        file: PathBuf,
        #[command(flatten)]
        common: DataAndJson,
        /// 同意公布的人
        #[arg(long, value_name = "姓名")]
        by: String,
    },
}

/// `central listings`.
#[derive(Debug, Subcommand)]
pub(super) enum ListingsVerb {
    /// 撤下一个岗位：招满了，或者不对
    #[command(help_template = TEMPLATE, next_help_heading = "选项")]
    Withdraw {
        /// 岗位编号，10 位字母和数字
        #[arg(value_name = "岗位编号")]
        short_id: String,
        #[command(flatten)]
        common: DataAndJson,
        /// 谁撤的
        #[arg(long, value_name = "姓名")]
        by: String,
        /// 为什么
        #[arg(long, value_name = "原因")]
        reason: String,
    },
}

/// Reads `clerk` or `clerk@YH-J01`.
fn grant(text: &str) -> Result<RoleGrant, String> {
    let (word, station) = match text.split_once('@') {
        Some((word, station)) => (word, Some(station)),
        None => (text, None),
    };
    let role = Role::of_word(word).filter(|role| GRANTABLE(*role));
    let role = role.ok_or_else(|| {
        let known = Role::ALL.iter().filter(|role| GRANTABLE(**role));
        let known: Vec<&str> = known.map(|role| role.word()).collect();
        format!("没有这个身份，可以写：{}", known.join("、"))
    })?;
    let station = station.map(StationCode::new).transpose();
    let station =
        station.map_err(|_| "站点编号是大写字母、数字和短横，例如 YH-J01。".to_owned())?;
    Ok(RoleGrant { role, station })
}

/// `central staff`.
#[derive(Debug, Subcommand)]
pub(super) enum StaffVerb {
    /// 添加账号，或给已有账号换密码和身份。会给出一次性密码，第一次登录时要改掉
    #[command(help_template = TEMPLATE, next_help_heading = "选项")]
    Add {
        #[command(flatten)]
        common: DataAndJson,
        /// 哪个大厅；只有一个时不用写
        #[arg(long, value_name = "大厅编号")]
        hall: Option<HallId>,
        /// 姓名
        #[arg(long, value_name = "姓名")]
        name: String,
        /// 登录名
        #[arg(long, value_name = "登录名")]
        login: String,
        /// 工号，窗口屏上看得到
        #[arg(long, value_name = "工号")]
        clerk_no: String,
        /// 身份，可以写几次：clerk（经办）、reviewer（复核）、tech（运维）……；只在一个站点就写 clerk@站点编号。不写就是 clerk（经办）
        #[arg(long = "role", value_name = "身份[@站点]", value_parser = grant, default_value = "clerk")]
        roles: Vec<RoleGrant>,
    },
}

/// `central devices`.
#[derive(Debug, Subcommand)]
pub(super) enum DevicesVerb {
    /// 列出设备
    #[command(help_template = TEMPLATE, next_help_heading = "选项")]
    List {
        #[command(flatten)]
        common: DataAndJson,
    },
    /// 停用一台设备：丢了、坏了、不再信任
    #[command(help_template = TEMPLATE, next_help_heading = "选项")]
    Revoke {
        /// 设备编号，见 devices list
        #[arg(value_name = "设备编号")]
        device: DeviceId,
        #[command(flatten)]
        common: DataAndJson,
        /// 谁停用的（登录名）
        #[arg(long, value_name = "登录名")]
        by: String,
    },
}

/// `central keys`.
#[derive(Debug, Subcommand)]
pub(super) enum KeysVerb {
    /// 看主密钥在哪里、编号是什么、有没有换下的旧密钥
    #[command(help_template = TEMPLATE, next_help_heading = "选项")]
    Status(DataAndJson),
    /// 换一把新的主密钥。旧的留在旁边（.old），更早的备份还要用它
    #[command(help_template = TEMPLATE, next_help_heading = "选项")]
    Rotate(DataAndJson),
    /// 删掉换下的旧主密钥。删了以后，更换以前的备份里的个人信息再也打不开
    #[command(help_template = TEMPLATE, next_help_heading = "选项")]
    ForgetOld(DataAndJson),
}

/// `central healthcheck`.
#[derive(Debug, Args)]
pub(super) struct HealthcheckArguments {
    /// 服务的网址
    #[arg(long, value_name = "网址", default_value = "http://127.0.0.1:7310")]
    pub(super) url: String,
    /// 签发证书的 CA 文件；网址是 https:// 时要写
    #[arg(long, value_name = "文件")]
    pub(super) central_ca: Option<PathBuf>,
    /// 允许用明文 HTTP 问别的机器
    #[arg(long)]
    pub(super) allow_plain_http: bool,
}
