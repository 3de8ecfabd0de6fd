//! Broken files: each class of fault, with the line on which it must be told.

use super::*;

/// The faults of the vacancy's file with one piece replaced.
fn faults_with(piece: &str, other: &str) -> Vec<KindFault> {
    assert!(VACANCY.contains(piece), "{piece}");
    let text = VACANCY.replacen(piece, other, 1);
    let mut files = FILES;
    files[0].text = &text;
    let read = KindSet::read(&files, &|list| list == "discrimination");
    read.err().unwrap_or_default()
}

/// The line on which a text first stands.
fn line_of(text: &str, piece: &str) -> usize {
    let offset = text.find(piece).unwrap_or_else(|| panic!("{piece}"));
    text[..offset].matches('\n').count() + 1
}

/// One piece replaced gives exactly one fault: on the line of `marked` in the changed file.
fn check(piece: &str, other: &str, marked: &str, said: &str) {
    let faults = faults_with(piece, other);
    let text = VACANCY.replacen(piece, other, 1);
    let [fault] = &faults[..] else {
        panic!("{piece} → {other}: {faults:#?}")
    };
    assert_eq!(fault.path, "employment/vacancy.toml");
    assert_eq!(fault.line, line_of(&text, marked), "{fault}");
    assert!(fault.text.contains(said), "{fault} lacks {said}");
}

/// A piece of the file, what stands there instead, and what is told on that line.
const WRONG_WORDS: &[(&str, &str, &str)] = &[
    (
        "line = \"employment\"",
        "line = \"sports\"",
        "可以写：employment",
    ),
    ("line = \"employment\"", "line = \"gig\"", "目录"),
    ("engine = \"case\"", "engine = \"magic\"", "“magic”"),
    ("version = 1", "version = 0", "从 1 数起"),
    ("version = 1", "version = \"1\"", "整数"),
    ("id = \"vacancy\"", "id = \"vacancies\"", "文件名"),
    ("name = \"岗位\"", "name = \" \"", "是空的"),
    (
        "about = \"单位发布的招工岗位，审核后公开。\"",
        "about = \"\"",
        "是空的",
    ),
    ("dept = \"employment\"", "dept = \"hr\"", "可以写"),
    ("readers = [\"chief\"]", "readers = [\"boss\"]", "“boss”"),
    (
        "title = [\"title\"]",
        "title = [\"headline\"]",
        "“headline”不存在",
    ),
    (
        "search = [\"title\", \"duty\"]",
        "search = [\"phone\"]",
        "不能放进全文检索",
    ),
    (
        "initial = \"draft\"",
        "initial = \"start\"",
        "“start”不存在",
    ),
    (
        "initial = \"draft\"",
        "initial = \"draft\"\nworkflow = \"nil\"",
        "没有流程“nil”",
    ),
    (
        "initial = \"draft\"",
        "initial = \"draft\"\ncolour = 1",
        "没有“colour”这个键",
    ),
    ("type = \"long_text\"", "type = \"essay\"", "“essay”"),
    ("chars = [2, 40]", "chars = [40, 2]", "写反了"),
    ("chars = [2, 40]", "chars = [0, 2]", "不能小于 1"),
    (
        "without_words = \"discrimination\"",
        "without_words = \"rude\"",
        "词表“rude”",
    ),
    ("form = \"mobile\"", "form = \"fax\"", "“fax”"),
    (
        "to = [\"employer\"]",
        "to = [\"factory\"]",
        "类型“factory”不存在",
    ),
    (
        "choices = [[\"fulltime\", \"全职\"], [\"gig\", \"零工\"]]",
        "choices = []",
        "没有选项",
    ),
    (
        "if = \"wage_max >= wage_min\"",
        "if = \"wage_max\"",
        "看不懂",
    ),
    (
        "if = \"wage_max >= wage_min\"",
        "if = \"wage_max >= headcount\"",
        "不是同一类",
    ),
    (
        "if = \"wage_max >= wage_min\"",
        "if = \"wage_max >= pay\"",
        "没有字段“pay”",
    ),
    (
        "if = \"wage_max >= wage_min\"",
        "if = \"title > duty\"",
        "没有大小之分",
    ),
    (
        "if = \"wage_max >= wage_min\"",
        "if = \"phone = title\"",
        "is filled",
    ),
    (
        "say = \"最高工资不能低于最低工资。\"",
        "say = \"\"",
        "是空的",
    ),
    ("field = \"wage_max\"", "field = \"wage\"", "“wage”不存在"),
    ("stage = \"waiting\"", "stage = \"asleep\"", "“asleep”"),
    (
        "from = [\"draft\"]",
        "from = [\"draft\", \"dusk\"]",
        "“dusk”不存在",
    ),
    (
        "set = { filled = 0 }",
        "set = { filled = \"0\" }",
        "类型不合",
    ),
    ("set = { filled = 0 }", "set = { full = 0 }", "“full”不存在"),
    (
        "requires = [\"review_note\"]",
        "requires = [\"note\"]",
        "“note”不存在",
    ),
    (
        "asks = [\"review_note\"]",
        "asks = [\"review_note\", \"filled\"]",
        "由系统算出",
    ),
    (
        "attachments = [\"brochure\"]",
        "attachments = [\"leaflet\"]",
        "“leaflet”不存在",
    ),
    (
        "differs_from = [\"submit\", \"resubmit\"]",
        "differs_from = [\"hand_in\"]",
        "“hand_in”不存在",
    ),
    (
        "same_as = [\"submit\", \"resubmit\"]",
        "same_as = [\"submit\"]\ndiffers_from = [\"submit\"]",
        "没有人能办",
    ),
    (
        "not_by = [\"contact\"]",
        "not_by = [\"title\"]",
        "不是工作人员",
    ),
    (
        "effects = [\"publish_listing\"]",
        "effects = [\"fireworks\"]",
        "“fireworks”",
    ),
    ("until = \"valid_to\"", "until = \"title\"", "不是日期"),
    ("then = \"expire\"", "then = \"lapse\"", "“lapse”不存在"),
    ("then = \"expire\"", "then = \"withdraw\"", "system"),
    (
        "states = [\"pending\"]",
        "states = [\"pending\", \"dusk\"]",
        "“dusk”不存在",
    ),
    (
        "escalates_to = \"chief\"",
        "escalates_to = \"boss\"",
        "“boss”",
    ),
    ("remind_before = [1]", "remind_before = [-1]", "负数"),
    (
        "parameter = \"vacancy.review_wd\"",
        "parameter = \"vacancy.review_wd\"\nbasis = \"week\"",
        "“week”",
    ),
    ("range = [1, 999]", "range = [999, 1]", "写反了"),
];

#[test]
fn each_wrong_word_is_told_on_its_line() {
    for (piece, other, said) in WRONG_WORDS.iter().copied() {
        let marked = other.lines().next_back().unwrap();
        let marked = if said == "没有人能办" {
            "same_as"
        } else {
            marked
        };
        check(piece, other, marked, said);
    }
}

#[test]
fn what_is_not_there_is_told_at_its_table() {
    for (piece, other, marked, said) in [
        ("name = \"岗位\"\n", "", "id = \"vacancy\"", "缺“name”"),
        (
            "roles = [\"system\"]\neff",
            "eff",
            "[[transition]]\nid = \"expire\"",
            "没有写角色",
        ),
        (
            "name = \"提交审核\"",
            "name = \"提交审核\"\nat_once = true",
            "[[transition]]\nid = \"submit\"",
            "角色里就要有 system",
        ),
        (
            "parameter = \"vacancy.review_wd\"\n",
            "",
            "[[deadline]]\nid = \"review\"",
            "要写一个",
        ),
        (
            "parameter = \"vacancy.review_wd\"",
            "parameter = \"vacancy.review_wd\"\nuntil = \"valid_to\"",
            "[[deadline]]\nid = \"review\"",
            "也只能写一个",
        ),
        (
            "hint = \"含单位概况、条件、薪酬、社保。\"\n",
            "",
            "[[attachment]]",
            "缺“hint”",
        ),
        (
            "form = \"credit_code\"",
            "form = \"credit_code\"\nrange = [1, 2]",
            "range = [1, 2]",
            "不适用",
        ),
        (
            "type = \"integer\"\nrequired = true",
            "type = \"integer\"\nrequired = true\npersonal = \"phone\"",
            "personal = \"phone\"\nrange",
            "只有文字字段",
        ),
    ] {
        check(piece, other, marked, said);
    }
}

#[test]
fn ids_that_stand_twice_are_told() {
    for (piece, other) in [
        ("id = \"duty\"", "id = \"title\""),
        ("id = \"withdrawn\"", "id = \"expired\""),
        ("id = \"withdraw\"", "id = \"expire\""),
        ("id = \"validity\"", "id = \"review\""),
    ] {
        let faults = faults_with(piece, other);
        let is_told = faults.iter().any(|fault| fault.text.contains("写了两次"));
        assert!(is_told, "{other}: {faults:#?}");
    }
}

#[test]
fn states_that_lead_nowhere_are_told() {
    let dusk = "[[state]]\nid = \"dusk\"\nname = \"黄昏\"\nstage = \"open\"\n\n";
    let to_dusk = "[[transition]]\nid = \"fall\"\nname = \"落\"\nfrom = [\"draft\"]\nto = \"dusk\"\nroles = [\"clerk\"]\n\n";
    let night = "[[state]]\nid = \"night\"\nname = \"夜\"\nstage = \"open\"\n\n";
    let to_night = to_dusk
        .replace("fall", "sink")
        .replace("\"draft\"", "\"dusk\"")
        .replace("to = \"dusk\"", "to = \"night\"");
    let back = to_dusk
        .replace("fall", "rise")
        .replace("\"draft\"", "\"night\"");
    let leave_end = to_dusk
        .replace("\"draft\"", "\"expired\"")
        .replace("to = \"dusk\"", "to = \"draft\"");
    let first = "[[deadline]]";
    let endless = format!("{dusk}{night}{to_dusk}{to_night}{back}{first}");
    for (other, said) in [
        (format!("{dusk}{first}"), "“dusk”到不了"),
        (format!("{dusk}{to_dusk}{first}"), "没有出路"),
        (endless, "“dusk”走不到任何终点"),
        (format!("{leave_end}{first}"), "是终点，却有步骤离开"),
    ] {
        let faults = faults_with(first, &other);
        assert!(
            faults.iter().any(|fault| fault.text.contains(said)),
            "{said}: {faults:#?}"
        );
    }
}

#[test]
fn what_is_no_toml_is_told_and_hides_no_other_file() {
    let mut files = FILES;
    files[0].text = "id = \nname";
    files[1].text = "id = \"employer\"";
    let faults = KindSet::read(&files, &|_| true).unwrap_err();
    let told = |path: &str, said: &str| {
        faults
            .iter()
            .any(|fault| fault.path == path && fault.text.contains(said))
    };
    assert!(
        told("employment/vacancy.toml", "不是合格的 TOML"),
        "{faults:#?}"
    );
    assert!(told("common/employer.toml", "缺“version”"));
    let shown = faults[0].to_string();
    assert!(shown.starts_with("common/employer.toml:1: "), "{shown}");
}

#[test]
fn a_register_writes_no_states_and_a_workflow_drops_only_its_own() {
    let mut files = FILES;
    let register =
        format!("{EMPLOYER}\n[[state]]\nid = \"new\"\nname = \"新\"\nstage = \"open\"\n");
    let subsidy = SUBSIDY.replace("\"objection\"", "\"objection\", \"appeal\"");
    (files[1].text, files[2].text) = (&register, &subsidy);
    let faults = KindSet::read(&files, &|_| true).unwrap_err();
    let lines: Vec<_> = faults.iter().map(ToString::to_string).collect();
    assert!(
        lines[0].starts_with("common/employer.toml:30: 登记簿"),
        "{lines:#?}"
    );
    assert!(
        lines[1].starts_with("startup/subsidy.toml:13: 流程“sub”没有状态“appeal”"),
        "{lines:#?}"
    );
}

#[test]
fn every_fault_is_told_at_once() {
    let text = VACANCY
        .replace("engine = \"case\"", "engine = \"magic\"")
        .replace("stage = \"waiting\"", "stage = \"asleep\"")
        .replace("until = \"valid_to\"", "until = \"title\"");
    let mut files = FILES;
    files[0].text = &text;
    let faults = KindSet::read(&files, &|_| true).unwrap_err();
    assert_eq!(faults.len(), 3, "{faults:#?}");
    assert!(faults.is_sorted());
}
