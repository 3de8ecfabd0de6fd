//! Provinces and cities by name, enough to part `广东省广州市天河区`. Names as of 2023 (国家统计局
//! 统计用区划代码); no codes, no counties. A name that is not here is simply not parted.

/// Provinces and autonomous regions by short name. The four municipalities are cities here.
#[rustfmt::skip]
const PROVINCES: &[&str] = &[
    "河北", "山西", "内蒙古", "辽宁", "吉林", "黑龙江", "江苏", "浙江", "安徽", "福建", "江西", "山东",
    "河南", "湖北", "湖南", "广东", "广西", "海南", "四川", "贵州", "云南", "西藏", "陕西", "甘肃",
    "青海", "宁夏", "新疆",
];

/// What a province's short name may be followed by, longest first.
const PROVINCE_SUFFIXES: &[&str] = &["壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "省"];

/// Municipalities and cities of prefecture level, by short name, province by province.
// Kept in the order and lines in which a person can check it.
#[rustfmt::skip]
const CITIES: &[&str] = &[
    "北京", "天津", "上海", "重庆",
    "石家庄", "唐山", "秦皇岛", "邯郸", "邢台", "保定", "张家口", "承德", "沧州", "廊坊", "衡水",
    "太原", "大同", "阳泉", "长治", "晋城", "朔州", "晋中", "运城", "忻州", "临汾", "吕梁",
    "呼和浩特", "包头", "乌海", "赤峰", "通辽", "鄂尔多斯", "呼伦贝尔", "巴彦淖尔", "乌兰察布",
    "沈阳", "大连", "鞍山", "抚顺", "本溪", "丹东", "锦州", "营口", "阜新", "辽阳", "盘锦", "铁岭",
    "朝阳", "葫芦岛",
    "长春", "吉林", "四平", "辽源", "通化", "白山", "松原", "白城",
    "哈尔滨", "齐齐哈尔", "鸡西", "鹤岗", "双鸭山", "大庆", "伊春", "佳木斯", "七台河", "牡丹江", "黑河",
    "绥化",
    "南京", "无锡", "徐州", "常州", "苏州", "南通", "连云港", "淮安", "盐城", "扬州", "镇江", "泰州",
    "宿迁",
    "杭州", "宁波", "温州", "嘉兴", "湖州", "绍兴", "金华", "衢州", "舟山", "台州", "丽水",
    "合肥", "芜湖", "蚌埠", "淮南", "马鞍山", "淮北", "铜陵", "安庆", "黄山", "滁州", "阜阳", "宿州",
    "六安", "亳州", "池州", "宣城",
    "福州", "厦门", "莆田", "三明", "泉州", "漳州", "南平", "龙岩", "宁德",
    "南昌", "景德镇", "萍乡", "九江", "新余", "鹰潭", "赣州", "吉安", "宜春", "抚州", "上饶",
    "济南", "青岛", "淄博", "枣庄", "东营", "烟台", "潍坊", "济宁", "泰安", "威海", "日照", "临沂",
    "德州", "聊城", "滨州", "菏泽",
    "郑州", "开封", "洛阳", "平顶山", "安阳", "鹤壁", "新乡", "焦作", "濮阳", "许昌", "漯河", "三门峡",
    "南阳", "商丘", "信阳", "周口", "驻马店",
    "武汉", "黄石", "十堰", "宜昌", "襄阳", "鄂州", "荆门", "孝感", "荆州", "黄冈", "咸宁", "随州",
    "长沙", "株洲", "湘潭", "衡阳", "邵阳", "岳阳", "常德", "张家界", "益阳", "郴州", "永州", "怀化",
    "娄底",
    "广州", "韶关", "深圳", "珠海", "汕头", "佛山", "江门", "湛江", "茂名", "肇庆", "惠州", "梅州",
    "汕尾", "河源", "阳江", "清远", "东莞", "中山", "潮州", "揭阳", "云浮",
    "南宁", "柳州", "桂林", "梧州", "北海", "防城港", "钦州", "贵港", "玉林", "百色", "贺州", "河池",
    "来宾", "崇左",
    "海口", "三亚", "三沙", "儋州",
    "成都", "自贡", "攀枝花", "泸州", "德阳", "绵阳", "广元", "遂宁", "内江", "乐山", "南充", "眉山",
    "宜宾", "广安", "达州", "雅安", "巴中", "资阳",
    "贵阳", "六盘水", "遵义", "安顺", "毕节", "铜仁",
    "昆明", "曲靖", "玉溪", "保山", "昭通", "丽江", "普洱", "临沧",
    "拉萨", "日喀则", "昌都", "林芝", "山南", "那曲",
    "西安", "铜川", "宝鸡", "咸阳", "渭南", "延安", "汉中", "榆林", "安康", "商洛",
    "兰州", "嘉峪关", "金昌", "白银", "天水", "武威", "张掖", "平凉", "酒泉", "庆阳", "定西", "陇南",
    "西宁", "海东",
    "银川", "石嘴山", "吴忠", "固原", "中卫",
    "乌鲁木齐", "克拉玛依", "吐鲁番", "哈密",
];

/// What follows a province's name at the start of `text`: empty for the province alone, `None` if
/// there is no province. `吉林` alone is the city; a bare short name counts only before a city.
pub(super) fn after_province(text: &str) -> Option<&str> {
    let after = PROVINCES.iter().find_map(|name| text.strip_prefix(name))?;
    let suffix = PROVINCE_SUFFIXES
        .iter()
        .find_map(|suffix| after.strip_prefix(suffix));
    match suffix {
        Some(rest) => Some(rest),
        None if after.is_empty() && !CITIES.contains(&text) => Some(after),
        None => known_city_at_start(after).map(|_| after),
    }
}

/// Parts `广州天河区`, `广州市天河区…` into city and area; anything else stays whole.
pub(super) fn split_city(text: &str) -> (&str, Option<&str>) {
    let Some(city) = known_city_at_start(text) else {
        return (text, None);
    };
    let rest = &text[city.len()..];
    let (rest, suffixed) = match rest.strip_prefix('市') {
        Some(after) => (after, true),
        None => (rest, false),
    };
    match (district_at_start(rest), rest.is_empty()) {
        (_, true) => (city, None),
        (Some(district), _) => (city, Some(district)),
        (None, _) if suffixed => (city, Some(rest)),
        (None, _) => (text, None),
    }
}

/// `合肥市` → `合肥`; two characters stay as they are (`沙市`).
pub(super) fn without_city_suffix(text: &str) -> &str {
    match text.strip_suffix('市') {
        Some(name) if name.chars().count() >= 2 => name,
        _ => text,
    }
}

fn known_city_at_start(text: &str) -> Option<&'static str> {
    CITIES.iter().find(|city| text.starts_with(**city)).copied()
}

/// `天河区示例路` → `天河区`; a suffix without a name before it is no district.
fn district_at_start(text: &str) -> Option<&str> {
    let (index, suffix) = text
        .char_indices()
        .find(|(_, c)| matches!(c, '区' | '县' | '市' | '镇' | '乡'))?;
    (index > 0).then(|| &text[..index + suffix.len_utf8()])
}
