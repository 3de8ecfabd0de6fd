//! What is shown of a personal value to who has not asked for it with a reason: enough to tell two
//! people apart at a desk, too little to use.

use domain::personal::{PersonField, Pii};

/// `张*`, `3606**********1234`, `138****5678`, `江西省鹰潭****`.
pub(crate) fn masked(field: PersonField, value: &Pii<String>) -> String {
    let chars: Vec<char> = value.expose().chars().collect();
    let (first, last) = match field {
        PersonField::Name => (1, 0),
        PersonField::IdNumber => (4, 4),
        PersonField::Phone => (3, 4),
        PersonField::Address => (5, 0),
        PersonField::BankAccount => (0, 4),
    };
    if chars.len() <= first + last {
        return "*".repeat(chars.len().max(1));
    }
    let hidden = match field {
        PersonField::Name => chars.len() - 1,
        PersonField::Address => 4,
        _ => chars.len() - first - last,
    };
    let (head, tail) = (&chars[..first], &chars[chars.len() - last..]);
    head.iter()
        .copied()
        .chain(std::iter::repeat_n('*', hidden))
        .chain(tail.iter().copied())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enough_stays_to_tell_two_people_apart_and_too_little_to_use() {
        for (field, value, shown) in [
            (PersonField::Name, "测试甲", "测**"),
            (PersonField::Name, "测", "*"),
            (
                PersonField::IdNumber,
                "999999199001010016",
                "9999**********0016",
            ),
            (PersonField::Phone, "15412345678", "154****5678"),
            (
                PersonField::Address,
                "示例一街道示例巷12号",
                "示例一街道****",
            ),
            (PersonField::BankAccount, "9999991234", "******1234"),
        ] {
            assert_eq!(masked(field, &Pii::new(value.to_owned())), shown);
        }
    }
}
