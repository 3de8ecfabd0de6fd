//! Rows with invented content: what each column becomes, and what is flagged.

use super::*;
use crate::listing::{Education, Experience, Headcount, JobForm};
use crate::money::Fen;

const PARAMETERS: PayParameters = PayParameters {
    paid_days_per_month_hundredths: 2_175,
    hours_per_day: 8,
};

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn code_lists() -> VacancyCodes {
    VacancyCodes::read(&CodeTexts {
        education: include_str!("../../../../assets/codes/education.json"),
        experience: include_str!("../../../../assets/codes/experience.json"),
        job_forms: include_str!("../../../../assets/codes/job-forms.json"),
    })
    .unwrap()
}

fn try_normalise(raw: &RawVacancy<'_>) -> Result<(ListingDraft, Vec<Flag>), RowUnusable> {
    let as_of = day(2026, 11, 23);
    normalise(
        raw,
        &Context {
            as_of,
            pay: &PARAMETERS,
            codes: &code_lists(),
        },
    )
}

fn normalised(raw: &RawVacancy<'_>) -> (ListingDraft, Vec<Flag>) {
    try_normalise(raw).unwrap()
}

fn titled(title: &str) -> RawVacancy<'_> {
    RawVacancy {
        source_id: Some("t-1"),
        title: Some(title),
        ..RawVacancy::default()
    }
}

#[test]
fn a_full_row_becomes_a_full_draft_without_flags() {
    let raw = RawVacancy {
        source_id: Some("t-1"),
        title: Some(" 眼镜装配工 "),
        employer: Some("示例眼镜厂"),
        district: Some("鹰潭-月湖区"),
        salary_text: Some("4800-6200元/月"),
        education: Some("初中及以上"),
        experience: Some("1-3年"),
        headcount: Some("5人"),
        industry: Some("制造业"),
        job_form: Some("全职"),
        posted_at: Some("2026-11-20"),
        description: Some("装配镜架。\n\n包午餐。"),
        valid_to: Some("2026年12月31日"),
    };
    let (draft, flags) = normalised(&raw);
    assert_eq!(flags, []);
    assert_eq!(draft.title, "眼镜装配工");
    assert_eq!(draft.place.unwrap().city, "鹰潭");
    assert_eq!(draft.monthly.low, Some(Fen(480_000)));
    assert_eq!(draft.education, Some(Education::JuniorMiddle));
    assert_eq!(
        draft.experience,
        Some(Experience::Years {
            from: 1,
            to: Some(3)
        })
    );
    assert_eq!(draft.headcount, Some(Headcount::Exactly { people: 5 }));
    assert_eq!(draft.job_form, Some(JobForm::FullTime));
    assert_eq!(draft.posted_on, Some(day(2026, 11, 20)));
    assert_eq!(draft.description.as_deref(), Some("装配镜架。\n包午餐。"));
    assert_eq!(draft.valid_to, Some(day(2026, 12, 31)));
}

#[test]
fn an_empty_row_is_unknown_everywhere_and_flagged() {
    let (draft, flags) = normalised(&titled("保洁"));
    assert_eq!((draft.employer, draft.place, draft.pay), (None, None, None));
    assert_eq!(
        (draft.education, draft.experience, draft.headcount),
        (None, None, None)
    );
    assert_eq!(
        (draft.job_form, draft.posted_on, draft.valid_to),
        (None, None, None)
    );
    for field in [
        Field::Employer,
        Field::District,
        Field::SalaryText,
        Field::Education,
    ] {
        assert!(flags.contains(&Flag::Missing { field }), "{field:?}");
    }
}

#[test]
fn a_row_without_title_is_unusable() {
    assert_eq!(
        try_normalise(&titled(" \u{202c} ")),
        Err(RowUnusable::NoTitle)
    );
}

#[test]
fn invisible_characters_leave_the_title_and_are_said() {
    let (draft, flags) = normalised(&titled("电\u{202c}工\u{7}  学徒\n夜班"));
    assert_eq!(draft.title, "电工 学徒 夜班");
    assert!(flags.contains(&Flag::Cleaned {
        field: Field::Title
    }));
}

#[test]
fn misplaced_cells_are_flagged_and_used_where_they_belong() {
    let raw = RawVacancy {
        education: Some("招2人"),
        experience: Some("本科"),
        headcount: Some("05-06发布"),
        ..titled("会计")
    };
    let (draft, flags) = normalised(&raw);
    assert_eq!(draft.education, Some(Education::Bachelor));
    assert_eq!(draft.experience, None);
    assert_eq!(draft.headcount, Some(Headcount::Exactly { people: 2 }));
    assert_eq!(draft.posted_on, Some(day(2026, 5, 6)));
    assert!(!flags.contains(&Flag::Missing {
        field: Field::PostedAt
    }));
    for (field, belongs) in [
        (Field::Education, Field::Headcount),
        (Field::Experience, Field::Education),
        (Field::Headcount, Field::PostedAt),
    ] {
        assert!(
            flags.contains(&Flag::Misplaced { field, belongs }),
            "{field:?}"
        );
    }
}

#[test]
fn a_misplaced_cell_never_overrides_the_proper_one() {
    let raw = RawVacancy {
        education: Some("大专"),
        experience: Some("硕士"),
        ..titled("会计")
    };
    assert_eq!(normalised(&raw).0.education, Some(Education::JuniorCollege));
}

#[test]
fn internship_terms_in_other_columns_name_the_form() {
    let raw = RawVacancy {
        education: Some("6个月"),
        experience: Some("5天/周"),
        ..titled("文员")
    };
    let (draft, flags) = normalised(&raw);
    assert_eq!(draft.job_form, Some(JobForm::Internship));
    assert!(flags.contains(&Flag::Misplaced {
        field: Field::Education,
        belongs: Field::JobForm
    }));
    assert_eq!((draft.education, draft.experience), (None, None));
}

#[test]
fn a_headcount_of_zero_and_words_of_no_list_are_unknown() {
    let raw = RawVacancy {
        education: Some("家属优先"),
        experience: Some("面议"),
        headcount: Some("0"),
        ..titled("文员")
    };
    let (draft, flags) = normalised(&raw);
    assert_eq!(
        (draft.education, draft.experience, draft.headcount),
        (None, None, None)
    );
    for field in [Field::Education, Field::Experience, Field::Headcount] {
        assert!(flags.contains(&Flag::NotUnderstood { field }), "{field:?}");
    }
}

#[test]
fn codes_read_the_words_of_every_source() {
    use Education::{Any, Bachelor, Doctor, JuniorCollege, JuniorMiddle, Master, SeniorMiddle};
    let codes = code_lists();
    for (text, expected) in [
        ("学历不限", Some(Any)),
        ("不限", Some(Any)),
        ("初中及以下", Some(JuniorMiddle)),
        ("中技/中专", Some(SeniorMiddle)),
        ("大专及以上", Some(JuniorCollege)),
        ("统招本科", Some(Bachelor)),
        ("本科以上", Some(Bachelor)),
        ("硕士", Some(Master)),
        ("博士", Some(Doctor)),
        ("家属", None),
    ] {
        assert_eq!(codes.education(text), expected, "{text}");
    }
    let years = |from, to| Some(Experience::Years { from, to });
    for (text, expected) in [
        ("1-3年经验", years(1, Some(3))),
        ("2年经验", years(2, None)),
        ("3", years(3, None)),
        ("10年以上经验", years(10, None)),
        ("3至5年", years(3, Some(5))),
        ("一年以下", years(0, Some(1))),
        ("1年以内经验", years(0, Some(1))),
        ("5-3年", None),
        ("99年", None),
        ("经验不限 ,可接收应届生", Some(Experience::None)),
        ("在校生/应届生", Some(Experience::Student)),
    ] {
        assert_eq!(codes.experience(text), expected, "{text}");
    }
    let exactly = |people| Some(Headcount::Exactly { people });
    for (text, expected) in [
        ("20人人", exactly(20)),
        ("招聘3名", exactly(3)),
        ("7", exactly(7)),
        ("数名人", Some(Headcount::Several)),
        ("不限人", Some(Headcount::Several)),
        ("3-4名", Some(Headcount::Several)),
        ("10-14", None),
        ("名人", None),
        ("0", None),
    ] {
        assert_eq!(code::headcount(text), expected, "{text}");
    }
}

#[test]
fn a_broken_code_list_is_named() {
    let shape = r#"{"levels": [], "year_shapes": [{"shape": "{b}年", "from": "a", "to": null}]}"#;
    let good = r#"{"levels": [], "forms": []}"#;
    let texts = CodeTexts {
        education: good,
        experience: shape,
        job_forms: good,
    };
    assert!(matches!(
        VacancyCodes::read(&texts),
        Err(BadCodes::YearShape { .. })
    ));
    let error = VacancyCodes::read(&CodeTexts {
        education: "{",
        ..texts
    })
    .unwrap_err();
    assert!(error.to_string().contains("education"), "{error}");
}

#[test]
fn titles_name_the_form_by_the_first_word_of_the_list() {
    let codes = code_lists();
    for (title, expected) in [
        ("电子厂日结小时工", Some(JobForm::Gig)),
        ("短视频剪辑实习生", Some(JobForm::Internship)),
        ("周末兼职店员", Some(JobForm::PartTime)),
        ("招聘全职教师", Some(JobForm::FullTime)),
        ("配送员 全职兼职均可", Some(JobForm::PartTime)),
        ("保安", None),
    ] {
        assert_eq!(codes.job_form_of_title(title), expected, "{title}");
    }
}

#[test]
fn pay_flags_say_inferred_and_implausible() {
    let (draft, flags) = normalised(&RawVacancy {
        salary_text: Some("90-110K"),
        ..titled("文员")
    });
    assert!(draft.pay.is_some());
    assert!(flags.contains(&Flag::UnitInferred));
    assert!(flags.contains(&Flag::Implausible {
        reason: pay::Implausible::TooHigh
    }));
    let (draft, flags) = normalised(&RawVacancy {
        salary_text: Some("无"),
        ..titled("文员")
    });
    assert_eq!((draft.pay, draft.pay_text.as_deref()), (None, Some("无")));
    assert!(flags.contains(&Flag::NotUnderstood {
        field: Field::SalaryText
    }));
}

#[test]
fn without_a_source_id_the_identity_is_title_employer_and_place() {
    let raw = RawVacancy {
        source_id: Some(" "),
        employer: Some("甲厂"),
        ..titled("电工")
    };
    let key = SourceKey::of(&raw);
    assert!(normalised(&raw).1.contains(&Flag::IdentityDerived));
    assert_eq!(
        key,
        SourceKey::of(&RawVacancy {
            salary_text: Some("面议"),
            ..raw
        })
    );
    assert_ne!(
        key,
        SourceKey::of(&RawVacancy {
            employer: Some("乙厂"),
            ..raw
        })
    );
    // The boundary between cells is part of the identity.
    let moved = RawVacancy {
        title: Some("电工甲"),
        employer: Some("厂"),
        ..raw
    };
    assert_ne!(key, SourceKey::of(&moved));
    assert!(key.to_string().starts_with("hash:"));
    assert_eq!(SourceKey::of(&titled("电工")).to_string(), "id:t-1");
}

#[test]
fn a_long_description_is_shortened_and_said() {
    let long = "字".repeat(5_000);
    let raw = RawVacancy {
        description: Some(&long),
        ..titled("文员")
    };
    let (draft, flags) = normalised(&raw);
    assert_eq!(draft.description.unwrap().chars().count(), 2_000);
    assert!(flags.contains(&Flag::Shortened {
        field: Field::Description
    }));
}

#[test]
fn validity_ends_as_stated_else_by_the_term_of_its_form() {
    let publication = Publication {
        id: "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap(),
        order: 7,
        published_on: day(2026, 11, 23),
        term: ListingTerm {
            vacancy_days: 90,
            gig_days: 3,
        },
    };
    let end = |raw: &RawVacancy<'_>| normalised(raw).0.publish(&publication).valid_to;
    assert_eq!(end(&titled("保安")), day(2027, 2, 21));
    assert_eq!(end(&titled("日结装卸工")), day(2026, 11, 26));
    let stated = RawVacancy {
        valid_to: Some("2026-12-01"),
        ..titled("保安")
    };
    assert_eq!(end(&stated), day(2026, 12, 1));
}
