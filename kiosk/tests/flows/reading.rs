//! Policies, the service guide, notices, publicity lists, stations, gig work.

use kiosk::app::effect::Effect;
use kiosk::app::event::{Event, Touch};
use kiosk::app::kiosk::Kiosk;
use kiosk::app::session::Page;
use kiosk::ui::PageId;
use wire::api::{FeedRow, Topic};

use super::Person;

fn wanted(kiosk: &Kiosk) -> (Option<char>, Option<String>) {
    let Some(Page::TicketChoice(choice)) = kiosk.session.as_ref().map(|it| &it.page) else {
        panic!("a ticket is being chosen");
    };
    let group = choice.wanted.group.map(|group| group.letter());
    (group, choice.wanted.matter.clone())
}

#[test]
fn a_policy_is_found_by_its_subject_read_as_a_table_and_as_a_whole_and_a_ticket_taken_for_it() {
    let mut person = Person::at(Touch::PoliciesAndGuide);
    person.touch("政策，按事情找");
    person.touch("创业");
    person.touch("创业担保贷款，国家贴息");
    assert!(person.sees("正在执行") && person.sees("示例文〔2026〕13 号"));
    assert!(person.sees("谁能领"));
    person.touch("全文");
    assert!(person.sees("第1条"));
    assert!(!person.sees("第9条"), "the rest is on the next pages");
    while person.can_touch("下一页") {
        person.touch("下一页");
    }
    assert!(person.sees("第9条"));
    person.touch("取号去办");
    assert_eq!(person.page(), PageId::TicketChoose);
    let matter = Some("创业担保贷款，国家贴息".to_owned());
    assert_eq!(wanted(&person.kiosk), (Some('B'), matter));
}

#[test]
fn who_says_who_they_are_sees_what_is_for_them_and_for_everybody() {
    let mut person = Person::at(Touch::PoliciesAndGuide);
    person.touch("政策，按身份找");
    person.touch("毕业生");
    assert!(person.sees("见习有补贴") && !person.sees("创业担保贷款，国家贴息"));
}

#[test]
fn what_was_repealed_is_not_shown_unasked_and_says_so() {
    let mut person = Person::at(Touch::ReadPolicy);
    person.touch("全部政策");
    let shown = |person: &Person| person.sees("老的交通补贴办法");
    assert!(!shown(&person));
    person.touch("返回");
    person.touch("已经停止的政策");
    person.touch("老的交通补贴办法");
    assert!(person.sees("2026年6月1日起停止了"));
    assert!(person.sees("现在看《示例一次性交通补贴办法》"));
    assert!(!person.can_touch("取号去办"), "nothing can be had by it");
}

#[test]
fn a_policy_without_text_says_so_and_offers_a_person() {
    let mut person = Person::at(Touch::ReadPolicy);
    person.touch("别的");
    person.touch("只登记了文号的文件");
    assert!(person.sees("还没有录进来"));
    person.touch("请人讲给我听");
    assert!(matches!(person.effects.last(), Some(Effect::CallHelp(_))));
}

#[test]
fn a_matter_of_the_guide_is_a_list_to_tick_off_and_the_window_hears_what_it_is() {
    let mut person = Person::at(Touch::ReadGuide);
    person.touch("按拼音找");
    person.touch("D");
    person.touch("K");
    person.touch("创业担保贷款");
    assert!(person.sees("□ 身份证，原件"));
    assert!(person.sees("15 个工作日内") && person.sees("不收费") && person.sees("2 号窗口"));
    person.touch("取号去办");
    let matter = Some("创业担保贷款".to_owned());
    assert_eq!(wanted(&person.kiosk), (Some('B'), matter));
    person.touch("创业贷款");
    let Some(Effect::IssueTicket(wish)) = person.effects.last() else {
        panic!("a number is asked for");
    };
    assert_eq!(wish.wish.matter.as_deref(), Some("创业担保贷款"));
}

#[test]
fn the_guide_is_also_read_by_who_one_is() {
    let mut person = Person::at(Touch::ReadGuide);
    person.touch("按身份找");
    person.touch("没找到工作的人");
    assert!(person.sees("没找到工作的人可以办的事") && person.can_touch("失业登记"));
}

#[test]
fn a_publicity_list_is_masked_names_its_last_day_and_is_gone_when_it_is_taken_back() {
    let mut person = Person::at(Touch::ReadAnnouncements);
    person.touch("2026 年第三批一次性求职补贴公示");
    assert!(person.sees("测*1") && person.sees("公示到11月27日 星期五"));
    let gone = FeedRow {
        position: 99,
        topic: Topic::Announcement,
        key: "a1".into(),
        body: None,
        expires: None,
    };
    person.happens(Event::Facts {
        rows: vec![gone],
        server_now: domain::time::UtcMs(0),
    });
    assert!(person.sees("这一条刚刚撤下了"));
    person.touch("好了，回首页");
    assert_eq!(person.page(), PageId::Home);
}

#[test]
fn a_station_is_found_by_the_initials_of_its_street_without_a_line() {
    let mut person = Person::cut_off_at(Touch::FindStation);
    person.touch("按街道名找");
    "DHJD"
        .chars()
        .for_each(|letter| person.touch(&letter.to_string()));
    assert!(!person.can_touch("X"), "nothing goes on with it");
    person.touch("东湖街道第2就业之家");
    assert!(person.sees("东湖街道示例路 14 号") && person.sees("0701-0000013"));
    assert!(person.sees("信息截至"), "how old it is stands above");
}

#[test]
fn gig_work_says_when_where_and_for_how_much_and_is_taken_at_a_window() {
    let mut person = Person::at(Touch::FindGigWork);
    person.touch("搬货、卸货");
    assert!(person.sees("14:00–18:00") && person.sees("每小时 25 元"));
    person.touch("取号去报名");
    assert_eq!(wanted(&person.kiosk).0, Some('A'));
}

#[test]
fn a_page_without_data_says_so_and_offers_the_next_step() {
    for (touch, words, way) in [
        (Touch::ReadPolicy, "现在没有可以看的政策", "看办事指南"),
        (Touch::ReadGuide, "现在看不到办事指南", "取号到窗口问"),
        (
            Touch::ReadAnnouncements,
            "现在没有正在公示的名单",
            "叫人问一问",
        ),
        (Touch::FindStation, "现在看不到网点", "叫人问一问"),
        (Touch::FindGigWork, "今天还没有零工", "找别的工作"),
    ] {
        // Each person has a thread of their own, as each window has.
        let checked = std::thread::spawn(move || {
            let person = Person::before_anything_is_published(touch);
            person.sees(words) && person.can_touch(way)
        });
        assert!(checked.join().expect("no panic"), "{words}");
    }
}
