//! Forms of records as two people at two desks use them: what one wrote is not lost by what the
//! other saves, what was typed is shown again after every refusal, and faults stand at their field.

use domain::case::Role;
use domain::id_number::check_character;
use reqwest::{Response, StatusCode};

use crate::browser::{Browser, encoded, form_token};
use crate::hall::Hall;

/// Two people who may change the register of persons, and a person in it.
struct TwoDesks {
    clerk: Browser,
    chief: Browser,
    hall: Hall,
    record: String,
}

fn text_of(html: &str) -> String {
    html.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    Some(text_of(rest.split('"').next()?))
}

/// What a browser sends when the form with this action is sent as it stands.
struct Form {
    action: String,
    fields: Vec<(String, String)>,
}

impl Form {
    fn on(page: &str, action: &str) -> Self {
        let start = page.find(&format!("action=\"{action}\""));
        let start = start.unwrap_or_else(|| panic!("no form {action} on {page}"));
        let form = page[start..].split("</form>").next().unwrap();
        let mut fields = Vec::new();
        let mut select = String::new();
        for part in form.split('<').skip(1) {
            let (tag, text) = part.split_once('>').unwrap();
            let name = attribute(tag, "name").filter(|name| !name.is_empty());
            match tag.split(' ').next().unwrap() {
                "input" => {
                    let value = attribute(tag, "value").unwrap_or_default();
                    fields.extend(name.map(|name| (name, value)));
                }
                // browsers send line ends in their own way
                "textarea" => {
                    let text = text_of(text).replace('\n', "\r\n");
                    fields.extend(name.map(|name| (name, text)));
                }
                "select" => select = name.unwrap_or_default(),
                "option" => {
                    let is_first = !fields.iter().any(|(known, _)| *known == select);
                    let value = attribute(tag, "value").unwrap_or_default();
                    if tag.contains(" selected") {
                        fields.retain(|(known, _)| *known != select);
                        fields.push((select.clone(), value));
                    } else if is_first {
                        fields.push((select.clone(), value));
                    }
                }
                _ => {}
            }
        }
        let action = action.to_owned();
        Self { action, fields }
    }

    fn get(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|(known, _)| known == name);
        &found.unwrap_or_else(|| panic!("no field {name}")).1
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        self.get(name);
        self.fields.retain(|(known, _)| known != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    async fn send(&self, browser: &Browser) -> Response {
        let pairs = self.fields.iter();
        let pairs = pairs.map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
        let body = pairs.collect::<Vec<_>>().join("&");
        browser.post(&self.action, body).await
    }

    /// Sends what must be refused: the page that comes back.
    async fn refused(&self, browser: &Browser) -> String {
        let answer = self.send(browser).await;
        let (status, page) = (answer.status(), answer.text().await.unwrap());
        assert_eq!(status, StatusCode::CONFLICT, "{page}");
        page
    }

    async fn done(&self, browser: &Browser) {
        let answer = self.send(browser).await;
        let (status, page) = (answer.status(), answer.text().await.unwrap());
        assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    }
}

async fn new_form(browser: &Browser, kind: &str) -> Form {
    let path = format!("/staff/records/{kind}/new");
    Form::on(&browser.page(&path).await, &path)
}

async fn opened(browser: &Browser, form: Form) -> String {
    let answer = form.send(browser).await;
    if answer.status() != StatusCode::SEE_OTHER {
        panic!("{}", answer.text().await.unwrap());
    }
    let to = answer.headers()["location"].to_str().unwrap();
    to.strip_prefix("/staff/record/").unwrap().to_owned()
}

impl TwoDesks {
    async fn open() -> Self {
        let hall = Hall::open().await;
        let clerk = Browser::of(&hall, &[Role::Clerk]).await;
        let chief = Browser::of(&hall, &[Role::Chief]).await;
        let body = "99999919870203405";
        let number = format!("{body}{}", check_character(body).unwrap());
        let person = new_form(&clerk, "person")
            .await
            .with("f.name", "测试甲")
            .with("f.id_type", "resident")
            .with("f.id_number", &number)
            .with("f.sex", "male")
            .with("f.birth_date", "1987-02-03")
            .with("f.phone", "15400000001")
            .with("f.remark", "原来的备注");
        let record = opened(&clerk, person).await;
        Self {
            clerk,
            chief,
            hall,
            record,
        }
    }

    fn address(&self) -> String {
        format!("/staff/record/{}", self.record)
    }

    async fn change_form(&self, browser: &Browser) -> Form {
        let path = format!("{}/change", self.address());
        Form::on(&browser.page(&path).await, &path)
    }

    fn returned(&self, page: &str) -> Form {
        Form::on(page, &format!("{}/change", self.address()))
    }
}

#[tokio::test]
async fn what_two_people_change_in_different_fields_is_kept_of_both() {
    let desks = TwoDesks::open().await;
    let by_clerk = desks.change_form(&desks.clerk).await;
    let by_chief = desks.change_form(&desks.chief).await;
    let by_chief = by_chief.with("f.remark", "科长改的备注");
    by_chief
        .with("f.phone", "15400000002")
        .done(&desks.chief)
        .await;

    let by_clerk = by_clerk.with("f.hukou_region", "360602");
    let page = by_clerk.refused(&desks.clerk).await;
    assert!(page.contains("这条记录刚被别人改过"), "{page}");
    let shown = desks.returned(&page);
    assert_eq!(
        shown.get("f.remark"),
        "科长改的备注",
        "the other's, untouched here"
    );
    assert_eq!(shown.get("f.hukou_region"), "360602", "one's own, as typed");
    assert!(page.contains("154****0002"), "the other's number, masked");
    assert!(!page.contains("您填的时候"), "no field was touched by both");
    shown.done(&desks.clerk).await;

    let page = desks.clerk.page(&desks.address()).await;
    for kept in ["科长改的备注", "360602", "154****0002"] {
        assert!(page.contains(kept), "{kept}: {page}");
    }
}

#[tokio::test]
async fn who_touched_a_field_that_another_wrote_is_told_what_and_decides() {
    let desks = TwoDesks::open().await;
    let by_clerk = desks.change_form(&desks.clerk).await;
    let by_chief = desks.change_form(&desks.chief).await;
    let by_chief = by_chief.with("f.remark", "科长的备注");
    by_chief
        .with("f.phone", "15400000002")
        .done(&desks.chief)
        .await;
    let later_by_chief = desks.change_form(&desks.chief).await;

    let by_clerk = by_clerk.with("f.remark", "经办的备注");
    let page = by_clerk
        .with("f.phone", "15400000003")
        .refused(&desks.clerk)
        .await;
    assert!(page.contains("把这里改成了“科长的备注”"), "{page}");
    assert!(page.contains("把这里改成了“154****0002”"), "{page}");
    assert!(
        !page.contains("15400000002"),
        "a personal value is never sent plain"
    );
    let shown = desks.returned(&page);
    assert_eq!(shown.get("f.remark"), "经办的备注");
    assert_eq!(shown.get("f.phone"), "15400000003", "typed here, not lost");
    shown.done(&desks.clerk).await;

    // and the other one, who comes back to a form from before that
    let page = later_by_chief
        .with("f.remark", "科长再改")
        .refused(&desks.chief)
        .await;
    assert!(page.contains("把这里改成了“经办的备注”"), "{page}");
    let page = desks.clerk.page(&desks.address()).await;
    assert!(
        page.contains("经办的备注") && page.contains("154****0003"),
        "{page}"
    );
}

#[tokio::test]
async fn a_form_that_is_sent_back_as_it_was_changes_nothing() {
    let desks = TwoDesks::open().await;
    let form = desks.change_form(&desks.clerk).await;
    assert!(
        form.fields
            .iter()
            .all(|(name, _)| name != "was.phone" && name != "was.name")
    );
    form.done(&desks.clerk).await;
    let page = desks.clerk.page(&desks.address()).await;
    assert!(!page.contains("改了 "), "{page}");
    assert!(page.contains("154****0001"));
}

#[tokio::test]
async fn a_wrong_value_keeps_what_was_typed_beside_what_somebody_else_wrote() {
    let desks = TwoDesks::open().await;
    let by_clerk = desks.change_form(&desks.clerk).await;
    let by_chief = desks.change_form(&desks.chief).await;
    by_chief
        .with("f.remark", "科长的备注")
        .done(&desks.chief)
        .await;
    let by_clerk = by_clerk.with("f.birth_date", "不是日期");
    let page = by_clerk.refused(&desks.clerk).await;
    assert!(page.contains("还有几处要改"), "{page}");
    let shown = desks.returned(&page);
    assert_eq!(shown.get("f.birth_date"), "不是日期");
    assert_eq!(shown.get("f.remark"), "科长的备注");
}

#[tokio::test]
async fn what_was_written_for_a_step_that_is_gone_is_shown_to_be_copied() {
    let desks = TwoDesks::open().await;
    let other = Browser::of(&desks.hall, &[Role::Director, Role::Chief]).await;
    let close = format!("{}/step/close", desks.address());
    let mine = Form::on(&desks.chief.page(&desks.address()).await, &close);
    let first = Form::on(&other.page(&desks.address()).await, &close);
    first.with("reason", "本人申请停用").done(&other).await;

    let reason = "迁往外地，档案已转出";
    let page = mine.with("reason", reason).refused(&desks.chief).await;
    assert!(page.contains("“停用”现在办不了"), "{page}");
    assert!(
        page.contains("没有这一步了") && page.contains(reason),
        "{page}"
    );
    assert!(!page.contains(&format!("action=\"{close}\"")));
}

#[tokio::test]
async fn what_was_written_for_a_step_or_a_hand_over_stays_when_the_record_was_changed() {
    let desks = TwoDesks::open().await;
    let page = desks.chief.page(&desks.address()).await;
    let close = format!("{}/step/close", desks.address());
    let hand_over = format!("{}/hand-over", desks.address());
    let (step, handing) = (Form::on(&page, &close), Form::on(&page, &hand_over));
    let change = desks.change_form(&desks.clerk).await;
    change
        .with("f.remark", "经办的备注")
        .done(&desks.clerk)
        .await;

    let page = step
        .with("reason", "重复登记的一条")
        .refused(&desks.chief)
        .await;
    assert_eq!(Form::on(&page, &close).get("reason"), "重复登记的一条");
    let page = handing
        .with("reason", "休假交接")
        .refused(&desks.chief)
        .await;
    let again = Form::on(&page, &hand_over);
    assert_eq!(again.get("reason"), "休假交接");
    again.done(&desks.chief).await;
}

#[tokio::test]
async fn faults_before_the_fields_stand_at_them_and_the_chosen_station_survives() {
    let desks = TwoDesks::open().await;
    let station = new_form(&desks.chief, "station")
        .await
        .with("f.station_no", "YH-J01")
        .with("f.name", "示例一街道网点")
        .with("f.kind", "extend")
        .with("f.is_gig", "false")
        .with("f.street", "示例一街道")
        .with("f.tel", "0701-0000001");
    opened(&desks.chief, station).await;

    let form = new_form(&desks.clerk, "jobseek_once").await;
    let form = form
        .with("station", "YH-J01")
        .with("person", "VACANCY-202611-00001");
    let page = form.with("f.school", "").refused(&desks.clerk).await;
    assert!(
        page.contains("<option value=\"YH-J01\" selected>示例一街道网点（YH-J01）"),
        "{page}"
    );
    assert!(page.contains("<a href=\"#person\">没找到这个人"), "{page}");
    assert!(
        page.contains("<span class=\"error\" id=\"person-fault\">没找到这个人"),
        "{page}"
    );
    let input = page
        .split("<input")
        .find(|part| part.contains("id=\"person\""));
    let input = input.unwrap().split('>').next().unwrap();
    assert!(input.contains("aria-invalid=\"true\""), "{input}");
    assert!(
        input.contains("aria-describedby=\"person-fault person-hint\""),
        "{input}"
    );

    // of a wrong kind, as only the desk itself can tell; and every fault at once
    let form = new_form(&desks.clerk, "vacancy").await;
    let form = form.with("employer", "PERSON-202611-00001");
    let page = form.refused(&desks.clerk).await;
    assert!(
        page.contains("id=\"employer-fault\">没找到这个单位"),
        "{page}"
    );
    let form = new_form(&desks.clerk, "vacancy").await;
    let form = form.with("employer", "EMPLOYER-000000-00000");
    let page = form.with("f.headcount", "几个").refused(&desks.clerk).await;
    assert!(
        page.contains("employer-fault") && page.contains("e-headcount"),
        "{page}"
    );
    assert!(!form_token(&page).is_empty());
}

#[tokio::test]
async fn who_cannot_be_shown_a_page_goes_back_to_their_work_and_the_public_to_the_first_page() {
    let hall = Hall::open().await;
    let clerk = Browser::of(&hall, &[Role::Clerk]).await;
    for path in [
        "/staff/record/1",
        "/staff/records/nothing",
        "/staff/no/such",
    ] {
        let answer = clerk.get(path).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND);
        let page = answer.text().await.unwrap();
        assert!(page.contains("href=\"/staff\">回我的工作</a>"), "{page}");
        assert!(!page.contains("href=\"/\""), "{page}");
    }
    let stale = clerk.post("/staff/records/person/new", "form_token=1".into());
    let page = stale.await.text().await.unwrap();
    assert!(page.contains("回我的工作"), "{page}");
    let phone = Browser::new(&hall);
    let nowhere = phone.get("/no/such").await;
    assert_eq!(nowhere.status(), StatusCode::NOT_FOUND);
    assert!(nowhere.text().await.unwrap().contains("回首页"));
    let of_machines = phone.get("/api/v1/no/such").await;
    assert_eq!(of_machines.text().await.unwrap(), "");
    let stale = phone.post("/t/nothing", "form_token=1".into());
    let page = stale.await.text().await.unwrap();
    assert!(page.contains("href=\"/\">回首页</a>"), "{page}");
}
