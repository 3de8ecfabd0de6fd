//! The printed checklist: what a slip of 48 columns says of a check. It holds nothing of who asked, and not
//! the answers.

use crate::time::day_text;

use super::finding::{Checkup, Finding, MaterialSource, Verdict};

/// The lines of a check, from top to bottom; an empty one parts what belongs together. Wrapping them is the
/// printer's work.
#[must_use]
pub fn checklist(checkup: &Checkup) -> Vec<String> {
    let mut lines = vec![
        "资格自检结果".to_owned(),
        format!("{}　规则版本 {}", day(checkup), checkup.rule_version),
        checkup.disclaimer.clone(),
    ];
    for finding in &checkup.findings {
        lines.push(String::new());
        lines.extend(of_finding(finding, checkup));
    }
    if !checkup.exclusions.is_empty() {
        lines.push(String::new());
        lines.push("能不能一起领：".to_owned());
        let notes = checkup.exclusions.iter();
        lines.extend(notes.map(|note| format!("· {}", note.text)));
    }
    lines
}

fn day(checkup: &Checkup) -> String {
    checkup.on.format("%Y年%-m月%-d日").to_string()
}

fn of_finding(finding: &Finding, checkup: &Checkup) -> Vec<String> {
    let mut lines = vec![format!("【{}】{}", finding.verdict.word(), finding.name)];
    lines.extend(finding.reasons.iter().map(|reason| reason.text.clone()));
    if !finding.missing.is_empty() {
        lines.push(format!("还要弄清：{}", finding.missing.join("、")));
    }
    lines.extend(
        finding
            .amount
            .iter()
            .map(|amount| format!("标准：{amount}")),
    );
    if let Some(earliest) = finding.earliest {
        lines.push(format!(
            "如果别的没变，{}起可以再查。",
            day_text(earliest, checkup.on)
        ));
    }
    if finding.verdict == Verdict::Unlikely {
        return lines;
    }
    lines.extend(materials(finding));
    lines.push(format!("去哪办：{}", finding.place));
    lines.extend(
        finding
            .deadline
            .iter()
            .map(|deadline| format!("期限：{deadline}")),
    );
    lines
}

fn materials(finding: &Finding) -> Vec<String> {
    let of = |source| {
        let materials = finding.materials.iter();
        materials.filter(move |material| material.source == source)
    };
    let mut lines = Vec::new();
    if of(MaterialSource::Bring).next().is_some() {
        lines.push("要带：".to_owned());
        lines.extend(of(MaterialSource::Bring).map(|material| format!("□ {}", material.name)));
    }
    for (source, said) in [
        (MaterialSource::AtWindow, "到窗口填"),
        (MaterialSource::LookedUp, "不用带，窗口能查到"),
    ] {
        let names: Vec<&str> = of(source).map(|material| material.name.as_str()).collect();
        if !names.is_empty() {
            lines.push(format!("{said}：{}", names.join("、")));
        }
    }
    lines
}
