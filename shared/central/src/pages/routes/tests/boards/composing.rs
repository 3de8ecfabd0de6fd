//! Writing for boards: the text on a board before it is stored, what is wrong with it, and what is
//! not taken.

use display_driver::codec::BoardFamily;
use display_driver::preview::{self, Panel};
use display_driver::render::glyph::GlyphSource;
use display_driver::render::picture::{Pitch, png};
use display_driver::schedule::BoardLayout;

use super::*;

const FORM: &str = "/staff/records/led_publication/new";

impl Hall {
    async fn for_editors() -> (Self, String) {
        let hall = Self::open().await;
        hall.enrol_driver().await;
        hall.driver_describes(vec![board("LED-01", "大厅屏"), board("LED-02", "政策屏")])
            .await;
        hall.register_board("LED-01").await;
        let (_, cookie) = hall.sign_in(PASSWORD).await;
        (hall, cookie)
    }

    /// What the page shows after the button 看效果, with these texts.
    async fn looks(&self, cookie: &str, fields: &[(&str, &str)]) -> String {
        let look = [("look", "yes"), ("station", "YH-C")];
        let fields: Vec<_> = fields.iter().copied().chain(look).collect();
        let answer = self.ask(cookie, FORM, FORM, &fields).await;
        assert_eq!(answer.status(), StatusCode::OK);
        answer.text().await.unwrap()
    }
}

/// The first picture of a text on a page.
fn picture_address(page: &str) -> String {
    let rest = page.split("src=\"/staff/boards/text.png").nth(1).unwrap();
    let query = rest.split('"').next().unwrap();
    format!("/staff/boards/text.png{}", query.replace("&amp;", "&"))
}

#[tokio::test]
async fn the_dots_on_the_page_are_those_of_the_driver() {
    let (hall, cookie) = Hall::for_editors().await;
    let text = "11月25日下午停电，请上午来办或改天";
    let page = hall.looks(&cookie, &[("f.body", text)]).await;
    assert!(page.contains("大厅屏，192×32 点，红绿双色"), "{page}");
    let picture = hall
        .get(&picture_address(&page))
        .header(header::COOKIE, &cookie);
    let picture = picture.send().await.unwrap();
    assert_eq!(picture.headers()[header::CONTENT_TYPE], "image/png");
    let panel = Panel {
        limit: display_driver::page::PageLimit::NONE,
        family: BoardFamily::OnbonK,
        layout: BoardLayout {
            width_px: 192,
            height_px: 32,
        },
        has_green: true,
    };
    let drawn = preview::notice(&panel, &mut GlyphSource::new(), text);
    let expected = png(&drawn.pages[0], Pitch::Px4).unwrap();
    assert_eq!(picture.bytes().await.unwrap(), expected);
}

#[tokio::test]
async fn looking_stores_nothing_and_says_what_is_wrong_and_what_fits() {
    let (hall, cookie) = Hall::for_editors().await;
    let long = "请带身份证".repeat(20);
    let page = hall
        .looks(&cookie, &[("f.body", &long), ("f.title", "包过培训")])
        .await;
    assert!(page.contains("放不下：要"), "{page}");
    assert!(page.contains("“标题”里的“包过”"), "{page}");
    assert!(page.contains("叫号时会让开，叫完接着放。"), "{page}");
    assert!(page.contains(&long), "what was typed stays");
    let today = hall.app.now().hall_date();
    let past = today.pred_opt().unwrap().to_string();
    let fields = [
        ("f.body", "喆𠀀"),
        ("f.from_on", past.as_str()),
        ("f.to_on", past.as_str()),
    ];
    let page = hall.looks(&cookie, &fields).await;
    assert!(page.contains("末日已经过了"), "{page}");
    assert!(page.contains("字库里没有“喆”，会用“哲”代替"), "{page}");
    assert!(page.contains("字库里没有“𠀀”，会显示成“□”"), "{page}");
    assert!(page.contains("还能放"), "{page}");
    let list = hall.page("/staff/records/led_publication", &cookie).await;
    assert!(!list.contains("包过培训"), "{list}");
}

#[tokio::test]
async fn only_boards_of_the_register_can_be_chosen_and_the_others_say_what_to_do() {
    let (hall, cookie) = Hall::for_editors().await;
    let page = hall.page(FORM, &cookie).await;
    let choice = page.split("name=\"f.screens\" value=\"DEVICE-").count();
    assert_eq!(choice, 2, "one board can be chosen: {page}");
    assert!(page.contains("请技术员登记，编号填 LED-02"), "{page}");
    let number = hidden(&page, "f.screens").unwrap();
    assert!(number.is_empty(), "nothing is chosen at first");
    let device = page.split("value=\"DEVICE-").nth(1).unwrap();
    let device = format!("DEVICE-{}", device.split('"').next().unwrap());
    let page = hall
        .looks(&cookie, &[("f.body", "欢迎"), ("f.screens", &device)])
        .await;
    assert!(
        !page.contains("也在这些屏上播"),
        "only the chosen one: {page}"
    );
}

#[tokio::test]
async fn what_must_not_be_on_a_board_is_not_stored_and_told_at_its_field() {
    let (hall, cookie) = Hall::for_editors().await;
    let today = hall.app.now().hall_date().to_string();
    for (body, told) in [
        ("电话 15412345678", "像手机号"),
        ("培训包过", "“包过”"),
        ("电工，仅限男", "招人不能按性别"),
    ] {
        let fields = [
            ("station", "YH-C"),
            ("f.content_type", "notice"),
            ("f.title", "试验"),
            ("f.body", body),
            ("f.from_on", &today),
            ("f.to_on", &today),
            ("f.priority", "5"),
        ];
        let answer = hall.ask(&cookie, FORM, FORM, &fields).await;
        assert_eq!(answer.status(), StatusCode::CONFLICT, "{body}");
        let page = answer.text().await.unwrap();
        assert!(
            page.contains(told) && page.contains("aria-invalid"),
            "{page}"
        );
    }
    for body in ["电话 154-1234-5678", "内部名额，先到先得"] {
        let refused = hall.publication(body, &[], (0, 1)).await.unwrap_err();
        assert!(matches!(refused, CaseFault::Refused(_)), "{body}");
    }
}

#[tokio::test]
async fn the_full_name_of_somebody_registered_is_not_stored_for_a_board() {
    let hall = Hall::open().await;
    let values = [
        (
            "name",
            Value::Personal(domain::personal::Pii::new("测试甲".to_owned())),
        ),
        ("id_type", Value::Choice("resident".to_owned())),
        (
            "id_number",
            Value::Personal(domain::personal::Pii::new("999999199001010016".to_owned())),
        ),
        ("sex", Value::Choice("male".to_owned())),
        ("birth_date", Value::Date("1990-01-01".parse().unwrap())),
    ];
    let clerk = actor(104, StaffRole::Clerk);
    hall.open_record("person", clerk, values).await.unwrap();
    let refused = hall.publication("祝贺测试甲找到工作", &[], (0, 1)).await;
    let CaseFault::Refused(refusal) = refused.unwrap_err() else {
        panic!("it is the record that says no");
    };
    assert!(
        refusal.text.contains("“测试甲”，请写成“测*甲”"),
        "{}",
        refusal.text
    );
    hall.publication("祝贺测*甲找到工作", &[], (0, 1))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_direct_emergency_and_the_managers_own_words_are_looked_through_too() {
    let (hall, cookie) = Hall::for_editors().await;
    let today = hall.app.now().hall_date().to_string();
    let fields = [
        ("title", "招聘会"),
        ("body", "报名打 15412345678"),
        ("last_day", today.as_str()),
    ];
    let answer = hall
        .ask(&cookie, "/staff/hall", "/staff/hall/announce", &fields)
        .await;
    assert_eq!(answer.status(), StatusCode::CONFLICT);
    assert!(answer.text().await.unwrap().contains("像手机号"));
    let refused = hall.publication("有事打 15412345678", &[], (0, 1)).await;
    assert!(
        refused.is_err(),
        "so there is nothing that could be aired directly"
    );
}
