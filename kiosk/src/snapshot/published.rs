//! An invented district for the plain pages: its hall, and what it publishes. Names, numbers, addresses
//! and employers are made up; telephones are of the range reserved for stories.

use chrono::NaiveDate;
use domain::id::{GroupCode, WindowNo};
use domain::money::Fen;
use domain::queue::{HallLayout, ServiceGroup};
use domain::time::{BusinessDate, UtcMs};
use serde::Serialize;
use wire::api::{FeedRow, HallInfo, Notice, NoticeKind, NoticeRow, Topic};
use wire::public::{
    Announcement, GigJob, GigPay, GuideItem, PolicyText, StationInfo, SummaryRow, TimeLimit,
};

/// The day on which all of it holds.
pub(super) const TODAY: NaiveDate =
    NaiveDate::from_ymd_opt(2026, 11, 23).expect("a day of the calendar");

/// Rows of the feed that tell all of it, as a kiosk gets them at ten in the morning of a Monday,
/// 23 November 2026.
#[must_use]
pub fn invented_rows() -> Vec<FeedRow> {
    let mut rows = vec![row(Topic::Hall, "hall", &hall())];
    rows.extend(policies().iter().map(|it| row(Topic::Policy, &it.id, it)));
    rows.extend(guide().iter().map(|it| row(Topic::Guide, &it.id, it)));
    rows.extend(
        announcements()
            .iter()
            .map(|it| row(Topic::Announcement, &it.id, it)),
    );
    rows.extend(stations().iter().map(|it| row(Topic::Station, &it.id, it)));
    rows.extend(gig_jobs().iter().map(|it| row(Topic::GigJob, &it.id, it)));
    rows.push(row(Topic::Notice, "n1", &notice()));
    rows
}

fn row(topic: Topic, key: &str, body: &impl Serialize) -> FeedRow {
    let body = serde_json::to_string(body).expect("JSON, because feed bodies are plain data");
    FeedRow {
        position: 1,
        topic,
        key: key.to_owned(),
        body: Some(body),
        expires: None,
    }
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).expect("a day of the calendar")
}

fn group(letter: char) -> Option<GroupCode> {
    GroupCode::new(letter).ok()
}

fn hall() -> HallInfo {
    let groups = [
        ('A', "找工作、就业登记", "就业、失业登记，就业补贴"),
        ('B', "创业贷款", "申请、续贷、还款"),
        ('C', "失业保险", "领失业金、转移、技能补贴"),
        ('D', "人事档案", "调档、存档、开证明"),
        ('E', "培训和见习", "培训报名、见习补贴"),
    ];
    let code = |letter| GroupCode::new(letter).expect("a letter");
    let layout = groups.iter().zip(1..).map(|((letter, ..), number)| {
        let window = WindowNo::new(number).expect("a window");
        (window, [code(*letter)].into())
    });
    HallInfo {
        station_name: "月湖区就业之家".into(),
        layout: HallLayout {
            windows: layout.collect(),
            groups: groups
                .iter()
                .map(|(letter, name, hint)| {
                    let group = ServiceGroup {
                        name: (*name).into(),
                        hint: (*hint).into(),
                        typical_service_minutes: 8,
                    };
                    (code(*letter), group)
                })
                .collect(),
        },
        day: BusinessDate(TODAY),
        is_demo: true,
        emergency: None,
        boards_cleared: None,
    }
}

/// Title, topic, audience, group.
const POLICIES: [(&str, &str, &str, char); 8] = [
    ("灵活就业，社保有补贴", "补贴", "就业困难人员", 'A'),
    ("失业了，可以领失业金", "失业保险", "失业人员", 'C'),
    ("创业担保贷款，国家贴息", "创业", "想创业的人", 'B'),
    ("一次性创业补贴", "创业", "返乡人员", 'B'),
    ("考了证，有技能提升补贴", "补贴", "在职职工", 'C'),
    ("见习有补贴", "见习", "毕业生", 'E'),
    ("单位招困难人员有补贴", "补贴", "用人单位", 'A'),
    ("离校时发的求职补贴", "补贴", "毕业生", 'A'),
];

fn policies() -> Vec<PolicyText> {
    let mut policies: Vec<PolicyText> = POLICIES
        .iter()
        .enumerate()
        .map(|(index, (title, topic, audience, letter))| PolicyText {
            id: format!("p{index}"),
            title: (*title).into(),
            document_no: format!("示例文〔2026〕{} 号", index + 11),
            level: "区".into(),
            topic: (*topic).into(),
            audience: texts(&[*audience]),
            summary: summary(),
            text: whole_text(),
            valid_from: day(1, 1),
            valid_to: None,
            repealed_on: None,
            replaced_by: None,
            group: group(*letter),
        })
        .collect();
    policies.push(PolicyText {
        id: "ended".into(),
        title: "老的交通补贴办法".into(),
        repealed_on: Some(day(6, 1)),
        replaced_by: Some("示例一次性交通补贴办法".into()),
        ..policies[0].clone()
    });
    policies.push(PolicyText {
        id: "bare".into(),
        title: "只登记了文号的文件".into(),
        summary: Vec::new(),
        text: Vec::new(),
        topic: String::new(),
        ..policies[1].clone()
    });
    policies
}

fn summary() -> Vec<SummaryRow> {
    let rows = [
        (
            "谁能领",
            "就业困难人员，没单位、自己交社保的。毕业 2 年内没找到工作的也行",
        ),
        (
            "补多少",
            "自己交的钱，最多补三分之二。例：一个月交 900 元，最多补 600 元",
        ),
        ("补多久", "最多 3 年。到退休不足 5 年的，可以补到退休"),
        ("要什么", "缴费凭证、承诺书。身份证、认定结果我们能查到"),
        ("多久到账", "审完公示 5 个工作日，再打到卡上"),
        ("去哪办", "1–4 号窗口，或住处旁边的网点"),
    ];
    let row = |(label, text): (&str, &str)| SummaryRow {
        label: label.into(),
        text: text.into(),
    };
    rows.map(row).into()
}

fn whole_text() -> Vec<String> {
    let paragraph = "为了让灵活就业的困难人员交得起社会保险，区里按他们自己交的钱给一部分补贴。\
                     这是演示用的文字，不是真的文件，数字也都是编的。";
    (1..=9)
        .map(|number| format!("第{number}条 {paragraph}"))
        .collect()
}

/// Name, group.
const MATTERS: [(&str, char); 14] = [
    ("就业困难人员认定", 'A'),
    ("失业登记", 'A'),
    ("就业登记", 'A'),
    ("灵活就业社保补贴", 'A'),
    ("一次性求职补贴", 'A'),
    ("创业担保贷款", 'B'),
    ("一次性创业补贴", 'B'),
    ("失业保险金", 'C'),
    ("技能提升补贴", 'C'),
    ("失业保险关系转移", 'C'),
    ("档案调出", 'D'),
    ("开存档证明", 'D'),
    ("培训报名", 'E'),
    ("见习补贴", 'E'),
];

fn guide() -> Vec<GuideItem> {
    let item = |(index, (name, letter)): (usize, &(&str, char))| GuideItem {
        id: format!("g{index}"),
        name: (*name).into(),
        audience: texts(&["没找到工作的人"]),
        conditions: texts(&["已经做了失业登记", "在法定劳动年龄里，想工作"]),
        materials: texts(&[
            "身份证，原件",
            "申请表，一份，窗口可领",
            "残疾证或低保证，没有就不用",
        ]),
        time_limit: TimeLimit::Workdays { days: 15 },
        fee: Fen(0),
        basis: texts(&["示例文〔2026〕3 号第二条"]),
        group: group(*letter),
        phone: Some("0701-0000001".into()),
        as_of: day(11, 1),
    };
    MATTERS.iter().enumerate().map(item).collect()
}

fn announcements() -> Vec<Announcement> {
    let lines =
        (1..=14).map(|number| format!("测*{number}，999999************1{number:02}，1,000 元"));
    let list = |id: &str, title: &str, last: NaiveDate| Announcement {
        id: id.into(),
        title: title.into(),
        category: "补贴".into(),
        text: texts(&["下面这些人申请的补贴已经审完，公示 5 个工作日。有不同意见可以打电话。"]),
        lines: lines.clone().collect(),
        from: day(11, 20),
        until: last,
        objection_phone: "0701-0000002".into(),
        is_corrected: false,
    };
    vec![
        list("a1", "2026 年第三批一次性求职补贴公示", day(11, 27)),
        list("a2", "2026 年 11 月社保补贴公示", day(11, 30)),
    ]
}

const STREETS: [&str; 10] = [
    "江边街道",
    "梅园街道",
    "交通街道",
    "东湖街道",
    "夏埠乡",
    "童家镇",
    "四青街道",
    "白露街道",
    "龙岗街道",
    "月湖新城",
];

fn stations() -> Vec<StationInfo> {
    let station = |index: usize| {
        let street = STREETS[index % STREETS.len()];
        StationInfo {
            id: format!("s{index:02}"),
            number: format!("YH-J{index:02}"),
            name: match index {
                0 => "月湖区就业之家".into(),
                _ => format!("{street}第{}就业之家", index / STREETS.len() + 1),
            },
            is_main: index == 0,
            is_gig: index.is_multiple_of(7),
            street: street.into(),
            address: Some(format!("{street}示例路 {} 号", index + 1)),
            phone: format!("0701-00000{index:02}"),
            hours: Some("周一至周五 9:00–12:00，13:30–17:00".into()),
            point: None,
        }
    };
    (0..51).map(station).collect()
}

fn gig_jobs() -> Vec<GigJob> {
    let jobs = [
        ("搬货、卸货", 14, GigPay::Hour, 2_500, Some("示例物流园")),
        ("饭店帮厨", 10, GigPay::Day, 18_000, Some("示例饭店")),
        ("展会布置", 13, GigPay::Day, 16_000, Some("示例会展公司")),
        ("打包快递", 12, GigPay::Piece, 80, Some("示例快递站")),
        ("家里打扫", 15, GigPay::Hour, 3_000, None),
    ];
    let job = |(index, it): (usize, (&str, i64, GigPay, i64, Option<&str>))| {
        let (work, hour, pay_by, pay, employer) = it;
        let from = UtcMs::start_of(TODAY).plus_minutes(hour * 60);
        GigJob {
            id: format!("j{index}"),
            number: format!("GIG_JOB-202611-0000{index}"),
            work: work.into(),
            from,
            until: from.plus_minutes(4 * 60),
            pay_by,
            pay: Fen(pay),
            settlement: "当天结".into(),
            headcount: 3,
            place: Some("东湖街道示例路 8 号".into()),
            employer: employer.map(str::to_owned),
            is_insured: employer.is_some(),
        }
    };
    jobs.into_iter().enumerate().map(job).collect()
}

fn notice() -> Notice {
    Notice {
        id: "n1".into(),
        kind: NoticeKind::Notice,
        title: "周六上午有招聘会".into(),
        board_pages: Vec::new(),
        rows: vec![
            NoticeRow {
                label: "时间".into(),
                text: "11月28日 周六，上午 9:00 到 11:30".into(),
            },
            NoticeRow {
                label: "地点".into(),
                text: "大厅一楼，带身份证，可以当场报名".into(),
            },
        ],
        document_no: None,
        valid_from: day(11, 20),
        valid_to: Some(day(11, 28)),
        board: None,
    }
}
