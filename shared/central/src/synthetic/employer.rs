//! Invented employers: place, two syllables, a word of the industry, a legal form. The syllables
//! come from the recipe, whose place words (示例) mark every name as invented.

use std::collections::{BTreeMap, BTreeSet};

use super::random::Stream;
use super::recipe::Recipe;

/// Tries to find a name that was not drawn before; then it gets a number.
const NAME_TRIES: u32 = 50;

/// Invented names, by industry.
pub(super) struct Employers {
    by_industry: BTreeMap<String, Vec<String>>,
}

impl Employers {
    /// Every industry gets one employer, the rest go by the weight of its occupations.
    pub(super) fn invent(recipe: &Recipe, count: u32, seed: u64) -> Self {
        let mut stream = Stream::new(seed, "employer.name");
        let mut weights: BTreeMap<&str, u32> = BTreeMap::new();
        for occupation in &recipe.occupations {
            *weights.entry(&occupation.industry).or_default() += occupation.weight;
        }
        let industries: Vec<&str> = weights.keys().copied().collect();
        let mut drawn = BTreeSet::new();
        let mut by_industry: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for index in 0..industries.len().max(count as usize) {
            let industry = match industries.get(index) {
                Some(industry) => industry,
                None => industries[stream.weighted(weights.values().copied())],
            };
            let name = new_name(recipe, industry, &mut drawn, &mut stream);
            by_industry
                .entry((*industry).to_owned())
                .or_default()
                .push(name);
        }
        Self { by_industry }
    }

    /// One employer of that industry.
    pub(super) fn pick(&self, industry: &str, stream: &mut Stream) -> &str {
        stream.pick(&self.by_industry[industry]).as_str()
    }
}

/// A name that was not drawn before; when the syllables run out, one with a number.
fn new_name(
    recipe: &Recipe,
    industry: &str,
    drawn: &mut BTreeSet<String>,
    stream: &mut Stream,
) -> String {
    let mut name = String::new();
    for _ in 0..NAME_TRIES {
        name = one_name(recipe, industry, stream);
        if drawn.insert(name.clone()) {
            return name;
        }
    }
    name.push_str(&format!("（第{}家）", drawn.len() + 1));
    drawn.insert(name.clone());
    name
}

fn one_name(recipe: &Recipe, industry: &str, stream: &mut Stream) -> String {
    let parts = &recipe.employers;
    let form = stream.weighted(parts.forms.iter().map(|form| form.share_permille));
    let form = parts.forms[form].word.as_str();
    let word = stream.pick(&parts.industry_words[industry]).as_str();
    [
        stream.pick(&parts.place_prefixes).as_str(),
        stream.pick(&parts.first_syllables).as_str(),
        stream.pick(&parts.second_syllables).as_str(),
        word.strip_suffix(shared_word(word, form)).unwrap_or(word),
        form,
    ]
    .concat()
}

/// The word that would stand twice: 服务 of 生活服务 + 服务部.
fn shared_word<'w>(word: &'w str, form: &str) -> &'w str {
    let last_two = word
        .char_indices()
        .rev()
        .nth(1)
        .map_or(0, |(index, _)| index);
    let last_two = &word[last_two..];
    if form.starts_with(last_two) {
        last_two
    } else {
        ""
    }
}
