//! Several values in one cell.

use domain::case::FieldType;

/// Separators, each level stronger than the one before. Where the elements are texts, the
/// strongest that occurs separates: an address may hold a comma when addresses are separated by
/// semicolons.
const LEVELS: [&[char]; 4] = [&['、', '，', ','], &[';', '；'], &['|', '｜'], &['\n']];

/// The elements of a cell, without empty ones.
pub(super) fn split<'t>(text: &'t str, of: &FieldType) -> Vec<&'t str> {
    let is_separator = |c: char| match of {
        FieldType::Text { .. } | FieldType::Record(_) | FieldType::Staff => {
            strongest([text]).is_some_and(|level| LEVELS[level].contains(&c))
        }
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
