//! What the preview draws for a board of zones: the page that a text gets, and what does not fit.

use super::*;

fn board(width_px: u16, height_px: u16, zones: Vec<ZoneDescription>) -> BoardDescription {
    BoardDescription {
        board: "LED-01".to_owned(),
        name: "大厅屏".to_owned(),
        family: "onbon-k".to_owned(),
        width_px,
        height_px,
        has_green: true,
        window: None,
        limits: Default::default(),
        zones,
    }
}

fn zone(y_px: u16, height_px: u16, plays: &[Plays]) -> ZoneDescription {
    ZoneDescription {
        x_px: 0,
        y_px,
        width_px: 192,
        height_px,
        plays: plays.to_vec(),
    }
}

fn two_zones() -> BoardDescription {
    let upper = zone(0, 32, &[Plays::Vacancies, Plays::Policies]);
    let lower = zone(32, 16, &[Plays::Notices, Plays::Slogans]);
    board(192, 48, vec![upper, lower])
}

fn text(content: BoardContent, text: &str) -> BoardPlay {
    BoardPlay {
        content,
        text: text.to_owned(),
        boards: Vec::new(),
        daily: None,
        priority: 5,
    }
}

fn lit_rows(canvas: &Canvas) -> Vec<usize> {
    let signs = canvas.signs();
    let lit = signs
        .iter()
        .enumerate()
        .filter(|(_, row)| row.chars().any(|dot| dot != '.'));
    lit.map(|(row, _)| row).collect()
}

#[test]
fn an_editor_sees_the_pages_the_rest_of_each_row_and_what_becomes_of_rare_characters() {
    let panel = Panel {
        limit: PageLimit::NONE,
        family: BoardFamily::OnbonK,
        layout: BoardLayout {
            width_px: 64,
            height_px: 16,
        },
        has_green: false,
    };
    let seen = notice(&panel, &mut GlyphSource::new(), "王喆请到三号");
    assert_eq!((seen.pages.len(), seen.pages_wanted), (2, 2));
    assert_eq!(
        (seen.cells_left, seen.rows_left),
        (2, vec![vec![0], vec![2]])
    );
    assert_eq!(seen.substituted, BTreeSet::from(['喆']));
    assert_eq!(seen.fates[&'喆'], Fate::Replaced('哲'));
    let colours: BTreeSet<char> = seen.pages[0].signs().concat().chars().collect();
    assert_eq!(colours, BTreeSet::from(['.', 'R']), "only red diodes");
    let sign = Panel {
        family: BoardFamily::Alpha,
        ..panel
    };
    let seen = notice(&sign, &mut GlyphSource::new(), "王喆");
    assert_eq!(seen.fates, BTreeMap::new(), "a sign is sent our dots");
}

#[test]
fn a_text_is_drawn_in_the_zone_that_would_play_it_and_the_others_stay_dark() {
    let mut glyphs = GlyphSource::new();
    let slogan = play(
        &two_zones(),
        &mut glyphs,
        &text(BoardContent::Slogan, "就业服务到家"),
    );
    let rows = lit_rows(&slogan.expect("a zone plays slogans").pages[0]);
    assert!(rows.iter().all(|row| (32..48).contains(row)), "{rows:?}");
    let policy = play(
        &two_zones(),
        &mut glyphs,
        &text(BoardContent::Policy, "失业保险金"),
    );
    let rows = lit_rows(&policy.expect("a zone plays policies").pages[0]);
    assert!(rows.iter().all(|row| (0..32).contains(row)), "{rows:?}");
}

#[test]
fn what_no_zone_plays_is_said_unless_it_takes_the_largest_one() {
    let mut glyphs = GlyphSource::new();
    let mut publicity = text(BoardContent::Publicity, "名单公示");
    let fault = play(&two_zones(), &mut glyphs, &publicity);
    assert_eq!(fault, Err(PreviewFault::NoZone));
    publicity.priority = 9;
    let rows = lit_rows(
        &play(&two_zones(), &mut glyphs, &publicity)
            .expect("the largest")
            .pages[0],
    );
    assert!(rows.iter().all(|row| (0..32).contains(row)), "{rows:?}");
}

#[test]
fn a_template_is_seen_with_an_invented_vacancy_and_a_wrong_one_says_what_is_wrong() {
    let mut glyphs = GlyphSource::new();
    let roll = text(BoardContent::VacancyRoll, "{岗位} {工资}\n{单位} {人数}");
    let seen = play(&two_zones(), &mut glyphs, &roll).expect("a template");
    assert_eq!(seen.rows_left, [vec![2, 6]]);
    let wrong = text(BoardContent::VacancyRoll, "{岗位} {薪水}");
    let fault = play(&two_zones(), &mut glyphs, &wrong).expect_err("no such place");
    assert!(fault.to_string().contains("薪水"), "{fault}");
}

#[test]
fn an_emergency_takes_the_whole_board_and_every_strip_state_has_a_picture() {
    let mut glyphs = GlyphSource::new();
    let seen = play(
        &two_zones(),
        &mut glyphs,
        &text(BoardContent::Emergency, "请离开"),
    );
    let rows = lit_rows(&seen.expect("an emergency").pages[0]);
    assert!(rows.len() > 24, "in the largest size: {rows:?}");
    let strip = ZoneDescription {
        width_px: 64,
        ..zone(0, 32, &[Plays::Window])
    };
    let strip = board(64, 32, vec![strip]);
    let window = WindowNo::new(3).expect("a window");
    let services = ["失业保险".to_owned()];
    let states = strip_states(&strip, &mut glyphs, window, &services).expect("a known family");
    let names: Vec<&str> = states.iter().map(|state| state.name).collect();
    assert_eq!(names, ["空闲", "叫号", "办理中", "暂停"]);
    assert!(
        states
            .iter()
            .all(|state| state.pages.iter().all(|page| page.lit() > 50))
    );
}
