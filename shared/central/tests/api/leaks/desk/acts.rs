//! What staff do with records of persons, with what people really type.

use domain::case::Role;
use reqwest::StatusCode;

use super::super::invented::{Dice, Invented};
use super::super::searched::holds;
use super::{Desk, IN_A_SHEET, between};
use crate::browser::encoded;

const MATERIAL: &str = "work_proof";

impl Desk {
    pub(super) async fn appoint(&mut self, n: usize) {
        let number = self.people[n].number.clone();
        let fields = [
            ("person", number.as_str()),
            ("f.topic_code", "jobseek"),
            ("f.on", "2026-11-27"),
            ("f.slot", "09:00-09:30"),
            ("f.source", "window"),
        ];
        let record = self.open_as(Role::Clerk, "appointment", &fields).await;
        self.cases.push(record);
        self.did("appoint");
    }

    pub(super) async fn complain(&mut self) {
        let fields = [
            ("f.rating_no", "R-1"),
            ("f.level", "bad"),
            ("f.comment", "等得久"),
        ];
        let record = self.open_as(Role::Chief, "bad_rating_case", &fields).await;
        self.cases.push(record);
        self.did("complain");
    }

    /// Somebody is whom an employer names: their values are under the key of the record.
    pub(super) async fn employ(&mut self, n: usize) {
        let one = self.people[n].clone();
        let fields = [
            ("f.org_name", "示例眼镜有限公司"),
            ("f.contact", one.name.as_str()),
            ("f.contact_mobile", &one.phone),
        ];
        let record = self.open_as(Role::Clerk, "employer", &fields).await;
        self.cases.push(record);
        self.did("employ");
    }

    /// A list with masked names goes to the kiosks.
    pub(super) async fn publicise(&mut self, n: usize) {
        let first: String = self.people[n].name.chars().take(1).collect();
        let number = &self.people[n].number;
        let items = format!(
            "{first}**，{}**********{}，1000 元",
            &number[..4],
            &number[14..]
        );
        let fields = [
            ("f.batch_no", "2026-03"),
            ("f.title", "第三批求职补贴公示"),
            ("f.type", "subsidy"),
            ("f.items", &items),
            ("f.body", "下面的人拟发补贴，有异议请打监督电话。"),
            ("f.from_on", "2026-11-24"),
            ("f.to_on", "2026-12-04"),
            ("f.channels", "kiosk"),
            ("f.tel", "0701-0000000"),
        ];
        let record = self.open_as(Role::Clerk, "publicity_notice", &fields).await;
        let shown = self.send(Role::Chief, &record, "step/show", &[]).await;
        assert_eq!(
            shown.status(),
            StatusCode::SEE_OTHER,
            "{:?}",
            shown.text().await
        );
        self.cases.push(record);
        self.did("publicise");
    }

    /// Forms with a fault in them are shown again to who typed them, and kept nowhere.
    pub(super) async fn mistype(&mut self, n: usize) {
        let one = self.people[n].clone();
        let form = "/staff/records/person/new";
        let wrong = format!("{}0", &one.number[..17]);
        let fields = [
            ("station", "YH-C"),
            ("f.name", one.name.as_str()),
            ("f.id_type", "resident"),
            (
                "f.id_number",
                if wrong == one.number { "1" } else { &wrong },
            ),
        ];
        let answer = self.clerk.act(form, form, &fields).await;
        assert_eq!(answer.status(), StatusCode::CONFLICT);
        let shown = answer.bytes().await.unwrap();
        assert!(holds(&shown, &one.name), "what was typed is shown again");
        let unknown = format!("{}9", one.phone);
        let fields = [("station", "YH-C"), ("person", unknown.as_str())];
        let form = "/staff/records/transport_once/new";
        let answer = self.clerk.act(form, form, &fields).await;
        assert_eq!(answer.status(), StatusCode::CONFLICT);
        let reveal = [("field", "phone"), ("reason", one.phone.as_str())];
        let record = self.persons[n].clone();
        let answer = self.send(Role::Clerk, &record, "reveal", &reveal).await;
        assert_eq!(
            answer.status(),
            StatusCode::CONFLICT,
            "a reason with a number"
        );
        self.did("mistype");
    }

    pub(super) async fn search(&mut self, n: usize, dice: &mut Dice) {
        let one = &self.people[n];
        let typed = encoded([&one.name, &one.number, &one.phone][dice.below(3)]);
        let kind = ["person", "transport_once", "vacancy"][dice.below(3)];
        let list = format!("/staff/records/{kind}?q={typed}");
        assert_eq!(self.clerk.get(&list).await.status(), StatusCode::OK);
        let public = self.clerk.get(&format!("/v?q={typed}")).await;
        assert!(!public.status().is_server_error());
        self.did("search");
    }

    pub(super) async fn change(&mut self, n: usize, dice: &mut Dice) {
        let address = format!("{}{}室", self.people[n].address, dice.below(900));
        let fields = [("f.address", address.as_str()), ("f.remark", "已核对")];
        let page = format!("/staff/record/{}/change", self.persons[n]);
        let text = self.clerk.page(&page).await;
        let seen = between(&text, "name=\"seen\" value=\"", "\"").unwrap();
        let fields: Vec<_> = fields.into_iter().chain([("seen", seen)]).collect();
        let answer = self.clerk.act(&page, &page, &fields).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        self.did("change");
    }

    /// A material that is full of what must not come out, under a name that is.
    pub(super) async fn attach(&mut self, n: usize) {
        self.apply(n).await;
        let (one, record) = (self.people[n].clone(), self.cases.last().unwrap().clone());
        let said = format!(
            "({} {} {} {})",
            one.name, one.number, one.phone, one.account
        );
        let name = format!("{}{}.pdf", one.name, one.number);
        let act = format!("/staff/record/{record}/attachments");
        let page = format!("{act}?doc_type={MATERIAL}");
        let (fields, bytes) = ([("doc_type", MATERIAL)], pdf(&said));
        let answer = self
            .clerk
            .upload(&page, &act, &fields, (&name, &bytes))
            .await;
        assert_eq!(answer.status(), StatusCode::OK);
        let text = self.clerk.page(&page).await;
        let sha256 = between(&text, &format!("{act}/"), "\"").unwrap().to_owned();
        self.material = Some((record, sha256));
        self.did("attach");
    }

    /// A sheet with somebody who is not registered yet, and with a row that is refused.
    pub(crate) async fn import(&mut self) {
        let one = self.people[IN_A_SHEET].clone();
        let row = |number: &str| {
            let Invented {
                name,
                birth,
                phone,
                address,
                ..
            } = &one;
            format!("{name},居民身份证,{number},男,{birth},{phone},{address}\n")
        };
        let head = "姓名,证件类型,证件号码,性别,出生日期,手机,常住地址\n";
        let wrong = format!("{}*", one.number);
        let sheet = format!("{head}{}{}", row(&one.number), row(&wrong));
        let form = "/staff/records/person/import";
        let file = ("名单.csv", sheet.as_bytes());
        let tried = self
            .clerk
            .upload(form, form, &[("station", "YH-C")], file)
            .await;
        let tried = tried.text().await.unwrap();
        let act = format!("{form}/{}", held_on(&tried));
        let done = self.clerk.act(form, &act, &[]).await;
        let done = done.text().await.unwrap();
        self.held = Some(held_on(&done));
        for page in [tried, done] {
            assert!(!holds(page.as_bytes(), &one.number), "a page tells no rows");
        }
        self.did("import");
    }

    pub(super) async fn hand_over(&mut self, n: usize) {
        self.apply(n).await;
        let record = self.cases.last().unwrap().clone();
        let page = self
            .of(Role::Chief)
            .page(&format!("/staff/record/{record}"))
            .await;
        let to = between(&page, "name=\"to\"", "</select>").unwrap();
        let mut options = to
            .split("value=\"")
            .map(|rest| rest.split('"').next().unwrap());
        let to = options.find(|value| value.len() == 36).unwrap().to_owned();
        let fields = [("to", to.as_str()), ("reason", "原经办人休假")];
        let answer = self.send(Role::Chief, &record, "hand-over", &fields).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        self.did("hand over");
    }

    /// The same step with several: first looked at, then done.
    pub(super) async fn submit_all(&mut self, n: usize) {
        self.apply(n).await;
        let form = "/staff/records/transport_once";
        let ticked = self.cases.iter().map(|record| ("record", record.as_str()));
        let mut fields: Vec<_> = [("step", "submit")].into_iter().chain(ticked).collect();
        for words in ["能办 ", "办好 "] {
            let answer = self.clerk.act(form, &format!("{form}/bulk"), &fields).await;
            assert!(answer.text().await.unwrap().contains(words));
            fields.push(("confirmed", "yes"));
        }
        self.did("submit all");
    }
}

/// The name of a sheet that is kept, on a page that tells of it.
fn held_on(page: &str) -> String {
    let held = between(page, "/staff/records/person/import/", "\"");
    let held = held.unwrap_or_else(|| panic!("{page}"));
    held.split('/').next().unwrap().to_owned()
}

/// One empty page with a comment.
fn pdf(said: &str) -> Vec<u8> {
    let text = "%PDF-1.4\n1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj\n\
                2 0 obj <</Type /Pages /Kids [] /Count 0>> endobj\n\
                3 0 obj <</Type/Page /Parent 2 0 R>> endobj\n";
    format!("{text}{said}\ntrailer <</Root 1 0 R>>\nstartxref\n0\n%%EOF\n").into_bytes()
}
