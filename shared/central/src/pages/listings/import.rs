//! Importing a sheet of vacancies, as employers, job fairs and job boards make them: first the file,
//! then what it would come to, then what it came to. Nothing of it is public by that.

use maud::{Markup, html};

use crate::import::ImportReport;
use crate::pages::frame::{Desk, MenuEntry, Said, said, staff_page};

/// How far the import is; `held` names the file.
#[derive(Debug, Clone)]
pub(crate) enum VacancyImport {
    /// No file yet.
    Asking,
    /// A file was tried.
    Tried {
        report: Box<ImportReport>,
        held: String,
    },
    /// It was imported.
    Done {
        report: Box<ImportReport>,
        held: String,
    },
}

/// The page.
pub(crate) fn vacancy_import_page(
    desk: &Desk,
    stage: &VacancyImport,
    notice: Option<&Said>,
) -> Markup {
    let title = "导入岗位表";
    let content = html! {
        div.stack {
            h1 { (title) }
            (said(notice))
            @match stage {
                VacancyImport::Asking => (asking(desk)),
                VacancyImport::Tried { report, held } => (tried(desk, report, held)),
                VacancyImport::Done { report, held } => (done(report, held)),
            }
            p { a.button href="/staff/listings" { "回岗位" } }
        }
    };
    staff_page(desk, MenuEntry::Listings, title, None, &content)
}

fn asking(desk: &Desk) -> Markup {
    html! {
        form.card.pad method="post" enctype="multipart/form-data" action="/staff/listings/import" {
            (desk.form_token.field())
            div.field {
                label for="file" { "岗位表" }
                input #file type="file" name="file" required accept=".xlsx,.csv" aria-describedby="file-hint";
                span #file-hint .soft { "表格文件，Excel 或 WPS 存的都行；最大 20 兆。" }
            }
            p {
                "单位、招聘会、招聘网站给的岗位表不用改格式，有“岗位名称”一列就能认。先试一遍，不会动任何岗位；"
                "同一张表再导一次，只改有变化的几行。"
            }
            button.primary { "先试一遍" }
        }
    }
}

fn tried(desk: &Desk, report: &ImportReport, held: &str) -> Markup {
    let rows = report.imported + report.updated;
    html! {
        div.card {
            h2 { "试了一遍，还没有导入" }
            div.pad.stack {
                (counts(report))
                @if rows > 0 {
                    form method="post" action=(format!("/staff/listings/import/{held}")) {
                        (desk.form_token.field())
                        button.primary { "导入这 " (rows) " 行" }
                    }
                } @else {
                    p { "没有要导入的行。" }
                }
                (rejects(report, held))
            }
        }
    }
}

fn done(report: &ImportReport, held: &str) -> Markup {
    html! {
        p.say.good { "✓ 导入了。岗位先等着，审核的人公布以后才对外。" }
        div.card.pad.stack { (counts(report)) (rejects(report, held)) }
    }
}

fn counts(report: &ImportReport) -> Markup {
    html! {
        p {
            "共 " b { (report.rows()) } " 行：新岗位 " b { (report.imported) } "，有改动 " b { (report.updated) }
            "，没有变化 " (report.unchanged) "，不能导入 " b { (report.rejected) } "。"
        }
        @for notice in &report.notices { p { (notice) } }
        @if report.pay_text_rows > 0 {
            p.soft { "写了薪资的 " (report.pay_text_rows) " 行，看懂 " (report.pay_understood) " 行；没看懂的照原话展示。" }
        }
    }
}

fn rejects(report: &ImportReport, held: &str) -> Markup {
    html! {
        @if report.rejected > 0 {
            p {
                a.button href=(format!("/staff/listings/import/{held}/rejects.csv")) {
                    "下载不能导入的 " (report.rejected) " 行和原因"
                }
                span.soft { " 每行写着原因，改好可以直接再导入。" }
            }
        }
    }
}
