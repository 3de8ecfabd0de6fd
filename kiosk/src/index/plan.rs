//! Which tokens answer a query: the fewest and shortest lists whose intersection holds every
//! listing that fits. What the tokens leave open is decided on the rows.

use super::facet;
use super::query::{Query, Text};
use super::text::Pieces;
use super::tokens::Tokens;

/// Tokens of words and letters this long are rare.
const RARE_CHARS: usize = 3;

/// The tokens that every listing has which fits the query.
pub(super) fn wanted_tokens(query: &Query) -> Tokens {
    let mut tokens = Tokens::default();
    match &query.text {
        Text::None => {}
        Text::Words(words) => Pieces::of(words).add_wanted_tokens(&mut tokens),
        Text::Letters(letters) => {
            letters
                .wanted_token()
                .iter()
                .for_each(|token| tokens.push(token.chars(), []));
        }
    }
    let is_common = tokens
        .iter()
        .all(|token| token.chars().count() < RARE_CHARS);
    facet::add_wanted_tokens(query, &mut tokens);
    if is_common {
        facet::add_common_wanted_tokens(query, &mut tokens);
    }
    tokens
}

/// Whether having those tokens is all that the words or letters ask; else the row's texts decide.
pub(super) fn is_decided_by_tokens(text: &Text) -> bool {
    match text {
        Text::None => true,
        Text::Words(words) => Pieces::of(words).are_decided_by_tokens(),
        Text::Letters(letters) => letters
            .wanted_token()
            .is_none_or(|token| token == letters.as_str()),
    }
}
