//! People whom nobody is, each with values that stand nowhere else.

use std::collections::BTreeSet;

use domain::id_number::check_character;
use pinyin::ToPinyin as _;

use super::searched::Secret;

/// Rare characters, so that no text of the program's own holds two of them side by side.
const RARE: [char; 14] = [
    '龘', '靐', '齉', '麤', '爨', '鱻', '灪', '龖', '厵', '滟', '爩', '麣', '齾', '龗',
];

/// A generator of which only the seed matters.
pub(crate) struct Dice(u64);

impl Dice {
    pub(super) fn of(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(super) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % end
    }
}

/// Somebody whom nobody is. Numbers are under the area of no place, telephones under 154.
#[derive(Debug, Clone)]
pub(crate) struct Invented {
    pub(super) name: String,
    pub(super) birth: String,
    pub(super) number: String,
    pub(super) phone: String,
    pub(super) address: String,
    pub(super) account: String,
}

impl Invented {
    /// The `n`th; the number of the first one ends with an X.
    pub(super) fn of(n: usize, dice: &mut Dice) -> Self {
        let (one, other) = (RARE[n], RARE[(n + 5) % RARE.len()]);
        let (month, day) = (1 + dice.below(12), 1 + dice.below(28));
        let number = (0..50).find_map(|k| {
            let body = format!("9999991987{month:02}{day:02}{:03}", 401 + 40 * n + 2 * k);
            let check = check_character(&body).unwrap();
            (n != 0 || check == 'X').then(|| format!("{body}{check}"))
        });
        Self {
            name: format!("{one}{other}试"),
            birth: format!("1987-{month:02}-{day:02}"),
            number: number.unwrap(),
            phone: format!("154{:08}", 40_000_000 + 7_919 * (n + 1) + dice.below(1_000)),
            address: format!("月湖区{other}{one}路{}号", 100 + n),
            account: format!("62{:014}", 55_500_000_000 + 104_729 * (n + 1)),
        }
    }

    /// What must not come out: the values, and more of each than a mask shows.
    pub(super) fn secrets(&self) -> Vec<Secret> {
        let rest = |text: &str, from| text.chars().skip(from).collect::<String>();
        let letters: BTreeSet<String> = ["", " "].map(|between| self.letters(between)).into();
        let names = [
            ("name", self.name.clone()),
            ("beginning of the name", self.name.chars().take(2).collect()),
            ("end of the name", rest(&self.name, 1)),
        ];
        let letters = letters
            .into_iter()
            .map(|text| ("letters of the name", text));
        let numbers = [
            ("number", self.number.clone()),
            ("middle of the number", self.number[4..14].to_owned()),
            ("end of the number", self.number[10..].to_owned()),
            ("phone", self.phone.clone()),
            ("middle of the phone", self.phone[3..10].to_owned()),
            ("address", rest(&self.address, 3)),
            ("account", self.account.clone()),
            ("middle of the account", self.account[4..12].to_owned()),
        ];
        let names = names.into_iter().chain(letters);
        let names = names.map(|(what, text)| Secret::name(what, &text));
        let numbers = numbers.map(|(what, text)| Secret::value(what, &text));
        names.chain(numbers).collect()
    }

    /// Long enough to stand in no word of the program's own.
    fn letters(&self, between: &str) -> String {
        let syllables = self.name.as_str().to_pinyin().flatten();
        let syllables: Vec<_> = syllables.map(pinyin::Pinyin::plain).collect();
        assert_eq!(syllables.len(), 3, "{} has letters", self.name);
        syllables.join(between)
    }
}
