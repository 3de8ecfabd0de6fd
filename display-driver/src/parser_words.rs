//! What the parsers of TOML and JSON say, for a person. Pure; a sentence that none of these words is in
//! stays as it is.

/// Puts the words of the parsers, TOML's and JSON's, into Chinese.
pub(crate) fn translate(message: &str) -> String {
    let words = [
        ("missing field", "缺少字段"),
        ("unknown field", "没有字段"),
        ("unknown variant", "没有"),
        ("expected one of", "只有"),
        ("expected", "应为"),
        ("invalid key-value pair", "不是“字段 = 值”"),
        ("invalid type:", "类型不对："),
        ("invalid value:", "值不对："),
    ];
    words.iter().fold(message.to_owned(), |text, (from, to)| {
        text.replace(from, to)
    })
}
