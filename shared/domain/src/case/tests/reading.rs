//! Kinds as they are read, stored, read back and shown.

use super::*;

#[test]
fn a_kind_is_read_with_its_workflow_under_it() {
    let subsidy = kind("subsidy");
    let states: Vec<_> = subsidy
        .states
        .iter()
        .map(|state| state.id.as_str())
        .collect();
    assert_eq!(
        states,
        ["draft", "submitted", "accepted", "publicity", "archived"]
    );
    assert_eq!(subsidy.transition("accept").unwrap().name, "受理申请");
    assert_eq!(
        subsidy.transition("approve").unwrap().differs_from,
        ["accept", "show"]
    );
    assert_eq!(subsidy.deadlines[1].states, ["publicity"]);
}

#[test]
fn a_register_gets_its_two_states() {
    let employer = kind("employer");
    assert_eq!(employer.initial, "active");
    assert!(employer.is_end("closed"));
    let steps: Vec<_> = employer
        .transitions
        .iter()
        .map(|step| step.id.as_str())
        .collect();
    assert_eq!(steps, ["close", "reopen"]);
    assert_eq!(
        employer.state("active").unwrap().editors,
        [Role::Clerk, Role::Reviewer]
    );
}

#[test]
fn an_entry_of_a_register_that_may_pause_is_paused_with_a_reason_and_resumed() {
    let text = EMPLOYER.replacen("engine =", "may_pause = true\nengine =", 1);
    let files = [KindFile {
        path: "common/employer.toml",
        text: &text,
    }];
    let kinds = KindSet::read(&files, &|_| true).unwrap();
    let kind = kinds.get(&KindId::new("employer").unwrap()).unwrap();
    let arrow = |id: &str| {
        let step = kind.transition(id).unwrap();
        (step.from.join(" "), step.to.as_str(), step.needs_reason)
    };
    assert_eq!(arrow("pause"), ("active".to_owned(), "paused", true));
    assert_eq!(arrow("resume"), ("paused".to_owned(), "active", false));
    assert_eq!(arrow("close"), ("active paused".to_owned(), "closed", true));
}

#[test]
fn the_canonical_text_gives_the_same_kind_and_its_hash() {
    let kinds = kinds();
    assert_eq!(kinds.iter().count(), 3);
    for kind in kinds.iter() {
        let text = kinds.canonical_text(&kind.id).unwrap();
        assert_eq!(&Kind::read_one(text).unwrap(), kind.as_ref());
        assert_eq!(kind.hash.0.len(), 64);
    }
    assert!(Kind::read_one("{}").is_err());
}

#[test]
fn a_comment_is_no_new_version() {
    let text = format!("# 说明\n{EMPLOYER}");
    let files = [KindFile {
        path: "common/employer.toml",
        text: &text,
    }];
    let with_comment = KindSet::read(&files, &|_| true).unwrap();
    let id = KindId::new("employer").unwrap();
    assert_eq!(with_comment.get(&id).unwrap().hash, kind("employer").hash);
}

#[test]
fn a_kind_has_a_page_with_its_diagram() {
    let page = document(&kind("vacancy"));
    for line in [
        "# 岗位（`vacancy`，第 1 版）",
        "| 岗位名称 | `title` | 文字，2–40 字 | 必填 |",
        "| 草稿 | `draft` | 待办（起点） | 经办、单位经办 |",
        "| 退回补正 | 待审核 | 已退回 | 复核 | 一次性告知 |",
        "| 审核 | 待审核 | 参数 `vacancy.review_wd` 工作日 | 提前 1 工作日 | 报股室负责人 |",
        "    [*] --> draft",
        "    published --> expired: 到期（系统）",
        "    expired --> [*]",
    ] {
        assert!(page.lines().any(|other| other == line), "{line}\n{page}");
    }
    assert!(document(&kind("employer")).contains("closed --> active: 恢复（股室负责人）"));
}
