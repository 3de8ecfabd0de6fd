//! What holds for every page: no foreign words, a bounded size, a token in every form, one sheet
//! of bounded size, nothing inline.

use std::collections::BTreeMap;

use domain::case::ServiceLine;
use domain::id::{StationCode, WindowNo};
use domain::queue::{Entry, TicketState};
use maud::Markup;

use super::accounts::AccountForm;
use super::contacts::ContactsView;
use super::feedback::FeedbackView;
use super::frame::Said;
use super::guard::FormToken;
use super::sign_in::{SignInView, sign_in_page};
use super::{
    accounts, appointment, audit, boards, capture, console, contacts, devices, display, feedback,
    figures, fixtures, fleet, guide, hall, index, kpi, lines, listings, matching, outbox,
    own_account, own_scores, parameters, phone, scores, set_up, start, station, ticket, vacancy,
};
use crate::overview::AppointmentState;
use crate::staff::{AuditQuery, AuditView, OneTimePassword};

const SHEET: &str = include_str!("../../../../assets/pages/staff.css");
const SHEET_BYTES_MAX: usize = 16 * 1024;
const PAGE_BYTES_MAX: usize = 60 * 1024;
/// Names of keys that stand on keyboards, and what people call by letters: a form of file, programs.
const KEYS: [&str; 9] = ["F2", "F9", "J", "K", "N", "PDF", "Excel", "WPS", "A4"];

/// Every page in every state that looks different, by name.
pub(super) fn all_pages() -> Vec<(String, String)> {
    let pages = staff_pages().into_iter().chain(public_pages());
    let pages = pages.map(|(name, page)| (name.to_owned(), page));
    pages
        .chain(fixtures::list_pages())
        .chain(fixtures::document_pages())
        .chain(fixtures::record_pages())
        .map(|(name, page)| (name, page.into_string()))
        .collect()
}

fn staff_pages() -> Vec<(&'static str, Markup)> {
    let desk = fixtures::desk();
    let refused = Said::Refused("现在没有人在等。".into());
    let mut idle = fixtures::console();
    idle.current = None;
    let mut calling = fixtures::console();
    calling.current.as_mut().unwrap().stage = console::Stage::Called(2);
    let windows = console::window_cells(&fixtures::queue(), fixtures::NOW);
    let wall = |side: &devices::Side| devices::devices_page(&desk, &fixtures::wall(), side, None);
    vec![
        ("start", start::start_page(&desk, &fixtures::start())),
        (
            "console-choose",
            console::choose_window_page(&desk, &windows, None),
        ),
        (
            "console-serving",
            console::console_page(&desk, &fixtures::console(), None),
        ),
        (
            "console-idle",
            console::console_page(&desk, &idle, Some(&refused)),
        ),
        (
            "console-calling",
            console::console_page(&desk, &calling, None),
        ),
        ("scores", scores::scores_page(&desk, &fixtures::scores())),
        ("own-scores", {
            let days = [(fixtures::NOW.hall_date(), fixtures::scores().hall())];
            own_scores::own_scores_page(&desk, &days)
        }),
        ("devices", wall(&devices::Side::Nothing)),
        ("devices-ask", wall(&fixtures::side(1))),
        ("devices-active", wall(&fixtures::side(2))),
        ("devices-offline", wall(&fixtures::side(3))),
        (
            "attach",
            capture::materials_page(&desk, &fixtures::materials(), None),
        ),
        (
            "phone-desk",
            phone::desk_page(&desk, &fixtures::phone_desk()),
        ),
        (
            "listings",
            listings::listings_page(&desk, &fixtures::listings(), None),
        ),
        (
            "parameters",
            parameters::parameters_page(&desk, &fixtures::parameters(), Some(&refused)),
        ),
    ]
    .into_iter()
    .chain(fleet_pages())
    .chain(account_pages())
    .chain(hall_pages())
    .chain(board_pages())
    .chain(contact_pages())
    .chain(line_pages())
    .chain(station_pages())
    .chain(matching_pages())
    .collect()
}

fn fleet_pages() -> Vec<(&'static str, Markup)> {
    let desk = fixtures::desk();
    let empty_fleet = {
        let mut view = fixtures::fleet();
        view.page.lines.clear();
        view.page.alarms.clear();
        fleet::fleet_page(&desk, &view)
    };
    let fleet_device = |n| fleet::device_page(&desk, &fixtures::fleet_device(n));
    vec![
        ("fleet", fleet::fleet_page(&desk, &fixtures::fleet())),
        ("fleet-empty", empty_fleet),
        ("fleet-well", fleet_device(1)),
        ("fleet-contradicted", fleet_device(4)),
        ("fleet-revoked", fleet_device(6)),
        ("fleet-node", fleet_device(7)),
    ]
}

fn contact_pages() -> Vec<(&'static str, Markup)> {
    let desk = fixtures::desk();
    let refused = Said::Refused("请先选打电话的结果，再点“记下”。".into());
    let empty = |line| ContactsView {
        line,
        ..ContactsView::default()
    };
    let contacts = |view: &ContactsView| contacts::contacts_page(&desk, view, Some(&refused));
    let outbox = |has_gateway, has_twin| {
        outbox::outbox_page(&desk, &fixtures::outbox(has_gateway, has_twin))
    };
    vec![
        ("contacts", contacts(&fixtures::contacts())),
        ("contacts-none", contacts(&empty(None))),
        (
            "contacts-none-of-line",
            contacts(&empty(Some(ServiceLine::Gig))),
        ),
        ("outbox", outbox(true, false)),
        ("outbox-twin", outbox(true, true)),
        ("outbox-none", outbox(false, false)),
        (
            "feedback",
            feedback::feedback_page(&desk, &fixtures::feedback()),
        ),
        (
            "feedback-none",
            feedback::feedback_page(&desk, &FeedbackView::default()),
        ),
    ]
}

fn matching_pages() -> Vec<(&'static str, Markup)> {
    let desk = fixtures::desk();
    let view = fixtures::matches;
    let empty = |sought| matching::MatchesView {
        lines: Vec::new(),
        ..view(sought)
    };
    let barred = matching::MatchesView {
        bar: Some("这条现在是“草稿”，“招聘中”的才匹配。".into()),
        ..view(matching::Sought::Seekers)
    };
    vec![
        (
            "matches-vacancies",
            matching::matches_page(&desk, &view(matching::Sought::Vacancies)),
        ),
        (
            "matches-seekers",
            matching::matches_page(&desk, &view(matching::Sought::Seekers)),
        ),
        (
            "matches-no-vacancies",
            matching::matches_page(&desk, &empty(matching::Sought::Vacancies)),
        ),
        (
            "matches-no-seekers",
            matching::matches_page(&desk, &empty(matching::Sought::Seekers)),
        ),
        ("matches-barred", matching::matches_page(&desk, &barred)),
    ]
}

fn board_pages() -> Vec<(&'static str, Markup)> {
    let desk = fixtures::desk();
    let refused = Said::Refused("请写为什么撤。".into());
    vec![
        (
            "boards",
            boards::boards_page(&desk, &fixtures::boards(), Some(&refused)),
        ),
        (
            "boards-none",
            boards::boards_page(&desk, &fixtures::no_boards(), None),
        ),
        (
            "boards-record",
            boards::record_page(&desk, &fixtures::display_record()),
        ),
    ]
}

fn line_pages() -> Vec<(&'static str, Markup)> {
    let desk = fixtures::desk();
    let no_line = lines::LineView {
        groups: Vec::new(),
        ..fixtures::line()
    };
    let no_calls = lines::CollectionView {
        rows: Vec::new(),
        more: false,
    };
    let no_classes = lines::ClassesView {
        classes: Vec::new(),
        ..fixtures::classes()
    };
    let no_stations = lines::ReportsView {
        stations: Vec::new(),
        ..fixtures::reports()
    };
    let sheet = fixtures::kpi();
    let nothing = crate::kpi_desk::LineFigure {
        evidence: Vec::new(),
        ..sheet.lines[0].clone()
    };
    vec![
        ("lines", lines::lines_page(&desk, &fixtures::tiles())),
        ("lines-none", lines::lines_page(&desk, &[])),
        ("line", lines::line_page(&desk, &fixtures::line())),
        ("line-none", lines::line_page(&desk, &no_line)),
        ("line-due", lines::due_page(&desk, &fixtures::due(true))),
        (
            "line-due-none",
            lines::due_page(&desk, &fixtures::due(false)),
        ),
        (
            "collection",
            lines::collection_page(&desk, &fixtures::collection()),
        ),
        ("collection-none", lines::collection_page(&desk, &no_calls)),
        ("classes", lines::classes_page(&desk, &fixtures::classes())),
        ("classes-none", lines::classes_page(&desk, &no_classes)),
        ("reports", lines::reports_page(&desk, &fixtures::reports())),
        ("reports-none", lines::reports_page(&desk, &no_stations)),
        ("kpi", kpi::kpi_page(&desk, &sheet)),
        (
            "kpi-line",
            kpi::kpi_line_page(&desk, sheet.period, &sheet.lines[0]),
        ),
        (
            "kpi-line-none",
            kpi::kpi_line_page(&desk, sheet.period, &nothing),
        ),
    ]
}

fn station_pages() -> Vec<(&'static str, Markup)> {
    let desk = fixtures::desk();
    let refused = Said::Refused("有几处要改，改好再报。".into());
    let no_records = station::StationListView {
        records: Vec::new(),
        total: 0,
        ..fixtures::station_list()
    };
    vec![
        (
            "station",
            station::station_page(&desk, &fixtures::station()),
        ),
        ("station-no-place", station::no_place_page(&desk)),
        (
            "station-list",
            station::station_list_page(&desk, &fixtures::station_list()),
        ),
        (
            "station-list-none",
            station::station_list_page(&desk, &no_records),
        ),
        (
            "station-report",
            station::report_page(&desk, &fixtures::report_form(), Some(&refused)),
        ),
    ]
}

fn hall_pages() -> Vec<(&'static str, Markup)> {
    let desk = fixtures::desk();
    let refused = Said::Refused("现在没有人在等。".into());
    vec![
        (
            "guide",
            guide::guide_page(&desk, &fixtures::guide(), Some(&refused)),
        ),
        ("guide-slip", guide::slip_page(&desk, &fixtures::slip())),
        (
            "hall",
            hall::hall_page(&desk, &fixtures::hall_view(), Some(&refused)),
        ),
        (
            "hall-figures",
            figures::figures_page(&desk, &fixtures::figures()),
        ),
    ]
}

fn account_pages() -> Vec<(&'static str, Markup)> {
    let desk = fixtures::desk();
    let mut wrong = AccountForm::of_fields(&[]);
    wrong.check_login();
    assert_eq!(wrong.check(&BTreeMap::new()), None);
    let password = OneTimePassword::of_text("2345-6789-2345-6789");
    let query = AuditQuery {
        page: 1,
        ..AuditQuery::default()
    };
    let verified = Said::Done("链完整：3 条记录、1 条链都接得上。".into());
    let no_lines = AuditView {
        lines: Vec::new(),
        ..fixtures::audit()
    };
    vec![
        (
            "accounts",
            accounts::accounts_page(&desk, &fixtures::accounts()),
        ),
        (
            "account-locked",
            accounts::account_page(&desk, &fixtures::account(1)),
        ),
        (
            "account-disabled",
            accounts::account_page(&desk, &fixtures::account(2)),
        ),
        (
            "account-new",
            accounts::new_account_page(&desk, &wrong, &BTreeMap::new()),
        ),
        (
            "one-time",
            accounts::one_time_page(&desk, "万小样", "/staff/accounts/1", &password),
        ),
        (
            "own-account",
            own_account::own_page(&desk, &fixtures::own_account()),
        ),
        (
            "audit",
            audit::audit_page(&desk, &query, &fixtures::audit(), Some(&verified)),
        ),
        (
            "audit-empty",
            audit::audit_page(&desk, &query, &no_lines, None),
        ),
    ]
}

fn public_pages() -> Vec<(&'static str, Markup)> {
    let site = fixtures::site();
    let window = WindowNo::new(3).unwrap();
    let phone =
        |state, is_scored| ticket::ticket_page(&fixtures::phone_ticket(state, is_scored), None);
    let done = TicketState::Done {
        window,
        at: fixtures::NOW,
    };
    let called = TicketState::Called {
        window,
        at: fixtures::NOW,
        times: 1,
    };
    let sign_in = SignInView {
        site: site.clone(),
        form_token: FormToken::of("x"),
        next: String::new(),
        login: String::new(),
        error: Some("登录名或密码不对，请再试一次。".into()),
    };
    let today = fixtures::NOW.hall_date();
    vec![
        ("sign-in", sign_in_page(&sign_in)),
        ("set-up", set_up::set_up_page(&fixtures::set_up())),
        (
            "vacancy",
            vacancy::vacancy_page(&site, &fixtures::listing(), today, "http://h"),
        ),
        ("vacancy-closed", vacancy::closed_page(&site)),
        ("vacancy-unknown", vacancy::unknown_page(&site)),
        (
            "ticket-waiting",
            phone(TicketState::Waiting(Entry::Arrived), false),
        ),
        ("ticket-called", phone(called, false)),
        ("ticket-score", phone(done, false)),
        ("ticket-thanks", phone(done, true)),
        (
            "appointment-kept",
            appointment::appointment_page(&appointment::example(AppointmentState::Kept), None),
        ),
        (
            "appointment-given-up",
            appointment::appointment_page(&appointment::example(AppointmentState::GivenUp), None),
        ),
        (
            "appointment-over",
            appointment::appointment_page(&appointment::example(AppointmentState::Over), None),
        ),
        ("ticket-unknown", ticket::unknown_ticket_page(&site)),
        ("phone", phone::phone_page(&site, &fixtures::phone(), None)),
        (
            "phone-ended",
            phone::ended_page(&site, "这个码的时间到了。"),
        ),
        ("index", index::index_page(&site, Some("X"))),
        ("display", display::display_page(&fixtures::display())),
    ]
}

/// The text between tags, and the attributes that are read out or shown. What stands in `code` is
/// quoted letter by letter: keys of parameters, names of documents.
fn shown_texts(page: &str) -> Vec<String> {
    let mut texts = Vec::new();
    for part in page.split('<').skip(1) {
        let (tag, text) = part.split_once('>').unwrap_or((part, ""));
        let is_code = tag == "code" || tag.starts_with("code ");
        texts.extend((!is_code).then(|| text.to_owned()));
        for attribute in ["aria-label=\"", "alt=\"", "placeholder=\""] {
            let value = tag
                .split(attribute)
                .nth(1)
                .and_then(|rest| rest.split('"').next());
            texts.extend(value.map(str::to_owned));
        }
    }
    texts
}

/// Words of Latin letters in `text` that are neither keys nor numbers of tickets and listings.
fn foreign_words(text: &str) -> Vec<String> {
    let plain = text
        .replace("&quot;", "")
        .replace("&amp;", "")
        .replace("&lt;", "");
    plain
        .split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_'))
        .filter(|word| word.chars().any(|c| c.is_ascii_alphabetic()))
        .filter(|word| !KEYS.contains(word) && !is_number_for_people(word))
        .map(str::to_owned)
        .collect()
}

fn is_number_for_people(word: &str) -> bool {
    let is_group = word.len() == 1 && word.chars().all(|c| c.is_ascii_uppercase());
    let is_listing = domain::id::ShortId::try_from(word.to_owned()).is_ok();
    let is_station = word.contains('-') && StationCode::new(word).is_ok();
    is_group
        || is_case_number(word)
        || is_station
        || is_listing
        || word.parse::<domain::queue::TicketLabel>().is_ok()
}

/// `VACANCY-202611-00042`: kind, month, running number.
fn is_case_number(word: &str) -> bool {
    let digits =
        |part: &str, length| part.len() == length && part.chars().all(|c: char| c.is_ascii_digit());
    let is_kind = |part: &str| part.chars().all(|c| c.is_ascii_uppercase() || c == '_');
    let parts: Vec<_> = word.split('-').collect();
    matches!(parts[..], [kind, month, number]
        if is_kind(kind) && digits(month, 6) && digits(number, 5))
}

#[test]
fn nobody_meets_a_foreign_word() {
    for (name, page) in all_pages() {
        for text in shown_texts(&page) {
            assert_eq!(foreign_words(&text), Vec::<String>::new(), "{name}: {text}");
        }
    }
    assert_eq!(
        foreign_words("请 Submit A025"),
        ["Submit"],
        "the test must be able to fail"
    );
}

#[test]
fn nothing_is_inline_and_nothing_comes_from_another_host() {
    for (name, page) in all_pages() {
        for forbidden in [
            " style=\"",
            " onclick=",
            "<style",
            "src=\"http",
            "href=\"http",
        ] {
            assert!(!page.contains(forbidden), "{name} has {forbidden}");
        }
        let scripts = page.matches("<script").count();
        assert_eq!(
            scripts,
            page.matches("<script src=\"/assets/").count(),
            "{name}"
        );
    }
}

#[test]
fn every_form_that_changes_something_carries_a_token() {
    for (name, page) in all_pages() {
        for form in page.split("<form").skip(1) {
            let form = form.split("</form>").next().unwrap();
            if form.contains("method=\"post\"") {
                assert!(form.contains("name=\"form_token\""), "{name}: {form}");
            }
        }
    }
}

#[test]
fn pages_and_sheet_stay_small() {
    assert!(SHEET.len() <= SHEET_BYTES_MAX, "{} bytes", SHEET.len());
    for (name, page) in all_pages() {
        assert!(
            page.len() <= PAGE_BYTES_MAX,
            "{name} has {} bytes",
            page.len()
        );
    }
}

#[test]
fn pages_of_an_invented_hall_say_so() {
    for (name, page) in all_pages() {
        assert!(page.contains("演示数据"), "{name}");
    }
}
