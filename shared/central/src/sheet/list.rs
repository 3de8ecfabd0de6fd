//! Several values in one cell.

use domain::case::{Field, FieldType};

/// Separators, each level stronger than the one before. Where the elements are texts, the
/// strongest that occurs separates: an address may hold a comma when addresses are separated by
/// semicolons.
const LEVELS: [&[char]; 4] = [&['、', '，', ','], &[';', '；'], &['|', '｜'], &['\n']];

/// The elements of a cell, without empty ones. Commas part the columns of a row, never two rows.
pub(super) fn split<'t>(text: &'t str, field: &Field, of: &FieldType) -> Vec<&'t str> {
    let weakest = usize::from(!field.columns.is_empty());
    let is_separator = |c: char| match of {
        FieldType::Text { .. } | FieldType::Record(_) | FieldType::Staff => strongest([text])
            .filter(|level| *level >= weakest)
            .is_some_and(|level| LEVELS[level].contains(&c)),
        // A comma may group thousands.
        FieldType::Integer { .. } | FieldType::Money { .. } | FieldType::Decimal { .. } => {
            !matches!(c, '，' | ',') && LEVELS.concat().contains(&c)
        }
        _ => LEVELS.concat().contains(&c),
    };
    let parts = text.split(is_separator).map(str::trim);
    parts.filter(|part| !part.is_empty()).collect()
}

/// A cell that [`split`] takes apart into these elements again, unless one has several lines.
pub(super) fn join(parts: &[String]) -> String {
    let inside = strongest(parts.iter().map(String::as_str));
    let outside = inside.map_or(0, |level| (level + 1).min(LEVELS.len() - 1));
    let separator = LEVELS[outside][0].to_string();
    let joined = parts.join(&separator);
    // Its own separators must not take a single element apart.
    if inside.is_some() && parts.len() == 1 {
        joined + &separator
    } else {
        joined
    }
}

fn strongest<'t>(texts: impl IntoIterator<Item = &'t str>) -> Option<usize> {
    let level = |c: char| LEVELS.iter().position(|level| level.contains(&c));
    texts
        .into_iter()
        .flat_map(str::chars)
        .filter_map(level)
        .max()
}

#[cfg(test)]
mod tests {
    use domain::case::{Column, ColumnForm};

    use super::*;

    fn of() -> FieldType {
        FieldType::Text {
            chars_min: 1,
            chars_max: 80,
            is_long: false,
            form: None,
            without_words: None,
        }
    }

    fn field(columns: &[&str]) -> Field {
        let column = |name: &&str| Column {
            name: (*name).to_owned(),
            form: ColumnForm::Text,
        };
        Field {
            id: "items".to_owned(),
            name: "明细".to_owned(),
            kind: FieldType::List {
                of: Box::new(of()),
                count_min: 0,
                count_max: 9,
            },
            is_required: false,
            is_computed: false,
            hint: String::new(),
            personal: None,
            excused_by: None,
            columns: columns.iter().map(column).collect(),
        }
    }

    #[test]
    fn a_row_with_columns_is_one_element_whatever_commas_it_holds() {
        let rows = field(&["业务编号", "金额"]);
        let one = "SI_FLEXIBLE-202611-00001，1000.00";
        assert_eq!(split(one, &rows, &of()), [one]);
        let two = format!("{one}；SI_FLEXIBLE-202611-00002，20.00");
        assert_eq!(split(&two, &rows, &of()).len(), 2);
        // without columns a comma parts, as people write lists of words
        assert_eq!(split("焊工，电工", &field(&[]), &of()), ["焊工", "电工"]);
    }
}
