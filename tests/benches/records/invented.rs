//! Invented people, employers, vacancies and applications, drawn from a seed: the same in every run.

use chrono::{Days, NaiveDate};
use domain::case::{Value, Values};
use domain::id_number::check_character;
use domain::money::Fen;
use domain::personal::Pii;

const TRADES: [&str; 24] = [
    "装配工",
    "质检员",
    "操作工",
    "机修工",
    "仓管员",
    "叉车司机",
    "会计",
    "出纳",
    "店长",
    "导购员",
    "厨师",
    "服务员",
    "保洁员",
    "保安员",
    "客服专员",
    "文员",
    "护理员",
    "电工",
    "焊工",
    "绘图员",
    "采购员",
    "配送员",
    "幼教老师",
    "育婴员",
];
const BRANCHES: [&str; 20] = [
    "眼镜",
    "铜杆拉丝",
    "线缆",
    "数控",
    "雕刻",
    "服装",
    "家具",
    "电子",
    "注塑",
    "包装",
    "商超",
    "餐饮",
    "物业",
    "养老",
    "物流",
    "光学",
    "五金",
    "陶瓷",
    "食品",
    "家政",
];
const DUTIES: [&str; 16] = [
    "按工艺要求完成本岗位的生产任务",
    "做好设备的日常点检和保养",
    "填写生产记录并按时交接班",
    "对来料和成品进行抽样检验",
    "发现异常及时报告当班组长",
    "保持作业现场整洁有序",
    "接待到店顾客并解答疑问",
    "整理货架，核对进出库数量",
    "按订单拣货、复核、打包",
    "配合部门完成月末盘点",
    "负责日常票据的登记和归档",
    "按菜单备料，遵守食品卫生规定",
    "照护老人的起居和日常活动",
    "按图纸加工零件并自检",
    "协助新员工熟悉操作规程",
    "完成领导交办的其他事项",
];
const REQUIREMENTS: [&str; 10] = [
    "身体健康，能适应两班倒",
    "新手可学，有师傅带教",
    "做事细心，服从安排",
    "会使用常用办公软件",
    "持有效的特种作业证",
    "有一年以上同类工作经验",
    "能看懂一般的零件图",
    "普通话流利，善于沟通",
    "能长期稳定工作",
    "遵守厂纪厂规",
];
const STREETS: [&str; 12] = [
    "澄禾路",
    "岭南桐街",
    "示例大道",
    "样例巷",
    "柏木桥",
    "青石坝",
    "望鹰坡",
    "白鹭湾",
    "锦屏园",
    "丰和里",
    "松涛岗",
    "杏林村",
];
const SURNAMES: [&str; 16] = [
    "万", "江", "艾", "桂", "祝", "倪", "费", "柴", "查", "翁", "晏", "危", "揭", "乐", "缪", "邬",
];
const GIVEN: [&str; 16] = [
    "小样", "示例", "样甲", "样乙", "例文", "试明", "拟真", "虚谷", "例安", "样宁", "试远", "拟清",
    "例川", "样禾", "试桐", "拟秋",
];
const SCHOOLS: [&str; 8] = [
    "示例大学",
    "样例职业技术学院",
    "澄禾师范学院",
    "岭南桐理工学院",
    "示例财经学院",
    "样例医学院",
    "青石艺术学院",
    "白鹭农学院",
];

/// Reproducible numbers (splitmix64).
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn of(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound.max(1) as u64).unwrap_or(0)
    }

    pub(crate) fn pick<'i, T: ?Sized>(&mut self, items: &[&'i T]) -> &'i T {
        items[self.below(items.len())]
    }

    fn number(&mut self, from: i64, to: i64) -> i64 {
        let span = usize::try_from(to - from + 1).unwrap_or(1);
        from + i64::try_from(self.below(span)).unwrap_or(0)
    }

    /// So many of these, each once at most, one after the other.
    fn sentences(&mut self, of: &[&str], count: usize) -> String {
        let from = self.below(of.len());
        let each = (0..count).map(|index| of[(from + index * 3) % of.len()]);
        let each = each.map(|sentence| format!("{sentence}。"));
        each.collect()
    }
}

fn text(text: impl Into<String>) -> Value {
    Value::Text(text.into())
}

fn choice(code: &str) -> Value {
    Value::Choice(code.to_owned())
}

fn personal(text: impl Into<String>) -> Value {
    Value::Personal(Pii::new(text.into()))
}

fn values<const N: usize>(fields: [(&str, Value); N]) -> Values {
    fields.map(|(id, value)| (id.to_owned(), value)).into()
}

/// A trade as a title.
pub(crate) fn title(dice: &mut Dice) -> String {
    format!("{}{}", dice.pick(&BRANCHES), dice.pick(&TRADES))
}

/// A vacancy that is open on a day.
pub(crate) fn vacancy(dice: &mut Dice, day: NaiveDate) -> Values {
    let low = dice.number(32, 80) * 100;
    let more = dice.number(3, 30) * 100;
    let valid = u64::try_from(dice.number(20, 60)).unwrap_or(30);
    let (duties, requirements) = (4 + dice.below(3), 3 + dice.below(2));
    values([
        ("title", text(title(dice))),
        ("job_form", choice("fulltime")),
        ("headcount", Value::Integer(dice.number(1, 30))),
        ("duty", text(dice.sentences(&DUTIES, duties))),
        (
            "requirement",
            text(dice.sentences(&REQUIREMENTS, requirements)),
        ),
        (
            "edu_min",
            choice(dice.pick(&["any", "junior_middle", "senior_middle", "junior_college"])),
        ),
        ("wage_unit", choice("month")),
        ("wage_min", Value::Money(Fen(low * 100))),
        ("wage_max", Value::Money(Fen((low + more) * 100))),
        ("place", text(place(dice))),
        ("si_provided", Value::Boolean(true)),
        (
            "valid_to",
            Value::Date(day.checked_add_days(Days::new(valid)).unwrap_or(day)),
        ),
    ])
}

fn place(dice: &mut Dice) -> String {
    format!("月湖区{}{}号", dice.pick(&STREETS), dice.number(1, 400))
}

/// An employer.
pub(crate) fn employer(dice: &mut Dice) -> Values {
    let name = format!(
        "示例{}{}有限公司",
        dice.pick(&STREETS),
        dice.pick(&BRANCHES)
    );
    values([("org_name", text(name))])
}

/// The person with this number among the invented: a number of area 999999 that nobody else has.
pub(crate) fn person(dice: &mut Dice, index: usize) -> Values {
    let (year, month) = (1960 + index / 12_000 % 45, 1 + index / 1_000 % 12);
    let first = format!("999999{year:04}{month:02}15{:03}", index % 1_000);
    let check = check_character(&first).unwrap_or('X');
    let is_man = index % 2 == 1;
    let born = NaiveDate::from_ymd_opt(i32::try_from(year).unwrap_or(1990), 1, 15);
    let born = born.and_then(|day| {
        day.checked_add_months(chrono::Months::new(u32::try_from(month).unwrap_or(1) - 1))
    });
    values([
        (
            "name",
            personal(format!("{}{}", dice.pick(&SURNAMES), dice.pick(&GIVEN))),
        ),
        ("id_type", choice("resident")),
        ("id_number", personal(format!("{first}{check}"))),
        ("sex", choice(if is_man { "male" } else { "female" })),
        ("birth_date", Value::Date(born.unwrap_or_default())),
        ("phone", personal(format!("154{index:08}"))),
        ("address", personal(place(dice))),
    ])
}

/// An application for the one-time allowance of graduates.
pub(crate) fn application(dice: &mut Dice, day: NaiveDate) -> Values {
    values([
        ("school", text(dice.pick(&SCHOOLS))),
        ("grad_year", text("2025-2026")),
        (
            "hard_category",
            choice(dice.pick(&["lowincome", "disabled", "student_loan"])),
        ),
        ("period_from", Value::Date(day)),
        ("period_to", Value::Date(day)),
        (
            "acct_name",
            personal(format!("{}{}", dice.pick(&SURNAMES), dice.pick(&GIVEN))),
        ),
        (
            "acct_no",
            personal(format!("99999900{:08}", dice.number(0, 99_999_999))),
        ),
        ("bank", text("示例银行月湖支行")),
        ("amount_claimed", Value::Money(Fen(100_000))),
        ("fund", choice("employment")),
    ])
}

/// An appointment for a day.
pub(crate) fn appointment(dice: &mut Dice, day: NaiveDate) -> Values {
    let hour = dice.number(9, 16);
    values([
        (
            "topic_code",
            text(dice.pick(&["求职登记", "失业登记", "补贴申请", "档案查询", "社保咨询"])),
        ),
        ("on", Value::Date(day)),
        ("slot", text(format!("{hour:02}:00-{hour:02}:30"))),
        (
            "source",
            choice(dice.pick(&["kiosk", "phone", "online", "window"])),
        ),
    ])
}
