//! How a vacancy is written on a board: an approved template with places for its words.
//!
//! `{岗位}`, `{工资}`, `{单位}`, `{地点}` and `{人数}`; the pay is never cut. Where a row is too short, the
//! employer's short name goes first, then the place, then the head count, and last the title is cut.

use super::vacancy::VacancyLine;
use crate::content::{Colour, GlyphSize, Line, Pace, Span};
use crate::page::{Airs, Frame, Page, TEXT_SIZE, fits, what_above_where};
use crate::render::text::{cut_to, measure_px, shorten};

/// How vacancies are written when nobody says otherwise.
const BUILT_IN: &str = "{岗位} {工资}\n{单位} {地点} {人数}";
/// A title shorter than this says nothing; the pay then gets a row of its own.
const TITLE_PX_MIN: u32 = 48;

/// A place in a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Title,
    Pay,
    Employer,
    Place,
    Headcount,
}

impl Field {
    const ALL: [Self; 5] = [
        Self::Title,
        Self::Pay,
        Self::Employer,
        Self::Place,
        Self::Headcount,
    ];
    /// What goes when a row is too short, in this order.
    const GOING: [Self; 3] = [Self::Employer, Self::Place, Self::Headcount];

    fn name(self) -> &'static str {
        match self {
            Self::Title => "岗位",
            Self::Pay => "工资",
            Self::Employer => "单位",
            Self::Place => "地点",
            Self::Headcount => "人数",
        }
    }

    /// A unit that its value says already.
    fn unit(self) -> Option<char> {
        match self {
            Self::Pay => Some('元'),
            Self::Headcount => Some('人'),
            Self::Title | Self::Employer | Self::Place => None,
        }
    }

    fn value(self, vacancy: &VacancyLine) -> String {
        match self {
            Self::Title => vacancy.title.clone(),
            Self::Pay => vacancy.pay_text.clone(),
            Self::Employer => vacancy.employer_short.clone(),
            Self::Place => vacancy.place.clone(),
            Self::Headcount => {
                let people = vacancy.headcount.map(|people| format!("{people}人"));
                people.unwrap_or_default()
            }
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Literal(String),
    Field(Field),
}

/// A template, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VacancyTemplate {
    rows: Vec<Vec<Piece>>,
}

/// Why a text is no template; for a person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateFault {
    /// No such place.
    #[error("模板里没有“{{{0}}}”这一项，可用 {{岗位}}、{{工资}}、{{单位}}、{{地点}}、{{人数}}")]
    Unknown(String),
    /// Opened and not closed.
    #[error("模板里“{{{0}”少了右边的“}}”")]
    Unclosed(String),
    /// Nothing of a vacancy in it.
    #[error("模板里至少要有 {{岗位}} 和 {{工资}}")]
    SaysNothing,
}

impl Default for VacancyTemplate {
    fn default() -> Self {
        Self::read(BUILT_IN).expect("the built-in template, because a test reads it")
    }
}

impl VacancyTemplate {
    /// Reads a template; rows end at line breaks.
    ///
    /// # Errors
    /// [`TemplateFault`].
    pub fn read(text: &str) -> Result<Self, TemplateFault> {
        let rows = text.lines().map(str::trim).filter(|row| !row.is_empty());
        let rows: Vec<Vec<Piece>> = rows.map(read_row).collect::<Result<_, _>>()?;
        let has = |field| {
            rows.iter()
                .flatten()
                .any(|piece| *piece == Piece::Field(field))
        };
        if !has(Field::Title) || !has(Field::Pay) {
            return Err(TemplateFault::SaysNothing);
        }
        Ok(Self { rows })
    }

    /// Pages of vacancies in a frame: as many a page as fit, each on rows of its own. `notice` is
    /// the approved text that this template is, if it is one.
    #[must_use]
    pub fn pages(&self, frame: &Frame, vacancies: &[VacancyLine], pace: Pace) -> Vec<Page> {
        let most = match frame.rows() {
            1 => 1,
            rows => (rows / self.rows.len()).max(1),
        };
        frame.limit.fewest(most, |per_page| {
            let chunks = vacancies.chunks(per_page);
            let pages = chunks.flat_map(|some| self.chunk(frame, some, pace));
            pages.collect()
        })
    }

    /// The pages of a few vacancies: one, unless a single vacancy has more rows than the frame, or than
    /// its board can be sent.
    fn chunk(&self, frame: &Frame, vacancies: &[VacancyLine], pace: Pace) -> Vec<Page> {
        let rows_max = frame.rows();
        let mut pages = match vacancies {
            [vacancy] if rows_max == 1 => vec![self.single_row(frame, vacancy, pace)],
            _ => {
                let lines = vacancies
                    .iter()
                    .flat_map(|vacancy| what_above_where(self.rows(frame.width_px(), vacancy)));
                let lines: Vec<Line> = lines.collect();
                let in_rows = |rows: usize| {
                    let pages = lines.chunks(rows);
                    let still = |lines: &[Line]| Page::still(frame, lines.to_vec(), TEXT_SIZE);
                    pages.map(still).collect()
                };
                match vacancies {
                    [_] => frame.limit.fewest(rows_max, in_rows),
                    _ => in_rows(rows_max.max(1)),
                }
            }
        };
        let airs: Vec<Airs> = vacancies.iter().map(|vacancy| self.airs(vacancy)).collect();
        for (number, page) in pages.iter_mut().enumerate() {
            page.airs.clone_from(&airs);
            page.origin.number = number;
            page.origin.key = vacancies
                .first()
                .map_or_else(String::new, |first| first.key.clone());
        }
        pages
    }

    fn airs(&self, vacancy: &VacancyLine) -> Airs {
        let whole: Vec<String> = self
            .rows
            .iter()
            .map(|row| joined(row, vacancy, &[]))
            .collect();
        Airs {
            aired: wire::event::Aired::Listing {
                id: vacancy.key.clone(),
            },
            text: whole.join("\n"),
        }
    }

    /// All of it in one row, which scrolls if it has to.
    fn single_row(&self, frame: &Frame, vacancy: &VacancyLine, pace: Pace) -> Page {
        let rows = self.rows.iter().map(|row| joined(row, vacancy, &[]));
        let rows: Vec<String> = rows.filter(|row| !row.is_empty()).collect();
        let text = rows.join(" ");
        let (first, rest) = text.split_at(rows.first().map_or(0, String::len));
        let span = |colour, text: &str| Span {
            colour,
            text: text.to_owned(),
        };
        let line = Line(vec![span(Colour::Amber, first), span(Colour::Green, rest)]);
        if fits(frame, &text) {
            Page::still(frame, vec![line], TEXT_SIZE)
        } else {
            Page::moving(frame, line, pace)
        }
    }

    /// The rows of one vacancy, each within a width, no more than the template has.
    #[must_use]
    pub fn rows(&self, width_px: u32, vacancy: &VacancyLine) -> Vec<String> {
        let rows = self
            .rows
            .iter()
            .flat_map(|row| fitted(row, vacancy, width_px));
        let mut rows: Vec<String> = rows.collect();
        rows.truncate(self.rows.len());
        rows
    }
}

fn read_row(row: &str) -> Result<Vec<Piece>, TemplateFault> {
    let mut pieces = Vec::new();
    let mut rest = row;
    while let Some((literal, opened)) = rest.split_once('{') {
        pieces.push(Piece::Literal(literal.to_owned()));
        let Some((name, after)) = opened.split_once('}') else {
            return Err(TemplateFault::Unclosed(opened.to_owned()));
        };
        let named = Field::ALL
            .into_iter()
            .find(|field| field.name() == name.trim());
        let field = named.ok_or_else(|| TemplateFault::Unknown(name.trim().to_owned()))?;
        pieces.push(Piece::Field(field));
        rest = field
            .unit()
            .and_then(|unit| after.strip_prefix(unit))
            .unwrap_or(after);
    }
    pieces.push(Piece::Literal(rest.to_owned()));
    pieces.retain(|piece| *piece != Piece::Literal(String::new()));
    Ok(pieces)
}

/// The row with its values, without those that are `gone`; no two spaces follow each other.
fn joined(row: &[Piece], vacancy: &VacancyLine, gone: &[Field]) -> String {
    let text: String = row
        .iter()
        .map(|piece| match piece {
            Piece::Literal(text) => text.clone(),
            Piece::Field(field) if gone.contains(field) => String::new(),
            Piece::Field(field) => field.value(vacancy),
        })
        .collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The row within a width; two rows where the pay needs one of its own.
fn fitted(row: &[Piece], vacancy: &VacancyLine, width_px: u32) -> Vec<String> {
    let fits = |text: &String| measure_px(text, TEXT_SIZE) <= width_px;
    let without = |count| joined(row, vacancy, &Field::GOING[..count]);
    let shorter = (0..Field::GOING.len()).map(without);
    let tight = shorter.into_iter().find(fits);
    let tight = tight.unwrap_or_else(|| without(Field::GOING.len()));
    if fits(&tight) {
        return vec![tight];
    }
    let has = |field| row.contains(&Piece::Field(field));
    let over_px = measure_px(&tight, TEXT_SIZE) - width_px;
    let title_px = measure_px(&vacancy.title, TEXT_SIZE).saturating_sub(over_px);
    if has(Field::Title) && title_px >= TITLE_PX_MIN {
        let cut = VacancyLine {
            title: shorten(&vacancy.title, title_px, TEXT_SIZE),
            ..vacancy.clone()
        };
        return vec![joined(row, &cut, &Field::GOING)];
    }
    let title = has(Field::Title).then(|| shorten(&vacancy.title, width_px, TEXT_SIZE));
    let pay = has(Field::Pay).then(|| cut_to(&vacancy.pay_text, width_px, TEXT_SIZE));
    let mut rows: Vec<String> = title.into_iter().chain(pay.into_iter().flatten()).collect();
    if rows.is_empty() {
        rows.push(shorten(&tight, width_px, GlyphSize::Px16));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::Motion;
    use crate::page::BoardLayout;

    fn vacancy() -> VacancyLine {
        VacancyLine {
            key: "v1".to_owned(),
            title: "电工".to_owned(),
            pay_text: "5000-8000元".to_owned(),
            employer_short: "东方机械".to_owned(),
            place: "城西街道".to_owned(),
            headcount: Some(3),
        }
    }

    fn frame(width_px: u16, height_px: u16) -> Frame {
        Frame::whole(BoardLayout {
            width_px,
            height_px,
        })
    }

    fn rows_of(vacancy: &VacancyLine) -> Vec<String> {
        VacancyTemplate::default().rows(192, vacancy)
    }

    #[test]
    fn a_vacancy_has_what_above_where_and_the_employer_goes_first_and_then_the_place() {
        assert_eq!(
            rows_of(&vacancy()),
            ["电工 5000-8000元", "东方机械 城西街道 3人"]
        );
        let long = VacancyLine {
            employer_short: "东方精密机械制造".to_owned(),
            ..vacancy()
        };
        assert_eq!(rows_of(&long)[1], "城西街道 3人");
        let longer = VacancyLine {
            place: "城西街道工业园区南三路十二号".to_owned(),
            ..long
        };
        assert_eq!(rows_of(&longer)[1], "3人");
    }

    #[test]
    fn the_pay_is_never_cut() {
        let titled = |title: &str, pay: &str| VacancyLine {
            title: title.to_owned(),
            pay_text: pay.to_owned(),
            ..vacancy()
        };
        let long = rows_of(&titled("数控机床操作及维修工", "5000-8000元"));
        assert_eq!(long[0], "数控机床操… 5000-8000元");
        let both = rows_of(&titled("数控机床操作及维修工", "面议，试用期4500-5200元"));
        assert_eq!(both[1], "面议，试用期4500-5200元");
        for row in long.iter().chain(&both) {
            assert!(measure_px(row, TEXT_SIZE) <= 192, "{row}");
        }
    }

    #[test]
    fn a_one_row_zone_scrolls_only_what_does_not_fit_and_waits_until_it_has_passed() {
        let short = VacancyLine {
            employer_short: String::new(),
            place: String::new(),
            headcount: None,
            ..vacancy()
        };
        let page = |vacancy: &VacancyLine| {
            let template = VacancyTemplate::default();
            template
                .pages(&frame(192, 16), std::slice::from_ref(vacancy), Pace::Usual)
                .remove(0)
        };
        assert_eq!(page(&short).content.motion, Motion::Still);
        let scrolled = page(&vacancy());
        assert_eq!(scrolled.content.motion, Motion::ScrollLeft(Pace::Usual));
        let text_px = measure_px("电工 5000-8000元 东方机械 城西街道 3人", TEXT_SIZE);
        assert_eq!(scrolled.dwell.as_millis(), u128::from(25 * (192 + text_px)));
    }

    #[test]
    fn a_tall_board_shows_several_vacancies_a_page_and_each_is_aired_with_all_its_words() {
        let template = VacancyTemplate::default();
        let pages = template.pages(&frame(192, 64), &vec![vacancy(); 5], Pace::Usual);
        let lines: Vec<usize> = pages.iter().map(|page| page.content.lines.len()).collect();
        assert_eq!(lines, [4, 4, 2]);
        assert_eq!(pages[0].airs.len(), 2);
        assert_eq!(
            pages[0].airs[0].text,
            "电工 5000-8000元\n东方机械 城西街道 3人"
        );
    }

    #[test]
    fn units_are_said_once_and_what_a_vacancy_does_not_say_leaves_no_gap() {
        let template =
            VacancyTemplate::read("招{岗位} {工资}元\n{地点} {人数}人 {单位}").expect("one");
        let known = template.rows(192, &vacancy());
        assert_eq!(known, ["招电工 5000-8000元", "城西街道 3人 东方机械"]);
        let silent = VacancyLine {
            place: String::new(),
            headcount: None,
            ..vacancy()
        };
        assert_eq!(template.rows(192, &silent)[1], "东方机械");
    }

    #[test]
    fn a_wrong_template_says_what_is_wrong() {
        let fault = |text| {
            VacancyTemplate::read(text)
                .expect_err("no template")
                .to_string()
        };
        assert!(fault("{岗位} {薪水}").contains("没有“{薪水}”这一项"));
        assert!(fault("{岗位} {工资").contains("少了右边的"));
        assert!(fault("欢迎应聘").contains("至少要有"));
    }
}
